package sla_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/supportplan/supportplan/plan"
	"github.com/supportplan/supportplan/severity"
	"github.com/supportplan/supportplan/sla"
	"github.com/supportplan/supportplan/sla/clock"
)

// statusOf is the status of a Business case, evaluated after a hundred hours.
func statusOf(t *testing.T, s severity.Severity, events ...sla.Event) sla.Status {
	t.Helper()
	st, err := sla.Published().Evaluate(sla.Case{Plan: plan.Business, Severity: s, Opened: opened, Events: events}, after(100*h))
	if err != nil {
		t.Fatal(err)
	}
	return st
}

func TestAttainment(t *testing.T) {
	var a sla.Attainment
	statuses := []sla.Status{
		statusOf(t, general, sla.Responded(after(2*h))),                                       // met
		statusOf(t, general, sla.Responded(after(h)), sla.Reclassified(after(2*h), critical)), // met as general
		statusOf(t, general, sla.Responded(after(2*h))),
		statusOf(t, general, sla.Responded(after(16*h))), // breached
		statusOf(t, general),                       // breached, not answered
		statusOf(t, general, sla.Closed(after(h))), // unanswered
		statusOf(t, general, paused(after(h))),     // pending
		statusOf(t, impacted, sla.Reclassified(after(h), general), sla.Responded(after(2*h))),                      // breached as impacted
		statusOf(t, impacted, sla.Responded(after(10*m)), sla.PlanChanged(after(h), plan.Enterprise)),              // met on Business
		statusOf(t, critical, sla.Responded(after(h))),                                                             // no target
		statusOf(t, critical, sla.Responded(after(h)), sla.PlanChanged(after(2*h), plan.Enterprise)),               // no target on Business
		statusOf(t, critical, sla.PlanChanged(after(10*m), plan.Enterprise), sla.Responded(after(12*time.Minute))), // met on Enterprise
	}
	for _, st := range statuses {
		if err := a.Add(st); err != nil {
			t.Fatal(err)
		}
	}
	got := make(map[string]string)
	for _, g := range a.Groups() {
		if g.Metric != clock.MetricFirstResponse {
			if c := g.Tally.Counts(); c.NoTarget != c.Total() {
				t.Errorf("%s: %+v", g.Metric, c)
			}
			continue
		}
		got[fmt.Sprint(g.Plan, " ", g.Severity)] = fmt.Sprint(g.Tally.Counts(), g.Tally.Times())
		if !g.Tally.Equal(a.Tally(g.Metric, g.Plan, g.Severity)) {
			t.Errorf("%+v", g)
		}
	}
	want := map[string]string{
		"business general":             "{3 2 1 0 1 0} [{1h0m0s 1} {2h0m0s 2} {16h0m0s 1}]",
		"business production-impacted": "{1 1 0 0 0 0} [{10m0s 1} {2h0m0s 1}]",
		"business business-critical":   "{0 0 0 0 0 2} []",
		"enterprise business-critical": "{1 0 0 0 0 0} [{12m0s 1}]",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff(clock.Counts{Met: 5, Breached: 3, Unanswered: 1, Pending: 1, NoTarget: 2}, a.Total(clock.MetricFirstResponse).Counts()); d != "" {
		t.Error(d)
	}
	if n := a.Total(clock.MetricResolution).Counts(); n.NoTarget != 12 || n.Total() != 12 {
		t.Errorf("%+v", n)
	}

	// Stored, merged and coarsened, it says the same; taken out, nothing.
	var b sla.Attainment
	if err := json.Unmarshal(must(json.Marshal(a)), &b); err != nil || !a.Equal(b) {
		t.Fatal(err)
	}
	var empty, coarse sla.Attainment
	fine := a
	if err := errors.Join(empty.Coarsen(time.Hour), coarse.Coarsen(time.Hour)); err != nil {
		t.Fatal(err)
	}
	for _, err := range []error{coarse.Merge(&a), coarse.Merge(nil), fine.Merge(&empty), a.Coarsen(time.Hour)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	if !coarse.Equal(a) || !fine.Equal(a) {
		t.Error("coarsened before and after differ")
	}
	if err := json.Unmarshal(must(json.Marshal(coarse)), &b); err != nil || !coarse.Equal(b) {
		t.Fatal(err)
	}
	for _, st := range statuses {
		if err := b.Remove(st); err != nil {
			t.Fatal(err)
		}
	}
	if got := b.Groups(); got != nil {
		t.Errorf("%+v", got)
	}
	if err := b.Remove(statuses[0]); !errors.Is(err, sla.ErrInvalid) || len(b.Groups()) > 0 {
		t.Error(err)
	}
}

// A metric that has a target and no cycle is not counted.
func TestIdleMetricIsNotCounted(t *testing.T) {
	hour := clock.Target{Within: h}
	policy := sla.Policy{Table: must(sla.Table{}.With("all", sla.Cell{Plan: plan.Business, Severity: general, Targets: clock.Targets{FirstResponse: hour, NextResponse: hour, Update: hour}}))}
	var a sla.Attainment
	if err := a.Add(must(policy.Evaluate(sla.Case{Plan: plan.Business, Severity: general, Opened: opened}, after(m)))); err != nil {
		t.Fatal(err)
	}
	got := make(map[clock.Metric]clock.Counts)
	for _, g := range a.Groups() {
		got[g.Metric] = g.Tally.Counts()
	}
	want := map[clock.Metric]clock.Counts{clock.MetricFirstResponse: {Pending: 1}, clock.MetricResolution: {NoTarget: 1}}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

func TestAttainmentErrors(t *testing.T) {
	var a sla.Attainment
	bad := statusOf(t, general, sla.Responded(after(h)))
	bad.FirstResponse.Name = "P1"
	lost := statusOf(t, general)
	lost.Resolution.Outcome = "lost"
	lost.Resolution.Started = opened
	lost.Resolution.Name = "basic general"
	ofNoPlan := statusOf(t, general, sla.Responded(after(h)))
	ofNoPlan.Plan = 0 // of the metrics without target
	for _, st := range []sla.Status{{}, bad, lost, ofNoPlan} {
		if err := a.Add(st); !errors.Is(err, sla.ErrInvalid) || len(a.Groups()) > 0 {
			t.Errorf("%v, %+v", err, a.Groups())
		}
	}
	if err := a.Coarsen(time.Minute); err != nil {
		t.Fatal(err)
	}
	var seven sla.Attainment
	if err := seven.Coarsen(7 * time.Second); err != nil {
		t.Fatal(err)
	}
	if err := a.Merge(&seven); !errors.Is(err, sla.ErrInvalid) {
		t.Error(err)
	}
	if err := a.Coarsen(time.Second); !errors.Is(err, sla.ErrInvalid) {
		t.Error(err)
	}
	if got := a.Tally(clock.MetricUpdate, 9, general); got.Counts().Total() != 0 {
		t.Error(got)
	}
	cell := `{"metric":"update","plan":"basic","severity":"general","met":0,"breached":0,"unanswered":0,"cleared":1,"pending":0,"noTarget":0}`
	for in, want := range map[string]string{
		`{"cells":[` + cell + `,` + cell + `]}`:                                      "cells[1]: update of basic at general: stands twice",
		`{"cells":[` + strings.Replace(cell, `"cleared":1`, `"cleared":0`, 1) + `]}`: "cells[0]: update of basic at general: counts nothing",
		`{"resolution":"1m","cells":[` + cell + `]}`:                                 "cells[0]: resolution 0s: want that of the report, 1m0s",
		`{"resolution":"-1m","cells":[]}`:                                            "resolution: want a positive duration",
		`{"cells":[` + strings.Replace(cell, `"update"`, `"Update"`, 1) + `]}`:       `cells[0].metric: "Update": unknown metric; want one of`,
		`{"cells":[` + strings.Replace(cell, `"met":0`, `"met":1`, 1) + `]}`:         "cells[0].metTimes: 0 response times of 1 cycles",
		`{"cells":[` + strings.Replace(cell, `"met":0`, `"met":"0"`, 1) + `]}`:       "cells[0].met: invalid JSON: want a whole number",
		`{"cells":[` + strings.Repeat(cell+",", 64) + cell + `]}`:                    "cells: invalid JSON: 65 items are over the limit of 64",
		`{"format":2,"cells":[]}`:                                                    "format: 2: this version reads up to 1: written by a newer version",
	} {
		err := json.Unmarshal([]byte(in), new(sla.Attainment))
		if err == nil || !strings.HasPrefix(err.Error(), "sla: decode attainment: "+want) {
			t.Errorf("%s: %v, want %s", in, err, want)
		}
		var f *sla.FieldError
		if !errors.As(err, &f) || !strings.HasPrefix(want, f.Path+": ") {
			t.Errorf("the field of %v", err)
		}
	}
}

// A report that is too large to be read is not written.
func TestLargeReport(t *testing.T) {
	if testing.Short() {
		t.Skip("writes 16 MiB")
	}
	const n = 900_000 // times of ten digits for each cell
	var times strings.Builder
	for range n {
		times.WriteString("1000000000 ")
	}
	var all sla.Attainment
	for i, s := range []string{"general", "system-impaired"} {
		var part sla.Attainment
		in := fmt.Sprintf(`{"format":1,"cells":[{"metric":"first-response","plan":"business","severity":"%s","met":%d,"breached":0,"unanswered":0,"cleared":0,"pending":0,"noTarget":0,"metTimes":"%s"}]}`,
			s, n, strings.TrimSuffix(times.String(), " "))
		if err := json.Unmarshal([]byte(in), &part); err != nil {
			t.Fatal(err)
		}
		if err := all.Merge(&part); err != nil {
			t.Fatal(err)
		}
		data, err := all.MarshalJSON()
		if i == 0 && (err != nil || len(data) != len(in)) {
			t.Errorf("%d bytes, %v", len(data), err)
		}
		if i == 1 && (!errors.Is(err, sla.ErrInvalid) || !strings.Contains(err.Error(), "want 16777216 at most, by a coarser resolution") || data != nil) {
			t.Errorf("%d bytes, %v", len(data), err)
		}
	}
}

// A breached case's response time is measured by the target that it breached,
// from the start of that target's measurement.
func TestResponseTimeFollowsBreach(t *testing.T) {
	table := must(sla.Published().Table.With("office", answerIn(plan.Enterprise, general, clock.Target{Within: 8 * h, Calendar: office})))
	saturday := at("2026-03-07T10:00:00Z")
	restart := sla.Published()
	restart.OnReclassified = clock.MeasureRestart
	for name, c := range map[string]struct {
		policy sla.Policy
		answer time.Duration
	}{
		"published, restarted":    {restart, 25 * m},
		"lowered to office hours": {sla.Policy{Table: table}, 24 * h},
		"lowered and restarted":   {sla.Policy{Table: table, OnReclassified: clock.MeasureRestart}, 25 * m},
	} {
		st := must(c.policy.Evaluate(sla.Case{Plan: plan.Enterprise, Severity: critical, Opened: saturday, Events: []sla.Event{
			sla.Reclassified(saturday.Add(20*m), general), sla.Responded(saturday.Add(c.answer)),
		}}, saturday.Add(48*h)))
		var a sla.Attainment
		if err := a.Add(st); err != nil {
			t.Fatal(err)
		}
		want := []clock.ResponseTime{{After: c.answer, Cycles: 1}}
		if d := cmp.Diff(want, a.Tally(clock.MetricFirstResponse, plan.Enterprise, critical).Times()); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
}
