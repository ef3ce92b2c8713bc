package global

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"nabla/expr"
	"nabla/expr/interval"
	"nabla/expr/number"
	"nabla/expr/simplify"
	"nabla/optimize/global/internal/branch"
	"nabla/optimize/global/internal/form"
	"nabla/optimize/global/minimum"
)

// This file judges points on ends and inequalities that are left out: whether they belong to the region, and whether the minimum on the
// closure that is taken there is taken in the region as well, or nowhere.

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
	b := s.settled(in, 0.25)
	if b == nil || b.Status != Exact || !b.Attained || !b.ExactValue.Valid() || !sameConstant(least, b.ExactValue) {
		return nil
	}
	a.Minimisers, a.At, a.ExactAt, a.Active = b.Minimisers, b.At, b.ExactAt, nil
	a.Status, a.ExactValue, a.MinimisersComplete, a.Stationary, a.StationaryComplete = Exact, least, false, nil, false
	a.Enclosure = &Enclosure{At: b.Enclosure.At, Value: a.Enclosure.Value}
	a.Proof = append(a.Proof, "the "+s.p.extremum()+" on the closed region is taken inside the open one")
	return a
}

// nearClosure answers with a point of the region at which f is as near to the minimum a on the closure as any certified answer asks; nil where none is found. The
// answer is a local one, as whether the value is taken is open.
func (s *session) nearClosure(a *Answer) *Answer {
	const directions, steps = 24, 60
	bound := a.Enclosure.Value
	random := rand.New(rand.NewPCG(1, uint64(s.m.N)))
	pr := s.m.Prober()
	x, at, d := make([]float64, s.m.N), make([]interval.I, s.m.N), make([]float64, s.m.N)
	for _, p := range a.Minimisers[:min(len(a.Minimisers), 4)] {
		for range directions {
			for i, in := range s.m.Inner {
				switch d[i] = 2*random.Float64() - 1; {
				case p.X[i] <= in.Lo:
					d[i] = math.Abs(d[i])
				case p.X[i] >= in.Hi:
					d[i] = -math.Abs(d[i])
				}
			}
			for k := range steps {
				t := math.Ldexp(1, -4*k-4)
				for i := range x {
					x[i] = p.X[i] + t*d[i]
					at[i] = interval.Point(x[i])
				}
				if !s.strictlyInside(at) {
					continue
				}
				pr.MV.Interval(pr.VOut, pr.VDec, at)
				v := pr.VOut[0]
				if s.p.Max {
					v = v.Neg()
				}
				if v = v.Hull(bound); pr.VDec[0] < interval.Defined || v.IsEmpty() || !s.o.tight(v) {
					continue
				}
				value := v.Hi
				if s.p.Max {
					value = v.Lo
				}
				return &Answer{Status: Local, Value: value, At: slices.Clone(x), GradientNorm: math.NaN(), Enclosure: &Enclosure{At: slices.Clone(at), Value: v},
					Minimisers: []Point{{X: slices.Clone(x)}}, Evaluations: a.Evaluations, Method: a.Method, Argument: minimum.Argument{BesideInfimum: true},
					Proof: append(slices.Clone(a.Proof), fmt.Sprintf("that is the %s on the closed region, and the point is one of the region at which f is as near to it as the bounds say", s.p.extremum()))}
			}
		}
	}
	return nil
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
	return !slices.ContainsFunc(more.Factors(), func(e expr.Expr) bool {
		if e.Op() == expr.Pow && e.Arg(1).Op() == expr.Num {
			if e.Arg(1).Number().Sign() < 0 {
				return false // 1/u is not 0
			}
			e = e.Arg(0)
		}
		if e.Op() == expr.Var && s.sideOfZero(slices.Index(s.p.Vars, e.Name())) {
			return false
		}
		return !s.neverZero(e) && !s.positiveInside(e) && !s.positiveInside(t.Neg(e)) && (e.Size() >= s.p.F.Size() || !s.hasSign(e)) // a smaller question
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
		for _, v := range u.Factors() {
			if base, n := v.BaseExp(); base.Op() == expr.Var && base.Name() == x {
				k = n
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
		sub := s.settled(q, 0.25)
		if sub == nil || sub.Enclosure == nil {
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
