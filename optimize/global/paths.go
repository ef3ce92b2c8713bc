package global

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"

	"nabla/expr"
	"nabla/expr/fn"
	"nabla/expr/format"
	"nabla/expr/interval"
	"nabla/expr/number"
	"nabla/expr/simplify"
	"nabla/expr/tape"
	"nabla/optimize/global/certificate"
	"nabla/optimize/global/internal/conditions"
	"nabla/optimize/global/internal/effort"
	"nabla/optimize/global/internal/exact"
	"nabla/optimize/global/internal/form"
	"nabla/optimize/global/internal/univariate"
	"nabla/optimize/global/minimum"
)

// A path is the curve x_i = c_i + s_i t^{k_i}, t → ∞, with rational c, s, k, or pi times that.
type path struct {
	c, s, k []number.Number
	angle   []bool  // says of which coordinates it is pi times that; nil for none
	f       float64 // far along it
}

// unit is what the numbers of the coordinate i are multiples of.
func (p *path) unit(i int) float64 {
	if p.angle != nil && p.angle[i] {
		return math.Pi
	}
	return 1
}

// at returns the point at t.
func (p *path) at(x []float64, t float64) {
	for i := range x {
		x[i] = p.unit(i) * (p.c[i].Float64() + p.s[i].Float64()*math.Pow(t, p.k[i].Float64()))
	}
}

// formulas returns the coordinates as formulas in t.
func (p *path) formulas(t *simplify.Tidier) []expr.Expr {
	var list []expr.Expr
	for i := range p.c {
		power := t.Pow(t.Var("t"), t.Num(p.k[i]))
		x := t.Add(t.Mul(t.Num(p.s[i]), power), t.Num(p.c[i]))
		if p.unit(i) != 1 {
			x = t.Mul(x, t.Call(fn.Lookup("pi")))
		}
		list = append(list, x)
	}
	return list
}

// text describes the path: "x = t, y = 1/t".
func (p *path) text(vars []string) string {
	parts := make([]string, len(vars))
	for i, e := range p.formulas(simplify.New()) {
		parts[i] = vars[i] + " = " + format.Text(e)
	}
	return strings.Join(parts, ", ")
}

// moves reports whether the path is more than one point.
func (p *path) moves() bool {
	for i := range p.s {
		if p.s[i].Sign() != 0 && p.k[i].Sign() != 0 {
			return true
		}
	}
	return false
}

// stays reports whether the path is proved to stay in the region for t > 1.
func (p *path) stays(s *session) bool {
	m := s.m
	for i := range p.c {
		from := p.unit(i) * p.c[i].Add(p.s[i]).Float64()
		to := p.unit(i) * p.c[i].Float64() // a limit that is not reached
		still := p.k[i].Sign() == 0 || p.s[i].Sign() == 0
		switch {
		case still:
			to = from
		case p.k[i].Sign() > 0:
			to = math.Inf(p.s[i].Sign())
		}
		if p.unit(i) == 1 && (!s.allows(i, p.c[i].Add(p.s[i]), false) || !still && !math.IsInf(to, 0) && !s.allows(i, p.c[i], true)) {
			return false // bounds may be no float64
		}
		in := func(x float64) bool {
			return x > m.Inner[i].Lo && x < m.Inner[i].Hi || !m.LoOpen[i] && !m.HiOpen[i] && m.Inner[i].Has(x)
		}
		if !in(from) {
			return false
		}
		size := math.Abs(from)
		if !math.IsInf(to, 0) {
			size = math.Max(size, math.Abs(to))
		}
		if margin := 1e-9 * math.Max(1, size); p.unit(i) != 1 {
			// These are rounded.
			if !in(from-margin) || !in(from+margin) || !math.IsInf(to, 0) && (!in(to-margin) || !in(to+margin)) {
				return false
			}
		}
		if !math.IsInf(to, 0) && !m.Inner[i].Has(to) || to > m.Inner[i].Hi || to < m.Inner[i].Lo {
			return false
		}
	}
	return true
}

// allows reports whether the number v is proved to be between the bounds of variable i, which count as closed if that is asked for.
func (s *session) allows(i int, v number.Number, closed bool) bool {
	if s.p.Bounds == nil {
		return true
	}
	within := func(end expr.Expr, open bool, side int) bool {
		if !end.Valid() {
			return true
		}
		if end = tidyConstant(end); end.Op() == expr.Num {
			order := side * v.Cmp(end.Number())
			return order < 0 || order == 0 && (closed || !open)
		}
		at := exact.HullOf(v)
		return side < 0 && at.Lo > s.m.Inner[i].Lo || side > 0 && at.Hi < s.m.Inner[i].Hi
	}
	b := s.p.Bounds[i]
	return within(b.Lo, b.LoOpen, -1) && within(b.Hi, b.HiOpen, 1)
}

