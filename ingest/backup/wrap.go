package backup

// The outside of a file: compression, and encryption if somebody asked for it.

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"filippo.io/age"
	"filippo.io/age/armor"
	"github.com/klauspost/compress/zstd"
)

// ErrLocked: the file is encrypted, and no identity that was given opens it.
var ErrLocked = errors.New("the backup is encrypted, and no key that was given opens it")

// ParseRecipients reads recipients (age1...) from a text, one a line; lines that begin
// with # are remarks.
func ParseRecipients(text string) ([]age.Recipient, error) {
	return age.ParseRecipients(strings.NewReader(text))
}

// ParseIdentities reads the keys (AGE-SECRET-KEY-1...) of a key file.
func ParseIdentities(text string) ([]age.Identity, error) {
	return age.ParseIdentities(strings.NewReader(text))
}

// Wrap returns where the content goes: compressed, and encrypted to the recipients if
// there are any. Close it to write the end; w stays open.
func Wrap(w io.Writer, recipients []age.Recipient) (io.WriteCloser, error) {
	var sealed io.WriteCloser
	if len(recipients) > 0 {
		var err error
		if sealed, err = age.Encrypt(w, recipients...); err != nil {
			return nil, fmt.Errorf("encrypt the backup: %w", err)
		}
		w = sealed
	}
	packed, err := zstd.NewWriter(w, zstd.WithEncoderConcurrency(1))
	if err != nil {
		return nil, fmt.Errorf("compress the backup: %w", err)
	}
	return &wrapper{Writer: packed, closers: []io.Closer{packed, sealed}}, nil
}

type wrapper struct {
	io.Writer
	closers []io.Closer
}

func (w *wrapper) Close() error {
	var errs []error
	for _, c := range w.closers {
		if c != nil {
			errs = append(errs, c.Close())
		}
	}
	return errors.Join(errs...)
}

var zstdMagic = []byte{0x28, 0xb5, 0x2f, 0xfd}

const ageMagic = "age-encryption.org/"

// Unwrap returns the content of a file. ErrLocked: it is encrypted and none of the
// identities opens it; ErrForeign: it is something else.
func Unwrap(r io.Reader, identities []age.Identity) (io.ReadCloser, error) {
	file := bufio.NewReaderSize(r, 64<<10)
	head, err := file.Peek(len(armor.Header))
	if len(head) == 0 {
		return nil, fmt.Errorf("%w (it is empty)", ErrIncomplete)
	}
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	var sealed io.Reader
	switch {
	case bytes.HasPrefix(head, []byte(ageMagic)):
		sealed = file
	case bytes.HasPrefix(head, []byte(armor.Header)):
		sealed = armor.NewReader(file)
	}
	if sealed != nil {
		if file, err = open(sealed, identities); err != nil {
			return nil, err
		}
	}
	switch head, err := file.Peek(len(zstdMagic)); {
	case err != nil && !errors.Is(err, io.EOF):
		return nil, fmt.Errorf("%w (%w)", ErrAltered, err)
	case !bytes.Equal(head, zstdMagic):
		return nil, ErrForeign
	}
	content, err := zstd.NewReader(file, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(64<<20))
	if err != nil {
		return nil, fmt.Errorf("%w (%w)", ErrAltered, err)
	}
	return &unwrapper{content}, nil
}

func open(sealed io.Reader, identities []age.Identity) (*bufio.Reader, error) {
	if len(identities) == 0 {
		return nil, fmt.Errorf("%w: name the key file with --identity", ErrLocked)
	}
	content, err := age.Decrypt(sealed, identities...)
	if _, none := errors.AsType[*age.NoIdentityMatchError](err); none {
		return nil, fmt.Errorf("%w: take the key whose recipient it was made for", ErrLocked)
	}
	if err != nil {
		return nil, fmt.Errorf("%w (%w)", ErrAltered, incomplete(err))
	}
	return bufio.NewReaderSize(content, 64<<10), nil
}

// unwrapper tells a file that ends too early from one that was altered.
type unwrapper struct{ content *zstd.Decoder }

func (u *unwrapper) Read(p []byte) (int, error) {
	n, err := u.content.Read(p)
	switch {
	case err == nil, errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF):
		return n, err
	case errors.Is(err, io.ErrUnexpectedEOF):
		return n, ErrIncomplete
	}
	return n, fmt.Errorf("%w (%w)", ErrAltered, err)
}

func (u *unwrapper) Close() error {
	u.content.Close()
	return nil
}
