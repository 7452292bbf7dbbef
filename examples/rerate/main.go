// Rerate bills every account of cloud bills again, after a change of prices or
// of what was used, on Apache Beam.
//
//	go run .
//
// Without flags it re-rates an embedded example in this process, on Beam's own
// runner. With Beam's flags --runner and --endpoint the same program runs on a
// cluster.
package main

import (
	"context"
	"embed"
	"encoding/json"
	"flag"
	"fmt"
	"io/fs"
	"log"
	"os"
	"path/filepath"
	"strings"

	"github.com/apache/beam/sdks/v2/go/pkg/beam"
	"github.com/apache/beam/sdks/v2/go/pkg/beam/x/beamx"

	"github.com/supportplan/supportplan/billing"
	"github.com/supportplan/supportplan/billing/focus"
)

//go:embed example
var example embed.FS

// inputs are what is re-rated.
type inputs struct {
	bills              []string
	customers, earlier []byte // lines of JSON
	splitSize          int64
}

// options say how bills are read. Beam sends them to its workers as JSON.
type options struct {
	CountUnmarked   bool
	ExcludeServices []string
}

func (o options) focus() focus.Options {
	return focus.Options{CountUnmarked: o.CountUnmarked, ExcludeServices: o.ExcludeServices}
}

var (
	bills     = flag.String("bills", "", "FOCUS CSV files, as a `glob`; empty for the example's")
	customers = flag.String("customers", "", "the customers, a `file` of JSON lines")
	earlier   = flag.String("earlier", "", "the documents issued so far, a `file` of JSON lines")
	book      = flag.String("book", "", "the rate cards by effective date, a JSON `file`")
	outDir    = flag.String("out", "", "the `folder` to write to; empty for a temporary one, which is printed")
	splitSize = flag.Int64("split", 8<<20, "the `bytes` of a bill that are read at once")
	unmarked  = flag.Bool("count-unmarked", false, "count rows that do not say whether they are support")
	exclude   = flag.String("exclude", "", "a `service` that does not count")
	alone     = flag.Bool("single", false, "work in one process, without Beam")
)

func main() {
	flag.Parse()
	beam.Init()
	if err := run(context.Background()); err != nil {
		log.Fatal("rerate: ", err)
	}
}

func run(ctx context.Context) error {
	dir := *outDir
	isExample := *bills == ""
	if dir == "" {
		var err error
		if dir, err = os.MkdirTemp("", "rerate"); err != nil {
			return err
		}
		if isExample {
			defer os.RemoveAll(dir)
		}
	}
	if isExample {
		if err := unpack(dir); err != nil {
			return err
		}
		*bills = filepath.Join(dir, "*.csv")
		*customers, *book = filepath.Join(dir, "customers.jsonl"), filepath.Join(dir, "book.json")
		*earlier = filepath.Join(dir, "earlier.jsonl")
	}
	in, b, err := read3()
	if err != nil {
		return err
	}
	o := options{CountUnmarked: *unmarked}
	if *exclude != "" {
		o.ExcludeServices = []string{*exclude}
	}
	for _, name := range []string{"documents.jsonl", "deadletters.jsonl", "totals.txt"} { // Beam writes no file of no lines
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o644); err != nil {
			return err
		}
	}
	if *alone {
		r, err := single(in, b, o.focus())
		if err != nil {
			return err
		}
		for name, lines := range map[string][]string{"documents.jsonl": r.Documents, "deadletters.jsonl": r.Bad, "totals.txt": r.Totals} {
			text := strings.Join(lines, "\n")
			if text != "" {
				text += "\n"
			}
			if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
				return err
			}
		}
	} else {
		p, s := beam.NewPipelineWithRoot()
		documents, bad, totals, err := pipeline(s, in, b, o)
		if err != nil {
			return err
		}
		write(s, dir, documents, bad, totals)
		if err := beamx.Run(ctx, p); err != nil {
			return err
		}
	}
	totals, err := os.ReadFile(filepath.Join(dir, "totals.txt"))
	if err != nil {
		return err
	}
	fmt.Printf("%s", totals)
	if !isExample {
		fmt.Println(dir)
	}
	return nil
}

// unpack writes the example's files to a folder.
func unpack(dir string) error {
	sub, err := fs.Sub(example, "example")
	if err != nil {
		return err
	}
	return os.CopyFS(dir, sub)
}

// read3 reads the names of the bills, the customers and earlier documents, and
// the book.
func read3() (in inputs, b billing.Book, err error) {
	in.splitSize = *splitSize
	if in.bills, err = filepath.Glob(*bills); err != nil {
		return in, b, err
	}
	if len(in.bills) == 0 {
		return in, b, fmt.Errorf("-bills: no file matches %q", *bills)
	}
	if in.customers, err = os.ReadFile(*customers); err != nil {
		return in, b, fmt.Errorf("-customers: %w", err)
	}
	if *earlier != "" {
		if in.earlier, err = os.ReadFile(*earlier); err != nil {
			return in, b, fmt.Errorf("-earlier: %w", err)
		}
	}
	data, err := os.ReadFile(*book)
	if err != nil {
		return in, b, fmt.Errorf("-book: %w", err)
	}
	if err := json.Unmarshal(data, &b); err != nil {
		return in, b, fmt.Errorf("-book: %w", err)
	}
	return in, b, nil
}
