package sla

import (
	"time"

	"github.com/supportplan/supportplan/plan"
	"github.com/supportplan/supportplan/severity"
)

// A clock folds a case's history, event by event.
type clock struct {
	policy Policy
	table  Table

	at             time.Time // up to where the history has been told
	plan           plan.Plan
	severity       severity.Severity
	paused, closed bool

	basis     Basis // fixed by the first response
	responded time.Time
	ran       bool // whether the first response found the clock running
	breach    Breach
	broken    int // the index of the first interval that the breached target measures

	intervals []Interval // from the opening to at; Counted is not yet filled in
	measured  int        // the index of the first interval that no change of the measure has superseded
	meters    [len(cells{})][len(row{})]meter
}

// A meter holds how much of the intervals before the index next a target's
// clock counts, so that no interval is counted twice on it.
type meter struct {
	sum  time.Duration
	next int
}

// apply tells that e happens, and returns why that is impossible, if it is.
func (k *clock) apply(e Event) (why string) {
	k.advance(e.At)
	switch e.Kind {
	case KindReclassified:
		if k.severity != e.Severity {
			k.severity = e.Severity
			k.remeasure(k.policy.OnReclassified)
		}
	case KindPlanChanged:
		k.changePlan(e.Plan)
	case KindPaused:
		if k.closed {
			return "while closed"
		}
		if k.paused {
			return "while paused"
		}
		k.paused = true
	case KindResumed:
		if !k.paused {
			return "while not paused"
		}
		k.paused = false
	case KindResponded:
		if k.responded.IsZero() {
			k.settle() // a change while the case was closed is yet to be
			k.responded, k.ran = e.At.Round(0), k.share() == ShareCounted
		}
	case KindClosed:
		if k.closed {
			return "while closed"
		}
		k.closed, k.paused = true, false
	case KindReopened:
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
func (k *clock) change(c plan.Change) {
	k.advance(c.At)
	k.changePlan(c.Plan)
	if !k.closed {
		k.settle()
	}
}

func (k *clock) changePlan(p plan.Plan) {
	if k.plan != p {
		k.plan = p
		k.remeasure(k.policy.OnPlanChanged)
	}
}

// remeasure has the target follow the plan and the severity, measured as m says.
func (k *clock) remeasure(m Measure) {
	if !k.responded.IsZero() {
		return
	}
	if m == FromChange {
		for i := range k.intervals[k.measured:] {
			if i := &k.intervals[k.measured+i]; i.Share == ShareCounted {
				i.Share = ShareSuperseded
			}
		}
		k.measured = len(k.intervals)
		for p := range k.meters {
			for s := range k.meters[p] {
				k.meters[p][s] = meter{next: k.measured}
			}
		}
	}
	k.retarget()
}

// retarget looks the target up.
func (k *clock) retarget() {
	k.basis = Basis{Plan: k.plan, Severity: k.severity}
	if k.policy.NearestCovered {
		n, _ := k.table.Nearest(k.plan, k.severity)
		k.basis.Target, k.basis.Listed = n.Target, n.Severity
	} else if t, ok := k.table.Target(k.plan, k.severity); ok {
		k.basis.Target, k.basis.Listed = t, k.severity
	}
}

// advance tells that nothing happens until the given instant.
func (k *clock) advance(to time.Time) {
	if !to.After(k.at) {
		return
	}
	to = to.Round(0)
	share := k.share()
	if n := len(k.intervals); n > 0 && k.intervals[n-1].Share == share {
		k.intervals[n-1].End = to
	} else {
		k.intervals = append(k.intervals, Interval{Start: k.at, End: to, Share: share})
	}
	k.at = to
	if share == ShareCounted && k.isOverdue() {
		k.breached(k.runOut())
	}
}

// settle records a breach by what has just happened: the target is used up
// although it was not before.
func (k *clock) settle() {
	if k.isOverdue() {
		k.breached(k.at)
	}
}

// breached records a breach of the present target at the given instant.
func (k *clock) breached(at time.Time) {
	k.breach, k.broken = Breach{At: at, Basis: k.basis}, k.measured
}

// isOverdue reports whether the target is used up, with neither a response nor
// a breach before.
func (k *clock) isOverdue() bool {
	return k.responded.IsZero() && k.breach.At.IsZero() && k.basis.Target.IsValid() && k.elapsed() >= k.basis.Target.Within
}

func (k *clock) phase() Phase {
	switch {
	case k.closed:
		return PhaseClosed
	case k.paused && !k.policy.IgnorePauses:
		return PhasePaused
	}
	return PhaseRunning
}

// share returns what time is that passes now.
func (k *clock) share() Share {
	if !k.responded.IsZero() {
		return ShareAnswered
	}
	switch k.phase() {
	case PhaseClosed:
		return ShareClosed
	case PhasePaused:
		return SharePaused
	}
	return ShareCounted
}

// counts returns how much of i counts on the target's clock.
func (k *clock) counts(i Interval) time.Duration {
	if i.Share != ShareCounted {
		return 0
	}
	return k.basis.Target.Clock.Elapsed(i.Start, i.End)
}

// elapsed returns the measured time on the target's clock. Of the intervals,
// only the last may still grow.
func (k *clock) elapsed() time.Duration {
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
func (k *clock) runOut() (at time.Time) {
	left := k.basis.Target.Within
	for _, i := range k.intervals {
		if n := k.counts(i); n < left {
			left -= n
			continue
		}
		at, _ = k.basis.Target.add(i.Start, left) // it lies within i
		break
	}
	return at
}

// status says where the case stands.
func (k *clock) status() Status {
	s := Status{
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
			if i.Share == ShareCounted || i.Share == ShareSuperseded {
				s.Breach.Elapsed += s.Breach.Basis.Target.Clock.Elapsed(i.Start, i.End)
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

func (k *clock) outcome() Outcome {
	switch {
	case !k.breach.At.IsZero():
		return OutcomeBreached
	case !k.basis.Target.IsValid():
		return OutcomeNoTarget
	case !k.responded.IsZero():
		return OutcomeMet
	case k.closed:
		return OutcomeUnanswered
	}
	return OutcomePending
}

// foresee fills in what s says of the time to come.
func (k *clock) foresee(s *Status) error {
	target := s.Basis.Target
	if !target.IsValid() {
		return nil
	}
	if s.Remaining <= 0 {
		s.Due = k.runOut()
		return nil
	}
	from := k.at
	if k.share() != ShareCounted {
		if !k.ran {
			return nil
		}
		from = k.responded
	}
	due, err := target.add(from, s.Remaining)
	s.Due = due
	if s.Outcome != OutcomePending {
		return nil // whatever the clock says, nothing is awaited
	}
	if err != nil {
		return err
	}
	s.NextChange = due
	for _, percent := range []int{50, 75, 90} {
		if used := part(target.Within, percent); used > s.Elapsed && used < target.Within {
			at, _ := target.add(k.at, used-s.Elapsed) // it lies before due
			s.Warnings = append(s.Warnings, Warning{percent, at})
		}
	}
	if len(s.Warnings) > 0 {
		s.NextChange = s.Warnings[0].At
	}
	return nil
}

// part returns the given percentage of d, rounded up to the nanosecond.
func part(d time.Duration, percent int) time.Duration {
	p := time.Duration(percent)
	return d/100*p + (d%100*p+99)/100
}
