package tape

import "math"

// exp is e^x with an error of at most 0.52 ulp, the same on all architectures,
// where the assembly of math.Exp errs by up to 1.9 ulp and differs between them.
//
// With N = 128, x = k ln2/N + r, |r| ≤ ln2/(2N), e^x is 2^(k/N) e^r: the first
// factor comes from a table and the second from a polynomial of degree 5. Method
// and polynomial are those of S. Nagy's exp in the ARM optimized routines (2018).
func exp(x float64) float64 {
	if !(x > -708 && x < 709) { // also NaN
		return math.Exp(x)
	}
	const (
		invLn2N = 0x1.71547652b82fep0 * expSize
		ln2Head = 0x1.62e42fefa0000p-8  // of ln2/N; 36 bits, so that k*ln2Head is exact
		ln2Tail = 0x1.cf79abc9e3b39p-47 // of ln2/N
		shift   = 0x1.8p52              // adding it rounds to an integer, in the last bits of the sum
		c2      = 0x1.ffffffffffdbdp-2
		c3      = 0x1.555555555543cp-3
		c4      = 0x1.55555cf172b91p-5
		c5      = 0x1.1111167a4d017p-7
	)
	kd := float64(x*invLn2N) + shift
	k := math.Float64bits(kd)
	kd -= shift
	r := x - float64(kd*ln2Head) - float64(kd*ln2Tail)
	e := &expTable[k%expSize]
	r2 := r * r
	t := e.tail + r + float64(r2*(c2+float64(r*c3))) + float64(float64(r2*r2)*(c4+float64(r*c5)))
	s := math.Float64frombits(e.head + (k/expSize)<<52)
	return s + float64(s*t)
}

const expSize = 128

// expTable holds 2^(i/N) as head * (1 + tail), the head as its bits.
var expTable = func() (t [expSize]struct {
	head uint64
	tail float64
}) {
	const ( // 2^(1/128)
		head = 0x1.0163da9fb3335p+0
		tail = 0x1.b61299ab8cdb7p-54
	)
	h, l := 1.0, 0.0
	for i := range t {
		t[i].head, t[i].tail = math.Float64bits(h), l/h
		h, l = mulDoubled(h, l, head, tail)
	}
	return t
}()
