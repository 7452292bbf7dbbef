package slatest

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/supportplan/supportplan/internal/guard"
	"github.com/supportplan/supportplan/sla/calendar"
)

// Laws of calendars that are made of others, for [CheckUnion] and its like to
// report. [Check] does not take them.
const (
	// Union: open if one of the parts is, and never otherwise.
	Union Law = "union"
	// Intersection: open if all of the parts are, and never otherwise.
	Intersection Law = "intersection"
	// Complement: open if the part is closed, and never otherwise.
	Complement Law = "complement"
	// BreaksOnlyClose: a break never opens closed time, and adding a break
	// never adds open time.
	BreaksOnlyClose Law = "breaks-only-close"
)

// An Opener answers whether something is open and for how long. A
// [calendar.Calendar] is one.
type Opener interface {
	IsOpen(t time.Time) bool
	Elapsed(a, b time.Time) time.Duration
}

// CheckUnion reports an error if whole is not the union of parts, with the first
// instant found. It tries every opening and closing of a part, and beside them, in an
// ordinary week, near the clock changes of two years and near the parts' own dates.
// Between two of them, whole must be open all of the time or none of it.
func CheckUnion(t T, whole Opener, parts ...calendar.Calendar) {
	t.Helper()
	checkCombined(t, Union, whole, parts, func(open []bool) bool { return slices.Contains(open, true) })
}

// CheckIntersection is [CheckUnion] for the intersection.
func CheckIntersection(t T, whole Opener, parts ...calendar.Calendar) {
	t.Helper()
	checkCombined(t, Intersection, whole, parts, func(open []bool) bool { return !slices.Contains(open, false) })
}

// CheckComplement is [CheckUnion] for the complement of a part.
func CheckComplement(t T, whole Opener, part calendar.Calendar) {
	t.Helper()
	checkCombined(t, Complement, whole, []calendar.Calendar{part}, func(open []bool) bool { return !open[0] })
}

// CheckBreaks reports as an error the first instant found at which the breaks
// of a spec open closed time, or add open time. A spec that makes no calendar
// breaks the law, too.
func CheckBreaks(t T, s calendar.Spec) {
	t.Helper()
	plain := s
	plain.Breaks = nil
	with, err1 := calendar.New(s)
	without, err2 := calendar.New(plain)
	if err1 != nil || err2 != nil {
		t.Errorf("%s: %v", BreaksOnlyClose, cmp.Or(err1, err2))
		return
	}
	edges, _ := edgesOf([]calendar.Calendar{with, without}, []calendar.Calendar{with})
	checkBreaks(t, with, without, edges)
}

// checkBreaks compares a calendar with the one without its breaks, at instants and
// between each and the next.
func checkBreaks(t T, with Opener, without calendar.Calendar, edges []time.Time) {
	t.Helper()
	local := func(at time.Time) string { return show(at.In(without.Location())) }
	for i, at := range edges {
		if with.IsOpen(at) && !without.IsOpen(at) {
			t.Errorf("%s: %s is open, but closed without the breaks", BreaksOnlyClose, local(at))
			return
		}
		if i == 0 {
			continue
		}
		before := edges[i-1]
		if less, more := with.Elapsed(before, at), without.Elapsed(before, at); less > more {
			t.Errorf("%s: from %s to %s %v are open, but %v without the breaks", BreaksOnlyClose, local(before), local(at), less, more)
			return
		}
	}
}

// checkCombined compares whole with the result of open for its parts.
func checkCombined(t T, law Law, whole Opener, parts []calendar.Calendar, isOpen func(open []bool) bool) {
	t.Helper()
	if whole == nil {
		t.Errorf("%s: %v", law, errNone)
		return
	}
	g := guard.Guard{Patience: patience, Budget: budget}
	defer g.Close()
	edges, within := edgesOf(parts, parts)
	open := make([]bool, len(parts))
	for i, at := range edges {
		for j, p := range parts {
			open[j] = p.IsOpen(at)
		}
		want := isOpen(open)
		got, err := guard.Call(&g, func() (bool, error) { return whole.IsOpen(at), nil })
		if err != nil {
			t.Errorf("%s: IsOpen(%s): %v", law, show(at), err)
			return
		}
		if got != want {
			t.Errorf("%s: %s is %s, want %s, since the parts are %s", law, show(at), word(got), word(want), words(open))
			return
		}
		if i+1 == len(edges) || !within(at, edges[i+1]) {
			continue
		}
		next := edges[i+1]
		var all time.Duration
		if want {
			all = next.Sub(at)
		}
		n, err := guard.Call(&g, func() (time.Duration, error) { return whole.Elapsed(at, next), nil })
		if err != nil || n != all {
			t.Errorf("%s: Elapsed(%s, %s) is %v, want %v, since the parts are %s all the time (error: %v)", law, show(at), show(next), n, all, words(open), err)
			return
		}
	}
}

func word(open bool) string {
	if open {
		return "open"
	}
	return "closed"
}

func words(open []bool) string {
	out := make([]string, len(open))
	for i, o := range open {
		out[i] = word(o)
	}
	return fmt.Sprint(out)
}

// edgesOf returns the openings and closings of calendars, and instants beside
// them, near the special dates of those named last, in order. Between two of
// them that follow each other no calendar opens or closes if both lie within
// one window.
func edgesOf(cals, near []calendar.Calendar) (out []time.Time, within func(a, b time.Time) bool) {
	type window struct{ from, to time.Time }
	var windows []window
	add := func(at time.Time, days int) {
		windows = append(windows, window{at.AddDate(0, 0, -days), at.AddDate(0, 0, days)})
	}
	add(now, 8)
	for _, c := range near {
		loc := location(c)
		for _, ch := range changes(loc, lastYear, now.AddDate(1, 0, 0)) {
			add(ch.at, 3)
		}
		for _, d := range pick(datesOf(c.Spec()), ownDates) {
			if 3 <= d.Year && d.Year <= 9997 { // combinations are not exact at the ends of time
				add(midnight(d, loc), 3)
			}
		}
	}
	for _, w := range windows {
		out = append(out, w.from, w.to)
		for _, c := range cals {
			for p := range c.Periods(w.from, w.to) {
				for _, at := range []time.Time{p.Start, p.End} {
					out = append(out, at.Add(-1).UTC(), at.UTC(), at.Add(1).UTC())
				}
			}
		}
	}
	out = slices.DeleteFunc(out, func(t time.Time) bool {
		return !slices.ContainsFunc(windows, func(w window) bool { return !t.Before(w.from) && !t.After(w.to) })
	})
	slices.SortFunc(out, time.Time.Compare)
	return slices.CompactFunc(out, time.Time.Equal), func(a, b time.Time) bool {
		return slices.ContainsFunc(windows, func(w window) bool { return !a.Before(w.from) && !b.After(w.to) })
	}
}
