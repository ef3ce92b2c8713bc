package prove_test

import (
	"math"

	"nabla/expr"
	"nabla/expr/interval"
)

// A bound is a rigorous enclosure of the value of a formula at a point, or of
// the truth of a condition: [0,0] false, [1,1] true, [0,1] unknown. It is
// defined only where that is certain.
type bound struct {
	in      interval.I
	defined bool
}

// enclose bounds e at a point of exact float64 coordinates. It is the judge in
// the tests of the prover: where two bounds are disjoint, the formulas are
// different, with no tolerance to discuss.
func enclose(e expr.Expr, at map[string]float64) bound {
	memo := map[expr.Expr]bound{}
	var eval func(n expr.Expr) bound
	eval = func(n expr.Expr) bound {
		if b, ok := memo[n]; ok {
			return b
		}
		b := encloseNode(n, at, eval)
		memo[n] = b
		return b
	}
	return eval(e)
}

func encloseNode(n expr.Expr, at map[string]float64, eval func(expr.Expr) bound) bound {
	switch n.Op() {
	case expr.Num:
		v := n.Number().Float64()
		if n.Number().IsFloat64() {
			return bound{interval.Point(v), true}
		}
		return bound{interval.New(math.Nextafter(v, math.Inf(-1)), math.Nextafter(v, math.Inf(1))), true}
	case expr.Var:
		v, ok := at[n.Name()]
		return bound{interval.Point(v), ok}
	case expr.If:
		switch c := eval(n.Arg(0)); {
		case !c.defined:
			return bound{}
		case c.in == interval.Point(1):
			return eval(n.Arg(1))
		case c.in == interval.Point(0):
			return eval(n.Arg(2))
		}
		return bound{}
	}
	x := make([]interval.I, n.Len())
	for i, a := range n.Args() {
		b := eval(a)
		if !b.defined {
			return bound{}
		}
		x[i] = b.in
	}
	truth := func(yes, no bool) bound {
		switch {
		case yes:
			return bound{interval.Point(1), true}
		case no:
			return bound{interval.Point(0), true}
		}
		return bound{interval.New(0, 1), true}
	}
	point := func(a interval.I) bool { return a.Lo == a.Hi }
	switch n.Op() {
	case expr.Add:
		s := x[0]
		for _, y := range x[1:] {
			s = s.Add(y)
		}
		return bound{s, true}
	case expr.Mul:
		s := x[0]
		for _, y := range x[1:] {
			s = s.Mul(y)
		}
		return bound{s, true}
	case expr.Neg:
		return bound{x[0].Neg(), true}
	case expr.Div:
		return bound{x[0].Div(x[1]), !x[1].Has(0)}
	case expr.Pow:
		return enclosePower(x[0], x[1])
	case expr.Call:
		f := n.Func()
		if f.Name == "inf" || f.Decorate(x) < interval.Defined {
			return bound{}
		}
		return bound{f.Enclose(x), true}
	case expr.Lt:
		return truth(x[0].Hi < x[1].Lo, x[0].Lo >= x[1].Hi)
	case expr.Le:
		return truth(x[0].Hi <= x[1].Lo, x[0].Lo > x[1].Hi)
	case expr.Gt:
		return truth(x[0].Lo > x[1].Hi, x[0].Hi <= x[1].Lo)
	case expr.Ge:
		return truth(x[0].Lo >= x[1].Hi, x[0].Hi < x[1].Lo)
	case expr.Eq, expr.Ne:
		same := point(x[0]) && x[0] == x[1]
		apart := x[0].Hi < x[1].Lo || x[0].Lo > x[1].Hi
		if n.Op() == expr.Ne {
			same, apart = apart, same
		}
		return truth(same, apart)
	case expr.And, expr.Or:
		out := x[0]
		for _, y := range x[1:] {
			if n.Op() == expr.And {
				out = interval.New(min(out.Lo, y.Lo), min(out.Hi, y.Hi))
			} else {
				out = interval.New(max(out.Lo, y.Lo), max(out.Hi, y.Hi))
			}
		}
		return bound{out, true}
	case expr.Not:
		return bound{interval.New(1-x[0].Hi, 1-x[0].Lo), true}
	}
	panic(n.Op().String())
}

// enclosePower bounds b^w where it is certainly defined: b > 0, b = 0 and w > 0,
// or a whole w with b ≠ 0 or w ≥ 0 (0^0 is 1).
func enclosePower(b, w interval.I) bound {
	if w.Lo == w.Hi && w.Lo == math.Trunc(w.Lo) && math.Abs(w.Lo) < 1e6 {
		return bound{b.PowInt(int(w.Lo)), w.Lo >= 0 || !b.Has(0)}
	}
	return bound{b.Pow(w), b.Lo > 0 || b.Lo == 0 && w.Lo > 0}
}

// refutes reports that a and b are certainly different at a point at which both
// are certainly defined.
func refutes(a, b expr.Expr, at map[string]float64) bool {
	x, y := enclose(a, at), enclose(b, at)
	return x.defined && y.defined && (x.in.Hi < y.in.Lo || y.in.Hi < x.in.Lo)
}

// hold reports that the conditions certainly hold at the point.
func hold(conditions []expr.Expr, at map[string]float64) bool {
	for _, c := range conditions {
		if b := enclose(c, at); !b.defined || b.in.Lo < 1 {
			return false
		}
	}
	return true
}
