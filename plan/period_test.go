package plan_test

import (
	"encoding/json"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/supportplan/supportplan/plan"
)

// at returns an instant n hours into 2026; periods of tests lie around it.
func at(n int) time.Time { return time.Date(2026, 1, 1, n, 0, 0, 0, time.UTC) }

var never time.Time

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

func TestNewPeriod(t *testing.T) {
	for _, c := range []struct {
		start, end time.Time
		err        string
	}{
		{at(1), at(2), ""},
		{at(1), at(1).Add(1), ""},
		{at(1), never, ""},
		{never.Add(1), never.Add(2), ""},
		{never.Add(-2), never.Add(-1), ""},
		{never.Add(-1), never.Add(1), ""},
		{at(1), at(1), "plan: period [2026-01-01T01:00:00Z, 2026-01-01T01:00:00Z): not a period"},
		{at(1), at(1).Add(-1), "plan: period [2026-01-01T01:00:00Z, 2026-01-01T00:59:59.999999999Z): not a period"},
		{never, at(1), "plan: period [0001-01-01T00:00:00Z, 2026-01-01T01:00:00Z): not a period"},
		{never, never, "plan: period [0001-01-01T00:00:00Z, …): not a period"},
	} {
		p, err := plan.NewPeriod(c.start, c.end)
		if c.err != "" {
			if !errors.Is(err, plan.ErrPeriod) || err.Error() != c.err || p != (plan.Period{}) {
				t.Errorf("NewPeriod(%v, %v) = %v, %v; want %s", c.start, c.end, p, err, c.err)
			}
			continue
		}
		if want := (plan.Period{Start: c.start, End: c.end}); err != nil || p != want || !p.IsValid() {
			t.Errorf("NewPeriod(%v, %v) = %v, %v", c.start, c.end, p, err)
		}
		if p.IsBounded() != !c.end.IsZero() {
			t.Errorf("%v is bounded: %v", p, p.IsBounded())
		}
	}
}

func TestNewPeriodStripsMonotonicReadings(t *testing.T) {
	now := time.Now()
	later := now.Add(time.Hour)
	p, err := plan.NewPeriod(now, later)
	if err != nil {
		t.Fatal(err)
	}
	if p.Start != now.Round(0) || p.End != later.Round(0) {
		t.Errorf("got %#v", p)
	}
}

