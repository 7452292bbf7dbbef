package plan_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/rand"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/supportplan/supportplan/plan"
	"github.com/supportplan/supportplan/sla/calendar"
)

func sub(p plan.Plan, start, end int) plan.Subscription {
	s := plan.Subscription{Plan: p, Period: calendar.Period{Start: at(start)}}
	if end > 0 {
		s.Period.End = at(end)
	}
	return s
}

func timeline(t testing.TB, subs ...plan.Subscription) plan.Timeline {
	t.Helper()
	tl, err := plan.NewTimeline(subs...)
	if err != nil {
		t.Fatal(err)
	}
	return tl
}

func TestNewTimelineErrors(t *testing.T) {
	const overlap = "developer [2026-01-01T02:00:00Z, 2026-01-01T04:00:00Z) overlaps business [2026-01-01T01:00:00Z, 2026-01-01T03:00:00Z): invalid timeline"
	business, developer := sub(plan.Business, 1, 3), sub(plan.Developer, 2, 4)
	for _, c := range []struct {
		subs []plan.Subscription
		is   error
		want string
	}{
		{[]plan.Subscription{business, developer}, plan.ErrInvalid, "subscriptions[1]: " + overlap},
		{[]plan.Subscription{business, sub(plan.Basic, 5, 6), developer}, plan.ErrInvalid, "subscriptions[2]: " + overlap},
		{
			[]plan.Subscription{sub(plan.Business, 9, 0), sub(plan.Business, 1, 0)}, plan.ErrInvalid,
			"subscriptions[1]: business [2026-01-01T01:00:00Z, …) overlaps business [2026-01-01T09:00:00Z, …): invalid timeline",
		},
		{[]plan.Subscription{business, {Period: developer.Period}}, plan.ErrUnknown, "subscriptions[1].plan: Plan(0): want basic, developer, business or enterprise: unknown plan"},
		{[]plan.Subscription{{Plan: 5, Period: business.Period}}, plan.ErrUnknown, "subscriptions[0].plan: Plan(5): want basic, developer, business or enterprise: unknown plan"},
		{[]plan.Subscription{{Plan: plan.Business}}, plan.ErrInvalid, "subscriptions[0].start: the zero time is no instant: invalid timeline"},
		{
			[]plan.Subscription{business, sub(plan.Basic, 4, 4)}, plan.ErrInvalid,
			"subscriptions[1].end: 2026-01-01T04:00:00Z: want an instant after the start 2026-01-01T04:00:00Z, or none: invalid timeline",
		},
		{make([]plan.Subscription, 10_001), plan.ErrInvalid, "subscriptions: 10001 are over the limit of 10000: invalid timeline"},
	} {
		tl, err := plan.NewTimeline(c.subs...)
		if !errors.Is(err, c.is) || err.Error() != "plan: timeline: "+c.want {
			t.Errorf("%v; want %s", err, c.want)
		}
		var f *plan.FieldError
		if !errors.As(err, &f) || !strings.HasPrefix(c.want, f.Path+": ") {
			t.Errorf("the field of %v", err)
		}
		if got := tl.Subscriptions(); got != nil {
			t.Errorf("with an error: %v", got)
		}
	}
}

func TestZeroTimeline(t *testing.T) {
	var zero plan.Timeline
	if got := zero.At(at(1)); got != plan.Basic {
		t.Errorf("At: %v", got)
	}
	// The zero time is a forgotten one: no plan answers for it.
	for _, tl := range []plan.Timeline{zero, timeline(t, sub(plan.Business, 1, 0))} {
		if got := tl.At(time.Time{}); got != 0 {
			t.Errorf("At the zero time: %v", got)
		}
	}
	if got := zero.Subscriptions(); len(got) != 0 {
		t.Errorf("Subscriptions: %v", got)
	}
	p := calendar.Period{Start: at(1)}
	if d := cmp.Diff([]plan.Segment{{Plan: plan.Basic, Period: p}}, zero.Segments(p)); d != "" {
		t.Errorf("Segments (-want +got):\n%s", d)
	}
	if b, err := json.Marshal(zero); err != nil || string(b) != `{"format":1,"subscriptions":[]}` {
		t.Errorf("JSON: %s, %v", b, err)
	}
	if !zero.Equal(timeline(t)) || !zero.Equal(timeline(t, sub(plan.Basic, 1, 5))) || zero.Equal(timeline(t, sub(plan.Business, 1, 5))) {
		t.Error("Equal")
	}
}

