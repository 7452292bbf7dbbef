package entitlement_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"testing"

	"github.com/supportplan/supportplan/entitlement"
)

func FuzzParseFeature(f *testing.F) {
	for _, s := range []string{"", "training", "IEM", "Tencent Smart Advisor (TSA) health check", "TRAINING\x00", "im-ſgroup"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got, err := entitlement.ParseFeature(s)
		if err != nil {
			if !errors.Is(err, entitlement.ErrUnknown) || got != 0 {
				t.Errorf("%q: %v, %v", s, got, err)
			}
			return
		}
		if back, err := entitlement.ParseFeature(got.String()); back != got || err != nil {
			t.Errorf("%q: %v and back %v, %v", s, got, back, err)
		}
	})
}

func FuzzContractJSON(f *testing.F) {
	f.Add([]byte(`{"overrides":[]}`))
	f.Add([]byte(`{"overrides":[{"name":"x","kind":"grant","feature":"phone","start":"2026-01-01T00:00:00Z","end":"2026-02-01T00:00:00+08:00"}]}`))
	f.Add([]byte(`{"overrides":[{"name":"x","kind":"add-on","feature":"training","start":"0001-01-01T00:00:01Z"},null]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var c entitlement.Contract
		if err := c.UnmarshalJSON(data); err != nil {
			if errors.Is(err, entitlement.ErrInvalid) || errors.Is(err, entitlement.ErrUnknown) {
				return
			}
			t.Fatalf("%s: %v", data, err)
		}
		js, err := json.Marshal(c)
		if err != nil {
			return // an offset or a year that RFC 3339 reads but does not write
		}
		var back entitlement.Contract
		if err := json.Unmarshal(js, &back); err != nil {
			t.Fatalf("%s: %v", js, err)
		}
		if again, err := json.Marshal(back); err != nil || !bytes.Equal(js, again) {
			t.Errorf("%s and back %s, %v", js, again, err)
		}
	})
}

func FuzzDecisionJSON(f *testing.F) {
	f.Add([]byte(`{"plan":"basic","feature":"phone","included":false,"provenance":"published","edition":"2023-09-14","unlock":"developer","source":"Service Category, 2023-09-14","reason":""}`))
	f.Add([]byte(`{"plan":"basic","feature":"phone","included":true,"provenance":"overridden","edition":"x","override":{"name":"x","kind":"grant","feature":"phone","start":"2026-01-01T00:00:00Z"}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var d entitlement.Decision
		if err := d.UnmarshalJSON(data); err != nil {
			if d != (entitlement.Decision{}) {
				t.Errorf("%s: %v after %v", data, d, err)
			}
			return
		}
		if d.Reason() == "" || d.String() == "" {
			t.Errorf("%s: no reason", data)
		}
		js, err := json.Marshal(d)
		if err != nil {
			return // a year that RFC 3339 reads but does not write
		}
		var back entitlement.Decision
		if err := json.Unmarshal(js, &back); err != nil || back.String() != d.String() {
			t.Errorf("%s and back %v, %v", js, back, err)
		}
	})
}

func FuzzMatrixJSON(f *testing.F) {
	f.Add([]byte(`{"format":1,"edition":"x","features":{"phone":{"basic":"yes","enterprise":"a | b"}}}`))
	f.Add([]byte(`{"edition":"2023-09-14","features":{}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var m, back entitlement.Matrix
		if m.UnmarshalJSON(data) != nil {
			return
		}
		js, err := json.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(js, &back); err != nil || back.Markdown() != m.Markdown() || back.Edition() != m.Edition() {
			t.Errorf("%s and back %v, %v", js, back, err)
		}
	})
}
