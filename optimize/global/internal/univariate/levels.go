package univariate

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"nabla/expr"
	"nabla/expr/fn"
	"nabla/expr/format"
	"nabla/expr/interval"
	"nabla/expr/simplify"
	"nabla/optimize/global/internal/exact"
	"nabla/optimize/global/internal/form"
	"nabla/optimize/global/minimum"
)

// This file lists all places at which a formula has its least value where they may be
// infinitely many and no families with a period of the formula: x²·sin(x)² is 0 where one of
// its factors is, and the zeros of sin(x) are a family.

// A place is one x or, with a step that is valid, all x + step·k for whole k.
type place struct {
	at   exact.Spot
	step expr.Expr
}

// A level is the question at which places between lo and hi a formula has a value.
type level struct {
	*line
	lo, hi exact.Spot
	where  []string // the equations that were solved: "x = 0", "sin(x) = 0"
}

// everyMinimiser lists the minimisers of the answer a to the question p, if its list is not
// proved to be complete.
func everyMinimiser(ctx context.Context, p *Question, a *answer) {
	if a.Status != minimum.Exact && a.Status != minimum.Certified || !a.ExactValue.Valid() || a.MinimisersComplete || len(p.SubjectTo) > 0 {
		return
	}
	l, lo, hi, loOpen, hiOpen := newLine(ctx, p)
	least := l.T.Pool().Import(a.ExactValue)
	if l.max {
		least = l.T.Neg(least)
	}
	v := &level{line: l, lo: lo, hi: hi}
	list, ok := v.solve(l.tidyNode(l.raw), l.Consts.Simplify(least))
	if !ok {
		return
	}
	within := &study{l: l, lo: lo, hi: hi, loOpen: loOpen, hiOpen: hiOpen}
	points, ok := within.members(v.distinct(list), least)
	if !ok || len(points) == 0 {
		return
	}
	a.Minimisers, a.MinimisersComplete = points, true
	a.At, a.ExactAt = slices.Clone(points[0].X), points[0].Exact
	if a.Enclosure != nil {
		a.Enclosure.At = []interval.I{points[0].Hull}
	}
	told(a)
	text := "at these places"
	if t := strings.Join(v.where, " or "); len(t) < 100 {
		text = "where " + t
	}
	a.Proof = append(a.Proof, fmt.Sprintf("f has this value %s, and nowhere else", text))
}

// solve returns all places between the ends at which the tidy formula u has the value d, and
// perhaps some at which it has none; false when they are not found.
func (v *level) solve(u, d expr.Expr) (list []place, ok bool) {
	sign, ok := v.Consts.Sign(d)
	if !ok || !u.Has(v.Name) {
		return nil, false
	}
	switch {
	case sign == 0 && u.Op() == expr.Mul:
		for _, n := range u.Args() {
			if never := n.Op() == expr.Pow && n.Arg(1).Op() == expr.Num && n.Arg(1).Number().Sign() < 0; never || !n.Has(v.Name) {
				continue
			}
			part, ok := v.solve(n, d)
			if !ok {
				return nil, false
			}
			list = append(list, part...)
		}
		return list, true
	case sign == 0 && u.Op() == expr.Pow && u.Arg(1).Op() == expr.Num && u.Arg(1).Number().Sign() > 0:
		return v.solve(u.Arg(0), d)
	}
	all := strict{I: (&piece{lo: v.lo, hi: v.hi}).hull()} // with its ends
	if v.strictlyWith(v.T.Sub(u, d), map[expr.Expr]strict{v.Var: all}).sign() != 0 {
		return nil, true
	}
	at, values, ok := form.Undo(v.T, u, d)
	if !ok || u.Arg(at) == v.Var {
		return v.places(u, d)
	}
	for _, w := range values {
		if w = v.Consts.Simplify(w); !v.Consts.Enclose(w).IsBounded() {
			return nil, false
		}
		args := u.AppendArgs(nil)
		args[at] = w
		switch k, ok := v.Consts.Compare(v.Consts.Simplify(expr.Remake(u, v.T, args, nil)), d); {
		case !ok:
			return nil, false
		case k != 0:
			continue // as for u = 1 where sqrt(u) is to be -1
		}
		part, ok := v.solve(u.Arg(at), w)
		if !ok {
			return nil, false
		}
		list = append(list, part...)
	}
	return list, true
}

