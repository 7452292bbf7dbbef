package billing_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"github.com/supportplan/supportplan/billing"
	"github.com/supportplan/supportplan/billing/price"
	"github.com/supportplan/supportplan/internal/strictjson"
	"github.com/supportplan/supportplan/plan"
	"github.com/supportplan/supportplan/sla/calendar"
)

const (
	monthText      = `"start":"2026-03-01T00:00:00Z","end":"2026-04-01T00:00:00Z","currency":"USD","places":2,`
	settlementText = `{"format":1,"id":"S-1","kind":"settlement",` + monthText + `"due":"-8.39","dueMinor":-839,` +
		`"invoice":{"kind":"invoice",` + monthText + `"due":"51.61","dueMinor":5161,"usage":"20","rounding":{"places":2,"mode":"half-up"},` +
		`"proration":"instants","limits":"prorated","basis":"period","segments":[` +
		`{"plan":"basic","edition":"A","periods":[{"start":"2026-03-01T00:00:00Z","end":"2026-03-16T00:00:00Z"}],"share":"15/31","usage":"20","usageRated":"20"},` +
		`{"plan":"business","edition":"A","periods":[{"start":"2026-03-16T00:00:00Z","end":"2026-04-01T00:00:00Z"}],"share":"16/31","usage":"20","usageRated":"20",` +
		`"terms":{"model":"graduated","tiers":[{"upTo":"10000","rate":"0.10"},{"rate":"0.07"}],"minimum":"100"}}],` +
		`"charges":[{"segment":1,"line":{"tier":1,"from":"0","to":"10000","slice":"20","rate":"0.10","flat":"0","charge":"2.00"},"share":"16/31","exact":"32/31","amount":"1.03"},` +
		`{"segment":1,"kind":"minimum","base":"32/31","limit":"100","share":"16/31","exact":"1568/31","amount":"50.58"}]},` +
		`"settles":[{"id":"I-1","kind":"invoice",` + monthText + `"due":"60.00","dueMinor":6000}],"billed":"60.00"}`
	shortfallText = `{"format":1,"kind":"shortfall","start":"2026-01-01T00:00:00Z","end":"2027-01-01T00:00:00Z","currency":"USD","places":2,"due":"40.00","dueMinor":4000,` +
		`"committed":"100.00","counts":[{"id":"I-1","kind":"invoice",` + monthText + `"due":"60.00","dueMinor":6000}],"billed":"60.00"}`
)

// longHead is the head of an invoice of the greatest amount due, and a comma.
func longHead(id string) string {
	return `{"id":"` + id + `","kind":"invoice",` + monthText + `"due":"` + strings.Repeat("9", 100) + `.00"},`
}

// half is an account that has Business for the second half of March.
func half(t fataler) plan.Timeline {
	return timeline(t, plan.Subscription{Plan: plan.Business, Period: days(3, 16, 32)})
}

func TestDocumentJSON(t *testing.T) {
	inv := must(oneEdition(t, cardA()).Invoice(half(t), spent(t, "20")))(t)
	paid := billing.Head{ID: "I-1", Kind: billing.DocumentInvoice, Period: march, Currency: "USD", Places: 2, Due: d("60")}
	s := must(must(inv.Settle(paid))(t).Issue("S-1"))(t)
	short := must(billing.Commitment{Term: days(1, 1, 366), Currency: "USD", Places: 2, Amount: d("100")}.Shortfall(paid))(t)
	for _, c := range []struct {
		document billing.Document
		want     string
		into     json.Unmarshaler
	}{{s, settlementText, &billing.Settlement{}}, {short, shortfallText, &billing.Shortfall{}}} {
		data := must(json.Marshal(c.document))(t)
		if string(data) != c.want {
			t.Errorf("got  %s\nwant %s", data, c.want)
		}
		any := must(billing.DecodeDocument(data))(t)
		err := c.into.UnmarshalJSON(data)
		again := must(json.Marshal(any))(t)
		if own := reflect.ValueOf(c.into).Elem().Interface(); err != nil || !cmp.Equal(own, any, rats) || string(again) != c.want || any.Record().Due.Cmp(c.document.Record().Due) != 0 {
			t.Errorf("%v\n%s\n%s", err, cmp.Diff(own, any, rats), again)
		}
	}
	data := must(json.Marshal(inv))(t)
	if want := `{"format":1,` + settlementText[strings.Index(settlementText, `"kind":"invoice"`):strings.Index(settlementText, `,"settles"`)]; string(data) != want {
		t.Errorf("got  %s\nwant %s", data, want)
	}
	ahead := must(json.Marshal(must(oneEdition(t, cardA()).Advance(half(t), march))(t)))(t)
	if _, ok := must(billing.DecodeDocument(ahead))(t).(billing.Invoice); !ok || !strings.HasPrefix(string(ahead), `{"format":1,"kind":"advance"`) {
		t.Errorf("%s", ahead)
	}
	if _, err := billing.DecodeDocument(bytes.Replace(data, []byte(`"format":1,`), nil, 1)); err != nil {
		t.Errorf("without a format: %v", err)
	}
}

