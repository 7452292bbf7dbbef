package billingtest

import (
	"math/big"
	"slices"

	"github.com/shopspring/decimal"

	"github.com/supportplan/supportplan/billing/price"
)

// How often a caller's own pricing code is asked; see [Pricer].
const (
	manyPieces = 8   // more pieces have fewer usages each
	mostPieces = 40  // even more pieces are sampled
	ownDraws   = 40  // usages drawn by Usage
	parts      = 6   // places inside of a piece to look for ties at
	again      = 60  // usages asked about a second time
	quotes     = 150 // usages of the quotes that are asked for
)

// tieUnits and largeUnits are how many minor units of usage code is asked about
// at least: up to tieUnits also where its fee is a tie, up to largeUnits where
// its fee is far from one, so that a little imprecision does not show.
const (
	tieUnits   = 10_000_000_000
	largeUnits = 13_000_000_000_000
)

// A residue is the place of the exact fee of a usage between two whole minor
// units. On an affine piece fee(n) = (a + b·n)/q minor units for a usage of n
// units, so that the numerators modulo q repeat with a period.
type residue struct {
	a, b, q, gcd *big.Int
	inverse      *big.Int // of b/gcd modulo the period
	period       *big.Int
}

// residueOf returns the residue of a piece's fee, in units of 10^-places, for
// usages in units of 10^-unit; ok is false if the fee does not depend on the
// usage.
func residueOf(p price.Piece, places, unit int32) (r residue, ok bool) {
	if p.Rate.Sign() == 0 {
		return residue{}, false
	}
	a := new(big.Rat).Mul(p.Intercept, decimal.New(1, places).Rat())
	b := new(big.Rat).Mul(p.Rate, decimal.New(1, places-unit).Rat())
	r.q = new(big.Int).Mul(a.Denom(), b.Denom())
	r.a = new(big.Int).Mul(a.Num(), b.Denom())
	r.b = new(big.Int).Mul(b.Num(), a.Denom())
	r.gcd = new(big.Int).GCD(nil, nil, new(big.Int).Abs(r.b), r.q)
	r.period = new(big.Int).Quo(r.q, r.gcd)
	r.inverse = new(big.Int).ModInverse(new(big.Int).Quo(r.b, r.gcd), r.period)
	return r, true
}

// at returns the first n from a number on whose fee lies the given number of
// steps above the least fraction that is not below num/4 of a minor unit.
func (r residue) at(num, steps int64, from *big.Int) *big.Int {
	target := new(big.Int).Mul(r.q, big.NewInt(num))
	target.Add(target, big.NewInt(3)).Quo(target, big.NewInt(4))
	off := new(big.Int).Sub(r.a, target)
	target.Add(target, off.Mod(off, r.gcd))
	target.Add(target, new(big.Int).Mul(r.gcd, big.NewInt(steps)))
	n := target.Sub(target, r.a)
	n.Quo(n, r.gcd).Mul(n, r.inverse).Mod(n, r.period)
	if by := new(big.Int).Sub(from, n); by.Sign() > 0 {
		by.Add(by, r.period).Sub(by, big.NewInt(1)).Quo(by, r.period)
		n.Add(n, by.Mul(by, r.period))
	}
	return n
}

// A questioner collects the usages to ask a caller's own code about.
type questioner struct {
	terms price.Terms
	unit  int32 // usages of minor units
	// Where the usage itself is rounded, to fewer places than minor units have,
	// pieces are asked about in that coarser unit.
	coarse int32
	all    []decimal.Decimal
}

// questions returns the usages that hold a caller's own code to laws, in
// rising order: 0, the bounds of pieces and a unit beside, usages whose exact fee
// is a tie of the rounding and those nearest to it, from the start to the end of
// each piece, a few spread over each piece, some that are drawn, and large ones.
func questions(terms price.Terms, pieces []price.Piece) []decimal.Decimal {
	q := &questioner{terms: terms, unit: terms.Rounding.Places, coarse: terms.Rounding.Places}
	if r := terms.UsageRounding; r.IsValid() {
		q.coarse = min(q.coarse, r.Places)
	}
	for _, n := range []int64{0, 1, 2, 7, 50, 99, 100, 149, 150, 1000} {
		q.add(decimal.New(n, -q.unit), decimal.New(n, -q.coarse))
	}
	chosen := sample(pieces, mostPieces)
	few := len(pieces) > manyPieces
	for _, p := range chosen {
		q.piece(p, few)
	}
	for _, tier := range sample(terms.Tiers[:len(terms.Tiers)-1], mostPieces) {
		q.bound(tier.UpTo.Rat())
	}
	draw := Usage(terms)
	most := decimal.Max(q.last(pieces), decimal.New(tieUnits, -q.unit))
	for i := range ownDraws {
		if u := draw.Example(i).Truncate(q.unit); !u.GreaterThan(most) {
			q.add(u)
		}
	}
	q.large(pieces)
	slices.SortFunc(q.all, decimal.Decimal.Cmp)
	return slices.CompactFunc(q.all, decimal.Decimal.Equal)
}

// sample returns at most n of all, evenly, with the first and the last.
func sample[T any](all []T, n int) []T {
	if len(all) <= n {
		return all
	}
	out := make([]T, n)
	for i := range out {
		out[i] = all[i*(len(all)-1)/(n-1)]
	}
	return out
}

func (q *questioner) add(usages ...decimal.Decimal) {
	for _, u := range usages {
		if isAmount(u) {
			q.all = append(q.all, u)
		}
	}
}

