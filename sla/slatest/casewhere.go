package slatest

import (
	"cmp"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/supportplan/supportplan/internal/extent"
	"github.com/supportplan/supportplan/plan"
	"github.com/supportplan/supportplan/sla"
	"github.com/supportplan/supportplan/sla/calendar"
	"github.com/supportplan/supportplan/sla/clock"
)

// A caseAsk is a case at an instant, with the policy's status.
type caseAsk struct {
	c    sla.Case
	now  time.Time
	want sla.Status
}

// disagreement returns the plainest case whose status is not the policy's, with
// what wrong statuses have in common.
func (s *caseSubject) disagreement() []CaseViolation {
	var wrong, right []caseAsk
	for _, c := range s.cases {
		for _, now := range s.moments(c) {
			want, err1 := s.measured(c, now)
			got, err2 := s.asked(c, now)
			if err1 != nil || err2 != nil {
				continue
			}
			if q := (caseAsk{c, now, want}); s.difference(got, want) != "" {
				wrong = append(wrong, q)
			} else {
				right = append(right, q)
			}
		}
	}
	if len(wrong) == 0 {
		return nil
	}
	c, now := s.plainest(wrong)
	want, err1 := s.policy.Evaluate(c, now)
	got, err2 := s.evaluate(c, now)
	if err1 != nil || err2 != nil {
		return nil // it was wrong before
	}
	message := s.compare(c, now, got, want)
	where := extent.Of("statuses", wrong, right, caseTraits())
	if !strings.Contains(where, ", only ") {
		where += kindsIn(wrong)
	}
	return []CaseViolation{{CaseAgreesWithPolicy, c, now, message + where + s.mistake(c, now)}}
}

// kindsIn counts the cases in which nothing has happened, and those with each of the
// commonest kinds of events.
func kindsIn(all []caseAsk) string {
	count := make(map[string]int)
	for _, q := range all {
		seen := make(map[string]bool)
		for _, e := range q.c.Events {
			if !e.At.After(q.now) {
				seen["after an event "+string(e.Kind)] = true
			}
		}
		if len(seen) == 0 {
			seen["before any event"] = true
		}
		for kind := range seen {
			count[kind]++
		}
	}
	kinds := slices.SortedFunc(maps.Keys(count), func(a, b string) int { return cmp.Or(cmp.Compare(count[b], count[a]), cmp.Compare(a, b)) })
	for i, kind := range kinds {
		kinds[i] = fmt.Sprintf("%d %s", count[kind], kind)
	}
	return ": " + strings.Join(kinds[:min(len(kinds), 4)], ", ")
}

// plainest returns the example with the fewest coincidences, events and fractions,
// less the events that do not matter.
func (s *caseSubject) plainest(wrong []caseAsk) (sla.Case, time.Time) {
	q := slices.MinFunc(wrong, func(a, b caseAsk) int {
		n, m := weight(a.c), weight(b.c)
		return cmp.Or(cmp.Compare(n+a.coincidences(), m+b.coincidences()), cmp.Compare(n, m), a.now.Compare(b.now))
	})
	return s.less(q.c, q.now, s.agreesWithPolicy), q.now
}

// coincidences counts the instants of a case that are so near to each other that
// one can be taken for another.
func (q caseAsk) coincidences() (n int) {
	all := []time.Time{q.now, q.c.Opened, q.want.NextChange}
	for _, e := range q.c.Events {
		all = append(all, e.At)
	}
	if q.c.Timeline != nil {
		for _, x := range q.c.Timeline.Subscriptions() {
			all = append(all, x.Period.Start)
		}
	}
	for _, m := range clock.Metrics() {
		if due := q.want.Of(m).Due; !due.IsZero() && !due.Equal(q.want.NextChange) {
			all = append(all, due)
		}
	}
	slices.SortFunc(all, time.Time.Compare)
	for i := range all[1:] {
		if all[i+1].Sub(all[i]) < time.Minute {
			n++
		}
	}
	return n
}

