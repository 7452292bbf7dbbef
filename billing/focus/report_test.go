package focus_test

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

	"github.com/supportplan/supportplan/billing/focus"
)

const form = `{"format":1,"cost":"BilledCost","excluded":[{"reason":"named-service","name":"Consultations"},{"reason":"named-service","name":"Consulting"}],"parts":[` +
	`{"provider":"Alpha","id":"2","currency":"USD","period":{"start":"2024-09-01T00:00:00Z","end":"2024-10-01T00:00:00Z"},"issuers":["Alpha"],` +
	`"sums":[{"category":"Compute","rows":1,"cost":"3"}]},` +
	`{"provider":"Cloud","id":"1","currency":"USD","period":{"start":"2024-08-01T00:00:00Z","end":"2024-09-01T00:00:00Z"},"issuers":["Cloud Inc."],` +
	`"sums":[{"category":"Compute","rows":1,"cost":"-10"}]},` +
	`{"provider":"Cloud","id":"1","currency":"EUR","period":{"start":"2024-09-01T00:00:00Z","end":"2024-10-01T00:00:00Z"},"issuers":["Cloud GmbH"],` +
	`"sums":[{"category":"Compute","rows":1,"cost":"7"}]},` +
	`{"provider":"Cloud","id":"1","currency":"USD","period":{"start":"2024-09-01T00:00:00Z","end":"2024-10-01T00:00:00Z"},"issuers":["Cloud Inc."],` +
	`"sums":[{"category":"Compute","rows":2,"cost":"100"},{"category":"Management and Governance","reason":"support","rows":1,"cost":"29"},` +
	`{"category":"Other","reason":"tax","rows":1,"cost":"12"},{"category":"Other","reason":"credit","rows":1,"cost":"-40"},` +
	`{"category":"Other","reason":"named-service","name":"Consulting","rows":1,"cost":"500"},{"category":"Storage","rows":1,"cost":"50"}]}]}`

func TestReportJSON(t *testing.T) {
	r := read(t, bill, consulting)
	b, err := json.Marshal(r)
	if diff := cmp.Diff(form, string(b)); err != nil || diff != "" {
		t.Errorf("%v %s", err, diff)
	}
	var again focus.Report
	if err := json.Unmarshal(b, &again); err != nil || !again.Equal(r) || cmp.Diff(r.Accounts(), again.Accounts()) != "" || cmp.Diff(r.Unused(), again.Unused()) != "" {
		t.Errorf("%+v, %v", again, err)
	}
	sub := read(t, strings.Replace(bill, "Alpha,2,,", "Alpha,2,12,", 1), focus.Options{BySubAccount: true, Cost: focus.CostEffective})
	b, err = json.Marshal(&sub)
	if err != nil || !strings.HasPrefix(string(b), `{"format":1,"cost":"EffectiveCost","bySubAccount":true,"parts":[`) || json.Unmarshal(b, &again) != nil || !again.Equal(sub) {
		t.Errorf("%s, %v", b, err)
	}
	if _, err := json.Marshal(focus.Report{}); !errors.Is(err, focus.ErrInvalid) {
		t.Error(err)
	}
	b, err = json.Marshal(r.Accounts()[3].Excluded)
	if err != nil || string(b) != `[{"reason":"tax","sum":{"rows":1,"cost":"12"}},{"reason":"credit","sum":{"rows":1,"cost":"-40"}},`+
		`{"reason":"named-service","name":"Consulting","sum":{"rows":1,"cost":"500"}},{"reason":"support","sum":{"rows":1,"cost":"29"}}]` {
		t.Errorf("%s, %v", b, err)
	}
	for _, cost := range []decimal.Decimal{decimal.New(1, 1e9), decimal.New(1, -1101), decimal.New(1, 1), d("1" + strings.Repeat("0", 50))} {
		if _, err := json.Marshal(focus.Sum{Cost: cost}); !errors.Is(err, focus.ErrInvalid) {
			t.Errorf("absurd sum: %v", err)
		}
	}
	for _, cost := range []decimal.Decimal{decimal.New(1, -1100), d("1" + strings.Repeat("0", 49))} {
		if _, err := json.Marshal(focus.Sum{Cost: cost}); err != nil {
			t.Error(err)
		}
	}
}

