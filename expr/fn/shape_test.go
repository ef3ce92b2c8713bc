package fn

import (
	"math"
	"math/rand/v2"
	"testing"

	"nabla/expr/interval"
)

// sample draws a point from the column Sample.
func sample(r *rand.Rand, f *Func) []float64 {
	n := len(f.Args)
	if f.Variadic {
		n = 2 + r.IntN(3)
	}
	p := make([]float64, n)
	for i := range p {
		s := f.Sample[min(i, len(f.Sample)-1)]
		p[i] = s.Lo + r.Float64()*(s.Hi-s.Lo)
	}
	return p
}

// domainPoint draws a point of the domain from anywhere, false if it misses too often.
func domainPoint(r *rand.Rand, f *Func) ([]float64, bool) {
	for range 50 {
		p := sample(r, f)
		for i := range p {
			if r.IntN(2) == 0 {
				p[i] = number(r, f.Sample[min(i, len(f.Sample)-1)])
			}
		}
		if v := f.Value(p); v-v == 0 {
			return p, true
		}
	}
	return nil, false
}

// shapeFault checks Monotone, Weakly, Convex, Parity and Period by values at random points of the domain.
func shapeFault(r *rand.Rand, f *Func) string {
	for range 2000 {
		p, ok := domainPoint(r, f)
		if !ok {
			return "no points of the domain found"
		}
		v := f.Value(p)
		slack := 1e-12 * math.Abs(v)
		if f.Parity != 0 {
			q := make([]float64, len(p))
			for i := range p {
				q[i] = -p[i]
			}
			if w := f.Value(q); !(math.Abs(w-float64(f.Parity)*v) <= slack) && !jumpAt(f, p) {
				return "parity"
			}
		}
		if f.Period != 0 {
			w := f.Value([]float64{p[0] + float64(f.Period)*math.Pi})
			d := 1e-15 * (1 + math.Abs(p[0]))
			slope := math.Abs(f.Value([]float64{p[0] + d})-v) + math.Abs(f.Value([]float64{p[0] - d})-v)
			if tight := math.Abs(p[0]) < 1e3 && slope < 1e-9*(1+math.Abs(v)); tight && !(math.Abs(w-v) <= 1e-6*(1+math.Abs(v))) {
				return "period"
			}
		}
		if f.Direction() != 0 {
			q := append([]float64(nil), p...)
			i := r.IntN(len(p))
			if s, ok := domainPoint(r, f); ok && len(s) == len(p) {
				q[i] = s[i]
			}
			w := f.Value(q)
			if q[i] < p[i] {
				v, w = w, v
			}
			if float64(f.Direction())*(w-v) < -1e-12*max(math.Abs(v), math.Abs(w)) {
				return "direction"
			}
		}
		if f.Monotone != 0 {
			s := sample(r, f)
			i := r.IntN(len(s))
			q := append([]float64(nil), s...)
			x := f.Sample[min(i, len(f.Sample)-1)]
			q[i] += 0.01 * (x.Hi - x.Lo)
			if a, b := f.Value(s), f.Value(q); q[i] <= x.Hi && !(float64(f.Monotone)*(b-a) > 0) {
				return "strictness"
			}
		}
		if f.Convex != 0 {
			q, ok := domainPoint(r, f)
			if !ok || len(q) != len(p) {
				continue
			}
			near := true // then the middle is not half way
			for i := range p {
				near = near && math.Abs(p[i]-q[i]) < 1e-9*math.Abs(p[i])
			}
			if near {
				continue
			}
			v, w := f.Value(p), f.Value(q)
			m := make([]float64, len(p))
			for i := range p {
				m[i] = p[i]/2 + q[i]/2
			}
			if c := f.Value(m); !(float64(f.Convex)*(v/2+w/2-c) >= -1e-12*(math.Abs(v)+math.Abs(w))) {
				return "convexity"
			}
		}
	}
	return ""
}

