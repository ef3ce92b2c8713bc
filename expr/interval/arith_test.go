package interval

import (
	"math"
	"math/rand/v2"
	"testing"

	"nabla/expr/interval/precise"
)

// source draws ends and intervals with a bias to where arithmetic goes wrong.
type source struct{ *rand.Rand }

func newSource(seed uint64) source { return source{rand.New(rand.NewPCG(seed, 20))} }

var hard = []float64{0, 1, 2, 3, 0.1, 1.5, 10, 1e16, tiny, 0x1p-1022, 0x1p-1000, 0x1p-969, 0x1p-540, 0x1p-500, 0x1p500, 0x1p1000,
	0x1p1023, math.MaxFloat64, math.MaxFloat64 / 2}

func (r source) float() float64 {
	var x float64
	switch r.IntN(6) {
	case 0:
		x = hard[r.IntN(len(hard))]
	case 1:
		x = math.Abs(onGrid(grid(hard[r.IntN(len(hard))]) - int64(r.IntN(5))))
	case 2:
		x = float64(r.IntN(64))
	case 3:
		x = r.Float64() * 8
	case 4:
		x = math.Ldexp(1+r.Float64(), r.IntN(80)-40)
	case 5:
		x = onGrid(int64(r.Uint64N(gridInf)))
	}
	if r.IntN(2) == 0 {
		return -x
	}
	return x
}

func (r source) interval() I {
	a, b := r.float(), r.float()
	switch r.IntN(12) {
	case 0:
		return Empty
	case 1:
		return Whole
	case 2:
		return New(a, math.Inf(1))
	case 3:
		return New(math.Inf(-1), a)
	case 4, 5, 6:
		return Point(a)
	case 7:
		return New(a, raised(a, r.IntN(20)))
	}
	return New(min(a, b), max(a, b))
}

// within returns a random subset of a that is a point or an interval.
func (r source) within(a I) I {
	if a.IsEmpty() {
		return a
	}
	f := I{max(a.Lo, -math.MaxFloat64), min(a.Hi, math.MaxFloat64)}
	pick := func() float64 {
		switch r.IntN(4) {
		case 0:
			return f.Lo
		case 1:
			return f.Hi
		case 2:
			return onGrid(grid(f.Lo) + int64(r.Uint64N(uint64(grid(f.Hi)-grid(f.Lo))+1)))
		}
		return min(max(f.Lo*(1-r.Float64())+f.Hi*r.Float64(), f.Lo), f.Hi)
	}
	x, y := pick(), pick()
	if r.IntN(2) == 0 {
		return Point(x)
	}
	return New(min(x, y), max(x, y))
}

func exactly(a I) precise.I {
	if a.IsEmpty() {
		return precise.Nothing()
	}
	return precise.FromFloats(a.Lo, a.Hi)
}

func floats(x precise.I) I {
	lo, hi := x.Floats()
	return I{lo, hi}
}

// The operations whose ends are the best possible, beside the exact ones; sums and products of two float64 fit into
// 2200 bits, and no quotient or root of 53 bits comes nearer than 2^-110 to a float64 that it is not.
var roundedBest = []struct {
	name  string
	float func(a, b I) I
	exact func(a, b precise.I) precise.I
}{
	{"add", I.Add, func(a, b precise.I) precise.I { return precise.Add(a, b, 2200) }},
	{"sub", I.Sub, func(a, b precise.I) precise.I { return precise.Sub(a, b, 2200) }},
	{"mul", I.Mul, func(a, b precise.I) precise.I { return precise.Mul(a, b, 120) }},
	{"div", I.Div, func(a, b precise.I) precise.I { return precise.Div(a, b, 240) }},
	{"sqr", func(a, _ I) I { return a.Sqr() }, func(a, _ precise.I) precise.I { return precise.Sqr(a, 120) }},
	{"inv", func(a, _ I) I { return a.Inv() }, func(a, _ precise.I) precise.I { return precise.Div(precise.FromInt(1), a, 240) }},
	{"sqrt", func(a, _ I) I { return a.Sqrt() }, func(a, _ precise.I) precise.I { return precise.Sqrt(a, 240) }},
	{"abs", func(a, _ I) I { return a.Abs() }, func(a, _ precise.I) precise.I { return precise.Abs(a) }},
	{"neg", func(a, _ I) I { return a.Neg() }, func(a, _ precise.I) precise.I { return precise.Neg(a) }},
	{"min", I.Min, precise.Min},
	{"max", I.Max, precise.Max},
	{"floor", func(a, _ I) I { return Floor(a) }, func(a, _ precise.I) precise.I { return precise.Floor(a) }},
	{"ceil", func(a, _ I) I { return Ceil(a) }, func(a, _ precise.I) precise.I { return precise.Ceil(a) }},
	{"round", func(a, _ I) I { return Round(a) }, func(a, _ precise.I) precise.I { return precise.Round(a) }},
	{"sign", func(a, _ I) I { return Sign(a) }, func(a, _ precise.I) precise.I { return precise.Sign(a) }},
}

