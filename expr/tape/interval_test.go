package tape

import (
	"math"
	"slices"
	"testing"

	"nabla/expr/interval"
	"nabla/expr/interval/precise"

	"pgregory.net/rapid"
)

// drawBox returns a box and how to draw points in it.
func drawBox(t *rapid.T) []boxI {
	box := make([]boxI, len(names))
	for i := range box {
		switch rapid.IntRange(0, 6).Draw(t, "end") {
		case 0:
			box[i] = interval.Point(float64(rapid.IntRange(-3, 3).Draw(t, "p")))
		case 1:
			box[i] = interval.I{Lo: float64(rapid.IntRange(-3, 3).Draw(t, "lo")), Hi: math.Inf(1)}
		case 2:
			box[i] = interval.I{Lo: math.Inf(-1), Hi: float64(rapid.IntRange(-3, 3).Draw(t, "hi"))}
		case 3, 4:
			lo := float64(rapid.IntRange(-4, 4).Draw(t, "lo"))
			box[i] = interval.New(lo, lo+float64(rapid.IntRange(0, 3).Draw(t, "width")))
		default:
			lo := rapid.Float64Range(-4, 4).Draw(t, "lo")
			box[i] = interval.New(lo, lo+rapid.Float64Range(0, 1e-3).Draw(t, "width"))
		}
	}
	return box
}

func drawPoint(t *rapid.T, box []boxI) []float64 {
	x := make([]float64, len(box))
	for i, b := range box {
		lo, hi := max(b.Lo, -40), min(b.Hi, 40)
		switch rapid.IntRange(0, 4).Draw(t, "where") {
		case 0:
			x[i] = lo
		case 1:
			x[i] = hi
		case 2:
			x[i] = min(max(math.Round(lo+(hi-lo)*0.5), lo), hi)
		default:
			x[i] = min(max(lo+(hi-lo)*rapid.Float64Range(0, 1).Draw(t, "at"), lo), hi)
		}
	}
	return x
}

// The enclosure over a box contains the value at every point of it, taken from
// the precise enclosure there, and the decoration is not too good.
func TestIntervalEncloses(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := drawFormula(t)
		p, err := Compile(names, e)
		if err != nil {
			t.Fatal(err)
		}
		m := p.NewMachine()
		box := drawBox(t)
		var v, bare [1]boxI
		var dec [1]interval.Dec
		m.Interval(bare[:], nil, box)
		m.Interval(v[:], dec[:], box)
		if v != bare {
			t.Fatalf("%v on %v: %v with decorations, %v without", e, box, v, bare)
		}
		if math.IsNaN(v[0].Lo) || math.IsNaN(v[0].Hi) {
			t.Fatalf("%v on %v = %v", e, box, v[0])
		}
		if v[0].IsEmpty() && dec[0] != interval.None {
			t.Fatalf("%v on %v = %v is %v", e, box, v[0], dec[0])
		}
		for range 8 {
			x := drawPoint(t, box)
			var at [1]precise.I
			var here [1]interval.Dec
			px := make([]precise.I, len(x))
			for i, c := range x {
				px[i] = precise.FromFloat(c)
			}
			ok := m.Precise(at[:], here[:], px, 120)
			if !ok[0] || at[0].IsEmpty() && here[0] != interval.None {
				continue
			}
			lo, hi := at[0].Floats()
			if here[0] >= interval.Defined && (lo > v[0].Hi || hi < v[0].Lo || v[0].IsEmpty()) {
				t.Fatalf("%v on %v encloses %v, but is %v at %v\n%s", e, box, v[0], at[0], x, p)
			}
			if dec[0] >= interval.Defined && here[0] == interval.None {
				t.Fatalf("%v on %v is %v, but undefined at %v\n%s", e, box, dec[0], x, p)
			}
			var out [1]float64
			m.Eval(out[:], x)
			if dec[0] == interval.None && finite(out[0]) && !slices.ContainsFunc(p.values(x), func(v float64) bool { return !finite(v) }) {
				t.Fatalf("%v on %v is defined nowhere, but %v at %v", e, box, out[0], x)
			}
			if dec[0] >= interval.Defined && ordinary(m) && out[0] != out[0] {
				t.Fatalf("%v on %v is %v, but NaN at %v", e, box, dec[0], x)
			}
		}
	})
}

