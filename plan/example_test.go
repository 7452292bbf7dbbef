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
	// {"format":1,"subscriptions":[{"plan":"business","start":"2026-01-10T00:00:00Z","end":"2026-01-20T00:00:00Z"},{"plan":"enterprise","start":"2026-01-20T00:00:00Z","end":"2026-01-25T00:00:00Z"}]}
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

func ExampleTimeline_Segments() {
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
	for _, s := range account.Segments(january) {
		fmt.Println(s.Plan, s.Period)
	}
	// Output:
	// basic [2026-01-01T00:00:00Z, 2026-01-10T00:00:00Z)
	// business [2026-01-10T00:00:00Z, 2026-01-20T00:00:00Z)
	// enterprise [2026-01-20T00:00:00Z, 2026-02-01T00:00:00Z)
}

// The everyday changes of an account, each as one call.
func Example_everydayChanges() {
	must := func(t plan.Timeline, err error) plan.Timeline {
		if err != nil {
			panic(err)
		}
		return t
	}
	// A trial of Business until 15 January, then Developer for a year.
	account := must(plan.Timeline{}.With(plan.Business, calendar.Period{Start: day(1, 1), End: day(1, 15)}))
	account = must(account.With(plan.Developer, calendar.Period{Start: day(1, 15), End: day(13, 1)}))
	// An upgrade on 1 March, for the rest of the year; renewed by three months.
	account = must(account.Switch(day(3, 1), plan.Business))
	account = must(account.Renew(day(16, 1)))
	// From 1 June on Enterprise, until it is ended on 1 September.
	account = must(account.From(day(6, 1), plan.Enterprise))
	account = must(account.EndAt(day(9, 1)))
	for _, s := range account.Segments(calendar.Period{Start: day(1, 1), End: day(13, 1)}) {
		fmt.Println(s.Period.Start.Format("2 January"), s.Plan)
	}
	// Output:
	// 1 January business
	// 15 January developer
	// 1 March business
	// 1 June enterprise
	// 1 September basic
}

// The lowest plan that meets every need; needs of a caller's own are one method.
func ExampleLowest() {
	lowest, unmet := plan.Lowest(paid{}, paid{})
	fmt.Println(lowest, unmet)
	// Output: developer []
}

type paid struct{}

func (paid) MetBy(p plan.Plan) bool { return p.IsPaid() }

// The audience is whom the document means a plan for.
func ExamplePlan_Audience() {
	for _, p := range plan.All() {
		fmt.Println(p, "is for", p.Audience())
	}
	// Output:
	// basic is for individuals and small firms with light workloads
	// developer is for developers and small firms: large-scale computing, experiments, test environments, non-critical production
	// business is for medium and large firms whose large deployments need performance, stability, availability and quick response
	// enterprise is for large firms and critical production: ultra-large deployments with the highest demands on security, control and availability
}
