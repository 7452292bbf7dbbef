package entitlement_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/supportplan/supportplan/entitlement"
	"github.com/supportplan/supportplan/plan"
)

// sameVersion compares versions by their text.
var sameVersion = cmpopts.EquateComparable(entitlement.Version{})

// listings retypes the list of third-party software.
// Third-Party Software Support, 2023-09-15.
func listings(t testing.TB) []entitlement.Listing {
	const remote, policy = entitlement.RemoteAccess, entitlement.SecurityPolicy
	const linux, windows = entitlement.LinuxImage, entitlement.WindowsImage
	none := entitlement.Version{}
	return []entitlement.Listing{
		{entitlement.SSH, "", remote, linux, true, none, []string{"the service fails to start", "the connection fails"}},
		{entitlement.MSTSC, "", remote, windows, true, none, []string{"Remote Desktop Service fails to start on the server", "login is impossible or fails after the service has started"}},
		{entitlement.SCPRsync, "", remote, linux, true, none, []string{"the connection fails", "error messages"}},
		{entitlement.SFTP, "", remote, linux, false, none, []string{"configuring system accounts for login", "the connection fails on the server's side"}},
		{entitlement.FTP, "vsftpd", remote, linux, true, version(t, "3.0"), []string{"installation or start-up fails", "the connection fails on the server's side"}},
		{entitlement.FTP, "FileZilla server", remote, windows, false, version(t, "0.9.60.2"), []string{"installation or start-up fails", "the connection fails on the server's side"}},
		{entitlement.LinuxFirewall, "", policy, linux, false, none, []string{"the basic syntax of allow rules"}},
		{entitlement.WindowsFirewall, "", policy, windows, false, none, []string{"adding basic inbound and outbound rules"}},
	}
}

func TestListings(t *testing.T) {
	got := entitlement.Listings()
	if diff := cmp.Diff(listings(t), got, sameVersion); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	got[0].Software, got[1].Examples[0] = 0, ""
	if diff := cmp.Diff(listings(t), entitlement.Listings(), sameVersion); diff != "" {
		t.Errorf("Listings gave its own slices away:\n%s", diff)
	}
	for i, want := range []string{"SSH", "MSTSC", "SCP & Rsync", "SFTP", "vsftpd", "FileZilla server", "Linux iptables & firewalld", "Windows Firewall"} {
		if name := entitlement.Listings()[i].Name(); name != want {
			t.Errorf("Name() = %q, want %q", name, want)
		}
	}
}

// FTP is one software with two listed servers, each with its platform and
// version range.
func TestD17(t *testing.T) {
	d := entitlement.Published().Check(plan.Developer, entitlement.ThirdPartySoftware)
	for _, c := range []struct {
		software string
		platform entitlement.Platform
		version  string
		server   string
		scope    entitlement.Scope
	}{
		{"FTP", entitlement.LinuxImage, "3.0", "vsftpd", entitlement.InScope},
		{"ftp", entitlement.WindowsImage, "0.9.60.2", "FileZilla server", entitlement.InScope},
		{"vsftpd", entitlement.LinuxImage, "3.0", "vsftpd", entitlement.InScope},
		{"filezilla SERVER", entitlement.WindowsImage, "0.9.60.2", "FileZilla server", entitlement.InScope},
		{"vsftpd", entitlement.WindowsImage, "3.0", "", entitlement.OutOfScope},
		{"FileZilla server", entitlement.LinuxImage, "0.9.60.2", "", entitlement.OutOfScope},
		{"FTP", entitlement.LinuxImage, "0.9.60.2", "vsftpd", entitlement.OutOfScope},
		{"FTP", entitlement.WindowsImage, "0.9.60.1", "FileZilla server", entitlement.OutOfScope},
		{"FTP", entitlement.OtherPlatform, "3.0", "", entitlement.OutOfScope},
	} {
		got, err := entitlement.ThirdParty(d, entitlement.ThirdPartyRequest{Software: c.software, Platform: c.platform, Version: version(t, c.version)})
		if err != nil || got.Scope != c.scope || got.Listing.Server != c.server {
			t.Errorf("%+v: %v %v %q, %v", c, got.Scope, got.Listing.Server, got.Reason, err)
		}
	}
}

