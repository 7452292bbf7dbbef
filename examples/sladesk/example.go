package main

import (
	"context"
	"fmt"
	"time"

	"github.com/supportplan/supportplan/plan"
	"github.com/supportplan/supportplan/severity"
	"github.com/supportplan/supportplan/sla"
)

// exampleCases opens a handful of cases around the instant now, so that the page
// has something of each kind to show.
func exampleCases(ctx context.Context, d *desk, now time.Time) error {
	ago := func(minutes int) time.Time {
		return now.Add(-time.Duration(minutes) * time.Minute).Truncate(time.Second)
	}
	for _, c := range []struct {
		id     string
		plan   plan.Plan
		is     severity.Severity
		opened time.Time
		events []sla.Event
	}{
		{"C-101", plan.Enterprise, severity.BusinessCritical, ago(12), nil},
		{"C-102", plan.Business, severity.ProductionImpacted, ago(65), []sla.Event{sla.Responded(ago(48)), sla.CustomerReply(ago(20))}},
		{"C-103", plan.Developer, severity.SystemImpaired, ago(9 * 60), nil},
		{"C-104", plan.Enterprise, severity.General, ago(26 * 60), []sla.Event{
			sla.Responded(ago(22 * 60)), sla.Paused(ago(20*60), "waiting for the customer"),
		}},
		{"C-105", plan.Basic, severity.General, ago(14 * 60), nil},
		{"C-106", plan.Business, severity.SystemImpaired, ago(50 * 60), []sla.Event{
			sla.Responded(ago(49 * 60)), sla.Closed(ago(30 * 60)),
		}},
		{"C-107", plan.Business, severity.ProductionImpacted, ago(75 * 60), []sla.Event{
			sla.Responded(ago(74 * 60)), sla.Closed(ago(60 * 60)),
		}},
	} {
		if err := d.open(ctx, c.id, sla.Case{Plan: c.plan, Severity: c.is, Opened: c.opened}, now); err != nil {
			return err
		}
		for i, e := range c.events {
			if err := d.record(ctx, c.id, fmt.Sprint(i), e, now); err != nil {
				return err
			}
		}
	}
	return nil
}
