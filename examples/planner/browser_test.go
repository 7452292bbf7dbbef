package main

import (
	"context"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// browser starts a headless Chromium, or skips the test if there is none.
func browser(t *testing.T) context.Context {
	t.Helper()
	var path string
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if p, err := exec.LookPath(name); err == nil {
			path = p
			break
		}
	}
	if path == "" {
		t.Skip("no Chromium is installed")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-background-networking", true),
		chromedp.WSURLReadTimeout(2*time.Minute))
	ctx, cancel := chromedp.NewExecAllocator(t.Context(), options...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	do(t, ctx, chromedp.Navigate("about:blank")) // starts it
	ctx, cancel = context.WithTimeout(ctx, 4*time.Minute)
	t.Cleanup(cancel)
	return ctx
}

// do runs actions that return nothing.
func do(t *testing.T, ctx context.Context, actions ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	if err := chromedp.Do(ctx, actions...); err != nil {
		t.Fatal(err)
	}
}

// waitFor waits until a script is true.
func waitFor(script string) chromedp.Action[chromedp.Void] {
	return chromedp.Poll[chromedp.Void](script, chromedp.WithPollingInterval(100*time.Millisecond), chromedp.WithPollingTimeout(time.Minute))
}

// value runs an action and returns its value.
func value[T any](t *testing.T, ctx context.Context, action chromedp.Action[T]) T {
	t.Helper()
	v, err := chromedp.Run(ctx, action)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// look is how a page is looked at.
type look struct {
	name          string
	width, height int64
	dark          bool
}

var looks = []look{
	{"desktop", 1280, 900, false}, {"desktop-dark", 1280, 900, true},
	{"phone", 390, 844, false}, {"phone-dark", 390, 844, true},
}

func (l look) set() chromedp.Action[chromedp.Void] {
	scheme := "light"
	if l.dark {
		scheme = "dark"
	}
	media := emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}}
	return chromedp.Steps(chromedp.EmulateViewport(l.width, l.height), chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, emulation.SetEmulatedMedia, media)
		return err
	}))
}

// screenshot keeps a picture of the page if PLANNER_SCREENSHOTS names a folder.
func screenshot(t *testing.T, ctx context.Context, name string) {
	t.Helper()
	dir := os.Getenv("PLANNER_SCREENSHOTS")
	if dir == "" {
		return
	}
	picture := value(t, ctx, chromedp.CaptureScreenshot())
	if err := os.WriteFile(filepath.Join(dir, name+".png"), picture, 0o644); err != nil {
		t.Fatal(err)
	}
}

// contrast is a script that returns every text whose contrast with what is
// behind it is below 4.5, and below 3 if it is large, and the number of texts.
const contrast = `(() => {
	const parse = (c) => { const m = c.match(/[\d.]+/g).map(Number); return m.length < 4 ? [...m, 1] : m; };
	const lum = ([r, g, b]) => { const f = (v) => { v /= 255; return v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4; }; return .2126 * f(r) + .7152 * f(g) + .0722 * f(b); };
	const behind = (e) => { for (; e; e = e.parentElement) { const c = parse(getComputedStyle(e).backgroundColor); if (c[3] > 0) return c; } return [255, 255, 255, 1]; };
	const bad = []; let n = 0;
	const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
	for (let t; (t = walk.nextNode());) {
		const e = t.parentElement; if (!t.data.trim() || !e.getClientRects().length) continue;
		const s = getComputedStyle(e); n++;
		const a = lum(parse(e instanceof SVGElement ? s.fill : s.color)), b = lum(behind(e));
		const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
		const large = parseFloat(s.fontSize) >= 24 || (parseFloat(s.fontSize) >= 18.5 && s.fontWeight >= 700);
		if (ratio < (large ? 3 : 4.5)) bad.push(t.data.trim().slice(0, 30) + " " + ratio.toFixed(2));
	}
	return { bad, n };
})()`

// labels is a script that returns the form fields without a label.
const labels = `[...document.querySelectorAll("input, select, button")].filter((e) => !(e.labels && e.labels.length) && !e.getAttribute("aria-label") && !e.textContent.trim()).map((e) => e.outerHTML)`

// foreign is a script that returns what the page loaded from elsewhere.
const foreign = `performance.getEntriesByType("resource").map((e) => e.name).filter((n) => !n.startsWith(location.origin))`

// wide is a script that tells whether the page is wider than the screen.
const wide = `document.documentElement.scrollWidth > innerWidth`

// checkPage holds the page to what everybody may expect of one.
func checkPage(t *testing.T, ctx context.Context, name string) {
	t.Helper()
	texts := value(t, ctx, chromedp.Evaluate[struct {
		Bad []string `json:"bad"`
		N   int      `json:"n"`
	}](contrast))
	unlabelled, elsewhere := value(t, ctx, chromedp.Evaluate[[]string](labels)), value(t, ctx, chromedp.Evaluate[[]string](foreign))
	tooWide := value(t, ctx, chromedp.Evaluate[bool](wide))
	if texts.N < 20 || len(texts.Bad) > 0 {
		t.Errorf("%s: of %d texts, hard to read: %q", name, texts.N, texts.Bad)
	}
	if len(unlabelled) > 0 || len(elsewhere) > 0 || tooWide {
		t.Errorf("%s: without label %q, from elsewhere %q, wider than the screen: %v", name, unlabelled, elsewhere, tooWide)
	}
}

func TestInBrowser(t *testing.T) {
	ctx := browser(t)
	server := httptest.NewServer(examplePlanner(t).routes())
	defer server.Close()
	verdict := func() string { return value(t, ctx, chromedp.Text(".verdict h2")) }
	for _, l := range looks {
		do(t, ctx, l.set(), chromedp.Navigate(server.URL), chromedp.WaitVisible("h1"))
		if before := verdict(); !strings.Contains(before, "Basic") {
			t.Errorf("%s: without needs the page answers %q", l.name, before)
		}
		checkPage(t, ctx, l.name)
		// The keyboard alone: to the check box of the phone, and press it.
		active := ""
		for range 40 {
			do(t, ctx, chromedp.KeyEvent("\t"))
			if active = value(t, ctx, chromedp.Evaluate[string](`document.activeElement.value || ""`)); active == "phone" {
				break
			}
		}
		if active != "phone" {
			t.Fatalf("%s: the keyboard does not reach the phone's box", l.name)
		}
		do(t, ctx, chromedp.KeyEvent(" "), waitFor(`!document.querySelector(".verdict h2").textContent.includes("Basic")`))
		if after := verdict(); !strings.Contains(after, "Developer") {
			t.Errorf("%s: with the phone the page answers %q", l.name, after)
		}
		checkPage(t, ctx, l.name+" with an answer")
		screenshot(t, ctx, l.name)
	}
}

// Every control can be used when scripts are off.
func TestWithoutScript(t *testing.T) {
	ctx := browser(t)
	server := httptest.NewServer(examplePlanner(t).routes())
	defer server.Close()
	off := chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
		return err
	})
	do(t, ctx, off, chromedp.Navigate(server.URL+"/?spend=25000"), chromedp.Click(`input[value="im-group"]`))
	if _, err := chromedp.RunResponse(ctx, chromedp.Click("button")); err != nil { // until the answer has loaded
		t.Fatal(err)
	}
	if text := value(t, ctx, chromedp.Text(".verdict h2")); !strings.Contains(text, "Enterprise") {
		t.Errorf("without scripts the page answers %q", text)
	}
}
