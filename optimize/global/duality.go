package global

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"

	"nabla/expr"
	"nabla/expr/format"
	"nabla/expr/interval"
	"nabla/expr/number"
	"nabla/expr/simplify"
	"nabla/expr/tape"
	"nabla/optimize/global/certificate"
	"nabla/optimize/global/internal/branch"
	"nabla/optimize/global/internal/effort"
	"nabla/optimize/global/internal/exact"
	"nabla/optimize/global/internal/form"
	"nabla/optimize/global/internal/kkt"
	"nabla/optimize/global/internal/model"
	"nabla/optimize/global/minimum"
)

// This file bounds f from below under constraints by a Lagrangian, on the whole region or on
// boxes.

// multiplierFormulas are those of the local solution r, one a constraint, not Valid for none.
func (s *session) multiplierFormulas(r *kkt.Solution) []expr.Expr {
	y := make([]expr.Expr, len(s.m.Cons))
	pool := expr.NewPool()
	for i, c := range s.m.Cons {
		if k, ok := multiplierOf(c, r.Y[i]); ok {
			y[i] = pool.Num(k)
		}
	}
	return y
}

// lagrangianFormula returns f + Σ y g for the multipliers y, those of inequalities not
// negative: nowhere in the region larger than f.
func (s *session) lagrangianFormula(y []expr.Expr) expr.Expr {
	t := simplify.New()
	terms := []expr.Expr{t.Tidy(s.m.F)}
	for i, c := range s.m.Cons {
		if y[i].Valid() {
			terms = append(terms, t.Mul(t.Tidy(y[i]), t.Tidy(c.G)))
		}
	}
	return t.Add(terms...)
}

// cancelled is a Lagrangian with sums times numbers multiplied out, of which terms cancel.
func cancelled(l expr.Expr) expr.Expr {
	t := simplify.New()
	return t.Add(form.TermsOf(t, t.Pool().Import(l))...)
}

// multipliers writes down those that the Lagrangian has.
func (s *session) multipliers(y []expr.Expr) (list []certificate.Multiplier) {
	for i, c := range s.m.Cons {
		if y[i].Valid() {
			list = append(list, certificate.Multiplier{Condition: format.Plain(c.Text), Value: format.Plain(y[i])})
		}
	}
	return list
}

// multiplierOf returns the multiplier y of the constraint c as a rational number,
// false for none.
func multiplierOf(c model.Constraint, y float64) (number.Number, bool) {
	if !c.Equal && y <= 0 || math.Abs(y) < 1e-12 {
		return number.Number{}, false
	}
	if p, q, near := exact.Convergent(y, 1e-9, 1000); near {
		return number.Frac(p, q), p != 0
	}
	return number.FromFloat(y)
}

// byDuality answers when the Lagrangian with the multipliers found has the same
// minimum as f under the constraints, as it has for convex problems.
func (s *session) byDuality(r *kkt.Solution, share float64) *Answer {
	y := s.multiplierFormulas(r)
	q := &Problem{F: s.lagrangianFormula(y), Vars: s.p.Vars, Bounds: s.p.Bounds}
	m, err := q.model()
	if err != nil {
		return nil
	}
	ctx, cancel := effort.Share(s.ctx, share)
	defer cancel()
	o := s.o
	o.Start, o.Progress = r.X, nil
	sub := &session{ctx: ctx, p: q, o: o, m: m, bound: math.Inf(-1)}
	var a *Answer
	if b, ok := solveQuadratic(q); ok {
		a = b
	} else if a = sub.separable(); a == nil || a.Status != Exact && a.Status != Constant {
		a = sub.globalOnly()
	}
	if a == nil || a.Enclosure == nil || a.Status != Exact && a.Status != Certified && a.Status != Constant {
		return nil
	}
	lb := a.Enclosure.Value.Lo
	if !(lb >= s.b.Best.Hi-s.b.Gap()) {
		return nil
	}
	// A local minimum of a convex function under convex constraints is its minimum.
	alone := form.IsConvex(s.m.F, s.p.Vars, s.m.Outer) && s.onlyMinimiser(s.b.BestX)
	if lb < s.b.Best.Hi && !alone && !s.attainedUnder(sub) {
		return nil
	}
	v := interval.New(math.Min(lb, s.b.Best.Hi), s.b.Best.Hi)
	c := &Answer{Status: Certified, Method: "Lagrangian duality", At: slices.Clone(s.b.BestX), Attained: true, Enclosure: &Enclosure{Value: v}}
	c.Evaluations = a.Evaluations
	c.Value = model.ClipTo(s.b.At(c.At), v)
	c.Minimisers, c.MinimisersComplete = []Point{{X: c.At}}, alone
	if e := s.exactFromDual(a, r.X); e != nil {
		e.MinimisersComplete = e.MinimisersComplete || alone
		c = e
	}
	if s.o.Certificate {
		var steps []certificate.Step
		if sub.b != nil {
			steps = sub.steps(a)
		}
		q.F = cancelled(q.F)
		c.Argument.Reduction = &certificate.Reduction{Kind: certificate.Sum, Parts: []*certificate.Certificate{certify(q, a, steps)}}
		c.Argument.Reduction.Multipliers = s.multipliers(y)
	}
	var parts []string
	for i, con := range s.m.Cons {
		if r.Y[i] > 1e-12 || con.Equal && math.Abs(r.Y[i]) > 1e-12 {
			parts = append(parts, fmt.Sprintf("%s for %s", format.Number(r.Y[i], 6), format.Text(con.Text)))
		}
	}
	f := s.minimised()
	what, name := f, "f"
	if len(parts) > 0 {
		what, name = f+" plus the constraints times the multipliers "+list4(parts), "L"
	} else if f != "f" {
		name = "L"
	}
	if name != "f" {
		what = name + " = " + what
	}
	c.Proof = []string{fmt.Sprintf("%s is nowhere lower than %s, and under the constraints %s is not lower than that", what, format.Number(lb, 10), f)}
	for _, line := range a.Proof {
		c.Proof = append(c.Proof, minimum.Called(line, name))
	}
	return s.flip(c)
}

