package sla

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/supportplan/supportplan/internal/enum"
	"github.com/supportplan/supportplan/internal/field"
	"github.com/supportplan/supportplan/internal/quote"
	"github.com/supportplan/supportplan/internal/strictjson"
	"github.com/supportplan/supportplan/plan"
	"github.com/supportplan/supportplan/severity"
	"github.com/supportplan/supportplan/sla/clock"
)

// A Kind is the kind of an [Event]: [KindAssessed], [KindReclassified],
// [KindPlanChanged] or one of package clock. The zero Kind is invalid.
type Kind string

// The kinds of events: three that change the targets, and those of package
// clock.
const (
	// KindAssessed judges how serious the case has been from the start. The
	// severity replaces the one that it was submitted with, for the whole
	// history; the last assessment rules, and every reclassification stands,
	// whether it came before or after.
	KindAssessed Kind = "assessed"
	// KindReclassified makes the case more, or less, serious from now on. To the
	// severity that the case has, it changes nothing.
	KindReclassified Kind = "reclassified"
	// KindPlanChanged gives the account another plan from now on. To the plan
	// that it has, it changes nothing. It is impossible in a case with a
	// timeline.
	KindPlanChanged Kind = "plan-changed"

	KindCustomerReply Kind = Kind(clock.KindCustomerReply)
	KindResponded     Kind = Kind(clock.KindResponded)
	KindPaused        Kind = Kind(clock.KindPaused)
	KindResumed       Kind = Kind(clock.KindResumed)
	KindClosed        Kind = Kind(clock.KindClosed)
	KindReopened      Kind = Kind(clock.KindReopened)
)

var kinds = []Kind{
	KindAssessed, KindReclassified, KindPlanChanged, KindCustomerReply, KindResponded, KindPaused, KindResumed, KindClosed, KindReopened,
}

// UnmarshalText sets *k to the kind that b spells, or returns an error wrapping
// [ErrInvalid].
func (k *Kind) UnmarshalText(b []byte) error {
	return enum.ReadToken(k, b, "kind of event", kinds, ErrInvalid)
}

// An Event is something that happened to a case. Each kind has a constructor,
// such as [Paused].
//
// Its JSON form is {"at": …, "kind": …}, with a "severity", a "plan" or a
// "reason" if the kind has one. A struct that embeds an Event has its
// UnmarshalJSON too, which reads the whole struct as an event and refuses the
// other fields: give the Event a field name instead.
type Event struct {
	At       time.Time
	Kind     Kind
	Severity severity.Severity // of KindAssessed and KindReclassified; none otherwise
	Plan     plan.Plan         // of KindPlanChanged; none otherwise
	Reason   string            // of KindPaused and KindResumed; may be empty
}

// Assessed returns the event of [KindAssessed].
func Assessed(at time.Time, s severity.Severity) Event {
	return Event{At: at, Kind: KindAssessed, Severity: s}
}

// Reclassified returns the event of [KindReclassified].
func Reclassified(at time.Time, s severity.Severity) Event {
	return Event{At: at, Kind: KindReclassified, Severity: s}
}

// PlanChanged returns the event of [KindPlanChanged].
func PlanChanged(at time.Time, p plan.Plan) Event {
	return Event{At: at, Kind: KindPlanChanged, Plan: p}
}

// CustomerReply returns the event of [clock.KindCustomerReply].
func CustomerReply(at time.Time) Event { return Event{At: at, Kind: KindCustomerReply} }

// Responded returns the event of [clock.KindResponded].
func Responded(at time.Time) Event { return Event{At: at, Kind: KindResponded} }

// Paused returns the event of [clock.KindPaused] with the given reason, which
// may be empty.
func Paused(at time.Time, reason string) Event {
	return Event{At: at, Kind: KindPaused, Reason: reason}
}

// Resumed returns the event of [clock.KindResumed] with the given reason, or
// with "" for all pauses.
func Resumed(at time.Time, reason string) Event {
	return Event{At: at, Kind: KindResumed, Reason: reason}
}

// Closed returns the event of [clock.KindClosed].
func Closed(at time.Time) Event { return Event{At: at, Kind: KindClosed} }

// Reopened returns the event of [clock.KindReopened].
func Reopened(at time.Time) Event { return Event{At: at, Kind: KindReopened} }

// String returns e in short, such as "paused (customer) at
// 2026-03-02T10:00:00Z" or "assessed general at 2026-03-02T10:00:00Z".
func (e Event) String() string {
	s := string(e.Kind)
	if e.Severity != 0 {
		s += " " + e.Severity.String()
	}
	if e.Plan != 0 {
		s += " " + e.Plan.String()
	}
	return clock.Event{At: e.At, Kind: clock.Kind(s), Reason: e.Reason}.String()
}

// check returns the error of e, in any case.
func (e *Event) check() error {
	switch e.Kind {
	case KindAssessed, KindReclassified:
		if err := checkSeverity(e.Severity); err != nil {
			return err
		}
	case KindPlanChanged:
		if err := checkPlan(e.Plan); err != nil {
			return err
		}
	case KindCustomerReply, KindResponded, KindPaused, KindResumed, KindClosed, KindReopened: // quicker than to look among kinds
	default:
		return field.Wrap("kind", enum.CheckToken(e.Kind, "kind of event", kinds, ErrInvalid))
	}
	switch {
	case e.Severity != 0 && e.Kind != KindAssessed && e.Kind != KindReclassified:
		return field.Wrap("severity", fmt.Errorf("%v of an event %s: want none: %w", e.Severity, e.Kind, ErrInvalid))
	case e.Plan != 0 && e.Kind != KindPlanChanged:
		return field.Wrap("plan", fmt.Errorf("%v of an event %s: want none: %w", e.Plan, e.Kind, ErrInvalid))
	case e.Reason != "" && e.Kind != KindPaused && e.Kind != KindResumed:
		return field.Wrap("reason", fmt.Errorf("%s of an event %s: want none: %w", quote.String(e.Reason), e.Kind, ErrInvalid))
	}
	if err := strictjson.CheckTime(e.At, clock.ErrTime); err != nil {
		return field.Wrap("at", err)
	}
	return nil
}

type eventJSON struct {
	At       time.Time         `json:"at"`
	Kind     Kind              `json:"kind"`
	Severity severity.Severity `json:"severity,omitzero"`
	Plan     plan.Plan         `json:"plan,omitzero"`
	Reason   string            `json:"reason,omitempty"`
}

// MarshalJSON returns e's JSON form. It returns an error wrapping [ErrInvalid],
// [clock.ErrTime], [severity.ErrUnknown] or [plan.ErrUnknown] if e is not valid.
func (e Event) MarshalJSON() ([]byte, error) {
	if err := e.check(); err != nil {
		return nil, field.Op("sla: marshal event", err)
	}
	e.At = strictjson.Instant(e.At)
	return json.Marshal(eventJSON(e))
}

// UnmarshalJSON reads e's JSON form, strictly. It returns an error wrapping
// [ErrInvalid], [clock.ErrTime], [severity.ErrUnknown] or [plan.ErrUnknown]; then *e is unchanged.
func (e *Event) UnmarshalJSON(data []byte) error { return decode("event", data, e, decodeEvent) }

func decodeEvent(v strictjson.Value) (e Event) {
	v.Object(func(o strictjson.Object) {
		e.At = o.Need("at").Time()
		o.Need("kind").Into(&e.Kind)
		o.May("severity").Into(&e.Severity)
		o.May("plan").Into(&e.Plan)
		e.Reason = o.May("reason").Text()
		if err := e.check(); err != nil {
			v.Fail(err)
		}
	})
	return e
}
