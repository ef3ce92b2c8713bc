package verify

import (
	"slices"

	"nabla/diff"
	"nabla/expr"
	"nabla/expr/interval"
	"nabla/expr/tape"
)

// This file shows of boxes round the point in closed form that nothing in them is lower, without
// any tolerance.

// A site is a point in closed form at which f is proved to have the claimed value.
type site struct {
	at []interval.I
	// end is -1 for variables that have their lower bound there, 1 for the upper, and still says
	// in which others the derivative is proved to be 0 there.
	end   []int
	still []bool
	value interval.I
}

// findSite makes a site of the closed form of the point, if it is one.
func (v *verifier) findSite() {
	n := len(v.region)
	if v.site != nil || !v.exact.Valid() || n == 0 || len(v.c.ExactPoint) != n {
		return
	}
	with := map[string]expr.Expr{}
	s := &site{at: make([]interval.I, n), end: make([]int, n), still: make([]bool, n)}
	s.value, _ = tape.EncloseConstant(v.exact)
	for i, text := range v.c.ExactPoint {
		e, err := expr.Parse(text)
		if err != nil {
			return
		}
		var ok bool
		if s.at[i], ok = tape.EncloseConstant(e); !ok {
			return
		}
		with[v.c.Variables[i]] = e
		for side, end := range v.ends[i] {
			if end.e.Valid() && !s.at[i].Disjoint(v.region[i]) && equal(end.e, e) {
				s.end[i] = 2*side - 1
			}
		}
	}
	if !equal(substitute(v.f, with), v.exact) {
		return
	}
	for i, g := range diff.Gradient(v.f, v.c.Variables) {
		s.still[i] = equal(substitute(g, with), expr.NewPool().Int(0))
	}
	v.site = s
}

// round reports whether f is nowhere lower on the box x than at the site, which is in it or touches
// it: in some variables f rises from a bound on which the site lies, and in the others together it is convex, with
// derivatives that are 0 at the site. The derivatives must be continuous on the box.
func (v *verifier) round(x []interval.I) bool {
	s := v.site
	if s == nil || v.hm == nil || v.least > s.value.Hi {
		return false
	}
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
		switch {
		case g.IsEmpty():
			return false
		case s.end[i] < 0 && g.Lo >= 0, s.end[i] > 0 && g.Hi <= 0:
		case s.still[i]:
			free = append(free, i)
		default:
			return false
		}
	}
	if len(free) == 0 {
		return true
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
