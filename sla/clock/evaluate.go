package clock

import (
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/supportplan/supportplan/internal/field"
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
	if err := v.evaluate(&c, now.Round(0), &s); err != nil {
		return Status{}, field.Op("clock: evaluate", err)
	}
	return s, nil
}

func (v *Conventions) evaluate(c *Case, now time.Time, s *Status) error {
	if err := v.check(); err != nil {
		return field.Wrap("conventions", err)
	}
	if err := c.check(); err != nil {
		return err
	}
	if err := checkTime(now); err != nil {
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
	targets := &c.Targets
	timed := [len(metrics)]bool{first: true}
	var changes bool
	for i := range c.Events[:known] {
		if e := &c.Events[i]; e.Kind == KindRetargeted {
			if changes = true; e.Measure == MeasureRetroactive {
				targets = e.Targets
			}
		}
	}
	for i := range timed {
		timed[i] = timed[i] || targets.at(i).IsValid()
	}
	for i := 0; changes && i < known; i++ {
		if e := &c.Events[i]; e.Kind == KindRetargeted && e.Measure != MeasureRetroactive {
			for i := range timed {
				timed[i] = timed[i] || e.Targets.at(i).IsValid()
			}
		}
	}

	var all [len(metrics)]meter
	n := 0
	for i, yes := range timed {
		if yes {
			m := &all[n]
			m.metric, m.rule, m.name, m.target = i, *v.at(i), targets.Name, *targets.at(i)
			m.open(opened, known)
			n++
		}
	}
	meters := all[:n]
	var d desk
	at := opened
	for i := range c.Events[:known] {
		e := &c.Events[i]
		if e.At.After(at) {
			to := e.At.Round(0)
			for j := range meters {
				meters[j].advance(at, to, &d)
			}
			at = to
		}
		paused := len(d.reasons) > 0
		if why := d.apply(e); why != "" {
			return impossible(i, e, why)
		}
		for j := range meters {
			meters[j].apply(e, at, &d, !paused || meters[j].rule.CountPauses, v)
		}
	}
	for j := range meters {
		meters[j].advance(at, now, &d)
	}

	loc := now.Location()
	s.At, s.Phase = now, PhaseRunning
	if len(d.reasons) > 0 {
		s.Reasons = d.reasons
	}
	if !d.responded.IsZero() {
		s.Responded = d.responded.Round(0).In(loc)
	}
	switch {
	case d.closed:
		s.Phase = PhaseClosed
	case len(d.reasons) > 0:
		s.Phase = PhasePaused
	}
	for i := range metrics {
		s.at(i).Outcome = OutcomeNoTarget
	}
	for j := range meters {
		m := &meters[j]
		r := s.at(m.metric)
		m.read(r, now, &d, v)
		soonest(&s.NextChange, m.nextChange(r, now))
		in(r, loc)
	}
	if !s.NextChange.IsZero() {
		s.NextChange = s.NextChange.In(loc)
	}
	return nil
}

// soonest sets *t to u if u is an instant before *t or *t is none.
func soonest(t *time.Time, u time.Time) {
	if !u.IsZero() && (t.IsZero() || u.Before(*t)) {
		*t = u
	}
}

// in puts the instants of r into the zone loc.
func in(r *Reading, loc *time.Location) {
	zone := func(t *time.Time) {
		if !t.IsZero() {
			*t = t.In(loc)
		}
	}
	one := func(c *Cycle) {
		for _, t := range [...]*time.Time{&c.Started, &c.Measured, &c.Stopped, &c.Due, &c.Breach.At} {
			zone(t)
		}
		for i := range c.Warnings {
			zone(&c.Warnings[i].At)
		}
		for i := range c.Segments {
			p := &c.Segments[i].Period
			p.Start, p.End = p.Start.In(loc), p.End.In(loc)
		}
	}
	one(&r.Cycle)
	for i := range r.Earlier {
		one(&r.Earlier[i])
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
