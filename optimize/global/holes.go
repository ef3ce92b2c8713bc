package global

import (
	"fmt"
	"slices"
	"strings"

	"nabla/diff"
	"nabla/expr"
	"nabla/expr/fn"
	"nabla/expr/format"
	"nabla/expr/interval"
	"nabla/expr/number"
	"nabla/expr/prove"
	"nabla/expr/simplify"
	"nabla/expr/tape"
	"nabla/optimize/global/internal/exact"
	"nabla/optimize/global/internal/form"
	"nabla/optimize/global/internal/model"
	"nabla/optimize/global/minimum"
)

// This file answers for formulas with holes: points that a part of the formula, as in sin(x) sin(y)/(x y), excludes, while the formula goes on
// continuously there. They are the zeros of analytic functions, which leave points near each point, so that the infimum is that without the holes.

// byHoles returns nil where there are no holes, or f without them is not settled.
func (s *session) byHoles() *Answer {
	if s.m.N < 2 || len(s.m.Cons) > 0 || s.p.F.Size() > maxEliminated || slices.ContainsFunc(s.m.Outer, interval.I.IsPoint) {
		return nil
	}
	asked := simplify.Domain(s.p.F)
	if !slices.ContainsFunc(asked, func(c expr.Expr) bool { return c.Op() == expr.Ne }) {
		return nil
	}
	g := filled(s.p.F)
	holes, ok := s.holesOf(g, asked)
	if !ok || len(holes) == 0 {
		return nil
	}
	q := *s.p
	q.F = g
	o := s.o
	o.Start = nil
	a, _, err := solveNormal(s.ctx, &q, o)
	if err != nil {
		return nil
	}
	var where []string
	for _, u := range holes {
		where = append(where, format.Text(u)+" = 0")
	}
	a.Proof = append([]string{fmt.Sprintf("f goes on continuously, as %s, where %s, and there are other points near all of these: the infimum is that without them",
		format.Text(g), strings.Join(where, " or "))}, a.Proof...)
	a.Domain, a.Stationary, a.StationaryComplete, a.Argument = s.p.domain(), nil, false, minimum.Argument{Path: a.Argument.Path}
	switch a.Status {
	case NotAttained:
		if len(a.Argument.Path) == s.m.N && s.holesAlong(holes, a.Argument.Path) {
			return nil
		}
		return a
	case Unbounded:
		if a.Witness == nil || a.Witness.Whole || len(a.Witness.Path) != s.m.N || s.holesAlong(holes, a.Witness.Path) {
			return nil
		}
		return a
	case Exact, Certified:
		return s.besideHoles(a, holes)
	}
	return nil
}

// filled is the tidy formula f with c sinc(w) for sin(w)/u and w = c u.
func filled(f expr.Expr) expr.Expr {
	t := simplify.New()
	return expr.Fold(t.Tidy(f), func(n expr.Expr, args []expr.Expr) expr.Expr {
		if n.Op() != expr.Mul {
			return expr.Remake(n, t, args, nil)
		}
		for i, e := range args {
			sine, k := e.BaseExp()
			if !sine.IsCall("sin") || !k.IsInt() || k.Sign() <= 0 {
				continue
			}
			for j, d := range args {
				u, m := d.BaseExp()
				if i == j || !m.IsInt() || m.Sign() >= 0 {
					continue
				}
				c, ok := constantRatio(t, sine.Arg(0), u)
				if !ok {
					continue
				}
				both := k // so many of each
				if m.Neg().Cmp(k) < 0 {
					both = m.Neg()
				}
				power := func(e expr.Expr, k number.Number) expr.Expr { return t.Pow(e, t.Num(k)) }
				args = slices.Clone(args)
				args[i] = t.Mul(power(sine, k.Sub(both)), power(t.Mul(c, t.Call(fn.Lookup("sinc"), sine.Arg(0))), both))
				args[j] = power(u, m.Add(both))
				break
			}
		}
		return t.Mul(args...)
	})
}

// constantRatio is the constant c with w = c u, false where there is none.
func constantRatio(t *simplify.Tidier, w, u expr.Expr) (c expr.Expr, ok bool) {
	for _, x := range u.Vars() {
		pool := t.Pool()
		c = t.Mul(t.Tidy(pool.Import(diff.D(w, x))), t.Pow(t.Tidy(pool.Import(diff.D(u, x))), t.Int(-1)))
		return c, c.IsConstant() && form.ConstantSign(c) != 0 && prove.Equal(w, t.Mul(c, u), prove.Budget{}).Equal
	}
	return c, false
}

// holesOf returns formulas that are 0 where f, of which the conditions are asked, is not defined and g is; false where there are more such points than
// zeros of analytic functions, or g is not seen to be continuous on an open set.
func (s *session) holesOf(g expr.Expr, asked []expr.Expr) (holes []expr.Expr, ok bool) {
	for n := range g.All() {
		if n.Op() == expr.If || n.Op() == expr.Call && n.Func().Jumps {
			return nil, false
		}
	}
	same := func(list []expr.Expr, c expr.Expr) bool {
		return slices.ContainsFunc(list, func(d expr.Expr) bool { return format.Text(d) == format.Text(c) })
	}
	holds := simplify.Domain(g)
	for _, c := range holds {
		if !same(asked, c) || c.Op() != expr.Ne && c.Op() != expr.Lt && c.Op() != expr.Gt {
			return nil, false
		}
	}
	for _, c := range asked {
		if same(holds, c) {
			continue
		}
		t := simplify.New()
		u := t.Sub(t.Tidy(c.Arg(0)), t.Tidy(c.Arg(1)))
		if c.Op() != expr.Ne || len(simplify.Domain(u)) > 0 || !form.Analytic(u) || !s.somewhere(u) {
			return nil, false
		}
		holes = append(holes, u)
	}
	return holes, true
}

