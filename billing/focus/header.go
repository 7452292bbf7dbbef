package focus

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strings"
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

// findColumns finds the columns of the header, the current record.
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
		text := "the column is missing"
		if len(missing) > 1 {
			text = "the columns are missing"
		}
		if !hasProvider {
			text += "; one of the first two is enough"
		}
		return &Error{Line: line, Column: strings.Join(missing, ", "), Option: "Columns", Err: fmt.Errorf("%s: %w", text, ErrInvalid)}
	}
	if x.at[colSubcategory] < 0 && !x.opt.CountUnmarked {
		return &Error{Line: line, Column: x.names[colSubcategory], Option: "CountUnmarked", Err: fmt.Errorf("the column is missing, as in FOCUS 1.0: %w", ErrUnmarked)}
	}
	return nil
}