func TestSegmentsOfAnInvalidPeriod(t *testing.T) {
	tl := timeline(t, sub(plan.Business, 1, 0))
	for _, p := range []calendar.Period{{}, {End: at(2)}, {Start: at(2), End: at(2)}, {Start: at(2), End: at(1)}} {
		if s := tl.Segments(p); s != nil {
			t.Errorf("%v: segments %v", p, s)
		}
	}
}

func TestTimelineSharesNothing(t *testing.T) {
	subs := []plan.Subscription{sub(plan.Business, 5, 6), sub(plan.Developer, 1, 2)}
	given := slices.Clone(subs)
	tl := timeline(t, subs...)
	if d := cmp.Diff(given, subs); d != "" {
		t.Errorf("the caller's slice changed (-was +is):\n%s", d)
	}
	subs[0], subs[1] = plan.Subscription{}, plan.Subscription{}
	want := []plan.Subscription{sub(plan.Developer, 1, 2), sub(plan.Business, 5, 6)}
	got := tl.Subscriptions()
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("Subscriptions (-want +got):\n%s", d)
	}
	got[0] = plan.Subscription{}
	if d := cmp.Diff(want, tl.Subscriptions()); d != "" {
		t.Errorf("Subscriptions after the caller changed its own (-want +got):\n%s", d)
	}
}

func TestTimelineStripsMonotonicReadings(t *testing.T) {
	now := time.Now()
	tl := timeline(t, plan.Subscription{Plan: plan.Business, Period: calendar.Period{Start: now, End: now.Add(time.Hour)}})
	if got := tl.Subscriptions()[0].Period; got.Start != now.Round(0) || got.End != now.Add(time.Hour).Round(0) {
		t.Errorf("got %#v", got)
	}
}

func TestTimelineInManyGoroutines(t *testing.T) {
	tl := timeline(t, sub(plan.Business, 5, 9), sub(plan.Developer, 1, 5))
	p := calendar.Period{Start: at(0), End: at(12)}
	done := make(chan string)
	for range 8 {
		go func() {
			b, err := tl.MarshalJSON()
			done <- fmt.Sprint(tl.At(at(4)), tl.Segments(p), tl.Subscriptions(), tl.Equal(tl), string(b), err)
		}()
	}
	first := <-done
	for range 7 {
		if again := <-done; again != first {
			t.Errorf("%s, and %s", first, again)
		}
	}
}

// hours is how far the reference looks; every edge of a test lies before.
const hours = 16

// reference asks each subscription, one by one.
func reference(subs []plan.Subscription, t time.Time) plan.Plan {
	for _, s := range subs {
		if !t.Before(s.Period.Start) && (s.Period.End.IsZero() || t.Before(s.Period.End)) {
			return s.Plan
		}
	}
	return plan.Basic
}

// instants are all at which an answer can differ from the one before it.
func instants() []time.Time {
	var all []time.Time
	for h := range hours {
		all = append(all, at(h).Add(-1), at(h), at(h).Add(1))
	}
	return all
}

var anyPlan = rapid.SampledFrom(plan.All())

// cutSubs draws subscriptions that do not overlap, many of which meet.
func cutSubs(t *rapid.T) []plan.Subscription {
	cuts := rapid.SliceOfNDistinct(edges, 0, 8, rapid.ID).Draw(t, "cuts")
	slices.Sort(cuts)
	var subs []plan.Subscription
	for i := range cuts {
		end := 0
		if i+1 < len(cuts) {
			end = cuts[i+1]
		} else if rapid.Bool().Draw(t, "last ends") {
			end = cuts[i] + 2
		}
		if rapid.IntRange(0, 3).Draw(t, "bought") > 0 {
			subs = append(subs, sub(anyPlan.Draw(t, "plan"), cuts[i], end))
		}
	}
	seed := rapid.Int64().Draw(t, "order")
	rand.New(rand.NewSource(seed)).Shuffle(len(subs), func(i, j int) { subs[i], subs[j] = subs[j], subs[i] })
	return subs
}

