package sla

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/supportplan/supportplan/internal/field"
	"github.com/supportplan/supportplan/internal/strictjson"
	"github.com/supportplan/supportplan/plan"
	"github.com/supportplan/supportplan/severity"
	"github.com/supportplan/supportplan/sla/clock"
)

// A Policy has the targets of cases and the ways to measure them. It needs its
// table and nothing else; the zero Policy has none and measures nothing.
//
// Its JSON form is {"format": 1, "table": …, "onReclassified": "restart",
// "onPlanChanged": "restart", "nearestCovered": true, "conventions": …} without
// zero fields.
type Policy struct {
	Table          Table
	OnReclassified clock.Measure     // the effect of a reclassification; empty: keep counting
	OnPlanChanged  clock.Measure     // the effect of a change of the plan; empty: keep counting
	NearestCovered bool              // whether an uncovered severity has the target that [Table.Nearest] finds
	Conventions    clock.Conventions // how each metric is timed, and when it warns
}

// Published returns the provider's policy: the response-time table of the
// edition "2023-09-15", all of it around the clock, with this library's answers
// where the document is silent. It measures first responses alone: for every
// other metric there is no target.
//
// Source: Response Time SLA, 2023-09-15.
func Published() Policy { return Policy{Table: published} }

// check returns an error wrapping [ErrInvalid] if p is not valid. Evaluating
// checks the conventions.
func (p *Policy) check() error {
	if p.Table.edition == "" {
		return field.Wrap("table", fmt.Errorf("has no edition: want a table such as that of sla.Published(): %w", ErrInvalid))
	}
	for _, m := range []struct {
		field string
		value clock.Measure
	}{{"onReclassified", p.OnReclassified}, {"onPlanChanged", p.OnPlanChanged}} {
		if m.value != "" {
			if err := new(clock.Measure).UnmarshalText([]byte(m.value)); err != nil {
				return field.Wrap(m.field, err)
			}
		}
	}
	return nil
}

// targets returns the targets of plan q at severity s.
func (p *Policy) targets(q plan.Plan, s severity.Severity) *clock.Targets {
	if p.NearestCovered {
		return &p.Table.nearest[q][s]
	}
	return &p.Table.cells[q][s]
}

type policyJSON struct {
	Format         int                `json:"format"`
	Table          json.RawMessage    `json:"table"`
	OnReclassified clock.Measure      `json:"onReclassified,omitempty"`
	OnPlanChanged  clock.Measure      `json:"onPlanChanged,omitempty"`
	NearestCovered bool               `json:"nearestCovered,omitempty"`
	Conventions    *clock.Conventions `json:"conventions,omitempty"`
}

// MarshalJSON returns p's JSON form. It returns an error wrapping [ErrInvalid]
// if p is not valid, or one of [Table.MarshalJSON].
func (p Policy) MarshalJSON() ([]byte, error) {
	if err := p.check(); err != nil {
		return nil, field.Op("sla: marshal policy", err)
	}
	table, err := p.Table.MarshalJSON()
	if err != nil {
		return nil, err
	}
	out := policyJSON{strictjson.Format, strictjson.Nest(table), p.OnReclassified, p.OnPlanChanged, p.NearestCovered, nil}
	if form, err := p.Conventions.MarshalJSON(); err != nil {
		return nil, field.Op("sla: marshal policy", field.Wrap("conventions", err))
	} else if string(form) != "{}" {
		out.Conventions = &p.Conventions
	}
	return json.Marshal(out)
}

// UnmarshalJSON reads p's JSON form, strictly. It returns an error wrapping
// [ErrInvalid] or [clock.ErrNewer], or one of [Table.UnmarshalJSON]; then *p is unchanged.
func (p *Policy) UnmarshalJSON(data []byte) error {
	return decode("policy", data, p, func(v strictjson.Value) (q Policy) {
		v.Object(func(o strictjson.Object) {
			o.Format()
			q.Table = decodeTable(o.Need("table"))
			o.May("onReclassified").Into(&q.OnReclassified)
			o.May("onPlanChanged").Into(&q.OnPlanChanged)
			q.NearestCovered = o.May("nearestCovered").Bool()
			o.May("conventions").JSON(&q.Conventions)
		})
		return q
	})
}

// Evaluate returns the status of case c at the instant now under p, as
// [clock.Conventions.Evaluate] does. Events after now are not yet known: only
// their form and order matter.
//
//   - The targets are those of the plan and the severity that the account and
//     the case have at the time. The effects of a reclassification and of a
//     change of the plan are those of p.
//   - An assessment replaces the severity that the case was submitted with, for
//     the whole history.
//   - A timeline's change happens before the events of the same instant.
//
// It returns an error wrapping [ErrInvalid] if p or c is not valid, an error
// wrapping [plan.ErrUnknown] or [severity.ErrUnknown] for a plan or severity
// that is not, an error wrapping [ErrHistory] if an event is impossible, or an
// error wrapping [clock.ErrTime] if now is before the opening or more than 292
// years after it, or if an instant is missing or outside the years 1 to 9999.
func (p Policy) Evaluate(c Case, now time.Time) (s Status, err error) {
	err = p.evaluate(&c, now, whatIf{}, &s) // short, to be inlined: a Status is large to copy
	return s, err
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

// WhatIfNow evaluates c as if the account had plan as and the case the severity
// of from now on, with p's effect of such a change; a zero value leaves that one
// as it is. Errors are those of [Policy.Evaluate].
func (p Policy) WhatIfNow(c Case, as plan.Plan, of severity.Severity, now time.Time) (s Status, err error) {
	err = p.evaluate(&c, now, whatIf{as, of}, &s)
	return s, err
}

// A whatIf is a plan and a severity from now on; zero values change nothing.
type whatIf struct {
	plan     plan.Plan
	severity severity.Severity
}

func (w whatIf) check() error {
	if w.plan != 0 {
		if err := checkPlan(w.plan); err != nil {
			return err
		}
	}
	if w.severity != 0 {
		return checkSeverity(w.severity)
	}
	return nil
}
