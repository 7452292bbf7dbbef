package billing

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/supportplan/supportplan/internal/quote"
	"github.com/supportplan/supportplan/internal/strictjson"
	"github.com/supportplan/supportplan/sla/calendar"
)

// The errors of books of rate cards.
var (
	// ErrGap is wrapped by the error of a book between two of whose cards no
	// card is in force.
	ErrGap = errors.New("no card is in force between two cards")
	// ErrOverlap is wrapped by the error of a book two of whose cards are in
	// force at once, or have the same edition.
	ErrOverlap = errors.New("two cards are in force, or have one edition")
	// ErrNotInForce is wrapped by the error of asking a book about a time at
	// which it has no card in force.
	ErrNotInForce = errors.New("no card is in force")
)

// maxCards is how many cards a book's JSON may hold.
const maxCards = 10_000

// An EffectiveCard is a rate card and the period in which it is in force, from
// its effective date on.
type EffectiveCard struct {
	Period calendar.Period
	Card   Card
}

// A Book is a sequence of rate cards by effective date: at every instant from
// the first one's start to the last one's end, exactly one is in force.
// Re-rating an old period uses the cards of that time. A Book does not change,
// and may be used from many goroutines at once. The zero Book has no card in
// force at any time.
//
// Its JSON form is an array of objects with the fields start, end and card.
type Book struct {
	cards []EffectiveCard // by start, each ending where the next one starts
}

// NewBook returns the book of the given cards, which may come in any order. The
// last one's period may have no end. It returns an error wrapping
// [ErrNotCompiled] for a zero Card, [calendar.ErrPeriod] for a period that is not
// valid, [ErrGap] if a card ends before the next one starts, and [ErrOverlap] if
// it ends after that or another card has the same edition.
func NewBook(cards ...EffectiveCard) (Book, error) {
	cards = slices.Clone(cards)
	for i, c := range cards {
		if c.Card.c == nil {
			return Book{}, fmt.Errorf("billing: book: %w", ErrNotCompiled)
		}
		p, err := calendar.NewPeriod(c.Period.Start, c.Period.End)
		if err != nil {
			return Book{}, fmt.Errorf("billing: book: edition %s: %w", quote.String(c.Card.Edition()), err)
		}
		cards[i].Period = p
	}
	slices.SortFunc(cards, func(a, b EffectiveCard) int { return a.Period.Start.Compare(b.Period.Start) })
	seen := make(map[string]bool)
	for i, c := range cards {
		edition := c.Card.Edition()
		if seen[edition] {
			return Book{}, fmt.Errorf("billing: book: edition %s twice: %w", quote.String(edition), ErrOverlap)
		}
		seen[edition] = true
		if i == 0 {
			continue
		}
		last := cards[i-1]
		between := fmt.Sprintf("editions %s %v and %s %v", quote.String(last.Card.Edition()), last.Period, quote.String(edition), c.Period)
		if last.Period.Overlaps(c.Period) {
			return Book{}, fmt.Errorf("billing: book: %s: %w", between, ErrOverlap)
		}
		if last.Period.End.Before(c.Period.Start) {
			return Book{}, fmt.Errorf("billing: book: %s: %w", between, ErrGap)
		}
	}
	return Book{cards}, nil
}

// Cards returns the cards of b in the order of time, in a slice of the caller's
// own.
func (b Book) Cards() []EffectiveCard { return slices.Clone(b.cards) }

// At returns the card in force at t. It returns an error wrapping
// [ErrNotInForce] if there is none.
func (b Book) At(t time.Time) (Card, error) {
	for _, c := range b.cards {
		if c.Period.Contains(t) {
			return c.Card, nil
		}
	}
	return Card{}, fmt.Errorf("billing: card at %s: %w", t.Format(time.RFC3339Nano), ErrNotInForce)
}

// During returns the parts of p with the card in force in each, in the order of
// time. It returns an error wrapping [ErrNotInForce] if b does not cover p, and
// [calendar.ErrPeriod] if p is not valid.
func (b Book) During(p calendar.Period) ([]EffectiveCard, error) {
	if !p.IsValid() {
		return nil, fmt.Errorf("billing: cards during %v: %w", p, calendar.ErrPeriod)
	}
	var out []EffectiveCard
	for _, c := range b.cards {
		if both, ok := c.Period.Intersect(p); ok {
			out = append(out, EffectiveCard{both, c.Card})
		}
	}
	if n := len(out); n == 0 || !out[0].Period.Start.Equal(p.Start) || !out[n-1].Period.End.Equal(p.End) {
		return nil, fmt.Errorf("billing: cards during %v: %w", p, ErrNotInForce)
	}
	return out, nil
}

type effectiveCardJSON struct {
	Start time.Time `json:"start"`
	End   time.Time `json:"end,omitzero"`
	Card  Card      `json:"card"`
}

// MarshalJSON returns b's JSON form.
func (b Book) MarshalJSON() ([]byte, error) {
	out := make([]effectiveCardJSON, len(b.cards))
	for i, c := range b.cards {
		out[i] = effectiveCardJSON{strictjson.Instant(c.Period.Start), strictjson.Instant(c.Period.End), c.Card}
	}
	return json.Marshal(out)
}

// UnmarshalJSON reads b's JSON form, strictly, and checks it as [NewCard] and
// [NewBook] do. After an error *b is as it was.
func (b *Book) UnmarshalJSON(data []byte) error {
	var out Book
	err := strictjson.Decode("billing: decode book", data, func(v strictjson.Value) {
		var cards []EffectiveCard
		for _, v := range v.Items(maxCards) {
			v.Object(func(o strictjson.Object) {
				var c EffectiveCard
				c.Period.Start = o.Need("start").Time()
				c.Period.End = o.May("end").Time()
				c.Card = decodeCard(o.Need("card"))
				cards = append(cards, c)
			})
		}
		var err error
		if out, err = NewBook(cards...); err != nil {
			v.Fail(err)
		}
	})
	if err != nil {
		return err
	}
	*b = out
	return nil
}
