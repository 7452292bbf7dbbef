package main

import (
	"bytes"
	_ "embed"
	"fmt"
	"time"
	_ "time/tzdata" // answers are the same on every machine

	ics "github.com/arran4/golang-ical"
	"github.com/rickar/cal/v2/de"
	"github.com/rickar/cal/v2/us"

	"github.com/supportplan/supportplan/plan"
	"github.com/supportplan/supportplan/severity"
	"github.com/supportplan/supportplan/sla"
	"github.com/supportplan/supportplan/sla/calendar"
	"github.com/supportplan/supportplan/sla/clock"

	"github.com/rickar/cal/v2"
)

//go:embed singapore.ics
var singaporeHolidays []byte

// A site is an office with hours of its own.
type site struct {
	name  string
	hours calendar.Calendar
}

// sites returns the offices of Berlin, New York and Singapore. The holidays of
// the first two come from a library, those of the third from an iCal file.
func sites() ([]site, error) {
	office := calendar.Weekdays(calendar.MustShift("09:00-17:00"))
	singapore, err := fromICal(singaporeHolidays)
	if err != nil {
		return nil, err
	}
	var out []site
	for _, s := range []struct {
		name, zone string
		holidays   []calendar.Holiday
	}{
		{"Berlin", "Europe/Berlin", fromLibrary(2010, 2035, de.Holidays)},
		{"New York", "America/New_York", fromLibrary(2010, 2035, us.Holidays)},
		{"Singapore", "Asia/Singapore", singapore},
	} {
		zone, err := time.LoadLocation(s.zone)
		if err != nil {
			return nil, err
		}
		hours, err := calendar.New(calendar.Spec{Location: zone, Week: office, Holidays: s.holidays})
		if err != nil {
			return nil, fmt.Errorf("%s: %w", s.name, err)
		}
		out = append(out, site{s.name, hours.Named(s.name)})
	}
	return out, nil
}

// fromLibrary returns a country's holidays as civil dates. The library gives an
// instant in a zone of its own choice, so the date is read from that instant's
// own clock.
func fromLibrary(first, last int, rules []*cal.Holiday) []calendar.Holiday {
	var out []calendar.Holiday
	for year := first; year <= last; year++ {
		for _, rule := range rules {
			if _, observed := rule.Calc(year); !observed.IsZero() {
				out = append(out, calendar.Holiday{Date: calendar.DateOf(observed, observed.Location()), Name: rule.Name})
			}
		}
	}
	return out
}

// fromICal returns the all-day events of an iCal file. Such an event has a date
// and no zone: its text is read, not an instant.
func fromICal(data []byte) ([]calendar.Holiday, error) {
	file, err := ics.ParseCalendar(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	var out []calendar.Holiday
	for _, event := range file.Events() {
		start, summary := event.GetProperty(ics.ComponentPropertyDtStart), event.GetProperty(ics.ComponentPropertySummary)
		if start == nil || len(start.Value) != len("20060102") {
			return nil, fmt.Errorf("event %s: not all day", event.Id())
		}
		v := start.Value
		date, err := calendar.ParseDate(v[:4] + "-" + v[4:6] + "-" + v[6:])
		if err != nil {
			return nil, fmt.Errorf("event %s: %w", event.Id(), err)
		}
		name := "holiday"
		if summary != nil {
			name = summary.Value
		}
		out = append(out, calendar.Holiday{Date: date, Name: name})
	}
	return out, nil
}

// newPolicy returns the desk's policy: the document's first responses, around
// the clock, and targets of the desk's own for the other metrics. Resolution
// follows the sun for all but the most severe cases; the next response and the
// updates run on Berlin's hours.
func newPolicy(sites []site) (sla.Policy, error) {
	var parts []calendar.Calendar
	for _, s := range sites {
		parts = append(parts, s.hours)
	}
	sun, err := calendar.Union(parts...)
	if err != nil {
		return sla.Policy{}, err
	}
	sun = sun.Named("follow the sun")
	berlin := sites[0].hours
	policy := sla.Published()
	var cells []sla.Cell
	for _, p := range plan.All() {
		for _, s := range severity.All() {
			targets := policy.Table.Targets(p, s)
			if !targets.FirstResponse.IsValid() {
				continue // what the document does not cover, the desk does not promise
			}
			resolution := clock.Target{Within: 40 * time.Hour, Calendar: sun}
			switch s {
			case severity.SystemImpaired:
				resolution.Within = 24 * time.Hour
			case severity.ProductionImpacted:
				resolution.Within = 8 * time.Hour
			case severity.BusinessCritical:
				resolution = clock.Target{Within: 4 * time.Hour} // around the clock
			}
			targets = targets.With(clock.MetricResolution, resolution)
			targets = targets.With(clock.MetricNextResponse, clock.Target{Within: 8 * time.Hour, Calendar: berlin})
			if p == plan.Enterprise {
				targets = targets.With(clock.MetricUpdate, clock.Target{Within: 16 * time.Hour, Calendar: berlin})
			}
			cells = append(cells, sla.Cell{Plan: p, Severity: s, Targets: targets})
		}
	}
	policy.Table, err = policy.Table.With("desk 2026", cells...)
	return policy, err
}
