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
	assessed severity.Severity // none if nobody has assessed it
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

// opening is the history of c at its opening: with the plan and the severity that
// known events and changes of the plan say that it had, or are to be taken for
// those of the opening.
func (p *Policy) opening(c *Case, events []Event, changes []plan.Segment, w whatIf) history {
	h := history{plan: c.Plan, severity: c.Severity}
	if c.Timeline != nil {
		h.plan = c.Timeline.At(c.Opened)
	}
	retroactivePlan, retroactiveSeverity := p.OnPlanChanged == clock.MeasureRetroactive, p.OnReclassified == clock.MeasureRetroactive
	if n := len(changes); retroactivePlan && n > 0 {
		h.plan = changes[n-1].Plan
	}
	for i := range events {
		switch e := &events[i]; e.Kind {
		case KindAssessed:
			h.assessed, h.severity = e.Severity, e.Severity
		case KindReclassified:
			if retroactiveSeverity {
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
	if retroactiveSeverity {
		h.severity = cmp.Or(w.severity, h.severity)
	}
	return h
}

// tell adds the known events and changes of the plan, each of which starts a
// segment, in the order of time, and what is asked for from now on.
func (h *history) tell(p *Policy, events []Event, changes []plan.Segment, now time.Time, w whatIf) {
	h.events = make([]clock.Event, 0, len(events)+len(changes))
	for i := range events {
		e := &events[i]
		for ; len(changes) > 0 && !changes[0].Period.Start.After(e.At); changes = changes[1:] {
			h.setPlan(p, changes[0].Period.Start, changes[0].Plan)
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
	for _, s := range changes {
		h.setPlan(p, s.Period.Start, s.Plan)
	}
	if w.severity != 0 {
		h.setSeverity(p, now, w.severity)
	}
	if w.plan != 0 {
		h.setPlan(p, now, w.plan)
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
	if err := w.check(); err != nil {
		return err
	}
	known := len(c.Events)
	for known > 0 && c.Events[known-1].At.After(now) {
		known--
	}
	events := c.Events[:known]
	var changes []plan.Segment // of the timeline, each from a change on
	if c.Timeline != nil {
		changes = c.Timeline.Segments(calendar.Period{Start: c.Opened})[1:]
	}
	next := 0 // the first change of the plan that is not yet known
	for next < len(changes) && !changes[next].Period.Start.After(now) {
		next++
	}

	h := p.opening(c, events, changes[:next], w)
	history := clock.Case{Opened: c.Opened, Targets: *p.targets(h.plan, h.severity)}
	h.tell(p, events, changes[:next], now, w)
	history.Events = h.events
	if w.plan != 0 {
		next = len(changes) // the plan stays
	}

	st, err := p.Conventions.Evaluate(history, now)
	if err != nil {
		return cmp.Or(c.follow(), field.Wrap("", err))
	}
	s.Status = st
	s.Plan, s.Submitted, s.Assessed, s.Severity = h.plan, c.Severity, h.assessed, h.severity
	if next < len(changes) {
		if at := changes[next].Period.Start; s.NextChange.IsZero() || at.Before(s.NextChange) {
			s.NextChange = at.In(now.Location())
		}
	}
	return nil
}
