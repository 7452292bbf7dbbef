// Package field gives errors the path of the field that is wrong.
package field

import (
	"errors"
	"strings"
)

// An Error says which field of an input is wrong. It is the same for values
// made in Go and for JSON.
type Error struct {
	Path string // as in "plans.business.tiers[2].rate"
	Err  error  // the cause
}

// Error returns the path and the cause.
func (e *Error) Error() string { return e.Path + ": " + e.Err.Error() }

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Wrap returns err as the error of the field at path. If err is an [Error]
// itself, its path continues path. An empty path and a nil err change nothing.
func Wrap(path string, err error) error {
	if err == nil || path == "" {
		return err
	}
	if inner := (*Error)(nil); errors.As(err, &inner) && inner == err {
		return &Error{Join(path, inner.Path), inner.Err}
	}
	return &Error{path, err}
}

// Join returns the path of the field that is at path inner within the one at
// path outer.
func Join(outer, inner string) string {
	if outer == "" || inner == "" || strings.HasPrefix(inner, "[") {
		return outer + inner
	}
	return outer + "." + inner
}
