package global

import (
	"fmt"
	"slices"

	"nabla/expr"
	"nabla/expr/number"
	"nabla/optimize/global/internal/quadratic"
	"nabla/optimize/global/internal/rational"
)

// This file writes kinks for programs: a sum with |u| in it, say, as one with a variable t ≥ u, t ≥ -u (the
// epigraph form: Boyd and Vandenberghe, Convex Optimization, 2004, section 4.3.1). The multipliers of the conditions on t are
// weights of the pieces, of which the greatest is not lower than their mean.

// A top is the variable that takes the place of a kink, which is the greatest of linear formulas, in which there
// may be tops that come before it.
type top struct {
	*kink
	at     expr.Expr   // the variable
	smooth []expr.Expr // the pieces, without kinks
	row    int         // of the first piece, the others follow
}

// smooth returns e, which is tidy, with tops in the places of kinks that are added, and its form in the
// variables of the program; false where that is not of degree two, and then there are no new tops.
func (l *program) smooth(e expr.Expr) (s expr.Expr, q *quadratic.Form, ok bool) {
	known := len(l.tops)
	e = l.topped(e, number.Int(1))
	if q, ok = quadratic.Of(e, l.vars); !ok {
		l.forget(known)
	}
	return e, q, ok
}

// forget leaves the first tops.
func (l *program) forget(known int) {
	l.tops, l.vars = l.tops[:known], l.vars[:len(l.p.Vars)+known]
}

// topped puts tops in the places of the kinks in e, which has the factor times.
func (l *program) topped(e expr.Expr, times number.Number) expr.Expr {
	t := l.t
	switch {
	case e.Op() == expr.Add:
		terms := e.AppendArgs(nil)
		for i := range terms {
			terms[i] = l.topped(terms[i], times)
		}
		return t.Add(terms...)
	case e.Op() == expr.Mul && e.Arg(0).Op() == expr.Num:
		rest := t.Mul(e.AppendArgs(nil)[1:]...)
		return t.Mul(e.Arg(0), l.topped(rest, times.Mul(e.Arg(0).Number())))
	}
	k := kinkOf(t, e, times)
	if k == nil || k.square.Valid() {
		return e
	}
	u := l.top(k)
	if u == nil {
		return e
	}
	if times.Sign() < 0 {
		return t.Neg(u.at)
	}
	return u.at
}

// top returns the one for k, nil where its pieces are not linear.
func (l *program) top(k *kink) *top {
	for _, u := range l.tops {
		if u.term == k.term {
			return u
		}
	}
	u := &top{kink: k}
	for _, p := range k.pieces {
		e, q, ok := l.smooth(p)
		if !ok || q.Curved() {
			return nil
		}
		u.smooth = append(u.smooth, e)
	}
	name := fmt.Sprintf("top %d", len(l.tops)) // no name that a formula may have
	u.at = l.t.Var(name)
	l.tops, l.vars = append(l.tops, u), append(l.vars, name)
	return u
}

// above adds the conditions that the tops are not lower than the pieces.
func (l *program) above() {
	for _, u := range l.tops {
		u.row = len(l.rows)
		for _, e := range u.smooth {
			e = l.t.Sub(e, u.at)
			q, _ := quadratic.Of(e, l.vars)
			l.add(linearRow(q), false, expr.Expr{}, e)
		}
	}
}

// lifted appends to the values of the variables of p those of the kinks.
func (l *program) lifted(x []number.Number) []number.Number {
	x = append(slices.Clone(x[:len(l.p.Vars)]), make([]number.Number, len(l.tops))...)
	for k, u := range l.tops {
		var most number.Number
		for j := range u.smooth {
			r := l.rows[u.row+j] // with t = 0
			if v := rational.Dot(r.A, x).Sub(r.B); j == 0 || v.Cmp(most) > 0 {
				most = v
			}
		}
		x[len(l.p.Vars)+k] = most
	}
	return x
}

// total is the sum of the multipliers y of the pieces, which is that of the factors with which the kink is added.
func (u *top) total(y []number.Number) (sum number.Number) {
	for j := range u.smooth {
		sum = sum.Add(y[u.row+j])
	}
	return sum
}

// weigh makes weights of the pieces from the multipliers y, and returns the kinks that are used.
func (l *program) weigh(y []number.Number) (used []*kink) {
	for _, u := range l.tops {
		total := u.total(y)
		k := *u.kink
		k.times, k.active, k.weights = total, nil, nil
		for j, p := range u.pieces {
			if w := y[u.row+j]; w.Sign() > 0 {
				w, _ = w.Quo(total)
				k.active, k.weights = append(k.active, p), append(k.weights, w)
			}
		}
		if total.Sign() > 0 {
			used = append(used, &k)
		}
	}
	return used
}

// weighted puts the means with the weights that the multipliers y give in the places of the tops in e.
func (l *program) weighted(e expr.Expr, y []number.Number) expr.Expr {
	means := map[string]expr.Expr{}
	put := func(e expr.Expr) expr.Expr {
		pool := expr.NewPool() // what is in that of l.t counts as tidy
		values := map[string]expr.Expr{}
		for name, v := range means {
			values[name] = pool.Import(v)
		}
		return l.t.Tidy(pool.Substitute(pool.Import(e), values))
	}
	for _, u := range l.tops {
		total, sum := u.total(y), []expr.Expr{l.t.Int(0), l.t.Int(0)}
		for j, p := range u.smooth {
			if w := y[u.row+j]; w.Sign() > 0 {
				w, _ = w.Quo(total)
				sum = append(sum, l.t.Mul(l.t.Num(w), put(p)))
			}
		}
		means[u.at.Name()] = l.t.Add(sum...)
	}
	return put(e)
}
