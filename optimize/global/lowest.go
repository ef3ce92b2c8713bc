package global

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"nabla/diff"
	"nabla/expr"
	"nabla/expr/fn"
	"nabla/expr/format"
	"nabla/expr/interval"
	"nabla/expr/number"
	"nabla/expr/simplify"
	"nabla/expr/tape"
	"nabla/optimize/global/internal/conditions"
	"nabla/optimize/global/internal/exact"
	"nabla/optimize/global/internal/form"
	"nabla/optimize/global/internal/model"
)

// This file reads off a formula where its parts are least: an even power where its base is 0, a cosine where its
// argument is an odd multiple of π, a growing function where its argument is least, a sum where all terms
// are, and a maximum where all operands are and have one value, a product that is nowhere negative where a factor is 0.

// A lowest says that a formula is nowhere lower than value, and that it has it, of the points at which it is
// defined, where all formulas in where are 0.
type lowest struct {
	value expr.Expr // a constant
	sign  int       // of it
	where []expr.Expr
	only  bool // it has the value nowhere else, but for turns
	waves bool // there are sines or cosines
	// turns are those of where that may be any multiple of 2π.
	turns []expr.Expr
}

// lowEnds is what is known of the least and of the greatest value of a part, nil for nothing, and
// an enclosure of its values over the region.
type lowEnds struct {
	least, greatest *lowest
	over            interval.I
	at              float64 // its value at the point at hand
}

// A lowReader makes formulas of lowest in the Pool of t; of the places of waves it takes those near the point at hand.
type lowReader struct {
	s      *session
	t      *simplify.Tidier
	consts *exact.Constants
}

// lowest reads f; nil where its parts do not tell.
func (s *session) lowest(x []float64) *lowest {
	parts := s.parts()
	if !parts.f.Valid() || parts.read {
		return parts.low
	}
	t := simplify.New()
	r := &lowReader{s, t, exact.NewConstants(t)}
	values := make([]float64, len(parts.ranges))
	parts.m.Eval(values, x)
	i := -1
	waves := false // of which the places near the point are taken
	l := expr.Fold(parts.f, func(n expr.Expr, args []lowEnds) lowEnds {
		i++
		waves = waves || n.IsCall("sin") || n.IsCall("cos")
		e := r.node(n, args)
		e.over, e.at = parts.ranges[i], values[i]
		return e
	}).least
	if !waves {
		parts.low, parts.read = l, true
	}
	return l
}

// make returns a lowest with the value v; nil where that is no real number of a known sign.
func (r *lowReader) make(v expr.Expr, from ...*lowest) *lowest {
	l := &lowest{value: v, only: true}
	var ok bool
	if l.sign, ok = r.consts.Sign(v); !ok {
		return nil
	}
	for _, f := range from {
		l.only, l.waves = l.only && f.only, l.waves || f.waves
		for _, u := range f.turns {
			if !slices.Contains(l.turns, u) {
				l.turns = append(l.turns, u)
			}
		}
		for _, u := range f.where {
			if !slices.Contains(l.where, u) {
				l.where = append(l.where, u)
			}
		}
	}
	return l
}

// zero returns that of a part that is nowhere negative, and 0 where u is.
func (r *lowReader) zero(u ...expr.Expr) *lowest {
	l := &lowest{value: r.t.Int(0), only: true}
	for _, e := range u {
		l.where = append(l.where, r.t.Pool().Import(e))
	}
	return l
}

// through applies a function to the values of lowests, nil for nil.
func (r *lowReader) through(f func(v expr.Expr) expr.Expr, l *lowest) *lowest {
	if l == nil {
		return nil
	}
	return r.make(f(l.value), l)
}

func (r *lowReader) node(n expr.Expr, args []lowEnds) lowEnds {
	if n.IsConstant() {
		l := r.make(r.t.Pool().Import(n))
		return lowEnds{least: l, greatest: l}
	}
	switch n.Op() {
	case expr.Add:
		return lowEnds{least: r.sum(args, func(e lowEnds) *lowest { return e.least }), greatest: r.sum(args, func(e lowEnds) *lowest { return e.greatest })}
	case expr.Mul:
		return r.product(n, args)
	case expr.Pow:
		return r.power(n, args)
	case expr.Call:
		return r.call(n, args)
	}
	return lowEnds{}
}

