package prove

import (
	"math/big"
	"math/bits"

	"nabla/expr/number"
)

// An integer is an int64 as long as it fits, and a big.Int from then on. The
// coefficients of packed polynomials are integers: no fractions to reduce, and
// no allocation for the small ones that almost all of them are.
type integer struct {
	s int64
	b *big.Int // nil for a small one; never changed once shared
}

func integerOf(n number.Number) integer {
	if v, ok := n.Int64(); ok {
		return integer{s: v}
	}
	return bigInteger(n.Rat().Num())
}

func bigInteger(b *big.Int) integer {
	if b.IsInt64() {
		return integer{s: b.Int64()}
	}
	return integer{b: b}
}

func (a integer) big() *big.Int {
	if a.b != nil {
		return a.b
	}
	return big.NewInt(a.s)
}

func (a integer) number() number.Number {
	if a.b == nil {
		return number.Int(a.s)
	}
	return number.FromRat(new(big.Rat).SetInt(a.b))
}

func (a integer) isZero() bool { return a.b == nil && a.s == 0 }

func (a integer) sign() int {
	switch {
	case a.b != nil:
		return a.b.Sign()
	case a.s > 0:
		return 1
	case a.s < 0:
		return -1
	}
	return 0
}

func (a integer) bits() int {
	if a.b != nil {
		return a.b.BitLen()
	}
	if a.s < 0 {
		return bits.Len64(uint64(-a.s))
	}
	return bits.Len64(uint64(a.s))
}

func (a integer) add(b integer) integer {
	if a.b == nil && b.b == nil {
		if s := a.s + b.s; (s > a.s) == (b.s > 0) {
			return integer{s: s}
		}
	}
	return bigInteger(new(big.Int).Add(a.big(), b.big()))
}

func (a integer) neg() integer {
	if a.b == nil && a.s != -a.s {
		return integer{s: -a.s}
	}
	return bigInteger(new(big.Int).Neg(a.big()))
}

func (a integer) mul(b integer) integer {
	if a.b == nil && b.b == nil {
		hi, lo := bits.Mul64(uint64(a.s), uint64(b.s))
		// The signed high word is the unsigned one less the corrections.
		h := int64(hi) - a.s>>63&b.s - b.s>>63&a.s
		if h == int64(lo)>>63 {
			return integer{s: int64(lo)}
		}
	}
	return bigInteger(new(big.Int).Mul(a.big(), b.big()))
}

// quo returns a/b when that is an integer.
func (a integer) quo(b integer) (integer, bool) {
	if a.b == nil && b.b == nil {
		if b.s == 0 || a.s%b.s != 0 {
			return integer{}, false
		}
		if b.s == -1 {
			return a.neg(), true
		}
		return integer{s: a.s / b.s}, true
	}
	q, rem := new(big.Int).QuoRem(a.big(), b.big(), new(big.Int))
	return bigInteger(q), rem.Sign() == 0
}

// mod returns a modulo the prime p.
func (a integer) mod(p uint64) uint64 {
	if a.b == nil {
		if a.s < 0 {
			if rem := uint64(-a.s) % p; rem != 0 {
				return p - rem
			}
			return 0
		}
		return uint64(a.s) % p
	}
	return new(big.Int).Mod(a.b, new(big.Int).SetUint64(p)).Uint64()
}

// gcdInteger returns the greatest common divisor of a and b, not negative.
func gcdInteger(a, b integer) integer {
	if a.b == nil && b.b == nil && a.s != -a.s && b.s != -b.s || a.isZero() && b.isZero() {
		x, y := a.s, b.s
		for y != 0 {
			x, y = y, x%y
		}
		return integer{s: max(x, -x)}
	}
	x, y := new(big.Int).Abs(a.big()), new(big.Int).Abs(b.big())
	return bigInteger(x.GCD(nil, nil, x, y))
}
