package plot

import (
	"bytes"
	"fmt"
	"math"
	"strings"

	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/vgpdf"
	"gonum.org/v1/plot/vg/vgsvg"
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

// A lettered is a PDF canvas on which letters are drawn by their outlines: gonum embeds
// fonts in the code page of Western Europe, which has no minus sign, no prime and no
// Greek letters, and writes others for them.
type lettered struct{ *vgpdf.Canvas }

// em is the size in pixels at which outlines are asked for, and its 64ths, in which
// they come.
const em = 1000

// FillString implements vg.Canvas.
func (c lettered) FillString(f font.Face, at vg.Point, s string) {
	unit := f.Font.Size / (em * 64)
	var path vg.Path
	for _, r := range s {
		glyph, err := f.Face.GlyphIndex(nil, r)
		if err != nil {
			continue
		}
		outline, err := f.Face.LoadGlyph(nil, glyph, em<<6, nil)
		if err != nil {
			continue
		}
		for _, part := range outline {
			var p [3]vg.Point // with y upwards
			for i, a := range part.Args {
				p[i] = vg.Point{X: at.X + vg.Length(a.X)*unit, Y: at.Y - vg.Length(a.Y)*unit}
			}
			switch part.Op {
			case 0: // move
				if len(path) > 0 {
					path.Close()
				}
				path.Move(p[0])
			case 1:
				path.Line(p[0])
			case 2:
				path.QuadTo(p[0], p[1])
			case 3:
				path.CubeTo(p[0], p[1], p[2])
			}
		}
		if w, err := f.Face.GlyphAdvance(nil, glyph, em<<6, 0); err == nil {
			at.X += vg.Length(w) * unit
		}
	}
	if len(path) > 0 {
		path.Close()
		c.Fill(path)
	}
}

// A measured is an SVG canvas that notes how long each piece of text is, so that it can
// be told: in the font of another machine it would run into what follows.
type measured struct {
	*vgsvg.Canvas
	lengths []vg.Length
}

// FillString implements vg.Canvas.
func (c *measured) FillString(f font.Face, at vg.Point, s string) {
	c.lengths = append(c.lengths, f.Width(s))
	c.Canvas.FillString(f, at, s)
}

// fallbackFonts names fonts to fall back to, and gives each piece of text its length.
func (c *measured) fallbackFonts(svg []byte) []byte {
	svg = bytes.ReplaceAll(svg, []byte("font-family:Liberation Sans;"), []byte("font-family:"+fallback+";"))
	tag := []byte("<text ")
	parts := bytes.Split(svg, tag)
	var out []byte
	for i, part := range parts {
		if i > 0 {
			out = append(out, tag...)
			if i <= len(c.lengths) {
				out = fmt.Appendf(out, `xml:space="preserve" textLength="%.4g" lengthAdjust="spacingAndGlyphs" `, c.lengths[i-1].Points())
			}
		}
		out = append(out, part...)
	}
	return out
}
