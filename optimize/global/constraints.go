package global

import (
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"gonum.org/v1/gonum/mat"

	"nabla/diff"
	"nabla/expr"
	"nabla/expr/interval"
	"nabla/expr/number"
	"nabla/expr/tape"
	"nabla/optimize"
	"nabla/optimize/global/internal/effort"
)

// A lagrangian holds the programs for minimising f under constraints: the
// constraints with their Jacobian, and the augmented Lagrangian
//
//	f + Σ over equations (y h + ρ/2 h²) + Σ over inequalities (max(0, y + ρ g)² - y²)/(2ρ)
//
// with the multipliers y and the penalty ρ as further variables (Hestenes 1969,
// Powell 1969, Rockafellar 1973; Nocedal and Wright, Numerical Optimization, 2nd
// ed. 2006, chapter 17).
type lagrangian struct {
	m       *model
	k       int // constraints
	g       *tape.Prog
	entries []diff.Entry
	aug     *tape.Prog // value, gradient and Hessian of the augmented Lagrangian
	plain   *tape.Prog // gradient and Hessian of f + Σ y g
	pent    []diff.Entry
	gm      *tape.Machine
	am, pm  *tape.Machine
	gOut    []float64
	aOut    []float64
	pOut    []float64
}

// maxConstrained is the number of variables up to which constrained problems
// have second derivatives.
const maxConstrained = 80

func newLagrangian(m *model) (*lagrangian, error) {
	l := &lagrangian{m: m, k: len(m.cons)}
	pool := expr.NewPool()
	name := func(i int) string { return fmt.Sprintf("multiplier %d", i+1) }
	rho := pool.Var("penalty")
	f := pool.Import(m.f)
	aug, plain := []expr.Expr{f}, []expr.Expr{f}
	half := pool.Num(number.Frac(1, 2))
	two := pool.Int(2)
	vars := slices.Clone(m.vars)
	var outs []expr.Expr
	for i, c := range m.cons {
		y := pool.Var(name(i))
		vars = append(vars, name(i))
		g := pool.Import(c.g)
		outs = append(outs, g)
		plain = append(plain, pool.Make(expr.Mul, y, g))
		if c.equal {
			aug = append(aug, pool.Make(expr.Mul, y, g), pool.Make(expr.Mul, half, rho, pool.Make(expr.Pow, g, two)))
			continue
		}
		u := pool.Make(expr.Add, y, pool.Make(expr.Mul, rho, g))
		square := pool.Make(expr.If, pool.Make(expr.Gt, u, pool.Int(0)), pool.Make(expr.Pow, u, two), pool.Int(0))
		aug = append(aug, pool.Make(expr.Div, pool.Make(expr.Add, square, pool.Make(expr.Neg, pool.Make(expr.Pow, y, two))), pool.Make(expr.Mul, two, rho)))
	}
	vars = append(vars, "penalty")
	for _, g := range outs[:l.k] {
		outs = append(outs, diff.Gradient(g, m.vars)...)
	}
	var err error
	if l.g, err = tape.Compile(m.vars, outs...); err != nil {
		return nil, err
	}
	program := func(e expr.Expr) (*tape.Prog, []diff.Entry, error) {
		outs := append([]expr.Expr{e}, diff.Gradient(e, m.vars)...)
		var h []diff.Entry
		if m.n <= maxConstrained {
			h = diff.Hessian(e, m.vars)
			for _, x := range h {
				outs = append(outs, x.Expr)
			}
		}
		p, err := tape.Compile(vars, outs...)
		return p, h, err
	}
	if l.aug, l.entries, err = program(pool.Make(expr.Add, aug...)); err != nil {
		return nil, err
	}
	if l.plain, l.pent, err = program(pool.Make(expr.Add, plain...)); err != nil {
		return nil, err
	}
	l.gm, l.am, l.pm = l.g.NewMachine(), l.aug.NewMachine(), l.plain.NewMachine()
	l.gOut, l.aOut, l.pOut = make([]float64, l.g.NumOut()), make([]float64, l.aug.NumOut()), make([]float64, l.plain.NumOut())
	return l, nil
}

