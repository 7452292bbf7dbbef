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
)

func ExampleTable_Target() {
	table := sla.Published()
	target, ok := table.Target(plan.Business, severity.ProductionImpacted)
	fmt.Println(target, ok)
	_, ok = table.Target(plan.Basic, severity.ProductionImpacted)
	fmt.Println(ok)
	// Output:
	// < 30m true
	// false
}

func ExampleTable_Nearest() {
	nearest, ok := sla.Published().Nearest(plan.Developer, severity.BusinessCritical)
	fmt.Println(nearest.Target, nearest.Severity, nearest.Fallback, ok)
	// Output: < 8h system-impaired true true
}

func ExampleTable_With() {
	table, err := sla.Published().With(plan.Enterprise, severity.BusinessCritical, sla.Target{Within: 5 * time.Minute})
	if err != nil {
		panic(err)
	}
	table = table.WithEdition("contract of 2026-01-01")
	target, _ := table.Target(plan.Enterprise, severity.BusinessCritical)
	fmt.Println(table.Edition(), target)
	// Output: contract of 2026-01-01 < 5m
}

func ExampleTarget_Due() {
	target, _ := sla.Published().Target(plan.Business, severity.ProductionImpacted)
	opened := time.Date(2026, time.March, 2, 10, 0, 0, 0, time.UTC)
	due, err := target.Due(opened)
	if err != nil {
		panic(err)
	}
	met, err := target.Met(opened, due) // at exactly the target is too late
	if err != nil {
		panic(err)
	}
	fmt.Println(due.Format(time.RFC3339), met)
	// Output: 2026-03-02T10:30:00Z false
}

func ExampleTable_Compare() {
	changes, err := sla.Published().Compare(plan.Developer, plan.Enterprise)
	if err != nil {
		panic(err)
	}
	for _, c := range changes {
		fmt.Println(c.Severity, c.Difference, c.To)
	}
	// Output:
	// general faster < 8h
	// system-impaired faster < 4h
	// production-impacted gained < 20m
	// business-critical gained < 15m
}

func ExampleResponse_MetBy() {
	need := sla.Response{Severity: severity.ProductionImpacted, Within: 30 * time.Minute}
	for _, p := range plan.All() {
		if need.MetBy(p) {
			fmt.Println(need, "is met from", p, "on")
			break
		}
	}
	// Output: production-impacted < 30m is met from business on
}

func TestDueErrors(t *testing.T) {
	hour := sla.Target{Within: time.Hour}
	open := at("2026-03-02T10:00:00Z")
	due := func(t sla.Target, opened time.Time) error { _, err := t.Due(opened); return err }
	met := func(target sla.Target, opened, responded time.Time) error {
		met, err := target.Met(opened, responded)
		if met {
			t.Errorf("met, though %v", err)
		}
		return err
	}
	year := func(y int) time.Time { return time.Date(y, 1, 1, 0, 0, 0, 0, time.UTC) }
	for _, c := range []struct {
		err  error
		want error
		text string
	}{
		{due(sla.Target{}, open), sla.ErrTarget, "sla: due: target within 0s: not a target"},
		{due(sla.Target{Within: -1}, open), sla.ErrTarget, "sla: due: target within -1ns: not a target"},
		{due(hour, time.Time{}), sla.ErrTime, "sla: due: opened at 0001-01-01T00:00:00Z: impossible time"},
		{due(hour, year(0)), sla.ErrTime, "sla: due: opened at 0000-01-01T00:00:00Z: impossible time"},
		{due(hour, year(10000)), sla.ErrTime, "sla: due: opened at 10000-01-01T00:00:00Z: impossible time"},
		{due(hour, year(9999)), nil, ""},
		{due(hour, year(1).Add(1)), nil, ""},
		{met(hour, time.Time{}, open), sla.ErrTime, "sla: due: opened at 0001-01-01T00:00:00Z: impossible time"},
		{met(hour, open, time.Time{}), sla.ErrTime, "sla: met: responded at 0001-01-01T00:00:00Z: impossible time"},
		{met(hour, open, open.Add(-1)), sla.ErrTime, "sla: met: response at 2026-03-02T09:59:59.999999999Z is before the opening at 2026-03-02T10:00:00Z: impossible time"},
	} {
		if !errors.Is(c.err, c.want) || c.err != nil && c.err.Error() != c.text {
			t.Errorf("got %v, want %q", c.err, c.text)
		}
	}
}

