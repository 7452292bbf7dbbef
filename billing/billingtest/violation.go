package billingtest

import (
	"fmt"

	"github.com/shopspring/decimal"

	"github.com/supportplan/supportplan/plan"
)

// A Violation is a law that a price breaks, with the smallest example: that of
// the lowest usage.
type Violation struct {
	Law Law
	// Plan is the plan whose price it is. It is zero for a bare schedule or
	// pricer, and if a card has no such plan to name.
	Plan plan.Plan
	// From and To are the usages of the example. They are equal if it is one
	// usage that shows it.
	From, To decimal.Decimal
	// By is how much is wrong: by how much the fee falls, jumps further than it
	// may, or differs from the right one. For EffectiveRateFalls it is by
	// how much the rate rises, cut to 30 places. It is 0 if the law is not
	// about an amount, as if there is no fee at all.
	By decimal.Decimal
	// More is at how many further bounds of a schedule the same law is broken.
	More int
	// Message describes the violation in one line.
	Message string
}

// String returns v as "plan: law: message", without the plan if v has none.
func (v Violation) String() string {
	s := fmt.Sprintf("%v: %s", v.Law, v.Message)
	if v.Plan != 0 {
		s = fmt.Sprintf("%v: %s", v.Plan, s)
	}
	switch v.More {
	case 0:
		return s
	case 1:
		return s + "; and at 1 more bound"
	}
	return fmt.Sprintf("%s; and at %d more bounds", s, v.More)
}
