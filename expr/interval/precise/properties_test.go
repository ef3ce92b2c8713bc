package precise

import (
	"math"
	"math/big"
	"math/rand/v2"
	"runtime"
	"sync"
	"testing"
)

// domains are where the properties below draw rational arguments.
var domains = map[string][2]float64{
	"exp": {-50, 50}, "expm1": {-3, 3}, "log": {0, 50}, "log1p": {-1, 3}, "log2": {0, 50}, "log10": {0, 50},
	"sin": {-50, 50}, "cos": {-50, 50}, "tan": {-50, 50}, "asin": {-1, 1}, "acos": {-1, 1}, "atan": {-10, 10},
	"sinh": {-20, 20}, "cosh": {-20, 20}, "tanh": {-20, 20}, "asinh": {-20, 20}, "acosh": {1, 20}, "atanh": {-1, 1},
	"erf": {-5, 5}, "erfc": {-5, 15}, "erfinv": {-1, 1}, "gamma": {-20, 40}, "lgamma": {-20, 40}, "digamma": {-20, 40},
	"trigamma": {-20, 40}, "lambertw": {-0.36, 40}, "lambertwm1": {-0.36, 0}, "sqrt": {0, 10}, "cbrt": {-10, 10},
}

var names = func() []string {
	var s []string
	for _, row := range published {
		if len(s) == 0 || s[len(s)-1] != row.name {
			s = append(s, row.name)
		}
	}
	return s
}()

func draw(r *rand.Rand, lo, hi float64) float64 {
	x := lo + r.Float64()*(hi-lo)
	if r.IntN(4) == 0 { // near 0
		x = math.Ldexp(x, -r.IntN(60))
	}
	return min(max(x, math.Nextafter(lo, hi)), math.Nextafter(hi, lo))
}

// A result at a higher precision must lie in that at a lower one but for rounding of the outer one: they must meet, and the
// width must shrink to the precision.
func TestPrecisionsNest(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for _, name := range names {
		f, d := functions[name], domains[name]
		for range 30 {
			x := FromFloat(draw(r, d[0], d[1]))
			last := f(x, 400)
			for _, prec := range []uint{200, 113, 64, 30, 8} {
				y := f(x, prec)
				if !last.In(y) {
					t.Fatalf("%s(%v) at %d bits = %v does not contain %v", name, x.Lo, prec, y, last)
				}
				slack := 3
				if name == "lgamma" || name == "digamma" {
					slack = 60 // near a zero the width is that of the terms
				}
				if w := relativeWidth(y); w > slack-int(prec) {
					t.Fatalf("%s(%v) at %d bits = %v has relative width 2^%d", name, x.Lo, prec, y, w)
				}
				last = y
			}
		}
	}
}

// A part of an interval must have its image in that of the whole, and members theirs.
func TestInclusionIsMonotone(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 2))
	for _, name := range names {
		f, d := functions[name], domains[name]
		for range 30 {
			a, b := draw(r, d[0], d[1]), draw(r, d[0], d[1])
			if r.IntN(2) == 0 {
				b = a + (b-a)*1e-3
			}
			x := FromFloats(min(a, b), max(a, b))
			whole := f(x, 90)
			for range 3 {
				p := a + r.Float64()*(b-a)
				if y := f(FromFloat(p), 120); y.Disjoint(whole) && !y.IsEmpty() {
					t.Fatalf("%s(%v) = %v does not contain %s(%g) = %v", name, x, whole, name, p, y)
				}
			}
		}
	}
}

