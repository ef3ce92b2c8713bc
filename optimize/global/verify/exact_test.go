package verify

import (
	"math"
	"math/big"
	"math/rand/v2"
	"strings"
	"testing"

	"nabla/expr"
	"nabla/expr/interval"
	"nabla/expr/tape"
	"nabla/optimize/global/certificate"
)

// The exact test of signs against products with known roots and against values.
func TestNonNegative(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 5))
	for range 400 {
		p := dense{big.NewInt(1)}
		if r.IntN(2) == 0 {
			p = dense{big.NewInt(-1)}
		}
		var roots []*big.Rat
		for range r.IntN(6) {
			z := big.NewRat(int64(r.IntN(13)-6), int64(1+r.IntN(3)))
			roots = append(roots, z)
			p = p.times(dense{new(big.Int).Neg(z.Num()), z.Denom()})
		}
		if r.IntN(2) == 0 { // a factor without real roots, and its square
			q := dense{big.NewInt(1), big.NewInt(1), big.NewInt(1)}
			p = p.times(q).times(q)
		}
		var a, b *big.Rat
		if r.IntN(3) > 0 {
			a = big.NewRat(int64(r.IntN(9)-8), 2)
		}
		if r.IntN(3) > 0 {
			b = big.NewRat(int64(r.IntN(9)+1), 2)
		}
		if a != nil && b != nil && a.Cmp(b) >= 0 {
			continue
		}
		// Between the roots, which lie on sixths in [-6, 6], there are twelfths.
		want := true
		for i := -12 * 7; i <= 12*7; i++ {
			x := big.NewRat(int64(2*i+1), 24)
			if a != nil && x.Cmp(a) < 0 || b != nil && x.Cmp(b) > 0 {
				continue
			}
			if p.signAt(x, 0) < 0 {
				want = false
			}
		}
		if got := p.nonNegative(a, b); got != want {
			t.Errorf("%v on %v, %v: %v", roots, a, b, got)
		}
	}
	for _, c := range []struct {
		f   string
		low int64
		ok  bool
	}{
		{"x^2+4/x^2", 4, true}, {"x^2+4/x^2-1e-30", 4, false}, {"1/x", 0, false}, {"1/(1/x)", 0, false},
		{"(x^2-1)/(x-1)", 0, false}, {"1/(1+x^2)", 0, true}, {"(x^3-3*x)^2", 0, true}, {"x^2*(x-1)/(x-1)", 0, true},
	} {
		q, ok := readQuotient(expr.MustParse(c.f), []string{"x"})
		if yes, known := q.atLeast(big.NewRat(c.low, 1), nil, nil); !ok || !known || yes != c.ok {
			t.Errorf("%s >= %d: %v %v", c.f, c.low, ok, !c.ok)
		}
	}
}

