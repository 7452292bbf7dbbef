// Package wall turns wall-clock times into instants across clock changes.
package wall

import "time"

// reach is how far the instant of a wall-clock time can lie from the instant
// at which a clock in UTC would show it: more than any zone is from UTC.
const reach = 36 * time.Hour

const day = 24 * time.Hour

// Instant returns the instant at which clocks in loc show the given time of
// day, in seconds after midnight, on the given date; the arguments may lie
// outside their usual ranges as in [time.Date]. A time that a clock change
// skips moves forward by the length of the gap, and one that occurs twice
// means its first occurrence.
//
// time.Date promises neither: in a gap it answers with one of the two zones,
// and which one depends on the side of UTC that loc lies on.
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
		// The clock did not yet show the time when the offset changed. Where
		// the change skips it, the time before the change still says how far
		// beyond the change it would have come: forward by the gap.
		_, next := end.Zone()
		if u := asUTC.Add(-time.Duration(next) * time.Second); u.Before(end) {
			return t
		}
		at = end
	}
}

// Offset returns how many seconds t's clock is ahead of UTC, and the bounds,
// [start, end), between which it stays that; it may stay that beyond them.
// They are zero where there is none.
//
// It is t.Zone and t.ZoneBounds but for this: the latter, for years after its
// table, answers with the end of a year that it takes to have 365 days, and so
// on the last day of a leap year, in UTC, with an end that is not after t. A
// loop from bound to bound would never leave that day. The offset does not
// change before it ends.
func Offset(t time.Time) (offset int, start, end time.Time) {
	_, offset = t.Zone()
	start, end = t.ZoneBounds()
	if !end.IsZero() && !end.After(t) {
		end = t.Truncate(day).Add(day)
	}
	return offset, start, end
}