// places solves u = d, an equation in which x stands at several places or in a periodic
// function, on the whole or on one period of u - d.
func (v *level) places(u, d expr.Expr) ([]place, bool) {
	part := *v.line
	part.period = expr.Expr{}
	g := v.T.Sub(u, d)
	lo, hi := v.lo, v.hi
	part.raw = v.T.Pool().Call(fn.Lookup("abs"), g) // which may have a shorter period
	step, periodic := part.findPeriod()
	if part.raw = g; periodic {
		part.period = step
		lo, hi, _ = part.window(exact.Start, exact.End)
	} else {
		step = expr.Expr{}
	}
	list, ok := part.zerosOf(lo, hi)
	if !ok {
		return nil, false
	}
	out := make([]place, len(list))
	for i, z := range list {
		out[i] = place{z, step}
	}
	if t := format.Text(u) + " = " + format.Text(d); !slices.Contains(v.where, t) {
		v.where = append(v.where, t)
	}
	return out, true
}

// zerosOf returns all zeros of the formula, a tidy one, between two places, all of them in
// closed form.
func (l *line) zerosOf(lo, hi exact.Spot) (list []exact.Spot, ok bool) {
	pieces, spots, err := l.cut(lo, hi)
	if err != nil {
		return nil, false
	}
	for _, z := range spots {
		if !z.Exact.Valid() {
			return nil, false
		}
		value, defined, sure := l.valueAt(z.Exact)
		sign, known := 0, true
		if defined {
			sign, known = l.Consts.Sign(value)
		}
		switch {
		case !sure || !known:
			return nil, false
		case defined && sign == 0:
			list = append(list, z)
		}
	}
	for i := range pieces {
		p := &pieces[i]
		f := l.T.Tidy(p.raw)
		r := l.RingFor(p.lo)
		if n, _, ok := r.Numerator(r.Expand(f)); p.ray != nil || ok && len(n) == 0 {
			return nil, false
		}
		z, all := l.allZeros(f, p.lo, p.hi)
		if !all || slices.ContainsFunc(z.zeros, func(s exact.Spot) bool { return s.Wide || !s.Exact.Valid() }) {
			return nil, false
		}
		list = append(list, z.zeros...)
	}
	return list, true
}

// distinct returns list without the places that belong to another one.
func (v *level) distinct(list []place) []place {
	var out []place
	for i, p := range list {
		belongs := false
		for k, q := range list {
			belongs = belongs || k != i && v.contains(q, p) && (k < i || !v.contains(p, q))
		}
		if !belongs {
			out = append(out, p)
		}
	}
	return out
}

// contains reports whether all of p is seen to belong to q.
func (v *level) contains(q, p place) bool {
	if !q.step.Valid() {
		return !p.step.Valid() && v.same(q.at, p.at)
	}
	if _, whole, _ := v.turns(q, p.at); !whole {
		return false
	}
	if !p.step.Valid() {
		return true
	}
	n := v.Consts.Simplify(v.T.Mul(p.step, v.T.Pow(q.step, v.T.Int(-1))))
	return n.Op() == expr.Num && n.Number().IsInt()
}

// turns returns how many steps of p lead to z, if that is a whole number, and whether it is
// known if it is.
func (l *line) turns(p place, z exact.Spot) (k int64, whole, sure bool) {
	n := l.Consts.Simplify(l.T.Mul(l.T.Sub(z.Exact, p.at.Exact), l.T.Pow(p.step, l.T.Int(-1))))
	if n.Op() == expr.Num {
		k, whole = n.Number().Int64()
		return k, whole && n.Number().IsInt(), true
	}
	h := l.Consts.Enclose(n)
	return 0, false, h.IsBounded() && math.Floor(h.Lo) == math.Floor(h.Hi) && math.Floor(h.Lo) != h.Lo
}

// after returns p moved by k steps.
func (l *line) after(p place, k int64) exact.Spot {
	if k == 0 {
		return p.at
	}
	return exact.At(l.Consts, l.T.Add(p.at.Exact, l.T.Mul(l.T.Int(k), p.step)))
}

