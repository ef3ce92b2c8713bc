package form

import (
	"math"
	"slices"

	"nabla/diff"
	"nabla/expr"
	"nabla/expr/interval"
	"nabla/expr/number"
	"nabla/expr/simplify"
	"nabla/expr/tape"
	"nabla/optimize/global/internal/exact"
	"nabla/optimize/global/internal/quadratic"
)

// This file shows that case distinctions are convex: Huber's loss is u^2/2 where |u| <= 1 and
// |u| - 1/2 elsewhere.

// argument stands for the affine form that a case distinction depends on; nobody can write it.
const argument = "affine form"

// A pieced is a function of the argument: pieces from the left to the right, and the places at
// which they meet.
type pieced struct {
	pieces []expr.Expr
	ends   []expr.Expr
	hulls  []interval.I // of the ends
}

// bendPieces makes r convex where n is a case distinction in one affine form of the variables
// by which side of one or two values that lies on, whose pieces are convex on their intervals,
// meet, and do not turn down where they do.
func bendPieces(r *bending, n expr.Expr, vars []string, box []interval.I) {
	if n.Op() != expr.If || n.Size() > maxAlone {
		return
	}
	t := simplify.New()
	h, reach, ok := alongForm(t, n, vars, box)
	if !ok {
		return
	}
	p, ok := piecesOf(t, h)
	if !ok {
		return
	}
	for i, f := range p.pieces {
		on := interval.Whole
		if i > 0 {
			on.Lo = p.hulls[i-1].Lo
		}
		if i < len(p.ends) {
			on.Hi = p.hulls[i].Hi
		}
		on = on.Meet(reach)
		if !on.IsEmpty() && !(isContinuous(f, on) && IsConvex(f, []string{argument}, []interval.I{on})) {
			return
		}
	}
	for i := range p.ends {
		if !p.hulls[i].Disjoint(reach) && !p.turnsUp(t, i) {
			return
		}
	}
	r.convex = true
}

// turnsUp reports whether the pieces at the end of that number are equal there, and the slope
// does not fall.
func (p *pieced) turnsUp(t *simplify.Tidier, i int) bool {
	pool, c := t.Pool(), exact.NewConstants(t)
	at := func(e expr.Expr) expr.Expr { return valueAt(t, e, p.ends[i]) }
	left, right := p.pieces[i], p.pieces[i+1]
	slope := func(e expr.Expr) expr.Expr { return t.Tidy(pool.Import(diff.D(e, argument))) }
	// The formula of a derivative is not that at a kink, where it is not continuous.
	d := 1e-6 * math.Max(1, p.hulls[i].Mag())
	near := interval.New(p.hulls[i].Lo-d, p.hulls[i].Hi+d)
	a, b := slope(left), slope(right)
	if !isContinuous(a, near) || !isContinuous(b, near) || !exact.IsZero(c, t.Sub(at(left), at(right))) {
		return false
	}
	sign, ok := c.Sign(t.Sub(at(b), at(a)))
	return ok && sign >= 0
}

// valueAt returns e, a formula of the argument, at v.
func valueAt(t *simplify.Tidier, e, v expr.Expr) expr.Expr {
	pool := expr.NewPool() // what stands in that of t counts as tidy
	return t.Tidy(pool.Substitute(pool.Import(e), map[string]expr.Expr{argument: pool.Import(v)}))
}

// isContinuous reports whether e, a formula of the argument, is defined and continuous on x.
func isContinuous(e expr.Expr, x interval.I) bool {
	_, dec, ok := tape.EncloseOn([]string{argument}, []interval.I{x}, e)
	return ok && dec[0] == interval.Continuous
}

