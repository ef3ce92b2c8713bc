package prove

import (
	"encoding/binary"
	"math"
	"math/cmplx"

	"nabla/expr/fn"
	"nabla/expr/number"
)

// A kernel is one of the symbols of a ring.
type kernel int32

type kind uint8

const (
	kindNumber kind = iota // -1 or a prime, for its fractional powers
	kindVar                // a variable, or pi
	kindBase               // the name of a sum
	kindSign               // the sign of the kernel of: -1, 0 or 1
	kindLog                // log|of|
	kindExp                // e^m, m a monomial
	kindTurn               // e^(i m): cos(m) + i sin(m)
	kindCall               // a function of the table, of other sums
	kindBranch             // the principal logarithm of a base of unknown sign, for its symbolic powers
)

// minus is the kernel of -1, whose power 1/2 is the imaginary unit. Complex
// numbers occur because sine and cosine are written by e^(ix): sums and
// multiples of angles are then products and powers.
const minus kernel = 0

// A kernelInfo is what the ring knows of a kernel.
type kernelInfo struct {
	kind    kind
	number  number.Number // of a kindNumber
	name    string        // of a kindVar
	def     sum           // of a kindBase: a sum without whole powers of bases
	of      kernel        // of a sign, logarithm or branch
	m       monomial      // of an exponential or turn
	f       *fn.Func      // of a call
	args    []sum
	real    bool   // real wherever it is defined
	signs   signs  // what is known of the sign
	asked   int    // the state of knowledge, r.facts+1, in which signs was last derived
	minus   kernel // of a base: the kernel of -def, or 0
	flipped bool   // the sign is held by the kernel minus
	parts   *product
	related *signSet            // what the sign is, by the signs of others
	refined bool                // the ring has looked for factors of the base
	log     [samples]complex128 // of the value at the sample points
}

// A product is a multiple of a power product of kernels.
type product struct {
	c number.Number
	m monomial
}

// signs is a set of possible signs.
type signs uint8

const (
	minusSign signs = 1 << iota
	zeroSign
	plusSign
	anySign = minusSign | zeroSign | plusSign
)

// flip returns the signs of -x for those of x.
func (s signs) flip() signs { return s&zeroSign | s&minusSign<<2 | s&plusSign>>2 }

// samples is the number of points at which each kernel has a numerical value.
// Values never prove anything: they tell early that a sum is not 0.
const samples = 2

// A ring holds the kernels of one proof and what is known of them.
type ring struct {
	kernels  []kernelInfo
	index    map[string]kernel
	calls    map[*fn.Func][]kernel
	bases    []kernel // the refined ones, in order of appearance
	inherit  []kernel // split, with a sign that its parts do not know of yet
	slab     []power
	key      []byte
	work     *int // products of terms still allowed, shared by the rings of one proof
	hasSigns bool // there are kernels that are signs
	facts    int  // grows with what is known of signs and factors
	table    accumulator
	pi       kernel
}

// giveUp is the panic value by which a proof is abandoned; attempt recovers it.
type giveUp struct {
	why       string
	exhausted bool // of the budget
}

// nowhere is the reason when no point is left at which both formulas are
// defined.
const nowhere = "the two formulas are nowhere both defined"

func newRing(work *int) *ring {
	r := &ring{index: map[string]kernel{}, calls: map[*fn.Func][]kernel{}, work: work}
	r.number(minusOne)
	r.pi = r.variable("pi()", math.Pi)
	r.kernels[r.pi].signs = plusSign
	return r
}

// spend takes n steps off the budget.
func (r *ring) spend(n int) {
	if *r.work -= n; *r.work < 0 {
		panic(giveUp{why: "the terms are too many", exhausted: true})
	}
}

// vanishesWith reports that k is of, or |of|.
func (r *ring) vanishesWith(k, of kernel) bool {
	return k == of || r.kernels[k].kind == kindBase && r.kernels[k].of == of
}

// folds reports whether powers of k have a normal form that mul must see to.
func (r *ring) folds(k kernel) bool {
	kd := r.kernels[k].kind
	return kd == kindNumber || kd == kindSign
}

