package slatest

import (
	"cmp"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/supportplan/supportplan/internal/guard"
	"github.com/supportplan/supportplan/plan"
	"github.com/supportplan/supportplan/severity"
	"github.com/supportplan/supportplan/sla"
	"github.com/supportplan/supportplan/sla/calendar"
	"github.com/supportplan/supportplan/sla/clock"
)

// An Evaluator returns the status of a case at an instant. An [sla.Policy] is one,
// and so is other code that fills in an [sla.Status]. An Evaluator that also
// has the method WhatIf of a Policy is held to [SameIsNoWhatIf].
type Evaluator interface {
	Evaluate(c sla.Case, now time.Time) (sla.Status, error)
}

// An EvaluatorFunc is a function as an [Evaluator].
type EvaluatorFunc func(c sla.Case, now time.Time) (sla.Status, error)

// Evaluate returns f's status.
func (f EvaluatorFunc) Evaluate(c sla.Case, now time.Time) (sla.Status, error) { return f(c, now) }

// Knowing returns e as an evaluator that fills in some fields of a status only,
// such as "Phase" and "FirstResponse.Due". It is held
// to these alone, and to no law that needs others. A field that a status does not
// have breaks [CaseAnswers].
func Knowing(e Evaluator, fields ...string) Evaluator { return knowing{e, fields} }

// A knowing is an evaluator of some fields of a status.
type knowing struct {
	Evaluator
	fields []string
}

type whatIfer interface {
	WhatIf(c sla.Case, as plan.Plan, of severity.Severity, now time.Time) (sla.Status, error)
}

const (
	drawnCases  = 30 // on each of a table's calendars
	mostClocks  = 8
	mostMoments = 18
)

// CheckCases reports as an error each law that the clock of cases breaks where
// it measures by the policy p. The calendars of p's targets show the places to look at.
// Its four metrics are each looked at just before, at and after their due instants.
// An error for a wrong status says what its values are, which other fields are
// wrong, and what the cases with wrong statuses have in common.
// A policy is checked by CheckCases(t, p, p). An evaluator that breaks no law is
// called at most 100,000 times, which takes a second or so. Without laws it takes the
// [CaseLaws]. A p that is not valid breaks [CaseAnswers].
func CheckCases(t T, p sla.Policy, e Evaluator, laws ...CaseLaw) {
	t.Helper()
	for _, v := range CaseViolations(p, e, laws...) {
		t.Errorf("%v", v)
	}
}

// CaseViolations returns the laws that the clock of cases breaks, in the order
// given, and nothing for one that breaks none, as [CheckCases] does. Without
// laws it takes the [CaseLaws]. A law that is not valid is itself
// reported. A nil Evaluator breaks [CaseAnswers] and no other law.
func CaseViolations(p sla.Policy, e Evaluator, laws ...CaseLaw) (out []CaseViolation) {
	if len(laws) == 0 {
		laws = CaseLaws()
	}
	s := newCaseSubject(p, e)
	defer s.guard.Close()
	if k, ok := e.(knowing); ok {
		s.evaluator, s.fields = k.Evaluator, k.fields
		e = k.Evaluator
	}
	slices.SortStableFunc(s.cases, func(a, b sla.Case) int { return cmp.Compare(weight(a), weight(b)) })
	for _, f := range s.fields {
		if !hasField(reflect.TypeFor[sla.Status](), f) {
			out = append(out, CaseViolation{Law: CaseAnswers, Message: fmt.Sprintf("a status has no field %q", f)})
		}
	}
	if len(out) > 0 {
		return out
	}
	for _, law := range laws {
		switch {
		case !slices.Contains(CaseLaws(), law):
			out = append(out, CaseViolation{Law: law, Message: unknownLaw})
		case e != nil:
			out = append(out, s.check(law)...)
		case law == CaseAnswers:
			out = append(out, CaseViolation{Law: law, Message: errNone.Error()})
		}
	}
	if s.touched != nil && slices.Contains(laws, CaseUntouched) { // by whatever law
		out = append(slices.DeleteFunc(out, func(v CaseViolation) bool { return v.Law == CaseUntouched }), *s.touched)
	}
	return out
}

