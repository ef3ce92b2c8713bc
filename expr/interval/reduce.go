package interval

import (
	"math"
	"math/bits"
)

// π/2 in three parts of 53 bits each; the sum is right to 2^-163.
const (
	halfPi1 = 0x1.921fb54442d18p+0
	halfPi2 = 0x1.1a62633145c07p-54
	halfPi3 = -0x1.f1976b7ed8fbcp-110
)

// kernelRange is the magnitude up to which sine, cosine and tangent of package math are used; beyond it the
// argument is reduced here, since theirs is only good to some 2^-60 of a quadrant and loses all digits next to the
// multiples of π/2.
const kernelRange = 0.8

// reduceTrig returns n mod 4 and h + l = x - nπ/2, with |h| ≤ kernelRange and |l| at most an ulp of h, to a relative
// error below 2^-70 (2^-90 of a quadrant at least), for finite |x| > 0.78.
func reduceTrig(x float64) (n int, h, l float64) {
	if math.Abs(x) < 1<<27 {
		return reduceMedium(x)
	}
	return reduceLarge(x)
}

// reduceMedium subtracts n of the parts of π/2 (Cody, Waite, with fused multiplication: Muller, Elementary Functions,
// 3rd ed., §11.2). n has 27 bits, and the first difference is exact since n·halfPi1 is within a factor 2 of x. For
// these x the difference is above 2^-90, and the part cut off below 2^-190.
func reduceMedium(x float64) (n int, h, l float64) {
	k := math.RoundToEven(x * twoOverPiHead)
	p1 := float64(k * halfPi1)
	e1 := math.FMA(k, halfPi1, -p1)
	p2 := float64(k * halfPi2)
	e2 := math.FMA(k, halfPi2, -p2)
	a, b := twoSum(x-p1, -e1)
	c, d := twoSum(a, -p2)
	h, l = twoSum(c, d+b-(e2+k*halfPi3))
	return int(int64(k) & 3), h, l
}

// reduceLarge multiplies the mantissa of x by the bits of 2/π that matter, 256 of them: those before would give
// multiples of 4, those after less than 2^-200 (M. Payne, R. Hanek, Radian reduction for trigonometric functions,
// SIGNUM 18, 1983). The nearest any float64 comes to a multiple of π/2 is some 2^-62 quadrants.
func reduceLarge(x float64) (n int, h, l float64) {
	b := math.Float64bits(x)
	m := b&(1<<52-1) | 1<<52
	e := int(b>>52&0x7FF) - 1075 // |x| = m·2^e, -25 ≤ e ≤ 971
	// The product m·(2/π)·2^e is wanted modulo 4: bits of 2/π with weights above 2^(2-e) drop out. Bit i of the
	// table, counted from 0, has weight 2^-(i+1).
	start := max(e-2, 0)
	w, s := start/64, uint(start%64)
	word := func(i int) uint64 {
		hi := twoOverPi[w+i] << s
		if s > 0 {
			hi |= twoOverPi[w+i+1] >> (64 - s)
		}
		return hi
	}
	// The first bit taken has weight 2^-(start+1), so word i counts 2^-(start+64(i+1)); m times the four words is a
	// number in units of 2^(e-start-256).
	var f [5]uint64 // most significant first
	var carry uint64
	for i := 3; i >= 0; i-- {
		hi, lo := bits.Mul64(m, word(i))
		lo, c := bits.Add64(lo, carry, 0)
		f[i+1] = lo
		carry = hi + c
	}
	f[0] = carry
	// Move the binary point between f[0], the integer part modulo 4 and more, and f[1].
	if t := e - start; t >= 0 {
		for i := range 4 {
			f[i] = f[i]<<t | f[i+1]>>(64-t)
		}
		f[4] <<= t
	} else {
		for i := 4; i > 0; i-- {
			f[i] = f[i]>>-t | f[i-1]<<(64+t)
		}
		f[0] >>= -t
	}
	n = int(f[0] & 3)
	neg := f[1]>>63 == 1 // a fraction of at least 1/2: go to the next integer
	if neg {
		n++
		var c uint64
		f[3], c = bits.Add64(^f[3], 1, 0)
		f[2], c = bits.Add64(^f[2], 0, c)
		f[1], _ = bits.Add64(^f[1], 0, c)
	}
	// The fraction f[1] f[2] f[3] to 106 bits and more, as two float64.
	if f[1] == 0 {
		f[1], f[2], f[3] = f[2], f[3], 0
		h, l = fraction(f[1], f[2], f[3], -64)
	} else {
		h, l = fraction(f[1], f[2], f[3], 0)
	}
	// times π/2
	p := float64(h * halfPi1)
	q := math.FMA(h, halfPi1, -p) + (float64(h*halfPi2) + float64(l*halfPi1))
	h = p + q
	l = q - (h - p)
	if neg != (x < 0) {
		h, l = -h, -l
	}
	if x < 0 {
		n = -n
	}
	return n & 3, h, l
}

// fraction returns 0.abc·2^e, a ≠ 0 a word of 64 bits, as a sum of two float64.
func fraction(a, b, c uint64, e int) (h, l float64) {
	z := uint(bits.LeadingZeros64(a))
	if z > 0 {
		a = a<<z | b>>(64-z)
		b = b<<z | c>>(64-z)
	}
	// 53 bits, then the 11 that are left with 42 of the next word: both exact.
	h = math.Ldexp(float64(a>>11), e-int(z)-53)
	l = math.Ldexp(float64(a<<53>>11|b>>22), e-int(z)-106)
	return h, l
}

// twoOverPi is 2/π in binary, most significant word first.
var twoOverPi = [...]uint64{
	0xa2f9836e4e441529, 0xfc2757d1f534ddc0, 0xdb6295993c439041, 0xfe5163abdebbc561, 0xb7246e3a424dd2e0,
	0x06492eea09d1921c, 0xfe1deb1cb129a73e, 0xe88235f52ebb4484, 0xe99c7026b45f7e41, 0x3991d639835339f4,
	0x9c845f8bbdf9283b, 0x1ff897ffde05980f, 0xef2f118b5a0a6d1f, 0x6d367ecf27cb09b7, 0x4f463f669e5fea2d,
	0x7527bac7ebe5f17b, 0x3d0739f78a5292ea, 0x6bfb5fb11f8d5d08, 0x56033046fc7b6bab, 0xf0cfbc209af4361d,
}
