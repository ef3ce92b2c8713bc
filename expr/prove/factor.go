package prove

import (
	"math"
	"math/cmplx"
	"slices"

	"nabla/expr/number"
)

// Roots, logarithms and absolute values are taken factor by factor, so their
// arguments are kept as power products of bases without common factors: a
// coprime base in the sense of Bach, Driscoll and Shallit, Factor refinement
// (1993), made finer whenever a new argument shares a factor with an old one.
// Nothing is factored into irreducibles; two arguments that belong together
// show their common factors to each other.

const (
	// largeBase is the number of terms from which a base is left whole.
	largeBase = 120
	// expansionWork is what factor may spend on multiplying out its argument.
	expansionWork = 20000
)

// factor returns s as a product of powers of refined bases. It must not be 0 as
// it stands; zero reports that it turned out to be 0 when multiplied out.
func (r *ring) factor(s sum) product {
	p, _ := r.factored(s)
	return p
}

func (r *ring) factored(s sum) (p product, isZero bool) {
	if len(s) == 1 {
		for _, q := range s[0].m {
			r.refine(q.k)
		}
		return r.resolve(product{s[0].c, s[0].m}), false
	}
	var n sum
	var shift monomial
	fits := false
	if !r.within(expansionWork, func() { n, shift, fits = r.expanded(s, false) }) || !fits || len(n) > largeBase {
		return r.named(s), false
	}
	if len(n) == 0 {
		return product{}, true
	}
	p = r.named(n)
	m, f := r.mul(p.m, shift)
	p = product{p.c.Mul(f), m}
	for _, q := range p.m {
		r.refine(q.k)
	}
	return r.resolve(p), false
}

// resolve replaces the whole powers of bases that have been split by their
// parts, and signs that are known by their values.
func (r *ring) resolve(p product) product {
	for _, q := range p.m {
		if info := &r.kernels[q.k]; info.kind == kindSign && q.e.isOdd() && r.sign(info.of)&zeroSign == 0 {
			s := r.signProduct(info.of)
			if len(s.m) == 1 && s.m[0].k == q.k {
				continue
			}
			// s² = 1: one more of q and its value in its place.
			m, f := r.mul(p.m, monomial{{q.k, ratio{1, 0}}})
			m, g := r.mul(m, s.m)
			p = product{p.c.Mul(s.c).Mul(f).Mul(g), m}
		}
	}
	for {
		i := slices.IndexFunc(p.m, func(q power) bool { return r.kernels[q.k].parts != nil && q.e.isInt() })
		if i < 0 {
			return p
		}
		q := p.m[i]
		rest := slices.Delete(slices.Clone(p.m), i, i+1)
		parts := r.kernels[q.k].parts
		c, m := r.raise(parts.c, parts.m, q.e)
		m, f := r.mul(rest, m)
		p = product{p.c.Mul(c).Mul(f), m}
	}
}

// refine splits the base k into coprime factors without squares, and makes it
// coprime to all bases refined before.
func (r *ring) refine(k kernel) {
	work := []kernel{k}
	for len(work) > 0 {
		k = work[len(work)-1]
		work = work[:len(work)-1]
		if info := &r.kernels[k]; info.flipped {
			k = info.minus
		}
		info := &r.kernels[k]
		if info.kind != kindBase || info.refined || info.parts != nil || len(info.def) < 2 {
			continue
		}
		info.refined = true
		if len(info.def) > largeBase {
			continue
		}
		if r.hasWholeBase(info.def) {
			work = append(work, r.unfold(k)...)
			if r.kernels[k].parts != nil {
				continue
			}
		}
		if !r.within(expansionWork, func() { work = append(work, r.split(k)...) }) {
			continue
		}
		if r.kernels[k].parts == nil {
			r.bases = append(r.bases, k)
		}
	}
	for len(r.inherit) > 0 {
		k := r.inherit[0]
		r.inherit = r.inherit[1:]
		r.learn(r.resolve(product{one, monomial{{k, ratio{1, 0}}}}).sum(), r.kernels[k].signs)
	}
}

// hasWholeBase reports that s can be multiplied out.
func (r *ring) hasWholeBase(s sum) bool {
	for _, a := range s {
		for _, p := range a.m {
			if r.kernels[p.k].kind == kindBase && p.e.floor() >= 1 {
				return true
			}
		}
	}
	return false
}

