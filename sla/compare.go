package sla

import (
	"github.com/supportplan/supportplan/internal/field"
	"github.com/supportplan/supportplan/plan"
	"github.com/supportplan/supportplan/severity"
	"github.com/supportplan/supportplan/sla/clock"
)

// A Difference is the relation of a new target to an old one:
// [DifferenceGained], [DifferenceLost], [DifferenceFaster], [DifferenceSlower]
// or [DifferenceIncomparable]. Differences are only ever answered.
type Difference string

const (
	DifferenceGained       Difference = "gained"       // there was no target before
	DifferenceLost         Difference = "lost"         // there is no target any more
	DifferenceFaster       Difference = "faster"       // the new target is at least as fast, see [clock.Target.Implies]
	DifferenceSlower       Difference = "slower"       // the old target is at least as fast
	DifferenceIncomparable Difference = "incomparable" // which is faster may depend on the hour
)

// A Change is a change of a target between two plans. From is the zero Target
// if it is gained, To if it is lost; its JSON form leaves that one out.
type Change struct {
	Severity   severity.Severity `json:"severity"`
	Metric     clock.Metric      `json:"metric"`
	Difference Difference        `json:"difference"`
	From       clock.Target      `json:"from,omitzero"`
	To         clock.Target      `json:"to,omitzero"`
}

// Compare returns the changes of targets from one plan to the other, from the
// least to the most severe and in the order of metrics. Targets that stay the
// same are left out. It returns an error wrapping
// [plan.ErrUnknown] if a plan is not valid.
func (t Table) Compare(from, to plan.Plan) ([]Change, error) {
	for _, p := range []plan.Plan{from, to} {
		if err := checkPlan(p); err != nil {
			return nil, field.Op("sla: compare", err)
		}
	}
	var out []Change
	for _, s := range severity.All() {
		for _, m := range clock.Metrics() {
			a, hadOne := t.Target(from, s, m)
			b, hasOne := t.Target(to, s, m)
			c := Change{Severity: s, Metric: m, From: a, To: b}
			switch {
			case a.Equal(b):
				continue
			case !hadOne:
				c.Difference = DifferenceGained
			case !hasOne:
				c.Difference = DifferenceLost
			default:
				faster, slower := b.Implies(a), a.Implies(b)
				switch {
				case faster && slower:
					continue // the same hours in other words
				case faster:
					c.Difference = DifferenceFaster
				case slower:
					c.Difference = DifferenceSlower
				default:
					c.Difference = DifferenceIncomparable
				}
			}
			out = append(out, c)
		}
	}
	return out, nil
}