// Identities between the functions, each of two sides that must meet, at a precision where they could only meet by error
// if they were different.
func TestIdentities(t *testing.T) {
	const p = 200
	n := FromInt
	two, three := n(2), n(3)
	half := FromFloat(0.5)
	for _, id := range []struct {
		name        string
		lo, hi      float64
		left, right func(x I) I
	}{
		{"exp log", 0, 100, func(x I) I { return Exp(Log(x, p), p) }, same},
		{"log exp", -50, 50, func(x I) I { return Log(Exp(x, p), p) }, same},
		{"expm1 log1p", -1, 9, func(x I) I { return Expm1(Log1p(x, p), p) }, same},
		{"sin²+cos²", -1e6, 1e6, func(x I) I { return Add(Sqr(Sin(x, p), p), Sqr(Cos(x, p), p), p) }, func(I) I { return n(1) }},
		{"sin 3x", -50, 50, func(x I) I { return Sin(Mul(three, x, p), p) },
			func(x I) I {
				s := Sin(x, p)
				return Sub(Mul(three, s, p), Mul(n(4), PowInt(s, 3, p), p), p)
			}},
		{"tan atan", -10, 10, func(x I) I { return Tan(Atan(x, p), p) }, same},
		{"sin asin", -1, 1, func(x I) I { return Sin(Asin(x, p), p) }, same},
		{"asin+acos", -1, 1, func(x I) I { return Add(Asin(x, p), Acos(x, p), p) }, func(I) I { return Div(Pi(p), two, p) }},
		{"cosh²-sinh²", -9, 9, func(x I) I { return Sub(Sqr(Cosh(x, p), p), Sqr(Sinh(x, p), p), p) }, func(I) I { return n(1) }},
		{"tanh 2x", -9, 9, func(x I) I { return Tanh(Mul(two, x, p), p) },
			func(x I) I {
				u := Tanh(x, p)
				return Div(Mul(two, u, p), Add(n(1), Sqr(u, p), p), p)
			}},
		{"sinh asinh", -50, 50, func(x I) I { return Sinh(Asinh(x, p), p) }, same},
		{"cosh acosh", 1, 50, func(x I) I { return Cosh(Acosh(x, p), p) }, same},
		{"tanh atanh", -1, 1, func(x I) I { return Tanh(Atanh(x, p), p) }, same},
		{"erf+erfc", -9, 9, func(x I) I { return Add(Erf(x, p), Erfc(x, p), p) }, func(I) I { return n(1) }},
		{"erf erfinv", -1, 1, func(x I) I { return Erf(Erfinv(x, p), p) }, same},
		{"Γ(x+1)=xΓ(x)", -20, 50, func(x I) I { return Gamma(Add(x, n(1), p), p) }, func(x I) I { return Mul(x, Gamma(x, p), p) }},
		{"Γ duplication", 0, 50, func(x I) I { return Mul(Gamma(x, p), Gamma(Add(x, half, p), p), p) },
			func(x I) I {
				c := Pow(two, Sub(n(1), Mul(two, x, p), p), p)
				return Mul(Mul(c, Sqrt(Pi(p), p), p), Gamma(Mul(two, x, p), p), p)
			}},
		{"log Γ", 0, 90, func(x I) I { return Exp(Lgamma(x, p), p) }, func(x I) I { return Gamma(x, p) }},
		{"log|Γ|", -20, 0, func(x I) I { return Exp(Lgamma(x, p), p) }, func(x I) I { return Abs(Gamma(x, p)) }},
		{"ψ(x+1)", -20, 50, func(x I) I { return Digamma(Add(x, n(1), p), p) },
			func(x I) I { return Add(Digamma(x, p), Div(n(1), x, p), p) }},
		{"ψ duplication", 0, 50, func(x I) I { return Mul(two, Digamma(Mul(two, x, p), p), p) },
			func(x I) I {
				return Add(Add(Digamma(x, p), Digamma(Add(x, half, p), p), p), Mul(two, Ln2(p), p), p)
			}},
		{"ψ'(x+1)", -20, 50, func(x I) I { return Trigamma(Add(x, n(1), p), p) },
			func(x I) I { return Sub(Trigamma(x, p), Div(n(1), Sqr(x, p), p), p) }},
		{"W e^W", -0.36, 100, func(x I) I {
			w := LambertW(x, p)
			return Mul(w, Exp(w, p), p)
		}, same},
		{"W(x e^x)", -1, 5, func(x I) I { return LambertW(Mul(x, Exp(x, p), p), p) }, same},
		{"Wm1 e^Wm1", -0.36, -1e-9, func(x I) I {
			w := LambertWm1(x, p)
			return Mul(w, Exp(w, p), p)
		}, same},
		{"Wm1(x e^x)", -50, -1, func(x I) I { return LambertWm1(Mul(x, Exp(x, p), p), p) }, same},
		{"cbrt³", -50, 50, func(x I) I { return PowInt(Cbrt(x, p), 3, p) }, same},
		{"x^(2/3)", 0, 50, func(x I) I { return Pow(x, Div(two, three, p), p) }, func(x I) I { return Sqr(Cbrt(x, p), p) }},
		{"atan2", -9, 9, func(x I) I { return Atan2(x, n(1), p) }, func(x I) I { return Atan(x, p) }},
		{"mod", -1e4, 1e4, func(x I) I { return Sin(Mod(x, Mul(two, Pi(p+40), p+40), p), p) }, func(x I) I { return Sin(x, p) }},
		{"log2", 0, 50, func(x I) I { return Mul(Log2(x, p), Ln2(p), p) }, func(x I) I { return Log(x, p) }},
	} {
		r := rand.New(rand.NewPCG(3, 3))
		for range 40 {
			x := FromFloat(draw(r, id.lo, id.hi))
			a, b := id.left(x), id.right(x)
			if a.Disjoint(b) {
				t.Fatalf("%s at %v: %v and %v", id.name, x.Lo, a, b)
			}
			if w := max(relativeWidth(a), relativeWidth(b)); w > 110-p {
				t.Fatalf("%s at %v: %v and %v are too wide to tell", id.name, x.Lo, a, b)
			}
		}
	}
}

