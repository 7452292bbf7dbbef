// Package entitlement answers whether a support plan includes a feature, with the
// reason and the higher plan that would.
//
// [Published] is the provider's feature matrix. [Matrix.Includes] answers yes
// or no; [Matrix.Check] answers with a [Decision]: the reason, the source and
// the plan that would turn a no into a yes. A [Contract] is a customer's own
// terms, made of [Override]s by [NewContract], and [Matrix.CheckAt] asks with
// it:
//
//	matrix := entitlement.Published()
//	if d := matrix.Check(plan.Business, entitlement.Training); !d.Included {
//		fmt.Println(d.Reason(), d.Unlock)
//	}
//	contract, err := entitlement.NewContract(entitlement.Override{
//		Name: "ACME 2026", Kind: entitlement.OverrideGrant,
//		Feature: entitlement.Training, Period: year,
//	})
//	d := matrix.CheckAt(contract, plan.Business, entitlement.Training, now)
//
// [Matrix.Compare] lists the changes from one plan to another. [Matrix.Need]
// makes a feature a need for [plan.Lowest]. [Matrix.With] makes an edition of a
// caller's own.
//
// A question never fails. If its plan or feature is not valid, the matrix is
// the zero Matrix or the instant is the zero time, the answer is no, and its
// Provenance is empty.
//
// Package iem counts the sessions of event management, package thirdparty answers
// for third-party software, and package handbook holds descriptions and hotlines.
//
// Everything here is a value that does not change and may be used from many
// goroutines at once; nothing reads a clock.
//
// The data retells the provider's public document and is general information:
// it is no contract, it may change, and the provider's terms govern. This
// library is not affiliated with the provider.
package entitlement

import (
	"errors"

	"github.com/supportplan/supportplan/internal/field"
	"github.com/supportplan/supportplan/plan"
)

// ErrInvalid is wrapped by every error that rejects a matrix, a contract or a
// decision, made in Go or read from JSON.
var ErrInvalid = errors.New("invalid matrix, contract or decision")

// A FieldError is the part of an error that names the field that is wrong, for
// [errors.As].
type FieldError = field.Error

// invalid returns err so that it wraps ErrInvalid, unless a feature or a plan is
// unknown.
func invalid(err error) error {
	if errors.Is(err, ErrUnknown) || errors.Is(err, plan.ErrUnknown) {
		return err
	}
	return field.Mark(err, ErrInvalid)
}
