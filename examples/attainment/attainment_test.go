package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"io"
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
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/supportplan/supportplan/plan"
	"github.com/supportplan/supportplan/severity"
	"github.com/supportplan/supportplan/sla"
	"github.com/supportplan/supportplan/sla/clock"
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
		text := jsonOf(record{fmt.Sprint("C-", i), c})
		if i%251 == 250 {
			text = strings.Replace(text, `"kind":"closed"`, `"kind":"vanished"`, 1)
		}
		lines = append(lines, text)
	}
	return lines
}

// inFiles writes lines to some files.
func inFiles(t *testing.T, random *rand.Rand, lines []string) (in input) {
	t.Helper()
	dir := t.TempDir()
	for i := range 3 {
		n := len(lines)
		if i < 2 {
			n = random.IntN(n)
		}
		in.files = append(in.files, filepath.Join(dir, fmt.Sprintf("cases%d.jsonl", i)))
		if err := os.WriteFile(in.files[i], []byte(strings.Join(lines[:n], "\n")), 0o600); err != nil {
			t.Fatal(err)
		}
		lines = lines[n:]
	}
	return in
}

var now = time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC)

// both runs the pipeline, compares what it writes with what one process does,
// to the byte, and returns it.
func both(t *testing.T, in input) (reports, dead []string) {
	t.Helper()
	start := time.Now()
	reports, dead, err := single(in, sla.Published(), now, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	alone := time.Since(start)
	start = time.Now()
	dir := t.TempDir()
	p, s := beam.NewPipelineWithRoot()
	fromBeam, deadOnBeam, err := pipeline(s, in.lines(s), sla.Published(), now, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	textio.Write(s, filepath.Join(dir, "reports.jsonl"), fromBeam)
	textio.Write(s, filepath.Join(dir, "deadletters.jsonl"), deadOnBeam)
	if err := beamx.Run(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	t.Logf("%v in one process, %v on Beam", alone.Round(time.Millisecond), time.Since(start).Round(time.Millisecond))
	for name, want := range map[string][]string{"reports.jsonl": reports, "deadletters.jsonl": dead} {
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
		got := strings.FieldsFunc(string(data), func(r rune) bool { return r == '\n' })
		slices.Sort(got)
		if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%s (-single +beam):\n%s", name, diff)
		}
	}
	return reports, dead
}

// The pipeline writes what one process does, in whatever order the cases come.
func TestEqualsSingleProcess(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	lines := generate(t, random, *histories)
	var before []string
	for range 2 {
		random.Shuffle(len(lines), func(i, j int) { lines[i], lines[j] = lines[j], lines[i] })
		reports, dead := both(t, inFiles(t, random, lines))
		if len(reports) != 4 || len(dead) != *histories/251 || !strings.Contains(dead[0], `"line":`) {
			t.Fatalf("%d reports, dead letters %q", len(reports), dead)
		}
		if diff := cmp.Diff(before, reports); before != nil && diff != "" {
			t.Errorf("in another order:\n%s", diff)
		}
		before = reports
	}
	both(t, input{})
}

// Reports of bundles merge to the report of one process, whatever is in which
// bundle and in whatever order they meet.
func TestBundles(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	in := inFiles(t, random, generate(t, random, 300))
	want, wantDead, err := single(in, sla.Published(), now, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	policy, err := json.Marshal(sla.Published())
	if err != nil {
		t.Fatal(err)
	}
	for range 5 {
		f := &countFn{Policy: policy, Now: now.UnixNano(), Resolution: int64(time.Minute)}
		if err := f.Setup(); err != nil {
			t.Fatal(err)
		}
		byMonth := make(map[string][][]byte)
		var dead []string
		emit := func(month string, report []byte) { byMonth[month] = append(byMonth[month], report) }
		bad := func(text string) { dead = append(dead, text) }
		f.StartBundle(emit, bad)
		if err := in.each(func(l line) {
			f.ProcessElement(jsonOf(l), emit, bad)
			if random.IntN(20) == 0 {
				if err := f.FinishBundle(emit, bad); err != nil {
					t.Fatal(err)
				}
				f.StartBundle(emit, bad)
			}
		}); err != nil {
			t.Fatal(err)
		}
		if err := f.FinishBundle(emit, bad); err != nil {
			t.Fatal(err)
		}
		var got []string
		for month, reports := range byMonth {
			reports = append(reports, nil) // an accumulator of nothing
			for len(reports) > 1 {
				random.Shuffle(len(reports), func(i, j int) { reports[i], reports[j] = reports[j], reports[i] })
				sum, err := new(mergeFn).MergeAccumulators(reports[0], reports[1])
				if err != nil {
					t.Fatal(err)
				}
				reports = append(reports[2:], sum)
			}
			got = append(got, monthLine(month, reports[0]))
		}
		slices.Sort(got)
		slices.Sort(dead)
		if diff := cmp.Diff([][]string{want, wantDead}, [][]string{got, dead}); diff != "" {
			t.Fatalf("(-single +bundles):\n%s", diff)
		}
	}
}

// A case of a log with a row that cannot be read is a dead letter at that row,
// and so is a row of a wrong length; all others count.
func TestLog(t *testing.T) {
	file := filepath.Join(t.TempDir(), "log.csv")
	if err := os.WriteFile(file, []byte(`number,incident_state,priority,opened_at,sys_updated_at
I1,New,1 - Critical,01-03-2026 09:00,01-03-2026 09:00
I2,New,2 - High,01-03-2026 09:00,01-03-2026 09:00
I3,New,4 - Low,01-03-2026 09:00
I1,Awaiting User Info,1 - Critical,01-03-2026 09:00,01-03-2026 09:10
I4,New,5 - None,01-03-2026 09:00,01-03-2026 09:00
I2,Active,2 - High,01-03-2026 09:00,2026-03-01 09:01
I1,Active,2 - High,01-03-2026 09:00,01-03-2026 09:30
I1,Closed,2 - High,01-03-2026 09:00,01-03-2026 10:00
I1,Active,2 - High,01-03-2026 09:00,01-03-2026 11:00
`), 0o600); err != nil {
		t.Fatal(err)
	}
	in := input{files: []string{file}, isLog: true}
	reports, dead := both(t, in)
	if len(reports) != 1 || len(dead) != 3 {
		t.Fatalf("reports %q, dead letters %q", reports, dead)
	}
	for i, want := range []string{`"line":4,`, `"line":6,"reason":"unknown priority`, `"line":7,`} {
		if !strings.Contains(dead[i], want) {
			t.Errorf("the dead letter %s has no %s", dead[i], want)
		}
	}
	var got record
	if err := in.each(func(l line) {
		if l.Wrong == "" {
			if err := json.Unmarshal([]byte(l.Text), &got); err != nil {
				t.Error(err)
			}
		}
	}); err != nil {
		t.Fatal(err)
	}
	var kinds []string
	for _, e := range got.Case.Events {
		kinds = append(kinds, string(e.Kind))
	}
	want := []string{"paused", "reclassified", "resumed", "responded", "closed", "reopened"}
	if diff := cmp.Diff(want, kinds); diff != "" {
		t.Errorf("events of %s (-want +got):\n%s", got.ID, diff)
	}
}

// A real service desk's log gives what the library's own tests count in it: two
// of its cases have an event before the opening.
func TestRealLog(t *testing.T) {
	const file = "../../../shared/data/incident_events.csv"
	if _, err := os.Stat(file); err != nil {
		t.Skip("the incident log is not here")
	}
	reports, dead := both(t, input{files: []string{file}, isLog: true})
	var sum sla.Attainment
	for _, text := range reports {
		var m monthly
		var report sla.Attainment
		if err := json.Unmarshal([]byte(text), &m); err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(m.Report, &report); err != nil {
			t.Fatal(err)
		}
		if err := sum.Merge(&report); err != nil {
			t.Fatal(err)
		}
	}
	got := sum.Total(clock.MetricFirstResponse).Counts()
	if diff := cmp.Diff(clock.Counts{Met: 206, Breached: 292}, got); diff != "" || len(dead) != 2 {
		t.Errorf("%d dead letters; counts (-want +got):\n%s", len(dead), diff)
	}
}

// Both paths print the same for the example.
func TestExample(t *testing.T) {
	dir := t.TempDir()
	flags := func(isAlone bool) string {
		t.Helper()
		*alone, *outDir = isAlone, filepath.Join(dir, fmt.Sprint(isAlone))
		defer func() { *alone, *outDir = false, "" }()
		if err := os.Mkdir(*outDir, 0o700); err != nil {
			t.Fatal(err)
		}
		var out strings.Builder
		if err := run(t.Context(), &out); err != nil {
			t.Fatal(err)
		}
		return strings.ReplaceAll(out.String(), *outDir, "DIR")
	}
	*outDir = dir
	for name, glob := range map[string]*string{"-cases": cases, "-log": incidents} {
		*glob = filepath.Join(dir, "none*")
		if err := run(t.Context(), io.Discard); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s of no file: %v", name, err)
		}
		*glob = ""
	}
	one, beam := flags(true), flags(false)
	if diff := cmp.Diff(one, beam); diff != "" || !strings.HasSuffix(one, "5 cases, 2 dead letters, in DIR\n") {
		t.Errorf("%s\n(-single +beam):\n%s", one, diff)
	}
}
