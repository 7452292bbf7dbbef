package billing

import (
	"cmp"
	"encoding/json"
	"fmt"
	"time"

	"github.com/shopspring/decimal"

	"github.com/supportplan/supportplan/billing/price"
	"github.com/supportplan/supportplan/internal/amount"
	"github.com/supportplan/supportplan/internal/enum"
	"github.com/supportplan/supportplan/internal/field"
	"github.com/supportplan/supportplan/internal/quote"
	"github.com/supportplan/supportplan/internal/strictjson"
	"github.com/supportplan/supportplan/sla/calendar"
)

// A DocumentKind is the kind of a document: [DocumentInvoice],
// [DocumentAdvance], [DocumentSettlement], [DocumentShortfall] or
// [DocumentOther].
type DocumentKind string

// The kinds of documents.
const (
	DocumentInvoice    DocumentKind = "invoice"    // the fee of a period
	DocumentAdvance    DocumentKind = "advance"    // the fee of a period at usage 0, billed ahead
	DocumentSettlement DocumentKind = "settlement" // the rest of a period's fee after earlier documents
	DocumentShortfall  DocumentKind = "shortfall"  // the rest of a commitment
	DocumentOther      DocumentKind = "other"      // a caller's own: tax, a coupon, goodwill, an SLA credit
)

var documentKinds = []DocumentKind{DocumentInvoice, DocumentAdvance, DocumentSettlement, DocumentShortfall, DocumentOther}

// UnmarshalText sets *k to the kind that b spells, or returns an error wrapping
// [ErrInvalid]; then *k is unchanged.
func (k *DocumentKind) UnmarshalText(b []byte) error {
	return enum.ReadToken(k, b, "kind of document", documentKinds, ErrInvalid)
}

// A Head is the data by which a document is listed, settled and counted. It is
// the head of an [Invoice], a [Settlement] or a [Shortfall], and may as well be
// a row of a caller's ledger. The zero Head is none.
type Head struct {
	// ID is the number or name of the issued document, at most 200
	// bytes. It is empty in a draft.
	ID string
	// Kind is the kind of the document.
	Kind DocumentKind
	// Period is the time that is billed. It has an end.
	Period calendar.Period
	// Currency is the ISO 4217 code of Due.
	Currency string
	// Places is the number of decimal places of the currency: 2 for cents.
	Places int32
	// Due is the amount due. It is negative for a credit.
	//
	// A decimal printed with Println or stored in a numeric column loses zeros
	// at its end: print it with StringFixed(Places), and store that text or
	// [Head.DueMinor], never a float.
	Due decimal.Decimal
}

// Record returns h. It makes every type that embeds a Head a [Document].
func (h Head) Record() Head { return h }

// DueMinor returns the amount due in units of the last place: 6150.00 at two
// places is 615000. It returns an error wrapping [ErrInvalid] if the amount has
// more places, or is beyond an int64.
func (h Head) DueMinor() (int64, error) {
	err := cmp.Or(checkPlaces(h.Places), amount.Check(h.Due))
	if err == nil {
		units := h.Due.Shift(h.Places)
		if units.IsInteger() && units.BigInt().IsInt64() {
			return units.IntPart(), nil
		}
		err = fmt.Errorf("%s: want at most %d places and an int64 of minor units: %w", quote.Decimal(h.Due), h.Places, ErrInvalid)
	}
	return 0, field.Op("billing: minor units", field.Wrap("due", invalid(err)))
}

// A Document is an [Invoice], a [Settlement] or a [Shortfall]. [DecodeDocument]
// reads any of them.
type Document interface {
	json.Marshaler
	fmt.Stringer
	// Record returns the document's head.
	Record() Head
	// Page returns the document laid out for people.
	Page() Page
}

// checkPlaces returns an error if no rounding can have that many places.
func checkPlaces(places int32) error {
	if places < 0 || places > price.MaxPlaces {
		return fmt.Errorf("%d places: want 0 to %d: %w", places, price.MaxPlaces, ErrInvalid)
	}
	return nil
}

// check returns an error if h is no head of a document, issued or not.
func (h Head) check() error {
	if h.ID != "" {
		if err := checkName("id", h.ID); err != nil {
			return err
		}
	}
	if err := cmp.Or(checkChoice("kind", "kind of document", h.Kind, documentKinds), field.Wrap("currency", checkCurrency(h.Currency)), field.Wrap("places", checkPlaces(h.Places))); err != nil {
		return err
	}
	if !h.Period.IsBounded() {
		return field.Wrap("period", invalid(fmt.Errorf("%v: want an end: %w", h.Period, calendar.ErrPeriod)))
	}
	if err := amount.CheckExact(h.Due); err != nil {
		return field.Wrap("due", invalid(err))
	}
	if !h.Due.Equal(h.Due.Truncate(h.Places)) {
		return field.Wrap("due", fmt.Errorf("%s has more than %d places: %w", quote.Decimal(h.Due), h.Places, ErrInvalid))
	}
	return nil
}

