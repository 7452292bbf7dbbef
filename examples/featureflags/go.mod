module github.com/supportplan/supportplan/examples/featureflags

go 1.26.0

require (
	github.com/google/go-cmp v0.7.0
	github.com/open-feature/go-sdk v1.20.0
	github.com/supportplan/supportplan v0.0.0
)

require (
	github.com/shopspring/decimal v1.6.0 // indirect
	go.uber.org/mock v0.6.0 // indirect
)

replace github.com/supportplan/supportplan => ../..
