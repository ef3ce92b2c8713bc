package verify

import (
	"math"
	"slices"

	"nabla/diff"
	"nabla/expr"
	"nabla/expr/interval"
	"nabla/expr/tape"
)

// steps are how far into the region points are tried.
var steps = [...]float64{0, 1e-14, 1e-12, 1e-11, 1e-10, 1e-9, 1e-8}

// feasibleNear returns a small box near x in which a point is proved to satisfy the
// constraints and bounds; nil if there is no proof. The equations are solved by an
// interval Newton method in as many variables, the others held; the inequalities
// must hold on all of the box.
func (v *verifier) feasibleNear(x []interval.I) []interval.I {
	n := len(x)
	var outs []expr.Expr
	for _, c := range v.cons {
		outs = append(outs, c.g)
	}
	for _, c := range v.cons {
		outs = append(outs, diff.Gradient(c.g, v.c.Variables)...)
	}
	prog, err := tape.Compile(v.c.Variables, outs...)
	if err != nil {
		return nil
	}
	m := prog.NewMachine()
	at := make([]float64, n)
	for i := range x {
		at[i] = x[i].Mid()
	}
	value := make([]float64, len(outs))
	m.Eval(value, at)
	inward := v.inward(value, at)
	for _, step := range steps {
		y := slices.Clone(at)
		for i := range y {
			y[i] = nearest(y[i]+step*inward[i], interval.I{Lo: v.lower[i], Hi: v.upper[i]})
		}
		box := v.solve(m, len(outs), y)
		if box != nil && v.holdsOn(box) {
			return box
		}
	}
	return nil
}

// inward is a direction in which the inequalities that nearly hold with equality
// fall and the equations do not change, to first order: the shortest d with
// J d = b, by the normal equations J Jᵀ z = b, d = Jᵀ z.
func (v *verifier) inward(value, at []float64) []float64 {
	n, k := len(at), len(v.cons)
	var rows [][]float64
	var b []float64
	for i, c := range v.cons {
		row := value[k+i*n : k+(i+1)*n]
		size := 0.0
		for _, g := range row {
			size = math.Max(size, math.Abs(g))
		}
		if !c.equal && value[i] < -1e-6*math.Max(1, size) || size == 0 {
			continue
		}
		rows = append(rows, row)
		if c.equal {
			b = append(b, 0)
		} else {
			b = append(b, -size)
		}
	}
	a := make([][]float64, len(rows))
	for i := range a {
		a[i] = make([]float64, len(rows))
		for j := range a {
			for l := range n {
				a[i][j] += rows[i][l] * rows[j][l]
			}
		}
		a[i][i] *= 1 + 1e-12
	}
	d := make([]float64, n)
	inv := inverse(a)
	if inv == nil {
		return d
	}
	for i := range rows {
		z := 0.0
		for j := range rows {
			z += inv[i][j] * b[j]
		}
		for l := range n {
			d[l] += z * rows[i][l]
		}
	}
	return d
}

// inverse inverts a square matrix by elimination with pivots, nil if it is singular.
func inverse(a [][]float64) [][]float64 {
	n := len(a)
	w := make([][]float64, n)
	for i := range w {
		w[i] = make([]float64, 2*n)
		copy(w[i], a[i])
		w[i][n+i] = 1
	}
	for k := range n {
		p := k
		for i := k + 1; i < n; i++ {
			if math.Abs(w[i][k]) > math.Abs(w[p][k]) {
				p = i
			}
		}
		w[k], w[p] = w[p], w[k]
		d := w[k][k]
		if !(math.Abs(d) > 1e-300) || math.IsInf(d, 0) {
			return nil
		}
		for j := range w[k] {
			w[k][j] /= d
		}
		for i := range w {
			if t := w[i][k]; i != k && t != 0 {
				for j := range w[i] {
					w[i][j] -= t * w[k][j]
				}
			}
		}
	}
	for i := range w {
		w[i] = w[i][n:]
	}
	return w
}

