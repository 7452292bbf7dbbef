package clock_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/supportplan/supportplan/sla/calendar"
	"github.com/supportplan/supportplan/sla/clock"
)

// D26: the scenarios of testdata: what happens, a line each in the order of
// time, then a line for each look, which names only what the scenario is about.
// Times are on the wall clock of Berlin. Lines before the opening set targets
// ("target resolution 16h office") and conventions ("convention resolution
// counts"); office is Monday to Friday, 9 to 17, without Easter Monday.
func TestScenarios(t *testing.T) {
	files, err := filepath.Glob("testdata/scenarios/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			s := scenario{t: t}
			for i, line := range strings.Split(string(must(os.ReadFile(file))), "\n") {
				line, _, _ = strings.Cut(line, "#")
				if words := strings.Fields(line); len(words) > 0 {
					s.where = fmt.Sprintf("%s:%d", file, i+1)
					s.tell(words)
				}
			}
		})
	}
}

var (
	berlin = must(time.LoadLocation("Europe/Berlin"))
	office = must(calendar.New(calendar.Spec{
		Location: berlin, Week: calendar.Weekdays(shift(9, 17)),
		Holidays: []calendar.Holiday{{Date: calendar.Date{Year: 2026, Month: time.April, Day: 6}, Name: "Easter Monday"}},
	})).Named("office")
)

type scenario struct {
	t     *testing.T
	where string
	v     clock.Conventions
	c     clock.Case
}

// tell adds a line to the case, or looks at it.
func (s *scenario) tell(w []string) {
	s.t.Helper()
	switch w[0] {
	case "target":
		s.c.Targets = s.c.Targets.With(clock.Metric(w[1]), s.target(w[2:]))
		return
	case "convention":
		s.convention(clock.Metric(w[1]), w[2])
		return
	}
	at := s.time(w[1], w[2])
	reason := strings.Join(w[3:], " ")
	var e clock.Event
	switch w[0] {
	case "opened":
		s.c.Opened = at
		return
	case "at":
		s.look(at, w[3:])
		return
	case "paused":
		e = clock.Paused(at, reason)
	case "resumed":
		e = clock.Resumed(at, reason)
	case "retargeted": // metric within [calendar] measure
		n := len(w) - 1
		e = clock.Retargeted(at, s.c.Targets.With(clock.Metric(w[3]), s.target(w[4:n])), clock.Measure(w[n]))
	default:
		e = clock.Event{At: at, Kind: clock.Kind(w[0])}
	}
	c, err := s.c.Add(e)
	if err != nil {
		s.t.Fatalf("%s: %v", s.where, err)
	}
	s.c = c
}

func (s *scenario) target(w []string) clock.Target {
	t := clock.Target{Within: must(time.ParseDuration(w[0]))}
	if len(w) > 1 {
		t.Calendar = office
	}
	return t
}

func (s *scenario) convention(m clock.Metric, word string) {
	c := map[clock.Metric]*clock.Convention{
		clock.MetricFirstResponse: &s.v.FirstResponse, clock.MetricNextResponse: &s.v.NextResponse,
		clock.MetricUpdate: &s.v.Update, clock.MetricResolution: &s.v.Resolution,
	}[m]
	switch word {
	case "count-pauses":
		c.CountPauses = true
	case "from-opening":
		c.FromOpening = true
	case "from-latest":
		c.FromLatest = true
	default:
		if err := c.Reopened.UnmarshalText([]byte(word)); err != nil {
			s.t.Fatalf("%s: %v", s.where, err)
		}
	}
}

func (s *scenario) time(day, clock string) time.Time {
	return must(time.ParseInLocation("2006-01-02 15:04", day+" "+clock, berlin))
}

// look compares words such as "resolution due 2026-04-07 12:00" with the status
// at an instant.
func (s *scenario) look(at time.Time, w []string) {
	s.t.Helper()
	st, err := s.v.Evaluate(s.c, at)
	if err != nil {
		s.t.Fatalf("%s: %v", s.where, err)
	}
	stamp := func(t time.Time) string {
		if t.IsZero() {
			return "none"
		}
		return t.In(berlin).Format("2006-01-02 15:04")
	}
	r := st.Of(clock.Metric(w[0]))
	var last clock.Warning // of those that have passed
	for _, w := range r.Warnings {
		if w.Passed {
			last = w
		}
	}
	var got []string
	for i := 1; i < len(w); i++ {
		var word string
		switch w[i] {
		case "due":
			word = "due " + stamp(r.Due)
		case "breached":
			word = "breached " + stamp(r.Breach.At)
		case "elapsed":
			word = "elapsed " + short(r.Elapsed)
		case "late":
			word = "late " + short(r.Breach.Elapsed)
		case "remaining":
			word = "remaining " + short(r.Remaining)
		case "cycles":
			var all []string
			for _, c := range r.Cycles() {
				all = append(all, string(c.Outcome))
			}
			word = "cycles " + strings.Join(all, ",")
		case "warned":
			word = "warned none"
			if last.Passed {
				word = fmt.Sprintf("warned %d", last.Percent)
			}
		case "at": // when it warned last
			word = "at " + stamp(last.At)
		case "next":
			word = "next " + stamp(st.NextChange)
		case "paused", "closed", "running", "stopped":
			word = string(r.Phase)
		default:
			word = string(r.Outcome)
		}
		got = append(got, word)
		i += strings.Count(word, " ")
	}
	if got, want := strings.Join(got, " "), strings.Join(w[1:], " "); got != want {
		s.t.Errorf("%s: %s %s, want %s", s.where, w[0], got, want)
	}
}

// short writes a duration without the units at its end that are 0.
func short(d time.Duration) string {
	return strings.NewReplacer("h0m0s", "h", "m0s", "m").Replace(d.String())
}
