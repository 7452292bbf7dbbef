package billing_test

import (
	"fmt"
	"math/big"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"github.com/supportplan/supportplan/billing"
	"github.com/supportplan/supportplan/billing/price"
	"github.com/supportplan/supportplan/plan"
	"github.com/supportplan/supportplan/sla/calendar"
)

var (
	allProrations = []billing.Proration{billing.ProrationInstants, billing.ProrationDays}
	allLimits     = []price.Limits{price.LimitsProrated, price.LimitsWhole}
	allBases      = []price.Basis{price.BasisPeriod, price.BasisSegment}
)

// A month is a random month of an account: cards of one to three editions, what
// was bought, and what was spent in each piece between two changes.
type month struct {
	rules    billing.CardTerms // of all cards, without edition and plans
	cards    []billing.EffectiveCard
	book     billing.Book
	bought   []plan.Subscription
	timeline plan.Timeline
	period   calendar.Period
	pieces   []calendar.Period // without a change within
	amounts  []decimal.Decimal // spent in each
	spent    decimal.Decimal   // their sum
}

// months are some with leap days, clock changes and skipped dates.
var months = []struct {
	zone  string
	year  int
	month time.Month
}{
	{"UTC", 2026, 3}, {"UTC", 2026, 2}, {"UTC", 2028, 2}, {"Europe/Berlin", 2026, 3}, {"Europe/Berlin", 2026, 10},
	{"America/New_York", 2026, 3}, {"America/New_York", 2026, 11}, {"Australia/Lord_Howe", 2026, 4}, {"Australia/Lord_Howe", 2026, 10},
	{"Pacific/Apia", 2011, 12}, {"America/Sao_Paulo", 2017, 10}, {"America/Sao_Paulo", 2018, 2}, {"America/Havana", 2024, 3},
	{"Africa/Casablanca", 2023, 3}, {"America/Nuuk", 2023, 3}, {"Asia/Kathmandu", 2026, 6},
}

func drawMonth(t *rapid.T) month {
	var m month
	in := rapid.SampledFrom(months).Draw(t, "month")
	loc := zone(t, in.zone)
	m.period = must(calendar.Month(in.year, in.month, loc))(t)
	minutes := int64(m.period.Duration() / time.Minute)
	// Some changes are at midnights or full hours, and some outside the month.
	instant := func(name string) time.Time {
		n := rapid.Int64Range(-3000, minutes+3000).Draw(t, name)
		step := rapid.SampledFrom([]int64{1, 60, 1440}).Draw(t, "step")
		return m.period.Start.Add(time.Duration(n/step*step) * time.Minute)
	}
	m.rules = billing.CardTerms{
		Currency: "USD", Per: rapid.SampledFrom([]billing.Interval{billing.IntervalMonth, billing.IntervalPeriod}).Draw(t, "per"),
		Rounding:  price.Rounding{Places: rapid.SampledFrom([]int32{0, 2, 3}).Draw(t, "places"), Mode: rapid.SampledFrom([]price.RoundingMode{price.RoundingHalfUp, price.RoundingHalfEven, price.RoundingDown, price.RoundingUp}).Draw(t, "mode")},
		Proration: rapid.SampledFrom(allProrations).Draw(t, "proration"),
		Limits:    rapid.SampledFrom(allLimits).Draw(t, "limits"),
		Basis:     rapid.SampledFrom(allBases).Draw(t, "basis"),
	}
	if m.rules.Proration == billing.ProrationDays {
		m.rules.Zone = loc
	}
	for n := range rapid.IntRange(1, 3).Draw(t, "editions") {
		c := m.rules
		c.Edition = string(rune('A' + n))
		c.Plans = make(map[plan.Plan]price.Terms)
		for _, p := range plan.All()[1:] {
			terms := drawTerms(t)
			terms.Rounding = c.Rounding
			terms.Minimum, terms.Maximum = terms.Minimum.Truncate(c.Rounding.Places), terms.Maximum.RoundUp(c.Rounding.Places)
			c.Plans[p] = inCard(terms)
		}
		from := m.period.Start.AddDate(-1, 0, 0)
		if n > 0 {
			from = instant("card change").Add(time.Duration(n)) // no two at once
		}
		m.cards = append(m.cards, billing.EffectiveCard{From: from, Card: mustCard(t, c)})
	}
	m.book = must(billing.NewBook(m.cards...))(t)
	var cuts []time.Time
	for range rapid.IntRange(0, 8).Draw(t, "changes of plan") {
		cuts = append(cuts, instant("change"))
	}
	slices.SortFunc(cuts, time.Time.Compare)
	for i := range len(cuts) - 1 {
		if rapid.IntRange(0, 3).Draw(t, "bought?") > 0 && cuts[i].Before(cuts[i+1]) {
			m.bought = append(m.bought, plan.Subscription{Plan: rapid.SampledFrom(plan.All()).Draw(t, "plan"), Period: calendar.Period{Start: cuts[i], End: cuts[i+1]}})
		}
	}
	m.timeline = timeline(t, m.bought...)

	for _, c := range m.cards {
		cuts = append(cuts, c.From)
	}
	cuts = append(slices.DeleteFunc(cuts, func(at time.Time) bool { return !m.period.Contains(at) }), m.period.Start, m.period.End)
	slices.SortFunc(cuts, time.Time.Compare)
	cuts = slices.CompactFunc(cuts, time.Time.Equal)
	terms := m.cards[0].Card.Terms().Plans[plan.Business]
	for i := range len(cuts) - 1 {
		m.pieces = append(m.pieces, calendar.Period{Start: cuts[i], End: cuts[i+1]})
		amount := drawUsage(t, terms)
		if rapid.IntRange(0, 5).Draw(t, "refund?") == 0 {
			amount = amount.Neg()
		}
		m.amounts = append(m.amounts, amount)
		m.spent = m.spent.Add(amount)
	}
	return m
}

