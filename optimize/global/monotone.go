package global

import (
	"fmt"
	"math"

	"nabla/diff"
	"nabla/expr"
	"nabla/expr/format"
	"nabla/expr/number"
	"nabla/expr/simplify"
	"nabla/optimize/global/internal/conditions"
	"nabla/optimize/global/internal/form"
	"nabla/optimize/global/minimum"
)

// This file answers for functions that rise, or fall, in a variable all the way to an end
// of the line: their infimum is that of the limits there, a question with a variable less,
// and no point has it.

// byMonotone answers for a function with ∂f/∂y > 0, or < 0, everywhere in a variable y that
// has no bound on the side where f is lower, nil where there is none, or the limit for
// y → ∓∞ or what it leaves is not settled.
func (s *session) byMonotone() *Answer {
	f := s.m.F
	if s.m.N < 2 || f.Size() > maxEliminated || form.HasKinks(f) {
		return nil
	}
	if !s.everywhere(f) {
		return nil // f may rise over a gap
	}
	t := simplify.New()
	for k, y := range s.p.Vars {
		slope := t.Tidy(diff.D(f, y))
		side := 0
		switch {
		case positive(slope):
			side = -1
		case positive(t.Neg(slope)):
			side = 1
		default:
			continue
		}
		if s.p.Bounds != nil && (side < 0 && s.p.Bounds[k].Lo.Valid() || side > 0 && s.p.Bounds[k].Hi.Valid()) {
			continue
		}
		l := limitAt(t, s.p.F, y, side)
		if !l.e.Valid() || !s.everywhere(slope) {
			continue
		}
		q := s.p.without(k)
		q.F = l.e
		if a := s.atLimit(q, y, side); a != nil {
			return a
		}
	}
	return nil
}

// everywhere reports whether e is proved to be defined all over the region.
func (s *session) everywhere(e expr.Expr) bool {
	t := simplify.New()
	for _, c := range conditions.Open(e, s.p.Vars, s.m.Outer) {
		if !c.Op().IsRelation() {
			return false
		}
		u := t.Sub(t.Tidy(c.Arg(0)), t.Tidy(c.Arg(1)))
		above := positive(u) && (c.Op() == expr.Gt || c.Op() == expr.Ge || c.Op() == expr.Ne)
		below := positive(t.Neg(u)) && (c.Op() == expr.Lt || c.Op() == expr.Le || c.Op() == expr.Ne)
		if !above && !below {
			return false
		}
	}
	return true
}

// atLimit is the answer by that to q, the limits of f where y tends to the end of the side.
func (s *session) atLimit(q *Problem, y string, side int) *Answer {
	o := s.o
	o.Start, o.Progress, o.Certificate = nil, nil, false
	sub, _, err := solveAny(s.ctx, q, o)
	if err != nil || sub.Enclosure == nil && !sub.ExactValue.Valid() {
		return nil
	}
	end := y + " → ∞"
	if side < 0 {
		end = y + " → -∞"
	}
	sense := "rises"
	if (side > 0) != s.p.Max {
		sense = "falls"
	}
	a := &Answer{Status: NotAttained, Value: sub.Value, ExactValue: sub.ExactValue, Method: "limits", GradientNorm: math.NaN(), Evaluations: sub.Evaluations}
	g := minimum.NameFor(sub.Proof, s.p.Vars)
	a.Proof = calledAs(g, fmt.Sprintf("f %s in %s everywhere, and f → %s = %s as %s, so that f is everywhere %s than %s and comes as near as you like",
		sense, y, g, format.Text(simplify.Tidy(q.F)), end, s.p.higher(), g), sub.Proof)
	if sub.Enclosure != nil {
		a.Enclosure = &Enclosure{Value: sub.Enclosure.Value}
	}
	switch sub.Status {
	case Exact, Certified, Constant:
		for i, v := range sub.At {
			a.Approached += q.Vars[i] + " = " + format.Number(v, 6) + ", "
		}
		a.Approached += end
	case NotAttained:
		a.Approached = sub.Approached + ", " + end + " fast enough"
	default:
		return nil
	}
	return a
}

// A limit is what a formula tends to: a formula of the other variables, or an infinity, or
// neither where nothing is known.
type limit struct {
	e   expr.Expr
	inf int // its sign
}

// limitAt returns the limit of f for y → -∞ or ∞, by the sign of side, whatever the other
// variables are.
func limitAt(t *simplify.Tidier, f expr.Expr, y string, side int) limit {
	top := expr.Fold(t.Tidy(f), func(n expr.Expr, args []limit) limit {
		switch {
		case n.Op() == expr.Var && n.Name() == y:
			return limit{inf: side}
		case !n.Has(y):
			return limit{e: n}
		}
		for _, a := range args {
			if !a.e.Valid() && a.inf == 0 {
				return limit{}
			}
		}
		return limitOf(t, n, args)
	})
	if top.e.Valid() {
		top.e = t.Tidy(top.e)
	}
	return top
}

