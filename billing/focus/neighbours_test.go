package focus_test

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"github.com/supportplan/supportplan/billing/focus"
	"github.com/supportplan/supportplan/sla/calendar"
)

// small is the header of the smallest bill, and row its one row.
const (
	small = "ProviderName,InvoiceIssuerName,BillingAccountId,BillingCurrency,ChargePeriodStart,ChargeCategory,ServiceCategory,ServiceName,ServiceSubcategory,BilledCost\n"
	row   = "P,I,1,USD,2024-09-03T00:00:00Z,Usage,Compute,VM,Virtual Machines,5\n"
)

// costing is row with another cost.
func costing(cost string) string { return strings.Replace(row, ",5\n", ","+cost+"\n", 1) }

// with is a bill of row with its first old replaced.
func with(old, new string) string { return small + strings.Replace(row, old, new, 1) }

// Every spelling of nothing, in columns that only group, and in rows that do
// not count anyway.
func TestNulls(t *testing.T) {
	for _, null := range []string{
		"", " ", "NULL", "null", "Null", "None", "none", "nil", "nan", "NaN", "NaT", "NA", "N/A", "n/a", "#N/A", "(null)", "(none)", "(blank)", "<null>", "<NA>", "[null]",
		"N.A.", "–", "(nil)", "(empty)", "<none>", "<nil>", "<n/a>", "#NULL!", `\N`, "-", "--", "—", "undefined", " NULL ", "\tnull", "\v", "\"\n\"",
	} {
		in := small + strings.NewReplacer("P,", null+",", "I,", null+",", "Compute,VM", null+","+null).Replace(row) + row +
			"P,I,1,USD,2024-09-03,Tax,,,,2\n" + strings.NewReplacer("5", null).Replace("P,I,1,USD,2024-09-03,Tax,,,,5\n") +
			strings.ReplaceAll("x,x,x,x,x,Credit,x,x,x,x\n", "x", null)
		r, err := focus.Read(strings.NewReader(in), focus.Options{})
		if err != nil {
			t.Errorf("%q: %v", null, err)
			continue
		}
		want := []focus.Account{{
			Provider: "P", ID: "1", Currency: "USD", Period: month(9), Issuers: []string{"I"}, Counted: sum(2, "10"),
			Excluded: []focus.Exclusion{{Reason: focus.ReasonTax, Sum: sum(2, "2")}},
			Services: []focus.Service{{Counted: sum(1, "5"), Excluded: sum(2, "2")}, {Category: "Compute", Counted: sum(1, "5")}},
		}}
		outside := []focus.Account{{
			Issuers: []string{}, Excluded: []focus.Exclusion{{Reason: focus.ReasonCredit, Sum: sum(1, "0")}}, Services: []focus.Service{{Excluded: sum(1, "0")}},
		}}
		if diff := cmp.Diff(want, r.Accounts()); diff != "" {
			t.Errorf("%q: %s", null, diff)
		}
		if diff := cmp.Diff(outside, r.Outside()); diff != "" {
			t.Errorf("%q: %s", null, diff)
		}
	}
	// What only looks like nothing is something.
	for _, name := range []string{"Nullify", "n", "nonempty", "None of your business", "-1", "(x)", "0", "N A", "\x01"} {
		a, err := read(t, with(",1,", ","+name+","), focus.Options{}).One()
		if err != nil || a.ID != name {
			t.Errorf("%q: %v, %v", name, a, err)
		}
	}
}

// A row that counts needs what it is counted by.
func TestNullsThatCount(t *testing.T) {
	for column, old := range map[string]string{
		"BillingAccountId": ",1,", "BillingCurrency": ",USD,", "ChargePeriodStart": ",2024-09-03T00:00:00Z,", "ChargeCategory": ",Usage,", "BilledCost": ",5\n",
	} {
		end := old[len(old)-1:]
		_, err := focus.Read(strings.NewReader(with(old, ",NULL"+end)), focus.Options{})
		if !errors.Is(err, focus.ErrInvalid) || !strings.HasPrefix(err.Error(), "focus: read: line 2: column "+column+": null") {
			t.Errorf("%s: %v", column, err)
		}
	}
	in := "BillingPeriodStart," + small + "NULL," + row
	_, err := focus.Read(strings.NewReader(in), focus.Options{})
	if !errors.Is(err, focus.ErrInvalid) || err.Error() != "focus: read: line 2: column BillingPeriodStart: null in a row that counts: invalid input; set Options.Zone or Options.Periods" {
		t.Error(err)
	}
	if r := read(t, in, focus.Options{Zone: time.UTC}); len(r.Accounts()) != 1 {
		t.Error("a zone does not need the billing period")
	}
	if r := read(t, "BillingPeriodStart,"+small+"NULL,"+strings.Replace(row, "Usage", "Tax", 1), focus.Options{}); len(r.Outside()) != 1 {
		t.Error("a row that does not count needs no billing period")
	}
	// A row that is excluded by name needs no category.
	if r := read(t, with("Usage", ""), focus.Options{ExcludeServices: []string{"vm"}}); r.Accounts()[0].Excluded[0].Name != "vm" {
		t.Error("a row that is excluded by name needs no category")
	}
}

// usual are the ways to write an instant that nearly all bills use.
var usual = regexp.MustCompile(`^\d{4}-\d\d-\d\d[T ](?:[01]\d|2[0-3]):\d\d:\d\dZ?$`)