// sum adds the ends of the terms.
func (r *lowReader) sum(args []lowEnds, end func(lowEnds) *lowest) *lowest {
	var from []*lowest
	var values []expr.Expr
	for _, e := range args {
		l := end(e)
		if l == nil {
			return nil
		}
		from, values = append(from, l), append(values, l.value)
	}
	return r.make(r.t.Add(values...), from...)
}

// product handles a constant times a product of parts that are nowhere negative.
func (r *lowReader) product(n expr.Expr, args []lowEnds) (e lowEnds) {
	times := r.make(r.t.Int(1))
	var factors []lowEnds
	var of []expr.Expr
	for i, a := range args {
		switch u := n.Arg(i); {
		case !u.IsConstant():
			factors, of = append(factors, a), append(of, u)
		case a.least == nil:
			return e
		default:
			times = r.make(r.t.Mul(times.value, a.least.value))
		}
	}
	if times == nil || times.sign == 0 {
		return e
	}
	if e = factors[0]; len(factors) > 1 {
		e = r.notNegative(of, factors)
	}
	scale := func(v expr.Expr) expr.Expr { return r.t.Mul(times.value, v) }
	e.least, e.greatest = r.through(scale, e.least), r.through(scale, e.greatest)
	if times.sign < 0 {
		e.least, e.greatest = e.greatest, e.least
	}
	return e
}

// notNegative is the product of factors that are nowhere negative.
func (r *lowReader) notNegative(of []expr.Expr, factors []lowEnds) (e lowEnds) {
	var zeros, least, greatest []*lowest
	never := true // is another factor 0
	low, high := []expr.Expr{r.t.Int(1)}, []expr.Expr{r.t.Int(1)}
	for i, f := range factors {
		l := f.least
		positive := f.over.Lo > 0 || l != nil && l.sign > 0 || f.over.Lo >= 0 && neverZero(of[i])
		if !positive && !(f.over.Lo >= 0) && (l == nil || l.sign < 0) {
			return lowEnds{}
		}
		if l != nil && l.sign > 0 {
			least, low = append(least, l), append(low, l.value)
		}
		if g := f.greatest; g != nil && g.sign > 0 {
			greatest, high = append(greatest, g), append(high, g.value)
		}
		if l != nil && l.sign == 0 {
			zeros = append(zeros, l)
		} else {
			never = never && positive
		}
	}
	switch {
	case len(zeros) == 1 && never:
		e.least = zeros[0]
	case len(zeros) > 1 && never:
		roots := []expr.Expr{r.t.Int(1)}
		for _, z := range zeros {
			roots = append(roots, r.together(z.where))
		}
		e.least = r.zero(r.t.Mul(roots...))
		for _, z := range zeros {
			e.least.only, e.least.waves = e.least.only && z.only && len(z.turns) == 0, e.least.waves || z.waves
		}
	case len(least) == len(factors):
		e.least = r.make(r.t.Mul(low...), least...)
	}
	if len(greatest) == len(factors) {
		e.greatest = r.make(r.t.Mul(high...), greatest...)
	}
	return e
}

// together is 0 where all of u are.
func (r *lowReader) together(u []expr.Expr) expr.Expr {
	if len(u) == 1 {
		return u[0]
	}
	sum := []expr.Expr{r.t.Int(0)}
	for _, e := range u {
		sum = append(sum, r.t.Pow(e, r.t.Int(2)))
	}
	return r.t.Add(sum...)
}

// neverZero reports whether e is nowhere 0 where it is defined, as its form shows.
func neverZero(e expr.Expr) bool {
	switch e.Op() {
	case expr.Pow:
		k := e.Arg(1)
		return k.Op() == expr.Num && k.Number().Sign() < 0 || form.ConstantSign(e.Arg(0)) > 0 // 0^u is 0
	case expr.Call:
		return e.Func().Positive
	}
	return false
}

