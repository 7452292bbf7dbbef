package main

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/supportplan/supportplan/billing"
	"github.com/supportplan/supportplan/billing/focus"
	"github.com/supportplan/supportplan/plan"
)

// The bill and the card that the program carries with it are invented.
var (
	//go:embed bill.csv
	builtInBill []byte
	//go:embed card.json
	builtInCard []byte
)

// open opens the named file, or the built-in one.
func open(name string, own []byte) (io.ReadCloser, error) {
	if name == builtIn {
		return io.NopCloser(bytes.NewReader(own)), nil
	}
	return os.Open(name)
}

// maxCard is how many bytes of a rate card are read; ten thousand tiers for
// each plan are fewer.
const maxCard = 16 << 20

func readCard(name string) (billing.Card, error) {
	f, err := open(name, builtInCard)
	if err != nil {
		return billing.Card{}, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxCard+1))
	if err != nil {
		return billing.Card{}, err
	}
	if len(data) > maxCard {
		return billing.Card{}, fmt.Errorf("more than %d bytes", maxCard)
	}
	var card billing.Card
	err = json.Unmarshal(data, &card)
	return card, err
}

// usageBill is the usage on all bills; -json prints its JSON form.
type usageBill struct {
	Cost     focus.Cost        `json:"cost"`
	Rows     int               `json:"rows"`
	Accounts []focus.Account   `json:"accounts"`
	Outside  []focus.Account   `json:"outside,omitempty"` // rows that do not count and name no account, currency or time
	Unused   []focus.Exclusion `json:"unused,omitempty"`  // names that excluded no row
}

// readBills reads the bills one after another and puts them together.
func readBills(names []string, o focus.Options) (usageBill, error) {
	var all focus.Report
	for _, name := range names {
		report, err := readBill(name, o)
		if err == nil {
			err = all.Merge(report)
		}
		if err != nil {
			return usageBill{}, withFlag(name, err)
		}
	}
	return usageBill{all.Cost(), all.Rows(), all.Accounts(), all.Outside(), all.Unused()}, nil
}

func readBill(name string, o focus.Options) (focus.Report, error) {
	f, err := open(name, builtInBill)
	if err != nil {
		return focus.Report{}, err
	}
	defer f.Close()
	return focus.Read(f, o)
}

// flagsFor has the end of an error that a flag can help with, by the option
// that the flag sets.
var flagsFor = map[string]string{
	"Columns":       "; for a column under another name say -column NAME=ITS-NAME",
	"Comma":         "; for another delimiter say -comma ';' or -comma tab",
	"CountUnmarked": "; name services that are support with -exclude, and say -count-unmarked if all other unmarked rows count",
	"Zone":          "; sum by the months of a zone with -zone, such as -zone UTC, or by the bills' own periods with -as-billed",
}

// withFlag returns the error of a bill with the file's name and the flag that
// can help.
func withFlag(name string, err error) error {
	var of *focus.Error
	switch {
	case errors.As(err, &of):
		end := flagsFor[of.Option]
		said := *of
		said.Option = ""
		return fmt.Errorf("%s: %w%s", name, &said, end)
	case errors.Is(err, focus.ErrPeriods):
		return fmt.Errorf("%s: %w%s", name, err, flagsFor["Zone"])
	}
	return fmt.Errorf("%s: %w", name, err)
}

// fees are the fees of each plan for the usage of one account in one period.
type fees struct {
	Provider string          `json:"provider"`
	Account  string          `json:"account"`
	Currency string          `json:"currency"`
	Usage    billing.Usage   `json:"usage"`
	Quotes   []billing.Quote `json:"quotes,omitempty"`
	Unpriced string          `json:"unpriced,omitempty"` // why there are no quotes
}

// price quotes Basic and every plan that the card prices. An account in another
// currency stays without quotes: nothing is converted.
func price(a focus.Account, card billing.Card) (fees, error) {
	usage, err := a.Usage()
	if err != nil {
		return fees{}, err
	}
	f := fees{Provider: a.Provider, Account: a.ID, Currency: a.Currency, Usage: usage}
	if a.Currency != card.Currency() {
		f.Unpriced = fmt.Sprintf("the bill is in %s, the rate card in %s", a.Currency, card.Currency())
		return f, nil
	}
	for _, p := range append([]plan.Plan{plan.Basic}, card.Plans()...) {
		quote, err := card.QuoteUsage(p, usage)
		if err != nil {
			return fees{}, err
		}
		f.Quotes = append(f.Quotes, quote)
	}
	return f, nil
}
