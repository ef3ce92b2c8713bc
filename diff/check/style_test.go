package check

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"nabla/expr"
)

// Derivations as people write them. Wrong is the line that is wrong, -1 for
// none; a line that ends in a text after ## has that note.
func TestDerivationStyles(t *testing.T) {
	tests := []struct {
		name, lines string
		wrt         string
		wrong       int
		kind        string // of the first mistake
		where       string // part of the wrong line that is pointed at
	}{
		{"formula, then bare lines", "x^2 sin x | 2x sin x + x^2 cos x | x (2 sin x + x cos x)", "", -1, "", ""},
		{"formula, wrong", "x^2 sin x | 2x sin x + x^2 sin x", "", 1, "trig-derivative", ""},
		{"f(x) and primes", "f(x) = x^3 - 2x | f'(x) = 3x^2 - 2 | f''(x) = 6x", "", -1, "", ""},
		{"second derivative wrong", "f(x) = x^3 - 2x | f'(x) = 3x^2 - 2 | f''(x) = 6x - 2", "", 2, "constant-kept", ""},
		{"Leibniz", "y = exp(-x^2) | dy/dx = -2x exp(-x^2)", "", -1, "", ""},
		{"Leibniz wrong", "y = exp(-x^2) | dy/dx = exp(-x^2)", "", 1, "exp-inner-factor-missing", ""},
		{"equals signs", "d/dx(x^2 sin x) | = d/dx(x^2) sin x + x^2 d/dx(sin x) | = 2x sin x + x^2 cos x", "", -1, "", ""},
		{"chained in one line", "y = (x^2+1)^3 | y' = 3(x^2+1)^2 * 2x = 6x(x^2+1)^2", "", -1, "", ""},
		{"chained, wrong at the end", "y = (x^2+1)^3 | y' = 3(x^2+1)^2 * 2x = 5x(x^2+1)^2", "", 1, "coefficient-slip", ""},
		{"comments and blanks", "# homework |  | x^2 # the formula | | 2x # done", "", -1, "", ""},
		{"rewritten first", "(x+1)^2 | x^2 + 2x + 1 | 2x + 2", "", -1, "", ""},
		{"rewritten wrongly", "(x+1)^2 | x^2 + 1 | 2x", "", 1, "power-of-sum", ""},
		{"partial derivatives", "f(x, y) = x^2 y + y^3 | df/dx = 2x y | df/dy = x^2 + 3y^2", "", -1, "", ""},
		{"partial derivative wrong", "f(x, y) = x^2 y + y^3 | df/dx = 2x y + 3y^2 | df/dy = x^2 + 3y^2", "", 1, "partial-other-variable", ""},
		{"gradient", "f(x, y) = x^2 y + y^3 | [2x y, x^2 + 3y^2]", "", -1, "", ""},
		{"gradient wrong", "f(x, y) = x^2 y + y^3 | [2x y, x^2 + y^2]", "", 1, "power-not-multiplied", ""},
		{"implicit", "x^2 + y^2 = 25 | dy/dx = -x/y", "", -1, "", ""},
		{"implicit wrong", "x^2 + y^2 = 25 | dy/dx = x/y", "", 1, "", ""},
		{"implicit, bare", "x^2 + y^2 = 25 | -x/y", "x", -1, "", ""},
		{"implicit, bare and wrong", "x^2 + y^2 = 25 | -y/x", "x", 1, "", ""},
		{"implicit, other letters", "p*v^2 = 7 | dv/dp = -v/(2p)", "", -1, "", ""},
		{"implicit with products", "x^3 + y^3 = 6 x y | dy/dx = (6y - 3x^2)/(3y^2 - 6x) | = (2y - x^2)/(y^2 - 2x)", "", -1, "", ""},
		{"other variable", "s = 5t^2 - 3t | ds/dt = 10t - 3", "", -1, "", ""},
		{"given variable", "a*t^2 | 2a*t", "t", -1, "", ""},
		{"place", "d/dx(x^3 + sin(2x)) | 3x^2 + cos(2x)", "", 1, "chain-dropped", "cos(2x)"},
		{"place deep", "d/dx(exp(x)*(x^2+1)) | exp(x)*d/dx(x^2+1) + exp(x)*(x^2+1) | exp(x)*(2x+1) + exp(x)*(x^2+1)", "", 2, "constant-kept", "(2x+1)"},
		{"only a derivative", "f'(x) = 2x + 3x | f'(x) = 5x", "", -1, "", ""},
		{"kink", "f(x) = abs(x) | f'(x) = x/abs(x) | f'(x) = sign(x)", "", -1, "", ""},
		{"domain", "log(x-3) | 1/(x-3)", "", -1, "", ""},
	}
	for _, c := range tests {
		r, err := Derivation(strings.Split(c.lines, "|"), DerivationOptions{Wrt: c.wrt})
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if r.FirstWrong != c.wrong {
			t.Errorf("%s: first wrong line %d, want %d", c.name, r.FirstWrong, c.wrong)
			for _, l := range r.Lines {
				t.Logf("    %+v", l)
			}
			continue
		}
		if c.wrong < 0 && r.Verdict != Same {
			t.Errorf("%s: verdict %s", c.name, r.Verdict)
		}
		if c.kind != "" && (len(r.Mistakes) == 0 || r.Mistakes[0].Kind != c.kind) {
			t.Errorf("%s: mistakes %+v, want %s", c.name, r.Mistakes, c.kind)
		}
		if c.where != "" {
			if got := r.Lines[c.wrong].Text[r.Span.Pos:r.Span.End]; got != c.where {
				t.Errorf("%s: points at %q, want %q", c.name, got, c.where)
			}
		}
	}
}