// Advice is in scope and carrying it out is not, whoever asks; what is not
// listed is neither; and the plan says who has it.
func TestD15(t *testing.T) {
	m := entitlement.Published()
	for _, p := range plan.All() {
		d := m.Check(p, entitlement.ThirdPartySoftware)
		for _, c := range []struct {
			r     entitlement.ThirdPartyRequest
			scope entitlement.Scope
		}{
			{entitlement.ThirdPartyRequest{Software: "SSH", Platform: entitlement.LinuxImage}, entitlement.InScope},
			{entitlement.ThirdPartyRequest{Software: "SSH", Platform: entitlement.LinuxImage, CarryOut: true}, entitlement.OutOfScope},
			{entitlement.ThirdPartyRequest{Software: "nginx", Platform: entitlement.LinuxImage}, entitlement.NotListed},
			{entitlement.ThirdPartyRequest{Software: "nginx", Platform: entitlement.LinuxImage, CarryOut: true}, entitlement.NotListed},
		} {
			got, err := entitlement.ThirdParty(d, c.r)
			if err != nil || got.Scope != c.scope || got.Entitlement != d {
				t.Errorf("%v, %+v: %+v, %v", p, c.r, got, err)
			}
			if want := p >= plan.Developer && c.scope == entitlement.InScope; got.IsSupported() != want {
				t.Errorf("%v, %+v: IsSupported() = %t", p, c.r, got.IsSupported())
			}
		}
	}
}

