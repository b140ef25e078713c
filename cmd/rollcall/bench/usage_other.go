//go:build !linux

package bench

// What the process uses, on systems where nobody tells it.

import "time"

// cpuTime, resident and processor are told on Linux only.
func cpuTime() time.Duration { return 0 }

func resident() (own, all int64) { return 0, 0 }

func processor() string { return "" }
