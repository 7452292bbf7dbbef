package billing

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"math/big"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/shopspring/decimal"

	"github.com/supportplan/supportplan/billing/price"
	"github.com/supportplan/supportplan/internal/amount"
	"github.com/supportplan/supportplan/internal/enum"
	"github.com/supportplan/supportplan/internal/field"
	"github.com/supportplan/supportplan/internal/quote"
	"github.com/supportplan/supportplan/internal/strictjson"
	"github.com/supportplan/supportplan/plan"
	"github.com/supportplan/supportplan/sla/calendar"
)

// CardTerms are a rate card as data: the price of each paid plan, in one
// currency. [NewCard] checks them and makes a [Card] of them. Every field is
// needed except Zone. The zero CardTerms are not valid.
//
// The provider publishes no price, so this library ships none: a card is always
// the caller's own. The JSON form has the fields format, which may be missing,
// edition, currency, rounding, per, proration, zone, limits, basis and plans,
// an object from a plan's token to its [price.Terms]. A rate of 1 or more must
// be written in per cent: a bare "10" is refused, because it is a slip for
// "10%" or "0.10".
//
// Source: Pricing, 2023-09-14.
type CardTerms struct {
	// Edition names the card, so that every quote and invoice can name it: a
	// date, a version, a contract's number. It has at most 200 bytes.
	Edition string
	// Currency is the ISO 4217 code of all amounts, three capital letters.
	Currency string
	// Rounding of every total. Its places are the currency's: nothing is
	// guessed from the code.
	Rounding price.Rounding
	// Per is the time that the prices are for, such as [IntervalMonth].
	Per Interval
	// Proration divides a period between plans: by instants or by civil days.
	Proration Proration
	// Zone is the zone of the civil days. It is needed for [ProrationDays], and
	// must be nil otherwise.
	Zone *time.Location
	// Limits are prorated or whole.
	Limits price.Limits
	// Basis is the usage that a segment of a period is charged on.
	Basis price.Basis
	// Plans has the terms of each plan that the card prices. Terms may leave
	// their own Rounding zero; another than the card's is an error. Basic is
	// free and must not be among them. A rate of 1 or more needs two or more
	// decimal places, as in 1.00 for 100 %.
	Plans map[plan.Plan]price.Terms
}

// A Card is a rate card, compiled from [CardTerms]. It does not change, may be
// copied, and may be used from many goroutines at once. The zero Card prices
// nothing: its methods return an error wrapping [ErrInvalid].
//
// Its JSON form is its terms':
//
//	{
//	  "edition": "illustrative-2026", "currency": "USD",
//	  "rounding": {"places": 2, "mode": "half-up"},
//	  "per": "month", "proration": "instants", "limits": "prorated", "basis": "period",
//	  "plans": {
//	    "developer": {"model": "graduated", "tiers": [{"rate": "3%"}], "minimum": "29"},
//	    "business": {"model": "graduated", "tiers": [{"upTo": "10000", "rate": "10%"}, {"rate": "7%"}], "minimum": "100"}
//	  }
//	}
type Card struct{ c *compiledCard }

type compiledCard struct {
	terms     CardTerms
	schedules [plan.Enterprise + 1]price.Schedule
}

// errZeroCard is the error of a zero Card that is asked for a price.
var errZeroCard = fmt.Errorf("the zero card; make one with NewCard: %w", ErrInvalid)

var errNoRounding = fmt.Errorf("missing; want places, such as 2 for cents, and a mode, such as half-up: %w", ErrInvalid)

// NewCard checks t and makes a Card of it that shares nothing with t. An
// error wraps [ErrInvalid] and names the field as the JSON form would, with the
// values that it may have.
func NewCard(t CardTerms) (Card, error) {
	c, err := compileCard(t)
	if err != nil {
		return Card{}, field.Op("billing: rate card", invalid(err))
	}
	return Card{c}, nil
}

// checkChoice returns an error at path if e, a value of the given kind, is none
// of all.
func checkChoice[E ~string](path, kind string, e E, all []E) error {
	return field.Wrap(path, enum.CheckToken(e, kind, all, ErrInvalid))
}

