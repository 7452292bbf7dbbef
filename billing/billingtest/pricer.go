package billingtest

import (
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/shopspring/decimal"

	"github.com/supportplan/supportplan/billing/price"
	"github.com/supportplan/supportplan/internal/amount"
	"github.com/supportplan/supportplan/internal/guard"
	"github.com/supportplan/supportplan/internal/quote"
)

// A Pricer returns the fee of a usage, rounded as it is billed. A
// [price.Schedule] is one, and so is a caller's own code, by way of [Func],
// [Float], [Minor] or [Text]. A Pricer may have more of a Schedule's methods:
// Quote is then held to [LinesAddUp], FeeMinor to [MinorAgrees] and Unrounded to
// [AgreesWithReference].
//
// A Pricer other than a schedule is asked for each usage once, in rising order,
// for some of them a second time, in falling order, and for a few below 0. Code
// that breaks no law is called at most 1000 times, and with up to eight tiers
// some 500 times; each further method no more often. Code that breaks one is
// called up to 100 times more for each example. Usages are whole minor units: up
// to ten times the highest bound plus a million also those whose exact fee is
// half a unit, and up to 10^13 minor units others.
//
// A panic of a Pricer is reported, and so is a call that takes longer than ten
// seconds, or than the limit of [Within].
type Pricer interface {
	Fee(usage decimal.Decimal) (decimal.Decimal, error)
}

// A Func is a function as a [Pricer].
type Func func(usage decimal.Decimal) (decimal.Decimal, error)

// Fee returns f's fee.
func (f Func) Fee(usage decimal.Decimal) (decimal.Decimal, error) { return f(usage) }

// Float makes a [Pricer] of code that works in float64. A fee is taken for the
// shortest decimal that is the same float64; one that is not finite is an error.
func Float(f func(usage float64) (float64, error)) Pricer {
	if f == nil {
		return Func(nil)
	}
	return Func(func(usage decimal.Decimal) (decimal.Decimal, error) {
		fee, err := f(usage.InexactFloat64())
		if err != nil {
			return decimal.Decimal{}, err
		}
		if math.IsNaN(fee) || math.IsInf(fee, 0) {
			return decimal.Decimal{}, fmt.Errorf("%v: %w", fee, price.ErrInvalid)
		}
		return decimal.NewFromFloat(fee), nil
	})
}

// Minor makes a [Pricer] of code that works in whole minor units, of which
// 10^places are one unit of the currency: cents with 2 places.
func Minor(places int32, f func(usage int64) (int64, error)) Pricer {
	if f == nil {
		return Func(nil)
	}
	return Func(func(usage decimal.Decimal) (decimal.Decimal, error) {
		units := usage.Shift(places)
		if !units.IsInteger() || !units.BigInt().IsInt64() {
			return decimal.Decimal{}, fmt.Errorf("%s: not a number of minor units: %w", quote.Decimal(usage), price.ErrInvalid)
		}
		fee, err := f(units.IntPart())
		return decimal.New(fee, -places), err
	})
}

// Text makes a [Pricer] of code that reads a usage such as "1234.56" and
// writes a fee such as "123.46": that of another decimal library, or of a
// service.
func Text(f func(usage string) (string, error)) Pricer {
	if f == nil {
		return Func(nil)
	}
	return Func(func(usage decimal.Decimal) (decimal.Decimal, error) {
		text, err := f(amount.Text(usage))
		if err != nil {
			return decimal.Decimal{}, err
		}
		fee, err := amount.ParseExact(text)
		if err != nil {
			return decimal.Decimal{}, fmt.Errorf("%w: %w", err, price.ErrInvalid)
		}
		return fee, nil
	})
}

// Within returns p with another limit of time for each of its calls, which is
// positive. Methods that p has beside Fee are held to laws as before.
func Within(limit time.Duration, p Pricer) Pricer { return within{p, limit} }

// A within is a Pricer with a limit of time.
type within struct {
	Pricer
	limit time.Duration
}

// patience is how long a call of a caller's code may take.
const patience = 10 * time.Second

// errNone is why a nil Pricer has no fee.
var errNone = errors.New("there is none")

// An answer is an answer of a caller's code.
type answer struct {
	fee decimal.Decimal
	err error
}

// feeOf asks s's price for a fee. It asks a caller's code about each usage only
// once, and returns an error for a fee that no price could be, so that nothing
// is ever computed with it.
func (s *subject) feeOf(usage decimal.Decimal) (decimal.Decimal, error) {
	if s.isSchedule {
		return s.pricer.Fee(usage)
	}
	key := usage.String()
	a, ok := s.answers[key]
	if !ok {
		a.fee, a.err = s.call(usage)
		s.answers[key] = a
	}
	return a.fee, a.err
}

// call asks a caller's code for a fee.
func (s *subject) call(usage decimal.Decimal) (decimal.Decimal, error) {
	fee, err := guard.Call(&s.guard, func() (decimal.Decimal, error) { return s.pricer.Fee(usage) })
	if err != nil {
		return decimal.Decimal{}, err
	}
	return fee, checkFee(fee)
}

// checkFee returns an error if d is larger or finer than any fee.
func checkFee(d decimal.Decimal) error {
	const most = 100 // digits, as a product of amounts may have
	if exp := d.Exponent(); exp < -most || exp > most || d.NumDigits() > 2*most {
		return fmt.Errorf("%s: %w", quote.Decimal(d), price.ErrInvalid)
	}
	return nil
}
