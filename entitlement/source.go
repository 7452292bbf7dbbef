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
	serviceCategory        = Source{"Service Category", "2023-09-14"}
	introduction           = Source{"Introduction of service content", "2023-09-15"}
	supportMethods         = Source{"Support Methods", "2023-09-18"}
	thirdPartySoftware     = Source{"Third-Party Software Support", "2023-09-15"}
	eventManagement        = Source{"Infrastructure Event Management", "2023-09-15"}
	healthCheck            = Source{"TSA Health Check", "2023-09-14"}
	training               = Source{"Communication and Training", "2023-09-14"}
	serviceReport          = Source{"Service Report", "2023-09-14"}
	architectureOptimizing = Source{"Architecture Optimization", "2023-09-14"}
	availabilityOptimizing = Source{"High-Availability Optimization", "2023-09-14"}
	stabilityOptimizing    = Source{"Stability Optimization", "2023-09-14"}
	businessHealthChecking = Source{"Business Health Check", "2023-09-14"}
)
