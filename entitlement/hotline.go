package entitlement

import (
	"slices"
	"strings"
)

// A Hotline is a toll-free telephone number that is answered around the clock.
type Hotline struct {
	Country string // ISO 3166-1 alpha-2, as in "GB"
	Name    string // the country's or region's name, as in "United Kingdom"
	E164    string // the number for machines, as in "+448081964551"
	Display string // the number for people, as in "+44 808 196 4551"
}

// hotlines are the published numbers in the document's order.
// Source: Support Methods, 2023-09-18.
var hotlines = [...]Hotline{
	{"HK", "China Hong Kong", "+852800906020", "+852 800 906 020"},
	{"US", "United States", "+18446060804", "+1 844 606 0804"},
	{"CA", "Canada", "+18886057930", "+1 888 605 7930"},
	{"GB", "United Kingdom", "+448081964551", "+44 808 196 4551"},
	{"AU", "Australia", "+611300986386", "+61 1300 986 386"},
}

// Hotlines returns the hotlines in the document's order, in a slice of the
// caller's own. Who may call them says the feature [Phone].
//
// Source: Support Methods, 2023-09-18.
func Hotlines() []Hotline { return slices.Clone(hotlines[:]) }

// HotlineOf returns the hotline of the country with the given ISO 3166-1
// alpha-2 code, in either case; false if it has none.
//
// Source: Support Methods, 2023-09-18.
func HotlineOf(country string) (Hotline, bool) {
	i := slices.IndexFunc(hotlines[:], func(h Hotline) bool { return equalFold(h.Country, country) })
	if i < 0 {
		return Hotline{}, false
	}
	return hotlines[i], true
}

// equalFold reports whether a and b, of which one is ASCII, differ in the case
// of letters at most. Equal lengths keep Unicode's folding out.
func equalFold(a, b string) bool { return len(a) == len(b) && strings.EqualFold(a, b) }
