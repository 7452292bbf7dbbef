package billing

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/supportplan/supportplan/internal/field"
	"github.com/supportplan/supportplan/internal/quote"
	"github.com/supportplan/supportplan/internal/strictjson"
	"github.com/supportplan/supportplan/sla/calendar"
)

// maxCards is how many cards a book may hold.
const maxCards = 10_000

// An EffectiveCard is a rate card and its effective date.
type EffectiveCard struct {
	From time.Time // the effective date: the first instant of the card
	Card Card
}

// A Book is a sequence of rate cards by effective date. Each card is in force
// from its effective date until the next card's, and the last one without end:
// a book has no gaps and no overlaps. Re-rating an old period uses the cards of
// that time. A Book does not change, and may be used from many goroutines at
// once. The zero Book has no card in force at any time.
//
// Its JSON form is an object with the fields format and cards, an array of
// objects with the fields from and card.
type Book struct {
	cards []EffectiveCard // by effective date
	from  []moment        // the effective dates, for searching
}

// A moment is an instant in two words, so that thousands of them are searched in
// little memory.
type moment struct {
	seconds int64
	nanos   int64
}

func momentOf(t time.Time) moment { return moment{t.Unix(), int64(t.Nanosecond())} }

func (m moment) after(n moment) bool {
	return m.seconds > n.seconds || m.seconds == n.seconds && m.nanos > n.nanos
}

// NewBook returns the book of the given cards, in any order. It
// returns an error wrapping [ErrInvalid] if there is no card or more than
// 10,000, if a card or an effective date is the zero value, or if two cards
// have the same effective date or edition.
func NewBook(cards ...EffectiveCard) (Book, error) {
	b, err := newBook(cards)
	if err != nil {
		return Book{}, field.Op("billing: book", err)
	}
	return b, nil
}

func newBook(cards []EffectiveCard) (Book, error) {
	if n := len(cards); n == 0 || n > maxCards {
		return Book{}, field.Wrap("cards", fmt.Errorf("%d cards: want 1 to %d: %w", n, maxCards, ErrInvalid))
	}
	cards = slices.Clone(cards)
	editions := make(map[string]bool, len(cards))
	for i, c := range cards {
		at := fmt.Sprintf("cards[%d]", i)
		switch {
		case c.Card.c == nil:
			return Book{}, field.Wrap(at+".card", errZeroCard)
		case c.From.IsZero():
			return Book{}, field.Wrap(at+".from", fmt.Errorf("missing; want the card's effective date: %w", ErrInvalid))
		case editions[c.Card.Edition()]:
			return Book{}, field.Wrap(at+".card.edition", fmt.Errorf("%s is in the book twice: want a name of its own: %w", quote.String(c.Card.Edition()), ErrInvalid))
		}
		editions[c.Card.Edition()] = true
		cards[i].From = c.From.Round(0) // without a monotonic reading
	}
	slices.SortStableFunc(cards, func(a, b EffectiveCard) int { return a.From.Compare(b.From) })
	for i := 1; i < len(cards); i++ {
		if a, b := cards[i-1], cards[i]; a.From.Equal(b.From) {
			return Book{}, field.Wrap("cards", fmt.Errorf("editions %s and %s both from %s: %w",
				quote.String(a.Card.Edition()), quote.String(b.Card.Edition()), b.From.Format(time.RFC3339Nano), ErrInvalid))
		}
	}
	b := Book{cards, make([]moment, len(cards))}
	for i, c := range cards {
		b.from[i] = momentOf(c.From)
	}
	return b, nil
}

// Next returns b with another card, in force from the given instant on, which
// must be after the effective date of b's last card: the past of a book does
// not change. The errors are those of [NewBook].
func (b Book) Next(from time.Time, c Card) (Book, error) {
	if n := len(b.cards); n > 0 && !from.After(b.cards[n-1].From) {
		last := b.cards[n-1]
		return Book{}, fmt.Errorf("billing: next card from %s: edition %s is in force from %s on: want a later instant: %w",
			from.Format(time.RFC3339Nano), quote.String(last.Card.Edition()), last.From.Format(time.RFC3339Nano), ErrInvalid)
	}
	return NewBook(append(b.Cards(), EffectiveCard{from, c})...)
}

// Cards returns the cards of b in the order of their effective dates, in a
// slice of the caller's own.
func (b Book) Cards() []EffectiveCard { return slices.Clone(b.cards) }

