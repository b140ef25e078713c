// Package configs reads what people write: the policy of a hall, the
// configuration of the process and statutory calendars, and ships the files that
// rollcall comes with.
//
// It promises that a broken file is refused whole, with every problem of one
// run, each with line, column, source and caret and, where one can be guessed,
// the word that was meant. What a policy means is decided in package hall; here
// its errors only find their place in the file.
//
// It is the only package that knows YAML. It opens no file but the configuration
// that Load is given, and it never asks a network or a clock.
package configs
