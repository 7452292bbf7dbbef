package focus

import (
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/supportplan/supportplan/internal/quote"
	"github.com/supportplan/supportplan/sla/calendar"
)

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
	}
	period, err := x.period(reason)
	if err != nil {
		return err
	}
	t, err := x.tally(period, reason)
	if err != nil {
		return err
	}
	w, err := x.kind(reason, name)
	if err != nil {
		return err
	}
	i := slices.Index(t.kinds, w)
	if i < 0 {
		if x.groups == 0 {
			return x.fail(colAccount, "", fmt.Errorf("more than %d accounts with their service categories; read the bill in parts: %w", MaxGroups, ErrInvalid))
		}
		x.groups--
		i = len(t.kinds)
		t.kinds, t.sums = append(t.kinds, w), append(t.sums, sum{})
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
		if name := x.excludes(i, x.value(col)); name != "" {
			return i, name, nil
		}
	}
	if !known {
		return 0, "", x.fail(colCategory, "", x.noCategory(category))
	}
	isUsage, marked := x.mark(x.value(colSubcategory))
	if marked && !isUsage {
		return isSupport, "", nil
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

// excludes returns the name that excludes rows of this value for the reason, or
// "" if none does.
func (x *reader) excludes(reason int, value string) string {
	name, ok := x.known[reason][value]
	if !ok {
		name = x.excluded[reason][fold(value)]
		if x.known[reason] == nil {
			x.known[reason] = make(map[string]string)
		}
		if len(x.known[reason]) < maxSpellings {
			x.known[reason][strings.Clone(value)] = name
		}
	}
	return name
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

// maxSpellings is how many spellings of a name or a subcategory are remembered.
const maxSpellings = 4096

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
	if len(x.marks) < maxSpellings {
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
			return noPeriod, x.fail(colStart, "", err)
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
			return noPeriod, x.fail(colStart, "", fmt.Errorf("%s: %w: %w", quote.String(start), err, ErrInvalid))
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
		return noPeriod, x.fail(colBillingStart, "Zone", null())
	}
	if begin != x.begin || end != x.end {
		c, col, err := parseCycle(begin, end)
		if err != nil {
			return noPeriod, x.fail(col, "Zone", err)
		}
		x.cycle, x.begin, x.end = c, begin, end
	}
	own := x.cycle.own
	if x.opt.AsBilled {
		if !x.cycle.hasEnd {
			return noPeriod, x.fail(colBillingStart, "Zone", errReckon(begin))
		}
	} else if !x.cycle.hasEnd || !own.contains(at) {
		if !x.cycle.isMonth {
			return noPeriod, x.fail(colBillingStart, "Zone", errReckon(begin))
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

// maxKinds is how many pairs of a service category and a reason a bill may
// have.
const maxKinds = 4096

// kind returns the number of the row's service category, reason and name.
func (x *reader) kind(reason int, name string) (uint32, error) {
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
	if name == "" && x.lastKind[2] > 0 && x.lastKind[0] == c && x.lastKind[1] == uint32(reason) {
		return x.lastKind[2] - 1, nil
	}
	w := kind{x.categories.list[c], reason, name}
	id, ok := x.kindIDs[w]
	if !ok {
		if len(x.kinds) == maxKinds {
			return 0, x.fail(colServiceCategory, "", fmt.Errorf("more than %d service categories; see Options.Columns: %w", maxKinds, ErrInvalid))
		}
		id = uint32(len(x.kinds))
		x.kindIDs[w] = id
		x.kinds = append(x.kinds, w)
	}
	if name == "" {
		x.lastKind = [3]uint32{c, uint32(reason), id + 1}
	}
	return id, nil
}
