package ingest_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"rollcall/hall"
	"rollcall/ingest"
	"rollcall/store"
)

// load makes a city's punches: halls of 250 people who punch four times a day,
// in the order of time within a quarter of an hour.
type load struct {
	halls, day, quarter, next int
	people                    []int
	random                    *rand.Rand
	serial                    int
}

func newLoad(halls int) *load {
	l := &load{halls: halls, random: rand.New(rand.NewPCG(1, 2))}
	l.people = l.random.Perm(halls * 250)
	return l
}

// message returns the next subject and body.
func (l *load) message() (string, []byte) {
	if l.next == len(l.people) {
		l.next = 0
		if l.quarter++; l.quarter == 4 {
			l.quarter = 0
			l.day++
		}
		l.random.Shuffle(len(l.people), func(i, j int) { l.people[i], l.people[j] = l.people[j], l.people[i] })
	}
	person := l.people[l.next]
	hours := []string{"08:2", "12:0", "14:2", "18:0"}[l.quarter]
	date := time.Date(2020, 11, 1+l.day, 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
	l.serial++
	body := fmt.Appendf(nil, `{"id":"T%02d-%06d","person":"%d","time":"%sT%s%d:%02d+08:00","method":"face"}`,
		person%4, l.serial%1000000, 1000+person/l.halls, date, hours, l.next*10/len(l.people), l.serial%60)
	subject := fmt.Sprintf("rollcall.hall%03d.punch.T%02d", person%l.halls, person%4)
	l.next++
	return subject, body
}

// BenchmarkFold decodes and applies batches of 20000 punches of 200 halls into a
// file that is synced at each commit.
func BenchmarkFold(b *testing.B) {
	for _, size := range []int{1000, 20_000} {
		b.Run(fmt.Sprint(size), func(b *testing.B) { benchmarkFold(b, size) })
	}
}

func benchmarkFold(b *testing.B, size int) {
	s, err := store.Open(b.TempDir(), store.Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	l := newLoad(200)
	type message struct {
		subject string
		body    []byte
	}
	messages := make([]message, size)
	var batch store.Batch
	sequence := uint64(0)
	b.ReportAllocs()
	var elapsed time.Duration
	for b.Loop() {
		b.StopTimer()
		for i := range messages {
			messages[i].subject, messages[i].body = l.message()
		}
		b.StartTimer()
		begin := time.Now()
		batch.Reset()
		for _, m := range messages {
			e, err := hall.Decode(m.subject, m.body)
			if err != nil {
				b.Fatal(err)
			}
			batch.Add(&e)
		}
		sequence += uint64(size)
		batch.Applied.Sequence = sequence
		if err := s.Apply(&batch); err != nil {
			b.Fatal(err)
		}
		elapsed += time.Since(begin)
	}
	err = s.View(func(v *store.View) error {
		b.ReportMetric(float64(v.Stats().Bytes)/float64(sequence), "B/event")
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(sequence)/elapsed.Seconds(), "events/s")
}

// BenchmarkRun folds 200000 punches of 200 halls from a log in memory through
// the whole pipeline.
func BenchmarkRun(b *testing.B) {
	l := newLoad(200)
	lines := make([][2]string, 200_000)
	for i := range lines {
		subject, body := l.message()
		lines[i] = [2]string{subject, string(body)}
	}
	log := newScript(lines...)
	b.ReportAllocs()
	for b.Loop() {
		s, err := store.Open(b.TempDir(), store.Options{})
		if err != nil {
			b.Fatal(err)
		}
		f := run(b, ingest.Options{Store: s, Source: log})
		if err := f.Wait(b.Context(), uint64(len(lines))); err != nil {
			b.Fatal(err)
		}
		if err := errors.Join(f.stop(), s.Close()); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N*len(lines))/b.Elapsed().Seconds(), "events/s")
}
