package focus

import (
	"cmp"
	"encoding/json"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/supportplan/supportplan/billing"
	"github.com/supportplan/supportplan/internal/amount"
	"github.com/supportplan/supportplan/internal/quote"
	"github.com/supportplan/supportplan/sla/calendar"
)

// A Reason tells why a row does not count. If several apply, the first one of
// the list does.
type Reason string

// The reasons, in the order of their application. The tokens never change.
const (
	ReasonTax         Reason = "tax"               // charge category Tax: no spending on a service
	ReasonCredit      Reason = "credit"            // charge category Credit: a way of paying
	ReasonService     Reason = "named-service"     // Options.ExcludeServices has it
	ReasonSubcategory Reason = "named-subcategory" // Options.ExcludeSubcategories has it
	ReasonPublisher   Reason = "named-publisher"   // Options.ExcludePublishers has it
	ReasonSupport     Reason = "support"           // service subcategory Support
	ReasonRule        Reason = "rule"              // Options.ExcludeIf
)

// reasons are all reasons in their order; the empty one stands for rows that
// count.
var reasons = [...]Reason{"", ReasonTax, ReasonCredit, ReasonService, ReasonSubcategory, ReasonPublisher, ReasonSupport, ReasonRule}

// isNamed reports whether a name belongs to r.
func (r Reason) isNamed() bool {
	return r == ReasonService || r == ReasonSubcategory || r == ReasonPublisher
}

// A Sum is the sum of a number of rows.
type Sum struct {
	Rows int             `json:"rows"`
	Cost decimal.Decimal `json:"cost"` // exact; may be negative
}

// MarshalJSON returns s with its cost as a decimal string.
func (s Sum) MarshalJSON() ([]byte, error) {
	if err := checkCost(s.Cost); err != nil {
		return nil, fmt.Errorf("focus: marshal sum: %w", err)
	}
	return json.Marshal(struct {
		Rows int    `json:"rows"`
		Cost string `json:"cost"`
	}{s.Rows, amount.Text(s.Cost)})
}

// maxSumWhole is how many digits a sum of costs may have before the point.
const maxSumWhole = maxWhole + 20

func checkCost(d decimal.Decimal) error {
	if exp := int64(d.Exponent()); exp > 0 || exp < -maxPlaces || int64(d.NumDigits())+exp > maxSumWhole {
		return fmt.Errorf("%s: too many digits: %w", quote.Decimal(d), ErrInvalid)
	}
	return nil
}

// An Account has the charges of one account in one period and currency.
type Account struct {
	Provider string          `json:"provider"` // empty if the bill does not name it
	ID       string          `json:"id"`       // BillingAccountId, or SubAccountId if that was asked for
	Currency string          `json:"currency"` // BillingCurrency
	Period   calendar.Period `json:"period,omitzero"`
	Issuers  []string        `json:"issuers"`  // the invoice issuers in order, at most 16
	Counted  Sum             `json:"counted"`  // the usage; see Account.Usage
	Excluded []Exclusion     `json:"excluded"` // the rows that do not count, by reason and name
	Services []Service       `json:"services"` // all rows by service category, in the order of the categories
}

// An Exclusion sums the rows that do not count for one reason.
type Exclusion struct {
	Reason Reason `json:"reason"`
	Name   string `json:"name,omitempty"` // the excluded service, subcategory or publisher
	Sum    Sum    `json:"sum"`
}

// A Service sums the rows of one service category.
type Service struct {
	Category string `json:"category"` // ServiceCategory, or empty if that is null
	Counted  Sum    `json:"counted"`
	Excluded Sum    `json:"excluded"` // for all reasons
}

// maxUsagePlaces is how many places an amount of a usage may have.
const maxUsagePlaces = amount.MaxPlaces

// Usage returns the counted rows as a [billing.Usage] in a's currency and
// period, in one charge whose payment is not recorded: FOCUS does not tell how
// a row was paid. A cost of more than 30 decimal places is rounded to 30, half
// away from zero. It returns an error wrapping [billing.ErrInvalid] if a has no
// period, no currency, or a cost of more than 30 digits before the point.
func (a Account) Usage() (billing.Usage, error) {
	cost := a.Counted.Cost
	if cost.Exponent() < -maxUsagePlaces {
		cost = short(cost.Round(maxUsagePlaces))
	}
	return billing.NewUsage(a.Currency, a.Period, billing.Charge{Kind: billing.ChargeCloudService, Amount: cost, Period: a.Period})
}

