// Package hours writes and reads targets in JSON documents in which each
// calendar stands once and is referred to by name.
package hours

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/supportplan/supportplan/internal/field"
	"github.com/supportplan/supportplan/internal/quote"
	"github.com/supportplan/supportplan/internal/strictjson"
	"github.com/supportplan/supportplan/sla/calendar"
)

// Max is how many calendars a document may name.
const Max = 256

// Names gives the calendars of a document their names: their own, or
// "calendar-1" and so on for those that have none or share one. A nil *Names
// has none: calendars are then written out where they are used.
type Names struct {
	all   []calendar.Calendar
	names []string
}

// of returns the name of c, and gives it one if it is new.
func (n *Names) of(c calendar.Calendar) string {
	for i, d := range n.all {
		if c == d || c.Name() == d.Name() && c.Equal(d) {
			return n.names[i]
		}
	}
	name := c.Name()
	for i := len(n.all) + 1; name == "" || slices.Contains(n.names, name); i++ {
		name = "calendar-" + strconv.Itoa(i)
	}
	n.all, n.names = append(n.all, c), append(n.names, name)
	return name
}

// Target returns the JSON form of a target: "16h", or an object with its
// calendar.
func (n *Names) Target(within time.Duration, c calendar.Calendar) any {
	if c.IsAlways() {
		return Short(within)
	}
	out := struct {
		Within   string `json:"within"`
		Calendar any    `json:"calendar"`
	}{Short(within), inline{c}}
	if n != nil {
		out.Calendar = n.of(c)
	}
	return out
}

// inline is a calendar that stands in another form.
type inline struct{ calendar.Calendar }

func (c inline) MarshalJSON() ([]byte, error) {
	data, err := c.Calendar.MarshalJSON()
	return strictjson.Nest(data), err
}

// Calendars returns the document's field of calendars by name, or nil if there
// are none. More than [Max] are an error wrapping invalid.
func (n *Names) Calendars(invalid error) (map[string]json.RawMessage, error) {
	if len(n.all) == 0 {
		return nil, nil
	}
	if len(n.all) > Max {
		return nil, fmt.Errorf("%d different calendars: want %d at most: %w", len(n.all), Max, invalid)
	}
	out := make(map[string]json.RawMessage)
	for i, c := range n.all {
		data, err := c.Named("").MarshalJSON()
		if err != nil {
			return nil, field.Wrap("calendars", err)
		}
		out[n.names[i]] = strictjson.Nest(data)
	}
	return out, nil
}

// Known holds the calendars of a document by name while it is read.
type Known map[string]calendar.Calendar

// Read reads the field of calendars v, which may be absent.
func Read(v strictjson.Value, invalid error) Known {
	if !v.IsPresent() {
		return nil
	}
	out := make(Known)
	for name, f := range v.Fields() {
		if len(out) == Max {
			v.Fail(fmt.Errorf("more than %d calendars: %w", Max, invalid))
			return nil
		}
		var c calendar.Calendar
		f.JSON(&c)
		out[name] = c.Named(name)
	}
	return out
}

// Target reads a target that [Names.Target] wrote. A duration that is not
// positive is an error wrapping invalid.
func (k Known) Target(v strictjson.Value, invalid error) (within time.Duration, c calendar.Calendar) {
	if v.IsText() {
		return duration(v, invalid), c
	}
	v.Object(func(o strictjson.Object) {
		within = duration(o.Need("within"), invalid)
		f := o.May("calendar")
		if f.IsText() {
			var ok bool
			if c, ok = k[f.Text()]; ok {
				return
			}
			if f.Text() != "24/7" {
				f.Fail(fmt.Errorf("%s: want the name of one of the document's calendars: %w", quote.String(f.Text()), invalid))
				return
			}
		}
		f.JSON(&c)
	})
	return within, c
}

func duration(v strictjson.Value, invalid error) time.Duration {
	s := v.Text()
	d, err := time.ParseDuration(s)
	if err != nil || d <= 0 {
		v.Fail(fmt.Errorf("%s: want a positive duration such as \"1h30m\": %w", quote.String(s), invalid))
	}
	return d
}

// Short writes d as [time.Duration.String] does, without the units at its end
// that are 0: 16h, not 16h0m0s.
func Short(d time.Duration) string {
	s := d.String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}

// Shape returns err so that it wraps invalid too if it is about a document's
// shape.
func Shape(err, invalid error) error {
	if errors.Is(err, strictjson.ErrInvalid) {
		return field.Mark(err, invalid)
	}
	return err
}
