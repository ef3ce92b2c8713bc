package prove

import (
	"math/big"
	"math/bits"
	"slices"

	"nabla/expr/number"
)

// expanded returns s as shift·n, where no whole power of a base is left in n
// and no negative exponent: the bases are multiplied out, from the outermost
// in. A base that is a factor of all terms stays in shift unless whole says to
// multiply it out as well. It gives up past the budget; false means that the
// exponents do not fit the keys of packed polynomials.
func (r *ring) expanded(s sum, whole bool) (n sum, shift monomial, ok bool) {
	x, ok := r.pack(s, whole)
	if !ok {
		return nil, nil, false
	}
	x.expand()
	inv, _ := x.scale.Inv()
	return r.unpack(x.p, x.fields).scale(inv), x.shift(), true
}

// isZero reports that s is proved to be 0 wherever it is defined.
func (r *ring) isZero(s sum) bool {
	if len(s) == 0 {
		return true
	}
	if r.differs(s) {
		return false
	}
	if len(s) > 1 {
		x, ok := r.pack(s, false)
		if !ok {
			return false
		}
		if x.expand(); len(x.p) == 0 {
			return true
		}
	}
	if !r.hasSigns {
		return false
	}
	// Signs are zero divisors, (1 - s)·(1 + s)·x = 0, so what was left out as a
	// common factor counts.
	x, ok := r.pack(s, true)
	if !ok {
		return false
	}
	x.expand()
	return len(x.p) == 0
}

// within runs f with at most n steps of the budget, and reports whether they
// were enough.
func (r *ring) within(n int, f func()) (ok bool) {
	saved := *r.work
	given := min(n, saved)
	*r.work = given
	defer func() {
		*r.work += saved - given
		if e := recover(); e != nil {
			if g, is := e.(giveUp); !is || !g.exhausted {
				panic(e)
			}
			*r.work = saved - given
			ok = false
		}
	}()
	f()
	return true
}

// An expansion is a sum on its way to a polynomial without bases. Bases define
// themselves by kernels with smaller numbers, so going through them from the
// last to the first meets each after all that bring it in.
type expansion struct {
	r      *ring
	whole  bool    // common factors are multiplied out, too
	fields []field // by decreasing kernel
	scale  number.Number
	p      packed
}

// pack lays out the fields for s and everything its bases stand for, and packs
// s itself.
func (r *ring) pack(s sum, whole bool) (*expansion, bool) {
	x := &expansion{r: r, whole: whole}
	spans, ok := r.spans(s, whole)
	if !ok {
		return nil, false
	}
	r.spend(4*len(spans) + len(s))
	if x.fields, ok = layout(spans); !ok {
		return nil, false
	}
	// Whole coefficients.
	l := big.NewInt(1)
	for _, a := range s {
		if a.c.IsInt() {
			continue
		}
		d := a.c.Rat().Denom()
		g := new(big.Int).GCD(nil, nil, l, d)
		l.Mul(l, g.Quo(d, g))
	}
	x.scale = number.FromRat(new(big.Rat).SetInt(l))
	x.p = make(packed, 0, len(s))
	low := packKey(x.fields, x.shift())
	for _, a := range s {
		x.p = append(x.p, packedTerm{packKey(x.fields, a.m).sub(low), integerOf(a.c.Mul(x.scale))})
	}
	return x, true
}

// layout gives each span, in decreasing order of kernels, a field of a key.
// Early kernels of the monomial order take the low bits.
func layout(spans []span) ([]field, bool) {
	fields := make([]field, 0, len(spans))
	word, free := uint8(2), uint8(64)
	for _, sp := range spans {
		b := uint8(1)
		if d := sp.hi.sub(sp.lo); d.n > 0 {
			b = uint8(bits.Len64(uint64(int64(d.n) * sp.scale / d.den())))
		}
		if b > 40 {
			return nil, false
		}
		if b > free {
			if word == 0 {
				return nil, false
			}
			word, free = word-1, 64
		}
		free -= b
		fields = append(fields, field{sp.k, word, free, b, sp.scale, sp.lo})
	}
	return fields, true
}

