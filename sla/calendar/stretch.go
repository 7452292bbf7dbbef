package calendar

import "github.com/supportplan/supportplan/internal/wall"

const (
	// reach is more than any clock is from UTC, and than any clock change moves
	// it.
	reach = 3 * daySeconds

	// unixBegin and unixEnd are Unix times before and after all dates of the
	// years 1 to 9999, whatever the zone.
	unixBegin = epoch - reach
	unixEnd   = epoch + wallEnd + reach
)

// A stretch is a period of Unix time, [from, to), throughout which a calendar
// can be computed with in one way.
type stretch struct {
	c        *compiled
	from, to int64
	kind     kind
	shift    int64 // what added to Unix time gives the wall clock
}

type kind uint8

const (
	regular kind = iota // the wall clock runs on, and what it shows says whether it is open
	frozen              // the wall clock shows again what it has shown: as at the shift's last second
	literal             // a clock change skips the start or end of some shift
)

// zone returns c's offset from UTC at the Unix time u, and the stretch
// [start, end) around u during which it stays the same; it may stay the same
// beyond.
func (c *compiled) zone(u int64) (offset, start, end int64) {
	off, s, e := wall.Offset(c.clock(u))
	start, end = unixBegin, unixEnd
	if !s.IsZero() {
		start = max(start, s.Unix())
	}
	if !e.IsZero() {
		end = min(end, e.Unix())
	}
	return int64(off), start, end
}

// at returns the stretch that contains the Unix time u, which must be in
// [unixBegin, unixEnd). It need not be as long as it can be.
func (c *compiled) at(u int64) stretch {
	if i := upper(c.starts, u); i > 0 && u < c.stretches[i-1].to {
		return c.stretches[i-1]
	}
	return c.find(u)
}

// find is at without the table. It relies on no zone's clock changing again
// before what one change skips or repeats is over.
func (c *compiled) find(u int64) stretch {
	offset, start, end := c.zone(u)
	st := stretch{c: c, from: start, to: end, shift: offset - epoch}
	if start == unixBegin {
		return st
	}
	if u-start >= reach { // far from the change at start
		st.from = start + reach
		return st
	}
	old, _, _ := c.zone(start - 1)
	change := offset - old
	switch {
	case c.isUniform(start+old-epoch, start+offset-epoch):
	case change < 0:
		// The clock shows again what it has shown. A time that it shows twice
		// means the first, so nothing opens or closes.
		return st.cut(u, min(start-change, end), frozen, start+old-epoch-1)
	default:
		// What the change skips moves forward, no further than the change.
		return st.cut(u, min(start+change, end), literal, 0)
	}
	return st
}

// following returns the stretch that begins where st ends, as at does.
func (st *stretch) following() stretch { return st.c.at(st.to) }

// tabulate finds the stretches of the years that most questions are about.
func (c *compiled) tabulate() {
	const from, until = 946684800, 2524608000 // 2000 to 2050, about
	for u := int64(from); u < until; {
		st := c.find(u)
		st.from = u // it may begin before
		c.starts = append(c.starts, u)
		c.stretches = append(c.stretches, st)
		u = st.to
	}
}

// cut returns the part of st that contains u: regular from the Unix time at on,
// and before it of another kind.
func (st stretch) cut(u, at int64, k kind, shift int64) stretch {
	if u < at {
		st.to, st.kind, st.shift = at, k, shift
	} else {
		st.from = at
	}
	return st
}

// isUniform reports whether no shift or break starts or ends between the wall
// clock times that a clock change skips or repeats, so that the hours can be
// read off the wall clock as if there had been no change.
func (c *compiled) isUniform(a, b int64) bool {
	a, b = min(a, b), max(a, b)
	if b-a >= daySeconds { // a whole date may be missing
		return false
	}
	for day := a/daySeconds - 1; day <= b/daySeconds; day++ {
		for _, s := range c.on(day) {
			if inside(a, s.open+day*daySeconds, b) || inside(a, s.close+day*daySeconds, b) {
				return false
			}
		}
	}
	return true
}

func inside(a, x, b int64) bool { return a < x && x < b }