// alongForm writes n through the argument, which takes values in reach on the box; false where
// n depends on the variables in another way.
func alongForm(t *simplify.Tidier, n expr.Expr, vars []string, box []interval.I) (h expr.Expr, reach interval.I, ok bool) {
	pool := t.Pool()
	cond := n.Arg(0)
	if !cond.Op().IsRelation() {
		return h, reach, false
	}
	list := []expr.Expr{cond.Pool().Make(expr.Add, difference(cond)...)}
	for u := range cond.All() {
		list = append(list, u)
	}
	for _, u := range list {
		q, linear := quadratic.Of(u, vars)
		linear = linear && !q.Curved()
		k := -1
		if linear {
			k = slices.IndexFunc(q.B, func(b number.Number) bool { return b.Sign() != 0 })
		}
		if k < 0 || len(u.Vars()) < len(n.Vars()) {
			continue
		}
		// x_k = (argument - the rest)/b_k
		slope := t.Num(q.B[k])
		rest := t.Sub(t.Tidy(pool.Import(u)), t.Mul(slope, t.Var(vars[k])))
		value := t.Mul(t.Sub(t.Var(argument), rest), t.Pow(slope, t.Int(-1)))
		h = expr.Fold(n, func(m expr.Expr, args []expr.Expr) expr.Expr {
			if m == u {
				return t.Var(argument)
			}
			if m.Op() == expr.Var && m.Name() == vars[k] {
				return value
			}
			if m == cond && !args[0].IsConstant() && !args[1].IsConstant() { // x < y is x - y < 0
				args = []expr.Expr{t.Sub(args[0], args[1]), t.Int(0)}
			}
			return expr.Remake(m, t, args, nil)
		})
		if names := h.Vars(); len(names) != 1 || names[0] != argument {
			continue
		}
		if out, _, ok := tape.EncloseOn(vars, box, u); ok {
			return h, out[0], true
		}
	}
	return h, reach, false
}

// difference returns the left side of a relation and the negative of the right one.
func difference(cond expr.Expr) []expr.Expr {
	pool := cond.Pool()
	return []expr.Expr{cond.Arg(0), pool.Make(expr.Neg, cond.Arg(1))}
}

// piecesOf reads the case distinction h: by u < c or |u| < c with u linear in the argument and
// a constant c, and the like.
func piecesOf(t *simplify.Tidier, h expr.Expr) (*pieced, bool) {
	if h.Op() != expr.If {
		return nil, false
	}
	pool := t.Pool()
	cond, yes, no := h.Arg(0), h.Arg(1), h.Arg(2)
	below := cond.Op() == expr.Lt || cond.Op() == expr.Le
	if !below && cond.Op() != expr.Gt && cond.Op() != expr.Ge {
		return nil, false
	}
	u, c := t.Tidy(cond.Arg(0)), t.Tidy(cond.Arg(1))
	if u.IsConstant() {
		u, c, below = c, u, !below
	}
	if !c.IsConstant() {
		u, c = t.Sub(u, c), t.Int(0)
	}
	if !below {
		yes, no = no, yes // where u is not above c, and elsewhere
	}
	sides := []expr.Expr{c}
	p := &pieced{pieces: []expr.Expr{yes, no}}
	if u.IsCall("abs") {
		if v, ok := tape.EncloseConstant(c); !ok || !(v.Lo > 0) {
			return nil, false
		}
		u, sides = u.Arg(0), []expr.Expr{t.Neg(c), c}
		p.pieces = []expr.Expr{no, yes, no}
	}
	a := t.Tidy(pool.Import(diff.D(u, argument)))
	rising, ok := tape.EncloseConstant(a)
	if !ok || rising.Has(0) {
		return nil, false
	}
	b := valueAt(t, u, pool.Int(0))
	for _, s := range sides {
		p.ends = append(p.ends, t.Mul(t.Sub(s, b), t.Pow(a, t.Int(-1))))
	}
	if rising.Hi < 0 {
		slices.Reverse(p.ends)
		slices.Reverse(p.pieces)
	}
	for i, e := range p.ends {
		v, ok := tape.EncloseConstant(e)
		if !ok || !v.IsBounded() || i > 0 && !(p.hulls[i-1].Hi < v.Lo) {
			return nil, false
		}
		p.hulls = append(p.hulls, v)
	}
	return p, true
}
