// Package conditions tells which of the conditions under which a formula is defined are not
// proved to hold all over a region.
package conditions

import (
	"slices"
	"strings"

	"nabla/expr"
	"nabla/expr/format"
	"nabla/expr/interval"
	"nabla/expr/simplify"
	"nabla/expr/tape"
	"nabla/optimize/global/internal/quadratic"
)

// Domain describes where f is defined: the conditions that are not proved to hold
// everywhere. It is empty where f may have values beside these, which ask for positive bases: a
// power with an exponent between steps, such as (-2)^floor(x), has them for negative ones too.
func Domain(f expr.Expr, vars []string) string {
	raw := Open(f, vars, nil)
	open := withZeroBases(f, vars, raw)
	if slices.ContainsFunc(open, fails) {
		return ""
	}
	pool := expr.NewPool()
	others := simplify.Domain(expr.Fold(f, func(n expr.Expr, args []expr.Expr) expr.Expr {
		if n.Op() == expr.Pow && !n.Arg(1).IsConstant() && !varies(n.Arg(1)) {
			return pool.Make(expr.Add, args...)
		}
		return expr.Remake(n, pool, args, nil)
	}))
	for _, c := range raw {
		if !contains(others, c) && contains(open, c) {
			return ""
		}
	}
	plainer := slices.DeleteFunc(plainly(open), func(c expr.Expr) bool { return holdsOver(c, vars, nil) }) // as pi != 0, of 1/(pi x)
	if len(plainer) > 0 {
		return format.All(plainer, format.Options{})
	}
	if len(vars) == 0 {
		return "everywhere"
	}
	return "all real " + strings.Join(vars, ", ")
}

// fails reports whether c is false, a condition between numbers.
func fails(c expr.Expr) bool {
	truth, known := simplify.Truth(c)
	return known && !truth
}

func contains(list []expr.Expr, c expr.Expr) bool {
	return slices.ContainsFunc(list, func(e expr.Expr) bool { return expr.Equal(e, c) })
}

// withZeroBases widens a condition b > 0 that stems from a single power b^u with a varying
// exponent alone: 0^u has a value for u >= 0.
func withZeroBases(f expr.Expr, vars []string, open []expr.Expr) []expr.Expr {
	pool := expr.NewPool()
	// apart is what is defined where base and exponent of the power n are.
	apart := func(n expr.Expr) expr.Expr { return pool.Make(expr.Add, pool.ImportAll(n.AppendArgs(nil)...)...) }
	domain := func(e expr.Expr) []expr.Expr { return pool.ImportAll(simplify.Domain(e)...) }
	open = pool.ImportAll(open...)
	asking := map[expr.Expr][]expr.Expr{} // the powers that ask for a condition themselves
	for n := range f.All() {
		if n.Op() != expr.Pow || !varies(n.Arg(1)) {
			continue
		}
		parts := domain(apart(n))
		for _, c := range domain(n) {
			if slices.Contains(open, c) && !slices.Contains(parts, c) {
				asking[c] = append(asking[c], n)
			}
		}
	}
	if len(asking) == 0 {
		return open
	}
	lone := map[expr.Expr]bool{}
	for _, list := range asking {
		lone[list[0]] = len(list) == 1
	}
	others := domain(expr.Fold(f, func(m expr.Expr, args []expr.Expr) expr.Expr {
		if lone[m] {
			return pool.Make(expr.Add, args...)
		}
		return expr.Remake(m, pool, args, nil)
	}))
	var out []expr.Expr
	for _, c := range open {
		list := asking[c]
		if len(list) != 1 {
			out = append(out, c)
			continue
		}
		b, u := pool.Import(simplify.Tidy(list[0].Arg(0))), pool.Import(simplify.Tidy(list[0].Arg(1)))
		zero := pool.Int(0)
		positive, nonNegative := pool.Make(expr.Ge, u, zero), pool.Make(expr.Ge, b, zero)
		switch {
		case slices.Contains(others, c) || slices.Contains(others, pool.Make(expr.Ne, b, zero)):
			out = append(out, c) // something else asks for it too, or for b != 0 at least
		case b.IsNum(0):
			out = append(out, positive)
		case b == u:
			out = append(out, nonNegative)
		case !holdsOver(positive, vars, nil):
			out = append(out, pool.Make(expr.Or, c, pool.Make(expr.And, pool.Make(expr.Eq, b, zero), positive)))
		case !holdsOver(nonNegative, vars, nil):
			out = append(out, nonNegative)
		}
	}
	return out
}