// violation returns the largest violation of a constraint at x, relative to the
// size of its gradient.
func (l *lagrangian) violation(x []float64) float64 {
	l.gm.Eval(l.gOut, x)
	worst := 0.0
	for i, c := range l.m.cons {
		g := l.gOut[i]
		if c.equal {
			g = math.Abs(g)
		}
		scale := 1.0
		for _, d := range l.gOut[l.k+i*l.m.n : l.k+(i+1)*l.m.n] {
			scale = math.Max(scale, math.Abs(d))
		}
		if v := g / scale; !(v <= worst) {
			worst = v
		}
	}
	return worst
}

// multipliersOf are those of the local solution, nil without one.
func multipliersOf(r *kkt) []float64 {
	if r == nil {
		return nil
	}
	return r.y
}

// A kkt is a local solution of a constrained problem.
type kkt struct {
	x         []float64
	y         []float64 // multipliers
	f         float64
	violation float64
}

// minimise runs the augmented Lagrangian method from x, with the penalty rho at
// first; p evaluates f. It returns nil where that fails.
func (l *lagrangian) minimise(ctx context.Context, p *prober, x []float64, rho float64) *kkt {
	n, k := l.m.n, l.k
	in := make([]float64, n+k+1)
	y := make([]float64, k)
	o := optimize.New(n,
		func(x []float64) float64 {
			copy(in, x)
			l.am.Eval(l.aOut, in)
			return l.aOut[0]
		},
		func(g, x []float64) {
			copy(in, x)
			l.am.Eval(l.aOut, in)
			copy(g, l.aOut[1:1+n])
		}, nil)
	if l.entries != nil {
		o = optimize.New(n,
			func(x []float64) float64 { copy(in, x); l.am.Eval(l.aOut, in); return l.aOut[0] },
			func(g, x []float64) { copy(in, x); l.am.Eval(l.aOut, in); copy(g, l.aOut[1:1+n]) },
			func(h *mat.SymDense, x []float64) {
				copy(in, x)
				l.am.Eval(l.aOut, in)
				h.Zero()
				for i, e := range l.entries {
					h.SetSym(e.Row, e.Col, l.aOut[1+n+i])
				}
			})
	}
	var bounds []optimize.Bound
	for i, b := range l.m.inner {
		if b.IsEmpty() {
			b = l.m.outer[i]
		}
		bounds = append(bounds, optimize.Bound{Lo: b.Lo, Hi: b.Hi})
		x[i] = clipTo(x[i], b)
	}
	last := math.Inf(1)
	for range 40 {
		if ctx.Err() != nil {
			break
		}
		copy(in[n:], y)
		in[n+k] = rho
		var method optimize.Method = optimize.LBFGSB{}
		if l.entries != nil {
			method = optimize.Newton{}
		}
		stop := optimize.Stop{Grad: 1e-10, Relative: true, Iterations: 300, Hopeless: true}
		res, err := optimize.Minimize(ctx, o, method, optimize.Options{Start: x, Bounds: bounds, Stop: stop})
		if err != nil || !finite(res.F) || !allFinite(res.X) {
			return nil
		}
		effort.Charge(ctx, effort.Floats((res.Evaluations.Func+res.Evaluations.Grad+res.Evaluations.Hess)*l.am.Prog().Len()))
		x = slices.Clone(res.X)
		l.gm.Eval(l.gOut, x)
		change := 0.0
		for i, c := range l.m.cons {
			v := y[i] + rho*l.gOut[i]
			if !c.equal {
				v = math.Max(0, v)
			}
			change = math.Max(change, math.Abs(v-y[i])/math.Max(1, math.Abs(v)))
			y[i] = math.Max(-1e12, math.Min(1e12, v))
		}
		worst := l.violation(x)
		if worst < 1e-11 && change < 1e-9 {
			break
		}
		if worst > 0.25*last {
			rho = math.Min(rho*10, 1e10)
		}
		last = worst
	}
	r := &kkt{x: x, y: y}
	l.newton(r)
	r.f = p.at(r.x)
	r.violation = l.violation(r.x)
	return r
}