// unfold gives the base k, whose definition has bases in it, what it is when
// they are multiplied out as its parts, and returns the new bases.
func (r *ring) unfold(k kernel) []kernel {
	var n sum
	var shift monomial
	fits := false
	def := r.kernels[k].def
	if !r.within(expansionWork, func() { n, shift, fits = r.expanded(def, false) }) || !fits || len(n) == 0 || len(n) > largeBase {
		return nil
	}
	p := r.named(n)
	m, f := r.mul(p.m, shift)
	if slices.ContainsFunc(m, func(q power) bool { return q.k == k }) ||
		r.kernels[k].real && slices.ContainsFunc(m, func(q power) bool { return !r.kernels[q.k].real }) {
		return nil
	}
	r.setParts(k, product{p.c.Mul(f), m})
	var fresh []kernel
	for _, q := range m {
		fresh = append(fresh, q.k)
	}
	return fresh
}

// setParts notes that k is p.
func (r *ring) setParts(k kernel, p product) {
	r.kernels[k].parts = &p
	r.facts++
	if r.kernels[k].signs != anySign {
		r.inherit = append(r.inherit, k)
	}
}

// split finds a factor of the base k: a square, or what it has in common with
// an older base. It notes the parts and returns the new bases among them.
func (r *ring) split(k kernel) []kernel {
	if g, ok := r.repeated(k); ok {
		if fresh, ok := r.divideOut(k, g); ok {
			return fresh
		}
	}
	var all []kernel
	for _, b := range r.bases {
		if r.kernels[b].parts != nil {
			continue
		}
		g, ok := r.common(k, b)
		if !ok {
			continue
		}
		fresh, _ := r.divideOut(b, g)
		all = append(all, fresh...)
		if fresh, ok := r.divideOut(k, g); ok {
			return append(all, fresh...)
		}
	}
	if r.kernels[k].parts == nil {
		r.invert(k)
	}
	return all
}

// invert looks for an older base b with k·b = c, a number: sqrt(2) - 1 is the
// inverse of sqrt(2) + 1, and sqrt(u² + 1) - u that of sqrt(u² + 1) + u. As
// polynomials in roots the two have no common factor. Then k is c/b.
func (r *ring) invert(k kernel) {
	for _, b := range r.bases {
		if r.kernels[b].parts != nil || r.kernels[k].real && !r.kernels[b].real {
			continue
		}
		c, ok := r.constantProduct(k, b)
		if !ok {
			continue
		}
		zero := false
		r.within(expansionWork, func() {
			zero = r.isZero(r.product(r.kernels[k].def, r.kernels[b].def).sub(constantSum(c)))
		})
		if zero {
			r.setParts(k, product{c, monomial{{b, ratio{-1, 0}}}})
			return
		}
	}
}

// constantProduct returns the small rational number that the product of the bases
// a and b is at all sample points, as far as floats can tell.
func (r *ring) constantProduct(a, b kernel) (number.Number, bool) {
	var v [samples]complex128
	for j := range samples {
		v[j] = cmplx.Exp(r.kernels[a].log[j] + r.kernels[b].log[j])
		if !(cmplx.Abs(v[j]-v[0]) <= 1e-9*cmplx.Abs(v[0])) || !(math.Abs(imag(v[j])) <= 1e-9*cmplx.Abs(v[j])) {
			return number.Number{}, false
		}
	}
	const denominator = 720
	c := math.Round(real(v[0]) * denominator)
	if math.Abs(real(v[0])*denominator-c) > 1e-6*denominator || c == 0 || math.Abs(c) > 1<<40 {
		return number.Number{}, false
	}
	return number.Frac(int64(c), denominator), true
}

// divideOut notes that k is g times the quotient, if the division is exact and
// leaves something.
func (r *ring) divideOut(k kernel, g sum) ([]kernel, bool) {
	def := r.kernels[k].def
	x, ok := r.plain(def, g)
	if !ok {
		return nil, false
	}
	p, q := x.p[0].sorted(), x.p[1].sorted()
	quo, ok := r.divide(p, q, x.fields)
	if !ok || len(quo) == 1 {
		return nil, false
	}
	a, b := r.named(r.unpack(q, x.fields)), r.named(r.unpack(quo, x.fields))
	m, f := r.mul(a.m, b.m)
	c := a.c.Mul(b.c).Mul(f)
	m, f = r.mul(m, x.low[0])
	if r.kernels[k].real && slices.ContainsFunc(m, func(q power) bool { return !r.kernels[q.k].real }) {
		return nil, false // the factors of a real base are of use only if they are real
	}
	r.setParts(k, product{c.Mul(f), m})
	var fresh []kernel
	for _, q := range m {
		if r.kernels[q.k].kind == kindBase {
			fresh = append(fresh, q.k)
		}
	}
	return fresh, true
}

