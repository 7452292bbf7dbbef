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

// where describes the wrong usages, if that is simple.
func (s *subject) where(all []priced) string {
	every := func(is func(p priced) bool) bool {
		return !slices.ContainsFunc(all, func(p priced) bool { return p.isWrong && !is(p) })
	}
	isBound := func(u decimal.Decimal) bool {
		return slices.ContainsFunc(s.terms.Tiers, func(t price.Tier) bool { return t.UpTo.IsPositive() && t.UpTo.Equal(u) })
	}
	isTie := func(p priced) bool { return s.fraction(p).Cmp(big.NewRat(1, 2)) == 0 }
	first := slices.IndexFunc(all, func(p priced) bool { return p.isWrong })
	last, wrong := first, 0
	for i, p := range all {
		if p.isWrong {
			last = i
			wrong++
		}
	}
	isRun := !slices.ContainsFunc(all[first:last+1], func(p priced) bool { return !p.isWrong })
	below := func(u decimal.Decimal) string { // the bound of a tier that u is above, or at
		for i, tier := range slices.Backward(s.terms.Tiers[:len(s.terms.Tiers)-1]) {
			if !u.LessThan(tier.UpTo) {
				return fmt.Sprintf("bound %d of %d, %s", i+1, len(s.terms.Tiers)-1, s.text(tier.UpTo))
			}
		}
		return ""
	}
	from, to := all[first].usage, all[last].usage
	switch {
	case wrong == len(all):
		return "so for all of them"
	case every(func(p priced) bool { return p.usage.IsZero() }):
		return "only for no usage at all"
	case wrong == 1 && isBound(from):
		return "only exactly at " + below(from)
	case wrong == 1:
		return ""
	case every(func(p priced) bool { return isBound(p.usage) }):
		return "only exactly at bounds of tiers"
	case every(isTie):
		if slices.ContainsFunc(all, func(p priced) bool { return !p.isWrong && isTie(p) }) {
			return "only where the exact fee is half a unit, but not for all of those"
		}
		return "only where the exact fee is half a unit, and for all of those"
	case isRun && first > 0 && last == len(all)-1:
		return fmt.Sprintf("all those from %s on and none below", s.text(from))
	case isRun && first > 0:
		return fmt.Sprintf("all those from %s to %s and no others", s.text(from), s.text(to))
	case isRun:
		return fmt.Sprintf("all those up to %s and none above", s.text(to))
	case below(from) != "" && !isBound(from):
		return "none of them up to " + below(from)
	}
	return ""
}

// fraction is the part of a minor unit in the exact fee.
func (s *subject) fraction(p priced) ratio {
	x := new(big.Rat).Quo(p.want, decimal.New(1, -s.terms.Rounding.Places).Rat())
	return x.Sub(x, new(big.Rat).SetInt(new(big.Int).Quo(x.Num(), x.Denom())))
}

// how describes the amount and the direction of wrong fees.
func (s *subject) how(all []priced) string {
	unit := decimal.New(1, -s.terms.Rounding.Places)
	wrong, right, near, low := 0, 0, 0, 0
	byUnit := true
	for _, p := range all {
		if !p.isWrong {
			right++
			continue
		}
		wrong++
		off := p.fee.Sub(decimalOf(round(s.terms.Rounding, p.want)))
		if off.IsNegative() {
			low++
		}
		byUnit = byUnit && off.Abs().Equal(unit)
		half := new(big.Rat).Sub(s.fraction(p), big.NewRat(1, 2))
		if half.Abs(half).Cmp(big.NewRat(1, 50)) <= 0 {
			near++
		}
	}
	var out string
	switch low {
	case wrong:
		out = ", always too low"
	case 0:
		out = ", always too high"
	}
	switch {
	case byUnit && 5*near >= 4*wrong:
		out += ", by one unit, mostly where the exact fee is half a unit or almost"
	case byUnit:
		out += ", by one unit"
	case right > 0 && s.isSmall(all):
		out += ", by a unit or by less than a millionth of the fee, as arithmetic in 32 bits is"
	}
	return out
}