// newton improves a solution by Newton's method on the equations of Karush, Kuhn
// and Tucker with the constraints that have a multiplier (Nocedal and Wright,
// algorithm 18.1).
func (l *lagrangian) newton(r *kkt) {
	if l.pent == nil && l.m.n > maxConstrained {
		return
	}
	n, k := l.m.n, l.k
	in := make([]float64, n+k+1)
	for range 6 {
		copy(in, r.x)
		copy(in[n:], r.y)
		l.pm.Eval(l.pOut, in)
		l.gm.Eval(l.gOut, r.x)
		var free, active []int
		for i, v := range r.x {
			g := l.pOut[1+i]
			if v <= l.m.inner[i].Lo && g > 0 || v >= l.m.inner[i].Hi && g < 0 {
				continue
			}
			free = append(free, i)
		}
		for i, c := range l.m.cons {
			if c.equal || r.y[i] > 1e-9 && l.gOut[i] > -1e-4*math.Max(1, r.y[i]) {
				active = append(active, i)
			}
		}
		size := len(free) + len(active)
		if size == 0 || len(active) > len(free) {
			return
		}
		a, b := mat.NewDense(size, size, nil), mat.NewVecDense(size, nil)
		place := make(map[int]int, len(free))
		for p, i := range free {
			place[i] = p
			b.SetVec(p, -l.pOut[1+i])
		}
		for q, e := range l.pent {
			i, ok1 := place[e.Row]
			j, ok2 := place[e.Col]
			if ok1 && ok2 {
				a.Set(i, j, l.pOut[1+n+q])
				a.Set(j, i, l.pOut[1+n+q])
			}
		}
		for q, i := range active {
			for p, j := range free {
				d := l.gOut[k+i*n+j]
				a.Set(len(free)+q, p, d)
				a.Set(p, len(free)+q, d)
			}
			b.SetVec(len(free)+q, -l.gOut[i])
		}
		var step mat.VecDense
		if err := step.SolveVec(a, b); err != nil && step.Len() != size {
			return
		}
		x, y := slices.Clone(r.x), slices.Clone(r.y)
		for p, i := range free {
			x[i] = clipTo(x[i]+step.AtVec(p), l.m.inner[i])
		}
		for q, i := range active {
			y[i] += step.AtVec(len(free) + q)
			if !l.m.cons[i].equal && y[i] < 0 {
				return
			}
		}
		if !allFinite(x) || !allFinite(y) || !(l.residual(x, y) < l.residual(r.x, r.y)) {
			return
		}
		r.x, r.y = x, y
	}
}

// residual measures how far x and y are from satisfying the conditions.
func (l *lagrangian) residual(x, y []float64) float64 {
	n, k := l.m.n, l.k
	in := make([]float64, n+k+1)
	copy(in, x)
	copy(in[n:], y)
	l.pm.Eval(l.pOut, in)
	r := l.violation(x)
	for i, v := range x {
		g := l.pOut[1+i]
		if v <= l.m.inner[i].Lo && g > 0 || v >= l.m.inner[i].Hi && g < 0 {
			continue
		}
		if !(math.Abs(g) <= r) {
			r = math.Abs(g)
		}
	}
	return r
}

