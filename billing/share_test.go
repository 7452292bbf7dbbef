package billing_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"
	"github.com/supportplan/supportplan/billing"
	"github.com/supportplan/supportplan/billing/price"
)

func amounts(s string) (out []decimal.Decimal) {
	for _, f := range strings.Fields(s) {
		out = append(out, d(f))
	}
	return out
}

func TestInvoiceShare(t *testing.T) {
	inv := billing.Invoice{Total: d("100.00")}
	got, err := inv.Share(amounts("1 2 0 -5"), nil)
	if diff := cmp.Diff(amounts("33.33 66.67 0 0"), got); diff != "" || err != nil {
		t.Errorf("%v\n%s", err, diff)
	}
	if _, err := inv.Share(amounts("0 0"), nil); !errors.Is(err, price.ErrInvalid) {
		t.Error(err)
	}
	yen := billing.Invoice{Total: decimal.New(1, 2)}
	if got, err := yen.Share(amounts("1 2"), nil); err != nil || !got[0].Equal(d("33")) {
		t.Error(got, err)
	}
}