func TestDerivationNotes(t *testing.T) {
	r, err := Derivation([]string{"d/dx(x^3)", "2x^2", "x*2x", "3x^2", "3x*x"}, DerivationOptions{})
	if err != nil {
		t.Fatal(err)
	}
	var notes []string
	for _, l := range r.Lines {
		notes = append(notes, l.Note)
	}
	if want := []string{"", "", "consistent with line 1", "repairs the error", ""}; !slices.Equal(notes, want) {
		t.Errorf("notes %q, want %q", notes, want)
	}
	if r.FirstWrong != 1 || r.Verdict != Different {
		t.Errorf("first wrong %d, %s", r.FirstWrong, r.Verdict)
	}
}

func TestDerivationErrors(t *testing.T) {
	for _, lines := range [][]string{nil, {"# nothing"}, {"x^2", "2x +"}, {"x^2", "= "}, {"x^2", "[2x,]"}, {"x^2", "f'(x) = "}} {
		_, err := Derivation(lines, DerivationOptions{})
		var at *LineError
		if !errors.As(err, &at) {
			t.Errorf("%q: %v", lines, err)
		}
	}
}

func TestSplitList(t *testing.T) {
	for _, c := range []struct {
		text  string
		parts []string
		list  bool
	}{
		{"[2x, 2y]", []string{"2x", "2y"}, true},
		{" ( atan2(y, x) , max(1,2) ) ", []string{"atan2(y, x)", "max(1,2)"}, true},
		{"[2x]", []string{"2x"}, true},
		{"(x+1)", nil, false},
		{"(x+1)*(x-1)", nil, false},
		{"2x", nil, false},
		{"", nil, false},
		{"[", nil, false},
	} {
		parts, list, err := SplitList(c.text)
		if err != nil || list != c.list || !slices.Equal(parts, c.parts) {
			t.Errorf("SplitList(%q) = %q, %t, %v", c.text, parts, list, err)
		}
	}
	if _, _, err := SplitList("[x,,y]"); err == nil {
		t.Error("an empty part was accepted")
	}
}

