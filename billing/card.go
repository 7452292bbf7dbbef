package billing

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"github.com/supportplan/supportplan/billing/price"
	"github.com/supportplan/supportplan/internal/amount"
	"github.com/supportplan/supportplan/internal/field"
	"github.com/supportplan/supportplan/internal/quote"
	"github.com/supportplan/supportplan/internal/strictjson"
	"github.com/supportplan/supportplan/plan"
	"github.com/supportplan/supportplan/sla/calendar"
)

// CardTerms are a rate card as data: what each paid plan costs, in one
// currency. [NewCard] checks them and makes a [Card] of them. The zero
// CardTerms are not valid.
//
// The provider publishes no price, so this library ships none: a card is always
// the caller's own. The JSON form has the fields edition, currency, rounding,
// bounds and plans, an object from a plan's token to its [price.Terms].
//
// Source: Pricing, 2023-09-14.
type CardTerms struct {
	// Edition names the card, so that every quote and invoice can say which
	// card it was made with: a date, a version, a contract's number.
	Edition string
	// Currency is the ISO 4217 code of all amounts, three capital letters.
	Currency string
	// Rounding of every total. Its places are the currency's: nothing is
	// guessed from the code.
	Rounding price.Rounding
	// Bounds says what becomes of minimum and maximum in a part of a period.
	// The zero Proration leaves it open: then the card makes no invoice.
	Bounds Proration
	// Plans has the terms of each plan that the card prices. Terms may leave
	// their own Rounding zero; another than the card's is an error. Basic is
	// free and must not be among them.
	Plans map[plan.Plan]price.Terms
}

// A Card is a rate card, compiled from [CardTerms]. It does not change, may be
// copied, and may be used from many goroutines at once. The zero Card prices
// nothing: its methods return [ErrNotCompiled]. Its JSON form is its terms'.
type Card struct{ c *compiledCard }

type compiledCard struct {
	terms     CardTerms
	schedules [plan.Enterprise + 1]price.Schedule
}

// NewCard checks t and makes a Card of it, which shares nothing with t. Errors
// name the field as the JSON form would, and wrap [ErrEdition], [ErrCurrency],
// [price.ErrInvalid], [ErrProration], [ErrPricedBasic], [plan.ErrUnknown] or what [price.Compile] returns.
func NewCard(t CardTerms) (Card, error) {
	c, path, err := compileCard(t)
	if err != nil {
		return Card{}, field.Op("billing: rate card", field.Wrap(path, err))
	}
	return Card{c}, nil
}

func compileCard(t CardTerms) (c *compiledCard, path string, err error) {
	if t.Edition == "" {
		return nil, "edition", ErrEdition
	}
	if !isCurrency(t.Currency) {
		return nil, "currency", fmt.Errorf("%s: %w", quote.String(t.Currency), ErrCurrency)
	}
	if !t.Rounding.IsValid() {
		return nil, "rounding", fmt.Errorf("%d places, mode %v: %w", t.Rounding.Places, t.Rounding.Mode, price.ErrInvalid)
	}
	if t.Bounds != 0 && !t.Bounds.IsValid() {
		return nil, "bounds", fmt.Errorf("%v: %w", t.Bounds, ErrProration)
	}
	c = &compiledCard{terms: t}
	c.terms.Plans = make(map[plan.Plan]price.Terms, len(t.Plans))
	for _, p := range slices.Sorted(maps.Keys(t.Plans)) {
		at := "plans." + p.String()
		if !p.IsValid() {
			return nil, at, plan.ErrUnknown
		}
		if !p.IsPaid() {
			return nil, at, ErrPricedBasic
		}
		terms := t.Plans[p]
		if terms.Rounding == (price.Rounding{}) {
			terms.Rounding = t.Rounding
		}
		if terms.Rounding != t.Rounding {
			return nil, at + ".rounding", fmt.Errorf("other than the card's: %w", price.ErrInvalid)
		}
		schedule, err := price.Compile(terms)
		if err != nil {
			return nil, at, err
		}
		c.terms.Plans[p] = schedule.Terms()
		c.schedules[p] = schedule
	}
	return c, "", nil
}

func isCurrency(s string) bool {
	if len(s) != 3 {
		return false
	}
	for _, c := range []byte(s) {
		if c < 'A' || c > 'Z' {
			return false
		}
	}
	return true
}

// Terms returns what c was made of, with a map and tiers of the caller's own;
// each plan's terms have the card's rounding. The zero Card has the zero
// CardTerms.
func (c Card) Terms() CardTerms {
	if c.c == nil {
		return CardTerms{}
	}
	t := c.c.terms
	t.Plans = make(map[plan.Plan]price.Terms, len(t.Plans))
	for p, terms := range c.c.terms.Plans {
		terms.Tiers = slices.Clone(terms.Tiers)
		t.Plans[p] = terms
	}
	return t
}

// Book returns the book in which c is in force from the given effective date on,
// without end. Its errors are those of [NewBook].
func (c Card) Book(effective time.Time) (Book, error) {
	return NewBook(EffectiveCard{calendar.Period{Start: effective}, c})
}

// Edition returns the name of the card, or "" for the zero Card.
func (c Card) Edition() string {
	if c.c == nil {
		return ""
	}
	return c.c.terms.Edition
}

// Currency returns the ISO 4217 code of the card's amounts, or "" for the zero
// Card.
func (c Card) Currency() string {
	if c.c == nil {
		return ""
	}
	return c.c.terms.Currency
}

// Plans returns the plans that the card prices, in rising order, in a slice of
// the caller's own. Basic, which is free, is not among them.
func (c Card) Plans() []plan.Plan {
	if c.c == nil {
		return nil
	}
	return slices.Sorted(maps.Keys(c.c.terms.Plans))
}