// checkName returns an error if the name s is empty, too long or
// no plain text.
func checkName(path, s string) error {
	const limit = 200
	plain := func(r rune) bool { return r != utf8.RuneError && !unicode.IsControl(r) }
	switch {
	case s == "":
		return field.Wrap(path, fmt.Errorf("missing; want a text of 1 to %d bytes: %w", limit, ErrInvalid))
	case len(s) > limit:
		return field.Wrap(path, fmt.Errorf("%s has %d bytes: want 1 to %d: %w", quote.String(s), len(s), limit, ErrInvalid))
	case strings.ContainsFunc(s, func(r rune) bool { return !plain(r) }):
		return field.Wrap(path, fmt.Errorf("%s: want text without control characters: %w", quote.String(s), ErrInvalid))
	}
	return nil
}

func compileCard(t CardTerms) (*compiledCard, error) {
	if err := cmp.Or(checkName("edition", t.Edition), field.Wrap("currency", checkCurrency(t.Currency))); err != nil {
		return nil, err
	}
	if t.Rounding == (price.Rounding{}) {
		return nil, field.Wrap("rounding", errNoRounding)
	}
	if _, err := t.Rounding.Round(decimal.Decimal{}); err != nil {
		return nil, field.Wrap("rounding", err)
	}
	err := cmp.Or(checkChoice("per", "interval", t.Per, intervals), checkChoice("proration", "proration", t.Proration, prorations),
		checkZone(t.Proration, t.Zone), checkChoice("limits", "kind of limits", t.Limits, limits), checkChoice("basis", "basis", t.Basis, bases))
	if err != nil {
		return nil, err
	}
	if len(t.Plans) == 0 {
		return nil, field.Wrap("plans", fmt.Errorf("missing; want the terms of one paid plan or more: %w", ErrInvalid))
	}
	c := &compiledCard{terms: t}
	c.terms.Plans = make(map[plan.Plan]price.Terms, len(t.Plans))
	for _, p := range slices.Sorted(maps.Keys(t.Plans)) {
		at := "plans." + p.String()
		if !p.IsValid() {
			return nil, field.Wrap(at, plan.ErrUnknown)
		}
		if !p.IsPaid() {
			return nil, field.Wrap(at, fmt.Errorf("the basic plan is free: want paid plans alone: %w", ErrInvalid))
		}
		terms := plainTerms(t.Plans[p])
		if terms.Rounding == (price.Rounding{}) {
			terms.Rounding = t.Rounding
		}
		if terms.Rounding != t.Rounding {
			return nil, field.Wrap(at+".rounding", fmt.Errorf("another than the card's: leave it out: %w", ErrInvalid))
		}
		schedule, err := price.Compile(terms)
		if err != nil {
			return nil, field.Wrap(at, err)
		}
		if err := checkRates(terms); err != nil {
			return nil, field.Wrap(at, err)
		}
		c.terms.Plans[p] = schedule.Terms()
		c.schedules[p] = schedule
	}
	return c, nil
}

// plainTerms returns t with every amount as its JSON form reads back.
func plainTerms(t price.Terms) price.Terms {
	t.Tiers = slices.Clone(t.Tiers)
	for i, tier := range t.Tiers {
		t.Tiers[i] = price.Tier{UpTo: plain(tier.UpTo), Rate: plain(tier.Rate), Flat: plain(tier.Flat)}
	}
	t.Minimum, t.Maximum, t.Discount.Rate = plain(t.Minimum), plain(t.Maximum), plain(t.Discount.Rate)
	return t
}

// plain returns d without an exponent above 0, and 0 without places. A number
// beyond the limits of amounts is returned as it is.
func plain(d decimal.Decimal) decimal.Decimal {
	switch {
	case amount.Check(d) != nil:
		return d
	case d.IsZero():
		return decimal.Decimal{}
	case d.Exponent() > 0:
		return fixed(d, 0)
	}
	return d
}

// checkZone returns an error unless zone is given for, and only for, days.
func checkZone(p Proration, zone *time.Location) error {
	switch {
	case p != ProrationDays && zone == nil:
		return nil
	case p != ProrationDays:
		return field.Wrap("zone", fmt.Errorf("%s: leave it out, %s have no zone: %w", quote.String(zone.String()), p, ErrInvalid))
	case zone == nil:
		return field.Wrap("zone", fmt.Errorf("missing; want the IANA zone of the days: %w", ErrInvalid))
	}
	return field.Wrap("zone", checkZoneName(zone.String()))
}

