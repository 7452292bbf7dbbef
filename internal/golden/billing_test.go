package golden_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/supportplan/supportplan/billing"
	"github.com/supportplan/supportplan/billing/focus"
	"github.com/supportplan/supportplan/plan"
	"github.com/supportplan/supportplan/sla/calendar"
)

// cardText is the JSON form of a card of the given edition, limits and rate for
// the business plan.
const cardText = `{"edition":"%s","currency":"USD","rounding":{"places":2,"mode":"half-up"},"per":"month","proration":"instants","limits":"%s","basis":"period","plans":{
	"developer":{"model":"graduated","tiers":[{"rate":"3%%"}],"minimum":"29"},
	"business":{"model":"graduated","tiers":[{"upTo":"10000","rate":"%s"},{"upTo":"80000","rate":"7%%"},{"rate":"5%%"}],"minimum":"100","maximum":"9000"},
	"enterprise":{"model":"volume","tiers":[{"upTo":"150000","rate":"9%%","flat":"500"},{"rate":"6%%"}],"minimum":"5000","discount":{"rate":"10%%","stage":"after-minimum"}}}}`

func card(t *testing.T, edition, bounds, rate string) billing.Card {
	t.Helper()
	return read[billing.Card](t, fmt.Sprintf(cardText, edition, bounds, rate))
}

// book has a card until March 2026 and another one since.
func book(t *testing.T, bounds string) billing.Book {
	t.Helper()
	start := time.Date(2025, time.January, 1, 0, 0, 0, 0, time.UTC)
	change := time.Date(2026, time.March, 20, 12, 0, 0, 0, time.UTC)
	return must(billing.NewBook(
		billing.EffectiveCard{From: start, Card: card(t, "2025", bounds, "10%")},
		billing.EffectiveCard{From: change, Card: card(t, "2026", bounds, "9%")},
	))
}

// timeline goes from Basic to Developer, Business, Enterprise and back, with a gap.
func timeline(t *testing.T) plan.Timeline {
	t.Helper()
	at := func(month time.Month, day, hour int) time.Time {
		return time.Date(2026, month, day, hour, 0, 0, 0, time.UTC)
	}
	return must(plan.NewTimeline(
		plan.Subscription{Plan: plan.Developer, Period: calendar.Period{Start: at(1, 10, 0), End: at(2, 3, 7)}},
		plan.Subscription{Plan: plan.Business, Period: calendar.Period{Start: at(2, 3, 7), End: at(4, 17, 0)}},
		plan.Subscription{Plan: plan.Enterprise, Period: calendar.Period{Start: at(4, 20, 0), End: at(7, 1, 0)}},
		plan.Subscription{Plan: plan.Business, Period: calendar.Period{Start: at(9, 11, 13)}},
	))
}

func TestCard(t *testing.T) { goldenJSON(t, "card.json", card(t, "2026", "prorated", "9%")) }

func TestBook(t *testing.T) { goldenJSON(t, "book.json", book(t, "whole")) }

// usage has charges of all kinds in a period.
func usage(p calendar.Period) billing.Usage {
	before := calendar.Period{Start: p.Start.AddDate(0, -1, 0), End: p.Start}
	d := decimal.RequireFromString
	return must(billing.NewUsage("USD", p,
		billing.Charge{Kind: billing.ChargeCloudService, Payment: billing.PaymentCash, Amount: d("80000.01"), Period: p},
		billing.Charge{Kind: billing.ChargeCloudService, Payment: billing.PaymentVoucher, Amount: d("5000"), Period: p},
		billing.Charge{Kind: billing.ChargeCloudService, Amount: d("-12.345"), Period: p},
		billing.Charge{Kind: billing.ChargeSupportPlan, Payment: billing.PaymentCredit, Amount: d("100"), Period: p},
		billing.Charge{Kind: billing.ChargeProfessionalService, Amount: d("7"), Period: p},
		billing.Charge{Kind: billing.ChargeCloudService, Amount: d("1"), Period: before},
	))
}

func TestUsage(t *testing.T) {
	goldenJSON(t, "usage.json", usage(must(calendar.Month(2026, time.March, time.UTC))))
}

func TestCardQuote(t *testing.T) {
	u := usage(must(calendar.Month(2026, time.March, time.UTC)))
	for _, p := range []plan.Plan{plan.Business, plan.Enterprise} {
		q := must(card(t, "2026", "prorated", "9%").QuoteUsage(p, u))
		goldenJSON(t, "quote-"+p.String()+".json", q)
	}
}

// spent is a usage of one charge.
func spent(p calendar.Period, amount decimal.Decimal) billing.Usage {
	return must(billing.NewUsage("USD", p, billing.Charge{Kind: billing.ChargeCloudService, Amount: amount, Period: p}))
}

func TestInvoices(t *testing.T) {
	r := random(3)
	var b strings.Builder
	for month := time.January; month <= time.December; month++ {
		period := must(calendar.Month(2026, month, time.UTC))
		usage := spent(period, decimal.New(int64(r.n(30_000_000)), -2))
		for _, bounds := range []string{"prorated", "whole"} {
			i := must(book(t, bounds).Invoice(timeline(t), usage))
			fmt.Fprintf(&b, "%s\n%v\n", bounds, i)
			for _, c := range i.Charges {
				s := i.Segments[c.Segment]
				fmt.Fprintf(&b, "%s %s %s %s\n", s.Plan, s.Edition, rat(c.Exact), c.Amount.StringFixed(2))
			}
		}
	}
	golden(t, "invoices.txt", b.String())
}

func TestDocuments(t *testing.T) {
	march := must(calendar.Month(2026, time.March, time.UTC))
	book := book(t, "whole")
	invoice := must(book.Invoice(timeline(t), spent(march, decimal.RequireFromString("85000"))))
	advance := must(must(book.Advance(timeline(t), march)).Issue("2026-0007"))
	settlement := must(must(invoice.Settle(advance.Head)).Issue("2026-0042"))
	shortfall := must(billing.Commitment{
		Term:     calendar.Period{Start: march.Start, End: march.Start.AddDate(1, 0, 0)},
		Currency: "USD",
		Places:   2,
		Amount:   decimal.New(50_000, 0),
	}.Shortfall(settlement.Head, advance.Head))
	goldenJSON(t, "invoice.json", invoice)
	goldenJSON(t, "advance.json", advance)
	goldenJSON(t, "settlement.json", settlement)
	goldenJSON(t, "shortfall.json", shortfall)
	golden(t, "documents.txt", fmt.Sprint(invoice, "\n", advance, "\n", settlement, "\n", shortfall, "\n", settlement.Page().Markdown()))
}

func TestFocus(t *testing.T) {
	bill, err := os.ReadFile(filepath.Join("..", "..", "examples", "quickstart", "bill.csv"))
	if err != nil {
		t.Fatal(err)
	}
	report := must(focus.Read(bytes.NewReader(bill), focus.Options{}))
	goldenJSON(t, "focus.json", report)
	goldenJSON(t, "focus_accounts.json", report.Accounts())
}
