package calendar

import (
	"bytes"
	"encoding/json"
	"fmt"
	"path"
	"strings"
	"time"

	"github.com/supportplan/supportplan/internal/quote"
	"github.com/supportplan/supportplan/internal/strictjson"
)

// ErrJSON is wrapped by every error of decoding JSON that is malformed, or has
// unknown, duplicate, missing or null fields.
var ErrJSON = strictjson.ErrInvalid

// The limits of a calendar's JSON form.
const (
	maxDates  = 100_000 // holidays, or special dates, or dates with breaks
	maxShifts = 1_000   // of one day
)

// always is the JSON form of the 24/7 calendar.
const always = "24/7"

type calendarJSON struct {
	Zone     string             `json:"zone"`
	Week     map[string][]Shift `json:"week,omitempty"`
	Holidays []Date             `json:"holidays,omitempty"`
	Special  map[Date][]Shift   `json:"special,omitempty"`
	Breaks   map[Date][]Shift   `json:"breaks,omitempty"`
}

func weekdayName(d time.Weekday) string { return strings.ToLower(d.String()) }

// MarshalJSON returns c's JSON form. It returns an error wrapping [ErrZone] if
// c's zone is not the one that the machine's time zone database has under its
// name: [time.Local], or one of the caller's own making.
func (c Calendar) MarshalJSON() ([]byte, error) {
	if c.IsAlways() {
		return json.Marshal(always)
	}
	site, _ := c.site()
	s := site.spec
	name := s.Location.String()
	if loc, err := loadZone(name); err != nil || !sameZone(loc, s.Location) {
		return nil, fmt.Errorf("calendar: marshal zone %s: %w", quote.String(name), ErrZone)
	}
	out := calendarJSON{Zone: name, Week: map[string][]Shift{}, Holidays: s.Holidays, Special: s.Special, Breaks: s.Breaks}
	for d, shifts := range s.Week {
		if len(shifts) > 0 {
			out.Week[weekdayName(time.Weekday(d))] = shifts
		}
	}
	return json.Marshal(out)
}

// UnmarshalJSON reads c's JSON form, strictly. It returns errors wrapping
// [ErrJSON], or those of [New], after which *c is as it was. The zone's rules
// come from the machine's time zone database, or from the package time/tzdata
// where the program imports it; a name that it does not know, and
// those that mean the machine's own zone (Local, localtime, posixrules) or come
// from a part of the database (posix/…, right/…), are errors wrapping [ErrZone].
func (c *Calendar) UnmarshalJSON(data []byte) error {
	var d Calendar
	err := strictjson.Decode("calendar: decode", data, func(v strictjson.Value) {
		if bytes.HasPrefix(bytes.TrimSpace(data), []byte{'"'}) {
			if s := v.Text(); s != always {
				v.Fail(fmt.Errorf("%w: want an object or %q, not %s", ErrJSON, always, quote.String(s)))
			}
			return
		}
		var s Spec
		v.Object(func(o strictjson.Object) {
			s.Location = decodeZone(o.Need("zone"))
			o.May("week").Object(func(o strictjson.Object) {
				for day := range s.Week {
					s.Week[day] = decodeShifts(o.May(weekdayName(time.Weekday(day))))
				}
			})
			for _, v := range o.May("holidays").Items(maxDates) {
				var d Date
				v.Into(&d)
				s.Holidays = append(s.Holidays, d)
			}
			s.Special = decodeDates(o.May("special"))
			s.Breaks = decodeDates(o.May("breaks"))
		})
		var err error
		if d, err = New(s); err != nil {
			v.Fail(err)
		}
	})
	if err != nil {
		return err
	}
	*c = d
	return nil
}

func decodeZone(v strictjson.Value) *time.Location {
	loc, err := loadZone(v.Text())
	if err != nil {
		v.Fail(err)
	}
	return loc
}

// loadZone returns the zone of that IANA name. It refuses the names under which
// time zone databases hold the machine's own zone, or zones with leap seconds.
func loadZone(name string) (*time.Location, error) {
	switch first, _, _ := strings.Cut(strings.ToLower(name), "/"); first {
	case "", ".", "local", "localtime", "posixrules", "posix", "right":
	default:
		if path.Clean(name) != name {
			break
		}
		if loc, err := time.LoadLocation(name); err == nil {
			return loc, nil
		}
	}
	return nil, fmt.Errorf("%s: %w", quote.String(name), ErrZone)
}

func decodeShifts(v strictjson.Value) []Shift {
	var out []Shift
	for _, v := range v.Items(maxShifts) {
		var s Shift
		v.Into(&s)
		out = append(out, s)
	}
	return out
}

func decodeDates(v strictjson.Value) map[Date][]Shift {
	out := make(map[Date][]Shift)
	for name, shifts := range v.Fields() {
		if len(out) == maxDates {
			v.Fail(fmt.Errorf("%w: dates are over the limit of %d", ErrJSON, maxDates))
			break
		}
		d, err := ParseDate(name)
		if err != nil {
			shifts.Fail(err)
		}
		out[d] = decodeShifts(shifts)
	}
	return out
}
