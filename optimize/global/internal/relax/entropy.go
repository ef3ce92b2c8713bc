package relax

import (
	"math"
	"slices"

	"nabla/expr/interval"
	"nabla/expr/tape"
)

// This file relates terms a log a and a log(a/b), as in entropies and free energies, to their
// tangents: both are convex where a and b are positive, while each as a product of a and of a
// logarithm is held loosely.

// entropy adds the tangents of w where the instruction is the product of k a and log a, or log(a/b).
func (l *Relaxation) entropy(in *tape.Inst, w form, r []interval.I) {
	for _, side := range [2][2]int32{{in.A, in.B}, {in.B, in.A}} {
		log := &l.p.Inst[side[1]]
		if log.Op != tape.Call {
			continue
		}
		a, x, ok := form{}, interval.Empty, false
		switch l.p.Funcs[log.N].Name {
		case "log":
			a, x, ok = l.argument(log.A, r)
		case "log1p":
			one := interval.Point(1)
			a, x, ok = l.argument(log.A, r)
			a, x = a.plus(constant(one), l.cols), x.Add(one)
		}
		if !ok || !(x.Lo > 0) {
			continue
		}
		if k, ok := multiple(l.forms[side[0]], a); ok {
			l.curve(w, a, x, func(t interval.I) interval.I { return k.Mul(t).Mul(interval.Log(t)) },
				func(t interval.I) interval.I { return k.Mul(interval.Log(t).Add(interval.Point(1))) }, sign(k))
			return
		}
		quotient := &l.p.Inst[log.A]
		if quotient.Op != tape.Div || l.p.Funcs[log.N].Name != "log" || !(r[quotient.A].Lo > 0) || !(r[quotient.B].Lo > 0) {
			continue
		}
		if k, ok := multiple(l.forms[side[0]], l.forms[quotient.A]); ok {
			l.relative(bend{w: w, a: l.forms[quotient.A], over: l.forms[quotient.B], k: k, x: x, bend: sign(k), of: l.of})
			return
		}
	}
}

// multiple returns the number k by which the form f is that times g, where that is seen.
func multiple(f, g form) (k interval.I, ok bool) {
	if !f.ok || !g.ok || len(f.j) == 0 || !slices.Equal(f.j, g.j) {
		return interval.Empty, false
	}
	k = interval.Point(f.c[0]).Div(interval.Point(g.c[0]))
	if !k.IsBounded() || k.Has(0) {
		return k, false
	}
	if len(f.j) == 1 && f.e == interval.Point(0) && g.e == f.e {
		return k, true
	}
	for i, c := range f.c { // exactly so
		if !k.IsPoint() || interval.Point(g.c[i]).Mul(k) != interval.Point(c) {
			return k, false
		}
	}
	return k, f.e.IsPoint() && g.e.Mul(k) == f.e
}

// relative adds tangents of w = k a log(a/b), which touch it where a/b is a number that lies in x.
func (l *Relaxation) relative(c bend) {
	if !c.a.ok || !c.over.ok {
		return
	}
	for _, t := range [3]float64{c.x.Lo, math.Sqrt(c.x.Lo) * math.Sqrt(c.x.Hi), c.x.Hi} {
		l.tangent(&c, t)
	}
	l.bends = append(l.bends, c)
}

// plane is k ((log t + 1) a - t b), which touches k a log(a/b) where a/b = t: that is k b times the tangent of u log u at t.
func (l *Relaxation) plane(c *bend, t float64) form {
	at := interval.Point(t)
	return c.a.times(c.k.Mul(interval.Log(at).Add(interval.Point(1))), l.cols).minus(c.over.times(c.k.Mul(at), l.cols), l.cols)
}
