package backup_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"filippo.io/age"
	"filippo.io/age/armor"
	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/zstd"
	"pgregory.net/rapid"

	"rollcall/ingest/backup"
	"rollcall/ingest/bus"
)

var made = time.Date(2026, 1, 5, 2, 0, 0, 0, time.UTC)

// example is a log of six sequences of which four are lost.
func example() (backup.Manifest, []bus.Message) {
	m := backup.Manifest{
		Made: made, Program: "test", Created: made.Add(-time.Hour), Last: 8,
		Gaps:  []backup.Gap{{From: 2, To: 5, Reason: "disk failure"}},
		Store: &backup.Store{Digest: "00ff", Schema: 1, Halls: []string{}},
	}
	return m, []bus.Message{
		{Sequence: 1, Subject: "rollcall.demo.punch.T01", Body: []byte(`{"id":"1"}`), Time: made.Add(123456789)},
		{Sequence: 6, Subject: "rollcall.demo", Body: []byte("no JSON\nend 6 1 00\n\x00\xff"), Time: made},
		{Sequence: 7, Subject: "rollcall.x", Body: []byte{}, Time: made},
	}
}

func content(t testing.TB, m backup.Manifest, messages []bus.Message) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := backup.NewWriter(&b, m)
	if err != nil {
		t.Fatal(err)
	}
	for _, message := range messages {
		if err := w.Message(message); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(m.Last); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// read reads a backup to its end.
func read(r io.Reader) (*backup.Reader, []bus.Message, error) {
	b, err := backup.NewReader(r)
	if err != nil {
		return nil, nil, err
	}
	var messages []bus.Message
	for {
		m, err := b.Next()
		if errors.Is(err, io.EOF) {
			return b, messages, nil
		}
		if err != nil {
			return b, messages, err
		}
		messages = append(messages, m)
	}
}

func TestContent(t *testing.T) {
	m, messages := example()
	text := content(t, m, messages)
	want := `rollcall-backup 1
{"made":"2026-01-05T02:00:00Z","program":"test","created":"2026-01-05T01:00:00Z","last":8,"gaps":[{"from":2,"to":5,"reason":"disk failure"}],"store":{"digest":"00ff","schema":1,"halls":[]}}
1 2026-01-05T02:00:00.123456789Z rollcall.demo.punch.T01 10
{"id":"1"}
gap 2 5
6 2026-01-05T02:00:00Z rollcall.demo 21
`
	if !bytes.HasPrefix(text, []byte(want)) || !bytes.Contains(text, []byte("\ngap 8 8\nend 8 3 ")) {
		t.Errorf("the form is\n%s\nwant it to begin with\n%s", text, want)
	}
	b, got, err := read(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(messages, got); diff != "" {
		t.Errorf("messages (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(m, b.Manifest); diff != "" {
		t.Errorf("manifest (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]backup.Gap{{From: 2, To: 5, Reason: "disk failure"}, {From: 8, To: 8}}, b.Gaps()); diff != "" {
		t.Errorf("gaps (-want +got):\n%s", diff)
	}
}

// TestEveryLog: what was written comes back.
func TestEveryLog(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var messages []bus.Message
		last := uint64(0)
		for range rapid.IntRange(0, 20).Draw(t, "messages") {
			last += rapid.Uint64Range(1, 3).Draw(t, "step")
			messages = append(messages, bus.Message{
				Sequence: last,
				Subject:  rapid.StringMatching(`rollcall\.[a-zA-Z0-9.*一-龥-]{1,30}`).Draw(t, "subject"),
				Body:     rapid.SliceOf(rapid.Byte()).Draw(t, "body"),
				Time:     time.Unix(0, rapid.Int64Range(0, 4e18).Draw(t, "time")).UTC(),
			})
		}
		var b bytes.Buffer
		m := backup.Manifest{Last: last + rapid.Uint64Range(0, 2).Draw(t, "lost end")}
		w, err := backup.NewWriter(&b, m)
		for _, message := range messages {
			err = errors.Join(err, w.Message(message))
		}
		if err = errors.Join(err, w.Close(m.Last)); err != nil {
			t.Fatal(err)
		}
		_, got, err := read(&b)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(messages, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}

// TestBadContent: nothing that was cut or altered passes, wherever it was.
func TestBadContent(t *testing.T) {
	m, messages := example()
	text := content(t, m, messages)
	for n := range len(text) {
		if _, _, err := read(bytes.NewReader(text[:n])); !errors.Is(err, backup.ErrIncomplete) {
			t.Fatalf("cut behind byte %d: %v", n, err)
		}
		for bit := range 8 {
			altered := bytes.Clone(text)
			altered[n] ^= 1 << bit
			if _, _, err := read(bytes.NewReader(altered)); err == nil {
				t.Fatalf("bit %d of byte %d was turned, and nobody noticed", bit, n)
			}
		}
	}
	for _, c := range []struct {
		name, text string
		want       error
	}{
		{"empty", "", backup.ErrIncomplete},
		{"text", "no backup at all\n", backup.ErrForeign},
		{"more", string(text) + "x", backup.ErrAltered},
		{"long line", strings.Repeat("x", 1<<20), backup.ErrForeign},
		{"newer", "rollcall-backup 2\n{}\n", nil},
	} {
		_, _, err := read(strings.NewReader(c.text))
		if err == nil || c.want != nil && !errors.Is(err, c.want) || c.want == nil && !strings.Contains(err.Error(), "has form 2, and this program reads 1") {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
	}
	w, err := backup.NewWriter(io.Discard, m)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(w.Message(messages[1]), w.Message(messages[0])); err == nil {
		t.Error("a log that goes back was written")
	}
}

func wrap(t testing.TB, text []byte, recipients ...age.Recipient) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := backup.Wrap(&b, recipients)
	if err == nil {
		_, err = w.Write(text)
		err = errors.Join(err, w.Close())
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func unwrap(file []byte, identities ...age.Identity) ([]byte, error) {
	r, err := backup.Unwrap(bytes.NewReader(file), identities)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return io.ReadAll(r)
}

func TestWrap(t *testing.T) {
	key, other := newKey(t), newKey(t)
	text := bytes.Repeat([]byte("some text\n"), 100_000)
	plain, locked := wrap(t, text), wrap(t, text, key.Recipient())
	if len(plain) > len(text)/100 {
		t.Errorf("%d bytes became %d", len(text), len(plain))
	}
	if _, err := zstd.NewReader(bytes.NewReader(plain)); err != nil {
		t.Errorf("the file is no Zstandard: %v", err)
	}
	var armored bytes.Buffer
	a := armor.NewWriter(&armored)
	if _, err := a.Write(locked); err != nil || a.Close() != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		file []byte
		keys []age.Identity
		want error
	}{
		"plain":            {plain, nil, nil},
		"plain with key":   {plain, []age.Identity{key}, nil},
		"locked":           {locked, []age.Identity{other, key}, nil},
		"armored":          {armored.Bytes(), []age.Identity{key}, nil},
		"without key":      {locked, nil, backup.ErrLocked},
		"with another key": {locked, []age.Identity{other}, backup.ErrLocked},
		"nothing":          {nil, nil, backup.ErrIncomplete},
		"text":             {text, nil, backup.ErrForeign},
		"short text":       {[]byte("x"), nil, backup.ErrForeign},
		"cut":              {plain[:len(plain)-1], nil, backup.ErrIncomplete},
		"locked, cut":      {locked[:len(locked)-20], []age.Identity{key}, nil}, // either word will do
		"more":             {append(bytes.Clone(plain), "more"...), nil, backup.ErrAltered},
	} {
		got, err := unwrap(c.file, c.keys...)
		switch {
		case name == "locked, cut" && (errors.Is(err, backup.ErrIncomplete) || errors.Is(err, backup.ErrAltered)):
		case !errors.Is(err, c.want) || c.want == nil && !bytes.Equal(got, text):
			t.Errorf("%s: %d bytes, %v, want %v", name, len(got), err, c.want)
		}
	}
	for range 200 {
		altered := bytes.Clone(locked)
		at := rand.IntN(len(altered))
		altered[at] ^= 1
		if got, err := unwrap(altered, key); err == nil {
			t.Fatalf("byte %d of an encrypted file was altered, and %d bytes came out", at, len(got))
		}
	}
}

func newKey(t testing.TB) *age.X25519Identity {
	t.Helper()
	key, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func TestParseKeys(t *testing.T) {
	key := newKey(t)
	text := fmt.Sprintf("# made by age-keygen\n%s\n", key.Recipient())
	if got, err := backup.ParseRecipients(text); err != nil || len(got) != 1 {
		t.Errorf("ParseRecipients = %v, %v", got, err)
	}
	if got, err := backup.ParseIdentities("# secret\n" + key.String() + "\n"); err != nil || len(got) != 1 {
		t.Errorf("ParseIdentities = %v, %v", got, err)
	}
	if _, err := backup.ParseRecipients(key.String()); err == nil {
		t.Error("a secret key passed for a recipient")
	}
}

// FuzzReader: whatever a file holds, reading it ends with an error or with a backup
// that comes out the same when it is written again.
func FuzzReader(f *testing.F) {
	m, messages := example()
	f.Add(content(f, m, messages))
	f.Add([]byte("rollcall-backup 1\n{}\nend 0 0 00\n"))
	f.Add([]byte("rollcall-backup 1\n{}\n1 2026-01-05T02:00:00Z rollcall.x 99999999999\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		b, messages, err := read(bytes.NewReader(text))
		if err != nil {
			return
		}
		_, again, err := read(bytes.NewReader(content(t, b.Manifest, messages)))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(messages, again); diff != "" {
			t.Errorf("(-first +again):\n%s", diff)
		}
	})
}
