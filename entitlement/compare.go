package entitlement

import (
	"fmt"
	"time"

	"github.com/supportplan/supportplan/internal/field"
	"github.com/supportplan/supportplan/plan"
)

// A Difference is a change of a feature from one plan to another:
// [DifferenceGained], [DifferenceLost] or [DifferenceChanged].
type Difference string

// The three differences. The tokens never change.
const (
	DifferenceGained  Difference = "gained"  // only the new plan includes the feature
	DifferenceLost    Difference = "lost"    // only the old plan includes the feature
	DifferenceChanged Difference = "changed" // both include the feature, with other words
)

// A Change is a feature that differs between two plans.
type Change struct {
	Feature    Feature    `json:"feature"`
	Difference Difference `json:"difference"`
	From       string     `json:"from"` // the old plan's cell: "no", "yes" or its words
	To         string     `json:"to"`   // the new plan's cell
}

// Compare returns the features that differ between two plans, in the matrix's
// order and in a slice of the caller's own. It returns an error wrapping
// [plan.ErrUnknown] if a plan is not valid, or [ErrInvalid] if m is the zero
// Matrix.
func (m Matrix) Compare(from, to plan.Plan) ([]Change, error) {
	return m.compare(from, to, m.Check)
}

// CompareAt is [Matrix.Compare] for an account under contract c at the given
// instant, as [Matrix.CheckAt] answers. The zero time is an error wrapping
// [ErrInvalid].
func (m Matrix) CompareAt(c Contract, from, to plan.Plan, at time.Time) ([]Change, error) {
	if at.IsZero() {
		return nil, field.Op("entitlement: compare", field.Wrap("at", fmt.Errorf("the zero time is no instant: %w", ErrInvalid)))
	}
	return m.compare(from, to, func(p plan.Plan, f Feature) Decision { return m.CheckAt(c, p, f, at) })
}

func (m Matrix) compare(from, to plan.Plan, check func(plan.Plan, Feature) Decision) ([]Change, error) {
	for _, p := range []struct {
		path string
		plan plan.Plan
	}{{"from", from}, {"to", to}} {
		if !p.plan.IsValid() {
			return nil, field.Op("entitlement: compare", field.Wrap(p.path, fmt.Errorf("%v: %w", p.plan, plan.ErrUnknown)))
		}
	}
	if m.table == nil {
		return nil, fmt.Errorf("entitlement: compare: the zero Matrix: %w", ErrInvalid)
	}
	changes := []Change{}
	for _, f := range Features() {
		a, b := check(from, f), check(to, f)
		c := Change{f, DifferenceChanged, a.cell(), b.cell()}
		switch {
		case c.From == c.To:
			continue
		case !a.Included:
			c.Difference = DifferenceGained
		case !b.Included:
			c.Difference = DifferenceLost
		}
		changes = append(changes, c)
	}
	return changes, nil
}

// cell returns the words of d's cell.
func (d Decision) cell() string {
	switch {
	case !d.Included:
		return no
	case d.Detail == "":
		return yes
	}
	return d.Detail
}
