package diff_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"nabla/diff"
	"nabla/expr"
	"nabla/expr/fn"
	"nabla/expr/format"
	"nabla/expr/simplify"
	"nabla/expr/tape"
)

func parse(t testing.TB, text string) expr.Expr {
	t.Helper()
	e, err := expr.Reader{Derivative: diff.D}.Expr(text)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return e
}

// value returns e at a point, by its compiled program.
func value(t testing.TB, e expr.Expr, at map[string]float64) float64 {
	t.Helper()
	vars := e.Vars()
	p, err := tape.Compile(vars, e)
	if err != nil {
		t.Fatal(err)
	}
	x, out := make([]float64, len(vars)), make([]float64, 1)
	for i, v := range vars {
		x[i] = at[v]
	}
	p.NewMachine().Eval(out, x)
	return out[0]
}

// Derivatives as a person writes them.
func TestTidyDerivatives(t *testing.T) {
	for _, c := range []struct{ f, want string }{
		{"7", "0"},
		{"x", "1"},
		{"y", "0"},
		{"x^2 + 2", "2x"},
		{"3x^2 - 2x - 3", "6x - 2"},
		{"1 + x + x^2 + x^3", "3x^2 + 2x + 1"},
		{"(1-x)^2 + 100(y-x^2)^2", "-2(1 - x) - 400x(y - x^2)"},
		{"x^2*sin(x)", "2x sin(x) + x^2 cos(x)"},
		{"sin(x)*x^2", "2x sin(x) + x^2 cos(x)"},
		{"x*x", "2x"},
		{"x*x*x", "3x^2"},
		{"1/x", "-1/x^2"},
		{"1/x^3", "-3/x^4"},
		{"sqrt(x)", "1/(2 sqrt(x))"},
		{"x^(1/2)", "1/(2x^(1/2))"},
		{"x*sqrt(x)", "3 sqrt(x)/2"},
		{"exp(-x^2)", "-2x exp(-x^2)"},
		{"exp(-x^2/2)", "-x exp(-x^2/2)"},
		{"log(x)", "1/x"},
		{"x*log(x)", "log(x) + 1"},
		{"log(x)/x", "(1 - log(x))/x^2"},
		{"log(x^2)", "2/x"},
		{"1/(1+x^2)", "-2x/(1 + x^2)^2"},
		{"x/(1+x^2)", "(1 - x^2)/(1 + x^2)^2"},
		{"tan(x)", "1/cos(x)^2"},
		{"e^x", "e^x"},
		{"2^x", "2^x*log(2)"},
		{"x^x", "x^x*(log(x) + 1)"},
		{"a*x^n", "a n x^(n - 1)"},
		{"sin(cos(x))", "-cos(cos(x)) sin(x)"},
		{"sqrt(x^2)", "sign(x)"},
		{"abs(x)^2", "2x"},
		{"(2x)^3", "24x^2"},
		{"(3x+1)^5", "15(3x + 1)^4"},
		{"sin(-x)", "-cos(x)"},
		{"cos(x)^2 + sin(x)^2", "0"},
		{"min(x, 1)", "if(x <= 1, 1, 0)"},
		{"if(x < 0, -x, x^2)", "if(x < 0, -1, 2x)"},
		{"x*y*z", "y z"},
		{"d/dx(x^3)", "6x"},
		{"floor(x)", "0"},
		{"x^2/(x + 1)", "(x^2 + 2x)/(x + 1)^2"},
		{"(x^2 + 1)/(x^2 - 1)", "-4x/(x^2 - 1)^2"},
		{"exp(x)/(1 + exp(x))", "exp(x)/(1 + exp(x))^2"},
		{"(a + b*x)/(c + d*x)", "(b c - d a)/(c + d x)^2"},
		{"(x^3 - 1)/x", "2x + 1/x^2"},
		{"x*(x + 1)*(x + 2)", "3x^2 + 6x + 2"},
		{"exp(-x)*(x^2 + 1)", "(-x^2 + 2x - 1) exp(-x)"},
		{"(1 - x)^2*x", "(1 - x)(1 - 3x)"},
		{"(x + 1)^2*(x - 2)^3", "(x + 1)(x - 2)^2 (5x - 1)"},
		{"(2x + 1)^3/(x^2 + 1)", "2(2x + 1)^2 (x^2 - x + 3)/(x^2 + 1)^2"},
		{"x^3/(x - 1)^2", "x^2 (x - 3)/(x - 1)^3"},
		{"sqrt(x)/(1 + x)", "(1 - x)/(2(1 + x)^2 sqrt(x))"},
		{"x*sqrt(1 - x^2)", "(1 - 2x^2)/sqrt(1 - x^2)"},
		{"sin(x)/(1 + cos(x))", "1/(1 + cos(x))"},
		{"log(x + sqrt(x^2 + 1))", "1/sqrt(x^2 + 1)"},
		{"atan((x + 1)/(x - 1))", "-1/(x^2 + 1)"},
		{"(exp(x) - exp(-x))/(exp(x) + exp(-x))", "4/(exp(x) + exp(-x))^2"},
		{"(1 - x)^2 + 100(y - x^2)^2", "-2(1 - x) - 400x(y - x^2)"}, // shorter multiplied out, but more terms
		{"tan(x)/x", "1/(x cos(x)^2) - tan(x)/x^2"},
		{"x^(1/x)", "x^(1/x - 2) (1 - log(x))"},
		{"exp(-(x - m)^2/2)", "(m - x) exp(-(x - m)^2/2)"},
		{"sqrt(x^2 + 2x + 1)", "(x + 1)/sqrt(x^2 + 2x + 1)"},
		{"(6x^2 - 4x)^(1/4)", "(3x - 1)/(6x^2 - 4x)^(3/4)"},
		{"log(4x^2 + 6x)/6", "(4x + 3)/(3(4x^2 + 6x))"},
		{"max(x, x)", "1"},
		{"log(abs(x))", "1/x"},
		{"x/abs(x)", "0"},
		{"abs(x)*x", "2 abs(x)"},
		{"x*sign(x)*abs(x)", "2x"},
		{"abs(x)/x^3", "-2/abs(x)^3"},
		{"x*sqrt(-2)^2", "sqrt(-2)^2"}, // has no value, and is not given one
		{"x*(-2)^(1/2)*(-2)^(1/2)", "(-2)^(1/2)*(-2)^(1/2)"},
		{"x*(1/0)^0", "(1/0)^0"},
	} {
		if got := format.Text(diff.D(parse(t, c.f), "x")); got != c.want {
			t.Errorf("d/dx %s = %s, want %s", c.f, got, c.want)
		}
	}
}

