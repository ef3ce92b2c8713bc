package check

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"nabla/diff"
	"nabla/expr"
	"nabla/expr/format"
	"nabla/expr/simplify"
)

// Formulas with thin domains get enough points inside them.
func TestDomains(t *testing.T) {
	for _, text := range []string{
		"log(x-3)", "sqrt(1-x^2)", "acosh(x)", "tan(x)", "asin(x/60)", "log(x-3)*sqrt(4-x)", "sqrt(x-100)*log(101-x)",
		"acosh(x)*asin(x/3)", "log(log(log(x)))", "sqrt(sin(x))*log(cos(x))", "atanh(x)/sqrt(x)", "log(x-1000)", "sqrt(-x-50)",
		"log(a*x - b)*sqrt(b - x)", "asin(x+y)*acosh(x-y)", "log(1e-3 - x)*sqrt(x)", "sqrt(x*y*z - 1)", "x^x", "(-x)^(1/3)",
		"asin(1e4*x)", "log(x)*log(y)*sqrt(1-x-y)", "sqrt(1-x^2-y^2-z^2)",
	} {
		f := read(t, text)
		d := diff.D(f, "x")
		s, err := newSampler(question{claim: d, truth: d, base: f, wrt: "x"})
		if err != nil {
			t.Fatal(err)
		}
		s.draw(12)
		if len(s.points) < 12 {
			t.Errorf("%s: %d points", text, len(s.points))
		}
		// A wrong claim is caught there.
		p := expr.NewPool()
		wrong := p.Make(expr.Mul, p.Import(d), p.Import(read(t, "1.0000001")))
		if r := Claim(f, wrong, "x", Options{Mutants: -1}); r.Verdict != Different {
			t.Errorf("%s: a claim off by 1e-7 is %s", text, r.Verdict)
		}
	}
}

// Identities that hold in part, with the verdict and a part of what is said.
func TestPartialIdentities(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want Verdict
	}{
		{"sqrt(x)*sqrt(y)", "sqrt(x*y)", Same}, // where both are defined
		{"log(x^2)", "2*log(x)", Same},
		{"log(x^2)", "2*log(abs(x))", Same},
		{"x/x", "1", Same},
		{"sqrt(x^2)", "x", Different},
		{"sqrt(x^2)", "abs(x)", Same},
		{"abs(x - 5)", "5 - x", Different},
		{"abs(x - 500)", "500 - x", Different},
		{"atan(x) + atan(1/x)", "pi/2", Different},
		{"asin(sin(x))", "x", Different},
		{"sin(asin(x))", "x", Same},
		{"max(x, 20)", "20", Different},
		{"if(x < 30, x, 30)", "x", Different},
		{"exp(log(x))", "x", Same},
		{"(x^2)^(1/2)", "x", Different},
		{"cbrt(x^3)", "x", Same},
		{"sin(x)^2 + cos(x)^2", "1", Same},
		{"1 + 1e-40*x", "1", Different}, // past the floats
		{"sin(1e-12*x)", "1e-12*x", Different},
		{"log(-1-x^2)", "x", Different}, // has no value anywhere
		{"floor(x)", "x - 1/2", Different},
	} {
		r := Equal(read(t, c.a), read(t, c.b), Options{})
		if r.Verdict != c.want {
			t.Errorf("%s = %s: %s, want %s (%+v)", c.a, c.b, r.Verdict, c.want, r)
		}
	}
}

// A claim that has no value where the derivative has one is no right answer,
// though it agrees wherever both are defined.
func TestNowhereDefined(t *testing.T) {
	for _, c := range [][2]string{
		{"asin(x)", "sqrt(x-2)/sqrt(x-2)/sqrt(1-x^2)"}, {"asin(x)", "1/sqrt(x^2-1)"}, {"acosh(x)", "1/sqrt(1-x^2)"}, {"log(x)", "1/x + log(-1-x) - log(-1-x)"},
		{"x^2", "2*x*log(-1-x^2)/log(-1-x^2)"},
	} {
		r := Claim(read(t, c[0]), read(t, c[1]), "x", Options{})
		if r.Verdict != Different || !r.Witness.Undefined {
			t.Errorf("%s for %s: %s %+v", c[1], c[0], r.Verdict, r.Witness)
		}
	}
}

// Of a formula that is defined nowhere nothing is right.
func TestFormulaNowhereDefined(t *testing.T) {
	for _, c := range [][2]string{{"log(-x^2)", "2/x"}, {"1/(x-x)", "0"}, {"asin(2)+x", "1"}, {"sqrt(x-2)*sqrt(1-x)", "1/x"}} {
		if r := Claim(read(t, c[0]), read(t, c[1]), "x", Options{}); r.Verdict != Undecided || !slices.Contains(r.Why, "the formula is defined nowhere") {
			t.Errorf("%s, claimed %s: %s %v", c[0], c[1], r.Verdict, r.Why)
		}
	}
}

