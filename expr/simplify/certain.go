package simplify

import (
	"math"

	"nabla/expr"
	"nabla/expr/interval"
	"nabla/expr/number"
)

// An image is what is known of the values of a formula at all real points at which
// it is defined: they lie in i, and none is 0 if other is set.
type image struct {
	i     interval.I
	other bool // than 0
}

// certain reports whether the relation c is seen to hold at all real points at
// which its sides are defined: 1 + x^2 != 0, exp(x) + exp(-x) > 0.
func certain(c expr.Expr) bool {
	if !c.Op().IsRelation() {
		return false
	}
	v := expr.FoldAll(expr.Order(c), imageOf)
	w := expr.Order(c)
	a, b := v[w.Place(c.Arg(0))], v[w.Place(c.Arg(1))]
	d := image{i: a.i.Sub(b.i)}
	switch { // u - 0 is u
	case c.Arg(1).IsNum(0):
		d = a
	case c.Arg(0).IsNum(0):
		d = image{b.i.Neg(), b.other}
	}
	if d.i.IsEmpty() {
		return false
	}
	other := d.other || !d.i.Has(0)
	switch c.Op() {
	case expr.Ne:
		return other
	case expr.Gt:
		return d.i.Lo >= 0 && other
	case expr.Ge:
		return d.i.Lo >= 0
	case expr.Lt:
		return d.i.Hi <= 0 && other
	case expr.Le:
		return d.i.Hi <= 0
	}
	return false
}

// imageOf returns what is known of the values of n from those of its operands.
func imageOf(n expr.Expr, args []image) image {
	out := image{i: interval.Whole}
	switch n.Op() {
	case expr.Num:
		out = image{Hull(n.Number()), n.Number().Sign() != 0}
	case expr.Add:
		out.i = interval.Point(0)
		up, down := true, true
		for _, a := range args {
			out.i = out.i.Add(a.i)
			up, down = up && a.i.Lo >= 0, down && a.i.Hi <= 0
			out.other = out.other || a.other
		}
		out.other = out.other && (up || down)
	case expr.Mul:
		out = image{interval.Point(1), true}
		for _, a := range args {
			out = image{out.i.Mul(a.i), out.other && a.other}
		}
	case expr.Neg:
		out = image{args[0].i.Neg(), args[0].other}
	case expr.Div:
		out = image{args[0].i.Mul(args[1].i.Inv()), args[0].other}
	case expr.Pow:
		out = powerImage(n, args)
	case expr.Call:
		if f := n.Func(); f.Enclose != nil {
			in := make([]interval.I, len(args))
			for k, a := range args {
				in[k] = a.i
			}
			out = image{i: f.Enclose(in), other: f.NeverZero()}
		}
	}
	if out.i.IsEmpty() { // nothing is known of what is nowhere defined
		return image{i: interval.Whole}
	}
	out.other = out.other || !out.i.Has(0)
	return out
}

func powerImage(n expr.Expr, args []image) image {
	x := n.Arg(1)
	if x.Op() != expr.Num {
		return image{i: interval.New(0, interval.Whole.Hi), other: args[0].other}
	}
	base := args[0]
	k, whole := x.Number().Int64()
	switch {
	case !whole:
		return image{i: base.i.Pow(Hull(x.Number())), other: base.other}
	case k > 1<<20 || k < -1<<20:
		if k%2 == 0 {
			return image{i: interval.New(0, interval.Whole.Hi), other: base.other || k < 0}
		}
		return image{i: interval.Whole, other: base.other || k < 0}
	case k < 0:
		return image{i: base.i.PowInt(int(-k)).Inv(), other: true}
	}
	return image{i: base.i.PowInt(int(k)), other: base.other || k == 0}
}

// Hull returns the smallest interval of float64 around n.
func Hull(n number.Number) interval.I {
	v := n.Float64()
	w, ok := number.FromFloat(v)
	if !ok {
		return interval.Point(v) // past the range: from the largest float64 outward
	}
	switch n.Cmp(w) {
	case -1:
		return interval.New(math.Nextafter(v, math.Inf(-1)), v)
	case +1:
		return interval.New(v, math.Nextafter(v, math.Inf(1)))
	}
	return interval.Point(v)
}
