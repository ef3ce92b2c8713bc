package verify

import (
	"math"
	"math/big"
	"slices"

	"nabla/diff"
	"nabla/expr"
	"nabla/expr/number"
	"nabla/expr/simplify"
	"nabla/expr/tape"
)

// This file is the part of the check for infima that are sums of those of the terms: no point has one if some term does not have its own,
// and waves with independent speeds come near theirs together.

// exceeds reports whether f is proved to be greater than the constant c wherever it is defined: it is not lower than the sum of the lower
// bounds of its terms in closed form, which is c or more, and one term is greater than its bound.
func (v *verifier) exceeds(c expr.Expr) bool {
	t := simplify.New()
	sum, strict := []expr.Expr{t.Neg(t.Tidy(c)), t.Int(0)}, false
	var list []expr.Expr
	for _, e := range operands(expr.Add, t.Sum(addends(t, nil, v.f, number.Int(1))...)) {
		if k, u := t.Split(e); u.IsCall("floor") { // is greater than u - 1 and at most u
			if e = t.Mul(t.Num(k), u.Arg(0)); k.Sign() > 0 {
				strict, e = true, t.Sub(e, t.Num(k))
			}
		}
		list = addends(t, list, e, number.Int(1))
	}
	for _, e := range operands(expr.Add, t.Sum(list...)) {
		low, above, ok := v.lowEnd(t, e)
		if !ok {
			return false
		}
		sum, strict = append(sum, low), strict || above
	}
	gap := t.Add(sum...)
	if at, ok := tape.EncloseConstant(gap); ok && at.Lo > 0 {
		return true
	}
	return strict && equal(gap, t.Int(0))
}

// lowEnd is a lower bound of a term in closed form: the end of the values of a function, or 0. Strict says that the term is greater: a
// strictly monotone function does not have its limit, and log(u) is positive for u > 1.
func (v *verifier) lowEnd(t *simplify.Tidier, e expr.Expr) (low expr.Expr, strict, ok bool) {
	if e.IsConstant() {
		return e, false, true
	}
	k, u := t.Split(e)
	if u.Op() == expr.Call && u.Len() == 1 && (u.Func().Monotone != 0 || u.IsCall("sin") || u.IsCall("cos")) {
		f, side := u.Func(), 0
		if k.Sign() < 0 {
			side = 1
		}
		if text := f.Range[side]; text != "" {
			end := expr.MustParse(text)
			strict = f.Monotone != 0 && slices.ContainsFunc(f.Limits[:], func(limit string) bool { return limit != "" && limit == text })
			return t.Mul(t.Num(k), t.Tidy(end)), strict, true
		}
	}
	r, some := v.rangeOn(e)
	if !some || !(r.Lo >= 0) {
		return low, false, false
	}
	strict = r.Lo > 0 || v.nonzero(e)
	if u.IsCall("log") && u.Len() == 1 && k.Sign() > 0 {
		more, _, nonnegative := v.lowEnd(t, t.Sum(addends(t, nil, t.Sub(u.Arg(0), t.Int(1)), number.Int(1))...))
		strict = strict || nonnegative && more.IsNum(0) && v.nonzero(t.Sub(u.Arg(0), t.Int(1)))
	}
	return t.Int(0), strict, true
}

// A wave is size·sin(speed·x + phase), or with cos, in the only variable; it is lowest where speed·x + phase is lowest·π and whole turns more.
type wave struct {
	speed, phase, depth expr.Expr // depth is |size|
	lowest              number.Number
}

// readWaves reads f as a constant and a sum of waves.
func (v *verifier) readWaves(t *simplify.Tidier) (constant expr.Expr, list []wave, ok bool) {
	constant = t.Int(0)
	x := v.c.Variables[0]
	for _, e := range operands(expr.Add, t.Sum(addends(t, nil, v.f, number.Int(1))...)) {
		if e.IsConstant() {
			constant = t.Add(constant, e)
			continue
		}
		size, w := t.Int(1), wave{}
		var turn expr.Expr
		for _, a := range operands(expr.Mul, e) {
			switch {
			case a.IsConstant():
				size = t.Mul(size, a)
			case turn.Valid() || !a.IsCall("sin") && !a.IsCall("cos"):
				return constant, nil, false
			default:
				turn = a
			}
		}
		arg := turn.Arg(0)
		w.speed, w.phase = t.Tidy(t.Pool().Import(diff.D(arg, x))), t.Tidy(substitute(arg, map[string]expr.Expr{x: t.Int(0)}))
		sign, known := tape.EncloseConstant(size)
		speed, moves := tape.EncloseConstant(w.speed)
		if !w.speed.IsConstant() || !known || sign.Has(0) || !moves || speed.Has(0) || !equal(arg, t.Add(t.Mul(w.speed, t.Var(x)), w.phase)) {
			return constant, nil, false
		}
		w.depth, w.lowest = size, number.Int(1)
		if turn.IsCall("sin") {
			w.lowest = number.Frac(-1, 2)
		}
		if sign.Hi < 0 {
			w.depth, w.lowest = t.Neg(size), w.lowest.Add(number.Int(1))
		}
		list = append(list, w)
	}
	return constant, list, len(list) > 1
}

