// Package thirdparty answers whether support gives advice on a third-party
// software.
//
// [Listings] is the document's list. [Check] answers a [Request] that names a
// software, its platform and its version: in scope, out of scope or not listed.
// Two conditions must both hold for help: the customer's plan includes
// third-party support, which the caller asks package entitlement, and the
// request is in scope.
//
//	version, err := thirdparty.ParseVersion("3.0.3")
//	a, err := thirdparty.Check(thirdparty.Request{
//		Entitled: entitlement.Published().Includes(p, entitlement.ThirdPartySoftware),
//		Software: "vsftpd",
//		Platform: thirdparty.PlatformLinux,
//		Version:  version,
//	})
//	fmt.Println(a.Supported, a.Reason)
//
// Software that is not listed is an answer, no error. A version is needed only
// if the list has a range of versions; a request without it is then an error
// that asks for it.
//
// The data retells the provider's public document and is general information:
// it is no contract, it may change, and the provider's terms govern. This
// library is not affiliated with the provider.
package thirdparty

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/supportplan/supportplan/internal/enum"
	"github.com/supportplan/supportplan/internal/field"
	"github.com/supportplan/supportplan/internal/quote"
)

// ErrInvalid is wrapped by every error that rejects a platform or a version, or
// misses one.
var ErrInvalid = errors.New("invalid platform or version")

// A FieldError is the part of an error that names the field that is wrong, for
// [errors.As].
type FieldError = field.Error

// A Platform is the system that a third-party software runs on:
// [PlatformLinux], [PlatformWindows] or [PlatformOther]. The zero Platform is
// not valid.
type Platform string

// The platforms that the list tells apart, and all others.
// Source: Third-Party Software Support, 2023-09-15. The tokens never change.
const (
	PlatformLinux   Platform = "linux-image"   // a Linux image of the provider
	PlatformWindows Platform = "windows-image" // a Windows image of the provider
	PlatformOther   Platform = "other"         // anything else, such as an image of the customer's own
)

var platforms = []Platform{PlatformLinux, PlatformWindows, PlatformOther}

// platformNames are the platforms as reasons name them.
var platformNames = map[Platform]string{
	PlatformLinux:   "the provider's Linux images",
	PlatformWindows: "the provider's Windows images",
	PlatformOther:   "another platform",
}

// UnmarshalText sets *p to the platform whose token is b, exactly. Any other b
// is an error wrapping [ErrInvalid]; then *p is unchanged.
func (p *Platform) UnmarshalText(b []byte) error {
	return enum.ReadToken(p, b, "platform", platforms, ErrInvalid)
}

func (p Platform) check() error { return enum.CheckToken(p, "platform", platforms, ErrInvalid) }

// A Scope answers whether a request is among the things that support helps
// with: [ScopeIn], [ScopeOut] or [ScopeNotListed].
type Scope string

// The three answers. The document has a list of each of the first two, and nothing
// about other software.
const (
	ScopeIn        Scope = "in-scope"     // support helps
	ScopeOut       Scope = "out-of-scope" // support does not help
	ScopeNotListed Scope = "not-listed"   // the document does not say
)

// A Listing is an entry of the list of third-party software that support gives
// advice on. The zero Listing is none.
type Listing struct {
	Software string   `json:"software"`         // as in "FTP"
	Server   string   `json:"server,omitempty"` // the one server meant, as in "vsftpd", if Software has several
	Category string   `json:"category"`         // the group that the list puts it in, as in "Security policy"
	Platform Platform `json:"platform"`         // the provider's images that it must run on
	Native   bool     `json:"native"`           // it must be the one that the image or its package manager provides
	AtLeast  Version  `json:"atLeast,omitzero"` // the lowest version listed; the zero Version if any is
	Examples []string `json:"examples"`         // subjects of advice, in words of our own
}

// Name returns the everyday name of the entry: its server if it names one, and
// its software if not.
func (l Listing) Name() string {
	if l.Server != "" {
		return l.Server
	}
	return l.Software
}

func (l Listing) clone() Listing {
	l.Examples = slices.Clone(l.Examples)
	return l
}

const (
	remoteAccess   = "Remote access and file transfer"
	securityPolicy = "Security policy"
)

