// Package prove proves that formulas are equal.
//
// The difference of two formulas is written as a sum of power products of
// kernels: variables, roots, logarithms, exponentials, and functions that stay
// as they are. Polynomials, fractions, roots, trigonometric and hyperbolic
// functions become such sums by rules that hold at every real point at which
// both formulas are defined; a rule that needs a sign which is not known makes
// the proof distinguish cases or ask for a condition. If all coefficients of
// the difference cancel, the formulas are equal. A proof is bounded by a count
// of its work and the same on every machine. That no proof was found says
// nothing: package diff/check refutes with points.
package prove

import (
	"slices"

	"nabla/expr"
	"nabla/expr/fn"
	"nabla/expr/simplify"
)

// A Budget limits a proof by counting, so that the same question always gets
// the same answer. The zero Budget is the default.
type Budget struct {
	Terms int // products of terms, all in all; 0 means 300,000, some 50 ms
	Cases int // combinations of signs to distinguish; 0 means 81
	Nodes int // distinct nodes of the two formulas; 0 means 20,000
}

// A Proof says whether two formulas are proved equal.
type Proof struct {
	// Equal says that the formulas are equal at every real point at which both
	// are defined and Conditions hold. The Conditions leave out no open set of
	// such points, only borders between cases, zeros of bases of symbolic
	// powers, and the isolated points at which such a base is negative and the
	// exponent an integer.
	Equal bool
	// Conditions are relations, tidy, each once, in a Pool of their own.
	Conditions []expr.Expr
	// Where, when Equal is false, are relations under which the formulas are
	// nevertheless proved equal; nil if none were found. They leave out more
	// than single points: sqrt(x^2) is x where x >= 0.
	Where []expr.Expr
	// Nowhere says that the formulas are proved to be nowhere both defined; then
	// they are not called equal.
	Nowhere bool
	// Exhausted says that the budget ended the search.
	Exhausted bool
	// Why tells in words what the proof rests on, or why there is none.
	Why []string
	// Kernels are the first few variables, roots and functions in which both
	// formulas are the same rational expression; nil for a proof of another
	// kind. They are in the Pool of Conditions.
	Kernels []expr.Expr
}

// Zero is Equal of e and 0.
func Zero(e expr.Expr, o Budget) Proof {
	return Equal(e, expr.NewPool().Int(0), o)
}

// Equal tries to prove that a = b at every real point at which both are
// defined. It never finds formulas different: not proved means just that.
//
// The difference is written as a polynomial in kernels between which no
// algebraic relation is left unused: see sum. It is 0 if all its coefficients
// are. Kernels that are related in a way that was not seen lose a proof, and
// never make one.
func Equal(a, b expr.Expr, o Budget) Proof {
	return EqualWhere(a, b, nil, o)
}

// EqualWhere is Equal at the points at which every formula among given
// is defined as well, and every condition among them holds. A derivative, for
// one, is that of its formula only where the formula is defined.
func EqualWhere(a, b expr.Expr, given []expr.Expr, o Budget) Proof {
	if o.Terms == 0 {
		o.Terms = 300_000
	}
	if o.Cases == 0 {
		o.Cases = 81
	}
	if o.Nodes == 0 {
		o.Nodes = 20_000
	}
	t := simplify.New()
	a, b = t.Pool().Import(a), t.Pool().Import(b)
	if a == b {
		return Proof{Equal: true, Why: []string{"the formulas are the same"}}
	}
	w := expr.Order(a, b)
	if t.Tidy(a) == t.Tidy(b) && !infinite(w) {
		return Proof{Equal: true, Why: []string{"both simplify to the same formula"}}
	}
	if w.Len() > o.Nodes {
		return Proof{Exhausted: true, Why: []string{"the formulas are too large"}}
	}
	p := &proof{a: a, b: b, tidier: t, cases: o.Cases, terms: &o.Terms}
	for _, e := range given {
		p.given = append(p.given, t.Pool().Import(e))
	}
	equal, _ := p.guarded(func() bool { return p.search(newRing(p.terms)) })
	if p.nowhere {
		return Proof{Nowhere: true, Why: []string{nowhere}}
	}
	if !equal && !p.exhausted {
		equal, _ = p.guarded(func() bool { return p.assumeBases(o) || p.puncture(p.last) })
	}
	if equal {
		if conditions, possible := answer(p.needed); possible {
			kernels := p.kernels
			if len(conditions) > 0 {
				kernels = conditions[0].Pool().ImportAll(kernels...)
			}
			return Proof{Equal: true, Conditions: conditions, Why: p.how, Kernels: kernels}
		}
		return Proof{Why: []string{nowhere}}
	}
	failed := Proof{Exhausted: p.exhausted, Why: p.why}
	p.guarded(func() bool {
		if where := p.where(p.last); where != nil {
			if conditions, possible := answer(where); possible {
				failed.Where = conditions
			}
		}
		return true
	})
	return failed
}

