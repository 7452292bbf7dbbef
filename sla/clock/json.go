package clock

import (
	"cmp"
	"encoding/json"
	"time"

	"github.com/shopspring/decimal"

	"github.com/supportplan/supportplan/internal/strictjson"
)

type statusJSON struct {
	At            time.Time   `json:"at"`
	Phase         Phase       `json:"phase"`
	Reasons       []string    `json:"reasons,omitempty"`
	Responded     time.Time   `json:"responded,omitzero"`
	FirstResponse readingJSON `json:"firstResponse"`
	NextResponse  readingJSON `json:"nextResponse"`
	Update        readingJSON `json:"update"`
	Resolution    readingJSON `json:"resolution"`
	NextChange    time.Time   `json:"nextChange,omitzero"`
}

type readingJSON struct {
	cycleJSON
	Earlier []cycleJSON `json:"earlier,omitempty"`
}

type cycleJSON struct {
	Phase     Phase         `json:"phase,omitempty"`
	Outcome   Outcome       `json:"outcome"`
	Started   time.Time     `json:"started,omitzero"`
	Measured  time.Time     `json:"measured,omitzero"`
	Stopped   time.Time     `json:"stopped,omitzero"`
	Answered  bool          `json:"answered,omitempty"`
	Name      string        `json:"name,omitempty"`
	Target    *targetJSON   `json:"target,omitempty"`
	Elapsed   *seconds      `json:"elapsed,omitempty"`
	Remaining *seconds      `json:"remaining,omitempty"`
	Due       time.Time     `json:"due,omitzero"`
	Breach    *breachJSON   `json:"breach,omitempty"`
	Warnings  []warningJSON `json:"warnings,omitempty"`
	Segments  []segmentJSON `json:"segments,omitempty"`
}

type breachJSON struct {
	At      time.Time  `json:"at"`
	Name    string     `json:"name,omitempty"`
	Target  targetJSON `json:"target"`
	Elapsed seconds    `json:"elapsed"`
}

// targetJSON is a target in a status: its calendar is only named.
type targetJSON struct {
	Within   seconds `json:"within"`
	Calendar string  `json:"calendar,omitempty"`
}

func (t Target) named() targetJSON {
	out := targetJSON{Within: seconds(t.Within)}
	if !t.Calendar.IsAlways() {
		out.Calendar = cmp.Or(t.Calendar.Name(), t.Calendar.Location().String())
	}
	return out
}

type warningJSON struct {
	Percent int       `json:"percent"`
	At      time.Time `json:"at,omitzero"`
	Passed  bool      `json:"passed"`
}

type segmentJSON struct {
	Start   time.Time   `json:"start"`
	End     time.Time   `json:"end"`
	Kind    SegmentKind `json:"kind"`
	Reason  string      `json:"reason,omitempty"`
	Counted seconds     `json:"counted"`
	Ahead   bool        `json:"ahead,omitempty"`
}

// seconds is a duration that JSON has as a number of seconds, exactly.
type seconds time.Duration

func (s seconds) MarshalJSON() ([]byte, error) {
	return []byte(decimal.New(int64(s), -9).String()), nil
}

func (c *Cycle) json() cycleJSON {
	at := strictjson.Instant
	out := cycleJSON{
		Phase: c.Phase, Outcome: c.Outcome, Started: at(c.Started), Measured: at(c.Measured), Stopped: at(c.Stopped), Answered: c.Answered,
		Name: c.Name, Due: at(c.Due),
	}
	if c.Started.IsZero() {
		return out
	}
	out.Elapsed = (*seconds)(&c.Elapsed)
	if c.Target.IsValid() {
		target := c.Target.named()
		out.Target, out.Remaining = &target, (*seconds)(&c.Remaining)
	}
	if b := &c.Breach; !b.At.IsZero() {
		out.Breach = &breachJSON{at(b.At), b.Name, b.Target.named(), seconds(b.Elapsed)}
	}
	for _, w := range c.Warnings {
		out.Warnings = append(out.Warnings, warningJSON{w.Percent, at(w.At), w.Passed})
	}
	for _, s := range c.Segments {
		out.Segments = append(out.Segments, segmentJSON{at(s.Period.Start), at(s.Period.End), s.Kind, s.Reason, seconds(s.Counted), s.Ahead})
	}
	return out
}

func (r *Reading) json() readingJSON {
	out := readingJSON{cycleJSON: r.Cycle.json()}
	for i := range r.Earlier {
		out.Earlier = append(out.Earlier, r.Earlier[i].json())
	}
	return out
}

// MarshalJSON returns s's JSON form. A calendar is given by its name, or that
// of its zone if it has none.
func (s Status) MarshalJSON() ([]byte, error) {
	at := strictjson.Instant
	return json.Marshal(statusJSON{
		At: at(s.At), Phase: s.Phase, Reasons: s.Reasons, Responded: at(s.Responded),
		FirstResponse: s.FirstResponse.json(), NextResponse: s.NextResponse.json(), Update: s.Update.json(), Resolution: s.Resolution.json(),
		NextChange: at(s.NextChange),
	})
}

// MarshalJSON returns r's JSON form, that of one metric in a [Status].
func (r Reading) MarshalJSON() ([]byte, error) { return json.Marshal(r.json()) }

// MarshalJSON returns c's JSON form, as it stands in a [Status].
func (c Cycle) MarshalJSON() ([]byte, error) { return json.Marshal(c.json()) }
