package billing

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/supportplan/supportplan/billing/price"
	"github.com/supportplan/supportplan/internal/amount"
	"github.com/supportplan/supportplan/internal/enum"
	"github.com/supportplan/supportplan/internal/field"
	"github.com/supportplan/supportplan/internal/quote"
	"github.com/supportplan/supportplan/internal/strictjson"
	"github.com/supportplan/supportplan/sla/calendar"
)

// maxItems is the number of segments, periods, charges or heads of a document.
const maxItems = 100_000

// DecodeDocument reads the JSON form of a document: an [Invoice], a [Settlement]
// or a [Shortfall], by its kind. A kind that has no form, [DocumentOther], is an
// error.
//
// It recomputes the document from its rules, segments, terms and usage, and
// returns an error wrapping [ErrInconsistent], with the path, if any other
// field, or the order of charges, is not the result. It cannot know the fields
// that nothing else in the document determines: id, currency, the names of
// plans and editions, and the parts of terms that did not matter, such as a
// tier's rate above the usage.
//
// Its other errors name the field and wrap [ErrInvalid], and [ErrNewer] for a
// form of a newer version.
func DecodeDocument(data []byte) (Document, error) {
	return readDocument("billing: decode document", data)
}

// readDocument reads a document of one of the given kinds, or of any. The
// operation is named by errors.
func readDocument(op string, data []byte, kinds ...DocumentKind) (Document, error) {
	var d formed
	err := strictjson.Decode(op, data, func(v strictjson.Value) {
		v.Object(func(o strictjson.Object) {
			o.Format()
			h := decodeHead(v, o)
			if len(kinds) > 0 && h.Kind != "" && !slices.Contains(kinds, h.Kind) {
				v.At("kind").Fail(fmt.Errorf("%q: want one of %s: %w", h.Kind, enum.List(kinds), ErrInvalid))
			}
			switch h.Kind {
			case DocumentInvoice, DocumentAdvance:
				d = decodeInvoice(v, o, h)
			case DocumentSettlement:
				d = decodeSettlement(v, o, h)
			case DocumentShortfall:
				d = decodeShortfall(v, o, h)
			default:
				v.At("kind").Fail(fmt.Errorf("%s has no form: %w", quote.String(string(h.Kind)), ErrInvalid))
			}
		})
		// A document that failed so far is not recomputed.
		if v.Failed() {
			return
		}
		again, err := d.recompute()
		if err != nil {
			v.Fail(err)
			return
		}
		form, err := again.form()
		if err != nil {
			v.Fail(err)
			return
		}
		if path, err := compareJSON(data, form); err != nil {
			v.At(path).Fail(err)
		}
		d = again
	})
	if err != nil {
		return nil, invalid(err)
	}
	return d, nil
}

// formed is a document that this package can write and recompute.
type formed interface {
	Document
	// recompute returns the document that follows from the fields of this one
	// that nothing else determines.
	recompute() (formed, error)
	// form returns the JSON form, unchecked.
	form() ([]byte, error)
}

// marshal returns the JSON form of a document. What it writes can be read: it
// reads it.
func marshal(d formed, kinds ...DocumentKind) ([]byte, error) {
	op := fmt.Sprintf("billing: marshal %s", kinds[0])
	form, err := d.form()
	if err != nil {
		return nil, field.Op(op, err)
	}
	if _, err := readDocument(op, form, kinds...); err != nil {
		return nil, err
	}
	return form, nil
}

// compareJSON returns the first difference between two JSON texts that both
// parse, and where it is.
func compareJSON(got, want []byte) (path string, err error) {
	parse := func(data []byte) (v any) {
		d := json.NewDecoder(bytes.NewReader(data))
		d.UseNumber()
		_ = d.Decode(&v) // it parses
		return v
	}
	return compareValues("", parse(got), parse(want))
}