func draw(t *rapid.T, subs []plan.Subscription) plan.Timeline {
	tl, err := plan.NewTimeline(subs...)
	if err != nil {
		t.Fatal(err)
	}
	return tl
}

func TestAtAgreesWithReference(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		subs := cutSubs(t)
		tl := draw(t, subs)
		for _, i := range instants() {
			if got, want := tl.At(i), reference(subs, i); got != want {
				t.Errorf("at %v: %v, want %v", i, got, want)
			}
		}
	})
}

func TestSegmentsAgreeWithReference(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		subs := cutSubs(t)
		tl, p := draw(t, subs), anyPeriod.Filter(calendar.Period.IsValid).Draw(t, "period")
		segments := tl.Segments(p)
		if n := len(segments); n == 0 || !segments[0].Period.Start.Equal(p.Start) || !segments[n-1].Period.End.Equal(p.End) {
			t.Fatalf("%v is divided into %v", p, segments)
		}
		for i, s := range segments {
			if !s.Period.IsValid() {
				t.Errorf("segment %v", s)
			}
			if i == 0 {
				continue
			}
			if before := segments[i-1]; before.Period.End != s.Period.Start || before.Plan == s.Plan {
				t.Errorf("%v follows %v", s, before)
			}
		}
		for _, i := range instants() {
			for _, s := range segments {
				if s.Period.Contains(i) && s.Plan != reference(subs, i) {
					t.Errorf("%v at %v, want %v", s, i, reference(subs, i))
				}
			}
		}
	})
}

// A subscription that is split in two says the same, and so do the segments.
func TestSplittingChangesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		subs := cutSubs(t)
		tl := draw(t, subs)
		var split []plan.Subscription
		for _, s := range subs {
			cut := at(edges.Draw(t, "cut"))
			if s.Period.Contains(cut) && cut.After(s.Period.Start) {
				rest := s
				s.Period.End, rest.Period.Start = cut, cut
				split = append(split, rest)
			}
			split = append(split, s)
		}
		cut, p := draw(t, split), anyPeriod.Draw(t, "period")
		if d := cmp.Diff(tl.Segments(p), cut.Segments(p)); d != "" {
			t.Errorf("segments of %v (-whole +split):\n%s", p, d)
		}
		if !tl.Equal(cut) || !cut.Equal(tl) {
			t.Errorf("%v and %v are not equal", tl, cut)
		}
	})
}

func TestTimelineEqualAgreesWithReference(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := cutSubs(t), cutSubs(t)
		want := true
		for _, i := range instants() {
			want = want && reference(a, i) == reference(b, i)
		}
		if got := draw(t, a).Equal(draw(t, b)); got != want {
			t.Errorf("%v equals %v: %v", a, b, got)
		}
	})
}

func TestTimelineEqual(t *testing.T) {
	east := sub(plan.Business, 1, 5)
	east.Period.Start = east.Period.Start.In(time.FixedZone("", 3600))
	first := plan.Subscription{Plan: plan.Business, Period: calendar.Period{Start: time.Unix(math.MinInt64, 0), End: time.Unix(math.MinInt64, 1)}}
	longAgo := plan.Subscription{Plan: plan.Business, Period: calendar.Period{Start: time.Unix(math.MinInt64, 1), End: at(1)}}
	whole := timeline(t, sub(plan.Business, 1, 5))
	for _, c := range []struct {
		tl   plan.Timeline
		want bool
	}{
		{timeline(t, sub(plan.Business, 1, 3), sub(plan.Business, 3, 5)), true},
		{timeline(t, sub(plan.Basic, 0, 1), sub(plan.Business, 1, 5), sub(plan.Basic, 7, 0)), true},
		{timeline(t, east), true},
		{timeline(t, sub(plan.Business, 1, 0)), false},
		{timeline(t, sub(plan.Business, 2, 5)), false},
		{timeline(t, sub(plan.Business, 1, 4)), false},
		{timeline(t, sub(plan.Developer, 1, 5)), false},
		{timeline(t, sub(plan.Business, 1, 3), sub(plan.Business, 4, 5)), false},
		{timeline(t, longAgo, sub(plan.Business, 1, 5)), false},
		{timeline(t, first, sub(plan.Business, 1, 5)), false},
		{plan.Timeline{}, false},
	} {
		if whole.Equal(c.tl) != c.want || c.tl.Equal(whole) != c.want {
			t.Errorf("equal to %v: want %v", c.tl, c.want)
		}
	}
}