// infinite reports that the constant inf occurs in w: nothing cancels then.
func infinite(w *expr.Walk) bool {
	for _, n := range w.Each() {
		if n.IsCall("inf") {
			return true
		}
	}
	return false
}

// A proof is a search for one.
type proof struct {
	a, b      expr.Expr
	given     []expr.Expr // formulas that are defined and conditions that hold
	tidier    *simplify.Tidier
	cases     int  // still allowed
	terms     *int // likewise
	needed    []expr.Expr
	assumed   []expr.Expr // bases of symbolic powers taken to be positive
	last      *ring       // of the attempt that failed before any distinction of cases
	special   bool        // cases have been distinguished: rings know more than holds everywhere
	left      sum         // the difference in the last attempt
	open      kernel      // the sign that the first distinction was about, or -1
	unknown   []unknownBase
	why       []string    // there is no proof
	how       []string    // there is one
	kernels   []expr.Expr // of the explanation
	exhausted bool
	nowhere   bool // both formulas are proved to be defined at no point
	somewhere bool // a case was met in which both formulas are defined
}

// An unknownBase is a base of a symbolic power whose sign is not known.
type unknownBase struct{ base, exponent expr.Expr }

// condition notes that u op v is needed.
func (p *proof) condition(op expr.Op, u, v expr.Expr) {
	c := p.tidier.Pool().Make(op, u, v)
	if !slices.Contains(p.needed, c) {
		p.needed = append(p.needed, c)
	}
}

// zero returns the relation u op 0.
func (p *proof) zero(op expr.Op, u expr.Expr) expr.Expr {
	return p.tidier.Relation(op, u, p.tidier.Int(0))
}

func (p *proof) unknownBase(base, exponent expr.Expr) {
	for _, u := range p.unknown {
		if u.base == base {
			return
		}
	}
	p.unknown = append(p.unknown, unknownBase{base, exponent})
}

// search proves a = b under what r knows, distinguishing cases where need be.
func (p *proof) search(r *ring) bool {
	holds := p.inCase(r, nil)
	p.nowhere = holds && !p.somewhere
	return holds && p.somewhere
}

// inCase is search in a case in which r knows some signs and the variables in
// let have values. It is true, too, when the formulas are nowhere both defined.
func (p *proof) inCase(r *ring, let map[string]sum) bool {
	if p.cases--; p.cases < 0 {
		p.exhausted = true
		p.reason("the cases are too many")
		return false
	}
	needed := len(p.needed)
	for range 4 {
		p.needed = p.needed[:needed]
		before := r.facts
		equal, stop := p.attempt(r, let)
		switch stop := stop.(type) {
		case giveUp:
			if stop.why == nowhere {
				return true // nothing to prove in this case
			}
			p.exhausted = p.exhausted || stop.exhausted
			p.reason(stop.why)
			return false
		case caseNeeded:
			if p.last == nil && !p.special {
				p.last, p.open = r.clone(), stop.k
			}
			p.special = true
			return p.distinguish(r, let, stop)
		}
		if equal {
			p.somewhere = true
			return true
		}
		// What was learnt may split roots and absolute values that stayed
		// whole when they were met.
		if r.facts == before {
			break
		}
	}
	if p.last == nil && !p.special {
		p.last, p.open = r.clone(), -1
	}
	if k, relation, ok := p.openSign(r); ok {
		p.special = true
		return p.distinguish(r, let, caseNeeded{k, relation})
	}
	p.reason("the difference does not cancel")
	return false
}

// openSign returns a kernel of which the sign is not known and on whose sign the
// difference depends, with the relation that it is not 0. Of several it is the
// first, which the others may be made of and not the other way round.
func (p *proof) openSign(r *ring) (kernel, expr.Expr, bool) {
	reached := r.reached(p.left)
	slices.Sort(reached)
	for _, k := range reached {
		info := &r.kernels[k]
		if info.kind != kindSign {
			continue
		}
		if s := r.sign(info.of); s&minusSign == 0 || s&plusSign == 0 {
			continue
		}
		if u, ok := r.formula(info.of, p.tidier); ok {
			return info.of, p.zero(expr.Ne, u), true
		}
	}
	return 0, expr.Expr{}, false
}

func (p *proof) reason(why string) {
	if !slices.Contains(p.why, why) {
		p.why = append(p.why, why)
	}
}

func (p *proof) because(how string) {
	if !slices.Contains(p.how, how) {
		p.how = append(p.how, how)
	}
}

