// Holidays makes calendars of holidays that somebody else keeps: the rules of a
// library, and the events of an iCal file.
package main

import (
	_ "embed"
	"fmt"
	"io"
	"log"
	"os"
	"strings"
	"time"

	ics "github.com/arran4/golang-ical"
	"github.com/rickar/cal/v2"
	"github.com/rickar/cal/v2/us"

	"github.com/supportplan/supportplan/sla/calendar"
)

// berlin2026 is a file as calendar services publish it.
//
//go:embed berlin-2026.ics
var berlin2026 string

// rules returns the rules of a library's holidays, on the days on which they are
// observed. The library answers with midnight in UTC, which stands for a date: in
// New York it is still the day before. So the date is read off the time's own
// clock.
func rules(holidays []*cal.Holiday) (out []func(year int) calendar.Holiday) {
	for _, h := range holidays {
		out = append(out, func(year int) calendar.Holiday {
			_, observed := h.Calc(year) // the zero time in a year without it
			return calendar.Holiday{Date: calendar.DateOf(observed, observed.Location()), Name: h.Name}
		})
	}
	return out
}

// events returns the dates of the whole-day events of an iCal file. An event ends
// before its DTEND. The library reads a date as midnight on this machine's clock,
// so the date is read off the time's own clock, too. An event that recurs, or
// has hours, is an error rather than a holiday that is silently missing.
func events(r io.Reader) (out []calendar.Holiday, err error) {
	file, err := ics.ParseCalendar(r)
	if err != nil {
		return nil, err
	}
	for _, e := range file.Events() {
		summary := e.GetProperty(ics.ComponentPropertySummary)
		if summary == nil {
			return nil, fmt.Errorf("event %s has no summary", e.Id())
		}
		if e.GetProperty(ics.ComponentPropertyRrule) != nil {
			return nil, fmt.Errorf("%s: events that recur are not read", summary.Value)
		}
		if p := e.GetProperty(ics.ComponentPropertyDtStart); p != nil && len(p.Value) != len("20060102") {
			return nil, fmt.Errorf("%s: events with hours are not read", summary.Value)
		}
		start, err := e.GetAllDayStartAt()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", summary.Value, err)
		}
		first := calendar.DateOf(start, start.Location())
		end := first.AddDays(1)
		if e.GetProperty(ics.ComponentPropertyDtEnd) != nil {
			at, err := e.GetAllDayEndAt()
			if err != nil {
				return nil, fmt.Errorf("%s: %w", summary.Value, err)
			}
			end = calendar.DateOf(at, at.Location())
		}
		for d := first; d.Compare(end) < 0; d = d.AddDays(1) {
			out = append(out, calendar.Holiday{Date: d, Name: summary.Value})
		}
	}
	return out, nil
}

// offices returns the two offices' calendars.
func offices() (newYork, berlin calendar.Calendar, err error) {
	week := calendar.Weekdays(calendar.MustShift("09:00-17:00"))
	zone := func(name string) *time.Location {
		loc, e := time.LoadLocation(name)
		if e != nil && err == nil {
			err = e
		}
		return loc
	}
	inNewYork, inBerlin := zone("America/New_York"), zone("Europe/Berlin")
	if err != nil {
		return
	}
	newYork, err = calendar.New(calendar.Spec{
		Location: inNewYork, Week: week,
		// Ten years, with New Year's Day 2028 on its day off, 31 December 2027.
		Holidays: calendar.Holidays(2026, 2035, rules(us.Holidays)...),
	})
	if err != nil {
		return
	}
	holidays, err := events(strings.NewReader(berlin2026))
	if err != nil {
		return
	}
	berlin, err = calendar.New(calendar.Spec{Location: inBerlin, Week: week, Holidays: holidays})
	return newYork.Named("New York"), berlin.Named("Berlin"), err
}

func run(w io.Writer) error {
	newYork, berlin, err := offices()
	if err != nil {
		return err
	}
	opened := time.Date(2026, time.April, 2, 16, 0, 0, 0, berlin.Location())
	for _, c := range []calendar.Calendar{newYork, berlin} {
		due, err := c.Add(opened, 8*time.Hour)
		if err != nil {
			return err
		}
		fmt.Fprintf(w, "%s: due %s\n", c.Name(), due.Format("Mon 2 Jan 2006 15:04 MST"))
		if until, ok := c.HolidaysUntil(); ok {
			fmt.Fprintf(w, "  holidays are known before %s\n", until.Format(time.DateOnly))
		}
		for d := calendar.DateOf(opened, c.Location()); d.Compare(calendar.DateOf(due, c.Location())) <= 0; d = d.AddDays(1) {
			if h, ok := c.Holiday(d); ok {
				fmt.Fprintf(w, "  closed on %v: %s\n", h.Date, h.Name)
			}
		}
	}
	both, err := calendar.Union(newYork, berlin)
	if err != nil {
		return err
	}
	due, err := both.Add(opened, 8*time.Hour)
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "both together: due %s\n", due.In(berlin.Location()).Format("Mon 2 Jan 2006 15:04 MST"))
	return nil
}

func main() {
	if err := run(os.Stdout); err != nil {
		log.Fatal(err)
	}
}