func TestArithmeticIsRoundedBest(t *testing.T) {
	for _, op := range roundedBest {
		r := newSource(1)
		for range samples(8000) {
			a, b := r.interval(), r.interval()
			got, want := op.float(a, b), floats(op.exact(exactly(a), exactly(b)))
			if got != want {
				t.Fatalf("%s(%v, %v) = %v, want %v", op.name, a, b, got, want)
			}
		}
	}
}

func TestArithmeticIsInclusionMonotone(t *testing.T) {
	for _, op := range roundedBest {
		r := newSource(2)
		for range samples(4000) {
			a, b := r.interval(), r.interval()
			c, d := r.within(a), r.within(b)
			if part, all := op.float(c, d), op.float(a, b); !part.In(all) {
				t.Fatalf("%s(%v, %v) = %v is not in %s(%v, %v) = %v", op.name, c, d, part, op.name, a, b, all)
			}
		}
	}
}

func TestExactResultsStayPoints(t *testing.T) {
	p := Point
	for _, c := range []struct{ got, want I }{
		{p(2).Add(p(2)), p(4)},
		{p(0.1).Sub(p(0.1)), p(0)},
		{p(math.MaxFloat64).Add(p(tiny)), I{math.MaxFloat64, math.Inf(1)}},
		{p(math.MaxFloat64).Sub(p(tiny)), I{math.MaxFloat64 - 0x1p970, math.MaxFloat64}},
		{p(math.MaxFloat64).Sub(p(math.MaxFloat64 / 2)), p(math.MaxFloat64 / 2)},
		{p(-math.MaxFloat64).Add(p(math.MaxFloat64)), p(0)},
		{p(3).Mul(p(0.25)), p(0.75)},
		{p(3).Mul(p(tiny)), p(3 * tiny)},
		{p(3 * tiny).Div(p(3)), p(tiny)},
		{p(6).Div(p(3)), p(2)},
		{p(49).Sqrt(), p(7)},
		{p(-27).Cbrt(), p(-3)},
		{p(1024).Root(10), p(2)},
		{p(3).PowInt(33), p(5559060566555523)},
		{p(2).PowInt(-1074), p(tiny)},
		{p(1.5).Pow(p(2)), p(2.25)},
		{p(4).Pow(p(0.5)), p(2)},
		{Exp(p(0)), p(1)}, {Log(p(1)), p(0)}, {Log2(p(0.125)), p(-3)}, {Log10(p(1e22)), p(22)},
		{Sin(p(0)), p(0)}, {Cos(p(0)), p(1)}, {Gamma(p(6)), p(120)}, {Lgamma(p(2)), p(0)}, {Erf(p(0)), p(0)},
		{LambertW(p(0)), p(0)}, {Acos(p(1)), p(0)}, {Hypot(p(0), p(-3)), p(3)}, {Sinc(p(0)), p(1)},
	} {
		if c.got != c.want {
			t.Errorf("got %v, want %v", c.got, c.want)
		}
	}
}

func TestDivExt(t *testing.T) {
	inf := math.Inf(1)
	for _, c := range []struct{ a, b, p, q I }{
		{New(1, 2), New(-1, 1), New(-inf, -1), New(1, inf)},
		{New(-2, -1), New(-1, 2), New(-inf, -0.5), New(1, inf)},
		{New(1, 2), New(0, 4), New(0.25, inf), Empty},
		{New(1, 2), New(-4, 0), New(-inf, -0.25), Empty},
		{New(-1, 2), New(-4, 0), Whole, Empty},
		{New(0, 2), New(-4, 4), Whole, Empty},
		{New(0, 2), New(0, 4), Whole, Empty}, // 0*z = 0 for every z
		{Point(0), Point(0), Whole, Empty},
		{New(1, 2), Point(0), Empty, Empty},
		{Point(0), New(-1, 1), Whole, Empty},
		{New(1, 2), New(2, 4), New(0.25, 1), Empty},
		{New(1, inf), New(-inf, inf), New(-inf, 0), New(0, inf)},
		{Empty, New(-1, 1), Empty, Empty},
	} {
		p, q := c.a.DivExt(c.b)
		if c.a == New(1, inf) { // the quotients reach every number but 0
			if p.Hull(q) != Whole {
				t.Errorf("%v / %v = %v, %v", c.a, c.b, p, q)
			}
			continue
		}
		if p != c.p || q != c.q {
			t.Errorf("%v / %v = %v, %v, want %v, %v", c.a, c.b, p, q, c.p, c.q)
		}
	}
}

