package clock

import (
	"encoding/json"
	"fmt"

	"github.com/supportplan/supportplan/internal/enum"
	"github.com/supportplan/supportplan/internal/field"
	"github.com/supportplan/supportplan/internal/strictjson"
)

// A Reopening is the effect of reopening a case on the clock that closing it
// stopped: resolution's, and that of a first response that has not come. Next
// response and update have cycles of their own; closing ends them. It is
// [ReopeningContinues], [ReopeningCounts], [ReopeningRestarts] or
// [ReopeningIgnored]; the empty Reopening is ReopeningContinues.
type Reopening string

const (
	ReopeningContinues Reopening = "continues"    // the clock goes on without the closed time
	ReopeningCounts    Reopening = "counts"       // the clock goes on as if the case had stayed open; a breach in the closed time happens at the reopening
	ReopeningRestarts  Reopening = "restarts"     // a new cycle starts at the reopening
	ReopeningIgnored   Reopening = "first-closes" // the first closing is final
)

var reopenings = []Reopening{ReopeningContinues, ReopeningCounts, ReopeningRestarts, ReopeningIgnored}

// UnmarshalText sets *r to the one that b spells, or returns an error wrapping
// [ErrInvalid].
func (r *Reopening) UnmarshalText(b []byte) error {
	return enum.ReadToken(r, b, "reopening", reopenings, ErrInvalid)
}

// A Convention is a way to time one metric, for products differ in it. The zero
// Convention is this package's answer, see [Metric].
type Convention struct {
	// Reopened is the effect of a reopening. It does not matter to next response
	// and update.
	Reopened Reopening
	// CountPauses lets the clock run on in pauses.
	CountPauses bool
	// FromOpening starts a cycle at the opening: the opening message is
	// a customer message to be answered by the next response, or the first
	// update is due from the opening on. First response and resolution run from
	// the opening anyway.
	FromOpening bool
	// FromLatest measures the next response from the latest customer message and
	// not from the first unanswered one: each message
	// restarts a cycle that has not been breached.
	FromLatest bool
}

// Conventions are the ways to time cases; their method Evaluate is the entry of
// this package. The zero Conventions have the zero [Convention] for every
// metric and warn at 50, 75 and 90 percent.
//
// The JSON form is {"warnings": [50, 100], "resolution": {"reopened": "counts",
// "countPauses": true}, …} without zero fields.
type Conventions struct {
	FirstResponse Convention
	NextResponse  Convention
	Update        Convention
	Resolution    Convention

	// Warnings are percentages of a target from 1 to 1000, in rising order, at
	// which a cycle warns. Those over 100 come after the breach, for
	// escalation. Nil means 50, 75 and 90; an empty slice means none.
	Warnings []int
}

// at returns where the convention of the metric with index i stands.
func (v *Conventions) at(i int) *Convention {
	switch i {
	case first:
		return &v.FirstResponse
	case next:
		return &v.NextResponse
	case update:
		return &v.Update
	}
	return &v.Resolution
}

const maxPercent = 1000

var standardWarnings = []int{50, 75, 90}

// warnings returns the percentages that v warns at.
func (v *Conventions) warnings() []int {
	if v.Warnings == nil {
		return standardWarnings
	}
	return v.Warnings
}

// check returns an error wrapping [ErrInvalid] if a field of v is not valid.
func (v *Conventions) check() error {
	for i := range targetFields {
		if r := v.at(i).Reopened; r != "" {
			if err := enum.CheckToken(r, "reopening", reopenings, ErrInvalid); err != nil {
				return field.Wrap(targetFields[i]+".reopened", err)
			}
		}
	}
	for i, p := range v.Warnings {
		if p < 1 || p > maxPercent || i > 0 && p <= v.Warnings[i-1] {
			return field.Wrap(fmt.Sprintf("warnings[%d]", i), fmt.Errorf("%d: want rising percentages from 1 to %d: %w", p, maxPercent, ErrInvalid))
		}
	}
	return nil
}

type conventionJSON struct {
	Reopened    Reopening `json:"reopened,omitempty"`
	CountPauses bool      `json:"countPauses,omitempty"`
	FromOpening bool      `json:"fromOpening,omitempty"`
	FromLatest  bool      `json:"fromLatest,omitempty"`
}

// MarshalJSON returns v's JSON form. It returns an error wrapping [ErrInvalid]
// if a field of v is not valid.
func (v Conventions) MarshalJSON() ([]byte, error) {
	if err := v.check(); err != nil {
		return nil, field.Op("clock: marshal conventions", err)
	}
	out := make(map[string]any)
	if v.Warnings != nil {
		out["warnings"] = v.Warnings
	}
	for i, name := range targetFields {
		c := *v.at(i)
		if c.Reopened == ReopeningContinues {
			c.Reopened = ""
		}
		if c != (Convention{}) {
			out[name] = conventionJSON(c)
		}
	}
	return json.Marshal(out)
}

// UnmarshalJSON reads v's JSON form, strictly. It returns an error wrapping
// [ErrInvalid]; then *v is unchanged.
func (v *Conventions) UnmarshalJSON(data []byte) error {
	return decode("conventions", data, v, func(v strictjson.Value) (w Conventions) {
		v.Object(func(o strictjson.Object) {
			if f := o.May("warnings"); f.IsPresent() {
				w.Warnings = []int{}
				for _, v := range f.Items(maxPercent) {
					w.Warnings = append(w.Warnings, int(v.Int(1, maxPercent)))
				}
			}
			for i, name := range targetFields {
				c := w.at(i)
				o.May(name).Object(func(o strictjson.Object) {
					o.May("reopened").Into(&c.Reopened)
					c.CountPauses = o.May("countPauses").Bool()
					c.FromOpening = o.May("fromOpening").Bool()
					c.FromLatest = o.May("fromLatest").Bool()
				})
			}
		})
		if err := w.check(); err != nil {
			v.Fail(err)
		}
		return w
	})
}
