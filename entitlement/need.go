package entitlement

import "github.com/supportplan/supportplan/plan"

// A Need is something that a plan meets or does not: a [Feature], a [Channel],
// a response time of package sla, or a caller's own.
type Need interface {
	// MetBy reports whether plan p meets the need. It is asked about the four
	// valid plans only.
	MetBy(p plan.Plan) bool
}