// Every quotient of members must lie in one of the pieces of the extended division.
func TestDivExtEncloses(t *testing.T) {
	r := newSource(3)
	for range samples(8000) {
		a, b := r.interval(), r.interval()
		x, y := r.within(a).Lo, r.within(b).Lo
		if a.IsEmpty() || b.IsEmpty() || y == 0 {
			continue
		}
		p, q := a.DivExt(b)
		truth := precise.Div(precise.FromFloat(x), precise.FromFloat(y), 240)
		if !truth.In(exactly(p)) && !truth.In(exactly(q)) {
			t.Fatalf("%g/%g is in neither piece of %v / %v = %v, %v", x, y, a, b, p, q)
		}
		if !p.IsEmpty() && !q.IsEmpty() && p.Hi > q.Lo {
			t.Fatalf("pieces %v, %v of %v / %v overlap", p, q, a, b)
		}
	}
}

func TestPowIntAndRoot(t *testing.T) {
	r := newSource(4)
	for range samples(4000) {
		a := r.interval()
		n := r.IntN(41) - 20
		if r.IntN(4) == 0 {
			n = r.IntN(4000) - 2000
		}
		x := r.within(a)
		if x.IsEmpty() {
			continue
		}
		x.Hi = x.Lo
		p := a.PowInt(n)
		if truth := precise.PowInt(exactly(x), n, 120); !truth.In(exactly(p)) {
			t.Fatalf("%g^%d = %v is not in %v^%d = %v", x.Lo, n, truth, a, n, p)
		}
		if q := x.PowInt(n); ulpsWide(q) > 8 && (abs(n) <= 1700 || ulpsWide(q) > 3*int64(abs(n))) {
			t.Fatalf("%g^%d = %v is %d ulps wide", x.Lo, n, q, ulpsWide(q))
		}
		if truth := precise.Root(exactly(x), n, 120); !truth.In(exactly(a.Root(n).grow())) {
			t.Fatalf("root %d of %g = %v is not in that of %v = %v", n, x.Lo, truth, a, a.Root(n))
		}
		if q := x.Root(n); ulpsWide(q) > 24 {
			t.Fatalf("root %d of %g = %v is %d ulps wide", n, x.Lo, q, ulpsWide(q))
		}
	}
}

// ulpsWide returns how many steps of the grid a is wide, 0 for Empty and where an end is infinite or next to 0.
func ulpsWide(a I) int64 {
	if a.IsEmpty() || !a.IsBounded() || math.Abs(a.Lo) < 0x1p-1000 || math.Abs(a.Hi) < 0x1p-1000 {
		return 0
	}
	return grid(a.Hi) - grid(a.Lo)
}

func TestSets(t *testing.T) {
	inf := math.Inf(1)
	for _, c := range []struct {
		what      string
		got, want any
	}{
		{"hull", New(0, 1).Hull(New(3, 4)), New(0, 4)},
		{"hull with empty", Empty.Hull(New(3, 4)), New(3, 4)},
		{"meet", New(0, 2).Meet(New(1, 4)), New(1, 2)},
		{"meet apart", New(0, 1).Meet(New(2, 4)), Empty},
		{"in", New(1, 2).In(New(1, 3)), true},
		{"empty in", Empty.In(Empty), true},
		{"not in empty", New(1, 2).In(Empty), false},
		{"interior", New(1, 2).Interior(New(1, 3)), false},
		{"interior of half-line", New(1, inf).Interior(New(0, inf)), true},
		{"interior of whole", Whole.Interior(Whole), true},
		{"disjoint", New(1, 2).Disjoint(New(2, 3)), false},
		{"disjoint apart", New(1, 2).Disjoint(New(2.5, 3)), true},
		{"has infinity", Whole.Has(inf), false},
		{"has", New(1, 2).Has(2), true},
		{"mid", New(1, 2).Mid(), 1.5},
		{"mid whole", Whole.Mid(), 0.0},
		{"mid huge", New(math.MaxFloat64, math.MaxFloat64).Mid(), math.MaxFloat64},
		{"mid half-line", New(0, inf).Mid(), math.MaxFloat64},
		{"width", New(1, 2).Width(), 1.0},
		{"width up", New(-tiny, 1).Width(), 1 + 0x1p-52},
		{"width of half-line", New(0, inf).Width(), inf},
		{"rad", New(1, 4).Rad(), 1.5},
		{"mag", New(-3, 2).Mag(), 3.0},
		{"mig", New(-3, -2).Mig(), 2.0},
		{"mig across 0", New(-3, 2).Mig(), 0.0},
		{"point of overflow", Point(inf), I{math.MaxFloat64, inf}},
		{"point of NaN", Point(math.NaN()), Whole},
		{"reversed", New(2, 1), Empty},
		{"text", New(0.1, 0.25).String(), "[0.1, 0.25]"},
		{"text of -0", I{math.Copysign(0, -1), 1}.String(), "[0, 1]"},
		{"text of empty", Empty.String(), "empty"},
		{"text of half-line", New(0, inf).String(), "[0, +Inf]"},
		{"decoration", min(Continuous, Partial).String(), "partial"},
	} {
		if c.got != c.want {
			t.Errorf("%s: %v, want %v", c.what, c.got, c.want)
		}
	}
}

func abs(n int) int { return max(n, -n) }
