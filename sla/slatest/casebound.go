package slatest

import (
	"fmt"
	"slices"
	"time"

	"github.com/supportplan/supportplan/plan"
	"github.com/supportplan/supportplan/severity"
	"github.com/supportplan/supportplan/sla"
	"github.com/supportplan/supportplan/sla/calendar"
	"github.com/supportplan/supportplan/sla/clock"
)

// At the due instants of how many targets something happens: of the first
// metric that has any, and of each other.
const (
	mostTargets  = 4
	otherTargets = 2
)

// boundaryCases returns cases in which something happens just before, at and
// after the due instant of each metric, and far from it: a response, a pause, a
// closing, a reopening, a change of severity or plan; also a change of a
// timeline's plan.
func boundaryCases(p sla.Policy) (out []sla.Case) {
	most := mostTargets
	for _, m := range clock.Metrics() {
		var cells []sla.Cell
		for _, c := range p.Table.Cells() { // one of each target
			if t := c.Targets.Of(m); t.IsValid() && !slices.ContainsFunc(cells, func(o sla.Cell) bool { return o.Targets.Of(m).Equal(t) }) && len(cells) < most {
				cells = append(cells, c)
			}
		}
		for i, c := range cells {
			target := c.Targets.Of(m)
			cal := target.Calendar
			opened := now.AddDate(0, 0, i).Add(8*time.Hour + 30*time.Minute) // from a Monday on
			if at, ok := cal.NextOpening(opened); ok && !cal.IsOpen(opened) {
				opened = at.Add(time.Duration(i) * 20 * time.Minute)
			}
			start, before := begun(m, opened)
			half, err1 := cal.Add(start, target.Within/2)
			early, err2 := cal.Add(start, target.Within/5*3) // no warning comes then
			due, err3 := cal.Add(start, target.Within)
			if err1 == nil && err2 == nil && err3 == nil {
				out = append(out, aroundDue(c, m, opened, before, half, early, due)...)
			}
		}
		if len(cells) > 0 {
			most = otherTargets
		}
	}
	return out
}

// begun returns when the clock of a metric starts in a case that was opened at an
// instant, and the events that start it.
func begun(m clock.Metric, opened time.Time) (start time.Time, events []sla.Event) {
	responded := opened.Add(7 * time.Minute)
	switch m {
	case clock.MetricNextResponse:
		start = opened.Add(19 * time.Minute)
		return start, []sla.Event{sla.Responded(responded), sla.CustomerReply(start)}
	case clock.MetricUpdate:
		return responded, []sla.Event{sla.Responded(responded)}
	}
	return opened, nil
}

// aroundDue returns the cases of one target.
func aroundDue(cell sla.Cell, m clock.Metric, opened time.Time, before []sla.Event, half, early, due time.Time) (out []sla.Case) {
	base := sla.Case{Plan: cell.Plan, Severity: cell.Severity, Opened: opened}
	add := func(events ...sla.Event) {
		c := base
		c.Events = append(slices.Clone(before), events...)
		out = append(out, c)
	}
	less, more := severity.General, severity.BusinessCritical
	other := plan.Enterprise
	if cell.Plan == other {
		other = plan.Business
	}
	add()
	for _, at := range []time.Time{early, due.Add(-1), due, due.Add(1), due.Add(157 * time.Minute)} {
		later := at.Add(3 * time.Hour)
		switch m {
		case clock.MetricNextResponse:
			add(sla.CustomerReply(at), sla.Responded(later))
		case clock.MetricUpdate:
			add(sla.Responded(at), sla.Responded(later))
		}
		add(sla.Responded(at))
		add(sla.Paused(at, ""))
		add(sla.Paused(at, ""), sla.Resumed(later, ""), sla.Responded(later.Add(time.Minute)))
		add(sla.Paused(half, ""), sla.Resumed(at, ""))
		add(sla.Closed(at))
		add(sla.Closed(at), sla.Reopened(later), sla.Responded(later.Add(time.Minute)))
		add(sla.Closed(half), sla.Reopened(at), sla.Paused(later, ""))
		for _, s := range []severity.Severity{less, more} {
			if s != cell.Severity {
				add(sla.Assessed(at, s))
				add(sla.Reclassified(at, s))
			}
		}
		if m != clock.MetricFirstResponse {
			continue
		}
		add(sla.Paused(half, ""), sla.Responded(at))
		add(sla.Closed(at), sla.Responded(later))
		add(sla.Responded(at), sla.Closed(later), sla.Reopened(later.Add(time.Hour)))
		for _, s := range []severity.Severity{less, more} {
			if s != cell.Severity {
				add(sla.Reclassified(half, s), sla.Responded(at))
			}
		}
		add(sla.PlanChanged(at, other))
		c := base
		timeline, err := plan.NewTimeline(
			plan.Subscription{Plan: cell.Plan, Period: calendar.Period{Start: opened.AddDate(0, 0, -1), End: at}},
			plan.Subscription{Plan: other, Period: calendar.Period{Start: at, End: at.AddDate(0, 0, 9)}},
		)
		if err == nil && at.After(opened) {
			c.Plan, c.Timeline = 0, &timeline
			out = append(out, c)
			c.Events = []sla.Event{sla.Responded(at)}
			out = append(out, c)
		}
	}
	return slices.DeleteFunc(out, func(c sla.Case) bool {
		return !slices.IsSortedFunc(c.Events, func(a, b sla.Event) int { return a.At.Compare(b.At) })
	})
}

