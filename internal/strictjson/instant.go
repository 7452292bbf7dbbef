package strictjson

import "time"

// Instant returns t so that its RFC 3339 text says the same instant: that
// format writes offsets in whole minutes, and encoding/json drops the seconds
// that some zones had before about 1930, which would move the instant. Where
// t's offset has seconds, Instant returns t in UTC. Monotonic readings are
// stripped.
func Instant(t time.Time) time.Time {
	if _, offset := t.Zone(); offset%60 != 0 {
		return t.UTC().Round(0)
	}
	return t.Round(0)
}