// Precise enclosures at a point lie where the interval at that point says, are
// narrower than it, and shrink with the precision.
func TestPreciseEncloses(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := drawFormula(t)
		p, err := Compile(names, e)
		if err != nil {
			t.Fatal(err)
		}
		m := p.NewMachine()
		x := drawPoint(t, drawBox(t))
		px := make([]precise.I, len(x))
		for i, c := range x {
			px[i] = precise.FromFloat(c)
		}
		var coarse [1]boxI
		var dec [1]interval.Dec
		m.Interval(coarse[:], dec[:], boxOf(x...))
		var fine, finer [1]precise.I
		var d [1]interval.Dec
		if ok := m.Precise(fine[:], d[:], px, 80); !ok[0] {
			return
		}
		m.Precise(finer[:], nil, px, 160)
		if d[0] >= interval.Defined && dec[0] == interval.None || d[0] == interval.None && dec[0] >= interval.Defined {
			t.Fatalf("%v at %v is %v and %v", e, x, d[0], dec[0])
		}
		if d[0] < interval.Defined {
			return
		}
		lo, hi := fine[0].Floats()
		if lo > coarse[0].Hi || hi < coarse[0].Lo || fine[0].Disjoint(finer[0]) {
			t.Fatalf("%v at %v: %v, %v, %v", e, x, coarse[0], fine[0], finer[0])
		}
	})
}

