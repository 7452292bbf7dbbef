package price_test

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"github.com/supportplan/supportplan/billing/billingtest"
	"github.com/supportplan/supportplan/billing/price"
)

// readShared reads a file of the conformance material that lies beside the
// repository, or skips the test where it is absent.
func readShared(t *testing.T, name string, into any) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "..", "..", "shared", name))
	if errors.Is(err, fs.ErrNotExist) {
		t.Skipf("conformance material is absent: %v", err)
	}
	if err == nil {
		err = json.Unmarshal(data, into)
	}
	if err != nil {
		t.Fatal(err)
	}
}

type vectorTier struct {
	UpTo        *string `json:"up_to"`
	From        string  `json:"from"`
	UnitAmount  string  `json:"unit_amount"`
	RatePercent string  `json:"rate_percent"`
	FlatAmount  string  `json:"flat_amount"`
	Cap         string  `json:"tier_cap"`
	Add         string  `json:"add"`
}

type vector struct {
	ID            string          `json:"id"`
	Model         string          `json:"model"`
	Tiers         []vectorTier    `json:"tiers"`
	TiersFrom     []vectorTier    `json:"tiers_from"`
	Affine        []vectorTier    `json:"affine"`
	Range         *vectorRange    `json:"range"`
	Blocks        []vectorBlock   `json:"blocks"`
	RatePercent   string          `json:"rate_percent"`
	Multiplier    string          `json:"multiplier"`
	PerEvent      string          `json:"fixed_per_event"`
	Input         json.RawMessage `json:"input"`
	TierInput     string          `json:"tier_selection_input"`
	Min           string          `json:"min"`
	Expected      string          `json:"expected"`
	ExpectedUnits string          `json:"expected_units"`
	ExpectedError string          `json:"expected_error"`
	Breakdown     []string        `json:"breakdown"`
}

type vectorRange struct {
	From, To    string
	Bounds      string
	UnitAmount  string `json:"unit_amount"`
	RatePercent string `json:"rate_percent"`
	FlatAmount  string `json:"flat_amount"`
}

type vectorBlock struct {
	Size   string  `json:"block_size"`
	Max    *string `json:"max_blocks"`
	Amount string  `json:"block_amount"`
}

// Why a vector does not apply, by id or by what stands before its "#".
var vectorsOutOfScope = map[string]string{
	"lago-package":                 "package pricing: usage is rounded up to whole blocks",
	"kong-package":                 "package pricing: usage is rounded up to whole blocks",
	"meteroid-package":             "package pricing: usage is rounded up to whole blocks",
	"killbill-all-tiers-blocks":    "package pricing: blocks larger than one unit",
	"killbill-all-tiers-unlimited": "package pricing: blocks larger than one unit",
	"killbill-top-tier-blocks":     "package pricing: blocks larger than one unit",
	"killbill-top-tier-unlimited":  "package pricing: blocks larger than one unit",
	"killbill-blocks-min":          "package pricing: blocks larger than one unit",
	"killbill-blocks-mb":           "package pricing: blocks larger than one unit",
	"killbill-blocks-401":          "package pricing: blocks larger than one unit",
	"lago-percentage#2":            "per-event pricing: a fixed amount for each event",
	"lago-percentage#3":            "per-event pricing: a minimum and a maximum for each transaction",
	"lago-percentage#4":            "per-event pricing: a minimum and a maximum for each transaction",
	"lago-volume-prorated#1":       "two usages: one chooses the tier, another is charged",
	"polar-graduated-bounded#1":    "by decision an error: usage above a bounded last tier would be free",
}

func vectorTiers(v vector) (price.Model, []price.Tier) {
	rate := func(unit, percent string) decimal.Decimal {
		if percent != "" {
			return d(percent).Shift(-2)
		}
		return d("0" + unit)
	}
	flat := func(s string) decimal.Decimal {
		if s == "" {
			return decimal.Decimal{}
		}
		return d(s)
	}
	var tiers []price.Tier
	for _, t := range v.Tiers {
		tier := price.Tier{Rate: rate(t.UnitAmount, t.RatePercent), Flat: flat(t.FlatAmount)}
		if t.UpTo != nil {
			tier.UpTo = d(*t.UpTo)
		}
		tiers = append(tiers, tier)
	}
	for i, t := range v.TiersFrom {
		tier := price.Tier{Rate: rate(t.UnitAmount, t.RatePercent), Flat: flat(t.FlatAmount)}
		if i+1 < len(v.TiersFrom) {
			tier.UpTo = d(v.TiersFrom[i+1].From).Sub(decimal.New(1, 0))
		}
		tiers = append(tiers, tier)
	}
	var upTo decimal.Decimal
	for i, b := range v.Blocks {
		tier := price.Tier{Rate: d(b.Amount)}
		if i+1 < len(v.Blocks) {
			upTo = upTo.Add(d(*b.Max))
			tier.UpTo = upTo
		}
		tiers = append(tiers, tier)
	}
	if v.RatePercent != "" || v.Multiplier != "" {
		tiers = []price.Tier{{Rate: rate(v.Multiplier, v.RatePercent)}}
	}
	if r := v.Range; r != nil {
		lower := d(r.From)
		if strings.HasPrefix(r.Bounds, "integer") {
			lower = lower.Sub(decimal.New(1, 0))
		}
		if !lower.IsZero() {
			tiers = append(tiers, price.Tier{UpTo: lower})
		}
		tiers = append(tiers, price.Tier{UpTo: d(r.To), Rate: rate(r.UnitAmount, r.RatePercent), Flat: flat(r.FlatAmount)}, price.Tier{})
	}
	if v.Model == "volume" || v.Model == "kb_top_tier" {
		return price.ModelVolume, tiers
	}
	return price.ModelGraduated, tiers
}

