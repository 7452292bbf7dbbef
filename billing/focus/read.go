package focus

import (
	"bufio"
	"cmp"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/supportplan/supportplan/internal/quote"
	"github.com/supportplan/supportplan/sla/calendar"
)

const (
	bufferSize = 64 << 10
	byteOrder  = "\ufeff"                    // the mark that may come first
	slack      = bufferSize + len(byteOrder) // how far reading may be ahead of the records
)

// limited ends with ErrTooLong once it has passed on until bytes.
type limited struct {
	r             io.Reader
	passed, until int64
}

func (l *limited) Read(p []byte) (int, error) {
	if l.passed > l.until {
		return 0, tooLong()
	}
	n, err := l.r.Read(p)
	l.passed += int64(n)
	return n, err
}

func tooLong() error { return fmt.Errorf("more than %d bytes: %w", MaxRecord, ErrTooLong) }

// The columns that are read.
const (
	colIssuer = iota
	colAccount
	colCurrency
	colStart
	colCategory
	colServiceCategory
	colServiceName
	colCost
	colSubcategory // may be missing
	columns
)

// key is what a cell is known by; period counts months from year 0, or is the
// index of the caller's period, or outside.
type key struct {
	account
	category string
}

// account is what an Account is known by.
type account struct {
	issuer, id, currency string
	period               int
}

const outside = math.MinInt

// A cell sums the rows of one service category of an account. Most have nothing
// that is excluded.
type cell struct {
	counted  sum
	excluded *[Named + 1]sum
}

type reader struct {
	opt     Options
	input   *limited
	csv     *csv.Reader
	names   [columns]string
	at      [columns]int    // where the columns stand; -1: missing
	exclude map[string]bool // the excluded services, and whether a row named them
	cells   map[key]*cell
	rows    int
	line    int // where the next record starts
	stamp   []byte
}

// Read sums up a bill in CSV, to its end. A byte order mark, either kind of
// line end, columns in any order and further columns are fine; an empty field,
// NULL and null are null. Times are RFC 3339, or "2024-09-01 00:00:00" in UTC.
// A bill of nothing but a header makes a report without accounts.
//
// What is wrong with the bill is an [*Error] that wraps one of the package's
// sentinels, or the error of r; the first one ends the reading, and no report
// is returned. Unusable options are an error wrapping [ErrOptions].
func Read(r io.Reader, o Options) (Report, error) {
	o, err := o.check()
	if err != nil {
		return Report{}, err
	}
	if r == nil {
		return Report{}, &Error{Err: ErrEmpty}
	}
	in := &limited{r: r, until: int64(slack)}
	buf := bufio.NewReaderSize(in, bufferSize)
	if mark, _ := buf.Peek(len(byteOrder)); string(mark) == byteOrder {
		_, _ = buf.Discard(len(mark)) // they are there
	}
	x := &reader{
		opt: o, input: in, csv: csv.NewReader(buf),
		names: [columns]string{
			"InvoiceIssuerName", "BillingAccountId", "BillingCurrency", "ChargePeriodStart", "ChargeCategory",
			"ServiceCategory", "ServiceName", string(o.Column), "ServiceSubcategory",
		},
		exclude: make(map[string]bool, len(o.Exclude)),
		cells:   make(map[key]*cell),
		line:    1,
	}
	for _, name := range o.Exclude {
		x.exclude[name] = false
	}
	x.csv.ReuseRecord = true
	if err := x.header(); err != nil {
		return Report{}, err
	}
	for {
		record, err := x.record()
		if err == io.EOF { // one that is wrapped is the trouble of r
			return x.report()
		}
		if err != nil {
			return Report{}, err
		}
		if err := x.row(record); err != nil {
			return Report{}, err
		}
	}
}

// record reads one record of bounded length. At the end of the bill it returns
// a bare io.EOF.
func (x *reader) record() ([]string, error) {
	start := x.csv.InputOffset()
	x.input.until = start + MaxRecord + int64(slack)
	record, err := x.csv.Read()
	if err == io.EOF {
		return nil, err
	}
	if err == nil && x.csv.InputOffset()-start > MaxRecord {
		err = tooLong()
	}
	if err != nil {
		return nil, x.recordError(err)
	}
	last := len(record) - 1
	line, _ := x.csv.FieldPos(last)
	x.line = line + strings.Count(record[last], "\n") + 1
	return record, nil
}

