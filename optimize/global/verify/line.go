package verify

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"nabla/diff"
	"nabla/expr"
	"nabla/expr/interval"
	"nabla/expr/simplify"
	"nabla/expr/tape"
)

// This file is the part of the check for functions of one variable, whose proofs
// have no division of the region. Rational functions are settled exactly; of the
// others the ends are settled by tail.go and what is between by dividing
// it.

const (
	lineBoxes  = 60_000 // boxes for one part of the line
	finalEvals = 1000   // evaluations for a relation far out
	maxBreaks  = 60     // places to look at
)

// tailStarts are the t from which an end is looked at, where what is nearer is to be settled too, and farStarts where it is not.
var (
	tailStarts = []float64{1, 4, 16, 64, 1024, 1 << 20, 1 << 40}
	farStarts  = []float64{64, 1 << 20, 1 << 40, 4}
)

// A lineBreak is a place in closed form at which the line is cut.
type lineBreak struct {
	e  expr.Expr
	at interval.I
}

// line reports whether f is proved to have no value below the claim on the
// region, for one variable.
func (v *verifier) line() bool {
	if above, known := v.rationalLine(); known && (above || !v.mayEqual()) {
		if v.settled = !above; above {
			v.yes("nothing in the region is better than the value: f minus the value, a rational function, changes its sign nowhere (Sturm's theorem, exactly)")
		} else {
			v.no("that nothing in the region is better: f minus the value, a rational function, is negative somewhere (Sturm's theorem, exactly)")
		}
		return above
	}
	before := v.left.boxes
	region := v.region[0]
	if v.quietly(region, 3000) {
		v.yes("nothing in the region is better than the value (%d boxes)", before-v.left.boxes)
		return true
	}
	if v.inPeriod() {
		v.yes("the formula has the period %s, and nothing in one period is better than the value (%d boxes)", v.c.Period, before-v.left.boxes)
		return true
	}
	return v.parts()
}

// inPeriod settles one period for the whole of an unbounded region.
func (v *verifier) inPeriod() bool {
	if v.region[0].IsBounded() || len(v.cons) > 0 || v.unique { // what is taken is taken in all periods
		return false
	}
	p, ok := v.period()
	if !ok {
		return false
	}
	moved := func(text string, times int) string { return fmt.Sprintf("(%s)+%d*(%s)", text, times, v.c.Period) }
	x := interval.I{Lo: 0, Hi: p.Hi}
	for _, texts := range v.closedForms() { // the value is taken in all periods
		for times := -maxPeriods; times <= maxPeriods && len(texts) == 1; times++ {
			e, err := expr.Parse(moved(texts[0], times))
			if err != nil || v.sites == nil || times == 0 {
				continue
			}
			if at, ok := tape.EncloseConstant(e); ok && !at.Disjoint(x) {
				if s := v.siteOf(location{[]interval.I{at}, map[string]expr.Expr{v.c.Variables[0]: e}}); s != nil {
					v.sites = append(v.sites, s)
				}
			}
		}
	}
	// f, on the whole line, is settled from 0 to the period, with the breaks of the certificate there and a period before and after.
	w, c := *v, *v.c
	w.region, w.lower, w.upper, w.ends = []interval.I{interval.Whole}, []float64{math.Inf(-1)}, []float64{math.Inf(1)}, make([][2]end, 1)
	if w.quietly(x, lineBoxes/4) {
		return true
	}
	for _, text := range append([]string{"0"}, v.c.Breaks...) {
		for times := -maxPeriods; times <= maxPeriods; times++ {
			if e, err := expr.Parse(moved(text, times)); err == nil {
				if at, ok := tape.EncloseConstant(e); ok && !at.Disjoint(x) {
					c.Breaks = append(slices.Clip(c.Breaks), moved(text, times))
				}
			}
		}
	}
	w.c = &c
	return w.pieces(w.breaks(), x)
}

// rationalLine reports whether f, if it is known to be a rational function, has no value below
// the claim on the region.
func (v *verifier) rationalLine() (above, known bool) {
	low, ok1 := floatRat(v.least)
	q, ok2 := readQuotient(v.f, v.c.Variables)
	at, _, ok3 := v.rationalRegion()
	if !ok1 || !ok2 || !ok3 || len(v.cons) > 0 {
		return false, false
	}
	if above, known = q.atLeast(low, at[0], at[1]); above && v.exact.Valid() {
		if value, ok := exactRat(simplify.Tidy(v.exact)); ok {
			v.precise, _ = q.atLeast(value, at[0], at[1])
		}
	}
	return above, known
}

