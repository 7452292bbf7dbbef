package plan_test

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/supportplan/supportplan/plan"
	"github.com/supportplan/supportplan/sla/calendar"
)

func ExampleParse() {
	p, err := plan.Parse("Business")
	if err != nil {
		panic(err)
	}
	fmt.Println(p, p.IsPaid(), p >= plan.Developer)

	_, err = plan.Parse("gold")
	fmt.Println(err)
	// Output:
	// business true true
	// plan: parse plan "gold": want basic, developer, business or enterprise: unknown plan
}

func ExampleAll() {
	for _, p := range plan.All() {
		fmt.Printf("%-10s %s\n", p.Name(), p.Summary())
	}
	// Output:
	// Basic      questions answered by ticket
	// Developer  the standard services, with faster answers to technical issues
	// Business   quick response over several channels, with value-added services
	// Enterprise a dedicated technical account manager, experts around the clock, architecture support made to measure
}

// A month in a zone that changes its clocks is an hour shorter or longer.
func ExampleMonth() {
	newYork, err := time.LoadLocation("America/New_York")
	if err != nil {
		panic(err)
	}
	march, err := calendar.Month(2026, time.March, newYork)
	if err != nil {
		panic(err)
	}
	fmt.Println(march)
	fmt.Println(march.Duration())
	// Output:
	// [2026-03-01T00:00:00-05:00, 2026-04-01T00:00:00-04:00)
	// 743h0m0s
}

func day(month time.Month, day int) time.Time {
	return time.Date(2026, month, day, 0, 0, 0, 0, time.UTC)
}

// A Business plan is raised to Enterprise in mid-term, and runs out.
func ExampleNewTimeline() {
	account, err := plan.NewTimeline(
		plan.Subscription{Plan: plan.Business, Period: calendar.Period{Start: day(1, 10), End: day(1, 20)}},
		plan.Subscription{Plan: plan.Enterprise, Period: calendar.Period{Start: day(1, 20), End: day(1, 25)}},
	)
	if err != nil {
		panic(err)
	}
	fmt.Println(account.At(day(1, 9)), account.At(day(1, 20)), account.At(day(1, 25)))

	text, err := json.Marshal(account)
	if err != nil {
		panic(err)
	}
	fmt.Println(string(text))
	// Output:
	// basic enterprise basic
	// [{"plan":"business","start":"2026-01-10T00:00:00Z","end":"2026-01-20T00:00:00Z"},{"plan":"enterprise","start":"2026-01-20T00:00:00Z","end":"2026-01-25T00:00:00Z"}]
}

func ExampleTimeline_At() {
	account, err := plan.NewTimeline(plan.Subscription{Plan: plan.Developer, Period: calendar.Period{Start: day(3, 1), End: day(4, 1)}})
	if err != nil {
		panic(err)
	}
	fmt.Println(account.At(day(3, 31)))
	fmt.Println(account.At(day(4, 1))) // the end does not belong to the period
	// Output:
	// developer
	// basic
}

func ExampleTimeline_Stretches() {
	account, err := plan.NewTimeline(
		plan.Subscription{Plan: plan.Business, Period: calendar.Period{Start: day(1, 10), End: day(1, 20)}},
		plan.Subscription{Plan: plan.Enterprise, Period: calendar.Period{Start: day(1, 20)}},
	)
	if err != nil {
		panic(err)
	}
	january, err := calendar.Month(2026, time.January, time.UTC)
	if err != nil {
		panic(err)
	}
	for _, s := range account.Stretches(january) {
		fmt.Println(s.Plan, s.Period)
	}
	// Output:
	// basic [2026-01-01T00:00:00Z, 2026-01-10T00:00:00Z)
	// business [2026-01-10T00:00:00Z, 2026-01-20T00:00:00Z)
	// enterprise [2026-01-20T00:00:00Z, 2026-02-01T00:00:00Z)
}