// What is claimed of a formula far out holds at samples, for random formulas and
// claims near their least values.
func TestTailClaims(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 11))
	var formula func(depth int) string
	formula = func(depth int) string {
		if depth == 0 {
			return []string{"t", "t", "1/t", "2", "(1/3)", "sqrt(t)", "log(t)", "exp(-t)", "(t+1)", "(1-t)", "pi"}[r.IntN(11)]
		}
		a, b := formula(depth-1), formula(depth-1)
		switch r.IntN(12) {
		case 0, 1, 2:
			return "(" + a + "+" + b + ")"
		case 3, 4:
			return "(" + a + "-" + b + ")"
		case 5, 6, 7:
			return a + "*" + b
		case 8:
			return "(" + a + ")/(" + b + ")"
		case 9:
			return "exp(-abs(" + a + "))"
		case 10:
			return []string{"abs(" + a + ")", "log(1+abs(" + a + "))", "max(1," + a + ")", "sqrt((" + a + ")^2+1)", "cosh(" + a + ")", "asinh(" + a + ")", "root(" + a + ",3)", "min(t," + a + ",2)"}[r.IntN(8)]
		}
		return "(" + a + ")^" + []string{"2", "3", "(-1)", "(1/2)", "(-2)"}[r.IntN(5)]
	}
	claimed, fell := 0, 0
	for range 1500 {
		text := formula(1 + r.IntN(3))
		f, err := expr.Parse(text)
		if err != nil {
			continue
		}
		p, err := tape.Compile([]string{"t"}, f)
		if err != nil {
			t.Fatal(err)
		}
		m := p.NewMachine()
		out, dec := make([]interval.I, 1), make([]interval.Dec, 1)
		from := []float64{1, 2, 8, 64}[r.IntN(4)]
		upper := math.Inf(1) // f is at most this somewhere
		last := math.NaN()
		for i := range 200 {
			x := from * math.Pow(1.05, float64(i))
			if i > 150 {
				x = from * math.Pow(1.4, float64(i-100))
			}
			m.Interval(out, dec, []interval.I{interval.Point(x)})
			if dec[0] >= interval.Defined && !out[0].IsEmpty() {
				upper, last = math.Min(upper, out[0].Hi), out[0].Lo
			}
		}
		if math.IsInf(upper, 0) {
			continue
		}
		gap := 1e-6 * math.Max(1e-3, math.Abs(upper))
		left := 3000
		if newTail(from, &left).atLeast(f, upper+gap) {
			t.Errorf("%s >= %g from %g is claimed, but it is at most %g somewhere", text, upper+gap, from, upper)
		}
		left = 3000
		if newTail(from, &left).atLeast(f, upper-1) {
			claimed++
		}
		left = 3000
		k := newTail(from, &left)
		if k.falls(f) {
			fell++
			if !(last < 0) {
				t.Errorf("%s is said to fall without end, but is %g far out", text, last)
			}
		}
	}
	t.Logf("%d claims, %d falls", claimed, fell)
	if claimed < 100 || fell < 20 {
		t.Errorf("only %d claims and %d falls", claimed, fell)
	}
}

// What is said to be convex lies below its chords, for random formulas on the plane and a quarter of it.
func TestConvexClaims(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 17))
	var formula func(depth int) string
	formula = func(depth int) string {
		if depth == 0 {
			return []string{"x", "y", "2", "(x-y)", "(1-2*x)", "(x+3*y)", "x^2", "y^4", "x*y"}[r.IntN(9)]
		}
		a, b := formula(depth-1), formula(depth-1)
		return []string{"(" + a + "+" + b + ")", "(" + a + "-" + b + ")", "3*" + a, "-" + a, a + "*" + b, "exp(" + a + ")", "log(" + a + ")", "sqrt(" + a + ")", "abs(" + a + ")",
			"max(" + a + "," + b + ")", "min(" + a + "," + b + ")", "(" + a + ")^2", "1/(" + a + ")", "(" + a + ")*log(" + a + ")", "2*(" + a + ")*log(" + a + ")*(" + b + ")",
			"sqrt(" + a + "^2+(" + b + ")^2+1)", "sqrt((" + a + ")^2-" + b + ")", "cosh(" + a + ")",
			"-(" + a + ")^(1/2)*(" + b + ")^(1/3)", "-sqrt(" + a + ")*(" + b + ")^0.6", "(" + a + ")^3/(" + b + ")", "exp(" + a + ")^2/sqrt(" + b + ")", "(" + a + ")^1.5", "(" + a + ")*log(" + a + "/(" + b + "))", a + "*log(" + a + ")-2*x^2-" + a + "*log(" + b + ")", "2*x*log(x)-3*x*log(" + a + ")", "2*x*log(x)-x*log(" + a + ")-x*log(" + b + ")", "atan(" + a + ")", "erfc(" + a + ")", "expm1(" + a + ")", "log1p(" + a + ")", "softplus(" + a + ")", "hypot(" + a + "," + b + ")"}[r.IntN(33)]
	}
	claimed := 0
	for range 4000 {
		f, err := expr.Parse(formula(1 + r.IntN(3)))
		if err != nil {
			continue
		}
		v := &verifier{c: &certificate.Certificate{Variables: []string{"x", "y"}, Formula: "0"}, left: &effort{}, f: f}
		least := -3.0
		if r.IntN(2) == 0 {
			v.c.Bounds, least = [][2]string{{"0", ""}, {"0", ""}}, 0
		}
		if err := v.readBounds(); err != nil {
			t.Fatal(err)
		}
		if !v.isConvex() {
			continue
		}
		p, err := tape.Compile(v.c.Variables, f)
		if err != nil {
			t.Fatal(err)
		}
		if !f.IsConstant() {
			claimed++
		}
		m := p.NewMachine()
		value := func(x, y float64) float64 {
			var out [1]float64
			m.Eval(out[:], []float64{x, y})
			return out[0]
		}
		for range 60 {
			var at [4]float64
			for i := range at {
				at[i] = least + (3-least)*r.Float64()
			}
			a, b, c, d := at[0], at[1], at[2], at[3]
			left, middle, right := value(a, b), value((a+c)/2, (b+d)/2), value(c, d)
			if mean := left/2 + right/2; math.Abs(mean) < math.Inf(1) && !(middle <= mean+1e-9*(1+math.Abs(left)+math.Abs(right))) {
				t.Errorf("%v is not convex from %g, %g to %g, %g", f, a, b, c, d)
				break
			}
		}
	}
	if claimed < 200 {
		t.Errorf("only %d claims", claimed)
	}
}

