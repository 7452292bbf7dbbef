// Package focus reads usage out of cloud bills in FOCUS, the FinOps Open Cost
// and Usage Specification, versions 1.0 to 1.3, as CSV of any length.
//
// [Read] sums a bill up; the zero [Options] are right for a complete bill of
// FOCUS 1.1 or later. [Report.One] returns the [Account] of a bill that has one
// account and period, and [Report.Accounts] those of every other bill.
// [Account.Usage] is ready to bill:
//
//	report, err := focus.Read(file, focus.Options{})
//	account, err := report.One()
//	usage, err := account.Usage()
//	invoice, err := book.Invoice(timeline, usage)
//
// Several files, or the parts of a distributed job, are read one by one and put
// together with [Report.Merge], in any order. An error of Read about a bill is
// an [*Error]: the line, the column and the option that can help.
//
//   - Spending: rows of the charge categories Usage, Purchase and Adjustment, at
//     BilledCost or EffectiveCost. Tax and Credit rows do not count.
//   - Support: rows whose ServiceSubcategory is Support do not count. A row counts
//     silently only if its ServiceSubcategory is another one of the
//     specification's list; a row without one is an error wrapping
//     [ErrUnmarked], unless it is excluded by name or [Options.CountUnmarked]
//     is set.
//   - Period: a row belongs to its own billing period if its charge period
//     starts in it, and otherwise to the calendar month of its start, reckoned
//     as the bill reckons months.
//   - Account: a provider's BillingAccountId, or its SubAccountId. The invoice
//     issuer only informs.
//
// A row that does not count is not lost: [Account.Excluded] has the rows and
// their cost by reason.
//
// Costs are summed exactly. Memory grows with the number of accounts, not with
// the number of rows.
package focus

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/supportplan/supportplan/internal/enum"
	"github.com/supportplan/supportplan/internal/field"
	"github.com/supportplan/supportplan/internal/quote"
	"github.com/supportplan/supportplan/sla/calendar"
)

// The limits of a bill, each named by the error of going over it.
const (
	MaxRecord = 1 << 20   // bytes of one record, its line ends included
	MaxText   = 512       // bytes of a provider, account, issuer, currency or service category
	MaxGroups = 2_000_000 // sums of one report: one for each account, period, service category and reason
)

// The conditions that a caller can act on.
var (
	ErrInvalid  = errors.New("invalid input")               // unusable options, a file that is no FOCUS CSV, a bad value, a report that is none
	ErrUnmarked = errors.New("support is not marked")       // a row may be support or not: see Options.CountUnmarked
	ErrPeriods  = errors.New("periods cannot be told")      // the bill's periods overlap or are no months: see Options.Zone
	ErrNotOne   = errors.New("not one account in a period") // see Report.One
)

// A FieldError names the field of the options, or of a report's JSON, that is
// wrong. Errors of [Read] about options and those of [Report.UnmarshalJSON]
// have one.
type FieldError = field.Error

// An Error describes the line or column of a bill that is wrong. Every error of
// [Read] about the bill has one, and wraps one of the package's sentinels or the
// error of the [io.Reader].
type Error struct {
	Line   int    // as in the file, from 1; 0 if it is not about a line
	Column string // the column's name in the bill, or empty if it is not about a column
	Option string // the field of Options that can help, such as "Comma", or empty
	Err    error
}

// remedies has, for each field of Options, the end of the text of an error that
// this option can help with.
var remedies = map[string]string{
	"Columns":       "; for columns under other names there is Options.Columns",
	"Comma":         "; see Options.Comma",
	"CountUnmarked": "; exclude support by name, with Options.ExcludeServices, and set Options.CountUnmarked if all else counts",
	"Zone":          "; set Options.Zone or Options.Periods",
	"ExcludeIf":     "; rows that should not count can be left out with Options.ExcludeIf",
}

// Error returns the place and the cause, and the option that can help.
func (e *Error) Error() string {
	at := "focus: read"
	if e.Line > 0 {
		at += fmt.Sprintf(": line %d", e.Line)
	}
	if e.Column != "" {
		at += ": column " + e.Column
	}
	return at + ": " + e.Err.Error() + remedies[e.Option]
}

// Unwrap returns e.Err.
func (e *Error) Unwrap() error { return e.Err }

// An invalidError is an error that wraps ErrInvalid without saying so in its
// text.
type invalidError struct{ error }

func (e invalidError) Unwrap() error        { return e.error }
func (e invalidError) Is(target error) bool { return target == ErrInvalid }

// A Cost names the cost column that is summed: [CostBilled] or [CostEffective].
// The empty Cost stands for [CostBilled]. ListCost and ContractedCost count
// commitments twice, at the purchase and at the use, and are no spending.
type Cost string

// The costs that are spending.
const (
	CostBilled    Cost = "BilledCost"    // as invoiced
	CostEffective Cost = "EffectiveCost" // with purchases spread over the time that they cover
)

var costs = []Cost{CostBilled, CostEffective}

// UnmarshalText sets *c to the cost that b spells. If there is none it returns
// an error wrapping [ErrInvalid], and *c is as it was.
func (c *Cost) UnmarshalText(b []byte) error {
	return enum.ReadToken(c, b, "cost", costs, ErrInvalid)
}

