package plan

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"sort"
	"time"

	"github.com/supportplan/supportplan/internal/field"
	"github.com/supportplan/supportplan/internal/strictjson"
	"github.com/supportplan/supportplan/sla/calendar"
)

// maxSubscriptions is the number of subscriptions that a timeline may hold; its
// JSON stays within the limits of reading it.
const maxSubscriptions = 10_000

// A Subscription is a plan bought for a period. The period may have no end.
type Subscription struct {
	Plan   Plan
	Period calendar.Period
}

// A Segment is a period of one plan of an account.
type Segment struct {
	Plan   Plan
	Period calendar.Period
}

// A Timeline is the plan of an account at every instant. Time that no subscription
// covers is Basic, the free plan that everybody has by default: a paid plan that
// ran out falls back to it. The zero Timeline is Basic throughout.
//
// A Timeline does not change, and may be used from many goroutines at once. The
// everyday changes return a new one: [Timeline.From], [Timeline.Switch],
// [Timeline.EndAt], [Timeline.Renew] and [Timeline.With].
//
// Its JSON form is {"format": 1, "subscriptions": [{"plan": …, "start": …, "end":
// …}, …]} in the order of time; "end" is omitted if there is none.
//
// Source: Service Category, 2023-09-14 (Basic by default); Product Category,
// 2023-09-14 (a paid plan is bought for a duration).
type Timeline struct {
	subs []Subscription // by start, disjoint
}

// NewTimeline returns the timeline of the given subscriptions, at most 10,000, in
// any order. It returns an error wrapping [ErrUnknown] or
// [ErrInvalid] if a subscription is not valid, if there are too many, or if two
// have an instant in common. For an upgrade in mid-term, end the old subscription
// at the start of the new one.
func NewTimeline(subs ...Subscription) (Timeline, error) {
	t, err := newTimeline(subs)
	return t, field.Op("plan: timeline", err)
}

func newTimeline(subs []Subscription) (Timeline, error) {
	if len(subs) > maxSubscriptions {
		return Timeline{}, field.Wrap("subscriptions", fmt.Errorf("%d are over the limit of %d: %w", len(subs), maxSubscriptions, ErrInvalid))
	}
	order := make([]int, len(subs)) // by start
	path := func(i int, name string) string { return fmt.Sprintf("subscriptions[%d]%s", i, name) }
	for i, s := range subs {
		order[i] = i
		if err := s.Plan.check(); err != nil {
			return Timeline{}, field.Wrap(path(i, ".plan"), err)
		}
		if err := checkPeriod(s.Period); err != nil {
			return Timeline{}, field.Wrap(path(i, ""), err)
		}
	}
	slices.SortStableFunc(order, func(i, j int) int { return subs[i].Period.Start.Compare(subs[j].Period.Start) })
	var sorted []Subscription
	for n, i := range order {
		s := subs[i]
		if n > 0 {
			i, j := max(i, order[n-1]), min(i, order[n-1])
			if _, ok := subs[i].Period.Intersect(subs[j].Period); ok {
				return Timeline{}, field.Wrap(path(i, ""), fmt.Errorf("%v %v overlaps %v %v: %w",
					subs[i].Plan, subs[i].Period, subs[j].Plan, subs[j].Period, ErrInvalid))
			}
		}
		sorted = append(sorted, Subscription{s.Plan, calendar.Period{Start: s.Period.Start.Round(0), End: s.Period.End.Round(0)}})
	}
	return Timeline{sorted}, nil
}

// checkPeriod returns the wrong field of p.
func checkPeriod(p calendar.Period) error {
	if p.Start.IsZero() {
		return field.Wrap("start", fmt.Errorf("the zero time is no instant: %w", ErrInvalid))
	}
	if !p.IsValid() {
		return field.Wrap("end", fmt.Errorf("%s: want an instant after the start %s, or none: %w",
			p.End.Format(time.RFC3339Nano), p.Start.Format(time.RFC3339Nano), ErrInvalid))
	}
	return nil
}

// Subscriptions returns the subscriptions that t was made of, in the order of
// time, in a slice of the caller's own.
func (t Timeline) Subscriptions() []Subscription { return slices.Clone(t.subs) }

