package entitlement

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/supportplan/supportplan/internal/quote"
	"github.com/supportplan/supportplan/internal/strictjson"
	"github.com/supportplan/supportplan/sla/calendar"
)

// ErrEvent is wrapped by every error that rejects an event, a service year or
// the terms of event management.
var ErrEvent = errors.New("impossible event")

// maxEvent is how many days an event may have, and how large each of the
// numbers of EventTerms may be.
const maxEvent = 366

// EventTerms are how much event management a customer has. The zero EventTerms
// stand for [PublishedEventTerms] wherever terms are asked for.
type EventTerms struct {
	Sessions int // complimentary sessions a service year, 0 to 366
	Days     int // complimentary days of each session, the first ones, 0 to 366
	Notice   int // business days by which a request should come ahead, 0 to 366
}

// PublishedEventTerms returns the published terms: three sessions a year of up
// to three consecutive days each, and a notice of ten business days, which is a
// recommendation.
//
// Source: Infrastructure Event Management, 2023-09-15.
func PublishedEventTerms() EventTerms { return EventTerms{Sessions: 3, Days: 3, Notice: 10} }

// An Event is a customer's event that support is asked to watch over, in civil
// dates. The zero Event is not valid.
//
// Its JSON form is {"name": …, "requested": …, "first": …, "days": …,
// "cancelled": …} with dates as "2006-01-02"; "cancelled" is left out where it
// was not.
type Event struct {
	Name      string        // what the customer calls it: at most 200 bytes of UTF-8
	Requested calendar.Date // the date on which it was asked for
	First     calendar.Date // its first day
	Days      int           // how many consecutive days it has, 1 to 366
	Cancelled calendar.Date // the date on which it was cancelled; the zero Date if it was not
}

// Last returns the last day of e. It is the zero Date if e's first day or the
// result is not valid.
func (e Event) Last() calendar.Date { return e.First.AddDays(e.Days - 1) }

// IsGivenBack reports whether e was cancelled before its first day. One that
// was cancelled later has taken its session.
func (e Event) IsGivenBack() bool {
	return e.Cancelled != calendar.Date{} && e.Cancelled.Compare(e.First) < 0
}

// overlaps reports whether e and f have a day in common.
func (e Event) overlaps(f Event) bool {
	return e.First.Compare(f.Last()) <= 0 && f.First.Compare(e.Last()) <= 0
}

func (e Event) check() error {
	wrong := ""
	switch {
	case e.Name != "" && !isName(e.Name):
		wrong = fmt.Sprintf("its name is not at most %d bytes of UTF-8", maxName)
	case !e.Requested.IsValid():
		wrong = "the date of the request is not valid"
	case !e.First.IsValid():
		wrong = "the first day is not valid"
	case e.Days < 1 || e.Days > maxEvent:
		wrong = fmt.Sprintf("%d days, not 1 to %d", e.Days, maxEvent)
	case !e.Last().IsValid():
		wrong = "the last day is after the year 9999"
	case e.Cancelled == calendar.Date{}:
		return nil
	case !e.Cancelled.IsValid():
		wrong = "the date of the cancellation is not valid"
	case e.Cancelled.Compare(e.Requested) < 0:
		wrong = "cancelled before it was requested"
	default:
		return nil
	}
	return fmt.Errorf("entitlement: event %s: %s: %w", quote.String(e.Name), wrong, ErrEvent)
}

type eventJSON struct {
	Name      string        `json:"name"`
	Requested calendar.Date `json:"requested"`
	First     calendar.Date `json:"first"`
	Days      int           `json:"days"`
	Cancelled calendar.Date `json:"cancelled,omitzero"`
}

// MarshalJSON returns e's JSON form. It returns an error wrapping [ErrEvent] if
// e is not valid.
func (e Event) MarshalJSON() ([]byte, error) {
	if err := e.check(); err != nil {
		return nil, err
	}
	return json.Marshal(eventJSON(e))
}

