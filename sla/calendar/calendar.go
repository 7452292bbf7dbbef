// Package calendar computes with business time: how long a service was open
// between two instants, and when an amount of open time will have passed.
//
// A [Calendar] is made of a [Spec]: weekly hours on the wall clock of a time
// zone, holidays, special dates and breaks. [Union], [Intersection] and
// [Complement] combine calendars of any zones. The zero Calendar is open around
// the clock, every day of the year. A [Date] is a civil date, a [Period] a
// half-open time between two instants; [Month], [NthMonth] and the like make
// periods.
//
//	c, err := calendar.New(calendar.Spec{
//		Location: newYork,
//		Week:     calendar.Weekdays(calendar.MustShift("09:00-17:00")),
//		Holidays: []calendar.Holiday{{Date: calendar.MustDate("2026-12-25"), Name: "Christmas Day"}},
//	})
//	due, err := c.Add(opened, 8*time.Hour)
//
// [Holidays] lists holidays that follow rules, functions from a year to a date.
// After the last year of a list there are no holidays, and answers go on
// without them: [Calendar.HolidaysUntil] is the end of the known ones.
//
// Hours are wall clock, durations are real elapsed time: a shift from 00:00 to
// 24:00 lasts 23 hours on the day that the clocks go forward. A wall-clock
// time that a clock change skips moves forward by the length of the gap. One that
// occurs twice means its first occurrence. A shift that becomes empty is dropped,
// and shifts that come to overlap count once. A shift belongs to the date of its
// opening: a holiday removes the whole of it. A date that does not exist in the
// zone, such as 2011-12-30 in Apia, has neither shifts nor breaks. Shifts and
// breaks become instants first, then breaks are cut out, so a break never opens
// time that was closed.
//
// A calendar is closed before 0001-01-01 and after 9999-12-31, as its own wall
// clock shows them. The opening instant is open, the closing instant is not.
// Instants come back in the calendar's zone and without monotonic readings.
//
// Answers depend on the time zone database. Programs on several machines that
// must agree import time/tzdata.
package calendar

import (
	"fmt"
	"iter"
	"math"
	"reflect"
	"time"
)

// A Calendar tells when a service is open. The zero Calendar is open around the
// clock, every day of the year. A Calendar does not change, and may be used
// from many goroutines at once. Compare with [Calendar.Equal], not with ==.
//
// Its JSON form is "24/7" for the calendar that is always open and has no name.
// Otherwise it is an object with the zone's IANA name and whatever else the
// calendar has. Holidays with names stand under them, with blanks between the
// dates; a list is read, too, and written if no holiday has a name. A combination has its parts
// under "union" or "intersection", or one part under "complement".
//
//	{
//	  "format": 1,
//	  "name": "New York office",
//	  "zone": "America/New_York",
//	  "week": {"monday": ["09:00-12:30", "13:30-17:00"], "friday": ["22:00-06:00"]},
//	  "later": {"2027-01-01": {"monday": ["08:00-17:00"]}},
//	  "holidays": {"Christmas Day": "2026-12-25 2027-12-25"},
//	  "holidaysThrough": "2027-12-31",
//	  "special": {"2026-12-24": ["09:00-12:00"]},
//	  "breaks": {"2026-06-01": ["14:00-15:00"]}
//	}
type Calendar struct {
	c    *compiled // nil: open around the clock
	name string
}

// New returns the calendar that s describes. It keeps nothing that the caller
// could change. Shifts may meet, and breaks may overlap.
//
// New returns an error wrapping [ErrZone] if s has no location, [ErrNeverOpens] if
// s leaves no open time at all, or [ErrInvalid] if a date, a shift or a break is
// not valid, if two shifts of one date or of two that follow each other have
// wall-clock time in common, or if a date is both a holiday and special. The error
// is a [FieldError] if a field is wrong.
func New(s Spec) (Calendar, error) {
	c, err := newCalendar(s)
	if err != nil {
		return Calendar{}, fmt.Errorf("calendar: new: %w", err)
	}
	return c, nil
}

func newCalendar(s Spec) (Calendar, error) {
	if err := s.check(); err != nil {
		return Calendar{}, err
	}
	c, err := compile(s.clone())
	if err != nil {
		return Calendar{}, err
	}
	return Calendar{c: c}, nil
}

// Named returns c under a name, such as "New York office", by which a document
// can refer to it. The empty name is none. A name changes no answer.
func (c Calendar) Named(name string) Calendar {
	c.name = name
	return c
}

// Name returns c's name, or "" if it has none.
func (c Calendar) Name() string { return c.name }

// IsAlways reports whether c is the calendar that is open around the clock. It
// is false for one that is made of shifts, even if they leave no gap.
func (c Calendar) IsAlways() bool { return c.c == nil }

