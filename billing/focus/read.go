package focus

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/supportplan/supportplan/internal/quote"
	"github.com/supportplan/supportplan/sla/calendar"
)

// The columns that are read.
const (
	colServiceProvider = iota
	colProvider
	colIssuer
	colAccount
	colSubAccount
	colCurrency
	colBillingStart
	colBillingEnd
	colStart
	colCategory
	colServiceCategory
	colService
	colSubcategory
	colPublisher
	colCost
	columns
)

// columnNames are the names of the columns in FOCUS; that of the cost is
// another one if it is EffectiveCost.
var columnNames = [columns]string{
	"ServiceProviderName", "ProviderName", "InvoiceIssuerName", "BillingAccountId", "SubAccountId", "BillingCurrency",
	"BillingPeriodStart", "BillingPeriodEnd", "ChargePeriodStart", "ChargeCategory", "ServiceCategory", "ServiceName", "ServiceSubcategory",
	"PublisherName", "BilledCost",
}

// A Row is a row of a bill, for [Options.ExcludeIf]. It must not be kept.
type Row interface {
	// Value returns the row's value in the named column, or "" if it is null.
	// The name is that in the bill, in any case. If the bill has no such column,
	// Read returns an error.
	Value(column string) string
	// Has reports whether the bill has the named column.
	Has(column string) bool
}

// Value is the method of [Row].
func (x *reader) Value(column string) string {
	at, ok := x.header[column]
	if !ok {
		at, ok = x.header[fold(column)]
	}
	if !ok {
		x.missing = column
		return ""
	}
	if value := x.record[at]; !isNull(value) {
		return value
	}
	return ""
}

