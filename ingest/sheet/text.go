package sheet

// From the bytes of a text file to UTF-8.

import (
	"bytes"
	"fmt"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
)

// decodeText returns the text of a file in UTF-8 (with or without byte order
// mark), UTF-16 (with one) or GB18030. What cannot be read becomes U+FFFD, which
// makes its row an error.
func decodeText(raw []byte) ([]byte, error) {
	switch {
	case bytes.HasPrefix(raw, []byte{0xEF, 0xBB, 0xBF}):
		return bytes.ToValidUTF8(raw[3:], []byte("\uFFFD")), nil
	case bytes.HasPrefix(raw, []byte{0xFF, 0xFE}), bytes.HasPrefix(raw, []byte{0xFE, 0xFF}):
		return decodeWith(unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM), raw)
	case isUTF8(raw):
		return bytes.ToValidUTF8(raw, []byte("\uFFFD")), nil
	}
	return decodeWith(simplifiedchinese.GB18030, raw)
}

func decodeWith(e encoding.Encoding, raw []byte) ([]byte, error) {
	text, err := e.NewDecoder().Bytes(raw)
	if err != nil {
		return nil, fmt.Errorf("read the text as %v: %w: save it as CSV UTF-8 (另存为 CSV UTF-8)", e, err)
	}
	return text, nil
}

// isUTF8 reports whether the text is UTF-8; its last character may be cut off.
func isUTF8(raw []byte) bool {
	for cut := range min(utf8.UTFMax, len(raw)+1) {
		if utf8.Valid(raw[:len(raw)-cut]) {
			return cut == 0 || utf8.RuneStart(raw[len(raw)-cut]) && raw[len(raw)-cut] >= 0xC2
		}
	}
	return false
}
