package global

import (
	"fmt"
	"slices"

	"nabla/expr"
	"nabla/expr/fn"
	"nabla/expr/number"
	"nabla/expr/simplify"
	"nabla/optimize/global/internal/form"
)

// This file answers for formulas with the angle of a point, atan2(y, x), by polar coordinates: with x = r cos(a) and
// y = r sin(a), r > 0 and -pi < a <= pi meet each point once but the origin, at which the angle has no value.

// A polar writes formulas of x and y in r and a.
type polar struct {
	x, y string
	pool *expr.Pool
	r, a expr.Expr
}

// byPolar returns nil where f has no angle of two variables without bounds, or that does not settle it.
func (s *session) byPolar() *Answer {
	x, y := angleOf(s.p.F)
	if x == y || s.p.F.Size() > maxEliminated || s.isBounded(x) || s.isBounded(y) {
		return nil
	}
	radius, angle := s.newName("ruwq"), s.newName("avbp")
	if radius == "" || angle == "" {
		return nil
	}
	t := simplify.New()
	p := &polar{x: x, y: y, pool: expr.NewPool()}
	p.r, p.a = p.pool.Var(radius), p.pool.Var(angle)
	q := &Problem{Max: s.p.Max, Vars: slices.Clone(s.p.Vars), Bounds: make([]Bound, s.m.N), F: p.tidied(s.p.F)}
	for _, c := range s.p.SubjectTo {
		q.SubjectTo = append(q.SubjectTo, p.tidied(c))
	}
	copy(q.Bounds, s.p.Bounds)
	c := &change{method: "polar coordinates", share: 0.5, with: fmt.Sprintf("%s = %s cos(%s), %s = %[2]s sin(%[3]s)", x, radius, angle, y)}
	for i, v := range s.p.Vars {
		of, back := t.Var(v), t.Var(v)
		switch v {
		case x:
			q.Vars[i], q.Bounds[i] = radius, Bound{Lo: t.Int(0), LoOpen: true}
			of = t.Call(fn.Lookup("hypot"), t.Var(x), t.Var(y))
			back = t.Mul(t.Var(radius), t.Call(fn.Lookup("cos"), t.Var(angle)))
		case y:
			pi := t.Call(fn.Lookup("pi"))
			q.Vars[i], q.Bounds[i] = angle, Bound{Lo: t.Neg(pi), LoOpen: true, Hi: pi}
			of = t.Call(fn.Lookup("atan2"), t.Var(y), t.Var(x))
			back = t.Mul(t.Var(radius), t.Call(fn.Lookup("sin"), t.Var(angle)))
		}
		c.of, c.back = append(c.of, of), append(c.back, back)
	}
	c.names = q.Vars
	return s.byChange(c, q)
}

// angleOf returns the variables x and y of a part atan2(y, x) of f, the same two where it has none.
func angleOf(f expr.Expr) (x, y string) {
	expr.Fold(f, func(e expr.Expr, _ []struct{}) (none struct{}) {
		if e.IsCall("atan2") && e.Arg(0).Op() == expr.Var && e.Arg(1).Op() == expr.Var {
			x, y = e.Arg(1).Name(), e.Arg(0).Name()
		}
		return none
	})
	return x, y
}

func (s *session) isBounded(x string) bool {
	if s.p.Bounds == nil {
		return false
	}
	b := s.p.Bounds[slices.Index(s.p.Vars, x)]
	return b.Lo.Valid() || b.Hi.Valid()
}

// newName is the first of the letters that is no variable of the problem, "" for none.
func (s *session) newName(letters string) string {
	for c := range letters {
		if !slices.Contains(s.p.Vars, letters[c:c+1]) {
			return letters[c : c+1]
		}
	}
	return ""
}

// tidied is e in polar coordinates, tidy if that is defined where e is.
func (p *polar) tidied(e expr.Expr) expr.Expr {
	raw, radius := p.in(tidyWhereDefined(e)), []string{p.r.Name()}
	if tidy := simplify.Tidy(raw); form.SameDomain(wherePositive(raw, radius), wherePositive(tidy, radius)) {
		return tidy
	}
	return raw
}

