package slatest_test

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/supportplan/supportplan/sla"
	"github.com/supportplan/supportplan/sla/calendar"
	"github.com/supportplan/supportplan/sla/slatest"
)

// A record takes what a check reports.
type record struct {
	errors  []string
	helpers int
}

func (r *record) Helper() { r.helpers++ }

func (r *record) Errorf(format string, args ...any) {
	r.errors = append(r.errors, fmt.Sprintf(format, args...))
}

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

func build(t testing.TB, s calendar.Spec) calendar.Calendar {
	t.Helper()
	c, err := calendar.New(s)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func hours(open, end int) calendar.Shift {
	return calendar.Shift{Open: calendar.TimeOfDay(open) * calendar.Hour, Close: calendar.TimeOfDay(end) * calendar.Hour}
}

func at(s string) time.Time {
	t, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		panic(err)
	}
	return t
}

// calendars are what the laws are tried on beside those that are drawn.
func calendars(t testing.TB) map[string]calendar.Calendar {
	return map[string]calendar.Calendar{
		"always": {},
		"office": build(t, calendar.Spec{
			Location: zone(t, "America/New_York"), Week: calendar.Weekdays(hours(9, 17)),
			Holidays: []calendar.Holiday{{Date: calendar.Date{Year: 2026, Month: 1, Day: 1}}, {Date: calendar.Date{Year: 2026, Month: 12, Day: 25}}},
		}),
		"nights": build(t, calendar.Spec{
			Location: zone(t, "Europe/Berlin"), Week: calendar.Daily(hours(22, 6)),
			Special: map[calendar.Date][]calendar.Shift{{Year: 2026, Month: 3, Day: 29}: {hours(6, 8)}},
			Breaks:  map[calendar.Date][]calendar.Shift{{Year: 2026, Month: 10, Day: 25}: {hours(1, 3)}},
		}),
		"no midnight": build(t, calendar.Spec{Location: zone(t, "America/Sao_Paulo"), Week: calendar.Daily(hours(0, 24))}),
		"no day": build(t, calendar.Spec{Location: zone(t, "Pacific/Apia"), Week: calendar.Daily(hours(9, 17)),
			Holidays: []calendar.Holiday{{Date: calendar.Date{Year: 1, Month: 1, Day: 1}}, {Date: calendar.Date{Year: 2011, Month: 12, Day: 29}}, {Date: calendar.Date{Year: 9999, Month: 12, Day: 31}}}}),
	}
}

// Every check reports at the line that calls it.
func TestHelpers(t *testing.T) {
	t.Parallel()
	office := calendars(t)["office"]
	for name, c := range map[string]struct {
		check   func(slatest.T)
		helpers int
	}{
		"Conforms":          {func(t slatest.T) { slatest.Conforms(t, office, nil) }, 2},
		"Check":             {func(t slatest.T) { slatest.Check(t, office, nil) }, 1},
		"CheckUnion":        {func(t slatest.T) { slatest.CheckUnion(t, nil, office) }, 2},
		"CheckIntersection": {func(t slatest.T) { slatest.CheckIntersection(t, nil, office) }, 2},
		"CheckComplement":   {func(t slatest.T) { slatest.CheckComplement(t, nil, office) }, 2},
		"CheckBreaks":       {func(t slatest.T) { slatest.CheckBreaks(t, calendar.Spec{}) }, 1},
		"CheckCases":        {func(t slatest.T) { slatest.CheckCases(t, sla.Published(), nil) }, 1},
	} {
		var r record
		if c.check(&r); r.helpers != c.helpers || len(r.errors) != 1 {
			t.Errorf("%s: %d helpers of %d, %q", name, r.helpers, c.helpers, r.errors)
		}
	}
}

// Calendars obey all laws, and conform to themselves.
func TestCalendarsObey(t *testing.T) {
	t.Parallel()
	for name, cal := range calendars(t) {
		if v := slatest.Violations(cal, cal, slatest.Laws()...); v != nil {
			t.Errorf("%s: %v", name, v)
		}
	}
	always := calendar.Calendar{}
	slatest.Check(t, always, always)
	slatest.Conforms(t, always, always)
	rapid.Check(t, func(t *rapid.T) {
		if rapid.IntRange(0, 29).Draw(t, "skip") > 0 {
			return // a check looks at thousands of instants itself
		}
		cal := slatest.Calendars().Draw(t, "calendar")
		slatest.Check(t, cal, cal, slatest.Laws()...)
	})
}

func TestPoliciesObey(t *testing.T) {
	t.Parallel()
	slatest.CheckCases(t, sla.Published(), sla.Published(), slatest.CaseLaws()...)
	rapid.Check(t, func(t *rapid.T) {
		if rapid.IntRange(0, 99).Draw(t, "skip") > 0 {
			return
		}
		p := slatest.Policies(slatest.Calendars().Draw(t, "calendar")).Draw(t, "policy")
		slatest.CheckCases(t, p, p, slatest.CaseLaws()...)
	})
}
