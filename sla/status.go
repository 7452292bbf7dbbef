package sla

import (
	"errors"
	"fmt"
	"time"

	"github.com/supportplan/supportplan/plan"
	"github.com/supportplan/supportplan/severity"
)

// ErrNotPaused is wrapped by the error of asking when the response to a case
// would be due if it were resumed, where it is not paused or nothing is due.
var ErrNotPaused = errors.New("not paused with a response due")

// A Status is what a policy makes of a case at an instant. The zero Status is
// none; [Policy.Evaluate] makes them. Where there is no instant to name, it is
// the zero time.
type Status struct {
	At      time.Time // the instant that the status is of
	Phase   Phase
	Outcome Outcome

	Plan      plan.Plan         // the account's plan at the instant
	Submitted severity.Severity // the severity that the case was opened with
	Assessed  severity.Severity // the severity that it was last assessed to have been opened with; none if nobody has
	Severity  severity.Severity // the severity at the instant: assessed or else submitted, and reclassified since

	Basis     Basis         // what the response is measured by: at the first response or else at the instant
	Elapsed   time.Duration // the time counted, on the clock of Basis.Target; around the clock without target
	Remaining time.Duration // Basis.Target.Within less Elapsed, negative when overdue; 0 without target

	// Due is the instant at which the target runs out, or ran out, or would
	// have without the response; there is none without target, nor in a pause
	// or after closing if it has not run out before.
	Due time.Time
	// DueIfResumed of a pause is a method.

	Responded  time.Time // the first response
	Breach     Breach
	Warnings   []Warning // to come if nothing else happens, in order
	NextChange time.Time // the first instant at which anything else than the passing of time differs, if no event happens

	Explanation []Interval // the whole time from the opening to the instant, in order and without gaps
}

// A Basis is what a response is measured by.
type Basis struct {
	Plan     plan.Plan
	Severity severity.Severity
	Target   Target            // the zero Target: none
	Listed   severity.Severity // the severity that Target is listed at: Severity, or a less severe one that [Policy] fell back to; none without target
}

// A Breach says since when a response has been overdue, and by which target:
// it stays, whatever the severity and the plan change to. The zero Breach is
// none.
type Breach struct {
	At    time.Time
	Basis Basis
}

// A Warning is an instant at which a part of the target's time will have been
// used.
type Warning struct {
	Percent int // 50, 75 or 90
	At      time.Time
}

// An Interval is a half-open part [Start, End) of a case's time.
type Interval struct {
	Start, End time.Time
	Share      Share
	Counted    time.Duration // how much of it counts, on the target's clock; 0 unless Share is ShareCounted
}

// SeverityDiffers reports whether the case was assessed to have been of another
// severity than it was submitted with: then the response time of the submitted
// one is not owed.
//
// Source: Response Time SLA, 2023-09-15.
func (s Status) SeverityDiffers() bool { return s.Assessed != 0 && s.Assessed != s.Submitted }

// DueIfResumed returns the instant at which the response would be due if the
// pause ended at the given instant and nothing else happened; if it has been
// due since before the pause, it is that instant. It returns an error wrapping
// [ErrNotPaused] if s is not of a paused case or nothing is due, and one
// wrapping [ErrTime] if the given instant is before that of s.
func (s Status) DueIfResumed(at time.Time) (time.Time, error) {
	if s.Phase != PhasePaused || !s.Responded.IsZero() || !s.Basis.Target.IsValid() {
		return time.Time{}, fmt.Errorf("sla: due if resumed: %v, %v: %w", s.Phase, s.Outcome, ErrNotPaused)
	}
	if err := checkTime("sla: due if resumed", at); err != nil {
		return time.Time{}, err
	}
	if at.Before(s.At) {
		return time.Time{}, fmt.Errorf("sla: due if resumed at %s, before the status of %s: %w", stamp(at), stamp(s.At), ErrTime)
	}
	if !s.Due.IsZero() {
		return s.Due, nil
	}
	return s.Basis.Target.add(at, s.Remaining)
}
