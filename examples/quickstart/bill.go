package main

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"

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

// open opens the named file, or what the program carries with it.
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

func readBill(name string, excluded []string) (focus.Report, error) {
	f, err := open(name, builtInBill)
	if err != nil {
		return focus.Report{}, err
	}
	defer f.Close()
	if slices.Equal(excluded, []string{noService}) {
		excluded = []string{} // which says more than nil
	}
	report, err := focus.Read(f, focus.Options{Exclude: excluded})
	if errors.Is(err, focus.ErrSupport) {
		err = fmt.Errorf("%w; name support services with -exclude, or say -exclude %s", err, noService)
	}
	return report, err
}

// fees are what each plan costs for the usage of one account in one period.
type fees struct {
	Issuer   string          `json:"issuer"`
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
	f := fees{Issuer: a.Issuer, Account: a.Account, Currency: a.Currency, Usage: usage}
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
