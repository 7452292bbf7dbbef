package sla_test

import (
	"slices"
	"time"

	"github.com/supportplan/supportplan/plan"
	"github.com/supportplan/supportplan/severity"
	"github.com/supportplan/supportplan/sla"
)

// tick is the grain of the slow reference: its histories, targets and hours
// fall on whole ticks, and so do half, three quarters and nine tenths of a
// target of whole hundreds of minutes.
const tick = 5 * time.Minute

// A reference is what the slow reference makes of a case.
type reference struct {
	phase     sla.Phase
	outcome   sla.Outcome
	plan      plan.Plan
	severity  severity.Severity
	assessed  severity.Severity
	basis     sla.Basis
	elapsed   time.Duration
	due       time.Time
	responded time.Time
	breach    sla.Breach
	warnings  []sla.Warning
	shares    map[sla.Share]time.Duration
}

// refer walks a case tick by tick, with nothing but addition. ok is false for
// an impossible history. The case's form must be right.
func refer(p sla.Policy, c sla.Case, now time.Time) (r reference, ok bool) {
	table := sla.Published()
	if p.Table != nil {
		table = *p.Table
	}
	r.severity, r.plan = c.Severity, c.Plan
	for _, e := range c.Events {
		if e.Kind == sla.KindAssessed && !e.At.After(now) {
			r.severity, r.assessed = e.Severity, e.Severity
		}
	}
	if c.Timeline != nil {
		r.plan = c.Timeline.At(c.Opened)
	}
	r.shares = make(map[sla.Share]time.Duration)
	var paused, closed, ran bool
	var ticks []time.Time // that are measured, by their start
	var late []time.Time  // that the breached target measures, by their start

	opens := func(t time.Time) bool { return r.basis.Target.Clock.IsAlways() || office.IsOpen(t) }
	look := func() {
		if !r.responded.IsZero() {
			return
		}
		r.basis = sla.Basis{Plan: r.plan, Severity: r.severity}
		for s := r.severity; s >= severity.General; s-- {
			if target, ok := table.Target(r.plan, s); ok {
				r.basis.Target, r.basis.Listed = target, s
				break
			}
			if !p.NearestCovered {
				break
			}
		}
	}
	used := func() (n time.Duration) {
		for _, t := range ticks {
			if opens(t) {
				n += tick
			}
		}
		return n
	}
	test := func(t time.Time, evenClosed bool) {
		if r.responded.IsZero() && r.breach.At.IsZero() && (!closed || evenClosed) && r.basis.Target.Within > 0 && used() >= r.basis.Target.Within {
			r.breach = sla.Breach{At: t, Basis: r.basis}
			late = slices.Clone(ticks)
		}
	}
	changed := func(m sla.Measure) {
		if r.responded.IsZero() && m == sla.FromChange {
			ticks = nil
			r.shares[sla.ShareSuperseded] += r.shares[sla.ShareCounted]
			r.shares[sla.ShareCounted] = 0
		}
		look()
	}
	setPlan := func(to plan.Plan) {
		if r.plan != to {
			r.plan = to
			changed(p.OnPlanChanged)
		}
	}
	runs := func() bool { return !closed && (!paused || p.IgnorePauses) && r.responded.IsZero() }

	look()
	events := c.Events
	for t := c.Opened; ; t = t.Add(tick) {
		test(t, false)
		if c.Timeline != nil {
			setPlan(c.Timeline.At(t))
			test(t, false)
		}
		for len(events) > 0 && !events[0].At.After(t) {
			e := events[0]
			events = events[1:]
			fine := true
			switch e.Kind {
			case sla.KindPlanChanged:
				setPlan(e.Plan)
			case sla.KindReclassified:
				if r.severity != e.Severity {
					r.severity = e.Severity
					changed(p.OnReclassified)
				}
			case sla.KindPaused:
				fine = !paused && !closed
				paused = true
			case sla.KindResumed:
				fine = paused
				paused = false
			case sla.KindClosed:
				fine = !closed
				closed, paused = true, false
			case sla.KindReopened:
				fine = closed
				closed = false
			case sla.KindResponded:
				test(t, true)
				if r.responded.IsZero() {
					ran = runs()
					r.responded = t
				}
			}
			if !fine {
				return r, false
			}
			test(t, false)
		}
		if !t.Before(now) {
			break
		}
		switch {
		case !r.responded.IsZero():
			r.shares[sla.ShareAnswered] += tick
		case closed:
			r.shares[sla.ShareClosed] += tick
		case paused && !p.IgnorePauses:
			r.shares[sla.SharePaused] += tick
		default:
			r.shares[sla.ShareCounted] += tick
			ticks = append(ticks, t)
			if !r.breach.At.IsZero() {
				late = append(late, t)
			}
		}
	}
	for _, t := range late {
		if r.breach.Basis.Target.Clock.IsOpen(t) {
			r.breach.Elapsed += tick
		}
	}

	r.phase = sla.PhaseRunning
	if paused && !p.IgnorePauses {
		r.phase = sla.PhasePaused
	}
	if closed {
		r.phase = sla.PhaseClosed
	}
	r.elapsed = used()
	within := r.basis.Target.Within
	switch {
	case !r.breach.At.IsZero():
		r.outcome = sla.OutcomeBreached
	case within == 0:
		r.outcome = sla.OutcomeNoTarget
	case !r.responded.IsZero():
		r.outcome = sla.OutcomeMet
	case closed:
		r.outcome = sla.OutcomeUnanswered
	default:
		r.outcome = sla.OutcomePending
	}
	if within == 0 {
		return r, true
	}
	// When the measured ticks, and those to come if the clock runs, use the
	// target up.
	if runs() || ran {
		from := now
		if ran {
			from = r.responded
		}
		for t := from; len(ticks) < 100_000 && t.Before(from.Add(20*24*time.Hour)); t = t.Add(tick) {
			ticks = append(ticks, t)
		}
	}
	var n time.Duration
	for _, t := range ticks {
		if !opens(t) {
			continue
		}
		n += tick
		for _, percent := range []int{50, 75, 90} {
			if n*100 == within*time.Duration(percent) && !t.Before(now) && r.outcome == sla.OutcomePending {
				r.warnings = append(r.warnings, sla.Warning{Percent: percent, At: t.Add(tick)})
			}
		}
		if n == within {
			r.due = t.Add(tick)
			break
		}
	}
	return r, true
}