func same(x I) I { return x }

// ζ-type constants, which no function above is tuned to: ψ(1) = -γ, ψ'(1) = π²/6, ψ(1/2) = -γ - 2 log 2, ψ'(1/4) = π² + 8G.
func TestConstants(t *testing.T) {
	const p = 160
	euler := digits(t, "0.57721566490153286060651209008240243104215933593992")
	catalan := digits(t, "0.91596559417721901505460351493238411077414937428167")
	pi2 := Sqr(Pi(p), p)
	for _, c := range []struct {
		name      string
		got, want I
	}{
		{"π", Pi(p), digits(t, "3.1415926535897932384626433832795028841971693993751")},
		{"e", E(p), digits(t, "2.7182818284590452353602874713526624977572470937")},
		{"log 2", Ln2(p), digits(t, "0.69314718055994530941723212145817656807550013436026")},
		{"ψ(1)", Digamma(FromInt(1), p), Neg(euler)},
		{"ψ(1/2)", Digamma(FromFloat(0.5), p), Neg(Add(euler, Mul(FromInt(2), Ln2(p), p), p))},
		{"ψ'(1)", Trigamma(FromInt(1), p), Div(pi2, FromInt(6), p)},
		{"ψ'(1/4)", Trigamma(FromFloat(0.25), p), Add(pi2, Mul(FromInt(8), catalan, p), p)},
		{"Γ(1/2)²", Sqr(Gamma(FromFloat(0.5), p), p), Pi(p)},
	} {
		if c.got.Disjoint(c.want) {
			t.Errorf("%s = %v, want %v", c.name, c.got, c.want)
		}
	}
	for _, prec := range []uint{8, 53, 1000, 4096, 1 << 20} {
		w := relativeWidth(Pi(prec))
		if want := -int(min(prec, MaxPrec)); w > want+2 {
			t.Errorf("π at %d bits is 2^%d wide", prec, w)
		}
	}
}

// B2k against their published values (DLMF table 24.2.1).
func TestBernoulli(t *testing.T) {
	for i, s := range []string{"1/6", "-1/30", "1/42", "-1/30", "5/66", "-691/2730", "7/6", "-3617/510", "43867/798", "-174611/330"} {
		if got := bernoulli(10)[i]; got.Cmp(rational(t, s)) != 0 {
			t.Errorf("B%d = %v, want %s", 2*i+2, got, s)
		}
	}
}

