package clock_test

import (
	"slices"
	"time"

	"github.com/supportplan/supportplan/sla/calendar"
	"github.com/supportplan/supportplan/sla/clock"
)

// tick is the grain of the slow model: its histories, targets and hours fall on
// whole ticks, and so do the percentages at which it warns.
const tick = 5 * time.Minute

// percents are the model's warnings.
var percents = []int{50, 75, 90, 120, 200}

// A modelCycle is a cycle that was walked tick by tick.
type modelCycle struct {
	metric   clock.Metric
	started  time.Time
	kinds    []clock.SegmentKind // of each tick since started
	measured int                 // from this tick on
	since    time.Time           // when the target came to apply
	targets  clock.Targets
	stopped  time.Time
	answered bool
	ran      bool // whether the clock ran when it stopped
	outcome  clock.Outcome

	breach      time.Time
	broken      int
	brokenSince time.Time
	breached    clock.Targets
}

func (m *modelCycle) target() clock.Target { return m.targets.Of(m.metric) }

// count adds up the ticks from one on that count, and returns when they reached
// each of the given durations.
func (m *modelCycle) count(from int, t clock.Target, superseded bool, reach ...time.Duration) (sum time.Duration, at []time.Time) {
	at = make([]time.Time, len(reach))
	for i := from; i < len(m.kinds); i++ {
		start := m.started.Add(time.Duration(i) * tick)
		if m.kinds[i] == clock.SegmentCounted || superseded && m.kinds[i] == clock.SegmentSuperseded {
			if t.Calendar.IsOpen(start) {
				sum += tick
			}
		}
		for j, d := range reach {
			if at[j].IsZero() && sum >= d {
				at[j] = start.Add(tick)
			}
		}
	}
	return sum, at
}

func (m *modelCycle) elapsed() time.Duration {
	sum, _ := m.count(m.measured, m.target(), false)
	return sum
}

// fall notes a breach at the given instant.
func (m *modelCycle) fall(at time.Time) {
	if t := m.target(); m.breach.IsZero() && t.IsValid() && m.elapsed() >= t.Within {
		m.breach, m.broken, m.breached, m.brokenSince = at, m.measured, m.targets, m.since
	}
}

func (m *modelCycle) restart(at time.Time, i int) {
	for j := m.measured; j < i; j++ {
		if m.kinds[j] == clock.SegmentCounted {
			m.kinds[j] = clock.SegmentSuperseded
		}
	}
	m.measured, m.since = i, at
}

// A model walks one metric of a case.
type model struct {
	metric clock.Metric
	rule   clock.Convention

	targets clock.Targets // by the events so far
	closed  bool
	reasons []string
	waiting bool
	over    bool

	cycles []*modelCycle
	live   *modelCycle

	closing      time.Time
	closingLen   int
	closingRan   bool
	frozen       *modelCycle // as it stood at the closing
	restartedAt  int
	hasRestarted bool
	retargeted   bool
}

func (m *model) begin(at time.Time) {
	m.live = &modelCycle{metric: m.metric, started: at, since: at, targets: m.targets}
	m.cycles = append(m.cycles, m.live)
}

func (m *model) runs() bool { return !m.closed && (len(m.reasons) == 0 || m.rule.CountPauses) }

func (m *model) stop(at time.Time, ran bool, o clock.Outcome) {
	m.live.stopped, m.live.ran, m.live.outcome, m.live.answered = at, ran, o, o == clock.OutcomeMet
	m.live = nil
}

// holds reports whether a closing settles the cycle until a reopening.
func (m *model) holds() bool {
	return m.metric == clock.MetricResolution || m.rule.Reopened == clock.ReopeningRestarts
}

// resume has the cycle go on after the closing.
func (m *model) resume(at time.Time) {
	l := m.live
	if m.frozen != nil && m.retargeted {
		l.targets = m.targets
		if m.hasRestarted {
			l.restart(at, m.restartedAt)
		}
		l.since = at
	}
	m.frozen = nil
	if m.rule.Reopened == clock.ReopeningCounts {
		for i := max(l.measured, m.closingLen); i < len(l.kinds); i++ {
			if l.kinds[i] == clock.SegmentClosed {
				l.kinds[i] = clock.SegmentCounted
			}
		}
		l.since = at
	}
}

