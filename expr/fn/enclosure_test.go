package fn

import (
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"testing"

	"nabla/expr/interval"
	"nabla/expr/interval/precise"
)

// landmarks are the places where functions end, jump, bend or have poles.
var landmarks = []float64{0, 1, -1, 2, -2, 3, -3, 0.5, -0.5, 1.5, -1.5, math.Pi, -math.Pi, math.Pi / 2, -math.Pi / 2, -1 / math.E, math.E,
	-0.3678794411714423, 1.4616321449683622, math.Nextafter(1, 2), math.Nextafter(-1, 0), 5e-324, -5e-324, 1e-300, 1e10, -1e10, 4.493409457909064}

// number draws a number: a landmark, one in the sample range, a small integer, or any magnitude.
func number(r *rand.Rand, s interval.I) float64 {
	switch k := r.IntN(10); {
	case k < 3:
		return landmarks[r.IntN(len(landmarks))]
	case k < 7:
		return s.Lo + r.Float64()*(s.Hi-s.Lo)
	case k < 8:
		return float64(r.IntN(13) - 6)
	case k < 9:
		return r.NormFloat64() * 3
	}
	return math.Copysign(math.Pow(10, r.Float64()*8-4), r.NormFloat64())
}

// interval1 draws an interval: a point, a tiny, a small or a wide one, now and then a half-line.
func interval1(r *rand.Rand, s interval.I) interval.I {
	a := number(r, s)
	b := a
	switch r.IntN(8) {
	case 0, 1:
	case 2:
		b = math.Nextafter(a, inf)
	case 3:
		b = a + r.Float64()*1e-6
	case 4, 5:
		b = a + r.Float64()*2
	case 6:
		b = number(r, s)
	case 7:
		b = inf * float64(1-2*r.IntN(2))
	}
	return interval.New(min(a, b), max(a, b))
}

// in draws a point of x: an end, a landmark or an integer inside, or any.
func in(r *rand.Rand, x interval.I) float64 {
	lo, hi := max(x.Lo, -1e12), min(x.Hi, 1e12)
	if x.Lo > 1e12 {
		return x.Lo
	} else if x.Hi < -1e12 {
		return x.Hi
	}
	v := lo + r.Float64()*(hi-lo)
	switch r.IntN(6) {
	case 0:
		v = lo
	case 1:
		v = hi
	case 2:
		v = landmarks[r.IntN(len(landmarks))]
	case 3:
		v = math.Floor(2*v) / 2
	}
	return min(max(v, lo), hi)
}

// drawBox draws a box for f; the order of polygamma and root is mostly a whole number.
func drawBox(r *rand.Rand, f *Func) []interval.I {
	n := len(f.Args)
	if f.Variadic {
		n = 2 + r.IntN(3)
	}
	x := make([]interval.I, n)
	for i := range x {
		x[i] = interval1(r, f.Sample[min(i, len(f.Sample)-1)])
	}
	if n > 1 { // no quotients of subnormal numbers, whose neighbours are far apart
		for i := range x {
			x[i] = interval.New(awayFromZero(x[i].Lo), awayFromZero(x[i].Hi))
		}
	}
	switch {
	case f.Name == "polygamma" && r.IntN(8) > 0:
		x[0] = interval.Point(float64(r.IntN(5)))
	case f.Name == "root" && r.IntN(3) > 0:
		x[1] = interval.Point(float64(r.IntN(11) - 5))
	}
	return x
}

func awayFromZero(x float64) float64 {
	if math.Abs(x) < 1e-300 && x != 0 {
		return math.Copysign(1e-300, x)
	}
	return x
}

// truth encloses f at the point p to 100 bits, as far as the row or the references can: known is false where
// only the float64 value is there.
func truth(f *Func, p []float64) (v exact, known bool) {
	if f.Precise == nil {
		return exact{}, false
	}
	x := make([]exact, len(p))
	for i := range p {
		x[i] = precise.FromFloat(p[i])
	}
	return f.Precise(x, 100)
}

// encloses reports whether box b may contain the truth v.
func encloses(b interval.I, v exact) bool {
	if v.IsEmpty() {
		return true
	}
	if b.Lo != b.Lo || b.Hi != b.Hi {
		return false
	}
	return !b.IsEmpty() && big.NewFloat(b.Lo).Cmp(v.Hi) <= 0 && big.NewFloat(b.Hi).Cmp(v.Lo) >= 0
}

