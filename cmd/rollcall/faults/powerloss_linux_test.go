package faults_test

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// imagesOfARun is how many instants of one daemon's life the power is lost at.
const imagesOfARun = 10

// TestPowerLoss: whatever the disk had not synced is lost or torn; what was
// acknowledged by then is there once, in log and store.
func TestPowerLoss(t *testing.T) {
	r := chances(t)
	images, acked := rounds(t, 10), 0
	for done := 0; done < images && !t.Failed(); {
		dir, path := filepath.Join(t.TempDir(), "data"), filepath.Join(t.TempDir(), "record")
		j := newJournal()
		d := straced(t, dir, recording(path)...).ready()
		all := publishers(r, j)
		ctx, cancel := context.WithTimeout(t.Context(), time.Duration(200+r.IntN(600))*time.Millisecond)
		publish(ctx, t, all, d, false)
		cancel()
		if r.IntN(3) == 0 {
			succeeds(t, "rebuild", "--server", d.url)
		}
		d.stop()
		record := readRecord(t, path, dir)
		complete(t, record, dir)
		for range min(imagesOfARun, images-done) {
			done++
			line := r.IntN(len(record.times))
			if r.IntN(8) > 0 { // most of them while events come in
				line = max(line, r.IntN(len(record.times)))
			}
			then := j.until(record.times[line])
			acked += len(then.acked)
			afterPowerLoss(t, r, record, line, then)
		}
	}
	t.Logf("%d images of lost power, with %d acknowledged events, none lost, none twice", images, acked)
}

// complete wants the record to give the very directory that the daemon has left.
func complete(t *testing.T, record *record, dir string) {
	t.Helper()
	copied := t.TempDir()
	record.image(t, nil, len(record.times), copied)
	if diff := cmp.Diff(filesBelow(t, dir), filesBelow(t, copied)); diff != "" {
		t.Fatalf("the record is not complete (-want +got):\n%s", diff)
	}
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		if entry.IsDir() {
			_, err := os.Stat(filepath.Join(copied, name))
			return err
		}
		is, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		simulated, err := os.ReadFile(filepath.Join(copied, name))
		if err == nil && !bytes.Equal(is, simulated) {
			err = fmt.Errorf("%s is another one", name)
		}
		return err
	})
	if err != nil {
		t.Fatalf("the record is not complete: %v", err)
	}
}

func afterPowerLoss(t *testing.T, r *rand.Rand, record *record, line int, then *journal) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "data")
	record.image(t, r, line, dir)
	d := start(t, dir)
	defer d.kill()
	then.check(t, d, r)
	if strings.Contains(d.log.String(), "moved aside") {
		t.Error("the store was damaged")
	}
	succeeds(t, "verify", "--server", d.url)
	if t.Failed() {
		t.Logf("at line %d of %d of the record", line, len(record.times))
	}
}
