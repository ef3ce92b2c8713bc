package global

import (
	"fmt"
	"math"
	"slices"

	"nabla/diff"
	"nabla/expr"
	"nabla/expr/format"
	"nabla/expr/interval"
	"nabla/expr/simplify"
	"nabla/expr/tape"
	"nabla/optimize/global/certificate"
	"nabla/optimize/global/internal/branch"
	"nabla/optimize/global/internal/exact"
	"nabla/optimize/global/internal/form"
	"nabla/optimize/global/internal/kkt"
	"nabla/optimize/global/internal/model"
)

// This file finds minima under constraints in closed form: simple points at which the
// conditions of Karush, Kuhn and Tucker hold exactly, with multipliers in closed form.

// An exactKKT is a point in closed form that satisfies the conditions of Karush, Kuhn and
// Tucker: the gradient of L = f + Σ y_a g_a vanishes in the variables that no bound holds,
// by exact arithmetic, and f does not fall from the bounds that hold the others.
type exactKKT struct {
	*exactPoint
	active []int        // the constraints that hold with equality
	y      []expr.Expr  // their multipliers
	bounds []interval.I // which enclose y
	side   []int        // of the bound that holds a variable: -1, +1; 0 for none
	free   []int        // the variables that no bound holds
	value  expr.Expr    // f there
}

// maxActive is the number of constraints up to which multipliers are computed in closed
// form: the terms of a determinant grow like its factorial.
const maxActive = 4

// exactKKTAt checks the conditions at the point x; nil where they are not proved, or the
// gradients of the constraints that hold it depend on each other.
func (s *session) exactKKTAt(x []expr.Expr) *exactKKT {
	if form.HasKinks(s.m.F) { // a kink has no gradient, whatever the formula of the derivative says
		return nil
	}
	e, ok := s.exactPoint(x)
	if !ok || !s.smoothAt(e.box) {
		return nil
	}
	k := &exactKKT{exactPoint: e, side: make([]int, s.m.N)}
	c := exact.NewConstants(simplify.New())
	for i := range x {
		held := false
		if i < len(s.p.Bounds) {
			for side, b := range map[int]expr.Expr{-1: s.p.Bounds[i].Lo, +1: s.p.Bounds[i].Hi} {
				if b.Valid() && exact.IsZero(c, c.T.Sub(c.T.Tidy(b), c.T.Tidy(x[i]))) {
					k.side[i] += side // 0 where both ends hold it
					held = true
				}
			}
		}
		if !held {
			k.free = append(k.free, i)
		}
	}
	at := func(f expr.Expr) expr.Expr { return c.T.Tidy(s.valueAt(f, x)) }
	var jacobian [][]expr.Expr
	for i, con := range s.m.Cons {
		g := at(con.G)
		if !con.Equal && !exact.IsZero(c, g) {
			continue // exactPoint knows that it is slack
		}
		if con.Strict || form.HasKinks(con.G) || len(k.active) == maxActive {
			return nil
		}
		k.active = append(k.active, i)
		row := diff.Gradient(con.G, s.p.Vars)
		for j := range row {
			row[j] = at(row[j])
		}
		jacobian = append(jacobian, row)
	}
	gradient := make([]expr.Expr, s.m.N)
	for i, g := range s.m.Grad {
		gradient[i] = at(g)
	}
	if k.y = solveExactly(c, k.free, jacobian, gradient); k.y == nil && len(k.active) > 0 {
		return nil
	}
	for a, y := range k.y {
		b, ok := tape.EncloseConstant(y)
		if !ok || !s.m.Cons[k.active[a]].Equal && !(b.Lo >= 0) && !exact.IsZero(c, y) {
			return nil
		}
		if exact.IsZero(c, y) {
			b = interval.Point(0)
		}
		k.bounds = append(k.bounds, b)
	}
	// The gradient of the Lagrangian.
	for i := range gradient {
		sum := []expr.Expr{gradient[i]}
		for a, y := range k.y {
			sum = append(sum, c.T.Mul(c.T.Tidy(y), jacobian[a][i]))
		}
		z := c.T.Add(sum...)
		switch {
		case slices.Contains(k.free, i):
			if !exact.IsZero(c, z) {
				return nil
			}
		case k.side[i] != 0:
			if sign, ok := c.Sign(z); !ok || sign*k.side[i] > 0 {
				return nil
			}
		}
	}
	k.value = s.valueAt(s.m.F, x)
	return k
}

