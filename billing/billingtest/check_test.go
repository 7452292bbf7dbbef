package billingtest_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"github.com/supportplan/supportplan/billing"
	"github.com/supportplan/supportplan/billing/billingtest"
	"github.com/supportplan/supportplan/billing/price"
	"github.com/supportplan/supportplan/plan"
)

// d reads a decimal.
func d(s string) decimal.Decimal { return decimal.RequireFromString(s) }

var cents = price.Rounding{Places: 2, Mode: price.RoundingHalfUp}

// A recorder is a test that keeps its errors.
type recorder struct {
	errors  []string
	helpers int
}

func (r *recorder) Helper() { r.helpers++ }
func (r *recorder) Errorf(format string, args ...any) {
	r.errors = append(r.errors, fmt.Sprintf(format, args...))
}

// tiers makes tiers of bounds and rates in turn, the last bound being "".
func tiers(boundsAndRates ...string) (out []price.Tier) {
	for i := 0; i < len(boundsAndRates); i += 2 {
		tier := price.Tier{Rate: d(boundsAndRates[i+1])}
		if b := boundsAndRates[i]; b != "" {
			tier.UpTo = d(b)
		}
		out = append(out, tier)
	}
	return out
}

func graduated(t ...price.Tier) price.Terms {
	return price.Terms{Model: price.ModelGraduated, Tiers: t, Rounding: cents}
}

func volume(t ...price.Tier) price.Terms {
	return price.Terms{Model: price.ModelVolume, Tiers: t, Rounding: cents}
}

// fiveTiers is a price of five tiers with a minimum, as many publish it.
func fiveTiers() price.Terms {
	terms := graduated(tiers("10000", "0.10", "80000", "0.07", "250000", "0.05", "1000000", "0.03", "", "0.02")...)
	terms.Minimum = d("100")
	return terms
}

func with(terms price.Terms, change func(*price.Terms)) price.Terms {
	change(&terms)
	return terms
}

func card(plans map[plan.Plan]price.Terms) billing.Card {
	for _, terms := range plans { // a card wants 5.00, not 5, for 500 %
		for i, tier := range terms.Tiers {
			terms.Tiers[i].Rate = tier.Rate.Add(decimal.New(0, -2))
		}
	}
	c, err := billing.NewCard(billing.CardTerms{Edition: "test", Currency: "USD", Rounding: cents, Per: billing.IntervalMonth, Proration: billing.ProrationInstants, Limits: price.LimitsProrated, Basis: price.BasisPeriod, Plans: plans})
	if err != nil {
		panic(err)
	}
	return c
}

// A broken pricer does what its schedule does but for one method.
type brokenQuote struct {
	price.Schedule
	change func(*price.Quote) error
}

func (b brokenQuote) Quote(usage decimal.Decimal) (price.Quote, error) {
	q, err := b.Schedule.Quote(usage)
	if err == nil {
		err = b.change(&q)
	}
	return q, err
}

type brokenMinor struct {
	price.Schedule
	change func(usage, fee int64) (int64, error)
}

func (b brokenMinor) FeeMinor(usage int64) (int64, error) {
	fee, err := b.Schedule.FeeMinor(usage)
	if err != nil {
		return fee, err
	}
	return b.change(usage, fee)
}

type brokenUnrounded struct {
	price.Schedule
	change func(fee decimal.Decimal) (decimal.Decimal, error)
}

func (b brokenUnrounded) Unrounded(usage decimal.Decimal) (decimal.Decimal, error) {
	fee, err := b.Schedule.Unrounded(usage)
	if err != nil {
		return fee, err
	}
	return b.change(fee)
}

type brokenFee struct{ price.Schedule }

func (b brokenFee) Fee(decimal.Decimal) (decimal.Decimal, error) { return decimal.Decimal{}, errOwn }

var errOwn = errors.New("out of order")

