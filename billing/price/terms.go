package price

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/supportplan/supportplan/internal/amount"
	"github.com/supportplan/supportplan/internal/field"
	"github.com/supportplan/supportplan/internal/quote"
	"github.com/supportplan/supportplan/internal/strictjson"
)

// MaxTiers is the largest number of tiers that [Terms] may have.
const MaxTiers = 10_000

// Terms say how a fee follows from a usage, as data that can be kept and sent
// as JSON. [Compile] checks them and makes a [Schedule] of them. Amounts are in
// one currency, whose code the rate card names; usage is in that currency too.
//
// The order of calculation is: tiers, maximum, minimum, rounding. A discount
// stands before the maximum or after the minimum, as its stage says. The total
// is rounded once.
//
// The zero Terms are not valid. The JSON form has the fields model, tiers
// (each with upTo, rate, flat), minimum, maximum, discount (rate, stage),
// rounding (places, mode) and usageRounding. Amounts are decimal strings, and a
// rate may be written "0.10" or "10%". What is absent in Go is left out in
// JSON: the last tier has no upTo, and "0" there is an error.
type Terms struct {
	// Model is graduated or volume; nothing defaults.
	Model Model
	// Tiers in rising order of their bounds, at least one, the last one open.
	Tiers []Tier
	// Minimum is what the fee is at least; 0 is none.
	Minimum decimal.Decimal
	// Maximum is what the fee is at most; 0 is none.
	Maximum decimal.Decimal
	// Discount is what is taken off the fee; the zero Discount is none.
	Discount Discount
	// Rounding of the total.
	Rounding Rounding
	// UsageRounding rounds the usage before it is priced; the zero Rounding
	// leaves the usage as it is.
	UsageRounding Rounding
}

// A Tier is a stretch of usage and its price. It covers the usages above the
// bound of the tier before it, exclusive, up to its own, inclusive; the first
// also covers 0.
type Tier struct {
	// UpTo is the upper bound, inclusive, in units of usage. Zero means that
	// there is none, as for the last tier and only for it.
	UpTo decimal.Decimal
	// Rate is the price of one unit of usage: where usage is spend, 0.10 is
	// ten per cent.
	Rate decimal.Decimal
	// Flat is an amount due once as soon as the usage is in the tier or, for
	// graduated prices, above it. The first tier's is due at usage 0.
	Flat decimal.Decimal
}

// clone returns t with tiers of its own.
func (t Terms) clone() Terms {
	t.Tiers = slices.Clone(t.Tiers)
	return t
}

// check returns what is wrong with t, and in which of its JSON form's fields.
func (t Terms) check() (path string, err error) {
	if !t.Model.IsValid() {
		return "model", fmt.Errorf("%v: %w", t.Model, ErrModel)
	}
	if err := t.Rounding.check(); err != nil {
		return "rounding", err
	}
	if t.UsageRounding != (Rounding{}) {
		if err := t.UsageRounding.check(); err != nil {
			return "usageRounding", err
		}
	}
	if path, err := checkTiers(t.Tiers); err != nil {
		return path, err
	}
	for _, limit := range []struct {
		field string
		value decimal.Decimal
	}{{"minimum", t.Minimum}, {"maximum", t.Maximum}} {
		if err := amount.CheckPositive(limit.value); err != nil {
			return limit.field, err
		}
		if !isWhole(limit.value, t.Rounding.Places) {
			return limit.field, fmt.Errorf("%s: %w", quote.Decimal(limit.value), ErrPlaces)
		}
	}
	if !t.Maximum.IsZero() && t.Maximum.LessThan(t.Minimum) {
		return "maximum", fmt.Errorf("%s, minimum %s: %w", quote.Decimal(t.Maximum), quote.Decimal(t.Minimum), ErrMaximum)
	}
	if path, err := t.Discount.check(); err != nil {
		return "discount." + path, err
	}
	return "", nil
}

func checkTiers(tiers []Tier) (path string, err error) {
	if len(tiers) == 0 {
		return "tiers", ErrNoTiers
	}
	if len(tiers) > MaxTiers {
		return "tiers", fmt.Errorf("%d of at most %d: %w", len(tiers), MaxTiers, ErrManyTiers)
	}
	var lower decimal.Decimal
	for i, tier := range tiers {
		at := fmt.Sprintf("tiers[%d].", i)
		if err := amount.CheckPositive(tier.UpTo); err != nil {
			return at + "upTo", err
		}
		if err := amount.CheckPositive(tier.Rate); err != nil {
			return at + "rate", err
		}
		if err := amount.CheckPositive(tier.Flat); err != nil {
			return at + "flat", err
		}
		last := i == len(tiers)-1
		switch open := tier.UpTo.IsZero(); {
		case open && !last:
			return at + "upTo", ErrOpenTier
		case !open && last:
			return at + "upTo", fmt.Errorf("%s: %w", quote.Decimal(tier.UpTo), ErrBoundedLast)
		case !open && !tier.UpTo.GreaterThan(lower):
			return at + "upTo", fmt.Errorf("%s after %s: %w", quote.Decimal(tier.UpTo), quote.Decimal(lower), ErrTierOrder)
		}
		lower = tier.UpTo
	}
	return "", nil
}

