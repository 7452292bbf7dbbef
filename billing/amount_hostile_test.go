package billing_test

import (
	"errors"
	"fmt"
	"iter"
	"math"
	"math/big"
	"runtime"
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"github.com/supportplan/supportplan/billing"
	"github.com/supportplan/supportplan/billing/price"
	"github.com/supportplan/supportplan/plan"
	"github.com/supportplan/supportplan/sla/calendar"
)

// hostileAmounts are legal decimals that no amount may be, the mild ones first:
// to write the last exponents out, or to add 1 to them, takes gigabytes.
func hostileAmounts() iter.Seq2[string, decimal.Decimal] {
	digits, _ := new(big.Int).SetString(strings.Repeat("9", 10_000), 10)
	return func(yield func(string, decimal.Decimal) bool) {
		_ = yield("one too large", decimal.New(1, 30)) &&
			yield("one too fine", decimal.New(1, -31)) &&
			yield("10,000 digits", decimal.NewFromBigInt(digits, 0)) &&
			yield("-10,000 digits", decimal.NewFromBigInt(new(big.Int).Neg(digits), 0)) &&
			yield("10,000 places", decimal.NewFromBigInt(digits, -10_000)) &&
			yield("0e1000000000", decimal.New(0, 1e9)) &&
			yield("0e-1000000000", decimal.New(0, -1e9)) &&
			yield("1e1000000000", decimal.New(1, 1e9)) &&
			yield("1e-1000000000", decimal.New(1, -1e9)) &&
			yield("-1e1000000000", decimal.New(-1, 1e9)) &&
			yield("the last exponent", decimal.New(1, math.MaxInt32)) &&
			yield("the first exponent", decimal.New(1, math.MinInt32))
	}
}

// cheaply fails the test where do takes much memory, or panics. After a failure
// it stops: whoever takes a mild amount would choke on the next. What takes for
// ever ends with go test's own limit of time.
func cheaply(t *testing.T, name string, do func()) {
	t.Helper()
	if t.Failed() {
		t.FailNow()
	}
	defer func() {
		if r := recover(); r != nil {
			t.Errorf("%s: panics: %v", name, r)
		}
	}()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	do()
	runtime.ReadMemStats(&after)
	if n := after.TotalAlloc - before.TotalAlloc; n > 256<<20 {
		t.Errorf("%s: allocates %d MiB", name, n>>20)
	}
}