// checkRates returns an error for a rate of 1 or more that may be a slip for as
// many per cent: one with fewer than two decimal places.
func checkRates(t price.Terms) error {
	check := func(path string, rate decimal.Decimal) error {
		if isBare(rate) && rate.Exponent() > -2 {
			return field.Wrap(path, errBare(rate.String()))
		}
		return nil
	}
	for i, tier := range t.Tiers {
		if err := check(fmt.Sprintf("tiers[%d].rate", i), tier.Rate); err != nil {
			return err
		}
	}
	return check("discount.rate", t.Discount.Rate)
}

func isBare(rate decimal.Decimal) bool { return rate.GreaterThanOrEqual(decimal.New(1, 0)) }

func errBare(rate string) error {
	return fmt.Errorf("%s: a rate of 1 or more is 100 %% or more of the usage: write it in per cent, or as a fraction below 1: %w", quote.String(rate), ErrInvalid)
}

// Terms returns the terms that c was made of, with a map and tiers of the
// caller's own. Each plan's terms have the card's rounding. The zero Card has the
// zero CardTerms.
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

// Book returns the book of c alone, in force from the given effective date on.
// Its errors are those of [NewBook].
func (c Card) Book(effective time.Time) (Book, error) {
	return NewBook(EffectiveCard{effective, c})
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
// the caller's own. Basic is free and not among them.
func (c Card) Plans() []plan.Plan {
	if c.c == nil {
		return nil
	}
	return slices.Sorted(maps.Keys(c.c.terms.Plans))
}

// Schedule returns the price of plan p. It returns an error wrapping
// [ErrNotPriced] if the card has no terms for p, as it never has for Basic,
// which is free; [plan.ErrUnknown] if p is not valid; or [ErrInvalid] for the
// zero Card.
func (c Card) Schedule(p plan.Plan) (price.Schedule, error) {
	s, err := c.schedule(p)
	if err != nil {
		return price.Schedule{}, fmt.Errorf("billing: schedule: %w", err)
	}
	return s, nil
}

func (c Card) schedule(p plan.Plan) (price.Schedule, error) {
	switch {
	case c.c == nil:
		return price.Schedule{}, errZeroCard
	case !p.IsValid():
		return price.Schedule{}, invalid(fmt.Errorf("%v: %w", p, plan.ErrUnknown))
	case c.c.schedules[p] == price.Schedule{}:
		return price.Schedule{}, fmt.Errorf("%v in edition %s: %w", p, quote.String(c.c.terms.Edition), ErrNotPriced)
	}
	return c.c.schedules[p], nil
}

// Fee returns the fee of plan p for a usage, as [price.Schedule.Fee] does; Basic
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
	fee, err := s.Fee(usage)
	return fee, invalid(err)
}

// Quote returns the fee of plan p for a usage with its reasons, as
// [price.Schedule.Quote] does, under the card's currency and edition. The quote
// of Basic has no lines and a total of 0. Its errors are those of Quote and of
// [Card.Schedule].
func (c Card) Quote(p plan.Plan, usage decimal.Decimal) (Quote, error) {
	var q Quote
	if p == plan.Basic && c.c != nil {
		if err := amount.CheckPositive(usage); err != nil {
			return Quote{}, fmt.Errorf("billing: quote: usage %w", invalid(err))
		}
		q.Quote = price.Quote{Usage: usage, UsageRated: usage, Total: decimal.New(0, -c.c.terms.Rounding.Places)}
	} else {
		s, err := c.schedule(p)
		if err != nil {
			return Quote{}, fmt.Errorf("billing: quote: %w", err)
		}
		if q.Quote, err = s.Quote(usage); err != nil {
			return Quote{}, invalid(err)
		}
	}
	q.Plan, q.Currency, q.Edition = p, c.c.terms.Currency, c.c.terms.Edition
	return q, nil
}

// QuoteUsage returns the fee of plan p for a whole period's usage: [Card.Quote]
// for its billable amount, under its period. Its errors are those of Quote, and
// wrap [ErrMismatch] if the usage is in another currency or of another period
// than the card prices, or [ErrInvalid] if the period has no end.
func (c Card) QuoteUsage(p plan.Plan, u Usage) (Quote, error) {
	if c.c == nil {
		return Quote{}, fmt.Errorf("billing: quote usage: %w", errZeroCard)
	}
	if err := c.check(u.Period(), u.Currency()); err != nil {
		return Quote{}, fmt.Errorf("billing: quote usage: %w", err)
	}
	q, err := c.Quote(p, u.Billable())
	if err != nil {
		return Quote{}, err
	}
	q.Period = u.Period()
	return q, nil
}

