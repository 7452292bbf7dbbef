package clock

import (
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/supportplan/supportplan/internal/field"
	"github.com/supportplan/supportplan/internal/strictjson"
)

// Evaluate returns the status of case c at the instant now. Events after now
// are not yet known: only their form and order matter.
//
//   - A cycle is breached from the instant on at which the counted time reaches
//     the target: an answer, a pause, a closing or a change at that very
//     instant comes too late.
//   - A change to a target that is already used up breaches at the instant of
//     the change, not before; if the case is closed then, at its reopening or
//     at the response.
//   - Time in a pause counts if the metric's convention counts it; time between
//     closing and reopening counts by [Reopening].
//   - A stopped cycle is measured by the targets in force when it stopped.
//   - The first response is always timed; another metric is timed only if the
//     case has had a target for it by now.
//   - A customer message to a closed case starts a next-response cycle at the
//     reopening, unless a response comes before. After a reopening the update
//     clock starts with the next response. A cycle that begins in a pause
//     starts paused.
//   - A calendar that runs out of hours leaves a cycle without due instant.
//
// It returns an error wrapping [ErrInvalid] if v or c is not valid, an error
// wrapping [ErrHistory] if an event is impossible, or an error wrapping
// [ErrTime] if now is before the opening or more than 292 years after it, or if
// an instant is missing or outside the years 1 to 9999.
func (v Conventions) Evaluate(c Case, now time.Time) (s Status, err error) {
	err = v.evaluate(&c, now, &s) // short, to be inlined: a Status is large to copy
	return s, err
}

func (v *Conventions) evaluate(c *Case, now time.Time, s *Status) error {
	return field.Op("clock: evaluate", v.fold(c, now.Round(0), s))
}

// fold fills in *s unless it returns an error.
func (v *Conventions) fold(c *Case, now time.Time, s *Status) error {
	if err := v.check(); err != nil {
		return field.Wrap("conventions", err)
	}
	if err := c.check(); err != nil {
		return err
	}
	if err := strictjson.CheckTime(now, ErrTime); err != nil {
		return field.Wrap("now", err)
	}
	opened := c.Opened.Round(0)
	if d := now.Sub(opened); d < 0 || d == math.MaxInt64 {
		return field.Wrap("now", fmt.Errorf("%s, opened at %s: %w", stamp(now), stamp(opened), ErrTime))
	}

	known := len(c.Events)
	for known > 0 && c.Events[known-1].At.After(now) {
		known--
	}
	// The targets of the opening, the metrics that ever have one, and how many
	// segments the events can start.
	targets := &c.Targets
	timed := [len(metrics)]bool{first: true}
	starts := 1
	for i := range c.Events[:known] {
		switch e := &c.Events[i]; {
		case e.Targets == nil:
			starts++
		case e.Measure == MeasureRetroactive:
			targets = e.Targets
		default:
			if e.Measure == MeasureRestart {
				starts++
			}
			e.Targets.mark(&timed)
		}
	}
	targets.mark(&timed)

	// From here on all instants are in the zone of the status.
	loc := now.Location()
	opened = opened.In(loc)
	var d desk
	for i, yes := range timed {
		r := s.at(i)
		if !yes {
			r.Outcome = OutcomeNoTarget
			continue
		}
		m := meter{metric: i, rule: *v.at(i), name: targets.Name, target: *targets.at(i)}
		m.open(opened, starts)
		d = desk{reasons: d.reasons[:0]}
		if i, why := m.tell(c.Events[:known], opened, now, &d, v); why != "" {
			return impossible(i, &c.Events[i], why)
		}
		m.read(now, &d, v)
		*r = m.reading
		soonest(&s.NextChange, r.nextChange())
	}

	s.At, s.Phase = now, PhaseRunning
	if len(d.reasons) > 0 {
		s.Reasons = d.reasons
	}
	if !d.responded.IsZero() {
		s.Responded = d.responded.In(loc)
	}
	switch {
	case d.closed:
		s.Phase = PhaseClosed
	case len(d.reasons) > 0:
		s.Phase = PhasePaused
	}
	return nil
}

// soonest sets *t to u if u is an instant before *t or *t is none.
func soonest(t *time.Time, u time.Time) {
	if !u.IsZero() && (t.IsZero() || u.Before(*t)) {
		*t = u
	}
}

// because writes the reasons of pauses, less those that are empty.
func because(reasons []string) string {
	if len(reasons) == 1 {
		return reasons[0]
	}
	var named []string
	for _, r := range reasons {
		if r != "" {
			named = append(named, r)
		}
	}
	return strings.Join(named, ", ")
}
