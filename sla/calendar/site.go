package calendar

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/supportplan/supportplan/internal/field"
	"github.com/supportplan/supportplan/internal/wall"
)

// A site is a [Spec] made ready to compute with. Away from clock changes, the
// wall clock decides whether it is open. A piece is the rest of a shift without
// its breaks there; it belongs to the date on which its shift opens.
type site struct {
	spec  Spec
	eras  []era   // in order
	first []int64 // their first days

	// The days that may differ from the week, in order.
	odd       []int64
	oddDays   []oddDay
	breakDays []int64 // those with breaks
}

// An oddDay is a day that may differ from the week.
type oddDay struct {
	shifts, breaks, pieces []span
	class                  class
}

// A class of days that have the same pieces.
type class uint8

const (
	usual  class = iota // the week's
	closed              // none
	other
)

// An era is a period of days with one week.
type era struct {
	first, end int64     // days, [first, end)
	week       [7][]span // the shifts of the week's days, Monday first, in seconds after their midnight

	// The sets are right from some days before the era until some days after it.
	open, closed *hours // the pieces' seconds, and all others
	business     *hours // the first second of each date that may have something left of a shift
}

func newEra(first int64, week Week) era {
	e := era{first: first, end: maxDay + 1}
	for d := range e.week {
		e.week[d] = rawSpans(week[(d+1)%7])
	}
	return e
}

// compile makes s, which has been checked, ready to compute with.
func compile(s Spec) (*compiled, error) {
	c := &site{spec: s, eras: []era{newEra(0, s.Week)}, first: []int64{0}}
	for _, d := range sortedDates(s.Later) {
		n := d.number()
		c.eras[len(c.eras)-1].end = n
		c.eras = append(c.eras, newEra(n, s.Later[d]))
		c.first = append(c.first, n)
	}
	if err := c.expand(); err != nil {
		return nil, err
	}
	for i := range c.eras {
		c.index(&c.eras[i])
	}
	settled := int64(tablesEnd)
	if n := len(c.odd); n > 0 {
		settled = epoch + (c.odd[n-1]+1)*daySeconds + reach
	}
	return newCompiled(c, s.Location, settled)
}

// expand finds the odd days and their shifts, breaks and pieces.
func (c *site) expand() error {
	s := c.spec
	// A shift and a break each reach into the next date at most, so each date
	// changes its neighbours, too.
	special, breaks := byNumber(s.Special), byNumber(s.Breaks)
	near := func(n, from, to int64) {
		for n, to := max(n+from, 0), min(n+to, maxDay); n <= to; n++ {
			c.odd = append(c.odd, n)
		}
	}
	holidays := make([]int64, len(s.Holidays)) // in order
	for i, h := range s.Holidays {
		holidays[i] = h.Date.number()
		near(holidays[i], 0, 1)
	}
	for n := range special {
		near(n, 0, 1)
	}
	for n := range breaks {
		near(n, -1, 2)
	}
	for _, n := range c.first[1:] {
		near(n, -eraMargin, eraMargin)
	}
	slices.Sort(c.odd)
	c.odd = slices.Compact(c.odd)

	c.oddDays = make([]oddDay, len(c.odd))
	for i, n := range c.odd {
		o := &c.oddDays[i]
		if spans, ok := special[n]; ok {
			o.shifts, o.class = spans, other
		} else if i := upper(holidays, n); i == 0 || holidays[i-1] != n {
			o.shifts = c.usual(n)
		}
		if len(o.shifts) == 0 {
			o.class = closed
		}
		o.pieces = o.shifts
		for day := n - 1; day <= n+1 && len(breaks) > 0; day++ {
			for _, b := range breaks[day] {
				by := (day - n) * daySeconds
				o.pieces, o.class = cut(o.pieces, span{by + b.open, by + b.close}), other
			}
		}
		if o.breaks = breaks[n]; len(o.breaks) > 0 {
			c.breakDays = append(c.breakDays, n)
		}
	}
	return c.checkOverlaps(special)
}