// Higher derivatives have what all of their terms share taken out.
func TestTidyHigherDerivatives(t *testing.T) {
	for _, c := range []struct {
		f     string
		order int
		want  string
	}{
		{"x^4 + x^3", 2, "12x^2 + 6x"},
		{"sin(x)/x", 2, "2 sin(x)/x^3 - sin(x)/x - 2 cos(x)/x^2"},
		{"x^2*exp(x)", 2, "(x^2 + 4x + 2) exp(x)"},
		{"x*exp(x)", 2, "(x + 2) exp(x)"},
		{"(a*sin(x)*cos(x) - b)^2*cos(x)", 1, // the parts of the formula stay as they are
			"(a sin(x) cos(x) - b)(2(a cos(x)^2 - a sin(x)^2) cos(x) - (a sin(x) cos(x) - b) sin(x))"},
		{"exp(-x^2)", 3, "4x(3 - 2x^2) exp(-x^2)"},
		{"exp(-x^2)", 4, "4(4x^4 - 12x^2 + 3) exp(-x^2)"},
		{"exp(x)*sin(x)/x", 2, "2(x^2 cos(x) - x sin(x) - x cos(x) + sin(x)) exp(x)/x^3"},
	} {
		wrt := slices.Repeat([]string{"x"}, c.order)
		if got := format.Text(diff.Derive(parse(t, c.f), wrt...).Expr); got != c.want {
			t.Errorf("derivative %d of %s = %s, want %s", c.order, c.f, got, c.want)
		}
	}
}

// The conditions under which a derivative holds.
func TestConditions(t *testing.T) {
	for _, c := range []struct{ f, want string }{
		{"x^2", ""},
		{"abs(x)", "x != 0"},
		{"x*log(x)", ""}, // x > 0 is the domain of the formula itself
		{"min(x, y)", "x != y"},
		{"if(x < 1, x, 2)", "x != 1"},
		{"abs(y)*x", ""},
		{"sqrt(x^2)", "x != 0"},
		{"log(abs(x))", ""}, // not defined at 0
		{"x/abs(x)", ""},
		{"abs(x)^y", "x != 0"}, // defined at 0 for y > 0
		{"sqrt(abs(x))", ""},   // its derivative has no value at 0
		{"max(x, x + 1)", ""},
		{"min(x, x)", ""},
		{"sqrt(exp(x))", ""},
		{"(1 + x^2)/(1 + x^2) + abs(y)", ""},
		{"(x^2 - 1)/(x^2 - 1)", "x^2 - 1 != 0"},
		{"(x^2)^(1/3)", ""},
		{"x*sqrt(x)/sqrt(x)", "x > 0"},
		{"sqrt(x)/(1 + x)", ""},
		{"sqrt(x)^2*abs(y)", "x >= 0"},
	} {
		var got []string
		for _, k := range diff.Derive(parse(t, c.f), "x").Conditions {
			got = append(got, format.Text(k))
		}
		if s := strings.Join(got, ", "); s != c.want {
			t.Errorf("d/dx %s holds where %q, want %q", c.f, s, c.want)
		}
	}
}