// Where the formula is defined settles signs.
func TestWithinTheDomain(t *testing.T) {
	for _, c := range [][2]string{{"log(x)", "1/abs(x)"}, {"x^(3/2)", "3/2*sqrt(abs(x))"}, {"log(x)^2", "log(x^2)/x"}, {"acosh(x)", "1/(sqrt(x-1)*sqrt(abs(x)+1))"}} {
		if r := Claim(read(t, c[0]), read(t, c[1]), "x", Options{}); r.Verdict != Same || len(r.Conditions) > 0 {
			t.Errorf("%s, claimed %s: %s %v %v", c[0], c[1], r.Verdict, r.Conditions, r.Why)
		}
	}
}

// A formula that is undefined where the claim is not says so.
func TestDomainNote(t *testing.T) {
	r := Claim(read(t, "log(x)"), read(t, "1/x"), "x", Options{})
	if r.Verdict != Same || !strings.Contains(r.DomainNote, "x = -1") {
		t.Errorf("%s %q", r.Verdict, r.DomainNote)
	}
	r = Claim(read(t, "x^2"), read(t, "2*sqrt(x)^2"), "x", Options{})
	if r.Verdict != Same || !strings.Contains(r.DomainNote, "undefined") {
		t.Errorf("%s %q", r.Verdict, r.DomainNote)
	}
}

// The example of the manual.
func TestManual(t *testing.T) {
	r := Claim(read(t, "x^2 sin(x)"), read(t, "2x sin(x) + x^2 sin(x)"), "x", Options{})
	if r.Verdict != Different || Place(r.Witness.At) != "x = 1" || len(r.Mistakes) == 0 || r.Mistakes[0].Kind != "trig-derivative" || r.Mistakes[0].Where != "x^2*sin(x)" {
		t.Errorf("%+v", r)
	}
	if got := format.Text(r.Expected); got != "2x sin(x) + x^2 cos(x)" && got != "x^2 cos(x) + 2x sin(x)" {
		t.Errorf("expected %s", got)
	}
}

// randomFormula returns the text of a formula of x (and y) with n operations.
func randomFormula(rng *rand.Rand, n int) string {
	if n <= 0 {
		return []string{"x", "x", "x", "2", "3", "y", "(1/2)", "5"}[rng.IntN(8)]
	}
	k := rng.IntN(n)
	a, b := randomFormula(rng, k), randomFormula(rng, n-1-k)
	switch rng.IntN(12) {
	case 0, 1:
		return "(" + a + " + " + b + ")"
	case 2:
		return "(" + a + " - " + b + ")"
	case 3, 4, 5:
		return "(" + a + ")*(" + b + ")"
	case 6:
		return "(" + a + ")/(" + b + " + 7)"
	case 7:
		return "(" + a + fmt.Sprintf(" + 2)^%d", 2+rng.IntN(3))
	}
	return []string{"sin", "cos", "exp", "atan", "tanh", "sqrt", "log", "cosh"}[rng.IntN(8)] + "(" + a + ")"
}

// rewrites are texts of identities: each holds wherever both sides are defined.
var rewrites = []string{
	"%s + (sin(x)^2 + cos(x)^2 - 1)", "(%s)*(exp(x)*exp(-x))", "(x^2 + 1)*(%s)/(x^2 + 1)", "-(-(%s))", "(%s) + x*y - y*x",
	"(%s)/2 + (%s)/2", "2*(%s) - (%s)", "((%s)*x)/x", "(%s)*(cosh(y)^2 - sinh(y)^2)", "(%s) + log(exp(x)) - x", "(%s)^1", "1/(1/(%s))",
}

// Right derivatives in other forms are never rejected or accused.
func TestRandomRight(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 7))
	count := map[Verdict]int{}
	for range 300 {
		text := randomFormula(rng, 1+rng.IntN(6))
		f := read(t, text)
		right := format.Plain(diff.D(f, "x"))
		rewrite := rewrites[rng.IntN(len(rewrites))]
		if right == "0" && strings.HasPrefix(rewrite, "1/") {
			continue // 1/(1/0) has no value
		}
		claim := strings.ReplaceAll(rewrite, "%s", right)
		r := Claim(f, read(t, claim), "x", Options{})
		count[r.Verdict]++
		if r.Verdict == Different || len(r.Mistakes) > 0 {
			t.Errorf("%s: %s is right, but %s: %+v %+v", text, claim, r.Verdict, r.Witness, r.Mistakes)
		}
	}
	t.Logf("random right claims: %v", count)
	if count[Same] < 200 {
		t.Errorf("few proofs: %v", count)
	}
}

