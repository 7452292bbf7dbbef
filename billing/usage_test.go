package billing_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"github.com/supportplan/supportplan/billing"
	"github.com/supportplan/supportplan/sla/calendar"
)

func september(day int) time.Time { return time.Date(2024, time.September, day, 0, 0, 0, 0, time.UTC) }

// inSeptember is the period of the tests, and onDay a charge's day in or, for
// days outside 1 to 30, near it.
var inSeptember = calendar.Period{Start: september(1), End: september(31)}

func onDay(day int) calendar.Period {
	return calendar.Period{Start: september(day), End: september(day + 1)}
}

func charge(kind billing.ChargeKind, pay billing.Payment, amount string, day int) billing.Charge {
	return billing.Charge{Kind: kind, Payment: pay, Amount: decimal.RequireFromString(amount), Period: onDay(day)}
}

func ExampleSumUsage() {
	september, err := calendar.Month(2024, time.September, time.UTC)
	if err != nil {
		panic(err)
	}
	amount := decimal.RequireFromString
	usage, err := billing.SumUsage([]billing.Charge{
		{Kind: billing.CloudService, Payment: billing.Cash, Amount: amount("820.50"), Period: september},
		{Kind: billing.CloudService, Payment: billing.Voucher, Amount: amount("100"), Period: september},
		{Kind: billing.CloudService, Payment: billing.Cash, Amount: amount("-20.50"), Period: september}, // a refund
		{Kind: billing.SupportPlan, Payment: billing.Cash, Amount: amount("100"), Period: september},
	}, september)
	if err != nil {
		panic(err)
	}
	fmt.Println("usage", usage.Billable())
	fmt.Println("of which by voucher", usage.Counted(billing.Voucher).Amount)
	fmt.Println("support plans, excluded", usage.Excluded(billing.SupportPlan).Amount)
	// Output:
	// usage 900
	// of which by voucher 100
	// support plans, excluded 100
}

func ExampleUsage_Unbilled() {
	september, err := calendar.Month(2024, time.September, time.UTC)
	if err != nil {
		panic(err)
	}
	usage, err := billing.NewUsage(september)
	if err != nil {
		panic(err)
	}
	for _, amount := range []int64{30, -50} {
		err := usage.Add(billing.Charge{Kind: billing.CloudService, Amount: decimal.NewFromInt(amount), Period: september})
		if err != nil {
			panic(err)
		}
	}
	fmt.Println(usage.Total(), "in total,", usage.Billable(), "billable,", usage.Unbilled(), "left")
	// Output: -20 in total, 0 billable, -20 left
}

// Usage excludes support plans and professional services. Source: Pricing,
// 2023-09-14.
func TestSupportPlansAndProfessionalServicesNeverCount(t *testing.T) {
	counts := map[billing.ChargeKind]bool{billing.CloudService: true, billing.SupportPlan: false, billing.ProfessionalService: false}
	for k := range 256 {
		kind := billing.ChargeKind(k)
		if got := kind.Counts(); got != counts[kind] {
			t.Errorf("%v.Counts() = %v", kind, got)
		}
	}
	for kind, want := range counts {
		for pay := billing.Payment(0); pay <= billing.Voucher; pay++ {
			u, err := billing.SumUsage([]billing.Charge{charge(kind, pay, "12.34", 1)}, inSeptember)
			if err != nil {
				t.Fatal(err)
			}
			if got := !u.Total().IsZero(); got != want {
				t.Errorf("%v paid by %v: counts %v, want %v", kind, pay, got, want)
			}
			if got := u.Excluded(kind).Amount.String() == "12.34"; got == want {
				t.Errorf("%v paid by %v: excluded %v, want %v", kind, pay, got, !want)
			}
		}
	}
}

// Usage does not tell cash, credit and vouchers apart. Source: Pricing,
// 2023-09-14.
func TestCashCreditAndVoucherAllCount(t *testing.T) {
	var charges []billing.Charge
	for i, pay := range []billing.Payment{0, billing.Cash, billing.Credit, billing.Voucher} {
		c := charge(billing.CloudService, pay, "1", 1)
		c.Amount = decimal.New(1, int32(i)) // 1, 10, 100, 1000
		charges = append(charges, c)
	}
	u, err := billing.SumUsage(charges, inSeptember)
	if err != nil || u.Total().String() != "1111" || u.Billable().String() != "1111" || !u.Unbilled().IsZero() {
		t.Errorf("total %v, billable %v, unbilled %v, %v; want 1111, 1111, 0", u.Total(), u.Billable(), u.Unbilled(), err)
	}
	for i, c := range charges {
		if got := u.Counted(c.Payment); got.Charges != 1 || !got.Amount.Equal(charges[i].Amount) {
			t.Errorf("Counted(%v) = %+v, want 1 charge of %v", c.Payment, got, c.Amount)
		}
	}
}

