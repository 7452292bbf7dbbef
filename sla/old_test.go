package sla_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/supportplan/supportplan/plan"
	"github.com/supportplan/supportplan/severity"
	"github.com/supportplan/supportplan/sla"
	"github.com/supportplan/supportplan/sla/calendar"
	"github.com/supportplan/supportplan/sla/clock"
)

// tick is the grain of drawn histories.
const tick = 5 * time.Minute

// The generators' cases open on a Friday morning and run over a weekend.
var friday = at("2026-03-06T06:00:00Z")

func paused(at time.Time) sla.Event  { return sla.Paused(at, "") }
func resumed(at time.Time) sla.Event { return sla.Resumed(at, "") }

// answerIn is a cell with a first-response target.
func answerIn(p plan.Plan, s severity.Severity, target clock.Target) sla.Cell {
	return sla.Cell{Plan: p, Severity: s, Targets: clock.Targets{FirstResponse: target}}
}

// countingPauses are the conventions in which pauses do not stop the clock of
// the first response.
var countingPauses = clock.Conventions{FirstResponse: clock.Convention{CountPauses: true}}

// old returns what a status says of the first response, in the terms of the
// oracle.
func old(p sla.Policy, s sla.Status) oldStatus {
	c := s.FirstResponse
	basis := func(name string, target clock.Target) (b oldBasis) {
		if b.Plan, b.Severity, _ = sla.CellOf(name); target.IsValid() {
			b.Target, b.Listed = target, b.Severity
			if n, ok := p.Table.Nearest(b.Plan, b.Severity, clock.MetricFirstResponse); ok && p.NearestCovered {
				b.Listed = n.ListedAt
			}
		}
		return b
	}
	out := oldStatus{
		At: s.At, Phase: oldPhase(s.Phase), Outcome: c.Outcome, Plan: s.Plan, Submitted: s.Submitted, Assessed: s.Assessed, Severity: s.Severity,
		Basis: basis(c.Name, c.Target), Elapsed: c.Elapsed, Remaining: c.Remaining, Due: c.Due, Responded: s.Responded, NextChange: s.NextChange,
	}
	if p.Conventions.FirstResponse.CountPauses && s.Phase == clock.PhasePaused {
		out.Phase = oldRunning
	}
	if !c.Target.IsValid() {
		out.Remaining = 0
	}
	if !c.Breach.At.IsZero() {
		out.Breach = oldBreach{c.Breach.At, basis(c.Breach.Name, c.Breach.Target), c.Breach.Elapsed}
	}
	for _, w := range c.Warnings {
		if !w.Passed && w.At.After(s.At) && w.At.Before(c.Due) {
			out.Warnings = append(out.Warnings, oldWarning{w.Percent, w.At})
		}
	}
	out.Explanation = []oldInterval{}
	for _, i := range c.Segments {
		out.Explanation = append(out.Explanation, oldInterval{i.Period.Start, i.Period.End, oldShare(i.Kind), i.Counted})
	}
	if c.Stopped.Before(s.At) && !c.Stopped.IsZero() {
		out.Explanation = append(out.Explanation, oldInterval{c.Stopped, s.At, shareAnswered, 0})
	}
	return out
}

// compare sees through calendars and zones.
var compare = cmp.Options{
	cmp.Comparer(func(a, b calendar.Calendar) bool { return a.Equal(b) }),
	cmp.Comparer(func(a, b time.Time) bool { return a.Equal(b) }),
}

func drawTable(t *rapid.T) sla.Table {
	var cells []sla.Cell
	for _, p := range plan.All() {
		for _, s := range severity.All() {
			target := clock.Target{Within: 100 * time.Minute * time.Duration(rapid.IntRange(0, 8).Draw(t, "within"))}
			if rapid.Bool().Draw(t, "on open hours") && target.IsValid() {
				target.Calendar = office
			}
			cells = append(cells, answerIn(p, s, target))
		}
	}
	return must(sla.Published().Table.With("drawn", cells...))
}

func drawPolicy(t *rapid.T) sla.Policy {
	measure := rapid.SampledFrom([]clock.Measure{clock.MeasureKeepCounting, clock.MeasureRestart})
	p := sla.Policy{
		Table:          drawTable(t),
		OnReclassified: measure.Draw(t, "on reclassified"),
		OnPlanChanged:  measure.Draw(t, "on plan changed"),
		NearestCovered: rapid.Bool().Draw(t, "nearest covered"),
	}
	p.Conventions.FirstResponse.CountPauses = rapid.IntRange(0, 4).Draw(t, "ignore pauses") == 0
	return p
}

func oldOf(p sla.Policy) oldPolicy {
	measure := map[clock.Measure]oldMeasure{"": oldFromOpening, clock.MeasureKeepCounting: oldFromOpening, clock.MeasureRestart: oldFromChange}
	return oldPolicy{p.Table, measure[p.OnReclassified], measure[p.OnPlanChanged], p.Conventions.FirstResponse.CountPauses, p.NearestCovered}
}