// constant reports whether f is proved to be the constant of the certificate
// wherever it is defined.
func (v *verifier) constant() bool {
	e, err := expr.Parse(v.c.Exact)
	if v.c.Exact == "" || err != nil || !e.IsConstant() {
		return false
	}
	pool := expr.NewPool()
	c := pool.Import(e)
	if v.c.Maximise {
		c = pool.Make(expr.Neg, c)
	}
	b, ok := tape.EncloseConstant(c)
	values, _ := v.encloseOn(v.f)
	switch {
	case !ok || !(b.Lo >= v.least):
		return false
	case values.IsPoint() && values == b:
		v.yes("the formula has no other value than %s in the region", v.c.Exact)
		return true
	case v.isLevel():
		v.yes("the derivative is 0 on the whole region, an interval on which the formula is continuous")
		return true
	case !equal(v.f, c) && !equal(v.chosen(v.f), c):
		return false
	}
	v.yes("the formula is equal to %s wherever it is defined, by rules of algebra", v.c.Exact)
	return true
}

// chosen is f with the operands in the places of max and min that are, on the region, not below and not above the others.
func (v *verifier) chosen(f expr.Expr) expr.Expr {
	t := simplify.New()
	return expr.Fold(t.Tidy(f), func(n expr.Expr, args []expr.Expr) expr.Expr {
		if !n.IsCall("max") && !n.IsCall("min") {
			return expr.Remake(n, t.Pool(), args, nil)
		}
		for i, a := range args {
			r, _ := v.encloseOn(a)
			if n.IsCall("min") {
				r = r.Neg()
			}
			if !r.IsEmpty() && !slices.ContainsFunc(slices.Delete(slices.Clone(args), i, i+1), func(b expr.Expr) bool {
				q, _ := v.encloseOn(b)
				if n.IsCall("min") {
					q = q.Neg()
				}
				return !(q.Hi <= r.Lo)
			}) {
				return a
			}
		}
		return expr.Remake(n, t.Pool(), args, nil)
	})
}

// isLevel reports whether the derivative of f, a function of one variable, is proved to be 0 on the whole region: so f has one value there.
func (v *verifier) isLevel() bool {
	if len(v.region) != 1 || len(v.cons) > 0 {
		return false
	}
	for n := range v.f.All() {
		if n.Op() == expr.If || n.Op() == expr.Call && (n.Len() > 1 || n.Func().Jumps) {
			return false
		}
	}
	pool := expr.NewPool()
	x := pool.Var(v.c.Variables[0])
	d := diff.D(v.f, v.c.Variables[0])
	return equal(d, pool.Int(0)) && v.definedWith(x, v.f) && v.definedWith(x, d)
}

// quietly tries to settle an interval within a budget of boxes.
func (v *verifier) quietly(x interval.I, budget int) bool {
	if x.IsEmpty() {
		return true
	}
	return v.bounded([]interval.I{x}, budget)
}

// period returns an interval that contains a period of f: the one that the
// certificate names, or a small multiple, if f is proved to have it.
func (v *verifier) period() (interval.I, bool) {
	e, err := expr.Parse(v.c.Period)
	if v.c.Period == "" || err != nil || !e.IsConstant() {
		return interval.I{}, false
	}
	size, ok := tape.EncloseConstant(e)
	if !ok || !(size.Lo > 0) || !size.IsBounded() {
		return interval.I{}, false
	}
	for m := int64(1); m <= maxPeriods; m++ {
		t := simplify.New()
		if repeats(v.f, v.c.Variables[0], t.Mul(t.Int(m), t.Tidy(e))) {
			return size.Mul(interval.Point(float64(m))), true
		}
	}
	return interval.I{}, false
}

// maxPeriods is how many times the period of the certificate is tried.
const maxPeriods = 12

