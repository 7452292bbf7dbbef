package billingtest_test

import (
	"errors"
	"math"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"github.com/supportplan/supportplan/billing/billingtest"
	"github.com/supportplan/supportplan/billing/price"
)

var errRefund = errors.New("a refund")

// floats prices five tiers in float64, with a nudge that rounds halves up which
// floats have moved down.
func floats(usage float64) (float64, error) {
	if usage < 0 {
		return 0, errRefund
	}
	fee, lower := 0.0, 0.0
	for _, t := range []struct{ to, rate float64 }{{10000, 0.10}, {80000, 0.07}, {250000, 0.05}, {1000000, 0.03}, {math.Inf(1), 0.02}} {
		fee += max(0, min(usage, t.to)-lower) * t.rate
		lower = t.to
	}
	return max(math.Floor(fee*100+0.5+1e-6)/100, 100), nil
}

// cents prices five tiers in cents and per cent.
func inCents(usage int64) (int64, error) {
	return inCentsBy(keep, halfUp)(usage)
}

func keep(n int64) int64   { return n }
func halfUp(n int64) int64 { return n + 50 }

// inCentsBy is inCents with ways to keep a tier's charge, and the fee to be rounded
// down, both in hundredths of a cent.
func inCentsBy(charge, rounding func(n int64) int64) func(usage int64) (int64, error) {
	return func(usage int64) (int64, error) {
		if usage < 0 {
			return 0, errRefund
		}
		var fee, lower int64
		for _, t := range []struct{ to, percent int64 }{{1000000, 10}, {8000000, 7}, {25000000, 5}, {100000000, 3}, {math.MaxInt64, 2}} {
			fee += charge(max(0, min(usage, t.to)-lower) * t.percent)
			lower = t.to
		}
		return max(rounding(fee)/100, 10000), nil
	}
}

// lateDiscount is fiveTiers less a tenth, taken off after the minimum.
func lateDiscount() price.Terms {
	return with(fiveTiers(), func(t *price.Terms) { t.Discount = price.Discount{Rate: d("0.10"), Stage: price.DiscountAfterMinimum} })
}

