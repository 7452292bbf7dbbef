package severity

// Observations say what is seen of a problem, each field on its own. The zero
// Observations say that nothing is wrong.
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

// Assess returns the severity of what is observed: the most severe one that
// any observation calls for, and [General] where there is none. What tells
// BusinessCritical from ProductionImpacted is whether the core business or a
// general production system is unavailable, since the document speaks of
// critically interrupted key operations at both.
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
