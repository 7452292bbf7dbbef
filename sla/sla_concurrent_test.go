package sla_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/supportplan/supportplan/plan"
	"github.com/supportplan/supportplan/severity"
	"github.com/supportplan/supportplan/sla"
	"github.com/supportplan/supportplan/sla/calendar"
)

// together runs f in many goroutines at once, which must all return the same.
func together(t *testing.T, f func() string) {
	t.Helper()
	const goroutines = 16
	var wg sync.WaitGroup
	var got [goroutines]string
	start := make(chan struct{})
	for i := range goroutines {
		wg.Add(1)
		go func() {
			defer wg.Done()
			<-start
			for range 5 {
				got[i] = f()
			}
		}()
	}
	close(start)
	wg.Wait()
	for _, s := range got {
		if s != got[0] || s == "" {
			t.Errorf("%s, but %s", got[0], s)
		}
	}
}

// Every value but a report that is being added to may be used by many at once.
func TestTogether(t *testing.T) {
	target := sla.Target{Within: 12 * time.Hour, Clock: office}
	table := must(sla.Published().With(plan.Business, severity.General, target))
	timeline := must(plan.NewTimeline(plan.Subscription{Plan: plan.Business, Period: calendar.Period{Start: friday, End: friday.Add(1000 * time.Hour)}}))
	c := sla.Case{Timeline: &timeline, Severity: severity.General, Opened: friday, Events: []sla.Event{
		sla.Assessed(friday.Add(time.Hour), severity.SystemImpaired),
		sla.Reclassified(friday.Add(2*time.Hour), severity.General),
		sla.Paused(friday.Add(3 * time.Hour)),
		sla.Resumed(friday.Add(30 * time.Hour)),
	}}
	policy := sla.Policy{Table: &table, NearestCovered: true}
	now := friday.Add(60 * time.Hour)
	status := must(policy.Evaluate(c, now))
	var report sla.Attainment
	if err := report.Add(status); err != nil {
		t.Fatal(err)
	}
	text := func(v any, err error) string { return fmt.Sprintf("%v %v", v, err) }
	for name, f := range map[string]func() string{
		"evaluate": func() string { return string(must(json.Marshal(must(policy.Evaluate(c, now))))) },
		"what if": func() string {
			return string(must(json.Marshal(must(policy.WhatIf(c, plan.Enterprise, severity.BusinessCritical, now)))))
		},
		"due":     func() string { return text(target.Due(friday)) },
		"met":     func() string { return text(target.Met(friday, now)) },
		"target":  func() string { return string(must(json.Marshal(target))) },
		"implies": func() string { return fmt.Sprint(target.Implies(target), target.Equal(target), target) },
		"case":    func() string { return string(must(json.Marshal(c))) },
		"event":   func() string { return string(must(json.Marshal(c.Events[0]))) + c.Events[0].String() },
		"policy":  func() string { return string(must(json.Marshal(policy))) },
		"status":  func() string { return string(must(json.Marshal(status))) },
		"resumed": func() string { return text(must(policy.Evaluate(c, friday.Add(4*time.Hour))).DueIfResumed(now)) },
		"table":   func() string { return string(must(json.Marshal(table))) },
		"cells":   func() string { return fmt.Sprint(len(slices.Collect(table.Cells()))) },
		"compare": func() string { return text(table.Compare(plan.Basic, plan.Enterprise)) },
		"nearest": func() string { n, ok := table.Nearest(plan.Basic, severity.BusinessCritical); return fmt.Sprint(n, ok) },
		"equal":   func() string { return fmt.Sprint(table.Equal(sla.Published()), table.Edition()) },
		"response": func() string {
			return fmt.Sprint(sla.Response{Severity: severity.General, Within: 24 * time.Hour, Table: &table}.MetBy(plan.Business))
		},
		"copy": func() string {
			copied := must(table.With(plan.Basic, severity.General, sla.Target{Within: time.Hour}))
			return string(must(json.Marshal(must(copied.Without(plan.Business, severity.General)).WithEdition("copy"))))
		},
		"report": func() string {
			return fmt.Sprint(report.Total(), report.Tally(plan.Business, severity.General), len(slices.Collect(report.Groups()))) + string(must(json.Marshal(&report)))
		},
		"merge": func() string {
			var own sla.Attainment
			for range 3 {
				if err := own.Merge(&report); err != nil {
					return ""
				}
			}
			return string(must(json.Marshal(&own)))
		},
		"decode": func() string {
			var c2 sla.Case
			var p2 sla.Policy
			if json.Unmarshal(must(json.Marshal(c)), &c2) != nil || json.Unmarshal(must(json.Marshal(policy)), &p2) != nil {
				return ""
			}
			return string(must(json.Marshal(must(p2.Evaluate(c2, now)))))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel() // with one another, too
			together(t, f)
		})
	}
}

// A job of many goroutines makes a report on each and merges them under a lock.
func TestReportsTogether(t *testing.T) {
	const jobs, each = 8, 25
	var all, one sla.Attainment
	var lock sync.Mutex
	var wg sync.WaitGroup
	status := func(job, i int) sla.Status {
		c := sla.Case{Plan: plan.Enterprise, Severity: severity.All()[(job+i)%4], Opened: friday, Events: []sla.Event{
			sla.Responded(friday.Add(time.Duration(job*each+i) * time.Minute)),
		}}
		return must(sla.Policy{}.Evaluate(c, friday.Add(24*time.Hour)))
	}
	for job := range jobs {
		wg.Add(1)
		go func() {
			defer wg.Done()
			var own sla.Attainment
			for i := range each {
				if err := own.Add(status(job, i)); err != nil {
					t.Error(err)
				}
			}
			lock.Lock()
			defer lock.Unlock()
			if err := all.Merge(&own); err != nil {
				t.Error(err)
			}
		}()
	}
	wg.Wait()
	for job := range jobs {
		for i := range each {
			if err := one.Add(status(job, i)); err != nil {
				t.Fatal(err)
			}
		}
	}
	if got, want := string(must(json.Marshal(&all))), string(must(json.Marshal(&one))); got != want {
		t.Errorf("%s, want %s", got, want)
	}
}
