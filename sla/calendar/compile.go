package calendar

import (
	"fmt"
	"slices"
	"time"
)

// compiled is a [Spec] made ready to compute with. A piece is what the breaks
// leave of a shift; it belongs to the date on which its shift opens.
type compiled struct {
	spec Spec

	pieces    [7][]span // of the week's days, Monday first, in seconds after their midnight
	odd       []int64   // days that may have others, in order
	oddPieces [][]span  // theirs
	open      *hours    // the pieces' seconds
	starts    []int64   // where the tabulated stretches begin
	stretches []stretch // without gaps
	closed    *hours    // all other seconds
	business  *hours    // the first second of each date that has a piece
}

// compile makes s, which has been checked, ready to compute with.
func compile(s Spec) (*compiled, error) {
	c := &compiled{spec: s}
	for d := range c.pieces {
		c.pieces[d] = rawSpans(s.Week[(d+1)%7])
	}
	// A shift and a break each reach into the next date at most, so what is
	// said of a date changes its neighbours, too.
	var odd []int64
	near := func(d Date, from, to int64) {
		for n := d.number() + from; n <= d.number()+to; n++ {
			if n >= 0 && n <= maxDay {
				odd = append(odd, n)
			}
		}
	}
	holidays := make(map[Date]bool, len(s.Holidays))
	for _, d := range s.Holidays {
		holidays[d] = true
		near(d, 0, 1)
	}
	for d := range s.Special {
		near(d, 0, 1)
	}
	for d := range s.Breaks {
		near(d, -1, 2)
	}
	slices.Sort(odd)
	odd = slices.Compact(odd)

	shifts := func(n int64) []span {
		d := dateOfNumber(n)
		if special, ok := s.Special[d]; ok {
			return rawSpans(special)
		}
		if holidays[d] || !d.IsValid() {
			return nil
		}
		return c.pieces[n%7]
	}
	for d := range int64(7) {
		if err := checkOverlap(c.pieces[d], c.pieces[(d+1)%7]); err != nil {
			return nil, fmt.Errorf("calendar: new: %v: %w", time.Weekday((d+1)%7), err)
		}
	}
	for _, n := range odd {
		for _, n := range []int64{n - 1, n} {
			if err := checkOverlap(shifts(n), shifts(n+1)); err != nil {
				return nil, fmt.Errorf("calendar: new: %v: %w", dateOfNumber(n), err)
			}
		}
	}
	for _, n := range odd {
		pieces := slices.Clone(shifts(n))
		for _, from := range []int64{-1, 0, 1} {
			for _, b := range s.Breaks[dateOfNumber(n+from)] {
				pieces = cut(pieces, span{from*daySeconds + int64(b.Open), from*daySeconds + b.end()})
			}
		}
		c.oddPieces = append(c.oddPieces, pieces)
	}
	c.odd = odd

	ofWeek := func(d int64) []span { return overMidnight(c.pieces[(d+6)%7], c.pieces[d]) }
	of := func(n int64) []span { return overMidnight(c.on(n-1), c.on(n)) }
	c.open = newHours(ofWeek, odd, of)
	c.closed = newHours(
		func(d int64) []span { return complement(ofWeek(d)) }, odd,
		func(n int64) []span { return complement(of(n)) })
	c.business = newHours(
		func(d int64) []span { return firstSecond(c.pieces[d]) }, odd,
		func(n int64) []span { return firstSecond(c.on(n)) })

	c.tabulate()
	if u := c.next(unixBegin, true); u >= unixEnd {
		return nil, fmt.Errorf("calendar: new: %w", ErrNeverOpens)
	}
	return c, nil
}

// on returns the pieces that open on a date, in seconds after its midnight.
func (c *compiled) on(day int64) []span {
	if i := upper(c.odd, day); i > 0 && c.odd[i-1] == day {
		return c.oddPieces[i-1]
	}
	return c.pieces[(day+7)%7]
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
	all := slices.Clone(today)
	for _, s := range tomorrow {
		all = append(all, span{s.open + daySeconds, s.close + daySeconds})
	}
	for i := 1; i < len(all) && i <= len(today); i++ {
		if a, b := all[i-1], all[i]; a.close > b.open {
			return fmt.Errorf("%v and %v: %w", a.shift(), b.shift(), ErrOverlap)
		}
	}
	return nil
}

// shift returns the shift whose span s is, on whichever date.
func (s span) shift() Shift {
	sh := Shift{TimeOfDay(s.open % daySeconds), TimeOfDay(s.close % daySeconds)}
	if sh.Close == 0 {
		sh.Close = day
	}
	return sh
}

// cut returns what of the spans, which are in order, lies outside gap.
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

// overMidnight returns what falls into a date of the pieces of the date before
// and of its own.
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

func complement(spans []span) []span {
	out := []span{{0, daySeconds}}
	for _, s := range spans {
		out = cut(out, s)
	}
	return out
}

func firstSecond(pieces []span) []span {
	if len(pieces) == 0 {
		return nil
	}
	return []span{{0, 1}}
}
