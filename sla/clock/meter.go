package clock

import (
	"math"
	"time"

	"github.com/supportplan/supportplan/sla/calendar"
)

// A meter times one metric while a case's history is told.
type meter struct {
	metric int
	rule   Convention
	name   string // of the targets that the events gave so far
	target Target

	live    bool // cycle has not ended
	frozen  bool // cycle has ended by a closing, unless the case is reopened
	over    bool // no cycle begins any more
	waiting bool // a customer message came while the case was closed

	cycle   Cycle // the latest
	earlier []Cycle

	// Of the latest cycle:
	segs     []Segment // Counted is not yet filled in
	cut      int       // the first segment that may be extended
	measured int       // the first segment that no restart has superseded
	since    time.Time // when the target came to apply
	gauges   []gauge
	end      ending

	// Of its breach:
	broken      int // the first segment that the breached target measures
	brokenSince time.Time

	// Of its latest closing:
	closing   ending
	closedLen int // how many segments there were

	// What is to happen at the reopening of a frozen cycle:
	changed bool      // another target applies
	restart int       // the clock restarts from this segment on, if it is not negative
	renewed time.Time // when
}

// An ending is the end of a cycle.
type ending struct {
	at       time.Time
	counting bool    // whether the clock ran
	outcome  Outcome // if it was not breached
}

// A gauge holds how much of the segments before next a calendar counts, so that
// no segment is counted twice on it.
type gauge struct {
	cal  calendar.Calendar
	sum  time.Duration
	next int
}

// open starts the metric at the opening of a case with n events.
func (m *meter) open(at time.Time, n int) {
	m.segs = make([]Segment, 0, min(n+1, 64))
	if m.metric == first || m.metric == resolution || m.rule.FromOpening {
		m.begin(at)
	}
}

// begin starts a cycle.
func (m *meter) begin(at time.Time) {
	if !m.cycle.Started.IsZero() {
		m.earlier = append(m.earlier, m.cycle)
	}
	m.live, m.frozen, m.changed = true, false, false
	m.cycle = Cycle{Started: at, Measured: at, Name: m.name, Target: m.target}
	m.segs = m.segs[len(m.segs):]
	m.cut, m.measured, m.since, m.restart = 0, 0, at, -1
	m.gauges = m.gauges[:0]
	m.closing, m.closedLen = ending{}, 0
}

// kind returns how time counts that passes now.
func (m *meter) kind(d *desk) SegmentKind {
	switch {
	case d.closed:
		return SegmentClosed
	case len(d.reasons) > 0 && !m.rule.CountPauses:
		return SegmentPaused
	}
	return SegmentCounted
}

// advance moves the clock from one instant to another; no event lies between.
func (m *meter) advance(from, to time.Time, d *desk) {
	if !m.live || !to.After(from) {
		return
	}
	kind, reason := m.kind(d), ""
	if kind == SegmentPaused {
		reason = because(d.reasons)
	}
	if n := len(m.segs); n > m.cut && m.segs[n-1].Kind == kind && m.segs[n-1].Reason == reason {
		m.segs[n-1].Period.End = to
	} else {
		m.segs = append(m.segs, Segment{Period: calendar.Period{Start: from, End: to}, Kind: kind, Reason: reason})
	}
	if kind == SegmentCounted && m.isOverdue() {
		m.breach(m.reach(m.measured, m.cycle.Target, m.cycle.Target.Within))
	}
}

// apply applies the event e; ran tells whether the clock ran before.
func (m *meter) apply(e *Event, at time.Time, d *desk, ran bool, v *Conventions) {
	switch e.Kind {
	case KindCustomerReply:
		if m.metric != next || m.over {
			break
		}
		switch {
		case d.closed:
			m.waiting = true
		case !m.live:
			m.begin(at)
		case m.rule.FromLatest && m.cycle.Breach.At.IsZero():
			m.restartAt(len(m.segs), at)
		}
	case KindResponded:
		m.respond(at, d, v)
	case KindRetargeted:
		if e.Measure != MeasureRetroactive {
			m.retarget(e, at)
		}
	case KindClosed:
		m.close(at, ran, v)
	case KindReopened:
		m.reopen(at, v)
	}
	if !d.closed {
		m.settle(at)
	}
}

func (m *meter) respond(at time.Time, d *desk, v *Conventions) {
	m.waiting = false
	if m.metric == resolution {
		return
	}
	if m.live {
		if d.closed {
			m.thaw(at)
		}
		m.settle(at) // a change while the case was closed is yet to be
		m.stop(ending{at, m.kind(d) == SegmentCounted, OutcomeMet}, len(m.segs), v)
	}
	switch {
	case m.metric == first:
		m.over = true
	case m.metric == update && !d.closed:
		m.begin(at)
	}
}

func (m *meter) retarget(e *Event, at time.Time) {
	m.name, m.target = e.Targets.Name, e.Targets.of(m.metric)
	switch {
	case !m.live:
	case m.frozen:
		m.changed = true
		if e.Measure == MeasureRestart {
			m.restart, m.renewed, m.cut = len(m.segs), at, len(m.segs)
		}
	default:
		m.cycle.Name, m.cycle.Target, m.since = m.name, m.target, at
		if e.Measure == MeasureRestart {
			m.restartAt(len(m.segs), at)
		}
	}
}