// Schedule returns what plan p costs. It returns an error wrapping
// [ErrNotPriced] if the card has no terms for p, as it never has for Basic,
// which is free; [plan.ErrUnknown] if p is not valid; and [ErrNotCompiled] for
// the zero Card.
func (c Card) Schedule(p plan.Plan) (price.Schedule, error) {
	switch {
	case c.c == nil:
		return price.Schedule{}, fmt.Errorf("billing: schedule: %w", ErrNotCompiled)
	case !p.IsValid():
		return price.Schedule{}, fmt.Errorf("billing: schedule of %v: %w", p, plan.ErrUnknown)
	case c.c.schedules[p] == price.Schedule{}:
		return price.Schedule{}, fmt.Errorf("billing: schedule of %v in edition %s: %w", p, quote.String(c.c.terms.Edition), ErrNotPriced)
	}
	return c.c.schedules[p], nil
}

// Fee returns what plan p costs for a usage, as [price.Schedule.Fee] does; Basic
// costs 0. Its errors are those of Fee and of [Card.Schedule].
func (c Card) Fee(p plan.Plan, usage decimal.Decimal) (decimal.Decimal, error) {
	if p == plan.Basic {
		q, err := c.Quote(p, usage)
		return q.Total, err
	}
	s, err := c.Schedule(p)
	if err != nil {
		return decimal.Decimal{}, err
	}
	return s.Fee(usage)
}

// Quote returns what plan p costs for a usage, as [price.Schedule.Quote] does, under
// the card's currency and edition. The quote of Basic has no lines and a total
// of 0. Its errors are those of Quote and of [Card.Schedule].
func (c Card) Quote(p plan.Plan, usage decimal.Decimal) (Quote, error) {
	var q Quote
	if p == plan.Basic && c.c != nil {
		if err := amount.CheckPositive(usage); err != nil {
			return Quote{}, fmt.Errorf("billing: quote: usage %w", err)
		}
		q.Quote = price.Quote{Usage: usage, UsageRated: usage, Total: decimal.New(0, -c.c.terms.Rounding.Places)}
	} else {
		s, err := c.Schedule(p)
		if err != nil {
			return Quote{}, err
		}
		if q.Quote, err = s.Quote(usage); err != nil {
			return Quote{}, err
		}
	}
	q.Plan, q.Currency, q.Edition = p, c.c.terms.Currency, c.c.terms.Edition
	return q, nil
}

// QuoteUsage returns what plan p costs for a period's usage: [Card.Quote] for
// what of it is billable, under the usage's period. Its errors are those of
// Quote, and one wrapping [calendar.ErrPeriod] for the zero Usage.
func (c Card) QuoteUsage(p plan.Plan, u Usage) (Quote, error) {
	if !u.Period().IsValid() {
		return Quote{}, fmt.Errorf("billing: quote usage of no period: %w", calendar.ErrPeriod)
	}
	q, err := c.Quote(p, u.Billable())
	if err != nil {
		return Quote{}, err
	}
	q.Period = u.Period()
	return q, nil
}

type cardJSON struct {
	Edition  string                        `json:"edition"`
	Currency string                        `json:"currency"`
	Rounding price.Rounding                `json:"rounding"`
	Bounds   Proration                     `json:"bounds,omitzero"`
	Plans    map[plan.Plan]json.RawMessage `json:"plans"`
}

// MarshalJSON returns the JSON form of c's terms, with the rounding written
// once. The zero Card is an error wrapping [ErrNotCompiled].
func (c Card) MarshalJSON() ([]byte, error) {
	if c.c == nil {
		return nil, fmt.Errorf("billing: marshal rate card: %w", ErrNotCompiled)
	}
	t := c.c.terms
	j := cardJSON{t.Edition, t.Currency, t.Rounding, t.Bounds, make(map[plan.Plan]json.RawMessage)}
	rounding, _ := t.Rounding.MarshalJSON() // that of a card, and its terms, are valid
	for p, terms := range t.Plans {
		data, _ := terms.MarshalJSON()
		j.Plans[p] = strictjson.Omit(strictjson.Nest(data), "rounding", rounding)
	}
	return json.Marshal(j)
}

// UnmarshalJSON reads a card's JSON form, strictly, and checks it as [NewCard]
// does. Errors wrap [ErrJSON] or the sentinel of what is wrong and name the
// field, as in plans.business.tiers[2].rate; after one, *c is as it was.
func (c *Card) UnmarshalJSON(data []byte) error {
	var out Card
	err := strictjson.Decode("billing: decode rate card", data, func(v strictjson.Value) {
		out = decodeCard(v)
	})
	if err != nil {
		return err
	}
	*c = out
	return nil
}

// decodeCard reads a card at v. Where it fails, so does the document.
func decodeCard(v strictjson.Value) Card {
	var t CardTerms
	v.Object(func(o strictjson.Object) {
		t.Edition = o.Need("edition").Text()
		t.Currency = o.Need("currency").Text()
		rounding := o.Need("rounding")
		rounding.JSON(&t.Rounding)
		o.May("bounds").Into(&t.Bounds)
		t.Plans = make(map[plan.Plan]price.Terms)
		for name, v := range o.Need("plans").Fields() {
			var p plan.Plan
			if err := p.UnmarshalText([]byte(name)); err != nil {
				v.Fail(err)
				continue
			}
			var terms price.Terms
			v.Default("rounding", rounding).JSON(&terms)
			t.Plans[p] = terms
		}
	})
	c, path, err := compileCard(t)
	if err != nil {
		v.At(path).Fail(err)
	}
	return Card{c}
}