// An Offer is a range of usages with the cheapest plan.
type Offer struct {
	Plan plan.Plan
	// From and To bound the usages: above From, exclusive, up to To, inclusive. A
	// From of 0 belongs to the range. If they are equal, it is that one usage.
	From, To *big.Rat
}

// Cheapest returns the plan that costs least for each usage from one to
// another, in the order of usage, by unrounded fees. If from and to are equal,
// it is the answer for that usage. Only plans that meet all needs are compared:
// the plans that c prices and Basic. If several cost the same, it
// is the highest of them.
//
// It returns an error wrapping [ErrNotPriced] if no such plan meets the needs, or
// [ErrInvalid] for the zero Card, a nil need, a usage that is not valid or a to
// below from.
func (c Card) Cheapest(from, to decimal.Decimal, needs ...plan.Need) ([]Offer, error) {
	offers, err := c.cheapest(from, to, needs)
	if err != nil {
		return nil, field.Op("billing: cheapest", err)
	}
	return offers, nil
}

func (c Card) cheapest(from, to decimal.Decimal, needs []plan.Need) ([]Offer, error) {
	if c.c == nil {
		return nil, errZeroCard
	}
	if slices.Contains(needs, nil) {
		return nil, fmt.Errorf("a nil need: %w", ErrInvalid)
	}
	var plans []plan.Plan
	var schedules []price.Schedule
	for _, p := range slices.Backward(plan.All()) {
		s := c.c.schedules[p]
		if p == plan.Basic {
			s = price.MustCompile(price.Terms{Model: price.ModelGraduated, Tiers: []price.Tier{{}}, Rounding: c.c.terms.Rounding})
		}
		if s == (price.Schedule{}) || slices.ContainsFunc(needs, func(n plan.Need) bool { return !n.MetBy(p) }) {
			continue
		}
		plans, schedules = append(plans, p), append(schedules, s)
	}
	if len(plans) == 0 {
		return nil, fmt.Errorf("edition %s prices no plan that meets all needs: %w", quote.String(c.c.terms.Edition), ErrNotPriced)
	}
	choices, err := price.Envelope(from, to, schedules...)
	if err != nil {
		return nil, invalid(err)
	}
	offers := make([]Offer, len(choices))
	for i, choice := range choices {
		offers[i] = Offer{plans[choice.Index], choice.From, choice.To}
	}
	return offers, nil
}

// check returns an error if c, which is not zero, cannot be asked for a period
// in a currency.
func (c Card) check(p calendar.Period, currency string) error {
	t := c.c.terms
	if !p.IsBounded() {
		return invalid(fmt.Errorf("%v has no end: %w", p, calendar.ErrPeriod))
	}
	if currency != t.Currency {
		return fmt.Errorf("usage in %s, edition %s in %s: %w", currency, quote.String(t.Edition), t.Currency, ErrMismatch)
	}
	return t.Per.check(p)
}

type cardJSON struct {
	Format    int                           `json:"format"`
	Edition   string                        `json:"edition"`
	Currency  string                        `json:"currency"`
	Rounding  price.Rounding                `json:"rounding"`
	Per       Interval                      `json:"per"`
	Proration Proration                     `json:"proration"`
	Zone      string                        `json:"zone,omitempty"`
	Limits    price.Limits                  `json:"limits"`
	Basis     price.Basis                   `json:"basis"`
	Plans     map[plan.Plan]json.RawMessage `json:"plans"`
}

// MarshalJSON returns the JSON form of c's terms, with the rounding written
// once. The zero Card is an error wrapping [ErrInvalid].
func (c Card) MarshalJSON() ([]byte, error) {
	if c.c == nil {
		return nil, fmt.Errorf("billing: marshal rate card: %w", errZeroCard)
	}
	t := c.c.terms
	j := cardJSON{strictjson.Format, t.Edition, t.Currency, t.Rounding, t.Per, t.Proration, zoneName(t.Zone), t.Limits, t.Basis, make(map[plan.Plan]json.RawMessage)}
	rounding, _ := t.Rounding.MarshalJSON() // a card's rounding and terms are valid
	for p, terms := range t.Plans {
		data, _ := terms.MarshalJSON()
		data = strictjson.Omit(strictjson.Nest(data), "rounding", rounding)
		for _, tier := range terms.Tiers {
			data = inPercent(data, tier.Rate)
		}
		j.Plans[p] = inPercent(data, terms.Discount.Rate)
	}
	return json.Marshal(j)
}