// limitOf is the limit of a node by those of its operands.
func limitOf(t *simplify.Tidier, n expr.Expr, args []limit) limit {
	exprs := make([]expr.Expr, len(args))
	infinite := 0 // the sign of the infinite operands, 2 where they differ
	for i, a := range args {
		exprs[i] = a.e
		switch {
		case a.inf == 0:
		case infinite == 0 || infinite == a.inf:
			infinite = a.inf
		default:
			infinite = 2
		}
	}
	switch n.Op() {
	case expr.Neg:
		if infinite != 0 {
			return limit{inf: -infinite}
		}
		return limit{e: t.Neg(exprs[0])}
	case expr.Add:
		switch infinite {
		case 0:
			return limit{e: t.Add(exprs...)}
		case 2:
			return limit{}
		}
		return limit{inf: infinite}
	case expr.Mul:
		if infinite == 0 {
			return limit{e: t.Mul(exprs...)}
		}
		sign := 1
		for _, a := range args {
			sign *= a.sign(t)
		}
		return limit{inf: sign}
	case expr.Div:
		u, v := args[0], args[1]
		switch {
		case u.inf == 0 && v.inf != 0:
			return limit{e: t.Int(0)}
		case v.inf == 0 && v.sign(t) != 0 && u.inf == 0:
			return limit{e: t.Mul(u.e, t.Pow(v.e, t.Int(-1)))}
		case v.inf == 0:
			return limit{inf: u.inf * v.sign(t)}
		}
	case expr.Pow:
		if c := n.Arg(1); c.Op() == expr.Num {
			return args[0].power(t, c.Number())
		}
		if c := n.Arg(0); form.ConstantSign(c) > 0 { // c^u = exp(u log c)
			u := args[1]
			if u.inf == 0 {
				return limit{e: t.Pow(exprs[0], u.e)}
			}
			switch u.inf * form.ConstantSign(t.Sub(t.Tidy(c), t.Int(1))) {
			case 1:
				return limit{inf: 1}
			case -1:
				return limit{e: t.Int(0)}
			}
		}
	case expr.Call:
		return limitOfCall(t, n, args)
	}
	return limit{}
}

// sign is the sign of a limit, 0 where it is not known or may be 0.
func (a limit) sign(t *simplify.Tidier) int {
	switch {
	case a.inf != 0:
		return a.inf
	case positive(a.e):
		return 1
	case positive(t.Neg(a.e)):
		return -1
	}
	return 0
}

// power is the limit of the power k of what tends to a.
func (a limit) power(t *simplify.Tidier, k number.Number) limit {
	n, whole := k.Int64()
	switch {
	case a.inf == 0 && (whole && n > 0 || a.sign(t) > 0 || whole && a.sign(t) < 0):
		return limit{e: t.Pow(a.e, t.Num(k))}
	case a.inf == 0:
		return limit{}
	case k.Sign() < 0 && (a.inf > 0 || whole):
		return limit{e: t.Int(0)}
	case a.inf > 0 && k.Sign() > 0 || whole && n%2 == 0 && n > 0:
		return limit{inf: 1}
	case whole && n > 0:
		return limit{inf: -1}
	}
	return limit{}
}

// limitOfCall is the limit of the call n of a function by those of its operands.
func limitOfCall(t *simplify.Tidier, n expr.Expr, args []limit) limit {
	f := n.Func()
	if len(args) != 1 {
		return limit{}
	}
	a := args[0]
	if a.inf == 0 {
		switch {
		case f.Dec == nil, f.Name == "sqrt": // continuous, at 0 as well
			return limit{e: t.Call(f, a.e)}
		case (f.Name == "log" || f.Name == "log1p") && positive(a.e):
			return limit{e: t.Call(f, a.e)}
		}
		return limit{}
	}
	switch text := f.Limits[(1+a.inf)/2]; text {
	case "":
		return limit{}
	case "inf":
		return limit{inf: 1}
	case "-inf":
		return limit{inf: -1}
	default:
		e, err := expr.Parse(text)
		if err != nil {
			return limit{}
		}
		return limit{e: t.Tidy(e)}
	}
}

// positive reports whether the tidy formula e is seen by its form to be greater than 0
// wherever it is defined.
func positive(e expr.Expr) bool {
	const (
		unknown = iota
		square  // not negative
		above
	)
	if !e.Valid() {
		return false
	}
	return expr.Fold(e, func(n expr.Expr, args []int) int {
		least, most := above, unknown
		for _, a := range args {
			least, most = min(least, a), max(most, a)
		}
		if n.IsConstant() {
			if form.ConstantSign(n) > 0 {
				return above
			}
			return unknown
		}
		switch n.Op() {
		case expr.Add:
			if least > unknown {
				return most
			}
		case expr.Mul, expr.Div:
			return least
		case expr.Pow:
			if args[0] == above {
				return above
			}
			if k := n.Arg(1); k.Op() == expr.Num {
				if i, whole := k.Number().Int64(); whole && i%2 == 0 {
					if i < 0 {
						return above // where it is defined
					}
					return square
				}
				return args[0]
			}
		case expr.Call:
			f := n.Func()
			sign := unknown
			if f.Range[0] == "0" {
				sign = square
			}
			switch {
			case f.Positive:
				return above
			case f.KeepsSign(), f.Name == "abs":
				return max(args[0], sign)
			}
			return sign
		}
		return unknown
	}) == above
}
