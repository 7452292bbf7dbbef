package calendar

import (
	"cmp"
	"errors"
	"fmt"
	"time"

	"github.com/supportplan/supportplan/internal/quote"
	"github.com/supportplan/supportplan/internal/wall"
)

var errDate = invalid(errors.New("not a date of the years 1 to 9999"))

// A Date is a civil date, as read off a wall calendar: it has no time and no
// zone. The years are those from 1 to 9999, in the Gregorian calendar
// throughout. The zero Date is not valid, and neither is a date that the
// Gregorian calendar does not have, such as February 30; see [Date.IsValid].
//
// Dates are comparable, and their text form is "2006-01-02".
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

const (
	maxYear = 9999
	// epoch is day 0, 0001-01-01, a Monday, in seconds of Unix time.
	epoch = -62135596800
	// maxDay is 9999-12-31, in days after day 0.
	maxDay = 3652058
)

// ParseDate returns the date that [Date.String] prints as s: four, two and two
// digits, joined by hyphens. Any other s is an error wrapping [ErrInvalid].
func ParseDate(s string) (Date, error) {
	d, err := parseDate(s)
	if err != nil {
		return Date{}, fmt.Errorf("calendar: parse date %w", err)
	}
	return d, nil
}

func parseDate(s string) (Date, error) {
	t, err := time.Parse(time.DateOnly, s)
	d := dateAt(t, time.UTC)
	if err != nil || d.String() != s {
		return Date{}, fmt.Errorf("%s: %w", quote.String(s), errDate)
	}
	return d, nil
}

// DateOf returns the date of t in loc, or in UTC if loc is nil. The
// result is not valid if it lies outside the years 1 to 9999, or t is the zero
// time.
//
// A library of holidays answers with times that stand for dates: midnight in
// UTC, most often. DateOf(t, t.Location()) is the date that such a t shows on
// its own clock. In another zone it can be the day before or after.
func DateOf(t time.Time, loc *time.Location) Date {
	if loc == nil {
		loc = time.UTC
	}
	if t.IsZero() {
		return Date{}
	}
	return dateAt(t, loc)
}

// dateAt is DateOf for a t that may be the zero time.
func dateAt(t time.Time, loc *time.Location) Date {
	var d Date
	d.Year, d.Month, d.Day = t.In(loc).Date()
	return d
}

// IsValid reports whether the Gregorian calendar has the date d, in the years
// 1 to 9999.
func (d Date) IsValid() bool {
	return d.Year >= 1 && d.Year <= maxYear && d == dateAt(d.midnight(), time.UTC)
}

func (d Date) check() error {
	if d.IsValid() {
		return nil
	}
	return fmt.Errorf("%v: %w", d, errDate)
}

// midnight returns the start of d in UTC.
func (d Date) midnight() time.Time { return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC) }

// number returns how many days after 0001-01-01 the date d is.
func (d Date) number() int64 { return (d.midnight().Unix() - epoch) / 86400 }

// dateOfNumber returns the date n days after 0001-01-01, or the zero Date
// if that lies outside the years 1 to 9999.
func dateOfNumber(n int64) Date {
	if n < 0 || n > maxDay {
		return Date{}
	}
	return dateAt(time.Unix(epoch+n*86400, 0), time.UTC)
}

// String returns d as "2006-01-02", or as Date(year, month, day) if d is
// not valid.
func (d Date) String() string {
	if !d.IsValid() {
		return fmt.Sprintf("Date(%d, %d, %d)", d.Year, int(d.Month), d.Day)
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.Year, int(d.Month), d.Day)
}

// Weekday returns d's day of the week. It is Sunday if d is not valid.
func (d Date) Weekday() time.Weekday {
	if !d.IsValid() {
		return time.Sunday
	}
	return d.midnight().Weekday()
}

// Compare returns -1 if d is before e, +1 if it is after e, and 0 where
// they are the same. It orders by year, month and day, valid or not.
func (d Date) Compare(e Date) int {
	return cmp.Or(cmp.Compare(d.Year, e.Year), cmp.Compare(d.Month, e.Month), cmp.Compare(d.Day, e.Day))
}

// AddDays returns the date n days after d, or before it if n is negative.
// It is the zero Date if d is not valid or the result lies outside the years 1 to
// 9999.
func (d Date) AddDays(n int) Date {
	if !d.IsValid() || n < -maxDay || n > maxDay {
		return Date{}
	}
	return dateOfNumber(d.number() + int64(n))
}

// AddMonths returns the date n months after d, or before it if n is negative. A
// month without d's day gives its last day: a month after 31 January is 28 or
// 29 February. So the nth month is to be counted from one anchor, not from
// month to month. AddMonths returns the zero Date if d is
// not valid or the result lies outside the years 1 to 9999.
func (d Date) AddMonths(n int) Date {
	if !d.IsValid() {
		return Date{}
	}
	months := int(d.Month) - 1 + n%12 + 12 // since the January before the one of d's year and n's
	e := Date{d.Year + n/12 - 1 + months/12, time.Month(months%12 + 1), d.Day}
	if e.Year < 1 || e.Year > maxYear {
		return Date{}
	}
	for !e.IsValid() {
		e.Day--
	}
	return e
}

// DaysSince returns how many days d is after e; it is negative if d is
// before e, and 0 if either is not valid.
func (d Date) DaysSince(e Date) int {
	if !d.IsValid() || !e.IsValid() {
		return 0
	}
	return int(d.number() - e.number())
}

// At returns the instant of the time of day t on d in loc; a
// t of 24:00 is the midnight that ends d. A time that a clock change skips moves
// forward by the length of the gap, and one that occurs twice means its first
// occurrence. It returns an error wrapping [ErrInvalid] if d or t is not valid,
// or [ErrZone] if loc is nil.
func (d Date) At(t TimeOfDay, loc *time.Location) (time.Time, error) {
	err := d.check()
	switch {
	case err != nil:
		err = fmt.Errorf("calendar: instant on %w", err)
	case !t.isValid():
		err = fmt.Errorf("calendar: instant on %v at %v: %w", d, t, errTimeOfDay)
	case loc == nil:
		err = fmt.Errorf("calendar: instant on %v at %v without a location: %w", d, t, ErrZone)
	default:
		return wall.Instant(d.Year, d.Month, d.Day, int(t), loc), nil
	}
	return time.Time{}, err
}

// MarshalText returns d as "2006-01-02". It returns an error wrapping
// [ErrInvalid] if d is not valid.
func (d Date) MarshalText() ([]byte, error) {
	if err := d.check(); err != nil {
		return nil, fmt.Errorf("calendar: marshal %w", err)
	}
	return []byte(d.String()), nil
}

// UnmarshalText sets *d to the result of [ParseDate] for b. After an error *d is
// unchanged.
func (d *Date) UnmarshalText(b []byte) error {
	e, err := ParseDate(string(b))
	if err != nil {
		return err
	}
	*d = e
	return nil
}

// MustDate is [ParseDate] for constants: it panics if s is not a date.
func MustDate(s string) Date { return must(ParseDate(s)) }
