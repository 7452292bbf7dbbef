package price

import (
	"slices"
	"strconv"

	"github.com/shopspring/decimal"

	"github.com/supportplan/supportplan/internal/amount"
	"github.com/supportplan/supportplan/internal/table"
)

// String returns q as plain text: the usage, and a table with a row for each
// line, each adjustment and the total. Each row can be checked by hand: usage ×
// rate + flat is the charge of a tier; a discount's usage is its base; the other
// adjustments lead from one amount to another. Rates are in per cent if all of
// them are below 1. Amounts are exact, with at least the places of the total. If
// q has an amount that no quote can have, String returns the error's text.
func (q Quote) String() string { return q.text("\n", table.Text) }

// Markdown returns q as [Quote.String] does, with the table in Markdown.
func (q Quote) Markdown() string { return q.text("\n\n", table.Markdown) }

func (q Quote) text(gap string, layout func([][]string) string) string {
	if err := q.size(); err != nil {
		return "Quote(" + err.Error() + ")"
	}
	places := max(-q.Total.Exponent(), 0)
	text := func(d decimal.Decimal) string { return amount.Padded(d, places) }
	usage := "usage " + text(q.Usage)
	if !q.Usage.Equal(q.UsageRated) {
		usage += ", rated as " + text(q.UsageRated)
	}
	rate := func(d decimal.Decimal) string { return amount.Padded(d, 0) }
	if !slices.ContainsFunc(q.Lines, func(l Line) bool { return !l.Rate.LessThan(one) }) {
		rate = percent
	}
	rows := [][]string{{"tier", "from", "to", "usage", "rate", "flat", "charge"}}
	for _, l := range q.Lines {
		to := "…"
		if !l.To.IsZero() {
			to = text(l.To)
		}
		rows = append(rows, []string{strconv.Itoa(l.Tier), text(l.From), to, text(l.Slice), rate(l.Rate), text(l.Flat), text(l.Charge)})
	}
	for _, a := range q.Adjustments {
		row := []string{string(a.Kind), text(a.Base), text(a.Base.Add(a.Amount)), "", "", "", text(a.Amount)}
		if a.Kind == AdjustmentDiscount {
			row = []string{string(a.Kind), "", "", text(a.Base), percent(a.Rate.Neg()), "", text(a.Amount)}
		}
		rows = append(rows, row)
	}
	rows = append(rows, []string{"total", "", "", "", "", "", text(q.Total)})
	return usage + gap + layout(rows)
}

// percent writes a fraction in per cent, with all its places.
func percent(d decimal.Decimal) string { return amount.Padded(d.Shift(2), 0) + " %" }
