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

// A history turns a case's plans and severities into changes of targets.
type history struct {
	policy   *Policy
	plan     plan.Plan
	severity severity.Severity
	events   []clock.Event
}

// retarget has the targets follow the plan and the severity from the given
// instant on.
func (h *history) retarget(at time.Time, m clock.Measure) {
	h.events = append(h.events, clock.Event{At: at, Kind: clock.KindRetargeted, Targets: h.policy.targets(h.plan, h.severity), Measure: m})
}

func (h *history) setPlan(at time.Time, p plan.Plan) {
	if p != h.plan && h.policy.OnPlanChanged != clock.MeasureRetroactive {
		h.plan = p
		h.retarget(at, h.policy.OnPlanChanged)
	}
}

func (h *history) setSeverity(at time.Time, s severity.Severity) {
	if s != h.severity && h.policy.OnReclassified != clock.MeasureRetroactive {
		h.severity = s
		h.retarget(at, h.policy.OnReclassified)
	}
}

func (p *Policy) evaluate(c *Case, now time.Time, w whatIf, s *Status) (err error) {
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
	events := c.Events[:known]

	// The severity and the plan of the opening.
	h := history{policy: p, plan: c.Plan, severity: c.Severity}
	var assessed severity.Severity
	var changes []plan.Change
	if c.Timeline != nil {
		h.plan = c.Timeline.At(c.Opened)
		changes = c.Timeline.Changes(calendar.Period{Start: c.Opened})
	}
	next := 0 // the first change of the plan that is not yet known
	for next < len(changes) && !changes[next].At.After(now) {
		next++
	}
	retroactivePlan := p.OnPlanChanged == clock.MeasureRetroactive
	if retroactivePlan && next > 0 {
		h.plan = changes[next-1].Plan
	}
	for i := range events {
		switch e := &events[i]; e.Kind {
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
	if n := len(events) + next; n > 0 {
		h.events = make([]clock.Event, 0, n)
	}
	done := 0
	for i := range events {
		e := &events[i]
		for ; done < next && !changes[done].At.After(e.At); done++ {
			h.setPlan(changes[done].At, changes[done].Plan)
		}
		switch e.Kind {
		case KindAssessed:
		case KindReclassified:
			h.setSeverity(e.At, e.Severity)
		case KindPlanChanged:
			h.setPlan(e.At, e.Plan)
		default:
			h.events = append(h.events, clock.Event{At: e.At, Kind: clock.Kind(e.Kind), Reason: e.Reason})
		}
	}
	for ; done < next; done++ {
		h.setPlan(changes[done].At, changes[done].Plan)
	}
	if w.severity != 0 {
		h.setSeverity(now, w.severity)
	}
	if w.plan != 0 {
		h.setPlan(now, w.plan)
		next = len(changes)
	}
	history.Events = h.events

	if s.Status, err = p.Conventions.Evaluate(history, now); err != nil {
		return cmp.Or(c.follow(), field.Wrap("", err))
	}
	s.Plan, s.Submitted, s.Assessed, s.Severity = h.plan, c.Severity, assessed, h.severity
	if next < len(changes) {
		if at := changes[next].At; s.NextChange.IsZero() || at.Before(s.NextChange) {
			s.NextChange = at.In(now.Location())
		}
	}
	return nil
}
