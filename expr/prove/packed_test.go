package prove

import (
	"math"
	"math/big"
	"testing"

	"pgregory.net/rapid"

	"nabla/expr/number"
)

func testRing() *ring {
	work := 10_000_000
	return newRing(&work)
}

// drawInteger returns integers of all sizes, small ones mostly.
func drawInteger(t *rapid.T, label string) integer {
	v := rapid.OneOf(rapid.Int64Range(-9, 9), rapid.Int64(), rapid.SampledFrom([]int64{math.MinInt64, math.MaxInt64, 1 << 32})).Draw(t, label)
	if rapid.IntRange(0, 9).Draw(t, "big") == 0 {
		b := new(big.Int).Mul(big.NewInt(v), big.NewInt(math.MaxInt64))
		return bigInteger(b)
	}
	return integer{s: v}
}

func TestIntegerArithmetic(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := drawInteger(t, "a"), drawInteger(t, "b")
		for _, c := range []struct {
			name string
			got  integer
			want *big.Int
		}{
			{"+", a.add(b), new(big.Int).Add(a.big(), b.big())},
			{"*", a.mul(b), new(big.Int).Mul(a.big(), b.big())},
			{"-", a.neg(), new(big.Int).Neg(a.big())},
			{"gcd", gcdInteger(a, b), new(big.Int).GCD(nil, nil, new(big.Int).Abs(a.big()), new(big.Int).Abs(b.big()))},
		} {
			if c.got.big().Cmp(c.want) != 0 || (c.got.b == nil) != c.want.IsInt64() {
				t.Fatalf("%v %s %v = %v, expected %v", a.big(), c.name, b.big(), c.got.big(), c.want)
			}
		}
		if q, ok := a.mul(b).quo(b); !b.isZero() && (!ok || q.big().Cmp(a.big()) != 0) {
			t.Fatalf("%v*%v/%v = %v", a.big(), b.big(), b.big(), q.big())
		}
		if m := a.mod(prime); m != new(big.Int).Mod(a.big(), big.NewInt(prime)).Uint64() {
			t.Fatalf("%v mod %d = %d", a.big(), prime, m)
		}
	})
}

func TestRatioArithmetic(t *testing.T) {
	draw := func(t *rapid.T, label string) ratio {
		return newRatio(int64(rapid.IntRange(-60, 60).Draw(t, label)), int64(rapid.IntRange(1, 30).Draw(t, label)))
	}
	rapid.Check(t, func(t *rapid.T) {
		a, b := draw(t, "a"), draw(t, "b")
		x, y := a.number(), b.number()
		if got := a.add(b).number(); got != x.Add(y) {
			t.Fatalf("%v + %v = %v", x, y, got)
		}
		if got := a.mul(b).number(); got != x.Mul(y) {
			t.Fatalf("%v * %v = %v", x, y, got)
		}
		if got := a.cmp(b); got != x.Cmp(y) {
			t.Fatalf("%v <=> %v is %d", x, y, got)
		}
		if got := number.Int(int64(a.floor())); got != x.Floor() {
			t.Fatalf("floor(%v) = %v", x, got)
		}
		if r, ok := ratioOf(x); !ok || r != a {
			t.Fatalf("ratioOf(%v) = %v", x, r)
		}
	})
}

// testFields are three variables of different widths over two words.
func testFields() []field {
	return []field{
		{k: 3, word: 2, off: 54, bits: 10, scale: 1}, {k: 2, word: 2, off: 4, bits: 10, scale: 1}, {k: 1, word: 1, off: 50, bits: 14, scale: 1},
	}
}

func drawPacked(t *rapid.T, fields []field, terms, degree int) packed {
	var acc accumulator
	acc.reset(8)
	for range rapid.IntRange(1, terms).Draw(t, "terms") {
		var k key
		for i := range fields {
			k = k.add(fields[i].unit(int64(rapid.IntRange(0, degree).Draw(t, "e"))))
		}
		acc.add(k, integer{s: rapid.Int64Range(-20, 20).Draw(t, "c")})
	}
	return acc.take()
}

