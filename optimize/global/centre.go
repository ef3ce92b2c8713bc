package global

import (
	"fmt"
	"math"
	"slices"

	"nabla/diff"
	"nabla/expr"
	"nabla/expr/format"
	"nabla/expr/interval"
	"nabla/expr/simplify"
	"nabla/expr/tape"
	"nabla/optimize/global/certificate"
	"nabla/optimize/global/internal/conditions"
	"nabla/optimize/global/internal/exact"
	"nabla/optimize/global/internal/form"
)

// byCentre answers for a formula that in one of its variables falls up to a constant
// and rises after it, whatever the others are, because ∂f/∂y has the sign of y - c; so
// that what is left is a question with y = c. It returns nil where there is no such
// variable, or what is left is not settled.
func (s *session) byCentre() *Answer {
	f := s.m.F
	if s.b == nil || s.b.BestX == nil || s.m.N < 2 || f.Size() > maxEliminated {
		return nil
	}
	// Where f jumps, or has gaps in y, it may rise over one.
	s.b.MV.Interval(s.b.VOut, s.b.VDec, s.m.Outer)
	var open []expr.Expr
	if s.b.VDec[0] != interval.Continuous {
		if form.HasKinks(f) {
			return nil
		}
		open = conditions.Open(f, s.p.Vars, s.m.Outer)
	}
	for k := s.m.N - 1; k >= 0; k-- {
		y := s.p.Vars[k]
		if s.ctx.Err() != nil {
			return nil
		}
		gap := false
		for _, c := range open {
			gap = gap || c.Has(y)
		}
		c := exact.Guess(expr.NewPool(), s.b.BestX[k], 1e-5, 64, false)
		if gap || !c.Valid() || !s.holdsBound(k, c) {
			continue
		}
		rises, strict := risesFrom(f, s.p.Vars, k, c, s.m.Outer)
		if !rises {
			continue
		}
		q := s.p.without(k)
		pool := expr.NewPool()
		c = pool.Import(c)
		q.F = pool.Substitute(pool.Import(s.p.F), map[string]expr.Expr{y: c})
		if g := simplify.Tidy(q.F); form.SameDomain(q.F, g) {
			q.F = g
		}
		e := &elimination{at: k, v: c, rest: q, kind: certificate.Centre, loose: !strict,
			proof: fmt.Sprintf("∂f/∂%s has the sign of %s, whatever the other variables are, so that f is %s at %s = %s, where it is",
				y, format.Text(signed(y, c, s.p.Max)), s.p.least(), y, format.Text(c)),
			left: format.Text(simplify.Tidy(q.F))}
		if a := s.answerRest(e); a != nil {
			return a
		}
	}
	return nil
}

// signed is y - c, or c - y.
func signed(y string, c expr.Expr, turned bool) expr.Expr {
	t := simplify.New()
	if turned {
		return t.Sub(t.Tidy(c), t.Var(y))
	}
	return t.Sub(t.Var(y), t.Tidy(c))
}

// holdsBound reports whether the constant c is proved to lie within the bounds of
// variable k.
func (s *session) holdsBound(k int, c expr.Expr) bool {
	v, ok := tape.EncloseConstant(c)
	return ok && (s.p.Bounds == nil || v.In(s.m.Inner[k]) && v.Lo > s.m.Inner[k].Lo && v.Hi < s.m.Inner[k].Hi)
}

// risesFrom reports whether ∂f/∂y, y being variable k, is proved to have the sign of y - c
// over the box, and whether it vanishes at y = c only.
func risesFrom(f expr.Expr, vars []string, k int, c expr.Expr, box []interval.I) (rises, strict bool) {
	at, ok := tape.EncloseConstant(c)
	if !ok {
		return false, false
	}
	t := simplify.New()
	pool := t.Pool()
	y := pool.Var(vars[k])
	slope := pool.Import(diff.D(pool.Substitute(pool.Import(f), map[string]expr.Expr{vars[k]: pool.Make(expr.Add, y, pool.Import(c))}), vars[k]))
	ratio, _ := simplify.Canonical(pool.Make(expr.Div, slope, y))
	prog, err := tape.Compile(vars, t.Tidy(slope), ratio)
	if err != nil || ratio.IsNum(0) {
		return false, false
	}
	m := prog.NewMachine()
	x := slices.Clone(box)
	side := func(z interval.I) (slope, ratio interval.I) {
		var out [2]interval.I
		if x[k] = box[k].Sub(at).Meet(z); !x[k].IsEmpty() {
			m.Interval(out[:], nil, x)
		}
		return out[0], out[1]
	}
	falling, left := side(interval.I{Lo: math.Inf(-1), Hi: 0})
	rising, right := side(interval.I{Lo: 0, Hi: math.Inf(1)})
	strict = left.Lo > 0 && right.Lo > 0
	return strict || left.Lo >= 0 && right.Lo >= 0 || falling.Hi <= 0 && rising.Lo >= 0, strict
}
