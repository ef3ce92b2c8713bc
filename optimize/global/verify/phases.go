package verify

import (
	"fmt"
	"slices"
	"strings"

	"nabla/expr"
	"nabla/expr/interval"
	"nabla/expr/number"
	"nabla/expr/simplify"
	"nabla/expr/tape"
)

// This file and torus.go are the part of the check for functions of one variable that oscillate with phases: f(x) = F(p₁(x), …, pₘ(x), x) for
// an F with the period 2π in each phase, along a path x = x(t), t → ∞.
//
// The phases come as near as one likes to any values modulo 2π, together, for large t, if they are functions in one Hardy field of which no
// combination with whole numbers, not all 0, stays bounded. For let g be one of these combinations that grows most slowly, and s = |g|, which rises to ∞ from
// some t on. Of every combination q, dq/ds is in the field too, so that it is monotone from some s on, and by l'Hôpital's rule its limit is that of q/s, which
// is not 0. So the integral of exp(iq) ds is bounded (van der Corput's lemma), the mean of exp(iq) over s goes to 0, and by Weyl's criterion the phases are
// uniformly distributed (Kuipers and Niederreiter, Uniform Distribution of Sequences, 1974, chapter 1).
//
// Here every phase is a sum of products c·m of constants c and functions m of t, no two of which grow alike and all of which go to ∞ or -∞, made of t by the field
// operations, powers, exponentials and logarithms (Hardy, Orders of Infinity, 1910). A combination in which some m has another
// coefficient than 0 grows as the first of these does; and so they all do where the coefficients, as vectors over the rational numbers, are linearly independent.

// phaseName begins the names of phases.
const phaseName = "phase"

// maxPhases is the most phases that are looked at, and mostAngles the most angles.
const (
	maxPhases  = 3
	mostAngles = 6
)

// phases are those with which f oscillates along a path.
type phases struct {
	names  []string    // stand for them
	angles []expr.Expr // in the variable of f
	turns  []number.Number
	f      expr.Expr // F∘x(t), in the names and t
	onLine expr.Expr // F, in the names and the variable
}

// phasesAlong reads f as a function of independent phases along the path.
func (v *verifier) phasesAlong(along []expr.Expr) (o phases, ok bool) {
	x, with := v.c.Variables[0], v.places(along)
	if strings.HasPrefix(x, phaseName) {
		return o, false
	}
	var angles []expr.Expr
	for n := range v.f.All() {
		if isWave(n) && n.Has(x) && !slices.Contains(angles, n.Arg(0)) {
			angles = append(angles, n.Arg(0))
		}
	}
	if len(angles) == 0 || len(angles) > mostAngles {
		return o, false
	}
	var m *monomials
	var far []expr.Expr // angles that go on turning
	_, ok = onTails(0, false, &v.left.evals, func(k *tail) bool {
		if k.order > 0 {
			return false // the constants in the expansions are exact without
		}
		m, far = &monomials{k: k}, nil
		for _, u := range angles {
			moves, ok := m.read(substitute(u, with))
			if !ok {
				return false
			}
			if moves {
				far = append(far, u)
			}
		}
		return len(far) > 0 && m.inOrder()
	})
	if !ok {
		return o, false
	}
	return v.torusOf(m, far, with)
}

// isWave reports whether n is a sine or a cosine.
func isWave(n expr.Expr) bool { return n.IsCall("sin") || n.IsCall("cos") }

// monomials are the functions of t of which angles are sums, and what multiples.
type monomials struct {
	k     *tail
	list  []product
	units [][]expr.Expr // constants, for each of the list
	rows  []map[[2]int]number.Number
	// constants are the terms of the angles that have no t.
	constants []expr.Expr
}

// read reads an angle, a formula in t; moves says that it goes on turning, ok that it is known whether.
func (m *monomials) read(u expr.Expr) (moves, ok bool) {
	k := m.k
	raw := k.t.Pool().Import(u)
	if !k.defined(raw) {
		return false, false
	}
	p := k.expand(k.t.Tidy(raw))
	if p == nil || len(k.rest) > 0 {
		return false, false
	}
	constant, rest := k.split(p)
	if slices.IndexFunc(rest, func(q product) bool { return !k.vanishes(q) }) < 0 {
		return false, true // and is no phase
	}
	if !isHardy(raw) {
		return false, false
	}
	row := map[[2]int]number.Number{}
	for _, q := range rest {
		c, g := product{c: q.c}, product{c: number.Int(1), arg: q.arg}
		for _, f := range q.factors {
			if f.base.IsConstant() {
				c.factors = append(c.factors, f)
			} else {
				g.factors = append(g.factors, f)
			}
		}
		i := slices.IndexFunc(m.list, func(h product) bool { return sameProduct(g, h) })
		if i < 0 {
			if !k.grows(sum{g}, 1) && !k.grows(sum{g}, -1) {
				return false, false
			}
			i = len(m.list)
			m.list, m.units = append(m.list, g), append(m.units, nil)
		}
		j, n := m.unit(i, k.buildOne(c))
		row[[2]int{i, j}] = row[[2]int{i, j}].Add(n)
	}
	m.rows, m.constants = append(m.rows, row), append(m.constants, constant)
	return true, true
}

