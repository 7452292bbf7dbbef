package focus_test

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/supportplan/supportplan/billing/focus"
)

// ways are options to read anything with.
var ways = []focus.Options{
	{CountUnmarked: true},
	{},
	{CountUnmarked: true, Zone: time.UTC, BySubAccount: true},
	{CountUnmarked: true, AsBilled: true, Cost: focus.CostEffective},
	{ExcludeServices: []string{"vm", "Help"}, ExcludePublishers: []string{"cloud"}, ExcludeSubcategories: []string{"block storage"}},
	{Periods: periods(month(9).Start.Add(time.Hour), time.Time{}), Comma: ';', CountUnmarked: true},
	{ExcludeIf: func(r focus.Row) bool { return r.Has("x") && r.Value("x") == "" }, CountUnmarked: true},
}

var seeds = []string{
	bill, "\ufeff" + bill, strings.ReplaceAll(bill, "\n", "\r\n"), header, "", "a,b\n\"c", small + row, strings.ReplaceAll(small+row, ",", ";"),
	strings.Replace(small, "ProviderName", "x", 1) + row, "\x1f\x8b", small + "\xef\xbb\xbf" + row + "\xef\xbb", small + "P,,1,USD,2024-9-3 1:02,tax,,,,-\n" + row,
	"BillingPeriodStart,BillingPeriodEnd," + small + "2024-08-31T16:00Z,2024-09-30T15:59:59Z," + row + "2024-10-01,,P,I,1,USD,2024-09-03 +0800,credit,,,,1e-300\n",
}

// addsUp returns what in a report does not add up.
func addsUp(r focus.Report) string {
	rows := 0
	for _, list := range [][]focus.Account{r.Accounts(), r.Outside()} {
		for _, a := range list {
			counted, excluded := a.Counted, focus.Sum{}
			for _, e := range a.Excluded {
				excluded = focus.Sum{Rows: excluded.Rows + e.Sum.Rows, Cost: excluded.Cost.Add(e.Sum.Cost)}
			}
			rows += counted.Rows + excluded.Rows
			for _, s := range a.Services {
				counted = focus.Sum{Rows: counted.Rows - s.Counted.Rows, Cost: counted.Cost.Sub(s.Counted.Cost)}
				excluded = focus.Sum{Rows: excluded.Rows - s.Excluded.Rows, Cost: excluded.Cost.Sub(s.Excluded.Cost)}
			}
			if counted.Rows != 0 || !counted.Cost.IsZero() || excluded.Rows != 0 || !excluded.Cost.IsZero() {
				return "the services of " + a.ID
			}
			if a.Period.IsValid() {
				if u, err := a.Usage(); err != nil && a.Counted.Cost.Abs().LessThan(decimal.New(1, 30)) || err == nil && !u.Total().Equal(a.Counted.Cost.Round(30)) {
					return "the usage of " + a.ID
				}
			}
		}
	}
	if rows != r.Rows() {
		return "the rows"
	}
	return ""
}

func FuzzRead(f *testing.F) {
	for i, s := range seeds {
		f.Add(s, byte(i))
		f.Add(s, byte(0))
	}
	f.Fuzz(func(t *testing.T, in string, way byte) {
		r, err := focus.Read(strings.NewReader(in), ways[int(way)%len(ways)])
		if err != nil {
			if e := (*focus.Error)(nil); !errors.As(err, &e) || r.Cost() != "" {
				t.Errorf("%v is no *Error", err)
			}
			if !errors.Is(err, focus.ErrInvalid) && !errors.Is(err, focus.ErrUnmarked) && !errors.Is(err, focus.ErrPeriods) {
				t.Errorf("%v wraps no sentinel", err)
			}
			return
		}
		if s := addsUp(r); s != "" {
			t.Errorf("%s: %v", s, r.Accounts())
		}
		var again focus.Report
		b, err := json.Marshal(r)
		if err != nil || json.Unmarshal(b, &again) != nil && len(b) < 1<<20 || !again.Equal(r) {
			t.Errorf("%s: %v", b, err)
		}
	})
}

// A bill in two files, merged in either order, is the bill in one.
func FuzzMerge(f *testing.F) {
	for i, s := range seeds {
		f.Add(s, byte(i), byte(i))
	}
	f.Fuzz(func(t *testing.T, in string, way, at byte) {
		o := ways[int(way)%len(ways)]
		rd := csv.NewReader(strings.NewReader(in))
		if rd.Comma = ','; o.Comma != 0 {
			rd.Comma = o.Comma
		}
		records, err := rd.ReadAll()
		if err != nil || len(records) == 0 {
			return
		}
		write := func(records [][]string) string {
			var b strings.Builder
			w := csv.NewWriter(&b)
			w.Comma = rd.Comma
			if err := w.WriteAll(records); err != nil {
				t.Fatal(err)
			}
			return b.String()
		}
		cut := 1 + int(at)%len(records)
		files := []string{write(records), write(records[:cut]), write(append(records[:1:1], records[cut:]...))}
		var reports []focus.Report
		var errs []error
		for _, file := range files {
			r, err := focus.Read(strings.NewReader(file), o)
			reports, errs = append(reports, r), append(errs, err)
		}
		if errs[1] != nil || errs[2] != nil {
			if errs[0] == nil {
				t.Errorf("%v, %v: but the whole passes", errs[1], errs[2])
			}
			return
		}
		there, back := reports[1], reports[2]
		err1, err2 := there.Merge(reports[2]), back.Merge(reports[1])
		if (errs[0] == nil) != (err1 == nil) || (err1 == nil) != (err2 == nil) {
			t.Errorf("merged: %v, %v; the whole: %v", err1, err2, errs[0])
		}
		if err1 == nil && (!there.Equal(reports[0]) || !back.Equal(reports[0])) {
			t.Errorf("%v and %v; the whole: %v", there.Accounts(), back.Accounts(), reports[0].Accounts())
		}
	})
}

func FuzzReportJSON(f *testing.F) {
	for _, o := range ways[:2] {
		r, err := focus.Read(strings.NewReader(bill), o)
		if err != nil {
			f.Fatal(err)
		}
		b, err := json.Marshal(r)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Add([]byte(`{"cost":"BilledCost","parts":[{"period":{"start":"2024-09-01T00:00:00Z"},"id":"1","currency":"USD","sums":[{"rows":1,"cost":"-0.10"}]}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var r, again focus.Report
		if err := json.Unmarshal(data, &r); err != nil {
			if r.Cost() != "" {
				t.Errorf("changed by %v", err)
			}
			return
		}
		b, err := json.Marshal(r)
		if err != nil || json.Unmarshal(b, &again) != nil || !again.Equal(r) {
			t.Errorf("%s becomes %s: %v", data, b, err)
		}
		if s := addsUp(r); s != "" {
			t.Errorf("%s: %s", data, s)
		}
		if err := again.Merge(r); err != nil || again.Rows() != 2*r.Rows() {
			t.Errorf("%s: merged with itself: %v", data, err)
		}
	})
}