// Derivatives with one mistake are never accepted when they differ at a point,
// and nearly always the mistake is found.
func TestRandomWrong(t *testing.T) {
	rng := rand.New(rand.NewPCG(11, 13))
	var wrong, detected, named int
	for range 120 {
		text := randomFormula(rng, 1+rng.IntN(5))
		f := read(t, text)
		p := expr.NewPool()
		b := newBench("x")
		for k := range width {
			for _, v := range []string{"x", "y"} {
				at := b.at[v]
				at[k] = 0.3 + 1.7*rng.Float64()
				b.at[v] = at
			}
		}
		root := b.grow(p.Make(expr.Diff, p.Import(f), p.Var("x")), nil)
		faults := b.faults(root, .2)
		if len(faults) == 0 {
			continue
		}
		for range 3 {
			m := faults[rng.IntN(len(faults))]
			e := b.mutant(root, m)
			v, right := *b.values(e), b.values(root.e)
			apart := 0
			for k := range v {
				if d := v[k] - right[k]; d > 1e-3*(1+right[k]*right[k]) || -d > 1e-3*(1+right[k]*right[k]) {
					apart++
				}
			}
			if apart < width {
				continue
			}
			wrong++
			claim := simplify.Tidy(e)
			r := Claim(f, claim, "x", Options{})
			switch r.Verdict {
			case Same:
				t.Errorf("%s: %s (%s at %s) is accepted", text, format.Text(claim), m.kind, format.Text(m.at.orig))
				continue
			case Different:
				detected++
			}
			for _, k := range r.Mistakes {
				if k.Kind == m.kind {
					named++
					break
				}
			}
		}
	}
	t.Logf("random mutants: %d, detected %d, the mistake among the explanations %d", wrong, detected, named)
	if wrong < 100 || detected < wrong*98/100 || named < wrong*80/100 {
		t.Errorf("too few")
	}
}

// Questions of any shape end: deep, wide and without a value.
func TestHostile(t *testing.T) {
	deep := strings.Repeat("sin(", 3000) + "x" + strings.Repeat(")", 3000)
	wide := strings.Repeat("x + ", 20000) + "x"
	for _, c := range [][2]string{
		{deep, "cos(x)"}, {strings.Repeat("(x+1)*", 2999) + "(x+2)", "1"},
		{"x", "x" + strings.Repeat("*(x+1)", 2000)}, {wide, "20001"}, {wide, "20000"}, {"1/0", "1"}, {"0/0", "0"}, {"inf", "0"}, {"x", "inf"},
		{"x", "1/0"}, {"log(-1)*x", "log(-1)"}, {"7", "0"}, {"7", "1"}, {"exp(exp(exp(exp(x))))", "1"}, {"x^1000", "1000*x^999"}, {"if(x<0, 1, 2)", "0"},
		{"x!", "1"}, {"mod(x, 2)", "1"}, {"min(x, y, 3)", "1"}, {"logsumexp(x, y)", "exp(x)/(exp(x)+exp(y))"},
	} {
		r := Claim(read(t, c[0]), read(t, c[1]), "x", Options{})
		if r.Verdict == "" {
			t.Errorf("%.40s: no verdict", c[0])
		}
	}
	if r := Claim(read(t, wide), read(t, "20001"), "x", Options{}); r.Verdict != Same {
		t.Errorf("the sum: %s", r.Verdict)
	}
}

// The same question has the same answer.
func TestDeterministic(t *testing.T) {
	f, c := read(t, "x^2*sin(3*x)*exp(y)"), read(t, "2*x*cos(3*x)*exp(y)")
	first := fmt.Sprintf("%+v", Claim(f, c, "x", Options{}).Mistakes)
	for range 5 {
		if again := fmt.Sprintf("%+v", Claim(f, c, "x", Options{}).Mistakes); again != first {
			t.Fatalf("%s\n%s", first, again)
		}
	}
}

func BenchmarkWrong(b *testing.B) {
	f, c := read(b, "x^2*sin(3*x)"), read(b, "2*x*cos(3*x)")
	for b.Loop() {
		Claim(f, c, "x", Options{})
	}
}

func BenchmarkRight(b *testing.B) {
	f, c := read(b, "x^2*sin(3*x)"), read(b, "x*(2*sin(3*x) + 3*x*cos(3*x))")
	for b.Loop() {
		Claim(f, c, "x", Options{})
	}
}

func BenchmarkUnexplained(b *testing.B) {
	f, c := read(b, "x^2*sin(3*x)"), read(b, "atan(x)^W(x^2)")
	for b.Loop() {
		Claim(f, c, "x", Options{})
	}
}