// first returns the number of steps to the first place of p from an end of the question on,
// upwards (side +1) or downwards; nil for an infinite end.
func (l *line) first(p place, end exact.Spot, open bool, side int64) (k *int64, ok bool) {
	if end.Inf != 0 {
		return nil, true
	}
	n := end.Hull.Sub(p.at.Hull).Div(l.Consts.Enclose(p.step)).Mid()
	if !(math.Abs(n) < 1e9) {
		return nil, false
	}
	from := int64(math.Round(n)) - 2*side
	for i := range int64(5) {
		at := from + i*side
		c, ok := l.Consts.CompareSpots(l.after(p, at), end)
		if !ok || i == 0 && int64(c)*side >= 0 {
			return nil, false
		}
		if int64(c)*side > 0 || c == 0 && !open {
			return &at, true
		}
	}
	return nil, false
}

// members returns those of the places, which are between the ends or repeated, at which the
// formula has the value least; false when that is not known.
func (s *study) members(list []place, least expr.Expr) (out []minimum.Point, ok bool) {
	l := s.l
	var d domainOf
	if slices.ContainsFunc(list, func(p place) bool { return p.step.Valid() }) {
		if d, ok = s.conditions(); !ok {
			return nil, false
		}
	}
	has := func(z exact.Spot) (has, sure bool) {
		v, defined, sure := l.valueAt(z.Exact)
		if !sure || !defined {
			return false, sure
		}
		c, ok := l.Consts.Compare(v, least)
		return c == 0, ok
	}
	for _, p := range list {
		if !p.step.Valid() {
			a, ok1 := l.Consts.CompareSpots(s.lo, p.at)
			b, ok2 := l.Consts.CompareSpots(p.at, s.hi)
			if !ok1 || !ok2 {
				return nil, false
			}
			if a > 0 || a == 0 && s.loOpen || b > 0 || b == 0 && s.hiOpen {
				continue
			}
			if yes, sure := has(p.at); !sure {
				return nil, false
			} else if yes {
				out = append(out, minimum.Point{X: []float64{p.at.Float()}, Exact: []expr.Expr{p.at.Exact}, Hull: p.at.Hull})
			}
			continue
		}
		yes, sure := d.holdsAt(l, p)
		parts, ok := s.split(p, d.holes)
		if !sure || !ok {
			return nil, false
		}
		if !yes {
			continue
		}
		for _, m := range parts {
			if yes, sure := has(exact.At(l.Consts, m.Exact[0])); !yes || !sure {
				return nil, false
			}
		}
		out = append(out, parts...)
	}
	slices.SortStableFunc(out, func(p, q minimum.Point) int { return cmp.Compare(p.X[0], q.X[0]) })
	return out, true
}

// split returns the family p between the ends, cut at the holes that belong to it.
func (s *study) split(p place, holes []exact.Spot) (out []minimum.Point, ok bool) {
	l := s.l
	from, ok1 := l.first(p, s.lo, s.loOpen, 1)
	to, ok2 := l.first(p, s.hi, s.hiOpen, -1)
	if !ok1 || !ok2 {
		return nil, false
	}
	var without []int64
	for _, h := range holes {
		k, whole, sure := l.turns(p, h)
		if !sure {
			return nil, false
		}
		if whole && (from == nil || k >= *from) && (to == nil || k <= *to) {
			without = append(without, k)
		}
	}
	slices.Sort(without)
	for _, k := range slices.Compact(without) {
		below, above := k-1, k+1
		out = append(out, l.stretch(p, from, &below)...)
		from = &above
	}
	return append(out, l.stretch(p, from, to)...), true
}

// stretch returns the places of p after from steps to to steps, of which nil stands for all.
func (l *line) stretch(p place, from, to *int64) []minimum.Point {
	r := minimum.Repeats{Step: p.step, Width: l.Consts.Enclose(p.step).Mid()}
	z := p.at
	switch {
	case from != nil && to != nil && *from > *to:
		return nil
	case from != nil:
		z = l.after(p, *from)
		if r.Lo = new(int64); to != nil {
			n := *to - *from
			r.Hi = &n
		}
	case to != nil:
		z, r.Hi = l.after(p, *to), new(int64)
	}
	m := minimum.Point{X: []float64{z.Float()}, Exact: []expr.Expr{z.Exact}, Hull: z.Hull}
	if r.Lo == nil || r.Hi == nil || *r.Hi > 0 {
		m.Family, m.Repeats = l.familyOf(z, r), r
	}
	return []minimum.Point{m}
}

