package billingtest

import (
	"fmt"
	"math"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/supportplan/supportplan/billing/price"
)

type ratio = *big.Rat

// place describes the common trait of the usages with wrong fees, if any.
func (s *subject) place(all []priced) string {
	every := func(is func(p priced) bool) bool {
		return !slices.ContainsFunc(all, func(p priced) bool { return p.isWrong && !is(p) })
	}
	unit := decimal.New(1, -s.terms.Rounding.Places).Rat()
	fraction := func(p priced) ratio { // of the exact fee, in minor units
		x := new(big.Rat).Quo(p.want, unit)
		return x.Sub(x, new(big.Rat).SetInt(new(big.Int).Quo(x.Num(), x.Denom())))
	}
	isBound := func(u decimal.Decimal) bool {
		return slices.ContainsFunc(s.terms.Tiers, func(t price.Tier) bool { return t.UpTo.IsPositive() && t.UpTo.Equal(u) })
	}
	switch {
	case every(func(p priced) bool { return true }) && !slices.ContainsFunc(all, func(p priced) bool { return !p.isWrong }):
		return "so for all of them"
	case every(func(p priced) bool { return p.usage.IsZero() }):
		return "only for no usage at all"
	case every(func(p priced) bool { return isBound(p.usage) }):
		return "only exactly at bounds of tiers"
	case every(func(p priced) bool { return fraction(p).Cmp(big.NewRat(1, 2)) == 0 }):
		if slices.ContainsFunc(all, func(p priced) bool { return !p.isWrong && fraction(p).Cmp(big.NewRat(1, 2)) == 0 }) {
			return "only where the exact fee is half a unit, but not for all of those"
		}
		return "only where the exact fee is half a unit, and for all of those"
	}
	first := slices.IndexFunc(all, func(p priced) bool { return p.isWrong })
	last, wrong, right, near := first, 0, 0, 0
	byUnit := true
	for i, p := range all {
		if !p.isWrong {
			continue
		}
		last = i
		wrong++
		off := p.fee.Sub(decimalOf(round(s.terms.Rounding, p.want))).Abs()
		byUnit = byUnit && off.Equal(decimal.New(1, -s.terms.Rounding.Places))
		half := new(big.Rat).Sub(fraction(p), big.NewRat(1, 2))
		if half.Abs(half).Cmp(big.NewRat(1, 50)) <= 0 {
			near++
		}
	}
	for _, p := range all[first : last+1] {
		if !p.isWrong {
			right++
		}
	}
	if right == 0 && wrong > 1 {
		switch {
		case first > 0 && last == len(all)-1 && all[first].fee.LessThan(all[first-1].fee) && all[first].want.Cmp(all[first-1].want) > 0:
			return fmt.Sprintf("all those from %s on and none below: the fee falls there, as where a number is too large for its type", s.text(all[first].usage))
		case first > 0 && last == len(all)-1:
			return fmt.Sprintf("all those from %s on and none below", s.text(all[first].usage))
		case first > 0:
			return fmt.Sprintf("all those from %s to %s and no others", s.text(all[first].usage), s.text(all[last].usage))
		}
		return fmt.Sprintf("all those up to %s and none above", s.text(all[last].usage))
	}
	var also string
	switch {
	case byUnit && 5*near >= 4*wrong:
		also = ", always by one unit, mostly where the exact fee is half a unit or almost, as imprecise arithmetic is"
	case byUnit:
		also = ", always by one unit"
	case right > 0 && s.isSmall(all):
		also = ", by a unit or by less than a millionth of the fee, as arithmetic in 32 bits is"
	}
	for i, tier := range slices.Backward(s.terms.Tiers[:len(s.terms.Tiers)-1]) {
		if all[first].usage.GreaterThan(tier.UpTo) {
			return fmt.Sprintf("none of them up to bound %d, %s", i+1, s.text(tier.UpTo)) + also
		}
	}
	return strings.TrimPrefix(also, ", ")
}

// isSmall reports whether no fee is wrong by more than a unit and a millionth.
func (s *subject) isSmall(all []priced) bool {
	for _, p := range all {
		most := new(big.Rat).Mul(p.want, big.NewRat(1, 1_000_000))
		most.Add(most, decimal.New(1, -s.terms.Rounding.Places).Rat())
		if off := new(big.Rat).Sub(p.fee.Rat(), p.want); off.Abs(off).Cmp(most) > 0 {
			return false
		}
	}
	return true
}