func TestUsageOfInvalidValues(t *testing.T) {
	u, err := billing.SumUsage([]billing.Charge{
		charge(billing.CloudService, billing.Cash, "1", 1), charge(billing.SupportPlan, billing.Cash, "1", 1),
		charge(billing.ProfessionalService, billing.Cash, "1", 1),
	}, inSeptember)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 256 {
		if p := billing.Payment(i); u.Counted(p).Charges != 0 != (p == billing.Cash) {
			t.Errorf("Counted(%v) = %+v", p, u.Counted(p))
		}
		if k := billing.ChargeKind(i); u.Excluded(k).Charges != 0 != (k == billing.SupportPlan || k == billing.ProfessionalService) {
			t.Errorf("Excluded(%v) = %+v", k, u.Excluded(k))
		}
	}
}

// A charge counts in the period that contains its start.
func TestChargeCountsWhereItStarts(t *testing.T) {
	long := calendar.Period{Start: september(30), End: september(300)}
	endless := calendar.Period{Start: september(1)}
	justBefore := calendar.Period{Start: september(1).Add(-1), End: september(31)}
	elsewhere := calendar.Period{Start: september(1).In(time.FixedZone("", -8*3600)), End: september(2)}
	for _, c := range []struct {
		period calendar.Period
		counts bool
	}{
		{onDay(1), true}, {onDay(30), true}, {long, true}, {endless, true}, {elsewhere, true},
		{onDay(0), false}, {onDay(31), false}, {justBefore, false},
	} {
		for _, kind := range billing.AllChargeKinds() {
			u, err := billing.SumUsage([]billing.Charge{{Kind: kind, Amount: decimal.New(5, 0), Period: c.period}}, inSeptember)
			if err != nil {
				t.Fatal(err)
			}
			if got := u.Outside(); (got.Charges == 0) != c.counts || got.Amount.IsZero() != c.counts {
				t.Errorf("%v of %v: outside %+v, want counts %v", kind, c.period, got, c.counts)
			}
			if got := u.Total().IsPositive() || u.Excluded(kind).Charges == 1; got != c.counts {
				t.Errorf("%v of %v: counts or is excluded: %v, want %v", kind, c.period, got, c.counts)
			}
		}
	}
}

func TestNegativeTotal(t *testing.T) {
	u, err := billing.SumUsage([]billing.Charge{
		charge(billing.CloudService, billing.Cash, "10.00", 3), charge(billing.CloudService, billing.Credit, "-10.01", 4),
	}, inSeptember)
	if err != nil || u.Total().String() != "-0.01" || !u.Billable().IsZero() || u.Unbilled().String() != "-0.01" {
		t.Errorf("total %v, billable %v, unbilled %v, %v; want -0.01, 0, -0.01", u.Total(), u.Billable(), u.Unbilled(), err)
	}
}

// 0.1 + 0.2 - 0.3 is nothing, and digits 60 places apart are all kept.
func TestUsageIsExact(t *testing.T) {
	u, err := billing.SumUsage([]billing.Charge{
		charge(billing.CloudService, 0, "0.1", 1), charge(billing.CloudService, 0, "0.2", 1), charge(billing.CloudService, 0, "-0.3", 1),
		charge(billing.CloudService, 0, "100000000000000000000000000000", 1), charge(billing.CloudService, 0, "0.000000000000000000000000000001", 1),
	}, inSeptember)
	if want := "100000000000000000000000000000.000000000000000000000000000001"; err != nil || u.Total().String() != want {
		t.Errorf("total %v, %v; want %s", u.Total(), err, want)
	}
}