// inCard returns terms with rates as a card wants them: 1.00, not 1, for 100 %.
func inCard(terms price.Terms) price.Terms {
	terms.Tiers = slices.Clone(terms.Tiers)
	for i, tier := range terms.Tiers {
		if tier.Rate.Exponent() > -2 {
			terms.Tiers[i].Rate = decimal.NewFromBigInt(tier.Rate.Shift(2).BigInt(), -2)
		}
	}
	if terms.Discount.Rate.Exponent() > -2 {
		terms.Discount.Rate = decimal.NewFromBigInt(terms.Discount.Rate.Shift(2).BigInt(), -2)
	}
	return terms
}

// usages is an amount spent, half of it in the first piece of the month.
func (m month) usages(t fataler, amount decimal.Decimal) []billing.Usage {
	if m.rules.Basis == price.BasisPeriod {
		return []billing.Usage{spentIn(t, m.period, amount)}
	}
	var out []billing.Usage
	half := amount.Div(decimal.New(2, 0)).Truncate(2)
	for i, p := range m.pieces {
		var in decimal.Decimal
		if i == 0 {
			in = in.Add(half)
		}
		if i == len(m.pieces)-1 {
			in = in.Add(amount.Sub(half))
		}
		out = append(out, spentIn(t, p, in))
	}
	return out
}

func (m month) planAt(at time.Time) plan.Plan {
	for _, s := range m.bought {
		if !at.Before(s.Period.Start) && at.Before(s.Period.End) {
			return s.Plan
		}
	}
	return plan.Basic
}

func (m month) cardAt(at time.Time) billing.CardTerms {
	in := m.cards[0]
	for _, c := range m.cards {
		if !at.Before(c.From) && !c.From.Before(in.From) {
			in = c
		}
	}
	return in.Card.Terms()
}

// A refSegment is the time of one plan under one edition.
type refSegment struct {
	plan  plan.Plan
	card  billing.CardTerms
	share *big.Rat
	spent *big.Rat
}

type refCharge struct {
	Plan, Edition, Kind string
	Tier                int
	Exact, Amount       *big.Rat
}

