package main

import (
	"bytes"
	_ "embed"
	"errors"
	"fmt"
	"html/template"
	"math/big"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"github.com/supportplan/supportplan/billing"
	"github.com/supportplan/supportplan/billing/price"
	"github.com/supportplan/supportplan/entitlement"
	"github.com/supportplan/supportplan/plan"
	"github.com/supportplan/supportplan/severity"
	"github.com/supportplan/supportplan/sla"
	"github.com/supportplan/supportplan/sla/calendar"
	"github.com/supportplan/supportplan/sla/clock"
)

//go:embed page.html
var pageText string

//go:embed style.css
var style []byte

//go:embed live.js
var script []byte

var page = template.Must(template.New("page").Parse(pageText))

const (
	scaleMax  = 500_000 // the spend at the end of the slider and of the curves
	sliderMax = 1000
)

// A planner answers for one card.
type planner struct {
	card   billing.Card
	prices []priced // of the plans that cost something
	needs  []need
}

type priced struct {
	plan     plan.Plan
	schedule price.Schedule
}

// A need is a check box of the page.
type need struct {
	token, name string
	is          plan.Need
}

func newPlanner(card billing.Card) (*planner, error) {
	p := &planner{card: card}
	for _, pl := range card.Plans() {
		s, err := card.Schedule(pl)
		if err != nil {
			return nil, err
		}
		p.prices = append(p.prices, priced{pl, s})
	}
	matrix := entitlement.Published()
	for _, f := range entitlement.Features() {
		if !matrix.Includes(plan.Basic, f) { // what everybody has is no question
			p.needs = append(p.needs, need{f.String(), f.Name(), matrix.Need(f)})
		}
	}
	for _, s := range []severity.Severity{severity.SystemImpaired, severity.ProductionImpacted, severity.BusinessCritical} {
		// The bound is that of the plan that answers last at this severity.
		for _, pl := range plan.All() {
			if target, ok := sla.Published().Table.Target(pl, s, clock.MetricFirstResponse); ok {
				name := fmt.Sprintf("An answer to %q %s", s.Name(), target)
				p.needs = append(p.needs, need{"response:" + s.String(), name, sla.Need{Severity: s, Metric: clock.MetricFirstResponse, Target: target}})
				break
			}
		}
	}
	return p, nil
}

// The page, as the template reads it.
type (
	view struct {
		Edition, Currency, Spend, SpendText, SpendError string
		Slider, SliderMax, ScaleMax                     int
		Needs                                           []needView
		Verdict, CurveNote, Invoice                     string
		Cheapest                                        bool
		Unmet, Plans, BreakEvens                        []string
		Fees                                            []feeView
		Curve                                           template.HTML
		Responses                                       []responseView
		Gains                                           []gainView
	}
	needView struct {
		Token, Name string
		Checked     bool
	}
	feeView struct {
		Plan, Fee, Effective, Lacks string
		Cheapest                    bool
	}
	responseView struct {
		Severity string
		Cells    []string
	}
	gainView struct{ Step, What string }
)

func (p *planner) routes() http.Handler {
	mux := http.NewServeMux()
	file := func(kind string, data []byte) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", kind)
			w.Write(data) //nolint:errcheck // the client is gone
		}
	}
	mux.HandleFunc("GET /style.css", file("text/css", style))
	mux.HandleFunc("GET /live.js", file("text/javascript", script))
	mux.HandleFunc("GET /{$}", p.show("page"))
	mux.HandleFunc("GET /answer", p.show("answer"))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", "default-src 'self'; style-src 'self' 'unsafe-inline'")
		mux.ServeHTTP(w, r)
	})
}

func (p *planner) show(part string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		q := r.URL.Query()
		text := q.Get("spend")
		if !q.Has("spend") {
			text = "25000"
		}
		v, err := p.answer(text, q["need"])
		status := http.StatusOK
		if err != nil {
			status = http.StatusBadRequest
			if v, _ = p.answer("0", q["need"]); v != nil {
				v.Spend, v.SpendError = text, err.Error()
			}
		}
		var out bytes.Buffer
		if err := page.ExecuteTemplate(&out, part, v); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.WriteHeader(status)
		w.Write(out.Bytes()) //nolint:errcheck // the client is gone
	}
}