// happen returns false if e is impossible.
func (m *model) happen(e clock.Event, at time.Time) bool {
	ran := m.runs()
	switch e.Kind {
	case clock.KindPaused:
		if m.closed || slices.Contains(m.reasons, e.Reason) {
			return false
		}
		m.reasons = append(slices.Clone(m.reasons), e.Reason)
	case clock.KindResumed:
		if len(m.reasons) == 0 || e.Reason != "" && !slices.Contains(m.reasons, e.Reason) {
			return false
		}
		m.reasons = slices.DeleteFunc(slices.Clone(m.reasons), func(r string) bool { return e.Reason == "" || r == e.Reason })
	case clock.KindRetargeted:
		if e.Measure == clock.MeasureRetroactive {
			break
		}
		m.targets = *e.Targets
		switch {
		case m.live == nil:
		case m.frozen != nil:
			m.retargeted = true
			if e.Measure == clock.MeasureRestart {
				m.restartedAt, m.hasRestarted = len(m.live.kinds), true
			}
		default:
			m.live.targets, m.live.since = m.targets, at
			if e.Measure == clock.MeasureRestart {
				m.live.restart(at, len(m.live.kinds))
			}
		}
	case clock.KindCustomerReply:
		if m.metric != clock.MetricNextResponse {
			break
		}
		switch {
		case m.closed:
			m.waiting = true
		case m.live == nil:
			m.begin(at)
		case m.rule.FromLatest && m.live.breach.IsZero():
			m.live.restart(at, len(m.live.kinds))
		}
	case clock.KindResponded:
		m.waiting = false
		if m.metric == clock.MetricResolution {
			break
		}
		if m.live != nil {
			if m.closed {
				m.resume(at)
			}
			m.live.fall(at)
			m.stop(at, ran, clock.OutcomeMet)
		}
		if m.metric == clock.MetricFirstResponse {
			m.over = true
		}
		if m.metric == clock.MetricUpdate && !m.closed {
			m.begin(at)
		}
	case clock.KindClosed:
		if m.closed {
			return false
		}
		m.closed, m.reasons = true, nil
		if m.live == nil {
			break
		}
		m.closing, m.closingLen, m.closingRan = at, len(m.live.kinds), ran
		m.retargeted, m.hasRestarted = false, false
		switch {
		case m.metric == clock.MetricNextResponse || m.metric == clock.MetricUpdate:
			m.stop(at, ran, clock.OutcomeCleared)
		case m.rule.Reopened == clock.ReopeningIgnored:
			m.over = true
			m.stop(at, ran, m.closedOutcome())
		case m.holds():
			f := *m.live
			f.kinds = slices.Clone(f.kinds)
			f.stopped, f.ran, f.outcome, f.answered = at, ran, m.closedOutcome(), m.metric == clock.MetricResolution
			m.frozen = &f
		}
	case clock.KindReopened:
		if !m.closed {
			return false
		}
		m.closed = false
		switch {
		case m.over || m.metric == clock.MetricUpdate:
		case m.metric == clock.MetricNextResponse:
			if m.waiting {
				m.waiting = false
				m.begin(at)
			}
		case m.rule.Reopened == clock.ReopeningRestarts:
			if m.live != nil {
				m.cycles[len(m.cycles)-1] = m.frozen
				m.frozen = nil
			}
			m.begin(at)
		default:
			m.resume(at)
		}
	}
	if m.live != nil && !m.closed {
		m.live.fall(at)
	}
	return true
}

func (m *model) closedOutcome() clock.Outcome {
	if m.metric == clock.MetricResolution {
		return clock.OutcomeMet
	}
	return clock.OutcomeUnanswered
}

// A modelled is what the model and the engine both know of a cycle.
type modelled struct {
	Outcome                     clock.Outcome
	Phase                       clock.Phase
	Name                        string
	Started, Measured, Stopped  time.Time
	Answered                    bool
	Target                      clock.Target
	Elapsed, Remaining          time.Duration
	Due                         time.Time
	Breach                      time.Time
	BreachName                  string
	BreachElapsed               time.Duration
	Warnings                    []clock.Warning
	Counted, Paused, Superseded time.Duration
}

// walk returns the cycles of a metric; ok is false for an impossible history,
// and timed if the metric has no target.
func walk(v clock.Conventions, c clock.Case, metric clock.Metric, now time.Time) (out []modelled, next time.Time, timed, ok bool) {
	m := &model{metric: metric, targets: c.Targets}
	switch metric {
	case clock.MetricFirstResponse:
		m.rule = v.FirstResponse
	case clock.MetricNextResponse:
		m.rule = v.NextResponse
	case clock.MetricUpdate:
		m.rule = v.Update
	case clock.MetricResolution:
		m.rule = v.Resolution
	}
	for _, e := range c.Events {
		if e.At.After(now) || e.Kind != clock.KindRetargeted {
			continue
		}
		if e.Measure == clock.MeasureRetroactive {
			m.targets = *e.Targets
		}
	}
	timed = metric == clock.MetricFirstResponse || m.targets.Of(metric).IsValid()
	for _, e := range c.Events {
		if !e.At.After(now) && e.Kind == clock.KindRetargeted && e.Measure != clock.MeasureRetroactive && e.Targets.Of(metric).IsValid() {
			timed = true
		}
	}
	if metric == clock.MetricFirstResponse || metric == clock.MetricResolution || m.rule.FromOpening {
		m.begin(c.Opened)
	}
	events := c.Events
	for t := c.Opened; ; t = t.Add(tick) {
		if m.live != nil && !m.closed {
			m.live.fall(t)
		}
		for len(events) > 0 && !events[0].At.After(t) && !events[0].At.After(now) {
			if !m.happen(events[0], t) {
				return nil, next, timed, false
			}
			events = events[1:]
		}
		if !t.Before(now) {
			break
		}
		if m.live == nil {
			continue
		}
		kind := clock.SegmentCounted
		switch {
		case m.closed:
			kind = clock.SegmentClosed
		case !m.runs():
			kind = clock.SegmentPaused
		}
		m.live.kinds = append(m.live.kinds, kind)
	}
	for i, l := range m.cycles {
		phase := clock.PhaseStopped
		if l == m.live && i == len(m.cycles)-1 {
			switch {
			case m.frozen != nil:
				l, phase = m.frozen, clock.PhaseClosed
			case m.closed:
				phase = clock.PhaseClosed
			case !m.runs():
				phase = clock.PhasePaused
			default:
				phase = clock.PhaseRunning
			}
		}
		o := l.see(phase, now)
		out = append(out, o)
		if phase == clock.PhaseRunning {
			soonest := func(at time.Time) {
				if at.After(now) && (next.IsZero() || at.Before(next)) {
					next = at
				}
			}
			if o.Outcome == clock.OutcomePending {
				soonest(o.Due)
			}
			for _, w := range o.Warnings {
				soonest(w.At)
			}
		}
	}
	return out, next, timed, true
}

