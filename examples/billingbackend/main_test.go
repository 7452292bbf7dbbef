package main

import (
	"bytes"
	"context"
	"database/sql"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var kills = flag.Int("kills", 20, "how many times the job is killed, on each database")

// The test binary is the program too: tests start it as a process of its own, to
// be killed.
func TestMain(m *testing.M) {
	if os.Getenv("BILLINGBACKEND_RUN") != "" {
		if err := run(context.Background(), os.Args[1:], os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// A database makes the DSN of a new, empty database.
type database struct {
	name string
	make func(t *testing.T) (dsn string)
}

// databases are SQLite, and PostgreSQL if BILLINGBACKEND_POSTGRES has the
// address of a server on which the tests may create databases.
func databases(t *testing.T) []database {
	all := []database{{"sqlite", func(t *testing.T) string { return filepath.Join(t.TempDir(), "billing.db") }}}
	server := os.Getenv("BILLINGBACKEND_POSTGRES")
	if server == "" {
		t.Log("PostgreSQL is skipped: BILLINGBACKEND_POSTGRES has no address")
		return all
	}
	return append(all, database{"postgres", func(t *testing.T) string {
		db, err := sql.Open("pgx", server+"/postgres?sslmode=disable")
		if err != nil {
			t.Fatal(err)
		}
		name := fmt.Sprintf("billing_%d_%d", os.Getpid(), rand.Uint32())
		if _, err := db.Exec("CREATE DATABASE " + name); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			db.Exec("DROP DATABASE " + name + " WITH (FORCE)") //nolint:errcheck // the server is the tests' own
			db.Close()
		})
		return server + "/" + name + "?sslmode=disable"
	}})
}

// dump returns everything that the database keeps, in a fixed order.
func dump(t *testing.T, dsn string) string {
	t.Helper()
	s, err := open(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer s.close()
	var out strings.Builder
	for _, query := range []string{
		`SELECT digest || ' ' || file FROM imports ORDER BY 1`,
		`SELECT digest || ' ' || account || ' ' || period || ' ' || usage FROM usages ORDER BY 1`,
		`SELECT id || ' ' || kind || ' ' || currency || ' ' || CAST(minor AS TEXT) || ' ' || document FROM documents ORDER BY account, period, number`,
	} {
		rows, err := collect(t.Context(), s.db, text, query)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintln(&out, strings.Join(rows, "\n"))
	}
	return out.String()
}

// manyCustomers writes a book's customers and two bills of them, the second
// with late refunds, and returns the program's arguments.
func manyCustomers(t *testing.T, n int) []string {
	t.Helper()
	dir := t.TempDir()
	write := func(name string, lines []string) string {
		name = filepath.Join(dir, name)
		if err := os.WriteFile(name, []byte(strings.Join(lines, "\n")+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		return name
	}
	const header = "ProviderName,BillingAccountId,BillingCurrency,BillingPeriodStart,BillingPeriodEnd,ChargeCategory,ChargePeriodStart,BilledCost,ServiceSubcategory"
	march, april := []string{header}, []string{header}
	var customers []string
	for i := range n {
		customers = append(customers, fmt.Sprintf(`{"account":"P/a%03d","timeline":{"subscriptions":[{"plan":%q,"start":"2026-01-01T00:00:00Z"}]}}`,
			i, []string{"developer", "business", "enterprise"}[i%3]))
		march = append(march, fmt.Sprintf("P,a%03d,USD,2026-03-01,2026-04-01,Usage,2026-03-01,%d.%02d,Virtual Machines", i, 1000+i*37, i%100))
		april = append(april, fmt.Sprintf("P,a%03d,USD,2026-04-01,2026-05-01,Usage,2026-04-01,%d,Virtual Machines", i, 900+i*41))
		if i%2 == 0 {
			april = append(april, fmt.Sprintf("P,a%03d,USD,2026-04-01,2026-05-01,Adjustment,2026-03-01,-%d,Virtual Machines", i, 100+i))
		}
	}
	return []string{
		"-customers", write("customers.json", []string{"[" + strings.Join(customers, ",\n") + "]"}),
		"-bill", write("march.csv", march), "-bill", write("april.csv", april), "-format", "json",
	}
}

// job starts the program as a process.
func job(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	cmd := exec.Command(os.Args[0], args...)
	cmd.Env = append(os.Environ(), "BILLINGBACKEND_RUN=1")
	return cmd
}

// However often the job is killed, it loses and doubles nothing.
func TestKilledJobLosesAndDoublesNothing(t *testing.T) {
	args := manyCustomers(t, 60)
	for _, d := range databases(t) {
		t.Run(d.name, func(t *testing.T) {
			undisturbed := d.make(t)
			start := time.Now()
			if out, err := job(t, append(args, "-db", undisturbed)...).CombinedOutput(); err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			took := time.Since(start)
			want := dump(t, undisturbed)
			if n := strings.Count(want, `"kind":"settlement"`); n < 30 {
				t.Fatalf("the job settles only %d times", n)
			}
			jobs, early := 0, 0
			for left := *kills; left > 0; jobs++ {
				dsn := d.make(t)
				// A job is killed up to five times, then left in peace. One that is done
				// before it is killed does not count.
				for range min(5, left) {
					cmd := job(t, append(args, "-db", dsn)...)
					if err := cmd.Start(); err != nil {
						t.Fatal(err)
					}
					time.Sleep(time.Duration(rand.Int64N(int64(took))))
					cmd.Process.Kill() //nolint:errcheck // it may be over
					cmd.Wait()         //nolint:errcheck // it was killed
					if cmd.ProcessState.Exited() {
						early++
					} else {
						left--
					}
				}
				if out, err := job(t, append(args, "-db", dsn)...).CombinedOutput(); err != nil {
					t.Fatalf("%v\n%s", err, out)
				}
				if diff := cmp.Diff(want, dump(t, dsn)); diff != "" {
					t.Fatalf("after kills (-undisturbed +killed):\n%s", diff)
				}
			}
			t.Logf("%d kills of %d jobs, each of about %v; %d more came when the job was done", *kills, jobs, took.Round(time.Millisecond), early)
		})
	}
}

// Running the job again, or two at once, changes nothing.
func TestJobsTwiceAndAtOnce(t *testing.T) {
	args := manyCustomers(t, 20)
	for _, d := range databases(t) {
		t.Run(d.name, func(t *testing.T) {
			once, twice := d.make(t), d.make(t)
			for _, dsn := range []string{once, twice, twice} {
				if out, err := job(t, append(args, "-db", dsn)...).CombinedOutput(); err != nil {
					t.Fatalf("%v\n%s", err, out)
				}
			}
			if diff := cmp.Diff(dump(t, once), dump(t, twice)); diff != "" {
				t.Errorf("twice in a row (-once +twice):\n%s", diff)
			}
			both := d.make(t)
			if s, err := open(t.Context(), both); err != nil { // two migrations at once are not what is tested
				t.Fatal(err)
			} else {
				s.close()
			}
			a, b := job(t, append(args, "-db", both)...), job(t, append(args, "-db", both)...)
			var outA, outB bytes.Buffer
			a.Stderr, b.Stderr = &outA, &outB
			if err := a.Start(); err != nil {
				t.Fatal(err)
			}
			if err := b.Run(); err != nil {
				t.Errorf("%v\n%s", err, outB.Bytes())
			}
			if err := a.Wait(); err != nil {
				t.Errorf("%v\n%s", err, outA.Bytes())
			}
			if diff := cmp.Diff(dump(t, once), dump(t, both)); diff != "" {
				t.Errorf("two at once (-once +both):\n%s", diff)
			}
		})
	}
}

// The example prints as the README shows it.
func TestExample(t *testing.T) {
	var out bytes.Buffer
	if err := run(t.Context(), nil, &out); err != nil {
		t.Fatal(err)
	}
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, shown, _ := strings.Cut(string(readme), "<!-- output:begin -->\n```\n")
	shown, _, _ = strings.Cut(shown, "```\n<!-- output:end -->")
	if diff := cmp.Diff(shown, out.String()); diff != "" {
		t.Errorf("README.md is stale (-shown +printed):\n%s", diff)
	}
	for _, format := range []string{"markdown", "json"} {
		if err := run(t.Context(), []string{"-format", format}, &bytes.Buffer{}); err != nil {
			t.Errorf("%s: %v", format, err)
		}
	}
}

// A canceled import keeps nothing, and can be done again.
func TestCanceledImport(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	dsn := filepath.Join(t.TempDir(), "billing.db")
	args := append(manyCustomers(t, 5), "-db", dsn)
	if err := run(ctx, args, &bytes.Buffer{}); err == nil {
		t.Error("a canceled job says that it is done")
	}
	if err := run(t.Context(), args, &bytes.Buffer{}); err != nil {
		t.Error(err)
	}
}

// A bill that cannot be read is an error that names file and line, and nothing
// of it is kept.
func TestBadBill(t *testing.T) {
	bill := filepath.Join(t.TempDir(), "bad.csv")
	text := "ProviderName,BillingAccountId,BillingCurrency,ChargeCategory,ChargePeriodStart,BilledCost,ServiceSubcategory\n" +
		"P,a,USD,Usage,2026-03-01,$10,Virtual Machines\n"
	if err := os.WriteFile(bill, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	dsn := filepath.Join(t.TempDir(), "billing.db")
	err := run(t.Context(), []string{"-db", dsn, "-bill", bill, "-advance", ""}, &bytes.Buffer{})
	if err == nil || !strings.Contains(err.Error(), "bad.csv") || !strings.Contains(err.Error(), "line 2") {
		t.Errorf("the error is %v", err)
	}
	if got := strings.TrimSpace(dump(t, dsn)); got != "" {
		t.Errorf("kept %s", got)
	}
}

// What cannot be done is said by name, before anything is issued.
func TestWrongFlags(t *testing.T) {
	file := func(text string) string {
		name := filepath.Join(t.TempDir(), "input.json")
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return name
	}
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"-format", "pdf"}, "-format"},
		{[]string{"-advance", "March"}, "-advance"},
		{[]string{"-bill", "none.csv"}, "none.csv"},
		{[]string{"-customers", file(`[{"account":"P/a","timeline":{"subscriptions":[{"plan":"gold"}]}}]`)}, "input.json"},
		{[]string{"-customers", "none.json"}, "none.json"},
		{[]string{"-book", file(`{"format":1,"cards":[]}`)}, "card"},
		{[]string{"-db", filepath.Join(t.TempDir(), "none", "billing.db")}, "migrate"},
	} {
		if err := run(t.Context(), c.args, &bytes.Buffer{}); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: %v; want an error that names %s", c.args, err, c.want)
		}
	}
}