// Spec returns a copy of the Spec that c was made of: holidays in order and one a
// date, shifts in the order of their opening. For the calendar that is always open
// and for a combination it is the zero Spec; [New] refuses that.
func (c Calendar) Spec() Spec {
	s, ok := c.site()
	if !ok {
		return Spec{}
	}
	return s.spec.clone()
}

// Equal reports whether c and d were made of the same shifts, dates and zone, or
// are the same combination of equal parts in any order. Zones are the same if they have the same name and rules. Names of
// calendars make no difference; those of holidays do. For the same hours in other
// words, see [Calendar.Covers].
func (c Calendar) Equal(d Calendar) bool {
	if c.c == d.c {
		return true
	}
	if c.c == nil || d.c == nil {
		return false
	}
	if x, ok := c.combination(); ok {
		y, ok := d.combination()
		return ok && x.equal(y)
	}
	x, _ := c.site()
	y, ok := d.site()
	if !ok {
		return false
	}
	s, t := x.spec, y.spec
	same := sameZone(s.Location, t.Location)
	s.Location, t.Location = nil, nil
	return same && reflect.DeepEqual(s, t)
}

// site returns the site that c is.
func (c Calendar) site() (s *site, ok bool) {
	if c.c == nil {
		return nil, false
	}
	s, ok = c.c.finder.(*site)
	return s, ok
}

// Location returns c's zone. It is nil for the calendar that is always open.
func (c Calendar) Location() *time.Location {
	if c.c == nil {
		return nil
	}
	return c.c.loc
}

// Add returns the instant d of open time after t. A result at closing time stays
// there. With a negative d it goes back, and a result at opening time stays
// there. With d = 0 it returns t, open or not. The result is in c's zone, or in
// t's if c is always open.
//
// Add returns an error wrapping [ErrNoHours] if c is not open that long any more
// in the years 1 to 9999.
func (c Calendar) Add(t time.Time, d time.Duration) (time.Time, error) {
	if c.c != nil {
		return c.c.add(t, d)
	}
	end := t.Add(d).Round(0)
	if s := end.Unix(); d != 0 && (s < epoch || s >= epoch+wallEnd) {
		return time.Time{}, fmt.Errorf("calendar: add %v: %w", d, ErrNoHours)
	}
	return end, nil
}

func (c *compiled) add(t time.Time, d time.Duration) (time.Time, error) {
	if d == 0 {
		return t.Round(0).In(c.loc), nil
	}
	sec, nsec, ok := c.after(clamp(t.Unix()), int64(t.Nanosecond()), d)
	if !ok {
		return time.Time{}, fmt.Errorf("calendar: add %v: %w", d, ErrNoHours)
	}
	return time.Unix(sec, nsec).In(c.loc), nil
}

// clamp moves a Unix time far outside the years 1 to 9999, where everything is
// closed, just outside of them.
func clamp(u int64) int64 { return min(max(u, unixBegin), unixEnd-1) }

const second = int64(time.Second)

// after returns the Unix time after the open time d since the given one; d must
// not be 0.
func (c *compiled) after(u, nsec int64, d time.Duration) (sec, rest int64, ok bool) {
	st := c.at(u)
	if nsec != 0 && !st.isOpen(u) {
		nsec = 0 // the rest of a closed second does not matter
	}
	// The open time ends in or at the end of the open second that is n seconds
	// after u, or before it if n is negative.
	n := int64(d) / second
	rest = int64(d)%second + nsec
	if rest < 0 {
		n, rest = n-1, rest+second
	} else if rest >= second {
		n, rest = n+1, rest-second
	}
	if d > 0 {
		if rest == 0 {
			n-- // a closing time is the end of a second
		}
		for {
			if u, n = st.nth(u, n); u < st.to {
				if rest == 0 {
					u++
				}
				return u, rest, u+st.shift < wallEnd
			}
			if u >= unixEnd || u > c.lastOpen {
				return u, rest, false
			}
			st = c.at(st.to)
		}
	}
	for {
		if n += st.sum(st.from, u); n >= 0 {
			u, _ = st.nth(st.from, n)
			return u, rest, true
		}
		if u = st.from; u <= c.firstOpen {
			return u, rest, false
		}
		st = c.at(u - 1)
	}
}

// Elapsed returns how long c was open from a until b. It is -Elapsed(b, a)
// if b is before a. A result that does not fit is the largest or smallest
// Duration, as in [time.Time.Sub].
func (c Calendar) Elapsed(a, b time.Time) time.Duration {
	if c.c == nil {
		return b.Round(0).Sub(a.Round(0))
	}
	sign := time.Duration(1)
	if b.Before(a) {
		a, b, sign = b, a, -1
	}
	sec, nsec := c.c.elapsed(a, b)
	if sec > math.MaxInt64/second || sec == math.MaxInt64/second && nsec > math.MaxInt64%second {
		if sign == -1 {
			return math.MinInt64
		}
		return math.MaxInt64
	}
	return sign * time.Duration(sec*second+nsec)
}

