package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/apache/beam/sdks/v2/go/pkg/beam"
	"github.com/apache/beam/sdks/v2/go/pkg/beam/io/filesystem"
	_ "github.com/apache/beam/sdks/v2/go/pkg/beam/io/filesystem/local"
	"github.com/apache/beam/sdks/v2/go/pkg/beam/io/textio"
	"github.com/apache/beam/sdks/v2/go/pkg/beam/register"
	"github.com/apache/beam/sdks/v2/go/pkg/beam/transforms/stats"

	"github.com/supportplan/supportplan/billing"
	"github.com/supportplan/supportplan/billing/focus"
)

func init() { // Beam wants its functions registered before main
	register.DoFn3x1[context.Context, string, func(string), error](&splitFn{})
	register.DoFn4x1[context.Context, string, func(string, []byte), func(string), error](&readFn{})
	register.DoFn2x0[string, func(string, []byte)](&customerFn{})
	register.DoFn2x0[string, func(string, []byte)](&earlierFn{})
	register.DoFn7x0[string, func(*[]byte) bool, func(*[]byte) bool, func(*[]byte) bool, func(string), func(string), func(string, int64)](&rateFn{})
	register.Combiner1[[]byte](&mergeFn{})
	register.Function2x2(byID)
	register.Function1x2(countBad)
	register.Function2x1(totalLine)
	register.Emitter1[string]()
	register.Emitter2[string, []byte]()
	register.Emitter2[string, int64]()
	register.Iter1[[]byte]()
}

// pipeline re-rates on any Beam runner and returns documents, dead letters and
// totals, as lines.
func pipeline(s beam.Scope, in inputs, book billing.Book, o options) (documents, bad, totals beam.PCollection, err error) {
	_, errCustomers := decode[customer]("customers", in.customers)
	_, errEarlier := decode[issued]("earlier documents", in.earlier)
	bookJSON, err := json.Marshal(book)
	if err := errors.Join(errCustomers, errEarlier, err); err != nil {
		return documents, bad, totals, err
	}
	files := beam.CreateList(s, in.bills)
	cuts := beam.Reshuffle(s, beam.ParDo(s, &splitFn{Size: in.splitSize}, files))
	parts, badRows := beam.ParDo2(s, &readFn{Options: o}, cuts)
	// Partial sums are merged where they are made, before they travel.
	sums := beam.CombinePerKey(s, &mergeFn{}, parts)
	usage := beam.ParDo(s, byID, sums)
	customers := beam.ParDo(s, &customerFn{}, lines(s, in.customers))
	earlier := beam.ParDo(s, &earlierFn{}, lines(s, in.earlier))
	joined := beam.CoGroupByKey(s, usage, customers, earlier)
	documents, badAccounts, amounts := beam.ParDo3(s, &rateFn{Book: bookJSON}, joined)
	bad = beam.Flatten(s, badRows, badAccounts)
	sum := stats.SumPerKey(s, beam.Flatten(s, amounts, beam.ParDo(s, countBad, bad)))
	return documents, bad, beam.ParDo(s, totalLine, sum), nil
}

// lines returns the lines of a file's text as a collection.
func lines(s beam.Scope, text []byte) beam.PCollection {
	var out []string
	for data := range bytes.Lines(text) {
		if data = bytes.TrimSpace(data); len(data) > 0 {
			out = append(out, string(data))
		}
	}
	if len(out) == 0 {
		out = []string{""} // Beam makes no list of nothing; readers skip it
	}
	return beam.CreateList(s, out)
}

// splitFn cuts files into splits.
type splitFn struct{ Size int64 }

// ProcessElement emits the splits of a file, each as JSON.
func (f *splitFn) ProcessElement(ctx context.Context, file string, emit func(string)) error {
	r, err := openFile(ctx, file)
	if err != nil {
		return err
	}
	defer r.Close()
	return splits(file, r, f.Size, func(s split) { emit(line(s)) })
}

func openFile(ctx context.Context, file string) (io.ReadCloser, error) {
	fs, err := filesystem.New(ctx, file)
	if err != nil {
		return nil, err
	}
	return fs.OpenRead(ctx, file)
}

// readFn sums splits.
type readFn struct{ Options options }