// A convex Lagrangian, with relative entropies, is above its tangent at the point: few boxes are enough.
func TestConvexLagrangian(t *testing.T) {
	const text = `{"schema": "nabla-certificate/1", "formula": "x*log(x) - x*log(x + y + z) + y*log(y) - y*log(x + y + z) + z*log(z) - z*log(x + y + z) - 2*x + y/3", "variables": ["x", "y", "z"], "bounds": [["1/1000000", ""], ["1/1000000", ""], ["1/1000000", ""]], "subject_to": ["x + 2*y + z/3 == 1"], "status": "certified", "point": [0.7912053731918759, 0.00591899572350839, 0.5908699060833221], "value": [-2.5620574449391422, -2.5620574449391302], "multipliers": [{"condition": "x + 2*y + z/3 == 1", "value": "5769240477164841/2251799813685248"}]}`
	left := effort{ctx: t.Context(), boxes: 20, evals: 100, parts: 2, work: 1_000_000}
	if r, err := check(strings.NewReader(text), left); err != nil || !r.Valid {
		t.Errorf("%+v %v", r, err)
	}
	for _, change := range [][2]string{{"-2.562", "-2.561"}, {"x*log(x + y + z)", "2*x*log(x + y + z)"}} {
		if r, err := check(strings.NewReader(strings.Replace(text, change[0], change[1], 2)), left); err != nil || r.Valid {
			t.Errorf("with %s: %+v %v", change[1], r, err)
		}
	}
}