// At returns the card in force at t. It returns an error wrapping
// [ErrNotInForce] if t is before the first effective date.
func (b Book) At(t time.Time) (Card, error) {
	i := b.after(t)
	if i == 0 {
		return Card{}, fmt.Errorf("billing: card at %s: %w", t.Format(time.RFC3339Nano), b.notInForce())
	}
	return b.cards[i-1].Card, nil
}

// after returns the index of the first card that takes effect after t. Effective
// dates are mostly evenly spread, so it starts where t would then be, and searches
// from there in steps that double.
func (b Book) after(t time.Time) int {
	at, n := momentOf(t), len(b.from)
	if n == 0 || b.from[0].after(at) {
		return 0
	}
	first, last := b.from[0], b.from[n-1]
	if !last.after(at) {
		return n
	}
	// at lies from first to last, so the guess is an index.
	guess := int(float64(n-1) * (float64(at.seconds) - float64(first.seconds)) / (float64(last.seconds) - float64(first.seconds) + 1))
	lo, hi := 0, n-1 // from[lo] is not after at, and from[hi] is
	if b.from[guess].after(at) {
		hi = guess
		for step := 1; hi-step > lo; step *= 2 {
			if !b.from[hi-step].after(at) {
				lo = hi - step
				break
			}
			hi -= step
		}
	} else {
		lo = guess
		for step := 1; lo+step < hi; step *= 2 {
			if b.from[lo+step].after(at) {
				hi = lo + step
				break
			}
			lo += step
		}
	}
	for lo+1 < hi {
		if mid := lo + (hi-lo)/2; b.from[mid].after(at) {
			hi = mid
		} else {
			lo = mid
		}
	}
	return hi
}

// notInForce returns the error of a time before b's first card.
func (b Book) notInForce() error {
	if len(b.cards) == 0 {
		return fmt.Errorf("the book has no card: %w", ErrNotInForce)
	}
	return fmt.Errorf("the first card is in force from %s on: %w", b.cards[0].From.Format(time.RFC3339Nano), ErrNotInForce)
}

// during returns the segments of p with the card in force in each.
func (b Book) during(p calendar.Period) ([]cardPeriod, error) {
	first := b.after(p.Start) - 1
	if first < 0 {
		return nil, fmt.Errorf("%v: %w", p, b.notInForce())
	}
	var out []cardPeriod
	for i := first; i < len(b.cards) && (i == first || b.cards[i].From.Before(p.End)); i++ {
		in := calendar.Period{Start: b.cards[i].From}
		if i+1 < len(b.cards) {
			in.End = b.cards[i+1].From
		}
		in, _ = in.Intersect(p)
		out = append(out, cardPeriod{in, b.cards[i].Card})
	}
	return out, nil
}

// A cardPeriod is a stretch of time and the card in force in it.
type cardPeriod struct {
	period calendar.Period
	card   Card
}

// The JSON form of a book.
type (
	bookJSON struct {
		Format int                 `json:"format"`
		Cards  []effectiveCardJSON `json:"cards"`
	}
	effectiveCardJSON struct {
		From time.Time       `json:"from"`
		Card json.RawMessage `json:"card"`
	}
)

// MarshalJSON returns b's JSON form. It returns an error wrapping [ErrInvalid]
// for the zero Book.
func (b Book) MarshalJSON() ([]byte, error) {
	if len(b.cards) == 0 {
		return nil, fmt.Errorf("billing: marshal book: no cards; make one with NewBook: %w", ErrInvalid)
	}
	out := make([]effectiveCardJSON, len(b.cards))
	for i, c := range b.cards {
		card, _ := c.Card.MarshalJSON() // none is zero
		out[i] = effectiveCardJSON{strictjson.Instant(c.From), strictjson.Nest(card)}
	}
	return json.Marshal(bookJSON{strictjson.Format, out})
}

// UnmarshalJSON reads b's JSON form, strictly, and checks it as [NewCard] and
// [NewBook] do. After an error *b is as it was.
func (b *Book) UnmarshalJSON(data []byte) error {
	var out Book
	err := decode("book", data, func(v strictjson.Value) {
		var cards []EffectiveCard
		v.Object(func(o strictjson.Object) {
			o.Format()
			for _, v := range o.Need("cards").Items(maxCards) {
				v.Object(func(o strictjson.Object) {
					from, card := o.Need("from").Time(), o.Need("card")
					card.Object(func(o strictjson.Object) {
						cards = append(cards, EffectiveCard{from, decodeCard(card, o)})
					})
				})
			}
		})
		var err error
		if out, err = newBook(cards); err != nil {
			v.Fail(err)
		}
	})
	if err != nil {
		return err
	}
	*b = out
	return nil
}
