package calendar_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/supportplan/supportplan/sla/calendar"
)

// bounded runs f and fails the test if that allocates much. What takes for ever
// ends with go test's own limit of time.
func bounded(t *testing.T, megabytes uint64, f func()) {
	t.Helper()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	if n := (after.TotalAlloc - before.TotalAlloc) >> 20; n > megabytes {
		t.Errorf("allocated %d MB", n)
	}
}

// dateList returns n dates in quotes from 2010 on, each followed by suffix.
func dateList(n int, suffix string) string {
	var b strings.Builder
	d := calendar.Date{Year: 2010, Month: 1, Day: 1}
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `"%v"%s`, d.AddDays(i), suffix)
	}
	return b.String()
}

// JSON that is there to do harm is refused in bounded time and memory, with the
// limit that it breaks.
func TestHostileJSON(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"deep arrays", strings.Repeat("[", 100_000), "nested deeper than 32"},
		{"deep objects", strings.Repeat(`{"week":`, 100_000), "nested deeper than 32"},
		{"deep in a field", `{"zone":"UTC","week":` + strings.Repeat("[", 100) + strings.Repeat("]", 100) + `}`, "nested deeper than 32"},
		{"long", `{"zone":"` + strings.Repeat("x", 5<<20) + `"}`, "over the limit of 4194304"},
		{"long zone", `{"zone":"` + strings.Repeat("x", 1_000_000) + `"}`, "not a time zone"},
		{"zone outside the database", `{"zone":"../../etc/passwd"}`, "not a time zone"},
		{"long date", `{"zone":"UTC","holidays":["` + strings.Repeat("9", 1_000_000) + `"]}`, "not a date"},
		{"long shift", `{"zone":"UTC","week":{"monday":["` + strings.Repeat("9", 1_000_000) + `"]}}`, "not a shift"},
		{"long field", `{"zone":"UTC","` + strings.Repeat("x", 1_000_000) + `":1}`, "unknown field"},
		{"large number", `{"zone":1e999999999}`, "want a string"},
		{"digits", `{"zone":` + strings.Repeat("9", 1_000_000) + `}`, "want a string"},
		{"many fields", `{"zone":"UTC"` + strings.Repeat(`,"zone":"UTC"`, 100_000) + `}`, "field appears twice"},
		{"many nulls", `{"zone":"UTC","holidays":[` + strings.Repeat("null,", 100_000) + `null]}`, "over the limit of 100000"},
		{"many holidays", `{"zone":"UTC","holidays":[` + dateList(100_001, "") + `]}`, "100001 items are over the limit of 100000"},
		{"many shifts", `{"zone":"UTC","week":{"monday":["00:00-00:01"` + strings.Repeat(`,"00:00-00:01"`, 1000) + `]}}`, "1001 items are over the limit of 1000"},
		{"many special dates", `{"zone":"UTC","special":{` + dateList(100_001, ":[]") + `}}`, "special: invalid JSON: dates are over the limit of 100000"},
	} {
		t.Run(c.name, func(t *testing.T) {
			keep := calendar.Calendar{}
			bounded(t, 400, func() {
				err := keep.UnmarshalJSON([]byte(c.text))
				switch {
				case err == nil:
					t.Fatal("no error")
				case !strings.Contains(err.Error(), c.want):
					t.Errorf("%.300v, want %q", err, c.want)
				case len(err.Error()) > 1000:
					t.Errorf("an error of %d bytes", len(err.Error()))
				}
			})
			if !keep.IsAlways() {
				t.Error("the calendar has changed")
			}
		})
	}
}

