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
	"nabla/optimize/global/internal/conditions"
	"nabla/optimize/global/internal/form"
)

// byRising answers for a formula f = F(u(y), x) that depends on the variable y through one formula u of it alone, and does not fall as u
// grows, or does not rise, whatever the others are: it is least in y where u is least, or greatest, which leaves a question with a variable
// less. It returns nil where there is no such variable, or what is left is not settled.
func (s *session) byRising() *Answer {
	if len(s.m.Cons) > 0 || s.m.N < 2 || s.m.F.Size() > maxEliminated || s.o.checked {
		return nil
	}
	name := s.innerName()
	f := simplify.Tidy(s.m.F)
	if name == "" || !form.SameDomain(s.m.F, f) {
		return nil
	}
	for k, y := range s.p.Vars {
		if s.ctx.Err() != nil {
			return nil
		}
		g := withTogether(f, y)
		u := onlyPart(g, y)
		if !u.Valid() || u.Op() == expr.Var && s.isFree(k) {
			continue
		}
		vars := slices.Clone(s.p.Vars)
		vars[k] = name
		outer := replaced(g, u, expr.NewPool().Var(name))
		if outer.Has(y) {
			continue
		}
		for _, greatest := range [...]bool{false, true} {
			if e := s.risen(k, u, outer, vars, greatest); e != nil {
				if a := s.answerRest(e); a != nil {
					return a
				}
			}
		}
	}
	return nil
}

// isFree reports whether the variable k has no bound.
func (s *session) isFree(k int) bool {
	return k >= len(s.p.Bounds) || !s.p.Bounds[k].Lo.Valid() && !s.p.Bounds[k].Hi.Valid()
}

// risen returns the elimination of variable k where f = outer does not fall as u, which has that variable's place in vars, grows, or
// does not rise, and u has its least or its greatest value at a point; nil where that is not proved.
func (s *session) risen(k int, u, outer expr.Expr, vars []string, greatest bool) *elimination {
	y := s.p.Vars[k]
	of := s.part(u)
	of.Max = greatest
	least := study(s.ctx, of, Options{})
	if least == nil || least.Status != Exact || len(least.ExactAt) != 1 || !least.ExactAt[0].Valid() || least.Enclosure == nil {
		return nil
	}
	box := slices.Clone(s.m.Outer)
	if s.b == nil || !s.b.Contract(box, math.Inf(1), 2) {
		return nil
	}
	box[k] = interval.I{Lo: least.Enclosure.Value.Lo, Hi: math.Inf(1)}
	if greatest {
		box[k] = interval.I{Lo: math.Inf(-1), Hi: least.Enclosure.Value.Hi}
	}
	// A step, or a gap, may lead elsewhere.
	inner := vars[k]
	for n := range outer.All() {
		if n.Has(inner) && form.HasKinks(n) {
			return nil
		}
	}
	for _, c := range conditions.Open(outer, vars, box) {
		if c.Has(inner) {
			return nil
		}
	}
	t := simplify.New()
	slope := t.Shorter(t.Tidy(diff.D(outer, inner)))
	if greatest {
		slope = t.Neg(slope)
	}
	if !positive(slope) {
		prog, err := tape.Compile(vars, slope)
		if err != nil {
			return nil
		}
		var out [1]interval.I
		if prog.NewMachine().Interval(out[:], nil, box); !(out[0].Lo >= 0) && (slope.Has(inner) || !(s.rangeOf(slope).Lo >= 0)) {
			return nil
		}
	}
	c := least.ExactAt[0]
	q := s.p.without(k)
	pool := expr.NewPool()
	q.F = pool.Substitute(pool.Import(s.p.F), map[string]expr.Expr{y: pool.Import(c)})
	if g := simplify.Tidy(q.F); form.SameDomain(q.F, g) {
		q.F = g
	}
	end, never := "least", "falls"
	if greatest {
		end, never = "greatest", "rises"
	}
	return &elimination{at: k, v: c, rest: q, loose: true, left: format.Text(simplify.Tidy(q.F)),
		proof: fmt.Sprintf("%s never %s as %s grows, whatever the other variables are, and this is %s at %s = %s, where f is",
			s.minimised(), never, format.Text(u), end, y, format.Text(c))}
}

// withTogether is f with the terms of each sum that have no variable but y as a sum of their own.
func withTogether(f expr.Expr, y string) expr.Expr {
	pool := expr.NewPool()
	return expr.Fold(f, func(n expr.Expr, args []expr.Expr) expr.Expr {
		if n.Op() != expr.Add || len(n.Vars()) == 1 {
			return expr.Remake(n, pool, args, nil)
		}
		var alone, rest []expr.Expr
		for _, a := range args {
			if a.Has(y) && len(a.Vars()) == 1 {
				alone = append(alone, a)
			} else {
				rest = append(rest, a)
			}
		}
		if len(alone) < 2 || len(rest) == 0 {
			return pool.Make(expr.Add, args...)
		}
		return pool.Make(expr.Add, append(rest, pool.Make(expr.Add, alone...))...)
	})
}

// onlyPart returns the part of f in which alone y occurs, with no other variable and as large as can be; not Valid where there are several.
func onlyPart(f expr.Expr, y string) (u expr.Expr) {
	isAlone := func(e expr.Expr) bool { return e.Has(y) && len(e.Vars()) == 1 }
	if isAlone(f) {
		return expr.Expr{}
	}
	for n := range f.All() {
		if isAlone(n) {
			continue
		}
		for _, a := range n.Args() {
			switch {
			case !isAlone(a) || u.Valid() && a == u:
			case u.Valid():
				return expr.Expr{}
			default:
				u = a
			}
		}
	}
	return u
}
