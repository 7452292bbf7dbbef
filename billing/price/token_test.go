package price_test

import (
	"encoding"
	"errors"
	"strings"
	"testing"

	"github.com/supportplan/supportplan/billing/price"
)

// tokens checks that the tokens of a type are its constants, and that all others
// are refused with the list of them.
func tokens[E ~string, P interface {
	*E
	encoding.TextUnmarshaler
}](t *testing.T, all map[string]E) {
	t.Helper()
	for token, e := range all {
		var got E
		if string(e) != token || P(&got).UnmarshalText([]byte(token)) != nil || got != e {
			t.Errorf("%q is %q, read as %q", token, e, got)
		}
		for _, other := range []string{"", strings.ToUpper(token), token + " ", "nonsense", strings.Repeat("x", 1<<20)} {
			err := P(&got).UnmarshalText([]byte(other))
			if !errors.Is(err, price.ErrInvalid) || !strings.Contains(err.Error(), `"`+token+`"`) || len(err.Error()) > 300 || got != e {
				t.Errorf("%.20q: %.300v", other, err)
			}
		}
	}
}

func TestTokens(t *testing.T) {
	tokens(t, map[string]price.Model{"graduated": price.ModelGraduated, "volume": price.ModelVolume})
	tokens(t, map[string]price.RoundingMode{"half-up": price.RoundingHalfUp, "half-even": price.RoundingHalfEven, "down": price.RoundingDown, "up": price.RoundingUp})
	tokens(t, map[string]price.DiscountStage{"before-maximum": price.DiscountBeforeMaximum, "after-minimum": price.DiscountAfterMinimum})
	tokens(t, map[string]price.Limits{"prorated": price.LimitsProrated, "whole": price.LimitsWhole})
	tokens(t, map[string]price.Basis{"period": price.BasisPeriod, "segment": price.BasisSegment})
	for kind, want := range map[price.AdjustmentKind]string{
		price.AdjustmentDiscount: "discount", price.AdjustmentMaximum: "maximum",
		price.AdjustmentMinimum: "minimum", price.AdjustmentRounding: "rounding",
	} {
		if string(kind) != want {
			t.Errorf("%q, want %q", kind, want)
		}
	}
}
