package sla_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/supportplan/supportplan/plan"
	"github.com/supportplan/supportplan/severity"
	"github.com/supportplan/supportplan/sla"
	"github.com/supportplan/supportplan/sla/calendar"
)

// at reads an instant.
func at(s string) time.Time {
	t, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		panic(err)
	}
	return t
}

// office is open on weekdays from 8 to 18 in Berlin, but for a holiday.
var office = mustCalendar(calendar.Spec{
	Location: mustZone("Europe/Berlin"),
	Week:     calendar.Weekdays(calendar.Shift{Open: 8 * calendar.Hour, Close: 18 * calendar.Hour}),
	Holidays: []calendar.Holiday{{Date: calendar.Date{Year: 2026, Month: time.January, Day: 6}}},
})

func mustZone(name string) *time.Location {
	loc, err := time.LoadLocation(name)
	if err != nil {
		panic(err)
	}
	return loc
}

func mustCalendar(s calendar.Spec) calendar.Calendar {
	c, err := calendar.New(s)
	if err != nil {
		panic(err)
	}
	return c
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// Every cell of the published table, and nothing else, over all 65,536 pairs.
func TestPublished(t *testing.T) {
	type cell struct {
		p plan.Plan
		s severity.Severity
	}
	want := map[cell]string{
		{plan.Basic, severity.General}:                 "< 16h",
		{plan.Developer, severity.General}:             "< 16h",
		{plan.Business, severity.General}:              "< 16h",
		{plan.Enterprise, severity.General}:            "< 8h",
		{plan.Developer, severity.SystemImpaired}:      "< 8h",
		{plan.Business, severity.SystemImpaired}:       "< 8h",
		{plan.Enterprise, severity.SystemImpaired}:     "< 4h",
		{plan.Business, severity.ProductionImpacted}:   "< 30m",
		{plan.Enterprise, severity.ProductionImpacted}: "< 20m",
		{plan.Enterprise, severity.BusinessCritical}:   "< 15m",
	}
	got := make(map[cell]string)
	table := sla.Published()
	for p := range 256 {
		for s := range 256 {
			c := cell{plan.Plan(p), severity.Severity(s)}
			target, ok := table.Target(c.p, c.s)
			if ok {
				got[c] = target.String()
			} else if target.IsValid() {
				t.Errorf("Target(%v, %v) = %v, false", c.p, c.s, target)
			}
		}
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if got, want := table.Edition(), "2023-09-15"; got != want {
		t.Errorf("Edition = %q, want %q", got, want)
	}
}

// D1: an answer at exactly the target is a breach.
func TestD1(t *testing.T) {
	opened := at("2026-03-02T10:00:00Z")
	for c := range sla.Published().Cells() {
		due, err := c.Target.Due(opened)
		if err != nil {
			t.Fatal(err)
		}
		if want := opened.Add(c.Target.Within); !due.Equal(want) {
			t.Errorf("%v %v: due %v, want %v", c.Plan, c.Severity, due, want)
		}
		for _, r := range []struct {
			at   time.Time
			want bool
		}{{opened, true}, {due.Add(-1), true}, {due, false}, {due.Add(1), false}} {
			if got, err := c.Target.Met(opened, r.at); err != nil || got != r.want {
				t.Errorf("%v %v: Met at %v = %v, %v, want %v", c.Plan, c.Severity, r.at, got, err, r.want)
			}
		}
	}
}

// D2: no target is an answer; falling back to the nearest covered severity is
// another question.
func TestD2(t *testing.T) {
	const none = 0
	// By plan, the severity whose target Nearest answers with, by the asked one.
	want := map[plan.Plan][5]severity.Severity{
		plan.Basic:      {none, severity.General, severity.General, severity.General, severity.General},
		plan.Developer:  {none, severity.General, severity.SystemImpaired, severity.SystemImpaired, severity.SystemImpaired},
		plan.Business:   {none, severity.General, severity.SystemImpaired, severity.ProductionImpacted, severity.ProductionImpacted},
		plan.Enterprise: {none, severity.General, severity.SystemImpaired, severity.ProductionImpacted, severity.BusinessCritical},
	}
	table := sla.Published()
	for p := range 256 {
		for s := range 256 {
			p, s := plan.Plan(p), severity.Severity(s)
			got, ok := table.Nearest(p, s)
			var listed severity.Severity
			if int(s) < len(want[p]) {
				listed = want[p][s]
			}
			if ok != (listed != none) || got.Severity != listed || got.Fallback != (ok && listed != s) {
				t.Errorf("Nearest(%v, %v) = %+v, %v, want the target at %v", p, s, got, ok, listed)
			}
			if target, _ := table.Target(p, listed); !got.Target.Equal(target) {
				t.Errorf("Nearest(%v, %v) = %v, want %v", p, s, got.Target, target)
			}
		}
	}
	if target, ok := table.Target(plan.Basic, severity.SystemImpaired); ok || target.Within != 0 {
		t.Errorf("Basic at system-impaired: %v, %v", target, ok)
	}
	bare := must(table.Without(plan.Basic, severity.General))
	if n, ok := bare.Nearest(plan.Basic, severity.BusinessCritical); ok || n.Severity != none {
		t.Errorf("with nothing below: %+v, %v", n, ok)
	}
}

func TestWith(t *testing.T) {
	before := sla.Published()
	hour := sla.Target{Within: time.Hour}
	table, err := before.With(plan.Basic, severity.BusinessCritical, hour)
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := sla.Published().Target(plan.Basic, severity.BusinessCritical); ok {
		t.Error("With changed the published table")
	}
	if got, ok := table.Target(plan.Basic, severity.BusinessCritical); !ok || !got.Equal(hour) {
		t.Errorf("With: %v, %v", got, ok)
	}
	if table.Edition() != before.Edition() || table.Equal(before) {
		t.Errorf("edition %q, equal to the published: %v", table.Edition(), table.Equal(before))
	}
	back, err := table.Without(plan.Basic, severity.BusinessCritical)
	if err != nil || !back.Equal(before) {
		t.Errorf("Without: %v, not the published table", err)
	}
	mine := table.WithEdition("contract 7")
	if mine.Edition() != "contract 7" || table.Edition() != "2023-09-15" || mine.Equal(table) {
		t.Errorf("editions %q, %q", mine.Edition(), table.Edition())
	}

	for _, c := range []struct {
		p    plan.Plan
		s    severity.Severity
		in   sla.Target
		want error
		text string
	}{
		{0, severity.General, hour, plan.ErrUnknown, "sla: table with Plan(0): unknown plan"},
		{9, severity.General, hour, plan.ErrUnknown, "sla: table with Plan(9): unknown plan"},
		{plan.Basic, 0, hour, severity.ErrUnknown, "sla: table with Severity(0): unknown severity"},
		{plan.Basic, 5, hour, severity.ErrUnknown, "sla: table with Severity(5): unknown severity"},
		{plan.Basic, severity.General, sla.Target{}, sla.ErrTarget, "sla: table with: target within 0s: not a target"},
		{plan.Basic, severity.General, sla.Target{Within: -1}, sla.ErrTarget, "sla: table with: target within -1ns: not a target"},
	} {
		got, err := before.With(c.p, c.s, c.in)
		if !errors.Is(err, c.want) || err.Error() != c.text {
			t.Errorf("With(%v, %v, %v): %v", c.p, c.s, c.in, err)
		}
		if !got.Equal(sla.Table{}) {
			t.Errorf("With(%v, %v, %v) is not the zero table", c.p, c.s, c.in)
		}
	}
	if _, err := before.Without(0, severity.General); !errors.Is(err, plan.ErrUnknown) || err.Error() != "sla: table without Plan(0): unknown plan" {
		t.Error(err)
	}
	if _, err := before.Without(plan.Basic, 0); !errors.Is(err, severity.ErrUnknown) {
		t.Error(err)
	}
}

func TestZeroTable(t *testing.T) {
	var zero sla.Table
	if _, ok := zero.Target(plan.Basic, severity.General); ok || zero.Edition() != "" {
		t.Error("the zero table lists something")
	}
	table := must(zero.With(plan.Basic, severity.General, sla.Target{Within: 1}))
	n := 0
	for c := range table.Cells() {
		n++
		if c.Plan != plan.Basic || c.Severity != severity.General || c.Target.Within != 1 {
			t.Errorf("%+v", c)
		}
	}
	if n != 1 {
		t.Errorf("%d cells", n)
	}
}

func TestCells(t *testing.T) {
	var got []string
	for c := range sla.Published().Cells() {
		got = append(got, fmt.Sprint(c.Plan, " ", c.Severity))
	}
	want := []string{
		"basic general", "developer general", "developer system-impaired", "business general", "business system-impaired",
		"business production-impacted", "enterprise general", "enterprise system-impaired", "enterprise production-impacted",
		"enterprise business-critical",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	for range sla.Published().Cells() {
		break // must not be yielded to again
	}
}

func TestTableJSON(t *testing.T) {
	table := must(sla.Published().With(plan.Developer, severity.General, sla.Target{Within: 12 * time.Hour, Clock: office})).WithEdition("mine")
	for _, want := range []sla.Table{sla.Published(), {}, table} {
		data, err := json.Marshal(want)
		if err != nil {
			t.Fatal(err)
		}
		var got sla.Table
		if err := json.Unmarshal(data, &got); err != nil || !got.Equal(want) {
			t.Errorf("%s: %v", data, err)
		}
	}
	data := must(json.Marshal(sla.Published()))
	const want = `{"edition":"2023-09-15","targets":{` +
		`"basic":{"general":{"within":"16h0m0s"}},` +
		`"business":{"general":{"within":"16h0m0s"},"production-impacted":{"within":"30m0s"},"system-impaired":{"within":"8h0m0s"}},` +
		`"developer":{"general":{"within":"16h0m0s"},"system-impaired":{"within":"8h0m0s"}},` +
		`"enterprise":{"business-critical":{"within":"15m0s"},"general":{"within":"8h0m0s"},"production-impacted":{"within":"20m0s"},"system-impaired":{"within":"4h0m0s"}}}}`
	if d := cmp.Diff(want, string(data)); d != "" {
		t.Error(d)
	}

	for _, c := range []struct {
		in   string
		want error
		text string
	}{
		{`{}`, sla.ErrJSON, `sla: decode table: edition: invalid JSON: field is missing`},
		{`{"edition":""}`, sla.ErrJSON, `sla: decode table: targets: invalid JSON: field is missing`},
		{`{"edition":"","targets":null}`, sla.ErrJSON, `sla: decode table: targets: invalid JSON: want an object, not null`},
		{`{"edition":"","targets":{},"x":1}`, sla.ErrJSON, `sla: decode table: x: invalid JSON: unknown field`},
		{`{"edition":"","targets":{"Basic":{}}}`, plan.ErrUnknown, `sla: decode table: targets.Basic: "Basic": unknown plan`},
		{`{"edition":"","targets":{"basic":{"urgent":{"within":"1h"}}}}`, severity.ErrUnknown, `sla: decode table: targets.basic.urgent: "urgent": unknown severity`},
		{`{"edition":"","targets":{"basic":{"general":{"within":"0s"}}}}`, sla.ErrTarget, `sla: decode table: targets.basic.general.within: "0s": not a target`},
		{`{"edition":"","targets":{"basic":{"general":{"within":"soon"}}}}`, sla.ErrJSON, `sla: decode table: targets.basic.general.within: invalid JSON: want a duration, not the string "soon"`},
		{`{"edition":"","targets":{"basic":{"general":{"within":"1h","clock":null}}}}`, sla.ErrJSON, ``},
		{`{"edition":"","targets":{"basic":{"general":{}}}}`, sla.ErrJSON, `sla: decode table: targets.basic.general.within: invalid JSON: field is missing`},
	} {
		got := table
		err := json.Unmarshal([]byte(c.in), &got)
		if !errors.Is(err, c.want) || c.text != "" && err.Error() != c.text {
			t.Errorf("%s:\n got %v\nwant %s", c.in, err, c.text)
		}
		if !got.Equal(table) {
			t.Errorf("%s: the table has changed", c.in)
		}
	}
}