// jumpAt excludes points where the value depends on the last bit.
func jumpAt(f *Func, p []float64) bool {
	x := make([]interval.I, len(p))
	for i := range p {
		d := 1e-9*math.Abs(p[i]) + 1e-300
		x[i] = interval.New(p[i]-d, p[i]+d)
	}
	return f.Decorate(x) < interval.Continuous
}

func TestShape(t *testing.T) {
	for _, f := range All() {
		if f.Class == Constant {
			continue
		}
		if what := shapeFault(rand.New(rand.NewPCG(5, 6)), f); what != "" {
			t.Errorf("%s: %s does not hold", f.Name, what)
		}
		if f.Monotone != 0 && f.Weakly != 0 {
			t.Errorf("%s: both Monotone and Weakly", f.Name)
		}
	}
}

// What is claimed of a function is also all that is true of it: no shape can be added that the checker accepts.
func TestShapeIsComplete(t *testing.T) {
	// Not claimed although the values look like it.
	known := map[string]bool{
		"root convex -1": true, // convex for n < 0; the sample has n ≥ 1
	}
	for _, f := range All() {
		if f.Class == Constant || f.Name == "polygamma" {
			continue
		}
		for _, s := range []int{-1, +1} {
			try := func(what string, change func(g *Func)) {
				g := *f
				g.Monotone, g.Weakly, g.Convex, g.Parity, g.Period = 0, 0, 0, 0, 0
				change(&g)
				if shapeFault(rand.New(rand.NewPCG(7, 8)), &g) == "" && !known[f.Name+what] {
					t.Errorf("%s looks %s %+d, but the row does not say so", f.Name, what, s)
				}
			}
			if f.Direction() == 0 {
				try(" direction", func(g *Func) { g.Weakly = s })
			}
			if f.Convex == 0 {
				try(" convex", func(g *Func) { g.Convex = s })
			}
			if f.Parity == 0 {
				try(" parity", func(g *Func) { g.Parity = s })
			}
			if f.Period == 0 && len(f.Args) == 1 && !f.Variadic {
				try(" period", func(g *Func) { g.Period = (s + 3) / 2 })
			}
		}
	}
}

// rangeEnds are the numbers that the column Range may name.
var rangeEnds = map[string]float64{
	"0": 0, "1": 1, "-1": -1, "2": 2, "pi": math.Pi, "-pi": -math.Pi, "pi/2": math.Pi / 2, "-pi/2": -math.Pi / 2,
	"1/sqrt(2*pi)": 0.3989422804014327, "-0.21723362821122167": -0.21723362821122167,
}

// The enclosure over the whole space is the range, and ends that are named are tight.
func TestRange(t *testing.T) {
	for _, f := range All() {
		if f.Class == Constant {
			continue
		}
		x := make([]interval.I, len(f.Args))
		for i := range x {
			x[i] = interval.Whole
		}
		e := f.Enclose(x)
		for i, end := range []float64{e.Lo, e.Hi} {
			text := f.Range[i]
			if text == "" {
				if math.Abs(end) < 1e300 && f.Name != "polygamma" {
					t.Errorf("%s: end %d of the range is not named, but %v bounds it", f.Name, i, end)
				}
				continue
			}
			want, ok := rangeEnds[text]
			if !ok {
				t.Errorf("%s: range end %q is unknown to this test", f.Name, text)
			}
			if math.Abs(end-want) > 1e-14*(1+math.Abs(want)) && !(f.Name == "trigamma" && want == 0) {
				t.Errorf("%s: end %d of the range is %s, but the enclosure of everything has %v", f.Name, i, text, end)
			}
		}
		r := rand.New(rand.NewPCG(9, 10))
		for range 2000 {
			p, ok := domainPoint(r, f)
			if !ok {
				t.Fatalf("%s: no points", f.Name)
			}
			v := f.Value(p)
			if f.Range[0] != "" && v < rangeEnds[f.Range[0]] || f.Range[1] != "" && v > rangeEnds[f.Range[1]] {
				t.Errorf("%s%v = %v is outside the range", f.Name, p, v)
			}
		}
	}
}