// changed is a pricing function that does what a schedule does, and then
// something to its fee.
func changed(s price.Schedule, change func(usage, fee decimal.Decimal) (decimal.Decimal, error)) billingtest.Func {
	return func(usage decimal.Decimal) (decimal.Decimal, error) {
		fee, err := s.Fee(usage)
		if err != nil {
			return fee, err
		}
		return change(usage, fee)
	}
}

// Each law is broken by something, and the report says where, exactly.
func TestReports(t *testing.T) {
	five := price.MustCompile(fiveTiers())
	for _, c := range []struct {
		name  string
		check func(t billingtest.T)
		want  []string
	}{
		{"five tiers", func(t billingtest.T) { billingtest.CheckSchedule(t, five) }, nil},
		{"the largest bound there is", func(t billingtest.T) {
			billingtest.CheckSchedule(t, price.MustCompile(graduated(tiers("999999999999999999999999999999.999999999999999999999999999999", "0.10", "", "0.07")...)))
		}, nil},
		{"five tiers, volume", func(t billingtest.T) {
			billingtest.CheckSchedule(t, price.MustCompile(with(fiveTiers(), func(t *price.Terms) { t.Model = price.ModelVolume })))
		}, []string{
			"monotone: 10000.00 costs 1000.00, but 10000.01 costs 700.0007: 299.9993 less; and at 3 more bounds",
			"continuous: 10000.00 costs 1000.00, and 10000.01 costs 700.0007: a jump down by 299.9993; and at 3 more bounds",
		}},
		{"a user who knows it leaves them out", func(t billingtest.T) {
			billingtest.CheckSchedule(t, price.MustCompile(volume(tiers("10", "5", "15", "3", "", "1")...)),
				billingtest.Valid, billingtest.LinesAddUp, billingtest.AgreesWithReference, billingtest.EffectiveRateFalls)
		}, nil},
		{"one more bound", func(t billingtest.T) {
			billingtest.CheckSchedule(t, price.MustCompile(volume(tiers("10", "5", "15", "3", "", "1")...)), billingtest.Monotone)
		}, []string{"monotone: 10.00 costs 50.00, but 10.01 costs 30.03: 19.97 less; and at 1 more bound"}},
		{"cliff in a card", func(t billingtest.T) {
			billingtest.Check(t, card(map[plan.Plan]price.Terms{
				plan.Developer: graduated(tiers("", "0.03")...),
				plan.Business:  volume(tiers("10000", "0.10", "", "0.07")...),
			}), billingtest.Monotone)
		}, []string{"business: monotone: 10000.00 costs 1000.00, but 10000.01 costs 700.0007: 299.9993 less"}},
		{"cliff finer than a cent", func(t billingtest.T) { // at 10.005 the fee falls by 0.0003
			billingtest.CheckSchedule(t, price.MustCompile(volume(price.Tier{UpTo: d("10.005"), Rate: d("1"), Flat: d("0.0003")}, price.Tier{Rate: d("1")})), billingtest.Monotone)
		}, []string{"monotone: 10.005 costs 10.0053, but 10.0051 costs 10.0051: 0.0002 less"}},
		{"cliff between cents", func(t billingtest.T) {
			billingtest.CheckSchedule(t, price.MustCompile(volume(tiers("10.005", "2", "", "1")...)), billingtest.Monotone)
		}, []string{"monotone: 10.00 costs 20.00, but 10.01 costs 10.01: 9.99 less"}},
		{"cliff under rounded usage", func(t billingtest.T) {
			billingtest.CheckSchedule(t, price.MustCompile(with(volume(tiers("10.5", "2", "", "1")...), func(t *price.Terms) {
				t.UsageRounding = price.Rounding{Places: 0, Mode: price.RoundingUp}
			})), billingtest.Monotone)
		}, []string{"monotone: 10.00 costs 20.00, but 11.00 costs 11.00: 9.00 less"}},
		{"cliff that rounded usage steps over", func(t billingtest.T) { // from 10 × 1 to 11 × 0.95
			billingtest.CheckSchedule(t, price.MustCompile(with(volume(tiers("10.5", "1", "", "0.95")...), func(t *price.Terms) {
				t.UsageRounding = price.Rounding{Places: 0, Mode: price.RoundingUp}
			})), billingtest.Monotone)
		}, nil},
		{"rising rates", func(t billingtest.T) {
			billingtest.CheckSchedule(t, price.MustCompile(graduated(tiers("100", "0.05", "", "0.10")...)))
		}, []string{"effective-rate-falls: 100.00 costs 5.00, which is 5.0000 %, but 100.01 costs 5.001, which is 5.0005 %"}},
		{"rates that rise above a minimum", func(t billingtest.T) { // 10 × rate 1 + 2 × (u − 10) meets 11 at 10.5
			billingtest.CheckSchedule(t, price.MustCompile(with(graduated(tiers("10", "1", "", "2")...), func(t *price.Terms) { t.Minimum = d("11") })), billingtest.EffectiveRateFalls)
		}, []string{"effective-rate-falls: 10.50 costs 11.00, which is 104.76 %, but 10.51 costs 11.02, which is 104.85 %"}},
		{"rates that rise late in a cent", func(t billingtest.T) { // at 10.0990099…, so that 10.10 still costs a lower rate than 10.09
			billingtest.CheckSchedule(t, price.MustCompile(with(graduated(tiers("10", "1", "", "10.1")...), func(t *price.Terms) { t.Minimum = d("11") })), billingtest.EffectiveRateFalls)
		}, []string{"effective-rate-falls: 10.10 costs 11.01, which is 109.01 %, but 10.11 costs 11.111, which is 109.90 %"}},
		{"a flat amount", func(t billingtest.T) {
			billingtest.CheckSchedule(t, price.MustCompile(graduated(price.Tier{UpTo: d("100"), Rate: d("0.05")}, price.Tier{Rate: d("0.05"), Flat: d("7")})))
		}, []string{"effective-rate-falls: 100.00 costs 5.00, which is 5.00 %, but 100.01 costs 12.0005, which is 12.00 %"}},
		{"volume prices that rise", func(t billingtest.T) {
			billingtest.CheckSchedule(t, price.MustCompile(volume(tiers("100", "0.05", "", "0.10")...)), billingtest.Monotone, billingtest.Continuous)
		}, []string{"continuous: 100.00 costs 5.00, and 100.01 costs 10.001: a jump up by 5.001"}},
		{"a flat price per tier", func(t billingtest.T) {
			billingtest.CheckSchedule(t, price.MustCompile(volume(price.Tier{UpTo: d("100"), Flat: d("5")}, price.Tier{Flat: d("7")})), billingtest.Monotone, billingtest.Continuous)
		}, nil},
		{"a discount after the minimum", func(t billingtest.T) {
			billingtest.CheckSchedule(t, price.MustCompile(with(fiveTiers(), func(t *price.Terms) {
				t.Discount = price.Discount{Rate: d("0.10"), Stage: price.DiscountAfterMinimum}
			})))
		}, []string{"minimum-reached: 0.00 costs 90.00: 10.00 less than the minimum of 100.00"}},
		{"the zero schedule", func(t billingtest.T) { billingtest.CheckSchedule(t, price.Schedule{}) },
			[]string{"valid: price: fee: zero schedule; make one with Compile"}},
		{"the zero card", func(t billingtest.T) { billingtest.Check(t, billing.Card{}) }, []string{"valid: the card prices no plan"}},
		{"the zero card, other laws", func(t billingtest.T) {
			billingtest.Check(t, billing.Card{}, billingtest.Monotone, billingtest.PlanOrder)
		}, nil},
		{"an unknown law", func(t billingtest.T) { billingtest.CheckSchedule(t, five, "round", "") },
			[]string{"round: unknown law", ": unknown law"}},
		{"an unknown law for a card", func(t billingtest.T) { billingtest.Check(t, billing.Card{}, "round") }, []string{"round: unknown law"}},

		{"JSON", func(t billingtest.T) {
			billingtest.CheckJSON(t, []byte(`{"edition":"e","currency":"USD","rounding":{"places":2,"mode":"half-up"},"per":"month","proration":"instants","limits":"prorated","basis":"period","plans":{"business":{"model":"volume","tiers":[{"upTo":"10","rate":"500%"},{"rate":"300%"}]}}}`), billingtest.Monotone)
		}, []string{"business: monotone: 10.00 costs 50.00, but 10.01 costs 30.03: 19.97 less"}},
		{"JSON that is no card", func(t billingtest.T) {
			billingtest.CheckJSON(t, []byte(`{"edition":"e","currency":"USD","rounding":{"places":2,"mode":"half-up"},"per":"month","proration":"instants","limits":"prorated","basis":"period","plans":{"business":{"model":"volume","tiers":[{"upTo":"10","rate":"500%"}]}}}`), billingtest.Monotone)
		}, []string{`valid: billing: decode rate card: plans.business.tiers[0].upTo: 10: usage above it would be free; the last tier must have no upper bound: invalid input`}},

		{"a higher plan that costs less above a break-even", func(t billingtest.T) {
			billingtest.Check(t, card(map[plan.Plan]price.Terms{
				plan.Developer:  graduated(tiers("", "0.10")...),
				plan.Enterprise: with(graduated(tiers("", "0.05")...), func(t *price.Terms) { t.Minimum = d("100.01") }),
			}), billingtest.PlanOrder)
		}, []string{"enterprise: plan-order: 1000.11 costs 100.01, but with developer 100.011: 0.001 less"}},
		{"a higher plan that costs less from the start", func(t billingtest.T) {
			billingtest.Check(t, card(map[plan.Plan]price.Terms{
				plan.Developer: with(graduated(tiers("", "0.03")...), func(t *price.Terms) { t.Minimum = d("29") }),
				plan.Business:  graduated(tiers("", "0.10")...),
			}), billingtest.PlanOrder)
		}, []string{"business: plan-order: 0.00 costs 0.00, but with developer 29.00: 29.00 less"}},
		{"a higher plan that costs less from the first cent", func(t billingtest.T) {
			billingtest.Check(t, card(map[plan.Plan]price.Terms{
				plan.Developer: graduated(tiers("", "0.03")...), plan.Business: graduated(tiers("", "0.02")...),
			}), billingtest.PlanOrder)
		}, []string{"business: plan-order: 0.01 costs 0.0002, but with developer 0.0003: 0.0001 less"}},
		{"plans in order", func(t billingtest.T) {
			billingtest.Check(t, card(map[plan.Plan]price.Terms{
				plan.Developer: graduated(tiers("", "0.03")...), plan.Business: fiveTiers(), plan.Enterprise: with(fiveTiers(), func(t *price.Terms) { t.Minimum = d("5000") }),
			}))
		}, []string{ // 3 % without end overtakes what falls to 2 %
			"business: plan-order: 1690000.01 costs 50700.0002, but with developer 50700.0003: 0.0001 less",
		}},
		{"a plan out of order among three", func(t billingtest.T) {
			billingtest.Check(t, card(map[plan.Plan]price.Terms{
				plan.Developer: graduated(tiers("", "0.03")...), plan.Business: graduated(tiers("", "0.05")...), plan.Enterprise: graduated(tiers("", "0.04")...),
			}), billingtest.PlanOrder, billingtest.Monotone)
		}, []string{"enterprise: plan-order: 0.01 costs 0.0004, but with business 0.0005: 0.0001 less"}},

		{"own code that is right", func(t billingtest.T) {
			billingtest.CheckPricer(t, fiveTiers(), billingtest.Func(five.Fee))
			agrees(t, five, five.Fee)
			billingtest.CheckPricer(t, fiveTiers(), brokenQuote{five, func(*price.Quote) error { return nil }})
		}, nil},
		{"own code without a fee has none to agree with", func(t billingtest.T) {
			billingtest.CheckPricer(t, fiveTiers(), brokenFee{five}, billingtest.MinorAgrees)
		}, nil},
		{"own code that is not there", func(t billingtest.T) {
			billingtest.CheckPricer(t, fiveTiers(), nil)
			billingtest.CheckPricer(t, fiveTiers(), billingtest.Func(nil))
			agrees(t, five, nil)
		}, []string{"valid: there is none", "valid: there is none", "valid: there is none"}},
		{"own code for terms that are wrong", func(t billingtest.T) {
			billingtest.CheckPricer(t, price.Terms{}, billingtest.Func(five.Fee))
		}, []string{`valid: price: compile: model: missing; want one of "graduated", "volume": invalid input`}},
		{"a schedule for terms that are wrong", func(t billingtest.T) {
			billingtest.CheckPricer(t, price.Terms{}, five)
			billingtest.CheckPricer(t, fiveTiers(), price.Schedule{})
			billingtest.CheckPricer(t, price.Terms{}, nil)
		}, []string{
			`valid: price: compile: model: missing; want one of "graduated", "volume": invalid input`,
			"valid: price: fee: zero schedule; make one with Compile",
			`valid: price: compile: model: missing; want one of "graduated", "volume": invalid input`,
		}},
		{"a schedule for other terms", func(t billingtest.T) {
			billingtest.CheckPricer(t, fiveTiers(), price.MustCompile(volume(tiers("123", "10", "", "5")...)), billingtest.Monotone, billingtest.AgreesWithReference)
		}, []string{
			"monotone: 123.00 costs 1230.00, but 123.01 costs 615.05: 614.95 less",
			"agrees-with-reference: 0.00 costs 0.00, and should cost 100.00",
		}},
		{"own code that bills refunds", func(t billingtest.T) {
			agrees(t, five, func(usage decimal.Decimal) (decimal.Decimal, error) { return five.Fee(usage.Abs()) })
		}, []string{"valid: -0.01 costs 100.00, but a usage below 0 has no price: an error is wanted"}},
		{"own code that fails", func(t billingtest.T) {
			agrees(t, five, changed(five, func(usage, fee decimal.Decimal) (decimal.Decimal, error) {
				if usage.Equal(d("80000.01")) {
					return fee, errOwn
				}
				return fee, nil
			}))
		}, []string{"valid: 80000.01 has no fee: out of order; so for 1 of 514 usages"}},
		{"own code with a negative fee", func(t billingtest.T) {
			billingtest.CheckPricer(t, fiveTiers(), changed(five, func(usage, fee decimal.Decimal) (decimal.Decimal, error) { return fee.Neg(), nil }), billingtest.Valid)
		}, []string{"valid: 0.00 costs -100.00"}},
		{"own code with an absurd fee", func(t billingtest.T) {
			billingtest.CheckPricer(t, fiveTiers(), changed(five, func(usage, fee decimal.Decimal) (decimal.Decimal, error) { return decimal.New(1, 1e9), nil }))
		}, []string{"valid: 0.00 has no fee: a number of 1 digits with exponent 1000000000: invalid input; so for all of 514 usages"}},
		{"own code that applies a bracket's rate to all", func(t billingtest.T) {
			v := price.MustCompile(with(fiveTiers(), func(t *price.Terms) { t.Model = price.ModelVolume }))
			agrees(t, five, v.Fee)
			billingtest.CheckPricer(t, fiveTiers(), billingtest.Func(v.Fee))
		}, []string{
			"agrees-with-reference: 10000.01 costs 700.00, and should cost 1000.00 (10000.00 × 0.1 + 0.01 × 0.07 = 1000.0007; rounded half-up to 2 places); wrong for 371 of 514 usages; all fees are those of code that rates the whole usage by the one tier that it falls into",
			"monotone: 10000.00 costs 1000.00, but 10000.01 costs 700.00: 300.00 less",
			"continuous: 10000.00 costs 1000.00, and 10000.01 costs 700.00: a jump down by 300.00",
			"agrees-with-reference: 10000.01 costs 700.00, and should cost 1000.00 (10000.00 × 0.1 + 0.01 × 0.07 = 1000.0007; rounded half-up to 2 places); wrong for 371 of 514 usages; all fees are those of code that rates the whole usage by the one tier that it falls into",
		}},
		{"own code with a bound on the wrong side", func(t billingtest.T) {
			v := price.MustCompile(volume(tiers("10", "5", "15", "3", "", "1")...))
			off := price.MustCompile(volume(tiers("9.99", "5", "15", "3", "", "1")...))
			agrees(t, v, off.Fee)
		}, []string{"agrees-with-reference: 10.00 costs 30.00, and should cost 50.00 (10.00 × 5 = 50.00); wrong for 1 of 238 usages; all fees are those of code that has a usage of exactly bound 1 in the next tier"}},
		{"own code that falls where no bound is", func(t billingtest.T) {
			billingtest.CheckPricer(t, fiveTiers(), changed(five, func(usage, fee decimal.Decimal) (decimal.Decimal, error) {
				if usage.GreaterThan(d("123456.78")) {
					fee = fee.Sub(d("2000"))
				}
				return fee, nil
			}), billingtest.Monotone, billingtest.Continuous, billingtest.EffectiveRateFalls)
		}, []string{
			"monotone: 123456.78 costs 8072.84, but 123456.79 costs 6072.84: 2000.00 less",
			"continuous: 123456.78 costs 8072.84, and 123456.79 costs 6072.84: a jump down by 2000.00",
			// Behind the fall, what is left of the price rises faster than the usage.
			"effective-rate-falls: 128166.66 costs 6308.33, which is 4.92197 %, but 128191.96 costs 6309.60, which is 4.92199 %",
		}},
		{"own code that rises where no bound is", func(t billingtest.T) {
			billingtest.CheckPricer(t, fiveTiers(), changed(five, func(usage, fee decimal.Decimal) (decimal.Decimal, error) {
				if usage.GreaterThan(d("123456.78")) {
					fee = fee.Add(d("2000"))
				}
				return fee, nil
			}), billingtest.Monotone, billingtest.Continuous, billingtest.EffectiveRateFalls)
		}, []string{
			"continuous: 123456.78 costs 8072.84, and 123456.79 costs 10072.84: a jump up by 2000.00",
			"effective-rate-falls: 123456.78 costs 8072.84, which is 6.54 %, but 123456.79 costs 10072.84, which is 8.16 %",
		}},
		{"own code without the minimum", func(t billingtest.T) {
			billingtest.CheckPricer(t, fiveTiers(), billingtest.Func(price.MustCompile(with(fiveTiers(), func(t *price.Terms) { t.Minimum = d("0") })).Fee), billingtest.MinimumReached)
		}, []string{"minimum-reached: 0.00 costs 0.00: 100.00 less than the minimum of 100.00"}},
		{"own code beyond the maximum", func(t billingtest.T) {
			billingtest.CheckPricer(t, with(fiveTiers(), func(t *price.Terms) { t.Maximum = d("5900") }), billingtest.Func(five.Fee), billingtest.MaximumKept)
		}, []string{"maximum-kept: 80000.10 costs 5900.01: 0.01 more than the maximum of 5900.00"}},
		{"own quotes: a line", func(t billingtest.T) {
			billingtest.CheckPricer(t, fiveTiers(), brokenQuote{five, func(q *price.Quote) error {
				if len(q.Lines) > 1 {
					q.Lines[1].Charge = q.Lines[1].Charge.Add(d("1"))
				}
				return nil
			}})
		}, []string{"lines-add-up: line 2 of the quote for 10000.01 charges 1.0007, and should charge 0.0007"}},
		{"own quotes: a slice", func(t billingtest.T) {
			billingtest.CheckPricer(t, fiveTiers(), brokenQuote{five, func(q *price.Quote) error {
				q.UsageRated = q.UsageRated.Add(d("5"))
				return nil
			}})
		}, []string{"lines-add-up: the slices of the quote for 5.00 add up to 0.00"}},
		{"own quotes: an adjustment", func(t billingtest.T) {
			billingtest.CheckPricer(t, fiveTiers(), brokenQuote{five, func(q *price.Quote) error {
				q.Adjustments = nil
				return nil
			}})
		}, []string{"lines-add-up: the quote for 0.00 has a total of 100.00, but its lines and adjustments add up to 0.00"}},
		{"own quotes: a total", func(t billingtest.T) {
			billingtest.CheckPricer(t, fiveTiers(), brokenQuote{five, func(q *price.Quote) error {
				q.Total = q.Total.Add(d("0.5"))
				q.Adjustments = append(q.Adjustments, price.Adjustment{Kind: price.AdjustmentRounding, Amount: d("0.5")})
				return nil
			}})
		}, []string{"lines-add-up: 0.00 costs 100.00, but its quote has a total of 100.50"}},
		{"own quotes: an absurd number", func(t billingtest.T) {
			billingtest.CheckPricer(t, fiveTiers(), brokenQuote{five, func(q *price.Quote) error {
				q.Lines[0].Flat = decimal.New(1, -1e9)
				return nil
			}})
			billingtest.CheckPricer(t, fiveTiers(), brokenQuote{five, func(q *price.Quote) error {
				q.Adjustments = []price.Adjustment{{Amount: decimal.New(1, 1e9)}}
				return nil
			}})
		}, []string{
			"lines-add-up: the quote for 0.00: a number of 1 digits with exponent -1000000000: invalid input",
			"lines-add-up: the quote for 0.00: a number of 1 digits with exponent 1000000000: invalid input",
		}},
		{"own quotes: none", func(t billingtest.T) {
			billingtest.CheckPricer(t, fiveTiers(), brokenQuote{five, func(q *price.Quote) error { return errOwn }})
		}, []string{"lines-add-up: 0.00 costs 100.00, but has no quote: out of order"}},
		{"own minor units", func(t billingtest.T) {
			billingtest.CheckPricer(t, fiveTiers(), brokenMinor{five, func(usage, fee int64) (int64, error) {
				if usage > 1_000_000 {
					fee++
				}
				return fee, nil
			}})
		}, []string{"minor-agrees: 10000.01 costs 1000.00, but 1000001 minor units cost 100001"}},
		{"own minor units: none", func(t billingtest.T) {
			billingtest.CheckPricer(t, fiveTiers(), brokenMinor{five, func(usage, fee int64) (int64, error) { return 0, errOwn }})
		}, []string{"minor-agrees: 0.00 costs 100.00, but 0 minor units have no fee: out of order"}},
		{"own unrounded fees", func(t billingtest.T) {
			billingtest.CheckPricer(t, fiveTiers(), brokenUnrounded{five, func(fee decimal.Decimal) (decimal.Decimal, error) { return fee.Round(2), nil }})
		}, []string{"agrees-with-reference: 1000.01 costs 100.00 before rounding, and should cost 100.001"}},
		{"own unrounded fees: none", func(t billingtest.T) {
			billingtest.CheckPricer(t, fiveTiers(), brokenUnrounded{five, func(fee decimal.Decimal) (decimal.Decimal, error) { return fee, errOwn }})
			billingtest.CheckPricer(t, fiveTiers(), brokenUnrounded{five, func(fee decimal.Decimal) (decimal.Decimal, error) { return decimal.New(1, 1e9), nil }})
		}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			var r recorder
			c.check(&r)
			if diff := cmp.Diff(c.want, r.errors); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if r.helpers < 2 {
				t.Error("does not mark itself, and what reports, as helpers")
			}
		})
	}
}

// agrees holds a function to the answers of a schedule.
func agrees(t billingtest.T, s price.Schedule, f billingtest.Func) {
	billingtest.CheckPricer(t, s.Terms(), f, billingtest.Valid, billingtest.AgreesWithReference)
}
