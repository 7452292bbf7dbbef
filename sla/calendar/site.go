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
	later []int64 // when they begin, but for the first one

	// The days that may differ from the week, in order.
	odd     []int64
	oddDays []oddDay
}

// An oddDay is a day that may differ from the week.
type oddDay struct {
	shifts, breaks, pieces []span
	isCut                  bool // whether breaks may take something from the shifts
}

// An era is a time of the wall clock, [from, to), with one week.
type era struct {
	from, to int64
	week     [7][]span // the shifts of the week's days, Monday first, in seconds after their midnight

	open, closed *hours // the pieces' seconds, and all others
	business     *hours // the first second of each date that may have something left of a shift
}

func newEra(from int64, week Week) era {
	e := era{from: from, to: never}
	for d := range e.week {
		e.week[d] = rawSpans(week[(d+1)%7])
	}
	return e
}

// compile makes s, which has been checked, ready to compute with.
func compile(s Spec) (*compiled, error) {
	c := &site{spec: s, eras: []era{newEra(-never, s.Week)}}
	for i, d := range sortedDates(s.Later) {
		from := d.number() * daySeconds
		c.later = append(c.later, from)
		c.eras[i].to = from
		c.eras = append(c.eras, newEra(from, s.Later[d]))
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
	// A shift reaches into the next date at most, so a date without its shifts, or
	// with others, changes that one if one of them does. A break cuts shifts of its
	// own date, of the next one and of the one before.
	special, breaks := byNumber(s.Special), byNumber(s.Breaks)
	near := func(n int64, shifts []span) {
		c.odd = append(c.odd, n)
		if slices.ContainsFunc(shifts, func(s span) bool { return s.close > daySeconds }) {
			c.odd = append(c.odd, n+1)
		}
	}
	holidays := make([]int64, len(s.Holidays)) // in order
	for i, h := range s.Holidays {
		n := h.Date.number()
		holidays[i] = n
		near(n, c.usual(n))
	}
	for n, shifts := range special {
		near(n, shifts)
		near(n, c.usual(n))
	}
	for n := range breaks {
		c.odd = append(c.odd, n-1, n, n+1)
	}
	for _, w := range c.later {
		c.odd = append(c.odd, w/daySeconds)
	}
	c.odd = slices.DeleteFunc(c.odd, func(n int64) bool { return n < 0 || n > maxDay })
	slices.Sort(c.odd)
	c.odd = slices.Compact(c.odd)

	c.oddDays = make([]oddDay, len(c.odd))
	for i, n := range c.odd {
		o := &c.oddDays[i]
		if spans, ok := special[n]; ok {
			o.shifts = spans
		} else if _, ok := slices.BinarySearch(holidays, n); !ok {
			o.shifts = c.usual(n)
		}
		o.breaks, o.pieces = breaks[n], o.shifts
		var gaps []span
		for _, day := range []int64{-1, 0, 1} {
			gaps = append(gaps, moved(breaks[n+day], day*daySeconds)...)
		}
		if len(gaps) > 0 {
			o.pieces, o.isCut = without(o.shifts, joined(gaps)), true
		}
	}
	return c.checkOverlaps(special)
}

// checkOverlaps returns an error if two shifts of one date, or of two that follow
// each other, overlap.
func (c *site) checkOverlaps(special map[int64][]span) error {
	if err := c.eras[0].checkOverlap(); err != nil {
		return field.Wrap("week", err)
	}
	for i, w := range c.later {
		n := w / daySeconds
		if err := cmp.Or(c.eras[i+1].checkOverlap(), c.checkOverlap(n-1)); err != nil {
			return field.Wrap("later."+dateOfNumber(n).String(), err)
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

// index makes the sets of an era.
func (c *site) index(e *era) {
	var week, business [7]daySpans
	for d := range week {
		week[d] = newDaySpans(overMidnight(e.week[(d+6)%7], e.week[d]))
		business[d] = firstSecond(len(e.week[d]) > 0)
	}
	from, to := lower(c.odd, e.from/daySeconds), lower(c.odd, e.to/daySeconds)
	days := c.odd[from:to]
	odd, oddBusiness := make([]daySpans, len(days)), make([]daySpans, len(days))
	for i, n := range days {
		o := &c.oddDays[from+i]
		odd[i] = newDaySpans(overMidnight(c.on(n-1), o.pieces))
		isLeft := len(o.shifts) > 0
		if o.isCut {
			isLeft = len(c.opened(n, n)) > 0
		}
		oddBusiness[i] = firstSecond(isLeft)
	}
	e.open, e.closed = newSets(week, days, odd)
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

// era returns the era of the time w of the wall clock.
func (c *site) era(w int64) *era { return &c.eras[upper(c.later, w)] }

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
	return c.era(n * daySeconds).week[n%7]
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
	if !st.own {
		e := c.era(u + st.shift)
		st.open, st.closed = e.open, e.closed
		st.since, st.until = e.from-st.shift, e.to-st.shift
		st.from, st.to = max(st.from, st.since), min(st.to, st.until)
	}
	if st.own || len(c.spec.Breaks) > 0 {
		// Where a clock change meets a break, open time can be left that the wall
		// clock does not foretell.
		st.since, st.until = st.from, st.to
	}
	return st
}

// stretch is find for a calendar with one week, whose sets it leaves out.
func (c *site) stretch(u int64) stretch {
	offset, start, end := c.zone(u)
	st := stretch{from: start, to: end, shift: offset - epoch}
	old, _, _ := c.zone(start - 1)
	if a, b := start+old-epoch, start+offset-epoch; !c.hasMark(min(a, b), max(a, b)) {
		return st // the hours can be read off the wall clock as if there had been no change
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
	st := stretch{from: from, to: to, shift: -epoch, own: true}
	days := slices.Collect(span{from - epoch, to - epoch}.days())
	odd := make([]daySpans, len(days))
	for i, day := range days {
		opened := c.opened(day-reachDays, day+reachDays)
		odd[i] = newDaySpans(appendClipped(nil, opened, -epoch-day*daySeconds, span{0, daySeconds}))
	}
	st.open, st.closed = newSets([7]daySpans{}, days, odd)
	return st
}

// opened returns the Unix times at which c is open because of the shifts of the
// days from first to last: shifts and breaks become instants, then the breaks
// are cut out.
func (c *site) opened(first, last int64) []span {
	var open, breaks []span
	for day := range (span{(first - reachDays) * daySeconds, (last + reachDays) * daySeconds}).days() {
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

// hasMark reports whether a shift or break starts or ends between a and b on the
// wall clock.
func (c *site) hasMark(a, b int64) bool {
	for day := range (span{a - daySeconds, b}).days() {
		shifts, breaks := c.marks(day)
		at := span{a - day*daySeconds, b - day*daySeconds}
		if anyInside(shifts, at) || anyInside(breaks, at) {
			return true
		}
	}
	return false
}

// anyInside reports whether one of the spans starts or ends within w, not at its
// ends.
func anyInside(spans []span, w span) bool {
	for _, s := range spans {
		if w.open < s.open && s.open < w.close || w.open < s.close && s.close < w.close {
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
	return (u+offset-epoch)/daySeconds == day
}

func rawSpans(shifts []Shift) (out []span) {
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

// moved returns the spans, moved by the given seconds.
func moved(spans []span, by int64) (out []span) {
	for _, s := range spans {
		out = append(out, span{s.open + by, s.close + by})
	}
	return out
}

// overMidnight returns the part that falls into a date of the pieces of the date
// before and of its own.
func overMidnight(before, own []span) []span {
	day := span{0, daySeconds}
	return appendClipped(appendClipped(nil, before, -daySeconds, day), own, 0, day)
}

// aSecond is the first second of a day.
var aSecond = []span{{0, 1}}

func firstSecond(is bool) daySpans {
	if is {
		return newDaySpans(aSecond)
	}
	return daySpans{}
}
