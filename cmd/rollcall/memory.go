package main

// How much memory the collector of garbage may leave to itself.

import "runtime/debug"

const (
	// garbagePercent lets garbage grow to four times of what is in use before it is
	// collected: what is in use is little, and what an event or a question leaves
	// behind is much.
	garbagePercent = 400
	// memoryLimit is where it is collected more often instead. The pages of the store
	// are mapped and not counted.
	memoryLimit = 384 << 20
)

// boundMemory sets the collector for a daemon; GOGC and GOMEMLIMIT go before.
func (c *cli) boundMemory() {
	if c.getenv("GOGC") == "" {
		debug.SetGCPercent(garbagePercent)
	}
	if c.getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(memoryLimit)
	}
}
