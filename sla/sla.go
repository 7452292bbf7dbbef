// Package sla has the response times of support cases by plan and severity, and
// the clocks that measure them.
//
// [Published] is the provider's policy: its [Table], the response-time table,
// promises first responses only. A contract that differs is a table of another
// edition, see [Table.With]; it may have targets for every [clock.Metric]. A
// [Case] is its history of [Event]s; [Policy.Evaluate] folds it at an instant
// that the caller passes into a [Status]: for each metric whether it is
// pending, met or breached, when it is due, when to look again, and why:
//
//	ticket := sla.Case{Plan: plan.Business, Severity: severity.ProductionImpacted, Opened: opened}
//	ticket, err := ticket.Add(sla.Paused(at, "waiting for logs"))
//	status, err := sla.Published().Evaluate(ticket, now)
//	fmt.Println(status.FirstResponse.Outcome, status.FirstResponse.Due)
//	fmt.Print(status.FirstResponse.Explain())
//	if !status.NextChange.IsZero() {
//		setTimer(status.NextChange)
//	}
//
// A plan without a target at a severity, as Basic at BusinessCritical, is no
// error: the outcome is [clock.OutcomeNoTarget]. Warnings come at 50, 75 and 90
// percent of a target unless [Policy.Conventions] have others.
//
// An [Attainment] counts statuses by metric, plan and severity; those of many
// machines merge into one.
//
// The clocks, their conventions and readings are those of package [clock]. It
// knows no plan: a desk with priorities of its own uses that alone.
//
// Nothing here reads a clock or keeps state: the same values give the same
// answers. All values except an Attainment that is being added to may be used
// from many goroutines at once.
//
// The published data retells the provider's public document and is general
// information: it is no contract, it may change, and the provider's terms
// govern. This library is not affiliated with the provider.
package sla

import (
	"fmt"

	"github.com/supportplan/supportplan/internal/field"
	"github.com/supportplan/supportplan/internal/strictjson"
	"github.com/supportplan/supportplan/plan"
	"github.com/supportplan/supportplan/severity"
	"github.com/supportplan/supportplan/sla/clock"
	"github.com/supportplan/supportplan/sla/internal/hours"
)

// The sentinels are those of package clock. Errors about a plan or a severity
// wrap [plan.ErrUnknown] or [severity.ErrUnknown], those about an instant
// [clock.ErrTime], and those of reading JSON that a newer version wrote
// [clock.ErrNewer].
var (
	// ErrInvalid is wrapped by every error that rejects an input, whether a Go
	// value or JSON.
	ErrInvalid = clock.ErrInvalid

	// ErrHistory is wrapped by every error of a history that cannot have
	// happened.
	ErrHistory = clock.ErrHistory
)

// A FieldError is the error of one field of an input: its path, such as
// "targets.business.general.firstResponse", and the cause.
type FieldError = field.Error

func checkPlan(p plan.Plan) error {
	if p.IsValid() {
		return nil
	}
	return field.Wrap("plan", fmt.Errorf("%v: %w", p, plan.ErrUnknown))
}

func checkSeverity(s severity.Severity) error {
	if s.IsValid() {
		return nil
	}
	return field.Wrap("severity", fmt.Errorf("%v: %w", s, severity.ErrUnknown))
}

// decode reads data into *v. After an error *v is as it was.
func decode[T any](what string, data []byte, v *T, read func(strictjson.Value) T) error {
	var u T
	if err := strictjson.Decode("sla: decode "+what, data, func(v strictjson.Value) { u = read(v) }); err != nil {
		return hours.Shape(err, ErrInvalid)
	}
	*v = u
	return nil
}