// in is e, which is tidy, in polar coordinates: for r > 0 the powers of x^2 + y^2 are those of r.
func (p *polar) in(e expr.Expr) expr.Expr {
	return expr.Fold(e, func(n expr.Expr, args []expr.Expr) expr.Expr {
		is := func(i int, name string) bool { return n.Arg(i).Op() == expr.Var && n.Arg(i).Name() == name }
		switch {
		case n.Op() == expr.Var && n.Name() == p.x:
			return p.pool.Make(expr.Mul, p.r, p.pool.Call(fn.Lookup("cos"), p.a))
		case n.Op() == expr.Var && n.Name() == p.y:
			return p.pool.Make(expr.Mul, p.r, p.pool.Call(fn.Lookup("sin"), p.a))
		case n.IsCall("atan2") && is(0, p.y) && is(1, p.x):
			return p.a
		case n.IsCall("hypot") && (is(0, p.x) && is(1, p.y) || is(0, p.y) && is(1, p.x)):
			return p.r
		case n.IsCall("sqrt"):
			if k, ok := p.powerOfRadius(args[0]); ok {
				return p.pool.Make(expr.Pow, p.r, p.pool.Num(k.Mul(number.Frac(1, 2))))
			}
		case n.Op() == expr.Add:
			return p.sum(n, args)
		case n.Op() == expr.Pow && n.Arg(1).Op() == expr.Num:
			if k, ok := p.powerOfRadius(args[0]); ok {
				return p.pool.Make(expr.Pow, p.r, p.pool.Num(k.Mul(n.Arg(1).Number())))
			}
		}
		return expr.Remake(n, p.pool, args, nil)
	})
}

// powerOfRadius returns k for r^k.
func (p *polar) powerOfRadius(e expr.Expr) (number.Number, bool) {
	switch {
	case e == p.r:
		return number.Int(1), true
	case e.Op() == expr.Pow && e.Arg(0) == p.r && e.Arg(1).Op() == expr.Num:
		return e.Arg(1).Number(), true
	}
	return number.Number{}, false
}

// sum is the sum n, of which args are the terms in polar coordinates, with c r^2 for c x^2 + c y^2.
func (p *polar) sum(n expr.Expr, args []expr.Expr) expr.Expr {
	squares := map[expr.Expr]int{} // the term c x^2, by c
	for i := range args {
		if c, ok := timesSquare(n.Arg(i), p.x); ok {
			squares[c] = i
		}
	}
	terms := slices.Clone(args)
	for k := range args {
		c, ok := timesSquare(n.Arg(k), p.y)
		if i, both := squares[c]; ok && both {
			terms[i], terms[k] = p.pool.Make(expr.Mul, p.in(c), p.pool.Make(expr.Pow, p.r, p.pool.Int(2))), p.pool.Int(0)
			if c.IsNum(1) {
				terms[i] = terms[i].Arg(1)
			}
		}
	}
	if terms = slices.DeleteFunc(terms, func(e expr.Expr) bool { return e.IsNum(0) }); len(terms) == 1 {
		return terms[0]
	}
	return p.pool.Make(expr.Add, terms...)
}

// timesSquare returns c for the product c x^2, which is tidy.
func timesSquare(e expr.Expr, x string) (c expr.Expr, ok bool) {
	pool, rest := e.Pool(), []expr.Expr{}
	for _, f := range e.Factors() {
		if f.Op() == expr.Pow && f.Arg(1).IsNum(2) && f.Arg(0).Op() == expr.Var && f.Arg(0).Name() == x {
			ok = true
		} else {
			rest = append(rest, f)
		}
	}
	switch len(rest) {
	case 0:
		return pool.Int(1), ok
	case 1:
		return rest[0], ok
	}
	return pool.Make(expr.Mul, rest...), ok
}
