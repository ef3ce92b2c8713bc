package interval

import (
	"math"
	"math/big"
	"math/rand/v2"
	"strings"
	"testing"

	"nabla/expr/interval/precise"
)

// unary are the functions of one argument: the fast enclosure, the precise one, where to draw arguments, and how many
// ulps the enclosure of a point may be wide (0 where zeros of the function make that no measure).
var unary = []struct {
	name   string
	fast   func(I) I
	exact  func(precise.I, uint) precise.I
	lo, hi float64
	near   []float64
	wide   int64
}{
	{"exp", Exp, precise.Exp, -750, 720, []float64{0, 709.78, -745}, 16},
	{"expm1", Expm1, precise.Expm1, -800, 720, []float64{0, 709.78}, 16},
	{"log", Log, precise.Log, 0, math.MaxFloat64, []float64{1}, 8},
	{"log1p", Log1p, precise.Log1p, -1, math.MaxFloat64, []float64{0, -1}, 8},
	{"log2", Log2, precise.Log2, 0, math.MaxFloat64, []float64{1, 2, 1024}, 14},
	{"log10", Log10, precise.Log10, 0, math.MaxFloat64, []float64{1, 10, 1000}, 14},
	{"sin", Sin, precise.Sin, -math.MaxFloat64, math.MaxFloat64, []float64{0, math.Pi / 2, math.Pi, 1e5, 1 << 27, 1 << 51, 1e22}, 9},
	{"cos", Cos, precise.Cos, -math.MaxFloat64, math.MaxFloat64, []float64{0, math.Pi / 2, math.Pi, 1e5, 1 << 27, 1 << 51, 1e22}, 9},
	{"tan", Tan, precise.Tan, -math.MaxFloat64, math.MaxFloat64, []float64{0, math.Pi / 2, math.Pi, 1e5, 1 << 27, 1 << 51, 1e22}, 24},
	{"cot", Cot, precise.Cot, -math.MaxFloat64, math.MaxFloat64, []float64{math.Pi / 2, math.Pi, 1e5, 1 << 27, 1 << 51, 1e22}, 24},
	{"sinc", Sinc, precise.Sinc, -1e9, 1e9, []float64{0, math.Pi, 4.4934}, 20},
	{"asin", Asin, precise.Asin, -1, 1, []float64{0, .5, 1, -1}, 24},
	{"acos", Acos, precise.Acos, -1, 1, []float64{0, .5, 1, -1}, 24},
	{"atan", Atan, precise.Atan, -math.MaxFloat64, math.MaxFloat64, []float64{0, 1}, 8},
	{"sinh", Sinh, precise.Sinh, -715, 715, []float64{0, 709.78, 710.47}, 20},
	{"cosh", Cosh, precise.Cosh, -715, 715, []float64{0, 709.78, 710.47}, 20},
	{"tanh", Tanh, precise.Tanh, -math.MaxFloat64, math.MaxFloat64, []float64{0}, 14},
	{"asinh", Asinh, precise.Asinh, -math.MaxFloat64, math.MaxFloat64, []float64{0}, 14},
	{"acosh", Acosh, precise.Acosh, 1, math.MaxFloat64, []float64{1}, 14},
	{"atanh", Atanh, precise.Atanh, -1, 1, []float64{0, 1, -1}, 14},
	{"erf", Erf, precise.Erf, -math.MaxFloat64, math.MaxFloat64, []float64{0, 1}, 10},
	{"erfc", Erfc, precise.Erfc, -40, 40, []float64{0, 27}, 2*ulpsErfc + 2},
	{"erfinv", Erfinv, precise.Erfinv, -1, 1, []float64{0, 1, -1}, 26},
	{"gamma", Gamma, precise.Gamma, -180, 180, []float64{0, 1, 1.4616, -1, -2, -.5, 171.6}, 1000},
	{"lgamma", Lgamma, precise.Lgamma, -1000, 1e300, []float64{0, 1, 1.4616, .2, 1.2, 2, -1, -2, -.5}, 0},
	{"digamma", Digamma, precise.Digamma, -1000, 1e300, []float64{0, 1, 1.4616, 2, 10, -1, -2, -.5}, 0},
	{"trigamma", Trigamma, precise.Trigamma, -1000, 1e300, []float64{0, 1, 2, 10, -1, -2, -.5}, 0},
	{"lambertw", LambertW, precise.LambertW, -0.36787944117144233, math.MaxFloat64, []float64{0, -.36787944117144233, math.E, 1}, 0},
	{"lambertwm1", LambertWm1, precise.LambertWm1, -0.36787944117144233, -5e-324, []float64{0, -.36787944117144233, -.25, -.32, -5e-324, -1e-300}, 0},
}