// Arguments far outside the range of float64, or next to a pole, must be answered at once and in little memory.
func TestExtremes(t *testing.T) {
	power := func(e int) I { return Point(new(big.Float).SetMantExp(one, e)) }
	odd := Point(new(big.Float).SetMantExp(big.NewFloat(1.4142135623730951), 1<<28))
	args := []I{power(1 << 28), power(-1 << 28), odd, FromFloat(1e300), FromFloat(1e-300), FromFloat(math.MaxFloat64),
		FromFloat(5e-324), FromFloats(0, math.Inf(1)), FromFloats(math.Inf(-1), -3.5), Whole(), Nothing(), FromFloat(math.Inf(1)),
		{}, Sub(FromInt(1), power(-3000), MaxPrec), Add(FromInt(1), power(-3000), MaxPrec), Sub(power(-3000), FromInt(2), MaxPrec)}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for _, name := range names {
		f := functions[name]
		for _, x := range args {
			for _, y := range []I{x, Neg(x)} {
				v := f(y, 64)
				if !v.IsEmpty() && v.Lo.Cmp(v.Hi) > 0 {
					t.Errorf("%s(%v) = %v is reversed", name, y, v)
				}
				if y.IsEmpty() != v.IsEmpty() && y.IsEmpty() {
					t.Errorf("%s of nothing is %v", name, v)
				}
				_ = v.String()
			}
		}
	}
	for _, x := range args {
		for _, y := range args {
			for _, v := range []I{Add(x, y, 64), Sub(x, y, 64), Mul(x, y, 64), Div(x, y, 64), Pow(x, y, 64), Atan2(x, y, 64),
				Hypot(x, y, 64), Mod(x, y, 64), Min(x, y), PowInt(x, math.MaxInt, 64), PowInt(x, math.MinInt, 64), Root(x, 1001, 64), Root(x, math.MaxInt, 64), Round(x)} {
				if !v.IsEmpty() && v.Lo.Cmp(v.Hi) > 0 {
					t.Errorf("an operation on %v and %v gives %v", x, y, v)
				}
			}
		}
	}
	runtime.ReadMemStats(&after)
	if used := after.TotalAlloc - before.TotalAlloc; used > 1<<31 {
		t.Errorf("%d MB allocated", used>>20)
	}
}

