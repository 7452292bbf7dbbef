package calendar_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/supportplan/supportplan/sla/calendar"
)

func location(tb testing.TB, name string) *time.Location {
	tb.Helper()
	loc, err := time.LoadLocation(name)
	if err != nil {
		tb.Fatal(err)
	}
	return loc
}

// office returns Monday to Friday from 9 to 17 in New York, with n holidays,
// ten a year from 2026 on.
func office(tb testing.TB, n int) calendar.Calendar {
	tb.Helper()
	s := calendar.Spec{
		Location: location(tb, "America/New_York"),
		Week:     calendar.Weekdays(calendar.Shift{Open: 9 * calendar.Hour, Close: 17 * calendar.Hour}),
	}
	for i := range n {
		s.Holidays = append(s.Holidays, calendar.Holiday{Date: calendar.Date{Year: 2026 + i/10, Month: time.Month(1 + i%10), Day: 1 + i*7%28}})
	}
	c, err := calendar.New(s)
	if err != nil {
		tb.Fatal(err)
	}
	return c
}

// instants returns random instants of the year 2026, the same ones each time.
func instants() []time.Time {
	r := rand.New(rand.NewPCG(1, 2))
	out := make([]time.Time, 1024)
	for i := range out {
		out[i] = time.Unix(1767225600+r.Int64N(365*86400), r.Int64N(1e9))
	}
	return out
}

var distances = []struct {
	name string
	d    time.Duration
}{
	{"4h", 4 * time.Hour}, {"80h", 80 * time.Hour}, {"2000h", 2000 * time.Hour}, {"20y", 20 * 2000 * time.Hour},
}

