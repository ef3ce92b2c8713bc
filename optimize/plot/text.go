package plot

import (
	"math"
	"strings"

	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
)

// A raised is gonum's plain text with superscripts that are set as such: ordinary
// digits, smaller and higher. The typeface lacks some of the characters (⁻, ⁹), and
// a label 10⁻⁹ without them would read 10.
type raised struct{ text.Plain }

var _ text.Handler = raised{}

const (
	superscriptSize = 0.7  // of the size of the text
	superscriptRise = 0.36 // likewise
)

// A run is a part of a line of text in one size.
type run struct {
	text string
	up   bool
}

// plainOf gives superscript characters their ordinary form.
var plainOf = map[rune]rune{
	'⁰': '0', '¹': '1', '²': '2', '³': '3', '⁴': '4', '⁵': '5', '⁶': '6', '⁷': '7', '⁸': '8', '⁹': '9',
	'⁻': '−', '⁺': '+', '⁽': '(', '⁾': ')', 'ⁿ': 'n', 'ⁱ': 'i',
}

// runs splits a line into runs.
func runs(s string) []run {
	var out []run
	for _, r := range s {
		p, up := plainOf[r]
		if !up {
			p = r
		}
		if n := len(out); n == 0 || out[n-1].up != up {
			out = append(out, run{up: up})
		}
		out[len(out)-1].text += string(p)
	}
	return out
}

// face returns the font of a run.
func (h raised) face(r run, f font.Font) font.Face {
	if r.up {
		f.Size *= superscriptSize
	}
	return h.Fonts.Lookup(f, f.Size)
}

// Box implements text.Handler.
func (h raised) Box(s string, f font.Font) (width, height, depth vg.Length) {
	_, height, depth = h.Plain.Box("", f)
	for _, r := range runs(s) {
		face := h.face(r, f)
		width += face.Width(r.text)
	}
	return width, height, depth
}

// Draw implements text.Handler, for one line.
func (h raised) Draw(c vg.Canvas, s string, sty text.Style, pt vg.Point) {
	s = strings.TrimRight(s, "\n")
	if s == "" {
		return
	}
	c.SetColor(sty.Color)
	if sty.Rotation != 0 {
		c.Push()
		c.Rotate(sty.Rotation)
		defer c.Pop()
	}
	sin, cos := math.Sincos(sty.Rotation)
	pt.X, pt.Y = pt.Y*vg.Length(sin)+pt.X*vg.Length(cos), pt.Y*vg.Length(cos)-pt.X*vg.Length(sin)
	width, height, depth := h.Box(s, sty.Font)
	pt.Y += (height+depth)*vg.Length(sty.YAlign) - height + sty.Font.Size
	pt.X += vg.Length(sty.XAlign) * width
	for _, r := range runs(s) {
		face := h.face(r, sty.Font)
		at := pt
		if r.up {
			at.Y += superscriptRise * sty.Font.Size
		}
		c.FillString(face, at, r.text)
		pt.X += face.Width(r.text)
	}
}