// mostFields is how many other fields are named that differ.
const mostFields = 6

// compare writes the first difference of two statuses, what its values mean, and
// the other fields that differ.
func (s *caseSubject) compare(c sla.Case, now time.Time, got, want sla.Status) string {
	all := differences(got, want, s.isUnknown)
	d := all[0]
	out := d.String()
	if d.got.Kind() != reflect.Slice {
		out = fmt.Sprintf("%s is %s%s, want %s%s", d.path, text(d.got), meaning(c, now, want, d, d.got), text(d.want), meaning(c, now, want, d, d.want))
	}
	var others []string
	for _, o := range all[1:] {
		name, _, _ := strings.Cut(o.path, "[")
		if first, _, _ := strings.Cut(d.path, "["); name != first && !slices.Contains(others, name) {
			others = append(others, name)
		}
	}
	switch n := len(others); {
	case n > mostFields:
		out += fmt.Sprintf("; also wrong: %s and %d more fields", strings.Join(others[:mostFields], ", "), n-mostFields)
	case n > 0:
		out += "; also wrong: " + strings.Join(others, ", ")
	default:
		out += "; nothing else is wrong"
	}
	m := metricOf(d.path)
	if cy := want.Of(m); cy.Target.IsValid() {
		out += fmt.Sprintf("; the %starget is %v, due at %s", of(m), cy.Target, stamp(cy.Due))
	} else {
		out += fmt.Sprintf("; there is no %starget", of(m))
	}
	return out
}

// metricOf returns the metric that a field of a status is about.
func metricOf(path string) clock.Metric {
	for _, m := range clock.Metrics() {
		if strings.HasPrefix(path, fieldOf(m)) {
			return m
		}
	}
	return clock.MetricFirstResponse
}

// meaning says what an instant or a duration is, in brackets, or returns "".
func meaning(c sla.Case, now time.Time, want sla.Status, d diff, v reflect.Value) string {
	var all []string
	switch x := v.Interface().(type) {
	case time.Time:
		if !x.IsZero() {
			all = instantNames(c, now, want, x)
		}
	case time.Duration:
		if x > 0 && !strings.HasSuffix(d.path, "Remaining") {
			all = durationNames(c, now, want.Of(metricOf(d.path)), x)
		}
	}
	if len(all) == 0 {
		return ""
	}
	return " (" + strings.Join(all[:min(len(all), 2)], ", ") + ")"
}

// A named is an instant and its name.
type named struct {
	at   time.Time
	name string
}

// instantsOf returns the instants that a case has up to now, with names.
func instantsOf(c sla.Case, now time.Time) []named {
	all := []named{{now, "now"}, {c.Opened, "the opening"}}
	count := make(map[sla.Kind]int)
	for _, e := range c.Events {
		count[e.Kind]++
		name := "the event " + string(e.Kind)
		if n := count[e.Kind]; n > 1 {
			name = fmt.Sprintf("event %d of those %v", n, e.Kind)
		}
		all = append(all, named{e.At, name})
	}
	if c.Timeline != nil {
		for _, x := range c.Timeline.Subscriptions() {
			all = append(all, named{x.Period.Start, fmt.Sprintf("the timeline's start of %v", x.Plan)}, named{x.Period.End, fmt.Sprintf("the timeline's end of %v", x.Plan)})
		}
	}
	return all
}

// instantNames says what happens at an instant.
func instantNames(c sla.Case, now time.Time, want sla.Status, at time.Time) (out []string) {
	all := instantsOf(c, now)
	for _, m := range clock.Metrics() {
		all = append(all, named{want.Of(m).Due, of(m) + "due"}, named{want.Of(m).Breach.At, of(m) + "breach"})
	}
	for _, n := range all {
		if n.at.Equal(at) && !slices.Contains(out, n.name) && !(strings.HasSuffix(n.name, "breach") && slices.Contains(out, strings.TrimSuffix(n.name, "breach")+"due")) {
			out = append(out, n.name)
		}
	}
	if len(out) > 0 || !at.After(now) {
		return out
	}
	for _, m := range clock.Metrics() {
		if cy := want.Of(m); cy.Target.IsValid() && cy.Phase == clock.PhaseRunning {
			passed := cy.Elapsed + cy.Target.Calendar.Elapsed(now, at)
			out = append(out, fmt.Sprintf("when %v of the %starget's %v have passed", passed, of(m), cy.Target.Within)+percentOf(passed, cy.Target.Within))
		}
	}
	return out
}