// What the limits let pass is no harm either: it decodes, computes and
// encodes.
func TestLargeJSON(t *testing.T) {
	minutes := func(n, every int) string { // shifts of a minute
		var b strings.Builder
		for i := range n {
			if i > 0 {
				b.WriteByte(',')
			}
			at := i * every
			fmt.Fprintf(&b, `"%02d:%02d-%02d:%02d"`, at/60, at%60, (at+1)/60, (at+1)%60)
		}
		return "[" + b.String() + "]"
	}
	for _, c := range []struct{ name, text string }{
		{"holidays", `{"zone":"America/New_York","week":{"monday":["09:00-17:00"]},"holidays":[` + dateList(20_000, "") + `]}`},
		{"special dates", `{"zone":"America/New_York","special":{` + dateList(10_000, `:["09:00-17:00"]`) + `}}`},
		{"breaks", `{"zone":"America/New_York","week":{"monday":["09:00-17:00"]},"breaks":{` + dateList(10_000, `:["10:00-11:00"]`) + `}}`},
		{"shifts", `{"zone":"America/New_York","week":{"monday":` + minutes(719, 2) + `,"sunday":` + minutes(719, 2) + `}}`},
		{"overlapping breaks", `{"zone":"America/New_York","week":{"monday":["09:00-17:00"]},"breaks":{"2026-03-09":["10:00-11:00"` + strings.Repeat(`,"10:00-11:00"`, 999) + `]}}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			var cal calendar.Calendar
			bounded(t, 800, func() {
				if err := cal.UnmarshalJSON([]byte(c.text)); err != nil {
					t.Fatal(err)
				}
				from := at("2026-03-05T12:00:00Z")
				for _, d := range []time.Duration{time.Hour, 1000 * time.Hour, -1000 * time.Hour} {
					if end, err := cal.Add(from, d); err != nil || cal.Elapsed(from, end) != d {
						t.Errorf("Add(%v, %v) = %v, %v", from, d, end, err)
					}
				}
				if _, err := json.Marshal(cal); err != nil {
					t.Error(err)
				}
			})
		})
	}
}

// Durations as long as there are, from instants as early and late as there
// are, have an answer or an error at once.
func TestHostileArguments(t *testing.T) {
	bounded(t, 50, func() {
		for _, text := range []string{
			`"24/7"`, full,
			`{"zone":"Asia/Tehran","special":{"2026-03-21":["00:30-00:10"]}}`,
			`{"zone":"America/New_York","week":{"sunday":["23:59-00:00"]}}`,
			`{"zone":"Pacific/Apia","special":{"0001-01-01":["00:00-24:00"],"9999-12-31":["20:00-04:00"]}}`,
		} {
			var c calendar.Calendar
			if err := json.Unmarshal([]byte(text), &c); err != nil {
				t.Fatal(err)
			}
			for _, a := range []time.Time{
				{}, at("0001-01-01T00:00:00Z"), at("9999-12-31T23:59:59.999999999Z"), at("2026-03-08T07:00:00Z"),
				time.Unix(math.MaxInt64/2, 0), time.Unix(math.MinInt64/2, 999999999),
			} {
				for _, d := range []time.Duration{
					math.MinInt64, math.MinInt64 + 1, -1, 0, 1, math.MaxInt64 - 1, math.MaxInt64,
					math.MaxInt64 / 1e9 * 1e9, math.MinInt64 / 1e9 * 1e9, 1e9 - 1, 1 - 1e9,
				} {
					probe(t, c, a, d)
				}
				for _, n := range []int{math.MinInt, -4_000_000, -1, 0, 1, 4_000_000, math.MaxInt} {
					day := calendar.DateOf(a, c.Location())
					got, err := c.AddBusinessDays(day, n)
					if err != nil && (got != calendar.Date{} || !errors.Is(err, calendar.ErrNoHours) && !errors.Is(err, calendar.ErrInvalid)) {
						t.Errorf("AddBusinessDays(%v, %d) = %v, %v", day, n, got, err)
					}
				}
			}
		}
	})
}

// That a calendar has no hours left is known at once, not after thousands of
// years of clock changes.
func TestOverAtOnce(t *testing.T) {
	c := build(t, calendar.Spec{Location: location(t, "America/New_York"), Special: dates(map[string][]string{
		"2026-03-08": {"01:00-04:00"}, "2030-11-03": {"00:30-03:00"},
	})})
	before := at("2026-03-02T00:00:00Z")
	bounded(t, 500, func() {
		for range 100_000 { // of which each would take milliseconds
			// Of the first day's three hours a clock change skips one, of the
			// second day's two and a half it repeats one.
			if end, err := c.Add(before, 5*time.Hour+30*time.Minute); err != nil || !end.Equal(at("2030-11-03T08:00:00Z")) {
				t.Fatal(end, err)
			}
			if end, err := c.Add(before, 5*time.Hour+30*time.Minute+1); !errors.Is(err, calendar.ErrNoHours) {
				t.Fatal(end, err)
			}
			if end, err := c.Add(at("2031-01-01T00:00:00Z"), 1); !errors.Is(err, calendar.ErrNoHours) {
				t.Fatal(end, err)
			}
		}
	})
}
