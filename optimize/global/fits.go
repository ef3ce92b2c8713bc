package global

import (
	"fmt"
	"math"
	"slices"

	"nabla/expr"
	"nabla/expr/format"
	"nabla/expr/interval"
	"nabla/expr/number"
	"nabla/expr/simplify"
	"nabla/optimize/global/internal/branch"
	"nabla/optimize/global/internal/cancel"
	"nabla/optimize/global/internal/effort"
	"nabla/optimize/global/internal/exact"
	"nabla/optimize/global/internal/form"
	"nabla/optimize/global/internal/model"
)

// This file bounds the parameters of models that are fitted to data: where a sum of squares is not above
// the best value, no residual y_i - p_i is large, so that the models p_i lie in intervals, and by
// cancelling parameters between these the package cancel finds bounds of one after the other.

// confinedByFit returns a box outside which f, with squares of residuals, is proved to be higher than at
// the best point, nil if there is no proof.
func (s *session) confinedByFit() ([]interval.I, string) {
	if s.b.BestX == nil || len(s.m.Cons) > 0 || s.looksPolynomial() { // which other methods settle exactly
		return nil, ""
	}
	rows, most := s.modelValues()
	if len(rows) < 3 {
		return nil, ""
	}
	sys := cancel.Reduce(s.p.Vars, rows)
	if sys == nil {
		return nil, ""
	}
	c, err := s.cancellation(sys)
	if err != nil {
		return nil, ""
	}
	ctx, stop := effort.Share(s.ctx, 0.2)
	defer stop()
	c.session = &session{ctx: ctx, p: s.p, o: s.o, m: s.m, b: s.b}
	if !c.confine() {
		return nil, ""
	}
	return c.hull, fmt.Sprintf("f is %s than at the best point unless no residual is larger than %s, which bounds the parameters one after the other, by quotients and differences in which others cancel: %s",
		s.p.higher(), format.Number(most, 4), s.within(c.hull))
}

// modelValues returns the models p_i of the residuals y_i - p_i in f, with the intervals in which they
// lie where f is not above the best value, and how large a residual may be there. Terms are squares of residuals, or other functions of
// them that are bounded from below, as in robust fits.
func (s *session) modelValues() (rows []cancel.Member, most float64) {
	t := simplify.New()
	f := t.Tidy(s.m.F)
	if f.Size() > form.MaxSize {
		return nil, 0
	}
	var list []*residual
	rest := []expr.Expr{t.Int(0)}
	low := interval.Point(0)
	for _, e := range form.TermsOf(t, f) {
		if r := s.residualOf(t, e); r != nil {
			list = append(list, r)
			low = low.Add(interval.Point(r.least))
		} else {
			rest = append(rest, e)
		}
	}
	room := interval.Point(s.b.Best.Hi).Sub(interval.Point(s.rangeOf(t.Add(rest...)).Lo)).Sub(low)
	if !(room.Hi >= 0) || !model.Finite(room.Hi) {
		return nil, 0
	}
	for _, r := range list {
		in := s.sizes(r, interval.Point(room.Hi).Add(interval.Point(r.least)).Hi)
		if !in.IsBounded() {
			continue
		}
		most = math.Max(most, in.Mag())
		p, y := r.root, number.Number{}
		if p.Op() == expr.Add {
			terms := p.AppendArgs(nil)
			k := slices.IndexFunc(terms, func(e expr.Expr) bool { return e.Op() == expr.Num })
			if k >= 0 {
				y = terms[k].Number()
				p = t.Add(slices.Delete(terms, k, k+1)...)
			}
		}
		rows = append(rows, cancel.Member{G: t.Neg(p), In: exact.HullOf(y).Sub(in)})
	}
	return rows, most
}

// A residual is the root of a term (weight root)², or of another function of it that is nowhere lower than least.
type residual struct {
	root   expr.Expr
	weight float64   // of a square, 0 for others
	of     expr.Expr // the function, of the variable residualName
	least  float64
}

const residualName = "residual value" // no name that a formula may have

// residualOf reads a term; nil where it is no such function, or not known to be bounded from below.
func (s *session) residualOf(t *simplify.Tidier, e expr.Expr) *residual {
	if r, w, ok := form.AsSquare(t, e); ok {
		return &residual{root: r, weight: w}
	}
	h, u, ok := outermost(e, residualName)
	if !ok {
		return nil
	}
	r := &residual{root: u, of: h, least: s.rangeOf(e).Lo}
	if !model.Finite(r.least) {
		return nil
	}
	return r
}

// sizes encloses the root where the term is not above v.
func (s *session) sizes(r *residual, v float64) interval.I {
	if r.weight > 0 {
		size := interval.Point(v).Sqrt().Div(interval.Point(r.weight)).Hi
		return interval.New(-size, size)
	}
	pool := expr.NewPool()
	n, ok := number.FromFloat(v)
	if !ok {
		return interval.Whole
	}
	return s.rangeUnder(&Problem{F: pool.Var(residualName), Vars: []string{residualName}, SubjectTo: []expr.Expr{pool.Make(expr.Le, pool.Import(r.of), pool.Num(n))}})
}

// A cancellation looks for a box that holds the points at which a system holds and f is not above the best
// value.
type cancellation struct {
	*session
	sys  *cancel.System
	b    *branch.Search // with the conditions
	hull []interval.I   // of what is left of the parameters, so far
	left int            // pieces that may still be examined
}

