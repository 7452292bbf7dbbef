module github.com/supportplan/supportplan/examples/compare

go 1.25.0

replace github.com/supportplan/supportplan => ../..

require (
	github.com/cockroachdb/apd/v3 v3.2.3
	github.com/govalues/decimal v0.1.36
	github.com/open-feature/go-sdk v1.18.0
	github.com/rickar/cal/v2 v2.1.13
	github.com/shopspring/decimal v1.6.0
	github.com/supportplan/supportplan v0.0.0-00010101000000-000000000000
)

require go.uber.org/mock v0.6.0 // indirect
