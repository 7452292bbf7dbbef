package main

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/apache/beam/sdks/v2/go/pkg/beam"
	"github.com/apache/beam/sdks/v2/go/pkg/beam/io/filesystem"
	_ "github.com/apache/beam/sdks/v2/go/pkg/beam/io/filesystem/local"
	"github.com/apache/beam/sdks/v2/go/pkg/beam/register"

	"github.com/supportplan/supportplan/sla"
)

func init() { // Beam wants its functions registered before main
	register.DoFn3x1[context.Context, string, func(string), error](&readFn{})
	register.DoFn3x0[string, func(string, []byte), func(string)](&countFn{})
	register.Combiner1[[]byte](&mergeFn{})
	register.Function2x1(monthLine)
	register.Emitter1[string]()
	register.Emitter2[string, []byte]()
}

// readFn reads files where the pipeline runs.
type readFn struct{ IsLog bool }

// ProcessElement emits the lines of a file, each as the JSON of a [line].
func (f *readFn) ProcessElement(ctx context.Context, file string, emit func(string)) error {
	fs, err := filesystem.New(ctx, file)
	if err != nil {
		return err
	}
	defer fs.Close()
	r, err := fs.OpenRead(ctx, file)
	if err != nil {
		return err
	}
	defer r.Close()
	return read(file, r, f.IsLog, func(l line) { emit(jsonOf(l)) })
}

// pipeline reports on lines, each the JSON of a [line], by month. It returns the
// reports and the dead letters, as lines of JSON.
func pipeline(s beam.Scope, lines beam.PCollection, p sla.Policy, now time.Time, resolution time.Duration) (reports, dead beam.PCollection, err error) {
	policy, err := json.Marshal(p)
	if err != nil {
		return reports, dead, err
	}
	ones, dead := beam.ParDo2(s, &countFn{Policy: policy, Now: now.UnixNano(), Resolution: int64(resolution)}, lines)
	// Reports are merged where they are made, before they travel.
	return beam.ParDo(s, monthLine, beam.CombinePerKey(s, &mergeFn{}, ones)), dead, nil
}

// countFn evaluates cases. It keeps one report for each month of a bundle.
type countFn struct {
	Policy          []byte
	Now, Resolution int64
	policy          sla.Policy
	bundle          map[string]*sla.Attainment
}

// Setup reads the policy, once for each worker.
func (f *countFn) Setup() error { return json.Unmarshal(f.Policy, &f.policy) }

// StartBundle starts without reports.
func (f *countFn) StartBundle(func(string, []byte), func(string)) {
	f.bundle = make(map[string]*sla.Attainment)
}

// ProcessElement counts a line, or emits it as a dead letter.
func (f *countFn) ProcessElement(text string, _ func(string, []byte), dead func(string)) {
	var l line
	if err := json.Unmarshal([]byte(text), &l); err != nil {
		dead(jsonOf(deadLetter{Reason: err.Error()}))
		return
	}
	month, one, bad := count(f.policy, l, time.Unix(0, f.Now).UTC(), time.Duration(f.Resolution))
	if bad == nil {
		if f.bundle[month] == nil {
			f.bundle[month] = new(sla.Attainment)
		}
		if err := f.bundle[month].Merge(&one); err != nil {
			bad = &deadLetter{File: l.File, Line: l.Line, Reason: err.Error()}
		}
	}
	if bad != nil {
		dead(jsonOf(*bad))
	}
}

// FinishBundle emits the bundle's reports.
func (f *countFn) FinishBundle(emit func(string, []byte), _ func(string)) error {
	for month, report := range f.bundle {
		data, err := json.Marshal(report)
		if err != nil {
			return err
		}
		emit(month, data)
	}
	return nil
}

// mergeFn merges the reports of one month.
type mergeFn struct{}

// MergeAccumulators returns the sum of two reports; an empty one adds nothing.
func (*mergeFn) MergeAccumulators(a, b []byte) ([]byte, error) {
	if len(a) == 0 {
		return b, nil
	}
	if len(b) == 0 {
		return a, nil
	}
	var sum, part sla.Attainment
	if err := errors.Join(json.Unmarshal(a, &sum), json.Unmarshal(b, &part)); err != nil {
		return nil, err
	}
	if err := sum.Merge(&part); err != nil {
		return nil, err
	}
	return json.Marshal(sum)
}

func monthLine(month string, report []byte) string { return jsonOf(monthly{month, report}) }

// jsonOf returns v, which is plain data, as JSON.
func jsonOf(v any) string {
	data, err := json.Marshal(v)
	if err != nil {
		panic(err) // strings, numbers and JSON can be written
	}
	return string(data)
}