// checkOverlaps returns an error if two shifts of one date, or of two that follow
// each other, overlap.
func (c *site) checkOverlaps(special map[int64][]span) error {
	for i := range c.eras {
		path := "week"
		if i > 0 {
			path = "later." + dateOfNumber(c.first[i]).String()
		}
		if err := c.eras[i].checkOverlap(); err != nil {
			return field.Wrap(path, err)
		}
		if n := c.first[i]; n > 0 {
			if err := c.checkOverlap(n - 1); err != nil {
				return field.Wrap(path, err)
			}
		}
	}
	for _, n := range c.odd {
		if _, ok := special[n]; ok {
			if err := cmp.Or(c.checkOverlap(n-1), c.checkOverlap(n)); err != nil {
				return field.Wrap("special."+dateOfNumber(n).String(), err)
			}
		}
	}
	return nil
}

// checkOverlap returns an error if two shifts of the day n, or of it and the next
// day, overlap.
func (c *site) checkOverlap(n int64) error {
	today, _ := c.marks(n)
	tomorrow, _ := c.marks(n + 1)
	return checkOverlap(today, tomorrow)
}

// eraMargin is how many days the sets of an era are right for beyond it.
const eraMargin = 4

// index makes the sets of an era.
func (c *site) index(e *era) {
	var week, business [7]daySpans
	for d := range week {
		week[d] = newDaySpans(overMidnight(e.week[(d+6)%7], e.week[d]))
		business[d] = firstSecond(len(e.week[d]) > 0)
	}
	from, to := upper(c.odd, e.first-eraMargin-1), upper(c.odd, e.end+eraMargin)
	days := c.odd[from:to]
	odd, rest, oddBusiness := make([]daySpans, len(days)), make([]daySpans, len(days)), make([]daySpans, len(days))
	var memo [7][other][other]*[2]daySpans // by the classes of the day before and of the day
	for i, n := range days {
		o := &c.oddDays[from+i]
		before, own := usual, o.class
		if k := from + i - 1; k >= 0 && c.odd[k] == n-1 {
			before = c.oddDays[k].class
		}
		if n <= e.first || n >= e.end {
			own = other // another week's
		}
		if before == other || own == other {
			odd[i] = newDaySpans(overMidnight(c.on(n-1), o.pieces))
			rest[i] = odd[i].complement()
		} else {
			known := &memo[n%7][before][own]
			if *known == nil {
				of := newDaySpans(overMidnight(c.on(n-1), o.pieces))
				*known = &[2]daySpans{of, of.complement()}
			}
			odd[i], rest[i] = (*known)[0], (*known)[1]
		}
		isLeft := len(o.pieces) > 0
		if !isLeft && len(o.shifts) > 0 {
			isLeft = len(c.opened(n, n)) > 0
		}
		oddBusiness[i] = firstSecond(isLeft)
	}
	e.open, e.closed = newHours(week, days, odd), newHours(complements(week), days, rest)
	e.business = newHours(business, days, oddBusiness)
}

// checkOverlap returns an error if two shifts of e's week overlap.
func (e *era) checkOverlap() error {
	for d := range int64(7) {
		if err := checkOverlap(e.week[d], e.week[(d+1)%7]); err != nil {
			return field.Wrap(weekdayName(time.Weekday((d+1)%7)), err)
		}
	}
	return nil
}

// era returns the era of the day n.
func (c *site) era(n int64) *era { return &c.eras[max(upper(c.first, n)-1, 0)] }

func byNumber(m map[Date][]Shift) map[int64][]span {
	out := make(map[int64][]span, len(m))
	for d, shifts := range m {
		out[d.number()] = rawSpans(shifts)
	}
	return out
}

// usual returns the shifts that the week gives the day n, and none outside the
// years 1 to 9999.
func (c *site) usual(n int64) []span {
	if n < 0 || n > maxDay {
		return nil
	}
	return c.era(n).week[n%7]
}

// oddIndex returns the index of the day n among the odd days.
func (c *site) oddIndex(n int64) (i int, ok bool) {
	i = upper(c.odd, n) - 1
	return i, i >= 0 && c.odd[i] == n
}

// on returns the pieces that open on the day n, in seconds after its midnight.
func (c *site) on(n int64) []span {
	if i, ok := c.oddIndex(n); ok {
		return c.oddDays[i].pieces
	}
	return c.usual(n)
}