// The values far out come near to the limits that the row names, and a row that names none has none or does not reach
// so far.
func TestLimits(t *testing.T) {
	for _, f := range All() {
		if len(f.Args) != 1 {
			if f.Limits != [2]string{} {
				t.Errorf("%s: limits are for functions of one argument", f.Name)
			}
			continue
		}
		for i, sign := range []float64{-1, 1} {
			a, b := f.Value([]float64{sign * 1e300}), f.Value([]float64{sign * 3e305})
			got := ""
			switch at := interval.Point(sign * 1e300); {
			case f.Decorate([]interval.I{at}) == interval.None: // outside the domain, as poles are
			case a == b && b-b == 0, math.Abs(a) < 1e-250 && math.Abs(b) < 1e-250: // settled
				got = "number"
			case b > 250 && !(b < a):
				got = "inf"
			case b < -250 && !(b > a):
				got = "-inf"
			}
			want := f.Limits[i]
			if v, ok := rangeEnds[want]; ok {
				if want = "number"; math.Abs(b-v) > 1e-14 {
					t.Errorf("%s: limit %d is not %s but %v", f.Name, i, f.Limits[i], b)
				}
			}
			if got != want {
				t.Errorf("%s: limit %d is %q, but %v and then %v are the values", f.Name, i, f.Limits[i], a, b)
			}
		}
	}
}

// The value is finite all over the sample, the row is continuous there except for steps, and the enclosure of a
// box is little wider than the values in it.
func TestSample(t *testing.T) {
	for _, f := range All() {
		if f.Class == Constant {
			if f.Sample != nil {
				t.Errorf("%s: a constant has no sample", f.Name)
			}
			continue
		}
		if want := len(f.Args); !f.Variadic && len(f.Sample) != want || f.Variadic && len(f.Sample) != 1 {
			t.Errorf("%s has %d sample ranges", f.Name, len(f.Sample))
			continue
		}
		r := rand.New(rand.NewPCG(11, 12))
		for range 200 {
			p := sample(r, f)
			if v := f.Value(p); v-v != 0 {
				t.Fatalf("%s%v = %v", f.Name, p, v)
			}
		}
		loose := map[string]float64{"mod": 3, "polygamma": 1.2, "sinc": 1.3, "hypot": 1.1}
		for range 50 {
			x := make([]interval.I, len(f.Args))
			for i := range x {
				s := f.Sample[min(i, len(f.Sample)-1)]
				a, b := s.Lo+r.Float64()*(s.Hi-s.Lo), s.Lo+r.Float64()*(s.Hi-s.Lo)
				x[i] = interval.New(min(a, b), max(a, b))
			}
			if f.Name == "polygamma" {
				x[0] = interval.Point(float64(2 + r.IntN(3)))
			}
			if d := f.Decorate(x); d < interval.Defined {
				t.Fatalf("%s on %v inside the sample: decorated %v", f.Name, x, d)
			}
			hull := interval.Empty
			p := make([]float64, len(x))
			for range 3000 {
				for i := range p {
					p[i] = x[i].Lo + r.Float64()*(x[i].Hi-x[i].Lo)
					if k := r.IntN(4); k == 0 {
						p[i] = x[i].Lo
					} else if k == 1 {
						p[i] = x[i].Hi
					}
				}
				hull = hull.Hull(interval.Point(f.Value(p)))
			}
			e := f.Enclose(x)
			limit := max(loose[f.Name], 1.02)
			if w, h := e.Hi-e.Lo, hull.Hi-hull.Lo; w > limit*h+1e-10*e.Mag() {
				t.Errorf("%s on %v: enclosure %v, values %v", f.Name, x, e, hull)
				break
			}
		}
	}
}