// instant returns the Unix time at which the clock shows the given second
// after the midnight at which a day starts.
func (c *compiled) instant(day, second int64) int64 {
	return wall.Instant(1, 1, 1+int(day), int(second), c.spec.Location).Unix()
}

// exists reports whether c's zone has the date.
func (c *compiled) exists(day int64) bool {
	return DateOf(c.clock(c.instant(day, 0)), c.spec.Location) == dateOfNumber(day)
}

// look reports whether c is open at the Unix time u, and a later time until
// which that does not change, from the instants at which every shift that is
// near opens and closes.
func (c *compiled) look(u int64) (open bool, until int64) {
	until = u + daySeconds
	today := (u - epoch) / daySeconds
	for day := max(today-4, 0); day <= min(today+4, maxDay); day++ {
		if !c.exists(day) {
			continue
		}
		for _, s := range c.on(day) {
			opens, closes := c.instant(day, s.open), c.instant(day, s.close)
			if u >= opens && u < closes {
				open = true
			}
			if opens > u {
				until = min(until, opens)
			}
			if closes > u {
				until = min(until, closes)
			}
		}
	}
	return open, until
}

// isOpen reports whether the calendar is open at the Unix time u in st.
func (st *stretch) isOpen(u int64) bool {
	switch st.kind {
	case regular:
		return st.c.open.has(u + st.shift)
	case frozen:
		return st.c.open.has(st.shift)
	}
	open, _ := st.c.look(u)
	return open
}

// sum returns how many of the seconds from a to b, both in st or at its end,
// are open.
func (st *stretch) sum(a, b int64) (n int64) {
	switch st.kind {
	case regular:
		return st.c.open.sum(b+st.shift) - st.c.open.sum(a+st.shift)
	case frozen:
		if st.isOpen(a) {
			n = b - a
		}
		return n
	}
	for a < b {
		open, until := st.c.look(a)
		until = min(until, b)
		if open {
			n += until - a
		}
		a = until
	}
	return n
}

// nth returns the Unix time at which the nth open second after u starts,
// counting from 0. Where st has no such second, it returns st's end and what n
// is from there.
func (st *stretch) nth(u, n int64) (at, left int64) {
	switch st.kind {
	case regular:
		h := st.c.open
		before := h.sum(u + st.shift)
		if at := h.nth(before+n) - st.shift; at < st.to {
			return at, 0
		}
		return st.to, n - (h.sum(st.to+st.shift) - before)
	case frozen:
		if !st.isOpen(u) {
			return st.to, n
		}
		at = min(u+n, st.to)
		return at, n - (at - u)
	}
	for u < st.to {
		open, until := st.c.look(u)
		until = min(until, st.to)
		if open {
			if n < until-u {
				return u + n, 0
			}
			n -= until - u
		}
		u = until
	}
	return u, n
}

// next returns the first second of st at or after u that is open, or that is
// closed, as the caller wants; it is at or after st's end where there is none.
func (st *stretch) next(u int64, open bool) int64 {
	if st.kind == regular {
		w, h := u+st.shift, st.c.open
		switch {
		case open:
			return h.nth(h.sum(w)) - st.shift
		case w < 0 || w >= wallEnd:
			return u
		}
		h = st.c.closed
		return min(h.nth(h.sum(w)), wallEnd) - st.shift
	}
	for u < st.to && st.isOpen(u) != open {
		if st.kind == frozen {
			return st.to
		}
		_, u = st.c.look(u)
	}
	return u
}

// previous returns the last second of st before u that is open, or that is
// closed, as the caller wants; it is before st's start where there is none. What
// is closed after 9999-12-31 it passes over, for that is no closing to tell.
func (st *stretch) previous(u int64, open bool) int64 {
	if st.kind == regular {
		w, h := u+st.shift, st.c.open
		if !open {
			h = st.c.closed
		}
		n := h.sum(w)
		switch {
		case n > 0:
			return h.nth(n-1) - st.shift
		case open:
			return -never
		}
		return -1 - st.shift
	}
	last := st.from - 1
	for v := st.from; v < u; {
		until := u
		is := st.isOpen(v)
		if st.kind == literal {
			_, until = st.c.look(v)
			until = min(until, u)
		}
		if is == open {
			last = until - 1
		}
		v = until
	}
	return last
}