// downPaths looks for curves along which f falls without end, or to its infimum.
// They are found by trying powers, and proved by the analysis of one variable.
func (s *session) downPaths() *Answer {
	for _, c := range s.m.Cons {
		if c.Equal || c.G.Op() == expr.If {
			return nil // a curve that is guessed hardly satisfies an equation
		}
	}
	ctx, cancel := effort.Share(s.ctx, 1./3)
	defer cancel()
	falling, level := s.tryPaths(ctx)
	for _, p := range falling {
		if ctx.Err() != nil {
			return nil
		}
		if a := s.provePath(ctx, p); a != nil && a.Status == Unbounded && s.satisfiedAlong(ctx, p, goesFar(a.Witness)) {
			if a := s.unboundedAlong(p, a); a != nil {
				return a
			}
		}
	}
	if a := s.downLines(); a != nil {
		return a
	}
	// The infimum: a lower bound that is approached and not reached.
	b := s.under
	if b == nil {
		b = s.enclosed()
	}
	if b == nil || s.b.BestX == nil {
		return nil
	}
	return s.alongLevel(ctx, level, b)
}

// alongLevel answers when f tends to the lower bound b along one of the paths.
func (s *session) alongLevel(ctx context.Context, level []*path, b *lowerBound) *Answer {
	v, ok := tape.EncloseConstant(b.value)
	if !ok {
		return nil
	}
	lb := v.Mid()
	for _, p := range level {
		if ctx.Err() != nil {
			return nil
		}
		if p.f > lb+1e-3*math.Max(1, math.Abs(lb)) {
			continue
		}
		if one := s.provePath(ctx, p); one != nil && one.Status == NotAttained && one.ExactValue.Valid() && equalConstants(one.ExactValue, b.value) && s.satisfiedAlong(ctx, p, true) &&
			(len(s.m.Cons) == 0 || strings.Contains(one.Approached, "t → ∞")) { // nearer, it may be outside the region
			return s.infimumAlong(p, one, b)
		}
	}
	return nil
}

// A lowerBound is a constant that all values of the function to be minimised are proved to
// be above.
type lowerBound struct {
	value     expr.Expr
	proof     []string
	reduction *certificate.Reduction
	squares   *certificate.SumOfSquares
}

// enclosed is the lower bound that enclosures give, nil where there is none that no point
// has.
func (s *session) enclosed() *lowerBound {
	s.b.MV.Interval(s.b.VOut, s.b.VDec, s.m.Outer)
	lb := s.b.VOut[0].Lo
	n, ok := number.FromFloat(lb)
	if !ok {
		return nil
	}
	x := slices.Clone(s.m.Outer)
	if s.b.Contract(x, lb, 30) && (lb != 0 || !s.positiveInside(s.m.F)) {
		return nil // may be attained
	}
	return &lowerBound{value: expr.NewPool().Num(n),
		proof: []string{fmt.Sprintf("the parts of the formula show that f is nowhere %s than %s, and that no point has this value", s.p.lower(), format.Number(s.sign(lb), 6))}}
}

// positiveInside reports whether e is seen from its form to be positive, those variables being positive that bounds say are: with exp(x)
// in the place of such a variable x it is positive everywhere.
func (s *session) positiveInside(e expr.Expr) bool {
	if e.Size() > form.MaxSize {
		return false
	}
	t := simplify.New()
	with := map[string]expr.Expr{}
	for i, x := range s.p.Vars {
		if lo := s.m.Inner[i].Lo; lo > 0 || lo == 0 && s.m.LoOpen[i] {
			with[x] = t.Call(fn.Lookup("exp"), t.Var(x))
		}
	}
	return len(with) > 0 && positive(t.Tidy(t.Pool().Substitute(t.Pool().Import(e), with)))
}

// goesFar reports whether the witness, of one variable, runs through all that is large.
func goesFar(w *Witness) bool {
	t := simplify.New()
	return w != nil && len(w.Path) == 1 && t.Tidy(w.Path[0]) == t.Var("t")
}

