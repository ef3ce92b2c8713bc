// Package number holds the exact constants of formulas: rational numbers of
// any size, as immutable values that can be compared with ==.
//
// Almost every constant in a formula is a small fraction, so a Number is two
// machine words in that case and arithmetic on it allocates nothing. Only when
// a numerator or denominator leaves the int64 range does it hold a big value.
package number

import (
	"math"
	"math/big"
	"math/bits"
	"strings"
)

// MaxBits is the size, in bits of numerator and denominator together, past
// which Pow and Parse decline: 2^(10^9) is a formula, not a number to write
// down. A constant of 64 Kbit prints as some 20,000 digits, which is already
// more than anybody reads.
const MaxBits = 1 << 16

// A Number is an exact rational. The zero Number is 0. Equal Numbers are ==.
//
// A value whose reduced numerator and denominator both fit in an int64 is held
// in num and den1; any other is held in big, as "numerator/denominator" in base
// 62, a text that is unique for the value and quick to convert.
type Number struct {
	num  int64
	den1 int64 // denominator less one, so that the zero Number is 0/1
	big  string
}

// Int returns n.
func Int(n int64) Number { return Number{num: n} }

// Frac returns p/q in lowest terms. It panics when q is zero.
func Frac(p, q int64) Number {
	if q == 0 {
		panic("number: zero denominator")
	}
	if p == math.MinInt64 || q == math.MinInt64 {
		return FromRat(big.NewRat(p, q))
	}
	if q < 0 {
		p, q = -p, -q
	}
	if g := GCD(abs(p), q); g > 1 {
		p, q = p/g, q/g
	}
	return Number{num: p, den1: q - 1}
}

// FromRat returns the value of r.
func FromRat(r *big.Rat) Number {
	if r.Num().IsInt64() && r.Denom().IsInt64() {
		return Number{num: r.Num().Int64(), den1: r.Denom().Int64() - 1}
	}
	var b strings.Builder
	b.Write(r.Num().Append(nil, 62))
	b.WriteByte('/')
	b.Write(r.Denom().Append(nil, 62))
	return Number{big: b.String()}
}

// FromFloat returns the exact value of x, and false when x is not finite.
func FromFloat(x float64) (Number, bool) {
	if x == math.Trunc(x) && math.Abs(x) < 1<<62 {
		return Int(int64(x)), true
	}
	r := new(big.Rat)
	if r.SetFloat64(x) == nil {
		return Number{}, false
	}
	return FromRat(r), true
}

// Rat returns x as a new big.Rat.
func (x Number) Rat() *big.Rat {
	if x.big == "" {
		return big.NewRat(x.num, x.den1+1)
	}
	n, d, _ := strings.Cut(x.big, "/")
	num, _ := new(big.Int).SetString(n, 62)
	den, _ := new(big.Int).SetString(d, 62)
	return new(big.Rat).SetFrac(num, den)
}

// small reports whether x is held in two machine words.
func (x Number) small() bool { return x.big == "" }

// Add returns x + y.
func (x Number) Add(y Number) Number {
	if x.small() && y.small() {
		if x.den1 == 0 && y.den1 == 0 {
			if s := x.num + y.num; (s > x.num) == (y.num > 0) {
				return Int(s)
			}
		} else {
			a, ok1 := mul(x.num, y.den1+1)
			b, ok2 := mul(y.num, x.den1+1)
			d, ok3 := mul(x.den1+1, y.den1+1)
			if s := a + b; ok1 && ok2 && ok3 && (s > a) == (b > 0) {
				return Frac(s, d)
			}
		}
	}
	return FromRat(new(big.Rat).Add(x.Rat(), y.Rat()))
}

// Neg returns -x.
func (x Number) Neg() Number {
	if x.small() && x.num != math.MinInt64 {
		return Number{num: -x.num, den1: x.den1}
	}
	return FromRat(new(big.Rat).Neg(x.Rat()))
}