// packKey encodes m as it stands; negative exponents are right in a key that is
// to be added to another.
func packKey(fields []field, m monomial) key {
	var k key
	i := len(m) - 1 // the fields are by decreasing kernel
	for j := range fields {
		if i < 0 {
			break
		}
		if f := &fields[j]; m[i].k == f.k {
			k = k.add(f.unit(int64(m[i].e.n) * f.scale / m[i].e.den()))
			i--
		}
	}
	return k
}

// A span is the range of exponents that a kernel takes during an expansion.
type span struct {
	k      kernel
	lo, hi ratio
	scale  int64
}

// spans returns the kernels that occur in s or come up when its bases are
// expanded, by decreasing number, with bounds for their exponents.
func (r *ring) spans(s sum, whole bool) ([]span, bool) {
	at := map[kernel]int{}
	var list []span
	touch := func(k kernel) *span {
		i, ok := at[k]
		if !ok {
			i = len(list)
			at[k] = i
			list = append(list, span{k: k, scale: 1})
		}
		return &list[i]
	}
	count := map[kernel]int{}
	for _, a := range s {
		for _, p := range a.m {
			sp := touch(p.k)
			if count[p.k] == 0 {
				sp.lo, sp.hi = p.e, p.e
			}
			count[p.k]++
			sp.include(p.e)
		}
	}
	for i := range list {
		if count[list[i].k] < len(s) || whole && r.expandable(list[i].k) != nil {
			list[i].include(ratio{})
		}
	}
	// Largest kernel first: a worklist, as definitions bring in more.
	done := map[kernel]bool{}
	for {
		var k kernel = -1
		for _, sp := range list {
			if !done[sp.k] && sp.k > k {
				k = sp.k
			}
		}
		if k < 0 {
			break
		}
		done[k] = true
		sp := *touch(k)
		def := r.expandable(k)
		n := sp.hi.sub(sp.lo).floor()
		if def == nil || n == 0 {
			continue
		}
		for _, a := range def {
			for _, p := range a.m {
				q := touch(p.k)
				if p.k >= k {
					return nil, false // the order of expansion would be wrong
				}
				q.scaleBy(p.e)
			}
		}
		r.widen(def, n, touch)
	}
	slices.SortFunc(list, func(a, b span) int { return int(b.k) - int(a.k) })
	return list, true
}

func (sp *span) include(e ratio) {
	if e.cmp(sp.lo) < 0 {
		sp.lo = e
	}
	if e.cmp(sp.hi) > 0 {
		sp.hi = e
	}
	sp.scaleBy(e)
}

// scaleBy sees to it that the exponent e is a whole number of units.
func (sp *span) scaleBy(e ratio) {
	if e.d1 != 0 && sp.scale%e.den() != 0 {
		sp.scale = sp.scale / gcd64(sp.scale, e.den()) * e.den()
	}
}

// widen makes room for n factors def.
func (r *ring) widen(def sum, n int, touch func(kernel) *span) {
	type bound struct{ lo, hi ratio }
	bounds := map[kernel]bound{}
	var order []kernel
	for _, a := range def {
		for _, p := range a.m {
			b, ok := bounds[p.k]
			if !ok {
				order = append(order, p.k)
			}
			if p.e.cmp(b.lo) < 0 {
				b.lo = p.e
			}
			if p.e.cmp(b.hi) > 0 {
				b.hi = p.e
			}
			bounds[p.k] = b
		}
	}
	for _, k := range order {
		sp, b := touch(k), bounds[k]
		sp.lo = sp.lo.add(b.lo.mul(integerRatio(n)))
		sp.hi = sp.hi.add(b.hi.mul(integerRatio(n)))
	}
}

// expandable returns what whole powers of k are multiplied out to, nil for a
// kernel that stands for itself.
func (r *ring) expandable(k kernel) sum {
	switch info := &r.kernels[k]; info.kind {
	case kindBase, kindNumber:
		return info.def
	case kindSign:
		// One that has become known since.
		if r.sign(info.of)&zeroSign == 0 {
			if p := r.signProduct(info.of); len(p.m) != 1 || p.m[0].k != k {
				return p.sum()
			}
		}
	}
	return nil
}

