package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/supportplan/supportplan/billing"
	"github.com/supportplan/supportplan/billing/focus"
	"github.com/supportplan/supportplan/plan"
)

// A customer is an account and its plans over time.
type customer struct {
	Provider string        `json:"provider"`
	ID       string        `json:"id"`
	Timeline plan.Timeline `json:"timeline"`
}

// A record is a document of an account, as the pipeline reads and writes it.
type issued struct {
	Provider string          `json:"provider"`
	ID       string          `json:"id"`
	Document json.RawMessage `json:"document"`
}

// An amount is what a document adds to the totals.
type amount struct {
	Key   string // currency and kind
	Minor int64
}

// rate re-rates all periods of the accounts that share an ID: with an invoice,
// or with a settlement if there are earlier documents and they add up to
// something else.
func rate(book billing.Book, id string, parts []focus.Report, customers []customer, earlier []issued) (out []issued, amounts []amount, bad []badRow) {
	fail := func(err error) { bad = append(bad, badRow{Where: id, Reason: err.Error()}) }
	var sum focus.Report
	for _, part := range parts {
		if err := sum.Merge(part); err != nil {
			fail(err)
			return nil, nil, bad
		}
	}
	heads, err := headsOf(earlier)
	if err != nil {
		fail(err)
		return nil, nil, bad
	}
	for _, a := range sum.Accounts() {
		i := slices.IndexFunc(customers, func(c customer) bool { return c.Provider == a.Provider })
		if i < 0 {
			fail(fmt.Errorf("%s: no customer", a.Provider))
			continue
		}
		usage, err := a.Usage()
		if err != nil {
			fail(err)
			continue
		}
		document, err := rerate(book, customers[i], usage, heads[a.Provider])
		if err != nil {
			fail(err)
			continue
		}
		if document == nil {
			continue
		}
		data, err := json.Marshal(document)
		if err != nil {
			fail(err)
			continue
		}
		head := document.Record()
		minor, err := head.DueMinor()
		if err != nil {
			fail(err)
			continue
		}
		out = append(out, issued{a.Provider, a.ID, data})
		amounts = append(amounts, amount{head.Currency + " " + string(head.Kind), minor})
	}
	return out, amounts, bad
}

// headsOf returns the heads of the earlier documents by provider, in order.
func headsOf(earlier []issued) (map[string][]billing.Head, error) {
	heads := make(map[string][]billing.Head)
	for _, e := range earlier {
		d, err := billing.DecodeDocument(e.Document)
		if err != nil {
			return nil, err
		}
		heads[e.Provider] = append(heads[e.Provider], d.Record())
	}
	for _, h := range heads {
		slices.SortFunc(h, func(a, b billing.Head) int { return cmp.Compare(a.ID, b.ID) })
	}
	return heads, nil
}

// rerate returns the document that a usage asks for now, or nil if the earlier
// ones already add up to it.
func rerate(book billing.Book, c customer, usage billing.Usage, earlier []billing.Head) (billing.Document, error) {
	invoice, err := book.Invoice(c.Timeline, usage)
	if err != nil {
		return nil, err
	}
	var same []billing.Head
	for _, h := range earlier {
		if h.Period.Equal(invoice.Period) {
			same = append(same, h)
		}
	}
	id := fmt.Sprintf("%s/%s/%s/%d", c.Provider, c.ID, invoice.Period.Start.UTC().Format("2006-01-02"), len(same)+1)
	if len(same) == 0 {
		return invoice.Issue(id)
	}
	settlement, err := invoice.Settle(same...)
	if err != nil || settlement.Due.IsZero() {
		return nil, err
	}
	return settlement.Issue(id)
}
