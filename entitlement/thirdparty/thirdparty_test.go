package thirdparty_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/supportplan/supportplan/entitlement/thirdparty"
)

// sameVersion compares versions by their text.
var sameVersion = cmpopts.EquateComparable(thirdparty.Version{})

const (
	linux   = thirdparty.PlatformLinux
	windows = thirdparty.PlatformWindows
	other   = thirdparty.PlatformOther
)

// listings retypes the list of third-party software.
// Third-Party Software Support, 2023-09-15.
func listings(t testing.TB) []thirdparty.Listing {
	const remote, policy = "Remote access and file transfer", "Security policy"
	none := thirdparty.Version{}
	return []thirdparty.Listing{
		{"SSH", "", remote, linux, true, none, []string{"the service fails to start", "the connection fails"}},
		{"MSTSC", "", remote, windows, true, none, []string{"Remote Desktop Service fails to start on the server", "login is impossible or fails after the service has started"}},
		{"SCP & Rsync", "", remote, linux, true, none, []string{"the connection fails", "error messages"}},
		{"SFTP", "", remote, linux, false, none, []string{"configuring system accounts for login", "the connection fails on the server's side"}},
		{"FTP", "vsftpd", remote, linux, true, version(t, "3.0"), []string{"installation or start-up fails", "the connection fails on the server's side"}},
		{"FTP", "FileZilla server", remote, windows, false, version(t, "0.9.60.2"), []string{"installation or start-up fails", "the connection fails on the server's side"}},
		{"Linux iptables & firewalld", "", policy, linux, false, none, []string{"the basic syntax of allow rules"}},
		{"Windows Firewall", "", policy, windows, false, none, []string{"adding basic inbound and outbound rules"}},
	}
}

func TestListings(t *testing.T) {
	got := thirdparty.Listings()
	if diff := cmp.Diff(listings(t), got, sameVersion); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	got[0].Software, got[1].Examples[0] = "", ""
	if diff := cmp.Diff(listings(t), thirdparty.Listings(), sameVersion); diff != "" {
		t.Errorf("Listings gave its own slices away:\n%s", diff)
	}
	for i, want := range []string{"SSH", "MSTSC", "SCP & Rsync", "SFTP", "vsftpd", "FileZilla server", "Linux iptables & firewalld", "Windows Firewall"} {
		if name := thirdparty.Listings()[i].Name(); name != want {
			t.Errorf("Name() = %q, want %q", name, want)
		}
	}
}

// FTP is one software with two listed servers, each with its platform and
// version range.
func TestD17(t *testing.T) {
	for _, c := range []struct {
		software string
		platform thirdparty.Platform
		version  string
		server   string
		scope    thirdparty.Scope
	}{
		{"FTP", linux, "3.0", "vsftpd", thirdparty.ScopeIn},
		{"ftp", windows, "0.9.60.2", "FileZilla server", thirdparty.ScopeIn},
		{"vsftpd", linux, "3.0", "vsftpd", thirdparty.ScopeIn},
		{"filezilla SERVER", windows, "0.9.60.2", "FileZilla server", thirdparty.ScopeIn},
		{"vsftpd", windows, "3.0", "", thirdparty.ScopeOut},
		{"FileZilla server", linux, "0.9.60.2", "", thirdparty.ScopeOut},
		{"FTP", linux, "0.9.60.2", "vsftpd", thirdparty.ScopeOut},
		{"FTP", windows, "0.9.60.1", "FileZilla server", thirdparty.ScopeOut},
		{"FTP", other, "3.0", "", thirdparty.ScopeOut},
	} {
		got, err := thirdparty.Check(thirdparty.Request{Software: c.software, Platform: c.platform, Version: version(t, c.version)})
		if err != nil || got.Scope != c.scope || got.Listing.Server != c.server {
			t.Errorf("%+v: %v %v %q, %v", c, got.Scope, got.Listing.Server, got.Reason, err)
		}
	}
}

// Advice is in scope and carrying it out is not, whoever asks; what is not
// listed is neither; and the plan says who has it.
func TestD15(t *testing.T) {
	for _, entitled := range []bool{false, true} {
		for _, c := range []struct {
			r     thirdparty.Request
			scope thirdparty.Scope
		}{
			{thirdparty.Request{Software: "SSH", Platform: linux}, thirdparty.ScopeIn},
			{thirdparty.Request{Software: "SSH", Platform: linux, HandsOn: true}, thirdparty.ScopeOut},
			{thirdparty.Request{Software: "nginx", Platform: linux}, thirdparty.ScopeNotListed},
			{thirdparty.Request{Software: "nginx", Platform: linux, HandsOn: true}, thirdparty.ScopeNotListed},
		} {
			c.r.Entitled = entitled
			got, err := thirdparty.Check(c.r)
			if err != nil || got.Scope != c.scope || got.Supported != (entitled && c.scope == thirdparty.ScopeIn) {
				t.Errorf("%+v: %+v, %v", c.r, got, err)
			}
		}
	}
}

