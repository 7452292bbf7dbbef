package billing_test

import (
	"encoding/json"
	"errors"
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
		"Card":       func() json.Unmarshaler { return new(billing.Card) },
		"Book":       func() json.Unmarshaler { return new(billing.Book) },
		"Quote":      func() json.Unmarshaler { return new(billing.Quote) },
		"Invoice":    func() json.Unmarshaler { return new(billing.Invoice) },
		"Settlement": func() json.Unmarshaler { return new(billing.Settlement) },
		"Shortfall":  func() json.Unmarshaler { return new(billing.Shortfall) },
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
		{"a byte order mark", "\ufeff{}", "syntax error"},
		{"two documents", "{}{}", "something follows the document"},
	} {
		for name, decoder := range decoders {
			if len(c.json) > 1<<16 && name != "Card" {
				continue // all read by the same code; once is enough of what takes long
			}
			cheaply(t, name+": "+c.name, func() {
				err := decoder().UnmarshalJSON([]byte(c.json))
				switch {
				case !errors.Is(err, billing.ErrInvalid):
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
	cardHead = `{"edition":"e","currency":"USD","rounding":{"places":2,"mode":"half-up"},"per":"month","proration":"instants","limits":"prorated","basis":"period","plans":{"business":{"model":"graduated","tiers":[`
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
		{"as many tiers as there may be, and one", strings.Repeat(tier, price.MaxTiers) + `{"rate":"1"}`, billing.ErrInvalid, "plans.business.tiers: invalid JSON: 10001 items are over the limit of 10000"},
		{"more tiers than that", strings.Repeat(tier, 50_000) + `{"rate":"1"}`, billing.ErrInvalid, "plans.business.tiers: invalid JSON: 50001 items are over the limit of 10000"},
		{"a million tiers", strings.Repeat(tier, 1_000_000) + `{"rate":"1"}`, billing.ErrInvalid, "are over the limit of 4194304"},
		{"a rate of 10,000 digits", `{"rate":"` + long + `"}`, billing.ErrInvalid, "plans.business.tiers[0].rate: "},
		{"a rate of 10,000 places", `{"rate":"0.` + long + `%"}`, billing.ErrInvalid, "plans.business.tiers[0].rate: "},
		{"an exponent", `{"rate":"1e1000000000"}`, billing.ErrInvalid, `plans.business.tiers[0].rate: "1e1000000000"`},
		{"a bound of 31 digits", `{"rate":"1","upTo":"` + long[:31] + `"},{"rate":"1"}`, billing.ErrInvalid, "plans.business.tiers[0].upTo: "},
		{"a rate that is a number", `{"rate":1e1000000000}`, billing.ErrInvalid, "plans.business.tiers[0].rate: "},
		{"places beyond all integers", `{"rate":"1"}],"rounding":{"places":1e1000000000,"mode":"up"},"x":[`, billing.ErrInvalid, "plans.business.rounding.places: "},
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

// Long texts are no tokens, and errors do not repeat them.
func TestHostileTokens(t *testing.T) {
	long := strings.Repeat("x", 10<<20)
	for name, parse := range map[string]func(string) error{
		"proration":   func(s string) error { return new(billing.Proration).UnmarshalText([]byte(s)) },
		"charge kind": func(s string) error { return new(billing.ChargeKind).UnmarshalText([]byte(s)) },
		"payment":     func(s string) error { return new(billing.Payment).UnmarshalText([]byte(s)) },
		"edition": func(s string) error {
			_, err := billing.NewCard(billing.CardTerms{Edition: s[:200], Currency: s})
			return err
		},
		"edition of a plan that is not priced": func(s string) error {
			terms := cardA()
			terms.Edition = s[:200]
			c, err := billing.NewCard(terms)
			if err != nil {
				return nil
			}
			_, err = c.Schedule(plan.Enterprise)
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