// satisfiedAlong reports whether the inequalities are proved to hold on the path for
// all t > 1, or, where that is enough, for all large t.
func (s *session) satisfiedAlong(ctx context.Context, p *path, far bool) bool {
	starts := []int64{1}
	if far {
		starts = append(starts, 1000)
	}
	for _, c := range s.m.Cons {
		holds := false
		for _, from := range starts {
			g := s.along(p, c.G)
			pool := expr.NewPool()
			a := univariate.Solve(ctx, &univariate.Question{F: g, Var: "t", Bound: Bound{Lo: pool.Int(from)}, Max: true})
			if a.Enclosure == nil || len(conditions.Open(g, []string{"t"}, []interval.I{{Lo: float64(from), Hi: math.Inf(1)}})) > 0 {
				continue
			}
			switch hi := a.Enclosure.Value.Hi; a.Status {
			case Exact, Certified, Constant:
				holds = hi < 0 || hi == 0 && !c.Strict
			case NotAttained:
				holds = hi <= 0
			}
			if holds {
				break
			}
		}
		if !holds {
			return false
		}
	}
	return true
}

// pathStarts returns paths that stand still, at 0 and near the best point. Waves take their least
// values at multiples of pi, as a rule: where there are some, each free variable is one in its turn.
func (s *session) pathStarts() []path {
	n := s.m.N
	angles := [][]bool{nil}
	if n <= 3 && slices.ContainsFunc(slices.Collect(s.m.F.All()), func(e expr.Expr) bool { return e.Op() == expr.Call && e.Func().Period != 0 }) {
		for i := range n {
			angle := make([]bool, n)
			angle[i] = true
			angles = append(angles, angle)
		}
	}
	var list []path
	for _, angle := range angles {
		list = append(list, path{c: make([]number.Number, n), angle: angle})
		if s.b.BestX == nil {
			continue
		}
		p := path{c: make([]number.Number, n), angle: angle}
		for i, v := range s.b.BestX {
			if v /= p.unit(i); math.Abs(v) < 1e3 {
				if a, b, ok := exact.Convergent(v, 1e-2, 12); ok {
					p.c[i] = number.Frac(a, b)
				}
			}
		}
		list = append(list, p)
		if angle != nil { // on a wave, the others towards 0
			q := path{c: make([]number.Number, n), angle: angle}
			for i := range q.c {
				if angle[i] {
					q.c[i] = p.c[i]
				}
			}
			list = append(list, q)
		}
	}
	for i := range n { // where a product of two variables may outweigh more
		for _, end := range [...]int64{-farStart, farStart} {
			if n <= 3 && form.DegreeIn(s.m.F, s.p.Vars[i]) != 1 {
				p := path{c: make([]number.Number, n)}
				p.c[i] = number.Int(end)
				list = append(list, p)
			}
		}
	}
	return list
}

// farStart is how far out paths in other directions are tried: further, exp is so large that float64 does not tell how
// other terms fall.
const farStart = 20

// tryPaths returns paths along which f seems to fall without end, and others
// along which it falls, the lowest first.
func (s *session) tryPaths(ctx context.Context) (falling, level []*path) {
	n := s.m.N
	r := rand.New(rand.NewPCG(s.o.Seed, 1))
	powers := exponents(n, n == 2 && len(s.m.Cons) > 0)
	falling = s.leadingPaths(ctx)
	var infinite []*path
	best := math.Inf(1)
	if s.b.BestX != nil {
		best = s.b.Best.Hi
	}
	try := func(p *path) {
		if !p.moves() || !p.stays(s) {
			return
		}
		v, ok := s.downAlong(p)
		if !ok || !s.definedOn(p) {
			return
		}
		p.f = v[3]
		if math.IsInf(v[3], -1) { // perhaps because terms underflow
			infinite = append(infinite, p)
		} else if v[3] < v[2] && v[2] < v[1] && v[1] < v[0] && v[2]-v[3] > 0.2*(v[1]-v[2]) {
			falling = append(falling, p)
		} else if v[3] <= best+1e-3 {
			level = append(level, p)
		}
	}
	lines := s.levelLines()
	effort.Charge(ctx, effort.Floats(4*len(lines)*s.m.Value.Len()))
	for _, p := range lines {
		try(p)
	}
	for _, start := range s.pathStarts() {
		for _, k := range powers {
			if ctx.Err() != nil {
				break
			}
			const tries = 24
			effort.Charge(ctx, effort.Floats(4*tries*s.m.Value.Len()))
			for j := range tries {
				p := &path{c: start.c, angle: start.angle, k: k}
				p.scale(j, r)
				try(p)
			}
		}
	}
	// Those that lead to the infimum, if any does, are as low as can be.
	const rounding = 1e-12
	least := math.Inf(1)
	for _, p := range level {
		least = math.Min(least, p.f)
	}
	lowest := func(p *path) bool { return p.f <= least+rounding*math.Abs(least) }
	return append(simplestPaths(falling, nil), simplestPaths(infinite, nil)...), simplestPaths(level, lowest)
}