func (r *lowReader) power(n expr.Expr, args []lowEnds) (e lowEnds) {
	u := args[0]
	if n.Arg(1).Op() != expr.Num {
		c, ok := tape.EncloseConstant(n.Arg(0))
		if u = args[1]; !ok || !n.Arg(0).IsConstant() || !(c.Lo > 1) && !(0 < c.Lo && c.Hi < 1) {
			return e
		}
		to := func(v expr.Expr) expr.Expr { return r.t.Pow(r.t.Pool().Import(n.Arg(0)), v) }
		if e.least, e.greatest = r.through(to, u.least), r.through(to, u.greatest); c.Hi < 1 {
			e.least, e.greatest = e.greatest, e.least
		}
		return e
	}
	k := n.Arg(1).Number()
	i, whole := k.Int64()
	to := func(v expr.Expr) expr.Expr { return r.t.Pow(v, r.t.Num(k)) }
	notBelow := u.least != nil && u.least.sign >= 0
	switch {
	case k.Sign() < 0:
		if u.least != nil && u.least.sign > 0 {
			e.least, e.greatest = r.through(to, u.greatest), r.through(to, u.least)
		}
		return e
	case whole && i%2 != 0:
		e.least = r.through(to, u.least)
	case notBelow:
		e.least = r.through(to, u.least)
	case whole && u.greatest != nil && u.greatest.sign < 0:
		e.least = r.through(to, u.greatest)
	default: // an even power, or one that asks for a base that is not negative
		e.least = r.zero(n.Arg(0))
	}
	if notBelow || whole && i%2 != 0 || !whole && u.greatest != nil && u.greatest.sign >= 0 {
		e.greatest = r.through(to, u.greatest)
	}
	return e
}

func (r *lowReader) call(n expr.Expr, args []lowEnds) (e lowEnds) {
	f := n.Func()
	to := func(v expr.Expr) expr.Expr { return r.t.Call(f, v) }
	switch u := args[0]; {
	case f.Name == "hypot":
		e.least = r.zero(n.Arg(0), n.Arg(1))
	case f.Name == "max":
		e.least, e.greatest = r.jointly(args, 1, func(e lowEnds) *lowest { return e.least }), r.furthest(args, 1, func(e lowEnds) *lowest { return e.greatest })
	case f.Name == "min":
		e.least, e.greatest = r.furthest(args, -1, func(e lowEnds) *lowest { return e.least }), r.jointly(args, -1, func(e lowEnds) *lowest { return e.greatest })
	case len(args) > 1:
	case f.Name == "sin" || f.Name == "cos":
		for sign := -1; sign <= 1; sign += 2 {
			at, ok := angle(r.t, n, float64(1+sign), 4, u.at)
			if !ok {
				continue
			}
			l := &lowest{value: r.t.Int(int64(sign)), sign: sign, where: []expr.Expr{at}, only: true, waves: true, turns: []expr.Expr{at}}
			if sign < 0 {
				e.least = l
			} else {
				e.greatest = l
			}
		}
	case f.Name == "abs" && u.least != nil && u.least.sign >= 0:
		e.least, e.greatest = u.least, u.greatest
	case f.Name == "abs":
		e.least = r.zero(n.Arg(0))
	case f.Name == "cosh":
		l := r.zero(n.Arg(0))
		l.value, l.sign = r.t.Int(1), 1
		e.least = l
	case f.Name == "sqrt" && (u.least == nil || u.least.sign < 0):
		e.least = r.zero(n.Arg(0))
	case f.Monotone > 0:
		e.least, e.greatest = r.through(to, u.least), r.through(to, u.greatest)
	case f.Monotone < 0:
		e.least, e.greatest = r.through(to, u.greatest), r.through(to, u.least)
	}
	return e
}

// extreme returns the greatest (sign 1) or the least of the values at the ends of the parts, and the parts that have it; false where one is not known.
func (r *lowReader) extreme(args []lowEnds, sign int, end func(lowEnds) *lowest) (at []*lowest, ok bool) {
	for _, e := range args {
		l := end(e)
		if l == nil {
			return nil, false
		}
		c := 1
		if len(at) > 0 {
			if c, ok = r.consts.Sign(r.t.Sub(l.value, at[0].value)); !ok {
				return nil, false
			}
		}
		switch {
		case c*sign > 0 || len(at) == 0:
			at = []*lowest{l}
		case c == 0:
			at = append(at, l)
		}
	}
	return at, true
}

// jointly is the least maximum of the parts (sign 1), or the greatest minimum, if all are at their ends together.
func (r *lowReader) jointly(args []lowEnds, sign int, end func(lowEnds) *lowest) *lowest {
	at, ok := r.extreme(args, sign, end)
	if !ok || len(at) < len(args) { // for the others it is enough not to be beyond
		return nil
	}
	return r.make(at[0].value, at...)
}

