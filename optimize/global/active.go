package global

import (
	"math"

	"gonum.org/v1/gonum/mat"

	"nabla/diff"
	"nabla/expr"
	"nabla/expr/format"
	"nabla/expr/interval"
	"nabla/expr/tape"
	"nabla/optimize/global/internal/form"
	"nabla/optimize/global/internal/model"
)

// This file says which constraints hold with equality at an answer, and with which
// multipliers its gradient is a sum of theirs.

// active lists the constraints that hold with equality at the answer, with multipliers where
// there are some there: at a kink, at a cusp of the region, or where the slopes of the
// constraints vanish, there may be none. Those in guess come first, one a constraint; it may be nil.
func (s *session) active(a *Answer, guess []float64) {
	if len(a.At) != s.m.N || len(s.m.Cons) == 0 {
		return
	}
	var outs []expr.Expr
	for _, c := range s.m.Cons {
		outs = append(outs, c.G)
	}
	for _, c := range s.m.Cons {
		outs = append(outs, diff.Gradient(c.G, s.m.Vars)...)
	}
	prog, err := tape.Compile(s.m.Vars, outs...)
	if err != nil {
		return
	}
	g := make([]float64, len(outs))
	prog.NewMachine().Eval(g, a.At)
	k := len(s.m.Cons)
	var holds []int
	var slopes [][]float64
	for i, c := range s.m.Cons {
		if !c.Text.Op().IsRelation() || c.Text.Op() == expr.Ne {
			continue
		}
		slope := g[k+i*s.m.N : k+(i+1)*s.m.N]
		if c.Equal || s.holdsWithEquality(c, g[i], slope, a) {
			holds, slopes = append(holds, i), append(slopes, slope)
		}
	}
	var y []float64
	if !s.kinkNear(a.At, holds) {
		y = s.multipliersAt(a.At, holds, slopes, guess)
	}
	for q, i := range holds {
		m := math.NaN()
		if y != nil {
			m = y[q]
		}
		a.Active = append(a.Active, Active{Constraint: format.Text(s.m.Cons[i].Text), Multiplier: m})
	}
}

// kinkNear reports whether f or a constraint in holds may have a kink at x: the formula of a
// derivative has a value there all the same.
func (s *session) kinkNear(x []float64, holds []int) bool {
	formulas := []expr.Expr{s.m.F}
	for _, i := range holds {
		formulas = append(formulas, s.m.Cons[i].G)
	}
	box := make([]interval.I, len(x))
	for i, v := range x {
		const near = 1e-9
		d := near * math.Max(1, math.Abs(v))
		box[i] = interval.New(v-d, v+d).Meet(s.m.Outer[i])
	}
	for _, e := range formulas {
		if !form.HasKinks(e) {
			continue
		}
		if _, dec, ok := tape.EncloseOn(s.m.Vars, box, diff.Gradient(e, s.m.Vars)...); !ok || !interval.AllContinuous(dec) {
			return true
		}
	}
	return false
}

// holdsWithEquality reports whether the inequality c, which has the value g and the slope at
// the answer, holds with equality there: exactly where the answer is exact, else as far as the
// answer is known.
func (s *session) holdsWithEquality(c model.Constraint, g float64, slope []float64, a *Answer) bool {
	if c.Strict && isProved(a) && a.Attained { // near as the point may be to the edge, it lies inside
		return false
	}
	if len(a.ExactAt) == s.m.N && allValid(a.ExactAt) {
		if v := s.valueAt(c.G, a.ExactAt); v.Op() == expr.Num {
			return v.Number().Sign() == 0
		} else if b, ok := tape.EncloseConstant(v); ok && !b.Has(0) {
			return false
		}
	}
	scale := 0.0 // how fast g changes
	for j, d := range slope {
		scale = math.Max(scale, math.Abs(d)*math.Max(1, math.Abs(a.At[j])))
	}
	return math.Abs(g) <= 1e-7*math.Min(1, scale)
}

func allValid(x []expr.Expr) bool {
	for _, e := range x {
		if !e.Valid() {
			return false
		}
	}
	return true
}

// multipliersAt returns multipliers of the constraints in holds, those of inequalities not
// negative, with which the gradient of the Lagrangian vanishes at x but for rounding, and but
// for variables that a bound holds against it; nil where none are found.
func (s *session) multipliersAt(x []float64, holds []int, slopes [][]float64, guess []float64) []float64 {
	f := make([]float64, s.m.N)
	s.m.Prober().Gradient(f, x)
	fits := func(y []float64) bool {
		for q, i := range holds {
			if !s.m.Cons[i].Equal && !(y[q] >= 0) {
				return false
			}
		}
		for j := range f {
			sum, size := f[j], math.Max(1e-12, math.Abs(f[j]))
			for q := range holds {
				sum += y[q] * slopes[q][j]
				size += math.Abs(y[q] * slopes[q][j])
			}
			if x[j] <= s.m.Inner[j].Lo && sum >= 0 || x[j] >= s.m.Inner[j].Hi && sum <= 0 {
				continue
			}
			const rounding = 1e-5
			if !(math.Abs(sum) <= rounding*size) {
				return false
			}
		}
		return true
	}
	y := make([]float64, len(holds))
	if guess != nil {
		for q, i := range holds {
			y[q] = guess[i]
		}
		if fits(y) {
			return y
		}
	}
	// Least squares in the variables that no bound holds.
	var rows [][]float64
	var right []float64
	for j, v := range f {
		if x[j] > s.m.Inner[j].Lo && x[j] < s.m.Inner[j].Hi {
			row := make([]float64, len(holds))
			for q := range holds {
				row[q] = slopes[q][j]
			}
			rows, right = append(rows, row), append(right, -v)
		}
	}
	y = leastSquares(rows, right, len(holds))
	if y == nil || !fits(y) {
		return nil
	}
	return y
}

// leastSquares returns the shortest y for which the rows times y are nearest to right, nil where
// it is not found.
func leastSquares(rows [][]float64, right []float64, n int) []float64 {
	y := make([]float64, n)
	if n == 0 || len(rows) == 0 {
		return y
	}
	a := mat.NewDense(len(rows), n, nil)
	for i, r := range rows {
		if !model.AllFinite(r) {
			return nil
		}
		a.SetRow(i, r)
	}
	var svd mat.SVD
	if !model.AllFinite(right) || !svd.Factorize(a, mat.SVDThin) {
		return nil
	}
	values := svd.Values(nil)
	rank := 0
	for _, v := range values {
		if v > 1e-12*values[0] {
			rank++
		}
	}
	if rank == 0 {
		return y
	}
	var step mat.VecDense
	svd.SolveVecTo(&step, mat.NewVecDense(len(right), right), rank)
	for q := range y {
		y[q] = step.AtVec(q) + 0
	}
	return y
}
