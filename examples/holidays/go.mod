module github.com/supportplan/supportplan/examples/holidays

go 1.25.0

require (
	github.com/arran4/golang-ical v0.3.4
	github.com/rickar/cal/v2 v2.1.13
	github.com/supportplan/supportplan v0.0.0-00010101000000-000000000000
)

require github.com/shopspring/decimal v1.6.0 // indirect

replace github.com/supportplan/supportplan => ../..