func TestTargetOnOpenHours(t *testing.T) {
	target := sla.Target{Within: 12 * time.Hour, Clock: office}
	// Monday 15:00 in Berlin: three hours are left of it, Tuesday is a holiday.
	due := must(target.Due(at("2026-01-05T14:00:00Z")))
	if want := at("2026-01-07T16:00:00Z"); !due.Equal(want) {
		t.Errorf("due %v, want %v", due, want)
	}
	if got, want := target.String(), "< 12h of open time"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestImplies(t *testing.T) {
	always := func(d time.Duration) sla.Target { return sla.Target{Within: d} }
	open := func(d time.Duration) sla.Target { return sla.Target{Within: d, Clock: office} }
	for _, c := range []struct {
		a, b sla.Target
		want bool
	}{
		{always(1), always(1), true},
		{always(1), always(2), true},
		{always(2), always(1), false},
		{open(1), open(1), true},
		{open(2), open(1), false},
		{always(1), open(1), true},
		{always(2), open(1), false},
		{open(1), always(1), false},
		{open(1), always(2), false},
		{always(0), always(1), false},
		{always(-1), always(0), false},
		{always(1), always(0), false},
	} {
		if got := c.a.Implies(c.b); got != c.want {
			t.Errorf("(%v).Implies(%v) = %v", c.a, c.b, got)
		}
	}
	if open(1).Equal(always(1)) || open(1).Equal(open(2)) || !open(1).Equal(open(1)) {
		t.Error("Equal is wrong")
	}
}

// The whole of Compare over the published table, from every plan to every other.
func TestCompare(t *testing.T) {
	const g, l, f, s = sla.Gained, sla.Lost, sla.Faster, sla.Slower
	type row = [4]sla.Difference // by severity; 0: the same
	want := map[[2]plan.Plan]row{
		{plan.Basic, plan.Developer}:      {0, g, 0, 0},
		{plan.Basic, plan.Business}:       {0, g, g, 0},
		{plan.Basic, plan.Enterprise}:     {f, g, g, g},
		{plan.Developer, plan.Basic}:      {0, l, 0, 0},
		{plan.Developer, plan.Business}:   {0, 0, g, 0},
		{plan.Developer, plan.Enterprise}: {f, f, g, g},
		{plan.Business, plan.Basic}:       {0, l, l, 0},
		{plan.Business, plan.Developer}:   {0, 0, l, 0},
		{plan.Business, plan.Enterprise}:  {f, f, f, g},
		{plan.Enterprise, plan.Basic}:     {s, l, l, l},
		{plan.Enterprise, plan.Developer}: {s, s, l, l},
		{plan.Enterprise, plan.Business}:  {s, s, s, l},
	}
	table := sla.Published()
	for _, from := range plan.All() {
		for _, to := range plan.All() {
			changes, err := table.Compare(from, to)
			if err != nil {
				t.Fatal(err)
			}
			var got row
			var last severity.Severity
			for _, c := range changes {
				got[c.Severity-1] = c.Difference
				a, _ := table.Target(from, c.Severity)
				b, _ := table.Target(to, c.Severity)
				if c.Severity <= last || !c.From.Equal(a) || !c.To.Equal(b) {
					t.Errorf("%v to %v: %+v", from, to, c)
				}
				last = c.Severity
			}
			if d := cmp.Diff(want[[2]plan.Plan{from, to}], got); d != "" {
				t.Errorf("%v to %v: %s", from, to, d)
			}
		}
	}

	mixed := must(table.With(plan.Basic, severity.General, sla.Target{Within: 2 * time.Hour, Clock: office}))
	if got := must(mixed.Compare(plan.Basic, plan.Enterprise)); got[0].Difference != sla.Incomparable {
		t.Errorf("two open hours against eight: %v", got[0].Difference)
	}
	for _, bad := range []struct {
		from, to plan.Plan
		text     string
	}{{0, plan.Basic, "sla: compare Plan(0): unknown plan"}, {plan.Basic, 5, "sla: compare Plan(5): unknown plan"}} {
		if got, err := table.Compare(bad.from, bad.to); !errors.Is(err, plan.ErrUnknown) || err.Error() != bad.text || got != nil {
			t.Errorf("Compare(%v, %v) = %v, %v", bad.from, bad.to, got, err)
		}
	}
}

func TestMetBy(t *testing.T) {
	slow := must(sla.Published().With(plan.Enterprise, severity.BusinessCritical, sla.Target{Within: time.Hour, Clock: office}))
	for _, c := range []struct {
		need sla.Response
		want []plan.Plan
	}{
		{sla.Response{Severity: severity.General, Within: 16 * time.Hour}, plan.All()},
		{sla.Response{Severity: severity.General, Within: 16*time.Hour - 1}, []plan.Plan{plan.Enterprise}},
		{sla.Response{Severity: severity.ProductionImpacted, Within: 30 * time.Minute}, []plan.Plan{plan.Business, plan.Enterprise}},
		{sla.Response{Severity: severity.ProductionImpacted, Within: 30*time.Minute - 1}, []plan.Plan{plan.Enterprise}},
		{sla.Response{Severity: severity.BusinessCritical, Within: 15*time.Minute - 1}, nil},
		{sla.Response{Severity: severity.BusinessCritical, Within: 15 * time.Minute, Clock: office}, []plan.Plan{plan.Enterprise}},
		{sla.Response{Severity: severity.BusinessCritical, Within: time.Hour, Table: &slow}, nil},
		{sla.Response{Severity: severity.BusinessCritical, Within: time.Hour, Clock: office, Table: &slow}, []plan.Plan{plan.Enterprise}},
		{sla.Response{}, nil},
		{sla.Response{Severity: severity.General}, nil},
		{sla.Response{Severity: 9, Within: time.Hour}, nil},
	} {
		var got []plan.Plan
		for p := range 256 {
			if c.need.MetBy(plan.Plan(p)) {
				got = append(got, plan.Plan(p))
			}
		}
		if d := cmp.Diff(c.want, got); d != "" {
			t.Errorf("%v: %s", c.need, d)
		}
	}
}

func TestTargetJSON(t *testing.T) {
	for _, want := range []sla.Target{{Within: 1}, {Within: 1<<63 - 1}, {Within: 12 * time.Hour, Clock: office}} {
		var got sla.Target
		data, err := json.Marshal(want)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(data, &got); err != nil || !got.Equal(want) {
			t.Errorf("%s: %v, %v", data, got, err)
		}
	}
	if data := must(json.Marshal(sla.Target{Within: 30 * time.Minute})); string(data) != `{"within":"30m0s"}` {
		t.Errorf("%s", data)
	}
	if _, err := (sla.Target{}).MarshalJSON(); !errors.Is(err, sla.ErrTarget) || err.Error() != "sla: marshal: target within 0s: not a target" {
		t.Error(err)
	}
	keep := sla.Target{Within: 7}
	for in, want := range map[string]error{
		`{"within":"-1h"}`:          sla.ErrTarget,
		`{"within":3600}`:           sla.ErrJSON,
		`{"within":"1h","Clock":1}`: sla.ErrJSON,
		`{"within":"9999999h"}`:     sla.ErrJSON,
		`[]`:                        sla.ErrJSON,
	} {
		got := keep
		if err := json.Unmarshal([]byte(in), &got); !errors.Is(err, want) || !got.Equal(keep) {
			t.Errorf("%s: %v, %v", in, got, err)
		}
	}
}

func TestTargetStringIsShort(t *testing.T) {
	for within, want := range map[time.Duration]string{
		16 * time.Hour: "< 16h", 30 * time.Minute: "< 30m", 90 * time.Minute: "< 1h30m", time.Hour + time.Second: "< 1h0m1s",
		10 * time.Second: "< 10s", 10 * time.Hour: "< 10h", 20 * time.Minute: "< 20m", 100 * time.Millisecond: "< 100ms",
	} {
		if got := (sla.Target{Within: within}).String(); got != want {
			t.Errorf("String of %v = %q, want %q", within, got, want)
		}
	}
}
