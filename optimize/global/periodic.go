package global

import (
	"fmt"

	"nabla/expr"
	"nabla/expr/fn"
	"nabla/expr/format"
	"nabla/expr/number"
	"nabla/optimize/global/internal/asymptotic"
	"nabla/optimize/global/internal/exact"
)

// findPeriod returns a period of the formula, if every variable in it stands
// under a sine or the like of a linear angle.
func (l *line) findPeriod() (expr.Expr, bool) {
	f := l.raw
	if !f.Has(l.Name) {
		return expr.Expr{}, false
	}
	alphas, ok := l.angularSpeeds(f, true)
	if !ok || len(alphas) == 0 {
		return l.sawtooth()
	}
	r := l.RingFor(exact.Start)
	base := r.Expand(alphas[0])
	g := number.Int(1)
	for _, a := range alphas[1:] {
		q, ok := exact.RatioOf(r.Expand(a), base)
		if !ok {
			if q, ok = exact.RatioOf(r.Expand(a).Neg(), base); !ok {
				return expr.Expr{}, false
			}
		}
		g = exact.GCD(g, q)
	}
	t := l.T
	inv, _ := g.Inv()
	speed := r.Build(base)
	if s, ok := l.Consts.Sign(speed); !ok || s == 0 {
		return expr.Expr{}, false
	} else if s < 0 {
		speed = t.Neg(speed)
	}
	period := l.Consts.Simplify(t.Mul(t.Num(inv.Mul(number.Int(2))), t.Call(fn.Lookup("pi")), t.Pow(speed, t.Int(-1))))
	// a part of it may do
	for range 4 {
		shorter := false
		for _, d := range [...]int64{2, 3} {
			q := t.Mul(t.Num(number.Frac(1, d)), period)
			moved := expr.Rebuild(f, t, func(x expr.Expr) (expr.Expr, bool) {
				return t.Add(l.Var, q), x.Name() == l.Name
			})
			same := l.T.Tidy(f) == moved
			if !same && !hasCases(f) {
				p, q := r.Expand(l.T.Tidy(f)), r.Expand(moved)
				same = len(exact.Add(p, q.Neg())) == 0
				if !same {
					if d, _, ok := r.Numerator(exact.Add(p, q.Neg())); ok {
						same = l.TrigZero(r, d)
					}
				}
			}
			if same && l.domainRepeats(q) {
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

// sawtooth returns a period of a formula with mod(a·x, b), x - floor(x) and the
// like: a common multiple of the distances of the steps, if f(x + P) = f(x).
func (l *line) sawtooth() (expr.Expr, bool) {
	t := l.T
	if hasCases(l.raw) {
		return expr.Expr{}, false
	}
	var speeds []number.Number // steps per unit
	for n := range l.raw.All() {
		if n.Op() != expr.Call || n.Len() == 0 {
			continue
		}
		var u expr.Expr
		switch n.Func().Name {
		case "floor", "ceil", "round":
			u = l.tidyNode(n.Arg(0))
		case "mod":
			u = t.Mul(l.tidyNode(n.Arg(0)), t.Pow(l.tidyNode(n.Arg(1)), t.Int(-1)))
		default:
			continue
		}
		if d := l.Slope(u); d.Valid() && d.Op() == expr.Num {
			speeds = append(speeds, d.Number().Abs())
		}
	}
	if len(speeds) == 0 {
		return expr.Expr{}, false
	}
	g := speeds[0]
	for _, s := range speeds[1:] {
		g = exact.GCD(g, s)
	}
	period, ok := g.Inv()
	if !ok {
		return expr.Expr{}, false
	}
	p := t.Num(period)
	r := l.RingFor(exact.Start)
	f := l.tidyNode(l.raw)
	moved := expr.Rebuild(f, t, func(x expr.Expr) (expr.Expr, bool) { return t.Add(l.Var, p), x.Name() == l.Name })
	a, b := r.Expand(f), r.Expand(moved)
	return p, len(exact.Add(a, b.Neg())) == 0 && l.domainRepeats(p)
}

// domainRepeats reports whether the natural domain is seen to repeat with the
// period p: what has to be positive or the like is the same at x + p, and what
// has to be other than 0 the same or its negative. The tidy form will not do
// for that, as it may be defined where the formula is not.
func (l *line) domainRepeats(p expr.Expr) bool {
	t := l.T
	r := l.RingFor(exact.Start)
	repeats := func(u expr.Expr, sign bool) bool {
		u = l.tidyNode(u)
		if !u.Has(l.Name) {
			return true
		}
		moved := expr.Rebuild(u, t, func(x expr.Expr) (expr.Expr, bool) { return t.Add(l.Var, p), x.Name() == l.Name })
		a, b := r.Expand(u), r.Expand(moved)
		return len(exact.Add(a, b.Neg())) == 0 || sign && len(exact.Add(a, b)) == 0
	}
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
			if natural && e.Number().Sign() >= 0 {
				continue
			}
			if !repeats(n.Arg(0), natural) || !repeats(n.Arg(1), false) {
				return false
			}
		case expr.Call:
			if n.Func().Domain == "" {
				continue
			}
			switch n.Func().Name {
			case "mod":
				if !repeats(n.Arg(1), true) {
					return false
				}
				continue
			case "tan", "sec", "cot", "csc":
				// poles of distance π in the angle
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

// hasCases reports whether e has functions that the ring does not see through,
// under which a shift could hide.
func hasCases(e expr.Expr) bool {
	for n := range e.All() {
		if n.Op() == expr.If || n.Op().IsRelation() {
			return true
		}
	}
	return false
}

// angularSpeeds returns the a of all angles a·x + b under periodic functions in
// the written formula f. With only it answers false when x stands elsewhere.
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
		if n.Op() == expr.Call && n.Len() == 1 {
			switch n.Func().Name {
			case "sin", "cos", "tan", "sec", "csc", "cot":
				u := l.tidyNode(n.Arg(0))
				if !u.Has(l.Name) {
					continue
				}
				d := l.Slope(u)
				if d.Valid() {
					out = append(out, d)
					continue
				}
			}
		}
		for k := range n.Len() {
			inside[w.Place(n.Arg(k))] = true
		}
	}
	return out, true
}

// onePeriod returns the ends of one period, shifted by a 97th of it so that
// nothing that people write falls on them.
func (l *line) onePeriod() (lo, hi exact.Spot) {
	t := l.T
	return exact.At(l.Consts, t.Mul(t.Num(number.Frac(-95, 194)), l.period)),
		exact.At(l.Consts, t.Mul(t.Num(number.Frac(99, 194)), l.period))
}

// alongPeriod looks for a sequence φ + P·t, t = 1, 2, …, towards the end of the
// line on which f falls without end: there the sines and cosines of period P
// are constants, and the limit is that of a formula without them.
func (s *study) alongPeriod(p *piece, side int) *Witness {
	l, t := s.l, s.l.T
	speeds, ok := l.angularSpeeds(p.f, false)
	if !ok || len(speeds) == 0 || len(speeds) > 6 {
		return nil
	}
	r := l.RingFor(exact.Start)
	base := r.Expand(speeds[0])
	g := number.Int(1)
	for _, a := range speeds[1:] {
		q, ok := exact.RatioOf(r.Expand(a), base)
		if !ok {
			return nil
		}
		g = exact.GCD(g, q)
	}
	inv, _ := g.Inv()
	speed := r.Build(base)
	if sg, ok := l.Consts.Sign(speed); !ok || sg <= 0 {
		return nil
	}
	pi := t.Call(fn.Lookup("pi"))
	period := l.Consts.Simplify(t.Mul(t.Num(inv.Mul(number.Int(2))), pi, t.Pow(speed, t.Int(-1))))
	for k := int64(0); k < 12; k++ {
		phi := t.Mul(t.Num(number.Frac([...]int64{0, 6, 3, 9, 1, 5, 7, 11, 2, 4, 8, 10}[k], 12)), period)
		f := expr.Fold(p.f, func(n expr.Expr, args []expr.Expr) expr.Expr {
			if n.Op() == expr.Call && n.Len() == 1 && n.Has(l.Name) {
				switch n.Func().Name {
				case "sin", "cos", "tan", "sec", "csc", "cot":
					if d := l.Slope(n.Arg(0)); d.Valid() {
						return l.Consts.Simplify(t.Call(n.Func(), l.Substitute(n.Arg(0), phi)))
					}
				}
			}
			return expr.Remake(n, t, args, nil)
		})
		// x stands for φ + side·P·t, which goes to the end just as x does
		for _, T := range asymptotic.Starts[:3] {
			lim := l.tail(exact.Spot{Inf: side}, side, T).LimitAt(f)
			if lim.Kind == asymptotic.Minus {
				path := t.Add(phi, t.Mul(t.Int(int64(side)), period, t.Pool().Var("t")))
				return s.along(path, fmt.Sprintf("f → -∞ along %s = %s, t = 1, 2, 3, …", l.Name, format.Text(path)))
			}
			if lim.Kind != asymptotic.Unknown {
				break
			}
		}
	}
	return nil
}