func TestBadCharges(t *testing.T) {
	good := charge(billing.CloudService, billing.Cash, "1", 1)
	with := func(change func(*billing.Charge)) billing.Charge {
		c := good
		change(&c)
		return c
	}
	for _, c := range []struct {
		name string
		bad  billing.Charge
		want error
		text string
	}{
		{"zero", billing.Charge{}, billing.ErrUnknownChargeKind, "ChargeKind(0): unknown kind of charge"},
		{"kind", with(func(c *billing.Charge) { c.Kind = 4 }), billing.ErrUnknownChargeKind, "ChargeKind(4): unknown kind of charge"},
		{"payment", with(func(c *billing.Charge) { c.Payment = 4 }), billing.ErrUnknownPayment, "Payment(4): unknown payment"},
		{"no period", with(func(c *billing.Charge) { c.Period = calendar.Period{} }), calendar.ErrPeriod, "period [0001-01-01T00:00:00Z, …): not a period"},
		{"inverted", with(func(c *billing.Charge) { c.Period.End = september(0) }), calendar.ErrPeriod, "period [2024-09-01T00:00:00Z, 2024-08-31T00:00:00Z): not a period"},
		{"exponent", with(func(c *billing.Charge) { c.Amount = decimal.New(1, 1e9) }), billing.ErrAmount, "a number of 1 digits with exponent 1000000000: not a usable decimal number"},
		{"places", with(func(c *billing.Charge) { c.Amount = decimal.New(1, -1e9) }), billing.ErrAmount, "a number of 1 digits with exponent -1000000000: not a usable decimal number"},
	} {
		u, err := billing.SumUsage([]billing.Charge{good, good, c.bad, good}, inSeptember)
		if !errors.Is(err, c.want) || err.Error() != "billing: sum usage: charges[2]: "+c.text {
			t.Errorf("%s: SumUsage: %v", c.name, err)
		}
		if !u.Equal(billing.Usage{}) {
			t.Errorf("%s: SumUsage with error returns %+v", c.name, u)
		}
		u, _ = billing.SumUsage([]billing.Charge{good}, inSeptember)
		before := u
		if err := u.Add(c.bad); !errors.Is(err, c.want) || err.Error() != "billing: add charge: "+c.text || !u.Equal(before) {
			t.Errorf("%s: Add: %v, then %+v", c.name, err, u)
		}
	}
}

func TestUsageOverTheLimit(t *testing.T) {
	huge := charge(billing.CloudService, billing.Cash, strings.Repeat("9", 30), 1)
	other := huge
	other.Payment = billing.Credit // the total goes over the limit, no part does
	support := huge
	support.Kind = billing.SupportPlan
	outside := huge
	outside.Period = onDay(0)
	for name, pair := range map[string][2]billing.Charge{
		"part": {huge, huge}, "total": {huge, other}, "excluded": {support, support}, "outside": {outside, outside},
	} {
		u, _ := billing.SumUsage(pair[:1], inSeptember)
		v, _ := billing.SumUsage(pair[1:], inSeptember)
		before := u
		if err := u.Add(pair[1]); !errors.Is(err, billing.ErrAmount) || !u.Equal(before) {
			t.Errorf("%s: Add: %v, then %+v", name, err, u)
		}
		if err := u.Merge(v); !errors.Is(err, billing.ErrAmount) || !strings.HasPrefix(err.Error(), "billing: merge usage: 1999999999999999999999999999998: ") || !u.Equal(before) {
			t.Errorf("%s: Merge: %v, then %+v", name, err, u)
		}
	}
}

func TestUsageOfNoPeriod(t *testing.T) {
	for _, p := range []calendar.Period{{}, {End: september(1)}, {Start: september(2), End: september(1)}} {
		if u, err := billing.NewUsage(p); !errors.Is(err, calendar.ErrPeriod) || !u.Equal(billing.Usage{}) || !strings.HasPrefix(err.Error(), "billing: usage: ") {
			t.Errorf("NewUsage(%v) = %+v, %v", p, u, err)
		}
		if _, err := billing.SumUsage(nil, p); !errors.Is(err, calendar.ErrPeriod) {
			t.Errorf("SumUsage(nil, %v): %v", p, err)
		}
	}
	var zero billing.Usage
	if err := zero.Add(charge(billing.CloudService, 0, "1", 1)); !errors.Is(err, calendar.ErrPeriod) ||
		err.Error() != "billing: add charge: usage of no period: not a period" {
		t.Errorf("Add to the zero Usage: %v", err)
	}
	if err := zero.Merge(billing.Usage{}); !errors.Is(err, calendar.ErrPeriod) || err.Error() != "billing: merge usage of no period: not a period" {
		t.Errorf("Merge of zero Usages: %v", err)
	}
	if _, err := json.Marshal(zero); !errors.Is(err, calendar.ErrPeriod) || !strings.Contains(err.Error(), "billing: marshal usage of no period: not a period") {
		t.Errorf("Marshal of the zero Usage: %v", err)
	}
	if !zero.Total().IsZero() || !zero.Billable().IsZero() || !zero.Unbilled().IsZero() || zero.Period() != (calendar.Period{}) {
		t.Error("the zero Usage is not nothing")
	}
}

