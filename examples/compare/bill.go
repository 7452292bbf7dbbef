package main

import (
	"bufio"
	"fmt"
	"io"
	"math/rand/v2"
	"strconv"
	"time"
)

// accounts is how many accounts the generated bill has.
const accounts = 1000

// header is that of a FOCUS 1.0 bill: it has no ServiceSubcategory.
const header = `"AvailabilityZone","BilledCost","BillingAccountId","BillingAccountName","BillingCurrency","BillingPeriodEnd","BillingPeriodStart",` +
	`"ChargeCategory","ChargeClass","ChargeDescription","ChargeFrequency","ChargePeriodEnd","ChargePeriodStart",` +
	`"CommitmentDiscountCategory","CommitmentDiscountId","CommitmentDiscountName","CommitmentDiscountStatus","CommitmentDiscountType",` +
	`"ConsumedQuantity","ConsumedUnit","ContractedCost","ContractedUnitPrice","EffectiveCost","InvoiceIssuerName","ListCost","ListUnitPrice",` +
	`"PricingCategory","PricingQuantity","PricingUnit","ProviderName","PublisherName","RegionId","RegionName","ResourceId","ResourceName",` +
	`"ResourceType","ServiceCategory","ServiceName","SkuId","SkuPriceId","SubAccountId","SubAccountName","Tags"` + "\n"

const (
	issuer         = "Example Cloud, Inc."
	supportService = "Example Cloud Support" // to be excluded by this name
)

var services = []struct{ category, name, unit, what string }{
	{"Compute", "Example Virtual Machines", "Hours", "per on-demand hour of a standard instance"},
	{"Compute", "Example Functions", "Requests", "per million requests beyond the free tier"},
	{"Storage", "Example Object Storage", "GB-Months", "per GB-month of standard storage, first 50 TB"},
	{"Networking", "Example Data Transfer", "GB", "per GB, next 40 TB a month, data transfer out"},
	{"Databases", "Example Relational Databases", "Hours", "per hour of a database, one zone"},
	{"AI and Machine Learning", "Example Speech", "Minutes", "per minute of audio"},
	{"Management and Governance", "Example Monitoring", "Metrics", "per metric and month, first 10,000"},
	{"Other", supportService, "Months", "support plan, monthly"},
}

// A balance is the sum of a generated bill for one account and month; a cost
// is in units of 10^-9.
type balance struct {
	counted, excluded         int64
	countedRows, excludedRows int
}

// A billed is an account and the month in which a charge's period starts.
type billed struct {
	account string
	month   time.Month // of 2024
}

// writeBill writes a FOCUS 1.0 bill of about the given size, a row over it at
// most, and returns what it holds. It is the same each time. Rows are of all
// accounts in no order; one in a thousand is a refund of the month before.
func writeBill(w io.Writer, length size) (map[billed]*balance, error) {
	out := bufio.NewWriterSize(w, 1<<20)
	r := rand.New(rand.NewPCG(9, 10))
	holds := make(map[billed]*balance)
	start := time.Date(2024, time.September, 1, 0, 0, 0, 0, time.UTC)
	var row []byte
	n, _ := out.WriteString(header) // the writer remembers errors until Flush
	for written := size(n); written < length; written += size(len(row)) {
		account := 1_000_000_000 + r.IntN(accounts)
		service := &services[r.IntN(len(services))]
		category, class := "Usage", "NULL"
		from := start.Add(time.Duration(r.IntN(30*24)) * time.Hour)
		cost := r.Int64N(20_000_000) // up to 0.02
		if r.IntN(50) == 0 {
			cost *= 10_000 // a few are of weight
		}
		switch r.IntN(1000) {
		case 0:
			category, class, cost = "Adjustment", `"Correction"`, -cost
			from = from.AddDate(0, -1, 0)
		case 1:
			category, cost = "Credit", -cost
		case 2:
			category = "Tax"
		case 3:
			category = "Purchase"
		}
		row = appendRow(row[:0], r, account, category, class, from, cost, service)
		if _, err := out.Write(row); err != nil {
			return nil, err
		}
		key := billed{strconv.Itoa(account), from.Month()}
		b := holds[key]
		if b == nil {
			b = &balance{}
			holds[key] = b
		}
		if category == "Tax" || category == "Credit" || service.name == supportService {
			b.excluded += cost
			b.excludedRows++
		} else {
			b.counted += cost
			b.countedRows++
		}
	}
	return holds, out.Flush()
}

// appendRow appends a row of the bill. It is as long as those of real bills,
// and what is null or quoted in these is so here.
func appendRow(b []byte, r *rand.Rand, account int, category, class string, from time.Time, cost int64, service *struct{ category, name, unit, what string }) []byte {
	const stamp = `"2006-01-02 15:04:05",`
	text := func(s string) { b = append(append(append(b, '"'), s...), `",`...) }
	money := func() { b = append(appendNano(b, cost), ',') }
	id := r.Uint64()
	quantity := r.Int64N(1e12)

	b = append(b, "NULL,"...)
	money()
	b = strconv.AppendInt(append(b, '"'), int64(account), 10)
	b = append(b, `","Account `...)
	b = strconv.AppendInt(b, int64(account%accounts), 10)
	b = append(b, `","USD","2024-10-01 00:00:00","2024-09-01 00:00:00",`...)
	text(category)
	b = append(append(b, class...), `,"$0.085 `...)
	b = append(append(b, service.what...), `","Usage-Based",`...)
	b = from.Add(time.Hour).AppendFormat(b, stamp)
	b = from.AppendFormat(b, stamp)
	b = append(b, "NULL,NULL,NULL,NULL,NULL,"...)
	b = append(appendNano(b, quantity), ',')
	text(service.unit)
	money()
	b = append(b, "0.08500000000,"...)
	money()
	text(issuer)
	money()
	b = append(b, `"0.085","Standard",`...)
	b = append(appendNano(b, quantity), ',')
	text(service.unit)
	b = append(b, `"Example Cloud","`+issuer+`","us-west-2","US West (Oregon)","urn:example:resource:us-west-2:`...)
	b = strconv.AppendUint(b, id, 16)
	b = append(b, `",NULL,NULL,`...)
	text(service.category)
	text(service.name)
	b = strconv.AppendUint(append(b, `"SKU`...), id%9973, 36)
	b = strconv.AppendUint(append(b, `","SKU`...), id%9973, 36)
	b = strconv.AppendUint(append(b, `.PRICE`...), id%997, 36)
	b = strconv.AppendUint(append(b, `","`...), id%1_000_003, 10)
	b = append(b, `","Sub-account","{""application"": ""checkout"", ""environment"": ""production"", ""business_unit"": ""unit `...)
	b = strconv.AppendUint(b, id%97, 10)
	return append(b, "\"\"}\"\n"...)
}

// appendNano appends n units of 10^-9 as a decimal number.
func appendNano(b []byte, n int64) []byte {
	if n < 0 {
		b, n = append(b, '-'), -n
	}
	return fmt.Appendf(b, "%d.%09d", n/1e9, n%1e9)
}
