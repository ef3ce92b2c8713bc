package global

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"nabla/diff"
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
	"nabla/optimize/global/internal/model"
	"nabla/optimize/global/minimum"
)

// byClosure answers for a region with open ends or strict inequalities: the
// minimum on the closure is that of the region when it is taken at a point of the
// region; when all its minimisers lie on the edge that is left out, it is the
// infimum, if the region comes near one of them. It returns nil when nothing is
// open, or that does not settle it.
func (s *session) byClosure() *Answer {
	if a := s.byBarrier(); a != nil {
		return a
	}
	q := &Problem{F: s.p.F, Vars: s.p.Vars, Max: s.p.Max, Bounds: slices.Clone(s.p.Bounds)}
	open := false
	for i := range q.Bounds {
		b := &q.Bounds[i]
		open = open || b.LoOpen || b.HiOpen
		b.LoOpen, b.HiOpen = false, false
	}
	for _, c := range s.p.SubjectTo {
		closed := c
		if op := c.Op(); op == expr.Lt || op == expr.Gt {
			pool := expr.NewPool()
			to := expr.Le
			if op == expr.Gt {
				to = expr.Ge
			}
			closed, open = pool.Make(to, pool.ImportAll(c.AppendArgs(nil)...)...), true
		}
		q.SubjectTo = append(q.SubjectTo, closed)
	}
	if !open {
		return nil
	}
	ctx, cancel := effort.Share(s.ctx, 0.2)
	defer cancel()
	o := s.o
	o.Progress = nil
	a, steps, err := solveNormal(ctx, q, o)
	if err != nil {
		return nil
	}
	switch a.Status {
	case EmptyDomain:
		return a
	case Exact, Certified:
		var r *certificate.Reduction
		if s.o.Certificate {
			r = &certificate.Reduction{Kind: certificate.Sum, Parts: []*certificate.Certificate{certify(q, a, steps)}}
			if a.Argument.Reduction != nil && len(a.Argument.Reduction.Multipliers) > 0 {
				r = a.Argument.Reduction // the Lagrangian bounds f on the region as well, and says more of its edge
			}
		}
		if a = s.withinClosure(q, a); a != nil {
			a.Argument.Reduction = r
		}
		return a
	case Local:
		if s.o.Start == nil {
			s.o.Start = a.At
		}
	}
	return nil
}

// withinClosure judges an answer for the closure, of which q asks: which of its minimisers
// belong to the region.
func (s *session) withinClosure(q *Problem, a *Answer) *Answer {
	if a.Enclosure == nil {
		return nil
	}
	var inside []Point
	var boxes [][]interval.I // of these points
	outside, some := 0, 0    // that lie on the edge; of families, or of more than the one
	for i, p := range a.Minimisers {
		switch {
		case p.Family != "", p.Exact == nil && len(a.Enclosure.At) == 0:
			if at := s.whereTaken(a, p); len(at) > 0 && s.onOpenEnd(at) {
				some++
			}
		case len(p.Exact) == len(s.p.Vars) && !slices.ContainsFunc(p.Exact, func(e expr.Expr) bool { return !e.Valid() }):
			if e, ok := s.exactPoint(p.Exact); ok {
				inside, boxes = append(inside, p), append(boxes, e.box)
			} else if s.leftOut(p.Exact) {
				outside++
			}
		case i == 0 && len(a.Enclosure.At) == len(s.p.Vars):
			if s.strictlyInside(a.Enclosure.At) {
				inside, boxes = append(inside, p), append(boxes, a.Enclosure.At)
			} else if s.onOpenEnd(a.Enclosure.At) {
				outside++
			}
		}
	}
	if len(inside) > 0 {
		a.MinimisersComplete = a.MinimisersComplete && len(inside)+outside == len(a.Minimisers)
		moved := !slices.Equal(a.At, inside[0].X)
		a.Minimisers, a.At, a.ExactAt = inside, inside[0].X, inside[0].Exact
		a.Enclosure = &Enclosure{At: boxes[0], Value: a.Enclosure.Value}
		if moved { // what holds with equality at another point need not do so here
			a.Active = nil
			s.active(a, nil)
		}
		if len(a.Stationary) > 0 {
			a.Stationary = slices.DeleteFunc(a.Stationary, func(st Stationary) bool {
				return !slices.ContainsFunc(inside, func(p Point) bool { return model.Near(p.X, st.X) })
			})
			a.StationaryComplete = false
		}
		a.Proof = append(a.Proof, "the "+s.p.extremum()+" on the closed region is taken inside the open one")
		return a
	}
	if outside+some == 0 || !(a.MinimisersComplete && outside == len(a.Minimisers)) && !s.above(q, a) && !s.differs(a) {
		return s.furtherIn(q, a)
	}
	for _, p := range a.Minimisers {
		at := a.Enclosure.At
		switch {
		case p.Family != "", p.Exact == nil && len(at) == 0:
			at = s.whereTaken(a, p)
		case p.Exact != nil:
			at = make([]interval.I, len(p.Exact))
			for i, e := range p.Exact {
				at[i], _ = tape.EncloseConstant(e)
			}
		}
		if len(at) != len(s.p.Vars) {
			continue
		}
		inward := s.approachable(at)
		if inward == nil {
			inward = s.rayInto(p.Exact, at)
		}
		if inward == nil {
			continue
		}
		parts := make([]string, len(s.p.Vars))
		for i, v := range s.p.Vars {
			parts[i] = v + " → " + format.Number(p.X[i], 6)
			if p.Exact != nil {
				parts[i] = v + " → " + format.Text(p.Exact[i])
			}
		}
		r := &Answer{Status: NotAttained, Value: a.Value, ExactValue: a.ExactValue, GradientNorm: math.NaN(),
			Enclosure: &Enclosure{Value: a.Enclosure.Value}, Evaluations: a.Evaluations, Method: a.Method,
			Approached: strings.Join(parts, ", "), Argument: minimum.Argument{Path: comingTo(p, inward)}}
		r.Proof = append(slices.Clone(a.Proof), fmt.Sprintf("that is the %s on the closed region; it is taken on the edge only, which does not belong to the region, but comes near", s.p.extremum()))
		return r
	}
	return nil
}

