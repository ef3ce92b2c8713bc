package interval

import (
	"flag"
	"math"
	"math/big"
	"math/rand/v2"
	"testing"

	"nabla/expr/interval/precise"
)

var long = flag.Bool("long", false, "sample fifteen times as many arguments")

func samples(n int) int {
	if *long {
		return 15 * n
	}
	return n
}

// references are the true functions, by the names of the table ulps.
var references = map[string]func(precise.I, uint) precise.I{
	"exp": precise.Exp, "expm1": precise.Expm1, "log": precise.Log, "log1p": precise.Log1p,
	"sin": precise.Sin, "cos": precise.Cos, "tan": precise.Tan, "asin": precise.Asin, "acos": precise.Acos, "atan": precise.Atan,
	"sinh": precise.Sinh, "cosh": precise.Cosh, "tanh": precise.Tanh, "asinh": precise.Asinh, "acosh": precise.Acosh,
	"atanh": precise.Atanh, "erf": precise.Erf, "erfc": precise.Erfc, "erfinv": precise.Erfinv,
	"gamma": precise.Gamma, "lgamma": precise.Lgamma,
}

const referencePrec = 140

// claimHolds reports whether the true value lies within n steps of the grid of v.
func claimHolds(v float64, n int, truth precise.I) bool {
	a := around(v, n)
	lo, hi := new(big.Float).SetFloat64(a.Lo), new(big.Float).SetFloat64(a.Hi)
	return lo.Cmp(truth.Lo) <= 0 && truth.Hi.Cmp(hi) <= 0
}

// errorIn returns |v - truth| in ulps of v.
func errorIn(v float64, truth precise.I) float64 {
	if math.IsInf(v, 0) || math.IsNaN(v) {
		return 0
	}
	d := new(big.Float).SetPrec(200).SetFloat64(v)
	d.Sub(d, truth.Lo)
	f, _ := d.Float64()
	return math.Abs(f) / (math.Nextafter(math.Abs(v), math.Inf(1)) - math.Abs(v))
}

// drawer draws arguments in [lo, hi]: uniform on the grid of float64, so in the exponent; uniform; and near the points.
type drawer struct {
	r      *rand.Rand
	lo, hi float64
	points []float64
}

func (d *drawer) next() float64 {
	for {
		var x float64
		switch k := d.r.IntN(9); {
		case k == 8:
			x = math.Float64frombits(d.r.Uint64N(1<<52) >> d.r.IntN(52)) // subnormal
			if d.hi <= 0 || d.lo < 0 && d.r.IntN(2) == 0 {
				x = -x
			}
			if !(d.lo < x && x < d.hi) {
				continue
			}
		case k < 2:
			a, b := grid(d.lo), grid(d.hi)
			x = onGrid(a + int64(d.r.Uint64N(uint64(b-a)+1)))
		case k < 3: // all the range, or what of it is near 1000, 30 or 3
			a, b := max(d.lo, -1000), min(d.hi, 1000)
			x = a + d.r.Float64()*(b-a)
		case k < 4:
			a, b := max(d.lo, -30), min(d.hi, 30)
			x = a + d.r.Float64()*(b-a)
		case k < 6:
			a, b := max(d.lo, -3), min(d.hi, 3)
			x = a + d.r.Float64()*(b-a)
		case len(d.points) == 0:
			continue
		default:
			p := d.points[d.r.IntN(len(d.points))]
			if d.r.IntN(2) == 0 {
				x = onGrid(grid(p) + int64(d.r.IntN(41)) - 20)
			} else {
				x = p + math.Ldexp(2*d.r.Float64()-1, -d.r.IntN(60))*max(math.Abs(p), 1)
			}
		}
		if d.lo <= x && x <= d.hi && math.Abs(x) <= math.MaxFloat64 {
			return x
		}
	}
}

func TestUlps(t *testing.T) {
	for _, row := range ulps {
		t.Run(row.Name, func(t *testing.T) {
			worst, at := 0.0, 0.0
			d := drawer{rand.New(rand.NewPCG(1, 2)), row.Lo, row.Hi, row.Near}
			for range samples(1000) {
				x := d.next()
				v := row.F(x)
				truth := references[row.Name](precise.FromFloat(x), referencePrec)
				if !claimHolds(v, row.N, truth) {
					t.Errorf("%s(%g) = %g is more than %d ulps from %v", row.Name, x, v, row.N, truth)
				}
				if e := errorIn(v, truth); e > worst {
					worst, at = e, x
				}
			}
			t.Logf("%s: claim %d, worst %.2f at %g", row.Name, row.N, worst, at)
		})
	}
}