// list is the list of third-party software. FTP is one software with two listed
// servers; the native vsftpd is the one that yum installs. The names are other
// spellings that people type, as [key] returns them: the parts that an entry
// joins, programs, protocols and full names.
// Source: Third-Party Software Support, 2023-09-15; the names are ours.
var list = [...]struct {
	Listing
	names []string
}{
	{Listing{"SSH", "", remoteAccess, PlatformLinux, true, Version{}, []string{
		"the service fails to start", "the connection fails"}},
		[]string{"ssh", "ssh2", "sshd", "openssh", "opensshd", "sshclient", "opensshclient", "secureshell"}},
	{Listing{"MSTSC", "", remoteAccess, PlatformWindows, true, Version{}, []string{
		"Remote Desktop Service fails to start on the server", "login is impossible or fails after the service has started"}},
		[]string{"mstsc", "mstscexe", "rdp", "rdpclient", "remotedesktop", "remotedesktopservices", "remotedesktopclient", "remotedesktopconnection",
			"remotedesktopprotocol", "microsoftremotedesktop", "terminalservices", "termservice"}},
	{Listing{"SCP & Rsync", "", remoteAccess, PlatformLinux, true, Version{}, []string{
		"the connection fails", "error messages"}},
		[]string{"scprsync", "scpandrsync", "scp", "securecopy", "rsync", "rsyncd"}},
	{Listing{"SFTP", "", remoteAccess, PlatformLinux, false, Version{}, []string{
		"configuring system accounts for login", "the connection fails on the server's side"}},
		[]string{"sftp", "sshftp", "internalsftp", "sshfiletransferprotocol", "securefiletransferprotocol"}},
	{Listing{"FTP", "vsftpd", remoteAccess, PlatformLinux, true, Version{"3.0"}, []string{
		"installation or start-up fails", "the connection fails on the server's side"}},
		[]string{"ftp", "ftpd", "filetransferprotocol", "vsftpd", "vsftp", "ftpvsftpd", "verysecureftp"}},
	{Listing{"FTP", "FileZilla server", remoteAccess, PlatformWindows, false, Version{"0.9.60.2"}, []string{
		"installation or start-up fails", "the connection fails on the server's side"}},
		[]string{"ftp", "ftpd", "filetransferprotocol", "filezilla", "ftpfilezilla"}},
	{Listing{"Linux iptables & firewalld", "", securityPolicy, PlatformLinux, false, Version{}, []string{
		"the basic syntax of allow rules"}},
		[]string{"firewall", "iptablesfirewalld", "iptablesandfirewalld", "iptables", "ip6tables", "firewalld", "firewallcmd"}},
	{Listing{"Windows Firewall", "", securityPolicy, PlatformWindows, false, Version{}, []string{
		"adding basic inbound and outbound rules"}},
		[]string{"firewall", "defenderfirewall", "microsoftdefenderfirewall", "firewallwithadvancedsecurity"}},
}

// Listings returns the third-party software that is listed, in the document's
// order and in slices of the caller's own.
//
// Source: Third-Party Software Support, 2023-09-15.
func Listings() []Listing {
	out := make([]Listing, len(list))
	for i, l := range list {
		out[i] = l.clone()
	}
	return out
}

// maxKey is how many bytes a name may have that is looked up; no listed one has
// as many.
const maxKey = 64

// key returns name in lower case, without blanks and other ASCII characters that
// are neither letters nor digits.
func key(name string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case 'A' <= r && r <= 'Z':
			return r - 'A' + 'a'
		case 'a' <= r && r <= 'z', '0' <= r && r <= '9', r >= 0x80:
			return r
		}
		return -1
	}, name)
}

// listed returns the entries that the name may mean: one, or several if it names
// a software with several servers, or none if it is not listed. A platform may
// stand before the name ("Linux iptables"), and a common noun after it ("ssh
// server").
func listed(name string) []Listing {
	if name = key(name); len(name) > maxKey {
		return nil
	}
	return find(name)
}

