package check

import (
	"slices"

	"nabla/expr"
	"nabla/expr/simplify"
)

// A fault is a mistake at one place of a tree.
type fault struct {
	at    *tree
	kind  string
	says  string
	prior float64
	value bool // make gives the value at the place, not the derivative
	// general says that the row is about functions of any name.
	general bool
	make    func(lookup) expr.Expr
}

// mutant returns the value of the tree root with faults, everything that follows
// from them done right.
func (b *bench) mutant(root *tree, faults ...*fault) expr.Expr {
	type changed struct {
		t    *tree
		e, d expr.Expr
	}
	var path []changed
	for _, f := range faults {
		for t := f.at; t != nil; t = t.parent {
			if !slices.ContainsFunc(path, func(c changed) bool { return c.t == t }) {
				path = append(path, changed{t: t})
			}
			if t == root {
				break
			}
		}
	}
	slices.SortStableFunc(path, func(a, b changed) int { return b.t.depth - a.t.depth })
	done := 0
	now := func(t *tree) (expr.Expr, expr.Expr) {
		for _, c := range path[:done] {
			if c.t == t {
				return c.e, c.d
			}
		}
		return t.e, t.d
	}
	for ; done < len(path); done++ {
		c := &path[done]
		c.e, c.d = b.settled(c.t, now)
		for _, f := range faults {
			if f.at != c.t {
				continue
			}
			if f.value {
				c.e = f.make(now)
				if c.t.diff {
					c.d = b.d(c.e, b.x)
				}
			} else {
				c.d = f.make(now)
			}
		}
	}
	e, _ := now(root)
	return e
}

// faults returns every mistake of the tables that can be made in the tree root:
// wrong derivatives inside derivatives, and wrong rewritings, of less weight,
// everywhere.
func (b *bench) faults(root *tree, rewriting float64) []*fault {
	var out []*fault
	root.each(func(t *tree) {
		if t.diff {
			out = b.derivativeFaults(out, t)
		}
		if rewriting > 0 && t.op != expr.Diff {
			out = b.rewritingFaults(out, t, rewriting)
		}
	})
	return out
}

func (b *bench) match(out []*fault, t *tree, r *rule, weight float64) []*fault {
	m := &matching{b: b}
	found := 0
	m.match(r.from, t, r.value, true, func() bool {
		bound, f, rest := slices.Clone(m.bound), m.f, m.rest
		if r.cond.Valid() {
			c := b.build(r.cond, bound, f, nil, func(t *tree) (expr.Expr, expr.Expr) { return t.e, t.d })
			if !holds(c) {
				return true
			}
		}
		out = append(out, &fault{
			at: t, kind: r.kind, says: r.says, prior: r.prior * weight, value: r.value, general: r.from.op == expr.Call && r.from.f == nil,
			make: func(at lookup) expr.Expr { return b.build(r.to, bound, f, rest, at) },
		})
		found++
		return found < 12
	})
	return out
}

// derivativeFaults appends the wrong derivatives of the node t.
func (b *bench) derivativeFaults(out []*fault, t *tree) []*fault {
	first := len(out)
	for _, r := range derivativeTable()[t.op] {
		out = b.match(out, t, r, 1)
	}
	out = b.specific(out, first)
	add := func(kind, says string, prior float64, make func(lookup) expr.Expr) {
		out = append(out, &fault{at: t, kind: kind, says: says, prior: prior, make: make})
	}
	if !t.has(b) && t.parent != nil {
		p := t.parent
		if p.op == expr.Neg && p.parent != nil {
			p = p.parent
		}
		if p.op == expr.Add || p.op == expr.Diff {
			add("constant-kept", "the derivative of a constant is 0", .6, func(at lookup) expr.Expr { e, _ := at(t); return e })
			add("constant-kept", "the derivative of a constant is 0", .15, func(lookup) expr.Expr { return b.int(1) })
		}
	}
	if t.op == expr.Var && !t.has(b) {
		add("partial-other-variable", t.leaf.Name()+" is held fixed", .8, func(lookup) expr.Expr { return b.int(1) })
	}
	if t.op == expr.Add && len(t.kids) <= 64 {
		for i, k := range t.kids {
			if !k.has(b) {
				continue
			}
			kind, says, prior := "sign-slip", "the sign of a term is wrong", .3
			if k.op == expr.Neg {
				kind, says, prior = "dropped-minus", "a minus sign was lost", 1.05 // a double minus is the trap
			}
			with := func(change func(d expr.Expr) expr.Expr) func(lookup) expr.Expr {
				return func(at lookup) expr.Expr {
					args := make([]expr.Expr, len(t.kids))
					for j, k := range t.kids {
						_, args[j] = at(k)
						if j == i {
							args[j] = change(args[j])
						}
					}
					return b.add(args...)
				}
			}
			add(kind, says, prior, with(b.neg))
			add("term-lost", "a term was lost", .3, with(func(expr.Expr) expr.Expr { return b.int(0) }))
		}
	}
	return out
}

