package focus_test

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"math/big"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/supportplan/supportplan/billing/focus"
	"github.com/supportplan/supportplan/sla/calendar"
)

// A charge is a row by its meaning, before any exporter writes it.
type charge struct {
	provider, issuer, account, sub, currency string
	billed, start                            time.Time // billed is the start of the billing period
	offset                                   int       // of the provider's months, in seconds
	category, serviceCategory, service       string
	subcategory, publisher, note             string
	billedCost, effectiveCost                *big.Rat
}

// A world is what a random bill is made of.
type world struct {
	*rand.Rand
	offsets map[string]int // by provider
	spans   []calendar.Period
	zone    *time.Location
	option  focus.Options
}

func pick[T any](r *rand.Rand, list ...T) T { return list[r.IntN(len(list))] }

var (
	usageMarks = []string{"Virtual Machines", "Containers", "Object Storage", "Other (Other)", "Caching"}
	noMarks    = []string{"", "Unknown", "Virtual Servers"}
)

func newWorld(r *rand.Rand) *world {
	w := &world{Rand: r, offsets: make(map[string]int)}
	for _, provider := range []string{"Ash", "Birch", "Cedar"} {
		w.offsets[provider] = pick(r, 0, 0, 8*3600, -7*3600, 14*3600, -12*3600, 20700)
	}
	o := &w.option
	o.BySubAccount = r.IntN(4) == 0
	o.CountUnmarked = r.IntN(2) == 0
	if r.IntN(3) == 0 {
		o.Cost = focus.CostEffective
	}
	if r.IntN(2) == 0 {
		o.ExcludeServices = []string{"Care Plan", "Consulting"}
	}
	if r.IntN(3) == 0 {
		o.ExcludePublishers = []string{"Bazaar"}
	}
	if r.IntN(3) == 0 {
		o.ExcludeSubcategories = []string{"Caching", "Virtual Servers"}
	}
	if r.IntN(3) == 0 {
		o.ExcludeIf = func(row focus.Row) bool { return row.Value("x_Note") == "leave out" }
	}
	switch r.IntN(6) {
	case 0:
		o.AsBilled = true
	case 1:
		w.zone = pick(r, time.UTC, time.FixedZone("", 3*3600), mustZone("America/New_York"), mustZone("Australia/Lord_Howe"))
		o.Zone = w.zone
	case 2:
		at := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)
		for range 1 + r.IntN(6) {
			start := at.Add(time.Duration(r.IntN(60*24)) * time.Hour)
			at = start.Add(time.Duration(1+r.IntN(90*24*3600)) * time.Second)
			w.spans = append(w.spans, calendar.Period{Start: start, End: at})
		}
		o.Periods = slices.Clone(w.spans)
		r.Shuffle(len(o.Periods), func(i, j int) { o.Periods[i], o.Periods[j] = o.Periods[j], o.Periods[i] })
	}
	return w
}

func mustZone(name string) *time.Location {
	loc, err := time.LoadLocation(name)
	if err != nil {
		return time.UTC
	}
	return loc
}

// cost returns a number of few or many places.
func (w *world) cost() *big.Rat {
	n := new(big.Int).SetInt64(w.Int64N(2_000_000) - 500_000)
	if w.IntN(20) == 0 {
		n.Mul(n, big.NewInt(w.Int64()))
	}
	places := pick(w.Rand, 0, 2, 2, 6, 11, 18, 19, 24, 36, 37, 60)
	if w.IntN(200) == 0 {
		places = 330
	}
	return new(big.Rat).SetFrac(n, new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(places)), nil))
}

