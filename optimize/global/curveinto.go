package global

import (
	"math"
	"slices"

	"nabla/diff"
	"nabla/expr"
	"nabla/expr/interval"
	"nabla/expr/tape"
	"nabla/optimize/global/internal/model"
)

// curvesInto reports whether a curve leads from the point x, which is in the box at and satisfies the closed conditions, into the region, on
// which the equations hold and to whose start f is continuous. By the implicit function theorem the equations are solved near x for
// as many variables, which no end holds, as there are; the others move away from the ends that hold them.
func (s *session) curvesInto(x []expr.Expr, at []interval.I) bool {
	n := s.m.N
	if len(x) != n || !allValid(x) {
		return false
	}
	wide, near, d := make([]interval.I, n), make([]interval.I, n), make([]interval.I, n)
	var free []int // no end holds them
	for i, v := range at {
		r := 1e-9 * math.Max(1, v.Mag())
		wide[i] = interval.New(v.Lo-r, v.Hi+r)
		near[i], d[i] = wide[i], interval.Point(0)
		switch in := s.m.Inner[i]; {
		case !(in.Lo < in.Hi):
			near[i] = s.m.Outer[i]
		case !(wide[i].Lo > in.Lo):
			near[i].Lo, d[i] = s.m.Outer[i].Lo, interval.Point(1)
		case !(wide[i].Hi < in.Hi):
			near[i].Hi, d[i] = s.m.Outer[i].Hi, interval.Point(-1)
		default:
			free = append(free, i)
		}
		if near[i].IsEmpty() {
			return false
		}
	}
	p := s.m.Prober()
	p.MV.Interval(p.VOut, p.VDec, near)
	if p.VDec[0] != interval.Continuous {
		return false
	}
	var equations, held []model.Constraint
	for k, c := range s.m.Cons {
		switch {
		case c.Equal:
			equations = append(equations, c)
		case p.VDec[k+1] != interval.Continuous:
			return false
		case !(p.VOut[k+1].Hi < 0):
			held = append(held, c)
		}
	}
	if len(equations) == 0 || len(equations) > len(free) {
		return false
	}
	slopes, ok := s.slopesOn(wide, slices.Concat(equations, held))
	if !ok {
		return false
	}
	const most = 243
	codes := 1
	for range free {
		codes = min(3*codes, most)
	}
	for code := range codes {
		e := slices.Clone(d)
		for _, i := range free {
			e[i] = interval.Point([3]float64{0, 1, -1}[code%3])
			code /= 3
		}
		if solveTangent(slopes[:len(equations)], free, e) &&
			!slices.ContainsFunc(slopes[len(equations):], func(g []interval.I) bool { return !(dot(g, e).Hi < 0) }) {
			return true
		}
	}
	return false
}

// slopesOn encloses the gradients of the conditions on the box; false where they are not continuous on it.
func (s *session) slopesOn(box []interval.I, list []model.Constraint) (rows [][]interval.I, ok bool) {
	var outs []expr.Expr
	for _, c := range list {
		outs = append(append(outs, c.G), diff.Gradient(c.G, s.m.Vars)...)
	}
	v, dec, ok := tape.EncloseOn(s.m.Vars, box, outs...)
	if !ok || !interval.AllContinuous(dec) {
		return nil, false
	}
	for row := range slices.Chunk(v, len(box)+1) {
		rows = append(rows, row[1:])
	}
	return rows, true
}

// solveTangent changes some of the free coordinates of d so that it is tangent to the equations with the gradients in rows, by Gaussian elimination
// with intervals; false where the gradients are not proved to be independent in the free variables.
func solveTangent(rows [][]interval.I, free []int, d []interval.I) bool {
	m := len(rows)
	a := make([][]interval.I, m) // of the free variables, and the right-hand side
	for k, g := range rows {
		for _, i := range free {
			a[k] = append(a[k], g[i])
		}
		a[k] = append(a[k], dot(g, d).Neg())
	}
	pivots := make([]int, m)
	for k := range m {
		row, column := k, -1
		best := 0.0
		for i := k; i < m; i++ {
			for j := range free {
				if size := a[i][j].Mig(); size > best && !slices.Contains(pivots[:k], j) {
					row, column, best = i, j, size
				}
			}
		}
		if column < 0 {
			return false
		}
		a[k], a[row] = a[row], a[k]
		pivots[k] = column
		for i := range m {
			if i == k {
				continue
			}
			t := a[i][column].Div(a[k][column])
			for j := range a[i] {
				a[i][j] = a[i][j].Sub(t.Mul(a[k][j]))
			}
			a[i][column] = interval.Point(0)
		}
	}
	for k, column := range pivots {
		i := free[column]
		d[i] = d[i].Add(a[k][len(free)].Div(a[k][column]))
	}
	return true
}

func dot(a, b []interval.I) interval.I {
	sum := interval.Point(0)
	for i := range a {
		sum = sum.Add(a[i].Mul(b[i]))
	}
	return sum
}
