package main

import (
	"context"
	"errors"
	"time"

	"github.com/open-feature/go-sdk/openfeature"

	"github.com/supportplan/supportplan/entitlement"
	"github.com/supportplan/supportplan/plan"
)

// An account is what decides a customer's flags: the plans over time and the
// contract beside them.
type account struct {
	Timeline plan.Timeline        `json:"timeline"`
	Contract entitlement.Contract `json:"contract"`
}

// errNoAccount is returned by a directory for an unknown account.
var errNoAccount = errors.New("no such account")

// A directory finds accounts by their ID.
type directory interface {
	Account(ctx context.Context, id string) (account, error)
}

// A provider is an OpenFeature provider. Its boolean flags are the features of
// the support plans, by their tokens: "phone", "im-group". The evaluation
// context's targeting key is the account's ID.
type provider struct {
	matrix   entitlement.Matrix
	accounts directory
	now      func() time.Time
}

var _ openfeature.FeatureProvider = provider{}

func (provider) Metadata() openfeature.Metadata { return openfeature.Metadata{Name: "supportplan"} }
func (provider) Hooks() []openfeature.Hook      { return nil }

// decide returns the library's decision for a flag and an account.
func (p provider) decide(ctx context.Context, flag string, flat openfeature.FlattenedContext) (entitlement.Decision, *openfeature.ResolutionError) {
	fail := func(err openfeature.ResolutionError) (entitlement.Decision, *openfeature.ResolutionError) {
		return entitlement.Decision{}, &err
	}
	var feature entitlement.Feature
	if err := feature.UnmarshalText([]byte(flag)); err != nil {
		return fail(openfeature.NewFlagNotFoundResolutionError(err.Error()))
	}
	id, _ := flat[openfeature.TargetingKey].(string)
	if id == "" {
		return fail(openfeature.NewTargetingKeyMissingResolutionError("the targeting key is the account's ID"))
	}
	a, err := p.accounts.Account(ctx, id)
	if err != nil {
		return fail(openfeature.NewGeneralResolutionError(err.Error()))
	}
	now := p.now()
	return p.matrix.CheckAt(a.Contract, a.Timeline.At(now), feature, now), nil
}

// BooleanEvaluation answers whether the account has the feature. The metadata
// say why; on a no, "unlock" names the lowest plan that would turn it into a
// yes, if there is one.
func (p provider) BooleanEvaluation(ctx context.Context, flag string, defaultValue bool, flat openfeature.FlattenedContext) openfeature.BoolResolutionDetail {
	d, failed := p.decide(ctx, flag, flat)
	if failed != nil {
		return openfeature.BoolResolutionDetail{
			Value:                    defaultValue,
			ProviderResolutionDetail: openfeature.ProviderResolutionDetail{ResolutionError: *failed, Reason: openfeature.ErrorReason},
		}
	}
	variant := "withheld"
	if d.Included {
		variant = "included"
	}
	return openfeature.BoolResolutionDetail{
		Value: d.Included,
		ProviderResolutionDetail: openfeature.ProviderResolutionDetail{
			Reason:       openfeature.TargetingMatchReason,
			Variant:      variant,
			FlagMetadata: metadata(d),
		},
	}
}

// metadata returns a decision in OpenFeature's terms.
func metadata(d entitlement.Decision) openfeature.FlagMetadata {
	m := openfeature.FlagMetadata{
		"plan":       d.Plan.String(),
		"provenance": string(d.Provenance),
		"reason":     d.Reason(),
	}
	if d.Unlock.IsValid() {
		m["unlock"] = d.Unlock.String()
	}
	return m
}

// noSuchType returns the detail of a flag that is asked for as another type
// than boolean.
func noSuchType[T any](value T) openfeature.GenericResolutionDetail[T] {
	return openfeature.GenericResolutionDetail[T]{
		Value: value,
		ProviderResolutionDetail: openfeature.ProviderResolutionDetail{
			ResolutionError: openfeature.NewTypeMismatchResolutionError("features are boolean flags"),
			Reason:          openfeature.ErrorReason,
		},
	}
}

func (provider) StringEvaluation(_ context.Context, _ string, v string, _ openfeature.FlattenedContext) openfeature.StringResolutionDetail {
	return noSuchType(v)
}

func (provider) FloatEvaluation(_ context.Context, _ string, v float64, _ openfeature.FlattenedContext) openfeature.FloatResolutionDetail {
	return noSuchType(v)
}

func (provider) IntEvaluation(_ context.Context, _ string, v int64, _ openfeature.FlattenedContext) openfeature.IntResolutionDetail {
	return noSuchType(v)
}

func (provider) ObjectEvaluation(_ context.Context, _ string, v any, _ openfeature.FlattenedContext) openfeature.InterfaceResolutionDetail {
	return noSuchType(v)
}
