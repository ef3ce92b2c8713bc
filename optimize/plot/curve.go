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
			if x := p.Points[i].X; x >= o.Lo && x <= o.Hi {
				heights = append(heights, p.Points[i].Y)
			}
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
	if slices.ContainsFunc(f.Layers, func(l Layer) bool { m, ok := l.(Marks); return ok && m.Labels != nil }) {
		m := (f.Y.Max - f.Y.Min) * 0.06 // room for labels at the highest and lowest points
		f.Y.Min, f.Y.Max = f.Y.Min-m, f.Y.Max+m
	}
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
	coarse := make([]Point, n+1)
	for i := range coarse {
		x := lo + (hi-lo)*float64(i)/float64(n)
		coarse[i] = Point{x, f(x)}
	}
	s := sampler{f: f, frame: verticalRange(ys(coarse))}
	if !(s.frame.Max > s.frame.Min) {
		s.frame = Axis{}.fit(0, 1)
	}
	s.add(coarse[0], false)
	for i := range n {
		s.between(coarse[i], coarse[i+1], 14)
	}
	s.cut()
	return s.pieces
}

func ys(ps []Point) []float64 {
	v := make([]float64, len(ps))
	for i, p := range ps {
		v[i] = p.Y
	}
	return v
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
