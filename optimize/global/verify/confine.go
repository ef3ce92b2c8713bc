package verify

import (
	"math"
	"math/big"
	"slices"

	"nabla/expr"
	"nabla/expr/interval"
	"nabla/expr/number"
	"nabla/expr/simplify"
	"nabla/expr/tape"
)

// This file is the part of the check that confines what is of interest in an unbounded region to a box.
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

// confine looks for a box outside of which f is proved to be above the claim, or a condition not to hold.
func (v *verifier) confine() {
	outer := slices.Clone(v.region)
	if v.hasWeb() && !v.narrow(outer) { // no point is of interest
		outer[0] = interval.Empty
	}
	pool := expr.NewPool()
	var tops []expr.Expr // negative at points of interest
	if !math.IsInf(v.least, 0) {
		least := pool.Num(number.FromRat(new(big.Rat).SetFloat64(v.least)))
		for _, e := range pieces(pool.Import(v.f)) {
			tops = append(tops, pool.Make(expr.Add, e, pool.Make(expr.Neg, least)))
		}
	}
	for _, c := range v.cons {
		for _, e := range pieces(pool.Import(c.g)) {
			tops = append(tops, pool.Make(expr.Add, e, pool.Num(number.Frac(-1, 1e9)))) // which is not 0 either
		}
	}
	w := *v
	w.left = &effort{ctx: v.left.ctx, boxes: confineBoxes, evals: tailEvals, work: v.left.work}
	for _, g := range tops {
		if w.region = outer; slices.ContainsFunc(outer, func(x interval.I) bool { return !x.IsBounded() }) {
			outer = w.confinedBy(g)
		}
		if w.region = outer; slices.ContainsFunc(outer, func(x interval.I) bool { return !x.IsBounded() }) {
			outer = w.confinedByParts(g)
		}
	}
	if v.hasWeb() && !v.narrow(outer) {
		outer[0] = interval.Empty
	}
	if !slices.Equal(outer, v.region) {
		v.outer = outer
	}
}

// confinedBy returns the part of the region outside of which g is proved not to be negative.
func (v *verifier) confinedBy(g expr.Expr) []interval.I {
	if r, among, ok := v.quadraticRadius(g); ok {
		outer := slices.Clone(v.region)
		for i := range outer {
			if among[i] {
				outer[i] = outer[i].Meet(interval.New(-r, r))
			}
		}
		return outer
	}
	const farthest = 1 << 23
	if _, ok := v.nonNegativeOutside(g, farthest); !ok {
		return v.region
	}
	for size := 1.0; size < farthest && v.left.boxes > 0; size *= 2 {
		if weight, ok := v.nonNegativeOutside(g, size); ok {
			outer := slices.Clone(v.region)
			for i := range outer {
				if !outer[i].IsBounded() {
					r := interval.Point(size).PowInt(weight[i]).Hi
					outer[i] = outer[i].Meet(interval.New(-r, r))
				}
			}
			return outer
		}
	}
	return v.region
}

// quadraticRadius returns r such that g > 0 is proved where |x| > r, x being the variables with squares: the terms of degree two or less in
// these are together at least ε |x|² - c, as a semidefinite matrix shows, and the others have lower bounds.
func (v *verifier) quadraticRadius(g expr.Expr) (r float64, among []bool, ok bool) {
	n := len(v.region)
	p, low := poly{}, interval.Point(0)
	t := simplify.New()
	for _, e := range operands(expr.Add, t.Sum(addends(t, nil, g, number.Int(1))...)) {
		q, isPoly := readPoly(e, v.c.Variables)
		if isPoly {
			_, isPoly = form(q, n)
		}
		if isPoly {
			p.plus(q, one)
		} else if x, some := v.rangeOn(e); some {
			low = low.Add(x)
		} else {
			return 0, nil, false
		}
	}
	among = make([]bool, n)
	for i := range n {
		square := make([]byte, n)
		square[i] = 2
		among[i] = p[string(square)] != nil
	}
	for m, c := range p {
		x, other := enclose(c), false
		for i, k := range []byte(m) {
			x, other = x.Mul(v.region[i].PowInt(int(k))), other || k > 0 && !among[i]
		}
		if other {
			low = low.Add(x)
			delete(p, m)
		}
	}
	bounded := func(steep, depth int) bool { // by ε = 2^steep and c = 2^depth
		q, _ := form(p, n)
		for i := range n {
			if among[i] {
				q[i][i] = new(big.Rat).Sub(q[i][i], new(big.Rat).SetFloat64(math.Ldexp(1, steep)))
			}
		}
		q[n][n] = new(big.Rat).Add(q[n][n], new(big.Rat).SetFloat64(math.Ldexp(1, depth)))
		return semidefinite(q)
	}
	const least, most, deepest = -30, 20, 60
	if !slices.Contains(among, true) || !(low.Lo > -math.MaxFloat64) {
		return 0, nil, false
	}
	for steep := most; steep >= least; steep -= 2 {
		if !bounded(steep, deepest) {
			continue
		}
		depth := deepest
		for depth > -deepest && bounded(steep, depth-1) {
			depth--
		}
		square := interval.Point(math.Ldexp(1, depth)).Sub(low).Div(interval.Point(math.Ldexp(1, steep)))
		return interval.Point(math.Max(0, square.Hi)).Sqrt().Hi, among, true
	}
	return 0, nil, false
}

