package app

// Restore: a data directory made of a backup.

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"time"

	"rollcall/configs"
	"rollcall/hall"
	"rollcall/ingest"
	"rollcall/ingest/backup"
	"rollcall/ingest/bus"
	"rollcall/store"
)

// Restored says what came back.
type Restored struct {
	Made    time.Time    // when the backup was made
	Created time.Time    // when the stream was that it came back as
	Last    uint64       // the last sequence
	Gaps    []backup.Gap // messages that the log had lost before
	Differs string       // how the store differs from the one of the backup, "" = not at all
}

// restoringFolder is where a restore works, inside the data directory, so that
// everything gets its place by a rename.
const restoringFolder = "restoring"

// Restore makes the data directory of config, which is missing or empty, of the content
// of a backup. Log and store get their places when both are complete and checked; on an
// error nothing is left. A killed restore leaves its folder, which the next one
// replaces.
func Restore(ctx context.Context, config configs.Config, content io.Reader, progress func(done, total uint64)) (_ Restored, err error) {
	from, err := backup.NewReader(content)
	if err != nil {
		return Restored{}, err
	}
	place, err := claim(config.Data)
	if err != nil {
		return Restored{}, err
	}
	defer func() { err = errors.Join(err, place.leave(err == nil)) }()
	r := restoration{from: from, dir: place.work, halls: hallsOf(config), progress: progress}
	if err := r.run(ctx); err != nil {
		return Restored{}, err
	}
	if err := place.settle(); err != nil {
		return Restored{}, err
	}
	m := from.Manifest
	return Restored{Made: m.Made, Created: r.created, Last: m.Last, Gaps: from.Gaps(), Differs: r.differs}, nil
}

// place is an empty data directory while something is made in it.
type place struct {
	dir, work string
	isNew     bool
	lock      *store.DirLock
	settled   []string // what has got its place
}

// claim locks a directory that is missing or empty.
func claim(dir string) (*place, error) {
	p := &place{dir: dir, work: filepath.Join(dir, restoringFolder)}
	if _, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) {
		p.isNew = true
	} else if err := isEmpty(dir); err != nil {
		return nil, err // before anything is made in it
	}
	var err error
	if p.lock, err = store.Lock(dir, store.Holder{PID: os.Getpid(), Command: "rollcall restore", Since: time.Now().Truncate(time.Second)}); err != nil {
		return nil, err
	}
	if err := isEmpty(dir); err != nil { // a daemon may have worked there meanwhile
		return nil, errors.Join(err, p.lock.Unlock())
	}
	if err := os.RemoveAll(p.work); err != nil {
		return nil, errors.Join(err, p.leave(false))
	}
	return p, nil
}

// isEmpty returns an error that names what a directory has.
func isEmpty(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if name := e.Name(); name != restoringFolder && name != store.LockName && name != "lost+found" {
			return fmt.Errorf("%s is not empty, it has %s: %w: a backup is restored into an empty directory only, choose another or move its content away", dir, name, hall.ErrInvalid)
		}
	}
	return nil
}

// settle gives log and store their places: the log first, since a store is nothing
// without it, and a log without a store is folded again.
func (p *place) settle() error {
	if err := syncTree(p.work); err != nil {
		return err
	}
	for _, name := range []string{logFolder, store.FileName} {
		if err := os.Rename(filepath.Join(p.work, name), filepath.Join(p.dir, name)); err != nil {
			return err
		}
		p.settled = append(p.settled, name)
	}
	return syncFile(p.dir)
}

// leave unlocks the directory. What was not made is taken away again.
func (p *place) leave(made bool) error {
	err := os.RemoveAll(p.work)
	if !made {
		for _, name := range p.settled {
			err = errors.Join(err, os.RemoveAll(filepath.Join(p.dir, name)))
		}
	}
	err = errors.Join(err, p.lock.Unlock())
	if made {
		return err
	}
	err = errors.Join(err, os.Remove(filepath.Join(p.dir, store.LockName)))
	if p.isNew {
		err = errors.Join(err, os.Remove(p.dir))
	}
	return err
}

// syncTree makes everything in a directory durable.
func syncTree(dir string) error {
	return filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.IsDir() && !entry.Type().IsRegular() {
			return err
		}
		return syncFile(path)
	})
}

// syncFile makes a file, or the names in a directory, durable, on systems where what was
// opened for reading can be.
func syncFile(path string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(file.Sync(), file.Close())
}

