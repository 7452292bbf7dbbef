package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/apache/beam/sdks/v2/go/pkg/beam"
	"github.com/apache/beam/sdks/v2/go/pkg/beam/x/beamx"
	"github.com/google/go-cmp/cmp"

	"github.com/supportplan/supportplan/billing"
)

var rows = flag.Int("rows", 3000, "how many rows the generated bills have")

func TestMain(m *testing.M) {
	flag.Parse()
	beam.Init()
	os.Exit(m.Run())
}

// generate writes bills of n rows over some accounts, one of which has half of
// all rows. Some texts have line breaks, and a few rows are bad.
func generate(t *testing.T, random *rand.Rand, n, accounts int) inputs {
	t.Helper()
	dir := t.TempDir()
	in := inputs{splitSize: 1 + random.Int64N(20_000)}
	for file := range 3 {
		var b strings.Builder
		b.WriteString("ProviderName,BillingAccountId,BillingCurrency,BillingPeriodStart,BillingPeriodEnd,ChargeCategory,ChargePeriodStart,BilledCost,ServiceSubcategory,ChargeDescription\n")
		for i := range n / 3 {
			account, cost := random.IntN(2*accounts)-accounts, fmt.Sprintf("%d.%04d", random.IntN(50), random.IntN(10000))
			if i%997 == 500 {
				cost = "$1"
			}
			month := 3 + random.IntN(2)
			fmt.Fprintf(&b, "P,a%d,USD,2026-%02d-01,2026-%02d-01,Usage,2026-%02d-%02d,%s,Virtual Machines,\"one\n\"\"two\"\"\"\n",
				max(account, 0), month, month+1, month, 1+random.IntN(28), cost)
		}
		name := filepath.Join(dir, fmt.Sprintf("bill%d.csv", file))
		if err := os.WriteFile(name, []byte(b.String()), 0o600); err != nil {
			t.Fatal(err)
		}
		in.bills = append(in.bills, name)
	}
	var customers strings.Builder
	for i := range accounts - 1 { // the last account is nobody's
		fmt.Fprintf(&customers, `{"provider":"P","id":"a%d","timeline":{"subscriptions":[{"plan":%q,"start":"2026-01-01T00:00:00Z"}]}}`+"\n",
			i, []string{"developer", "business", "enterprise"}[i%3])
	}
	in.customers = []byte(customers.String())
	return in
}

func exampleBook(t *testing.T) billing.Book {
	t.Helper()
	data, err := example.ReadFile("example/book.json")
	if err != nil {
		t.Fatal(err)
	}
	var b billing.Book
	if err := json.Unmarshal(data, &b); err != nil {
		t.Fatal(err)
	}
	return b
}

// onBeam runs the pipeline in this process and returns what it writes, in order.
func onBeam(t *testing.T, in inputs, b billing.Book) (r result) {
	t.Helper()
	dir := t.TempDir()
	p, s := beam.NewPipelineWithRoot()
	documents, bad, totals, err := pipeline(s, in, b, options{})
	if err != nil {
		t.Fatal(err)
	}
	write(s, dir, documents, bad, totals)
	if err := beamx.Run(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	lines := func(name string) []string {
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
		out := strings.FieldsFunc(string(data), func(r rune) bool { return r == '\n' })
		slices.Sort(out)
		return out
	}
	return result{lines("documents.jsonl"), lines("deadletters.jsonl"), lines("totals.txt")}
}

// The pipeline writes what one process does, to the byte, whatever the splits;
// with what was issued before, it issues nothing again.
func TestEqualsSingleProcess(t *testing.T) {
	book := exampleBook(t)
	random := rand.New(rand.NewPCG(5, 6))
	in := generate(t, random, *rows, 12)
	start := time.Now()
	want, err := single(in, book, options{}.focus())
	if err != nil {
		t.Fatal(err)
	}
	alone := time.Since(start)
	if len(want.Documents) == 0 || len(want.Bad) == 0 || len(want.Totals) != 2 {
		t.Fatalf("%d documents, %d dead letters, totals %q", len(want.Documents), len(want.Bad), want.Totals)
	}
	for range 2 {
		in.splitSize = 1 + random.Int64N(int64(*rows)*50)
		start = time.Now()
		if diff := cmp.Diff(want, onBeam(t, in, book)); diff != "" {
			t.Fatalf("split after %d bytes (-single +beam):\n%s", in.splitSize, diff)
		}
		t.Logf("%d rows: %v in one process, %v on Beam", *rows, alone.Round(time.Millisecond), time.Since(start).Round(time.Millisecond))
	}
	in.earlier = []byte(strings.Join(want.Documents, "\n"))
	again, err := single(in, book, options{}.focus())
	if err != nil {
		t.Fatal(err)
	}
	if len(again.Documents) > 0 {
		t.Errorf("issued again: %q", again.Documents)
	}
}

// Bad rows are named by file and line, and all others count.
func TestBadRows(t *testing.T) {
	in := generate(t, rand.New(rand.NewPCG(7, 8)), 6000, 5)
	for _, size := range []int64{1, 100, 1000, 1 << 20} {
		in.splitSize = size
		r, err := single(in, exampleBook(t), options{}.focus())
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range in.bills {
			for _, i := range []int{500, 1497} {
				line := fmt.Sprintf(`"line":%d,`, 2+2*i) // a row has two lines
				if !slices.ContainsFunc(r.Bad, func(b string) bool { return strings.Contains(b, filepath.Base(file)) && strings.Contains(b, line) }) {
					t.Errorf("split after %d: no dead letter for row %d of %s: %q", size, i, file, r.Bad)
				}
			}
		}
	}
}