// restartAt starts the clock anew at the given instant, at which segment i
// starts.
func (m *meter) restartAt(i int, at time.Time) {
	for j := m.measured; j < i; j++ {
		if m.segs[j].Kind == SegmentCounted {
			m.segs[j].Kind = SegmentSuperseded
		}
	}
	m.cycle.Measured, m.since = at, at
	m.measured = i
	if m.rule.Reopened == ReopeningCounts {
		m.cut = len(m.segs)
	}
	m.gauges = m.gauges[:0]
}

// close closes the case; ran tells whether the clock ran before.
func (m *meter) close(at time.Time, ran bool, v *Conventions) {
	if !m.live {
		return
	}
	n := len(m.segs)
	m.closing, m.closedLen = ending{at, ran, OutcomeMet}, n
	switch m.metric {
	case first:
		m.closing.outcome = OutcomeUnanswered
		m.over = m.rule.Reopened == ReopeningIgnored
		m.frozen = m.rule.Reopened == ReopeningRestarts
	case resolution:
		m.over = m.rule.Reopened == ReopeningIgnored
		m.frozen = !m.over
	default:
		m.closing.outcome = OutcomeCleared
		m.stop(m.closing, n, v)
		return
	}
	switch {
	case m.over:
		m.stop(m.closing, n, v)
	case m.frozen || m.rule.Reopened == ReopeningCounts:
		m.cut = n
	}
}

// reopen tells that the case is open again.
func (m *meter) reopen(at time.Time, v *Conventions) {
	switch {
	case m.over || m.metric == update:
	case m.metric == next:
		if m.waiting {
			m.waiting = false
			m.begin(at)
		}
	case m.rule.Reopened == ReopeningRestarts:
		m.stop(m.closing, m.closedLen, v)
		m.begin(at)
	default:
		m.thaw(at)
	}
}

// thaw has the cycle go on after a closing, or end by a response to a closed
// case.
func (m *meter) thaw(at time.Time) {
	if m.frozen = false; m.changed {
		m.changed = false
		m.cycle.Name, m.cycle.Target = m.name, m.target
		if m.restart >= 0 {
			m.restartAt(m.restart, m.renewed)
			m.restart = -1
		}
		m.since = at
	}
	if m.rule.Reopened == ReopeningCounts {
		m.countClosed(at)
	}
}

// countClosed counts the time since the latest closing after all.
func (m *meter) countClosed(at time.Time) {
	for i := max(m.measured, m.closedLen); i < len(m.segs); i++ {
		if m.segs[i].Kind == SegmentClosed {
			m.segs[i].Kind = SegmentCounted
		}
	}
	m.since = at
}

// settle records a breach by the latest event: the target is used up
// although it was not before.
func (m *meter) settle(at time.Time) {
	if m.live && !m.frozen && m.isOverdue() {
		m.breach(at)
	}
}

// isOverdue reports whether the target is used up without a breach before.
func (m *meter) isOverdue() bool {
	t := &m.cycle.Target
	return m.cycle.Breach.At.IsZero() && t.IsValid() && m.elapsed() >= t.Within
}

func (m *meter) breach(at time.Time) {
	m.cycle.Breach = Breach{At: at, Name: m.cycle.Name, Target: m.cycle.Target}
	m.broken, m.brokenSince = m.measured, m.since
}

// elapsed returns the measured time on the target's calendar. Of the segments,
// only the last may still grow.
func (m *meter) elapsed() time.Duration {
	n := len(m.segs) - 1
	if n < m.measured {
		return 0
	}
	g := m.gauge(m.cycle.Target.Calendar)
	for ; g.next < n; g.next++ {
		g.sum += count(&m.segs[g.next], g.cal)
	}
	if g.next > n {
		return g.sum
	}
	return g.sum + count(&m.segs[n], g.cal)
}

// gauge returns the gauge of the given calendar.
func (m *meter) gauge(c calendar.Calendar) *gauge {
	for i := range m.gauges {
		if g := &m.gauges[i]; g.cal == c {
			return g
		}
	}
	m.gauges = append(m.gauges, gauge{cal: c, next: m.measured})
	return &m.gauges[len(m.gauges)-1]
}

// count returns how much of s counts on c.
func count(s *Segment, c calendar.Calendar) time.Duration {
	if s.Kind != SegmentCounted {
		return 0
	}
	return c.Elapsed(s.Period.Start, s.Period.End)
}

// late returns how much of s counts on c after a breach: a later restart does
// not matter to it.
func late(s *Segment, c calendar.Calendar) time.Duration {
	if s.Kind == SegmentSuperseded {
		return c.Elapsed(s.Period.Start, s.Period.End)
	}
	return count(s, c)
}

