package prove

import (
	"math/cmplx"

	"nabla/expr"
	"nabla/expr/fn"
	"nabla/expr/number"
	"nabla/expr/simplify"
)

// A translator writes formulas as sums over the kernels of a ring, each valid
// wherever both formulas of the proof are defined: what the definedness of a
// sub-formula says of signs is learnt on the way.
type translator struct {
	r      *ring
	tidier *simplify.Tidier // builds what functions mean
	sums   map[expr.Expr]sum
	let    map[string]sum // variables with a value in the case at hand
	proof  *proof
}

// A caseNeeded is the panic value that asks for a distinction by the sign of k.
type caseNeeded struct {
	k        kernel
	relation expr.Expr // that depends on it
}

// translate returns e as a sum. It follows operands by a stack of its own, and
// of a case distinction only the case that holds.
func (t *translator) translate(e expr.Expr) sum {
	stack := []expr.Expr{e}
	for len(stack) > 0 {
		n := stack[len(stack)-1]
		if _, done := t.sums[n]; done {
			stack = stack[:len(stack)-1]
			continue
		}
		depth := len(stack)
		operands := n.Len()
		if n.Op() == expr.If {
			operands = 0
		}
		for i := range operands {
			if a := n.Arg(i); !t.has(a) {
				stack = append(stack, a)
			}
		}
		if len(stack) > depth {
			continue
		}
		if n.Op() == expr.If {
			branch, missing := t.branch(n)
			if missing.Valid() {
				stack = append(stack, missing)
				continue
			}
			if !t.has(branch) {
				stack = append(stack, branch)
				continue
			}
			t.sums[n] = t.sums[branch]
			continue
		}
		if n.Op() == expr.Call && n.Func().Means != "" && !direct[n.Func().Name] {
			means := t.tidier.Pool().Import(simplify.Instance(n.Func(), n.Func().Means, t.tidier.Pool(), n.AppendArgs(nil)))
			if !t.has(means) {
				stack = append(stack, means)
				continue
			}
			t.sums[n] = t.sums[means]
			continue
		}
		t.sums[n] = t.node(n)
	}
	return t.sums[e]
}

func (t *translator) has(e expr.Expr) bool {
	_, ok := t.sums[e]
	return ok
}

// node translates n, whose operands are translated.
func (t *translator) node(n expr.Expr) sum {
	r := t.r
	switch n.Op() {
	case expr.Num:
		return constantSum(n.Number())
	case expr.Var:
		if s, ok := t.let[n.Name()]; ok {
			return s
		}
		return sum{{one, monomial{{r.variable(n.Name()), ratio{1, 0}}}}}
	case expr.Add:
		return t.add(n)
	case expr.Mul:
		factors := make([]sum, n.Len())
		for i, a := range n.Args() {
			factors[i] = t.sums[a]
		}
		return r.multiplied(factors)
	case expr.Neg:
		return t.sums[n.Arg(0)].neg()
	case expr.Div:
		return r.multiplied([]sum{t.sums[n.Arg(0)], r.inverse(t.sums[n.Arg(1)])})
	case expr.Pow:
		return t.pow(n)
	case expr.Call:
		return t.call(n)
	}
	panic(giveUp{why: "a formula contains " + n.Op().String()})
}

func (t *translator) add(n expr.Expr) sum {
	if n.Len() == 2 {
		return t.sums[n.Arg(0)].add(t.sums[n.Arg(1)])
	}
	var all sum
	for _, a := range n.Args() {
		all = append(all, t.sums[a]...)
	}
	t.r.spend(len(all))
	return collected(all)
}

// multiplied returns the product of the factors. Sums stay together: they
// become bases, unless only one of them meets a product of plain kernels.
func (r *ring) multiplied(factors []sum) sum {
	c, m := one, monomial(nil)
	put := func(d number.Number, n monomial) {
		var f number.Number
		m, f = r.mul(m, n)
		c = c.Mul(d).Mul(f)
	}
	var sums []sum
	for _, s := range factors {
		switch len(s) {
		case 0:
			return nil
		case 1:
			put(s[0].c, s[0].m)
		default:
			sums = append(sums, s)
		}
	}
	if len(sums) == 1 && !r.hasBase(m) {
		return r.times(sums[0], c, m)
	}
	for _, s := range sums {
		p := r.named(s)
		put(p.c, p.m)
	}
	return monomialSum(c, m)
}

