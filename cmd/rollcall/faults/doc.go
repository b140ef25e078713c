// Package faults holds nothing but tests: of the real program, built once and
// run as a process of its own, under what happens to processes, disks and logs.
//
// What they hold the program to: an acknowledged event is there exactly once
// after kill -9; the same events give the same lists on every path; a log that
// was cut, exchanged or rewound halts the daemon with words that say what to do;
// a store can be lost and comes back the same; bad input changes no list.
//
// The environment says how hard they try:
//
//	ROLLCALL_ROUNDS   kills of TestKillNine (default 4, 2 with -short)
//	ROLLCALL_SEED     seed of a failure, to see it again as far as processes allow
//	ROLLCALL_SAMPLES  folder of sample months for TestSamePath (default none)
package faults
