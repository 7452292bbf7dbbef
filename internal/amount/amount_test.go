package amount_test

import (
	"errors"
	"fmt"
	"math/big"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"github.com/supportplan/supportplan/internal/amount"
)

func TestParse(t *testing.T) {
	nines := strings.Repeat("9", 30)
	for in, want := range map[string]decimal.Decimal{
		"0":                   decimal.New(0, 0),
		"-0":                  decimal.New(0, 0),
		"-0.00":               decimal.New(0, -2),
		"0.10":                decimal.New(10, -2),
		"-12.5":               decimal.New(-125, -1),
		"007":                 decimal.New(7, 0),
		nines + "." + nines:   decimal.RequireFromString(nines + "." + nines),
		"-" + nines:           decimal.RequireFromString("-" + nines),
		"0." + nines:          decimal.RequireFromString("0." + nines),
		"123456789012.123456": decimal.RequireFromString("123456789012.123456"),
	} {
		got, err := amount.Parse(in)
		if err != nil || !got.Equal(want) || got.Exponent() != want.Exponent() {
			t.Errorf("Parse(%q) = %v (exponent %d), %v; want %v (exponent %d)", in, got, got.Exponent(), err, want, want.Exponent())
		}
	}
	for _, in := range []string{
		"", "-", ".", "-.", "1.", ".5", "--1", "+1", "1e3", "1E3", "0x10", "1,000", "1_000", " 1", "1 ", "1.2.3", "1.-2", "NaN", "Inf",
		"\u22121", "١", "null", "9" + nines, "0." + nines + "9", strings.Repeat("0", 63), strings.Repeat("9", 10_000), "1" + nines + ".5",
	} {
		if got, err := amount.Parse(in); !errors.Is(err, amount.ErrNumber) || !got.IsZero() {
			t.Errorf("Parse(%.20q…) = %v, %v; want ErrNumber", in, got, err)
		}
	}
}

func TestParseExact(t *testing.T) {
	nines := strings.Repeat("9", 100)
	for _, in := range []string{"0.10", nines, "-" + nines + "." + nines, "0." + nines} {
		if got, err := amount.ParseExact(in); err != nil || amount.Text(got) != in {
			t.Errorf("ParseExact(%s) = %v, %v", in, got, err)
		}
	}
	for _, in := range []string{"", "1e3", "1" + nines, "0.1" + nines, "-1" + nines + ".5", strings.Repeat("9", 10_000)} {
		if got, err := amount.ParseExact(in); !errors.Is(err, amount.ErrNumber) || !got.IsZero() {
			t.Errorf("ParseExact(%.20q…) = %v, %v; want ErrNumber", in, got, err)
		}
	}
}

func TestParseErrorIsShort(t *testing.T) {
	_, err := amount.Parse(strings.Repeat("9", 10_000))
	if len(err.Error()) > 200 {
		t.Errorf("error of %d bytes", len(err.Error()))
	}
	_, err = amount.Parse("1e3")
	if want := `"1e3": want plain digits, such as "1234.50", at most 30 before the point and 30 behind it: not a usable decimal number`; err.Error() != want {
		t.Errorf("error %q, want %q", err, want)
	}
}

func TestCheck(t *testing.T) {
	ten := func(n int64) *big.Int { return new(big.Int).Exp(big.NewInt(10), big.NewInt(n), nil) }
	for _, c := range []struct {
		in decimal.Decimal
		ok bool
	}{
		{decimal.Decimal{}, true},
		{decimal.New(1, 29), true},
		{decimal.New(1, 30), false},
		{decimal.New(1, 1e9), false},
		{decimal.New(0, 1e9), false},
		{decimal.New(1, -30), true},
		{decimal.New(1, -31), false},
		{decimal.New(1, -1<<31), false},
		{decimal.New(-5, 29), true},
		{decimal.NewFromBigInt(ten(29), 0), true},
		{decimal.NewFromBigInt(ten(30), 0), false},
		{decimal.NewFromBigInt(ten(59), -30), true},
		{decimal.NewFromBigInt(ten(60), -30), false},
		{decimal.NewFromBigInt(ten(9999), 0), false},
	} {
		err := amount.Check(c.in)
		if (err == nil) != c.ok || err != nil && !errors.Is(err, amount.ErrNumber) {
			t.Errorf("Check(exponent %d) = %v, want ok %v", c.in.Exponent(), err, c.ok)
		}
	}
}

func TestCheckExact(t *testing.T) {
	for _, c := range []struct {
		in decimal.Decimal
		ok bool
	}{
		{decimal.Decimal{}, true},
		{decimal.New(1, 99), true},
		{decimal.New(1, 100), false},
		{decimal.New(0, 100), false},
		{decimal.New(1, -100), true},
		{decimal.New(1, -101), false},
		{decimal.New(1, 1e9), false},
		{decimal.New(1, -1<<31), false},
	} {
		if err := amount.CheckExact(c.in); (err == nil) != c.ok || err != nil && !errors.Is(err, amount.ErrNumber) {
			t.Errorf("CheckExact(exponent %d) = %v, want ok %v", c.in.Exponent(), err, c.ok)
		}
	}
}