func (r *ring) hasBase(m monomial) bool {
	for _, p := range m {
		if r.kernels[p.k].kind == kindBase {
			return true
		}
	}
	return false
}

// inverse returns 1/s.
func (r *ring) inverse(s sum) sum {
	if len(s) == 0 || len(s) > 1 && r.vanishes(s) {
		panic(giveUp{why: nowhere})
	}
	p := r.named(s)
	r.nonzero(p.m)
	c, m := r.raise(p.c, p.m, ratio{-1, 0})
	return monomialSum(c, m)
}

// vanishes reports that s is 0 though it does not look so.
func (r *ring) vanishes(s sum) bool {
	zero := false
	r.within(expansionWork, func() { zero = r.isZero(s) })
	return zero
}

// nonzero notes that m is not 0.
func (r *ring) nonzero(m monomial) {
	for _, p := range m {
		info := &r.kernels[p.k]
		if info.kind == kindNumber {
			continue
		}
		if info.kind == kindBase && cmplx.IsNaN(info.log[0]) && r.vanishes(info.def) {
			panic(giveUp{why: nowhere})
		}
		r.restrict(p.k, minusSign|plusSign)
	}
}

func (t *translator) pow(n expr.Expr) sum {
	b, w := t.sums[n.Arg(0)], t.sums[n.Arg(1)]
	q, ok := w.number()
	if !ok {
		return t.symbolicPower(n, b, w)
	}
	if q.Sign() == 0 {
		return constantSum(one)
	}
	e, ok := ratioOf(q)
	if !ok {
		panic(giveUp{why: "an exponent is too large", exhausted: true})
	}
	return t.r.pow(b, e)
}

// pow returns b^q for q ≠ 0.
func (r *ring) pow(b sum, q ratio) sum {
	if !q.isInt() {
		return r.root(b, q)
	}
	if q.n < 0 {
		b, q = r.inverse(b), q.neg()
	}
	if len(b) == 0 || q.n == 1 {
		return b
	}
	p := r.named(b)
	c, m := r.raise(p.c, p.m, q)
	return monomialSum(c, m)
}

// direct lists the functions with a definition by others that are translated
// without it.
var direct = map[string]bool{
	"sign": true, "heaviside": true, "asinh": true, "acosh": true, "atanh": true, "tan": true, "sec": true,
	"csc": true, "cot": true, "sinh": true, "cosh": true, "tanh": true,
}

// call translates a call whose arguments are translated.
func (t *translator) call(n expr.Expr) sum {
	r, f := t.r, n.Func()
	args := make([]sum, n.Len())
	for i, a := range n.Args() {
		args[i] = t.sums[a]
	}
	switch f.Name {
	case "pi":
		return sum{{one, monomial{{r.pi, ratio{1, 0}}}}}
	case "e":
		return r.exp(constantSum(one))
	case "inf":
		panic(giveUp{why: "a formula contains inf"})
	}
	if of, ok := rules[f.Name]; ok {
		return of(r, args)
	}
	if s, ok := t.known(f, args); ok {
		return s
	}
	return r.opaque(f, args)
}

// rules translates the functions that are more than an opaque kernel.
var rules map[string]func(r *ring, x []sum) sum

