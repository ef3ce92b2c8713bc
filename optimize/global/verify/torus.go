package verify

import (
	"fmt"
	"math"
	"slices"

	"nabla/expr"
	"nabla/expr/fn"
	"nabla/expr/format"
	"nabla/expr/interval"
	"nabla/expr/number"
	"nabla/expr/simplify"
	"nabla/expr/tape"
	"nabla/optimize/global/certificate"
)

// This file draws the conclusions from phases that come near to any values (phases.go): f falls without end, or has an infimum that is the least
// value of F.

// fallsWithPhases reports whether f is proved to fall without end along a path on which it oscillates: it is a sum of functions of t times functions of phases, the
// first of which outgrows the others and goes to ∞ or -∞. For phases in a box, to which they come again and again, that has a negative multiple and the others are
// bounded.
func (v *verifier) fallsWithPhases() bool {
	if len(v.region) != 1 {
		return false
	}
	for _, along := range v.paths() {
		if !v.pathInside(along, false) {
			continue
		}
		o, ok := v.phasesAlong(along)
		if !ok {
			continue
		}
		_, ok = onTails(0, false, &v.left.evals, func(k *tail) bool {
			if k.order > 0 {
				return false
			}
			terms, ok := o.terms(k)
			first, sign := k.leading(terms)
			return ok && sign != 0 && o.hasLowBox(k, terms, first, sign)
		})
		if ok {
			v.yes("along %s = %s the values fall without end where %d phases, of which no combination with whole numbers is bounded, come near some values, as they do again and again (Weyl's criterion, van der Corput's lemma)", v.c.Variables[0], format.Text(along[0]), len(o.names))
			return true
		}
	}
	return false
}

// leading is the place of the term with the function of t that outgrows those of the others and goes to ∞ or -∞, and its sign; 0 for none.
func (k *tail) leading(terms []phaseTerm) (first, sign int) {
	for i, p := range terms {
		for _, side := range []int64{1, -1} {
			if k.grows(sum{p.g}, side) && !slices.ContainsFunc(slices.Delete(slices.Clone(terms), i, i+1), func(q phaseTerm) bool { return !k.vanishes(k.mul(q.g, p.g, -1)) }) {
				return i, int(side)
			}
		}
	}
	return 0, 0
}

// hasLowBox reports whether in some box of phases the first term has a factor with the other sign, those of the others are bounded, and f is defined.
func (o *phases) hasLowBox(k *tail, terms []phaseTerm, first, sign int) bool {
	const radius = 1.0 / (1 << 10)
	return o.onGrid(8, func(at []int64) bool {
		box := make([]interval.I, len(at))
		for i, n := range at {
			c := float64(n)*math.Pi/8 + 0.1 // away from where functions may be 0
			box[i] = interval.New(c-radius, c+radius)
		}
		for i, p := range terms {
			r, dec := encloseOver(p.of, o.names, box)
			if dec < interval.Defined || r.IsEmpty() || !r.IsBounded() || i == first && !(r.Hi < 0 && sign > 0 || r.Lo > 0 && sign < 0) {
				return false
			}
		}
		return o.isDefined(k, box)
	})
}

// onGrid calls try with the multiples of π/parts in each phase, until it answers true.
func (o *phases) onGrid(parts int64, try func(at []int64) bool) bool {
	at := make([]int64, len(o.names))
	for i := range at {
		at[i] = 1 - parts
	}
	for {
		if try(at) {
			return true
		}
		i := 0
		for ; i < len(at) && at[i] == parts; i++ {
			at[i] = 1 - parts
		}
		if i == len(at) {
			return false
		}
		at[i]++
	}
}

