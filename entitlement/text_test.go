package entitlement_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/supportplan/supportplan/entitlement"
	"github.com/supportplan/supportplan/plan"
)

const publishedMarkdown = `| Category | Feature | Basic | Developer | Business | Enterprise |
|---|---|---|---|---|---|
| Standard | Self-support | yes | yes | yes | yes |
| Standard | Ticket | yes | yes | yes | yes |
| Standard | Phone | no | yes | yes | yes |
| Standard | IM group chat | no | no | no | yes |
| Standard | Case handling personnel | Customer Service Associates | Customer Service Associates | Cloud Support Engineers | Cloud Support Experts |
| Standard | Technical account manager | no | no | no | designated |
| Standard | Third-party software support | no | yes | yes | yes |
| Advanced | Infrastructure event management (IEM) | no | no | no | yes |
| Advanced | Tencent Smart Advisor (TSA) health check | no | yes | yes | yes |
| Advanced | Communication and training | no | no | no | yes |
| Advanced | Service report | no | no | no | yes |
| Expert | Architecture optimization | no | no | no | yes |
| Expert | High-availability optimization | no | no | no | yes |
| Expert | Stability optimization | no | no | no | yes |
| Expert | Resources optimization | no | no | no | yes |
| Expert | Business health check | no (inferred) | no (inferred) | no (inferred) | yes (inferred) |
`

func TestMarkdown(t *testing.T) {
	if diff := cmp.Diff(publishedMarkdown, entitlement.Published().Markdown()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	m := mustMatrix(t, included(plan.Business, entitlement.Training),
		entitlement.Cell{Plan: plan.Basic, Feature: entitlement.Phone, Included: true, Detail: "a | b"})
	if want := "| Standard | Phone | a \\| b (overridden) | yes | yes | yes |\n"; !strings.Contains(m.Markdown(), want) {
		t.Errorf("no %q in\n%s", want, m.Markdown())
	}
	want := "| Advanced | Communication and training | no | no | yes (overridden) | yes |\n"
	if got := m.Markdown(); !strings.Contains(got, want) {
		t.Errorf("no %q in\n%s", want, got)
	}
}
