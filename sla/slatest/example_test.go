package slatest_test

import (
	"fmt"
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