func TestUsageOfAnEndlessPeriod(t *testing.T) {
	u, err := billing.SumUsage([]billing.Charge{charge(billing.CloudService, 0, "2", 300)}, calendar.Period{Start: september(1)})
	if err != nil || u.Total().String() != "2" || !u.Period().End.IsZero() {
		t.Errorf("%+v, %v", u, err)
	}
	b, err := json.Marshal(u)
	var again billing.Usage
	if err != nil || json.Unmarshal(b, &again) != nil || !again.Equal(u) || strings.Contains(string(b), "end") {
		t.Errorf("%s, %v reads back as %+v", b, err, again)
	}
}

func TestMergeOtherPeriod(t *testing.T) {
	u, _ := billing.NewUsage(inSeptember)
	v, _ := billing.NewUsage(onDay(1))
	for _, other := range []billing.Usage{v, {}} {
		if err := u.Merge(other); !errors.Is(err, billing.ErrOtherPeriod) {
			t.Errorf("Merge: %v", err)
		}
	}
	err := u.Merge(v)
	if want := "billing: merge usage of [2024-09-01T00:00:00Z, 2024-09-02T00:00:00Z) into [2024-09-01T00:00:00Z, 2024-10-01T00:00:00Z): usage of another period"; err.Error() != want {
		t.Errorf("Merge: %v, want %s", err, want)
	}
}

func drawCharges(t *rapid.T, label string) []billing.Charge {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) billing.Charge {
		return billing.Charge{
			Kind:    rapid.SampledFrom(billing.AllChargeKinds()).Draw(t, "kind"),
			Payment: billing.Payment(rapid.IntRange(0, int(billing.Voucher)).Draw(t, "payment")),
			Amount:  decimal.New(rapid.Int64().Draw(t, "coefficient"), rapid.Int32Range(-11, 3).Draw(t, "exponent")),
			Period:  onDay(rapid.IntRange(-1, 33).Draw(t, "day")),
		}
	}), 0, 20).Draw(t, label)
}

// However charges are shared out and in whatever order they come, they sum up
// to the same; the parts are the whole; JSON keeps all of it.
func TestUsageSumsAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		charges := drawCharges(t, "charges")
		before := slices.Clone(charges)
		u, err := billing.SumUsage(charges, inSeptember)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(before, charges); diff != "" {
			t.Fatalf("SumUsage changed the charges: %s", diff)
		}
		cut := rapid.IntRange(0, len(charges)).Draw(t, "cut")
		a, err1 := billing.SumUsage(charges[cut:], inSeptember)
		b, err2 := billing.SumUsage(charges[:cut], inSeptember)
		c := a // stays as it is
		if err := errors.Join(err1, err2, a.Merge(b)); err != nil || !a.Equal(u) {
			t.Fatalf("merged %+v, %v; want %+v", a, err, u)
		}
		if again, _ := billing.SumUsage(charges[cut:], inSeptember); !c.Equal(again) {
			t.Fatalf("a copy changed with the original: %+v, want %+v", c, again)
		}

		var sum, all decimal.Decimal
		n := 0
		for p := billing.Payment(0); p <= billing.Voucher; p++ {
			sum = sum.Add(u.Counted(p).Amount)
			n += u.Counted(p).Charges
		}
		rest := u.Outside()
		for _, k := range billing.AllChargeKinds() {
			rest.Amount = rest.Amount.Add(u.Excluded(k).Amount)
			rest.Charges += u.Excluded(k).Charges
		}
		for _, c := range charges {
			all = all.Add(c.Amount)
		}
		if !sum.Equal(u.Total()) || !sum.Add(rest.Amount).Equal(all) || n+rest.Charges != len(charges) {
			t.Fatalf("counted %v, rest %+v of %v in %d charges: %+v", sum, rest, all, len(charges), u)
		}
		if !u.Billable().Add(u.Unbilled()).Equal(u.Total()) || u.Billable().IsNegative() || u.Unbilled().IsPositive() {
			t.Fatalf("billable %v and unbilled %v of %v", u.Billable(), u.Unbilled(), u.Total())
		}

		data, err := json.Marshal(u)
		if err != nil {
			t.Fatal(err)
		}
		var again billing.Usage
		if err := json.Unmarshal(data, &again); err != nil || !again.Equal(u) || !again.Total().Equal(u.Total()) {
			t.Fatalf("%s reads back as %+v, %v", data, again, err)
		}
	})
}