// byPhases looks at f, with the closed form of its infimum, as a function of phases: whether f is nowhere lower, comes near it, and does not have it.
func (v *verifier) byPhases(below bool) (out reduced) {
	if len(v.region) != 1 || !v.exact.Valid() {
		return out
	}
	for _, along := range v.paths() {
		if !v.pathInside(along, false) {
			continue
		}
		o, ok := v.phasesAlong(along)
		if !ok {
			continue
		}
		limit, ok := v.limitOf(&o)
		if out.near = ok && len(o.leastPoints(limit, v.exact)) > 0; !out.near {
			continue
		}
		out.below, out.strict = v.leastOnTorus(&o)
		if out.below = out.below || below; !out.below {
			return reduced{}
		}
		v.yes("the formula oscillates with phases of which no combination with whole numbers is bounded: together they come near any values (Weyl's criterion, van der Corput's lemma)")
		if out.strict {
			v.yes("no point has the value: nowhere are the phases those at which it would be taken, as π and exp(π) are algebraically independent (Nesterenko, 1996)")
		}
		return out
	}
	return out
}

// leastOnTorus reports whether the closed form of the value is the least that f has as a function of its angles, all of them, and whether f is proved not to have it, as
// the angles are nowhere those at which it would.
func (v *verifier) leastOnTorus(o *phases) (below, never bool) {
	q := o.withAll(v.c.Variables[0])
	if len(q.names) > maxPhases || q.onLine.Has(v.c.Variables[0]) {
		return false, false
	}
	t := simplify.New()
	f, value := t.Sum(addends(t, nil, q.onLine, number.Int(1))...), t.Tidy(v.exact)
	points := q.leastPoints(f, value)
	if len(points) == 0 || slices.ContainsFunc(q.names, func(name string) bool { return !f.Has(name) }) { // of which nothing would be known
		return false, false
	}
	before := v.report
	g := v.nested(q.certificate(t, f, value, points), "phases")
	v.report.Unchecked = before.Unchecked
	if g == nil || !g.precise || !equal(g.f, f) || !equal(g.exact, v.exact) {
		v.report.Checked = before.Checked
		return false, false
	}
	return true, g.onlyThere() && v.neverMeet(q, points)
}

// withAll has further phases for the other angles in F.
func (o *phases) withAll(x string) *phases {
	q := &phases{names: slices.Clip(o.names), angles: slices.Clip(o.angles), turns: slices.Clip(o.turns)}
	pool := expr.NewPool()
	q.onLine = expr.Fold(o.onLine, func(n expr.Expr, args []expr.Expr) expr.Expr {
		if !isWave(n) || !n.Has(x) {
			return expr.Remake(n, pool, args, nil)
		}
		i := slices.Index(q.angles, n.Arg(0))
		if i < len(o.angles) {
			i = len(q.angles)
			q.names, q.angles, q.turns = append(q.names, fmt.Sprint(phaseName, i+1)), append(q.angles, n.Arg(0)), append(q.turns, number.Int(1))
		}
		return pool.Call(n.Func(), pool.Var(q.names[i]))
	})
	return q
}

// limitOf is F for t → ∞, a function of the phases: f less that, with the phases in their places, tends to 0.
func (v *verifier) limitOf(o *phases) (limit expr.Expr, ok bool) {
	torus := slices.Repeat([]interval.I{interval.Whole}, len(o.names))
	_, ok = onTails(0, false, &v.left.evals, func(k *tail) bool {
		order := k.order
		k.order = 0
		terms, ok := o.terms(k)
		k.order = order
		if !ok || !o.isDefined(k, torus) {
			return false
		}
		list := []expr.Expr{k.t.Int(0)}
		for _, p := range terms {
			if r, dec := encloseOver(p.of, o.names, torus); !r.IsBounded() || dec < interval.Defined {
				return false
			}
			c, small := k.split(k.expand(k.buildOne(p.g)))
			if slices.ContainsFunc(small, func(q product) bool { return !k.vanishes(q) }) {
				return false
			}
			list = append(list, k.t.Mul(c, p.of))
		}
		limit = k.t.Add(list...)
		return true
	})
	if !ok || slices.ContainsFunc(limit.Vars(), func(x string) bool { return !slices.Contains(o.names, x) }) {
		return limit, false
	}
	return limit, true
}

// gridParts is by what π is divided for the phases that are looked at.
const gridParts = 12

