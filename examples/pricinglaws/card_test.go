package main

import (
	"testing"

	"github.com/supportplan/supportplan/billing/billingtest"
)

func TestCard(t *testing.T) {
	billingtest.CheckJSON(t, cardJSON)
}