// Options change how a bill is read. The zero Options are right for a complete
// bill of FOCUS 1.1 or later.
//
// A bill of FOCUS 1.0 has no ServiceSubcategory: exclude its support services
// by name and set CountUnmarked.
type Options struct {
	// Cost is the column that is summed; empty means CostBilled.
	Cost Cost
	// BySubAccount sums by SubAccountId instead of BillingAccountId.
	BySubAccount bool

	// Periods are the periods to sum by, in any order. They may not overlap.
	// Rows that start in none of them are in Report.Outside.
	Periods []calendar.Period
	// Zone sums by the calendar months of this location.
	Zone *time.Location
	// AsBilled sums by the billing period of a row: a correction of
	// May that is billed in June belongs to June.
	//
	// At most one of Periods, Zone and AsBilled may be given. If none is, the
	// bill's own periods are used, or months in UTC if it has no column
	// BillingPeriodStart.
	AsBilled bool

	// CountUnmarked counts rows whose ServiceSubcategory is missing, null or not
	// one of the specification's. All support must then be excluded by name.
	CountUnmarked bool
	// ExcludeServices, ExcludeSubcategories and ExcludePublishers are values of
	// ServiceName, ServiceSubcategory and PublisherName whose rows do not count,
	// such as support plans, professional services and marketplace products.
	// They match in any case and without the blanks at their ends.
	ExcludeServices      []string
	ExcludeSubcategories []string
	ExcludePublishers    []string
	// ExcludeIf reports whether a row does not count, by any of its columns. It
	// is called for rows that would count otherwise.
	ExcludeIf func(Row) bool

	// Columns has the names of this bill's columns by their names in FOCUS, if
	// they differ: {"ProviderName": "Provider"}.
	Columns map[string]string
	// Comma is the delimiter; 0 means ','.
	Comma rune
}

// check returns o with defaults filled in, and leaves the caller's as it was.
func (o Options) check() (Options, error) {
	fail := func(path string, err error) (Options, error) {
		return Options{}, fmt.Errorf("focus: options: %w", field.Wrap(path, err))
	}
	if o.Cost == "" {
		o.Cost = CostBilled
	}
	if err := enum.CheckToken(o.Cost, "cost", costs, ErrInvalid); err != nil {
		return fail("Cost", err)
	}
	ways := 0
	for _, given := range []bool{len(o.Periods) > 0, o.Zone != nil, o.AsBilled} {
		if given {
			ways++
		}
	}
	if ways > 1 {
		return Options{}, fmt.Errorf("focus: options: at most one of Periods, Zone and AsBilled: %w", ErrInvalid)
	}
	o.Periods = slices.Clone(o.Periods)
	for i, p := range o.Periods {
		if !p.IsValid() {
			return fail(fmt.Sprintf("Periods[%d]", i), invalidError{fmt.Errorf("%v: %w", p, calendar.ErrPeriod)})
		}
		o.Periods[i], _ = calendar.NewPeriod(p.Start, p.End) // it is valid
	}
	slices.SortStableFunc(o.Periods, func(a, b calendar.Period) int { return a.Start.Compare(b.Start) })
	for i := 1; i < len(o.Periods); i++ {
		if _, ok := o.Periods[i-1].Intersect(o.Periods[i]); ok {
			return fail("Periods", fmt.Errorf("%v overlaps %v: %w", o.Periods[i-1], o.Periods[i], ErrInvalid))
		}
	}
	for _, names := range []struct {
		path string
		list []string
	}{
		{"ExcludeServices", o.ExcludeServices},
		{"ExcludeSubcategories", o.ExcludeSubcategories},
		{"ExcludePublishers", o.ExcludePublishers},
	} {
		for i, name := range names.list {
			if isNull(name) || len(name) > MaxText {
				return fail(fmt.Sprintf("%s[%d]", names.path, i), fmt.Errorf("%s: want a name of at most %d bytes: %w", quote.String(name), MaxText, ErrInvalid))
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(o.Columns)) {
		path := fmt.Sprintf("Columns[%s]", quote.String(name))
		if !slices.Contains(columnNames[:], name) && name != string(CostEffective) {
			return fail(path, fmt.Errorf("want a column that is read, one of %s, %s: %w", strings.Join(columnNames[:], ", "), CostEffective, ErrInvalid))
		}
		if strings.TrimSpace(o.Columns[name]) == "" {
			return fail(path, fmt.Errorf("%s: want the column's name in the bill: %w", quote.String(o.Columns[name]), ErrInvalid))
		}
	}
	if o.Comma == 0 {
		o.Comma = ','
	}
	if o.Comma == '"' || o.Comma == '\r' || o.Comma == '\n' || !utf8.ValidRune(o.Comma) || o.Comma == utf8.RuneError {
		return fail("Comma", fmt.Errorf("%q cannot be a delimiter: %w", o.Comma, ErrInvalid))
	}
	return o, nil
}

// nulls are the spellings of null beside an empty field, in lower case.
var nulls = []string{
	"null", "none", "nil", "nan", "nat", "na", "n/a", "n.a.", "undefined", "-", "--", "—", "–", `\n`,
	"(null)", "(none)", "(nil)", "(blank)", "(empty)", "<null>", "<none>", "<nil>", "<na>", "<n/a>", "[null]", "#n/a", "#null!",
}

// isNull reports whether s stands for null, as exporters write it.
func isNull(s string) bool {
	if s == "" {
		return true
	}
	switch s[0] {
	case 'n', 'N', 'u', 'U', '-', '\\', '(', '<', '[', '#', 0xE2, ' ', '\t':
	default:
		return s[0] < ' ' && strings.TrimSpace(s) == ""
	}
	if s = strings.TrimSpace(s); len(s) > len("undefined") {
		return false
	}
	s = strings.ToLower(s)
	return s == "" || slices.Contains(nulls, s)
}