// smoothAt reports whether f and the constraints have continuous gradients on the box.
func (s *session) smoothAt(box []interval.I) bool {
	s.b.MS.Interval(s.b.SOut, s.b.SDec, box)
	for i, d := range s.b.SDec {
		if d != interval.Continuous || s.b.SOut[i].IsEmpty() {
			return false
		}
	}
	for _, c := range s.m.Cons {
		if _, dec, ok := tape.EncloseOn(s.p.Vars, box, append([]expr.Expr{c.G}, diff.Gradient(c.G, s.p.Vars)...)...); !ok || !interval.AllContinuous(dec) {
			return false
		}
	}
	return true
}

// solveExactly returns the y with gradient_i + Σ_a y_a jacobian_ai = 0 in as many of the
// given rows i as there are unknowns, by Gauss–Jordan elimination in closed form; nil where
// the columns depend on each other, or may.
func solveExactly(c *exact.Constants, rows []int, jacobian [][]expr.Expr, gradient []expr.Expr) []expr.Expr {
	t, q := c.T, len(jacobian)
	m := make([][]expr.Expr, len(rows))
	for r, i := range rows {
		for _, g := range jacobian {
			m[r] = append(m[r], g[i])
		}
		m[r] = append(m[r], t.Neg(gradient[i]))
	}
	for a := range q {
		pivot, most := -1, 0.0
		for r := a; r < len(m); r++ {
			if v := math.Abs(c.Enclose(m[r][a]).Mid()); v > most && !exact.IsZero(c, m[r][a]) {
				pivot, most = r, v
			}
		}
		if pivot < 0 {
			return nil
		}
		m[a], m[pivot] = m[pivot], m[a]
		inverse := t.Pow(m[a][a], t.Int(-1))
		for j := a; j <= q; j++ {
			m[a][j] = c.Simplify(t.Mul(m[a][j], inverse))
		}
		for r := range m {
			if r == a || exact.IsZero(c, m[r][a]) {
				continue
			}
			factor := m[r][a]
			for j := a; j <= q; j++ {
				m[r][j] = c.Simplify(t.Sub(m[r][j], t.Mul(factor, m[a][j])))
			}
		}
	}
	y := make([]expr.Expr, q)
	for a := range y {
		y[a] = t.Tidy(exact.ClosedForm(m[a][q]))
	}
	return y
}

// lagrangianAt is f + Σ y_a g_a with the multipliers of k.
func (s *session) lagrangianAt(k *exactKKT) expr.Expr {
	t := simplify.New()
	terms := []expr.Expr{t.Tidy(s.m.F)}
	for a, y := range k.y {
		terms = append(terms, t.Mul(t.Tidy(y), t.Tidy(s.m.Cons[k.active[a]].G)))
	}
	return t.Add(terms...)
}

// byExactMultipliers answers where the Lagrangian with multipliers in closed form is convex:
// a point near the local solution r that satisfies the conditions of Karush, Kuhn and Tucker
// is then the minimum (Boyd and Vandenberghe, Convex Optimization, 2004, section 5.5.3).
//
// Where r is known to be a minimum but for rounding, and no simple point is near, it may be
// one of many: then plainer ones are looked for.
func (s *session) byExactMultipliers(l *kkt.Lagrangian, r *kkt.Solution, known bool) *Answer {
	const few = 6
	list := s.candidates(r.X)
	if len(list) == 0 && known && s.m.N <= few {
		list = s.candidates(s.plainer(l, r).X)
	}
	for x := range s.thenSolved(list, r.X) {
		k := s.exactKKTAt(x)
		if k == nil {
			continue
		}
		f := s.lagrangianAt(k)
		q := &Problem{F: f, Vars: s.p.Vars, Bounds: s.p.Bounds}
		why := fmt.Sprintf("by the rules for sums and compositions of %s functions", s.p.convex())
		strictly := q.curvesUp()
		if !form.IsConvex(f, s.p.Vars, s.m.Outer) {
			if !strictly {
				return s.byPartsOf(k)
			}
			why = fmt.Sprintf("since its Hessian is %s definite everywhere, by interval arithmetic", s.p.definite())
		}
		a := s.exactAnswer(k.exactPoint, k.value)
		a.Method, a.MinimisersComplete = "Lagrangian duality", strictly || s.onlyMinimiser(k.at)
		held := ""
		if len(k.free) < s.m.N {
			held = " in the variables that no bound holds, and the bounds hold the others"
		}
		what, under := "f", ""
		if len(k.y) > 0 {
			what = "f plus the constraints times the multipliers " + s.multiplierText(k)
			under = fmt.Sprintf(", and under the constraints f is not %s than it", s.p.lower())
		}
		a.Proof = []string{fmt.Sprintf("%s is %s, %s", what, s.p.convex(), why),
			fmt.Sprintf("at this point its gradient is zero%s, by substitution, so it is nowhere %s%s", held, s.p.lower(), under)}
		if s.o.Certificate {
			sub := s.exactAnswer(k.exactPoint, k.value)
			sub.Method = "convexity"
			red := &certificate.Reduction{Kind: certificate.Sum, Parts: []*certificate.Certificate{certify(q, sub, nil)}}
			for i, y := range k.y {
				red.Multipliers = append(red.Multipliers, certificate.Multiplier{Condition: format.Plain(s.m.Cons[k.active[i]].Text), Value: format.Plain(y)})
			}
			a.Argument.Reduction = red
		}
		return s.flip(a)
	}
	return nil
}

