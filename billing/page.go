package billing

import (
	"cmp"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/shopspring/decimal"

	"github.com/supportplan/supportplan/billing/price"
	"github.com/supportplan/supportplan/internal/amount"
	"github.com/supportplan/supportplan/internal/wide"
	"github.com/supportplan/supportplan/plan"
	"github.com/supportplan/supportplan/sla/calendar"
)

// A Page is a document laid out for people, as data: a caller can print it as it
// is, or set its rows in a layout of his own. Every row of a page can be
// confirmed with a pocket calculator, up to the rounding of its amount: amounts
// are rounded together, so that they add up to the total, and a line tells the
// reader if one of them differs from its own rounding.
type Page struct {
	Title  string
	Lines  []string // of text, between the title and the tables
	Tables []Table
}

// A Table is a table of a [Page]. All rows have as many cells as the header.
type Table struct {
	Header []string
	Rows   [][]string
}

// String returns p as plain text. Columns of numbers are aligned at the right.
func (p Page) String() string {
	var b strings.Builder
	b.WriteString(p.Title + "\n")
	for _, line := range p.Lines {
		b.WriteString(line + "\n")
	}
	for _, t := range p.Tables {
		b.WriteByte('\n')
		right := t.numeric()
		widths := make([]int, len(t.Header))
		rows := append([][]string{t.Header}, t.Rows...)
		for _, row := range rows {
			for i, cell := range row {
				widths[i] = max(widths[i], utf8.RuneCountInString(cell))
			}
		}
		for _, row := range rows {
			var line strings.Builder
			for i, cell := range row {
				if i > 0 {
					line.WriteString("  ")
				}
				pad := strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell))
				if right[i] {
					line.WriteString(pad + cell)
				} else {
					line.WriteString(cell + pad)
				}
			}
			b.WriteString(strings.TrimRight(line.String(), " ") + "\n")
		}
	}
	return b.String()
}

// Markdown returns p as Markdown: a heading, paragraphs and tables.
func (p Page) Markdown() string {
	var b strings.Builder
	b.WriteString("# " + escapeMarkdown(p.Title) + "\n")
	for _, line := range p.Lines {
		b.WriteString("\n" + escapeMarkdown(line) + "\n")
	}
	for _, t := range p.Tables {
		b.WriteByte('\n')
		right := t.numeric()
		row := func(cells []string) {
			for _, cell := range cells {
				b.WriteString("| " + escapeMarkdown(cell) + " ")
			}
			b.WriteString("|\n")
		}
		row(t.Header)
		for _, r := range right {
			if r {
				b.WriteString("|--:")
			} else {
				b.WriteString("|---")
			}
		}
		b.WriteString("|\n")
		for _, cells := range t.Rows {
			row(cells)
		}
	}
	return b.String()
}

