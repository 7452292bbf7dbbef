package focus_test

import (
	"encoding/csv"
	"flag"
	"fmt"
	"io"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/supportplan/supportplan/billing/focus"
)

// thorough reports whether properties get more tries than usual.
func thorough() bool {
	checks, err := strconv.Atoi(flag.Lookup("rapid.checks").Value.String())
	return err == nil && checks >= 300
}

func manyRows(n int) string {
	var b strings.Builder
	b.WriteString(header)
	for i := range n {
		fmt.Fprintf(&b, "Cloud,Cloud,Cloud Inc.,%d,,USD,2024-09-01 00:00:00,2024-10-01 00:00:00,2024-09-%02d 00:00:00,Usage,NULL,Compute,VM,Virtual Machines,%d.%011d,1,1,1\n", i%10, i%30+1, i, i)
	}
	return b.String()
}

// wideRows is manyRows in the width of a real bill: some 40 more columns.
func wideRows(n int) string {
	lines := strings.SplitAfter(manyRows(n), "\n")
	more := strings.Repeat(",Some tag or other", 40) + "\n"
	for i, line := range lines[:len(lines)-1] {
		lines[i] = strings.TrimSuffix(line, "\n") + more
	}
	return strings.Join(lines, "")
}

// bare is a pass over the bill with nothing but encoding/csv.
func bare(in string) {
	r := csv.NewReader(strings.NewReader(in))
	r.ReuseRecord = true
	for {
		if _, err := r.Read(); err != nil {
			return
		}
	}
}

// What Read allocates beyond encoding/csv, which makes one string of a record,
// does not grow with the rows.
func TestAllocationsDoNotGrowWithRows(t *testing.T) {
	bills := map[string]func(rows int) string{"many accounts": manyRows}
	for _, cost := range []string{"5", "123456789012345678", "0.123456789012345678", "123456789012345678e-36"} {
		bills[cost] = func(rows int) string { return small + strings.Repeat(costing(cost), rows) }
	}
	names := focus.Options{ExcludeServices: []string{"Help"}, ExcludeSubcategories: []string{"Gaming"}}
	for name, bill := range bills {
		beyond := func(rows int) float64 {
			in := bill(rows)
			all := testing.AllocsPerRun(5, func() { read(t, in, names) })
			return all - testing.AllocsPerRun(5, func() { bare(in) })
		}
		if few, many := beyond(200), beyond(2000); many > few+20 {
			t.Errorf("%s: %v allocations beyond those of encoding/csv for 200 rows, %v for 2000", name, few, many)
		}
	}
}

// accounts is a bill of many accounts of one row each, made while it is read.
type accounts struct {
	n, of  int
	issuer string
	line   []byte
}

func (a *accounts) Read(p []byte) (n int, err error) {
	for n < len(p) {
		if len(a.line) == 0 {
			if a.n == a.of {
				break
			}
			a.line = fmt.Appendf(a.line[:0], "P,%s,%d,USD,2024-09-03T00:00:00Z,Usage,Compute,VM,Virtual Machines,5\n", a.issuer, a.n)
			if a.n == 0 {
				a.line = append([]byte(small), a.line...)
			}
			a.n++
		}
		m := copy(p[n:], a.line)
		a.line = a.line[m:]
		n += m
	}
	if n == 0 {
		return 0, io.EOF
	}
	return n, nil
}

// Memory grows with the accounts: some 300 bytes each, which a million have too.
// They share the name of their issuer.
func TestMillionAccounts(t *testing.T) {
	if testing.Short() {
		t.Skip("slow")
	}
	n := 20_000
	if thorough() {
		n = 1_000_000
	}
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	r, err := focus.Read(&accounts{of: n, issuer: strings.Repeat("I", 300)}, focus.Options{})
	if err != nil || r.Rows() != n {
		t.Fatal(r.Rows(), err)
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	if each := float64(after.HeapAlloc-before.HeapAlloc) / float64(n); each > 500 {
		t.Errorf("%.0f bytes for each account", each)
	} else {
		t.Logf("%.0f bytes for each account are kept, %.0f are allocated", each, float64(after.TotalAlloc-before.TotalAlloc)/float64(n))
	}
	if a := r.Accounts(); len(a) != n || !a[n-1].Counted.Cost.Equal(d("5")) {
		t.Error(len(a))
	}
	runtime.KeepAlive(r)
}

// The number of sums has a limit, named by the error of going over it.
func TestTooManyGroups(t *testing.T) {
	limits := []int{2}
	if thorough() {
		limits = append(limits, focus.MaxGroups)
	}
	for _, most := range limits {
		if r, err := focus.ReadGroups(&accounts{of: most}, focus.Options{}, most); err != nil || r.Rows() != most {
			t.Errorf("%d sums: %v", most, err)
		}
		_, err := focus.ReadGroups(&accounts{of: most + 1}, focus.Options{}, most)
		want := fmt.Sprintf("focus: read: line %d: column BillingAccountId: more than 2000000 accounts with their service categories; read the bill in parts: invalid input", most+2)
		if err == nil || err.Error() != want {
			t.Errorf("over the limit: %v; want %s", err, want)
		}
	}
}

// To read a bill should cost little more than a bare pass over its CSV.
func BenchmarkRead(b *testing.B) {
	for name, in := range map[string]string{"narrow": manyRows(20_000), "wide": wideRows(5_000)} {
		b.Run(name+"/csv", func(b *testing.B) {
			b.SetBytes(int64(len(in)))
			for b.Loop() {
				bare(in)
			}
		})
		b.Run(name+"/focus", func(b *testing.B) {
			b.SetBytes(int64(len(in)))
			b.ReportAllocs()
			for b.Loop() {
				read(b, in, focus.Options{})
			}
		})
	}
}

func BenchmarkMerge(b *testing.B) {
	r, err := focus.Read(&accounts{of: 10_000}, focus.Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		s := r
		if err := s.Merge(r); err != nil {
			b.Fatal(err)
		}
	}
}
