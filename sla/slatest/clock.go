package slatest

import (
	"errors"
	"time"

	"github.com/supportplan/supportplan/internal/guard"
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

// Within returns c with another limit of time for each of its calls, which is
// positive: [Check] and [Conforms] make no more calls after one that took longer
// than ten seconds, or than limit, and say so.
func Within(limit time.Duration, c Clock) Clock { return within{c, limit} }

// A within is a Clock with a limit of time.
type within struct {
	Clock
	limit time.Duration
}

// How long a call of a caller's clock may take, and all of them together.
const (
	patience = 10 * time.Second
	budget   = time.Minute
)

// add returns the clock's Add.
func (s *subject) add(t time.Time, d time.Duration) (time.Time, error) {
	end, err := guard.Call(&s.guard, func() (time.Time, error) { return s.clock.Add(t, d) })
	return end.Round(0).In(s.loc), err
}

// elapsed returns the clock's Elapsed.
func (s *subject) elapsed(a, b time.Time) (time.Duration, error) {
	return guard.Call(&s.guard, func() (time.Duration, error) { return s.clock.Elapsed(a, b), nil })
}
