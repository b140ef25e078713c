package faults_test

// What a log has lost, and what the operator types.

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/nats-io/nats.go/jetstream"

	"rollcall/ingest/bus/bustest"
)

// heals publishes what the log has lost, while nobody else can, and once only.
func heals(t *testing.T, d *daemon) {
	t.Helper()
	if out := succeeds(t, "heal", "--dry-run", "--server", d.url); !strings.Contains(out, "nothing was published") || !strings.Contains(out, "demo  2020-11  punch  ") {
		t.Errorf("heal --dry-run says %q", out)
	}
	if r := command(t, "rebuild", "--server", d.url); r.code != 1 || !strings.Contains(r.stderr, "(rollcall heal)") {
		t.Errorf("rebuild before heal = %d %s%s, want a refusal that names heal", r.code, r.out, r.stderr)
	}
	halted := d.answers("/readyz", http.StatusServiceUnavailable) == nil
	if out := succeeds(t, "heal", "--server", d.url); !strings.Contains(out, "已补发") {
		t.Errorf("heal says %q", out)
	}
	if out := succeeds(t, "heal", "--server", d.url); !strings.Contains(out, "日志完整") {
		t.Errorf("heal once more says %q", out)
	}
	if halted {
		takesNothing(t, d)
	}
}

// TestHealLostBlock: after an unclean stop the last block of the log cannot be read to
// its end, and the server goes on before it, in silence.
func TestHealLostBlock(t *testing.T) {
	d := start(t, t.TempDir())
	d.load(someMonth(t, 80))
	want := d.lists()
	d.kill()
	cutLastBlock(t, filepath.Join(d.dir, "log"))
	d = launch(t, d.dir).listening()
	halt := d.halted()
	if !strings.Contains(halt.What, "the log ends at message") || !strings.Contains(halt.Do, "rollcall heal") {
		t.Errorf("halted: %s. %s", halt.What, halt.Do)
	}
	if r := command(t, "verify", "--server", d.url); r.code != 1 || !strings.Contains(r.stderr, "`rollcall heal`") {
		t.Errorf("verify = %d %s%s, want it to name heal", r.code, r.out, r.stderr)
	}
	heals(t, d)
	succeeds(t, "rebuild", "--server", d.url)
	same(t, "after heal and rebuild", d.lists(), want)
	d.load([]outgoing{note(1)})
	d.stop()
	d = start(t, d.dir)
	succeeds(t, "verify", "--server", d.url)
	d.stop()
}

// cutLastBlock takes away the last third of the log's last block, and the state that a
// stop in order would have left.
func cutLastBlock(t *testing.T, log string) {
	t.Helper()
	blocks, err := filepath.Glob(filepath.Join(log, "jetstream", "*", "streams", "ROLLCALL", "msgs", "*.blk"))
	if err != nil || len(blocks) == 0 {
		t.Fatalf("no blocks in %s: %v", log, err)
	}
	last := blocks[len(blocks)-1]
	info, err := os.Stat(last)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(last, info.Size()*2/3); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(filepath.Dir(last), "index.db")); err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
}

// TestHealGap: messages in the middle of a log are lost after they were folded. Nothing
// notices before verify or backup does; then heal publishes them again, the gap is
// accepted, and a backup of such a log comes back with the same gap.
func TestHealGap(t *testing.T) {
	url := bustest.Started(t).URL()
	stream := lossyStream(t, url)
	d := start(t, t.TempDir(), "--nats", url)
	d.load(someMonth(t, 80))
	want := d.lists()
	for seq := uint64(40); seq <= 70; seq++ {
		if err := stream.DeleteMsg(t.Context(), seq); err != nil {
			t.Fatal(err)
		}
	}
	file := filepath.Join(t.TempDir(), "backup")
	if r := command(t, "backup", "-o", file, "--server", d.url); r.code != 1 || !strings.Contains(r.stderr, "31 messages are missing from the log: 40 to 70") {
		t.Errorf("backup of a log with a hole = %d %s%s", r.code, r.out, r.stderr)
	}
	if _, err := os.Stat(file); err == nil {
		t.Error("a backup of a log with a hole got its name")
	}
	r := command(t, "verify", "--server", d.url)
	line := regexp.MustCompile(`gaps: \[\{created: \S+, from: 40, to: 70, reason: "\.\.\."\}\]`).FindString(r.stderr)
	if r.code != 1 || line == "" || !strings.Contains(r.stderr, "31 events are in the store and not in the log") {
		t.Fatalf("verify = %d %s%s, want it to name the gap and heal", r.code, r.out, r.stderr)
	}
	heals(t, d)
	d.stop()

	accepted := func(line string) (flags []string) {
		path := filepath.Join(t.TempDir(), "rollcall.yaml")
		write(t, path, []byte(strings.Replace(line, "...", "a disk failed", 1)+"\n"))
		return []string{"--config", path}
	}
	d = start(t, d.dir, append(accepted(line), "--nats", url)...)
	same(t, "after heal", d.lists(), want, "warnings", "sequence")
	succeeds(t, "verify", "--server", d.url)
	succeeds(t, "rebuild", "--server", d.url)
	same(t, "after rebuild", d.lists(), want, "warnings", "sequence")
	succeeds(t, "backup", "-o", file, "--server", d.url)
	healed := d.lists()
	d.stop()

	dir := filepath.Join(t.TempDir(), "restored")
	r = command(t, "restore", file, "--data", dir)
	line = regexp.MustCompile(`gaps: \[\{.*reason: "a disk failed"\}\]`).FindString(r.stderr)
	if r.code != 0 || line == "" {
		t.Fatalf("restore = %d %s%s, want it to print the gap", r.code, r.out, r.stderr)
	}
	d = start(t, dir, accepted(line)...)
	same(t, "after backup and restore of a log with a gap", d.lists(), healed)
	succeeds(t, "verify", "--server", d.url)
	d.stop()
}

// lossyStream makes the log's stream on an outside server, as one whose messages an
// administrator can delete.
func lossyStream(t *testing.T, url string) jetstream.Stream {
	t.Helper()
	js, err := jetstream.New(bustest.Connect(t, url))
	if err != nil {
		t.Fatal(err)
	}
	s, err := js.CreateStream(t.Context(), jetstream.StreamConfig{
		Name: "ROLLCALL", Subjects: []string{"rollcall.>"}, MaxMsgSize: 72 << 10, AllowAtomicPublish: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestHealFromOldStore: the log is gone, its last backup is older than the store. The
// backup is restored, its log put beside the store that is left, and heal publishes what
// came after the backup.
func TestHealFromOldStore(t *testing.T) {
	d := start(t, t.TempDir())
	events := someMonth(t, 80)
	d.load(events[:70])
	file := filepath.Join(t.TempDir(), "backup")
	succeeds(t, "backup", "-o", file, "--server", d.url)
	d.load(events[70:])
	want := d.lists()
	d.stop()
	log, made := filepath.Join(d.dir, "log"), filepath.Join(d.dir, "restored")
	remove(t, log)
	succeeds(t, "restore", file, "--data", made)
	if err := os.Rename(filepath.Join(made, "log"), log); err != nil {
		t.Fatal(err)
	}
	d = launch(t, d.dir).listening()
	if halt := d.halted(); halt.Fault != "stream" {
		t.Errorf("halted by %q: %s", halt.Fault, halt.What)
	}
	heals(t, d)
	succeeds(t, "rebuild", "--server", d.url)
	same(t, fmt.Sprintf("after restore, heal and rebuild of %d events", len(events)), d.lists(), want)
	d.stop()
}