// reference is the invoice of a month from the documentation alone, in plain
// fractions: it looks at every piece between two changes, and at every half hour
// for the days that end.
func (m month) reference(advance bool) (charges []refCharge, due *big.Rat) {
	var segments []*refSegment
	at := func(t time.Time) *refSegment {
		p, c := m.planAt(t), m.cardAt(t)
		for _, s := range segments {
			if s.plan == p && s.card.Edition == c.Edition {
				return s
			}
		}
		s := &refSegment{plan: p, card: c, share: new(big.Rat), spent: new(big.Rat)}
		segments = append(segments, s)
		return s
	}
	total := new(big.Rat)
	for i, p := range m.pieces {
		s := at(p.Start)
		if !advance {
			s.spent.Add(s.spent, m.amounts[i].Rat())
			total.Add(total, m.amounts[i].Rat())
		}
		if m.rules.Proration == billing.ProrationInstants {
			s.share.Add(s.share, big.NewRat(int64(p.Duration()), int64(m.period.Duration())))
		}
	}
	if m.rules.Proration == billing.ProrationDays {
		days := int64(0)
		var ended []*refSegment
		for t := m.period.Start; t.Before(m.period.End); {
			next := t.Add(30 * time.Minute)
			_, _, d1 := t.In(m.rules.Zone).Date()
			if _, _, d2 := next.In(m.rules.Zone).Date(); d1 != d2 {
				days++
				ended = append(ended, at(next.Add(-1)))
			}
			t = next
		}
		for _, s := range ended {
			s.share.Add(s.share, big.NewRat(1, days))
		}
	}
	zero := new(big.Rat)
	positive := func(x *big.Rat) *big.Rat {
		if x.Sign() < 0 {
			return zero
		}
		return x
	}
	exact := make(map[*refSegment]*big.Rat) // before minimum and maximum
	usageOf := func(s *refSegment) *big.Rat {
		usage, r := positive(total), s.card.Plans[s.plan].UsageRounding
		if m.rules.Basis == price.BasisSegment {
			usage = positive(s.spent)
		}
		if r != (price.Rounding{}) {
			usage = referenceRound(r, usage)
		}
		return usage
	}
	factorOf := func(s *refSegment) *big.Rat {
		if m.rules.Basis == price.BasisSegment {
			return big.NewRat(1, 1)
		}
		return s.share
	}
	for _, s := range segments {
		sum := new(big.Rat)
		terms := s.card.Plans[s.plan]
		for _, x := range referenceTiers(terms, usageOf(s)) {
			if x != nil {
				sum.Add(sum, x.Mul(x, factorOf(s)))
			}
		}
		if terms.Discount.Stage == price.DiscountBeforeMaximum {
			sum.Mul(sum, new(big.Rat).Sub(big.NewRat(1, 1), terms.Discount.Rate.Rat()))
		}
		exact[s] = sum
	}
	for n, s := range segments {
		if s.plan == plan.Basic {
			continue
		}
		terms := s.card.Plans[s.plan]
		usage, factor := usageOf(s), factorOf(s)
		sum := new(big.Rat)
		charge := func(kind string, tier int, x *big.Rat) {
			charges = append(charges, refCharge{s.plan.String(), s.card.Edition, kind, tier, x, nil})
		}
		if factor.Sign() > 0 {
			for i, x := range referenceTiers(terms, usage) {
				if x != nil {
					x.Mul(x, factor)
					charge("tier", i+1, x)
					sum.Add(sum, x)
				}
			}
		}
		step := func(kind string, to *big.Rat) {
			if by := new(big.Rat).Sub(to, sum); by.Sign() != 0 {
				charge(kind, 0, by)
			}
			sum = to
		}
		keep := new(big.Rat).Sub(big.NewRat(1, 1), terms.Discount.Rate.Rat())
		if terms.Discount.Stage == price.DiscountBeforeMaximum {
			step("discount", new(big.Rat).Mul(sum, keep))
		}
		share := s.share
		if m.rules.Limits == price.LimitsWhole {
			last, hasShare := n, false // the one with which limits stand
			for k, o := range segments {
				if o.plan == s.plan && (o.share.Sign() > 0 || !hasShare) {
					last, hasShare = k, o.share.Sign() > 0
				}
			}
			if n != last {
				continue
			}
			sum, share = new(big.Rat), new(big.Rat)
			for _, o := range segments {
				if o.plan == s.plan {
					sum.Add(sum, exact[o])
					if o.share.Sign() > 0 {
						share = big.NewRat(1, 1)
					}
				}
			}
		}
		most, least := new(big.Rat).Mul(terms.Maximum.Rat(), share), new(big.Rat).Mul(terms.Minimum.Rat(), share)
		if !terms.Maximum.IsZero() && sum.Cmp(most) > 0 {
			step("maximum", most)
		}
		if sum.Cmp(least) < 0 {
			step("minimum", least)
		}
		if terms.Discount.Stage == price.DiscountAfterMinimum {
			step("discount", new(big.Rat).Mul(sum, keep))
		}
	}
	unit := decimal.New(1, -m.rules.Rounding.Places).Rat()
	sum := new(big.Rat)
	for _, c := range charges {
		sum.Add(sum, c.Exact)
	}
	due = referenceRound(m.rules.Rounding, sum)
	// Largest remainder: down, and then a unit each, by the fraction lost.
	left := new(big.Rat).Set(due)
	for i, c := range charges {
		units := new(big.Rat).Quo(c.Exact, unit)
		n := new(big.Int).Div(units.Num(), units.Denom())
		charges[i].Amount = new(big.Rat).Mul(new(big.Rat).SetInt(n), unit)
		left.Sub(left, charges[i].Amount)
	}
	given := make(map[int]bool)
	for ; left.Sign() > 0; left.Sub(left, unit) {
		best := -1
		lost := func(i int) *big.Rat { return new(big.Rat).Sub(charges[i].Exact, charges[i].Amount) }
		for i := range charges {
			if !given[i] && (best < 0 || lost(i).Cmp(lost(best)) > 0) {
				best = i
			}
		}
		given[best] = true
	}
	for i := range given {
		charges[i].Amount.Add(charges[i].Amount, unit)
	}
	return charges, due
}

