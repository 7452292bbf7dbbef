package calendar_test

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

	"github.com/supportplan/supportplan/sla/calendar"
)

// hour returns an instant n hours into 2026; periods of tests lie around it.
func hour(n int) time.Time { return time.Date(2026, 1, 1, n, 0, 0, 0, time.UTC) }

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
		{hour(1), hour(2), ""},
		{hour(1), hour(1).Add(1), ""},
		{hour(1), never, ""},
		{never.Add(1), never.Add(2), ""},
		{never.Add(-2), never.Add(-1), ""},
		{never.Add(-1), never.Add(1), ""},
		{hour(1), hour(1), "calendar: period [2026-01-01T01:00:00Z, 2026-01-01T01:00:00Z): not a period"},
		{hour(1), hour(1).Add(-1), "calendar: period [2026-01-01T01:00:00Z, 2026-01-01T00:59:59.999999999Z): not a period"},
		{never, hour(1), "calendar: period [0001-01-01T00:00:00Z, 2026-01-01T01:00:00Z): not a period"},
		{never, never, "calendar: period [0001-01-01T00:00:00Z, …): not a period"},
	} {
		p, err := calendar.NewPeriod(c.start, c.end)
		if c.err != "" {
			if !errors.Is(err, calendar.ErrPeriod) || err.Error() != c.err || p != (calendar.Period{}) {
				t.Errorf("NewPeriod(%v, %v) = %v, %v; want %s", c.start, c.end, p, err, c.err)
			}
			continue
		}
		if want := (calendar.Period{Start: c.start, End: c.end}); err != nil || p != want || !p.IsValid() {
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
	p, err := calendar.NewPeriod(now, later)
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
		p, err := calendar.Month(c.year, c.month, c.loc)
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
		{2026, time.March, nil, "calendar: month 2026-03 without a location: not a period"},
		{1, time.January, time.UTC, "calendar: month 1-01 in UTC: not a period"},
		{1, time.January, time.FixedZone("east", 1), "calendar: month 1-01 in east: not a period"},
		{0, time.December, time.UTC, "calendar: month 0-12 in UTC: not a period"}, // ends at the zero time
		{0, time.June, time.UTC, "calendar: month 0-06 in UTC: not a period"},
		{1_000_001, 1, time.UTC, "calendar: month 1000001-01 in UTC: not a period"},
		{-1_000_001, 12_000_000 - 1, time.UTC, "calendar: month -1000001-11999999 in UTC: not a period"},
		{2026, 1_000_001, time.UTC, "calendar: month 2026-1000001 in UTC: not a period"},
		{999_999, -1_000_001, time.UTC, "calendar: month 999999--1000001 in UTC: not a period"},
		{math.MaxInt, 1, time.UTC, ""},
		{math.MinInt, 1, time.UTC, ""},
		{2026, math.MaxInt, time.UTC, ""},
		{2026, math.MinInt, time.UTC, ""},
	} {
		p, err := calendar.Month(c.year, c.month, c.loc)
		if !errors.Is(err, calendar.ErrPeriod) || p != (calendar.Period{}) || c.err != "" && err.Error() != c.err {
			t.Errorf("Month(%d, %d, %v) = %v, %v; want %s", c.year, c.month, c.loc, p, err, c.err)
		}
	}
}

func TestContains(t *testing.T) {
	for _, c := range []struct {
		p    calendar.Period
		at   time.Time
		want bool
	}{
		{calendar.Period{Start: hour(1), End: hour(2)}, hour(1).Add(-1), false},
		{calendar.Period{Start: hour(1), End: hour(2)}, hour(1), true},
		{calendar.Period{Start: hour(1), End: hour(2)}, hour(1).In(time.FixedZone("", 7200)), true},
		{calendar.Period{Start: hour(1), End: hour(2)}, hour(2).Add(-1), true},
		{calendar.Period{Start: hour(1), End: hour(2)}, hour(2), false},
		{calendar.Period{Start: hour(1)}, hour(1).Add(-1), false},
		{calendar.Period{Start: hour(1)}, hour(1), true},
		{calendar.Period{Start: hour(1)}, hour(math.MaxInt32), true},
		{calendar.Period{}, hour(1), false},
		{calendar.Period{End: hour(2)}, hour(1), false},
		{calendar.Period{Start: hour(2), End: hour(1)}, hour(1), false},
		{calendar.Period{Start: hour(1), End: hour(1)}, hour(1), false},
	} {
		if got := c.p.Contains(c.at); got != c.want {
			t.Errorf("%v contains %v: %v", c.p, c.at, got)
		}
	}
}