// draw returns an interval with ends in [d.lo, d.hi], or past them: a point, a narrow one, a wide one, or a half-line.
func (d *drawer) interval() I {
	a := d.next()
	switch d.r.IntN(8) {
	case 0, 1:
		return Point(a)
	case 2, 3:
		return New(a, raised(a, d.r.IntN(1000)))
	case 4:
		return New(a, a+math.Abs(a)*math.Ldexp(d.r.Float64(), -d.r.IntN(20)))
	case 5:
		if d.r.IntN(4) == 0 {
			return Whole
		}
		return New(a, a+math.Ldexp(d.r.Float64(), d.r.IntN(6)-2))
	case 6:
		if d.r.IntN(4) == 0 {
			return New(a, math.Inf(1))
		}
		if d.r.IntN(4) == 0 {
			return New(math.Inf(-1), a)
		}
	}
	b := d.next()
	return New(min(a, b), max(a, b))
}

// The true value at every member must lie in the enclosure of the interval, that of a part in that of the whole but for
// what package math is not monotone by, and that of a point must be narrow.
func TestFunctions(t *testing.T) {
	for _, f := range unary {
		t.Run(f.name, func(t *testing.T) {
			d := drawer{rand.New(rand.NewPCG(5, 6)), f.lo, f.hi, f.near}
			r := newSource(7)
			for range samples(500) {
				x := d.interval()
				image := f.fast(x)
				if image.Lo != image.Lo || image.Hi != image.Hi || image.Lo > math.MaxFloat64 && image != Empty {
					t.Fatalf("%s(%v) = %v is no interval", f.name, x, image)
				}
				for range 3 {
					part := r.within(x)
					p := Point(part.Lo)
					if part.IsEmpty() {
						break
					}
					truth := f.exact(exactly(p), referencePrec)
					if truth.Disjoint(exactly(image)) && !truth.IsEmpty() {
						t.Fatalf("%s(%v) = %v does not contain %s(%g) = %v", f.name, x, image, f.name, p.Lo, truth)
					}
					small := f.fast(p)
					if truth.Disjoint(exactly(small)) && !truth.IsEmpty() {
						t.Fatalf("%s(%g) = %v, truth %v", f.name, p.Lo, small, truth)
					}
					if small.IsEmpty() != truth.IsEmpty() {
						t.Fatalf("%s(%g) = %v, truth %v", f.name, p.Lo, small, truth)
					}
					if w := ulpsWide(small); f.wide > 0 && w > f.wide {
						t.Fatalf("%s(%g) = %v is %d ulps wide", f.name, p.Lo, small, w)
					}
					if y := f.fast(part); !y.In(slack(image)) {
						t.Fatalf("%s(%v) = %v is not in %s(%v) = %v", f.name, part, y, f.name, x, image)
					}
				}
			}
		})
	}
}

// slack widens by what two enclosures of neighbouring values may differ.
func slack(a I) I {
	if a.IsEmpty() {
		return a
	}
	w := 1e-12 * max(math.Abs(a.Lo), math.Abs(a.Hi), 1e-300)
	if !a.IsBounded() {
		w = 1e-12 * max(1, a.Mig())
	}
	return I{a.Lo - w - 1e-14, a.Hi + w + 1e-14}
}

// The enclosure of an interval must not be much wider than the image: it is compared with the hull of precise values at
// members, from inside, and the precise enclosure.
func TestFunctionsAreSharp(t *testing.T) {
	for _, f := range unary {
		d := drawer{rand.New(rand.NewPCG(8, 9)), max(f.lo, -50), min(f.hi, 50), f.near}
		for range samples(100) {
			x := d.interval()
			if !x.IsBounded() {
				continue
			}
			image, truth := f.fast(x), f.exact(exactly(x), 80)
			if f.name == "sinc" || f.name == "trigamma" { // neither enclosure is the hull
				continue
			}
			if strings.HasPrefix(f.name, "lambert") && x.Lo < -0.36 { // half the digits are lost at the branch point
				continue
			}
			if want := floats(truth); !image.In(slack(want)) {
				t.Errorf("%s(%v) = %v, precisely %v", f.name, x, image, want)
			}
		}
	}
}