// byWaves reports whether the closed form of the infimum is the constant less the depths of all waves, and f comes near it and does not have
// it. With speeds that are linearly independent over the rational numbers it comes near (Kronecker). If two waves are lowest at x and their
// phases are rational multiples of π, so are speed·x of both, of which the ratio is irrational: x is 0, at which f is greater.
func (v *verifier) byWaves() bool {
	if len(v.region) != 1 || len(v.cons)+len(simplify.Domain(v.f)) > 0 || !math.IsInf(v.region[0].Lo, -1) && !math.IsInf(v.region[0].Hi, 1) {
		return false
	}
	t := simplify.New()
	low, list, ok := v.readWaves(t)
	if !ok {
		return false
	}
	var speeds []expr.Expr
	pi := t.Tidy(expr.MustParse("pi"))
	for _, w := range list {
		low = t.Sub(low, w.depth)
		speeds = append(speeds, w.speed)
		if turns := t.Mul(w.phase, t.Pow(pi, t.Int(-1))); turns.Op() != expr.Num {
			return false
		}
	}
	start := v.valueAt(location{with: map[string]expr.Expr{v.c.Variables[0]: t.Int(0)}})
	value, ok1 := tape.EncloseConstant(start)
	least, ok2 := tape.EncloseConstant(low)
	if !ok1 || !ok2 || !(value.Lo > least.Hi) || !equal(low, v.exact) || !independent(t, speeds) {
		return false
	}
	v.yes("the formula is a sum of %d waves, the speeds of which are linearly independent over the rational numbers: it comes near the sum of their least values, and no point has it", len(list))
	return true
}

// independent reports whether constants are proved to be linearly independent over the rational numbers: two with an irrational ratio, or
// rational multiples of square roots of numbers, all with irrational ratios (Besicovitch).
func independent(t *simplify.Tidier, list []expr.Expr) bool {
	for i, a := range list {
		for _, b := range list[:i] {
			ratio := t.Mul(a, t.Pow(b, t.Int(-1)))
			if root := irrationalRoot(t, ratio); !root && (len(list) > 2 || !isTranscendental(ratio)) {
				return false
			}
		}
	}
	return true
}

// irrationalRoot reports whether the square of c is a rational number that is no square of one.
func irrationalRoot(t *simplify.Tidier, c expr.Expr) bool {
	square, ok := exactRat(t.Tidy(t.Pow(c, t.Int(2))))
	isSquare := func(n *big.Int) bool { r := new(big.Int).Sqrt(n); return r.Mul(r, r).Cmp(n) == 0 }
	return ok && square.Sign() > 0 && !(isSquare(square.Num()) && isSquare(square.Denom()))
}

// isTranscendental reports whether c is a multiple, by rational powers of rational numbers, of a power of π, or of e^q or log(q) for a rational q (Lindemann).
func isTranscendental(c expr.Expr) bool {
	factors := slices.DeleteFunc(slices.Clone(operands(expr.Mul, c)), func(u expr.Expr) bool {
		return u.Op() == expr.Num || u.IsCall("sqrt") && u.Arg(0).Op() == expr.Num || u.Op() == expr.Pow && u.Arg(0).Op() == expr.Num && u.Arg(1).Op() == expr.Num
	})
	if len(factors) != 1 {
		return false
	}
	u := factors[0]
	if u.Op() == expr.Pow && u.Arg(1).Op() == expr.Num && u.Arg(1).Number().IsInt() && u.Arg(1).Number().Sign() != 0 {
		u = u.Arg(0)
	}
	switch {
	case u.IsCall("pi"):
		return true
	case u.IsCall("exp"):
		return u.Arg(0).Op() == expr.Num && u.Arg(0).Number().Sign() != 0
	case u.IsCall("log") && u.Len() == 1:
		return u.Arg(0).Op() == expr.Num && u.Arg(0).Number().Sign() > 0 && !u.Arg(0).IsNum(1)
	}
	return false
}