// An account buys subscriptions one by one; each is taken if no hour of it is
// taken yet, and refused otherwise.
func TestBuyingOneByOne(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var tl plan.Timeline
		model := [hours]plan.Plan{}
		for h := range model {
			model[h] = plan.Basic
		}
		taken := [hours]bool{}
		t.Repeat(map[string]func(*rapid.T){
			"buy": func(t *rapid.T) {
				p := anyPlan.Draw(t, "plan")
				start := edges.Draw(t, "start")
				end := min(start+rapid.IntRange(1, 4).Draw(t, "hours"), hours)
				free := !slices.Contains(taken[start:end], true)
				next, err := plan.NewTimeline(append(tl.Subscriptions(), sub(p, start, end))...)
				if free != (err == nil) || !free && !errors.Is(err, plan.ErrInvalid) {
					t.Fatalf("buying %v from %d to %d, free %v: %v", p, start, end, free, err)
				}
				if !free {
					return
				}
				tl = next
				for h := start; h < end; h++ {
					model[h], taken[h] = p, true
				}
			},
			"": func(t *rapid.T) {
				for h, want := range model {
					if got := tl.At(at(h)); got != want {
						t.Errorf("at %d: %v, want %v", h, got, want)
					}
				}
			},
		})
	})
}

func TestTimelineJSON(t *testing.T) {
	lmt := time.Date(1883, 1, 1, 0, 0, 0, 0, zone(t, "America/New_York")) // 4:56:02 behind UTC
	tl := timeline(t,
		sub(plan.Enterprise, 5, 0),
		sub(plan.Business, 1, 5),
		plan.Subscription{Plan: plan.Developer, Period: calendar.Period{Start: lmt, End: lmt.Add(time.Hour)}},
	)
	const want = `{"format":1,"subscriptions":[{"plan":"developer","start":"1883-01-01T04:56:02Z","end":"1883-01-01T05:56:02Z"},` +
		`{"plan":"business","start":"2026-01-01T01:00:00Z","end":"2026-01-01T05:00:00Z"},` +
		`{"plan":"enterprise","start":"2026-01-01T05:00:00Z"}]}`
	b, err := json.Marshal(tl)
	if err != nil || string(b) != want {
		t.Errorf("marshal: %s, %v; want %s", b, err, want)
	}
	rapid.Check(t, func(t *rapid.T) {
		tl := draw(t, cutSubs(t))
		b, err := json.Marshal(tl)
		if err != nil {
			t.Fatal(err)
		}
		var back plan.Timeline
		if err := json.Unmarshal(b, &back); err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(tl.Subscriptions(), back.Subscriptions()); d != "" {
			t.Errorf("%s (-want +got):\n%s", b, d)
		}
	})
}

func TestTimelineMarshalErrors(t *testing.T) {
	tl := timeline(t, plan.Subscription{Plan: plan.Business, Period: calendar.Period{Start: time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)}})
	b, err := tl.MarshalJSON()
	if b != nil || !errors.Is(err, plan.ErrInvalid) || !strings.HasPrefix(err.Error(), "plan: marshal timeline: ") {
		t.Errorf("%s, %v", b, err)
	}
}