func (w *world) charge() charge {
	c := charge{
		provider: pick(w.Rand, "Ash", "Ash", "Birch", "Cedar"), account: pick(w.Rand, "1", "2", "03"), sub: pick(w.Rand, "11", "12"), currency: pick(w.Rand, "USD", "USD", "EUR"),
		category: pick(w.Rand, "Usage", "Usage", "Usage", "Purchase", "Adjustment", "Tax", "Credit"), serviceCategory: pick(w.Rand, "Compute", "Storage", "Other", ""),
		service: pick(w.Rand, "VM", "Disk, large", "Queue \"fast\"", ""), publisher: pick(w.Rand, "Ash", "Bazaar"), note: pick(w.Rand, "", "leave out", "x\ny"),
		billedCost: w.cost(), effectiveCost: w.cost(),
	}
	c.issuer = pick(w.Rand, "", c.provider+" Inc.", c.provider+" GmbH")
	c.offset = w.offsets[c.provider]
	zone := time.FixedZone("", c.offset)
	c.billed = time.Date(2024, time.Month(1+w.IntN(14)), 1, 0, 0, 0, 0, zone)
	end := c.billed.AddDate(0, 1, 0)
	switch w.IntN(10) {
	case 0:
		c.start = pick(w.Rand, c.billed, end, c.billed.Add(-1), end.Add(-1)) // at the edges
	case 1:
		c.start = c.billed.AddDate(0, -1-w.IntN(3), w.IntN(28)) // a late correction
	default:
		c.start = c.billed.Add(time.Duration(w.Int64N(int64(end.Sub(c.billed))/1e9)) * time.Second)
	}
	switch w.IntN(12) {
	case 0:
		c.service, c.subcategory = "Help", "Support"
	case 1:
		if w.option.ExcludeServices != nil {
			c.service, c.subcategory = pick(w.Rand, "Care Plan", "Consulting"), pick(w.Rand, noMarks...)
			break
		}
		fallthrough
	case 2:
		if w.option.CountUnmarked {
			c.subcategory = pick(w.Rand, noMarks...)
			break
		}
		fallthrough
	default:
		c.subcategory = pick(w.Rand, usageMarks...)
	}
	return c
}

// reason tells why c does not count, by the rules as they are written down.
func (w *world) reason(c charge) string {
	o := w.option
	switch {
	case c.category == "Tax":
		return "tax"
	case c.category == "Credit":
		return "credit"
	case slices.Contains(o.ExcludeServices, c.service):
		return "named-service " + c.service
	case slices.Contains(o.ExcludeSubcategories, c.subcategory):
		return "named-subcategory " + c.subcategory
	case slices.Contains(o.ExcludePublishers, c.publisher):
		return "named-publisher " + c.publisher
	case c.subcategory == "Support":
		return "support"
	case o.ExcludeIf != nil && c.note == "leave out":
		return "rule"
	}
	return ""
}

// period returns the period of c as text, slowly.
func (w *world) period(c charge, months bool) string {
	text := func(start, end time.Time) string {
		return start.UTC().Format(time.RFC3339Nano) + "/" + end.UTC().Format(time.RFC3339Nano)
	}
	monthIn := func(t time.Time, loc *time.Location) string {
		t = t.In(loc)
		return text(time.Date(t.Year(), t.Month(), 1, 0, 0, 0, 0, loc), time.Date(t.Year(), t.Month()+1, 1, 0, 0, 0, 0, loc))
	}
	switch {
	case w.spans != nil:
		for _, p := range w.spans {
			if !c.start.Before(p.Start) && c.start.Before(p.End) {
				return text(p.Start, p.End)
			}
		}
		return "outside"
	case w.zone != nil:
		return monthIn(c.start, w.zone)
	case w.option.AsBilled:
		return monthIn(c.billed, time.FixedZone("", c.offset))
	case !months:
		return monthIn(c.start, time.UTC)
	}
	return monthIn(c.start, time.FixedZone("", c.offset))
}

// A total is what the slow reference knows of one account, period and currency.
type total struct {
	rows int
	cost *big.Rat
}

// reference sums charges with fractions, by key and reason.
func (w *world) reference(charges []charge, months bool) map[string]total {
	all := make(map[string]total)
	for _, c := range charges {
		id, cost := c.account, c.billedCost
		if w.option.BySubAccount {
			id = c.sub
		}
		if w.option.Cost == focus.CostEffective {
			cost = c.effectiveCost
		}
		for _, key := range []string{
			strings.Join([]string{c.provider, id, c.currency, w.period(c, months), w.reason(c)}, "|"),
			strings.Join([]string{c.provider, id, c.currency, w.period(c, months), "category", c.serviceCategory, fmt.Sprint(w.reason(c) == "")}, "|"),
		} {
			t := all[key]
			if t.cost == nil {
				t.cost = new(big.Rat)
			}
			all[key] = total{t.rows + 1, t.cost.Add(t.cost, cost)}
		}
	}
	return all
}

