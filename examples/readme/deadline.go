package main

import (
	"fmt"
	"time"

	"github.com/supportplan/supportplan/plan"
	"github.com/supportplan/supportplan/severity"
	"github.com/supportplan/supportplan/sla"
	"github.com/supportplan/supportplan/sla/calendar"
	"github.com/supportplan/supportplan/sla/clock"
)

// deadline explains the deadline of a response in office hours, after a pause over
// a weekend.
func deadline(berlin *time.Location, friday time.Time) {
	week := calendar.Weekdays(calendar.MustShift("09:00-17:00"))
	office := must(calendar.New(calendar.Spec{Location: berlin, Week: week}))
	policy, monday := sla.Published(), friday.AddDate(0, 0, 3)
	policy.Table = must(policy.Table.With("ACME 2026", sla.Cell{
		Plan: plan.Business, Severity: severity.SystemImpaired,
		Targets: clock.Targets{FirstResponse: clock.Target{Within: 8 * time.Hour, Calendar: office}},
	}))
	ticket := sla.Case{Plan: plan.Business, Severity: severity.SystemImpaired, Opened: friday, Events: []sla.Event{
		sla.Paused(friday.Add(time.Hour), "waiting for logs"),
		sla.Resumed(monday.Add(-5*time.Hour), "waiting for logs"),
	}}
	status := must(policy.Evaluate(ticket, monday))
	fmt.Println(status.FirstResponse.Explain())
	fmt.Println("Next timer:", status.NextChange)
}
