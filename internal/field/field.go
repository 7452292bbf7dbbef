// Package field adds the path of a wrong field to its error.
package field

import (
	"errors"
	"strings"
)

// An Error is the error of one field of an input, in Go and in JSON alike.
type Error struct {
	Path string // as in "plans.business.tiers[2].rate"
	Err  error  // the cause
}

// Error returns the path and the cause.
func (e *Error) Error() string { return e.Path + ": " + e.Err.Error() }

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// An opError is an error of a package's operation.
type opError struct {
	op  string
	err error
}

func (e *opError) Error() string { return e.op + ": " + e.err.Error() }
func (e *opError) Unwrap() error { return e.err }

// Op returns err as the error of an operation, such as "price: compile". A nil
// err is nil. [Wrap] removes the operation again: an error that passes through
// the forms of two packages names the outer operation alone.
func Op(op string, err error) error {
	if err == nil {
		return nil
	}
	return &opError{op, err}
}

// A marked error has the text of err, and also is its sentinel.
type marked struct{ err, sentinel error }

func (e *marked) Error() string   { return e.err.Error() }
func (e *marked) Unwrap() []error { return []error{e.err, e.sentinel} }

// Mark returns err so that it also wraps sentinel, with its text, path and
// operation as they were. A nil err is nil.
func Mark(err, sentinel error) error {
	if err == nil || errors.Is(err, sentinel) {
		return err
	}
	switch e := err.(type) {
	case *opError:
		return &opError{e.op, Mark(e.err, sentinel)}
	case *Error:
		return &Error{e.Path, Mark(e.Err, sentinel)}
	}
	return &marked{err, sentinel}
}

// Wrap returns err as the error of the field at path, without its operation. The
// path of an [Error] continues path. An empty path adds nothing, and a nil err is
// nil.
func Wrap(path string, err error) error {
	if e, ok := err.(*opError); ok {
		err = e.err
	}
	if err == nil || path == "" {
		return err
	}
	if inner := (*Error)(nil); errors.As(err, &inner) && inner == err {
		return &Error{Join(path, inner.Path), inner.Err}
	}
	return &Error{path, err}
}

// Join returns the path of the field inner within the field outer.
func Join(outer, inner string) string {
	if outer == "" || inner == "" || strings.HasPrefix(inner, "[") {
		return outer + inner
	}
	return outer + "." + inner
}