// hasField reports whether a struct has a field of the given path.
func hasField(t reflect.Type, path string) bool {
	name, rest, more := strings.Cut(path, ".")
	f, ok := t.FieldByName(name)
	return ok && f.IsExported() && (!more || f.Type.Kind() == reflect.Struct && hasField(f.Type, rest))
}

// A caseSubject is a clock of cases that is held to laws.
type caseSubject struct {
	policy    sla.Policy
	evaluator Evaluator
	cases     []sla.Case // simple ones first
	fields    []string   // that the evaluator knows; nil: all
	guard     guard.Guard
	touched   *CaseViolation // the first time that the evaluator changed a case
	answers   map[caseKey]caseAnswer
	instants  map[caseKey][]time.Time // see moments
}

// newCaseSubject returns the subject of all cases, in no order.
func newCaseSubject(p sla.Policy, e Evaluator) *caseSubject {
	return &caseSubject{
		policy: p, evaluator: e, cases: append(boundaryCases(p), exampleCases(p)...), guard: guard.Guard{Patience: patience, Budget: budget},
		answers: make(map[caseKey]caseAnswer), instants: make(map[caseKey][]time.Time),
	}
}

// A caseKey is one of the cases at an instant, asked of the evaluator or of the
// policy. The address of its events, or of its timeline, tells it from others.
type caseKey struct {
	events   *sla.Event
	n        int
	timeline *plan.Timeline
	plan     plan.Plan
	severity severity.Severity
	opened   time.Time
	now      time.Time
	isPolicy bool
}

type caseAnswer struct {
	status sla.Status
	err    error
}

func keyOf(c sla.Case, now time.Time, isPolicy bool) caseKey {
	return caseKey{firstOf(c.Events), len(c.Events), c.Timeline, c.Plan, c.Severity, c.Opened, now, isPolicy}
}

func firstOf(events []sla.Event) *sla.Event {
	if len(events) == 0 {
		return nil
	}
	return &events[0]
}

// measured returns the policy's status; it asks for it once.
func (s *caseSubject) measured(c sla.Case, now time.Time) (sla.Status, error) {
	key := keyOf(c, now, true)
	a, ok := s.answers[key]
	if !ok {
		a.status, a.err = s.policy.Evaluate(c, now)
		s.answers[key] = a
	}
	return a.status, a.err
}

// asked returns the evaluator's status; it asks for it once.
func (s *caseSubject) asked(c sla.Case, now time.Time) (sla.Status, error) {
	key := keyOf(c, now, false)
	a, ok := s.answers[key]
	if !ok {
		a.status, a.err = s.evaluate(c, now)
		s.answers[key] = a
	}
	return a.status, a.err
}

// knows reports whether the evaluator fills in the given fields of a status.
func (s *caseSubject) knows(paths ...string) bool {
	return !slices.ContainsFunc(paths, s.isUnknown)
}

// isUnknown reports whether the evaluator does not fill in the field at a path.
func (s *caseSubject) isUnknown(path string) bool {
	return s.fields != nil && !slices.ContainsFunc(s.fields, func(f string) bool {
		return path == f || strings.HasPrefix(path, f+".") || strings.HasPrefix(path, f+"[") || strings.HasPrefix(f, path+".") // or a part of it is known
	})
}

// difference is the difference of two statuses in all that the evaluator knows.
func (s *caseSubject) difference(got, want sla.Status) string {
	return difference(got, want, s.isUnknown)
}