// At returns the plan that the account has at the given instant. The zero time is
// no instant: At returns the zero Plan.
func (t Timeline) At(at time.Time) Plan {
	if at.IsZero() {
		return 0
	}
	if i := t.after(at); i > 0 && t.subs[i-1].Period.Contains(at) {
		return t.subs[i-1].Plan
	}
	return Basic
}

// With returns t with plan p throughout the given period; before and after it all
// stays as it is. So a trial is one call. With [Basic] it ends what the period
// covers. It returns an error wrapping [ErrUnknown] or [ErrInvalid] if p or the
// period is not valid, or if the subscriptions become too many.
func (t Timeline) With(p Plan, period calendar.Period) (Timeline, error) {
	u, err := t.with(p, period)
	return u, field.Op("plan: timeline with", err)
}

func (t Timeline) with(p Plan, period calendar.Period) (Timeline, error) {
	if err := p.check(); err != nil {
		return Timeline{}, field.Wrap("plan", err)
	}
	if err := checkPeriod(period); err != nil {
		return Timeline{}, err
	}
	var subs []Subscription
	for _, s := range t.subs {
		if _, ok := s.Period.Intersect(period); !ok {
			subs = append(subs, s)
			continue
		}
		if s.Period.Start.Before(period.Start) {
			subs = append(subs, Subscription{s.Plan, calendar.Period{Start: s.Period.Start, End: period.Start}})
		}
		if !period.End.IsZero() && (s.Period.End.IsZero() || s.Period.End.After(period.End)) {
			subs = append(subs, Subscription{s.Plan, calendar.Period{Start: period.End, End: s.Period.End}})
		}
	}
	if p != Basic {
		subs = append(subs, Subscription{p, period})
	}
	return newTimeline(subs)
}

// From returns t with plan p from the given instant on, without an end;
// whatever came later goes: a purchase, an upgrade or a downgrade. Its errors
// are those of [Timeline.With].
func (t Timeline) From(at time.Time, p Plan) (Timeline, error) {
	u, err := t.with(p, calendar.Period{Start: at})
	return u, field.Op("plan: timeline from", err)
}

// EndAt returns t without subscriptions from the given instant on: the account
// falls back to [Basic]. The zero time is an error wrapping [ErrInvalid].
func (t Timeline) EndAt(at time.Time) (Timeline, error) {
	u, err := t.with(Basic, calendar.Period{Start: at})
	return u, field.Op("plan: timeline end", err)
}

// Switch returns t with plan p in the place of the paid plan that the account
// has at the given instant, from that instant until that plan ends: an upgrade
// or a downgrade within a term that was bought. For a plan without an end it
// does the same as [Timeline.From]. It returns an error wrapping [ErrInvalid]
// if the account has no paid plan then, or those of [Timeline.With].
func (t Timeline) Switch(at time.Time, p Plan) (Timeline, error) {
	u, err := t.switchTo(at, p)
	return u, field.Op("plan: timeline switch", err)
}

func (t Timeline) switchTo(at time.Time, p Plan) (Timeline, error) {
	if !t.At(at).IsPaid() {
		return Timeline{}, field.Wrap("at", fmt.Errorf("%s: want an instant at which the account has a paid plan: %w",
			at.Format(time.RFC3339Nano), ErrInvalid))
	}
	return t.with(p, t.Segments(calendar.Period{Start: at})[0].Period)
}

// Renew returns t with the subscription that ends last going on until the given
// instant. If that plan has run out, the time since then is covered too; to leave
// a gap, use [Timeline.With]. It returns an error wrapping [ErrInvalid] if there
// is no subscription, if the last one has no end, or if until is not after it.
func (t Timeline) Renew(until time.Time) (Timeline, error) {
	u, err := t.renew(until)
	return u, field.Op("plan: timeline renew", err)
}