// nearTo reports whether v is in b, or just outside by the error of a float64 function.
func nearTo(b interval.I, v float64) bool {
	d := 1e-11 * (math.Abs(v) + 1e-300)
	return b.Lo-d <= v && v <= b.Hi+d
}

// fault checks the columns Enclose and Dec of f on the box x by the points p drawn in it, and describes what is
// wrong, "" if nothing is.
func fault(r *rand.Rand, f *Func, x []interval.I) (string, []float64) {
	e, d := f.Enclose(x), f.Decorate(x)
	if e.Lo != e.Lo || e.Hi != e.Hi {
		return "NaN end", nil
	}
	if (d == interval.None) != e.IsEmpty() && !(e.IsEmpty() && d == interval.Partial) {
		if d == interval.None {
			return "decorated none, but not empty", nil
		}
		return "empty, but decorated " + d.String(), nil
	}
	p := make([]float64, len(x))
	for range 6 {
		for i := range p {
			p[i] = in(r, x[i])
		}
		value := f.Value(p)
		v, known := truth(f, p)
		undefined := value != value
		if known {
			undefined = v.IsEmpty()
			if undefined && value-value == 0 && !((f.Name == "W" || f.Name == "Wm1") && value == -1) {
				return "value where there is none", p
			}
			if !encloses(e, v) {
				return "enclosure misses the value", p
			}
		} else if !undefined && value-value == 0 && !nearTo(e, value) {
			return "enclosure misses the value", p
		}
		if undefined && d >= interval.Defined {
			return "undefined, but decorated " + d.String(), p
		}
		if known && !undefined && d == interval.None {
			return "defined, but decorated none", p
		}
	}
	if d == interval.Continuous {
		if a, b, jump := steepest(f, x); jump {
			return fmt.Sprintf("a jump to %v, but decorated continuous", b), a
		}
	}
	return "", nil
}

// steepest follows the diagonal of the box, on the grid of float64, by bisection into the half with the greater
// change, and reports a jump when the values differ much at neighbours. Near a pole they do so without a jump, but with
// the same sign.
func steepest(f *Func, x []interval.I) (a, b []float64, jump bool) {
	a, b = make([]float64, len(x)), make([]float64, len(x))
	m := make([]float64, len(x))
	for i := range x {
		a[i], b[i] = max(x[i].Lo, -1e4), min(x[i].Hi, 1e4)
		if a[i] > b[i] {
			return a, b, false
		}
	}
	va, vb := f.Value(a), f.Value(b)
	for done := false; !done; {
		done = true
		for i := range m {
			m[i] = between(a[i], b[i])
			done = done && (m[i] == a[i] || m[i] == b[i])
		}
		if vm := f.Value(m); math.Abs(vm-va) > math.Abs(vb-vm) {
			copy(b, m)
			vb = vm
		} else {
			copy(a, m)
			va = vm
		}
	}
	d, size := math.Abs(va-vb), max(math.Abs(va), math.Abs(vb))
	through := math.Signbit(va) != math.Signbit(vb) && min(math.Abs(va), math.Abs(vb)) > 1e9
	return a, b, d > 0.4 && d > 0.04*size && size < 1e9 || through
}

// between returns the number half way from a to b on the grid of float64.
func between(a, b float64) float64 {
	g, h := ordinal(a), ordinal(b)
	n := g>>1 + h>>1 + g&h&1
	if n < 0 {
		return math.Float64frombits(uint64(math.MinInt64 - n))
	}
	return math.Float64frombits(uint64(n))
}

func ordinal(x float64) int64 {
	n := int64(math.Float64bits(x + 0))
	if n < 0 {
		return math.MinInt64 - n
	}
	return n
}

func TestEncloseAndDec(t *testing.T) {
	boxes := 400
	if testing.Short() {
		boxes = 150
	}
	for _, f := range All() {
		t.Run(f.Name, func(t *testing.T) {
			t.Parallel()
			r := rand.New(rand.NewPCG(1, 2))
			if f.Class == Constant {
				v, ok := truth(f, nil)
				if f.Name != "inf" && (!ok || !encloses(f.Enclose(nil), v)) {
					t.Errorf("enclosure %v misses the value", f.Enclose(nil))
				}
				return
			}
			for range boxes {
				x := drawBox(r, f)
				if what, p := fault(r, f, x); what != "" {
					t.Fatalf("on %v: %s\n%s", x, what, describe(f, x, p))
				}
			}
		})
	}
}