// at returns the value of p at a point.
func (p packed) at(fields []field, x ...int64) *big.Int {
	sum := new(big.Int)
	for _, t := range p {
		v := new(big.Int).Set(t.c.big())
		for i := range fields {
			v.Mul(v, new(big.Int).Exp(big.NewInt(x[i]), new(big.Int).SetUint64(fields[i].get(t.k)), nil))
		}
		sum.Add(sum, v)
	}
	return sum
}

func TestPackedArithmetic(t *testing.T) {
	fields := testFields()
	rapid.Check(t, func(t *rapid.T) {
		r := testRing()
		p, q := drawPacked(t, fields, 12, 6), drawPacked(t, fields, 12, 6)
		x := []int64{rapid.Int64Range(-9, 9).Draw(t, "x"), rapid.Int64Range(-9, 9).Draw(t, "y"), rapid.Int64Range(-9, 9).Draw(t, "z")}
		pv, qv := p.at(fields, x...), q.at(fields, x...)
		product := r.multiply(p, q)
		if got, want := product.at(fields, x...), new(big.Int).Mul(pv, qv); got.Cmp(want) != 0 {
			t.Fatalf("product at %v is %v, expected %v", x, got, want)
		}
		if got, want := r.addPacked(p, q).at(fields, x...), new(big.Int).Add(pv, qv); got.Cmp(want) != 0 {
			t.Fatalf("sum at %v is %v, expected %v", x, got, want)
		}
		n := rapid.IntRange(0, 4).Draw(t, "n")
		if got, want := r.packedPower(p, n).at(fields, x...), new(big.Int).Exp(pv, big.NewInt(int64(n)), nil); got.Cmp(want) != 0 {
			t.Fatalf("power %d at %v is %v, expected %v", n, x, got, want)
		}
		if len(q) == 0 || len(p) == 0 {
			return
		}
		if quo, ok := r.divide(product.sorted(), q.sorted(), fields); !ok || quo.at(fields, x...).Cmp(pv) != 0 {
			t.Fatalf("(p·q)/q is not p")
		}
		// p·q + 1 is not divisible by a q that is not constant.
		if rest := r.addPacked(product, packed{{c: integer{s: 1}}}); !(len(q) == 1 && q[0].k == key{}) {
			if _, ok := r.divide(rest.sorted(), q.sorted(), fields); ok {
				t.Fatalf("p·q + 1 is divided by q")
			}
		}
	})
}

func TestPackedGCD(t *testing.T) {
	fields := testFields()
	rapid.Check(t, func(t *rapid.T) {
		r := testRing()
		a, b, g := drawPacked(t, fields, 4, 2), drawPacked(t, fields, 4, 2), drawPacked(t, fields, 4, 2)
		if len(a) == 0 || len(b) == 0 || len(g) == 0 {
			return
		}
		p, q := r.multiply(a, g), r.multiply(b, g)
		if len(g) > 1 && g.degree(&fields[0])+g.degree(&fields[1])+g.degree(&fields[2]) > 0 && !r.mayShare(p, q, fields) {
			// Only powers of one variable can be common without being seen: they are no field of both.
			t.Fatalf("the common factor is not seen")
		}
		d, ok := r.gcd(p, q, fields)
		if !ok {
			return // beyond the limits
		}
		for _, u := range []packed{p, q} {
			if _, ok := r.divide(u.primitive().sorted(), d.primitive().sorted(), fields); !ok {
				t.Fatalf("gcd does not divide")
			}
		}
		if _, ok := r.divide(d.primitive().sorted(), g.primitive().sorted(), fields); !ok {
			t.Fatalf("gcd lacks a common factor")
		}
	})
}

