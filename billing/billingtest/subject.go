package billingtest

import (
	"math/big"
	"slices"

	"github.com/shopspring/decimal"

	"github.com/supportplan/supportplan/billing/price"
	"github.com/supportplan/supportplan/internal/amount"
	"github.com/supportplan/supportplan/internal/guard"
	"github.com/supportplan/supportplan/plan"
)

const (
	samples = 200     // usages drawn besides those at and beside bounds
	effort  = 200_000 // tiers looked at by a law that looks at all tiers for each usage
)

// A subject is a price that is held to laws.
type subject struct {
	plan   plan.Plan // zero if it is not that of a card
	terms  price.Terms
	pricer Pricer
	err    error // why there is no price at all
	// A caller's own code is asked by way of the guard, and about each usage
	// once. The terms given are kept, in case the code changes them.
	guard   guard.Guard
	answers map[string]answer
	given   price.Terms
	// compiled is the schedule that the terms make.
	compiled price.Schedule
	// isSchedule is set if the price is affine between bounds, so that they
	// decide the laws of its shape; and that its unrounded fee can be asked for.
	isSchedule bool
	bounds     []*big.Rat // bends and jumps of the price, rising, above 0
	// Usages are multiples of 10^-unit if such show the error, and
	// otherwise of a finer unit down to 10^-finest.
	unit, finest int32
	all          []decimal.Decimal // the usages to try laws at, see draw
}

func newSubject(terms price.Terms, p Pricer) *subject {
	s := &subject{given: terms, pricer: p, unit: terms.Rounding.Places, answers: make(map[string]answer)}
	s.guard.Patience = patience
	if w, ok := p.(within); ok {
		p, s.pricer, s.guard.Patience = w.Pricer, w.Pricer, w.limit
	}
	s.terms = terms
	s.terms.Tiers = slices.Clone(terms.Tiers)
	schedule, err := price.Compile(terms)
	if own, ok := p.(price.Schedule); ok {
		if _, unpriced := own.Fee(decimal.Decimal{}); unpriced != nil { // the zero one
			err = unpriced
		}
		schedule, s.isSchedule = own, true
	}
	if f, isFunc := p.(Func); err == nil && (p == nil || isFunc && f == nil) {
		err = errNone
	}
	if s.err = err; err != nil {
		return s
	}
	s.compiled, s.finest = schedule, s.unit
	if s.isSchedule {
		s.finest = amount.MaxPlaces
	}
	if r := terms.UsageRounding; r.IsValid() {
		s.unit, s.finest = min(s.unit, r.Places), min(s.finest, r.Places)
	}
	pieces := schedule.Pieces()
	for _, piece := range pieces[1:] {
		s.bounds = append(s.bounds, piece.From)
	}
	for _, tier := range terms.Tiers[:len(terms.Tiers)-1] {
		s.bounds = append(s.bounds, tier.UpTo.Rat())
	}
	slices.SortFunc(s.bounds, (*big.Rat).Cmp)
	s.bounds = slices.CompactFunc(s.bounds, func(a, b *big.Rat) bool { return a.Cmp(b) == 0 })
	if s.isSchedule {
		s.all = s.draw()
	} else {
		s.askAll(pieces)
	}
	return s
}

// text writes an amount with the places of the fee, or more if it has more.
func (s *subject) text(d decimal.Decimal) string { return amount.Padded(d, s.terms.Rounding.Places) }

// fee returns the fee for laws of the price's shape: the unrounded fee of a
// schedule, the fee of other code. It is not ok if there is none: that is for
// the law Valid to say.
func (s *subject) fee(usage decimal.Decimal) (fee decimal.Decimal, ok bool) {
	var err error
	if schedule, isSchedule := s.pricer.(price.Schedule); isSchedule {
		fee, err = schedule.Unrounded(usage)
	} else {
		fee, err = s.feeOf(usage)
	}
	return fee, err == nil
}

// slack is the largest difference between a fee and its unrounded value.
func (s *subject) slack() decimal.Decimal {
	if s.isSchedule {
		return decimal.Decimal{}
	}
	return decimal.New(1, -s.terms.Rounding.Places)
}

// beside returns the usages about a bound in units of 10^-places: the last one
// that is not above it, and the next two.
func beside(bound *big.Rat, places int32) [3]decimal.Decimal {
	units := new(big.Rat).Mul(bound, decimal.New(1, places).Rat())
	n := new(big.Int).Quo(units.Num(), units.Denom())
	below := decimal.NewFromBigInt(n, -places)
	one := decimal.New(1, -places)
	return [...]decimal.Decimal{below, below.Add(one), below.Add(one).Add(one)}
}

// draw returns the usages to try laws at for a schedule, in rising
// order: 0, those at and beside each bound, and some that are drawn.
func (s *subject) draw() []decimal.Decimal {
	all := []decimal.Decimal{{}, decimal.New(1, -s.unit)}
	for _, b := range s.bounds {
		three, exactly := beside(b, s.unit), beside(b, s.finest)
		all = append(append(all, three[:]...), exactly[:]...)
	}
	draw := Usage(s.terms)
	for i := range samples {
		all = append(all, draw.Example(i))
	}
	all = slices.DeleteFunc(all, func(u decimal.Decimal) bool { return !isAmount(u) })
	slices.SortFunc(all, decimal.Decimal.Cmp)
	return slices.CompactFunc(all, decimal.Decimal.Equal)
}

// thinned returns fewer of the usages, evenly, if there are so many tiers that a
// law which looks at all of them for each usage would take too long.
func (s *subject) thinned() []decimal.Decimal {
	if !s.isSchedule {
		return s.all
	}
	every := 1 + len(s.all)*len(s.terms.Tiers)/effort
	var thin []decimal.Decimal
	for i := 0; i < len(s.all); i += every {
		thin = append(thin, s.all[i])
	}
	return thin
}