func TestMonth(t *testing.T) {
	newYork, saoPaulo, apia := zone(t, "America/New_York"), zone(t, "America/Sao_Paulo"), zone(t, "Pacific/Apia")
	for _, c := range []struct {
		year  int
		month time.Month
		loc   *time.Location
		want  string
		hours float64
	}{
		{2026, time.January, time.UTC, "[2026-01-01T00:00:00Z, 2026-02-01T00:00:00Z)", 31 * 24},
		{2026, time.February, time.UTC, "[2026-02-01T00:00:00Z, 2026-03-01T00:00:00Z)", 28 * 24},
		{2028, time.February, time.UTC, "[2028-02-01T00:00:00Z, 2028-03-01T00:00:00Z)", 29 * 24},
		{2026, time.December, time.UTC, "[2026-12-01T00:00:00Z, 2027-01-01T00:00:00Z)", 31 * 24},
		{2026, 13, time.UTC, "[2027-01-01T00:00:00Z, 2027-02-01T00:00:00Z)", 31 * 24},
		{2026, 0, time.UTC, "[2025-12-01T00:00:00Z, 2026-01-01T00:00:00Z)", 31 * 24},
		{2026, time.March, newYork, "[2026-03-01T00:00:00-05:00, 2026-04-01T00:00:00-04:00)", 31*24 - 1},
		{2026, time.November, newYork, "[2026-11-01T00:00:00-04:00, 2026-12-01T00:00:00-05:00)", 30*24 + 1},
		{2017, time.October, saoPaulo, "[2017-10-01T00:00:00-03:00, 2017-11-01T00:00:00-02:00)", 31*24 - 1},
		{2011, time.December, apia, "[2011-12-01T00:00:00-10:00, 2012-01-01T00:00:00+14:00)", 30 * 24},
		{1, time.February, time.UTC, "[0001-02-01T00:00:00Z, 0001-03-01T00:00:00Z)", 28 * 24},
		{1, time.January, time.FixedZone("", -3600), "[0001-01-01T00:00:00-01:00, 0001-02-01T00:00:00-01:00)", 31 * 24},
		{1_000_000, time.January, time.UTC, "[1000000-01-01T00:00:00Z, 1000000-02-01T00:00:00Z)", 31 * 24},
		{2026, 1_000_000, time.UTC, "[85359-04-01T00:00:00Z, 85359-05-01T00:00:00Z)", 30 * 24},
		{200_000, -1_000_000, time.UTC, "[116666-08-01T00:00:00Z, 116666-09-01T00:00:00Z)", 31 * 24},
	} {
		p, err := plan.Month(c.year, c.month, c.loc)
		if err != nil || p.String() != c.want || p.Duration().Hours() != c.hours {
			t.Errorf("Month(%d, %d, %v) = %v (%v), %v; want %s", c.year, c.month, c.loc, p, p.Duration(), err, c.want)
		}
		if p.Start.Location() != c.loc || p.End.Location() != c.loc {
			t.Errorf("Month(%d, %d, %v) is in %v and %v", c.year, c.month, c.loc, p.Start.Location(), p.End.Location())
		}
	}
	for _, c := range []struct {
		year  int
		month time.Month
		loc   *time.Location
		err   string
	}{
		{2026, time.March, nil, "plan: month 2026-03 without a location: not a period"},
		{1, time.January, time.UTC, "plan: month 1-01 in UTC: not a period"},
		{1, time.January, time.FixedZone("east", 1), "plan: month 1-01 in east: not a period"},
		{0, time.December, time.UTC, "plan: month 0-12 in UTC: not a period"}, // ends at the zero time
		{0, time.June, time.UTC, "plan: month 0-06 in UTC: not a period"},
		{1_000_001, 1, time.UTC, "plan: month 1000001-01 in UTC: not a period"},
		{-1_000_001, 12_000_000 - 1, time.UTC, "plan: month -1000001-11999999 in UTC: not a period"},
		{2026, 1_000_001, time.UTC, "plan: month 2026-1000001 in UTC: not a period"},
		{999_999, -1_000_001, time.UTC, "plan: month 999999--1000001 in UTC: not a period"},
		{math.MaxInt, 1, time.UTC, ""},
		{math.MinInt, 1, time.UTC, ""},
		{2026, math.MaxInt, time.UTC, ""},
		{2026, math.MinInt, time.UTC, ""},
	} {
		p, err := plan.Month(c.year, c.month, c.loc)
		if !errors.Is(err, plan.ErrPeriod) || p != (plan.Period{}) || c.err != "" && err.Error() != c.err {
			t.Errorf("Month(%d, %d, %v) = %v, %v; want %s", c.year, c.month, c.loc, p, err, c.err)
		}
	}
}

func TestContains(t *testing.T) {
	for _, c := range []struct {
		p    plan.Period
		at   time.Time
		want bool
	}{
		{plan.Period{Start: at(1), End: at(2)}, at(1).Add(-1), false},
		{plan.Period{Start: at(1), End: at(2)}, at(1), true},
		{plan.Period{Start: at(1), End: at(2)}, at(1).In(time.FixedZone("", 7200)), true},
		{plan.Period{Start: at(1), End: at(2)}, at(2).Add(-1), true},
		{plan.Period{Start: at(1), End: at(2)}, at(2), false},
		{plan.Period{Start: at(1)}, at(1).Add(-1), false},
		{plan.Period{Start: at(1)}, at(1), true},
		{plan.Period{Start: at(1)}, at(math.MaxInt32), true},
		{plan.Period{}, at(1), false},
		{plan.Period{End: at(2)}, at(1), false},
		{plan.Period{Start: at(2), End: at(1)}, at(1), false},
		{plan.Period{Start: at(1), End: at(1)}, at(1), false},
	} {
		if got := c.p.Contains(c.at); got != c.want {
			t.Errorf("%v contains %v: %v", c.p, c.at, got)
		}
	}
}

func TestDurationIsZeroWithoutBounds(t *testing.T) {
	for _, p := range []plan.Period{{}, {Start: at(1)}, {End: at(1)}, {Start: at(2), End: at(1)}} {
		if p.IsBounded() || p.Duration() != 0 {
			t.Errorf("%v: bounded %v, duration %v", p, p.IsBounded(), p.Duration())
		}
	}
	long := plan.Period{Start: time.Unix(math.MinInt64/2, 0), End: time.Unix(math.MaxInt64/2, 0)}
	if got := long.Duration(); got != math.MaxInt64 {
		t.Errorf("a very long duration is %v", got)
	}
}

