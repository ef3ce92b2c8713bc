package verify

import (
	"fmt"
	"math"
	"math/big"
	"slices"

	"nabla/diff"
	"nabla/expr"
	"nabla/expr/interval"
	"nabla/expr/simplify"
	"nabla/expr/tape"
)

// This file has the bounds of the variables. An end that is no float64 is known to lie in an
// interval: region holds the true region, and what is from lower to upper is in it.

// An end is a bound of a variable.
type end struct {
	e    expr.Expr // a constant; not Valid for no bound
	open bool      // left out
}

// readBounds reads the bounds of the certificate.
func (v *verifier) readBounds() error {
	n := len(v.c.Variables)
	v.ends, v.region = make([][2]end, n), make([]interval.I, n)
	v.lower, v.upper = make([]float64, n), make([]float64, n)
	for i := range n {
		v.region[i], v.lower[i], v.upper[i] = interval.Whole, math.Inf(-1), math.Inf(1)
		if len(v.c.Bounds) == 0 {
			continue
		}
		for side, text := range v.c.Bounds[i] {
			if text == "" {
				continue
			}
			e, err := expr.Parse(text)
			if err != nil {
				return err
			}
			b, ok := tape.EncloseConstant(e)
			if !ok {
				return fmt.Errorf("the bound %s has no value", text)
			}
			v.setEnd(i, side, end{e, i < len(v.c.Open) && v.c.Open[i][side]}, b)
		}
	}
	return nil
}

// setEnd makes e, enclosed in b, the lower (0) or upper (1) bound of variable i.
func (v *verifier) setEnd(i, side int, e end, b interval.I) {
	v.ends[i][side] = e
	if side == 0 {
		v.region[i].Lo, v.lower[i] = b.Lo, b.Hi
	} else {
		v.region[i].Hi, v.upper[i] = b.Hi, b.Lo
	}
}

// tighten makes bounds of a constraint on a single variable that is affine in it with a rational
// slope, and reports whether they say all that it does.
func (v *verifier) tighten(k constraintCheck) bool {
	vars := k.g.Vars()
	if len(vars) != 1 || !slices.Contains(v.c.Variables, vars[0]) || len(simplify.Domain(k.g)) > 0 {
		return false
	}
	i := slices.Index(v.c.Variables, vars[0])
	t := simplify.New()
	slope, at0 := t.Tidy(diff.D(k.g, vars[0])), t.Tidy(substitute(k.g, map[string]expr.Expr{vars[0]: t.Int(0)}))
	if slope.Op() != expr.Num || slope.Number().Sign() == 0 || !equal(k.g, t.Add(t.Mul(slope, t.Var(vars[0])), at0)) {
		return false
	}
	e := end{t.Neg(t.Mul(at0, t.Pow(slope, t.Int(-1)))), k.strict}
	said := true
	for side, sign := range [2]int{-1, 1} {
		if k.equal || slope.Number().Sign() == sign {
			said = v.tightenEnd(i, side, e) && said
		}
	}
	return said
}

// tightenEnd puts e, a number, in the place of the lower (0) or upper (1) bound of variable i
// if it is known to be stricter, and reports whether the bounds say all that it does.
func (v *verifier) tightenEnd(i, side int, e end) bool {
	b, ok := tape.EncloseConstant(e.e)
	if !ok {
		return false
	}
	old := v.ends[i][side]
	sign, in, out, oldIn, oldOut := 1.0, b.Lo, b.Hi, v.upper[i], v.region[i].Hi
	if side == 0 {
		sign, in, out, oldIn, oldOut = -1, b.Hi, b.Lo, v.lower[i], v.region[i].Lo
	}
	same := old.e.Valid() && equal(e.e, old.e)
	if same || !old.e.Valid() || sign*out < sign*oldIn {
		e.open = e.open || same && old.open
		v.setEnd(i, side, e, b)
		return true
	}
	return sign*oldOut < sign*in
}

// isOpen reports whether the lower (0) or upper (1) bound of variable i is left out.
func (v *verifier) isOpen(i, side int) bool { return v.ends[i][side].open }

// free reports whether there are no bounds and no conditions.
func (v *verifier) free() bool {
	return len(v.conditions) == 0 && !slices.ContainsFunc(v.ends, func(e [2]end) bool { return e != [2]end{} })
}

