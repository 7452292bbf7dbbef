package billing

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"github.com/supportplan/supportplan/billing/price"
	"github.com/supportplan/supportplan/internal/amount"
	"github.com/supportplan/supportplan/internal/quote"
	"github.com/supportplan/supportplan/internal/strictjson"
	"github.com/supportplan/supportplan/plan"
	"github.com/supportplan/supportplan/sla/calendar"
)

// ErrSum is wrapped by the error of reading a quote, an invoice or a settlement
// whose amounts do not add up.
var ErrSum = errors.New("amounts do not add up")

const (
	maxLines    = 100_000 // lines, parts and periods of a document
	maxFraction = 512     // the length of an exact fraction
)

// A document made by hand may hold anything; these say what cannot be written.

func (i Invoice) check() error {
	amounts := []decimal.Decimal{i.Usage, i.Total}
	for n, p := range i.Parts {
		if p.Share == nil {
			return fmt.Errorf("part %d has no share: %w", n, ErrAmount)
		}
	}
	for n, l := range i.Lines {
		if l.Share == nil || l.Exact == nil {
			return fmt.Errorf("line %d has no share or no exact amount: %w", n, ErrAmount)
		}
		t := l.Tier
		amounts = append(amounts, l.Amount, t.From, t.To, t.Slice, t.Rate, t.Flat, t.Charge)
	}
	return amount.CheckExact(amounts...)
}

func (s Settlement) check() error {
	if err := s.Invoice.check(); err != nil {
		return err
	}
	return amount.CheckExact(s.Billed, s.Amount)
}

// decodeAmount reads a decimal string; an absent one is zero.
func decodeAmount(v strictjson.Value) decimal.Decimal {
	d, err := amount.Parse(v.Text())
	if err != nil {
		v.Fail(err)
	}
	return d
}

// decodeExact reads a decimal string that may be as long as an exact result.
func decodeExact(v strictjson.Value) decimal.Decimal {
	d, err := amount.ParseExact(v.Text())
	if err != nil {
		v.Fail(err)
	}
	return d
}

// decodeFraction reads an exact fraction, "a/b" or "a".
func decodeFraction(v strictjson.Value) *big.Rat {
	s := v.Text()
	x, ok := new(big.Rat), len(s) <= maxFraction && strings.Trim(s, "-/0123456789") == ""
	if ok {
		_, ok = x.SetString(s)
	}
	if !ok {
		v.Fail(fmt.Errorf("%s: not a fraction: %w", quote.String(s), ErrAmount))
		return new(big.Rat)
	}
	return x
}

type invoiceJSON struct {
	Start    time.Time         `json:"start"`
	End      time.Time         `json:"end"`
	Currency string            `json:"currency"`
	Advance  bool              `json:"advance,omitempty"`
	Usage    string            `json:"usage"`
	Parts    []partJSON        `json:"parts"`
	Lines    []invoiceLineJSON `json:"lines"`
	Total    string            `json:"total"`
}

type partJSON struct {
	Plan    plan.Plan         `json:"plan"`
	Edition string            `json:"edition"`
	Periods []calendar.Period `json:"periods"`
	Share   *big.Rat          `json:"share"`
}

type invoiceLineJSON struct {
	Plan    plan.Plan            `json:"plan"`
	Edition string               `json:"edition"`
	Share   *big.Rat             `json:"share"`
	Kind    price.AdjustmentKind `json:"kind,omitzero"`
	Tier    *price.Line          `json:"tier,omitempty"`
	Exact   *big.Rat             `json:"exact"`
	Amount  string               `json:"amount"`
}

// MarshalJSON returns i's JSON form: start, end, currency, advance where it is
// one, usage, parts (plan, edition, periods, share), lines (plan, edition, share,
// either kind or tier, exact, amount) and total. Amounts are decimal strings;
// share and exact are fractions, "1/3". It returns an error wrapping [ErrAmount]
// if an amount is beyond what an invoice can come to, or a fraction is nil.
func (i Invoice) MarshalJSON() ([]byte, error) {
	if err := i.check(); err != nil {
		return nil, fmt.Errorf("billing: marshal invoice: %w", err)
	}
	return json.Marshal(i.json())
}

func (i Invoice) json() invoiceJSON {
	j := invoiceJSON{
		Start: strictjson.Instant(i.Period.Start), End: strictjson.Instant(i.Period.End),
		Currency: i.Currency, Advance: i.Advance, Usage: amount.Text(i.Usage),
		Parts: make([]partJSON, len(i.Parts)), Lines: make([]invoiceLineJSON, len(i.Lines)),
		Total: amount.Text(i.Total),
	}
	for n, p := range i.Parts {
		j.Parts[n] = partJSON{p.Plan, p.Edition, append([]calendar.Period{}, p.Periods...), p.Share} // no periods are [], not null
	}
	for n, l := range i.Lines {
		j.Lines[n] = invoiceLineJSON{l.Plan, l.Edition, l.Share, l.Kind, nil, l.Exact, amount.Text(l.Amount)}
		if l.Kind == "" {
			j.Lines[n].Tier = &l.Tier
		}
	}
	return j
}

