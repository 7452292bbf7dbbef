package entitlement_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"testing"
	"unicode/utf8"

	"github.com/supportplan/supportplan/entitlement"
	"github.com/supportplan/supportplan/plan"
	"github.com/supportplan/supportplan/sla/calendar"
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

func FuzzParseVersion(f *testing.F) {
	for _, s := range []string{"", "3.0", "0.9.60.2", "3.", "-1", "1.99999999999999999999", "1e9"} {
		f.Add(s, "3.0")
	}
	f.Fuzz(func(t *testing.T, s, u string) {
		v, err := entitlement.ParseVersion(s)
		if err != nil {
			if !errors.Is(err, entitlement.ErrVersion) || v.IsValid() {
				t.Errorf("%q: %v, %v", s, v, err)
			}
			return
		}
		if v.String() != s || v.Compare(v) != 0 {
			t.Errorf("%q: %v", s, v)
		}
		w, err := entitlement.ParseVersion(u)
		if err != nil {
			return
		}
		if v.Compare(w) != -w.Compare(v) {
			t.Errorf("%v against %v: %d and %d", v, w, v.Compare(w), w.Compare(v))
		}
		if more, err := entitlement.ParseVersion(s + ".0"); err == nil && more.Compare(v) != 0 {
			t.Errorf("%v is not %v", more, v)
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
			known := []error{entitlement.ErrJSON, entitlement.ErrOverride, entitlement.ErrUnknown, entitlement.ErrOverlap, calendar.ErrPeriod}
			for _, want := range known {
				if errors.Is(err, want) {
					return
				}
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
	f.Add([]byte(`{"plan":"basic","feature":"phone","included":false,"provenance":"published","lowest":"developer","source":{"section":"Service Category","updated":"2023-09-14"},"reason":""}`))
	f.Add([]byte(`{"plan":"basic","feature":"phone","included":true,"provenance":"overridden","override":{"name":"x","kind":"grant","feature":"phone","start":"2026-01-01T00:00:00Z"}}`))
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

func FuzzEventJSON(f *testing.F) {
	f.Add([]byte(`{"name":"x","requested":"2026-01-01","first":"2026-02-01","days":1}`))
	f.Add([]byte(`{"name":"","requested":"0001-01-01","first":"9999-12-31","days":1,"cancelled":"9999-12-30"}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var e, back entitlement.Event
		if e.UnmarshalJSON(data) != nil {
			return
		}
		js, err := json.Marshal(e)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(js, &back); err != nil || back != e {
			t.Errorf("%s and back %+v, %v", js, back, err)
		}
	})
}

func FuzzThirdParty(f *testing.F) {
	for _, s := range []string{"", "SSH", "vsftpd", "SCP & Rsync", "nginx", "\xff"} {
		f.Add(s, "3.0", uint8(1), false, false)
	}
	d := entitlement.Published().Check(plan.Business, entitlement.ThirdPartySoftware)
	f.Fuzz(func(t *testing.T, name, version string, platform uint8, foreign, carryOut bool) {
		v, _ := entitlement.ParseVersion(version)
		a, err := entitlement.ThirdParty(d, entitlement.ThirdPartyRequest{
			Software: name, Version: v, Platform: entitlement.Platform(platform), Foreign: foreign, CarryOut: carryOut,
		})
		if err != nil {
			if !errors.Is(err, entitlement.ErrUnknown) && !errors.Is(err, entitlement.ErrVersion) {
				t.Error(err)
			}
			return
		}
		if !a.Scope.IsValid() || a.Reason == "" || !utf8.ValidString(a.Reason) || a.Scope == entitlement.InScope && (foreign && a.Listing.Native || carryOut) {
			t.Errorf("%q: %+v", name, a)
		}
	})
}
