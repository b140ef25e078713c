// Package ingest brings the log into the store: the fold.
//
// It promises that every message of the stream is applied once and in order,
// that the events of a batch and the sequence they reach are durable together,
// and that an event that cannot be read becomes a dead letter and blocks
// nothing. Replay does the same with a file of JSON lines; Check walks every
// invariant of a store.
//
//	Source -> deliver (decode) -> batch -> writer (one transaction) -> Watcher
//
// Two batches take turns: one fills while the other is written. When the writer
// is behind and the filling one is full, deliver blocks, and nothing more is
// pulled from the stream.
//
// It never judges an event: what a batch means is the Watcher's. It looks at the
// clock only to pace batches and for metrics; no time of day reaches the store.
package ingest
