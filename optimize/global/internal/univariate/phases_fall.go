package univariate

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"

	"nabla/expr"
	"nabla/expr/interval"
	"nabla/expr/number"
	"nabla/expr/simplify"
	"nabla/expr/tape"
	"nabla/optimize/global/internal/asymptotic"
	"nabla/optimize/global/internal/exact"
	"nabla/optimize/global/minimum"
)

// This file shows that formulas such as x sin(x) cos(x^2) fall without end: f is a sum of functions of x times functions of phases that come near to any values
// towards an edge. Where the function of x that outgrows the others goes to ∞, and its factor is negative in a neighbourhood of some phases, where the others are bounded,
// f goes to -∞ along a sequence.

// answerFallingPhases answers for such a formula with several angles, nil for others.
func answerFallingPhases(ctx context.Context, p *Question) *answer {
	if len(p.SubjectTo) > 0 || p.depth > 1 || p.F.Size() > 60 || anglesOf(p.F, p.Var) < 2 {
		return nil
	}
	l, lo, hi, loOpen, hiOpen := newLine(ctx, p)
	if list, _ := l.angularSpeeds(l.raw, false); len(list) > 0 && !slices.ContainsFunc(slices.Collect(l.raw.All()), func(n expr.Expr) bool {
		return isPeriodic(n) && n.Has(l.Name) && !l.Slope(l.tidyNode(n.Arg(0))).Valid()
	}) && !slices.ContainsFunc(list, func(d expr.Expr) bool { return !l.commensurable(list[0], d) }) {
		return nil // one wave
	}
	s := &study{l: l, a: newAnswer(l.Name), lo: lo, hi: hi, loOpen: loOpen, hiOpen: hiOpen,
		outerLo: lo, outerHi: hi, outerLoOpen: loOpen, outerHiOpen: hiOpen}
	for _, e := range s.openEdges() {
		if o, ok := s.phasesAt(e); ok && len(o.vars) > 1 && o.beside {
			if w := s.phasesFall(&o, e); w != nil {
				s.unbound, s.complete = &fall{Witness: w}, false
				s.a.Domain, s.a.between = p.domain(), s.betweenText()
				s.withoutBound()
				s.a.approach = nil
				return s.a
			}
		}
	}
	return nil
}

// anglesOf counts the different operands, with x, of periodic functions.
func anglesOf(f expr.Expr, x string) int {
	var angles []expr.Expr
	for n := range f.All() {
		if isPeriodic(n) && n.Has(x) && !slices.Contains(angles, n.Arg(0)) {
			angles = append(angles, n.Arg(0))
		}
	}
	return len(angles)
}

// A phaseTerm is g(x)·of, a function of phases.
type phaseTerm struct{ g, of expr.Expr }

// phaseTerms writes F as a sum of functions of x times functions of phases, that which outgrows the others first, and returns the infinity to which it goes; 0
// where F is not seen to be one.
func (s *study) phaseTerms(o *torus, e edge) (out []phaseTerm, sign int) {
	l := s.l
	r := l.RingFor(exact.Start)
	if slices.ContainsFunc(append(slices.Clone(o.vars), l.Name), func(y string) bool { return !continuousIn(o.f, l.T.Pool().Var(y)) }) {
		return nil, 0
	}
	var of []exact.Combo
	for _, t := range r.Expand(l.tidyNode(o.f)) {
		x, c := exact.Term{C: number.Int(1)}, exact.Term{C: t.C}
		for _, k := range t.M {
			kernel := &r.Kernels[k.K]
			switch turns := slices.ContainsFunc(o.vars, kernel.E.Has); {
			case kernel.HasX && turns:
				return nil, 0
			case kernel.HasX:
				x.M = append(x.M, k)
			default:
				c.M = append(c.M, k)
			}
		}
		g := r.Build(exact.Combo{x})
		i := slices.IndexFunc(out, func(p phaseTerm) bool { return p.g == g })
		if i < 0 {
			i = len(out)
			out, of = append(out, phaseTerm{g: g}), append(of, nil)
		}
		of[i] = exact.Add(of[i], exact.Combo{c})
	}
	for i := range out {
		out[i].of = r.Build(of[i])
	}
	vanishes := func(u expr.Expr) bool {
		lim := s.limit(&piece{f: u}, e.at, e.side)
		return lim.Kind == asymptotic.Finite && lim.Value.IsNum(0)
	}
	for i, p := range out {
		sign := s.growth(p.g, e)
		if sign == 0 || slices.ContainsFunc(out, func(q phaseTerm) bool { return q.g != p.g && !vanishes(l.T.Mul(q.g, l.T.Pow(p.g, l.T.Int(-1)))) }) {
			continue
		}
		out[0], out[i] = out[i], out[0]
		return out, sign
	}
	return nil, 0
}