// isStale reports whether each wrong fee is the right one of a usage that was
// asked about before.
func isStale(r price.Rounding, all []priced) bool {
	seen := make(map[string]bool)
	for _, p := range all { // in the order of asking
		if p.isWrong && !seen[p.fee.String()] {
			return false
		}
		seen[decimalOf(round(r, p.want)).String()] = true
	}
	return true
}

// A mistake is a mistake of pricing code, and the fee that it then
// makes of a usage, rounded; nil if it makes none.
type mistake struct {
	name string
	fee  func(usage decimal.Decimal) ratio
}

// mistake returns the name of the first mistake that gives all fees, or "".
func (s *subject) mistake(all []priced) string {
	slices.SortStableFunc(all, func(a, b priced) int { // the wrong ones tell more
		switch {
		case a.isWrong && !b.isWrong:
			return -1
		case b.isWrong && !a.isWrong:
			return 1
		}
		return 0
	})
	for _, m := range mistakes(s.terms) {
		shown := false // by a wrong fee
		if !slices.ContainsFunc(all, func(p priced) bool {
			fee := m.fee(p.usage)
			if fee == nil {
				return false
			}
			shown = shown || p.isWrong
			return fee.Cmp(p.fee.Rat()) != 0
		}) && shown {
			return m.name
		}
	}
	return ""
}