// Whatever takes an amount refuses a hostile one, at once and in few words.
func TestHostileAmounts(t *testing.T) {
	s := price.MustCompile(price.Terms{Model: price.ModelGraduated, Rounding: cents, Tiers: []price.Tier{{UpTo: d("10"), Rate: d("0.1")}, {Rate: d("0.2")}}})
	card := mustCard(t, cardA())
	book, err := card.Book(day(1, 1))
	if err != nil {
		t.Fatal(err)
	}
	always, err := plan.NewTimeline(plan.Subscription{Plan: plan.Business, Period: calendar.Period{Start: day(1, 1)}})
	if err != nil {
		t.Fatal(err)
	}
	invoice, err := book.Invoice(always, spent(t, "100"))
	if err != nil {
		t.Fatal(err)
	}
	terms := func(change func(t *price.Terms, x decimal.Decimal)) func(decimal.Decimal) error {
		return func(x decimal.Decimal) error {
			terms := s.Terms()
			change(&terms, x)
			_, err := price.Compile(terms)
			_, err2 := billing.NewCard(withPlans(map[plan.Plan]price.Terms{plan.Business: terms}))
			_, err3 := terms.MarshalJSON()
			if (err == nil) != (err2 == nil) || (err == nil) != (err3 == nil) {
				return fmt.Errorf("compile %v, card %v, marshal %v", err, err2, err3)
			}
			return err
		}
	}
	for name, call := range map[string]func(x decimal.Decimal) error{
		"tier bound": terms(func(t *price.Terms, x decimal.Decimal) { t.Tiers[0].UpTo = x }),
		"tier rate":  terms(func(t *price.Terms, x decimal.Decimal) { t.Tiers[1].Rate = x }),
		"tier flat":  terms(func(t *price.Terms, x decimal.Decimal) { t.Tiers[0].Flat = x }),
		"minimum":    terms(func(t *price.Terms, x decimal.Decimal) { t.Minimum = x }),
		"maximum":    terms(func(t *price.Terms, x decimal.Decimal) { t.Maximum = x }),
		"discount": terms(func(t *price.Terms, x decimal.Decimal) {
			t.Discount = price.Discount{Rate: x, Stage: price.DiscountAfterMinimum}
		}),
		"Fee":           func(x decimal.Decimal) error { _, err := s.Fee(x); return err },
		"Unrounded":     func(x decimal.Decimal) error { _, err := s.Unrounded(x); return err },
		"Quote":         func(x decimal.Decimal) error { _, err := s.Quote(x); return err },
		"MarginalRate":  func(x decimal.Decimal) error { _, err := s.MarginalRate(x); return err },
		"EffectiveRate": func(x decimal.Decimal) error { _, err := s.EffectiveRate(x); return err },
		"Points from":   func(x decimal.Decimal) error { _, err := s.Points(x, d("10"), 2); return err },
		"Points to":     func(x decimal.Decimal) error { _, err := s.Points(d("1"), x, 2); return err },
		"Cheapest from": func(x decimal.Decimal) error { _, err := price.Envelope(x, d("10"), s); return err },
		"Cheapest to":   func(x decimal.Decimal) error { _, err := price.Envelope(d("1"), x, s); return err },
		"Card.Fee":      func(x decimal.Decimal) error { _, err := card.Fee(plan.Business, x); return err },
		"Card.Fee of the free plan": func(x decimal.Decimal) error {
			_, err := card.Fee(plan.Basic, x)
			return err
		},
		"Card.Quote": func(x decimal.Decimal) error { _, err := card.Quote(plan.Business, x); return err },
		"Rounding.Round": func(x decimal.Decimal) error {
			_, err := cents.Round(x)
			return err
		},
		"Share": func(x decimal.Decimal) error {
			_, err := price.Allocate(x, 2, []decimal.Decimal{d("1")}, nil)
			return err
		},
		"Share by weight": func(x decimal.Decimal) error {
			_, err := price.Allocate(d("1"), 2, []decimal.Decimal{d("1"), x}, nil)
			return err
		},
		"Share by fallback": func(x decimal.Decimal) error {
			_, err := price.Allocate(d("1"), 2, []decimal.Decimal{d("0")}, []decimal.Decimal{x})
			return err
		},
		"Allocate": func(x decimal.Decimal) error {
			_, err := price.Allocate(invoice.Due, 2, []decimal.Decimal{x}, nil)
			return err
		},
		"Shortfall": func(x decimal.Decimal) error {
			_, err := billing.Commitment{Term: march, Currency: "USD", Places: 2, Amount: x}.Shortfall()
			return err
		},
		"NewUsage": func(x decimal.Decimal) error {
			_, err := billing.NewUsage("USD", march, billing.Charge{Kind: billing.ChargeCloudService, Amount: x, Period: march})
			return err
		},
	} {
		for what, x := range hostileAmounts() {
			cheaply(t, name+" of "+what, func() {
				err := call(x)
				if err == nil || !errors.Is(err, price.ErrInvalid) && !errors.Is(err, price.ErrUsage) && !errors.Is(err, billing.ErrInvalid) {
					t.Errorf("%s of %s: error %v, want ErrInvalid", name, what, err)
				} else if n := len(err.Error()); n > 300 {
					t.Errorf("%s of %s: an error of %d bytes", name, what, n)
				}
			})
		}
	}
}

// withPlans is a card like cardA with other plans.
func withPlans(plans map[plan.Plan]price.Terms) billing.CardTerms {
	c := cardA()
	c.Plans = plans
	return c
}