// The lists of a form may be in any order, and have nothing twice.
func TestListsOfForms(t *testing.T) {
	type object = map[string]any
	top := func(form object) object { return form }
	for name, of := range map[string]func(object) object{
		"excluded": top, "parts": top, "sums": func(form object) object { return form["parts"].([]any)[3].(object) },
	} {
		n := 1
		changed := func(change func([]any) []any) (r focus.Report, err error) {
			var all object
			if err := json.Unmarshal([]byte(form), &all); err != nil {
				t.Fatal(err)
			}
			list := of(all)[name].([]any)
			n = len(list)
			of(all)[name] = change(list)
			b, err := json.Marshal(all)
			if err != nil {
				t.Fatal(err)
			}
			return r, json.Unmarshal(b, &r)
		}
		r, err := changed(func(list []any) []any { slices.Reverse(list); return list })
		if err != nil || !r.Equal(read(t, bill, consulting)) {
			t.Errorf("%s in another order: %v", name, err)
		}
		for i := range n {
			if _, err := changed(func(list []any) []any { return append(list, list[i]) }); !errors.Is(err, focus.ErrInvalid) {
				t.Errorf("item %d of %s twice: %v", i, name, err)
			}
		}
	}
}

func TestBadForms(t *testing.T) {
	for _, c := range []struct{ old, new, text string }{
		{`"format":1`, `"format":2`, "format: 2: this version reads up to 1: written by a newer version"},
		{`"BilledCost"`, `"ListCost"`, `cost: "ListCost": unknown cost; want one of "BilledCost", "EffectiveCost"`},
		{`"cost":"BilledCost",`, ``, "cost: invalid JSON: field is missing"},
		{`"parts":[`, `"more":1,"parts":[`, "more: invalid JSON: unknown field"},
		{`"reason":"named-service","name":"Consultations"`, `"reason":"tax","name":"Consultations"`, `excluded[0]: a name for the reason "tax"`},
		{`"name":"Consultations"`, `"name":""`, `excluded[0].name: "": want 1 to 512 bytes`},
		{`"name":"Consultations"`, `"name":"Consulting"`, `excluded: "Consulting": there twice`},
		{`"provider":"Alpha"`, `"provider":""`, `parts[0].provider: "": want 1 to 512 bytes`},
		{`"provider":"Alpha"`, `"provider":"` + strings.Repeat("x", 513) + `"`, `parts[0].provider: "xxx`},
		{`"provider":"Alpha","id":"2"`, `"provider":"Alpha"`, "parts[0]: a period without an account and a currency"},
		{`"id":"2","currency":"USD"`, `"id":"2"`, "parts[0]: a period without an account and a currency"},
		{`"id":"2","currency":"USD"`, `"id":"2","currency":"usd"`, `parts[0].currency: "usd": want an ISO 4217 code`},
		{`"start":"2024-08-01T00:00:00Z"`, `"start":"2024-09-01T00:00:00Z"`, "parts[1].period"},
		{`"2024-08-01T00:00:00Z","end":"2024-09-01T00:00:00Z"`, `"2024-09-01T00:00:00Z","end":"2024-10-01T00:00:00Z"`, `parts: "Cloud" "1" USD 2024-09-01T00:00:00Z/2024-10-01T00:00:00Z: there twice`},
		{`"2024-08-01T00:00:00Z","end":"2024-09-01T00:00:00Z"`, `"2024-08-01T00:00:00Z","end":"2024-09-01T00:00:01Z"`, `parts: account "1" has the periods`},
		{`["Alpha"]`, `["B","A"]`, "parts[0].issuers: not in order"},
		{`["Alpha"]`, `["A","A"]`, "parts[0].issuers: not in order"},
		{`["Alpha"]`, `["1","1","1","1","1","1","1","1","1","1","1","1","1","1","1","1","1"]`, "parts[0].issuers: invalid JSON: 17 items are over the limit of 16"},
		{`[{"category":"Compute","rows":1,"cost":"3"}]`, `[]`, "parts[0].sums: empty"},
		{`{"category":"Compute","rows":1,"cost":"3"}`, `{"category":"Compute","rows":1,"cost":"3"},{"category":"Compute","rows":1,"cost":"3"}`, "parts[0].sums: two of one category"},
		{`"rows":1,"cost":"3"`, `"rows":0,"cost":"3"`, "parts[0].sums[0].rows"},
		{`"rows":1,"cost":"3"`, `"rows":9007199254740993,"cost":"3"`, "parts[0].sums[0].rows: invalid JSON: want a whole number from 1 to 9007199254740992"},
		{`"rows":1,"cost":"3"`, `"rows":1`, "parts[0].sums[0].cost: invalid JSON: field is missing"},
		{`"rows":1,"cost":"3"`, `"rows":1,"cost":"3","reason":"gift"`, `parts[0].sums[0].reason: "gift": want one of "tax", "credit", "named-service`},
		{`"rows":1,"cost":"3"`, `"rows":1,"cost":"3","reason":""`, `parts[0].sums[0].reason: "": want one of`},
		{`"rows":1,"cost":"3"`, `"rows":1,"cost":"3","reason":"named-publisher"`, `parts[0].sums[0]: reason "named-publisher" with the name ""`},
		{`"rows":1,"cost":"3"`, `"rows":1,"cost":"3","reason":"rule","name":"x"`, `parts[0].sums[0]: reason "rule" with the name "x"`},
		{`"rows":1,"cost":"3"`, `"rows":1,"cost":3`, "parts[0].sums[0].cost: invalid JSON: want a string"},
		{`"cost":"3"`, `"cost":"3e1"`, `parts[0].sums[0].cost: "3e1": want a decimal number`},
		{`"cost":"3"`, `"cost":"03"`, `parts[0].sums[0].cost: "03"`},
		{`"cost":"3"`, `"cost":"-"`, `parts[0].sums[0].cost: "-"`},
		{`"cost":"3"`, `"cost":".3"`, `parts[0].sums[0].cost: ".3"`},
		{`"cost":"3"`, `"cost":"1.2.3"`, `parts[0].sums[0].cost: "1.2.3"`},
		{`"cost":"3"`, `"cost":"1` + strings.Repeat("0", 50) + `"`, `parts[0].sums[0].cost: "1000`},
		{`"cost":"3"`, `"cost":"0.` + strings.Repeat("0", 1100) + `1"`, `parts[0].sums[0].cost: "0.000`},
	} {
		in := strings.Replace(form, c.old, c.new, 1)
		r := read(t, small+row, focus.Options{})
		err := json.Unmarshal([]byte(in), &r)
		if err == nil || !strings.HasPrefix(err.Error(), "focus: decode report: "+c.text) || r.Rows() != 1 {
			t.Errorf("%s: %v; want %s", c.new, err, c.text)
			continue
		}
		if f := (*focus.FieldError)(nil); !errors.As(err, &f) || errors.Is(err, focus.ErrInvalid) == errors.Is(err, focus.ErrPeriods) {
			t.Errorf("%s: %v is no field error", c.new, err)
		}
	}
	for _, in := range []string{"", "null", "[]", "{", `{"Cost":"BilledCost","parts":[]}`} {
		var r focus.Report
		if err := r.UnmarshalJSON([]byte(in)); !errors.Is(err, focus.ErrInvalid) {
			t.Errorf("%s: %v", in, err)
		}
	}
	var r focus.Report
	if err := json.Unmarshal([]byte(`{"cost":"BilledCost","parts":[]}`), &r); err != nil || r.Rows() != 0 || r.Cost() != focus.CostBilled {
		t.Errorf("the least report: %v", err)
	}
	// The longest sum, the longest texts and the most rows are read.
	long := strings.NewReplacer(`"rows":2`, `"rows":9007199254740992`, `"cost":"3"`, `"cost":"-1`+strings.Repeat("0", 49)+`.`+strings.Repeat("0", 1099)+`1"`, "Alpha", strings.Repeat("x", 512)).Replace(form)
	if err := json.Unmarshal([]byte(long), &r); err != nil {
		t.Error(err)
	}
}