// Every derivative in the table of functions agrees with a central difference
// of the values in the same row, extrapolated to order 6.
func TestRowsAgainstDifferences(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, f := range fn.All() {
		if f.Class == fn.Constant {
			continue
		}
		n := len(f.Args)
		names := []string{"x1", "x2", "x3"}[:n]
		p := expr.NewPool()
		args := make([]expr.Expr, n)
		for i := range args {
			args[i] = p.Var(names[i])
		}
		e := p.Call(f, args...)
		for i, x := range names {
			d := diff.D(e, x)
			for range 50 {
				pt := make([]float64, n)
				at := map[string]float64{}
				for k := range pt {
					s := f.Sample[min(k, len(f.Sample)-1)]
					pt[k] = s.Lo + r.Float64()*(s.Hi-s.Lo)
					at[names[k]] = pt[k]
				}
				got := value(t, d, at)
				want, noise := difference(f, pt, i)
				if math.IsNaN(want) {
					continue
				}
				if math.Abs(got-want) > 1e-6*math.Abs(want)+noise {
					t.Errorf("%s: d/d%s at %v is %g by the row, %g by differences (noise %g)", f.Name, x, pt, got, want, noise)
					break
				}
			}
		}
	}
}

// difference returns the derivative of f by argument i at pt, from central
// differences with Richardson extrapolation, and the size of their noise. It is
// NaN where two step sizes disagree: at a kink, a jump or the edge.
func difference(f *fn.Func, pt []float64, i int) (d, noise float64) {
	at := func(h float64) float64 {
		x := append([]float64(nil), pt...)
		x[i] += h
		return f.Value(x)
	}
	estimate := func(h float64) float64 {
		c := func(h float64) float64 { return (at(h) - at(-h)) / (2 * h) }
		a, b, e := c(h), c(h/2), c(h/4)
		ab, be := (4*b-a)/3, (4*e-b)/3
		return (16*be - ab) / 15
	}
	h := 1e-2 * math.Max(math.Abs(pt[i]), 1)
	u, v := estimate(h), estimate(h/3)
	noise = 1e-12 * (math.Abs(at(0)) + math.Abs(at(h))) / h
	if math.Abs(u-v) > 1e-4*math.Abs(v)+10*noise {
		return math.NaN(), 0
	}
	return v, noise + math.Abs(u-v)
}

// The rules as they are stated are the rules as they are applied.
func TestRulesAsStated(t *testing.T) {
	for _, rule := range diff.Rules() {
		if rule.Name == "chain rule" || rule.Name == "constant rule" || rule.Name == "variable rule" {
			continue
		}
		with := func(s string) string {
			r := strings.NewReplacer("u'", "cos(x)*2", "v'", "exp(x)", "u", "(2*sin(x)+3)", "v", "(exp(x))", "c", "3", "p", "x<9")
			return r.Replace(strings.ReplaceAll(s, "if(p,", "if(x<9,"))
		}
		from, to := parse(t, with(rule.From)), parse(t, with(rule.To))
		var used bool
		for s := range diff.Steps(from, "x") {
			used = used || s.Rule == rule
		}
		if !used {
			t.Errorf("%s: not used for %s", rule.Name, with(rule.From))
		}
		for _, x := range []float64{-1.2, 0.3, 2.5} {
			at := map[string]float64{"x": x}
			if a, b := value(t, diff.D(from, "x"), at), value(t, to, at); math.Abs(a-b) > 1e-12*math.Abs(b) {
				t.Errorf("%s at x = %g: %g, as stated %g", rule.Name, x, a, b)
			}
		}
	}
}

// Every line of a derivation has the value of the derivative.
func TestSteps(t *testing.T) {
	for _, text := range []string{
		"x^2 + 2", "x^2*sin(x)", "sin(x)/x", "1/(1+x^2)", "exp(-x^2)*log(x)", "x^x", "2^sin(x)", "if(x < 1, x^2, 3x)", "atan2(x, 2)", "-x/3",
	} {
		e := parse(t, text)
		want := value(t, diff.D(e, "x"), map[string]float64{"x": 0.7})
		last := expr.Expr{}
		n := 0
		for s := range diff.Steps(e, "x") {
			n++
			if last.Valid() && !expr.Equal(last, s.Before) {
				t.Errorf("%s: a step does not start where the one before ended", text)
			}
			last = s.After
			// A line with derivatives still to carry out has them carried out by D.
			done := parse(t, format.Plain(s.After))
			if got := value(t, simplify.Tidy(done), map[string]float64{"x": 0.7}); math.Abs(got-want) > 1e-12*math.Abs(want) {
				t.Errorf("%s: after %s the line is %g, not %g", text, s.Rule.Name, got, want)
			}
		}
		if n < 2 {
			t.Errorf("%s: %d steps", text, n)
		}
		if !expr.Equal(last, diff.D(e, "x")) {
			t.Errorf("%s: the last line is %s", text, last)
		}
	}
}
