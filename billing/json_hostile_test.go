package billing_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/supportplan/supportplan/billing"
	"github.com/supportplan/supportplan/billing/price"
	"github.com/supportplan/supportplan/plan"
)

// Whatever reads JSON refuses a hostile document in bounded time and memory,
// with an error that says what is wrong, or which limit it is over, in few words.
func TestHostileJSON(t *testing.T) {
	decoders := map[string]func() json.Unmarshaler{
		"Terms":      func() json.Unmarshaler { return new(price.Terms) },
		"Card":       func() json.Unmarshaler { return new(billing.Card) },
		"Book":       func() json.Unmarshaler { return new(billing.Book) },
		"Quote":      func() json.Unmarshaler { return new(billing.Quote) },
		"Invoice":    func() json.Unmarshaler { return new(billing.Invoice) },
		"Settlement": func() json.Unmarshaler { return new(billing.Settlement) },
		"Usage":      func() json.Unmarshaler { return new(billing.Usage) },
	}
	const over = "are over the limit of 4194304"
	long := strings.Repeat("9", 1<<20)
	for _, c := range []struct{ name, json, says string }{
		{"deep arrays", strings.Repeat("[", 1<<12), "nested deeper than 32"},
		{"deep arrays, closed", strings.Repeat("[", 1<<15) + strings.Repeat("]", 1<<15), "nested deeper than 32"},
		{"deep objects", strings.Repeat(`{"a":`, 1<<12), "nested deeper than 32"},
		{"deep in an unknown field", `{"x":` + strings.Repeat("[", 33) + strings.Repeat("]", 33) + `}`, "nested deeper than 32"},
		{"10 MB string", `{"total":"` + strings.Repeat("x", 10<<20) + `"}`, over},
		{"10 MB name", `{"` + strings.Repeat("x", 10<<20) + `":1}`, over},
		{"10 MB of blanks", strings.Repeat(" ", 10<<20) + "{}", over},
		{"1 MB name", `{"` + long + `":1}`, ""},
		{"a long name", `{"` + long[:1<<15] + `":1}`, ""},
		{"1 MB number", long, ""},
		{"huge exponent", `1e999999999`, ""},
		{"huge exponent in a field", `{"total":1e999999999,"usage":1e-999999999}`, ""},
		{"fields that repeat", "{" + strings.Repeat(`"":0,`, 1<<12) + `"z":0}`, "field appears twice"},
		{"many items", "[" + strings.Repeat("0,", 1<<12) + "0]", ""},
		{"a hundred thousand items", "[" + strings.Repeat("0,", 1<<17) + "0]", ""},
		{"unclosed string", `{"` + long, "unexpected EOF"},
		{"no UTF-8", "{\"\xff\":1}", "not UTF-8"},
		{"nothing", "", "unexpected EOF"},
		{"null", "null", ""},
		{"a byte order mark", "\ufeff{}", "invalid character"},
		{"two documents", "{}{}", "something follows the document"},
	} {
		for name, decoder := range decoders {
			if len(c.json) > 1<<16 && name != "Card" {
				continue // all read by the same code; once is enough of what takes long
			}
			cheaply(t, name+": "+c.name, func() {
				err := decoder().UnmarshalJSON([]byte(c.json))
				switch {
				case !errors.Is(err, billing.ErrJSON):
					t.Errorf("%s: %s: error %v, want ErrJSON", name, c.name, err)
				case len(err.Error()) > 400:
					t.Errorf("%s: %s: an error of %d bytes", name, c.name, len(err.Error()))
				case !strings.Contains(err.Error(), c.says):
					t.Errorf("%s: %s: error %q does not say %q", name, c.name, err, c.says)
				}
			})
		}
	}
}

const (
	cardHead = `{"edition":"e","currency":"USD","rounding":{"places":2,"mode":"half-up"},"plans":{"business":{"model":"graduated","tiers":[`
	cardTail = `]}}}`
)

// A rate card of too many tiers, or with numbers that are too long, is refused
// by the field's name.
func TestHostileCards(t *testing.T) {
	tier := `{"rate":"1"},`
	long := strings.Repeat("9", 10_000)
	for _, c := range []struct {
		name, tiers string
		is          error
		says        string
	}{
		{"as many tiers as there may be, and one", strings.Repeat(tier, price.MaxTiers) + `{"rate":"1"}`, billing.ErrJSON, "plans.business.tiers: invalid JSON: 10001 items are over the limit of 10000"},
		{"more tiers than that", strings.Repeat(tier, 50_000) + `{"rate":"1"}`, billing.ErrJSON, "plans.business.tiers: invalid JSON: 50001 items are over the limit of 10000"},
		{"a million tiers", strings.Repeat(tier, 1_000_000) + `{"rate":"1"}`, billing.ErrJSON, "are over the limit of 4194304"},
		{"a rate of 10,000 digits", `{"rate":"` + long + `"}`, billing.ErrAmount, "plans.business.tiers[0].rate: "},
		{"a rate of 10,000 places", `{"rate":"0.` + long + `%"}`, billing.ErrAmount, "plans.business.tiers[0].rate: "},
		{"an exponent", `{"rate":"1e1000000000"}`, billing.ErrAmount, `plans.business.tiers[0].rate: "1e1000000000"`},
		{"a bound of 31 digits", `{"rate":"1","upTo":"` + long[:31] + `"},{"rate":"1"}`, billing.ErrAmount, "plans.business.tiers[0].upTo: "},
		{"a rate that is a number", `{"rate":1e1000000000}`, billing.ErrJSON, "plans.business.tiers[0].rate: "},
		{"places beyond all integers", `{"rate":"1"}],"rounding":{"places":1e1000000000,"mode":"up"},"x":[`, billing.ErrJSON, "plans.business.rounding.places: "},
	} {
		cheaply(t, c.name, func() {
			var card billing.Card
			err := card.UnmarshalJSON([]byte(cardHead + c.tiers + cardTail))
			if !errors.Is(err, c.is) || !strings.Contains(err.Error(), c.says) || len(err.Error()) > 300 {
				t.Errorf("%s: error %.400v, want %v with %q", c.name, err, c.is, c.says)
			}
		})
	}
}