// constrained answers under constraints: local solutions by the augmented
// Lagrangian method, then a proof by branch and bound where there is one.
func (s *session) constrained() *Answer {
	if a := s.byForm(); a != nil {
		return a
	}
	l, err := newLagrangian(s.m)
	if err != nil {
		return s.failed(err.Error())
	}
	s.lagrangian = l
	means := func() *Answer {
		a := s.byMeans()
		if a != nil {
			s.active(a, multipliersOf(l.minimise(s.ctx, s.b.prober, slices.Clone(a.At), 10)))
		}
		return a
	}
	// An equation between two variables leaves a question in one, which says more.
	plane := s.m.n == 2 && slices.ContainsFunc(s.m.cons, func(c constraint) bool { return c.equal })
	if !plane {
		if a := means(); a != nil {
			return a
		}
	}
	best := s.localSolutions(l)
	if best != nil {
		s.admit(l, best)
	}
	x, ok := s.reach()
	if !ok && s.b.bestX == nil {
		return &Answer{Status: EmptyDomain, Method: "interval propagation",
			Proof: []string{"interval propagation through the constraints leaves no point"}}
	}
	if s.b.bestX == nil && (best == nil || !(best.violation < nearlyFeasible)) {
		if a := s.contradiction(); a != nil {
			return a
		}
	}
	var a *Answer
	if best != nil && s.b.bestX != nil {
		if a = s.byDuality(l, best); a == nil || a.Status != Exact {
			if b := s.byExactMultipliers(l, best, a != nil); b != nil {
				a = b
			}
		}
		if a != nil {
			if a.Status != Exact { // an equation may give closed forms
				if b := s.byEquation(); b != nil && b.Status == Exact {
					return b
				}
				if ok && bounded(x) {
					if b := s.exactByBoxes(a, l, best, x); b != nil {
						a = b
					}
				}
			}
			s.active(a, multipliersOf(best))
			return a
		}
		s.dualsOf(l, best)
	}
	if s.m.n == 2 || !ok || !bounded(x) {
		if a := s.byEquation(); a != nil {
			return a
		}
	}
	if plane {
		if a := means(); a != nil {
			return a
		}
	}
	if s.m.n == 2 || !ok || !bounded(x) {
		if a := s.byCases(); a != nil {
			return a
		}
	}
	if ok && !bounded(x) {
		if a := s.downPaths(); a != nil {
			return a
		}
	}
	if ok && (bounded(x) || best == nil) {
		why := ""
		if !s.m.bounded() {
			why = "the constraints and the parts of the formula leave only " + s.within(x)
		}
		a = s.search(x, why, nil, 0.9)
		best = s.bestOfSolutions(best)
		if a != nil && a.Status != Local {
			s.writeMultipliers(a)
			s.active(a, multipliersOf(best))
			return a
		}
	}
	if best != nil && s.b.bestX != nil && !(ok && bounded(x)) {
		if a := s.constrainedFar(); a != nil {
			s.writeMultipliers(a)
			s.active(a, multipliersOf(best))
			return a
		}
	}
	if best == nil || !(best.violation < 1e-6) {
		if a != nil {
			return a
		}
		return s.failed("no point that satisfies the constraints was found")
	}
	if s.b.bestX != nil && (s.b.best.Hi < best.f || best.violation > 1e-8) {
		best.x, best.f = slices.Clone(s.b.bestX), clipTo(s.b.at(s.b.bestX), s.b.best)
	}
	r := &Answer{Status: Local, Method: "augmented Lagrangian", At: best.x, Value: best.f, Attained: true}
	if a != nil {
		r.Enclosure, r.Evaluations = a.Enclosure, a.Evaluations
		if s.p.Max && r.Enclosure != nil {
			r.Enclosure.Value = r.Enclosure.Value.Neg() // flip turns it back
		}
	}
	r.Minimisers = []Point{{X: r.At}}
	in := make([]float64, l.m.n+l.k+1)
	copy(in, best.x)
	copy(in[l.m.n:], best.y)
	l.pm.Eval(l.pOut, in)
	for i, v := range best.x {
		g := l.pOut[1+i]
		if v <= l.m.inner[i].Lo && g > 0 || v >= l.m.inner[i].Hi && g < 0 {
			continue
		}
		r.GradientNorm = math.Max(r.GradientNorm, math.Abs(g))
	}
	r = s.flip(r)
	s.active(r, best.y)
	r.Warnings = append(r.Warnings, fmt.Sprintf("searched from %d points", len(s.kkts)))
	return r
}

