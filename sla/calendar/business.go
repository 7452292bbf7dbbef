package calendar

import "fmt"

// IsBusinessDay reports whether d is a business day: a date on which some shift
// opens and something is left of it after breaks and clock changes. To the
// calendar that is always open every date is one. It is false if d is not
// valid.
func (c Calendar) IsBusinessDay(d Date) bool {
	s, ok := c.site()
	if !ok || !d.IsValid() {
		return d.IsValid() && c.c == nil
	}
	n := d.number()
	return s.business.has(n*daySeconds) && s.lost(n, n+1) == 0
}

// AddBusinessDays returns the nth business day after d, or the -nth before it
// where n is negative; d itself does not count, be it a business day or not.
// With n = 0 it returns d.
//
// AddBusinessDays returns an error wrapping [ErrDate] if d is not valid,
// [ErrRange] if the result lies outside the years 1 to 9999, and [ErrNoHours]
// if a calendar that has no weekly hours has no such business day any more.
func (c Calendar) AddBusinessDays(d Date, n int) (Date, error) {
	if err := d.check("add business days to"); err != nil {
		return Date{}, err
	}
	if n == 0 {
		return d, nil
	}
	e, err := c.addBusinessDays(d, n)
	if err != nil {
		return Date{}, fmt.Errorf("calendar: add %d business days to %v: %w", n, d, err)
	}
	return e, nil
}

func (c Calendar) addBusinessDays(d Date, n int) (Date, error) {
	if c.c == nil {
		if d = d.AddDays(n); !d.IsValid() {
			return Date{}, ErrRange
		}
		return d, nil
	}
	s, ok := c.site()
	if !ok {
		return Date{}, ErrNoHours
	}
	// There are fewer days than seconds.
	day, ok := s.businessDay(d.number(), min(max(int64(n), -wallEnd), wallEnd))
	if !ok {
		if s.open.before[7] > 0 {
			return Date{}, ErrRange
		}
		return Date{}, ErrNoHours
	}
	return dateOfNumber(day), nil
}

// businessDay returns the number of the nth business day after the day from, or
// before it where n is negative.
func (c *site) businessDay(from, n int64) (day int64, ok bool) {
	// First among the days that have pieces. Those of them that clock changes
	// leave nothing of do not count, so as many more are needed.
	more := n
	if n > 0 {
		for nth := c.business.sum((from+1)*daySeconds) - 1; ; {
			nth += more
			w := c.business.nth(nth)
			if w == never {
				return day, false
			}
			day = w / daySeconds
			if more = n - c.businessDays(from, day); more == 0 {
				return day, true
			}
		}
	}
	for nth := c.business.sum(from * daySeconds); ; {
		if nth += more; nth < 0 {
			return day, false
		}
		day = c.business.nth(nth) / daySeconds
		if more = n + c.businessDays(day-1, from-1); more == 0 {
			return day, true
		}
	}
}

// BusinessDays returns how many business days there are after a, up to and
// including b. It is -BusinessDays(b, a) where b is before a, and 0 where
// either is not valid. It undoes [Calendar.AddBusinessDays]: from d to the nth
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

// businessDays returns how many business days there are after the day a, up to
// and including the day b, which is not before a.
func (c *site) businessDays(a, b int64) int64 {
	h := c.business
	return h.sum((b+1)*daySeconds) - h.sum((a+1)*daySeconds) - c.lost(a+1, b+1)
}

// lost returns how many of the days [from, to) are in c.business, but clock
// changes leave nothing of their shifts.
func (c *site) lost(from, to int64) (n int64) {
	offset, _, change := c.zone(clamp(epoch + from*daySeconds - reach))
	for change < min(epoch+to*daySeconds+reach, unixEnd) {
		next, _, nextChange := c.zone(change)
		// Only times that are skipped can leave nothing: repeated ones keep their
		// order.
		a, b := change+offset-epoch, change+next-epoch
		if a < b && (b-a >= daySeconds || c.hasMark(a-1, b+1)) {
			for day := max(from, a/daySeconds-1); day < to && day <= b/daySeconds; day++ {
				if c.business.has(day*daySeconds) && len(c.opened(day, day)) == 0 {
					n++
				}
			}
		}
		offset, change = next, nextChange
	}
	return n
}
