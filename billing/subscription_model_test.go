package billing_test

import (
	"encoding/json"
	"fmt"
	"math/big"
	"slices"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"github.com/supportplan/supportplan/billing"
	"github.com/supportplan/supportplan/billing/billingtest"
	"github.com/supportplan/supportplan/billing/price"
	"github.com/supportplan/supportplan/plan"
	"github.com/supportplan/supportplan/sla/calendar"
)

// A cell is the smallest piece of March that the model knows: six hours. All
// changes of plan and card are at the start of one.
const (
	cells     = 31 * 4
	cellHours = 6 * time.Hour
)

func cellStart(i int) time.Time { return march.Start.Add(time.Duration(i) * cellHours) }

// A subscription is an account with the plan it has, what it spends, the cards
// that are in force and the documents it got. The model is an array of cells, a
// number and a sum; the library's values stand beside it.
type subscription struct {
	plans    [cells]plan.Plan
	editions [cells]int // index of the card
	spent    *big.Rat   // what counts
	billed   *big.Rat

	cards     []billing.Card
	bought    []plan.Subscription
	usage     billing.Usage
	documents []billing.Head
}

func newSubscription(t *rapid.T) *subscription {
	s := &subscription{spent: new(big.Rat), billed: new(big.Rat)}
	rounding := price.Rounding{
		Places: rapid.SampledFrom([]int32{0, 2, 3}).Draw(t, "places"),
		Mode:   rapid.SampledFrom([]price.RoundingMode{price.RoundingHalfUp, price.RoundingHalfEven, price.RoundingDown, price.RoundingUp}).Draw(t, "mode"),
	}
	limits := rapid.SampledFrom(allLimits).Draw(t, "limits")
	for _, edition := range []string{"A", "B", "C"} {
		c := billing.CardTerms{
			Edition: edition, Currency: "USD", Rounding: rounding, Plans: make(map[plan.Plan]price.Terms),
			Per: billing.IntervalMonth, Proration: billing.ProrationInstants, Limits: limits, Basis: price.BasisPeriod,
		}
		for _, p := range []plan.Plan{plan.Developer, plan.Business, plan.Enterprise} {
			terms := billingtest.Terms().Draw(t, "terms")
			terms.Rounding = rounding
			terms.Minimum, terms.Maximum = terms.Minimum.Truncate(rounding.Places), terms.Maximum.Truncate(rounding.Places)
			c.Plans[p] = inCard(terms)
		}
		s.cards = append(s.cards, mustCard(t, c))
	}
	for i := range cells {
		s.plans[i] = plan.Basic
	}
	var err error
	if s.usage, err = billing.NewUsage("USD", march); err != nil {
		t.Fatal(err)
	}
	return s
}

// timeline is what was bought, as the library keeps it.
func (s *subscription) timeline(t *rapid.T) plan.Timeline {
	tl, err := plan.NewTimeline(s.bought...)
	if err != nil {
		t.Fatal(err)
	}
	return tl
}