// reach returns the instant at which the time since segment i, counted as after
// a breach, reached d on t's calendar; t must have one.
func (m *meter) reach(i int, t Target, d time.Duration) (at time.Time) {
	for ; i < len(m.segs); i++ {
		s := &m.segs[i]
		n := late(s, t.Calendar)
		if n < d {
			d -= n
			continue
		}
		at, _ = t.Calendar.Add(s.Period.Start, d) // it lies within s
		break
	}
	return at
}

// stop ends the cycle with its first n segments.
func (m *meter) stop(e ending, n int, v *Conventions) {
	m.end = e
	m.cycle.Stopped, m.cycle.Answered = e.at, e.outcome == OutcomeMet
	all := m.segs
	m.segs = m.segs[:n]
	m.finish(&m.cycle, PhaseStopped, e.at, e.counting, v)
	m.segs = all
	m.live, m.frozen = false, false
}

// finish completes c, a copy of the latest cycle, for its time up to at.
func (m *meter) finish(c *Cycle, phase Phase, at time.Time, counting bool, v *Conventions) {
	c.Phase, c.Segments = phase, m.segs[:len(m.segs):len(m.segs)]
	c.Elapsed = 0
	for i := range c.Segments {
		s := &c.Segments[i]
		s.Counted = count(s, c.Target.Calendar)
		c.Elapsed += s.Counted
	}
	switch {
	case !c.Breach.At.IsZero():
		c.Outcome = OutcomeBreached
		t := &c.Breach.Target
		c.Breach.Elapsed = 0
		for i := m.broken; i < len(c.Segments); i++ {
			c.Breach.Elapsed += late(&c.Segments[i], t.Calendar)
		}
	case !c.Target.IsValid():
		c.Outcome = OutcomeNoTarget
	case phase == PhaseStopped || m.frozen:
		c.Outcome = m.end.outcome
	case phase == PhaseClosed:
		c.Outcome = OutcomeUnanswered
	default:
		c.Outcome = OutcomePending
	}
	c.Remaining = Unlimited
	if c.Target.IsValid() {
		c.Remaining = c.Target.Within - c.Elapsed
		if c.Remaining <= 0 {
			c.Due = m.reach(m.measured, c.Target, c.Target.Within)
		} else if counting {
			c.Due, _ = c.Target.Calendar.Add(at, c.Remaining)
		}
	}
	m.warn(c, at, counting && phase != PhaseStopped && !m.frozen, v.warnings())
}

// warn fills in c's warnings. If runs is true, the clock runs on from at.
func (m *meter) warn(c *Cycle, at time.Time, runs bool, percents []int) {
	t, elapsed, i, since := &c.Target, c.Elapsed, m.measured, m.since
	if !c.Breach.At.IsZero() {
		t, elapsed, i, since = &c.Breach.Target, c.Breach.Elapsed, m.broken, m.brokenSince
	}
	if !t.IsValid() || len(percents) == 0 {
		return
	}
	c.Warnings = make([]Warning, len(percents))
	for j, p := range percents {
		w := &c.Warnings[j]
		w.Percent = p
		switch used := part(t.Within, p); {
		case used <= elapsed:
			w.Passed = true
			if w.At = m.reach(i, *t, used); w.At.Before(since) {
				w.At = since
			}
		case runs && used != math.MaxInt64:
			w.At, _ = t.Calendar.Add(at, used-elapsed)
		}
	}
}

// part returns the given percentage of d, rounded up to the nanosecond, or the
// longest duration if it is longer than that.
func part(d time.Duration, percent int) time.Duration {
	p := time.Duration(percent)
	if d/100 >= math.MaxInt64/p-1 {
		return math.MaxInt64
	}
	return d/100*p + (d%100*p+99)/100
}

// read fills in r at the instant now.
func (m *meter) read(r *Reading, now time.Time, d *desk, v *Conventions) {
	r.Earlier = m.earlier
	if m.cycle.Started.IsZero() {
		r.Outcome = OutcomeIdle
		return
	}
	r.Cycle = m.cycle
	if !m.live {
		return
	}
	if m.frozen {
		m.end = m.closing
		r.Stopped, r.Answered = m.closing.at, m.closing.outcome == OutcomeMet
		m.segs = m.segs[:m.closedLen]
		m.finish(&r.Cycle, PhaseClosed, m.closing.at, m.closing.counting, v)
		return
	}
	phase := PhaseRunning
	switch m.kind(d) {
	case SegmentClosed:
		phase = PhaseClosed
	case SegmentPaused:
		phase = PhasePaused
	}
	m.finish(&r.Cycle, phase, now, phase == PhaseRunning, v)
}

// nextChange returns the first instant after now at which r differs if nothing
// happens, or the zero time.
func (m *meter) nextChange(r *Reading, now time.Time) (at time.Time) {
	if !m.live || m.frozen || r.Phase != PhaseRunning {
		return at
	}
	if r.Outcome == OutcomePending {
		soonest(&at, r.Due)
	}
	for _, w := range r.Warnings {
		if !w.Passed {
			soonest(&at, w.At)
		}
	}
	return at
}
