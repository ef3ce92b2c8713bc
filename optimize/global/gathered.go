package global

import (
	"maps"
	"math"
	"math/big"
	"math/rand/v2"
	"slices"

	"nabla/diff"
	"nabla/expr"
	"nabla/expr/number"
	"nabla/expr/simplify"
	"nabla/expr/tape"
	"nabla/optimize/global/internal/form"
	"nabla/optimize/global/internal/sos"
)

const (
	maxGathered      = 400 // nodes of a formula in which polynomials are gathered
	maxGatheredNames = 8   // and its variables
)

// gathered is f, which is tidy, with the polynomials of several variables in it that depend on
// these through one linear form written as polynomials in that: x^2 + 2x y + y^2 as (x + y)^2. It
// is f where there are none.
func gathered(t *simplify.Tidier, f expr.Expr) expr.Expr {
	if n := len(f.Vars()); f.Size() > maxGathered || n < 2 || n > maxGatheredNames {
		return f
	}
	var visit func(e expr.Expr) expr.Expr
	visit = func(e expr.Expr) expr.Expr {
		if len(e.Vars()) < 2 {
			return e
		}
		args, changed := e.AppendArgs(nil), false
		if e.Op() == expr.Add {
			if p := inOneForm(t, e); p.Valid() {
				return p
			}
			// or its terms that are bent polynomials: those of x^2 + 2x y + y^2 + exp(x - y); where a
			// variable stands in these alone, it is eliminated with less ado
			if !parabolic(e) {
				if bent, others := parted(args); len(bent) > 0 && len(others) > 0 { // else it was tried
					if p := inOneForm(t, t.Add(bent...)); p.Valid() {
						args, changed = append(others, p), true
					}
				}
			}
		}
		for i, a := range args {
			args[i] = visit(a)
			changed = changed || args[i] != a
		}
		if !changed {
			return e
		}
		return expr.Remake(e, t, args, nil)
	}
	return visit(f)
}

// parabolic reports whether e is a polynomial of degree two or less in one of its variables.
func parabolic(e expr.Expr) bool {
	return slices.ContainsFunc(e.Vars(), func(x string) bool { d := form.DegreeIn(e, x); return d >= 0 && d <= 2 })
}

// parted parts terms into those that are polynomials of degree two or more, and others.
func parted(terms []expr.Expr) (bent, others []expr.Expr) {
	for _, e := range terms {
		if isBent(e) {
			bent = append(bent, e)
		} else {
			others = append(others, e)
		}
	}
	return bent, others
}

// isBent reports whether e is a polynomial of degree two or more.
func isBent(e expr.Expr) bool {
	if !seemsPolynomial(e) || e.Op() == expr.Var {
		return false
	}
	p, ok := sos.Of(e, e.Vars())
	return ok && p.Degree() > 1
}

// seemsPolynomial reports whether e is seen from its parts to be a polynomial.
func seemsPolynomial(e expr.Expr) bool {
	return !slices.ContainsFunc(e.Vars(), func(x string) bool { return form.DegreeIn(e, x) < 0 })
}

// inOneForm is the sum e as a polynomial in a linear form of its variables, which are several;
// no expression where it is none or linear itself.
func inOneForm(t *simplify.Tidier, e expr.Expr) expr.Expr {
	vars := e.Vars()
	if len(vars) < 2 || !seemsPolynomial(e) || !parallelGradients(e, vars) {
		return expr.Expr{}
	}
	p, ok := sos.Of(e, vars)
	d := p.Degree()
	if !ok || d < 2 {
		return expr.Expr{}
	}
	// c (x_1 + a_2 x_2 + …)^d has the terms c x_1^d and c d a_i x_1^(d-1) x_i.
	power := func(i, n, j int) *big.Rat {
		m := make([]byte, len(vars))
		m[i] += byte(n)
		if j >= 0 {
			m[j]++
		}
		if c := p[sos.Monomial(m)]; c != nil {
			return c
		}
		return new(big.Rat)
	}
	c := power(0, d, -1)
	if c.Sign() == 0 { // depends on fewer variables than it seems
		return expr.Expr{}
	}
	terms := []expr.Expr{t.Var(vars[0])}
	scale := new(big.Rat).Inv(new(big.Rat).Mul(c, big.NewRat(int64(d), 1)))
	for i := 1; i < len(vars); i++ {
		terms = append(terms, t.Mul(t.Num(number.FromRat(new(big.Rat).Mul(power(0, d-1, i), scale))), t.Var(vars[i])))
	}
	line := t.Add(terms...)
	sum := []expr.Expr{t.Int(0)}
	for k := 0; k <= d; k++ {
		sum = append(sum, t.Mul(t.Num(number.FromRat(power(0, k, -1))), t.Pow(line, t.Int(int64(k)))))
	}
	out := t.Add(sum...)
	if q, ok := sos.Of(out, vars); !ok || !maps.EqualFunc(p, q, func(a, b *big.Rat) bool { return a.Cmp(b) == 0 }) {
		return expr.Expr{}
	}
	return out
}

// parallelGradients reports whether the gradients of e at two points look parallel, which those
// of a function of one linear form are: what is not, is seen so without being multiplied out.
func parallelGradients(e expr.Expr, vars []string) bool {
	prog, err := tape.Compile(vars, diff.Gradient(e, vars)...)
	if err != nil {
		return false
	}
	r := rand.New(rand.NewPCG(1, 2))
	x, m := make([]float64, len(vars)), prog.NewMachine()
	var g [2][]float64
	for k := range g {
		for i := range x {
			x[i] = r.NormFloat64()
		}
		g[k] = make([]float64, len(vars))
		m.Eval(g[k], x)
	}
	for i := range vars {
		for j := range i {
			u, v := g[0][i]*g[1][j], g[0][j]*g[1][i]
			if !(math.Abs(u-v) <= 1e-6*(math.Abs(u)+math.Abs(v))) {
				return false
			}
		}
	}
	return true
}
