package severity

// Observations describe a problem as it is seen, each field on its own. The zero
// Observations report nothing wrong.
type Observations struct {
	// CoreBusinessDown: the customer's core business is unavailable, whatever
	// the reason.
	CoreBusinessDown bool
	// DataLost: production data has been lost.
	DataLost bool
	// Intrusion: somebody has broken in.
	Intrusion bool
	// ProductionDown: a production system that is not the core business is
	// unavailable, and key operations with it: name resolution fails, a load
	// balancer is degraded, the network is interrupted, the customer is blocked.
	ProductionDown bool
	// Degraded: something is slow, partly degraded or sporadically failing,
	// but still does its work.
	Degraded bool
}

// Assess returns the most severe level that any observation calls for, or
// [General] if there is none. [BusinessCritical] needs the core business to be
// unavailable, [ProductionImpacted] a general production system: the document
// speaks of critically interrupted key operations at both.
//
// Source: Response Time SLA, 2023-09-15 (judgment criteria).
func Assess(o Observations) Severity {
	switch {
	case o.CoreBusinessDown, o.DataLost, o.Intrusion:
		return BusinessCritical
	case o.ProductionDown:
		return ProductionImpacted
	case o.Degraded:
		return SystemImpaired
	}
	return General
}
