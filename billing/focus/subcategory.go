package focus

import "strings"

// support is the subcategory that marks support plans and professional
// services, in lower case.
const support = "support"

// subcategories are the values that the specification allows for
// ServiceSubcategory. FOCUS 1.1, 1.2 and 1.3 have the same.
//
// Source: FOCUS 1.1 to 1.3, Service Subcategory, "Allowed values".
var subcategories = [...]string{
	// AI and Machine Learning
	"AI Platforms", "Bots", "Generative AI", "Machine Learning", "Natural Language Processing", "Other (AI and Machine Learning)",
	// Analytics
	"Analytics Platforms", "Business Intelligence", "Data Processing", "Search", "Streaming Analytics", "Other (Analytics)",
	// Business Applications
	"Productivity and Collaboration", "Other (Business Applications)",
	// Compute
	"Containers", "End User Computing", "Quantum Compute", "Serverless Compute", "Virtual Machines", "Other (Compute)",
	// Databases
	"Caching", "Data Warehouses", "Ledger Databases", "NoSQL Databases", "Relational Databases", "Time Series Databases", "Other (Databases)",
	// Developer Tools
	"Developer Platforms", "Continuous Integration and Deployment", "Development Environments", "Source Code Management", "Quality Assurance", "Other (Developer Tools)",
	// Identity
	"Identity and Access Management", "Other (Identity)",
	// Integration
	"API Management", "Messaging", "Workflow Orchestration", "Other (Integration)",
	// Internet of Things
	"IoT Analytics", "IoT Platforms", "Other (Internet of Things)",
	// Management and Governance
	"Architecture", "Compliance", "Cost Management", "Data Governance", "Disaster Recovery", "Endpoint Management", "Observability", "Support", "Other (Management and Governance)",
	// Media
	"Content Creation", "Gaming", "Media Streaming", "Mixed Reality", "Other (Media)",
	// Migration
	"Data Migration", "Resource Migration", "Other (Migration)",
	// Mobile
	"Other (Mobile)",
	// Multicloud
	"Multicloud Integration", "Other (Multicloud)",
	// Networking
	"Application Networking", "Content Delivery", "Network Connectivity", "Network Infrastructure", "Network Routing", "Network Security", "Other (Networking)",
	// Security
	"Secret Management", "Security Posture Management", "Threat Detection and Response", "Other (Security)",
	// Storage
	"Backup Storage", "Block Storage", "File Storage", "Object Storage", "Storage Platforms", "Other (Storage)",
	// Web
	"Application Platforms", "Other (Web)",
	// Other
	"Other (Other)",
}

// listed has the subcategories in lower case.
var listed = func() map[string]bool {
	m := make(map[string]bool, len(subcategories))
	for _, s := range subcategories {
		m[fold(s)] = true
	}
	return m
}()

// fold returns s in lower case and without the blanks at its ends: texts that
// fold to the same are the same name.
func fold(s string) string { return strings.ToLower(strings.TrimSpace(s)) }
