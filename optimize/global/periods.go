package global

import (
	"fmt"
	"slices"
	"strings"

	"nabla/diff"
	"nabla/expr"
	"nabla/expr/format"
	"nabla/expr/number"
	"nabla/expr/simplify"
	"nabla/expr/tape"
	"nabla/optimize/global/certificate"
	"nabla/optimize/global/internal/exact"
	"nabla/optimize/global/internal/form"
)

// byPeriods answers for a function that is periodic in some of its variables: it
// takes all its values while these go through one period each, and whatever it
// does there it does again. It returns nil where there is no period.
func (s *session) byPeriods() *Answer {
	if len(s.m.Cons) > 0 || s.m.N < 2 || s.inPeriod {
		return nil
	}
	f := simplify.Tidy(s.p.F)
	if f.Size() > form.MaxSize || !form.SameDomain(s.p.F, f) {
		return nil
	}
	t := simplify.New()
	bounds := make([]Bound, s.m.N)
	copy(bounds, s.p.Bounds)
	periods := make([]expr.Expr, s.m.N)
	some := false
	for i, x := range s.p.Vars {
		if b := bounds[i]; b.Lo.Valid() || b.Hi.Valid() || !f.Has(x) {
			continue
		}
		p, ok := periodIn(t, f, x)
		if !ok {
			continue
		}
		// Extrema like multiples of fractions with small denominators; the ends do not.
		periods[i], some = p, true
		bounds[i] = Bound{Lo: t.Mul(t.Num(number.Frac(-3, 7)), p), Hi: t.Mul(t.Num(number.Frac(4, 7)), p)}
	}
	if !some {
		return nil
	}
	q, m := s.withBounds(bounds)
	o := s.o
	sub := &session{ctx: s.ctx, p: q, o: o, m: m, bound: s.bound, inPeriod: true}
	a := sub.attempt()
	s.warnings = append(s.warnings, sub.warnings...)
	s.b = nil // what was searched is not the whole region
	a.Warnings = slices.DeleteFunc(a.Warnings, func(string) bool { return a.Status == Failed })
	if a.Status == Failed {
		return nil
	}
	var names []string
	for i, p := range periods {
		if p.Valid() {
			names = append(names, fmt.Sprintf("%s in %s", format.Text(p), s.p.Vars[i]))
		}
	}
	a.Proof = append([]string{"f has the period " + strings.Join(names, ", ") + ", so that one period of each shows all"}, a.Proof...)
	if s.o.Certificate {
		a.Argument.Reduction = &certificate.Reduction{Kind: certificate.Period, Parts: []*certificate.Certificate{certify(q, a, sub.steps(a))}}
	}
	if a.Status == Local {
		// The stationary point is none of another kind for being repeated.
		return a
	}
	for i, x := range a.Minimisers {
		a.Minimisers[i].Family = familyOf(s.p.Vars, x.X, x.Exact, x.Family, periods)
	}
	for i, x := range a.Stationary {
		a.Stationary[i].Family = familyOf(s.p.Vars, x.X, x.Exact, x.Family, periods)
	}
	return a
}

// familyOf describes the point x moved by whole numbers of periods.
func familyOf(vars []string, x []float64, exact []expr.Expr, family string, periods []expr.Expr) string {
	if family != "" {
		return family
	}
	count := 0
	for _, p := range periods {
		if p.Valid() {
			count++
		}
	}
	t := simplify.New()
	parts := make([]string, len(vars))
	k := 0
	for i, v := range vars {
		at := format.Number(x[i], 6)
		if i < len(exact) && exact[i].Valid() {
			at = format.Text(exact[i])
		}
		if periods[i].Valid() {
			k++
			name := "k"
			if count > 1 {
				name = fmt.Sprint("k", k)
			}
			step := t.Mul(t.Tidy(periods[i]), t.Var(name))
			if at == "0" {
				at = format.Text(step)
			} else {
				at += " + " + format.Text(step)
			}
		}
		parts[i] = v + " = " + at
	}
	return strings.Join(parts, ", ")
}

// periodIn returns a period of f in x: x occurs only in sines, cosines and the
// like, of arguments that grow by constants with x, and these constants are
// rational multiples of one of them.
func periodIn(t *simplify.Tidier, f expr.Expr, x string) (expr.Expr, bool) {
	var speeds []expr.Expr
	ok := expr.Fold(f, func(n expr.Expr, args []bool) bool {
		if n.Op() == expr.Var {
			return n.Name() != x
		}
		if !slices.Contains(args, false) {
			return true
		}
		if n.Op() != expr.Call || len(args) != 1 || !slices.Contains([]string{"sin", "cos", "tan", "sec", "csc", "cot"}, n.Func().Name) {
			return false
		}
		c := t.Tidy(diff.D(n.Arg(0), x))
		if !c.IsConstant() || form.DegreeIn(n.Arg(0), x) != 1 { // floor(x) has the slope 0 and grows
			return false
		}
		speeds = append(speeds, c)
		return true
	})
	if !ok || len(speeds) == 0 {
		return expr.Expr{}, false
	}
	turns := int64(1) // of the first
	for _, c := range speeds {
		r := t.Mul(c, t.Pow(speeds[0], t.Int(-1)))
		if r.Op() != expr.Num {
			return expr.Expr{}, false
		}
		// The least number of turns of which r times is whole.
		d := int64(1)
		for ; d <= 1000 && !r.Number().Mul(number.Int(d)).IsInt(); d++ {
		}
		if turns = turns / number.GCD(turns, d) * d; d > 1000 || turns > 1000 {
			return expr.Expr{}, false
		}
	}
	p := t.Mul(t.Int(2*turns), exact.Pi(t.Pool()), t.Pow(speeds[0], t.Int(-1)))
	v, known := tape.EncloseConstant(p)
	switch {
	case !known || v.Has(0):
		return expr.Expr{}, false
	case v.Hi < 0:
		p = t.Neg(p)
	}
	return p, true
}
