package main

import (
	"bytes"
	"encoding/json"
	"math/big"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"github.com/supportplan/supportplan/billing"
	"github.com/supportplan/supportplan/plan"
)

func exampleOf(t *testing.T) billing.Card {
	t.Helper()
	var card billing.Card
	if err := json.Unmarshal(exampleCard, &card); err != nil {
		t.Fatal(err)
	}
	return card
}

func examplePlanner(t *testing.T) *planner {
	t.Helper()
	p, err := newPlanner(exampleOf(t))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func get(t *testing.T, h http.Handler, path string, query url.Values) (int, string) {
	t.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path+"?"+query.Encode(), nil))
	return w.Code, w.Body.String()
}

var row = regexp.MustCompile(`<th scope="row">(\w+)(?: <span class="tag">cheapest</span>)?</th><td class="n">([\d.]+)</td><td class="n">([^<]*)</td>`)

// At any position of the slider the page's numbers are the library's.
func TestNumbersAreTheLibrarys(t *testing.T) {
	card, handler := exampleOf(t), examplePlanner(t).routes()
	random := rand.New(rand.NewPCG(1, 2))
	for range 1000 {
		spend := decimal.New(random.Int64N(scaleMax*100), -2)
		status, text := get(t, handler, "/answer", url.Values{"spend": {spend.String()}})
		rows := row.FindAllStringSubmatch(text, -1)
		if status != http.StatusOK || len(rows) != 4 {
			t.Fatalf("%v: %d, %d rows", spend, status, len(rows))
		}
		for i, p := range plan.All() {
			fee, err := card.Fee(p, spend)
			if err != nil {
				t.Fatal(err)
			}
			share := "–"
			if spend.IsPositive() {
				r := new(big.Rat).Quo(fee.Rat(), spend.Rat())
				share = r.Mul(r, big.NewRat(100, 1)).FloatString(2) + " %"
			}
			if got := rows[i]; got[1] != p.Name() || got[2] != fee.StringFixed(2) || got[3] != share {
				t.Errorf("%v: the page says %q, the library %s %s %s", spend, got[1:], p.Name(), fee.StringFixed(2), share)
			}
		}
	}
}

func TestAnswers(t *testing.T) {
	handler := examplePlanner(t).routes()
	for _, c := range []struct {
		query  url.Values
		status int
		want   []string
	}{
		{url.Values{}, 200, []string{"Basic", "25000.00"}},
		{url.Values{"spend": {"0"}}, 200, []string{"Basic"}},
		{url.Values{"spend": {"25000"}, "need": {"phone"}}, 200, []string{"Developer", "625.00"}},
		{url.Values{"spend": {"25000"}, "need": {"phone", "im-group"}}, 200, []string{"Enterprise", "6000.00", "lacks IM group chat"}},
		{url.Values{"spend": {"25000"}, "need": {"response:production-impacted"}}, 200, []string{"Business", "1800.00"}},
		{url.Values{"spend": {"lots"}}, 400, []string{"is no amount"}},
		{url.Values{"spend": {"-1"}}, 400, nil},
		{url.Values{"spend": {strings.Repeat("9", 100)}}, 400, nil},
		{url.Values{"spend": {"1"}, "need": {"teleport"}}, 200, []string{"Basic"}},
	} {
		for _, path := range []string{"/", "/answer"} {
			status, text := get(t, handler, path, c.query)
			if status != c.status {
				t.Errorf("%s %v: %d", path, c.query, status)
			}
			for _, want := range c.want {
				if !strings.Contains(text, want) && (path == "/" || status == 200) {
					t.Errorf("%s %v does not say %q", path, c.query, want)
				}
			}
		}
	}
}

// The README's picture is what the command makes.
func TestPictureIsFresh(t *testing.T) {
	var out bytes.Buffer
	if err := run(t.Context(), []string{"-svg"}, &out); err != nil {
		t.Fatal(err)
	}
	kept, err := os.ReadFile("curves.svg")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(kept, out.Bytes()) {
		t.Error("curves.svg is stale: go -C examples/planner run . -svg > examples/planner/curves.svg")
	}
}
