package hall

// Seal is one part of an issue of a month: the result with all its lines as it
// was printed. A fold copies it and never computes it (CONTRACT 9).
type Seal struct {
	Head
	Month    Month
	Number   int
	By       string
	AsOf     Instant
	Sequence uint64
	Digest   string // of the uncompressed canonical JSON
	Part     int    // 1 when not given
	Parts    int    // 1 when not given
	Previous string // digest of the issue before, "" = none
	Stream   string // when the stream was created, "" = not given
	Forced   string // the reason, "" = not forced
	Result   string // JSON, gzip, base64: this part of it
}

func (*Seal) isFact() {}