func TestDocumentJSONIsStrict(t *testing.T) {
	for _, c := range []struct {
		text, old, new string
		want           error
		message        string
	}{
		{settlementText, `{"format":1`, `{"format":2`, billing.ErrNewer, "format: 2"},
		{settlementText, `"id":"S-1"`, `"id":""`, billing.ErrInvalid, "id: want 1 byte or more"},
		{settlementText, `"id":"S-1"`, `"id":"I-1"`, billing.ErrDuplicate, `id: "I-1" is settled by it`},
		{settlementText, `"kind":"settlement"`, `"kind":"credit"`, billing.ErrInvalid, `kind: "credit": unknown kind of document`},
		{settlementText, `"kind":"settlement"`, `"kind":"other"`, billing.ErrInvalid, `kind: "other" has no form`},
		{settlementText, `"kind":"settlement"`, `"kind":"invoice"`, billing.ErrInvalid, "billed: invalid JSON: unknown field"},
		{settlementText, `"due":"-8.39"`, `"due":"8.39"`, billing.ErrInconsistent, `due: "8.39", which follows from other fields, is "-8.39"`},
		{settlementText, `"due":"-8.39"`, `"due":"x"`, billing.ErrInvalid, `due: "x": want plain digits`},
		{settlementText, `"due":"60.00"`, `"due":"x"`, billing.ErrInvalid, `settles[0].due: "x": want plain digits`},
		{settlementText, `"settles":[`, `"settles":[` + longHead("I-2") + longHead("I-3"), billing.ErrInvalid, "due: a number of 103 digits"},
		{settlementText, `"dueMinor":-839`, `"dueMinor":-838`, billing.ErrInconsistent, "dueMinor: "},
		{settlementText, `,"dueMinor":-839`, ``, billing.ErrInconsistent, "dueMinor: present: false"},
		{settlementText, `"billed":"60.00"`, `"billed":""`, billing.ErrInconsistent, "billed: "},
		{settlementText, `,"billed":"60.00"`, ``, billing.ErrInconsistent, "billed: present: false"},
		{settlementText, `"amount":"1.03"`, `"amount":"1.04"`, billing.ErrInconsistent, "invoice.charges[0].amount: "},
		{settlementText, `"exact":"32/31"`, `"exact":"1"`, billing.ErrInconsistent, "invoice.charges[0].exact: "},
		{settlementText, `"share":"15/31"`, `"share":"1/2"`, billing.ErrInconsistent, "invoice.segments[0].share: "},
		{settlementText, `"slice":"20"`, `"slice":"1"`, billing.ErrInconsistent, "invoice.charges[0].line.slice: "},
		{settlementText, `"rate":"0.10","flat"`, `"rate":"0.01","flat"`, billing.ErrInconsistent, "invoice.charges[0].line.rate: "},
		{settlementText, `"charge":"2.00"`, `"charge":"1.00"`, billing.ErrInconsistent, "invoice.charges[0].line.charge: "},
		{settlementText, `"usage":"20","rounding"`, `"usage":"1","rounding"`, billing.ErrInconsistent, "invoice.charges[0]."},
		{settlementText, `"edition":"A"`, `"edition":""`, billing.ErrInvalid, "invoice.segments[0].edition: missing"},
		{settlementText, `"plan":"business"`, `"plan":"basic"`, billing.ErrInconsistent, "invoice.segments[1]: plan \"basic\" under edition \"A\" twice"},
		{settlementText, `"usageRated":"20","terms":`, `"usageRated":"20","x":0,"terms":`, billing.ErrInvalid, "invoice.segments[1].x: "},
		{settlementText, `"kind":"minimum"`, `"kind":"minimum","line":{}`, billing.ErrInconsistent, "invoice.charges[1].line: present: true"},
		{settlementText, `"kind":"minimum",`, ``, billing.ErrInconsistent, "invoice.charges[1].kind: present: false"},
		{settlementText, `"end":"2026-03-16T00:00:00Z"`, `"end":"2026-03-17T00:00:00Z"`, billing.ErrInconsistent, "invoice.segments[1].periods[0]: "},
		{settlementText, `"mode":"half-up"`, `"mode":"nearest"`, billing.ErrInvalid, "invoice.rounding.mode: "},
		{settlementText, `"proration":"instants"`, `"proration":"days"`, billing.ErrInvalid, "invoice.zone: missing"},
		{settlementText, `"proration":"instants"`, `"proration":"instants","zone":"Local"`, billing.ErrInvalid, `invoice.zone: "Local": want an IANA zone`},
		{settlementText, `"proration":"instants"`, `"proration":"instants","zone":"UTC"`, billing.ErrInvalid, `invoice.zone: "UTC": leave it out`},
		{settlementText, `"upTo":"10000"`, `"upTo":"10"`, billing.ErrInconsistent, "invoice.charges[0]."},
		{settlementText, `"model":"graduated"`, `"model":"stairs"`, billing.ErrInvalid, "invoice.segments[1].terms.model: "},
		{settlementText, `"usage":"20"`, `"usage":"20","note":""`, billing.ErrInvalid, "invoice.note: invalid JSON: unknown field"},
		{settlementText, `"places":2,"due":"60.00"`, `"places":3,"due":"60.00"`, billing.ErrMismatch, "settles[0].places: "},
		{settlementText, `"currency":"USD","places":2,"due":"60.00"`, `"currency":"usd","places":2,"due":"60.00"`, billing.ErrInvalid, `settles[0].currency: "usd": want an ISO 4217 code`},
		{settlementText, `"places":2,"due":"-8.39"`, `"places":0,"due":"-8.39"`, billing.ErrInvalid, `due: -8.39 has more than 0 places`},
		{settlementText, `"currency":"USD"`, `"currency":"usd"`, billing.ErrInvalid, `currency: "usd": want an ISO 4217 code`},
		{settlementText, `"due":"60.00"`, `"due":"60"`, billing.ErrInconsistent, "settles[0].due: "},
		{settlementText, `"id":"I-1",`, ``, billing.ErrNotIssued, "settles[0].id: missing"},
		{shortfallText, `"committed":"100.00"`, `"committed":"-1"`, billing.ErrInvalid, "committed: "},
		{shortfallText, `"committed":"100.00"`, `"committed":"110.00"`, billing.ErrInconsistent, "due: "},
		{shortfallText, `"end":"2027-01-01T00:00:00Z"`, `"end":"0001-01-01T00:00:00Z"`, calendar.ErrPeriod, "end: "},
		{shortfallText, `"end":"2027-01-01T00:00:00Z",`, ``, billing.ErrInvalid, "period: "},
		{`{}`, `{}`, `[]`, billing.ErrInvalid, "invalid JSON: want an object"},
	} {
		bad := strings.Replace(c.text, c.old, c.new, 1)
		if bad == c.text {
			t.Fatalf("nothing to replace: %s", c.old)
		}
		got, err := billing.DecodeDocument([]byte(bad))
		if !errors.Is(err, c.want) || !errors.Is(err, billing.ErrInvalid) || !strings.HasPrefix(err.Error(), "billing: decode document: "+c.message) || got != nil {
			t.Errorf("%s: %v", c.new, err)
		}
	}
	for into, text := range map[json.Unmarshaler]string{&billing.Invoice{}: settlementText, &billing.Settlement{}: shortfallText, &billing.Shortfall{}: settlementText} {
		before := reflect.ValueOf(into).Elem().Interface()
		if err := into.UnmarshalJSON([]byte(text)); !errors.Is(err, billing.ErrInvalid) || !strings.Contains(err.Error(), "kind: ") || !cmp.Equal(before, reflect.ValueOf(into).Elem().Interface(), rats) {
			t.Errorf("another kind: %v", err)
		}
	}
}

