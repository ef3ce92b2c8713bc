package univariate

import (
	"fmt"
	"slices"

	"nabla/expr"
	"nabla/expr/fn"
	"nabla/expr/number"
	"nabla/expr/simplify"
	"nabla/optimize/global/internal/asymptotic"
	"nabla/optimize/global/internal/exact"
)

// This file writes a formula that oscillates towards an edge of the line as f(x) = F(p1(x), …, pm(x)), for an F with the period 2π in
// each phase pk, or as f(x) = F(p1(x), …, pm(x), x).
//
// The phases come, towards the edge, as near as one likes to any values modulo 2π if every combination of them with whole
// numbers, not all 0, goes to ∞ or -∞ there, and they are made of functions whose germs lie in one Hardy field: let g be that of the
// combinations that grows most slowly, and s = |g(x)|. Every combination q is a function of s with
// dq/ds monotone from some s on, and going to ∞, -∞ or a number that is not 0, so that the integral of exp(i·q) ds is bounded (J. G. van der Corput,
// 1921; L. Kuipers and H. Niederreiter, Uniform Distribution of Sequences, 1974, lemma I.2.1), and the mean of exp(i·q) over s goes to 0: the phases are uniformly distributed
// (H. Weyl's criterion, 1916). For multiples of x that is Kronecker's theorem.

// A torus is f as a function of phases.
type torus struct {
	f      expr.Expr   // F
	vars   []string    // its phases
	phases []expr.Expr // what stands for them: tidy, independent
	linear bool        // they are multiples of x, at an infinite edge
	beside bool        // F has x too
}

// maxPhases is the most independent phases that are looked at.
const maxPhases = 3

// A turningPart is a periodic function of an angle that grows without bound towards the edge.
type turningPart struct {
	name string // stands for it in the formulas around it
	f    *fn.Func
	rest expr.Expr // of the angle: what does not have x, but may have the names of others
	row  []number.Number
	u    expr.Expr // and what does
}

// torusAt writes the formula as a continuous function, defined everywhere, of the phases with which it oscillates towards the edge; false where it
// is not seen to be one.
func (s *study) torusAt(e edge) (o torus, ok bool) {
	if o, ok = s.phasesAt(e); !ok {
		return o, false
	}
	pool := s.l.T.Pool()
	for _, y := range append(slices.Clone(o.vars), s.l.Name) {
		if !continuousIn(o.f, pool.Var(y)) {
			return o, false
		}
	}
	return o, !slices.ContainsFunc(simplify.Domain(o.f), func(c expr.Expr) bool { return !o.beside || slices.ContainsFunc(o.vars, c.Has) })
}

// phasesAt writes the formula as a function of phases at the edge.
func (s *study) phasesAt(e edge) (o torus, ok bool) {
	l, pool := s.l, s.l.T.Pool()
	parts, f, ok := s.turningParts(e)
	if !ok || len(parts) == 0 {
		return o, false
	}
	growing, ok := s.coordinates(parts, e)
	if !ok {
		return o, false
	}
	basis, turns, ok := l.lattice(parts, growing)
	if !ok || len(basis) > maxPhases {
		return o, false
	}
	o.linear = e.at.Inf != 0
	angles := make([]expr.Expr, len(basis))
	for i, b := range basis {
		o.vars = append(o.vars, fmt.Sprint(l.Name, "_", i+1))
		angles[i] = pool.Var(o.vars[i])
		o.phases = append(o.phases, b.u)
		o.linear = o.linear && l.Slope(b.u).Valid()
	}
	values := map[string]expr.Expr{}
	for i, p := range parts {
		sum := []expr.Expr{pool.Substitute(p.rest, values)}
		for k, n := range turns[i] { // whole numbers
			sum = append(sum, l.T.Mul(l.T.Num(n), angles[k]))
		}
		values[p.name] = pool.Call(p.f, l.T.Add(sum...))
	}
	o.f = pool.Substitute(f, values)
	o.beside = o.f.Has(l.Name)
	return o, true
}

