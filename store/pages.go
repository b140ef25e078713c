package store

// The file as a stranger reads it: page by page and with bounds. bbolt maps the
// file and trusts it; what is wrong in there lets it panic, die of a bad address
// or walk in circles.

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
)

// The format of bbolt, version 2. Numbers are in the order of the machine.
//
//	page     id 8, flags 2, count 2, overflow 4 (pages that follow and belong to it), elements
//	branch   element: position 4 (from the element), key size 4, page 8
//	leaf     element: flags 4, position 4, key size 4, value size 4; flag 1: the value is a bucket
//	bucket   root page 8 (0: a leaf page follows right here), sequence 8
//	free     page ids 8; count 0xFFFF: the first one is the count
//	meta     magic 4, version 4, page size 4, flags 4, root bucket 16, free page 8, end 8, transaction 8, FNV-1a 8
const (
	pageHeader  = 16
	elementSize = 16
	bucketSize  = 16
	metaSize    = 64

	pageBranch = 1
	pageLeaf   = 2
	pageFree   = 16

	metaMagic    = 0xED0CDAED
	metaVersion  = 2
	noFreePage   = ^uint64(0)
	smallestPage = 1 << 10
	largestPage  = 1 << 24
	deepest      = 64 // levels and nested buckets of a tree; a large store has five
)

var native = binary.NativeEndian

// walk is one walk over all pages of a file.
type walk struct {
	file io.ReaderAt
	meta meta
	used []bool // by page: seen in a tree, in the list of free pages or as that list
	// buffers are the pages from the root to where the walk is, each reused.
	buffers [deepest + 1][]byte

	sum     sum  // of the records that were met
	written sum  // what the file says of them
	summed  bool // it does
}

// meta is what a meta page says.
type meta struct {
	pageSize, root, free, end, transaction uint64
}

// walkPages reads every page of a file of so many bytes, to which nobody writes
// meanwhile. It returns an error that wraps ErrCorrupt at the first page that is
// no page, belongs to two places or to none, or whose keys are out of order.
func walkPages(file io.ReaderAt, size int64) (*walk, error) {
	w := &walk{file: file}
	err := w.all(size)
	if err != nil && !errors.Is(err, ErrCorrupt) {
		err = fmt.Errorf("read the pages: %w", err)
	}
	return w, err
}

func (w *walk) all(size int64) error {
	var err error
	if w.meta, err = readMeta(w.file, size); err != nil {
		return err
	}
	if w.meta.end < 2 || w.meta.end > uint64(size)/w.meta.pageSize {
		return damaged("it has %d bytes, less than its %d pages", size, w.meta.end)
	}
	w.used = make([]bool, w.meta.end)
	w.used[0], w.used[1] = true, true
	if err := w.tree(nil, w.meta.root, nil, nil, 0); err != nil {
		return err
	}
	if w.meta.free == noFreePage {
		return nil // bbolt looks for free pages itself
	}
	if err := w.freePages(); err != nil {
		return err
	}
	for id, used := range w.used {
		if !used {
			return damaged("page %d belongs to nothing and is not free", id)
		}
	}
	return nil
}

func damaged(format string, args ...any) error {
	return fmt.Errorf("%w (%s)", ErrCorrupt, fmt.Sprintf(format, args...))
}

// readMeta returns the later one of the meta pages that are sound: the other one
// is the transaction before.
func readMeta(file io.ReaderAt, size int64) (meta, error) {
	var best meta
	for at := int64(0); at < size && at <= largestPage; at = max(smallestPage, 2*at) {
		page := make([]byte, pageHeader+metaSize)
		if _, err := file.ReadAt(page, at); err != nil {
			if errors.Is(err, io.EOF) {
				break
			}
			return best, err
		}
		m, ok := parseMeta(page[pageHeader:])
		if ok && (at == 0 || uint64(at) == m.pageSize) && m.transaction >= best.transaction {
			best = m
		}
	}
	if best.pageSize == 0 {
		return best, damaged("no meta page is sound")
	}
	return best, nil
}

func parseMeta(b []byte) (meta, bool) {
	h := fnv.New64a()
	_, _ = h.Write(b[:metaSize-8]) // a hash never fails
	m := meta{
		pageSize: uint64(native.Uint32(b[8:])), root: native.Uint64(b[16:]), free: native.Uint64(b[32:]),
		end: native.Uint64(b[40:]), transaction: native.Uint64(b[48:]),
	}
	ok := native.Uint32(b) == metaMagic && native.Uint32(b[4:]) == metaVersion && native.Uint64(b[metaSize-8:]) == h.Sum64() &&
		m.pageSize >= smallestPage && m.pageSize <= largestPage
	return m, ok
}

// page reads a page that belongs to nothing yet into a buffer of the level.
func (w *walk) page(id uint64, level int) ([]byte, error) {
	if id < 2 || id >= w.meta.end {
		return nil, damaged("page %d of %d", id, w.meta.end)
	}
	size := w.meta.pageSize
	page, err := w.read(id, size, level)
	if err != nil {
		return nil, err
	}
	more := uint64(native.Uint32(page[12:]))
	if native.Uint64(page) != id || more >= w.meta.end-id {
		return nil, damaged("page %d says that it is page %d with %d more", id, native.Uint64(page), more)
	}
	for i := id; i <= id+more; i++ {
		if w.used[i] {
			return nil, damaged("page %d belongs to two places", i)
		}
		w.used[i] = true
	}
	if more > 0 {
		return w.read(id, (more+1)*size, level)
	}
	return page, nil
}

