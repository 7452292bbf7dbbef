package golden_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/supportplan/supportplan/entitlement"
	"github.com/supportplan/supportplan/entitlement/handbook"
	"github.com/supportplan/supportplan/entitlement/iem"
	"github.com/supportplan/supportplan/entitlement/thirdparty"
	"github.com/supportplan/supportplan/plan"
	"github.com/supportplan/supportplan/sla/calendar"
)

func TestMatrix(t *testing.T) {
	m := entitlement.Published()
	golden(t, "matrix.md", m.Markdown())
	var b strings.Builder
	for _, p := range plan.All() {
		for _, f := range entitlement.Features() {
			d := m.Check(p, f)
			fmt.Fprintf(&b, "%v detail=%q\n\t%s\n", d, d.Detail, d.Reason())
		}
	}
	golden(t, "decisions.txt", b.String())
	goldenJSON(t, "matrix.json", m)
	goldenJSON(t, "decision.json", m.Check(plan.Developer, entitlement.IMGroup))
}

func TestComparison(t *testing.T) {
	var b strings.Builder
	for _, from := range plan.All() {
		for _, to := range plan.All() {
			fmt.Fprintln(&b, from, to)
			for _, c := range must(entitlement.Published().Compare(from, to)) {
				fmt.Fprintf(&b, "\t%v %s: %s, then %s\n", c.Feature, c.Difference, c.From, c.To)
			}
		}
	}
	golden(t, "comparisons.txt", b.String())
	goldenJSON(t, "comparison.json", must(entitlement.Published().Compare(plan.Developer, plan.Enterprise)))
}

func TestFeatures(t *testing.T) {
	var b strings.Builder
	for _, f := range entitlement.Features() {
		d := handbook.Describe(f)
		fmt.Fprintf(&b, "%v: %s, %s (%v)\n\t%s\n", f, f.Name(), f.Category(), d.Source, d.Summary)
		for _, item := range d.Items {
			fmt.Fprintf(&b, "\t- %s\n", item)
		}
		if d.Open {
			b.WriteString("\t- …\n")
		}
	}
	golden(t, "features.txt", b.String())
}

// contractText withholds, grants and adds.
const contractText = `{"overrides":[
	{"name":"no phone","kind":"withhold","feature":"phone","start":"2026-01-01T00:00:00Z","end":"2026-07-01T00:00:00Z"},
	{"name":"training 2026","kind":"add-on","feature":"training","start":"2026-03-01T00:00:00Z","end":"2027-01-01T00:00:00Z"},
	{"name":"chat","kind":"grant","feature":"im-group","start":"2026-02-01T00:00:00Z"}]}`

func TestContract(t *testing.T) {
	c := read[entitlement.Contract](t, contractText)
	goldenJSON(t, "contract.json", c)
	goldenJSON(t, "override.json", c.Overrides()[0])
	var b strings.Builder
	for _, p := range plan.All() {
		for _, f := range []entitlement.Feature{entitlement.Phone, entitlement.Training, entitlement.IMGroup, entitlement.Ticket} {
			for _, month := range []time.Month{1, 2, 3, 7} {
				d := entitlement.Published().CheckAt(c, p, f, time.Date(2026, month, 1, 0, 0, 0, 0, time.UTC))
				fmt.Fprintf(&b, "%v\n\t%s\n", d, d.Reason())
			}
		}
	}
	golden(t, "contract.txt", b.String())
	goldenJSON(t, "decision-overridden.json", entitlement.Published().CheckAt(c, plan.Basic, entitlement.Training, time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC)))
}

func TestHandbook(t *testing.T) {
	var b strings.Builder
	for _, h := range handbook.Hotlines() {
		fmt.Fprintln(&b, "hotline", h.Country, h.Name, h.E164, h.Display)
	}
	for _, a := range handbook.ServiceScope() {
		fmt.Fprintln(&b, "activity", a.Name, "| in scope", a.InScope, "|", a.Description)
	}
	for _, m := range handbook.Methods() {
		fmt.Fprintln(&b, "method", m.Feature, m.Addresses, m.AroundTheClock, m.Primary)
	}
	golden(t, "handbook.txt", b.String())
}

func TestThirdParty(t *testing.T) {
	var b strings.Builder
	for _, l := range thirdparty.Listings() {
		fmt.Fprintln(&b, l.Name(), "|", l.Software, "|", l.Category, "|", l.Platform, "| native", l.Native, "| from", l.AtLeast, "|", strings.Join(l.Examples, "; "))
	}
	golden(t, "software.txt", b.String())
	b.Reset()
	for _, name := range []string{"ssh", "MSTSC", "rsync", "sftp", "ftp", "vsftpd", "FileZilla server", "iptables", "Windows Firewall", "nginx"} {
		for _, p := range []thirdparty.Platform{thirdparty.PlatformLinux, thirdparty.PlatformWindows, thirdparty.PlatformOther} {
			for _, version := range []string{"0.9.60.2", "2.9", "3.0.0"} {
				a := must(thirdparty.Check(thirdparty.Request{Entitled: true, Software: name, Platform: p, Version: must(thirdparty.ParseVersion(version))}))
				fmt.Fprintln(&b, name, p, version, a.Scope, a.Supported, a.Reason)
			}
		}
		for _, r := range []thirdparty.Request{{OwnBuild: true}, {HandsOn: true}} {
			r.Software, r.Platform, r.Version = name, thirdparty.PlatformLinux, must(thirdparty.ParseVersion("9"))
			a := must(thirdparty.Check(r))
			fmt.Fprintln(&b, name, r.OwnBuild, r.HandsOn, a.Scope, a.Reason)
		}
	}
	golden(t, "third-party.txt", b.String())
}

func TestEvents(t *testing.T) {
	events := read[[]iem.Event](t, `[
		{"name":"launch","requested":"2026-01-05","first":"2026-02-02","days":3},
		{"name":"spring sale","requested":"2026-02-20","first":"2026-03-06","days":5},
		{"name":"called off","requested":"2026-03-01","first":"2026-04-01","days":2,"cancelled":"2026-03-15"},
		{"name":"summer sale","requested":"2026-06-01","first":"2026-07-01","days":4},
		{"name":"late","requested":"2026-12-28","first":"2026-12-30","days":4}]`)
	goldenJSON(t, "events.json", events)
	year := iem.Year{
		Start:    must(calendar.ParseDate("2026-01-01")),
		End:      must(calendar.ParseDate("2027-01-01")),
		Calendar: read[calendar.Calendar](t, calendars[1].text),
		Terms:    iem.Published(),
	}
	var b strings.Builder
	for _, e := range events {
		request := e
		request.Cancelled = calendar.Date{}
		a := must(year.Review(request))
		fmt.Fprintln(&b, e.Name, "session", a.Use.Session, "complimentary", a.Use.Complimentary, "to buy", a.Use.ToBuy, "left", a.SessionsLeft,
			"notice", a.NoticeMet, a.Earliest, "overlaps", a.Overlaps, "beyond", a.BeyondYear)
		year.Granted = append(year.Granted, e)
	}
	for _, u := range must(year.Uses()) {
		fmt.Fprintln(&b, u.Event.Name, u.Session, u.Complimentary, u.ToBuy)
	}
	golden(t, "events.txt", b.String())
}
