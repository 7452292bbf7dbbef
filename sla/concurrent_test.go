package sla_test

import (
	"encoding/json"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/supportplan/supportplan/internal/formtest"
	"github.com/supportplan/supportplan/plan"
	"github.com/supportplan/supportplan/severity"
	"github.com/supportplan/supportplan/sla"
	"github.com/supportplan/supportplan/sla/clock"
)

// Every value but a report that is being added to may be used by many at once.
func TestConcurrentUse(t *testing.T) {
	policy := sla.Published()
	policy.Table = must(policy.Table.With("office", answerIn(plan.Business, severity.General, clock.Target{Within: 12 * h, Calendar: office})))
	timeline := must(plan.Timeline{}.From(opened.Add(-h), plan.Business))
	c := sla.Case{Timeline: &timeline, Severity: severity.General, Opened: opened, Events: []sla.Event{
		sla.Assessed(after(h), severity.SystemImpaired), sla.Reclassified(after(2*h), severity.General),
		sla.Paused(after(3*h), "customer"), sla.Resumed(after(30*h), ""),
	}}
	now := after(60 * h)
	var report sla.Attainment
	if err := report.Add(must(policy.Evaluate(c, now))); err != nil {
		t.Fatal(err)
	}
	for name, f := range map[string]func() string{
		"status": func() string { return fmt.Sprintf("%+v", must(policy.Evaluate(c, now))) },
		"what if": func() string {
			return fmt.Sprint(must(policy.WhatIf(c, plan.Enterprise, severity.BusinessCritical, now)))
		},
		"forms":   func() string { return string(must(json.Marshal(policy))) + string(must(json.Marshal(c))) },
		"add":     func() string { return fmt.Sprint(len(must(c.Add(sla.Responded(now))).Events), len(c.Events)) },
		"compare": func() string { return fmt.Sprint(policy.Table.Compare(plan.Basic, plan.Enterprise)) },
		"report":  func() string { return fmt.Sprint(report.Groups()) + string(must(json.Marshal(report))) },
		"merge": func() string {
			var own sla.Attainment
			if err := own.Merge(&report); err != nil {
				return ""
			}
			return string(must(json.Marshal(own)))
		},
	} {
		t.Run(name, func(t *testing.T) {
			want := f()
			var wg sync.WaitGroup
			for range 8 {
				wg.Go(func() {
					for range 5 {
						if got := f(); got != want || got == "" {
							t.Errorf("%s, but %s", want, got)
						}
					}
				})
			}
			wg.Wait()
		})
	}
}

// At the ends of time there is an answer or an error that is told.
func TestHostileTimes(t *testing.T) {
	ends := []time.Time{
		{}, time.Unix(-1<<63, 0), time.Unix(1<<63-1, 999_999_999), time.Unix(1<<62, 0), time.Date(1, 1, 1, 0, 0, 0, 1, time.UTC),
		time.Date(9999, 12, 31, 23, 59, 59, 999_999_999, time.UTC), time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC), opened,
	}
	policy := sla.Published()
	for _, a := range ends {
		for _, b := range ends {
			for _, events := range [][]sla.Event{nil, {sla.Paused(a, "")}, {sla.Responded(b)}, {sla.Closed(a), sla.Reopened(b)}} {
				c := sla.Case{Plan: plan.Enterprise, Severity: severity.General, Opened: a, Events: events}
				st, err := policy.Evaluate(c, b)
				if err != nil && (!formtest.IsTold(err, told) || !st.At.IsZero()) {
					t.Errorf("opened %v, at %v: %v, %v", a, b, st, err)
				}
				if _, err := json.Marshal(c); err != nil && !formtest.IsTold(err, told) {
					t.Errorf("opened %v: %v", a, err)
				}
			}
		}
	}
}