// turningParts returns the periodic functions whose angles grow without bound towards the edge, inner ones first, and the formula with
// names in their place.
func (s *study) turningParts(e edge) (parts []turningPart, f expr.Expr, ok bool) {
	l, pool := s.l, s.l.T.Pool()
	ok = true
	f = expr.Fold(l.raw, func(n expr.Expr, args []expr.Expr) expr.Expr {
		if !ok || !isPeriodic(n) || !n.Has(l.Name) {
			return expr.Remake(n, pool, args, nil)
		}
		u, rest, moves := s.angleTowards(l.tidyNode(args[0]), e)
		if !moves {
			return expr.Remake(n, pool, args, nil)
		}
		if ok = u.Valid(); !ok {
			return n
		}
		i := slices.IndexFunc(parts, func(p turningPart) bool { return p.f == n.Func() && p.u == u && p.rest == rest })
		if i < 0 {
			i = len(parts)
			parts = append(parts, turningPart{name: fmt.Sprint(l.Name, "_part", i), f: n.Func(), u: u, rest: rest})
		}
		return pool.Var(parts[i].name)
	})
	return parts, f, ok && len(parts) <= 4*maxPhases
}

// turnsAt reports whether f has periodic functions whose angles grow without bound towards the edge.
func (s *study) turnsAt(e edge) bool {
	parts, _, ok := s.turningParts(e)
	return ok && len(parts) > 0
}

// angleTowards divides an angle into what has x and what does not. It moves if it has terms that go to ∞ or -∞ towards the edge; u is not
// Valid where that is not seen of it.
func (s *study) angleTowards(angle expr.Expr, e edge) (u, rest expr.Expr, moves bool) {
	l := s.l
	if !angle.Has(l.Name) {
		return u, rest, false
	}
	r := l.RingFor(exact.Start)
	var with, without exact.Combo
	for _, t := range r.Expand(angle) {
		moving := false
		for _, p := range t.M {
			moving = moving || r.Kernels[p.K].HasX
		}
		if moving {
			with = append(with, t)
		} else {
			without = append(without, t)
		}
	}
	u, rest = r.Build(with), r.Build(without)
	lim := s.limit(&piece{f: u}, e.at, e.side)
	if lim.Kind == asymptotic.Finite {
		return u, rest, false
	}
	if lim.Kind != asymptotic.Plus && lim.Kind != asymptotic.Minus || !s.inHardyField(u, e) {
		return expr.Expr{}, rest, true
	}
	return u, rest, true
}

// inHardyField reports whether u is made of x by functions whose germs at the edge lie in one Hardy field: the field operations, powers,
// exponentials and logarithms (G. H. Hardy, 1910), and what is made of these; at a place of the line also sines and cosines of what goes to a number, as
// restricted analytic functions.
func (s *study) inHardyField(u expr.Expr, e edge) bool {
	l := s.l
	for n := range u.All() {
		switch {
		case n.IsConstant(), n == l.Var, n.Op() == expr.Add, n.Op() == expr.Mul, n.Op() == expr.Pow:
		case n.Op() != expr.Call:
			return false
		case isPeriodic(n):
			v := n.Arg(0)
			if e.at.Inf != 0 || s.limit(&piece{f: v}, e.at, e.side).Kind != asymptotic.Finite || !s.inHardyField(v, e) {
				return false
			}
		case !slices.Contains(hardy, n.Func().Name):
			return false
		}
	}
	return true
}

// hardy has the functions that are made of exponentials, logarithms and roots.
var hardy = []string{"exp", "log", "sqrt", "cbrt", "abs", "sinh", "cosh", "tanh", "asinh", "acosh", "atanh", "log1p", "expm1", "log2", "log10"}

// coordinates gives each part the coordinates of what has x in its angle: rational ones, over products of numbers that are independent over the
// rationals and of functions no two of which grow alike. The first ones, so many, are those of functions that go to ∞ or -∞.
func (s *study) coordinates(parts []turningPart, e edge) (growing int, ok bool) {
	l := s.l
	r := l.RingFor(exact.Start)
	var growths, constants []expr.Expr
	type term struct{ part, growth int }
	var terms []term
	for i, p := range parts {
		for _, t := range r.Expand(p.u) {
			x, c := exact.Term{C: number.Int(1)}, exact.Term{C: t.C}
			for _, k := range t.M {
				if r.Kernels[k.K].HasX {
					x.M = append(x.M, k)
				} else {
					c.M = append(c.M, k)
				}
			}
			g := r.Build(exact.Combo{x})
			k := slices.Index(growths, g)
			if k < 0 {
				k, growths = len(growths), append(growths, g)
			}
			terms, constants = append(terms, term{i, k}), append(constants, r.Build(exact.Combo{c}))
		}
	}
	place, growing, ok := s.byGrowth(growths, e)
	if !ok {
		return 0, false
	}
	rows, ok := l.Consts.Ring.Coordinates(constants)
	if !ok {
		return 0, false
	}
	width := len(rows[0])
	for i := range parts {
		parts[i].row = make([]number.Number, width*len(growths))
	}
	for k, t := range terms {
		at := parts[t.part].row[width*place[t.growth]:]
		for j, c := range rows[k] {
			at[j] = at[j].Add(c)
		}
	}
	return width * growing, true
}

