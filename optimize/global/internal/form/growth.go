package form

import (
	"math"
	"slices"

	"nabla/expr"
	"nabla/expr/interval"
	"nabla/expr/number"
	"nabla/expr/simplify"
	"nabla/expr/tape"
	"nabla/optimize/global/internal/exact"
	"nabla/optimize/global/internal/quadratic"
)

// This file bounds formulas by polynomials in the variables that are unbounded: exp(u) from
// below by its Taylor polynomial, log(u) from above by a tangent.

// An IntervalPolynomial is a sum of monomials whose coefficients are intervals:
// parts of a formula that are no polynomials are replaced by all the values that
// they can take.
type IntervalPolynomial []intervalTerm

type intervalTerm struct {
	C interval.I
	E []int32 // exponents
}

const (
	maxTerms  = 600
	MaxDegree = 64
)

func (p IntervalPolynomial) plus(c interval.I, e []int32) IntervalPolynomial {
	for i := range p {
		if slices.Equal(p[i].E, e) {
			p[i].C = p[i].C.Add(c)
			return p
		}
	}
	return append(p, intervalTerm{c, e})
}

// A growth bounds a part of a formula. Both polynomials enclose it: below is made to be good
// from below, above from above. Of a positive part with exponentials, log encloses the
// logarithm.
type growth struct {
	below, above IntervalPolynomial
	log          *growth
}

// both is the growth of what p encloses from either side.
func both(p IntervalPolynomial) growth { return growth{below: p, above: p} }

// A bounder bounds the nodes of a formula.
type bounder struct {
	vars   []string
	box    []interval.I
	w      *expr.Walk
	ranges []interval.I
	zero   []int32
	failed bool
}

// AsIntervalPolynomial bounds f from below by an interval polynomial in those of vars that
// are unbounded in the box; the others take their values in it.
func AsIntervalPolynomial(f expr.Expr, vars []string, box []interval.I) (IntervalPolynomial, bool) {
	tidy := simplify.Tidy(f)
	if tidy.Size() > MaxSize {
		return nil, false
	}
	b := &bounder{vars: vars, box: box, w: expr.Order(tidy), zero: make([]int32, len(vars))}
	outs := make([]expr.Expr, 0, b.w.Len())
	for _, n := range b.w.Each() {
		outs = append(outs, n)
	}
	var ok bool
	if b.ranges, _, ok = tape.EncloseOn(vars, box, outs...); !ok {
		return nil, false
	}
	g := expr.Fold(tidy, b.node)
	return g.below, !b.failed && g.below != nil
}

// constant is the polynomial of the constant c.
func (b *bounder) constant(c interval.I) IntervalPolynomial { return IntervalPolynomial{{c, b.zero}} }

// node bounds the node n.
func (b *bounder) node(n expr.Expr, args []growth) growth {
	if b.failed {
		return growth{}
	}
	g := growth{}
	switch n.Op() {
	case expr.Var:
		i := slices.Index(b.vars, n.Name())
		if !b.box[i].IsBounded() {
			e := slices.Clone(b.zero)
			e[i] = 1
			g = both(IntervalPolynomial{{interval.Point(1), e}})
		}
	case expr.Add:
		g = b.sum(args)
	case expr.Mul:
		g = b.product(n, args)
	case expr.Pow:
		g = b.power(n, args)
	case expr.Call:
		g = b.call(n, args)
	}
	u := b.ranges[b.w.Place(n)]
	if u.IsEmpty() {
		b.failed = true
	}
	if g.below == nil {
		g.below = b.constant(u)
	}
	if g.above == nil {
		g.above = b.constant(u)
	}
	if n.Op() == expr.Num && u.Lo > 0 {
		logarithm := both(b.constant(interval.Log(u)))
		g.log = &logarithm
	}
	return g
}

