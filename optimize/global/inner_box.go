package global

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/floats"

	"nabla/expr"
	"nabla/expr/number"
	"nabla/expr/simplify"
	"nabla/expr/tape"
	"nabla/optimize/global/internal/model"
)

// A boxInner is an inner formula on a closed box on which it rises or falls with each variable: a linear form, or a
// monomial of variables that are not negative. It takes all values from that at one corner to that at the opposite one.
type boxInner struct {
	at func(x []expr.Expr) expr.Expr // u at x, a constant; not Valid where it has no value
	// moved is the value of variable i with which u is v, the others being at x.
	moved    func(t *simplify.Tidier, i int, x []expr.Expr, v expr.Expr) expr.Expr
	from, to []expr.Expr // the corners; an end of to is not Valid where it is infinite
	end      Bound
}

// byInnerInBox is byInner between bounds, for linear forms and monomials, by the values that they take there.
func (s *session) byInnerInBox() *Answer {
	if s.p.Bounds == nil || s.m.N < 2 || !s.conditionsOnAll() || len(s.m.Cons) == 0 && !s.seemsThroughOne() {
		return nil
	}
	c := s.composition()
	if c == nil {
		return nil
	}
	return s.through(s.withinBounds(c))
}

// seemsThroughOne reports whether f may be a function of one linear form or one monomial u for all that gradients at a few
// points tell: those of the first are parallel, and of the second what is left of them times the variables is. It is for the
// time only.
func (s *session) seemsThroughOne() bool {
	const few, tol = 4, 1e-6
	gradient := make([]float64, s.m.N)
	var first [2][]float64
	may := [2]bool{true, true}
	for _, x := range model.Starts(s.m.Outer, few, s.o.Seed) {
		s.b.Gradient(gradient, x)
		var at [2][]float64
		for i, g := range gradient {
			at[0], at[1] = append(at[0], g), append(at[1], g*x[i])
		}
		for k, g := range at {
			size := floats.Norm(g, 2)
			if !(size > 0) || math.IsInf(size, 1) {
				continue
			}
			floats.Scale(1/size, g)
			if first[k] == nil {
				first[k] = g
			}
			may[k] = may[k] && math.Abs(floats.Dot(g, first[k])) > 1-tol
		}
	}
	return may[0] || may[1]
}

// withinBounds returns the composition for the bounds of s; nil where the values of u there are not known.
func (s *session) withinBounds(c *composition) *composition {
	if c.h.Op() == expr.Var {
		return nil // u itself, of which the box says all
	}
	in := &boxInner{at: func(x []expr.Expr) expr.Expr { return s.constantAt(c.u, x) }}
	var rises []bool
	switch k := c.inner.(type) {
	case *quadraticInner:
		if k.linear == nil {
			return nil
		}
		for _, a := range k.linear {
			if a.Sign() == 0 {
				return nil
			}
			rises = append(rises, a.Sign() > 0)
		}
		in.moved = func(t *simplify.Tidier, i int, x []expr.Expr, v expr.Expr) expr.Expr {
			terms := []expr.Expr{v}
			for j, a := range k.linear {
				if j != i {
					terms = append(terms, t.Mul(t.Num(a.Neg()), x[j]))
				}
			}
			return t.Mul(t.Pow(t.Num(k.linear[i]), t.Int(-1)), t.Add(terms...))
		}
	case monomialInner:
		for i, a := range k.powers {
			if lo := s.p.Bounds[i].Lo; a == 0 || !lo.Valid() || !before(lo.Pool().Int(0), lo, false) {
				return nil
			}
			rises = append(rises, a > 0)
		}
		in.moved = func(t *simplify.Tidier, i int, x []expr.Expr, v expr.Expr) expr.Expr {
			factors := []expr.Expr{v}
			for j, a := range k.powers {
				if j != i && x[j].IsNum(0) {
					return expr.Expr{}
				}
				if j != i {
					factors = append(factors, t.Pow(x[j], t.Int(-a)))
				}
			}
			return t.Pow(t.Mul(factors...), t.Num(number.Frac(1, k.powers[i])))
		}
	default:
		return nil
	}
	for i, b := range s.p.Bounds {
		from, to := b.Lo, b.Hi
		if !rises[i] {
			from, to = to, from
		}
		if !from.Valid() || b.LoOpen || b.HiOpen {
			return nil
		}
		in.from, in.to = append(in.from, from), append(in.to, to)
	}
	if in.end.Lo = in.at(in.from); !in.end.Lo.Valid() {
		return nil
	}
	if !slices.ContainsFunc(in.to, func(e expr.Expr) bool { return !e.Valid() }) {
		if in.end.Hi = in.at(in.to); !in.end.Hi.Valid() {
			return nil
		}
	}
	within := *c
	within.inner, within.limited = in, " within the bounds"
	return &within
}

// constantAt is the value of e at x; not Valid where it has none.
func (s *session) constantAt(e expr.Expr, x []expr.Expr) expr.Expr {
	v := simplify.Tidy(s.valueAt(e, x))
	if _, ok := tape.EncloseConstant(v); !ok {
		return expr.Expr{}
	}
	return v
}

func (in *boxInner) bound() Bound { return in.end }

// once: the corners are the only points with the values there, unless a factor of a monomial is 0.
func (in *boxInner) once(v expr.Expr) bool {
	at := func(end expr.Expr) bool {
		return end.Valid() && sameConstant(v, end) && !sameConstant(end, end.Pool().Int(0))
	}
	return at(in.end.Lo) || at(in.end.Hi)
}

// solve walks along edges from one corner to the other until u is v. It is right where what it answers lies in the box.
func (in *boxInner) solve(t *simplify.Tidier, v expr.Expr) []expr.Expr {
	if !v.IsConstant() {
		return nil
	}
	x := make([]expr.Expr, len(in.from))
	for i, e := range in.from {
		x[i] = t.Tidy(e)
	}
	if sameConstant(v, in.end.Lo) {
		return x
	}
	for k, i := range in.order() {
		to, last := in.to[i], k == len(x)-1
		if !to.Valid() && !last && !x[i].IsNum(0) {
			continue // one of those that follow goes as far as need be
		}
		y := slices.Clone(x)
		if y[i] = t.Int(1); to.Valid() { // otherwise away from 0 first
			y[i] = t.Tidy(to)
		}
		here := in.at(y)
		if here.Valid() && !before(v, here, false) && (to.Valid() || !last) {
			x = y
			continue
		}
		if x[i] = in.moved(t, i, x, v); !x[i].Valid() {
			return nil
		}
		return x
	}
	return nil
}

// order is that in which variables move: those last that have no end.
func (in *boxInner) order() []int {
	var finite, others []int
	for i, e := range in.to {
		if e.Valid() {
			finite = append(finite, i)
		} else {
			others = append(others, i)
		}
	}
	return append(finite, others...)
}
