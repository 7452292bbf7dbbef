package walk_test

import (
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"github.com/supportplan/supportplan/billing"
	"github.com/supportplan/supportplan/billing/focus"
	"github.com/supportplan/supportplan/billing/price"
	"github.com/supportplan/supportplan/plan"
	"github.com/supportplan/supportplan/sla/calendar"
)

var (
	terms = text[price.Terms](`{"model":"volume","tiers":[{"upTo":"5000","rate":"8%","flat":"10"},{"rate":"6%","flat":"20"}],
		"minimum":"120","maximum":"9000","discount":{"rate":"12.5%","stage":"after-minimum"},
		"rounding":{"places":2,"mode":"half-up"},"usageRounding":{"places":0,"mode":"up"}}`)
	card = text[billing.Card](`{"edition":"2026","currency":"USD","rounding":{"places":2,"mode":"half-up"},"per":"month","proration":"instants","limits":"prorated","basis":"period","plans":{
		"developer":{"model":"graduated","tiers":[{"rate":"3%"}],"minimum":"29"},
		"business":{"model":"graduated","tiers":[{"upTo":"10000","rate":"10%"},{"rate":"7%"}],"minimum":"100"}}}`)
)

// march is the period of the filled documents.
func march() calendar.Period { return must(calendar.Month(2026, time.March, time.UTC)) }

func filledBook() billing.Book { return must(card().Book(march().Start.AddDate(-1, 0, 0))) }

func filledUsage() billing.Usage {
	return must(billing.NewUsage("USD", march(),
		billing.Charge{Kind: billing.ChargeCloudService, Payment: billing.PaymentCash, Amount: decimal.New(8500001, -2), Period: march()},
		billing.Charge{Kind: billing.ChargeCloudService, Amount: decimal.New(-1, 0), Period: march()},
		billing.Charge{Kind: billing.ChargeSupportPlan, Amount: decimal.New(100, 0), Period: march()},
	))
}

func filledInvoice() billing.Invoice {
	timeline := must(plan.NewTimeline(
		plan.Subscription{Plan: plan.Developer, Period: calendar.Period{Start: march().Start, End: march().Start.AddDate(0, 0, 11)}},
		plan.Subscription{Plan: plan.Business, Period: calendar.Period{Start: march().Start.AddDate(0, 0, 11)}},
	))
	return must(filledBook().Invoice(timeline, filledUsage()))
}

var (
	_ = register(kept, terms)
	_ = register(kept, card)
	_ = register(kept, filledBook)
	_ = register(kept, filledUsage)
	_ = register(kept, filledInvoice)
	_ = register(kept, func() billing.Quote {
		return must(card().QuoteUsage(plan.Business, filledUsage()))
	})
	_ = register(kept, func() billing.Settlement { return must(filledInvoice().Settle(filledHead())) })
	_ = register(kept, func() billing.Shortfall {
		term := calendar.Period{Start: march().Start, End: march().Start.AddDate(1, 0, 0)}
		return must(billing.Commitment{Term: term, Currency: "USD", Places: 2, Amount: decimal.New(50_000, 0)}.Shortfall(filledHead()))
	})
	_ = register(kept, func() price.Schedule { return must(price.Compile(terms())) })
	_ = register(kept, filledQuote)
	_ = register(kept, func() price.Line { return filledQuote().Lines[0] })
	_ = register(kept, func() price.Rounding { return terms().Rounding })

	_ = register(written, func() focus.Sum { return focus.Sum{Rows: 2, Cost: decimal.New(12345, -3)} })

	_ = register(kept, filledReport)
	_ = independent(filledReport, func(r *focus.Report) {
		if err := r.Merge(filledReport()); err != nil {
			panic(err)
		}
	})

	_ = independent(filledUsage, func(u *billing.Usage) {
		if err := u.Merge(filledUsage()); err != nil {
			panic(err)
		}
	})
)

// filledHead is the head of an issued advance.
func filledHead() billing.Head {
	return must(must(filledBook().Advance(plan.Timeline{}, march())).Issue("2026-0001")).Head
}

func filledReport() focus.Report {
	return must(focus.Read(strings.NewReader("ProviderName,InvoiceIssuerName,BillingAccountId,BillingCurrency,ChargePeriodStart,ChargeCategory,ServiceCategory,ServiceName,ServiceSubcategory,BilledCost\n"+
		"P,I,1,USD,2026-03-02,Usage,Compute,VM,Virtual Machines,12.5\nP,,1,USD,2026-03-02,Usage,Compute,Help,Support,1e-20\nP,I,1,USD,2026-03-02,Purchase,,Care,,3\n"),
		focus.Options{ExcludeServices: []string{"care", "Other Care"}}))
}

func filledQuote() price.Quote {
	return must(must(price.Compile(terms())).Quote(decimal.New(123456789, -2)))
}
