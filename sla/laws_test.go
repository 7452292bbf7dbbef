package sla_test

import (
	"encoding/json"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/supportplan/supportplan/plan"
	"github.com/supportplan/supportplan/severity"
	"github.com/supportplan/supportplan/sla"
	"github.com/supportplan/supportplan/sla/calendar"
)

// The generators' cases open on a Friday morning and run over a weekend.
var friday = at("2026-03-06T06:00:00Z")

func drawTable(t *rapid.T) *sla.Table {
	table := sla.Published().WithEdition("drawn")
	for _, p := range plan.All() {
		for _, s := range severity.All() {
			target := sla.Target{Within: 100 * time.Minute * time.Duration(rapid.IntRange(0, 8).Draw(t, "within"))}
			if rapid.Bool().Draw(t, "on open hours") {
				target.Clock = office
			}
			var err error
			if target.IsValid() {
				table, err = table.With(p, s, target)
			} else {
				table, err = table.Without(p, s)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	return &table
}

func drawPolicy(t *rapid.T) sla.Policy {
	measure := rapid.SampledFrom([]sla.Measure{sla.FromOpening, sla.FromChange})
	return sla.Policy{
		Table:          drawTable(t),
		OnReclassified: measure.Draw(t, "on reclassified"),
		OnPlanChanged:  measure.Draw(t, "on plan changed"),
		IgnorePauses:   rapid.IntRange(0, 4).Draw(t, "ignore pauses") == 0,
		NearestCovered: rapid.Bool().Draw(t, "nearest covered"),
	}
}

// drawCase draws a case whose form is right and whose history is nearly always
// possible.
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

// compare sees through calendars and zones.
var compare = cmp.Options{
	cmp.Comparer(func(a, b calendar.Calendar) bool { return a.Equal(b) }),
	cmp.Comparer(func(a, b time.Time) bool { return a.Equal(b) }),
}

// The clock agrees with the slow reference.
func TestClockAgainstReference(t *testing.T) {
	seen := make(map[sla.Outcome]int)
	drawn, impossible := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		p, c := drawPolicy(t), drawCase(t)
		now := drawNow(t, c)
		drawn++
		want, ok := refer(p, c, now)
		got, err := p.Evaluate(c, now)
		if !ok {
			impossible++
			if !errors.Is(err, sla.ErrHistory) {
				t.Fatalf("impossible, but %v", err)
			}
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		seen[got.Outcome]++
		wanted := sla.Status{
			At: now, Phase: want.phase, Outcome: want.outcome, Plan: want.plan, Submitted: c.Severity, Assessed: want.assessed,
			Severity: want.severity, Basis: want.basis, Elapsed: want.elapsed, Due: want.due, Responded: want.responded,
			Breach: want.breach, Warnings: want.warnings,
		}
		if within := want.basis.Target.Within; within > 0 {
			wanted.Remaining = within - want.elapsed
		}
		// The reference does not look for these two.
		wanted.NextChange, wanted.Explanation = got.NextChange, got.Explanation
		if d := cmp.Diff(wanted, got, compare); d != "" {
			t.Fatalf("%+v at %v: %s", c, now, d)
		}

		// The explanation's parts sum to the whole, without gaps.
		shares := make(map[sla.Share]time.Duration)
		at, counted := c.Opened, time.Duration(0)
		for _, i := range got.Explanation {
			if !i.Start.Equal(at) || !i.End.After(i.Start) {
				t.Fatalf("explanation: %+v after %v", i, at)
			}
			if i.Share != sla.ShareCounted && i.Counted != 0 || i.Counted > i.End.Sub(i.Start) {
				t.Fatalf("explanation: %+v", i)
			}
			shares[i.Share] += i.End.Sub(i.Start)
			counted += i.Counted
			at = i.End
		}
		if !at.Equal(now) || counted != got.Elapsed {
			t.Fatalf("the explanation ends at %v and counts %v of %v", at, counted, got.Elapsed)
		}
		for _, s := range sla.AllShares() {
			if shares[s] != want.shares[s] {
				t.Fatalf("%v: %v, want %v", s, shares[s], want.shares[s])
			}
		}
	})
	if drawn < 1000 {
		return // too few to tell what the generator reaches
	}
	for _, o := range sla.AllOutcomes() {
		if seen[o] == 0 {
			t.Errorf("no case was %v", o)
		}
	}
	if impossible == 0 {
		t.Error("no case was impossible")
	}
}

// Nothing differs before NextChange, and something does at it.
func TestNothingChangesBeforeNextChange(t *testing.T) {
	passing := func(s sla.Status) sla.Status { // what time's passing changes
		s.At, s.Elapsed, s.Remaining, s.Breach.Elapsed, s.Explanation = time.Time{}, 0, 0, 0, nil
		return s
	}
	changes := 0
	rapid.Check(t, func(t *rapid.T) {
		p, c := drawPolicy(t), drawCase(t)
		now := drawNow(t, c)
		st, err := p.Evaluate(c, now)
		if err != nil {
			t.Skip("impossible")
		}
		c.Events = slices.DeleteFunc(c.Events, func(e sla.Event) bool { return e.At.After(now) })
		same := func(then time.Time) bool {
			return cmp.Equal(passing(st), passing(must(p.Evaluate(c, then))), compare)
		}
		end := st.NextChange
		if end.IsZero() {
			end = now.Add(300 * 24 * time.Hour)
		} else {
			changes++
			if !end.After(now) {
				t.Fatalf("next change at %v, now %v", end, now)
			}
			if same(end) {
				t.Fatalf("at %v, %v later, nothing differs: %s", end, end.Sub(now), show(st))
			}
		}
		between := now.Add(time.Duration(rapid.Int64Range(0, int64(end.Sub(now))-1).Draw(t, "between")))
		for _, then := range []time.Time{between, end.Add(-1)} {
			if !same(then) {
				t.Fatalf("at %v: %s\nat %v: %s", now, show(st), then, show(must(p.Evaluate(c, then))))
			}
		}
	})
	if changes == 0 {
		t.Error("nothing ever changed")
	}
}

// A pause of open length d moves the due instant by exactly d of open time.
func TestPauseMovesDue(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		target := sla.Target{Within: time.Duration(rapid.Int64Range(1, int64(100*time.Hour)).Draw(t, "within"))}
		if rapid.Bool().Draw(t, "on open hours") {
			target.Clock = office
		}
		table := must(sla.Table{}.With(plan.Basic, severity.General, target))
		p := sla.Policy{Table: &table}
		c := sla.Case{Plan: plan.Basic, Severity: severity.General, Opened: friday}
		due := must(p.Evaluate(c, c.Opened)).Due
		from := c.Opened.Add(time.Duration(rapid.Int64Range(0, int64(due.Sub(c.Opened))-1).Draw(t, "pause starts")))
		to := from.Add(time.Duration(rapid.Int64Range(0, int64(200*time.Hour)).Draw(t, "pause lasts")))
		c.Events = []sla.Event{sla.Paused(from), sla.Resumed(to)}
		st := must(p.Evaluate(c, to))
		d := target.Clock.Elapsed(from, to)
		if got := target.Clock.Elapsed(due, st.Due); got != d {
			if target.Clock.Elapsed(c.Opened, from) == target.Within {
				return // the pause began after the last open instant: it was due
			}
			t.Fatalf("a pause of %v moved the due instant by %v: %s", d, got, show(st))
		}
		if st.Outcome != sla.OutcomePending {
			t.Fatal(show(st))
		}
	})
}

