package entitlement_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/supportplan/supportplan/entitlement"
	"github.com/supportplan/supportplan/plan"
	"github.com/supportplan/supportplan/sla/calendar"
)

// date is the nth day of 2026.
func date(n int) calendar.Date {
	return calendar.Date{Year: 2026, Month: time.January, Day: 1}.AddDays(n - 1)
}

// on is an event of the given days, asked for long before.
func on(name string, first, days int) entitlement.Event {
	return entitlement.Event{Name: name, Requested: date(-100), First: date(first), Days: days}
}

func cancelled(e entitlement.Event, day int) entitlement.Event {
	e.Cancelled = date(day)
	return e
}

// managed and unmanaged are the decisions on event management of Enterprise
// and Business.
var (
	managed   = entitlement.Published().Check(plan.Enterprise, entitlement.EventManagement)
	unmanaged = entitlement.Published().Check(plan.Business, entitlement.EventManagement)
)

// year2026 is a service year of events granted in the given order.
func year2026(granted ...entitlement.Event) entitlement.EventYear {
	return entitlement.EventYear{Start: date(1), End: date(366), Granted: granted}
}

// weekdays is a calendar of Mondays to Fridays without the given holidays.
func weekdays(t testing.TB, holidays ...calendar.Date) calendar.Calendar {
	t.Helper()
	shift, err := calendar.ParseShift("09:00-17:00")
	if err != nil {
		t.Fatal(err)
	}
	c, err := calendar.New(calendar.Spec{Location: time.UTC, Week: calendar.Weekdays(shift), Holidays: holidays})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// Infrastructure Event Management, 2023-09-15.
func TestPublishedEventTerms(t *testing.T) {
	if got, want := entitlement.PublishedEventTerms(), (entitlement.EventTerms{Sessions: 3, Days: 3, Notice: 10}); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
}

// Which year the three sessions are of is the caller's to say: a half-open one,
// in which the event's first day lies.
func TestD10(t *testing.T) {
	year := entitlement.EventYear{
		Start: calendar.Date{Year: 2025, Month: time.July, Day: 1},
		End:   calendar.Date{Year: 2026, Month: time.July, Day: 1},
		Granted: []entitlement.Event{
			{Name: "the day before", Requested: date(-300), First: calendar.Date{Year: 2025, Month: time.June, Day: 30}, Days: 3},
			{Name: "the first day", Requested: date(-300), First: calendar.Date{Year: 2025, Month: time.July, Day: 1}, Days: 1},
			{Name: "the last day", Requested: date(-300), First: calendar.Date{Year: 2026, Month: time.June, Day: 30}, Days: 3},
			{Name: "the day after", Requested: date(-300), First: calendar.Date{Year: 2026, Month: time.July, Day: 1}, Days: 1},
		},
	}
	uses, err := year.Uses(managed)
	if err != nil {
		t.Fatal(err)
	}
	want := []entitlement.EventUse{
		{Event: year.Granted[0]},
		{Event: year.Granted[1], Session: 1, Complimentary: 1},
		{Event: year.Granted[2], Session: 2, Complimentary: 3},
		{Event: year.Granted[3]},
	}
	if diff := cmp.Diff(want, uses); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if left, err := year.SessionsLeft(managed); left != 1 || err != nil {
		t.Errorf("%d sessions left, %v", left, err)
	}
}

// Late notice is a warning and never a refusal, on the caller's calendar;
// nothing is carried over or pro-rated.
func TestD18(t *testing.T) {
	monday := calendar.Date{Year: 2026, Month: time.January, Day: 5}
	for _, c := range []struct {
		name     string
		cal      calendar.Calendar
		first    int // of January
		earliest int
		met      bool
	}{
		{"every day, too late", calendar.Always(), 14, 15, false},
		{"every day, just in time", calendar.Always(), 15, 15, true},
		{"weekdays, too late", weekdays(t), 18, 19, false},
		{"weekdays, just in time", weekdays(t), 19, 19, true},
		{"weekdays, early", weekdays(t), 31, 19, true},
		{"holidays, too late", weekdays(t, date(12), date(14)), 20, 21, false},
		{"holidays, just in time", weekdays(t, date(12), date(14)), 21, 21, true},
		{"a holiday on a Sunday", weekdays(t, date(11)), 19, 19, true},
		{"the event has begun", weekdays(t), 2, 19, false},
	} {
		y := year2026()
		y.Calendar = c.cal
		request := entitlement.Event{Name: c.name, Requested: monday, First: date(c.first), Days: 2}
		got, err := y.Review(managed, request)
		want := entitlement.EventAnswer{
			EventUse:     entitlement.EventUse{Event: request, Session: 1, Complimentary: 2},
			Entitlement:  managed,
			SessionsLeft: 3,
			NoticeMet:    c.met,
			Earliest:     date(c.earliest),
		}
		if err != nil {
			t.Error(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}

	// A service year of a month has three sessions as well.
	month := year2026()
	month.End = date(32)
	if left, err := month.SessionsLeft(managed); left != 3 || err != nil {
		t.Errorf("%d sessions left, %v", left, err)
	}
}

func TestReview(t *testing.T) {
	type use = entitlement.EventUse
	three := []entitlement.Event{on("a", 40, 3), on("b", 50, 1), on("c", 60, 2)}
	back := []entitlement.Event{cancelled(on("a", 40, 3), 39), on("b", 50, 1), on("c", 60, 2), on("d", 70, 2)}
	for _, c := range []struct {
		name    string
		d       entitlement.Decision
		granted []entitlement.Event
		request entitlement.Event
		want    entitlement.EventAnswer
	}{
		{"first of the year", managed, nil, on("r", 100, 3),
			entitlement.EventAnswer{EventUse: use{Session: 1, Complimentary: 3}, SessionsLeft: 3}},
		{"longer than a session", managed, three[:1], on("r", 100, 5),
			entitlement.EventAnswer{EventUse: use{Session: 2, Complimentary: 3, ToBuy: 2}, SessionsLeft: 2}},
		{"the last session", managed, three[:2], on("r", 100, 4),
			entitlement.EventAnswer{EventUse: use{Session: 3, Complimentary: 3, ToBuy: 1}, SessionsLeft: 1}},
		{"no session left", managed, three, on("r", 100, 4),
			entitlement.EventAnswer{EventUse: use{ToBuy: 4}}},
		{"earlier in the year, but later granted", managed, three, on("r", 1, 1),
			entitlement.EventAnswer{EventUse: use{ToBuy: 1}}},
		{"overlapping the first day", managed, three, on("r", 42, 1),
			entitlement.EventAnswer{EventUse: use{ToBuy: 1}, Overlaps: []int{0}}},
		{"the day after one", managed, three, on("r", 43, 7),
			entitlement.EventAnswer{EventUse: use{ToBuy: 7}}},
		{"over two", managed, three, on("r", 50, 11),
			entitlement.EventAnswer{EventUse: use{ToBuy: 11}, Overlaps: []int{1, 2}}},
		{"the last of the year", managed, nil, on("r", 365, 3),
			entitlement.EventAnswer{EventUse: use{Session: 1, Complimentary: 3}, SessionsLeft: 3, BeyondYear: 2}},
		{"ending with the year", managed, nil, on("r", 363, 3),
			entitlement.EventAnswer{EventUse: use{Session: 1, Complimentary: 3}, SessionsLeft: 3}},
		{"over one that was given back", managed, back[:3], on("r", 41, 1),
			entitlement.EventAnswer{EventUse: use{Session: 3, Complimentary: 1}, SessionsLeft: 1}},
		{"those granted after one given back move up", managed, back, on("r", 41, 1),
			entitlement.EventAnswer{EventUse: use{ToBuy: 1}}},
		{"one cancelled on its first day has taken its session", managed, []entitlement.Event{cancelled(on("a", 40, 3), 40)}, on("r", 42, 1),
			entitlement.EventAnswer{EventUse: use{Session: 2, Complimentary: 1}, SessionsLeft: 2, Overlaps: []int{0}}},
		{"a plan without event management", unmanaged, three[:1], on("r", 40, 5),
			entitlement.EventAnswer{Overlaps: []int{0}}},
	} {
		c.want.Event, c.want.Entitlement = c.request, c.d
		c.want.NoticeMet, c.want.Earliest = true, date(-90)
		got, err := year2026(c.granted...).Review(c.d, c.request)
		if err != nil {
			t.Error(err)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}

// A caller's own terms, in which nothing is the published number.
func TestReviewOtherTerms(t *testing.T) {
	y := year2026(on("a", 40, 1))
	y.Terms = entitlement.EventTerms{Sessions: 2, Days: 5, Notice: 1}
	request := entitlement.Event{Name: "r", Requested: date(99), First: date(100), Days: 6}
	want := entitlement.EventAnswer{
		EventUse:     entitlement.EventUse{Event: request, Session: 2, Complimentary: 5, ToBuy: 1},
		Entitlement:  managed,
		SessionsLeft: 1,
		NoticeMet:    true,
		Earliest:     date(100),
	}
	got, err := y.Review(managed, request)
	if err != nil {
		t.Error(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for _, terms := range []entitlement.EventTerms{{Sessions: 366, Days: 366, Notice: 366}, {Days: 1}} {
		y.Terms = terms
		if left, err := y.SessionsLeft(managed); left != max(terms.Sessions-1, 0) || err != nil {
			t.Errorf("%+v: %d left, %v", terms, left, err)
		}
	}
}

// A contract gives a plan event management.
func TestReviewUnderContract(t *testing.T) {
	c := mustContract(t, override("IEM 2026", entitlement.AddOn, entitlement.EventManagement, days(1, 366)))
	got, err := year2026().Review(c.CheckAt(plan.Business, entitlement.EventManagement, day(5)), on("r", 100, 3))
	if err != nil || got.Session != 1 || got.Entitlement.Override.Name != "IEM 2026" {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestEventErrors(t *testing.T) {
	ok := on("ok", 40, 3)
	bad := func(change func(*entitlement.Event)) entitlement.Event {
		e := on("bad", 40, 3)
		change(&e)
		return e
	}
	type event = entitlement.Event
	for _, c := range []struct {
		e    event
		text string
	}{
		{bad(func(e *event) { e.Requested = calendar.Date{} }), `entitlement: event "bad": the date of the request is not valid: impossible event`},
		{bad(func(e *event) { e.First.Month = 13 }), `entitlement: event "bad": the first day is not valid: impossible event`},
		{bad(func(e *event) { e.Days = 0 }), `entitlement: event "bad": 0 days, not 1 to 366: impossible event`},
		{bad(func(e *event) { e.Days = -1 }), `entitlement: event "bad": -1 days, not 1 to 366: impossible event`},
		{bad(func(e *event) { e.Days = 367 }), `entitlement: event "bad": 367 days, not 1 to 366: impossible event`},
		{bad(func(e *event) { e.First = calendar.Date{Year: 9999, Month: 12, Day: 30} }), `entitlement: event "bad": the last day is after the year 9999: impossible event`},
		{bad(func(e *event) { e.Cancelled = calendar.Date{Year: 2026, Month: 2, Day: 30} }), `entitlement: event "bad": the date of the cancellation is not valid: impossible event`},
		{event{Name: "\xff", Requested: date(1), First: date(1), Days: 1}, `entitlement: event "\xff": its name is not at most 200 bytes of UTF-8: impossible event`},
		{cancelled(bad(func(e *event) {}), -101), `entitlement: event "bad": cancelled before it was requested: impossible event`},
	} {
		if _, err := year2026(ok, c.e).Uses(managed); !errors.Is(err, entitlement.ErrEvent) || err.Error() != c.text {
			t.Errorf("Uses: %v\nwant %s", err, c.text)
		}
		if left, err := year2026(ok, c.e).SessionsLeft(managed); err == nil || err.Error() != c.text || left != 0 {
			t.Errorf("SessionsLeft: %v\nwant %s", err, c.text)
		}
		for _, y := range []entitlement.EventYear{year2026(ok, c.e), year2026(ok)} {
			request := c.e
			if len(y.Granted) == 2 {
				request = ok
			}
			got, err := y.Review(managed, request)
			if err == nil || err.Error() != c.text {
				t.Errorf("Review: %v\nwant %s", err, c.text)
			}
			if diff := cmp.Diff(entitlement.EventAnswer{}, got); diff != "" {
				t.Error(diff)
			}
		}
	}
	for _, e := range []event{
		{Name: "long", Requested: date(1), First: date(1), Days: 366},
		{Requested: date(1), First: calendar.Date{Year: 9999, Month: 12, Day: 29}, Days: 3},
		cancelled(ok, -100),
		{Name: strings.Repeat("x", 200), Requested: date(1), First: date(1), Days: 1},
	} {
		if _, err := year2026(e).Uses(managed); err != nil {
			t.Error(err)
		}
	}
}

func TestEventYearErrors(t *testing.T) {
	with := func(change func(*entitlement.EventYear)) entitlement.EventYear {
		y := year2026()
		change(&y)
		return y
	}
	type year = entitlement.EventYear
	request := on("r", 100, 1)
	for _, c := range []struct {
		y    year
		d    entitlement.Decision
		r    entitlement.Event
		want error
		text string
	}{
		{year{}, managed, request, entitlement.ErrEvent, "entitlement: service year [Date(0, 0, 0), Date(0, 0, 0)): impossible event"},
		{with(func(y *year) { y.Start = calendar.Date{} }), managed, request, entitlement.ErrEvent, "entitlement: service year [Date(0, 0, 0), 2027-01-01): impossible event"},
		{with(func(y *year) { y.End = calendar.Date{Year: 2027} }), managed, request, entitlement.ErrEvent, "entitlement: service year [2026-01-01, Date(2027, 0, 0)): impossible event"},
		{with(func(y *year) { y.End = y.Start }), managed, request, entitlement.ErrEvent, "entitlement: service year [2026-01-01, 2026-01-01): impossible event"},
		{with(func(y *year) { y.Terms.Sessions = -1 }), managed, request, entitlement.ErrEvent, "entitlement: event terms: -1, not 0 to 366: impossible event"},
		{with(func(y *year) { y.Terms.Days = 367 }), managed, request, entitlement.ErrEvent, "entitlement: event terms: 367, not 0 to 366: impossible event"},
		{with(func(y *year) { y.Terms.Notice = 367 }), managed, request, entitlement.ErrEvent, "entitlement: event terms: 367, not 0 to 366: impossible event"},
		{year2026(), entitlement.Published().Check(plan.Enterprise, entitlement.Training), request, entitlement.ErrFeature,
			"entitlement: event management: training, not event-management: decision is on another feature"},
		{year2026(), managed, cancelled(request, 5), entitlement.ErrEvent, `entitlement: event "r": requested, but cancelled: impossible event`},
		{year2026(), managed, on("r", 366, 1), entitlement.ErrEvent, `entitlement: event "r": 2027-01-01 is not in the service year [2026-01-01, 2027-01-01): impossible event`},
		{year2026(), managed, on("r", 0, 1), entitlement.ErrEvent, `entitlement: event "r": 2025-12-31 is not in the service year [2026-01-01, 2027-01-01): impossible event`},
	} {
		got, err := c.y.Review(c.d, c.r)
		if !errors.Is(err, c.want) || err.Error() != c.text {
			t.Errorf("%v\nwant %s", err, c.text)
		}
		if diff := cmp.Diff(entitlement.EventAnswer{}, got); diff != "" {
			t.Error(diff)
		}
	}
}

// Where there is no tenth business day, the calendar says so.
func TestReviewBeyondTheCalendar(t *testing.T) {
	late := calendar.Date{Year: 9999, Month: 12, Day: 25}
	y := entitlement.EventYear{Start: late, End: late.AddDays(2)}
	got, err := y.Review(managed, entitlement.Event{Name: "r", Requested: late, First: late, Days: 1})
	if err == nil || !strings.HasPrefix(err.Error(), `entitlement: event "r": calendar: add `) {
		t.Errorf("%v", err)
	}
	if diff := cmp.Diff(entitlement.EventAnswer{}, got); diff != "" {
		t.Error(diff)
	}
}

func TestEventJSON(t *testing.T) {
	for _, c := range []struct {
		e  entitlement.Event
		js string
	}{
		{on("launch", 40, 366), `{"name":"launch","requested":"2025-09-22","first":"2026-02-09","days":366}`},
		{cancelled(on("", 40, 1), 39), `{"name":"","requested":"2025-09-22","first":"2026-02-09","days":1,"cancelled":"2026-02-08"}`},
	} {
		js, err := json.Marshal(c.e)
		if err != nil || string(js) != c.js {
			t.Errorf("%s, %v\nwant %s", js, err, c.js)
		}
		var back entitlement.Event
		if err := json.Unmarshal(js, &back); err != nil || back != c.e {
			t.Errorf("%s: back %+v, %v", js, back, err)
		}
	}
	if _, err := json.Marshal(entitlement.Event{}); !errors.Is(err, entitlement.ErrEvent) {
		t.Errorf("%v", err)
	}
	const good = `{"name":"x","requested":"2026-01-01","first":"2026-02-01","days":1}`
	for _, c := range []struct {
		from, to, text string
		want           error
	}{
		{`"name":"x",`, ``, "name: invalid JSON: field is missing", entitlement.ErrJSON},
		{`"requested":"2026-01-01",`, ``, "requested: invalid JSON: field is missing", entitlement.ErrJSON},
		{`"first":"2026-02-01",`, ``, "first: invalid JSON: field is missing", entitlement.ErrJSON},
		{`,"days":1`, ``, "days: invalid JSON: field is missing", entitlement.ErrJSON},
		{`1}`, `0}`, `days: invalid JSON: want a whole number from 1 to 366, not the number "0"`, entitlement.ErrJSON},
		{`1}`, `1,"cancelled":null}`, "cancelled: invalid JSON: want a string, not null", entitlement.ErrJSON},
		{`1}`, `1,"cancelled":"2025-01-01"}`, `entitlement: event "x": cancelled before it was requested: impossible event`, entitlement.ErrEvent},
		{`02-01`, `02-30`, `first: calendar: parse date "2026-02-30": not a date of the years 1 to 9999`, calendar.ErrDate},
	} {
		e := on("before", 1, 1)
		err := e.UnmarshalJSON([]byte(strings.Replace(good, c.from, c.to, 1)))
		if !errors.Is(err, c.want) || err.Error() != "entitlement: decode event: "+c.text || e != on("before", 1, 1) {
			t.Errorf("%v\nwant %s", err, c.text)
		}
	}
}

// Reviewing does not touch the caller's slice, even where it has room.
func TestReviewDoesNotAppend(t *testing.T) {
	room := []entitlement.Event{on("a", 40, 1), on("b", 50, 1)}
	if _, err := year2026(room[:1]...).Review(managed, on("r", 100, 1)); err != nil {
		t.Fatal(err)
	}
	if room[1].Name != "b" {
		t.Error("Review wrote into the caller's slice")
	}
}

// Whatever is granted: sessions add up, no day is lost, and a request that is
// granted is used as it was reviewed.
func TestEventLaws(t *testing.T) {
	events := rapid.Custom(func(t *rapid.T) entitlement.Event {
		e := on("e", rapid.IntRange(-5, 372).Draw(t, "first"), rapid.IntRange(1, 6).Draw(t, "days"))
		if rapid.Bool().Draw(t, "cancelled") {
			e.Cancelled = e.First.AddDays(rapid.IntRange(-2, 1).Draw(t, "cancelled on"))
		}
		return e
	})
	rapid.Check(t, func(t *rapid.T) {
		y := year2026(rapid.SliceOfN(events, 0, 6).Draw(t, "granted")...)
		uses, err := y.Uses(managed)
		if err != nil {
			t.Fatal(err)
		}
		standing := 0
		for i, u := range uses {
			e := y.Granted[i]
			inYear := e.First.Year == 2026
			givenBack := e.Cancelled != calendar.Date{} && e.Cancelled.DaysSince(e.First) < 0
			if u.Event != e || givenBack != e.IsGivenBack() {
				t.Fatalf("use %d is of %+v", i, u.Event)
			}
			want := entitlement.EventUse{Event: e}
			if inYear && !givenBack {
				standing++
				want.ToBuy = e.Days
				if standing <= 3 {
					want.Session, want.Complimentary, want.ToBuy = standing, min(e.Days, 3), max(e.Days-3, 0)
				}
			}
			if u != want {
				t.Fatalf("use %d: %+v, want %+v", i, u, want)
			}
		}
		left, err := y.SessionsLeft(managed)
		if err != nil || left != max(3-standing, 0) {
			t.Fatalf("%d left, %v", left, err)
		}
		request := on("r", rapid.IntRange(1, 365).Draw(t, "request"), rapid.IntRange(1, 6).Draw(t, "request days"))
		a, err := y.Review(managed, request)
		if err != nil {
			t.Fatal(err)
		}
		y.Granted = append(y.Granted, request)
		after, err := y.Uses(managed)
		if err != nil || after[len(after)-1] != a.EventUse {
			t.Fatalf("reviewed as %+v, used as %+v, %v", a.EventUse, after[len(after)-1], err)
		}
	})
}
