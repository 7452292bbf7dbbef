package walk_test

import (
	"time"

	"github.com/supportplan/supportplan/entitlement"
	"github.com/supportplan/supportplan/entitlement/iem"
	"github.com/supportplan/supportplan/entitlement/thirdparty"
	"github.com/supportplan/supportplan/plan"
)

var contract = text[entitlement.Contract](`{"overrides":[
	{"name":"no phone","kind":"withhold","feature":"phone","start":"2026-01-01T00:00:00Z","end":"2026-07-01T00:00:00Z"},
	{"name":"chat","kind":"grant","feature":"im-group","start":"2026-02-01T00:00:00Z"}]}`)

var (
	_ = register(kept, contract)
	_ = register(kept, func() entitlement.Override { return contract().Overrides()[0] })
	_ = register(kept, func() entitlement.Decision {
		return entitlement.Published().CheckAt(contract(), plan.Developer, entitlement.Phone, time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC))
	})
	_ = register(kept, text[iem.Event](`{"name":"sale","requested":"2026-02-20","first":"2026-03-06","days":5,"cancelled":"2026-03-01"}`))
	_ = register(kept, func() thirdparty.Version { return must(thirdparty.ParseVersion("0.9.60.2")) })
	_ = register(kept, func() entitlement.Matrix {
		return must(entitlement.Published().With("ACME 2026", entitlement.Cell{Plan: plan.Developer, Feature: entitlement.Training, Included: true}))
	})
)
