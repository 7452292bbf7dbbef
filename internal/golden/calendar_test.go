package golden_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/supportplan/supportplan/sla/calendar"
)

var calendars = []struct{ name, text string }{
	{"always", `"24/7"`},
	{"office", `{"zone":"America/New_York","week":{"monday":["09:00-17:00"],"tuesday":["09:00-17:00"],"wednesday":["09:00-17:00"],"thursday":["09:00-17:00"],"friday":["09:00-17:00"]},"holidays":["2026-01-01","2026-07-03","2026-11-26","2026-12-25"]}`},
	{"split", `{"zone":"Europe/Berlin","week":{"monday":["08:00-12:00","13:00-18:30"],"tuesday":["08:00-12:00","13:00-18:30"],"wednesday":["08:00-12:00"],"thursday":["08:00-12:00","13:00-18:30"],"friday":["08:00-15:00"]},"holidays":["2026-01-01","2026-05-01"],"special":{"2026-03-29":["01:00-04:00"],"2026-12-24":["08:00-12:00"]},"breaks":{"2026-03-02":["09:30-10:15"]}}`},
	{"night", `{"zone":"America/Sao_Paulo","week":{"sunday":["22:00-06:00"],"monday":["22:00-06:00"],"tuesday":["22:00-06:00"],"wednesday":["22:00-06:00"],"thursday":["22:00-06:00"],"friday":["22:00-06:00"],"saturday":["22:00-06:00"]}}`},
	{"half-hour", `{"zone":"Australia/Lord_Howe","week":{"sunday":["00:00-24:00"],"wednesday":["01:00-03:00","23:00-24:00"]}}`},
	{"kolkata", `{"zone":"Asia/Kolkata","week":{"monday":["10:00-19:00"],"tuesday":["10:00-19:00"],"wednesday":["10:00-19:00"],"thursday":["10:00-19:00"],"friday":["10:00-19:00"],"saturday":["10:00-14:00"]}}`},
}

func TestCalendars(t *testing.T) {
	var b strings.Builder
	for _, c := range calendars {
		fmt.Fprintf(&b, "%s\n%s\n", c.name, indented(t, read[calendar.Calendar](t, c.text)))
	}
	golden(t, "calendars.txt", b.String())
}

func TestPeriods(t *testing.T) {
	start := time.Date(2026, time.March, 1, 0, 0, 0, 0, time.FixedZone("", 3600))
	goldenJSON(t, "periods.json", []calendar.Period{
		must(calendar.NewPeriod(start, start.AddDate(0, 1, 0))),
		must(calendar.NewPeriod(start, time.Time{})),
		must(calendar.Month(2026, time.October, must(time.LoadLocation("Europe/Berlin")))),
	})
}

// instant returns an instant of 2026 or, of one in four, one near a change of
// clocks.
func instant(r *random) time.Time {
	changes := []time.Time{
		time.Date(2026, 3, 8, 7, 0, 0, 0, time.UTC), time.Date(2026, 11, 1, 6, 0, 0, 0, time.UTC),
		time.Date(2026, 3, 29, 1, 0, 0, 0, time.UTC), time.Date(2026, 10, 25, 1, 0, 0, 0, time.UTC),
		time.Date(2017, 10, 15, 3, 0, 0, 0, time.UTC), time.Date(2018, 2, 18, 2, 0, 0, 0, time.UTC),
		time.Date(2026, 4, 4, 15, 0, 0, 0, time.UTC), time.Date(2026, 10, 3, 15, 30, 0, 0, time.UTC),
	}
	if r.n(4) == 0 {
		return changes[r.n(len(changes))].Add(time.Duration(r.n(96*3600)-48*3600) * time.Second)
	}
	return time.Date(2026, 1, 1, 0, 0, r.n(365*86400), 0, time.UTC)
}

func TestDeadlines(t *testing.T) {
	stamp := func(at time.Time, ok bool) string {
		if !ok {
			return "never"
		}
		return at.UTC().Format(time.RFC3339)
	}
	durations := []time.Duration{0, 15 * time.Minute, time.Hour, 4 * time.Hour, 8 * time.Hour, 80 * time.Hour, 2000 * time.Hour, 90 * time.Second}
	var b strings.Builder
	for i, c := range calendars {
		fmt.Fprintf(&b, "%s: from, duration, deadline, elapsed to another instant, open, next opening and closing, previous ones\n", c.name)
		cal := read[calendar.Calendar](t, c.text)
		r := random(100 + i)
		for n := range 300 {
			from, other, d := instant(&r), instant(&r), durations[n%len(durations)]
			fmt.Fprintln(&b, stamp(from, true), d, stamp(must(cal.Add(from, d)), true), cal.Elapsed(from, other), cal.IsOpen(from),
				stamp(cal.NextOpening(from)), stamp(cal.NextClosing(from)), stamp(cal.PreviousOpening(from)), stamp(cal.PreviousClosing(from)))
		}
	}
	golden(t, "deadlines.txt", b.String())
}

func TestOpenHours(t *testing.T) {
	var b strings.Builder
	for _, c := range calendars[1:] {
		cal := read[calendar.Calendar](t, c.text)
		for _, start := range []time.Time{
			time.Date(2026, 3, 7, 0, 0, 0, 0, time.UTC), time.Date(2026, 10, 24, 0, 0, 0, 0, time.UTC), time.Date(2017, 10, 13, 0, 0, 0, 0, time.UTC),
		} {
			fmt.Fprintf(&b, "%s from %s\n", c.name, start.Format(time.DateOnly))
			for i := range cal.Periods(start, start.AddDate(0, 0, 24)) {
				fmt.Fprintln(&b, i.Start.Format(time.RFC3339), i.End.Format(time.RFC3339))
			}
		}
	}
	golden(t, "open-hours.txt", b.String())
}

func TestBusinessDays(t *testing.T) {
	var b strings.Builder
	for i, c := range calendars {
		cal := read[calendar.Calendar](t, c.text)
		r := random(200 + i)
		for range 40 {
			from, other := calendar.DateOf(instant(&r), time.UTC), calendar.DateOf(instant(&r), time.UTC)
			n := r.n(30)
			fmt.Fprintln(&b, c.name, from, cal.IsBusinessDay(from), n, must(cal.AddBusinessDays(from, n)), other, cal.BusinessDays(from, other))
		}
	}
	golden(t, "business-days.txt", b.String())
}