// leastPoints are the points of the grid at which the function of phases is the constant c, exactly, and continuous.
func (o *phases) leastPoints(g, c expr.Expr) (points [][]int64) {
	const most = 16
	value, ok := tape.EncloseConstant(c)
	p, err := tape.Compile(o.names, g)
	if !ok || err != nil {
		return nil
	}
	m, out, dec := p.NewMachine(), make([]interval.I, 1), make([]interval.Dec, 1)
	x := make([]interval.I, len(o.names))
	o.onGrid(gridParts, func(at []int64) bool {
		for i, n := range at {
			x[i] = interval.Point(float64(n) * (math.Pi / gridParts))
		}
		if m.Interval(out, dec, x); !(math.Abs(out[0].Mid()-value.Mid()) < 1e-9*(1+value.Mag())) {
			return false
		}
		for i := range x {
			x[i] = around(x[i], 1e-6)
		}
		if m.Interval(out, dec, x); dec[0] != interval.Continuous || !equal(substitute(g, o.at(at)), c) {
			return false
		}
		points = append(points, slices.Clone(at))
		return len(points) == most
	})
	return points
}

// at has the phases with those of a point of the grid in their places.
func (o *phases) at(point []int64) map[string]expr.Expr {
	t := simplify.New()
	with := map[string]expr.Expr{}
	for i, n := range point {
		with[o.names[i]] = t.Mul(t.Num(number.Frac(n, gridParts)), t.Call(fn.Lookup("pi")))
	}
	return with
}

// certificate claims that f, a sum in the names, has the least value at the points alone, as a sum of parts without common names if it is one.
func (o *phases) certificate(t *simplify.Tidier, f, value expr.Expr, points [][]int64) *certificate.Certificate {
	least, _ := tape.EncloseConstant(value)
	c := &certificate.Certificate{Schema: certificate.Schema, Formula: format.Plain(f), Status: certificate.Exact, Exact: format.Plain(value), Complete: true,
		Value: [2]certificate.End{certificate.End(least.Lo), certificate.End(least.Hi)}}
	var seen [][]string
	for _, p := range points {
		var texts []string
		var digits []float64
		for i, n := range p {
			if f.Has(o.names[i]) {
				texts, digits = append(texts, fmt.Sprintf("%d*pi/%d", n, gridParts)), append(digits, float64(n)*math.Pi/gridParts)
			}
		}
		switch {
		case len(seen) == 0:
			c.ExactPoint, c.Point = texts, digits
		case !slices.ContainsFunc(seen, func(u []string) bool { return slices.Equal(u, texts) }):
			c.Minimisers = append(c.Minimisers, texts)
		}
		seen = append(seen, texts)
	}
	for _, name := range o.names {
		if f.Has(name) {
			c.Variables = append(c.Variables, name)
			c.Bounds = append(c.Bounds, [2]string{"-23*pi/24", "25*pi/24"}) // a period that no point of the grid ends
		}
	}
	if len(c.Variables) == 1 {
		for _, u := range seen {
			c.Breaks = append(c.Breaks, u[0])
		}
	}
	if parts, constant := apartIn(t, f); len(parts) > 1 {
		c.Reduction = &certificate.Reduction{Kind: certificate.Sum, Constant: format.Plain(constant)}
		for _, g := range parts {
			c.Reduction.Parts = append(c.Reduction.Parts, o.certificate(t, g, t.Tidy(substitute(g, o.at(points[0]))), points))
		}
	}
	return c
}

// apartIn divides a sum into parts without common variables, and a constant.
func apartIn(t *simplify.Tidier, f expr.Expr) (parts []expr.Expr, constant expr.Expr) {
	constant = t.Int(0)
	for _, e := range operands(expr.Add, f) {
		if e.IsConstant() {
			constant = t.Add(constant, e)
			continue
		}
		parts = slices.DeleteFunc(parts, func(g expr.Expr) bool {
			joined := slices.ContainsFunc(e.Vars(), g.Has)
			if joined {
				e = t.Add(e, g)
			}
			return joined
		})
		parts = append(parts, e)
	}
	return parts, constant
}