// unit is the place of a constant among the units of monomial i, and what multiple it is.
func (m *monomials) unit(i int, c expr.Expr) (j int, n number.Number) {
	t := m.k.t
	for j, u := range m.units[i] {
		if r := t.Mul(c, t.Pow(u, t.Int(-1))); r.Op() == expr.Num {
			return j, r.Number()
		}
	}
	m.units[i] = append(m.units[i], c)
	return len(m.units[i]) - 1, number.Int(1)
}

// inOrder reports whether of any two of the list one outgrows the other, and the units of each are independent over the rational numbers.
func (m *monomials) inOrder() bool {
	for i, g := range m.list {
		for _, h := range m.list[:i] {
			if !m.k.vanishes(m.k.mul(g, h, -1)) && !m.k.vanishes(m.k.mul(h, g, -1)) {
				return false
			}
		}
		for _, c := range m.units[i] {
			if r, ok := tape.EncloseConstant(c); !ok || !r.IsBounded() || r.Has(0) {
				return false
			}
		}
		if !independent(m.k.t, m.units[i]) {
			return false
		}
	}
	return len(m.list) > 0
}

// isHardy reports whether u is made of t by the field operations, powers, exponentials and logarithms, and what is made of these.
func isHardy(u expr.Expr) bool {
	for n := range u.All() {
		switch n.Op() {
		case expr.Num, expr.Var, expr.Add, expr.Neg, expr.Mul, expr.Div, expr.Pow:
		case expr.Call:
			if !n.IsConstant() && (n.Len() != 1 || !slices.Contains([]string{"exp", "log", "sqrt", "cbrt", "abs", "sinh", "cosh", "tanh", "asinh"}, n.Func().Name)) {
				return false
			}
		default:
			return false
		}
	}
	return true
}

// torusOf writes f in phases of which the angles are combinations with whole numbers: a largest part of the angles that is independent, each divided by a common
// denominator.
func (v *verifier) torusOf(m *monomials, far []expr.Expr, with map[string]expr.Expr) (o phases, ok bool) {
	var columns [][2]int
	for i, list := range m.units {
		for j := range list {
			columns = append(columns, [2]int{i, j})
		}
	}
	var basis [][]number.Number
	var parts [][]number.Number // of the angles
	for i, row := range m.rows {
		line := make([]number.Number, len(columns))
		for k, c := range columns {
			line[k] = row[c]
		}
		part, inside := combination(basis, line)
		if !inside {
			if len(basis) == maxPhases {
				return o, false
			}
			part = make([]number.Number, len(basis)+1)
			part[len(basis)] = number.Int(1)
			basis = append(basis, line)
			o.names = append(o.names, fmt.Sprint(phaseName, len(basis)))
			o.angles, o.turns = append(o.angles, far[i]), append(o.turns, number.Int(1))
		}
		parts = append(parts, part)
	}
	for _, part := range parts {
		for i, n := range part {
			over := number.FromRat(n.Rat()).Mul(o.turns[i])
			_, q, small := over.Frac64()
			if o.turns[i] = o.turns[i].Mul(number.Int(q)); !small || o.turns[i].Cmp(number.Int(64)) > 0 {
				return o, false
			}
		}
	}
	return v.placed(o, far, m.constants, parts, with)
}

// placed puts the phases into f, with the angles as combinations of those of the basis, and constants.
func (v *verifier) placed(o phases, far, constants []expr.Expr, parts [][]number.Number, with map[string]expr.Expr) (phases, bool) {
	t := simplify.New()
	pool := t.Pool()
	turned := map[expr.Expr]expr.Expr{}
	for i, u := range far {
		sum, left, rest := []expr.Expr{t.Int(0)}, []expr.Expr{t.Tidy(u)}, []expr.Expr{t.Tidy(constants[i])}
		for k, n := range parts[i] {
			basis := slices.Index(far, o.angles[k])
			sum = append(sum, t.Mul(t.Num(n.Mul(o.turns[k])), t.Var(o.names[k])))
			left = append(left, t.Mul(t.Num(n.Neg()), t.Tidy(o.angles[k])))
			rest = append(rest, t.Mul(t.Num(n.Neg()), t.Tidy(constants[basis])))
		}
		if !equal(t.Add(left...), t.Add(rest...)) {
			return o, false
		}
		turned[u] = t.Add(append(sum, rest...)...)
	}
	o.onLine = expr.Fold(v.f, func(n expr.Expr, args []expr.Expr) expr.Expr {
		if isWave(n) {
			if a, ok := turned[n.Arg(0)]; ok {
				return pool.Call(n.Func(), a)
			}
		}
		return expr.Remake(n, pool, args, nil)
	})
	o.f = substitute(o.onLine, with)
	return o, true
}

