// Package faults holds nothing but tests: of the real program, built once and
// run as a process of its own, under what happens to processes, disks and logs.
//
// What they hold the program to: an acknowledged event is there exactly once
// after kill -9; the same events give the same lists on every path; a log that
// was cut, exchanged or rewound halts the daemon with words that say what to do;
// a store can be lost and comes back the same; bad input changes no list.
//
// The faults and their tests:
//
//	kill -9 at random, while starting          TestKillNine, TestKilledHolder
//	kill inside a commit or a sync             TestKillInsideACommit; ingest: TestSimulation (torn transactions)
//	stop under load                            TestGracefulStop
//	loss of power                              TestPowerLoss: what was not synced is lost or torn, from a record of system calls
//	EIO from a sync of the log                 TestFailedSync
//	EIO from the store                         TestFailedCommit
//	disk full                                  TestDiskFull; ingest: TestFullDiskHaltsUntilThereIsSpace
//	failed transaction, memory not ahead       ingest: TestBrokenCommitIsFatal, TestSimulation
//	bit flips in store and log                 TestBitFlips; store: TestBitFlips, TestDamagedPages, FuzzOpen
//	meta pages lost, foreign or cut file       TestBadStore
//	store deleted, rebuilt, killed meanwhile   TestStoreDeleted, TestRebuild, TestKilledWhileRebuilding
//	stream recreated, rewound, grown again     TestStreamRecreated, TestStreamRewound, TestNoEventIntoAnotherLog
//	stream deleted, purged by an administrator TestAdministratorOfTheStream
//	messages missing                           TestGapBehindTheStore
//	two daemons on one directory               TestTwoDaemons
//	clock that jumps                           ingest: TestSimulation; the floors: what judges asks no clock
//	server restarted, network cut or hanging   TestOutsideServerComesAndGoes
//	messages lost, repeated, reordered on way  ingest/bus: TestReadingKeepsTheOrder
//	slow disk                                  TestSlowDisk
//	slow reader, bounded memory                ingest/bus: TestSlowReaderBoundsMemory
//	out of memory                              TestOutOfMemory
//	newer schema, older schema                 TestBadStore; store: TestSchema
//	bad input on every way                     TestBadInput, TestBadInputAtTheEdge
//	another order, repetition, path            TestSamePath
//	checks beside a writer                     TestVerifyUnderLoad
//
// A clock that jumps is not tried on the real program: it reads the time from a page
// of the kernel, which nothing but the clock of the whole machine changes.
//
// The environment says how hard they try:
//
//	ROLLCALL_ROUNDS   rounds of every test that has some (default a few)
//	ROLLCALL_SEED     seed of a failure, to see it again as far as processes allow
//	ROLLCALL_STRACE   set: a test that needs strace fails where there is none
//	ROLLCALL_SAMPLES  folder of sample months for TestSamePath (default none)
package faults
