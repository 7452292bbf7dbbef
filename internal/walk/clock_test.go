package walk_test

import (
	"time"

	"github.com/supportplan/supportplan/sla/calendar"
	"github.com/supportplan/supportplan/sla/clock"
)

func clockTargets() clock.Targets {
	office := must(calendar.New(calendar.Spec{Location: time.UTC, Week: calendar.Weekdays(calendar.Shift{Open: 9 * calendar.Hour, Close: 17 * calendar.Hour})}))
	return clock.Targets{
		Name:          "P2",
		FirstResponse: clock.Target{Within: time.Hour},
		NextResponse:  clock.Target{Within: 4 * time.Hour, Calendar: office},
		Update:        clock.Target{Within: 8 * time.Hour, Calendar: office},
		Resolution:    clock.Target{Within: 16 * time.Hour, Calendar: office},
	}
}

func clockCase() clock.Case {
	opened := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	c := clock.Case{Opened: opened, Targets: clockTargets()}
	for i, e := range []clock.Event{
		clock.Paused(opened, "customer"), clock.Resumed(opened, ""), clock.Responded(opened), clock.CustomerReply(opened),
		clock.Retargeted(opened, clock.Targets{}, clock.MeasureRestart), clock.Responded(opened), clock.CustomerReply(opened),
	} {
		e.At = opened.Add(time.Duration(i) * 20 * time.Minute)
		c.Events = append(c.Events, e)
	}
	return c
}

func clockStatus() clock.Status {
	return must(clock.Conventions{}.Evaluate(clockCase(), clockCase().Opened.Add(5*time.Hour)))
}

func clockTally() (t clock.Tally) {
	for _, m := range clock.Metrics() {
		for _, c := range clockStatus().Of(m).Cycles() {
			if err := t.Add(c); err != nil {
				panic(err)
			}
		}
	}
	return t
}

var (
	_ = register(kept, func() clock.Target { return clockTargets().NextResponse })
	_ = register(kept, clockTargets)
	_ = register(kept, func() clock.Event { return clockCase().Events[4] })
	_ = register(kept, clockCase)
	_ = register(kept, func() clock.Conventions {
		return clock.Conventions{Update: clock.Convention{FromOpening: true}, Warnings: []int{50, 100}}
	})
	_ = register(written, clockStatus)
	_ = register(written, func() clock.Reading { return clockStatus().NextResponse })
	_ = register(written, func() clock.Cycle { return clockStatus().NextResponse.Cycle })
	_ = register(kept, clockTally)

	_ = independent(clockTally, func(t *clock.Tally) {
		if err := t.Add(clockStatus().FirstResponse.Cycle); err != nil {
			panic(err)
		}
		if err := t.Merge(clockTally()); err != nil {
			panic(err)
		}
		if err := t.Coarsen(time.Minute); err != nil {
			panic(err)
		}
	})
)