// find is listed for a name that is a key.
func find(name string) (out []Listing) {
	for _, l := range list {
		if slices.Contains(l.names, name) {
			out = append(out, l.Listing)
		}
	}
	if len(out) > 0 {
		return out
	}
	for _, noun := range []string{"server", "service", "daemon"} {
		if rest, ok := strings.CutSuffix(name, noun); ok {
			return find(rest)
		}
	}
	for prefix, platform := range map[string]Platform{"linux": PlatformLinux, "windows": PlatformWindows} {
		if rest, ok := strings.CutPrefix(name, prefix); ok {
			all := find(rest)
			elsewhere := func(l Listing) bool { return l.Platform != platform }
			if some := slices.DeleteFunc(slices.Clone(all), elsewhere); len(some) > 0 {
				return some
			}
			return all
		}
	}
	return nil
}

// A Request describes a question to support about third-party software.
type Request struct {
	// Entitled is true if the customer has third-party support, by plan or by
	// contract. Package entitlement answers that, for its feature
	// ThirdPartySoftware.
	Entitled bool
	// Software is its name as people type it. Case, blanks and punctuation are
	// ignored; parts ("rsync"), servers ("vsftpd"), programs ("sshd") and
	// protocols ("RDP") are names too.
	Software string
	// Platform is the system that it runs on.
	Platform Platform
	// Version is needed if a range of versions is listed, and ignored if not.
	Version Version
	// OwnBuild is true if the customer has replaced the software of the image,
	// or of its package manager, by another build.
	OwnBuild bool
	// HandsOn is true if support is asked to do the work, such as installing,
	// patching, testing, diagnosing or tuning, rather than to advise on it.
	HandsOn bool
}

// An Answer is the help of support with a third-party software.
type Answer struct {
	// Supported is true if the customer is entitled and Scope is [ScopeIn]. Even
	// then support is best-effort advice.
	Supported bool `json:"supported"`
	// Scope is the answer of the list, whoever asks.
	Scope Scope `json:"scope"`
	// Reason explains Scope in a few words for people.
	Reason string `json:"reason"`
	// Listing is the entry that decided, with its versions and examples. It is
	// the zero Listing if the software is not listed, or not on that platform.
	Listing Listing `json:"listing,omitzero"`
}

// Check answers whether support helps with the third-party software that r
// names. Software that is not on the list is [ScopeNotListed], which is neither
// in scope nor out of it. Software that is listed, but on another platform, in
// an older version or as another build, is [ScopeOut], and so is doing the work
// for the customer.
//
// It returns an error wrapping [ErrInvalid] if r.Platform is not valid, or if
// r.Version is zero and the answer depends on it.
//
// Source: Third-Party Software Support, 2023-09-15; Service Scope, 2023-09-15.
func Check(r Request) (Answer, error) {
	if err := r.Platform.check(); err != nil {
		return Answer{}, field.Op("thirdparty: check", field.Wrap("platform", err))
	}
	answer := func(s Scope, l Listing, format string, args ...any) (Answer, error) {
		return Answer{r.Entitled && s == ScopeIn, s, fmt.Sprintf(format, args...), l.clone()}, nil
	}

	entries := listed(r.Software)
	if len(entries) == 0 {
		return answer(ScopeNotListed, Listing{}, "%s is not listed", quote.String(r.Software))
	}
	i := slices.IndexFunc(entries, func(l Listing) bool { return l.Platform == r.Platform })
	if i < 0 {
		return answer(ScopeOut, Listing{}, "%s is not listed for %s", quote.String(r.Software), platformNames[r.Platform])
	}
	l := entries[i]
	switch {
	case l.Native && r.OwnBuild:
		return answer(ScopeOut, l, "only the %s that comes with %s is listed", l.Name(), platformNames[l.Platform])
	case r.HandsOn:
		return answer(ScopeOut, l, "support advises on %s, but does not operate or maintain it", l.Name())
	case l.AtLeast != Version{} && r.Version == Version{}:
		return Answer{}, fmt.Errorf("thirdparty: check: %w",
			field.Wrap("version", fmt.Errorf("missing: %s is listed from %v on: %w", l.Name(), l.AtLeast, ErrInvalid)))
	case r.Version.Compare(l.AtLeast) < 0:
		return answer(ScopeOut, l, "%s %v is below %v, the lowest version listed", l.Name(), r.Version, l.AtLeast)
	}
	return answer(ScopeIn, l, "support advises on %s, as best it can", l.Name())
}
