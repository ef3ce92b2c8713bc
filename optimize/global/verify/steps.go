package verify

import (
	"math"
	"math/big"
	"slices"

	"nabla/expr"
	"nabla/expr/fn"
	"nabla/expr/number"
	"nabla/optimize/global/certificate"
)

// This file is the part of the check for claims that follow from those on values of a function with steps.

// maxSteps is the number of values that are looked at.
const maxSteps = 2000

// stepCases returns the cases of the parts, in which Inner has the values Lift, if f is above the claim where it has others.
func (v *verifier) stepCases(r *certificate.Reduction, parts []*verifier) ([]branch, bool) {
	s, err := expr.Parse(r.Inner)
	if err != nil || s.Op() != expr.Call || s.Len() != 1 || len(r.Lift) != len(parts) || !v.definedWith(v.f, s) {
		return nil, false
	}
	if v.c.Status == certificate.Empty { // of which the other values say nothing
		return nil, false
	}
	var out []branch
	var values []int64
	for _, text := range r.Lift {
		k, ok := new(big.Int).SetString(text, 10)
		if !ok || !k.IsInt64() || k.BitLen() > 50 {
			return nil, false
		}
		values = append(values, k.Int64())
		b, ok := v.stepCase(s, k.Int64())
		if !ok {
			return nil, false
		}
		out = append(out, b)
	}
	all, ok := v.rangeOn(s)
	if !ok || !(all.Width() <= maxSteps) || !(all.Mag() < 1<<50) {
		return nil, false
	}
	for k := int64(all.Lo); k <= int64(all.Hi); k++ {
		if slices.Contains(values, k) {
			continue
		}
		b, ok := v.stepCase(s, k)
		if !ok || !v.nothingIn(b) {
			v.no("that f is above the value where %s is %d", r.Inner, k)
			return nil, false
		}
	}
	return out, true
}

// nothingIn reports whether f is proved, by boxes, to be above the claim everywhere in the case b: what is said of where and
// whether the value is taken, and that nothing is lower without a tolerance, is said of that too.
func (v *verifier) nothingIn(b branch) bool {
	w := *v
	w.f, w.cons, w.duals, w.supports, w.bent, w.sites = b.f, append(slices.Clip(v.cons), b.more...), nil, nil, false, nil
	w.out, w.dec, w.compact, w.least = nil, nil, nil, math.Nextafter(v.high, math.Inf(1))
	return w.compileConditions() == nil && w.compile() == nil && w.bounded(slices.Clone(v.region), 1000)
}

// stepCase is the case in which s, a function of u with whole values, is k. mod(a, b) is a - b k where s is floor(a/b), b being a
// number > 0.
func (v *verifier) stepCase(s expr.Expr, k int64) (branch, bool) {
	pool := expr.NewPool()
	u := pool.Import(s.Arg(0))
	b := branch{f: expr.Fold(v.f, func(n expr.Expr, args []expr.Expr) expr.Expr {
		if expr.Equal(n, s) {
			return pool.Int(k)
		}
		if s.IsCall("floor") && n.IsCall("mod") && n.Arg(1).Op() == expr.Num && n.Arg(1).Number().Sign() > 0 {
			if ratio := pool.Call(fn.Lookup("floor"), pool.Make(expr.Div, args[0], args[1])); expr.Equal(ratio, s) {
				return pool.Make(expr.Add, args[0], pool.Make(expr.Neg, pool.Make(expr.Mul, args[1], pool.Int(k))))
			}
		}
		return expr.Remake(n, pool, args, nil)
	})}
	minus := func(a, b expr.Expr) expr.Expr { return pool.Make(expr.Add, a, pool.Make(expr.Neg, b)) }
	between := func(lo number.Number, loOpen, hiOpen bool) {
		hi := lo.Add(number.Int(1))
		b.more = []constraintCheck{{g: minus(pool.Num(lo), u), strict: loOpen}, {g: minus(u, pool.Num(hi)), strict: hiOpen}}
	}
	switch {
	case s.IsCall("floor"):
		between(number.Int(k), false, true)
	case s.IsCall("ceil"):
		between(number.Int(k-1), true, false)
	case s.IsCall("round"): // halves away from 0
		between(number.Frac(2*k-1, 2), k <= 0, k >= 0)
	case s.IsCall("sign") && k == 0:
		b.more = []constraintCheck{{g: u, equal: true}}
	case s.IsCall("sign") && math.Abs(float64(k)) == 1:
		b.more = []constraintCheck{{g: pool.Make(expr.Mul, pool.Int(-k), u), strict: true}}
	default:
		return b, false
	}
	return b, true
}
