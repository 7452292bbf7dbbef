package main

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/shopspring/decimal"

	"github.com/supportplan/supportplan/billing/focus"
	"github.com/supportplan/supportplan/entitlement"
	"github.com/supportplan/supportplan/plan"
	"github.com/supportplan/supportplan/severity"
	"github.com/supportplan/supportplan/sla/calendar"
	"github.com/supportplan/supportplan/sla/clock"
)

// print writes r for people.
func (r report) print(w io.Writer) {
	fmt.Fprintln(w, "Four answers about four support plans")
	r.printPlans(w)
	r.printSeverities(w)
	r.printTargets(w)
	r.printNeeds(w)
	r.printUsage(w)
	r.printFees(w)
}

func (r report) printPlans(w io.Writer) {
	title(w, "Who gets what")
	rows := [][]string{append([]string{"category", "feature"}, planNames()...)}
	for _, f := range r.Features {
		name := f.Feature.Name()
		if f.Provenance != entitlement.ProvenancePublished {
			name += " (" + string(f.Provenance) + ")"
		}
		rows = append(rows, append([]string{string(f.Category), name}, yesNo(f.Plans)...))
	}
	table(w, rows)
	fmt.Fprintln(w)
	rows = [][]string{{"plan", "cases handled by", "account manager", "channels"}}
	for _, p := range r.Plans {
		var channels []string
		for _, c := range p.Channels {
			channels = append(channels, c.Name())
		}
		rows = append(rows, []string{p.Plan.Name(), p.Personnel, p.AccountManager, strings.Join(channels, ", ")})
	}
	table(w, rows)
}

func (r report) printSeverities(w io.Writer) {
	title(w, "How serious")
	rows := [][]string{{"severity", "also called", "what is observed"}}
	for _, s := range slices.Backward(r.Severities) {
		rows = append(rows, []string{s.Severity.Name(), s.CriteriaName, strings.Join(s.Observed, ", ")})
	}
	table(w, rows)
}

func (r report) printTargets(w io.Writer) {
	title(w, "How soon: a first response in less than")
	rows := [][]string{append([]string{"severity"}, planNames()...)}
	due := slices.Clone(rows)
	for _, s := range slices.Backward(severity.All()) {
		within, at := []string{s.Name()}, []string{s.Name()}
		for _, p := range plan.All() {
			target, ok := r.Targets.Target(p, s, clock.MetricFirstResponse)
			if !ok {
				within, at = append(within, none), append(at, none)
				continue
			}
			within = append(within, short(target.Within))
			at = append(at, r.Case.Due[p][s].Format("2006-01-02 15:04:05.999999999"))
		}
		rows, due = append(rows, within), append(due, at)
	}
	table(w, rows)
	fmt.Fprintf(w, "\nA case opened at %s needs it before, in the same zone\n\n", r.Case.Opened.Format(time.RFC3339Nano))
	table(w, due)
}

func (r report) printNeeds(w io.Writer) {
	lowest := "no plan meets them all"
	if r.Needs.Lowest.IsValid() {
		lowest = r.Needs.Lowest.Name()
	}
	title(w, "The lowest plan for these needs: "+lowest)
	rows := [][]string{append([]string{"need"}, planNames()...)}
	for _, n := range r.Needs.Needs {
		rows = append(rows, append([]string{n.Need}, yesNo(n.Plans)...))
	}
	table(w, rows)
}

// whyNot explains to people why a row of a bill does not count.
var whyNot = map[focus.Reason]string{
	focus.ReasonTax:         "tax, no spending on a service",
	focus.ReasonCredit:      "credit, a way of paying",
	focus.ReasonSupport:     "support and professional services",
	focus.ReasonService:     "service that -exclude names",
	focus.ReasonSubcategory: "subcategory that -exclude-subcategory names",
	focus.ReasonPublisher:   "publisher that -exclude-publisher names",
}

func (r report) printUsage(w io.Writer) {
	title(w, "For how much: the usage on the bill, at "+string(r.Bill.Cost))
	for i, a := range r.Bill.Accounts {
		if i > 0 {
			fmt.Fprintln(w)
		}
		fmt.Fprintln(w, name(a.Provider, a.ID, a.Currency, a.Period))
		printSums(w, a)
	}
	for _, a := range r.Bill.Outside {
		fmt.Fprintf(w, "\nrows that do not count and name no account, currency or time: %s %s\n", printable(a.Provider), printable(a.ID))
		printSums(w, a)
	}
	if r.Bill.Rows == 0 {
		fmt.Fprintln(w, "The bill has no rows.")
	}
	for _, e := range r.Bill.Unused {
		fmt.Fprintf(w, "\nNo row was left out for %q, a %s.\n", e.Name, whyNot[e.Reason])
	}
}

