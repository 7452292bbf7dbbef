package main

import (
	"bytes"
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"
)

// The tests' program stands in for ours where it starts itself again.
const asProgram = "COMPARE_AS_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		main()
	}
	os.Exit(m.Run())
}

// program runs the program and returns what it prints.
func program(t *testing.T, stdin string, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	t.Setenv(asProgram, "1")
	var out, errs bytes.Buffer
	code = run(args, strings.NewReader(stdin), &out, &errs)
	return code, out.String(), errs.String()
}

// One quick run agrees on all answers, says where others do not, and prints
// every row. It says nothing about time.
func TestQuick(t *testing.T) {
	code, out, stderr := program(t, "", "-quick", "-focus", "300kB")
	if code != 0 || stderr != "" {
		t.Fatalf("exit code %d: %s", code, stderr)
	}
	for _, want := range []string{
		"- Fees: shopspring, govalues, apd, integers and all of ours agree to the cent on 12,305 usages.\n",
		"- Floats are a cent off on 14 of them: 1194523.25 costs 40790.46, says the loop, and not 40790.47.\n",
		"- Deadlines: rickar/cal, plain and cached, agrees with ours on 4,096 starts before New York's spring change,",
		": one hour after Saturday 23:30 is Monday 10:00, it says; ours says Sunday 10:00.",
		"- Around the clock: the same as `time.Add` and `time.Sub` on 4,096 starts.\n",
		"- Checks: all agree on all 64 questions.\n",
		machine() + "; 1 round:\n",
		"| what | ours | ns | allocs | instead | ns | allocs | ratio | goal | met |\n|---|---|--:|--:|---|--:|--:|---|---|---|\n",
		"rows, 1,000 accounts | `focus.Read` | bare `encoding/csv` |",
		"\n| time | ", "\n| memory, at most | ",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is not in what it prints", want)
		}
	}
	for _, r := range rows {
		if !strings.Contains(out, "| "+r.what+" | "+r.ours+" | ") {
			t.Errorf("no row %q of %s", r.what, r.ours)
		}
	}
	for _, bad := range []string{"NaN", "Inf", "| 0.00 |"} {
		if strings.Contains(out, bad) {
			t.Errorf("%s is in what it prints", bad)
		}
	}
	if t.Failed() {
		t.Log(out)
	}
}

// Each row's contenders exist, and what runs is in some row.
func TestRowsNameContenders(t *testing.T) {
	var there []string
	for _, part := range parts {
		_, contenders, err := part()
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range contenders {
			if slices.Contains(there, c.name) {
				t.Errorf("two contenders are called %s", c.name)
			}
			there = append(there, c.name)
			c.run(3)
		}
	}
	var named []string
	for _, r := range rows {
		for _, name := range []string{r.ours, r.peer} {
			if !slices.Contains(there, name) {
				t.Errorf("row %q names %s, which does not run", r.what, name)
			}
			named = append(named, name)
		}
	}
	for _, name := range there {
		if !slices.Contains(named, name) {
			t.Errorf("%s is in no row", name)
		}
	}
}

// The inputs are what the notes and the goals say: of every tier, before the
// change of the clock, and the same each time.
func TestInputs(t *testing.T) {
	if !slices.Equal(uniform(), uniform()) || !slices.Equal(even(), even()) || !slices.Equal(large(), large()) {
		t.Error("usages differ from time to time")
	}
	for name, usages := range map[string][]int64{"uniform": uniform(), "even": even()} {
		var in [len(tiers)]int
		for _, u := range usages {
			i := slices.IndexFunc(tiers[:], func(t struct{ upTo, percent int64 }) bool { return u <= t.upTo })
			in[i]++
		}
		if len(usages) != distinct || slices.Min(in[:]) == 0 || in[4] < distinct/6 || in[4] > distinct*2/3 {
			t.Errorf("%s: %d usages, by tier %v", name, len(usages), in)
		}
		if name == "even" && slices.Max(in[:])-slices.Min(in[:]) > distinct/20 {
			t.Errorf("%s: by tier %v", name, in)
		}
	}
	if slices.Min(large()) <= tiers[3].upTo || slices.Max(large()) < top*9/10 {
		t.Error("large usages are not of the last tier")
	}
	if in := spread(uniform()); len(in) != count || in[7] != uniform()[turn(7)] || turn(count+7) != turn(7) {
		t.Error("inputs are not taken in their order")
	}
	loc, err := newYork()
	if err != nil {
		t.Fatal(err)
	}
	change := springChange(loc)
	if change.Add(-1).Hour() != 1 || change.Hour() != 3 {
		t.Errorf("the clock does not change at %v", change)
	}
	for _, at := range instants(loc) {
		if !at.Before(change) || at.Before(change.AddDate(0, 0, -9)) {
			t.Fatalf("%v is not in the days before %v", at, change)
		}
	}
}

