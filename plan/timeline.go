package plan

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/supportplan/supportplan/internal/strictjson"
	"github.com/supportplan/supportplan/sla/calendar"
)

// ErrOverlap is wrapped by the error of a timeline two of whose subscriptions
// have an instant in common.
var ErrOverlap = errors.New("subscriptions overlap")

// maxSubscriptions is how many subscriptions a timeline's JSON may hold.
const maxSubscriptions = 100_000

// A Subscription is a plan bought for a period. The period may have no end.
type Subscription struct {
	Plan   Plan
	Period calendar.Period
}

// A Stretch is a period throughout which an account has one plan.
type Stretch struct {
	Plan   Plan
	Period calendar.Period
}

// A Change is an instant from which on an account has another plan.
type Change struct {
	At   time.Time
	Plan Plan
}

// A Timeline says which plan an account has when. What no subscription covers
// is Basic, the free plan that everybody has by default: a paid plan that ran
// out falls back to it. The zero Timeline is Basic throughout. A Timeline does
// not change, and may be used from many goroutines at once.
//
// Its JSON form is an array of its subscriptions in the order of time, each
// {"plan": …, "start": …, "end": …}.
//
// Source: Service Category, 2023-09-14 (Basic by default); Product Category,
// 2023-09-14 (a paid plan is bought for a duration).
type Timeline struct {
	subs []Subscription // by start, disjoint
}

// NewTimeline returns the timeline of the given subscriptions, which may come
// in any order. It returns an error wrapping [ErrUnknown] or [calendar.ErrPeriod] for a
// subscription that is not valid, and one wrapping [ErrOverlap] if two have an
// instant in common: whoever upgrades in mid-term ends the old subscription
// where the new one starts.
func NewTimeline(subs ...Subscription) (Timeline, error) {
	subs = slices.Clone(subs)
	for i, s := range subs {
		if err := texts.Check("timeline", s.Plan); err != nil {
			return Timeline{}, err
		}
		p, err := calendar.NewPeriod(s.Period.Start, s.Period.End)
		if err != nil {
			return Timeline{}, err
		}
		subs[i].Period = p
	}
	slices.SortFunc(subs, func(a, b Subscription) int { return a.Period.Start.Compare(b.Period.Start) })
	for i := 1; i < len(subs); i++ {
		if a, b := subs[i-1], subs[i]; a.Period.Overlaps(b.Period) {
			return Timeline{}, fmt.Errorf("plan: timeline: %v %v and %v %v: %w", a.Plan, a.Period, b.Plan, b.Period, ErrOverlap)
		}
	}
	return Timeline{subs}, nil
}

// Subscriptions returns the subscriptions that t was made of, in the order of
// time, in a slice of the caller's own.
func (t Timeline) Subscriptions() []Subscription { return slices.Clone(t.subs) }

// At returns the plan that the account has at the given instant.
func (t Timeline) At(at time.Time) Plan {
	if i := t.after(at); i > 0 && t.subs[i-1].Period.Contains(at) {
		return t.subs[i-1].Plan
	}
	return Basic
}

// after returns the index of the first subscription that starts after at.
func (t Timeline) after(at time.Time) int {
	i, _ := slices.BinarySearchFunc(t.subs, at, func(s Subscription, at time.Time) int {
		if s.Period.Start.After(at) {
			return 1
		}
		return -1
	})
	return i
}

// Stretches divides the period p, in order and without gaps, into the longest
// parts throughout which the account has one plan: subscriptions to one plan
// that meet are one stretch. The result is empty if p is not valid; the last
// stretch of a p without end has none either.
func (t Timeline) Stretches(p calendar.Period) []Stretch {
	if !p.IsValid() {
		return nil
	}
	var out []Stretch
	add := func(s Stretch) {
		if n := len(out); n > 0 && out[n-1].Plan == s.Plan {
			out[n-1].Period.End = s.Period.End
		} else {
			out = append(out, s)
		}
	}
	at := p.Start // what comes before it has its stretch
	for _, s := range t.subs[max(t.after(p.Start)-1, 0):] {
		in, ok := s.Period.Intersect(p)
		if !ok {
			continue
		}
		if at.Before(in.Start) {
			add(Stretch{Basic, calendar.Period{Start: at, End: in.Start}})
		}
		add(Stretch{s.Plan, in})
		if at = in.End; at.IsZero() {
			return out
		}
	}
	if p.End.IsZero() || at.Before(p.End) {
		add(Stretch{Basic, calendar.Period{Start: at, End: p.End}})
	}
	return out
}

// Changes returns the instants after p's start and before its end at which the
// account's plan changes, in order, each with the plan from then on.
func (t Timeline) Changes(p calendar.Period) []Change {
	var out []Change
	for i, s := range t.Stretches(p) {
		if i > 0 {
			out = append(out, Change{s.Period.Start, s.Plan})
		}
	}
	return out
}

// Equal reports whether t and u say the same at every instant, however their
// subscriptions are cut.
func (t Timeline) Equal(u Timeline) bool {
	always := calendar.Period{Start: time.Unix(math.MinInt64, 0)} // before all that can be said otherwise
	return slices.EqualFunc(t.Stretches(always), u.Stretches(always), func(a, b Stretch) bool {
		return a.Plan == b.Plan && a.Period.Equal(b.Period)
	})
}

type subscriptionJSON struct {
	Plan  Plan      `json:"plan"`
	Start time.Time `json:"start"`
	End   time.Time `json:"end,omitzero"`
}

// MarshalJSON returns t's JSON form. It returns an error wrapping [calendar.ErrPeriod]
// if a subscription reaches beyond the years 0 to 9999 of RFC 3339.
func (t Timeline) MarshalJSON() ([]byte, error) {
	out := make([]subscriptionJSON, len(t.subs))
	for i, s := range t.subs {
		out[i] = subscriptionJSON{s.Plan, strictjson.Instant(s.Period.Start), strictjson.Instant(s.Period.End)}
	}
	b, err := json.Marshal(out)
	if err != nil {
		return nil, fmt.Errorf("plan: marshal timeline: %w: %w", calendar.ErrPeriod, err)
	}
	return b, nil
}

// UnmarshalJSON reads t's JSON form, strictly. It returns errors wrapping
// [ErrJSON], [ErrUnknown], [calendar.ErrPeriod] or [ErrOverlap], after which *t is as it
// was.
func (t *Timeline) UnmarshalJSON(data []byte) error {
	var u Timeline
	err := strictjson.Decode("plan: decode timeline", data, func(v strictjson.Value) {
		var subs []Subscription
		for _, v := range v.Items(maxSubscriptions) {
			v.Object(func(o strictjson.Object) {
				var s Subscription
				o.Need("plan").Into(&s.Plan)
				s.Period.Start, s.Period.End = o.Span(calendar.ErrPeriod)
				if !s.Period.IsValid() {
					v.Fail(fmt.Errorf("%v: %w", s.Period, calendar.ErrPeriod))
				}
				subs = append(subs, s)
			})
		}
		var err error
		if u, err = NewTimeline(subs...); err != nil {
			v.Fail(err)
		}
	})
	if err != nil {
		return err
	}
	*t = u
	return nil
}
