package global

import (
	"context"
	"fmt"
	"math"
	"slices"

	"nabla/expr"
	"nabla/expr/format"
	"nabla/expr/number"
	"nabla/expr/simplify"
	"nabla/optimize/global/internal/effort"
	"nabla/optimize/global/internal/exact"
	"nabla/optimize/global/internal/model"
)

// This file answers where f falls without end on a line parallel to an axis, as it does next to a pole on a curve: with simple
// values in the place of the other variables, the study of one variable finds the place where. Lines on which a linear form has a simple value are
// among the paths that are tried.

// downLines tries the lines through simple points near the best one and some others; nil where f is seen to fall without end on none.
func (s *session) downLines() *Answer {
	const points, most = 6, 60 // the study of a long formula takes long
	if s.b.BestX == nil || s.p.F.Size() > most || !s.deep(s.m.Outer) {
		return nil
	}
	ctx, cancel := effort.Share(s.ctx, 0.1)
	defer cancel()
	list := [][]float64{s.b.BestX, s.b.BestX}
	list = append(list, model.Starts(s.m.Inner, points, s.o.Seed)...)
	for i, x := range list {
		tol := [...]float64{0.1, 0.01}[min(i, 1)]
		for k := range s.p.Vars {
			if ctx.Err() != nil {
				return nil
			}
			if a := s.downLine(ctx, x, k, tol); a != nil {
				return a
			}
		}
	}
	return nil
}

// downLine is the answer that f falls without end in variable k where the others have simple values near x, nil where that is not
// proved.
func (s *session) downLine(ctx context.Context, x []float64, k int, tol float64) *Answer {
	pool := expr.NewPool()
	at, with := make([]expr.Expr, s.m.N), map[string]expr.Expr{}
	for i, name := range s.p.Vars {
		if i == k {
			continue
		}
		a, b, ok := exact.Convergent(x[i], tol*math.Max(1, math.Abs(x[i])), int64(2/tol))
		if !ok {
			return nil
		}
		v := number.Frac(a, b)
		if !s.allows(i, v, false) {
			return nil
		}
		at[i] = pool.Num(v)
		with[name] = at[i]
	}
	put := func(e expr.Expr) expr.Expr { return pool.Substitute(pool.Import(e), with) }
	q := &Problem{F: put(s.p.F), Vars: s.p.Vars[k : k+1], Max: s.p.Max}
	if s.p.Bounds != nil {
		q.Bounds = s.p.Bounds[k : k+1]
	}
	for _, c := range s.p.SubjectTo {
		q.SubjectTo = append(q.SubjectTo, put(c))
	}
	q, ok := q.normal()
	if !ok {
		return nil
	}
	sub := study(ctx, q, Options{})
	if sub == nil || sub.Status != Unbounded || sub.Witness == nil || len(sub.Witness.Path) != 1 {
		return nil
	}
	w := &Witness{Path: slices.Clone(at), Values: sub.Witness.Values, Whole: sub.Witness.Whole, Why: sub.Witness.Why}
	w.Path[k] = pool.Import(sub.Witness.Path[0])
	for i, e := range at {
		if i != k {
			w.Why += fmt.Sprintf(", %s = %s", s.p.Vars[i], format.Text(e))
		}
	}
	for _, y := range sub.Witness.Points {
		p := make([]float64, s.m.N)
		for i, e := range at {
			if p[i] = y[0]; i != k {
				p[i] = e.Number().Float64()
			}
		}
		w.Points = append(w.Points, p)
	}
	return &Answer{Status: Unbounded, Value: s.sign(math.Inf(-1)), Witness: w, Method: "a line", GradientNorm: math.NaN(), Proof: []string{w.Why}}
}

// levelLines are lines on which a linear form, through which f depends on its variables, has a simple value: a function of it
// that is defined, or low, on a strip only keeps so there.
func (s *session) levelLines() (list []*path) {
	n := s.m.N
	const most = 4
	if n < 2 || n > 3 || s.m.F.Size() > maxEliminated {
		return nil
	}
	forms := bentForms(simplify.Tidy(s.m.F), s.p.Vars)
	for _, a := range forms[:min(most, len(forms))] {
		values := []number.Number{number.Frac(1, 3), number.Frac(-1, 3), number.Int(0)}
		for k := int64(1); k <= 8; k++ {
			values = append(values, number.Frac(k, 4), number.Frac(-k, 4))
		}
		if s.b.BestX != nil {
			at := 0.0
			for i, x := range s.b.BestX {
				at += a[i].Float64() * x
			}
			if p, q, ok := exact.Convergent(at, 1e-2, 12); ok && math.Abs(at) < 1e3 {
				values = append(values, number.Frac(p, q))
			}
		}
		for i := range n {
			for j := range n {
				if i == j || a[i].Sign() == 0 || a[j].Sign() == 0 {
					continue
				}
				for _, v := range values {
					p := &path{c: make([]number.Number, n), s: make([]number.Number, n), k: make([]number.Number, n)}
					p.c[i], _ = v.Quo(a[i])
					p.s[i], p.s[j] = a[j], a[i].Neg()
					p.k[i], p.k[j] = number.Int(1), number.Int(1)
					list = append(list, p)
				}
			}
		}
	}
	return list
}
