package billing_test

import (
	"encoding/json"
	"fmt"
	"os"
	"time"

	"github.com/shopspring/decimal"

	"github.com/supportplan/supportplan/billing"
	"github.com/supportplan/supportplan/billing/focus"
	"github.com/supportplan/supportplan/plan"
	"github.com/supportplan/supportplan/sla/calendar"
)

// A month of an account that upgrades on the 17th: an advance on the 1st, the
// rest of the fee when the cloud bill is there, and a late refund of usage.
func Example() {
	var card billing.Card
	if err := json.Unmarshal(ok(os.ReadFile("../examples/quickstart/card.json")), &card); err != nil {
		panic(err)
	}
	january := ok(calendar.Month(2026, time.January, time.UTC))
	book := ok(card.Book(january.Start))
	timeline := ok(plan.Timeline{}.From(january.Start, plan.Developer))
	advance := ok(ok(book.Advance(timeline, january)).Issue("2026-0001"))

	timeline = ok(timeline.From(january.Start.AddDate(0, 0, 16), plan.Business)) // the upgrade

	report := ok(focus.Read(ok(os.Open("../examples/quickstart/bill.csv")), focus.Options{}))
	usage := ok(report.Accounts()[0].Usage())
	settlement := ok(ok(ok(book.Invoice(timeline, usage)).Settle(advance.Head)).Issue("2026-0002"))
	fmt.Print(settlement)

	refund := billing.Charge{Kind: billing.ChargeCloudService, Amount: decimal.RequireFromString("-412.55"), Period: january}
	if err := usage.Add(refund); err != nil {
		panic(err)
	}
	rerated := ok(book.Invoice(timeline, usage))
	credit := ok(rerated.Settle(advance.Head, settlement.Head))
	fmt.Println("\nlate refund:", credit.Due.StringFixed(2), credit.Currency)
	for _, c := range ok(rerated.Changes(settlement.Invoice)) {
		fmt.Println(c.Plan, c.Before.StringFixed(2), "→", c.After.StringFixed(2))
	}
	// Output:
	// Settlement 2026-0002 for 1–31 January 2026 (UTC)
	// Usage: 7979.50 USD
	// Amount due: 391.85 USD
	// The total is rounded once. So that the amounts add up to it, some are 0.01 above or below their own rounding.
	//
	// Plan       Rate card          Time                Share of the period
	// Developer  illustrative-2026  1–16 January 2026   384 of 744 hours
	// Business   illustrative-2026  17–31 January 2026  360 of 744 hours
	//
	// Plan       Charge                  Calculation                        Exact  Amount USD
	// Developer  All usage               7979.50 × 2.5 % × 16/31      102.961290…      102.96
	// Business   Tier 1: up to 15000.00  7979.50 × 8 % × 15/31        308.883870…      308.89
	// Total                              rounded half up to 2 places  411.845161…      411.85
	//
	// Document       Kind     Period                   Amount USD
	// 2026-0001      advance  1–31 January 2026 (UTC)       20.00
	// Billed before                                         20.00
	// Amount due              411.85 - 20.00               391.85
	//
	// late refund: -21.30 USD
	// developer 102.96 → 97.64
	// business 308.89 → 292.91
}

func ok[V any](v V, err error) V {
	if err != nil {
		panic(err)
	}
	return v
}
