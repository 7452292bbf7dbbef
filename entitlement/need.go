package entitlement

import (
	"errors"
	"fmt"
	"reflect"

	"github.com/supportplan/supportplan/plan"
)

// ErrNeed is wrapped by the error of a need that is nil.
var ErrNeed = errors.New("need is nil")

// A Need is something that a plan meets or does not: a [Feature], a [Channel],
// a response time of package sla, or a caller's own.
type Need interface {
	// MetBy reports whether plan p meets the need. It is asked about the four
	// valid plans only, and must answer the same every time.
	MetBy(p plan.Plan) bool
}

// A Minimum answers which plan is the lowest that meets some needs.
type Minimum struct {
	// Plan is the lowest plan that meets every need; the zero Plan if none does.
	Plan plan.Plan
	// Unmet are the needs that no plan meets, in the order given. It is empty
	// if Plan is valid. It is also empty where every need is met by some plan
	// but no plan meets all of them, as can happen with a caller's own needs.
	Unmet []Need
}

// MinimumPlan returns the lowest plan that meets every need, on the published
// matrix; see [Matrix.MinimumPlan].
func MinimumPlan(needs ...Need) (Minimum, error) { return Published().MinimumPlan(needs...) }

// MinimumPlan returns the lowest plan that meets every need, or says which
// needs no plan meets; a feature or channel that is not valid is such a need.
// Features and channels are looked up in m, other needs are asked. Without
// needs the answer is [plan.Basic]. A need that is nil, or a nil pointer,
// function or the like, is an error wrapping [ErrNeed].
func (m Matrix) MinimumPlan(needs ...Need) (Minimum, error) {
	met := basic | developer | business | enterprise
	var unmet []Need
	for i, n := range needs {
		if isNil(n) {
			return Minimum{}, fmt.Errorf("entitlement: minimum plan: need %d of %d: %w", i+1, len(needs), ErrNeed)
		}
		plans := m.meeting(n)
		if plans == 0 {
			unmet = append(unmet, n)
		}
		met &= plans
	}
	return Minimum{met.lowest(), unmet}, nil
}

// meeting returns the plans that meet n.
func (m Matrix) meeting(n Need) (s planSet) {
	switch n := n.(type) {
	case Feature:
		return m.table().plans[n]
	case Channel:
		return m.table().plans[n.Feature()]
	}
	for p := plan.Basic; p <= plan.Enterprise; p++ {
		if n.MetBy(p) {
			s |= 1 << p
		}
	}
	return s
}

// isNil reports whether n is nil or holds something that is.
func isNil(n Need) bool {
	switch v := reflect.ValueOf(n); v.Kind() {
	case reflect.Invalid:
		return true
	case reflect.Pointer, reflect.Func, reflect.Map, reflect.Slice:
		return v.IsNil()
	}
	return false
}
