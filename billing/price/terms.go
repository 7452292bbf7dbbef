package price

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/supportplan/supportplan/internal/amount"
	"github.com/supportplan/supportplan/internal/enum"
	"github.com/supportplan/supportplan/internal/field"
	"github.com/supportplan/supportplan/internal/quote"
	"github.com/supportplan/supportplan/internal/strictjson"
)

// MaxTiers is the largest number of tiers that [Terms] may have.
const MaxTiers = 10_000

// A Model is the way to apply the tiers of a price to a usage: [ModelGraduated]
// or [ModelVolume]. There is no default: the empty Model is invalid.
//
// Source: the provider's general billing documentation defines both models;
// Pricing, 2023-09-14, does not say which one applies.
type Model string

// The two models.
const (
	ModelGraduated Model = "graduated" // each slice of the usage at the rate of its own tier
	ModelVolume    Model = "volume"    // the whole usage at the rate of the tier that it falls into
)

var models = []Model{ModelGraduated, ModelVolume}

// UnmarshalText sets *m to the model that b spells, or returns an error wrapping
// [ErrInvalid]; then *m is unchanged.
func (m *Model) UnmarshalText(b []byte) error {
	return enum.ReadToken(m, b, "model", models, ErrInvalid)
}

// A DiscountStage is the step of the calculation that takes a discount:
// [DiscountBeforeMaximum] or [DiscountAfterMinimum]. There is no default: in a
// [Discount] with a rate, the empty DiscountStage is invalid.
type DiscountStage string

// The stages of a discount.
const (
	DiscountBeforeMaximum DiscountStage = "before-maximum" // off the sum of the tiers; maximum and minimum hold for the rest
	DiscountAfterMinimum  DiscountStage = "after-minimum"  // off the result of maximum and minimum; the fee may fall below the minimum
)

var discountStages = []DiscountStage{DiscountBeforeMaximum, DiscountAfterMinimum}

// UnmarshalText sets *s to the stage that b spells, or returns an error wrapping
// [ErrInvalid]; then *s is unchanged.
func (s *DiscountStage) UnmarshalText(b []byte) error {
	return enum.ReadToken(s, b, "discount stage", discountStages, ErrInvalid)
}

// Terms say how a fee follows from a usage, as data that can be kept and sent as
// JSON. [Compile] checks them and makes a [Schedule] of them. Amounts are in one
// currency; the terms do not name it.
//
// The order of calculation is: tiers, maximum, minimum, rounding. A discount is
// taken before the maximum or after the minimum, by its stage. Only the
// total is rounded.
//
// The zero Terms are not valid. The JSON form has the fields model, tiers (each
// with upTo, rate, flat), minimum, maximum, discount (rate, stage), rounding
// (places, mode) and usageRounding. Amounts are decimal strings. A rate may be
// written "0.10" or "10%". Fields that are zero in Go are omitted: the last tier
// has no upTo, and "0" there is an error.
type Terms struct {
	// Model is graduated or volume.
	Model Model
	// Tiers are in rising order of their bounds. There is at least one, and only
	// the last one is open.
	Tiers []Tier
	// Minimum is the least fee; 0 is none.
	Minimum decimal.Decimal
	// Maximum is the greatest fee; 0 is none.
	Maximum decimal.Decimal
	// Discount is taken off the fee; the zero Discount is none.
	Discount Discount
	// Rounding of the total.
	Rounding Rounding
	// UsageRounding rounds the usage before it is priced; the zero Rounding
	// leaves the usage as it is.
	UsageRounding Rounding
}

// A Tier is a range of usages and its price. It covers the usages above the
// bound of the tier before it, exclusive, up to its own, inclusive; the first
// tier also covers 0.
type Tier struct {
	// UpTo is the upper bound, inclusive, in units of usage. Zero means that
	// there is none, as for the last tier and only for it.
	UpTo decimal.Decimal
	// Rate is the price of one unit of usage: if usage is money, 0.10 is ten per
	// cent.
	Rate decimal.Decimal
	// Flat is an amount due once as soon as the usage is in the tier or, for
	// graduated prices, above it. The first tier's is due at usage 0.
	Flat decimal.Decimal
}