func (w *walk) read(id, n uint64, level int) ([]byte, error) {
	if uint64(cap(w.buffers[level])) < n {
		w.buffers[level] = make([]byte, n)
	}
	page := w.buffers[level][:n]
	_, err := w.file.ReadAt(page, int64(id*w.meta.pageSize))
	return page, err
}

// tree walks the page and all below it. Its first key is from, and all are below
// until, where these are given. (bbolt finds a page to replace in the page above by
// its first key: where the two differ it would write a second one beside it.)
func (w *walk) tree(bucket []byte, id uint64, from, until []byte, level int) error {
	if level >= deepest {
		return damaged("page %d is %d levels deep", id, level)
	}
	page, err := w.page(id, level)
	if err != nil {
		return err
	}
	return w.elements(bucket, page, id, from, until, level)
}

// elements walks the elements of a page.
func (w *walk) elements(bucket, page []byte, id uint64, from, until []byte, level int) error {
	flags, count := native.Uint16(page[8:]), int(native.Uint16(page[10:]))
	if flags != pageBranch && flags != pageLeaf || flags == pageBranch && count == 0 || pageHeader+count*elementSize > len(page) {
		return damaged("page %d has the flags %#x and %d elements", id, flags, count)
	}
	var before element
	for i := range count {
		e, ok := elementAt(page, flags, i)
		if !ok {
			return damaged("element %d of page %d lies outside of it", i, id)
		}
		if i == 0 && from != nil && !bytes.Equal(e.key, from) || i > 0 && bytes.Compare(before.key, e.key) >= 0 ||
			until != nil && bytes.Compare(e.key, until) >= 0 {
			return damaged("key %d of page %d is out of order", i, id)
		}
		before = e
		var err error
		switch {
		case flags == pageBranch:
			end := until
			if i+1 < count {
				next, ok := elementAt(page, flags, i+1)
				if !ok {
					return damaged("element %d of page %d lies outside of it", i+1, id)
				}
				end = next.key
			}
			err = w.tree(bucket, e.child, e.key, end, level+1)
		case e.flags&1 != 0:
			err = w.bucket(e.key, e.value, id, level+1)
		default:
			w.record(bucket, e.key, e.value)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// element is a key of a page and what it leads to.
type element struct {
	key, value []byte
	child      uint64
	flags      uint32
}

func elementAt(page []byte, flags uint16, i int) (e element, ok bool) {
	at := pageHeader + i*elementSize
	head := page[at : at+elementSize]
	position, keySize, valueSize := uint64(native.Uint32(head)), uint64(native.Uint32(head[4:])), uint64(0)
	if flags == pageLeaf {
		e.flags = native.Uint32(head)
		position, keySize, valueSize = uint64(native.Uint32(head[4:])), uint64(native.Uint32(head[8:])), uint64(native.Uint32(head[12:]))
	} else {
		e.child = native.Uint64(head[8:])
	}
	start := uint64(at) + position
	if start+keySize+valueSize > uint64(len(page)) || e.flags > 1 {
		return e, false
	}
	e.key = page[start : start+keySize : start+keySize]
	e.value = page[start+keySize : start+keySize+valueSize]
	return e, true
}

// bucket walks a bucket that stands in a leaf page, with a tree of its own or
// with its only page right there.
func (w *walk) bucket(name, value []byte, id uint64, level int) error {
	if len(value) < bucketSize || level >= deepest {
		return damaged("the bucket %q of page %d has %d bytes on level %d", name, id, len(value), level)
	}
	if root := native.Uint64(value); root != 0 {
		return w.tree(name, root, nil, nil, level)
	}
	inline := value[bucketSize:]
	if len(inline) < pageHeader || native.Uint16(inline[8:]) != pageLeaf {
		return damaged("the bucket %q of page %d has no page", name, id)
	}
	return w.elements(name, inline, id, nil, nil, level)
}

func (w *walk) record(bucket, key, value []byte) {
	if bytes.Equal(bucket, bucketMeta) && bytes.Equal(key, keySum) {
		w.written, w.summed = readSum(value), true
		return
	}
	w.sum.add(bucket, key, value)
}

// checkSum holds the records against their sum.
func (w *walk) checkSum() error {
	if w == nil || w.summed && w.sum == w.written {
		return nil
	}
	return damaged("its records are not those that were written")
}

// freePages marks the pages that may be written next.
func (w *walk) freePages() error {
	page, err := w.page(w.meta.free, 0)
	if err != nil {
		return err
	}
	ids, count := page[pageHeader:], uint64(native.Uint16(page[10:]))
	if count == 0xFFFF {
		count, ids = native.Uint64(ids), ids[8:]
	}
	if native.Uint16(page[8:]) != pageFree || count > uint64(len(ids)/8) {
		return damaged("page %d is no list of %d free pages", w.meta.free, count)
	}
	for i := range count {
		id := native.Uint64(ids[8*i:])
		if id < 2 || id >= w.meta.end || w.used[id] {
			return damaged("page %d cannot be free", id)
		}
		w.used[id] = true
	}
	return nil
}
