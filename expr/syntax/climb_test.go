package syntax

import (
	"strings"
	"testing"
)

// Each formula with its tree in postfix notation, as Tree.String gives it.
var readings = []struct{ text, tree string }{
	// Operators.
	{"x^2 + 2", "x 2 ^ 2 +"},
	{"a - b - c", "a b - c -"},
	{"a - b + c", "a b - c +"},
	{"a/b/c", "a b / c /"},
	{"a/b*c", "a b / c *"},
	{"x^2^3", "x 2 3 ^ ^"},
	{"x**2", "x 2 ^"},
	{"-x^2", "x 2 ^ neg"},
	{"(-x)^2", "x neg 2 ^"},
	{"2^-x", "2 x neg ^"},
	{"2^-x*y", "2 x neg ^ y *"},
	{"e^-x^2", "e x 2 ^ neg ^"},
	{"-x*y", "x neg y *"},
	{"2*-x", "2 x neg *"},
	{"2 - -x", "2 x neg -"},
	{"--+x", "x neg neg"},
	{"+x", "x"},
	{"x!", "x !"},
	{"-x!", "x ! neg"},
	{"2^x!", "2 x ! ^"},
	{"(x!)!", "x ! !"},
	{"x! != y", "x ! y !="},
	{"((x))", "x"},

	// Numbers.
	{"12", "12"}, {"3.5", "3.5"}, {".5", ".5"}, {"5.", "5."}, {"1e-3", "1e-3"}, {"2.5E+10", "2.5E+10"},
	{"2e", "2 e ·"}, {"2e3", "2e3"}, {"2e+x", "2 e · x +"}, {"2e-3x", "2e-3 x ·"}, {"5.e3", "5.e3"}, {"2ex", "2 ex ·"},

	// Names.
	{"xy", "xy"}, {"x2", "x2"}, {"x_1", "x_1"}, {"x₁₂ + x_₁", "x_12 x_1 +"}, {"λ + Θ", "λ Θ +"}, {"X - x", "X x -"},
	{"tau*i", "tau i *"}, {"_a1", "_a1"}, {"android", "android"},
	{"π + ∞", "pi inf +"}, {"2πr²", "2 pi · r 2 ^ ·"}, {"π₁ + π_2 + xπ", "π_1 π_2 + x pi · +"},

	// Juxtaposition.
	{"2x", "2 x ·"}, {"2(x+1)", "2 x 1 + ·"}, {"(x+1)(x-1)", "x 1 + x 1 - ·"}, {"x sin(x)", "x x sin/1 ·"},
	{"1/2x", "1 2 / x ·"}, {"2x^2", "2 x 2 ^ ·"}, {"x y z", "x y · z ·"}, {"x 2", "x 2 ·"}, {"-2x", "2 neg x ·"},
	{"x(x+1)", "x x 1 + ·"}, {"x(x+1)^2", "x x 1 + 2 ^ ·"}, {"2^x(y)", "2 x ^ y ·"}, {"pi(x+1)", "pi x 1 + ·"},
	{"e(x)", "e x ·"}, {"λ(x)", "λ x ·"}, {"3!x", "3 ! x ·"},

	// Unicode.
	{"a − b · c × d ÷ f", "a b c * d * f / -"}, {"x² + x⁻¹ - x¹⁰", "x 2 ^ x 1 neg ^ + x 10 ^ -"}, {"2x²y", "2 x 2 ^ · y ·"},
	{"-x²", "x 2 ^ neg"}, {"2^x²", "2 x 2 ^ ^"}, {"(x+1)²", "x 1 + 2 ^"}, {"sin(x)²", "x sin/1 2 ^"}, {"x⁺³", "x 3 ^"},
	{"√x", "x sqrt/1"}, {"√(x+1)", "x 1 + sqrt/1"}, {"√(x+1)^2", "x 1 + sqrt/1 2 ^"}, {"√2 x", "2 x · sqrt/1"}, {"√x√y", "x sqrt/1 y sqrt/1 ·"},
	{"∛x", "x cbrt/1"}, {"a ≤ b", "a b <="}, {"a ≥ b", "a b >="}, {"a ≠ b", "a b !="}, {"a<b ∧ ¬c>d", "a b < c d > not and"},

	// Functions of the textbook without parentheses.
	{"sin 2x", "2 x · sin/1"}, {"sin x cos x", "x sin/1 x cos/1 ·"}, {"2 sin x", "2 x sin/1 ·"}, {"sin 2x y z", "2 x · y · z · sin/1"},
	{"sin x^2", "x 2 ^ sin/1"}, {"sin x^2 y", "x 2 ^ y · sin/1"}, {"sin x^-2 y", "x 2 neg ^ y · sin/1"}, {"sin(x)^2", "x sin/1 2 ^"},
	{"sin (x+1)^2", "x 1 + sin/1 2 ^"}, {"sin x + 1", "x sin/1 1 +"}, {"sin x - 1", "x sin/1 1 -"}, {"sin x * y", "x sin/1 y *"},
	{"sin x / y", "x sin/1 y /"}, {"sin 2(x+1)", "2 x 1 + · sin/1"}, {"sin |x|", "x abs sin/1"}, {"sin 2|x|", "2 x abs · sin/1"},
	{"sin cos x", "x cos/1 sin/1"}, {"ln sin x cos x", "x sin/1 ln/1 x cos/1 ·"}, {"sin x gamma(x)", "x sin/1 x gamma/1 ·"},
	{"sin x gamma", "x gamma · sin/1"}, {"sin x!", "x ! sin/1"}, {"2^sin x + 1", "2 x sin/1 ^ 1 +"}, {"2^sin x y", "2 x y · sin/1 ^"},
	{"-sin x", "x sin/1 neg"}, {"min(sin x, cos y)", "x sin/1 y cos/1 min/2"}, {"log x < 1", "x log/1 1 <"},
	{"|sin x|", "x sin/1 abs"}, {"log(x, 2)", "x 2 log/2"}, {"sin x sin y sin z", "x sin/1 y sin/1 · z sin/1 ·"}, {"sin 2 cos x", "2 sin/1 x cos/1 ·"},
	{"sin^2 x", "x sin/1 2 ^"}, {"sin^2(x)", "x sin/1 2 ^"}, {"sin² x", "x sin/1 2 ^"}, {"sin²(x)", "x sin/1 2 ^"}, {"sin^2 2x y", "2 x · y · sin/1 2 ^"},
	{"sin^2 x cos^2 y", "x sin/1 2 ^ y cos/1 2 ^ ·"}, {"sin^n x", "x sin/1 n ^"}, {"sin^(n+1)(x)", "x sin/1 n 1 + ^"}, {"sin^-2 x", "x sin/1 2 neg ^"},
	{"sin^2 sin^3 x", "x sin/1 3 ^ sin/1 2 ^"}, {"sin^2(x)^3", "x sin/1 2 ^ 3 ^"}, {"-sin^2 x", "x sin/1 2 ^ neg"}, {"2^sin^2 x", "2 x sin/1 2 ^ ^"},
	{"sin^(cos^2 x) y", "y sin/1 x cos/1 2 ^ ^"}, {"sin^2 x^2", "x 2 ^ sin/1 2 ^"}, {"sin^2x", "x sin/1 2 ^"}, {"x sin^2 y", "x y sin/1 2 ^ ·"},

	// All other functions.
	{"gamma(x)", "x gamma/1"}, {"alpha*x + beta", "alpha x * beta +"}, {"exp(-t/tau)", "t neg tau / exp/1"}, {"beta(a, b)", "a b beta/2"},
	{"W(x) + W", "x W/1 W +"}, {"sign", "sign"}, {"min(a, b, c)", "a b c min/3"}, {"gamma x", "gamma x ·"}, {"gamma()", "gamma/0"},

	// Bars.
	{"|x - 1|", "x 1 - abs"}, {"||x|-1|", "x abs 1 - abs"}, {"2|x|", "2 x abs ·"}, {"|x||y|", "x abs y abs ·"}, {"|x| |y|", "x abs y abs ·"},
	{"|x|y|z|", "x abs y · z abs ·"}, {"|-x|^2", "x neg abs 2 ^"}, {"|x - |y||", "x y abs - abs"}, {"|(|x|)|", "x abs abs"}, {"|f(|x|)|", "f x abs · abs"},
	{"|||x|||", "x abs abs abs"}, {"min(|x|, |y|)", "x abs y abs min/2"}, {"|x|!", "x abs !"},

	// Conditions.
	{"x < 1 and not y > 2 or z == 1", "x 1 < y 2 > not and z 1 == or"}, {"a or b and c", "a b c and or"}, {"not not a", "a not not"},
	{"x + y <= 1", "x y + 1 <="}, {"a < b and b < c", "a b < b c < and"}, {"(a < b) == c", "a b < c =="},

	// Larger forms.
	{"if(x < 0, -x, x^2)", "x 0 < x neg x 2 ^ if/3"}, {"x[1]", "1 x[/1"}, {"x[i+1]^2", "i 1 + x[/1 2 ^"}, {"2x[i]y", "2 i x[/1 · y ·"}, {"A[i, j]", "i j A[/2"},
	{"sum(100*(x[i+1] - x[i]^2)^2 + (1 - x[i])^2, i, 1, n-1)", "100 i 1 + x[/1 i x[/1 2 ^ - 2 ^ * 1 i x[/1 - 2 ^ + i 1 n 1 - sum/4"},
	{"diff(x^2, x, 2)", "x 2 ^ x 2 diff/3"}, {"d/dx(x^2)", "x 2 ^ d/dx"}, {"d^2/dx^2(u)", "u d^2/dx^2"}, {"d²/dx²(u)", "u d^2/dx^2"},
	{"d/dx(x^2)*cosh(9*x)", "x 2 ^ d/dx 9 x * cosh/1 *"}, {"d/dx(x)^2", "x d/dx 2 ^"}, {"2d/dx(x)", "2 x d/dx ·"}, {"d/dx d/dy x y", "x y · d/dy d/dx"},
	{"d/dx sin(x)", "x sin/1 d/dx"}, {"d/dx x sin x + 1", "x x sin/1 · d/dx 1 +"}, {"d/dx |x|", "x abs d/dx"}, {"|d/dx|", "d dx / abs"}, {"d/dx₁(u)", "u d/dx_1"},
	{"∂/∂x(u)", "u d/dx"}, {"∂²/∂x²(u)", "u d^2/dx^2"}, {"d/dx", "d dx /"}, {"d/dx*y", "d dx / y *"}, {"d*x", "d x *"}, {"d/x(y)", "d x / y ·"}, {"d/d(x)", "d d / x ·"},
	{"sin x d/dx(x)", "x sin/1 x d/dx ·"}, {"sin'(x)", "x sin'/1"}, {"gamma″(x)", "x gamma''/1"}, {"sqrt d", "d sqrt/1"},

	// White space and comments.
	{" \t x\u00a0+\u2009y # x", "x y +"}, {"\ufeffx", "x"}, {"2\u2062x + y\u200b", "2 x · y +"}, {"(x\n+\n1)", "x 1 +"}, {"x +\r\n1", "x 1 +"}, {"x # one\n# two\n+ 1", "x 1 +"},
	{"x^2\n- 3x\n+ 2", "x 2 ^ 3 x · - 2 +"}, {"x\n\n* y", "x y *"}, {"x\n;", "x"}, {";;x;;", "x"},
}

