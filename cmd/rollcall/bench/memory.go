package bench

// How much memory a part of the measurement needs.

import (
	"runtime/debug"
	"sync"
	"time"
)

// peak watches how much memory the process holds, every twenty milliseconds.
type peak struct {
	own, all int64 // bytes, after stop
	stop     func()
}

// watchMemory gives back what earlier parts left behind and watches until stop.
func watchMemory() *peak {
	debug.FreeOSMemory()
	p := &peak{}
	done := make(chan struct{})
	var watching sync.WaitGroup
	watching.Go(func() {
		tick := time.NewTicker(20 * time.Millisecond)
		defer tick.Stop()
		for {
			own, all := resident()
			p.own, p.all = max(p.own, own), max(p.all, all)
			select {
			case <-tick.C:
			case <-done:
				return
			}
		}
	})
	p.stop = sync.OnceFunc(func() {
		close(done)
		watching.Wait()
	})
	return p
}
