// Package rules is the judgement: facts and the policy in, verdicts, violations
// and scores out.
//
// It goes one way. A Book holds a hall's facts, merged and without what rulings
// took away. Judge reads one day of one person. Settle reads a month: it
// chooses the corrections that count, lets Judge read every day, joins what
// terminals and inspectors saw into violations, and settles what depends on the
// whole month. Assess makes scores, ranks and awards of a settled month.
//
// Everything is a pure function: the same facts and the same as_of give the
// same answer. It does no I/O, has no clock and no random numbers, and never
// changes what it is given.
package rules
