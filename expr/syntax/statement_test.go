package syntax

import (
	"fmt"
	"strings"
	"sync"
	"testing"
)

// show is a statement on one line.
func (s Statement) show() string {
	kind := [...]string{"formula", "value", "function"}[s.Kind]
	left := s.Name
	if s.Params != nil {
		left += "(" + strings.Join(s.Params, " ") + ")"
	}
	if s.Primes > 0 {
		left += fmt.Sprintf(" '%d", s.Primes)
	}
	if s.Wrt != "" {
		left += " d" + s.Wrt
	}
	return strings.Join(strings.Fields(kind+" "+left), " ") + ": " + s.Body.String()
}

func TestStatements(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		// Left-hand sides.
		{"y = x^2 + 2", "formula y: x 2 ^ 2 +"},
		{"f(x, y) = x^2*y", "formula f(x y): x 2 ^ y *"},
		{"f'(x) = 2x", "formula f(x) '1: 2 x ·"},
		{"f''(x) = 2", "formula f(x) '2: 2"},
		{"f″(x) = 2", "formula f(x) '2: 2"},
		{"y' = 2x", "formula y '1: 2 x ·"},
		{"dy/dx = 2x", "formula y '1 dx: 2 x ·"},
		{"df(x)/dx = 2x", "formula f(x) '1 dx: 2 x ·"},
		{"d/dx(f) = 2x", "formula f '1 dx: 2 x ·"},
		{"d/dx(f(x, y)) = 2x", "formula f(x y) '1 dx: 2 x ·"},
		{"d/dx f(x) = 2x", "formula f(x) '1 dx: 2 x ·"},
		{"d/dx f = 2x", "formula f '1 dx: 2 x ·"},
		{"d^2y/dx^2 = 2", "formula y '2 dx: 2"},
		{"d²y/dx² = 2", "formula y '2 dx: 2"},
		{"d^3/dt^3(s) = 2", "formula s '3 dt: 2"},
		{"∂f/∂x₁ = 2", "formula f '1 dx_1: 2"},
		{"= 2x", "formula: 2 x ·"},
		{"y\n = x", "formula y: x"},
		{"g₁(x₁) = x_1", "formula g_1(x_1): x_1"},
		{"d = 3", "formula d: 3"},

		// Definitions.
		{"a = 3; g(t) = exp(-t^2); a*g(x - 1)", "value a: 3 | function g(t): t 2 ^ neg exp/1 | formula: a x 1 - g/1 *"},
		{"a = 3\ng(t) = t\n\ny = g(a)\n", "value a: 3 | function g(t): t | formula y: a g/1"},
		{"a = 3", "formula a: 3"},
		{"f(x) = x^2; f'(x) + f''(2)", "function f(x): x 2 ^ | formula: x f'/1 2 f''/1 +"},
		{"f(x) = x^2; f'(x) = 2x", "function f(x): x 2 ^ | formula f(x) '1: 2 x ·"},
		{"f(x) = x^2; d/dx(f) = 2 f(x)/x", "function f(x): x 2 ^ | formula f '1 dx: 2 x f/1 · x /"},
		{"a = 3\n-a*x", "value a: 3 | formula: a neg x *"},
		{"a = 3;\n-x", "value a: 3 | formula: x neg"},

		// What the text says of a name goes first.
		{"beta(x) = x; beta(2)", "function beta(x): x | formula: 2 beta/1"},
		{"sin = 3; sin x + sin(x)", "value sin: 3 | formula: sin x · sin x · +"},
		{"f(gamma) = gamma(gamma + 1)", "formula f(gamma): gamma gamma 1 + ·"},
		{"rate = 3; rate(x + 1)", "value rate: 3 | formula: rate x 1 + ·"},
		{"logs(x) = x; 2 sin x logs(x)", "function logs(x): x | formula: 2 x sin/1 · x logs/1 ·"},
		{"f(x) = x; g(f) = f(f + 1); f(2)", "function f(x): x | function g(f): f f 1 + · | formula: 2 f/1"},
		{"dx = 0.1; d/dx(u)", "value dx: 0.1 | formula: d dx / u ·"},
		{"d = 2; d/dx + d", "value d: 2 | formula: d dx / d +"},
	} {
		in, err := Parse("", c.text, page)
		if err != nil {
			t.Errorf("%q: %v", c.text, err)
			continue
		}
		var got []string
		for _, s := range in.Statements {
			got = append(got, s.show())
			if err := check(s.Body); err != nil {
				t.Errorf("%q: %v", c.text, err)
			}
		}
		if got := strings.Join(got, " | "); got != c.want {
			t.Errorf("%q\n got %s\nwant %s", c.text, got, c.want)
		}
		if len(in.Definitions()) != len(in.Statements)-1 || in.Formula().Kind != Formula {
			t.Errorf("%q: the formula is not the last statement", c.text)
		}
	}
}

func TestStatementPlaces(t *testing.T) {
	in := mustRead(t, "g(t, λ) = t ;\n d²y₁/dx₂² = 1 # x\n")
	g, y := in.Statements[0], in.Statements[1]
	for _, c := range []struct {
		at   Span
		want string
	}{
		{g.Span, "g(t, λ) = t"}, {g.NameSpan, "g"}, {g.ParamSpans[1], "λ"},
		{y.Span, "d²y₁/dx₂² = 1"}, {y.NameSpan, "y₁"}, {y.WrtSpan, "x₂"},
	} {
		if got := in.Source.Slice(c.at); got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
	y = *mustRead(t, "∂λ/∂x = 1").Formula()
	if y.Body.Source.Slice(y.NameSpan) != "λ" || y.Body.Source.Slice(y.WrtSpan) != "x" {
		t.Errorf("%+v", y)
	}
}

// TestTogether reads from many goroutines; the race detector watches.
func TestTogether(t *testing.T) {
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for _, c := range readings {
				if got := mustRead(t, c.text).Formula().Body.String(); got != c.tree {
					t.Errorf("%q: got %s", c.text, got)
				}
				if _, err := Parse("", ")"+c.text, page); err == nil {
					t.Errorf("%q: no error", ")"+c.text)
				}
			}
		})
	}
	all.Wait()
}

func TestNoVocabulary(t *testing.T) {
	in, err := Parse("", "f(t) = t; f(x) + x(y)", nil)
	if err != nil || in.Formula().Body.String() != "x f/1 x y · +" {
		t.Error(in, err)
	}
	if _, err := Parse("", "sin(x)", nil); err == nil {
		t.Error("sin(x) read without a vocabulary")
	}
	if _, err := Parse("", "√^-1 x", nil); err == nil {
		t.Error("√^-1 read without a vocabulary")
	}
}
