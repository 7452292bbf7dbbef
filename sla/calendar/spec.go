package calendar

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/supportplan/supportplan/internal/field"
)

// The sentinels that the errors of this package wrap, beside [ErrPeriod].
var (
	// ErrInvalid is wrapped by every error that rejects a date, a time of day, a
	// shift, a [Spec] or JSON.
	ErrInvalid = errors.New("invalid calendar")
	// ErrZone: there is no location, or JSON names a zone that is unknown, or
	// the machine's own.
	ErrZone = errors.New("not a time zone")
	// ErrNeverOpens: the calendar has no open hours at all.
	ErrNeverOpens = errors.New("calendar never opens")
	// ErrNoHours: the calendar has no such open time, or business day, any more
	// in that direction: it ends in special dates, or the years do.
	ErrNoHours = errors.New("no open hours left")
)

var (
	errOverlap = invalid(errors.New("shifts overlap"))
	errClash   = invalid(errors.New("date is both a holiday and special"))
)

// A FieldError is the error of one field of a [Spec] or of JSON.
type FieldError = field.Error

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

// A Spec describes a calendar's hours in plain terms. A shift belongs to the
// date of its opening. A date that its zone skips has neither shifts nor
// breaks.
type Spec struct {
	Location *time.Location   // whose wall clock counts; needed
	Week     Week             // the hours of dates that are nothing else
	Later    map[Date]Week    // weeks that take the place of Week, each from its date on
	Holidays []Holiday        // dates without openings
	Special  map[Date][]Shift // hours of single dates, instead of the week's; none at all is allowed
	Breaks   map[Date][]Shift // cut out of the date's time, whichever date's shift it falls in

	// HolidaysThrough is the last date whose holidays are known. The zero Date
	// means 31 December of the year of the last holiday.
	HolidaysThrough Date
}

func sortShifts(shifts []Shift) []Shift {
	shifts = slices.Clone(shifts)
	slices.SortFunc(shifts, func(a, b Shift) int { return cmp.Compare(a.Open, b.Open) })
	return shifts
}

func (w Week) clone() Week {
	for d, shifts := range w {
		w[d] = sortShifts(shifts)
	}
	return w
}

// clone returns a deep copy of s: holidays in order and one a date, shifts in
// order, empty slices and maps nil.
func (s Spec) clone() Spec {
	s.Week = s.Week.clone()
	s.Later = maps.Clone(s.Later)
	for d, w := range s.Later {
		s.Later[d] = w.clone()
	}
	if len(s.Later) == 0 {
		s.Later = nil
	}
	s.Holidays = compactHolidays(s.Holidays)
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

// check returns the error of the first field of s that is wrong, in an order
// that does not depend on maps.
func (s Spec) check() error {
	if s.Location == nil {
		return &FieldError{Path: "zone", Err: fmt.Errorf("no location: %w", ErrZone)}
	}
	if err := s.Week.check(); err != nil {
		return field.Wrap("week", err)
	}
	for _, d := range sortedDates(s.Later) {
		if err := cmp.Or(d.check(), s.Later[d].check()); err != nil {
			return field.Wrap("later."+d.String(), err)
		}
	}
	for i, h := range s.Holidays {
		err := h.Date.check()
		if _, ok := s.Special[h.Date]; ok && err == nil {
			err = fmt.Errorf("%v: %w", h.Date, errClash)
		}
		if err != nil {
			return field.Wrap(fmt.Sprintf("holidays[%d]", i), err)
		}
	}
	if s.HolidaysThrough != (Date{}) {
		if err := s.HolidaysThrough.check(); err != nil {
			return field.Wrap("holidaysThrough", err)
		}
	}
	return cmp.Or(checkDates("special", s.Special), checkDates("breaks", s.Breaks))
}

func (w Week) check() error {
	for d, shifts := range w {
		if err := checkShifts(shifts); err != nil {
			return field.Wrap(weekdayName(time.Weekday(d)), err)
		}
	}
	return nil
}

func checkShifts(shifts []Shift) error {
	for i, sh := range shifts {
		if err := sh.check(); err != nil {
			return field.Wrap(fmt.Sprintf("[%d]", i), err)
		}
	}
	return nil
}

func sortedDates[T any](m map[Date]T) []Date {
	return slices.SortedFunc(maps.Keys(m), Date.Compare)
}

func checkDates(name string, m map[Date][]Shift) error {
	for _, d := range sortedDates(m) {
		if err := cmp.Or(d.check(), checkShifts(m[d])); err != nil {
			return field.Wrap(name+"."+d.String(), err)
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