func TestCheckPositive(t *testing.T) {
	for in, want := range map[string]string{
		"0": "", "-0": "", "0.5": "",
		"-0.5":                         "-0.5: want 0 or more: negative amount",
		"-1" + strings.Repeat("0", 30): "-1" + strings.Repeat("0", 30) + ": want at most 30 digits before the point and 30 behind it: not a usable decimal number",
	} {
		got := ""
		if err := amount.CheckPositive(decimal.RequireFromString(in)); err != nil {
			got = err.Error()
		}
		if got != want {
			t.Errorf("CheckPositive(%s): %s, want %s", in, got, want)
		}
	}
}

// The parts are whole units next to the exact ones. The largest remainders are
// rounded up, of equal ones the first.
func TestApportion(t *testing.T) {
	for _, c := range []struct {
		total int64
		exact string
		want  string
	}{
		{0, "", "[]"},
		{7, "3 4", "[3 4]"},
		{1, "1/3 1/3 1/3", "[1 0 0]"},
		{2, "1/3 2/3 1/2 1/2", "[0 1 1 0]"},
		{10, "5/2 10/3 25/6", "[3 3 4]"},
		{-1, "-1/3 -2/3", "[0 -1]"},
		{2, "-7/4 15/4", "[-2 4]"},
	} {
		var exact []*big.Rat
		for _, s := range strings.Fields(c.exact) {
			x, _ := new(big.Rat).SetString(s)
			exact = append(exact, x)
		}
		total := big.NewInt(c.total)
		if got := fmt.Sprint(amount.Apportion(total, exact)); got != c.want || total.Int64() != c.total {
			t.Errorf("%d as %s: %s, want %s", c.total, c.exact, got, c.want)
		}
	}
}

func TestPadded(t *testing.T) {
	for _, c := range []struct {
		in     string
		places int32
		want   string
	}{
		{"5", 0, "5"}, {"5.00", 0, "5"}, {"5.50", 0, "5.5"}, {"5", 2, "5.00"}, {"5.5", 2, "5.50"},
		{"5.500", 2, "5.50"}, {"-5.0010", 2, "-5.001"}, {"10.000", 1, "10.0"}, {"120", 0, "120"}, {"12e1", 0, "120"},
	} {
		if got := amount.Padded(decimal.RequireFromString(c.in), c.places); got != c.want {
			t.Errorf("Padded(%s, %d) = %s, want %s", c.in, c.places, got, c.want)
		}
	}
}

func TestTextKeepsDigits(t *testing.T) {
	for in, want := range map[string]string{"0.10": "0.10", "-5": "-5", "100.00": "100.00", "0.000": "0.000"} {
		d, err := amount.Parse(in)
		if err != nil || amount.Text(d) != want {
			t.Errorf("Text(Parse(%q)) = %q, %v", in, amount.Text(d), err)
		}
	}
	if got := amount.Text(decimal.New(12, 3)); got != "12000" {
		t.Errorf("Text(12e3) = %q", got)
	}
}

// Shopspring's exported variables change what its String prints; Text and
// Parse must not care.
func TestIndependentOfShopspringVariables(t *testing.T) {
	trim, sci, maxExp := decimal.TrimTrailingZeros, decimal.UseScientificNotation, decimal.MaxDecodeExponent
	defer func() {
		decimal.TrimTrailingZeros, decimal.UseScientificNotation, decimal.MaxDecodeExponent = trim, sci, maxExp
	}()
	for _, b := range []bool{false, true} {
		decimal.TrimTrailingZeros, decimal.UseScientificNotation, decimal.MaxDecodeExponent = b, !b, 0
		d, err := amount.Parse("1200.50")
		if err != nil || amount.Text(d) != "1200.50" || amount.Text(decimal.New(5, 6)) != "5000000" {
			t.Errorf("Text(Parse(1200.50)) = %q, %v", amount.Text(d), err)
		}
	}
}

func TestRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringMatching(`-?[0-9]{1,30}(\.[0-9]{1,30})?`).Draw(t, "s")
		d, err := amount.Parse(s)
		if err != nil {
			t.Fatal(err)
		}
		again, err := amount.Parse(amount.Text(d))
		if err != nil || !again.Equal(d) || again.Exponent() != d.Exponent() {
			t.Fatalf("%s: %s reads back as %v, %v", s, amount.Text(d), again, err)
		}
	})
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"0", "-1.50", "1e9", "00", ".", "9999999999999999999999999999999"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d, err := amount.Parse(s)
		if err != nil {
			return
		}
		if err := amount.Check(d); err != nil {
			t.Errorf("Parse(%q) passes what Check refuses: %v", s, err)
		}
		if again, err := amount.Parse(amount.Text(d)); err != nil || !again.Equal(d) {
			t.Errorf("Parse(%q) = %v reads back as %v, %v", s, d, again, err)
		}
	})
}
