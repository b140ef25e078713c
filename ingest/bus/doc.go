// Package bus is the log: one NATS JetStream stream, on a server inside this
// process or on one outside.
//
// It promises that an acknowledged event is in the stream, that the stream is
// read in its order without gap, loss or repetition whatever the connection
// does, and that a log which was cut, rewound, exchanged or altered stops the
// reader with a Halt instead of being folded in silence.
//
// It never looks into a body, never filters and never deletes. It is the only
// package that imports NATS.
package bus