// Sub returns x - y.
func (x Number) Sub(y Number) Number { return x.Add(y.Neg()) }

// Abs returns |x|.
func (x Number) Abs() Number {
	if x.Sign() < 0 {
		return x.Neg()
	}
	return x
}

// Mul returns x * y.
func (x Number) Mul(y Number) Number {
	if x.small() && y.small() {
		n, ok1 := mul(x.num, y.num)
		d, ok2 := mul(x.den1+1, y.den1+1)
		if ok1 && ok2 {
			if d == 1 {
				return Int(n)
			}
			return Frac(n, d)
		}
	}
	return FromRat(new(big.Rat).Mul(x.Rat(), y.Rat()))
}

// Inv returns 1/x, and false when x is 0.
func (x Number) Inv() (Number, bool) {
	switch {
	case x.Sign() == 0:
		return Number{}, false
	case x.small() && x.num != math.MinInt64:
		if x.num < 0 {
			return Number{num: -(x.den1 + 1), den1: -x.num - 1}, true
		}
		return Number{num: x.den1 + 1, den1: x.num - 1}, true
	}
	return FromRat(new(big.Rat).Inv(x.Rat())), true
}

// Quo returns x/y, and false when y is 0.
func (x Number) Quo(y Number) (Number, bool) {
	inv, ok := y.Inv()
	if !ok {
		return Number{}, false
	}
	return x.Mul(inv), true
}

// Pow returns x to the power n. It returns false for a negative power of 0 and
// when the answer would be larger than MaxBits. 0^0 is 1.
func (x Number) Pow(n int) (Number, bool) {
	if n < 0 {
		inv, ok := x.Inv()
		if !ok || n == math.MinInt {
			return Number{}, false
		}
		return inv.Pow(-n)
	}
	if x == Int(0) || x == Int(1) || n == 1 {
		if n == 0 {
			return Int(1), true
		}
		return x, true
	}
	if x == Int(-1) {
		return Int(int64(1 - 2*(n&1))), true
	}
	if n > MaxBits || (x.Bits()-1)*n > MaxBits {
		return Number{}, false
	}
	if z := Int(1); x.small() && n < 64 {
		for range n {
			if z = z.Mul(x); !z.small() {
				break
			}
		}
		if z.small() {
			return z, true
		}
	}
	r := x.Rat()
	e := big.NewInt(int64(n))
	num := new(big.Int).Exp(r.Num(), e, nil)
	den := new(big.Int).Exp(r.Denom(), e, nil)
	return FromRat(new(big.Rat).SetFrac(num, den)), true
}

// Root returns the real n-th root of x for n ≥ 1 when that is rational, and
// false otherwise. An odd root of a negative number is negative.
func (x Number) Root(n int) (Number, bool) {
	if n < 1 || x.Sign() < 0 && n%2 == 0 {
		return Number{}, false
	}
	if n == 1 || x == Int(0) || x == Int(1) {
		return x, true
	}
	r := x.Abs().Rat()
	num, ok1 := intRoot(r.Num(), n)
	den, ok2 := intRoot(r.Denom(), n)
	if !ok1 || !ok2 {
		return Number{}, false
	}
	z := FromRat(new(big.Rat).SetFrac(num, den))
	if x.Sign() < 0 {
		z = z.Neg()
	}
	return z, true
}

// intRoot returns the n-th root of a ≥ 0 when it is an integer, by bisection on
// its bits (Newton's steps would be fewer, but the inputs are short).
func intRoot(a *big.Int, n int) (*big.Int, bool) {
	if n == 2 {
		r := new(big.Int).Sqrt(a)
		return r, new(big.Int).Mul(r, r).Cmp(a) == 0
	}
	if a.BitLen() <= 1 {
		return new(big.Int).Set(a), true
	}
	r, t, e := new(big.Int), new(big.Int), big.NewInt(int64(n))
	for i := (a.BitLen()-1)/n + 1; i >= 0; i-- {
		r.SetBit(r, i, 1)
		if r.BitLen() > 1 && (r.BitLen()-1)*n > a.BitLen() || t.Exp(r, e, nil).Cmp(a) > 0 {
			r.SetBit(r, i, 0)
		}
	}
	return r, t.Exp(r, e, nil).Cmp(a) == 0
}

