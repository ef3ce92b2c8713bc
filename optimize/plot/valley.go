package plot

import (
	"math"
	"slices"

	"nabla/diff"
	"nabla/expr"
	"nabla/expr/format"
	"nabla/expr/tape"
)

// A ValleyOptions says what to show of a function of two variables.
type ValleyOptions struct {
	X, Y      [2]float64 // the region; zero means -5 to 5, or what Paths and Show need
	Levels    int        // bands; 0 means 14
	Paths     []Path
	Show      []Marks
	Arrows    bool        // the direction of steepest descent on a coarse grid
	SubjectTo []expr.Expr // conditions; where one is broken is shaded
	Grid      int         // points along each side; 0 means 160
}

// Valley draws the function e of the variables vars, two of them, as bands
// between levels. The levels lie closer together near the lowest value, in
// geometric progression, so that a narrow valley shows.
func Valley(e expr.Expr, vars [2]string, o ValleyOptions) (*Figure, error) {
	o.region()
	names := vars[:]
	prog, err := tape.Compile(names, e)
	if err != nil {
		return nil, err
	}
	field := grid2(prog, o.X, o.Y, o.Grid)
	field.Levels = levels(field.Values, o.Levels)
	f := &Figure{Title: format.Equation("f("+vars[0]+", "+vars[1]+")", e, format.Options{Style: format.StyleUnicode})}
	if len(f.Title) > 90 {
		f.Title = "f(" + vars[0] + ", " + vars[1] + ")"
	}
	f.X = Axis{Label: vars[0], Min: o.X[0], Max: o.X[1]}
	f.Y = Axis{Label: vars[1], Min: o.Y[0], Max: o.Y[1]}
	f.Layers = append(f.Layers, field)
	for _, c := range o.SubjectTo {
		s, err := broken(c, names, o)
		if err != nil {
			return nil, err
		}
		f.Layers = append(f.Layers, s)
	}
	if o.Arrows {
		a, err := descents(e, names, o)
		if err != nil {
			return nil, err
		}
		f.Layers = append(f.Layers, a)
	}
	for _, p := range o.Paths {
		f.Layers = append(f.Layers, p)
	}
	for _, m := range o.Show {
		f.Layers = append(f.Layers, m)
	}
	return f, nil
}

// region settles the ends and the sizes.
func (o *ValleyOptions) region() {
	if o.Levels <= 0 {
		o.Levels = 14
	}
	if o.Grid <= 0 {
		o.Grid = 160
	}
	var b box
	b.xmin, b.xmax, b.ymin, b.ymax = math.Inf(1), math.Inf(-1), math.Inf(1), math.Inf(-1)
	for _, p := range o.Paths {
		p.bounds(&b)
	}
	for _, m := range o.Show {
		m.bounds(&b)
	}
	settle := func(r *[2]float64, lo, hi float64) {
		if r[0] < r[1] {
			return
		}
		switch {
		case lo > hi:
			lo, hi = -5, 5
		case hi-lo < 1e-6*math.Max(1, math.Abs(lo)):
			lo, hi = lo-2, hi+2
		default:
			m := (hi - lo) * 0.3
			lo, hi = lo-m, hi+m
		}
		*r = [2]float64{lo, hi}
	}
	settle(&o.X, b.xmin, b.xmax)
	settle(&o.Y, b.ymin, b.ymax)
}

// grid2 evaluates a program of two variables on a grid.
func grid2(prog *tape.Prog, x, y [2]float64, n int) Field {
	f := Field{Xs: steps(x, n), Ys: steps(y, n), Values: make([][]float64, n)}
	m := prog.NewMachine()
	out := make([]float64, 1)
	for j, v := range f.Ys {
		f.Values[j] = make([]float64, n)
		for i, u := range f.Xs {
			m.Eval(out, []float64{u, v})
			f.Values[j][i] = out[0]
			if math.IsInf(out[0], 0) {
				f.Values[j][i] = math.NaN()
			}
		}
	}
	return f
}

func steps(r [2]float64, n int) []float64 {
	out := make([]float64, n)
	for i := range out {
		out[i] = r[0] + (r[1]-r[0])*float64(i)/float64(n-1)
	}
	return out
}

// levels returns n levels between the lowest and the highest of the values. When
// most values are near the lowest, compared with the highest, the distances from
// the lowest grow in geometric progression; when the lower half has more than half of
// the ground they grow as squares; otherwise the levels are equally far apart.
func levels(values [][]float64, n int) []float64 {
	var v []float64
	for _, row := range values {
		for _, y := range row {
			if !math.IsNaN(y) {
				v = append(v, y)
			}
		}
	}
	if len(v) == 0 {
		return nil
	}
	slices.Sort(v)
	lo, hi := v[0], v[len(v)-1]
	if lo == hi {
		return nil
	}
	near, median := v[len(v)/100]-lo, v[len(v)/2]-lo
	out := make([]float64, n)
	if median < (hi-lo)/5 && near > 0 {
		for i := range out {
			out[i] = lo + near*math.Pow((hi-lo)/near, float64(i)/float64(n))
		}
		return out
	}
	for i := range out {
		u := float64(i+1) / float64(n+1)
		if median < 0.45*(hi-lo) {
			u *= u // the levels of a paraboloid, equally far apart on the ground
		}
		out[i] = lo + (hi-lo)*u
	}
	return out
}

