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

// innerAngle returns a for atan(tan a), asin(sin a) and acos(cos a) of a constant a
// in the range of the inverse function.
func (r *Ring) innerAngle(name string, u Combo) (Combo, bool) {
	if len(u) != 1 || u[0].C.Abs() != number.Int(1) || len(u[0].M) == 0 || len(u[0].M) > 2 {
		return nil, false
	}
	of := &r.Kernels[u[0].M[0].K]
	if of.kind != kernelTrig || of.HasX {
		return nil, false
	}
	for _, p := range u[0].M {
		k := &r.Kernels[p.K]
		want := number.Int(1)
		if name == "atan" && k.name == "cos" {
			want = number.Int(-1)
		}
		if k.kind != kernelTrig || p.N != want || len(Add(k.arg, of.arg.Neg())) > 0 ||
			name == "asin" && k.name != "sin" || name == "acos" && k.name != "cos" {
			return nil, false
		}
	}
	if name == "atan" && len(u[0].M) != 2 {
		return nil, false
	}
	a := of.arg
	v, ok := r.enclose(r.Build(a))
	half := interval.Pi.Mul(interval.Point(0.5))
	switch {
	case !ok:
		return nil, false
	case name == "acos":
		if u[0].C.Sign() < 0 || !(v.Lo >= 0 && v.Hi <= interval.Pi.Lo) {
			return nil, false
		}
		return a, true
	case !(v.Lo >= -half.Lo && v.Hi <= half.Lo):
		return nil, false
	}
	return a.scale(u[0].C), true
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

// trig returns sin a or cos a.
func (r *Ring) trig(sine bool, a Combo) (Combo, bool) {
	// a = u + c·pi
	var c number.Number
	u := make(Combo, 0, len(a))
	for _, t := range a {
		if len(t.M) == 1 && t.M[0].N == number.Int(1) && r.Kernels[t.M[0].K].E.IsCall("pi") && t.C.Rat().Denom().IsInt64() && 12%t.C.Rat().Denom().Int64() == 0 {
			c = t.C
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
		return r.sumOfProducts(k, cc, s.Neg(), cs)
	}
	if len(u) == 0 {
		if sine {
			return nil, true
		}
		return comboOf(number.Int(1)), true
	}
	if u[0].C.Sign() < 0 {
		v, ok := r.trig(sine, u.Neg())
		if sine {
			v = v.Neg()
		}
		return v, ok
	}
	if len(u) == 1 && len(u[0].M) == 1 && u[0].M[0].N == number.Int(1) {
		info := r.Kernels[u[0].M[0].K]
		if c, of, sign := octant(u[0].C, sine); c != u[0].C && info.E.IsCall("pi") {
			v, ok := r.trig(of, r.one(u[0].M[0].K).scale(c))
			return v.scale(sign), ok
		}
		n, whole := u[0].C.Int64()
		if whole && n >= 1 && n <= 8 {
			var s, k Combo
			ok := true
			switch info.name {
			case "atan":
				// (1 + i v)/sqrt(1 + v²)
				var q Combo
				if q, ok = r.mul(info.arg, info.arg); !ok {
					return nil, false
				}
				if k, ok = r.pow(Add(comboOf(number.Int(1)), q), number.Frac(-1, 2)); !ok {
					return nil, false
				}
				s, ok = r.mul(info.arg, k)
			case "asin", "acos":
				var q Combo
				if q, ok = r.mul(info.arg, info.arg); !ok {
					return nil, false
				}
				if k, ok = r.pow(Add(comboOf(number.Int(1)), q.Neg()), number.Frac(1, 2)); !ok {
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
	return r.one(r.enter(r.lookup(name, r.Build(u)), Kernel{kind: kernelTrig, name: name, arg: u})), true
}

// octant writes the sine or cosine of cπ, c > 0, as sign times that of an angle from 0 to π/4.
func octant(c number.Number, sine bool) (of number.Number, ofSine bool, sign number.Number) {
	half, one, two := number.Frac(1, 2), number.Int(1), number.Int(2)
	sign = one
	c = c.Sub(c.Mul(half).Floor().Mul(two))
	if c.Cmp(one) > 0 { // cos(2π - u) = cos(u)
		if c = two.Sub(c); sine {
			sign = sign.Neg()
		}
	}
	if c.Cmp(half) > 0 { // sin(π - u) = sin(u)
		if c = one.Sub(c); !sine {
			sign = sign.Neg()
		}
	}
	if c.Cmp(number.Frac(1, 4)) > 0 { // sin(π/2 - u) = cos(u)
		c, sine = half.Sub(c), !sine
	}
	return c, sine, sign
}

func (r *Ring) sumOfProducts(a, b, c, d Combo) (Combo, bool) {
	p, ok := r.mul(a, b)
	if !ok {
		return nil, false
	}
	q, ok := r.mul(c, d)
	return Add(p, q), ok
}

// multipleAngle returns sin(n·t) or cos(n·t) from s = sin t and c = cos t.
func (r *Ring) multipleAngle(sine bool, s, c Combo, n int) (Combo, bool) {
	a, b := comboOf(number.Int(1)), Combo(nil) // cos(k t), sin(k t)
	for range n {
		x, ok := r.sumOfProducts(a, c, b.Neg(), s)
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
func (r *Ring) specialAngle(c number.Number) (sin, cos Combo) {
	n12, _ := c.Mul(number.Int(12)).Int64()
	n := int(((n12 % 24) + 24) % 24)
	root := func(v int64) Combo {
		f, _ := r.numberRoot(number.Int(v), number.Frac(1, 2))
		return f
	}
	at := func(k int) Combo { // sin(k·pi/12)
		k = ((k % 24) + 24) % 24
		sign := number.Int(1)
		if k >= 12 {
			k, sign = k-12, number.Int(-1)
		}
		if k > 6 {
			k = 12 - k
		}
		var v Combo
		switch k {
		case 1:
			v = Add(root(6), root(2).Neg()).scale(number.Frac(1, 4))
		case 2:
			v = comboOf(number.Frac(1, 2))
		case 3:
			v = root(2).scale(number.Frac(1, 2))
		case 4:
			v = root(3).scale(number.Frac(1, 2))
		case 5:
			v = Add(root(6), root(2)).scale(number.Frac(1, 4))
		case 6:
			v = comboOf(number.Int(1))
		}
		return v.scale(sign)
	}
	return at(n), at(n + 6)
}

// A strip is what numerator took away: kernel k to the power n.
type strip struct {
	K int
	N number.Number
}

// Numerator returns a without its divisors and without the powers of kernels
// that all its terms have in common: a = numerator · Π strip. The terms of the
// numerator have powers of kernels ≥ 0, and at least one term has none of each.
func (r *Ring) Numerator(a Combo) (Combo, []strip, bool) {
	var strips []strip
	for range 6 {
		if len(a) == 0 {
			return a, strips, true
		}
		least := map[int]number.Number{}
		seen := map[int]int{}
		var order []int
		for _, t := range a {
			for _, p := range t.M {
				if seen[p.K]++; seen[p.K] == 1 {
					order = append(order, p.K)
					least[p.K] = p.N
				} else if p.N.Cmp(least[p.K]) < 0 {
					least[p.K] = p.N
				}
			}
		}
		slices.Sort(order)
		factor := Combo{{C: number.Int(1)}}
		did := false
		for _, k := range order {
			n := least[k]
			if seen[k] < len(a) && n.Sign() > 0 {
				n = number.Number{}
			}
			if n.Sign() == 0 || r.Kernels[k].kind == kernelPrime {
				continue
			}
			did = true
			strips = append(strips, strip{k, n})
			factor[0].M = append(factor[0].M, kernelPower{k, n.Neg()})
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

// cancelled returns a over one denominator if a sum in that cancels: (w^2 + w)/(1/w + 1) is w^2.
func (r *Ring) cancelled(a Combo) Combo {
	if !slices.ContainsFunc(a, func(t Term) bool {
		return slices.ContainsFunc(t.M, func(p kernelPower) bool { return r.Kernels[p.K].kind == kernelSum && p.N.Sign() < 0 })
	}) {
		return a
	}
	n, strips, ok := r.Numerator(a)
	if !ok {
		return a
	}
	one := number.Int(1)
	for _, st := range strips {
		if st.N.Cmp(one.Neg()) > 0 || r.Kernels[st.K].kind != kernelSum {
			continue
		}
		d, factors, ok := r.Numerator(r.Kernels[st.K].arg)
		if !ok || len(d) < 2 { // a monomial, such as -u, divides everything
			continue
		}
		q, ok := r.quotient(n, d)
		if !ok {
			continue
		}
		for i := range factors {
			factors[i].N = factors[i].N.Neg()
		}
		for _, f := range slices.Concat(factors, strips, []strip{{st.K, one}}) {
			if q, ok = r.mul(q, Combo{{one, []kernelPower{{f.K, f.N}}}}); !ok {
				return a
			}
		}
		return r.cancelled(q)
	}
	return a
}

// joinedRoots returns the number a with sqrt(v w) for sqrt(v) sqrt(w), and sqrt(v/w) for sqrt(v)/sqrt(w), where these are roots of one term,
// or sums of such: sqrt(2 - sqrt(2)) sqrt(2 + sqrt(2)) is sqrt(2).
func (r *Ring) joinedRoots(a Combo) Combo {
	half := number.Frac(1, 2)
	isRoot := func(p kernelPower) bool {
		return r.Kernels[p.K].kind == kernelSum && !r.Kernels[p.K].HasX && p.N.Abs() == half
	}
	join := func(p, q kernelPower) (Combo, bool) {
		v, w, ok := r.Kernels[p.K].arg, r.Kernels[q.K].arg, true
		if p.N != q.N { // a square root in a denominator
			w, ok = r.conjugate(w)
		}
		if ok {
			v, ok = r.mul(v, w)
		}
		switch {
		case ok && len(v) == 1:
			return r.pow(v, p.N)
		case ok && p.N == half:
			return r.denest(v)
		}
		return nil, false
	}
	var out Combo
	for _, t := range a {
		rest, by := Term{t.C, slices.Clone(t.M)}, comboOf(number.Int(1))
		for i := 0; i < len(rest.M); i++ {
			for j := i + 1; j < len(rest.M) && isRoot(rest.M[i]); j++ {
				if !isRoot(rest.M[j]) {
					continue
				}
				v, ok := join(rest.M[i], rest.M[j])
				if ok {
					by, ok = r.mul(by, v)
				}
				if ok {
					rest.M = slices.Delete(slices.Delete(rest.M, j, j+1), i, i+1)
					j = i
				}
			}
		}
		product, ok := r.mul(Combo{rest}, by)
		if !ok {
			return a
		}
		out = append(out, product...)
	}
	return collectCombo(out)
}

// quotient returns n/d if the division of these sums, by the first term of d, comes out. No powers in them are
// negative, so that the order of the terms is that of their products with a third.
func (r *Ring) quotient(n, d Combo) (q Combo, ok bool) {
	const most = 24 // steps
	first, ok := r.pow(d[:1], number.Int(-1))
	for range most {
		if !ok || len(n) == 0 {
			return q, ok
		}
		var t, p Combo
		if t, ok = r.mul(n[:1], first); ok {
			if p, ok = r.mul(t, d); ok {
				n, q = Add(n, p.Neg()), Add(q, t)
			}
		}
	}
	return nil, false
}

// mulRaw multiplies by a monomial; whole powers of sums that come out are
// multiplied out.
func (r *Ring) mulRaw(a Combo, m Term) (Combo, bool) { return r.mul(a, Combo{m}) }
