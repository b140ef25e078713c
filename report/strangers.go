package report

// People whom no roster row names, among those of whom many events speak at once.

import (
	"rollcall/hall"
	"rollcall/rules"
	"rollcall/store"
)

// Strangers returns those of some facts whose person no roster row of the hall names,
// as their month will list them: punches, leave and corrections. Others are no business
// of it.
func Strangers(v *store.View, h hall.ID, list []hall.Fact) ([]hall.Fact, error) {
	var f hall.Facts
	for _, kind := range []hall.Kind{hall.KindPolicy, hall.KindRoster, hall.KindRuling} {
		for fact, err := range v.Of(h, kind) {
			if err != nil {
				return nil, err
			}
			f.Add(fact)
		}
	}
	book := rules.Open(&f, nil)
	var strangers []hall.Fact
	for _, fact := range list {
		known := true
		switch e := fact.(type) {
		case *hall.Punch:
			_, known = book.Resolve(e)
		case *hall.Leave:
			known = len(book.Rows(e.Person)) > 0
		case *hall.Correction:
			known = len(book.Rows(e.Person)) > 0
		}
		if !known {
			strangers = append(strangers, fact)
		}
	}
	return strangers, nil
}