// What the enclosures and decorations are where they are known.
func TestIntervalTable(t *testing.T) {
	inf := math.Inf(1)
	whole, empty := interval.Whole, interval.Empty
	for _, c := range []struct {
		f      string
		lo, hi float64 // x
		want   boxI
		dec    interval.Dec
	}{
		{"x*x", -1, 2, interval.New(0, 4), interval.Continuous},
		{"x^4", -1, 2, interval.New(0, 16), interval.Continuous},
		{"x*x*x", -1, 2, interval.New(-1, 8), interval.Continuous},
		{"x^2*x^2", -1, 2, interval.New(0, 16), interval.Continuous},
		{"(-x)^2", -1, 2, interval.New(0, 4), interval.Continuous},
		{"1/x", 1, 2, interval.New(0.5, 1), interval.Continuous},
		{"1/x", 0, 2, interval.New(0.5, inf), interval.Partial},
		{"1/x", -1, 2, whole, interval.Partial},
		{"1/x", 0, 0, empty, interval.None},
		{"x^(-2)", -1, 2, interval.New(0.25, inf), interval.Partial},
		{"x/x", 1, 2, interval.New(0.5, 2), interval.Continuous},
		{"0.1", 0, 0, interval.New(0.09999999999999999, 0.1), interval.Continuous},
		{"1/3", 0, 0, interval.New(0.3333333333333333, 0.33333333333333337), interval.Continuous},
		{"1/4", 0, 0, interval.New(0.25, 0.25), interval.Continuous},
		{"10^400", 0, 0, interval.New(math.MaxFloat64, inf), interval.Continuous},
		{"-10^400", 0, 0, interval.New(-inf, -math.MaxFloat64), interval.Continuous},
		{"10^(-400)", 0, 0, interval.New(0, 5e-324), interval.Continuous},
		{"pi", 0, 0, interval.Pi, interval.Continuous},
		{"inf + x", 0, 0, interval.New(math.MaxFloat64, inf), interval.Partial},
		{"sqrt(x)", 4, 9, interval.New(2, 3), interval.Continuous},
		{"sqrt(x)", -4, 9, interval.New(0, 3), interval.Partial},
		{"sqrt(x)", -4, -1, empty, interval.None},
		{"x^(1/2)", -4, 9, interval.New(0, 3), interval.Partial},
		{"x^(1/3)", -8, -1, empty, interval.None},
		{"x^(-1/2)", 0, 4, interval.New(0.5, inf), interval.Partial},
		{"x^0", -1, 1, interval.New(1, 1), interval.Continuous},
		{"(1/x)^0", -1, 1, interval.New(1, 1), interval.Partial},
		{"x^x", 1, 2, interval.New(1, 4), interval.Continuous},
		{"x^x", 0, 1, interval.New(0, 1), interval.Defined},
		{"x^(x+1)", 0, 1, interval.New(0, 1), interval.Continuous},
		{"x^x", -2, -2, interval.New(0.25, 0.25), interval.Continuous},
		{"x^x", 0, 0, interval.New(1, 1), interval.Continuous},
		{"x^(x/2)", -1, -1, empty, interval.None},
		{"x^(1 + x - x)", -3, -2, interval.New(-9, 9), interval.Partial},
		{"abs(x)", -1, 2, interval.New(0, 2), interval.Continuous},
		{"min(x, 1)", -1, 2, interval.New(-1, 1), interval.Continuous},
		{"max(x, 1, 3)", -1, 2, interval.New(3, 3), interval.Continuous},
		{"floor(x)", 0.5, 1.5, interval.New(0, 1), interval.Defined},
		{"floor(x)", 0.25, 0.75, interval.New(0, 0), interval.Continuous},
		{"if(x < 0, 1, 2)", 1, 2, interval.New(2, 2), interval.Continuous},
		{"if(x < 0, 1, 2)", -2, -1, interval.New(1, 1), interval.Continuous},
		{"if(x < 0, 1, 2)", -2, 1, interval.New(1, 2), interval.Defined},
		{"if(x < 0, 1, 2)", -2, 0, interval.New(1, 2), interval.Defined},
		{"if(x <= 0, 1, 2)", -2, 0, interval.New(1, 1), interval.Continuous},
		{"if(x > 0, log(x), 0)", 1, 1, interval.New(0, 0), interval.Continuous},
		{"if(x > 0, log(x), 7)", -2, -1, interval.New(7, 7), interval.Continuous},
		{"if(x > 0, log(x), 7)", -2, 1, interval.New(-inf, 7), interval.Partial},
		{"if(log(x) > 0, 1, 2)", -2, -1, empty, interval.None},
		{"if(log(x) > 0, 1, 2)", -2, 3, interval.New(1, 2), interval.Partial},
		{"if(log(x) > 0, 1, 2)", 2, 3, interval.New(1, 1), interval.Continuous},
		{"if(x > 0 and log(x) < 5, 1, 2)", -2, -1, interval.New(2, 2), interval.Continuous},
		{"if(x < 0 and log(x) < 5, 1, 2)", -2, -1, empty, interval.None},
		{"if(x < 0 or log(x) < 5, 1, 2)", -2, -1, interval.New(1, 1), interval.Continuous},
		{"if(x > 0 or log(x) < 5, 1, 2)", -2, -1, empty, interval.None},
		{"if(log(x) > 100 and x < 5, 1, 2)", -1, 1, interval.New(2, 2), interval.Partial},
		{"if(log(x) < 100 or x > 5, 1, 2)", -1, 1, interval.New(1, 1), interval.Partial},
		{"if(log(x) < 100 and x > 5, 1, 2)", -1, 1, interval.New(2, 2), interval.Continuous},
		{"if(not x > 0, 1, 2)", -2, -1, interval.New(1, 1), interval.Continuous},
		{"if(x == x, 1, 2)", -2, -1, interval.New(1, 1), interval.Continuous},
		{"if(x < x, 1, 2)", -2, -1, interval.New(2, 2), interval.Continuous},
		{"if(x != 3, 1, 2)", -2, -1, interval.New(1, 1), interval.Continuous},
		{"if(x == 1, 1, 2)", 1, 1, interval.New(1, 1), interval.Continuous},
		{"if(x == 1, 1, 2)", 0, 1, interval.New(1, 2), interval.Defined},
		{"x < 1", 0, 1, interval.New(0, 1), interval.Defined},
		{"x < 1 and x > -1", 0, 0.5, interval.New(1, 1), interval.Continuous},
		{"(-1)^4611686018427387905 + x", 0, 0, interval.New(-1, -1), interval.Continuous},
		{"(x - 2)^4611686018427387905", 0.5, 1, interval.New(-inf, -1), interval.Continuous},
	} {
		p := compile(t, []string{"x"}, c.f)
		m := p.NewMachine()
		var v [1]boxI
		var dec [1]interval.Dec
		m.Interval(v[:], dec[:], []boxI{interval.New(c.lo, c.hi)})
		if c.dec == interval.None && c.want.IsEmpty() && v[0].IsEmpty() {
			v[0] = c.want
		}
		if v[0] != c.want || dec[0] != c.dec {
			t.Errorf("%s on [%v, %v] = %v, %v, want %v, %v: %s", c.f, c.lo, c.hi, v[0], dec[0], c.want, c.dec, p)
		}
		px := []precise.I{precise.FromFloats(c.lo, c.hi)}
		var at [1]precise.I
		var d [1]interval.Dec
		if ok := m.Precise(at[:], d[:], px, 60); !ok[0] {
			continue
		}
		if lo, hi := at[0].Floats(); !at[0].IsEmpty() && (lo > c.want.Hi || hi < c.want.Lo) {
			t.Errorf("%s on [%v, %v] = %v precisely, want %v", c.f, c.lo, c.hi, at[0], c.want)
		}
		if d[0] > c.dec && c.f != "x^x" && c.f[0] != '(' || d[0] == interval.None && c.dec > interval.None {
			t.Errorf("%s on [%v, %v] is %v precisely, want %v", c.f, c.lo, c.hi, d[0], c.dec)
		}
	}
}

