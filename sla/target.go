package sla

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/supportplan/supportplan/internal/quote"
	"github.com/supportplan/supportplan/internal/strictjson"
	"github.com/supportplan/supportplan/sla/calendar"
)

// A Target is how soon the first response to a case must come: in less than
// Within, counted on Clock. The bound is strict, so a response after exactly
// Within is too late. The zero Clock runs around the clock, every day; any
// other counts only its open hours. A Target whose Within is not positive, as
// the zero Target's, is not valid.
//
// Its JSON form is {"within": "30m0s", "clock": …}, with a duration as
// [time.ParseDuration] reads it and a calendar that is left out around the
// clock.
//
// Source: Response Time SLA, 2023-09-15.
type Target struct {
	Within time.Duration
	Clock  calendar.Calendar
}

// IsValid reports whether t's Within is positive.
func (t Target) IsValid() bool { return t.Within > 0 }

// check returns an error wrapping [ErrTarget] if t is not valid.
func (t Target) check(op string) error {
	if t.IsValid() {
		return nil
	}
	return fmt.Errorf("sla: %s: target within %v: %w", op, t.Within, ErrTarget)
}

// Due returns the instant at which the response to a case opened at the given
// instant is due: the first one that is too late. It returns an error wrapping
// [ErrTarget] if t is not valid, one wrapping [ErrTime] if opened is the zero
// time or outside the years 1 to 9999, and those of [calendar.Calendar.Add]
// where the clock has no such instant.
func (t Target) Due(opened time.Time) (time.Time, error) {
	if err := t.check("due"); err != nil {
		return time.Time{}, err
	}
	if err := checkTime("sla: due: opened", opened); err != nil {
		return time.Time{}, err
	}
	return t.add(opened, t.Within)
}

// add returns the instant at which t's clock will have counted d from at on.
func (t Target) add(at time.Time, d time.Duration) (time.Time, error) {
	due, err := t.Clock.Add(at, d)
	if err != nil {
		return time.Time{}, fmt.Errorf("sla: %v from %s: %w", d, stamp(at), err)
	}
	return due, nil
}

// Met reports whether a response at the given instant meets t for a case
// opened at the given instant, nothing having stopped the clock between: it
// does if it comes before [Target.Due], whose errors it returns. A response
// before the opening is an error wrapping [ErrTime], as is one that is the
// zero time or outside the years 1 to 9999.
func (t Target) Met(opened, responded time.Time) (bool, error) {
	due, err := t.Due(opened)
	if err != nil {
		return false, err
	}
	if err := checkTime("sla: met: responded", responded); err != nil {
		return false, err
	}
	if responded.Before(opened) {
		return false, fmt.Errorf("sla: met: response at %s is before the opening at %s: %w", stamp(responded), stamp(opened), ErrTime)
	}
	return responded.Before(due), nil
}

// Implies reports whether every response that meets t also meets u, however
// the case falls: t's Within is at most u's, on the same clock or around the
// clock. It is false if either is not valid.
func (t Target) Implies(u Target) bool {
	return t.IsValid() && u.IsValid() && t.Within <= u.Within && (t.Clock.IsAlways() || t.Clock.Equal(u.Clock))
}

// Equal reports whether t and u are the same bound on the same clock.
func (t Target) Equal(u Target) bool { return t.Within == u.Within && t.Clock.Equal(u.Clock) }

// String returns t in short, such as "< 30m", or "< 12h of open time" on a clock
// that is not always open.
func (t Target) String() string {
	s := "< " + short(t.Within)
	if !t.Clock.IsAlways() {
		s += " of open time"
	}
	return s
}

// short writes d as [time.Duration.String] does, less the units at its end that
// are 0: 16h, not 16h0m0s.
func short(d time.Duration) string {
	s := d.String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}

type targetJSON struct {
	Within string          `json:"within"`
	Clock  json.RawMessage `json:"clock,omitempty"`
}

// MarshalJSON returns t's JSON form. It returns an error wrapping [ErrTarget]
// if t is not valid, and those of [calendar.Calendar.MarshalJSON].
func (t Target) MarshalJSON() ([]byte, error) {
	if err := t.check("marshal"); err != nil {
		return nil, err
	}
	out := targetJSON{Within: t.Within.String()}
	if !t.Clock.IsAlways() {
		clock, err := t.Clock.MarshalJSON()
		if err != nil {
			return nil, err
		}
		out.Clock = strictjson.Nest(clock)
	}
	return json.Marshal(out)
}

// UnmarshalJSON reads t's JSON form, strictly. It returns errors wrapping
// [ErrJSON] or [ErrTarget], or those of [calendar.Calendar.UnmarshalJSON],
// after which *t is as it was.
func (t *Target) UnmarshalJSON(data []byte) error {
	var u Target
	err := strictjson.Decode("sla: decode target", data, func(v strictjson.Value) { u = decodeTarget(v) })
	if err != nil {
		return err
	}
	*t = u
	return nil
}

func decodeTarget(v strictjson.Value) (t Target) {
	v.Object(func(o strictjson.Object) {
		within := o.Need("within")
		if t.Within = decodeDuration(within); t.Within <= 0 {
			within.Fail(fmt.Errorf("%s: %w", quote.String(within.Text()), ErrTarget))
		}
		o.May("clock").JSON(&t.Clock)
	})
	return t
}

// decodeDuration reads a duration such as "1h30m".
func decodeDuration(v strictjson.Value) time.Duration {
	s := v.Text()
	d, err := time.ParseDuration(s)
	if err != nil && v.IsPresent() {
		v.Fail(fmt.Errorf("%w: want a duration, not the string %s", ErrJSON, quote.String(s)))
	}
	return d
}