// recordError returns the error of the record that starts at x.line.
func (x *reader) recordError(err error) error {
	var syntax *csv.ParseError
	if errors.As(err, &syntax) {
		return &Error{Line: syntax.Line, Err: fmt.Errorf("%w: %w", ErrSyntax, syntax.Err)}
	}
	return &Error{Line: x.line, Err: err}
}

func (x *reader) header() error {
	record, err := x.record()
	if err == io.EOF {
		return &Error{Err: ErrEmpty}
	}
	if err != nil {
		return err
	}
	for i, name := range x.names {
		x.at[i] = slices.Index(record, name)
		if x.at[i] < 0 {
			if i == colSubcategory {
				continue
			}
			line, _ := x.csv.FieldPos(0)
			return &Error{line, name, fmt.Errorf("it is missing: %w", ErrHeader)}
		}
		if slices.Contains(record[x.at[i]+1:], name) {
			line, _ := x.csv.FieldPos(0)
			return &Error{line, name, fmt.Errorf("it is there twice: %w", ErrHeader)}
		}
	}
	if x.at[colSubcategory] < 0 && x.opt.Exclude == nil {
		line, _ := x.csv.FieldPos(0)
		return &Error{line, x.names[colSubcategory], fmt.Errorf("it is missing and no services are named, not even none: %w", ErrSupport)}
	}
	return nil
}

// fail returns the error of the current record's field in column col.
func (x *reader) fail(col int, err error) error {
	line, _ := x.csv.FieldPos(x.at[col])
	return &Error{line, x.names[col], err}
}

func (x *reader) row(record []string) error {
	for _, col := range [...]int{colIssuer, colAccount, colCurrency, colStart, colCategory, colCost} {
		if isNull(record[x.at[col]]) {
			return x.fail(col, fmt.Errorf("null: %w", ErrValue))
		}
	}
	for _, col := range [...]int{colIssuer, colAccount, colCurrency, colServiceCategory} {
		if len(record[x.at[col]]) > MaxText {
			return x.fail(col, fmt.Errorf("longer than %d bytes: %w", MaxText, ErrValue))
		}
	}
	why, err := x.reason(record)
	if err != nil {
		return err
	}
	c, err := parseCost(record[x.at[colCost]])
	if err != nil {
		return x.fail(colCost, err)
	}
	period, err := x.period(record[x.at[colStart]])
	if err != nil {
		return x.fail(colStart, err)
	}
	to, err := x.cell(record, period)
	if err != nil {
		return err
	}
	x.rows++
	if why == 0 {
		to.counted.add(c)
		return nil
	}
	if to.excluded == nil {
		to.excluded = new([Named + 1]sum)
	}
	to.excluded[why].add(c)
	return nil
}

// reason says why the row does not count; 0: it does.
func (x *reader) reason(record []string) (why Reason, err error) {
	name := record[x.at[colServiceName]]
	_, named := x.exclude[name]
	if named {
		x.exclude[name] = true
	}
	switch category := record[x.at[colCategory]]; category {
	case "Tax":
		return Tax, nil
	case "Credit":
		return Credit, nil
	case "Usage", "Purchase", "Adjustment":
	default:
		return why, x.fail(colCategory, fmt.Errorf("%s is no charge category: %w", quote.String(category), ErrValue))
	}
	known := false
	if at := x.at[colSubcategory]; at >= 0 {
		if record[at] == "Support" {
			return Support, nil
		}
		known = !isNull(record[at])
	}
	switch {
	case named:
		return Named, nil
	case !known && x.opt.Exclude == nil:
		return why, x.fail(colSubcategory, fmt.Errorf("null, and no services are named, not even none: %w", ErrSupport))
	case !known && len(x.opt.Exclude) > 0 && isNull(name):
		return why, x.fail(colServiceName, fmt.Errorf("null, and nothing else says whether it is support: %w", ErrSupport))
	}
	return why, nil
}