func TestRow(t *testing.T) {
	limit := row{"what", "ours", "peer", true, 2, 0}
	rival := row{"what", "ours", "peer", false, 25, 2}
	free := row{"what", "ours", "peer", false, 0, noGoal}
	for _, tt := range []struct {
		row        row
		ours, peer cost
		want       string
	}{
		{limit, cost{8, 0}, cost{4, 0}, "| what | ours | 8.00 | 0 | peer | 4.00 | 0 | 2.00× its cost | ≤ 2×, 0 allocs | ✓ |\n"},
		{limit, cost{8.2, 0}, cost{4, 0}, "| what | ours | 8.20 | 0 | peer | 4.00 | 0 | 2.05× its cost | ≤ 2×, 0 allocs | ✗ |\n"},
		{limit, cost{4, 1}, cost{4, 9}, "| what | ours | 4.00 | 1 | peer | 4.00 | 9 | 1.00× its cost | ≤ 2×, 0 allocs | ✗ |\n"},
		{rival, cost{50, 2}, cost{1250, 44}, "| what | ours | 50.0 | 2 | peer | 1,250 | 44 | 25× faster | ≥ 25×, ≤ 2 allocs | ✓ |\n"},
		{rival, cost{50, 2}, cost{1249, 44}, "| what | ours | 50.0 | 2 | peer | 1,249 | 44 | 24× faster | ≥ 25×, ≤ 2 allocs | ✗ |\n"},
		{rival, cost{50, 3}, cost{1250, 44}, "| what | ours | 50.0 | 3 | peer | 1,250 | 44 | 25× faster | ≥ 25×, ≤ 2 allocs | ✗ |\n"},
		{free, cost{100, 3}, cost{1_234_567, 44}, "| what | ours | 100 | 3 | peer | 1,234,567 | 44 | 12,345× faster |  |  |\n"},
		{free, cost{100, 3}, cost{125, 0}, "| what | ours | 100 | 3 | peer | 125 | 0 | 1.2× faster |  |  |\n"},
		{row{"what", "ours", "peer", true, 0, 0}, cost{9, 0}, cost{1, 0}, "| what | ours | 9.00 | 0 | peer | 1.00 | 0 | 9.00× its cost | 0 allocs | ✓ |\n"},
		{row{"what", "ours", "peer", true, 50, noGoal}, cost{51, 0}, cost{1, 0}, "| what | ours | 51.0 | 0 | peer | 1.00 | 0 | 51.00× its cost | ≤ 50× | ✗ |\n"},
	} {
		got := table([]row{tt.row}, map[string]cost{"ours": tt.ours, "peer": tt.peer})
		if _, got, _ = strings.Cut(got, "|---|---|---|\n"); got != tt.want {
			t.Errorf("got  %swant %s", got, tt.want)
		}
	}
}

// The README's tables have every row of today.
func TestREADME(t *testing.T) {
	b, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rows {
		if row := "| " + r.what + " | " + r.ours + " | "; !strings.Contains(string(b), row) {
			t.Errorf("the README has no row %q", row)
		}
	}
}

func TestMachine(t *testing.T) {
	if got := model("processor\t: 0\nmodel name\t: Some CPU @ 3 GHz\nmodel name\t: Other\n", "arm64"); got != "Some CPU @ 3 GHz" {
		t.Errorf("model %q", got)
	}
	if got := model("Features: fp\n", "arm64"); got != "arm64" {
		t.Errorf("model %q", got)
	}
	if got, ok := highWater("VmPeak:\t  99 kB\nVmHWM:\t   12 kB\n"); got != 12<<10 || !ok {
		t.Errorf("peak %d, %t", got, ok)
	}
	if got, ok := highWater("VmPeak:\t  99 kB\n"); ok {
		t.Errorf("peak %d", got)
	}
}

