package calendar

import "time"

const (
	// reachDays is how many days away from its date a shift can be open on the
	// clock of UTC: two long, far from UTC and moved by a clock change that skips a
	// date. So reach is more than any clock is from UTC, or changes.
	reachDays = 3
	reach     = reachDays * daySeconds
	far       = 2 * reach // from a time at which something may open or close

	// unixBegin and unixEnd are Unix times before and after all dates of the
	// years 1 to 9999, whatever the zone.
	unixBegin = epoch - reach
	unixEnd   = epoch + wallEnd + reach

	// tablesEnd is when every zone follows yearly rules: the tables of changes end
	// before it. It is 2100-01-01 in UTC.
	tablesEnd = 4102444800
	// From tableBegin to tableEnd, about 2000 to 2050, stretches are tabulated.
	tableBegin = 946684800
	tableEnd   = 2524608000

	// cycle is the period of the Gregorian calendar, 400 years: whole weeks.
	cycle = 146097 * daySeconds
)

// A stretch is a period of Unix time, [from, to), with one pair of sets of a
// calendar's open times.
type stretch struct {
	from, to     int64
	shift        int64  // added to Unix time, it gives the clock of the sets
	open, closed *hours // the seconds at which the calendar is open, and all others
	own          bool   // whether the sets are of the stretch alone
	// From since to until the sets also hold outside the stretch, except near
	// clock changes.
	since, until int64
}

// A finder finds the stretch that contains a Unix time in [unixBegin, unixEnd).
// It need not be as long as it can be.
type finder interface{ find(u int64) stretch }

// compiled is a calendar made ready to compute with.
type compiled struct {
	finder
	loc     *time.Location // of the instants that come back
	settled int64          // before it is all that is said of single days
	starts  []int64        // where the tabulated stretches begin
	table   []stretch      // without gaps

	// The seconds between which c has open, and closed, ones. What is not known
	// to end is at unixBegin or unixEnd.
	firstOpen, lastOpen     int64
	firstClosed, lastClosed int64
}

// newCompiled tabulates the stretches that f finds, and finds out whether c
// opens at all. Everything said of single days is before the Unix time settled.
func newCompiled(f finder, loc *time.Location, settled int64) (*compiled, error) {
	settled = max(settled, tablesEnd)
	c := &compiled{finder: f, loc: loc, settled: settled, firstOpen: unixBegin, lastOpen: unixEnd, firstClosed: unixBegin, lastClosed: unixEnd}
	for u := int64(tableBegin); u < tableEnd; {
		st := f.find(u)
		st.from = u // it may begin before
		c.starts = append(c.starts, u)
		c.table = append(c.table, st)
		u = st.to
	}
	// After settled and the zones' tables, everything repeats with the cycle.
	end := min(settled+cycle, unixEnd)
	last := func(open bool) int64 {
		u := c.previous(end, open)
		if u > settled && end < unixEnd {
			return unixEnd
		}
		return u
	}
	c.lastOpen, c.lastClosed = last(true), last(false)
	if c.lastOpen <= unixBegin {
		return nil, ErrNeverOpens
	}
	c.firstOpen = c.next(unixBegin, true)
	c.firstClosed = c.next(c.firstOpen, false)
	return c, nil
}

// at returns the stretch that contains the Unix time u, as find does.
func (c *compiled) at(u int64) stretch {
	if i := upper(c.starts, u); i > 0 && u < c.table[i-1].to {
		return c.table[i-1]
	}
	return c.find(u)
}

// next returns the first open, or closed, Unix time of c at or after u, or unixEnd
// if there is none. u must be in [unixBegin, unixEnd].
func (c *compiled) next(u int64, open bool) int64 {
	if open && u > c.lastOpen {
		return unixEnd
	}
	if !open && u > c.lastClosed {
		u = max(u, unixEnd-far)
	}
	for u < unixEnd {
		st := c.at(u)
		v := st.next(u, open)
		if v < st.to {
			return v
		}
		// Clock changes on the way to v move nothing that is not near them. Only
		// where a whole date goes missing, as no yearly rule has it, can hours
		// without a gap come to have one.
		u = st.to
		if v = min(v, st.until) - far; v > u && (open || u > tablesEnd) {
			u = v
		}
	}
	return unixEnd
}

// previous returns the last open, or closed, Unix time of c before u, or unixBegin
// if there is none. u must be in [unixBegin, unixEnd].
func (c *compiled) previous(u int64, open bool) int64 {
	if open && u <= c.firstOpen {
		return unixBegin
	}
	if !open && c.firstOpen <= u && u <= c.firstClosed {
		return c.firstOpen - 1
	}
	for u > unixBegin {
		st := c.at(u - 1)
		v := st.previous(u, open)
		if v >= st.from {
			return v
		}
		u = st.from
		if v = max(v, st.since) + far; v < u && (open || v > tablesEnd) {
			u = v
		} else if v < u {
			u = min(u, tablesEnd)
		}
	}
	return unixBegin
}

// isOpen reports whether the calendar is open at the Unix time u in st.
func (st *stretch) isOpen(u int64) bool { return st.open.has(u + st.shift) }

// sum returns the number of open seconds from a to b, both in st or at its end.
func (st *stretch) sum(a, b int64) int64 {
	return st.open.sum(b+st.shift) - st.open.sum(a+st.shift)
}

// nth returns the Unix time of the start of the nth open second after u,
// counting from 0. If st has no such second, it returns st's end, and the n that
// is left from there.
func (st *stretch) nth(u, n int64) (at, left int64) {
	before := st.open.sum(u + st.shift)
	if at := st.open.nth(before+n) - st.shift; at < st.to {
		return at, 0
	}
	return st.to, n - (st.open.sum(st.to+st.shift) - before)
}

// next returns the first second of st at or after u that is open, or that is
// closed, as the caller wants; it is at or after st's end if there is none.
func (st *stretch) next(u int64, open bool) int64 {
	w, h := u+st.shift, st.open
	switch {
	case open:
		return h.nth(h.sum(w)) - st.shift
	case w < 0 || w >= wallEnd:
		return u
	}
	h = st.closed
	return min(h.nth(h.sum(w)), wallEnd) - st.shift
}

// previous returns the last second of st before u that is open, or that is
// closed, as the caller wants; it is before st's start if there is none. It
// passes over the time after 9999-12-31, which is closed without a closing.
func (st *stretch) previous(u int64, open bool) int64 {
	h := st.open
	if !open {
		h = st.closed
	}
	n := h.sum(u + st.shift)
	switch {
	case n > 0:
		return h.nth(n-1) - st.shift
	case open:
		return -never
	}
	return -1 - st.shift // before 0001-01-01, all is closed
}
