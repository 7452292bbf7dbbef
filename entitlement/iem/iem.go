// Package iem counts the event sessions of a service year: the session that an
// event takes, its complimentary days, and whether it was asked for
// early enough.
//
// [Published] are the document's terms. A [Year] is one service year of one
// customer: its dates, its calendar, its terms and the events granted so far.
// [Year.Review] answers a request, and [Year.Uses] returns the session and the
// days of each event granted. All dates are civil dates.
//
//	year := iem.Year{Start: start, End: end, Calendar: office, Terms: iem.Published(), Granted: granted}
//	a, err := year.Review(request)
//	fmt.Println(a.SessionsLeft, a.Use.ToBuy, a.NoticeMet)
//	year.Granted = append(year.Granted, request) // once the caller grants it
//
// Review records nothing: a granted event counts from when the caller appends
// it to Year.Granted. A notice that was not met is a warning, no refusal.
//
// Whether a customer has event management at all is for package entitlement to
// say. Set [Year.Terms] only if it does: the zero Terms grant nothing.
//
// The data retells the provider's public document and is general information:
// it is no contract, it may change, and the provider's terms govern. This
// library is not affiliated with the provider.
package iem

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"unicode/utf8"

	"github.com/supportplan/supportplan/internal/field"
	"github.com/supportplan/supportplan/internal/quote"
	"github.com/supportplan/supportplan/internal/strictjson"
	"github.com/supportplan/supportplan/sla/calendar"
)

// ErrInvalid is wrapped by every error that rejects an event, a service year or
// terms, made in Go or read from JSON.
var ErrInvalid = errors.New("invalid event")

// A FieldError is the part of an error that names the field that is wrong, for
// [errors.As].
type FieldError = field.Error

const (
	maxNumber = 366 // of days of an event, and of each number of Terms
	maxName   = 200 // bytes of the name of an event
)

// Terms say how much event management a customer has. The zero Terms are those
// of a customer without it: no event takes a session, and no day is
// complimentary or to be bought.
type Terms struct {
	Sessions int `json:"sessions"` // complimentary sessions a service year, 0 to 366
	Days     int `json:"days"`     // complimentary days of each session, the first ones, 0 to 366
	Notice   int `json:"notice"`   // business days of notice for a request, 0 to 366
}

// Published returns the published terms: three sessions a year of up to three
// consecutive days each, and a notice of ten business days, which is a
// recommendation.
//
// Source: Infrastructure Event Management, 2023-09-15.
func Published() Terms { return Terms{Sessions: 3, Days: 3, Notice: 10} }

// An Event is a customer's event that support is asked to watch over, in civil
// dates. The zero Event is not valid.
//
// Its JSON form is {"name": …, "requested": …, "first": …, "days": …,
// "cancelled": …} with dates as "2006-01-02"; "cancelled" is omitted if the
// event was not.
type Event struct {
	Name      string        // the customer's name of it: at most 200 bytes of UTF-8
	Requested calendar.Date // the date of the request
	First     calendar.Date // its first day
	Days      int           // how many consecutive days it has, 1 to 366
	Cancelled calendar.Date // the date of the cancellation; the zero Date if there was none
}

// Last returns the last day of e. It is the zero Date if e's first day or the
// result is not valid.
func (e Event) Last() calendar.Date { return e.First.AddDays(e.Days - 1) }

// isGivenBack reports whether e was cancelled before its first day. One that
// was cancelled later has taken its session.
func (e Event) isGivenBack() bool {
	return e.Cancelled != calendar.Date{} && e.Cancelled.Compare(e.First) < 0
}

// overlaps reports whether e and f have a day in common.
func (e Event) overlaps(f Event) bool {
	return e.First.Compare(f.Last()) <= 0 && f.First.Compare(e.Last()) <= 0
}

