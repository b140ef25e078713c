// Package app wires the daemon: it locks the data directory, opens store and
// bus, folds the log and serves HTTP.
//
// New opens and binds, and undoes what it did on an error; Start launches; Stop
// tears down in the opposite order, naming what failed. Two daemons fit in one
// process. A fault of the log or a full disk halts the fold and not the process;
// what must not go on (a failed commit, a broken invariant) ends it.
package app