// maxPieces is the number of pieces that are examined.
const maxPieces = 400

// cancellation makes the conditions of the system ready for constraint propagation.
func (s *session) cancellation(sys *cancel.System) (*cancellation, error) {
	pool := expr.NewPool()
	m := &model.Model{Vars: sys.Vars, N: len(sys.Vars), F: pool.Int(0), Outer: sys.Box}
	m.Inner = m.Outer
	minus := func(a, b expr.Expr) expr.Expr {
		return pool.Make(expr.Add, pool.Import(a), pool.Make(expr.Neg, pool.Import(b)))
	}
	between := func(e expr.Expr, in interval.I) {
		if n, ok := number.FromFloat(in.Lo); ok {
			m.Cons = append(m.Cons, model.Constraint{G: minus(pool.Num(n), e)})
		}
		if n, ok := number.FromFloat(in.Hi); ok {
			m.Cons = append(m.Cons, model.Constraint{G: minus(e, pool.Num(n))})
		}
	}
	between(s.m.F, interval.I{Lo: math.Inf(-1), Hi: s.b.Best.Hi})
	for _, e := range sys.Members {
		between(e.G, e.In)
	}
	err := m.Compile()
	if err != nil {
		return nil, err
	}
	return &cancellation{session: s, sys: sys, b: branch.New(m, s.o.boxes()), left: maxPieces}, nil
}

// confine finds the hull, false where it is not bounded.
func (c *cancellation) confine() bool {
	x := slices.Clone(c.sys.Box)
	for i, v := range c.m.Outer {
		if x[i] = x[i].Meet(v); x[i].IsEmpty() {
			return false
		}
	}
	if k := c.sys.Alone; k >= 0 {
		x[k] = x[k].Meet(c.aloneWithin())
		if x[k].IsEmpty() {
			return false
		}
	}
	return c.divide(x) && c.hull != nil
}

// aloneWithin encloses the parameter that is left alone by what its study says of simple quotients.
func (c *cancellation) aloneWithin() interval.I {
	name := c.sys.Vars[c.sys.Alone]
	pool := expr.NewPool()
	q := &Problem{F: pool.Var(name), Vars: []string{name}}
	for _, e := range c.sys.Simple() {
		g := pool.Import(e.G)
		if n, ok := number.FromFloat(e.In.Lo); ok {
			q.SubjectTo = append(q.SubjectTo, pool.Make(expr.Ge, g, pool.Num(n)))
		}
		if n, ok := number.FromFloat(e.In.Hi); ok {
			q.SubjectTo = append(q.SubjectTo, pool.Make(expr.Le, g, pool.Num(n)))
		}
	}
	return c.rangeUnder(q)
}

// divide narrows x by the conditions and divides what is left until the parameters are bounded in each
// piece; false where they are not in the end.
func (c *cancellation) divide(x []interval.I) bool {
	const rounds = 8
	effort.Charge(c.ctx, rounds*c.b.Model.Value.Len())
	if k := c.sys.Alone; k >= 0 && c.sys.Excludes(x[k]) || !c.b.Contract(x, 0, rounds) {
		return true
	}
	if c.near(x) && (c.sys.Alone < 0 || narrow(x[c.sys.Alone])) {
		c.keep(x[:c.m.N])
		return true
	}
	k := c.widest(x)
	if c.left--; c.left < 0 || c.ctx.Err() != nil || k < 0 {
		return false
	}
	y := slices.Clone(x)
	x[k].Hi = apart(x[k])
	y[k].Lo = x[k].Hi
	return c.divide(x) && c.divide(y)
}

// near reports whether the parameters have bounds in x that are not very far from the best point.
func (c *cancellation) near(x []interval.I) bool {
	const far = 1e6
	for i, best := range c.session.b.BestX {
		if x[i].Mag() > far*math.Max(1, math.Abs(best)) {
			return false
		}
	}
	return true
}

// widest is the parameter or unknown to divide: the one that is left alone, while it is wide, or the widest
// that has bounds; -1 for none.
func (c *cancellation) widest(x []interval.I) int {
	if k := c.sys.Alone; k >= 0 && !narrow(x[k]) {
		return k
	}
	const least = 1e-4
	best, most := -1, least
	for i, v := range x {
		if w := relativeWidth(v); w > most && v.IsBounded() {
			best, most = i, w
		}
	}
	return best
}

// narrow reports whether the parameter that is left alone is known well enough to ask for the others.
func narrow(x interval.I) bool { return relativeWidth(x) < 1./16 }

// relativeWidth is that of x, NaN if it is unbounded.
func relativeWidth(x interval.I) float64 { return x.Width() / math.Max(x.Mag(), 1e-9) }

// apart is where an interval, perhaps unbounded, is divided.
func apart(x interval.I) float64 {
	switch {
	case x.IsBounded():
		return x.Mid()
	case x.Lo < 0 && x.Hi > 0:
		return 0
	case x.Lo >= 0:
		return 2*x.Lo + 1
	}
	return 2*x.Hi - 1
}

// keep puts x into the hull.
func (c *cancellation) keep(x []interval.I) {
	if c.hull == nil {
		c.hull = slices.Clone(x)
		return
	}
	for i, v := range x {
		c.hull[i] = interval.New(math.Min(c.hull[i].Lo, v.Lo), math.Max(c.hull[i].Hi, v.Hi))
	}
}
