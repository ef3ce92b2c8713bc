package univariate

import (
	"math"

	"nabla/diff"
	"nabla/expr"
	"nabla/expr/fn"
	"nabla/expr/interval"
	"nabla/expr/number"
	"nabla/optimize/global/internal/exact"
)

// maxMultiplicity is the greatest multiplicity of a zero that is looked for.
const maxMultiplicity = 8

// maxMultiples is how many such zeros are looked for in a question.
const maxMultiples = 8

// aroundMultiple searches for the zeros of g, where a search has given up near a
// zero at which derivatives of g vanish too: no enclosure of g' tells such a zero
// from several. Where the zero is a short number e, it is proved by Taylor's formula:
// if g and its derivatives up to order m - 1 are 0 at e, and that of order m is not 0
// on an interval around it, e is the one zero there. The rest is searched as ever.
func (l *line) aroundMultiple(g expr.Expr, near float64, lo, hi exact.Spot) zeroList {
	if l.multiples >= maxMultiples {
		return zeroList{}
	}
	e, around, ok := l.multipleZero(g, near)
	if !ok {
		return zeroList{}
	}
	l.multiples++
	at := exact.At(l.Consts, e)
	a, ok1 := l.Consts.CompareSpots(lo, at)
	b, ok2 := l.Consts.CompareSpots(at, hi)
	if !ok1 || !ok2 || a >= 0 || b >= 0 {
		return zeroList{}
	}
	edge := func(x float64) exact.Spot {
		n, _ := number.FromFloat(x)
		return exact.At(l.Consts, l.T.Num(n))
	}
	out := zeroList{complete: true, freeLo: true, freeHi: true, from: math.Inf(-1), to: math.Inf(1)}
	if c, ok := l.Consts.CompareSpots(lo, edge(around.Lo)); !ok {
		return zeroList{}
	} else if c < 0 {
		y := l.search(g, lo, edge(around.Lo))
		out.zeros, out.from, out.freeLo, out.complete = y.zeros, y.from, y.freeLo, y.complete
	}
	out.zeros = append(out.zeros, at)
	if c, ok := l.Consts.CompareSpots(edge(around.Hi), hi); !ok {
		return zeroList{}
	} else if c < 0 {
		y := l.search(g, edge(around.Hi), hi)
		out.zeros, out.to, out.freeHi, out.complete = append(out.zeros, y.zeros...), y.to, y.freeHi, out.complete && y.complete
	}
	return out
}

// multipleZero returns a short number e near x that is a zero of g of some
// multiplicity, and an interval around e in which it is the only zero.
func (l *line) multipleZero(g expr.Expr, x float64) (e expr.Expr, around interval.I, ok bool) {
	for _, e := range l.shortNumbers(x) {
		m := l.Program(g)
		if m == nil {
			return e, around, false
		}
		if v, _ := exact.Evaluate(m, l.Consts.Enclose(e)); !v[0].Has(0) || !l.vanishes(g, e) {
			continue
		}
		d := g
		for range maxMultiplicity {
			d = l.T.Tidy(diff.D(d, l.Name))
			if d.Size() > 400 {
				break
			}
			if l.vanishes(d, e) {
				continue
			}
			if m = l.Program(d); m == nil {
				break
			}
			for w := 0.5; w > 1e-4; w /= 4 {
				h := l.Consts.Enclose(e)
				around = interval.New(h.Lo-w, h.Hi+w)
				if v, dec := exact.Evaluate(m, around); dec == interval.Continuous && exact.SignOf(v[0]) != 0 {
					return e, around, true
				}
			}
			break
		}
	}
	return e, around, false
}

// vanishes reports whether g is proved to be 0 at e.
func (l *line) vanishes(g, e expr.Expr) bool {
	v := l.Consts.Simplify(l.Substitute(g, e))
	s, ok := l.Consts.Sign(v)
	return ok && s == 0 && l.Consts.Enclose(v).IsBounded()
}

// shortNumbers returns rational multiples of 1, pi and e with small denominators
// near x.
func (l *line) shortNumbers(x float64) []expr.Expr {
	t := l.T
	var out []expr.Expr
	for i, unit := range [3]expr.Expr{t.Int(1), t.Call(fn.Lookup("pi")), t.Call(fn.Lookup("e"))} {
		u := l.Consts.Enclose(unit).Mid()
		for q := int64(1); q <= 6; q++ {
			n := x / u * float64(q)
			k := math.Round(n)
			if math.Abs(k-n) > 0.02 || math.Abs(k) > 1000 || k == 0 && (q > 1 || i > 0) {
				continue
			}
			out = append(out, l.Consts.Simplify(t.Mul(t.Num(number.Frac(int64(k), q)), unit)))
		}
	}
	return out
}
