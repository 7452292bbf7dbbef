// Package calendar computes with business time: how long a service was open
// between two instants, and when an amount of open time will have passed.
//
// A [Calendar] is made of a [Spec]: weekly hours in a time zone, holidays,
// special dates and breaks. The zero Calendar is open around the clock, every
// day of the year.
package calendar

import (
	"errors"
	"fmt"
	"github.com/supportplan/supportplan/internal/wall"
	"iter"
	"time"
)

// ErrNoHours is wrapped by the error of adding more open time, or more business
// days, than a calendar has left in that direction, as one made of special
// dates alone comes to its end.
var ErrNoHours = errors.New("no open hours left")

// ErrRange is wrapped by the error of a result outside the years 1 to 9999.
var ErrRange = errors.New("outside the years 1 to 9999")

// A Calendar says when a service is open. The zero Calendar is open around the
// clock, every day of the year. A Calendar does not change, and may be used
// from many goroutines at once. Compare with [Calendar.Equal].
type Calendar struct {
	spec *Spec // nil for 24/7
}

// Always returns the calendar that is open around the clock; it is the zero
// Calendar.
func Always() Calendar { return Calendar{} }

// New returns the calendar that s describes.
func New(s Spec) (Calendar, error) {
	s = s.clone()
	if err := s.check(); err != nil {
		return Calendar{}, err
	}
	return Calendar{&s}, nil
}

// IsAlways reports whether c is the 24/7 calendar.
func (c Calendar) IsAlways() bool { return c.spec == nil }

// Spec returns what c was made of; ok is false for the 24/7 calendar.
func (c Calendar) Spec() (s Spec, ok bool) {
	if c.spec == nil {
		return Spec{}, false
	}
	return c.spec.clone(), true
}

// Equal reports whether c and d have the same hours in the same zone.
func (c Calendar) Equal(d Calendar) bool {
	x, _ := c.MarshalJSON()
	y, _ := d.MarshalJSON()
	return string(x) == string(y)
}

// Location returns c's zone, or nil for the 24/7 calendar, which has none.
func (c Calendar) Location() *time.Location {
	if c.spec == nil {
		return nil
	}
	return c.spec.Location
}

func (c Calendar) in(t time.Time) time.Time {
	if c.spec == nil {
		return t.Round(0)
	}
	return t.Round(0).In(c.spec.Location)
}

// Add returns the instant at which d of open time will have passed since t; d
// may be negative.
func (c Calendar) Add(t time.Time, d time.Duration) (time.Time, error) {
	t = c.in(t)
	if c.spec == nil || d == 0 {
		return t.Add(d), nil
	}
	if d < 0 {
		for n := 1; n < 20000; n++ {
			from := t.Add(-time.Duration(n) * 24 * time.Hour)
			if e := c.Elapsed(from, t); e >= -d {
				return c.Add(from, e+d)
			}
		}
		return time.Time{}, fmt.Errorf("calendar: add %v: %w", d, ErrNoHours)
	}
	for i := range c.Intervals(t, t.AddDate(50, 0, 0)) {
		if i.Duration() >= d {
			return i.Start.Add(d), nil
		}
		d -= i.Duration()
	}
	return time.Time{}, fmt.Errorf("calendar: add %v: %w", d, ErrNoHours)
}

// Elapsed returns the open time from a to b; it is negative where b is before a.
func (c Calendar) Elapsed(a, b time.Time) time.Duration {
	if c.spec == nil {
		return b.Round(0).Sub(a.Round(0))
	}
	if b.Before(a) {
		return -c.Elapsed(b, a)
	}
	var sum time.Duration
	for i := range c.Intervals(a, b) {
		sum += i.Duration()
	}
	return sum
}

// IsOpen reports whether c is open at t.
func (c Calendar) IsOpen(t time.Time) bool {
	for range c.Intervals(t, t.Add(1)) {
		return true
	}
	return false
}

// An Interval is the half-open stretch of time [Start, End).
type Interval struct {
	Start, End time.Time
}

// Duration returns the time from i's start to its end, as [time.Time.Sub] does.
func (i Interval) Duration() time.Duration { return i.End.Sub(i.Start) }