// An amount in minor units is compared to the last digit, and not as a float.
func TestLongMinorUnits(t *testing.T) {
	s := must(billing.Commitment{Term: march, Currency: "USD", Places: 2, Amount: d("90071992547409.93")}.Shortfall())(t)
	data := string(must(json.Marshal(s))(t))
	_ = must(billing.DecodeDocument([]byte(data)))(t)
	_, err := billing.DecodeDocument([]byte(strings.Replace(data, `"dueMinor":9007199254740993`, `"dueMinor":9007199254740992`, 1)))
	refused(t, "a unit less", err, billing.ErrInconsistent, `billing: decode document: dueMinor: "9007199254740992", which follows from other fields, is "9007199254740993"`)
}

// A card writes its amounts plainly. They, and an invoice with them, read back to
// the digit and the place.
func TestPlacesReadBack(t *testing.T) {
	terms := cardA()
	terms.Plans = map[plan.Plan]price.Terms{plan.Business: {
		Model: price.ModelGraduated, Tiers: []price.Tier{{UpTo: decimal.New(1, 1), Rate: d("0.10"), Flat: decimal.New(2, 1)}, {Rate: decimal.New(0, 2), Flat: d("0.00")}},
		Minimum: decimal.New(3, 1), Maximum: decimal.New(4, 2), Discount: price.Discount{Rate: decimal.New(0, 1), Stage: price.DiscountAfterMinimum},
	}}
	options := cmp.Options{rats, cmp.Comparer(func(a, b decimal.Decimal) bool { return a.Equal(b) && a.Exponent() == b.Exponent() })}
	card := mustCard(t, terms)
	want := price.Terms{
		Model: price.ModelGraduated, Tiers: []price.Tier{{UpTo: d("10"), Rate: d("0.10"), Flat: d("20")}, {}},
		Minimum: d("30"), Maximum: d("400"), Discount: price.Discount{Stage: price.DiscountAfterMinimum}, Rounding: cents,
	}
	if diff := cmp.Diff(want, card.Terms().Plans[plan.Business], options); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	var again billing.Card
	err := again.UnmarshalJSON(must(json.Marshal(card))(t))
	if diff := cmp.Diff(card.Terms(), again.Terms(), options); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	for basis := range slices.Values(allBases) {
		terms.Basis = basis
		all := timeline(t, plan.Subscription{Plan: plan.Business, Period: march})
		inv := must(oneEdition(t, terms).Invoice(all, spentIn(t, march, decimal.New(5, 3))))(t)
		back := must(billing.DecodeDocument(must(json.Marshal(inv))(t)))(t)
		if diff := cmp.Diff(billing.Document(inv), back, options); diff != "" {
			t.Errorf("%s (-want +got):\n%s", basis, diff)
		}
	}
}

