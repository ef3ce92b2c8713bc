package global

import (
	"math"
	"slices"

	"nabla/expr"
	"nabla/expr/simplify"
	"nabla/optimize/global/internal/model"
	"nabla/optimize/global/minimum"
)

// This file finds further minimisers among the images of one whose closed form is known:
// many functions keep their values when variables change their signs or places. Whether
// this one does is not asked; that an image has the same value is shown by substitution.

// Numbers of variables up to which all changes of sign, and all of places, are tried.
const (
	maxFlips        = 4
	maxPermutations = 3
)

// images adds the images of the minimisers of an exact answer that are minimisers too.
func (s *session) images(a *Answer) {
	n := s.m.N
	if s.b == nil || a.Status != Exact || a.MinimisersComplete || n < 2 || !a.ExactValue.Valid() {
		return
	}
	t := simplify.New()
	y, at := make([]expr.Expr, n), make([]float64, n)
	for _, from := range slices.Clone(a.Minimisers) {
		if from.Family != "" || len(from.Exact) != n || !allValid(from.Exact) {
			continue
		}
		for _, places := range permutations(n) {
			for _, flip := range flips(n) {
				for i, p := range places {
					if y[i], at[i] = t.Tidy(from.Exact[p]), from.X[p]; flip[i] {
						y[i], at[i] = t.Neg(y[i]), -at[i]
					}
				}
				s.addMinimiser(a, y, at)
			}
		}
	}
}

// addMinimiser adds the point y, which is near at, to an exact answer, if it is not there
// and is proved to have the value.
func (s *session) addMinimiser(a *Answer, y []expr.Expr, at []float64) bool {
	known := func(o Point) bool { return model.Near(o.X, at) }
	const loose = 1e-6
	v := s.b.At(at)
	if s.p.Max {
		v = -v
	}
	if slices.ContainsFunc(a.Minimisers, known) || !(math.Abs(v-a.Value) <= loose*math.Max(1, math.Abs(v))) {
		return false
	}
	e, ok := s.exactPoint(y)
	if !ok || !sameConstant(s.valueAt(s.p.F, y), a.ExactValue) {
		return false
	}
	a.Minimisers = append(a.Minimisers, Point{X: e.at, Exact: slices.Clone(y)})
	if k := slices.IndexFunc(a.Stationary, func(st minimum.Stationary) bool { return model.Near(st.X, a.At) }); k >= 0 {
		st := a.Stationary[k]
		st.X, st.Exact = e.at, slices.Clone(y)
		a.Stationary = append(a.Stationary, st)
	}
	return true
}

// flips returns changes of sign of n variables: all, or those of one variable and of all
// of them.
func flips(n int) [][]bool {
	var out [][]bool
	if n <= maxFlips {
		for k := range 1 << n {
			f := make([]bool, n)
			for i := range f {
				f[i] = k>>i&1 == 1
			}
			out = append(out, f)
		}
		return out
	}
	for k := range n {
		f := make([]bool, n)
		f[k] = true
		out = append(out, f)
	}
	return append(out, make([]bool, n), slices.Repeat([]bool{true}, n))
}

// permutations returns orders of n variables: all, or the given one and the reverse.
func permutations(n int) [][]int {
	given := make([]int, n)
	for i := range given {
		given[i] = i
	}
	if n > maxPermutations {
		back := slices.Clone(given)
		slices.Reverse(back)
		return [][]int{given, back}
	}
	out := [][]int{given}
	for i := 0; i < len(out); i++ { // what exchanges of neighbours lead to
		for k := range n - 1 {
			p := slices.Clone(out[i])
			p[k], p[k+1] = p[k+1], p[k]
			if !slices.ContainsFunc(out, func(q []int) bool { return slices.Equal(p, q) }) {
				out = append(out, p)
			}
		}
	}
	return out
}
