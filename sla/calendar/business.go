package calendar

import (
	"errors"
	"fmt"
	"time"
)

var errCombination = invalid(errors.New("a combination has no business days; ask one of its parts"))

// IsBusinessDay reports whether d is a business day: a date with a shift that
// breaks and clock changes do not remove. Every date is a business day of the
// calendar that is always open. It is false if d is not valid, or c is a
// combination.
func (c Calendar) IsBusinessDay(d Date) bool {
	s, ok := c.site()
	if !ok || !d.IsValid() {
		return d.IsValid() && c.c == nil
	}
	n := d.number()
	return s.era(n*daySeconds).business.has(n*daySeconds) && s.lost(n, n+1) == 0
}

// AddBusinessDays returns the nth business day after d, or the -nth before it
// if n is negative; d itself does not count, business day or not.
// With n = 0 it returns d.
//
// AddBusinessDays returns an error wrapping [ErrInvalid] if d is not valid or c
// is a combination, or [ErrNoHours] if there is no such business day in the years
// 1 to 9999.
func (c Calendar) AddBusinessDays(d Date, n int) (Date, error) {
	if err := d.check(); err != nil {
		return Date{}, fmt.Errorf("calendar: add business days to %w", err)
	}
	e, err := c.addBusinessDays(d, n)
	if err != nil {
		return Date{}, fmt.Errorf("calendar: add %d business days to %v: %w", n, d, err)
	}
	return e, nil
}

// OnBusinessDay returns the instant at the time of day at on the nth business day
// after the date of t: with n = 2 and at = 17:00, "by 17:00 on the second
// business day". The dates and the time are those of c's zone, or of t's if c is
// always open. With n = 0 it is the date of t, even if that is not a business day.
//
// The result is a date's time, not an amount of open time. So at need not be an
// open time, t may be after closing time without moving to the next day, and
// nothing can be subtracted for pauses: whoever stops the clock has to decide for
// how many business days it stood still. OnBusinessDay returns the errors of
// [Calendar.AddBusinessDays] and [Date.At].
func (c Calendar) OnBusinessDay(t time.Time, n int, at TimeOfDay) (time.Time, error) {
	loc := c.Location()
	if loc == nil {
		loc = t.Location()
	}
	d, err := c.AddBusinessDays(DateOf(t, loc), n)
	if err != nil {
		return time.Time{}, err
	}
	return d.At(at, loc)
}

func (c Calendar) addBusinessDays(d Date, n int) (Date, error) {
	if c.c == nil {
		if d = d.AddDays(n); !d.IsValid() {
			return Date{}, ErrNoHours
		}
		return d, nil
	}
	s, ok := c.site()
	switch {
	case !ok:
		return Date{}, errCombination
	case n == 0:
		return d, nil
	}
	// There are fewer days than seconds.
	day, ok := s.businessDay(d.number(), min(max(int64(n), -wallEnd), wallEnd))
	if !ok {
		return Date{}, ErrNoHours
	}
	return dateOfNumber(day), nil
}

// businessDay returns the number of the nth business day after the day from, or
// before it if n is negative.
func (c *site) businessDay(from, n int64) (day int64, ok bool) {
	// First among the days that have pieces. Those of them that clock changes
	// leave nothing of do not count, so as many more are needed.
	more := n
	if n > 0 {
		for nth := c.candidates(from+1) - 1; ; {
			nth += more
			if day, ok = c.candidate(nth); !ok {
				return day, false
			}
			if more = n - c.businessDays(from, day); more == 0 {
				return day, true
			}
		}
	}
	for nth := c.candidates(from); ; {
		if nth += more; nth < 0 {
			return day, false
		}
		day, _ = c.candidate(nth)
		if more = n + c.businessDays(day-1, from-1); more == 0 {
			return day, true
		}
	}
}

// BusinessDays returns how many business days there are after a, up to and
// including b. It is -BusinessDays(b, a) if b is before a, and 0 if either
// is not valid or c is a combination. It undoes [Calendar.AddBusinessDays]: from d to the nth
// business day after d it is n.
func (c Calendar) BusinessDays(a, b Date) int {
	switch {
	case !a.IsValid() || !b.IsValid():
		return 0
	case b.Compare(a) < 0:
		return -c.BusinessDays(b, a)
	case c.c == nil:
		return b.DaysSince(a)
	}
	s, ok := c.site()
	if !ok {
		return 0
	}
	return int(s.businessDays(a.number(), b.number()))
}

// businessDays returns the number of business days after the day a, up to and
// including the day b; b must not be before a.
func (c *site) businessDays(a, b int64) int64 {
	return c.candidates(b+1) - c.candidates(a+1) - c.lost(a+1, b+1)
}

// candidates returns how many days before the day n are in their eras' business
// sets.
func (c *site) candidates(n int64) (sum int64) {
	for i := range c.eras {
		e := &c.eras[i]
		sum += e.candidates(min(max(n*daySeconds, e.from), e.to))
	}
	return sum
}

// candidates returns how many days of e before the midnight w are in its business
// set.
func (e *era) candidates(w int64) int64 { return e.business.sum(w) - e.business.sum(e.from) }

// candidate returns the nth of the days that candidates counts, from 0.
func (c *site) candidate(n int64) (day int64, ok bool) {
	for i := range c.eras {
		e := &c.eras[i]
		count := e.candidates(e.to)
		if n < count {
			return e.business.nth(e.business.sum(e.from)+n) / daySeconds, true
		}
		n -= count
	}
	return 0, false
}

// lost returns how many of the days [from, to) are in the business set, but clock
// changes leave nothing of their shifts.
func (c *site) lost(from, to int64) (n int64) {
	offset, _, change := c.zone(clamp(epoch + from*daySeconds - reach))
	for change < min(epoch+to*daySeconds+reach, unixEnd) {
		next, _, nextChange := c.zone(change)
		// Only times that are skipped can leave nothing: repeated ones keep their
		// order.
		a, b := change+offset-epoch, change+next-epoch
		if a < b && c.hasMark(a-1, b+1) {
			for day := range (span{a - daySeconds, b}).days() {
				if from <= day && day < to && c.era(day*daySeconds).business.has(day*daySeconds) && len(c.opened(day, day)) == 0 {
					n++
				}
			}
		}
		offset, change = next, nextChange
	}
	return n
}