// combination writes row as a combination of the independent rows of the basis, if it is one.
func combination(basis [][]number.Number, row []number.Number) (part []number.Number, ok bool) {
	n := len(basis)
	m := make([][]number.Number, len(row)) // equations for the part
	for i := range m {
		for _, b := range basis {
			m[i] = append(m[i], b[i])
		}
		m[i] = append(m[i], row[i])
	}
	for col := range n {
		at := slices.IndexFunc(m[col:], func(e []number.Number) bool { return e[col].Sign() != 0 })
		if at < 0 {
			return nil, false
		}
		m[col], m[col+at] = m[col+at], m[col]
		for i := range m {
			if q, _ := m[i][col].Quo(m[col][col]); i != col && q.Sign() != 0 {
				for j := range m[i] {
					m[i][j] = m[i][j].Sub(q.Mul(m[col][j]))
				}
			}
		}
	}
	for _, e := range m[min(n, len(m)):] {
		if e[n].Sign() != 0 {
			return nil, false
		}
	}
	for i := range n {
		c, _ := m[i][n].Quo(m[i][i])
		part = append(part, c)
	}
	return part, true
}

// A phaseTerm is g·of, a function of t, a product, and one of the phases.
type phaseTerm struct {
	g  product
	of expr.Expr
}

// terms writes F along the path as a sum of such terms, for t on the tail: wherever f is defined.
func (o *phases) terms(k *tail) (out []phaseTerm, ok bool) {
	p := k.expand(k.t.Tidy(k.t.Pool().Import(o.f)))
	if p == nil {
		return nil, false
	}
	turns := func(e expr.Expr) bool { return slices.ContainsFunc(o.names, e.Has) }
	for _, q := range p {
		g, of := product{c: number.Int(1)}, product{c: q.c}
		if q.arg.Valid() {
			switch {
			case q.arg.Has("t") && turns(q.arg):
				return nil, false
			case q.arg.Has("t"):
				g.arg = q.arg
			default:
				of.arg = q.arg
			}
		}
		for _, f := range q.factors {
			switch {
			case f.base.Has("t") && turns(f.base) || k.known(f.base) != nil:
				return nil, false
			case f.base.Has("t"):
				g.factors = append(g.factors, f)
			default:
				of.factors = append(of.factors, f)
			}
		}
		e := k.buildOne(of)
		if i := slices.IndexFunc(out, func(r phaseTerm) bool { return sameProduct(r.g, g) }); i >= 0 {
			out[i].of = k.t.Add(out[i].of, e)
		} else {
			out = append(out, phaseTerm{g, e})
		}
	}
	return out, true
}

// isDefined reports whether f is defined along the path for all t on the tail: conditions on t hold there, and others in the box of phases.
func (o *phases) isDefined(k *tail, box []interval.I) bool {
	return !slices.ContainsFunc(simplify.Domain(o.f), func(c expr.Expr) bool {
		switch {
		case !slices.ContainsFunc(o.names, c.Has):
			return k.truth(k.t.Pool().Import(c)) <= 0
		case c.Has("t") || !c.Op().IsRelation():
			return true
		}
		pool := expr.NewPool()
		r, dec := encloseOver(pool.Make(expr.Add, pool.Import(c.Arg(0)), pool.Make(expr.Neg, pool.Import(c.Arg(1)))), o.names, box)
		return dec < interval.Defined || r.IsEmpty() || !(r.Lo > 0 && (c.Op() == expr.Gt || c.Op() == expr.Ge || c.Op() == expr.Ne) ||
			r.Lo >= 0 && c.Op() == expr.Ge || r.Hi < 0 && c.Op() == expr.Ne)
	})
}

// encloseOver encloses a formula in a box of the variables; of others nothing is known.
func encloseOver(e expr.Expr, vars []string, box []interval.I) (interval.I, interval.Dec) {
	for _, x := range e.Vars() {
		if !slices.Contains(vars, x) {
			vars, box = append(slices.Clip(vars), x), append(slices.Clip(box), interval.Whole)
		}
	}
	out, dec, ok := tape.EncloseOn(vars, box, e)
	if !ok {
		return interval.Whole, interval.Partial
	}
	return out[0], dec[0]
}
