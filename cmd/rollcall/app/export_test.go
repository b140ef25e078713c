package app

// Fail makes a daemon fail as a broken invariant would.
func Fail(a *App, err error) { a.fail(err) }