// furthest is the greatest maximum of the parts (sign 1), or the least minimum, if one part alone has it.
func (r *lowReader) furthest(args []lowEnds, sign int, end func(lowEnds) *lowest) *lowest {
	at, ok := r.extreme(args, sign, end)
	if !ok || len(at) > 1 {
		return nil
	}
	return r.make(at[0].value, at[0])
}

// angle returns the argument of e, a sine or cosine, less the angle nearest to its value, given, that is turn quarters of the circle, and
// any number of steps of so many quarters, away from where e is -1: so 0 for turn is a trough, and 2 a crest.
func angle(t *simplify.Tidier, e expr.Expr, turn, step, value float64) (at expr.Expr, ok bool) {
	if turn += 2; e.Func().Name == "sin" {
		turn -= 3
	}
	quarters := turn + step*math.Round((value/(math.Pi/2)-turn)/step)
	if !(math.Abs(quarters) < 1<<50) {
		return e, false
	}
	return t.Sub(t.Pool().Import(e.Arg(0)), t.Mul(t.Num(number.Frac(int64(quarters), 2)), t.Call(fn.Lookup("pi")))), true
}

// nearestZero returns a formula which is 0 only where u is, and near x as u is: the base of a power, the factor of a product that is
// nearest to 0 at x, and for a wave its argument less that of a zero.
func (s *session) nearestZero(u expr.Expr, x []float64) expr.Expr {
	for {
		switch {
		case u.Op() == expr.Pow && u.Arg(1).Op() == expr.Num && u.Arg(1).Number().Sign() > 0:
			u = u.Arg(0)
		case u.Op() == expr.Mul:
			args := u.AppendArgs(nil)
			prog, err := tape.Compile(s.p.Vars, args...)
			if err != nil {
				return u
			}
			out := make([]float64, len(args))
			prog.NewMachine().Eval(out, x)
			best := -1
			for i, v := range out {
				if !args[i].IsConstant() && (best < 0 || math.Abs(v) < math.Abs(out[best])) {
					best = i
				}
			}
			u = args[best]
		case u.IsCall("sin") || u.IsCall("cos"):
			prog, err := tape.Compile(s.p.Vars, u.Arg(0))
			if err != nil {
				return u
			}
			var out [1]float64
			prog.NewMachine().Eval(out[:], x)
			if at, ok := angle(simplify.New(), u, 1, 2, out[0]); ok {
				return at
			}
			return u
		default:
			return u
		}
	}
}

// lowestText says why the value at a point at which all parts are least is the least.
func (s *session) lowestText() string {
	return fmt.Sprintf("no part of the formula can make it %s than at this point: each square, root and wave has its extreme value there", s.p.lower())
}

// byLowest answers where the equations that make all parts of f least are linear and have a common solution, nil where they are
// not or have none.
func (s *session) byLowest() *Answer {
	if len(s.m.Cons) > 0 {
		return nil
	}
	points := [][]float64{make([]float64, s.m.N), slices.Repeat([]float64{1}, s.m.N)}
	if s.b != nil && s.b.BestX != nil {
		points = append([][]float64{s.b.BestX}, points...)
	}
	zeros := s.parts().apart
	fixed := zeros != nil // by the equations of before, whatever is near
	for _, near := range points {
		l := s.lowest(near)
		if l == nil || len(l.where) == 0 {
			return nil
		}
		before := zeros
		zeros = make([]expr.Expr, len(l.where))
		for i, u := range l.where {
			zeros[i] = s.nearestZero(u, near)
		}
		if fixed && slices.EqualFunc(zeros, before, expr.Equal) {
			continue
		}
		x, rank, ok := s.linearPoint(zeros, near)
		if fixed = x == nil || rank == s.m.N; !ok {
			s.parts().apart = zeros
			continue
		}
		e, ok := s.exactPoint(x)
		if v, known := tape.EncloseConstant(l.value); !ok || !known || v.Meet(e.value(s)).IsEmpty() {
			continue
		}
		a := s.exactAnswer(e, l.value)
		a.Method = "form of the formula"
		a.Proof = []string{s.lowestText()}
		switch {
		case rank < s.m.N:
			s.everywhereLowest(a, l, rank)
		case l.only && len(l.turns) == 0 && slices.Equal(zeros, l.where):
			a.MinimisersComplete = true
		case l.only && slices.Equal(zeros, l.where) && s.allTurns(a, l):
			a.MinimisersComplete = true
		case s.b == nil:
			return nil // it will be asked again
		default:
			s.listMinimisers(a)
		}
		return s.flip(a)
	}
	return nil
}