// mistakes returns the known ones that these terms allow.
func mistakes(terms price.Terms) (out []mistake) {
	one := decimal.New(1, -terms.Rounding.Places)
	add := func(name string, fee func(usage decimal.Decimal) ratio) { out = append(out, mistake{name, fee}) }
	other := func(name string, change func(t *price.Terms)) {
		t := terms
		t.Tiers = slices.Clone(terms.Tiers)
		change(&t)
		add(name, func(u decimal.Decimal) ratio { return round(t.Rounding, reference(t, u)) })
	}
	last := len(terms.Tiers) - 1
	for _, m := range []price.RoundingMode{price.RoundingHalfUp, price.RoundingHalfEven, price.RoundingDown, price.RoundingUp} {
		if m != terms.Rounding.Mode {
			other(fmt.Sprintf("rounds %v", m), func(t *price.Terms) { t.Rounding.Mode = m })
		}
		if m != terms.UsageRounding.Mode && terms.UsageRounding.IsValid() {
			other(fmt.Sprintf("rounds the usage %v", m), func(t *price.Terms) { t.UsageRounding.Mode = m })
		}
	}
	for places := range int32(5) {
		if places != terms.Rounding.Places {
			other(fmt.Sprintf("rounds to %d places", places), func(t *price.Terms) { t.Rounding.Places = places })
		}
	}
	add("never rounds", func(u decimal.Decimal) ratio { return reference(terms, u) })
	if terms.UsageRounding.IsValid() {
		other("does not round the usage", func(t *price.Terms) { t.UsageRounding = price.Rounding{} })
	}
	if last > 0 {
		if terms.Model == price.ModelGraduated {
			other("rates the whole usage by the one tier that it falls into", func(t *price.Terms) { t.Model = price.ModelVolume })
		} else {
			other("rates each slice of the usage by its own tier", func(t *price.Terms) { t.Model = price.ModelGraduated })
		}
		other("charges nothing above the last bound", func(t *price.Terms) { t.Tiers[last].Rate, t.Tiers[last].Flat = decimal.Decimal{}, decimal.Decimal{} })
		other("has the rate of the last bounded tier above it, too", func(t *price.Terms) { t.Tiers[last].Rate = t.Tiers[last-1].Rate })
		other("has the first rate for everything", func(t *price.Terms) {
			for i := range t.Tiers {
				t.Tiers[i].Rate = t.Tiers[0].Rate
			}
		})
		other("has the last rate for everything", func(t *price.Terms) {
			for i := range t.Tiers {
				t.Tiers[i].Rate = t.Tiers[last].Rate
			}
		})
		other("takes bounds of tiers for their widths", func(t *price.Terms) {
			var sum decimal.Decimal
			for i := range t.Tiers[:last] {
				sum = sum.Add(t.Tiers[i].UpTo)
				t.Tiers[i].UpTo = sum
			}
		})
		shift := func(by decimal.Decimal, which func(i int) bool) func(t *price.Terms) {
			return func(t *price.Terms) {
				for i := range t.Tiers[:last] {
					if which(i) {
						t.Tiers[i].UpTo = t.Tiers[i].UpTo.Add(by)
					}
				}
			}
		}
		add("has a usage of exactly a bound in the next tier", func(u decimal.Decimal) ratio {
			return round(terms.Rounding, otherwise{exclusive: true}.reference(terms, u))
		})
		for n := range min(last, 8) {
			is := func(i int) bool { return i == n }
			other(fmt.Sprintf("has bound %d one unit too low", n+1), shift(one.Neg(), is))
			other(fmt.Sprintf("has bound %d one unit too high", n+1), shift(one, is))
		}
		all := func(int) bool { return true }
		other("has all bounds one unit too low, as tiers that start a unit above the last one's end do", shift(one.Neg(), all))
		other("has all bounds one unit too high", shift(one, all))
		other("loses a unit of usage in each full tier", func(t *price.Terms) {
			for i := range t.Tiers[:last] {
				t.Tiers[i+1].Flat = t.Tiers[i+1].Flat.Sub(t.Tiers[i].Rate.Mul(one))
			}
		})
	}
	if terms.Minimum.IsPositive() {
		other("has no minimum", func(t *price.Terms) { t.Minimum = decimal.Decimal{} })
		none := terms
		none.Minimum = decimal.Decimal{}
		add("adds the minimum to the fee", func(u decimal.Decimal) ratio {
			return round(terms.Rounding, new(big.Rat).Add(reference(none, u), terms.Minimum.Rat()))
		})
		add("adds the minimum to fees below it", func(u decimal.Decimal) ratio {
			fee := otherwise{tiers: func(fee ratio) ratio {
				if fee.Cmp(terms.Minimum.Rat()) < 0 {
					return new(big.Rat).Add(fee, terms.Minimum.Rat())
				}
				return fee
			}}.reference(none, u)
			return round(terms.Rounding, fee)
		})
		add("has no minimum for no usage", func(u decimal.Decimal) ratio {
			if u.IsZero() {
				return round(terms.Rounding, reference(none, u))
			}
			return round(terms.Rounding, reference(terms, u))
		})
	}
	if terms.Maximum.IsPositive() {
		other("has no maximum", func(t *price.Terms) { t.Maximum = decimal.Decimal{} })
		none := terms
		none.Maximum = decimal.Decimal{}
		if last > 0 {
			add("has no maximum above the last bound", func(u decimal.Decimal) ratio {
				if u.GreaterThan(terms.Tiers[last-1].UpTo) {
					return round(terms.Rounding, reference(none, u))
				}
				return round(terms.Rounding, reference(terms, u))
			})
			bound := terms.Tiers[last-1].UpTo
			full := reference(terms, bound)
			add("keeps the maximum in full tiers, and adds the slice above the last bound to that", func(u decimal.Decimal) ratio {
				if !u.GreaterThan(bound) {
					return round(terms.Rounding, reference(terms, u))
				}
				slice := reference(none, u)
				return round(terms.Rounding, slice.Sub(slice, reference(none, bound)).Add(slice, full))
			})
		}
	}
	if terms.Discount.Rate.IsPositive() {
		other("has no discount", func(t *price.Terms) { t.Discount = price.Discount{} })
		stage, name := price.DiscountBeforeMaximum, "takes the discount off before the maximum and the minimum"
		if terms.Discount.Stage == price.DiscountBeforeMaximum {
			stage, name = price.DiscountAfterMinimum, "takes the discount off after the maximum and the minimum"
		}
		other(name, func(t *price.Terms) { t.Discount.Stage = stage })
	}
	if slices.ContainsFunc(terms.Tiers, func(t price.Tier) bool { return t.Flat.IsPositive() }) {
		other("has no flat amounts", func(t *price.Terms) {
			for i := range t.Tiers {
				t.Tiers[i].Flat = decimal.Decimal{}
			}
		})
		other("charges only the first flat amount", func(t *price.Terms) {
			for i := range t.Tiers[1:] {
				t.Tiers[i+1].Flat = decimal.Decimal{}
			}
		})
		add("has no flat amount for no usage", func(u decimal.Decimal) ratio {
			t := terms
			if u.IsZero() {
				t.Tiers = []price.Tier{{}}
			}
			return round(t.Rounding, reference(t, u))
		})
	}
	add("charges nothing for no usage", func(u decimal.Decimal) ratio {
		if u.IsZero() {
			return new(big.Rat)
		}
		return round(terms.Rounding, reference(terms, u))
	})
	for _, places := range []int32{terms.Rounding.Places, 4, 6} {
		add(fmt.Sprintf("rounds each tier's charge to %d places", places), func(u decimal.Decimal) ratio {
			t := terms
			return round(t.Rounding, otherwise{charge: func(charge ratio) ratio {
				return round(price.Rounding{Places: places, Mode: t.Rounding.Mode}, charge)
			}}.reference(t, u))
		})
	}
	for places := range int32(5) {
		if places == terms.Rounding.Places {
			continue
		}
		add(fmt.Sprintf("rounds to %d places before the maximum and the minimum", places), func(u decimal.Decimal) ratio {
			return otherwise{tiers: func(fee ratio) ratio {
				return round(price.Rounding{Places: places, Mode: terms.Rounding.Mode}, fee)
			}}.reference(terms, u)
		})
	}
	usage := func(name string, change func(u decimal.Decimal) decimal.Decimal) {
		add(name, func(u decimal.Decimal) ratio {
			if u = change(u); u.IsNegative() {
				return nil
			}
			return round(terms.Rounding, reference(terms, u))
		})
	}
	usage("keeps the usage in 32 bits, with a sign", func(u decimal.Decimal) decimal.Decimal {
		return decimal.New(int64(int32(u.Shift(terms.Rounding.Places).IntPart())), -terms.Rounding.Places)
	})
	usage("keeps the usage in 32 bits", func(u decimal.Decimal) decimal.Decimal {
		return decimal.New(int64(uint32(u.Shift(terms.Rounding.Places).IntPart())), -terms.Rounding.Places)
	})
	usage("drops what is less than a whole unit of usage", func(u decimal.Decimal) decimal.Decimal { return u.Truncate(0) })
	usage("rounds the usage to whole units", func(u decimal.Decimal) decimal.Decimal { return u.Round(0) })
	for digits := 6; digits < 13; digits++ {
		usage(fmt.Sprintf("keeps %d digits of the usage", digits), func(u decimal.Decimal) decimal.Decimal {
			out, err := decimal.NewFromString(strconv.FormatFloat(u.InexactFloat64(), 'e', digits-1, 64))
			if err != nil {
				return decimal.New(-1, 0)
			}
			return out
		})
	}
	for digits := range int32(4) {
		most := decimal.New(1, 7+digits).Sub(one)
		usage(fmt.Sprintf("takes a usage above %v for that", most), func(u decimal.Decimal) decimal.Decimal { return decimal.Min(u, most) })
	}
	for _, how := range []struct {
		name  string
		round func(x float64) float64
	}{
		{"works in float64 and rounds without care for halves", func(x float64) float64 { return math.Round(x) }},
		{"works in float64 and cuts", math.Trunc},
	} {
		add(how.name, func(u decimal.Decimal) ratio {
			t := terms
			t.Rounding.Places = 0
			scale := math.Pow10(int(terms.Rounding.Places))
			fee := how.round(floatFee(terms, u.InexactFloat64()) * scale)
			return decimal.NewFromFloat(fee).Shift(-terms.Rounding.Places).Rat()
		})
	}
	return out
}

// floatFee is the fee as code in float64 often works it out, unrounded.
func floatFee(terms price.Terms, u float64) float64 {
	fee, lower := 0.0, 0.0
	for i, tier := range terms.Tiers {
		upper := math.Inf(1)
		if i < len(terms.Tiers)-1 {
			upper = tier.UpTo.InexactFloat64()
		}
		if i > 0 && u <= lower {
			break
		}
		slice := math.Min(u, upper) - lower
		if terms.Model == price.ModelVolume {
			if slice = u; u > upper {
				lower = upper
				continue
			}
		}
		fee += slice*tier.Rate.InexactFloat64() + tier.Flat.InexactFloat64()
		lower = upper
	}
	keep := 1 - terms.Discount.Rate.InexactFloat64()
	if terms.Discount.Stage == price.DiscountBeforeMaximum {
		fee *= keep
	}
	if terms.Maximum.IsPositive() {
		fee = math.Min(fee, terms.Maximum.InexactFloat64())
	}
	fee = math.Max(fee, terms.Minimum.InexactFloat64())
	if terms.Discount.Stage == price.DiscountAfterMinimum {
		fee *= keep
	}
	return fee
}