// exactByBoxes looks for a closed form of the minimum a, which is proved, in the boxes that
// a search of x leaves round the local solution r; nil where it finds none.
func (s *session) exactByBoxes(a *Answer, l *lagrangian, r *kkt, x []interval.I) *Answer {
	saved, root, warnings := s.b, s.root, s.warnings
	defer func() { s.b, s.root, s.warnings = saved, root, warnings }()
	s.b = newBoxSearch(s.m, s.o.boxes())
	s.b.best, s.b.bestX = saved.best, slices.Clone(saved.bestX)
	s.dualsOf(l, r)
	b := s.search(slices.Clone(x), "the minimum lies within "+s.within(x), nil, 0.1)
	if b == nil || b.Status != Exact {
		return nil
	}
	b.Method, b.Argument = a.Method, a.Argument
	b.Proof = append(slices.Clone(a.Proof), b.Proof...)
	return b
}

// penalties are what the augmented Lagrangian method begins with: a small penalty
// lets it see f; where that draws it to points that satisfy nothing, as f = xyz
// does under xyz >= 1, the next one weighs the constraints more.
var penalties = []float64{10, 1e4, 1e7}

// localSolutions searches from several points, until it has found one that
// satisfies the constraints.
func (s *session) localSolutions(l *lagrangian) *kkt {
	var best *kkt
	for _, rho := range penalties {
		best = s.localSolutionsFrom(l, rho, best)
		if best != nil && best.violation < nearlyFeasible {
			break
		}
	}
	return best
}

// nearlyFeasible is the violation up to which a local solution counts as one that
// satisfies the constraints.
const nearlyFeasible = 1e-8

// localSolutionsFrom searches with the penalty rho at first and returns the best of
// what it finds and best, which may be nil.
func (s *session) localSolutionsFrom(l *lagrangian, rho float64, best *kkt) *kkt {
	var list [][]float64
	if len(s.o.Start) == s.m.n {
		list = append(list, slices.Clone(s.o.Start))
	}
	region := slices.Clone(s.m.outer)
	if x, ok := s.reach(); ok {
		region = x
	}
	list = append(list, starts(region, 6+min(2*s.m.n, 14), s.o.Seed)...)
	begun := effort.Spent(s.ctx)
	for i, x := range list {
		if s.ctx.Err() != nil || i > 2 && best != nil && best.violation < 1e-9 && effort.Spent(s.ctx)-begun > time.Second {
			break
		}
		r := l.minimise(s.ctx, s.b.prober, x, rho)
		if r == nil || math.IsNaN(r.f) {
			continue
		}
		s.kkts = append(s.kkts, r)
		if best == nil || r.betterThan(best) {
			best = r
		}
	}
	return best
}

// betterThan reports whether r is lower, or satisfies the constraints better where one does not.
func (r *kkt) betterThan(o *kkt) bool {
	if r.violation < nearlyFeasible {
		return o.violation >= nearlyFeasible || r.f < o.f-1e-12*math.Abs(o.f)
	}
	return r.violation < o.violation
}

// bestOfSolutions is the best local solution, best being that of those found first.
func (s *session) bestOfSolutions(best *kkt) *kkt {
	for _, r := range s.kkts {
		if best == nil || r.betterThan(best) {
			best = r
		}
	}
	return best
}

