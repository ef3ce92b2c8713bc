package global

import (
	"math"
	"slices"
	"strings"

	"gonum.org/v1/gonum/mat"

	"nabla/expr"
	"nabla/expr/format"
	"nabla/expr/interval"
	"nabla/expr/prove"
	"nabla/expr/simplify"
	"nabla/expr/tape"
	"nabla/optimize/global/internal/form"
	"nabla/optimize/global/internal/model"
)

// This file answers for formulas with a variable too many, such as a model with b/(c + x/d), which is b d/(c d + x): that stay as they are
// when variables are multiplied by powers of one number. One of them may then have any value.

// byScaling answers by the question with a variable less, nil where f is not seen to be such.
func (s *session) byScaling() *Answer {
	n := s.m.N
	if n < 3 || n > maxScaled || len(s.m.Cons) > 0 || s.m.F.Size() > maxScaledSize {
		return nil
	}
	for k := range n {
		if w := s.scalingBy(k); w != nil {
			if c, q := s.scaledBy(k, w); c != nil {
				return s.byChange(c, q)
			}
		}
	}
	return nil
}

const (
	maxScaled     = 12
	maxScaledSize = 4000
)

// scalingBy looks for exponents w, whole numbers, with f(λ^w1 x1, λ^w2 x2, …) = f(x), as gradients at some points have it, and wk = 1 for variable k, which is
// positive and has no upper bound; nil for none.
func (s *session) scalingBy(k int) []int64 {
	const (
		more  = 3
		exact = 1e-7
		most  = 3
	)
	if in := s.m.Outer[k]; !(in.Lo > 0) || !math.IsInf(in.Hi, 1) {
		return nil
	}
	n, pr := s.m.N, s.m.Prober()
	var rows [][]float64 // of derivatives by the logarithms of the variables
	for i := range 4 * n {
		x := make([]float64, n)
		for j := range x {
			_, u := math.Modf(float64(i+1) * (math.Sqrt2 + 0.6180339887*float64(j)))
			x[j] = model.ClipTo(0.5+2*u, s.m.Outer[j])
		}
		g := make([]float64, n)
		if v := pr.Gradient(g, x); !model.Finite(v) || !model.AllFinite(g) {
			continue
		}
		size := 0.0
		for j := range g {
			g[j] *= x[j]
			size = math.Max(size, math.Abs(g[j]))
		}
		if size > 0 {
			for j := range g {
				g[j] /= size
			}
			rows = append(rows, g)
		}
		if len(rows) == n-1+more {
			break
		}
	}
	if len(rows) < n-1+more {
		return nil
	}
	a, b := mat.NewDense(len(rows), n-1, nil), mat.NewVecDense(len(rows), nil)
	for i, g := range rows {
		b.SetVec(i, -g[k])
		for j, v := range slices.Delete(slices.Clone(g), k, k+1) {
			a.Set(i, j, v)
		}
	}
	var w mat.VecDense
	if err := w.SolveVec(a, b); err != nil {
		return nil
	}
	out, some := make([]int64, 0, n), false
	for j := range n - 1 {
		v := math.Round(w.AtVec(j))
		if !(math.Abs(w.AtVec(j)-v) < exact) || math.Abs(v) > most {
			return nil
		}
		out, some = append(out, int64(v)), some || v != 0
	}
	for _, g := range rows {
		sum := g[k]
		for j, v := range slices.Delete(slices.Clone(g), k, k+1) {
			sum += v * float64(out[j])
		}
		if !(math.Abs(sum) < exact) {
			return nil
		}
	}
	if !some {
		return nil
	}
	return slices.Insert(out, k, 1)
}

// scaledBy is the question in u_i = x_i x_k^-w_i, with x_k at its least value; nil where f is not proved to be a function of these, or what they take is no box.
func (s *session) scaledBy(k int, w []int64) (*change, *Problem) {
	t := simplify.New()
	names := s.newNames(s.m.N - 1)
	lo := s.m.Outer[k].Lo
	if b := s.p.Bounds[k]; names == nil || !b.Lo.Valid() || b.LoOpen || lo <= 0 {
		return nil, nil
	}
	one, xk := t.Tidy(s.p.Bounds[k].Lo), t.Var(s.p.Vars[k])
	c := &change{names: names, method: "scaling", share: 0.8}
	q := &Problem{Vars: names, Bounds: make([]Bound, len(names)), Max: s.p.Max}
	at, any := map[string]expr.Expr{}, map[string]expr.Expr{} // x in the u, with x_k at its least value and at any
	var with []string
	j := 0
	for i, x := range s.p.Vars {
		if i == k {
			c.back, at[x], any[x] = append(c.back, one), one, xk
			continue
		}
		u := t.Var(names[j])
		b := s.p.Bounds[i]
		if w[i] != 0 && (b.Hi.Valid() || b.LoOpen || b.Lo.Valid() && (s.m.Outer[i].Lo < 0 || s.m.Outer[i].Lo > 0 && w[i] > 0)) {
			return nil, nil // of x_i x_k^e with e > 0 the least value is that of both
		}
		if q.Bounds[j] = b; b.Lo.Valid() && w[i] != 0 {
			q.Bounds[j].Lo = t.Mul(t.Tidy(b.Lo), t.Pow(one, t.Int(-w[i])))
		}
		c.of = append(c.of, t.Mul(t.Var(x), t.Pow(xk, t.Int(-w[i]))))
		c.back = append(c.back, t.Mul(u, t.Pow(one, t.Int(w[i]))))
		at[x], any[x] = c.back[len(c.back)-1], t.Mul(u, t.Pow(xk, t.Int(w[i])))
		with = append(with, names[j]+" = "+format.Text(c.of[j]))
		j++
	}
	c.with = strings.Join(with, ", ")
	pool := expr.NewPool()
	put := func(e expr.Expr, with map[string]expr.Expr) expr.Expr {
		in := map[string]expr.Expr{}
		for x, v := range with {
			in[x] = pool.Import(v)
		}
		return pool.Substitute(pool.Import(e), in)
	}
	var terms []expr.Expr
	for _, e := range form.TermsOf(t, t.Tidy(s.p.F)) {
		a, b := put(e, at), put(e, any)
		if b.Has(s.p.Vars[k]) && !prove.Equal(a, b, prove.Budget{}).Equal {
			return nil, nil
		}
		terms = append(terms, t.Tidy(a))
	}
	if q.F = t.Sum(terms...); !s.continuousOn(q) {
		return nil, nil
	}
	return c, q
}

// continuousOn reports whether the formulas of this question and of q are seen to be continuous all over their boxes.
func (s *session) continuousOn(q *Problem) bool {
	_, dec, ok := tape.EncloseOn(s.p.Vars, s.m.Outer, s.m.F)
	if !ok || dec[0] < interval.Continuous {
		return false
	}
	_, dec, ok = tape.EncloseOn(q.Vars, q.region().Outer, q.F)
	return ok && dec[0] >= interval.Continuous
}