// The test of the test: nothing computed in float64 is exact, so claims of 0 ulps must be found wrong, and so must a
// function that is right but for a narrow range.
func TestUlpsFindsFalseClaims(t *testing.T) {
	bent := func(x float64) float64 {
		if x > 3 && x < 3.01 {
			return math.Exp(x) * (1 + 1e-14)
		}
		return math.Exp(x)
	}
	for _, row := range []claim{
		{"exp", math.Exp, 0, -10, 10, nil, ""},
		{"exp", bent, ulpsExp, -10, 10, []float64{3}, ""},
		{"log", func(x float64) float64 { return math.Log(float64(float32(x))) }, ulpsLog, 0.1, 10, nil, ""},
	} {
		d := drawer{rand.New(rand.NewPCG(1, 2)), row.Lo, row.Hi, row.Near}
		found := false
		for range 1000 {
			x := d.next()
			if !claimHolds(row.F(x), row.N, references[row.Name](precise.FromFloat(x), referencePrec)) {
				found = true
				break
			}
		}
		if !found {
			t.Errorf("a false claim about %s was not found", row.Name)
		}
	}
}

// Claims about functions of two arguments.
func TestUlpsOfTwo(t *testing.T) {
	r := newSource(12)
	worst := [2]float64{}
	for range samples(6000) {
		x, y := r.float(), r.float()
		if x == 0 || y == 0 {
			continue
		}
		a, b := precise.FromFloat(x), precise.FromFloat(y)
		h, v := precise.Hypot(a, b, referencePrec), math.Hypot(x, y)
		if !claimHolds(v, ulpsHypot, h) {
			t.Errorf("hypot(%g, %g) = %g, truth %v", x, y, v, h)
		}
		worst[0] = max(worst[0], errorIn(v, h))
		g, w := precise.Atan2(b, a, referencePrec), math.Copysign(math.Atan2(y, x), y)
		if !claimHolds(w, ulpsAtan2, g) {
			t.Errorf("atan2(%g, %g) = %g, truth %v", y, x, w, g)
		}
		worst[1] = max(worst[1], errorIn(w, g))
	}
	t.Logf("worst: hypot %.2f, atan2 %.2f", worst[0], worst[1])
}

// The doubled logarithm promises a relative error of 2^-62, and the reduction of angles 2^-70.
func TestDoubledValues(t *testing.T) {
	d := drawer{rand.New(rand.NewPCG(13, 14)), tiny, math.MaxFloat64, []float64{1, 2, math.Sqrt2, math.Sqrt2 / 2, 0.5}}
	for range samples(4000) {
		x := d.next()
		if x == 1 {
			continue
		}
		h, l := logDoubled(x)
		if e := relativeError(h, l, precise.Log(precise.FromFloat(x), 200)); e > 0x1p-62 {
			t.Fatalf("log %g = %g + %g errs by %g of itself", x, h, l, e)
		}
	}
	d = drawer{rand.New(rand.NewPCG(15, 16)), 0.8, math.MaxFloat64, []float64{math.Pi, 1e5, 1 << 27, 1 << 51, 1e22}}
	xs := nearMultiples()
	for i := range samples(4000) {
		x := d.next()
		if i%2 == 0 {
			x = xs[d.r.IntN(len(xs))]
		}
		if x < 0.8 {
			continue
		}
		n, h, l := reduceTrig(x)
		if math.Abs(h) > kernelRange {
			t.Fatalf("%g is reduced to %g", x, h)
		}
		// x - h - l must be a multiple of π/2, to the number n modulo 4.
		p := precise.Div(precise.Pi(1300), precise.FromInt(2), 1300)
		k := precise.Round(precise.Div(precise.FromFloat(x), p, 1300)).Lo
		if m, _ := k.Int(nil); m.Bit(0)+2*m.Bit(1) != uint(n) {
			t.Fatalf("%g lies in quadrant %v, found %d", x, m, n)
		}
		truth := precise.Sub(precise.FromFloat(x), precise.Mul(precise.Point(k), p, 1300), 200)
		if e := relativeError(h, l, truth); e > 0x1p-70 {
			t.Fatalf("%g is reduced to %g + %g, which errs by %g of itself", x, h, l, e)
		}
	}
}

func relativeError(h, l float64, truth precise.I) float64 {
	sum := precise.Add(precise.FromFloat(h), precise.FromFloat(l), 300)
	_, e := precise.Abs(precise.Div(precise.Sub(sum, truth, 300), truth, 60)).Floats()
	return e
}
