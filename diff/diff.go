package diff

import (
	"nabla/expr"
	"nabla/expr/fn"
	"nabla/expr/simplify"
)

// A Derivative is a derivative with what must hold for it.
type Derivative struct {
	Wrt  []string // the variables, one for each differentiation
	Expr expr.Expr
	// Conditions hold where Expr is the derivative: away from kinks and jumps,
	// and off the points that simplification filled. That the formula itself
	// is defined is understood. They are in the Pool of Expr.
	Conditions []expr.Expr
}

// D returns the derivative of e by the variable x, tidy, in a Pool of its own.
// The cost is linear in e. Where e has kinks or jumps, Derive also says where
// the answer holds.
func D(e expr.Expr, x string) expr.Expr { return Derive(e, x).Expr }

// Derive returns the derivative of e by the variables wrt, one after the other:
// Derive(e, "x", "y") is d²e/dydx. Without variables it is e, tidy.
func Derive(e expr.Expr, wrt ...string) Derivative {
	s := newSweep(e)
	u := s.root
	var kinks []expr.Expr
	for _, x := range wrt {
		kinks = append(kinks, s.kinks(u, x)...)
		u = s.forward(u, x)
	}
	return Derivative{wrt, u, s.conditions(kinks)}
}

// A sweep differentiates within one Tidier.
type sweep struct {
	t    *simplify.Tidier
	root expr.Expr // the formula, tidy
}

// newSweep prepares e. Derivatives inside it are carried out first.
func newSweep(e expr.Expr) *sweep {
	w := expr.Order(e)
	// A derivative is mostly of the size of the formula.
	s := &sweep{t: simplify.In(expr.NewPoolSize(2 * w.Len()))}
	all := expr.FoldAll(w, func(n expr.Expr, args []expr.Expr) expr.Expr {
		if n.Op() == expr.Diff {
			return s.forward(args[0], args[1].Name())
		}
		return expr.Remake(n, s.t, args, nil)
	})
	s.root = all[len(all)-1]
	return s
}

// conditions returns kinks and the conditions of the rewrites, each once.
func (s *sweep) conditions(kinks []expr.Expr) []expr.Expr {
	seen := map[expr.Expr]bool{}
	var out []expr.Expr
	for _, c := range append(kinks, s.t.Conditions(s.root)...) {
		if truth, known := simplify.Truth(c); known && truth || seen[c] {
			continue
		}
		seen[c] = true
		out = append(out, c)
	}
	return out
}

// depends reports for each node of w whether x occurs in it.
func depends(w *expr.Walk, x string) []bool {
	return expr.FoldAll(w, func(n expr.Expr, args []bool) bool {
		if n.Op() == expr.Var {
			return n.Name() == x
		}
		for _, a := range args {
			if a {
				return true
			}
		}
		return false
	})
}

// forward returns the derivative of e by x: the rule that fits, at each node
// that depends on x, operands first.
func (s *sweep) forward(e expr.Expr, x string) expr.Expr { return s.forwardOn(expr.Order(e), x) }

// forwardOn is forward for the last node of w.
func (s *sweep) forwardOn(w *expr.Walk, x string) expr.Expr {
	has := depends(w, x)
	if !has[w.Len()-1] {
		return s.t.Int(0)
	}
	d := make([]expr.Expr, w.Len())
	var args []expr.Expr
	var argHas []bool
	for i, n := range w.Each() {
		if !has[i] || n.Op().IsCondition() {
			continue
		}
		args, argHas = n.AppendArgs(args[:0]), argHas[:0]
		for _, a := range args {
			argHas = append(argHas, has[w.Place(a)])
		}
		d[i], _ = site{s.t, n, args, argHas, func(k int) expr.Expr {
			if place := w.Place(args[k]); has[place] {
				return d[place]
			}
			return s.t.Int(0)
		}}.derive()
	}
	return d[len(d)-1]
}

// kinks returns the conditions under which the rules used on e by x hold: those
// of the rows of functions, and that no case distinction is at its border.
func (s *sweep) kinks(e expr.Expr, x string) []expr.Expr {
	var out []expr.Expr
	w := expr.Order(e)
	var has []bool // computed when first needed: most formulas have no kink
	dependent := func(u expr.Expr) bool {
		if has == nil {
			has = depends(w, x)
		}
		return has[w.Place(u)]
	}
	for _, n := range w.Each() {
		switch {
		case n.Op().IsRelation():
			if dependent(n) {
				out = append(out, s.t.Make(expr.Ne, n.Arg(0), n.Arg(1)))
			}
		case n.Op() == expr.Call && n.Func().DWhere != nil:
			out = append(out, s.rowConditions(n, dependent)...)
		}
	}
	return out
}

func (s *sweep) rowConditions(n expr.Expr, dependent func(expr.Expr) bool) []expr.Expr {
	f, args := n.Func(), n.AppendArgs(nil)
	if f.Variadic {
		if f.DWhere[0] != fn.Untied || !dependent(n) {
			return nil
		}
		var out []expr.Expr
		for i := range args {
			for j := range i {
				out = append(out, s.t.Make(expr.Ne, args[j], args[i]))
			}
		}
		return out
	}
	var out []expr.Expr
	for i, c := range f.DWhere {
		if c != "" && dependent(args[i]) {
			out = append(out, simplify.Instance(f, c, s.t, args))
		}
	}
	return out
}
