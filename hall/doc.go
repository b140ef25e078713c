// Package hall is the vocabulary of rollcall: the events of a service hall, its
// people and windows, its policy and calendar, and the lists that are made of
// them.
//
// It promises that every word has one meaning and one spelling: an event is
// decoded here and nowhere else, two events that speak of the same thing are
// merged here and nowhere else, and what is printed as JSON has its shape here.
//
// It never does I/O, knows no clock and imports nothing but the standard
// library.
package hall