// broken returns the part of the region in which the condition c does not hold.
func broken(c expr.Expr, vars []string, o ValleyOptions) (Shade, error) {
	p := expr.NewPool()
	prog, err := tape.Compile(vars, p.Make(expr.If, p.Import(c), p.Int(1), p.Int(0)))
	if err != nil {
		return Shade{}, err
	}
	n := 2 * o.Grid
	s := Shade{Name: "not " + format.Unicode(c), Xs: steps(o.X, n+1), Ys: steps(o.Y, n+1), Inside: make([][]bool, n)}
	m := prog.NewMachine()
	out := make([]float64, 1)
	for j := range n {
		s.Inside[j] = make([]bool, n)
		for i := range n {
			m.Eval(out, []float64{(s.Xs[i] + s.Xs[i+1]) / 2, (s.Ys[j] + s.Ys[j+1]) / 2})
			s.Inside[j][i] = out[0] != 1
		}
	}
	return s, nil
}

// descents returns arrows along minus the gradient, of one length.
func descents(e expr.Expr, vars []string, o ValleyOptions) (Arrows, error) {
	prog, err := tape.Compile(vars, diff.Gradient(e, vars)...)
	if err != nil {
		return Arrows{}, err
	}
	const n = 15
	a := Arrows{Color: 6}
	m, g := prog.NewMachine(), make([]float64, 2)
	w, h := (o.X[1]-o.X[0])/n, (o.Y[1]-o.Y[0])/n
	for j := range n {
		for i := range n {
			p := Point{o.X[0] + (float64(i)+0.5)*w, o.Y[0] + (float64(j)+0.5)*h}
			m.Eval(g, []float64{p.X, p.Y})
			// In units of the picture, so that all arrows look as long.
			u, v := -g[0]/w, -g[1]/h
			size := math.Hypot(u, v)
			if !(size > 0) || math.IsInf(size, 0) {
				continue
			}
			a.From = append(a.From, Point{p.X - 0.3*w*u/size, p.Y - 0.3*h*v/size})
			a.To = append(a.To, Point{p.X + 0.3*w*u/size, p.Y + 0.3*h*v/size})
		}
	}
	return a, nil
}

// Surface draws the function e of two variables as a surface seen from above and
// aside.
func Surface(e expr.Expr, vars [2]string, o ValleyOptions) (*Figure, error) {
	if o.Grid <= 0 {
		o.Grid = 50
	}
	o.region()
	prog, err := tape.Compile(vars[:], e)
	if err != nil {
		return nil, err
	}
	field := grid2(prog, o.X, o.Y, o.Grid)
	lo, hi := math.Inf(1), math.Inf(-1)
	for _, row := range field.Values {
		for _, v := range row {
			if !math.IsNaN(v) {
				lo, hi = min(lo, v), max(hi, v)
			}
		}
	}
	if !(hi > lo) {
		hi = lo + 1
	}
	// Seen from the corner, 35 degrees up; parallel projection.
	project := func(i, j int, v float64) Point {
		x, y := float64(i)/float64(o.Grid-1)-0.5, float64(j)/float64(o.Grid-1)-0.5
		s, c := math.Sincos(0.75)
		u, depth := x*c-y*s, x*s+y*c
		z := (v - lo) / (hi - lo)
		return Point{u, depth*math.Sin(0.6) + 0.6*z*math.Cos(0.6)}
	}
	mesh := Mesh{}
	for d := 2*o.Grid - 4; d >= 0; d-- { // from the farthest diagonal on
		for i := max(0, d-o.Grid+2); i <= min(d, o.Grid-2); i++ {
			j := d - i
			v := [4]float64{field.Values[j][i], field.Values[j][i+1], field.Values[j+1][i+1], field.Values[j+1][i]}
			mean := (v[0] + v[1] + v[2] + v[3]) / 4
			if math.IsNaN(mean) {
				continue
			}
			mesh.Cells = append(mesh.Cells, [4]Point{project(i, j, v[0]), project(i+1, j, v[1]), project(i+1, j+1, v[2]), project(i, j+1, v[3])})
			mesh.Height = append(mesh.Height, (mean-lo)/(hi-lo))
		}
	}
	label := func(x string, r [2]float64) string {
		return x + " from " + format.Number(r[0], 4) + " to " + format.Number(r[1], 4)
	}
	return &Figure{
		Title:  format.Equation("f("+vars[0]+", "+vars[1]+")", e, format.Options{Style: format.StyleUnicode}),
		X:      Axis{Label: label(vars[0], o.X) + " (to the right), " + label(vars[1], o.Y) + " (to the back)", Bare: true},
		Y:      Axis{Label: "f from " + format.Number(lo, 4) + " to " + format.Number(hi, 4), Bare: true},
		Layers: []Layer{mesh},
	}, nil
}
