package wall_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/supportplan/supportplan/internal/wall"
)

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

const layout = "2006-01-02 15:04:05"

// utc reads a wall-clock time as if the clock were in UTC.
func utc(t testing.TB, s string) time.Time {
	t.Helper()
	u, err := time.Parse(layout, s)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// instant is wall.Instant of a wall-clock time given as if it were in UTC.
func instant(u time.Time, loc *time.Location) time.Time {
	return wall.Instant(u.Year(), u.Month(), u.Day(), u.Hour()*3600+u.Minute()*60+u.Second(), loc)
}

// A watch is what somebody noted who looked at a clock again and again: Unix
// times, and what the clock showed then, as the Unix time of a clock in UTC
// that shows the same.
type watch []struct{ at, shows int64 }

// watched looks at a clock in loc from two days before around to two days
// after it. The step must divide every offset of loc.
func watched(around time.Time, loc *time.Location, step time.Duration) (w watch) {
	for at := around.Add(-48 * time.Hour); at.Before(around.Add(48 * time.Hour)); at = at.Add(step) {
		l := at.In(loc)
		shows := time.Date(l.Year(), l.Month(), l.Day(), l.Hour(), l.Minute(), l.Second(), 0, time.UTC)
		w = append(w, struct{ at, shows int64 }{at.Unix(), shows.Unix()})
	}
	return w
}

// instant finds when the clock first showed u, or else where it jumped over u,
// and how long after the jump a clock that did not jump would come to u.
func (w watch) instant(u time.Time) time.Time {
	for _, look := range w {
		if look.shows == u.Unix() {
			return time.Unix(look.at, 0)
		}
	}
	for i, before := range w {
		if before.shows < u.Unix() && w[i+1].shows > u.Unix() {
			return time.Unix(before.at+u.Unix()-before.shows, 0)
		}
	}
	panic("never shown and never jumped over")
}

func TestInstant(t *testing.T) {
	for _, c := range []struct{ zone, in, want string }{
		// Nothing special.
		{"UTC", "2026-06-01 12:00:00", "2026-06-01T12:00:00Z"},
		{"Asia/Kathmandu", "2026-06-01 00:00:00", "2026-06-01T00:00:00+05:45"},
		{"Asia/Kathmandu", "1986-01-01 00:00:00", "1986-01-01T00:15:00+05:45"}, // 15 minutes skipped
		{"Asia/Kathmandu", "1986-01-01 00:14:59", "1986-01-01T00:29:59+05:45"},
		{"Asia/Kathmandu", "1986-01-01 00:15:00", "1986-01-01T00:15:00+05:45"},
		{"Asia/Kathmandu", "1985-12-31 23:59:59", "1985-12-31T23:59:59+05:30"},
		// 2:00 to 3:00 skipped, 1:00 to 2:00 repeated.
		{"America/New_York", "2026-03-08 01:59:59", "2026-03-08T01:59:59-05:00"},
		{"America/New_York", "2026-03-08 02:00:00", "2026-03-08T03:00:00-04:00"},
		{"America/New_York", "2026-03-08 02:30:00", "2026-03-08T03:30:00-04:00"},
		{"America/New_York", "2026-03-08 03:00:00", "2026-03-08T03:00:00-04:00"},
		{"America/New_York", "2026-11-01 00:59:59", "2026-11-01T00:59:59-04:00"},
		{"America/New_York", "2026-11-01 01:00:00", "2026-11-01T01:00:00-04:00"},
		{"America/New_York", "2026-11-01 01:59:59", "2026-11-01T01:59:59-04:00"},
		{"America/New_York", "2026-11-01 02:00:00", "2026-11-01T02:00:00-05:00"},
		// East of UTC.
		{"Europe/Berlin", "2026-03-29 02:00:00", "2026-03-29T03:00:00+02:00"},
		{"Europe/Berlin", "2026-03-29 02:59:59", "2026-03-29T03:59:59+02:00"},
		{"Europe/Berlin", "2026-10-25 02:00:00", "2026-10-25T02:00:00+02:00"},
		{"Europe/Berlin", "2026-10-25 03:00:00", "2026-10-25T03:00:00+01:00"},
		// Half an hour, either way.
		{"Australia/Lord_Howe", "2026-10-04 02:00:00", "2026-10-04T02:30:00+11:00"},
		{"Australia/Lord_Howe", "2026-10-04 02:29:59", "2026-10-04T02:59:59+11:00"},
		{"Australia/Lord_Howe", "2026-04-05 01:30:00", "2026-04-05T01:30:00+11:00"},
		{"Australia/Lord_Howe", "2026-04-05 02:00:00", "2026-04-05T02:00:00+10:30"},
		// No midnight.
		{"America/Sao_Paulo", "2017-10-14 23:59:59", "2017-10-14T23:59:59-03:00"},
		{"America/Sao_Paulo", "2017-10-15 00:00:00", "2017-10-15T01:00:00-02:00"},
		{"America/Sao_Paulo", "2017-10-15 00:30:00", "2017-10-15T01:30:00-02:00"},
		{"America/Sao_Paulo", "2018-02-17 23:30:00", "2018-02-17T23:30:00-02:00"},
		{"America/Havana", "2024-03-10 00:00:00", "2024-03-10T01:00:00-04:00"},
		{"America/Havana", "2024-11-03 00:30:00", "2024-11-03T00:30:00-04:00"},
		{"Africa/Cairo", "2026-04-24 00:00:00", "2026-04-24T01:00:00+03:00"},
		{"Africa/Cairo", "2026-10-29 23:30:00", "2026-10-29T23:30:00+03:00"},
		// No such day.
		{"Pacific/Apia", "2011-12-29 23:59:59", "2011-12-29T23:59:59-10:00"},
		{"Pacific/Apia", "2011-12-30 00:00:00", "2011-12-31T00:00:00+14:00"},
		{"Pacific/Apia", "2011-12-30 12:00:00", "2011-12-31T12:00:00+14:00"},
		{"Pacific/Apia", "2011-12-30 23:59:59", "2011-12-31T23:59:59+14:00"},
		{"Pacific/Apia", "2011-12-31 00:00:00", "2011-12-31T00:00:00+14:00"},
		// The same day twice.
		{"America/Juneau", "1867-10-18 12:00:00", "1867-10-18T12:00:00+15:02"},
	} {
		loc := zone(t, c.zone)
		got := instant(utc(t, c.in), loc)
		if got.Location() != loc || got.Format(time.RFC3339) != c.want {
			t.Errorf("%s in %s = %s, want %s", c.in, c.zone, got.Format(time.RFC3339), c.want)
		}
	}
}

func TestInstantNormalises(t *testing.T) {
	newYork := zone(t, "America/New_York")
	for _, c := range []struct {
		month        time.Month
		day, seconds int
		want         string
	}{
		{13, 1, 0, "2027-01-01T00:00:00-05:00"},
		{0, 1, 0, "2025-12-01T00:00:00-05:00"},
		{2, 29, 0, "2026-03-01T00:00:00-05:00"},
		{3, 0, 0, "2026-02-28T00:00:00-05:00"},
		{3, 7, 86400, "2026-03-08T00:00:00-05:00"},
		{3, 7, 86400 + 2*3600, "2026-03-08T03:00:00-04:00"},
		{3, 8, -1, "2026-03-07T23:59:59-05:00"},
	} {
		got := wall.Instant(2026, c.month, c.day, c.seconds, newYork)
		if got.Format(time.RFC3339) != c.want {
			t.Errorf("%d, %d, %d: %s, want %s", c.month, c.day, c.seconds, got.Format(time.RFC3339), c.want)
		}
	}
}

// Before zones were introduced, clocks showed local mean time, whose offsets
// have seconds, and the first change was by some minutes and seconds.
func TestInstantSecondBySecond(t *testing.T) {
	for _, c := range []struct{ zone, around string }{
		{"America/New_York", "1883-11-18 12:00:00"}, // back by 3:58
		{"Asia/Kathmandu", "1920-01-01 00:05:00"},   // forward by 8:44
		{"Europe/Amsterdam", "1940-05-16 00:30:00"}, // forward
	} {
		loc := zone(t, c.zone)
		w := watched(utc(t, c.around), loc, time.Second)
		for _, d := range []time.Duration{-10 * time.Minute, -238 * time.Second, -1, 0, time.Second, 37 * time.Second, 5 * time.Minute} {
			u := utc(t, c.around).Add(d).Truncate(time.Second)
			got, want := instant(u, loc), w.instant(u)
			if !got.Equal(want) {
				t.Errorf("%v in %s = %v, want %v", u.Format(layout), c.zone, got, want.In(loc))
			}
		}
	}
}

// Within some hours of a clock change, minute by minute.
func TestInstantAgreesWithReference(t *testing.T) {
	type change struct {
		loc   *time.Location
		at    time.Time
		watch watch
	}
	var changes []change
	for _, z := range []struct {
		name string
		on   []string
	}{
		{"America/New_York", []string{"2026-03-08 02:00:00", "2026-11-01 02:00:00"}},
		{"Europe/Berlin", []string{"2026-03-29 02:00:00", "2026-10-25 03:00:00"}},
		{"Australia/Lord_Howe", []string{"2026-04-05 02:00:00", "2026-10-04 02:00:00"}},
		{"America/Sao_Paulo", []string{"2017-10-15 00:00:00", "2018-02-18 00:00:00"}},
		{"America/Havana", []string{"2024-03-10 00:00:00", "2024-11-03 01:00:00"}},
		{"Pacific/Apia", []string{"2011-12-30 00:00:00", "2011-12-30 20:00:00"}},
		{"Asia/Kathmandu", []string{"1986-01-01 00:00:00"}},
		{"Africa/Cairo", []string{"2026-04-24 00:00:00", "2026-10-30 00:00:00"}},
		{"Asia/Tehran", []string{"2021-03-22 00:00:00", "2021-09-22 00:00:00"}},
	} {
		loc := zone(t, z.name)
		for _, s := range z.on {
			c := change{loc, utc(t, s), watched(utc(t, s), loc, time.Minute)}
			changes = append(changes, c)
			for m := -3; m <= 3; m++ {
				u := c.at.Add(time.Duration(m) * 30 * time.Minute)
				if got, want := instant(u, loc), c.watch.instant(u); !got.Equal(want) {
					t.Errorf("%s in %s = %v, want %v", u.Format(layout), z.name, got, want.In(loc))
				}
			}
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		c := changes[rapid.IntRange(0, len(changes)-1).Draw(t, "change")]
		u := c.at.Add(time.Duration(rapid.IntRange(-180, 180).Draw(t, "minutes")) * time.Minute)
		if got, want := instant(u, c.loc), c.watch.instant(u); !got.Equal(want) {
			t.Errorf("%s in %v = %v, want %v", u.Format(layout), c.loc, got, want.In(c.loc))
		}
	})
}

func TestInstantInFixedZones(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		offset := rapid.IntRange(-26*3600, 26*3600).Draw(t, "offset")
		u := time.Unix(rapid.Int64Range(-1<<40, 1<<40).Draw(t, "time"), 0).UTC()
		loc := time.FixedZone("", offset)
		got := instant(u, loc)
		if want := u.Add(-time.Duration(offset) * time.Second); !got.Equal(want) || got.Location() != loc {
			t.Errorf("%v at %d = %v, want %v", u, offset, got, want)
		}
	})
}

// On the last day of a leap year beyond its tables package time knows no end of
// the year that is still to come; stepping from bound to bound must leave it.
func TestOffsetMovesOn(t *testing.T) {
	loc, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Skip("no time zones here")
	}
	at := time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC).In(loc)
	for at.Year() < 2100 {
		_, start, end := wall.Offset(at)
		if start.After(at) || !end.After(at) {
			t.Fatalf("at %v: bounds %v and %v", at, start, end)
		}
		at = end
	}
	if got, want := wall.Instant(2045, 1, 1, 12*3600, loc), time.Date(2045, 1, 1, 12, 0, 0, 0, loc); !got.Equal(want) {
		t.Errorf("Instant = %v, want %v", got, want)
	}
	last := time.Date(2044, 12, 31, 23, 59, 59, 0, time.UTC)
	if _, _, end := wall.Offset(last.In(loc)); !end.Equal(last.Add(time.Second)) {
		t.Errorf("Offset ends at %v", end)
	}
}
