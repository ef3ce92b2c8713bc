package univariate

import (
	"nabla/expr"
	"nabla/expr/fn"
	"nabla/expr/interval"
	"nabla/optimize/global/internal/asymptotic"
	"nabla/optimize/global/internal/exact"
)

// valueAt returns the value of the formula at an exact spot: whether it is
// defined, and whether that is sure.
func (l *line) valueAt(v expr.Expr) (value expr.Expr, defined, sure bool) {
	p := &piece{raw: l.rawAt(v), signs: map[expr.Expr]int{}}
	for range 4000 {
		todo := l.firstOpen(p)
		switch {
		case todo == nil:
			// 0^0 is 1, and so for the tidy form
			e := l.tidyNode(p.raw)
			e = l.Consts.Simplify(e)
			v := l.Consts.Enclose(e) // past the range of float64, one end is infinite
			return e, true, !v.IsEmpty() && v != interval.Whole
		case todo.err != nil:
			return value, false, false
		case todo.undefined:
			return value, false, true
		}
		s, ok := l.Consts.Sign(l.Consts.Simplify(todo.sign))
		if !ok {
			return value, false, false
		}
		p.signs[todo.sign] = s
	}
	return value, false, false
}

// rawAt returns the written formula with v for the variable. A power with a
// variable exponent stays one: it has no value where its base is negative.
func (l *line) rawAt(v expr.Expr) expr.Expr {
	pool := l.T.Pool()
	return expr.Fold(l.raw, func(n expr.Expr, args []expr.Expr) expr.Expr {
		m := expr.Remake(n, pool, args, func(x expr.Expr) (expr.Expr, bool) { return v, x.Name() == l.Name })
		if n.Op() != expr.Pow || !l.tidyNode(n.Arg(1)).Has(l.Name) || l.stepsOnly(n.Arg(1)) || args[0].IsCall("e") || args[0].IsCall("pi") ||
			args[0].Op() == expr.Num && args[0].Number().Sign() > 0 {
			return m
		}
		return pool.Make(expr.If, pool.Make(expr.Ge, args[0], pool.Int(0)), m, pool.Call(fn.Lookup("inf")))
	})
}

// stepsOnly reports whether x comes into e through floor and the like only: between
// the steps e is a number there.
func (l *line) stepsOnly(e expr.Expr) bool {
	w := expr.Order(e)
	open := make([]bool, w.Len())
	open[w.Len()-1] = true
	for i, n := range w.Back() {
		if !open[i] {
			continue
		}
		if n.Op() == expr.Var && n.Name() == l.Name {
			return false
		}
		if n.Op() == expr.Call && n.Func().Steps() {
			continue
		}
		for k := range n.Len() {
			open[w.Place(n.Arg(k))] = true
		}
	}
	return true
}

// valueNear returns an enclosure of the value of the formula at a spot without
// a closed form, which is a zero of z.of.
func (l *line) valueNear(z exact.Spot) (v interval.I, defined, sure bool) {
	p := &piece{lo: z, hi: z, raw: l.raw, signs: map[expr.Expr]int{}}
	for range 4000 {
		todo := l.firstOpen(p)
		switch {
		case todo == nil:
			m := l.Program(l.tidyNode(l.vanishing(p.raw, z.Of)))
			if m == nil {
				return v, false, false
			}
			v, dec := exact.Evaluate(m, z.Hull)
			return v[0], true, dec >= interval.Defined && v[0].IsBounded()
		case todo.err != nil:
			return v, false, false
		case todo.undefined:
			return v, false, true
		}
		u := todo.sign
		if u == z.Of {
			p.signs[u] = 0
			continue
		}
		s, ok := l.SignAt(u, z)
		if !ok {
			return v, false, false
		}
		p.signs[u] = s
	}
	return v, false, false
}

// vanishing returns the written formula f with 0 for the parts that are of when they are
// tidy.
func (l *line) vanishing(f, of expr.Expr) expr.Expr {
	return expr.Fold(f, func(n expr.Expr, args []expr.Expr) expr.Expr {
		if of.Valid() && n.Has(l.Name) && l.tidyNode(n) == of {
			return l.T.Pool().Int(0)
		}
		return expr.Remake(n, l.T.Pool(), args, nil)
	})
}

// limitAtZero returns the limit of f at an end of p without a closed form, which is a
// zero of end.Of: whether it is infinite.
func (l *line) limitAtZero(p *piece, end exact.Spot) asymptotic.Limit {
	if lim := l.poleLimit(p, end); lim.Kind != asymptotic.Unknown || !end.Of.Valid() {
		return lim
	}
	sign, ok := l.signInside(end.Of, p.lo, p.hi)
	if !ok || end.Wide {
		return asymptotic.Limit{}
	}
	switch lim := asymptotic.NewAtZero(l.Consts, l.Name, end.Of, sign, end.Hull).LimitAt(p.f); lim.Kind {
	case asymptotic.Plus, asymptotic.Minus:
		return asymptotic.Limit{Kind: lim.Kind}
	}
	return asymptotic.Limit{}
}

// poleLimit returns the limit of f at an end of p without a closed form, which
// is a zero of a divisor: every other factor has a sign there, and so has the
// divisor on the piece.
func (l *line) poleLimit(p *piece, end exact.Spot) asymptotic.Limit {
	if !end.Of.Valid() {
		return asymptotic.Limit{}
	}
	r := l.RingFor(p.lo)
	n, strips, ok := r.Numerator(r.Expand(p.f))
	if !ok {
		return asymptotic.Limit{}
	}
	sign, ok := l.SignAt(r.Build(n), end)
	if !ok {
		return asymptotic.Limit{}
	}
	// the kernel that vanishes there
	vanishing := -1
	switch of := r.Expand(end.Of); {
	case len(of) > 1:
		_, prim := r.Content(of)
		vanishing = r.SumKernel(prim)
	case len(of) == 1 && len(of[0].M) == 1:
		vanishing = of[0].M[0].K
	}
	pole := false
	for _, st := range strips {
		info := &r.Kernels[st.K]
		if !info.HasX && info.Positive {
			continue
		}
		k, isInt := st.N.Int64()
		var s int
		if st.K == vanishing {
			if st.N.Sign() >= 0 {
				return asymptotic.Limit{}
			}
			pole = true
			if s, ok = l.signInside(info.E, p.lo, p.hi); !ok {
				return asymptotic.Limit{}
			}
		} else if s, ok = l.SignAt(info.E, end); !ok {
			return asymptotic.Limit{}
		}
		switch {
		case s < 0 && !isInt || s == 0:
			return asymptotic.Limit{}
		case s < 0 && k%2 != 0:
			sign = -sign
		}
	}
	if !pole || sign == 0 {
		return asymptotic.Limit{}
	}
	if sign > 0 {
		return asymptotic.Limit{Kind: asymptotic.Plus}
	}
	return asymptotic.Limit{Kind: asymptotic.Minus}
}