func TestTimelineUnmarshalErrors(t *testing.T) {
	const one = `{"plan":"business","start":"2026-01-01T01:00:00Z","end":"2026-01-01T03:00:00Z"}`
	list := func(s string) string { return `{"format":1,"subscriptions":[` + s + `]}` }
	for _, c := range []struct {
		in   string
		is   error
		want string
	}{
		{`null`, plan.ErrInvalid, `invalid JSON: want an object, not null`},
		{`[]`, plan.ErrInvalid, `invalid JSON: want an object, not an array`},
		{`{}`, plan.ErrInvalid, `subscriptions: invalid JSON: field is missing`},
		{`{"format":2,"subscriptions":[]}`, plan.ErrInvalid, `format: 2: this version reads up to 1: written by a newer version`},
		{`{"subscriptions":[],"plan":"basic"}`, plan.ErrInvalid, `plan: invalid JSON: unknown field`},
		{list(`null`), plan.ErrInvalid, `subscriptions[0]: invalid JSON: want an object, not null`},
		{list(one + `,{}`), plan.ErrInvalid, `subscriptions[1].plan: invalid JSON: field is missing`},
		{list(`{"plan":2}`), plan.ErrInvalid, `subscriptions[0].plan: invalid JSON: want a string, not the number "2"`},
		{list(`{"plan":"gold"}`), plan.ErrUnknown, `subscriptions[0].plan: plan "gold": want basic, developer, business or enterprise: unknown plan`},
		{list(`{"plan":"Basic"}`), plan.ErrUnknown, `subscriptions[0].plan: plan "Basic": want basic, developer, business or enterprise: unknown plan`},
		{list(`{"plan":"basic"}`), plan.ErrInvalid, `subscriptions[0].start: invalid JSON: field is missing`},
		{
			list(one + `,{"plan":"basic","start":"2026-01-01T01:00:00Z","end":"2026-01-01T01:00:00Z"}`), plan.ErrInvalid,
			`subscriptions[1].end: 2026-01-01T01:00:00Z: want an instant after the start 2026-01-01T01:00:00Z, or none: invalid timeline`,
		},
		{
			list(`{"plan":"basic","start":"2026-01-01T01:00:00Z","end":"0001-01-01T00:00:00Z"}`), plan.ErrInvalid,
			`subscriptions[0].end: "0001-01-01T00:00:00Z": invalid timeline`,
		},
		{
			list(`{"plan":"basic","start":"2026-01-01T01:00:00Z","price":1}`), plan.ErrInvalid,
			`subscriptions[0].price: invalid JSON: unknown field`,
		},
		{
			list(one + `,` + one), plan.ErrInvalid,
			`subscriptions[1]: business [2026-01-01T01:00:00Z, 2026-01-01T03:00:00Z) overlaps ` +
				`business [2026-01-01T01:00:00Z, 2026-01-01T03:00:00Z): invalid timeline`,
		},
	} {
		was := timeline(t, sub(plan.Business, 1, 2))
		tl := was
		err := tl.UnmarshalJSON([]byte(c.in))
		if !errors.Is(err, c.is) || err.Error() != "plan: decode timeline: "+c.want {
			t.Errorf("unmarshal %s: %v; want %s", c.in, err, c.want)
		}
		if !tl.Equal(was) {
			t.Errorf("unmarshal %s left %v", c.in, tl)
		}
	}
}

// The largest timeline can be stored and read back.
func TestTimelineLimit(t *testing.T) {
	loc := time.FixedZone("", -(11*3600 + 59*60))
	subs := make([]plan.Subscription, 10_000)
	for i := range subs {
		start := time.Date(2026, 1, 1, i, 0, 0, 123456789, loc)
		subs[i] = plan.Subscription{Plan: plan.Enterprise, Period: calendar.Period{Start: start, End: start.Add(time.Minute)}}
	}
	tl := timeline(t, subs...)
	b, err := json.Marshal(tl)
	var back plan.Timeline
	if err := errors.Join(err, json.Unmarshal(b, &back)); err != nil || !back.Equal(tl) {
		t.Errorf("%d bytes: %v", len(b), err)
	}
	more := bytes.Replace(b, []byte(`[{`), []byte(`[{"plan":"basic","start":"2025-01-01T00:00:00Z","end":"2025-01-02T00:00:00Z"},{`), 1)
	if err := json.Unmarshal(more, &back); !errors.Is(err, plan.ErrInvalid) || !strings.Contains(err.Error(), "10001 items are over the limit of 10000") {
		t.Errorf("%v", err)
	}
	if _, err := tl.With(plan.Basic, calendar.Period{Start: subs[5].Period.Start.Add(time.Second), End: subs[5].Period.Start.Add(2 * time.Second)}); !errors.Is(err, plan.ErrInvalid) {
		t.Errorf("%v", err)
	}
}

