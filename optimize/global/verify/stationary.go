package verify

import (
	"cmp"
	"math"
	"slices"

	"nabla/diff"
	"nabla/expr"
	"nabla/expr/fn"
	"nabla/expr/interval"
	"nabla/expr/number"
	"nabla/expr/simplify"
	"nabla/expr/tape"
)

// This file is the part of the check for the list of stationary points of a function of one variable.

// stationary reports whether the formula of the derivative is proved to be 0 at one point of each of the intervals that the
// certificate lists, or near it, and nowhere else inside the region, where the function has a derivative. Of ends, of the region or the
// domain, and where that formula has no value, as at kinks, nothing is said.
func (v *verifier) stationary() bool {
	if len(v.region) > 1 {
		return len(v.c.Stationary) == 0 && v.stationaryPoints()
	}
	if len(v.region) != 1 || len(v.c.StationaryPoints) > 0 || len(v.cons) > 0 || v.c.Period != "" {
		return false
	}
	var list []interval.I
	for _, e := range v.c.Stationary {
		list = append(list, interval.New(float64(e[0]), float64(e[1])))
	}
	for i, x := range list {
		if x.IsEmpty() || !x.IsBounded() || !v.definedAt(location{x: []interval.I{x}}) || slices.ContainsFunc(list[:i], func(y interval.I) bool { return !x.Disjoint(y) }) {
			return false
		}
	}
	d := simplify.Tidy(diff.D(v.f, v.c.Variables[0]))
	for _, x := range list { // at a step the formula of the derivative may be 0, and the function has none
		r := 1e-12 * math.Max(1, x.Mag())
		round := []interval.I{interval.New(x.Lo-r, x.Hi+r).Meet(v.region[0])}
		if _, dec := v.encloseIn(v.f, round); dec != interval.Continuous {
			return false
		}
	}
	return v.countZeros(d, list) || v.isolate(d, list)
}

// countZeros reports whether d, a rational function, has as many zeros in the region as there are intervals, each of which
// holds one (theorem of Sturm).
func (v *verifier) countZeros(d expr.Expr, list []interval.I) bool {
	q, ok1 := readQuotient(d, v.c.Variables)
	at, _, ok2 := v.rationalRegion()
	if !ok1 || !ok2 {
		return false
	}
	n, ok := q.zeros(zero, at[0], at[1])
	return ok && n == len(list) && !slices.ContainsFunc(list, func(x interval.I) bool {
		lo, ok1 := floatRat(x.Lo)
		hi, ok2 := floatRat(x.Hi)
		if !ok1 || !ok2 || !x.In(v.region[0]) {
			return true
		}
		n, ok := q.zeros(zero, lo, hi)
		return !ok || n != 1
	})
}

// nearZero is how near to a listed interval its zero is to be, relative to the numbers there.
const nearZero = 1e-6

// isolate does so for other functions: round each of the intervals d changes its sign and is strictly monotone, or is 0 at a point in closed
// form with so many derivatives that it is nowhere else, and elsewhere it is not 0, as enclosures show, and far out and beside the breaks its
// leading terms.
func (v *verifier) isolate(d expr.Expr, list []interval.I) bool {
	x := v.c.Variables[0]
	p, err := tape.Compile([]string{x}, d, simplify.Tidy(diff.D(d, x)))
	if err != nil {
		return false
	}
	m := p.NewMachine()
	var out [2]interval.I
	var dec [2]interval.Dec
	sign := func(x interval.I) int { // of d on x, 0 for unknown
		switch m.Interval(out[:], dec[:], []interval.I{x}); {
		case dec[0] == interval.None || out[0].IsEmpty():
			return 2 // it has no value
		case out[0].Lo > 0:
			return 1
		case out[0].Hi < 0:
			return -1
		}
		return 0
	}
	changes := func(x interval.I) bool { return sign(interval.Point(x.Lo))*sign(interval.Point(x.Hi)) == -1 }
	crosses := func(y interval.I) bool {
		return changes(y) && sign(y) == 0 && dec[0] == interval.Continuous && dec[1] >= interval.Defined && !out[1].Has(0)
	}
	var settled []interval.I
	for i, x := range list {
		alone := crosses
		if z := v.zeroNear(d, x); z.Valid() {
			alone = func(y interval.I) bool { return v.isOnlyZero(d, z, y) }
		} else if !changes(around(x, nearZero)) {
			return false
		}
		found := false
		for _, r := range []float64{1e-2, 1e-4, nearZero, 1e-8, 1e-10} {
			y := around(x, r)
			meets := func(z interval.I) bool { return !z.Disjoint(y) }
			if found = y.In(v.region[0]) && !slices.ContainsFunc(list[:i], meets) && !slices.ContainsFunc(settled, meets) && alone(y); found {
				settled = append(settled, y)
				break
			}
		}
		if !found {
			return false
		}
	}
	return v.withoutZeros(d, settled)
}

