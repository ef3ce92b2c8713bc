package form

import (
	"nabla/expr"
	"nabla/expr/fn"
	"nabla/expr/number"
	"nabla/expr/simplify"
)

// Inverses returns the values of the variable for which the tidy formula u of one variable
// may be y; false when u is not a chain of functions with inverses in closed form.
func Inverses(t *simplify.Tidier, u, y expr.Expr) ([]expr.Expr, bool) { return chain(t, u, y, all) }

// Preimages returns some values of the variable for which the tidy formula u of one variable
// may be y; false when u is no chain of functions with such values in closed form.
func Preimages(t *simplify.Tidier, u, y expr.Expr) ([]expr.Expr, bool) { return chain(t, u, y, some) }

// Nearby is Inverses where of a periodic function the arguments that are less than three
// quarters of a turn from 0 do.
func Nearby(t *simplify.Tidier, u, y expr.Expr) ([]expr.Expr, bool) { return chain(t, u, y, nearby) }

// chain undoes one function of the chain u after the other.
func chain(t *simplify.Tidier, u, y expr.Expr, undo func(*fn.Func) []string) ([]expr.Expr, bool) {
	out := []expr.Expr{t.Pool().Import(y)}
	for u.Op() != expr.Var {
		at, ok := operand(u)
		if !ok {
			return nil, false
		}
		next := make([]expr.Expr, 0, 2*len(out))
		for _, v := range out {
			list := inverseNode(t.Pool(), u, at, v, undo)
			if list == nil {
				return nil, false
			}
			for _, w := range list {
				next = append(next, t.Tidy(w))
			}
		}
		if len(next) > 8 {
			return nil, false
		}
		out, u = next, u.Arg(at)
	}
	return out, true
}

// Undo returns the values that the one operand of the tidy formula u with variables can have
// where u is y; false when there are several such operands, or the values have no closed form.
func Undo(t *simplify.Tidier, u, y expr.Expr) (operandNumber int, values []expr.Expr, ok bool) {
	at, ok := operand(u)
	if !ok {
		return 0, nil, false
	}
	list := inverseNode(t.Pool(), u, at, y, all)
	for i := range list {
		list[i] = t.Tidy(list[i])
	}
	return at, list, list != nil
}

// Invert returns the values that operand number at of u can have where u is y, and the conditions on y without which it has none of
// them, beside that they are defined; no value where they have no closed form.
func Invert(pool *expr.Pool, u expr.Expr, at int, y expr.Expr) (values, where []expr.Expr) {
	zero := pool.Int(0)
	switch u.Op() {
	case expr.Pow:
		base, n := u.Arg(0), u.Arg(1)
		switch {
		case !base.IsConstant() && !n.IsConstant(): // which is neither 0 nor 1 where the base is 0 or 1, or the exponent 0
			if ConstantSign(y) <= 0 || ConstantSign(pool.Make(expr.Add, y, pool.Int(-1))) == 0 {
				return nil, nil
			}
			if at == 0 {
				return []expr.Expr{pool.Make(expr.Pow, y, pool.Make(expr.Div, pool.Int(1), n))}, nil
			}
		case at == 1: // log(y)/log(base) is to have a value
			if base.Op() != expr.Num || base.Number().Sign() <= 0 || base.IsNum(1) {
				return nil, nil
			}
		case n.Op() == expr.Num && !n.Number().IsInt(): // a power of what is not negative
			where = append(where, pool.Make(expr.Ge, y, zero))
		}
	case expr.Call:
		where = valuesOf(pool, u.Func(), y)
	case expr.Div:
		if at == 0 { // what it is divided by is not 0
			return []expr.Expr{pool.Make(expr.Div, y, pool.Make(expr.Div, pool.Int(1), u.Arg(1)))}, nil
		}
	case expr.Add, expr.Mul, expr.Neg:
	default:
		return nil, nil
	}
	return inverseNode(pool, u, at, y, all), where
}

// valuesOf are conditions for y to be a value of f, beside that the inverse of f is defined there.
func valuesOf(pool *expr.Pool, f *fn.Func, y expr.Expr) (where []expr.Expr) {
	if f.Inverse == "" {
		return nil
	}
	if v := simplify.Template(f, f.Inverse); v.Op() == expr.Call && v.Arg(0).Op() == expr.Var && v.Func().Inverse != "" {
		return nil // which is defined for the values of f
	}
	for side, op := range [2]expr.Op{expr.Ge, expr.Le} {
		if end := f.Range[side]; end != "" {
			where = append(where, pool.Make(op, y, pool.Import(expr.MustParse(end))))
		}
	}
	return where
}

