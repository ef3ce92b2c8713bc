package global

import (
	"slices"

	"nabla/expr"
	"nabla/expr/format"
	"nabla/expr/number"
	"nabla/expr/simplify"
	"nabla/expr/tape"
	"nabla/optimize/global/internal/form"
)

// A monomialForm is c·u^k for the inner quadratic.Monomial u; k = 0 for a constant. Where
// bad is set the node is no function of u.
type monomialForm struct {
	powers []int64 // of the variables, nil for what is no monomial
	c      number.Number
	h      expr.Expr // the node as a formula in u, where it is no monomial
	bad    bool
}

// throughMonomial writes all of fs, that to be minimised and the conditions, as functions of one product of powers of the
// variables, such as x*y^2: every quadratic.Monomial in them is a power of that one.
func throughMonomial(fs []expr.Expr, vars []string, name string) *composition {
	t := simplify.New()
	var base []int64                // exponents without a common divisor
	direct, inverse := false, false // which signs of powers of u occur
	lift := func(m monomialForm) (expr.Expr, bool) {
		if m.bad {
			return expr.Expr{}, false
		}
		if m.powers == nil {
			return m.h, true
		}
		var k int64
		for i, e := range m.powers {
			if e == 0 {
				if k != 0 {
					return expr.Expr{}, false
				}
				continue
			}
			if base == nil {
				var d int64
				for _, x := range m.powers {
					d = number.GCD(max(x, -x), d)
				}
				// With a power that is positive u may be 0.
				if !slices.ContainsFunc(m.powers, func(x int64) bool { return x > 0 }) {
					d = -d
				}
				for _, x := range m.powers {
					base = append(base, x/d)
				}
			}
			if base[i] == 0 || e%base[i] != 0 || i > 0 && k != e/base[i] {
				return expr.Expr{}, false
			}
			k = e / base[i]
		}
		direct, inverse = direct || k > 0, inverse || k < 0
		return t.Mul(t.Num(m.c), t.Pow(t.Var(name), t.Int(k))), true
	}
	node := func(n expr.Expr, args []monomialForm) monomialForm {
		if m, ok := asMonomial(n, args, vars); ok {
			return m
		}
		if n.Op() == expr.Mul { // 1/x and 1/y are no functions of x y, but together they are
			args = withOneMonomial(args)
		}
		operands := make([]expr.Expr, len(args))
		for i, a := range args {
			e, ok := lift(a)
			if !ok {
				return monomialForm{bad: true}
			}
			operands[i] = e
		}
		if n.Op() == expr.Mul {
			return monomialForm{h: t.Mul(operands...)}
		}
		return monomialForm{h: expr.Remake(n, t, operands, nil)}
	}
	var hs []expr.Expr
	for _, f := range fs {
		h, ok := lift(expr.Fold(f, node))
		if !ok {
			return nil
		}
		hs = append(hs, h)
	}
	if base == nil || slices.Contains(base, 0) {
		return nil
	}
	// 1/(x/y) is not defined for x = 0, as y/x is, unless x/y occurs too.
	if slices.ContainsFunc(base, func(k int64) bool { return k < 0 }) && inverse && (!direct || slices.ContainsFunc(fs, form.HasKinks)) {
		return nil
	}
	u := t.Int(1)
	for i, k := range base {
		u = t.Mul(u, t.Pow(t.Var(vars[i]), t.Int(k)))
	}
	return &composition{name: name, h: hs[0], conditions: hs[1:], u: u, text: format.Text(u), inner: monomialInner{base}}
}

// withOneMonomial makes one of the monomials among factors.
func withOneMonomial(args []monomialForm) []monomialForm {
	out := args[:0:0]
	one := monomialForm{c: number.Int(1)}
	for _, a := range args {
		if a.bad || a.powers == nil {
			out = append(out, a)
			continue
		}
		one.c = one.c.Mul(a.c)
		if one.powers == nil {
			one.powers = make([]int64, len(a.powers))
		}
		for i, k := range a.powers {
			one.powers[i] += k
		}
	}
	if one.powers != nil {
		out = append(out, one)
	}
	return out
}

// asMonomial reads the node as a constant times whole powers of the variables.
func asMonomial(n expr.Expr, args []monomialForm, vars []string) (monomialForm, bool) {
	for _, a := range args {
		if a.bad || a.powers == nil {
			return monomialForm{}, false
		}
	}
	m := monomialForm{powers: make([]int64, len(vars)), c: number.Int(1)}
	switch n.Op() {
	case expr.Num:
		m.c = n.Number()
		return m, true
	case expr.Var:
		i := slices.Index(vars, n.Name())
		if i < 0 {
			return m, false
		}
		m.powers[i] = 1
		return m, true
	case expr.Mul:
		for _, a := range args {
			m.c = m.c.Mul(a.c)
			for i, k := range a.powers {
				m.powers[i] += k
			}
		}
		return m, true
	case expr.Pow:
		k, ok := args[1].c.Int64()
		if !ok || n.Arg(1).Op() != expr.Num || max(k, -k) > form.MaxDegree || k < 0 && args[0].c.Sign() == 0 {
			return m, false
		}
		m.c, ok = args[0].c.Pow(int(k))
		for i, e := range args[0].powers {
			m.powers[i] = k * e
		}
		return m, ok
	}
	return m, false
}

// A monomialInner is the product of the variables to the given powers, which have
// no common divisor, some of them positive. One is odd, so that all real values are taken.
type monomialInner struct{ powers []int64 }

func (m monomialInner) bound() Bound { return Bound{} }

func (m monomialInner) once(v expr.Expr) bool { return false }

func (m monomialInner) solve(t *simplify.Tidier, v expr.Expr) []expr.Expr {
	x := make([]expr.Expr, len(m.powers))
	for i := range x {
		x[i] = t.Int(1)
	}
	odd := slices.Index(m.powers, 1)
	if odd >= 0 {
		x[odd] = v
		return x
	}
	// With an odd power k, x = v^(1/k), for v < 0 as x = -(-v)^(1/k).
	odd = slices.IndexFunc(m.powers, func(k int64) bool { return k > 0 && k%2 != 0 })
	if odd < 0 {
		odd = slices.IndexFunc(m.powers, func(k int64) bool { return k%2 != 0 })
		if v.IsNum(0) {
			x[slices.IndexFunc(m.powers, func(k int64) bool { return k > 0 })] = v
			return x
		}
	}
	root := number.Frac(1, m.powers[odd])
	if v.Op() == expr.Var {
		x[odd] = t.Pow(v, t.Num(root)) // for v ≥ 0
		return x
	}
	if b, ok := tape.EncloseConstant(v); v.IsConstant() && ok && b.Hi < 0 {
		x[odd] = t.Neg(t.Pow(t.Neg(v), t.Num(root)))
	} else if v.IsConstant() && ok && (b.Lo >= 0 || v.IsNum(0)) {
		x[odd] = t.Pow(v, t.Num(root))
	} else {
		return nil
	}
	return x
}
