package faults_test

// A disk that loses its power, made from the record of a daemon's system calls.
//
// What a file was given before its last fsync is there. What came later may be
// there or not, page by page. Names and lengths are journalled, as ext4 and XFS
// do: any fsync makes all earlier changes of them durable, and of the later ones
// some of the first are there.

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
)

// diskCalls are the system calls that change files.
const diskCalls = "trace=openat,close,write,pwrite64,lseek,fsync,fdatasync,ftruncate,fallocate,rename,renameat,renameat2,unlink,unlinkat,mkdir,mkdirat,rmdir,link,linkat,symlinkat"

// recording are the options of strace that write the record of disk calls.
func recording(record string) []string {
	return []string{"--seccomp-bpf", "-o", record, "-y", "-xx", "-ttt", "-s", "16777216", "-e", diskCalls}
}

// op is one change. It begins and ends at lines of the record.
type op struct {
	begin, end int
	kind       opKind
	inode      int
	name, to   string // of names; relative
	offset     int64  // of data; the length of truncate
	data       []byte
	sync       bool // durable when it returns
}

type opKind int

const (
	opWrite opKind = iota
	opTruncate
	opSync
	opCreate
	opMkdir
	opRename
	opRemove
)

// record is what a daemon did to its directory.
type record struct {
	ops   []op
	times []time.Time // by line
}

// handle is an open file.
type handle struct {
	inode  int
	offset int64
	sync   bool
	append bool
}

// recorder reads the lines.
type recorder struct {
	record
	root    string
	names   map[string]int // inodes by relative name
	sizes   map[int]int64  // by inode
	handles map[int]*handle
	begun   map[string]begun // by process and call
}

type begun struct {
	line int
	args string
}

// readRecord reads the record of a daemon whose directory did not exist.
func readRecord(t *testing.T, path, root string) *record {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	r := &recorder{root: root, names: map[string]int{}, sizes: map[int]int64{}, handles: map[int]*handle{}, begun: map[string]begun{}}
	for line := range bytes.Lines(text) {
		if err := r.line(string(line)); err != nil {
			t.Fatalf("line %d of the record: %v: %.200s", len(r.times), err, line)
		}
	}
	return &r.record
}

var (
	callLine    = regexp.MustCompile(`^(\d+) +(\d+)\.(\d+) (\w+)\((.*)\) += (-?\d+)`)
	begunLine   = regexp.MustCompile(`^(\d+) +(\d+)\.(\d+) (\w+)\((.*) <unfinished \.\.\.>`)
	resumedLine = regexp.MustCompile(`^(\d+) +(\d+)\.(\d+) <\.\.\. (\w+) resumed>(.*)\) += (-?\d+)`)
	otherLine   = regexp.MustCompile(`^(\d+) +(\d+)\.(\d+) `)
)

func (r *recorder) line(text string) error {
	number := len(r.times)
	if m := callLine.FindStringSubmatch(text); m != nil {
		r.times = append(r.times, instant(m[2], m[3]))
		return r.call(m[4], m[5], m[6], number, number)
	}
	if m := begunLine.FindStringSubmatch(text); m != nil {
		r.times = append(r.times, instant(m[2], m[3]))
		r.begun[m[1]+m[4]] = begun{number, m[5]}
		return nil
	}
	if m := resumedLine.FindStringSubmatch(text); m != nil {
		r.times = append(r.times, instant(m[2], m[3]))
		b, ok := r.begun[m[1]+m[4]]
		if !ok {
			return fmt.Errorf("%s was resumed, never begun", m[4])
		}
		delete(r.begun, m[1]+m[4])
		return r.call(m[4], b.args+m[5], m[6], b.line, number)
	}
	if m := otherLine.FindStringSubmatch(text); m != nil { // an exit, a signal
		r.times = append(r.times, instant(m[2], m[3]))
		return nil
	}
	return fmt.Errorf("of no known form")
}

func instant(seconds, micros string) time.Time {
	s, _ := strconv.ParseInt(seconds, 10, 64) // digits by the expression
	us, _ := strconv.ParseInt(micros, 10, 64)
	return time.Unix(s, us*1000)
}