// Open returns the conditions under which f is defined that are not
// proved to hold all over the box, nil being the whole space.
func Open(f expr.Expr, vars []string, box []interval.I) []expr.Expr {
	var open []expr.Expr
	for _, c := range simplify.Domain(f) {
		if !holdsOver(c, vars, box) {
			open = append(open, c)
		}
	}
	return open
}

// holdsOver reports whether the condition c is proved to hold at every point of
// the box, nil being the whole space: by enclosures, and by the least value of a
// quadratic. (Those that the signs of their parts show, simplify.Domain leaves out.)
func holdsOver(c expr.Expr, vars []string, box []interval.I) bool {
	if box == nil {
		box = make([]interval.I, len(vars))
		for i := range box {
			box[i] = interval.Whole
		}
	}
	todo := []expr.Expr{c}
	for len(todo) > 0 {
		c := todo[0]
		todo = todo[1:]
		if c.Op() == expr.And {
			todo = append(c.AppendArgs(nil), todo...)
			continue
		}
		out, dec, ok := tape.EncloseOn(vars, box, simplify.Tidy(c))
		if !ok {
			return false
		}
		if dec[0] >= interval.Defined && out[0] == interval.Point(1) {
			continue
		}
		if !quadraticHolds(c, vars) {
			return false
		}
	}
	return true
}

// quadraticHolds reports whether the relation c between polynomials of degree two
// or less holds on the whole space.
func quadraticHolds(c expr.Expr, vars []string) bool {
	if !c.Op().IsRelation() || c.Op() == expr.Eq || len(simplify.Domain(c)) > 0 {
		return false
	}
	t := simplify.New()
	d := t.Sub(t.Tidy(c.Arg(0)), t.Tidy(c.Arg(1)))
	if c.Op() == expr.Lt || c.Op() == expr.Le {
		d = t.Neg(d)
	}
	above := func(d expr.Expr) bool {
		q, ok := quadratic.Of(d, vars)
		if !ok {
			return false
		}
		least, ok := q.Least()
		return ok && (least.Sign() > 0 || least.Sign() == 0 && (c.Op() == expr.Ge || c.Op() == expr.Le))
	}
	return above(d) || c.Op() == expr.Ne && above(t.Neg(d))
}

// RealPowers returns the conditions under which the powers of f with a varying exponent are
// read as real powers: that their bases are not negative. A negative base has values at
// isolated exponents only, and these are left out. Conditions that hold all over the box
// are not returned.
func RealPowers(f expr.Expr, vars []string, box []interval.I) []expr.Expr {
	t := simplify.New()
	var list []expr.Expr
	for n := range f.All() {
		if n.Op() != expr.Pow || !varies(n.Arg(1)) {
			continue
		}
		c := t.Pool().Make(expr.Ge, t.Tidy(n.Arg(0)), t.Int(0))
		if !slices.Contains(list, c) && !holdsOver(c, vars, box) {
			list = append(list, c)
		}
	}
	return list
}

// varies reports whether e is not constant between its jumps, as floor(x) is.
func varies(e expr.Expr) bool {
	return expr.Fold(e, func(n expr.Expr, args []bool) bool {
		switch n.Op() {
		case expr.Var:
			return true
		case expr.Call:
			if n.Func().Steps() {
				return false
			}
		}
		return slices.Contains(args, true)
	})
}