// A Discount takes a fraction off a fee. The zero Discount takes nothing.
type Discount struct {
	// Rate is a fraction from 0 to 1, both included: 0.05 is five per cent.
	Rate decimal.Decimal
	// Stage is the step that takes the discount.
	Stage DiscountStage
}

func (d Discount) isZero() bool { return d.Stage == "" && d.Rate.IsZero() }

// clone returns t with tiers of its own.
func (t Terms) clone() Terms {
	t.Tiers = slices.Clone(t.Tiers)
	return t
}

// invalid returns the error of the field at path.
func invalid(path, format string, args ...any) error {
	return field.Wrap(path, fmt.Errorf("%s: %w", fmt.Sprintf(format, args...), ErrInvalid))
}

// check returns the error of the first field of t that is wrong.
func (t Terms) check() error {
	if err := enum.CheckToken(t.Model, "model", models, ErrInvalid); err != nil {
		return field.Wrap("model", err)
	}
	if err := t.Rounding.check(); err != nil {
		return field.Wrap("rounding", err)
	}
	if t.UsageRounding != (Rounding{}) {
		if err := t.UsageRounding.check(); err != nil {
			return field.Wrap("usageRounding", err)
		}
	}
	if err := checkTiers(t.Tiers); err != nil {
		return err
	}
	for _, limit := range []struct {
		path  string
		value decimal.Decimal
	}{{"minimum", t.Minimum}, {"maximum", t.Maximum}} {
		if err := checkAmount(limit.path, limit.value); err != nil {
			return err
		}
		if !limit.value.Equal(limit.value.Truncate(t.Rounding.Places)) {
			return invalid(limit.path, "%s: has more than the %d places of the rounding", quote.Decimal(limit.value), t.Rounding.Places)
		}
	}
	if !t.Maximum.IsZero() && t.Maximum.LessThan(t.Minimum) {
		return invalid("maximum", "%s: below the minimum of %s", quote.Decimal(t.Maximum), quote.Decimal(t.Minimum))
	}
	return field.Wrap("discount", t.Discount.check())
}

func checkTiers(tiers []Tier) error {
	if n := len(tiers); n == 0 || n > MaxTiers {
		return invalid("tiers", "%d tiers; want 1 to %d", n, MaxTiers)
	}
	var lower decimal.Decimal
	for i, tier := range tiers {
		if err := tier.check(lower, i == len(tiers)-1); err != nil {
			return field.Wrap(fmt.Sprintf("tiers[%d]", i), err)
		}
		lower = tier.UpTo
	}
	return nil
}

// check returns the error of a tier above the bound lower.
func (t Tier) check(lower decimal.Decimal, last bool) error {
	err := cmp.Or(checkAmount("upTo", t.UpTo), checkAmount("rate", t.Rate), checkAmount("flat", t.Flat))
	if err != nil {
		return err
	}
	switch open := t.UpTo.IsZero(); {
	case open && !last:
		return invalid("upTo", "missing; only the last tier has no upper bound")
	case !open && last:
		return invalid("upTo", "%s: usage above it would be free; the last tier must have no upper bound", quote.Decimal(t.UpTo))
	case !open && !t.UpTo.GreaterThan(lower):
		return invalid("upTo", "%s: not above %s, the bound before it", quote.Decimal(t.UpTo), quote.Decimal(lower))
	}
	return nil
}

func (d Discount) check() error {
	if d.isZero() {
		return nil
	}
	if err := checkAmount("rate", d.Rate); err != nil {
		return err
	}
	if d.Rate.GreaterThan(one) {
		return invalid("rate", "%s: want 0 to 1", quote.Decimal(d.Rate))
	}
	return field.Wrap("stage", enum.CheckToken(d.Stage, "discount stage", discountStages, ErrInvalid))
}

var one = decimal.New(1, 0)