func init() {
	// Set here, as the functions refer to the ring, which refers to rules.
	rules = map[string]func(r *ring, x []sum) sum{
		"sqrt":      func(r *ring, x []sum) sum { return r.root(x[0], ratio{1, 1}) },
		"cbrt":      func(r *ring, x []sum) sum { return r.oddRoot(x[0], 3) },
		"exp":       func(r *ring, x []sum) sum { return r.exp(x[0]) },
		"log":       func(r *ring, x []sum) sum { return r.log(x[0]) },
		"abs":       func(r *ring, x []sum) sum { return r.abs(x[0]) },
		"sign":      func(r *ring, x []sum) sum { return r.signOf(x[0]) },
		"heaviside": func(r *ring, x []sum) sum { return r.signOf(x[0]).add(constantSum(one)).scale(half) },
		"min":       func(r *ring, x []sum) sum { return r.extreme(x, minusOne) },
		"max":       func(r *ring, x []sum) sum { return r.extreme(x, one) },
		"logsumexp": func(r *ring, x []sum) sum {
			var s sum
			for _, u := range x {
				s = s.add(r.exp(u))
			}
			return r.log(s)
		},
		"sin":  func(r *ring, x []sum) sum { s, _ := r.sinCos(x[0]); return s },
		"cos":  func(r *ring, x []sum) sum { _, c := r.sinCos(x[0]); return c },
		"tan":  func(r *ring, x []sum) sum { s, c := r.sinCos(x[0]); return r.multiplied([]sum{s, r.inverse(c)}) },
		"cot":  func(r *ring, x []sum) sum { s, c := r.sinCos(x[0]); return r.multiplied([]sum{c, r.inverse(s)}) },
		"sec":  func(r *ring, x []sum) sum { _, c := r.sinCos(x[0]); return r.inverse(c) },
		"csc":  func(r *ring, x []sum) sum { s, _ := r.sinCos(x[0]); return r.inverse(s) },
		"sinh": func(r *ring, x []sum) sum { s, _ := r.sinhCosh(x[0]); return s },
		"cosh": func(r *ring, x []sum) sum { _, c := r.sinhCosh(x[0]); return c },
		"tanh": func(r *ring, x []sum) sum { s, c := r.sinhCosh(x[0]); return r.multiplied([]sum{s, r.inverse(c)}) },

		"asin":  func(r *ring, x []sum) sum { return r.asin(x[0]) },
		"acos":  func(r *ring, x []sum) sum { return r.rightAngle().sub(r.asin(x[0])) },
		"atan":  func(r *ring, x []sum) sum { return r.atan(x[0]) },
		"asinh": func(r *ring, x []sum) sum { return r.asinh(x[0]) },
		"acosh": func(r *ring, x []sum) sum { return r.acosh(x[0]) },
		"atanh": func(r *ring, x []sum) sum { return r.atanh(x[0]) },

		"atan2": func(r *ring, x []sum) sum { return r.atan2(x[0], x[1]) },

		"erf":    func(r *ring, x []sum) sum { return r.erf(x[0]) },
		"erfinv": func(r *ring, x []sum) sum { return r.erfinv(x[0]) },
		"beta":   func(r *ring, x []sum) sum { return r.beta(x[0], x[1]) },
		"polygamma": func(r *ring, x []sum) sum {
			switch n, ok := x[0].number(); {
			case ok && n.Sign() == 0:
				return r.polygamma("digamma", x[1], 1)
			case ok && n == one:
				return r.polygamma("trigamma", x[1], 2)
			}
			return r.opaque(lookup("polygamma"), x)
		},

		"root":     func(r *ring, x []sum) sum { return r.anyRoot(x[0], x[1]) },
		"floor":    func(r *ring, x []sum) sum { return r.floor(x[0]) },
		"W":        func(r *ring, x []sum) sum { return r.lambert(lookup("W"), x[0]) },
		"Wm1":      func(r *ring, x []sum) sum { return r.lambert(lookup("Wm1"), x[0]) },
		"gamma":    func(r *ring, x []sum) sum { return r.gamma(x[0]) },
		"digamma":  func(r *ring, x []sum) sum { return r.polygamma("digamma", x[0], 1) },
		"trigamma": func(r *ring, x []sum) sum { return r.polygamma("trigamma", x[0], 2) },
	}
}

// opaque returns f(x…) as a kernel.
func (r *ring) opaque(f *fn.Func, x []sum) sum {
	if len(x) == 1 && f.Parity != 0 {
		if len(x[0]) == 0 && f.Parity < 0 {
			return nil
		}
		// The argument or its negative may have been seen before.
		for _, k := range r.calls[f] {
			if r.same(r.kernels[k].args[0], x[0].neg()) {
				return sum{{number.Int(int64(f.Parity)), monomial{{k, ratio{1, 0}}}}}
			}
		}
	}
	return sum{{one, monomial{{r.call(f, x), ratio{1, 0}}}}}
}

// known returns the value of f at constant arguments when the table or exact
// arithmetic gives it.
func (t *translator) known(f *fn.Func, x []sum) (sum, bool) {
	if len(x) == 0 {
		return nil, false
	}
	args := make([]expr.Expr, len(x))
	for i, s := range x {
		n, ok := s.number()
		if !ok {
			return nil, false
		}
		args[i] = t.tidier.Num(n)
	}
	v := t.tidier.Call(f, args...)
	if v.Op() != expr.Num {
		return nil, false
	}
	return constantSum(v.Number()), true
}