// Cmp returns -1, 0 or +1 as x is less than, equal to or greater than y.
func (x Number) Cmp(y Number) int {
	if x == y {
		return 0
	}
	if x.small() && y.small() {
		if x.den1 == y.den1 {
			if x.num < y.num {
				return -1
			}
			return 1
		}
		a, ok1 := mul(x.num, y.den1+1)
		b, ok2 := mul(y.num, x.den1+1)
		if ok1 && ok2 {
			if a < b {
				return -1
			}
			return 1
		}
	}
	return x.Rat().Cmp(y.Rat())
}

// Sign returns -1, 0 or +1 as x is negative, zero or positive.
func (x Number) Sign() int {
	switch {
	case x.big != "" && x.big[0] == '-' || x.num < 0:
		return -1
	case x.big == "" && x.num == 0:
		return 0
	}
	return 1
}

// IsInt reports whether x is an integer.
func (x Number) IsInt() bool {
	if x.small() {
		return x.den1 == 0
	}
	return strings.HasSuffix(x.big, "/1")
}

// Floor returns the greatest integer that is not above x.
func (x Number) Floor() Number {
	if x.IsInt() {
		return x
	}
	r := x.Rat()
	return FromRat(new(big.Rat).SetInt(new(big.Int).Div(r.Num(), r.Denom())))
}

// Int64 returns x when it is an integer that fits.
func (x Number) Int64() (int64, bool) { return x.num, x.small() && x.den1 == 0 }

// Frac64 returns numerator and denominator when both fit.
func (x Number) Frac64() (p, q int64, ok bool) { return x.num, x.den1 + 1, x.small() }

// Bits returns the size of x: the bits of numerator and denominator together.
func (x Number) Bits() int {
	if x.small() {
		return bits.Len64(uint64(abs(x.num))) + bits.Len64(uint64(x.den1+1))
	}
	r := x.Rat()
	return r.Num().BitLen() + r.Denom().BitLen()
}

// Hash returns a hash of x; equal Numbers have equal hashes.
func (x Number) Hash() uint64 {
	h := uint64(x.num)*0x9E3779B97F4A7C15 ^ uint64(x.den1)*0xC2B2AE3D27D4EB4F
	for i := 0; i < len(x.big); i++ {
		h = (h ^ uint64(x.big[i])) * 0x100000001b3
	}
	return h ^ h>>29
}

// Float64 returns the float64 nearest to x (ties to even); ±Inf past its range.
func (x Number) Float64() float64 {
	const exact = 1 << 53
	if x.small() && abs(x.num) <= exact && x.den1 < exact {
		return float64(x.num) / float64(x.den1+1) // both exact: one rounding
	}
	f, _ := x.Rat().Float64()
	return f
}

// IsFloat64 reports whether x is exactly a float64.
func (x Number) IsFloat64() bool {
	const exact = 1 << 53
	if x.small() && x.den1 == 0 && abs(x.num) <= exact {
		return true
	}
	_, ok := x.Rat().Float64()
	return ok
}

// String returns x as "p" or "p/q".
func (x Number) String() string { return x.Rat().RatString() }

// abs returns |n|, with |MinInt64| as it stands; callers look at bits only.
func abs(n int64) int64 {
	if n < 0 {
		return -n
	}
	return n
}

// GCD returns the greatest common divisor of two numbers that are not negative.
func GCD(a, b int64) int64 {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// mul returns a*b and whether it fits.
func mul(a, b int64) (int64, bool) {
	if a == 0 || b == 0 {
		return 0, true
	}
	c := a * b
	if a == math.MinInt64 || b == math.MinInt64 || c == math.MinInt64 || c/b != a {
		return 0, false
	}
	return c, true
}
