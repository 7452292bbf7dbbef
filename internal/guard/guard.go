// Package guard calls a caller's code so that a panic, a lost goroutine or a
// call without end becomes an error. It is for the packages of laws alone:
// nothing else in this module starts a goroutine or looks at a clock.
package guard

import (
	"errors"
	"fmt"
	"time"
)

// ErrSlow is wrapped by the error of a call that took too long, and ErrStopped
// is the error of every call after that one.
var (
	ErrSlow    = errors.New("too slow")
	ErrStopped = errors.New("not asked: an earlier call was too slow")
)

// errGone is the error of a call that ended its goroutine.
var errGone = errors.New("it ended its goroutine, as t.FailNow and t.Skip do")

// A Guard counts the calls of a caller's code and stops them when one takes
// longer than Patience, or all of them together longer than Budget. Zero means
// no limit. A Guard is for one goroutine.
type Guard struct {
	Patience, Budget time.Duration
	Calls            int

	spent   time.Duration
	stopped bool
}

// Stopped reports whether a call took too long, so that no more are made.
func (g *Guard) Stopped() bool { return g.stopped }

type result[T any] struct {
	value T
	err   error
}

// Call calls f and returns its results. A panic, a call of runtime.Goexit and a
// call that takes too long are errors; the goroutine of the latter is left
// behind.
func Call[T any](g *Guard, f func() (T, error)) (T, error) {
	var none T
	if g.stopped {
		return none, ErrStopped
	}
	g.Calls++
	done := make(chan result[T], 1)
	start := time.Now()
	go func() {
		r := result[T]{err: errGone}
		defer func() {
			if p := recover(); p != nil {
				r = result[T]{err: fmt.Errorf("panic: %v", p)}
			}
			done <- r
		}()
		value, err := f()
		r = result[T]{value, err}
	}()
	var late <-chan time.Time
	if g.Patience > 0 {
		timer := time.NewTimer(g.Patience)
		defer timer.Stop()
		late = timer.C
	}
	select {
	case r := <-done:
		g.spent += time.Since(start)
		if g.Budget > 0 && g.spent > g.Budget {
			g.stopped = true
			return none, fmt.Errorf("%w: %d calls took %v; no more were made", ErrSlow, g.Calls, g.spent.Round(time.Millisecond))
		}
		return r.value, r.err
	case <-late:
		g.stopped = true
		return none, fmt.Errorf("%w: no answer within %v; no more calls were made", ErrSlow, g.Patience)
	}
}