// call takes note of a call that has returned.
func (r *recorder) call(name, args, result string, begin, end int) error {
	returned, err := strconv.ParseInt(result, 10, 64)
	if err != nil || returned < 0 {
		return err // a failed call changes nothing
	}
	a := arguments(args)
	o := op{begin: begin, end: end}
	switch name {
	case "openat":
		return r.open(a, int(returned), o)
	case "close":
		delete(r.handles, a.number(0))
	case "write", "pwrite64":
		r.write(name, a, returned, o)
	case "lseek":
		if h := r.handles[a.number(0)]; h != nil {
			h.offset = returned
		}
	case "fsync", "fdatasync":
		if name, inside := r.inside(strings.TrimSuffix(a.path(0), " (deleted)")); inside {
			o.kind, o.inode = opSync, r.inodeOf(a.number(0), name)
			r.ops = append(r.ops, o)
		}
	case "ftruncate":
		if h := r.handles[a.number(0)]; h != nil {
			r.truncate(h.inode, int64(a.number(1)), o)
		}
	case "mkdirat":
		r.named(opMkdir, a.names(), o)
	case "unlinkat":
		r.named(opRemove, a.names(), o)
	case "renameat":
		r.named(opRename, a.names(), o)
	default: // Go does not use it
		for _, text := range a.names() {
			if _, inside := r.inside(text); inside {
				return fmt.Errorf("%s is not simulated", name)
			}
		}
	}
	return nil
}

// inside returns a path relative to the root.
func (r *recorder) inside(path string) (string, bool) {
	name, err := filepath.Rel(r.root, path)
	return name, err == nil && filepath.IsAbs(path) && name != ".." && !strings.HasPrefix(name, "../")
}

func (r *recorder) inodeOf(fd int, name string) int {
	if h := r.handles[fd]; h != nil {
		return h.inode
	}
	return r.names[name] // a directory: 0
}

func (r *recorder) open(a args, fd int, o op) error {
	names := a.names()
	if len(names) == 0 {
		return fmt.Errorf("openat without a name")
	}
	name, inside := r.inside(names[0])
	delete(r.handles, fd)
	if !inside || strings.Contains(a.text, "O_DIRECTORY") {
		return nil
	}
	inode, known := r.names[name]
	if !known {
		if !strings.Contains(a.text, "O_CREAT") {
			return nil // a directory
		}
		inode = len(r.sizes) + 1
		r.sizes[inode] = 0
		r.names[name] = inode
		o.kind, o.inode, o.name = opCreate, inode, name
		r.ops = append(r.ops, o)
	} else if strings.Contains(a.text, "O_TRUNC") {
		r.truncate(inode, 0, o)
	}
	r.handles[fd] = &handle{inode: inode, sync: strings.Contains(a.text, "SYNC"), append: strings.Contains(a.text, "O_APPEND")}
	return nil
}

func (r *recorder) truncate(inode int, length int64, o op) {
	o.kind, o.inode, o.offset = opTruncate, inode, length
	r.ops = append(r.ops, o)
	r.sizes[inode] = length
}

func (r *recorder) write(name string, a args, written int64, o op) {
	h := r.handles[a.number(0)]
	if h == nil {
		return // a socket
	}
	texts := a.texts()
	o.kind, o.inode, o.sync, o.data = opWrite, h.inode, h.sync, []byte(texts[len(texts)-1])[:written]
	switch {
	case name == "pwrite64":
		o.offset = int64(a.last())
	case h.append:
		o.offset = r.sizes[h.inode]
	default:
		o.offset = h.offset
		h.offset += written
	}
	r.sizes[h.inode] = max(r.sizes[h.inode], o.offset+written)
	r.ops = append(r.ops, o)
}

func (r *recorder) named(kind opKind, texts []string, o op) {
	name, inside := r.inside(texts[0])
	if !inside {
		return
	}
	o.kind, o.name = kind, name
	switch kind {
	case opRename:
		o.to, _ = r.inside(texts[1])
		move(r.names, name, o.to)
	case opRemove:
		delete(r.names, name)
	}
	r.ops = append(r.ops, o)
}

// move gives a file, or all files of a directory, another name.
func move(names map[string]int, from, to string) {
	for name, inode := range names {
		if rest, ok := strings.CutPrefix(name, from); ok && (rest == "" || rest[0] == '/') {
			delete(names, name)
			names[to+rest] = inode
		}
	}
}

// args are the arguments of a call, as strace writes them: texts in quotes and
// paths of descriptors in angle brackets, both in hexadecimal.
type args struct{ text string }

func arguments(text string) args { return args{text} }

var (
	quoted = regexp.MustCompile(`"((?:\\x[0-9a-f]{2})*)"`)
	angled = regexp.MustCompile(`<((?:\\x[0-9a-f]{2})*)>`)
)

// texts are the quoted ones.
func (a args) texts() []string {
	var texts []string
	for _, m := range quoted.FindAllStringSubmatch(a.text, -1) {
		texts = append(texts, unhex(m[1]))
	}
	return texts
}