// percentOf writes ", 50 %" if it is a whole percentage.
func percentOf(d, of time.Duration) string {
	if of%100 == 0 && d%(of/100) == 0 {
		return fmt.Sprintf(", %d %%", d/(of/100))
	}
	return ""
}

// durationNames says what a duration is the length of.
func durationNames(c sla.Case, now time.Time, want clock.Reading, d time.Duration) (out []string) {
	add := func(name string, length time.Duration) {
		if length == d {
			out = append(out, name)
		}
	}
	add("the target", want.Target.Within)
	cals := []calendar.Calendar{{}}
	if cal := want.Target.Calendar; !cal.IsAlways() {
		cals = append(cals, cal)
	}
	instants := instantsOf(c, now)
	for i, cal := range cals {
		kind := []string{"all time", "all open time"}[i]
		for _, from := range instants[1:] {
			if from.at.IsZero() || from.at.After(now) {
				continue
			}
			add(fmt.Sprintf("%s since %s", kind, from.name), cal.Elapsed(from.at, now))
			for _, to := range instants[2:] {
				if to.at.After(from.at) && !to.at.After(now) {
					add(fmt.Sprintf("%s from %s to %s", kind, from.name, to.name), cal.Elapsed(from.at, to.at))
				}
			}
		}
	}
	return out
}

