package entitlement

import (
	"database/sql/driver"

	"github.com/supportplan/supportplan/internal/enum"
)

// A Platform is what third-party software runs on. The zero Platform is none at
// all.
type Platform uint8

// The platforms that the list tells apart, and all others.
// Source: Third-Party Software Support, 2023-09-15.
const (
	LinuxImage    Platform = 1 + iota // a Linux image of the provider
	WindowsImage                      // a Windows image of the provider
	OtherPlatform                     // anything else, such as an image of the customer's own
)

// Source: Third-Party Software Support, 2023-09-15. The tokens never change.
var platforms = enum.Texts[Platform]{
	Package: "entitlement",
	Type:    "Platform",
	Unknown: ErrUnknown,
	Tokens: []string{
		LinuxImage:    "linux-image",
		WindowsImage:  "windows-image",
		OtherPlatform: "other",
	},
	Names: []string{
		LinuxImage:    "the provider's Linux images",
		WindowsImage:  "the provider's Windows images",
		OtherPlatform: "another platform",
	},
}

// AllPlatforms returns every platform in the order of the constants, in a slice of the
// caller's own.
func AllPlatforms() []Platform { return platforms.All() }

// ParsePlatform returns the platform whose token or name is s, ignoring case. Any
// other s is an error wrapping [ErrUnknown].
func ParsePlatform(s string) (Platform, error) { return platforms.Parse(s) }

// IsValid reports whether p is one of the three platforms; the zero Platform is not.
func (p Platform) IsValid() bool { return platforms.IsValid(p) }

// String returns p's token, such as "linux-image", or Platform(n) if p is not
// valid.
func (p Platform) String() string { return platforms.String(p) }

// Name returns p's name for people, such as "the provider's Linux images", or Platform(n) if
// p is not valid.
func (p Platform) Name() string { return platforms.Name(p) }

// MarshalText returns p's token. If p is not valid it returns an error
// wrapping [ErrUnknown].
func (p Platform) MarshalText() ([]byte, error) { return platforms.MarshalText(p) }

// UnmarshalText sets *p to what [ParsePlatform] makes of b. After an error *p is as
// it was.
func (p *Platform) UnmarshalText(b []byte) error { return platforms.UnmarshalText(p, b) }

// Value returns p's token, for a text column. If p is not valid it returns an
// error wrapping [ErrUnknown]; for a nullable column use sql.Null[Platform].
func (p Platform) Value() (driver.Value, error) { return platforms.Value(p) }

// Scan sets *p from a text column, as [ParsePlatform] would. NULL and every other
// type are errors, after which *p is as it was.
func (p *Platform) Scan(src any) error { return platforms.Scan(p, src) }