// drawDocument draws a document of a random month.
func drawDocument(t *rapid.T) billing.Document {
	m := drawMonth(t)
	advance := must(m.book.Advance(m.timeline, m.period))(t)
	var usages []billing.Usage
	for i, p := range m.pieces {
		usages = append(usages, spentIn(t, p, m.amounts[i]))
	}
	inv := must(m.book.Invoice(m.timeline, usages...))(t)
	switch rapid.IntRange(0, 3).Draw(t, "document") {
	case 0:
		return must(inv.Issue("I-1"))(t)
	case 1:
		return advance
	case 2:
		return must(inv.Settle(issued(advance.Head, "A-1"), issued(inv.Head, "I-1")))(t)
	}
	c := billing.Commitment{Term: m.period, Currency: "USD", Places: inv.Places, Amount: decimal.Min(inv.Due, decimal.New(1, 15)).Add(decimal.New(rapid.Int64Range(0, 1e6).Draw(t, "more"), -inv.Places))}
	return must(must(c.Shortfall(issued(inv.Head, "I-1")))(t).Issue("F-1"))(t)
}

// Documents survive their JSON forms to the digit.
func TestDocumentJSONRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		document := drawDocument(t)
		data := must(json.Marshal(document))(t)
		back := must(billing.DecodeDocument(data))(t)
		if again := must(json.Marshal(back))(t); string(again) != string(data) || !back.Record().Period.Equal(document.Record().Period) {
			t.Errorf("%s\n%s", data, again)
		}
	})
}

// A leaf is a value in a JSON document that is no object, or an array.
type leaf struct {
	path string
	get  func() any
	set  func(any)
}

