package tape

import (
	"math"

	"nabla/expr"
	"nabla/expr/fn"
	"nabla/expr/interval"
	"nabla/expr/number"

	"pgregory.net/rapid"
)

type boxI = interval.I

// boxOf returns the box of the single point x.
func boxOf(x ...float64) []boxI {
	b := make([]boxI, len(x))
	for i, v := range x {
		b[i] = interval.Point(v)
	}
	return b
}

var names = []string{"x", "y", "z"}

// drawFormula returns a random formula in names, made bottom up.
func drawFormula(t *rapid.T) expr.Expr {
	p := expr.NewPool()
	list := []expr.Expr{p.Var("x"), p.Var("y"), p.Var("z"), p.Int(1), p.Int(2)}
	var conds []expr.Expr
	pick := func(from []expr.Expr) expr.Expr {
		// Later formulas more often, so that they grow.
		n := len(from)
		i := rapid.IntRange(0, n-1).Draw(t, "i")
		j := rapid.IntRange(0, n-1).Draw(t, "j")
		return from[max(i, j)]
	}
	num := func() expr.Expr {
		k := rapid.Int64Range(-12, 12).Draw(t, "k")
		d := rapid.SampledFrom([]int64{1, 1, 1, 2, 3, 10}).Draw(t, "d")
		return p.Num(number.Frac(k, d))
	}
	funcs := fn.All()
	for range rapid.IntRange(1, 24).Draw(t, "size") {
		var e expr.Expr
		switch rapid.IntRange(0, 15).Draw(t, "kind") {
		case 0, 1, 2:
			args := make([]expr.Expr, rapid.IntRange(2, 4).Draw(t, "n"))
			for k := range args {
				args[k] = pick(list)
			}
			e = p.Make(expr.Add, args...)
		case 3, 4, 5:
			args := make([]expr.Expr, rapid.IntRange(2, 4).Draw(t, "n"))
			for k := range args {
				args[k] = pick(list)
			}
			e = p.Make(expr.Mul, args...)
		case 6, 7:
			e = p.Make(expr.Pow, pick(list), p.Int(rapid.Int64Range(-5, 9).Draw(t, "n")))
		case 8:
			e = p.Make(expr.Pow, pick(list), num())
		case 9:
			e = p.Make(expr.Pow, pick(list), pick(list))
		case 10:
			e = p.Make(expr.Div, pick(list), pick(list))
		case 11:
			e = p.Make(expr.Neg, pick(list))
		case 12:
			e = num()
		case 13:
			f := funcs[rapid.IntRange(0, len(funcs)-1).Draw(t, "f")]
			if f.Name == "inf" || f.Name == "polygamma" { // no number; has a value at integer orders only
				continue
			}
			n := len(f.Args)
			if f.Variadic {
				n = rapid.IntRange(2, 4).Draw(t, "n")
			}
			args := make([]expr.Expr, n)
			for k := range args {
				args[k] = pick(list)
			}
			e = p.Call(f, args...)
		case 14:
			op := rapid.SampledFrom([]expr.Op{expr.Lt, expr.Le, expr.Gt, expr.Ge, expr.Eq, expr.Ne}).Draw(t, "rel")
			c := p.Make(op, pick(list), pick(list))
			if len(conds) > 0 {
				switch rapid.IntRange(0, 3).Draw(t, "join") {
				case 0:
					c = p.Make(expr.And, c, pick(conds))
				case 1:
					c = p.Make(expr.Or, c, pick(conds))
				case 2:
					c = p.Make(expr.Not, pick(conds))
				}
			}
			conds = append(conds, c)
			continue
		case 15:
			if len(conds) == 0 {
				continue
			}
			e = p.Make(expr.If, pick(conds), pick(list), pick(list))
		}
		list = append(list, e)
	}
	return list[len(list)-1]
}

// drawCoordinate returns a number of ordinary size most of the time.
func drawCoordinate(t *rapid.T) float64 {
	switch rapid.IntRange(0, 5).Draw(t, "how") {
	case 0:
		return float64(rapid.IntRange(-3, 3).Draw(t, "int"))
	case 1:
		return rapid.SampledFrom(special).Draw(t, "special")
	}
	return rapid.Float64Range(-4, 4).Draw(t, "x")
}