// Every way to write one instant; the usual ones are read quickly.
func TestInstants(t *testing.T) {
	start := time.Date(2024, 9, 3, 4, 5, 6, 0, time.UTC)
	for _, c := range []struct {
		text string
		want time.Time
	}{
		{"2024-09-03T04:05:06Z", start}, {"2024-09-03 04:05:06", start}, {"2024-09-03t04:05:06z", start}, {"2024-09-03 04:05:06Z", start},
		{"2024-09-03T04:05:06", start}, {"2024-09-03T04:05:06.000000Z", start}, {"2024-09-03 04:05:06.000 UTC", start}, {"2024-09-03 04:05:06 UTC", start},
		{"2024-09-03 04:05:06 utc", start}, {"2024-09-03T04:05:06 GMT", start}, {"2024-09-03T04:05:06+00:00", start}, {"2024-09-03T04:05:06-00:00", start},
		{"2024-09-03T04:05:06+0000", start}, {"2024-09-03T04:05:06+00", start}, {"2024-09-03 04:05:06 +0000 UTC", time.Time{}}, {"2024-09-03T12:05:06+0800", start},
		{"2024-09-03T12:05:06+08:00", start}, {"2024-09-03T12:05:06 +08:00", start}, {"2024-09-03 12:05:06 UTC+8", start}, {"2024-09-03 12:05:06 UTC+08:00", start},
		{"2024-09-02T21:35:06-06:30", start}, {" 2024-09-03T04:05:06Z ", start}, {"2024/09/03 04:05:06", start}, {"2024/9/3 4:05:06", start}, {"2024-9-3 4:05:06", start},
		{"2024-09-03  04:05:06", time.Time{}}, {"2024-09-03 04:05:06.5", start.Add(500 * time.Millisecond)}, {"2024/9/3 9:05:06", start.Add(5 * time.Hour)},
		{"2024-09-03T04:05:06+23:59", start.Add(-23*time.Hour - 59*time.Minute)}, {"2024-09-03 +08:00", start.Truncate(24 * time.Hour).Add(-8 * time.Hour)},
		{"2000-03-01", time.Date(2000, 3, 1, 0, 0, 0, 0, time.UTC)}, {"2004-12-31T04:05:06Z", time.Date(2004, 12, 31, 4, 5, 6, 0, time.UTC)},
		{"2024-09-03T04:05Z", start.Add(-6 * time.Second)}, {"2024-09-03 04:05", start.Add(-6 * time.Second)}, {"2024-09-03T04:05+08:00", start.Add(-8*time.Hour - 6*time.Second)},
		{"2024-09-03T04:05:06,5Z", start.Add(500 * time.Millisecond)}, {"2024-09-03T04:05:06.123456789Z", start.Add(123456789)}, {"2024-09-03T04:05:06.1234567899Z", start.Add(123456789)},
		{"2024-09-03", start.Truncate(24 * time.Hour)}, {"2024-09-03Z", start.Truncate(24 * time.Hour)}, {"2024-09-03T24:00:00Z", start.Truncate(24*time.Hour).AddDate(0, 0, 1)},
		{"2024-02-29", time.Date(2024, 2, 29, 0, 0, 0, 0, time.UTC)}, {"1969-12-31T23:59:59Z", time.Date(1969, 12, 31, 23, 59, 59, 0, time.UTC)},
		{"1900-01-01T00:00:00Z", time.Date(1900, 1, 1, 0, 0, 0, 0, time.UTC)}, {"9998-12-31 23:59:59", time.Date(9998, 12, 31, 23, 59, 59, 0, time.UTC)},
		{"2024-02-29T04:05:06Z", time.Date(2024, 2, 29, 4, 5, 6, 0, time.UTC)}, {"2024-10-31 20:00:00", time.Date(2024, 10, 31, 20, 0, 0, 0, time.UTC)},
		{"1900-01-01", time.Date(1900, 1, 1, 0, 0, 0, 0, time.UTC)}, {"9998-12-31T23:59:59.999999999Z", time.Date(9998, 12, 31, 23, 59, 59, 999999999, time.UTC)},

		{"4/1/25", time.Time{}}, {"01/02/2026", time.Time{}}, {"2024-09-31", time.Time{}}, {"2023-02-29", time.Time{}}, {"2024-13-01", time.Time{}}, {"2024-00-01", time.Time{}},
		{"2024-09-00", time.Time{}}, {"2024-09", time.Time{}}, {"20240903", time.Time{}}, {"2024-09/03", time.Time{}}, {"2024-09-03T", time.Time{}}, {"2024-09-03T04", time.Time{}},
		{"2024-09-03T24:00:01Z", time.Time{}}, {"2024-09-03T25:00:00Z", time.Time{}}, {"2024-09-03T04:60:00Z", time.Time{}}, {"2024-09-03T04:05:60Z", time.Time{}},
		{"2024-09-03T04:05:06.Z", time.Time{}}, {"2024-09-03T04:05:06 PST", time.Time{}}, {"2024-09-03T04:05:06 AM", time.Time{}}, {"2024-09-03T04:05:06+24:00", time.Time{}},
		{"2024-09-03T04:05:06+08:60", time.Time{}}, {"2024-09-03T04:05:06+08:", time.Time{}}, {"2024-09-03T04:05:06ZZ", time.Time{}}, {"2024-09-03T04:05:06+", time.Time{}},
		{"0001-01-01T00:00:00Z", time.Time{}}, {"1899-12-31", time.Time{}}, {"9999-12-31", time.Time{}}, {"1725336306", time.Time{}}, {"yesterday", time.Time{}},
		{"9999-12-31T23:59:59Z", time.Time{}}, {"1899-12-31T23:59:59Z", time.Time{}}, {"2024-00-03T04:05:06Z", time.Time{}}, {"2024-13-03T04:05:06Z", time.Time{}}, {"2024-09-00T04:05:06Z", time.Time{}}, {"2024-09-31T04:05:06Z", time.Time{}}, {"2024-09-32T04:05:06Z", time.Time{}}, {"2023-02-29T04:05:06Z", time.Time{}}, {"2024-09-03T24:05:06Z", time.Time{}}, {"2024-09-03T25:05:06Z", time.Time{}}, {"2024-09-03T04:60:06Z", time.Time{}},
		{"2024-09-03T04:05:60Z", time.Time{}}, {"2024-0x-03T04:05:06Z", time.Time{}}, {"202x-09-03T04:05:06Z", time.Time{}}, {"x024-09-03T04:05:06Z", time.Time{}}, {"2024-09-0/T04:05:06Z", time.Time{}}, {"2024-09-x3T04:05:06Z", time.Time{}}, {"2024-09-03Tx4:05:06Z", time.Time{}}, {"2024-09-03T04:0x:06Z", time.Time{}}, {"2024-09-03T04:05:x6Z", time.Time{}}, {"2024-09-03T04:05:0:Z", time.Time{}},
		{"2024-09-03T04:05:06+08:00:00", time.Time{}}, {"2024-09-03T4:5:06Z", time.Time{}}, {"24-09-03", time.Time{}}, {"12024-09-03", time.Time{}}, {"202409\x0003", time.Time{}},
		// A digit too many, a part too few.
		{"2024-009-03", time.Time{}}, {"2024-09-003", time.Time{}}, {"2024-09-03T004:05:06Z", time.Time{}}, {"2024-09-03T04:005:06Z", time.Time{}}, {"2024-09-03T04:05:006Z", time.Time{}},
		{"2024-09-03T04:05:06+008:00", time.Time{}}, {"2024-09-03T04:05:06+08:000", time.Time{}}, {"2024-09-03T0405Z", time.Time{}}, {"2024-09-03T4:5:06.5Z", time.Time{}},
		{"20:4-09-03T04:05:06Z", time.Time{}}, {"20x4-09-03T04:05:06Z", time.Time{}}, {"2024-09-03T24:00:00.5Z", time.Time{}}, {"2024-09-03T24:01:00Z", time.Time{}},
	} {
		if want := !c.want.IsZero() && usual.MatchString(c.text); focus.IsPlain(c.text) != want {
			t.Errorf("%q is read quickly: %v", c.text, !want)
		}
		in := small + strings.Replace(row, "2024-09-03T00:00:00Z", `"`+c.text+`"`, 1)
		if c.want.IsZero() {
			_, err := focus.Read(strings.NewReader(in), focus.Options{})
			what := "time such as 2024-09-01T00:00:00Z"
			if year, _, _ := strings.Cut(c.text, "-"); year == "0001" || year == "1899" || year == "9999" {
				what = "year from 1900 to 9998"
			}
			want := fmt.Sprintf("focus: read: line 2: column ChargePeriodStart: %q: want a %s: invalid input", c.text, what)
			if !errors.Is(err, focus.ErrInvalid) || err.Error() != want {
				t.Errorf("%v; want %s", err, want)
			}
			continue
		}
		// The instant is in a period of a nanosecond, and in none of its neighbours.
		for shift, inside := range map[time.Duration]bool{-1: false, 0: true, 1: false} {
			from := c.want.Add(shift)
			r, err := focus.Read(strings.NewReader(in), focus.Options{Periods: periods(from, from.Add(1))})
			if err != nil || (len(r.Accounts()) == 1) != inside {
				t.Errorf("%q is not %v: %v", c.text, c.want, err)
			}
		}
	}
}

