package calendar

import "time"

// Holidays returns the dates that the rules give for each of the years from
// first to last, both included, for [Spec].Holidays: year by year, and within a
// year in the order of the rules. Years outside 1 to 9999 and dates that are
// not valid are left out, so that a rule may answer with the zero Date for a
// year in which there is no such holiday.
func Holidays(first, last int, rules ...func(year int) Date) []Date {
	var out []Date
	for year := max(first, 1); year <= min(last, maxYear); year++ {
		for _, rule := range rules {
			if d := rule(year); d.IsValid() {
				out = append(out, d)
			}
		}
	}
	return out
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
