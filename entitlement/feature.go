package entitlement

import (
	"database/sql/driver"
	"errors"

	"github.com/supportplan/supportplan/internal/enum"
)

// ErrUnknown is wrapped by every error that rejects a feature.
var ErrUnknown = errors.New("unknown feature")

// A Feature is a row of the feature matrix: a service that a plan may include.
// The zero Feature is no feature at all; see [Feature.IsValid].
//
// A Feature is stored as its token, in text, JSON and SQL alike; the integers
// are never to be persisted.
type Feature uint8

// The features in the matrix's order, and one that the matrix leaves out.
// Source: Service Category, 2023-09-14.
const (
	SelfSupport                  Feature = 1 + iota // FAQs, documentation, message subscription, APIs, SDKs and the like
	Ticket                                          // tickets around the clock
	Phone                                           // a hotline around the clock
	IMGroup                                         // a dedicated chat group around the clock
	CaseHandling                                    // people who handle cases; a [Decision] has their name
	TechnicalAccountManager                         // a designated technical account manager
	ThirdPartySoftware                              // advice on third-party software; see package thirdparty
	EventManagement                                 // support of planned events; see package iem
	HealthCheck                                     // a risk assessment of cloud resources
	Training                                        // training by senior product experts
	ServiceReport                                   // a customised report
	ArchitectureOptimization                        // advice on architecture
	HighAvailabilityOptimization                    // advice on business continuity
	StabilityOptimization                           // advice on recovery, rehearsals and chaos engineering
	ResourcesOptimization                           // listed in the matrix, nowhere described
	BusinessHealthCheck                             // expert rules that watch core metrics; not in the matrix, inferred
)

// Source: Service Category, 2023-09-14; Introduction of service content,
// 2023-09-15. Others are abbreviations. The tokens never change.
var features = enum.Texts[Feature]{
	Package: "entitlement",
	Type:    "Feature",
	Unknown: ErrUnknown,
	Tokens: []string{
		SelfSupport:                  "self-support",
		Ticket:                       "ticket",
		Phone:                        "phone",
		IMGroup:                      "im-group",
		CaseHandling:                 "case-handling",
		TechnicalAccountManager:      "technical-account-manager",
		ThirdPartySoftware:           "third-party-software",
		EventManagement:              "event-management",
		HealthCheck:                  "health-check",
		Training:                     "training",
		ServiceReport:                "service-report",
		ArchitectureOptimization:     "architecture-optimization",
		HighAvailabilityOptimization: "high-availability-optimization",
		StabilityOptimization:        "stability-optimization",
		ResourcesOptimization:        "resources-optimization",
		BusinessHealthCheck:          "business-health-check",
	},
	Names: []string{
		SelfSupport:                  "Self-support",
		Ticket:                       "Ticket",
		Phone:                        "Phone",
		IMGroup:                      "IM group chat",
		CaseHandling:                 "Case handling personnel",
		TechnicalAccountManager:      "Technical account manager",
		ThirdPartySoftware:           "Third-party software support",
		EventManagement:              "Infrastructure event management (IEM)",
		HealthCheck:                  "Tencent Smart Advisor (TSA) health check",
		Training:                     "Communication and training",
		ServiceReport:                "Service report",
		ArchitectureOptimization:     "Architecture optimization",
		HighAvailabilityOptimization: "High-availability optimization",
		StabilityOptimization:        "Stability optimization",
		ResourcesOptimization:        "Resources optimization",
		BusinessHealthCheck:          "Business health check",
	},
	Others: []string{
		EventManagement: "IEM",
		HealthCheck:     "TSA",
	},
}

// A Category is one of the three groups that the document sorts features into:
// [CategoryStandard], [CategoryAdvanced] or [CategoryExpert].
type Category string

// The three categories in the document's order. Source: Service Category, 2023-09-14.
const (
	CategoryStandard Category = "standard" // the everyday ways to ask for help
	CategoryAdvanced Category = "advanced" // planned help around events, checks, training and reports
	CategoryExpert   Category = "expert"   // optimization with the provider's experts
)

// featureCategories is the first column of the matrix. Source: Service
// Category, 2023-09-14; Introduction of service content, 2023-09-15 (business
// health check).
var featureCategories = [...]Category{
	SelfSupport:                  CategoryStandard,
	Ticket:                       CategoryStandard,
	Phone:                        CategoryStandard,
	IMGroup:                      CategoryStandard,
	CaseHandling:                 CategoryStandard,
	TechnicalAccountManager:      CategoryStandard,
	ThirdPartySoftware:           CategoryStandard,
	EventManagement:              CategoryAdvanced,
	HealthCheck:                  CategoryAdvanced,
	Training:                     CategoryAdvanced,
	ServiceReport:                CategoryAdvanced,
	ArchitectureOptimization:     CategoryExpert,
	HighAvailabilityOptimization: CategoryExpert,
	StabilityOptimization:        CategoryExpert,
	ResourcesOptimization:        CategoryExpert,
	BusinessHealthCheck:          CategoryExpert,
}

// Features returns every feature, in the matrix's order and in a slice of the
// caller's own.
func Features() []Feature { return features.All() }

// Category returns the group that f belongs to, or "" if f is not valid.
//
// Source: Service Category, 2023-09-14; Introduction of service content,
// 2023-09-15 (business health check).
func (f Feature) Category() Category {
	if !f.IsValid() {
		return ""
	}
	return featureCategories[f]
}

// ParseFeature returns the feature whose token or name is s, ignoring case; "IEM"
// and "TSA" are names too. Any other s is an error wrapping [ErrUnknown].
func ParseFeature(s string) (Feature, error) { return features.Parse(s) }

// IsValid reports whether f is one of the features; the zero Feature is not.
func (f Feature) IsValid() bool { return features.IsValid(f) }

// String returns f's token, such as "im-group", or Feature(n) if f is not
// valid.
func (f Feature) String() string { return features.String(f) }

// Name returns f's name for people, such as "IM group chat", or Feature(n) if
// f is not valid.
func (f Feature) Name() string { return features.Name(f) }

// MarshalText returns f's token. If f is not valid it returns an error
// wrapping [ErrUnknown].
func (f Feature) MarshalText() ([]byte, error) { return features.MarshalText(f) }

// UnmarshalText sets *f to the feature whose token is b, exactly. Any other b is
// an error wrapping [ErrUnknown]; then *f is unchanged.
func (f *Feature) UnmarshalText(b []byte) error { return features.UnmarshalText(f, b) }

// Value returns f's token, for a text column. If f is not valid it returns an
// error wrapping [ErrUnknown]; for a nullable column use sql.Null[Feature].
func (f Feature) Value() (driver.Value, error) { return features.Value(f) }

// Scan sets *f from a text column that holds a token, exactly. Every other text,
// NULL and every other type are errors wrapping [ErrUnknown]; then *f is unchanged.
func (f *Feature) Scan(src any) error { return features.Scan(f, src) }
