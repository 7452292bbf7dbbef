package clock_test

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/supportplan/supportplan/sla/calendar"
	"github.com/supportplan/supportplan/sla/clock"
)

// A desk's day: each metric's status, and where the time of one of them went.
func Example_desk() {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		panic(err)
	}
	office := must(calendar.New(calendar.Spec{
		Location: berlin,
		Week:     calendar.Weekdays(calendar.Shift{Open: 9 * calendar.Hour, Close: 17 * calendar.Hour}),
		Holidays: []calendar.Holiday{{Date: calendar.Date{Year: 2026, Month: time.April, Day: 6}, Name: "Easter Monday"}},
	}))
	at := func(day, hour int) time.Time { return time.Date(2026, time.April, day, hour, 0, 0, 0, berlin) }
	c := clock.Case{Opened: at(2, 10), Targets: clock.Targets{
		FirstResponse: clock.Target{Within: 4 * time.Hour, Calendar: office},
		NextResponse:  clock.Target{Within: 4 * time.Hour, Calendar: office},
		Update:        clock.Target{Within: 16 * time.Hour, Calendar: office},
		Resolution:    clock.Target{Within: 24 * time.Hour, Calendar: office},
	}}
	for _, e := range []clock.Event{
		clock.Paused(at(2, 11), "customer"), clock.Resumed(at(2, 12), "customer"), clock.Responded(at(2, 13)),
		clock.CustomerReply(at(2, 16)), clock.Closed(at(3, 12)), clock.Reopened(at(7, 9)),
	} {
		if c, err = c.Add(e); err != nil {
			panic(err)
		}
	}
	st := must(clock.Conventions{}.Evaluate(c, at(7, 11)))
	for _, m := range clock.Metrics() {
		r := st.Of(m)
		fmt.Println(m, r.Outcome, r.Elapsed, "due", r.Due.Format("Mon 15:04"))
	}
	fmt.Println(st.Resolution.Explain())
	// Output:
	// first-response met 2h0m0s due Thu 15:00
	// next-response breached 4h0m0s due Fri 12:00
	// update cleared 7h0m0s due Tue 13:00
	// resolution pending 11h0m0s due Wed 16:00
	// Due on Wed 8 Apr 2026 16:00 CEST; 11h of 24h of open hours used.
	//   Thu 2 Apr 2026 10:00 – 11:00  1h counted
	//   Thu 2 Apr 2026 11:00 – 12:00  paused: customer
	//   Thu 2 Apr 2026 12:00 – 17:00  5h counted
	//   Thu 2 Apr 2026 17:00 – Fri 3 Apr 2026 09:00  outside office hours
	//   Fri 3 Apr 2026 09:00 – 12:00  3h counted
	//   Fri 3 Apr 2026 12:00 – Tue 7 Apr 2026 09:00  case closed
	//   Tue 7 Apr 2026 09:00 – 11:00  2h counted
	//   Tue 7 Apr 2026 11:00 – 17:00  6h left to come
	//   Tue 7 Apr 2026 17:00 – Wed 8 Apr 2026 09:00  outside office hours
	//   Wed 8 Apr 2026 09:00 – 16:00  7h left to come
}

// Somebody else's priorities: targets of their own, kept under their names, and
// a report by them.
func Example_priorities() {
	hours := func(first, resolution time.Duration) clock.Targets {
		return clock.Targets{FirstResponse: clock.Target{Within: first * time.Hour}, Resolution: clock.Target{Within: resolution * time.Hour}}
	}
	desk := map[string]clock.Targets{"P1": hours(1, 4), "P2": hours(2, 8), "P3": hours(8, 72), "P4": hours(24, 240)}
	for name, t := range desk {
		t.Name = name
		desk[name] = t
	}
	opened := time.Date(2026, time.March, 2, 9, 0, 0, 0, time.UTC)
	c := clock.Case{Opened: opened, Targets: desk["P3"], Events: []clock.Event{
		clock.Responded(opened.Add(time.Hour)),
		clock.Retargeted(opened.Add(3*time.Hour), desk["P1"], clock.MeasureKeepCounting),
		clock.Closed(opened.Add(5 * time.Hour)),
	}}
	st, err := clock.Conventions{Warnings: []int{80, 150}}.Evaluate(c, opened.Add(24*time.Hour))
	if err != nil {
		panic(err)
	}
	report := make(map[string]*clock.Tally)
	for _, m := range clock.Metrics() {
		for _, cy := range st.Of(m).Cycles() {
			name := string(m) + " " + cy.Name
			if report[name] == nil {
				report[name] = new(clock.Tally)
			}
			if err := report[name].Add(cy); err != nil {
				panic(err)
			}
		}
	}
	for _, name := range []string{"first-response P3", "resolution P1"} {
		fmt.Printf("%s: %+v %v\n", name, report[name].Counts(), report[name].Times())
	}
	// Output:
	// first-response P3: {Met:1 Breached:0 Unanswered:0 Cleared:0 Pending:0 NoTarget:0} [{1h0m0s 1}]
	// resolution P1: {Met:0 Breached:1 Unanswered:0 Cleared:0 Pending:0 NoTarget:0} [{5h0m0s 1}]
}

// A stream that delivers events twice and out of order.
func ExampleCase_Normalized() {
	opened := time.Date(2026, time.March, 2, 9, 0, 0, 0, time.UTC)
	at := func(minutes int) time.Time { return opened.Add(time.Duration(minutes) * time.Minute) }
	c := clock.Case{Opened: opened, Targets: clock.Targets{Resolution: clock.Target{Within: time.Hour}}, Events: []clock.Event{
		clock.Closed(at(50)), clock.Paused(at(10), "customer"), clock.Paused(at(10), "customer"), clock.Resumed(at(20), ""), clock.Closed(at(55)),
	}}
	c, dropped, err := c.Normalized()
	if err != nil {
		panic(err)
	}
	for _, d := range dropped {
		fmt.Println(d.Index, d.Event, d.Why)
	}
	st, err := clock.Conventions{}.Evaluate(c, at(60))
	fmt.Println(st.Resolution.Outcome, st.Resolution.Elapsed, err)
	// Output:
	// 2 paused (customer) at 2026-03-02T09:10:00Z repeated
	// 4 closed at 2026-03-02T09:55:00Z while closed
	// met 40m0s <nil>
}

// A queue has on top what is due next; what nobody has to answer comes last.
func ExampleStatus_Remaining() {
	opened := time.Date(2026, time.March, 2, 9, 0, 0, 0, time.UTC)
	var queue []clock.Status
	for _, within := range []time.Duration{8 * time.Hour, 0, 2 * time.Hour} {
		c := clock.Case{Opened: opened, Targets: clock.Targets{FirstResponse: clock.Target{Within: within}}}
		st, err := clock.Conventions{}.Evaluate(c, opened.Add(3*time.Hour))
		if err != nil {
			panic(err)
		}
		queue = append(queue, st)
	}
	slices.SortFunc(queue, func(a, b clock.Status) int { return cmp.Compare(a.Remaining(), b.Remaining()) })
	for _, st := range queue {
		fmt.Println(st.FirstResponse.Target, st.FirstResponse.Outcome, st.Remaining() == clock.Unlimited)
	}
	// Output:
	// < 2h breached false
	// < 8h pending false
	// no target no-target true
}