// period returns the period of the instant that s writes.
func (x *reader) period(s string) (n int, err error) {
	x.stamp = append(x.stamp[:0], s...)
	if len(s) == len(time.DateTime) && s[10] == ' ' {
		x.stamp[10] = 'T'
		x.stamp = append(x.stamp, 'Z')
	}
	var t time.Time
	if len(s) > len(time.RFC3339Nano) || t.UnmarshalText(x.stamp) != nil {
		return n, fmt.Errorf("%s is no time: %w", quote.String(s), ErrValue)
	}
	if len(x.opt.Periods) == 0 {
		t = t.UTC()
		return t.Year()*12 + int(t.Month()) - 1, nil
	}
	i, _ := slices.BinarySearchFunc(x.opt.Periods, t, func(p calendar.Period, t time.Time) int {
		if p.Start.After(t) {
			return 1
		}
		return -1
	})
	if i == 0 || !x.opt.Periods[i-1].Contains(t) {
		return outside, nil
	}
	return i - 1, nil
}

func monthOf(n int) (calendar.Period, error) {
	return calendar.Month(n/12, time.Month(n%12+1), time.UTC)
}

// cell returns the sums that the row belongs to.
func (x *reader) cell(record []string, period int) (*cell, error) {
	k := key{account{record[x.at[colIssuer]], record[x.at[colAccount]], record[x.at[colCurrency]], period}, record[x.at[colServiceCategory]]}
	if isNull(k.category) {
		k.category = ""
	}
	c := x.cells[k]
	if c != nil {
		return c, nil
	}
	if len(x.cells) == MaxGroups {
		return nil, x.fail(colAccount, fmt.Errorf("more than %d with their service categories: %w", MaxGroups, ErrManyGroups))
	}
	if len(x.opt.Periods) == 0 {
		if _, err := monthOf(period); err != nil {
			return nil, x.fail(colStart, fmt.Errorf("%s: %w: %w", quote.String(record[x.at[colStart]]), ErrValue, err))
		}
	}
	// Clones, because a record's fields share one string.
	k.issuer, k.id, k.currency, k.category = strings.Clone(k.issuer), strings.Clone(k.id), strings.Clone(k.currency), strings.Clone(k.category)
	c = new(cell)
	x.cells[k] = c
	return c, nil
}

// An accountSum is what an account's cells add up to.
type accountSum struct {
	counted  sum
	excluded [Named + 1]sum
	services []Service
}

// accounts adds up the cells of each account.
func (x *reader) accounts() map[account]*accountSum {
	out := make(map[account]*accountSum)
	for k, c := range x.cells {
		a := out[k.account]
		if a == nil {
			a = new(accountSum)
			out[k.account] = a
		}
		var excluded sum
		if c.excluded != nil {
			for why, s := range c.excluded {
				a.excluded[why].merge(s)
				excluded.merge(s)
			}
		}
		a.counted.merge(c.counted)
		a.services = append(a.services, Service{k.category, c.counted.public(), excluded.public()})
	}
	return out
}

func (x *reader) report() (Report, error) {
	r := Report{Column: x.opt.Column, Rows: x.rows, Accounts: []Account{}}
	for k, g := range x.accounts() {
		if k.period == outside {
			all := g.counted
			for _, s := range g.excluded {
				all.merge(s)
			}
			r.Outside = append(r.Outside, Outside{k.issuer, k.id, k.currency, all.public()})
			continue
		}
		a := Account{Issuer: k.issuer, Account: k.id, Currency: k.currency, Counted: g.counted.public(), Excluded: []Exclusion{}, Services: g.services}
		if len(x.opt.Periods) > 0 {
			a.Period = x.opt.Periods[k.period]
		} else {
			a.Period, _ = monthOf(k.period) // was one when the row was read
		}
		for why, s := range g.excluded {
			if s.rows > 0 {
				a.Excluded = append(a.Excluded, Exclusion{Reason(why), s.public()})
			}
		}
		slices.SortFunc(a.Services, func(a, b Service) int { return cmp.Compare(a.Category, b.Category) })
		r.Accounts = append(r.Accounts, a)
	}
	slices.SortFunc(r.Accounts, compareAccounts)
	slices.SortFunc(r.Outside, compareOutside)
	seen := make(map[string]bool)
	for _, name := range x.opt.Exclude {
		if !x.exclude[name] && !seen[name] {
			seen[name] = true
			r.Unmatched = append(r.Unmatched, name)
		}
	}
	return r, nil
}
