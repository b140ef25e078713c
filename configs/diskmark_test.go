package configs_test

import (
	"errors"
	"testing"

	"rollcall/configs"
	"rollcall/hall"
)

func TestDiskMark(t *testing.T) {
	const disk = 10 << 30
	for text, want := range map[string]uint64{
		"0": 0, "256MiB": 256 << 20, "2GiB": 2 << 30, "1.5KiB": 1536, "1 TiB": 1 << 40, "2%": disk / 50, "0.5%": disk / 200,
	} {
		mark, err := configs.ParseDiskMark(text)
		if got := mark.Of(disk); err != nil || got != want {
			t.Errorf("ParseDiskMark(%q).Of = %d, %v, want %d", text, got, err, want)
		}
	}
	for _, text := range []string{"", "256", "256MB", "-1MiB", "NaNMiB", "1e30TiB", "MiB", "%", "51%", "-1%", "2% "} {
		if mark, err := configs.ParseDiskMark(text); !errors.Is(err, hall.ErrInvalid) {
			t.Errorf("ParseDiskMark(%q) = %v, %v, want an error", text, mark, err)
		}
	}
}
