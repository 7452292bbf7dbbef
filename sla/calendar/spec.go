package calendar

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"
)

// The sentinels that the errors of [New] wrap, beside [ErrDate], [ErrShift]
// and [ErrTimeOfDay].
var (
	// ErrOverlap: two shifts have a time on the wall clock in common.
	ErrOverlap = errors.New("shifts overlap")
	// ErrClash: a date is both a holiday and special.
	ErrClash = errors.New("date is both a holiday and special")
	// ErrNeverOpens: the calendar has no open hours at all.
	ErrNeverOpens = errors.New("calendar never opens")
	// ErrZone: there is no location, or JSON names a zone that is unknown, or
	// the machine's own.
	ErrZone = errors.New("not a time zone")
)

// A Week holds the shifts of each day of the week, indexed by [time.Weekday].
type Week [7][]Shift

// Weekdays returns the week that has the given shifts from Monday to Friday
// and none on Saturday and Sunday.
func Weekdays(shifts ...Shift) Week {
	var w Week
	for d := time.Monday; d <= time.Friday; d++ {
		w[d] = slices.Clone(shifts)
	}
	return w
}

// Daily returns the week that has the given shifts every day.
func Daily(shifts ...Shift) Week {
	w := Weekdays(shifts...)
	w[time.Saturday], w[time.Sunday] = slices.Clone(shifts), slices.Clone(shifts)
	return w
}

// A Spec says in plain terms what a calendar's hours are. A shift belongs to
// the date on which it opens, and a date that its zone skips has none.
type Spec struct {
	Location *time.Location   // whose wall clock counts; needed
	Week     Week             // the hours of dates that are nothing else
	Holidays []Date           // dates on which no shift opens
	Special  map[Date][]Shift // hours of single dates, instead of the week's; none at all is allowed
	Breaks   map[Date][]Shift // cut out of the date's wall clock, whichever date's shift it falls in
}

func sortShifts(shifts []Shift) []Shift {
	shifts = slices.Clone(shifts)
	slices.SortFunc(shifts, func(a, b Shift) int { return cmp.Compare(a.Open, b.Open) })
	return shifts
}

// clone returns a deep copy of s: holidays sorted and each once, shifts sorted,
// empty slices and maps nil.
func (s Spec) clone() Spec {
	for d, shifts := range s.Week {
		s.Week[d] = sortShifts(shifts)
	}
	s.Holidays = slices.Clone(s.Holidays)
	slices.SortFunc(s.Holidays, Date.Compare)
	s.Holidays = slices.Compact(s.Holidays)
	s.Special = cloneDates(s.Special)
	s.Breaks = cloneDates(s.Breaks)
	maps.DeleteFunc(s.Breaks, func(_ Date, breaks []Shift) bool { return len(breaks) == 0 })
	return s
}

// cloneDates returns a deep copy of m with no nil in it: to a special date, no
// shifts are something.
func cloneDates(m map[Date][]Shift) map[Date][]Shift {
	out := make(map[Date][]Shift, len(m))
	for d, shifts := range m {
		out[d] = append([]Shift{}, sortShifts(shifts)...)
	}
	return out
}

// check returns what is wrong with s, in an order that does not depend on maps.
func (s Spec) check() error {
	if s.Location == nil {
		return fmt.Errorf("calendar: new: no location: %w", ErrZone)
	}
	for d, shifts := range s.Week {
		for _, sh := range shifts {
			if err := sh.check(); err != nil {
				return fmt.Errorf("calendar: new: %v: %w", time.Weekday(d), err)
			}
		}
	}
	for _, d := range s.Holidays {
		if err := d.check("holiday"); err != nil {
			return err
		}
		if _, ok := s.Special[d]; ok {
			return fmt.Errorf("calendar: new: %v: %w", d, ErrClash)
		}
	}
	if err := checkDates("special date", s.Special); err != nil {
		return err
	}
	return checkDates("breaks on", s.Breaks)
}

func checkDates(what string, m map[Date][]Shift) error {
	for _, d := range slices.SortedFunc(maps.Keys(m), Date.Compare) {
		if err := d.check(what); err != nil {
			return err
		}
		for _, sh := range m[d] {
			if err := sh.check(); err != nil {
				return fmt.Errorf("calendar: new: %v: %w", d, err)
			}
		}
	}
	return nil
}

// sameZone reports whether a and b have the same name and, in the years 1 to
// 9999, the same offsets from UTC; those follow from a year's rules after the
// end of their tables, so that the first years after it stand for all.
func sameZone(a, b *time.Location) bool {
	if a == b {
		return true
	}
	if a.String() != b.String() {
		return false
	}
	for u := int64(unixBegin); u < tablesEnd; {
		i, _, end := zoneAt(a, u)
		j, _, other := zoneAt(b, u)
		if i != j {
			return false
		}
		u = min(end, other)
	}
	return true
}