// repeats reports whether the constant p is proved to be a period of f in x: with x + p
// in the place of x, every part of f grows by a constant, and f itself by 0. Sine and the like
// swallow their periods, floor passes whole numbers on.
func repeats(f expr.Expr, x string, p expr.Expr) bool {
	t := simplify.New()
	pool := t.Pool()
	if len(simplify.Domain(f)) == 0 {
		f = simplify.Tidy(f) // the same everywhere
	}
	p = t.Tidy(p)
	zero := t.Int(0)
	none := expr.Expr{} // grows by no constant
	// multiple reports whether d is a whole multiple of unit.
	multiple := func(d, unit expr.Expr) bool {
		n := t.Mul(d, t.Pow(unit, t.Int(-1)))
		return n.Op() == expr.Num && n.Number().IsInt()
	}
	pi := t.Tidy(expr.MustParse("pi"))
	units := map[string]expr.Expr{"sin": t.Mul(t.Int(2), pi), "tan": pi, "floor": t.Int(1)}
	for name, same := range map[string]string{"cos": "sin", "sec": "sin", "csc": "sin", "cot": "tan", "ceil": "floor"} {
		units[name] = units[same]
	}
	d := expr.Fold(pool.Import(f), func(n expr.Expr, args []expr.Expr) expr.Expr {
		still := !slices.ContainsFunc(args, func(a expr.Expr) bool { return a != zero })
		switch {
		case n.Op() == expr.Var && n.Name() == x:
			return p
		case still:
			return zero
		case slices.Contains(args, none):
			return none
		}
		switch n.Op() {
		case expr.Add:
			return t.Add(args...)
		case expr.Neg:
			return t.Neg(args[0])
		case expr.Mul:
			factors := []expr.Expr{}
			for i, a := range args {
				if a == zero && n.Arg(i).IsConstant() {
					a = t.Tidy(n.Arg(i))
				} else if a == zero || slices.ContainsFunc(args[:i], func(b expr.Expr) bool { return b != zero }) {
					return none
				}
				factors = append(factors, a)
			}
			return t.Mul(factors...)
		case expr.Div:
			if n.Arg(1).IsConstant() {
				return t.Mul(args[0], t.Pow(t.Tidy(n.Arg(1)), t.Int(-1)))
			}
		case expr.Call:
			unit, some := units[n.Func().Name]
			if n.Func().Name == "mod" && args[1] == zero && n.Arg(1).IsConstant() {
				unit, some = t.Tidy(n.Arg(1)), true
			}
			switch {
			case !some || !multiple(args[0], unit):
			case n.Func().Name == "floor" || n.Func().Name == "ceil":
				return args[0]
			default:
				return zero
			}
		}
		return none
	})
	return d == zero
}

// breaks returns the places at which the line is cut, in order: those of the
// certificate that have a closed form, the ends of the region, and 0. What they
// are does not matter for the proof, only for whether it succeeds.
func (v *verifier) breaks() []lineBreak {
	var places []expr.Expr
	for _, e := range v.ends[0] {
		if e.e.Valid() {
			places = append(places, e.e)
		}
	}
	for _, text := range append([]string{"0"}, v.c.Breaks...) {
		if e, err := expr.Parse(text); err == nil {
			places = append(places, e)
		}
	}
	var out []lineBreak
	for _, e := range places[:min(len(places), maxBreaks)] {
		at, ok := tape.EncloseConstant(e)
		if !ok || !at.IsBounded() || at.Disjoint(v.region[0]) {
			continue
		}
		if !slices.ContainsFunc(out, func(b lineBreak) bool { return !b.at.Disjoint(at) }) {
			out = append(out, lineBreak{e, at})
		}
	}
	slices.SortFunc(out, func(a, b lineBreak) int { return cmp.Compare(a.at.Lo, b.at.Lo) })
	return out
}

// parts settles the region part by part: its infinite ends, the neighbourhoods of
// the breaks, and what lies between. v.strict says what is to be shown of each: that no
// value is below the claim, or that no point has the infimum.
func (v *verifier) parts() bool {
	breaks := v.breaks()
	before := v.left.boxes
	middle, ok := v.farOut(breaks)
	if !ok {
		return false
	}
	if !v.pieces(breaks, middle) {
		return false
	}
	if !v.strict {
		v.yes("nothing in the region is better than the value (%d boxes, and ends by their leading terms or the sign of the derivative)", before-v.left.boxes)
	}
	return true
}

