// Package plot draws functions and descents: a curve with its derivatives, a
// valley with the paths of several methods, cost against iteration, the error of
// difference quotients against their step.
//
// A picture is a Figure: axes and layers of data, without a look. The same
// Figure becomes a file (SVG, PNG, PDF) or lines of text in Braille
// characters. Functions such as Curve and Valley make Figures of formulas and
// traces.
package plot

import "math"

// A Point is a place in the coordinates of the data.
type Point struct{ X, Y float64 }

// A Figure is a picture before it has a look.
type Figure struct {
	Title  string
	X, Y   Axis
	Layers []Layer // drawn in this order
	Equal  bool    // one unit is as long on both axes
}

// An Axis describes one direction of a Figure.
type Axis struct {
	Label string
	// Min and Max are the ends; both zero means what the layers need.
	Min, Max float64
	Log      bool // equal factors are equally long; everything must be positive
	Bare     bool // without line, ticks and numbers: the label says it all
}

// A Layer is one kind of data in a Figure.
type Layer interface {
	// bounds extends b by what the layer shows.
	bounds(b *box)
}

// A Line is a curve in pieces: between pieces there is a gap, at a pole, a jump
// or where the function is undefined.
type Line struct {
	Name   string // for the legend; "" leaves it out
	Pieces [][]Point
	Color  int // number in the palette
	Dashed bool
	Faint  bool
	Thin   bool
}

// A Path is where a descent went: dots joined by lines, its start and its end
// marked.
type Path struct {
	Name   string
	Points []Point
	Color  int
}

// Marks are single points with labels.
type Marks struct {
	Name   string
	Points []Point
	Labels []string // nil, or as long as Points
	Shape  Shape
	Color  int
}

// A Shape is the form of a mark.
type Shape int

const (
	Dot    Shape = iota // a filled disc
	Ring                // a circle
	Cross               // a plus
	Square              // a filled square
)

// Notes are words in a picture, each beginning or ending at its point, or centred
// there.
type Notes struct {
	Points []Point
	Texts  []string
	// Align is how much of the width of a text lies to the left of its point: 0, ½ or
	// 1.
	Align []float64
}

// A Field is a function of two variables on a grid, shown as bands between
// levels.
type Field struct {
	Xs, Ys []float64   // the grid, ascending
	Values [][]float64 // Values[j][i] at (Xs[i], Ys[j]); NaN where undefined
	Levels []float64   // ascending
}

// Arrows are short arrows, for gradients.
type Arrows struct {
	From, To []Point
	Color    int
}

// A Shade covers the cells of a grid in which it is true: outside bounds, or
// where a constraint is broken.
type Shade struct {
	Name   string
	Xs, Ys []float64
	Inside [][]bool // Inside[j][i] for the cell at (Xs[i], Ys[j])
}

// A Mesh is a surface: a grid seen from a point in space, cells given from the
// farthest to the nearest.
type Mesh struct {
	Cells  [][4]Point // in the plane of the picture
	Height []float64  // of each cell, from 0 (lowest) to 1, for its colour
	Index  [][2]int   // of each cell, where it lies in the grid
}

// A box is what must be visible. Values that are not positive do not count on a
// logarithmic axis.
type box struct {
	xmin, xmax, ymin, ymax float64
	logX, logY             bool
}

func (b *box) include(p Point) {
	if math.IsNaN(p.X) || math.IsNaN(p.Y) || math.IsInf(p.X, 0) || math.IsInf(p.Y, 0) {
		return
	}
	if b.logX && p.X <= 0 || b.logY && p.Y <= 0 {
		return
	}
	b.xmin, b.xmax = min(b.xmin, p.X), max(b.xmax, p.X)
	b.ymin, b.ymax = min(b.ymin, p.Y), max(b.ymax, p.Y)
}

func (l Line) bounds(b *box) {
	for _, piece := range l.Pieces {
		for _, p := range piece {
			b.include(p)
		}
	}
}

func (l Path) bounds(b *box) {
	for _, p := range l.Points {
		b.include(p)
	}
}

func (l Marks) bounds(b *box) {
	for _, p := range l.Points {
		b.include(p)
	}
}

func (l Field) bounds(b *box) {
	b.include(Point{l.Xs[0], l.Ys[0]})
	b.include(Point{l.Xs[len(l.Xs)-1], l.Ys[len(l.Ys)-1]})
}

func (l Notes) bounds(b *box) {
	for _, p := range l.Points {
		b.include(p)
	}
}

func (Arrows) bounds(*box) {}
func (Shade) bounds(*box)  {}

func (l Mesh) bounds(b *box) {
	for _, c := range l.Cells {
		for _, p := range c {
			b.include(p)
		}
	}
}

// Ends returns the axes with the ends that a picture of f has.
func (f *Figure) Ends() (x, y Axis) {
	b := box{math.Inf(1), math.Inf(-1), math.Inf(1), math.Inf(-1), f.X.Log, f.Y.Log}
	for _, l := range f.Layers {
		l.bounds(&b)
	}
	return f.X.fit(b.xmin, b.xmax), f.Y.fit(b.ymin, b.ymax)
}

// fit returns a with ends: its own, or lo and hi with a margin.
func (a Axis) fit(lo, hi float64) Axis {
	if a.Min != 0 || a.Max != 0 {
		return a
	}
	switch {
	case lo > hi: // nothing to show
		lo, hi = 0, 1
		if a.Log {
			lo = 0.1
		}
	case a.Log && lo == hi:
		lo, hi = lo/10, hi*10
	case a.Log:
		m := math.Pow(hi/lo, 0.04)
		lo, hi = lo/m, hi*m
	case lo == hi:
		m := math.Max(math.Abs(lo)*0.1, 0.5)
		lo, hi = lo-m, hi+m
	default:
		m := (hi - lo) * 0.04
		lo, hi = lo-m, hi+m
	}
	a.Min, a.Max = lo, hi
	return a
}

// place returns where v lies between the ends of a, from 0 to 1.
func (a Axis) place(v float64) float64 {
	if a.Log {
		if v <= 0 {
			return math.Inf(-1)
		}
		return (math.Log(v) - math.Log(a.Min)) / (math.Log(a.Max) - math.Log(a.Min))
	}
	return (v - a.Min) / (a.Max - a.Min)
}
