package focus

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/shopspring/decimal"

	"github.com/supportplan/supportplan/internal/amount"
	"github.com/supportplan/supportplan/internal/enum"
	"github.com/supportplan/supportplan/internal/quote"
	"github.com/supportplan/supportplan/internal/strictjson"
	"github.com/supportplan/supportplan/sla/calendar"
)

// The JSON form of a report.
type (
	reportJSON struct {
		Format       int        `json:"format"`
		Cost         Cost       `json:"cost"`
		BySubAccount bool       `json:"bySubAccount,omitempty"`
		Excluded     []nameJSON `json:"excluded,omitempty"`
		Parts        []partJSON `json:"parts"`
	}
	nameJSON struct {
		Reason Reason `json:"reason"`
		Name   string `json:"name"`
	}
	partJSON struct {
		Provider string          `json:"provider,omitempty"`
		ID       string          `json:"id,omitempty"`
		Currency string          `json:"currency,omitempty"`
		Period   calendar.Period `json:"period,omitzero"`
		Issuers  []string        `json:"issuers,omitempty"`
		Sums     []cellJSON      `json:"sums"`
	}
	cellJSON struct {
		Category string `json:"category,omitempty"`
		Reason   Reason `json:"reason,omitempty"`
		Name     string `json:"name,omitempty"`
		Rows     int    `json:"rows"`
		Cost     string `json:"cost"`
	}
)

// MarshalJSON returns r's JSON form. A form of more than 4 MiB is not read back;
// store a report of more accounts by [Report.Parts]. It returns an error
// wrapping [ErrInvalid] if r is the zero Report.
func (r Report) MarshalJSON() ([]byte, error) {
	if r.cost == "" {
		return nil, fmt.Errorf("focus: marshal report: the report of no bill: %w", ErrInvalid)
	}
	out := reportJSON{Format: strictjson.Format, Cost: r.cost, BySubAccount: r.bySubAccount, Parts: []partJSON{}}
	for _, n := range r.names {
		out.Excluded = append(out.Excluded, nameJSON{reasons[n.reason], n.text})
	}
	for _, p := range r.parts {
		q := partJSON{Provider: p.key.provider, ID: p.key.id, Currency: p.key.currency, Period: p.period, Issuers: p.issuers}
		for _, c := range p.cells {
			q.Sums = append(q.Sums, cellJSON{c.kind.category, reasons[c.kind.reason], c.kind.name, c.sum.rows, amount.Text(c.sum.total())})
		}
		out.Parts = append(out.Parts, q)
	}
	return json.Marshal(out)
}

// UnmarshalJSON reads r's JSON form, strictly. It returns an error wrapping
// [ErrInvalid] if the form is not valid or was written by a newer version, or
// [ErrPeriods] if periods of an account overlap; after an error *r is as it
// was.
func (r *Report) UnmarshalJSON(data []byte) error {
	var s Report
	err := strictjson.Decode("focus: decode report", data, func(v strictjson.Value) {
		v.Object(func(o strictjson.Object) {
			o.Format()
			o.Need("cost").Into(&s.cost)
			if by := o.May("bySubAccount"); by.IsPresent() {
				s.bySubAccount = by.Bool()
			}
			if names := o.May("excluded"); names.IsPresent() {
				for _, v := range names.Items(maxItems) {
					v.Object(func(o strictjson.Object) {
						n := name{readReason(o.Need("reason")), readText(o.Need("name"))}
						if !reasons[n.reason].isNamed() {
							v.Fail(fmt.Errorf("a name for the reason %q: %w", reasons[n.reason], ErrInvalid))
						}
						s.names = append(s.names, n)
					})
				}
			}
			for _, v := range o.Need("parts").Items(maxItems) {
				s.parts = append(s.parts, readPart(v))
			}
		})
		slices.SortFunc(s.names, name.compare)
		slices.SortFunc(s.parts, compareParts)
		for i := 1; i < len(s.names); i++ {
			if s.names[i] == s.names[i-1] {
				v.At("excluded").Fail(fmt.Errorf("%s: there twice: %w", quote.String(s.names[i].text), ErrInvalid))
			}
		}
		for i := 1; i < len(s.parts); i++ {
			if s.parts[i].key == s.parts[i-1].key {
				v.At("parts").Fail(fmt.Errorf("%v: there twice: %w", s.parts[i].key, ErrInvalid))
			}
		}
		if err := s.checkPeriods(); err != nil {
			v.At("parts").Fail(err)
		}
	})
	if err != nil {
		if !errors.Is(err, ErrInvalid) && !errors.Is(err, ErrPeriods) {
			err = invalidError{err}
		}
		return err
	}
	*r = s
	return nil
}

