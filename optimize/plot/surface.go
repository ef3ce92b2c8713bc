package plot

import (
	"math"

	"nabla/expr"
	"nabla/expr/tape"
)

// Surface draws the function e of two variables as a surface seen from above and
// aside, over a floor with the axes, with the Paths and Marks of o on it.
func Surface(e expr.Expr, vars [2]string, o ValleyOptions) (*Figure, error) {
	if o.Grid <= 0 {
		o.Grid = 51 // odd, so that the middle lines are on it
	}
	o.region()
	prog, err := tape.Compile(vars[:], e)
	if err != nil {
		return nil, err
	}
	field := grid2(prog, o)
	v := newView(field, o)
	f := &Figure{Title: o.title(e, vars), X: Axis{Bare: true}, Y: Axis{Bare: true}}
	f.Layers = append(f.Layers, v.floor(), v.mesh(field))
	f.Layers = append(f.Layers, v.axes(vars, o)...)
	m, out := prog.NewMachine(), make([]float64, 1)
	onSurface := func(ps []Point) []Point {
		var list []Point
		for _, p := range ps {
			m.Eval(out, []float64{p.X, p.Y})
			if q := v.at(p.X, p.Y, out[0]); q.X-q.X == 0 && q.Y-q.Y == 0 && o.X[0] <= p.X && p.X <= o.X[1] && o.Y[0] <= p.Y && p.Y <= o.Y[1] {
				list = append(list, q)
			}
		}
		return list
	}
	for _, p := range o.Paths {
		p.Points = onSurface(p.Points)
		f.Layers = append(f.Layers, p)
	}
	for _, k := range o.Show {
		shown := Marks{Name: k.Name, Shape: k.Shape, Color: k.Color}
		for i, p := range k.Points {
			q := onSurface([]Point{p})
			shown.Points = append(shown.Points, q...)
			if len(q) > 0 && k.Labels != nil {
				shown.Labels = append(shown.Labels, k.Labels[i])
			}
		}
		f.Layers = append(f.Layers, shown)
	}
	return f, nil
}

// A view is a parallel projection of space to the plane of the picture: from the
// corner with the lowest coordinates, 35 degrees up.
type view struct {
	x, y, z Axis
}

// newView returns the view that shows a field.
func newView(field Field, o ValleyOptions) view {
	lo, hi := math.Inf(1), math.Inf(-1)
	for _, row := range field.Values {
		for _, v := range row {
			if !math.IsNaN(v) {
				lo, hi = min(lo, v), max(hi, v)
			}
		}
	}
	switch {
	case lo > hi: // defined nowhere
		lo, hi = 0, 1
	case lo == hi:
		lo, hi = lo-0.5, hi+0.5
	}
	return view{Axis{Min: o.X[0], Max: o.X[1]}, Axis{Min: o.Y[0], Max: o.Y[1]}, Axis{Label: "f", Min: lo, Max: hi}}
}

// at projects a point given in the coordinates of the data.
func (v view) at(x, y, z float64) Point {
	return project(v.x.place(x)-0.5, v.y.place(y)-0.5, v.z.place(z))
}

// project projects a point of the box [-½, ½]² × [0, 1].
func project(x, y, z float64) Point {
	s, c := math.Sincos(0.75)
	u, depth := x*c-y*s, x*s+y*c
	return Point{u, depth*math.Sin(0.6) + 0.6*z*math.Cos(0.6)}
}

// floor is the edge of the ground.
func (v view) floor() Line {
	corners := []Point{project(-0.5, -0.5, 0), project(0.5, -0.5, 0), project(0.5, 0.5, 0), project(-0.5, 0.5, 0), project(-0.5, -0.5, 0)}
	return Line{Pieces: [][]Point{corners}, Color: ink, Faint: true}
}

// ink is the number of the colour of letters in every palette.
const ink = 6

// mesh is the surface, from the farthest diagonal of cells on.
func (v view) mesh(field Field) Mesh {
	mesh := Mesh{}
	n := len(field.Xs)
	for d := 2*n - 4; d >= 0; d-- {
		for i := max(0, d-n+2); i <= min(d, n-2); i++ {
			j := d - i
			h := [4]float64{field.Values[j][i], field.Values[j][i+1], field.Values[j+1][i+1], field.Values[j+1][i]}
			mean := (h[0] + h[1] + h[2] + h[3]) / 4
			if math.IsNaN(mean) {
				continue
			}
			x0, x1, y0, y1 := field.Xs[i], field.Xs[i+1], field.Ys[j], field.Ys[j+1]
			mesh.Cells = append(mesh.Cells, [4]Point{v.at(x0, y0, h[0]), v.at(x1, y0, h[1]), v.at(x1, y1, h[2]), v.at(x0, y1, h[3])})
			mesh.Height = append(mesh.Height, v.z.place(mean))
			mesh.Index = append(mesh.Index, [2]int{i, j})
		}
	}
	return mesh
}

// axes are the two front edges of the floor and the upright at their left end, with
// ticks and labels.
func (v view) axes(vars [2]string, o ValleyOptions) []Layer {
	const tick, gap, far = 0.02, 0.045, 0.13
	line, notes := Line{Color: ink, Thin: true}, Notes{}
	note := func(p Point, s string, align float64) {
		notes.Points, notes.Texts, notes.Align = append(notes.Points, p), append(notes.Texts, s), append(notes.Align, align)
	}
	stroke := func(ps ...Point) { line.Pieces = append(line.Pieces, ps) }
	stroke(project(0.5, -0.5, 0), project(-0.5, -0.5, 0), project(-0.5, 0.5, 0), project(-0.5, 0.5, 1))
	for _, t := range v.x.Ticks(4) {
		if u := v.x.place(t.Value) - 0.5; t.Label != "" {
			stroke(project(u, -0.5, 0), project(u, -0.5-tick, 0))
			note(project(u, -0.5-gap, 0), t.Label, 0)
		}
	}
	for _, t := range v.y.Ticks(4) {
		if u := v.y.place(t.Value) - 0.5; t.Label != "" {
			stroke(project(-0.5, u, 0), project(-0.5-tick, u, 0))
			note(project(-0.5-gap, u, 0), t.Label, 1)
		}
	}
	left := project(-0.5, 0.5, 0)
	for _, t := range v.z.Ticks(4) {
		if w := v.z.place(t.Value); t.Label != "" {
			p := Point{left.X, left.Y + project(0, 0, w).Y}
			stroke(p, Point{p.X - tick, p.Y})
			note(Point{p.X - gap/1.5, p.Y}, t.Label, 1)
		}
	}
	note(project(0, -0.5-far, 0), vars[0], 0)
	note(project(-0.5-far, 0, 0), vars[1], 1)
	note(Point{left.X, left.Y + project(0, 0, 1.1).Y}, v.z.title(), 0.5)
	return []Layer{line, notes}
}