// furtherIn answers where f has the minimum a on the closure, of which q asks, at a point that is not near open ends
// as well; nil where it is not seen to.
func (s *session) furtherIn(q *Problem, a *Answer) *Answer {
	pool := expr.NewPool()
	in := &Problem{F: q.F, Vars: q.Vars, Max: q.Max, SubjectTo: s.p.SubjectTo, Bounds: slices.Clone(q.Bounds)}
	moved := false
	for i, b := range s.p.Bounds {
		if !b.LoOpen && !b.HiOpen {
			continue
		}
		moved = true
		step := pool.Int(1)
		if b.Lo.Valid() && b.Hi.Valid() {
			width := pool.Make(expr.Add, pool.Import(b.Hi), pool.Make(expr.Neg, pool.Import(b.Lo)))
			step = pool.Make(expr.Div, width, pool.Int(4))
		}
		if b.LoOpen {
			in.Bounds[i].Lo = tidyConstant(pool.Make(expr.Add, pool.Import(b.Lo), step))
		}
		if b.HiOpen {
			in.Bounds[i].Hi = tidyConstant(pool.Make(expr.Add, pool.Import(b.Hi), pool.Make(expr.Neg, step)))
		}
	}
	least := a.ExactValue
	if n, ok := number.FromFloat(a.Enclosure.Value.Lo); !least.Valid() && ok && a.Enclosure.Value.Lo == a.Enclosure.Value.Hi {
		least = pool.Num(n)
	}
	if !moved || !least.Valid() {
		return nil
	}
	b := s.shared(0.25, func() *Answer {
		b, _, _ := solveAny(s.ctx, in, Options{})
		return b
	})
	if b == nil || b.Status != Exact || !b.Attained || !b.ExactValue.Valid() || !sameConstant(least, b.ExactValue) {
		return nil
	}
	a.Minimisers, a.At, a.ExactAt, a.Active = b.Minimisers, b.At, b.ExactAt, nil
	a.Status, a.ExactValue, a.MinimisersComplete, a.Stationary, a.StationaryComplete = Exact, least, false, nil, false
	a.Enclosure = &Enclosure{At: b.Enclosure.At, Value: a.Enclosure.Value}
	a.Proof = append(a.Proof, "the "+s.p.extremum()+" on the closed region is taken inside the open one")
	return a
}

