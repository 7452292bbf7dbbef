package billing

import (
	"fmt"
	"io"
	"math/big"
	"strconv"
	"strings"
	"text/tabwriter"

	"github.com/supportplan/supportplan/internal/amount"
)

// String returns q as a table for people: what it is a quote of, a row for each
// line and each adjustment, and the total. Amounts are exact, except that zeros
// at their end are cut to the places of the total. A quote with an amount beyond
// what a quote can come to is an error's text instead.
func (q Quote) String() string {
	if err := q.check(); err != nil {
		return "Quote(" + err.Error() + ")"
	}
	var b strings.Builder
	places := max(-q.Total.Exponent(), 0)
	if q.Plan.IsValid() {
		fmt.Fprintf(&b, "%s, rate card %s, ", q.Plan.Name(), q.Edition)
	}
	if q.Period.IsValid() {
		fmt.Fprintf(&b, "%v, ", q.Period)
	}
	fmt.Fprintf(&b, "usage %s", amount.Padded(q.Usage, places))
	if !q.Usage.Equal(q.UsageRated) {
		fmt.Fprintf(&b, ", rated as %s", amount.Padded(q.UsageRated, places))
	}
	if q.Currency != "" {
		fmt.Fprintf(&b, " %s", q.Currency)
	}
	b.WriteByte('\n')
	w := newTable(&b)
	fmt.Fprintln(w, "tier\tfrom\tto\tusage slice\trate\tflat\tcharge\t")
	for _, l := range q.Lines {
		to := "…"
		if !l.To.IsZero() {
			to = amount.Padded(l.To, places)
		}
		row := []string{strconv.Itoa(l.Tier), amount.Padded(l.From, places), to, amount.Padded(l.UsageSlice, places), amount.Text(l.TierRate), amount.Padded(l.Flat, places), amount.Padded(l.TierCharge, places)}
		fmt.Fprintln(w, strings.Join(row, "\t")+"\t")
	}
	for _, a := range q.Adjustments {
		fmt.Fprintf(w, "%v\t\t\t\t\t\t%s\t\n", a.Kind, amount.Padded(a.Amount, places))
	}
	fmt.Fprintf(w, "total\t\t\t\t\t\t%s\t\n", amount.Padded(q.Total, places))
	w.Flush() // a strings.Builder takes every write
	return b.String()
}

// String returns i as a table for people: the period, the parts with their
// shares, a row for each line and the total. Shares are shown in per cent and
// rounded; the amounts are those billed. An invoice that [Invoice.MarshalJSON]
// would refuse is an error's text instead.
func (i Invoice) String() string {
	if err := i.check(); err != nil {
		return "Invoice(" + err.Error() + ")"
	}
	var b strings.Builder
	places := max(-i.Total.Exponent(), 0)
	kind := "invoice"
	if i.Advance {
		kind = "advance"
	}
	fmt.Fprintf(&b, "%s for %v, usage %s %s\n", kind, i.Period, amount.Padded(i.Usage, places), i.Currency)
	for _, p := range i.Parts {
		fmt.Fprintf(&b, "%s, rate card %s, %s %% of the period:", p.Plan.Name(), p.Edition, percentage(p.Share))
		for n, stretch := range p.Periods {
			if n > 0 {
				b.WriteByte(',')
			}
			fmt.Fprintf(&b, " %v", stretch)
		}
		b.WriteByte('\n')
	}
	w := newTable(&b)
	fmt.Fprintln(w, "plan\trate card\ttier\tusage slice\trate\tcharge\tshare\tamount\t")
	for _, l := range i.Lines {
		row := []string{l.Plan.String(), l.Edition, l.Kind.String(), "", "", "", "", amount.Padded(l.Amount, places)}
		if l.Kind == 0 {
			row[2], row[3], row[4] = strconv.Itoa(l.Tier.Tier), amount.Padded(l.Tier.UsageSlice, places), amount.Text(l.Tier.TierRate)
			row[5], row[6] = amount.Padded(l.Tier.TierCharge, places), percentage(l.Share)+" %"
		}
		fmt.Fprintln(w, strings.Join(row, "\t")+"\t")
	}
	fmt.Fprintf(w, "total\t\t\t\t\t\t\t%s\t\n", amount.Padded(i.Total, places))
	w.Flush()
	return b.String()
}

// newTable returns what aligns the cells of a table at the right, two spaces
// apart.
func newTable(w io.Writer) *tabwriter.Writer {
	return tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
}

// percentage writes x in per cent, rounded half up to two places.
func percentage(x *big.Rat) string {
	return Rounding{2, HalfUp}.round(new(big.Rat).Mul(x, big.NewRat(100, 1))).StringFixed(2)
}

// String returns s as its invoice's table, what was billed before, and what
// remains. A settlement that [Settlement.MarshalJSON] would refuse is an error's
// text instead.
func (s Settlement) String() string {
	if err := s.check(); err != nil {
		return "Settlement(" + err.Error() + ")"
	}
	places := max(-s.Amount.Exponent(), 0)
	return fmt.Sprintf("%sbilled before: %s\nremains: %s %s\n", s.Invoice, amount.Padded(s.Billed, places), amount.Padded(s.Amount, places), s.Invoice.Currency)
}
