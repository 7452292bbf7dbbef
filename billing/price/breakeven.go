package price

import (
	"fmt"
	"math/big"
	"slices"

	"github.com/shopspring/decimal"
)

// A BreakEven is a usage at which it changes which of two schedules costs less.
type BreakEven struct {
	// At is the usage, exactly. Up to and including it, things are as Before
	// says; just above it, they are as After says.
	At *big.Rat
	// Below is the last usage in whole minor units that is not above At, and
	// Above is the next one.
	Below, Above decimal.Decimal
	// Before and After say which schedule costs less on the two sides: -1 the
	// first, +1 the second, 0 neither over a whole stretch of usages.
	Before, After int
	// Equal reports whether both cost the same at At itself. Where they do
	// not, one of them jumps just above it.
	Equal bool
}

// BreakEvens returns every usage at which it changes whether a or b costs less,
// in the order of usage, by their unrounded fees after discount, maximum and
// minimum. That two prices touch without crossing is no break-even. Minor units
// are those of the finer of the two roundings.
//
// It returns an error wrapping [ErrNotCompiled] if a or b is the zero Schedule.
// Where terms round the usage, the answer is in usages so rounded.
func BreakEvens(a, b Schedule) ([]BreakEven, error) {
	if a.c == nil || b.c == nil {
		return nil, fmt.Errorf("price: break-evens: %w", ErrNotCompiled)
	}
	places := max(a.c.terms.Rounding.Places, b.c.terms.Rounding.Places)
	var out []BreakEven
	var last *span
	for _, next := range spans([]Schedule{a, b}, new(big.Rat), nil) {
		if last != nil && next.sign() != last.sign() {
			at := next.from
			unit := decimal.New(1, -places)
			below := decimal.NewFromBigInt(Rounding{places, Down}.minor(at), -places)
			out = append(out, BreakEven{
				At: at, Below: below, Above: below.Add(unit),
				Before: last.sign(), After: next.sign(),
				Equal: last.pieces[0].at(at).Cmp(last.pieces[1].at(at)) == 0,
			})
		}
		last = &next
	}
	return out, nil
}

// A Choice is a stretch of usages above From, exclusive, up to To, inclusive,
// over which one of several schedules costs least. A From of 0 belongs to it.
type Choice struct {
	From, To *big.Rat
	Index    int // of the schedule, as they were given
}

// Cheapest returns which of the schedules costs least at each usage above from
// up to to, inclusive, and at 0 where from is 0, by their unrounded fees after discount, maximum and
// minimum: the lower envelope of their prices. Where several cost the same over
// a stretch, it is the first of them as given; at the single usage at which two
// prices cross, they cost the same. Where terms round the usage, the answer is
// in usages so rounded.
//
// It returns an error wrapping [ErrNotCompiled] if there are no schedules or
// one is the zero Schedule, [ErrRange] if to is not above from, and
// [ErrNegative] or [ErrAmount] for a usage that is.
func Cheapest(from, to decimal.Decimal, schedules ...Schedule) ([]Choice, error) {
	if len(schedules) == 0 || slices.Contains(schedules, Schedule{}) {
		return nil, fmt.Errorf("price: cheapest: %w", ErrNotCompiled)
	}
	if err := checkRange("cheapest", from, to); err != nil {
		return nil, err
	}
	var out []Choice
	for _, s := range spans(schedules, from.Rat(), to.Rat()) {
		i := s.cheapest()
		if n := len(out); n > 0 && out[n-1].Index == i {
			out[n-1].To = s.to
			continue
		}
		out = append(out, Choice{s.from, s.to, i})
	}
	return out, nil
}

// A span is a stretch of usages (from, to] on which each of several schedules
// has one piece, and no two of the pieces cross inside.
type span struct {
	from, to *big.Rat // a nil to is no bound
	pieces   []Piece
}

// inside returns a usage between s's ends.
func (s span) inside() *big.Rat {
	if s.to == nil {
		return new(big.Rat).Add(s.from, big.NewRat(1, 1))
	}
	mid := new(big.Rat).Add(s.from, s.to)
	return mid.Mul(mid, big.NewRat(1, 2))
}

// sign compares the first two pieces on s: -1 where the first costs less.
func (s span) sign() int {
	at := s.inside()
	return s.pieces[0].at(at).Cmp(s.pieces[1].at(at))
}

// cheapest returns the index of the piece that costs least on s.
func (s span) cheapest() int {
	at, best := s.inside(), 0
	for i, p := range s.pieces {
		if p.at(at).Cmp(s.pieces[best].at(at)) < 0 {
			best = i
		}
	}
	return best
}

// spans cuts the usages from from to to (nil is no bound) at every bound of a
// piece and wherever two pieces cross.
func spans(schedules []Schedule, from, to *big.Rat) []span {
	all := make([][]Piece, len(schedules))
	var bounds []*big.Rat
	for i, s := range schedules {
		all[i] = s.Pieces()
		for _, p := range all[i][1:] {
			bounds = append(bounds, p.From)
		}
	}
	var out []span
	for _, stretch := range cut(from, to, bounds) {
		for _, pieces := range all {
			stretch.pieces = append(stretch.pieces, pieces[pieceAt(pieces, stretch.inside())])
		}
		var crossings []*big.Rat
		for i, p := range stretch.pieces {
			for _, q := range stretch.pieces[:i] {
				if slope := new(big.Rat).Sub(p.Rate, q.Rate); slope.Sign() != 0 {
					x := new(big.Rat).Sub(q.Intercept, p.Intercept)
					crossings = append(crossings, x.Quo(x, slope))
				}
			}
		}
		for _, s := range cut(stretch.from, stretch.to, crossings) {
			s.pieces = stretch.pieces
			out = append(out, s)
		}
	}
	return out
}

// cut divides the usages from from to to at those of the bounds that lie
// between.
func cut(from, to *big.Rat, bounds []*big.Rat) []span {
	bounds = slices.DeleteFunc(bounds, func(x *big.Rat) bool {
		return x.Cmp(from) <= 0 || to != nil && x.Cmp(to) >= 0
	})
	slices.SortFunc(bounds, (*big.Rat).Cmp)
	bounds = slices.CompactFunc(bounds, func(a, b *big.Rat) bool { return a.Cmp(b) == 0 })
	var out []span
	for _, x := range bounds {
		out = append(out, span{from: from, to: x})
		from = x
	}
	return append(out, span{from: from, to: to})
}