// exampleCases draws cases around the special times in the calendars of p's
// targets.
func exampleCases(p sla.Policy) (out []sla.Case) {
	for _, cal := range clocksOf(p) {
		draw := Cases(cal)
		for i := range drawnCases {
			out = append(out, draw.Example(i))
		}
	}
	return out
}

// weight is the size of a case.
func weight(c sla.Case) int {
	n := len(c.Events)
	if c.Timeline != nil {
		n += len(c.Timeline.Subscriptions())
	}
	return n
}

// clocksOf returns the different clocks of p's targets, the one that is always
// open first.
func clocksOf(p sla.Policy) []calendar.Calendar {
	clocks := []calendar.Calendar{{}}
	for _, c := range p.Table.Cells() {
		for _, m := range clock.Metrics() {
			if cal := c.Targets.Of(m).Calendar; !slices.ContainsFunc(clocks, cal.Equal) && len(clocks) < mostClocks {
				clocks = append(clocks, cal)
			}
		}
	}
	return clocks
}

// check returns how s breaks a law, if it does: with the first case that shows
// it, less the events that do not matter.
func (s *caseSubject) check(law CaseLaw) (out []CaseViolation) {
	if law == CaseAgreesWithPolicy {
		return s.disagreement()
	}
	broken := s.law(law)
	for _, c := range s.cases {
		for _, now := range s.moments(c) {
			if broken(c, now) != "" {
				c = s.less(c, now, broken)
				return []CaseViolation{{law, c, now, broken(c, now)}}
			}
		}
	}
	return nil
}

// less returns c without the events, and without the timeline, that are not
// needed to break a law.
func (s *caseSubject) less(c sla.Case, now time.Time, broken func(sla.Case, time.Time) string) sla.Case {
	still := func(d sla.Case) bool {
		_, err := s.policy.Evaluate(d, now) // a case that can have happened
		return err == nil && broken(d, now) != ""
	}
	if c.Timeline != nil {
		d := c
		d.Plan, d.Timeline = c.Timeline.At(c.Opened), nil
		if still(d) {
			c = d
		}
	}
	for i := len(c.Events) - 1; i >= 0; i-- {
		d := c
		d.Events = slices.Delete(slices.Clone(c.Events), i, i+1)
		if still(d) {
			c = d
			i = len(c.Events) // look at all again
		}
	}
	return c
}

// moments returns the instants to look at the status of c at, in order: those of
// its events and of the policy's next changes, first those since the last event,
// some beside, and some far from them.
func (s *caseSubject) moments(c sla.Case) []time.Time {
	key := keyOf(c, time.Time{}, true)
	if out, ok := s.instants[key]; ok {
		return out
	}
	var out []time.Time
	last := c.Opened
	for i, e := range slices.Backward(c.Events) {
		after := 100 * time.Minute
		if i+1 < len(c.Events) {
			after = min(after, c.Events[i+1].At.Sub(e.At)/2)
		} else if e.At.After(last) {
			last = e.At
		}
		out = append(out, e.At.Add(-1), e.At, e.At.Add(after))
	}
	out = append(out[:min(len(out), 6)], slices.Concat(s.nextChanges(c, last, 4), []time.Time{c.Opened, c.Opened.Add(1), c.Opened.Add(200 * 24 * time.Hour)}, out[min(len(out), 6):], s.nextChanges(c, c.Opened, 6))...)
	out = slices.DeleteFunc(out, func(t time.Time) bool { return t.Before(c.Opened) })
	var kept []time.Time
	for _, t := range out {
		if len(kept) < mostMoments && !slices.ContainsFunc(kept, t.Equal) {
			kept = append(kept, t)
		}
	}
	slices.SortFunc(kept, time.Time.Compare)
	s.instants[key] = kept
	return kept
}

// nextChanges returns the first n next changes from an instant on, and the
// nanosecond before each.
func (s *caseSubject) nextChanges(c sla.Case, at time.Time, n int) (out []time.Time) {
	for range n {
		st, err := s.measured(c, at)
		if err != nil || st.NextChange.IsZero() {
			break
		}
		at = st.NextChange
		out = append(out, at.Add(-1), at)
	}
	return out
}

