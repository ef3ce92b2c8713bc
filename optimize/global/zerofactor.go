package global

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"nabla/expr"
	"nabla/expr/format"
	"nabla/expr/number"
	"nabla/expr/simplify"
	"nabla/expr/tape"
	"nabla/optimize/global/internal/form"
	"nabla/optimize/global/internal/quadprog"
	"nabla/optimize/global/internal/quadratic"
)

// byZeroFactor answers under linear conditions for a product of factors that are nowhere negative under these, such as x y (1 - x - y) in
// a triangle, where a linear one is 0 at some point: boxes do not come to the end at its edges, at which all points are minimisers. It
// returns nil for others.
func (s *session) byZeroFactor() *Answer {
	t := simplify.New()
	f := t.Tidy(s.m.F)
	if f.Op() != expr.Mul || f.Size() > maxEliminated || !form.SameDomain(s.m.F, f) {
		return nil
	}
	l, ok := s.p.program()
	if !ok || !l.all || len(l.tops) > 0 {
		return nil
	}
	var zeros []expr.Expr // of which one is 0 at each minimiser
	var roots []expr.Expr // that are not to be negative
	others := false       // are there, with conditions of their own perhaps
	for _, u := range f.Args() {
		if c := form.ConstantSign(u); c != 0 {
			if c < 0 {
				return nil
			}
			continue
		}
		u, k := u.BaseExp()
		if even := k.Mul(number.Frac(1, 2)).IsInt(); !even && k.IsInt() && !(s.rangeOfFeasible(u).Lo >= 0) {
			return nil
		}
		if k.Sign() > 0 {
			zeros = append(zeros, u)
		}
		if !k.IsInt() {
			roots = append(roots, u)
		} else if !seemsPolynomial(u) {
			others = true
		}
	}
	inside, _ := l.feasible(s.ctx)
	if inside == nil {
		return nil
	}
	var edge []number.Number // a point of the closed region with the value 0, where f is positive in the region
	positive := true
	for _, u := range zeros {
		q, linear := quadratic.Of(u, s.p.Vars)
		if !linear || q.Curved() {
			positive = false
			continue
		}
		for _, closed := range [...]bool{false, true} {
			face := &program{p: l.p, vars: l.vars, rows: slices.Clone(l.rows), strict: slices.Clone(l.strict)}
			if closed {
				clear(face.strict)
			}
			face.add(quadprog.Row{A: q.B, B: q.C.Neg(), Equal: true}, false, expr.Expr{}, expr.Expr{})
			x, none := face.feasible(s.ctx)
			positive = positive && (closed || x == nil && none != nil)
			if x == nil {
				continue
			}
			at := make([]expr.Expr, s.m.N)
			for i := range at {
				at[i] = t.Num(x[i])
			}
			if closed && edge == nil && s.vanishesAt(f, at) {
				edge = x
			} else if e, ok := s.exactPoint(at); !closed && ok && s.vanishesAt(f, at) {
				return s.zeroFactor(e, zeros)
			}
		}
	}
	// The line from the edge to inside: a polynomial that is not 0 at the edge, of which a negative power is taken, is not 0 near it.
	defined := edge != nil && !slices.ContainsFunc(roots, func(u expr.Expr) bool {
		q, linear := quadratic.Of(u, s.p.Vars)
		return !linear || q.Curved() || q.At(inside).Sign() <= 0 || q.At(edge).Sign() < 0
	})
	if !positive || others || !defined {
		return nil
	}
	return s.zeroAtEdge(edge, inside)
}

// vanishesAt reports whether the formula f is defined at x, where it is 0.
func (s *session) vanishesAt(f expr.Expr, x []expr.Expr) bool {
	v := s.valueAt(f, x)
	_, ok := tape.EncloseConstant(v)
	return ok && simplify.Tidy(v).IsNum(0)
}

// zeroAtEdge is the answer that f is positive, and 0 at a point of the closed region, to which straight lines lead from inside the region:
// all conditions are linear.
func (s *session) zeroAtEdge(edge, inside []number.Number) *Answer {
	t := simplify.New()
	zero := t.Int(0)
	a := &Answer{Status: NotAttained, ExactValue: zero, Method: "form of the formula", GradientNorm: math.NaN(), Enclosure: &Enclosure{}}
	var towards []string
	for i, x := range s.p.Vars {
		towards = append(towards, x+" → "+format.Text(t.Num(edge[i])))
		a.Argument.Path = append(a.Argument.Path, t.Add(t.Num(edge[i]), t.Mul(t.Num(inside[i].Sub(edge[i])), t.Pow(t.Var("t"), t.Int(-1)))))
	}
	a.Approached = strings.Join(towards, ", ")
	a.Proof = []string{fmt.Sprintf("under the conditions all factors of %s are positive, and one of them is 0 at a point of the edge that they leave out", s.minimised())}
	return s.flip(a)
}

// zeroFactor is the answer that f is least at the point e, where one of the factors is 0.
func (s *session) zeroFactor(e *exactPoint, zeros []expr.Expr) *Answer {
	a := s.exactAnswer(e, expr.NewPool().Int(0))
	a.Method = "form of the formula"
	a.Proof = []string{fmt.Sprintf("under the conditions no factor of %s is negative, and one of them is 0 at this point", s.minimised())}
	var where []string
	for _, u := range zeros {
		where = append(where, format.Text(u)+" = 0")
	}
	a.Minimisers[0].Family, a.MinimisersComplete, a.Stationary = strings.Join(where, " or ")+", where the conditions hold", true, nil
	a = s.flip(a)
	s.active(a, nil)
	return a
}
