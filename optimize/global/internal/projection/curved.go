package projection

import (
	"math"

	"nabla/expr/interval"
)

// mean is the bound by the mean value theorem for |r|² and w, about the point at of the box, to which atPoint went.
func (s *bounder) mean(at []float64) float64 {
	s.slopes()
	least := s.least()
	if !(least > 0) {
		return math.Inf(-1)
	}
	q := s.t0
	for i, used := range s.used {
		if used {
			q = q.Add(s.r0[i].Sqr())
		}
	}
	w := make([]interval.I, s.p)
	copy(w, s.w0)
	for l := range s.n {
		d := s.x[l].Sub(interval.Point(at[l]))
		g := s.restSlope[l]
		for i, used := range s.used {
			if used {
				g = g.Add(interval.Point(2).Mul(s.r[i]).Mul(s.r1[i][l]))
			}
		}
		q = q.Add(g.Mul(d))
		for j := range w {
			w[j] = w[j].Add(s.w1[j][l].Mul(d))
		}
	}
	for j := range w {
		w[j] = w[j].Meet(s.w[j])
	}
	return s.less(q, w, least)
}

// slopes encloses the derivatives of w.
func (s *bounder) slopes() {
	for j := range s.p {
		for l := range s.n {
			v := interval.Point(0)
			for i, used := range s.used {
				if used {
					v = v.Add(s.psi1[i][j][l].Mul(s.r[i])).Add(s.psi[i][j].Mul(s.r1[i][l]))
				}
			}
			s.w1[j][l] = v
		}
	}
}

// share is that of |w|² which makes up for w not being 0 at the point: |u + v|² ≤ (1 + η)|v|² + (1 + 1/η)|u|².
const share = 1. / 1024

// curved is the bound by Taylor's theorem for |r|² + t and the mean value theorem for w, d = x - at:
//
//	f ≥ |r0|² + t0 + g·d + dᵀMd - (1 + 1/η)|w0|²/λ,  M = H/2 - (1 + η)WᵀW/λ.
func (s *bounder) curved(at []float64) float64 {
	least := s.least()
	if !(least > 0) {
		return math.Inf(-1)
	}
	q := s.t0
	g := make([]interval.I, s.n)
	for l := range g {
		g[l] = s.restSlope0[l]
	}
	h := make([]interval.I, s.n*(s.n+1)/2) // M
	half := interval.Point(0.5)
	for k, v := range s.restBend {
		h[k] = v.Mul(half)
	}
	for i, used := range s.used {
		if !used {
			continue
		}
		q = q.Add(s.r0[i].Sqr())
		for l := range s.n {
			g[l] = g[l].Add(interval.Point(2).Mul(s.r0[i]).Mul(s.r10[i][l]))
			for k := range l + 1 {
				e := l*(l+1)/2 + k
				v := s.r[i].Mul(s.r2[i][e])
				if k == l {
					v = v.Add(s.r1[i][l].Sqr())
				} else {
					v = v.Add(s.r1[i][l].Mul(s.r1[i][k]))
				}
				h[e] = h[e].Add(v)
			}
		}
	}
	by := interval.Point(1).Add(interval.Point(share)).Div(interval.Point(least))
	for l := range s.n {
		for k := range l + 1 {
			v := interval.Point(0)
			for j := range s.p {
				if k == l {
					v = v.Add(s.w1[j][l].Sqr())
				} else {
					v = v.Add(s.w1[j][l].Mul(s.w1[j][k]))
				}
			}
			e := l*(l+1)/2 + k
			h[e] = h[e].Sub(v.Mul(by))
		}
	}
	size := interval.Point(0)
	for _, v := range s.w0[:s.p] {
		size = size.Add(v.Sqr())
	}
	q = q.Sub(size.Mul(interval.Point(1 + 1/share)).Div(interval.Point(least)))
	return math.Max(q.Add(s.parabolas(at, g, h)).Lo, q.Add(s.bowl(at, g, h)).Lo)
}

// parabolas bounds g·d + dᵀMd one variable after the other.
func (s *bounder) parabolas(at []float64, g, h []interval.I) interval.I {
	v := interval.Point(0)
	for l := range s.n {
		d := s.x[l].Sub(interval.Point(at[l]))
		t := g[l]
		for k := range l {
			t = t.Add(interval.Point(2).Mul(h[l*(l+1)/2+k]).Mul(s.x[k].Sub(interval.Point(at[k]))))
		}
		m := h[l*(l+1)/2+l]
		u := m.Mul(d.Sqr()).Add(t.Mul(d)).Lo
		if m.Lo > 0 { // m d² + t d ≥ -t²/(4m)
			u = math.Max(u, t.Sqr().Div(interval.Point(4).Mul(m)).Neg().Lo)
		}
		v = v.Add(interval.Point(u))
	}
	return v
}

// bowl bounds g·d + dᵀMd for a positive definite M: by the linear part alone, or anywhere by -gᵀM⁻¹g/4.
func (s *bounder) bowl(at []float64, g, h []interval.I) interval.I {
	none := interval.Point(math.Inf(-1))
	// B with BᵀMB near the unit matrix, by the factor of the middle of M.
	n := s.n
	l := make([][]float64, n)
	for i := range n {
		l[i] = make([]float64, n)
		for j := range i + 1 {
			v := h[i*(i+1)/2+j].Mid()
			for k := range j {
				v -= l[i][k] * l[j][k]
			}
			if i == j {
				if !(v > 0) {
					return none
				}
				l[i][i] = math.Sqrt(v)
			} else {
				l[i][j] = v / l[j][j]
			}
		}
	}
	b := make([][]float64, n) // L⁻ᵀ: column k solves Lᵀb = e_k
	for i := range b {
		b[i] = make([]float64, n)
	}
	for k := range n {
		for i := k; i >= 0; i-- {
			v := 0.0
			if i == k {
				v = 1
			}
			for j := i + 1; j <= k; j++ {
				v -= l[j][i] * b[j][k]
			}
			b[i][k] = v / l[i][i]
		}
	}
	least := math.Inf(1)
	linear, free := interval.Point(0), interval.Point(0)
	for p := range n {
		row := interval.Point(0)
		for q := range n {
			v := interval.Point(0)
			for i := range n {
				for j := range n {
					if b[i][p] != 0 && b[j][q] != 0 {
						v = v.Add(h[entry(i, j)].Mul(interval.Point(b[i][p]).Mul(interval.Point(b[j][q]))))
					}
				}
			}
			if p == q {
				row = row.Add(interval.Point(v.Lo))
			} else {
				row = row.Sub(interval.Point(v.Mag()))
			}
		}
		least = math.Min(least, row.Lo)
		linear = linear.Add(g[p].Mul(s.x[p].Sub(interval.Point(at[p]))))
		v := interval.Point(0)
		for i := range n {
			v = v.Add(g[i].Mul(interval.Point(b[i][p])))
		}
		free = free.Add(v.Sqr())
	}
	if !(least > 0) {
		return none
	}
	free = free.Div(interval.Point(4).Mul(interval.Point(least))).Neg()
	return interval.Point(math.Max(linear.Lo, free.Lo))
}

// entry is the place of the entry i, j of a symmetric matrix.
func entry(i, j int) int {
	if i < j {
		i, j = j, i
	}
	return i*(i+1)/2 + j
}