func TestPeriodEqual(t *testing.T) {
	p := plan.Period{Start: at(1), End: at(2)}
	east := time.FixedZone("", 3600)
	for _, c := range []struct {
		q    plan.Period
		want bool
	}{
		{p, true},
		{plan.Period{Start: at(1).In(east), End: at(2).In(east)}, true},
		{plan.Period{Start: at(1)}, false},
		{plan.Period{Start: at(0), End: at(2)}, false},
		{plan.Period{Start: at(1), End: at(3)}, false},
	} {
		if p.Equal(c.q) != c.want || c.q.Equal(p) != c.want {
			t.Errorf("%v equals %v: want %v", p, c.q, c.want)
		}
	}
}

func TestPeriodString(t *testing.T) {
	p := plan.Period{Start: at(1).Add(5), End: at(2).In(time.FixedZone("", -5*3600))}
	if got, want := p.String(), "[2026-01-01T01:00:00.000000005Z, 2025-12-31T21:00:00-05:00)"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	p.End = never
	if got, want := p.String(), "[2026-01-01T01:00:00.000000005Z, …)"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// edges is a generator of hours, few enough to meet often.
var edges = rapid.IntRange(1, 12)

// anyPeriod draws valid periods, without an end now and then, and others.
var anyPeriod = rapid.Custom(func(t *rapid.T) plan.Period {
	p := plan.Period{Start: at(edges.Draw(t, "start"))}
	if rapid.IntRange(0, 9).Draw(t, "kind") > 2 {
		p.End = at(edges.Draw(t, "end"))
	}
	return p
})

// Intersect and Overlaps agree with asking both periods hour by hour.
func TestIntersect(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, q := anyPeriod.Draw(t, "p"), anyPeriod.Draw(t, "q")
		both, ok := p.Intersect(q)
		if ok != both.IsValid() || ok != p.Overlaps(q) || ok != q.Overlaps(p) {
			t.Errorf("ok %v, %v, overlaps %v and %v", ok, both, p.Overlaps(q), q.Overlaps(p))
		}
		any := false
		for h := range 16 {
			in := p.Contains(at(h)) && q.Contains(at(h))
			any = any || in
			if both.Contains(at(h)) != in {
				t.Errorf("%v and %v at %v: %v, want %v", p, q, at(h), both, in)
			}
		}
		if any != ok {
			t.Errorf("%v and %v: ok %v", p, q, ok)
		}
		if ok && both.IsBounded() != (p.IsBounded() || q.IsBounded()) {
			t.Errorf("%v and %v: %v", p, q, both)
		}
		if back, _ := q.Intersect(p); !back.Equal(both) {
			t.Errorf("%v and %v: %v, the other way %v", p, q, both, back)
		}
	})
}

func TestIntersectInvalid(t *testing.T) {
	valid := plan.Period{Start: at(1), End: at(5)}
	for _, bad := range []plan.Period{{}, {End: at(3)}, {Start: at(3), End: at(3)}, {Start: at(3), End: at(2)}} {
		for _, pq := range [][2]plan.Period{{valid, bad}, {bad, valid}, {bad, bad}} {
			if got, ok := pq[0].Intersect(pq[1]); ok || got != (plan.Period{}) {
				t.Errorf("%v and %v: %v, %v", pq[0], pq[1], got, ok)
			}
		}
	}
}

func TestPeriodJSON(t *testing.T) {
	lmt := time.Date(1883, 1, 1, 0, 0, 0, 0, zone(t, "America/New_York")) // 4:56:02 behind UTC
	for _, c := range []struct {
		p    plan.Period
		want string
	}{
		{plan.Period{Start: at(1), End: at(2)}, `{"start":"2026-01-01T01:00:00Z","end":"2026-01-01T02:00:00Z"}`},
		{plan.Period{Start: at(1)}, `{"start":"2026-01-01T01:00:00Z"}`},
		{
			plan.Period{Start: at(1).In(time.FixedZone("", 19800)), End: at(2).Add(1)},
			`{"start":"2026-01-01T06:30:00+05:30","end":"2026-01-01T02:00:00.000000001Z"}`,
		},
		{plan.Period{Start: lmt, End: lmt.Add(time.Hour)}, `{"start":"1883-01-01T04:56:02Z","end":"1883-01-01T05:56:02Z"}`},
		{
			plan.Period{Start: at(1).In(time.FixedZone("", 26*3600)), End: at(2).In(time.FixedZone("", -26*3600))},
			`{"start":"2026-01-01T01:00:00Z","end":"2026-01-01T02:00:00Z"}`,
		},
	} {
		b, err := json.Marshal(c.p)
		if err != nil || string(b) != c.want {
			t.Errorf("marshal %v: %s, %v; want %s", c.p, b, err, c.want)
		}
		var back plan.Period
		if err := json.Unmarshal(b, &back); err != nil || !back.Equal(c.p) {
			t.Errorf("unmarshal %s: %v, %v", b, back, err)
		}
	}
}

