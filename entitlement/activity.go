package entitlement

import (
	"database/sql/driver"

	"github.com/supportplan/supportplan/internal/enum"
)

// An Activity is a kind of help that a customer may ask for. The zero Activity
// is none at all.
type Activity uint8

// What is in scope, then what is out of it, in the document's order.
// Source: Service Scope, 2023-09-15.
const (
	ProductUse          Activity = 1 + iota // consultation, troubleshooting and usage support
	SolutionAdvice                          // consultation, with best practices
	InterfaceAdvice                         // interface consultation and troubleshooting
	ThirdPartyAdvice                        // configuration guidance and troubleshooting help
	CodeDevelopment                         // writing the customer's code
	BusinessOperation                       // operating and maintaining business systems
	ThirdPartyOperation                     // installing, patching, testing, diagnosing and tuning it
)

// Source: Service Scope, 2023-09-15. The tokens never change.
var activities = enum.Texts[Activity]{
	Package: "entitlement",
	Type:    "Activity",
	Unknown: ErrUnknown,
	Tokens: []string{
		ProductUse:          "product-use",
		SolutionAdvice:      "solution-advice",
		InterfaceAdvice:     "interface-advice",
		ThirdPartyAdvice:    "third-party-advice",
		CodeDevelopment:     "code-development",
		BusinessOperation:   "business-operation",
		ThirdPartyOperation: "third-party-operation",
	},
	Names: []string{
		ProductUse:          "Use of the provider's products",
		SolutionAdvice:      "Technology and solutions",
		InterfaceAdvice:     "APIs and SDKs",
		ThirdPartyAdvice:    "Advice on third-party software",
		CodeDevelopment:     "Code development",
		BusinessOperation:   "Operation of the customer's systems",
		ThirdPartyOperation: "Operation of third-party software",
	},
}

// activityFacts retells the service scope. Source: Service Scope, 2023-09-15.
var activityFacts = [...]struct {
	scope       Scope
	description string
}{
	ProductUse:          {InScope, "consultation, troubleshooting and usage support for the provider's international products"},
	SolutionAdvice:      {InScope, "consultation on the provider's technology and solutions, with best practices"},
	InterfaceAdvice:     {InScope, "interface consultation and troubleshooting while the provider's APIs and SDKs are used"},
	ThirdPartyAdvice:    {InScope, "configuration guidance and troubleshooting help for relevant third-party software that is used with the provider's products"},
	CodeDevelopment:     {OutOfScope, "developing code"},
	BusinessOperation:   {OutOfScope, "operating and maintaining the customer's business systems"},
	ThirdPartyOperation: {OutOfScope, "routine operation and maintenance of third-party software: installing, patching, testing, diagnosing and tuning it"},
}

// Scope returns whether support helps with a: [InScope] or [OutOfScope], or the
// zero Scope if a is not valid. What is in scope for third-party software is
// for [ThirdParty] to say.
//
// Source: Service Scope, 2023-09-15.
func (a Activity) Scope() Scope {
	if !a.IsValid() {
		return 0
	}
	return activityFacts[a].scope
}

// Description says what a is, in words of our own, or is empty if a is not
// valid.
//
// Source: Service Scope, 2023-09-15.
func (a Activity) Description() string {
	if !a.IsValid() {
		return ""
	}
	return activityFacts[a].description
}

// AllActivities returns every activity in the order of the constants, in a slice of the
// caller's own.
func AllActivities() []Activity { return activities.All() }

// ParseActivity returns the activity whose token or name is s, ignoring case. Any
// other s is an error wrapping [ErrUnknown].
func ParseActivity(s string) (Activity, error) { return activities.Parse(s) }

// IsValid reports whether a is one of the activities; the zero Activity is not.
func (a Activity) IsValid() bool { return activities.IsValid(a) }

// String returns a's token, such as "code-development", or Activity(n) if a is not
// valid.
func (a Activity) String() string { return activities.String(a) }

// Name returns a's name for people, such as "Code development", or Activity(n) if
// a is not valid.
func (a Activity) Name() string { return activities.Name(a) }

// MarshalText returns a's token. If a is not valid it returns an error
// wrapping [ErrUnknown].
func (a Activity) MarshalText() ([]byte, error) { return activities.MarshalText(a) }

// UnmarshalText sets *a to what [ParseActivity] makes of b. After an error *a is as
// it was.
func (a *Activity) UnmarshalText(b []byte) error { return activities.UnmarshalText(a, b) }

// Value returns a's token, for a text column. If a is not valid it returns an
// error wrapping [ErrUnknown]; for a nullable column use sql.Null[Activity].
func (a Activity) Value() (driver.Value, error) { return activities.Value(a) }

// Scan sets *a from a text column, as [ParseActivity] would. NULL and every other
// type are errors, after which *a is as it was.
func (a *Activity) Scan(src any) error { return activities.Scan(a, src) }
