// Package wall turns wall-clock times into instants across clock changes.
package wall

import "time"

// reach is more than any zone is from UTC.
const reach = 36 * time.Hour

const day = 24 * time.Hour

// Instant returns the instant of a wall-clock time in loc: a date, and seconds
// after its midnight. The arguments may lie outside their usual ranges, as in
// [time.Date]. A time that a clock change skips moves forward by the length of
// the gap. A time that occurs twice means its first occurrence.
//
// time.Date promises neither: in a gap it uses the offset before or after the
// change, depending on the side of UTC of loc.
func Instant(year int, month time.Month, day, seconds int, loc *time.Location) time.Time {
	asUTC := time.Date(year, month, day, 0, 0, seconds, 0, time.UTC)
	at := asUTC.Add(-reach).In(loc)
	for {
		// Within [at, end) the clock is at one offset from UTC.
		offset, _, end := Offset(at)
		t := asUTC.Add(-time.Duration(offset) * time.Second).In(loc)
		if end.IsZero() || t.Before(end) {
			return t
		}
		// The offset changes before the clock shows the time. If the change
		// skips the time, the offset before it moves the time forward by the gap.
		_, next := end.Zone()
		if u := asUTC.Add(-time.Duration(next) * time.Second); u.Before(end) {
			return t
		}
		at = end
	}
}

// Offset returns the seconds by which t's clock is ahead of UTC, and bounds
// [start, end) of that offset. A bound is zero if there is none; beyond
// a bound the offset may be the same.
//
// The results are those of t.Zone and t.ZoneBounds, with one difference. For
// years after its table, ZoneBounds takes every year to have 365 days: on the
// last day of a leap year in UTC, its end is not after t, and a loop from bound
// to bound would never leave that day. The offset does not change before that day
// ends.
func Offset(t time.Time) (offset int, start, end time.Time) {
	_, offset = t.Zone()
	start, end = t.ZoneBounds()
	if !end.IsZero() && !end.After(t) {
		end = t.Truncate(day).Add(day)
	}
	return offset, start, end
}