// overflow names the numbers that pass the limit of a type at the lowest usage
// with a wrong fee, which falls there.
func (s *subject) overflow(u decimal.Decimal) string {
	one := decimal.New(1, -s.terms.Rounding.Places)
	before := u.Sub(one)
	if before.IsNegative() {
		return ""
	}
	fee, err1 := s.feeOf(u)
	was, err2 := s.feeOf(before)
	if err1 != nil || err2 != nil || !fee.LessThan(was) || s.exact(u).Cmp(s.exact(before)) < 0 {
		return ""
	}
	var lower, rate decimal.Decimal
	for i, t := range s.terms.Tiers {
		if rate = t.Rate; i == len(s.terms.Tiers)-1 || !u.GreaterThan(t.UpTo) {
			break
		}
		lower = t.UpTo
	}
	out := "the fee falls there, as where a number is too large for its type"
	tell := ": "
	for _, n := range []struct {
		name string
		x    func(u decimal.Decimal) ratio
	}{
		{"the usage", decimal.Decimal.Rat},
		{"the slice above " + s.text(lower), func(u decimal.Decimal) ratio { return u.Sub(lower).Rat() }},
		{"the charge of the slice above " + s.text(lower), func(u decimal.Decimal) ratio { return u.Sub(lower).Mul(rate).Rat() }},
		{"the fee", s.exact},
		{"the fee and half a unit", func(u decimal.Decimal) ratio { return new(big.Rat).Add(s.exact(u), one.Mul(decimal.New(5, -1)).Rat()) }},
	} {
		if lower.IsZero() && strings.Contains(n.name, " above ") {
			continue
		}
		for _, bits := range []uint{31, 32, 63, 64} {
			limit := new(big.Rat).SetInt(new(big.Int).Lsh(big.NewInt(1), bits))
			for places := range int32(13) {
				scale := decimal.New(1, places).Rat()
				a, b := n.x(before), n.x(u)
				if new(big.Rat).Mul(a, scale).Cmp(limit) < 0 && new(big.Rat).Mul(b, scale).Cmp(limit) >= 0 {
					out += fmt.Sprintf("%s%s passes 2^%d units of %s", tell, n.name, bits, decimal.New(1, -places))
					tell = ", "
				}
			}
		}
	}
	return out
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

const (
	mostNames     = 2  // how many mistakes are named that give the same fees
	mostDecisions = 30 // calls of the code to decide between them
)

// mistake returns the names of the first mistakes that give all fees, or "".
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
	var found []mistake
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
			found = append(found, m)
		}
	}
	if len(found) > 1 {
		found = s.decide(found, all)
	}
	var names []string
	for _, m := range found[:min(len(found), mostNames)] {
		names = append(names, m.name)
	}
	return strings.Join(names, ", or ")
}

// decide returns those of several mistakes that give the code's fees also where
// they differ from each other, a few units beside the usages asked about.
func (s *subject) decide(found []mistake, all []priced) []mistake {
	one := decimal.New(1, -s.terms.Rounding.Places)
	calls := 0
	for _, p := range all {
		for n := range int64(12) {
			u := p.usage.Add(one.Mul(decimal.New(n+1, 0)))
			fees := make([]ratio, len(found))
			differ := false
			for i, m := range found {
				fees[i] = m.fee(u)
				differ = differ || (fees[i] == nil) != (fees[0] == nil) || fees[i] != nil && fees[i].Cmp(fees[0]) != 0
			}
			if !differ {
				continue
			}
			fee, err := s.feeOf(u)
			if calls++; err != nil || calls > mostDecisions {
				return found
			}
			left := slices.Clone(found[:0])
			for i, m := range found {
				if fees[i] == nil || fees[i].Cmp(fee.Rat()) == 0 {
					left = append(left, m)
				}
			}
			if len(left) == 0 { // it is none of them there
				return found
			}
			if found = left; len(found) == 1 {
				return found
			}
		}
	}
	return found
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
			if terms.Model == price.ModelVolume {
				other(fmt.Sprintf("has a usage of exactly bound %d in the next tier", n+1), shift(one.Neg(), is))
			} else {
				other(fmt.Sprintf("has bound %d one unit too low", n+1), shift(one.Neg(), is))
			}
			other(fmt.Sprintf("has bound %d one unit too high", n+1), shift(one, is))
		}
		all := func(int) bool { return true }
		other("has all bounds one unit too low", shift(one.Neg(), all))
		other("has all bounds one unit too high", shift(one, all))
		other("loses a unit of usage above each bound, as tiers that start a unit above the last one's end do", func(t *price.Terms) {
			for i := range t.Tiers[1:] {
				t.Tiers[i+1].Flat = t.Tiers[i+1].Flat.Sub(t.Tiers[i+1].Rate.Mul(one))
			}
		})
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
		{"works in float64 and rounds without care for halves", math.Round},
		{"works in float64 and cuts", math.Trunc},
	} {
		add(how.name, func(u decimal.Decimal) ratio {
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
