package calendar_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/supportplan/supportplan/sla/calendar"
)

// A calendar may be used by many at once, also one that was not used before.
func TestTogether(t *testing.T) {
	for _, text := range []string{
		full,
		`"24/7"`,
		`{"union":[` + full + `,{"zone":"Pacific/Apia","week":{"friday":["22:00-06:00","06:00-21:00"]}}]}`,
		`{"zone":"Pacific/Apia","week":{"friday":["22:00-06:00","06:00-21:00"]},"holidays":["2011-12-29"]}`,
	} {
		var c calendar.Calendar
		if err := json.Unmarshal([]byte(text), &c); err != nil {
			t.Fatal(err)
		}
		from := at("2011-12-28T12:00:00.5Z")
		ask := func() string {
			end, err1 := c.Add(from, 100*time.Hour)
			begin, err2 := c.Add(from, -100*time.Hour)
			opening, ok1 := c.NextOpening(from)
			closing, ok2 := c.PreviousClosing(from)
			day, err3 := c.AddBusinessDays(calendar.DateOf(from, c.Location()), 30)
			spec := c.Spec() // a copy: whoever changes it changes nothing else
			spec.Week[time.Monday] = append(spec.Week[time.Monday][:0], calendar.Shift{Close: calendar.Hour})
			clear(spec.Special)
			clear(spec.Breaks)
			clear(spec.Holidays)
			out, err4 := json.Marshal(c)
			return fmt.Sprintln(end, err1, begin, err2, opening, ok1, closing, ok2, day, err3, string(out), err4,
				c.Elapsed(begin, end), c.IsOpen(from), slices.Collect(c.Periods(from, end)), c.Equal(c),
				c.IsBusinessDay(day), c.BusinessDays(day, day.AddDays(40)), c.IsAlways())
		}
		const goroutines = 16
		var wg sync.WaitGroup
		var got [goroutines]string
		for i := range goroutines {
			wg.Add(1)
			go func() {
				defer wg.Done()
				for range 5 {
					got[i] = ask()
				}
			}()
		}
		wg.Wait()
		for _, s := range got {
			if s != got[0] {
				t.Errorf("%s, but %s", got[0], s)
			}
		}
	}
}
