package price

import (
	"fmt"
	"math/big"
	"slices"

	"github.com/shopspring/decimal"
	"github.com/supportplan/supportplan/internal/field"
	"github.com/supportplan/supportplan/internal/quote"
)

// MaxPoints is how many even samples [Schedule.Points] takes at the most.
const MaxPoints = 1_000_000

// A Piece is a range of usages on which the unrounded fee, after discount,
// maximum and minimum, is Intercept + Rate × usage. It covers the usages above
// From, exclusive, up to To, inclusive; the first piece also covers 0. A nil To
// means that the piece has no upper bound.
type Piece struct {
	From, To        *big.Rat
	Intercept, Rate *big.Rat
}

// at returns the piece's fee for a usage.
func (p Piece) at(usage *big.Rat) *big.Rat {
	fee := new(big.Rat).Mul(p.Rate, usage)
	return fee.Add(fee, p.Intercept)
}

// cut returns the usage up to which the piece's fee is at most limit, or an end
// of the piece if the fee does not cross the limit within.
func (p Piece) cut(limit *big.Rat) *big.Rat {
	if p.at(p.From).Cmp(limit) >= 0 {
		return p.From
	}
	if p.Rate.Sign() == 0 {
		return p.To
	}
	x := new(big.Rat).Sub(limit, p.Intercept)
	x.Quo(x, p.Rate)
	if p.To != nil && x.Cmp(p.To) > 0 {
		return p.To
	}
	return x
}

// Pieces returns the unrounded fee, after discount, maximum and minimum, as the
// fewest affine pieces, in the order of usage. It is continuous from the left,
// and jumps just above a bound if a tier has a flat amount or the price is a
// volume price. If the terms round the usage, it is a function of the usage so
// rounded. The zero Schedule has no pieces.
func (s Schedule) Pieces() []Piece {
	if s.c == nil {
		return nil
	}
	var out []Piece
	for i := range s.c.pieces {
		for _, p := range s.c.tierPieces(i) {
			if n := len(out); n > 0 && out[n-1].Rate.Cmp(p.Rate) == 0 && out[n-1].Intercept.Cmp(p.Intercept) == 0 {
				out[n-1].To = p.To
				continue
			}
			out = append(out, p)
		}
	}
	return out
}

// tierPieces returns the pieces of tier i, made of numbers of their own. The fee
// rises within a tier: first the minimum holds, then the tier's own price, then
// the maximum.
func (c *compiled) tierPieces(i int) []Piece {
	tier := Piece{From: c.lowers[i].Rat(), Rate: c.pieces[i].rate.Rat()}
	if i+1 < len(c.lowers) {
		tier.To = c.lowers[i+1].Rat()
	}
	tier.Intercept = new(big.Rat).Sub(c.pieces[i].base.Rat(), new(big.Rat).Mul(tier.Rate, tier.From))
	low, high := tier.cut(c.floor.Rat()), tier.To
	if !c.ceil.IsZero() {
		high = tier.cut(c.ceil.Rat())
	}
	var out []Piece
	add := func(from, to, intercept, rate *big.Rat) {
		if from == nil || to != nil && from.Cmp(to) == 0 {
			return // nothing lies between
		}
		out = append(out, Piece{clone(from), clone(to), clone(intercept), clone(rate)})
	}
	add(tier.From, low, c.floor.Rat(), new(big.Rat))
	add(low, high, tier.Intercept, tier.Rate)
	add(high, tier.To, c.ceil.Rat(), new(big.Rat))
	return out
}

func clone(x *big.Rat) *big.Rat {
	if x == nil {
		return nil
	}
	return new(big.Rat).Set(x)
}

// pieceAt returns the index of the piece that covers usage.
func pieceAt(pieces []Piece, usage *big.Rat) int {
	n := len(pieces) - 1 // the last one covers all above the others
	i, _ := slices.BinarySearchFunc(pieces[:n], usage, func(p Piece, usage *big.Rat) int { return p.To.Cmp(usage) })
	return i
}

// curve checks usage and returns the piece that covers it, and the usage as
// rated.
func (s Schedule) curve(op string, usage decimal.Decimal) (Piece, *big.Rat, error) {
	rated, err := s.rated(op, usage)
	if err != nil {
		return Piece{}, nil, err
	}
	u, pieces := rated.Rat(), s.c.tierPieces(s.c.tier(rated))
	return pieces[pieceAt(pieces, u)], u, nil
}

// MarginalRate returns the rate of the last bit of a usage: the slope of the
// unrounded fee, after discount, maximum and minimum, on the piece that covers
// the usage. It is 0 if the minimum or the maximum holds. At a tier's upper bound
// it is still that tier's. Its errors are those of [Schedule.Fee].
func (s Schedule) MarginalRate(usage decimal.Decimal) (*big.Rat, error) {
	p, _, err := s.curve("marginal rate", usage)
	return p.Rate, err
}

// EffectiveRate returns the unrounded fee, after discount, maximum and minimum,
// as a fraction of the usage, exactly. A usage of 0, or one that the terms round
// to 0, has none: the error wraps [ErrUsage]. Otherwise its errors are those of
// [Schedule.Fee].
func (s Schedule) EffectiveRate(usage decimal.Decimal) (*big.Rat, error) {
	p, u, err := s.curve("effective rate", usage)
	if err != nil {
		return nil, err
	}
	if u.Sign() == 0 {
		return nil, fmt.Errorf("price: effective rate of usage 0: %w", ErrUsage)
	}
	fee := p.at(u)
	return fee.Quo(fee, u), nil
}

