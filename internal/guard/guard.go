// Package guard calls a caller's code so that a panic, a lost goroutine or a
// call without end becomes an error. It is for the packages of laws alone:
// nothing else in this module starts a goroutine or looks at a clock.
package guard

import (
	"errors"
	"fmt"
	"path"
	"runtime"
	"strings"
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
// no limit. A Guard is for one goroutine, and is closed after its last call: then
// its worker ends, if ever the call does.
type Guard struct {
	Patience, Budget time.Duration
	Calls            int

	spent   time.Duration
	stopped bool
	// One worker makes all calls, since a goroutine for each costs more than
	// most calls do.
	worker chan<- func()
	alarm  *time.Timer
}

// Stopped reports whether a call took too long, so that no more are made.
func (g *Guard) Stopped() bool { return g.stopped }

// Close frees the resources of the calls.
func (g *Guard) Close() {
	if g.worker != nil {
		close(g.worker)
		g.worker = nil
	}
}

// start makes the worker, if there is none, and sets the alarm.
func (g *Guard) start() (late <-chan time.Time) {
	if g.worker == nil {
		work := make(chan func())
		g.worker = work
		go func() {
			for f := range work {
				f()
			}
		}()
	}
	switch {
	case g.Patience <= 0:
		return nil
	case g.alarm == nil:
		g.alarm = time.NewTimer(g.Patience)
	default:
		g.alarm.Reset(g.Patience)
	}
	return g.alarm.C
}

// origin returns where the panic that is being recovered began, as " at
// file.go:12", or "".
func origin() string {
	pcs := make([]uintptr, 64)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(1, pcs)])
	panicking := false
	for {
		f, more := frames.Next()
		isRuntime := strings.HasPrefix(f.Function, "runtime.")
		panicking = panicking || f.Function == "runtime.gopanic"
		if panicking && !isRuntime && f.File != "" {
			return fmt.Sprintf(" at %s:%d", path.Base(f.File), f.Line)
		}
		if !more {
			return ""
		}
	}
}

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
	late := g.start()
	start := time.Now()
	done := make(chan result[T], 1)
	g.worker <- func() {
		r := result[T]{err: errGone}
		defer func() {
			if p := recover(); p != nil {
				r = result[T]{err: fmt.Errorf("panic: %v%s", p, origin())}
			}
			done <- r
		}()
		value, err := f()
		r = result[T]{value, err}
	}
	select {
	case r := <-done:
		g.spent += time.Since(start)
		if late != nil {
			g.alarm.Stop()
		}
		if errors.Is(r.err, errGone) {
			g.Close() // the worker is gone too
		}
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
