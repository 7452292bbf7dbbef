package entitlement

import (
	"database/sql/driver"

	"github.com/supportplan/supportplan/internal/enum"
)

// Software is third-party software that support gives advice on; see
// [Listings]. The zero Software is none at all.
type Software uint8

// The listed software in the document's order.
// Source: Third-Party Software Support, 2023-09-15.
const (
	SSH             Software = 1 + iota // remote login
	MSTSC                               // Windows Remote Desktop
	SCPRsync                            // copying files
	SFTP                                // file transfer over SSH
	FTP                                 // file transfer; two servers are listed
	LinuxFirewall                       // packet filters of Linux
	WindowsFirewall                     // the packet filter of Windows
)

// Source: Third-Party Software Support, 2023-09-15. The tokens never change.
var softwares = enum.Texts[Software]{
	Package: "entitlement",
	Type:    "Software",
	Unknown: ErrUnknown,
	Tokens: []string{
		SSH:             "ssh",
		MSTSC:           "mstsc",
		SCPRsync:        "scp-rsync",
		SFTP:            "sftp",
		FTP:             "ftp",
		LinuxFirewall:   "linux-firewall",
		WindowsFirewall: "windows-firewall",
	},
	Names: []string{
		SSH:             "SSH",
		MSTSC:           "MSTSC",
		SCPRsync:        "SCP & Rsync",
		SFTP:            "SFTP",
		FTP:             "FTP",
		LinuxFirewall:   "Linux iptables & firewalld",
		WindowsFirewall: "Windows Firewall",
	},
}

// AllSoftware returns every software in the order of the constants, in a slice of the
// caller's own.
func AllSoftware() []Software { return softwares.All() }

// ParseSoftware returns the software whose token or name is s, ignoring case. Any
// other s is an error wrapping [ErrUnknown].
func ParseSoftware(s string) (Software, error) { return softwares.Parse(s) }

// IsValid reports whether s is on the list; the zero Software is not.
func (s Software) IsValid() bool { return softwares.IsValid(s) }

// String returns s's token, such as "scp-rsync", or Software(n) if s is not
// valid.
func (s Software) String() string { return softwares.String(s) }

// Name returns s's name for people, such as "SCP & Rsync", or Software(n) if
// s is not valid.
func (s Software) Name() string { return softwares.Name(s) }

// MarshalText returns s's token. If s is not valid it returns an error
// wrapping [ErrUnknown].
func (s Software) MarshalText() ([]byte, error) { return softwares.MarshalText(s) }

// UnmarshalText sets *s to what [ParseSoftware] makes of b. After an error *s is as
// it was.
func (s *Software) UnmarshalText(b []byte) error { return softwares.UnmarshalText(s, b) }

// Value returns s's token, for a text column. If s is not valid it returns an
// error wrapping [ErrUnknown]; for a nullable column use sql.Null[Software].
func (s Software) Value() (driver.Value, error) { return softwares.Value(s) }

// Scan sets *s from a text column, as [ParseSoftware] would. NULL and every other
// type are errors, after which *s is as it was.
func (s *Software) Scan(src any) error { return softwares.Scan(s, src) }