// checkIssued is check for heads that are put together: every one is issued,
// none twice, all in one currency at the same places.
func checkIssued(heads []Head, currency string, places int32) error {
	seen := make(map[string]bool, len(heads))
	for i, h := range heads {
		fail := func(name string, err error) error { return field.Wrap(fmt.Sprintf("[%d].%s", i, name), err) }
		switch {
		case h.ID == "":
			return fail("id", fmt.Errorf("missing; issue the %s first: %w", cmp.Or(h.Kind, "document"), ErrNotIssued))
		case seen[h.ID]:
			return fail("id", fmt.Errorf("%s: %w", quote.String(h.ID), ErrDuplicate))
		}
		seen[h.ID] = true
		if err := h.check(); err != nil {
			return field.Wrap(fmt.Sprintf("[%d]", i), err)
		}
		switch {
		case h.Currency != currency:
			return fail("currency", fmt.Errorf("%s is in %s, not in %s: %w", quote.String(h.ID), h.Currency, currency, ErrMismatch))
		case h.Places != places:
			return fail("places", fmt.Errorf("%s has %d places, not %d: %w", quote.String(h.ID), h.Places, places, ErrMismatch))
		}
	}
	return nil
}

// issue returns h with an ID.
func (h Head) issue(id string) (Head, error) {
	if h.ID != "" {
		return Head{}, fmt.Errorf("billing: issue %s as %s: a document is issued once: %w", quote.String(h.ID), quote.String(id), ErrDuplicate)
	}
	if err := checkName("id", id); err != nil {
		return Head{}, field.Op("billing: issue", err)
	}
	h.ID = id
	return h, nil
}

// sumDue returns the sum of the amounts due, with the given places.
func sumDue(heads []Head, places int32) decimal.Decimal {
	var sum decimal.Decimal
	for _, h := range heads {
		sum = sum.Add(h.Due)
	}
	return fixed(sum, places)
}

// fixed returns d with all of the places; d must not have more.
func fixed(d decimal.Decimal, places int32) decimal.Decimal {
	return decimal.NewFromBigInt(d.Shift(places).BigInt(), -places)
}

// The JSON form of a head. Documents add fields of their own.
type headJSON struct {
	Format   int          `json:"format,omitzero"`
	ID       string       `json:"id,omitempty"`
	Kind     DocumentKind `json:"kind"`
	Start    time.Time    `json:"start"`
	End      time.Time    `json:"end"`
	Currency string       `json:"currency"`
	Places   int32        `json:"places"`
	Due      string       `json:"due"`
	DueMinor *int64       `json:"dueMinor,omitempty"` // nil if beyond an int64
}

func (h Head) json() headJSON {
	j := headJSON{
		ID: h.ID, Kind: h.Kind, Start: strictjson.Instant(h.Period.Start), End: strictjson.Instant(h.Period.End),
		Currency: h.Currency, Places: h.Places, Due: amount.Text(fixed(h.Due, h.Places)),
	}
	if n, err := h.DueMinor(); err == nil {
		j.DueMinor = &n
	}
	return j
}

// decodeHead reads the fields of a head from o, the object at v.
func decodeHead(v strictjson.Value, o strictjson.Object) (h Head) {
	h.ID = o.May("id").Text()
	if o.May("id").IsPresent() && h.ID == "" {
		v.At("id").Fail(fmt.Errorf("want 1 byte or more: %w", ErrInvalid))
	}
	o.Need("kind").Into(&h.Kind)
	h.Period.Start, h.Period.End = o.Span(calendar.ErrPeriod)
	h.Currency = o.Need("currency").Text()
	h.Places = int32(o.Need("places").Int(0, price.MaxPlaces))
	h.Due = decodeExact(o.Need("due"))
	o.May("dueMinor")
	if err := h.check(); err != nil {
		v.Fail(err)
	}
	return h
}

// decodeExact reads a decimal string that may be as long as an exact result.
func decodeExact(v strictjson.Value) decimal.Decimal {
	d, err := amount.ParseExact(v.Text())
	if err != nil {
		v.Fail(err)
	}
	return d
}

// decodeAmount reads a decimal string within the limits of an amount.
func decodeAmount(v strictjson.Value) decimal.Decimal {
	d, err := amount.Parse(v.Text())
	if err != nil {
		v.Fail(err)
	}
	return d
}
