//go:build !linux

package bench

import "time"

// cpuTime, resident and processor are told on Linux only.
func cpuTime() time.Duration { return 0 }

func resident() (own, all int64) { return 0, 0 }

func processor() string { return "" }
