package calendar

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/supportplan/supportplan/internal/strictjson"
	"github.com/supportplan/supportplan/internal/wall"
)

// ErrPeriod is wrapped by every error that rejects a period.
var ErrPeriod = errors.New("not a period")

// A Period is the half-open stretch of time [Start, End): Start belongs to it,
// End does not. A Period whose End is the zero time has no end. The zero
// Period is not valid, nor is one that ends at or before its start.
//
// Its JSON form is {"start": …, "end": …} with RFC 3339 times; "end" is left
// out if there is none.
type Period struct {
	Start time.Time
	End   time.Time
}

// NewPeriod returns the period [start, end), without the monotonic readings
// that start and end may carry; a zero end means that the period has none. It
// returns an error wrapping [ErrPeriod] if start is the zero time or end is
// not after it.
func NewPeriod(start, end time.Time) (Period, error) {
	p := Period{Start: start.Round(0), End: end.Round(0)}
	if !p.IsValid() {
		return Period{}, fmt.Errorf("calendar: period %v: %w", p, ErrPeriod)
	}
	return p, nil
}

// Month returns the calendar month in loc as a period: from the first instant
// of its first date to the first instant of the next month. Month values
// outside January to December are normalised as by [time.Date]. A nil loc is
// an error wrapping [ErrPeriod], as is a month that does not start after the
// zero time, and a year or month value beyond a million either way.
func Month(year int, month time.Month, loc *time.Location) (Period, error) {
	if loc == nil {
		return Period{}, fmt.Errorf("calendar: month %d-%02d without a location: %w", year, int(month), ErrPeriod)
	}
	const far = 1_000_000 // short of where time.Date wraps around
	p := Period{wall.Instant(year, month, 1, 0, loc), wall.Instant(year, month+1, 1, 0, loc)}
	if year < -far || year > far || month < -far || month > far || !p.Start.After(time.Time{}) {
		return Period{}, fmt.Errorf("calendar: month %d-%02d in %v: %w", year, int(month), loc, ErrPeriod)
	}
	return p, nil
}

// Year returns the calendar year in loc as a period, as [Month] does a month.
func Year(year int, loc *time.Location) (Period, error) {
	return anchored("year", Date{year, time.January, 1}, 12, 0, loc)
}

// NthMonth returns the nth month from anchor as a period, counting from 0: from
// the first instant in loc of anchor.AddMonths(n) to that of
// anchor.AddMonths(n+1). Months from 31 January begin on 31 January, 28 or 29
// February, 31 March and so on, without drift and without gaps. A negative n
// counts back.
//
// NthMonth returns an error wrapping [ErrPeriod] if anchor is not valid, loc is
// nil, or the period does not lie in the years 1 to 9999.
func NthMonth(anchor Date, n int, loc *time.Location) (Period, error) {
	return anchored("month", anchor, 1, n, loc)
}

// anchored returns the nth period of some months from anchor.
func anchored(unit string, anchor Date, months, n int, loc *time.Location) (Period, error) {
	const most = 12 * maxYear // beyond is out of range anyway
	n = min(max(n, -most), most)
	first, next := anchor.AddMonths(n*months), anchor.AddMonths((n+1)*months)
	if loc == nil || !first.IsValid() || !next.IsValid() {
		return Period{}, fmt.Errorf("calendar: %s %d from %v in %v: needs a location and dates of the years 1 to 9999: %w", unit, n, anchor, loc, ErrPeriod)
	}
	return NewPeriod(
		wall.Instant(first.Year, first.Month, first.Day, 0, loc),
		wall.Instant(next.Year, next.Month, next.Day, 0, loc))
}

// IsValid reports whether p starts at an instant other than the zero time and
// ends after it or not at all.
func (p Period) IsValid() bool {
	return !p.Start.IsZero() && (p.End.IsZero() || p.End.After(p.Start))
}

// IsBounded reports whether p is valid and has an end.
func (p Period) IsBounded() bool { return p.IsValid() && !p.End.IsZero() }

// Contains reports whether t lies in p: at or after its start and before its
// end. A period that is not valid contains nothing.
func (p Period) Contains(t time.Time) bool {
	return p.IsValid() && !t.Before(p.Start) && (p.End.IsZero() || t.Before(p.End))
}

// Intersect returns the part that p and q have in common; ok is false where
// they have none or either is not valid.
func (p Period) Intersect(q Period) (both Period, ok bool) {
	if !p.IsValid() || !q.IsValid() {
		return Period{}, false
	}
	if q.Start.After(p.Start) {
		p.Start = q.Start
	}
	if p.End.IsZero() || !q.End.IsZero() && q.End.Before(p.End) {
		p.End = q.End
	}
	if !p.IsValid() {
		return Period{}, false
	}
	return p, true
}

// Duration returns the time from p's start to its end, as [time.Time.Sub]
// does. It is 0 for a period that is not bounded.
func (p Period) Duration() time.Duration {
	if !p.IsBounded() {
		return 0
	}
	return p.End.Sub(p.Start)
}

// Equal reports whether p and q start and end at the same instants, whatever
// the zones they are written in.
func (p Period) Equal(q Period) bool { return p.Start.Equal(q.Start) && p.End.Equal(q.End) }

// String returns p as "[start, end)" with RFC 3339 times, or "[start, …)"
// if p has no end.
func (p Period) String() string {
	end := "…"
	if !p.End.IsZero() {
		end = p.End.Format(time.RFC3339Nano)
	}
	return "[" + p.Start.Format(time.RFC3339Nano) + ", " + end + ")"
}

// MarshalJSON returns p's JSON form. It returns an error wrapping [ErrPeriod]
// if p is not valid, or reaches beyond the years 0 to 9999 of RFC 3339.
func (p Period) MarshalJSON() ([]byte, error) {
	if !p.IsValid() {
		return nil, fmt.Errorf("calendar: marshal period %v: %w", p, ErrPeriod)
	}
	b, err := json.Marshal(struct {
		Start time.Time `json:"start"`
		End   time.Time `json:"end,omitzero"`
	}{strictjson.Instant(p.Start), strictjson.Instant(p.End)})
	if err != nil {
		return nil, fmt.Errorf("calendar: marshal period %v: %w: %w", p, ErrPeriod, err)
	}
	return b, nil
}

// UnmarshalJSON reads p's JSON form, strictly. It returns errors wrapping
// [ErrInvalid] or [ErrPeriod]; then *p is unchanged.
func (p *Period) UnmarshalJSON(data []byte) error {
	var q Period
	err := strictjson.Decode("calendar: decode period", data, func(v strictjson.Value) {
		v.Object(func(o strictjson.Object) {
			q.Start, q.End = o.Span(ErrPeriod)
			if !q.IsValid() {
				v.Fail(fmt.Errorf("%v: %w", q, ErrPeriod))
			}
		})
	})
	if err != nil {
		return invalid(err)
	}
	*p = q
	return nil
}
