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
	"github.com/apache/beam/sdks/v2/go/pkg/beam/io/textio"
	"github.com/apache/beam/sdks/v2/go/pkg/beam/x/beamx"
	"github.com/google/go-cmp/cmp"

	"github.com/supportplan/supportplan/plan"
	"github.com/supportplan/supportplan/severity"
	"github.com/supportplan/supportplan/sla"
)

var histories = flag.Int("cases-generated", 1000, "how many cases are generated")

func TestMain(m *testing.M) {
	flag.Parse()
	beam.Init()
	os.Exit(m.Run())
}

// generate returns lines of random cases, of which a few cannot be read.
func generate(t *testing.T, random *rand.Rand, n int) (lines []string) {
	t.Helper()
	for i := range n {
		opened := time.Date(2025, 11, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(random.Int64N(120*24*60)) * time.Minute)
		c := sla.Case{Plan: plan.All()[random.IntN(4)], Severity: severity.All()[random.IntN(4)], Opened: opened}
		at := opened.Add(time.Duration(random.Int64N(20*60)) * time.Minute)
		c.Events = append(c.Events, sla.Responded(at), sla.Closed(at.Add(time.Hour)))
		data, err := json.Marshal(record{fmt.Sprint("C-", i), c})
		if err != nil {
			t.Fatal(err)
		}
		text := string(data)
		if i%251 == 250 {
			text = strings.Replace(text, `"kind":"closed"`, `"kind":"vanished"`, 1)
		}
		lines = append(lines, jsonOf(line{"cases.jsonl", i + 1, text}))
	}
	return lines
}

// The pipeline writes what one process does, to the byte, in whatever order the
// cases come.
func TestEqualsSingleProcess(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	lines := generate(t, random, *histories)
	now := time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC)
	wantReports, wantDead, err := single(lines, sla.Published(), now, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	if len(wantReports) != 4 || len(wantDead) != *histories/251 || !strings.Contains(wantDead[0], `"line":`) {
		t.Fatalf("%d reports, dead letters %q", len(wantReports), wantDead)
	}
	for range 2 {
		random.Shuffle(len(lines), func(i, j int) { lines[i], lines[j] = lines[j], lines[i] })
		dir := t.TempDir()
		p, s := beam.NewPipelineWithRoot()
		reports, dead, err := pipeline(s, beam.Reshuffle(s, beam.CreateList(s, lines)), sla.Published(), now, time.Minute)
		if err != nil {
			t.Fatal(err)
		}
		textio.Write(s, filepath.Join(dir, "reports.jsonl"), reports)
		textio.Write(s, filepath.Join(dir, "deadletters.jsonl"), dead)
		if err := beamx.Run(t.Context(), p); err != nil {
			t.Fatal(err)
		}
		for name, want := range map[string][]string{"reports.jsonl": wantReports, "deadletters.jsonl": wantDead} {
			data, err := os.ReadFile(filepath.Join(dir, name))
			if err != nil {
				t.Fatal(err)
			}
			got := strings.FieldsFunc(string(data), func(r rune) bool { return r == '\n' })
			slices.Sort(got)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s (-single +beam):\n%s", name, diff)
			}
		}
	}
}