func TestSturm(t *testing.T) {
	n := func(c ...int64) polynomial {
		p := make(polynomial, len(c))
		for i := range c {
			p[i] = number.Int(c[i])
		}
		return p
	}
	for _, c := range []struct {
		p              polynomial
		negative, plus int // distinct roots below and above 0
	}{
		{n(1, 0, 1), 0, 0},
		{n(-1, 0, 1), 1, 1},
		{n(6, -5, 1), 0, 2},
		{n(1, 1, 1), 0, 0},
		{n(-6, 11, -6, 1), 0, 3},
		{n(24, -50, 35, -10, 1), 0, 4},
		{n(1, 2, 1), 1, 0},
		{n(4, 0, -5, 0, 1), 2, 2},
		{n(1, 0, 0, 0, 1), 0, 0},
		{n(-2, 0, 0, 1), 0, 1},
		{n(1, -3, 0, 1), 1, 2},
	} {
		seq := c.p.sturm()
		if got := changes(seq, -1) - changes(seq, 0); got != c.negative {
			t.Errorf("%v has %d negative roots, expected %d", c.p, got, c.negative)
		}
		if got := changes(seq, 0) - changes(seq, 1); got != c.plus {
			t.Errorf("%v has %d positive roots, expected %d", c.p, got, c.plus)
		}
	}
}

// TestPowersFold checks the normal form of powers of numbers and signs.
func TestPowersFold(t *testing.T) {
	r := testRing()
	x := r.variable("x")
	s := r.signKernel(x)
	half := ratio{1, 1}
	i := imaginary()
	if m, c := r.mul(i, i); len(m) != 0 || c != minusOne {
		t.Errorf("i·i = %v %v", c, m)
	}
	two := monomial{{r.number(number.Int(2)), half}}
	if m, c := r.mul(two, two); len(m) != 0 || c != number.Int(2) {
		t.Errorf("sqrt(2)² = %v %v", c, m)
	}
	sign := monomial{{s, ratio{1, 0}}}
	squared, _ := r.mul(sign, sign)
	if len(squared) != 1 || squared[0].e != (ratio{2, 0}) {
		t.Errorf("s·s = %v: it is 0 where x is", squared)
	}
	if cubed, _ := r.mul(squared, sign); len(cubed) != 1 || cubed[0].e != (ratio{1, 0}) {
		t.Errorf("s³ = %v", cubed)
	}
	if m, _ := r.mul(squared, monomial{{x, ratio{1, 0}}}); len(m) != 1 || m[0].k != x {
		t.Errorf("x·s² = %v", m)
	}
	r.restrict(x, minusSign|plusSign)
	if m, _ := r.mul(sign, sign); len(m) != 0 {
		t.Errorf("s·s = %v for x ≠ 0", m)
	}
}

// TestExpanded compares sums before and after their bases are multiplied out.
func TestExpanded(t *testing.T) {
	r := testRing()
	x, y := r.variable("x"), r.variable("y")
	v := func(k kernel) sum { return sum{{one, monomial{{k, ratio{1, 0}}}}} }
	plus := r.named(v(x).add(constantSum(one)))                                         // x + 1
	mixed := r.named(v(x).add(r.pow(plus.sum(), ratio{1, 1})).add(v(y)))                // x + sqrt(x+1) + y
	s := r.pow(mixed.sum(), ratio{3, 0}).add(r.pow(plus.sum(), ratio{-2, 0})).add(v(y)) // a cube, a denominator and y
	n, shift, ok := r.expanded(s, false)
	if !ok {
		t.Fatal("not expanded")
	}
	for _, a := range n {
		for _, p := range a.m {
			if r.kernels[p.k].kind == kindBase && p.e.floor() != 0 || p.e.n < 0 {
				t.Errorf("a whole or negative power is left in %v", a)
			}
		}
	}
	back := r.times(n, one, shift)
	for j := range samples {
		a, _ := r.value(s, j)
		b, _ := r.value(back, j)
		if d := a - b; math.Hypot(real(d), imag(d)) > 1e-9*math.Hypot(real(a), imag(a)) {
			t.Errorf("the value %v became %v", a, b)
		}
	}
	if !r.isZero(s.sub(back)) {
		t.Error("the difference is not seen to be 0")
	}
}