func TestReadings(t *testing.T) {
	for _, c := range readings {
		in, err := Parse("", c.text, page)
		if err != nil {
			t.Errorf("%q: %v", c.text, err)
			continue
		}
		tree := in.Formula().Body
		if got := tree.String(); got != c.tree || len(in.Statements) != 1 {
			t.Errorf("%q\n got %s\nwant %s", c.text, got, c.tree)
		}
		if err := check(tree); err != nil {
			t.Errorf("%q: %v", c.text, err)
		}
		again := mustRead(t, explicit(tree)).Formula().Body
		if got, want := again.String(), strings.ReplaceAll(c.tree, "·", "*"); got != want {
			t.Errorf("%q, written as %s\n got %s\nwant %s", c.text, explicit(tree), got, want)
		}
	}
}

// TestPrecedence reads x a y b z for every two infix operators, and prefix and
// postfix operators next to each, and compares with the table.
func TestPrecedence(t *testing.T) {
	for a := range Ops {
		for b := range Ops {
			p, q := Ops[a], Ops[b]
			var text, left, right string // left: a is the operand of b
			switch {
			case p.Shape == Infix && q.Shape == Infix:
				text = "x " + p.Text + " y " + q.Text + " z"
				left, right = "x y "+p.Text+" z "+q.Text, "x y z "+q.Text+" "+p.Text
				if p.Prec == PrecRelation && q.Prec == PrecRelation {
					if _, err := Parse("", text, page); err == nil || !strings.Contains(err.Error(), "do not chain") {
						t.Errorf("%s: %v", text, err)
					}
					continue
				}
			case p.Shape == Prefix && q.Shape == Infix:
				op := strings.NewReplacer("-", "neg").Replace(p.Text)
				text = p.Text + " y " + q.Text + " z"
				left, right = "y "+op+" z "+q.Text, "y z "+q.Text+" "+op
			case p.Shape == Infix && q.Shape == Postfix:
				text = "x " + p.Text + " y" + q.Text
				left, right = "", "x y "+q.Text+" "+p.Text
			default:
				continue
			}
			want := right
			if p.Prec > q.Prec || p.Prec == q.Prec && !p.Right {
				want = left
			}
			if got := mustRead(t, text).Formula().Body.String(); got != want {
				t.Errorf("%s: got %s, want %s", text, got, want)
			}
		}
	}
}

