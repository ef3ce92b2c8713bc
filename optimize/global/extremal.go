package global

import (
	"math"

	"nabla/expr"
	"nabla/expr/interval"
	"nabla/expr/simplify"
	"nabla/expr/tape"
	"nabla/optimize/global/internal/exact"
	"nabla/optimize/global/internal/form"
)

// extremes says how the value v of a part of a formula at a point compares with
// its values everywhere in the region where it is defined.
type extremes struct {
	least, greatest     bool // v ≤ u, v ≥ u
	smallest, largest   bool // |v| ≤ |u|, |v| ≥ |u|
	nonNegative, nonPos bool // u ≥ 0, u ≤ 0 everywhere
	value               expr.Expr
	sign                int  // of the value,
	known               bool // where that is known
}

// An attainment proves that a formula has its least value at a point by looking
// at its parts: squares that vanish, cosines that are 1, exponentials of what is
// least, and sums and products of such. The argument is exact: values at the
// point are constant formulas made tidy.
type attainment struct {
	t      *simplify.Tidier
	at     map[string]expr.Expr // the point, formulas in the Pool of t
	bounds map[string]Bound
	consts *exact.Constants
}

// A formulaParts is a formula with what its parts are over the region.
type formulaParts struct {
	f      expr.Expr // tidy; not Valid where it is too large
	ranges []interval.I
	m      *tape.Machine // of the parts

	low   *lowest     // what is read of f, where that does not depend on a point
	read  bool        // low is known
	apart []expr.Expr // equations that are known to have no solution of use, whatever point is near
}

// parts encloses the parts of f, tidy, over the region.
func (s *session) parts() *formulaParts {
	if s.ofF != nil {
		return s.ofF
	}
	s.ofF = &formulaParts{}
	t := simplify.New()
	f := t.Shorter(t.Tidy(s.m.F))
	if f.Size() > form.MaxSize {
		return s.ofF
	}
	w := expr.Order(f)
	nodes := make([]expr.Expr, w.Len())
	for i, n := range w.Each() {
		nodes[i] = n
	}
	prog, err := tape.Compile(s.p.Vars, nodes...)
	if err != nil {
		return s.ofF
	}
	s.ofF.f, s.ofF.ranges = f, make([]interval.I, w.Len()) // in the order of a Fold
	s.ofF.m = prog.NewMachine()
	s.ofF.m.Interval(s.ofF.ranges, nil, s.m.Outer)
	return s.ofF
}

// leastAt reports whether f is proved to have its least value at the point x
// (constant formulas), over the bounds of the problem. value is f there.
func (s *session) leastAt(x []expr.Expr) (value expr.Expr, ok bool) {
	parts := s.parts()
	if !parts.f.Valid() {
		return value, false
	}
	t := simplify.New()
	a := &attainment{t: t, at: map[string]expr.Expr{}, bounds: map[string]Bound{}, consts: exact.NewConstants(t)}
	for i, v := range s.p.Vars {
		a.at[v] = t.Tidy(x[i])
		if i < len(s.p.Bounds) {
			a.bounds[v] = s.p.Bounds[i]
		}
	}
	i := -1
	e := expr.Fold(parts.f, func(n expr.Expr, args []extremes) extremes {
		i++
		return a.settle(a.node(n, args), parts.ranges[i])
	})
	return e.value, e.least && e.value.Valid()
}

