package check

import (
	"math"

	"nabla/expr"
	"nabla/expr/fn"
	"nabla/expr/number"
	"nabla/expr/simplify"
)

// width is the number of points at which every mutant is evaluated. At eight
// random points formulas that are not equal do not agree to eight digits.
const width = 8

// A fingerprint is the values of a formula at the points of a bench.
type fingerprint [width]float64

// A bench builds formulas in one Pool and knows the fingerprint of each node. As
// equal nodes are one node, hundreds of mutants of one derivative, which have
// most of their parts in common, cost little more than their differences. It is
// a Maker that leaves out zeros and ones and otherwise builds what it is told.
type bench struct {
	pool  *expr.Pool
	x     string                 // the variable of derivatives
	at    map[string]fingerprint // coordinates of the points
	vals  []fingerprint          // by node id
	diffs map[expr.Expr]expr.Expr
}

func newBench(x string) *bench {
	return &bench{pool: expr.NewPool(), x: x, at: map[string]fingerprint{}, diffs: map[expr.Expr]expr.Expr{}}
}

var _ expr.Maker = (*bench)(nil)

func (b *bench) Num(n number.Number) expr.Expr { return b.pool.Num(n) }
func (b *bench) Var(name string) expr.Expr     { return b.pool.Var(name) }
func (b *bench) int(n int64) expr.Expr         { return b.pool.Int(n) }

func (b *bench) Call(f *fn.Func, args ...expr.Expr) expr.Expr { return b.pool.Call(f, args...) }

func (b *bench) Make(op expr.Op, args ...expr.Expr) expr.Expr {
	switch op {
	case expr.Add:
		kept := make([]expr.Expr, 0, len(args))
		for _, a := range args {
			if !a.IsNum(0) {
				kept = append(kept, a)
			}
		}
		if len(kept) == 0 {
			return b.int(0)
		}
		return b.pool.Make(op, kept...)
	case expr.Mul:
		kept := make([]expr.Expr, 0, len(args))
		for _, a := range args {
			if a.IsNum(0) {
				return a
			}
			if !a.IsNum(1) {
				kept = append(kept, a)
			}
		}
		if len(kept) == 0 {
			return b.int(1)
		}
		return b.pool.Make(op, kept...)
	case expr.Neg:
		if args[0].IsNum(0) {
			return args[0]
		}
		if args[0].Op() == expr.Neg {
			return args[0].Arg(0)
		}
	case expr.Div:
		if args[1].IsNum(1) || args[0].IsNum(0) {
			return args[0]
		}
	case expr.Pow:
		if args[1].IsNum(1) {
			return args[0]
		}
	}
	return b.pool.Make(op, args...)
}

func (b *bench) mul(args ...expr.Expr) expr.Expr { return b.Make(expr.Mul, args...) }
func (b *bench) add(args ...expr.Expr) expr.Expr { return b.Make(expr.Add, args...) }
func (b *bench) neg(u expr.Expr) expr.Expr       { return b.Make(expr.Neg, u) }
func (b *bench) div(u, v expr.Expr) expr.Expr    { return b.Make(expr.Div, u, v) }
func (b *bench) pow(u, v expr.Expr) expr.Expr    { return b.Make(expr.Pow, u, v) }

// values returns the fingerprint of e, a node of the bench.
func (b *bench) values(e expr.Expr) *fingerprint {
	for id := int32(len(b.vals)); id <= e.ID(); id++ {
		b.vals = append(b.vals, b.evaluate(b.pool.At(id)))
	}
	return &b.vals[e.ID()]
}

func (b *bench) evaluate(n expr.Expr) (v fingerprint) {
	arg := func(i int) *fingerprint { return &b.vals[n.Arg(i).ID()] }
	switch n.Op() {
	case expr.Num:
		f := n.Number().Float64()
		for k := range v {
			v[k] = f
		}
	case expr.Var:
		v = b.at[n.Name()]
	case expr.Add:
		for i := range n.Len() {
			for k, a := range arg(i) {
				v[k] += a
			}
		}
	case expr.Mul:
		v = *arg(0)
		for i := 1; i < n.Len(); i++ {
			for k, a := range arg(i) {
				v[k] *= a
			}
		}
	case expr.Neg:
		for k, a := range arg(0) {
			v[k] = -a
		}
	case expr.Div:
		u, w := arg(0), arg(1)
		for k := range v {
			v[k] = u[k] / w[k]
		}
	case expr.Pow:
		u, w := arg(0), arg(1)
		if e := n.Arg(1); e.IsNum(2) {
			for k := range v {
				v[k] = u[k] * u[k]
			}
			return v
		}
		for k := range v {
			v[k] = math.Pow(u[k], w[k])
		}
	case expr.Call:
		b.call(n, &v)
	default:
		b.choose(n, &v)
	}
	return v
}

func (b *bench) call(n expr.Expr, v *fingerprint) {
	f := n.Func()
	if f.F1 != nil {
		for k, a := range b.vals[n.Arg(0).ID()] {
			v[k] = f.F1(a)
		}
		return
	}
	x := make([]float64, n.Len())
	for k := range v {
		for i := range x {
			x[i] = b.vals[n.Arg(i).ID()][k]
		}
		v[k] = f.Value(x)
	}
}

