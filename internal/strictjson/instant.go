package strictjson

import "time"

// Instant returns t in a zone in which its RFC 3339 text is the same instant:
// UTC if t's offset has seconds or is a day or longer, t's own zone otherwise.
// RFC 3339 has offsets of whole minutes below a day; encoding/json would drop the
// seconds of zones before about 1930 and so move the instant. Monotonic readings
// are stripped.
func Instant(t time.Time) time.Time {
	const day = 24 * 60 * 60
	if _, offset := t.Zone(); offset%60 != 0 || offset <= -day || offset >= day {
		return t.UTC().Round(0)
	}
	return t.Round(0)
}
