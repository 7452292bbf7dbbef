package price

import (
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"text/tabwriter"

	"github.com/shopspring/decimal"
	"github.com/supportplan/supportplan/internal/amount"
	"github.com/supportplan/supportplan/internal/strictjson"
)

const maxLines = 100_000 // lines and adjustments of a quote

func (q Quote) check() error {
	amounts := []decimal.Decimal{q.Usage, q.UsageRated, q.Total}
	for _, l := range q.Lines {
		amounts = append(amounts, l.amounts()...)
	}
	for _, a := range q.Adjustments {
		amounts = append(amounts, a.Amount)
	}
	return amount.CheckExact(amounts...)
}

func (l Line) amounts() []decimal.Decimal {
	return []decimal.Decimal{l.From, l.To, l.UsageSlice, l.TierRate, l.Flat, l.TierCharge}
}

type quoteJSON struct {
	Usage       string           `json:"usage"`
	UsageRated  string           `json:"usageRated"`
	Lines       []lineJSON       `json:"lines"`
	Adjustments []adjustmentJSON `json:"adjustments"`
	Total       string           `json:"total"`
}

type lineJSON struct {
	Tier       int    `json:"tier"`
	From       string `json:"from"`
	To         string `json:"to,omitempty"`
	UsageSlice string `json:"usageSlice"`
	TierRate   string `json:"tierRate"`
	Flat       string `json:"flat"`
	TierCharge string `json:"tierCharge"`
}

type adjustmentJSON struct {
	Kind   AdjustmentKind `json:"kind"`
	Amount string         `json:"amount"`
}

// MarshalJSON returns q's JSON form: usage, usageRated, lines (tier, from, to, usageSlice, tierRate, flat,
// tierCharge), adjustments (kind, amount) and total. Amounts are exact decimal
// strings; a tier without upper bound has no "to". It returns an error wrapping
// [ErrAmount] if an amount is beyond what a quote can come to.
func (q Quote) MarshalJSON() ([]byte, error) {
	if err := q.check(); err != nil {
		return nil, fmt.Errorf("price: marshal quote: %w", err)
	}
	j := quoteJSON{
		Usage: amount.Text(q.Usage), UsageRated: amount.Text(q.UsageRated),
		Lines: make([]lineJSON, len(q.Lines)), Adjustments: make([]adjustmentJSON, len(q.Adjustments)),
		Total: amount.Text(q.Total),
	}
	for i, l := range q.Lines {
		j.Lines[i] = l.json()
	}
	for i, a := range q.Adjustments {
		j.Adjustments[i] = adjustmentJSON{a.Kind, amount.Text(a.Amount)}
	}
	return json.Marshal(j)
}

func (l Line) json() lineJSON {
	return lineJSON{l.Tier, amount.Text(l.From), optionalText(l.To), amount.Text(l.UsageSlice), amount.Text(l.TierRate), amount.Text(l.Flat), amount.Text(l.TierCharge)}
}

// UnmarshalJSON reads q's JSON form, strictly. Errors name the field and wrap
// [ErrJSON], [ErrAmount], [ErrAdjustment], or [ErrSum] if the
// lines and adjustments are not the total; after one, *q is as it was.
func (q *Quote) UnmarshalJSON(data []byte) error {
	var out Quote
	err := strictjson.Decode("price: decode quote", data, func(v strictjson.Value) {
		v.Object(func(o strictjson.Object) {
			out.Usage = decodeExact(o.Need("usage"))
			out.UsageRated = decodeExact(o.Need("usageRated"))
			var sum decimal.Decimal
			for _, v := range o.Need("lines").Items(maxLines) {
				l := decodeLine(v)
				sum = sum.Add(l.TierCharge)
				out.Lines = append(out.Lines, l)
			}
			for _, v := range o.Need("adjustments").Items(maxLines) {
				var a Adjustment
				v.Object(func(o strictjson.Object) {
					o.Need("kind").Into(&a.Kind)
					a.Amount = decodeExact(o.Need("amount"))
				})
				sum = sum.Add(a.Amount)
				out.Adjustments = append(out.Adjustments, a)
			}
			out.Total = decodeExact(o.Need("total"))
			if !sum.Equal(out.Total) {
				v.At("total").Fail(ErrSum)
			}
		})
	})
	if err != nil {
		return err
	}
	*q = out
	return nil
}

// MarshalJSON returns l's JSON form, as in [Quote.MarshalJSON].
func (l Line) MarshalJSON() ([]byte, error) {
	if err := amount.CheckExact(l.amounts()...); err != nil {
		return nil, fmt.Errorf("price: marshal line: %w", err)
	}
	return json.Marshal(l.json())
}

// UnmarshalJSON reads l's JSON form, strictly. Errors wrap [ErrJSON] or
// [ErrAmount]; after one, *l is as it was.
func (l *Line) UnmarshalJSON(data []byte) error {
	var u Line
	err := strictjson.Decode("price: decode line", data, func(v strictjson.Value) { u = decodeLine(v) })
	if err != nil {
		return err
	}
	*l = u
	return nil
}

func decodeLine(v strictjson.Value) (l Line) {
	v.Object(func(o strictjson.Object) {
		l.Tier = int(o.Need("tier").Int(1, MaxTiers))
		l.From = decodeExact(o.Need("from"))
		l.To = decodeExact(o.May("to"))
		l.UsageSlice = decodeExact(o.Need("usageSlice"))
		l.TierRate = decodeExact(o.Need("tierRate"))
		l.Flat = decodeExact(o.Need("flat"))
		l.TierCharge = decodeExact(o.Need("tierCharge"))
	})
	return l
}

// decodeExact reads a decimal string that may be as long as an exact result.
func decodeExact(v strictjson.Value) decimal.Decimal {
	d, err := amount.ParseExact(v.Text())
	if err != nil {
		v.Fail(err)
	}
	return d
}

// String returns q as a table for people: the usage, a row for each
// line and each adjustment, and the total. Amounts are exact, except that zeros
// at their end are cut to the places of the total. A quote with an amount beyond
// what a quote can come to is an error's text instead.
func (q Quote) String() string {
	if err := q.check(); err != nil {
		return "Quote(" + err.Error() + ")"
	}
	var b strings.Builder
	places := max(-q.Total.Exponent(), 0)
	fmt.Fprintf(&b, "usage %s", amount.Padded(q.Usage, places))
	if !q.Usage.Equal(q.UsageRated) {
		fmt.Fprintf(&b, ", rated as %s", amount.Padded(q.UsageRated, places))
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

// newTable returns what aligns the cells of a table at the right, two spaces
// apart.
func newTable(w io.Writer) *tabwriter.Writer {
	return tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
}
