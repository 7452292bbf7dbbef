package main

import (
	"flag"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// report is the report of the team's card.
const report = `business: monotone: 10000.00 costs 1000.00, but 10000.01 costs 700.0007: 299.9993 less; and at 1 more bound
business: continuous: 10000.00 costs 1000.00, and 10000.01 costs 700.0007: a jump down by 299.9993; and at 1 more bound
`

// failing is set for the run in which the team's test is to fail.
const failing = "PRICINGLAWS_FAILING"

// The team's test fails on purpose: here it runs only within
// TestTheTest.
func TestMain(m *testing.M) {
	flag.Parse()
	if os.Getenv(failing) == "" {
		if err := flag.Set("test.skip", "^TestCard$"); err != nil {
			panic(err)
		}
	}
	os.Exit(m.Run())
}

// The team's test, of at most ten lines, finds the cliff and says from, to and
// by how much.
func TestTheTest(t *testing.T) {
	src, err := os.ReadFile("card_test.go")
	if err != nil {
		t.Fatal(err)
	}
	_, test, ok := strings.Cut(string(src), "\nfunc ")
	if lines := strings.Count(test, "\n"); !ok || lines > 10 {
		t.Errorf("the test has %d lines", lines)
	}
	cmd := exec.Command(os.Args[0], "-test.run=^TestCard$")
	cmd.Env = append(os.Environ(), failing+"=1")
	out, err := cmd.Output()
	if err == nil {
		t.Error("the test passes")
	}
	var got string
	for _, m := range regexp.MustCompile(`(?m)^    card_test\.go:\d+: (.*\n)`).FindAllStringSubmatch(string(out), -1) {
		got += m[1]
	}
	if diff := cmp.Diff(report, got); diff != "" {
		t.Errorf("(-want +got):\n%s\nout of %s", diff, out)
	}
}

func TestRun(t *testing.T) {
	mended := strings.Replace(string(cardJSON), `"volume"`, `"graduated"`, 1)
	for _, c := range []struct {
		name, card, out, errs string
		code                  int
	}{
		{"the card", string(cardJSON), report, "", 1},
		{"mended", mended, "team-2026-04: no law is broken\n", "", 0},
		{"no card", "{}", "", "billing: decode rate card: edition: missing; want a text of 1 to 200 bytes: invalid billing input\n", 1},
	} {
		var out, errs strings.Builder
		if code := run(&out, &errs, []byte(c.card)); code != c.code || out.String() != c.out || errs.String() != c.errs {
			t.Errorf("%s: exit code %d, %q, %q; want %d, %q, %q", c.name, code, out.String(), errs.String(), c.code, c.out, c.errs)
		}
	}
}
