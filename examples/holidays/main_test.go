package main

import (
	"strings"
	"testing"
	"time"

	"github.com/supportplan/supportplan/sla/calendar"
)

func Example() {
	main()
	// Output:
	// New York: due Fri 3 Apr 2026 10:00 EDT
	//   holidays are known before 2036-01-01
	// Berlin: due Tue 7 Apr 2026 16:00 CEST
	//   holidays are known before 2027-01-01
	//   closed on 2026-04-03: Karfreitag
	//   closed on 2026-04-06: Ostermontag
	// both together: due Fri 3 Apr 2026 16:00 CEST
}

// The dates do not depend on the machine's zone.
func TestEventsInAnyZone(t *testing.T) {
	local := time.Local
	defer func() { time.Local = local }()
	for _, zone := range []string{"UTC", "Pacific/Auckland", "America/Los_Angeles", "Europe/Berlin"} {
		loc, err := time.LoadLocation(zone)
		if err != nil {
			t.Fatal(err)
		}
		time.Local = loc
		holidays, err := events(strings.NewReader(berlin2026))
		if err != nil || len(holidays) != 10 || holidays[2] != (calendar.Holiday{Date: calendar.MustDate("2026-04-03"), Name: "Karfreitag"}) {
			t.Errorf("%s: %v, %v", zone, holidays, err)
		}
	}
}

// A day off in the year before its holiday is not missed at the edge.
func TestObservedAcrossTheYearsEdge(t *testing.T) {
	newYork, _, err := offices()
	if err != nil {
		t.Fatal(err)
	}
	for date, want := range map[string]string{"2027-12-31": "New Year's Day", "2026-07-03": "Independence Day", "2026-11-26": "Thanksgiving Day"} {
		if h, ok := newYork.Holiday(calendar.MustDate(date)); !ok || h.Name != want {
			t.Errorf("%s: %v, %v", date, h, ok)
		}
	}
}

func TestEventsThatAreNotRead(t *testing.T) {
	for change, with := range map[string]string{
		"SUMMARY:Karfreitag":          "SUMMARY:Karfreitag\r\nRRULE:FREQ=YEARLY",
		"SUMMARY:Ostermontag\r\n":     "",
		"DTSTART;VALUE=DATE:20260501": "DTSTART:20260501T100000Z",
		"DTEND;VALUE=DATE:20260515":   "DTEND;VALUE=DATE:later",
	} {
		text := strings.Replace(berlin2026, change, with, 1)
		if text == berlin2026 {
			t.Fatalf("%s is not there", change)
		}
		if holidays, err := events(strings.NewReader(text)); err == nil {
			t.Errorf("%s: %v", with, holidays)
		}
	}
}