// check returns the wrong field of e.
func (e Event) check() error {
	wrong := func(path, format string, args ...any) error {
		return field.Wrap(path, fmt.Errorf(format+": %w", append(args, ErrInvalid)...))
	}
	switch {
	case len(e.Name) > maxName || !utf8.ValidString(e.Name):
		return wrong("name", "%s: want at most %d bytes of UTF-8", quote.String(e.Name), maxName)
	case !e.Requested.IsValid():
		return wrong("requested", "%v is not a valid date", e.Requested)
	case !e.First.IsValid():
		return wrong("first", "%v is not a valid date", e.First)
	case e.Days < 1 || e.Days > maxNumber:
		return wrong("days", "%d: want 1 to %d", e.Days, maxNumber)
	case !e.Last().IsValid():
		return wrong("days", "%d: the last day is after the year 9999", e.Days)
	case e.Cancelled == calendar.Date{}:
		return nil
	case !e.Cancelled.IsValid():
		return wrong("cancelled", "%v is not a valid date", e.Cancelled)
	case e.Cancelled.Compare(e.Requested) < 0:
		return wrong("cancelled", "%v is before the request on %v", e.Cancelled, e.Requested)
	}
	return nil
}

type eventJSON struct {
	Name      string        `json:"name"`
	Requested calendar.Date `json:"requested"`
	First     calendar.Date `json:"first"`
	Days      int           `json:"days"`
	Cancelled calendar.Date `json:"cancelled,omitzero"`
}

// MarshalJSON returns e's JSON form. It returns an error wrapping [ErrInvalid]
// if e is not valid.
func (e Event) MarshalJSON() ([]byte, error) {
	if err := e.check(); err != nil {
		return nil, field.Op("iem: marshal event", err)
	}
	return json.Marshal(eventJSON(e))
}

// UnmarshalJSON reads e's JSON form, strictly. It returns an error wrapping
// [ErrInvalid]; then *e is unchanged.
func (e *Event) UnmarshalJSON(data []byte) error {
	var f Event
	err := strictjson.Decode("iem: decode event", data, func(v strictjson.Value) {
		v.Object(func(o strictjson.Object) {
			f.Name = o.Need("name").Text()
			o.Need("requested").Into(&f.Requested)
			o.Need("first").Into(&f.First)
			f.Days = int(o.Need("days").Int(1, maxNumber))
			o.May("cancelled").Into(&f.Cancelled)
			if err := f.check(); err != nil {
				v.Fail(err)
			}
		})
	})
	if err != nil {
		return field.Mark(err, ErrInvalid)
	}
	*e = f
	return nil
}

// A Year is one service year of one customer's event management. The document has
// three sessions a year and leaves the year open, so the caller defines it.
// Nothing is carried over into the next one, and a short one is not pro-rated.
type Year struct {
	Start calendar.Date `json:"start"` // the first day of the service year
	End   calendar.Date `json:"end"`   // the day after its last one
	// Calendar tells business days, for the notice. The zero Calendar counts
	// every day.
	Calendar calendar.Calendar `json:"calendar,omitzero"`
	// Terms are the customer's; see [Published]. The zero Terms grant nothing.
	Terms Terms `json:"terms"`
	// Granted are the events granted so far, in the order in which they were
	// granted, cancelled ones included. An event whose first day is not in the
	// service year takes nothing from it.
	Granted []Event `json:"granted"`
}

// A Use is an event's share of its service year.
type Use struct {
	Event         Event `json:"event"`
	Session       int   `json:"session"`       // the session that it takes, from 1; 0 if none
	Complimentary int   `json:"complimentary"` // days that cost nothing
	ToBuy         int   `json:"toBuy"`         // days that are to be bought
}

// An Answer answers a request for event management. Its warnings are no
// refusals: a late or overlapping event may be granted all the same.
type Answer struct {
	// Use is the request's own, if it is granted.
	Use Use `json:"use"`
	// SessionsLeft is how many sessions are left before the request.
	SessionsLeft int `json:"sessionsLeft"`
	// NoticeMet reports whether the event starts on Earliest or later.
	NoticeMet bool `json:"noticeMet"`
	// Earliest is the date of the request plus the notice in business days.
	Earliest calendar.Date `json:"earliest"`
	// Overlaps are the indexes of the granted events, other than those given
	// back, that have a day in common with the request.
	Overlaps []int `json:"overlaps,omitempty"`
	// BeyondYear is how many of the event's days lie after the service year's
	// last one. They belong to the session of the first day all the same.
	BeyondYear int `json:"beyondYear"`
}

// Uses returns the share of each granted event in the service year, in the order
// of y.Granted. Sessions go to events in that order. An event that was given
// back takes nothing, so that the ones granted after it move up. Days beyond the
// complimentary ones of a session, and all days of an event without a session,
// are to be bought.
//
// It returns an error wrapping [ErrInvalid] if a date, a number or the order of
// two dates is not valid.
func (y Year) Uses() ([]Use, error) {
	if err := y.check(); err != nil {
		return nil, field.Op("iem", err)
	}
	return y.uses(), nil
}