// caseTraits returns what wrong statuses can have in common.
func caseTraits() (out []extent.Trait[caseAsk]) {
	add := func(name string, has func(q caseAsk) bool) {
		out = append(out, extent.Trait[caseAsk]{Name: name, Has: has})
	}
	event := func(is func(q caseAsk, e sla.Event) bool) func(q caseAsk) bool {
		return func(q caseAsk) bool {
			return slices.ContainsFunc(q.c.Events, func(e sla.Event) bool { return is(q, e) })
		}
	}
	for _, k := range []sla.Kind{
		sla.KindAssessed, sla.KindReclassified, sla.KindPlanChanged, sla.KindCustomerReply, sla.KindResponded, sla.KindPaused, sla.KindResumed, sla.KindClosed, sla.KindReopened,
	} {
		add(fmt.Sprintf("after an event %v", k), event(func(q caseAsk, e sla.Event) bool { return e.Kind == k && !e.At.After(q.now) }))
		add(fmt.Sprintf("with an event %v to come", k), event(func(q caseAsk, e sla.Event) bool { return e.Kind == k && e.At.After(q.now) }))
		add(fmt.Sprintf("after two events %v", k), func(q caseAsk) bool {
			n := 0
			for _, e := range q.c.Events {
				if e.Kind == k && !e.At.After(q.now) {
					n++
				}
			}
			return n > 1
		})
	}
	moved := func(up bool) func(q caseAsk) bool {
		return func(q caseAsk) bool {
			is := q.c.Severity
			for _, e := range q.c.Events {
				if e.Kind == sla.KindAssessed && !e.At.After(q.now) {
					is = e.Severity // from the opening on
				}
			}
			for _, e := range q.c.Events {
				if e.Kind == sla.KindReclassified && !e.At.After(q.now) {
					if e.Severity != is && (e.Severity > is) == up {
						return true
					}
					is = e.Severity
				}
			}
			return false
		}
	}
	add("after a reclassification to a graver severity", moved(true))
	add("after a reclassification to a lesser severity", moved(false))
	in := func(phase, open, shut sla.Kind, what sla.Kind) func(q caseAsk) bool { // what happens between open and shut
		return func(q caseAsk) bool {
			is := false
			for _, e := range q.c.Events {
				if e.At.After(q.now) {
					break
				}
				switch e.Kind {
				case open:
					is = true
				case shut, phase:
					is = false
				case what:
					if is {
						return true
					}
				}
			}
			return false
		}
	}
	add("after a response in a pause", in(sla.KindClosed, sla.KindPaused, sla.KindResumed, sla.KindResponded))
	add("after a response to a closed case", in(sla.KindReopened, sla.KindClosed, sla.KindReopened, sla.KindResponded))
	for _, p := range []clock.Phase{clock.PhaseRunning, clock.PhasePaused, clock.PhaseClosed} {
		add(fmt.Sprintf("while the case is %v", p), func(q caseAsk) bool { return q.want.Phase == p })
	}
	for _, m := range clock.Metrics() {
		reading := func(name string, is func(q caseAsk, r clock.Reading) bool) {
			add(name, func(q caseAsk) bool { return is(q, q.want.Of(m)) })
		}
		for _, o := range []clock.Outcome{
			clock.OutcomePending, clock.OutcomeMet, clock.OutcomeBreached, clock.OutcomeUnanswered, clock.OutcomeCleared, clock.OutcomeNoTarget,
		} {
			reading(fmt.Sprintf("where the %soutcome is %v", of(m), o), func(_ caseAsk, r clock.Reading) bool { return r.Outcome == o })
		}
		reading("exactly at the "+of(m)+"breach", func(q caseAsk, r clock.Reading) bool { return q.now.Equal(r.Breach.At) })
		reading("with an event exactly at the "+of(m)+"breach", func(q caseAsk, r clock.Reading) bool {
			return event(func(_ caseAsk, e sla.Event) bool { return e.At.Equal(r.Breach.At) })(q)
		})
		reading("with an event after the "+of(m)+"breach", func(q caseAsk, r clock.Reading) bool {
			return !r.Breach.At.IsZero() && event(func(q caseAsk, e sla.Event) bool { return e.At.After(r.Breach.At) && !e.At.After(q.now) })(q)
		})
		reading("on a "+of(m)+"target of open time", func(_ caseAsk, r clock.Reading) bool { return r.Target.IsValid() && !r.Target.Calendar.IsAlways() })
		reading("on a "+of(m)+"target around the clock", func(_ caseAsk, r clock.Reading) bool { return r.Target.IsValid() && r.Target.Calendar.IsAlways() })
	}
	add("within a minute before an event", event(func(q caseAsk, e sla.Event) bool {
		return e.At.After(q.now) && e.At.Sub(q.now) < time.Minute
	}))
	add("exactly at an event", event(func(q caseAsk, e sla.Event) bool { return e.At.Equal(q.now) }))
	add("with events at one instant", func(q caseAsk) bool {
		for i, e := range q.c.Events {
			if i > 0 && e.At.Equal(q.c.Events[i-1].At) && !e.At.After(q.now) {
				return true
			}
		}
		return false
	})
	add("without events", func(q caseAsk) bool { return len(q.c.Events) == 0 })
	change := func(is func(q caseAsk, at time.Time) bool) func(q caseAsk) bool {
		return func(q caseAsk) bool {
			return q.c.Timeline != nil && slices.ContainsFunc(q.c.Timeline.Subscriptions(), func(x plan.Subscription) bool {
				return x.Period.Start.After(q.c.Opened) && is(q, x.Period.Start) || x.Period.End.After(q.c.Opened) && is(q, x.Period.End)
			})
		}
	}
	add("with a timeline", func(q caseAsk) bool { return q.c.Timeline != nil })
	add("after a change of the timeline's plan", change(func(q caseAsk, at time.Time) bool { return !at.After(q.now) }))
	add("with a change of the timeline's plan to come", change(func(q caseAsk, at time.Time) bool { return at.After(q.now) }))
	return out
}