// plainer returns a local solution as good as r with as many of its variables as can be at
// integers near, 0 first: where there is a continuum of minimisers, r is any of them.
func (s *session) plainer(l *kkt.Lagrangian, r *kkt.Solution) *kkt.Solution {
	m := *l.M
	m.Inner = slices.Clone(l.M.Inner)
	fixed := *l
	fixed.M = &m
	for i := range r.X {
		room := m.Inner[i]
		for _, v := range [...]float64{0, math.Round(r.X[i])} {
			if !room.Has(v) {
				continue
			}
			m.Inner[i] = interval.Point(v)
			t := fixed.Minimise(s.ctx, s.b.Prober, slices.Clone(r.X), penalties[0])
			if t != nil && t.Violation < kkt.NearlyFeasible && t.F <= r.F+1e-9*math.Max(1, math.Abs(r.F)) {
				r = t
				break
			}
			m.Inner[i] = room
		}
	}
	return r
}

// curvesUp reports whether the Hessian of f is proved to be positive definite at every point
// between the bounds.
func (p *Problem) curvesUp() bool {
	m, err := p.model()
	if err != nil || m.Curve == nil {
		return false
	}
	b := m.Prober()
	b.MC.Interval(b.COut, b.CDec, m.Outer)
	for i, d := range b.CDec {
		if d != interval.Continuous || b.COut[i].IsEmpty() {
			return false
		}
	}
	h, all := model.Matrix(m.N), make([]int, m.N)
	for k, e := range m.Hess {
		v := b.COut[1+m.N+k]
		h[e.Row][e.Col], h[e.Col][e.Row] = v, v
	}
	for i := range all {
		all[i] = i
	}
	return model.PositiveDefinite(h, all)
}

// multiplierText names the multipliers of k, with the sign that they have beside f.
func (s *session) multiplierText(k *exactKKT) string {
	var parts []string
	for a, y := range k.y {
		parts = append(parts, fmt.Sprintf("%s for %s", format.Text(s.signed(y)), format.Text(s.m.Cons[k.active[a]].Text)))
	}
	if len(parts) == 0 {
		return "0"
	}
	return list4(parts)
}

// onlyNear reports whether no point of the box that satisfies the constraints has a lower
// value than k, or the same one at another place. For the augmented Lagrangian
//
//	L_ρ = f + Σ (y_a g_a + ρ/2 g_a²)
//
// over the constraints with a multiplier that is not zero, L_ρ ≤ f where they hold and, for
// inequalities, ρ |g_a| ≤ 2 y_a. Its gradient at k is that of L. So it is enough that on the
// box L_ρ rises from the bounds that hold variables and that its Hessian
//
//	H(y + ρ g) + ρ JᵀJ
//
// is positive definite in the others, H being that of L (Bertsekas, Constrained Optimization
// and Lagrange Multiplier Methods, 1982, section 2.2).
func (s *session) onlyNear(k *exactKKT, box []interval.I) bool {
	l := s.lagrangian
	if l == nil || l.Entries == nil {
		return false
	}
	region := slices.Clone(box)
	for i := range region {
		region[i] = region[i].Hull(k.box[i])
	}
	sys := &kkt.System{L: l, P: s.b.Prober, Side: k.side, Free: k.free}
	sys.In = make([]interval.I, l.M.N+l.K)
	sys.POut, sys.PDec = make([]interval.I, l.Plain.NumOut()), make([]interval.Dec, l.Plain.NumOut())
	sys.GOut, sys.GDec = make([]interval.I, l.G.NumOut()), make([]interval.Dec, l.G.NumOut())
	var y []interval.I
	for a, i := range k.active {
		if k.bounds[a] != interval.Point(0) {
			sys.Active = append(sys.Active, i)
			y = append(y, k.bounds[a])
		}
	}
	u := make([]interval.I, len(k.free), len(k.free)+len(y))
	for a, i := range k.free {
		u[a] = region[i]
	}
	if !sys.Enclose(append(u, y...), region) {
		return false
	}
	values := make([]interval.I, len(y))
	for a, i := range sys.Active {
		values[a] = sys.GOut[i]
	}
	for _, rho := range sys.Penalties() {
		in := slices.Clone(u)
		fits := true
		for a, i := range sys.Active {
			in = append(in, y[a].Add(interval.Point(rho).Mul(values[a])))
			fits = fits && (l.M.Cons[i].Equal || !(interval.Point(rho).Mul(values[a]).Lo < -2*y[a].Lo))
		}
		if !fits || !sys.Enclose(in, region) {
			return false
		}
		rises := true
		for i, side := range k.side {
			g := sys.POut[1+i]
			rises = rises && (side == 0 || side < 0 && g.Lo > 0 || side > 0 && g.Hi < 0)
		}
		if rises && (len(k.free) == 0 || sys.Definite(rho)) {
			return true
		}
	}
	return false
}