// answer makes the page for a spend and the tokens of needs.
func (p *planner) answer(text string, tokens []string) (*view, error) {
	spend, err := decimal.NewFromString(strings.TrimSpace(text))
	if err != nil {
		return nil, fmt.Errorf("%q is no amount: write digits, such as 25000 or 1234.50", text)
	}
	v := &view{
		Edition: p.card.Edition(), Currency: p.card.Currency(), Spend: text, SpendText: spend.StringFixed(2),
		ScaleMax: scaleMax, SliderMax: sliderMax, Slider: slider(spend),
	}
	var needs []plan.Need
	for _, n := range p.needs {
		checked := slices.Contains(tokens, n.token)
		v.Needs = append(v.Needs, needView{n.token, n.name, checked})
		if checked {
			needs = append(needs, n.is)
		}
	}
	if err := p.fees(v, spend, tokens); err != nil {
		return nil, err
	}
	if err := p.verdict(v, spend, needs); err != nil {
		return nil, err
	}
	if err := p.curves(v, spend); err != nil {
		return nil, err
	}
	responses(v)
	if err := gains(v); err != nil {
		return nil, err
	}
	return v, nil
}

// slider returns where the slider stands: its scale grows with the square, as in
// live.js.
func slider(spend decimal.Decimal) int {
	f, _ := spend.Float64()
	part := new(big.Float).Quo(big.NewFloat(min(max(f, 0), scaleMax)), big.NewFloat(scaleMax))
	root, _ := part.Sqrt(part).Float64()
	return int(root*sliderMax + 0.5)
}

// fees lists what each plan costs and which of the needs it lacks.
func (p *planner) fees(v *view, spend decimal.Decimal, tokens []string) error {
	for _, pl := range plan.All() {
		v.Plans = append(v.Plans, pl.Name())
		if pl.IsPaid() && !slices.Contains(p.card.Plans(), pl) {
			continue
		}
		fee, err := p.card.Fee(pl, spend)
		if err != nil {
			return err
		}
		row := feeView{Plan: pl.Name(), Fee: fee.StringFixed(2), Effective: "–"}
		if spend.IsPositive() {
			share := new(big.Rat).Quo(fee.Rat(), spend.Rat())
			row.Effective = share.Mul(share, big.NewRat(100, 1)).FloatString(2) + " %"
		}
		var lacks []string
		for _, n := range p.needs {
			if slices.Contains(tokens, n.token) && !n.is.MetBy(pl) {
				lacks = append(lacks, n.name)
			}
		}
		row.Lacks = strings.Join(lacks, "; ")
		v.Fees = append(v.Fees, row)
	}
	return nil
}

// verdict names the cheapest plan that meets the needs, and shows its invoice.
func (p *planner) verdict(v *view, spend decimal.Decimal, needs []plan.Need) error {
	offers, err := p.card.Cheapest(spend, spend, needs...)
	if errors.Is(err, billing.ErrNotPriced) {
		v.Verdict = "No plan of this card meets all of that."
		_, unmet := plan.Lowest(needs...)
		for _, n := range p.needs {
			if slices.Contains(unmet, n.is) {
				v.Unmet = append(v.Unmet, n.name)
			}
		}
		return nil
	}
	if err != nil {
		return err
	}
	best := offers[0].Plan
	fee, err := p.card.Fee(best, spend)
	if err != nil {
		return err
	}
	v.Cheapest = true
	v.Verdict = fmt.Sprintf("%s, for %s %s a month", best.Name(), fee.StringFixed(2), v.Currency)
	for i := range v.Fees {
		v.Fees[i].Cheapest = v.Fees[i].Plan == best.Name()
	}
	v.Invoice, err = p.invoice(best, spend)
	return err
}

// curves draws the fees over the slider's range, and lists their break-evens.
func (p *planner) curves(v *view, spend decimal.Decimal) error {
	curves, marks, texts, err := p.draw()
	if err != nil {
		return err
	}
	here, _ := spend.Float64()
	v.Curve = template.HTML(draw("Fee of each plan by spend", curves, marks, here)) //nolint:gosec // its texts are escaped
	v.BreakEvens = texts
	v.CurveNote = "The dashed line is your spend; a circle is a break-even."
	return nil
}