// printSums writes the sums of the rows of a.
func printSums(w io.Writer, a focus.Account) {
	rows := [][]string{{"service category", "rows", "counted", "rows", "not counted"}}
	for _, s := range a.Services {
		rows = append(rows, slices.Concat([]string{printable(s.Category)}, sum(s.Counted), sum(s.Excluded)))
	}
	rows = append(rows, slices.Concat([]string{"usage"}, sum(a.Counted), []string{"", ""}))
	for _, e := range a.Excluded {
		why := "not counted: " + whyNot[e.Reason]
		if e.Name != "" {
			why += ": " + printable(e.Name)
		}
		rows = append(rows, slices.Concat([]string{why, "", ""}, sum(e.Sum)))
	}
	table(w, alignRight(rows, 1, 2, 3, 4))
}

func (r report) printFees(w io.Writer) {
	title(w, "For how much: the fees by rate card "+printable(r.Card.Edition()))
	if r.illustrative {
		fmt.Fprint(w, "The card is invented: the provider publishes no price.\n\n")
	}
	for i, f := range r.Fees {
		if i > 0 {
			fmt.Fprintln(w)
		}
		fmt.Fprintln(w, name(f.Provider, f.Account, f.Currency, f.Usage.Period()))
		if f.Unpriced != "" {
			fmt.Fprintln(w, "no fees: "+printable(f.Unpriced))
			continue
		}
		header, totals := []string{"billable usage"}, []string{exact(f.Usage.Billable())}
		for _, q := range f.Quotes {
			header, totals = append(header, q.Plan.Name()), append(totals, exact(q.Total))
		}
		table(w, alignRight([][]string{header, totals}, 0, 1, 2, 3, 4))
		for _, q := range f.Quotes {
			if q.Plan.IsPaid() {
				fmt.Fprintf(w, "\n%v", q)
			}
		}
	}
}

// name names an account with its currency and period.
func name(provider, account, currency string, period calendar.Period) string {
	return printable(provider) + ", " + printable(account) + ", " + printable(currency) + ", " + when(period)
}

// sum returns the cells of a sum of rows, empty ones if there are no rows.
func sum(s focus.Sum) []string {
	if s.Rows == 0 {
		return []string{none, none}
	}
	return []string{strconv.Itoa(s.Rows), exact(s.Cost)}
}

// when writes a calendar month in UTC as such, and another period in full.
func when(p calendar.Period) string {
	start := p.Start.UTC()
	if month, err := calendar.Month(start.Year(), start.Month(), time.UTC); err == nil && month.Equal(p) {
		return start.Format("2006-01")
	}
	return p.String()
}

// exact writes an amount with all its digits, and at least two places.
func exact(d decimal.Decimal) string {
	s := d.String() // without zeros at the end
	_, places, _ := strings.Cut(s, ".")
	return d.StringFixed(int32(max(2, len(places))))
}

// none is the cell of an absent value.
const none = "–"

// yesNo returns a cell for each plan, saying whether it is among the given.
func yesNo(plans []plan.Plan) []string {
	var cells []string
	for _, p := range plan.All() {
		cell := none
		if slices.Contains(plans, p) {
			cell = "yes"
		}
		cells = append(cells, cell)
	}
	return cells
}

func planNames() []string {
	var names []string
	for _, p := range plan.All() {
		names = append(names, p.Name())
	}
	return names
}

// short writes a duration without the units that are zero: 16h, not 16h0m0s.
func short(d time.Duration) string {
	s := d.String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}

// printable returns s, in quotes if it would break a table.
func printable(s string) string {
	if strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsPrint(r) }) {
		return strconv.Quote(s)
	}
	return s
}

func title(w io.Writer, s string) {
	fmt.Fprintf(w, "\n%s\n%s\n\n", s, strings.Repeat("=", utf8.RuneCountInString(s)))
}

// alignRight pads the cells of the given columns, so that they end together.
func alignRight(rows [][]string, columns ...int) [][]string {
	for _, c := range columns {
		width := 0
		for _, row := range rows {
			if c < len(row) {
				width = max(width, utf8.RuneCountInString(row[c]))
			}
		}
		for _, row := range rows {
			if c < len(row) {
				row[c] = strings.Repeat(" ", width-utf8.RuneCountInString(row[c])) + row[c]
			}
		}
	}
	return rows
}

// table writes rows, the header first, in aligned columns.
func table(w io.Writer, rows [][]string) {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, row := range rows {
		fmt.Fprintln(t, strings.TrimRight(strings.Join(row, "\t"), " \t"))
	}
	t.Flush()
}
