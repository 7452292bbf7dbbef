package sla_test

// This file is the evaluator of first responses as it was before the clocks of
// all metrics, as an oracle: nothing but names differs.

import (
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/supportplan/supportplan/plan"
	"github.com/supportplan/supportplan/severity"
	"github.com/supportplan/supportplan/sla"
	"github.com/supportplan/supportplan/sla/calendar"
	"github.com/supportplan/supportplan/sla/clock"
)

type (
	oldPhase   string
	oldShare   string
	oldMeasure int
)

const (
	oldRunning oldPhase = "running"
	oldPaused  oldPhase = "paused"
	oldClosed  oldPhase = "closed"

	oldFromOpening oldMeasure = 0
	oldFromChange  oldMeasure = 1

	shareCounted    oldShare = "counted"
	sharePaused     oldShare = "paused"
	shareClosed     oldShare = "closed"
	shareAnswered   oldShare = "answered"
	shareSuperseded oldShare = "superseded"
)

type oldPolicy struct {
	Table          sla.Table
	OnReclassified oldMeasure
	OnPlanChanged  oldMeasure
	IgnorePauses   bool
	NearestCovered bool
}

type oldBasis struct {
	Plan     plan.Plan
	Severity severity.Severity
	Target   clock.Target
	Listed   severity.Severity
}

type oldBreach struct {
	At      time.Time
	Basis   oldBasis
	Elapsed time.Duration
}

type oldWarning struct {
	Percent int
	At      time.Time
}

type oldInterval struct {
	Start, End time.Time
	Share      oldShare
	Counted    time.Duration
}

type oldStatus struct {
	At          time.Time
	Phase       oldPhase
	Outcome     clock.Outcome
	Plan        plan.Plan
	Submitted   severity.Severity
	Assessed    severity.Severity
	Severity    severity.Severity
	Basis       oldBasis
	Elapsed     time.Duration
	Remaining   time.Duration
	Due         time.Time
	Responded   time.Time
	Breach      oldBreach
	Warnings    []oldWarning
	NextChange  time.Time
	Explanation []oldInterval
}

var errImpossible = errors.New("impossible history")

// An oldClock folds a case's history, event by event.
type oldClock struct {
	policy oldPolicy
	table  sla.Table

	at             time.Time // up to where the history has been told
	plan           plan.Plan
	severity       severity.Severity
	paused, closed bool

	basis     oldBasis // fixed by the first response
	responded time.Time
	ran       bool // whether the first response found the clock running
	breach    oldBreach
	broken    int // the index of the first interval that the breached target measures

	intervals []oldInterval // from the opening to at; Counted is not yet filled in
	measured  int           // the index of the first interval that no change of the measure has superseded
	meters    [5][5]oldMeter
}

// An oldMeter holds how much of the intervals before the index next a target's
// clock counts, so that no interval is counted twice on it.
type oldMeter struct {
	sum  time.Duration
	next int
}

// apply tells that e happens, and returns why that is impossible, if it is.
func (k *oldClock) apply(e sla.Event) (why string) {
	k.advance(e.At)
	switch e.Kind {
	case sla.KindReclassified:
		if k.severity != e.Severity {
			k.severity = e.Severity
			k.remeasure(k.policy.OnReclassified)
		}
	case sla.KindPlanChanged:
		k.changePlan(e.Plan)
	case sla.KindPaused:
		if k.closed {
			return "while closed"
		}
		if k.paused {
			return "while paused"
		}
		k.paused = true
	case sla.KindResumed:
		if !k.paused {
			return "while not paused"
		}
		k.paused = false
	case sla.KindResponded:
		if k.responded.IsZero() {
			k.settle() // a change while the case was closed is yet to be
			k.responded, k.ran = e.At.Round(0), k.share() == shareCounted
		}
	case sla.KindClosed:
		if k.closed {
			return "while closed"
		}
		k.closed, k.paused = true, false
	case sla.KindReopened:
		if !k.closed {
			return "while not closed"
		}
		k.closed = false
	}
	if !k.closed {
		k.settle()
	}
	return ""
}

// change tells that the timeline's change c happens.
func (k *oldClock) change(c plan.Segment) {
	k.advance(c.Period.Start)
	k.changePlan(c.Plan)
	if !k.closed {
		k.settle()
	}
}

