package verify

import (
	"math"
	"slices"

	"nabla/expr"
	"nabla/expr/fn"
	"nabla/expr/format"
	"nabla/expr/interval"
	"nabla/expr/number"
	"nabla/expr/simplify"
	"nabla/expr/tape"
)

// This file is the part of the check for functions of one variable that fall without end beside a place without a closed form: f is a sum of which one term is
// rest·g^power, power < 0, such as tan(u) with cos(u), or rest·log(g), and g tends to 0 there.

// A singular term is rest·g^power, or, for power 0, rest·log(g), and others the rest of the sum.
type singular struct {
	g, rest, others expr.Expr
	power           number.Number
}

// fallsBesideZero reports whether f is proved to fall without end beside a zero of a g in the region: g is continuous on an interval and has different signs at its
// ends, so that it has a first zero seen from either of them, and up to that f is defined, rest is away from 0 and has one sign, and the other terms are bounded.
func (v *verifier) fallsBesideZero() bool {
	if len(v.region) != 1 || len(v.cons) > 0 || hasBranches(v.f) {
		return false
	}
	t := simplify.New()
	conditions := simplify.Domain(v.f)
	return slices.ContainsFunc(singularIn(t, t.Sum(addends(t, nil, v.f, number.Int(1))...)), func(s singular) bool { return v.fallsAtZero(s, conditions) })
}

// singularIn are the ways in which a sum is singular.
func singularIn(t *simplify.Tidier, sum expr.Expr) (list []singular) {
	terms := operands(expr.Add, sum)
	var seen []expr.Expr
	for _, e := range terms {
		for _, u := range operands(expr.Mul, e) {
			s := singular{power: number.Int(-1)}
			over := t.Int(1)
			switch {
			case u.IsConstant() || slices.Contains(seen, u):
				continue
			case u.Op() == expr.Pow && u.Arg(1).Op() == expr.Num && u.Arg(1).Number().Sign() < 0:
				s.g, s.power = u.Arg(0), u.Arg(1).Number()
			case u.IsCall("log") && u.Len() == 1:
				s.g, s.power = u.Arg(0), number.Int(0)
			case u.IsCall("tan"):
				s.g, over = t.Call(fn.Lookup("cos"), u.Arg(0)), t.Call(fn.Lookup("sin"), u.Arg(0))
			default:
				continue
			}
			if seen = append(seen, u); s.g.IsCall("sqrt") {
				s.g, s.power = s.g.Arg(0), s.power.Mul(number.Frac(1, 2))
			}
			rest, others := []expr.Expr{t.Int(0)}, []expr.Expr{t.Int(0)}
			for _, e := range terms {
				factors := operands(expr.Mul, e)
				if i := slices.Index(factors, u); i >= 0 {
					rest = append(rest, t.Mul(append(slices.Delete(slices.Clone(factors), i, i+1), over)...))
				} else {
					others = append(others, e)
				}
			}
			s.rest, s.others = t.Add(rest...), t.Add(others...)
			list = append(list, s)
		}
	}
	return list
}

// fallsAtZero looks for places between which g changes its sign.
func (v *verifier) fallsAtZero(s singular, conditions []expr.Expr) bool {
	p, err := tape.Compile(v.c.Variables, s.g, s.rest)
	if err != nil {
		return false
	}
	const most = 50
	m, out, dec := p.NewMachine(), make([]interval.I, 2), make([]interval.Dec, 2)
	sign := func(x float64) int {
		if m.Interval(out, dec, []interval.I{interval.Point(x)}); min(dec[0], dec[1]) < interval.Defined || out[0].IsEmpty() {
			return 0
		}
		return signOfInterval(out[0])
	}
	var a float64
	atA, tried := 0, 0
	for _, b := range v.samples() {
		atB := sign(b)
		if atA*atB < 0 && tried < most {
			tried++
			lo, hi := a, b
			for {
				c := lo + (hi-lo)/2
				is := sign(c)
				if is == 0 || !(lo < c && c < hi) || hi-lo < 1e-9*math.Max(1e-9, math.Abs(c)) {
					break
				}
				if is == atA {
					lo = c
				} else {
					hi = c
				}
			}
			if v.fallsIn(s, conditions, interval.I{Lo: lo, Hi: hi}, atA) {
				return true
			}
		}
		a, atA = b, atB
	}
	return false
}

// signOfInterval is the sign of all numbers in it, 0 for none.
func signOfInterval(x interval.I) int {
	switch {
	case x.Lo > 0:
		return 1
	case x.Hi < 0:
		return -1
	}
	return 0
}

// samples are places in the region, in order.
func (v *verifier) samples() (list []float64) {
	for k := -160; k <= 160; k++ {
		list = append(list, math.Copysign(math.Exp2(float64(max(k, -k)-80)/8), float64(k))) // up to 2^10
	}
	for k := -400; k <= 400; k++ { // and close ones
		list = append(list, float64(k)/32)
	}
	slices.Sort(list)
	return slices.DeleteFunc(list, func(x float64) bool { return !(v.lower[0] < x && x < v.upper[0]) })
}

// fallsIn reports whether f falls without end in x, at the lower end of which g has the sign atLo, and the other one at the upper end.
func (v *verifier) fallsIn(s singular, conditions []expr.Expr, x interval.I, atLo int) bool {
	box := []interval.I{x}
	g, dg := v.encloseIn(s.g, box)
	rest, dr := v.encloseIn(s.rest, box)
	others, do := v.encloseIn(s.others, box)
	side := signOfInterval(rest)
	if dg != interval.Continuous || dr < interval.Defined || do < interval.Defined || !g.IsBounded() || !others.IsBounded() || side == 0 {
		return false
	}
	for _, sign := range []int{1, -1} { // of g on the way to its first zero, from the one end or the other
		if (s.singularSign(sign))*side < 0 && !slices.ContainsFunc(conditions, func(c expr.Expr) bool { return !v.holdsBeside(c, s.g, sign, box) }) {
			v.yes("the values fall without end in [%.12g, %.12g], where %s is continuous and changes its sign, beside its first zero", x.Lo, x.Hi, format.Text(s.g))
			return true
		}
	}
	return false
}

// singularSign is that of g^power or log(g) for small g with a sign, 0 where it has none.
func (s singular) singularSign(sign int) int {
	n, whole := s.power.Int64()
	switch {
	case s.power.Sign() == 0 && sign > 0:
		return -1
	case s.power.Sign() == 0 || sign < 0 && !(whole && s.power.IsInt()):
		return 0
	case sign < 0 && n%2 != 0:
		return -1
	}
	return 1
}

// holdsBeside reports whether a condition holds in the box, or where g has a sign there.
func (v *verifier) holdsBeside(c, g expr.Expr, sign int, box []interval.I) bool {
	if !c.Op().IsRelation() {
		return false
	}
	pool := expr.NewPool()
	d := pool.Make(expr.Add, pool.Import(c.Arg(0)), pool.Make(expr.Neg, pool.Import(c.Arg(1))))
	r, dec := v.encloseIn(d, box)
	is := signOfInterval(r)
	if dec < interval.Defined {
		is = 0
	}
	switch { // d is a multiple of g
	case is != 0:
	case equal(d, g):
		is = sign
	case equal(d, pool.Make(expr.Neg, pool.Import(g))):
		is = -sign
	default:
		return false
	}
	return simplify.Holds(c.Op(), number.Int(int64(is)), number.Int(0))
}