// pieces settles what lies between the breaks in the interval.
func (v *verifier) pieces(breaks []lineBreak, middle interval.I) bool {
	breaks = slices.DeleteFunc(slices.Clone(breaks), func(b lineBreak) bool { return b.at.Disjoint(middle) })
	// The parts overlap in the enclosures of the breaks.
	for i := 0; i <= len(breaks); i++ {
		var left, right *lineBreak
		from, to := middle.Lo, middle.Hi
		if i > 0 {
			left, from = &breaks[i-1], breaks[i-1].at.Lo
		}
		if i < len(breaks) {
			right, to = &breaks[i], breaks[i].at.Hi
		}
		// Nothing is before the lower bound or after the upper one, but a region of one point is looked at once.
		outside := left == nil && right != nil && v.isBound(*right, 0) && !v.isBound(*right, 1) || right == nil && left != nil && v.isBound(*left, 1)
		if !outside && from <= to && !v.segment(left, right, from, to) {
			return false
		}
	}
	return true
}

// farOut settles the infinite ends of the region, and returns what is left.
func (v *verifier) farOut(breaks []lineBreak) (middle interval.I, ok bool) {
	reach := 1.0
	for _, b := range breaks {
		reach = math.Max(reach, b.at.Mag()+1)
	}
	pool := expr.NewPool()
	t := pool.Var("t")
	middle = v.region[0]
	if math.IsInf(middle.Hi, 1) {
		if middle.Hi, ok = v.tail(t, reach); !ok {
			v.miss("that nothing is better far out, as %s → ∞", v.c.Variables[0])
			return middle, false
		}
	}
	if math.IsInf(middle.Lo, -1) {
		s, ok := v.tail(pool.Make(expr.Neg, t), reach)
		if middle.Lo = -s; !ok {
			v.miss("that nothing is better far out, as %s → -∞", v.c.Variables[0])
			return middle, false
		}
	}
	return middle, true
}

// tail settles x = path(t), t ≥ start, for some start ≥ least, and returns the start.
func (v *verifier) tail(path expr.Expr, least float64) (start float64, ok bool) {
	f := v.on([]expr.Expr{path})
	return onTails(least, false, &v.left.evals, func(k *tail) bool {
		return v.leaves(k, path) || v.strict && k.above(f, v.exact) || k.atLeast(f, v.least) || v.mayEqual() && k.above(f, v.exact)
	})
}

// beside proves the claim for x = b ± 1/t, t ≥ s, on one side of a break, towards the far end given,
// and returns a float64 up to which it does.
func (v *verifier) beside(b lineBreak, side int, far float64) (float64, bool) {
	pool := expr.NewPool()
	step := pool.Make(expr.Pow, pool.Var("t"), pool.Int(-1))
	if side < 0 {
		step = pool.Make(expr.Neg, step)
	}
	gap := math.Max(0x1p-38, math.Abs(far-b.at.Mid()))
	path := pool.Make(expr.Add, pool.Import(b.e), step)
	s, ok := v.tail(path, 2/gap)
	if !ok && v.isSite(b.e) && v.risesFrom(b) {
		f := v.on([]expr.Expr{path})
		s, ok = onTails(2/gap, false, &v.left.evals, func(k *tail) bool { return k.comesDown(f, v.strict) })
	}
	r := interval.Point(s).Inv()
	if side < 0 {
		return b.at.Sub(r).Hi, ok
	}
	return b.at.Add(r).Lo, ok
}

// risesFrom reports whether it is of use that f rises from the break, a site to which its values tend: f may have the value, and not beside it
// where all is to be greater but what is left out.
func (v *verifier) risesFrom(b lineBreak) bool {
	return (v.unique || v.mayEqual() || v.strict && v.isLeftOut(b)) && v.hasNoJumps()
}

// isLeftOut reports whether the break is an end of the region that is left out.
func (v *verifier) isLeftOut(b lineBreak) bool {
	return v.isOpen(0, 0) && v.isBound(b, 0) || v.isOpen(0, 1) && v.isBound(b, 1)
}

