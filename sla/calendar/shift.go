package calendar

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/supportplan/supportplan/internal/quote"
)

var (
	errTimeOfDay = invalid(errors.New("not a time of day from 00:00 to 24:00"))
	errShift     = invalid(errors.New("not a shift"))
)

// A TimeOfDay is a time on the wall clock, in seconds after midnight, from 0
// to 86400, which is 24:00, the end of the day. The zero TimeOfDay is midnight
// at the start of the day.
//
// Its text form is "09:00", or "09:00:30" if the seconds are not 0.
type TimeOfDay int32

// Units to write times of day with: 9*Hour + 30*Minute is half past nine.
const (
	Second TimeOfDay = 1
	Minute           = 60 * Second
	Hour             = 60 * Minute
	day              = 24 * Hour
)

// ParseTimeOfDay returns the time of day that s is: two digits each of hours,
// minutes and, optionally, seconds, joined by colons, from "00:00" to "24:00".
// Any other s is an error wrapping [ErrInvalid].
func ParseTimeOfDay(s string) (TimeOfDay, error) {
	t, err := parseTimeOfDay(s)
	if err != nil {
		return 0, fmt.Errorf("calendar: parse time of day %w", err)
	}
	return t, nil
}

func parseTimeOfDay(s string) (TimeOfDay, error) {
	parts := strings.SplitN(s, ":", 4)
	ok := len(parts) == 2 || len(parts) == 3
	var t TimeOfDay
	unit := Hour
	for i := 0; ok && i < len(parts); i++ {
		n, err := strconv.ParseUint(parts[i], 10, 0)
		ok = err == nil && len(parts[i]) == 2 && (n < 60 || i == 0)
		t += TimeOfDay(n) * unit
		unit /= 60
	}
	if !ok || !t.isValid() {
		return 0, fmt.Errorf("%s: %w", quote.String(s), errTimeOfDay)
	}
	return t, nil
}

func (t TimeOfDay) isValid() bool { return t >= 0 && t <= day }

// String returns t as "09:00", or as "09:00:30" if the seconds are not 0,
// or as TimeOfDay(n) where t is not valid.
func (t TimeOfDay) String() string {
	switch {
	case !t.isValid():
		return "TimeOfDay(" + strconv.Itoa(int(t)) + ")"
	case t%Minute == 0:
		return fmt.Sprintf("%02d:%02d", t/Hour, t%Hour/Minute)
	}
	return fmt.Sprintf("%02d:%02d:%02d", t/Hour, t%Hour/Minute, t%Minute)
}

// MarshalText returns t's text form. It returns an error wrapping
// [ErrInvalid] if t is not valid.
func (t TimeOfDay) MarshalText() ([]byte, error) {
	if !t.isValid() {
		return nil, fmt.Errorf("calendar: marshal %v: %w", t, errTimeOfDay)
	}
	return []byte(t.String()), nil
}

// UnmarshalText sets *t to the result of [ParseTimeOfDay] for b. After an error *t
// is unchanged.
func (t *TimeOfDay) UnmarshalText(b []byte) error {
	u, err := ParseTimeOfDay(string(b))
	if err != nil {
		return err
	}
	*t = u
	return nil
}

// A Shift is a part of the wall clock, [Open, Close): the opening time belongs
// to it, the closing time does not. A Close at or before 24:00 is the same
// date's, and one earlier than Open is the next date's. A shift that opens and
// closes at the same time is not valid, and neither is the zero Shift. One of 24
// hours closes at Open + 24*[Hour]; a holiday removes the whole of it, as of every
// shift that opens on its date.
//
// Its text form is "09:00-17:00", or "09:00+24h" for a shift of 24 hours that
// does not open at 00:00.
type Shift struct {
	Open, Close TimeOfDay
}

// around returns the shift of 24 hours from open on.
func around(open TimeOfDay) Shift { return Shift{open, open + day} }

const aroundTheClock = "+24h"

// ParseShift returns the shift that [Shift.String] prints as s. Any other s is
// an error wrapping [ErrInvalid].
func ParseShift(s string) (Shift, error) {
	sh, err := parseShift(s)
	if err != nil {
		return Shift{}, fmt.Errorf("calendar: parse shift %w", err)
	}
	return sh, nil
}

func parseShift(s string) (Shift, error) {
	var sh Shift
	var err error
	if before, ok := strings.CutSuffix(s, aroundTheClock); ok {
		sh.Open, err = parseTimeOfDay(before)
		sh.Close = sh.Open + day
	} else {
		before, after, ok := strings.Cut(s, "-")
		if !ok {
			return Shift{}, fmt.Errorf("%s: want two times joined by a hyphen, as in 09:00-17:00: %w", quote.String(s), errShift)
		}
		if sh.Open, err = parseTimeOfDay(before); err == nil {
			sh.Close, err = parseTimeOfDay(after)
		}
	}
	if err != nil {
		return Shift{}, fmt.Errorf("%s: %w; want a shift as in 09:00-17:00", quote.String(s), err)
	}
	if err := sh.check(); err != nil {
		return Shift{}, err
	}
	if sh.String() != s && sh == around(0) {
		return Shift{}, fmt.Errorf("%s: want %v: %w", quote.String(s), sh, errShift)
	}
	return sh, nil
}

func (s Shift) check() error {
	switch {
	case s.Open == day:
		return fmt.Errorf("%v: opens at the end of the day: %w", s, errShift)
	case !s.Open.isValid() || !s.Close.isValid() && s.Close != s.Open+day:
		return fmt.Errorf("%v: %w", s, errTimeOfDay)
	case s.Open == s.Close:
		return fmt.Errorf("%v: opens and closes at the same time; 24 hours are %v%s: %w", s, s.Open, aroundTheClock, errShift)
	}
	return nil
}

// String returns s as "09:00-17:00", or as "09:00+24h" for a shift of 24 hours
// that does not open at 00:00.
func (s Shift) String() string {
	if s.Close > day && s == around(s.Open) {
		return s.Open.String() + aroundTheClock
	}
	return s.Open.String() + "-" + s.Close.String()
}

// MarshalText returns s's text form. It returns an error wrapping [ErrInvalid] if
// s is not valid.
func (s Shift) MarshalText() ([]byte, error) {
	if err := s.check(); err != nil {
		return nil, fmt.Errorf("calendar: marshal shift %w", err)
	}
	return []byte(s.String()), nil
}

// UnmarshalText sets *s to the result of [ParseShift] for b. After an error *s is
// unchanged.
func (s *Shift) UnmarshalText(b []byte) error {
	sh, err := ParseShift(string(b))
	if err != nil {
		return err
	}
	*s = sh
	return nil
}

// end returns the closing of s in seconds after the start of its opening date.
func (s Shift) end() int64 {
	if s.Close < s.Open {
		return int64(s.Close + day)
	}
	return int64(s.Close)
}

// MustShift is [ParseShift] for constants: it panics if s is not a shift.
func MustShift(s string) Shift { return must(ParseShift(s)) }

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