// phasesFall returns the witness that f falls without end towards the edge, nil where that is not seen.
func (s *study) phasesFall(o *torus, e edge) *minimum.Witness {
	const (
		tries = 400
		near  = 1.0 / (1 << 12) // the neighbourhood of the phases, to each side
	)
	l, pool := s.l, s.l.T.Pool()
	terms, sign := s.phaseTerms(o, e)
	if sign == 0 || !slices.ContainsFunc(o.vars, terms[0].of.Has) {
		return nil
	}
	for n := range l.raw.All() { // F says nothing of the domain of the angles
		if isPeriodic(n) && n.Has(l.Name) && !l.heldPast(simplify.Domain(n.Arg(0)), e) {
			return nil
		}
	}
	var conds, factors []expr.Expr // of the phases
	for _, c := range simplify.Domain(o.f) {
		switch c = pool.Import(c); {
		case !slices.ContainsFunc(o.vars, c.Has):
			if !l.heldPast([]expr.Expr{c}, e) {
				return nil
			}
		case c.Has(l.Name):
			return nil
		default:
			conds = append(conds, c)
		}
	}
	for _, t := range terms {
		factors = append(factors, t.of)
	}
	prog, err := tape.Compile(o.vars, factors...)
	if err != nil {
		return nil
	}
	m, random := prog.NewMachine(), rand.New(rand.NewPCG(1, 0))
	v, dec := make([]interval.I, len(factors)), make([]interval.Dec, len(factors))
	x, box := make([]float64, len(o.vars)), make([]interval.I, len(o.vars))
	for range tries {
		for i := range x {
			x[i] = (2*random.Float64() - 1) * math.Pi
			box[i] = interval.New(x[i]-near, x[i]+near)
		}
		m.Interval(v, dec, box)
		if v[0].IsEmpty() || !(v[0].Hi < 0 && sign > 0 || v[0].Lo > 0 && sign < 0) ||
			slices.ContainsFunc(v, func(u interval.I) bool { return !u.IsBounded() }) || slices.ContainsFunc(dec, func(d interval.Dec) bool { return d < interval.Defined }) {
			continue
		}
		if !l.hold(conds, func(op expr.Op, u expr.Expr) bool { return signedOn(op, u, o.vars, box) }) {
			continue
		}
		return s.phasesWitness(e)
	}
	return nil
}

// signedOn reports whether u > 0, u != 0 or the like is seen to hold in the box.
func signedOn(op expr.Op, u expr.Expr, vars []string, box []interval.I) bool {
	prog, err := tape.Compile(vars, u)
	if err != nil {
		return false
	}
	v, dec := make([]interval.I, 1), make([]interval.Dec, 1)
	prog.NewMachine().Interval(v, dec, box)
	sign := exact.SignOf(v[0])
	return dec[0] >= interval.Defined && sign != 0 && simplify.Holds(op, number.Int(int64(sign)), number.Int(0))
}

// phasesWitness shows some points towards the edge, of many, at which f is lower and lower.
func (s *study) phasesWitness(e edge) *minimum.Witness {
	const each = 2000 // points between out and twice that
	w := &minimum.Witness{Why: s.flip("f → -∞ as " + s.arrow(e.at, e.side) + " along a sequence, as its phases come near to any values")}
	show, m := s.shower(w), s.l.Program(s.l.tidyNode(s.l.raw))
	if show == nil || m == nil {
		return w
	}
	for out := 10.0; out < 1e7; out *= 10 {
		least, at := math.Inf(1), 0.0
		for i := range each {
			x := float64(e.side) * out * (1 + float64(i)/each)
			if e.at.Inf == 0 {
				x = e.at.Float() - float64(e.side)/(out*(1+float64(i)/each))
			}
			if v, _ := exact.Evaluate(m, interval.Point(x)); v[0].Hi < least {
				least, at = v[0].Hi, x
			}
		}
		show(at)
	}
	return w
}