// restoration is one restore.
type restoration struct {
	from     *backup.Reader
	dir      string
	halls    []hall.ID
	progress func(done, total uint64)

	created time.Time
	written hash.Hash // of every message of the backup
	differs string
}

func (r *restoration) run(ctx context.Context) (err error) {
	log := slog.New(slog.DiscardHandler)
	b, err := bus.Open(ctx, bus.Options{Dir: filepath.Join(r.dir, logFolder), Listen: "127.0.0.1:0", Restoring: true, Log: log})
	if err != nil {
		return err
	}
	defer func() {
		ending, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTimeout)
		defer cancel()
		err = errors.Join(err, b.Stop(ending))
	}()
	r.created, r.written = b.Created(), sha256.New()
	if err := r.publish(ctx, b); err != nil {
		return err
	}
	if err := b.Restored(ctx); err != nil {
		return err
	}
	return r.fold(ctx, b)
}

// The bounds of what waits in memory.
const (
	restoreMessages = 1000
	restoreBytes    = 1 << 20
)

// publish brings the messages back.
func (r *restoration) publish(ctx context.Context, b *bus.Bus) error {
	var messages []bus.Message
	bytes := 0
	for {
		m, err := r.from.Next()
		ended := errors.Is(err, io.EOF)
		if err != nil && !ended {
			return err
		}
		if !ended {
			note(r.written, m)
			messages, bytes = append(messages, m), bytes+len(m.Body)
		}
		if ended || len(messages) >= restoreMessages || bytes >= restoreBytes {
			if err := b.Restore(ctx, messages); err != nil {
				return err
			}
			r.progress(m.Sequence, 2*r.from.Manifest.Last)
			messages, bytes = messages[:0], 0
		}
		if ended {
			return nil
		}
	}
}

// note adds a message to a digest of a log.
func note(sum hash.Hash, m bus.Message) {
	hash := m.Hash()
	fmt.Fprintf(sum, "%d %x\n", m.Sequence, hash) // a hash never fails
}

// noted is a log of which a digest is made while it is read.
type noted struct {
	bus.Remains
	sum hash.Hash
}

// Consume implements ingest.Source.
func (n noted) Consume(ctx context.Context, from bus.Position, deliver func(bus.Message) error) error {
	return n.Remains.Consume(ctx, from, func(m bus.Message) error {
		note(n.sum, m)
		return deliver(m)
	})
}

// fold makes the store of what came back, and compares both with the backup.
func (r *restoration) fold(ctx context.Context, b *bus.Bus) (err error) {
	s, err := store.Open(r.dir, store.Options{NoSync: true, Writer: "rollcall " + Version()})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	source := noted{b.Remains(), sha256.New()}
	last, err := source.Last(ctx)
	if err != nil {
		return err
	}
	if err := foldUpTo(ctx, ingest.Options{Store: s, Source: source, Halls: r.halls, Log: slog.New(slog.DiscardHandler)}, last,
		func(done, total uint64) { r.progress(total+done, 2*total) }); err != nil {
		return err
	}
	if got, want := source.sum.Sum(nil), r.written.Sum(nil); !slices.Equal(got, want) {
		return fmt.Errorf("the log that was made is not the one of the backup: look at the disk and try again")
	}
	if err := errors.Join(ingest.Check(ctx, s), s.Sync()); err != nil {
		return err
	}
	return s.View(func(v *store.View) error {
		r.differs = r.compare(v)
		return nil
	})
}

// compare says how the store differs from the one that the backup was made beside.
func (r *restoration) compare(v *store.View) string {
	was := r.from.Manifest.Store
	if was == nil {
		return "the store cannot be compared: it was behind the log when the backup was made"
	}
	var halls []string
	for _, id := range r.halls {
		halls = append(halls, string(id))
	}
	digest := v.Digest()
	switch {
	case was.Schema != v.Schema() || !slices.Equal(was.Halls, halls):
		return fmt.Sprintf("the store cannot be compared: the backup was made with schema %d and halls %q, this is schema %d and halls %q",
			was.Schema, was.Halls, v.Schema(), halls)
	case was.Digest != hex.EncodeToString(digest[:]):
		return fmt.Sprintf("the store of the log is not the one of the backup, which was made by %s: that one held events that the log had lost, or was damaged. If it still exists, put the restored log beside it and run rollcall heal, see docs/operations.md",
			r.from.Manifest.Program)
	}
	return ""
}