func TestDurationIsZeroWithoutBounds(t *testing.T) {
	for _, p := range []calendar.Period{{}, {Start: hour(1)}, {End: hour(1)}, {Start: hour(2), End: hour(1)}} {
		if p.IsBounded() || p.Duration() != 0 {
			t.Errorf("%v: bounded %v, duration %v", p, p.IsBounded(), p.Duration())
		}
	}
	long := calendar.Period{Start: time.Unix(math.MinInt64/2, 0), End: time.Unix(math.MaxInt64/2, 0)}
	if got := long.Duration(); got != math.MaxInt64 {
		t.Errorf("a very long duration is %v", got)
	}
}

func TestPeriodEqual(t *testing.T) {
	p := calendar.Period{Start: hour(1), End: hour(2)}
	east := time.FixedZone("", 3600)
	for _, c := range []struct {
		q    calendar.Period
		want bool
	}{
		{p, true},
		{calendar.Period{Start: hour(1).In(east), End: hour(2).In(east)}, true},
		{calendar.Period{Start: hour(1)}, false},
		{calendar.Period{Start: hour(0), End: hour(2)}, false},
		{calendar.Period{Start: hour(1), End: hour(3)}, false},
	} {
		if p.Equal(c.q) != c.want || c.q.Equal(p) != c.want {
			t.Errorf("%v equals %v: want %v", p, c.q, c.want)
		}
	}
}

