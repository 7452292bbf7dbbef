package strictjson

import "time"

// Instant returns t so that its RFC 3339 text says the same instant: that
// format writes offsets in whole minutes of less than a day. encoding/json
// drops the seconds that some zones had before about 1930, which would move
// the instant, and refuses longer offsets. Instant returns t in UTC where its
// offset has seconds or is a day or longer. Monotonic readings are stripped.
func Instant(t time.Time) time.Time {
	const day = 24 * 60 * 60
	if _, offset := t.Zone(); offset%60 != 0 || offset <= -day || offset >= day {
		return t.UTC().Round(0)
	}
	return t.Round(0)
}