func (b *bounder) sum(args []growth) growth {
	g := growth{below: IntervalPolynomial{}, above: IntervalPolynomial{}}
	for _, a := range args {
		g.below, g.above = g.below.add(a.below), g.above.add(a.above)
	}
	b.failed = len(g.below) > maxTerms || len(g.above) > maxTerms
	g.log = b.logOfSum(args)
	return g
}

// logOfSum bounds the logarithm of a sum of m positive parts: it is not above log m plus the
// greatest of theirs, nor below log m plus their mean.
func (b *bounder) logOfSum(args []growth) *growth {
	m := interval.Point(float64(len(args)))
	out := both(b.constant(interval.Log(m)))
	for _, a := range args {
		if a.log == nil {
			return nil
		}
		square := a.log.above.times(a.log.above)
		if square == nil {
			return nil
		}
		out.above = out.above.add(square.scaled(interval.Point(flat))).add(b.constant(interval.Point(1 / (4 * flat))))
		out.below = out.below.add(a.log.below.scaled(interval.Point(1).Div(m)))
	}
	out.above = out.above.add(b.constant(interval.I{Lo: math.Inf(-1), Hi: 0}))
	out.below = out.below.add(b.constant(interval.I{Lo: 0, Hi: math.Inf(1)}))
	return &out
}

// product multiplies. A factor that is a negative constant exchanges above and below.
func (b *bounder) product(n expr.Expr, args []growth) growth {
	g := args[0]
	for k, a := range args[1:] {
		u, v := b.ranges[b.w.Place(n.Arg(0))], b.ranges[b.w.Place(n.Arg(k+1))]
		if k > 0 || !n.Arg(0).IsConstant() {
			u = interval.Whole
		}
		switch {
		case u.Hi <= 0:
			a.below, a.above = a.above, a.below
		case n.Arg(k+1).IsConstant() && v.Hi <= 0:
			g.below, g.above = g.above, g.below
		}
		below, above := g.below.times(a.below), g.above.times(a.above)
		log := g.log
		if log != nil && a.log != nil {
			sum := growth{below: log.below.add(a.log.below), above: log.above.add(a.log.above)}
			log = &sum
		} else {
			log = nil
		}
		if g = (growth{below, above, log}); below == nil || above == nil {
			return growth{}
		}
	}
	return g
}

// power bounds powers: whole ones as they stand, those between 0 and 1 from above by a
// tangent.
func (b *bounder) power(n expr.Expr, args []growth) growth {
	if n.Arg(1).Op() != expr.Num {
		return b.exponential(n, args)
	}
	k := n.Arg(1).Number()
	u := args[0]
	if i, ok := k.Int64(); ok && 0 < i && i <= MaxDegree {
		g := growth{u.below, u.above, nil}
		for range i - 1 {
			g.below, g.above = g.below.times(u.below), g.above.times(u.above)
			if g.below == nil || g.above == nil {
				return growth{}
			}
		}
		return g
	}
	if k.Sign() > 0 && k.Cmp(number.Int(1)) < 0 && b.ranges[b.w.Place(n.Arg(0))].Lo >= 0 {
		var root IntervalPolynomial
		if k == number.Frac(1, 2) {
			root = b.rootBelow(u.below)
		}
		p := exact.HullOf(k)
		at := interval.Point(far)
		return growth{below: root, above: b.tangent(u.above, p.Mul(at.Pow(p.Sub(interval.Point(1)))), at.Pow(p).Mul(interval.Point(1).Sub(p)))}
	}
	return growth{}
}

// exponential bounds c^u for a constant c > 1.
func (b *bounder) exponential(n expr.Expr, args []growth) growth {
	c := b.ranges[b.w.Place(n.Arg(0))]
	if !n.Arg(0).IsConstant() || !(c.Lo > 1) {
		return growth{}
	}
	u := growth{below: args[1].below.scaled(interval.Log(c)), above: args[1].above.scaled(interval.Log(c))}
	g := growth{log: &u}
	if b.least(n.Arg(1)) > math.Inf(-1) {
		g.below = u.below.series(taylorBelow["exp"], b.zero)
	}
	return g
}