// enter returns the kernel with the key that make builds, new if need be.
func (r *ring) enter(info kernelInfo) (kernel, bool) {
	key := r.key[:0]
	key = append(key, byte(info.kind))
	switch info.kind {
	case kindNumber:
		key = append(key, info.number.String()...)
	case kindVar:
		key = append(key, info.name...)
	case kindBase:
		key = appendSum(key, info.def)
	case kindSign, kindLog, kindBranch:
		key = binary.AppendUvarint(key, uint64(info.of))
	case kindExp, kindTurn:
		key = appendMonomial(key, info.m)
	case kindCall:
		key = append(key, info.f.Name...)
		for _, s := range info.args {
			key = append(appendSum(key, s), ',')
		}
	}
	r.key = key
	if k, ok := r.index[string(key)]; ok {
		return k, false
	}
	if len(r.kernels) >= maxKernels {
		panic(giveUp{why: "the different functions are too many", exhausted: true})
	}
	k := kernel(len(r.kernels))
	r.kernels = append(r.kernels, info)
	r.index[string(key)] = k
	return k, true
}

// maxKernels is the most kernels of one proof. What people write has ten;
// packed polynomials of more than some thirty do not fit their keys.
const maxKernels = 400

func appendMonomial(key []byte, m monomial) []byte {
	for _, p := range m {
		key = binary.AppendUvarint(key, uint64(p.k))
		key = binary.AppendVarint(key, int64(p.e.n))
		key = binary.AppendUvarint(key, uint64(p.e.d1))
	}
	return append(key, ';')
}

func appendSum(key []byte, s sum) []byte {
	for _, a := range s {
		key = append(append(key, a.c.String()...), '*')
		key = appendMonomial(key, a.m)
	}
	return key
}

// number returns the kernel of n, -1 or greater than 1.
func (r *ring) number(n number.Number) kernel {
	info := kernelInfo{kind: kindNumber, number: n, def: constantSum(n), real: n.Sign() > 0, signs: plusSign}
	if n.Sign() < 0 {
		info.signs = anySign
	}
	k, fresh := r.enter(info)
	if fresh {
		r.setValue(k, func(int) complex128 { return complex(n.Float64(), 0) })
	}
	return k
}

// variable returns the kernel of a variable. Its values at the sample points
// are positive unless value is given.
func (r *ring) variable(name string, value ...float64) kernel {
	k, fresh := r.enter(kernelInfo{kind: kindVar, name: name, real: true, signs: anySign})
	if fresh {
		r.setValue(k, func(j int) complex128 {
			if len(value) > 0 {
				return complex(value[0], 0)
			}
			return complex(spread(name, j), 0)
		})
	}
	return k
}

// spread returns a number between 0.3 and 1.7 that depends on name and j.
func spread(name string, j int) float64 {
	h := uint64(j+1) * 0x9E3779B97F4A7C15
	for i := 0; i < len(name); i++ {
		h = (h ^ uint64(name[i])) * 0x100000001b3
	}
	h ^= h >> 31
	h *= 0xD6E8FEB86659FD93
	h ^= h >> 32
	return 0.3 + 1.4*float64(h>>11)/(1<<53)
}

// setValue enters the values of k at the sample points.
func (r *ring) setValue(k kernel, at func(j int) complex128) {
	for j := range samples {
		v := at(j)
		if v == 0 {
			v = cmplx.NaN()
		}
		r.kernels[k].log[j] = cmplx.Log(v)
	}
}

// value returns the value of s at sample point j and the sum of the absolute
// values of its terms.
func (r *ring) value(s sum, j int) (v complex128, size float64) {
	for _, a := range s {
		t := complex(a.c.Float64(), 0) * r.monomialValue(a.m, j)
		v += t
		size += cmplx.Abs(t)
	}
	return v, size
}

func (r *ring) monomialValue(m monomial, j int) complex128 {
	if len(m) == 0 {
		return 1
	}
	var e complex128
	for _, p := range m {
		e += complex(p.e.float(), 0) * r.kernels[p.k].log[j]
	}
	return cmplx.Exp(e)
}

// differs reports that s is not 0, as far as its values at the sample points
// can tell; false says nothing.
func (r *ring) differs(s sum) bool {
	if len(s) == 0 {
		return false
	}
	for j := range samples {
		v, size := r.value(s, j)
		if math.IsNaN(size) || math.IsInf(size, 0) || size == 0 {
			continue
		}
		if cmplx.Abs(v) > 1e-6*size {
			return true
		}
	}
	return false
}

