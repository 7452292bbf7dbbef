package entitlement

// A Source is the section of the provider's document that a fact was taken
// from. The zero Source is none.
type Source struct {
	Section string // the section's title
	Updated string // the date of its last update, as in "2023-09-14"
}

// String returns s as "Service Category, 2023-09-14", or "" for the zero
// Source.
func (s Source) String() string {
	if s == (Source{}) {
		return ""
	}
	return s.Section + ", " + s.Updated
}

// The sections that the tables of this package were taken from.
var (
	serviceCategory = Source{"Service Category", "2023-09-14"}
	introduction    = Source{"Introduction of service content", "2023-09-15"}
)
