package clock

import (
	"math"
	"time"

	"github.com/supportplan/supportplan/sla/calendar"
)

// A Phase is the phase of a case, or of one of its clocks: [PhaseRunning],
// [PhasePaused], [PhaseClosed] or [PhaseStopped]. Phases are only ever
// answered.
type Phase string

const (
	PhaseRunning Phase = "running" // the case is open and not paused; of a cycle: its clock runs
	PhasePaused  Phase = "paused"  // a pause stops the clock
	PhaseClosed  Phase = "closed"  // the case is closed; of a cycle: it goes on if the case is reopened
	PhaseStopped Phase = "stopped" // of a cycle: it has ended
)

// An Outcome is the outcome of a cycle: [OutcomePending], [OutcomeMet],
// [OutcomeBreached], [OutcomeUnanswered], [OutcomeCleared], [OutcomeNoTarget]
// or [OutcomeIdle]. Outcomes are only ever answered.
type Outcome string

const (
	OutcomePending    Outcome = "pending"    // not ended, not yet due
	OutcomeMet        Outcome = "met"        // ended before it was due
	OutcomeBreached   Outcome = "breached"   // it was due before it ended, whether it ended later or not
	OutcomeUnanswered Outcome = "unanswered" // the case was closed before the first response was due, and without one
	OutcomeCleared    Outcome = "cleared"    // closing ended a next response or an update that was not yet due
	OutcomeNoTarget   Outcome = "no-target"  // there is nothing to meet
	OutcomeIdle       Outcome = "idle"       // the metric has a target, but no cycle has begun
)

// Unlimited is the remaining time of a cycle without target. It is the longest
// duration, so that such cycles come last in a queue that is sorted by it.
const Unlimited = time.Duration(math.MaxInt64)

// A Status is the state of a case at an instant under [Conventions]. All its
// instants are in the zone of the instant that it was asked for; an absent one is
// the zero time.
//
// Its JSON form is for reading by others: it gives durations as numbers of
// seconds, names calendars, and leaves out absent values. To be read again, store
// the case.
type Status struct {
	At        time.Time // the instant of the status
	Phase     Phase     // running, paused or closed
	Reasons   []string  // of the pauses that are open
	Responded time.Time // the first response

	FirstResponse Reading
	NextResponse  Reading
	Update        Reading
	Resolution    Reading

	// NextChange is the instant to look at the case again if no event happens
	// before: the first one at which a warning passes or a target runs out, of any
	// metric. It is the zero time if nothing will, so check IsZero before setting
	// a timer: in a pause that stops every clock, once the case is closed or every
	// target has run out and warned, and without a target. In a status of package
	// sla it can also be a change of plan that a timeline has ahead.
	NextChange time.Time
}

// Of returns the reading of metric m, or the zero Reading if m is not valid.
func (s Status) Of(m Metric) Reading {
	if p := s.at(m.index()); p != nil {
		return *p
	}
	return Reading{}
}

// at returns where the reading of the metric with index i stands.
func (s *Status) at(i int) *Reading {
	switch i {
	case first:
		return &s.FirstResponse
	case next:
		return &s.NextResponse
	case update:
		return &s.Update
	case resolution:
		return &s.Resolution
	}
	return nil
}

// Remaining returns the least remaining time of the cycles that have not ended,
// negative if one is overdue, or [Unlimited] if nothing is due: the key by
// which to sort a queue.
func (s Status) Remaining() time.Duration {
	out := Unlimited
	for i := range metrics {
		if c := s.at(i); c.Phase == PhaseRunning || c.Phase == PhasePaused {
			out = min(out, c.Remaining)
		}
	}
	return out
}

// A Reading is the reading of one metric's clock: its latest cycle, and those
// before. Without a cycle the outcome is OutcomeIdle, or OutcomeNoTarget if the
// case never had a target for the metric, and all else is zero.
type Reading struct {
	Cycle
	Earlier []Cycle // in the order of time; not the latest one
}

// Cycles returns all cycles in the order of time, in a slice of the caller's
// own.
func (r Reading) Cycles() []Cycle {
	if r.Started.IsZero() {
		return nil
	}
	return append(append([]Cycle(nil), r.Earlier...), r.Cycle)
}

// A Cycle is one run of a metric's clock.
type Cycle struct {
	Phase   Phase
	Outcome Outcome

	Started  time.Time // when the cycle began
	Measured time.Time // since when it is measured: Started, or a later change that restarted the clock
	Stopped  time.Time // when the response or the closing stopped the clock
	Answered bool      // whether it stopped by the awaited event: a response, or of resolution the closing

	Name   string // of the targets that Target is one of, see [Targets]
	Target Target // the target of the cycle: when it stopped, or else now; the zero Target: none

	Elapsed   time.Duration // the time counted since Measured, on Target's calendar
	Remaining time.Duration // Target.Within less Elapsed, negative when overdue; Unlimited without target

	// Due is the instant at which the target runs out, or ran out, or would
	// have if the cycle had not stopped. There is none without target, in a
	// pause or after a closing if it has not run out before, nor if the
	// calendar has no such instant.
	Due time.Time

	Breach   Breach
	Warnings []Warning // one for each percentage of the conventions; none without target

	// Segments divide the time from Started to Stopped, or else to the instant
	// of the status, in order and without gaps. See [Cycle.Details] for open
	// and closed hours apart.
	Segments []Segment
}

// A Breach is the instant since when a cycle is overdue, and its target. It stays,
// whatever the targets change to, unless a retroactive change makes it one that
// never was. The zero Breach is none.
type Breach struct {
	At     time.Time // when the target ran out; the change, if it had run out before it applied
	Name   string    // of the targets, see [Targets]
	Target Target

	// Elapsed is the time counted, on Target's calendar, from the start of the
	// measurement that was breached to the end of the cycle or else the instant
	// of the status. It is never less than Target.Within.
	Elapsed time.Duration
}

// A Warning is an instant at which a percentage of the target is used. After a
// breach, that is of the breached target.
type Warning struct {
	Percent int
	At      time.Time // when it passed or will pass; the zero time if it never did, or nobody knows
	Passed  bool
}

// A SegmentKind is the effect of a segment on a cycle's time: [SegmentCounted],
// [SegmentPaused], [SegmentClosed], [SegmentSuperseded] or [SegmentOffHours].
// SegmentKinds are only ever answered.
type SegmentKind string

const (
	SegmentCounted    SegmentKind = "counted"    // the clock ran; a calendar counts its open hours only
	SegmentPaused     SegmentKind = "paused"     // in a pause
	SegmentClosed     SegmentKind = "closed"     // between closing and reopening, or since closing
	SegmentSuperseded SegmentKind = "superseded" // the clock ran, before a change that restarted it
	SegmentOffHours   SegmentKind = "off-hours"  // the clock ran, but the calendar was closed; only in [Cycle.Details]
)

// A Segment is a part of a cycle's time.
type Segment struct {
	Period  calendar.Period
	Kind    SegmentKind
	Reason  string        // the reasons of a pause, or the holiday's name of closed hours; may be empty
	Counted time.Duration // how much of it counts; 0 unless Kind is SegmentCounted
	Ahead   bool          // whether it is yet to come; only in [Cycle.Details]
}