// checkAmount returns the error of the field at path if d is negative or beyond
// the limits of an amount.
func checkAmount(path string, d decimal.Decimal) error {
	return field.Wrap(path, field.Mark(amount.CheckPositive(d), ErrInvalid))
}

type termsJSON struct {
	Format        int           `json:"format"`
	Model         Model         `json:"model"`
	Tiers         []tierJSON    `json:"tiers"`
	Minimum       string        `json:"minimum,omitempty"`
	Maximum       string        `json:"maximum,omitempty"`
	Discount      *discountJSON `json:"discount,omitempty"`
	Rounding      Rounding      `json:"rounding"`
	UsageRounding Rounding      `json:"usageRounding,omitzero"`
}

type tierJSON struct {
	UpTo string `json:"upTo,omitempty"`
	Rate string `json:"rate"`
	Flat string `json:"flat,omitempty"`
}

type discountJSON struct {
	Rate  string        `json:"rate"`
	Stage DiscountStage `json:"stage"`
}

// MarshalJSON returns t's JSON form. It returns the error that [Compile] would.
func (t Terms) MarshalJSON() ([]byte, error) {
	if err := t.check(); err != nil {
		return nil, field.Op("price: marshal terms", err)
	}
	j := termsJSON{
		Format:        strictjson.Format,
		Model:         t.Model,
		Tiers:         make([]tierJSON, len(t.Tiers)),
		Minimum:       optionalText(t.Minimum),
		Maximum:       optionalText(t.Maximum),
		Rounding:      t.Rounding,
		UsageRounding: t.UsageRounding,
	}
	for i, tier := range t.Tiers {
		j.Tiers[i] = tierJSON{optionalText(tier.UpTo), amount.Text(tier.Rate), optionalText(tier.Flat)}
	}
	if !t.Discount.isZero() {
		j.Discount = &discountJSON{amount.Text(t.Discount.Rate), t.Discount.Stage}
	}
	return json.Marshal(j)
}

func optionalText(d decimal.Decimal) string {
	if d.IsZero() {
		return ""
	}
	return amount.Text(d)
}

// UnmarshalJSON reads t's JSON form, strictly, and checks the terms as [Compile]
// does. Its errors wrap [ErrInvalid] or [ErrNewer] and name the field, such as
// tiers[2].rate; then *t is unchanged.
func (t *Terms) UnmarshalJSON(data []byte) error {
	var u Terms
	err := decode("price: decode terms", data, func(v strictjson.Value) {
		v.Object(func(o strictjson.Object) {
			o.Format()
			o.Need("model").Into(&u.Model)
			for _, v := range o.Need("tiers").Items(MaxTiers) {
				u.Tiers = append(u.Tiers, decodeTier(v))
			}
			u.Minimum = decodeAmount(o.May("minimum"))
			u.Maximum = decodePositive(o.May("maximum"))
			o.May("discount").Object(func(o strictjson.Object) {
				u.Discount.Rate = decodeRate(o.Need("rate"))
				o.Need("stage").Into(&u.Discount.Stage)
			})
			u.Rounding = decodeRounding(o.Need("rounding"))
			u.UsageRounding = decodeRounding(o.May("usageRounding"))
			if err := u.check(); err != nil {
				v.Fail(err)
			}
		})
	})
	if err == nil {
		*t = u
	}
	return err
}

func decodeTier(v strictjson.Value) (t Tier) {
	v.Object(func(o strictjson.Object) {
		t.UpTo = decodePositive(o.May("upTo"))
		t.Rate = decodeRate(o.Need("rate"))
		t.Flat = decodeAmount(o.May("flat"))
	})
	return t
}

// decodeAmount reads a decimal string; an absent one is zero.
func decodeAmount(v strictjson.Value) decimal.Decimal { return parseAmount(v, v.Text()) }

// decodePositive reads a decimal string that must not be zero: zero is written
// by leaving the field out.
func decodePositive(v strictjson.Value) decimal.Decimal {
	d := decodeAmount(v)
	if d.IsZero() {
		v.Fail(fmt.Errorf("%s: leave it out if there is none: %w", quote.String(v.Text()), ErrInvalid))
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