// above reports whether f is proved to be greater than the minimum a on the closure at every
// point of the region: where the Lagrangian of q with multipliers in closed form is convex,
// and one of a strict inequality is positive, f is greater than the Lagrangian.
func (s *session) above(q *Problem, a *Answer) bool {
	if a.Status != Exact || !allValid(a.ExactAt) || len(a.ExactAt) != s.m.N {
		return false
	}
	m, err := q.model()
	if err != nil {
		return false
	}
	closed := &session{ctx: s.ctx, p: q, o: s.o, m: m, b: branch.New(m, s.o.boxes())}
	k := closed.exactKKTAt(a.ExactAt)
	if k == nil || !form.IsConvex(closed.lagrangianAt(k), q.Vars, m.Outer) {
		return false
	}
	for i, at := range k.active {
		if s.m.Cons[at].Strict && k.bounds[i].Lo > 0 {
			return true
		}
	}
	return false
}

// whereTaken is p as it is in floats, if f has exactly the value of a there; nil otherwise.
func (s *session) whereTaken(a *Answer, p Point) []interval.I {
	x := make([]interval.I, len(p.X))
	for i, v := range p.X {
		if x[i] = interval.Point(v); !x[i].In(s.m.Inner[i]) {
			return nil
		}
	}
	pr := s.m.Prober()
	pr.MV.Interval(pr.VOut, pr.VDec, x)
	v := pr.VOut[0]
	if s.p.Max {
		v = v.Neg()
	}
	if pr.VDec[0] < interval.Defined || v.Lo != v.Hi || v != a.Enclosure.Value {
		return nil
	}
	return x
}

// differs reports whether f is proved to have the minimum a on the closure, a number, nowhere in the region:
// no factor of what f is more than it is 0 there, as x is not for x > 0.
func (s *session) differs(a *Answer) bool {
	v := a.Enclosure.Value
	least, ok := number.FromFloat(v.Lo)
	if v.Lo != v.Hi || !ok {
		return false
	}
	t := simplify.New()
	more := t.Sub(t.Tidy(s.p.F), t.Num(least))
	for i, x := range s.p.Vars {
		if s.sideOfZero(i) {
			more = withoutFactor(t, more, x)
		}
	}
	factors := []expr.Expr{more}
	if more.Op() == expr.Mul {
		factors = more.AppendArgs(nil)
	}
	return !slices.ContainsFunc(factors, func(e expr.Expr) bool {
		if e.Op() == expr.Pow && e.Arg(1).Op() == expr.Num {
			if e.Arg(1).Number().Sign() < 0 {
				return false // 1/u is not 0
			}
			e = e.Arg(0)
		}
		if e.Op() == expr.Var && s.sideOfZero(slices.Index(s.p.Vars, e.Name())) {
			return false
		}
		return !s.neverZero(e) && !s.hasSign(e)
	})
}

// sideOfZero reports whether bounds make variable i positive, or negative.
func (s *session) sideOfZero(i int) bool {
	in := s.m.Inner[i]
	return in.Lo > 0 || in.Hi < 0 || s.m.LoOpen[i] && in.Lo == 0 || s.m.HiOpen[i] && in.Hi == 0
}

// withoutFactor is the sum e without the highest power of x, which is not 0, that divides all its terms.
func withoutFactor(t *simplify.Tidier, e expr.Expr, x string) expr.Expr {
	if e.Op() != expr.Add {
		return e
	}
	terms := e.AppendArgs(nil)
	var least number.Number
	for i, u := range terms {
		k := number.Int(0)
		factors := []expr.Expr{u}
		if u.Op() == expr.Mul {
			factors = u.AppendArgs(nil)
		}
		for _, v := range factors {
			power := number.Int(1)
			if v.Op() == expr.Pow && v.Arg(1).Op() == expr.Num {
				v, power = v.Arg(0), v.Arg(1).Number()
			}
			if v.Op() == expr.Var && v.Name() == x {
				k = power
			}
		}
		if i == 0 || k.Cmp(least) < 0 {
			least = k
		}
	}
	if least.Sign() <= 0 {
		return e
	}
	for i, u := range terms {
		terms[i] = t.Mul(u, t.Pow(t.Var(x), t.Num(least.Neg())))
	}
	return t.Add(terms...)
}

// hasSign reports whether e is proved to be positive, or negative, in all of the region.
func (s *session) hasSign(e expr.Expr) bool {
	for _, greatest := range [...]bool{false, true} {
		q := &Problem{F: e, Vars: s.p.Vars, Bounds: s.p.Bounds, SubjectTo: s.p.SubjectTo, Max: greatest}
		sub := s.shared(0.25, func() *Answer {
			sub, _, _ := solveAny(s.ctx, q, Options{})
			return sub
		})
		if sub == nil || sub.Enclosure == nil || sub.Status == Local || sub.Status == Failed {
			continue
		}
		if v := sub.Enclosure.Value; !greatest && v.Lo > 0 || greatest && v.Hi < 0 {
			return true
		}
	}
	return false
}

