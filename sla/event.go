package sla

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/supportplan/supportplan/internal/strictjson"
	"github.com/supportplan/supportplan/plan"
	"github.com/supportplan/supportplan/severity"
)

// An Event is something that happened to a case. Each kind has a constructor
// of its own, such as [Paused].
//
// Its JSON form is {"at": …, "kind": …}, with a "severity" or a "plan" where
// the kind has one.
type Event struct {
	At       time.Time
	Kind     Kind
	Severity severity.Severity // of KindAssessed and KindReclassified; none otherwise
	Plan     plan.Plan         // of KindPlanChanged; none otherwise
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

// Paused returns the event of [KindPaused].
func Paused(at time.Time) Event { return Event{At: at, Kind: KindPaused} }

// Resumed returns the event of [KindResumed].
func Resumed(at time.Time) Event { return Event{At: at, Kind: KindResumed} }

// Responded returns the event of [KindResponded].
func Responded(at time.Time) Event { return Event{At: at, Kind: KindResponded} }

// Closed returns the event of [KindClosed].
func Closed(at time.Time) Event { return Event{At: at, Kind: KindClosed} }

// Reopened returns the event of [KindReopened].
func Reopened(at time.Time) Event { return Event{At: at, Kind: KindReopened} }

// String returns e in short, such as "paused at 2026-03-02T10:00:00Z" or
// "assessed general at 2026-03-02T10:00:00Z".
func (e Event) String() string {
	s := e.Kind.String()
	if e.Severity != 0 {
		s += " " + e.Severity.String()
	}
	if e.Plan != 0 {
		s += " " + e.Plan.String()
	}
	return s + " at " + stamp(e.At)
}

// check reports what is wrong with e, whatever the case.
func (e Event) check() error {
	if !e.Kind.IsValid() {
		return fmt.Errorf("%v: %w", e, ErrUnknownKind)
	}
	if err := checkTime(e.Kind.String(), e.At); err != nil {
		return err
	}
	if wants := e.Kind == KindAssessed || e.Kind == KindReclassified; wants != (e.Severity != 0) || wants && !e.Severity.IsValid() {
		return fmt.Errorf("%v: %w", e, severity.ErrUnknown)
	}
	if wants := e.Kind == KindPlanChanged; wants != (e.Plan != 0) || wants && !e.Plan.IsValid() {
		return fmt.Errorf("%v: %w", e, plan.ErrUnknown)
	}
	return nil
}

type eventJSON struct {
	At       time.Time         `json:"at"`
	Kind     Kind              `json:"kind"`
	Severity severity.Severity `json:"severity,omitzero"`
	Plan     plan.Plan         `json:"plan,omitzero"`
}

// MarshalJSON returns e's JSON form. An event that is not valid is an error
// wrapping [ErrUnknownKind], [ErrTime], [severity.ErrUnknown] or
// [plan.ErrUnknown].
func (e Event) MarshalJSON() ([]byte, error) {
	if err := e.check(); err != nil {
		return nil, fmt.Errorf("sla: marshal event: %w", err)
	}
	e.At = strictjson.Instant(e.At)
	return json.Marshal(eventJSON(e))
}

// UnmarshalJSON reads e's JSON form, strictly. It returns errors wrapping
// [ErrJSON], [ErrUnknownKind], [ErrTime], [severity.ErrUnknown] or
// [plan.ErrUnknown], after which *e is as it was.
func (e *Event) UnmarshalJSON(data []byte) error {
	var f Event
	if err := strictjson.Decode("sla: decode event", data, func(v strictjson.Value) { f = decodeEvent(v) }); err != nil {
		return err
	}
	*e = f
	return nil
}

func decodeEvent(v strictjson.Value) (e Event) {
	v.Object(func(o strictjson.Object) {
		e.At = o.Need("at").Time()
		o.Need("kind").Into(&e.Kind)
		o.May("severity").Into(&e.Severity)
		o.May("plan").Into(&e.Plan)
		if err := e.check(); err != nil {
			v.Fail(err)
		}
	})
	return e
}
