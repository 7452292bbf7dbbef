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
	"github.com/supportplan/supportplan/internal/strictjson"
	"github.com/supportplan/supportplan/sla/calendar"
)

func september(day int) time.Time { return time.Date(2024, time.September, day, 0, 0, 0, 0, time.UTC) }

// inSeptember is the period of the tests, and onDay a charge's day in or, for
// days outside 1 to 30, near it.
var inSeptember = calendar.Period{Start: september(1), End: september(31)}

func onDay(day int) calendar.Period {
	return calendar.Period{Start: september(day), End: september(day + 1)}
}

var (
	allKinds    = []billing.ChargeKind{billing.ChargeCloudService, billing.ChargeSupportPlan, billing.ChargeProfessionalService}
	allPayments = []billing.Payment{billing.PaymentCash, billing.PaymentCredit, billing.PaymentVoucher}
	orNoPayment = append([]billing.Payment{""}, allPayments...)
)

func charge(kind billing.ChargeKind, pay billing.Payment, amount string, day int) billing.Charge {
	return billing.Charge{Kind: kind, Payment: pay, Amount: decimal.RequireFromString(amount), Period: onDay(day)}
}

func ExampleNewUsage() {
	september, err := calendar.Month(2024, time.September, time.UTC)
	if err != nil {
		panic(err)
	}
	amount := decimal.RequireFromString
	usage, err := billing.NewUsage("USD", september,
		billing.Charge{Kind: billing.ChargeCloudService, Payment: billing.PaymentCash, Amount: amount("820.50"), Period: september},
		billing.Charge{Kind: billing.ChargeCloudService, Payment: billing.PaymentVoucher, Amount: amount("100"), Period: september},
		billing.Charge{Kind: billing.ChargeCloudService, Payment: billing.PaymentCash, Amount: amount("-20.50"), Period: september}, // a refund
		billing.Charge{Kind: billing.ChargeSupportPlan, Payment: billing.PaymentCash, Amount: amount("100"), Period: september},
		billing.Charge{Kind: billing.ChargeCloudService, Amount: amount("3"), Period: calendar.Period{Start: september.End, End: september.End.AddDate(0, 1, 0)}},
	)
	if err != nil {
		panic(err)
	}
	fmt.Println("usage", usage.Billable())
	fmt.Println("of which by voucher", usage.Counted(billing.PaymentVoucher).Amount)
	fmt.Println("support plans, excluded", usage.Excluded(billing.ChargeSupportPlan).Amount)
	fmt.Println("of another month", usage.Outside().Amount)
	// Output:
	// usage 900
	// of which by voucher 100
	// support plans, excluded 100
	// of another month 3
}