func TestCheck(t *testing.T) {
	all := listings(t)
	v := func(s string) thirdparty.Version { return version(t, s) }
	for _, c := range []struct {
		r       thirdparty.Request
		scope   thirdparty.Scope
		reason  string
		listing int // index of the listing, -1 for none
	}{
		{thirdparty.Request{Software: "ssh", Platform: linux}, thirdparty.ScopeIn, "support advises on SSH, as best it can", 0},
		{thirdparty.Request{Software: "ssh", Platform: linux, Version: v("0.1")}, thirdparty.ScopeIn, "support advises on SSH, as best it can", 0},
		{thirdparty.Request{Software: "ssh", Platform: windows}, thirdparty.ScopeOut, `"ssh" is not listed for the provider's Windows images`, -1},
		{thirdparty.Request{Software: "ssh", Platform: other}, thirdparty.ScopeOut, `"ssh" is not listed for another platform`, -1},
		{thirdparty.Request{Software: "ssh", Platform: linux, OwnBuild: true}, thirdparty.ScopeOut, "only the SSH that comes with the provider's Linux images is listed", 0},
		{thirdparty.Request{Software: "ssh", Platform: linux, HandsOn: true}, thirdparty.ScopeOut, "support advises on SSH, but does not operate or maintain it", 0},
		{thirdparty.Request{Software: "MSTSC", Platform: windows}, thirdparty.ScopeIn, "support advises on MSTSC, as best it can", 1},
		{thirdparty.Request{Software: "SCP & Rsync", Platform: linux}, thirdparty.ScopeIn, "support advises on SCP & Rsync, as best it can", 2},
		{thirdparty.Request{Software: "SCP", Platform: linux}, thirdparty.ScopeIn, "support advises on SCP & Rsync, as best it can", 2},
		{thirdparty.Request{Software: "rsync", Platform: linux}, thirdparty.ScopeIn, "support advises on SCP & Rsync, as best it can", 2},
		{thirdparty.Request{Software: "sftp", Platform: linux, OwnBuild: true}, thirdparty.ScopeIn, "support advises on SFTP, as best it can", 3},
		{thirdparty.Request{Software: "vsftpd", Platform: linux, Version: v("3.0.3")}, thirdparty.ScopeIn, "support advises on vsftpd, as best it can", 4},
		{thirdparty.Request{Software: "vsftpd", Platform: linux, Version: v("2.3.4")}, thirdparty.ScopeOut, "vsftpd 2.3.4 is below 3.0, the lowest version listed", 4},
		{thirdparty.Request{Software: "vsftpd", Platform: linux, Version: v("3.0"), OwnBuild: true}, thirdparty.ScopeOut, "only the vsftpd that comes with the provider's Linux images is listed", 4},
		{thirdparty.Request{Software: "vsftpd", Platform: linux, HandsOn: true}, thirdparty.ScopeOut, "support advises on vsftpd, but does not operate or maintain it", 4},
		{thirdparty.Request{Software: "FileZilla server", Platform: windows, Version: v("1.0"), OwnBuild: true}, thirdparty.ScopeIn, "support advises on FileZilla server, as best it can", 5},
		{thirdparty.Request{Software: "iptables", Platform: linux}, thirdparty.ScopeIn, "support advises on Linux iptables & firewalld, as best it can", 6},
		{thirdparty.Request{Software: "FIREWALLD", Platform: linux}, thirdparty.ScopeIn, "support advises on Linux iptables & firewalld, as best it can", 6},
		{thirdparty.Request{Software: "windows firewall", Platform: windows}, thirdparty.ScopeIn, "support advises on Windows Firewall, as best it can", 7},
		{thirdparty.Request{Software: "nginx", Platform: linux}, thirdparty.ScopeNotListed, `"nginx" is not listed`, -1},
		{thirdparty.Request{Software: "", Platform: linux}, thirdparty.ScopeNotListed, `"" is not listed`, -1},
		{thirdparty.Request{Software: "Rſync", Platform: linux}, thirdparty.ScopeNotListed, `"Rſync" is not listed`, -1},
	} {
		c.r.Entitled = true
		want := thirdparty.Answer{Supported: c.scope == thirdparty.ScopeIn, Scope: c.scope, Reason: c.reason}
		if c.listing >= 0 {
			want.Listing = all[c.listing]
		}
		got, err := thirdparty.Check(c.r)
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
	if diff := cmp.Diff(all, thirdparty.Listings(), sameVersion); diff != "" {
		t.Errorf("Check gave its own slices away:\n%s", diff)
	}
}

func TestCheckErrors(t *testing.T) {
	for _, c := range []struct {
		r          thirdparty.Request
		path, text string
	}{
		{thirdparty.Request{Software: "SSH"}, "platform", `platform: missing; want one of "linux-image", "windows-image", "other"`},
		{thirdparty.Request{Software: "SSH", Platform: "Linux-Image"}, "platform", `platform: "Linux-Image": unknown platform; want one of "linux-image", "windows-image", "other"`},
		{thirdparty.Request{Software: "FTP", Platform: linux}, "version", "version: missing: vsftpd is listed from 3.0 on"},
	} {
		got, err := thirdparty.Check(c.r)
		if !errors.Is(err, thirdparty.ErrInvalid) || err.Error() != "thirdparty: check: "+c.text+": invalid platform or version" {
			t.Errorf("%v\nwant %s", err, c.text)
		}
		var f *thirdparty.FieldError
		if !errors.As(err, &f) || f.Path != c.path {
			t.Errorf("the path of %v", err)
		}
		if diff := cmp.Diff(thirdparty.Answer{}, got, sameVersion); diff != "" {
			t.Error(diff)
		}
	}
}

// Names as people type them: parts, programs, protocols and full names, with
// blanks and in any case.
func TestNamesThatPeopleType(t *testing.T) {
	for want, names := range map[string][]string{
		"SSH": {"SSH", "OpenSSH", "sshd", "ssh server", "OpenSSH Server", "Linux SSH", "ssh service", " ssh ", "open ssh", "sshd daemon",
			"SSH2", "open sshd", "SSH client", "OpenSSH client", "Secure Shell", strings.Repeat("linux", 5) + "ssh" + strings.Repeat("server", 6)},
		"MSTSC": {"RDP", "RDP client", "mstsc.exe", "Remote Desktop", "remote desktop service", "Remote Desktop Services", "Windows Remote Desktop", "windows rdp", "Microsoft Remote Desktop",
			"MSTSC", "Remote Desktop Client", "Remote Desktop Connection", "Remote Desktop Protocol", "Terminal Services", "TermService"},
		"SCP & Rsync":                {"scp", "rsync", "SCP/rsync", "scp and rsync", "rsync daemon", "linux scp", "SCP  &  Rsync", "secure copy", "rsyncd"},
		"SFTP":                       {"sftp", "SFTP server", "linux sftp", "internal-sftp", "SSH-FTP", "SSH File Transfer Protocol", "Secure File Transfer Protocol"},
		"vsftpd":                     {"vsftpd", "VSFTPD", "FTP: vsftpd", "linux vsftpd", "vsftpd service", "Linux FTP", "vsftp", "Very Secure FTP"},
		"FileZilla server":           {"FileZilla", "FileZilla Server", "filezilla server", "File Zilla", "FTP: FileZilla server", "Windows FileZilla", "windows ftp server"},
		"Linux iptables & firewalld": {"iptables", "firewalld", "linux iptables", "Linux iptables & firewalld", "iptables/firewalld", "linux firewall", "firewall-cmd", " IPTABLES", "iptables and firewalld", "ip6tables"},
		"Windows Firewall": {"Windows Firewall", "windows defender firewall", "WindowsFirewall", "windows-firewall",
			"Defender Firewall", "Microsoft Defender Firewall", "Windows Firewall with Advanced Security"},
		"": {"nginx", "", " ", "&", "linux", "windows", "server", "service daemon", "filezilla client", "ssh\u00a0", "ssh\u0080", "ssh0", "ssh9", "sshx", "my ssh", strings.Repeat("linux", 4) + "ssh" + strings.Repeat("server", 7), "ftps", "linuxlinux", strings.Repeat("linux", 1<<18), strings.Repeat("server", 1<<18)},
	} {
		for _, name := range names {
			for _, typed := range []string{name, strings.ToUpper(name), "\t" + name + " "} {
				var got string
				for _, p := range []thirdparty.Platform{linux, windows} {
					a, err := thirdparty.Check(thirdparty.Request{Software: typed, Platform: p, Version: version(t, "99")})
					if err != nil {
						t.Fatal(err)
					}
					if a.Scope == thirdparty.ScopeIn {
						got += a.Listing.Name()
					}
				}
				if got != want {
					t.Errorf("%.40q is %q, want %q", typed, got, want)
				}
			}
		}
	}
	// What names two entries is decided by the platform.
	for _, name := range []string{"FTP", "ftp server", "ftpd", "File Transfer Protocol", "firewall"} {
		for _, p := range []thirdparty.Platform{linux, windows} {
			a, err := thirdparty.Check(thirdparty.Request{Software: name, Platform: p, Version: version(t, "99")})
			if err != nil || a.Scope != thirdparty.ScopeIn || a.Listing.Platform != p {
				t.Errorf("%s on %s: %+v, %v", name, p, a, err)
			}
		}
	}
	// A platform in the name that the list has it not for is out of scope.
	a, err := thirdparty.Check(thirdparty.Request{Software: "Windows OpenSSH", Platform: windows})
	if err != nil || a.Scope != thirdparty.ScopeOut {
		t.Errorf("%+v, %v", a, err)
	}
}

// Blanks and case never change an answer.
func TestBlanksAndCaseAreIgnored(t *testing.T) {
	names := []string{"ssh", "openssh", "vsftpd", "filezillaserver", "linuxiptables", "scprsync", "nginx", "windowsfirewall", "rdp"}
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.SampledFrom(names).Draw(t, "name")
		var typed strings.Builder
		for _, r := range name {
			if rapid.IntRange(0, 3).Draw(t, "blank") == 0 {
				typed.WriteString(rapid.SampledFrom([]string{" ", "\t", "-", "  "}).Draw(t, "with"))
			}
			if rapid.Bool().Draw(t, "upper") {
				r = r - 'a' + 'A'
			}
			typed.WriteRune(r)
		}
		p := rapid.SampledFrom([]thirdparty.Platform{linux, windows, other}).Draw(t, "platform")
		ask := func(name string) thirdparty.Answer {
			a, err := thirdparty.Check(thirdparty.Request{Entitled: true, Software: name, Platform: p, Version: version(t, "4")})
			if err != nil {
				t.Fatal(err)
			}
			a.Reason = ""
			return a
		}
		if diff := cmp.Diff(ask(name), ask(typed.String()), sameVersion); diff != "" {
			t.Errorf("%q (-want +got):\n%s", typed.String(), diff)
		}
	})
}