// leftOut reports whether the exact point x is proved not to belong to the region
// by an end or an inequality that is open.
func (s *session) leftOut(x []expr.Expr) bool {
	for i, b := range s.p.Bounds {
		if b.LoOpen && b.Lo.Valid() && sameConstant(b.Lo, x[i]) || b.HiOpen && b.Hi.Valid() && sameConstant(b.Hi, x[i]) {
			return true
		}
	}
	for _, c := range s.m.Cons {
		if !c.Strict {
			continue
		}
		if v := s.valueAt(c.G, x); v.Op() == expr.Num && v.Number().Sign() >= 0 {
			return true
		}
	}
	return false
}

// onOpenEnd reports whether the minimiser in the box, which is as narrow as the
// bound in a variable that a bound holds, lies on one that is left out.
func (s *session) onOpenEnd(box []interval.I) bool {
	for i, x := range box {
		if s.m.LoOpen[i] && x.Hi <= s.m.Inner[i].Lo || s.m.HiOpen[i] && x.Lo >= s.m.Inner[i].Hi {
			return true
		}
	}
	return false
}

// strictlyInside reports whether all of the box is proved to belong to the region,
// as far as inequalities and ends say.
func (s *session) strictlyInside(box []interval.I) bool {
	for i, x := range box {
		if !x.In(s.m.Inner[i]) || s.m.LoOpen[i] && x.Lo <= s.m.Inner[i].Lo || s.m.HiOpen[i] && x.Hi >= s.m.Inner[i].Hi {
			return false
		}
	}
	p := s.m.Prober()
	p.MV.Interval(p.VOut, p.VDec, box)
	for k, c := range s.m.Cons {
		g := p.VOut[k+1]
		if c.Equal || p.VDec[k+1] < interval.Defined || g.IsEmpty() || !(g.Hi < 0) {
			return false
		}
	}
	return true
}

// comingTo returns the points p + d/t, which come near p as t → ∞, as formulas in t.
func comingTo(p Point, d []float64) []expr.Expr {
	t := simplify.New()
	pool := t.Pool()
	out := make([]expr.Expr, len(d))
	for i, x := range p.X {
		c, ok1 := number.FromFloat(x)
		k, ok2 := number.FromFloat(d[i])
		if !ok1 || !ok2 {
			return nil
		}
		out[i] = t.Num(c)
		if p.Exact != nil {
			out[i] = pool.Import(p.Exact[i])
		}
		if k.Sign() != 0 {
			out[i] = pool.Make(expr.Add, out[i], pool.Make(expr.Div, t.Num(k), t.Var("t")))
		}
	}
	return out
}

// rayInto returns a direction in which the points near x, which is in the box at, belong to the region, for inequalities of which the
// gradients do not tell; nil for none. Along the ray each of the inequalities that hold x has a first derivative that is not 0, which is negative.
func (s *session) rayInto(x []expr.Expr, at []interval.I) []float64 {
	const maxVariables, maxOrder = 4, 4
	n := s.m.N
	if len(x) != n || n > maxVariables || !allValid(x) {
		return nil
	}
	near := make([]interval.I, n)
	for i, v := range at {
		d := 1e-9 * math.Max(1, v.Mag())
		near[i] = interval.New(v.Lo-d, v.Hi+d)
		if !near[i].In(s.m.Inner[i]) {
			return nil
		}
	}
	p := s.m.Prober()
	p.MV.Interval(p.VOut, p.VDec, near)
	if p.VDec[0] != interval.Continuous {
		return nil
	}
	var held []expr.Expr // what inequalities that may hold x say
	for k, c := range s.m.Cons {
		if c.Equal || p.VDec[k+1] != interval.Continuous {
			return nil
		}
		if !(p.VOut[k+1].Hi < 0) {
			held = append(held, c.G)
		}
	}
	if !allAnalytic(held) {
		return nil
	}
	directions := 1
	for range n {
		directions *= 3
	}
	t := simplify.New()
	c := exact.NewConstants(t)
	const param = "ray parameter" // which nobody can write
	for code := 1; code < directions; code++ {
		d, with, rest := make([]float64, n), map[string]expr.Expr{}, code
		pool := expr.NewPool()
		for i := range d {
			d[i] = float64([3]int{0, 1, -1}[rest%3])
			with[s.m.Vars[i]] = pool.Make(expr.Add, pool.Import(x[i]), pool.Make(expr.Mul, pool.Int(int64(d[i])), pool.Var(param)))
			rest /= 3
		}
		inside := func(g expr.Expr) bool {
			h := pool.Substitute(pool.Import(g), with)
			for range maxOrder + 1 {
				start := expr.NewPool()
				sign, ok := c.Sign(t.Tidy(start.Substitute(start.Import(h), map[string]expr.Expr{param: start.Int(0)})))
				if !ok || sign != 0 {
					return ok && sign < 0
				}
				h = diff.D(h, param)
			}
			return false
		}
		if !slices.ContainsFunc(held, func(g expr.Expr) bool { return !inside(g) }) {
			return d
		}
	}
	return nil
}