// exactUnder makes a certified minimum under constraints an exact one: what the search has
// left, where f may be as low as at the best point, are boxes round points at which the
// conditions of Karush, Kuhn and Tucker hold in closed form, and each of these is the best
// one of its boxes.
func (s *session) exactUnder(b *branch.Search, a *Answer) {
	if s.m.Curve == nil {
		return
	}
	if s.lagrangian == nil {
		l, err := kkt.NewLagrangian(s.m)
		if err != nil {
			return
		}
		s.lagrangian = l
	}
	b.Refine()
	var found []*exactKKT
	for _, box := range b.Clusters() {
		k := s.exactKKTIn(box)
		if k == nil || !s.onlyNear(k, box) {
			return
		}
		found = append(found, k)
	}
	if len(found) == 0 {
		return
	}
	c := exact.NewConstants(simplify.New())
	least := c.T.Tidy(found[0].value)
	kept := found[:1]
	for _, k := range found[1:] {
		v := c.T.Tidy(k.value)
		sign, ok := c.Compare(v, least)
		switch {
		case !ok:
			return
		case sign < 0:
			least, kept = v, []*exactKKT{k}
		case sign == 0:
			kept = append(kept, k)
		}
	}
	e := s.exactAnswer(kept[0].exactPoint, kept[0].value)
	if e.Enclosure.Value.Disjoint(a.Enclosure.Value) {
		return // unreachable when both are right
	}
	a.Status, a.At, a.ExactAt, a.Value, a.ExactValue = Exact, e.At, e.ExactAt, e.Value, e.ExactValue
	a.Enclosure, a.Minimisers, a.MinimisersComplete = e.Enclosure, nil, true
	for _, k := range kept {
		a.Minimisers = append(a.Minimisers, Point{X: k.at, Exact: k.x})
	}
	a.Proof = append(a.Proof, fmt.Sprintf("at this point the gradient of the Lagrangian with the multipliers %s is zero, by substitution", s.multiplierText(kept[0])),
		fmt.Sprintf("on all that is left round it the augmented Lagrangian is strictly %s, so that no other point there is as good", s.p.convex()))
}

// exactKKTIn looks for a point in closed form near the local solution in the box, which
// satisfies the conditions of Karush, Kuhn and Tucker.
func (s *session) exactKKTIn(box []interval.I) *exactKKT {
	in := func(x []float64) bool {
		for i, v := range x {
			if m := box[i].Mid(); !(math.Abs(v-m) <= box[i].Width()+1e-6*math.Max(1, math.Abs(m))) {
				return false
			}
		}
		return true
	}
	var list []*kkt.Solution
	for _, r := range s.kkts {
		if r.Violation < kkt.NearlyFeasible && in(r.X) {
			list = append(list, r)
			break
		}
	}
	if len(list) == 0 {
		mid := make([]float64, len(box))
		for i := range mid {
			mid[i] = box[i].Mid()
		}
		if r := s.lagrangian.Minimise(s.ctx, s.b.Prober, mid, penalties[1]); r != nil && in(r.X) {
			list = append(list, r)
		}
	}
	for _, r := range list {
		for x := range s.closedForms(r.X) {
			if k := s.exactKKTAt(x); k != nil {
				return k
			}
		}
	}
	return nil
}