// uses is Uses of a valid y.
func (y Year) uses() []Use {
	uses := make([]Use, len(y.Granted))
	sessions := 0
	for i, e := range y.Granted {
		uses[i].Event = e
		if y.Terms == (Terms{}) || e.isGivenBack() || !y.contains(e.First) {
			continue
		}
		if sessions < y.Terms.Sessions {
			sessions++
			uses[i].Session = sessions
			uses[i].Complimentary = min(e.Days, y.Terms.Days)
		}
		uses[i].ToBuy = e.Days - uses[i].Complimentary
	}
	return uses
}

// left returns how many sessions remain after uses.
func (y Year) left(uses []Use) int {
	left := y.Terms.Sessions
	for _, u := range uses {
		if u.Session > 0 {
			left--
		}
	}
	return left
}

// Review answers a request for an event against those granted so far: the
// session it takes, the cost of its days, whether notice was met, and the events
// that it overlaps. The notice is met if the date of the request plus
// y.Terms.Notice business days of y.Calendar is not after the event's first day.
//
// Its errors are those of [Year.Uses], and one wrapping [ErrInvalid] if the
// request was cancelled, if its first day is not in the service year, or if the
// calendar has no such business day.
//
// Source: Infrastructure Event Management, 2023-09-15.
func (y Year) Review(request Event) (Answer, error) {
	fail := func(err error) (Answer, error) { return Answer{}, field.Op("iem: review", err) }
	if err := y.check(); err != nil {
		return fail(err)
	}
	if err := request.check(); err != nil {
		return fail(field.Wrap("request", err))
	}
	if request.Cancelled != (calendar.Date{}) {
		return fail(field.Wrap("request.cancelled", fmt.Errorf("%v: want a request that was not cancelled: %w", request.Cancelled, ErrInvalid)))
	}
	if !y.contains(request.First) {
		return fail(field.Wrap("request.first", fmt.Errorf("%v is not in the service year [%v, %v): %w", request.First, y.Start, y.End, ErrInvalid)))
	}
	earliest, err := y.Calendar.AddBusinessDays(request.Requested, y.Terms.Notice)
	if err != nil {
		return fail(field.Wrap("request.requested", fmt.Errorf("%w: %w", err, ErrInvalid)))
	}

	granted := y.Granted
	y.Granted = append(slices.Clip(granted), request)
	uses := y.uses()
	a := Answer{
		Use:          uses[len(granted)],
		SessionsLeft: y.left(uses[:len(granted)]),
		NoticeMet:    earliest.Compare(request.First) <= 0,
		Earliest:     earliest,
		BeyondYear:   max(0, request.Last().DaysSince(y.End)+1),
	}
	for i, e := range granted {
		if !e.isGivenBack() && e.overlaps(request) {
			a.Overlaps = append(a.Overlaps, i)
		}
	}
	return a, nil
}

func (y Year) contains(d calendar.Date) bool {
	return d.Compare(y.Start) >= 0 && d.Compare(y.End) < 0
}

// check returns the wrong field of y.
func (y Year) check() error {
	for _, d := range []struct {
		path string
		date calendar.Date
	}{{"start", y.Start}, {"end", y.End}} {
		if !d.date.IsValid() {
			return field.Wrap(d.path, fmt.Errorf("%v is not a valid date: %w", d.date, ErrInvalid))
		}
	}
	if y.Start.Compare(y.End) >= 0 {
		return field.Wrap("end", fmt.Errorf("%v is not after the start %v: %w", y.End, y.Start, ErrInvalid))
	}
	for _, n := range []struct {
		path  string
		value int
	}{{"terms.sessions", y.Terms.Sessions}, {"terms.days", y.Terms.Days}, {"terms.notice", y.Terms.Notice}} {
		if n.value < 0 || n.value > maxNumber {
			return field.Wrap(n.path, fmt.Errorf("%d: want 0 to %d: %w", n.value, maxNumber, ErrInvalid))
		}
	}
	for i, e := range y.Granted {
		if err := e.check(); err != nil {
			return field.Wrap(fmt.Sprintf("granted[%d]", i), err)
		}
	}
	return nil
}
