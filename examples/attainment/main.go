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
)

//go:embed example.jsonl
var example []byte

var (
	cases      = flag.String("cases", "", "files of case histories, JSON lines, as a `glob`; empty for the example's")
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
	lines, err := readLines()
	if err != nil {
		return err
	}
	if *alone {
		reports, dead, err := single(lines, policy, now, *resolution)
		if err != nil {
			return err
		}
		if err := errors.Join(writeLines(dir, "reports.jsonl", reports), writeLines(dir, "deadletters.jsonl", dead)); err != nil {
			return err
		}
	} else {
		p, s := beam.NewPipelineWithRoot()
		reports, dead, err := pipeline(s, beam.Reshuffle(s, beam.CreateList(s, lines)), policy, now, *resolution)
		if err != nil {
			return err
		}
		textio.Write(s, filepath.Join(dir, "reports.jsonl"), reports)
		textio.Write(s, filepath.Join(dir, "deadletters.jsonl"), dead)
		if err := beamx.Run(ctx, p); err != nil {
			return err
		}
	}
	return show(dir, len(lines), out)
}

// readLines returns the lines of all files, each with its place.
func readLines() (lines []string, err error) {
	add := func(name string, text []byte) {
		n := 0
		for data := range bytes.Lines(text) {
			n++
			if data = bytes.TrimSpace(data); len(data) > 0 {
				lines = append(lines, jsonOf(line{name, n, string(data)}))
			}
		}
	}
	if *cases == "" {
		add("example.jsonl", example)
		return lines, nil
	}
	files, err := filepath.Glob(*cases)
	if err != nil {
		return nil, err
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("-cases: no file matches %q", *cases)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		add(file, data)
	}
	return lines, nil
}

// single reports in one process, without Beam: what the pipeline must equal.
func single(lines []string, p sla.Policy, now time.Time, resolution time.Duration) (reports, dead []string, err error) {
	byMonth := make(map[string]*sla.Attainment)
	for _, text := range lines {
		var l line
		if err := json.Unmarshal([]byte(text), &l); err != nil {
			return nil, nil, err
		}
		month, one, bad := count(p, l, now, resolution)
		if bad != nil {
			dead = append(dead, jsonOf(*bad))
			continue
		}
		if byMonth[month] == nil {
			byMonth[month] = new(sla.Attainment)
		}
		if err := byMonth[month].Merge(&one); err != nil {
			return nil, nil, err
		}
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
func show(dir string, cases int, out io.Writer) error {
	data, err := os.ReadFile(filepath.Join(dir, "reports.jsonl"))
	if err != nil {
		return err
	}
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
	}
	dead, err := os.ReadFile(filepath.Join(dir, "deadletters.jsonl"))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	lines := 0
	for s := bufio.NewScanner(bytes.NewReader(dead)); s.Scan(); {
		lines++
	}
	fmt.Fprintf(out, "%d cases, %d dead letters, in %s\n", cases-lines, lines, dir)
	return nil
}