// exactFromDual is the answer in closed form where a, for the Lagrangian, is one and a point of the region has its value: f has it at those
// minimisers of the Lagrangian that belong to the region and at no other points. It is nil for none; x is near such a point.
func (s *session) exactFromDual(a *Answer, x []float64) *Answer {
	if a.Status == Certified || !a.ExactValue.Valid() {
		return nil
	}
	var c *Answer
	take := func(x []expr.Expr) bool {
		e, ok := s.exactPoint(x)
		if !ok {
			return false
		}
		w := s.valueAt(s.m.F, x)
		if !equalConstants(a.ExactValue, w) {
			return false
		}
		if c == nil {
			c = s.exactAnswer(e, w)
		} else {
			c.Minimisers = append(c.Minimisers, Point{X: e.at, Exact: e.x})
		}
		return true
	}
	complete := a.MinimisersComplete
	for _, m := range a.Minimisers {
		single := m.Family == "" && len(m.Exact) == s.m.N
		complete = complete && single
		if single && !take(m.Exact) && complete {
			complete = s.violates(m.Exact)
		}
	}
	if c == nil {
		complete = false
		for _, x := range s.p.snaps(x) {
			if take(x) {
				break
			}
		}
	}
	if c != nil {
		c.Method, c.MinimisersComplete = "Lagrangian duality", complete
	}
	return c
}

// violates reports whether the point is proved not to belong to the region.
func (s *session) violates(x []expr.Expr) bool {
	box := make([]interval.I, len(x))
	for i, c := range x {
		v, ok := tape.EncloseConstant(c)
		if !ok {
			return false
		}
		if v.Disjoint(s.m.Outer[i]) {
			return true
		}
		box[i] = v
	}
	p := s.m.Prober()
	p.MV.Interval(p.VOut, p.VDec, box)
	for k, c := range s.m.Cons {
		if g := p.VOut[k+1]; g.IsEmpty() || g.Lo > 0 || c.Equal && g.Hi < 0 {
			return true
		}
	}
	return s.leftOut(x)
}

// attainedUnder reports whether f is proved to attain its minimum, l being the session of a
// function that is nowhere above f in the region: where that is as low as the best point is a
// bounded box, and f and the region are closed there.
func (s *session) attainedUnder(l *session) bool {
	x, ok := s.reach()
	if !ok {
		return false
	}
	if !model.Bounded(x) {
		far := &session{ctx: s.ctx, p: l.p, o: s.o, m: l.m, b: branch.New(l.m, s.o.boxes())}
		far.b.Best, far.b.BestX = s.b.Best, s.b.BestX
		y, _ := far.confined()
		if y == nil {
			return false
		}
		for i := range x {
			x[i] = x[i].Meet(y[i])
		}
	}
	return s.b.ClosedIn(x)
}

// maxDuals is the number of local solutions with multipliers of their own.
const maxDuals = 8

// dualsOf gives the search Lagrangians for lower bounds on boxes, with the multipliers of the best
// local solution and of others that are as good.
func (s *session) dualsOf(l *kkt.Lagrangian, best *kkt.Solution) {
	s.b.Duals, s.b.Team = nil, nil
	s.addDual(l, best)
	for _, r := range s.kkts {
		known := slices.ContainsFunc(s.b.Duals, func(d branch.Dual) bool { return model.Near(d.At, r.X) })
		if len(s.b.Duals) == maxDuals || known || r.Violation > kkt.NearlyFeasible || r.F > best.F+1e-6*math.Max(1, math.Abs(best.F)) {
			continue
		}
		s.addDual(l, r)
	}
}