func describe(f *Func, x []interval.I, p []float64) string {
	s := fmt.Sprintf("enclosure %v, decoration %v", f.Enclose(x), f.Decorate(x))
	if p != nil {
		v, known := truth(f, p)
		s += fmt.Sprintf("; at %v value %v, truth %v (known: %v)", p, f.Value(p), v, known)
	}
	return s
}

// The checker of the last test must find what is wrong.
func TestFaultFindsFaults(t *testing.T) {
	broken := func(name string, change func(f *Func)) *Func {
		f := *Lookup(name)
		change(&f)
		return &f
	}
	continuous := func(f *Func) { f.Dec = nil }
	for _, f := range []*Func{
		broken("floor", continuous), broken("sign", continuous), broken("mod", continuous), broken("atan2", continuous),
		broken("log", continuous), broken("gamma", continuous), broken("tan", continuous), broken("asec", continuous), broken("root", continuous),
		broken("polygamma", continuous), broken("logb", continuous), broken("beta", continuous),
		broken("sin", func(f *Func) { f.Enclose = Lookup("cos").Enclose }),
		broken("gamma", func(f *Func) { f.Dec = steps(math.Floor) }),
		broken("sqrt", func(f *Func) { f.Dec = on("()", 0, inf) }),
		broken("exp", func(f *Func) {
			f.Enclose = func(x []box) box { e := interval.Exp(x[0]); e.Hi = math.Nextafter(e.Hi, 0) - e.Hi*1e-15; return e }
		}),
	} {
		r := rand.New(rand.NewPCG(3, 4))
		found := false
		for range 20000 {
			if what, _ := fault(r, f, drawBox(r, f)); what != "" {
				found = true
				break
			}
		}
		if !found {
			t.Errorf("a broken %s passes", f.Name)
		}
	}
}

// At a point the enclosure is narrow, and the references lie in it and in the precise enclosure.
func TestEncloseReferences(t *testing.T) {
	for _, r := range references(t) {
		x := make([]interval.I, len(r.x))
		px := make([]exact, len(r.x))
		for i, v := range r.x {
			x[i], px[i] = interval.Point(v), precise.FromFloat(v)
		}
		rounded := new(big.Float).SetPrec(200).Mul(r.value, big.NewFloat(1e-21)) // the reference has 22 digits
		rounded.Abs(rounded)
		ref := precise.Point(r.value)
		ref = exact{Lo: new(big.Float).SetPrec(200).Sub(r.value, rounded), Hi: new(big.Float).SetPrec(200).Add(r.value, rounded)}
		e := r.row.Enclose(x)
		if !encloses(e, ref) {
			t.Errorf("%s: not in the enclosure %v", r.line, e)
		}
		w, _ := r.value.Float64()
		if width := (e.Hi - e.Lo) / (math.Nextafter(math.Abs(w), inf) - math.Abs(w)); !(width <= slack(r)) {
			t.Errorf("%s: enclosure %v is %.0f ulps wide, want at most %.0f", r.line, e, width, slack(r))
		}
		if r.row.Precise == nil {
			t.Errorf("%s: no precise enclosure", r.row.Name)
			continue
		}
		p, ok := r.row.Precise(px, 120)
		if !ok {
			continue
		}
		if p.Disjoint(ref) {
			t.Errorf("%s: not in the precise enclosure %v", r.line, p)
		}
		if e := r.row.Enclose(x); !encloses(e, p) {
			t.Errorf("%s: enclosures %v and %v are disjoint", r.line, e, p)
		}
	}
}

// slack is the width of the enclosure at a point, in ulps, that a row may have.
func slack(r reference) float64 {
	v, _ := r.value.Float64()
	v = math.Abs(v)
	switch r.row.Name {
	case "gamma":
		return 700 // math.Gamma, by reflection for x < 0
	case "W":
		return 40 * max(1, 1/(1+lambertW(r.x[0]))) // the slope at the branch point
	case "Wm1":
		return 40 * max(1, -1/(1+lambertLower(r.x[0])))
	case "lgamma", "digamma":
		return 100 * max(1, 1/v) // near a zero, absolutely
	case "beta":
		return 2000 + 40*math.Abs(math.Log(v)) // three gammas, or exp of a large number
	case "polygamma":
		return 1000
	case "normpdf", "normcdf":
		return 40 + 4*r.x[0]*r.x[0] // the rounding of the argument
	}
	return 40
}