func TestUsageEqual(t *testing.T) {
	base := charge(billing.CloudService, billing.Cash, "1", 1)
	sum := func(p calendar.Period, charges ...billing.Charge) billing.Usage {
		u, err := billing.SumUsage(charges, p)
		if err != nil {
			t.Fatal(err)
		}
		return u
	}
	u := sum(inSeptember, base)
	berlin := time.FixedZone("", 2*3600)
	if v := sum(calendar.Period{Start: inSeptember.Start.In(berlin), End: inSeptember.End.In(berlin)}, charge(billing.CloudService, billing.Cash, "1.00", 2)); !u.Equal(v) {
		t.Error("the same sums in another zone and with other places differ")
	}
	for name, v := range map[string]billing.Usage{
		"period":   sum(onDay(1), base),
		"amount":   sum(inSeptember, charge(billing.CloudService, billing.Cash, "2", 1)),
		"charges":  sum(inSeptember, base, charge(billing.CloudService, billing.Cash, "0", 1)),
		"payment":  sum(inSeptember, charge(billing.CloudService, billing.Credit, "1", 1)),
		"excluded": sum(inSeptember, base, charge(billing.SupportPlan, billing.Cash, "1", 1)),
		"outside":  sum(inSeptember, base, charge(billing.CloudService, billing.Cash, "1", 0)),
	} {
		if u.Equal(v) {
			t.Errorf("usages of another %s are equal", name)
		}
	}
}

const usageJSON = `{"start":"2024-09-01T00:00:00Z","end":"2024-10-01T00:00:00Z","total":"-5.75","billable":"0","unbilled":"-5.75",` +
	`"counted":[{"charges":1,"amount":"0.25"},{"payment":"cash","charges":2,"amount":"-6.00"}],` +
	`"excluded":[{"kind":"support-plan","charges":1,"amount":"100"}],"outside":{"charges":1,"amount":"3"}}`

func TestUsageJSON(t *testing.T) {
	u, err := billing.SumUsage([]billing.Charge{
		charge(billing.CloudService, 0, "0.25", 1), charge(billing.CloudService, billing.Cash, "4.00", 1),
		charge(billing.CloudService, billing.Cash, "-10.00", 1), charge(billing.SupportPlan, 0, "100", 1), charge(billing.CloudService, 0, "3", 31),
	}, inSeptember)
	if err != nil {
		t.Fatal(err)
	}
	got, err := json.Marshal(u)
	if diff := cmp.Diff(usageJSON, string(got)); err != nil || diff != "" {
		t.Errorf("%v, -want +got:\n%s", err, diff)
	}
	var again billing.Usage
	if err := json.Unmarshal([]byte(usageJSON), &again); err != nil || !again.Equal(u) {
		t.Errorf("reads back as %+v, %v", again, err)
	}
}

func TestEmptyUsageJSON(t *testing.T) {
	u, _ := billing.NewUsage(inSeptember)
	want := `{"start":"2024-09-01T00:00:00Z","end":"2024-10-01T00:00:00Z","total":"0","billable":"0","unbilled":"0","counted":[],"excluded":[],"outside":{"charges":0,"amount":"0"}}`
	if got, err := json.Marshal(u); err != nil || string(got) != want {
		t.Errorf("%s, %v; want %s", got, err, want)
	}
}