// marks returns the shifts and the breaks of the day n, as on returns pieces.
func (c *site) marks(n int64) (shifts, breaks []span) {
	if i, ok := c.oddIndex(n); ok {
		return c.oddDays[i].shifts, c.oddDays[i].breaks
	}
	return c.usual(n), nil
}

// zone returns c's offset from UTC at the Unix time u, and the period
// [start, end) around u during which it stays the same; it may stay the same
// beyond.
func (c *site) zone(u int64) (offset, start, end int64) { return zoneAt(c.spec.Location, u) }

func zoneAt(loc *time.Location, u int64) (offset, start, end int64) {
	off, s, e := wall.Offset(time.Unix(u, 0).In(loc))
	start, end = unixBegin, unixEnd
	if !s.IsZero() {
		start = max(start, s.Unix())
	}
	if !e.IsZero() {
		end = min(end, e.Unix())
	}
	return int64(off), start, end
}

// find implements [finder]. It relies on no zone's clock changing again before
// the times that one change skips or repeats are over.
func (c *site) find(u int64) stretch {
	st := c.stretch(u)
	if e := c.era(floorDay(u - epoch)); st.open == nil {
		// The sets are right for days around the era, so its days can be those of UTC.
		st.open, st.closed = e.open, e.closed
		if e.first > 0 {
			st.since = epoch + e.first*daySeconds
			st.from = max(st.from, st.since)
		}
		if e.end <= maxDay {
			st.until = epoch + e.end*daySeconds
			st.to = min(st.to, st.until)
		}
	}
	// Where a clock change meets a break, open time can be left that the wall clock
	// does not foretell.
	if i := upper(c.breakDays, (st.from+reach-epoch)/daySeconds); i > 0 {
		st.since = max(st.since, epoch+(c.breakDays[i-1]+1)*daySeconds)
	}
	if i := upper(c.breakDays, (st.to-reach-epoch)/daySeconds-1); i < len(c.breakDays) {
		st.until = min(st.until, epoch+c.breakDays[i]*daySeconds)
	}
	return st
}

// stretch is find for a calendar with one week and without breaks. It leaves the
// sets of the week out.
func (c *site) stretch(u int64) stretch {
	offset, start, end := c.zone(u)
	st := stretch{from: start, to: end, shift: offset - epoch, since: unixBegin, until: unixEnd}
	if start == unixBegin {
		return st
	}
	if u-start >= reach { // far from the change at start
		st.from = start + reach
		return st
	}
	old, _, _ := c.zone(start - 1)
	if c.isUniform(start+old-epoch, start+offset-epoch) {
		return st
	}
	// Skipped times move forward, no further than the change. Repeated times mean
	// the first, so nothing opens or closes while the clock repeats them.
	over := min(start+max(offset-old, old-offset), end)
	if u >= over {
		st.from = over
		return st
	}
	return c.around(start, over)
}

// around returns the stretch [from, to) just after a clock change, with sets of
// its own seconds.
func (c *site) around(from, to int64) stretch {
	st := stretch{from: from, to: to, shift: -epoch, since: never, until: -never}
	first, last := (from-epoch)/daySeconds, (to-epoch-1)/daySeconds
	opened := c.opened(first-4, last+4)
	var days []int64
	var odd []daySpans
	for day := first; day <= last; day++ {
		midnight := epoch + day*daySeconds
		days = append(days, day)
		odd = append(odd, newDaySpans(appendClipped(nil, opened, -midnight, span{0, daySeconds})))
	}
	st.open, st.closed = newSets([7]daySpans{}, days, odd)
	return st
}

// opened returns the Unix times at which c is open because of the shifts of the
// days from first to last: shifts and breaks become instants, then the breaks
// are cut out.
func (c *site) opened(first, last int64) []span {
	var open, breaks []span
	for day := max(first-2, 0); day <= min(last+4, maxDay); day++ {
		if !c.exists(day) {
			continue
		}
		s, b := c.marks(day)
		if first <= day && day <= last {
			open = c.appendInstants(open, day, s)
		}
		breaks = c.appendInstants(breaks, day, b)
	}
	return without(joined(open), joined(breaks))
}

