package plan_test

import (
	"encoding/json"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/supportplan/supportplan/sla/calendar"
)

// at returns an instant n hours into 2026; periods of tests lie around it.
func at(n int) time.Time { return time.Date(2026, 1, 1, n, 0, 0, 0, time.UTC) }

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

// edges is a generator of hours, few enough to meet often.
var edges = rapid.IntRange(1, 12)

// anyPeriod draws valid periods, without an end now and then, and others.
var anyPeriod = rapid.Custom(func(t *rapid.T) calendar.Period {
	p := calendar.Period{Start: at(edges.Draw(t, "start"))}
	if rapid.IntRange(0, 9).Draw(t, "kind") > 2 {
		p.End = at(edges.Draw(t, "end"))
	}
	return p
})

// roundTrip checks that v, read from data, is what its own JSON says.
func roundTrip[T json.Marshaler](t *testing.T, data []byte, v T, equal func(T, T) bool) {
	t.Helper()
	b, err := v.MarshalJSON()
	if err != nil {
		t.Fatalf("marshal %v, read from %s: %v", v, data, err)
	}
	var back T
	if err := json.Unmarshal(b, &back); err != nil || !equal(v, back) {
		t.Fatalf("%s became %s and that %v, %v", data, b, back, err)
	}
	again, err := back.MarshalJSON()
	if err != nil || !slices.Equal(b, again) {
		t.Fatal(cmp.Diff(string(b), string(again)), err)
	}
}
