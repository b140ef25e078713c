package store

// The sum of all records. bbolt has no checksums but of its two meta pages: a bit
// that flips in a record would change a list, and nobody would know.

import (
	"encoding/binary"

	"github.com/cespare/xxhash/v2"
)

// sum is the sum of the hashes of all records of a file, modulo 2^64, but of its
// own record. Each transaction brings it up to date with what it writes, so that
// it costs no reading; Open compares it with what is there.
type sum uint64

func (s *sum) add(bucket, key, value []byte)    { *s += sumOf(bucket, key, value) }
func (s *sum) remove(bucket, key, value []byte) { *s -= sumOf(bucket, key, value) }

func sumOf(bucket, key, value []byte) sum {
	var d xxhash.Digest
	d.Reset()
	_, _ = d.Write(bucket) // a Digest never fails
	var length [8]byte
	binary.BigEndian.PutUint64(length[:], uint64(len(key)))
	_, _ = d.Write(length[:])
	_, _ = d.Write(key)
	_, _ = d.Write(value)
	return sum(d.Sum64())
}

func (s sum) encode() []byte { return binary.BigEndian.AppendUint64(nil, uint64(s)) }

func readSum(value []byte) sum { return sum(readCount(value)) }
