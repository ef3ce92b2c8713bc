package univariate

import (
	"fmt"
	"math"
	"strings"

	"nabla/diff"
	"nabla/expr"
	"nabla/expr/fn"
	"nabla/expr/format"
	"nabla/expr/interval"
	"nabla/expr/tape"
	"nabla/optimize/global/internal/form"
	"nabla/optimize/global/minimum"
)

// This file looks for places at which independent phases are nearly those of a minimiser of F, where it is open whether they are anywhere
// those themselves. Where one of them is, and another turns much faster, a turn of that changes the first but little; and of
// many such places the others are nearly right now and then.

// nearTorus answers where it is open whether f has its infimum, the least value of F, by the place found where it is nearest to it.
func (s *study) nearTorus(o *torus, sub *minimum.Answer, least expr.Expr, domain string) *answer {
	l, a := s.l, s.a
	x, v, ok := s.sample()
	f := s.inFloats()
	if !ok || f == nil {
		return nil
	}
	bound := l.Consts.Enclose(least)
	var turns []*tape.Machine // how far the places are from each other at which a phase has a value, about
	for _, u := range o.phases {
		p, err := tape.Compile([]string{l.Name}, l.T.Mul(l.T.Int(2), l.T.Call(fn.Lookup("pi")), l.T.Pow(l.T.Tidy(diff.D(u, l.Name)), l.T.Int(-1))))
		if err != nil {
			return nil
		}
		turns = append(turns, p.NewMachine())
	}
	n := &nearTo{s: s, f: f, turns: turns, x: x, v: v, least: bound.Hi, lo: math.Inf(-1), hi: math.Inf(1)}
	if s.lo.Inf == 0 {
		n.lo = s.lo.Float()
	}
	if s.hi.Inf == 0 {
		n.hi = s.hi.Float()
	}
	var places []*tape.Machine
	for i := range o.phases {
		places = append(places, s.placesOf(o, sub, i)...)
	}
	n.inTurns(places)
	n.atPlaces(places)
	x = n.x
	inner, err := tape.Compile([]string{l.Name}, l.raw)
	if err != nil {
		return nil
	}
	out, dec := make([]interval.I, 1), make([]interval.Dec, 1)
	inner.NewMachine().Interval(out, dec, []interval.I{interval.Point(x)})
	if dec[0] < interval.Defined || !out[0].IsBounded() {
		return nil
	}
	a.Status, a.Attained = minimum.Local, true
	a.Domain = s.betweenText()
	if !strings.HasPrefix(domain, "all real") {
		a.Domain = domain
	}
	value := s.outInterval(interval.New(bound.Lo, math.Max(bound.Lo, out[0].Hi)))
	a.At, a.Value = []float64{x}, s.outInterval(out[0]).Mid()
	a.Enclosure = &minimum.Enclosure{At: []interval.I{interval.Point(x)}, Value: value}
	a.Minimisers = []minimum.Point{{X: a.At}}
	a.Argument.BesideInfimum = true
	a.Method = "phases of independent waves"
	word := map[bool]string{false: "infimum", true: "supremum"}[l.max]
	a.Warnings = []string{fmt.Sprintf("the %s is %s, and whether f has this value anywhere is not settled", word, format.Text(s.outExact(least)))}
	a.Proof = s.torusProof(o, sub, least)
	return a
}

// placesOf returns places, as functions of a whole number, at which the i-th phase is that of a minimiser of F.
func (s *study) placesOf(o *torus, sub *minimum.Answer, i int) (list []*tape.Machine) {
	l, t, pool := s.l, s.l.T, s.l.T.Pool()
	const turn = "k"
	for _, p := range sub.Minimisers {
		if len(p.Exact) <= i || !p.Exact[i].Valid() {
			continue
		}
		y := t.Add(pool.Import(p.Exact[i]), t.Mul(t.Int(2), t.Call(fn.Lookup("pi")), pool.Var(turn)))
		var places []expr.Expr
		if d := l.Slope(o.phases[i]); d.Valid() {
			places = []expr.Expr{t.Mul(t.Sub(y, l.Substitute(o.phases[i], t.Int(0))), t.Pow(d, t.Int(-1)))}
		} else {
			places, _ = form.Inverses(t, o.phases[i], y)
		}
		for _, z := range places {
			if m, err := tape.Compile([]string{turn}, z); err == nil {
				list = append(list, m.NewMachine())
			}
		}
	}
	return list
}

// A nearTo is a search for places at which f is near to the value least.
type nearTo struct {
	s      *study
	f      func(x float64) float64
	turns  []*tape.Machine // how far from each other the places are at which a phase has a value, about
	x, v   float64         // the best place so far
	least  float64
	lo, hi float64
}

// inTurns looks in the turns of all phases around some of the places z(k), for whole numbers k and several functions z.
func (n *nearTo) inTurns(places []*tape.Machine) {
	const (
		last  = 1e6 // ever fewer numbers k up to it
		each  = 20  // of which that many one after the other
		steps = 16  // to a turn
	)
	for k := 0.0; k < last; k += math.Ceil((k + 1) / each) {
		for _, z := range places {
			if n.done() {
				return
			}
			n.s.l.Consts.Spend(steps * len(n.turns))
			for _, k := range [...]float64{k, -k - 1} {
				p := valueOf(z, k)
				for _, m := range n.turns {
					step := math.Abs(valueOf(m, p)) / steps
					for i := range steps {
						n.down(p+(float64(i)+0.5-steps/2)*step, step)
					}
				}
			}
		}
	}
}

// atPlaces looks at many of the places z(k), for whole numbers k and several functions z, themselves.
func (n *nearTo) atPlaces(places []*tape.Machine) {
	const most = 20000
	for k := range most {
		for _, z := range places {
			if n.done() {
				return
			}
			n.s.l.Consts.Spend(1)
			for _, k := range [...]float64{float64(k), float64(-k - 1)} {
				n.down(valueOf(z, k), 0)
			}
		}
	}
}

// done reports whether a place is near enough, or the effort is spent.
func (n *nearTo) done() bool {
	const close = 1e-12
	return n.v-n.least <= close*math.Max(1, math.Abs(n.least)) || n.s.l.Consts.Tired()
}

// down looks at p and, if f is lower there, up to r around it, for 0 an eighth of the shortest turn.
func (n *nearTo) down(p, r float64) {
	const far = 1e8 // past which floats do not tell much of phases
	if !(n.lo < p && p < n.hi) || math.Abs(p) > far {
		return
	}
	w := n.f(p)
	if !(w < n.v) {
		return
	}
	if r == 0 {
		r = math.Inf(1)
		for _, m := range n.turns {
			r = math.Min(r, math.Abs(valueOf(m, p))/8)
		}
	}
	if n.lo < p-r && p+r < n.hi {
		n.x, n.v = goldenSection(n.f, p-r, p+r, p, w)
	}
}

// valueOf is a function of one variable in floats.
func valueOf(m *tape.Machine, x float64) float64 {
	var out [1]float64
	m.Eval(out[:], []float64{x})
	return out[0]
}
