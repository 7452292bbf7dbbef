package sla_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/supportplan/supportplan/plan"
	"github.com/supportplan/supportplan/severity"
	"github.com/supportplan/supportplan/sla"
	"github.com/supportplan/supportplan/sla/calendar"
)

// bounded runs f and fails the test if that allocates much. What takes for ever
// ends with go test's own limit of time.
func bounded(t *testing.T, megabytes uint64, f func()) {
	t.Helper()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	if n := (after.TotalAlloc - before.TotalAlloc) >> 20; n > megabytes {
		t.Errorf("allocated %d MB", n)
	}
}

// JSON that is there to do harm is refused in bounded time and memory, with the
// limit that it breaks, whatever it is read as.
func TestHostileJSON(t *testing.T) {
	event := `{"at":"2026-03-02T09:00:00Z","kind":"assessed","severity":"general"}`
	into := map[string]json.Unmarshaler{
		"case": new(sla.Case), "event": new(sla.Event), "table": new(sla.Table), "target": new(sla.Target), "policy": new(sla.Policy), "report": new(sla.Attainment),
	}
	everywhere := []struct{ text, want string }{
		{strings.Repeat("[", 100_000), "nested deeper than 32"},
		{strings.Repeat(`{"table":`, 100_000), "nested deeper than 32"},
		{`{"` + strings.Repeat("x", 5<<20) + `"}`, "over the limit of 4194304"},
		{`{"` + strings.Repeat("x", 400_000) + `":1}`, "sla: decode "},
		{strings.Repeat("9", 400_000), "want an object"},
		{"1e999999999", "want an object"},
		{`{` + strings.Repeat(`"at":1,`, 100_000) + `"at":1}`, "field appears twice"},
	}
	check := func(t *testing.T, name, text, want string) {
		t.Helper()
		bounded(t, 500, func() {
			err := into[name].UnmarshalJSON([]byte(text))
			switch {
			case err == nil:
				t.Errorf("%s: %.100s: no error", name, text)
			case !strings.Contains(err.Error(), want):
				t.Errorf("%s: %.100s: %.300v, want %q", name, text, err, want)
			case len(err.Error()) > 1000:
				t.Errorf("%s: %.100s: an error of %d bytes", name, text, len(err.Error()))
			}
		})
	}
	for name := range into {
		for _, c := range everywhere {
			check(t, name, c.text, c.want)
		}
	}
	report := func(cells string) string { return `{"cells":[` + cells + `]}` }
	cell := func(p, s, met string) string {
		return `{"plan":"` + p + `","severity":"` + s + `","met":` + met + `,"breached":0,"unanswered":0,"pending":0,"noTarget":0}`
	}
	for _, c := range []struct{ into, text, want string }{
		{"case", `{"plan":"basic","severity":"general","opened":"2026-03-02T09:00:00Z","events":[` + strings.Repeat(event+",", 99_999) + event + `]}`, "over the limit of 4194304"},
		{"case", `{"plan":"basic","severity":"general","opened":"2026-03-02T09:00:00Z","events":[` + strings.Repeat("0,", 100_000) + `0]}`, "events: invalid JSON: 100001 items are over the limit of 100000"},
		{"case", `{"plan":"` + strings.Repeat("x", 400_000) + `","severity":"general","opened":"2026-03-02T09:00:00Z"}`, "unknown plan"},
		{"case", `{"plan":"basic","severity":"general","opened":"` + strings.Repeat("2", 400_000) + `"}`, "want an RFC 3339 time"},
		{"case", `{"plan":"basic","severity":"general","opened":"0000-12-31T23:59:59Z"}`, "impossible time"},
		{"case", `{"plan":"basic","severity":"general","opened":"9999-12-31T23:59:59-01:00"}`, "impossible time"},
		{"case", `{"plan":"basic","severity":"general","opened":"0001-01-01T00:00:00+01:00"}`, "impossible time"},
		{"table", `{"edition":"","targets":{"basic":{"general":{"within":"9223372036854775808ns"}}}}`, "want a duration"},
		{"table", `{"edition":"","targets":{"basic":{"general":{"within":"1e300h"}}}}`, "want a duration"},
		{"table", `{"edition":"","targets":{"basic":{"general":{"within":"` + strings.Repeat("9999h", 100_000) + `"}}}}`, "targets.basic.general.within: invalid JSON: want a duration"},
		{"table", `{"edition":"","targets":{"basic":{"general":{"within":"1h","clock":` + strings.Repeat("[", 28) + strings.Repeat("]", 28) + `}}}}`, "want an object"},
		{"target", `{"within":"1h","clock":{"zone":"UTC","holidays":[` + strings.Repeat("0,", 100_000) + `0]}}`, "holidays: invalid JSON: 100001 items are over the limit of 100000"},
		{"report", report(strings.Repeat("{},", 16) + "{}"), "cells: invalid JSON: 17 items are over the limit of 16"},
		{"report", report(cell("basic", "general", "1000000000000001")), "want a whole number from 0 to 1000000000000000"},
		{"report", report(cell("basic", "general", "1e15")), "want a whole number"},
		{"report", report(strings.ReplaceAll(cell("basic", "general", "0"), `"pending":0`, `"pending":1000000000000000`) + "," +
			strings.ReplaceAll(cell("business", "general", "0"), `"pending":0`, `"pending":1`)), "over 1000000000000000: too many cases"},
	} {
		check(t, c.into, c.text, c.want)
	}
}