// The everyday changes, each as one call.
func TestChangesOfATimeline(t *testing.T) {
	developer := timeline(t, sub(plan.Developer, 2, 10))
	later := timeline(t, sub(plan.Developer, 2, 6), sub(plan.Developer, 6, 10), sub(plan.Business, 12, 14))
	endless := timeline(t, sub(plan.Business, 2, 0))
	hours := func(start, end int) calendar.Period { return sub(plan.Basic, start, end).Period }
	for _, c := range []changed{
		check(developer.From(at(5), plan.Enterprise)).named("from now on", timeline(t, sub(plan.Developer, 2, 5), sub(plan.Enterprise, 5, 0))),
		check(later.From(at(5), plan.Enterprise)).named("whatever came later goes", timeline(t, sub(plan.Developer, 2, 5), sub(plan.Enterprise, 5, 0))),
		check(plan.Timeline{}.From(at(5), plan.Enterprise)).named("from nothing", timeline(t, sub(plan.Enterprise, 5, 0))),
		check(developer.From(at(5), plan.Basic)).named("from now on Basic", timeline(t, sub(plan.Developer, 2, 5))),
		check(developer.Switch(at(5), plan.Business)).named("upgrade now", timeline(t, sub(plan.Developer, 2, 5), sub(plan.Business, 5, 10))),
		check(later.Switch(at(5), plan.Business)).named("upgrade through a renewal", timeline(t, sub(plan.Developer, 2, 5), sub(plan.Business, 5, 10), sub(plan.Business, 12, 14))),
		check(endless.Switch(at(5), plan.Developer)).named("downgrade now", timeline(t, sub(plan.Business, 2, 5), sub(plan.Developer, 5, 0))),
		check(developer.Switch(at(2), plan.Business)).named("at the start", timeline(t, sub(plan.Business, 2, 10))),
		check(later.EndAt(at(7))).named("end at", timeline(t, sub(plan.Developer, 2, 7))),
		check(endless.EndAt(at(2))).named("end at the start", plan.Timeline{}),
		check(developer.EndAt(at(10))).named("end at the end", developer),
		check(developer.Renew(at(14))).named("renew", timeline(t, sub(plan.Developer, 2, 14))),
		check(later.Renew(at(15))).named("renew the last", timeline(t, sub(plan.Developer, 2, 10), sub(plan.Business, 12, 15))),
		check(developer.With(plan.Business, hours(4, 6))).named("trial until", timeline(t, sub(plan.Developer, 2, 4), sub(plan.Business, 4, 6), sub(plan.Developer, 6, 10))),
		check(endless.With(plan.Enterprise, hours(4, 6))).named("trial without end around it", timeline(t, sub(plan.Business, 2, 4), sub(plan.Enterprise, 4, 6), sub(plan.Business, 6, 0))),
		check(later.With(plan.Basic, hours(5, 13))).named("a pause", timeline(t, sub(plan.Developer, 2, 5), sub(plan.Business, 13, 14))),
	} {
		if c.err != nil || !c.tl.Equal(c.want) {
			t.Errorf("%s: %v, %v; want %v", c.name, c.tl, c.err, c.want)
		}
	}
}

type changed struct {
	name string
	tl   plan.Timeline
	err  error
	want plan.Timeline
}

func check(tl plan.Timeline, err error) changed { return changed{tl: tl, err: err} }

func (c changed) named(name string, want plan.Timeline) changed {
	c.name, c.want = name, want
	return c
}

