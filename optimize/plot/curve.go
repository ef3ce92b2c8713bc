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
}

// Curve draws the function e of the variable x. Where it has a pole, a jump or a
// gap in its domain, the line is interrupted.
func Curve(e expr.Expr, x string, o CurveOptions) (*Figure, error) {
	var forms []expr.Expr
	for k := range o.Orders + 1 {
		wrt := slices.Repeat([]string{x}, k)
		forms = append(forms, diff.Derive(e, wrt...).Expr)
	}
	forms[0] = e
	slope := diff.D(e, x)
	prog, err := tape.Compile([]string{x}, append(forms, slope)...)
	if err != nil {
		return nil, err
	}
	m := prog.NewMachine()
	out := make([]float64, len(forms)+1)
	value := func(k int, at float64) float64 {
		m.Eval(out, []float64{at})
		return out[k]
	}
	o.interval()
	f := &Figure{Title: format.Equation("f("+x+")", e, format.Options{Style: format.StyleUnicode})}
	f.X = Axis{Label: x, Min: o.Lo, Max: o.Hi}
	if len(f.Title) > 90 {
		f.Title = "f(" + x + ")"
	}
	names := []string{"f", "f′", "f″", "f‴"}
	var heights []float64
	for k := range forms {
		pieces := sample(func(at float64) float64 { return value(k, at) }, o.Lo, o.Hi, o.Samples)
		name := "f" + superscript(k)
		if k < len(names) {
			name = names[k]
		}
		if len(forms) == 1 {
			name = ""
		}
		f.Layers = append(f.Layers, Line{Name: name, Pieces: pieces, Color: []int{0, 1, 2, 3, 4}[k%5], Dashed: k > 0})
		// Heights at equal steps: the points of the pieces crowd near poles.
		for i := range o.Samples + 1 {
			heights = append(heights, value(k, o.Lo+(o.Hi-o.Lo)*float64(i)/float64(o.Samples)))
		}
	}
	for _, at := range o.Tangent {
		y, s := value(0, at), value(len(forms), at)
		line := []Point{{o.Lo, y + s*(o.Lo-at)}, {o.Hi, y + s*(o.Hi-at)}}
		f.Layers = append(f.Layers,
			Line{Name: "tangent at " + format.Number(at, 4), Pieces: [][]Point{line}, Color: 4},
			Marks{Points: []Point{{at, y}}, Color: 4})
		heights = append(heights, y)
	}
	for _, p := range o.Paths {
		p.Points = slices.Clone(p.Points)
		for i := range p.Points {
			p.Points[i].Y = value(0, p.Points[i].X)
			heights = append(heights, p.Points[i].Y)
		}
		f.Layers = append(f.Layers, p)
	}
	for _, k := range o.Show {
		k.Points = slices.Clone(k.Points)
		for i := range k.Points {
			k.Points[i].Y = value(0, k.Points[i].X)
		}
		f.Layers = append(f.Layers, k)
	}
	f.Y = verticalRange(heights)
	return f, nil
}

// interval settles the ends.
func (o *CurveOptions) interval() {
	if o.Samples <= 0 {
		o.Samples = 400
	}
	if o.Lo < o.Hi {
		return
	}
	lo, hi := math.Inf(1), math.Inf(-1)
	see := func(ps []Point) {
		for _, p := range ps {
			if !math.IsNaN(p.X) && !math.IsInf(p.X, 0) {
				lo, hi = min(lo, p.X), max(hi, p.X)
			}
		}
	}
	for _, p := range o.Paths {
		see(p.Points)
	}
	for _, m := range o.Show {
		see(m.Points)
	}
	for _, at := range o.Tangent {
		see([]Point{{X: at}})
	}
	switch {
	case lo > hi:
		lo, hi = -5, 5
	case hi-lo < 1e-6*math.Max(1, math.Abs(lo)):
		m := math.Max(3, math.Abs(lo))
		lo, hi = lo-m, hi+m
	default:
		m := (hi - lo) * 0.25
		lo, hi = lo-m, hi+m
	}
	o.Lo, o.Hi = lo, hi
}

// verticalRange returns an axis that shows the values without letting a pole
// flatten everything else: past ten times the spread of the middle four fifths
// it cuts off.
func verticalRange(v []float64) Axis {
	v = slices.DeleteFunc(slices.Clone(v), func(y float64) bool { return math.IsNaN(y) || math.IsInf(y, 0) })
	if len(v) < 20 {
		return Axis{}
	}
	slices.Sort(v)
	lo, hi := v[0], v[len(v)-1]
	a, b := v[len(v)/10], v[len(v)-1-len(v)/10]
	reach := 10 * (b - a)
	if reach > 0 && (hi > b+reach || lo < a-reach) {
		lo, hi = max(lo, a-(b-a)), min(hi, b+(b-a))
	}
	return Axis{}.fit(lo, hi)
}

// sample returns the graph of f between lo and hi in pieces. It begins with n
// equal steps and halves those where the graph bends; where halving does not
// bring the ends together there is a pole or a jump, and the line is cut.
func sample(f func(float64) float64, lo, hi float64, n int) [][]Point {
	at := func(x float64) Point { return Point{x, f(x)} }
	coarse := make([]Point, n+1)
	for i := range coarse {
		coarse[i] = at(lo + (hi-lo)*float64(i)/float64(n))
	}
	// The height of the picture, by which steepness is judged.
	height := verticalRange(ys(coarse))
	tall := height.Max - height.Min
	if !(tall > 0) {
		tall = 1
	}
	var pieces [][]Point
	var piece []Point
	flush := func() {
		if len(piece) > 0 {
			pieces = append(pieces, piece)
		}
		piece = nil
	}
	for i, p := range coarse {
		if i == 0 {
			if defined(p) {
				piece = append(piece, p)
			}
			continue
		}
		between(f, coarse[i-1], p, tall, 14, func(q Point, joined bool) {
			if !joined {
				flush()
			}
			if defined(q) {
				piece = append(piece, q)
			}
		})
	}
	flush()
	return pieces
}

func ys(ps []Point) []float64 {
	v := make([]float64, len(ps))
	for i, p := range ps {
		v[i] = p.Y
	}
	return v
}

func defined(p Point) bool { return !math.IsNaN(p.Y) && !math.IsInf(p.Y, 0) }

// between emits the points after a up to b, with whether each is joined to the
// one before.
func between(f func(float64) float64, a, b Point, tall float64, depth int, emit func(q Point, joined bool)) {
	if !defined(a) && !defined(b) {
		emit(b, false)
		return
	}
	mid := Point{X: a.X + (b.X-a.X)/2}
	mid.Y = f(mid.X)
	straight := false
	if defined(a) && defined(b) && defined(mid) {
		straight = math.Abs(mid.Y-(a.Y+b.Y)/2) < 1e-3*tall && math.Abs(b.Y-a.Y) < 0.05*tall
	}
	if straight || depth == 0 || mid.X <= a.X || mid.X >= b.X {
		// What is still steep after all the halving is no part of the graph.
		joined := defined(a) && defined(b) && (straight || math.Abs(b.Y-a.Y) < 0.25*tall)
		emit(b, joined)
		return
	}
	between(f, a, mid, tall, depth-1, emit)
	between(f, mid, b, tall, depth-1, emit)
}
