package verify

import (
	"math"
	"slices"

	"nabla/expr"
	"nabla/expr/interval"
	"nabla/expr/simplify"
	"nabla/expr/tape"
)

// This file is the part of the check that confines an unbounded region to a box.
// With x_i = σ_i u_i s^{w_i}, |u_i| ≤ 1 and one u_i = ±1, and s = 1/τ, a
// polynomial f of the weighted degree D is τ^{-D} p(τ, u) with a polynomial p. What
// is outside the box |x_i| ≤ S^{w_i} is 0 < τ ≤ 1/S; so f ≥ c there follows from
// p(τ, u) - c τ^D ≥ 0 on a bounded set. Parts of f that are no polynomials count as
// coefficients that may have any of their values.

// A monomial is c·Π x_i^{e_i}.
type monomial struct {
	c interval.I
	e []int
}

const (
	maxMonomials = 400
	maxWeight    = 64
	confineBoxes = 40_000
	faceBoxes    = 4000
)

// confine looks for a box outside of which f is proved to be above the claim.
func (v *verifier) confine() {
	n := len(v.region)
	f, ok := v.expanded()
	if !ok {
		return
	}
	f = addMonomial(f, monomial{interval.Point(v.least).Neg(), make([]int, n)})
	weight, degree, ok := v.weights(f)
	if !ok {
		return
	}
	w := *v
	w.left = &effort{ctx: v.left.ctx, boxes: confineBoxes}
	for size := 1.0; size < 1e7 && w.left.boxes > 0; size *= 2 {
		if w.positiveOutside(f, weight, degree, size) {
			v.outer = slices.Clone(v.region)
			for i := range v.outer {
				if !v.region[i].IsBounded() {
					r := interval.Point(size).PowInt(weight[i]).Hi
					v.outer[i] = v.outer[i].Meet(interval.New(-r, r))
				}
			}
			v.yes("the highest powers outweigh the other terms: nothing is better outside a box (size %g)", size)
			return
		}
	}
}

// weights returns the weights of the variables, 0 for those that are bounded, and
// the weighted degree at which their pure powers meet.
func (v *verifier) weights(f []monomial) (weight []int, degree int, ok bool) {
	n := len(v.region)
	top := make([]int, n)
	for _, m := range f {
		k := -1
		for i, e := range m.e {
			if e > 0 {
				if k >= 0 {
					k = n
					break
				}
				k = i
			}
		}
		if k >= 0 && k < n && m.c.Lo > 0 {
			top[k] = max(top[k], m.e[k])
		}
	}
	degree = 1
	for i, x := range v.region {
		if x.IsBounded() {
			continue
		}
		if top[i] == 0 {
			return nil, 0, false
		}
		a, b := degree, top[i]
		for b != 0 {
			a, b = b, a%b
		}
		if degree = degree / a * top[i]; degree > 4*maxWeight {
			return nil, 0, false
		}
	}
	weight = make([]int, n)
	for i, x := range v.region {
		if !x.IsBounded() {
			weight[i] = degree / top[i]
		}
	}
	return weight, degree, true
}

// positiveOutside reports whether f ≥ 0 is proved wherever some |x_i| ≥ size^{w_i}.
func (v *verifier) positiveOutside(f []monomial, weight []int, degree int, size float64) bool {
	n := len(weight)
	powers := make([]int, len(f)) // of τ
	for k, m := range f {
		powers[k] = degree
		for i, e := range m.e {
			powers[k] -= e * weight[i]
		}
		if powers[k] < 0 {
			// A term beyond the weighted degree must not lower f.
			even := m.c.Lo >= 0
			for _, e := range m.e {
				even = even && e%2 == 0
			}
			if !even {
				return false
			}
		}
	}
	value := func(u []interval.I) interval.I {
		sum := interval.Point(0)
		for k, m := range f {
			if powers[k] < 0 {
				continue
			}
			t := m.c.Mul(u[n].PowInt(powers[k]))
			for i, e := range m.e {
				if e > 0 {
					t = t.Mul(u[i].PowInt(e))
				}
			}
			sum = sum.Add(t)
		}
		return sum
	}
	for i := range n {
		if weight[i] == 0 {
			continue
		}
		for _, side := range []float64{-1, 1} {
			u := make([]interval.I, n+1)
			u[n] = interval.I{Lo: 0, Hi: interval.Point(size).Inv().Hi}
			for j, x := range v.region {
				switch {
				case weight[j] == 0:
					u[j] = interval.Point(1) // does not occur
				case x.Lo >= 0:
					u[j] = interval.New(0, 1)
				case x.Hi <= 0:
					u[j] = interval.New(-1, 0)
				default:
					u[j] = interval.New(-1, 1)
				}
			}
			if !u[i].Has(side) {
				continue
			}
			u[i] = interval.Point(side)
			budget := faceBoxes
			if !v.divide(u, &budget, func(u []interval.I) []interval.I {
				p := value(u)
				if p.Hi < 0 {
					budget = 0
				}
				if p.Lo >= 0 {
					return nil
				}
				return u
			}) {
				return false
			}
		}
	}
	return true
}