func compareValues(at string, got, want any) (path string, err error) {
	differ := func() (string, error) {
		text := func(v any) string {
			if s, ok := v.(string); ok {
				return quote.String(s)
			}
			data, _ := json.Marshal(v)
			return quote.String(string(data))
		}
		return at, fmt.Errorf("%s, which follows from other fields, is %s: %w", text(got), text(want), ErrInconsistent)
	}
	switch want := want.(type) {
	case map[string]any:
		got, ok := got.(map[string]any)
		if !ok {
			return differ()
		}
		names := slices.Sorted(maps.Keys(want))
		for name := range got {
			if _, ok := want[name]; !ok {
				names = append(names, name)
			}
		}
		for _, name := range names {
			g, inGot := got[name]
			w, inWant := want[name]
			sub := field.Join(at, name)
			if inGot != inWant {
				if at == "" && name == "format" { // may be left out
					continue
				}
				return sub, fmt.Errorf("present: %v, expected from other fields: %v: %w", inGot, inWant, ErrInconsistent)
			}
			if path, err := compareValues(sub, g, w); err != nil {
				return path, err
			}
		}
		return "", nil
	case []any:
		got, ok := got.([]any)
		if !ok {
			return differ()
		}
		for i := range min(len(got), len(want)) {
			if path, err := compareValues(fmt.Sprintf("%s[%d]", at, i), got[i], want[i]); err != nil {
				return path, err
			}
		}
		if len(got) != len(want) {
			return at, fmt.Errorf("%d items, from other fields %d: %w", len(got), len(want), ErrInconsistent)
		}
		return "", nil
	}
	if got != want {
		return differ()
	}
	return "", nil
}

// The JSON form of an invoice.
type (
	invoiceJSON struct {
		headJSON
		Usage     string         `json:"usage"`
		Rounding  price.Rounding `json:"rounding"`
		Proration Proration      `json:"proration"`
		Zone      string         `json:"zone,omitempty"`
		Limits    price.Limits   `json:"limits"`
		Basis     price.Basis    `json:"basis"`
		Segments  []segmentJSON  `json:"segments"`
		Charges   []chargeJSON   `json:"charges"`
	}
	segmentJSON struct {
		Plan       string            `json:"plan"`
		Edition    string            `json:"edition"`
		Periods    []calendar.Period `json:"periods"`
		Days       *int              `json:"days,omitempty"`
		Share      string            `json:"share"`
		Usage      string            `json:"usage"`
		UsageRated string            `json:"usageRated"`
		Terms      json.RawMessage   `json:"terms,omitempty"`
	}
	chargeJSON struct {
		Segment int                  `json:"segment"`
		Kind    price.AdjustmentKind `json:"kind,omitempty"`
		Line    *price.Line          `json:"line,omitempty"`
		Base    string               `json:"base,omitempty"`
		Rate    string               `json:"rate,omitempty"`
		Limit   string               `json:"limit,omitempty"`
		Share   string               `json:"share"`
		Exact   string               `json:"exact"`
		Amount  string               `json:"amount"`
	}
)

func (i Invoice) form() ([]byte, error) { return i.marshalForm(strictjson.Format) }

func (i Invoice) marshalForm(format int) ([]byte, error) {
	if err := cmp.Or(i.check(), field.Wrap("usage", invalid(amount.CheckExact(i.Usage)))); err != nil {
		return nil, err
	}
	j := invoiceJSON{
		headJSON: i.Head.json(), Usage: amount.Text(i.Usage), Rounding: i.Rounding, Proration: i.Proration, Zone: zoneName(i.Zone),
		Limits: i.Limits, Basis: i.Basis, Segments: make([]segmentJSON, len(i.Segments)), Charges: make([]chargeJSON, len(i.Charges)),
	}
	j.Format = format
	for n, s := range i.Segments {
		if s.Share == nil {
			return nil, field.Wrap(fmt.Sprintf("segments[%d].share", n), fmt.Errorf("missing: %w", ErrInvalid))
		}
		if err := amount.CheckExact(s.Usage, s.UsageRated); err != nil {
			return nil, field.Wrap(fmt.Sprintf("segments[%d].usage", n), invalid(err))
		}
		j.Segments[n] = segmentJSON{Plan: s.Plan, Edition: s.Edition, Periods: append([]calendar.Period{}, s.Periods...), Share: s.Share.String(), Usage: amount.Text(s.Usage), UsageRated: amount.Text(s.UsageRated)}
		if i.Proration == ProrationDays {
			j.Segments[n].Days = &s.Days
		}
		if s.Terms != nil {
			terms, err := s.Terms.MarshalJSON()
			if err != nil {
				return nil, field.Wrap(fmt.Sprintf("segments[%d].terms", n), invalid(err))
			}
			rounding, _ := s.Terms.Rounding.MarshalJSON() // of terms that could be written
			j.Segments[n].Terms = strictjson.Omit(strictjson.Nest(terms), "rounding", rounding)
		}
	}
	for n, c := range i.Charges {
		k, err := chargeForm(c)
		if err != nil {
			return nil, field.Wrap(fmt.Sprintf("charges[%d]", n), invalid(err))
		}
		j.Charges[n] = k
	}
	return json.Marshal(j)
}

