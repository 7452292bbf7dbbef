package main

import (
	"fmt"
	"time"

	"github.com/supportplan/supportplan/sla/calendar"
	"github.com/supportplan/supportplan/sla/clock"
)

// deadline explains the deadline of a response in office hours, after a pause over
// a weekend.
func deadline(berlin *time.Location, friday time.Time) {
	week := calendar.Weekdays(calendar.MustShift("09:00-17:00"))
	office := must(calendar.New(calendar.Spec{Location: berlin, Week: week}))
	monday := friday.AddDate(0, 0, 3)
	ticket := clock.Case{
		Opened:  friday,
		Targets: clock.Targets{Name: "P2", FirstResponse: clock.Target{Within: 8 * time.Hour, Calendar: office}},
		Events: []clock.Event{
			clock.Paused(friday.Add(time.Hour), "waiting for logs"),
			clock.Resumed(monday.Add(-5*time.Hour), "waiting for logs"),
		},
	}
	status := must(clock.Conventions{}.Evaluate(ticket, monday))
	fmt.Println(status.FirstResponse.Explain())
	fmt.Println("Next timer:", status.NextChange) // the warning at 90 % of the target
}
