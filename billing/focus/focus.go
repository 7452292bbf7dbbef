// Package focus reads usage out of cloud bills in FOCUS, the FinOps Open Cost
// and Usage Specification, versions 1.0 to 1.2, as CSV of any length.
//
// Rows of the charge categories Usage, Purchase and Adjustment count, at the
// cost column that the caller names. Tax is no spending on a service, and a
// Credit is a way of paying: neither counts. Support plans and professional
// services never count: rows whose ServiceSubcategory is Support, and those of
// services that the caller names. Every row, a Correction too, belongs to the
// period that contains its charge period's start, whenever it was billed.
//
// Costs are summed exactly. What is kept grows with the number of accounts,
// not with the number of rows.
package focus

import (
	"errors"
	"fmt"
	"slices"

	"github.com/supportplan/supportplan/internal/amount"
	"github.com/supportplan/supportplan/internal/quote"
	"github.com/supportplan/supportplan/sla/calendar"
)

// The limits of a bill, each named by the error of going over it.
const (
	MaxRecord = 1 << 20 // bytes of one record, its line ends included
	MaxText   = 512     // bytes of an issuer, account, currency or service category
	MaxGroups = 100_000 // pairs of an account, as [Account] means it, and a service category
)

// The conditions that a caller can act on. Errors in a bill are of type
// [*Error] and wrap one of them.
var (
	ErrOptions    = errors.New("unusable options")              // an unknown column, bad periods or an empty name
	ErrEmpty      = errors.New("the bill is empty")             // there is not even a header
	ErrHeader     = errors.New("missing or duplicate column")   // in the header
	ErrSupport    = errors.New("support cannot be told apart")  // no ServiceSubcategory, and Options.Exclude is nil
	ErrSyntax     = errors.New("not CSV")                       // an unclosed quote, a truncated row and the like
	ErrTooLong    = errors.New("record over the limit")         // more than MaxRecord bytes
	ErrValue      = errors.New("unusable value")                // null where there must be one, an unknown category, a bad time
	ErrAmount     = amount.ErrNumber                            // a cost that is no number, or beyond the limits of amounts
	ErrManyGroups = errors.New("too many accounts")             // more than MaxGroups
	ErrCurrencies = errors.New("two currencies in one bill")    // where one was asked for
	ErrNotOne     = errors.New("not one account in one period") // where one was asked for
)

// An Error is what is wrong with a bill, and where.
type Error struct {
	Line   int    // as in the file, from 1; 0 where it is not about a line
	Column string // the column's name, or empty where it is not about a column
	Err    error  // wraps one of the package's sentinels, or is the reader's own
}

// Error returns where the bill is wrong, and how.
func (e *Error) Error() string {
	at := "focus: read"
	if e.Line > 0 {
		at += fmt.Sprintf(": line %d", e.Line)
	}
	if e.Column != "" {
		at += ": column " + e.Column
	}
	return at + ": " + e.Err.Error()
}

// Unwrap returns e.Err.
func (e *Error) Unwrap() error { return e.Err }

// A Column is a cost column, by its name in FOCUS. The zero Column means
// [BilledCost].
type Column string

// The cost columns of FOCUS.
const (
	BilledCost     Column = "BilledCost"     // what is invoiced
	EffectiveCost  Column = "EffectiveCost"  // amortised, after all discounts
	ContractedCost Column = "ContractedCost" // at contracted prices
	ListCost       Column = "ListCost"       // at list prices
)

// Options say how a bill is read. The zero Options read bills of FOCUS 1.1 and
// later at billed cost by calendar months.
type Options struct {
	// Column is the cost that is summed; zero means BilledCost.
	Column Column
	// Exclude names services, exactly as ServiceName writes them, that do not
	// count: support plans and professional services. Where nothing is to be
	// named it may be nil, but only if every row that would count says its
	// ServiceSubcategory; FOCUS 1.0 has no such column, and then an empty
	// slice that is not nil says that the bill holds no support.
	Exclude []string
	// Periods are the periods to sum by, in any order, without overlap; none
	// mean the calendar months in UTC.
	Periods []calendar.Period
}

// check returns o with what is left out filled in, sharing no memory with the
// caller's.
func (o Options) check() (Options, error) {
	if o.Column == "" {
		o.Column = BilledCost
	}
	if !slices.Contains([]Column{BilledCost, EffectiveCost, ContractedCost, ListCost}, o.Column) {
		return o, fmt.Errorf("focus: options: %s is no cost column: %w", quote.String(string(o.Column)), ErrOptions)
	}
	for i, name := range o.Exclude {
		if isNull(name) {
			return o, fmt.Errorf("focus: options: excluded service %d has no name: %w", i, ErrOptions)
		}
	}
	o.Periods = slices.Clone(o.Periods)
	slices.SortStableFunc(o.Periods, func(a, b calendar.Period) int { return a.Start.Compare(b.Start) })
	for i, p := range o.Periods {
		if !p.IsValid() {
			return o, fmt.Errorf("focus: options: %v: %w: %w", p, ErrOptions, calendar.ErrPeriod)
		}
		if i > 0 && o.Periods[i-1].Overlaps(p) {
			return o, fmt.Errorf("focus: options: %v overlaps %v: %w", o.Periods[i-1], p, ErrOptions)
		}
	}
	return o, nil
}

// isNull reports whether a field is null, as exports write it.
func isNull(s string) bool { return s == "" || s == "NULL" || s == "null" }
