package billing

import (
	"fmt"
	"strconv"
	"strings"
	"text/tabwriter"

	"github.com/shopspring/decimal"

	"github.com/supportplan/supportplan/internal/amount"
)

// String returns q as a table for people: what it is a quote of, a row for each
// line and each adjustment, and the total. Amounts are exact, except that zeros
// at their end are cut to the places of the total.
func (q Quote) String() string {
	var b strings.Builder
	places := max(-q.Total.Exponent(), 0)
	if q.Plan.IsValid() {
		fmt.Fprintf(&b, "%s, rate card %s, ", q.Plan.Name(), q.Edition)
	}
	fmt.Fprintf(&b, "usage %s", money(q.Usage, places))
	if !q.Usage.Equal(q.UsageRated) {
		fmt.Fprintf(&b, ", rated as %s", money(q.UsageRated, places))
	}
	if q.Currency != "" {
		fmt.Fprintf(&b, " %s", q.Currency)
	}
	b.WriteByte('\n')
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "tier\tfrom\tto\tusage slice\trate\tflat\tcharge\t")
	for _, l := range q.Lines {
		to := "…"
		if !l.To.IsZero() {
			to = money(l.To, places)
		}
		row := []string{strconv.Itoa(l.Tier), money(l.From, places), to, money(l.UsageSlice, places), amount.Text(l.TierRate), money(l.Flat, places), money(l.TierCharge, places)}
		fmt.Fprintln(w, strings.Join(row, "\t")+"\t")
	}
	for _, a := range q.Adjustments {
		fmt.Fprintf(w, "%v\t\t\t\t\t\t%s\t\n", a.Kind, money(a.Amount, places))
	}
	fmt.Fprintf(w, "total\t\t\t\t\t\t%s\t\n", money(q.Total, places))
	w.Flush() // a strings.Builder takes every write
	return b.String()
}

// money writes d exactly, with at least the given number of places and no zero
// behind them.
func money(d decimal.Decimal, places int32) string {
	for -d.Exponent() > places && isWhole(d, -d.Exponent()-1) {
		d = d.Truncate(-d.Exponent() - 1)
	}
	return d.StringFixed(max(places, -d.Exponent()))
}
