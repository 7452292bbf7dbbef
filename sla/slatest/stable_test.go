package slatest_test

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/supportplan/supportplan/sla"
	"github.com/supportplan/supportplan/sla/calendar"
	"github.com/supportplan/supportplan/sla/clock"
	"github.com/supportplan/supportplan/sla/slatest"
)

// wantTexts fails the test unless the texts of each name have the fingerprints
// wanted: their number, and a hash, since they are too long to retype.
func wantTexts(t *testing.T, want map[string]string, got map[string][]string) {
	t.Helper()
	prints := make(map[string]string)
	for name, texts := range got {
		h := sha256.New()
		for _, text := range texts {
			fmt.Fprintln(h, text)
		}
		prints[name] = fmt.Sprintf("%d: %x", len(texts), h.Sum(nil)[:6])
	}
	if diff := cmp.Diff(want, prints); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func asJSON(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// stables are calendars that no update of the time zone database changes, as
// far as anybody knows.
func stables(t *testing.T) map[string]calendar.Calendar {
	own := calendar.Spec{
		Location: time.UTC, Week: calendar.Weekdays(hours(9, 17)),
		Holidays: []calendar.Holiday{{Date: calendar.Date{Year: 1929, Month: 12, Day: 31}}, {Date: calendar.Date{Year: 1930, Month: 1, Day: 1}}, {Date: calendar.Date{Year: 2130, Month: 12, Day: 31}}, {Date: calendar.Date{Year: 2131, Month: 1, Day: 1}}},
		Special:  map[calendar.Date][]calendar.Shift{{Year: 2026, Month: 5, Day: 2}: {hours(10, 12)}},
		Breaks:   map[calendar.Date][]calendar.Shift{{Year: 2026, Month: 5, Day: 4}: {hours(12, 13)}},
	}
	many := calendar.Spec{Location: time.UTC, Week: calendar.Daily(hours(8, 20))}
	for day := range 49 {
		many.Holidays = append(many.Holidays, calendar.Holiday{Date: calendar.Date{Year: 2026, Month: 1, Day: 1}.AddDays(3 * day)})
	}
	few := calendar.Spec{Location: time.UTC, Special: make(map[calendar.Date][]calendar.Shift)}
	for _, date := range []string{"0002-06-01", "0003-06-01", "2026-03-07", "2026-05-06", "2026-07-06", "9997-06-01", "9998-06-01"} {
		few.Special[calendar.MustDate(date)] = []calendar.Shift{hours(0, 2)}
	}
	c := calendars(t)
	return map[string]calendar.Calendar{
		"always": {}, "own dates": build(t, own), "many dates": build(t, many), "few dates": build(t, few),
		"New York": c["office"], "Apia": c["no day"],
	}
}

// What a seed draws stays the same, so that a failure that rapid has saved is
// the same failure after an update, and code that passed a check passes the
// next. Whoever changes a draw on purpose changes its fingerprint here and tells
// users so.
func TestDrawsAreStable(t *testing.T) {
	got := make(map[string][]string)
	draw := func(name, value string) { got[name] = append(got[name], value) }
	instant := func(t time.Time) string { return t.Format(time.RFC3339Nano) }
	calendars := stables(t)
	for i := range 300 {
		s := slatest.Specs().Example(i)
		var holidays []calendar.Date
		for _, h := range s.Holidays {
			holidays = append(holidays, h.Date)
		}
		draw("specs", fmt.Sprint(s.Location, s.Week, holidays, s.Special, s.Breaks))
		draw("calendars", asJSON(t, slatest.Calendars().Example(i)))
		draw("durations", slatest.Durations().Example(i).String())
		for name, cal := range calendars {
			draw("instants, "+name, instant(slatest.Instants(cal).Example(i)))
			draw("cases, "+name, asJSON(t, slatest.Cases(cal).Example(i)))
		}
		cal := calendars["own dates"]
		draw("policies", asJSON(t, slatest.Policies(cal).Example(i)))
	}
	want := map[string]string{
		"calendars":            "300: 4c4585ef2ed9",
		"cases, Apia":          "300: 1e9ab57bac27",
		"cases, New York":      "300: 89fdadf94fdd",
		"cases, always":        "300: 41de17d89db0",
		"cases, few dates":     "300: 8b45ad4de72a",
		"cases, many dates":    "300: bdd406cfa662",
		"cases, own dates":     "300: 830b38aef4d6",
		"durations":            "300: 4ea946a9de4b",
		"instants, Apia":       "300: ec5143d52b5d",
		"instants, New York":   "300: b750fe53219b",
		"instants, always":     "300: 829e9f3e7796",
		"instants, few dates":  "300: aff4993beb44",
		"instants, many dates": "300: 3cc65385e29d",
		"instants, own dates":  "300: 5eb515357974",
		"policies":             "300: 43712b9e1c02",
		"specs":                "300: f6649b089469",
	}
	wantTexts(t, want, got)
}

// noting returns a clock that notes what it is asked.
func noting(cal calendar.Calendar, asked *[]string) fake {
	return fake{
		func(t time.Time, d time.Duration) (time.Time, error) {
			*asked = append(*asked, fmt.Sprint(t, d))
			return cal.Add(t, d)
		},
		func(a, b time.Time) time.Duration {
			*asked = append(*asked, fmt.Sprint(a, b))
			return cal.Elapsed(a, b)
		},
	}
}

// A check asks the same each time, in this version and the next, and no more than
// its documentation says. Whoever changes a question on purpose changes its
// fingerprint here and tells users so.
func TestCallsAreBounded(t *testing.T) {
	t.Parallel()
	long(t)
	asked := make(map[string][]string)
	for name, cal := range stables(t) {
		for what, c := range map[string]struct {
			most int
			laws []slatest.Law
		}{
			"conforms": {25_000, []slatest.Law{slatest.Answers, slatest.AgreesWithCalendar, slatest.Repeatable}},
			"check":    {100_000, slatest.Laws()},
		} {
			var first, second []string
			slatest.Check(t, cal, noting(cal, &first), c.laws...)
			if second = first; name == "New York" {
				second = nil
				slatest.Check(t, cal, noting(cal, &second), c.laws...)
			}
			if !slices.Equal(first, second) || len(first) > c.most || len(first) < 1000 {
				t.Errorf("%s, %s: %d and %d calls", name, what, len(first), len(second))
			}
			asked[name+", "+what] = first
		}
	}
	p := contract(t)
	asks := func() (asked []string) {
		slatest.CheckCases(t, p, evaluator(func(c sla.Case, now time.Time) (sla.Status, error) {
			asked = append(asked, fmt.Sprint(c.Opened, c.Plan, c.Severity, c.Events, now))
			return p.Evaluate(c, now)
		}))
		return asked
	}
	first, second := asks(), asks()
	if !slices.Equal(first, second) || len(first) > 100_000 {
		t.Errorf("cases: %d and %d calls", len(first), len(second))
	}
	asked["cases"] = first
	wantTexts(t, map[string]string{
		"Apia, check":          "51248: adbeb5947461",
		"Apia, conforms":       "11574: 80a16d7eae66",
		"New York, check":      "76580: d8b27ebea52d",
		"New York, conforms":   "13935: c3dd11c2548c",
		"always, check":        "11711: f74c133661b9",
		"always, conforms":     "2572: c32df05d8c42",
		"cases":                "95035: 20f330296694",
		"few dates, check":     "13852: dc298dc58612",
		"few dates, conforms":  "4305: fa2a05d9831a",
		"many dates, check":    "52236: 88d55b475ae8",
		"many dates, conforms": "20802: c6e48e9a6c3d",
		"own dates, check":     "24057: 864802ef9da3",
		"own dates, conforms":  "7051: 3cf566286d10",
	}, asked)
}

// long skips a test that takes seconds and shows nothing about races or Go
// versions that others do not.
func long(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("with -short")
	}
}

// What is known of questions and mistakes stays the same. The tests of messages
// show that it is right.
func TestKnowledgeIsStable(t *testing.T) {
	t.Parallel()
	got := make(map[string][]string)
	for name, cal := range stables(t) {
		got[name] = slatest.Knowledge(cal)
	}
	got["nights"] = slatest.Knowledge(build(t, calendar.Spec{
		Location: zone(t, "Europe/Berlin"),
		Week:     calendar.Week{time.Monday: {calendar.MustShift("08:00-12:00"), calendar.MustShift("13:00-24:00")}, time.Friday: {calendar.MustShift("22:00-06:00")}, time.Saturday: {calendar.MustShift("20:00-02:30")}},
		Holidays: []calendar.Holiday{{Date: calendar.MustDate("2026-04-06")}, {Date: calendar.MustDate("2026-12-25")}},
		Special: map[calendar.Date][]calendar.Shift{
			calendar.MustDate("2026-03-09"): {calendar.MustShift("07:00-09:00"), calendar.MustShift("11:00-14:00")},
			calendar.MustDate("2026-03-10"): {},
			calendar.MustDate("2026-03-29"): {calendar.MustShift("02:30-04:00")},
		},
		Breaks: map[calendar.Date][]calendar.Shift{calendar.MustDate("2026-03-14"): {calendar.MustShift("01:00-01:30")}},
	}))
	watches := calendar.Daily(calendar.MustShift("00:00-02:00"), calendar.MustShift("04:00-06:00"), calendar.MustShift("10:00-12:00"))
	got["watches"] = slatest.Knowledge(build(t, calendar.Spec{Location: time.UTC, Week: watches}))
	got["cases of an office"] = slatest.CaseKnowledge(contract(t))
	got["cases of many targets"] = slatest.CaseKnowledge(manyTargets(t))
	got["cases of four metrics"] = slatest.CaseKnowledge(fourMetrics(t))
	counting := sla.Published()
	counting.Conventions.FirstResponse.CountPauses, counting.OnReclassified, counting.OnPlanChanged = true, clock.MeasureRestart, clock.MeasureRetroactive
	got["cases of restarts"] = slatest.CaseKnowledge(counting)
	for _, all := range got {
		slices.Sort(all) // some mistakes stand in no order
	}
	wantTexts(t, map[string]string{
		"Apia":                  "8947: 5ba5b663a590",
		"New York":              "10530: e0f389d6f6b4",
		"always":                "5334: 031fb4859b6c",
		"cases of an office":    "8075: b54ee831a662",
		"cases of four metrics": "9435: 5ce3e6f8a61a",
		"cases of many targets": "8908: 8465a6c13b09",
		"cases of restarts":     "8880: 3c377c652f54",
		"few dates":             "6588: 11bcdf7b2962",
		"watches":               "7163: 4654baf1ca59",
		"many dates":            "8690: 91f8fe1c2333",
		"nights":                "11116: 5172a0675c54",
		"own dates":             "10348: ae0059724021",
	}, got)
}

// The ordinary week begins on the first Monday that has no date of the calendar and
// no clock change from a week before it to the end of the week after it.
func TestOrdinaryWeek(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ zone, holiday, want string }{
		{"UTC", "2026-02-22", "2026-03-02"},
		{"UTC", "2026-02-23", "2026-03-09"},
		{"UTC", "2026-03-15", "2026-03-23"},
		{"UTC", "2026-03-16", "2026-03-02"},
		{"America/New_York", "2026-12-25", "2026-03-16"}, // clocks change on 8 March
		{"Europe/Berlin", "2026-12-25", "2026-03-02"},    // on 29 March
	} {
		cal := build(t, calendar.Spec{
			Location: zone(t, c.zone), Week: calendar.Weekdays(hours(9, 17)), Holidays: []calendar.Holiday{{Date: calendar.MustDate(c.holiday)}},
		})
		if got := slatest.OrdinaryWeek(cal).String(); got != c.want {
			t.Errorf("%s, %s: %s, want %s", c.zone, c.holiday, got, c.want)
		}
	}
}

func TestPick(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		length int
		want   []int
	}{
		{0, nil},
		{1, []int{0}},
		{3, []int{0, 1, 2}},
		{4, []int{0, 2}},
		{6, []int{0, 2, 4}},
		{7, []int{0, 3, 6}},
	} {
		if d := cmp.Diff(c.want, slatest.Pick(c.length, 3)); d != "" {
			t.Errorf("%d (-want +got):\n%s", c.length, d)
		}
	}
}
