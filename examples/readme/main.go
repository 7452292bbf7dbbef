// Command readme runs the snippets of the README. A test holds the README to this
// code and to its output.
//
//	go run ./examples/readme
package main

import (
	"fmt"
	"time"
	_ "time/tzdata" // so that it runs on machines without zones

	"github.com/supportplan/supportplan/billing"
	"github.com/supportplan/supportplan/sla/calendar"
)

// cardJSON is an illustrative rate card: the provider publishes no price.
const cardJSON = `{
	"edition": "illustrative-2026", "currency": "USD", "rounding": {"places": 2, "mode": "half-up"},
	"per": "month", "proration": "instants", "limits": "prorated", "basis": "period",
	"plans": {
		"developer": {"model": "graduated", "tiers": [{"rate": "3%"}], "minimum": "29"},
		"business": {"model": "graduated", "tiers": [{"upTo": "10000", "rate": "10%"}, {"rate": "7%"}], "minimum": "100"}
	}
}`

func main() {
	var card billing.Card
	if err := card.UnmarshalJSON([]byte(cardJSON)); err != nil {
		panic(err)
	}
	invoice(card, must(calendar.Month(2026, time.March, time.UTC)))
	fmt.Println()
	berlin := must(time.LoadLocation("Europe/Berlin"))
	deadline(berlin, time.Date(2026, time.March, 6, 15, 0, 0, 0, berlin))
}

// must returns v, and panics if it came with an error.
func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
