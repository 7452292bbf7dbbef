package sla

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/supportplan/supportplan/internal/strictjson"
	"github.com/supportplan/supportplan/plan"
	"github.com/supportplan/supportplan/severity"
)

// ErrNotPaused is wrapped by the error of asking when the response to a case
// would be due if it were resumed, where it is not paused or nothing is due.
var ErrNotPaused = errors.New("not paused with a response due")

// A Status is what a policy makes of a case at an instant. The zero Status is
// none; [Policy.Evaluate] makes them. Where there is no instant to name, it is
// the zero time.
//
// Its JSON form is for reading by others: it names what the fields do, with
// durations as [time.Duration.String] writes them, and leaves out what there
// is not. What is to be read again is the case.
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

	// Elapsed is the time counted, on the clock of Basis.Target, from the start
	// of that target's measurement to the first response or else to the
	// instant of the status. It is never less than Basis.Target.Within.
	Elapsed time.Duration
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

type statusJSON struct {
	At          time.Time         `json:"at"`
	Phase       Phase             `json:"phase"`
	Outcome     Outcome           `json:"outcome"`
	Plan        plan.Plan         `json:"plan"`
	Submitted   severity.Severity `json:"submitted"`
	Assessed    severity.Severity `json:"assessed,omitzero"`
	Severity    severity.Severity `json:"severity"`
	Basis       basisJSON         `json:"basis"`
	Elapsed     string            `json:"elapsed"`
	Remaining   string            `json:"remaining,omitempty"`
	Due         time.Time         `json:"due,omitzero"`
	Responded   time.Time         `json:"responded,omitzero"`
	Breach      *breachJSON       `json:"breach,omitempty"`
	Warnings    []warningJSON     `json:"warnings,omitempty"`
	NextChange  time.Time         `json:"nextChange,omitzero"`
	Explanation []intervalJSON    `json:"explanation"`
}

type basisJSON struct {
	Plan     plan.Plan         `json:"plan"`
	Severity severity.Severity `json:"severity"`
	Target   *Target           `json:"target,omitempty"`
	Listed   severity.Severity `json:"listed,omitzero"`
}

type breachJSON struct {
	At      time.Time `json:"at"`
	Basis   basisJSON `json:"basis"`
	Elapsed string    `json:"elapsed"`
}

type warningJSON struct {
	Percent int       `json:"percent"`
	At      time.Time `json:"at"`
}

type intervalJSON struct {
	Start   time.Time `json:"start"`
	End     time.Time `json:"end"`
	Share   Share     `json:"share"`
	Counted string    `json:"counted"`
}

func (b Basis) json() basisJSON {
	out := basisJSON{Plan: b.Plan, Severity: b.Severity, Listed: b.Listed}
	if b.Target.IsValid() {
		out.Target = &b.Target
	}
	return out
}

// MarshalJSON returns s's JSON form. A status that [Policy.Evaluate] did not
// make is an error of its first part that has no text.
func (s Status) MarshalJSON() ([]byte, error) {
	instant := strictjson.Instant
	out := statusJSON{
		At: instant(s.At), Phase: s.Phase, Outcome: s.Outcome, Plan: s.Plan, Submitted: s.Submitted, Assessed: s.Assessed, Severity: s.Severity,
		Basis: s.Basis.json(), Elapsed: s.Elapsed.String(), Due: instant(s.Due), Responded: instant(s.Responded), NextChange: instant(s.NextChange),
		Explanation: []intervalJSON{},
	}
	if s.Basis.Target.IsValid() {
		out.Remaining = s.Remaining.String()
	}
	if !s.Breach.At.IsZero() {
		out.Breach = &breachJSON{instant(s.Breach.At), s.Breach.Basis.json(), s.Breach.Elapsed.String()}
	}
	for _, w := range s.Warnings {
		out.Warnings = append(out.Warnings, warningJSON{w.Percent, instant(w.At)})
	}
	for _, i := range s.Explanation {
		out.Explanation = append(out.Explanation, intervalJSON{instant(i.Start), instant(i.End), i.Share, i.Counted.String()})
	}
	return json.Marshal(out)
}
