package bench

// CPUTime is what this process has used of the cores.
var CPUTime = cpuTime
