package sla_test

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/supportplan/supportplan/plan"
	"github.com/supportplan/supportplan/severity"
	"github.com/supportplan/supportplan/sla"
	"github.com/supportplan/supportplan/sla/calendar"
	"github.com/supportplan/supportplan/sla/clock"
)

func ExamplePolicy_Evaluate() {
	opened := time.Date(2026, time.March, 2, 9, 0, 0, 0, time.UTC)
	c := sla.Case{
		Plan:     plan.Business,
		Severity: severity.SystemImpaired,
		Opened:   opened,
		Events: []sla.Event{
			sla.Paused(opened.Add(1*time.Hour), "customer"),
			sla.Resumed(opened.Add(3*time.Hour), "customer"),
		},
	}
	s, err := sla.Published().Evaluate(c, opened.Add(5*time.Hour))
	if err != nil {
		panic(err)
	}
	r := s.FirstResponse
	fmt.Println(s.Phase, r.Outcome, r.Target)
	fmt.Println("due", r.Due.Format(time.TimeOnly), "after", r.Elapsed, "with", r.Remaining, "left")
	fmt.Println("look again at", s.NextChange.Format(time.TimeOnly))
	for _, i := range r.Segments {
		fmt.Println(i.Period.Start.Format(time.TimeOnly), i.Period.End.Format(time.TimeOnly), i.Kind, i.Counted)
	}
	// Output:
	// running pending < 8h
	// due 19:00:00 after 3h0m0s with 5h0m0s left
	// look again at 15:00:00
	// 09:00:00 10:00:00 counted 1h0m0s
	// 10:00:00 12:00:00 paused 0s
	// 12:00:00 14:00:00 counted 2h0m0s
}

// A case is raised after an hour: by default its target is measured from the
// opening, and is overdue at once; another policy starts the clock anew.
func ExamplePolicy_Evaluate_reclassified() {
	opened := time.Date(2026, time.March, 2, 9, 0, 0, 0, time.UTC)
	now := opened.Add(time.Hour)
	c := sla.Case{
		Plan: plan.Business, Severity: severity.General, Opened: opened,
		Events: []sla.Event{sla.Reclassified(now, severity.ProductionImpacted)},
	}
	for _, m := range []clock.Measure{clock.MeasureKeepCounting, clock.MeasureRestart} {
		s, err := sla.Policy{Table: sla.Published().Table, OnReclassified: m}.Evaluate(c, now)
		if err != nil {
			panic(err)
		}
		fmt.Println(m, s.FirstResponse.Outcome, s.FirstResponse.Remaining)
	}
	// Output:
	// keep-counting breached -30m0s
	// restart pending 30m0s
}

// What the submitted severity promised is not owed once somebody has judged
// the case to have been another one from the start.
func ExampleStatus_SeverityDiffers() {
	opened := time.Date(2026, time.March, 2, 9, 0, 0, 0, time.UTC)
	c := sla.Case{
		Plan: plan.Business, Severity: severity.ProductionImpacted, Opened: opened,
		Events: []sla.Event{sla.Assessed(opened.Add(2*time.Hour), severity.General)},
	}
	for _, now := range []time.Time{opened.Add(time.Hour), opened.Add(2 * time.Hour)} {
		s, err := sla.Published().Evaluate(c, now)
		if err != nil {
			panic(err)
		}
		fmt.Println(s.Submitted, s.Severity, s.SeverityDiffers(), s.FirstResponse.Outcome)
	}
	// Output:
	// production-impacted production-impacted false breached
	// production-impacted general true pending
}

func ExampleStatus_dueIfResumed() {
	opened := time.Date(2026, time.March, 2, 9, 0, 0, 0, time.UTC)
	c := sla.Case{
		Plan: plan.Developer, Severity: severity.SystemImpaired, Opened: opened,
		Events: []sla.Event{sla.Paused(opened.Add(time.Hour), "customer")},
	}
	s, err := sla.Published().Evaluate(c, opened.Add(2*time.Hour))
	if err != nil {
		panic(err)
	}
	due, ok := s.FirstResponse.DueIfResumed(opened.Add(24 * time.Hour))
	fmt.Println(s.Phase, s.FirstResponse.Due.IsZero(), due.Format(time.RFC3339), ok)
	// Output: paused true 2026-03-03T16:00:00Z true
}

func ExamplePolicy_WhatIf() {
	opened := time.Date(2026, time.March, 2, 9, 0, 0, 0, time.UTC)
	c := sla.Case{Plan: plan.Developer, Severity: severity.ProductionImpacted, Opened: opened}
	now := opened.Add(10 * time.Minute)
	for _, p := range plan.All() {
		s, err := sla.Published().WhatIf(c, p, 0, now)
		if err != nil {
			panic(err)
		}
		fmt.Println(p, s.FirstResponse.Outcome, s.FirstResponse.Target, s.FirstResponse.Due.Format("15:04"))
	}
	// Output:
	// basic no-target no target 00:00
	// developer no-target no target 00:00
	// business pending < 30m 09:30
	// enterprise pending < 20m 09:20
}

