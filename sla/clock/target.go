package clock

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/supportplan/supportplan/internal/field"
	"github.com/supportplan/supportplan/internal/strictjson"
	"github.com/supportplan/supportplan/sla/calendar"
	"github.com/supportplan/supportplan/sla/internal/hours"
)

// A Target is a strict upper bound: it is met in less than Within, counted on
// Calendar. The zero Calendar counts around the clock, every day; any other
// counts only its open hours. The zero Target is none.
//
// Its JSON form is "16h", a duration as [time.ParseDuration] reads it, or
// {"within": "16h", "calendar": …} on a calendar. A [Case] writes each calendar
// once and refers to it by name.
type Target struct {
	Within   time.Duration
	Calendar calendar.Calendar
}

// IsValid reports whether t's Within is positive.
func (t Target) IsValid() bool { return t.Within > 0 }

// check returns an error wrapping [ErrInvalid] if t is neither valid nor none.
func (t *Target) check() error {
	if t.Within > 0 || t.Within == 0 && t.Calendar.IsAlways() {
		return nil
	}
	return fmt.Errorf("target within %v: want a positive duration: %w", t.Within, ErrInvalid)
}

// Due returns the instant at which a clock that starts at the given instant and
// runs without a pause uses up t: the first instant that is too late. It
// returns an error wrapping [ErrInvalid] if t is not valid, an error wrapping
// [ErrTime] if from is the zero time or outside the years 1 to 9999, or an
// error of [calendar.Calendar.Add] if the calendar has no such instant.
func (t Target) Due(from time.Time) (time.Time, error) {
	if !t.IsValid() {
		return time.Time{}, fmt.Errorf("clock: due: target within %v: want a positive duration: %w", t.Within, ErrInvalid)
	}
	if err := strictjson.CheckTime(from, ErrTime); err != nil {
		return time.Time{}, fmt.Errorf("clock: due: from %w", err)
	}
	due, err := t.Calendar.Add(from, t.Within)
	if err != nil {
		return time.Time{}, fmt.Errorf("clock: due: %v from %s: %w", t, stamp(from), err)
	}
	return due, nil
}

// Implies reports whether t is at least as fast as u: whatever meets t meets u,
// at whatever instants the clock starts and stops. The test is sufficient: t's
// Within is at most u's, and t's calendar is open whenever u's is, which
// [calendar.Calendar.Covers] decides at some cost. Implies is false if either
// target is not valid.
func (t Target) Implies(u Target) bool {
	return t.IsValid() && u.IsValid() && t.Within <= u.Within &&
		(t.Calendar.IsAlways() || t.Calendar.Equal(u.Calendar) || t.Calendar.Covers(u.Calendar))
}

// Equal reports whether t and u are the same bound on the same calendar.
func (t Target) Equal(u Target) bool { return t.Within == u.Within && t.Calendar.Equal(u.Calendar) }

// String returns t in short, such as "< 30m", or "< 12h of open time" on a
// calendar that is not always open. The zero Target is "no target".
func (t Target) String() string {
	if t.Within == 0 {
		return "no target"
	}
	s := "< " + hours.Short(t.Within)
	if !t.Calendar.IsAlways() {
		s += " of open time"
	}
	return s
}

// MarshalJSON returns t's JSON form with the whole calendar in it. It returns
// an error wrapping [ErrInvalid] if t is not valid, or one of
// [calendar.Calendar.MarshalJSON].
func (t Target) MarshalJSON() ([]byte, error) {
	if !t.IsValid() {
		return nil, fmt.Errorf("clock: marshal target within %v: want a positive duration: %w", t.Within, ErrInvalid)
	}
	return marshal("clock: marshal target", (*hours.Names)(nil).Target(t.Within, t.Calendar))
}

// UnmarshalJSON reads t's JSON form, strictly. It returns an error wrapping
// [ErrInvalid], or one of [calendar.Calendar.UnmarshalJSON]; then *t is unchanged.
func (t *Target) UnmarshalJSON(data []byte) error {
	return decode("target", data, t, func(v strictjson.Value) Target { return decodeTarget(v, nil) })
}

func decodeTarget(v strictjson.Value, known hours.Known) Target {
	within, cal := known.Target(v, ErrInvalid)
	return Target{within, cal}
}

// Targets holds the targets of a case, one for each metric; the zero Target is
// none. Name is the caller's own word for them, such as "P1": cycles and
// breaches carry it, so that a report can group by it.
//
// The JSON form is {"name": …, "firstResponse": …, "nextResponse": …, "update":
// …, "resolution": …}, without the targets that there are not.
type Targets struct {
	Name          string
	FirstResponse Target
	NextResponse  Target
	Update        Target
	Resolution    Target
}