// solve returns a box round y that is proved to hold a solution of the equations
// (Moore, Kearfott and Cloud, Introduction to Interval Analysis, 2009, section 8.1),
// the point y itself where there are none.
func (v *verifier) solve(m *tape.Machine, outs int, y []float64) []interval.I {
	n, k := len(y), len(v.cons)
	point := make([]interval.I, n)
	for i := range y {
		point[i] = interval.Point(y[i])
	}
	var eq []int
	out, dec := make([]interval.I, outs), make([]interval.Dec, outs)
	m.Interval(out, dec, point)
	for i, c := range v.cons {
		// An equation on variables that the bounds fix holds, or does not.
		if c.equal && !(v.fixed(c.g) && dec[i] >= interval.Defined && out[i] == interval.Point(0)) {
			eq = append(eq, i)
		}
	}
	if len(eq) == 0 {
		return point
	}
	value := make([]float64, outs)
	m.Eval(value, y)
	chosen := v.pivots(value, eq, y)
	if chosen == nil {
		return nil
	}
	q := len(eq)
	sub := make([][]float64, q)
	for a, i := range eq {
		sub[a] = make([]float64, q)
		for b, j := range chosen {
			sub[a][b] = value[k+i*n+j]
		}
	}
	inv := inverse(sub)
	if inv == nil {
		return nil
	}
	move := make([]interval.I, q)
	size := 0.0
	for a := range q {
		for b, i := range eq {
			move[a] = move[a].Add(interval.Point(inv[a][b]).Mul(out[i]))
		}
		size = math.Max(size, move[a].Mag())
	}
	for _, factor := range [...]float64{3, 50, 2000} {
		box := slices.Clone(point)
		for _, j := range chosen {
			r := math.Max(factor*size, 2e-15*math.Max(1e-3, math.Abs(y[j])))
			box[j] = interval.New(y[j]-r, y[j]+r)
		}
		m.Interval(out, dec, box)
		ok := !slices.ContainsFunc(dec, func(d interval.Dec) bool { return d != interval.Continuous })
		image := slices.Clone(point)
		for a, j := range chosen {
			w := interval.Point(y[j]).Sub(move[a])
			for b, l := range chosen {
				e := interval.Point(0)
				if a == b {
					e = interval.Point(1)
				}
				for c, i := range eq {
					e = e.Sub(interval.Point(inv[a][c]).Mul(out[k+i*n+l]))
				}
				w = w.Add(e.Mul(box[l].Sub(interval.Point(y[l]))))
			}
			ok = ok && w.Interior(box[j])
			image[j] = w
		}
		if ok {
			return image
		}
	}
	return nil
}

// fixed reports whether the bounds leave one value to each variable of g.
func (v *verifier) fixed(g expr.Expr) bool {
	for _, x := range g.Vars() {
		if i := slices.Index(v.c.Variables, x); v.lower[i] != v.upper[i] {
			return false
		}
	}
	return true
}

// pivots chooses as many variables as there are equations, by elimination with full
// pivots, among those that are not on a bound.
func (v *verifier) pivots(value []float64, eq []int, y []float64) []int {
	n, k := len(y), len(v.cons)
	w := make([][]float64, len(eq))
	for a, i := range eq {
		w[a] = slices.Clone(value[k+i*n : k+(i+1)*n])
	}
	var chosen []int
	for a := range w {
		row, col, most := -1, -1, 1e-10
		for b := a; b < len(w); b++ {
			for j := range n {
				if y[j] > v.lower[j] && y[j] < v.upper[j] && !slices.Contains(chosen, j) && math.Abs(w[b][j]) > most {
					row, col, most = b, j, math.Abs(w[b][j])
				}
			}
		}
		if row < 0 {
			return nil
		}
		w[a], w[row] = w[row], w[a]
		chosen = append(chosen, col)
		for b := a + 1; b < len(w); b++ {
			t := w[b][col] / w[a][col]
			for j := range n {
				w[b][j] -= t * w[a][j]
			}
		}
	}
	return chosen
}

// holdsOn reports whether the inequalities and bounds hold on all of the box.
func (v *verifier) holdsOn(box []interval.I) bool {
	if !v.between(box) {
		return false
	}
	for k, truth := range v.truths(box) {
		if !v.cons[k].equal && truth < 1 { // solve has shown that the equations are defined
			return false
		}
	}
	return true
}
