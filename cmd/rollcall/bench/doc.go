// Package bench measures the engine in one run, side by side with what bounds it
// and with what others would write: a raw read of the same stream, a consumer as
// tutorials write it, and PostgreSQL.
//
// It makes its own load (Load), the same each time, publishes it to a stream of
// its own, and takes turns: raw read, fold, naive, and again, so that a noisy
// neighbour hits all of them; what it reports is the median of the rounds. It
// works in a folder of its own and never touches a stream that was there before.
//
// The naive consumer is the one place beside ingest/bus and store that speaks NATS
// and bbolt itself: it is the yardstick, not a part of the engine.
package bench
