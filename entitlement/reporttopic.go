package entitlement

import (
	"database/sql/driver"

	"github.com/supportplan/supportplan/internal/enum"
)

// A ReportTopic is a subject of a service report, which is customised: the
// topics are examples rather than all there are. The zero ReportTopic is none at
// all.
type ReportTopic uint8

// The topics in the document's order. Source: Service Report, 2023-09-14.
const (
	TopicRequirements ReportTopic = 1 + iota
	TopicProblems
	TopicCosts
	TopicAccount
	TopicTickets
	TopicChanges
	TopicHealthCheck
	TopicOptimization
	TopicProjects
)

// Source: Service Report, 2023-09-14. The tokens never change.
var topics = enum.Texts[ReportTopic]{
	Package: "entitlement",
	Type:    "ReportTopic",
	Unknown: ErrUnknown,
	Tokens: []string{
		TopicRequirements: "requirements",
		TopicProblems:     "problems",
		TopicCosts:        "costs",
		TopicAccount:      "account",
		TopicTickets:      "tickets",
		TopicChanges:      "changes",
		TopicHealthCheck:  "health-check",
		TopicOptimization: "optimization",
		TopicProjects:     "projects",
	},
	Names: []string{
		TopicRequirements: "How requirements stand",
		TopicProblems:     "Main problems",
		TopicCosts:        "Costs",
		TopicAccount:      "Account",
		TopicTickets:      "Ticket figures",
		TopicChanges:      "Notices of major changes",
		TopicHealthCheck:  "TSA findings",
		TopicOptimization: "Optimization done proactively",
		TopicProjects:     "Joint projects",
	},
}

// AllReportTopics returns every topic in the order of the constants, in a slice of the
// caller's own.
func AllReportTopics() []ReportTopic { return topics.All() }

// ParseReportTopic returns the topic whose token or name is s, ignoring case. Any
// other s is an error wrapping [ErrUnknown].
func ParseReportTopic(s string) (ReportTopic, error) { return topics.Parse(s) }

// IsValid reports whether t is one of the topics; the zero ReportTopic is not.
func (t ReportTopic) IsValid() bool { return topics.IsValid(t) }

// String returns t's token, such as "tickets", or ReportTopic(n) if t is not
// valid.
func (t ReportTopic) String() string { return topics.String(t) }

// Name returns t's name for people, such as "Ticket figures", or ReportTopic(n) if
// t is not valid.
func (t ReportTopic) Name() string { return topics.Name(t) }

// MarshalText returns t's token. If t is not valid it returns an error
// wrapping [ErrUnknown].
func (t ReportTopic) MarshalText() ([]byte, error) { return topics.MarshalText(t) }

// UnmarshalText sets *t to what [ParseReportTopic] makes of b. After an error *t is as
// it was.
func (t *ReportTopic) UnmarshalText(b []byte) error { return topics.UnmarshalText(t, b) }

// Value returns t's token, for a text column. If t is not valid it returns an
// error wrapping [ErrUnknown]; for a nullable column use sql.Null[ReportTopic].
func (t ReportTopic) Value() (driver.Value, error) { return topics.Value(t) }

// Scan sets *t from a text column, as [ParseReportTopic] would. NULL and every other
// type are errors, after which *t is as it was.
func (t *ReportTopic) Scan(src any) error { return topics.Scan(t, src) }