func ExampleUsage_Unbilled() {
	september, err := calendar.Month(2024, time.September, time.UTC)
	if err != nil {
		panic(err)
	}
	usage, err := billing.NewUsage("USD", september)
	if err != nil {
		panic(err)
	}
	for _, amount := range []int64{30, -50} {
		err := usage.Add(billing.Charge{Kind: billing.ChargeCloudService, Amount: decimal.NewFromInt(amount), Period: september})
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
	counts := map[billing.ChargeKind]bool{billing.ChargeCloudService: true, billing.ChargeSupportPlan: false, billing.ChargeProfessionalService: false}
	for _, kind := range append([]billing.ChargeKind{"", "Cloud-Service", "support"}, allKinds...) {
		if got := kind.Counts(); got != counts[kind] {
			t.Errorf("%v.Counts() = %v", kind, got)
		}
	}
	for kind, want := range counts {
		for _, pay := range orNoPayment {
			u, err := billing.NewUsage("USD", inSeptember, charge(kind, pay, "12.34", 1))
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
	for i, pay := range orNoPayment {
		c := charge(billing.ChargeCloudService, pay, "1", 1)
		c.Amount = decimal.New(1, int32(i)) // 1, 10, 100, 1000
		charges = append(charges, c)
	}
	u, err := billing.NewUsage("USD", inSeptember, charges...)
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
	u, err := billing.NewUsage("USD", inSeptember,
		charge(billing.ChargeCloudService, billing.PaymentCash, "1", 1), charge(billing.ChargeSupportPlan, billing.PaymentCash, "1", 1),
		charge(billing.ChargeProfessionalService, billing.PaymentCash, "1", 1),
	)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range []billing.Payment{"", "barter", "Cash", billing.PaymentCash, billing.PaymentVoucher} {
		if u.Counted(p).Charges != 0 != (p == billing.PaymentCash) {
			t.Errorf("Counted(%v) = %+v", p, u.Counted(p))
		}
	}
	for _, k := range append([]billing.ChargeKind{"", "support"}, allKinds...) {
		if u.Excluded(k).Charges != 0 != (k == billing.ChargeSupportPlan || k == billing.ChargeProfessionalService) {
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
		for _, kind := range allKinds {
			u, err := billing.NewUsage("USD", inSeptember, billing.Charge{Kind: kind, Amount: decimal.New(5, 0), Period: c.period})
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
	u, err := billing.NewUsage("USD", inSeptember,
		charge(billing.ChargeCloudService, billing.PaymentCash, "10.00", 3), charge(billing.ChargeCloudService, billing.PaymentCredit, "-10.01", 4),
	)
	if err != nil || u.Total().String() != "-0.01" || !u.Billable().IsZero() || u.Unbilled().String() != "-0.01" {
		t.Errorf("total %v, billable %v, unbilled %v, %v; want -0.01, 0, -0.01", u.Total(), u.Billable(), u.Unbilled(), err)
	}
}

// 0.1 + 0.2 - 0.3 is nothing, and digits 60 places apart are all kept.
func TestUsageIsExact(t *testing.T) {
	u, err := billing.NewUsage("USD", inSeptember,
		charge(billing.ChargeCloudService, "", "0.1", 1), charge(billing.ChargeCloudService, "", "0.2", 1), charge(billing.ChargeCloudService, "", "-0.3", 1),
		charge(billing.ChargeCloudService, "", "100000000000000000000000000000", 1), charge(billing.ChargeCloudService, "", "0.000000000000000000000000000001", 1),
	)
	if want := "100000000000000000000000000000.000000000000000000000000000001"; err != nil || u.Total().String() != want {
		t.Errorf("total %v, %v; want %s", u.Total(), err, want)
	}
}

func TestBadCharges(t *testing.T) {
	good := charge(billing.ChargeCloudService, billing.PaymentCash, "1", 1)
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
		{"zero", billing.Charge{}, billing.ErrInvalid, `kind: missing; want one of "cloud-service", "support-plan", "professional-service": invalid billing input`},
		{"kind", with(func(c *billing.Charge) { c.Kind = "cloud" }), billing.ErrInvalid, `kind: "cloud": unknown kind of charge; want one of "cloud-service", "support-plan", "professional-service": invalid billing input`},
		{"payment", with(func(c *billing.Charge) { c.Payment = "Cash" }), billing.ErrInvalid, `payment: "Cash": unknown payment; want one of "cash", "credit", "voucher": invalid billing input`},
		{"currency", with(func(c *billing.Charge) { c.Currency = "JPY" }), billing.ErrMismatch, `currency: "JPY" in a usage in USD: another period or currency`},
		{"no period", with(func(c *billing.Charge) { c.Period = calendar.Period{} }), calendar.ErrPeriod, "period: missing; want the time that is charged: not a period"},
		{"inverted", with(func(c *billing.Charge) { c.Period.End = september(0) }), calendar.ErrPeriod, "period: [2024-09-01T00:00:00Z, 2024-08-31T00:00:00Z): not a period"},
		{"exponent", with(func(c *billing.Charge) { c.Amount = decimal.New(1, 1e9) }), billing.ErrInvalid, "amount: a number of 1 digits with exponent 1000000000: want at most 30 digits before the point and 30 behind it: not a usable decimal number"},
		{"places", with(func(c *billing.Charge) { c.Amount = decimal.New(1, -1e9) }), billing.ErrInvalid, "amount: a number of 1 digits with exponent -1000000000: want at most 30 digits before the point and 30 behind it: not a usable decimal number"},
	} {
		u, err := billing.NewUsage("USD", inSeptember, good, good, c.bad, good)
		if !errors.Is(err, c.want) || err.Error() != "billing: usage: charges[2]."+c.text {
			t.Errorf("%s: NewUsage: %v", c.name, err)
		}
		if !u.Equal(billing.Usage{}) {
			t.Errorf("%s: NewUsage with error returns %+v", c.name, u)
		}
		u, _ = billing.NewUsage("USD", inSeptember, good)
		before := u
		if err := u.Add(c.bad); !errors.Is(err, c.want) || err.Error() != "billing: add charge: "+c.text || !u.Equal(before) {
			t.Errorf("%s: Add: %v, then %+v", c.name, err, u)
		}
	}
}

func TestUsageOverTheLimit(t *testing.T) {
	huge := charge(billing.ChargeCloudService, billing.PaymentCash, strings.Repeat("9", 30), 1)
	other := huge
	other.Payment = billing.PaymentCredit // the total goes over the limit, no part does
	support := huge
	support.Kind = billing.ChargeSupportPlan
	outside := huge
	outside.Period = onDay(0)
	for name, pair := range map[string][2]billing.Charge{
		"part": {huge, huge}, "total": {huge, other}, "excluded": {support, support}, "outside": {outside, outside},
	} {
		u, _ := billing.NewUsage("USD", inSeptember, pair[:1]...)
		v, _ := billing.NewUsage("USD", inSeptember, pair[1:]...)
		before := u
		if err := u.Add(pair[1]); !errors.Is(err, billing.ErrInvalid) || !u.Equal(before) {
			t.Errorf("%s: Add: %v, then %+v", name, err, u)
		}
		if err := u.Merge(v); !errors.Is(err, billing.ErrInvalid) || !strings.HasPrefix(err.Error(), "billing: merge usage: sum: 1999999999999999999999999999998: ") || !u.Equal(before) {
			t.Errorf("%s: Merge: %v, then %+v", name, err, u)
		}
	}
}

func TestUsageOfNoPeriod(t *testing.T) {
	for _, p := range []calendar.Period{{}, {End: september(1)}, {Start: september(2), End: september(1)}} {
		if u, err := billing.NewUsage("USD", p); !errors.Is(err, calendar.ErrPeriod) || !u.Equal(billing.Usage{}) || !strings.HasPrefix(err.Error(), "billing: usage: ") {
			t.Errorf("NewUsage(%v) = %+v, %v", p, u, err)
		}
	}
	var zero billing.Usage
	if err := zero.Add(charge(billing.ChargeCloudService, "", "1", 1)); !errors.Is(err, billing.ErrInvalid) ||
		err.Error() != "billing: add charge: the zero usage; start with NewUsage: invalid billing input" {
		t.Errorf("Add to the zero Usage: %v", err)
	}
	if err := zero.Merge(billing.Usage{}); !errors.Is(err, billing.ErrInvalid) || err.Error() != "billing: merge usage: the zero usage; start with NewUsage: invalid billing input" {
		t.Errorf("Merge of zero Usages: %v", err)
	}
	if _, err := json.Marshal(zero); !errors.Is(err, billing.ErrInvalid) || !strings.Contains(err.Error(), "billing: marshal usage: the zero usage: invalid billing input") {
		t.Errorf("Marshal of the zero Usage: %v", err)
	}
	if !zero.Total().IsZero() || !zero.Billable().IsZero() || !zero.Unbilled().IsZero() || zero.Period() != (calendar.Period{}) {
		t.Error("the zero Usage is not nothing")
	}
}

func TestUsageOfAnEndlessPeriod(t *testing.T) {
	u, err := billing.NewUsage("USD", calendar.Period{Start: september(1)}, charge(billing.ChargeCloudService, "", "2", 300))
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
	u, _ := billing.NewUsage("USD", inSeptember)
	v, _ := billing.NewUsage("USD", onDay(1))
	for _, other := range []billing.Usage{v, {}} {
		if err := u.Merge(other); !errors.Is(err, billing.ErrMismatch) {
			t.Errorf("Merge: %v", err)
		}
	}
	err := u.Merge(v)
	if want := "billing: merge usage of [2024-09-01T00:00:00Z, 2024-09-02T00:00:00Z) into [2024-09-01T00:00:00Z, 2024-10-01T00:00:00Z): another period or currency"; err.Error() != want {
		t.Errorf("Merge: %v, want %s", err, want)
	}
}

func drawCharges(t *rapid.T, label string) []billing.Charge {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) billing.Charge {
		return billing.Charge{
			Kind:    rapid.SampledFrom(allKinds).Draw(t, "kind"),
			Payment: rapid.SampledFrom(orNoPayment).Draw(t, "payment"),
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
		u, err := billing.NewUsage("USD", inSeptember, charges...)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(before, charges); diff != "" {
			t.Fatalf("NewUsage changed the charges: %s", diff)
		}
		cut := rapid.IntRange(0, len(charges)).Draw(t, "cut")
		a, err1 := billing.NewUsage("USD", inSeptember, charges[cut:]...)
		b, err2 := billing.NewUsage("USD", inSeptember, charges[:cut]...)
		c := a // stays as it is
		if err := errors.Join(err1, err2, a.Merge(b)); err != nil || !a.Equal(u) || !a.Total().Equal(u.Total()) {
			t.Fatalf("merged %+v, %v; want %+v", a, err, u)
		}
		if again, _ := billing.NewUsage("USD", inSeptember, charges[cut:]...); !c.Equal(again) {
			t.Fatalf("a copy changed with the original: %+v, want %+v", c, again)
		}

		var sum, all decimal.Decimal
		n := 0
		for _, p := range orNoPayment {
			sum = sum.Add(u.Counted(p).Amount)
			n += u.Counted(p).Charges
		}
		rest := u.Outside()
		for _, k := range allKinds {
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
	base := charge(billing.ChargeCloudService, billing.PaymentCash, "1", 1)
	sum := func(p calendar.Period, charges ...billing.Charge) billing.Usage {
		u, err := billing.NewUsage("USD", p, charges...)
		if err != nil {
			t.Fatal(err)
		}
		return u
	}
	u := sum(inSeptember, base)
	berlin := time.FixedZone("", 2*3600)
	if v := sum(calendar.Period{Start: inSeptember.Start.In(berlin), End: inSeptember.End.In(berlin)}, charge(billing.ChargeCloudService, billing.PaymentCash, "1.00", 2)); !u.Equal(v) {
		t.Error("the same sums in another zone and with other places differ")
	}
	for name, v := range map[string]billing.Usage{
		"period":   sum(onDay(1), base),
		"amount":   sum(inSeptember, charge(billing.ChargeCloudService, billing.PaymentCash, "2", 1)),
		"charges":  sum(inSeptember, base, charge(billing.ChargeCloudService, billing.PaymentCash, "0", 1)),
		"payment":  sum(inSeptember, charge(billing.ChargeCloudService, billing.PaymentCredit, "1", 1)),
		"excluded": sum(inSeptember, base, charge(billing.ChargeSupportPlan, billing.PaymentCash, "1", 1)),
		"outside":  sum(inSeptember, base, charge(billing.ChargeCloudService, billing.PaymentCash, "1", 0)),
	} {
		if u.Equal(v) {
			t.Errorf("usages of another %s are equal", name)
		}
	}
}

const usageJSON = `{"format":1,"currency":"USD","start":"2024-09-01T00:00:00Z","end":"2024-10-01T00:00:00Z","total":"-5.75","billable":"0","unbilled":"-5.75",` +
	`"counted":[{"charges":1,"amount":"0.25"},{"payment":"cash","charges":2,"amount":"-6.00"}],` +
	`"excluded":[{"kind":"support-plan","charges":1,"amount":"100"}],"outside":{"charges":1,"amount":"3"}}`

func TestUsageJSON(t *testing.T) {
	u, err := billing.NewUsage("USD", inSeptember,
		charge(billing.ChargeCloudService, "", "0.25", 1), charge(billing.ChargeCloudService, billing.PaymentCash, "4.00", 1),
		charge(billing.ChargeCloudService, billing.PaymentCash, "-10.00", 1), charge(billing.ChargeSupportPlan, "", "100", 1), charge(billing.ChargeCloudService, "", "3", 31),
	)
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
	u, _ := billing.NewUsage("USD", inSeptember)
	want := `{"format":1,"currency":"USD","start":"2024-09-01T00:00:00Z","end":"2024-10-01T00:00:00Z","total":"0","billable":"0","unbilled":"0","counted":[],"excluded":[],"outside":{"charges":0,"amount":"0"}}`
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
		{usageJSON, `null`, billing.ErrInvalid, "want an object, not null"},
		{`"2024-09-01T00:00:00Z"`, `"2024-11-01T00:00:00Z"`, calendar.ErrPeriod, "[2024-11-01T00:00:00Z, 2024-10-01T00:00:00Z): not a period"},
		{`"format":1`, `"format":2`, strictjson.ErrNewer, "format: 2: this version reads up to 1: written by a newer version"},
		{`"currency":"USD",`, ``, billing.ErrInvalid, "currency: invalid JSON: field is missing"},
		{`"USD"`, `"usd"`, billing.ErrInvalid, `currency: "usd": want an ISO 4217 code, three capital letters: invalid billing input`},
		{`"2024-10-01T00:00:00Z"`, `"0001-01-01T00:00:00Z"`, calendar.ErrPeriod, `end: "0001-01-01T00:00:00Z": not a period`},
		{`"charges":1,"amount":"3"`, `"charges":0,"amount":"3"`, billing.ErrInconsistent, "outside.amount: not 0 for no charges"},
		{`"start"`, `"from"`, billing.ErrInvalid, "from: invalid JSON: unknown field"},
		{`"2024-10-01T00:00:00Z"`, `null`, billing.ErrInvalid, "end: invalid JSON: want a string, not null"},
		{`"total":"-5.75"`, `"total":"-5.76"`, billing.ErrInconsistent, `total: "-5.76" is not -5.75: fields contradict one another`},
		{`"billable":"0"`, `"billable":"1"`, billing.ErrInconsistent, `billable: "1" is not 0: fields contradict one another`},
		{`"unbilled":"-5.75"`, `"unbilled":"0"`, billing.ErrInconsistent, `unbilled: "0" is not -5.75: fields contradict one another`},
		{`"total":"-5.75",`, ``, billing.ErrInvalid, "total: invalid JSON: field is missing"},
		{`"total":"-5.75"`, `"total":-5.75`, billing.ErrInvalid, `total: invalid JSON: want a string, not the number "-5.75"`},
		{`"payment":"cash"`, `"payment":"barter"`, billing.ErrInvalid, `counted[1].payment: "barter": unknown payment; want one of "cash", "credit", "voucher": invalid billing input`},
		{`"payment":"cash"`, `"payment":""`, billing.ErrInvalid, `counted[1].payment: missing; want one of`},
		{`"payment":"cash",`, ``, billing.ErrInconsistent, `counted[1]: a second sum of the same: fields contradict one another`},
		{`"charges":2`, `"charges":0`, billing.ErrInvalid, `counted[1].charges: invalid JSON: want a whole number from 1 to`},
		{`"charges":2`, `"charges":2.5`, billing.ErrInvalid, `counted[1].charges: invalid JSON: want a whole number`},
		{`"amount":"-6.00"`, `"amount":"-6e0"`, billing.ErrInvalid, `counted[1].amount: "-6e0": want plain digits, such as "1234.50", at most 30 before the point and 30 behind it: not a usable decimal number`},
		{`"kind":"support-plan"`, `"kind":"cloud-service"`, billing.ErrInconsistent, `excluded[0].kind: "cloud-service" counts: fields contradict one another`},
		{`"kind":"support-plan",`, ``, billing.ErrInvalid, `excluded[0].kind: invalid JSON: field is missing`},
		{`"kind":"support-plan"`, `"kind":"support"`, billing.ErrInvalid, `excluded[0].kind: "support": unknown kind of charge`},
		{`"kind":"support-plan"`, `"kind":"support-plan","note":1`, billing.ErrInvalid, `excluded[0].note: invalid JSON: unknown field`},
		{`"outside":{"charges":1,"amount":"3"}`, `"outside":{"charges":-1,"amount":"3"}`, billing.ErrInvalid, `outside.charges: invalid JSON: want a whole number from 0 to`},
		{`,"outside":{"charges":1,"amount":"3"}`, ``, billing.ErrInvalid, `outside: invalid JSON: field is missing`},
	} {
		if strings.Count(usageJSON, c.old) != 1 {
			t.Fatalf("%s is not once in the document", c.old)
		}
		u, _ := billing.NewUsage("USD", inSeptember)
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
	f.Add([]byte(`{"format":1,"currency":"USD","start":"2024-09-01T00:00:00Z","total":"0","billable":"0","unbilled":"0","counted":[],"excluded":[],"outside":{"charges":0,"amount":"0"}}`))
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

func TestChargeTokens(t *testing.T) {
	if got, want := fmt.Sprint(allKinds, allPayments), "[cloud-service support-plan professional-service] [cash credit voucher]"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	for _, k := range allKinds {
		var back billing.ChargeKind
		if err := back.UnmarshalText([]byte(k)); err != nil || back != k {
			t.Errorf("%s: %s, %v", k, back, err)
		}
	}
	for _, p := range allPayments {
		var back billing.Payment
		if err := back.UnmarshalText([]byte(p)); err != nil || back != p {
			t.Errorf("%s: %s, %v", p, back, err)
		}
	}
	k, p := billing.ChargeSupportPlan, billing.PaymentVoucher
	if err := k.UnmarshalText([]byte("Support-Plan")); !errors.Is(err, billing.ErrInvalid) || k != billing.ChargeSupportPlan {
		t.Errorf("UnmarshalText: %v, %s", err, k)
	}
	if err := p.UnmarshalText(nil); !errors.Is(err, billing.ErrInvalid) || p != billing.PaymentVoucher {
		t.Errorf("UnmarshalText: %v, %s", err, p)
	}
}

func TestMergeOtherCurrency(t *testing.T) {
	u, _ := billing.NewUsage("USD", inSeptember)
	v, _ := billing.NewUsage("JPY", inSeptember)
	if err := u.Merge(v); !errors.Is(err, billing.ErrMismatch) || err.Error() != "billing: merge usage in JPY into USD: another period or currency" || u.Equal(v) || u.Currency() != "USD" {
		t.Errorf("Merge: %v", err)
	}
	c := charge(billing.ChargeCloudService, "", "1", 1)
	if c.Currency = "USD"; u.Add(c) != nil || u.Total().String() != "1" {
		t.Errorf("a charge in the usage's own currency: %v", u)
	}
	for _, bad := range []string{"", "usd", "US", "USDT", "U$D"} {
		if _, err := billing.NewUsage(bad, inSeptember); !errors.Is(err, billing.ErrInvalid) || !strings.Contains(err.Error(), "currency") {
			t.Errorf("NewUsage(%q): %v", bad, err)
		}
	}
}
