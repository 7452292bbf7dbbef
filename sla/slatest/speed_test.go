package slatest_test

import (
	"testing"

	"github.com/supportplan/supportplan/sla/slatest"
)

// A check takes at most two seconds; the report says how long.
func BenchmarkChecks(b *testing.B) {
	office := calendars(b)["office"]
	p := contract(b)
	b.Run("Conforms", func(b *testing.B) {
		for b.Loop() {
			slatest.Conforms(b, office, office)
		}
	})
	b.Run("Check", func(b *testing.B) {
		for b.Loop() {
			slatest.Check(b, office, office)
		}
	})
	b.Run("CheckCases", func(b *testing.B) {
		for b.Loop() {
			slatest.CheckCases(b, p, p)
		}
	})
}