// UnmarshalJSON reads i's JSON form, strictly. Errors name the field and wrap
// [ErrJSON], [ErrAmount], [price.ErrInvalid], [plan.ErrUnknown], [calendar.ErrPeriod],
// or [ErrSum] if the lines' amounts are not the total; after one, *i is as it
// was.
func (i *Invoice) UnmarshalJSON(data []byte) error {
	var out Invoice
	err := strictjson.Decode("billing: decode invoice", data, func(v strictjson.Value) { out = decodeInvoice(v) })
	if err != nil {
		return err
	}
	*i = out
	return nil
}

func decodeInvoice(v strictjson.Value) (i Invoice) {
	v.Object(func(o strictjson.Object) {
		i.Period = decodePeriod(v, o)
		i.Currency = o.Need("currency").Text()
		i.Advance = o.May("advance").Bool()
		i.Usage = decodeExact(o.Need("usage"))
		for _, v := range o.Need("parts").Items(maxLines) {
			i.Parts = append(i.Parts, decodePart(v))
		}
		var sum decimal.Decimal
		for _, v := range o.Need("lines").Items(maxLines) {
			l := decodeInvoiceLine(v)
			sum = sum.Add(l.Amount)
			i.Lines = append(i.Lines, l)
		}
		i.Total = decodeExact(o.Need("total"))
		if !sum.Equal(i.Total) {
			v.At("total").Fail(ErrSum)
		}
	})
	return i
}

// decodePeriod reads the start and end of the object o at v, both of which must
// be there.
func decodePeriod(v strictjson.Value, o strictjson.Object) calendar.Period {
	p, err := calendar.NewPeriod(o.Need("start").Time(), o.Need("end").Time())
	if err == nil && !p.IsBounded() {
		err = calendar.ErrPeriod
	}
	if err != nil {
		v.Fail(err)
	}
	return p
}

func decodePart(v strictjson.Value) (p Part) {
	v.Object(func(o strictjson.Object) {
		o.Need("plan").Into(&p.Plan)
		p.Edition = o.Need("edition").Text()
		for _, v := range o.Need("periods").Items(maxLines) {
			v.Object(func(o strictjson.Object) { p.Periods = append(p.Periods, decodePeriod(v, o)) })
		}
		p.Share = decodeFraction(o.Need("share"))
	})
	return p
}

func decodeInvoiceLine(v strictjson.Value) (l InvoiceLine) {
	v.Object(func(o strictjson.Object) {
		o.Need("plan").Into(&l.Plan)
		l.Edition = o.Need("edition").Text()
		l.Share = decodeFraction(o.Need("share"))
		if kind := o.May("kind"); kind.IsPresent() {
			l.Kind = price.AdjustmentKind(kind.Text())
		} else {
			o.Need("tier").JSON(&l.Tier)
		}
		l.Exact = decodeFraction(o.Need("exact"))
		l.Amount = decodeExact(o.Need("amount"))
	})
	return l
}

type settlementJSON struct {
	Invoice invoiceJSON `json:"invoice"`
	Billed  string      `json:"billed"`
	Amount  string      `json:"amount"`
}

// MarshalJSON returns s's JSON form: invoice, billed and amount. Its errors are
// those of [Invoice.MarshalJSON].
func (s Settlement) MarshalJSON() ([]byte, error) {
	if err := s.check(); err != nil {
		return nil, fmt.Errorf("billing: marshal settlement: %w", err)
	}
	return json.Marshal(settlementJSON{s.Invoice.json(), amount.Text(s.Billed), amount.Text(s.Amount)})
}

// UnmarshalJSON reads s's JSON form, strictly. Errors are those of
// [Invoice.UnmarshalJSON], and wrap [ErrSum] if the amount is not the invoice's
// total less what was billed; after one, *s is as it was.
func (s *Settlement) UnmarshalJSON(data []byte) error {
	var out Settlement
	err := strictjson.Decode("billing: decode settlement", data, func(v strictjson.Value) {
		v.Object(func(o strictjson.Object) {
			out.Invoice = decodeInvoice(o.Need("invoice"))
			out.Billed = decodeExact(o.Need("billed"))
			out.Amount = decodeExact(o.Need("amount"))
			if !out.Invoice.Total.Sub(out.Billed).Equal(out.Amount) {
				v.At("amount").Fail(ErrSum)
			}
		})
	})
	if err != nil {
		return err
	}
	*s = out
	return nil
}