func addMonomial(f []monomial, m monomial) []monomial {
	for i := range f {
		if slices.Equal(f[i].e, m.e) {
			f[i].c = f[i].c.Add(m.c)
			return f
		}
	}
	return append(f, m)
}

// ranges encloses every part of f on the region, in the order of the walk.
func (v *verifier) ranges(f expr.Expr) (w *expr.Walk, u []interval.I, dec []interval.Dec, ok bool) {
	w = expr.Order(f)
	var nodes []expr.Expr
	for _, e := range w.Each() {
		nodes = append(nodes, e)
	}
	p, err := tape.Compile(v.c.Variables, nodes...)
	if err != nil {
		return w, nil, nil, false
	}
	u, dec = make([]interval.I, len(nodes)), make([]interval.Dec, len(nodes))
	p.NewMachine().Interval(u, dec, v.region)
	return w, u, dec, true
}

// series are polynomials in u that are nowhere above functions: beginnings of power series, of
// which that of exp is of use where u is bounded below.
var series = map[string]string{"exp": "1 + u + u^2/2 + u^3/6", "cosh": "1 + u^2/2 + u^4/24"}

// underneath is a formula that is nowhere above f: of a term that is an exponential function
// times what is not negative, the beginning of its power series takes the place.
func (v *verifier) underneath(f expr.Expr) expr.Expr {
	pool := expr.NewPool()
	out := []expr.Expr{pool.Int(0)}
	for _, e := range operands(expr.Add, f) {
		product, positive := []expr.Expr{pool.Int(1)}, true
		grows := -1
		for i, a := range operands(expr.Mul, e) {
			if a.Op() == expr.Call && !a.IsConstant() && grows < 0 && series[a.Func().Name] != "" {
				if a.IsCall("cosh") || v.isBoundedBelow(a.Arg(0)) {
					grows = i
					at := map[string]expr.Expr{"u": pool.Import(a.Arg(0))}
					product = append(product, pool.Substitute(pool.Import(expr.MustParse(series[a.Func().Name])), at))
					continue
				}
			}
			r, ok := v.rangeOn(a)
			positive = positive && ok && r.Lo >= 0
			product = append(product, pool.Import(a))
		}
		if grows < 0 || !positive {
			product = []expr.Expr{pool.Int(1), pool.Import(e)}
		}
		out = append(out, pool.Make(expr.Mul, product...))
	}
	return simplify.Tidy(pool.Make(expr.Add, out...))
}

// isBoundedBelow reports whether e is seen to be bounded below on the region.
func (v *verifier) isBoundedBelow(e expr.Expr) bool {
	r, ok := v.rangeOn(e)
	p, known := readPoly(e, v.c.Variables)
	return ok && r.Lo > -math.MaxFloat64 || known && nowhereNegative(p, len(v.region))
}

// expanded writes f, or what is nowhere above it, as a sum of monomials in the variables that are
// unbounded.
func (v *verifier) expanded() ([]monomial, bool) {
	n := len(v.region)
	f := v.underneath(simplify.Tidy(v.f))
	if f.Size() > 2000 {
		return nil, false
	}
	w, ranges, _, ok := v.ranges(f)
	if !ok {
		return nil, false
	}
	times := func(a, b []monomial) []monomial {
		var out []monomial
		for _, x := range a {
			for _, y := range b {
				e := make([]int, n)
				for i := range e {
					if e[i] = x.e[i] + y.e[i]; e[i] > maxWeight {
						return nil
					}
				}
				if out = addMonomial(out, monomial{x.c.Mul(y.c), e}); len(out) > maxMonomials {
					return nil
				}
			}
		}
		return out
	}
	out := expr.Fold(f, func(e expr.Expr, args [][]monomial) []monomial {
		var r []monomial
		switch e.Op() {
		case expr.Var:
			if i := slices.Index(v.c.Variables, e.Name()); !v.region[i].IsBounded() {
				m := monomial{interval.Point(1), make([]int, n)}
				m.e[i] = 1
				return []monomial{m}
			}
		case expr.Add:
			for _, a := range args {
				for _, m := range a {
					r = addMonomial(r, m)
				}
			}
			if len(r) <= maxMonomials {
				return r
			}
		case expr.Mul:
			r = args[0]
			for _, a := range args[1:] {
				r = times(r, a)
			}
			if r != nil {
				return r
			}
		case expr.Pow:
			if k, ok := wholePower(e); ok && k > 0 && k <= maxWeight {
				r = args[0]
				for range k - 1 {
					r = times(r, args[0])
				}
				if r != nil {
					return r
				}
			}
		}
		u := ranges[w.Place(e)]
		if u.IsEmpty() {
			u = interval.Whole
		}
		return []monomial{{u, make([]int, n)}}
	})
	for _, m := range out {
		if math.IsInf(m.c.Lo, 0) || math.IsNaN(m.c.Lo) || math.IsNaN(m.c.Hi) {
			return nil, false
		}
	}
	return out, true
}

func wholePower(e expr.Expr) (int, bool) {
	k := e.Arg(1)
	if k.Op() != expr.Num {
		return 0, false
	}
	i, ok := k.Number().Int64()
	return int(i), ok && i < 1<<20
}
