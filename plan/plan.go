// Package plan has the four support plans of a cloud provider, the history of an
// account's plans, and the needs that a plan meets.
//
// A [Plan] is Basic, Developer, Business or Enterprise, in rising order. A
// [Timeline] is an account's history of plans. The zero Timeline is Basic
// throughout, and each everyday change is a method that returns a new Timeline:
//
//	t, err := plan.Timeline{}.From(january, plan.Developer) // bought, without an end
//	t, err = t.From(march17, plan.Business)                 // an upgrade
//	t, err = t.EndAt(june)                                  // Basic again
//	for _, s := range t.Segments(march) {
//		fmt.Println(s.Plan, s.Period) // developer, then business
//	}
//
// [Timeline.From] is the everyday purchase, upgrade and downgrade.
// [Timeline.Switch] is for a plan bought for a term: the new plan ends when the
// old one would have. [NewTimeline] makes a Timeline of stored [Subscription]s.
//
// [Lowest] returns the lowest plan that meets every [Need]: a feature, by Matrix.Need
// of package entitlement; a response time, a Need of package sla; or a
// caller's own. The packages entitlement, sla and billing add features, response
// times and fees.
//
// The data retells the provider's public document and is general information:
// it is no contract, it may change, and the provider's terms govern. This
// library is not affiliated with the provider.
package plan

import (
	"database/sql/driver"
	"errors"
	"fmt"

	"github.com/supportplan/supportplan/internal/enum"
	"github.com/supportplan/supportplan/internal/field"
)

// A Plan is a support plan. Plans are ordered: the higher the value, the more
// the plan includes, so p >= Business reads as it should. The zero Plan is no
// plan at all; see [Plan.IsValid].
//
// A Plan is stored as its token, in text, JSON and SQL alike; the integers are
// never to be persisted.
type Plan uint8

// The four plans in rising order. Source: Product Category, 2023-09-14.
const (
	Basic      Plan = 1 + iota // free, provided by default
	Developer                  // the first of the three paid plans
	Business                   // more channels, quick response
	Enterprise                 // everything, with a designated account manager
)

var (
	// ErrUnknown is wrapped by every error that rejects a plan.
	ErrUnknown = errors.New("unknown plan")
	// ErrInvalid is wrapped by every other error that rejects a timeline, made in
	// Go or read from JSON.
	ErrInvalid = errors.New("invalid timeline")
)

// A FieldError is the part of an error that names the field that is wrong, for
// [errors.As].
type FieldError = field.Error

// Source: Product Category, 2023-09-14. The tokens never change.
var texts = enum.Texts[Plan]{
	Package: "plan",
	Type:    "Plan",
	Unknown: ErrUnknown,
	Tokens:  []string{Basic: "basic", Developer: "developer", Business: "business", Enterprise: "enterprise"},
	Names:   []string{Basic: "Basic", Developer: "Developer", Business: "Business", Enterprise: "Enterprise"},
}

// summaries describes each plan in a few words. Source: Product Category, 2023-09-14.
var summaries = [...]string{
	Basic:      "questions answered by ticket",
	Developer:  "the standard services, with faster answers to technical issues",
	Business:   "quick response over several channels, with value-added services",
	Enterprise: "a dedicated technical account manager, experts around the clock, architecture support made to measure",
}

// audiences describes the customers of each plan. Source: Product Category, 2023-09-14.
var audiences = [...]string{
	Basic:      "individuals and small firms with light workloads",
	Developer:  "developers and small firms: large-scale computing, experiments, test environments, non-critical production",
	Business:   "medium and large firms whose large deployments need performance, stability, availability and quick response",
	Enterprise: "large firms and critical production: ultra-large deployments with the highest demands on security, control and availability",
}

// All returns the four plans in rising order, in a slice of the caller's own.
func All() []Plan { return texts.All() }

// Parse returns the plan whose token or name is s, ignoring case. Any other s
// is an error wrapping [ErrUnknown].
func Parse(s string) (Plan, error) { return texts.Parse(s) }

// IsValid reports whether p is one of the four plans; the zero Plan is not.
func (p Plan) IsValid() bool { return texts.IsValid(p) }

// IsPaid reports whether p is one of the plans that are bought: Developer,
// Business and Enterprise. It is false for a p that is not valid.
//
// Source: Introduction, 2023-09-22.
func (p Plan) IsPaid() bool { return p.IsValid() && p > Basic }

// check returns an error wrapping ErrUnknown if p is not valid.
func (p Plan) check() error {
	if p.IsValid() {
		return nil
	}
	return fmt.Errorf("%v: want %v, %v, %v or %v: %w", p, Basic, Developer, Business, Enterprise, ErrUnknown)
}

// String returns p's token, such as "business", or Plan(n) if p is not valid.
func (p Plan) String() string { return texts.String(p) }

// Name returns the document's name of p, such as "Business", or Plan(n) if p
// is not valid.
//
// Source: Product Category, 2023-09-14.
func (p Plan) Name() string { return texts.Name(p) }

// Summary describes p in a few words of our own. It is empty if p is not valid.
//
// Source: Product Category, 2023-09-14.
func (p Plan) Summary() string { return lookup(summaries[:], p) }

// Audience describes the customers that p is meant for, in words of our own. It is
// empty if p is not valid.
//
// Source: Product Category, 2023-09-14.
func (p Plan) Audience() string { return lookup(audiences[:], p) }

func lookup(texts []string, p Plan) string {
	if !p.IsValid() {
		return ""
	}
	return texts[p]
}

// MarshalText returns p's token. If p is not valid it returns an error
// wrapping [ErrUnknown].
func (p Plan) MarshalText() ([]byte, error) { return texts.MarshalText(p) }

// UnmarshalText sets *p to the plan whose token is b, exactly. Any other b is an
// error wrapping [ErrUnknown]; then *p is unchanged.
func (p *Plan) UnmarshalText(b []byte) error { return texts.UnmarshalText(p, b) }

// Value returns p's token, for a text column. If p is not valid it returns an
// error wrapping [ErrUnknown]; for a nullable column use sql.Null[Plan].
func (p Plan) Value() (driver.Value, error) { return texts.Value(p) }

// Scan sets *p from a text column that holds a token, exactly. Every other text,
// NULL and every other type are errors wrapping [ErrUnknown]; then *p is unchanged.
func (p *Plan) Scan(src any) error { return texts.Scan(p, src) }