// An account that upgrades in mid-case, straight from its timeline of plans.
func ExampleCase_timeline() {
	opened := time.Date(2026, time.March, 2, 9, 0, 0, 0, time.UTC)
	upgrade := opened.Add(2 * time.Hour)
	timeline, err := plan.NewTimeline(plan.Subscription{Plan: plan.Enterprise, Period: calendar.Period{Start: upgrade}})
	if err != nil {
		panic(err)
	}
	c := sla.Case{Timeline: &timeline, Severity: severity.General, Opened: opened}
	before, err := sla.Published().Evaluate(c, opened)
	if err != nil {
		panic(err)
	}
	after, err := sla.Published().Evaluate(c, before.NextChange)
	if err != nil {
		panic(err)
	}
	fmt.Println(before.Plan, before.FirstResponse.Due.Format(time.TimeOnly))
	fmt.Println(after.Plan, after.FirstResponse.Due.Format(time.TimeOnly), after.At.Equal(upgrade))
	// Output:
	// basic 01:00:00
	// enterprise 17:00:00 true
}

// Targets on business hours beside one around the clock, as another provider
// publishes them.
func Example_businessHours() {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		panic(err)
	}
	office, err := calendar.New(calendar.Spec{
		Location: berlin,
		Week:     calendar.Weekdays(calendar.Shift{Open: 8 * calendar.Hour, Close: 18 * calendar.Hour}),
		Holidays: []calendar.Holiday{{Date: calendar.Date{Year: 2026, Month: time.April, Day: 3}}, {Date: calendar.Date{Year: 2026, Month: time.April, Day: 6}}},
	})
	if err != nil {
		panic(err)
	}
	table, err := sla.Table{}.With("2026",
		sla.Cell{Plan: plan.Business, Severity: severity.General, Targets: clock.Targets{
			FirstResponse: clock.Target{Within: 12 * time.Hour, Calendar: office},
			Resolution:    clock.Target{Within: 40 * time.Hour, Calendar: office},
		}},
		sla.Cell{Plan: plan.Business, Severity: severity.BusinessCritical, Targets: clock.Targets{
			FirstResponse: clock.Target{Within: time.Hour}, // around the clock
		}},
	)
	if err != nil {
		panic(err)
	}
	policy := sla.Policy{Table: table}

	// Thursday before Easter, five in the afternoon: an hour is left of the
	// day, Friday and Monday are holidays.
	opened := time.Date(2026, time.April, 2, 17, 0, 0, 0, berlin)
	for _, s := range []severity.Severity{severity.General, severity.BusinessCritical} {
		st, err := policy.Evaluate(sla.Case{Plan: plan.Business, Severity: s, Opened: opened}, opened)
		if err != nil {
			panic(err)
		}
		fmt.Println(s, st.FirstResponse.Target, "due", st.FirstResponse.Due.Format("Mon 2006-01-02 15:04"))
	}
	// Output:
	// general < 12h of open time due Wed 2026-04-08 09:00
	// business-critical < 1h due Thu 2026-04-02 18:00
}

func ExampleCase_json() {
	var c sla.Case
	err := json.Unmarshal([]byte(`{
		"plan": "business",
		"severity": "general",
		"opened": "2026-03-02T09:00:00Z",
		"events": [{"at": "2026-03-02T10:00:00Z", "kind": "resumed"}]
	}`), &c)
	if err != nil {
		panic(err)
	}
	_, err = sla.Published().Evaluate(c, c.Opened.Add(2*time.Hour))
	fmt.Println(err)
	// Output: sla: evaluate: events[0]: resumed at 2026-03-02T10:00:00Z: while not paused: impossible history
}