func (t Timeline) renew(until time.Time) (Timeline, error) {
	if len(t.subs) == 0 {
		return Timeline{}, fmt.Errorf("there is no subscription; use With or From: %w", ErrInvalid)
	}
	last := t.subs[len(t.subs)-1]
	if last.Period.End.IsZero() {
		return Timeline{}, fmt.Errorf("%v has no end: %w", last.Plan, ErrInvalid)
	}
	if !until.After(last.Period.End) {
		return Timeline{}, field.Wrap("until", fmt.Errorf("%s: want an instant after the end %s: %w",
			until.Format(time.RFC3339Nano), last.Period.End.Format(time.RFC3339Nano), ErrInvalid))
	}
	return newTimeline(append(t.Subscriptions(), Subscription{last.Plan, calendar.Period{Start: last.Period.End, End: until}}))
}

// after returns the index of the first subscription that starts after at.
func (t Timeline) after(at time.Time) int {
	return sort.Search(len(t.subs), func(i int) bool { return t.subs[i].Period.Start.After(at) })
}

// Segments divides the period p, in order and without gaps, into the longest
// segments of one plan: subscriptions to one plan that meet are one segment. The result is empty if p is not valid. The last
// segment of a p without end has none either.
func (t Timeline) Segments(p calendar.Period) []Segment {
	if !p.IsValid() {
		return nil
	}
	var out []Segment
	add := func(s Segment) {
		if n := len(out); n > 0 && out[n-1].Plan == s.Plan {
			out[n-1].Period.End = s.Period.End
		} else {
			out = append(out, s)
		}
	}
	at := p.Start // the time before it has its segment
	for _, s := range t.subs[max(t.after(p.Start)-1, 0):] {
		in, ok := s.Period.Intersect(p)
		if !ok {
			continue
		}
		if at.Before(in.Start) {
			add(Segment{Basic, calendar.Period{Start: at, End: in.Start}})
		}
		add(Segment{s.Plan, in})
		if at = in.End; at.IsZero() {
			return out
		}
	}
	if p.End.IsZero() || at.Before(p.End) {
		add(Segment{Basic, calendar.Period{Start: at, End: p.End}})
	}
	return out
}

// Equal reports whether t and u have the same plan at every instant, however their
// subscriptions are cut.
func (t Timeline) Equal(u Timeline) bool {
	always := calendar.Period{Start: time.Unix(math.MinInt64, 0)} // before all that can be said otherwise
	return slices.EqualFunc(t.Segments(always), u.Segments(always), func(a, b Segment) bool {
		return a.Plan == b.Plan && a.Period.Equal(b.Period)
	})
}

// MarshalJSON returns t's JSON form. It returns an error wrapping [ErrInvalid] if
// a subscription reaches beyond the years 0 to 9999 of RFC 3339.
func (t Timeline) MarshalJSON() ([]byte, error) {
	type subscription struct {
		Plan  Plan      `json:"plan"`
		Start time.Time `json:"start"`
		End   time.Time `json:"end,omitzero"`
	}
	out := struct {
		Format        int            `json:"format"`
		Subscriptions []subscription `json:"subscriptions"`
	}{strictjson.Format, make([]subscription, len(t.subs))}
	for i, s := range t.subs {
		out.Subscriptions[i] = subscription{s.Plan, strictjson.Instant(s.Period.Start), strictjson.Instant(s.Period.End)}
	}
	b, err := json.Marshal(out)
	if err != nil {
		return nil, field.Op("plan: marshal timeline", field.Mark(err, ErrInvalid))
	}
	return b, nil
}

// UnmarshalJSON reads t's JSON form, strictly. It returns an error wrapping
// [ErrInvalid] or [ErrUnknown]; then *t is unchanged.
func (t *Timeline) UnmarshalJSON(data []byte) error {
	var u Timeline
	err := strictjson.Decode("plan: decode timeline", data, func(v strictjson.Value) {
		v.Object(func(o strictjson.Object) {
			o.Format()
			var subs []Subscription
			for _, v := range o.Need("subscriptions").Items(maxSubscriptions) {
				v.Object(func(o strictjson.Object) {
					var s Subscription
					o.Need("plan").Into(&s.Plan)
					s.Period.Start, s.Period.End = o.Span(ErrInvalid)
					subs = append(subs, s)
				})
			}
			var err error
			if u, err = newTimeline(subs); err != nil {
				v.Fail(err)
			}
		})
	})
	if err != nil && !errors.Is(err, ErrUnknown) {
		err = field.Mark(err, ErrInvalid)
	}
	if err != nil {
		return err
	}
	*t = u
	return nil
}