func BenchmarkAdd(b *testing.B) {
	at := instants()
	for _, holidays := range []int{0, 10, 1000} {
		c := office(b, holidays)
		for _, by := range distances {
			b.Run(fmt.Sprintf("holidays=%d/%s", holidays, by.name), func(b *testing.B) {
				for i := 0; b.Loop(); i++ {
					if _, err := c.Add(at[i%len(at)], by.d); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

func BenchmarkElapsed(b *testing.B) {
	at := instants()
	for _, holidays := range []int{0, 10, 1000} {
		c := office(b, holidays)
		for _, by := range distances {
			ends := make([]time.Time, len(at))
			for i := range at {
				ends[i], _ = c.Add(at[i], by.d)
			}
			b.Run(fmt.Sprintf("holidays=%d/%s", holidays, by.name), func(b *testing.B) {
				for i := 0; b.Loop(); i++ {
					if c.Elapsed(at[i%len(at)], ends[i%len(at)]) != by.d {
						b.Fatal("not the open time that was added")
					}
				}
			})
		}
	}
}

func BenchmarkIsOpen(b *testing.B) {
	at := instants()
	for _, holidays := range []int{0, 10, 1000} {
		c := office(b, holidays)
		b.Run(fmt.Sprintf("holidays=%d", holidays), func(b *testing.B) {
			for i := 0; b.Loop(); i++ {
				c.IsOpen(at[i%len(at)])
			}
		})
	}
}

func BenchmarkChanges(b *testing.B) {
	at, c := instants(), office(b, 10)
	b.Run("NextOpening", func(b *testing.B) {
		for i := 0; b.Loop(); i++ {
			c.NextOpening(at[i%len(at)])
		}
	})
	b.Run("PreviousClosing", func(b *testing.B) {
		for i := 0; b.Loop(); i++ {
			c.PreviousClosing(at[i%len(at)])
		}
	})
}

func BenchmarkAddBusinessDays(b *testing.B) {
	c, d := office(b, 1000), calendar.Date{Year: 2026, Month: time.March, Day: 2}
	for _, n := range []int{10, 250, -10} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			for b.Loop() {
				if _, err := c.AddBusinessDays(d, n); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkNew(b *testing.B) {
	for _, holidays := range []int{0, 10, 1000} {
		s := office(b, holidays).Spec()
		b.Run(fmt.Sprintf("holidays=%d", holidays), func(b *testing.B) {
			for b.Loop() {
				if _, err := calendar.New(s); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// The limit: plain time, and the calendar that is always open beside it.
func BenchmarkAlways(b *testing.B) {
	at, c := instants(), calendar.Calendar{}
	b.Run("Add", func(b *testing.B) {
		for i := 0; b.Loop(); i++ {
			if _, err := c.Add(at[i%len(at)], 4*time.Hour); err != nil {
				b.Fatal(err)
			}
		}
	})
	var sink time.Time
	b.Run("time.Add", func(b *testing.B) {
		for i := 0; b.Loop(); i++ {
			sink = at[i%len(at)].Add(4 * time.Hour)
		}
	})
	b.Run("Elapsed", func(b *testing.B) {
		for i := 0; b.Loop(); i++ {
			c.Elapsed(at[i%len(at)], at[(i+1)%len(at)])
		}
	})
	b.Run("time.Sub", func(b *testing.B) {
		for i := 0; b.Loop(); i++ {
			at[(i+1)%len(at)].Sub(at[i%len(at)])
		}
	})
	_ = sink
}

// What runs for every case allocates nothing.
func TestAllocations(t *testing.T) {
	at := instants()
	for _, c := range []calendar.Calendar{{}, office(t, 0), office(t, 1000)} {
		i := 0
		for name, f := range map[string]func(time.Time){
			"Add 4h":          func(at time.Time) { c.Add(at, 4*time.Hour) },
			"Add 80h":         func(at time.Time) { c.Add(at, 80*time.Hour) },
			"Add 2000h":       func(at time.Time) { c.Add(at, 2000*time.Hour) },
			"Add -2000h":      func(at time.Time) { c.Add(at, -2000*time.Hour) },
			"Elapsed":         func(at time.Time) { c.Elapsed(at, at.AddDate(1, 0, 0)) },
			"IsOpen":          func(at time.Time) { c.IsOpen(at) },
			"NextOpening":     func(at time.Time) { c.NextOpening(at) },
			"PreviousClosing": func(at time.Time) { c.PreviousClosing(at) },
			"AddBusinessDays": func(at time.Time) { c.AddBusinessDays(calendar.DateOf(at, nil), 10) },
			"BusinessDays": func(at time.Time) {
				c.BusinessDays(calendar.DateOf(at, nil), calendar.Date{Year: 2027, Month: 1, Day: 1})
			},
		} {
			if n := testing.AllocsPerRun(100, func() { f(at[i%len(at)]); i++ }); n != 0 {
				t.Errorf("%s allocates %v times", name, n)
			}
		}
	}
}

// sites returns Singapore, Berlin and New York, with holidays in 22 years: 11 a
// year in each.
func sites(tb testing.TB) (out []calendar.Calendar) {
	tb.Helper()
	for i, zone := range []string{"Asia/Singapore", "Europe/Berlin", "America/New_York"} {
		s := calendar.Spec{
			Location: location(tb, zone),
			Week:     calendar.Weekdays(calendar.Shift{Open: 9 * calendar.Hour, Close: 17 * calendar.Hour}),
		}
		for n := range 22 * 11 {
			s.Holidays = append(s.Holidays, calendar.Holiday{Date: calendar.Date{Year: 2026 + n/11, Month: time.Month(1 + n%11), Day: 1 + (i*3+n)*7%28}})
		}
		c, err := calendar.New(s)
		if err != nil {
			tb.Fatal(err)
		}
		out = append(out, c)
	}
	return out
}

// The union of three sites beside one of them.
func BenchmarkUnion(b *testing.B) {
	at, parts := instants(), sites(b)
	union, err := calendar.Union(parts...)
	if err != nil {
		b.Fatal(err)
	}
	for _, by := range distances {
		for _, c := range []struct {
			name string
			calendar.Calendar
		}{{"one", parts[2]}, {"union", union}} {
			b.Run(by.name+"/"+c.name, func(b *testing.B) {
				b.ReportAllocs()
				for i := 0; b.Loop(); i++ {
					if _, err := c.Add(at[i%len(at)], by.d); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
	b.Run("build", func(b *testing.B) {
		for b.Loop() {
			if _, err := calendar.Union(parts...); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("build with its parts", func(b *testing.B) {
		for b.Loop() {
			if _, err := calendar.Union(sites(b)...); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("covers", func(b *testing.B) {
		for b.Loop() {
			if !union.Covers(parts[1]) {
				b.Fatal("not covered")
			}
		}
	})
}
