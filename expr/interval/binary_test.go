package interval

import (
	"math"
	"math/rand/v2"
	"testing"

	"nabla/expr/interval/precise"
)

// ofTwo are the functions of two arguments, as unary those of one; wide 0 means not measured.
var ofTwo = []struct {
	name           string
	fast           func(a, b I) I
	exact          func(a, b precise.I, prec uint) precise.I
	xlo, xhi       float64
	ylo, yhi       float64
	xpoint, ypoint []float64
	wide           int64
}{
	{"pow", I.Pow, precise.Pow, -10, math.MaxFloat64, -1000, 1000, []float64{0, 1, 2, 1e10}, []float64{0, .5, 1, 2, -1, 1. / 3}, 40},
	{"atan2", Atan2, precise.Atan2, -math.MaxFloat64, math.MaxFloat64, -math.MaxFloat64, math.MaxFloat64, []float64{0, 1}, []float64{0, 1}, 10},
	{"hypot", Hypot, precise.Hypot, -math.MaxFloat64, math.MaxFloat64, -math.MaxFloat64, math.MaxFloat64, []float64{0, 1}, []float64{0, 1}, 8},
	{"mod", Mod, precise.Mod, -1e9, 1e9, -100, 100, []float64{0, 1, 7}, []float64{1, 2, 3, .1}, 0},
}

func TestBinaryFunctions(t *testing.T) {
	for _, f := range ofTwo {
		t.Run(f.name, func(t *testing.T) {
			dx := drawer{rand.New(rand.NewPCG(10, 1)), f.xlo, f.xhi, f.xpoint}
			dy := drawer{rand.New(rand.NewPCG(10, 2)), f.ylo, f.yhi, f.ypoint}
			r := newSource(11)
			for range samples(4000) {
				x, y := dx.interval(), dy.interval()
				image := f.fast(x, y)
				if image.Lo != image.Lo || image.Hi != image.Hi || image.Lo > math.MaxFloat64 && image != Empty {
					t.Fatalf("%s(%v, %v) = %v is no interval", f.name, x, y, image)
				}
				a, b := r.within(x), r.within(y)
				p, q := Point(a.Lo), Point(b.Lo)
				if f.name == "pow" && p.Hi < 0 && !y.IsPoint() {
					continue // an integer exponent inside an interval does not count: see Pow
				}
				truth := f.exact(exactly(p), exactly(q), referencePrec)
				if truth.Disjoint(exactly(image)) && !truth.IsEmpty() {
					t.Fatalf("%s(%v, %v) = %v does not contain %s(%g, %g) = %v", f.name, x, y, image, f.name, p.Lo, q.Lo, truth)
				}
				small := f.fast(p, q)
				if truth.Disjoint(exactly(small)) && !truth.IsEmpty() || small.IsEmpty() != truth.IsEmpty() {
					t.Fatalf("%s(%g, %g) = %v, truth %v", f.name, p.Lo, q.Lo, small, truth)
				}
				if w := ulpsWide(small); f.wide > 0 && w > f.wide {
					t.Fatalf("%s(%g, %g) = %v is %d ulps wide", f.name, p.Lo, q.Lo, small, w)
				}
				if part := f.fast(a, b); !part.In(slack(image)) && !(f.name == "pow" && (a.Lo < 0 || x.Lo < 0)) {
					t.Fatalf("%s(%v, %v) = %v is not in %s(%v, %v) = %v", f.name, a, b, part, f.name, x, y, image)
				}
			}
		})
	}
}

func TestBinaryCases(t *testing.T) {
	inf := math.Inf(1)
	for _, c := range []struct {
		what      string
		got, want I
	}{
		{"square root of negatives", New(-4, -1).Pow(Point(0.5)), Empty},
		{"cube root as a power", Point(-8).Pow(Point(1. / 3)), Empty},
		{"cube as a power", Point(-2).Pow(Point(3)), Point(-8)},
		{"0^positive", Point(0).Pow(New(1, 2)), Point(0)},
		{"0^negative", Point(0).Pow(New(-2, -1)), Empty},
		{"0^0", Point(0).Pow(Point(0)), Point(1)},
		{"[0,1]^[0,1]", New(0, 1).Pow(New(0, 1)), New(0, 1)},
		{"[0,2]^[-1,1]", New(0, 2).Pow(New(-1, 1)), New(0, inf)},
		{"1^whole", Point(1).Pow(Whole), Point(1)},
		{"2^[-inf,1]", Point(2).Pow(New(-inf, 1)), New(0, 2)},
		{"[1,inf]^-1", New(1, inf).Pow(Point(-1)), New(0, 1)},
		{"empty", Empty.Pow(Point(2)), Empty},
		{"angle of the origin", Atan2(Point(0), Point(0)), Empty},
		{"angle of the positive axis", Atan2(Point(0), New(0, 1)), Point(0)},
		{"angle across the cut", Atan2(New(-1, 0), New(-1, 1)), New(-Pi.Hi, Pi.Hi)},
		{"mod of its own range", Mod(New(1, 2), Point(3)), New(1, 2)},
		{"mod, negative", Mod(Point(-1), Point(3)), Point(2)},
		{"mod, negative modulus", Mod(Point(1), Point(-3)), Point(-2)},
		{"mod across", Mod(New(2, 4), Point(3)), New(0, 3)},
		{"mod 0", Mod(Point(1), Point(0)), Empty},
	} {
		if c.got != c.want {
			t.Errorf("%s: %v, want %v", c.what, c.got, c.want)
		}
	}
}

