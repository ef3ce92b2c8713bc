package branch

import (
	"fmt"
	"math"

	"nabla/diff"
	"nabla/expr"
	"nabla/expr/interval"
	"nabla/expr/simplify"
	"nabla/expr/tape"
	"nabla/optimize/global/internal/model"
)

// This file bounds sums of squares near their minimum. With d = x - c, u = ρ(c) and the slopes g and
// the Hessian K of Σ 2u_i ρ_i + t,
//
//	f(x) = f(c) + g(c)·d + dᵀ(J̃ᵀJ̃ + K̃/2)d,   J̃ ∈ J(X), K̃ ∈ K(X),
//
// by the mean value theorem for the ρ_i and Taylor's for the sum. The Hessian of f over a box is
// positive definite in very small boxes only where JᵀJ is nearly singular, since its enclosure does not
// know that it is a product; here it is enough that J is known well compared with its least
// singular value: M = (J̃B)ᵀ(J̃B) + BᵀK̃B/2 is diagonally dominant, B making it the unit
// matrix in the middle of the box.

// A bent is room for that.
type bent struct {
	m    *tape.Machine
	at   []interval.I // the variables, then v
	out  []interval.I
	dec  []interval.Dec
	at0  []interval.I // ρ, t and the entries of J at c
	dec0 []interval.Dec
	k    [][]interval.I // K/2
	b    [][]float64
	jb   [][]interval.I // JB
	kb   [][]interval.I // KB/2
	g    []interval.I   // slopes at c
	c    []interval.I
}

// maxBent is the number of variables up to which this is done.
const maxBent = 12

// compileBends makes the program of second derivatives from the formulas of the residuals and the rest.
func (q *residuals) compileBends(t *simplify.Tidier, outs []expr.Expr, vars []string) {
	if len(vars) > maxBent {
		return
	}
	sum := []expr.Expr{outs[q.m]}
	names := append([]string{}, vars...)
	for i, r := range outs[:q.m] {
		v := fmt.Sprintf("v %d", i) // no name that a formula may have
		names = append(names, v)
		sum = append(sum, t.Mul(t.Var(v), r))
	}
	entries := diff.Hessian(t.Add(sum...), vars)
	second := make([]expr.Expr, len(entries))
	for i, e := range entries {
		second[i] = e.Expr
	}
	if prog, err := tape.Compile(names, second...); err == nil {
		q.bend, q.second = prog, entries
	}
}

func newBent(q *residuals, n int) *bent {
	k := len(q.second)
	t := &bent{m: q.bend.NewMachine(), at: make([]interval.I, n+q.m), out: make([]interval.I, k), dec: make([]interval.Dec, k),
		k: model.Matrix(n), b: model.Square(n), jb: make([][]interval.I, q.m), kb: model.Matrix(n),
		at0: make([]interval.I, q.slope.NumOut()), dec0: make([]interval.Dec, q.slope.NumOut()), g: make([]interval.I, n), c: make([]interval.I, n)}
	for i := range t.jb {
		t.jb[i] = make([]interval.I, n)
	}
	return t
}

// curved is a lower bound of f on the box x, which was enclosed, from the best point near or, where that
// is not in the box, the point x*; -Inf where the box is too large.
func (s *gaussNewton) curved(x []interval.I, near []float64) float64 {
	none := math.Inf(-1)
	for _, used := range s.used {
		if !used {
			return none
		}
	}
	// The middle of J alone shows whether the box is small enough.
	for k := range s.all {
		s.all[k] = k
	}
	if !s.whiten() || !s.nearlyOrthogonal() {
		return none
	}
	c := s.x
	if near != nil && contains(x, near) {
		c = near
	}
	low, ok := s.slopesAt(c)
	if !ok || !s.secondOver(x) {
		return none
	}
	least := s.leastCurvature()
	if !(least > 0) {
		return none
	}
	return low.Add(s.leastLinear(x, least)).Lo
}

// contains reports whether the point is in the box.
func contains(x []interval.I, p []float64) bool {
	for i, v := range x {
		if !v.Has(p[i]) {
			return false
		}
	}
	return true
}

// whiten computes B with BᵀAᵀAB near the unit matrix, A being the middle of J.
func (s *gaussNewton) whiten() bool {
	n := s.n
	if !s.cholesky(s.all, 0) {
		return false
	}
	// The columns of L⁻ᵀ.
	for k := range n {
		clear(s.g)
		s.g[k] = 1
		for p := k; p >= 0; p-- {
			for q := p + 1; q <= k; q++ {
				s.g[p] -= s.l[q][p] * s.g[q]
			}
			s.g[p] /= s.l[p][p]
		}
		if !model.AllFinite(s.g) {
			return false
		}
		for p := range n {
			s.bent.b[p][k] = s.g[p]
		}
	}
	return true
}