// nearMultiples returns, for every exponent, the float64 nearest to a multiple of π/2 in the relative sense: the
// convergents of the continued fraction of 2^e/(π/2) (W. Kahan, Minimizing q·m - n, 1983; Muller, Elementary Functions,
// §11.3).
func nearMultiples() []float64 {
	var xs []float64
	half := precise.Div(precise.Pi(2400), precise.FromInt(2), 2400).Lo
	p := new(big.Rat)
	half.Rat(p)
	for e := -52; e <= 971; e++ {
		q := new(big.Rat).Inv(p)
		if e >= 0 {
			q.Mul(q, new(big.Rat).SetInt(new(big.Int).Lsh(big.NewInt(1), uint(e))))
		} else {
			q.Mul(q, new(big.Rat).SetFrac(big.NewInt(1), new(big.Int).Lsh(big.NewInt(1), uint(-e))))
		}
		n, d := q.Num(), q.Denom()
		m, last := big.NewInt(0), big.NewInt(1) // denominators of two successive convergents of n/d
		for d.Sign() != 0 {
			a, r := new(big.Int).QuoRem(n, d, new(big.Int))
			m, last = a.Add(a.Mul(a, m), last), m
			if m.BitLen() > 53 {
				break
			}
			if x := math.Ldexp(float64(m.Int64()), e); m.BitLen() > 40 && x > 0.7 {
				xs = append(xs, x)
			}
			n, d = d, r
		}
	}
	return xs
}

func TestTrigNextToMultiplesOfHalfPi(t *testing.T) {
	xs := nearMultiples()
	if len(xs) < 1000 {
		t.Fatalf("only %d arguments", len(xs))
	}
	closest := 1.0
	for i, x := range xs {
		if !*long && i%3 != 0 {
			continue
		}
		for k, f := range unary[6:10] { // sin cos tan cot
			truth := f.exact(precise.FromFloat(x), referencePrec)
			got := f.fast(Point(x))
			if truth.Disjoint(exactly(got)) || ulpsWide(got) > f.wide {
				t.Errorf("%s(%g) = %v, truth %v", f.name, x, got, truth)
			}
			if k < 2 {
				closest = min(closest, got.Mag())
			}
		}
	}
	if closest > 1e-17 {
		t.Errorf("the nearest argument is %g from a multiple, expected nearer than 1e-17", closest)
	}
}

// Far out on the negative axis poles are neighbouring float64, or nearer.
func TestGammaFarOut(t *testing.T) {
	for _, x := range []I{New(-0x1p52-2, -0x1p52-1), New(-0x1p52, -0x1p52+0.5), New(-0x1p53, -0x1p53+1), New(-0x1p54, -0x1p54+2),
		New(-1e6-1, -1e6), New(-2e6-0.75, -2e6-0.25), Point(-1e7 - 0.5), New(-1e300, -1)} {
		for _, f := range []func(I) I{Gamma, Lgamma, Digamma, Trigamma} {
			if y := f(x); y != y || y.IsEmpty() || y.Width() != y.Width() {
				t.Errorf("%v gives %v", x, y)
			}
		}
		m := x.Lo + x.Width()/2
		if m == math.Floor(m) {
			continue
		}
		for _, f := range unary[len(unary)-6 : len(unary)-2] {
			if truth := f.exact(precise.FromFloat(m), 100); truth.Disjoint(exactly(f.fast(x))) {
				t.Errorf("%s(%v) = %v does not contain %v at %g", f.name, x, f.fast(x), truth, m)
			}
		}
	}
}

// Ends that are NaN, empty sets and unbounded ones must be answered at once by all functions, and never with a claim.
func TestImproperArguments(t *testing.T) {
	nan := I{math.NaN(), math.NaN()}
	for _, f := range unary {
		if got := f.fast(Empty); got != Empty {
			t.Errorf("%s(empty) = %v", f.name, got)
		}
		if got := f.fast(nan); got != Whole {
			t.Errorf("%s(NaN) = %v", f.name, got)
		}
		for _, x := range []I{{math.NaN(), 1}, {0, math.NaN()}, Whole} {
			if got := f.fast(x); got.IsEmpty() {
				t.Errorf("%s(%v) = %v", f.name, x, got)
			}
		}
	}
	ops := map[string]func(a, b I) I{"root": func(a, b I) I { return a.Root(5).Add(b) }, "power": func(a, b I) I { return a.PowInt(5).Add(b) }}
	for _, f := range roundedBest {
		ops[f.name] = f.float
	}
	for _, f := range ofTwo {
		ops[f.name] = f.fast
	}
	for name, f := range ops {
		if got := f(Empty, Empty); got != Empty {
			t.Errorf("%s(empty, empty) = %v", name, got)
		}
		if got := f(nan, nan); got.In(New(-1e300, 1e300)) {
			t.Errorf("%s(NaN, NaN) = %v", name, got)
		}
	}
}
