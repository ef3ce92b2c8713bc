package verify

import (
	"math"
	"slices"

	"nabla/expr"
	"nabla/expr/interval"
	"nabla/expr/number"
	"nabla/expr/simplify"
	"nabla/optimize/global/certificate"
)

// This file is the part of the check that confines by parts of one variable: where g is a sum of functions of one variable each and of what is bounded below, it is
// positive where one of these functions is greater than the lower bounds of the others are negative.

// A linePart is the sum of the terms of g in one variable alone.
type linePart struct {
	f   expr.Expr // not Valid for none
	low float64   // a lower bound on the region
}

// confinedByParts returns a part of the region outside of which g is proved not to be negative.
func (v *verifier) confinedByParts(g expr.Expr) []interval.I {
	outer := slices.Clone(v.region)
	t := simplify.New()
	terms, rest := make([][]expr.Expr, len(v.region)), interval.Point(0)
	for _, e := range operands(expr.Add, t.Sum(addends(t, nil, g, number.Int(1))...)) {
		if vars := e.Vars(); len(vars) == 1 {
			i := slices.Index(v.c.Variables, vars[0])
			terms[i] = append(terms[i], e)
		} else if r, some := v.rangeOn(e); some {
			rest = rest.Add(r)
		}
	}
	if !(rest.Lo > -math.MaxFloat64) {
		return outer
	}
	parts := make([]linePart, len(v.region))
	for i, list := range terms {
		if len(list) > 0 {
			parts[i].f = t.Add(append(list, t.Int(0))...)
			parts[i].low = v.lowestOnLine(parts[i].f, i)
		}
	}
	for i, p := range parts {
		if !p.f.Valid() || outer[i].IsBounded() {
			continue
		}
		others := interval.Point(rest.Lo)
		for j, q := range parts {
			if j != i {
				others = others.Add(interval.Point(q.low))
			}
		}
		if !(others.Lo > -math.MaxFloat64) {
			continue
		}
		for side, sign := range [2]int64{-1, 1} {
			if math.IsInf([2]float64{outer[i].Lo, outer[i].Hi}[side], 0) {
				if from, ok := v.atLeastFrom(p.f, i, sign, -others.Lo); ok {
					outer[i] = outer[i].Meet([2]interval.I{{Lo: -from, Hi: math.Inf(1)}, {Lo: math.Inf(-1), Hi: from}}[side])
				}
			}
		}
	}
	return outer
}

// atLeastFrom returns a number beyond which, on the side with that sign of variable i, f is proved to be at least low.
func (v *verifier) atLeastFrom(f expr.Expr, i int, sign int64, low float64) (from float64, ok bool) {
	pool := expr.NewPool()
	along := pool.Make(expr.Mul, pool.Int(sign), pool.Var("t"))
	f = substitute(f, map[string]expr.Expr{v.c.Variables[i]: along})
	return onTails(1, false, &v.left.evals, func(k *tail) bool { return k.atLeast(f, low) })
}

// lowestOnLine is a lower bound of f, a function of variable i, in the region: that of its enclosure, or one that is proved after looking at
// values of f; -∞ where none is found.
func (v *verifier) lowestOnLine(f expr.Expr, i int) float64 {
	if r, some := v.rangeOn(f); some && r.Lo > -math.MaxFloat64 {
		return r.Lo
	}
	w := &verifier{c: &certificate.Certificate{Variables: v.c.Variables[i : i+1]}, f: f, left: v.left, ends: v.ends[i : i+1],
		region: v.region[i : i+1], lower: v.lower[i : i+1], upper: v.upper[i : i+1]}
	if w.compile() != nil {
		return math.Inf(-1)
	}
	least := math.Inf(1)
	const scales = 40
	for k := -scales; k <= scales; k++ {
		x := 0.0
		if k != 0 {
			x = math.Copysign(math.Ldexp(1, (max(k, -k)-scales/2)/2), float64(k))
		}
		if w.eval(w.fm, w.prog, []interval.I{interval.Point(nearest(x, w.region[0]))}); w.dec[0] >= interval.Defined {
			least = math.Min(least, w.out[0].Lo)
		}
	}
	if math.IsInf(least, 0) {
		return math.Inf(-1)
	}
	if w.least = least - 1 - math.Abs(least)/4; !w.quietly(w.region[0], 1000) && !w.parts() {
		return math.Inf(-1)
	}
	return w.least
}
