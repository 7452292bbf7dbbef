package clock

import (
	"math"
	"slices"
	"time"

	"github.com/supportplan/supportplan/sla/calendar"
)

// A meter times one metric while a case's history is told.
type meter struct {
	metric  int
	rule    Convention
	name    string // of the targets that the events gave so far
	target  Target
	reading Reading // the latest cycle, and those before

	live    bool // cycle has not ended
	frozen  bool // cycle has ended by a closing, unless the case is reopened
	over    bool // no cycle begins any more
	waiting bool // a customer message came while the case was closed

	// Of the latest cycle:
	segs     []Segment
	room     int               // how many to make room for
	cut      int               // the first segment that may be extended
	measured int               // the first segment that no restart has superseded
	since    time.Time         // when the target came to apply
	cal      calendar.Calendar // the target's
	elapsed  time.Duration     // what cal counts since measured
	stale    bool              // whether the Counted of some segment is that of another calendar
	gauges   []gauge           // of the calendars that targets had before

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

// A gauge holds how much of the segments from measured to next a calendar counts,
// so that none is counted once more for each change between two calendars.
type gauge struct {
	cal  calendar.Calendar
	sum  time.Duration
	next int
}

// open starts the metric at the opening of a case with at most n segments.
func (m *meter) open(at time.Time, n int) {
	m.room = min(n, 64)
	if m.metric == first || m.metric == resolution || m.rule.FromOpening {
		m.begin(at)
	}
}

// begin starts a cycle.
func (m *meter) begin(at time.Time) {
	r := &m.reading
	if !r.Started.IsZero() {
		r.Earlier = append(r.Earlier, r.Cycle)
		r.Cycle = Cycle{}
	}
	r.Started, r.Measured, r.Name, r.Target = at, at, m.name, m.target
	m.live, m.frozen, m.changed = true, false, false
	if m.segs = m.segs[len(m.segs):]; cap(m.segs) == 0 {
		m.segs = make([]Segment, 0, m.room)
	}
	m.cut, m.restart = 0, -1
	m.measure(0, at)
}

// tell tells the history from the opening to now. If an event is impossible, it
// returns its index and why.
func (m *meter) tell(events []Event, opened, now time.Time, d *desk, v *Conventions) (i int, why string) {
	at := opened
	for i := range events {
		e := &events[i]
		if e.At.After(at) {
			to := e.At.In(now.Location())
			m.advance(at, to, d)
			at = to
		}
		ran := m.kind(d) == SegmentCounted
		if why := d.apply(e); why != "" {
			return i, why
		}
		m.apply(e, at, d, ran, v)
	}
	m.advance(at, now, d)
	return 0, ""
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
	if kind == SegmentCounted {
		d := m.cal.Elapsed(from, to)
		m.segs[len(m.segs)-1].Counted += d
		m.elapsed += d
		if m.isOverdue() {
			m.breach(m.usedUp())
		}
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
		case m.rule.FromLatest && m.reading.Breach.At.IsZero():
			m.restartAt(len(m.segs), at)
		}
	case KindResponded:
		m.respond(at, d, v)
	case KindRetargeted:
		if e.Measure != MeasureRetroactive {
			m.retarget(e, at)
		}
		if !d.closed {
			m.settle(at)
		}
	case KindClosed:
		m.close(at, ran, v)
	case KindReopened:
		m.reopen(at, v)
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
		m.reading.Name, m.reading.Target, m.since = m.name, m.target, at
		if e.Measure == MeasureRestart {
			m.restartAt(len(m.segs), at)
		} else {
			m.countOn(m.target.Calendar)
		}
	}
}

// restartAt starts the clock anew at the given instant, at which segment i
// starts.
func (m *meter) restartAt(i int, at time.Time) {
	for j := m.measured; j < i; j++ {
		if s := &m.segs[j]; s.Kind == SegmentCounted {
			s.Kind, s.Counted = SegmentSuperseded, 0
		}
	}
	m.measure(i, at)
	if m.rule.Reopened == ReopeningCounts {
		m.cut = len(m.segs)
	}
}

