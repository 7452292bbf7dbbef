package sla_test

import (
	"bytes"
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/supportplan/supportplan/plan"
	"github.com/supportplan/supportplan/severity"
	"github.com/supportplan/supportplan/sla"
)

// What decodes as a case encodes, decodes to the same, and evaluates or errs.
func FuzzCaseJSON(f *testing.F) {
	for _, s := range []string{
		`{"plan":"business","severity":"general","opened":"2026-03-02T09:00:00Z"}`,
		`{"timeline":{"subscriptions":[{"plan":"business","start":"2026-03-02T09:00:00Z","end":"2026-03-02T10:00:00Z"}]},"severity":"business-critical","opened":"2026-03-02T09:00:00Z","events":[{"at":"2026-03-02T08:00:00Z","kind":"paused"},{"at":"2026-03-02T09:00:00Z","kind":"assessed","severity":"general"}]}`,
		`{"plan":"basic","severity":"general","opened":"0001-01-01T00:00:00.000000001Z","events":[{"at":"9999-12-31T23:59:59Z","kind":"plan-changed","plan":"enterprise"}]}`,
		`{"plan":"basic","severity":"general","opened":null,"events":[]}`,
		`{"plan":"basic","plan":"basic"}`,
		`[`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var c, d sla.Case
		if json.Unmarshal(data, &c) != nil {
			return
		}
		again, err := json.Marshal(c)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(again, &d); err != nil {
			t.Fatal(err)
		}
		if third := must(json.Marshal(d)); !bytes.Equal(again, third) {
			t.Fatalf("%s, then %s", again, third)
		}
		now := c.Opened.Add(30 * time.Hour)
		a, err1 := sla.Policy{}.Evaluate(c, now)
		b, err2 := sla.Policy{}.Evaluate(d, now)
		if (err1 == nil) != (err2 == nil) || !cmp.Equal(a, b, compare) {
			t.Fatalf("%v, %v\n%v, %v", a, err1, b, err2)
		}
	})
}

// What decodes as a table encodes and decodes to the same.
func FuzzTableJSON(f *testing.F) {
	f.Add(must(json.Marshal(sla.Published())))
	f.Add(must(json.Marshal(must(sla.Published().With(plan.Basic, severity.General, sla.Target{Within: time.Hour, Clock: office})))))
	for _, s := range []string{
		`{"edition":"","targets":{}}`,
		`{"edition":"","targets":{"basic":{"general":{"within":"1e9h"}}}}`,
		`{"edition":"","targets":{"basic":{"general":{"within":"-1ns"}}}}`,
		`{"edition":null}`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var a, b sla.Table
		if json.Unmarshal(data, &a) != nil {
			return
		}
		if err := json.Unmarshal(must(json.Marshal(a)), &b); err != nil || !a.Equal(b) {
			t.Fatalf("%s: %v", data, err)
		}
		for c := range a.Cells() {
			if !c.Target.IsValid() {
				t.Fatalf("%+v", c)
			}
		}
	})
}

// What decodes as a report encodes and decodes to the same.
func FuzzAttainmentJSON(f *testing.F) {
	for _, s := range []string{
		`{"cells":[]}`,
		`{"cells":[{"plan":"basic","severity":"general","met":1,"breached":1,"unanswered":1,"pending":0,"noTarget":0,"responses":[{"after":"1h0m0s","cases":2}]}]}`,
		`{"cells":[{"plan":"basic","severity":"general","met":1e9}]}`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var a, b sla.Attainment
		if json.Unmarshal(data, &a) != nil {
			return
		}
		again := must(json.Marshal(&a))
		if err := json.Unmarshal(again, &b); err != nil {
			t.Fatal(err)
		}
		if third := must(json.Marshal(&b)); !bytes.Equal(again, third) {
			t.Fatalf("%s, then %s", again, third)
		}
		for _, percent := range []int{1, 50, 100} {
			if _, ok := a.Total().Percentile(percent); ok != (len(a.Total().Responses) > 0) {
				t.Fatalf("percentile %d of %s: %v", percent, again, ok)
			}
		}
	})
}

// Any history, however absurd, is evaluated or refused; what is evaluated
// explains itself.
func FuzzEvaluate(f *testing.F) {
	f.Add(int64(0), int64(100), uint8(3), uint8(1), uint8(0), []byte{4, 10, 0, 5, 20, 0, 6, 30, 0})
	f.Add(int64(1)<<62, int64(1)<<62, uint8(4), uint8(4), uint8(255), []byte{1, 0, 3, 2, 5, 1, 3, 5, 4, 7, 9, 0, 8, 200, 0})
	f.Add(int64(-1)<<63, int64(-1), uint8(0), uint8(9), uint8(3), []byte{4, 255, 0, 4, 1, 0})
	f.Fuzz(func(t *testing.T, opened, length int64, p, s, policy uint8, events []byte) {
		c := sla.Case{Plan: plan.Plan(p), Severity: severity.Severity(s), Opened: time.Unix(opened, 0)}
		at := c.Opened
		for ; len(events) >= 3; events = events[3:] {
			at = at.Add(time.Duration(int8(events[1])) * time.Minute)
			e := sla.Event{At: at, Kind: sla.Kind(events[0])}
			switch e.Kind {
			case sla.KindAssessed, sla.KindReclassified:
				e.Severity = severity.Severity(events[2])
			case sla.KindPlanChanged:
				e.Plan = plan.Plan(events[2])
			}
			c.Events = append(c.Events, e)
		}
		table := must(sla.Published().With(plan.Basic, severity.SystemImpaired, sla.Target{Within: time.Hour, Clock: office}))
		pol := sla.Policy{
			Table:          &table,
			OnReclassified: sla.Measure(policy & 3),
			OnPlanChanged:  sla.Measure(policy >> 2 & 3),
			IgnorePauses:   policy&16 != 0,
			NearestCovered: policy&32 != 0,
		}
		now := c.Opened.Add(time.Duration(length))
		st, err := pol.Evaluate(c, now)
		if err != nil {
			if !cmp.Equal(st, sla.Status{}, compare) {
				t.Fatalf("%v beside %v", st, err)
			}
			return
		}
		var sum, counted time.Duration
		for _, i := range st.Explanation {
			sum += i.End.Sub(i.Start)
			counted += i.Counted
		}
		if sum != now.Sub(c.Opened) || counted != st.Elapsed {
			t.Fatalf("%v of %v, %v of %v: %+v", sum, now.Sub(c.Opened), counted, st.Elapsed, st)
		}
		if !st.NextChange.IsZero() && !st.NextChange.After(now) {
			t.Fatalf("next change at %v, now %v", st.NextChange, now)
		}
		var report sla.Attainment
		if err := report.Add(st); err != nil {
			t.Fatal(err)
		}
	})
}
