package plan_test

import (
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
	const overlap = "plan: timeline: business [2026-01-01T01:00:00Z, 2026-01-01T03:00:00Z) and " +
		"developer [2026-01-01T02:00:00Z, 2026-01-01T04:00:00Z): subscriptions overlap"
	business, developer := sub(plan.Business, 1, 3), sub(plan.Developer, 2, 4)
	for _, c := range []struct {
		subs []plan.Subscription
		is   error
		want string
	}{
		{[]plan.Subscription{business, developer}, plan.ErrOverlap, overlap},
		{[]plan.Subscription{developer, business}, plan.ErrOverlap, overlap},
		{[]plan.Subscription{business, sub(plan.Basic, 5, 6), developer}, plan.ErrOverlap, overlap},
		{
			[]plan.Subscription{business, sub(plan.Business, 1, 3)}, plan.ErrOverlap,
			"plan: timeline: business [2026-01-01T01:00:00Z, 2026-01-01T03:00:00Z) and " +
				"business [2026-01-01T01:00:00Z, 2026-01-01T03:00:00Z): subscriptions overlap",
		},
		{
			[]plan.Subscription{sub(plan.Business, 1, 0), sub(plan.Business, 9, 0)}, plan.ErrOverlap,
			"plan: timeline: business [2026-01-01T01:00:00Z, …) and business [2026-01-01T09:00:00Z, …): subscriptions overlap",
		},
		{[]plan.Subscription{business, {Period: developer.Period}}, plan.ErrUnknown, "plan: timeline: plan Plan(0): want basic, developer, business or enterprise: unknown plan"},
		{[]plan.Subscription{{Plan: 5, Period: business.Period}}, plan.ErrUnknown, "plan: timeline: plan Plan(5): want basic, developer, business or enterprise: unknown plan"},
		{[]plan.Subscription{{Plan: plan.Business}}, calendar.ErrPeriod, "calendar: period [0001-01-01T00:00:00Z, …): not a period"},
		{
			[]plan.Subscription{business, sub(plan.Basic, 4, 4)}, calendar.ErrPeriod,
			"calendar: period [2026-01-01T04:00:00Z, 2026-01-01T04:00:00Z): not a period",
		},
	} {
		tl, err := plan.NewTimeline(c.subs...)
		if !errors.Is(err, c.is) || err.Error() != c.want {
			t.Errorf("NewTimeline(%v): %v; want %s", c.subs, err, c.want)
		}
		if got := tl.Subscriptions(); got != nil {
			t.Errorf("NewTimeline(%v) with an error: %v", c.subs, got)
		}
	}
}

func TestZeroTimeline(t *testing.T) {
	var zero plan.Timeline
	if got := zero.At(at(1)); got != plan.Basic {
		t.Errorf("At: %v", got)
	}
	if got := zero.At(time.Time{}); got != plan.Basic {
		t.Errorf("At the zero time: %v", got)
	}
	if got := zero.Subscriptions(); len(got) != 0 {
		t.Errorf("Subscriptions: %v", got)
	}
	p := calendar.Period{Start: at(1)}
	if d := cmp.Diff([]plan.Stretch{{Plan: plan.Basic, Period: p}}, zero.Stretches(p)); d != "" {
		t.Errorf("Stretches (-want +got):\n%s", d)
	}
	if got := zero.Changes(p); got != nil {
		t.Errorf("Changes: %v", got)
	}
	if b, err := json.Marshal(zero); err != nil || string(b) != "[]" {
		t.Errorf("JSON: %s, %v", b, err)
	}
	if !zero.Equal(timeline(t)) || !zero.Equal(timeline(t, sub(plan.Basic, 1, 5))) || zero.Equal(timeline(t, sub(plan.Business, 1, 5))) {
		t.Error("Equal")
	}
}

