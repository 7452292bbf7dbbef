package strictjson

import (
	"fmt"
	"time"
)

// Instant returns t in a zone in which its RFC 3339 text is the same instant:
// UTC if t's offset has seconds or is a day or longer, or its clock shows a year
// after 9999, t's own zone otherwise. RFC 3339 has offsets of whole minutes below
// a day and years of four digits; encoding/json would drop the seconds of zones
// before about 1930 and so move the instant. Monotonic readings are stripped.
func Instant(t time.Time) time.Time {
	const day = 24 * 60 * 60
	if _, offset := t.Zone(); offset%60 != 0 || offset <= -day || offset >= day || t.Year() > 9999 {
		return t.UTC().Round(0)
	}
	return t.Round(0)
}

// CheckTime returns an error wrapping invalid if t is the zero time or lies
// outside the years 1 to 9999 of UTC, which RFC 3339, and so JSON, can write.
func CheckTime(t time.Time, invalid error) error {
	const year1, year10000 = -62_135_596_800, 253_402_300_800 // as Unix times
	if u := t.Unix(); u >= year1 && u < year10000 && !t.IsZero() {
		return nil
	}
	return fmt.Errorf("%s: want an instant of the years 1 to 9999: %w", t.Format(time.RFC3339Nano), invalid)
}
