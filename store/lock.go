package store

// One process per data directory.

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"
)

// LockName is the lock's name inside the data directory.
const LockName = "lock"

// Holder says which process works in a data directory.
type Holder struct {
	PID     int       `json:"pid"`
	Command string    `json:"command"`
	Since   time.Time `json:"since"`
	// Address is where it can be asked, "" while it does not listen.
	Address string `json:"address"`
}

// LockedError is a directory in which another process works.
type LockedError struct {
	Dir    string
	Holder Holder
}

func (e *LockedError) Error() string {
	text := fmt.Sprintf("%s is in use by process %d (%s, since %s)",
		e.Dir, e.Holder.PID, e.Holder.Command, e.Holder.Since.Format(time.RFC3339))
	if e.Holder.Address != "" {
		text += ", ask it at " + e.Holder.Address
	}
	return text + ": stop it first, or choose another --data directory"
}

// DirLock is a held lock. The operating system lets go of it when the process
// ends, however it ends.
type DirLock struct {
	file   *os.File
	holder Holder
}

// Lock takes the lock of a data directory, which it makes where it is missing,
// and writes who holds it. When another process has it, the error is a
// *LockedError that names that one.
func Lock(dir string, who Holder) (*DirLock, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make the data directory: %w", err)
	}
	path := filepath.Join(dir, LockName)
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open the lock: %w", err)
	}
	taken, err := tryLock(file)
	for try := 0; err == nil && !taken && try < 5; try++ {
		time.Sleep(10 * time.Millisecond) // HeldBy has it for a moment
		taken, err = tryLock(file)
	}
	if err == nil && !taken {
		err = &LockedError{Dir: dir, Holder: readHolder(file)}
	}
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	l := &DirLock{file: file, holder: who}
	if err := l.write(); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return l, nil
}

// SetAddress writes where the holder can be asked.
func (l *DirLock) SetAddress(address string) error {
	l.holder.Address = address
	return l.write()
}

func (l *DirLock) write() error {
	text, err := json.Marshal(l.holder)
	if err != nil {
		return fmt.Errorf("write the lock: %w", err)
	}
	// Whoever reads it meanwhile finds one holder or the other, or reads once more.
	text = append(text, '\n')
	if _, err := l.file.WriteAt(text, 0); err != nil {
		return fmt.Errorf("write the lock: %w", err)
	}
	if err := l.file.Truncate(int64(len(text))); err != nil {
		return fmt.Errorf("write the lock: %w", err)
	}
	return nil
}

// Unlock lets go. The file stays: removing it would let two processes lock two
// files of the same name.
func (l *DirLock) Unlock() error {
	if err := l.file.Truncate(0); err != nil {
		return errors.Join(fmt.Errorf("empty the lock: %w", err), l.file.Close())
	}
	return l.file.Close()
}

// HeldBy returns which process works in dir, if any does.
func HeldBy(dir string) (who Holder, held bool, err error) {
	file, err := os.OpenFile(filepath.Join(dir, LockName), os.O_RDWR, 0)
	if errors.Is(err, os.ErrNotExist) {
		return Holder{}, false, nil
	}
	if err != nil {
		return Holder{}, false, fmt.Errorf("open the lock: %w", err)
	}
	defer file.Close()
	free, err := tryLock(file)
	if err != nil || free {
		return Holder{}, false, err // closing lets go of it again
	}
	return readHolder(file), true, nil
}

// readHolder returns what the holder wrote, as far as it has: the lock itself
// is the truth.
func readHolder(file *os.File) Holder {
	who, err := decodeHolder(file)
	for try := 0; err != nil && try < 5; try++ {
		time.Sleep(5 * time.Millisecond) // it is being written
		who, err = decodeHolder(file)
	}
	if err != nil {
		return Holder{Command: "unknown"}
	}
	return who
}

func decodeHolder(file *os.File) (who Holder, err error) {
	// What stands behind the first value is left of a longer one.
	err = json.NewDecoder(io.NewSectionReader(file, 0, 64<<10)).Decode(&who)
	return who, err
}
