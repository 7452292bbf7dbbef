package billingtest

import (
	"slices"
	"time"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"github.com/supportplan/supportplan/billing"
	"github.com/supportplan/supportplan/billing/price"
	"github.com/supportplan/supportplan/internal/amount"
	"github.com/supportplan/supportplan/plan"
	"github.com/supportplan/supportplan/sla/calendar"
)

// A scale is the size and fineness of the amounts of a price: up to size
// units of 10^-places.
type scale struct {
	size   int64
	places int32
}

func drawScale(t *rapid.T) scale {
	size := rapid.SampledFrom([]int64{20, 10_000, 1e9, 1e18}).Draw(t, "size")
	places := rapid.SampledFrom([]int32{0, 2, 6, 25}).Draw(t, "places")
	return scale{size, places}
}

// amount draws an amount, often one with fewer places than it might have.
func (s scale) amount(t *rapid.T, name string) decimal.Decimal {
	places := rapid.SampledFrom([]int32{0, min(2, s.places), s.places}).Draw(t, name+" places")
	return decimal.New(rapid.Int64Range(0, s.size).Draw(t, name), -places)
}

func (s scale) tiers(t *rapid.T) []price.Tier {
	tiers := make([]price.Tier, rapid.IntRange(1, 5).Draw(t, "tiers"))
	percent := rapid.Bool().Draw(t, "rates in per cent")
	var bound decimal.Decimal
	for i := range tiers {
		if percent {
			tiers[i].Rate = decimal.New(rapid.Int64Range(0, 100).Draw(t, "rate"), -2)
		} else {
			tiers[i].Rate = s.amount(t, "rate")
		}
		if rapid.Bool().Draw(t, "flat?") {
			tiers[i].Flat = s.amount(t, "flat")
		}
		if i < len(tiers)-1 {
			bound = bound.Add(s.amount(t, "width")).Add(decimal.New(1, -s.places))
			tiers[i].UpTo = bound
		}
	}
	return tiers
}

// Terms draws terms of both models: one to five tiers with rates from 0 to 1 or
// of any size, with and without flat amounts, from small whole numbers to such as
// do not fit a machine word; with or without each of minimum, maximum, discount
// and rounding of the usage; in any rounding mode, to 0, 2, 3 or 12 places. It
// never draws terms that [price.Compile] refuses.
func Terms() *rapid.Generator[price.Terms] {
	return rapid.Custom(func(t *rapid.T) price.Terms { return drawTerms(t, drawRounding(t)) })
}

func drawRounding(t *rapid.T) price.Rounding {
	places := rapid.SampledFrom([]int32{0, 2, 3, 12}).Draw(t, "rounding places")
	mode := rapid.SampledFrom([]price.RoundingMode{price.RoundingHalfUp, price.RoundingHalfEven, price.RoundingDown, price.RoundingUp}).Draw(t, "rounding mode")
	return price.Rounding{Places: places, Mode: mode}
}

func drawTerms(t *rapid.T, r price.Rounding) price.Terms {
	s := drawScale(t)
	model := rapid.SampledFrom([]price.Model{price.ModelGraduated, price.ModelVolume}).Draw(t, "model")
	terms := price.Terms{Model: model, Tiers: s.tiers(t), Rounding: r}
	if rapid.Bool().Draw(t, "minimum?") {
		terms.Minimum = decimal.New(rapid.Int64Range(0, s.size).Draw(t, "minimum"), -r.Places)
	}
	if rapid.Bool().Draw(t, "maximum?") {
		terms.Maximum = terms.Minimum.Add(decimal.New(rapid.Int64Range(1, s.size).Draw(t, "headroom"), -r.Places))
	}
	if rapid.Bool().Draw(t, "discount?") {
		terms.Discount.Rate = decimal.New(rapid.Int64Range(0, 1000).Draw(t, "discount"), -3)
		terms.Discount.Stage = rapid.SampledFrom([]price.DiscountStage{price.DiscountBeforeMaximum, price.DiscountAfterMinimum}).Draw(t, "discount stage")
	}
	if rapid.IntRange(0, 3).Draw(t, "usage rounding?") == 0 {
		terms.UsageRounding.Places = rapid.Int32Range(0, 4).Draw(t, "usage places")
		terms.UsageRounding.Mode = rapid.SampledFrom([]price.RoundingMode{price.RoundingHalfUp, price.RoundingHalfEven, price.RoundingDown, price.RoundingUp}).Draw(t, "usage mode")
	}
	return terms
}

// Cards draws rate cards that price one to three of the paid plans, each by
// terms as [Terms] draws them but for their common rounding, per month, with
// any rules of proration, so that a book of the card makes invoices. Nothing orders the
// plans' prices. It never draws the zero Card or one without plans.
func Cards() *rapid.Generator[billing.Card] {
	return rapid.Custom(func(t *rapid.T) billing.Card {
		terms := billing.CardTerms{Plans: make(map[plan.Plan]price.Terms)}
		terms.Edition = rapid.StringMatching(`20[0-9]{2}-(0[1-9]|1[0-2])`).Draw(t, "edition")
		terms.Currency = rapid.SampledFrom([]string{"USD", "EUR", "JPY", "KWD"}).Draw(t, "currency")
		terms.Rounding = drawRounding(t)
		terms.Per, terms.Proration, terms.Basis = billing.IntervalMonth, billing.ProrationInstants, price.BasisPeriod
		terms.Limits = rapid.SampledFrom([]price.Limits{price.LimitsProrated, price.LimitsWhole}).Draw(t, "limits")
		paid := []plan.Plan{plan.Developer, plan.Business, plan.Enterprise}
		for _, p := range rapid.SliceOfNDistinct(rapid.SampledFrom(paid), 1, 3, rapid.ID).Draw(t, "plans") {
			drawn := drawTerms(t, terms.Rounding)
			for i, tier := range drawn.Tiers { // a card wants 1.00, not 1, for 100 %
				drawn.Tiers[i].Rate = tier.Rate.Add(decimal.New(0, -2))
			}
			terms.Plans[p] = drawn
		}
		return right(billing.NewCard(terms))(t)
	})
}