// Powers on boxes of both operands.
func TestPowerDecorations(t *testing.T) {
	m := compile(t, []string{"x", "y"}, "x^y").NewMachine()
	for _, c := range []struct {
		x0, x1, y0, y1 float64
		dec            interval.Dec
		has            []float64 // values at points of the box
	}{
		{1, 2, -1, 1, interval.Continuous, []float64{2, 0.5, 1}},
		{0, 1, 1, 2, interval.Continuous, []float64{0, 1}},
		{0, 1, 0, 1, interval.Defined, []float64{0, 1}},
		{0, 0, 0, 0, interval.Continuous, []float64{1}},
		{0, 0, 0, 1, interval.Defined, []float64{0, 1}},
		{0, 0, -2, -1, interval.None, nil},
		{0, 1, -2, -1, interval.Partial, []float64{1}},
		{-2, -1, 0.25, 0.75, interval.None, nil},
		{-2, -1, 0.5, 1, interval.Partial, []float64{-2, -1}},
		{-2, -1, 3, 3, interval.Continuous, []float64{-8, -1}},
		{-2, 1, -1, -1, interval.Partial, []float64{1, -0.5}},
		{-2, 1, 0.5, 0.5, interval.Partial, []float64{0, 1}},
		{-3, -2, -3, 3, interval.Partial, []float64{-27, 9, -1. / 8, 1}},
	} {
		box := []boxI{interval.New(c.x0, c.x1), interval.New(c.y0, c.y1)}
		var v [1]boxI
		var dec, fine [1]interval.Dec
		m.Interval(v[:], dec[:], box)
		var w [1]precise.I
		m.Precise(w[:], fine[:], []precise.I{precise.FromFloats(c.x0, c.x1), precise.FromFloats(c.y0, c.y1)}, 60)
		lo, hi := w[0].Floats()
		if dec[0] != c.dec || fine[0] > c.dec || fine[0] == interval.None && c.dec != interval.None {
			t.Errorf("%v is %v and %v precisely, want %v", box, dec[0], fine[0], c.dec)
		}
		for _, h := range c.has {
			if !v[0].Has(h) || h < lo || h > hi {
				t.Errorf("%v encloses %v, %v precisely, want %v in it", box, v[0], w[0], h)
			}
		}
	}
}

// A second run on another box, and runs of other kinds in between, leave nothing
// behind.
func TestMachineForgets(t *testing.T) {
	p := compile(t, []string{"x", "y"}, "sqrt(2)*x + log(y)", "if(x < pi, y, 1/3)")
	fresh := func(box []boxI) (v [2]boxI, dec [2]interval.Dec) {
		p.NewMachine().Interval(v[:], dec[:], box)
		return
	}
	m := p.NewMachine()
	boxes := [][]boxI{boxOf(1, 2), {interval.New(-1, 5), interval.New(-1, 1)}, {interval.Empty, interval.New(1, 2)}, boxOf(1, 2)}
	for i, box := range boxes {
		var v, w [2]boxI
		var dec [2]interval.Dec
		if i != 1 {
			m.Interval(w[:], nil, box)
		}
		m.Eval(make([]float64, 2), []float64{7, 8})
		m.Precise(make([]precise.I, 2), nil, []precise.I{precise.FromInt(1), precise.FromInt(2)}, uint(50+i))
		m.Interval(v[:], dec[:], box)
		wantV, wantDec := fresh(box)
		if v != wantV || dec != wantDec {
			t.Errorf("%v: %v %v, want %v %v", box, v, dec, wantV, wantDec)
		}
		for k := range v {
			if m.Registers()[p.Out(k)] != v[k] {
				t.Errorf("register %d is %v, want %v", p.Out(k), m.Registers()[p.Out(k)], v[k])
			}
		}
	}
}

func TestPreciseUnavailable(t *testing.T) {
	p := compile(t, []string{"x"}, "root(x, 3)", "x + 1", "if(x > 0, x, root(x, 3))", "if(x < 0, x, root(x, 3))")
	m := p.NewMachine()
	out := make([]precise.I, 4)
	ok := m.Precise(out, nil, []precise.I{precise.FromFloats(-2, -1)}, 60)
	want := []bool{true, true, true, true}
	if _, has := p.Funcs[0].Precise([]precise.I{precise.FromFloats(-2, -1), precise.FromInt(3)}, 60); !has {
		want = []bool{false, true, false, true}
	}
	for k := range want {
		if ok[k] != want[k] {
			t.Errorf("output %d is available: %v, want %v", k, ok[k], want[k])
		}
		if !ok[k] && !(out[k].Lo.IsInf() && out[k].Hi.IsInf()) {
			t.Errorf("output %d is %v", k, out[k])
		}
	}
}