func TestSpecialValues(t *testing.T) {
	const p = 64
	inf := math.Inf(1)
	for _, c := range []struct {
		what     string
		got, has I // got must contain has
		tight    bool
	}{
		{"e^1e300 is huge", Exp(FromFloat(1e300), p), I{Lo: huge, Hi: new(big.Float).SetInf(false)}, true},
		{"log 0 is nothing", Log(FromInt(0), p), Nothing(), true},
		{"log of [0, 1]", Log(FromFloats(0, 1), p), FromFloats(-inf, 0), true},
		{"sin of all", Sin(Whole(), p), FromFloats(-1, 1), true},
		{"sin [0, 7]", Sin(FromFloats(0, 7), p), FromFloats(-1, 1), true},
		{"cos [-1, 1]", Cos(FromFloats(-1, 1), p), FromFloats(0.5403023058681398, 1), false},
		{"tan over a pole", Tan(FromFloats(1, 2), p), Whole(), true},
		{"asin 2", Asin(FromInt(2), p), Nothing(), true},
		{"acosh below 1", Acosh(FromFloats(-3, 0.5), p), Nothing(), true},
		{"atanh 1", Atanh(FromInt(1), p), Nothing(), true},
		{"gamma at a pole", Gamma(FromInt(-3), p), Nothing(), true},
		{"gamma over a pole", Gamma(FromFloats(-3.5, -2.5), p), Whole(), true},
		{"gamma [1, 2]", Gamma(FromFloats(1, 2), p), FromFloats(0.8856031944108888, 1), false},
		{"lgamma 1", Lgamma(FromInt(1), p), FromInt(0), true},
		{"W below the branch point", LambertW(FromFloat(-0.3679), p), Nothing(), true},
		{"Wm1 below the branch point", LambertWm1(FromFloat(-0.3679), p), Nothing(), true},
		{"Wm1 at 0", LambertWm1(FromInt(0), p), Nothing(), true},
		{"x/[-1, 1]", Div(FromInt(1), FromFloats(-1, 1), p), Whole(), true},
		{"x/[0, 1]", Div(FromInt(1), FromFloats(0, 1), p), FromFloats(1, inf), true},
		{"x/0", Div(FromInt(1), FromInt(0), p), Nothing(), true},
		{"(-8)^(1/3)", Pow(FromInt(-8), Div(FromInt(1), FromInt(3), p), p), Nothing(), true},
		{"(-8)^2", Pow(FromInt(-8), FromInt(2), p), FromInt(64), true},
		{"√4", Sqrt(FromInt(4), p), FromInt(2), true},
		{"∛-27", Cbrt(FromInt(-27), p), FromInt(-3), true},
		{"round -2.5", Round(FromFloat(-2.5)), FromInt(-3), true},
		{"floor -0.5", Floor(FromFloat(-0.5)), FromInt(-1), true},
		{"mod(-1, 3)", Mod(FromInt(-1), FromInt(3), p), FromInt(2), true},
		{"sign [-1, 0]", Sign(FromFloats(-1, 0)), FromFloats(-1, 0), true},
		{"1/3 + 2/3", Add(FromRat(big.NewRat(1, 3), p), FromRat(big.NewRat(2, 3), p), p), FromInt(1), false},
		{"5/8", FromRat(big.NewRat(5, 8), p), FromFloat(0.625), true},
	} {
		if c.has.IsEmpty() != c.got.IsEmpty() || !c.has.In(c.got) || c.tight && !c.got.In(c.has) {
			t.Errorf("%s: %v, want %v", c.what, c.got, c.has)
		}
	}
}

// The extrema of Γ and log|Γ| at the roots of ψ, computed with mpmath to 50 digits.
func TestGammaExtrema(t *testing.T) {
	for _, prec := range []uint{30, 64, 150} {
		for _, c := range []struct {
			end  *big.Float
			want string
		}{
			{Gamma(FromFloats(1, 3), prec).Lo, "0.8856031944108887002788159005825887332079515336699"},
			{Gamma(FromFloats(-2.9, -2.25), prec).Hi, "-0.88813635840124192009552802939432737855507992594629"},
			{Gamma(FromFloats(-3, -2), prec).Hi, "-0.88813635840124192009552802939432737855507992594629"},
			{Lgamma(FromFloats(-2.9, -2.25), prec).Lo, "-0.11862999102044385954821884068125028543272665534729"},
		} {
			d := Abs(Sub(Point(c.end), digits(t, c.want), prec))
			if e := d.Hi.MantExp(nil); e > 8-int(prec) { // the minimum is taken over an enclosure of the root
				t.Errorf("at %d bits the extremum is %v, want %s", prec, c.end, c.want)
			}
		}
	}
}

// Constants and Bernoulli numbers are kept between calls, also from several goroutines (run with -race).
func TestConcurrentUse(t *testing.T) {
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			for prec := uint(60 + 10*i); prec < 900; prec += 200 {
				if g := Gamma(FromFloat(0.5), prec); Sqr(g, prec).Disjoint(Pi(prec + 50)) {
					t.Errorf("Γ(1/2) = %v at %d bits", g, prec)
				}
			}
		})
	}
	wg.Wait()
}

func BenchmarkFunctions(b *testing.B) {
	for _, name := range names {
		f := functions[name]
		x := FromFloat(0.7)
		if name == "acosh" {
			x = FromFloat(1.7)
		}
		b.Run(name, func(b *testing.B) {
			for range b.N {
				f(x, 120)
			}
		})
	}
}