func TestOpsCoverKinds(t *testing.T) {
	if len(Ops) != int(Prime)+1 {
		t.Fatalf("%d rows for %d kinds", len(Ops), Prime+1)
	}
	for k, op := range Ops {
		if op.Text == "" || op.Prec == 0 || (op.Shape == Atom) != (op.Prec == PrecAtom) {
			t.Errorf("row %d is %+v", k, op)
		}
	}
	if got := Kind(99).String(); got != "Kind(99)" {
		t.Error(got)
	}
}

// TestPlaces looks at the spans that errors about a node will point to.
func TestPlaces(t *testing.T) {
	const text = "a = 1; 2x*sin^2(x + 1) - x₁²/d/dy(|y|)"
	tree := mustRead(t, text).Formula().Body
	for i, want := range []struct{ text, span, head string }{
		{"2", "2", "2"}, {"x", "x", "x"}, {"*", "2x", ""},
		{"x", "x", "x"}, {"1", "1", "1"}, {"+", "x + 1", "+"}, {"sin", "sin^2(x + 1)", "sin"}, {"2", "2", "2"}, {"^", "sin^2(x + 1)", "^"},
		{"*", "2x*sin^2(x + 1)", "*"},
		{"x_1", "x₁", "x₁"}, {"2", "²", "²"}, {"^", "x₁²", "²"},
		{"y", "y", "y"}, {"|", "|y|", "|"}, {"y", "d/dy(|y|)", "dy"}, {"/", "x₁²/d/dy(|y|)", "/"},
		{"-", "2x*sin^2(x + 1) - x₁²/d/dy(|y|)", "-"},
	} {
		n := tree.Nodes[i]
		if got := tree.Text(i); got != want.text {
			t.Errorf("node %d: text %q, want %q", i, got, want.text)
		}
		if got := tree.Source.Slice(n.Span); got != want.span {
			t.Errorf("node %d: span %q, want %q", i, got, want.span)
		}
		if got := tree.Source.Slice(n.Head); got != want.head {
			t.Errorf("node %d: head %q, want %q", i, got, want.head)
		}
	}
	if got := tree.Operands(len(tree.Nodes) - 1); len(got) != 2 || got[0] != 9 || got[1] != 16 {
		t.Errorf("operands %v", got)
	}
	if span := mustRead(t, "2 ((x) + 1)").Formula().Body.Nodes; span[1].Span != (Span{3, 6}) || span[3].Span != (Span{2, 11}) {
		t.Errorf("parentheses belong to the span: %+v", span)
	}
}
