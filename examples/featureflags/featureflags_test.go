package main

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/open-feature/go-sdk/openfeature"

	"github.com/supportplan/supportplan/entitlement"
)

// exampleProvider answers for the embedded accounts at the given instant.
func exampleProvider(t *testing.T, now time.Time) provider {
	t.Helper()
	var known accounts
	if err := json.Unmarshal(exampleAccounts, &known); err != nil {
		t.Fatal(err)
	}
	return provider{entitlement.Published(), known, func() time.Time { return now }}
}

func day(d int) time.Time { return time.Date(2026, 3, d, 12, 0, 0, 0, time.UTC) }

// A trial ends by itself; a no names the plan that unlocks.
func TestTrialEnds(t *testing.T) {
	for _, c := range []struct {
		now  time.Time
		want bool
		meta map[string]any
	}{
		{day(14), true, map[string]any{"plan": "developer", "provenance": "overridden"}},
		{day(15), false, map[string]any{"plan": "developer", "provenance": "published", "unlock": "enterprise"}},
	} {
		p := exampleProvider(t, c.now)
		d := p.BooleanEvaluation(t.Context(), "im-group", false, openfeature.FlattenedContext{openfeature.TargetingKey: "trial"})
		if d.Value != c.want || d.Error() != nil {
			t.Errorf("on %v: %v, %v", c.now, d.Value, d.Error())
		}
		if reason, _ := d.FlagMetadata["reason"].(string); reason == "" {
			t.Errorf("on %v: no reason", c.now)
		}
		delete(d.FlagMetadata, "reason")
		if diff := cmp.Diff(c.meta, map[string]any(d.FlagMetadata)); diff != "" {
			t.Errorf("on %v (-want +got):\n%s", c.now, diff)
		}
	}
}

func TestErrors(t *testing.T) {
	p := exampleProvider(t, day(1))
	for _, c := range []struct {
		flag, id string
		code     openfeature.ErrorCode
	}{
		{"im-group", "", openfeature.TargetingKeyMissingCode},
		{"im-group", "nobody", openfeature.GeneralCode},
		{"teleport", "small", openfeature.FlagNotFoundCode},
		{"IM group chat", "small", openfeature.FlagNotFoundCode}, // a token, not a name
	} {
		for _, value := range []bool{false, true} {
			d := p.BooleanEvaluation(t.Context(), c.flag, value, openfeature.FlattenedContext{openfeature.TargetingKey: c.id})
			if d.Value != value || d.ResolutionDetail().ErrorCode != c.code {
				t.Errorf("%s for %q: %v, %v", c.flag, c.id, d.Value, d.ResolutionDetail())
			}
		}
	}
	if d := p.StringEvaluation(t.Context(), "phone", "x", nil); d.Value != "x" || d.ResolutionDetail().ErrorCode != openfeature.TypeMismatchCode {
		t.Errorf("as a string: %v", d)
	}
}

// The gate lets through, refuses with the reason and the plan, and does not
// guess for accounts that it does not know.
func TestGate(t *testing.T) {
	handler, err := routes(context.Background(), exampleProvider(t, day(10)))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		account, path string
		status        int
		unlock        string
	}{
		{"small", "/phone", http.StatusForbidden, "developer"},
		{"small", "/im-group", http.StatusForbidden, "enterprise"},
		{"trial", "/phone", http.StatusOK, ""},
		{"trial", "/im-group", http.StatusOK, ""},
		{"grandfathered", "/phone", http.StatusForbidden, ""}, // withheld: no plan helps
		{"nobody", "/phone", http.StatusServiceUnavailable, ""},
		{"", "/phone", http.StatusServiceUnavailable, ""},
	} {
		r := httptest.NewRequest(http.MethodGet, c.path, nil)
		r.Header.Set(accountHeader, c.account)
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		var body refusal
		if err := json.Unmarshal(w.Body.Bytes(), &body); err != nil {
			t.Fatal(err)
		}
		if w.Code != c.status || body.Unlock != c.unlock {
			t.Errorf("%s for %q: %d %s", c.path, c.account, w.Code, w.Body)
		}
		if w.Code == http.StatusForbidden && body.Reason == "" {
			t.Errorf("%s for %q: no reason", c.path, c.account)
		}
	}
}

// A contract that is stored and read again answers the same.
func TestStoredContract(t *testing.T) {
	p := exampleProvider(t, day(10))
	data, err := json.Marshal(p.accounts)
	if err != nil {
		t.Fatal(err)
	}
	var again accounts
	if err := json.Unmarshal(data, &again); err != nil {
		t.Fatal(err)
	}
	for id, a := range p.accounts.(accounts) {
		for d := 1; d < 20; d++ {
			for _, f := range entitlement.Features() {
				was := p.matrix.CheckAt(a.Contract, a.Timeline.At(day(d)), f, day(d))
				is := p.matrix.CheckAt(again[id].Contract, again[id].Timeline.At(day(d)), f, day(d))
				if was.String() != is.String() {
					t.Errorf("%s on %d: %v became %v", id, d, was, is)
				}
			}
		}
	}
}

// The program prints as the README shows it.
func TestReadme(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := run(t.Context(), nil, &out); err != nil {
		t.Fatal(err)
	}
	_, shown, _ := strings.Cut(string(readme), "<!-- output:begin -->\n```\n")
	shown, _, _ = strings.Cut(shown, "```\n<!-- output:end -->")
	if diff := cmp.Diff(shown, out.String()); diff != "" {
		t.Errorf("README.md is stale (-shown +printed):\n%s", diff)
	}
}