func TestStretchesOfAnInvalidPeriod(t *testing.T) {
	tl := timeline(t, sub(plan.Business, 1, 0))
	for _, p := range []calendar.Period{{}, {End: at(2)}, {Start: at(2), End: at(2)}, {Start: at(2), End: at(1)}} {
		if s, c := tl.Stretches(p), tl.Changes(p); s != nil || c != nil {
			t.Errorf("%v: stretches %v, changes %v", p, s, c)
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
			done <- fmt.Sprint(tl.At(at(4)), tl.Stretches(p), tl.Changes(p), tl.Subscriptions(), tl.Equal(tl), string(b), err)
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

func TestStretchesAgreeWithReference(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		subs := cutSubs(t)
		tl, p := draw(t, subs), anyPeriod.Filter(calendar.Period.IsValid).Draw(t, "period")
		stretches := tl.Stretches(p)
		if n := len(stretches); n == 0 || !stretches[0].Period.Start.Equal(p.Start) || !stretches[n-1].Period.End.Equal(p.End) {
			t.Fatalf("%v is divided into %v", p, stretches)
		}
		var changes []plan.Change
		for i, s := range stretches {
			if !s.Period.IsValid() {
				t.Errorf("stretch %v", s)
			}
			if i == 0 {
				continue
			}
			if before := stretches[i-1]; before.Period.End != s.Period.Start || before.Plan == s.Plan {
				t.Errorf("%v follows %v", s, before)
			}
			changes = append(changes, plan.Change{At: s.Period.Start, Plan: s.Plan})
		}
		if d := cmp.Diff(changes, tl.Changes(p)); d != "" {
			t.Errorf("changes (-want +got):\n%s", d)
		}
		for _, i := range instants() {
			for _, s := range stretches {
				if s.Period.Contains(i) && s.Plan != reference(subs, i) {
					t.Errorf("%v at %v, want %v", s, i, reference(subs, i))
				}
			}
		}
	})
}

// A subscription that is split in two says the same, and so do the stretches.
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
		if d := cmp.Diff(tl.Stretches(p), cut.Stretches(p)); d != "" {
			t.Errorf("stretches of %v (-whole +split):\n%s", p, d)
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
				if free != (err == nil) || !free && !errors.Is(err, plan.ErrOverlap) {
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
	const want = `[{"plan":"developer","start":"1883-01-01T04:56:02Z","end":"1883-01-01T05:56:02Z"},` +
		`{"plan":"business","start":"2026-01-01T01:00:00Z","end":"2026-01-01T05:00:00Z"},` +
		`{"plan":"enterprise","start":"2026-01-01T05:00:00Z"}]`
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
	if b != nil || !errors.Is(err, calendar.ErrPeriod) || !strings.HasPrefix(err.Error(), "plan: marshal timeline: not a period: ") {
		t.Errorf("%s, %v", b, err)
	}
}

func TestTimelineUnmarshalErrors(t *testing.T) {
	const one = `{"plan":"business","start":"2026-01-01T01:00:00Z","end":"2026-01-01T03:00:00Z"}`
	for _, c := range []struct {
		in   string
		is   error
		want string
	}{
		{`null`, plan.ErrJSON, `plan: decode timeline: invalid JSON: want an array, not null`},
		{`{}`, plan.ErrJSON, `plan: decode timeline: invalid JSON: want an array, not an object`},
		{`[null]`, plan.ErrJSON, `plan: decode timeline: [0]: invalid JSON: want an object, not null`},
		{`[` + one + `,{}]`, plan.ErrJSON, `plan: decode timeline: [1].plan: invalid JSON: field is missing`},
		{`[{"plan":2}]`, plan.ErrJSON, `plan: decode timeline: [0].plan: invalid JSON: want a string, not the number "2"`},
		{`[{"plan":"gold"}]`, plan.ErrUnknown, `plan: decode timeline: [0].plan: plan "gold": want basic, developer, business or enterprise: unknown plan`},
		{`[{"plan":"basic"}]`, plan.ErrJSON, `plan: decode timeline: [0].start: invalid JSON: field is missing`},
		{
			`[` + one + `,{"plan":"basic","start":"2026-01-01T01:00:00Z","end":"2026-01-01T01:00:00Z"}]`, calendar.ErrPeriod,
			`plan: decode timeline: [1]: [2026-01-01T01:00:00Z, 2026-01-01T01:00:00Z): not a period`,
		},
		{
			`[{"plan":"basic","start":"2026-01-01T01:00:00Z","end":"0001-01-01T00:00:00Z"}]`, calendar.ErrPeriod,
			`plan: decode timeline: [0].end: "0001-01-01T00:00:00Z": not a period`,
		},
		{
			`[{"plan":"basic","start":"2026-01-01T01:00:00Z","price":1}]`, plan.ErrJSON,
			`plan: decode timeline: [0].price: invalid JSON: unknown field`,
		},
		{
			`[` + one + `,` + one + `]`, plan.ErrOverlap,
			`plan: decode timeline: plan: timeline: business [2026-01-01T01:00:00Z, 2026-01-01T03:00:00Z) and ` +
				`business [2026-01-01T01:00:00Z, 2026-01-01T03:00:00Z): subscriptions overlap`,
		},
	} {
		was := timeline(t, sub(plan.Business, 1, 2))
		tl := was
		err := tl.UnmarshalJSON([]byte(c.in))
		if !errors.Is(err, c.is) || err.Error() != c.want {
			t.Errorf("unmarshal %s: %v; want %s", c.in, err, c.want)
		}
		if !tl.Equal(was) {
			t.Errorf("unmarshal %s left %v", c.in, tl)
		}
	}
}

func TestTimelineJSONLimit(t *testing.T) {
	for _, c := range []struct{ n int }{{100_000}, {100_001}} {
		var tl plan.Timeline
		err := tl.UnmarshalJSON([]byte("[" + strings.TrimSuffix(strings.Repeat("0,", c.n), ",") + "]"))
		want := `plan: decode timeline: [0]: invalid JSON: want an object, not the number "0"`
		if c.n > 100_000 {
			want = "plan: decode timeline: invalid JSON: 100001 items are over the limit of 100000"
		}
		if !errors.Is(err, plan.ErrJSON) || err.Error() != want {
			t.Errorf("%d items: %v; want %s", c.n, err, want)
		}
	}
}

func FuzzTimelineJSON(f *testing.F) {
	const one = `{"plan":"business","start":"2026-01-01T01:00:00Z","end":"2026-01-01T03:00:00Z"}`
	for _, s := range []string{
		`[]`, `[` + one + `]`, `[` + one + `,` + one + `]`, `null`, `[null]`, `{}`,
		`[{"plan":"Basic","start":"1883-01-01T00:00:00+04:56"}]`,
		`[{"plan":"enterprise","start":"2026-01-01T03:00:00Z"},` + one + `]`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var tl plan.Timeline
		if err := tl.UnmarshalJSON(data); err != nil {
			for _, is := range []error{plan.ErrJSON, plan.ErrUnknown, calendar.ErrPeriod, plan.ErrOverlap} {
				if errors.Is(err, is) {
					return
				}
			}
			t.Fatalf("unmarshal %s: %v", data, err)
		}
		roundTrip(t, data, tl, plan.Timeline.Equal)
	})
}
