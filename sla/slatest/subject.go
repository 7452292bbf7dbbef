package slatest

import (
	"cmp"
	"slices"
	"time"

	"github.com/supportplan/supportplan/internal/guard"
	"github.com/supportplan/supportplan/sla/calendar"
)

const (
	drawnInstants  = 120
	drawnDurations = 10
	ownDates       = 24 // of a calendar that are looked at, at most
)

// The years from whose clock changes instants are taken.
var (
	begin = midnight(calendar.Date{Year: 2010, Month: time.January, Day: 1}, time.UTC)
	end   = midnight(calendar.Date{Year: 2031, Month: time.January, Day: 1}, time.UTC)
	// now is a Monday; small examples are near to it.
	now = midnight(calendar.Date{Year: 2026, Month: time.March, Day: 2}, time.UTC)
	// lastYear is a year before.
	lastYear = now.AddDate(-1, 0, 0)
)

// Zones far to the east and to the west of every calendar, at which the date is
// another one for most of the day.
var (
	farEast = time.FixedZone("UTC+14", 14*60*60)
	farWest = time.FixedZone("UTC-12", -12*60*60)
)

// A subject is a clock that is held to laws.
type subject struct {
	cal       calendar.Calendar
	clock     Clock
	loc       *time.Location // UTC if cal has none
	instants  []time.Time    // the instants to try laws at, in rising order
	small     []time.Time    // the same, small examples first
	durations []time.Duration
	edges     []stretch // from small to the next closing and the previous opening
	guard     guard.Guard
	replies   []reply // see all
}

// A stretch is an instant and an open time other than 0, from it on or back.
type stretch struct {
	a time.Time
	d time.Duration
}

func newSubject(cal calendar.Calendar, c Clock) *subject {
	s := &subject{cal: cal, clock: c, loc: location(cal), guard: guard.Guard{Patience: patience, Budget: budget}}
	for i, at := range anchors(cal) {
		for j, b := range around(cal, at) {
			s.instants = append(s.instants, b, b.Add(offsets[(i+j)%len(offsets)]))
		}
	}
	draw := Instants(cal)
	for i := range drawnInstants {
		s.instants = append(s.instants, draw.Example(i))
	}
	slices.SortFunc(s.instants, time.Time.Compare)
	s.instants = slices.CompactFunc(s.instants, time.Time.Equal)
	s.small = slices.Clone(s.instants)
	slices.SortStableFunc(s.small, func(a, b time.Time) int {
		return cmp.Or(cmp.Compare(grain(sinceMidnight(a)), grain(sinceMidnight(b))), nearer(a, b))
	})
	for _, a := range s.small {
		for _, find := range []func(time.Time) (time.Time, bool){cal.NextClosing, cal.PreviousOpening} {
			if at, ok := find(a); ok && cal.Elapsed(a, at) != 0 {
				s.edges = append(s.edges, stretch{a, cal.Elapsed(a, at)})
			}
		}
	}
	for i := range drawnDurations {
		s.durations = append(s.durations, Durations().Example(i).Abs())
	}
	s.durations = append(s.durations, lengths...)
	slices.SortFunc(s.durations, smaller)
	s.durations = slices.Compact(s.durations)
	return s
}

// location returns cal's zone, or UTC.
func location(cal calendar.Calendar) *time.Location {
	if loc := cal.Location(); loc != nil {
		return loc
	}
	return time.UTC
}

// lengths are durations that deadline math tends to fail at.
var lengths = []time.Duration{
	1, time.Second / 2, time.Second, 90 * time.Second, time.Minute, 30 * time.Minute, time.Hour, 4 * time.Hour, 7*time.Hour + 45*time.Minute,
	8 * time.Hour, 16 * time.Hour, 24 * time.Hour, 40 * time.Hour, 80 * time.Hour,
}

// offsets are distances from special instants.
var offsets = []time.Duration{
	-1, 1, time.Second / 2, -time.Second, -time.Minute, 30 * time.Minute, -30 * time.Minute, time.Hour, -time.Hour, 90*time.Minute + 1,
}

// grain is the roundness of a duration: 0 for whole hours, 1 for whole minutes, 2
// for whole seconds, 3 for others.
func grain(d time.Duration) int {
	return slices.IndexFunc([]time.Duration{time.Hour, time.Minute, time.Second, time.Nanosecond}, func(unit time.Duration) bool { return d%unit == 0 })
}

// smaller orders durations by roundness, then by length.
func smaller(a, b time.Duration) int {
	return cmp.Or(cmp.Compare(grain(a), grain(b)), cmp.Compare(a, b))
}

// nearer orders instants by how near they are to now.
func nearer(a, b time.Time) int { return cmp.Compare(a.Sub(now).Abs(), b.Sub(now).Abs()) }

// sinceMidnight returns the time of day that t's clock shows.
func sinceMidnight(t time.Time) time.Duration {
	return time.Duration(t.Hour())*time.Hour + time.Duration(t.Minute())*time.Minute + time.Duration(t.Second())*time.Second + time.Duration(t.Nanosecond())
}

// anchors returns special instants: clock changes,
// midnights of the calendar's own dates and of a week without anything.
func anchors(cal calendar.Calendar) (out []time.Time) {
	loc := location(cal)
	for _, c := range changes(loc, begin, end) {
		out = append(out, c.at)
	}
	for day := range 7 {
		out = append(out, midnight(calendar.DateOf(now, loc).AddDays(day), loc))
	}
	dates := slices.DeleteFunc(datesOf(cal.Spec()), func(d calendar.Date) bool { return d.Year < 1930 || d.Year > 2130 })
	for i := 0; i < len(dates); i += 1 + len(dates)/ownDates {
		out = append(out, midnight(dates[i], loc))
	}
	return out
}

// datesOf returns the dates that s mentions, in order.
func datesOf(s calendar.Spec) []calendar.Date {
	dates := holidaysOf(s)
	for d := range s.Special {
		dates = append(dates, d)
	}
	for d := range s.Breaks {
		dates = append(dates, d)
	}
	slices.SortFunc(dates, calendar.Date.Compare)
	return slices.Compact(dates)
}

// holidaysOf returns the dates of the holidays of s.
func holidaysOf(s calendar.Spec) (dates []calendar.Date) {
	for _, h := range s.Holidays {
		dates = append(dates, h.Date)
	}
	return dates
}

// midnight returns the start of d in loc.
func midnight(d calendar.Date, loc *time.Location) time.Time {
	return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, loc)
}

// around returns t and the openings, closings and midnights beside it.
func around(cal calendar.Calendar, t time.Time) []time.Time {
	out := []time.Time{t}
	for _, find := range []func(time.Time) (time.Time, bool){cal.PreviousOpening, cal.PreviousClosing, cal.NextOpening, cal.NextClosing} {
		if at, ok := find(t); ok && at.Sub(t).Abs() < 5*24*time.Hour {
			out = append(out, at)
		}
	}
	d := calendar.DateOf(t, location(cal))
	return append(out, midnight(d, location(cal)), midnight(d.AddDays(1), location(cal)))
}