func (k *oldClock) changePlan(p plan.Plan) {
	if k.plan != p {
		k.plan = p
		k.remeasure(k.policy.OnPlanChanged)
	}
}

// remeasure has the target follow the plan and the severity, measured as m says.
func (k *oldClock) remeasure(m oldMeasure) {
	if !k.responded.IsZero() {
		return
	}
	if m == oldFromChange {
		for i := range k.intervals[k.measured:] {
			if i := &k.intervals[k.measured+i]; i.Share == shareCounted {
				i.Share = shareSuperseded
			}
		}
		k.measured = len(k.intervals)
		for p := range k.meters {
			for s := range k.meters[p] {
				k.meters[p][s] = oldMeter{next: k.measured}
			}
		}
	}
	k.retarget()
}

// retarget looks the target up.
func (k *oldClock) retarget() {
	k.basis = oldBasis{Plan: k.plan, Severity: k.severity}
	if k.policy.NearestCovered {
		n, _ := k.table.Nearest(k.plan, k.severity, clock.MetricFirstResponse)
		k.basis.Target, k.basis.Listed = n.Target, n.ListedAt
	} else if t, ok := k.table.Target(k.plan, k.severity, clock.MetricFirstResponse); ok {
		k.basis.Target, k.basis.Listed = t, k.severity
	}
}

// advance tells that nothing happens until the given instant.
func (k *oldClock) advance(to time.Time) {
	if !to.After(k.at) {
		return
	}
	to = to.Round(0)
	share := k.share()
	if n := len(k.intervals); n > 0 && k.intervals[n-1].Share == share {
		k.intervals[n-1].End = to
	} else {
		k.intervals = append(k.intervals, oldInterval{Start: k.at, End: to, Share: share})
	}
	k.at = to
	if share == shareCounted && k.isOverdue() {
		k.breached(k.runOut())
	}
}

// settle records a breach by what has just happened: the target is used up
// although it was not before.
func (k *oldClock) settle() {
	if k.isOverdue() {
		k.breached(k.at)
	}
}

// breached records a breach of the present target at the given instant.
func (k *oldClock) breached(at time.Time) {
	k.breach, k.broken = oldBreach{At: at, Basis: k.basis}, k.measured
}

// isOverdue reports whether the target is used up, with neither a response nor
// a breach before.
func (k *oldClock) isOverdue() bool {
	return k.responded.IsZero() && k.breach.At.IsZero() && k.basis.Target.IsValid() && k.elapsed() >= k.basis.Target.Within
}

func (k *oldClock) phase() oldPhase {
	switch {
	case k.closed:
		return oldClosed
	case k.paused && !k.policy.IgnorePauses:
		return oldPaused
	}
	return oldRunning
}

// share returns what time is that passes now.
func (k *oldClock) share() oldShare {
	if !k.responded.IsZero() {
		return shareAnswered
	}
	switch k.phase() {
	case oldClosed:
		return shareClosed
	case oldPaused:
		return sharePaused
	}
	return shareCounted
}

// counts returns how much of i counts on the target's clock.
func (k *oldClock) counts(i oldInterval) time.Duration {
	if i.Share != shareCounted {
		return 0
	}
	return k.basis.Target.Calendar.Elapsed(i.Start, i.End)
}

// elapsed returns the measured time on the target's clock. Of the intervals,
// only the last may still grow.
func (k *oldClock) elapsed() time.Duration {
	m := &k.meters[k.basis.Plan][k.basis.Listed]
	last := len(k.intervals) - 1
	for ; m.next < last; m.next++ {
		m.sum += k.counts(k.intervals[m.next])
	}
	if m.next > last {
		return m.sum
	}
	return m.sum + k.counts(k.intervals[last])
}

// runOut returns the instant at which the measured time reached the target,
// which it has.
func (k *oldClock) runOut() (at time.Time) {
	left := k.basis.Target.Within
	for _, i := range k.intervals {
		if n := k.counts(i); n < left {
			left -= n
			continue
		}
		at, _ = k.basis.Target.Calendar.Add(i.Start, left) // it lies within i
		break
	}
	return at
}