// What is continuous on a closed set is, with the edges that belong to the domain; what leaves an edge out or jumps is not.
func TestClosedDecorations(t *testing.T) {
	across := interval.I{Lo: -2, Hi: 2}
	for _, c := range []struct {
		formula string
		want    interval.Dec
	}{
		{"sqrt(x)", interval.Continuous},
		{"x^(3/4) + asin(x)*acosh(x)", interval.Continuous},
		{"W(x)", interval.Continuous},
		{"1/(2 + W(x))", interval.Continuous},
		{"sqrt(x) + exp(x - sqrt(1 - x))", interval.Continuous},
		{"log(x)", interval.Partial},
		{"1/x", interval.Partial},
		{"x^(-1/2)", interval.Partial},
		{"1/sqrt(x)", interval.Partial},
		{"1/(1 + W(x))", interval.Partial}, // the edge is left out
		{"Wm1(x)", interval.Partial},
		{"floor(sqrt(x))", interval.Defined},
		{"if(x > 1, sqrt(x), 0)", interval.Partial},
		{"if(sqrt(x) >= 0, 1, 2)", interval.Partial},
	} {
		m := compile(t, []string{"x"}, c.formula).NewMachine()
		out, dec := make([]interval.I, 1), make([]interval.Dec, 1)
		if m.Closed(out, dec, []interval.I{across}); dec[0] != c.want {
			t.Errorf("%s: %v, want %v", c.formula, dec[0], c.want)
		}
		if m.Interval(out, dec, []interval.I{across}); dec[0] == interval.Continuous {
			t.Errorf("%s: continuous and defined everywhere", c.formula)
		}
	}
}

// Products of powers and logarithms of one formula are bounded next to its zeros, and enclose their values.
func TestProductsWithLogarithms(t *testing.T) {
	for _, c := range []struct {
		formula   string
		low, high float64 // between which the values on [-1, 1]² are, to be enclosed as tightly as 1 in 10
	}{
		{"x*log(x)", -1 / math.E, 0},
		{"x*log(x^2)", -2 / math.E, 2 / math.E},
		{"abs(x)*log(x^2)", -2 / math.E, 0},
		{"-2*x^2*log(abs(x))", 0, 1 / math.E},
		{"x^3*log(abs(x))", -1 / (3 * math.E), 1 / (3 * math.E)},
		{"sqrt(x^2+y^2)*log(x^2+y^2)", -2 / math.E, math.Sqrt2 * math.Log(2)},
		{"(x^2+y^2)*log(3*sqrt(x^2+y^2))", -1 / (18 * math.E), 2 * math.Log(3*math.Sqrt2)},
		{"sqrt(x)*log(1/x^3)", 0, 6 / math.E},
		{"x/2*log(5*x^2)", -math.Log(5) / 2, math.Log(5) / 2},
		{"sqrt(-2*x)*log(-2*x)", -2 / math.E, math.Sqrt2 * math.Ln2},
		{"sqrt(-y-x)*log(-y-x)", -2 / math.E, math.Sqrt2 * math.Ln2},
	} {
		m := compile(t, []string{"x", "y"}, c.formula).NewMachine()
		var v [1]boxI
		m.Interval(v[:], nil, []boxI{interval.New(-1, 1), interval.New(-1, 1)})
		room := 0.1 * (c.high - c.low)
		if !(v[0].Lo <= c.low+1e-12 && v[0].Hi >= c.high-1e-12) || v[0].Lo < c.low-room || v[0].Hi > c.high+room {
			t.Errorf("%s: %v, want about [%v, %v]", c.formula, v[0], c.low, c.high)
		}
		var w [1]float64
		for i := range 4001 {
			x := float64(i-2000) / 2000
			if m.Eval(w[:], []float64{x, -x * x}); !math.IsNaN(w[0]) && !math.IsInf(w[0], 0) && !(v[0].Lo <= w[0]+1e-15 && w[0]-1e-15 <= v[0].Hi) {
				t.Fatalf("%s: %v at %v is not in %v", c.formula, w[0], x, v[0])
			}
		}
	}
}