// referenceTiers is the charge of each tier that a usage enters, nil for the
// others.
func referenceTiers(t price.Terms, usage *big.Rat) []*big.Rat {
	out := make([]*big.Rat, len(t.Tiers))
	lower := new(big.Rat)
	for i, tier := range t.Tiers {
		upper, open := tier.UpTo.Rat(), tier.UpTo.IsZero()
		entered := i == 0 || usage.Cmp(lower) > 0
		inside := entered && (open || usage.Cmp(upper) <= 0)
		slice := new(big.Rat)
		switch {
		case t.Model == price.ModelVolume && inside:
			slice.Set(usage)
		case t.Model == price.ModelGraduated && inside:
			slice.Sub(usage, lower)
		case t.Model == price.ModelGraduated && entered:
			slice.Sub(upper, lower)
		default:
			lower = upper
			continue
		}
		out[i] = slice.Mul(slice, tier.Rate.Rat())
		out[i].Add(out[i], tier.Flat.Rat())
		lower = upper
	}
	return out
}

func (m month) compare(t *rapid.T, name string, got billing.Invoice, advance bool) {
	want, due := m.reference(advance)
	var charges []refCharge
	for _, c := range got.Charges {
		kind := fmt.Sprint(c.Kind)
		if c.Line.Tier > 0 {
			kind = "tier"
		}
		s := got.Segments[c.Segment]
		charges = append(charges, refCharge{s.Plan, s.Edition, kind, c.Line.Tier, c.Exact, c.Amount.Rat()})
		if c.Amount.Exponent() != -m.rules.Rounding.Places {
			t.Errorf("amount %v with exponent %d", c.Amount, c.Amount.Exponent())
		}
	}
	if diff := cmp.Diff(want, charges, rats); diff != "" || due.Cmp(got.Due.Rat()) != 0 {
		t.Errorf("%s: due %v, want %v\n%s\n%v", name, got.Due, due.FloatString(6), diff, got)
	}
	share := new(big.Rat)
	for _, s := range got.Segments {
		share.Add(share, s.Share)
	}
	if share.Cmp(big.NewRat(1, 1)) != 0 {
		t.Errorf("%s: shares add up to %v", name, share)
	}
}

// An invoice and an advance are the reference's, to the cent and charge by
// charge.
func TestMonthEqualsReference(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := drawMonth(t)
		var usages []billing.Usage
		for i, p := range m.pieces {
			usages = append(usages, spentIn(t, p, m.amounts[i]))
		}
		if m.rules.Basis == price.BasisPeriod && rapid.Bool().Draw(t, "one usage") {
			usages = []billing.Usage{spentIn(t, m.period, m.spent)}
		}
		m.compare(t, "invoice", must(m.book.Invoice(m.timeline, usages...))(t), false)
		m.compare(t, "advance", must(m.book.Advance(m.timeline, m.period))(t), true)
	})
}