// Values of positive functions are nowhere 0 or less; others whose range begins at 0 take it.
func TestPositive(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 14))
	for _, f := range All() {
		if f.Class == Constant {
			if f.Positive != (f.F0 > 0 && f.F0 < math.MaxFloat64) {
				t.Errorf("%s: positive is %v", f.Name, f.Positive)
			}
			continue
		}
		zero := false
		for range 2000 {
			p, ok := domainPoint(r, f)
			if !ok {
				t.Fatalf("%s: no points", f.Name)
			}
			if v := f.Value(p); f.Positive && v < 0 {
				t.Errorf("%s%v = %v", f.Name, p, v)
			}
		}
		for _, x := range []float64{0, 1, -1} {
			if f.F1 != nil && f.Value([]float64{x}) == 0 {
				zero = true
			}
		}
		if f.F1 != nil && f.Range[0] == "0" && f.Positive == zero {
			t.Errorf("%s: positive is %v, 0 is taken: %v", f.Name, f.Positive, zero)
		}
	}
}

// Analytic functions are defined, continuous and without kinks on the whole line, and do not
// grow without bound near a point, as the derivative of the cube root does.
func TestAnalytic(t *testing.T) {
	for _, f := range All() {
		if f.Analytic && (len(f.Args) != 1 || f.Domain != "" || f.DWhere != nil || f.Dec != nil) {
			t.Errorf("%s has points where it is not smooth", f.Name)
		}
		if !f.Analytic || f.F1 == nil {
			continue
		}
		for _, h := range []float64{1e-3, 1e-6} {
			for _, x := range []float64{-2, -1, -h / 2, 0, 1, 2} {
				if d := math.Abs(f.F1(x+h)-f.F1(x)) / h; !(d < 10) {
					t.Errorf("%s rises by %v times the step at %v", f.Name, d, x)
				}
			}
		}
	}
}

// Jumps are where a function is defined and not continuous, and Near holds.
func TestJumpsAndNear(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	for _, f := range All() {
		jumps := false
		for range 2000 {
			n := len(f.Args)
			x, p := make([]interval.I, n), make([]float64, n)
			for i := range x {
				lo := float64(r.IntN(33)-16) / 4
				x[i] = interval.New(lo, lo+float64(r.IntN(9))/4)
				p[i] = lo
			}
			jumps = jumps || n > 0 && f.Decorate(x) == interval.Defined
			if v := f.Near; v != [2]float64{} {
				if d := f.Value(p) - p[0]; !(v[0] <= d && d <= v[1]) {
					t.Errorf("%s%v is not near: %v", f.Name, p, d)
				}
			}
		}
		if jumps != f.Jumps {
			t.Errorf("%s: Jumps is %v, jumps were found: %v", f.Name, f.Jumps, jumps)
		}
	}
}

// What the columns say together: steps, and the sign that is kept.
func TestDerivedShape(t *testing.T) {
	for name, want := range map[string][2]bool{
		"floor": {true, false}, "sign": {true, false}, "heaviside": {true, false}, "mod": {false, false}, "abs": {false, false},
		"sinh": {false, true}, "sqrt": {false, true}, "log1p": {false, true}, "exp": {false, false}, "cos": {false, false}, "asin": {false, true},
	} {
		if f := Lookup(name); f.Steps() != want[0] || f.KeepsSign() != want[1] {
			t.Errorf("%s: steps %v, keeps the sign %v; want %v", name, f.Steps(), f.KeepsSign(), want)
		}
	}
}

// A function of one argument either has a zero, at a point or where it changes its sign continuously, or says that it has none.
func TestNeverZero(t *testing.T) {
	for _, f := range All() {
		if f.F1 == nil {
			if f.NoZero {
				t.Errorf("%s: not tested", f.Name)
			}
			continue
		}
		zero := false
		const step = 1.0 / 64
		for x := -20.0; x < 20; x += step {
			v, w := f.Value([]float64{x}), f.Value([]float64{x + step})
			zero = zero || v == 0 && math.Abs(x) < 5 || // farther out, values may be too small for a float
				v*w < 0 && f.Decorate([]interval.I{interval.New(x, x+step)}) == interval.Continuous
		}
		if zero == f.NeverZero() {
			t.Errorf("%s: never zero %v, has a zero: %v", f.Name, f.NeverZero(), zero)
		}
		if f.Positive && f.NoZero {
			t.Errorf("%s: NoZero says what Positive does", f.Name)
		}
	}
}