// A cost may have 30 digits before the point and 1,100 behind it, and no more.
func TestLongestCosts(t *testing.T) {
	whole, places := strings.Repeat("9", 30), strings.Repeat("9", 1100)
	for cost, ok := range map[string]bool{
		whole: true, whole + "." + places: true, "0." + places: true, "9e29": true, "1e-1100": true, "-" + whole + "." + places: true,
		whole + "9": false, "0." + places + "9": false, "1e30": false, "1e-1101": false, whole + "9." + places[1:]: false,
	} {
		in := with(",5\n", ","+cost+"\n")
		r, err := focus.Read(strings.NewReader(in), focus.Options{})
		if !ok {
			if !errors.Is(err, focus.ErrInvalid) {
				t.Errorf("%.40s of %d bytes: %v", cost, len(cost), err)
			}
			continue
		}
		a, err2 := r.One()
		if err := errors.Join(err, err2); err != nil || !a.Counted.Cost.Equal(decimal.RequireFromString(cost)) {
			t.Errorf("%.40s of %d bytes: %v", cost, len(cost), err)
		}
	}
}

// D22: periods by the bill, for offsets from UTC of every quarter of an hour.
func TestOffsets(t *testing.T) {
	const head = "BillingPeriodStart,BillingPeriodEnd," + small
	for quarter := -12 * 4; quarter <= 14*4; quarter++ {
		zone := time.FixedZone("", quarter*15*60)
		start, end := time.Date(2024, 2, 1, 0, 0, 0, 0, zone), time.Date(2024, 3, 1, 0, 0, 0, 0, zone)
		earlier := time.Date(2023, 12, 31, 23, 59, 59, 999_999_999, zone)
		utc := func(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) }
		for _, last := range []string{utc(end), "", utc(end.Add(-time.Second)), utc(end.Add(-time.Millisecond)), utc(end.Add(-time.Minute)), utc(end.AddDate(0, 0, -1)), end.Format(time.RFC3339)} {
			in := head
			for _, at := range []time.Time{start, end.Add(-1), earlier} {
				in += utc(start) + "," + last + "," + strings.Replace(row, "2024-09-03T00:00:00Z", utc(at), 1)
			}
			r, err := focus.Read(strings.NewReader(in), focus.Options{})
			want := []line{{"P", "1", utc(time.Date(2023, 12, 1, 0, 0, 0, 0, zone)), "5"}, {"P", "1", utc(start), "10"}}
			if diff := cmp.Diff(want, lines(r)); err != nil || diff != "" {
				t.Fatalf("%v: end %q: %v %s", zone, last, err, diff)
			}
			if a := r.Accounts()[1]; !a.Period.End.Equal(end) {
				t.Errorf("%v: end %q: %v", zone, last, a.Period)
			}
		}
	}
	for _, start := range []string{"2024-02-15T00:00:00Z", "2024-02-01T00:10:00Z", "2024-02-01T00:00:00.5Z", "2024-02-01T12:15:00Z", "2024-01-31T09:45:00Z"} {
		in := head + start + ",2024-03-15T00:00:00Z," + strings.Replace(row, "2024-09-03", "2024-02-20", 1)
		a, err := read(t, in, focus.Options{}).One()
		if err != nil || a.Period.End.Day() != 15 {
			t.Errorf("%s: its own period needs no reckoning: %v, %v", start, a.Period, err)
		}
		in += start + ",2024-03-15T00:00:00Z," + row
		_, err = focus.Read(strings.NewReader(in), focus.Options{})
		want := fmt.Sprintf("focus: read: line 3: column BillingPeriodStart: %q is no first of a month at midnight", start)
		if !errors.Is(err, focus.ErrPeriods) || !strings.HasPrefix(err.Error(), want) {
			t.Error(err)
		}
		if _, err := focus.Read(strings.NewReader(head+start+",,"+row), focus.Options{AsBilled: true}); !errors.Is(err, focus.ErrPeriods) {
			t.Error("as billed, without an end:", err)
		}
		if _, err := focus.Read(strings.NewReader(in), focus.Options{AsBilled: true}); err != nil {
			t.Error("as billed:", err)
		}
		for _, o := range []focus.Options{{Zone: time.UTC}, {Periods: periods(month(2).Start, month(10).Start)}} {
			if _, err := focus.Read(strings.NewReader(in), o); err != nil {
				t.Errorf("%s with %+v: %v", start, o, err)
			}
		}
	}
	// A bill of a quarter of a year has one period.
	in := head + "2024-07-01T00:00:00Z,2024-10-01T00:00:00Z," + row + "2024-07-01T00:00:00Z,2024-10-01T00:00:00Z," + strings.Replace(row, "-09-", "-07-", 1)
	if a, err := read(t, in, focus.Options{}).One(); err != nil || a.Period.Start.Month() != time.July || !a.Counted.Cost.Equal(d("10")) {
		t.Errorf("%v, %v", a, err)
	}
	for _, end := range []string{"2024-06-01T00:00:00Z", "2024-07-01T00:00:00Z"} {
		in = head + "2024-07-01T00:00:00Z," + end + "," + row
		if _, err := focus.Read(strings.NewReader(in), focus.Options{}); !errors.Is(err, focus.ErrInvalid) || !strings.Contains(err.Error(), fmt.Sprintf("column BillingPeriodEnd: %q is not after the start", end)) {
			t.Error(err)
		}
	}
	// A row at the start of its billing period is in it, and one at the end is not.
	for at, inside := range map[string]bool{
		"2024-02-14T23:59:59.999999999Z": false, "2024-02-15T00:00:00Z": true, "2024-03-14T23:59:59.999999999Z": true, "2024-03-15T00:00:00Z": false,
	} {
		in = head + "2024-02-15T00:00:00Z,2024-03-15T00:00:00Z," + strings.Replace(row, "2024-09-03T00:00:00Z", at, 1)
		if _, err := focus.Read(strings.NewReader(in), focus.Options{}); errors.Is(err, focus.ErrPeriods) == inside {
			t.Errorf("%s: %v", at, err)
		}
	}
	in = head + "soon,," + row
	if _, err := focus.Read(strings.NewReader(in), focus.Options{}); !errors.Is(err, focus.ErrInvalid) || !strings.Contains(err.Error(), "column BillingPeriodStart: \"soon\"") {
		t.Error(err)
	}
	in = head + "2024-07-01,later," + row
	if _, err := focus.Read(strings.NewReader(in), focus.Options{}); !errors.Is(err, focus.ErrInvalid) || !strings.Contains(err.Error(), "column BillingPeriodEnd: \"later\"") {
		t.Error(err)
	}
}

// D22: a correction of May that is billed in June belongs to May, or to June as
// billed.
func TestCorrections(t *testing.T) {
	in := "BillingPeriodStart,BillingPeriodEnd," + small
	for month, cost := range map[string]string{"5": "1500", "6": "-1500"} {
		in += fmt.Sprintf("2025-%s-01,,", month) + strings.NewReplacer("2024-09-03", "2025-05-01", ",5\n", ","+cost+"\n").Replace(row)
	}
	if diff := cmp.Diff([]line{{"P", "1", "2025-05-01T00:00:00Z", "0"}}, lines(read(t, in, focus.Options{}))); diff != "" {
		t.Error(diff)
	}
	billed := []line{{"P", "1", "2025-05-01T00:00:00Z", "1500"}, {"P", "1", "2025-06-01T00:00:00Z", "-1500"}}
	if diff := cmp.Diff(billed, lines(read(t, in, focus.Options{AsBilled: true}))); diff != "" {
		t.Error(diff)
	}
}

