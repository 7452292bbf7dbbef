package walk_test

import (
	"time"

	"github.com/supportplan/supportplan/plan"
	"github.com/supportplan/supportplan/severity"
	"github.com/supportplan/supportplan/sla"
	"github.com/supportplan/supportplan/sla/calendar"
	"github.com/supportplan/supportplan/sla/clock"
)

var (
	timeline = text[plan.Timeline](`{"subscriptions":[{"plan":"developer","start":"2026-01-10T00:00:00Z","end":"2026-02-03T07:00:00Z"},{"plan":"business","start":"2026-02-03T07:00:00Z"}]}`)

	office = text[calendar.Calendar](`{"zone":"America/New_York","week":{"monday":["09:00-17:00"],"sunday":["22:00-06:00"]},
		"holidays":["2026-05-25"],"special":{"2026-12-24":["08:00-12:00"]},"breaks":{"2026-03-02":["09:30-10:15"]}}`)

	supportCase = text[sla.Case](`{"plan":"business","severity":"system-impaired","opened":"2026-03-02T09:00:00Z","events":[
		{"at":"2026-03-02T10:00:00Z","kind":"assessed","severity":"general"},
		{"at":"2026-03-02T11:00:00Z","kind":"paused"}]}`)
)

func filledTable() sla.Table {
	return must(sla.Published().Table.With("office 2026", sla.Cell{Plan: plan.Business, Severity: severity.SystemImpaired, Targets: clock.Targets{
		FirstResponse: clock.Target{Within: 8 * time.Hour, Calendar: office()}, Resolution: clock.Target{Within: 48 * time.Hour},
	}}))
}

func filledPolicy() sla.Policy {
	return sla.Policy{
		Table: filledTable(), OnReclassified: clock.MeasureRestart, OnPlanChanged: clock.MeasureKeepCounting, NearestCovered: true,
		Conventions: clock.Conventions{Resolution: clock.Convention{Reopened: clock.ReopeningRestarts, CountPauses: true}, Warnings: []int{80, 150}},
	}
}

func filledStatus() sla.Status {
	return must(filledPolicy().Evaluate(supportCase(), supportCase().Opened.Add(50*time.Hour)))
}

func filledAttainment() (a sla.Attainment) {
	late := supportCase()
	late.Events = []sla.Event{sla.Responded(late.Opened.AddDate(0, 0, 7))}
	for _, s := range []sla.Status{filledStatus(), must(filledPolicy().Evaluate(late, late.Opened.AddDate(0, 0, 8)))} {
		if err := a.Add(s); err != nil {
			panic(err)
		}
	}
	return a
}

var (
	_ = register(kept, timeline)

	_ = register(kept, office)
	_ = register(kept, march)

	_ = register(kept, filledTable)
	_ = register(kept, filledPolicy)
	_ = register(kept, supportCase)
	_ = register(kept, func() sla.Event {
		return sla.Reclassified(time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC), severity.General)
	})
	_ = register(written, filledStatus)
	_ = register(kept, filledAttainment)

	_ = independent(filledAttainment, func(a *sla.Attainment) {
		if err := a.Add(filledStatus()); err != nil {
			panic(err)
		}
		b := filledAttainment()
		if err := a.Merge(&b); err != nil {
			panic(err)
		}
	})
)