// see says how l stands.
func (l *modelCycle) see(phase clock.Phase, now time.Time) modelled {
	t := l.target()
	o := modelled{
		Phase: phase, Name: l.targets.Name, Started: l.started, Measured: l.started.Add(time.Duration(l.measured) * tick), Stopped: l.stopped,
		Answered: l.answered, Target: t, Breach: l.breach, Elapsed: l.elapsed(), Remaining: clock.Unlimited,
	}
	for _, k := range l.kinds {
		switch k {
		case clock.SegmentCounted:
			o.Counted += tick
		case clock.SegmentPaused:
			o.Paused += tick
		case clock.SegmentSuperseded:
			o.Superseded += tick
		}
	}
	switch {
	case !l.breach.IsZero():
		o.Outcome = clock.OutcomeBreached
	case !t.IsValid():
		o.Outcome = clock.OutcomeNoTarget
	case !l.stopped.IsZero():
		o.Outcome = l.outcome
	case phase == clock.PhaseClosed:
		o.Outcome = clock.OutcomeUnanswered
	default:
		o.Outcome = clock.OutcomePending
	}
	runs := phase == clock.PhaseRunning || !l.stopped.IsZero() && l.ran
	if t.IsValid() {
		o.Remaining = t.Within - o.Elapsed
		future := *l
		if runs {
			future.kinds = slices.Clone(l.kinds)
			future.forecast(l.measured, t, t.Within, false)
		}
		_, at := future.count(l.measured, t, false, t.Within)
		o.Due = at[0]
	}
	from, since, target, superseded := l.measured, l.since, t, false
	if !l.breach.IsZero() {
		from, since, target, superseded = l.broken, l.brokenSince, l.breached.Of(l.metric), true
		o.BreachName = l.breached.Name
		o.BreachElapsed, _ = l.count(from, target, true)
	}
	if !target.IsValid() {
		return o
	}
	future := *l
	if phase == clock.PhaseRunning {
		future.kinds = slices.Clone(l.kinds)
		future.forecast(from, target, target.Within*2, superseded)
	}
	for _, p := range percents {
		w := clock.Warning{Percent: p}
		used := target.Within / 100 * time.Duration(p)
		passed, _ := l.count(from, target, superseded)
		_, at := future.count(from, target, superseded, used)
		w.Passed = passed >= used
		if w.At = at[0]; w.Passed && w.At.Before(since) {
			w.At = since
		}
		o.Warnings = append(o.Warnings, w)
	}
	return o
}

// forecast has the clock run on until d is counted, for a year at most.
func (l *modelCycle) forecast(from int, t clock.Target, d time.Duration, superseded bool) {
	sum, _ := l.count(from, t, superseded)
	for n := 0; sum < d && n < 365*24*12; n++ {
		if t.Calendar.IsOpen(l.started.Add(time.Duration(len(l.kinds)) * tick)) {
			sum += tick
		}
		l.kinds = append(l.kinds, clock.SegmentCounted)
	}
}

// modelledOf returns what the model knows of a cycle.
func modelledOf(c clock.Cycle) modelled {
	o := modelled{
		Outcome: c.Outcome, Phase: c.Phase, Name: c.Name, Started: c.Started, Measured: c.Measured, Stopped: c.Stopped, Answered: c.Answered,
		Target: c.Target, Elapsed: c.Elapsed, Remaining: c.Remaining, Due: c.Due,
		Breach: c.Breach.At, BreachName: c.Breach.Name, BreachElapsed: c.Breach.Elapsed, Warnings: c.Warnings,
	}
	for _, s := range c.Segments {
		switch s.Kind {
		case clock.SegmentCounted:
			o.Counted += s.Period.Duration()
		case clock.SegmentPaused:
			o.Paused += s.Period.Duration()
		case clock.SegmentSuperseded:
			o.Superseded += s.Period.Duration()
		}
	}
	return o
}

// shift is a shift of whole hours.
func shift(open, close int) calendar.Shift {
	return calendar.Shift{Open: calendar.TimeOfDay(open) * calendar.Hour, Close: calendar.TimeOfDay(close) * calendar.Hour}
}