// Code that is right is clean, in whatever numbers it works.
func TestRightCodeIsClean(t *testing.T) {
	five := price.MustCompile(fiveTiers())
	billingtest.CheckPricer(t, fiveTiers(), billingtest.Float(floats))
	billingtest.CheckPricer(t, fiveTiers(), billingtest.Minor(2, inCents))
	billingtest.CheckPricer(t, fiveTiers(), billingtest.Within(time.Minute, billingtest.Text(func(usage string) (string, error) {
		u, err := decimal.NewFromString(usage)
		if err != nil {
			return "", err
		}
		fee, err := five.Fee(u)
		return fee.String(), err
	})))
	late := lateDiscount()
	for _, terms := range []price.Terms{
		with(fiveTiers(), func(t *price.Terms) { t.Model = price.ModelVolume }), // falls at its bounds
		graduated(tiers("100", "0.05", "", "0.10")...),                          // rises
		late, // below the minimum
	} {
		billingtest.CheckPricer(t, terms, billingtest.Func(price.MustCompile(terms).Fee))
	}
	// Code may keep a law that its terms break.
	billingtest.CheckPricer(t, late, billingtest.Func(five.Fee), billingtest.MinimumReached)
	// Whoever names the law hears of it, and why.
	var r recorder
	billingtest.CheckPricer(&r, late, billingtest.Func(price.MustCompile(late).Fee), billingtest.MinimumReached)
	want := []string{"minimum-reached: 0.00 costs 90.00: 10.00 less than the minimum of 100.00; the terms themselves break this law"}
	if diff := cmp.Diff(want, r.errors); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// What goes wrong in code is found, and said so that it can be named.
func TestOwnCode(t *testing.T) {
	five := price.MustCompile(fiveTiers())
	priced := func(terms price.Terms) billingtest.Func { return price.MustCompile(terms).Fee }
	other := func(change func(*price.Terms)) billingtest.Func { return priced(with(fiveTiers(), change)) }
	flat := graduated(price.Tier{UpTo: d("1000"), Rate: d("0.02"), Flat: d("20")}, price.Tier{Rate: d("0.01"), Flat: d("30")})
	capped := with(fiveTiers(), func(t *price.Terms) {
		t.Maximum, t.Discount = d("40000"), price.Discount{Rate: d("0.125"), Stage: price.DiscountBeforeMaximum}
	})
	calls := 0
	sum := decimal.Decimal{}
	cache := map[int64]decimal.Decimal{}
	messages := make(map[string][]string)
	// Terms of n tiers, each a hundred wide.
	many := func(n int) price.Terms {
		all := make([]price.Tier, n)
		for i := range all {
			all[i].Rate = decimal.New(int64(2*n-i), -4)
			if i < n-1 {
				all[i].UpTo = decimal.New(int64(100*(i+1)), 0)
			}
		}
		return graduated(all...)
	}
	more := func(terms price.Terms, above, by string) billingtest.Func {
		return changed(price.MustCompile(terms), func(usage, fee decimal.Decimal) (decimal.Decimal, error) {
			if usage.GreaterThan(d(above)) {
				fee = fee.Add(d(by))
			}
			return fee, nil
		})
	}
	late := lateDiscount()
	failing := func(fails func(times int) bool) billingtest.Func {
		asked := make(map[string]int)
		return changed(five, func(usage, fee decimal.Decimal) (decimal.Decimal, error) {
			if asked[usage.String()]++; fails(asked[usage.String()]) {
				return fee, errors.New("out of order")
			}
			return fee, nil
		})
	}
	for _, c := range []struct {
		name   string
		terms  price.Terms
		pricer billingtest.Pricer
		want   string // in one of the errors
	}{
		{"a panic", fiveTiers(), billingtest.Func(func(u decimal.Decimal) (decimal.Decimal, error) {
			if u.Equal(d("1000000")) {
				panic("index out of range")
			}
			return five.Fee(u)
		}), "valid: 1000000.00 has no fee: panic: index out of range"},
		{"NaN", fiveTiers(), billingtest.Float(func(u float64) (float64, error) { return math.NaN(), nil }), "valid: 0.00 has no fee: NaN"},
		{"text that is no number", fiveTiers(), billingtest.Text(func(string) (string, error) { return "1,000.00", nil }), `valid: 0.00 has no fee: "1,000.00"`},
		{"the end of the goroutine", fiveTiers(), billingtest.Func(func(u decimal.Decimal) (decimal.Decimal, error) { t.SkipNow(); return u, nil }), "ended its goroutine"},
		{"no end", fiveTiers(), billingtest.Within(20*time.Millisecond, billingtest.Func(func(u decimal.Decimal) (decimal.Decimal, error) {
			if u.GreaterThan(d("80000")) {
				select {}
			}
			return five.Fee(u)
		})), "has no fee: too slow: no answer within 20ms; no more calls were made"},
		{"halves to even", fiveTiers(), other(func(t *price.Terms) { t.Rounding.Mode = price.RoundingHalfEven }), "code that rounds half-even"},
		{"floats without care", graduated(tiers("7500", "0.09", "60000", "0.065", "", "0.045")...), billingtest.Float(func(u float64) (float64, error) {
			switch {
			case u < 0:
				return 0, errRefund
			case u <= 7500:
				return math.Round(u*0.09*100) / 100, nil
			case u <= 60000:
				return math.Round((675+(u-7500)*0.065)*100) / 100, nil
			}
			return math.Round((4087.5+(u-60000)*0.045)*100) / 100, nil
		}), "works in float64"},
		{"the other model", fiveTiers(), other(func(t *price.Terms) { t.Model = price.ModelVolume }), "rates the whole usage by the one tier that it falls into"},
		{"no discount", capped, priced(with(capped, func(t *price.Terms) { t.Discount = price.Discount{} })), "code that has no discount"},
		{"a late discount", capped, priced(with(capped, func(t *price.Terms) { t.Discount.Stage = price.DiscountAfterMinimum })), "takes the discount off after the maximum and the minimum"},
		{"no maximum", capped, priced(with(capped, func(t *price.Terms) { t.Maximum = decimal.Decimal{} })), "code that has no maximum"},
		{"no flat amounts", flat, priced(graduated(tiers("1000", "0.02", "", "0.01")...)), "code that has no flat amounts"},
		{"a flat amount at its bound", flat, billingtest.Func(func(u decimal.Decimal) (decimal.Decimal, error) {
			fee, err := price.MustCompile(flat).Fee(u)
			if u.Equal(d("1000")) {
				fee = fee.Add(d("30"))
			}
			return fee, err
		}), "has a usage of exactly a bound in the next tier"},
		{"usage in 32 bits", fiveTiers(), billingtest.Minor(2, func(u int64) (int64, error) {
			if u < 0 {
				return 0, errRefund
			}
			return inCents(int64(uint32(u)))
		}), "keeps the usage in 32 bits"},
		{"a cent more", fiveTiers(), more(fiveTiers(), "12345", "0.01"), ", always too high, by one unit"},
		{"floats of 32 bits", fiveTiers(), billingtest.Float(func(usage float64) (float64, error) {
			fee, err := floats(usage)
			return math.Round(float64(float32(fee))*100) / 100, err
		}), ", by a unit or by less than a millionth of the fee, as arithmetic in 32 bits is"},
		{"a charge in 32 bits", fiveTiers(), billingtest.Minor(2, inCentsBy(func(charge int64) int64 { return int64(uint32(charge)) }, halfUp)), "the fee falls there, as where a number is too large for its type: the slice above 1000000.00 passes 2^31 units of 0.01, the charge of the slice above 1000000.00 passes 2^32 units of 0.0001"},
		{"a fee in 32 bits", fiveTiers(), billingtest.Minor(2, inCentsBy(keep, func(fee int64) int64 { return int64(uint32(fee)) + 50 })), "the fee falls there, as where a number is too large for its type: the fee passes 2^32 units of 0.0001"},
		{"a fee and a half in 32 bits", fiveTiers(), billingtest.Minor(2, inCentsBy(keep, func(fee int64) int64 { return int64(uint32(fee + 50)) })), "the fee falls there, as where a number is too large for its type: the fee and half a unit passes 2^32 units of 0.0001"},
		{"usage of eleven digits", fiveTiers(), billingtest.Text(func(u string) (string, error) {
			x, err := strconv.ParseFloat(u, 64)
			if err != nil || x < 0 {
				return "", errRefund
			}
			fee, err := five.Fee(decimal.RequireFromString(strconv.FormatFloat(x, 'g', 11, 64)))
			return fee.String(), err
		}), "keeps 11 digits of the usage"},
		{"a running total", fiveTiers(), billingtest.Func(func(u decimal.Decimal) (decimal.Decimal, error) {
			if u.IsNegative() {
				return u, errRefund
			}
			sum = sum.Add(u)
			return five.Fee(sum)
		}), "the code remembers what it was asked"},
		{"wrong once in a while", fiveTiers(), changed(five, func(usage, fee decimal.Decimal) (decimal.Decimal, error) {
			if calls++; calls%50 == 0 {
				fee = fee.Add(d("1"))
			}
			return fee, nil
		}), "the code remembers what it was asked, or is not the same each time"},
		{"a cache by whole units", fiveTiers(), billingtest.Func(func(u decimal.Decimal) (decimal.Decimal, error) {
			if u.IsNegative() {
				return u, errRefund
			}
			if _, ok := cache[u.IntPart()]; !ok {
				cache[u.IntPart()], _ = five.Fee(u)
			}
			return cache[u.IntPart()], nil
		}), "each wrong fee is the right one of a usage asked about before"},
		{"ten tiers, one of them wrong", many(10), more(many(10), "500", "-0.37"), ", all those from 500.01 on and none below, always too low"},
		{"too many tiers to look into", many(201), more(many(201), "500", "-0.37"), "agrees-with-reference: "},
		{"a late discount and a unit more", late, more(late, "12345", "1"), "less 10 %"},
		{"no discount, and wrong for huge usages", late, billingtest.Func(func(u decimal.Decimal) (decimal.Decimal, error) {
			fee, err := five.Fee(u)
			if u.GreaterThan(d("100000000")) {
				fee = fee.Add(d("3"))
			}
			return fee, err
		}), "are those of code that has no discount"},
		{"an error at first", fiveTiers(), failing(func(times int) bool { return times == 1 }), "has no fee at first, but later it costs "},
		{"an error later", fiveTiers(), failing(func(times int) bool { return times > 1 }), "at first, but later: out of order"},
		{"upward only", fiveTiers(), func() billingtest.Func {
			var highest decimal.Decimal
			return changed(five, func(usage, fee decimal.Decimal) (decimal.Decimal, error) {
				highest = decimal.Max(highest, usage)
				if usage.LessThan(d("80000")) && highest.GreaterThan(d("80000")) {
					fee = fee.Add(d("1"))
				}
				return fee, nil
			})
		}(), "repeatable: "},
	} {
		var r recorder
		billingtest.CheckPricer(&r, c.terms, c.pricer)
		if c.name != "no end" { // a busy machine may be late before
			messages[c.name] = r.errors
		} else if len(r.errors) != 1 {
			t.Errorf("no end: %q", r.errors)
		}
		if all := strings.Join(r.errors, "\n"); !strings.Contains(all, c.want) {
			t.Errorf("%s:\n%s\nwant %s", c.name, all, c.want)
		}
	}
	golden(t, "owncode.txt", messages)
}

// Code that sorts or changes the tiers that it was given is told so, and cannot
// change what it is held to.
func TestTermsAreLeftAlone(t *testing.T) {
	terms := fiveTiers()
	s := price.MustCompile(terms)
	var r recorder
	billingtest.CheckPricer(&r, terms, changed(s, func(usage, fee decimal.Decimal) (decimal.Decimal, error) {
		terms.Tiers[0].Rate = d("0.5")
		return fee, nil
	}))
	want := []string{"repeatable: the code changed the tiers of the terms that it was given"}
	if diff := cmp.Diff(want, r.errors); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestAdaptersOfNothing(t *testing.T) {
	for _, p := range []billingtest.Pricer{
		nil, billingtest.Func(nil), billingtest.Float(nil), billingtest.Minor(2, nil), billingtest.Text(nil), billingtest.Within(time.Second, nil),
	} {
		var r recorder
		billingtest.CheckPricer(&r, fiveTiers(), p)
		if diff := cmp.Diff([]string{"valid: there is none"}, r.errors); diff != "" {
			t.Errorf("%T (-want +got):\n%s", p, diff)
		}
	}
	if _, err := billingtest.Minor(2, inCents).Fee(d("0.001")); !errors.Is(err, price.ErrInvalid) {
		t.Error(err)
	}
}

// What the wrong usages have in common is said where no known mistake gives all
// of the fees: here of code that is wrong by an odd amount for some usages.
func TestExtents(t *testing.T) {
	terms := graduated(tiers("10", "0.10", "20", "0.07", "", "0.05")...)
	right := price.MustCompile(terms)
	is := func(usages ...string) func(u, fee decimal.Decimal) bool {
		return func(u, _ decimal.Decimal) bool {
			return slices.ContainsFunc(usages, func(s string) bool { return u.Equal(d(s)) })
		}
	}
	between := func(from, to string) func(u, fee decimal.Decimal) bool {
		return func(u, _ decimal.Decimal) bool { return !u.LessThan(d(from)) && !u.GreaterThan(d(to)) }
	}
	isTie := func(_, exact decimal.Decimal) bool { return exact.Mod(d("0.01")).Equal(d("0.005")) }
	for name, c := range map[string]struct {
		wrong func(u, exact decimal.Decimal) bool
		says  string
	}{
		"all":                       {between("0", "1e30"), "265 of 265 usages, so for all of them"},
		"none":                      {is("0"), "1 of 265 usages, only for no usage at all"},
		"a bound":                   {is("10"), "1 of 265 usages, only exactly at bound 1 of 2, 10.00"},
		"bounds":                    {is("10", "20"), "2 of 265 usages, only exactly at bounds of tiers"},
		"ties":                      {isTie, "81 of 265 usages, only where the exact fee is half a unit, and for all of those"},
		"some ties":                 {func(u, exact decimal.Decimal) bool { return isTie(u, exact) && u.LessThan(d("10")) }, "32 of 265 usages, only where the exact fee is half a unit, but not for all of those"},
		"from a usage on":           {between("12", "1e30"), "159 of 266 usages, all those from 12.00 on and none below"},
		"between":                   {between("3", "12"), "71 of 266 usages, all those from 3.00 to 11.93 and no others"},
		"up to":                     {between("0", "3"), "37 of 265 usages, all those up to 2.95 and none above"},
		"some above a bound":        {func(u, _ decimal.Decimal) bool { return u.GreaterThan(d("10")) && !u.Equal(d("20")) }, "169 of 265 usages, none of them up to bound 1 of 2, 10.00"},
		"a bound and some above it": {func(u, _ decimal.Decimal) bool { return u.Equal(d("10")) || u.GreaterThan(d("20.01")) }, "114 of 265 usages"},
		"one":                       {is("10.01"), "1 of 265 usages"},
		"all but none":              {between("0.01", "1e30"), "264 of 265 usages, all those from 0.01 on and none below"},
		"up to, but for none":       {between("0.01", "3"), "36 of 265 usages, all those from 0.01 to 2.95 and no others"},
		"none and a bound":          {is("0", "10"), "2 of 265 usages"},
		"some":                      {is("0.01", "20"), "2 of 265 usages"},
	} {
		var r recorder
		billingtest.CheckPricer(&r, terms, billingtest.Func(func(u decimal.Decimal) (decimal.Decimal, error) {
			fee, err := right.Fee(u)
			if err != nil {
				return fee, err
			}
			exact, err := right.Unrounded(u)
			if err == nil && c.wrong(u, exact) {
				fee = fee.Add(d("12.34"))
			}
			return fee, err
		}), billingtest.AgreesWithReference)
		if len(r.errors) != 1 || !strings.HasSuffix(r.errors[0], "; wrong for "+c.says+", always too high") {
			t.Errorf("%s: %q, want %q", name, r.errors, c.says)
		}
	}
}

// How the right fee is made is told to the cent: a limit only where it matters, and
// the first tiers only if they are few.
func TestWork(t *testing.T) {
	capped := with(fiveTiers(), func(t *price.Terms) { t.Maximum = d("40000") })
	for _, c := range []struct {
		terms       price.Terms
		usage, want string
	}{
		{fiveTiers(), "999.99", "999.99 × 0.1 = 99.999; at least 100.00"},
		{fiveTiers(), "1000", "1000.00 × 0.1 = 100.00"},
		{fiveTiers(), "1000000", "10000.00 × 0.1 + 70000.00 × 0.07 + 170000.00 × 0.05 + 750000.00 × 0.03 = 36900.00"},
		{fiveTiers(), "1000000.01", "… + 750000.00 × 0.03 + 0.01 × 0.02 = 36900.0002; rounded half-up to 2 places"},
		{capped, "1155000", "… + 750000.00 × 0.03 + 155000.00 × 0.02 = 40000.00"},
		{capped, "1155000.01", "… + 750000.00 × 0.03 + 155000.01 × 0.02 = 40000.0002; at most 40000.00"},
		{with(capped, func(t *price.Terms) {
			t.Discount = price.Discount{Rate: d("0.10"), Stage: price.DiscountAfterMinimum}
		}), "1155000.01", "… + 750000.00 × 0.03 + 155000.01 × 0.02 = 40000.0002; at most 40000.00; less 10 %: 36000.00"},
	} {
		var r recorder
		billingtest.CheckPricer(&r, c.terms, changed(price.MustCompile(c.terms), func(usage, fee decimal.Decimal) (decimal.Decimal, error) {
			if !usage.LessThan(d(c.usage)) {
				fee = fee.Add(d("12.34"))
			}
			return fee, nil
		}), billingtest.AgreesWithReference)
		if len(r.errors) != 1 || !strings.Contains(r.errors[0], " ("+c.want+"); wrong for ") {
			t.Errorf("%s: %q, want %q", c.usage, r.errors, c.want)
		}
	}
}

// By how much fees are wrong is told as the amounts are, and what no type can
// hold where the fee falls, which it would not do if it were right.
func TestWrongAmounts(t *testing.T) {
	const (
		isNear  = ", by one unit, mostly where the exact fee is half a unit or almost"
		isSmall = ", by a unit or by less than a millionth of the fee, as arithmetic in 32 bits is"
		falls   = "; the fee falls there, as where a number is too large for its type"
	)
	// Some picks usages at which the fee has a fraction of 0.48 or 0.52 of a cent, and
	// of less than 0.2, and gives them fees that are so much too high.
	some := func(near, far []string) func(u, exact decimal.Decimal) string {
		given := make(map[string]string)
		return func(u, exact decimal.Decimal) string {
			_, isKnown := given[u.String()]
			list := &far
			cut := exact.Sub(exact.Truncate(2))
			switch {
			case isKnown || u.IsZero():
				return given[u.String()]
			case cut.Sub(d("0.005")).Abs().Equal(d("0.0002")):
				list = &near
			case cut.GreaterThan(d("0.002")):
				return ""
			}
			if len(*list) > 0 {
				given[u.String()], *list = (*list)[0], (*list)[1:]
			}
			return given[u.String()]
		}
	}
	above := func(usage, by string) func(u, exact decimal.Decimal) string {
		return func(u, _ decimal.Decimal) string {
			if u.GreaterThan(d(usage)) {
				return by
			}
			return ""
		}
	}
	six, two := graduated(tiers("", "0.06")...), graduated(tiers("", "0.02")...)
	ten := graduated(tiers("10000", "0.10", "", "0.10")...)
	at := func(by string) func(u, exact decimal.Decimal) string {
		return func(u, _ decimal.Decimal) string {
			if u.Equal(d("10000")) {
				return by
			}
			return ""
		}
	}
	one := func(n int) []string { return slices.Repeat([]string{"0.01"}, n) }
	for name, c := range map[string]struct {
		terms price.Terms
		off   func(u, exact decimal.Decimal) string // by how much a fee is wrong
		want  string                                // the end of the message
	}{
		"four of five near a tie":  {six, some(one(4), one(1)), ", always too high" + isNear},
		"three of four near a tie": {six, some(one(3), one(1)), ", always too high, by one unit"},
		"further from a tie": {graduated(tiers("", "0.025")...), func(_, exact decimal.Decimal) string {
			if exact.Sub(exact.Truncate(2)).Sub(d("0.005")).Abs().Equal(d("0.00025")) {
				return "0.01"
			}
			return ""
		}, ", always too high, by one unit"},
		"wrong for huge usages, too": {with(ten, func(t *price.Terms) { t.Minimum = d("100") }), func(u, _ decimal.Decimal) string {
			switch {
			case u.IsZero():
				return "-100"
			case u.GreaterThan(d("100000000")):
				return "3"
			}
			return ""
		}, "; all fees up to 1100000.00 are those of code that has no minimum for no usage, or charges nothing for no usage"},
		"one of them is too low":    {six, some(append(one(3), "-0.01"), one(1)), " usages" + isNear},
		"one of them is too high":   {six, some([]string{"-0.01", "-0.01", "-0.01", "-0.01"}, one(1)), " usages" + isNear},
		"all too low":               {six, some([]string{"-0.01", "-0.01"}, nil), ", always too low" + isNear + falls + ": the fee passes 2^32 units of 0.000000000001"},
		"not by units":              {six, some([]string{"0.01", "0.02"}, nil), ", always too high"},
		"all wrong by little":       {six, func(u, _ decimal.Decimal) string { return "0.004" }, ", so for all of them, always too high"},
		"all but one, by little":    {six, above("0", "0.004"), ", always too high" + isSmall},
		"by a unit and a millionth": {ten, at("0.011"), ", always too high" + isSmall},
		"by more":                   {ten, at("0.0111"), ", always too high"},
		"by two millionths":         {ten, at("0.012"), ", always too high"},
		"beyond 63 bits":            {two, above("461168601.84", "-5000"), falls + ": the fee passes 2^63 units of 0.000000000001"},
		"beyond 64 bits":            {two, above("922337203.68", "-5000"), falls + ": the usage passes 2^63 units of 0.0000000001, the fee passes 2^64 units of 0.000000000001"},
		"beyond 13 places":          {two, above("46116860.18", "-5000"), falls},
		"within a minimum":          {with(two, func(t *price.Terms) { t.Minimum = d("100") }), above("1234", "-5"), falls},
		"where the price falls":     {volume(tiers("100", "0.10", "", "0.05")...), above("100", "0.37"), ", always too high"},
		"at no usage":               {two, func(u, _ decimal.Decimal) string { return map[bool]string{true: "1"}[u.IsZero()] }, ", only for no usage at all, always too high"},
	} {
		right := price.MustCompile(c.terms)
		var r recorder
		billingtest.CheckPricer(&r, c.terms, billingtest.Func(func(u decimal.Decimal) (decimal.Decimal, error) {
			if u.IsNegative() {
				return d("1000"), nil
			}
			fee, err1 := right.Fee(u)
			exact, err2 := right.Unrounded(u)
			if by := c.off(u, exact); by != "" {
				fee = fee.Add(d(by))
			}
			return fee, errors.Join(err1, err2)
		}), billingtest.AgreesWithReference)
		if len(r.errors) != 1 || !strings.HasSuffix(r.errors[0], c.want) {
			t.Errorf("%s: %q, want %q", name, r.errors, c.want)
		}
	}
}

// A fee is a number of at most 200 digits, with at most 100 places and at most 100 zeros
// behind its digits; a float that is not finite is none.
func TestNumbersThatAreNoFee(t *testing.T) {
	for want, fees := range map[string][]decimal.Decimal{
		"":          {decimal.New(1, 100), decimal.New(1, -100), d(strings.Repeat("9", 200))},
		"a number ": {decimal.New(1, 101), decimal.New(1, -101), d(strings.Repeat("9", 201))},
	} {
		for _, fee := range fees {
			got := billingtest.PricerViolations(fiveTiers(), billingtest.Func(func(u decimal.Decimal) (decimal.Decimal, error) {
				if u.IsNegative() {
					return u, errRefund
				}
				return fee, nil
			}), billingtest.Valid)
			if want == "" && got != nil || want != "" && (len(got) != 1 || !strings.HasPrefix(got[0].Message, "0.00 has no fee: "+want)) {
				t.Errorf("%v digits with exponent %d: %v", fee.NumDigits(), fee.Exponent(), got)
			}
		}
	}
	for _, fee := range []float64{math.Inf(1), math.Inf(-1), math.NaN()} {
		_, err := billingtest.Float(func(float64) (float64, error) { return fee, nil }).Fee(d("1"))
		if !errors.Is(err, price.ErrInvalid) {
			t.Errorf("%v: %v", fee, err)
		}
	}
	if _, err := billingtest.Minor(2, inCents).Fee(decimal.New(1, 17)); !errors.Is(err, price.ErrInvalid) {
		t.Errorf("10^19 cents: %v", err)
	}
}

// What a usage is asked about a second time right after is told, also for the second
// one; what is not asked for want of time is no violation.
func TestAskedAgain(t *testing.T) {
	five := price.MustCompile(fiveTiers())
	asked, twice := make(map[string]bool), 0
	got := billingtest.PricerViolations(fiveTiers(), changed(five, func(usage, fee decimal.Decimal) (decimal.Decimal, error) {
		if asked[usage.String()] {
			if twice++; twice == 2 {
				fee = fee.Add(d("1"))
			}
		}
		asked[usage.String()] = true
		return fee, nil
	}), billingtest.Repeatable)
	if len(got) != 1 || !strings.Contains(got[0].Message, " when asked again, right after 123456789012.63; then ") {
		t.Errorf("%v", got)
	}

	isRefused := false
	slow := billingtest.Within(20*time.Millisecond, billingtest.Func(func(usage decimal.Decimal) (decimal.Decimal, error) {
		switch {
		case usage.IsNegative(): // the last ones that are asked at first
			isRefused = true
			return usage, errRefund
		case isRefused:
			select {}
		case usage.GreaterThan(d("123456.78")):
			return d("1"), nil
		}
		return five.Fee(usage)
	}))
	for _, v := range billingtest.PricerViolations(fiveTiers(), slow, billingtest.Monotone, billingtest.Repeatable) {
		if v.Law != billingtest.Monotone {
			t.Error(v)
		}
	}
}

// Of 200 tiers a check still looks into the fees.
func TestManyTiers(t *testing.T) {
	t.Parallel()
	const ext = " usages, all those from 500.01 on and none below"
	right := price.MustCompile(nTiers(200))
	for law, want := range map[billingtest.Law]string{
		billingtest.Valid:               "; so for ",
		billingtest.AgreesWithReference: "; wrong for ",
	} {
		got := billingtest.PricerViolations(nTiers(200), changed(right, func(usage, fee decimal.Decimal) (decimal.Decimal, error) {
			switch {
			case !usage.GreaterThan(d("500")):
			case law == billingtest.Valid:
				return fee, errOwn
			default:
				fee = fee.Add(d("0.37"))
			}
			return fee, nil
		}), law)
		if len(got) != 1 || !strings.Contains(got[0].Message, want) || !strings.Contains(got[0].Message, ext) {
			t.Errorf("%v: %v", law, got)
		}
	}
}

// Each known mistake is recognised in code that makes it, written by other means.
func TestKnownMistakes(t *testing.T) {
	t.Parallel()
	terms := with(fiveTiers(), func(t *price.Terms) {
		t.Tiers[0].Flat, t.Tiers[2].Flat = d("1.50"), d("0.25")
		t.Maximum = d("90000")
		t.Discount = price.Discount{Rate: d("0.05"), Stage: price.DiscountBeforeMaximum}
	})
	right := price.MustCompile(terms)
	changed := func(change func(t *price.Terms)) func(u decimal.Decimal) (decimal.Decimal, error) {
		own := terms
		own.Tiers = slices.Clone(terms.Tiers)
		return price.MustCompile(with(own, change)).Fee
	}
	rates := func(of func(i int) int) func(u decimal.Decimal) (decimal.Decimal, error) {
		return changed(func(t *price.Terms) {
			for i := range t.Tiers {
				t.Tiers[i].Rate = terms.Tiers[of(i)].Rate
			}
		})
	}
	bounds := func(of func(i int, bound decimal.Decimal) decimal.Decimal) func(u decimal.Decimal) (decimal.Decimal, error) {
		return changed(func(t *price.Terms) {
			for i := range t.Tiers[:4] {
				t.Tiers[i].UpTo = of(i, t.Tiers[i].UpTo)
			}
		})
	}
	usage := func(of func(u decimal.Decimal) decimal.Decimal) func(u decimal.Decimal) (decimal.Decimal, error) {
		return func(u decimal.Decimal) (decimal.Decimal, error) { return right.Fee(of(u)) }
	}
	atZero := func(fee func(u decimal.Decimal) (decimal.Decimal, error)) func(u decimal.Decimal) (decimal.Decimal, error) {
		return func(u decimal.Decimal) (decimal.Decimal, error) {
			if u.IsZero() {
				return fee(u)
			}
			return right.Fee(u)
		}
	}
	noMinimum := changed(func(t *price.Terms) { t.Minimum = decimal.Decimal{} })
	noMaximum := changed(func(t *price.Terms) { t.Maximum = decimal.Decimal{} })
	var sum decimal.Decimal
	messages := make(map[string][]string)
	for name, code := range map[string]func(u decimal.Decimal) (decimal.Decimal, error){
		"rounds down":        changed(func(t *price.Terms) { t.Rounding.Mode = price.RoundingDown }),
		"rounds up":          changed(func(t *price.Terms) { t.Rounding.Mode = price.RoundingUp }),
		"rounds half-even":   changed(func(t *price.Terms) { t.Rounding.Mode = price.RoundingHalfEven }),
		"rounds to 1 places": changed(func(t *price.Terms) { t.Rounding.Places = 1 }),
		"never rounds":       right.Unrounded,
		"rates the whole usage by the one tier that it falls into": changed(func(t *price.Terms) { t.Model = price.ModelVolume }),
		"charges nothing above the last bound":                     changed(func(t *price.Terms) { t.Tiers[4].Rate = decimal.Decimal{} }),
		"has the rate of the last bounded tier above it, too":      rates(func(i int) int { return min(i, 3) }),
		"has the first rate for everything":                        rates(func(int) int { return 0 }),
		"has the last rate for everything":                         rates(func(int) int { return 4 }),
		"takes bounds of tiers for their widths": bounds(func(i int, bound decimal.Decimal) decimal.Decimal {
			sum = sum.Add(bound)
			return sum
		}),
		"has bound 2 one unit too high": bounds(func(i int, bound decimal.Decimal) decimal.Decimal {
			if i == 1 {
				bound = bound.Add(d("0.01"))
			}
			return bound
		}),
		"has all bounds one unit too low": bounds(func(_ int, bound decimal.Decimal) decimal.Decimal { return bound.Sub(d("0.01")) }),
		"has no minimum":                  noMinimum,
		"has no minimum for no usage":     atZero(noMinimum),
		"has no maximum":                  noMaximum,
		"has no discount":                 changed(func(t *price.Terms) { t.Discount = price.Discount{} }),
		"takes the discount off after the maximum and the minimum": changed(func(t *price.Terms) { t.Discount.Stage = price.DiscountAfterMinimum }),
		"has no flat amounts":                changed(func(t *price.Terms) { t.Tiers[0].Flat, t.Tiers[2].Flat = decimal.Decimal{}, decimal.Decimal{} }),
		"charges only the first flat amount": changed(func(t *price.Terms) { t.Tiers[2].Flat = decimal.Decimal{} }),
		"charges nothing for no usage":       atZero(func(decimal.Decimal) (decimal.Decimal, error) { return decimal.Decimal{}, nil }),
		"adds the minimum to the fee": func(u decimal.Decimal) (decimal.Decimal, error) {
			fee, err := noMinimum(u)
			return fee.Add(terms.Minimum), err
		},
		"drops what is less than a whole unit of usage": usage(func(u decimal.Decimal) decimal.Decimal { return u.Truncate(0) }),
		"rounds the usage to whole units":               usage(func(u decimal.Decimal) decimal.Decimal { return u.Round(0) }),
		"keeps the usage in 32 bits": usage(func(u decimal.Decimal) decimal.Decimal {
			return decimal.NewFromBigInt(new(big.Int).And(u.Shift(2).BigInt(), big.NewInt(math.MaxUint32)), -2)
		}),
	} {
		var r recorder
		billingtest.CheckPricer(&r, terms, billingtest.Func(code), billingtest.AgreesWithReference)
		messages[name] = r.errors
		if len(r.errors) != 1 {
			t.Fatalf("%s: %q", name, r.errors)
		}
		_, known, _ := strings.Cut(r.errors[0], "; all fees are those of code that ")
		if !slices.Contains(strings.Split(known, ", or "), name) {
			t.Errorf("%s: %q", name, r.errors)
		}
	}
	golden(t, "mistakes.txt", messages)
}
