package entitlement

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/supportplan/supportplan/internal/strictjson"
	"github.com/supportplan/supportplan/plan"
)

// ErrOverlap is wrapped by the error of a contract two of whose overrides of
// one feature have an instant in common.
var ErrOverlap = errors.New("overrides overlap")

// maxOverrides is how many overrides a contract may have.
const maxOverrides = 1000

// A Contract is what a customer has agreed beside the matrix: overrides, which
// grant or withhold features, and add-ons, which were bought in addition. The
// zero Contract has none: what it answers is the matrix's. A Contract does not
// change, and may be used from many goroutines at once.
//
// Its JSON form is {"overrides": […]}, in the order of [Contract.Overrides].
type Contract struct {
	overrides []Override // by feature, then start; disjoint per feature
	base      Matrix
}

// NewContract returns the contract of the given overrides, at most 1000, which
// may come in any order, on the published matrix. It returns an error wrapping
// [ErrOverride], [ErrUnknown] or [calendar.ErrPeriod] for an override that is not
// valid or one too many, and one wrapping [ErrOverlap] if two of one feature have an instant in
// common, even if they agree: decisions name the one override that decided.
func NewContract(overrides ...Override) (Contract, error) {
	if len(overrides) > maxOverrides {
		return Contract{}, fmt.Errorf("entitlement: contract: %d overrides are over the limit of %d: %w",
			len(overrides), maxOverrides, ErrOverride)
	}
	overrides = slices.Clone(overrides)
	for i, o := range overrides {
		var err error
		if overrides[i], err = o.checked(); err != nil {
			return Contract{}, err
		}
	}
	slices.SortFunc(overrides, func(a, b Override) int {
		return cmp.Or(cmp.Compare(a.Feature, b.Feature), a.Period.Start.Compare(b.Period.Start))
	})
	for i := 1; i < len(overrides); i++ {
		if a, b := overrides[i-1], overrides[i]; a.Feature == b.Feature && a.Period.Overlaps(b.Period) {
			return Contract{}, fmt.Errorf("entitlement: contract: %v and %v: %w", a, b, ErrOverlap)
		}
	}
	return Contract{overrides: overrides}, nil
}

// On returns a copy of c that stands on m instead of the matrix that c stands
// on.
func (c Contract) On(m Matrix) Contract {
	c.base = m
	return c
}

// Overrides returns the overrides that c was made of, by feature and then by
// start, in a slice of the caller's own.
func (c Contract) Overrides() []Override { return slices.Clone(c.overrides) }

// CheckAt answers whether an account that has plan p under contract c has
// feature f at the given instant, and why. Where an override is in force the
// decision names it; elsewhere the answer is that of [Matrix.Check]. It does
// not allocate.
func (c Contract) CheckAt(p plan.Plan, f Feature, at time.Time) Decision {
	d := c.base.Check(p, f)
	if !p.IsValid() {
		return d
	}
	i, _ := slices.BinarySearchFunc(c.overrides, at, func(o Override, at time.Time) int {
		if o.Feature > f || o.Feature == f && o.Period.Start.After(at) {
			return 1
		}
		return -1
	})
	if i == 0 {
		return d
	}
	if o := c.overrides[i-1]; o.Feature == f && o.Period.Contains(at) {
		d.Included, d.Provenance, d.Source, d.Override = o.Includes(), ProvenanceOverridden, Source{}, o
	}
	return d
}

// NextChange returns the first instant after the given one at which an
// override of c comes into force or expires; false if there is none. Until
// then every answer of [Contract.CheckAt] stays as it is.
func (c Contract) NextChange(after time.Time) (time.Time, bool) {
	var next time.Time
	for _, o := range c.overrides {
		for _, t := range []time.Time{o.Period.Start, o.Period.End} {
			if !t.IsZero() && t.After(after) && (next.IsZero() || t.Before(next)) {
				next = t
			}
		}
	}
	return next, !next.IsZero()
}

// MarshalJSON returns c's JSON form, which leaves out the matrix that c stands
// on.
func (c Contract) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Overrides []Override `json:"overrides"`
	}{append([]Override{}, c.overrides...)})
}

// UnmarshalJSON reads c's JSON form, strictly, as a contract on the published
// matrix. It returns errors wrapping [ErrJSON] or those of [NewContract], after
// which *c is as it was.
func (c *Contract) UnmarshalJSON(data []byte) error {
	var d Contract
	err := strictjson.Decode("entitlement: decode contract", data, func(v strictjson.Value) {
		v.Object(func(o strictjson.Object) {
			var overrides []Override
			for _, v := range o.Need("overrides").Items(maxOverrides) {
				overrides = append(overrides, decodeOverride(v))
			}
			var err error
			if d, err = NewContract(overrides...); err != nil {
				v.Fail(err)
			}
		})
	})
	if err != nil {
		return err
	}
	*c = d
	return nil
}
