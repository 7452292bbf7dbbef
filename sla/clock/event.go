package clock

import (
	"fmt"
	"time"

	"github.com/supportplan/supportplan/internal/enum"
	"github.com/supportplan/supportplan/internal/field"
	"github.com/supportplan/supportplan/internal/quote"
	"github.com/supportplan/supportplan/internal/strictjson"
	"github.com/supportplan/supportplan/sla/internal/hours"
)

// A Kind is the kind of an [Event]: [KindCustomerReply], [KindResponded],
// [KindPaused], [KindResumed], [KindRetargeted], [KindClosed] or
// [KindReopened]. The zero Kind is invalid.
type Kind string

// The kinds of events, each with the cases that make it impossible.
const (
	// KindCustomerReply is a message from the customer after the opening one. It
	// ends no pause, whatever the pause's reason: add KindResumed too.
	KindCustomerReply Kind = "customer-reply"
	// KindResponded is a response to the customer. Notes and automatic replies
	// are no responses: leave them out. A response may come while the case is
	// paused or closed.
	KindResponded Kind = "responded"
	// KindPaused stops the clocks, for the event's reason. It is impossible
	// while the case is closed or paused for that reason.
	KindPaused Kind = "paused"
	// KindResumed ends the pause of the event's reason, or all pauses if the
	// event has none; the clocks run again when no pause is left. It is
	// impossible if there is no such pause.
	KindResumed Kind = "resumed"
	// KindRetargeted gives the case other targets, measured by the event's
	// Measure.
	KindRetargeted Kind = "retargeted"
	// KindClosed closes the case and ends its pauses. It is impossible while
	// the case is closed.
	KindClosed Kind = "closed"
	// KindReopened opens a closed case again. It is impossible unless the case
	// is closed.
	KindReopened Kind = "reopened"
)

var kinds = []Kind{KindCustomerReply, KindResponded, KindPaused, KindResumed, KindRetargeted, KindClosed, KindReopened}

// UnmarshalText sets *k to the kind that b spells, or returns an error wrapping
// [ErrInvalid].
func (k *Kind) UnmarshalText(b []byte) error {
	return enum.ReadToken(k, b, "kind of event", kinds, ErrInvalid)
}

// A Measure is the start of the measurement of a target that came to apply
// while the case was open: [MeasureKeepCounting], [MeasureRestart] or
// [MeasureRetroactive]. The empty Measure is MeasureKeepCounting.
type Measure string

const (
	// MeasureKeepCounting measures from where the clock last started: time that
	// has passed has passed. A target that is already used up is breached at
	// the change, not before.
	MeasureKeepCounting Measure = "keep-counting"
	// MeasureRestart measures from the change on: every clock that runs starts
	// anew.
	MeasureRestart Measure = "restart"
	// MeasureRetroactive replaces the targets that the case was opened with, as
	// if it had always had these. It can breach in the past and can undo a
	// breach. The last one known rules; other changes of targets stand, whether
	// they came before or after.
	MeasureRetroactive Measure = "retroactive"
)

var measures = []Measure{MeasureKeepCounting, MeasureRestart, MeasureRetroactive}

// UnmarshalText sets *m to the measure that b spells, or returns an error
// wrapping [ErrInvalid].
func (m *Measure) UnmarshalText(b []byte) error {
	return enum.ReadToken(m, b, "measure", measures, ErrInvalid)
}

// An Event is something that happened to a case. Each kind has a constructor,
// such as [Paused].
//
// Its JSON form is {"at": …, "kind": …}, with a "reason", or with "targets" and
// a "measure". A struct that embeds an Event has its UnmarshalJSON too, which
// reads the whole struct as an event and refuses the other fields: give the
// Event a field name instead.
type Event struct {
	At      time.Time
	Kind    Kind
	Reason  string   // of KindPaused and KindResumed; may be empty
	Targets *Targets // of KindRetargeted; nil otherwise
	Measure Measure  // of KindRetargeted; empty otherwise
}

// CustomerReply returns the event of [KindCustomerReply].
func CustomerReply(at time.Time) Event { return Event{At: at, Kind: KindCustomerReply} }

// Responded returns the event of [KindResponded].
func Responded(at time.Time) Event { return Event{At: at, Kind: KindResponded} }

// Paused returns the event of [KindPaused] with the given reason, which may be
// empty.
func Paused(at time.Time, reason string) Event {
	return Event{At: at, Kind: KindPaused, Reason: reason}
}

// Resumed returns the event of [KindResumed] with the given reason, or with ""
// for all pauses.
func Resumed(at time.Time, reason string) Event {
	return Event{At: at, Kind: KindResumed, Reason: reason}
}

