// Package clock times a case by its history: how soon it was answered, answered
// again, updated and resolved, against targets and on calendars that the caller
// gives. It knows no plans and no severities, so a desk with priorities of its
// own uses it as it is.
//
// A [Case] is opened with [Targets] and has [Event]s. [Conventions.Evaluate] is
// the entry: it reads a case at an instant into a [Status], which has for each
// [Metric] a [Reading] with its [Cycle]s, each with outcome, elapsed and
// remaining time, due instant, breach, warnings and segments. Products time
// some of it differently; the zero Conventions are this package's answers.
//
//	c := clock.Case{Opened: opened, Targets: clock.Targets{
//		Name:          "P2",
//		FirstResponse: clock.Target{Within: time.Hour, Calendar: office},
//		Resolution:    clock.Target{Within: 16 * time.Hour, Calendar: office},
//	}}
//	c, err := c.Add(clock.Paused(at, "customer"))
//	…
//	st, err := clock.Conventions{}.Evaluate(c, now)
//	…
//	fmt.Println(st.Resolution.Due)
//	if !st.NextChange.IsZero() {
//		setTimer(st.NextChange)
//	}
//
// [Status.NextChange] is the one instant to look at the case again if nothing
// happens before: the next warning, the due instant, or a warning after it.
// Each cycle warns at 50, 75 and 90 percent of its target unless
// Conventions.Warnings has other percentages. In a pause a clock stands still,
// unless its [Convention] counts pauses: it has no next change, and no due
// instant unless it was due before; [Cycle.DueIfResumed] tells when a paused
// cycle would be due. Only [KindResumed] ends a pause, and closing: a
// customer's reply does not.
//
// A [Tally] counts cycles for a report; tallies of many machines merge into
// one.
//
// Every bound is strict: a response at exactly the due instant is a breach.
// Events after the instant of a status are not yet known; those of one instant
// happen in the order of the list.
//
// Nothing here reads a clock or keeps state: the same values give the same
// answers. All values except a Tally that is being added to may be used from
// many goroutines at once. Answers depend on the zone database; import
// time/tzdata if several machines must agree.
package clock

import (
	"errors"
	"time"

	"github.com/supportplan/supportplan/internal/field"
	"github.com/supportplan/supportplan/internal/strictjson"
)

var (
	// ErrInvalid is wrapped by every error that rejects an input, whether a Go
	// value or JSON: a target, an event, a convention, a case, a report.
	ErrInvalid = errors.New("invalid input")

	// ErrHistory is wrapped by every error of a history that cannot have
	// happened: events out of the order of time, before the opening, or
	// impossible in the state of the case, see [Kind].
	ErrHistory = errors.New("impossible history")

	// ErrTime is wrapped by every error that rejects an instant: one that is
	// missing, outside the years 1 to 9999, or before the case was opened; and
	// two that lie more than some 292 years apart.
	ErrTime = errors.New("impossible time")

	// ErrNewer is wrapped by the error of reading JSON that a newer version of
	// this package wrote.
	ErrNewer = strictjson.ErrNewer
)

// A FieldError is the error of one field of an input: its path, such as
// "events[3]", and the cause.
type FieldError = field.Error

// stamp writes an instant for an error.
func stamp(t time.Time) string { return t.Format(time.RFC3339Nano) }
