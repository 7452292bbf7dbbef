package slatest

import (
	"errors"
	"fmt"
	"time"
)

// A Clock is deadline math: when an amount of open time will have passed, and
// how much passed between two instants. A [calendar.Calendar] is one, and so is
// any other code by way of a few lines. Instants are compared as such, whatever
// zone they come in.
type Clock interface {
	Add(t time.Time, d time.Duration) (time.Time, error)
	Elapsed(a, b time.Time) time.Duration
}

// errNone is why a nil Clock or Evaluator answers nothing.
var errNone = errors.New("there is none")

// safe calls f, and returns a panic as an error.
func safe(f func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	return f()
}

// add returns what the clock's Add does.
func (s *subject) add(t time.Time, d time.Duration) (end time.Time, err error) {
	err = safe(func() (err error) {
		end, err = s.clock.Add(t, d)
		return err
	})
	return end.Round(0).In(s.loc), err
}

// elapsed returns what the clock's Elapsed does.
func (s *subject) elapsed(a, b time.Time) (d time.Duration, err error) {
	err = safe(func() error {
		d = s.clock.Elapsed(a, b)
		return nil
	})
	return d, err
}