// Has is the method of [Row].
func (x *reader) Has(column string) bool {
	_, ok := x.header[fold(column)]
	return ok
}

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
	whats   []uint32 // of sums, in no order
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
	marks    map[string]bool                 // whether a subcategory, as written, is a known one; false: support

	providers, currencies table
	categories            table
	whats                 []what
	whatIDs               map[what]uint32
	lastWhat              [3]uint32 // category, reason; number + 1
	issuers               map[string]string
	tallies               map[string]*tally
	groups                int
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
	x := newReader(r, o)
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
		source:  &source{r: r, until: slack},
		names:   columnNames,
		marks:   make(map[string]bool),
		whatIDs: make(map[what]uint32),
		issuers: make(map[string]string),
		tallies: make(map[string]*tally),
		spans:   []calendar.Period{noPeriod: {}},
		spanIDs: map[span]uint32{{}: noPeriod},
		line:    1,
	}
	x.names[colCost] = string(o.Cost)
	for reason, list := range [...][]string{2: nil, 3: o.ExcludeServices, 4: o.ExcludeSubcategories, 5: o.ExcludePublishers} {
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
	x.source.until = start + MaxRecord + slack
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

// readHeader recognises the format and finds the columns.
func (x *reader) readHeader() error {
	buf := bufio.NewReaderSize(x.source, bufferSize)
	head, _ := buf.Peek(bufferSize) // the source keeps its error
	if err := foreign(head); err != nil {
		return &Error{Err: err}
	}
	known := make(map[string]bool)
	for i, name := range x.names {
		if mapped, ok := x.opt.Columns[name]; ok {
			x.names[i] = mapped
		}
		known[fold(x.names[i])] = true
	}
	if err := delimiter(head, x.opt.Comma, func(s string) bool { return known[fold(s)] }); err != nil {
		return &Error{Line: 1 + bytes.Count(head[:len(head)-len(bytes.TrimLeft(head, "\r\n"))], []byte("\n")), Option: "Comma", Err: err}
	}
	x.csv = csv.NewReader(buf)
	x.csv.ReuseRecord = true
	x.csv.Comma = x.opt.Comma
	if err := x.next(); err == io.EOF {
		return &Error{Err: empty()}
	} else if err != nil {
		return err
	}
	return x.findColumns()
}

// findColumns finds the columns of the header, which is the record.
func (x *reader) findColumns() error {
	line, _ := x.csv.FieldPos(0)
	x.header = make(map[string]int, len(x.record))
	for i, name := range x.record {
		if _, ok := x.header[name]; !ok {
			x.header[strings.Clone(name)] = i
		}
	}
	for i, name := range x.record {
		if _, ok := x.header[fold(name)]; !ok {
			x.header[strings.Clone(fold(name))] = i
		}
	}
	for i, name := range x.names {
		x.at[i] = slices.Index(x.record, name)
		same := func(s string) bool { return s == name }
		if x.at[i] < 0 {
			same = func(s string) bool { return fold(s) == fold(name) }
			x.at[i] = slices.IndexFunc(x.record, same)
		}
		if x.at[i] >= 0 && slices.ContainsFunc(x.record[x.at[i]+1:], same) {
			return &Error{Line: line, Column: name, Err: fmt.Errorf("there twice: %w", ErrInvalid)}
		}
	}
	var missing []string
	need := func(col int, when bool) {
		if when && x.at[col] < 0 {
			missing = append(missing, x.names[col])
		}
	}
	hasProvider := x.at[colServiceProvider] >= 0 || x.at[colProvider] >= 0 || x.at[colIssuer] >= 0
	need(colProvider, !hasProvider)
	need(colIssuer, !hasProvider)
	need(colAccount, !x.opt.BySubAccount)
	need(colSubAccount, x.opt.BySubAccount)
	need(colCurrency, true)
	need(colBillingStart, x.opt.AsBilled)
	need(colStart, !x.opt.AsBilled)
	need(colCategory, true)
	need(colService, len(x.opt.ExcludeServices) > 0)
	need(colPublisher, len(x.opt.ExcludePublishers) > 0)
	need(colCost, true)
	need(colSubcategory, !x.opt.CountUnmarked && len(missing) > 0 || len(x.opt.ExcludeSubcategories) > 0)
	if len(missing) > 0 {
		what := "the column is missing"
		if len(missing) > 1 {
			what = "the columns are missing"
		}
		if !hasProvider {
			what += "; one of the first two is enough"
		}
		return &Error{Line: line, Column: strings.Join(missing, ", "), Option: "Columns", Err: fmt.Errorf("%s: %w", what, ErrInvalid)}
	}
	if x.at[colSubcategory] < 0 && !x.opt.CountUnmarked {
		return &Error{Line: line, Column: x.names[colSubcategory], Option: "CountUnmarked", Err: fmt.Errorf("the column is missing, as in FOCUS 1.0: %w", ErrUnmarked)}
	}
	return nil
}

// fail returns the error of the current record's field in column col.
func (x *reader) fail(col int, option string, err error) error {
	line := x.line
	if x.at[col] >= 0 {
		line, _ = x.csv.FieldPos(x.at[col])
	} else {
		line, _ = x.csv.FieldPos(0)
	}
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

func null() error { return fmt.Errorf("null in a row that counts: %w", ErrInvalid) }

func (x *reader) row() error {
	reason, name, err := x.reason()
	if err != nil {
		return err
	}
	text := x.record[x.at[colCost]]
	c, err := parseCost(text)
	if err != nil {
		switch {
		case !isNull(text):
			return x.fail(colCost, "", err)
		case reason == 0:
			return x.fail(colCost, "ExcludeIf", null())
		}
		c = cost{}
	}
	period, err := x.period(reason)
	if err != nil {
		return err
	}
	t, err := x.tally(period, reason)
	if err != nil {
		return err
	}
	w, err := x.what(reason, name)
	if err != nil {
		return err
	}
	i := slices.Index(t.whats, w)
	if i < 0 {
		if x.groups == MaxGroups {
			return x.fail(colAccount, "", fmt.Errorf("more than %d accounts with their service categories; read the bill in parts: %w", MaxGroups, ErrInvalid))
		}
		x.groups++
		i = len(t.whats)
		t.whats, t.sums = append(t.whats, w), append(t.sums, sum{})
	}
	t.sums[i].add(c)
	return nil
}

// The reasons by number.
const (
	counts = iota
	tax
	credit
	namedService
	namedSubcategory
	namedPublisher
	isSupport
	rule
)

// reason returns why the row does not count, with the name that excludes it.
func (x *reader) reason() (reason int, name string, err error) {
	category := x.record[x.at[colCategory]]
	known := true
	switch category {
	case "Usage", "Purchase", "Adjustment":
	case "Tax":
		return tax, "", nil
	case "Credit":
		return credit, "", nil
	default:
		switch fold(category) {
		case "usage", "purchase", "adjustment":
		case "tax":
			return tax, "", nil
		case "credit":
			return credit, "", nil
		default:
			known = false
		}
	}
	for i, col := range [...]int{namedService: colService, namedSubcategory: colSubcategory, namedPublisher: colPublisher} {
		if x.excluded[i] == nil {
			continue
		}
		if name, ok := x.excluded[i][fold(x.value(col))]; ok {
			return i, name, nil
		}
	}
	if !known {
		return 0, "", x.fail(colCategory, "", x.noCategory(category))
	}
	marked := false
	if at := x.at[colSubcategory]; at >= 0 {
		var isUsage bool
		if isUsage, marked = x.mark(x.record[at]); marked && !isUsage {
			return isSupport, "", nil
		}
	}
	if x.opt.ExcludeIf != nil {
		excluded := x.opt.ExcludeIf(x)
		if x.missing != "" {
			line, _ := x.csv.FieldPos(0)
			return 0, "", &Error{Line: line, Column: x.missing, Err: fmt.Errorf("Options.ExcludeIf asks for a column that the bill does not have: %w", ErrInvalid)}
		}
		if excluded {
			return rule, "", nil
		}
	}
	if !marked && !x.opt.CountUnmarked {
		return 0, "", x.fail(colSubcategory, "CountUnmarked", fmt.Errorf("%s does not tell whether the service %s is support: %w", quote.String(x.value(colSubcategory)), quote.String(x.value(colService)), ErrUnmarked))
	}
	return counts, "", nil
}

func (x *reader) noCategory(category string) error {
	switch {
	case isNull(category):
		return fmt.Errorf("null: %w", ErrInvalid)
	case fold(category) == fold(x.names[colCategory]):
		return fmt.Errorf("a second header: read files that were put end to end one after another: %w", ErrInvalid)
	}
	return fmt.Errorf("%s: want Usage, Purchase, Adjustment, Tax or Credit: %w", quote.String(category), ErrInvalid)
}

// maxMarks is how many spellings of subcategories are remembered.
const maxMarks = 4096

// mark reports whether a subcategory is one of the specification's, and whether
// it is another than Support.
func (x *reader) mark(subcategory string) (isUsage, known bool) {
	isUsage, known = x.marks[subcategory]
	if known {
		return isUsage, true
	}
	folded := fold(subcategory)
	if !listed[folded] {
		return false, false
	}
	if len(x.marks) < maxMarks {
		x.marks[strings.Clone(subcategory)] = folded != support
	}
	return folded != support, true
}

// period returns the number of the row's period. A row that does not count may
// have none.
func (x *reader) period(reason int) (uint32, error) {
	start := x.value(colStart)
	var at instant
	if !x.opt.AsBilled {
		if reason != counts && isNull(start) {
			return noPeriod, nil
		}
		var err error
		if at, err = parseInstant(start); err != nil {
			if isNull(start) {
				err = null()
			}
			return 0, x.fail(colStart, "", err)
		}
	}
	switch {
	case len(x.opt.Periods) > 0:
		if i, ok := find(x.opt.Periods, at.time()); ok {
			return x.number(spanOf(x.opt.Periods[i]), x.opt.Periods[i]), nil
		}
		return noPeriod, nil
	case x.opt.Zone != nil:
		if x.lastSpan.contains(at) {
			return x.lastID, nil
		}
		month, err := zoneMonth(at, x.opt.Zone)
		if err != nil {
			return 0, x.fail(colStart, "", fmt.Errorf("%s: %w: %w", quote.String(start), err, ErrInvalid))
		}
		return x.number(spanOf(month), month), nil
	case x.at[colBillingStart] < 0:
		if x.lastSpan.contains(at) {
			return x.lastID, nil
		}
		month := monthAt(at, 0)
		return x.number(month, month.period()), nil
	}
	begin, end := x.value(colBillingStart), x.value(colBillingEnd)
	if isNull(begin) {
		if reason != counts {
			return noPeriod, nil
		}
		return 0, x.fail(colBillingStart, "Zone", null())
	}
	if x.cycle.text == "" || begin != x.begin || end != x.end {
		c, col, err := parseCycle(begin, end)
		if err != nil {
			return 0, x.fail(col, "Zone", err)
		}
		x.cycle, x.begin, x.end = c, begin, end
	}
	own := x.cycle.own
	if x.opt.AsBilled {
		if !x.cycle.hasEnd {
			return 0, x.fail(colBillingStart, "Zone", errReckon(begin))
		}
	} else if !x.cycle.hasEnd || !own.contains(at) {
		if !x.cycle.isMonth {
			return 0, x.fail(colBillingStart, "Zone", errReckon(begin))
		}
		own = monthAt(at, x.cycle.offset)
	}
	if own == x.lastSpan {
		return x.lastID, nil
	}
	return x.number(own, own.period()), nil
}

// number returns the number of a period.
func (x *reader) number(s span, period calendar.Period) uint32 {
	id, ok := x.spanIDs[s]
	if !ok {
		id = uint32(len(x.spans))
		x.spanIDs[s] = id
		x.spans = append(x.spans, period)
	}
	x.lastSpan, x.lastID = s, id
	return id
}

// provider returns the row's provider, or "" if it is null.
func (x *reader) provider() (provider string, col int) {
	for _, col := range [...]int{colServiceProvider, colProvider} {
		if s := x.value(col); !isNull(s) {
			return s, col
		}
	}
	if x.at[colServiceProvider] >= 0 || x.at[colProvider] >= 0 {
		return "", colProvider
	}
	if s := x.value(colIssuer); !isNull(s) {
		return s, colIssuer
	}
	return "", colIssuer
}

// tally returns the sums that the row belongs to.
func (x *reader) tally(period uint32, reason int) (*tally, error) {
	provider, providerCol := x.provider()
	idCol := colAccount
	if x.opt.BySubAccount {
		idCol = colSubAccount
	}
	id, currency := x.record[x.at[idCol]], x.record[x.at[colCurrency]]
	if isNull(id) {
		if reason == counts {
			return nil, x.fail(idCol, "ExcludeIf", null())
		}
		id, period = "", noPeriod
	}
	if !isCurrency(currency) {
		switch {
		case !isNull(currency):
			return nil, x.fail(colCurrency, "", noCurrency(currency))
		case reason == counts:
			return nil, x.fail(colCurrency, "ExcludeIf", null())
		}
		currency, period = "", noPeriod
	}
	if !x.providers.is(provider) {
		if err := x.checkText(providerCol, provider); err != nil {
			return nil, err
		}
	}
	b := binary.LittleEndian.AppendUint32(x.scratch[:0], x.providers.of(provider))
	b = binary.LittleEndian.AppendUint32(b, x.currencies.of(currency))
	b = binary.LittleEndian.AppendUint32(b, period)
	x.scratch = append(b, id...)
	t := x.tallies[string(x.scratch)]
	if t == nil {
		if err := x.checkText(idCol, id); err != nil {
			return nil, err
		}
		t = new(tally)
		x.tallies[string(x.scratch)] = t
	}
	if issuer := x.value(colIssuer); issuer != t.issuer && !isNull(issuer) {
		if err := x.checkText(colIssuer, issuer); err != nil {
			return nil, err
		}
		t.see(issuer, x.issuers)
	}
	return t, nil
}

// maxShared is how many issuers the accounts of a bill share in memory.
const maxShared = 1024

// see adds an issuer to t. Accounts share the texts of issuers.
func (t *tally) see(issuer string, shared map[string]string) {
	i, ok := slices.BinarySearch(t.issuers, issuer)
	switch {
	case ok:
		t.issuer = t.issuers[i]
	case i < maxIssuers:
		text, ok := shared[issuer]
		if !ok {
			text = strings.Clone(issuer)
			if len(shared) < maxShared {
				shared[text] = text
			}
		}
		t.issuer = text
		t.issuers = slices.Insert(t.issuers, i, t.issuer)
		t.issuers = t.issuers[:min(len(t.issuers), maxIssuers)]
	}
}

// checkText returns an error if s, in column col, cannot be kept.
func (x *reader) checkText(col int, s string) error {
	switch {
	case len(s) > MaxText:
		return x.fail(col, "", fmt.Errorf("%s: longer than %d bytes: %w", quote.String(s), MaxText, ErrInvalid))
	case !utf8.ValidString(s):
		return x.fail(col, "", fmt.Errorf("%s: not UTF-8: re-encode the file: %w", quote.String(s), ErrInvalid))
	}
	return nil
}

// isCurrency reports whether s is three capital letters.
func isCurrency(s string) bool {
	if len(s) != 3 {
		return false
	}
	for i := range len(s) {
		if s[i] < 'A' || s[i] > 'Z' {
			return false
		}
	}
	return true
}

func noCurrency(s string) error {
	return fmt.Errorf("%s: want an ISO 4217 code, three capital letters: %w", quote.String(s), ErrInvalid)
}

// maxWhats is how many pairs of a service category and a reason a bill may
// have.
const maxWhats = 4096

// what returns the number of the row's service category, reason and name.
func (x *reader) what(reason int, name string) (uint32, error) {
	category := x.value(colServiceCategory)
	if isNull(category) {
		category = ""
	}
	if !x.categories.is(category) {
		if err := x.checkText(colServiceCategory, category); err != nil {
			return 0, err
		}
	}
	c := x.categories.of(category)
	if name == "" && x.lastWhat[2] > 0 && x.lastWhat[0] == c && x.lastWhat[1] == uint32(reason) {
		return x.lastWhat[2] - 1, nil
	}
	w := what{x.categories.list[c], reason, name}
	id, ok := x.whatIDs[w]
	if !ok {
		if len(x.whats) == maxWhats {
			return 0, x.fail(colServiceCategory, "", fmt.Errorf("more than %d service categories; see Options.Columns: %w", maxWhats, ErrInvalid))
		}
		id = uint32(len(x.whats))
		x.whatIDs[w] = id
		x.whats = append(x.whats, w)
	}
	if name == "" {
		x.lastWhat = [3]uint32{c, uint32(reason), id + 1}
	}
	return id, nil
}

// report returns what was read.
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
			p.cells[i] = cell{x.whats[t.whats[i]], s}
		}
		slices.SortFunc(p.cells, func(a, b cell) int { return a.what.compare(b.what) })
		r.parts = append(r.parts, p)
		delete(x.tallies, k)
	}
	slices.SortFunc(r.parts, compareParts)
	if err := r.checkPeriods(); err != nil {
		return Report{}, &Error{Option: "Zone", Err: err}
	}
	return r, nil
}