// tangent is the polynomial slope·p + c and what is below it.
func (b *bounder) tangent(p IntervalPolynomial, slope, c interval.I) IntervalPolynomial {
	return p.scaled(slope).add(b.constant(interval.I{Lo: math.Inf(-1), Hi: c.Hi}))
}

const (
	// far is where tangents touch that bound slow functions from above: far out they are flat.
	far = 4096
	// flat is the factor ε in |u| ≤ ε u² + 1/(4ε).
	flat = 1.0 / 1024
)

func (b *bounder) call(n expr.Expr, args []growth) growth {
	if len(args) != 1 {
		return growth{}
	}
	u := args[0]
	g := growth{}
	if near := n.Func().Near; near[0] < near[1] {
		away := b.constant(interval.New(near[0], near[1]))
		if u.below != nil {
			g.below = u.below.add(away)
		}
		if u.above != nil {
			g.above = u.above.add(away)
		}
		return g
	}
	// Where the argument may go to -∞, so may a polynomial of odd degree.
	name := n.Func().Name
	if c := taylorBelow[name]; c != nil && (name == "cosh" || b.least(n.Arg(0)) > math.Inf(-1)) {
		g.below = u.below.series(c, b.zero)
	}
	switch name {
	case "exp":
		g.log = &growth{below: u.below, above: u.above}
	case "cosh": // 0 ≤ log cosh u ≤ |u|
		g.log = &growth{below: b.constant(interval.I{Lo: 0, Hi: math.Inf(1)}), above: b.modulus(u)}
	case "abs":
		g.below, g.above = b.modulusBelow(u), b.modulus(u)
	case "sqrt":
		g.below = b.rootBelow(u.below)
		if g.above = b.rootAbove(u.above); g.above == nil {
			at := interval.Point(far)
			g.above = b.tangent(u.above, interval.Point(0.5).Div(at.Sqrt()), at.Sqrt().Mul(interval.Point(0.5)))
		}
	case "log":
		if u.log != nil {
			return growth{below: u.log.below, above: u.log.above}
		}
		at := interval.Point(far)
		g.above = b.tangent(u.above, interval.Point(1).Div(at), interval.Log(at).Sub(interval.Point(1)))
	}
	return g
}

// modulus bounds |u| from above: by the sum of its terms, where these are monomials that are nowhere
// negative, or by a multiple of the square; nil where that has too many terms.
func (b *bounder) modulus(u growth) IntervalPolynomial {
	sum := b.constant(interval.I{Lo: math.Inf(-1), Hi: 0})
	for _, t := range u.above {
		size := t.C.Mag()
		if !t.NotNegative(b.box) || math.IsInf(size, 1) {
			sum = nil
			break
		}
		sum = sum.plus(interval.Point(size), t.E)
	}
	if sum != nil {
		return sum
	}
	square := u.above.times(u.above)
	if square == nil {
		return nil
	}
	return b.tangent(square, interval.Point(flat), interval.Point(1/(4*flat)))
}

// least is a lower bound of e on the box: of a quadratic its least value.
func (b *bounder) least(e expr.Expr) float64 {
	lo := b.ranges[b.w.Place(e)].Lo
	if math.IsInf(lo, -1) {
		if q, ok := quadratic.Of(e, e.Vars()); ok && len(simplify.Domain(e)) == 0 {
			if v, ok := q.Least(); ok {
				return exact.HullOf(v).Lo
			}
		}
	}
	return lo
}

// taylorBelow holds the first terms of Taylor series, as denominators of the powers, 0 for a
// power that is missing: up to a rest that by Taylor's formula is nowhere negative, exp(ξ)
// u^4/4! and cosh(ξ) u^6/6!.
var taylorBelow = map[string][]float64{
	"exp":  {1, 1, 2, 6},
	"cosh": {1, 0, 2, 0, 24},
}