func TestMerge(t *testing.T) {
	one, other := read(t, bill, consulting), read(t, small+row, focus.Options{ExcludePublishers: nil})
	copied := one
	if err := one.Merge(other); err != nil || one.Rows() != 11 || copied.Rows() != 10 || other.Rows() != 1 {
		t.Errorf("%d, %v", one.Rows(), err)
	}
	if err := one.Merge(focus.Report{}); err != nil || one.Rows() != 11 {
		t.Error(err)
	}
	var none focus.Report
	if err := none.Merge(focus.Report{}); err != nil || none.Cost() != "" || len(none.Accounts()) != 0 || none.Outside() != nil || none.Unused() != nil {
		t.Error(err)
	}
	if err := none.Merge(one); err != nil || !none.Equal(one) {
		t.Error(err)
	}
	for text, o := range map[string]focus.Options{
		"focus: merge report: BilledCost and EffectiveCost: invalid input": {Cost: focus.CostEffective},
		"focus: merge report: accounts and sub-accounts: invalid input":    {BySubAccount: true},
	} {
		into := copied
		err := into.Merge(read(t, strings.Replace(bill, "Alpha,2,,", "Alpha,2,12,", 1), o))
		if !errors.Is(err, focus.ErrInvalid) || err.Error() != text || !into.Equal(copied) {
			t.Error(err)
		}
	}
	// A name that one bill does not have and the other has is used.
	if err := copied.Merge(read(t, strings.Replace(bill, "Consulting", "CONSULTATIONS", 1), consulting)); err != nil || len(copied.Unused()) != 0 {
		t.Errorf("%v, %v", copied.Unused(), err)
	}
}

