package entitlement

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/supportplan/supportplan/internal/quote"
	"github.com/supportplan/supportplan/internal/strictjson"
	"github.com/supportplan/supportplan/sla/calendar"
)

// ErrOverride is wrapped by every error that rejects an override.
var ErrOverride = errors.New("not an override")

// ErrJSON is wrapped by every error of decoding JSON that is malformed, or has
// unknown, duplicate, missing or null fields.
var ErrJSON = strictjson.ErrInvalid

// maxName is how many bytes the name of an override or an event may have.
const maxName = 200

// An Override is a term of a contract: it grants or withholds a feature for a
// period, whatever the plan. The zero Override is none and not valid.
//
// Its JSON form is {"name": …, "kind": …, "feature": …, "start": …, "end": …}
// with RFC 3339 times; "end" is left out where there is none.
type Override struct {
	// Name is what decisions call the override by: 1 to 200 bytes of UTF-8.
	Name string
	// Kind says what the override does.
	Kind OverrideKind
	// Feature is what is granted or withheld.
	Feature Feature
	// Period is when the override is in force; it may have no end.
	Period calendar.Period
}

// Includes reports whether o, while it is in force, gives its feature: so do
// [Grant] and [AddOn]. It is false for a kind that is not valid.
func (o Override) Includes() bool { return o.Kind == Grant || o.Kind == AddOn }

// checked returns o with a period without monotonic readings, or what is wrong
// with o.
func (o Override) checked() (Override, error) {
	if !isName(o.Name) {
		return Override{}, fmt.Errorf("entitlement: override %s: its name is not 1 to %d bytes of UTF-8: %w",
			quote.String(o.Name), maxName, ErrOverride)
	}
	op := "override " + quote.String(o.Name) + ":"
	if err := overrideKinds.Check(strings.TrimSuffix(op, ":"), o.Kind); err != nil {
		return Override{}, err
	}
	if err := features.Check(strings.TrimSuffix(op, ":"), o.Feature); err != nil {
		return Override{}, err
	}
	period, err := calendar.NewPeriod(o.Period.Start, o.Period.End)
	if err != nil {
		return Override{}, fmt.Errorf("entitlement: %s %w", op, err)
	}
	o.Period = period
	return o, nil
}

func isName(s string) bool { return s != "" && len(s) <= maxName && utf8.ValidString(s) }

// String returns o as `grant "ACME 2026" of training [start, end)`.
func (o Override) String() string {
	return fmt.Sprintf("%v %s of %v %v", o.Kind, quote.String(o.Name), o.Feature, o.Period)
}

type overrideJSON struct {
	Name    string       `json:"name"`
	Kind    OverrideKind `json:"kind"`
	Feature Feature      `json:"feature"`
	Start   time.Time    `json:"start"`
	End     time.Time    `json:"end,omitzero"`
}

// MarshalJSON returns o's JSON form. An override that is not valid is an error
// wrapping [ErrOverride], [ErrUnknown] or [calendar.ErrPeriod].
func (o Override) MarshalJSON() ([]byte, error) {
	o, err := o.checked()
	if err != nil {
		return nil, err
	}
	return json.Marshal(overrideJSON{
		o.Name, o.Kind, o.Feature, strictjson.Instant(o.Period.Start), strictjson.Instant(o.Period.End),
	})
}

// UnmarshalJSON reads o's JSON form, strictly. It returns errors wrapping
// [ErrJSON], [ErrOverride], [ErrUnknown] or [calendar.ErrPeriod], after which *o is
// as it was.
func (o *Override) UnmarshalJSON(data []byte) error {
	var p Override
	err := strictjson.Decode("entitlement: decode override", data, func(v strictjson.Value) { p = decodeOverride(v) })
	if err != nil {
		return err
	}
	*o = p
	return nil
}

// decodeOverride reads the override that v must be.
func decodeOverride(v strictjson.Value) (o Override) {
	v.Object(func(obj strictjson.Object) {
		o.Name = obj.Need("name").Text()
		obj.Need("kind").Into(&o.Kind)
		obj.Need("feature").Into(&o.Feature)
		o.Period.Start = obj.Need("start").Time()
		if end := obj.May("end"); end.IsPresent() {
			if o.Period.End = end.Time(); o.Period.End.IsZero() {
				end.Fail(fmt.Errorf("%s: %w", quote.String(end.Text()), calendar.ErrPeriod))
			}
		}
		var err error
		if o, err = o.checked(); err != nil {
			v.Fail(err)
		}
	})
	return o
}