func leaves(path string, v any, set func(any)) (out []leaf) {
	switch v := v.(type) {
	case map[string]any:
		for _, name := range slices.Sorted(mapKeys(v)) {
			out = append(out, leaves(path+"."+name, v[name], func(x any) { v[name] = x })...)
		}
		return out
	case []any:
		for i := range v {
			out = append(out, leaves(path+"[]", v[i], func(x any) { v[i] = x })...)
		}
	}
	return append(out, leaf{path, func() any { return v }, set})
}

func mapKeys(m map[string]any) func(func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

// undetermined are the fields that nothing else in a document determines, alone
// or in a document that happens not to depend on them: names, rules that made no
// difference, and the parts of terms that did not matter.
var undetermined = []string{".id", ".plan", ".edition", ".mode", ".proration", ".zone", ".limits", ".basis", ".format", ".settles", ".counts"}

// Changing any number, share, instant or order that another part of a document
// determines makes reading it fail, and the error names the field.
func TestTamperedDocuments(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		document := drawDocument(t)
		data := must(json.Marshal(document))(t)
		kind := document.Record().Kind
		for range 10 {
			var root any
			dec := json.NewDecoder(bytes.NewReader(data))
			dec.UseNumber()
			if err := dec.Decode(&root); err != nil {
				t.Fatal(err)
			}
			all := slices.DeleteFunc(leaves("", root, nil), func(l leaf) bool {
				for _, name := range undetermined {
					if strings.HasSuffix(l.path, name) {
						return true
					}
				}
				switch {
				case strings.Contains(l.path, ".terms"),
					l.path == ".currency" && kind != billing.DocumentSettlement && kind != billing.DocumentShortfall,
					strings.HasPrefix(l.path, ".counts[]") && (strings.HasSuffix(l.path, ".start") || strings.HasSuffix(l.path, ".end") || strings.HasSuffix(l.path, ".kind")),
					strings.HasPrefix(l.path, ".settles[]") && strings.HasSuffix(l.path, ".kind"),
					kind == billing.DocumentShortfall && document.Record().Due.IsZero(),
					kind == billing.DocumentShortfall && (l.path == ".start" || l.path == ".end"):
					return true
				}
				return false
			})
			if len(all) == 0 {
				return
			}
			l := rapid.SampledFrom(all).Draw(t, "field")
			was := l.get()
			switch v := was.(type) {
			case []any:
				if len(v) < 2 || reflect.DeepEqual(v[0], v[1]) {
					continue
				}
				v[0], v[1] = v[1], v[0]
			case json.Number:
				l.set(json.Number(fmt.Sprint(must(v.Int64())(t) + rapid.SampledFrom([]int64{-1, 1, 100}).Draw(t, "by"))))
			case string:
				l.set(tamper(t, v))
			default:
				t.Fatalf("%s is %T", l.path, v)
			}
			bad := must(json.Marshal(root))(t)
			got, err := billing.DecodeDocument(bad)
			var at *billing.FieldError
			if got != nil || !errors.Is(err, billing.ErrInvalid) || !errors.As(err, &at) || at.Path == "" {
				t.Fatalf("%s, from %v to %v, is read: %v\n%s", l.path, was, l.get(), err, bad)
			}
		}
	})
}

// tamper changes a text by little: a number by one of its last place, an instant
// by a second, a fraction by 1, a token by a letter.
func tamper(t *rapid.T, s string) string {
	if at, err := decimal.NewFromString(s); err == nil {
		by := decimal.New(1, min(at.Exponent(), 0))
		if rapid.Bool().Draw(t, "down") && at.GreaterThanOrEqual(by) {
			by = by.Neg()
		}
		return at.Add(by).StringFixed(max(-at.Exponent(), 0))
	}
	if x, ok := new(big.Rat).SetString(s); ok {
		return x.Add(x, big.NewRat(1, 1)).RatString()
	}
	if i := strings.Index(s, ":0"); i > 0 && strings.Contains(s, "T") {
		return s[:i] + ":1" + s[i+2:]
	}
	if i := strings.IndexByte(s, 'T'); i > 0 {
		return s[:i] + "T11:11:11Z"
	}
	return s + "x"
}