// book has each card in force where the cells say; the last one without end.
func (s *subscription) book(t *rapid.T) billing.Book {
	var cards []billing.EffectiveCard
	for i := range cells {
		if i > 0 && s.editions[i] == s.editions[i-1] {
			continue
		}
		cards = append(cards, billing.EffectiveCard{From: cellStart(i), Card: s.cards[s.editions[i]]})
	}
	slices.Reverse(cards) // whatever the order
	b, err := billing.NewBook(cards...)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// take gives the account a plan from one cell to another: what was bought for
// that time ends or starts beside it.
func (s *subscription) take(from, to int, p plan.Plan) {
	for i := from; i < to; i++ {
		s.plans[i] = p
	}
	gap := calendar.Period{Start: cellStart(from), End: cellStart(to)}
	var kept []plan.Subscription
	for _, b := range s.bought {
		for _, rest := range []calendar.Period{{Start: b.Period.Start, End: gap.Start}, {Start: gap.End, End: b.Period.End}} {
			if in, ok := b.Period.Intersect(rest); ok && rest.IsBounded() {
				kept = append(kept, plan.Subscription{Plan: b.Plan, Period: in})
			}
		}
	}
	s.bought = append(kept, plan.Subscription{Plan: p, Period: gap})
}

// expected is what the account owes for March: cell by cell, by the slow fee.
func (s *subscription) expected(usage decimal.Decimal) *big.Rat {
	type part struct {
		plan    plan.Plan
		edition int
	}
	count := make(map[part]int64)
	last := make(map[plan.Plan]int) // the edition of a plan's last cell
	for i, p := range s.plans {
		count[part{p, s.editions[i]}]++
		last[p] = s.editions[i]
	}
	sum := new(big.Rat)
	for _, p := range []plan.Plan{plan.Developer, plan.Business, plan.Enterprise} {
		edition, has := last[p]
		if !has {
			continue
		}
		whole := s.cards[edition].Terms().Limits == price.LimitsWhole
		tiers := new(big.Rat) // of all parts, where bounds apply once to all of them
		for e, card := range s.cards {
			terms := card.Terms().Plans[p]
			share := big.NewRat(count[part{p, e}], cells)
			if whole {
				terms.Minimum, terms.Maximum = decimal.Decimal{}, decimal.Decimal{}
				if terms.Discount.Stage == price.DiscountAfterMinimum {
					terms.Discount = price.Discount{}
				}
			}
			charge := billingtest.Reference(terms, usage)
			tiers.Add(tiers, charge.Mul(charge, share))
		}
		if whole {
			tiers = clampSlowly(s.cards[edition].Terms().Plans[p], tiers)
		}
		sum.Add(sum, tiers)
	}
	return roundSlowly(s.cards[0].Terms().Rounding, sum)
}

// clampSlowly applies maximum, minimum and a discount after them.
func clampSlowly(terms price.Terms, fee *big.Rat) *big.Rat {
	if most := terms.Maximum.Rat(); most.Sign() > 0 && fee.Cmp(most) > 0 {
		fee = most
	}
	if least := terms.Minimum.Rat(); fee.Cmp(least) < 0 {
		fee = least
	}
	if terms.Discount.Stage == price.DiscountAfterMinimum {
		fee.Mul(fee, decimal.New(1, 0).Sub(terms.Discount.Rate).Rat())
	}
	return fee
}

// roundSlowly rounds x, which is not negative, to the neighbour below or above.
func roundSlowly(r price.Rounding, x *big.Rat) *big.Rat {
	unit := decimal.New(1, -r.Places).Rat()
	units := new(big.Rat).Quo(x, unit)
	n := new(big.Int).Quo(units.Num(), units.Denom())
	left := units.Sub(units, new(big.Rat).SetInt(n))
	half := left.Cmp(big.NewRat(1, 2))
	if r.Mode == price.RoundingUp && left.Sign() > 0 || r.Mode == price.RoundingHalfUp && half >= 0 ||
		r.Mode == price.RoundingHalfEven && (half > 0 || half == 0 && n.Bit(0) == 1) {
		n.Add(n, big.NewInt(1))
	}
	return unit.Mul(unit, new(big.Rat).SetInt(n))
}

// billable is what of the spending a fee is calculated from.
func (s *subscription) billable() decimal.Decimal {
	if s.spent.Sign() <= 0 {
		return decimal.Decimal{}
	}
	return decimal.RequireFromString(s.spent.FloatString(2))
}

// send issues a document and keeps its head. Now and then it goes through its
// JSON form, as its recipient would keep it.
func send[D interface {
	billing.Document
	Issue(string) (D, error)
}](t *rapid.T, s *subscription, d D) {
	sent := must(d.Issue(fmt.Sprint("no. ", len(s.documents))))(t)
	back := sent.Record()
	if len(s.documents)%4 == 0 {
		back = must(billing.DecodeDocument(must(json.Marshal(sent))(t)))(t).Record()
	}
	if !back.Due.Equal(d.Record().Due) {
		t.Fatalf("%v is due, reads back as %v", d.Record().Due, back.Due)
	}
	s.documents = append(s.documents, back)
	s.billed.Add(s.billed, back.Due.Rat())
}

// A month of an account, in whatever order plans change, cards change, rows and
// refunds come in, and documents go out: each document bills what the model says
// is still to be billed.
func TestSubscriptionModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := newSubscription(t)
		cell := rapid.IntRange(0, cells-1)
		t.Repeat(map[string]func(*rapid.T){
			"buy": func(t *rapid.T) {
				from := cell.Draw(t, "from")
				s.take(from, from+rapid.IntRange(1, cells-from).Draw(t, "for"), rapid.SampledFrom(plan.All()).Draw(t, "plan"))
			},
			"cut a subscription in two": func(t *rapid.T) {
				from := cell.Draw(t, "from")
				to := from + 1
				for to < cells && s.plans[to] == s.plans[from] {
					to++
				}
				s.take(from, to, s.plans[from]) // to what it is already
			},
			"change cards": func(t *rapid.T) {
				b, c := cell.Draw(t, "B from"), cell.Draw(t, "C from")
				for i := range cells {
					s.editions[i] = 0
					if i >= b {
						s.editions[i] = 1
					}
					if i >= c {
						s.editions[i] = 2
					}
				}
			},
			"spend": func(t *rapid.T) {
				c := billing.Charge{
					Kind:    rapid.SampledFrom(allKinds).Draw(t, "kind"),
					Payment: rapid.SampledFrom(allPayments).Draw(t, "payment"),
					Amount:  decimal.New(rapid.Int64Range(-1_000_000, 10_000_000).Draw(t, "cents"), -2),
					Period:  calendar.Period{Start: cellStart(rapid.IntRange(-5, cells+5).Draw(t, "cell"))},
				}
				if c.Kind == billing.ChargeCloudService && march.Contains(c.Period.Start) {
					s.spent.Add(s.spent, c.Amount.Rat())
				}
				if err := s.usage.Add(c); err != nil {
					t.Fatal(err)
				}
			},
			"bill ahead": func(t *rapid.T) {
				if len(s.documents) > 0 {
					t.Skip("no longer ahead")
				}
				advance, err := s.book(t).Advance(s.timeline(t), march)
				if err != nil {
					t.Fatal(err)
				}
				if want := s.expected(decimal.Decimal{}); advance.Due.Rat().Cmp(want) != 0 {
					t.Fatalf("billed %v ahead, want %v", advance.Due, want)
				}
				send(t, s, advance)
			},
			"bill": func(t *rapid.T) {
				invoice, err := s.book(t).Invoice(s.timeline(t), s.usage)
				if err != nil {
					t.Fatal(err)
				}
				want := s.expected(s.billable())
				if len(s.documents) == 0 {
					send(t, s, invoice)
				} else {
					settlement, err := invoice.Settle(s.documents...)
					if err != nil {
						t.Fatal(err)
					}
					if due := new(big.Rat).Sub(want, s.billed); settlement.Due.Rat().Cmp(due) != 0 {
						t.Fatalf("settled by %v, want %v", settlement.Due, due)
					}
					send(t, s, settlement)
				}
				if s.billed.Cmp(want) != 0 {
					t.Fatalf("documents come to %v, want %v", s.billed, want)
				}
			},
			"": func(t *rapid.T) { s.check(t) },
		})
	})
}