// JSON round trips change no answer.
func TestJSONChangesNoAnswer(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, c := drawPolicy(t), drawCase(t)
		now := drawNow(t, c)
		var c2 sla.Case
		var p2 sla.Policy
		if err := json.Unmarshal(must(json.Marshal(c)), &c2); err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(must(json.Marshal(p)), &p2); err != nil {
			t.Fatal(err)
		}
		a, err1 := p.Evaluate(c, now)
		b, err2 := p2.Evaluate(c2, now)
		if (err1 == nil) != (err2 == nil) {
			t.Fatalf("%v, but %v", err1, err2)
		}
		if d := cmp.Diff(a, b, compare); d != "" {
			t.Fatal(d)
		}
	})
}

// What-if is the evaluation of the case with other events and another opening.
func TestWhatIfIsEvaluate(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, c := drawPolicy(t), drawCase(t)
		now := drawNow(t, c)
		as, of := rapid.SampledFrom(plan.All()).Draw(t, "as"), rapid.SampledFrom(severity.All()).Draw(t, "of")
		got, err1 := p.WhatIf(c, as, of, now)
		d := sla.Case{Plan: as, Severity: of, Opened: c.Opened}
		for _, e := range c.Events {
			if e.Severity == 0 && e.Plan == 0 {
				d.Events = append(d.Events, e)
			}
		}
		want, err2 := p.Evaluate(d, now)
		if (err1 == nil) != (err2 == nil) {
			t.Fatalf("%v, but %v", err1, err2)
		}
		if diff := cmp.Diff(want, got, compare); diff != "" {
			t.Fatal(diff)
		}
	})
}

// Merged reports, in whatever order, equal the report of all cases; also when
// they have been written and read between.
func TestMergedReports(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawPolicy(t)
		parts := make([]sla.Attainment, 4)
		var all sla.Attainment
		for range rapid.IntRange(0, 12).Draw(t, "cases") {
			c := drawCase(t)
			st, err := p.Evaluate(c, drawNow(t, c))
			if err != nil {
				continue
			}
			i := rapid.IntRange(0, 3).Draw(t, "part")
			if err := errors.Join(all.Add(st), parts[i].Add(st)); err != nil {
				t.Fatal(err)
			}
		}
		var sum sla.Attainment
		for _, i := range rapid.Permutation([]int{0, 1, 2, 3}).Draw(t, "order") {
			part := &parts[i]
			if rapid.Bool().Draw(t, "by JSON") {
				part = new(sla.Attainment)
				if err := json.Unmarshal(must(json.Marshal(&parts[i])), part); err != nil {
					t.Fatal(err)
				}
			}
			if err := sum.Merge(part); err != nil {
				t.Fatal(err)
			}
		}
		if d := cmp.Diff(string(must(json.Marshal(&all))), string(must(json.Marshal(&sum)))); d != "" {
			t.Fatal(d)
		}
		if d := cmp.Diff(all.Total(), sum.Total()); d != "" {
			t.Fatal(d)
		}
	})
}