// somewhere reports whether u is seen to be other than 0 at some point.
func (s *session) somewhere(u expr.Expr) bool {
	for _, x := range model.Starts(s.m.Outer, 3, 0) {
		at := make([]interval.I, len(x))
		for i, v := range x {
			at[i] = interval.Point(v)
		}
		if v, dec, ok := tape.EncloseOn(s.p.Vars, at, u); ok && dec[0] >= interval.Defined && !v[0].Has(0) {
			return true
		}
	}
	return false
}

// holesAlong reports whether one of the functions may be 0 all along the path.
func (s *session) holesAlong(holes []expr.Expr, path []expr.Expr) bool {
	return slices.ContainsFunc(holes, func(u expr.Expr) bool {
		pool := expr.NewPool()
		with := map[string]expr.Expr{}
		for i, x := range s.p.Vars {
			with[x] = pool.Import(path[i])
		}
		along := simplify.Tidy(pool.Substitute(pool.Import(u), with))
		return !form.Analytic(along) || prove.Zero(along, prove.Budget{}).Equal
	})
}

// besideHoles is the answer a for f with its holes: with the minimisers that are in none of these, or that f comes near to the value only; nil where that is open, with
// an answer for when nothing else tells.
func (s *session) besideHoles(a *Answer, holes []expr.Expr) *Answer {
	var kept []Point
	var box []interval.I // of the first one that is kept
	inside, sure := 0, true
	for i, m := range a.Minimisers {
		at := enclosed(m)
		if at == nil && i == 0 && len(a.Enclosure.At) == s.m.N && m.Family == "" {
			at = a.Enclosure.At
		}
		switch in, known := s.inHole(m, at, holes); {
		case !known:
			sure = false
		case in:
			inside++
		default:
			if len(kept) == 0 {
				box = at
			}
			kept = append(kept, m)
		}
	}
	if len(kept) > 0 {
		a.Minimisers, a.At, a.ExactAt, a.Enclosure = kept, kept[0].X, kept[0].Exact, &Enclosure{At: box, Value: a.Enclosure.Value}
		a.MinimisersComplete = a.MinimisersComplete && sure
		return a
	}
	first := a.Minimisers[0]
	if a.MinimisersComplete && sure && inside > 0 {
		a.Status, a.Attained, a.MinimisersComplete, a.Minimisers, a.At, a.ExactAt = NotAttained, false, false, nil, nil, nil
		a.Enclosure = &Enclosure{Value: a.Enclosure.Value}
		var towards []string
		for i, x := range s.p.Vars {
			to := format.Number(first.X[i], 6)
			if i < len(first.Exact) && first.Exact[i].Valid() {
				to = format.Text(first.Exact[i])
			}
			towards = append(towards, x+" → "+to)
		}
		a.Approached = strings.Join(towards, ", ")
		a.Proof = append(a.Proof, "all points with this value are excluded, but not those near them")
		return a
	}
	s.besideHole = s.nearHole(a, first)
	return nil
}

// inHole reports whether the point m, enclosed in a box, is in a hole, and whether that is known.
func (s *session) inHole(m Point, box []interval.I, holes []expr.Expr) (in, known bool) {
	if len(box) != s.m.N {
		return false, false
	}
	c := exact.NewConstants(simplify.New())
	for _, u := range holes {
		v, dec, ok := tape.EncloseOn(s.p.Vars, box, u)
		if !ok || dec[0] < interval.Defined {
			return false, false
		}
		if !v[0].Has(0) {
			continue
		}
		for i, x := range s.p.Vars {
			if u.Has(x) && (len(m.Exact) != s.m.N || !m.Exact[i].Valid()) {
				return false, false
			}
		}
		if !exact.IsZero(c, c.T.Tidy(s.valueAt(u, m.Exact))) {
			return false, false
		}
		in = true
	}
	return in, true
}

// nearHole is an answer by a point near m, at which f is near to the infimum of a; nil where none is seen.
func (s *session) nearHole(a *Answer, m Point) *Answer {
	const near = 1e-7
	x, at := slices.Clone(m.X), make([]interval.I, s.m.N)
	for _, sign := range [...]float64{1, -1} {
		for i := range x {
			x[i] = model.ClipTo(m.X[i]+sign*near*float64(i+2)/float64(i+1), s.m.Inner[i])
			at[i] = interval.Point(x[i])
		}
		v, dec, ok := tape.EncloseOn(s.p.Vars, at, s.p.F)
		if !ok || dec[0] < interval.Defined || !v[0].IsBounded() {
			continue
		}
		b := *a
		b.Status, b.Attained, b.MinimisersComplete, b.ExactValue, b.ExactAt = Local, true, false, expr.Expr{}, nil
		b.At, b.Value, b.Minimisers = x, v[0].Mid(), []Point{{X: x}}
		b.Enclosure = &Enclosure{At: at, Value: a.Enclosure.Value.Hull(v[0])}
		b.Argument.BesideInfimum = true
		b.Warnings = append(b.Warnings, "whether the value is attained is not settled: the points that have it may be excluded")
		return &b
	}
	return nil
}