// A domainOf says where a formula is defined: between the ends of a study, but in holes and
// where a condition that repeats does not hold.
type domainOf struct {
	holes []exact.Spot
	turns []expr.Expr
}

// conditions moves the ends of the question to those of the natural domain, and returns what
// else that asks for: the holes between the ends, in order, and conditions that may repeat.
func (s *study) conditions() (d domainOf, ok bool) {
	l := s.l
	conds := simplify.Domain(l.raw)
	if len(conds) != len(simplify.Needed(l.raw)) {
		return d, false // of a power with a variable exponent
	}
	for i := range conds {
		c := l.T.Pool().Import(conds[i])
		if conds[i] = c; !c.Op().IsRelation() {
			return d, false
		}
		u := l.T.Sub(l.tidyNode(c.Arg(0)), l.tidyNode(c.Arg(1)))
		v := l.strictly(u, (&piece{lo: s.lo, hi: s.hi}).hull())
		if sign := v.sign(); sign != 0 && c.Op().Holds(sign) ||
			c.Op() == expr.Ge && v.Lo >= 0 || c.Op() == expr.Le && v.Hi <= 0 || s.narrow(c) {
			continue
		}
		if list, ok := l.Solve(u, s.lo, s.hi); ok && c.Op() == expr.Ne && !slices.ContainsFunc(list, func(z exact.Spot) bool { return !z.Exact.Valid() }) {
			d.holes = append(d.holes, list...)
			continue
		}
		d.turns = append(d.turns, c)
	}
	inside := true
	for _, c := range conds {
		u := l.T.Sub(l.tidyNode(c.Arg(0)), l.tidyNode(c.Arg(1)))
		for i, open := range [2]*bool{&s.loOpen, &s.hiOpen} {
			if end := [2]exact.Spot{s.lo, s.hi}[i]; end.Inf == 0 && !*open {
				sign, ok := l.SignAt(u, end)
				inside, *open = inside && ok, !c.Op().Holds(sign)
			}
		}
	}
	d.holes = slices.DeleteFunc(d.holes, func(z exact.Spot) bool {
		a, ok1 := l.Consts.CompareSpots(s.lo, z)
		b, ok2 := l.Consts.CompareSpots(z, s.hi)
		inside = inside && ok1 && ok2
		return a >= 0 || b >= 0
	})
	slices.SortStableFunc(d.holes, func(p, q exact.Spot) int {
		c, ok := l.Consts.CompareSpots(p, q)
		inside = inside && ok
		return c
	})
	d.holes = slices.CompactFunc(d.holes, l.same)
	return d, inside
}

// holdsAt reports whether the conditions that repeat hold at all places of p, or at none, and
// whether one of both is known.
func (d domainOf) holdsAt(l *line, p place) (holds, sure bool) {
	holds = true
	for _, c := range d.turns {
		u := l.T.Sub(l.tidyNode(c.Arg(0)), l.tidyNode(c.Arg(1)))
		sign, ok := l.SignAt(u, p.at)
		if !ok || !l.comesBack(u, p.step, c.Op() == expr.Ne) {
			return false, false
		}
		holds = holds && c.Op().Holds(sign)
	}
	return holds, true
}

// told leaves of the stationary points of an answer that are minimisers one for each minimiser
// or family of them.
func told(a *answer) {
	if a.StationaryComplete {
		return
	}
	for _, m := range a.Minimisers {
		var st minimum.Stationary
		a.Stationary = slices.DeleteFunc(a.Stationary, func(t minimum.Stationary) bool {
			x := m.X[0]
			if m.Repeats.Step.Valid() {
				x += m.Repeats.Width * math.Round((t.X[0]-x)/m.Repeats.Width)
			}
			if math.Abs(x-t.X[0]) > 1e-9*math.Max(1, math.Abs(x)) {
				return false
			}
			st = t
			return true
		})
		if st.X != nil {
			st.X, st.Exact, st.Hull, st.Family, st.Repeats = m.X, m.Exact, m.Hull, m.Family, m.Repeats
			a.Stationary = append(a.Stationary, st)
		}
	}
	slices.SortStableFunc(a.Stationary, func(p, q minimum.Stationary) int { return cmp.Compare(p.X[0], q.X[0]) })
}