// specific returns list without those of its members from first on that a row for any
// function gives, when a row for the function at hand gives the same: e^u without
// u' has a kind of its own.
func (b *bench) specific(list []*fault, first int) []*fault {
	now := func(t *tree) (expr.Expr, expr.Expr) { return t.e, t.d }
	var named []*fingerprint
	for _, f := range list[first:] {
		if !f.general {
			named = append(named, b.values(f.make(now)))
		}
	}
	if len(named) == 0 || len(named) == len(list)-first {
		return list
	}
	out := list[:first]
	for _, f := range list[first:] {
		if f.general {
			v := b.values(f.make(now))
			if slices.ContainsFunc(named, func(w *fingerprint) bool { return alike(v, w) }) {
				continue
			}
		}
		out = append(out, f)
	}
	return out
}

// rewritingFaults appends the wrong rewritings of the node t.
func (b *bench) rewritingFaults(out []*fault, t *tree, weight float64) []*fault {
	first := len(out)
	for _, r := range rewritingTable()[t.op] {
		out = b.match(out, t, r, weight)
	}
	out = b.specific(out, first)
	add := func(kind, says string, prior float64, make func(lookup) expr.Expr) {
		out = append(out, &fault{at: t, kind: kind, says: says, prior: prior * weight, value: true, make: make})
	}
	if t.op == expr.Add && len(t.kids) <= 64 {
		for i, k := range t.kids {
			kind, says, prior := "sign-slip", "the sign of a term is wrong", .3
			if k.op == expr.Neg {
				kind, says, prior = "dropped-minus", "a minus sign was lost", .5
			}
			with := func(change func(e expr.Expr) expr.Expr) func(lookup) expr.Expr {
				return func(at lookup) expr.Expr {
					args := make([]expr.Expr, len(t.kids))
					for j, k := range t.kids {
						args[j], _ = at(k)
						if j == i {
							args[j] = change(args[j])
						}
					}
					return b.add(args...)
				}
			}
			add(kind, says, prior, with(b.neg))
			add("term-lost", "a term was lost", .3, with(func(expr.Expr) expr.Expr { return b.int(0) }))
		}
	}
	// f(u + v + …) taken for f(u) + f(v) + ….
	if s, kind := distributed(t); s != nil {
		add(kind, "it does not go term by term through a sum", .7, func(at lookup) expr.Expr {
			args := make([]expr.Expr, len(s.kids))
			for i, k := range s.kids {
				e, _ := at(k)
				if e.Op() == expr.Neg && t.op != expr.Pow {
					args[i] = b.neg(b.through(t, s, e.Arg(0), at))
					continue
				}
				args[i] = b.through(t, s, e, at)
			}
			return b.add(args...)
		})
	}
	return out
}

// distributed returns the sum inside t through which t might be taken to go term
// by term, and the kind of that mistake.
func distributed(t *tree) (*tree, string) {
	sum := func(i int) *tree {
		if len(t.kids) > i && t.kids[i].op == expr.Add && len(t.kids[i].kids) <= maxPairs {
			return t.kids[i]
		}
		return nil
	}
	switch t.op {
	case expr.Pow:
		n, ok := t.kids[1].number()
		switch s := sum(0); {
		case s == nil || !ok:
			return nil, ""
		case n.Sign() < 0:
			return s, "reciprocal-of-sum"
		case !n.IsInt():
			return s, "root-of-sum"
		default:
			return s, "power-of-sum"
		}
	case expr.Div:
		return sum(1), "reciprocal-of-sum"
	case expr.Call:
		if len(t.kids) != 1 {
			return nil, ""
		}
		switch t.f.Name {
		case "sqrt", "cbrt":
			return sum(0), "root-of-sum"
		case "log", "log2", "log10":
			return sum(0), "log-of-sum"
		case "exp":
			return sum(0), "exp-of-sum"
		}
		return sum(0), "function-of-sum"
	}
	return nil, ""
}

// through returns t with e in place of the sum s inside it.
func (b *bench) through(t, s *tree, e expr.Expr, at lookup) expr.Expr {
	args := make([]expr.Expr, len(t.kids))
	for i, k := range t.kids {
		args[i], _ = at(k)
		if k == s {
			args[i] = e
		}
	}
	if t.op == expr.Call {
		return b.Call(t.f, args...)
	}
	return b.Make(t.op, args...)
}

// holds reports whether a condition between numbers is true, or one that two
// formulas are not the same.
func holds(c expr.Expr) bool {
	if truth, known := simplify.Truth(c); known {
		return truth
	}
	return c.Op() == expr.Ne && c.Arg(0) != c.Arg(1)
}
