package entitlement

import (
	"database/sql/driver"

	"github.com/supportplan/supportplan/internal/enum"
	"github.com/supportplan/supportplan/plan"
)

// An IMService is a messaging service on which a customer's dedicated group may
// be. The group is set up after purchase; see [IMGroup] for who has one. The
// zero IMService is none at all.
type IMService uint8

// The two services. Source: Support Methods, 2023-09-18.
const (
	Slack IMService = 1 + iota
	WeCom           // also called Enterprise WeChat
)

// Source: Support Methods, 2023-09-18. The tokens never change.
var imServices = enum.Texts[IMService]{
	Package: "entitlement",
	Type:    "IMService",
	Unknown: ErrUnknown,
	Tokens: []string{
		Slack: "slack",
		WeCom: "wecom",
	},
	Names: []string{
		Slack: "Slack",
		WeCom: "WeCom",
	},
	Others: []string{
		WeCom: "Enterprise WeChat",
	},
}

// PrimaryChannel returns the channel that customers of plan p are to use first
// for questions and reports: the IM group where the plan has one. The document
// names none for other plans, for which PrimaryChannel returns false.
//
// Source: Support Methods, 2023-09-18.
func (m Matrix) PrimaryChannel(p plan.Plan) (Channel, bool) {
	if m.Includes(p, IMGroup) {
		return ChannelIMGroup, true
	}
	return 0, false
}

// AllIMServices returns every service in the order of the constants, in a slice of the
// caller's own.
func AllIMServices() []IMService { return imServices.All() }

// ParseIMService returns the service whose token or name is s, ignoring case;
// "Enterprise WeChat" is a name of [WeCom]. Any other s is an error wrapping [ErrUnknown].
func ParseIMService(s string) (IMService, error) { return imServices.Parse(s) }

// IsValid reports whether s is one of the two services; the zero IMService is not.
func (s IMService) IsValid() bool { return imServices.IsValid(s) }

// String returns s's token, such as "wecom", or IMService(n) if s is not
// valid.
func (s IMService) String() string { return imServices.String(s) }

// Name returns s's name for people, such as "WeCom", or IMService(n) if
// s is not valid.
func (s IMService) Name() string { return imServices.Name(s) }

// MarshalText returns s's token. If s is not valid it returns an error
// wrapping [ErrUnknown].
func (s IMService) MarshalText() ([]byte, error) { return imServices.MarshalText(s) }

// UnmarshalText sets *s to what [ParseIMService] makes of b. After an error *s is as
// it was.
func (s *IMService) UnmarshalText(b []byte) error { return imServices.UnmarshalText(s, b) }

// Value returns s's token, for a text column. If s is not valid it returns an
// error wrapping [ErrUnknown]; for a nullable column use sql.Null[IMService].
func (s IMService) Value() (driver.Value, error) { return imServices.Value(s) }

// Scan sets *s from a text column, as [ParseIMService] would. NULL and every other
// type are errors, after which *s is as it was.
func (s *IMService) Scan(src any) error { return imServices.Scan(s, src) }