func TestChangeErrors(t *testing.T) {
	tl := timeline(t, sub(plan.Developer, 2, 10))
	endless := timeline(t, sub(plan.Business, 2, 0))
	for _, c := range []struct {
		got  changed
		is   error
		want string
	}{
		{check(tl.From(time.Time{}, plan.Business)), plan.ErrInvalid, "plan: timeline from: start: the zero time is no instant: invalid timeline"},
		{check(tl.From(at(3), 0)), plan.ErrUnknown, "plan: timeline from: plan: Plan(0): want basic, developer, business or enterprise: unknown plan"},
		{check(tl.EndAt(time.Time{})), plan.ErrInvalid, "plan: timeline end: start: the zero time is no instant: invalid timeline"},
		{check(tl.Switch(time.Time{}, plan.Business)), plan.ErrInvalid, "plan: timeline switch: at: 0001-01-01T00:00:00Z: want an instant at which the account has a paid plan: invalid timeline"},
		{check(tl.Switch(at(10), plan.Business)), plan.ErrInvalid, "plan: timeline switch: at: 2026-01-01T10:00:00Z: want an instant at which the account has a paid plan: invalid timeline"},
		{check(tl.Switch(at(3), 9)), plan.ErrUnknown, "plan: timeline switch: plan: Plan(9): want basic, developer, business or enterprise: unknown plan"},
		{check(tl.Renew(at(10))), plan.ErrInvalid, "plan: timeline renew: until: 2026-01-01T10:00:00Z: want an instant after the end 2026-01-01T10:00:00Z: invalid timeline"},
		{check(endless.Renew(at(10))), plan.ErrInvalid, "plan: timeline renew: business has no end: invalid timeline"},
		{check(plan.Timeline{}.Renew(at(10))), plan.ErrInvalid, "plan: timeline renew: there is no subscription; use With or From: invalid timeline"},
		{check(tl.With(plan.Business, calendar.Period{Start: at(3), End: at(3)})), plan.ErrInvalid, "plan: timeline with: end: 2026-01-01T03:00:00Z: want an instant after the start 2026-01-01T03:00:00Z, or none: invalid timeline"},
	} {
		if !errors.Is(c.got.err, c.is) || c.got.err.Error() != c.want || !c.got.tl.Equal(plan.Timeline{}) {
			t.Errorf("%v, %v\nwant %s", c.got.tl, c.got.err, c.want)
		}
	}
}

// A changed timeline says the new plan in the period and the old ones around it.
func TestWithReference(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tl := draw(t, cutSubs(t))
		p, period := anyPlan.Draw(t, "plan"), anyPeriod.Filter(calendar.Period.IsValid).Draw(t, "period")
		got, err := tl.With(p, period)
		if err != nil {
			t.Fatal(err)
		}
		for _, i := range instants() {
			want := tl.At(i)
			if period.Contains(i) {
				want = p
			}
			if got.At(i) != want {
				t.Errorf("at %v: %v, want %v", i, got.At(i), want)
			}
		}
	})
}

// Stored and read back, a timeline answers as before, by value and by pointer.
func TestTimelineStoredAnswersTheSame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tl := draw(t, cutSubs(t))
		b, err := json.Marshal(tl)
		b2, err2 := json.Marshal(&tl)
		var back plan.Timeline
		if err := errors.Join(err, err2, json.Unmarshal(b, &back)); err != nil || !bytes.Equal(b, b2) {
			t.Fatalf("%s and %s: %v", b, b2, err)
		}
		for _, i := range instants() {
			if back.At(i) != tl.At(i) {
				t.Errorf("at %v: %v, want %v", i, back.At(i), tl.At(i))
			}
		}
	})
}

func FuzzTimelineJSON(f *testing.F) {
	const one = `{"plan":"business","start":"2026-01-01T01:00:00Z","end":"2026-01-01T03:00:00Z"}`
	for _, s := range []string{
		`{"format":1,"subscriptions":[]}`, `{"subscriptions":[` + one + `]}`, `{"subscriptions":[` + one + `,` + one + `]}`, `null`, `[null]`, `{}`,
		`{"subscriptions":[{"plan":"basic","start":"1883-01-01T00:00:00+04:56"}]}`,
		`{"subscriptions":[{"plan":"enterprise","start":"2026-01-01T03:00:00Z"},` + one + `]}`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var tl plan.Timeline
		if err := tl.UnmarshalJSON(data); err != nil {
			for _, is := range []error{plan.ErrInvalid, plan.ErrUnknown} {
				if errors.Is(err, is) {
					return
				}
			}
			t.Fatalf("unmarshal %s: %v", data, err)
		}
		roundTrip(t, data, tl, plan.Timeline.Equal)
	})
}
