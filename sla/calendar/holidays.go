package calendar

import (
	"slices"
	"time"
)

// Holidays returns the dates that the rules give in the years from first to
// last, both included, for [Spec].Holidays: in order, and each once. It asks the
// rules for the year before and the year after, too, because a holiday can be
// observed in another year than its own: 1 January 2028 is a Saturday, so its
// day off is 31 December 2027. Dates that are not valid are left out; a rule
// answers with the zero Date for a year without the holiday.
func Holidays(first, last int, rules ...func(year int) Date) []Date {
	first, last = max(first, 1), min(last, maxYear)
	var out []Date
	for year := max(first-1, 1); year <= min(last+1, maxYear); year++ {
		for _, rule := range rules {
			if d := rule(year); d.IsValid() && first <= d.Year && d.Year <= last {
				out = append(out, d)
			}
		}
	}
	slices.SortFunc(out, Date.Compare)
	return slices.Compact(out)
}

// NthWeekday returns the nth given day of the week of a month, from 1 on, or
// counted from the month's end where n is negative: -1 is the last. It is the
// zero Date where the month has no such day, or the year, month or weekday is
// not valid.
func NthWeekday(year int, month time.Month, weekday time.Weekday, n int) Date {
	first := Date{year, month, 1}
	if !first.IsValid() || weekday < time.Sunday || weekday > time.Saturday || n < -5 || n > 5 {
		return Date{}
	}
	var d Date
	if n > 0 {
		d = first.AddDays(int(weekday-first.Weekday()+7)%7 + 7*(n-1))
	} else {
		length := first.midnight().AddDate(0, 1, -1).Day()
		last := Date{year, month, length}
		d = last.AddDays(-int(last.Weekday()-weekday+7)%7 + 7*(n+1))
	}
	if d.Month != month || n == 0 {
		return Date{}
	}
	return d
}