// nearlyOrthogonal encloses JB and reports whether (JB)ᵀJB is proved to be diagonally dominant.
func (s *gaussNewton) nearlyOrthogonal() bool {
	t := s.bent
	for i := range s.m {
		for k := range s.n {
			v := interval.Point(0)
			for j, a := range s.jac[i] {
				if a != (interval.I{}) && t.b[j][k] != 0 {
					v = v.Add(a.Mul(interval.Point(t.b[j][k])))
				}
			}
			t.jb[i][k] = v
		}
	}
	for i := range t.k {
		clear(t.k[i])
	}
	return s.leastCurvature() > 0
}

// shrink is the share of squares that is left to make up for u not being ρ(c) exactly: (e + v)² ≥
// (1 - η)v² - (1/η - 1)e².
const shrink = 1 - 1./1024

// leastCurvature is a lower bound of the eigenvalues of M, by Gershgorin's circles.
func (s *gaussNewton) leastCurvature() float64 {
	t := s.bent
	least := math.Inf(1)
	for p := range s.n {
		for q := range s.n {
			t.kb[p][q] = interval.Point(0)
			for j, k := range t.k[p] {
				if k != (interval.I{}) {
					t.kb[p][q] = t.kb[p][q].Add(k.Mul(interval.Point(t.b[j][q])))
				}
			}
		}
	}
	for p := range s.n {
		row := interval.Point(0)
		for q := range s.n {
			v := interval.Point(0)
			for i := range s.m {
				if p == q {
					v = v.Add(t.jb[i][p].Sqr())
				} else {
					v = v.Add(t.jb[i][p].Mul(t.jb[i][q]))
				}
			}
			v = v.Mul(interval.Point(shrink))
			for j := range s.n {
				if b := t.b[j][p]; b != 0 {
					v = v.Add(interval.Point(b).Mul(t.kb[j][q]))
				}
			}
			if p == q {
				row = row.Add(interval.Point(v.Lo))
			} else {
				row = row.Sub(interval.Point(v.Mag()))
			}
		}
		least = math.Min(least, row.Lo)
	}
	return least
}

// slopesAt sets u to ρ(c), c, the coefficients of the Hessian, and the slopes of Σ 2u_i ρ_i + t at c, and
// returns a bound of f(c) from below.
func (s *gaussNewton) slopesAt(c []float64) (low interval.I, ok bool) {
	t := s.bent
	for i, v := range c {
		t.c[i] = interval.Point(v)
		t.at[i] = t.c[i]
	}
	s.ms.Interval(t.at0, t.dec0, t.c)
	for k, d := range t.dec0 {
		if d < interval.Defined || !t.at0[k].IsBounded() {
			return low, false
		}
	}
	low = t.at0[s.m]
	clear(t.g)
	for i := range s.m {
		w := interval.Point(s.weight[i])
		r := t.at0[i].Mul(w)
		u := interval.Point(r.Mid())
		e := r.Sub(u)
		low = low.Add(interval.Point(2).Mul(u).Mul(r)).Sub(u.Sqr()).Sub(interval.Point(1023).Mul(e.Sqr()))
		t.at[s.n+i] = interval.Point(2).Mul(u).Mul(w)
	}
	for k, e := range s.entry {
		v := t.at0[s.m+1+k]
		if e.i < s.m {
			v = v.Mul(t.at[s.n+e.i])
		}
		t.g[e.k] = t.g[e.k].Add(v)
	}
	return low, true
}

// secondOver encloses K/2 over the box x.
func (s *gaussNewton) secondOver(x []interval.I) bool {
	t := s.bent
	copy(t.at, x)
	t.m.Interval(t.out, t.dec, t.at)
	for i := range t.k {
		clear(t.k[i])
	}
	half := interval.Point(0.5)
	for k, e := range s.second {
		if t.dec[k] != interval.Continuous || !t.out[k].IsBounded() {
			return false
		}
		v := t.out[k].Mul(half)
		t.k[e.Row][e.Col], t.k[e.Col][e.Row] = v, v
	}
	return true
}

// leastLinear is a lower bound of g·d + least |B⁻¹d|² over the box x: of the linear part alone, or of
// both with d anywhere, -|Bᵀg|²/(4 least), but for the variables in which the linear part rises.
func (s *gaussNewton) leastLinear(x []interval.I, least float64) interval.I {
	t := s.bent
	linear := interval.Point(0)
	for k := range x {
		v := t.g[k].Mul(x[k].Sub(t.c[k]))
		if v.Lo >= 0 {
			t.g[k] = interval.I{}
			continue
		}
		linear = linear.Add(interval.Point(v.Lo))
	}
	free := interval.Point(0)
	for k := range s.n {
		v := interval.Point(0)
		for j := range s.n {
			v = v.Add(t.g[j].Mul(interval.Point(t.b[j][k])))
		}
		free = free.Add(interval.Point(v.Mag()).Sqr())
	}
	free = free.Div(interval.Point(4).Mul(interval.Point(least))).Neg()
	return interval.Point(math.Max(linear.Lo, free.Lo))
}