// elapsed returns the open time of c from a until b, in seconds and the nanoseconds
// of one more; b must not be before a.
func (c *compiled) elapsed(a, b time.Time) (sec, nsec int64) {
	from, to := clamp(a.Unix()), clamp(b.Unix())
	st := c.at(from)
	if n := int64(a.Nanosecond()); n != 0 && st.isOpen(from) {
		nsec -= n
	}
	for to >= st.to {
		sec += st.sum(from, st.to)
		from = st.to
		st = c.at(st.to)
	}
	sec += st.sum(from, to)
	if n := int64(b.Nanosecond()); n != 0 && st.isOpen(to) {
		nsec += n
	}
	if nsec < 0 {
		sec, nsec = sec-1, nsec+second
	}
	return sec, nsec
}

// IsOpen reports whether c is open at t: at the instant of opening it is, at
// the instant of closing it is not.
func (c Calendar) IsOpen(t time.Time) bool {
	if c.c == nil {
		return true
	}
	u := clamp(t.Unix())
	st := c.c.at(u)
	return st.isOpen(u)
}

// NextOpening returns the first opening of c after t: the end of a closed time. An
// opening at t itself does not count. To get t itself if c
// is open, ask [Calendar.IsOpen] first. ok is false if c does not open again, or is
// always open.
func (c Calendar) NextOpening(t time.Time) (at time.Time, ok bool) { return c.nextChange(t, true) }

// NextClosing returns the first closing of c after t: the end of an open time. A
// closing at t itself does not count. ok is false if c does
// not close again in the years 1 to 9999, or is always open.
func (c Calendar) NextClosing(t time.Time) (at time.Time, ok bool) { return c.nextChange(t, false) }

// PreviousOpening returns the last opening of c before t. An opening at t itself
// does not count. ok is false
// if there is none, or c is always open.
func (c Calendar) PreviousOpening(t time.Time) (at time.Time, ok bool) {
	return c.previousChange(t, true)
}

// PreviousClosing returns the last closing of c before t. A closing at t itself
// does not count. ok is false if
// there is none in the years 1 to 9999, or c is always open.
func (c Calendar) PreviousClosing(t time.Time) (at time.Time, ok bool) {
	return c.previousChange(t, false)
}

// nextChange returns the first opening, or closing, of c after t.
func (c Calendar) nextChange(t time.Time, open bool) (time.Time, bool) {
	if c.c == nil {
		return time.Time{}, false
	}
	u := c.c.next(clamp(t.Unix()), !open)
	u = c.c.next(u, open)
	return c.c.time(u)
}

// previousChange returns the last opening, or closing, of c before t.
func (c Calendar) previousChange(t time.Time, open bool) (time.Time, bool) {
	if c.c == nil {
		return time.Time{}, false
	}
	u := t.Unix()
	if t.Nanosecond() > 0 {
		u++
	}
	u = c.c.previous(clamp(u), open)
	u = c.c.previous(u, !open)
	return c.c.time(u + 1)
}

// clock returns the Unix time u as an instant in c's zone.
func (c *compiled) clock(u int64) time.Time { return time.Unix(u, 0).In(c.loc) }

// time returns the Unix time u as an instant in c's zone. ok is false if its date
// lies outside the years 1 to 9999, or c is not exact there.
func (c *compiled) time(u int64) (t time.Time, ok bool) {
	t = c.clock(u)
	if _, ok := c.finder.(*combination); ok && (u < exactBegin || u >= exactEnd) || !dateAt(t, c.loc).IsValid() {
		return time.Time{}, false
	}
	return t, true
}

// Periods yields the open periods of c within [from, to), in order, each as long as
// it can be; none if to is not after from. Their durations add
// up to Elapsed(from, to).
func (c Calendar) Periods(from, to time.Time) iter.Seq[Period] {
	return func(yield func(Period) bool) {
		from, to := from.Round(0), to.Round(0)
		if c.c == nil {
			if from.Before(to) {
				yield(Period{from, to})
			}
			return
		}
		from, to = from.In(c.c.loc), to.In(c.c.loc)
		for u, end := clamp(from.Unix()), clamp(to.Unix()); from.Before(to); {
			opens := c.c.next(u, true)
			if opens > end {
				return
			}
			u = c.c.next(opens, false)
			p := Period{c.c.clock(opens), c.c.clock(u)}
			if p.Start.Before(from) {
				p.Start = from
			}
			if p.End.After(to) {
				p.End = to
			}
			if p.Start.Before(p.End) && !yield(p) {
				return
			}
		}
	}
}
