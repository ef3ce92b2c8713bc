package global

import (
	"iter"
	"math"

	"nabla/expr"
	"nabla/expr/interval"
	"nabla/expr/number"
	"nabla/expr/simplify"
	"nabla/expr/tape"
	"nabla/optimize/global/internal/exact"
	"nabla/optimize/global/internal/univariate"
	"nabla/optimize/global/minimum"
)

// An exactPoint is a point with constant formulas as coordinates, in the region.
type exactPoint struct {
	x   []expr.Expr
	box []interval.I // encloses it
	at  []float64
}

// exactPoint checks that the formula and the constraints are defined at the
// point x, and that it lies in the region.
func (s *session) exactPoint(x []expr.Expr) (*exactPoint, bool) {
	if len(x) != s.m.N { // a minimiser without a closed form
		return nil, false
	}
	e := &exactPoint{x: x}
	for i, c := range x {
		v, ok := tape.EncloseConstant(c)
		if !ok {
			return nil, false
		}
		e.box = append(e.box, v)
		f := v.Mid()
		if t := tidyConstant(c); t.Op() == expr.Num {
			f = t.Number().Float64()
		}
		e.at = append(e.at, f)
		if i < len(s.p.Bounds) {
			b := s.p.Bounds[i]
			if b.Lo.Valid() && !before(b.Lo, c, b.LoOpen) || b.Hi.Valid() && !before(c, b.Hi, b.HiOpen) {
				return nil, false
			}
		}
	}
	out, dec := make([]interval.I, s.m.Value.NumOut()), make([]interval.Dec, s.m.Value.NumOut())
	s.m.Value.NewMachine().Interval(out, dec, e.box)
	if dec[0] < interval.Defined || out[0].IsEmpty() {
		return nil, false
	}
	for k, c := range s.m.Cons {
		g := out[k+1]
		if dec[k+1] < interval.Defined || g.IsEmpty() { // 0 log 0 is not 0
			return nil, false
		}
		if !c.Equal && (g.Hi < 0 || g.Hi == 0 && !c.Strict) {
			continue
		}
		v := s.valueAt(c.G, x)
		if v.Op() == expr.Num && v.Number().Sign() < 0 && !c.Equal {
			continue
		}
		zero := exact.NewConstants(simplify.New())
		if c.Strict || !exact.IsZero(zero, zero.T.Tidy(v)) {
			return nil, false
		}
	}
	return e, true
}

// snapOnLine returns a closed form of a point near x with one coordinate that is not simple,
// of which others may be multiples: that of a stationary point of f on the line. It is nil
// where x is not of this kind or there is no closed form. Nothing is proved of the point.
func (s *session) snapOnLine(x []float64) []expr.Expr {
	const tol, most = 1e-8, 12
	pool := expr.NewPool()
	at := make([]expr.Expr, len(x))
	unknown := -1
	for i, v := range x {
		if at[i] = exact.Guess(pool, v, tol, 1000, true); at[i].Valid() {
			continue
		}
		if unknown < 0 {
			unknown = i
			at[i] = pool.Var(s.p.Vars[i])
			continue
		}
		p, q, ok := exact.Convergent(v/x[unknown], tol, most)
		if !ok {
			return nil
		}
		at[i] = pool.Make(expr.Mul, exact.Fraction(pool, p, q), at[unknown])
	}
	if unknown < 0 {
		return nil
	}
	name := s.p.Vars[unknown]
	with := map[string]expr.Expr{}
	for i, v := range s.p.Vars {
		with[v] = at[i]
	}
	// What is far from x does not matter, and may be hard.
	d := 1e-3 * math.Max(1, math.Abs(x[unknown]))
	lo, _ := number.FromFloat(x[unknown] - d)
	hi, _ := number.FromFloat(x[unknown] + d)
	a := univariate.Solve(s.ctx, &univariate.Question{F: simplify.Tidy(pool.Substitute(pool.Import(s.m.F), with)), Var: name,
		Bound: Bound{Lo: pool.Num(lo), Hi: pool.Num(hi)}})
	for _, p := range a.Stationary {
		if len(p.Exact) != 1 || !p.Exact[0].Valid() || math.Abs(p.X[0]-x[unknown]) > 1e-6*math.Max(1, math.Abs(x[unknown])) {
			continue
		}
		out := expr.NewPool()
		v := map[string]expr.Expr{name: out.Import(p.Exact[0])}
		list := make([]expr.Expr, len(x))
		for i := range list {
			list[i] = simplify.Tidy(out.Substitute(out.Import(at[i]), v))
		}
		return list
	}
	return nil
}

// candidates are closed forms near the point x, the simplest first.
func (s *session) candidates(x []float64) [][]expr.Expr {
	list := s.p.snaps(x)
	if y := s.snapOnLine(x); y != nil {
		list = append(list, y)
	}
	return list
}

// closedForms are the candidates, and after them the point near x that solves equations, which takes longer to find.
func (s *session) closedForms(x []float64) iter.Seq[[]expr.Expr] {
	return s.thenSolved(s.candidates(x), x)
}

// thenSolved are the points of list, and after them the one near x that solves equations.
func (s *session) thenSolved(list [][]expr.Expr, x []float64) iter.Seq[[]expr.Expr] {
	return func(yield func([]expr.Expr) bool) {
		for _, y := range list {
			if !yield(y) {
				return
			}
		}
		if y := s.solvedNear(x); y != nil {
			yield(y)
		}
	}
}

// valueAt returns f at the point x, tidy.
func (s *session) valueAt(f expr.Expr, x []expr.Expr) expr.Expr {
	pool := expr.NewPool()
	with := map[string]expr.Expr{}
	for i, v := range s.p.Vars {
		with[v] = pool.Import(x[i])
	}
	return simplify.Tidy(exact.Spelled(pool.Substitute(pool.Import(f), with)))
}

// exactAnswer is the answer that the minimum is at the point e, with the value v
// (of the function to be minimised).
func (s *session) exactAnswer(e *exactPoint, v expr.Expr) *Answer {
	a := &Answer{Status: Exact, Attained: true, At: e.at, ExactAt: e.x, ExactValue: exact.ClosedForm(v)}
	value, ok := tape.EncloseConstant(a.ExactValue)
	if !ok {
		value, _ = tape.EncloseConstant(v)
	}
	a.Value = minimum.Shown(value)
	if a.ExactValue.Op() == expr.Num {
		a.Value = a.ExactValue.Number().Float64()
		value = exact.HullOf(a.ExactValue.Number())
	}
	a.Enclosure = &Enclosure{At: e.box, Value: value}
	a.Minimisers = []Point{{X: a.At, Exact: a.ExactAt}}
	a.Stationary = []Stationary{{X: a.At, Exact: a.ExactAt, Value: a.Value, Kind: "local minimum", Proved: true}}
	return a
}