// A list of stationary points is confirmed where it is complete: counted for rational functions, and otherwise isolated.
func TestStationary(t *testing.T) {
	for _, c := range []struct {
		formula, rest string
		want          bool
	}{
		{"x^4-3*x^2+x", `"stationary":[[-1.300839567,-1.300839565],[0.169938,0.16994],[1.1309,1.131]]`, true},
		{"x^4-3*x^2+x", `"stationary":[[-1.300839567,-1.300839565],[1.1309,1.131]]`, false},
		{"x^4-3*x^2+x", `"stationary":[[-1.300839567,-1.300839565],[0.169938,0.16994],[0.16995,0.17]]`, false},
		{"x^4-3*x^2+x", `"stationary":[[-2,2]]`, false},
		{"x^4-3*x^2+x", `"bounds":[["0","1"]],"stationary":[[0.169938,0.16994]]`, true},
		{"x^3", `"stationary":[[0,0]]`, true},
		{"exp(x)-2*x", `"stationary":[[0.6931471805599453,0.6931471805599454]]`, true},
		{"exp(x)-2*x", `"bounds":[["0","1/2"]]`, true},
		{"exp(x)", "", true},
		{"exp(x)-2*x", "", false},
		{"x*log(x)", `"stationary":[[0.36787944117144233,0.36787944117144233]],"breaks":["0"]`, true},
		{"exp(-x^2)*x", `"stationary":[[-0.7071067811865476,-0.7071067811865475],[0.7071067811865475,0.7071067811865476]]`, true},
		{"exp(-x^2)*x", `"stationary":[[0.7071067811865475,0.7071067811865476]]`, false},
		{"abs(x-1)+exp(x)/9", `"breaks":["1"],"stationary":[]`, true},               // for x < 1 it would be 0 at log(9)
		{"exp(x-1)-x", `"stationary":[[0.99995,0.99995],[1.00006,1.00006]]`, false}, // one zero, between both
		{"x^2*floor(x)/floor(x)", `"stationary":[[0,0]]`, false},                    // where it is not defined
		{"x^3/x", `"stationary":[[0,0]]`, false},
		{"exp(x-1)-x", `"stationary":[[0.995,0.995]]`, false},
		{"exp(x-1)-x", `"stationary":[[1,1]]`, true},
		{"cbrt(x-sqrt(2))", `"breaks":["sqrt(2)"]`, true},
		{"if(x-sqrt(2)>=0, (x-sqrt(2))^(3/2), -(sqrt(2)-x)^(3/2))", `"breaks":["sqrt(2)"]`, false}, // no enclosure shows that it has the value 0 there
		{"sin(x)", `"bounds":[["0","9"]],"stationary":[[1.5707963267948966,1.5707963267948968],[4.71238898038469,4.7123889803846905],[7.853981633974483,7.853981633974484]]`, true},
		// Zeros at ends do not count, those of higher order have a closed form, and others lie outside the domain.
		{"cos(x)", `"bounds":[["0","pi"]],"breaks":["0","pi"]`, true},
		{"cos(x)", `"bounds":[["0","4"]],"breaks":["0","4"]`, false},
		{"x*(20-2*x)^2", `"bounds":[["0","10"]],"stationary":[[3.333333333333333,3.3333333333333335]],"breaks":["0","10"]`, true},
		{"x-sin(x)", `"bounds":[["-pi","pi"]],"stationary":[[0,0]]`, true},
		{"x-sin(x)", `"bounds":[["-1","7"]],"stationary":[[0,0]]`, false},
		{"x-sin(x)", `"bounds":[["-1","1"]]`, false},
		{"x+cos(x)", `"bounds":[["0","2*pi"]],"stationary":[[1.5707963267948966,1.5707963267948968]]`, true},
		{"x^4*exp(-x)", `"stationary":[[0,0],[4,4]]`, true},
		{"x^4*exp(-x)", `"stationary":[[4,4]]`, false},
		{"x^2-8*log(x)", `"stationary":[[2,2]],"breaks":["0"]`, true},
		{"x^2-8*log(abs(x))", `"stationary":[[2,2]],"breaks":["0"]`, false},
		{"log(x^2+6*x+3)-x/3", `"stationary":[[3.8729833462074166,3.872983346207417]],"breaks":["-3-sqrt(6)","-3+sqrt(6)"]`, true},
		// Kinks are none, but smooth places between pieces are.
		{"abs(x^2-4)", `"stationary":[[0,0]],"breaks":["-2","2"]`, true},
		{"abs(x^2-4)", `"breaks":["-2","2"]`, false},
		{"max(x^2,2-x)", `"breaks":["-2","1"]`, true},
		{"x*abs(x)+x^4", `"stationary":[[-0.7071067811865476,-0.7071067811865475]],"breaks":["0"]`, false},
		{"abs(x)^3", `"breaks":["0"]`, false},
		{"x^2*sign(x)", `"breaks":["0"]`, false},
		{"max(x,0)^2+x*max(-x,0)", `"breaks":["0"]`, false},
		{"sin(x)", `"bounds":[["0","9"]],"stationary":[[1.5707963267948966,1.5707963267948968],[7.853981633974483,7.853981633974484]]`, false},
	} {
		rest := c.rest
		if rest != "" {
			rest = "," + rest
		}
		r, err := check(strings.NewReader(`{"schema":"nabla-certificate/1","variables":["x"],"formula":"`+c.formula+`","status":"certified","value":[0,0],"stationary_complete":true`+rest+`}`), effort{boxes: 50_000, evals: 20_000, parts: 2, work: 50_000_000})
		if err != nil || r.Stationary != c.want {
			t.Errorf("%s %s: %+v %v", c.formula, c.rest, r, err)
		}
	}
}

// part is a certificate within another.
func part(x, formula, rest string) string {
	return `{"schema":"nabla-certificate/1","variables":["` + x + `"],"formula":"` + formula + `","value":[0,0],"exact":"0",` + rest + `}`
}

