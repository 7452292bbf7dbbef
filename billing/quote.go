package billing

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/supportplan/supportplan/billing/price"
	"github.com/supportplan/supportplan/internal/strictjson"
	"github.com/supportplan/supportplan/plan"
	"github.com/supportplan/supportplan/sla/calendar"
)

// A Quote is the fee of a plan for a usage, by a rate card and with its reasons. The zero Quote is no quote.
type Quote struct {
	// Quote has the lines, the adjustments and the total. That of Basic, which
	// is free, has no lines.
	price.Quote
	// Plan is the plan that the quote is for.
	Plan plan.Plan
	// Period is that of the [Usage] that was quoted, and zero for a bare amount.
	Period calendar.Period
	// Currency and Edition are the rate card's.
	Currency string
	Edition  string
}

// String returns q as a table for people: the table of its [price.Quote] with
// plan, edition, period and currency in the first line.
func (q Quote) String() string {
	usage, table, ok := strings.Cut(q.Quote.String(), "\n")
	if !ok {
		return usage // an error's text
	}
	head := ""
	if q.Plan.IsValid() {
		head = fmt.Sprintf("%s, rate card %s, ", q.Plan.Name(), q.Edition)
	}
	if q.Period.IsValid() {
		head += fmt.Sprintf("%v, ", q.Period)
	}
	if q.Currency != "" {
		usage += " " + q.Currency
	}
	return head + usage + "\n" + table
}

type quoteJSON struct {
	Plan     plan.Plan       `json:"plan,omitzero"`
	Period   calendar.Period `json:"period,omitzero"`
	Currency string          `json:"currency,omitempty"`
	Edition  string          `json:"edition,omitempty"`
}

// MarshalJSON returns q's JSON form: plan, period, currency and edition if it
// has them, and then the fields of [price.Quote.MarshalJSON], whose errors it
// returns.
func (q Quote) MarshalJSON() ([]byte, error) {
	body, err := q.Quote.MarshalJSON()
	if err != nil {
		return nil, err
	}
	head, err := json.Marshal(quoteJSON{q.Plan, q.Period, q.Currency, q.Edition})
	if err != nil {
		return nil, fmt.Errorf("billing: marshal quote: %w", err)
	}
	return strictjson.Join(head, strictjson.Nest(body)), nil
}

// UnmarshalJSON reads q's JSON form, strictly. Errors name the field and wrap
// [plan.ErrUnknown], [calendar.ErrPeriod] or an error of
// [price.Quote.UnmarshalJSON]; then *q is unchanged.
func (q *Quote) UnmarshalJSON(data []byte) error {
	var out Quote
	err := decode("quote", data, func(v strictjson.Value) {
		v.Object(func(o strictjson.Object) {
			o.May("plan").Into(&out.Plan)
			o.May("period").JSON(&out.Period)
			out.Currency = o.May("currency").Text()
			out.Edition = o.May("edition").Text()
			o.Rest(&out.Quote)
		})
	})
	if err != nil {
		return err
	}
	*q = out
	return nil
}
