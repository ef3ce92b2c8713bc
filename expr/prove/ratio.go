package prove

import (
	"math"

	"nabla/expr/number"
)

// A ratio is a small rational number: an exponent. The zero value is 0.
type ratio struct {
	n  int32
	d1 int32 // denominator less one
}

// den returns the denominator of a.
func (a ratio) den() int64 { return int64(a.d1) + 1 }

// newRatio returns p/q for q > 0 in lowest terms. It gives up on one that does
// not fit: an exponent of ten digits belongs to no proof.
func newRatio(p, q int64) ratio {
	if q != 1 {
		if g := gcd64(p, q); g > 1 {
			p, q = p/g, q/g
		}
	}
	if p > math.MaxInt32 || p < -math.MaxInt32 || q > math.MaxInt32 {
		panic(giveUp{why: "an exponent is too large", exhausted: true})
	}
	return ratio{int32(p), int32(q - 1)}
}

func integerRatio(n int) ratio { return newRatio(int64(n), 1) }

// gcd64 returns the greatest common divisor of a and b > 0.
func gcd64(a, b int64) int64 {
	if a < 0 {
		a = -a
	}
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// ratioOf returns the exponent n, and false when it is too large for one.
func ratioOf(n number.Number) (ratio, bool) {
	p, q, ok := n.Frac64()
	if !ok || p > math.MaxInt32 || p < -math.MaxInt32 || q > math.MaxInt32 {
		return ratio{}, false
	}
	return ratio{int32(p), int32(q - 1)}, true
}

func (a ratio) add(b ratio) ratio {
	if a.d1 == 0 && b.d1 == 0 {
		return newRatio(int64(a.n)+int64(b.n), 1)
	}
	if a.d1 == b.d1 {
		return newRatio(int64(a.n)+int64(b.n), a.den())
	}
	g := gcd64(a.den(), b.den())
	return newRatio(int64(a.n)*(b.den()/g)+int64(b.n)*(a.den()/g), a.den()/g*b.den())
}

func (a ratio) neg() ratio { return ratio{-a.n, a.d1} }

func (a ratio) sub(b ratio) ratio { return a.add(b.neg()) }

func (a ratio) mul(b ratio) ratio {
	if a.d1 == 0 && b.d1 == 0 {
		return newRatio(int64(a.n)*int64(b.n), 1)
	}
	g, h := gcd64(int64(a.n), b.den()), gcd64(int64(b.n), a.den())
	return newRatio(int64(a.n)/g*(int64(b.n)/h), a.den()/h*(b.den()/g))
}

func (a ratio) isInt() bool { return a.d1 == 0 }

func (a ratio) isZero() bool { return a.n == 0 }

// isEven reports whether a is an even integer.
func (a ratio) isEven() bool { return a.d1 == 0 && a.n%2 == 0 }

// isOdd reports whether a is an odd integer.
func (a ratio) isOdd() bool { return a.d1 == 0 && a.n%2 != 0 }

// floor returns the greatest integer that is at most a.
func (a ratio) floor() int {
	q := int64(a.n) / a.den()
	if a.n < 0 && int64(a.n)%a.den() != 0 {
		q--
	}
	return int(q)
}

func (a ratio) cmp(b ratio) int {
	if a.d1 == b.d1 {
		switch {
		case a.n < b.n:
			return -1
		case a.n > b.n:
			return 1
		}
		return 0
	}
	x, y := int64(a.n)*b.den(), int64(b.n)*a.den()
	switch {
	case x < y:
		return -1
	case x > y:
		return 1
	}
	return 0
}

func (a ratio) number() number.Number { return number.Frac(int64(a.n), a.den()) }

func (a ratio) float() float64 { return float64(a.n) / float64(a.den()) }
