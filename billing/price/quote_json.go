package price

import (
	"cmp"
	"encoding/json"
	"fmt"

	"github.com/shopspring/decimal"

	"github.com/supportplan/supportplan/internal/amount"
	"github.com/supportplan/supportplan/internal/enum"
	"github.com/supportplan/supportplan/internal/field"
	"github.com/supportplan/supportplan/internal/quote"
	"github.com/supportplan/supportplan/internal/strictjson"
)

const maxLines = MaxTiers // lines and adjustments of a quote

type quoteJSON struct {
	Format      int              `json:"format"`
	Usage       string           `json:"usage"`
	UsageRated  string           `json:"usageRated"`
	Lines       []Line           `json:"lines"`
	Adjustments []adjustmentJSON `json:"adjustments"`
	Total       string           `json:"total"`
}

type lineJSON struct {
	Tier   int    `json:"tier"`
	From   string `json:"from"`
	To     string `json:"to,omitempty"`
	Slice  string `json:"slice"`
	Rate   string `json:"rate"`
	Flat   string `json:"flat"`
	Charge string `json:"charge"`
}

type adjustmentJSON struct {
	Kind   AdjustmentKind `json:"kind"`
	Base   string         `json:"base"`
	Rate   string         `json:"rate,omitempty"`
	Amount string         `json:"amount"`
}

// MarshalJSON returns q's JSON form: usage, usageRated, lines (tier, from, to,
// slice, rate, flat, charge), adjustments (kind, base, rate, amount) and total.
// Amounts are exact decimal strings; a tier without upper bound has no "to", and
// only a discount has a rate. It returns an error wrapping [ErrInvalid] if an
// amount is not the one that the others determine; see [Quote.UnmarshalJSON].
func (q Quote) MarshalJSON() ([]byte, error) {
	if err := q.check(); err != nil {
		return nil, field.Op("price: marshal quote", err)
	}
	j := quoteJSON{
		Format: strictjson.Format,
		Usage:  amount.Text(q.Usage), UsageRated: amount.Text(q.UsageRated),
		Lines: append([]Line{}, q.Lines...), Adjustments: make([]adjustmentJSON, len(q.Adjustments)),
		Total: amount.Text(q.Total),
	}
	for i, a := range q.Adjustments {
		j.Adjustments[i] = adjustmentJSON{a.Kind, amount.Text(a.Base), optionalText(a.Rate), amount.Text(a.Amount)}
	}
	return json.Marshal(j)
}

// UnmarshalJSON reads q's JSON form, strictly. It checks each amount that others
// determine: charges of lines, slices and bounds, bases and discounts, and the
// total. It cannot know the terms: rates, flat amounts, limits, and the usage
// before it was rounded are the caller's to check. Errors wrap [ErrInvalid] or
// [ErrNewer] and name the field; then *q is unchanged.
func (q *Quote) UnmarshalJSON(data []byte) error {
	var out Quote
	err := decode("price: decode quote", data, func(v strictjson.Value) {
		v.Object(func(o strictjson.Object) {
			o.Format()
			out.Usage = decodeExact(o.Need("usage"))
			out.UsageRated = decodeExact(o.Need("usageRated"))
			for _, v := range o.Need("lines").Items(maxLines) {
				out.Lines = append(out.Lines, decodeLine(v))
			}
			for _, v := range o.Need("adjustments").Items(maxLines) {
				out.Adjustments = append(out.Adjustments, decodeAdjustment(v))
			}
			out.Total = decodeExact(o.Need("total"))
		})
		if err := out.check(); err != nil {
			v.Fail(err)
		}
	})
	if err == nil {
		*q = out
	}
	return err
}

// MarshalJSON returns l's JSON form, an item of lines in [Quote.MarshalJSON]. It
// returns an error wrapping [ErrInvalid] if the charge is not slice × rate + flat.
func (l Line) MarshalJSON() ([]byte, error) {
	if err := l.check(); err != nil {
		return nil, field.Op("price: marshal line", err)
	}
	return json.Marshal(lineJSON{
		l.Tier, amount.Text(l.From), optionalText(l.To),
		amount.Text(l.Slice), amount.Text(l.Rate), amount.Text(l.Flat), amount.Text(l.Charge),
	})
}

// UnmarshalJSON reads l's JSON form, strictly, and checks that the charge is
// slice × rate + flat. Errors wrap [ErrInvalid] and name the field; then *l is unchanged.
func (l *Line) UnmarshalJSON(data []byte) error {
	var u Line
	err := decode("price: decode line", data, func(v strictjson.Value) {
		u = decodeLine(v)
		if err := u.check(); err != nil {
			v.Fail(err)
		}
	})
	if err == nil {
		*l = u
	}
	return err
}

func decodeLine(v strictjson.Value) (l Line) {
	v.Object(func(o strictjson.Object) {
		l.Tier = int(o.Need("tier").Int(1, MaxTiers))
		l.From = decodeExact(o.Need("from"))
		l.To = decodeExact(o.May("to"))
		l.Slice = decodeExact(o.Need("slice"))
		l.Rate = decodeExact(o.Need("rate"))
		l.Flat = decodeExact(o.Need("flat"))
		l.Charge = decodeExact(o.Need("charge"))
	})
	return l
}

func decodeAdjustment(v strictjson.Value) (a Adjustment) {
	v.Object(func(o strictjson.Object) {
		a.Kind = AdjustmentKind(o.Need("kind").Text())
		a.Base = decodeExact(o.Need("base"))
		a.Rate = decodeExact(o.May("rate"))
		a.Amount = decodeExact(o.Need("amount"))
	})
	return a
}