// UnmarshalJSON reads e's JSON form, strictly. It returns errors wrapping
// [ErrJSON], [ErrEvent] or [calendar.ErrDate], after which *e is as it was.
func (e *Event) UnmarshalJSON(data []byte) error {
	var f Event
	err := strictjson.Decode("entitlement: decode event", data, func(v strictjson.Value) {
		v.Object(func(o strictjson.Object) {
			f.Name = o.Need("name").Text()
			o.Need("requested").Into(&f.Requested)
			o.Need("first").Into(&f.First)
			f.Days = int(o.Need("days").Int(1, maxEvent))
			o.May("cancelled").Into(&f.Cancelled)
			if err := f.check(); err != nil {
				v.Fail(err)
			}
		})
	})
	if err != nil {
		return err
	}
	*e = f
	return nil
}

// An EventYear is one service year of one customer's event management: the
// document says three sessions a year and leaves open which year, so the caller
// says. Nothing is carried over into the next one, and a short one is not
// pro-rated.
type EventYear struct {
	Start calendar.Date // the first day of the service year
	End   calendar.Date // the day after its last one
	// Calendar tells business days, for the notice. The zero Calendar counts
	// every day.
	Calendar calendar.Calendar
	// Terms are how much there is; the zero EventTerms are the published ones.
	Terms EventTerms
	// Granted are the events that were granted so far, in the order in which
	// they were granted, cancelled ones included. Those whose first day is not
	// in the service year take nothing from it.
	Granted []Event
}

// An EventUse is what an event takes of its service year.
type EventUse struct {
	Event         Event
	Session       int // which session it takes, from 1; 0 if none
	Complimentary int // days that cost nothing
	ToBuy         int // days that are to be bought
}

// An EventAnswer answers a request for event management. Its warnings are no
// refusals: a late or overlapping event may be granted all the same.
type EventAnswer struct {
	// EventUse is what the request takes if it is granted.
	EventUse
	// Entitlement is the decision that was asked with. Where it is a no, there
	// are no sessions, and no days either complimentary or to be bought.
	Entitlement Decision
	// SessionsLeft is how many sessions are left before the request.
	SessionsLeft int
	// NoticeMet reports whether the request came far enough ahead: whether the
	// event starts on Earliest or later.
	NoticeMet bool
	// Earliest is the date of the request plus the notice in business days.
	Earliest calendar.Date
	// Overlaps are the indexes of the granted events, other than those given
	// back, that have a day in common with the request.
	Overlaps []int
	// BeyondYear is how many of the event's days lie after the service year's
	// last one. They belong to the session of the first day all the same.
	BeyondYear int
}

// Uses returns what each granted event takes of the service year, in the order
// of y.Granted. Sessions go to events in that order; an event that was given
// back takes nothing, so the ones granted after it move up. Days beyond the
// complimentary ones of a session, and all days of an event that has no
// session, are to be bought.
//
// The decision d on [EventManagement], from [Matrix.Check] or
// [Contract.CheckAt], says whether the customer has it at all. Uses returns an
// error wrapping [ErrFeature] if d is about another feature, and one wrapping
// [ErrEvent] if a date, a number or the order of two dates is not valid.
func (y EventYear) Uses(d Decision) ([]EventUse, error) {
	terms, err := y.check(d)
	if err != nil {
		return nil, err
	}
	uses := make([]EventUse, len(y.Granted))
	sessions := 0
	for i, e := range y.Granted {
		uses[i].Event = e
		if !d.Included || e.IsGivenBack() || !y.contains(e.First) {
			continue
		}
		if sessions < terms.Sessions {
			sessions++
			uses[i].Session = sessions
			uses[i].Complimentary = min(e.Days, terms.Days)
		}
		uses[i].ToBuy = e.Days - uses[i].Complimentary
	}
	return uses, nil
}

