package ingest_test

import (
	"context"
	"fmt"
	"os"
	"strings"

	"rollcall/hall"
	"rollcall/ingest"
	"rollcall/store"
)

// A file is folded with the code that folds the log; the bad line is set aside
// and stops nothing.
func ExampleReplay() {
	dir, err := os.MkdirTemp("", "rollcall")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	s, err := store.Open(dir, store.Options{NoSync: true})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer s.Close()

	lines := `{"subject": "rollcall.demo.punch.T1", "data": {"id": "1", "person": "1001", "time": "2020-11-03T08:21:07+08:00"}}
{"subject": "rollcall.demo.punch.T1", "data": {"id": "2", "person": "1001"}}
`
	done, err := ingest.Replay(context.Background(), strings.NewReader(lines), ingest.ReplayOptions{Store: s, Halls: []hall.ID{"demo"}})
	fmt.Println(done.Lines, "lines,", done.Dead, "dead,", "last punch", done.LatestPunch.Time(), err)
	// Output: 2 lines, 1 dead, last punch 2020-11-03 00:21:07 +0000 UTC <nil>
}
