package main

import (
	"encoding/json"
	"net/http"

	"github.com/open-feature/go-sdk/openfeature"
)

// A refusal is the body of a 403: why the account lacks the feature, and the
// lowest plan that would unlock it, if there is one.
type refusal struct {
	Feature string `json:"feature"`
	Plan    string `json:"plan"`
	Reason  string `json:"reason"`
	Unlock  string `json:"unlock,omitempty"`
}

// accountHeader carries the account's ID. A real service takes it from the
// session that it has authenticated.
const accountHeader = "X-Account"

// gate lets requests through to next if the account has the feature. It answers
// 403 with a [refusal] if it has not, and 503 if that cannot be told.
func gate(client *openfeature.Client, feature string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		who := openfeature.NewEvaluationContext(r.Header.Get(accountHeader), nil)
		d, err := client.BooleanValueDetails(r.Context(), feature, false, who)
		switch {
		case err != nil:
			reply(w, http.StatusServiceUnavailable, map[string]string{"error": d.ErrorMessage})
		case d.Value:
			next.ServeHTTP(w, r)
		default:
			text := func(key string) string { s, _ := d.FlagMetadata.GetString(key); return s }
			reply(w, http.StatusForbidden, refusal{feature, text("plan"), text("reason"), text("unlock")})
		}
	})
}

func reply(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(body) //nolint:errcheck // the client is gone
}
