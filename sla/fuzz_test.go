package sla_test

import (
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/supportplan/supportplan/internal/formtest"
	"github.com/supportplan/supportplan/plan"
	"github.com/supportplan/supportplan/severity"
	"github.com/supportplan/supportplan/sla"
	"github.com/supportplan/supportplan/sla/calendar"
	"github.com/supportplan/supportplan/sla/clock"
)

// told are the sentinels that the docs name for inputs.
var told = []error{sla.ErrInvalid, sla.ErrHistory, clock.ErrNewer, clock.ErrTime, plan.ErrUnknown, plan.ErrInvalid, severity.ErrUnknown, calendar.ErrInvalid}

// evaluated evaluates one case by two policies, or two cases by one, that must
// answer alike. What is evaluated explains itself, and is counted.
func evaluated(t *testing.T, p, q sla.Policy, c, d sla.Case, now time.Time) {
	t.Helper()
	a, err1 := p.Evaluate(c, now)
	b, err2 := q.Evaluate(d, now)
	if (err1 == nil) != (err2 == nil) || err1 != nil && !formtest.IsTold(err1, told) {
		t.Fatalf("%v, %v", err1, err2)
	}
	if diff := cmp.Diff(a, b); diff != "" {
		t.Fatal(diff)
	}
	if err1 != nil {
		return
	}
	if !a.NextChange.IsZero() && !a.NextChange.After(now) {
		t.Fatalf("next change at %v, now %v", a.NextChange, now)
	}
	var report sla.Attainment
	if err := report.Add(a); err != nil {
		t.Fatal(err)
	}
	if err := report.Remove(a); err != nil || !report.Equal(sla.Attainment{}) {
		t.Fatal(err)
	}
}

// What decodes as a case encodes, decodes to the same, and evaluates alike.
func FuzzCaseJSON(f *testing.F) {
	for _, s := range []string{
		`{"plan":"business","severity":"general","opened":"2026-03-02T09:00:00Z"}`,
		`{"timeline":{"subscriptions":[{"plan":"business","start":"2026-03-02T09:00:00Z","end":"2026-03-02T10:00:00Z"}]},"severity":"business-critical","opened":"2026-03-02T09:00:00Z",` +
			`"events":[{"at":"2026-03-02T08:00:00Z","kind":"paused"},{"at":"2026-03-02T09:00:00Z","kind":"assessed","severity":"general"}]}`,
		`{"plan":"basic","severity":"general","opened":"0001-01-01T00:00:00.000000001Z","events":[{"at":"9999-12-31T23:59:59Z","kind":"plan-changed","plan":"enterprise"}]}`,
		`{"plan":"enterprise","severity":"general","opened":"2026-03-02T09:00:00Z","events":[{"at":"2026-03-02T09:00:00Z","kind":"customer-reply"},` +
			`{"at":"2026-03-02T10:00:00Z","kind":"responded"},{"at":"2026-03-02T11:00:00Z","kind":"closed"},{"at":"2026-03-02T12:00:00Z","kind":"reopened"}]}`,
		`{"plan":"basic","severity":"general","opened":null,"events":[]}`, `{"plan":"basic","plan":"basic"}`, `[`,
	} {
		f.Add([]byte(s))
	}
	p := sla.Published()
	p.NearestCovered = true
	f.Fuzz(func(t *testing.T, data []byte) {
		var c, d sla.Case
		if formtest.RoundTrip(t, data, &c, &d, told) {
			evaluated(t, p, p, c, d, c.Opened)
			evaluated(t, p, p, c, d, c.Opened.Add(30*time.Hour))
		}
	})
}

// What decodes as a policy, with its table, encodes, decodes to the same, and
// evaluates alike.
func FuzzPolicyJSON(f *testing.F) {
	f.Add(must(json.Marshal(sla.Published())))
	for _, s := range []string{
		string(must(json.Marshal(sla.Policy{Table: must(sla.Published().Table.With("x", answerIn(plan.Basic, severity.General, clock.Target{Within: time.Hour, Calendar: office})))}))),
		`{"table":{"edition":"x","targets":{}},"onReclassified":"keep-counting","onPlanChanged":"retroactive","nearestCovered":true}`,
		`{"table":{"edition":"","targets":{}}}`, `{"table":null}`, `{"onReclassified":"Restart"}`, `{}`, `[]`,
	} {
		f.Add([]byte(s))
	}
	at := time.Date(2026, 3, 6, 9, 0, 0, 0, time.UTC)
	c := sla.Case{Plan: plan.Basic, Severity: severity.SystemImpaired, Opened: at, Events: []sla.Event{
		sla.Paused(at.Add(time.Minute), ""), sla.Resumed(at.Add(time.Hour), ""),
		sla.Reclassified(at.Add(2*time.Hour), severity.General), sla.PlanChanged(at.Add(3*time.Hour), plan.Enterprise),
	}}
	f.Fuzz(func(t *testing.T, data []byte) {
		var p, q sla.Policy
		if formtest.RoundTrip(t, data, &p, &q, told) {
			evaluated(t, p, q, c, c, at.Add(4*time.Hour))
		}
	})
}