// chargeForm returns the JSON form of a charge, or the error of one that was made
// by hand and has none.
func chargeForm(c price.Charge) (chargeJSON, error) {
	if c.Exact == nil || c.Share == nil || c.Kind != "" && c.Base == nil {
		return chargeJSON{}, fmt.Errorf("no share, base or exact amount: %w", ErrInvalid)
	}
	k := chargeJSON{Segment: c.Segment, Kind: c.Kind, Share: c.Share.RatString(), Exact: c.Exact.RatString()}
	if err := amount.CheckExact(c.Amount, c.Rate, c.Limit); err != nil {
		return chargeJSON{}, err
	}
	k.Amount = amount.Text(c.Amount)
	switch c.Kind {
	case "":
		if _, err := c.Line.MarshalJSON(); err != nil {
			return chargeJSON{}, field.Wrap("line", err)
		}
		k.Line = &c.Line
		return k, nil
	case price.AdjustmentDiscount:
		k.Rate = amount.Text(c.Rate)
	default:
		k.Limit = amount.Text(c.Limit)
	}
	k.Base = c.Base.RatString()
	return k, nil
}

func (i Invoice) recompute() (formed, error) {
	again, err := i.again()
	return again, err
}

// again returns the invoice that follows from the head, rules, segments and
// usages of i.
func (i Invoice) again() (Invoice, error) {
	i.Segments = slices.Clone(i.Segments)
	schedules, err := i.validate()
	if err == nil {
		err = i.compute(schedules)
	}
	return i, err
}

// MarshalJSON returns i's JSON form: format, id, kind, start, end, currency,
// places, due, dueMinor, usage, rounding, proration, zone, limits, basis,
// segments (plan, edition, periods, days, share, usage, usageRated, terms) and
// charges (segment, line or kind, base and rate or limit, share, exact, amount).
// Amounts are decimal strings, share, base and exact are fractions such as "1/3",
// and dueMinor is a number. It returns an error wrapping [ErrInvalid] if i was changed by hand so
// that it could not be read.
func (i Invoice) MarshalJSON() ([]byte, error) { return marshal(i, DocumentInvoice, DocumentAdvance) }

// UnmarshalJSON reads i's JSON form as [DecodeDocument] does. After an error *i
// is as it was.
func (i *Invoice) UnmarshalJSON(data []byte) error {
	d, err := readDocument("billing: decode invoice", data, DocumentInvoice, DocumentAdvance)
	if err == nil {
		*i = d.(Invoice)
	}
	return err
}

// decodeInvoice reads the fields of an invoice from o, the object at v, that are
// not determined by others.
func decodeInvoice(v strictjson.Value, o strictjson.Object, h Head) Invoice {
	i := Invoice{Head: h}
	i.Usage = decodeAmount(o.Need("usage"))
	rounding := o.Need("rounding")
	rounding.JSON(&i.Rounding)
	o.Need("proration").Into(&i.Proration)
	if zone := o.May("zone"); zone.IsPresent() {
		i.Zone = decodeZone(zone)
	}
	o.Need("limits").Into(&i.Limits)
	o.Need("basis").Into(&i.Basis)
	for _, v := range o.Need("segments").Items(maxItems) {
		v.Object(func(o strictjson.Object) {
			s := Segment{Plan: o.Need("plan").Text(), Edition: o.Need("edition").Text(), Usage: decodeAmount(o.Need("usage"))}
			for _, v := range o.Need("periods").Items(maxItems) {
				var p calendar.Period
				v.JSON(&p)
				s.Periods = append(s.Periods, p)
			}
			if terms := o.May("terms"); terms.IsPresent() {
				s.Terms = new(price.Terms)
				terms.Default("rounding", rounding).JSON(s.Terms)
			}
			for _, derived := range []string{"days", "share", "usageRated"} {
				o.May(derived)
			}
			i.Segments = append(i.Segments, s)
		})
	}
	o.Need("charges").Items(maxItems) // compared, not read
	return i
}

// The JSON forms of a settlement and a shortfall.
type (
	settlementJSON struct {
		headJSON
		Invoice json.RawMessage `json:"invoice"`
		Settles []headJSON      `json:"settles"`
		Billed  string          `json:"billed"`
	}
	shortfallJSON struct {
		headJSON
		Committed string     `json:"committed"`
		Counts    []headJSON `json:"counts"`
		Billed    string     `json:"billed"`
	}
)