// choose evaluates conditions, to 1, 0 or NaN, and case distinctions.
func (b *bench) choose(n expr.Expr, v *fingerprint) {
	arg := func(i int) *fingerprint { return &b.vals[n.Arg(i).ID()] }
	truth := func(t bool) float64 {
		if t {
			return 1
		}
		return 0
	}
	for k := range v {
		switch n.Op() {
		case expr.If:
			switch c := arg(0)[k]; {
			case c != c:
				v[k] = c
			case c != 0:
				v[k] = arg(1)[k]
			default:
				v[k] = arg(2)[k]
			}
		case expr.Not:
			v[k] = 1 - arg(0)[k]
		case expr.And, expr.Or:
			v[k] = arg(0)[k]
			for i := 1; i < n.Len(); i++ {
				if n.Op() == expr.And {
					v[k] = min(v[k], arg(i)[k])
				} else {
					v[k] = max(v[k], arg(i)[k])
				}
			}
		case expr.Diff:
			v[k] = math.NaN()
		default:
			u, w := arg(0)[k], arg(1)[k]
			switch {
			case u != u || w != w:
				v[k] = math.NaN()
			case n.Op() == expr.Lt:
				v[k] = truth(u < w)
			case n.Op() == expr.Le:
				v[k] = truth(u <= w)
			case n.Op() == expr.Gt:
				v[k] = truth(u > w)
			case n.Op() == expr.Ge:
				v[k] = truth(u >= w)
			case n.Op() == expr.Eq:
				v[k] = truth(u == w)
			default:
				v[k] = truth(u != w)
			}
		}
	}
}

// alike reports whether two fingerprints are of formulas that are equal as far
// as floats can tell: wherever both are finite, which must be at half of the
// points at least.
func alike(a, b *fingerprint) bool {
	n := 0
	for k := range a {
		u, v := a[k], b[k]
		d := math.Abs(u - v)
		switch {
		case d <= 1e-8*max(math.Abs(u), math.Abs(v)) || d < 1e-13:
			n++
		case math.IsNaN(d) || math.IsInf(d, 0):
		default:
			return false
		}
	}
	return 2*n >= width
}

// d returns the derivative of e, a node of the bench, by x.
func (b *bench) d(e expr.Expr, x string) expr.Expr {
	if x != b.x {
		return b.derive(e, x, map[expr.Expr]expr.Expr{})
	}
	return b.derive(e, x, b.diffs)
}

func (b *bench) derive(e expr.Expr, x string, known map[expr.Expr]expr.Expr) expr.Expr {
	if d, ok := known[e]; ok {
		return d
	}
	var args, diffs []expr.Expr
	for n := range e.All() {
		if _, ok := known[n]; ok {
			continue
		}
		args, diffs = n.AppendArgs(args[:0]), diffs[:0]
		for _, a := range args {
			diffs = append(diffs, known[a])
		}
		known[n] = b.rule(n.Op(), n, args, diffs, x)
	}
	return known[e]
}

// rule returns the derivative by x of the node with the operation of n and the
// operands args, whose derivatives are diffs, by the rule of the textbook.
func (b *bench) rule(op expr.Op, n expr.Expr, args, diffs []expr.Expr, x string) expr.Expr {
	switch op {
	case expr.Num:
		return b.int(0)
	case expr.Var:
		if n.Name() == x {
			return b.int(1)
		}
		return b.int(0)
	case expr.Add:
		return b.add(diffs...)
	case expr.Neg:
		return b.neg(diffs[0])
	case expr.Mul:
		terms := make([]expr.Expr, len(args))
		for i := range args {
			factors := append([]expr.Expr(nil), args...)
			factors[i] = diffs[i]
			terms[i] = b.mul(factors...)
		}
		return b.add(terms...)
	case expr.Div:
		u, v, du, dv := args[0], args[1], diffs[0], diffs[1]
		if dv.IsNum(0) {
			return b.div(du, v)
		}
		return b.div(b.add(b.mul(du, v), b.neg(b.mul(u, dv))), b.pow(v, b.int(2)))
	case expr.Pow:
		u, v, du, dv := args[0], args[1], diffs[0], diffs[1]
		var power, exponential expr.Expr
		if du.IsNum(0) {
			power = du
		} else {
			power = b.mul(v, b.pow(u, b.lowered(v)), du)
		}
		if dv.IsNum(0) {
			return power
		}
		exponential = b.mul(b.pow(u, v), b.Call(fn.Lookup("log"), u), dv)
		return b.add(power, exponential)
	case expr.If:
		return b.Make(expr.If, args[0], diffs[1], diffs[2])
	case expr.Call:
		return b.chain(n.Func(), args, diffs)
	}
	return b.int(0) // a condition
}

// lowered returns v - 1.
func (b *bench) lowered(v expr.Expr) expr.Expr {
	if v.Op() == expr.Num {
		return b.Num(v.Number().Sub(number.Int(1)))
	}
	return b.add(v, b.int(-1))
}

func (b *bench) chain(f *fn.Func, args, diffs []expr.Expr) expr.Expr {
	if f.Variadic {
		return b.variadic(f, args, diffs)
	}
	terms := make([]expr.Expr, 0, len(args))
	for i := range args {
		if diffs[i].IsNum(0) || f.D[i] == "" {
			continue
		}
		terms = append(terms, b.mul(simplify.Instance(f, f.D[i], b, args), diffs[i]))
	}
	return b.add(terms...)
}

// variadic differentiates min, max and logsumexp.
func (b *bench) variadic(f *fn.Func, args, diffs []expr.Expr) expr.Expr {
	self := b.Call(f, args...)
	terms := make([]expr.Expr, 0, len(args))
	for i := range args {
		if diffs[i].IsNum(0) {
			continue
		}
		var weight expr.Expr
		if f.D[0] == fn.SoftMax {
			weight = b.Call(fn.Lookup("exp"), b.add(args[i], b.neg(self)))
		} else {
			weight = b.Make(expr.If, b.pool.Make(expr.Eq, args[i], self), b.int(1), b.int(0))
		}
		terms = append(terms, b.mul(weight, diffs[i]))
	}
	return b.add(terms...)
}