var special = []float64{0, math.Copysign(0, -1), 1, -1, math.Inf(1), math.Inf(-1), math.NaN(), 5e-324, -5e-324, 1e-310, 0x1p-1022,
	math.MaxFloat64, -math.MaxFloat64, 1e200, -1e200, 1e-200, 0.5, -0.5, 709.8, -745.2, 1e17, -1e17}

// encloseDirectly is the enclosure and decoration of e over a box, computed node
// by node as e stands: the reference that no rewriting has touched.
func encloseDirectly(e expr.Expr, box map[string]boxI) (boxI, interval.Dec) {
	type val struct {
		v boxI
		d interval.Dec
	}
	r := expr.Fold(e, func(n expr.Expr, args []val) val {
		r := val{d: interval.Continuous}
		for _, a := range args {
			r.d = min(r.d, a.d)
		}
		own := func(d interval.Dec) { r.d = min(r.d, d) }
		switch n.Op() {
		case expr.Num:
			r.v = Constant{Value: n.Number()}.Enclose()
		case expr.Var:
			r.v = box[n.Name()]
		case expr.Call:
			var x []boxI
			for _, a := range args {
				x = append(x, a.v)
			}
			r.v = n.Func().Enclose(x)
			own(n.Func().Decorate(x))
		case expr.Add:
			for _, a := range args {
				r.v = r.v.Add(a.v)
			}
		case expr.Mul:
			r.v = args[0].v
			for _, a := range args[1:] {
				r.v = r.v.Mul(a.v)
			}
		case expr.Neg:
			r.v = args[0].v.Neg()
		case expr.Div:
			r.v = args[0].v.Div(args[1].v)
			if args[1].v.Has(0) {
				own(interval.Partial)
			}
		case expr.Pow:
			b := args[1].v
			if e := n.Arg(1); e.Op() == expr.Num {
				if k, ok := e.Number().Int64(); ok && -1000 < k && k < 1000 {
					r.v = args[0].v.PowInt(int(k))
					if k < 0 && args[0].v.Has(0) {
						own(interval.Partial)
					}
				} else {
					r.v = args[0].v.Meet(nonNegative).Pow(b)
					if args[0].v.Lo < 0 || args[0].v.Lo == 0 && b.Lo < 0 {
						own(interval.Partial)
					}
				}
				break
			}
			r.v = power(args[0].v, b)
			own(decoratePower(args[0].v, b))
		case expr.Lt, expr.Le, expr.Gt, expr.Ge, expr.Eq, expr.Ne:
			a, b := args[0].v, args[1].v
			switch n.Op() {
			case expr.Lt:
				r.v = truthSet(compareBoxes(Lt, a, b, false))
			case expr.Le:
				r.v = truthSet(compareBoxes(Le, a, b, false))
			case expr.Gt:
				r.v = truthSet(compareBoxes(Lt, b, a, false))
			case expr.Ge:
				r.v = truthSet(compareBoxes(Le, b, a, false))
			case expr.Eq:
				r.v = truthSet(compareBoxes(Eq, a, b, false))
			case expr.Ne:
				r.v = truthSet(compareBoxes(Ne, a, b, false))
			}
			r.d = decorateTruth(truthOf(r.v), r.d)
		case expr.Not:
			r.v = truthOf(args[0].v).not().set()
		case expr.And:
			r.v = conjunction(truthOf(args[0].v), truthOf(args[1].v)).set()
			r.d = decorateJoin(truthOf(args[0].v), truthOf(args[1].v), args[0].d, args[1].d)
		case expr.Or:
			a, b := truthOf(args[0].v).not(), truthOf(args[1].v).not()
			r.v = conjunction(a, b).not().set()
			r.d = decorateJoin(a, b, args[0].d, args[1].d)
		case expr.If:
			c := truthOf(args[0].v)
			r.v = interval.Empty
			if c.yes {
				r.v = r.v.Hull(args[1].v)
			}
			if c.no {
				r.v = r.v.Hull(args[2].v)
			}
			r.d = decorateIf(c, args[0].d, args[1].d, args[2].d)
		}
		if r.v.IsEmpty() {
			r.d = interval.None
		}
		return r
	})
	return r.v, r.d
}