// Equal sees every difference.
func TestEqual(t *testing.T) {
	base := read(t, small+row, focus.Options{})
	for _, r := range []focus.Report{
		{}, read(t, small, focus.Options{}), read(t, small+row+row, focus.Options{}), read(t, with(",5\n", ",6\n"), focus.Options{}), read(t, with(",5\n", ",5.0000000000000000000001\n"), focus.Options{}),
		read(t, with("P,", "Q,"), focus.Options{}), read(t, with("I,", "J,"), focus.Options{}), read(t, with(",1,", ",2,"), focus.Options{}), read(t, with("USD", "EUR"), focus.Options{}),
		read(t, with("-09-", "-10-"), focus.Options{}), read(t, with("Compute", "Storage"), focus.Options{}), read(t, with("Usage", "Tax"), focus.Options{}),
		read(t, small+row, focus.Options{ExcludeServices: []string{"x"}}), read(t, small+row, focus.Options{Zone: time.FixedZone("", 3600)}),
		read(t, strings.Replace(small, "BilledCost", "EffectiveCost", 1)+row, focus.Options{Cost: focus.CostEffective}),
		read(t, strings.Replace(small, "BillingAccountId", "SubAccountId", 1)+row, focus.Options{BySubAccount: true}),
	} {
		if r.Equal(base) || base.Equal(r) || !r.Equal(r) {
			t.Errorf("%+v equals %+v", r, base)
		}
	}
	if !base.Equal(read(t, with(",5\n", ",5.0000000000000000000000\n"), focus.Options{})) {
		t.Error("zeros make a difference")
	}
}

// Sums of many costs near the limits of words, merged.
func TestMergeOfLargeSums(t *testing.T) {
	for _, cost := range []string{"999999999999999999", "-999999999999999999", "-0.999999999999999999", "0.999999999999999999999999999999999999", "-1e-30", "123456789012345678901234567890"} {
		for rows, times := range map[int]int{90: 30, 200: 2} { // 200 are just within the limit, and twice as many beyond it
			one := read(t, small+strings.Repeat(costing(cost), rows), focus.Options{})
			var all focus.Report
			for range times {
				if err := all.Merge(one); err != nil {
					t.Fatal(err)
				}
			}
			a, err := all.One()
			if want := d(cost).Mul(decimal.NewFromInt(int64(rows * times))); err != nil || !a.Counted.Cost.Equal(want) || a.Counted.Rows != rows*times {
				t.Errorf("%s: %v, %v; want %v", cost, a.Counted, err, want)
			}
			b, err := json.Marshal(all)
			var again focus.Report
			if err != nil || json.Unmarshal(b, &again) != nil || !again.Equal(all) {
				t.Errorf("%s: %v", b, err)
			}
		}
	}
}

// Parts have keys of their own, also if an ID looks like one.
func TestPartKeys(t *testing.T) {
	in := small + row + strings.Replace(row, "P,I,1", `"P"" ""1",I,`, 1)
	in = strings.Replace(in, "I,,USD", "I,1,USD", 1) + strings.Replace(row, "2024-09-03", "2024-10-03", 1) + strings.Replace(row, "P,", ",", 1)
	keys := make(map[string]bool)
	for key, part := range read(t, in, focus.Options{}).Parts() {
		keys[key] = true
		if part.Rows() != 1 || part.Cost() != focus.CostBilled {
			t.Error(key, part.Rows())
		}
	}
	want := map[string]bool{
		`"" "1" USD 2024-09-01T00:00:00Z/2024-10-01T00:00:00Z`: true, `"P" "1" USD 2024-09-01T00:00:00Z/2024-10-01T00:00:00Z`: true,
		`"P" "1" USD 2024-10-01T00:00:00Z/2024-11-01T00:00:00Z`: true, `"P\" \"1" "1" USD 2024-09-01T00:00:00Z/2024-10-01T00:00:00Z`: true,
	}
	if diff := cmp.Diff(want, keys); diff != "" {
		t.Error(diff)
	}
	for range read(t, in, focus.Options{}).Parts() {
		break // a caller may stop
	}
	// Keys of one month in one zone and in UTC are the same instants.
	zone := time.FixedZone("", 8*3600)
	for key := range read(t, small+row, focus.Options{Zone: zone}).Parts() {
		if key != fmt.Sprintf("%q %q USD 2024-08-31T16:00:00Z/2024-09-30T16:00:00Z", "P", "1") {
			t.Error(key)
		}
	}
}