// settle draws the conclusions that hold for any part with values in the
// interval u.
func (a *attainment) settle(r extremes, u interval.I) extremes {
	if !r.value.Valid() {
		return r
	}
	if r.value.Op() == expr.Num {
		r.sign, r.known = r.value.Number().Sign(), true
	} else if s, ok := a.consts.Sign(r.value); ok {
		r.sign, r.known = s, true
	}
	r.nonNegative = r.nonNegative || u.Lo >= 0 && !u.IsEmpty()
	r.nonPos = r.nonPos || u.Hi <= 0 && !u.IsEmpty()
	if r.known && r.sign == 0 {
		r.smallest = true
		r.least = r.least || r.nonNegative
		r.greatest = r.greatest || r.nonPos
	}
	// A least value that is ≥ 0 makes all values so.
	r.nonNegative = r.nonNegative || r.least && r.known && r.sign >= 0
	r.nonPos = r.nonPos || r.greatest && r.known && r.sign <= 0
	for range 2 {
		if r.nonNegative {
			r.smallest, r.largest = r.smallest || r.least, r.largest || r.greatest
			r.least = r.least || r.smallest
		}
		if r.nonPos {
			r.smallest, r.largest = r.smallest || r.greatest, r.largest || r.least
			r.greatest = r.greatest || r.smallest
		}
		if r.largest && r.known {
			r.greatest = r.greatest || r.sign >= 0
			r.least = r.least || r.sign <= 0
		}
	}
	return r
}

// node judges one node by its operands.
func (a *attainment) node(n expr.Expr, args []extremes) extremes {
	r := extremes{}
	all := func(of func(e extremes) bool) bool {
		for _, e := range args {
			if !of(e) {
				return false
			}
		}
		return true
	}
	least := func(e extremes) bool { return e.least }
	greatest := func(e extremes) bool { return e.greatest }
	smallest := func(e extremes) bool { return e.smallest }
	largest := func(e extremes) bool { return e.largest }
	values := make([]expr.Expr, len(args))
	for i, e := range args {
		if !e.value.Valid() {
			return r
		}
		values[i] = e.value
	}
	switch n.Op() {
	case expr.Num:
		return extremes{least: true, greatest: true, smallest: true, largest: true, value: a.t.Num(n.Number())}
	case expr.Var:
		r.value = a.at[n.Name()]
		if b, ok := a.bounds[n.Name()]; ok && r.value.Valid() {
			r.least = b.Lo.Valid() && sameConstant(b.Lo, r.value)
			r.greatest = b.Hi.Valid() && sameConstant(b.Hi, r.value)
		}
		return r
	case expr.Add:
		r.value = a.t.Add(values...)
		r.least, r.greatest = all(least), all(greatest)
		r.nonNegative = all(func(e extremes) bool { return e.nonNegative })
		r.nonPos = all(func(e extremes) bool { return e.nonPos })
	case expr.Mul:
		r.value = a.t.Mul(values...)
		r.smallest, r.largest = all(smallest), all(largest)
		a.product(n, args, &r)
	case expr.Pow:
		r.value = a.t.Pow(values[0], values[1])
		a.power(n, args, &r)
	case expr.Call:
		if n.Len() == 0 {
			return extremes{least: true, greatest: true, smallest: true, largest: true, value: a.t.Call(n.Func())}
		}
		r.value = a.t.Call(n.Func(), values...)
		a.call(n, args, &r)
	}
	return r
}

// product handles factors of known sign, and a constant times one part.
func (a *attainment) product(n expr.Expr, args []extremes, r *extremes) {
	varying, sign := -1, 1
	for i := range args {
		if !n.Arg(i).IsConstant() {
			if varying >= 0 {
				varying = -2
				break
			}
			varying = i
			continue
		}
		if !args[i].known {
			varying = -2
			break
		}
		sign *= args[i].sign
	}
	if varying >= 0 {
		e := args[varying]
		switch {
		case sign > 0:
			r.least, r.greatest = e.least, e.greatest
		case sign < 0:
			r.least, r.greatest = e.greatest, e.least
		}
	}
}