// series encloses the sum of p^k/d[k] and what is not negative. It is nil where that has too
// many terms.
func (p IntervalPolynomial) series(d []float64, zero []int32) IntervalPolynomial {
	sum := IntervalPolynomial{{interval.I{Lo: 1, Hi: math.Inf(1)}, zero}}
	power := IntervalPolynomial{{interval.Point(1), zero}}
	for k := 1; k < len(d); k++ {
		if power = power.times(p); power == nil {
			return nil
		}
		for _, t := range power {
			if d[k] != 0 {
				sum = sum.plus(t.C.Div(interval.Point(d[k])), t.E)
			}
		}
	}
	return sum
}

// add is the sum, in memory of its own.
func (p IntervalPolynomial) add(q IntervalPolynomial) IntervalPolynomial {
	r := slices.Clone(p)
	for _, t := range q {
		r = r.plus(t.C, t.E)
	}
	return r
}

// scaled is p times a constant.
func (p IntervalPolynomial) scaled(c interval.I) IntervalPolynomial {
	r := slices.Clone(p)
	for i := range r {
		r[i].C = r[i].C.Mul(c)
	}
	return r
}

func (p IntervalPolynomial) times(q IntervalPolynomial) IntervalPolynomial {
	if len(p)*len(q) > 20*maxTerms {
		return nil
	}
	r := IntervalPolynomial{}
	for _, a := range p {
		for _, b := range q {
			e := slices.Clone(a.E)
			for i := range e {
				if e[i] += b.E[i]; e[i] > MaxDegree {
					return nil
				}
			}
			r = r.plus(a.C.Mul(b.C), e)
		}
	}
	if len(r) > maxTerms {
		return nil
	}
	return r
}

// NotNegative reports whether the monomial is ≥ 0 everywhere in the box.
func (t intervalTerm) NotNegative(box []interval.I) bool {
	for i, e := range t.E {
		if e%2 != 0 && !(box[i].Lo >= 0) {
			return false
		}
	}
	return true
}

// isConstant reports whether the monomial is 1.
func (t intervalTerm) isConstant() bool {
	return !slices.ContainsFunc(t.E, func(e int32) bool { return e != 0 })
}

// modulusBelow bounds |u| from below by u or -u, where the coefficients have one sign and the
// monomials are not negative; nil where they have not.
func (b *bounder) modulusBelow(u growth) IntervalPolynomial {
	rises, falls := true, true
	for _, t := range u.below {
		rises = rises && (t.isConstant() || t.C.Lo >= 0 && t.NotNegative(b.box))
	}
	for _, t := range u.above {
		falls = falls && (t.isConstant() || t.C.Hi <= 0 && t.NotNegative(b.box))
	}
	rest := b.constant(interval.I{Lo: 0, Hi: math.Inf(1)})
	switch {
	case rises:
		return u.below.add(rest)
	case falls:
		return u.above.scaled(interval.Point(-1)).add(rest)
	}
	return nil
}

// rootAbove bounds the square root of u from above, by the sum of the roots of its terms, where these
// are monomials that are nowhere negative; nil where they are not.
func (b *bounder) rootAbove(u IntervalPolynomial) IntervalPolynomial {
	out := b.constant(interval.I{Lo: math.Inf(-1), Hi: 0})
	for _, t := range u {
		half := intervalTerm{C: interval.Point(math.Max(0, t.C.Hi)).Sqrt(), E: make([]int32, len(t.E))}
		for i, e := range t.E {
			if e%2 != 0 {
				return nil
			}
			half.E[i] = e / 2
		}
		if !half.NotNegative(b.box) || math.IsInf(half.C.Hi, 1) {
			return nil
		}
		out = out.plus(interval.Point(half.C.Hi), half.E)
	}
	return out
}