// Each row has its own billing period, also where only its start or only its end
// is another than that of the row before.
func TestOwnBillingPeriods(t *testing.T) {
	in := "BillingPeriodStart,BillingPeriodEnd," + small
	var billed []line
	for i, span := range []string{"05-01,06-01", "05-01,05-16", "04-16,05-16", "04-16,05-16", "05-01,05-16", "05-01,06-01"} {
		account := strconv.Itoa(i)
		in += strings.Replace("2025-"+span, ",", ",2025-", 1) + "," + strings.NewReplacer("2024-09-03", "2025-05-02", ",1,", ","+account+",").Replace(row)
		billed = append(billed, line{"P", account, "2025-" + span[:5] + "T00:00:00Z", "5"})
	}
	report := read(t, in, focus.Options{AsBilled: true})
	if diff := cmp.Diff(billed, lines(report)); diff != "" {
		t.Error(diff)
	}
	for i, a := range report.Accounts() {
		if want := []time.Month{6, 5, 5, 5, 5, 6}[i]; a.Period.End.Month() != want {
			t.Errorf("account %s: until %v", a.ID, a.Period.End)
		}
	}
}

// D22: a fixed offset makes two Octobers across a clock change: an error in any
// order of rows and of files. A zone makes one.
func TestTwoOctobers(t *testing.T) {
	const head = "BillingPeriodStart,BillingPeriodEnd," + small
	october := "2024-10-01T07:00:00Z,2024-11-01T07:00:00Z," + strings.Replace(row, "2024-09-03", "2024-10-03", 1)
	november := "2024-11-01T07:00:00Z,2024-12-01T08:00:00Z," + strings.Replace(row, "2024-09-03T00", "2024-12-01T07", 1)
	december := "2024-12-01T08:00:00Z,2025-01-01T08:00:00Z," + strings.Replace(row, "2024-09-03", "2024-10-04", 1)
	if r := read(t, head+october+november, focus.Options{}); len(r.Accounts()) != 2 {
		t.Errorf("%+v", r.Accounts())
	}
	for _, in := range []string{head + october + november + december, head + december + october, head + december + october + strings.Replace(october, "P,", ",", 1),
		head + december + strings.Replace(october, "P,", ",", 1)} {
		_, err := focus.Read(strings.NewReader(in), focus.Options{})
		want := `focus: read: account "1" has the periods [2024-10-01T07:00:00Z, 2024-11-01T07:00:00Z) and [2024-10-01T08:00:00Z, 2024-11-01T08:00:00Z), which overlap: periods cannot be told; set Options.Zone or Options.Periods`
		if !errors.Is(err, focus.ErrPeriods) || err.Error() != want {
			t.Error(err)
		}
	}
	for _, pair := range [][2]string{{october, december}, {december, october}, {strings.Replace(december, "P,", ",", 1), october}} {
		r := read(t, head+pair[0], focus.Options{})
		before := lines(r)
		err := r.Merge(read(t, head+pair[1], focus.Options{}))
		if !errors.Is(err, focus.ErrPeriods) || !strings.HasPrefix(err.Error(), `focus: merge report: account "1" has the periods`) || cmp.Diff(before, lines(r)) != "" {
			t.Error(err)
		}
	}
	// Another account, or another provider's, has periods of its own.
	for _, other := range []string{strings.Replace(december, ",1,", ",2,", 1), strings.Replace(december, "P,", "Q,", 1)} {
		if r := read(t, head+october+other, focus.Options{}); len(r.Accounts()) != 2 {
			t.Errorf("%+v", r.Accounts())
		}
	}
	zone, err := time.LoadLocation("America/Los_Angeles")
	if err != nil {
		t.Skip(err)
	}
	r := read(t, head+october+november+december, focus.Options{Zone: zone})
	want := []line{{"P", "1", "2024-10-01T07:00:00Z", "10"}, {"P", "1", "2024-11-01T07:00:00Z", "5"}}
	if diff := cmp.Diff(want, lines(r)); diff != "" {
		t.Error(diff)
	}
	if a := r.Accounts()[0]; a.Period.Start.Location() != zone {
		t.Errorf("%v is not in the zone", a.Period)
	}
}