// An Interval is a set of usages from From to To. From belongs to it unless
// FromOpen is set; To belongs to it; a nil To means no upper bound. If From and To
// are equal it is that one usage.
type Interval struct {
	From     *big.Rat
	FromOpen bool
	To       *big.Rat
}

func (i Interval) contains(usage *big.Rat) bool {
	from := usage.Cmp(i.From)
	return (from > 0 || from == 0 && !i.FromOpen) && (i.To == nil || usage.Cmp(i.To) <= 0)
}

// UsagesFor returns the usages that cost exactly the given unrounded fee, after
// discount, maximum and minimum: the inverse of [Schedule.Unrounded], in the
// order of usage. It is a set of intervals, since a minimum, a maximum or a rate
// of 0 makes many usages cost the same, and a volume price can cost the same in
// several tiers. It is empty if no usage costs that much. If the terms round the
// usage, the answer is in usages so rounded.
//
// It returns an error wrapping [ErrNotCompiled] for the zero Schedule, or
// [ErrInvalid] if the fee is negative or has more than 100 digits before or behind
// the point.
func (s Schedule) UsagesFor(fee decimal.Decimal) ([]Interval, error) {
	if s.c == nil {
		return nil, field.Op("price: usages for a fee", ErrNotCompiled)
	}
	if err := checkExact("", fee); err != nil {
		return nil, field.Op("price: usages for a fee", err)
	}
	if fee.IsNegative() {
		return nil, fmt.Errorf("price: usages for a fee of %s: want 0 or more: %w", quote.Decimal(fee), ErrInvalid)
	}
	want := fee.Rat()
	var out []Interval
	for i, p := range s.Pieces() {
		in := Interval{From: p.From, FromOpen: i > 0, To: p.To}
		if p.Rate.Sign() != 0 {
			at := new(big.Rat).Sub(want, p.Intercept)
			at.Quo(at, p.Rate)
			if !in.contains(at) {
				continue
			}
			in = Interval{From: at, To: new(big.Rat).Set(at)}
		} else if p.Intercept.Cmp(want) != 0 {
			continue
		}
		// It continues the interval before it, if it starts just above that.
		if n := len(out); n > 0 && in.FromOpen && out[n-1].To.Cmp(in.From) == 0 {
			out[n-1].To = in.To
			continue
		}
		out = append(out, in)
	}
	return out, nil
}

// A Point is a usage and its unrounded fee.
type Point struct{ Usage, Fee *big.Rat }

// Points samples the unrounded fee, after discount, maximum and minimum, for a
// plot: n evenly spaced usages from from to to, both included, and between them
// every bound of a piece, so that no kink is missed. At a jump there are two
// points of the same usage, the second one with the fee just above it. The
// points are in the order of usage. If the terms round the usage, the curve is of
// usages so rounded.
//
// It returns an error wrapping [ErrUsage] if to is not above from, [ErrInvalid]
// if n is not from 2 to [MaxPoints], or one of [Schedule.Fee].
func (s Schedule) Points(from, to decimal.Decimal, n int) ([]Point, error) {
	if s.c == nil {
		return nil, field.Op("price: points", ErrNotCompiled)
	}
	if err := checkRange("points", from, to); err != nil {
		return nil, err
	}
	if n < 2 || n > MaxPoints {
		return nil, fmt.Errorf("price: points: %d samples; want 2 to %d: %w", n, MaxPoints, ErrInvalid)
	}
	pieces, lo, hi := s.Pieces(), from.Rat(), to.Rat()
	usages := make([]*big.Rat, n)
	width := new(big.Rat).Sub(hi, lo)
	for i := range usages {
		u := big.NewRat(int64(i), int64(n-1))
		usages[i] = u.Add(u.Mul(u, width), lo)
	}
	for _, p := range pieces {
		if p.From.Cmp(lo) > 0 && p.From.Cmp(hi) < 0 {
			usages = append(usages, p.From)
		}
	}
	slices.SortFunc(usages, (*big.Rat).Cmp)
	usages = slices.CompactFunc(usages, func(a, b *big.Rat) bool { return a.Cmp(b) == 0 })
	var out []Point
	for _, u := range usages {
		i := pieceAt(pieces, u)
		fee := pieces[i].at(u)
		out = append(out, Point{u, fee})
		if to := pieces[i].To; to != nil && u.Cmp(to) == 0 && u.Cmp(hi) < 0 {
			if above := pieces[i+1].at(u); above.Cmp(fee) != 0 {
				out = append(out, Point{new(big.Rat).Set(u), above})
			}
		}
	}
	return out, nil
}

// checkRange returns an error unless from and to are usages and to is above
// from.
func checkRange(op string, from, to decimal.Decimal) error {
	for _, u := range []decimal.Decimal{from, to} {
		if err := checkUsage(op, u); err != nil {
			return err
		}
	}
	if !to.GreaterThan(from) {
		return fmt.Errorf("price: %s: usages from %s to %s: the end must be above the start: %w", op, quote.Decimal(from), quote.Decimal(to), ErrUsage)
	}
	return nil
}