// key identifies the rows that are summed together.
type key struct {
	provider, id string
	period       span // zero: in no period
	currency     string
}

// none reports whether the rows are in no period.
func (k key) none() bool { return k.period == span{} }

func (k key) compare(l key) int {
	return cmp.Or(cmp.Compare(k.provider, l.provider), cmp.Compare(k.id, l.id),
		k.period.start.compare(l.period.start), k.period.end.compare(l.period.end), cmp.Compare(k.currency, l.currency))
}

// A kind of rows of an account has a sum of its own.
type kind struct {
	category string
	reason   int // index of reasons
	name     string
}

func (w kind) compare(v kind) int {
	return cmp.Or(cmp.Compare(w.category, v.category), cmp.Compare(w.reason, v.reason), cmp.Compare(w.name, v.name))
}

type cell struct {
	kind kind
	sum  sum
}

// A part is the finest that a report keeps about one key. It is never written
// after it was made.
type part struct {
	key     key
	period  calendar.Period // of key, in the zone that it was given in
	issuers []string        // sorted
	cells   []cell          // sorted
}

// maxIssuers is how many issuers of an account are kept: the first in order,
// so that it makes no difference in which order rows and reports come.
const maxIssuers = 16

// plus returns the sum of p and q, both of one key.
func (p part) plus(q part) part {
	issuers := slices.Compact(slices.Sorted(slices.Values(slices.Concat(p.issuers, q.issuers))))
	p.issuers = issuers[:min(len(issuers), maxIssuers):min(len(issuers), maxIssuers)]
	p.cells = mergeSorted(p.cells, q.cells, func(a, b cell) int { return a.kind.compare(b.kind) }, func(a, b cell) cell {
		return cell{a.kind, a.sum.plus(b.sum)}
	})
	return p
}

// mergeSorted merges two sorted lists without equal elements in either; those
// that are in both are added.
func mergeSorted[T any](a, b []T, compare func(T, T) int, plus func(T, T) T) []T {
	out := make([]T, 0, len(a)+len(b))
	for len(a) > 0 && len(b) > 0 {
		switch c := compare(a[0], b[0]); {
		case c < 0:
			out, a = append(out, a[0]), a[1:]
		case c > 0:
			out, b = append(out, b[0]), b[1:]
		default:
			out, a, b = append(out, plus(a[0], b[0])), a[1:], b[1:]
		}
	}
	return append(append(out, a...), b...)
}

func compareParts(p, q part) int { return p.key.compare(q.key) }

// A Report is the sum of any number of bills. The zero Report is that of no
// bill. A copy is independent of the original.
//
// Its JSON form has the fields format, cost, bySubAccount, excluded (the names
// that the options exclude) and parts, which has the sums of each account,
// period, currency, service category and reason.
type Report struct {
	cost         Cost // empty: of no bill
	bySubAccount bool
	names        []name // sorted
	parts        []part // sorted
}

// A name is one that the options exclude.
type name struct {
	reason int
	text   string
}

func (n name) compare(m name) int {
	return cmp.Or(cmp.Compare(n.reason, m.reason), cmp.Compare(n.text, m.text))
}

// Cost returns the cost that was summed, or "" for the zero Report.
func (r Report) Cost() Cost { return r.cost }

// Equal reports whether r and s sum the same costs of the same accounts, and
// exclude the same names.
func (r Report) Equal(s Report) bool {
	return r.cost == s.cost && r.bySubAccount == s.bySubAccount && slices.Equal(r.names, s.names) &&
		slices.EqualFunc(r.parts, s.parts, func(p, q part) bool {
			return p.key == q.key && slices.Equal(p.issuers, q.issuers) && slices.EqualFunc(p.cells, q.cells, func(a, b cell) bool {
				return a.kind == b.kind && a.sum.rows == b.sum.rows && a.sum.total().Equal(b.sum.total())
			})
		})
}

// Rows returns the number of rows of the bills, without headers.
func (r Report) Rows() int {
	n := 0
	for _, p := range r.parts {
		for _, c := range p.cells {
			n += c.sum.rows
		}
	}
	return n
}