func TestImplicit(t *testing.T) {
	f := expr.MustParse("x^2 + y^2 - 25")
	if r := Implicit(f, expr.MustParse("-x/y"), "y", "x", Options{}); r.Verdict != Same {
		t.Errorf("%+v", r)
	}
	r := Implicit(f, expr.MustParse("-2x/y"), "y", "x", Options{})
	if r.Verdict != Different {
		t.Fatalf("%+v", r)
	}
	// Equal on the curve only: no proof of either.
	if r := Implicit(f, expr.MustParse("-x*y/(25 - x^2)"), "y", "x", Options{}); r.Verdict == Different {
		t.Errorf("right on the curve, but %+v at %s", r.Witness, Place(r.Witness.At))
	}
}

func TestSummary(t *testing.T) {
	var s Summary
	f := expr.MustParse("x^2*sin(x)")
	for _, c := range []string{"2x sin(x) + x^2 cos(x)", "2x cos(x)", "2x cos(x)", "2x sin(x)", "exp(x)^W(x)"} {
		s.Add(c, Claim(f, expr.MustParse(c), "x", Options{}))
	}
	n := s.Counts()
	if s.Right != 1 || s.Wrong != 4 || s.Unexplained != 1 || n[0].Kind != "product-of-derivatives" || n[0].First != 2 {
		t.Errorf("%s", s.String())
	}
}

func TestGradientClaim(t *testing.T) {
	f := expr.MustParse("x^2*y + y^3")
	rs, err := GradientClaim(f, []expr.Expr{expr.MustParse("x^2 + 3y^2"), expr.MustParse("2x*y")}, []string{"x", "y"}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rs {
		if r.Verdict != Different || len(r.Mistakes) == 0 || !strings.Contains(r.Mistakes[0].Says, "another order") {
			t.Errorf("%+v", r.Mistakes)
		}
	}
	if _, err := GradientClaim(f, nil, []string{"x"}, Options{}); err == nil {
		t.Error("no claim for x was accepted")
	}
}

// Mistakes in derivatives of higher order and mixed ones.
func TestHigherOrder(t *testing.T) {
	for _, c := range []struct{ f, claim, wrt, kind string }{
		{"sin(3*x)", "9*sin(3*x)", "x x", ""},
		{"sin(x)", "cos(x)^2", "x x", "second-derivative-square"},
		{"exp(2*x)", "2*exp(2*x)", "x x", ""},
		{"x^3", "3*x^2", "x x", "derivative-order"},
		{"x^2*sin(3*y)", "2*x*cos(3*y)", "x y", "chain-dropped"},
		{"x^2*sin(3*y)", "3*x^2*cos(3*y)", "x y", "derivative-order"},
		{"cos(2*x)*y^2", "2*y*2*sin(2*x)", "x y", "trig-sign"},
		{"cos(2*x)*y^3", "-2*sin(2*x)*3*y^3", "x y", "power-not-decremented"},
	} {
		r := ClaimOrder(read(t, c.f), read(t, c.claim), strings.Fields(c.wrt), Options{})
		if r.Verdict != Different || len(r.Mistakes) == 0 {
			t.Errorf("%s for the derivative of %s by %s: %s %+v", c.claim, c.f, c.wrt, r.Verdict, r.Mistakes)
			continue
		}
		if c.kind != "" && !slices.ContainsFunc(r.Mistakes, func(m Mistake) bool { return m.Kind == c.kind }) {
			t.Errorf("%s for the derivative of %s by %s: %+v", c.claim, c.f, c.wrt, r.Mistakes)
		}
	}
	if r := ClaimOrder(read(t, "x^2*sin(3*y)"), read(t, "6*x*cos(3*y)"), []string{"x", "y"}, Options{}); r.Verdict != Same {
		t.Errorf("%s", r.Verdict)
	}
}

func FuzzDerivation(f *testing.F) {
	for _, s := range []string{"x^2|2x", "d/dx(x^2)|= 2x", "f(x) = x|f'(x) = 1", "x^2+y^2=1|dy/dx=-x/y", "[x,y]|[1,2]", "y' = x|y' = x = x", "a=b=c", "|x|=1|x"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 200 {
			return
		}
		_, _ = Derivation(strings.Split(text, "|"), DerivationOptions{Options: Options{Mutants: 500}})
	})
}