// Answers and listings marshal by value and by pointer, and are read back.
func TestJSON(t *testing.T) {
	listings := thirdparty.Listings()
	b, err := json.Marshal(listings)
	if err != nil {
		t.Fatal(err)
	}
	var back []thirdparty.Listing
	if err := json.Unmarshal(b, &back); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(listings, back, sameVersion); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for _, c := range []struct{ software, js string }{
		{"vsftpd", `{"supported":true,"scope":"in-scope","reason":"support advises on vsftpd, as best it can",` +
			`"listing":{"software":"FTP","server":"vsftpd","category":"Remote access and file transfer","platform":"linux-image","native":true,"atLeast":"3.0",` +
			`"examples":["installation or start-up fails","the connection fails on the server's side"]}}`},
		{"nginx", `{"supported":false,"scope":"not-listed","reason":"\"nginx\" is not listed"}`},
	} {
		a, err := thirdparty.Check(thirdparty.Request{Entitled: true, Software: c.software, Platform: linux, Version: version(t, "3.0")})
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range []any{a, &a} {
			if b, err := json.Marshal(v); err != nil || string(b) != c.js {
				t.Errorf("%s, %v\nwant %s", b, err, c.js)
			}
		}
		var back thirdparty.Answer
		if err := json.Unmarshal([]byte(c.js), &back); err != nil {
			t.Error(err)
		}
		if diff := cmp.Diff(a, back, sameVersion); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
}

func TestPlatform(t *testing.T) {
	for _, p := range []thirdparty.Platform{linux, windows, other} {
		var q thirdparty.Platform
		if err := q.UnmarshalText([]byte(p)); err != nil || q != p {
			t.Errorf("%s: %s, %v", p, q, err)
		}
	}
	for _, s := range []string{"", "Linux-Image", "linux-image ", "linux"} {
		q := other
		if err := q.UnmarshalText([]byte(s)); !errors.Is(err, thirdparty.ErrInvalid) || q != other {
			t.Errorf("%q: %s, %v", s, q, err)
		}
	}
}

func FuzzCheck(f *testing.F) {
	for _, s := range []string{"", "SSH", "vsftpd", "SCP & Rsync", "nginx", "\xff", "linux windows server"} {
		f.Add(s, "3.0", "linux-image", false, false)
	}
	f.Fuzz(func(t *testing.T, name, version, platform string, ownBuild, handsOn bool) {
		v, _ := thirdparty.ParseVersion(version)
		a, err := thirdparty.Check(thirdparty.Request{
			Software: name, Version: v, Platform: thirdparty.Platform(platform), OwnBuild: ownBuild, HandsOn: handsOn,
		})
		if err != nil {
			if !errors.Is(err, thirdparty.ErrInvalid) {
				t.Error(err)
			}
			return
		}
		if a.Scope == "" || a.Reason == "" || a.Supported || !utf8.ValidString(a.Reason) ||
			a.Scope == thirdparty.ScopeIn && (ownBuild && a.Listing.Native || handsOn) {
			t.Errorf("%q: %+v", name, a)
		}
	})
}