func allAnalytic(list []expr.Expr) bool {
	return !slices.ContainsFunc(list, func(e expr.Expr) bool { return !form.Analytic(e) })
}

// approachable returns a direction that leads into the region from the point in the
// box at, which lies on the edge, and at which f is continuous: one in which all
// inequalities that hold x fall, and that leads away from the ends; nil for none.
func (s *session) approachable(at []interval.I) []float64 {
	n := s.m.N
	wide := make([]interval.I, n)
	for i, v := range at {
		d := 1e-9 * math.Max(1, v.Mag())
		wide[i] = interval.New(v.Lo-d, v.Hi+d)
	}
	p := s.m.Prober()
	p.MV.Interval(p.VOut, p.VDec, wide)
	var gs []expr.Expr
	for k, c := range s.m.Cons {
		if c.Equal || p.VDec[k+1] != interval.Continuous {
			return nil
		}
		if !(p.VOut[k+1].Hi < 0) {
			gs = append(gs, c.G)
		}
	}
	inBox := slices.Clone(wide) // f on the part of the region near x
	d := make([]float64, n)
	held := make([]float64, n)
	for i, v := range at {
		switch {
		case !(s.m.Inner[i].Lo < s.m.Inner[i].Hi): // there is one value only
			inBox[i] = s.m.Outer[i]
		case !(v.Lo > s.m.Inner[i].Lo):
			held[i], d[i], inBox[i].Lo = 1, 1, s.m.Outer[i].Lo
		case !(v.Hi < s.m.Inner[i].Hi):
			held[i], d[i], inBox[i].Hi = -1, -1, s.m.Outer[i].Hi
		}
	}
	if p.MV.Interval(p.VOut, p.VDec, inBox); p.VDec[0] != interval.Continuous {
		return nil
	}
	if len(gs) == 0 {
		return d // it leads away from the ends
	}
	var outs []expr.Expr
	for _, g := range gs {
		outs = append(outs, diff.Gradient(g, s.m.Vars)...)
	}
	prog, err := tape.Compile(s.m.Vars, outs...)
	if err != nil {
		return nil
	}
	slope, dec := make([]interval.I, len(outs)), make([]interval.Dec, len(outs))
	prog.NewMachine().Interval(slope, dec, wide)
	if slices.ContainsFunc(dec, func(d interval.Dec) bool { return d != interval.Continuous }) {
		return nil
	}
	falls := func(d []float64) bool {
		for i, x := range s.m.Inner {
			if !(x.Lo < x.Hi) {
				d[i] = 0 // there is one value only
			}
		}
		for k := range gs {
			v := interval.Point(0)
			for i := range d {
				v = v.Add(slope[k*n+i].Mul(interval.Point(d[i])))
			}
			if !(v.Hi < 0) {
				return false
			}
		}
		for i, side := range held {
			if !(s.m.Inner[i].Lo < s.m.Inner[i].Hi) {
				continue
			}
			if side*d[i] < 0 || side != 0 && d[i] == 0 && (s.m.LoOpen[i] || s.m.HiOpen[i]) {
				return false
			}
		}
		return true
	}
	for k := range gs {
		size := 0.0
		for i := range n {
			size = math.Max(size, slope[k*n+i].Mag())
		}
		for i := range n {
			d[i] -= slope[k*n+i].Mid() / math.Max(size, 1e-300)
		}
	}
	if falls(d) {
		return d
	}
	for _, y := range model.Starts(s.m.Inner, 200, s.o.Seed) {
		if _, ok := p.AtPoint(y); !ok || !p.Feasible(y) {
			continue
		}
		for i := range d {
			d[i] = y[i] - at[i].Mid()
		}
		if falls(d) {
			return d
		}
	}
	return nil
}
