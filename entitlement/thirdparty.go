package entitlement

import (
	"fmt"
	"slices"

	"github.com/supportplan/supportplan/internal/quote"
)

// A Listing is an entry of the list of third-party software that support gives
// advice on. The zero Listing is none.
type Listing struct {
	Software Software
	Server   string           // the one server meant, as in "vsftpd", where Software has several
	Category SoftwareCategory // the group that the list puts it in
	Platform Platform         // the provider's images that it must run on
	Native   bool             // it must be the one that the image or its package manager provides
	Minimum  Version          // the lowest version listed; the zero Version where any is
	Examples []string         // what advice is given on, in words of our own
}

// Name returns what people call the entry: its server where it names one, and
// its software elsewhere.
func (l Listing) Name() string {
	if l.Server != "" {
		return l.Server
	}
	return l.Software.Name()
}

// listings is the list of third-party software. FTP is one software with two
// listed servers; the native vsftpd is the one that yum installs.
// Source: Third-Party Software Support, 2023-09-15.
var listings = [...]Listing{
	{SSH, "", RemoteAccess, LinuxImage, true, Version{}, []string{
		"the service fails to start", "the connection fails"}},
	{MSTSC, "", RemoteAccess, WindowsImage, true, Version{}, []string{
		"Remote Desktop Service fails to start on the server", "login is impossible or fails after the service has started"}},
	{SCPRsync, "", RemoteAccess, LinuxImage, true, Version{}, []string{
		"the connection fails", "error messages"}},
	{SFTP, "", RemoteAccess, LinuxImage, false, Version{}, []string{
		"configuring system accounts for login", "the connection fails on the server's side"}},
	{FTP, "vsftpd", RemoteAccess, LinuxImage, true, Version{"3.0"}, []string{
		"installation or start-up fails", "the connection fails on the server's side"}},
	{FTP, "FileZilla server", RemoteAccess, WindowsImage, false, Version{"0.9.60.2"}, []string{
		"installation or start-up fails", "the connection fails on the server's side"}},
	{LinuxFirewall, "", SecurityPolicy, LinuxImage, false, Version{}, []string{
		"the basic syntax of allow rules"}},
	{WindowsFirewall, "", SecurityPolicy, WindowsImage, false, Version{}, []string{
		"adding basic inbound and outbound rules"}},
}

// softwareNames are other names that people use for what is listed: of the
// parts that an entry joins. Source: Third-Party Software Support, 2023-09-15.
var softwareNames = [...]struct {
	name     string
	software Software
}{
	{"scp", SCPRsync},
	{"rsync", SCPRsync},
	{"iptables", LinuxFirewall},
	{"firewalld", LinuxFirewall},
}

// Listings returns the third-party software that is listed, in the document's
// order and in slices of the caller's own.
//
// Source: Third-Party Software Support, 2023-09-15.
func Listings() []Listing {
	out := slices.Clone(listings[:])
	for i := range out {
		out[i] = out[i].clone()
	}
	return out
}

func (l Listing) clone() Listing {
	l.Examples = slices.Clone(l.Examples)
	return l
}

// listed returns the entries that the name may mean, ignoring case: one, or
// several where it names a software with several servers; none if it is not
// listed.
func listed(name string) (out []Listing) {
	software, _ := ParseSoftware(name)
	for _, n := range softwareNames {
		if equalFold(n.name, name) {
			software = n.software
		}
	}
	for _, l := range listings {
		if l.Software == software || l.Server != "" && equalFold(l.Server, name) {
			out = append(out, l)
		}
	}
	return out
}

// A ThirdPartyRequest describes what a customer wants help with.
type ThirdPartyRequest struct {
	// Software is its name, in any case: a [Software]'s token or name, a part
	// of one ("rsync"), or a server ("vsftpd").
	Software string
	// Platform is what it runs on.
	Platform Platform
	// Version is needed where a range of versions is listed, and ignored
	// elsewhere.
	Version Version
	// Foreign is true if the customer has replaced what the image or its
	// package manager provides by another build.
	Foreign bool
	// CarryOut is true if support is to do the work, such as installing,
	// patching, testing, diagnosing or tuning, rather than advise on it.
	CarryOut bool
}

// A ThirdPartyAnswer says whether support helps with third-party software. The
// plan says who has it, the scope what it is; both apply.
type ThirdPartyAnswer struct {
	// Entitlement is the decision that was asked with.
	Entitlement Decision
	// Scope is the answer of the list: in scope, out of scope, or not listed.
	Scope Scope
	// Reason says in a few words for people why Scope is what it is.
	Reason string
	// Listing is the entry that decided, with the versions and the examples of
	// what advice is given on. It is the zero Listing where the software is not
	// listed, or not on that platform.
	Listing Listing
}

// IsSupported reports whether the plan includes third-party support and the
// request is in its scope. Even then support is best-effort advice.
func (a ThirdPartyAnswer) IsSupported() bool { return a.Entitlement.Included && a.Scope == InScope }

// ThirdParty answers whether support helps with the third-party software that r
// names. The decision d on [ThirdPartySoftware], from [Matrix.Check] or
// [Contract.CheckAt], says whether the customer has such support; the scope is
// answered either way. Software that is not on the list is [NotListed], which
// is neither in scope nor out of it; software that is listed, but on another
// platform, in an older version or as another build, is [OutOfScope], and so
// is carrying the advice out.
//
// It returns an error wrapping [ErrFeature] if d is about another feature,
// [ErrUnknown] if the platform of r is not valid, and [ErrVersion] if r has no
// version where the answer depends on it.
//
// Source: Third-Party Software Support, 2023-09-15; Service Scope, 2023-09-15.
func ThirdParty(d Decision, r ThirdPartyRequest) (ThirdPartyAnswer, error) {
	const op = "third-party support"
	if err := d.isOn(op, ThirdPartySoftware); err != nil {
		return ThirdPartyAnswer{}, err
	}
	if err := platforms.Check(op, r.Platform); err != nil {
		return ThirdPartyAnswer{}, err
	}
	answer := func(s Scope, l Listing, format string, args ...any) (ThirdPartyAnswer, error) {
		return ThirdPartyAnswer{d, s, fmt.Sprintf(format, args...), l.clone()}, nil
	}

	entries := listed(r.Software)
	if len(entries) == 0 {
		return answer(NotListed, Listing{}, "%s is not listed", quote.String(r.Software))
	}
	i := slices.IndexFunc(entries, func(l Listing) bool { return l.Platform == r.Platform })
	if i < 0 {
		return answer(OutOfScope, Listing{}, "%s is not listed for %s", quote.String(r.Software), r.Platform.Name())
	}
	l := entries[i]
	switch {
	case l.Native && r.Foreign:
		return answer(OutOfScope, l, "only the %s that comes with %s is listed", l.Name(), l.Platform.Name())
	case r.CarryOut:
		return answer(OutOfScope, l, "support advises on %s, but does not operate or maintain it", l.Name())
	case l.Minimum.IsValid() && !r.Version.IsValid():
		return ThirdPartyAnswer{}, fmt.Errorf("entitlement: %s: %s is listed from %v on, and the version is missing: %w",
			op, l.Name(), l.Minimum, ErrVersion)
	case r.Version.Compare(l.Minimum) < 0:
		return answer(OutOfScope, l, "%s %v is below %v, the lowest version listed", l.Name(), r.Version, l.Minimum)
	}
	return answer(InScope, l, "support advises on %s, as best it can", l.Name())
}