// expand multiplies out the bases of x.
func (x *expansion) expand() {
	for i := range x.fields {
		x.foldSigns(x.fields[i].k)
		if len(x.p) == 0 {
			return
		}
		f := &x.fields[i]
		def := x.r.expandable(f.k)
		if def == nil {
			continue
		}
		x.expandField(f, def)
	}
	x.foldSigns(-1)
}

// expandField multiplies out the whole powers of the base in f, by Horner's
// scheme.
func (x *expansion) expandField(f *field, def sum) {
	r := x.r
	// The least exponent of all is a common factor.
	least := ^uint64(0)
	top := uint64(0)
	for _, t := range x.p {
		least = min(least, f.get(t.k))
		top = max(top, f.get(t.k))
	}
	scale := uint64(f.scale)
	if x.whole {
		least = 0
	}
	n := int((top - least) / scale)
	if least > 0 {
		common := f.unit(int64(least))
		for i := range x.p {
			x.p[i].k = x.p[i].k.sub(common)
		}
		f.low = f.low.add(newRatio(int64(least), f.scale))
	}
	if n == 0 {
		return
	}
	groups := make([]packed, n+1)
	for _, t := range x.p {
		e := f.get(t.k) / scale
		t.k = t.k.sub(f.unit(int64(e * scale)))
		groups[e] = append(groups[e], t)
	}
	d := make(packed, len(def))
	for i, a := range def {
		d[i] = packedTerm{packKey(x.fields, a.m), integerOf(a.c)}
	}
	acc := groups[n]
	for e := n - 1; e >= 0; {
		// A gap is one power, not many products.
		gap := 1
		for e-gap+1 > 0 && len(groups[e-gap+1]) == 0 {
			gap++
		}
		if gap > 2 && len(d) > 1 {
			acc = r.multiply(acc, r.packedPower(d, gap))
		} else {
			for range gap {
				acc = r.multiply(acc, d)
			}
		}
		e -= gap
		acc = r.addPacked(acc, groups[e+1])
	}
	x.p = acc
}

// foldSigns brings the powers of signs to normal form: u·s² to u where u is the
// kernel about to be multiplied out, and in the end s³ to s.
func (x *expansion) foldSigns(u kernel) {
	changed := false
	for i := range x.fields {
		f := &x.fields[i]
		info := &x.r.kernels[f.k]
		if info.kind != kindSign || u >= 0 && info.of != u {
			continue
		}
		free, whole := x.r.sign(info.of)&zeroSign == 0, x.r.sign(info.of)&minusSign == 0
		if !f.low.isZero() || f.scale != 1 {
			continue
		}
		var with []*field // their powers are 0 where the sign is
		for j := range x.fields {
			if x.r.vanishesWith(x.fields[j].k, info.of) {
				with = append(with, &x.fields[j])
			}
		}
		for j := range x.p {
			t := &x.p[j]
			n := int64(f.get(t.k))
			if n < 2 {
				continue
			}
			to := 2 - n&1
			if whole {
				to = 1
			}
			if free || slices.ContainsFunc(with, func(of *field) bool { return of.get(t.k) > 0 || !of.low.isZero() }) {
				to = n & 1
			}
			if n != to {
				t.k = t.k.add(f.unit(to - n))
				changed = true
			}
		}
	}
	if !changed {
		return
	}
	x.r.table.reset(len(x.p))
	for _, t := range x.p {
		x.r.table.add(t.k, t.c)
	}
	x.p = x.r.table.take()
}

// shift returns the power product that was taken out of x.
func (x *expansion) shift() monomial {
	var m monomial
	for i := range x.fields {
		if f := &x.fields[i]; !f.low.isZero() {
			m = append(m, power{f.k, f.low})
		}
	}
	slices.Reverse(m)
	return m
}

// unpack returns p as a sum, with exponents counted from 0.
func (r *ring) unpack(p packed, fields []field) sum {
	r.spend(2 * len(p))
	out := make(sum, 0, len(p))
	for _, t := range p {
		m := r.alloc(len(fields))
		for i := len(fields) - 1; i >= 0; i-- {
			f := &fields[i]
			if e := f.get(t.k); e != 0 {
				m = append(m, power{f.k, newRatio(int64(e), f.scale)})
			}
		}
		r.keep(len(m))
		out = append(out, summand{t.c.number(), m})
	}
	return collected(out)
}
