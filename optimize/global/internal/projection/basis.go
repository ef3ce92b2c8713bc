package projection

import (
	"math"
	"slices"

	"nabla/diff"
	"nabla/expr"
	"nabla/expr/interval"
	"nabla/expr/tape"
)

// A basis is a list of formulas of the variables b, with first and second derivatives.
type basis struct {
	n, m   int // variables, formulas
	forms  []expr.Expr
	mach   *tape.Machine
	out    []interval.I
	dec    []interval.Dec
	floats []float64
	first  [][]int // the output with the derivative of formula i by variable l, -1 for 0
	second [][]int // of formula i by l and k ≤ l, at l(l+1)/2 + k
}

func newBasis(forms []expr.Expr, names []string) *basis {
	s := &basis{n: len(names), m: len(forms), forms: forms}
	outs := slices.Clone(forms)
	place := func(e expr.Expr) int {
		if e.IsNum(0) {
			return -1
		}
		outs = append(outs, e)
		return len(outs) - 1
	}
	for _, e := range forms {
		var first, second []int
		for l, g := range diff.Gradient(e, names) {
			first = append(first, place(g))
			for _, h := range names[:l+1] {
				second = append(second, place(diff.D(g, h)))
			}
		}
		s.first, s.second = append(s.first, first), append(s.second, second)
	}
	prog, err := tape.Compile(names, outs...)
	if err != nil {
		return nil
	}
	s.mach, s.out, s.dec, s.floats = prog.NewMachine(), make([]interval.I, len(outs)), make([]interval.Dec, len(outs)), make([]float64, len(outs))
	return s
}

// has reports whether the variable occurs.
func (s *basis) has(name string) bool {
	return slices.ContainsFunc(s.forms, func(e expr.Expr) bool { return e.Has(name) })
}

// over encloses the formulas over the box x.
func (s *basis) over(x []interval.I) { s.mach.Interval(s.out, s.dec, x) }

// spread is the greatest width of the formulas over the box x, compared with the greatest of them.
func (s *basis) spread(x []interval.I) float64 {
	s.over(x)
	width, size := 0.0, 0.0
	for _, v := range s.out[:s.m] {
		if !v.IsBounded() {
			return math.Inf(1)
		}
		width, size = math.Max(width, v.Width()), math.Max(size, math.Abs(v.Mid()))
	}
	return width / size
}

// value is formula number i.
func (s *basis) value(i int) interval.I { return s.out[i] }

// slope is the derivative of formula i by variable l.
func (s *basis) slope(i, l int) interval.I {
	if k := s.first[i][l]; k >= 0 {
		return s.out[k]
	}
	return interval.I{}
}

// bend is the second derivative of formula i by l and k ≤ l.
func (s *basis) bend(i, l, k int) interval.I {
	if k = s.second[i][l*(l+1)/2+k]; k >= 0 {
		return s.out[k]
	}
	return interval.I{}
}

// isSmooth reports whether formula i and its derivatives are continuous and bounded where they were enclosed.
func (s *basis) isSmooth(i int) bool {
	ok := func(k int) bool { return k < 0 || s.dec[k] == interval.Continuous && s.out[k].IsBounded() }
	return ok(i) && !slices.ContainsFunc(s.first[i], func(k int) bool { return !ok(k) }) &&
		!slices.ContainsFunc(s.second[i], func(k int) bool { return !ok(k) })
}