// What decodes as a report encodes and decodes to the same.
func FuzzAttainmentJSON(f *testing.F) {
	for _, s := range []string{
		`{"cells":[]}`,
		`{"format":1,"resolution":"1m","cells":[{"metric":"first-response","plan":"basic","severity":"general","resolution":"1m","met":2,"breached":1,"unanswered":1,"cleared":0,"pending":0,"noTarget":0,"metTimes":"15 20"}]}`,
		`{"cells":[{"metric":"update","plan":"basic","severity":"general","met":1e9}]}`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var a, b sla.Attainment
		if !formtest.RoundTrip(t, data, &a, &b, told) {
			return
		}
		if !a.Equal(b) {
			t.Fatalf("%s: %v and %v", data, a, b)
		}
		for _, m := range clock.Metrics() {
			total := a.Total(m)
			if _, ok := total.Percentile(50); ok != (len(total.Times()) > 0) {
				t.Fatalf("%s: a median, %v, of %d times", data, ok, len(total.Times()))
			}
		}
	})
}

// Any history, however absurd, is evaluated or refused.
func FuzzEvaluate(f *testing.F) {
	kinds := []sla.Kind{
		"", sla.KindAssessed, sla.KindReclassified, sla.KindPlanChanged, sla.KindPaused, sla.KindResumed, sla.KindResponded, sla.KindClosed, sla.KindReopened, sla.KindCustomerReply,
	}
	f.Add(int64(0), int64(100), uint8(3), uint8(1), uint8(0), []byte{4, 10, 0, 5, 20, 0, 6, 30, 0})
	f.Add(int64(1)<<62, int64(1)<<62, uint8(4), uint8(4), uint8(255), []byte{1, 0, 3, 2, 5, 1, 3, 5, 4, 7, 9, 0, 8, 200, 0})
	f.Add(int64(-1)<<63, int64(-1), uint8(0), uint8(9), uint8(3), []byte{4, 255, 0, 4, 1, 0})
	table := must(sla.Published().Table.With("fuzz", sla.Cell{Plan: plan.Basic, Severity: severity.SystemImpaired, Targets: clock.Targets{
		FirstResponse: clock.Target{Within: time.Hour, Calendar: office}, NextResponse: clock.Target{Within: time.Hour},
		Update: clock.Target{Within: 2 * time.Hour}, Resolution: clock.Target{Within: 8 * time.Hour, Calendar: office},
	}}))
	measures := []clock.Measure{"", clock.MeasureRestart, clock.MeasureRetroactive, clock.MeasureKeepCounting}
	f.Fuzz(func(t *testing.T, opened, length int64, p, s, policy uint8, events []byte) {
		c := sla.Case{Plan: plan.Plan(p), Severity: severity.Severity(s), Opened: time.Unix(opened, 0)}
		at := c.Opened
		for ; len(events) >= 3; events = events[3:] {
			at = at.Add(time.Duration(int8(events[1])) * time.Minute)
			e := sla.Event{At: at, Kind: kinds[int(events[0])%len(kinds)]}
			switch e.Kind {
			case sla.KindAssessed, sla.KindReclassified:
				e.Severity = severity.Severity(events[2])
			case sla.KindPlanChanged:
				e.Plan = plan.Plan(events[2])
			}
			c.Events = append(c.Events, e)
		}
		pol := sla.Policy{Table: table, OnReclassified: measures[policy&3], OnPlanChanged: measures[policy>>2&3], NearestCovered: policy&32 != 0}
		pol.Conventions.FirstResponse.CountPauses = policy&16 != 0
		evaluated(t, pol, pol, c, c, c.Opened.Add(time.Duration(length)))
		if clean, _, err := c.Normalized(); err == nil {
			if _, err := pol.Evaluate(clean, at.Add(time.Hour)); err != nil && !errors.Is(err, clock.ErrTime) {
				t.Fatalf("normalized: %v", err)
			}
		} else if !formtest.IsTold(err, told) {
			t.Fatal(err)
		}
	})
}
