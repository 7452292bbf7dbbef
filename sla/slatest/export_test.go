package slatest

import (
	"fmt"
	"time"

	"pgregory.net/rapid"

	"github.com/supportplan/supportplan/sla"
	"github.com/supportplan/supportplan/sla/calendar"
	"github.com/supportplan/supportplan/sla/clock"
)

// Knowledge returns what is known of some of the questions that a check asks of a
// clock: their traits, what is special about them, and the answers of known
// mistakes.
func Knowledge(cal calendar.Calendar) (out []string) {
	s := newSubject(cal, cal)
	defer s.guard.Close()
	mistakes := s.mistakes()
	var all []*placed
	for _, r := range pick(s.all(), 400) {
		all = append(all, s.place(r))
	}
	traits := s.traits(all)
	for _, q := range all {
		line := fmt.Sprint(q.ask, q.kind, ": ", s.cause(q.reply))
		for _, t := range traits {
			if t.Has(q) {
				line += ", " + t.Name
			}
		}
		out = append(out, line)
		for _, m := range mistakes {
			if q.isAdd {
				end, err := m.add(q.a, q.d)
				out = append(out, fmt.Sprint(m.name, ": ", end, err))
			} else {
				out = append(out, fmt.Sprint(m.name, ": ", m.elapsed(q.a, q.b)))
			}
		}
	}
	return out
}

// CaseKnowledge returns what is known of some of the cases that a check asks about:
// their traits, the names of their instants and durations, and the statuses of
// known mistakes.
func CaseKnowledge(p sla.Policy) (out []string) {
	s := newCaseSubject(p, p)
	defer s.guard.Close()
	mistakes := s.mistakes()
	for _, c := range pick(s.cases, 100) {
		for _, now := range pick(s.moments(c), 6) {
			want, err := p.Evaluate(c, now)
			if err != nil {
				continue
			}
			q := caseAsk{c, now, want}
			line := fmt.Sprint(c.Opened, c.Plan, c.Severity, c.Events, now, weight(c), q.coincidences(), ":")
			for _, t := range caseTraits() {
				if t.Has(q) {
					line += ", " + t.Name
				}
			}
			for _, n := range instantsOf(c, now) {
				line += fmt.Sprint("; ", instantNames(c, now, want, n.at))
			}
			for _, m := range clock.Metrics() {
				line += fmt.Sprint("; ", durationNames(c, now, want.Of(m), want.Of(m).Elapsed), instantNames(c, now, want, want.NextChange))
			}
			out = append(out, line)
			for _, m := range mistakes {
				st, err := m.evaluate(c, now)
				out = append(out, fmt.Sprint(m.name, ": ", difference(st, want, func(string) bool { return false }), err))
			}
		}
	}
	return out
}

// OrdinaryWeek returns the start of the week that most questions about a calendar
// are about.
func OrdinaryWeek(cal calendar.Calendar) calendar.Date {
	return (&asker{cal: cal, loc: location(cal)}).ordinaryWeek()
}

// Pick returns at most n of the numbers below a length, evenly.
func Pick(length, n int) []int {
	all := make([]int, length)
	for i := range all {
		all[i] = i
	}
	return pick(all, n)
}

// Undrawn draws nothing, because of an error.
func Undrawn(err error) *rapid.Generator[int] { return rapid.Custom(right(0, err)) }

// CheckBreaksOf checks an opener in the place of a calendar with breaks.
func CheckBreaksOf(t T, with Opener, without calendar.Calendar) {
	t.Helper()
	edges, _ := edgesOf([]calendar.Calendar{without}, []calendar.Calendar{without})
	checkBreaks(t, with, without, edges)
}

// Percent returns the percentage that a message has of a duration.
func Percent(d, of time.Duration) string { return percentOf(d, of) }