// Accounts returns the accounts in order of provider, ID, period and currency.
// Rows without a provider belong to the provider that has their account
// elsewhere in the report, if there is exactly one.
func (r Report) Accounts() []Account {
	accounts := []Account{}
	for _, p := range r.known() {
		if !p.key.none() {
			accounts = append(accounts, p.account())
		}
	}
	return accounts
}

// Outside returns, in the same order, the rows that belong to no account in a
// period: rows in none of Options.Periods, and rows that do not count and do
// not name their account, currency or time. These accounts have no period, and
// may have no ID or currency.
func (r Report) Outside() []Account {
	var outside []Account
	for _, p := range r.known() {
		if p.key.none() {
			outside = append(outside, p.account())
		}
	}
	return outside
}

// One returns the only account of a bill that must be of one account, period
// and currency. It returns an error wrapping [ErrNotOne] if there is none,
// there are several, or counted rows are outside the periods.
func (r Report) One() (Account, error) {
	accounts, outside := r.Accounts(), 0
	for _, a := range r.Outside() {
		outside += a.Counted.Rows
	}
	if len(accounts) == 1 && outside == 0 {
		return accounts[0], nil
	}
	var list strings.Builder
	for i, a := range accounts {
		if i == 3 {
			list.WriteString(", …")
			break
		}
		fmt.Fprintf(&list, ", %s %v in %s", quote.String(a.ID), a.Period, a.Currency)
	}
	return Account{}, fmt.Errorf("focus: one account: the report has %d, and %d counted rows outside its periods%s: %w", len(accounts), outside, list.String(), ErrNotOne)
}

// Unused returns the names that the options exclude and that excluded no row,
// without a sum: they are not on the bill this time, all their rows are tax or
// credit, or they are misspelt.
func (r Report) Unused() []Exclusion {
	used := make(map[name]bool)
	for _, p := range r.parts {
		for _, c := range p.cells {
			used[name{c.kind.reason, c.kind.name}] = true
		}
	}
	var unused []Exclusion
	for _, n := range r.names {
		if !used[n] {
			unused = append(unused, Exclusion{Reason: reasons[n.reason], Name: n.text})
		}
	}
	return unused
}

// Parts yields r in pieces that a distributed job can store, shuffle and
// merge: one for each account, period and currency, by a key that is the same
// for the same three, whatever the bill. To merge all pieces, in any order,
// makes r again.
func (r Report) Parts() iter.Seq2[string, Report] {
	return func(yield func(string, Report) bool) {
		for i, p := range r.parts {
			s := r
			s.parts = r.parts[i : i+1]
			if !yield(p.key.String(), s) {
				return
			}
		}
	}
}

// String returns the key of a piece of a report.
func (k key) String() string {
	period := "outside"
	if !k.none() {
		end := "…"
		if k.period.end != endless {
			end = k.period.end.time().Format(timeFormat)
		}
		period = k.period.start.time().Format(timeFormat) + "/" + end
	}
	return strings.Join([]string{strconv.Quote(k.provider), strconv.Quote(k.id), k.currency, period}, " ")
}

const timeFormat = "2006-01-02T15:04:05.999999999Z07:00"

// endless is the end of a period without one.
var endless = instant{sec: 1 << 62}

// spanOf returns p as a span.
func spanOf(p calendar.Period) span {
	s := span{instantOf(p.Start), endless}
	if !p.End.IsZero() {
		s.end = instantOf(p.End)
	}
	return s
}

// period returns the non-zero s in UTC.
func (s span) period() calendar.Period {
	p := calendar.Period{Start: s.start.time()}
	if s.end != endless {
		p.End = s.end.time()
	}
	return p
}