// ProcessElement emits the parts of a split by their keys, and its bad rows.
func (f *readFn) ProcessElement(ctx context.Context, cut string, emit func(string, []byte), bad func(string)) error {
	var s split
	if err := json.Unmarshal([]byte(cut), &s); err != nil {
		return err
	}
	r, err := openFile(ctx, s.File)
	if err != nil {
		return err
	}
	defer r.Close()
	if seeker, ok := r.(io.Seeker); ok {
		_, err = seeker.Seek(s.Start, io.SeekStart)
	} else {
		_, err = io.CopyN(io.Discard, r, s.Start)
	}
	if err != nil {
		return err
	}
	records := make([]byte, s.Size)
	if _, err := io.ReadFull(r, records); err != nil {
		return err
	}
	sum, rows := readSplit(s, records, f.Options.focus())
	for _, b := range rows {
		bad(line(b))
	}
	for key, part := range sum.Parts() {
		data, err := json.Marshal(part)
		if err != nil {
			return err
		}
		emit(key, data)
	}
	return nil
}

// mergeFn merges the parts of one key.
type mergeFn struct{}

// MergeAccumulators returns the sum of two parts; an empty one adds nothing.
func (*mergeFn) MergeAccumulators(a, b []byte) ([]byte, error) {
	if len(a) == 0 {
		return b, nil
	}
	if len(b) == 0 {
		return a, nil
	}
	var sum, part focus.Report
	if err := errors.Join(json.Unmarshal(a, &sum), json.Unmarshal(b, &part)); err != nil {
		return nil, err
	}
	if err := sum.Merge(part); err != nil {
		return nil, err
	}
	return json.Marshal(sum)
}

// byID keys a sum by its account's ID, so that rows without a provider meet the
// account that they belong to.
func byID(_ string, part []byte) (string, []byte) {
	var r focus.Report
	if err := json.Unmarshal(part, &r); err != nil {
		return "", part // rateFn reports it
	}
	return idOf(r), part
}

// customerFn keys customers by ID.
type customerFn struct{}

// ProcessElement emits a customer's line by its ID.
func (*customerFn) ProcessElement(text string, emit func(string, []byte)) {
	var c struct{ ID string }
	if text != "" && json.Unmarshal([]byte(text), &c) == nil {
		emit(c.ID, []byte(text))
	}
}

// earlierFn keys earlier documents by ID.
type earlierFn struct{}

// ProcessElement emits a document's line by its account's ID.
func (*earlierFn) ProcessElement(text string, emit func(string, []byte)) {
	var e struct{ ID string }
	if text != "" && json.Unmarshal([]byte(text), &e) == nil {
		emit(e.ID, []byte(text))
	}
}

// rateFn re-rates accounts.
type rateFn struct {
	Book []byte
	book billing.Book
}

// Setup reads the book, once for each worker.
func (f *rateFn) Setup() error { return json.Unmarshal(f.Book, &f.book) }

// ProcessElement emits an account's documents, what went wrong, and its amounts.
func (f *rateFn) ProcessElement(id string, parts, customers, earlier func(*[]byte) bool, documents, bad func(string), amounts func(string, int64)) {
	g, err := collect(parts, customers, earlier)
	if err != nil {
		bad(line(badRow{Where: id, Reason: err.Error()}))
		return
	}
	out, sums, wrong := rate(f.book, id, g.parts, g.customers, g.earlier)
	for _, d := range out {
		documents(line(d))
	}
	for _, b := range wrong {
		bad(line(b))
	}
	for _, a := range sums {
		amounts(a.Key, a.Minor)
	}
}

// collect reads what was joined under an account's ID.
func collect(parts, customers, earlier func(*[]byte) bool) (g group, err error) {
	for data := []byte(nil); parts(&data); {
		var r focus.Report
		if err := json.Unmarshal(data, &r); err != nil {
			return g, err
		}
		g.parts = append(g.parts, r)
	}
	for data := []byte(nil); customers(&data); {
		var c customer
		if err := json.Unmarshal(data, &c); err != nil {
			return g, err
		}
		g.customers = append(g.customers, c)
	}
	for data := []byte(nil); earlier(&data); {
		var e issued
		if err := json.Unmarshal(data, &e); err != nil {
			return g, err
		}
		g.earlier = append(g.earlier, e)
	}
	return g, nil
}

func countBad(string) (string, int64) { return "dead letters", 1 }

func totalLine(key string, minor int64) string { return fmt.Sprintf("%s %d", key, minor) }

// write writes lines to files in a folder.
func write(s beam.Scope, dir string, documents, bad, totals beam.PCollection) {
	textio.Write(s, dir+"/documents.jsonl", documents)
	textio.Write(s, dir+"/deadletters.jsonl", bad)
	textio.Write(s, dir+"/totals.txt", totals)
}
