package slatest

import (
	"slices"

	"github.com/supportplan/supportplan/sla/calendar"
)

// A T takes the errors of a check. *testing.T, *testing.B, *testing.F and
// *rapid.T are such; it must not be nil.
type T interface {
	Helper()
	Errorf(format string, args ...any)
}

// Conforms reports as errors the questions that a clock does not answer as a
// calendar does: the laws [Answers], [AgreesWithCalendar] and [Repeatable]. Add
// forward, backward and of 0, and Elapsed forward and reversed each have an
// error of their own, with the plainest example that was tried: in an ordinary
// week, with the roundest and shortest duration, or else near one of the
// calendar's own dates, near a clock change, over weeks, in UTC and in zones far
// to the east and west, and in any year from 1930 to 2130.
//
// A clock that conforms is called at most 25,000 times, most of them for answers
// of a few days, and 200 times for a year.
func Conforms(t T, cal calendar.Calendar, c Clock) {
	t.Helper()
	Check(t, cal, c, Answers, AgreesWithCalendar, Repeatable)
}

// Check reports as an error each law that a clock breaks. The calendar gives
// the places to look at: at its openings, closings and clock changes from 2010
// to 2030, and at its own dates from 1930 to 2130. Without laws it takes all
// [Laws] but [AgreesWithCalendar]. A clock that breaks none is called at most
// 100,000 times.
func Check(t T, cal calendar.Calendar, c Clock, laws ...Law) {
	t.Helper()
	for _, v := range Violations(cal, c, laws...) {
		t.Errorf("%v", v)
	}
}

// Violations returns the laws that a clock breaks, in the order given, and
// nothing for a clock that breaks none; the calendar gives the places, as in
// [Check]. Without laws it takes all but [AgreesWithCalendar]. A law that is
// not valid is itself reported. A nil Clock breaks [Answers] and no other law.
func Violations(cal calendar.Calendar, c Clock, laws ...Law) (out []Violation) {
	if len(laws) == 0 {
		laws = slices.DeleteFunc(Laws(), func(l Law) bool { return l == AgreesWithCalendar })
	}
	w, isLimited := c.(within)
	if isLimited {
		c = w.Clock
	}
	s := newSubject(cal, c)
	defer s.guard.Close()
	if isLimited {
		s.guard.Patience = w.limit
	}
	for _, law := range laws {
		switch {
		case !slices.Contains(Laws(), law):
			out = append(out, Violation{Law: law, Message: unknownLaw})
		case c != nil:
			out = append(out, s.check(law)...)
		case law == Answers:
			out = append(out, Violation{Law: law, Message: errNone.Error()})
		}
	}
	return out
}
