package branch

import (
	"math"

	"gonum.org/v1/gonum/mat"

	"nabla/expr/interval"
	"nabla/optimize/global/internal/model"
)

// This file drops boxes in which no point satisfies the conditions of Fritz John (1948): at a
// minimiser of f under inequalities g ≤ 0 and equations h = 0 there are numbers u ≥ 0 and v, not
// all of them 0, with
//
//	u_0 ∂f/∂x_i + Σ u_a ∂g_a/∂x_i + Σ v_j ∂h_j/∂x_i = 0
//
// for the variables that no bound holds, ≥ 0 for those at their lower and ≤ 0 for those at their
// upper bound, the inequalities with u_a ≠ 0 holding with equality. That asks for no constraint
// qualification. Where the gradients of the equations are independent all over the box, they give
// v (Hansen and Walster 2004, chapters 13 and 15); what is left in the other variables is a
// combination of few vectors, and a direction in which all of these lead up shows that there is
// none.

// A fritzJohn is the memory for the conditions. It belongs to one goroutine.
type fritzJohn struct {
	out  []interval.I // the gradients of the constraints
	dec  []interval.Dec
	cols [][]interval.I // the gradients of f and of inequalities that may hold with equality
	eqs  [][]interval.I // those of the equations
	rows []int          // variables that two bounds do not touch
	sign []float64      // of the sum in such a variable that a bound may hold, 0 for free ones
}

// noFritzJohn reports whether no point of the bounded box x can be a minimiser, f and its gradient
// g being continuous on wide.
func (s *Search) noFritzJohn(x, g []interval.I) bool {
	if s.Model.Jacobian == nil {
		return false
	}
	if s.fj == nil {
		k := s.Model.Jacobian.NumOut()
		s.fj = &fritzJohn{out: make([]interval.I, k), dec: make([]interval.Dec, k)}
		s.mj = s.Model.Jacobian.NewMachine()
	}
	c := s.fj
	s.MV.Interval(s.VOut, s.VDec, s.wide)
	s.mj.Interval(c.out, c.dec, s.wide)
	c.cols, c.eqs = append(c.cols[:0], g), c.eqs[:0]
	for k, con := range s.Cons {
		v := s.VOut[k+1]
		switch {
		case s.VDec[k+1] < interval.Continuous || v.IsEmpty():
			return false
		case !con.Equal && v.Hi < 0:
			continue
		}
		slope := c.out[k*s.N : (k+1)*s.N]
		for i, d := range c.dec[k*s.N : (k+1)*s.N] {
			if d < interval.Continuous || !slope[i].IsBounded() || slope[i].IsEmpty() {
				return false
			}
		}
		if con.Equal {
			c.eqs = append(c.eqs, slope)
		} else {
			c.cols = append(c.cols, slope)
		}
	}
	c.rows, c.sign = c.rows[:0], c.sign[:0]
	for i := range x {
		if !g[i].IsBounded() {
			return false
		}
		lo, hi := x[i].Lo <= s.Inner[i].Lo, x[i].Hi >= s.Inner[i].Hi
		if lo && hi {
			continue
		}
		sign := 0.0
		if lo {
			sign = 1
		} else if hi {
			sign = -1
		}
		c.rows, c.sign = append(c.rows, i), append(c.sign, sign)
	}
	sums, sign := c.reduced()
	return sums != nil && opposed(sums, sign)
}

// reduced returns what each column is in the variables that are left when the equations have
// given v, and the signs of these; nil where the gradients of the equations may depend on each
// other.
func (c *fritzJohn) reduced() (sums [][]interval.I, sign []float64) {
	q := len(c.eqs)
	pivots, inv := c.pivots()
	if q > 0 && inv == nil {
		return nil, nil
	}
	// inv E = 1 + Δ on the pivots, the rows of Δ being no longer than δ.
	delta := 0.0
	for a := range q {
		sum := interval.Point(0)
		for b := range q {
			e := interval.Point(0)
			if a == b {
				e = interval.Point(-1)
			}
			for r := range q {
				e = e.Add(interval.Point(inv.At(a, r)).Mul(c.eqs[b][c.rows[pivots[r]]]))
			}
			sum = sum.Add(interval.Point(e.Mag()))
		}
		delta = math.Max(delta, sum.Hi)
	}
	if !(delta < 0.9) {
		return nil, nil
	}
	for r := range c.rows {
		if !isPivot(pivots, r) {
			sign = append(sign, c.sign[r])
		}
	}
	d := interval.Point(delta)
	stretch := d.Div(interval.Point(1).Sub(d))
	v := make([]interval.I, q)
	for _, col := range c.cols {
		most := 0.0
		for a := range q {
			b := interval.Point(0)
			for r := range q {
				b = b.Add(interval.Point(inv.At(a, r)).Mul(col[c.rows[pivots[r]]]))
			}
			v[a] = b.Neg()
			most = math.Max(most, b.Mag())
		}
		e := stretch.Mul(interval.Point(most)).Hi
		for a := range v {
			v[a] = v[a].Add(interval.I{Lo: -e, Hi: e})
		}
		sum := make([]interval.I, 0, len(sign))
		for r, i := range c.rows {
			if isPivot(pivots, r) {
				continue
			}
			t := col[i]
			for a := range q {
				t = t.Add(v[a].Mul(c.eqs[a][i]))
			}
			sum = append(sum, t)
		}
		sums = append(sums, sum)
	}
	return sums, sign
}