// exponents lists what paths of n variables have for exponents: all combinations of a few up to three variables, one variable at a
// time, and all alike, for more.
func exponents(n int, withRoot bool) (list [][]number.Number) {
	one := number.Int(1)
	grid := []number.Number{number.Int(0), one, number.Int(-1), number.Int(2), number.Int(-2), number.Int(3)}
	if withRoot {
		grid = append(grid, number.Frac(-1, 2))
	}
	if n <= 3 {
		total := 1
		for range n {
			total *= len(grid)
		}
		for j := 1; j < total; j++ {
			k := make([]number.Number, n)
			for i, rest := 0, j; i < n; i++ {
				k[i] = grid[rest%len(grid)]
				rest /= len(grid)
			}
			list = append(list, k)
		}
		return list
	}
	all := make([]number.Number, n)
	for i := range n {
		all[i] = one
		for _, g := range grid[1:3] {
			k := make([]number.Number, n)
			k[i] = g
			list = append(list, k)
		}
	}
	return append(list, all)
}

// scale gives p its factors in try j: the signs first, of few variables, and then some at random.
func (p *path) scale(j int, r *rand.Rand) {
	n := len(p.k)
	sizes := []number.Number{number.Int(1), number.Int(-1), number.Frac(3, 2), number.Frac(-3, 2), number.Int(2), number.Int(-2), number.Frac(1, 2), number.Frac(-1, 2), number.Int(0)}
	p.s = make([]number.Number, n)
	for i := range n {
		if n <= 3 && j < 1<<n {
			p.s[i] = sizes[j>>i&1]
		} else {
			p.s[i] = sizes[r.IntN(len(sizes))]
		}
		if p.angle != nil && p.angle[i] && p.k[i].Sign() > 0 { // it stays, or tends to a multiple of pi
			p.s[i] = number.Number{}
		}
	}
}

// downAlong returns values of f further and further out on p; ok says that they do not rise, and that the points are nearly in the region.
func (s *session) downAlong(p *path) (v [4]float64, ok bool) {
	x := make([]float64, s.m.N)
	ok = true
	for q, t := range [...]float64{10, 1e3, 1e5, 1e7} {
		p.at(x, t)
		v[q] = s.b.At(x)
		ok = ok && (q == 0 || s.nearlyIn())
		ok = ok && !math.IsNaN(v[q]) && (q == 0 || v[q] <= v[q-1]) && !math.IsInf(v[q], 1)
	}
	return v, ok
}

// definedOn reports whether f seems to be defined far along the path: float64 has values of exp(x/y) at y = 0 too.
func (s *session) definedOn(p *path) bool {
	x, box := make([]float64, s.m.N), make([]interval.I, s.m.N)
	p.at(x, 1e3)
	for i, v := range x {
		box[i] = interval.Point(v)
	}
	s.b.MV.Interval(s.b.VOut, s.b.VDec, box)
	return s.b.VDec[0] != interval.None
}

// simplestPaths returns a dozen of the paths, a few in each direction: those that go first, if that is not nil, and those that are simple
// before others. In float64 many are as low as another is in truth alone.
func simplestPaths(list []*path, first func(p *path) bool) (out []*path) {
	slices.SortStableFunc(list, func(p, q *path) int {
		if first != nil && first(p) != first(q) {
			if first(p) {
				return -1
			}
			return 1
		}
		return cmp.Or(cmp.Compare(p.weight(), q.weight()), cmp.Compare(p.f, q.f))
	})
	const most, alike = 12, 4
	for _, p := range list {
		n := 0
		for _, q := range out {
			if p.goesLike(q) {
				n++
			}
		}
		if n < alike && len(out) < most {
			out = append(out, p)
		}
	}
	return out
}

// goesLike reports whether each coordinate goes the same way on both paths: far out, towards a number, or nowhere.
func (p *path) goesLike(q *path) bool {
	for i := range p.s {
		if p.s[i].Sign()*p.k[i].Sign() != q.s[i].Sign()*q.k[i].Sign() || p.k[i].Sign() != q.k[i].Sign() && p.s[i].Sign() != 0 {
			return false
		}
	}
	return true
}