func TestPeriodString(t *testing.T) {
	p := calendar.Period{Start: hour(1).Add(5), End: hour(2).In(time.FixedZone("", -5*3600))}
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
var anyPeriod = rapid.Custom(func(t *rapid.T) calendar.Period {
	p := calendar.Period{Start: hour(edges.Draw(t, "start"))}
	if rapid.IntRange(0, 9).Draw(t, "kind") > 2 {
		p.End = hour(edges.Draw(t, "end"))
	}
	return p
})

// Intersect agrees with asking both periods hour by hour.
func TestIntersect(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, q := anyPeriod.Draw(t, "p"), anyPeriod.Draw(t, "q")
		both, ok := p.Intersect(q)
		if ok != both.IsValid() {
			t.Errorf("ok %v, %v", ok, both)
		}
		any := false
		for h := range 16 {
			in := p.Contains(hour(h)) && q.Contains(hour(h))
			any = any || in
			if both.Contains(hour(h)) != in {
				t.Errorf("%v and %v at %v: %v, want %v", p, q, hour(h), both, in)
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
	valid := calendar.Period{Start: hour(1), End: hour(5)}
	for _, bad := range []calendar.Period{{}, {End: hour(3)}, {Start: hour(3), End: hour(3)}, {Start: hour(3), End: hour(2)}} {
		for _, pq := range [][2]calendar.Period{{valid, bad}, {bad, valid}, {bad, bad}} {
			if got, ok := pq[0].Intersect(pq[1]); ok || got != (calendar.Period{}) {
				t.Errorf("%v and %v: %v, %v", pq[0], pq[1], got, ok)
			}
		}
	}
}

func TestPeriodJSON(t *testing.T) {
	lmt := time.Date(1883, 1, 1, 0, 0, 0, 0, zone(t, "America/New_York")) // 4:56:02 behind UTC
	for _, c := range []struct {
		p    calendar.Period
		want string
	}{
		{calendar.Period{Start: hour(1), End: hour(2)}, `{"start":"2026-01-01T01:00:00Z","end":"2026-01-01T02:00:00Z"}`},
		{calendar.Period{Start: hour(1)}, `{"start":"2026-01-01T01:00:00Z"}`},
		{
			calendar.Period{Start: hour(1).In(time.FixedZone("", 19800)), End: hour(2).Add(1)},
			`{"start":"2026-01-01T06:30:00+05:30","end":"2026-01-01T02:00:00.000000001Z"}`,
		},
		{calendar.Period{Start: lmt, End: lmt.Add(time.Hour)}, `{"start":"1883-01-01T04:56:02Z","end":"1883-01-01T05:56:02Z"}`},
		{
			calendar.Period{Start: hour(1).In(time.FixedZone("", 26*3600)), End: hour(2).In(time.FixedZone("", -26*3600))},
			`{"start":"2026-01-01T01:00:00Z","end":"2026-01-01T02:00:00Z"}`,
		},
	} {
		b, err := json.Marshal(c.p)
		if err != nil || string(b) != c.want {
			t.Errorf("marshal %v: %s, %v; want %s", c.p, b, err, c.want)
		}
		var back calendar.Period
		if err := json.Unmarshal(b, &back); err != nil || !back.Equal(c.p) {
			t.Errorf("unmarshal %s: %v, %v", b, back, err)
		}
	}
}

func TestPeriodMarshalErrors(t *testing.T) {
	for _, c := range []struct {
		p    calendar.Period
		want string
	}{
		{calendar.Period{}, "calendar: marshal period [0001-01-01T00:00:00Z, …): not a period"},
		{calendar.Period{Start: hour(1), End: hour(1)}, "calendar: marshal period [2026-01-01T01:00:00Z, 2026-01-01T01:00:00Z): not a period"},
		{calendar.Period{Start: time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)}, "calendar: marshal period [10000-01-01T00:00:00Z, …): not a period: "},
		{calendar.Period{Start: time.Date(-1, 1, 1, 0, 0, 0, 0, time.UTC)}, "calendar: marshal period [-0001-01-01T00:00:00Z, …): not a period: "},
	} {
		b, err := c.p.MarshalJSON()
		if b != nil || !errors.Is(err, calendar.ErrPeriod) || !strings.HasPrefix(err.Error(), c.want) {
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
		{`null`, calendar.ErrInvalid, `calendar: decode period: invalid JSON: want an object, not null`},
		{`[]`, calendar.ErrInvalid, `calendar: decode period: invalid JSON: want an object, not an array`},
		{`{}`, calendar.ErrInvalid, `calendar: decode period: start: invalid JSON: field is missing`},
		{`{"start":null}`, calendar.ErrInvalid, `calendar: decode period: start: invalid JSON: want a string, not null`},
		{`{"start":"2026-01-01"}`, calendar.ErrInvalid, `calendar: decode period: start: invalid JSON: want an RFC 3339 time, not the string "2026-01-01"`},
		{`{"Start":"2026-01-01T00:00:00Z"}`, calendar.ErrInvalid, `calendar: decode period: Start: invalid JSON: unknown field`},
		{
			`{"start":"2026-01-01T00:00:00Z","END":"2026-01-02T00:00:00Z"}`, calendar.ErrInvalid,
			`calendar: decode period: END: invalid JSON: unknown field`,
		},
		{
			`{"start":"2026-01-01T00:00:00Z","end":null}`, calendar.ErrInvalid,
			`calendar: decode period: end: invalid JSON: want a string, not null`,
		},
		{
			`{"start":"2026-01-01T00:00:00Z","start":"2026-01-01T00:00:00Z"}`, calendar.ErrInvalid,
			`calendar: decode period: invalid JSON: start: field appears twice`,
		},
		{
			`{"start":"2026-01-01T00:00:00Z","end":"0001-01-01T00:00:00Z"}`, calendar.ErrPeriod,
			`calendar: decode period: end: "0001-01-01T00:00:00Z": not a period`,
		},
		{
			`{"start":"0001-01-01T00:00:00Z"}`, calendar.ErrPeriod,
			`calendar: decode period: [0001-01-01T00:00:00Z, …): not a period`,
		},
		{
			`{"start":"2026-01-01T00:00:00Z","end":"2025-12-31T19:00:00-05:00"}`, calendar.ErrPeriod,
			`calendar: decode period: [2026-01-01T00:00:00Z, 2025-12-31T19:00:00-05:00): not a period`,
		},
	} {
		was := calendar.Period{Start: hour(1), End: hour(2)}
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
		var p calendar.Period
		if err := p.UnmarshalJSON(data); err != nil {
			if p != (calendar.Period{}) || !errors.Is(err, calendar.ErrInvalid) && !errors.Is(err, calendar.ErrPeriod) {
				t.Fatalf("unmarshal %s: %v, %v", data, p, err)
			}
			return
		}
		roundTrip(t, data, p, calendar.Period.Equal)
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

func TestNthMonth(t *testing.T) {
	berlin := location(t, "Europe/Berlin")
	anchor := calendar.MustDate("2028-01-31")
	for n, want := range map[int]string{
		-1: "[2027-12-31T00:00:00+01:00, 2028-01-31T00:00:00+01:00)",
		0:  "[2028-01-31T00:00:00+01:00, 2028-02-29T00:00:00+01:00)",
		1:  "[2028-02-29T00:00:00+01:00, 2028-03-31T00:00:00+02:00)",
		2:  "[2028-03-31T00:00:00+02:00, 2028-04-30T00:00:00+02:00)",
		3:  "[2028-04-30T00:00:00+02:00, 2028-05-31T00:00:00+02:00)",
		13: "[2029-02-28T00:00:00+01:00, 2029-03-31T00:00:00+02:00)",
	} {
		if got, err := calendar.NthMonth(anchor, n, berlin); err != nil || got.String() != want {
			t.Errorf("month %d: %v, %v, want %s", n, got, err, want)
		}
	}
	// Months and years have no gaps between them, and no overlaps.
	nthMonth := func(n int, loc *time.Location) (calendar.Period, error) {
		return calendar.NthMonth(calendar.MustDate("2012-02-29"), n, loc)
	}
	nthYear := func(n int, loc *time.Location) (calendar.Period, error) { return calendar.Year(2012+n, loc) }
	for _, nth := range []func(int, *time.Location) (calendar.Period, error){nthMonth, nthYear} {
		for _, zone := range []string{"UTC", "America/Sao_Paulo", "Pacific/Apia", "America/Havana"} {
			loc, last := location(t, zone), time.Time{}
			for n := -300; n < 300; n++ {
				p, err := nth(n, loc)
				if err != nil || !last.IsZero() && !p.Start.Equal(last) {
					t.Fatalf("%s: %d: %v, %v after %v", zone, n, p, err, last)
				}
				last = p.End
			}
		}
	}
}

func TestYear(t *testing.T) {
	newYork := location(t, "America/New_York")
	if got, err := calendar.Year(2026, newYork); err != nil || got.String() != "[2026-01-01T00:00:00-05:00, 2027-01-01T00:00:00-05:00)" {
		t.Errorf("%v, %v", got, err)
	}
	far := calendar.MustDate("9999-12-01")
	for name, f := range map[string]func() (calendar.Period, error){
		"no location":  func() (calendar.Period, error) { return calendar.Year(2026, nil) },
		"year 0":       func() (calendar.Period, error) { return calendar.Year(0, newYork) },
		"year 10000":   func() (calendar.Period, error) { return calendar.Year(10000, newYork) },
		"no anchor":    func() (calendar.Period, error) { return calendar.NthMonth(calendar.Date{}, 0, newYork) },
		"the last":     func() (calendar.Period, error) { return calendar.NthMonth(far, 0, newYork) },
		"far":          func() (calendar.Period, error) { return calendar.NthMonth(far, math.MaxInt, newYork) },
		"far back":     func() (calendar.Period, error) { return calendar.NthMonth(far, math.MinInt, newYork) },
		"no location ": func() (calendar.Period, error) { return calendar.NthMonth(far, -1, nil) },
	} {
		if got, err := f(); !errors.Is(err, calendar.ErrPeriod) || got != (calendar.Period{}) {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
}