// draw returns the curves and their break-evens, to draw and in words.
func (p *planner) draw() (curves []curve, marks []mark, texts []string, err error) {
	end := decimal.NewFromInt(scaleMax)
	curves = append(curves, curve{plan.Basic.Name(), plan.Basic.String(), []xy{{0, 0}, {scaleMax, 0}}})
	for i, a := range p.prices {
		points, err := a.schedule.Points(decimal.Decimal{}, end, 2)
		if err != nil {
			return nil, nil, nil, err
		}
		c := curve{name: a.plan.Name(), class: a.plan.String()}
		for _, at := range points {
			x, _ := at.Usage.Float64()
			y, _ := at.Fee.Float64()
			c.at = append(c.at, xy{x, y})
		}
		curves = append(curves, c)
		for _, b := range p.prices[i+1:] {
			crossings, err := price.BreakEvens(a.schedule, b.schedule)
			if err != nil {
				return nil, nil, nil, err
			}
			for _, at := range crossings {
				if at.At.Cmp(end.Rat()) > 0 {
					continue
				}
				fee, err := a.schedule.Fee(at.Below)
				if err != nil {
					return nil, nil, nil, err
				}
				text := fmt.Sprintf("%s and %s cost the same around a spend of %s: %s", a.plan.Name(), b.plan.Name(), at.Below.StringFixed(2), fee.StringFixed(2))
				x, _ := at.At.Float64()
				y, _ := fee.Float64()
				marks, texts = append(marks, mark{xy{x, y}, text}), append(texts, text)
			}
		}
	}
	return curves, marks, texts, nil
}

// picture returns the curves alone, for a README.
func (p *planner) picture() (string, error) {
	curves, marks, _, err := p.draw()
	if err != nil {
		return "", err
	}
	return draw("Fee of each plan by spend, on an illustrative card", curves, marks, -1), nil
}

// responses fills in the table of response times.
func responses(v *view) {
	table := sla.Published().Table
	for _, s := range slices.Backward(severity.All()) {
		row := responseView{Severity: s.Name()}
		for _, pl := range plan.All() {
			cell := "–"
			if target, ok := table.Target(pl, s, clock.MetricFirstResponse); ok {
				cell = target.String()
			}
			row.Cells = append(row.Cells, cell)
		}
		v.Responses = append(v.Responses, row)
	}
}

// gains lists what each plan has that the one below has not.
func gains(v *view) error {
	plans := plan.All()
	for i, to := range plans[1:] {
		from := plans[i]
		features, err := entitlement.Published().Compare(from, to)
		if err != nil {
			return err
		}
		var what []string
		for _, c := range features {
			if c.Difference == entitlement.DifferenceGained {
				what = append(what, c.Feature.Name())
			}
		}
		targets, err := sla.Published().Table.Compare(from, to)
		if err != nil {
			return err
		}
		for _, c := range targets {
			what = append(what, fmt.Sprintf("%s %s", c.Severity.Name(), c.To))
		}
		v.Gains = append(v.Gains, gainView{from.Name() + " → " + to.Name(), strings.Join(what, " · ")})
	}
	return nil
}

// invoice returns the invoice that a whole month on the plan would make.
func (p *planner) invoice(pl plan.Plan, spend decimal.Decimal) (string, error) {
	month, err := calendar.Month(2026, time.March, time.UTC)
	if err != nil {
		return "", err
	}
	timeline, err := plan.NewTimeline(plan.Subscription{Plan: pl, Period: month})
	if err != nil {
		return "", err
	}
	usage, err := billing.NewUsage(p.card.Currency(), month, billing.Charge{Kind: billing.ChargeCloudService, Amount: spend, Period: month})
	if err != nil {
		return "", err
	}
	book, err := p.card.Book(month.Start)
	if err != nil {
		return "", err
	}
	invoice, err := book.Invoice(timeline, usage)
	if err != nil {
		return "", err
	}
	return invoice.Page().String(), nil
}