func TestConstants(t *testing.T) {
	half := precise.FromFloat(0.5)
	for _, c := range []struct {
		name  string
		got   I
		exact precise.I
	}{
		{"Pi", Pi, precise.Pi(200)},
		{"E", E, precise.E(200)},
		{"Ln2", Ln2, precise.Ln2(200)},
		{"Ln10", Ln10, precise.Log(precise.FromInt(10), 200)},
		{"LnPi", LnPi, precise.Log(precise.Pi(200), 200)},
		{"SqrtPi", SqrtPi, precise.Sqrt(precise.Pi(200), 200)},
		{"Γ minimum", gammaMin, precise.Gamma(precise.FromFloats(1, 2), 200).Meet(precise.FromFloats(0, 0.9))},
	} {
		if grid(c.got.Hi)-grid(c.got.Lo) != 1 {
			t.Errorf("%s = %v is not between neighbours", c.name, c.got)
		}
		if c.name == "Γ minimum" {
			lo, _ := c.exact.Floats()
			if !c.got.Has(lo) {
				t.Errorf("least value of Γ on [1, 2] = %g is not in %v", lo, c.got)
			}
			continue
		}
		if !c.exact.In(exactly(c.got)) {
			t.Errorf("%s = %v does not contain %v", c.name, c.got, c.exact)
		}
	}
	// The doubled constants, to what they promise.
	for _, c := range []struct {
		name    string
		parts   []float64
		exact   precise.I
		ulpBits int
	}{
		{"π/2", []float64{halfPi1, halfPi2, halfPi3}, precise.Mul(precise.Pi(400), half, 400), -160},
		{"2/π", []float64{twoOverPiHead, twoOverPiTail}, precise.Div(precise.FromInt(2), precise.Pi(400), 400), -106},
		{"log 2", []float64{ln2Head, ln2Tail}, precise.Ln2(400), -95},
		{"1/3", []float64{1. / 3, thirdTail}, precise.Div(precise.FromInt(1), precise.FromInt(3), 400), -106},
	} {
		d := c.exact
		for _, p := range c.parts {
			d = precise.Sub(d, precise.FromFloat(p), 400)
		}
		if m := precise.Abs(d).Hi.MantExp(nil); m > c.ulpBits {
			t.Errorf("%s differs by 2^%d from its parts", c.name, m)
		}
	}
	sum := precise.FromInt(0)
	for i, w := range twoOverPi {
		word := precise.Mul(precise.FromFloat(float64(w>>32)), precise.FromFloat(math.Ldexp(1, -64*i-32)), 400)
		word = precise.Add(word, precise.Mul(precise.FromFloat(float64(w&(1<<32-1))), precise.FromFloat(math.Ldexp(1, -64*i-64)), 400), 400)
		sum = precise.Add(sum, word, 1400)
		if i == 15 { // beyond, 2^-1074 ends the exact factors
			break
		}
	}
	d := precise.Abs(precise.Sub(sum, precise.Div(precise.FromInt(2), precise.Pi(1400), 1400), 1400)).Hi
	if d.MantExp(nil) > -1000 {
		t.Errorf("the bits of 2/π differ by 2^%d", d.MantExp(nil))
	}
	// Digamma changes its sign between gammaMinAt.Lo and gammaMinAt.Hi.
	if lo, hi := precise.Digamma(exactly(Point(gammaMinAt.Lo)), 100), precise.Digamma(exactly(Point(gammaMinAt.Hi)), 100); lo.Hi.Sign() >= 0 || hi.Lo.Sign() <= 0 {
		t.Errorf("digamma is %v and %v at the ends of %v", lo, hi, gammaMinAt)
	}
	if v := precise.Gamma(exactly(gammaMinAt), 100); !v.In(exactly(gammaMin.grow())) {
		t.Errorf("Γ is %v at its minimum", v)
	}
	if v := precise.Lgamma(exactly(gammaMinAt), 100); v.Lo.Cmp(exactly(Point(lgammaMinLo)).Lo) < 0 {
		t.Errorf("log Γ is %v at its minimum", v)
	}
	for _, s := range []struct{ at, bound float64 }{{4.4934094579090641, -0.21723362821122167}, {7.7252518369377068, 0.1284}} {
		v := precise.Sinc(exactly(Point(s.at)), 100)
		if lo, hi := v.Floats(); s.bound < 0 && lo < s.bound || s.bound > 0 && hi > s.bound || math.Abs(lo-s.bound) > 1e-4 {
			t.Errorf("sinc is %v at its extremum, bound %g", v, s.bound)
		}
	}
}
