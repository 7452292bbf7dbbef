package main

import (
	"fmt"
	"io"
	"math/big"

	"github.com/supportplan/supportplan/plan"
	"github.com/supportplan/supportplan/severity"
	"github.com/supportplan/supportplan/sla"
	"github.com/supportplan/supportplan/sla/clock"
)

// printMonth prints a month's report, one line for each metric, plan and severity
// that has a verdict.
func printMonth(out io.Writer, month string, report *sla.Attainment) {
	for _, m := range clock.Metrics() {
		for _, p := range plan.All() {
			for _, s := range severity.All() {
				tally := report.Tally(m, p, s)
				ratio, ok := tally.Ratio()
				if !ok {
					continue
				}
				counts := tally.Counts()
				median, _ := tally.Percentile(50)
				share := ratio.Mul(ratio, big.NewRat(100, 1)).FloatString(1)
				fmt.Fprintf(out, "%s  %-15s %-11s %-20s met %d  breached %d  %s %%  median %v\n", month, m, p, s, counts.Met, counts.Breached, share, median)
			}
		}
	}
}