// measure has the cycle measured from the given instant on, at which segment i
// starts, on its target's calendar.
func (m *meter) measure(i int, at time.Time) {
	m.reading.Measured, m.since, m.measured = at, at, i
	m.cal, m.elapsed, m.stale, m.gauges = m.reading.Target.Calendar, 0, false, m.gauges[:0]
}

// countOn has c count the time since measured.
func (m *meter) countOn(c calendar.Calendar) {
	if m.cal == c {
		return
	}
	before, now := gauge{m.cal, m.elapsed, len(m.segs)}, gauge{cal: c, next: m.measured}
	if n := len(m.segs) - 1; n >= m.measured { // this segment may still grow
		before.sum, before.next = before.sum-m.segs[n].Counted, n
	}
	if i := slices.IndexFunc(m.gauges, func(g gauge) bool { return g.cal == c }); i >= 0 {
		now, m.gauges[i] = m.gauges[i], before
	} else {
		m.gauges = append(m.gauges, before)
	}
	m.cal, m.elapsed, m.stale = c, now.sum, m.stale || now.next > m.measured
	m.recount(now.next)
}

// recount counts the segments from i on.
func (m *meter) recount(i int) {
	for ; i < len(m.segs); i++ {
		if s := &m.segs[i]; s.Kind == SegmentCounted {
			s.Counted = m.cal.Elapsed(s.Period.Start, s.Period.End)
			m.elapsed += s.Counted
		}
	}
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
		m.reading.Name, m.reading.Target = m.name, m.target
		if m.restart >= 0 {
			m.restartAt(m.restart, m.renewed)
			m.restart = -1
		} else {
			m.countOn(m.target.Calendar)
		}
		m.since = at
	}
	if m.rule.Reopened == ReopeningCounts {
		m.countClosed(at)
	}
}

// countClosed counts the time since the latest closing after all.
func (m *meter) countClosed(at time.Time) {
	n := max(m.measured, m.closedLen)
	for i := n; i < len(m.segs); i++ {
		m.segs[i].Kind = SegmentCounted
	}
	m.recount(n)
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
	t := &m.reading.Target
	return m.reading.Breach.At.IsZero() && t.IsValid() && m.elapsed >= t.Within
}

func (m *meter) breach(at time.Time) {
	m.reading.Breach = Breach{At: at, Name: m.reading.Name, Target: m.reading.Target}
	m.broken, m.brokenSince = m.measured, m.since
}

// A walk goes over segments to find when the time, counted as after a breach,
// reached durations that rise.
type walk struct {
	segs    []Segment
	cal     calendar.Calendar
	counted bool          // whether their Counted is that of cal
	sum     time.Duration // counted before segs
}

// walk starts a walk on c from segment i.
func (m *meter) walk(i int, c calendar.Calendar) walk {
	return walk{segs: m.segs[i:], cal: c, counted: c == m.cal && !m.stale}
}

// count returns how much of s counts after a breach: a later restart does not
// matter to it.
func (w *walk) count(s *Segment) time.Duration {
	switch {
	case s.Kind == SegmentCounted && w.counted:
		return s.Counted
	case s.Kind == SegmentCounted || s.Kind == SegmentSuperseded:
		return w.cal.Elapsed(s.Period.Start, s.Period.End)
	}
	return 0
}

// reach returns the instant at which the time reached d, or the zero time.
func (w *walk) reach(d time.Duration) time.Time {
	for ; len(w.segs) > 0; w.segs = w.segs[1:] {
		s := &w.segs[0]
		n := w.count(s)
		if d <= w.sum+n {
			return after(w.cal, s.Period.Start, d-w.sum)
		}
		w.sum += n
	}
	return time.Time{}
}

// after returns the instant d of open time after t in t's zone, or the zero time
// if c has no such instant.
func after(c calendar.Calendar, t time.Time, d time.Duration) time.Time {
	u, err := c.Add(t, d)
	if err != nil {
		return time.Time{}
	}
	return u.In(t.Location())
}

// usedUp returns the instant at which the target was used up, as counted.
func (m *meter) usedUp() time.Time {
	w := m.walk(m.measured, m.cal)
	return w.reach(m.reading.Target.Within)
}