// attempt translates both formulas and decides whether the difference is 0.
// stop is a giveUp or caseNeeded that ended it.
func (p *proof) attempt(r *ring, let map[string]sum) (equal bool, stop any) {
	return p.guarded(func() bool { return p.cancels(r, let) })
}

// guarded returns what f returns, or the giveUp or caseNeeded that ended it.
func (p *proof) guarded(f func() bool) (ok bool, stop any) {
	defer func() {
		if e := recover(); e != nil {
			switch e.(type) {
			case giveUp, caseNeeded:
				ok, stop = false, e
			default:
				panic(e)
			}
		}
	}()
	return f(), nil
}

// cancels reports that the difference of the formulas is proved to be 0.
func (p *proof) cancels(r *ring, let map[string]sum) bool {
	t := &translator{r: r, tidier: p.tidier, sums: map[expr.Expr]sum{}, let: let, proof: p}
	needed := len(p.needed)
	for _, b := range p.assumed {
		r.learn(t.translate(b), plusSign)
	}
	for _, e := range p.given {
		t.suppose(e)
	}
	u, v := t.translate(p.a), t.translate(p.b)
	d := u.sub(v)
	p.left = d
	switch {
	case r.isZero(d):
		p.explain(r, u, v)
	case r.relationCancels(d):
		p.because("by a relation between logarithms or angles")
	default:
		return false
	}
	// What turned out to hold anyway is no condition.
	kept := p.needed[:needed]
	for _, c := range p.needed[needed:] {
		if !t.holds(c) {
			kept = append(kept, c)
		}
	}
	p.needed = kept
	return true
}

// suppose learns from the formula e that it is defined, and from a condition
// that it holds.
func (t *translator) suppose(e expr.Expr) {
	switch {
	case e.Op() == expr.And:
		for _, part := range e.Args() {
			t.suppose(part)
		}
	case e.Op().IsRelation():
		t.r.learn(t.translate(e.Arg(0)).sub(t.translate(e.Arg(1))), allowedBy(e.Op()))
	case !e.Op().IsCondition():
		t.translate(e)
	}
}

// holds reports that the relation c is known to hold wherever both formulas are
// defined.
func (t *translator) holds(c expr.Expr) bool {
	d := t.translate(c.Arg(0)).sub(t.translate(c.Arg(1)))
	truth, known := t.r.relation(c.Op(), d)
	return known && truth
}

// distinguish proves the equality for k < 0, k = 0 and k > 0.
func (p *proof) distinguish(r *ring, let map[string]sum, c caseNeeded) bool {
	// under restricts a copy of r. It answers nil when the case cannot be.
	under := func(s signs) *ring {
		q := r.clone()
		_, stop := p.guarded(func() bool { q.restrict(c.k, s); return true })
		if g, ok := stop.(giveUp); ok && g.why == nowhere {
			return nil
		}
		return q
	}
	for _, s := range []signs{minusSign, plusSign} {
		if q := under(s); q != nil && !p.inCase(q, let) {
			return false
		}
	}
	q := under(zeroSign)
	if q == nil {
		return true
	}
	// k = 0 is where pieces meet: there the values are put in, if k tells them.
	saved := *p
	if with, ok := q.solve(c.k, let); ok && p.inCase(q, with) {
		return true
	}
	cases := p.cases
	*p = saved
	p.cases = cases
	if !r.smooth(c.k) {
		return false
	}
	p.condition(expr.Ne, c.relation.Arg(0), c.relation.Arg(1))
	return true
}

// clone returns a copy of r for one case.
func (r *ring) clone() *ring {
	q := *r
	q.kernels = slices.Clone(r.kernels)
	q.bases = slices.Clone(r.bases)
	q.inherit = slices.Clone(r.inherit)
	q.slab, q.key, q.table = nil, nil, accumulator{}
	q.index = make(map[string]kernel, len(r.index))
	for key, k := range r.index {
		q.index[key] = k
	}
	q.calls = make(map[*fn.Func][]kernel, len(r.calls))
	for f, list := range r.calls {
		q.calls[f] = slices.Clone(list)
	}
	return &q
}

// solve returns let with a variable replaced by its value on k = 0, when k is
// linear in one with a constant factor.
func (r *ring) solve(k kernel, let map[string]sum) (map[string]sum, bool) {
	def := r.definition(k)
	for _, a := range def {
		if len(a.m) != 1 || a.m[0].e != (ratio{1, 0}) {
			continue
		}
		x := a.m[0].k
		info := &r.kernels[x]
		if info.kind != kindVar || x == r.pi || r.dependsOn(def, x) != 1 {
			continue
		}
		inv, _ := a.c.Neg().Inv()
		rest := def.sub(sum{a}).scale(inv)
		out := map[string]sum{info.name: rest}
		for name, s := range let {
			if name == info.name {
				return nil, false
			}
			out[name] = s
		}
		return out, true
	}
	return nil, false
}