// rootBelow bounds the square root of u from below in variables that are not negative. Where
// u is at least a sum of m pure squares c x^2k less a constant, its root is at least the mean
// √m/m Σ √c x^k less the root of the constant. Linear terms and products of two variables
// are taken from the squares: -b x ≥ -c x²/4 - b²/c, -b x y ≥ -b (x² + y²)/2. It is nil where
// that does not do.
func (b *bounder) rootBelow(u IntervalPolynomial) IntervalPolynomial {
	n := len(b.zero)
	square, constant := make([]interval.I, n), interval.Point(0)
	power := make([]int32, n)
	var rest []intervalTerm
	for _, t := range u {
		k := slices.IndexFunc(t.E, func(e int32) bool { return e != 0 })
		pure := k >= 0 && !slices.ContainsFunc(t.E[k+1:], func(e int32) bool { return e != 0 })
		switch {
		case k < 0:
			constant = constant.Add(interval.Point(t.C.Lo))
		case pure && t.E[k]%2 == 0 && t.C.Lo > 0 && power[k] == 0:
			square[k], power[k] = interval.Point(t.C.Lo), t.E[k]/2
		case t.C.Lo >= 0 && t.NotNegative(b.box): // only helps
		default:
			rest = append(rest, t)
		}
	}
	for _, t := range rest {
		size, degree := interval.Point(t.C.Mag()), int32(0)
		for _, e := range t.E {
			degree += e
		}
		for i, e := range t.E {
			switch {
			case e == 0:
			case power[i] != 1 || degree > 2 || e > 1:
				return nil
			case degree == 1:
				constant = constant.Sub(size.Sqr().Div(square[i]))
				square[i] = square[i].Mul(interval.Point(0.75))
			default:
				square[i] = square[i].Sub(size.Mul(interval.Point(0.5)))
			}
			if e != 0 && !(square[i].Lo > 0) {
				return nil
			}
		}
	}
	m := 0
	for i := range square {
		if power[i] > 0 {
			m++
		}
		if power[i] > 0 && !(b.box[i].Lo >= 0) {
			return nil
		}
	}
	if m == 0 || math.IsInf(constant.Lo, 0) {
		return nil
	}
	mean := interval.Point(1).Div(interval.Point(float64(m)).Sqrt())
	lack := interval.Point(math.Max(0, -constant.Lo)).Sqrt()
	out := b.constant(interval.I{Lo: -lack.Hi, Hi: math.Inf(1)})
	for i, c := range square {
		if power[i] > 0 {
			e := slices.Clone(b.zero)
			e[i] = power[i]
			out = out.plus(interval.Point(c.Lo).Sqrt().Mul(mean), e)
		}
	}
	return out
}

// Weights returns the weights of the variables, 0 for those that are bounded in the
// box, and the weighted degree at which their highest pure powers meet.
func (p IntervalPolynomial) Weights(box []interval.I) (weight []int64, d int64, ok bool) {
	n := len(box)
	// The highest pure power of each variable.
	degree := make([]int64, n)
	for _, t := range p {
		k := -1
		for i, e := range t.E {
			if e > 0 {
				if k >= 0 {
					k = -2
					break
				}
				k = i
			}
		}
		if k < 0 || !(t.C.Lo > 0) {
			continue
		}
		if t.E[k]%2 == 0 || box[k].Lo >= 0 {
			degree[k] = max(degree[k], int64(t.E[k]))
		}
	}
	d = 1
	for i := range n {
		if box[i].IsBounded() {
			continue
		}
		if degree[i] == 0 {
			return nil, 0, false
		}
		d = d / number.GCD(d, degree[i]) * degree[i]
	}
	if d > 1<<20 {
		return nil, 0, false
	}
	weight = make([]int64, n)
	for i := range n {
		if degree[i] > 0 && !box[i].IsBounded() {
			weight[i] = d / degree[i]
		}
	}
	return weight, d, true
}

// Over encloses the form on the box u.
func (p IntervalPolynomial) Over(u []interval.I) interval.I {
	v := interval.Point(0)
	for _, t := range p {
		m := t.C
		for i, e := range t.E {
			if e > 0 {
				m = m.Mul(u[i].PowInt(int(e)))
			}
		}
		v = v.Add(m)
	}
	return v
}