// byGrowth gives each function its place in a list that begins with those, so many, that go to ∞ or -∞ towards the edge; false where two of
// these may grow alike, or another one has no limit.
func (s *study) byGrowth(list []expr.Expr, e edge) (place []int, growing int, ok bool) {
	t := s.l.T
	if len(list) > 2*maxPhases {
		return nil, 0, false
	}
	place = make([]int, len(list))
	var far, near []int
	for i, g := range list {
		switch s.limit(&piece{f: g}, e.at, e.side).Kind {
		case asymptotic.Plus, asymptotic.Minus:
			for _, k := range far {
				switch lim := s.limit(&piece{f: t.Mul(g, t.Pow(list[k], t.Int(-1)))}, e.at, e.side); {
				case lim.Kind == asymptotic.Plus, lim.Kind == asymptotic.Minus, lim.Kind == asymptotic.Finite && lim.Value.IsNum(0):
				default:
					return nil, 0, false
				}
			}
			far = append(far, i)
		case asymptotic.Finite:
			near = append(near, i)
		default:
			return nil, 0, false
		}
	}
	for i, k := range append(far, near...) {
		place[k] = i
	}
	return place, len(far), true
}

// A latticeRow is a combination of parts with whole numbers.
type latticeRow struct {
	row   []number.Number
	u     expr.Expr
	pivot int // the first column that is not 0
}

// lattice returns a basis of the combinations of the parts with whole numbers, and the parts as such of the basis. It is false where a combination has
// the coordinate 0 in each of the growing functions, but not in the others.
func (l *line) lattice(parts []turningPart, growing int) (basis []latticeRow, turns [][]number.Number, ok bool) {
	t := l.T
	var rows []latticeRow
	for _, p := range parts {
		rows = append(rows, latticeRow{row: slices.Clone(p.row), u: p.u})
	}
	subtract := func(a *latticeRow, n number.Number, b latticeRow) {
		for k := range a.row {
			a.row[k] = a.row[k].Sub(n.Mul(b.row[k]))
		}
		a.u = l.Consts.Simplify(t.Sub(a.u, t.Mul(t.Num(n), b.u)))
	}
	for col := range parts[0].row {
		for { // Euclid's algorithm in the column
			least, others := -1, 0
			for i := range rows {
				if rows[i].row[col].Sign() == 0 {
					continue
				}
				if others++; least < 0 || rows[i].row[col].Abs().Cmp(rows[least].row[col].Abs()) < 0 {
					least = i
				}
			}
			if least < 0 {
				break
			}
			if col >= growing {
				return nil, nil, false
			}
			if others == 1 {
				b := rows[least]
				if b.pivot = col; b.row[col].Sign() < 0 {
					zero := latticeRow{row: make([]number.Number, len(b.row)), u: t.Int(0)}
					subtract(&zero, number.Int(1), b)
					b.row, b.u = zero.row, zero.u
				}
				basis, rows = append(basis, b), slices.Delete(rows, least, least+1)
				break
			}
			for i := range rows {
				if i == least || rows[i].row[col].Sign() == 0 {
					continue
				}
				q, _ := rows[i].row[col].Quo(rows[least].row[col])
				subtract(&rows[i], q.Floor(), rows[least])
			}
		}
	}
	for _, p := range parts {
		left := latticeRow{row: slices.Clone(p.row), u: p.u}
		var of []number.Number
		for _, b := range basis {
			n, _ := left.row[b.pivot].Quo(b.row[b.pivot])
			subtract(&left, n, b)
			of = append(of, n)
		}
		turns = append(turns, of)
	}
	return basis, turns, true
}