func TestPeriodMarshalErrors(t *testing.T) {
	for _, c := range []struct {
		p    plan.Period
		want string
	}{
		{plan.Period{}, "plan: marshal period [0001-01-01T00:00:00Z, …): not a period"},
		{plan.Period{Start: at(1), End: at(1)}, "plan: marshal period [2026-01-01T01:00:00Z, 2026-01-01T01:00:00Z): not a period"},
		{plan.Period{Start: time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)}, "plan: marshal period [10000-01-01T00:00:00Z, …): not a period: "},
		{plan.Period{Start: time.Date(-1, 1, 1, 0, 0, 0, 0, time.UTC)}, "plan: marshal period [-0001-01-01T00:00:00Z, …): not a period: "},
	} {
		b, err := c.p.MarshalJSON()
		if b != nil || !errors.Is(err, plan.ErrPeriod) || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("marshal %v: %s, %v; want %s", c.p, b, err, c.want)
		}
	}
}

func TestPeriodUnmarshalErrors(t *testing.T) {
	for _, c := range []struct {
		in   string
		is   error
		want string
	}{
		{`null`, plan.ErrJSON, `plan: decode period: invalid JSON: want an object, not null`},
		{`[]`, plan.ErrJSON, `plan: decode period: invalid JSON: want an object, not an array`},
		{`{}`, plan.ErrJSON, `plan: decode period: start: invalid JSON: field is missing`},
		{`{"start":null}`, plan.ErrJSON, `plan: decode period: start: invalid JSON: want a string, not null`},
		{`{"start":"2026-01-01"}`, plan.ErrJSON, `plan: decode period: start: invalid JSON: want an RFC 3339 time, not the string "2026-01-01"`},
		{`{"Start":"2026-01-01T00:00:00Z"}`, plan.ErrJSON, `plan: decode period: start: invalid JSON: field is missing`},
		{
			`{"start":"2026-01-01T00:00:00Z","END":"2026-01-02T00:00:00Z"}`, plan.ErrJSON,
			`plan: decode period: END: invalid JSON: unknown field`,
		},
		{
			`{"start":"2026-01-01T00:00:00Z","end":null}`, plan.ErrJSON,
			`plan: decode period: end: invalid JSON: want a string, not null`,
		},
		{
			`{"start":"2026-01-01T00:00:00Z","start":"2026-01-01T00:00:00Z"}`, plan.ErrJSON,
			`plan: decode period: invalid JSON: start: field appears twice`,
		},
		{
			`{"start":"2026-01-01T00:00:00Z","end":"0001-01-01T00:00:00Z"}`, plan.ErrPeriod,
			`plan: decode period: end: "0001-01-01T00:00:00Z": not a period`,
		},
		{
			`{"start":"0001-01-01T00:00:00Z"}`, plan.ErrPeriod,
			`plan: decode period: [0001-01-01T00:00:00Z, …): not a period`,
		},
		{
			`{"start":"2026-01-01T00:00:00Z","end":"2025-12-31T19:00:00-05:00"}`, plan.ErrPeriod,
			`plan: decode period: [2026-01-01T00:00:00Z, 2025-12-31T19:00:00-05:00): not a period`,
		},
	} {
		was := plan.Period{Start: at(1), End: at(2)}
		p := was
		err := p.UnmarshalJSON([]byte(c.in))
		if !errors.Is(err, c.is) || err.Error() != c.want {
			t.Errorf("unmarshal %s: %v; want %s", c.in, err, c.want)
		}
		if p != was {
			t.Errorf("unmarshal %s left %v", c.in, p)
		}
	}
}

func FuzzPeriodJSON(f *testing.F) {
	for _, s := range []string{
		`{"start":"2026-01-01T00:00:00Z","end":"2026-02-01T00:00:00+05:30"}`,
		`{"start":"2026-01-01T00:00:00.000000001Z"}`,
		`{"start":"0001-01-01T00:00:00Z"}`,
		`{"start":"0000-01-01T00:00:00+23:59","end":"9999-12-31T23:59:59-23:59"}`,
		`null`, `{}`, `{"start":"2026-01-01T00:00:00Z","start":""}`, "\xef\xbb\xbf{}", `[[[`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var p plan.Period
		if err := p.UnmarshalJSON(data); err != nil {
			if p != (plan.Period{}) || !errors.Is(err, plan.ErrJSON) && !errors.Is(err, plan.ErrPeriod) {
				t.Fatalf("unmarshal %s: %v, %v", data, p, err)
			}
			return
		}
		roundTrip(t, data, p, plan.Period.Equal)
	})
}

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
