package slatest_test

import (
	"errors"
	"fmt"
	"slices"
	"time"
	_ "time/tzdata"

	"github.com/supportplan/supportplan/sla"
	"github.com/supportplan/supportplan/sla/calendar"
	"github.com/supportplan/supportplan/sla/clock"
	"github.com/supportplan/supportplan/sla/slatest"
)

// printer stands in for the *testing.T of a test.
type printer struct{}

func (printer) Helper() {}

func (printer) Errorf(format string, args ...any) { fmt.Printf(format+"\n", args...) }

// theirs is another service's deadline math: open from 9 to 17 every day, with
// a tomorrow that comes after 24 hours. All but its way forward is right.
type theirs struct{ calendar.Calendar }

func (c theirs) Add(t time.Time, d time.Duration) (time.Time, error) {
	if d <= 0 {
		return c.Calendar.Add(t, d)
	}
	year, month, day := t.In(c.Location()).Date()
	opens := time.Date(year, month, day, 9, 0, 0, 0, c.Location())
	for ; ; opens = opens.Add(24 * time.Hour) {
		if t.Before(opens) {
			t = opens
		}
		left := max(opens.Add(8*time.Hour).Sub(t), 0)
		if d <= left {
			return t.Add(d), nil
		}
		d -= left
	}
}

// Ten lines hold foreign code to this library's answers.
func ExampleConforms() {
	t := printer{} // in a test, its *testing.T
	loc, err := time.LoadLocation("America/New_York")
	if err != nil {
		panic(err)
	}
	nineToFive := calendar.Shift{Open: 9 * calendar.Hour, Close: 17 * calendar.Hour}
	cal, err := calendar.New(calendar.Spec{Location: loc, Week: calendar.Daily(nineToFive)})
	if err != nil {
		panic(err)
	}
	slatest.Conforms(t, cal, theirs{cal})
	// Output:
	// agrees-with-calendar: Add(Sat 2026-03-07 17:00:00 -05:00, 4h0m0s) is Sun 2026-03-08 14:00:00 -04:00, want Sun 2026-03-08 13:00:00 -04:00: 1h0m0s late; clock change: Sun 2026-03-08 03:00:00 -04:00, forward by 1h0m0s; open Sat 09:00 to Sat 17:00, Sun 09:00 to Sun 17:00; also Add(Sat 2025-11-01 17:00:00 -04:00, 8h0m0s) is Sun 2025-11-02 16:00:00 -05:00, want Sun 2025-11-02 17:00:00 -05:00; wrong in 420 of 16661 answers, only on dates of clock changes, only on Saturdays (420 of 2085 such)
}

// Whoever has other hours can be held to the laws alone: here to that of
// fractions, which a clock that runs on whole seconds does not keep.
func ExampleCheck() {
	t := printer{} // in a test, its *testing.T
	slatest.Check(t, calendar.Calendar{}, seconds{}, slatest.Inverse, slatest.ElapsedAntisymmetric)
	// Output:
	// inverse: Add(Tue 2026-03-03 00:00:00 +00:00, 1ns) is Tue 2026-03-03 00:00:00 +00:00, but Elapsed(Tue 2026-03-03 00:00:00 +00:00, Tue 2026-03-03 00:00:00 +00:00) is 0s
}

// seconds is a clock that forgets fractions of a second.
type seconds struct{}

func (seconds) Add(t time.Time, d time.Duration) (time.Time, error) {
	return t.Add(d.Truncate(time.Second)), nil
}

func (seconds) Elapsed(a, b time.Time) time.Duration { return b.Sub(a) }

// lenient is a clock of cases that grants a response at the due instant.
type lenient struct{ sla.Policy }

func (l lenient) Evaluate(c sla.Case, now time.Time) (sla.Status, error) {
	s, err := l.Policy.Evaluate(c, now)
	if !s.Responded.IsZero() && s.Responded.Equal(s.FirstResponse.Due) {
		s.FirstResponse.Outcome, s.FirstResponse.Breach = clock.OutcomeMet, clock.Breach{}
	}
	return s, err
}

// One line holds the clock of cases, a policy's or one's own, to the laws.
func ExampleCheckCases() {
	t := printer{} // in a test, its *testing.T
	slatest.CheckCases(t, sla.Published(), sla.Published())
	slatest.CheckCases(t, sla.Published(), lenient{sla.Published()}, slatest.StrictBound)
	// Output:
	// strict-bound: due at 2026-03-03T00:30:00Z, a response just then is met; now: 2026-03-02T08:30:00Z, case: {"plan":"basic","severity":"general","opened":"2026-03-02T08:30:00Z"}
}

// As values, violations can be counted, sorted, or turned into what a program
// reports. A law that is not kept on purpose is left out by naming the rest.
func ExampleViolations() {
	laws := slices.DeleteFunc(slatest.Laws(), func(l slatest.Law) bool { return l == slatest.AgreesWithCalendar })
	for _, v := range slatest.Violations(calendar.Calendar{}, seconds{}, laws...) {
		fmt.Println(v.Law, "from", v.At.Format(time.DateTime), "for", v.For)
	}
	// Output:
	// inverse from 2026-03-03 00:00:00 for 1ns
	// add-additive from 2026-03-06 00:30:00 for 1s
	// plain-time from 2026-03-03 00:00:00 for 1ns
}