// Over a box the precise enclosure contains the precise values, and it is not wider than the float64 one.
func TestPreciseBoxes(t *testing.T) {
	for _, f := range All() {
		if f.Precise == nil || f.Class == Constant {
			continue
		}
		r := rand.New(rand.NewPCG(13, 14))
		answered := 0
		for range 60 {
			x := drawBox(r, f)
			px := make([]exact, len(x))
			for i := range x {
				px[i] = precise.FromFloats(x[i].Lo, x[i].Hi)
			}
			v, ok := f.Precise(px, 80)
			if !ok {
				continue
			}
			answered++
			p := make([]float64, len(x))
			for range 5 {
				for i := range p {
					p[i] = in(r, x[i])
				}
				if w, known := truth(f, p); known && !w.IsEmpty() && v.Disjoint(w) {
					t.Errorf("%s on %v: precise enclosure %v misses %v at %v", f.Name, x, v, w, p)
				}
			}
		}
		if answered < 20 {
			t.Errorf("%s: only %d of 60 precise enclosures", f.Name, answered)
		}
	}
}

// Every precision is served, and more bits give a narrower enclosure.
func TestPreciseRefines(t *testing.T) {
	for _, f := range All() {
		if f.Precise == nil || f.Name == "inf" {
			continue
		}
		r := rand.New(rand.NewPCG(15, 16))
		for range 5 {
			x := make([]exact, len(f.Args))
			p := make([]float64, 0)
			if f.Class != Constant {
				p = sample(r, f)
				x = make([]exact, len(p))
			}
			if f.Name == "polygamma" {
				p[0] = 3
			}
			for i := range p {
				x[i] = precise.FromFloat(p[i])
			}
			for _, prec := range []uint{60, 200, 500} {
				v, ok := f.Precise(x, prec)
				if !ok {
					t.Errorf("%s%v: no enclosure with %d bits", f.Name, p, prec)
					continue
				}
				width, _ := v.Width().Float64()
				size, _ := new(big.Float).Abs(v.Lo).Float64()
				if width > math.Ldexp(1+size, 4-int(prec)) {
					t.Errorf("%s%v: with %d bits %v, %g wide", f.Name, p, prec, v, width)
				}
			}
		}
	}
}

// An empty argument has an empty image, and there the function is defined nowhere.
func TestEncloseEmpty(t *testing.T) {
	for _, f := range All() {
		for i := range f.Args {
			x := make([]interval.I, len(f.Args))
			for j := range x {
				x[j] = f.Sample[min(j, len(f.Sample)-1)]
			}
			x[i] = interval.Empty
			if e, d := f.Enclose(x), f.Decorate(x); !e.IsEmpty() || d != interval.None {
				t.Errorf("%s on %v: enclosure %v, decoration %v", f.Name, x, e, d)
			}
		}
	}
}

func BenchmarkEnclose(b *testing.B) {
	for _, name := range []string{"sin", "sec", "sigmoid", "softplus", "normcdf", "mod", "clamp", "logsumexp", "beta", "polygamma"} {
		f := Lookup(name)
		b.Run(name, func(b *testing.B) {
			x := make([]interval.I, len(f.Args))
			for i := range x {
				s := f.Sample[min(i, len(f.Sample)-1)]
				x[i] = interval.New(s.Lo+(s.Hi-s.Lo)/3, s.Lo+(s.Hi-s.Lo)/2)
			}
			b.ReportAllocs()
			for b.Loop() {
				f.Enclose(x)
			}
		})
	}
}

func BenchmarkValue(b *testing.B) {
	for _, f := range All() {
		if f.Class == Constant {
			continue
		}
		b.Run(f.Name, func(b *testing.B) {
			p := make([]float64, len(f.Args))
			for i := range p {
				p[i] = f.Sample[min(i, len(f.Sample)-1)].Mid()
			}
			b.ReportAllocs()
			for b.Loop() {
				f.Value(p)
			}
		})
	}
}
