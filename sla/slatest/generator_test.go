package slatest_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/supportplan/supportplan/sla"
	"github.com/supportplan/supportplan/sla/calendar"
	"github.com/supportplan/supportplan/sla/clock"
	"github.com/supportplan/supportplan/sla/slatest"
)

// reaches fails the test if something was never drawn, unless little was.
func reaches[K comparable](t *testing.T, seen map[K]int, all ...K) {
	t.Helper()
	drawn := 0
	for _, n := range seen {
		drawn += n
	}
	for _, k := range all {
		if seen[k] == 0 && drawn >= 400 {
			t.Errorf("never drew %v, of %d", k, drawn)
		}
	}
}

func TestSpecs(t *testing.T) {
	zones, has := make(map[string]int), make(map[string]int)
	for i := range 1000 {
		s := slatest.Specs().Example(i)
		c, err := calendar.New(s)
		if err != nil {
			t.Fatalf("%+v: %v", s, err)
		}
		if c.IsAlways() {
			t.Errorf("%+v is always open", s)
		}
		zones[s.Location.String()]++
		note := func(what string, is bool) {
			if is {
				has[what]++
			}
		}
		note("holidays", len(s.Holidays) > 0)
		note("special", len(s.Special) > 0)
		note("breaks", len(s.Breaks) > 0)
		hours := false
		for _, day := range s.Week {
			hours = hours || len(day) > 0
			note("several", len(day) > 1)
			for _, shift := range day {
				note("over midnight", shift.Close < shift.Open)
				note("to midnight", shift.Close == 24*calendar.Hour)
			}
		}
		if !hours {
			t.Errorf("%+v has no weekly hours", s)
		}
	}
	reaches(t, zones, "America/New_York", "Europe/Berlin", "Australia/Sydney", "Australia/Lord_Howe", "Asia/Tehran", "Africa/Cairo",
		"America/Sao_Paulo", "America/Havana", "Pacific/Apia", "Asia/Kathmandu", "UTC")
	reaches(t, has, "holidays", "special", "breaks", "several", "over midnight", "to midnight")
}

func TestInstants(t *testing.T) {
	seen := make(map[string]int)
	for i := range 300 {
		cal := slatest.Calendars().Example(i)
		if cal.IsAlways() {
			seen["always"]++
		}
		instants := slatest.Instants(cal)
		for j := range 10 {
			at := instants.Example(j + i)
			if at.Year() < 1929 || at.Year() > 2131 || at.IsZero() {
				t.Errorf("%v", at)
			}
			note := func(what string, is bool) {
				if is {
					seen[what]++
				}
			}
			note("open", cal.IsOpen(at))
			note("opening", cal.IsOpen(at) && !cal.IsOpen(at.Add(-1)))
			note("closing", !cal.IsOpen(at) && cal.IsOpen(at.Add(-1)))
			start, _ := at.ZoneBounds()
			note("clock change", at.Equal(start))
			note("just before", at.Add(1).Truncate(time.Second).Equal(at.Add(1)))
			note("fraction", at.Nanosecond() != 0)
			_, before := at.Add(-time.Hour).Zone()
			_, after := at.Zone()
			note("after a change", before != after)
		}
	}
	reaches(t, seen, "always", "open", "opening", "closing", "clock change", "just before", "fraction", "after a change")
}

func TestDurations(t *testing.T) {
	seen := make(map[bool]int)
	for i := range 1000 {
		d := slatest.Durations().Example(i)
		if d == 0 || d.Abs() > 200*time.Hour {
			t.Error(d)
		}
		seen[d > 0]++
	}
	reaches(t, seen, true, false)
}

// Every drawn case can have happened, and every kind of thing happens.
func TestCases(t *testing.T) {
	outcomes, kinds, other := make(map[clock.Outcome]int), make(map[sla.Kind]int), make(map[string]int)
	for i := range 500 {
		cal := slatest.Calendars().Example(i)
		c, p := slatest.Cases(cal).Example(i), slatest.Policies(cal).Example(i)
		end := c.Opened.Add(1000 * time.Hour)
		if n := len(c.Events); n > 0 && c.Events[n-1].At.After(end) {
			end = c.Events[n-1].At
		}
		for _, now := range []time.Time{c.Opened, c.Opened.Add(5 * time.Hour), end} {
			st, err := p.Evaluate(c, now)
			if err != nil {
				t.Fatalf("%+v: %v", c, err)
			}
			outcomes[st.FirstResponse.Outcome]++
		}
		for j, e := range c.Events {
			kinds[e.Kind]++
			if j > 0 && e.At.Equal(c.Events[j-1].At) {
				other["at once"]++
			}
			if e.At.Before(c.Opened) {
				other["before"]++
			}
		}
		if c.Timeline != nil {
			other["timeline"]++
		}
		if p.Table.Edition() == sla.Published().Table.Edition() {
			other["published"]++
		}
	}
	reaches(t, outcomes, clock.OutcomePending, clock.OutcomeMet, clock.OutcomeBreached, clock.OutcomeUnanswered, clock.OutcomeNoTarget)
	reaches(t, kinds, sla.KindAssessed, sla.KindReclassified, sla.KindPlanChanged, sla.KindPaused, sla.KindResumed, sla.KindResponded, sla.KindClosed, sla.KindReopened)
	reaches(t, other, "at once", "before", "timeline", "published")
}

// The generators shrink and replay as rapid has it.
func TestGeneratorsInRapid(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cal := slatest.Calendars().Draw(t, "calendar")
		c, p := slatest.Cases(cal).Draw(t, "case"), slatest.Policies(cal).Draw(t, "policy")
		if _, err := p.Evaluate(c, slatest.Instants(cal).Draw(t, "now")); err != nil && !errors.Is(err, clock.ErrTime) {
			t.Fatal(err)
		}
		if p.Table.Equal(sla.Published().Table) {
			return
		}
		for _, cell := range p.Table.Cells() {
			target := cell.Targets.FirstResponse
			if p.Table.Edition() != "drawn" || !target.IsValid() || target.Within%time.Minute != 0 || target.Within > 100*time.Hour {
				t.Error(p.Table.Edition(), target)
			}
		}
	})
}

// What cannot be drawn fails the test that draws it.
func TestUndrawn(t *testing.T) {
	defer func() {
		if got := fmt.Sprint(recover()); !strings.Contains(got, "slatest: drawn: no such zone") {
			t.Error(got)
		}
	}()
	slatest.Undrawn(errors.New("no such zone")).Example(0)
}
