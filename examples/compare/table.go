package main

import (
	"fmt"
	"strings"
)

// A row compares two contenders, which it names.
type row struct {
	what       string
	ours, peer string
	isLimit    bool    // ours should cost little more than the peer; otherwise much less
	goal       float64 // as a limit, ours costs at most so many times the peer; otherwise the peer at least so many times ours; 0: no goal
	allocs     int64   // ours allocates at most so often; noGoal: no goal
}

const noGoal = -1

// The goals are those of the library; rows without one are there for the reader.
// OpenMeter's detailed lines cost 3.8 times the shopspring loop when both were
// last measured in one run: a quote at 0.94 times the loop is 4 times faster.
var rows = []row{
	{"fee of five tiers, cents", feeMinor, prefixSums, true, 1.5, 0},
	{"the same, each tier as likely", feeMinorEven, prefixSumsEven, true, 1.5, 0},
	{"fee of five tiers, cents", feeMinor, floatLoop, true, 0, noGoal},
	{"fee of all five tiers, decimals", fee, shopspringLoop, false, 25, 2},
	{"", fee, apdLoop, false, 0, noGoal},
	{"", fee, govaluesLoop, false, 0, noGoal},
	{"quote of all five tiers, a line each", quote, shopspringLoop, true, 0.94, noGoal},
	{"fee of 1,000 tiers, decimals", fee1000, feeUniform, true, 3, 2},
	{"fee of 1,000 tiers, cents", feeMinor1000, feeMinor, true, 8, 0},
	{"deadline in 4 open hours", add4.ours, add4.cached, false, 0, 0},
	{"", add4.ours, add4.plain, false, 0, noGoal},
	{"deadline in 80 open hours", add80.ours, add80.cached, false, 40, 0},
	{"", add80.ours, add80.plain, false, 0, noGoal},
	{"deadline in 2000 open hours", add2000.ours, add2000.cached, false, 500, 0},
	{"", add2000.ours, add2000.plain, false, 0, noGoal},
	{"open hours elapsed, 80", elapsed80.ours, elapsed80.cached, false, 0, 0},
	{"", elapsed80.ours, elapsed80.plain, false, 0, noGoal},
	{"deadline around the clock", alwaysAdd, timeAdd, true, 2, 0},
	{"time elapsed around the clock", alwaysElapsed, timeSub, true, 0, 0},
	{"is a feature included", includes, arrayTable, true, 2, 0},
	{"", includes, mapOfMaps, false, 0, noGoal},
	{"", includes, openFeature, false, 0, noGoal},
	{"", includes, openFeatureClient, false, 0, noGoal},
	{"the same, with reason and unlocking plan", check, arrayTable, true, 10, 0},
	{"", check, openFeatureClient, false, 0, noGoal},
	{"lowest plan for three features", lowestPlan, arrayTable, true, 0, noGoal},
}

// table returns the rows as a Markdown table.
func table(rows []row, costs map[string]cost) string {
	var b strings.Builder
	b.WriteString("| what | ours | ns | allocs | instead | ns | allocs | ratio | goal | met |\n")
	b.WriteString("|---|---|--:|--:|---|--:|--:|---|---|---|\n")
	for _, r := range rows {
		ours, peer := costs[r.ours], costs[r.peer]
		fmt.Fprintf(&b, "| %s | %s | %s | %d | %s | %s | %d | %s | %s | %s |\n",
			r.what, r.ours, nanoseconds(ours.ns), ours.allocs, r.peer, nanoseconds(peer.ns), peer.allocs,
			r.ratio(ours, peer), r.goals(), r.met(ours, peer))
	}
	return b.String()
}

// nanoseconds prints ns with three digits or more.
func nanoseconds(ns float64) string {
	switch {
	case ns < 10:
		return fmt.Sprintf("%.2f", ns)
	case ns < 100:
		return fmt.Sprintf("%.1f", ns)
	}
	return thousands(int64(ns + 0.5))
}

// thousands prints n, which is not negative, with commas.
func thousands(n int64) string {
	if n < 1000 {
		return fmt.Sprint(n)
	}
	return fmt.Sprintf("%s,%03d", thousands(n/1000), n%1000)
}

// times returns the ratio that the goal is about.
func (r row) times(ours, peer cost) float64 {
	if r.isLimit {
		return ours.ns / peer.ns
	}
	return peer.ns / ours.ns
}

func (r row) ratio(ours, peer cost) string {
	n := r.times(ours, peer)
	switch {
	case r.isLimit:
		return fmt.Sprintf("%.2f× its cost", n)
	case n < 10:
		return fmt.Sprintf("%.1f× faster", n)
	}
	return thousands(int64(n)) + "× faster"
}

func (r row) goals() string {
	var goals []string
	switch {
	case r.goal == 0:
	case r.isLimit:
		goals = append(goals, fmt.Sprintf("≤ %g×", r.goal))
	default:
		goals = append(goals, fmt.Sprintf("≥ %g×", r.goal))
	}
	switch r.allocs {
	case noGoal:
	case 0, 1:
		goals = append(goals, fmt.Sprintf("%d allocs", r.allocs))
	default:
		goals = append(goals, fmt.Sprintf("≤ %d allocs", r.allocs))
	}
	return strings.Join(goals, ", ")
}

// met says whether all goals of the row are met; it is empty if it has none.
func (r row) met(ours, peer cost) string {
	n := r.times(ours, peer)
	switch {
	case r.goals() == "":
		return ""
	case r.goal > 0 && r.isLimit && !(n <= r.goal), r.goal > 0 && !r.isLimit && !(n >= r.goal),
		r.allocs != noGoal && ours.allocs > r.allocs:
		return "✗"
	}
	return "✓"
}
