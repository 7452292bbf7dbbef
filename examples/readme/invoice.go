package main

import (
	"fmt"

	"github.com/shopspring/decimal"

	"github.com/supportplan/supportplan/billing"
	"github.com/supportplan/supportplan/plan"
	"github.com/supportplan/supportplan/sla/calendar"
)

// invoice prints the invoice of a month with an upgrade.
func invoice(card billing.Card, march calendar.Period) {
	timeline := must(plan.Timeline{}.From(march.Start, plan.Developer))
	timeline = must(timeline.From(march.Start.AddDate(0, 0, 16), plan.Business)) // an upgrade on the 17th
	usage := must(billing.NewUsage("USD", march,
		billing.Charge{Kind: billing.ChargeCloudService, Amount: decimal.RequireFromString("12345.67"), Period: march},
		billing.Charge{Kind: billing.ChargeSupportPlan, Amount: decimal.RequireFromString("29"), Period: march}, // never counts
	))
	book := must(card.Book(march.Start))
	fmt.Print(must(book.Invoice(timeline, usage)))
}
