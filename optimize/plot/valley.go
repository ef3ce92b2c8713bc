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
	// Within holds the bounds of both variables; both zero means none. What lies outside
	// is shaded, and the function is not asked for there.
	Within [2][2]float64
	Grid   int    // points along each side; 0 means 160
	Title  string // "" means "f(x, y) = " and the formula
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
	field := grid2(prog, o)
	field.Levels = levels(field.Values, o.Levels)
	f := &Figure{Title: o.title(e, vars)}
	f.X = Axis{Label: vars[0], Min: o.X[0], Max: o.X[1]}
	f.Y = Axis{Label: vars[1], Min: o.Y[0], Max: o.Y[1]}
	f.Layers = append(f.Layers, field)
	if len(o.SubjectTo) > 0 || o.bounded() {
		s, err := forbidden(names, o)
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

func (o *ValleyOptions) title(e expr.Expr, vars [2]string) string {
	if o.Title != "" {
		return o.Title
	}
	return equation("f("+vars[0]+", "+vars[1]+")", e)
}

// bounded reports whether there are bounds.
func (o *ValleyOptions) bounded() bool { return o.Within != [2][2]float64{} }

// within reports whether a point lies inside the bounds.
func (o *ValleyOptions) within(x, y float64) bool {
	w := o.Within
	return !o.bounded() || w[0][0] <= x && x <= w[0][1] && w[1][0] <= y && y <= w[1][1]
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

// grid2 evaluates a program of two variables on the grid of o.
func grid2(prog *tape.Prog, o ValleyOptions) Field {
	n := o.Grid
	f := Field{Xs: steps(o.X, n), Ys: steps(o.Y, n), Values: make([][]float64, n)}
	m := prog.NewMachine()
	out := make([]float64, 1)
	for j, v := range f.Ys {
		f.Values[j] = make([]float64, n)
		for i, u := range f.Xs {
			out[0] = math.NaN()
			if o.within(u, v) {
				m.Eval(out, []float64{u, v})
			}
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

// forbidden returns the part of the region in which a condition does not hold, or that
// lies outside the bounds.
func forbidden(vars []string, o ValleyOptions) (Shade, error) {
	p := expr.NewPool()
	all := make([]expr.Expr, len(o.SubjectTo))
	for i, c := range o.SubjectTo {
		all[i] = p.Make(expr.If, p.Import(c), p.Int(1), p.Int(0))
	}
	prog, err := tape.Compile(vars, append(all, p.Int(1))...)
	if err != nil {
		return Shade{}, err
	}
	name := "outside the bounds"
	switch {
	case len(all) > 0 && o.bounded():
		name = "not allowed"
	case len(all) == 1:
		name = "not " + format.Unicode(o.SubjectTo[0])
	case len(all) > 1:
		name = "where a constraint fails"
	}
	n := 2 * o.Grid
	s := Shade{Name: name, Xs: steps(o.X, n+1), Ys: steps(o.Y, n+1), Inside: make([][]bool, n)}
	m := prog.NewMachine()
	out := make([]float64, len(all)+1)
	for j := range n {
		s.Inside[j] = make([]bool, n)
		for i := range n {
			x, y := (s.Xs[i]+s.Xs[i+1])/2, (s.Ys[j]+s.Ys[j+1])/2
			m.Eval(out, []float64{x, y})
			s.Inside[j][i] = slices.Min(out) != 1 || !o.within(x, y)
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
			if !o.within(p.X, p.Y) {
				continue
			}
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