// skipping returns a zone whose clock skips the midnight at which November 2024
// begins, from 23:30 to 00:30.
func skipping(t *testing.T) *time.Location {
	t.Helper()
	data := append([]byte("TZif"), make([]byte, 16)...)
	for _, n := range []uint32{0, 0, 0, 1, 2, 2, uint32(time.Date(2024, 10, 31, 23, 30, 0, 0, time.UTC).Unix())} { // counts, and the change
		data = binary.BigEndian.AppendUint32(data, n)
	}
	data = append(data, 1)                  // to the second offset
	data = append(data, 0, 0, 0, 0, 0, 0)   // none
	data = append(data, 0, 0, 14, 16, 0, 0) // 3600 seconds
	zone, err := time.LoadLocationFromTZData("Skipping", append(data, "X\x00"...))
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

// A row is in the month that has its instant, also where the clock shows a date
// of another month: it goes back across midnight in St. John's.
func TestMonthsAtLateChanges(t *testing.T) {
	zones := map[*time.Location]time.Time{skipping(t): time.Date(2024, 11, 1, 0, 0, 0, 0, time.UTC)}
	if zone, err := time.LoadLocation("America/St_Johns"); err == nil {
		zones[zone] = time.Date(2009, 11, 1, 2, 30, 0, 0, time.UTC)
	}
	for zone, november := range zones {
		for minutes := -60; minutes <= 120; minutes += 15 {
			at := november.Add(time.Duration(minutes) * time.Minute)
			a, err := read(t, with("2024-09-03T00:00:00Z", at.Format(time.RFC3339)), focus.Options{Zone: zone}).One()
			if err != nil || !a.Period.Contains(at) || a.Period.Start.Equal(november) != (minutes >= 0) {
				t.Errorf("%v in %v: %v, %v", at, zone, a.Period, err)
			}
		}
	}
}

// D23: accounts of two providers under one id are two; rows that name no
// provider belong to the only one that has their account.
func TestProviders(t *testing.T) {
	nobody, other, elsewhere := strings.Replace(row, "P,", ",", 1), strings.Replace(row, "P,", "Q,", 1), strings.Replace(row, "P,I,1", "Q,I,2", 1)
	for _, c := range []struct {
		in   string
		want []line
	}{
		{row + other, []line{{"P", "1", "2024-09-01T00:00:00Z", "5"}, {"Q", "1", "2024-09-01T00:00:00Z", "5"}}},
		{nobody + row, []line{{"P", "1", "2024-09-01T00:00:00Z", "10"}}},
		{row + nobody + elsewhere, []line{{"P", "1", "2024-09-01T00:00:00Z", "10"}, {"Q", "2", "2024-09-01T00:00:00Z", "5"}}},
		{nobody + row + other, []line{{"", "1", "2024-09-01T00:00:00Z", "5"}, {"P", "1", "2024-09-01T00:00:00Z", "5"}, {"Q", "1", "2024-09-01T00:00:00Z", "5"}}},
		{nobody, []line{{"", "1", "2024-09-01T00:00:00Z", "5"}}},
	} {
		if diff := cmp.Diff(c.want, lines(read(t, small+c.in, focus.Options{}))); diff != "" {
			t.Errorf("%s%s", c.in, diff)
		}
		var merged focus.Report
		for one := range strings.Lines(c.in) {
			if err := merged.Merge(read(t, small+one, focus.Options{})); err != nil {
				t.Fatal(err)
			}
		}
		if diff := cmp.Diff(c.want, lines(merged)); diff != "" {
			t.Errorf("merged: %s%s", c.in, diff)
		}
	}
	// FOCUS 1.3 names the service's provider; a bill may have both, or neither.
	for header, want := range map[string]string{"ServiceProviderName,InvoiceIssuerName,": "a", "ServiceProviderName,ProviderName,": "a", "ProviderName,ServiceProviderName,": "b", "x_A,InvoiceIssuerName,": "b", "ServiceProviderName,x_A,": "a", "ProviderName,x_A,": "a", "InvoiceIssuerName,x_A,": "a"} {
		in := strings.Replace(small, "ProviderName,InvoiceIssuerName,", header, 1) + strings.Replace(row, "P,I,", "a,b,", 1)
		if a, err := read(t, in, focus.Options{}).One(); err != nil || a.Provider != want {
			t.Errorf("%s: %v, %v", header, a, err)
		}
	}
	for header, want := range map[string]string{"ServiceProviderName,ProviderName,": "b", "ServiceProviderName,InvoiceIssuerName,": "", "ProviderName,InvoiceIssuerName,": ""} {
		in := strings.Replace(small, "ProviderName,InvoiceIssuerName,", header, 1) + strings.Replace(row, "P,I,", "NULL,b,", 1)
		if a, err := read(t, in, focus.Options{}).One(); err != nil || a.Provider != want {
			t.Errorf("%s: %v, %v", header, a, err)
		}
	}
}

// Issuers inform: the first sixteen in order, whatever the order of rows.
func TestIssuers(t *testing.T) {
	in, back := small, ""
	var want []string
	for i := range 40 {
		one := strings.Replace(row, "I,", fmt.Sprintf("I%02d,", i), 1)
		in, back = in+one+one, one+back
		if i < 16 {
			want = append(want, fmt.Sprintf("I%02d", i))
		}
	}
	for _, in := range []string{in, small + back} {
		if a, err := read(t, in, focus.Options{}).One(); err != nil || cmp.Diff(want, a.Issuers) != "" {
			t.Errorf("%v, %v", a.Issuers, err)
		}
	}
	var merged focus.Report
	for one := range strings.Lines(back) {
		if err := merged.Merge(read(t, small+one, focus.Options{})); err != nil {
			t.Fatal(err)
		}
	}
	if a, err := merged.One(); err != nil || cmp.Diff(want, a.Issuers) != "" {
		t.Errorf("merged: %v, %v", a.Issuers, err)
	}
}

func TestCurrencies(t *testing.T) {
	for _, c := range []string{"AAA", "ZZZ"} {
		if a, err := read(t, with("USD", c), focus.Options{}).One(); err != nil || a.Currency != c {
			t.Errorf("%s: %v, %v", c, a, err)
		}
	}
	for _, c := range []string{"@SD", "US[", "usd", "Usd", " USD", "USD ", "US", "USDT", "US$", "€", "U5D", "dollar"} {
		for _, in := range []string{with("USD", c), with("USD", c) + "\n", small + strings.NewReplacer("USD", c, "Usage", "Tax").Replace(row)} {
			_, err := focus.Read(strings.NewReader(in), focus.Options{})
			want := fmt.Sprintf("focus: read: line 2: column BillingCurrency: %q: want an ISO 4217 code, three capital letters", c)
			if !errors.Is(err, focus.ErrInvalid) || !strings.HasPrefix(err.Error(), want) {
				t.Errorf("%q: %v", c, err)
			}
		}
	}
}

func TestCategories(t *testing.T) {
	for category, want := range map[string]string{
		"usage": "5", "USAGE": "5", " Purchase ": "5", "purchase": "5", "ADJUSTMENT": "5", "tax": "0", "TAX": "0", "credit": "0", " Credit": "0",
	} {
		if a, err := read(t, with("Usage", category), focus.Options{}).One(); err != nil || !a.Counted.Cost.Equal(d(want)) {
			t.Errorf("%q: %v, %v", category, a.Counted, err)
		}
	}
}

// Costs of any number of places are summed to the last one.
func TestCostsAreExact(t *testing.T) {
	zeros := strings.Repeat("0", 29)
	for _, c := range []struct{ in, want string }{
		{"1" + zeros, "1" + zeros}, {zeros + zeros + "7", "7"}, {"0.000000000000000001", "0.000000000000000001"}, {"0e32767 0e-32768", "0"},
		{strings.Repeat("999999999999999999e-19 ", 4000), "399.9999999999999996"}, {strings.Repeat("-999999999999999999e-19 ", 4000), "-399.9999999999999996"},
		{"0.1 0.2 -0.3", "0"}, {"1E2", "100"}, {"1.5e-3 -0", "0.0015"}, {"-1e+2", "-100"}, {"0e9999", "0"}, {"007", "7"}, {"-0.0", "0"}, {".5 5.", "5.5"}, {"-.5", "-0.5"},
		{"999999999999999999 1 -0.999999999999999999", "999999999999999999.000000000000000001"},
		{"0.000000000000000000000000000001 1000000000000000000", "1000000000000000000.000000000000000000000000000001"},
		{"5.551115123125783E-17 1000", "1000.00000000000000005551115123125783"}, {"4.9E-324 1", "1." + strings.Repeat("0", 323) + "49"},
		{strings.Repeat("999999999999999999 ", 700), "699999999999999999300"}, {strings.Repeat("-999999999999999999 ", 700), "-699999999999999999300"},
		{strings.Repeat("999999999999999999e-19 ", 700) + "1", "70.99999999999999993"}, {strings.Repeat("-999999999999999999e-36 ", 700), "-0.0000000000000006999999999999999993"},
		{"9999999999999999999 -0.1", "9999999999999999998.9"}, {"9.999999999999999999 0.000000000000000001", "10"}, {"0.9999999999999999999 1", "1.9999999999999999999"},
		{"0.0000000000000000000000000000000000001 1e-38", "0.00000000000000000000000000000000000011"}, {"999999999999999999999999999999", "999999999999999999999999999999"},
		{"-0.00000000000000001 5", "4.99999999999999999"}, {"123456789012345678e12 1e29", "223456789012345678000000000000"}, {"1234567890123456789e-37 1e-18", "0.0000000000000000011234567890123456789"},
	} {
		var in strings.Builder
		in.WriteString(small)
		for _, cost := range strings.Fields(c.in) {
			in.WriteString(costing(cost))
		}
		a, err := read(t, in.String(), focus.Options{}).One()
		if err != nil || a.Counted.Cost.String() != c.want || a.Counted.Rows != len(strings.Fields(c.in)) {
			t.Errorf("%.60s: %v, %v; want %s", c.in, a.Counted, err, c.want)
		}
		if back := strings.TrimRight(strings.TrimPrefix(c.want, "-"), "0"); a.Counted.Cost.Exponent() > 0 || strings.Contains(back, ".") && int(-a.Counted.Cost.Exponent()) != len(back)-1-strings.Index(back, ".") {
			t.Errorf("%.60s has the exponent %d", c.in, a.Counted.Cost.Exponent())
		}
	}
	for _, cost := range []string{
		"+1", ".", "-.", "..5", ".5.", ".1.2", "0e32768", "0e-32769", "1e", "e5", "1e5e5", "1e31", "1e-1101", "1,5", "0x1", " 1", "1 ", "1e99999999999", "--1", "1.2.3", "1e1.5", "1e 5", "Inf", "1_000",
		"$10,000.00", "-110.7 €", "USD 5", "(5.00)", "10'000", "1e2147483648", strings.Repeat("9", 31), "0." + strings.Repeat("9", 1101), "five",
	} {
		_, err := focus.Read(strings.NewReader(with(",5\n", ",\""+cost+"\"\n")), focus.Options{})
		if !errors.Is(err, focus.ErrInvalid) || !strings.HasPrefix(err.Error(), "focus: read: line 2: column BilledCost: \"") {
			t.Errorf("%.60s: %v", cost, err)
		}
		if _, err := focus.Read(strings.NewReader(with("Usage", "Tax")+costing(`"`+cost+`"`)), focus.Options{}); err == nil {
			t.Errorf("%.60s passes", cost)
		}
	}
}

// invalid is the end of every error of a bill: the sentinel, and perhaps the
// option that helps.
var invalid = regexp.MustCompile(`: invalid input(?:; [a-z][^;]+)?$`)

// Bad bills: an error with its place and the remedy.
func TestBadBills(t *testing.T) {
	multi := strings.Replace(row, "VM", "\"V\n\nM\"", 1)
	swap := func(old, new string) string { return small + row + multi + strings.Replace(row, old, new, 1) }
	for _, c := range []struct {
		name, in, text string
	}{
		{"empty", "", "the bill is empty, without even a header"},
		{"mark only", "\ufeff", "the bill is empty, without even a header"},
		{"blank lines", "\n\r\n\n", "the bill is empty, without even a header"},
		{"missing column", strings.Replace(small, "BilledCost", "Cost", 1), "line 1: column BilledCost: the column is missing: invalid input; for columns under other names there is Options.Columns"},
		{"missing columns", "\n\na,b,BilledCost\n", "line 3: column ProviderName, InvoiceIssuerName, BillingAccountId, BillingCurrency, ChargePeriodStart, ChargeCategory, ServiceSubcategory: the columns are missing; one of the first two is enough"},
		{"duplicate column", strings.Replace(small, "ServiceName", "BilledCost", 1), "line 1: column BilledCost: there twice"},
		{"duplicate of the first column", strings.Replace(small, "ServiceName", "ProviderName", 1), "line 1: column ProviderName: there twice"},
		{"duplicate in another case", strings.NewReplacer("ServiceName", "BILLEDCOST", "BilledCost", "billedcost").Replace(small), "line 1: column BilledCost: there twice"},
		{"missing column and mark", strings.NewReplacer("BilledCost", "Cost", "ServiceSubcategory", "Mark").Replace(small), "line 1: column BilledCost, ServiceSubcategory: the columns are missing: invalid input; for columns"},
		{"header of two lines", strings.NewReplacer("ProviderName", "\"x\ny\"", "BilledCost", "Cost").Replace(small), "line 1: column BilledCost: the column is missing"},
		{"a cell too few", small + row + "Cloud,1,USD\n", "line 3: 3 cells, and the header has 10; is the file cut off, or a comma not quoted?: invalid input; see Options.Comma"},
		{"a cell too many", swap("VM", "VM,Inc"), "line 6: 11 cells, and the header has 10; is the file cut off, or a comma not quoted?"},
		{"cut in a quote", small + row + "\"Cloud,1\n\n", "line 3: a quote in this row is not closed; is the file cut off?"},
		{"bare quote", swap("P", "P\"Q"), "line 6: bare \" in non-quoted-field; quote the whole cell"},
		{"quote in a quoted cell", swap("P", "\"P\"Q\"") + row, "line 6: extraneous or missing \" in quoted-field; quote the whole cell"},
		{"category", swap("Usage", "Refund"), `line 6: column ChargeCategory: "Refund": want Usage, Purchase, Adjustment, Tax or Credit`},
		{"header in the middle", small + row + small + row, "line 3: column ChargeCategory: a second header: read files that were put end to end one after another"},
		{"marked header in the middle", small + row + "\ufeff" + small + row, "line 3: column ChargeCategory: a second header"},
		{"long account", swap(",1,", ","+strings.Repeat("x", focus.MaxText+1)+","), "line 6: column BillingAccountId: \"xxx"},
		{"long provider", swap("P,", strings.Repeat("x", focus.MaxText+1)+","), "line 6: column ProviderName: \"xxx"},
		{"long provider of two lines", swap("P,", "\"x\n"+strings.Repeat("x", focus.MaxText)+"\","), "line 6: column ProviderName: \"x"},
		{"long issuer", swap("I,", strings.Repeat("x", focus.MaxText+1)+","), "line 6: column InvoiceIssuerName: \"xxx"},
		{"long category", swap("Compute", strings.Repeat("x", focus.MaxText+1)), "line 6: column ServiceCategory: \"xxx"},
		{"Latin-1", swap(",1,", ",caf\xe9,"), `line 6: column BillingAccountId: "caf\xe9": not UTF-8: re-encode the file`},
		{"long record", swap("VM", strings.Repeat("x", focus.MaxRecord)), "line 6: more than 1048576 bytes: an unclosed quote, or no CSV"},
		{"gzip", "\x1f\x8b\x08\x00", "it is a gzip file, not CSV: decompress it first: invalid input"},
		{"zip", "PK\x03\x04", "it is a zip file or a spreadsheet, not CSV: unpack it, or export it as CSV: invalid input"},
		{"zstd", "\x28\xb5\x2f\xfd", "it is a zstd file, not CSV: decompress it first: invalid input"},
		{"bzip2", "BZh91AY", "it is a bzip2 file, not CSV: decompress it first: invalid input"},
		{"xz", "\xfd7zXZ\x00", "it is an xz file, not CSV: decompress it first: invalid input"},
		{"Parquet", "PAR1\x15\x04", "it is a Parquet file, not CSV: export it as CSV: invalid input"},
		{"Avro", "Obj\x01\x04", "it is an Avro file, not CSV: export it as CSV: invalid input"},
		{"xls", "\xd0\xcf\x11\xe0\xa1", "it is a spreadsheet, not CSV: export it as CSV: invalid input"},
		{"PDF", "%PDF-1.7", "it is a PDF file, not CSV: export the bill as CSV: invalid input"},
		{"UTF-16", "\xfe\xff\x00P", "it is UTF-16, not CSV: re-encode it as UTF-8: invalid input"},
		{"UTF-16 little endian", "\xff\xfeP\x00", "it is UTF-16 or UTF-32, not CSV: re-encode it as UTF-8: invalid input"},
		{"a zero byte further on", "Prov\x00\n", "line 1: column ProviderName, "},
		{"UTF-16 without a mark", "P\x00r\x00o\x00", "it is UTF-16 or UTF-32, or no text: re-encode it as UTF-8"},
		{"UTF-16 of an unusual first letter", "\xac\x20P\x00r\x00o\x00", "it is UTF-16 or UTF-32, or no text: re-encode it as UTF-8"},
		{"UTF-16 big endian without a mark", "\x00P\x00r\x00o", "it is UTF-16 or UTF-32, or no text: re-encode it as UTF-8"},
		{"HTML", "\n<!DOCTYPE html>", "it is HTML or XML, perhaps a page that asks to log in, not CSV: download the bill again: invalid input"},
		{"JSON", " {\"error\":1}", "it is JSON, not CSV: export it as CSV: invalid input"},
		{"JSON lines", "[\n", "it is JSON, not CSV: export it as CSV: invalid input"},
		{"tabs", "\n" + strings.ReplaceAll(small+row, ",", "\t"), "line 2: the header is separated by tabs, not by ',': set the delimiter to '\\t': invalid input; see Options.Comma"},
		{"bars", strings.ReplaceAll(small+row, ",", "|"), "line 1: the header is separated by bars, not by ',': set the delimiter to '|'"},
		{"quoted semicolons", `"` + strings.ReplaceAll(strings.TrimSuffix(small, "\n"), ",", `";"`) + "\"\r\n", "line 1: the header is separated by semicolons"},
	} {
		r, err := focus.Read(strings.NewReader(c.in), focus.Options{})
		if !errors.Is(err, focus.ErrInvalid) || !strings.HasPrefix(err.Error(), "focus: read: "+c.text) || !invalid.MatchString(err.Error()) || r.Cost() != "" {
			t.Errorf("%s: %v; want %s", c.name, err, c.text)
		}
		if e := (*focus.Error)(nil); !errors.As(err, &e) || len(err.Error()) > 400 {
			t.Errorf("%s: %T is no short *Error", c.name, err)
		}
	}
	for _, comma := range []string{";", "\t", "|", "§"} {
		in := strings.ReplaceAll(small+row, ",", comma)
		if a, err := read(t, in, focus.Options{Comma: []rune(comma)[0]}).One(); err != nil || a.Counted.Rows != 1 {
			t.Errorf("%q: %v", comma, err)
		}
	}
	if _, err := focus.Read(strings.NewReader(small+row), focus.Options{Comma: ';'}); err == nil || !strings.Contains(err.Error(), "the header is separated by commas, not by ';'") {
		t.Error(err)
	}
}

// Options that need a column say so before anything is read.
func TestNeededColumns(t *testing.T) {
	for column, o := range map[string]focus.Options{
		"PublisherName": {ExcludePublishers: []string{"x"}}, "SubAccountId": {BySubAccount: true}, "BillingPeriodStart": {AsBilled: true}, "EffectiveCost": {Cost: focus.CostEffective},
		"vendor, issuer": {Columns: map[string]string{"ProviderName": "vendor", "InvoiceIssuerName": "issuer"}},
	} {
		_, err := focus.Read(strings.NewReader(small), o)
		if e := (*focus.Error)(nil); !errors.As(err, &e) || !strings.HasPrefix(e.Column, column) || e.Option != "Columns" || e.Line != 1 {
			t.Errorf("%s: %v", column, err)
		}
	}
	less := strings.NewReplacer("ServiceName,", "", "ServiceSubcategory,", "", "VM,", "", "Virtual Machines,", "")
	_, err := focus.Read(strings.NewReader(less.Replace(small+row)), focus.Options{ExcludeServices: []string{"x"}, ExcludeSubcategories: []string{"x"}, CountUnmarked: true})
	if err == nil || !strings.Contains(err.Error(), "column ServiceName, ServiceSubcategory: the columns are missing") {
		t.Error(err)
	}
	_, err = focus.Read(strings.NewReader(less.Replace(small+row)), focus.Options{})
	if want := "focus: read: line 1: column ServiceSubcategory: the column is missing, as in FOCUS 1.0: support is not marked; " +
		"exclude support by name, with Options.ExcludeServices, and set Options.CountUnmarked if all else counts"; !errors.Is(err, focus.ErrUnmarked) || err.Error() != want {
		t.Errorf("%v; want %s", err, want)
	}
	if a, err := read(t, less.Replace(small+row), focus.Options{CountUnmarked: true}).One(); err != nil || a.Counted.Rows != 1 {
		t.Error(err)
	}
	mapped := strings.NewReplacer("BilledCost", "cost", "ProviderName", "vendor").Replace(small) + row
	a, err := read(t, mapped, focus.Options{Columns: map[string]string{"BilledCost": "Cost", "ProviderName": "vendor"}}).One()
	if err != nil || a.Provider != "P" || a.Counted.Rows != 1 {
		t.Error(a, err)
	}
	// A counting row of a sub-account needs one.
	in := strings.Replace(small, "BillingAccountId", "SubAccountId", 1)
	_, err = focus.Read(strings.NewReader(in+strings.Replace(row, ",1,", ",,", 1)), focus.Options{BySubAccount: true})
	if err == nil || err.Error() != "focus: read: line 2: column SubAccountId: null in a row that counts: invalid input; rows that should not count can be left out with Options.ExcludeIf" {
		t.Error(err)
	}
}

// Rows without a provider go to the one that has their account, in whatever order
// the accounts and the providers are.
func TestProvidersOfAccounts(t *testing.T) {
	line := func(provider, account, cost string) string {
		return strings.NewReplacer("P,I,1,", provider+",,"+account+",", ",5\n", ","+cost+"\n").Replace(row)
	}
	r := read(t, small+line("Z", "1", "5")+line("A", "2", "6")+line("", "2", "7")+line("", "1", "8")+line("M", "3", "9")+line("", "3", "1"), focus.Options{})
	var got []string
	for _, a := range r.Accounts() {
		got = append(got, fmt.Sprint(a.Provider, " ", a.ID, ": ", a.Counted.Rows, " rows, ", a.Counted.Cost))
	}
	if diff := cmp.Diff([]string{"A 2: 2 rows, 13", "M 3: 2 rows, 10", "Z 1: 2 rows, 13"}, got); diff != "" {
		t.Error(diff)
	}
}

// A byte order mark is one at the start of a line only, wherever a read ends.
func TestMarkWithinLine(t *testing.T) {
	const name = "V\ufeffM"
	for how, r := range map[string]func(io.Reader) io.Reader{
		"at once": func(r io.Reader) io.Reader { return r }, "in halves": iotest.HalfReader, "byte by byte": iotest.OneByteReader,
	} {
		r, err := focus.Read(r(strings.NewReader(small+"\ufeff"+with("VM", name)[len(small):])), focus.Options{ExcludeServices: []string{name}})
		if err != nil || len(r.Unused()) > 0 {
			t.Errorf("%s: %v, %+v", how, err, r.Unused())
		}
	}
}

func TestReaderFails(t *testing.T) {
	trouble := fmt.Errorf("broken pipe: %w", io.EOF) // not the end
	for _, in := range []string{"", small, bill, small + "\"Cl", "\xef", "\ufeff", small + "\xef\xbb"} {
		_, err := focus.Read(io.MultiReader(strings.NewReader(in), iotest.ErrReader(trouble)), consulting)
		if !errors.Is(err, trouble) {
			t.Errorf("after %d bytes: %v", len(in), err)
		}
	}
	if _, err := focus.Read(nil, focus.Options{}); !errors.Is(err, focus.ErrInvalid) {
		t.Errorf("nil: %v", err)
	}
	if _, err := focus.Read(iotest.TimeoutReader(strings.NewReader(bill)), focus.Options{}); !errors.Is(err, iotest.ErrTimeout) {
		t.Errorf("once: %v", err)
	}
	if _, err := focus.Read(idle{}, focus.Options{}); !errors.Is(err, io.ErrNoProgress) {
		t.Errorf("a reader that never reads: %v", err)
	}
}

// An error of the reader has the line at which the next record would start.
func TestLineOfReaderError(t *testing.T) {
	noted := strings.ReplaceAll(small+row, "\n", ",\"a\nb\"\n")
	for in, want := range map[string]int{"": 1, small: 2, small + row: 3, noted: 5} {
		_, err := focus.Read(io.MultiReader(strings.NewReader(in), iotest.ErrReader(io.ErrClosedPipe)), focus.Options{})
		if e := (*focus.Error)(nil); !errors.As(err, &e) || e.Line != want {
			t.Errorf("after %q: %v; want line %d", in, err, want)
		}
	}
}

// Columns come in any order, and one that is spelt exactly before one that is
// not.
func TestOrderOfColumns(t *testing.T) {
	want := read(t, small+row, focus.Options{})
	names, cells := strings.Split(strings.TrimSpace(small), ","), strings.Split(strings.TrimSpace(row), ",")
	turned := func(list []string, by int, more string) string {
		return strings.Join(append(append(list[by:len(list):len(list)], list[:by]...), more), ",") + "\n"
	}
	for i, name := range names {
		in := turned(names, i, strings.ToLower(name)) + turned(cells, i, "x")
		if r, err := focus.Read(strings.NewReader(in), focus.Options{}); err != nil || !r.Equal(want) {
			t.Errorf("%s%v", in, err)
		}
	}
}

// A header is taken to have another delimiter if that makes two columns more.
func TestDelimiters(t *testing.T) {
	for header, want := range map[string]string{
		"ProviderName;x": "Columns", "ProviderName;BilledCost": "Comma",
		"BilledCost,x;ProviderName;ServiceName": "Columns", "BilledCost,x;ProviderName;ServiceName;ChargeCategory": "Comma",
		"BilledCost,PublisherName,x;ProviderName;ServiceName;ChargeCategory;BillingCurrency": "Columns",
	} {
		_, err := focus.Read(strings.NewReader(header), focus.Options{})
		if e := (*focus.Error)(nil); !errors.As(err, &e) || e.Option != want {
			t.Errorf("%s: %v; want the option %s", header, err, want)
		}
	}
}

// chunks reads at most n bytes at once.
type chunks struct {
	io.Reader
	n int
}

func (c chunks) Read(p []byte) (int, error) { return c.Reader.Read(p[:min(len(p), c.n)]) }

// A bill of more than a buffer is the same in whatever pieces it comes: marks go
// from the starts of lines, and nothing else that is like a mark does.
func TestChunks(t *testing.T) {
	marked := strings.NewReplacer("P,", "\uff01,", "Compute", "Com\ufeffpute").Replace(row)
	in := "\ufeff" + small + strings.Repeat(marked+"\ufeff"+marked, 500)
	for _, n := range []int{1, 3, 63, 64, 1000, 1<<16 - 36, 1<<16 - 1, 1 << 16} {
		r, err := focus.Read(chunks{strings.NewReader(in), n}, focus.Options{})
		if err != nil {
			t.Errorf("%d bytes at once: %v", n, err)
			continue
		}
		want := []focus.Account{{
			Provider: "\uff01", ID: "1", Currency: "USD", Period: month(9), Issuers: []string{"I"}, Counted: sum(1000, "5000"),
			Excluded: []focus.Exclusion{}, Services: []focus.Service{{Category: "Com\ufeffpute", Counted: sum(1000, "5000")}},
		}}
		if diff := cmp.Diff(want, r.Accounts()); diff != "" {
			t.Errorf("%d bytes at once: %s", n, diff)
		}
	}
}

type idle struct{}

func (idle) Read([]byte) (int, error) { return 0, nil }

// A record of exactly the limit passes, and one byte more does not, byte order
// mark or none; of an endless field no more than the limit is read.
func TestRecordLimit(t *testing.T) {
	before, after, _ := strings.Cut(row, "VM")
	for _, mark := range []string{"", "\ufeff"} {
		for extra := range 2 {
			filler := strings.Repeat("x", focus.MaxRecord-len(before)-len(after)+extra)
			_, err := focus.Read(strings.NewReader(mark+small+before+filler+after), focus.Options{})
			if (err == nil) != (extra == 0) {
				t.Errorf("%d bytes over the limit: %v", extra, err)
			}
		}
	}
	endless := &counter{}
	_, err := focus.Read(io.MultiReader(strings.NewReader(small+"\""), endless), focus.Options{})
	if !errors.Is(err, focus.ErrInvalid) || endless.n > 2*focus.MaxRecord || !strings.Contains(err.Error(), "line 2: more than 1048576 bytes") {
		t.Errorf("%v after %d bytes", err, endless.n)
	}
}

type counter struct{ n int }

func (c *counter) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = "x\n"[i%2]
	}
	c.n += len(p)
	return len(p), nil
}