// A flank is the part of the region in which x_i is far out on the lower (0) or upper (1) side, with a polynomial that is nowhere above
// g there: parts of g that are no polynomials have the values that they have there.
type flank struct {
	i, side int
	f       []monomial
}

// nonNegativeOutside reports whether g ≥ 0 is proved wherever some |x_i| ≥ size^{w_i}, for the weights w that it returns.
func (v *verifier) nonNegativeOutside(g expr.Expr, size float64) (weight []int, ok bool) {
	var flanks []flank
	for i, x := range v.region {
		for side, beyond := range [2]interval.I{{Lo: math.Inf(-1), Hi: -size}, {Lo: size, Hi: math.Inf(1)}} {
			w := *v
			w.region = slices.Clone(v.region)
			if w.region[i] = x.Meet(beyond); x.IsBounded() || w.region[i].IsEmpty() {
				continue
			}
			k := flank{i: i, side: side}
			if k.f, ok = w.expanded(g, k); !ok {
				return nil, false
			}
			flanks = append(flanks, k)
		}
	}
	weight, degree, ok := v.weights(flanks)
	return weight, ok && !slices.ContainsFunc(flanks, func(k flank) bool { return !v.nonNegativeOn(k, weight, degree, size) })
}

// weights returns the weights of the variables, 0 for those that are bounded, and
// the weighted degree at which their pure powers meet.
func (v *verifier) weights(flanks []flank) (weight []int, degree int, ok bool) {
	n := len(v.region)
	top := slices.Repeat([]int{maxWeight + 1}, n)
	for _, k := range flanks {
		most := 0
		for _, m := range k.f {
			grows := m.c.Lo > 0 || k.side == 0 && m.c.Hi < 0 && m.e[k.i]%2 == 1
			if e := m.e[k.i]; grows && !slices.ContainsFunc(m.e[:k.i], isPower) && !slices.ContainsFunc(m.e[k.i+1:], isPower) {
				most = max(most, e)
			}
		}
		top[k.i] = min(top[k.i], most)
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

func isPower(e int) bool { return e > 0 }

// nonNegativeOn is nonNegativeOutside on a flank.
func (v *verifier) nonNegativeOn(k flank, weight []int, degree int, size float64) bool {
	n, f := len(weight), k.f
	powers := make([]int, len(f)) // of τ
	for at, m := range f {
		powers[at] = degree
		for i, e := range m.e {
			powers[at] -= e * weight[i]
		}
		if powers[at] < 0 {
			// A term beyond the weighted degree must not lower f.
			keeps := m.c.Lo >= 0
			for j, e := range m.e {
				keeps = keeps && (e%2 == 0 || v.region[j].Lo >= 0 || j == k.i && k.side == 1)
			}
			if !keeps {
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
	u[k.i] = interval.Point(float64(2*k.side - 1))
	budget := faceBoxes
	return v.divide(u, &budget, func(u []interval.I) []interval.I {
		p := value(u)
		if p.Hi < 0 {
			budget = 0
		}
		if p.Lo >= 0 {
			return nil
		}
		return u
	})
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

// below are polynomials in u that are nowhere above functions of u, beginnings of power series, of which that of exp is of use where u
// is bounded below; above are tangents that concave functions are nowhere above, log(u) ≤ u/a - 1 + log(a) and sqrt(u) ≤ u/(2a) + a/2.
var (
	below = map[string]string{"exp": "1 + u + u^2/2 + u^3/6", "cosh": "1 + u^2/2 + u^4/24"}
	above = map[string]string{"log": "u/2^20 + 13", "sqrt": "u/2^11 + 2^9"}
)

// underneath is a formula that is nowhere above f on the flank k: in terms of several factors one, a function, makes place for what is
// nowhere above it, or nowhere below it where the others are negative.
func (v *verifier) underneath(f expr.Expr, k flank) expr.Expr {
	pool := expr.NewPool()
	out := []expr.Expr{pool.Int(0)}
	for _, e := range operands(expr.Add, f) {
		factors := operands(expr.Mul, e)
		term := pool.Import(e)
		for i, a := range factors {
			others, rest := interval.Point(1), []expr.Expr{pool.Int(1)}
			for j, b := range factors {
				if j != i {
					r, _ := v.rangeOn(b)
					others, rest = others.Mul(r), append(rest, pool.Import(b))
				}
			}
			if u := v.beyond(a, others, k); u.Valid() {
				term = pool.Make(expr.Mul, append(rest, pool.Import(u))...)
				break
			}
		}
		out = append(out, term)
	}
	return simplify.Tidy(pool.Make(expr.Add, out...))
}

// beyond is what takes the place of the factor a, the product of the others being as given; it is not Valid for nothing.
func (v *verifier) beyond(a expr.Expr, others interval.I, k flank) expr.Expr {
	if a.Op() != expr.Call || a.IsConstant() || others.IsEmpty() {
		return expr.Expr{}
	}
	name, u := a.Func().Name, a.Arg(0)
	list := below
	switch r, _ := v.rangeOn(a); {
	case others.Lo >= 0 && (name == "sqrt" || name == "hypot"):
		return v.lineBelow(a, k)
	case others.Lo >= 0 && (name != "exp" || v.isBoundedBelow(u)):
	case others.Hi <= 0 && !r.IsBounded():
		list = above
	default:
		return expr.Expr{}
	}
	if list[name] == "" || a.Len() > 1 {
		return expr.Expr{}
	}
	return substitute(expr.MustParse(list[name]), map[string]expr.Expr{"u": u})
}

// lineBelow returns c (x_k + m) on the upper side, and c times its negative on the lower one, not above the root a of a quadratic polynomial q:
// for the other variables q is least with α (x_k + m)² + rest, rest ≥ 0 and c² ≤ α.
func (v *verifier) lineBelow(a expr.Expr, k flank) (line expr.Expr) {
	pool := expr.NewPool()
	q, ok := readPoly(radicand(pool, a), v.c.Variables)
	n := len(v.region)
	if !ok || !nowhereNegative(q, n) {
		return line
	}
	m, _ := form(q, n)
	for j := range n {
		if j == k.i || m[j][j].Sign() == 0 { // where it is, so is the row
			continue
		}
		for i := range m {
			if factor := new(big.Rat).Quo(m[i][j], m[j][j]); i != j {
				for l := range m {
					m[i][l] = new(big.Rat).Sub(m[i][l], new(big.Rat).Mul(factor, m[j][l]))
				}
			}
		}
	}
	steep, _ := m[k.i][k.i].Float64()
	c, ok := floatRat(interval.Point(steep).Mul(interval.Point(1 - 1e-9)).Sqrt().Lo)
	if !ok || c.Sign() <= 0 {
		return line
	}
	if k.side == 0 {
		c.Neg(c)
	}
	middle := new(big.Rat).Quo(m[k.i][n], m[k.i][k.i])
	return pool.Make(expr.Mul, pool.Num(number.FromRat(c)), pool.Make(expr.Add, pool.Var(v.c.Variables[k.i]), pool.Num(number.FromRat(middle))))
}

// isBoundedBelow reports whether e is seen to be bounded below on the region.
func (v *verifier) isBoundedBelow(e expr.Expr) bool {
	r, ok := v.rangeOn(e)
	p, known := readPoly(e, v.c.Variables)
	return ok && r.Lo > -math.MaxFloat64 || known && nowhereNegative(p, len(v.region))
}

// expanded writes f, or what is nowhere above it on the flank k, as a sum of monomials in the variables that are
// unbounded.
func (v *verifier) expanded(f expr.Expr, k flank) ([]monomial, bool) {
	n := len(v.region)
	f = v.underneath(simplify.Tidy(f), k)
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