// evaluate returns the evaluator's status. It hands over a copy of the case, and
// notes if that is changed.
func (s *caseSubject) evaluate(c sla.Case, now time.Time) (sla.Status, error) {
	given := c
	given.Events = slices.Clone(c.Events)
	st, err := guard.Call(&s.guard, func() (sla.Status, error) { return s.evaluator.Evaluate(given, now) })
	if s.guard.Stopped() || s.touched != nil {
		return st, err
	}
	for i, e := range given.Events {
		if e != c.Events[i] {
			s.touched = &CaseViolation{CaseUntouched, c, now, fmt.Sprintf("the evaluator changed the case that it was given: events[%d] became %v, was %v", i, e, c.Events[i])}
			break
		}
	}
	return st, err
}

// law returns the function that finds the error of a case at an instant, or
// nothing, for each law but CaseAgreesWithPolicy.
func (s *caseSubject) law(law CaseLaw) func(c sla.Case, now time.Time) string {
	switch law {
	case CaseAnswers:
		return s.answersAll
	case CaseUntouched:
		return s.untouched
	case FutureUnknown:
		return s.futureUnknown
	case ExplanationAddsUp:
		return s.explanationAddsUp
	case NothingBeforeNextChange:
		return s.nothingBeforeNextChange
	case StrictBound:
		return s.strictBound
	case PauseMovesDue:
		return s.pauseMovesDue
	case BreachStays:
		return s.breachStays
	case OutcomeFitsTime:
		return s.outcomeFitsTime
	}
	return s.sameIsNoWhatIf
}

func (s *caseSubject) answersAll(c sla.Case, now time.Time) string {
	if _, err := s.measured(c, now); errors.Is(err, sla.ErrInvalid) {
		return "the policy is not valid: " + err.Error()
	} else if err != nil {
		return "" // the response would never be due: nobody knows better
	}
	if _, err := s.asked(c, now); err != nil {
		return err.Error()
	}
	return ""
}

func (s *caseSubject) agreesWithPolicy(c sla.Case, now time.Time) string {
	want, err1 := s.measured(c, now)
	got, err2 := s.asked(c, now)
	if err1 != nil || err2 != nil {
		return ""
	}
	return s.difference(got, want)
}

func (s *caseSubject) untouched(c sla.Case, now time.Time) string {
	first, err1 := s.asked(c, now)
	second, err2 := s.evaluate(c, now)
	if err1 != nil || err2 != nil {
		return ""
	}
	if d := s.difference(second, first); d != "" {
		return "the second time " + d
	}
	return ""
}

// known returns c without the events after now.
func known(c sla.Case, now time.Time) sla.Case {
	c.Events = slices.DeleteFunc(slices.Clone(c.Events), func(e sla.Event) bool { return e.At.After(now) })
	return c
}

func (s *caseSubject) futureUnknown(c sla.Case, now time.Time) string {
	got, err1 := s.asked(c, now)
	want, err2 := s.evaluate(known(c, now), now)
	if err1 != nil || err2 != nil {
		return ""
	}
	if d := s.difference(got, want); d != "" {
		return "with the events to come " + d + " without"
	}
	return ""
}

func (s *caseSubject) explanationAddsUp(c sla.Case, now time.Time) string {
	st, err := s.asked(c, now)
	if err != nil {
		return ""
	}
	for _, m := range clock.Metrics() {
		name := fieldOf(m)
		if !s.knows(name+".Segments", name+".Elapsed") {
			continue
		}
		for _, cy := range st.Of(m).Cycles() {
			end := cy.Stopped
			if end.IsZero() {
				end = now
			}
			if d := addsUp(cy, end); d != "" {
				return name + ": " + d
			}
		}
	}
	return ""
}