func ExampleCaseViolations() {
	laws := slices.DeleteFunc(slatest.CaseLaws(), func(l slatest.CaseLaw) bool { return l == slatest.CaseAgreesWithPolicy })
	for _, v := range slatest.CaseViolations(sla.Published(), lenient{sla.Published()}, laws...) {
		fmt.Println(v.Law, "by", v.Case.Plan, "at", v.Now.Format(time.DateTime))
	}
	// Output:
	// strict-bound by basic at 2026-03-02 08:30:00
	// outcome-fits-time by basic at 2026-03-03 00:30:00
	// same-is-no-what-if by basic at 2026-03-03 00:30:00
}

// A call may take ten seconds, unless a limit is given.
func ExampleWithin() {
	t := printer{} // in a test, its *testing.T
	slatest.Check(t, calendar.Calendar{}, slatest.Within(200*time.Millisecond, stuck{}), slatest.Answers)
	// Output: answers: Elapsed(Mon 2026-03-02 00:00:00 +00:00, Mon 2026-03-02 00:00:00 +00:00): too slow: no answer within 200ms; no more calls were made, want 0s
}

// stuck is a clock that does not come back.
type stuck struct{ seconds }

func (stuck) Elapsed(_, _ time.Time) time.Duration { select {} }

// twoSites returns the calendars of two sites.
func twoSites() (berlin, newYork calendar.Calendar) {
	site := func(zone string) calendar.Calendar {
		loc, err := time.LoadLocation(zone)
		if err != nil {
			panic(err)
		}
		cal, err := calendar.New(calendar.Spec{Location: loc, Week: calendar.Weekdays(calendar.MustShift("09:00-17:00"))})
		if err != nil {
			panic(err)
		}
		return cal
	}
	return site("Europe/Berlin"), site("America/New_York")
}

// What is made of calendars is held to its parts, by whatever code it is made:
// here one site in the place of two.
func ExampleCheckUnion() {
	t := printer{} // in a test, its *testing.T
	berlin, newYork := twoSites()
	either, err := calendar.Union(berlin, newYork)
	if err != nil {
		panic(err)
	}
	slatest.CheckUnion(t, either, berlin, newYork)
	slatest.CheckUnion(t, berlin, berlin, newYork)
	// Output: union: Thu 2025-03-06 16:00:00 +00:00 is closed, want open, since the parts are [closed open]
}

func ExampleCheckIntersection() {
	t := printer{} // in a test, its *testing.T
	berlin, newYork := twoSites()
	both, err := calendar.Intersection(berlin, newYork)
	if err != nil {
		panic(err)
	}
	slatest.CheckIntersection(t, both, berlin, newYork)
	// Output:
}

func ExampleCheckComplement() {
	t := printer{} // in a test, its *testing.T
	berlin, _ := twoSites()
	onCall, err := calendar.Complement(berlin)
	if err != nil {
		panic(err)
	}
	slatest.CheckComplement(t, onCall, berlin)
	// Output:
}

func ExampleCheckBreaks() {
	t := printer{} // in a test, its *testing.T
	berlin, _ := twoSites()
	spec := berlin.Spec()
	spec.Breaks = map[calendar.Date][]calendar.Shift{calendar.MustDate("2026-03-03"): {calendar.MustShift("12:00-13:00")}}
	slatest.CheckBreaks(t, spec)
	// Output:
}

// Code that fills in some fields of a status is asked for these alone.
func ExampleKnowing() {
	t := printer{} // in a test, its *testing.T
	p := sla.Published()
	due := func(c sla.Case, now time.Time) (s sla.Status, err error) {
		full, err := p.Evaluate(c, now)
		s.FirstResponse.Due = full.FirstResponse.Due
		return s, err
	}
	slatest.CheckCases(t, p, slatest.Knowing(slatest.EvaluatorFunc(due), "FirstResponse.Due"))
	// Output:
}

// The generators serve property tests with rapid.Check, where Draw takes the
// place of Example.
func ExampleCases() {
	for seed := range 100 {
		spec := slatest.Specs().Example(seed)
		cal, err := calendar.New(spec)
		if err != nil {
			panic(err)
		}
		p, c, now := slatest.Policies(cal).Example(seed), slatest.Cases(cal).Example(seed), slatest.Instants(cal).Example(seed)
		st, err := p.Evaluate(c, now)
		switch {
		case errors.Is(err, clock.ErrTime): // before the opening
		case err != nil:
			panic(err)
		case (st.Remaining() <= 0) != (!st.FirstResponse.Due.IsZero() && !st.FirstResponse.Due.After(now) && st.FirstResponse.Stopped.IsZero()):
			fmt.Println("overdue without being due:", c, now)
		}
	}
	// Output:
}

func ExampleDurations() {
	for seed := range 100 {
		cal, d := slatest.Calendars().Example(seed), slatest.Durations().Example(seed)
		from := slatest.Instants(cal).Example(seed)
		due, err := cal.Add(from, d)
		if err == nil && cal.Elapsed(from, due) != d {
			fmt.Println("add and elapsed do not invert each other:", from, d)
		}
	}
	// Output:
}
