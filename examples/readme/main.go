// Readme is the program whose heart the README quotes.
package main

import (
	"encoding/json"
	"fmt"
	"log"
	"time"

	"github.com/shopspring/decimal"

	"github.com/supportplan/supportplan/billing"
	"github.com/supportplan/supportplan/entitlement"
	"github.com/supportplan/supportplan/plan"
	"github.com/supportplan/supportplan/severity"
	"github.com/supportplan/supportplan/sla"
	"github.com/supportplan/supportplan/sla/clock"
)

// rates is a card of our own: the provider publishes no price.
const rates = `{
	"edition": "illustrative",
	"currency": "USD",
	"rounding": {"places": 2, "mode": "half-up"},
	"per": "month", "proration": "instants", "limits": "prorated", "basis": "period",
	"plans": {
		"business": {
			"model": "graduated",
			"tiers": [{"upTo": "10000", "rate": "10%"}, {"rate": "7%"}]
		}
	}
}`

func main() {
	opened := time.Date(2026, time.March, 2, 9, 0, 0, 0, time.UTC)
	usage := decimal.RequireFromString("12345.67")
	var card billing.Card
	if err := json.Unmarshal([]byte(rates), &card); err != nil {
		log.Fatal(err)
	}

	decision := entitlement.Published().Check(plan.Business, entitlement.IMGroup)
	fmt.Println(decision.Reason())

	serious := severity.Assess(severity.Observations{ProductionDown: true})
	fmt.Println(serious.Name())

	target, ok := sla.Published().Table.Target(plan.Business, serious, clock.MetricFirstResponse)
	due, err := target.Due(opened)
	fmt.Println(target, ok, due, err)

	fee, err := card.Fee(plan.Business, usage)
	fmt.Println(fee.StringFixed(2), card.Currency(), err)
}
