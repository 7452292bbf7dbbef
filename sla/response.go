package sla

import (
	"time"

	"github.com/supportplan/supportplan/plan"
	"github.com/supportplan/supportplan/severity"
	"github.com/supportplan/supportplan/sla/calendar"
)

// A Response is a need: an answer at the given severity in less than Within,
// counted on Clock. It says which plans meet it, so that whoever looks for the
// lowest plan that meets a set of needs can take a Response among them. The
// zero Response is met by no plan.
type Response struct {
	Severity severity.Severity
	Within   time.Duration
	Clock    calendar.Calendar // the zero Calendar: around the clock
	Table    *Table            // the table that promises it; nil: the published one
}

// MetBy reports whether the table gives plan p a target at the need's severity
// that implies the need, see [Target.Implies]. A target at a less severe level
// does not count. It is false if p or anything of r is not valid.
func (r Response) MetBy(p plan.Plan) bool {
	target, ok := tableOr(r.Table).Target(p, r.Severity)
	return ok && target.Implies(r.target())
}

// String returns r in short, such as "production-impacted < 30m".
func (r Response) String() string { return r.Severity.String() + " " + r.target().String() }

func (r Response) target() Target { return Target{Within: r.Within, Clock: r.Clock} }

// tableOr returns the table that t points to, or the published one.
func tableOr(t *Table) Table {
	if t == nil {
		return Published()
	}
	return *t
}
