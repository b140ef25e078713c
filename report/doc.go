// Package report answers questions about a month: who had full attendance, who
// broke which rule, how people and windows rank, and how a person's day came to
// its verdict.
//
// It reads a month's facts from the store, lets rules judge, settle and assess
// them as of a moment, and puts the result into the lists that readers know. The
// same facts and the same as_of give the same report; a seal's result is copied
// and compared with, never recomputed.
//
// It never writes, has no clock, and decides nothing: verdicts are those of
// rules. How a report looks on paper is report/paper's business.
package report