func TestVectors(t *testing.T) {
	var file struct{ Vectors []vector }
	readShared(t, "vectors/billing.json", &file)
	if len(file.Vectors) != 120 {
		t.Errorf("%d vectors, want 120", len(file.Vectors))
	}
	excluded := 0
	for _, v := range file.Vectors {
		group, _, _ := strings.Cut(v.ID, "#")
		if vectorsOutOfScope[v.ID] != "" || vectorsOutOfScope[group] != "" {
			excluded++
			continue
		}
		t.Run(v.ID, func(t *testing.T) { runVector(t, v) })
	}
	t.Logf("%d vectors checked, %d out of scope", len(file.Vectors)-excluded, excluded)
}

func runVector(t *testing.T, v vector) {
	model, tiers := vectorTiers(v)
	terms := price.Terms{Model: model, Tiers: tiers, Rounding: cents}
	if v.Min != "" {
		terms.Minimum = d(v.Min)
	}
	if len(v.Tiers) == 1 && v.Tiers[0].Cap != "" {
		terms.Maximum = d(v.Tiers[0].Cap) // a cap on the only tier is a maximum
	}
	s, err := price.Compile(terms)
	if err != nil {
		t.Fatal(err)
	}
	var input string
	if err := json.Unmarshal(v.Input, &input); err != nil {
		t.Fatal(err)
	}
	q, err := s.Quote(d(input))
	if v.ExpectedError != "" {
		if !errors.Is(err, price.ErrUsage) {
			t.Fatalf("error %v, want ErrNegative", err)
		}
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	if v.Range != nil {
		line := q.Lines[max(len(tiers)-2, 0)]
		if !line.Slice.Equal(d(v.ExpectedUnits)) || !line.Charge.Equal(d(v.Expected)) {
			t.Fatalf("line of %v units for %v, want %s for %s", line.Slice, line.Charge, v.ExpectedUnits, v.Expected)
		}
		return
	}
	exact, err := s.Unrounded(d(input))
	if err != nil || !exact.Equal(d(v.Expected)) {
		t.Errorf("fee for %s is %v, %v; want %s", input, exact, err, v.Expected)
	}
	for i, want := range v.Breakdown {
		if len(q.Lines) != len(v.Breakdown) || !q.Lines[i].Charge.Equal(d(want)) {
			t.Errorf("lines %v, want charges %v", q.Lines, v.Breakdown)
			break
		}
	}
	for i, a := range v.Affine {
		tier := tiers[i]
		if want := d(input).Mul(tier.Rate).Add(d(a.Add)); tier.UpTo.IsZero() && !exact.Equal(want) {
			t.Errorf("last piece gives %v, want %v", exact, want)
		}
	}
}

// Every complete card of other providers compiles and quotes, and obeys the
// laws: never below the minimum, never falling, lines that add up.
func TestOtherProvidersCards(t *testing.T) {
	var file struct {
		Cards []struct {
			Provider, Plan string
			Minimum        *string
			Plus           string `json:"base_fee_plus"`
			Tiers          *[]vectorTier
		}
	}
	readShared(t, "vectors/rate_cards.json", &file)
	complete := 0
	for _, c := range file.Cards {
		if c.Tiers == nil {
			continue
		}
		complete++
		t.Run(c.Provider+" "+c.Plan, func(t *testing.T) {
			_, tiers := vectorTiers(vector{Tiers: *c.Tiers})
			if len(tiers) == 0 {
				tiers = []price.Tier{{}} // a flat monthly price
			}
			if c.Plus != "" {
				tiers[0].Flat = d(c.Plus)
			}
			terms := price.Terms{Model: price.ModelGraduated, Tiers: tiers, Rounding: cents}
			if c.Minimum != nil {
				terms.Minimum = d(*c.Minimum)
			}
			s, err := price.Compile(terms)
			if err != nil {
				t.Fatal(err)
			}
			last := terms.Minimum
			for _, usage := range []string{"0", "0.01", "289.99", "9000", "10000", "10000.01", "85000", "250000", "1234567.89", "99999999.99"} {
				q, err := s.Quote(d(usage))
				if err != nil || !sum(q).Equal(q.Total) || q.Total.LessThan(last) || q.Total.Rat().Cmp(billingtest.ReferenceRounded(terms, d(usage))) != 0 {
					t.Errorf("Quote(%s) = %v after %v, %v", usage, q.Total, last, err)
				}
				last = q.Total
			}
		})
	}
	if complete != 18 {
		t.Errorf("%d complete cards, want 18", complete)
	}
}
