package billingtest

import (
	"fmt"

	"github.com/shopspring/decimal"

	"github.com/supportplan/supportplan/billing"
	"github.com/supportplan/supportplan/billing/price"
	"github.com/supportplan/supportplan/internal/guard"
)

// Mistakes returns the names of the mistakes that are known of code for the terms,
// each with the fees that it then makes of the usages.
func Mistakes(terms price.Terms, usages ...decimal.Decimal) (out []string) {
	for _, m := range mistakes(terms) {
		line := m.name + ":"
		for _, u := range usages {
			if fee := m.fee(u); fee != nil {
				line += " " + fee.RatString()
			} else {
				line += " none"
			}
		}
		out = append(out, line)
	}
	return out
}

// InvoiceKnowledge returns what is known of each invoice that a check asks for: the
// traits that it has, and the amounts that known mistakes make of it.
func InvoiceKnowledge(b billing.Book, f Invoicer) (out []string) {
	s := &invoiceSubject{book: b, invoicer: f, guard: guard.Guard{Patience: patience}}
	defer s.guard.Close()
	s.ask()
	for _, r := range s.replies {
		out = append(out, r.String())
		for _, t := range invoiceTraits(b) {
			if t.Has(r) {
				out = append(out, t.Name)
			}
		}
		for _, m := range s.mistakes() {
			due, ok := m.due(r)
			out = append(out, fmt.Sprint(m.name, ": ", due, ok))
		}
	}
	return out
}