// A stored document of a plan and a card that no longer exist is read, shown and
// settled.
func TestDocumentOfAPlanThatIsGone(t *testing.T) {
	text := strings.ReplaceAll(settlementText, `"plan":"business"`, `"plan":"platinum"`)
	s := must(billing.DecodeDocument([]byte(text)))(t).(billing.Settlement)
	if s.Invoice.Segments[1].Plan != "platinum" || !strings.Contains(s.String(), "platinum") {
		t.Errorf("%v", s)
	}
	if again := must(s.Invoice.Settle(s.Settles...))(t); !again.Due.Equal(s.Due) {
		t.Errorf("%v", again)
	}
}

// A document that was changed by hand so that it could not be read is not
// written either.
func TestMarshalChecks(t *testing.T) {
	inv := must(oneEdition(t, cardA()).Invoice(half(t), spent(t, "20")))(t)
	for _, c := range []struct {
		change func(*billing.Invoice)
		says   string
	}{
		{func(i *billing.Invoice) { i.Due = d("1.00") }, `due: "1.00", which follows from other fields, is "51.61": `},
		{func(i *billing.Invoice) { i.Kind = billing.DocumentShortfall }, `kind: "shortfall": want one of "invoice", "advance": `},
		{func(i *billing.Invoice) { i.Segments[0].Share = nil }, "segments[0].share: missing: "},
		{func(i *billing.Invoice) { i.Charges[0].Exact = nil }, "charges[0]: no share, base or exact amount: "},
		{func(i *billing.Invoice) { i.Charges[0].Share = nil }, "charges[0]: no share, base or exact amount: "},
		{func(i *billing.Invoice) { i.Charges[1].Share = nil }, "charges[1]: no share, base or exact amount: "},
		{func(i *billing.Invoice) { i.Charges[0].Line.Charge = d("9") }, "charges[0].line.charge: 9: want 2"},
		{func(i *billing.Invoice) { i.Charges[1].Base = nil }, "charges[1]: no share, base or exact amount: "},
		{func(i *billing.Invoice) { i.Charges[1].Amount = d("50.59") }, `charges[1].amount: "50.59", which follows from other fields, is "50.58": `},
		{func(i *billing.Invoice) { i.Segments[1].Edition = strings.Repeat("x", 1<<20) }, `segments[1].edition: "xxx`},
		{func(i *billing.Invoice) { i.Segments[1].Terms = nil }, "charges: 2 items, from other fields 0: "},
		{func(i *billing.Invoice) { i.Segments[1].Terms = &price.Terms{} }, "segments[1].terms.model: missing; "},
		{func(i *billing.Invoice) { i.Segments[1].Periods = nil }, "segments: their periods are not the whole of "},
		{func(i *billing.Invoice) { i.Proration = billing.ProrationDays }, "zone: missing; "},
		{func(i *billing.Invoice) { i.Places = 3 }, "places: not those of the rounding: "},
		{func(i *billing.Invoice) { i.Charges[0].Segment = 7 }, `charges[0].segment: "7", which follows from other fields, is "1": `},
	} {
		bad := inv
		bad.Segments, bad.Charges = slices.Clone(inv.Segments), slices.Clone(inv.Charges)
		c.change(&bad)
		if _, err := json.Marshal(bad); !errors.Is(err, billing.ErrInvalid) || !strings.Contains(err.Error(), "billing: marshal invoice: "+c.says) || len(err.Error()) > 500 {
			t.Errorf("%s: %.600v", c.says, err)
		}
		if text := bad.String(); len(text) > 1<<24 {
			t.Errorf("%s: %.300s", c.says, text)
		}
	}
	many := cardA()
	tiers := make([]price.Tier, price.MaxTiers)
	for i := range tiers {
		tiers[i].Rate, tiers[i].Flat = d("0.01"+strings.Repeat("0", 24)), d("0."+strings.Repeat("1", 28))
		if i < len(tiers)-1 {
			tiers[i].UpTo = decimal.New(int64(i+1), 25)
		}
	}
	many.Plans[plan.Business] = price.Terms{Model: price.ModelGraduated, Tiers: tiers}
	long := must(oneEdition(t, many).Invoice(half(t), spentIn(t, march, decimal.New(9, 29))))(t)
	if data, err := json.Marshal(long); !errors.Is(err, billing.ErrInvalid) || !strings.Contains(err.Error(), "limit of 4194304") {
		t.Errorf("a document over the limit: %d bytes, %v", len(data), err)
	}
}

