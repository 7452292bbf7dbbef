// Package amount reads, bounds and writes the exact decimals that the billing
// packages share. Nothing here depends on shopspring's package variables.
package amount

import (
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/supportplan/supportplan/internal/quote"
)

// The limits of an amount. They are far beyond any money, and keep arithmetic
// on a hostile caller's amounts in bounded time and memory.
const (
	MaxWhole  = 30 // digits before the point
	MaxPlaces = 30 // digits behind it
)

// The limits of an exact result, such as a line of a quote: a product of three
// amounts, or a sum of such.
const (
	maxExactWhole  = 100
	maxExactPlaces = 100
)

// ErrNumber is wrapped by the error of an amount that is not a plain decimal
// number or is beyond the limits.
var ErrNumber = errors.New("not a usable decimal number")

// Check returns an error if d has more than [MaxWhole] digits before the point
// or an exponent below -[MaxPlaces].
func Check(d decimal.Decimal) error { return check(d, MaxWhole, MaxPlaces) }

// CheckExact is [Check] for exact results, by the limits of [ParseExact].
func CheckExact(ds ...decimal.Decimal) error {
	for _, d := range ds {
		if err := check(d, maxExactWhole, maxExactPlaces); err != nil {
			return err
		}
	}
	return nil
}

func check(d decimal.Decimal, maxWhole, maxPlaces int64) error {
	exp := int64(d.Exponent())
	if exp < -maxPlaces || int64(d.NumDigits())+exp > maxWhole {
		return fmt.Errorf("%s: want at most %d digits before the point and %d behind it: %w", quote.Decimal(d), maxWhole, maxPlaces, ErrNumber)
	}
	return nil
}

// Parse reads a decimal number: an optional minus sign, digits, and optionally
// a point with digits behind it. It keeps the digits as they are written:
// "0.10" has two places.
func Parse(s string) (decimal.Decimal, error) { return parse(s, MaxWhole, MaxPlaces) }

// ParseExact is [Parse] for an exact result of arithmetic on a few amounts: it
// may have 100 digits before and behind the point.
func ParseExact(s string) (decimal.Decimal, error) { return parse(s, maxExactWhole, maxExactPlaces) }

func parse(s string, maxWhole, maxPlaces int) (decimal.Decimal, error) {
	bad := func() (decimal.Decimal, error) {
		return decimal.Decimal{}, fmt.Errorf("%s: want plain digits, such as \"1234.50\", at most %d before the point and %d behind it: %w", quote.String(s), maxWhole, maxPlaces, ErrNumber)
	}
	if len(s) > maxWhole+maxPlaces+len("-.") {
		return bad()
	}
	whole, frac, point := strings.Cut(strings.TrimPrefix(s, "-"), ".")
	if !digits(whole) || point && !digits(frac) {
		return bad()
	}
	coef, _ := new(big.Int).SetString(whole+frac, 10)
	if s[0] == '-' {
		coef.Neg(coef)
	}
	d := decimal.NewFromBigInt(coef, -int32(len(frac)))
	if len(frac) > maxPlaces || d.NumDigits()-len(frac) > maxWhole {
		return bad()
	}
	return d, nil
}

func digits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

// ErrNegative is wrapped by the error of an amount below 0 that must not be.
var ErrNegative = errors.New("negative amount")

// CheckPositive is [Check] for an amount that must not be below 0.
func CheckPositive(d decimal.Decimal) error {
	if err := Check(d); err != nil {
		return err
	}
	if d.IsNegative() {
		return fmt.Errorf("%s: want 0 or more: %w", quote.Decimal(d), ErrNegative)
	}
	return nil
}

// Apportion rounds the exact parts, adding up to total before that was
// rounded to whole units, to units that add up to total, by largest remainder.
func Apportion(total *big.Int, exact []*big.Rat) []*big.Int {
	parts := make([]*big.Int, len(exact))
	rests := make([]*big.Rat, len(exact))
	order := make([]int, len(exact))
	left := new(big.Int).Set(total)
	for i, x := range exact {
		parts[i] = new(big.Int).Div(x.Num(), x.Denom()) // Euclidean: down, for negative parts too
		rests[i] = new(big.Rat).Sub(x, new(big.Rat).SetInt(parts[i]))
		order[i] = i
		left.Sub(left, parts[i])
	}
	slices.SortStableFunc(order, func(a, b int) int { return rests[b].Cmp(rests[a]) })
	// Rounding moves a sum by less than a unit, so that no more units are left
	// than parts have lost a fraction.
	for _, i := range order[:left.Int64()] {
		parts[i].Add(parts[i], big.NewInt(1))
	}
	return parts
}

// Text writes a d that has passed [Check] or [CheckExact] in plain digits
// with all of its places. Parse reads it back as the same number, to the digit.
func Text(d decimal.Decimal) string { return d.StringFixed(max(-d.Exponent(), 0)) }

// Padded writes d exactly, with at least the given number of places, which is
// not negative, and no zero behind those.
func Padded(d decimal.Decimal, places int32) string {
	whole, fraction, _ := strings.Cut(d.StringFixed(max(places, -d.Exponent())), ".")
	if fraction = fraction[:places] + strings.TrimRight(fraction[places:], "0"); fraction == "" {
		return whole
	}
	return whole + "." + fraction
}
