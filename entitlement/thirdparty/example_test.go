package thirdparty_test

import (
	"fmt"

	"github.com/supportplan/supportplan/entitlement"
	"github.com/supportplan/supportplan/entitlement/thirdparty"
	"github.com/supportplan/supportplan/plan"
)

func ExampleCheck() {
	version := func(s string) thirdparty.Version {
		v, err := thirdparty.ParseVersion(s)
		if err != nil {
			panic(err)
		}
		return v
	}
	entitled := entitlement.Published().Includes(plan.Business, entitlement.ThirdPartySoftware)
	for _, r := range []thirdparty.Request{
		{Software: "vsftpd", Platform: thirdparty.PlatformLinux, Version: version("3.0.3")},
		{Software: "vsftpd", Platform: thirdparty.PlatformLinux, Version: version("2.3.4")},
		{Software: "iptables", Platform: thirdparty.PlatformLinux, HandsOn: true},
		{Software: "nginx", Platform: thirdparty.PlatformLinux},
	} {
		r.Entitled = entitled
		a, err := thirdparty.Check(r)
		if err != nil {
			panic(err)
		}
		fmt.Printf("%v: %s %v\n", a.Scope, a.Reason, a.Listing.Examples)
	}
	// Output:
	// in-scope: support advises on vsftpd, as best it can [installation or start-up fails the connection fails on the server's side]
	// out-of-scope: vsftpd 2.3.4 is below 3.0, the lowest version listed [installation or start-up fails the connection fails on the server's side]
	// out-of-scope: support advises on Linux iptables & firewalld, but does not operate or maintain it [the basic syntax of allow rules]
	// not-listed: "nginx" is not listed []
}

func ExampleListings() {
	for _, l := range thirdparty.Listings() {
		if l.Native {
			fmt.Printf("%s, %v, at least %q\n", l.Name(), l.Platform, l.AtLeast)
		}
	}
	// Output:
	// SSH, linux-image, at least ""
	// MSTSC, windows-image, at least ""
	// SCP & Rsync, linux-image, at least ""
	// vsftpd, linux-image, at least "3.0"
}
