package focus

import (
	"encoding/binary"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/supportplan/supportplan/sla/calendar"
)

// A table numbers texts.
type table struct {
	ids  map[string]uint32
	list []string
	id   uint32 // of the last text
}

// is reports whether s is the last text.
func (t *table) is(s string) bool { return len(t.list) > 0 && t.list[t.id] == s }

// of returns the number of s.
func (t *table) of(s string) uint32 {
	if t.is(s) {
		return t.id
	}
	id, ok := t.ids[s]
	if !ok {
		if t.ids == nil {
			t.ids = make(map[string]uint32)
		}
		s = strings.Clone(s) // the fields of a record share one string
		id = uint32(len(t.list))
		t.ids[s] = id
		t.list = append(t.list, s)
	}
	t.id = id
	return id
}

// A tally sums the rows of one key while a bill is read.
type tally struct {
	issuers []string // sorted
	issuer  string   // the last one
	kinds   []uint32 // of sums, in no order
	sums    []sum
}

// noPeriod is the number of no period.
const noPeriod = 0

type reader struct {
	opt     Options
	source  *source
	csv     *csv.Reader
	names   [columns]string // as in the bill
	at      [columns]int    // where the columns stand; -1: missing
	header  map[string]int  // all columns, by name and by folded name
	missing string          // the column that a rule asked for in vain
	record  []string
	line    int // where the next record starts

	excluded [len(reasons)]map[string]string // by reason and folded name, the name as given
	known    [len(reasons)]map[string]string // by reason and value as written, the name that excludes it
	marks    map[string]bool                 // whether a subcategory, as written, is a known one; false: support

	providers, currencies table
	categories            table
	kinds                 []kind
	kindIDs               map[kind]uint32
	lastKind              [3]uint32 // category, reason; number + 1
	issuers               map[string]string
	tallies               map[string]*tally
	groups                int // how many more sums there may be
	scratch               []byte

	spans    []calendar.Period
	spanIDs  map[span]uint32
	lastSpan span // of the last row, numbered lastID
	lastID   uint32
	cycle    cycle // of the texts begin and end
	begin    string
	end      string
}

// Read sums up a bill in CSV, to its end. It understands bills as exporters
// write them:
//
//   - Columns come in any order and case, with any others between them.
//   - An empty field, NULL, None, N/A, NaN and the like are null.
//   - Times are ISO 8601 with a T or a blank, with or without seconds, fractions
//     and a zone; without a zone they are in UTC, and a date alone is its
//     midnight.
//   - Costs are plain numbers or in E notation, of up to 1100 decimal places.
//   - Charge categories and service subcategories are in any case.
//   - Either kind of line end is fine, and so is a byte order mark before any
//     line.
//
// A row may have null for its provider, issuer, service and service category. A
// row that does not count may also have null for its cost, account, currency
// and time. A bill of nothing but a header makes a report without accounts.
//
// Read returns a *[Error] about the first thing that is wrong with the bill,
// and then no report. It returns an error wrapping [ErrInvalid] if o is not
// usable.
func Read(r io.Reader, o Options) (Report, error) {
	o, err := o.check()
	if err != nil {
		return Report{}, err
	}
	if r == nil {
		return Report{}, &Error{Err: empty()}
	}
	return newReader(r, o).read()
}

// read reads the bill to its end.
func (x *reader) read() (Report, error) {
	if err := x.readHeader(); err != nil {
		return Report{}, err
	}
	for {
		err := x.next()
		if err == io.EOF { // one that is wrapped is an error of r
			return x.report()
		}
		if err == nil {
			err = x.row()
		}
		if err != nil {
			return Report{}, err
		}
	}
}

func empty() error { return fmt.Errorf("the bill is empty, without even a header: %w", ErrInvalid) }

