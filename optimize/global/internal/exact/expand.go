package exact

import (
	"slices"

	"nabla/expr"
	"nabla/expr/fn"
	"nabla/expr/interval"
	"nabla/expr/number"
	"nabla/expr/simplify"
	"nabla/expr/tape"
)

// Expand writes the tidy formula e, of the Pool of r, as a Combo.
func (r *Ring) Expand(e expr.Expr) Combo {
	if c, ok := r.memo[e]; ok {
		return c
	}
	w := expr.Order(e)
	vals := expr.FoldAll(w, func(n expr.Expr, args []Combo) Combo {
		if c, ok := r.memo[n]; ok {
			return c
		}
		c, ok := r.expandNode(n, args)
		if !ok {
			c = r.opaque(n)
		}
		r.memo[n] = c
		return c
	})
	return vals[len(vals)-1]
}

func (r *Ring) expandNode(n expr.Expr, args []Combo) (Combo, bool) {
	switch n.Op() {
	case expr.Num:
		return comboOf(n.Number()), true
	case expr.Var:
		return r.one(r.enter(n, Kernel{kind: kernelX, HasX: n.Name() == r.x})), true
	case expr.Add:
		var out Combo
		for _, a := range args {
			out = append(out, a...)
			if len(out) > 4*comboLimit {
				return nil, false
			}
		}
		out = collectCombo(slices.Clone(out))
		return out, len(out) <= max(comboLimit, len(args))
	case expr.Mul:
		out, ok := args[0], true
		for _, a := range args[1:] {
			if out, ok = r.mul(out, a); !ok {
				return nil, false
			}
		}
		return out, true
	case expr.Neg:
		return args[0].Neg(), true
	case expr.Div:
		inv, ok := r.pow(args[1], number.Int(-1))
		if !ok {
			return nil, false
		}
		return r.mul(args[0], inv)
	case expr.Pow:
		if c, ok := args[1].Number(); ok {
			return r.pow(args[0], c)
		}
		if len(args[0]) == 0 && r.PositiveCombo(args[1]) {
			return nil, true // 0^pi = 0
		}
		l, ok := r.log(args[0])
		if !ok {
			return nil, false
		}
		m, ok := r.mul(l, args[1])
		if !ok {
			return nil, false
		}
		return r.exp(m)
	case expr.Call:
		return r.expandCall(n, args)
	}
	return nil, false
}

// seenThrough are the functions for which the ring expands the formula of their
// row in the table of functions.
var seenThrough = map[string]bool{
	"expm1": true, "log1p": true, "log2": true, "log10": true, "logb": true,
	"sinh": true, "cosh": true, "tanh": true, "sech": true, "csch": true, "coth": true,
	"tan": true, "cot": true, "sec": true, "csc": true,
	"sigmoid": true, "softplus": true, "logit": true, "normpdf": true, "mod": true,
}

// callRules has for a function what the ring knows of it: f(args) as a combo, false
// where it knows nothing. It is filled in by init, as the rules call the ring.
var callRules map[string]func(r *Ring, n expr.Expr, args []Combo) (Combo, bool)

func init() {
	angle := func(r *Ring, n expr.Expr, args []Combo) (Combo, bool) { return r.innerAngle(n.Func().Name, args[0]) }
	callRules = map[string]func(r *Ring, n expr.Expr, args []Combo) (Combo, bool){
		"e":    func(r *Ring, _ expr.Expr, _ []Combo) (Combo, bool) { return r.one(r.euler()), true },
		"pi":   func(r *Ring, _ expr.Expr, _ []Combo) (Combo, bool) { return r.one(r.pi()), true },
		"sqrt": func(r *Ring, _ expr.Expr, a []Combo) (Combo, bool) { return r.pow(a[0], number.Frac(1, 2)) },
		"cbrt": func(r *Ring, _ expr.Expr, a []Combo) (Combo, bool) { return r.oddRoot(a[0], 3) },
		"root": func(r *Ring, _ expr.Expr, a []Combo) (Combo, bool) { return r.root(a[0], a[1]) },
		"exp":  func(r *Ring, _ expr.Expr, a []Combo) (Combo, bool) { return r.exp(a[0]) },
		"log":  func(r *Ring, _ expr.Expr, a []Combo) (Combo, bool) { return r.log(a[0]) },
		"sin":  func(r *Ring, _ expr.Expr, a []Combo) (Combo, bool) { return r.trig(true, a[0]) },
		"cos":  func(r *Ring, _ expr.Expr, a []Combo) (Combo, bool) { return r.trig(false, a[0]) },
		"sinc": func(_ *Ring, _ expr.Expr, a []Combo) (Combo, bool) { return comboOf(number.Int(1)), len(a[0]) == 0 },
		"W":    func(r *Ring, _ expr.Expr, a []Combo) (Combo, bool) { return r.lambertW(a[0]) },
		"Wm1":  func(r *Ring, _ expr.Expr, a []Combo) (Combo, bool) { return r.lambertWm1(a[0]) },
		"beta": func(r *Ring, n expr.Expr, a []Combo) (Combo, bool) {
			if !r.PositiveCombo(a[0]) || !r.PositiveCombo(a[1]) {
				return nil, false
			}
			return r.one(r.enter(n, Kernel{Positive: true})), true
		},
		"atan": angle, "asin": angle, "acos": angle,
		"floor": (*Ring).step, "ceil": (*Ring).step,
	}
}