// addsUp returns the error of the segments of a cycle that ends at the given
// instant.
func addsUp(c clock.Cycle, end time.Time) string {
	at, counted := c.Started, time.Duration(0)
	for i, in := range c.Segments {
		p := in.Period
		switch {
		case !p.Start.Equal(at):
			return fmt.Sprintf("segments[%d] starts at %s, want %s", i, stamp(p.Start), stamp(at))
		case !p.End.After(p.Start):
			return fmt.Sprintf("segments[%d] ends at %s, not after its start", i, stamp(p.End))
		case in.Counted < 0 || in.Counted > p.End.Sub(p.Start) || in.Kind != clock.SegmentCounted && in.Counted != 0:
			return fmt.Sprintf("segments[%d], %v for %v, counts %v", i, in.Kind, p.End.Sub(p.Start), in.Counted)
		}
		at, counted = p.End, counted+in.Counted
	}
	switch {
	case !at.Equal(end):
		return fmt.Sprintf("the segments end at %s, want %s", stamp(at), stamp(end))
	case counted != c.Elapsed:
		return fmt.Sprintf("the segments count %v, but elapsed is %v", counted, c.Elapsed)
	}
	return ""
}

func (s *caseSubject) nothingBeforeNextChange(c sla.Case, now time.Time) string {
	if !s.knows("NextChange") {
		return ""
	}
	c = known(c, now)
	st, err := s.evaluate(c, now)
	if err != nil {
		return ""
	}
	skip := func(path string) bool { return isPassing(path) || s.isUnknown(path) }
	next := st.NextChange
	if !next.IsZero() && !next.After(now) {
		return fmt.Sprintf("the next change is at %s, not after now", stamp(next))
	}
	later := []time.Time{now.Add(1), now.Add(time.Hour), now.Add(100 * 24 * time.Hour)}
	if !next.IsZero() {
		later = []time.Time{now.Add(next.Sub(now) / 2), next.Add(-1)}
	}
	for _, at := range later {
		then, err := s.evaluate(c, at)
		if err != nil {
			continue
		}
		if d := difference(then, st, skip); d != "" {
			return fmt.Sprintf("the next change is at %s, but already at %s %s", stamp(next), stamp(at), d)
		}
	}
	if next.IsZero() {
		return ""
	}
	then, err := s.evaluate(c, next)
	if err == nil && difference(then, st, skip) == "" {
		return fmt.Sprintf("at the next change at %s nothing differs", stamp(next))
	}
	return ""
}

// pending returns the status of a case whose cycle of a metric is awaited and due
// if nothing else happens; ok is false if there is none.
func (s *caseSubject) pending(m clock.Metric, c sla.Case, now time.Time) (st sla.Status, ok bool) {
	if c.Timeline != nil || !s.knows(fieldOf(m)+".Outcome", fieldOf(m)+".Due") {
		return sla.Status{}, false
	}
	st, err := s.evaluate(known(c, now), now)
	return st, err == nil && st.Of(m).Outcome == clock.OutcomePending && st.Of(m).Due.After(now)
}

// then evaluates c with the given events at the instant of the last.
func (s *caseSubject) then(c sla.Case, now time.Time, events ...sla.Event) (sla.Status, error) {
	c = known(c, now)
	c.Events = append(c.Events, events...)
	return s.evaluate(c, events[len(events)-1].At)
}

// fieldOf is the field of a status with the reading of a metric.
func fieldOf(m clock.Metric) string {
	switch m {
	case clock.MetricNextResponse:
		return "NextResponse"
	case clock.MetricUpdate:
		return "Update"
	case clock.MetricResolution:
		return "Resolution"
	}
	return "FirstResponse"
}

// of names a metric in a message unless it is the first response.
func of(m clock.Metric) string {
	if m == clock.MetricFirstResponse {
		return ""
	}
	return fieldOf(m) + " "
}