func isPivot(pivots []int, r int) bool {
	for _, p := range pivots {
		if p == r {
			return true
		}
	}
	return false
}

// pivots chooses as many free rows as there are equations, by Gaussian elimination in the middle
// of their gradients, and returns the inverse there, nearly.
func (c *fritzJohn) pivots() (pivots []int, inv *mat.Dense) {
	q := len(c.eqs)
	if q == 0 || len(c.rows) < q { // bounds may hold too many variables
		return nil, nil
	}
	w := mat.NewDense(len(c.rows), q, nil)
	for r, i := range c.rows {
		for a := range q {
			w.Set(r, a, c.eqs[a][i].Mid())
		}
	}
	sub := mat.DenseCopyOf(w)
	used := make([]bool, q)
	for range q {
		row, col, most := -1, -1, 0.0
		for r := range c.rows {
			for a := range q {
				if v := math.Abs(w.At(r, a)); !used[a] && c.sign[r] == 0 && !isPivot(pivots, r) && v > most {
					row, col, most = r, a, v
				}
			}
		}
		if row < 0 {
			return nil, nil
		}
		used[col] = true
		pivots = append(pivots, row)
		for a := range q {
			if used[a] {
				continue
			}
			t := w.At(row, a) / w.At(row, col)
			for r := range c.rows {
				w.Set(r, a, w.At(r, a)-t*w.At(r, col))
			}
		}
	}
	e := mat.NewDense(q, q, nil)
	for r, p := range pivots {
		for a := range q {
			e.Set(r, a, sub.At(p, a))
		}
	}
	inv = new(mat.Dense)
	if inv.Inverse(e) != nil || !model.AllFinite(inv.RawMatrix().Data) {
		return nil, nil
	}
	return pivots, inv
}

// opposed reports whether no combination of the vectors with numbers u ≥ 0, not all 0, can be 0,
// or of the sign that is given, in all entries: a direction in which all of them lead up, and the
// signs down, shows that.
func opposed(vectors [][]interval.I, sign []float64) bool {
	n := len(sign)
	units := make([][]float64, len(vectors))
	for k, v := range vectors {
		u := make([]float64, n)
		size := 0.0
		for i := range u {
			// What is sure of the entry, as far as its sign is of use.
			switch {
			case v[i].Lo > 0 && sign[i] <= 0:
				u[i] = v[i].Lo
			case v[i].Hi < 0 && sign[i] >= 0:
				u[i] = v[i].Hi
			}
			size += u[i] * u[i]
		}
		if size = math.Sqrt(size); !(size > 0) || !model.Finite(size) {
			return false
		}
		for i := range u {
			u[i] /= size
		}
		units[k] = u
	}
	// The shortest convex combination of the unit vectors leads up along all of them, where there
	// is such a direction (Gilbert 1966).
	w := append([]float64{}, units[0]...)
	for range 10 * len(units) {
		if leadsUp(vectors, w) {
			return true
		}
		least, at := math.Inf(1), 0
		for k, u := range units {
			if d := dotFloats(w, u); d < least {
				least, at = d, k
			}
		}
		// The point of the line from w to that unit vector which is nearest to 0.
		var num, den float64
		for i := range w {
			d := units[at][i] - w[i]
			num -= d * w[i]
			den += d * d
		}
		t := math.Min(1, num/den)
		if !(t > 1e-9) {
			return false
		}
		for i := range w {
			w[i] += t * (units[at][i] - w[i])
		}
	}
	return false
}

func dotFloats(x, y []float64) float64 {
	s := 0.0
	for i := range x {
		s += x[i] * y[i]
	}
	return s
}

// leadsUp reports whether all vectors are proved to have a positive product with w.
func leadsUp(vectors [][]interval.I, w []float64) bool {
	for _, v := range vectors {
		sum := interval.Point(0)
		for i := range w {
			if w[i] != 0 {
				sum = sum.Add(v[i].Mul(interval.Point(w[i])))
			}
		}
		if !(sum.Lo > 0) {
			return false
		}
	}
	return true
}