// admit finds a point near a local solution that is proved to satisfy the
// constraints, for the upper bound: a little inside the inequalities; with
// equations, a small box that is proved to hold a solution.
func (s *session) admit(l *lagrangian, r *kkt) {
	equations := false
	for _, c := range s.m.cons {
		equations = equations || c.equal
	}
	for _, x := range s.p.snaps(r.x) {
		if e, ok := s.exactPoint(x); ok {
			s.accept(e.box, e.at)
		}
	}
	s.b.try(r.x)
	n, k := l.m.n, l.k
	l.gm.Eval(l.gOut, r.x)
	// A direction into the region: the least-squares solution of J d = -1 for the
	// nearly active inequalities and J d = 0 for the equations.
	var rows []int
	for i, c := range l.m.cons {
		if c.equal || l.gOut[i] > -1e-6 {
			rows = append(rows, i)
		}
	}
	var free []int
	for i := range n {
		if s.m.inner[i].Width() > 0 && r.x[i] > s.m.inner[i].Lo && r.x[i] < s.m.inner[i].Hi {
			free = append(free, i)
		}
	}
	d := make([]float64, n)
	if len(rows) > 0 && len(free) > 0 {
		a, b := mat.NewDense(len(rows), len(free), nil), mat.NewVecDense(len(rows), nil)
		for q, i := range rows {
			scale := 0.0
			for p, j := range free {
				v := l.gOut[k+i*n+j]
				a.Set(q, p, v)
				scale = math.Max(scale, math.Abs(v))
			}
			if !l.m.cons[i].equal {
				b.SetVec(q, -math.Max(scale, 1e-8))
			}
		}
		var step mat.VecDense
		var svd mat.SVD
		if svd.Factorize(a, mat.SVDThin) {
			rank := 0
			for _, v := range svd.Values(nil) {
				if v > 1e-12 {
					rank++
				}
			}
			if rank > 0 {
				svd.SolveVecTo(&step, b, rank)
				for p, j := range free {
					d[j] = step.AtVec(p)
				}
			}
		}
	}
	size := 1.0
	for _, v := range r.x {
		size = math.Max(size, math.Abs(v))
	}
	for t := 1e-15 * size; t < 1e-5*size; t *= 4 {
		x := slices.Clone(r.x)
		for i := range x {
			x[i] = clipTo(x[i]+t*d[i], s.m.inner[i])
		}
		if !equations {
			if s.b.try(x) {
				return
			}
			continue
		}
		if box, ok := s.solutionNear(x); ok && s.accept(box, x) {
			return
		}
	}
}

// accept takes the box, which is proved to hold a point of the region, for the
// upper bound.
func (s *session) accept(box []interval.I, x []float64) bool {
	b := s.b
	b.mv.Interval(b.vOut, b.vDec, box)
	v := b.vOut[0]
	if b.vDec[0] < interval.Defined || v.IsEmpty() || !finite(v.Lo) || !(v.Hi < b.best.Hi) {
		return false
	}
	b.best = v
	b.bestX = append(b.bestX[:0], x...)
	return true
}

// solutionNear returns a small box round x that is proved to hold a solution of
// the equations at which the inequalities and bounds hold: the method of Krawczyk
// in as many variables as there are equations, the others held at x.
func (s *session) solutionNear(x []float64) ([]interval.I, bool) {
	n := s.m.n
	var eq []expr.Expr
	for _, c := range s.m.cons {
		if c.equal {
			eq = append(eq, c.g)
		}
	}
	if s.equations == nil {
		outs := slices.Clone(eq)
		for _, e := range eq {
			outs = append(outs, diff.Gradient(e, s.m.vars)...)
		}
		p, err := tape.Compile(s.m.vars, outs...)
		if err != nil {
			return nil, false
		}
		s.equations = p
	}
	q := len(eq)
	m := s.equations.NewMachine()
	f := make([]float64, s.equations.NumOut())
	m.Eval(f, x)
	if q > n || !allFinite(f) {
		return nil, false
	}
	j := mat.NewDense(q, n, nil)
	for a := range q {
		for i := range n {
			j.Set(a, i, f[q+a*n+i])
		}
	}
	chosen := s.pivots(j, x)
	if chosen == nil {
		return nil, false
	}
	sub := mat.NewDense(q, q, nil)
	for a := range q {
		for p, i := range chosen {
			sub.Set(a, p, j.At(a, i))
		}
	}
	var inv mat.Dense
	if err := inv.Inverse(sub); err != nil {
		return nil, false
	}
	out, dec := make([]interval.I, s.equations.NumOut()), make([]interval.Dec, s.equations.NumOut())
	point := make([]interval.I, n)
	for i := range x {
		point[i] = interval.Point(x[i])
	}
	m.Interval(out, dec, point)
	move := make([]interval.I, q) // C h(x)
	size := 0.0
	for p := range q {
		v := interval.Point(0)
		for a := range q {
			if dec[a] < interval.Continuous {
				return nil, false
			}
			v = v.Add(interval.Point(inv.At(p, a)).Mul(out[a]))
		}
		move[p] = v
		size = math.Max(size, v.Mag())
	}
	for _, factor := range []float64{4, 100, 1e4} {
		box := slices.Clone(point)
		for _, i := range chosen {
			r := math.Max(factor*size, 1e-15*math.Max(1, math.Abs(x[i])))
			box[i] = interval.New(x[i]-r, x[i]+r)
		}
		m.Interval(out, dec, box)
		ok := true
		for _, d := range dec {
			ok = ok && d == interval.Continuous
		}
		if !ok {
			continue
		}
		// K = x - C h(x) + (I - C J(X))(X - x)
		k := slices.Clone(box)
		for p, i := range chosen {
			v := interval.Point(x[i]).Sub(move[p])
			for c, t := range chosen {
				e := interval.Point(0)
				if p == c {
					e = interval.Point(1)
				}
				for a := range q {
					e = e.Sub(interval.Point(inv.At(p, a)).Mul(out[q+a*n+t]))
				}
				v = v.Add(e.Mul(box[t].Sub(interval.Point(x[t]))))
			}
			ok = ok && v.Interior(box[i])
			k[i] = v.Meet(box[i])
		}
		if !ok {
			continue
		}
		if s.admits(k) {
			return k, true
		}
	}
	return nil, false
}