// flat returns a report in the form of the reference.
func flat(r focus.Report) map[string]total {
	all := make(map[string]total)
	for _, a := range slices.Concat(r.Accounts(), r.Outside()) {
		period := "outside"
		if a.Period.IsValid() {
			period = a.Period.Start.UTC().Format(time.RFC3339Nano) + "/" + a.Period.End.UTC().Format(time.RFC3339Nano)
		}
		key := strings.Join([]string{a.Provider, a.ID, a.Currency, period}, "|")
		put := func(name string, s focus.Sum) {
			if s.Rows > 0 {
				all[key+"|"+name] = total{s.Rows, s.Cost.Rat()}
			}
		}
		put("", a.Counted)
		for _, e := range a.Excluded {
			put(strings.TrimSpace(string(e.Reason)+" "+e.Name), e.Sum)
		}
		for _, s := range a.Services {
			put("category|"+s.Category+"|true", s.Counted)
			put("category|"+s.Category+"|false", s.Excluded)
		}
	}
	return all
}

// A dialect is how an exporter writes.
type dialect struct {
	*rand.Rand
	columns       []string
	months        bool // there is a billing period
	noIssuer      bool
	comma         rune
	inclusive     bool
	noEnd         bool
	crlf, mark    bool
	mapped, cased bool
	times         func(*rand.Rand, time.Time) string
	null          func(*rand.Rand) string
}