// decodeExact reads a decimal string that may be as long as an exact result.
func decodeExact(v strictjson.Value) decimal.Decimal {
	d, err := amount.ParseExact(v.Text())
	if err != nil {
		v.Fail(err)
	}
	return d
}

// checkExact returns the error of the field at path if d is beyond the limits of
// an exact result.
func checkExact(path string, d decimal.Decimal) error {
	return field.Wrap(path, field.Mark(amount.CheckExact(d), ErrInvalid))
}

// differs returns the error of the field at path unless got is want.
func differs(path string, got, want decimal.Decimal, why string) error {
	if got.Equal(want) {
		return nil
	}
	return invalid(path, "%s: want %s, %s", quote.Decimal(got), quote.Decimal(want), why)
}

// size returns the error of the first amount that is beyond the limits.
func (q Quote) size() error {
	if err := cmp.Or(checkExact("usage", q.Usage), checkExact("usageRated", q.UsageRated), checkExact("total", q.Total)); err != nil {
		return err
	}
	for i, l := range q.Lines {
		if err := l.size(); err != nil {
			return field.Wrap(fmt.Sprintf("lines[%d]", i), err)
		}
	}
	for i, a := range q.Adjustments {
		if err := cmp.Or(checkExact("base", a.Base), checkExact("rate", a.Rate), checkExact("amount", a.Amount)); err != nil {
			return field.Wrap(fmt.Sprintf("adjustments[%d]", i), err)
		}
	}
	return nil
}

func (l Line) size() error {
	return cmp.Or(checkExact("from", l.From), checkExact("to", l.To), checkExact("slice", l.Slice),
		checkExact("rate", l.Rate), checkExact("flat", l.Flat), checkExact("charge", l.Charge))
}

// check returns the error of the first amount of l that is not the one that the
// others determine.
func (l Line) check() error {
	if err := l.size(); err != nil {
		return err
	}
	if l.Tier < 1 || l.Tier > MaxTiers {
		return invalid("tier", "%d; want 1 to %d", l.Tier, MaxTiers)
	}
	return differs("charge", l.Charge, l.Slice.Mul(l.Rate).Add(l.Flat), "slice × rate + flat")
}

// check returns the error of the first amount of q that is not the one that the
// others determine.
func (q Quote) check() error {
	if err := q.size(); err != nil {
		return err
	}
	fee, err := q.checkLines()
	if err != nil {
		return err
	}
	for i, a := range q.Adjustments {
		if err := q.checkAdjustment(i, fee); err != nil {
			return field.Wrap(fmt.Sprintf("adjustments[%d]", i), err)
		}
		fee = fee.Add(a.Amount)
	}
	return differs("total", q.Total, fee, "the sum of lines and adjustments")
}

// checkLines checks the lines of q and returns the sum of their charges.
func (q Quote) checkLines() (sum decimal.Decimal, err error) {
	var bound decimal.Decimal // the highest usage so far
	for i, l := range q.Lines {
		err := l.check()
		last := i == len(q.Lines)-1
		switch {
		case err != nil:
		case len(q.Lines) > 1 && l.Tier != i+1:
			err = invalid("tier", "%d; want %d", l.Tier, i+1)
		case len(q.Lines) > 1 || l.Tier == 1:
			err = differs("from", l.From, bound, "the bound before")
		}
		switch {
		case err != nil:
		case !last:
			err = differs("slice", l.Slice, l.To.Sub(l.From), "to - from")
		case len(q.Lines) > 1:
			err = differs("slice", l.Slice, q.UsageRated.Sub(l.From), "the rated usage above from")
		default:
			err = differs("slice", l.Slice, q.UsageRated, "the rated usage")
		}
		if err == nil && last {
			switch rated := q.UsageRated; {
			case !l.From.IsZero() && !rated.GreaterThan(l.From):
				err = invalid("from", "%s: the rated usage is not above it", quote.Decimal(l.From))
			case !l.To.IsZero() && rated.GreaterThan(l.To):
				err = invalid("to", "%s: the rated usage is above it", quote.Decimal(l.To))
			}
		}
		if err != nil {
			return sum, field.Wrap(fmt.Sprintf("lines[%d]", i), err)
		}
		bound, sum = l.To, sum.Add(l.Charge)
	}
	return sum, nil
}

// checkAdjustment checks the i-th adjustment of q; it leads on from fee.
func (q Quote) checkAdjustment(i int, fee decimal.Decimal) error {
	a := q.Adjustments[i]
	if err := enum.CheckToken(a.Kind, "kind of adjustment", adjustmentKinds, ErrInvalid); err != nil {
		return field.Wrap("kind", err)
	}
	if err := differs("base", a.Base, fee, "the sum so far"); err != nil {
		return err
	}
	if a.Kind == AdjustmentDiscount {
		return differs("amount", a.Amount, a.Base.Mul(a.Rate).Neg(), "base × -rate")
	}
	if !a.Rate.IsZero() {
		return invalid("rate", "%s: only a discount has one", quote.Decimal(a.Rate))
	}
	unit := decimal.New(1, q.Total.Exponent())
	switch {
	case a.Kind == AdjustmentMaximum && !a.Amount.IsNegative(), a.Kind == AdjustmentMinimum && !a.Amount.IsPositive():
		return invalid("amount", "%s: a %s leads the other way", quote.Decimal(a.Amount), a.Kind)
	case a.Kind == AdjustmentRounding && i < len(q.Adjustments)-1:
		return invalid("kind", "%q: rounding is the last adjustment", a.Kind)
	case a.Kind == AdjustmentRounding && a.Amount.Abs().GreaterThanOrEqual(unit):
		return invalid("amount", "%s: rounding adds less than a unit of the total, %s", quote.Decimal(a.Amount), unit)
	}
	return nil
}