// Merge adds s to r, as if the bills of both had been read as one. The order of
// merging makes no difference. It returns an error wrapping [ErrInvalid] if r
// and s sum different costs or one of them sums by sub-account and the other
// does not, or [ErrPeriods] if periods of an account overlap without being
// equal. After an error r is as it was.
func (r *Report) Merge(s Report) error {
	switch {
	case s.cost == "":
		return nil
	case r.cost == "":
		*r = s
		return nil
	case r.cost != s.cost:
		return fmt.Errorf("focus: merge report: %s and %s: %w", r.cost, s.cost, ErrInvalid)
	case r.bySubAccount != s.bySubAccount:
		return fmt.Errorf("focus: merge report: accounts and sub-accounts: %w", ErrInvalid)
	}
	t := *r
	t.names = mergeSorted(r.names, s.names, name.compare, func(n, _ name) name { return n })
	t.parts = mergeSorted(r.parts, s.parts, compareParts, part.plus)
	if err := t.checkPeriods(); err != nil {
		return fmt.Errorf("focus: merge report: %w%s", err, remedies["Zone"])
	}
	*r = t
	return nil
}

// checkPeriods returns an error if two periods of an account overlap without
// being equal. An account of an unknown provider may be that of any provider.
func (r Report) checkPeriods() error {
	unknown := make(map[string][]part) // by account
	for _, p := range r.parts {
		if p.key.provider == "" && !p.key.none() {
			unknown[p.key.id] = append(unknown[p.key.id], p)
		}
	}
	check := func(parts []part) error {
		slices.SortStableFunc(parts, func(p, q part) int {
			return cmp.Or(p.key.period.start.compare(q.key.period.start), p.key.period.end.compare(q.key.period.end))
		})
		for i := 1; i < len(parts); i++ {
			p, q := parts[i-1], parts[i]
			if p.key.period != q.key.period && q.key.period.start.compare(p.key.period.end) < 0 {
				return fmt.Errorf("account %s has the periods %v and %v, which overlap: %w", quote.String(p.key.id), p.key.period.period(), q.key.period.period(), ErrPeriods)
			}
		}
		return nil
	}
	for i := 0; i < len(r.parts); {
		j := i
		var periods []part
		for ; j < len(r.parts) && r.parts[j].key.provider == r.parts[i].key.provider && r.parts[j].key.id == r.parts[i].key.id; j++ {
			if !r.parts[j].key.none() {
				periods = append(periods, r.parts[j])
			}
		}
		if r.parts[i].key.provider != "" {
			periods = append(periods, unknown[r.parts[i].key.id]...)
		}
		if err := check(periods); err != nil {
			return err
		}
		i = j
	}
	return nil
}

// known returns the parts of r, those without a provider with the one that has
// their account, if there is exactly one.
func (r Report) known() []part {
	if len(r.parts) == 0 || r.parts[0].key.provider != "" {
		return r.parts
	}
	of := make(map[string]string) // the provider by account; empty: several
	for _, p := range r.parts {
		if p.key.provider == "" {
			continue
		}
		if one, ok := of[p.key.id]; ok && one != p.key.provider {
			of[p.key.id] = ""
		} else if !ok {
			of[p.key.id] = p.key.provider
		}
	}
	var moved, rest []part
	for _, p := range r.parts {
		if p.key.provider == "" && of[p.key.id] != "" {
			p.key.provider = of[p.key.id]
			moved = append(moved, p)
		} else {
			rest = append(rest, p)
		}
	}
	slices.SortFunc(moved, compareParts)
	return mergeSorted(rest, moved, compareParts, part.plus)
}

// account returns p for the caller.
func (p part) account() Account {
	a := Account{
		Provider: p.key.provider, ID: p.key.id, Currency: p.key.currency, Period: p.period,
		Issuers: append([]string{}, p.issuers...), Excluded: []Exclusion{}, Services: []Service{},
	}
	var counted sum
	excluded := make(map[name]sum)
	for i := 0; i < len(p.cells); {
		category := p.cells[i].kind.category
		var in, out sum
		for ; i < len(p.cells) && p.cells[i].kind.category == category; i++ {
			c := p.cells[i]
			if c.kind.reason == 0 {
				in = in.plus(c.sum)
				continue
			}
			out = out.plus(c.sum)
			why := name{c.kind.reason, c.kind.name}
			excluded[why] = excluded[why].plus(c.sum)
		}
		counted = counted.plus(in)
		a.Services = append(a.Services, Service{category, in.public(), out.public()})
	}
	a.Counted = counted.public()
	for _, why := range slices.SortedFunc(maps.Keys(excluded), name.compare) {
		a.Excluded = append(a.Excluded, Exclusion{reasons[why.reason], why.text, excluded[why].public()})
	}
	return a
}
