package quote_test

import (
	"math/big"
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"github.com/supportplan/supportplan/internal/quote"
)

func TestString(t *testing.T) {
	long := strings.Repeat("x", 64)
	for in, want := range map[string]string{
		"":         `""`,
		"a\nb":     `"a\nb"`,
		long:       `"` + long + `"`,
		long + "y": `"` + long + `"…`,
	} {
		if got := quote.String(in); got != want {
			t.Errorf("String(%q) = %s, want %s", in, got, want)
		}
	}
}

func TestDecimal(t *testing.T) {
	huge := new(big.Int).Exp(big.NewInt(10), big.NewInt(9999), nil)
	for _, c := range []struct {
		in   decimal.Decimal
		want string
	}{
		{decimal.Decimal{}, "0"},
		{decimal.New(-125, -2), "-1.25"},
		{decimal.New(1, 63), "1" + strings.Repeat("0", 63)},
		{decimal.New(1, 64), "a number of 1 digits with exponent 64"},
		{decimal.New(1, -64), "0." + strings.Repeat("0", 63) + "1"},
		{decimal.New(1, -65), "a number of 1 digits with exponent -65"},
		{decimal.New(12, 1e9), "a number of 2 digits with exponent 1000000000"},
		{decimal.New(12, -1<<31), "a number of 2 digits with exponent -2147483648"},
		{decimal.NewFromBigInt(huge, 0), "a number of 10000 digits with exponent 0"},
	} {
		if got := quote.Decimal(c.in); got != c.want {
			t.Errorf("Decimal = %s, want %s", got, c.want)
		}
	}
}
