package entitlement

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"sort"
	"time"
	"unicode/utf8"

	"github.com/supportplan/supportplan/internal/enum"
	"github.com/supportplan/supportplan/internal/field"
	"github.com/supportplan/supportplan/internal/quote"
	"github.com/supportplan/supportplan/internal/strictjson"
	"github.com/supportplan/supportplan/sla/calendar"
)

// maxOverrides is how many overrides a contract may have.
const maxOverrides = 1000

// An OverrideKind is the effect of an [Override]: [OverrideGrant],
// [OverrideWithhold] or [OverrideAddOn]. The zero OverrideKind is not valid.
type OverrideKind string

// The three kinds of override. The tokens never change.
const (
	OverrideGrant    OverrideKind = "grant"    // the contract includes the feature
	OverrideWithhold OverrideKind = "withhold" // the contract excludes the feature
	OverrideAddOn    OverrideKind = "add-on"   // the feature was bought in addition to the plan
)

var overrideKinds = []OverrideKind{OverrideGrant, OverrideWithhold, OverrideAddOn}

// UnmarshalText sets *k to the kind whose token is b, exactly. Any other b is an
// error wrapping [ErrInvalid]; then *k is unchanged.
func (k *OverrideKind) UnmarshalText(b []byte) error {
	return enum.ReadToken(k, b, "override kind", overrideKinds, ErrInvalid)
}

func (k OverrideKind) check() error {
	return enum.CheckToken(k, "override kind", overrideKinds, ErrInvalid)
}

// An Override is a term of a contract: it grants or withholds a feature for a
// period, whatever the plan. The zero Override is none and not valid.
//
// Its JSON form is {"name": …, "kind": …, "feature": …, "start": …, "end": …}
// with RFC 3339 times; "end" is omitted if there is none.
type Override struct {
	// Name is the override's name in decisions: 1 to 200 bytes of UTF-8.
	Name string
	// Kind tells granting from withholding.
	Kind OverrideKind
	// Feature is the feature granted or withheld.
	Feature Feature
	// Period is when the override is in force; it may have no end.
	Period calendar.Period
}

// includes reports whether o, while it is in force, gives its feature.
func (o Override) includes() bool { return o.Kind == OverrideGrant || o.Kind == OverrideAddOn }

// check returns the wrong field of o.
func (o Override) check() error {
	if o.Name == "" || len(o.Name) > maxText || !utf8.ValidString(o.Name) {
		return field.Wrap("name", fmt.Errorf("%s: want 1 to %d bytes of UTF-8: %w", quote.String(o.Name), maxText, ErrInvalid))
	}
	if err := o.Kind.check(); err != nil {
		return field.Wrap("kind", err)
	}
	if !o.Feature.IsValid() {
		return field.Wrap("feature", fmt.Errorf("%v: %w", o.Feature, ErrUnknown))
	}
	if !o.Period.IsValid() {
		return field.Wrap("period", fmt.Errorf("%v: want an end after the start, or none: %w", o.Period, ErrInvalid))
	}
	return nil
}

// String returns o as `grant "ACME 2026" of training [start, end)`.
func (o Override) String() string {
	return fmt.Sprintf("%s %s of %v %v", o.Kind, quote.String(o.Name), o.Feature, o.Period)
}

// MarshalJSON returns o's JSON form. It returns an error wrapping [ErrInvalid] or
// [ErrUnknown] if o is not valid, or reaches beyond the years 0 to 9999 of RFC
// 3339.
func (o Override) MarshalJSON() ([]byte, error) {
	err := o.check()
	var b []byte
	if err == nil {
		b, err = json.Marshal(struct {
			Name    string       `json:"name"`
			Kind    OverrideKind `json:"kind"`
			Feature Feature      `json:"feature"`
			Start   time.Time    `json:"start"`
			End     time.Time    `json:"end,omitzero"`
		}{o.Name, o.Kind, o.Feature, strictjson.Instant(o.Period.Start), strictjson.Instant(o.Period.End)})
	}
	if err != nil {
		return nil, invalid(fmt.Errorf("entitlement: marshal override %s: %w", quote.String(o.Name), err))
	}
	return b, nil
}

// UnmarshalJSON reads o's JSON form, strictly. It returns an error wrapping
// [ErrInvalid] or [ErrUnknown]; then *o is unchanged.
func (o *Override) UnmarshalJSON(data []byte) error {
	var p Override
	err := strictjson.Decode("entitlement: decode override", data, func(v strictjson.Value) {
		p = decodeOverride(v)
		if err := p.check(); err != nil {
			v.Fail(err)
		}
	})
	if err != nil {
		return invalid(err)
	}
	*o = p
	return nil
}

// decodeOverride reads an override and leaves it to the caller to check it.
func decodeOverride(v strictjson.Value) (o Override) {
	v.Object(func(obj strictjson.Object) {
		o.Name = obj.Need("name").Text()
		obj.Need("kind").Into(&o.Kind)
		obj.Need("feature").Into(&o.Feature)
		o.Period.Start, o.Period.End = obj.Span(ErrInvalid)
	})
	return o
}