// SessionsLeft returns how many complimentary sessions of the service year no
// granted event has taken: 0 where d is a no. Its errors are those of
// [EventYear.Uses].
func (y EventYear) SessionsLeft(d Decision) (int, error) {
	uses, err := y.Uses(d)
	if err != nil {
		return 0, err
	}
	return y.left(d, uses), nil
}

// left returns how many sessions are left of those of which uses take some.
func (y EventYear) left(d Decision, uses []EventUse) int {
	if !d.Included {
		return 0
	}
	left := y.terms().Sessions
	for _, u := range uses {
		if u.Session > 0 {
			left--
		}
	}
	return left
}

// Review answers a request for an event against those granted so far: which
// session it takes, what its days cost, whether notice was met, and what it
// overlaps with. The notice is met if the date of the request plus ten
// business days of y.Calendar (or what the terms say) is not after the event's
// first day.
//
// Its errors are those of [EventYear.Uses], and one wrapping [ErrEvent] if the
// request was cancelled or its first day is not in the service year. Where the
// calendar has no such business day, the error is that of
// [calendar.Calendar.AddBusinessDays].
//
// Source: Infrastructure Event Management, 2023-09-15.
func (y EventYear) Review(d Decision, request Event) (EventAnswer, error) {
	granted := y.Granted
	y.Granted = append(slices.Clip(granted), request)
	uses, err := y.Uses(d)
	if err != nil {
		return EventAnswer{}, err
	}
	a := EventAnswer{
		EventUse:     uses[len(granted)],
		Entitlement:  d,
		SessionsLeft: y.left(d, uses[:len(granted)]),
	}
	switch {
	case request.Cancelled != calendar.Date{}:
		return EventAnswer{}, fmt.Errorf("entitlement: event %s: requested, but cancelled: %w", quote.String(request.Name), ErrEvent)
	case !y.contains(request.First):
		return EventAnswer{}, fmt.Errorf("entitlement: event %s: %v is not in the service year [%v, %v): %w",
			quote.String(request.Name), request.First, y.Start, y.End, ErrEvent)
	}
	a.Earliest, err = y.Calendar.AddBusinessDays(request.Requested, y.terms().Notice)
	if err != nil {
		return EventAnswer{}, fmt.Errorf("entitlement: event %s: %w", quote.String(request.Name), err)
	}
	a.NoticeMet = a.Earliest.Compare(request.First) <= 0
	for i, e := range granted {
		if !e.IsGivenBack() && e.overlaps(request) {
			a.Overlaps = append(a.Overlaps, i)
		}
	}
	a.BeyondYear = max(0, request.Last().DaysSince(y.End)+1)
	return a, nil
}

func (y EventYear) contains(d calendar.Date) bool {
	return d.Compare(y.Start) >= 0 && d.Compare(y.End) < 0
}

func (y EventYear) terms() EventTerms {
	if y.Terms == (EventTerms{}) {
		return PublishedEventTerms()
	}
	return y.Terms
}

// check returns the terms that y works with, or what is wrong with y or d.
func (y EventYear) check(d Decision) (EventTerms, error) {
	if err := d.isOn("event management", EventManagement); err != nil {
		return EventTerms{}, err
	}
	if !y.Start.IsValid() || !y.End.IsValid() || y.Start.Compare(y.End) >= 0 {
		return EventTerms{}, fmt.Errorf("entitlement: service year [%v, %v): %w", y.Start, y.End, ErrEvent)
	}
	terms := y.terms()
	for _, n := range []int{terms.Sessions, terms.Days, terms.Notice} {
		if n < 0 || n > maxEvent {
			return EventTerms{}, fmt.Errorf("entitlement: event terms: %d, not 0 to %d: %w", n, maxEvent, ErrEvent)
		}
	}
	for _, e := range y.Granted {
		if err := e.check(); err != nil {
			return EventTerms{}, err
		}
	}
	return terms, nil
}