// headsJSON returns the form of the heads, named by name in errors.
func headsJSON(name string, heads []Head) ([]headJSON, error) {
	out := make([]headJSON, len(heads))
	for i, h := range heads {
		if err := h.check(); err != nil {
			return nil, field.Wrap(fmt.Sprintf("%s[%d]", name, i), err)
		}
		out[i] = h.json()
	}
	return out, nil
}

func decodeHeads(v strictjson.Value) []Head {
	heads := []Head{}
	for _, v := range v.Items(maxItems) {
		v.Object(func(o strictjson.Object) { heads = append(heads, decodeHead(v, o)) })
	}
	return heads
}

func (s Settlement) form() ([]byte, error) {
	invoice, err := s.Invoice.marshalForm(0)
	if err != nil {
		return nil, field.Wrap("invoice", err)
	}
	heads, err := headsJSON("settles", s.Settles)
	if err := cmp.Or(err, s.check(), field.Wrap("billed", invalid(amount.CheckExact(s.Billed)))); err != nil {
		return nil, err
	}
	j := settlementJSON{s.Head.json(), invoice, heads, amount.Text(s.Billed)}
	j.Format = strictjson.Format
	return json.Marshal(j)
}

func (s Settlement) recompute() (formed, error) {
	inv, err := s.Invoice.again()
	if err != nil {
		return nil, field.Wrap("invoice", err)
	}
	again, err := inv.settle(s.Settles)
	if err != nil {
		return nil, err
	}
	if again.ID = s.ID; s.ID != "" {
		if err := again.checkID(); err != nil {
			return nil, err
		}
	}
	return again, nil
}

// MarshalJSON returns s's JSON form: the fields of its head as in an invoice,
// invoice, settles (an array of heads) and billed. It returns an error wrapping
// [ErrInvalid] if s was changed by hand so that it could not be read.
func (s Settlement) MarshalJSON() ([]byte, error) { return marshal(s, DocumentSettlement) }

// UnmarshalJSON reads s's JSON form as [DecodeDocument] does. After an error *s
// is as it was.
func (s *Settlement) UnmarshalJSON(data []byte) error {
	d, err := readDocument("billing: decode settlement", data, DocumentSettlement)
	if err == nil {
		*s = d.(Settlement)
	}
	return err
}

func decodeSettlement(_ strictjson.Value, o strictjson.Object, h Head) Settlement {
	s := Settlement{Head: h}
	v := o.Need("invoice")
	v.Object(func(o strictjson.Object) { s.Invoice = decodeInvoice(v, o, decodeHead(v, o)) })
	s.Settles = decodeHeads(o.Need("settles"))
	o.May("billed")
	return s
}

func (s Shortfall) form() ([]byte, error) {
	heads, err := headsJSON("counts", s.Counts)
	if err := cmp.Or(err, s.check(), field.Wrap("billed", invalid(amount.CheckExact(s.Billed, s.Committed)))); err != nil {
		return nil, err
	}
	j := shortfallJSON{s.Head.json(), amount.Text(s.Committed), heads, amount.Text(s.Billed)}
	j.Format = strictjson.Format
	return json.Marshal(j)
}

func (s Shortfall) recompute() (formed, error) {
	again, err := Commitment{s.Period, s.Currency, s.Places, s.Committed}.shortfall(s.Counts)
	if err != nil {
		return nil, err
	}
	if again.ID = s.ID; s.ID != "" {
		if err := again.checkID(); err != nil {
			return nil, err
		}
	}
	return again, nil
}

// MarshalJSON returns s's JSON form: the fields of its head as in an invoice,
// committed, counts (an array of heads) and billed. It returns an error wrapping
// [ErrInvalid] if s was changed by hand so that it could not be read.
func (s Shortfall) MarshalJSON() ([]byte, error) { return marshal(s, DocumentShortfall) }

// UnmarshalJSON reads s's JSON form as [DecodeDocument] does. After an error *s
// is as it was.
func (s *Shortfall) UnmarshalJSON(data []byte) error {
	d, err := readDocument("billing: decode shortfall", data, DocumentShortfall)
	if err == nil {
		*s = d.(Shortfall)
	}
	return err
}

func decodeShortfall(_ strictjson.Value, o strictjson.Object, h Head) Shortfall {
	s := Shortfall{Head: h, Committed: decodeAmount(o.Need("committed")), Counts: decodeHeads(o.Need("counts"))}
	o.May("billed")
	return s
}
