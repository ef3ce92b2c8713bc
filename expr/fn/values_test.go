package fn

import (
	"bufio"
	"math"
	"math/big"
	"os"
	"strconv"
	"strings"
	"testing"
)

// A reference is one line of testdata/values.txt.
type reference struct {
	row   *Func
	x     []float64
	value *big.Float
	line  string
}

func references(t testing.TB) []reference {
	file, err := os.Open("testdata/values.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	var all []reference
	for s := bufio.NewScanner(file); s.Scan(); {
		line := s.Text()
		if line == "" || line[0] == '#' {
			continue
		}
		words := strings.Fields(line)
		r := reference{row: Lookup(words[0]), line: line}
		if r.row == nil {
			t.Fatalf("%q: no such row", line)
		}
		for _, w := range words[1 : len(words)-1] {
			v, err := strconv.ParseFloat(w, 64)
			if err != nil {
				t.Fatalf("%q: %v", line, err)
			}
			r.x = append(r.x, v)
		}
		if !r.row.Takes(len(r.x)) {
			t.Fatalf("%q: %s does not take %d arguments", line, words[0], len(r.x))
		}
		v, _, err := big.ParseFloat(words[len(words)-1], 10, 200, big.ToNearestEven)
		if err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		r.value = v
		all = append(all, r)
	}
	return all
}

// ulps returns how far got is from want, in units of the last place of want.
func ulps(got float64, want *big.Float) float64 {
	w, _ := want.Float64()
	if got == w {
		return 0
	}
	if math.IsNaN(got) || math.IsInf(got, 0) {
		return math.Inf(1)
	}
	d := new(big.Float).SetPrec(300).Sub(new(big.Float).SetFloat64(got), want)
	u := math.Nextafter(math.Abs(w), math.Inf(1)) - math.Abs(w)
	q, _ := d.Quo(d, new(big.Float).SetFloat64(u)).Float64()
	return math.Abs(q)
}

// accuracy is the greatest error of a value in ulps, for rows in which it is more than 3, with the reason.
var accuracy = map[string]func(r reference) float64{
	// Package math reduces arguments with 144 bits of π/4, so that 1.2e-16 = sin(float64(π)) has 50 good bits.
	"sin": most(8), "cos": most(8), "tan": most(12), "sec": most(12), "csc": most(12), "cot": most(12), "sinc": most(10),
	// math.Gamma by Stirling's formula.
	"gamma": most(10),
	// The value is a difference: π/tan(πx) - ψ(1-x).
	"digamma": most(6),
	// Powers and factorials are products.
	"polygamma": func(r reference) float64 { return 8 + r.x[0]/2 },
	// exp(l) has the relative error that l has absolutely.
	"beta": func(r reference) float64 {
		v, _ := r.value.Float64()
		return 8 + math.Abs(math.Log(math.Abs(v)))
	},
}

func most(n float64) func(reference) float64 { return func(reference) float64 { return n } }

func TestValues(t *testing.T) {
	seen := map[*Func]int{}
	for _, r := range references(t) {
		seen[r.row]++
		limit := 3.0
		if f := accuracy[r.row.Name]; f != nil {
			limit = f(r)
		}
		if u := ulps(r.row.Value(r.x), r.value); !(u <= limit) {
			t.Errorf("%s: got %v, %.1f ulps off, want at most %g", r.line, r.row.Value(r.x), u, limit)
		}
	}
	for _, f := range All() {
		if f.Class != Constant && seen[f] < 5 {
			t.Errorf("%s has %d references in testdata/values.txt, want 5 or more", f.Name, seen[f])
		}
	}
}

// The yardstick itself.
func TestUlps(t *testing.T) {
	third, _, _ := big.ParseFloat("0.33333333333333333333333333333333", 10, 200, big.ToNearestEven)
	for _, c := range []struct{ got, lo, hi float64 }{
		{1.0 / 3, 0, 0.5},
		{math.Nextafter(1.0/3, 1), 0.5, 1.5},
		{-1.0 / 3, 1e15, math.Inf(1)},
		{math.NaN(), math.Inf(1), math.Inf(1)},
	} {
		if u := ulps(c.got, third); !(c.lo <= u && u <= c.hi) {
			t.Errorf("ulps(%v, 1/3) = %v, want %v to %v", c.got, u, c.lo, c.hi)
		}
	}
}

// Values at the ends of domains, at jumps and poles, and exact ones. Undefined values are NaN or infinite.
func TestSpecialValues(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	zero := math.Copysign(0, -1)
	for _, c := range []struct {
		name string
		x    []float64
		want float64 // NaN stands for NaN or ±Inf
	}{
		{"sqrt", []float64{-1}, nan}, {"sqrt", []float64{4}, 2}, {"cbrt", []float64{-8}, -2},
		{"root", []float64{-8, 3}, -2}, {"root", []float64{-8, 2}, nan}, {"root", []float64{16, 4}, 2},
		{"root", []float64{-32, 5}, -2}, {"root", []float64{-32, -5}, -0.5}, {"root", []float64{0, 3}, 0},
		{"root", []float64{0, -3}, nan}, {"root", []float64{2, 0}, nan}, {"root", []float64{-2, 0.5}, nan},
		{"root", []float64{81, 4}, 3}, {"root", []float64{1e15, 5}, 1000}, {"root", []float64{5, 1}, 5},
		{"root", []float64{inf, 2}, inf}, {"root", []float64{inf, 5}, inf}, {"root", []float64{2, 1e-300}, inf},
		{"exp", []float64{0}, 1}, {"exp", []float64{1000}, inf}, {"exp", []float64{-1000}, 0},
		{"log", []float64{1}, 0}, {"log", []float64{0}, nan}, {"log", []float64{-1}, nan},
		{"log10", []float64{1000}, 3}, {"log10", []float64{1e-5}, -5}, {"log10", []float64{1}, 0}, {"log10", []float64{0}, nan},
		{"log10", []float64{-1}, nan}, {"log10", []float64{inf}, inf},
		{"log2", []float64{1 << 40}, 40}, {"log2", []float64{0.125}, -3}, {"log2", []float64{1}, 0}, {"log2", []float64{0}, nan},
		{"log2", []float64{-1}, nan}, {"log2", []float64{inf}, inf},
		{"logb", []float64{125, 5}, 3}, {"logb", []float64{8, 2}, 3}, {"logb", []float64{1, 7}, 0}, {"logb", []float64{2, 1}, nan},
		{"logb", []float64{-2, 3}, nan}, {"logb", []float64{2, -3}, nan}, {"logb", []float64{0, 3}, nan},
		{"log1p", []float64{-1}, nan}, {"expm1", []float64{0}, 0}, {"hypot", []float64{3, 4}, 5},
		{"sin", []float64{0}, 0}, {"cos", []float64{0}, 1}, {"tan", []float64{0}, 0}, {"sec", []float64{0}, 1},
		{"csc", []float64{0}, nan}, {"cot", []float64{0}, nan}, {"csc", []float64{zero}, nan},
		{"asin", []float64{1}, math.Pi / 2}, {"asin", []float64{1.1}, nan}, {"acos", []float64{-1}, math.Pi}, {"acos", []float64{1}, 0},
		{"acos", []float64{1.1}, nan}, {"acos", []float64{-1.1}, nan}, {"atan", []float64{inf}, math.Pi / 2},
		{"asec", []float64{1}, 0}, {"asec", []float64{-1}, math.Pi}, {"asec", []float64{0.5}, nan}, {"asec", []float64{-0.5}, nan},
		{"asec", []float64{0}, nan}, {"asec", []float64{inf}, math.Pi / 2},
		{"acsc", []float64{1}, math.Pi / 2}, {"acsc", []float64{-1}, -math.Pi / 2}, {"acsc", []float64{0}, nan}, {"acsc", []float64{0.5}, nan},
		{"acot", []float64{0}, nan}, {"acot", []float64{zero}, nan}, {"acot", []float64{1}, math.Pi / 4},
		{"atan2", []float64{0, 0}, nan}, {"atan2", []float64{zero, zero}, nan}, {"atan2", []float64{zero, -1}, math.Pi},
		{"atan2", []float64{0, -1}, math.Pi}, {"atan2", []float64{-1e-200, -1e200}, -math.Pi}, {"atan2", []float64{-1, 0}, -math.Pi / 2}, {"atan2", []float64{1, zero}, math.Pi / 2},
		{"sinc", []float64{0}, 1}, {"sinc", []float64{zero}, 1}, {"sinc", []float64{5e-324}, 1},
		{"cosh", []float64{711}, inf}, {"sinh", []float64{-711}, -inf}, {"sech", []float64{1000}, 0}, {"csch", []float64{0}, nan},
		{"coth", []float64{0}, nan}, {"coth", []float64{100}, 1}, {"acosh", []float64{1}, 0}, {"acosh", []float64{0.9}, nan},
		{"atanh", []float64{1}, nan}, {"atanh", []float64{2}, nan}, {"asech", []float64{1}, 0}, {"asech", []float64{0}, nan},
		{"asech", []float64{1.1}, nan}, {"asech", []float64{-0.5}, nan}, {"acsch", []float64{0}, nan}, {"acsch", []float64{inf}, 0},
		{"acoth", []float64{1}, nan}, {"acoth", []float64{0}, nan}, {"acoth", []float64{0.5}, nan}, {"acoth", []float64{inf}, 0},
		{"abs", []float64{zero}, 0}, {"sign", []float64{0}, 0}, {"sign", []float64{zero}, 0}, {"sign", []float64{-inf}, -1},
		{"sign", []float64{nan}, nan}, {"heaviside", []float64{0}, 0.5}, {"heaviside", []float64{-1}, 0}, {"heaviside", []float64{nan}, nan},
		{"round", []float64{0.5}, 1}, {"round", []float64{-0.5}, -1}, {"round", []float64{2.5}, 3}, {"floor", []float64{-0.5}, -1},
		{"ceil", []float64{-0.5}, 0}, {"mod", []float64{-7, 3}, 2}, {"mod", []float64{7, -3}, -2}, {"mod", []float64{6, 3}, 0},
		{"mod", []float64{-6, 3}, 0}, {"mod", []float64{1, 0}, nan}, {"mod", []float64{5.25, 1}, 0.25},
		{"clamp", []float64{5, 0, 1}, 1}, {"clamp", []float64{-5, 0, 1}, 0}, {"clamp", []float64{0.5, 0, 1}, 0.5}, {"clamp", []float64{0, 2, 1}, 1},
		{"min", []float64{3, 1, 2}, 1}, {"max", []float64{3, 1, 2}, 3}, {"max", []float64{nan, 1}, nan}, {"min", []float64{1, nan}, nan},
		{"erf", []float64{inf}, 1}, {"erfinv", []float64{1}, nan}, {"erfinv", []float64{1.5}, nan},
		{"gamma", []float64{5}, 24}, {"gamma", []float64{0}, nan}, {"gamma", []float64{zero}, nan}, {"gamma", []float64{-3}, nan},
		{"gamma", []float64{200}, inf}, {"lgamma", []float64{1}, 0}, {"lgamma", []float64{2}, 0}, {"lgamma", []float64{0}, nan}, {"lgamma", []float64{-5e-324}, 744.4400719213812}, {"lgamma", []float64{-2}, nan},
		{"digamma", []float64{0}, nan}, {"digamma", []float64{-4}, nan}, {"digamma", []float64{inf}, inf}, {"digamma", []float64{-inf}, nan},
		{"trigamma", []float64{0}, nan}, {"trigamma", []float64{0x1p1001}, 0x1p-1001}, {"polygamma", []float64{10, -10.5}, -1.3479713180436912e-05}, {"trigamma", []float64{-4}, nan}, {"trigamma", []float64{inf}, 0}, {"trigamma", []float64{-inf}, nan},
		{"polygamma", []float64{0.5, 1}, nan}, {"polygamma", []float64{-1, 1}, nan}, {"polygamma", []float64{2, 0}, nan},
		{"polygamma", []float64{2, -7}, nan}, {"polygamma", []float64{inf, 2}, nan}, {"polygamma", []float64{1e9, 1e8}, -inf},
		{"polygamma", []float64{2, 1e300}, 0}, {"polygamma", []float64{3, 1e-200}, inf}, {"polygamma", []float64{2, -1e300}, nan},
		{"beta", []float64{0, 1}, nan}, {"beta", []float64{1, -2}, nan}, {"beta", []float64{0.5, -0.5}, 0}, {"beta", []float64{1, 1}, 1},
		{"beta", []float64{2, 3}, 1.0 / 12}, {"beta", []float64{1e300, 1e300}, 0},
		{"W", []float64{0}, 0}, {"W", []float64{-1 / math.E}, -1}, {"W", []float64{-0.37}, nan}, {"W", []float64{math.E}, 1}, {"W", []float64{inf}, inf},
		{"normpdf", []float64{inf}, 0}, {"normpdf", []float64{1e200}, 0}, {"normcdf", []float64{inf}, 1}, {"normcdf", []float64{-inf}, 0}, {"normcdf", []float64{0}, 0.5},
		{"sigmoid", []float64{1000}, 1}, {"sigmoid", []float64{-1000}, 0}, {"sigmoid", []float64{0}, 0.5}, {"softplus", []float64{1000}, 1000},
		{"softplus", []float64{-1000}, 0}, {"softplus", []float64{-inf}, 0}, {"softplus", []float64{inf}, inf}, {"relu", []float64{-2}, 0},
		{"logit", []float64{0.5}, 0}, {"logit", []float64{0}, nan}, {"logit", []float64{1}, nan}, {"logit", []float64{1.5}, nan}, {"logit", []float64{-0.5}, nan},
		{"logsumexp", []float64{1000, 1000}, 1000 + math.Ln2}, {"logsumexp", []float64{-inf, 2}, 2}, {"logsumexp", []float64{inf, 2}, inf},
		{"logsumexp", []float64{nan, 2}, nan}, {"logsumexp", []float64{2, nan, 3}, nan}, {"logsumexp", []float64{-inf, -inf}, -inf},
		{"pi", nil, math.Pi}, {"e", nil, math.E}, {"inf", nil, inf},
	} {
		got := Lookup(c.name).Value(c.x)
		if ok := got == c.want; !ok && !(c.want != c.want && got-got != 0) {
			t.Errorf("%s%v = %v, want %v", c.name, c.x, got, c.want)
		}
	}
}

// The unused columns of values stay unset, and NaN in gives NaN out.
func TestValueColumns(t *testing.T) {
	for _, f := range All() {
		n := 0
		for _, set := range []bool{f.F1 != nil, f.F2 != nil, f.F3 != nil, f.FN != nil} {
			if set {
				n++
			}
		}
		switch {
		case f.Class == Constant:
			if n != 0 || f.Args != nil {
				t.Errorf("%s: a constant has no arguments and no value but F0", f.Name)
			}
			continue
		case n != 1, f.Variadic != (f.FN != nil), f.F0 != 0,
			f.F1 != nil && len(f.Args) != 1, f.F2 != nil && len(f.Args) != 2, f.F3 != nil && len(f.Args) != 3, f.FN != nil && len(f.Args) != 2:
			t.Errorf("%s: want exactly the value column that fits its %d arguments", f.Name, len(f.Args))
			continue
		}
		for i := range f.Args {
			x := make([]float64, len(f.Args))
			for j := range x {
				x[j] = f.Sample[min(j, len(f.Sample)-1)].Mid()
			}
			x[i] = math.NaN()
			if v := f.Value(x); v == v {
				t.Errorf("%s%v = %v, want NaN", f.Name, x, v)
			}
		}
	}
}

// An order that no series can be summed for still ends.
func TestPolygammaOfHugeOrderEnds(t *testing.T) {
	for _, n := range []float64{1e7, 1e200, math.MaxFloat64} {
		for _, x := range []float64{1e-3, 5, 1e7, 1e200} {
			if v := polygamma(n, x); math.IsNaN(v) {
				t.Errorf("polygamma(%g, %g) = %g", n, x, v)
			}
		}
	}
}
