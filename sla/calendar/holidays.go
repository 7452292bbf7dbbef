package calendar

import (
	"slices"
	"time"
)

// A Holiday is a date without openings, with its name if it has one.
type Holiday struct {
	Date Date
	Name string
}

// Holidays returns the holidays that the rules give in the years from first to
// last, both included, for [Spec].Holidays: in order, and one a date, the first
// with a name. It asks the rules for the year before and the year after, too,
// because a holiday can be observed in another year than its own: 1 January 2028
// is a Saturday, so its day off is 31 December 2027. Dates that are not valid are
// left out; a rule answers with the zero Holiday for a year without it.
func Holidays(first, last int, rules ...func(year int) Holiday) []Holiday {
	first, last = max(first, 1), min(last, maxYear)
	var out []Holiday
	for year := max(first-1, 1); year <= min(last+1, maxYear); year++ {
		for _, rule := range rules {
			if h := rule(year); h.Date.IsValid() && first <= h.Date.Year && h.Date.Year <= last {
				out = append(out, h)
			}
		}
	}
	return compactHolidays(out)
}

// compactHolidays returns the holidays in order and one a date: the first with a
// name.
func compactHolidays(holidays []Holiday) []Holiday {
	sorted := slices.Clone(holidays)
	slices.SortStableFunc(sorted, func(a, b Holiday) int { return a.Date.Compare(b.Date) })
	var out []Holiday
	for _, h := range sorted {
		switch n := len(out); {
		case n == 0 || out[n-1].Date != h.Date:
			out = append(out, h)
		case out[n-1].Name == "":
			out[n-1] = h
		}
	}
	return out
}

// Holiday returns the holiday of c on the date d; ok is false if it has none. A
// combination has none of its own: ask its parts.
func (c Calendar) Holiday(d Date) (h Holiday, ok bool) {
	s, ok := c.site()
	if !ok {
		return Holiday{}, false
	}
	holidays := s.spec.Holidays
	i, ok := slices.BinarySearchFunc(holidays, d, func(h Holiday, d Date) int { return h.Date.Compare(d) })
	if !ok {
		return Holiday{}, false
	}
	return holidays[i], true
}

// HolidaysUntil returns the end of the time with known holidays of c: the end,
// in c's zone, of [Spec].HolidaysThrough or of the year of the last holiday. A
// deadline after it may not know a holiday on the way. For a combination it is
// the earliest of its parts' instants. ok is false if no holidays are known at
// all, as for a calendar that has none.
func (c Calendar) HolidaysUntil() (t time.Time, ok bool) {
	for _, p := range c.Parts() {
		if u, known := p.HolidaysUntil(); known && (!ok || u.Before(t)) {
			t, ok = u.In(c.c.loc), true
		}
	}
	s, isSite := c.site()
	if !isSite {
		return t, ok
	}
	last := s.spec.HolidaysThrough
	if n := len(s.spec.Holidays); n > 0 && !last.IsValid() {
		last = Date{s.spec.Holidays[n-1].Date.Year, time.December, 31}
	}
	if !last.IsValid() {
		return time.Time{}, false
	}
	t, err := last.At(day, c.c.loc)
	return t, err == nil
}

// NthWeekday returns the nth given day of the week of a month, from 1 on, or
// counted from the month's end if n is negative: -1 is the last. It is the
// zero Date if the month has no such day, or the year, month or weekday is
// not valid.
func NthWeekday(year int, month time.Month, weekday time.Weekday, n int) Date {
	var all []Date
	for d := (Date{year, month, 1}); d.IsValid() && d.Month == month; d = d.AddDays(1) {
		if d.Weekday() == weekday {
			all = append(all, d)
		}
	}
	switch {
	case n > 0 && n <= len(all):
		return all[n-1]
	case n < 0 && n >= -len(all):
		return all[len(all)+n]
	}
	return Date{}
}