// imaginary is the imaginary unit.
func imaginary() monomial { return monomial{{minus, ratio{1, 1}}} }

// exponential returns e^m for a real m, or one with a branch in it. A symbolic
// power b^w is such an exponential, and at b = 0 it is 0 if it is defined.
func (r *ring) exponential(m monomial) kernel {
	info := kernelInfo{kind: kindExp, m: m, real: true, signs: plusSign}
	for _, p := range m {
		switch r.kernels[p.k].kind {
		case kindBranch:
			info.real, info.signs = false, anySign
		case kindLog:
			info.signs |= zeroSign
		}
	}
	k, fresh := r.enter(info)
	if fresh {
		for j := range samples { // not the principal logarithm: exactly m
			r.kernels[k].log[j] = r.monomialValue(m, j)
		}
	}
	return k
}

// powerBaseMayVanish reports that k = e^m may be 0^w, the base of a logarithm in m
// being possibly 0.
func (r *ring) powerBaseMayVanish(k kernel) bool {
	for _, p := range r.kernels[k].m {
		if info := &r.kernels[p.k]; info.kind == kindLog || info.kind == kindBranch {
			if r.sign(info.of)&zeroSign != 0 {
				return true
			}
		}
	}
	return false
}

// turn returns e^(i m) for a real m.
func (r *ring) turn(m monomial) kernel {
	k, fresh := r.enter(kernelInfo{kind: kindTurn, m: m, signs: minusSign | plusSign})
	if fresh {
		for j := range samples {
			r.kernels[k].log[j] = 1i * r.monomialValue(m, j)
		}
	}
	return k
}

// logarithm returns log|of|.
func (r *ring) logarithm(of kernel) kernel {
	if info := &r.kernels[of]; info.flipped {
		of = info.minus
	}
	k, fresh := r.enter(kernelInfo{kind: kindLog, of: of, real: true, signs: anySign})
	if fresh {
		r.setValue(k, func(j int) complex128 {
			v := cmplx.Exp(r.kernels[of].log[j])
			if real(v) < 0 {
				v = -v // |of| as absolute writes it, or of itself where that is complex
			}
			return cmplx.Log(v)
		})
	}
	return k
}

// branch returns the principal logarithm of k.
func (r *ring) branch(of kernel) kernel {
	k, fresh := r.enter(kernelInfo{kind: kindBranch, of: of, signs: anySign})
	if fresh {
		r.setValue(k, func(j int) complex128 { return r.kernels[of].log[j] })
	}
	return k
}

// signKernel returns the kernel that is the sign of k, which is not the opposite
// of another.
func (r *ring) signKernel(of kernel) kernel {
	k, fresh := r.enter(kernelInfo{kind: kindSign, of: of, real: true, signs: anySign})
	if fresh {
		r.hasSigns = true
		r.setValue(k, func(j int) complex128 {
			if real(cmplx.Exp(r.kernels[of].log[j])) < 0 {
				return -1
			}
			return 1
		})
	}
	return k
}

// call returns f(args…) as a kernel that stays as it is: the one that has equal
// arguments if there is one.
func (r *ring) call(f *fn.Func, args []sum) kernel {
search:
	for _, k := range r.calls[f] {
		for i, s := range r.kernels[k].args {
			if !r.same(s, args[i]) {
				continue search
			}
		}
		return k
	}
	sign := anySign
	if f.Name == "gamma" {
		sign = minusSign | plusSign
	}
	k, fresh := r.enter(kernelInfo{kind: kindCall, f: f, args: args, real: true, signs: sign})
	if fresh {
		r.setValue(k, func(j int) complex128 {
			x := make([]float64, len(args))
			for i, s := range args {
				v, _ := r.value(s, j)
				x[i] = real(v)
			}
			v := f.Value(x)
			if math.IsNaN(v) || math.IsInf(v, 0) || v == 0 {
				// Any number will do that nothing else is likely to be.
				v = spread(f.Name, j+int(k)*samples)
			}
			return complex(v, 0)
		})
		r.calls[f] = append(r.calls[f], k)
	}
	return k
}

// same reports that s and t are proved equal.
func (r *ring) same(s, t sum) bool {
	return s.equal(t) || r.isZero(s.sub(t))
}
