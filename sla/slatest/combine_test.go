package slatest_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/supportplan/supportplan/sla/calendar"
	"github.com/supportplan/supportplan/sla/slatest"
)

// An opener is a calendar of a caller's own, made of two functions.
type opener struct {
	isOpen  func(t time.Time) bool
	elapsed func(a, b time.Time) time.Duration
}

func (o opener) IsOpen(t time.Time) bool              { return o.isOpen(t) }
func (o opener) Elapsed(a, b time.Time) time.Duration { return o.elapsed(a, b) }

// sites follow the sun; one of them has a break and a special date where the
// clocks change.
func sites(t testing.TB) []calendar.Calendar {
	return []calendar.Calendar{
		build(t, calendar.Spec{Location: zone(t, "Asia/Singapore"), Week: calendar.Weekdays(hours(9, 18))}),
		calendars(t)["nights"],
		build(t, calendar.Spec{Location: zone(t, "America/New_York"), Week: calendar.Daily(hours(1, 3), hours(9, 17))}),
	}
}

func combined(t testing.TB, f func(...calendar.Calendar) (calendar.Calendar, error), parts ...calendar.Calendar) calendar.Calendar {
	t.Helper()
	c, err := f(parts...)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func complement(t testing.TB, part calendar.Calendar) calendar.Calendar {
	t.Helper()
	c, err := calendar.Complement(part)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestCombinations(t *testing.T) {
	parts := sites(t)
	slatest.CheckUnion(t, combined(t, calendar.Union, parts...), parts...)
	slatest.CheckIntersection(t, combined(t, calendar.Intersection, parts[1:]...), parts[1:]...)
	for _, p := range parts {
		slatest.CheckComplement(t, complement(t, p), p)
	}
	// De Morgan.
	slatest.CheckIntersection(t, complement(t, combined(t, calendar.Union, parts...)), complement(t, parts[0]), complement(t, parts[1]), complement(t, parts[2]))
	for i := range 40 {
		a, b := slatest.Calendars().Example(i), slatest.Calendars().Example(i+1000)
		slatest.CheckUnion(t, combined(t, calendar.Union, a, b), a, b)
		if both, err := calendar.Intersection(a, b); err == nil { // it may never open
			slatest.CheckIntersection(t, both, a, b)
		}
	}
}

// So do the questions about combinations.
func TestQuestionsOfCombinationsAreStable(t *testing.T) {
	parts := sites(t)
	asked := make(map[string][]string)
	for name, p := range stables(t) {
		if p.IsAlways() {
			continue
		}
		parts := append(parts[:len(parts):len(parts)], p)
		all := combined(t, calendar.Union, parts...)
		ask := func(what ...any) { asked[name] = append(asked[name], fmt.Sprint(what...)) }
		slatest.CheckUnion(t, opener{
			func(at time.Time) bool { ask(at); return all.IsOpen(at) },
			func(a, b time.Time) time.Duration { ask(a, b); return all.Elapsed(a, b) },
		}, parts...)
	}
	wantTexts(t, map[string]string{
		"Apia":       "3263: 58326df3ef59",
		"New York":   "2932: 035b49740811",
		"many dates": "8027: ef6afb509819",
		"own dates":  "4091: 69ab025088d7",
	}, asked)
}

// A combination that is wrong in one place is found there.
func TestWrongCombinations(t *testing.T) {
	parts := sites(t)
	all := combined(t, calendar.Union, parts...)
	monday := at("2026-03-02T09:00:00+08:00")
	m := heldTo(t, "combinations.txt")
	for _, c := range []struct {
		name  string
		whole slatest.Opener
		want  string
	}{
		{"a part is missing", combined(t, calendar.Union, parts[0], parts[2]), "union: Thu 2025-03-06 22:00:00 +00:00 is closed, want open, since the parts are [closed open closed]"},
		{"closed at an opening", opener{func(t time.Time) bool { return all.IsOpen(t) && !t.Equal(monday) }, all.Elapsed},
			"union: Mon 2026-03-02 01:00:00 +00:00 is closed, want open, since the parts are [open open closed]"},
		{"counts parts twice", opener{all.IsOpen, func(a, b time.Time) (n time.Duration) {
			for _, p := range parts {
				n += p.Elapsed(a, b)
			}
			return n
		}}, "union: Elapsed("},
		{"panics", opener{all.IsOpen, func(a, b time.Time) time.Duration { panic("no") }}, "panic: no"},
		{"none", nil, "union: there is none"},
	} {
		var r record
		slatest.CheckUnion(&r, c.whole, parts...)
		m.add(c.name, r.errors...)
		if len(r.errors) != 1 || !strings.Contains(r.errors[0], c.want) {
			t.Errorf("%s: %v, want %s", c.name, r.errors, c.want)
		}
	}
}

// Breaks only close, whatever the hours and the clock changes.
func TestBreaksOnlyClose(t *testing.T) {
	oneDate := calendar.MustDate("2026-03-04")
	for i := range 150 {
		slatest.CheckBreaks(t, slatest.Specs().Example(i))
	}
	for want, s := range map[string]calendar.Spec{
		"breaks-only-close: calendar: new: zone: no location":    {},
		"breaks-only-close: calendar: new: calendar never opens": {Location: time.UTC, Special: map[calendar.Date][]calendar.Shift{oneDate: {hours(9, 10)}}, Breaks: map[calendar.Date][]calendar.Shift{oneDate: {hours(8, 12)}}},
	} {
		var r record
		slatest.CheckBreaks(&r, s)
		if len(r.errors) != 1 || !strings.HasPrefix(r.errors[0], want) {
			t.Errorf("%q, want %q", r.errors, want)
		}
	}
}