// operand returns which operand of u is the only one with variables.
func operand(u expr.Expr) (at int, ok bool) {
	at = -1
	for k, a := range u.Args() {
		if !a.IsConstant() {
			if at >= 0 {
				return 0, false
			}
			at = k
		}
	}
	return at, at >= 0
}

// all are all arguments at which f may have the value of its argument; nil where they have
// no closed form.
func all(f *fn.Func) []string {
	switch f.Name {
	case "abs":
		return []string{"-x", "x"}
	case "cosh", "sech":
		return []string{"-a" + f.Name + "(x)", "a" + f.Name + "(x)"}
	}
	if f.Inverse == "" {
		return nil
	}
	return []string{f.Inverse}
}

// some is an argument at which f has the value of its argument; nil where none has a closed form.
func some(f *fn.Func) []string {
	switch f.Name {
	case "sin", "cos", "tan":
		return []string{"a" + f.Name + "(x)"}
	}
	return all(f)
}

// nearby are the arguments less than three quarters of a turn from 0 at which f has the
// value of its argument; nil where they have no closed form.
func nearby(f *fn.Func) []string {
	inverse := "a" + f.Name + "(x)"
	switch f.Name {
	case "sin", "csc":
		return []string{inverse, "pi - " + inverse, "-pi - " + inverse}
	case "cos", "sec":
		return []string{inverse, "-" + inverse, "2*pi - " + inverse, inverse + " - 2*pi"}
	case "tan", "cot":
		return []string{inverse, inverse + " + pi", inverse + " - pi"}
	}
	return all(f)
}

// inverseNode returns what operand number at of u can be when u = y; undo says it of functions.
func inverseNode(pool *expr.Pool, u expr.Expr, at int, y expr.Expr, undo func(*fn.Func) []string) []expr.Expr {
	var rest []expr.Expr
	for k, a := range u.Args() {
		if k != at {
			rest = append(rest, a)
		}
	}
	power := func(v, n expr.Expr) expr.Expr { return pool.Make(expr.Pow, v, n) }
	switch u.Op() {
	case expr.Add:
		return []expr.Expr{pool.Make(expr.Add, y, pool.Make(expr.Neg, pool.Make(expr.Add, rest...)))}
	case expr.Mul:
		return []expr.Expr{pool.Make(expr.Div, y, pool.Make(expr.Mul, rest...))}
	case expr.Neg:
		return []expr.Expr{pool.Make(expr.Neg, y)}
	case expr.Div:
		if at == 0 {
			return []expr.Expr{pool.Make(expr.Mul, y, rest[0])}
		}
		return []expr.Expr{pool.Make(expr.Div, rest[0], y)}
	case expr.Pow:
		if at == 1 {
			log := fn.Lookup("log")
			return []expr.Expr{pool.Make(expr.Div, pool.Call(log, y), pool.Call(log, rest[0]))}
		}
		if rest[0].Op() != expr.Num || rest[0].Number().Sign() == 0 {
			return nil
		}
		n := rest[0].Number()
		if n.Sign() < 0 {
			n, y = n.Neg(), power(y, pool.Int(-1))
		}
		inv, _ := n.Inv()
		root := power(y, pool.Num(inv))
		k, whole := n.Int64()
		switch {
		case n == number.Int(1):
			return []expr.Expr{y}
		case k == 2 && whole:
			root = pool.Call(fn.Lookup("sqrt"), y)
		case k == 3 && whole:
			return []expr.Expr{pool.Call(fn.Lookup("cbrt"), y)}
		case whole && k%2 != 0:
			return []expr.Expr{pool.Call(fn.Lookup("root"), y, pool.Num(n))}
		}
		if whole {
			return []expr.Expr{pool.Make(expr.Neg, root), root}
		}
		return []expr.Expr{root}
	case expr.Call:
		if u.Len() != 1 {
			return nil
		}
		var out []expr.Expr
		for _, text := range undo(u.Func()) {
			inverse := pool.Import(simplify.Template(u.Func(), text))
			out = append(out, pool.Substitute(inverse, map[string]expr.Expr{u.Func().Args[0]: y}))
		}
		return out
	}
	return nil
}