func zoneName(zone *time.Location) string {
	if zone == nil {
		return ""
	}
	return zone.String()
}

// inPercent returns the JSON of terms with a rate of 1 or more written in per
// cent.
func inPercent(data []byte, rate decimal.Decimal) []byte {
	if !isBare(rate) {
		return data
	}
	field := func(s string) []byte { return fmt.Appendf(nil, `"rate":"%s"`, s) }
	return bytes.ReplaceAll(data, field(amount.Text(rate)), field(amount.Text(rate.Shift(2))+"%"))
}

// UnmarshalJSON reads a card's JSON form, strictly, and checks it as [NewCard]
// does. Errors wrap [ErrInvalid] and name the field, as in
// plans.business.tiers[2].rate; then *c is unchanged.
func (c *Card) UnmarshalJSON(data []byte) error {
	var out Card
	err := decode("rate card", data, func(v strictjson.Value) {
		v.Object(func(o strictjson.Object) {
			o.Format()
			out = decodeCard(v, o)
		})
	})
	if err != nil {
		return err
	}
	*c = out
	return nil
}

// decodeCard reads the fields of a card from o, the object at v. A missing
// field is left to compileCard, whose error lists the allowed values.
func decodeCard(v strictjson.Value, o strictjson.Object) Card {
	var t CardTerms
	t.Edition = o.May("edition").Text()
	t.Currency = o.May("currency").Text()
	rounding := o.May("rounding")
	rounding.JSON(&t.Rounding)
	if err := cmp.Or(checkName("edition", t.Edition), field.Wrap("currency", checkCurrency(t.Currency))); err != nil {
		v.Fail(err)
	}
	if !rounding.IsPresent() {
		v.At("rounding").Fail(errNoRounding)
	}
	o.May("per").Into(&t.Per)
	o.May("proration").Into(&t.Proration)
	if zone := o.May("zone"); zone.IsPresent() {
		t.Zone = decodeZone(zone)
	}
	o.May("limits").Into(&t.Limits)
	o.May("basis").Into(&t.Basis)
	t.Plans = make(map[plan.Plan]price.Terms)
	for name, v := range o.Need("plans").Fields() {
		var p plan.Plan
		if err := p.UnmarshalText([]byte(name)); err != nil {
			v.Fail(err)
			continue
		}
		t.Plans[p] = decodeCardTerms(v, rounding)
	}
	c, err := compileCard(t)
	if err != nil {
		v.Fail(err)
	}
	return Card{c}
}

func decodeZone(v strictjson.Value) *time.Location {
	zone, err := loadZone(v.Text())
	if err != nil {
		v.Fail(err)
	}
	return zone
}

// rawJSON reads any JSON value as it stands.
type rawJSON []byte

func (r *rawJSON) UnmarshalJSON(data []byte) error {
	*r = slices.Clone(data)
	return nil
}

// decodeCardTerms reads a plan's terms at v, with the card's rounding, and
// refuses bare rates of 1 or more.
func decodeCardTerms(v, rounding strictjson.Value) (terms price.Terms) {
	v.Default("rounding", rounding).JSON(&terms)
	var raw rawJSON
	v.JSON(&raw)
	var written struct {
		Tiers []struct {
			Rate any `json:"rate"`
		} `json:"tiers"`
		Discount struct {
			Rate any `json:"rate"`
		} `json:"discount"`
	}
	if json.Unmarshal(raw, &written) != nil || len(written.Tiers) != len(terms.Tiers) {
		return terms // it has failed already
	}
	check := func(path string, text any, rate decimal.Decimal) {
		if s, _ := text.(string); isBare(rate) && !strings.HasSuffix(s, "%") {
			v.At(path).Fail(errBare(s))
		}
	}
	for i, tier := range written.Tiers {
		check(fmt.Sprintf("tiers[%d].rate", i), tier.Rate, terms.Tiers[i].Rate)
	}
	check("discount.rate", written.Discount.Rate, terms.Discount.Rate)
	return terms
}