// Documents are plain values, which a caller may fill with anything: they
// neither panic nor write gigabytes.
func TestHostileDocuments(t *testing.T) {
	share := big.NewRat(1, 3)
	for what, x := range hostileAmounts() {
		head := billing.Head{ID: "x", Kind: billing.DocumentInvoice, Period: march, Currency: "USD", Places: 2, Due: x}
		line := price.Line{Tier: 1, From: x, To: x, Slice: x, Rate: x, Flat: x, Charge: x}
		quote := billing.Quote{Quote: price.Quote{Usage: x, UsageRated: x, Lines: []price.Line{line}, Total: x}}
		terms := price.Terms{Model: price.ModelGraduated, Rounding: cents, Tiers: []price.Tier{{Rate: x, Flat: x}}, Minimum: x}
		draft := head
		draft.ID, draft.Due = "", d("1.00")
		for n, invoice := range []billing.Invoice{
			{Head: head},
			{Head: draft, Usage: x},
			{Head: draft, Segments: []billing.Segment{{Share: share, Usage: x}}},
			{Head: draft, Segments: []billing.Segment{{Share: share, UsageRated: x}}},
			{Head: draft, Segments: []billing.Segment{{Share: share, Terms: &terms}}},
			{Head: draft, Segments: []billing.Segment{{Share: share}}, Charges: []price.Charge{{Share: share, Exact: share, Amount: x}}},
			{Head: draft, Segments: []billing.Segment{{Share: share}}, Charges: []price.Charge{{Share: share, Exact: share, Line: line}}},
		} {
			settlement := billing.Settlement{Head: head, Invoice: invoice, Settles: []billing.Head{head}, Billed: x}
			shortfall := billing.Shortfall{Head: draft, Committed: x, Counts: []billing.Head{head}, Billed: x}
			for name, call := range map[string]func(){
				"Quote.String":           func() { _ = quote.String() },
				"Quote.MarshalJSON":      func() { _, _ = json.Marshal(quote) },
				"Invoice.String":         func() { _ = invoice.String() },
				"Invoice.MarshalJSON":    func() { _, _ = json.Marshal(invoice) },
				"Invoice.Settle":         func() { _, _ = invoice.Settle(head) },
				"Invoice.DueMinor":       func() { _, _ = invoice.DueMinor() },
				"Invoice.Changes":        func() { _, _ = invoice.Changes(billing.Invoice{Head: draft}) },
				"Settlement.String":      func() { _ = settlement.String() },
				"Settlement.MarshalJSON": func() { _, _ = json.Marshal(settlement) },
				"Shortfall.String":       func() { _ = shortfall.String() },
				"Shortfall.MarshalJSON":  func() { _, _ = json.Marshal(shortfall) },
			} {
				cheaply(t, fmt.Sprintf("%s %d of %s", name, n, what), call)
			}
		}
	}
}

// The zero values of documents, and such as lack what a fraction points to, do
// not panic either.
func TestEmptyDocuments(t *testing.T) {
	draft := billing.Head{Kind: billing.DocumentInvoice, Period: march, Currency: "USD", Places: 2}
	invoices := []billing.Invoice{
		{}, {Head: draft}, {Head: draft, Segments: []billing.Segment{{}}, Charges: []price.Charge{{}, {Segment: -1}}},
		{Head: draft, Charges: []price.Charge{{Share: new(big.Rat), Exact: new(big.Rat), Segment: 1 << 30}}},
		{Head: draft, Segments: []billing.Segment{{Share: new(big.Rat), Periods: []calendar.Period{{}}}}, Charges: []price.Charge{{Share: new(big.Rat), Exact: new(big.Rat), Kind: price.AdjustmentMinimum, Base: new(big.Rat)}}},
	}
	for n, i := range invoices {
		for name, call := range map[string]func(){
			"String":     func() { _ = i.String(); _ = i.Page().Markdown() },
			"Marshal":    func() { _, _ = json.Marshal(i) },
			"Settle":     func() { _, _ = i.Settle(billing.Head{}, i.Head) },
			"Changes":    func() { _, _ = i.Changes(i) },
			"Settlement": func() { _ = billing.Settlement{Head: draft, Invoice: i}.String() },
			"Zero":       func() { _ = billing.Settlement{Invoice: i}.String(); _ = billing.Shortfall{}.String() },
			"MarshalAll": func() { _, _ = json.Marshal(billing.Settlement{Invoice: i}); _, _ = json.Marshal(billing.Shortfall{}) },
		} {
			cheaply(t, fmt.Sprint(name, n), call)
		}
	}
	own := must(ownPlans().Complete())(t)
	own.Segments[1].Terms, own.Charges[1].Kind, own.Charges[1].Base = nil, price.AdjustmentMinimum, new(big.Rat)
	if got := own.String(); got != "Invoice\ncannot be shown: charge 1 has no terms: invalid billing input\n" {
		t.Error(got)
	}
	if got := (billing.Invoice{}).String(); !strings.HasPrefix(got, "Invoice\ncannot be shown: kind: missing") {
		t.Error(got)
	}
}