// The first response is what it was before the clocks of all metrics. CI draws
// 100,000 histories.
func TestFirstResponseIsAsBefore(t *testing.T) {
	seen := make(map[clock.Outcome]int)
	drawn, impossible := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		p, c := drawPolicy(t), drawCase(t)
		now := drawNow(t, c)
		drawn++
		want, err1 := oldOf(p).evaluate(c, now)
		got, err2 := p.Evaluate(c, now)
		if err1 != nil {
			if err2 == nil {
				t.Fatalf("no error, but before %v", err1)
			}
			impossible++
			return
		}
		if err2 != nil {
			t.Fatal(err2)
		}
		seen[want.Outcome]++
		if d := cmp.Diff(want, old(p, got), compare); d != "" {
			t.Fatalf("%+v at %v: (-before +now)\n%s", c, now, d)
		}
	})
	if drawn < 1000 {
		return // too few to tell what the generator reaches
	}
	for _, o := range []clock.Outcome{clock.OutcomePending, clock.OutcomeMet, clock.OutcomeBreached, clock.OutcomeUnanswered, clock.OutcomeNoTarget} {
		if seen[o] == 0 {
			t.Errorf("no case was %v", o)
		}
	}
	if impossible == 0 {
		t.Error("no case was impossible")
	}
}

func drawCase(t *rapid.T) sla.Case {
	ticks := func(lo, hi int, what string) time.Duration {
		return tick * time.Duration(rapid.IntRange(lo, hi).Draw(t, what))
	}
	plans, severities := rapid.SampledFrom(plan.All()), rapid.SampledFrom(severity.All())
	c := sla.Case{Severity: severities.Draw(t, "severity"), Opened: friday.Add(ticks(0, 100, "opened"))}
	if rapid.IntRange(0, 2).Draw(t, "timeline") == 0 {
		from := friday.Add(ticks(-50, 0, "timeline starts"))
		var subs []plan.Subscription
		for range rapid.IntRange(0, 4).Draw(t, "subscriptions") {
			from = from.Add(ticks(0, 60, "gap"))
			to := from.Add(ticks(1, 200, "length"))
			subs = append(subs, plan.Subscription{Plan: plans.Draw(t, "plan"), Period: calendar.Period{Start: from, End: to}})
			from = to
		}
		timeline := must(plan.NewTimeline(subs...))
		c.Timeline = &timeline
	} else {
		c.Plan = plans.Draw(t, "plan")
	}
	now := c.Opened.Add(ticks(-20, 0, "first event"))
	var paused, closed bool
	for range rapid.IntRange(0, 10).Draw(t, "events") {
		now = now.Add(ticks(0, 60, "step"))
		e := sla.Event{At: now}
		choices := []sla.Kind{sla.KindAssessed, sla.KindReclassified, sla.KindReclassified}
		if c.Timeline == nil {
			choices = append(choices, sla.KindPlanChanged)
		}
		switch {
		case closed:
			choices = append(choices, sla.KindReopened, sla.KindReopened)
		case paused:
			choices = append(choices, sla.KindResumed, sla.KindResumed, sla.KindClosed)
		default:
			choices = append(choices, sla.KindPaused, sla.KindPaused, sla.KindClosed)
		}
		if rapid.IntRange(0, 40).Draw(t, "any kind") == 0 {
			choices = []sla.Kind{sla.KindPaused, sla.KindResumed, sla.KindClosed, sla.KindReopened}
		}
		if rapid.IntRange(0, 7).Draw(t, "respond") == 0 {
			choices = []sla.Kind{sla.KindResponded}
		}
		if now.Before(c.Opened) {
			choices = []sla.Kind{sla.KindPaused}
			if paused {
				choices = []sla.Kind{sla.KindResumed}
			}
		}
		switch e.Kind = rapid.SampledFrom(choices).Draw(t, "kind"); e.Kind {
		case sla.KindAssessed, sla.KindReclassified:
			e.Severity = severities.Draw(t, "to severity")
		case sla.KindPlanChanged:
			e.Plan = plans.Draw(t, "to plan")
		case sla.KindPaused, sla.KindResumed:
			paused = e.Kind == sla.KindPaused
		case sla.KindClosed, sla.KindReopened:
			closed, paused = e.Kind == sla.KindClosed, false
		}
		c.Events = append(c.Events, e)
	}
	return c
}

// drawNow draws an instant after the opening, on a tick, and likely one at
// which something happens.
func drawNow(t *rapid.T, c sla.Case) time.Time {
	if rapid.Bool().Draw(t, "now at an event") && len(c.Events) > 0 {
		if now := rapid.SampledFrom(c.Events).Draw(t, "event").At; !now.Before(c.Opened) {
			return now
		}
	}
	return c.Opened.Add(tick * time.Duration(rapid.IntRange(0, 900).Draw(t, "now")))
}