// status says where the case stands.
func (k *oldClock) status() oldStatus {
	s := oldStatus{
		At:          k.at,
		Phase:       k.phase(),
		Outcome:     k.outcome(),
		Plan:        k.plan,
		Severity:    k.severity,
		Basis:       k.basis,
		Responded:   k.responded,
		Breach:      k.breach,
		Explanation: k.intervals,
	}
	if !s.Breach.At.IsZero() {
		for _, i := range k.intervals[k.broken:] {
			if i.Share == shareCounted || i.Share == shareSuperseded {
				s.Breach.Elapsed += s.Breach.Basis.Target.Calendar.Elapsed(i.Start, i.End)
			}
		}
	}
	for i := range s.Explanation {
		s.Explanation[i].Counted = k.counts(s.Explanation[i])
		s.Elapsed += s.Explanation[i].Counted
	}
	if k.basis.Target.IsValid() {
		s.Remaining = k.basis.Target.Within - s.Elapsed
	}
	return s
}

func (k *oldClock) outcome() clock.Outcome {
	switch {
	case !k.breach.At.IsZero():
		return clock.OutcomeBreached
	case !k.basis.Target.IsValid():
		return clock.OutcomeNoTarget
	case !k.responded.IsZero():
		return clock.OutcomeMet
	case k.closed:
		return clock.OutcomeUnanswered
	}
	return clock.OutcomePending
}

// foresee fills in what s says of the time to come.
func (k *oldClock) foresee(s *oldStatus) error {
	target := s.Basis.Target
	if !target.IsValid() {
		return nil
	}
	if s.Remaining <= 0 {
		s.Due = k.runOut()
		return nil
	}
	from := k.at
	if k.share() != shareCounted {
		if !k.ran {
			return nil
		}
		from = k.responded
	}
	due, err := target.Calendar.Add(from, s.Remaining)
	s.Due = due
	if s.Outcome != clock.OutcomePending {
		return nil // whatever the clock says, nothing is awaited
	}
	if err != nil {
		return err
	}
	s.NextChange = due
	for _, percent := range []int{50, 75, 90} {
		if used := oldPart(target.Within, percent); used > s.Elapsed && used < target.Within {
			at, _ := target.Calendar.Add(k.at, used-s.Elapsed) // it lies before due
			s.Warnings = append(s.Warnings, oldWarning{percent, at})
		}
	}
	if len(s.Warnings) > 0 {
		s.NextChange = s.Warnings[0].At
	}
	return nil
}

// oldPart returns the given percentage of d, rounded up to the nanosecond.
func oldPart(d time.Duration, percent int) time.Duration {
	p := time.Duration(percent)
	return d/100*p + (d%100*p+99)/100
}

func (p oldPolicy) evaluate(c sla.Case, now time.Time) (oldStatus, error) {
	opened := c.Opened.Round(0)
	if d := now.Sub(opened); d < 0 || d == math.MaxInt64 {
		return oldStatus{}, fmt.Errorf("now %v: %w", now, clock.ErrTime)
	}

	known := c.Events
	for i, e := range known {
		if e.At.After(now) {
			known = known[:i]
			break
		}
	}
	k := oldClock{policy: p, table: p.Table, at: opened, plan: c.Plan, severity: c.Severity}
	k.intervals = make([]oldInterval, 0, len(known)+1)
	var assessed severity.Severity
	for _, e := range known {
		if e.Kind == sla.KindAssessed {
			assessed = e.Severity
			k.severity = e.Severity
		}
	}
	var changes []plan.Segment
	if c.Timeline != nil {
		k.plan = c.Timeline.At(opened)
		changes = c.Timeline.Segments(calendar.Period{Start: opened})[1:]
	}
	k.retarget()
	for i, e := range known {
		for len(changes) > 0 && !changes[0].Period.Start.After(e.At) {
			k.change(changes[0])
			changes = changes[1:]
		}
		if why := k.apply(e); why != "" {
			return oldStatus{}, fmt.Errorf("events[%d]: %s: %w", i, why, errImpossible)
		}
	}
	for len(changes) > 0 && !changes[0].Period.Start.After(now) {
		k.change(changes[0])
		changes = changes[1:]
	}
	k.advance(now)

	s := k.status()
	s.Submitted, s.Assessed = c.Severity, assessed
	if err := k.foresee(&s); err != nil {
		return oldStatus{}, err
	}
	if len(changes) > 0 && (s.NextChange.IsZero() || changes[0].Period.Start.Before(s.NextChange)) {
		s.NextChange = changes[0].Period.Start
	}
	return s, nil
}
