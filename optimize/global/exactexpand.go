package global

import (
	"slices"

	"nabla/expr"
	"nabla/expr/number"
)

// expand writes the tidy formula e, of the Pool of r, as a combo.
func (r *kernelRing) expand(e expr.Expr) combo {
	if c, ok := r.memo[e]; ok {
		return c
	}
	w := expr.Order(e)
	vals := expr.FoldAll(w, func(n expr.Expr, args []combo) combo {
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

func (r *kernelRing) expandNode(n expr.Expr, args []combo) (combo, bool) {
	switch n.Op() {
	case expr.Num:
		return comboOf(n.Number()), true
	case expr.Var:
		return r.one(r.enter(n, kernelInfo{kind: kernelX, hasX: n.Name() == r.x})), true
	case expr.Add:
		var out combo
		for _, a := range args {
			out = append(out, a...)
			if len(out) > 4*comboLimit {
				return nil, false
			}
		}
		out = collectCombo(slices.Clone(out))
		return out, len(out) <= comboLimit
	case expr.Mul:
		out, ok := args[0], true
		for _, a := range args[1:] {
			if out, ok = r.mul(out, a); !ok {
				return nil, false
			}
		}
		return out, true
	case expr.Neg:
		return args[0].neg(), true
	case expr.Div:
		inv, ok := r.pow(args[1], number.Int(-1))
		if !ok {
			return nil, false
		}
		return r.mul(args[0], inv)
	case expr.Pow:
		if c, ok := args[1].number(); ok {
			return r.pow(args[0], c)
		}
		if len(args[0]) == 0 && r.positiveCombo(args[1]) {
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

func (r *kernelRing) expandCall(n expr.Expr, args []combo) (combo, bool) {
	one := comboOf(number.Int(1))
	name := n.Func().Name
	inv := func(a combo) (combo, bool) { return r.pow(a, number.Int(-1)) }
	quo := func(a, b combo) (combo, bool) {
		c, ok := inv(b)
		if !ok {
			return nil, false
		}
		return r.mul(a, c)
	}
	if len(args) == 0 {
		switch name {
		case "e":
			return r.one(r.euler()), true
		case "pi":
			return r.one(r.pi()), true
		}
		return nil, false
	}
	u := args[0]
	switch name {
	case "sqrt":
		return r.pow(u, number.Frac(1, 2))
	case "cbrt":
		if c, ok := u.number(); ok && c.Sign() < 0 {
			v, ok := r.pow(u.neg(), number.Frac(1, 3))
			return v.neg(), ok
		}
		if r.positiveCombo(u) {
			return r.pow(u, number.Frac(1, 3))
		}
	case "exp":
		return r.exp(u)
	case "expm1":
		v, ok := r.exp(u)
		return addCombo(v, one.neg()), ok
	case "log":
		return r.log(u)
	case "log1p":
		return r.log(addCombo(u, one))
	case "log2", "log10":
		base := int64(2)
		if name == "log10" {
			base = 10
		}
		l, ok := r.log(u)
		if !ok {
			return nil, false
		}
		b, ok := r.log(comboOf(number.Int(base)))
		if !ok {
			return nil, false
		}
		return quo(l, b)
	case "logb":
		l, ok := r.log(u)
		if !ok {
			return nil, false
		}
		b, ok := r.log(args[1])
		if !ok || len(b) == 0 {
			return nil, false
		}
		return quo(l, b)
	case "sinh", "cosh", "tanh", "sech", "csch", "coth":
		p, ok := r.exp(u)
		if !ok {
			return nil, false
		}
		q, ok := r.exp(u.neg())
		if !ok {
			return nil, false
		}
		s, c := addCombo(p, q.neg()), addCombo(p, q)
		two := number.Int(2)
		switch name {
		case "sinh":
			return s.scale(number.Frac(1, 2)), true
		case "cosh":
			return c.scale(number.Frac(1, 2)), true
		case "sech":
			return quo(one.scale(two), c)
		case "csch":
			return quo(one.scale(two), s)
		case "coth":
			return quo(c, s)
		}
		return quo(s, c)
	case "sigmoid":
		q, ok := r.exp(u.neg())
		if !ok {
			return nil, false
		}
		return inv(addCombo(one, q))
	case "softplus":
		p, ok := r.exp(u)
		if !ok {
			return nil, false
		}
		return r.log(addCombo(one, p))
	case "logit": // log(u/(1-u))
		a, ok := r.log(u)
		if !ok {
			return nil, false
		}
		b, ok := r.log(addCombo(one, u.neg()))
		return addCombo(a, b.neg()), ok
	case "normpdf": // exp(-u²/2)/sqrt(2 pi)
		sq, ok := r.mul(u, u)
		if !ok {
			return nil, false
		}
		p, ok := r.exp(sq.scale(number.Frac(-1, 2)))
		if !ok {
			return nil, false
		}
		c, ok := r.numberRoot(number.Int(2), number.Frac(-1, 2))
		if !ok {
			return nil, false
		}
		if p, ok = r.mul(p, c); !ok {
			return nil, false
		}
		return r.mul(p, combo{{number.Int(1), []kernelPower{{r.pi(), number.Frac(-1, 2)}}}})
	case "sin", "cos":
		return r.trig(name == "sin", u)
	case "tan", "cot", "sec", "csc", "sinc":
		s, ok := r.trig(true, u)
		if !ok {
			return nil, false
		}
		c, ok := r.trig(false, u)
		if !ok {
			return nil, false
		}
		switch name {
		case "tan":
			return quo(s, c)
		case "cot":
			return quo(c, s)
		case "sec":
			return inv(c)
		case "csc":
			return inv(s)
		}
		if _, constant := u.number(); constant && len(u) == 0 {
			return one, true
		}
		return nil, false // sinc is defined at 0
	case "W":
		// W(c·log c) = log c for c ≥ 1/e, the only one of these that shows itself
		if len(u) == 0 {
			return nil, true
		}
		if len(u) == 1 && len(u[0].m) == 1 && r.kernels[u[0].m[0].k].kind == kernelE {
			if u[0].c == u[0].m[0].n && u[0].c.Sign() > 0 { // W(n e^n) = n
				return comboOf(u[0].c), true
			}
			if u[0].c == number.Int(-1) && u[0].m[0].n == number.Int(-1) {
				return comboOf(number.Int(-1)), true
			}
		}
	}
	switch {
	case name == "floor" || name == "ceil":
		// whole numbers come out: floor(u + n) = floor(u) + n
		for i, t := range u {
			if len(t.m) != 0 {
				continue
			}
			if whole, part := splitNumber(t.c); whole != 0 {
				v := append(slices.Clone(u[:i]), u[i+1:]...)
				v = addCombo(v, comboOf(part))
				out := comboOf(number.Int(whole))
				if len(v) == 0 {
					return out, true
				}
				return addCombo(out, r.call(name, v)), true
			}
		}
	case name == "mod":
		if inv, ok := quo(u, args[1]); ok {
			f := r.call("floor", inv)
			if e := r.kernels[f[0].m[0].k].e; e.Op() == expr.Call {
				if g, ok := r.expandCall(e, []combo{inv}); ok {
					f = g
				}
			}
			m, ok := r.mul(args[1], f)
			return addCombo(u, m.neg()), ok
		}
	}
	if n.Len() == 1 {
		return r.callTidy(n, name, u)
	}
	return nil, false
}

// callTidy enters a function of one argument. Values of the table of functions
// at constants are used.
func (r *kernelRing) callTidy(n expr.Expr, name string, u combo) (combo, bool) {
	arg := r.build(u)
	e := r.t.Call(n.Func(), arg)
	if e.Op() != expr.Call {
		if e == n || e.Has(r.x) {
			if e.Op() == expr.Mul && e.Len() == 2 && e.Arg(0).IsNum(-1) && e.Arg(1).IsCall(name) {
				// an odd function gave its sign away
				c, ok := r.callTidy(e.Arg(1), name, u.neg())
				return c.neg(), ok
			}
			return nil, false
		}
		return r.expand(e), true
	}
	if e.Func().Name != name {
		return nil, false
	}
	return r.one(r.enter(e, kernelInfo{kind: kernelCall, name: name, arg: r.expandArg(e, u, arg)})), true
}

// expandArg returns the combo of the argument of e: u, unless tidying changed it.
func (r *kernelRing) expandArg(e expr.Expr, u combo, arg expr.Expr) combo {
	if e.Arg(0) == arg {
		return u
	}
	return r.expand(e.Arg(0))
}

// trig returns sin a or cos a.
func (r *kernelRing) trig(sine bool, a combo) (combo, bool) {
	// a = u + c·pi
	var c number.Number
	u := make(combo, 0, len(a))
	for _, t := range a {
		if len(t.m) == 1 && t.m[0].n == number.Int(1) && r.kernels[t.m[0].k].e.IsCall("pi") && t.c.Rat().Denom().IsInt64() && 12%t.c.Rat().Denom().Int64() == 0 {
			c = t.c
			continue
		}
		u = append(u, t)
	}
	if c.Sign() != 0 {
		cs, cc := r.specialAngle(c)
		if len(u) == 0 {
			if sine {
				return cs, true
			}
			return cc, true
		}
		s, ok := r.trig(true, u)
		if !ok {
			return nil, false
		}
		k, ok := r.trig(false, u)
		if !ok {
			return nil, false
		}
		if sine { // sin u cos c + cos u sin c
			return r.sumOfProducts(s, cc, k, cs)
		}
		return r.sumOfProducts(k, cc, s.neg(), cs)
	}
	if len(u) == 0 {
		if sine {
			return nil, true
		}
		return comboOf(number.Int(1)), true
	}
	if u[0].c.Sign() < 0 {
		v, ok := r.trig(sine, u.neg())
		if sine {
			v = v.neg()
		}
		return v, ok
	}
	if len(u) == 1 && len(u[0].m) == 1 && u[0].m[0].n == number.Int(1) {
		info := r.kernels[u[0].m[0].k]
		n, whole := u[0].c.Int64()
		if whole && n >= 1 && n <= 8 {
			var s, k combo
			ok := true
			switch info.name {
			case "atan":
				// (1 + i v)/sqrt(1 + v²)
				var q combo
				if q, ok = r.mul(info.arg, info.arg); !ok {
					return nil, false
				}
				if k, ok = r.pow(addCombo(comboOf(number.Int(1)), q), number.Frac(-1, 2)); !ok {
					return nil, false
				}
				s, ok = r.mul(info.arg, k)
			case "asin", "acos":
				var q combo
				if q, ok = r.mul(info.arg, info.arg); !ok {
					return nil, false
				}
				if k, ok = r.pow(addCombo(comboOf(number.Int(1)), q.neg()), number.Frac(1, 2)); !ok {
					return nil, false
				}
				s = info.arg
				if info.name == "acos" {
					s, k = k, s
				}
			}
			if s != nil && ok {
				return r.multipleAngle(sine, s, k, int(n))
			}
		}
	}
	name := "cos"
	if sine {
		name = "sin"
	}
	return r.one(r.enter(r.lookup(name, r.build(u)), kernelInfo{kind: kernelTrig, name: name, arg: u})), true
}

func (r *kernelRing) sumOfProducts(a, b, c, d combo) (combo, bool) {
	p, ok := r.mul(a, b)
	if !ok {
		return nil, false
	}
	q, ok := r.mul(c, d)
	return addCombo(p, q), ok
}

// multipleAngle returns sin(n·t) or cos(n·t) from s = sin t and c = cos t.
func (r *kernelRing) multipleAngle(sine bool, s, c combo, n int) (combo, bool) {
	a, b := comboOf(number.Int(1)), combo(nil) // cos(k t), sin(k t)
	for range n {
		x, ok := r.sumOfProducts(a, c, b.neg(), s)
		if !ok {
			return nil, false
		}
		y, ok := r.sumOfProducts(a, s, b, c)
		if !ok {
			return nil, false
		}
		a, b = x, y
	}
	if sine {
		return b, true
	}
	return a, true
}

// specialAngle returns sin(c·pi) and cos(c·pi) where 12 c is an integer.
func (r *kernelRing) specialAngle(c number.Number) (sin, cos combo) {
	n12, _ := c.Mul(number.Int(12)).Int64()
	n := int(((n12 % 24) + 24) % 24)
	root := func(v int64) combo {
		f, _ := r.numberRoot(number.Int(v), number.Frac(1, 2))
		return f
	}
	at := func(k int) combo { // sin(k·pi/12)
		k = ((k % 24) + 24) % 24
		sign := number.Int(1)
		if k >= 12 {
			k, sign = k-12, number.Int(-1)
		}
		if k > 6 {
			k = 12 - k
		}
		var v combo
		switch k {
		case 1:
			v = addCombo(root(6), root(2).neg()).scale(number.Frac(1, 4))
		case 2:
			v = comboOf(number.Frac(1, 2))
		case 3:
			v = root(2).scale(number.Frac(1, 2))
		case 4:
			v = root(3).scale(number.Frac(1, 2))
		case 5:
			v = addCombo(root(6), root(2)).scale(number.Frac(1, 4))
		case 6:
			v = comboOf(number.Int(1))
		}
		return v.scale(sign)
	}
	return at(n), at(n + 6)
}

// A strip is what numerator took away: kernel k to the power n.
type strip struct {
	k int
	n number.Number
}

// numerator returns a without its divisors and without the powers of kernels
// that all its terms have in common: a = numerator · Π strip. The terms of the
// numerator have powers of kernels ≥ 0, and at least one term has none of each.
func (r *kernelRing) numerator(a combo) (combo, []strip, bool) {
	var strips []strip
	for range 6 {
		if len(a) == 0 {
			return a, strips, true
		}
		least := map[int]number.Number{}
		seen := map[int]int{}
		var order []int
		for _, t := range a {
			for _, p := range t.m {
				if seen[p.k]++; seen[p.k] == 1 {
					order = append(order, p.k)
					least[p.k] = p.n
				} else if p.n.Cmp(least[p.k]) < 0 {
					least[p.k] = p.n
				}
			}
		}
		slices.Sort(order)
		factor := combo{{c: number.Int(1)}}
		did := false
		for _, k := range order {
			n := least[k]
			if seen[k] < len(a) && n.Sign() > 0 {
				n = number.Number{}
			}
			if n.Sign() == 0 || r.kernels[k].kind == kernelPrime {
				continue
			}
			did = true
			strips = append(strips, strip{k, n})
			factor[0].m = append(factor[0].m, kernelPower{k, n.Neg()})
		}
		if !did {
			return a, strips, true
		}
		b, ok := r.mulRaw(a, factor[0])
		if !ok {
			return nil, nil, false
		}
		a = b
	}
	return a, strips, true
}

// mulRaw multiplies by a monomial; whole powers of sums that come out are
// multiplied out.
func (r *kernelRing) mulRaw(a combo, m comboTerm) (combo, bool) { return r.mul(a, combo{m}) }
