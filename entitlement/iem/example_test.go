package iem_test

import (
	"fmt"
	"time"

	"github.com/supportplan/supportplan/entitlement"
	"github.com/supportplan/supportplan/entitlement/iem"
	"github.com/supportplan/supportplan/plan"
	"github.com/supportplan/supportplan/sla/calendar"
)

// must returns v if there is no error: good enough for an example.
func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// A third event of five days, asked for a little late because of a holiday.
func ExampleYear_Review() {
	date := func(s string) calendar.Date { return must(calendar.ParseDate(s)) }
	office := must(calendar.New(calendar.Spec{
		Location: time.UTC,
		Week:     calendar.Weekdays(must(calendar.ParseShift("09:00-18:00"))),
		Holidays: []calendar.Holiday{{Date: date("2026-11-11")}},
	}))
	year := iem.Year{
		Start:    date("2026-01-01"),
		End:      date("2027-01-01"),
		Calendar: office,
		Granted: []iem.Event{
			{Name: "launch", Requested: date("2026-01-12"), First: date("2026-03-02"), Days: 2},
			{Name: "spring sale", Requested: date("2026-02-02"), First: date("2026-04-01"), Days: 3, Cancelled: date("2026-03-31")},
			{Name: "migration", Requested: date("2026-08-03"), First: date("2026-09-07"), Days: 3},
		},
	}
	if entitlement.Published().Includes(plan.Enterprise, entitlement.EventManagement) {
		year.Terms = iem.Published()
	}
	a := must(year.Review(iem.Event{
		Name: "Black Friday", Requested: date("2026-11-10"), First: date("2026-11-24"), Days: 5,
	}))
	fmt.Printf("%d sessions left; this is session %d\n", a.SessionsLeft, a.Use.Session)
	fmt.Printf("%d days complimentary, %d to buy\n", a.Use.Complimentary, a.Use.ToBuy)
	fmt.Printf("notice met: %t, in time for %v\n", a.NoticeMet, a.Earliest)
	// Output:
	// 1 sessions left; this is session 3
	// 3 days complimentary, 2 to buy
	// notice met: false, in time for 2026-11-25
}

// What the events that were granted in a year have taken of it.
func ExampleYear_Uses() {
	date := calendar.MustDate
	year := iem.Year{
		Start: date("2026-01-01"),
		End:   date("2027-01-01"),
		Terms: iem.Published(),
		Granted: []iem.Event{
			{Name: "launch", Requested: date("2026-01-12"), First: date("2026-03-02"), Days: 5},
			{Name: "spring sale", Requested: date("2026-02-02"), First: date("2026-04-01"), Days: 3, Cancelled: date("2026-03-31")},
			{Name: "migration", Requested: date("2026-08-03"), First: date("2026-09-07"), Days: 3},
		},
	}
	for _, u := range must(year.Uses()) {
		fmt.Printf("%s: session %d, %d days complimentary, %d to buy\n", u.Event.Name, u.Session, u.Complimentary, u.ToBuy)
	}
	// Output:
	// launch: session 1, 3 days complimentary, 2 to buy
	// spring sale: session 0, 0 days complimentary, 0 to buy
	// migration: session 2, 3 days complimentary, 0 to buy
}
