package price_test

import (
	"database/sql/driver"
	"encoding"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/supportplan/supportplan/billing/price"
)

type enumeration interface {
	~uint8
	fmt.Stringer
	encoding.TextMarshaler
	driver.Valuer
	IsValid() bool
}

type enumerationPointer[E any] interface {
	*E
	encoding.TextUnmarshaler
	Scan(any) error
}

// checkEnum sweeps all 256 values of an enumeration against its tokens.
func checkEnum[E enumeration, P enumerationPointer[E]](t *testing.T, typ string, all []E, parse func(string) (E, error), unknown error, tokens ...string) {
	t.Helper()
	for n := range 256 {
		e := E(n)
		valid := n >= 1 && n <= len(tokens)
		want := fmt.Sprintf("%s(%d)", typ, n)
		if valid {
			want = tokens[n-1]
		}
		if e.IsValid() != valid || e.String() != want || slices.Contains(all, e) != valid {
			t.Errorf("%s %d: valid %v, String %q, want %q", typ, n, e.IsValid(), e, want)
		}
		text, err := e.MarshalText()
		value, err2 := e.Value()
		if !valid {
			if !errors.Is(err, unknown) || !errors.Is(err2, unknown) {
				t.Errorf("%s %d marshals: %v, %v", typ, n, err, err2)
			}
			continue
		}
		if string(text) != want || err != nil || value != want || err2 != nil {
			t.Errorf("%s %d marshals as %q (%v), %v (%v)", typ, n, text, err, value, err2)
		}
		var byText, byScan, byJSON E
		err3 := json.Unmarshal([]byte(`"`+want+`"`), &byJSON)
		if err := errors.Join(err3, P(&byText).UnmarshalText(text), P(&byScan).Scan(want)); err != nil || byText != e || byScan != e || byJSON != e {
			t.Errorf("%s %d reads back as %v, %v, %v: %v", typ, n, byText, byScan, byJSON, err)
		}
		if got, err := parse(strings.ToUpper(want)); got != e || err != nil {
			t.Errorf("parse upper-case %q: %v, %v", want, got, err)
		}
	}
	if len(all) != len(tokens) || !slices.IsSorted(all) {
		t.Errorf("%s: all %v, tokens %v", typ, all, tokens)
	}
	e := E(1)
	if _, err := parse("nonsense"); !errors.Is(err, unknown) || !strings.Contains(err.Error(), ` "nonsense": want `) {
		t.Errorf("%s: parse nonsense: %v", typ, err)
	}
	if err := P(&e).UnmarshalText(nil); !errors.Is(err, unknown) || e != 1 {
		t.Errorf("%s: unmarshal nothing: %v, %v", typ, err, e)
	}
	if err := P(&e).Scan(nil); err == nil || e != 1 {
		t.Errorf("%s: scan NULL: %v, %v", typ, err, e)
	}
}

func TestEnumerations(t *testing.T) {
	checkEnum(t, "Model", price.AllModels(), price.ParseModel, price.ErrModel, "graduated", "volume")
	checkEnum(t, "RoundingMode", price.AllRoundingModes(), price.ParseRoundingMode, price.ErrRounding, "half-up", "half-even", "down", "up")
	checkEnum(t, "DiscountStage", price.AllDiscountStages(), price.ParseDiscountStage, price.ErrDiscount, "before-maximum", "after-minimum")
	checkEnum(t, "AdjustmentKind", price.AllAdjustmentKinds(), price.ParseAdjustmentKind, price.ErrAdjustment, "discount", "maximum", "minimum", "rounding")
	if price.Graduated != 1 || price.HalfUp != 1 || price.BeforeMaximum != 1 || price.DiscountAdjustment != 1 {
		t.Error("an enumeration does not start at 1")
	}
}
