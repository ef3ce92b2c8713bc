package verify

import (
	"math"
	"slices"
	"strings"

	"nabla/diff"
	"nabla/expr"
	"nabla/expr/interval"
	"nabla/expr/number"
	"nabla/expr/simplify"
	"nabla/expr/tape"
	"nabla/optimize/global/certificate"
)

// This file is the part of the check for points in closed form at which the value is taken: that nothing
// round them is lower, without any tolerance, and that there are no others.

// A site is a point in closed form at which f is proved to have the claimed value.
type site struct {
	at    []interval.I
	exact map[string]expr.Expr
	// end is -1 for variables that have their lower bound there, 1 for the upper, and still says
	// in which others the derivative is proved to be 0 there.
	end   []int
	still []bool
	// higher are the derivatives from the first to the first that is not proved to be 0 there, for one variable in which the second is; nil for
	// none.
	higher *tape.Prog
}

// closedForms are those of the points at which the certificate says that the value is taken.
func (v *verifier) closedForms() [][]string {
	return append([][]string{v.c.ExactPoint}, v.c.Minimisers...)
}

// findSites makes sites of the closed forms of points, where they have the value.
func (v *verifier) findSites() {
	v.sites = nil
	for _, texts := range v.closedForms() {
		if s := v.siteAt(texts); s != nil {
			v.sites = append(v.sites, s)
		}
	}
}

// findSitesLeftOut adds as sites points that are none of the region, but at which f has the value: ends of a line that are left out, and
// where paths go. What is nowhere lower than at such a point has no lower value in the region either.
func (v *verifier) findSitesLeftOut() {
	w := *v
	w.report, w.conditions, w.cons, w.ends = Report{}, nil, nil, slices.Clone(v.ends)
	for i := range w.ends {
		w.ends[i][0].open, w.ends[i][1].open = false, false
	}
	add := func(texts ...expr.Expr) {
		at := location{make([]interval.I, len(texts)), map[string]expr.Expr{}}
		for i, e := range texts {
			x, ok := tape.EncloseConstant(e)
			if !ok || !x.IsBounded() {
				return
			}
			at.x[i], at.with[v.c.Variables[i]] = x, e
		}
		if !slices.ContainsFunc(v.allConditions(), func(c constraintCheck) bool { return c.brokenAt(at.with) || v.isUndefinedAt(c.g, at) }) {
			return
		}
		if s := w.siteOf(at); s != nil && !slices.ContainsFunc(v.sites, func(t *site) bool { return !apart(s.at, t.at) }) {
			v.sites = append(v.sites, s)
		}
	}
	if len(v.region) == 1 {
		for _, e := range v.ends[0] {
			if e.open {
				add(e.e)
			}
		}
	}
	for _, along := range v.paths() {
		end := make([]expr.Expr, len(along))
		for i, e := range along {
			t := simplify.New()
			e = t.Tidy(substitute(e, map[string]expr.Expr{"t": t.Pow(t.Var("t"), t.Int(-1))}))
			end[i] = t.Tidy(substitute(e, map[string]expr.Expr{"t": t.Int(0)}))
		}
		add(end...)
	}
}

// isUndefinedAt reports whether e is seen to have no value at the point.
func (v *verifier) isUndefinedAt(e expr.Expr, at location) bool {
	r, dec := v.encloseIn(e, at.x)
	return dec == interval.None || r.IsEmpty()
}

// siteAt makes a site of a closed form, nil if it is not one of the region at which f has the value.
func (v *verifier) siteAt(texts []string) *site {
	at, ok := v.location(texts, nil)
	if !ok {
		return nil
	}
	return v.siteOf(at)
}

// siteOf is siteAt of a point that has been read.
func (v *verifier) siteOf(at location) *site {
	if len(at.x) == 0 || at.with == nil || !v.exact.Valid() || !v.within(&at) || !v.satisfies(at) || !v.definedAt(at) || !v.exactly(at, v.out[0]) {
		return nil
	}
	s := &site{at: at.x, exact: at.with, end: make([]int, len(at.x)), still: make([]bool, len(at.x))}
	for i, x := range v.c.Variables {
		for side, end := range v.ends[i] {
			if end.e.Valid() && equal(end.e, at.with[x]) {
				s.end[i] = 2*side - 1
			}
		}
	}
	for i, g := range diff.Gradient(v.f, v.c.Variables) {
		s.still[i] = isZeroAt(g, at.with)
	}
	if len(at.x) == 1 && s.still[0] {
		s.findHigher(v.f, v.c.Variables[0])
	}
	return s
}

