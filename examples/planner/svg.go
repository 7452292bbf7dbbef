package main

import (
	"fmt"
	"html"
	"math"
	"strconv"
	"strings"
)

// A curve is the fee of one plan over a range of spend, as points to draw.
type curve struct {
	name  string
	class string // which colour it has; see palette
	at    []xy
}

// An xy is a point of a drawing: the spend and the fee. A drawing may round, so
// these are floats; every number that the page writes comes from the library.
type xy struct{ x, y float64 }

// A mark is a spend that the drawing points out.
type mark struct {
	at    xy
	label string
}

const (
	width, height                = 720.0, 400.0
	left, right, topEdge, bottom = 62.0, 104.0, 16.0, 40.0
)

// palette gives the curves and the axes their colours, in light and dark.
const palette = `text{font:12px system-ui,sans-serif;fill:#585e66}.axis{stroke:#b9bdc3;fill:none}.grid{stroke:#e4e6e9}` +
	`.c{fill:none;stroke-width:2.5;stroke-linejoin:round}.name{font-weight:600}` +
	`.basic{stroke:#6b7280}.developer{stroke:#0b5cad}.business{stroke:#9a4d00}.enterprise{stroke:#7a2a8c}` +
	`text.basic,circle.basic{fill:#6b7280}text.developer{fill:#0b5cad}text.business{fill:#9a4d00}text.enterprise{fill:#7a2a8c}` +
	`text.basic,text.developer,text.business,text.enterprise{stroke:none}` +
	`.here{stroke:#1c1e21;stroke-dasharray:4 4}.mark{fill:#fff;stroke:#1c1e21;stroke-width:1.5}` +
	`@media(prefers-color-scheme:dark){text{fill:#aab1ba}.axis{stroke:#4a515b}.grid{stroke:#2b3037}` +
	`.basic{stroke:#a7aeb8}.developer{stroke:#7db7f5}.business{stroke:#f0ab62}.enterprise{stroke:#d79be6}` +
	`text.basic{fill:#a7aeb8}text.developer{fill:#7db7f5}text.business{fill:#f0ab62}text.enterprise{fill:#d79be6}` +
	`.here{stroke:#eceef1}.mark{fill:#1d2025;stroke:#eceef1}}`

// draw returns the curves as an SVG picture: spend to the right, fee upward. It
// points out the marks, and the spend here if that is not negative.
func draw(title string, curves []curve, marks []mark, here float64) string {
	var maxX, maxY float64
	for _, c := range curves {
		for _, p := range c.at {
			maxX, maxY = max(maxX, p.x), max(maxY, p.y)
		}
	}
	stepX, stepY := step(maxX), step(maxY)
	maxY = max(math.Ceil(maxY/stepY), 1) * stepY
	x := func(v float64) float64 { return left + v/max(maxX, 1)*(width-left-right) }
	y := func(v float64) float64 { return height - bottom - v/maxY*(height-topEdge-bottom) }

	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %g %g" role="img" aria-label="%s"><style>%s</style>`,
		width, height, html.EscapeString(title), palette)
	for v := 0.0; v <= maxY*1.001; v += stepY {
		fmt.Fprintf(&b, `<path class="grid" d="M%.1f %.1fH%.1f"/><text x="%.1f" y="%.1f" text-anchor="end">%s</text>`,
			left, y(v), width-right, left-6, y(v)+4, short(v))
	}
	for v := 0.0; v <= maxX*1.001; v += stepX {
		fmt.Fprintf(&b, `<text x="%.1f" y="%.1f" text-anchor="middle">%s</text>`, x(v), height-bottom+18, short(v))
	}
	fmt.Fprintf(&b, `<path class="axis" d="M%.1f %.1fV%.1fH%.1f"/>`, left, topEdge, height-bottom, width-right)
	fmt.Fprintf(&b, `<text x="%.1f" y="%.1f" text-anchor="middle">spend a month</text>`, (left+width-right)/2, height-6)
	for _, c := range curves {
		fmt.Fprintf(&b, `<path class="c %s" d="`, c.class)
		for i, p := range c.at {
			fmt.Fprintf(&b, "%c%.1f %.1f", "LM"[b2i(i == 0)], x(p.x), y(p.y))
		}
		b.WriteString(`"/>`)
	}
	for i, at := range names(curves, y) {
		fmt.Fprintf(&b, `<text class="name %s" x="%.1f" y="%.1f">%s</text>`, curves[i].class, width-right+8, at, html.EscapeString(curves[i].name))
	}
	if here >= 0 && here <= maxX {
		fmt.Fprintf(&b, `<path class="here" d="M%.1f %.1fV%.1f"/>`, x(here), topEdge, height-bottom)
	}
	for _, m := range marks {
		fmt.Fprintf(&b, `<circle class="mark" cx="%.1f" cy="%.1f" r="4"><title>%s</title></circle>`, x(m.at.x), y(m.at.y), html.EscapeString(m.label))
	}
	b.WriteString(`</svg>`)
	return b.String()
}

// names returns the heights of the curves' names beside their last points, far
// enough apart to be read.
func names(curves []curve, y func(float64) float64) []float64 {
	out := make([]float64, len(curves))
	used := make([]bool, len(curves))
	low := height - bottom + 4
	for range curves { // the lowest first
		lowest := -1
		for i, c := range curves {
			if !used[i] && (lowest < 0 || c.at[len(c.at)-1].y < curves[lowest].at[len(curves[lowest].at)-1].y) {
				lowest = i
			}
		}
		used[lowest] = true
		at := curves[lowest].at
		out[lowest] = min(y(at[len(at)-1].y)+4, low)
		low = out[lowest] - 15
	}
	return out
}

// step returns a round distance between some five lines up to limit.
func step(limit float64) float64 {
	if limit <= 0 {
		return 1
	}
	raw := limit / 5
	power := math.Pow(10, math.Floor(math.Log10(raw)))
	for _, m := range []float64{1, 2, 5} {
		if raw <= m*power {
			return m * power
		}
	}
	return 10 * power
}

// short writes an axis label, such as 250k.
func short(v float64) string {
	switch {
	case v >= 1e6:
		return strconv.FormatFloat(v/1e6, 'f', -1, 64) + "M"
	case v >= 1e3:
		return strconv.FormatFloat(v/1e3, 'f', -1, 64) + "k"
	}
	return strconv.FormatFloat(v, 'f', -1, 64)
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}
