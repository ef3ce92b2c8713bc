package univariate

import (
	"slices"

	"nabla/expr"
	"nabla/expr/fn"
	"nabla/expr/number"
	"nabla/expr/simplify"
	"nabla/optimize/global/internal/exact"
)

// findPeriod returns a period of the formula, if every variable in it stands
// under a sine or the like of a linear angle.
func (l *line) findPeriod() (expr.Expr, bool) {
	f := l.raw
	if !f.Has(l.Name) {
		return expr.Expr{}, false
	}
	period, ok := l.angularPeriod(f)
	if !ok {
		return l.sawtooth()
	}
	t := l.T
	// a part of it may do
	for range 4 {
		shorter := false
		for _, d := range [...]int64{2, 3} {
			q := t.Mul(t.Num(number.Frac(1, d)), period)
			moved := expr.Rebuild(f, t, func(x expr.Expr) (expr.Expr, bool) {
				return t.Add(l.Var, q), x.Name() == l.Name
			})
			if l.equal(l.T.Tidy(f), moved) && l.domainRepeats(q) {
				period, shorter = l.Consts.Simplify(q), true
				break
			}
		}
		if !shorter {
			break
		}
	}
	return period, true
}

// angularPeriod returns a period of all periodic functions in f, if every variable stands under one of a linear angle.
func (l *line) angularPeriod(f expr.Expr) (expr.Expr, bool) {
	alphas, ok := l.angularSpeeds(f, true)
	if !ok || len(alphas) == 0 {
		return expr.Expr{}, false
	}
	speed, ok := l.commonDivisor(alphas)
	if !ok {
		return expr.Expr{}, false
	}
	t := l.T
	return l.Consts.Simplify(t.Mul(t.Int(2), t.Call(fn.Lookup("pi")), t.Pow(speed, t.Int(-1)))), true
}

// sawtooth returns a period of a formula with mod(a·x, b), x - floor(x) and the
// like: a common multiple of the distances of the steps, if f(x + P) = f(x).
func (l *line) sawtooth() (expr.Expr, bool) {
	t := l.T
	if HasCases(l.raw) {
		return expr.Expr{}, false
	}
	speeds := l.stepSpeeds(l.raw)
	if len(speeds) == 0 {
		return expr.Expr{}, false
	}
	if list, ok := l.angularSpeeds(l.raw, false); ok { // sines stand for two steps a turn
		for _, a := range list {
			speeds = append(speeds, l.Consts.Simplify(t.Mul(a, t.Num(number.Frac(1, 2)), t.Pow(t.Call(fn.Lookup("pi")), t.Int(-1)))))
		}
	}
	speed, ok := l.commonDivisor(speeds)
	if !ok {
		return expr.Expr{}, false
	}
	p := l.Consts.Simplify(t.Pow(speed, t.Int(-1)))
	for range 2 { // (-1)^floor(x) takes two steps
		if l.comesBack(l.tidyNode(l.raw), p, false) && l.domainRepeats(p) {
			return p, true
		}
		p = l.Consts.Simplify(t.Mul(t.Int(2), p))
	}
	return expr.Expr{}, false
}

// commonDivisor returns the greatest positive constant of which all in list are
// whole multiples, false when they are not rational multiples of one another.
func (l *line) commonDivisor(list []expr.Expr) (expr.Expr, bool) {
	r := l.RingFor(exact.Start)
	base := r.Expand(list[0])
	g := number.Int(1)
	for _, a := range list[1:] {
		q, ok := exact.RatioOf(r.Expand(a), base)
		if !ok {
			if q, ok = exact.RatioOf(r.Expand(a).Neg(), base); !ok {
				return expr.Expr{}, false
			}
		}
		g = exact.GCD(g, q)
	}
	d := r.Build(base)
	switch s, ok := l.Consts.Sign(d); {
	case !ok || s == 0:
		return expr.Expr{}, false
	case s < 0:
		d = l.T.Neg(d)
	}
	return l.Consts.Simplify(l.T.Mul(l.T.Num(g), d)), true
}

