package severity_test

import (
	"fmt"

	"github.com/supportplan/supportplan/severity"
)

// Parse takes the names of both of the document's lists.
func ExampleParse() {
	for _, name := range []string{"production-impacted", "Production system impacted", "Production System Abnormality", "urgent"} {
		s, err := severity.Parse(name)
		if err != nil {
			fmt.Println(err)
			continue
		}
		fmt.Println(s)
	}
	// Output:
	// production-impacted
	// production-impacted
	// production-impacted
	// severity: parse severity "urgent": want general, system-impaired, production-impacted or business-critical: unknown severity
}

func ExampleAll() {
	for _, s := range severity.All() {
		fmt.Printf("%s: %s\n", s.Name(), s.Criterion())
	}
	// Output:
	// General issues: the business is not affected
	// System impaired: something behaves abnormally, but the service has not wholly lost its ability to do its work
	// Production system impacted: a general production system is unavailable, and key operations are critically interrupted
	// Business critical: the customer's core business is unavailable
}

func ExampleAssess() {
	fmt.Println(severity.Assess(severity.Observations{Degraded: true}))
	fmt.Println(severity.Assess(severity.Observations{Degraded: true, DataLost: true}))
	fmt.Println(severity.Assess(severity.Observations{}))
	// Output:
	// system-impaired
	// business-critical
	// general
}

func ExampleSeverity_Examples() {
	for _, example := range severity.BusinessCritical.Examples() {
		fmt.Println(example)
	}
	// Output:
	// production data is lost
	// an intrusion
	// key operations are critically interrupted in any other way
}