func newReader(r io.Reader, o Options) *reader {
	x := &reader{
		opt:     o,
		source:  &source{r: r, until: bufferSize},
		names:   columnNames,
		marks:   make(map[string]bool),
		kindIDs: make(map[kind]uint32),
		issuers: make(map[string]string),
		tallies: make(map[string]*tally),
		spans:   []calendar.Period{noPeriod: {}},
		spanIDs: map[span]uint32{{}: noPeriod},
		groups:  MaxGroups,
		line:    1,
	}
	x.names[colCost] = string(o.Cost)
	for reason, list := range [...][]string{namedService: o.ExcludeServices, namedSubcategory: o.ExcludeSubcategories, namedPublisher: o.ExcludePublishers} {
		for _, name := range list {
			if x.excluded[reason] == nil {
				x.excluded[reason] = make(map[string]string)
			}
			if _, ok := x.excluded[reason][fold(name)]; !ok {
				x.excluded[reason][fold(name)] = strings.Clone(name)
			}
		}
	}
	return x
}

// next reads one record of bounded length. At the end of the bill it returns a
// bare io.EOF.
func (x *reader) next() error {
	start := x.csv.InputOffset()
	x.source.until = start + MaxRecord + bufferSize
	record, err := x.csv.Read()
	if err == io.EOF {
		return err
	}
	if err == nil && x.csv.InputOffset()-start > MaxRecord {
		err = tooLong()
	}
	if err != nil {
		return x.syntax(record, err)
	}
	x.record = record
	last := len(record) - 1
	line, _ := x.csv.FieldPos(last)
	x.line = line + strings.Count(record[last], "\n") + 1
	return nil
}

// syntax returns the error of the record that starts at x.line.
func (x *reader) syntax(record []string, err error) error {
	var bad *csv.ParseError
	if !errors.As(err, &bad) {
		return &Error{Line: x.line, Err: err}
	}
	switch {
	case errors.Is(bad.Err, csv.ErrFieldCount):
		return &Error{Line: bad.Line, Option: "Comma", Err: fmt.Errorf("%d cells, and the header has %d; is the file cut off, or a comma not quoted?: %w", len(record), x.csv.FieldsPerRecord, ErrInvalid)}
	case errors.Is(bad.Err, csv.ErrQuote) && x.source.err != nil && x.csv.InputOffset() == x.source.passed:
		return &Error{Line: bad.StartLine, Err: fmt.Errorf("a quote in this row is not closed; is the file cut off?: %w", ErrInvalid)}
	}
	return &Error{Line: bad.Line, Err: fmt.Errorf("%w; quote the whole cell and write \"\" for a quote in it: %w", bad.Err, ErrInvalid)}
}

// fail returns the error of the current record's field in column col.
func (x *reader) fail(col int, option string, err error) error {
	line, _ := x.csv.FieldPos(max(x.at[col], 0))
	return &Error{Line: line, Column: x.names[col], Option: option, Err: err}
}

// value returns the record's field in column col; it is empty if the bill has
// no such column.
func (x *reader) value(col int) string {
	if at := x.at[col]; at >= 0 {
		return x.record[at]
	}
	return ""
}

// report returns the report of all rows.
func (x *reader) report() (Report, error) {
	r := Report{cost: x.opt.Cost, bySubAccount: x.opt.BySubAccount, parts: make([]part, 0, len(x.tallies))}
	for reason, names := range x.excluded {
		for _, text := range names {
			r.names = append(r.names, name{reason, text})
		}
	}
	slices.SortFunc(r.names, name.compare)
	for k, t := range x.tallies {
		word := func(i int) uint32 { return binary.LittleEndian.Uint32([]byte(k[4*i : 4*i+4])) }
		p := part{
			key:     key{provider: x.providers.list[word(0)], id: k[12:], currency: x.currencies.list[word(1)]},
			period:  x.spans[word(2)],
			issuers: t.issuers,
			cells:   make([]cell, len(t.sums)),
		}
		if word(2) != noPeriod {
			p.key.period = spanOf(p.period)
		}
		for i, s := range t.sums {
			p.cells[i] = cell{x.kinds[t.kinds[i]], s}
		}
		slices.SortFunc(p.cells, func(a, b cell) int { return a.kind.compare(b.kind) })
		r.parts = append(r.parts, p)
		delete(x.tallies, k)
	}
	slices.SortFunc(r.parts, compareParts)
	if err := r.checkPeriods(); err != nil {
		return Report{}, &Error{Option: "Zone", Err: err}
	}
	return r, nil
}