// common returns the greatest common divisor of the bases a and b, if it is
// not constant.
func (r *ring) common(a, b kernel) (sum, bool) {
	x, ok := r.plain(r.kernels[a].def, r.kernels[b].def)
	if !ok {
		return nil, false
	}
	return r.divisor(x, x.p[0], x.p[1])
}

// repeated returns a factor that the base k has more than once, with all its
// multiplicity less one.
func (r *ring) repeated(k kernel) (sum, bool) {
	x, ok := r.plain(r.kernels[k].def)
	if !ok {
		return nil, false
	}
	for i := range x.fields {
		d := x.p[0].derivative(&x.fields[i])
		if len(d) == 0 {
			continue
		}
		if g, ok := r.divisor(x, x.p[0], d); ok {
			return g, true
		}
	}
	return nil, false
}

// divisor returns gcd(p, q) as a sum, if it is not constant.
func (r *ring) divisor(x *plain, p, q packed) (sum, bool) {
	if !r.mayShare(p, q, x.fields) {
		return nil, false
	}
	g, ok := r.gcd(p, q, x.fields)
	if !ok || len(g) < 2 {
		return nil, false
	}
	return r.unpack(g, x.fields), true
}

// plain holds sums packed with all their kernels, bases too, as variables. Each
// is divided by the power product low of its least exponents.
type plain struct {
	fields []field
	p      []packed
	low    []monomial
}

// plain packs sums with whole coefficients.
func (r *ring) plain(sums ...sum) (*plain, bool) {
	x := &plain{}
	for _, s := range sums {
		r.spend(8 * len(s))
	}
	var spans []span
	find := func(k kernel) *span {
		i := slices.IndexFunc(spans, func(sp span) bool { return sp.k == k })
		if i < 0 {
			spans = append(spans, span{k: k, scale: 1})
			i = len(spans) - 1
		}
		return &spans[i]
	}
	type bound struct {
		k      kernel
		lo, hi ratio
		n      int
	}
	bounds := make([][]bound, len(sums))
	for j, s := range sums {
		for _, a := range s {
			for _, p := range a.m {
				find(p.k).scaleBy(p.e)
				i := slices.IndexFunc(bounds[j], func(b bound) bool { return b.k == p.k })
				if i < 0 {
					bounds[j] = append(bounds[j], bound{p.k, p.e, p.e, 1})
					continue
				}
				b := &bounds[j][i]
				b.n++
				if p.e.cmp(b.lo) < 0 {
					b.lo = p.e
				}
				if p.e.cmp(b.hi) > 0 {
					b.hi = p.e
				}
			}
		}
		var low monomial
		for _, b := range bounds[j] {
			if b.n < len(s) {
				if b.lo.n > 0 {
					b.lo = ratio{}
				}
				if b.hi.n < 0 {
					b.hi = ratio{}
				}
			}
			if !b.lo.isZero() {
				low = append(low, power{b.k, b.lo})
			}
			if sp, w := find(b.k), b.hi.sub(b.lo); w.cmp(sp.hi) > 0 {
				sp.hi = w
			}
		}
		slices.SortFunc(low, func(a, b power) int { return int(a.k) - int(b.k) })
		x.low = append(x.low, low)
	}
	slices.SortFunc(spans, func(a, b span) int { return int(b.k) - int(a.k) })
	var ok bool
	if x.fields, ok = layout(spans); !ok {
		return nil, false
	}
	for j, s := range sums {
		p := make(packed, len(s))
		low := packKey(x.fields, x.low[j])
		for i, a := range s {
			if !a.c.IsInt() {
				return nil, false
			}
			p[i] = packedTerm{packKey(x.fields, a.m).sub(low), integerOf(a.c)}
		}
		x.p = append(x.p, p)
	}
	return x, true
}
