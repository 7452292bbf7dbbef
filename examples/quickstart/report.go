package main

import (
	"fmt"
	"strings"
	"time"

	"github.com/supportplan/supportplan/billing"
	"github.com/supportplan/supportplan/entitlement"
	"github.com/supportplan/supportplan/entitlement/handbook"
	"github.com/supportplan/supportplan/plan"
	"github.com/supportplan/supportplan/severity"
	"github.com/supportplan/supportplan/sla"
	"github.com/supportplan/supportplan/sla/clock"
)

// A report holds the answers; -json prints its JSON form.
type report struct {
	Plans      []planRow     `json:"plans"`
	Features   []featureRow  `json:"features"`
	Severities []severityRow `json:"severities"`
	Targets    sla.Table     `json:"targets"`
	Case       openedCase    `json:"case"`
	Needs      neededPlan    `json:"needs"`
	Bill       usageBill     `json:"bill"`
	Card       billing.Card  `json:"card"`
	Fees       []fees        `json:"fees"` // for each account of the bill

	illustrative bool // whether the card is the built-in one
}

func newReport(o options) (report, error) {
	r := report{
		Plans:        plans(),
		Features:     features(),
		Severities:   severities(),
		Targets:      sla.Published().Table,
		Fees:         []fees{},
		illustrative: o.card == builtIn,
	}
	var err error
	if r.Case, err = dueInstants(o.opened); err != nil {
		return report{}, fmt.Errorf("-opened: %w", err)
	}
	if r.Needs, err = lowestPlan(o.needs); err != nil {
		return report{}, fmt.Errorf("-need: %w", err)
	}
	if r.Card, err = readCard(o.card); err != nil {
		return report{}, fmt.Errorf("-card: %w", err)
	}
	read, err := o.billOptions()
	if err != nil {
		return report{}, err
	}
	if r.Bill, err = readBills(o.bills, read); err != nil {
		return report{}, fmt.Errorf("-bill: %w", err)
	}
	for _, a := range r.Bill.Accounts {
		f, err := price(a, r.Card)
		if err != nil {
			return report{}, err
		}
		r.Fees = append(r.Fees, f)
	}
	return r, nil
}

// A planRow describes a plan, apart from its features.
type planRow struct {
	Plan           plan.Plan             `json:"plan"`
	Summary        string                `json:"summary"`
	Personnel      string                `json:"personnel"`
	AccountManager string                `json:"accountManager"`
	Channels       []entitlement.Feature `json:"channels"`
}

func plans() []planRow {
	matrix := entitlement.Published()
	var rows []planRow
	for _, p := range plan.All() {
		row := planRow{Plan: p, Summary: p.Summary(), Personnel: matrix.Check(p, entitlement.CaseHandling).Detail, AccountManager: "none"}
		if manager := matrix.Check(p, entitlement.TechnicalAccountManager); manager.Included {
			row.AccountManager = manager.Detail
		}
		for _, m := range handbook.Methods() {
			if matrix.Includes(p, m.Feature) {
				row.Channels = append(row.Channels, m.Feature)
			}
		}
		rows = append(rows, row)
	}
	return rows
}

// A featureRow is a feature with the plans that include it.
type featureRow struct {
	Feature    entitlement.Feature    `json:"feature"`
	Category   entitlement.Category   `json:"category"`
	Provenance entitlement.Provenance `json:"provenance"`
	Plans      []plan.Plan            `json:"plans"`
}

func features() []featureRow {
	matrix := entitlement.Published()
	var rows []featureRow
	for _, f := range entitlement.Features() {
		row := featureRow{Feature: f, Category: f.Category()}
		for _, p := range plan.All() {
			decision := matrix.Check(p, f)
			row.Provenance = decision.Provenance
			if decision.Included {
				row.Plans = append(row.Plans, p)
			}
		}
		rows = append(rows, row)
	}
	return rows
}

// A severityRow is a severity with its criteria.
type severityRow struct {
	Severity     severity.Severity `json:"severity"`
	CriteriaName string            `json:"criteriaName"`
	Criterion    string            `json:"criterion"`
	Observed     []string          `json:"observed"` // any of these makes a case one
}

func severities() []severityRow {
	observed := make(map[severity.Severity][]string)
	for _, o := range []struct {
		what string
		seen severity.Observations
	}{
		{"core business down", severity.Observations{CoreBusinessDown: true}},
		{"production data lost", severity.Observations{DataLost: true}},
		{"intrusion", severity.Observations{Intrusion: true}},
		{"another production system down", severity.Observations{ProductionDown: true}},
		{"slow or partly failing", severity.Observations{Degraded: true}},
		{"nothing of the kind", severity.Observations{}},
	} {
		s := severity.Assess(o.seen)
		observed[s] = append(observed[s], o.what)
	}
	var rows []severityRow
	for _, s := range severity.All() {
		rows = append(rows, severityRow{s, s.CriteriaName(), s.Criterion(), observed[s]})
	}
	return rows
}

// An openedCase has the due times of the first response to a case, by plan and
// severity. Where a plan has no target, there is no instant.
type openedCase struct {
	Opened time.Time                                     `json:"opened"`
	Due    map[plan.Plan]map[severity.Severity]time.Time `json:"due"`
}

func dueInstants(opened string) (openedCase, error) {
	at, err := time.Parse(time.RFC3339, opened)
	if err != nil {
		return openedCase{}, err
	}
	c := openedCase{at, make(map[plan.Plan]map[severity.Severity]time.Time)}
	for _, p := range plan.All() {
		c.Due[p] = make(map[severity.Severity]time.Time)
	}
	for _, cell := range sla.Published().Table.Cells() {
		due, err := cell.Targets.FirstResponse.Due(at)
		if err != nil {
			return openedCase{}, err
		}
		c.Due[cell.Plan][cell.Severity] = due
	}
	return c, nil
}

// A neededPlan is the lowest plan that meets all needs; none if Unmet has any.
type neededPlan struct {
	Lowest plan.Plan `json:"lowest,omitzero"`
	Needs  []need    `json:"needs"`
}

// A need and the plans that meet it.
type need struct {
	Need  string      `json:"need"`
	Plans []plan.Plan `json:"plans"`
}

func lowestPlan(words []string) (neededPlan, error) {
	var answer neededPlan
	var needs []plan.Need
	for _, word := range words {
		n, err := parseNeed(word)
		if err != nil {
			return neededPlan{}, err
		}
		needs = append(needs, n)
		met := []plan.Plan{}
		for _, p := range plan.All() {
			if n.MetBy(p) {
				met = append(met, p)
			}
		}
		answer.Needs = append(answer.Needs, need{fmt.Sprint(n), met})
	}
	answer.Lowest, _ = plan.Lowest(needs...)
	return answer, nil
}

// parseNeed reads a feature or response:SEVERITY:DURATION.
func parseNeed(s string) (plan.Need, error) {
	if rest, ok := strings.CutPrefix(s, "response:"); ok {
		level, within, _ := strings.Cut(rest, ":")
		sev, err := severity.Parse(level)
		if err != nil {
			return nil, err
		}
		d, err := time.ParseDuration(within)
		if err != nil || d <= 0 {
			return nil, fmt.Errorf("%.64q has no duration such as 30m or 4h", s)
		}
		return sla.Need{
			Table: sla.Published().Table, Severity: sev, Metric: clock.MetricFirstResponse, Target: clock.Target{Within: d},
		}, nil
	}
	if f, err := entitlement.ParseFeature(s); err == nil {
		return entitlement.Published().Need(f), nil
	}
	return nil, fmt.Errorf("%.64q is no feature and not response:SEVERITY:DURATION", s)
}