// domainRepeats reports whether the natural domain is seen to repeat with the
// period p: what has to be positive or the like is the same at x + p, and what
// has to be other than 0 the same or its negative. The tidy form will not do
// for that, as it may be defined where the formula is not.
func (l *line) domainRepeats(p expr.Expr) bool {
	t := l.T
	repeats := func(u expr.Expr, sign bool) bool { return l.comesBack(l.tidyNode(u), p, sign) }
	for n := range l.raw.All() {
		switch n.Op() {
		case expr.If:
			return false
		case expr.Div:
			if !repeats(n.Arg(1), true) {
				return false
			}
		case expr.Pow:
			e := l.tidyNode(n.Arg(1))
			natural := e.Op() == expr.Num && e.Number().IsInt()
			if b := l.tidyNode(n.Arg(0)); natural && e.Number().Sign() >= 0 || b.Op() == expr.Num && b.Number().Sign() != 0 && isWhole(e) {
				continue
			}
			if !repeats(n.Arg(0), natural) || !repeats(n.Arg(1), false) {
				return false
			}
		case expr.Call:
			if n.Func().Domain == "" {
				continue
			}
			switch {
			case n.IsCall("mod"):
				if !repeats(n.Arg(1), true) {
					return false
				}
				continue
			case isPeriodic(n): // poles of distance π in the angle
				d := l.Slope(l.tidyNode(n.Arg(0)))
				if !d.Valid() {
					return false
				}
				q := l.Consts.Simplify(t.Mul(d, p, t.Pow(t.Call(fn.Lookup("pi")), t.Int(-1))))
				if q.Op() != expr.Num || !q.Number().IsInt() {
					return false
				}
				continue
			}
			for _, a := range n.Args() {
				if !repeats(a, false) {
					return false
				}
			}
		}
	}
	return true
}

// comesBack reports whether the tidy formula u is seen to have the period p, or with sign to be
// the same or its negative after it.
func (l *line) comesBack(u, p expr.Expr, sign bool) bool {
	if !u.Has(l.Name) {
		return true
	}
	if len(l.change(u, p)) == 0 {
		return true
	}
	r := l.RingFor(exact.Start)
	return sign && len(exact.Add(r.Expand(l.withinCalls(u)), r.Expand(l.withinCalls(l.moved(u, p))))) == 0
}

// moved returns u at x + p.
func (l *line) moved(u, p expr.Expr) expr.Expr {
	return expr.Rebuild(u, l.T, func(x expr.Expr) (expr.Expr, bool) { return l.T.Add(l.Var, p), x.Name() == l.Name })
}

// change returns u at x + p less u at x.
func (l *line) change(u, p expr.Expr) exact.Combo {
	r := l.RingFor(exact.Start)
	return exact.Add(r.Expand(l.withinCalls(l.moved(u, p))), r.Expand(l.withinCalls(u)).Neg())
}

// withinCalls writes the operands of the functions in the tidy formula e that the ring does not
// look into as the ring writes them, and (-1)^n as cos(πn).
func (l *line) withinCalls(e expr.Expr) expr.Expr {
	r := l.RingFor(exact.Start)
	return expr.Fold(e, func(n expr.Expr, args []expr.Expr) expr.Expr {
		if n.Op() == expr.Pow && n.Arg(0).IsNum(-1) && isWhole(n.Arg(1)) {
			return l.T.Call(fn.Lookup("cos"), l.T.Mul(l.T.Call(fn.Lookup("pi")), args[1]))
		}
		if n.Op() == expr.Call && (n.Len() > 1 || n.Func().Jumps || n.IsCall("abs")) {
			for i := range args {
				args[i] = r.Build(r.Expand(args[i]))
			}
		}
		return expr.Remake(n, l.T, args, nil)
	})
}

// isWhole reports whether e is seen to be a whole number wherever it is defined.
func isWhole(e expr.Expr) bool {
	return expr.Fold(e, func(n expr.Expr, args []bool) bool {
		switch n.Op() {
		case expr.Num:
			return n.Number().IsInt()
		case expr.Add, expr.Mul, expr.Neg:
			return !slices.Contains(args, false)
		case expr.Call:
			return n.Len() == 1 && n.Func().Steps() && !n.IsCall("heaviside") // which is 1/2 at 0
		}
		return false
	})
}

// HasCases reports whether e has functions that the ring does not see through,
// under which a shift could hide.
func HasCases(e expr.Expr) bool {
	for n := range e.All() {
		if n.Op() == expr.If || n.Op().IsRelation() {
			return true
		}
	}
	return false
}

// isPeriodic reports whether n is a call of a sine or another periodic function.
func isPeriodic(n expr.Expr) bool { return n.Op() == expr.Call && n.Func().Period != 0 }

// angularSpeeds returns the a of all angles a·x + b under periodic functions in
// the written formula f. With only it answers false when x stands elsewhere, as it
// does in an angle that is not defined everywhere.
func (l *line) angularSpeeds(f expr.Expr, only bool) ([]expr.Expr, bool) {
	w := expr.Order(f)
	inside := make([]bool, w.Len()) // reached other than through a periodic function
	inside[w.Len()-1] = true
	var out []expr.Expr
	for i, n := range w.Back() {
		if !inside[i] {
			continue
		}
		if n.Op() == expr.Var && n.Name() == l.Name && only {
			return nil, false
		}
		if isPeriodic(n) {
			u := l.tidyNode(n.Arg(0))
			d := l.Slope(u)
			switch {
			case u.Has(l.Name) && !d.Valid(), only && len(simplify.Domain(n.Arg(0))) > 0:
			case d.Valid():
				out = append(out, d)
				continue
			default:
				continue
			}
		}
		for k := range n.Len() {
			inside[w.Place(n.Arg(k))] = true
		}
	}
	return out, true
}