// stamps are ways to write a time.
var stamps = []func(time.Time) string{
	func(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.999999999Z") },
	func(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05.999999999") },
	func(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05.999999999 UTC") },
	func(t time.Time) string { return t.UTC().Format("2006/1/2 15:04:05.000000000") },
	func(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.999999999+00:00") },
	func(t time.Time) string {
		return t.In(time.FixedZone("", 8*3600)).Format("2006-01-02T15:04:05.999999999-0700")
	},
	func(t time.Time) string {
		return t.In(time.FixedZone("", -5400)).Format("2006-01-02t15:04:05.999999999-07:00")
	},
	func(t time.Time) string {
		t = t.UTC()
		switch {
		case t.Equal(t.Truncate(24 * time.Hour)):
			return t.Format("2006-01-02")
		case t.Equal(t.Truncate(time.Minute)):
			return t.Format("2006-01-02T15:04Z")
		}
		return t.Format(time.RFC3339Nano)
	},
}

func newDialect(r *rand.Rand, w *world, months bool) *dialect {
	d := &dialect{
		Rand: r, months: months, comma: pick(r, ',', ',', ';', '\t', '|'), inclusive: r.IntN(3) == 0, noEnd: r.IntN(3) == 0,
		crlf: r.IntN(2) == 0, mark: r.IntN(2) == 0, mapped: r.IntN(3) == 0, cased: r.IntN(3) == 0, noIssuer: r.IntN(4) == 0,
	}
	d.columns = []string{
		pick(r, "ProviderName", "ServiceProviderName"), "BillingAccountId", "SubAccountId", "BillingCurrency", "ChargePeriodStart", "ChargeCategory",
		"ServiceCategory", "ServiceName", "ServiceSubcategory", "PublisherName", "BilledCost", "EffectiveCost", "x_Note", "Tags",
	}
	if !d.noIssuer {
		d.columns = append(d.columns, "InvoiceIssuerName")
	}
	if months {
		d.columns = append(d.columns, "BillingPeriodStart")
		if !d.noEnd {
			d.columns = append(d.columns, "BillingPeriodEnd")
		}
	}
	r.Shuffle(len(d.columns), func(i, j int) { d.columns[i], d.columns[j] = d.columns[j], d.columns[i] })
	one := pick(r, stamps...)
	d.times = func(r *rand.Rand, t time.Time) string {
		if r.IntN(4) == 0 {
			return pick(r, stamps...)(t)
		}
		return one(t)
	}
	d.null = func(r *rand.Rand) string {
		return pick(r, "", "NULL", "null", "None", "N/A", "nan", `\N`, "(null)", "-")
	}
	return d
}

// number writes a fraction whose denominator is a power of ten.
func (d *dialect) number(r *big.Rat) string {
	text := r.FloatString(400)
	text = strings.TrimRight(text, "0")
	places := len(text) - 1 - strings.IndexByte(text, '.')
	switch d.IntN(4) {
	case 0: // in E notation
		digits := strings.Replace(text, ".", "", 1)
		shift := d.IntN(5)
		return fmt.Sprintf("%s%s%d", digits, pick(d.Rand, "e", "E", "e+"), shift) + "\x00" + fmt.Sprint(places)
	case 1:
		if whole, ok := strings.CutPrefix(text, "0."); ok && whole != "" {
			return "." + whole
		}
	case 2:
		if strings.HasSuffix(text, ".") {
			return text + "000"
		}
		return text + "00"
	}
	return strings.TrimSuffix(text, ".")
}

// cost writes a cost; the E notation of number is put right here.
func (d *dialect) cost(r *big.Rat) string {
	text := d.number(r)
	if form, places, ok := strings.Cut(text, "\x00"); ok {
		i := strings.IndexAny(form, "eE")
		var p int
		fmt.Sscan(places, &p)
		return fmt.Sprintf("%s%c%d", form[:i], form[i], -p)
	}
	return text
}

func (d *dialect) cell(column string, c charge) string {
	text := map[string]string{
		"ProviderName": c.provider, "ServiceProviderName": c.provider, "InvoiceIssuerName": c.issuer, "BillingAccountId": c.account, "SubAccountId": c.sub,
		"BillingCurrency": c.currency, "ServiceCategory": c.serviceCategory, "ServiceName": c.service, "PublisherName": c.publisher, "x_Note": c.note,
		"Tags": pick(d.Rand, `{"a": "b,c;d"}`, "", "x\r\ny"),
	}[column]
	switch column {
	case "ChargePeriodStart":
		return d.times(d.Rand, c.start)
	case "BillingPeriodStart":
		return d.times(d.Rand, c.billed)
	case "BillingPeriodEnd":
		end := c.billed.AddDate(0, 1, 0)
		if d.inclusive {
			end = end.Add(-time.Second)
		}
		return d.times(d.Rand, end)
	case "ChargeCategory":
		return pick(d.Rand, c.category, c.category, strings.ToLower(c.category), strings.ToUpper(c.category)+" ")
	case "ServiceSubcategory":
		text = pick(d.Rand, c.subcategory, c.subcategory, strings.ToLower(c.subcategory), " "+c.subcategory)
	case "BilledCost":
		return d.cost(c.billedCost)
	case "EffectiveCost":
		return d.cost(c.effectiveCost)
	}
	if text == "" {
		return d.null(d.Rand)
	}
	return text
}

// write returns the bill, and the options with which it is read.
func (d *dialect) write(t *rapid.T, charges []charge, o focus.Options) (string, focus.Options) {
	var b strings.Builder
	if d.mark {
		b.WriteString("\ufeff")
	}
	out := csv.NewWriter(&b)
	out.Comma, out.UseCRLF = d.comma, d.crlf
	o.Comma = d.comma
	names := slices.Clone(d.columns)
	for i, name := range names {
		switch {
		case d.mapped && (name == "BilledCost" || name == "ChargeCategory" || name == "BillingPeriodStart" || name == "BillingPeriodEnd"):
			if o.Columns == nil {
				o.Columns = make(map[string]string)
			}
			names[i] = "Our " + name
			o.Columns[name] = names[i]
		case d.cased:
			names[i] = pick(d.Rand, strings.ToUpper(name), strings.ToLower(name), name+" ")
		}
	}
	rows := [][]string{names}
	for _, c := range charges {
		var row []string
		for _, column := range d.columns {
			row = append(row, d.cell(column, c))
		}
		rows = append(rows, row)
	}
	for _, row := range rows {
		if err := out.Write(row); err != nil {
			t.Fatal(err)
		}
		if d.IntN(50) == 0 {
			out.Flush()
			b.WriteString(pick(d.Rand, "\n", "\r\n", "\ufeff"))
		}
	}
	out.Flush()
	return b.String(), o
}

var ratios = cmp.Comparer(func(a, b *big.Rat) bool { return a.Cmp(b) == 0 })

// Random charges, written by random exporters in several files, read and put
// together in any order, through JSON and in parts, are what a slow sum over
// fractions makes of them.
func TestRandomBills(t *testing.T) {
	rows, bills := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		most := 40
		if thorough() {
			most = 3500
		}
		charges := make([]charge, rapid.IntRange(0, most).Draw(t, "rows"))
		w := newWorld(r)
		for i := range charges {
			charges[i] = w.charge()
		}
		months := w.option.AsBilled || r.IntN(4) > 0
		rows, bills = rows+len(charges), bills+1

		var reports []focus.Report
		for rest := charges; ; {
			n := len(rest)
			if r.IntN(2) == 0 && n > 0 {
				n = r.IntN(n)
			}
			in, o := newDialect(r, w, months).write(t, rest[:n], w.option)
			report, err := focus.Read(strings.NewReader(in), o)
			if err != nil {
				t.Fatalf("%v\n%s", err, in)
			}
			reports = append(reports, report)
			if rest = rest[n:]; len(rest) == 0 {
				break
			}
		}
		want := w.reference(charges, months)
		all := merge(t, r, reports)
		if diff := cmp.Diff(want, flat(all), cmp.AllowUnexported(total{}), ratios); diff != "" {
			t.Fatalf("-want +got\n%s", diff)
		}
		if all.Rows() != len(charges) {
			t.Fatalf("%d rows, want %d", all.Rows(), len(charges))
		}
		// In parts, stored and shuffled.
		parts := make(map[string][]focus.Report)
		for _, report := range reports {
			for key, part := range report.Parts() {
				parts[key] = append(parts[key], again(t, part))
			}
		}
		reports = append(reports[:0], reports[0]) // one that knows the names, if there are no parts
		for key, list := range parts {
			one := merge(t, r, list)
			for again := range one.Parts() {
				if again != key {
					t.Fatalf("the part of %s has the key %s", key, again)
				}
			}
			reports = append(reports, one)
		}
		other := merge(t, r, reports[1:])
		if len(parts) > 0 && !other.Equal(all) || len(parts) == 0 && all.Rows() > 0 {
			t.Fatalf("the parts are not the whole: %v, want %v", flat(other), flat(all))
		}
	})
	t.Logf("%d rows in %d bills", rows, bills)
}

// again returns r after it was stored.
func again(t *rapid.T, r focus.Report) (s focus.Report) {
	b, err := json.Marshal(r)
	if err == nil {
		err = json.Unmarshal(b, &s)
	}
	if err != nil || !s.Equal(r) {
		t.Fatalf("%s: %v", b, err)
	}
	return s
}

// merge puts reports together in a random order and grouping.
func merge(t *rapid.T, r *rand.Rand, reports []focus.Report) focus.Report {
	reports = slices.Clone(reports)
	for len(reports) > 1 {
		i, j := r.IntN(len(reports)), r.IntN(len(reports)-1)
		if j >= i {
			j++
		}
		a, b := reports[i], reports[j]
		before := b
		if err := a.Merge(b); err != nil {
			t.Fatal(err)
		}
		if !before.Equal(b) {
			t.Fatal("merging changed what was merged")
		}
		reports[i] = a
		if r.IntN(8) == 0 {
			reports[i] = again(t, a)
		}
		reports = slices.Delete(reports, j, j+1)
	}
	if len(reports) == 0 {
		return focus.Report{}
	}
	return reports[0]
}
