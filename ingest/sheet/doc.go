// Package sheet turns the rows of a spreadsheet into events: punches, roster,
// leave, stand-ins, patrol notes, case volumes, bonus and figures from a CSV or
// XLSX file, as attendance programs and people write them.
//
// It promises that a row becomes one event or one error that names the row, the
// column and what to write instead; that a bad row costs no other row; and that
// the same row gives the same id. It reads nothing that it does not understand
// by guessing: a heading is known, mapped by the user, or ignored and named.
//
// It never publishes, knows no clock (the time of a row that has none is given
// by the caller) and keeps no file.
package sheet