// admits reports whether the inequalities and bounds are proved to hold on all of
// the box.
func (s *session) admits(box []interval.I) bool {
	b := s.b
	b.mv.Interval(b.vOut, b.vDec, box)
	for i, c := range s.m.cons {
		if !c.equal && (b.vDec[i+1] < interval.Defined || !(b.vOut[i+1].Hi < 0)) {
			return false
		}
	}
	for i, x := range box {
		if !x.In(s.m.inner[i]) || s.m.loOpen[i] && x.Lo <= s.m.inner[i].Lo || s.m.hiOpen[i] && x.Hi >= s.m.inner[i].Hi {
			return false
		}
	}
	return true
}

// pivots chooses as many variables as the Jacobian j at x has rows, by Gaussian
// elimination with full pivoting, away from bounds; nil where its rank is lower.
func (s *session) pivots(j *mat.Dense, x []float64) []int {
	q, n := j.Dims()
	var chosen []int
	w := mat.DenseCopyOf(j)
	used := make([]bool, q)
	for range q {
		row, col, most := -1, -1, 1e-10
		for a := range q {
			for i := range n {
				inside := x[i] > s.m.inner[i].Lo && x[i] < s.m.inner[i].Hi
				if v := math.Abs(w.At(a, i)); !used[a] && inside && !slices.Contains(chosen, i) && v > most {
					row, col, most = a, i, v
				}
			}
		}
		if row < 0 {
			return nil
		}
		used[row] = true
		chosen = append(chosen, col)
		for a := range q {
			if used[a] {
				continue
			}
			t := w.At(a, col) / w.At(row, col)
			for i := range n {
				w.Set(a, i, w.At(a, i)-t*w.At(row, i))
			}
		}
	}
	return chosen
}

// constrainedFar answers under conditions that leave an unbounded region: in a box outside
// which f is higher, or by sums of squares.
func (s *session) constrainedFar() *Answer {
	if a := s.bySquaresAt(allIdentities); a != nil {
		return a
	}
	if x, why := s.coercive(); x != nil {
		if a := s.search(x, why, nil, 0.8); a != nil && a.Status != Local {
			return a
		}
	}
	if c := s.confinedBySquares(); c != nil {
		if a := s.search(c.box, c.why, nil, 0.8); a != nil && a.Status != Local {
			a.Argument.Outside = c.proof
			return a
		}
	}
	if a := s.bySquaresNumber(); a != nil {
		return a
	}
	return s.bySquaresNear()
}

func list4(parts []string) string {
	if len(parts) > 4 {
		parts = append(slices.Clone(parts[:4]), "…")
	}
	out := parts[0]
	for _, p := range parts[1:] {
		out += ", " + p
	}
	return out
}
