package univariate

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"nabla/expr"
	"nabla/expr/fn"
	"nabla/expr/format"
	"nabla/expr/interval"
	"nabla/expr/number"
	"nabla/expr/simplify"
	"nabla/optimize/global/internal/exact"
	"nabla/optimize/global/minimum"
)

// This file is about formulas of waves whose angular speeds s1, s2, … are linearly independent over the rationals, f(x) = F(s1 x, s2 x, …) for a
// continuous F with the period 2π in each variable. By Kronecker's theorem the phases come, on every half-line, as near as one likes to any
// that are given, so that the infimum of f is the minimum of F. It is taken where all phases are those of a minimiser of F.

// Several answers what the least value of f is for variables between bounds, nil for nothing.
type Several func(ctx context.Context, f expr.Expr, vars []string, bounds []minimum.Bound) *minimum.Answer

type severalKey struct{}

// WithSeveral returns a context in which questions of one variable may lead to some of several.
func WithSeveral(ctx context.Context, several Several) context.Context {
	return context.WithValue(ctx, severalKey{}, several)
}

// A torus is f as a function F of several phases.
type torus struct {
	f      expr.Expr
	vars   []string
	speeds []expr.Expr
}

// torusOf writes the formula as a function of phases that are independent; false where it is not seen to be a continuous one.
func (l *line) torusOf() (o torus, ok bool) {
	t, pool := l.T, l.T.Pool()
	list, ok := l.angularSpeeds(l.raw, true)
	if !ok {
		return o, false
	}
	var classes [][]expr.Expr
	for _, d := range list {
		i := slices.IndexFunc(classes, func(c []expr.Expr) bool { return l.commensurable(c[0], d) })
		if i < 0 {
			i, classes = len(classes), append(classes, nil)
		}
		classes[i] = append(classes[i], d)
	}
	if len(classes) < 2 || len(classes) > 3 {
		return o, false
	}
	for i, c := range classes {
		speed, ok := l.commonDivisor(c)
		if !ok {
			return o, false
		}
		o.speeds, o.vars = append(o.speeds, speed), append(o.vars, fmt.Sprint(l.Name, "_", i+1))
	}
	if rows, ok := l.Consts.Ring.Coordinates(o.speeds); !ok || exact.Rank(rows) < len(rows) {
		return o, false
	}
	o.f = expr.Fold(l.raw, func(n expr.Expr, args []expr.Expr) expr.Expr {
		if isPeriodic(n) {
			if u := l.tidyNode(n.Arg(0)); u.Has(l.Name) && l.Slope(u).Valid() {
				i := slices.IndexFunc(classes, func(c []expr.Expr) bool { return slices.Contains(c, l.Slope(u)) })
				turn := t.Mul(l.Consts.Simplify(t.Mul(l.Slope(u), t.Pow(o.speeds[i], t.Int(-1)))), t.Var(o.vars[i]))
				return pool.Call(n.Func(), t.Add(turn, l.Substitute(u, t.Int(0))))
			}
		}
		return expr.Remake(n, pool, args, nil)
	})
	for _, y := range o.vars {
		if !continuousIn(o.f, pool.Var(y)) {
			return o, false
		}
	}
	return o, !o.f.Has(l.Name) && len(simplify.Domain(o.f)) == 0
}

// onTorus answers for a function of independent phases, nil where the minimum of it, or whether it is taken, is not settled.
func (s *study) onTorus(ctx context.Context) *answer {
	several, ok := ctx.Value(severalKey{}).(Several)
	if !ok || s.l.depth > 1 {
		return nil
	}
	l := s.l
	o, ok := l.torusOf()
	if !ok {
		return nil
	}
	t := l.T
	turns := func(n int64) expr.Expr { return t.Mul(t.Num(number.Frac(n, 7)), t.Call(fn.Lookup("pi"))) }
	bounds := slices.Repeat([]minimum.Bound{{Lo: turns(-6), Hi: turns(8)}}, len(o.vars)) // extrema like multiples of fractions with small denominators; the ends do not
	sub := several(ctx, o.f, o.vars, bounds)
	if sub == nil || sub.Status != minimum.Exact || !sub.ExactValue.Valid() {
		return nil
	}
	least := t.Pool().Import(sub.ExactValue)
	if at, sure := s.whereAllMeet(&o, sub, least); sure {
		if !s.phases(least, l.Consts.Enclose(least), at) {
			return nil
		}
	} else if z, ok := s.whereLeast(&o, sub, least); !ok || !s.phases(least, l.Consts.Enclose(least), []expr.Expr{z}) {
		return nil
	} else {
		s.a.MinimisersComplete = false
	}
	s.a.Method = "phases of independent waves"
	s.a.Proof = s.torusProof(&o, sub, least)
	return s.a
}