// endless reports whether variable i has no bounds.
func (v *verifier) endless(i int) bool { return v.ends[i] == [2]end{} }

// keeps reports whether x is proved to lie on the right side of the lower (0) or upper (1) bound
// of variable i.
func (v *verifier) keeps(i, side int, x interval.I) bool {
	if side == 0 {
		return x.Lo > v.lower[i] || x.Lo == v.lower[i] && !v.isOpen(i, 0)
	}
	return x.Hi < v.upper[i] || x.Hi == v.upper[i] && !v.isOpen(i, 1)
}

// between reports whether all of the box is proved to lie between the bounds.
func (v *verifier) between(box []interval.I) bool {
	for i, x := range box {
		if !v.keeps(i, 0, x) || !v.keeps(i, 1, x) {
			return false
		}
	}
	return true
}

// nonempty reports whether there is a point between the bounds of variable i.
func (v *verifier) nonempty(i int) bool {
	lo, hi := v.ends[i][0], v.ends[i][1]
	return v.lower[i] < v.upper[i] || !lo.open && !hi.open && (v.lower[i] == v.upper[i] || equal(lo.e, hi.e))
}

// covers reports whether the region of sub, in its variables, contains that of v.
func (v *verifier) covers(sub *verifier) bool {
	for i, x := range sub.c.Variables {
		if k := slices.Index(v.c.Variables, x); k < 0 || !v.inside(k, sub, i) {
			return false
		}
	}
	return true
}

// inside reports whether the bounds of variable k of v lie within those of variable i
// of sub. An end that sub leaves out must be left out by v too, unless v ends before.
func (v *verifier) inside(k int, sub *verifier, i int) bool {
	return v.insideEnd(k, sub, i, 0) && v.insideEnd(k, sub, i, 1)
}

// insideEnd is inside for the lower (0) or upper (1) bounds.
func (v *verifier) insideEnd(k int, sub *verifier, i, side int) bool {
	a, b := v.ends[k][side], sub.ends[i][side]
	leaves := a.open || !b.open
	out, in := v.region[k].Lo, sub.lower[i]
	if side == 1 {
		out, in = -v.region[k].Hi, -sub.upper[i]
	}
	return !b.e.Valid() || out > in || out == in && leaves || leaves && a.e.Valid() && equal(a.e, b.e)
}

// spannedBy reports whether the regions of the parts, which have no conditions, are together that
// of v, which has none but bounds.
func (v *verifier) spannedBy(parts ...*verifier) bool {
	if len(v.cons) > 0 {
		return false
	}
	for k, x := range v.c.Variables {
		shared := false
		for _, sub := range parts {
			if i := slices.Index(sub.c.Variables, x); i >= 0 {
				if shared = true; !v.inside(k, sub, i) || !sub.inside(i, v, k) {
					return false
				}
			}
		}
		if !shared && !v.nonempty(k) {
			return false
		}
	}
	return true
}

// boundsOf returns the bounds of a variable as constraints.
func (v *verifier) boundsOf(y string) []constraintCheck {
	var out []constraintCheck
	for side, e := range v.ends[slices.Index(v.c.Variables, y)] {
		if e.e.Valid() {
			out = append(out, e.bounds(y, side))
		}
	}
	return out
}

// bounds is the lower (0) or upper (1) bound e of y as a constraint.
func (e end) bounds(y string, side int) constraintCheck {
	pool := expr.NewPool()
	a, b := pool.Import(e.e), pool.Var(y)
	if side == 1 {
		a, b = b, a
	}
	return constraintCheck{g: pool.Make(expr.Add, a, pool.Make(expr.Neg, b)), strict: e.open}
}

// rationalRegion returns ends of one variable between which the region lies, as rational
// numbers, nil for none, and whether they are ends that are left out.
func (v *verifier) rationalRegion() (at [2]*big.Rat, open [2]bool, ok bool) {
	for side, e := range v.ends[0] {
		if !e.e.Valid() {
			continue
		}
		if at[side], ok = exactRat(e.e); ok {
			open[side] = e.open
			continue
		}
		// A number a little outside serves as well.
		f := v.region[0].Lo
		if side == 1 {
			f = v.region[0].Hi
		}
		if at[side], ok = floatRat(f); !ok {
			at[side] = nil
		}
	}
	return at, open, at[0] == nil || at[1] == nil || at[0].Cmp(at[1]) < 0
}
