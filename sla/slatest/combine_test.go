package slatest_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

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
		"few dates":  "3558: b3a321734581",
		"many dates": "7130: 777f24718560",
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
		{"panics when asked", opener{func(time.Time) bool { panic("not now") }, all.Elapsed}, "panic: not now"},
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

// Breaks that open closed time, or add open time, are found, the last of it, too.
func TestWrongBreaks(t *testing.T) {
	t.Parallel()
	office := calendars(t)["office"]
	type stretch struct{ a, b time.Time }
	var all []stretch
	check := func(whole opener) string {
		var r record
		slatest.CheckBreaksOf(&r, whole, office)
		if r.helpers != 2 {
			t.Errorf("%d helpers", r.helpers)
		}
		return strings.Join(r.errors, "; ")
	}
	more := func(is func(s stretch) bool) func(a, b time.Time) time.Duration {
		return func(a, b time.Time) time.Duration {
			n := office.Elapsed(a, b)
			if is(stretch{a, b}) {
				n++
			}
			return n
		}
	}
	right := check(opener{office.IsOpen, more(func(s stretch) bool { all = append(all, s); return false })})
	last := all[len(all)-1]
	got := []string{
		right,
		check(opener{func(time.Time) bool { return true }, office.Elapsed}),
		check(opener{office.IsOpen, more(func(stretch) bool { return true })}),
		check(opener{office.IsOpen, more(func(s stretch) bool { return s == last })}),
	}
	want := []string{
		"",
		"breaks-only-close: Thu 2025-03-06 03:00:00 -05:00 is open, but closed without the breaks",
		"breaks-only-close: from Thu 2025-03-06 03:00:00 -05:00 to Thu 2025-03-06 08:59:59.999999999 -05:00 1ns are open, but 0s without the breaks",
		"breaks-only-close: from Thu 2026-12-24 17:00:00.000000001 -05:00 to Mon 2026-12-28 00:00:00 -05:00 1ns are open, but 0s without the breaks",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}