// expandCall writes the call n, whose operands are args, as a combo.
func (r *Ring) expandCall(n expr.Expr, args []Combo) (Combo, bool) {
	f := n.Func()
	if rule, ok := callRules[f.Name]; ok {
		if c, ok := rule(r, n, args); ok {
			return c, true
		}
	}
	if seenThrough[f.Name] {
		// The operands are taken as they have been expanded.
		operands := make([]expr.Expr, len(args))
		for k := range args {
			operands[k] = n.Arg(k)
			r.memo[operands[k]] = args[k]
		}
		e := simplify.Instance(f, f.Means, r.T.Pool(), operands)
		ok := true
		vals := expr.FoldAll(expr.Order(e), func(m expr.Expr, sub []Combo) Combo {
			if c, known := r.memo[m]; known || !ok {
				return c
			}
			var c Combo
			c, ok = r.expandNode(m, sub)
			return c
		})
		if ok {
			return vals[len(vals)-1], true
		}
	}
	if n.Len() == 1 {
		if a, ok := r.undone(f, args[0]); ok {
			return a, true
		}
		return r.callTidy(n, f.Name, args[0])
	}
	return nil, false
}

// undone returns a for u = g(a) where f undoes g, by the row of g.
func (r *Ring) undone(f *fn.Func, u Combo) (Combo, bool) {
	if len(u) != 1 || u[0].C != number.Int(1) || len(u[0].M) != 1 || u[0].M[0].N != number.Int(1) {
		return nil, false
	}
	info := &r.Kernels[u[0].M[0].K]
	if info.kind != kernelCall {
		return nil, false
	}
	g := fn.Lookup(info.name)
	return info.arg, g.Inverse == f.Name+"("+g.Args[0]+")"
}

// oddRoot is the k-th root of u for an odd k, in positive powers.
func (r *Ring) oddRoot(u Combo, k int64) (Combo, bool) {
	if c, ok := u.Number(); ok && c.Sign() < 0 {
		v, ok := r.pow(u.Neg(), number.Frac(1, k))
		return v.Neg(), ok
	}
	if r.PositiveCombo(u) {
		return r.pow(u, number.Frac(1, k))
	}
	return nil, false
}

// root is root(u, n) for a whole n > 0.
func (r *Ring) root(u, n Combo) (Combo, bool) {
	c, ok := n.Number()
	k, whole := c.Int64()
	switch {
	case !ok || !whole || k <= 0:
		return nil, false
	case k%2 != 0:
		return r.oddRoot(u, k)
	}
	return r.pow(u, number.Frac(1, k))
}

// step takes whole numbers out of floor and ceil: floor(u + n) = floor(u) + n.
func (r *Ring) step(n expr.Expr, args []Combo) (Combo, bool) {
	u, name := args[0], n.Func().Name
	for i, t := range u {
		if len(t.M) != 0 {
			continue
		}
		whole, part := splitNumber(t.C)
		if whole == 0 {
			continue
		}
		v := append(slices.Clone(u[:i]), u[i+1:]...)
		v = Add(v, comboOf(part))
		out := comboOf(number.Int(whole))
		if len(v) == 0 {
			return out, true
		}
		return Add(out, r.call(name, v)), true
	}
	return nil, false
}

// enclose returns an interval that contains the constant e.
func (r *Ring) enclose(e expr.Expr) (interval.I, bool) {
	out, dec, ok := tape.EncloseOn(nil, nil, e)
	if !ok {
		return interval.Whole, false
	}
	return out[0], dec[0] >= interval.Defined
}

// callTidy enters a function of one argument. Values of the table of functions
// at constants are used.
func (r *Ring) callTidy(n expr.Expr, name string, u Combo) (Combo, bool) {
	arg := r.Build(u)
	e := r.T.Call(n.Func(), arg)
	if e.Op() != expr.Call {
		if e == n || e.Has(r.x) {
			if e.Op() == expr.Mul && e.Len() == 2 && e.Arg(0).IsNum(-1) && e.Arg(1).IsCall(name) {
				// an odd function gave its sign away
				c, ok := r.callTidy(e.Arg(1), name, u.Neg())
				return c.Neg(), ok
			}
			return nil, false
		}
		return r.Expand(e), true
	}
	if e.Func().Name != name {
		return nil, false
	}
	return r.one(r.enter(e, Kernel{kind: kernelCall, name: name, arg: r.expandArg(e, u, arg)})), true
}

// expandArg returns the combo of the argument of e: u, unless tidying changed it.
func (r *Ring) expandArg(e expr.Expr, u Combo, arg expr.Expr) Combo {
	if e.Arg(0) == arg {
		return u
	}
	return r.Expand(e.Arg(0))
}
