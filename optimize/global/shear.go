package global

import (
	"slices"

	"nabla/expr"
	"nabla/expr/format"
	"nabla/expr/interval"
	"nabla/expr/simplify"
	"nabla/expr/tape"
	"nabla/optimize/global/internal/form"
)

// byShear answers for a formula with parts u = y + h(x), y being a variable without bounds and h a formula of the others that is
// not linear, that is shorter in u than in y and has no such parts then: u may have all values whatever the others are,
// and takes the place of y.
// It returns nil where there is no such variable, or what is left is not settled.
func (s *session) byShear() *Answer {
	const most = 5 // formulas to be tried
	if len(s.m.Cons) > 0 || s.m.N < 2 || s.m.F.Size() > form.MaxSize/10 {
		return nil
	}
	t := simplify.New()
	f := t.Tidy(s.p.F)
	name := s.innerName()
	if name == "" || !form.SameDomain(s.p.F, f) {
		return nil
	}
	for k, y := range s.p.Vars {
		if s.p.Bounds != nil && (s.p.Bounds[k].Lo.Valid() || s.p.Bounds[k].Hi.Valid()) {
			continue
		}
		for i, h := range shears(t, f, y) {
			if i == most {
				break
			}
			c := &change{names: slices.Clone(s.p.Vars), of: s.variables(t), back: s.variables(t), method: "a new variable", share: 0.5}
			c.names[k], c.of[k], c.back[k] = name, t.Add(t.Var(y), h), t.Sub(t.Var(name), h)
			pool := expr.NewPool()
			raw := pool.Substitute(pool.Import(f), map[string]expr.Expr{y: pool.Import(c.back[k])})
			g := simplify.Tidy(raw)
			if g.Size() >= f.Size() || len(shears(t, t.Tidy(g), name)) > 0 || !form.SameDomain(raw, g) || !s.definedEverywhere(h) {
				continue
			}
			c.with = name + " = " + format.Text(c.of[k])
			return s.byChange(c, &Problem{F: g, Vars: c.names, Bounds: s.p.Bounds, Max: s.p.Max})
		}
	}
	return nil
}

// shears lists the formulas h without y that are added to y, or c h to c y, in parts of the tidy formula f other than itself.
func shears(t *simplify.Tidier, f expr.Expr, y string) (list []expr.Expr) {
	for n := range f.All() {
		if n.Op() != expr.Add || n == f || !n.Has(y) {
			continue
		}
		var scale expr.Expr
		rest := []expr.Expr{t.Int(0), t.Int(0)}
		for _, e := range n.AppendArgs(nil) {
			switch {
			case !e.Has(y):
				if !e.IsConstant() {
					rest = append(rest, e)
				}
			case e.Op() == expr.Var:
				scale = t.Int(1)
			case e.Op() == expr.Mul && e.Len() == 2 && e.Arg(0).Op() == expr.Num && e.Arg(1).Op() == expr.Var:
				scale = e.Arg(0)
			}
		}
		if !scale.Valid() {
			continue
		}
		h := t.Mul(t.Pow(scale, t.Int(-1)), t.Add(rest...))
		if h.Op() == expr.Mul && h.Len() == 2 && h.Arg(1).Op() == expr.Add { // term by term
			terms := h.Arg(1).AppendArgs(nil)
			for i := range terms {
				terms[i] = t.Mul(h.Arg(0), terms[i])
			}
			h = t.Add(terms...)
		}
		if !slices.Contains(list, h) && !h.IsConstant() && form.LinearIn(h, h.Vars()).Degree > 1 {
			list = append(list, h)
		}
	}
	return list
}

// definedEverywhere reports whether e is proved to have a value all over the region.
func (s *session) definedEverywhere(e expr.Expr) bool {
	_, dec, ok := tape.EncloseOn(s.p.Vars, s.m.Outer, e)
	return ok && dec[0] >= interval.Defined
}