func TestBadUsageJSON(t *testing.T) {
	for _, c := range []struct {
		old, new string
		want     error
		text     string
	}{
		{usageJSON, `null`, billing.ErrJSON, "want an object, not null"},
		{`"2024-09-01T00:00:00Z"`, `"2024-11-01T00:00:00Z"`, calendar.ErrPeriod, "[2024-11-01T00:00:00Z, 2024-10-01T00:00:00Z): not a period"},
		{`"start"`, `"from"`, billing.ErrJSON, "start: invalid JSON: field is missing"},
		{`"2024-10-01T00:00:00Z"`, `null`, billing.ErrJSON, "end: invalid JSON: want a string, not null"},
		{`"total":"-5.75"`, `"total":"-5.76"`, billing.ErrUsageSums, `total: "-5.76" is not -5.75: the parts do not add up`},
		{`"billable":"0"`, `"billable":"1"`, billing.ErrUsageSums, `billable: "1" is not 0: the parts do not add up`},
		{`"unbilled":"-5.75"`, `"unbilled":"0"`, billing.ErrUsageSums, `unbilled: "0" is not -5.75: the parts do not add up`},
		{`"total":"-5.75",`, ``, billing.ErrJSON, "total: invalid JSON: field is missing"},
		{`"total":"-5.75"`, `"total":-5.75`, billing.ErrJSON, `total: invalid JSON: want a string, not the number "-5.75"`},
		{`"payment":"cash"`, `"payment":"barter"`, billing.ErrUnknownPayment, `counted[1].payment: billing: parse "barter": unknown payment`},
		{`"payment":"cash"`, `"payment":""`, billing.ErrUnknownPayment, `counted[1].payment: billing: parse "": unknown payment`},
		{`"payment":"cash",`, ``, billing.ErrUsageSums, `counted[1]: a second sum of the same: the parts do not add up`},
		{`"charges":2`, `"charges":0`, billing.ErrJSON, `counted[1].charges: invalid JSON: want a whole number from 1 to`},
		{`"charges":2`, `"charges":2.5`, billing.ErrJSON, `counted[1].charges: invalid JSON: want a whole number`},
		{`"amount":"-6.00"`, `"amount":"-6e0"`, billing.ErrAmount, `counted[1].amount: "-6e0": not a usable decimal number`},
		{`"kind":"support-plan"`, `"kind":"cloud-service"`, billing.ErrUsageSums, `excluded[0].kind: cloud-service counts: the parts do not add up`},
		{`"kind":"support-plan",`, ``, billing.ErrJSON, `excluded[0].kind: invalid JSON: field is missing`},
		{`"kind":"support-plan"`, `"kind":"support"`, billing.ErrUnknownChargeKind, `excluded[0].kind: billing: parse "support": unknown kind of charge`},
		{`"kind":"support-plan"`, `"kind":"support-plan","note":1`, billing.ErrJSON, `excluded[0].note: invalid JSON: unknown field`},
		{`"outside":{"charges":1,"amount":"3"}`, `"outside":{"charges":-1,"amount":"3"}`, billing.ErrJSON, `outside.charges: invalid JSON: want a whole number from 0 to`},
		{`,"outside":{"charges":1,"amount":"3"}`, ``, billing.ErrJSON, `outside: invalid JSON: field is missing`},
	} {
		if strings.Count(usageJSON, c.old) != 1 {
			t.Fatalf("%s is not once in the document", c.old)
		}
		u, _ := billing.NewUsage(inSeptember)
		before := u
		err := u.UnmarshalJSON([]byte(strings.Replace(usageJSON, c.old, c.new, 1)))
		if !errors.Is(err, c.want) || !strings.HasPrefix(err.Error(), "billing: decode usage: ") || !strings.Contains(err.Error(), c.text) {
			t.Errorf("%s: %v, want %s", c.new, err, c.text)
		}
		if !u.Equal(before) {
			t.Errorf("%s: the usage changed", c.new)
		}
	}
}

