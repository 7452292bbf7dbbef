package clock_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/supportplan/supportplan/internal/formtest"
	"github.com/supportplan/supportplan/sla/calendar"
	"github.com/supportplan/supportplan/sla/clock"
)

// told are the sentinels that the docs name for inputs.
var told = []error{clock.ErrInvalid, clock.ErrHistory, clock.ErrTime, clock.ErrNewer, calendar.ErrInvalid}

// What decodes as a case encodes, decodes to the same, and evaluates alike.
func FuzzCaseJSON(f *testing.F) {
	for _, s := range []string{
		`{"opened":"2026-03-02T09:00:00Z","targets":{"name":"P1","firstResponse":"1h"}}`,
		`{"opened":"2026-03-02T09:00:00Z","targets":{"firstResponse":"1h","resolution":"8h"},"events":[` +
			`{"at":"2026-03-02T08:00:00Z","kind":"paused","reason":"customer"},{"at":"2026-03-02T09:30:00Z","kind":"resumed"},` +
			`{"at":"2026-03-02T10:00:00Z","kind":"responded"},{"at":"2026-03-02T11:00:00Z","kind":"customer-reply"},` +
			`{"at":"2026-03-02T12:00:00Z","kind":"retargeted","targets":{"resolution":"4h"},"measure":"restart"},` +
			`{"at":"2026-03-02T13:00:00Z","kind":"closed"},{"at":"2026-03-02T14:00:00Z","kind":"reopened"}]}`,
		string(must(json.Marshal(clock.Case{Opened: time.Unix(1.8e9, 0), Targets: clock.Targets{Update: clock.Target{Within: time.Hour, Calendar: office}}}))),
		`{"opened":"0001-01-01T00:00:00.000000001Z","targets":{}}`, `{"opened":null,"targets":{}}`, `{"format":2}`, `[`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var c, d clock.Case
		if !formtest.RoundTrip(t, data, &c, &d, told) {
			return
		}
		for _, now := range []time.Time{c.Opened, c.Opened.Add(30 * time.Hour)} {
			a, err1 := clock.Conventions{}.Evaluate(c, now)
			b, err2 := clock.Conventions{}.Evaluate(d, now)
			if (err1 == nil) != (err2 == nil) || err1 != nil && !formtest.IsTold(err1, told) {
				t.Fatalf("%s: %v, %v", data, err1, err2)
			}
			if diff := cmp.Diff(a, b); diff != "" {
				t.Fatalf("%s: %s", data, diff)
			}
		}
	})
}

// What decodes as conventions encodes and decodes to the same.
func FuzzConventionsJSON(f *testing.F) {
	for _, s := range []string{
		`{}`, `{"resolution":{"reopened":"restarts","countPauses":true},"warnings":[50,120]}`, `{"nextResponse":{"fromLatest":true,"fromOpening":true}}`,
		`{"warnings":[]}`, `{"warnings":[0]}`, `{"warnings":null}`, `[]`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var a, b clock.Conventions
		if formtest.RoundTrip(t, data, &a, &b, told) && !cmp.Equal(a, b) {
			t.Fatalf("%s: %v and %v", data, a, b)
		}
	})
}

// What decodes as targets encodes and decodes to the same; each falls due.
func FuzzTargetsJSON(f *testing.F) {
	for _, s := range []string{
		`{}`, `{"name":"P1","firstResponse":"30m","update":"2562047h47m16.854775807s"}`, `{"firstResponse":"0s"}`, `{"firstResponse":"-1h"}`,
		`{"firstResponse":".5h"}`, `{"firstResponse":1}`,
		string(must(json.Marshal(clock.Targets{FirstResponse: clock.Target{Within: time.Hour, Calendar: office}}))),
	} {
		f.Add([]byte(s))
	}
	from := time.Date(2026, 3, 6, 9, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, data []byte) {
		var a, b clock.Targets
		if !formtest.RoundTrip(t, data, &a, &b, told) {
			return
		}
		for _, m := range clock.Metrics() {
			x, y := a.Of(m), b.Of(m)
			if !x.IsValid() && !y.IsValid() {
				continue
			}
			if !x.Equal(y) || !x.Implies(y) {
				t.Fatalf("%s: %v and %v", data, x, y)
			}
			if due, err := x.Calendar.Add(from, x.Within); err == nil && x.Calendar.Elapsed(from, due) != x.Within {
				t.Fatalf("%s: %v is due at %v", data, x, due)
			}
		}
	})
}

// What decodes as a tally encodes and decodes to the same, and counts alike.
func FuzzTallyJSON(f *testing.F) {
	for _, s := range []string{
		`{"format":1,"resolution":"1m","met":4,"breached":3,"unanswered":1,"cleared":1,"pending":1,"noTarget":1,"metTimes":"10 10*2 39","breachedTimes":"60 31"}`,
		`{"met":0,"breached":0}`, `{"met":1e9}`, `{"met":-1}`, `{}`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var a, b clock.Tally
		if formtest.RoundTrip(t, data, &a, &b, told) && !a.Equal(b) {
			t.Fatalf("%s: %v and %v", data, a, b)
		}
	})
}