// Of returns the target of metric m, or the zero Target if m is not valid.
func (t Targets) Of(m Metric) Target { return t.of(m.index()) }

// of returns the target of the metric with index i.
func (t *Targets) of(i int) Target {
	if p := t.at(i); p != nil {
		return *p
	}
	return Target{}
}

// at returns where the target of the metric with index i stands.
func (t *Targets) at(i int) *Target {
	switch i {
	case first:
		return &t.FirstResponse
	case next:
		return &t.NextResponse
	case update:
		return &t.Update
	case resolution:
		return &t.Resolution
	}
	return nil
}

// With returns a copy of t whose target of metric m is the given one; the zero
// Target removes it. An m that is not valid changes nothing.
func (t Targets) With(m Metric, target Target) Targets {
	if p := t.at(m.index()); p != nil {
		*p = target
	}
	return t
}

// IsZero reports whether t has no target at all, whatever its name.
func (t Targets) IsZero() bool {
	for i := range metrics {
		if t.of(i).IsValid() {
			return false
		}
	}
	return true
}

// Equal reports whether t and u have the same name and the same targets.
func (t Targets) Equal(u Targets) bool {
	for i := range metrics {
		if !t.of(i).Equal(u.of(i)) {
			return false
		}
	}
	return t.Name == u.Name
}

// mark marks in has the metrics that t has a target for.
func (t *Targets) mark(has *[len(metrics)]bool) {
	for i := range has {
		if t.at(i).IsValid() {
			has[i] = true
		}
	}
}

// targetFields are the names of the targets' fields in JSON, by index.
var targetFields = [...]string{first: "firstResponse", next: "nextResponse", update: "update", resolution: "resolution"}

// Check returns an error wrapping [ErrInvalid] if a target is neither valid nor
// none.
func (t Targets) Check() error { return field.Op("clock: check", t.check()) }

func (t *Targets) check() error {
	for i := range targetFields {
		if err := t.at(i).check(); err != nil {
			return field.Wrap(targetFields[i], err)
		}
	}
	return nil
}

// json returns t's JSON form, with calendars by the names of n.
func (t *Targets) json(n *hours.Names) map[string]any {
	out := make(map[string]any)
	if t.Name != "" {
		out["name"] = t.Name
	}
	for i, name := range targetFields {
		if u := t.of(i); u.IsValid() {
			out[name] = n.Target(u.Within, u.Calendar)
		}
	}
	return out
}

func decodeTargets(v strictjson.Value, known hours.Known) (t Targets) {
	v.Object(func(o strictjson.Object) {
		if n := o.May("name"); n.IsPresent() {
			t.Name = n.Text()
		}
		for i, name := range targetFields {
			if f := o.May(name); f.IsPresent() {
				*t.at(i) = decodeTarget(f, known)
			}
		}
	})
	return t
}

// MarshalJSON returns t's JSON form with whole calendars in it. It returns an
// error wrapping [ErrInvalid] if a target is not valid, or one of
// [calendar.Calendar.MarshalJSON].
func (t Targets) MarshalJSON() ([]byte, error) {
	if err := t.check(); err != nil {
		return nil, field.Op("clock: marshal targets", err)
	}
	return marshal("clock: marshal targets", t.json(nil))
}

// UnmarshalJSON reads t's JSON form, strictly. It returns an error wrapping
// [ErrInvalid], or one of [calendar.Calendar.UnmarshalJSON]; then *t is unchanged.
func (t *Targets) UnmarshalJSON(data []byte) error {
	return decode("targets", data, t, func(v strictjson.Value) Targets { return decodeTargets(v, nil) })
}

// marshal returns the JSON of v, in which calendars stand where they are used. If
// one of them has no form, that is an error of the operation, at its field.
func marshal(op string, v any) ([]byte, error) {
	data, err := json.Marshal(v)
	if of := (*json.MarshalerError)(nil); errors.As(err, &of) {
		return nil, field.Op(op, field.Wrap("calendar", of.Err))
	}
	return data, err
}

// decode reads data into *v. After an error *v is as it was. Errors in the
// document's shape wrap [ErrInvalid].
func decode[T any](what string, data []byte, v *T, read func(strictjson.Value) T) error {
	var u T
	if err := strictjson.Decode("clock: decode "+what, data, func(v strictjson.Value) { u = read(v) }); err != nil {
		return shape(err)
	}
	*v = u
	return nil
}

// shape has an error in a document's shape wrap [ErrInvalid].
func shape(err error) error { return hours.Shape(err, ErrInvalid) }