// around is x with neighbours at a distance relative to the numbers there.
func around(x interval.I, r float64) interval.I {
	r *= math.Max(1e-3, x.Mag())
	return interval.New(x.Lo-r, x.Hi+r)
}

// zeroNear returns a closed form of a zero of d and of its derivative near the interval x, not Valid for none that is found: a number, a rational multiple
// of π, or one of those in the certificate.
func (v *verifier) zeroNear(d expr.Expr, x interval.I) (z expr.Expr) {
	pool := expr.NewPool()
	var list []expr.Expr
	if n, ok := number.FromFloat(x.Mid()); ok && x.IsPoint() {
		list = append(list, pool.Num(n))
	}
	for q := int64(1); q <= 6; q++ {
		k := math.Round(x.Mid() * float64(q) / math.Pi)
		if math.Abs(x.Mid()*float64(q)/math.Pi-k) < nearZero && math.Abs(k) < 1<<20 {
			list = append(list, pool.Make(expr.Mul, pool.Num(number.Frac(int64(k), q)), pool.Call(fn.Lookup("pi"))))
		}
	}
	for _, b := range v.breaks() {
		list = append(list, b.e)
	}
	slope := diff.D(d, v.c.Variables[0])
	for _, e := range list {
		at := map[string]expr.Expr{v.c.Variables[0]: e}
		if in, ok := tape.EncloseConstant(e); ok && in.In(around(x, nearZero)) && isZeroAt(d, at) && isZeroAt(slope, at) {
			return e
		}
	}
	return z
}

// isOnlyZero reports whether d is 0 at z and at no other point of y: d(x) = (x - z)^m d⁽ᵐ⁾(ξ)/m! for some ξ of y, as the derivatives of lower
// order are 0 at z (theorem of Taylor), and d⁽ᵐ⁾ has no zero in y.
func (v *verifier) isOnlyZero(d, z expr.Expr, y interval.I) bool {
	const most = 8
	x := v.c.Variables[0]
	for range most {
		if r, dec := v.encloseIn(d, []interval.I{y}); dec >= interval.Defined && !r.IsEmpty() && !r.Has(0) {
			return true
		} else if dec != interval.Continuous || !isZeroAt(d, map[string]expr.Expr{x: z}) {
			return false
		}
		d = simplify.Tidy(diff.D(d, x))
	}
	return false
}

// withoutZeros reports whether d is proved not to be 0 in the region but in the intervals given, ends left out: its absolute value is positive
// where f is defined.
func (v *verifier) withoutZeros(d expr.Expr, but []interval.I) bool {
	pool := expr.NewPool()
	size := pool.Call(fn.Lookup("abs"), pool.Import(d))
	w := &verifier{c: v.c, f: size, exact: pool.Int(0), strict: true, slope: true, least: math.SmallestNonzeroFloat64, left: v.left}
	for _, c := range simplify.Domain(v.f) {
		if k, err := readConstraint(c); err == nil {
			w.cons = append(w.cons, k...)
		}
	}
	if w.compile() != nil || w.compileConditions() != nil {
		return false
	}
	slices.SortFunc(but, func(a, b interval.I) int { return cmp.Compare(a.Lo, b.Lo) })
	rest, ends := v.region[0], v.ends[0]
	for i := range len(but) + 1 {
		gap := rest
		w.ends = [][2]end{{ends[0], {}}}
		if i < len(but) {
			gap.Hi, rest.Lo = but[i].Lo, but[i].Hi
		} else {
			w.ends[0][1] = ends[1]
		}
		ends[0] = end{}
		w.region, w.lower, w.upper = []interval.I{gap}, []float64{gap.Lo}, []float64{gap.Hi}
		if !w.quietly(gap, 3000) && !w.parts() {
			return false
		}
	}
	return true
}

// noStationary reports whether the break is no point inside the region at which the function, of whose derivative f is the absolute value, has
// the derivative 0: it is an end of the region or of the domain, or on one side of it the derivative is bounded away from 0.
func (v *verifier) noStationary(b lineBreak) bool {
	if v.isBound(b, 0) || v.isBound(b, 1) {
		return true
	}
	const steep = 1e-6
	pool := expr.NewPool()
	for _, side := range [2]int64{1, -1} {
		step := pool.Make(expr.Mul, pool.Int(side), pool.Make(expr.Pow, pool.Var("t"), pool.Int(-1)))
		path := pool.Make(expr.Add, pool.Import(b.e), step)
		f := v.on([]expr.Expr{path})
		if _, ok := onTails(1, false, &v.left.evals, func(k *tail) bool {
			return v.leaves(k, path) || k.defined(k.t.Pool().Import(f)) && k.atLeast(f, steep)
		}); ok {
			return true
		}
	}
	return false
}