// Certificates that make no sense are not confirmed, and do no harm.
func TestMalformed(t *testing.T) {
	head := `{"schema":"nabla-certificate/1","variables":["x"],"formula":"x^2","value":[0,0],"exact":"0",`
	for _, text := range []string{
		head + `"status":"not-attained","open":[[true,true]]}`,
		head + `"status":"not-attained","bounds":[["",""]],"open":[[true,true]]}`,
		head + `"status":"not-attained","bounds":[["1","0"]],"open":[[true,true]],"breaks":["x","1/0","inf","(","0","0"]}`,
		head + `"status":"exact","point":[1],"period":"0"}`,
		head + `"status":"exact","point":[1],"period":"x","breaks":["log(-1)"]}`,
		head + `"status":"exact","point":[0],"exact_point":["0"],"bounds":[["0","1"]],"open":[[true,false]]}`,
		head + `"status":"unbounded","path":["x"]}`,
		head + `"status":"unbounded","path":["1/0"]}`,
		head + `"status":"unbounded","path":["t","t"]}`,
		head + `"status":"unbounded","path":["inf"]}`,
		head + `"status":"constant","point":[0]}`,
		strings.Replace(head, "x^2", "x", 1) + `"status":"unbounded","path":["-t"],"bounds":[["-5",""]]}`,
		strings.Replace(head, "x^2", "x", 1) + `"status":"unbounded","path":["-t"],"subject_to":["x>=0"]}`,
		strings.Replace(head, "x^2", "floor(x)", 1) + `"status":"exact","point":[0.5],"exact_point":["1/2"]}`,
		strings.Replace(head, "x^2", "sin(x)+1/2", 1) + `"status":"exact","point":[0],"period":"pi"}`,
		strings.Replace(head, "x^2", "sin(x/2)", 1) + `"status":"exact","point":[0],"exact_point":["0"],"period":"2*pi"}`,
		strings.Replace(head, "x^2", "((((2^160)^160)^160)^160)*x^3", 1) + `"status":"exact","point":[0]}`,
		strings.Replace(head, "x^2", "0^x-1/(x-x)", 1) + `"status":"exact","point":[0]}`,
		// What stands for a formula must be defined wherever that is; an edge that is left out
		// is one; what is above a constant need not come near it.
		strings.Replace(head, "x^2", "x", 1) + `"status":"exact","point":[0],"exact_point":["0"],"reduction":{"kind":"sum","of":[["x"]],"lift":["u"],"parts":[` + part("u", "sqrt(u)^2", `"status":"exact","point":[0],"exact_point":["0"]`) + `]}}`,
		strings.Replace(head, "x^2", "x", 1) + `"status":"exact","point":[0],"exact_point":["0"],"reduction":{"kind":"sum","parts":[` + part("x", "sqrt(x)^2", `"status":"exact","point":[0],"exact_point":["0"]`) + `]}}`,
		strings.Replace(head, "x^2", "x", 1) + `"status":"not-attained","bounds":[["0",""]],"path":["1/t"],"reduction":{"kind":"sum","parts":[` + part("x", "x", `"status":"not-attained","bounds":[["0",""]],"open":[[true,false]]`) + `]}}`,
		strings.Replace(head, "x^2", "x", 1) + `"status":"not-attained","subject_to":["x>=0"],"path":["1/t"],"reduction":{"kind":"sum","parts":[` + part("x", "x", `"status":"not-attained","subject_to":["x>0"]`) + `]}}`,
		strings.Replace(head, "x^2", "x^2/10", 1) + `"status":"not-attained","path":["1/t"],"reduction":{"kind":"sum","constant":"-1/10","over":"10","parts":[` + strings.Replace(part("x", "x^2+1", `"status":"exact","point":[0],"exact_point":["0"]`), `"value":[0,0],"exact":"0"`, `"value":[1,1],"exact":"1"`, 1) + `]}}`,
		strings.Replace(head, "x^2", "exp(-x)+(x-1)^2+1-exp(-1)", 1) + `"status":"not-attained"}`,
	} {
		if r, err := Check(t.Context(), strings.NewReader(text)); err == nil && r.Valid {
			t.Errorf("%s was confirmed: %q", text, r.Checked)
		}
	}
}