// A caseMistake is a mistake of the clock of cases, and its status.
type caseMistake struct {
	name     string
	evaluate func(c sla.Case, now time.Time) (sla.Status, error)
}

// isOfCase reports whether a field of a status is one of the case and not one that
// its clocks measure. Code that makes a mistake may still tell them right.
func isOfCase(path string) bool {
	return slices.Contains([]string{"Plan", "Submitted", "Assessed", "Severity"}, path)
}

// mistake names the first mistake that gives the clocks of an example, and of
// many other cases, as "; all as of code that …", or returns "".
func (s *caseSubject) mistake(c sla.Case, now time.Time) string {
	type pair struct {
		c   sla.Case
		now time.Time
		got sla.Status
	}
	var all []pair
	for _, d := range append([]sla.Case{c}, pick(s.cases, 150)...) {
		moments := pick(s.moments(d), 3)
		if len(all) == 0 {
			moments = []time.Time{now}
		}
		for _, at := range moments {
			if got, err := s.evaluate(d, at); err == nil {
				all = append(all, pair{d, at, got})
			}
		}
	}
	for _, m := range s.mistakes() {
		if !slices.ContainsFunc(all, func(p pair) bool {
			want, err := m.evaluate(p.c, p.now)
			return err != nil || difference(p.got, want, func(path string) bool { return isOfCase(path) || s.isUnknown(path) }) != ""
		}) {
			return "; all as of code that " + m.name
		}
	}
	return ""
}

func (s *caseSubject) mistakes() (out []caseMistake) {
	policy := func(name string, change func(p *sla.Policy)) {
		p := s.policy
		change(&p)
		out = append(out, caseMistake{name, p.Evaluate})
	}
	if s.policy.Conventions.FirstResponse.CountPauses {
		policy("stops the clock in pauses", func(p *sla.Policy) { p.Conventions.FirstResponse.CountPauses = false })
	} else {
		policy("runs the clock on in pauses", func(p *sla.Policy) { p.Conventions.FirstResponse.CountPauses = true })
	}
	for _, m := range []clock.Measure{clock.MeasureKeepCounting, clock.MeasureRestart} {
		if m != s.policy.OnReclassified {
			policy(fmt.Sprintf("measures %v on a reclassification", m), func(p *sla.Policy) { p.OnReclassified = m })
		}
		if m != s.policy.OnPlanChanged {
			policy(fmt.Sprintf("measures %v on a change of the plan", m), func(p *sla.Policy) { p.OnPlanChanged = m })
		}
	}
	policy("has the other answer for severities without a target", func(p *sla.Policy) { p.NearestCovered = !p.NearestCovered })
	without := func(name string, kinds ...sla.Kind) {
		out = append(out, caseMistake{name, func(c sla.Case, now time.Time) (sla.Status, error) {
			c.Events = slices.DeleteFunc(slices.Clone(c.Events), func(e sla.Event) bool { return slices.Contains(kinds, e.Kind) })
			return s.policy.Evaluate(c, now)
		}})
	}
	without("ignores assessments", sla.KindAssessed)
	without("ignores reclassifications", sla.KindReclassified)
	without("ignores changes of the plan", sla.KindPlanChanged)
	without("ignores pauses", sla.KindPaused, sla.KindResumed)
	without("ignores responses", sla.KindResponded)
	without("ignores closings and reopenings", sla.KindClosed, sla.KindReopened)
	out = append(out, caseMistake{"ignores changes of the timeline's plan", func(c sla.Case, now time.Time) (sla.Status, error) {
		if c.Timeline != nil {
			c.Plan, c.Timeline = c.Timeline.At(c.Opened), nil
		}
		return s.policy.Evaluate(c, now)
	}})
	out = append(out, caseMistake{"knows events to come", func(c sla.Case, now time.Time) (sla.Status, error) {
		c.Events = slices.Clone(c.Events)
		for i, e := range c.Events {
			if e.At.After(now) {
				c.Events[i].At = now
			}
		}
		return s.policy.Evaluate(c, now)
	}})
	out = append(out, caseMistake{"takes a reclassification for an assessment", func(c sla.Case, now time.Time) (sla.Status, error) {
		c.Events = slices.Clone(c.Events)
		for i := range c.Events {
			if c.Events[i].Kind == sla.KindReclassified {
				c.Events[i].Kind = sla.KindAssessed
			}
		}
		return s.policy.Evaluate(c, now)
	}})
	out = append(out, caseMistake{"takes an assessment for a reclassification", func(c sla.Case, now time.Time) (sla.Status, error) {
		c.Events = slices.Clone(c.Events)
		for i := range c.Events {
			if c.Events[i].Kind == sla.KindAssessed {
				c.Events[i].Kind = sla.KindReclassified
			}
		}
		return s.policy.Evaluate(c, now)
	}})
	return out
}
