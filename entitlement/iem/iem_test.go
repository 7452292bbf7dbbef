package iem_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/supportplan/supportplan/entitlement/iem"
	"github.com/supportplan/supportplan/sla/calendar"
)

// date is the nth day of 2026.
func date(n int) calendar.Date {
	return calendar.Date{Year: 2026, Month: time.January, Day: 1}.AddDays(n - 1)
}

// on is an event of the given days, asked for long before.
func on(name string, first, days int) iem.Event {
	return iem.Event{Name: name, Requested: date(-100), First: date(first), Days: days}
}

func cancelled(e iem.Event, day int) iem.Event {
	e.Cancelled = date(day)
	return e
}

// year2026 is a service year of events granted in the given order.
func year2026(granted ...iem.Event) iem.Year {
	return iem.Year{Start: date(1), End: date(366), Terms: iem.Published(), Granted: granted}
}

// weekdays is a calendar of Mondays to Fridays without the given holidays.
func weekdays(t testing.TB, holidays ...calendar.Date) calendar.Calendar {
	t.Helper()
	shift, err := calendar.ParseShift("09:00-17:00")
	if err != nil {
		t.Fatal(err)
	}
	spec := calendar.Spec{Location: time.UTC, Week: calendar.Weekdays(shift)}
	for _, d := range holidays {
		spec.Holidays = append(spec.Holidays, calendar.Holiday{Date: d})
	}
	c, err := calendar.New(spec)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// Infrastructure Event Management, 2023-09-15.
func TestPublished(t *testing.T) {
	if got, want := iem.Published(), (iem.Terms{Sessions: 3, Days: 3, Notice: 10}); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
}

// Which year the three sessions are of is the caller's to say: a half-open one,
// in which the event's first day lies.
func TestD10(t *testing.T) {
	year := iem.Year{
		Start: calendar.Date{Year: 2025, Month: time.July, Day: 1},
		End:   calendar.Date{Year: 2026, Month: time.July, Day: 1},
		Terms: iem.Published(),
		Granted: []iem.Event{
			{Name: "the day before", Requested: date(-300), First: calendar.Date{Year: 2025, Month: time.June, Day: 30}, Days: 3},
			{Name: "the first day", Requested: date(-300), First: calendar.Date{Year: 2025, Month: time.July, Day: 1}, Days: 1},
			{Name: "the last day", Requested: date(-300), First: calendar.Date{Year: 2026, Month: time.June, Day: 30}, Days: 3},
			{Name: "the day after", Requested: date(-300), First: calendar.Date{Year: 2026, Month: time.July, Day: 1}, Days: 1},
		},
	}
	uses, err := year.Uses()
	if err != nil {
		t.Fatal(err)
	}
	want := []iem.Use{
		{Event: year.Granted[0]},
		{Event: year.Granted[1], Session: 1, Complimentary: 1},
		{Event: year.Granted[2], Session: 2, Complimentary: 3},
		{Event: year.Granted[3]},
	}
	if diff := cmp.Diff(want, uses); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if left := sessionsLeft(t, year); left != 1 {
		t.Errorf("%d sessions left", left)
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
		{"every day, too late", calendar.Calendar{}, 14, 15, false},
		{"every day, just in time", calendar.Calendar{}, 15, 15, true},
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
		request := iem.Event{Name: c.name, Requested: monday, First: date(c.first), Days: 2}
		got, err := y.Review(request)
		want := iem.Answer{
			Use:          iem.Use{Event: request, Session: 1, Complimentary: 2},
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
	if left := sessionsLeft(t, month); left != 3 {
		t.Errorf("%d sessions left", left)
	}
}

func TestReview(t *testing.T) {
	type use = iem.Use
	three := []iem.Event{on("a", 40, 3), on("b", 50, 1), on("c", 60, 2)}
	back := []iem.Event{cancelled(on("a", 40, 3), 39), on("b", 50, 1), on("c", 60, 2), on("d", 70, 2)}
	for _, c := range []struct {
		name    string
		granted []iem.Event
		request iem.Event
		want    iem.Answer
	}{
		{"first of the year", nil, on("r", 100, 3),
			iem.Answer{Use: use{Session: 1, Complimentary: 3}, SessionsLeft: 3}},
		{"longer than a session", three[:1], on("r", 100, 5),
			iem.Answer{Use: use{Session: 2, Complimentary: 3, ToBuy: 2}, SessionsLeft: 2}},
		{"the last session", three[:2], on("r", 100, 4),
			iem.Answer{Use: use{Session: 3, Complimentary: 3, ToBuy: 1}, SessionsLeft: 1}},
		{"no session left", three, on("r", 100, 4),
			iem.Answer{Use: use{ToBuy: 4}}},
		{"earlier in the year, but later granted", three, on("r", 1, 1),
			iem.Answer{Use: use{ToBuy: 1}}},
		{"overlapping the first day", three, on("r", 42, 1),
			iem.Answer{Use: use{ToBuy: 1}, Overlaps: []int{0}}},
		{"the day after one", three, on("r", 43, 7),
			iem.Answer{Use: use{ToBuy: 7}}},
		{"over two", three, on("r", 50, 11),
			iem.Answer{Use: use{ToBuy: 11}, Overlaps: []int{1, 2}}},
		{"the last of the year", nil, on("r", 365, 3),
			iem.Answer{Use: use{Session: 1, Complimentary: 3}, SessionsLeft: 3, BeyondYear: 2}},
		{"ending with the year", nil, on("r", 363, 3),
			iem.Answer{Use: use{Session: 1, Complimentary: 3}, SessionsLeft: 3}},
		{"over one that was given back", back[:3], on("r", 41, 1),
			iem.Answer{Use: use{Session: 3, Complimentary: 1}, SessionsLeft: 1}},
		{"those granted after one given back move up", back, on("r", 41, 1),
			iem.Answer{Use: use{ToBuy: 1}}},
		{"one cancelled on its first day has taken its session", []iem.Event{cancelled(on("a", 40, 3), 40)}, on("r", 42, 1),
			iem.Answer{Use: use{Session: 2, Complimentary: 1}, SessionsLeft: 2, Overlaps: []int{0}}},
	} {
		c.want.Use.Event = c.request
		c.want.NoticeMet, c.want.Earliest = true, date(-90)
		got, err := year2026(c.granted...).Review(c.request)
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
	y.Terms = iem.Terms{Sessions: 2, Days: 5, Notice: 1}
	request := iem.Event{Name: "r", Requested: date(99), First: date(100), Days: 6}
	want := iem.Answer{
		Use:          iem.Use{Event: request, Session: 2, Complimentary: 5, ToBuy: 1},
		SessionsLeft: 1,
		NoticeMet:    true,
		Earliest:     date(100),
	}
	got, err := y.Review(request)
	if err != nil {
		t.Error(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for _, terms := range []iem.Terms{{Sessions: 366, Days: 366, Notice: 366}, {Days: 1}} {
		y.Terms = terms
		if left := sessionsLeft(t, y); left != max(terms.Sessions-1, 0) {
			t.Errorf("%+v: %d left", terms, left)
		}
	}
}

// The zero Terms grant nothing, whatever was granted before.
func TestZeroTerms(t *testing.T) {
	y := year2026(on("a", 40, 3))
	y.Terms = iem.Terms{}
	request := on("r", 41, 5)
	got, err := y.Review(request)
	want := iem.Answer{Use: iem.Use{Event: request}, NoticeMet: true, Earliest: request.Requested, Overlaps: []int{0}}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("(-want +got):\n%s%v", diff, err)
	}
	uses, err := y.Uses()
	if diff := cmp.Diff([]iem.Use{{Event: y.Granted[0]}}, uses); diff != "" || err != nil {
		t.Errorf("(-want +got):\n%s%v", diff, err)
	}
}

// sessionsLeft returns the sessions that are left before an event on the first
// day of a service year.
func sessionsLeft(t *testing.T, y iem.Year) int {
	t.Helper()
	a, err := y.Review(iem.Event{Name: "next", Requested: y.Start, First: y.Start, Days: 1})
	if err != nil {
		t.Fatal(err)
	}
	return a.SessionsLeft
}

func TestEventErrors(t *testing.T) {
	ok := on("ok", 40, 3)
	bad := func(change func(*iem.Event)) iem.Event {
		e := on("bad", 40, 3)
		change(&e)
		return e
	}
	type event = iem.Event
	for _, c := range []struct {
		e    event
		text string
	}{
		{bad(func(e *event) { e.Requested = calendar.Date{} }), `requested: Date(0, 0, 0) is not a valid date: invalid event`},
		{bad(func(e *event) { e.First.Month = 13 }), `first: Date(2026, 13, 9) is not a valid date: invalid event`},
		{bad(func(e *event) { e.Days = 0 }), `days: 0: want 1 to 366: invalid event`},
		{bad(func(e *event) { e.Days = -1 }), `days: -1: want 1 to 366: invalid event`},
		{bad(func(e *event) { e.Days = 367 }), `days: 367: want 1 to 366: invalid event`},
		{bad(func(e *event) { e.First = calendar.Date{Year: 9999, Month: 12, Day: 30} }), `days: 3: the last day is after the year 9999: invalid event`},
		{bad(func(e *event) { e.Cancelled = calendar.Date{Year: 2026, Month: 2, Day: 30} }), `cancelled: Date(2026, 2, 30) is not a valid date: invalid event`},
		{event{Name: "\xff", Requested: date(1), First: date(1), Days: 1}, `name: "\xff": want at most 200 bytes of UTF-8: invalid event`},
		{cancelled(bad(func(e *event) {}), -101), `cancelled: 2025-09-21 is before the request on 2025-09-22: invalid event`},
	} {
		if _, err := year2026(ok, c.e).Uses(); !errors.Is(err, iem.ErrInvalid) || err.Error() != "iem: granted[1]."+c.text {
			t.Errorf("Uses: %v\nwant %s", err, c.text)
		}
		if _, err := json.Marshal(c.e); !errors.Is(err, iem.ErrInvalid) || !strings.HasSuffix(err.Error(), "iem: marshal event: "+c.text) {
			t.Errorf("Marshal: %v\nwant %s", err, c.text)
		}
		for path, review := range map[string]func() (iem.Answer, error){
			"granted[1].": func() (iem.Answer, error) { return year2026(ok, c.e).Review(ok) },
			"request.":    func() (iem.Answer, error) { return year2026(ok).Review(c.e) },
		} {
			got, err := review()
			if err == nil || err.Error() != "iem: review: "+path+c.text {
				t.Errorf("Review: %v\nwant %s%s", err, path, c.text)
			}
			if diff := cmp.Diff(iem.Answer{}, got); diff != "" {
				t.Error(diff)
			}
			var f *iem.FieldError
			if name, _, _ := strings.Cut(c.text, ":"); !errors.As(err, &f) || f.Path != path+name {
				t.Errorf("the path of %v", err)
			}
		}
	}
	for _, e := range []event{
		{Name: "long", Requested: date(1), First: date(1), Days: 366},
		{Requested: date(1), First: calendar.Date{Year: 9999, Month: 12, Day: 29}, Days: 3},
		cancelled(ok, -100),
		{Name: strings.Repeat("x", 200), Requested: date(1), First: date(1), Days: 1},
	} {
		if _, err := year2026(e).Uses(); err != nil {
			t.Error(err)
		}
	}
}

func TestYearErrors(t *testing.T) {
	with := func(change func(*iem.Year)) iem.Year {
		y := year2026()
		change(&y)
		return y
	}
	type year = iem.Year
	request := on("r", 100, 1)
	for _, c := range []struct {
		y    year
		r    iem.Event
		text string
	}{
		{year{}, request, "start: Date(0, 0, 0) is not a valid date"},
		{with(func(y *year) { y.Start = calendar.Date{} }), request, "start: Date(0, 0, 0) is not a valid date"},
		{with(func(y *year) { y.End = calendar.Date{Year: 2027} }), request, "end: Date(2027, 0, 0) is not a valid date"},
		{with(func(y *year) { y.End = y.Start }), request, "end: 2026-01-01 is not after the start 2026-01-01"},
		{with(func(y *year) { y.Terms.Sessions = -1 }), request, "terms.sessions: -1: want 0 to 366"},
		{with(func(y *year) { y.Terms.Days = 367 }), request, "terms.days: 367: want 0 to 366"},
		{with(func(y *year) { y.Terms.Notice = 367 }), request, "terms.notice: 367: want 0 to 366"},
		{year2026(), cancelled(request, 5), "request.cancelled: 2026-01-05: want a request that was not cancelled"},
		{year2026(), on("r", 366, 1), "request.first: 2027-01-01 is not in the service year [2026-01-01, 2027-01-01)"},
		{year2026(), on("r", 0, 1), "request.first: 2025-12-31 is not in the service year [2026-01-01, 2027-01-01)"},
	} {
		got, err := c.y.Review(c.r)
		if !errors.Is(err, iem.ErrInvalid) || err.Error() != "iem: review: "+c.text+": invalid event" {
			t.Errorf("%v\nwant %s", err, c.text)
		}
		if diff := cmp.Diff(iem.Answer{}, got); diff != "" {
			t.Error(diff)
		}
	}
}

// Where there is no tenth business day, the calendar says so.
func TestReviewBeyondTheCalendar(t *testing.T) {
	late := calendar.Date{Year: 9999, Month: 12, Day: 25}
	y := iem.Year{Start: late, End: late.AddDays(2), Terms: iem.Published()}
	got, err := y.Review(iem.Event{Name: "r", Requested: late, First: late, Days: 1})
	if !errors.Is(err, iem.ErrInvalid) || !strings.HasPrefix(err.Error(), "iem: review: request.requested: calendar: add ") {
		t.Errorf("%v", err)
	}
	if diff := cmp.Diff(iem.Answer{}, got); diff != "" {
		t.Error(diff)
	}
}

func TestEventJSON(t *testing.T) {
	for _, c := range []struct {
		e  iem.Event
		js string
	}{
		{on("launch", 40, 366), `{"name":"launch","requested":"2025-09-22","first":"2026-02-09","days":366}`},
		{cancelled(on("", 40, 1), 39), `{"name":"","requested":"2025-09-22","first":"2026-02-09","days":1,"cancelled":"2026-02-08"}`},
	} {
		js, err := json.Marshal(c.e)
		if err != nil || string(js) != c.js {
			t.Errorf("%s, %v\nwant %s", js, err, c.js)
		}
		var back iem.Event
		if err := json.Unmarshal(js, &back); err != nil || back != c.e {
			t.Errorf("%s: back %+v, %v", js, back, err)
		}
	}
	const good = `{"name":"x","requested":"2026-01-01","first":"2026-02-01","days":1}`
	for _, c := range []struct{ from, to, text string }{
		{`"name":"x",`, ``, "name: invalid JSON: field is missing"},
		{`"requested":"2026-01-01",`, ``, "requested: invalid JSON: field is missing"},
		{`"first":"2026-02-01",`, ``, "first: invalid JSON: field is missing"},
		{`,"days":1`, ``, "days: invalid JSON: field is missing"},
		{`1}`, `0}`, `days: invalid JSON: want a whole number from 1 to 366, not the number "0"`},
		{`1}`, `1,"cancelled":null}`, "cancelled: invalid JSON: want a string, not null"},
		{`1}`, `1,"cancelled":"2025-01-01"}`, "cancelled: 2025-01-01 is before the request on 2026-01-01"},
		{`02-01`, `02-30`, `first: calendar: parse date "2026-02-30": `},
	} {
		e := on("before", 1, 1)
		err := e.UnmarshalJSON([]byte(strings.Replace(good, c.from, c.to, 1)))
		if !errors.Is(err, iem.ErrInvalid) || !strings.HasPrefix(err.Error(), "iem: decode event: "+c.text) || e != on("before", 1, 1) {
			t.Errorf("%v\nwant %s", err, c.text)
		}
	}
}

// A year and an answer are stored and read back as they are.
func TestYearJSON(t *testing.T) {
	y := year2026(on("launch", 40, 3), cancelled(on("sale", 60, 2), 50))
	y.Calendar = weekdays(t, date(12))
	b, err := json.Marshal(y)
	if err != nil {
		t.Fatal(err)
	}
	var back iem.Year
	if err := json.Unmarshal(b, &back); err != nil {
		t.Fatal(err)
	}
	want, err1 := y.Review(on("r", 100, 4))
	got, err2 := back.Review(on("r", 100, 4))
	if diff := cmp.Diff(want, got); diff != "" || err1 != nil || err2 != nil {
		t.Errorf("(-want +got):\n%s%v %v", diff, err1, err2)
	}
	js, err := json.Marshal(got)
	if want := `{"use":{"event":{"name":"r","requested":"2025-09-22","first":"2026-04-10","days":4},"session":2,"complimentary":3,"toBuy":1},` +
		`"sessionsLeft":2,"noticeMet":true,"earliest":"2025-10-06","beyondYear":0}`; string(js) != want || err != nil {
		t.Errorf("%s, %v\nwant %s", js, err, want)
	}
}

// Reviewing does not touch the caller's slice, even where it has room.
func TestReviewDoesNotAppend(t *testing.T) {
	room := []iem.Event{on("a", 40, 1), on("b", 50, 1)}
	if _, err := year2026(room[:1]...).Review(on("r", 100, 1)); err != nil {
		t.Fatal(err)
	}
	if room[1].Name != "b" {
		t.Error("Review wrote into the caller's slice")
	}
}

// Whatever is granted: sessions add up, no day is lost, and a request that is
// granted is used as it was reviewed.
func TestEventLaws(t *testing.T) {
	events := rapid.Custom(func(t *rapid.T) iem.Event {
		e := on("e", rapid.IntRange(-5, 372).Draw(t, "first"), rapid.IntRange(1, 6).Draw(t, "days"))
		if rapid.Bool().Draw(t, "cancelled") {
			e.Cancelled = e.First.AddDays(rapid.IntRange(-2, 1).Draw(t, "cancelled on"))
		}
		return e
	})
	rapid.Check(t, func(t *rapid.T) {
		y := year2026(rapid.SliceOfN(events, 0, 6).Draw(t, "granted")...)
		uses, err := y.Uses()
		if err != nil {
			t.Fatal(err)
		}
		standing := 0
		for i, u := range uses {
			e := y.Granted[i]
			inYear := e.First.Year == 2026
			givenBack := e.Cancelled != calendar.Date{} && e.Cancelled.DaysSince(e.First) < 0
			if u.Event != e {
				t.Fatalf("use %d is of %+v", i, u.Event)
			}
			want := iem.Use{Event: e}
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
		request := on("r", rapid.IntRange(1, 365).Draw(t, "request"), rapid.IntRange(1, 6).Draw(t, "request days"))
		a, err := y.Review(request)
		if err != nil || a.SessionsLeft != max(3-standing, 0) {
			t.Fatalf("%d left, %v", a.SessionsLeft, err)
		}
		y.Granted = append(y.Granted, request)
		after, err := y.Uses()
		if err != nil || after[len(after)-1] != a.Use {
			t.Fatalf("reviewed as %+v, used as %+v, %v", a.Use, after[len(after)-1], err)
		}
	})
}

func FuzzEventJSON(f *testing.F) {
	f.Add([]byte(`{"name":"x","requested":"2026-01-01","first":"2026-02-01","days":1}`))
	f.Add([]byte(`{"name":"","requested":"0001-01-01","first":"9999-12-31","days":1,"cancelled":"9999-12-30"}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var e, back iem.Event
		if e.UnmarshalJSON(data) != nil {
			return
		}
		js, err := json.Marshal(e)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(js, &back); err != nil || back != e {
			t.Errorf("%s and back %+v, %v", js, back, err)
		}
	})
}
