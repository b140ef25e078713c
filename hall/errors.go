package hall

import "errors"

// The sentinels that cross package borders. Wrap them with what was being done
// and to what; test with errors.Is.
var (
	ErrNotFound  = errors.New("not found")
	ErrInvalid   = errors.New("invalid")
	ErrConflict  = errors.New("conflict")
	ErrForbidden = errors.New("forbidden")
)
