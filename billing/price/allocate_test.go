package price_test

import (
	"errors"
	"math/big"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"github.com/supportplan/supportplan/billing/price"
)

func amounts(s string) (out []decimal.Decimal) {
	for _, f := range strings.Fields(s) {
		out = append(out, d(f))
	}
	return out
}

func TestAllocate(t *testing.T) {
	for _, c := range []struct {
		total             string
		places            int32
		weights, fallback string
		want              string
	}{
		{"100", 2, "1 1 1", "", "33.34 33.33 33.33"},
		{"-100", 2, "1 1 1", "", "-33.34 -33.33 -33.33"},
		{"0.05", 2, "3 7", "", "0.02 0.03"}, // 1.5 and 3.5 cents: a tie goes to the earlier
		{"100.00", 0, "1 2", "", "33 67"},
		{"10", 2, "0 5 -3 5", "", "0.00 5.00 0.00 5.00"},
		{"0.01", 2, "1 1000000 0", "", "0.00 0.01 0.00"},
		{"7", 0, "0 -1", "1 1", "4 3"},
		{"7", 0, "1 0", "0 1", "7 0"},
		{"0", 2, "1 2", "", "0 0"},
		{"1", 0, "0.00000000000000000000000001 1e29", "", "0 1"},
		{"1", 3, "5", "", "1.000"},
	} {
		got, err := price.Allocate(d(c.total), c.places, amounts(c.weights), amounts(c.fallback))
		if diff := cmp.Diff(amounts(c.want), got); diff != "" || err != nil {
			t.Errorf("Allocate(%s, %s): %v\n%s", c.total, c.weights, err, diff)
		}
		for _, part := range got {
			if part.Exponent() != -c.places {
				t.Errorf("Allocate(%s): part %v with exponent %d", c.total, part, part.Exponent())
			}
		}
	}
	for _, c := range []struct {
		total             decimal.Decimal
		places            int32
		weights, fallback []decimal.Decimal
		want              error
		text              string
	}{
		{d("1"), 2, nil, nil, price.ErrInvalid, "weights: all of the 0 weights are 0"},
		{d("1"), 2, amounts("0 0"), nil, price.ErrInvalid, "weights: all of the 2 weights are 0"},
		{d("1"), 2, amounts("-1 0"), amounts("0 -2"), price.ErrInvalid, "weights: all of the 2 weights are 0"},
		{d("1"), 2, amounts("0 0"), amounts("1"), price.ErrInvalid, "fallback: 1 weights; want 2"},
		{d("1"), 2, amounts("1 2"), amounts("1"), price.ErrInvalid, "fallback: 1 weights; want 2"},
		{d("1.005"), 2, amounts("1"), nil, price.ErrInvalid, "total: 1.005"},
		{d("1"), -1, amounts("1"), nil, price.ErrInvalid, "places: -1"},
		{d("1"), 13, amounts("1"), nil, price.ErrInvalid, "places: 13"},
		{decimal.New(1, 1e9), 2, amounts("1"), nil, price.ErrInvalid, "total: a number"},
		{d("1"), 2, []decimal.Decimal{d("1"), decimal.New(1, 1e9)}, nil, price.ErrInvalid, "weights[1]: a number"},
		{d("1"), 2, amounts("0"), []decimal.Decimal{decimal.New(1, -1e9)}, price.ErrInvalid, "fallback[0]: a number"},
	} {
		got, err := price.Allocate(c.total, c.places, c.weights, c.fallback)
		if !errors.Is(err, c.want) || !strings.HasPrefix(err.Error(), "price: allocate: "+c.text) || got != nil {
			t.Errorf("%v, %v; want %s", got, err, c.text)
		}
	}
	if _, err := price.Allocate(d("1"), price.MaxPlaces, amounts("1"), nil); err != nil {
		t.Error(err)
	}
}

// The parts add up to the total, and none is a whole unit away from its exact
// share, nor on the other side of zero.
func TestAllocationsAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		places := rapid.Int32Range(0, 4).Draw(t, "places")
		total := decimal.New(rapid.Int64Range(-1e9, 1e9).Draw(t, "total"), -places)
		var weights []decimal.Decimal
		sum := new(big.Rat)
		for _, w := range rapid.SliceOfN(rapid.Int64Range(-5, 1e6), 1, 8).Draw(t, "weights") {
			weights = append(weights, decimal.New(w, -2))
			sum.Add(sum, decimal.New(max(w, 0), -2).Rat())
		}
		got, err := price.Allocate(total, places, weights, nil)
		if sum.Sign() == 0 {
			if !errors.Is(err, price.ErrInvalid) {
				t.Fatal(err)
			}
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		back := decimal.Decimal{}
		for i, part := range got {
			back = back.Add(part)
			exact := new(big.Rat)
			if weights[i].IsPositive() {
				exact.Mul(total.Rat(), exact.Quo(weights[i].Rat(), sum))
			}
			off := new(big.Rat).Sub(part.Rat(), exact)
			if off.Abs(off).Cmp(decimal.New(1, -places).Rat()) >= 0 || part.Sign()*total.Sign() < 0 || exact.Sign() == 0 && !part.IsZero() {
				t.Errorf("part %d is %v, exactly %v", i, part, exact)
			}
		}
		if !back.Equal(total) {
			t.Errorf("parts make %v of %v", back, total)
		}
	})
}
