package handbook_test

import (
	"fmt"

	"github.com/supportplan/supportplan/entitlement"
	"github.com/supportplan/supportplan/entitlement/handbook"
)

func ExampleHotlines() {
	for _, h := range handbook.Hotlines() {
		if h.Country == "GB" {
			fmt.Println(h.Display, h.E164)
		}
	}
	// Output: +44 808 196 4551 +448081964551
}

func ExampleDescribe() {
	d := handbook.Describe(entitlement.EventManagement)
	fmt.Println(d.Summary)
	fmt.Println(d.Items, d.Open)
	fmt.Println(d.Source)
	// Output:
	// support of planned peaks: three complimentary sessions a year of up to three consecutive days each
	// [new deployments promotions version updates] true
	// Infrastructure Event Management, 2023-09-15
}

// What support does not help with.
func ExampleServiceScope() {
	for _, a := range handbook.ServiceScope() {
		if !a.InScope {
			fmt.Println(a.Name)
		}
	}
	// Output:
	// Code development
	// Operation of the customer's systems
	// Operation of third-party software
}