// hasNoJumps reports whether f is seen to be continuous wherever it is defined.
func (v *verifier) hasNoJumps() bool {
	for n := range v.f.All() {
		if n.Op() == expr.If || n.Op() == expr.Call && (n.Len() > 1 || n.Func().Jumps) || n.Op() == expr.Pow && !n.Arg(1).IsConstant() {
			return false
		}
	}
	return true
}

// nearsEnd reports whether f comes near the value at an end that is left out, where its formula has it: it is continuous, and defined beside.
func (v *verifier) nearsEnd() bool {
	if len(v.region) != 1 || !v.hasNoJumps() {
		return false
	}
	return slices.ContainsFunc(v.breaks(), func(b lineBreak) bool {
		pool := expr.NewPool()
		step := pool.Make(expr.Pow, pool.Var("t"), pool.Int(-1))
		if v.isBound(b, 1) {
			step = pool.Make(expr.Neg, step)
		}
		along := []expr.Expr{pool.Make(expr.Add, pool.Import(b.e), step)}
		if !v.isLeftOut(b) || !v.isSite(b.e) || !v.pathInside(along, false) {
			return false
		}
		f := v.on(along)
		return finally(f.Pool().Make(expr.Eq, f, f), false)
	})
}

// segment settles what lies between two breaks, nil for none. What is shown beside a break, and at
// the break itself, is left out of the part.
func (v *verifier) segment(left, right *lineBreak, from, to float64) bool {
	if v.quietly(interval.I{Lo: from, Hi: to}, 5000) {
		return true
	}
	a, b := from, to
	if left != nil && v.atBreak(*left) {
		if at, ok := v.beside(*left, 1, to); ok {
			a = at
		}
	}
	if right != nil && v.atBreak(*right) {
		if at, ok := v.beside(*right, -1, from); ok {
			b = at
		}
	}
	if a <= b && !v.quietly(interval.I{Lo: a, Hi: b}, lineBoxes) {
		v.miss("that nothing is better for %s from %.6g to %.6g", v.c.Variables[0], a, b)
		return false
	}
	return true
}

// leaves reports whether a constraint holds nowhere on the tail of the path.
func (v *verifier) leaves(k *tail, path expr.Expr) bool {
	return slices.ContainsFunc(v.cons, func(c constraintCheck) bool {
		return k.truth(k.t.Pool().Import(substitute(c.relation(), v.places([]expr.Expr{path})))) < 0
	})
}

// atBreak reports whether the value at the break itself is not below the claim,
// or the break is not in the region, or f is not defined there.
func (v *verifier) atBreak(b lineBreak) bool {
	if v.isLeftOut(b) {
		return true
	}
	if v.unique && v.isSite(b.e) || v.slope && v.noStationary(b) {
		return true
	}
	at := map[string]expr.Expr{v.c.Variables[0]: b.e}
	for _, c := range v.cons {
		if c.brokenAt(at) {
			return true
		}
	}
	f := substitute(v.f, at)
	if undefined(f) {
		return true
	}
	for _, e := range [2]expr.Expr{f, simplify.Tidy(f)} {
		p, err := tape.Compile(nil, e)
		if err != nil {
			return false
		}
		out, dec := make([]interval.I, 1), make([]interval.Dec, 1)
		p.NewMachine().Interval(out, dec, nil)
		if dec[0] == interval.None || out[0].IsEmpty() || out[0].Lo >= v.least {
			return true
		}
	}
	return v.mayEqual() && equal(f, v.exact)
}

// undefined reports whether a constant is proved to have no value.
func undefined(f expr.Expr) bool {
	for n := range f.All() {
		if n.Op() == expr.Pow && n.Arg(1).Op() != expr.Num {
			return false // of which the domain is more than the conditions tell
		}
	}
	return slices.ContainsFunc(simplify.Domain(f), func(c expr.Expr) bool {
		k, ok := asInequality(expr.NewPool(), c, false, 0)
		return ok && holds(k.relation())
	})
}

// isBound reports whether the break is the lower (0) or upper (1) bound.
func (v *verifier) isBound(b lineBreak, side int) bool {
	e := v.ends[0][side].e
	if !e.Valid() || expr.Equal(e, b.e) {
		return e.Valid()
	}
	at, ok := tape.EncloseConstant(e)
	return ok && !at.Disjoint(b.at) && equal(e, b.e)
}