func TestThirdParty(t *testing.T) {
	d := entitlement.Published().Check(plan.Business, entitlement.ThirdPartySoftware)
	all := listings(t)
	const linux, windows, other = entitlement.LinuxImage, entitlement.WindowsImage, entitlement.OtherPlatform
	type request = entitlement.ThirdPartyRequest
	v := func(s string) entitlement.Version { return version(t, s) }
	for _, c := range []struct {
		r       request
		scope   entitlement.Scope
		reason  string
		listing int // index of the listing, -1 for none
	}{
		{request{Software: "ssh", Platform: linux}, entitlement.InScope, "support advises on SSH, as best it can", 0},
		{request{Software: "ssh", Platform: linux, Version: v("0.1")}, entitlement.InScope, "support advises on SSH, as best it can", 0},
		{request{Software: "ssh", Platform: windows}, entitlement.OutOfScope, `"ssh" is not listed for the provider's Windows images`, -1},
		{request{Software: "ssh", Platform: other}, entitlement.OutOfScope, `"ssh" is not listed for another platform`, -1},
		{request{Software: "ssh", Platform: linux, Foreign: true}, entitlement.OutOfScope, "only the SSH that comes with the provider's Linux images is listed", 0},
		{request{Software: "ssh", Platform: linux, CarryOut: true}, entitlement.OutOfScope, "support advises on SSH, but does not operate or maintain it", 0},
		{request{Software: "MSTSC", Platform: windows}, entitlement.InScope, "support advises on MSTSC, as best it can", 1},
		{request{Software: "SCP & Rsync", Platform: linux}, entitlement.InScope, "support advises on SCP & Rsync, as best it can", 2},
		{request{Software: "SCP", Platform: linux}, entitlement.InScope, "support advises on SCP & Rsync, as best it can", 2},
		{request{Software: "rsync", Platform: linux}, entitlement.InScope, "support advises on SCP & Rsync, as best it can", 2},
		{request{Software: "sftp", Platform: linux, Foreign: true}, entitlement.InScope, "support advises on SFTP, as best it can", 3},
		{request{Software: "vsftpd", Platform: linux, Version: v("3.0.3")}, entitlement.InScope, "support advises on vsftpd, as best it can", 4},
		{request{Software: "vsftpd", Platform: linux, Version: v("2.3.4")}, entitlement.OutOfScope, "vsftpd 2.3.4 is below 3.0, the lowest version listed", 4},
		{request{Software: "vsftpd", Platform: linux, Version: v("3.0"), Foreign: true}, entitlement.OutOfScope, "only the vsftpd that comes with the provider's Linux images is listed", 4},
		{request{Software: "vsftpd", Platform: linux, CarryOut: true}, entitlement.OutOfScope, "support advises on vsftpd, but does not operate or maintain it", 4},
		{request{Software: "FileZilla server", Platform: windows, Version: v("1.0"), Foreign: true}, entitlement.InScope, "support advises on FileZilla server, as best it can", 5},
		{request{Software: "iptables", Platform: linux}, entitlement.InScope, "support advises on Linux iptables & firewalld, as best it can", 6},
		{request{Software: "FIREWALLD", Platform: linux}, entitlement.InScope, "support advises on Linux iptables & firewalld, as best it can", 6},
		{request{Software: "windows firewall", Platform: windows}, entitlement.InScope, "support advises on Windows Firewall, as best it can", 7},
		{request{Software: "nginx", Platform: linux}, entitlement.NotListed, `"nginx" is not listed`, -1},
		{request{Software: "", Platform: linux}, entitlement.NotListed, `"" is not listed`, -1},
		{request{Software: "Rſync", Platform: linux}, entitlement.NotListed, `"Rſync" is not listed`, -1},
	} {
		want := entitlement.ThirdPartyAnswer{Entitlement: d, Scope: c.scope, Reason: c.reason}
		if c.listing >= 0 {
			want.Listing = all[c.listing]
		}
		got, err := entitlement.ThirdParty(d, c.r)
		if err != nil {
			t.Error(err)
		}
		if diff := cmp.Diff(want, got, sameVersion); diff != "" {
			t.Errorf("%+v (-want +got):\n%s", c.r, diff)
		}
		if len(got.Listing.Examples) > 0 {
			got.Listing.Examples[0] = ""
		}
	}
	if diff := cmp.Diff(all, entitlement.Listings(), sameVersion); diff != "" {
		t.Errorf("ThirdParty gave its own slices away:\n%s", diff)
	}
}

func TestThirdPartyErrors(t *testing.T) {
	d := entitlement.Published().Check(plan.Business, entitlement.ThirdPartySoftware)
	for _, c := range []struct {
		d    entitlement.Decision
		r    entitlement.ThirdPartyRequest
		want error
		text string
	}{
		{entitlement.Published().Check(plan.Business, entitlement.Phone), entitlement.ThirdPartyRequest{Software: "SSH", Platform: entitlement.LinuxImage},
			entitlement.ErrFeature, "entitlement: third-party support: phone, not third-party-software: decision is on another feature"},
		{d, entitlement.ThirdPartyRequest{Software: "SSH"}, entitlement.ErrUnknown, "entitlement: third-party support: platform Platform(0): want linux-image, windows-image or other: unknown value"},
		{d, entitlement.ThirdPartyRequest{Software: "SSH", Platform: 4}, entitlement.ErrUnknown, "entitlement: third-party support: platform Platform(4): want linux-image, windows-image or other: unknown value"},
		{d, entitlement.ThirdPartyRequest{Software: "FTP", Platform: entitlement.LinuxImage}, entitlement.ErrVersion,
			"entitlement: third-party support: vsftpd is listed from 3.0 on, and the version is missing: not a version"},
	} {
		got, err := entitlement.ThirdParty(c.d, c.r)
		if !errors.Is(err, c.want) || err.Error() != c.text {
			t.Errorf("%v\nwant %s", err, c.text)
		}
		if diff := cmp.Diff(entitlement.ThirdPartyAnswer{}, got, sameVersion); diff != "" {
			t.Error(diff)
		}
	}
}