type termsJSON struct {
	Model         Model         `json:"model"`
	Tiers         []tierJSON    `json:"tiers"`
	Minimum       string        `json:"minimum,omitempty"`
	Maximum       string        `json:"maximum,omitempty"`
	Discount      *discountJSON `json:"discount,omitempty"`
	Rounding      *roundingJSON `json:"rounding,omitempty"`
	UsageRounding *roundingJSON `json:"usageRounding,omitempty"`
}

type tierJSON struct {
	UpTo string `json:"upTo,omitempty"`
	Rate string `json:"rate"`
	Flat string `json:"flat,omitempty"`
}

// MarshalJSON returns t's JSON form. Terms that [Compile] would refuse are the
// same error here.
func (t Terms) MarshalJSON() ([]byte, error) {
	if path, err := t.check(); err != nil {
		return nil, field.Op("price: marshal terms", field.Wrap(path, err))
	}
	return json.Marshal(t.json())
}

// json returns the JSON form of t, which has passed check.
func (t Terms) json() termsJSON {
	j := termsJSON{
		Model:         t.Model,
		Tiers:         make([]tierJSON, len(t.Tiers)),
		Minimum:       optionalText(t.Minimum),
		Maximum:       optionalText(t.Maximum),
		Rounding:      optionalRounding(t.Rounding),
		UsageRounding: optionalRounding(t.UsageRounding),
	}
	for i, tier := range t.Tiers {
		j.Tiers[i] = tierJSON{optionalText(tier.UpTo), amount.Text(tier.Rate), optionalText(tier.Flat)}
	}
	if !t.Discount.isZero() {
		j.Discount = &discountJSON{amount.Text(t.Discount.Rate), t.Discount.Stage}
	}
	return j
}

func optionalText(d decimal.Decimal) string {
	if d.IsZero() {
		return ""
	}
	return amount.Text(d)
}

func optionalRounding(r Rounding) *roundingJSON {
	if r == (Rounding{}) {
		return nil
	}
	return &roundingJSON{r.Places, r.Mode}
}

// UnmarshalJSON reads t's JSON form, strictly, and checks the terms as
// [Compile] does. Errors wrap [ErrJSON] or the sentinel of what is wrong and
// name the field, as in tiers[2].rate; after one, *t is as it was.
func (t *Terms) UnmarshalJSON(data []byte) error {
	var u Terms
	err := strictjson.Decode("price: decode terms", data, func(v strictjson.Value) {
		u = decodeTerms(v)
	})
	if err != nil {
		return err
	}
	*t = u
	return nil
}

func decodeTerms(v strictjson.Value) (t Terms) {
	v.Object(func(o strictjson.Object) {
		o.Need("model").Into(&t.Model)
		for _, v := range o.Need("tiers").Items(MaxTiers) {
			t.Tiers = append(t.Tiers, decodeTier(v))
		}
		t.Minimum = decodeAmount(o.May("minimum"))
		t.Maximum = decodePositive(o.May("maximum"))
		t.Discount = decodeDiscount(o.May("discount"))
		t.Rounding = decodeRounding(o.Need("rounding"))
		t.UsageRounding = decodeRounding(o.May("usageRounding"))
		if path, err := t.check(); err != nil {
			v.At(path).Fail(err)
		}
	})
	return t
}

func decodeTier(v strictjson.Value) (t Tier) {
	v.Object(func(o strictjson.Object) {
		t.UpTo = decodePositive(o.May("upTo"))
		t.Rate = decodeRate(o.Need("rate"))
		t.Flat = decodeAmount(o.May("flat"))
	})
	return t
}

// decodeAmount reads a decimal string; what is absent is zero.
func decodeAmount(v strictjson.Value) decimal.Decimal { return parseAmount(v, v.Text()) }

// decodePositive reads a decimal string that must not be zero: in Go, zero is
// how it is left out.
func decodePositive(v strictjson.Value) decimal.Decimal {
	d := decodeAmount(v)
	if d.IsZero() {
		v.Fail(fmt.Errorf("%s: %w: leave it out where there is none", quote.String(v.Text()), ErrAmount))
	}
	return d
}

// decodeRate reads a decimal string that may be in per cent.
func decodeRate(v strictjson.Value) decimal.Decimal {
	s, percent := strings.CutSuffix(v.Text(), "%")
	d := parseAmount(v, s)
	if percent {
		d = d.Shift(-2)
	}
	return d
}

func parseAmount(v strictjson.Value, s string) decimal.Decimal {
	d, err := amount.Parse(s)
	if err != nil {
		v.Fail(err)
	}
	return d
}