// The longest texts are taken.
func TestLongestTexts(t *testing.T) {
	longest := strings.Repeat("x", focus.MaxText)
	in := small + strings.NewReplacer("P,I,1,", longest+","+longest+","+longest+",", "Compute", longest).Replace(row)
	r := read(t, in, focus.Options{})
	if a, err := r.One(); err != nil || a.Issuers[0] != longest || a.ID != longest || a.Provider != longest || a.Services[0].Category != longest {
		t.Error(err)
	}
}

// More service categories than anybody has are an error, before time is lost on
// them.
func TestTooManyCategories(t *testing.T) {
	var b strings.Builder
	b.WriteString(small)
	for i := range 4097 {
		b.WriteString(strings.Replace(row, "Compute", fmt.Sprint(i), 1))
	}
	_, err := focus.Read(strings.NewReader(b.String()), focus.Options{})
	if err == nil || !strings.HasPrefix(err.Error(), "focus: read: line 4098: column ServiceCategory: more than 4096 service categories") {
		t.Error(err)
	}
}

func TestErrorText(t *testing.T) {
	for want, e := range map[string]focus.Error{
		"focus: read: EOF":                                                                    {Err: io.EOF},
		"focus: read: line 7: column c: EOF":                                                  {Line: 7, Column: "c", Err: io.EOF},
		"focus: read: EOF; see Options.Comma":                                                 {Option: "Comma", Err: io.EOF},
		"focus: read: EOF; set Options.Zone or Options.Periods":                               {Option: "Zone", Err: io.EOF},
		"focus: read: EOF; for columns under other names there is Options.Columns":            {Option: "Columns", Err: io.EOF},
		"focus: read: EOF; rows that should not count can be left out with Options.ExcludeIf": {Option: "ExcludeIf", Err: io.EOF},
		"focus: read: EOF; exclude support by name, with Options.ExcludeServices, and set Options.CountUnmarked if all else counts": {Option: "CountUnmarked", Err: io.EOF},
		fmt.Sprintf("focus: read: line %d: EOF", math.MaxInt32):                                                                     {Line: math.MaxInt32, Option: "x", Err: io.EOF},
	} {
		if e.Error() != want || !errors.Is(&e, io.EOF) {
			t.Errorf("%s; want %s", e.Error(), want)
		}
	}
}

// Months before 1970 are months, too.
func TestMonthsBefore1970(t *testing.T) {
	for text, want := range map[string]calendar.Period{
		"1969-12-31T23:00:00Z": {Start: time.Date(1969, 12, 1, 0, 0, 0, 0, time.UTC), End: time.Date(1970, 1, 1, 0, 0, 0, 0, time.UTC)},
		"1969-12-01":           {Start: time.Date(1969, 12, 1, 0, 0, 0, 0, time.UTC), End: time.Date(1970, 1, 1, 0, 0, 0, 0, time.UTC)},
		"1969-11-30T23:59:59Z": {Start: time.Date(1969, 11, 1, 0, 0, 0, 0, time.UTC), End: time.Date(1969, 12, 1, 0, 0, 0, 0, time.UTC)},
		"1970-01-01":           {Start: time.Date(1970, 1, 1, 0, 0, 0, 0, time.UTC), End: time.Date(1970, 2, 1, 0, 0, 0, 0, time.UTC)},
	} {
		r, err := focus.Read(strings.NewReader(with("2024-09-03T00:00:00Z", text)), focus.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if a, err := r.One(); err != nil || a.Period != want {
			t.Errorf("%s: %v, %v", text, a.Period, err)
		}
	}
}