// Retargeted returns the event of [KindRetargeted].
func Retargeted(at time.Time, t Targets, m Measure) Event {
	return Event{At: at, Kind: KindRetargeted, Targets: &t, Measure: m}
}

// Closed returns the event of [KindClosed].
func Closed(at time.Time) Event { return Event{At: at, Kind: KindClosed} }

// Reopened returns the event of [KindReopened].
func Reopened(at time.Time) Event { return Event{At: at, Kind: KindReopened} }

// String returns e in short, such as "paused (customer) at
// 2026-03-02T10:00:00Z".
func (e Event) String() string {
	s := string(e.Kind)
	if e.Targets != nil && e.Targets.Name != "" {
		s += " " + e.Targets.Name
	}
	if e.Reason != "" {
		s += " (" + e.Reason + ")"
	}
	return s + " at " + stamp(e.At)
}

// Equal reports whether e and f are the same event at the same instant.
func (e Event) Equal(f Event) bool {
	return e.At.Equal(f.At) && e.Kind == f.Kind && e.Reason == f.Reason && e.Measure == f.Measure &&
		(e.Targets == f.Targets || e.Targets != nil && f.Targets != nil && e.Targets.Equal(*f.Targets))
}

// check returns the error of e, in any case.
func (e *Event) check() error {
	switch e.Kind { // quicker than to look among kinds
	case KindCustomerReply, KindResponded, KindPaused, KindResumed, KindRetargeted, KindClosed, KindReopened:
	default:
		return field.Wrap("kind", enum.CheckToken(e.Kind, "kind of event", kinds, ErrInvalid))
	}
	if err := strictjson.CheckTime(e.At, ErrTime); err != nil {
		return field.Wrap("at", err)
	}
	if e.Reason != "" && e.Kind != KindPaused && e.Kind != KindResumed {
		return field.Wrap("reason", fmt.Errorf("%s of an event %s: want none: %w", quote.String(e.Reason), e.Kind, ErrInvalid))
	}
	if e.Targets == nil && e.Measure == "" && e.Kind != KindRetargeted {
		return nil
	}
	if e.Kind != KindRetargeted {
		return field.Wrap("targets", fmt.Errorf("of an event %s: want none: %w", e.Kind, ErrInvalid))
	}
	if e.Targets == nil {
		return field.Wrap("targets", fmt.Errorf("missing: %w", ErrInvalid))
	}
	if e.Measure != "" {
		if err := enum.CheckToken(e.Measure, "measure", measures, ErrInvalid); err != nil {
			return field.Wrap("measure", err)
		}
	}
	return field.Wrap("targets", e.Targets.check())
}

type eventJSON struct {
	At      time.Time `json:"at"`
	Kind    Kind      `json:"kind"`
	Reason  string    `json:"reason,omitempty"`
	Targets any       `json:"targets,omitempty"`
	Measure Measure   `json:"measure,omitempty"`
}

func (e *Event) json(n *hours.Names) eventJSON {
	out := eventJSON{At: strictjson.Instant(e.At), Kind: e.Kind, Reason: e.Reason, Measure: e.Measure}
	if e.Targets != nil {
		out.Targets = e.Targets.json(n)
	}
	return out
}

// MarshalJSON returns e's JSON form. It returns an error wrapping [ErrInvalid]
// or [ErrTime] if e is not valid, or one of [calendar.Calendar.MarshalJSON].
func (e Event) MarshalJSON() ([]byte, error) {
	if err := e.check(); err != nil {
		return nil, field.Op("clock: marshal event", err)
	}
	return marshal("clock: marshal event", e.json(nil))
}

// UnmarshalJSON reads e's JSON form, strictly. It returns an error wrapping
// [ErrInvalid] or [ErrTime], or one of [calendar.Calendar.UnmarshalJSON]; then *e is unchanged.
func (e *Event) UnmarshalJSON(data []byte) error {
	return decode("event", data, e, func(v strictjson.Value) Event { return decodeEvent(v, nil) })
}

func decodeEvent(v strictjson.Value, known hours.Known) (e Event) {
	v.Object(func(o strictjson.Object) {
		e.At = o.Need("at").Time()
		o.Need("kind").Into(&e.Kind)
		if f := o.May("reason"); f.IsPresent() {
			e.Reason = f.Text()
		}
		if f := o.May("targets"); f.IsPresent() {
			t := decodeTargets(f, known)
			e.Targets = &t
		}
		o.May("measure").Into(&e.Measure)
		if err := e.check(); err != nil {
			v.Fail(err)
		}
	})
	return e
}