// A Contract is a customer's own terms beside the matrix: overrides, which grant
// or withhold features for a time. Ask with it by [Matrix.CheckAt]. The zero
// Contract overrides nothing. A Contract does not change, and may be used from
// many goroutines at once.
//
// Its JSON form is {"format": 1, "overrides": […]}, in the order given.
type Contract struct {
	overrides []Override
	pieces    []piece // by feature, then start; the last one that has started decides
}

// A piece is the period of an override that decides about a feature, until
// another piece starts.
type piece struct {
	feature    Feature
	start, end time.Time // no end: zero
	override   int       // its index
}

// NewContract returns the contract of the given overrides, at most 1000, which
// may come in any order. Two overrides of one feature may overlap if both give it
// or both withhold it.
//
// It returns an error wrapping [ErrInvalid] or [ErrUnknown] if an override is not
// valid, if there are too many, or if a feature is both given and withheld at one
// instant.
func NewContract(overrides ...Override) (Contract, error) {
	c, err := newContract(overrides)
	if err != nil {
		return Contract{}, field.Op("entitlement: contract", err)
	}
	return c, nil
}

func newContract(overrides []Override) (Contract, error) {
	if len(overrides) > maxOverrides {
		return Contract{}, field.Wrap("overrides", fmt.Errorf("%d are over the limit of %d: %w", len(overrides), maxOverrides, ErrInvalid))
	}
	overrides = slices.Clone(overrides)
	order := make([]int, len(overrides)) // by feature, then start
	for i := range overrides {
		o := &overrides[i]
		o.Period = calendar.Period{Start: o.Period.Start.Round(0), End: o.Period.End.Round(0)}
		if err := o.check(); err != nil {
			return Contract{}, field.Wrap(fmt.Sprintf("overrides[%d]", i), err)
		}
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int {
		a, b := overrides[i], overrides[j]
		return cmp.Or(cmp.Compare(a.Feature, b.Feature), a.Period.Start.Compare(b.Period.Start))
	})

	c := Contract{overrides: overrides}
	var longest [2]int // of each answer, the override of the feature that ends last so far, + 1
	for n, i := range order {
		o := overrides[i]
		if n == 0 || overrides[order[n-1]].Feature != o.Feature {
			longest = [2]int{}
		}
		mine, others := 0, 1
		if o.includes() {
			mine, others = 1, 0
		}
		if j := longest[others] - 1; j >= 0 {
			if _, ok := overrides[j].Period.Intersect(o.Period); ok {
				return Contract{}, field.Wrap(fmt.Sprintf("overrides[%d]", max(i, j)),
					fmt.Errorf("%v contradicts %v: %w", overrides[max(i, j)], overrides[min(i, j)], ErrInvalid))
			}
		}
		if j := longest[mine] - 1; j >= 0 && !endsAfter(o.Period.End, overrides[j].Period.End) {
			continue // another one decides all the time
		}
		longest[mine] = i + 1
		c.pieces = append(c.pieces, piece{o.Feature, o.Period.Start, o.Period.End, i})
	}
	return c, nil
}

// endsAfter reports whether the end a is after the end b; the zero time is no
// end.
func endsAfter(a, b time.Time) bool { return !b.IsZero() && (a.IsZero() || a.After(b)) }

// at returns the override of f that decides at the given instant, or nil.
func (c *Contract) at(f Feature, at time.Time) *Override {
	i := sort.Search(len(c.pieces), func(i int) bool {
		p := &c.pieces[i]
		return p.feature > f || p.feature == f && p.start.After(at)
	})
	if i == 0 {
		return nil
	}
	if p := &c.pieces[i-1]; p.feature == f && (p.end.IsZero() || at.Before(p.end)) {
		return &c.overrides[p.override]
	}
	return nil
}

// Overrides returns the overrides that c was made of, in the order given and in a
// slice of the caller's own.
func (c Contract) Overrides() []Override { return slices.Clone(c.overrides) }

// NextChange returns the first instant after the given one at which an override
// of c comes into force or expires; false if there is none. Until then every
// answer of [Matrix.CheckAt] stays as it is.
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

// MarshalJSON returns c's JSON form. Its errors are those of
// [Override.MarshalJSON].
func (c Contract) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Format    int        `json:"format"`
		Overrides []Override `json:"overrides"`
	}{strictjson.Format, append([]Override{}, c.overrides...)})
}

// UnmarshalJSON reads c's JSON form, strictly. Its errors are those of
// [NewContract]; then *c is unchanged.
func (c *Contract) UnmarshalJSON(data []byte) error {
	var d Contract
	err := strictjson.Decode("entitlement: decode contract", data, func(v strictjson.Value) {
		v.Object(func(o strictjson.Object) {
			o.Format()
			var overrides []Override
			for _, v := range o.Need("overrides").Items(maxOverrides) {
				overrides = append(overrides, decodeOverride(v))
			}
			var err error
			if d, err = newContract(overrides); err != nil {
				v.Fail(err)
			}
		})
	})
	if err != nil {
		return invalid(err)
	}
	*c = d
	return nil
}