// conventionOf returns the policy's convention for a metric.
func (s *caseSubject) conventionOf(m clock.Metric) clock.Convention {
	v := s.policy.Conventions
	switch m {
	case clock.MetricNextResponse:
		return v.NextResponse
	case clock.MetricUpdate:
		return v.Update
	case clock.MetricResolution:
		return v.Resolution
	}
	return v.FirstResponse
}

// ending returns the event at an instant that ends the cycle of a metric as
// awaited, and its word.
func ending(m clock.Metric, at time.Time) (sla.Event, string) {
	if m == clock.MetricResolution {
		return sla.Closed(at), "closing"
	}
	return sla.Responded(at), "response"
}

// ended returns the outcome of the cycle that an event has just ended; ok is
// false if the evaluator does not know it.
func (s *caseSubject) ended(m clock.Metric, st sla.Status) (out clock.Outcome, ok bool) {
	if m != clock.MetricUpdate {
		return st.Of(m).Outcome, true
	}
	earlier := st.Update.Earlier // each response begins a cycle
	if len(earlier) == 0 || !s.knows("Update.Earlier") {
		return "", false
	}
	return earlier[len(earlier)-1].Outcome, true
}

func (s *caseSubject) strictBound(c sla.Case, now time.Time) string {
	for _, m := range clock.Metrics() {
		st, ok := s.pending(m, c, now)
		if !ok {
			continue
		}
		due := st.Of(m).Due
		for _, b := range []struct {
			by   time.Duration
			when string
			want clock.Outcome
		}{{-1, "just before", clock.OutcomeMet}, {0, "just then", clock.OutcomeBreached}} {
			e, word := ending(m, due.Add(b.by))
			then, err := s.then(c, now, e)
			if err != nil {
				continue
			}
			if got, ok := s.ended(m, then); ok && got != b.want {
				return fmt.Sprintf("%sdue at %s, a %s %s is %v", of(m), stamp(due), word, b.when, got)
			}
		}
	}
	return ""
}

func (s *caseSubject) pauseMovesDue(c sla.Case, now time.Time) string {
	for _, m := range clock.Metrics() {
		if s.conventionOf(m).CountPauses {
			continue
		}
		st, ok := s.pending(m, c, now)
		if !ok {
			continue
		}
		right, err := s.policy.Evaluate(known(c, now), now)
		if err != nil || right.Phase != clock.PhaseRunning {
			continue
		}
		cal, due := right.Of(m).Target.Calendar, st.Of(m).Due
		for _, length := range []time.Duration{time.Minute, 8 * time.Hour, 72 * time.Hour} {
			until := now.Add(length)
			later, err := s.then(c, now, sla.Paused(now, ""), sla.Resumed(until, ""))
			if err != nil {
				continue
			}
			want, got := cal.Elapsed(now, until), cal.Elapsed(due, later.Of(m).Due)
			if got != want {
				return fmt.Sprintf("a pause of %v, %v of them on the target's clock, moves the %sdue instant from %s to %s, by %v", length, want, of(m), stamp(due), stamp(later.Of(m).Due), got)
			}
		}
	}
	return ""
}

// forgives reports whether an event can make a breach one that never was.
func (s *caseSubject) forgives(e sla.Event) bool {
	switch e.Kind {
	case sla.KindAssessed:
		return true
	case sla.KindReclassified:
		return s.policy.OnReclassified == clock.MeasureRetroactive
	case sla.KindPlanChanged:
		return s.policy.OnPlanChanged == clock.MeasureRetroactive
	}
	return false
}

func (s *caseSubject) breachStays(c sla.Case, now time.Time) string {
	if c.Timeline != nil && s.policy.OnPlanChanged == clock.MeasureRetroactive {
		return ""
	}
	st, err := s.asked(c, now)
	if err != nil {
		return ""
	}
	for _, m := range clock.Metrics() {
		if was := st.Of(m); was.Outcome == clock.OutcomeBreached && s.knows(fieldOf(m)+".Outcome") {
			if d := s.staysBreached(m, was, c, now); d != "" {
				return d
			}
		}
	}
	return ""
}

