package sla_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/supportplan/supportplan/plan"
	"github.com/supportplan/supportplan/severity"
	"github.com/supportplan/supportplan/sla"
)

// roundTrip decodes data into a, and what a encodes to into b, which must
// encode to the same again; ok is false where data does not decode.
func roundTrip(t *testing.T, data []byte, a, b any) (ok bool) {
	t.Helper()
	if json.Unmarshal(data, a) != nil {
		return false
	}
	again, err := json.Marshal(a)
	if err != nil {
		t.Fatalf("%s decodes, but %v", data, err)
	}
	if err := json.Unmarshal(again, b); err != nil {
		t.Fatalf("%s became %s: %v", data, again, err)
	}
	if third := must(json.Marshal(b)); !bytes.Equal(again, third) {
		t.Fatalf("%s became %s, then %s", data, again, third)
	}
	return true
}

// What decodes as a policy encodes, decodes to the same, and evaluates alike.
func FuzzPolicyJSON(f *testing.F) {
	table := must(sla.Published().With(plan.Basic, severity.General, sla.Target{Within: time.Hour, Clock: office}))
	f.Add(must(json.Marshal(sla.Policy{Table: &table, OnReclassified: sla.FromChange, IgnorePauses: true})))
	for _, s := range []string{
		`{}`, `{"onReclassified":"from-opening","onPlanChanged":"from-change","ignorePauses":false,"nearestCovered":true}`,
		`{"table":{"edition":"","targets":{}}}`, `{"table":null}`, `{"ignorePauses":1}`, `{"onReclassified":"From-Change"}`, `[]`,
	} {
		f.Add([]byte(s))
	}
	c := sla.Case{Plan: plan.Basic, Severity: severity.SystemImpaired, Opened: friday, Events: []sla.Event{
		sla.Paused(friday.Add(time.Minute)), sla.Resumed(friday.Add(time.Hour)),
		sla.Reclassified(friday.Add(2*time.Hour), severity.General), sla.PlanChanged(friday.Add(3*time.Hour), plan.Enterprise),
	}}
	f.Fuzz(func(t *testing.T, data []byte) {
		var p, q sla.Policy
		if !roundTrip(t, data, &p, &q) {
			if p != (sla.Policy{}) {
				t.Fatalf("%s: an error, but %v", data, p)
			}
			return
		}
		a, err1 := p.Evaluate(c, friday.Add(4*time.Hour))
		b, err2 := q.Evaluate(c, friday.Add(4*time.Hour))
		if (err1 == nil) != (err2 == nil) || !cmp.Equal(a, b, compare) {
			t.Fatalf("%v, %v\n%v, %v", a, err1, b, err2)
		}
	})
}

// What decodes as a target encodes, decodes to the same, and falls due.
func FuzzTargetJSON(f *testing.F) {
	f.Add(must(json.Marshal(sla.Target{Within: 12 * time.Hour, Clock: office})))
	for _, s := range []string{
		`{"within":"30m"}`, `{"within":"2562047h47m16.854775807s"}`, `{"within":"1ns","clock":"24/7"}`, `{"within":"0s"}`,
		`{"within":"-1h"}`, `{"within":".5h"}`, `{"within":"1h","clock":null}`, `{"within":1}`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var a, b sla.Target
		if !roundTrip(t, data, &a, &b) {
			return
		}
		if !a.IsValid() || !a.Equal(b) || !a.Implies(b) {
			t.Fatalf("%s: %v and %v", data, a, b)
		}
		due, err := a.Due(friday)
		if err != nil {
			return
		}
		met, err1 := a.Met(friday, due.Add(-1))
		late, err2 := a.Met(friday, due)
		if err := errors.Join(err1, err2); err != nil || !met || late || a.Clock.Elapsed(friday, due) != a.Within {
			t.Fatalf("%v is due at %v: %v before, %v then, %v", a, due, met, late, err)
		}
	})
}

// What decodes as an event encodes and decodes to the same.
func FuzzEventJSON(f *testing.F) {
	for _, k := range sla.AllKinds() {
		e := sla.Event{At: friday, Kind: k}
		switch k {
		case sla.KindAssessed, sla.KindReclassified:
			e.Severity = severity.SystemImpaired
		case sla.KindPlanChanged:
			e.Plan = plan.Business
		}
		f.Add(must(json.Marshal(e)))
	}
	for _, s := range []string{
		`{"at":"2026-03-02T09:00:00.123456789+05:45","kind":"CLOSED"}`, `{"at":"0000-01-01T00:00:00Z","kind":"closed"}`,
		`{"at":"2026-03-02T09:00:00Z","kind":"closed","plan":"basic"}`, `{"at":"2026-03-02T09:00:00Z"}`, `null`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var a, b sla.Event
		if roundTrip(t, data, &a, &b) && (!a.At.Equal(b.At) || a.Kind != b.Kind || a.Severity != b.Severity || a.Plan != b.Plan) {
			t.Fatalf("%s: %v and %v", data, a, b)
		}
	})
}

// What parses is a value whose token parses again, whatever its case; what does
// not is an error that says so.
func FuzzParse(f *testing.F) {
	for _, s := range []string{
		"assessed", "plan-changed", "Running", "closed", "met", "no-target", "counted", "superseded", "gained", "incomparable",
		"from-opening", "from-change", "From-Change", "", "Kind(0)", "met ", "\x00", "ſuperseded",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		parsed(t, s, sla.ParseKind, sla.ErrUnknownKind)
		parsed(t, s, sla.ParsePhase, sla.ErrUnknownPhase)
		parsed(t, s, sla.ParseOutcome, sla.ErrUnknownOutcome)
		parsed(t, s, sla.ParseShare, sla.ErrUnknownShare)
		parsed(t, s, sla.ParseDifference, sla.ErrUnknownDifference)
		parsed(t, s, func(s string) (m sla.Measure, err error) {
			err = m.UnmarshalText([]byte(s))
			return m, err
		}, sla.ErrMeasure)
	})
}

func parsed[E interface {
	comparable
	String() string
}](t *testing.T, s string, parse func(string) (E, error), unknown error) {
	t.Helper()
	var none E
	e, err := parse(s)
	if err != nil {
		if !errors.Is(err, unknown) || e != none {
			t.Fatalf("%q: %v, %v", s, e, err)
		}
		return
	}
	if again, err := parse(e.String()); err != nil || again != e || len(e.String()) != len(s) {
		t.Fatalf("%q: %v, then %v, %v", s, e, again, err)
	}
}
