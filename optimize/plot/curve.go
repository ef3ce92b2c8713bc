package plot

import (
	"math"
	"slices"

	"nabla/diff"
	"nabla/expr"
	"nabla/expr/format"
	"nabla/expr/tape"
)

// A CurveOptions says what to show of a function of one variable. The zero
// value shows the function alone, over an interval that suits it.
type CurveOptions struct {
	Lo, Hi  float64   // the interval; both zero means -5 to 5, or what Show and Paths need
	Orders  int       // derivatives to show besides the function: 1 for f', 2 for f' and f''
	Tangent []float64 // where to draw tangents
	Paths   []Path    // descents: their Y is ignored and taken from the function
	Show    []Marks   // points to mark: likewise
	Samples int       // points to begin with; 0 means 400
	Title   string    // "" means "f(x) = " and the formula
}

// Curve draws the function e of the variable x. Where it has a pole, a jump or a
// gap in its domain, the line is interrupted; derivatives are drawn where the function
// is defined.
func Curve(e expr.Expr, x string, o CurveOptions) (*Figure, error) {
	c, err := newCurve(e, x, &o)
	if err != nil {
		return nil, err
	}
	f := &Figure{Title: o.Title, X: Axis{Label: x, Min: o.Lo, Max: o.Hi}}
	if f.Title == "" {
		f.Title = equation("f("+x+")", e)
	}
	if o.Orders == 0 {
		f.Y.Label = "f(" + x + ")"
	}
	f.Layers = c.lines(o)
	y := c.vertical(o)
	for i, at := range o.Tangent {
		v, s := c.value(0, at), c.value(len(c.out)-1, at)
		line := []Point{{o.Lo, v + s*(o.Lo-at)}, {o.Hi, v + s*(o.Hi-at)}}
		f.Layers = append(f.Layers,
			Line{Name: "tangent at " + x + " = " + Number(at), Pieces: [][]Point{line}, Color: 4 + i},
			Marks{Points: []Point{{at, v}}, Color: 4 + i})
		y.include(v)
	}
	for _, p := range o.Paths {
		p.Points = c.onCurve(p.Points)
		for _, q := range p.Points {
			if o.Lo <= q.X && q.X <= o.Hi {
				y.include(q.Y)
			}
		}
		f.Layers = append(f.Layers, p)
	}
	labels := false
	for _, k := range o.Show {
		k.Points = c.onCurve(k.Points)
		for _, q := range k.Points {
			y.include(q.Y)
		}
		labels = labels || k.Labels != nil
		f.Layers = append(f.Layers, k)
	}
	if !y.empty {
		f.Y = Axis{Label: f.Y.Label}.fit(y.low, y.high)
	}
	if labels {
		m := (f.Y.Max - f.Y.Min) * 0.06 // room for labels at the highest and lowest points
		f.Y.Min, f.Y.Max = f.Y.Min-m, f.Y.Max+m
	}
	return f, nil
}

// A curve is the compiled function with its derivatives, and last its slope.
type curve struct {
	m   *tape.Machine
	at  []float64
	out []float64
}

// newCurve compiles what o asks for and settles its ends.
func newCurve(e expr.Expr, x string, o *CurveOptions) (*curve, error) {
	forms := []expr.Expr{e}
	for k := 1; k <= o.Orders; k++ {
		forms = append(forms, diff.Derive(e, slices.Repeat([]string{x}, k)...).Expr)
	}
	prog, err := tape.Compile([]string{x}, append(forms, diff.D(e, x))...)
	if err != nil {
		return nil, err
	}
	c := &curve{prog.NewMachine(), make([]float64, 1), make([]float64, len(forms)+1)}
	o.settle(func(at float64) float64 { return c.value(0, at) })
	return c, nil
}

// value returns derivative k at a point, NaN where the function itself is undefined.
func (c *curve) value(k int, at float64) float64 {
	c.at[0] = at
	c.m.Eval(c.out, c.at)
	if c.out[0] != c.out[0] {
		return math.NaN()
	}
	return c.out[k]
}

// onCurve returns the points with the heights of the function.
func (c *curve) onCurve(ps []Point) []Point {
	ps = slices.Clone(ps)
	for i := range ps {
		ps[i].Y = c.value(0, ps[i].X)
	}
	return ps
}

// lines returns the graphs of the function and its derivatives.
func (c *curve) lines(o CurveOptions) []Layer {
	var list []Layer
	names := []string{"f", "f′", "f″", "f‴"}
	for k := range o.Orders + 1 {
		name := "f" + superscript(k)
		if k < len(names) {
			name = names[k]
		}
		if o.Orders == 0 {
			name = ""
		}
		pieces := sample(func(at float64) float64 { return c.value(k, at) }, o.Lo, o.Hi, o.Samples)
		list = append(list, Line{Name: name, Pieces: pieces, Color: k % 5, Dashed: k > 0})
	}
	return list
}

