package billing

import (
	"fmt"
	"math/big"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/supportplan/supportplan/billing/price"
	"github.com/supportplan/supportplan/internal/enum"
	"github.com/supportplan/supportplan/internal/quote"
	"github.com/supportplan/supportplan/internal/wall"
	"github.com/supportplan/supportplan/sla/calendar"
)

// An Interval is the time for which a card names its prices, and so the length
// of the periods that it can be asked for: [IntervalMonth], [IntervalYear] or
// [IntervalPeriod]. There is no default: the empty Interval is invalid.
type Interval string

// The intervals. A month has 28 to 31 days and a year 365 or 366, each give or
// take three hours for clock changes. That is a guard, not a proof: 15 February
// to 17 March passes as a month.
const (
	IntervalMonth  Interval = "month"
	IntervalYear   Interval = "year"
	IntervalPeriod Interval = "period" // any period, unchecked: quarters, 4-4-5 months, a stub
)

var intervals = []Interval{IntervalMonth, IntervalYear, IntervalPeriod}

// UnmarshalText sets *i to the interval that b spells, or returns an error
// wrapping [ErrInvalid]; then *i is unchanged.
func (i *Interval) UnmarshalText(b []byte) error {
	return enum.ReadToken(i, b, "interval", intervals, ErrInvalid)
}

// check returns an error if the bounded period p is not a whole i.
func (i Interval) check(p calendar.Period) error {
	const day, give = 24 * time.Hour, 3 * time.Hour
	lo, hi := 28*day, 31*day
	switch i {
	case IntervalPeriod:
		return nil
	case IntervalYear:
		lo, hi = 365*day, 366*day
	}
	if d := p.Duration(); d < lo-give || d > hi+give {
		return fmt.Errorf("%v is no whole %s, and the card prices per %s: ask for a whole one, with a timeline that starts or ends in it: %w", p, i, i, ErrMismatch)
	}
	return nil
}

// A Proration is the way to divide a period between the plans that an account
// had in it: by [ProrationInstants] or by [ProrationDays]. There is no default:
// the empty Proration is invalid.
type Proration string

// The prorations.
const (
	// ProrationInstants divides by time: the share of a segment is its time over
	// the period's. A day of 23 hours is a shorter day.
	ProrationInstants Proration = "instants"
	// ProrationDays divides by civil days in the card's zone. A day belongs
	// wholly to the plan and card in force when it ends, just before the next
	// midnight: the first day is charged, the last is not. A plan that ends no
	// day has no share and no minimum. A date that the zone skips is no day. The
	// period must start and end at midnights of the zone.
	ProrationDays Proration = "days"
)

var prorations = []Proration{ProrationInstants, ProrationDays}

// UnmarshalText sets *p to the proration that b spells, or returns an error
// wrapping [ErrInvalid]; then *p is unchanged.
func (p *Proration) UnmarshalText(b []byte) error {
	return enum.ReadToken(p, b, "proration", prorations, ErrInvalid)
}

// The values of the two rules that package price has, for errors.
var (
	limits = []price.Limits{price.LimitsProrated, price.LimitsWhole}
	bases  = []price.Basis{price.BasisPeriod, price.BasisSegment}
)

// maxDays is the number of civil days that a period may have if it is prorated
// by days.
const maxDays = 40_000

// dayCounter counts civil days in a zone.
type dayCounter struct{ zone *time.Location }

// midnight returns the first instant of the date of t, moved by a number of
// days.
func (c dayCounter) midnight(t time.Time, days int) time.Time {
	y, m, d := t.In(c.zone).Date()
	return wall.Instant(y, m, d+days, 0, c.zone)
}

// check returns an error if the bounded period p does not start and end at
// midnights, or has too many days.
func (c dayCounter) check(p calendar.Period) error {
	for _, t := range []time.Time{p.Start, p.End} {
		if !c.midnight(t, 0).Equal(t) {
			return fmt.Errorf("%v does not start and end at midnights in %v, by whose days the card prorates: %w", p, c.zone, ErrMismatch)
		}
	}
	if p.Duration() > maxDays*24*time.Hour {
		return fmt.Errorf("%v has over %d days: %w", p, maxDays, ErrInvalid)
	}
	return nil
}

// count returns the number of days that end in p: whose next midnight lies
// after p's start and not after its end.
func (c dayCounter) count(p calendar.Period) int {
	n := 0
	last := p.Start // a date ends after it
	for next := 1; ; next++ {
		end := c.midnight(p.Start, next)
		if end.After(p.End) {
			return n
		}
		if end.After(last) { // no date that the zone skips
			n++
			last = end
		}
	}
}

// duration returns the length of p in nanoseconds, however long it is.
func duration(p calendar.Period) *big.Int {
	ns := big.NewInt(p.End.Unix() - p.Start.Unix())
	ns.Mul(ns, big.NewInt(1e9))
	return ns.Add(ns, big.NewInt(int64(p.End.Nanosecond()-p.Start.Nanosecond())))
}

// loadZone returns the zone of an IANA name. It refuses the names under which
// time zone databases hold the machine's own zone, or zones with leap seconds.
func loadZone(name string) (*time.Location, error) {
	if err := checkZoneName(name); err != nil {
		return nil, err
	}
	loc, err := time.LoadLocation(name)
	if err != nil {
		return nil, fmt.Errorf("%s: unknown zone: %w", quote.String(name), ErrInvalid)
	}
	return loc, nil
}

func checkZoneName(name string) error {
	switch first, _, _ := strings.Cut(strings.ToLower(name), "/"); {
	case path.Clean(name) != name, slices.Contains([]string{"", ".", "local", "localtime", "posixrules", "posix", "right"}, first):
		return fmt.Errorf("%s: want an IANA zone that is the same on every machine: %w", quote.String(name), ErrInvalid)
	}
	return nil
}