// allTurns adds the minimisers at which angles have turned otherwise, where the equations are linear and as many as the variables, so that they have one
// solution for given turns, and reports whether these are all in the region.
func (s *session) allTurns(a *Answer, l *lowest) bool {
	const most = 64
	if len(l.where) != s.m.N {
		return false
	}
	prog, err := tape.Compile(s.p.Vars, l.turns...)
	if err != nil {
		return false
	}
	over := make([]interval.I, len(l.turns))
	prog.NewMachine().Interval(over, nil, s.m.Outer)
	first, count, all := make([]int64, len(over)), make([]int64, len(over)), int64(1)
	for i, v := range over {
		k := v.Div(interval.Point(2).Mul(interval.Pi))
		if !(k.Mag() < most) {
			return false
		}
		first[i] = int64(math.Ceil(k.Lo))
		count[i] = int64(math.Floor(k.Hi)) - first[i] + 1
		if all *= max(count[i], 0); all > most {
			return false
		}
	}
	t := simplify.New()
	var more []Point
	for n := range all {
		where := slices.Clone(l.where)
		for i, u := range l.turns {
			turn := t.Mul(t.Int(2*(first[i]+n%count[i])), t.Call(fn.Lookup("pi")))
			where[slices.Index(l.where, u)] = t.Sub(t.Tidy(u), turn)
			n /= count[i]
		}
		x, _, ok := s.linearPoint(where, a.At)
		if !ok {
			return false
		}
		e, ok := s.exactPoint(x)
		switch {
		case !ok && !s.outside(x):
			return false
		case ok && !model.Near(e.at, a.At):
			more = append(more, Point{X: e.at, Exact: e.x})
		}
	}
	for _, p := range more {
		a.Minimisers = append(a.Minimisers, p)
		a.Stationary = append(a.Stationary, Stationary{X: p.X, Exact: p.Exact, Value: a.Value, Kind: "local minimum", Proved: true})
	}
	return true
}

// outside reports whether the point x is seen to violate a bound.
func (s *session) outside(x []expr.Expr) bool {
	for i, c := range x {
		if v, ok := tape.EncloseConstant(c); ok && v.Meet(s.m.Outer[i]).IsEmpty() {
			return true
		}
	}
	return false
}

// everywhereLowest describes all minimisers of an exact answer, probably a continuum, by the equations that make all parts
// of f least: so many are independent for all that is known.
func (s *session) everywhereLowest(a *Answer, l *lowest, independent int) {
	if !l.only || len(l.where) == 0 || independent >= s.m.N || !sameConstant(l.value, a.ExactValue) {
		return
	}
	t := simplify.New()
	f := t.Tidy(s.m.F)
	for i, b := range s.p.Bounds {
		if _, periodic := periodIn(t, f, s.p.Vars[i]); (b.Lo.Valid() || b.Hi.Valid()) && !(s.inPeriod && periodic) {
			return
		}
	}
	p := a.Minimisers[0]
	where := l.places()
	if p.Family = where; len(conditions.Open(s.m.F, s.p.Vars, s.m.Outer)) > 0 {
		p.Family += ", where f is defined"
	}
	a.Minimisers, a.MinimisersComplete = []Point{p}, true
	a.Stationary = []Stationary{{X: p.X, Exact: p.Exact, Value: a.Value, Kind: "local minimum", Proved: true, Family: p.Family}}
	a.Proof = append(a.Proof, "they have it together where "+where+", and nowhere else")
}

// places describes in words the points at which the value is taken.
func (l *lowest) places() string {
	var list []string
	turns := 0
	for _, u := range l.where {
		t := simplify.New()
		turn := slices.Contains(l.turns, u)
		u, constant := t.Tidy(u), t.Int(0)
		if u.Op() == expr.Add {
			rest := []expr.Expr{t.Int(0)}
			for _, e := range u.AppendArgs(nil) {
				if e.IsConstant() {
					constant = t.Sub(constant, e)
				} else {
					rest = append(rest, e)
				}
			}
			u = t.Add(rest...)
		}
		text := format.Text(u) + " = " + format.Text(constant)
		if turn {
			name := "k"
			if turns++; len(l.turns) > 1 {
				name = fmt.Sprint("k", turns)
			}
			if text = text + " + 2pi " + name; constant.IsNum(0) {
				text = format.Text(u) + " = 2pi " + name
			}
		}
		list = append(list, text)
	}
	return strings.Join(list, " and ")
}

