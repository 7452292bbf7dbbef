package billing_test

import (
	"encoding/json"
	"errors"
	"math/big"
	"strconv"
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"github.com/supportplan/supportplan/billing"
	"github.com/supportplan/supportplan/billing/price"
	"github.com/supportplan/supportplan/plan"
)

// Documents are plain values, which a caller may fill with anything: they
// neither panic nor write gigabytes.
func TestHostileDocuments(t *testing.T) {
	for what, x := range hostileAmounts() {
		line := price.Line{Tier: 1, From: x, To: x, Slice: x, Rate: x, Flat: x, Charge: x}
		quote := billing.Quote{Quote: price.Quote{Usage: x, UsageRated: x, Lines: []price.Line{line}, Adjustments: []price.Adjustment{{Kind: price.AdjustmentMinimum, Amount: x}}, Total: x}}
		invoice := billing.Invoice{Period: march, Currency: "USD", Usage: x, Lines: []billing.InvoiceLine{{Plan: plan.Business, Share: big.NewRat(1, 3), Tier: line, Exact: big.NewRat(1, 3), Amount: x}}, Total: x}
		settlement := billing.Settlement{Invoice: invoice, Billed: x, Amount: x}
		for name, call := range map[string]func(){
			"Quote.String":           func() { _ = quote.String() },
			"Quote.MarshalJSON":      func() { _, _ = json.Marshal(quote) },
			"Invoice.String":         func() { _ = invoice.String() },
			"Invoice.MarshalJSON":    func() { _, _ = json.Marshal(invoice) },
			"Invoice.Settle":         func() { _, _ = invoice.Settle(paper{march, "USD", d("1")}) },
			"Invoice.Share":          func() { _, _ = invoice.Share([]decimal.Decimal{d("1")}, nil) },
			"Settlement.String":      func() { _ = settlement.String() },
			"Settlement.MarshalJSON": func() { _, _ = json.Marshal(settlement) },
		} {
			cheaply(t, name+" of "+what, call)
		}
	}
}

// The zero values of documents, and such as lack what a fraction points to, do
// not panic either.
func TestEmptyDocuments(t *testing.T) {
	for name, call := range map[string]func(){
		"Quote.String": func() { _ = billing.Quote{}.String() },
		"Quote.MarshalJSON": func() {
			_, _ = json.Marshal(billing.Quote{Quote: price.Quote{Lines: []price.Line{{}}, Adjustments: []price.Adjustment{{}}}})
		},
		"Invoice.String": func() { _ = billing.Invoice{}.String() },
		"Invoice.String, lines": func() {
			_ = billing.Invoice{Parts: []billing.Part{{}}, Lines: []billing.InvoiceLine{{}, {Kind: "tip"}}}.String()
		},
		"Invoice.MarshalJSON": func() {
			_, _ = json.Marshal(billing.Invoice{Parts: []billing.Part{{}}, Lines: []billing.InvoiceLine{{}}})
		},
		"Invoice.Settle":         func() { _, _ = billing.Invoice{}.Settle(nil, billing.Invoice{}) },
		"Invoice.Share":          func() { _, _ = billing.Invoice{}.Share(nil, nil) },
		"Settlement.String":      func() { _ = billing.Settlement{}.String() },
		"Settlement.MarshalJSON": func() { _, _ = json.Marshal(billing.Settlement{}) },
		"Usage":                  func() { _ = billing.Usage{}.Billable() },
		"Book":                   func() { _, _ = json.Marshal(billing.Book{}) },
		"Interval.Contains":      func() { _ = price.Interval{}.Contains(nil) },
		"Schedule":               func() { _ = price.Schedule{}.Pieces() },
	} {
		cheaply(t, name, call)
	}
}

// What a document made by hand cannot be is an error, in any of its fields.
func TestDocumentsThatCannotBe(t *testing.T) {
	absurd := decimal.New(1, 1e9)
	share := big.NewRat(1, 1)
	quotes := map[string]price.Quote{
		"usage":      {Usage: absurd},
		"rated":      {UsageRated: absurd},
		"total":      {Total: absurd},
		"adjustment": {Adjustments: []price.Adjustment{{Kind: price.AdjustmentRounding, Amount: absurd}}},
	}
	for i, line := range []price.Line{{From: absurd}, {To: absurd}, {Slice: absurd}, {Rate: absurd}, {Flat: absurd}, {Charge: absurd}} {
		quotes["line "+strconv.Itoa(i)] = price.Quote{Lines: []price.Line{{}, line}}
	}
	for name, q := range quotes {
		if _, err := q.MarshalJSON(); !errors.Is(err, billing.ErrAmount) || !strings.Contains(err.Error(), "a number of 1 digits") {
			t.Errorf("quote, %s: %v", name, err)
		}
		if got := q.String(); !strings.HasPrefix(got, "Quote(") || !strings.Contains(got, "a number of 1 digits with exponent 1000000000: ") {
			t.Errorf("quote, %s: %s", name, got)
		}
	}
	for name, i := range map[string]billing.Invoice{
		"usage":         {Usage: absurd},
		"total":         {Total: absurd},
		"part's share":  {Parts: []billing.Part{{Share: share}, {}}},
		"line's share":  {Lines: []billing.InvoiceLine{{Share: share, Exact: share}, {Exact: share}}},
		"line's exact":  {Lines: []billing.InvoiceLine{{Share: share}}},
		"line's amount": {Lines: []billing.InvoiceLine{{Share: share, Exact: share, Amount: absurd}}},
		"line's tier":   {Lines: []billing.InvoiceLine{{Share: share, Exact: share, Tier: price.Line{Flat: absurd}}}},
	} {
		if _, err := i.MarshalJSON(); !errors.Is(err, billing.ErrAmount) || !strings.HasPrefix(err.Error(), "billing: marshal invoice: ") {
			t.Errorf("invoice, %s: %v", name, err)
		}
		s := billing.Settlement{Invoice: i}
		if _, err := s.MarshalJSON(); !errors.Is(err, billing.ErrAmount) || !strings.HasPrefix(err.Error(), "billing: marshal settlement: ") {
			t.Errorf("settlement, %s: %v", name, err)
		}
		if i, s := i.String(), s.String(); !strings.HasPrefix(i, "Invoice(") || !strings.HasPrefix(s, "Settlement(") {
			t.Errorf("%s: %s\n%s", name, i, s)
		}
	}
	for name, s := range map[string]billing.Settlement{"billed": {Billed: absurd}, "amount": {Amount: absurd}} {
		if _, err := s.MarshalJSON(); !errors.Is(err, billing.ErrAmount) {
			t.Errorf("settlement, %s: %v", name, err)
		}
	}
	if _, err := (billing.Invoice{Total: absurd}).Settle(); !errors.Is(err, billing.ErrAmount) {
		t.Error(err)
	}
	if (price.Interval{}).Contains(share) || (price.Interval{From: share}).Contains(nil) {
		t.Error("the zero Interval contains something, or an interval nil")
	}
}
