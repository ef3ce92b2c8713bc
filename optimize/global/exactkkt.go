package global

import (
	"fmt"
	"math"
	"slices"

	"nabla/diff"
	"nabla/expr"
	"nabla/expr/format"
	"nabla/expr/interval"
	"nabla/expr/prove"
	"nabla/expr/simplify"
	"nabla/expr/tape"
	"nabla/optimize/global/certificate"
	"nabla/optimize/global/internal/exact"
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
	if hasKinks(s.m.f) { // a kink has no gradient, whatever the formula of the derivative says
		return nil
	}
	e, ok := s.exactPoint(x)
	if !ok || !s.smoothAt(e.box) {
		return nil
	}
	k := &exactKKT{exactPoint: e, side: make([]int, s.m.n)}
	c := exact.NewConstants(simplify.New())
	for i := range x {
		held := false
		if i < len(s.p.Bounds) {
			for side, b := range map[int]expr.Expr{-1: s.p.Bounds[i].Lo, +1: s.p.Bounds[i].Hi} {
				if b.Valid() && isZero(c, c.T.Sub(c.T.Tidy(b), c.T.Tidy(x[i]))) {
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
	for i, con := range s.m.cons {
		g := at(con.g)
		if !con.equal && !isZero(c, g) {
			continue // exactPoint knows that it is slack
		}
		if con.strict || hasKinks(con.g) || len(k.active) == maxActive {
			return nil
		}
		k.active = append(k.active, i)
		row := diff.Gradient(con.g, s.p.Vars)
		for j := range row {
			row[j] = at(row[j])
		}
		jacobian = append(jacobian, row)
	}
	gradient := make([]expr.Expr, s.m.n)
	for i, g := range s.m.grad {
		gradient[i] = at(g)
	}
	if k.y = solveExactly(c, k.free, jacobian, gradient); k.y == nil && len(k.active) > 0 {
		return nil
	}
	for a, y := range k.y {
		b, ok := tape.EncloseConstant(y)
		if !ok || !s.m.cons[k.active[a]].equal && !(b.Lo >= 0) && !isZero(c, y) {
			return nil
		}
		if isZero(c, y) {
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
			if !isZero(c, z) {
				return nil
			}
		case k.side[i] != 0:
			if sign, ok := c.Sign(z); !ok || sign*k.side[i] > 0 {
				return nil
			}
		}
	}
	k.value = s.valueAt(s.m.f, x)
	return k
}

// smoothAt reports whether f and the constraints have continuous gradients on the box.
func (s *session) smoothAt(box []interval.I) bool {
	s.b.ms.Interval(s.b.sOut, s.b.sDec, box)
	for i, d := range s.b.sDec {
		if d != interval.Continuous || s.b.sOut[i].IsEmpty() {
			return false
		}
	}
	for _, c := range s.m.cons {
		p, err := tape.Compile(s.p.Vars, append([]expr.Expr{c.g}, diff.Gradient(c.g, s.p.Vars)...)...)
		if err != nil {
			return false
		}
		out, dec := make([]interval.I, p.NumOut()), make([]interval.Dec, p.NumOut())
		p.NewMachine().Interval(out, dec, box)
		for _, d := range dec {
			if d != interval.Continuous {
				return false
			}
		}
	}
	return true
}

// isZero reports whether the constant e is proved to be 0.
func isZero(c *exact.Constants, e expr.Expr) bool {
	if e.Op() == expr.Num {
		return e.Number().Sign() == 0
	}
	if !c.Enclose(e).Has(0) {
		return false
	}
	if sign, ok := c.Sign(e); ok {
		return sign == 0
	}
	return prove.Zero(e, prove.Budget{}).Equal
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
			if v := math.Abs(c.Enclose(m[r][a]).Mid()); v > most && !isZero(c, m[r][a]) {
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
			if r == a || isZero(c, m[r][a]) {
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
		y[a] = closedForm(m[a][q])
	}
	return y
}

// lagrangianAt is f + Σ y_a g_a with the multipliers of k.
func (s *session) lagrangianAt(k *exactKKT) expr.Expr {
	t := simplify.New()
	terms := []expr.Expr{t.Tidy(s.m.f)}
	for a, y := range k.y {
		terms = append(terms, t.Mul(t.Tidy(y), t.Tidy(s.m.cons[k.active[a]].g)))
	}
	return t.Add(terms...)
}

// byExactMultipliers answers where the Lagrangian with multipliers in closed form is convex:
// a point near the local solution r that satisfies the conditions of Karush, Kuhn and Tucker
// is then the minimum (Boyd and Vandenberghe, Convex Optimization, 2004, section 5.5.3).
//
// Where r is known to be a minimum but for rounding, and no simple point is near, it may be
// one of many: then plainer ones are looked for.
func (s *session) byExactMultipliers(l *lagrangian, r *kkt, known bool) *Answer {
	const few = 6
	list := s.candidates(r.x)
	if len(list) == 0 && known && s.m.n <= few {
		list = s.candidates(s.plainer(l, r).x)
	}
	for _, x := range list {
		k := s.exactKKTAt(x)
		if k == nil {
			continue
		}
		f := s.lagrangianAt(k)
		q := &Problem{F: f, Vars: s.p.Vars, Bounds: s.p.Bounds}
		why := "by the rules for sums and compositions of convex functions"
		strictly := q.curvesUp()
		if !isConvex(f, s.p.Vars, s.m.outer) {
			if !strictly {
				return nil
			}
			why = "since its Hessian is positive definite everywhere, by interval arithmetic"
		}
		a := s.exactAnswer(k.exactPoint, k.value)
		a.Method, a.MinimisersComplete = "Lagrangian duality", strictly
		a.Proof = []string{fmt.Sprintf("f plus the constraints times the multipliers %s is convex, %s", s.multiplierText(k), why),
			"at this point its gradient is zero, by substitution, so it is nowhere lower, and under the constraints f is not lower than it"}
		if s.o.Certificate {
			sub := s.exactAnswer(k.exactPoint, k.value)
			sub.Method = "convexity"
			red := &certificate.Reduction{Kind: certificate.Dual, Parts: []*certificate.Certificate{certify(q, sub, nil)}}
			for i, y := range k.y {
				red.Multipliers = append(red.Multipliers, certificate.Multiplier{Condition: format.Plain(s.m.cons[k.active[i]].text), Value: format.Plain(y)})
			}
			a.Argument.Reduction = red
		}
		return s.flip(a)
	}
	return nil
}

// plainer returns a local solution as good as r with as many of its variables as can be at
// integers near, 0 first: where there is a continuum of minimisers, r is any of them.
func (s *session) plainer(l *lagrangian, r *kkt) *kkt {
	m := *l.m
	m.inner = slices.Clone(l.m.inner)
	fixed := *l
	fixed.m = &m
	for i := range r.x {
		room := m.inner[i]
		for _, v := range [...]float64{0, math.Round(r.x[i])} {
			if !room.Has(v) {
				continue
			}
			m.inner[i] = interval.Point(v)
			t := fixed.minimise(s.ctx, s.b.prober, slices.Clone(r.x), penalties[0])
			if t != nil && t.violation < nearlyFeasible && t.f <= r.f+1e-9*math.Max(1, math.Abs(r.f)) {
				r = t
				break
			}
			m.inner[i] = room
		}
	}
	return r
}

// curvesUp reports whether the Hessian of f is proved to be positive definite at every point
// between the bounds.
func (p *Problem) curvesUp() bool {
	m, err := p.model()
	if err != nil || m.curve == nil {
		return false
	}
	b := m.prober()
	b.mc.Interval(b.cOut, b.cDec, m.outer)
	for i, d := range b.cDec {
		if d != interval.Continuous || b.cOut[i].IsEmpty() {
			return false
		}
	}
	h, all := intervalSquare(m.n), make([]int, m.n)
	for k, e := range m.hess {
		v := b.cOut[1+m.n+k]
		h[e.Row][e.Col], h[e.Col][e.Row] = v, v
	}
	for i := range all {
		all[i] = i
	}
	return positiveDefinite(h, all)
}

// multiplierText names the multipliers of k.
func (s *session) multiplierText(k *exactKKT) string {
	var parts []string
	for a, y := range k.y {
		parts = append(parts, fmt.Sprintf("%s for %s", format.Text(y), format.Text(s.m.cons[k.active[a]].text)))
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
	if l == nil || l.pent == nil {
		return false
	}
	region := slices.Clone(box)
	for i := range region {
		region[i] = region[i].Hull(k.box[i])
	}
	sys := &kktSystem{l: l, p: s.b.prober, side: k.side, free: k.free}
	sys.in = make([]interval.I, l.m.n+l.k+1)
	sys.pOut, sys.pDec = make([]interval.I, l.plain.NumOut()), make([]interval.Dec, l.plain.NumOut())
	sys.gOut, sys.gDec = make([]interval.I, l.g.NumOut()), make([]interval.Dec, l.g.NumOut())
	var y []interval.I
	for a, i := range k.active {
		if k.bounds[a] != interval.Point(0) {
			sys.active = append(sys.active, i)
			y = append(y, k.bounds[a])
		}
	}
	u := make([]interval.I, len(k.free), len(k.free)+len(y))
	for a, i := range k.free {
		u[a] = region[i]
	}
	if !sys.enclose(append(u, y...), region) {
		return false
	}
	values := make([]interval.I, len(y))
	for a, i := range sys.active {
		values[a] = sys.gOut[i]
	}
	for _, rho := range sys.penalties() {
		in := slices.Clone(u)
		fits := true
		for a, i := range sys.active {
			in = append(in, y[a].Add(interval.Point(rho).Mul(values[a])))
			fits = fits && (l.m.cons[i].equal || !(interval.Point(rho).Mul(values[a]).Lo < -2*y[a].Lo))
		}
		if !fits || !sys.enclose(in, region) {
			return false
		}
		rises := true
		for i, side := range k.side {
			g := sys.pOut[1+i]
			rises = rises && (side == 0 || side < 0 && g.Lo > 0 || side > 0 && g.Hi < 0)
		}
		if rises && (len(k.free) == 0 || sys.definite(rho)) {
			return true
		}
	}
	return false
}

// exactUnder makes a certified minimum under constraints an exact one: what the search has
// left, where f may be as low as at the best point, are boxes round points at which the
// conditions of Karush, Kuhn and Tucker hold in closed form, and each of these is the best
// one of its boxes.
func (s *session) exactUnder(b *boxSearch, a *Answer) {
	if s.m.curve == nil {
		return
	}
	if s.lagrangian == nil {
		l, err := newLagrangian(s.m)
		if err != nil {
			return
		}
		s.lagrangian = l
	}
	b.refine()
	var found []*exactKKT
	for _, box := range b.clusters() {
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
		"on all that is left round it the augmented Lagrangian is strictly convex, so that no other point there is as good")
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
	var list []*kkt
	for _, r := range s.kkts {
		if r.violation < nearlyFeasible && in(r.x) {
			list = append(list, r)
			break
		}
	}
	if len(list) == 0 {
		mid := make([]float64, len(box))
		for i := range mid {
			mid[i] = box[i].Mid()
		}
		if r := s.lagrangian.minimise(s.ctx, s.b.prober, mid, penalties[1]); r != nil && in(r.x) {
			list = append(list, r)
		}
	}
	for _, r := range list {
		for _, x := range s.candidates(r.x) {
			if k := s.exactKKTAt(x); k != nil {
				return k
			}
		}
	}
	return nil
}

// refine halves what the search has left until it is small: bounds that close the gap say nothing
// of where in a box the minimisers are.
func (b *boxSearch) refine() {
	const small, boxes = 1e-3, 2000
	limit := b.count.Boxes + boxes
	for again := true; again && b.count.Boxes < limit; {
		again = false
		left := append(slices.Clone(b.closed), b.open...)
		b.closed, b.open = nil, nil
		for _, r := range left {
			wide := slices.ContainsFunc(r.x, func(x interval.I) bool { return !(x.Width() <= small*math.Max(1, x.Mag())) })
			switch {
			case r.lb > b.best.Hi:
			case wide && b.count.Boxes < limit:
				r.at, again = nil, true
				b.split(r)
			default:
				b.closed = append(b.closed, r)
			}
		}
	}
}

// maxClusters is the number of minimisers up to which all are looked for.
const maxClusters = 32

// clusters returns boxes that cover all points at which f may be as low as at the best one:
// hulls of the boxes that are left, of those that are near each other. It is nil where
// there are too many.
func (b *boxSearch) clusters() [][]interval.I {
	var hulls [][]interval.I
	touches := func(x, y []interval.I) bool {
		for i := range x {
			room := 1e-3 * math.Max(1, x[i].Mag())
			if x[i].Lo-y[i].Hi > room || y[i].Lo-x[i].Hi > room {
				return false
			}
		}
		return true
	}
	for _, r := range append(slices.Clone(b.closed), b.open...) {
		if r.lb > b.best.Hi {
			continue
		}
		x := slices.Clone(r.x)
		rest := hulls[:0]
		for _, h := range hulls {
			if !touches(h, x) {
				rest = append(rest, h)
				continue
			}
			for i := range x {
				x[i] = x[i].Hull(h[i])
			}
		}
		if hulls = append(rest, x); len(hulls) > 8*maxClusters {
			return nil
		}
	}
	if len(hulls) > maxClusters {
		return nil
	}
	slices.SortFunc(hulls, func(x, y []interval.I) int {
		for i := range x {
			if x[i].Lo != y[i].Lo {
				if x[i].Lo < y[i].Lo {
					return -1
				}
				return 1
			}
		}
		return 0
	})
	return hulls
}
