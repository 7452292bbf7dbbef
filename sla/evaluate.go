package sla

import (
	"fmt"
	"math"
	"time"

	"github.com/supportplan/supportplan/plan"
	"github.com/supportplan/supportplan/severity"
	"github.com/supportplan/supportplan/sla/calendar"
)

// Evaluate returns where the case c stands at the instant now under policy p.
// Events after now are not yet known: but for the order and form of the list
// they do not matter.
//
//   - The outcome is breached from the instant on at which the counted time
//     reaches the target: a response, a pause, a closing or a change at that
//     very instant comes too late.
//   - A change to a target that is already used up breaches at the instant of
//     change, not before; if the case is closed then, at its reopening or at
//     the response. A breach stays, unless an assessment makes it one that never was. An assessment
//     also breaches in the past, as if the case had been opened with the
//     assessed severity.
//   - Time in a pause and between closing and reopening does not count.
//   - A changed target counts the case's whole time on its own clock, or, as
//     the policy says, from the change on.
//   - The first response stops the clock; the target of that instant is what
//     it is measured by.
//   - A timeline's change happens before the events of the same instant.
//
// Errors wrap [ErrMeasure]; [ErrCase], [plan.ErrUnknown], [severity.ErrUnknown],
// [ErrUnknownKind] and [ErrHistory] for a case that is not valid; [ErrTime] if
// now is before the opening or more than 292 years after it, or an instant is
// missing or outside the years 1 to 9999; and those of [calendar.Calendar.Add]
// where the response would never be due.
func (p Policy) Evaluate(c Case, now time.Time) (Status, error) {
	s, err := p.evaluate(c, now.Round(0))
	if err != nil {
		return Status{}, fmt.Errorf("sla: evaluate: %w", err)
	}
	return s, nil
}

// WhatIf evaluates c as if it had been opened on plan as and with the severity
// of, and neither had changed since; a zero value leaves that one as it was.
// Errors are those of [Policy.Evaluate].
func (p Policy) WhatIf(c Case, as plan.Plan, of severity.Severity, now time.Time) (Status, error) {
	events := make([]Event, 0, len(c.Events))
	for _, e := range c.Events {
		switch {
		case e.Kind == KindPlanChanged && as != 0:
		case (e.Kind == KindAssessed || e.Kind == KindReclassified) && of != 0:
		default:
			events = append(events, e)
		}
	}
	c.Events = events
	if as != 0 {
		c.Plan, c.Timeline = as, nil
	}
	if of != 0 {
		c.Severity = of
	}
	return p.Evaluate(c, now)
}

func (p Policy) evaluate(c Case, now time.Time) (Status, error) {
	if err := p.check(); err != nil {
		return Status{}, err
	}
	if err := c.check(); err != nil {
		return Status{}, err
	}
	if err := checkTime("now", now); err != nil {
		return Status{}, err
	}
	opened := c.Opened.Round(0)
	if d := now.Sub(opened); d < 0 || d == math.MaxInt64 {
		return Status{}, fmt.Errorf("opened at %s, now %s: %w", stamp(opened), stamp(now), ErrTime)
	}

	known := c.Events
	for i, e := range known {
		if e.At.After(now) {
			known = known[:i]
			break
		}
	}
	k := clock{policy: p, table: tableOr(p.Table), at: opened, plan: c.Plan, severity: c.Severity}
	k.intervals = make([]Interval, 0, len(known)+1)
	var assessed severity.Severity
	for _, e := range known {
		if e.Kind == KindAssessed {
			assessed = e.Severity
			k.severity = e.Severity
		}
	}
	var changes []plan.Change
	if c.Timeline != nil {
		k.plan = c.Timeline.At(opened)
		changes = c.Timeline.Changes(calendar.Period{Start: opened})
	}
	k.retarget()
	for i, e := range known {
		for len(changes) > 0 && !changes[0].At.After(e.At) {
			k.change(changes[0])
			changes = changes[1:]
		}
		if why := k.apply(e); why != "" {
			return Status{}, impossible(i, e, why)
		}
	}
	for len(changes) > 0 && !changes[0].At.After(now) {
		k.change(changes[0])
		changes = changes[1:]
	}
	k.advance(now)

	s := k.status()
	s.Submitted, s.Assessed = c.Severity, assessed
	if err := k.foresee(&s); err != nil {
		return Status{}, err
	}
	if len(changes) > 0 && (s.NextChange.IsZero() || changes[0].At.Before(s.NextChange)) {
		s.NextChange = changes[0].At
	}
	return s, nil
}
