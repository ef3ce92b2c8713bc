package global

import (
	"slices"

	"nabla/expr"
	"nabla/expr/number"
	"nabla/expr/simplify"
	"nabla/optimize/global/internal/form"
)

// A term is c Π x_i^a_i, c a constant.
type term struct {
	c expr.Expr
	a []number.Number
}

// signomial reads e as a sum of terms in the variables, which are positive.
// The coefficients are in the pool of t.
func signomial(t *simplify.Tidier, e expr.Expr, vars []string) ([]term, bool) {
	if e.Size() > 500 {
		return nil, false
	}
	list := expr.Fold(t.Pool().Import(e), func(n expr.Expr, args [][]term) []term {
		return signomialNode(t, n, args, vars)
	})
	return list, len(list) > 0
}

// maxSignomial is the number of terms up to which products and powers are multiplied out.
const maxSignomial = 60

// signomialNode returns the node n as a sum of terms, given its operands as such; nil is
// none.
func signomialNode(t *simplify.Tidier, n expr.Expr, args [][]term, vars []string) []term {
	for k, a := range args {
		if a == nil && !(n.Op() == expr.Pow && k == 1) {
			return nil
		}
	}
	switch n.Op() {
	case expr.Num:
		return []term{{n, make([]number.Number, len(vars))}}
	case expr.Var:
		i := slices.Index(vars, n.Name())
		if i < 0 {
			return nil
		}
		a := make([]number.Number, len(vars))
		a[i] = number.Int(1)
		return []term{{t.Int(1), a}}
	case expr.Add:
		return collected(t, slices.Concat(args...))
	case expr.Neg:
		return scaled(t, args[0], t.Int(-1))
	case expr.Mul:
		p := args[0]
		for _, q := range args[1:] {
			if p = multiplied(t, p, q); p == nil {
				return nil
			}
		}
		return p
	case expr.Div:
		return multiplied(t, args[0], powered(t, args[1], number.Int(-1)))
	case expr.Pow:
		if k := simplify.Tidy(n.Arg(1)); k.Op() == expr.Num {
			return powered(t, args[0], k.Number())
		}
	case expr.Call:
		switch {
		case n.Func().Name == "sqrt":
			return powered(t, args[0], number.Frac(1, 2))
		case n.Func().Name == "cbrt":
			return powered(t, args[0], number.Frac(1, 3))
		case n.IsConstant():
			return []term{{n, make([]number.Number, len(vars))}}
		}
	}
	return nil
}

// collected adds up terms with equal exponents.
func collected(t *simplify.Tidier, list []term) []term {
	var out []term
	for _, m := range list {
		i := slices.IndexFunc(out, func(o term) bool { return slices.Equal(o.a, m.a) })
		if i < 0 {
			out = append(out, m)
		} else {
			out[i].c = t.Add(out[i].c, m.c)
		}
	}
	out = slices.DeleteFunc(out, func(m term) bool { return m.c.IsNum(0) })
	if len(out) == 0 && len(list) > 0 {
		out = []term{{t.Int(0), make([]number.Number, len(list[0].a))}}
	}
	return out
}

func scaled(t *simplify.Tidier, p []term, c expr.Expr) []term {
	out := make([]term, len(p))
	for i, m := range p {
		out[i] = term{t.Mul(c, m.c), m.a}
	}
	return out
}

func multiplied(t *simplify.Tidier, p, q []term) []term {
	if p == nil || q == nil || len(p)*len(q) > maxSignomial {
		return nil
	}
	var out []term
	for _, m := range p {
		for _, o := range q {
			a := make([]number.Number, len(m.a))
			for i := range a {
				a[i] = m.a[i].Add(o.a[i])
			}
			out = append(out, term{t.Mul(m.c, o.c), a})
		}
	}
	return collected(t, out)
}

// powered returns p^k: of a single term with a positive coefficient, or multiplied out.
func powered(t *simplify.Tidier, p []term, k number.Number) []term {
	switch i, isInt := k.Int64(); {
	case p == nil:
	case len(p) == 1 && (isInt && !p[0].c.IsNum(0) || form.ConstantSign(p[0].c) > 0):
		a := make([]number.Number, len(p[0].a))
		for j := range a {
			a[j] = p[0].a[j].Mul(k)
		}
		return []term{{t.Tidy(t.Pow(p[0].c, t.Num(k))), a}}
	case isInt && i > 0 && i <= 6:
		out := p
		for range i - 1 {
			out = multiplied(t, out, p)
		}
		return out
	}
	return nil
}
