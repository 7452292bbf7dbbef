package focus

import (
	"fmt"
	"math/big"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/supportplan/supportplan/internal/quote"
	"github.com/supportplan/supportplan/internal/wide"
)

// The limits of a cost. They are beyond any money and any double, and bound the
// time and memory that a hostile bill can take.
const (
	maxWhole  = 30   // digits before the point of one cost
	maxPlaces = 1100 // digits behind it: a double has up to 1074
)

// band is how many places the integers of a sum carry: units of 10^-18 for
// coarse costs, of 10^-36 for fine ones.
const band = wide.MaxPow10

// A balance is the difference of two integers.
type balance struct{ plus, minus wide.Uint }

// A sum adds up costs exactly.
type sum struct {
	rows   int
	coarse balance   // in units of 10^-18
	more   *fineness // nil if every cost had at most 18 places and 18 digits
}

// A fineness is the part of a sum that has more places or digits.
type fineness struct {
	fine balance // in units of 10^-36
	rest decimal.Decimal
}

// A cost is one row's: digits·10^-places, with less than 10^18 digits and at
// most 36 places, or big.
type cost struct {
	digits int64
	places int
	big    *decimal.Decimal
}

// add adds digits·10^shift to b. It is not ok, and b is as it was, if b would
// overflow.
func (b *balance) add(digits int64, shift int) (ok bool) {
	side := &b.plus
	if digits < 0 {
		side, digits = &b.minus, -digits
	}
	scale, _ := wide.Pow10(int32(shift)) // at most 10^18
	sum, ok := side.MulAdd(uint64(digits), scale)
	if ok {
		*side = sum
	}
	return ok
}

// decimal returns b·10^-places.
func (b balance) decimal(places int32) decimal.Decimal {
	n := b.plus.Big()
	return decimal.NewFromBigInt(n.Sub(n, b.minus.Big()), -places)
}

// finer returns the part of s for fine costs.
func (s *sum) finer() *fineness {
	if s.more == nil {
		s.more = new(fineness)
	}
	return s.more
}

func (s *sum) add(c cost) {
	s.rows++
	switch {
	case c.big != nil:
		more := s.finer()
		more.rest = more.rest.Add(*c.big)
	case c.places <= band:
		s.put(&s.coarse, c.digits, band, band-c.places)
	default:
		s.put(&s.finer().fine, c.digits, 2*band, 2*band-c.places)
	}
}

// put adds digits·10^shift to the balance b of s, which carries the given
// places. A full balance goes to the rest.
func (s *sum) put(b *balance, digits int64, places int32, shift int) {
	if b.add(digits, shift) {
		return
	}
	more := s.finer()
	more.rest = more.rest.Add(b.decimal(places))
	*b = balance{}
	b.add(digits, shift)
}

// total returns the sum with no more places than it needs.
func (s *sum) total() decimal.Decimal {
	d := s.coarse.decimal(band)
	if s.more != nil {
		d = d.Add(s.more.fine.decimal(2 * band)).Add(s.more.rest)
	}
	return short(d)
}

// short returns d, whose exponent is not positive, without the zeros at the end
// of its fraction.
func short(d decimal.Decimal) decimal.Decimal {
	text := d.Coefficient().String()
	if text == "0" {
		return decimal.Decimal{}
	}
	zeros := min(len(text)-len(strings.TrimRight(text, "0")), int(-d.Exponent()))
	n, _ := new(big.Int).SetString(text[:len(text)-zeros], 10)
	return decimal.NewFromBigInt(n, d.Exponent()+int32(zeros))
}

// plus returns the sum of s and t. It shares no memory with them.
func (s sum) plus(t sum) sum {
	plus, ok1 := s.coarse.plus.Add(t.coarse.plus)
	minus, ok2 := s.coarse.minus.Add(t.coarse.minus)
	u := sum{rows: s.rows + t.rows, coarse: balance{plus, minus}}
	if s.more != nil || t.more != nil || !ok1 || !ok2 {
		u.coarse, u.more = balance{}, &fineness{rest: s.total().Add(t.total())}
	}
	return u
}

func (s sum) public() Sum { return Sum{s.rows, s.total()} }

// parseCost reads a number as FOCUS writes it: digits with an optional minus
// sign and point, or E notation. A missing zero before or behind the point is
// fine.
func parseCost(s string) (cost, error) {
	var c cost
	i, negative := 0, false
	if s != "" && s[0] == '-' {
		i, negative = 1, true
	}
	start, point, significant := i, -1, 0
	for ; i < len(s); i++ {
		b := s[i]
		if b >= '0' && b <= '9' {
			if significant > 0 || b != '0' {
				significant++
			}
			if significant <= band {
				c.digits = c.digits*10 + int64(b-'0')
			}
			continue
		}
		if b != '.' || point >= 0 {
			break
		}
		point = i
	}
	end, exponent := i, 0
	if i < len(s) && (s[i] == 'e' || s[i] == 'E') {
		e, err := strconv.ParseInt(s[i+1:], 10, 16)
		if err != nil {
			return cost{}, noNumber(s)
		}
		exponent, i = int(e), len(s)
	}
	digits := end - start
	if point >= 0 {
		digits--
		c.places = end - point - 1
	}
	if digits == 0 || i < len(s) {
		return cost{}, noNumber(s)
	}
	c.places -= exponent
	if significant == 0 {
		return cost{}, nil
	}
	if significant-c.places > maxWhole || c.places > maxPlaces {
		return cost{}, fmt.Errorf("%s: want at most %d digits before the point and %d behind it: %w", quote.String(s), maxWhole, maxPlaces, ErrInvalid)
	}
	if significant > band || c.places > 2*band || c.places < 0 {
		n, _ := new(big.Int).SetString(strings.Replace(s[start:end], ".", "", 1), 10)
		d := decimal.NewFromBigInt(n, -int32(c.places))
		if negative {
			d = d.Neg()
		}
		return cost{big: &d}, nil
	}
	if negative {
		c.digits = -c.digits
	}
	return c, nil
}

func noNumber(s string) error {
	return fmt.Errorf("%s: want a plain number such as -1234.56, without signs or separators of money: %w", quote.String(s), ErrInvalid)
}