// isZeroAt reports whether e is proved to be 0 at a point in closed form at which it is defined: as it is one, or a factor is.
func isZeroAt(e expr.Expr, at map[string]expr.Expr) bool {
	pool := expr.NewPool()
	e = substitute(e, at)
	return equal(e, pool.Int(0)) || slices.ContainsFunc(operands(expr.Mul, simplify.Tidy(e)), func(u expr.Expr) bool {
		return u.Op() == expr.Add && equal(u, pool.Int(0))
	})
}

// findHigher finds derivatives of f at s, a point at which the first is 0.
func (s *site) findHigher(f expr.Expr, x string) {
	const most = 8
	list := []expr.Expr{simplify.Tidy(diff.D(f, x))}
	for len(list) < most {
		d := simplify.Tidy(diff.D(list[len(list)-1], x))
		list = append(list, d)
		if !isZeroAt(d, s.exact) {
			break
		}
	}
	if p, err := tape.Compile([]string{x}, list...); err == nil && len(list) > 2 {
		s.higher = p
	}
}

// isFlatMinimum reports whether f, a function of one variable, is greater in y than at s: of the derivatives there the first that is not 0 has
// an even order and is positive on y (theorem of Taylor).
func (s *site) isFlatMinimum(y []interval.I) bool {
	if s.higher == nil || s.higher.NumOut()%2 == 1 {
		return false
	}
	m := s.higher.NumOut()
	out, dec := make([]interval.I, m), make([]interval.Dec, m)
	s.higher.NewMachine().Interval(out, dec, y)
	smooth := !slices.ContainsFunc(dec[:m-1], func(d interval.Dec) bool { return d != interval.Continuous })
	return smooth && dec[m-1] >= interval.Defined && out[m-1].Lo > 0
}

// mayEqual reports whether the closed form of the value itself is not below what is to be shown.
func (v *verifier) mayEqual() bool { return !v.strict && v.exact.Valid() && v.least <= v.high }

// round reports whether f is nowhere lower on the box x than at a site in it or touching it, or,
// where that is to be shown, is greater everywhere else.
func (v *verifier) round(x []interval.I) bool {
	return slices.ContainsFunc(v.sites, func(s *site) bool {
		return (v.unique || v.mayEqual()) && v.roundSite(s, x)
	})
}

// roundSite is round for one site: in some variables f rises from a bound on which it lies, and in the
// others together it is convex, with derivatives that are 0 at the site.
func (v *verifier) roundSite(s *site, x []interval.I) bool {
	y := slices.Clone(x)
	for i := range y {
		if y[i].Disjoint(s.at[i]) {
			return false
		}
		y[i] = y[i].Hull(s.at[i])
	}
	v.eval(v.fm, v.prog, y)
	if slices.ContainsFunc(v.dec[:len(y)+1], func(d interval.Dec) bool { return d != interval.Continuous }) {
		return false
	}
	var free []int
	for i := range y {
		g := v.out[i+1]
		up := g.Lo // how f rises at least on the way into the region
		if s.end[i] > 0 {
			up = -g.Hi
		}
		switch {
		case g.IsEmpty():
			return false
		case s.end[i] != 0 && up >= 0 && !(v.unique && up == 0):
		case s.still[i]:
			free = append(free, i)
		default:
			return false
		}
	}
	if len(free) == 0 || len(y) == 1 && s.isFlatMinimum(y) {
		return true
	}
	if v.hm == nil {
		return false
	}
	full, ok := v.hessian(y)
	if !ok {
		return false
	}
	part := make([][]interval.I, len(free))
	for a, i := range free {
		for _, j := range free {
			part[a] = append(part[a], full[i][j])
		}
	}
	return v.dominant(part)
}

// minimisers checks that the value is taken at the further points of the certificate, and looks
// whether it is taken at no others.
func (v *verifier) minimisers() bool {
	if v.c.Status != certificate.Exact {
		return len(v.c.Minimisers) == 0
	}
	for _, texts := range v.c.Minimisers {
		if v.siteAt(texts) == nil {
			v.no("that the formula has the value at (%s) too", strings.Join(texts, ", "))
			return false
		}
	}
	if n := len(v.c.Minimisers); n > 0 {
		v.yes("the formula has the value at all %d points, exactly", n+1)
	}
	if v.report.Complete = v.c.Complete && v.onlyThere(); v.report.Complete {
		v.yes("no other point has the value")
	} else if v.c.Complete {
		v.no("that no other point has the value")
	}
	return true
}