func (s *session) addDual(l *kkt.Lagrangian, r *kkt.Solution) {
	y := s.augmented(l, r, s.multiplierFormulas(r))
	for _, d := range s.b.Duals {
		if slices.EqualFunc(d.Y, y, func(u, v expr.Expr) bool { return u.Valid() == v.Valid() && (!u.Valid() || expr.Equal(u, v)) }) {
			return
		}
	}
	q := &Problem{F: s.lagrangianFormula(y), Vars: s.p.Vars}
	m, err := q.model()
	if err != nil {
		return
	}
	b := branch.New(m, s.o.boxes())
	b.Frozen, b.Convex = true, form.IsConvex(m.F, m.Vars, s.m.Outer)
	s.b.Duals = append(s.b.Duals, branch.Dual{At: r.X, Y: y, Search: b})
}

// writeMultipliers adds those of the duals to an answer that rests on boxes.
func (s *session) writeMultipliers(a *Answer) {
	if !s.o.Certificate || a.Argument.Squares != nil {
		return
	}
	for _, d := range s.b.Duals {
		a.Argument.Multipliers = append(a.Argument.Multipliers, s.multipliers(d.Y))
	}
}

// augmented adds to the multipliers y of equations h = 0 the formula ρ/2 h, so that the
// Lagrangian becomes
//
//	f + Σ y h + ρ/2 Σ h²,
//
// which is convex near a local solution that satisfies the sufficient conditions of second order,
// for some ρ, where the Lagrangian need be so along the equations only (Debreu 1952; Nocedal and
// Wright, theorem 17.5). It returns y where that does not help.
func (s *session) augmented(l *kkt.Lagrangian, r *kkt.Solution, y []expr.Expr) []expr.Expr {
	e, ok := s.penaltyAt(l, r)
	if !ok {
		return y
	}
	penalty, _ := number.Int(10).Pow(e)
	half := penalty.Mul(number.Frac(1, 2))
	t := simplify.New()
	out := slices.Clone(y)
	for i, c := range s.m.Cons {
		if !c.Equal {
			continue
		}
		out[i] = t.Mul(t.Num(half), t.Tidy(c.G))
		if y[i].Valid() {
			out[i] = t.Add(t.Tidy(y[i]), out[i])
		}
	}
	return out
}

// penaltyAt returns e such that with ρ = 10^e, H + ρ JᵀJ is definite, H being the Hessian of the
// Lagrangian at r in the variables that no bound holds and J the Jacobian of the equations; false
// if no ρ does it, or none is needed.
func (s *session) penaltyAt(l *kkt.Lagrangian, r *kkt.Solution) (e int, ok bool) {
	n, k := l.M.N, l.K
	if l.Entries == nil {
		return 0, false
	}
	in := make([]float64, n+k)
	copy(in, r.X)
	copy(in[n:], r.Y)
	l.PM.Eval(l.POut, in)
	l.GM.Eval(l.GOut, r.X)
	var free []int
	place := make([]int, n)
	for i, v := range r.X {
		place[i] = -1
		if v > l.M.Inner[i].Lo && v < l.M.Inner[i].Hi {
			place[i] = len(free)
			free = append(free, i)
		}
	}
	if len(free) == 0 || !model.AllFinite(l.POut) || !model.AllFinite(l.GOut) {
		return 0, false
	}
	h, jj := mat.NewSymDense(len(free), nil), mat.NewSymDense(len(free), nil)
	size := 0.0
	for e, x := range l.Entries {
		if a, b := place[x.Row], place[x.Col]; a >= 0 && b >= 0 {
			h.SetSym(a, b, l.POut[1+n+e])
			size = math.Max(size, math.Abs(l.POut[1+n+e]))
		}
	}
	steep := 0.0
	for q, c := range s.m.Cons {
		if !c.Equal {
			continue
		}
		slope := mat.NewVecDense(len(free), nil)
		for a, i := range free {
			slope.SetVec(a, l.GOut[k+q*n+i])
			steep = math.Max(steep, math.Abs(l.GOut[k+q*n+i]))
		}
		jj.SymRankOne(jj, 1, slope)
	}
	least := func(penalty float64) float64 {
		m := mat.NewSymDense(len(free), nil)
		m.ScaleSym(penalty, jj)
		m.AddSym(m, h)
		var es mat.EigenSym
		if !es.Factorize(m, false) {
			return math.Inf(-1)
		}
		return es.Values(nil)[0]
	}
	const weakest, strongest = -1, 4 // beside the scale of H over that of JᵀJ
	scale := math.Round(math.Log10(size / (steep * steep)))
	if !(math.Abs(scale) < 100) {
		return 0, false
	}
	enough := 0.3 * least(math.Pow(10, scale+strongest))
	if !(enough > 1e-9*size) || least(0) >= enough {
		return 0, false
	}
	for e = int(scale) + weakest; e < int(scale)+strongest; e++ {
		if least(math.Pow(10, float64(e))) >= enough {
			break
		}
	}
	return e, true
}
