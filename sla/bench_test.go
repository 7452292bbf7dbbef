package sla_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/supportplan/supportplan/plan"
	"github.com/supportplan/supportplan/severity"
	"github.com/supportplan/supportplan/sla"
	"github.com/supportplan/supportplan/sla/clock"
)

// random draws the benchmarks' inputs, the same in every run.
func random() *rand.Rand { return rand.New(rand.NewPCG(1, 2)) }

func BenchmarkTarget(b *testing.B) {
	r := random()
	type cell struct {
		p plan.Plan
		s severity.Severity
	}
	var cells [1024]cell
	for i := range cells {
		cells[i] = cell{plan.Plan(1 + r.IntN(4)), severity.Severity(1 + r.IntN(4))}
	}
	table := sla.Published().Table
	b.ReportAllocs()
	var covered int
	for i := 0; b.Loop(); i++ {
		c := cells[i%len(cells)]
		if _, ok := table.Target(c.p, c.s, clock.MetricFirstResponse); ok {
			covered++
		}
	}
	if covered == 0 {
		b.Fatal("nothing is covered")
	}
}

func BenchmarkDue(b *testing.B) {
	r := random()
	var opened [1024]time.Time
	for i := range opened {
		opened[i] = friday.Add(time.Duration(r.Int64N(int64(365 * 24 * time.Hour))))
	}
	for _, target := range []clock.Target{{Within: 16 * time.Hour}, {Within: 16 * time.Hour, Calendar: office}} {
		b.Run(target.String(), func(b *testing.B) {
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				if _, err := target.Due(opened[i%len(opened)]); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// benchmarkCases draws cases with n events each, and instants after them.
func benchmarkCases(n int) (cases [256]sla.Case, now [256]time.Time) {
	r := random()
	for i := range cases {
		c := sla.Case{Plan: plan.Plan(1 + r.IntN(4)), Severity: severity.Severity(1 + r.IntN(4)), Opened: friday}
		at, paused := c.Opened, false
		for range n {
			at = at.Add(time.Duration(r.Int64N(int64(20 * time.Minute))))
			e := sla.Reclassified(at, severity.Severity(1+r.IntN(4)))
			switch k := r.IntN(4); {
			case k > 0 && paused:
				e = sla.Resumed(at, "")
				paused = false
			case k > 0:
				e = sla.Paused(at, "")
				paused = true
			}
			c.Events = append(c.Events, e)
		}
		cases[i], now[i] = c, at.Add(time.Duration(r.Int64N(int64(20*time.Hour))))
	}
	return cases, now
}

func BenchmarkEvaluate(b *testing.B) {
	var cells []sla.Cell
	for _, p := range plan.All() {
		cells = append(cells, answerIn(p, severity.General, clock.Target{Within: 16 * time.Hour, Calendar: office}))
	}
	table := must(sla.Published().Table.With("office", cells...))
	for name, p := range map[string]sla.Policy{"published": sla.Published(), "office": {Table: table}} {
		for _, n := range []int{0, 4, 64} {
			b.Run(fmt.Sprintf("%s/events=%d", name, n), func(b *testing.B) {
				cases, now := benchmarkCases(n)
				b.ReportAllocs()
				for i := 0; b.Loop(); i++ {
					if _, err := p.Evaluate(cases[i%len(cases)], now[i%len(now)]); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

// The evaluator before the clocks of all metrics, less its check of the case, then
// one metric, and all four, on the same histories: to be compared within one run.
func BenchmarkMetrics(b *testing.B) {
	var cells []sla.Cell
	for _, p := range plan.All() {
		for _, s := range severity.All() {
			targets := sla.Published().Table.Targets(p, s)
			targets.NextResponse, targets.Update, targets.Resolution = clock.Target{Within: 4 * time.Hour}, clock.Target{Within: 8 * time.Hour}, clock.Target{Within: 40 * time.Hour}
			cells = append(cells, sla.Cell{Plan: p, Severity: s, Targets: targets})
		}
	}
	one := sla.Published()
	before := oldOf(one)
	four := sla.Policy{Table: must(sla.Table{}.With("four", cells...))}
	for _, n := range []int{0, 4, 64} {
		cases, now := benchmarkCases(n)
		for i := range cases { // messages and responses for the other metrics
			for j := range cases[i].Events {
				if e := &cases[i].Events[j]; e.Kind == sla.KindReclassified && j%2 == 0 && n > 4 {
					*e = sla.CustomerReply(e.At)
				}
			}
		}
		for name, f := range map[string]func(sla.Case, time.Time) error{
			"before": func(c sla.Case, now time.Time) error { _, err := before.evaluate(c, now); return err },
			"one":    func(c sla.Case, now time.Time) error { _, err := one.Evaluate(c, now); return err },
			"four":   func(c sla.Case, now time.Time) error { _, err := four.Evaluate(c, now); return err },
		} {
			b.Run(fmt.Sprintf("events=%d/%s", n, name), func(b *testing.B) {
				b.ReportAllocs()
				for i := 0; b.Loop(); i++ {
					if err := f(cases[i%len(cases)], now[i%len(now)]); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

func BenchmarkAttainment(b *testing.B) {
	cases, now := benchmarkCases(4)
	var statuses [len(cases)]sla.Status
	for i, c := range cases {
		c.Events = append(c.Events, sla.Responded(now[i]))
		statuses[i] = must(sla.Published().Evaluate(c, now[i]))
	}
	var a sla.Attainment
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		if err := a.Add(statuses[i%len(statuses)]); err != nil {
			b.Fatal(err)
		}
	}
}
