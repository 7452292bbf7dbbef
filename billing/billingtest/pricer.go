package billingtest

import (
	"errors"
	"fmt"

	"github.com/shopspring/decimal"

	"github.com/supportplan/supportplan/billing"
	"github.com/supportplan/supportplan/billing/price"
	"github.com/supportplan/supportplan/internal/quote"
)

// A Pricer says what a usage costs, rounded as it is billed. A
// [price.Schedule] is one, and so is a caller's own code, perhaps by way of
// [Func]. A Pricer may have more of a Schedule's methods: Quote is then held to
// [LinesAddUp], FeeMinor to [MinorAgrees] and Unrounded to
// [AgreesWithReference].
//
// Pricers other than schedules are only asked about usages in whole minor units
// (or coarser ones where the terms round the usage so), up to ten times the
// highest bound plus a million, and about the negative ones opposite to them.
type Pricer interface {
	Fee(usage decimal.Decimal) (decimal.Decimal, error)
}

// A Func is a function as a [Pricer].
type Func func(usage decimal.Decimal) (decimal.Decimal, error)

// Fee returns what f does.
func (f Func) Fee(usage decimal.Decimal) (decimal.Decimal, error) { return f(usage) }

// errNone is why a nil Pricer has no fee.
var errNone = errors.New("there is none")

// feeOf asks p for a fee. What no price could be is an error, so that nothing
// is ever computed with it.
func feeOf(p Pricer, usage decimal.Decimal) (decimal.Decimal, error) {
	if f, isFunc := p.(Func); p == nil || isFunc && f == nil {
		return decimal.Decimal{}, errNone
	}
	fee, err := p.Fee(usage)
	if err != nil {
		return decimal.Decimal{}, err
	}
	return fee, checkFee(fee)
}

// checkFee returns an error if d is larger or finer than any fee.
func checkFee(d decimal.Decimal) error {
	const most = 100 // digits, as a product of amounts may have
	if exp := d.Exponent(); exp < -most || exp > most || d.NumDigits() > 2*most {
		return fmt.Errorf("%s: %w", quote.Decimal(d), billing.ErrAmount)
	}
	return nil
}

// limit is the highest usage that pricers other than schedules are asked about,
// where terms are known to be right.
func limit(terms price.Terms) decimal.Decimal {
	most := decimal.New(1_000_000, 0)
	if n := len(terms.Tiers); n > 1 {
		most = most.Add(terms.Tiers[n-2].UpTo.Mul(decimal.New(10, 0)))
	}
	return most
}