// staysBreached looks at a cycle that is breached at an instant at later ones.
func (s *caseSubject) staysBreached(m clock.Metric, was clock.Reading, c sla.Case, now time.Time) string {
	for _, later := range s.moments(c) {
		if slices.ContainsFunc(c.Events, func(e sla.Event) bool { return s.forgives(e) && e.At.After(now) && !e.At.After(later) }) {
			break
		}
		then, err := s.asked(c, later)
		if err != nil || !later.After(now) {
			continue
		}
		is := then.Of(m).Cycle
		if !is.Started.Equal(was.Started) { // another cycle
			i := slices.IndexFunc(then.Of(m).Earlier, func(cy clock.Cycle) bool { return cy.Started.Equal(was.Started) })
			if i < 0 {
				continue
			}
			is = then.Of(m).Earlier[i]
		}
		switch {
		case is.Outcome != clock.OutcomeBreached:
			return fmt.Sprintf("%sbreached at %s, but at %s %v", of(m), stamp(was.Breach.At), stamp(later), is.Outcome)
		case s.knows(fieldOf(m)+".Breach.At") && !is.Breach.At.Equal(was.Breach.At):
			return fmt.Sprintf("%sbreached at %s, but at %s since %s", of(m), stamp(was.Breach.At), stamp(later), stamp(is.Breach.At))
		}
	}
	return ""
}

func (s *caseSubject) outcomeFitsTime(c sla.Case, now time.Time) string {
	st, err := s.asked(c, now)
	if err != nil {
		return ""
	}
	for _, m := range clock.Metrics() {
		name := fieldOf(m)
		if !s.knows(name+".Outcome", name+".Elapsed", name+".Target", name+".Breach.Elapsed", name+".Breach.Target") {
			continue
		}
		for _, cy := range st.Of(m).Cycles() {
			switch allowed, breached := cy.Target.Within, cy.Breach.Target.Within; {
			case cy.Outcome == clock.OutcomeMet && cy.Elapsed >= allowed:
				return fmt.Sprintf("%s met its target of less than %v, but took %v", name, allowed, cy.Elapsed)
			case cy.Outcome == clock.OutcomeBreached && cy.Breach.Elapsed < breached:
				return fmt.Sprintf("%s breached its target of less than %v, but took only %v", name, breached, cy.Breach.Elapsed)
			}
		}
	}
	return ""
}

func (s *caseSubject) sameIsNoWhatIf(c sla.Case, now time.Time) string {
	w, ok := s.evaluator.(whatIfer)
	if !ok {
		return ""
	}
	want, err := s.asked(c, now)
	if err != nil {
		return ""
	}
	same := func(as plan.Plan, of severity.Severity) string {
		got, err := guard.Call(&s.guard, func() (sla.Status, error) { return w.WhatIf(c, as, of, now) })
		if err != nil {
			return err.Error()
		}
		return s.difference(got, want)
	}
	if d := same(0, 0); d != "" {
		return "what if nothing were different: " + d
	}
	has := func(kinds ...sla.Kind) bool {
		return slices.ContainsFunc(c.Events, func(e sla.Event) bool { return slices.Contains(kinds, e.Kind) })
	}
	if c.Timeline == nil && !has(sla.KindPlanChanged) {
		if d := same(c.Plan, 0); d != "" {
			return fmt.Sprintf("what if on %v, as it is: %s", c.Plan, d)
		}
	}
	if !has(sla.KindAssessed, sla.KindReclassified) {
		if d := same(0, c.Severity); d != "" {
			return fmt.Sprintf("what if %v, as it is: %s", c.Severity, d)
		}
	}
	return ""
}
