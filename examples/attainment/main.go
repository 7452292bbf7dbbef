// Attainment reports how well targets were met over years of cases, by month,
// plan, severity and metric, on Apache Beam.
//
//	go run .
//
// Without flags it reports on a few embedded cases in this process, on Beam's
// own runner. With Beam's flags --runner and --endpoint the same program runs on
// a cluster.
package main

import (
	"bufio"
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/apache/beam/sdks/v2/go/pkg/beam"
	"github.com/apache/beam/sdks/v2/go/pkg/beam/io/textio"
	"github.com/apache/beam/sdks/v2/go/pkg/beam/x/beamx"

	"github.com/supportplan/supportplan/sla"
	"github.com/supportplan/supportplan/sla/clock"
)

//go:embed example.jsonl
var example []byte

var (
	cases      = flag.String("cases", "", "files of case histories, JSON lines, as a `glob`; empty for the example's")
	incidents  = flag.String("log", "", "incident logs, CSV files with a row for each update, as a `glob`; instead of -cases")
	policyFile = flag.String("policy", "", "the policy, a JSON `file`; empty for the published one")
	at         = flag.String("now", "2026-04-01T00:00:00Z", "the `time` at which the cases are looked at")
	resolution = flag.Duration("resolution", time.Minute, "the resolution of response times")
	outDir     = flag.String("out", "", "the `folder` to write to; empty for a temporary one, which is printed")
	alone      = flag.Bool("single", false, "work in one process, without Beam")
)

func main() {
	flag.Parse()
	beam.Init()
	if err := run(context.Background(), os.Stdout); err != nil {
		log.Fatal("attainment: ", err)
	}
}

func run(ctx context.Context, out io.Writer) error {
	now, err := time.Parse(time.RFC3339, *at)
	if err != nil {
		return fmt.Errorf("-now: %w", err)
	}
	policy := sla.Published()
	if *policyFile != "" {
		data, err := os.ReadFile(*policyFile)
		if err != nil {
			return fmt.Errorf("-policy: %w", err)
		}
		if err := json.Unmarshal(data, &policy); err != nil {
			return fmt.Errorf("-policy: %w", err)
		}
	}
	dir := *outDir
	if dir == "" {
		if dir, err = os.MkdirTemp("", "attainment"); err != nil {
			return err
		}
	}
	in, err := inputs()
	if err != nil {
		return err
	}
	for _, name := range []string{"reports.jsonl", "deadletters.jsonl"} { // Beam writes no file of no lines
		if err := writeLines(dir, name, nil); err != nil {
			return err
		}
	}
	if *alone {
		reports, dead, err := single(in, policy, now, *resolution)
		if err != nil {
			return err
		}
		if err := errors.Join(writeLines(dir, "reports.jsonl", reports), writeLines(dir, "deadletters.jsonl", dead)); err != nil {
			return err
		}
	} else {
		p, s := beam.NewPipelineWithRoot()
		reports, dead, err := pipeline(s, in.lines(s), policy, now, *resolution)
		if err != nil {
			return err
		}
		textio.Write(s, filepath.Join(dir, "reports.jsonl"), reports)
		textio.Write(s, filepath.Join(dir, "deadletters.jsonl"), dead)
		if err := beamx.Run(ctx, p); err != nil {
			return err
		}
	}
	return show(dir, out)
}

// An input is a list of files, or the embedded example if there are none.
type input struct {
	files []string
	isLog bool
}

// inputs returns what the flags ask for.
func inputs() (in input, err error) {
	glob, name := *cases, "-cases"
	if *incidents != "" {
		glob, name, in.isLog = *incidents, "-log", true
	}
	if *cases != "" && in.isLog {
		return in, errors.New("-cases and -log exclude each other")
	}
	if glob == "" {
		return in, nil
	}
	if in.files, err = filepath.Glob(glob); err == nil && len(in.files) == 0 {
		err = errors.New("no file matches")
	}
	if err != nil {
		return in, fmt.Errorf("%s %q: %w", name, glob, err)
	}
	return in, nil
}

// lines returns the input's lines, read by the pipeline's workers.
func (in input) lines(s beam.Scope) beam.PCollection {
	if len(in.files) == 0 {
		var all []string
		read("example.jsonl", bytes.NewReader(example), false, func(l line) { all = append(all, jsonOf(l)) }) //nolint:errcheck // memory can be read
		return beam.CreateList(s, all)
	}
	files := beam.Reshuffle(s, beam.CreateList(s, in.files))
	return beam.Reshuffle(s, beam.ParDo(s, &readFn{IsLog: in.isLog}, files))
}

// each reads the input in this process.
func (in input) each(emit func(line)) error {
	if len(in.files) == 0 {
		return read("example.jsonl", bytes.NewReader(example), false, emit)
	}
	for _, file := range in.files {
		f, err := os.Open(file)
		if err != nil {
			return err
		}
		if err := errors.Join(read(file, f, in.isLog, emit), f.Close()); err != nil {
			return err
		}
	}
	return nil
}

// read emits the lines of a file of case histories, or the cases of a log, each
// with its place.
func read(file string, r io.Reader, isLog bool, emit func(line)) error {
	if isLog {
		return readLog(file, r, emit)
	}
	lines := bufio.NewReader(r)
	for n := 1; ; n++ {
		text, err := lines.ReadBytes('\n')
		if text = bytes.TrimSpace(text); len(text) > 0 {
			emit(line{File: file, Line: n, Text: string(text)})
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
	}
}

// single reports in one process, without Beam: what the pipeline must equal.
func single(in input, p sla.Policy, now time.Time, resolution time.Duration) (reports, dead []string, err error) {
	byMonth := make(map[string]*sla.Attainment)
	var failed error
	err = in.each(func(l line) {
		month, one, bad := count(p, l, now, resolution)
		if bad != nil {
			dead = append(dead, jsonOf(*bad))
			return
		}
		if byMonth[month] == nil {
			byMonth[month] = new(sla.Attainment)
		}
		failed = errors.Join(failed, byMonth[month].Merge(&one))
	})
	if err = errors.Join(err, failed); err != nil {
		return nil, nil, err
	}
	for month, report := range byMonth {
		data, err := json.Marshal(report)
		if err != nil {
			return nil, nil, err
		}
		reports = append(reports, monthLine(month, data))
	}
	slices.Sort(reports)
	slices.Sort(dead)
	return reports, dead, nil
}

func writeLines(dir, name string, lines []string) error {
	var text strings.Builder
	for _, l := range lines {
		fmt.Fprintln(&text, l)
	}
	return os.WriteFile(filepath.Join(dir, name), []byte(text.String()), 0o644)
}

// show prints the reports that a run wrote, by month.
func show(dir string, out io.Writer) error {
	data, err := os.ReadFile(filepath.Join(dir, "reports.jsonl"))
	if err != nil {
		return err
	}
	var counted int64
	var months []string
	for text := range bytes.Lines(data) {
		months = append(months, string(text))
	}
	slices.Sort(months)
	for _, text := range months {
		var m monthly
		var report sla.Attainment
		if err := json.Unmarshal([]byte(text), &m); err != nil {
			return err
		}
		if err := json.Unmarshal(m.Report, &report); err != nil {
			return err
		}
		printMonth(out, m.Month, &report)
		counted += report.Total(clock.MetricFirstResponse).Counts().Total()
	}
	dead, err := os.ReadFile(filepath.Join(dir, "deadletters.jsonl"))
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "%d cases, %d dead letters, in %s\n", counted, bytes.Count(dead, []byte{'\n'}), dir)
	return nil
}