var markdown = strings.NewReplacer(`\`, `\\`, "|", `\|`, "*", `\*`, "_", `\_`, "`", "\\`", "<", `\<`, "[", `\[`, "#", `\#`)

func escapeMarkdown(s string) string { return markdown.Replace(s) }

// numeric reports for each column whether it holds numbers alone. The first two hold
// names.
func (t Table) numeric() []bool {
	out := make([]bool, len(t.Header))
	for i := 2; i < len(out); i++ {
		for _, row := range t.Rows {
			if strings.Trim(row[i], "-.0123456789…") != "" {
				out[i] = false
				break
			}
			out[i] = out[i] || row[i] != ""
		}
	}
	return out
}

// planName returns the name of the plan with that token, or the token if there
// is no such plan any more.
func planName(token string) string {
	var p plan.Plan
	if p.UnmarshalText([]byte(token)) == nil {
		return p.Name()
	}
	return token
}

// percent writes a rate in per cent, exactly.
func percent(rate decimal.Decimal) string { return amount.Padded(rate.Shift(2), 0) + " %" }

// exactPlaces is how many more places than amounts exact values are shown with.
const exactPlaces = 4

// exactText writes x with four more places than amounts have; an ellipsis stands
// for the digits behind those.
func exactText(x *big.Rat, places int32) string {
	units := new(big.Rat).Mul(x, new(big.Rat).SetInt(wide.BigPow10(places+exactPlaces)))
	n := new(big.Int).Quo(units.Num(), units.Denom())
	text := decimal.NewFromBigInt(n, -places-exactPlaces)
	if units.IsInt() {
		return amount.Padded(text, places)
	}
	s := text.StringFixed(places + exactPlaces)
	if x.Sign() < 0 && n.Sign() == 0 {
		s = "-" + s
	}
	return s + "…"
}

// in returns t in the zone, or in its own zone if that is nil.
func in(t time.Time, zone *time.Location) time.Time {
	if zone != nil {
		return t.In(zone)
	}
	return t
}

// zoneText names the zone of t.
func zoneText(t time.Time) string {
	name := t.Location().String()
	if _, offset := t.Zone(); name == "" || name == "Local" || strings.ContainsAny(name, "+-") && !strings.Contains(name, "/") {
		if offset == 0 {
			return "UTC"
		}
		sign := '+'
		if offset < 0 {
			sign, offset = '-', -offset
		}
		name = fmt.Sprintf("UTC%c%02d:%02d", sign, offset/3600, offset/60%60)
		if s := offset % 60; s != 0 {
			name += fmt.Sprintf(":%02d", s)
		}
	}
	return name
}

// periodText writes p in words, such as "1–31 March 2026", and the name of its
// zone.
func periodText(p calendar.Period, zone *time.Location) (text, zoneName string) {
	start, end := in(p.Start, zone), in(p.End, zone)
	zoneName = zoneText(start)
	if z := zoneText(end); z != zoneName {
		zoneName += " to " + z
	}
	if !isMidnight(start) || !isMidnight(end) {
		return clockText(start) + " to " + clockText(end), zoneName
	}
	y, m, d := end.Date()
	last := time.Date(y, m, d-1, 0, 0, 0, 0, time.UTC) // only its date counts
	switch {
	case start.Year() == last.Year() && start.YearDay() == last.YearDay():
		text = dateText(last)
	case start.Year() == last.Year() && start.Month() == last.Month():
		text = fmt.Sprintf("%d–%s", start.Day(), dateText(last))
	case start.Year() == last.Year():
		text = fmt.Sprintf("%d %s – %s", start.Day(), start.Month(), dateText(last))
	default:
		text = dateText(start) + " – " + dateText(last)
	}
	return text, zoneName
}

func isMidnight(t time.Time) bool {
	h, m, s := t.Clock()
	return h == 0 && m == 0 && s == 0 && t.Nanosecond() == 0
}

func dateText(t time.Time) string { return fmt.Sprintf("%d %s %d", t.Day(), t.Month(), t.Year()) }

// clockText writes t with its time of day, without seconds if they are 0.
func clockText(t time.Time) string {
	layout := " 15:04"
	if t.Second() != 0 || t.Nanosecond() != 0 {
		layout = " 15:04:05.999999999"
	}
	return dateText(t) + t.Format(layout)
}

// titled returns a document's title.
func (h Head) titled(name string, zone *time.Location) string {
	if h.ID == "" {
		name = "Draft " + strings.ToLower(name)
	} else {
		name += " " + h.ID
	}
	period, in := periodText(h.Period, zone)
	return fmt.Sprintf("%s for %s (%s)", name, period, in)
}

// money writes an amount with its currency.
func (h Head) money(d decimal.Decimal) string {
	return amount.Padded(d, max(h.Places, 0)) + " " + h.Currency
}

// Page returns i laid out for people: the segments with their times and shares,
// and each charge with its calculation. Exact charges are cut four places behind
// the amounts' places; an ellipsis shows that digits follow. A line stands before
// the tables if an amount differs from the rounding of its own exact charge.
func (i Invoice) Page() Page {
	name := "Invoice"
	if i.Kind == DocumentAdvance {
		name = "Advance"
	}
	if err := i.checkShown(); err != nil {
		return errorPage(name, err)
	}
	return i.page(i.titled(name, i.Zone), "Amount due: "+i.money(i.Due))
}

// page returns the page of i under a title and with a line for the amount due.
func (i Invoice) page(title, due string) Page {
	p := Page{Title: title}
	if i.Kind == DocumentInvoice {
		p.Lines = append(p.Lines, "Usage: "+i.money(i.Usage))
	}
	p.Lines = append(p.Lines, due)
	if slices.ContainsFunc(i.Charges, i.isShifted) {
		p.Lines = append(p.Lines, fmt.Sprintf("The total is rounded once. So that the amounts add up to it, some are %v above or below their own rounding.", decimal.New(1, -i.Rounding.Places)))
	}
	p.Tables = []Table{i.segmentTable(), i.chargeTable()}
	return p
}

// isShifted reports whether the amount of a charge differs from its own rounding.
func (i Invoice) isShifted(c price.Charge) bool {
	own, err := i.Rounding.RoundRat(c.Exact)
	return err == nil && !own.Equal(c.Amount)
}

// errorPage returns the page of a document that, made by hand, cannot be laid
// out.
func errorPage(name string, err error) Page {
	return Page{Title: name, Lines: []string{"cannot be shown: " + err.Error()}}
}

// checkShown returns an error if i, made by hand, cannot be laid out.
func (i Invoice) checkShown() error {
	if _, err := i.form(); err != nil {
		return err
	}
	if err := i.checkCharges(); err != nil {
		return err
	}
	for n, c := range i.Charges {
		if c.Kind != "" && i.Segments[c.Segment].Terms == nil {
			return fmt.Errorf("charge %d has no terms: %w", n, ErrInvalid)
		}
	}
	return nil
}

func (i Invoice) segmentTable() Table {
	t := Table{Header: []string{"Plan", "Rate card", "Time", "Share of the period"}}
	bySegment, rounded := i.Basis == price.BasisSegment && i.Kind == DocumentInvoice, false
	for _, s := range i.Segments {
		rounded = rounded || !s.UsageRated.Equal(s.Usage)
	}
	if bySegment || rounded {
		t.Header = append(t.Header, "Usage")
	}
	if rounded {
		t.Header = append(t.Header, "Rated usage")
	}
	for _, s := range i.Segments {
		times := make([]string, len(s.Periods))
		for n, p := range s.Periods {
			text, zone := periodText(p, i.Zone)
			if _, own := periodText(i.Period, i.Zone); zone != own {
				text += " (" + zone + ")"
			}
			times[n] = text
		}
		row := []string{planName(s.Plan), s.Edition, strings.Join(times, "; "), i.shareText(s)}
		if bySegment || rounded {
			row = append(row, amount.Padded(s.Usage, i.Places))
		}
		if rounded {
			row = append(row, amount.Padded(s.UsageRated, i.Places))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// shareText writes the share of a segment in days or hours.
func (i Invoice) shareText(s Segment) string {
	if i.Proration == ProrationDays {
		days := 0
		for _, s := range i.Segments {
			days += s.Days
		}
		return fmt.Sprintf("%d of %d days", s.Days, days)
	}
	part, whole := new(big.Int), duration(i.Period)
	for _, p := range s.Periods {
		part.Add(part, duration(p))
	}
	hour := big.NewRat(3600e9, 1)
	hours := func(ns *big.Int) string {
		x := new(big.Rat).SetInt(ns)
		return strings.TrimPrefix(exactText(x.Quo(x, hour), 0), "+")
	}
	return fmt.Sprintf("%s of %s hours", hours(part), hours(whole))
}

func (i Invoice) chargeTable() Table {
	t := Table{Header: []string{"Plan", "Charge", "Calculation", "Exact", "Amount " + i.Currency}}
	sum := new(big.Rat)
	several := slices.ContainsFunc(i.Segments, func(s Segment) bool { return s.Edition != i.Segments[0].Edition })
	for _, c := range i.Charges {
		s := i.Segments[c.Segment]
		who := planName(s.Plan)
		if several {
			who += ", " + s.Edition
		}
		name, calculation := i.chargeText(c)
		sum.Add(sum, c.Exact)
		t.Rows = append(t.Rows, []string{who, name, calculation, exactText(c.Exact, i.Places), amount.Padded(c.Amount, i.Places)})
	}
	t.Rows = append(t.Rows, []string{"Total", "", "rounded " + roundingText(i.Rounding), exactText(sum, i.Places), amount.Padded(i.Due, i.Places)})
	return t
}

// chargeText returns the name of a charge and its calculation.
func (i Invoice) chargeText(c price.Charge) (name, calculation string) {
	factor := ""
	if c.Share.Cmp(big.NewRat(1, 1)) != 0 {
		factor = " × " + c.Share.RatString()
	}
	if c.Kind == "" {
		return tierText(c.Line, i.Places), lineText(c.Line, i.Places, factor)
	}
	base := exactText(c.Base, i.Places)
	switch c.Kind {
	case price.AdjustmentDiscount:
		return "Discount", fmt.Sprintf("-%s × %s", percent(c.Rate), base)
	case price.AdjustmentMaximum:
		name = "Maximum"
	case price.AdjustmentMinimum:
		name = "Minimum"
	}
	return name, fmt.Sprintf("%s%s - %s", amount.Padded(c.Limit, i.Places), factor, base)
}

// tierText names a tier by its bounds.
func tierText(l price.Line, places int32) string {
	switch {
	case l.To.IsZero() && l.From.IsZero():
		return "All usage"
	case l.To.IsZero():
		return fmt.Sprintf("Tier %d: above %s", l.Tier, amount.Padded(l.From, places))
	case l.From.IsZero():
		return fmt.Sprintf("Tier %d: up to %s", l.Tier, amount.Padded(l.To, places))
	}
	return fmt.Sprintf("Tier %d: %s to %s", l.Tier, amount.Padded(l.From, places), amount.Padded(l.To, places))
}

// lineText writes the calculation of a tier's line, times a factor.
func lineText(l price.Line, places int32, factor string) string {
	text := amount.Padded(l.Slice, places) + " × " + percent(l.Rate)
	if l.Flat.IsZero() {
		return text + factor
	}
	text += " + " + amount.Padded(l.Flat, places)
	if factor != "" {
		text = "(" + text + ")" + factor
	}
	return text
}

func roundingText(r price.Rounding) string {
	return fmt.Sprintf("%s to %d places", strings.ReplaceAll(string(r.Mode), "-", " "), r.Places)
}

// String returns i's page as plain text.
func (i Invoice) String() string { return i.Page().String() }

// headTable returns the table of the documents that another one lists.
func headTable(heads []Head, places int32, zone *time.Location, currency string, more ...[]string) Table {
	t := Table{Header: []string{"Document", "Kind", "Period", "Amount " + currency}}
	for _, h := range heads {
		period, in := periodText(h.Period, zone)
		t.Rows = append(t.Rows, []string{h.ID, string(h.Kind), period + " (" + in + ")", amount.Padded(h.Due, places)})
	}
	t.Rows = append(t.Rows, more...)
	return t
}

// Page returns s laid out for people: the invoice's tables, and a table of the
// documents that it settles.
func (s Settlement) Page() Page {
	if err := cmp.Or(s.Invoice.checkShown(), s.checkShown()); err != nil {
		return errorPage("Settlement", err)
	}
	due, name := s.Due, "Amount due"
	if due.IsNegative() {
		due, name = due.Neg(), "Credit"
	}
	p := s.Invoice.page(s.titled("Settlement", s.Invoice.Zone), fmt.Sprintf("%s: %s", name, s.money(due)))
	p.Tables = append(p.Tables, headTable(s.Settles, s.Places, s.Invoice.Zone, s.Currency,
		[]string{"Billed before", "", "", amount.Padded(s.Billed, s.Places)},
		[]string{name, "", amount.Padded(s.Invoice.Due, s.Places) + " - " + amount.Padded(s.Billed, s.Places), amount.Padded(s.Due, s.Places)}))
	return p
}

func (s Settlement) checkShown() error {
	_, err := s.form()
	return err
}

// String returns s's page as plain text.
func (s Settlement) String() string { return s.Page().String() }

// Page returns s laid out for people: the commitment, and a table of the
// documents that count.
func (s Shortfall) Page() Page {
	if _, err := s.form(); err != nil {
		return errorPage("Shortfall", err)
	}
	return Page{
		Title: s.titled("Shortfall", nil),
		Lines: []string{"Committed: " + s.money(s.Committed), "Amount due: " + s.money(s.Due)},
		Tables: []Table{headTable(s.Counts, s.Places, nil, s.Currency,
			[]string{"Billed", "", "", amount.Padded(s.Billed, s.Places)},
			[]string{"Amount due", "", amount.Padded(s.Committed, s.Places) + " - " + amount.Padded(s.Billed, s.Places) + ", at least 0", amount.Padded(s.Due, s.Places)})},
	}
}

// String returns s's page as plain text.
func (s Shortfall) String() string { return s.Page().String() }
