package global

import (
	"fmt"
	"math"
	"slices"

	"nabla/expr/interval"
)

// coercive returns a box outside which f is proved to be higher than at the best
// point, nil if there is no proof: where powers of the variables outweigh all
// other terms. With x_i = s^{w_i} u_i, max |u_i| = 1, the terms of the highest
// weight are s^D L(u), and L is proved to be positive on the surface of the cube.
func (s *session) coercive() ([]interval.I, string) {
	if s.b.bestX == nil {
		return nil, ""
	}
	box := s.m.outer
	p, ok := asIntervalPolynomial(s.m.f, s.p.Vars, box)
	if !ok {
		return nil, ""
	}
	weight, d, ok := p.weights(box)
	if !ok {
		return nil, ""
	}
	var lead intervalPolynomial
	type lower struct {
		size interval.I
		e    int64
	}
	var rest []lower
	for _, t := range p {
		var e int64
		for i, k := range t.e {
			e += int64(k) * weight[i]
		}
		switch {
		case e == d:
			lead = append(lead, t)
		case t.even() && t.c.Lo >= 0:
			// only helps
		case e > d:
			return nil, ""
		default:
			size := t.c.Mag()
			if t.even() {
				size = -t.c.Lo
			}
			if !finite(size) {
				return nil, ""
			}
			rest = append(rest, lower{interval.Point(size), e})
		}
	}
	least, ok := s.leastOnCube(lead, box)
	if !ok {
		return nil, ""
	}
	best := math.Max(s.b.best.Hi, 0)
	for size := 1.0; size < 1e12; size *= 1.5 {
		x := interval.Point(size)
		h := x.PowInt(int(d)).Mul(interval.Point(least))
		for _, r := range rest {
			h = h.Sub(r.size.Mul(x.PowInt(int(r.e))))
		}
		if !(h.Lo > best) {
			continue
		}
		out := slices.Clone(box)
		for i := range out {
			if !out[i].IsBounded() {
				r := x.PowInt(int(weight[i])).Hi
				out[i] = out[i].Meet(interval.New(-r, r))
			}
		}
		why := fmt.Sprintf("the highest powers outweigh the other terms: f is %s than at the best point unless %s", s.p.higher(), s.within(out))
		return out, why
	}
	return nil, ""
}

// weights returns the weights of the variables, 0 for those that are bounded in the
// box, and the weighted degree at which their highest pure powers meet.
func (p intervalPolynomial) weights(box []interval.I) (weight []int64, d int64, ok bool) {
	n := len(box)
	// The highest pure power of each variable.
	degree := make([]int64, n)
	for _, t := range p {
		k := -1
		for i, e := range t.e {
			if e > 0 {
				if k >= 0 {
					k = -2
					break
				}
				k = i
			}
		}
		if k < 0 || !(t.c.Lo > 0) {
			continue
		}
		if t.e[k]%2 == 0 || box[k].Lo >= 0 {
			degree[k] = max(degree[k], int64(t.e[k]))
		}
	}
	d = 1
	for i := range n {
		if box[i].IsBounded() {
			continue
		}
		if degree[i] == 0 {
			return nil, 0, false
		}
		d = d / gcd(d, degree[i]) * degree[i]
	}
	if d > 1<<20 {
		return nil, 0, false
	}
	weight = make([]int64, n)
	for i := range n {
		if degree[i] > 0 && !box[i].IsBounded() {
			weight[i] = d / degree[i]
		}
	}
	return weight, d, true
}

func gcd(a, b int64) int64 {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// leastOnCube returns a positive lower bound of the form on the surface of the
// cube max |u_i| = 1, over the variables that are unbounded in the box.
func (s *session) leastOnCube(form intervalPolynomial, box []interval.I) (float64, bool) {
	least := math.Inf(1)
	budget := 60_000
	for i, b := range box {
		if b.IsBounded() {
			continue
		}
		for _, side := range []float64{-1, 1} {
			u := make([]interval.I, len(box))
			for j, c := range box {
				switch {
				case c.IsBounded():
					u[j] = interval.Point(0) // does not occur
				case c.Lo >= 0:
					u[j] = interval.New(0, 1)
				case c.Hi <= 0:
					u[j] = interval.New(-1, 0)
				default:
					u[j] = interval.New(-1, 1)
				}
			}
			if !u[i].Has(side) {
				continue
			}
			u[i] = interval.Point(side)
			stack := [][]interval.I{u}
			for len(stack) > 0 {
				if budget--; budget < 0 || budget&255 == 0 && s.ctx.Err() != nil {
					return 0, false
				}
				u := stack[len(stack)-1]
				stack = stack[:len(stack)-1]
				v := form.over(u)
				if v.Lo > 0 {
					least = math.Min(least, v.Lo)
					continue
				}
				if v.Hi <= 0 {
					return 0, false
				}
				k, w := -1, 1e-4
				for j := range u {
					if u[j].Width() > w {
						k, w = j, u[j].Width()
					}
				}
				if k < 0 {
					return 0, false
				}
				a, b := slices.Clone(u), u
				m := u[k].Mid()
				a[k].Hi, b[k].Lo = m, m
				stack = append(stack, a, b)
			}
		}
	}
	return least, finite(least)
}

// over encloses the form on the box u.
func (p intervalPolynomial) over(u []interval.I) interval.I {
	v := interval.Point(0)
	for _, t := range p {
		m := t.c
		for i, e := range t.e {
			if e > 0 {
				m = m.Mul(u[i].PowInt(int(e)))
			}
		}
		v = v.Add(m)
	}
	return v
}
