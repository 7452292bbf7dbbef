package sla

import (
	"github.com/supportplan/supportplan/plan"
	"github.com/supportplan/supportplan/severity"
	"github.com/supportplan/supportplan/sla/clock"
)

// A Need is a target that a plan must have in a table: whoever looks for the
// lowest plan that meets a set of needs can take a Need among them. The zero
// Need is met by no plan.
type Need struct {
	Table    Table // that promises it
	Severity severity.Severity
	Metric   clock.Metric
	Target   clock.Target
}

// MetBy reports whether the table gives plan p a target for the need's metric
// and severity that is at least as fast, see [clock.Target.Implies]. A target
// at a less severe level does not count. MetBy is false if p or anything of n
// is not valid.
func (n Need) MetBy(p plan.Plan) bool {
	target, ok := n.Table.Target(p, n.Severity, n.Metric)
	return ok && target.Implies(n.Target)
}

// String returns n in short, such as "production-impacted first-response < 30m".
func (n Need) String() string {
	return n.Severity.String() + " " + string(n.Metric) + " " + n.Target.String()
}