// Decoding takes bounded time and memory, whatever numbers and lists a document
// holds.
func TestHostileDocumentJSON(t *testing.T) {
	nines := strings.Repeat("9", 100) + "." + strings.Repeat("9", 100)
	for name, bad := range map[string]string{
		"a due of long numbers":     strings.Replace(settlementText, `"due":"-8.39"`, `"due":"`+nines+`"`, 1),
		"a usage of long numbers":   strings.Replace(settlementText, `"usage":"20"`, `"usage":"`+nines+`"`, 1),
		"an exponent":               strings.Replace(settlementText, `"usage":"20"`, `"usage":"1e1000000000"`, 1),
		"a fraction of an exponent": strings.Replace(settlementText, `"exact":"32/31"`, `"exact":"1e1000000000"`, 1),
		"a zero divisor":            strings.Replace(settlementText, `"exact":"32/31"`, `"exact":"1/0"`, 1),
		"a period of ten thousand years": strings.ReplaceAll(strings.Replace(strings.Replace(settlementText, `"proration":"instants"`, `"proration":"days","zone":"UTC"`, 1),
			"2026-03-01", "0001-02-01", -1), "2026-04-01", "9999-04-01"),
		"many segments": strings.Replace(settlementText, `"segments":[`, `"segments":[`+strings.Repeat(`{"plan":"p","edition":"e","usage":"0","periods":[]},`, 2_000), 1),
		"many charges":  strings.Replace(settlementText, `"charges":[`, `"charges":[`+strings.Repeat(`0,`, 100_000), 1),
		"many heads":    strings.Replace(settlementText, `"settles":[`, `"settles":[`+strings.Repeat(`{},`, 100_001), 1),
	} {
		cheaply(t, name, func() {
			if _, err := billing.DecodeDocument([]byte(bad)); !errors.Is(err, billing.ErrInvalid) || len(err.Error()) > 500 {
				t.Errorf("%s: %.600v", name, err)
			}
		})
	}
	if !errors.Is(billing.ErrNewer, strictjson.ErrNewer) {
		t.Error("another ErrNewer")
	}
}

func FuzzDocumentJSON(f *testing.F) {
	f.Add([]byte(settlementText))
	f.Add([]byte(shortfallText))
	f.Add([]byte(`{"format":1,` + settlementText[strings.Index(settlementText, `"kind":"invoice"`):strings.Index(settlementText, `,"settles"`)]))
	f.Fuzz(func(t *testing.T, data []byte) {
		document, err := billing.DecodeDocument(data)
		if err != nil {
			return
		}
		again, err := json.Marshal(document)
		if err != nil {
			t.Fatal(err)
		}
		back, err := billing.DecodeDocument(again)
		if err != nil || back.String() != document.String() {
			t.Errorf("%s: %v", again, err)
		}
		_ = document.Page().Markdown()
	})
}

func FuzzBookJSON(f *testing.F) {
	f.Add(must(json.Marshal(twoEditions(f, day(3, 16), cardA(), cardB())))(f))
	f.Add([]byte(`{"cards":[]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var b billing.Book
		if b.UnmarshalJSON(data) != nil {
			return
		}
		again, err := json.Marshal(b)
		var back billing.Book
		if err != nil || back.UnmarshalJSON(again) != nil || len(b.Cards()) != len(back.Cards()) {
			t.Fatalf("%s: %v", again, err)
		}
		_, _ = b.Invoice(half(t), spent(t, "12345.67"))
	})
}
