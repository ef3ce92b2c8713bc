package plot

import (
	"math"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// A scene is what the layers of a picture have to know of each other while they
// are drawn: where labels stand already, and where they had better not.
type scene struct {
	t      *Theme
	scale  vg.Length // of letters
	x, y   Axis
	across int     // about how many numbers on the horizontal axis
	up     int     // and on the other
	curves []Point // of all lines, paths and marks, as shares of the frame
	filled bool    // the ground is not the background
	names  []drawn // what the legend explains
	legend vg.Rectangle
	hidden bool // there is no room for the legend
	taken  []vg.Rectangle
}

// Measures of the legend, in points.
const (
	legendGap   = 6  // from the frame
	legendPad   = 5  // inside
	legendLine  = 14 // from one entry to the next
	legendThumb = 20
)

// placeLegend chooses the place of the legend, before anything is drawn.
func (s *scene) placeLegend(c draw.Canvas) {
	if len(s.names) == 0 {
		return
	}
	st := style(s.t.Ink, 10*float64(s.scale))
	var w vg.Length
	for _, d := range s.names {
		w = max(w, st.Width(legendName(d.Layer)))
	}
	w += vg.Points(2*legendPad+6) + s.thumb()
	h := vg.Points(2*legendPad-3) + s.line()*vg.Length(len(s.names))
	gap := vg.Points(legendGap)
	if s.hidden = w > 0.6*c.Size().X || h > 0.5*c.Size().Y; s.hidden {
		return // it would be all that is seen
	}
	best := math.MaxInt
	left, right, bottom, top := c.Min.X+gap, c.Max.X-gap-w, c.Min.Y+gap, c.Max.Y-gap-h
	// The corners first, then the edges, then anywhere.
	for _, q := range [][2]vg.Length{{1, 1}, {0, 1}, {1, 0}, {0, 0}, {0.5, 1}, {0.5, 0}, {1, 0.5}, {0, 0.5},
		{0.25, 1}, {0.75, 1}, {0.25, 0}, {0.75, 0}, {1, 0.25}, {1, 0.75}, {0, 0.25}, {0, 0.75}} {
		at := vg.Point{X: left + q[0]*(right-left), Y: bottom + q[1]*(top-bottom)}
		r := vg.Rectangle{Min: at, Max: vg.Point{X: at.X + w, Y: at.Y + h}}
		m := vg.Points(3)
		if n := s.under(c, vg.Rectangle{Min: vg.Point{X: r.Min.X - m, Y: r.Min.Y - m}, Max: vg.Point{X: r.Max.X + m, Y: r.Max.Y + m}}); n < best {
			best, s.legend = n, r
		}
	}
	s.taken = append(s.taken, s.legend)
}

// line is from one entry of the legend to the next.
func (s *scene) line() vg.Length { return vg.Points(legendLine) * s.scale }

// thumb is the length of the sample of an entry.
func (s *scene) thumb() vg.Length { return vg.Points(legendThumb) * s.scale }

// under counts the points of curves that lie in r.
func (s *scene) under(c draw.Canvas, r vg.Rectangle) int {
	size, n := c.Size(), 0
	for _, k := range s.curves {
		x, y := c.Min.X+vg.Length(k.X)*size.X, c.Min.Y+vg.Length(k.Y)*size.Y
		if r.Min.X <= x && x <= r.Max.X && r.Min.Y <= y && y <= r.Max.Y {
			n++
		}
	}
	return n
}

// drawLegend draws the legend over everything else.
func (s *scene) drawLegend(c draw.Canvas) {
	if len(s.names) == 0 || s.hidden {
		return
	}
	r := s.legend
	corners := []vg.Point{r.Min, {X: r.Max.X, Y: r.Min.Y}, r.Max, {X: r.Min.X, Y: r.Max.Y}}
	c.FillPolygon(veil(s.t.Background, 0xe8), corners)
	c.StrokeLines(draw.LineStyle{Color: s.t.Grid, Width: vg.Points(0.5)}, append(corners, corners[0]))
	st := style(s.t.Ink, 10*float64(s.scale))
	st.YAlign = draw.YCenter
	for i, d := range s.names {
		y := r.Max.Y - vg.Points(legendPad-1.5) - s.line()*(vg.Length(i)+0.5)
		x := r.Min.X + vg.Points(legendPad)
		thumb := draw.Canvas{Canvas: c.Canvas, Rectangle: vg.Rectangle{
			Min: vg.Point{X: x, Y: y - vg.Points(5)}, Max: vg.Point{X: x + s.thumb(), Y: y + vg.Points(5)},
		}}
		d.thumbnail(thumb)
		c.FillText(st, vg.Point{X: x + s.thumb() + vg.Points(6), Y: y - vg.Points(0.5)}, legendName(d.Layer))
	}
}