// arithmetic reports whether the variables in e are only added, multiplied and raised to constant powers, so that its
// derivatives tell where it is linear: that of a step is 0.
func arithmetic(e expr.Expr) bool {
	return expr.Fold(e, func(n expr.Expr, args []bool) bool {
		switch {
		case n.IsConstant() && !n.Op().IsCondition(), n.Op() == expr.Var:
			return true
		case n.Op() == expr.Pow:
			return args[0] && n.Arg(1).IsConstant()
		}
		return (n.Op() == expr.Add || n.Op() == expr.Mul) && !slices.Contains(args, false)
	})
}

// linearPoint solves the equations that the formulas are 0, linear in the variables, denominators cleared, by elimination; what
// they leave free is a whole number near x. It is false where they are not linear, contradict each other or a coefficient is not
// told from 0; rank is the number of equations that were used.
func (s *session) linearPoint(where []expr.Expr, x []float64) (at []expr.Expr, rank int, ok bool) {
	t := simplify.New()
	c := exact.NewConstants(t)
	zero := map[string]expr.Expr{}
	pool := expr.NewPool()
	for _, v := range s.p.Vars {
		zero[v] = pool.Int(0)
	}
	constant := func(e expr.Expr) expr.Expr { return t.Tidy(pool.Substitute(pool.Import(e), zero)) }
	var rows [][]expr.Expr
	for _, u := range where {
		r := expr.Fold(t.Tidy(u), func(n expr.Expr, args []ratioForm) ratioForm { return ratioOf(t, n, args) })
		if !r.num.Valid() || !arithmetic(r.num) {
			return nil, 0, false
		}
		row := diff.Gradient(r.num, s.p.Vars)
		if slices.ContainsFunc(row, func(g expr.Expr) bool { return !g.IsConstant() && !simplify.Tidy(g).IsConstant() }) {
			return nil, 0, false
		}
		for i := range row {
			row[i] = t.Tidy(row[i])
		}
		rows = append(rows, append(row, t.Neg(constant(r.num))))
	}
	isZero := func(e expr.Expr) (bool, bool) {
		sign, ok := c.Sign(e)
		return sign == 0, ok
	}
	n := s.m.N
	pivot := make([]int, n) // the row that gives the variable, and 1
	for i := range n {
		k := -1
		for j := rank; j < len(rows) && k < 0; j++ {
			z, ok := isZero(rows[j][i])
			if !ok {
				return nil, 0, false
			}
			if !z {
				k = j
			}
		}
		if k < 0 {
			continue
		}
		rows[rank], rows[k] = rows[k], rows[rank]
		p := rows[rank]
		inverse := t.Pow(p[i], t.Int(-1))
		for j := range p {
			p[j] = c.Simplify(t.Mul(p[j], inverse))
		}
		for j, row := range rows {
			if j == rank || row[i].IsNum(0) {
				continue
			}
			times := row[i]
			for l := range row {
				row[l] = c.Simplify(t.Sub(row[l], t.Mul(times, p[l])))
			}
		}
		rank++
		pivot[i] = rank
	}
	for _, row := range rows[rank:] {
		if z, ok := isZero(row[n]); !ok || !z {
			return nil, 0, false
		}
	}
	at = make([]expr.Expr, n)
	for i := range at {
		if pivot[i] == 0 {
			v, _ := number.FromFloat(math.Round(x[i]))
			at[i] = t.Num(v)
		}
	}
	for i := range at {
		if pivot[i] == 0 {
			continue
		}
		row := rows[pivot[i]-1]
		sum := []expr.Expr{row[n], t.Int(0)}
		for j := range at {
			if pivot[j] == 0 {
				sum = append(sum, t.Neg(t.Mul(row[j], at[j])))
			}
		}
		at[i] = c.Simplify(t.Add(sum...))
	}
	return at, rank, true
}
