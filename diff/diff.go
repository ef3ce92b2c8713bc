package diff

import (
	"sync"

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
func D(e expr.Expr, x string) expr.Expr {
	s := newSweep(e)
	defer s.free()
	s.w.Reset(s.root)
	return s.t.Neat(s.forward(x))
}

// Derive returns the derivative of e by the variables wrt, one after the other:
// Derive(e, "x", "y") is d²e/dydx. Without variables it is e, tidy.
func Derive(e expr.Expr, wrt ...string) Derivative {
	s := newSweep(e)
	defer s.free()
	u := s.root
	var kinks []expr.Expr
	for _, x := range wrt {
		s.w.Reset(u)
		kinks = append(kinks, s.kinks(x)...)
		u = s.forward(x)
	}
	if len(wrt) > 0 {
		u = s.t.Neat(u) // not before: it is as a sum of terms that the next one stays short
	}
	return Derivative{wrt, u, s.conditions(kinks, u)}
}

// A sweep differentiates within one Tidier. What it writes on serves the next
// one again.
type sweep struct {
	t    simplify.Tidier
	root expr.Expr // the formula, tidy

	w      expr.Walk // of the formula to differentiate
	has    []bool    // by place in w: whether a variable in question occurs
	value  []int32   // by place: the node of a derivative, or of a tidy form
	site   site
	places []int32

	// The contributions to adjoints: those to the adjoint of a place in w are
	// heads[place], its next, and so on; noMore ends the list.
	heads []int32
	given []contribution
	terms []expr.Expr
}

// sweeps holds sweeps to use again, so that small derivatives allocate little
// besides their answers.
var sweeps = sync.Pool{New: func() any { return new(sweep) }}

// maxKept is the number of nodes of a formula up to which its sweep is kept.
const maxKept = 1 << 15

// newSweep prepares e. Derivatives inside it are carried out first.
func newSweep(e expr.Expr) *sweep {
	s := sweeps.Get().(*sweep)
	s.w.Reset(e)
	n := s.w.Len()
	// A derivative is mostly of the size of the formula.
	s.t.Reset(expr.NewPoolSize(2*n + min(n, 100)))
	s.site.t = &s.t
	p := s.t.Pool()
	value := resize(&s.value, n)
	for i := range n {
		d := s.w.At(i)
		s.places = s.w.AppendPlaces(s.places[:0], i)
		args := s.site.args[:0]
		for _, k := range s.places {
			args = append(args, p.At(value[k]))
		}
		s.site.args = args
		if d.Op() == expr.Diff {
			inner := sweep{t: s.t}
			inner.site.t = &inner.t
			inner.w.Reset(args[0])
			value[i] = inner.forward(args[1].Name()).ID()
			s.t = inner.t
			continue
		}
		value[i] = s.t.Remake(d, args).ID()
	}
	s.root = p.At(value[n-1])
	return s
}

// free gives s back for the next sweep.
func (s *sweep) free() {
	if cap(s.value) <= maxKept {
		s.root = expr.Expr{}
		s.t.Reset(nil)
		sweeps.Put(s)
	}
}

// resize makes *s a slice of n elements, whatever they are.
func resize[T any](s *[]T, n int) []T {
	if cap(*s) < n {
		*s = make([]T, n+n/4)
	}
	*s = (*s)[:n]
	return *s
}

// conditions returns the conditions of the rewrites after kinks, each once, but
// for those that hold wherever the formula is defined, or its derivative d: where
// d has no value it claims nothing.
func (s *sweep) conditions(kinks []expr.Expr, d expr.Expr) []expr.Expr {
	all := append(kinks, s.t.Conditions()...)
	if len(all) == 0 {
		return nil
	}
	return simplify.Beyond(all, s.t.Implied(s.root, d))
}

// depends finds out for each node of s.w whether x occurs in it.
func (s *sweep) depends(x string) []bool {
	has := resize(&s.has, s.w.Len())
	for i, n := range s.w.Each() {
		if has[i] = false; n.Op() == expr.Var {
			has[i] = n.Name() == x
			continue
		}
		s.places = s.w.AppendPlaces(s.places[:0], i)
		for _, k := range s.places {
			if has[k] {
				has[i] = true
				break
			}
		}
	}
	return has
}

// forward returns the derivative of the last node of s.w by x: the rule that
// fits, at each node that depends on x, operands first.
func (s *sweep) forward(x string) expr.Expr {
	has := s.depends(x)
	n := s.w.Len()
	zero := s.t.Int(0)
	if !has[n-1] {
		return zero
	}
	p := s.t.Pool()
	d := resize(&s.value, n)
	at := &s.site
	for i, n := range s.w.Each() {
		if !has[i] || n.Op().IsCondition() {
			continue
		}
		s.places = s.w.AppendPlaces(s.places[:0], i)
		at.node, at.args, at.has, at.d = n, n.AppendArgs(at.args[:0]), at.has[:0], at.d[:0]
		for k, place := range s.places {
			at.has = append(at.has, has[place])
			if has[place] && !at.args[k].Op().IsCondition() {
				at.d = append(at.d, p.At(d[place]))
			} else {
				at.d = append(at.d, zero)
			}
		}
		e, _ := at.derive()
		d[i] = e.ID()
	}
	return p.At(d[n-1])
}

// kinks returns the conditions under which the rules used on the last node of
// s.w by x hold: those of the rows of functions, and that no case distinction is
// at its border.
func (s *sweep) kinks(x string) []expr.Expr {
	var out []expr.Expr
	var has []bool // computed when first needed: most formulas have no kink
	dependent := func(u expr.Expr) bool {
		if has == nil {
			has = s.depends(x)
		}
		return has[s.w.Place(u)]
	}
	for _, n := range s.w.Each() {
		switch {
		case n.Op().IsRelation():
			if dependent(n) {
				out = s.apart(out, n.Arg(0), n.Arg(1))
			}
		case n.Op() == expr.Call && n.Func().DWhere != nil:
			out = append(out, s.rowConditions(n, dependent)...)
		}
	}
	return out
}

// apart appends u != v to list, unless u - v is a number: then the same of the two
// is always the larger, or they are one.
func (s *sweep) apart(list []expr.Expr, u, v expr.Expr) []expr.Expr {
	if d := s.t.Sub(u, v); d.Op() == expr.Num {
		return list
	}
	return append(list, s.t.Make(expr.Ne, u, v))
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
				out = s.apart(out, args[j], args[i])
			}
		}
		return out
	}
	var out []expr.Expr
	for i, c := range f.DWhere {
		if c != "" && dependent(args[i]) {
			out = append(out, simplify.Instance(f, c, &s.t, args))
		}
	}
	return out
}
