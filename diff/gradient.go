package diff

import (
	"slices"

	"nabla/expr"
	"nabla/expr/simplify"
)

// small is the product of nodes and variables up to which a gradient is
// computed one variable at a time, by the same sweep as D. Both sweeps are
// right; the forward one multiplies out less and reads like a textbook, the
// backward one costs the same for a million variables as for one. What a person
// reads fits in this many nodes.
const small = 4096

// Gradient returns the partial derivatives of e by vars, tidy, in one Pool, at
// a cost linear in e whatever the number of variables.
func Gradient(e expr.Expr, vars []string) []expr.Expr {
	s := newSweep(e)
	defer s.free()
	s.w.Reset(s.root)
	return s.collected(vars)
}

// Partials is Gradient with the conditions under which each of the partial
// derivatives holds.
func Partials(e expr.Expr, vars []string) []Derivative {
	s := newSweep(e)
	defer s.free()
	s.w.Reset(s.root)
	out := make([]Derivative, len(vars))
	for i, g := range s.collected(vars) {
		out[i] = Derivative{Wrt: vars[i : i+1], Expr: g}
	}
	if s.smooth() {
		return out
	}
	rewrites, implied := s.t.Conditions(), s.t.Implied(s.root)
	for i, x := range vars {
		all := simplify.Beyond(append(s.kinks(x), rewrites...), implied)
		if len(all) > 0 && s.w.Len()*len(vars) <= small {
			all = simplify.Beyond(all, s.t.Implied(out[i].Expr))
		}
		out[i].Conditions = all
	}
	return out
}

// smooth reports whether the rules hold on the whole natural domain.
func (s *sweep) smooth() bool {
	for _, n := range s.w.Each() {
		if n.Op().IsRelation() || n.Op() == expr.Call && n.Func().DWhere != nil {
			return false
		}
	}
	return len(s.t.Conditions()) == 0
}

// collected is gradient as a person leaves it, where a person reads it.
func (s *sweep) collected(vars []string) []expr.Expr {
	out := s.gradient(vars)
	if s.w.Len()*len(vars) <= small {
		for i, g := range out {
			out[i] = s.t.Neat(g)
		}
	}
	return out
}

// gradient returns the partial derivatives of the last node of s.w, which stay short when they are differentiated again.
func (s *sweep) gradient(vars []string) []expr.Expr {
	if len(vars) <= 1 || s.w.Len()*len(vars) <= small {
		out := make([]expr.Expr, len(vars))
		for i, x := range vars {
			out[i] = s.forward(x)
		}
		return out
	}
	return s.backward(vars)
}

// A contribution is a part of the adjoint of a node.
type contribution struct {
	part int32 // a node
	next int32 // the contribution before this one, or noMore
}

const noMore = -1

// backward returns the partial derivatives of the last node of s.w by vars in
// one sweep from the users to the operands (reverse mode; Griewank and Walther,
// Evaluating Derivatives, 2nd ed., algorithm 3.3, on formulas instead of
// numbers). The contributions to the adjoint of a node are kept in a list and
// summed once, when all its users are done.
func (s *sweep) backward(vars []string) []expr.Expr {
	zero := s.t.Int(0)
	wanted := make(map[string]int, len(vars))
	out := make([]expr.Expr, len(vars))
	for i, x := range vars {
		wanted[x] = i
		out[i] = zero
	}
	active := resize(&s.has, s.w.Len())
	for i, n := range s.w.Each() {
		if active[i] = false; n.Op() == expr.Var {
			_, active[i] = wanted[n.Name()]
			continue
		}
		s.places = s.w.AppendPlaces(s.places[:0], i)
		for _, k := range s.places {
			if active[k] {
				active[i] = true
				break
			}
		}
	}
	heads := resize(&s.heads, s.w.Len())
	for i := range heads {
		heads[i] = noMore
	}
	s.given = s.given[:0]
	s.give(s.w.Len()-1, s.t.Int(1))
	for i, n := range s.w.Back() {
		if !active[i] || heads[i] == noMore || n.Op().IsCondition() {
			continue
		}
		g := s.adjoint(i)
		switch {
		case g == zero:
		case n.Op() == expr.Var:
			out[wanted[n.Name()]] = g
		default:
			s.propagate(i, n, g)
		}
	}
	return out
}

// give adds g to the adjoint of the node at place i.
func (s *sweep) give(i int, g expr.Expr) {
	s.given = append(s.given, contribution{g.ID(), s.heads[i]})
	s.heads[i] = int32(len(s.given) - 1)
}

// adjoint returns the sum of what was given to the node at place i, in the order
// in which it was given.
func (s *sweep) adjoint(i int) expr.Expr {
	p := s.t.Pool()
	s.terms = s.terms[:0]
	for k := s.heads[i]; k != noMore; k = s.given[k].next {
		s.terms = append(s.terms, p.At(s.given[k].part))
	}
	if len(s.terms) == 1 {
		return s.terms[0]
	}
	slices.Reverse(s.terms)
	return s.t.Sum(s.terms...)
}

// propagate gives the operands of the node n at place i that are active their
// parts of its adjoint g.
func (s *sweep) propagate(i int, n, g expr.Expr) {
	t, at := &s.t, &s.site
	s.places = s.w.AppendPlaces(s.places[:0], i)
	args := n.AppendArgs(at.args[:0])
	at.args = args
	switch {
	case n.Op() == expr.Add:
		for _, place := range s.places {
			if s.has[place] {
				s.give(int(place), g)
			}
		}
	case n.Op() == expr.Mul && len(args) <= longProduct:
		for k, place := range s.places {
			if s.has[place] {
				was := args[k]
				args[k] = g // in the place of the operand
				s.give(int(place), t.Mul(args...))
				args[k] = was
			}
		}
	case n.Op() == expr.Mul:
		others := products(t.Pool(), args)
		for k, place := range s.places {
			if s.has[place] {
				s.give(int(place), t.Mul(g, others[k]))
			}
		}
	case n.Op() == expr.If:
		zero := t.Int(0)
		if place := s.places[1]; s.has[place] {
			s.give(int(place), t.Make(expr.If, args[0], g, zero))
		}
		if place := s.places[2]; s.has[place] {
			s.give(int(place), t.Make(expr.If, args[0], zero, g))
		}
	default:
		// The rule for n is linear in the derivatives of the operands. With g for
		// that of operand k and 0 for the others it gives the part of operand k.
		at.node, at.has, at.d = n, at.has[:0], at.d[:0]
		for range args {
			at.has, at.d = append(at.has, false), append(at.d, t.Int(0))
		}
		for k, place := range s.places {
			if s.has[place] {
				at.has[k], at.d[k] = true, g
				d, _ := at.derive()
				s.give(int(place), d)
				at.has[k], at.d[k] = false, t.Int(0)
			}
		}
	}
}