func (a *attainment) power(n expr.Expr, args []extremes, r *extremes) {
	base, exponent := n.Arg(0), n.Arg(1)
	if exponent.Op() != expr.Num {
		// c^u with a constant c > 0 is monotone.
		if c, ok := tape.EncloseConstant(base); base.IsConstant() && ok && c.Lo > 0 {
			u := args[1]
			r.nonNegative = true
			switch {
			case c.Lo > 1:
				r.least, r.greatest = u.least, u.greatest
			case c.Hi < 1:
				r.least, r.greatest = u.greatest, u.least
			}
		}
		return
	}
	k, u := exponent.Number(), args[0]
	if _, ok := k.Int64(); k.IsInt() && !ok {
		return
	}
	if k.Sign() > 0 {
		r.smallest, r.largest = u.smallest, u.largest
	} else {
		// At a zero of the base there is no value.
		if u.known && u.sign != 0 {
			r.smallest, r.largest = u.largest, u.smallest
		}
	}
	i, whole := k.Int64()
	switch {
	case !whole || i%2 == 0:
		r.nonNegative = true // a fractional power asks for a base ≥ 0
		if !whole {
			if k.Sign() > 0 {
				r.least, r.greatest = u.least, u.greatest
			} else if u.known && u.sign > 0 {
				r.least, r.greatest = u.greatest, u.least
			}
		}
	case i > 0:
		r.least, r.greatest = u.least, u.greatest
		r.nonNegative, r.nonPos = u.nonNegative, u.nonPos
	}
}

func (a *attainment) call(n expr.Expr, args []extremes, r *extremes) {
	f := n.Func()
	least, greatest := true, true
	for _, e := range args {
		least, greatest = least && e.least, greatest && e.greatest
	}
	m := f.Monotone
	if m == 0 {
		m = f.Weakly
	}
	switch {
	case f.Name == "hypot":
		r.nonNegative = true
		r.least, r.greatest = true, true
		for _, e := range args {
			r.least, r.greatest = r.least && e.smallest, r.greatest && e.largest
		}
	case f.Name == "max" || f.Name == "min":
		r.least, r.greatest = least, greatest
		for _, e := range args {
			// max(u, v) ≥ u, and u is least here and as large as the maximum.
			if f.Name == "max" && e.least && sameConstant(e.value, r.value) {
				r.least = true
			}
			if f.Name == "min" && e.greatest && sameConstant(e.value, r.value) {
				r.greatest = true
			}
		}
		return
	case len(args) > 1 && !f.Variadic:
		// The domain need not be a product.
	case m > 0:
		r.least, r.greatest = least, greatest
		if f.Parity < 0 && len(args) == 1 {
			r.smallest, r.largest = args[0].smallest, args[0].largest
		}
	case m < 0:
		r.least, r.greatest = greatest, least
	case f.Name == "abs" || f.Name == "cosh":
		r.nonNegative = true
		r.least, r.greatest = true, true
		for _, e := range args {
			r.least, r.greatest = r.least && e.smallest, r.greatest && e.largest
		}
	}
	for i, text := range f.Range {
		if text == "" {
			continue
		}
		if !sameConstant(simplify.Template(f, text), r.value) {
			continue
		}
		if i == 0 {
			r.least = true
		} else {
			r.greatest = true
		}
		r.largest = r.largest || f.Range == [2]string{"-1", "1"}
	}
}

// snaps returns exact points near x, the simplest first: each coordinate as a
// bound, a fraction with a small denominator, a multiple of pi or a square root.
func (p *Problem) snaps(x []float64) [][]expr.Expr {
	pool := expr.NewPool()
	var list [][]expr.Expr
	add := func(y []expr.Expr) {
		for _, z := range list {
			same := true
			for i := range z {
				same = same && z[i] == y[i]
			}
			if same {
				return
			}
		}
		list = append(list, y)
	}
	for _, s := range []struct {
		tol         float64
		denominator int64
		pi          bool
	}{{1e-9, 1000, true}, {1e-6, 64, true}, {1e-4, 12, true}, {2e-2, 2, false}, {0.3, 1, false}} {
		y := make([]expr.Expr, len(x))
		ok := true
		for i, v := range x {
			if i < len(p.Bounds) {
				for _, b := range []expr.Expr{p.Bounds[i].Lo, p.Bounds[i].Hi} {
					if b.Valid() {
						if e, known := tape.EncloseConstant(b); known && math.Abs(e.Mid()-v) <= s.tol*math.Max(1, math.Abs(v)) {
							y[i] = pool.Import(b)
						}
					}
				}
			}
			if !y[i].Valid() {
				y[i] = exact.Guess(pool, v, s.tol, s.denominator, s.pi)
			}
			ok = ok && y[i].Valid()
		}
		if ok {
			add(y)
		}
	}
	return list
}