// appendInstants appends the Unix times of the spans of a day.
func (c *site) appendInstants(out []span, day int64, spans []span) []span {
	for _, s := range spans {
		out = append(out, span{c.instant(day, s.open), c.instant(day, s.close)})
	}
	return out
}

// isUniform reports whether no shift or break starts or ends between the wall
// clock times that a clock change skips or repeats, so that the hours can be
// read off the wall clock as if there had been no change.
func (c *site) isUniform(a, b int64) bool {
	a, b = min(a, b), max(a, b)
	return b-a < daySeconds && !c.hasMark(a, b) // otherwise a whole date may be missing
}

// hasMark reports whether a shift or break starts or ends between a and b on the
// wall clock.
func (c *site) hasMark(a, b int64) bool {
	for day := a/daySeconds - 1; day <= b/daySeconds; day++ {
		shifts, breaks := c.marks(day)
		if anyInside(shifts, a-day*daySeconds, b-day*daySeconds) || anyInside(breaks, a-day*daySeconds, b-day*daySeconds) {
			return true
		}
	}
	return false
}

// anyInside reports whether one of the spans starts or ends between a and b.
func anyInside(spans []span, a, b int64) bool {
	for _, s := range spans {
		if a < s.open && s.open < b || a < s.close && s.close < b {
			return true
		}
	}
	return false
}

// instant returns the Unix time at which the clock shows the given second
// after the midnight at which a day starts.
func (c *site) instant(day, second int64) int64 {
	return wall.Instant(1, 1, 1+int(day), int(second), c.spec.Location).Unix()
}

// exists reports whether c's zone has the day.
func (c *site) exists(day int64) bool {
	u := c.instant(day, 0)
	offset, _, _ := c.zone(u)
	return floorDay(u+offset-epoch) == day
}

func rawSpans(shifts []Shift) []span {
	var out []span
	for _, s := range shifts {
		out = append(out, span{int64(s.Open), s.end()})
	}
	return out
}

// checkOverlap returns an error if two of a date's shifts, which are in the
// order of their opening, overlap, or one of them and one of the next date's.
func checkOverlap(today, tomorrow []span) error {
	for i, a := range today {
		switch {
		case i+1 < len(today):
			if b := today[i+1]; a.close > b.open {
				return fmt.Errorf("%v and %v: %w", a.shift(), b.shift(), errOverlap)
			}
		case len(tomorrow) > 0:
			if b := tomorrow[0]; a.close > b.open+daySeconds {
				return fmt.Errorf("%v and %v: %w", a.shift(), b.shift(), errOverlap)
			}
		}
	}
	return nil
}

// shift returns the shift whose span s is, on whichever date.
func (s span) shift() Shift {
	sh := Shift{TimeOfDay(s.open % daySeconds), TimeOfDay(s.close % daySeconds)}
	if s.close-s.open == daySeconds {
		return around(sh.Open)
	}
	if sh.Close == 0 {
		sh.Close = day
	}
	return sh
}

// cut returns the part of the spans, which are in order, outside gap.
func cut(spans []span, gap span) []span {
	var out []span
	for _, s := range spans {
		for _, part := range []span{{s.open, min(s.close, gap.open)}, {max(s.open, gap.close), s.close}} {
			if part.open < part.close {
				out = append(out, part)
			}
		}
	}
	return out
}

// overMidnight returns the part that falls into a date of the pieces of the date
// before and of its own.
func overMidnight(before, own []span) []span {
	var out []span
	for _, s := range before {
		if s.close > daySeconds {
			out = append(out, span{max(s.open-daySeconds, 0), s.close - daySeconds})
		}
	}
	for _, s := range own {
		if s.open < daySeconds {
			out = append(out, span{s.open, min(s.close, daySeconds)})
		}
	}
	return out
}

// aSecond is the first second of a day.
var aSecond = []span{{0, 1}}

func firstSecond(is bool) daySpans {
	if !is {
		return daySpans{}
	}
	return daySpans{aSecond, 1}
}