// Two machines report on their own cases; the reports, sent as JSON, are
// merged into one that is exact.
func ExampleAttainment() {
	opened := time.Date(2026, time.March, 2, 9, 0, 0, 0, time.UTC)
	machine := func(responses ...time.Duration) []byte {
		var report sla.Attainment
		for _, d := range responses {
			c := sla.Case{Plan: plan.Business, Severity: severity.General, Opened: opened, Events: []sla.Event{sla.Responded(opened.Add(d))}}
			s, err := sla.Published().Evaluate(c, opened.Add(48*time.Hour))
			if err != nil {
				panic(err)
			}
			if err := report.Add(s); err != nil {
				panic(err)
			}
		}
		data, err := json.Marshal(report)
		if err != nil {
			panic(err)
		}
		return data
	}
	var all sla.Attainment
	for _, data := range [][]byte{machine(1*time.Hour, 2*time.Hour, 20*time.Hour), machine(3 * time.Hour)} {
		var part sla.Attainment
		if err := json.Unmarshal(data, &part); err != nil {
			panic(err)
		}
		if err := all.Merge(&part); err != nil {
			panic(err)
		}
	}
	for _, g := range all.Groups() {
		if ratio, ok := g.Tally.Ratio(); ok {
			median, _ := g.Tally.Percentile(50)
			counts := g.Tally.Counts()
			fmt.Println(g.Metric, g.Plan, g.Severity, counts.Met, counts.Breached, ratio, median)
		}
	}
	// Output: first-response business general 3 1 3/4 2h0m0s
}

// A contract's policy, kept as data: another target, on business hours, and
// pauses that do not stop the clock.
func ExamplePolicy_json() {
	var p sla.Policy
	err := json.Unmarshal([]byte(`{
		"table": {
			"edition": "contract 7",
			"targets": {"enterprise": {"general": {"firstResponse": {"within": "12h", "calendar": "office"}, "resolution": "48h"}}},
			"calendars": {"office": {"zone": "Europe/Berlin", "week": {"monday": ["08:00-18:00"], "tuesday": ["08:00-18:00"]}}}
		},
		"conventions": {"firstResponse": {"countPauses": true}}
	}`), &p)
	if err != nil {
		panic(err)
	}
	c := sla.Case{Plan: plan.Enterprise, Severity: severity.General, Opened: time.Date(2026, time.March, 2, 9, 0, 0, 0, time.UTC)}
	s, err := p.Evaluate(c, c.Opened)
	if err != nil {
		panic(err)
	}
	fmt.Println(p.Table.Edition(), s.FirstResponse.Due.Format("Mon 15:04"))
	for _, w := range s.FirstResponse.Warnings {
		fmt.Println(w.Percent, w.At.Format("Mon 15:04"))
	}
	// Output:
	// contract 7 Tue 11:00
	// 50 Mon 15:00
	// 75 Tue 08:00
	// 90 Tue 09:48
}

// The document lists no target for some plans and severities. Who wants to
// answer such cases in time takes the nearest one that the plan has.
func ExampleTable_Nearest() {
	t := sla.Published().Table
	_, ok := t.Target(plan.Developer, severity.BusinessCritical, clock.MetricFirstResponse)
	fmt.Println(ok)
	n, ok := t.Nearest(plan.Developer, severity.BusinessCritical, clock.MetricFirstResponse)
	fmt.Println(n.Target, n.ListedAt, n.Fallback, ok)
	// Output:
	// false
	// < 8h system-impaired true true
}

// Events come late and in any order, and find their places.
func ExampleCase_Add() {
	opened := time.Date(2026, time.March, 2, 9, 0, 0, 0, time.UTC)
	c := sla.Case{Plan: plan.Business, Severity: severity.General, Opened: opened}
	for _, e := range []sla.Event{
		sla.Responded(opened.Add(3 * time.Hour)),
		sla.Paused(opened.Add(time.Hour), "customer"),
		sla.Resumed(opened.Add(30*time.Minute), "customer"), // before the pause: it cannot be
	} {
		next, err := c.Add(e)
		if err != nil {
			fmt.Println(err)
			continue
		}
		c = next
	}
	for _, e := range c.Events {
		fmt.Println(e)
	}
	// Output:
	// sla: add: events[0]: resumed (customer) at 2026-03-02T09:30:00Z: while not paused: impossible history
	// paused (customer) at 2026-03-02T10:00:00Z
	// responded at 2026-03-02T12:00:00Z
}

// A case that was counted by mistake is taken out again. The name of what it was
// measured by tells the plan and the severity.
func ExampleAttainment_Remove() {
	opened := time.Date(2026, time.March, 2, 9, 0, 0, 0, time.UTC)
	c := sla.Case{Plan: plan.Business, Severity: severity.General, Opened: opened, Events: []sla.Event{sla.Responded(opened.Add(time.Hour))}}
	st, err := sla.Published().Evaluate(c, opened.Add(2*time.Hour))
	if err != nil {
		panic(err)
	}
	var report sla.Attainment
	for _, f := range []func(sla.Status) error{report.Add, report.Add, report.Remove} {
		if err := f(st); err != nil {
			panic(err)
		}
	}
	p, s, _ := sla.CellOf(st.FirstResponse.Name)
	fmt.Println(p, s, report.Tally(clock.MetricFirstResponse, p, s).Counts().Met)
	// Output: business general 1
}