// names are the texts as paths, each relative to the descriptor before it.
func (a args) names() []string {
	names := a.texts()
	for i, name := range names {
		if !filepath.IsAbs(name) {
			names[i] = filepath.Join(a.path(i), name)
		}
	}
	return names
}

// path is that of a descriptor.
func (a args) path(i int) string {
	all := angled.FindAllStringSubmatch(a.text, -1)
	if i >= len(all) {
		return ""
	}
	return unhex(all[i][1])
}

// number is an argument; the texts before it hold no comma.
func (a args) number(i int) int {
	fields := strings.SplitN(a.text, ",", i+2)
	if i >= len(fields) {
		return -1
	}
	digits := strings.TrimSpace(fields[i])
	if cut := strings.IndexByte(digits, '<'); cut >= 0 {
		digits = digits[:cut]
	}
	n, err := strconv.Atoi(digits)
	if err != nil {
		return -1
	}
	return n
}

func (a args) last() int {
	n, err := strconv.Atoi(strings.TrimSpace(a.text[strings.LastIndexByte(a.text, ',')+1:]))
	if err != nil {
		return -1
	}
	return n
}

func unhex(text string) string {
	b := make([]byte, 0, len(text)/4)
	for i := 0; i+4 <= len(text); i += 4 {
		n, err := strconv.ParseUint(text[i+2:i+4], 16, 8)
		if err != nil {
			return "" // unreachable: by the expression
		}
		b = append(b, byte(n))
	}
	return string(b)
}

// image writes the directory as a loss of power at a line of the record leaves it;
// without chance, nothing is lost.
func (r *record) image(t *testing.T, chance *rand.Rand, line int, dir string) {
	t.Helper()
	synced, journalled := r.syncs(line)
	files := map[int][]byte{}
	names := map[string]int{}
	lost := false // the journal ends
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	for i := range r.ops {
		o := &r.ops[i]
		if o.begin >= line {
			break
		}
		switch o.kind {
		case opSync:
		case opWrite:
			files[o.inode] = o.onto(files[o.inode], chance, o.end < synced[o.inode] || o.sync && o.end < line)
		default:
			if lost = lost || chance != nil && o.end >= journalled && chance.IntN(4) == 0; !lost {
				o.rename(t, dir, names, files)
			}
		}
	}
	for name, inode := range names {
		if inode > 0 {
			write(t, filepath.Join(dir, name), files[inode])
		}
	}
}

// syncs returns for each file the beginning of its last fsync that had returned
// at a line, and that of the last one of any.
func (r *record) syncs(line int) (synced map[int]int, journalled int) {
	synced = map[int]int{}
	for i := range r.ops {
		o := &r.ops[i]
		if o.end < line && o.kind == opSync {
			synced[o.inode] = max(synced[o.inode], o.begin)
			journalled = max(journalled, o.begin)
		}
		if o.end < line && o.kind == opWrite && o.sync {
			journalled = max(journalled, o.begin)
		}
	}
	return synced, journalled
}

// onto writes data, or of what is not durable some pages.
func (o *op) onto(file []byte, chance *rand.Rand, durable bool) []byte {
	all := durable || chance == nil || chance.IntN(3) == 0
	for from := int64(0); from < int64(len(o.data)); {
		at := o.offset + from
		n := min(int64(len(o.data))-from, 4096-at%4096)
		if all || chance.IntN(2) == 0 {
			if end := at + n; end > int64(len(file)) {
				file = append(file, make([]byte, end-int64(len(file)))...)
			}
			copy(file[at:], o.data[from:from+n])
		}
		from += n
	}
	return file
}

// rename does what an op does to names and lengths.
func (o *op) rename(t *testing.T, dir string, names map[string]int, files map[int][]byte) {
	t.Helper()
	switch o.kind {
	case opCreate:
		names[o.name] = o.inode
	case opMkdir:
		if err := os.MkdirAll(filepath.Join(dir, o.name), 0o700); err != nil {
			t.Fatal(err)
		}
	case opRename:
		move(names, o.name, o.to)
		_ = os.Rename(filepath.Join(dir, o.name), filepath.Join(dir, o.to)) // a directory; files are written in the end
	case opRemove:
		if _, ok := names[o.name]; !ok {
			_ = os.RemoveAll(filepath.Join(dir, o.name)) // a directory
		}
		delete(names, o.name)
	case opTruncate:
		file := files[o.inode]
		if n := o.offset; n <= int64(len(file)) {
			files[o.inode] = file[:n:n]
		} else {
			files[o.inode] = append(file, make([]byte, n-int64(len(file)))...)
		}
	}
}
