// Package store is the bbolt file of rollcall: an index of facts, by the keys
// under which they are asked for, and the point of the log that it has reached.
//
// It promises that a batch of events and the sequence that it reaches are
// durable together or not at all, and that the same set of events, in any order,
// repetition and batching, gives the same content of every bucket but meta and
// dead. It can always be thrown away and folded again from the log.
//
// A file that was damaged is never trusted: Open reads every page with bounds,
// before bbolt maps it, and compares the records with the sum that was written in
// the same transaction. A list from damaged records is no list. What is damaged
// while the file is open CheckPages finds.
//
// It never decides: no verdict, no clock, no name resolved. It is the only
// package that imports bbolt, but for the yardstick of cmd/rollcall/bench.
//
// Keys are built and read in keys.go only. Texts in a key end with a NUL, which
// no id may hold; numbers are big-endian: keys sort as their values do. Days are
// UTC days, so that a policy that comes late, and with it the hall's zone, moves
// nothing.
//
//	Bucket     Key                            Value
//	punches    hall day quarter               all punches of a quarter of an hour, packed by time (packed.go)
//	facts      hall kind source id            any other event: its bodies as received, the one that counts first
//	dates      hall kind day source id        the same fact by the last UTC day it speaks of; value by kind, see below
//	conflicts  hall kind source id            empty: the fact has several bodies
//	dead       sequence                       subject, field and reason of an event that could not be read
//	meta       "schema"                       version of the schema and the program that made the file
//	meta       "applied"                      sequence, hash and time of the last message folded, creation time of its stream
//	meta       "sum"                          sum of the hashes of all records but this one (sum.go)
//	meta       "count" kind                   number of distinct events of the kind, and of dead letters under "dead"
//	meta       "seal" hall kind source id sum place in the log where this body of the seal first came
//	meta       "unknown" kind name            empty: the first names of unknown fields that were met, at most 64 a kind
//
// Why each is there:
//
//   - punches answer for a hall's day, month or window with one scan, and for a
//     person's day with the same one, which passes over the punches of others in
//     some nanoseconds each. Punches come by time, so that a batch writes the few
//     records of now, each once, however many people a province has: with a record a
//     person and day a batch of a province would touch every page of the day. A
//     record of a hall's day would be written anew with every punch of it; of widths
//     from five minutes to an hour none is much faster than the others. A punch is
//     its uid, person and time, and time says where it stands: a repeated one meets
//     itself in the record, so it needs no index of ids. One bucket for all halls:
//     small batches write less than with a bucket a hall.
//   - facts answer for a uid, and for all events of a kind. Several bodies of one
//     uid are all kept, sorted by SHA-256: the smallest counts, but of a seal the one
//     that came first.
//   - dates keep a month's question from reading years of facts. Day is that of
//     a patrol's time, a correction's at, a heartbeat's time; the first of the
//     month for bonus, cases, figure, text, award and seal; the last day of leave,
//     excuse and standin, whose value is their first day: what ended before the
//     range is never touched, what begins after it never decoded. The value of a
//     terminal's heartbeat is the packed event itself, since there are a hundred
//     thousand in a month and no JSON of them need be read.
//   - conflicts list what is contested between bodies without reading the rest.
//   - seals of meta say which complete issue of a month came first, which is the
//     one that stands. Nothing else asks for a position. A seal whose uid has
//     several bodies stands in dates under the month of each.
//   - dead and meta alone hold sequences.
package store