// dependsOn counts the terms of s in which x occurs; one inside another kernel
// counts for many.
func (r *ring) dependsOn(s sum, x kernel) int {
	n := 0
	for _, a := range s {
		for _, p := range a.m {
			if p.k == x {
				n++
			} else if info := &r.kernels[p.k]; info.kind != kindVar && info.kind != kindNumber {
				n += 2
			}
		}
	}
	return n
}

// smooth reports that k is made without signs and inverse functions, so that it
// is 0 on no open set.
func (r *ring) smooth(k kernel) bool {
	for _, k := range r.reached(sum{{one, monomial{{k, ratio{1, 0}}}}}) {
		switch info := &r.kernels[k]; info.kind {
		case kindSign:
			return false
		case kindCall:
			switch info.f.Name {
			case "erf", "erfinv", "gamma", "digamma", "trigamma", "W", "Wm1":
			default:
				return false
			}
		}
	}
	return true
}

// reached returns the kernels in s and in what they are made of, each once, those
// of s first.
func (r *ring) reached(s sum) []kernel {
	var out []kernel
	seen := map[kernel]bool{}
	visit := func(s sum) {
		for _, a := range s {
			for _, p := range a.m {
				if !seen[p.k] {
					seen[p.k] = true
					out = append(out, p.k)
				}
			}
		}
	}
	visit(s)
	for i := 0; i < len(out); i++ {
		info := &r.kernels[out[i]]
		for _, s := range info.args {
			visit(s)
		}
		switch info.kind {
		case kindExp, kindTurn:
			visit(sum{{one, info.m}})
		case kindBase:
			visit(info.def)
		case kindLog, kindBranch, kindSign:
			visit(sum{{one, monomial{{info.of, ratio{1, 0}}}}})
		}
	}
	return out
}

// zerosOf returns a kernel with the zeros of k: u for |u| and the sign of u.
func (r *ring) zerosOf(k kernel) kernel {
	if info := &r.kernels[k]; info.kind == kindSign || info.kind == kindBase && info.of != 0 {
		return info.of
	}
	return k
}

// analytic reports that e is made without case distinctions and the functions
// that jump or have kinks. A condition on it that leaves out single values
// leaves out no open set.
func analytic(e expr.Expr) bool {
	for n := range e.All() {
		switch n.Op() {
		case expr.If:
			return false
		case expr.Call:
			switch n.Func().Name {
			case "abs", "sign", "min", "max", "floor", "ceil", "round", "mod", "heaviside", "clamp", "relu":
				return false
			}
		}
	}
	return true
}

// assumeBases tries again with the bases of symbolic powers taken to be
// positive: where they are negative, their powers are defined only where the
// exponent is an integer.
func (p *proof) assumeBases(o Budget) bool {
	var bases []expr.Expr
	for _, u := range p.unknown {
		if analytic(u.base) && analytic(u.exponent) && !u.exponent.IsConstant() {
			bases = append(bases, u.base)
		}
	}
	if len(bases) == 0 {
		return false
	}
	q := &proof{a: p.a, b: p.b, given: p.given, tidier: p.tidier, cases: o.Cases, terms: p.terms, assumed: bases}
	if !q.search(newRing(p.terms)) {
		return false
	}
	// Of the bases, only those are conditions that the proof needs.
	for i := len(bases) - 1; i >= 0; i-- {
		fewer := slices.Delete(slices.Clone(bases), i, i+1)
		without := &proof{a: p.a, b: p.b, given: p.given, tidier: p.tidier, cases: o.Cases, terms: p.terms, assumed: fewer}
		if without.search(newRing(p.terms)) {
			bases, q = fewer, without
		}
	}
	*p = *q
	for _, b := range bases {
		p.condition(expr.Gt, b, p.tidier.Int(0))
	}
	return true
}

// answer returns conditions tidy, each once, as people write them. They are not
// possible when one of them is false at every point.
func answer(conditions []expr.Expr) (out []expr.Expr, possible bool) {
	t := simplify.New()
	for _, c := range conditions {
		if c = t.Tidy(c); c.Op() == expr.Ne {
			c = t.Relation(expr.Ne, c.Arg(0), c.Arg(1))
		}
		truth, known := simplify.Truth(c)
		switch {
		case known && !truth:
			return nil, false
		case !known && !slices.Contains(out, c):
			out = append(out, c)
		}
	}
	return out, true
}
