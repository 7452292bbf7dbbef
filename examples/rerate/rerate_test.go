package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/apache/beam/sdks/v2/go/pkg/beam"
	"github.com/apache/beam/sdks/v2/go/pkg/beam/x/beamx"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/supportplan/supportplan/billing"
)

var (
	rows     = flag.Int("rows", 3000, "how many rows the generated bills have")
	accounts = flag.Int("accounts", 12, "how many accounts they have")
)

// The test binary is the program too: tests start it as a process of its own, to
// be measured.
func TestMain(m *testing.M) {
	if os.Getenv("RERATE_RUN") != "" {
		main()
		fmt.Println("peak", peak())
		os.Exit(0)
	}
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
		name := filepath.Join(dir, fmt.Sprintf("bill%d.csv", file))
		f, err := os.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		b := bufio.NewWriter(f)
		b.WriteString("ProviderName,BillingAccountId,BillingCurrency,BillingPeriodStart,BillingPeriodEnd,ChargeCategory,ChargePeriodStart,BilledCost,ServiceSubcategory,ChargeDescription\n")
		for i := range n / 3 {
			account, cost := random.IntN(2*accounts)-accounts, fmt.Sprintf("%d.%04d", random.IntN(50), random.IntN(10000))
			if i%997 == 500 {
				cost = "$1"
			}
			month, service := 3+random.IntN(2), "Virtual Machines"
			if account == 1 {
				service = "Support" // which does not count
			}
			fmt.Fprintf(b, "P,a%d,USD,2026-%02d-01,2026-%02d-01,Usage,2026-%02d-%02d,%s,%s,\"one\n\"\"two\"\"\"\n",
				max(account, 0), month, month+1, month, 1+random.IntN(28), cost, service)
		}
		if err := errors.Join(b.Flush(), f.Close()); err != nil {
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
func onBeam(t *testing.T, in inputs, b billing.Book, o options) result {
	t.Helper()
	dir := t.TempDir()
	p, s := beam.NewPipelineWithRoot()
	documents, bad, totals, err := pipeline(s, in, b, o)
	if err != nil {
		t.Fatal(err)
	}
	write(s, dir, documents, bad, totals)
	if err := beamx.Run(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	return written(t, dir)
}

// written returns what a run has written to a folder, in order.
func written(t *testing.T, dir string) result {
	t.Helper()
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
	in := generate(t, random, *rows, *accounts)
	want, err := single(in, book, options{}.focus())
	if err != nil {
		t.Fatal(err)
	}
	if len(want.Documents) == 0 || len(want.Bad) == 0 || len(want.Totals) != 2 {
		t.Fatalf("%d documents, %d dead letters, totals %q", len(want.Documents), len(want.Bad), want.Totals)
	}
	for range 2 {
		in.splitSize = 1 + random.Int64N(int64(*rows)*50)
		if diff := cmp.Diff(want, onBeam(t, in, book, options{})); diff != "" {
			t.Fatalf("split after %d bytes (-single +beam):\n%s", in.splitSize, diff)
		}
	}
	in.earlier = []byte(strings.Join(want.Documents, "\n"))
	again, err := single(in, book, options{}.focus())
	if err != nil {
		t.Fatal(err)
	}
	if len(again.Documents) > 0 {
		t.Errorf("issued again: %q", again.Documents)
	}

	// A late bill is settled.
	late := filepath.Join(filepath.Dir(in.bills[0]), "late.csv")
	if err := os.WriteFile(late, []byte("ProviderName,BillingAccountId,BillingCurrency,BillingPeriodStart,BillingPeriodEnd,ChargeCategory,ChargePeriodStart,BilledCost,ServiceSubcategory\n"+
		"P,a0,USD,2026-03-01,2026-04-01,Adjustment,2026-03-02,-123.45,Virtual Machines\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	in.bills = append(in.bills, late)
	settled, err := single(in, book, options{}.focus())
	if err != nil {
		t.Fatal(err)
	}
	if len(settled.Documents) != 1 || !strings.Contains(settled.Documents[0], `"kind":"settlement"`) {
		t.Errorf("a late bill gives %q", settled.Documents)
	}
	if diff := cmp.Diff(settled, onBeam(t, in, book, options{})); diff != "" {
		t.Errorf("with a late bill (-single +beam):\n%s", diff)
	}

	// A document that cannot be read is an error on both paths: without it, its
	// account would be billed twice.
	in.earlier = append(in.earlier, "\n\n{\"provider\":"...)
	_, err = single(in, book, options{}.focus())
	_, _, _, errBeam := pipeline(beam.NewPipeline().Root(), in, book, options{})
	want1 := fmt.Sprintf("earlier documents: line %d: ", len(want.Documents)+2)
	if err == nil || errBeam == nil || err.Error() != errBeam.Error() || !strings.HasPrefix(err.Error(), want1) {
		t.Errorf("a broken document: %v; on Beam: %v", err, errBeam)
	}
}

// The program re-rates its example, and says the totals.
func TestExample(t *testing.T) {
	for _, args := range [][]string{nil, {"-single"}} {
		cmd := exec.Command(os.Args[0], args...)
		cmd.Env = append(os.Environ(), "RERATE_RUN=1")
		out, err := cmd.Output()
		if err != nil {
			t.Fatal(err)
		}
		got := strings.Split(string(out), "\n")
		if len(got) < 3 || !strings.HasPrefix(got[0], "USD invoice ") {
			t.Errorf("%q prints %q", args, out)
		}
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

// The program writes the same in one process and on Beam, for a bill and for a
// tenth of it. The test says how long each takes and how much memory.
func TestScale(t *testing.T) {
	for _, n := range []int{*rows / 10, *rows} {
		in := generate(t, rand.New(rand.NewPCG(9, 10)), n, *accounts)
		customers := filepath.Join(t.TempDir(), "customers.jsonl")
		if err := os.WriteFile(customers, in.customers, 0o600); err != nil {
			t.Fatal(err)
		}
		var results []result
		for _, path := range []string{"one process", "Beam"} {
			dir := t.TempDir()
			args := []string{"-bills", filepath.Join(filepath.Dir(in.bills[0]), "*.csv"), "-customers", customers, "-book", "example/book.json", "-out", dir}
			if path == "one process" {
				args = append(args, "-single")
			}
			cmd := exec.Command(os.Args[0], args...)
			cmd.Env = append(os.Environ(), "RERATE_RUN=1")
			var log strings.Builder
			cmd.Stderr = &log
			start := time.Now()
			out, err := cmd.Output()
			took := time.Since(start)
			if err != nil {
				t.Fatalf("%v\n%s", err, log.String())
			}
			_, peak, _ := strings.Cut(strings.TrimSpace(string(out)), "peak ")
			results = append(results, written(t, dir))
			cpu := cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
			t.Logf("%8d rows, %5d accounts, %-11s: %6.2f s, %6.2f s of CPU, %7.0f rows/s, peak %s",
				n, *accounts, path, took.Seconds(), cpu.Seconds(), float64(n)/took.Seconds(), peak)
		}
		if diff := cmp.Diff(results[0], results[1], cmpopts.EquateEmpty()); diff != "" || len(results[0].Documents) == 0 {
			t.Errorf("%d rows, %d documents (-single +beam):\n%s", n, len(results[0].Documents), diff)
		}
	}
}

// peak returns the most memory that this process has had, as Linux tells it.
func peak() string {
	status, _ := os.ReadFile("/proc/self/status") //nolint:errcheck // other systems have no such file
	_, after, _ := strings.Cut(string(status), "VmHWM:")
	kib, _ := strconv.Atoi(strings.TrimSpace(strings.Split(after, "kB")[0])) //nolint:errcheck // 0 says that it is unknown
	return fmt.Sprintf("%d MiB", kib/1024)
}

// A real bill of three providers, which has no column that marks support, gives
// the same on both paths.
func TestFOCUSSample(t *testing.T) {
	const file = "../../../shared/data/focus_sample.csv"
	if _, err := os.Stat(file); err != nil {
		t.Skip("the FOCUS sample is not here")
	}
	customers, err := os.ReadFile("testdata/focus_customers.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile("testdata/focus_book.json")
	if err != nil {
		t.Fatal(err)
	}
	var book billing.Book
	if err := json.Unmarshal(data, &book); err != nil {
		t.Fatal(err)
	}
	in := inputs{bills: []string{file}, customers: customers, splitSize: 20_000}
	o := options{CountUnmarked: true}
	want, err := single(in, book, o.focus())
	if err != nil {
		t.Fatal(err)
	}
	if len(want.Documents) != 3 || len(want.Bad) > 0 {
		t.Errorf("%d documents, dead letters %q", len(want.Documents), want.Bad)
	}
	if diff := cmp.Diff(want, onBeam(t, in, book, o), cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("(-single +beam):\n%s", diff)
	}
}