// check holds the invoice of now against the model.
func (s *subscription) check(t *rapid.T) {
	if !s.usage.Billable().Equal(s.billable()) {
		t.Fatalf("billable %v, want %v", s.usage.Billable(), s.billable())
	}
	tl := s.timeline(t)
	for i, p := range s.plans {
		if got := tl.At(cellStart(i)); got != p {
			t.Fatalf("at cell %d the plan is %v, want %v", i, got, p)
		}
	}
	invoice, err := s.book(t).Invoice(tl, s.usage)
	if err != nil {
		t.Fatal(err)
	}
	if want := s.expected(s.billable()); invoice.Due.Rat().Cmp(want) != 0 {
		t.Fatalf("invoice of %v, want %v\n%v", invoice.Due, want.FloatString(12), invoice)
	}
	shares, exact := new(big.Rat), new(big.Rat)
	var amounts decimal.Decimal
	seen := make(map[string]bool)
	for _, p := range invoice.Segments {
		shares.Add(shares, p.Share)
		if key := fmt.Sprint(p.Plan, p.Edition); seen[key] {
			t.Fatalf("two parts of %s", key)
		} else {
			seen[key] = true
		}
		for _, in := range p.Periods {
			i := int(in.Start.Sub(march.Start) / cellHours)
			if s.plans[i].String() != p.Plan || s.cards[s.editions[i]].Edition() != p.Edition {
				t.Fatalf("%v %s has %v", p.Plan, p.Edition, in)
			}
		}
	}
	for _, l := range invoice.Charges {
		amounts, exact = amounts.Add(l.Amount), exact.Add(exact, l.Exact)
		if l.Exact.Sign() == 0 && !l.Amount.IsZero() {
			t.Fatalf("a line of nothing bills %v", l.Amount)
		}
	}
	if shares.Cmp(big.NewRat(1, 1)) != 0 || !amounts.Equal(invoice.Due) || roundSlowly(s.cards[0].Terms().Rounding, exact).Cmp(invoice.Due.Rat()) != 0 {
		t.Fatalf("shares add up to %v, amounts to %v, exact charges to %v, total %v", shares, amounts, exact, invoice.Due)
	}
}