// whereLeast looks for a place in the question at which one of the phases is that of a minimiser of F, and f has the least value.
func (s *study) whereLeast(o *torus, sub *minimum.Answer, least expr.Expr) (at expr.Expr, ok bool) {
	const (
		far  = 40 // periods
		most = 4  // places that are looked at closely
		near = 1e-9
	)
	l, t := s.l, s.l.T
	m := l.Program(l.tidyNode(l.raw))
	if m == nil {
		return at, false
	}
	value, looked := l.Consts.Enclose(least), 0
	for k := range int64(2*far + 1) {
		if k = k / 2; k%2 == 1 {
			k = -k
		}
		for _, p := range sub.Minimisers {
			for i, speed := range o.speeds {
				if len(p.X) <= i || looked == most {
					return at, false
				}
				x := (p.X[i] + 2*math.Pi*float64(k)) / l.Consts.Enclose(speed).Mid()
				v, _ := exact.Evaluate(m, interval.Point(x))
				if len(p.Exact) <= i || !p.Exact[i].Valid() || !(math.Abs(v[0].Mid()-value.Mid()) < near) {
					continue
				}
				looked++
				z := l.Consts.Simplify(t.Mul(t.Add(t.Pool().Import(p.Exact[i]), t.Mul(t.Int(2*k), t.Call(fn.Lookup("pi")))), t.Pow(speed, t.Int(-1))))
				spot := exact.At(l.Consts, z)
				a, ok1 := l.Consts.CompareSpots(s.lo, spot)
				b, ok2 := l.Consts.CompareSpots(spot, s.hi)
				if !ok1 || !ok2 || a >= 0 || b >= 0 {
					continue
				}
				if v, defined, sure := l.valueAt(z); sure && defined {
					if c, ok := l.Consts.Compare(v, least); ok && c == 0 {
						return z, true
					}
				}
			}
		}
	}
	return at, false
}

// whereAllMeet returns all places at which the phases are those of a minimiser of F, and whether it is known which these are.
func (s *study) whereAllMeet(o *torus, sub *minimum.Answer, least expr.Expr) (at []expr.Expr, sure bool) {
	l, t := s.l, s.l.T
	if !sub.MinimisersComplete {
		return nil, false
	}
	inverse := func(i int) expr.Expr { return t.Pow(o.speeds[i], t.Int(-1)) }
	place := func(p minimum.Point, i int) expr.Expr {
		return l.Consts.Simplify(t.Mul(t.Pool().Import(p.Exact[i]), inverse(i)))
	}
	period := func(i int) expr.Expr {
		return l.Consts.Simplify(t.Mul(t.Int(2), t.Call(fn.Lookup("pi")), inverse(i)))
	}
	for _, p := range sub.Minimisers {
		if p.Family != "" || len(p.Exact) < len(o.vars) || slices.ContainsFunc(p.Exact, func(e expr.Expr) bool { return !e.Valid() }) {
			return nil, false
		}
		z, found, sure := l.meeting(place(p, 0), period(0), place(p, 1), period(1))
		if !sure {
			return nil, false
		}
		if !found || slices.Contains(at, z) {
			continue
		}
		v, defined, sure := l.valueAt(z)
		c, ok := l.Consts.Compare(v, least)
		if !sure || !defined || !ok {
			return nil, false
		}
		if c == 0 {
			at = append(at, z)
		}
	}
	return at, true
}

// torusProof says why the infimum is the minimum of F.
func (s *study) torusProof(o *torus, sub *minimum.Answer, least expr.Expr) []string {
	l := s.l
	var phases []string
	for i, y := range o.vars {
		phases = append(phases, fmt.Sprintf("%s = %s", y, format.Text(l.T.Mul(o.speeds[i], l.Var))))
	}
	bound, extremum := "infimum", "minimum"
	if l.max {
		bound, extremum = "supremum", "maximum"
	}
	name := minimum.NameFor(sub.Proof, o.vars)
	out := []string{
		fmt.Sprintf("f = %s with %s = %s and %s, whose speeds are linearly independent over the rationals", name, name, format.Text(s.outExact(l.tidyNode(o.f))), strings.Join(phases, " and ")),
		fmt.Sprintf("so these phases come as near as you like to any given ones (Kronecker's theorem), and the %s of f is the %s of %s, %s", bound, extremum, name, s.valueText(least)),
	}
	if !l.max {
		for _, line := range sub.Proof {
			out = append(out, minimum.Called(line, name))
		}
	}
	if s.a.Attained {
		return append(out, fmt.Sprintf("f has this value at %s", s.meetingText()))
	}
	return append(out, fmt.Sprintf("there is no %s at which the phases are those of a point where %s has it, so f never has the value", l.Name, name))
}
