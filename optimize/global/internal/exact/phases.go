package exact

import (
	"slices"

	"nabla/expr/number"
)

// A wave is rest times the cosine of u + delay, where u has x and delay has not; times 1 for a u without terms.
type wave struct {
	rest     Combo
	u, delay Combo
}

// phases solves a polynomial in sines and cosines of m x + β for any β, such as sin(x) sin(x + 1), where their arguments
// are no multiples of one angle: products are written as sums, and these by the theorems of addition in cosines and sines
// of multiples of θ = u + c alone. For c the mean of the phases, waves of one amplitude leave only one of the two.
func (s *solver) phases(a Combo, ks []int, depth int) ([]Spot, bool) {
	const most = 64 // waves
	var waves []wave
	for _, t := range a {
		list, ok := s.wavesOf(t, ks)
		if waves = append(waves, list...); !ok || len(waves) > most {
			return nil, false
		}
	}
	var unit Combo
	var ratios []number.Number
	for _, w := range waves {
		q := number.Number{}
		if len(w.u) > 0 {
			if unit == nil {
				unit = w.u
			}
			var ok bool
			if q, ok = RatioOf(w.u, unit); !ok {
				return nil, false
			}
		}
		ratios = append(ratios, q)
	}
	if unit == nil {
		return nil, false
	}
	theta := Add(unit, s.meanDelay(waves, ratios))
	var sum Combo
	for i, w := range waves {
		delta := Add(w.delay, Add(theta, unit.Neg()).scale(ratios[i]).Neg())
		turning, ok1 := s.turning(theta.scale(ratios[i]), delta)
		term, ok2 := s.r.mul(w.rest, turning)
		if !ok1 || !ok2 {
			return nil, false
		}
		sum = Add(sum, term)
	}
	list := s.kernelsOf(sum)
	if len(list) == 0 || slices.ContainsFunc(list, func(k int) bool { return s.r.Kernels[k].kind != kernelTrig }) {
		return nil, false
	}
	if _, _, ok := s.commonAngle(list); !ok {
		return nil, false
	}
	return s.zeros(sum, depth+1)
}

// meanDelay returns the mean of the phases of the waves with x as phases of their unit.
func (s *solver) meanDelay(waves []wave, ratios []number.Number) Combo {
	var sum Combo
	n := 0
	for i, w := range waves {
		if inv, ok := ratios[i].Inv(); ok {
			sum, n = Add(sum, w.delay.scale(inv)), n+1
		}
	}
	return sum.scale(number.Frac(1, int64(n)))
}

// turning returns cos(u + delta) = cos(delta) cos(u) - sin(delta) sin(u), in which u has x and delta has not.
func (s *solver) turning(u, delta Combo) (Combo, bool) {
	if len(u) == 0 {
		return s.r.trig(false, delta)
	}
	var parts [4]Combo
	for i, arg := range []Combo{delta, u, delta, u} {
		var ok bool
		if parts[i], ok = s.r.trig(i >= 2, arg); !ok {
			return nil, false
		}
	}
	c, ok1 := s.r.mul(parts[0], parts[1])
	d, ok2 := s.r.mul(parts[2], parts[3])
	return Add(c, d.Neg()), ok1 && ok2
}

// wavesOf writes t, a product of the kernels ks and of what has no x, as a sum of waves:
// 2 cos(u) cos(v) = cos(u - v) + cos(u + v).
func (s *solver) wavesOf(t Term, ks []int) ([]wave, bool) {
	const most = 6 // sines and cosines
	rest, count := Term{C: t.C}, 0
	waves := []wave{{}}
	quarter := s.r.one(s.r.pi()).scale(number.Frac(-1, 2))
	for _, p := range t.M {
		if !slices.Contains(ks, p.K) {
			rest.M = append(rest.M, p)
			continue
		}
		n, ok := p.N.Int64()
		if count += int(n); !ok || n < 1 || n > most || count > most {
			return nil, false
		}
		u, v := s.splitAngle(s.r.Kernels[p.K].arg)
		if s.r.Kernels[p.K].name == "sin" { // sin(v) = cos(v - π/2)
			v = Add(v, quarter)
		}
		for i := range n {
			if count == int(n) && i == 0 { // the first
				waves = []wave{{u: u, delay: v}}
				continue
			}
			var next []wave
			for _, w := range waves {
				next = append(next, wave{u: Add(w.u, u), delay: Add(w.delay, v)})
				next = append(next, wave{u: Add(w.u, u.Neg()), delay: Add(w.delay, v.Neg())})
			}
			waves, rest.C = next, rest.C.Mul(number.Frac(1, 2))
		}
	}
	for i := range waves {
		waves[i].rest = Combo{rest}
	}
	return waves, true
}

// splitAngle returns the terms of a with x and those without.
func (s *solver) splitAngle(a Combo) (u, v Combo) {
	for _, t := range a {
		if slices.ContainsFunc(t.M, func(p kernelPower) bool { return s.r.Kernels[p.K].HasX }) {
			u = append(u, t)
		} else {
			v = append(v, t)
		}
	}
	return u, v
}