// Intervals yields, in order, the stretches of [from, to) during which c is
// open, each as long as it can be.
func (c Calendar) Intervals(from, to time.Time) iter.Seq[Interval] {
	return func(yield func(Interval) bool) {
		from, to := c.in(from), c.in(to)
		if c.spec == nil {
			if from.Before(to) {
				yield(Interval{from, to})
			}
			return
		}
		var cur Interval
		for d := DateOf(from, c.spec.Location).AddDays(-2); d.IsValid() && d.midnight().Before(to.Add(48*time.Hour)); d = d.AddDays(1) {
			for _, i := range c.of(d) {
				if i.Start.Before(from) {
					i.Start = from
				}
				if i.End.After(to) {
					i.End = to
				}
				if !i.Start.Before(i.End) {
					continue
				}
				if !cur.Start.IsZero() && !i.Start.After(cur.End) {
					cur.End = i.End
					continue
				}
				if !cur.Start.IsZero() && !yield(cur) {
					return
				}
				cur = i
			}
		}
		if !cur.Start.IsZero() {
			yield(cur)
		}
	}
}

// of returns the shifts that open on d.
func (c Calendar) of(d Date) (out []Interval) {
	for _, h := range c.spec.Holidays {
		if h == d {
			return nil
		}
	}
	shifts, ok := c.spec.Special[d]
	if !ok {
		shifts = c.spec.Week[d.Weekday()]
	}
	for _, s := range shifts {
		at := func(sec int64) time.Time { return wall.Instant(d.Year, d.Month, d.Day, int(sec), c.spec.Location) }
		out = append(out, Interval{at(int64(s.Open)), at(s.end())})
	}
	return out
}

// NextOpening returns the first instant after t at which c opens.
func (c Calendar) NextOpening(t time.Time) (at time.Time, ok bool) {
	if c.spec != nil {
		for i := range c.Intervals(t, t.AddDate(50, 0, 0)) {
			if i.Start.After(t) {
				return i.Start, true
			}
		}
	}
	return time.Time{}, false
}

// NextClosing returns the first instant after t at which c closes.
func (c Calendar) NextClosing(t time.Time) (at time.Time, ok bool) {
	if c.spec != nil {
		for i := range c.Intervals(t, t.AddDate(50, 0, 0)) {
			return i.End, true
		}
	}
	return time.Time{}, false
}

// PreviousOpening returns the last instant before t at which c opened.
func (c Calendar) PreviousOpening(t time.Time) (at time.Time, ok bool) {
	if c.spec != nil {
		for i := range c.Intervals(t.AddDate(-5, 0, 0), t) {
			at, ok = i.Start, true
		}
	}
	return at, ok
}

// PreviousClosing returns the last instant before t at which c closed.
func (c Calendar) PreviousClosing(t time.Time) (at time.Time, ok bool) {
	if c.spec != nil {
		for i := range c.Intervals(t.AddDate(-5, 0, 0), t) {
			if i.End.Before(t) {
				at, ok = i.End, true
			}
		}
	}
	return at, ok
}

// IsBusinessDay reports whether some shift opens on d.
func (c Calendar) IsBusinessDay(d Date) bool {
	return d.IsValid() && (c.spec == nil || len(c.of(d)) > 0)
}

// AddBusinessDays returns the nth business day after d, or before it where n
// is negative; n = 0 gives d itself.
func (c Calendar) AddBusinessDays(d Date, n int) (Date, error) {
	if err := d.check("add business days to"); err != nil {
		return Date{}, err
	}
	step := 1
	if n < 0 {
		step = -1
	}
	for n != 0 {
		if d = d.AddDays(step); !d.IsValid() {
			return Date{}, fmt.Errorf("calendar: add business days: %w", ErrNoHours)
		}
		if c.IsBusinessDay(d) {
			n -= step
		}
	}
	return d, nil
}

// BusinessDays returns the number of business days after a, up to and
// including b; it is -BusinessDays(b, a) where b is before a.
func (c Calendar) BusinessDays(a, b Date) int {
	if b.Compare(a) < 0 {
		return -c.BusinessDays(b, a)
	}
	n := 0
	for a.IsValid() && a.Compare(b) < 0 {
		if a = a.AddDays(1); c.IsBusinessDay(a) {
			n++
		}
	}
	return n
}
