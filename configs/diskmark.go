package configs

// How much of a disk must stay free.

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"rollcall/hall"
)

// DiskMark is how much of a disk must stay free: some bytes, or a share of the disk.
// The zero value asks for nothing.
type DiskMark struct {
	Bytes   uint64
	Percent float64
}

// units are those of a size, the longest first.
var units = []struct {
	name  string
	bytes float64
}{{"TiB", 1 << 40}, {"GiB", 1 << 30}, {"MiB", 1 << 20}, {"KiB", 1 << 10}}

const wantDiskMark = "want a size such as 256MiB or 2GiB, a share of the disk such as 2%, or 0 for off"

// ParseDiskMark reads 256MiB, 2% or 0.
func ParseDiskMark(text string) (DiskMark, error) {
	bad := fmt.Errorf("%w %q: %s", hall.ErrInvalid, text, wantDiskMark)
	if text == "0" {
		return DiskMark{}, nil
	}
	if share, ok := strings.CutSuffix(text, "%"); ok {
		percent, err := strconv.ParseFloat(strings.TrimSpace(share), 64)
		if err != nil || !(percent >= 0 && percent <= 50) {
			return DiskMark{}, bad
		}
		return DiskMark{Percent: percent}, nil
	}
	for _, unit := range units {
		number, ok := strings.CutSuffix(text, unit.name)
		if !ok {
			continue
		}
		n, err := strconv.ParseFloat(strings.TrimSpace(number), 64)
		if err != nil || !(n >= 0 && n*unit.bytes < math.MaxInt64) {
			return DiskMark{}, bad
		}
		return DiskMark{Bytes: uint64(n * unit.bytes)}, nil
	}
	return DiskMark{}, bad
}

// Of returns the bytes that must stay free on a disk of so many.
func (m DiskMark) Of(total uint64) uint64 {
	return max(m.Bytes, uint64(float64(total)*m.Percent/100))
}

func wrongDiskMark(value string) string {
	if _, err := ParseDiskMark(value); err != nil {
		return wantDiskMark
	}
	return ""
}
