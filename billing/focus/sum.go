package focus

import (
	"math/big"
	"math/bits"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/supportplan/supportplan/internal/amount"
)

// fine is the number of places that the integers of a sum carry.
const fine = 18

// A sum adds up costs exactly: in 128 bits, as units of 10^-18, what has at
// most 18 digits and 18 places, and everything else in rest.
type sum struct {
	rows int
	hi   int64 // the number is hi·2^64 + lo
	lo   uint64
	rest decimal.Decimal
}

var pow10 = func() (p [fine + 1]uint64) {
	p[0] = 1
	for i := range fine {
		p[i+1] = p[i] * 10
	}
	return p
}()

// A cost is one row's: digits·10^-places, or, where these are too many, big.
type cost struct {
	digits int64
	places int
	isBig  bool
	big    decimal.Decimal
}

func (s *sum) add(c cost) {
	s.rows++
	if c.isBig {
		s.rest = s.rest.Add(c.big)
		return
	}
	// Below 10^18 · 10^18 < 2^120: with |hi| < 2^62 the sum stays below 2^127.
	hi, lo := bits.Mul64(uint64(max(c.digits, -c.digits)), pow10[fine-c.places])
	var carry uint64
	if c.digits < 0 {
		s.lo, carry = bits.Sub64(s.lo, lo, 0)
		s.hi -= int64(hi) + int64(carry)
	} else {
		s.lo, carry = bits.Add64(s.lo, lo, 0)
		s.hi += int64(hi) + int64(carry)
	}
	if s.hi >= 1<<62 || s.hi < -1<<62 {
		s.rest = s.total()
		s.hi, s.lo = 0, 0
	}
}

// total returns the sum with no more places than it needs.
func (s *sum) total() decimal.Decimal {
	n := new(big.Int).Lsh(big.NewInt(s.hi), 64)
	n.Add(n, new(big.Int).SetUint64(s.lo))
	d := decimal.NewFromBigInt(n, -fine).Add(s.rest)
	if short, err := amount.ParseExact(amount.Padded(d, 0)); err == nil {
		return short
	}
	return d
}

// parseCost reads a number as FOCUS writes it: plain digits with an optional
// minus sign and point, or E notation.
func parseCost(s string) (cost, error) {
	if c, ok := parseSmall(s); ok {
		return c, nil
	}
	mantissa, exponent := s, int64(0)
	if i := strings.IndexAny(s, "eE"); i >= 0 {
		var err error
		if exponent, err = strconv.ParseInt(s[i+1:], 10, 16); err != nil {
			_, err = amount.Parse(s) // says what is wrong with the whole
			return cost{}, err
		}
		mantissa = s[:i]
	}
	d, err := amount.Parse(mantissa)
	if err != nil {
		_, err = amount.Parse(s)
		return cost{}, err
	}
	if d.IsZero() {
		return cost{}, nil
	}
	d = d.Shift(int32(exponent))
	if err := amount.Check(d); err != nil {
		return cost{}, err
	}
	return cost{isBig: true, big: d}, nil
}

// parseSmall reads what has no exponent and at most 18 digits.
func parseSmall(s string) (cost, bool) {
	digits, negative := strings.CutPrefix(s, "-")
	if len(digits) > fine {
		return cost{}, false
	}
	var c cost
	const none = -1
	point := none
	for i := range len(digits) {
		switch b := digits[i]; {
		case b >= '0' && b <= '9':
			c.digits = c.digits*10 + int64(b-'0')
		case b == '.' && point == none:
			point = i
		default:
			return cost{}, false
		}
	}
	if len(digits) == 0 || point == 0 || point == len(digits)-1 {
		return cost{}, false
	}
	if point != none {
		c.places = len(digits) - 1 - point
	}
	if negative {
		c.digits = -c.digits
	}
	return c, true
}

// merge adds t to s.
func (s *sum) merge(t sum) {
	rows := s.rows + t.rows
	*s = sum{rows: rows, rest: s.total().Add(t.total())}
}

func (s *sum) public() Sum { return Sum{s.rows, s.total()} }
