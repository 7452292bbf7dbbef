package price

import (
	"cmp"
	"math/big"
	"slices"

	"github.com/shopspring/decimal"

	"github.com/supportplan/supportplan/internal/field"
)

// A BreakEven is a usage at the crossing of two schedules: the cheaper one changes.
type BreakEven struct {
	// At is the usage, exactly.
	At *big.Rat
	// Below is the last usage in whole minor units that is not above At, and
	// Above is the next one.
	Below, Above decimal.Decimal
	// Before tells up to At and After just above it which schedule costs less:
	// -1 the first, +1 the second, 0 neither over a range of usages.
	Before, After int
	// Equal reports whether both cost the same at At itself. Otherwise one of
	// them jumps just above it.
	Equal bool
}

// BreakEvens returns every usage at a change of the cheaper one of a and b,
// in the order of usage, by their unrounded fees after discount, maximum and
// minimum. If two prices touch without crossing, that is not a break-even. Minor
// units are those of the finer of the two roundings. If terms round the usage,
// the answer is in usages so rounded.
//
// It returns an error wrapping [ErrNotCompiled] if a or b is the zero Schedule.
func BreakEvens(a, b Schedule) ([]BreakEven, error) {
	if a.c == nil || b.c == nil {
		return nil, field.Op("price: break-evens", ErrNotCompiled)
	}
	places := max(a.c.terms.Rounding.Places, b.c.terms.Rounding.Places)
	var out []BreakEven
	var last *span
	for _, next := range spans([]Schedule{a, b}, new(big.Rat), nil) {
		if last != nil && next.sign() != last.sign() {
			at := next.from
			unit := decimal.New(1, -places)
			below := decimal.NewFromBigInt(Rounding{places, RoundingDown}.minorRat(at), -places)
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

// cheapest returns the index of the first schedule that costs least at a usage.
func cheapest(usage decimal.Decimal, schedules []Schedule) int {
	best, least := 0, decimal.Decimal{}
	for i, s := range schedules {
		fee, _ := s.Unrounded(usage) // it is a usage
		if i == 0 || fee.LessThan(least) {
			best, least = i, fee
		}
	}
	return best
}

// A Choice is a range of usages with the cheapest of several schedules.
// It covers the usages above From, exclusive, up to To, inclusive; a From of 0
// belongs to it.
type Choice struct {
	From, To *big.Rat
	Index    int // of the schedule, in the order given
}

// Envelope returns the schedule that costs least at each usage above from,
// exclusive, up to to, inclusive, and at 0 if from is 0: the lower envelope of
// their unrounded fees after discount, maximum and minimum. If several cost the
// same over a range of usages, it is the first of them; at the single usage of a
// crossing, both cost the same. If terms round the usage, the answer is in usages
// so rounded. If from and to are equal, it is one choice: the first schedule that
// costs least at that usage.
//
// It returns an error wrapping [ErrNotCompiled] if there are no schedules or one
// is the zero Schedule, or [ErrUsage] if to is below from or one of them is not a
// usage.
func Envelope(from, to decimal.Decimal, schedules ...Schedule) ([]Choice, error) {
	if len(schedules) == 0 || slices.Contains(schedules, Schedule{}) {
		return nil, field.Op("price: envelope", ErrNotCompiled)
	}
	if cmp.Or(checkUsage("envelope", from), checkUsage("envelope", to)) == nil && from.Equal(to) {
		return []Choice{{from.Rat(), to.Rat(), cheapest(from, schedules)}}, nil
	}
	if err := checkRange("envelope", from, to); err != nil {
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

// A span is a range of usages (from, to] on which each of several schedules
// has one piece, and no two of the pieces cross inside.
type span struct {
	from, to *big.Rat // a nil to means no upper end
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

// sign compares the first two pieces on s: -1 if the first costs less.
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

// spans cuts the usages from from to to (nil for no upper end) at every bound of a
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