// stop ends the cycle with its first n segments.
func (m *meter) stop(e ending, n int, v *Conventions) {
	m.finish(PhaseStopped, e, n, v)
	m.live = false
}

// finish completes the cycle's reading, in the given phase and with the first n
// segments. The time up to e.at is theirs.
func (m *meter) finish(phase Phase, e ending, n int, v *Conventions) {
	c := &m.reading.Cycle
	if phase == PhaseStopped || m.frozen {
		c.Stopped, c.Answered = e.at, e.outcome == OutcomeMet
	}
	if m.stale {
		m.elapsed, m.stale = 0, false
		m.recount(m.measured)
	}
	c.Phase, c.Outcome, c.Segments, c.Elapsed = phase, e.outcome, m.segs[:n:n], m.elapsed
	b := &c.Breach
	if !b.At.IsZero() {
		c.Outcome = OutcomeBreached
		b.Elapsed = 0
		w := m.walk(m.broken, b.Target.Calendar)
		for i := range w.segs {
			b.Elapsed += w.count(&w.segs[i])
		}
	} else if !c.Target.IsValid() {
		c.Outcome = OutcomeNoTarget
	}
	c.Remaining = Unlimited
	if c.Target.IsValid() {
		c.Remaining = c.Target.Within - c.Elapsed
		if c.Remaining <= 0 {
			c.Due = m.usedUp()
		} else if e.counting {
			c.Due = after(c.Target.Calendar, e.at, c.Remaining)
		}
	}
	m.warn(e.at, v.warnings())
}

// warn fills in the cycle's warnings at the given instant.
func (m *meter) warn(at time.Time, percents []int) {
	c := &m.reading.Cycle
	t, elapsed, i, since := &c.Target, c.Elapsed, m.measured, m.since
	if !c.Breach.At.IsZero() {
		t, elapsed, i, since = &c.Breach.Target, c.Breach.Elapsed, m.broken, m.brokenSince
	}
	if !t.IsValid() || len(percents) == 0 {
		return
	}
	passed := m.walk(i, t.Calendar)
	c.Warnings = make([]Warning, len(percents))
	for j, p := range percents {
		w := &c.Warnings[j]
		w.Percent = p
		switch used := part(t.Within, p); {
		case used <= elapsed:
			w.Passed = true
			if w.At = passed.reach(used); w.At.Before(since) {
				w.At = since
			}
		case c.Phase == PhaseRunning && used != math.MaxInt64:
			w.At = after(t.Calendar, at, used-elapsed)
		}
	}
}

// part returns the given percentage of d, rounded up to the nanosecond, or the
// longest duration if it is longer than that.
func part(d time.Duration, percent int) time.Duration {
	p := time.Duration(percent)
	whole, rest := d/100, (d%100*p+99)/100
	if whole > (math.MaxInt64-rest)/p {
		return math.MaxInt64
	}
	return whole*p + rest
}

// read completes the reading at the instant now.
func (m *meter) read(now time.Time, d *desk, v *Conventions) {
	switch {
	case m.reading.Started.IsZero():
		m.reading.Outcome = OutcomeIdle
	case !m.live:
	case m.frozen:
		m.finish(PhaseClosed, m.closing, m.closedLen, v)
	case d.closed:
		m.finish(PhaseClosed, ending{now, false, OutcomeUnanswered}, len(m.segs), v)
	case m.kind(d) == SegmentPaused:
		m.finish(PhasePaused, ending{now, false, OutcomePending}, len(m.segs), v)
	default:
		m.finish(PhaseRunning, ending{now, true, OutcomePending}, len(m.segs), v)
	}
}

// nextChange returns the first instant after r's at which r differs if
// nothing happens, or the zero time.
func (r *Reading) nextChange() (at time.Time) {
	if r.Phase != PhaseRunning {
		return at
	}
	if r.Outcome == OutcomePending {
		soonest(&at, r.Due)
	}
	for i := range r.Warnings {
		if w := &r.Warnings[i]; !w.Passed {
			soonest(&at, w.At)
		}
	}
	return at
}