// vertical returns the heights to show. They are those of the function; of a derivative
// they are shown too, unless that would make the function flat, and of one with a pole
// only the part beside the function.
func (c *curve) vertical(o CurveOptions) extent {
	y := extentOf(func(at float64) float64 { return c.value(0, at) }, o.Lo, o.Hi, o.Samples)
	own := y
	for k := 1; k <= o.Orders; k++ {
		d := extentOf(func(at float64) float64 { return c.value(k, at) }, o.Lo, o.Hi, o.Samples)
		if d.empty {
			continue
		}
		if size := own.high - own.low; !own.empty && size > 0 {
			far := 3 * size
			if d.inner {
				far = 10 * size
			}
			if d.low > own.high+far || d.high < own.low-far {
				continue // all of it is farther off
			}
			if d.cut { // some of it, wherever it begins
				d.low, d.high = math.Max(d.low, math.Min(own.low, d.high)-size/2), math.Min(d.high, math.Max(own.high, d.low)+size/2)
			}
			d.low, d.high = math.Max(d.low, own.low-far), math.Min(d.high, own.high+far)
		}
		y.include(d.low)
		y.include(d.high)
	}
	return y
}

func (e *extent) include(v float64) {
	switch {
	case v-v != 0:
	case e.empty:
		*e = extent{low: v, high: v}
	default:
		e.low, e.high = math.Min(e.low, v), math.Max(e.high, v)
	}
}

// equation is the title of a picture of e.
func equation(left string, e expr.Expr) string {
	s := format.Equation(left, e, format.Options{Style: format.StyleUnicode})
	if len(s) > 90 {
		return left
	}
	return s
}

// settle settles the ends and the number of samples.
func (o *CurveOptions) settle(f func(float64) float64) {
	if o.Samples <= 0 {
		o.Samples = 400
	}
	if o.Lo < o.Hi {
		return
	}
	points := slices.Clone(o.Tangent)
	for _, p := range o.Paths {
		for _, q := range p.Points {
			points = append(points, q.X)
		}
	}
	for _, m := range o.Show {
		for _, q := range m.Points {
			points = append(points, q.X)
		}
	}
	o.Lo, o.Hi = interval(f, points, math.Inf(-1), math.Inf(1))
}

// sample returns the graph of f between lo and hi in pieces. It begins with n
// equal steps and halves those where the graph bends; where halving does not
// bring the ends together there is a pole or a jump, and the line is cut.
func sample(f func(float64) float64, lo, hi float64, n int) [][]Point {
	coarse := make([]Point, n+1)
	for i := range coarse {
		x := lo + (hi-lo)*float64(i)/float64(n)
		coarse[i] = Point{x, f(x)}
	}
	s := sampler{f: f, frame: Axis{}.fit(0, 1)}
	if e := extentOf(f, lo, hi, n); !e.empty {
		s.frame = Axis{}.fit(e.low, e.high)
	}
	s.add(coarse[0], false)
	for i := range n {
		s.between(coarse[i], coarse[i+1], 14)
	}
	s.cut()
	return s.pieces
}

func defined(p Point) bool { return !math.IsNaN(p.Y) && !math.IsInf(p.Y, 0) }

// A sampler collects the pieces of a graph.
type sampler struct {
	f      func(float64) float64
	frame  Axis // the height of the picture, by which steepness is judged
	pieces [][]Point
	piece  []Point
}

func (s *sampler) cut() {
	if len(s.piece) > 0 {
		s.pieces = append(s.pieces, s.piece)
	}
	s.piece = nil
}

func (s *sampler) add(p Point, joined bool) {
	if !joined {
		s.cut()
	}
	if defined(p) {
		s.piece = append(s.piece, p)
	}
}

// far returns on which side of the picture, and well outside it, p is.
func (s *sampler) far(p Point) int {
	tall := s.frame.Max - s.frame.Min
	switch {
	case p.Y > s.frame.Max+tall:
		return 1
	case p.Y < s.frame.Min-tall:
		return -1
	}
	return 0
}

// between adds the points after a up to b.
func (s *sampler) between(a, b Point, depth int) {
	if !defined(a) && !defined(b) {
		s.add(b, false)
		return
	}
	tall := s.frame.Max - s.frame.Min
	mid := Point{X: a.X + (b.X-a.X)/2}
	mid.Y = s.f(mid.X)
	whole := defined(a) && defined(b) && defined(mid)
	straight := whole && math.Abs(mid.Y-(a.Y+b.Y)/2) < 1e-3*tall && math.Abs(b.Y-a.Y) < 0.05*tall
	outside := whole && s.far(a) != 0 && s.far(a) == s.far(b) && s.far(a) == s.far(mid)
	switch {
	case straight || outside:
		s.add(b, true)
	case depth == 0 || mid.X <= a.X || mid.X >= b.X:
		// Of a steep but continuous rise each half has its share; at a jump one
		// half has all of it, and at a pole the middle lies beyond both ends.
		u, v := mid.Y-a.Y, b.Y-mid.Y
		s.add(b, whole && u*v > 0 && min(math.Abs(u), math.Abs(v)) > 0.01*math.Abs(u+v))
	default:
		s.between(a, mid, depth-1)
		s.between(mid, b, depth-1)
	}
}
