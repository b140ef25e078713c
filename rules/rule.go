package rules
type Rule struct { ID string }
type Book struct{}