func FuzzUsageJSON(f *testing.F) {
	f.Add([]byte(usageJSON))
	f.Add([]byte(`{"start":"2024-09-01T00:00:00Z","total":"0","billable":"0","unbilled":"0","counted":[],"excluded":[],"outside":{"charges":0,"amount":"0"}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var u, again billing.Usage
		if u.UnmarshalJSON(data) != nil {
			return
		}
		b, err := json.Marshal(u)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(b, &again); err != nil || !again.Equal(u) {
			t.Errorf("%s reads back as %+v, %v", b, again, err)
		}
	})
}

func TestChargeKindTexts(t *testing.T) {
	type row struct {
		Kind        billing.ChargeKind
		Token, Name string
	}
	want := []row{
		{1, "cloud-service", "Cloud service"},
		{2, "support-plan", "Support plan"},
		{3, "professional-service", "Professional service"},
	}
	var got []row
	for _, k := range billing.AllChargeKinds() {
		got = append(got, row{k, k.String(), k.Name()})
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("kinds, -want +got:\n%s", diff)
	}
	if want := []billing.ChargeKind{billing.CloudService, billing.SupportPlan, billing.ProfessionalService}; !slices.Equal(want, billing.AllChargeKinds()) {
		t.Errorf("AllChargeKinds() = %v", billing.AllChargeKinds())
	}
	for i := range 256 {
		k := billing.ChargeKind(i)
		b, err := k.MarshalText()
		v, errValue := k.Value()
		if !k.IsValid() {
			if i >= 1 && i <= 3 || !errors.Is(err, billing.ErrUnknownChargeKind) || !errors.Is(errValue, billing.ErrUnknownChargeKind) || k.String() != fmt.Sprintf("ChargeKind(%d)", i) || k.Name() != k.String() {
				t.Errorf("%v: marshals as %s, %v; %v", k, b, err, errValue)
			}
			continue
		}
		var fromText, fromSQL billing.ChargeKind
		parsed, errParse := billing.ParseChargeKind(strings.ToUpper(k.Name()))
		if err := errors.Join(err, errValue, errParse, fromText.UnmarshalText(b), fromSQL.Scan(v)); err != nil || parsed != k || fromText != k || fromSQL != k {
			t.Errorf("%v: %v, %v, %v, %v", k, parsed, fromText, fromSQL, err)
		}
	}
	k := billing.SupportPlan
	if err := k.UnmarshalText([]byte("support")); !errors.Is(err, billing.ErrUnknownChargeKind) || err.Error() != `billing: parse "support": unknown kind of charge` || k != billing.SupportPlan {
		t.Errorf("UnmarshalText: %v", err)
	}
	if err := k.Scan(nil); err == nil || err.Error() != "billing: scan <nil>, which is not text: unknown kind of charge" || k != billing.SupportPlan {
		t.Errorf("Scan(nil): %v", err)
	}
}

func TestPaymentTexts(t *testing.T) {
	type row struct {
		Payment     billing.Payment
		Token, Name string
	}
	want := []row{{1, "cash", "Cash"}, {2, "credit", "Credit"}, {3, "voucher", "Voucher"}}
	var got []row
	for _, p := range billing.AllPayments() {
		got = append(got, row{p, p.String(), p.Name()})
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("payments, -want +got:\n%s", diff)
	}
	if want := []billing.Payment{billing.Cash, billing.Credit, billing.Voucher}; !slices.Equal(want, billing.AllPayments()) {
		t.Errorf("AllPayments() = %v", billing.AllPayments())
	}
	for i := range 256 {
		p := billing.Payment(i)
		b, err := p.MarshalText()
		v, errValue := p.Value()
		if !p.IsValid() {
			if i >= 1 && i <= 3 || !errors.Is(err, billing.ErrUnknownPayment) || !errors.Is(errValue, billing.ErrUnknownPayment) || p.String() != fmt.Sprintf("Payment(%d)", i) || p.Name() != p.String() {
				t.Errorf("%v: marshals as %s, %v; %v", p, b, err, errValue)
			}
			continue
		}
		var fromText, fromSQL billing.Payment
		parsed, errParse := billing.ParsePayment(strings.ToUpper(p.Name()))
		if err := errors.Join(err, errValue, errParse, fromText.UnmarshalText(b), fromSQL.Scan(v)); err != nil || parsed != p || fromText != p || fromSQL != p {
			t.Errorf("%v: %v, %v, %v, %v", p, parsed, fromText, fromSQL, err)
		}
	}
	p := billing.Voucher
	if err := p.UnmarshalText([]byte("coupon")); !errors.Is(err, billing.ErrUnknownPayment) || err.Error() != `billing: parse "coupon": unknown payment` || p != billing.Voucher {
		t.Errorf("UnmarshalText: %v", err)
	}
	if err := p.Scan(7); err == nil || err.Error() != "billing: scan int, which is not text: unknown payment" || p != billing.Voucher {
		t.Errorf("Scan(7): %v", err)
	}
}
