package billing

import (
	"fmt"
	"io"
	"math/big"
	"strconv"
	"strings"
	"text/tabwriter"

	"github.com/supportplan/supportplan/billing/price"
	"github.com/supportplan/supportplan/internal/amount"
)

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
		row := []string{l.Plan.String(), l.Edition, string(l.Kind), "", "", "", "", amount.Padded(l.Amount, places)}
		if l.Kind == "" {
			row[2], row[3], row[4] = strconv.Itoa(l.Tier.Tier), amount.Padded(l.Tier.Slice, places), amount.Text(l.Tier.Rate)
			row[5], row[6] = amount.Padded(l.Tier.Charge, places), percentage(l.Share)+" %"
		}
		fmt.Fprintln(w, strings.Join(row, "\t")+"\t")
	}
	fmt.Fprintf(w, "total\t\t\t\t\t\t\t%s\t\n", amount.Padded(i.Total, places))
	w.Flush()
	return b.String()
}

// percentage writes x in per cent, rounded half up to two places.
func percentage(x *big.Rat) string {
	rounded, _ := price.Rounding{Places: 2, Mode: price.RoundingHalfUp}.RoundRat(new(big.Rat).Mul(x, big.NewRat(100, 1)))
	return rounded.StringFixed(2)
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

// newTable returns what aligns the cells of a table at the right, two spaces
// apart.
func newTable(w io.Writer) *tabwriter.Writer {
	return tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
}