// units adds a usage of n coarse units.
func (q *questioner) units(n *big.Int) { q.add(decimal.NewFromBigInt(n, -q.coarse)) }

// bound adds the usages at and beside a bound.
func (q *questioner) bound(at *big.Rat) {
	for _, places := range []int32{q.unit, q.coarse} {
		three := beside(at, places)
		one := decimal.New(1, -places)
		q.add(three[0], three[1], three[0].Sub(one))
	}
	if q.coarse < q.unit { // the rounding of the usage may be a tie
		below := beside(at, q.coarse)[0]
		half := below.Add(decimal.New(5, -q.coarse-1))
		one := decimal.New(1, -q.unit)
		q.add(half, half.Sub(one), half.Add(one))
	}
}

// last returns the highest usage to ask about in the last piece.
func (q *questioner) last(pieces []price.Piece) decimal.Decimal {
	from := beside(pieces[len(pieces)-1].From, q.unit)[0]
	return from.Mul(decimal.New(10, 0)).Add(decimal.New(1_000_000, 0))
}

// piece adds the usages of one piece; few of them if so told.
func (q *questioner) piece(p price.Piece, few bool) {
	q.bound(p.From)
	scale := decimal.New(1, q.coarse).Rat()
	toUnits := func(x *big.Rat) *big.Int {
		x = new(big.Rat).Mul(x, scale)
		return new(big.Int).Quo(x.Num(), x.Denom())
	}
	first, end := toUnits(p.From), new(big.Int)
	if p.To != nil {
		end = toUnits(p.To)
	} else {
		end = toUnits(q.last([]price.Piece{p}).Rat())
	}
	span := new(big.Int).Sub(end, first)
	if span.Sign() <= 0 {
		return
	}
	part := func(num, of int64) *big.Int {
		n := new(big.Int).Mul(span, big.NewInt(num))
		return n.Quo(n, big.NewInt(of)).Add(n, first)
	}
	spread := int64(30)
	if few {
		spread = 2
	}
	for i := range spread {
		n := part(2*i+1, 2*spread)
		q.units(n)
		if i == spread/2 { // a few within one whole unit of money; a cache may take them for one
			whole := decimal.NewFromBigInt(n, -q.coarse).Truncate(0)
			for _, c := range []int64{1, 49, 50, 99} {
				q.add(whole.Add(decimal.New(c, -2).Truncate(q.unit)))
			}
			q.add(whole.Add(decimal.New(1, 0)))
		}
	}
	r, ok := residueOf(p, q.terms.Rounding.Places, q.coarse)
	if !ok {
		return
	}
	// Quarters of a minor unit: ties are halves, or whole ones.
	ties, others := int64(2), int64(0)
	if m := q.terms.Rounding.Mode; m == price.RoundingUp || m == price.RoundingDown {
		ties, others = 0, 2
	}
	ask := func(num, steps int64, from *big.Int) *big.Int {
		n := r.at(num, steps, from)
		if n.Cmp(end) <= 0 {
			q.units(n)
		}
		return n
	}
	starts := []*big.Int{first}
	for i := range int64(parts) {
		starts = append(starts, part(i+1, parts+1))
	}
	starts = append(starts, new(big.Int).Sub(end, new(big.Int).Lsh(r.period, 2)))
	if p.To == nil {
		tiesEnd := big.NewInt(tieUnits)
		if n := new(big.Int).Sub(tiesEnd, new(big.Int).Lsh(r.period, 2)); n.Cmp(end) > 0 {
			end = tiesEnd
			starts = append(starts, n)
		}
	}
	if few {
		starts = starts[:1]
	}
	one := big.NewInt(1)
	for i, from := range starts {
		if from.Cmp(first) < 0 {
			continue
		}
		n := from
		for range 4 { // rounded to an even unit, or to an odd one
			n = new(big.Int).Add(ask(ties, 0, n), one)
		}
		ask(ties, -1, from)
		ask(ties, 1, from)
		if i == 0 {
			ask(others, 0, from)
			ask(others, -1, from)
		}
	}
}

// large adds usages at the ends of words and columns of a fixed width, with many
// digits, and their neighbours that are far from a tie.
func (q *questioner) large(pieces []price.Piece) {
	last := pieces[len(pieces)-1]
	r, ok := residueOf(last, q.terms.Rounding.Places, q.coarse)
	minor := []int64{
		1_234_567, 12_345_678, 123_456_789, 1_234_567_891, 2_147_483_647, 2_147_483_648, 4_294_967_295, 4_294_967_296, 9_999_999_999, 10_000_000_000, 12_345_678_912,
		99_999_999_999, 100_000_000_001, 123_456_789_123, 429_496_729_600, 922_337_203_685, 1_234_567_891_234, 9_223_372_036_855, 12_345_678_901_234,
	}
	shift := decimal.New(1, q.coarse-q.unit)
	for _, n := range minor {
		from := decimal.New(n, 0).Mul(shift).BigInt()
		if decimal.NewFromBigInt(from, -q.coarse).Rat().Cmp(last.From) < 0 {
			q.units(from)
			continue
		}
		if ok {
			from = r.at(1, 0, from)
		}
		if decimal.NewFromBigInt(from, -q.coarse).Shift(q.unit).LessThan(decimal.New(largeUnits, 0)) {
			q.units(from)
		}
	}
	// Usages that a key of 16 bits takes for the same.
	for _, n := range []int64{1234, 98_765} {
		q.add(decimal.New(n, -q.unit), decimal.New(n+1<<16, -q.unit), decimal.New(n+1<<17, -q.unit))
	}
}
