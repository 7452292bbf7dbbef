package sla

import (
	"cmp"
	"time"

	"github.com/supportplan/supportplan/internal/field"
	"github.com/supportplan/supportplan/plan"
	"github.com/supportplan/supportplan/severity"
	"github.com/supportplan/supportplan/sla/calendar"
	"github.com/supportplan/supportplan/sla/clock"
)

// A history is a case's events for the clocks, with the plan and the severity
// that it has come to.
type history struct {
	plan     plan.Plan
	severity severity.Severity
	events   []clock.Event
}

// setPlan has the targets follow the plan from the given instant on.
func (h *history) setPlan(p *Policy, at time.Time, to plan.Plan) {
	if to != h.plan && p.OnPlanChanged != clock.MeasureRetroactive {
		h.plan = to
		h.events = append(h.events, clock.Event{At: at, Kind: clock.KindRetargeted, Targets: p.targets(h.plan, h.severity), Measure: p.OnPlanChanged})
	}
}

// setSeverity has the targets follow the severity from the given instant on.
func (h *history) setSeverity(p *Policy, at time.Time, to severity.Severity) {
	if to != h.severity && p.OnReclassified != clock.MeasureRetroactive {
		h.severity = to
		h.events = append(h.events, clock.Event{At: at, Kind: clock.KindRetargeted, Targets: p.targets(h.plan, h.severity), Measure: p.OnReclassified})
	}
}

func (p *Policy) evaluate(c *Case, now time.Time, w whatIf, s *Status) error {
	return field.Op("sla: evaluate", p.fold(c, now.Round(0), w, s))
}

// fold fills in *s unless it returns an error.
func (p *Policy) fold(c *Case, now time.Time, w whatIf, s *Status) error {
	if err := p.check(); err != nil {
		return field.Wrap("policy", err)
	}
	if err := c.check(); err != nil {
		return err
	}
	if w.plan != 0 {
		if err := checkPlan(w.plan); err != nil {
			return err
		}
	}
	if w.severity != 0 {
		if err := checkSeverity(w.severity); err != nil {
			return err
		}
	}
	known := len(c.Events)
	for known > 0 && c.Events[known-1].At.After(now) {
		known--
	}

	// The severity and the plan of the opening.
	h := history{plan: c.Plan, severity: c.Severity}
	var assessed severity.Severity
	var changes []plan.Segment // each starts with a change
	if c.Timeline != nil {
		h.plan = c.Timeline.At(c.Opened)
		changes = c.Timeline.Segments(calendar.Period{Start: c.Opened})[1:]
	}
	next := 0 // the first change of the plan that is not yet known
	for next < len(changes) && !changes[next].Period.Start.After(now) {
		next++
	}
	retroactivePlan := p.OnPlanChanged == clock.MeasureRetroactive
	if retroactivePlan && next > 0 {
		h.plan = changes[next-1].Plan
	}
	for i := range c.Events[:known] {
		switch e := &c.Events[i]; e.Kind {
		case KindAssessed:
			assessed, h.severity = e.Severity, e.Severity
		case KindReclassified:
			if p.OnReclassified == clock.MeasureRetroactive {
				h.severity = e.Severity
			}
		case KindPlanChanged:
			if retroactivePlan {
				h.plan = e.Plan
			}
		}
	}
	if retroactivePlan {
		h.plan = cmp.Or(w.plan, h.plan)
	}
	if p.OnReclassified == clock.MeasureRetroactive {
		h.severity = cmp.Or(w.severity, h.severity)
	}

	history := clock.Case{Opened: c.Opened, Targets: *p.targets(h.plan, h.severity)}
	if n := known + next; n > 0 {
		h.events = make([]clock.Event, 0, n)
	}
	done := 0
	for i := range c.Events[:known] {
		e := &c.Events[i]
		for ; done < next && !changes[done].Period.Start.After(e.At); done++ {
			h.setPlan(p, changes[done].Period.Start, changes[done].Plan)
		}
		switch e.Kind {
		case KindAssessed:
		case KindReclassified:
			h.setSeverity(p, e.At, e.Severity)
		case KindPlanChanged:
			h.setPlan(p, e.At, e.Plan)
		default:
			h.events = append(h.events, clock.Event{At: e.At, Kind: clock.Kind(e.Kind), Reason: e.Reason})
		}
	}
	for ; done < next; done++ {
		h.setPlan(p, changes[done].Period.Start, changes[done].Plan)
	}
	if w.severity != 0 {
		h.setSeverity(p, now, w.severity)
	}
	if w.plan != 0 {
		h.setPlan(p, now, w.plan)
		next = len(changes)
	}
	history.Events = h.events

	st, err := p.Conventions.Evaluate(history, now)
	if err != nil {
		return cmp.Or(c.follow(), field.Wrap("", err))
	}
	s.Status = st
	s.Plan, s.Submitted, s.Assessed, s.Severity = h.plan, c.Severity, assessed, h.severity
	if next < len(changes) {
		if at := changes[next].Period.Start; s.NextChange.IsZero() || at.Before(s.NextChange) {
			s.NextChange = at.In(now.Location())
		}
	}
	return nil
}