// A million events evaluate in time and memory that grow with their number.
func TestMillionEvents(t *testing.T) {
	table := sla.Published()
	for _, s := range severity.All() {
		table = must(table.With(plan.Business, s, sla.Target{Within: time.Duration(s) * 1000 * time.Hour, Clock: office}))
	}
	histories := map[string]func(i int, at time.Time) sla.Event{
		"pauses": func(i int, at time.Time) sla.Event {
			return []sla.Event{sla.Paused(at), sla.Resumed(at)}[i%2]
		},
		"closings": func(i int, at time.Time) sla.Event {
			return []sla.Event{sla.Closed(at), sla.Reopened(at)}[i%2]
		},
		"reclassifications": func(i int, at time.Time) sla.Event { return sla.Reclassified(at, severity.All()[i%4]) },
		"changes of plan":   func(i int, at time.Time) sla.Event { return sla.PlanChanged(at, plan.All()[i%4]) },
		"assessments":       func(i int, at time.Time) sla.Event { return sla.Assessed(at, severity.All()[i%4]) },
		"responses":         func(i int, at time.Time) sla.Event { return sla.Responded(at) },
	}
	for name, event := range histories {
		for _, p := range []sla.Policy{{Table: &table}, {Table: &table, OnReclassified: sla.FromChange, OnPlanChanged: sla.FromChange}} {
			n := 20_000
			if name == "pauses" && p.OnPlanChanged == sla.FromChange {
				n = 1_000_000
			}
			t.Run(fmt.Sprint(name, " ", p.OnPlanChanged), func(t *testing.T) {
				c := sla.Case{Plan: plan.Business, Severity: severity.General, Opened: friday, Events: make([]sla.Event, n)}
				at := friday
				for i := range c.Events {
					at = at.Add(time.Second)
					c.Events[i] = event(i, at)
				}
				bounded(t, 1000, func() {
					st := must(p.Evaluate(c, at))
					if got := st.Explanation[len(st.Explanation)-1].End; !got.Equal(at) {
						t.Errorf("explained until %v, want %v", got, at)
					}
				})
			})
		}
	}
}

// Durations near the limits, instants at the ends of time: an answer or an
// error, and no panic.
func TestHostileArguments(t *testing.T) {
	never := mustCalendar(calendar.Spec{Location: time.UTC, Special: map[calendar.Date][]calendar.Shift{{Year: 1, Month: 1, Day: 1}: {{Close: calendar.Hour}}}})
	known := []error{sla.ErrTarget, sla.ErrTime, calendar.ErrNoHours}
	isKnown := func(err error) bool {
		for _, k := range known {
			if errors.Is(err, k) {
				return true
			}
		}
		return err == nil
	}
	instants := []time.Time{
		{}, at("0001-01-01T00:00:00.000000001Z"), at("9999-12-31T23:59:59.999999999Z"), friday, time.Unix(math.MaxInt64/2, 0), time.Unix(math.MinInt64/2, 0),
		at("1734-01-01T00:00:00Z"), at("2026-03-08T07:00:00Z"),
	}
	for _, clock := range []calendar.Calendar{calendar.Always(), office, never} {
		for _, within := range []time.Duration{math.MinInt64, -1, 0, 1, 99, 100, 101, math.MaxInt64 - 1, math.MaxInt64} {
			target := sla.Target{Within: within, Clock: clock}
			table, err := sla.Table{}.With(plan.Basic, severity.General, target)
			if !isKnown(err) || (err == nil) != (within > 0) {
				t.Errorf("%v: %v", target, err)
			}
			p := sla.Policy{Table: &table}
			for _, a := range instants {
				if _, err := target.Due(a); !isKnown(err) {
					t.Errorf("%v.Due(%v): %v", target, a, err)
				}
				for _, b := range instants {
					if _, err := target.Met(a, b); !isKnown(err) {
						t.Errorf("%v.Met(%v, %v): %v", target, a, b, err)
					}
					c := sla.Case{Plan: plan.Basic, Severity: severity.General, Opened: a}
					st, err := p.Evaluate(c, b)
					if !isKnown(err) {
						t.Errorf("%v: evaluate %v at %v: %v", target, a, b, err)
					}
					if err != nil {
						continue
					}
					if _, err := json.Marshal(st); err != nil {
						t.Errorf("%v: %v", st, err)
					}
					c.Events = []sla.Event{sla.Paused(a)}
					if st, err = p.Evaluate(c, b); err != nil {
						continue
					}
					if _, err := st.DueIfResumed(b); !isKnown(err) && !errors.Is(err, sla.ErrNotPaused) {
						t.Errorf("%v: due if resumed at %v: %v", target, b, err)
					}
				}
			}
		}
	}
}

// A report that is as large as may be is written, read and merged; a larger one
// is refused.
func TestLargestReport(t *testing.T) {
	var a sla.Attainment
	c := sla.Case{Plan: plan.Basic, Severity: severity.General, Opened: friday, Events: []sla.Event{sla.Responded(friday)}}
	status := must(sla.Policy{}.Evaluate(c, friday))
	fill := func(n int) {
		for range n {
			status.Elapsed++
			if err := a.Add(status); err != nil {
				t.Fatal(err)
			}
		}
	}
	bounded(t, 2000, func() {
		fill(50_000)
		data := must(json.Marshal(&a))
		var b sla.Attainment
		if err := json.Unmarshal(data, &b); err != nil {
			t.Fatal(err)
		}
		for range 3 {
			if err := b.Merge(&a); err != nil {
				t.Fatal(err)
			}
		}
		if n := b.Total().Cases(); n != 200_000 {
			t.Errorf("%d cases", n)
		}
		fill(100_000)
		if data, err := json.Marshal(&a); !errors.Is(err, sla.ErrTooMany) || !strings.Contains(err.Error(), "over the limit of 4194304") {
			t.Errorf("%d bytes, %v", len(data), err)
		}
	})
}