// Amounts of a document that are as long as may be, many times over, are still
// read in bounded time.
func TestHostileDocumentJSON(t *testing.T) {
	nines := strings.Repeat("9", 100) + "." + strings.Repeat("9", 100)
	line := `{"kind":"minimum","base":"` + nines + `","amount":"` + nines + `"},`
	adjustments := strings.TrimSuffix(strings.Repeat(line, 1<<20/len(line)), ",")
	cheaply(t, "a quote of long numbers", func() {
		var q billing.Quote
		err := q.UnmarshalJSON([]byte(`{"usage":"0","usageRated":"0","lines":[],"adjustments":[` + adjustments + `],"total":"0"}`))
		if !errors.Is(err, price.ErrInvalid) {
			t.Errorf("error %v, want ErrInvalid", err)
		}
	})
	part := `{"plan":"business","edition":"e","periods":[],"share":"1/` + strings.Repeat("9", 500) + `"},`
	parts := strings.TrimSuffix(strings.Repeat(part, 1<<20/len(part)), ",")
	cheaply(t, "an invoice of long fractions", func() {
		var i billing.Invoice
		err := i.UnmarshalJSON([]byte(`{"start":"2026-03-01T00:00:00Z","end":"2026-04-01T00:00:00Z","currency":"USD","usage":"0","parts":[` + parts + `],"lines":[],"total":"1"}`))
		if !errors.Is(err, billing.ErrSum) {
			t.Errorf("error %v, want ErrSum", err)
		}
	})
	for name, share := range map[string]string{
		"too long":       "1/" + strings.Repeat("9", 10_000),
		"a zero divisor": "1/0",
		"an exponent":    "1e1000000000",
		"hexadecimal":    "0x1p1000000000",
		"nothing":        "",
	} {
		cheaply(t, name, func() {
			var i billing.Invoice
			err := i.UnmarshalJSON([]byte(`{"start":"2026-03-01T00:00:00Z","end":"2026-04-01T00:00:00Z","currency":"USD","usage":"0","parts":[{"plan":"business","edition":"e","periods":[],"share":"` + share + `"}],"lines":[],"total":"0"}`))
			if !errors.Is(err, billing.ErrAmount) || !strings.Contains(err.Error(), "parts[0].share: ") || len(err.Error()) > 300 {
				t.Errorf("%s: error %.400v", name, err)
			}
		})
	}
}

// Long texts are no tokens, and errors do not repeat them.
func TestHostileTokens(t *testing.T) {
	long := strings.Repeat("x", 10<<20)
	for name, parse := range map[string]func(string) error{
		"model":          func(s string) error { return new(price.Model).UnmarshalText([]byte(s)) },
		"rounding mode":  func(s string) error { return new(price.RoundingMode).UnmarshalText([]byte(s)) },
		"proration":      func(s string) error { _, err := billing.ParseProration(s); return err },
		"discount stage": func(s string) error { return new(price.DiscountStage).UnmarshalText([]byte(s)) },
		"charge kind":    func(s string) error { return new(billing.ChargeKind).UnmarshalText([]byte(s)) },
		"payment":        func(s string) error { return new(billing.Payment).UnmarshalText([]byte(s)) },
		"edition": func(s string) error {
			_, err := billing.NewCard(billing.CardTerms{Edition: s, Currency: s})
			return err
		},
		"edition of a plan that is not priced": func(s string) error {
			c, err := billing.NewCard(billing.CardTerms{Edition: s, Currency: "USD", Rounding: cents})
			if err != nil {
				return err
			}
			_, err = c.Schedule(plan.Business)
			return err
		},
	} {
		cheaply(t, name, func() {
			if err := parse(long); err == nil || len(err.Error()) > 300 {
				t.Errorf("%s: error %.400v", name, err)
			}
		})
	}
}

// Fractions and lists of a document may be as long as their limits, and no
// longer.
func TestLongDocuments(t *testing.T) {
	document := func(share, lines string) []byte {
		const period = `"start":"2026-03-01T00:00:00Z","end":"2026-04-01T00:00:00Z"`
		return []byte(`{` + period + `,"currency":"USD","usage":"0","parts":[{"plan":"basic","edition":"e","periods":[{` + period + `}],"share":"` +
			share + `"}],"lines":[` + lines + `],"total":"0"}`)
	}
	zeros := func(n int) string { return strings.TrimSuffix(strings.Repeat("0,", n), ",") }
	for _, c := range []struct {
		name string
		json []byte
		want string
	}{
		{"fraction", document("1/"+strings.Repeat("2", 510), ""), ""},
		{"fraction beyond", document("1/"+strings.Repeat("2", 511), ""), "parts[0].share: \""},
		{"lines", document("1", zeros(100_000)), "lines[0]: "},
		{"lines beyond", document("1", zeros(100_001)), "lines: invalid JSON: 100001 items are over the limit of 100000"},
	} {
		var inv billing.Invoice
		err := inv.UnmarshalJSON(c.json)
		if got := fmt.Sprint(err); c.want == "" && err != nil || !strings.HasPrefix(strings.TrimPrefix(got, "billing: decode invoice: "), c.want) {
			t.Errorf("%s: %s", c.name, got)
		}
	}
}
