// Package paper is the answer on paper: a month's report, or a person's day,
// in the format that a reader asked for.
//
// It promises that the same report gives the same bytes, on every machine and
// in every locale, that a list which is empty says so, and that no cell can be
// mistaken for a formula or a control code.
//
// It never reads a store, decides nothing and computes nothing but sums of what
// the report says. A new format is one file and one line in Formats; a new list
// is one line in Lists; a part of the bulletin is one line in bulletinParts and
// its sentences in package hall.
package paper