// onlyThere reports whether the points in closed form are proved to be all that have the value.
func (v *verifier) onlyThere() bool {
	b, ok := tape.EncloseConstant(v.exact)
	if !v.precise || !ok {
		return false
	}
	v.findSites()
	if len(v.sites) != len(v.closedForms()) {
		return false
	}
	for i, s := range v.sites {
		if slices.ContainsFunc(v.sites[:i], func(t *site) bool { return !apart(s.at, t.at) }) {
			return false
		}
	}
	if v.single && len(v.closedForms()) == 1 {
		return true
	}
	if v.spanned && (v.loose == "" || len(v.summands) == 1 && v.determinedBy(v.summands[0])) {
		most := 1 // combinations of the least points of the parts
		for _, g := range v.summands {
			most *= len(g.closedForms())
		}
		if most == len(v.sites) && !slices.ContainsFunc(v.summands, func(g *verifier) bool { return !g.onlyThere() }) {
			return true
		}
	}
	if v.inner != nil && v.inner.onlyThere() && v.comeFrom(v.inner.sites) <= len(v.sites) {
		return true
	}
	v.findSitesLeftOut()
	if len(v.region) == 1 && v.countRoots() || len(v.region) > 1 && v.onlyStationary(b) {
		return true
	}
	return v.trial(math.Nextafter(b.Hi, math.Inf(1)), unguided, func(w *verifier) bool {
		w.strict, w.unique = true, true
		return w.everywhere()
	})
}

// comeFrom is a number that the points at which the formulas of through have the values of sites are not more than: linear functions have them
// at one point, if at any, as have odd powers and logarithms of a variable each, and other powers at two, or one where it has one sign.
func (v *verifier) comeFrom(sites []*site) (most int) {
	const unknown = math.MaxInt
	var rows [][]number.Number
	seen := map[string]bool{}
	for _, e := range v.through {
		p, ok := readPoly(e, v.c.Variables)
		row := make([]number.Number, len(v.region))
		for m, c := range p {
			if degree := strings.Count(m, "\x01"); degree == 1 && strings.Count(m, "\x00") == len(m)-1 {
				row[strings.Index(m, "\x01")] = number.FromRat(c)
			} else if strings.Count(m, "\x00") != len(m) {
				ok = false
			}
		}
		if ok {
			rows = append(rows, row)
		}
		if vars := e.Vars(); len(vars) == 1 {
			seen[vars[0]] = true
		}
	}
	if len(rows) == len(v.through) && rank(rows) == len(v.region) {
		return len(sites)
	}
	if len(seen) != len(v.region) || len(v.through) != len(v.region) {
		return unknown
	}
	for _, s := range sites {
		count := 1
		for u, e := range v.through {
			switch k, whole := int64(0), false; {
			case e.Op() == expr.Var, (e.IsCall("log") || e.IsCall("exp")) && e.Len() == 1 && e.Arg(0).Op() == expr.Var:
			case e.Op() == expr.Pow && e.Arg(0).Op() == expr.Var && e.Arg(1).Op() == expr.Num && e.Arg(1).Number().Sign() != 0:
				if k, whole = e.Arg(1).Number().Int64(); !(whole && k%2 != 0) && v.signOf(e.Arg(0)) == 0 && !isZeroAt(e.Pool().Var(u), s.exact) {
					count *= 2
				}
			default:
				return unknown
			}
		}
		most += count
	}
	return most
}

// determinedBy reports whether to a point of the part belongs no more than one point that has the value: with the others from the part,
// f is strictly convex in the variable that the part lacks, on the whole interval that it has.
func (v *verifier) determinedBy(g *verifier) bool {
	y := v.loose
	if y == "" {
		return true
	}
	if slices.ContainsFunc(v.conditions, func(c constraintCheck) bool { return slices.Contains(c.g.Vars(), y) }) {
		return false
	}
	for _, texts := range g.closedForms() {
		at := map[string]expr.Expr{}
		for k, x := range g.c.Variables {
			var ok bool
			if at[x], ok = v.formula(texts[k]); !ok {
				return false
			}
		}
		f := substitute(v.f, at)
		slope := diff.D(f, y)
		_, d0 := v.encloseOn(f)
		_, d1 := v.encloseOn(slope)
		if bend, d2 := v.encloseOn(diff.D(slope, y)); min(d0, d1, d2) < interval.Continuous || !(bend.Lo > 0) {
			return false
		}
	}
	return true
}

// countRoots reports whether f less its value, a rational function, has no more zeros in the region than there
// are sites.
func (v *verifier) countRoots() bool {
	value, ok1 := exactRat(v.exact)
	q, ok2 := readQuotient(v.f, v.c.Variables)
	at, _, ok3 := v.rationalRegion()
	if !ok1 || !ok2 || !ok3 {
		return false
	}
	n, ok := q.zeros(value, at[0], at[1])
	return ok && n == len(v.closedForms())
}

// isSite reports whether e, of the only variable, is one of the sites.
func (v *verifier) isSite(e expr.Expr) bool {
	return slices.ContainsFunc(v.sites, func(s *site) bool { return equal(s.exact[v.c.Variables[0]], e) })
}

// apart reports whether two boxes have no point in common.
func apart(x, y []interval.I) bool {
	for i := range x {
		if x[i].Disjoint(y[i]) {
			return true
		}
	}
	return false
}