// nearlyIn reports whether the constraints, which were evaluated with f, hold but for
// rounding.
func (s *session) nearlyIn() bool {
	for k, c := range s.m.Cons {
		if g := s.b.FOut[k+1]; !(g <= 0) || c.Strict && g == 0 {
			return false
		}
	}
	return true
}

// weight is how complicated a path is.
func (p *path) weight() int {
	w := 0
	for i := range p.c {
		if p.s[i].Sign() != 0 {
			w += 4*int(math.Abs(p.k[i].Float64())) + p.s[i].Bits()
			if p.s[i].Sign() < 0 {
				w++
			}
		}
		w += p.c[i].Bits() / 2
		if p.unit(i) != 1 {
			w++
		}
	}
	return w
}

// along returns e on the path, a formula in t.
func (s *session) along(p *path, e expr.Expr) expr.Expr {
	pool := expr.NewPool()
	with := map[string]expr.Expr{}
	for i, x := range p.formulas(simplify.New()) {
		with[s.p.Vars[i]] = pool.Import(x)
	}
	return pool.Substitute(pool.Import(e), with)
}

// provePath answers for f along the path, t > 1.
func (s *session) provePath(ctx context.Context, p *path) *Answer {
	pool := expr.NewPool()
	return univariate.Solve(ctx, &univariate.Question{F: s.along(p, s.m.F), Var: "t", Bound: Bound{Lo: pool.Int(1), LoOpen: true}})
}

// unboundedAlong is the answer that f falls without end along the path, as one says of t; nil
// where it does not say how t is to run.
func (s *session) unboundedAlong(p *path, one *Answer) *Answer {
	if one.Witness == nil || len(one.Witness.Path) != 1 {
		return nil
	}
	t := simplify.New()
	w := &Witness{Path: p.formulas(t), Whole: one.Witness.Whole}
	at := [][]float64{{10}, {100}, {1e3}, {1e6}}
	further := [][]float64{{1e9}, {1e12}} // where f is not yet lower than elsewhere
	if runs := t.Tidy(one.Witness.Path[0]); runs != t.Var("t") {
		pool := t.Pool()
		for i, e := range w.Path {
			w.Path[i] = t.Tidy(pool.Substitute(e, map[string]expr.Expr{"t": runs}))
		}
		at, further = one.Witness.Points, nil
	}
	last := math.Inf(1)
	for i, v := range append(at, further...) {
		if i >= len(at) && last < s.b.Best.Hi {
			break
		}
		x := make([]float64, s.m.N)
		p.at(x, v[0])
		if f := s.b.At(x); s.nearlyIn() && f < last { // at first the path may be outside, or rise
			w.Show(x, f)
			last = f
		}
	}
	end := s.p.word("-∞", "∞")
	parts := make([]string, len(w.Path))
	for i, e := range w.Path {
		parts[i] = s.p.Vars[i] + " = " + format.Text(e)
	}
	w.Why = fmt.Sprintf("f → %s along %s%s", end, strings.Join(parts, ", "), w.Runs())
	a := &Answer{Status: Unbounded, Value: math.Inf(-1), Witness: w, Method: "curves", GradientNorm: math.NaN()}
	a.Proof = []string{w.Why}
	if one.Witness.Why != "" && !s.p.Max {
		a.Proof = append(a.Proof, "along the curve, "+one.Witness.Why)
	}
	return s.flip(a)
}

// infimumAlong is the answer that f tends to the lower bound b along the path, as one says of t.
func (s *session) infimumAlong(p *path, one *Answer, b *lowerBound) *Answer {
	v, _ := tape.EncloseConstant(b.value)
	a := &Answer{Status: NotAttained, Value: minimum.Shown(v), ExactValue: b.value, Method: "curves", GradientNorm: math.NaN(),
		Argument: minimum.Argument{Reduction: b.reduction, Squares: b.squares}}
	a.Enclosure = &Enclosure{Value: v}
	a.Approached = p.text(s.p.Vars) + ", " + one.Approached
	if one.Approached == "t → ∞" {
		a.Argument.Path = p.formulas(simplify.New())
	}
	a.Proof = append(slices.Clone(b.proof), fmt.Sprintf("f → %s along %s as %s", format.Number(s.sign(a.Value), 6), p.text(s.p.Vars), one.Approached))
	return s.flip(a)
}