// Usage draws usages for a price, most often a bound of a tier, a usage just
// beside one (by one unit of a place from 0 to 28), or one inside of a tier, and
// otherwise any from 0 to 10^18, with up to 20 places. It never draws a usage
// below 0 or one that [price.Schedule.Fee] refuses. The terms need not be such
// as compile: without tiers the usages are simply any.
func Usage(terms price.Terms) *rapid.Generator[decimal.Decimal] {
	return rapid.Custom(func(t *rapid.T) decimal.Decimal {
		var lower, upper decimal.Decimal
		if n := len(terms.Tiers); n > 0 {
			i := rapid.IntRange(0, n-1).Draw(t, "tier")
			if upper = terms.Tiers[i].UpTo; i > 0 {
				lower = terms.Tiers[i-1].UpTo
			}
		}
		if !isAmount(lower) || !isAmount(upper) {
			lower, upper = decimal.Decimal{}, decimal.Decimal{} // of terms that do not compile
		}
		usage := lower
		switch rapid.IntRange(0, 4).Draw(t, "where") {
		case 0: // at the bound itself
		case 1:
			by := decimal.New(1, -rapid.Int32Range(0, 28).Draw(t, "by a unit of place"))
			if rapid.Bool().Draw(t, "below") {
				by = by.Neg()
			}
			usage = lower.Add(by)
		case 2:
			width := upper.Sub(lower)
			if !upper.GreaterThan(lower) {
				width = lower.Add(decimal.New(1000, 0))
			}
			usage = lower.Add(width.Mul(decimal.New(rapid.Int64Range(0, 1000).Draw(t, "of 1000 parts"), -3)).Truncate(amount.MaxPlaces))
		case 3:
			usage = decimal.New(rapid.Int64Range(0, 1e9).Draw(t, "usage"), -4)
		default:
			usage = decimal.New(rapid.Int64Range(0, 1e18).Draw(t, "usage"), -rapid.Int32Range(0, 20).Draw(t, "usage places"))
		}
		if !isAmount(usage) {
			return lower
		}
		return usage
	})
}

// isAmount reports whether d can be a bound or a usage.
func isAmount(d decimal.Decimal) bool { return amount.Check(d) == nil && !d.IsNegative() }

// Timeline draws an account's plans around a period: up to five
// subscriptions to any plan, with and without gaps between them, the last one
// perhaps without end. Their starts and ends are most often those of the period
// or a nanosecond beside, and otherwise from a period's length (90 days where it
// has no end, and at most a century) before it to one behind, so that
// subscriptions start before, in and after it. For a period that is not valid it draws only the zero
// Timeline. It never draws subscriptions that overlap.
func Timeline(period calendar.Period) *rapid.Generator[plan.Timeline] {
	if !period.IsValid() {
		return rapid.Just(plan.Timeline{})
	}
	return rapid.Custom(func(t *rapid.T) plan.Timeline {
		start, end := period.Start, period.End
		if end.IsZero() {
			end = start.Add(90 * 24 * time.Hour)
		}
		at := rapid.Custom(func(t *rapid.T) int64 {
			const century = int64(100 * 365 * 24 * time.Hour)
			length := min(int64(end.Sub(start)), century)
			switch rapid.IntRange(0, 2).Draw(t, "near") {
			case 0:
				return rapid.Int64Range(-1, 1).Draw(t, "beside the start")
			case 1:
				return length + rapid.Int64Range(-1, 1).Draw(t, "beside the end")
			}
			return rapid.Int64Range(-1000, 2000).Draw(t, "of 1000 parts") * (length/1000 + 1)
		})
		cuts := rapid.SliceOfN(at, 2, 6).Draw(t, "cuts")
		slices.Sort(cuts)
		cuts = slices.Compact(cuts)
		var subs []plan.Subscription
		for i, cut := range cuts[:len(cuts)-1] {
			if rapid.IntRange(0, 3).Draw(t, "gap?") == 0 {
				continue
			}
			p := calendar.Period{Start: start.Add(time.Duration(cut)), End: start.Add(time.Duration(cuts[i+1]))}
			if i == len(cuts)-2 && rapid.Bool().Draw(t, "open end") {
				p.End = time.Time{}
			}
			if !p.IsValid() {
				continue // at the zero time
			}
			drawn := rapid.SampledFrom(plan.All()).Draw(t, "plan")
			subs = append(subs, plan.Subscription{Plan: drawn, Period: p})
		}
		return right(plan.NewTimeline(subs...))(t)
	})
}

// right returns v; drawn values make it without an error.
func right[V any](v V, err error) func(t *rapid.T) V {
	return func(t *rapid.T) V {
		if err != nil {
			t.Fatalf("billingtest: drawn: %v", err)
		}
		return v
	}
}
