package billing

import (
	"fmt"
	"math/big"
	"strconv"
	"strings"
	"text/tabwriter"

	"github.com/shopspring/decimal"

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
	whole, fraction, _ := strings.Cut(d.StringFixed(max(places, -d.Exponent())), ".")
	if fraction = fraction[:places] + strings.TrimRight(fraction[places:], "0"); fraction == "" {
		return whole
	}
	return whole + "." + fraction
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
	fmt.Fprintf(&b, "%s for %v, usage %s %s\n", kind, i.Period, money(i.Usage, places), i.Currency)
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
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "plan\trate card\ttier\tusage slice\trate\tcharge\tshare\tamount\t")
	for _, l := range i.Lines {
		row := []string{l.Plan.String(), l.Edition, l.Kind.String(), "", "", "", "", money(l.Amount, places)}
		if l.Kind == 0 {
			row[2], row[3], row[4] = strconv.Itoa(l.Tier.Tier), money(l.Tier.UsageSlice, places), amount.Text(l.Tier.TierRate)
			row[5], row[6] = money(l.Tier.TierCharge, places), percentage(l.Share)+" %"
		}
		fmt.Fprintln(w, strings.Join(row, "\t")+"\t")
	}
	fmt.Fprintf(w, "total\t\t\t\t\t\t\t%s\t\n", money(i.Total, places))
	w.Flush()
	return b.String()
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
	return fmt.Sprintf("%sbilled before: %s\nremains: %s %s\n", s.Invoice, money(s.Billed, places), money(s.Amount, places), s.Invoice.Currency)
}