func TestSize(t *testing.T) {
	for text, want := range map[string]size{"1GB": 1e9, "64MB": 64e6, "300kB": 300e3, "0": 0, "1000GB": 1e12} {
		var s size
		if err := s.Set(text); err != nil || s != want || s.String() != text {
			t.Errorf("%s: %v, %v", text, &s, err)
		}
	}
	for _, text := range []string{"", "GB", "-1", "1.5GB", "1TB", "1001GB", "99999999999999999999"} {
		s := size(7)
		if err := s.Set(text); err == nil || s != 7 {
			t.Errorf("%q: %v, %v", text, &s, err)
		}
	}
}

// A bill is written once and read by each pass, as through a pipe.
func TestBill(t *testing.T) {
	code, bill, stderr := program(t, "", "-bill", "200kB")
	if code != 0 || len(bill) < 200e3 || len(bill) > 201e3 || !strings.HasPrefix(bill, header) {
		t.Fatalf("exit code %d, %d bytes: %s", code, len(bill), stderr)
	}
	var again bytes.Buffer
	holds, err := writeBill(&again, 200e3)
	if err != nil || again.String() != bill {
		t.Fatalf("the bill differs the second time: %v", err)
	}
	lines := strings.Count(bill, "\n")
	for _, pass := range []string{"focus", "csv"} {
		code, out, stderr := program(t, bill, "-pass", pass)
		var p passed
		if err := json.Unmarshal([]byte(out), &p); err != nil || code != 0 {
			t.Fatalf("%s: exit code %d: %v, %s", pass, code, err, stderr)
		}
		if p.Rows != lines-1 || p.Seconds <= 0 || p.Peak == 0 {
			t.Errorf("%s: %+v of %d lines", pass, p, lines)
		}
	}

	// The check of the sums sees a difference of 10^-9, of one row, of one account.
	report, err := sumBill(strings.NewReader(bill))
	if err != nil {
		t.Fatal(err)
	}
	if err := agreeOnBill(report, holds); err != nil {
		t.Error(err)
	}
	one := report.Accounts()[0]
	b := holds[billed{one.ID, one.Period.Start.Month()}]
	for what, change := range map[string]*int64{"counted": &b.counted, "excluded": &b.excluded} {
		*change++
		if agreeOnBill(report, holds) == nil {
			t.Errorf("%s may differ", what)
		}
		*change--
	}
	for what, change := range map[string]*int{"counted": &b.countedRows, "excluded": &b.excludedRows} {
		*change++
		if agreeOnBill(report, holds) == nil {
			t.Errorf("rows %s may differ", what)
		}
		*change--
	}
	delete(holds, billed{one.ID, one.Period.Start.Month()})
	if agreeOnBill(report, holds) == nil {
		t.Error("an account may be missing")
	}
}

func TestMisuse(t *testing.T) {
	for _, tt := range []struct {
		args []string
		code int
		want string
	}{
		{[]string{"-help"}, 0, "Usage of compare:"},
		{[]string{"-x"}, 2, "-x"},
		{[]string{"x"}, 2, `unexpected argument "x"`},
		{[]string{"-rounds", "0"}, 2, "-rounds and -time"},
		{[]string{"-time", "0"}, 2, "-rounds and -time"},
		{[]string{"-focus", "much"}, 2, "not a size"},
		{[]string{"-pass", "awk"}, 2, "-pass is focus or csv"},
		{[]string{"-pass", "csv", "-bill", "1kB"}, 2, "-pass beside -bill"},
		{[]string{"-pass", "focus"}, 1, "the bill is empty"},
		{[]string{"-pass", "csv"}, 1, "EOF"},
	} {
		code, stdout, stderr := program(t, "", tt.args...)
		if code != tt.code || !strings.Contains(stderr, tt.want) || stdout != "" {
			t.Errorf("%q: exit code %d, printed %q, error %q", tt.args, code, stdout, stderr)
		}
	}
}