// maxItems bounds the lists of a form, whose size is bounded already.
const maxItems = strictjson.MaxBytes

func readReason(v strictjson.Value) int {
	text := Reason(v.Text())
	i := slices.Index(reasons[1:], text)
	if i < 0 {
		v.Fail(fmt.Errorf("%s: want one of %s: %w", quote.String(string(text)), enum.List(reasons[1:]), ErrInvalid))
	}
	return i + 1
}

func readText(v strictjson.Value) string {
	text := v.Text()
	if len(text) > MaxText || text == "" {
		v.Fail(fmt.Errorf("%s: want 1 to %d bytes: %w", quote.String(text), MaxText, ErrInvalid))
	}
	return text
}

func mayText(v strictjson.Value) string {
	if !v.IsPresent() {
		return ""
	}
	return readText(v)
}

func readPart(v strictjson.Value) (p part) {
	v.Object(func(o strictjson.Object) {
		p.key.provider, p.key.id, p.key.currency = mayText(o.May("provider")), mayText(o.May("id")), mayText(o.May("currency"))
		if c := p.key.currency; c != "" && !isCurrency(c) {
			v.At("currency").Fail(noCurrency(c))
		}
		if period := o.May("period"); period.IsPresent() {
			period.JSON(&p.period)
			p.key.period = spanOf(p.period)
			if p.key.id == "" || p.key.currency == "" {
				v.Fail(fmt.Errorf("a period without an account and a currency: %w", ErrInvalid))
			}
		}
		if issuers := o.May("issuers"); issuers.IsPresent() {
			for _, v := range issuers.Items(maxIssuers) {
				p.issuers = append(p.issuers, readText(v))
			}
		}
		for _, v := range o.Need("sums").Items(maxItems) {
			p.cells = append(p.cells, readCell(v))
		}
	})
	if !slices.IsSorted(p.issuers) || len(slices.Compact(slices.Clone(p.issuers))) < len(p.issuers) {
		v.At("issuers").Fail(fmt.Errorf("not in order: %w", ErrInvalid))
	}
	slices.SortFunc(p.cells, func(a, b cell) int { return a.kind.compare(b.kind) })
	for i := 1; i < len(p.cells); i++ {
		if p.cells[i].kind == p.cells[i-1].kind {
			v.At("sums").Fail(fmt.Errorf("two of one category, reason and name: %w", ErrInvalid))
		}
	}
	if len(p.cells) == 0 {
		v.At("sums").Fail(fmt.Errorf("empty: %w", ErrInvalid))
	}
	return p
}

func readCell(v strictjson.Value) (c cell) {
	v.Object(func(o strictjson.Object) {
		c.kind.category = mayText(o.May("category"))
		if reason := o.May("reason"); reason.IsPresent() {
			c.kind.reason = readReason(reason)
		}
		c.kind.name = mayText(o.May("name"))
		if reasons[c.kind.reason].isNamed() != (c.kind.name != "") {
			v.Fail(fmt.Errorf("reason %q with the name %s: %w", reasons[c.kind.reason], quote.String(c.kind.name), ErrInvalid))
		}
		c.sum.rows = int(o.Need("rows").Int(1, 1<<53))
		cost := o.Need("cost")
		text := cost.Text()
		d, err := parseSum(text)
		if err != nil {
			cost.Fail(err)
			return
		}
		c.sum.more = &fineness{rest: d}
	})
	return c
}

// parseSum reads the cost of a sum as it is written in JSON.
func parseSum(s string) (decimal.Decimal, error) {
	bad := fmt.Errorf("%s: want a decimal number: %w", quote.String(s), ErrInvalid)
	if len(s) > maxSumWhole+maxPlaces+len("-.") {
		return decimal.Decimal{}, bad
	}
	d, err := decimal.NewFromString(s)
	if err != nil || checkCost(d) != nil || amount.Text(d) != s {
		return decimal.Decimal{}, bad
	}
	return d, nil
}
