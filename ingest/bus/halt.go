package bus

// Halt: the log is not what the store was folded from. Gap: a loss that people
// accept.

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"rollcall/hall"
)

// Fault is what is wrong with a log.
type Fault string

// The faults.
const (
	FaultGone    Fault = "gone"    // there is no stream
	FaultStream  Fault = "stream"  // it is another stream
	FaultRewound Fault = "rewound" // it ends before what was applied
	FaultAltered Fault = "altered" // the last applied message is another one, or missing
	FaultGap     Fault = "gap"     // messages that were not applied are missing
	// FaultUnwritable: nothing more can be stored; what is there is sound.
	FaultUnwritable Fault = "unwritable"
)

// Halt is the error for a log fault: the fold must stop and stay stopped until
// a person has done something.
type Halt struct {
	Fault Fault
	What  string // what happened, with numbers
	Do    string // what to do about it

	Created  time.Time // of the stream that is there now; zero if there is none
	From, To uint64    // the missing messages of a gap
}

func (h *Halt) Error() string { return "log fault: " + h.What + ". " + h.Do }

func haltGone() *Halt {
	return &Halt{
		Fault: FaultGone,
		What:  "the stream " + StreamName + " no longer exists on the server",
		Do: "Stop the daemon and bring the log back from a copy (the folder log of the data directory). Without one, start the daemon again, which makes an empty stream, " +
			"publish again what the store still has (rollcall heal) and fold the log into a new store (rollcall rebuild).",
	}
}

func haltStream(is, was time.Time) *Halt {
	return &Halt{
		Fault:   FaultStream,
		Created: is,
		What: fmt.Sprintf("the stream %s was created at %s, but the store was folded from one created at %s",
			StreamName, stamp(is), stamp(was)),
		Do: "Connect to the right server or bring the old log back from a copy (the folder log of the data directory). " +
			"If this is the right log, publish again what only the store has (rollcall heal) and fold the log into a new store (rollcall rebuild).",
	}
}

func haltRewound(created time.Time, last, applied uint64) *Halt {
	return &Halt{
		Fault:   FaultRewound,
		Created: created,
		What: fmt.Sprintf("the log ends at message %d, but the store has applied message %d: the log lost its last %d messages or is an older copy",
			last, applied, applied-last),
		Do: "Stop the daemon and bring the complete log back from a copy (the folder log of the data directory). Without one, publish again what only the store has (rollcall heal) " +
			"and fold the log into a new store (rollcall rebuild).",
	}
}

func haltAltered(created time.Time, applied uint64, missing bool) *Halt {
	what := fmt.Sprintf("message %d of the log is not the one that the store applied under this number: the log was cut and has grown again", applied)
	if missing {
		what = fmt.Sprintf("message %d of the log, the last one that the store applied, is missing or unreadable", applied)
	}
	return &Halt{
		Fault:   FaultAltered,
		Created: created,
		What:    what,
		Do: "Stop the daemon and bring the log back from a copy (the folder log of the data directory). Without one, publish again what only the store has (rollcall heal) " +
			"and fold the log into a new store (rollcall rebuild).",
	}
}

func haltGap(created time.Time, from, to uint64) *Halt {
	return &Halt{
		Fault:   FaultGap,
		Created: created,
		From:    from,
		To:      to,
		What:    fmt.Sprintf("%d messages are missing from the log: %d to %d", to-from+1, from, to),
		Do: "Stop the daemon and bring the log back from a copy (the folder log of the data directory). If they are lost for good, publish again what the store still has of them (rollcall heal) and accept the loss in the configuration, which every list will then say: " +
			fmt.Sprintf("gaps: [{created: %s, from: %d, to: %d, reason: \"...\"}]", stamp(created), from, to),
	}
}

func haltUnwritable(text string) *Halt {
	return &Halt{
		Fault: FaultUnwritable,
		What:  "the disk of the log cannot be written (" + text + ")",
		Do:    "Make space on it, or mend it, and start the daemon again: until then nothing is taken. What was acknowledged is not lost.",
	}
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) }

// Gap is a loss that people accept: in the stream created at Created the
// messages From to To, both included, may be missing.
type Gap struct {
	Created time.Time
	From    uint64
	To      uint64
	Reason  string
}

func (g Gap) validate() error {
	if g.From < 1 || g.To < g.From || g.Created.IsZero() || g.Reason == "" {
		return fmt.Errorf("%w accepted gap %d to %d: give created, from (at least 1), to (not before from) and a reason", hall.ErrInvalid, g.From, g.To)
	}
	return nil
}

// of reports whether the gap belongs to the stream; a configuration that gives
// whole seconds is meant too.
func (g Gap) of(created time.Time) bool {
	return g.Created.Equal(created) || g.Created.Equal(created.Truncate(time.Second))
}

// allowance says whether each of the messages from..to of a stream may be missing.
type allowance func(created time.Time, from, to uint64) bool

// Accepted reports whether people accept that each of the messages from..to of this
// stream is missing.
func (b *Bus) Accepted(from, to uint64) bool { return b.accepted(b.created, from, to) }

// accepted is what people accept.
func (b *Bus) accepted(created time.Time, from, to uint64) bool {
	return accepted(b.gaps, created, from, to)
}

// accepted reports whether each of the messages from..to may be missing.
func accepted(gaps []Gap, created time.Time, from, to uint64) bool {
	for from <= to {
		next := from
		for _, g := range gaps {
			if g.of(created) && g.From <= next && next <= g.To {
				next = g.To + 1
			}
		}
		if next == from {
			return false
		}
		from = next
	}
	return true
}

// acceptedUpTo counts the messages up to last that people accept to be missing.
func acceptedUpTo(gaps []Gap, created time.Time, last uint64) (n uint64) {
	next := uint64(1)
	for _, g := range slices.SortedFunc(slices.Values(gaps), func(a, b Gap) int { return cmp.Compare(a.From, b.From) }) {
		from, to := max(g.From, next), min(g.To, last)
		if g.of(created) && from <= to {
			n += to - from + 1
			next = to + 1
		}
	}
	return n
}
