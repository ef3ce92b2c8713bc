package syntax

import (
	"errors"
	"strings"
	"testing"
)

// Each text with its error, and below the text the carets of the snippet.
var mistakes = []struct{ text, carets, err string }{
	// Something is missing.
	{"", "^", "1:1: expected a formula, found nothing; write one, such as x^2 + 2"},
	{"x +", "   ^", "1:4: expected an operand after +, found the end; complete it, or remove +"},
	{"x^ ", "  ^", "1:3: expected an operand after ^, found the end; complete it, or remove ^"},
	{"x -\n", "   ^", "1:4: expected an operand after -, found the end; complete it, or remove -"},
	{"not", "   ^", "1:4: expected an operand after not, found the end; complete it, or remove not"},
	{"* x", "^", "1:1: expected an operand before *; write one before it"},
	{"x + * y", "    ^", "1:5: expected an operand after +, found *; write one between them"},
	{"x // y", "   ^", "1:4: expected an operand after /, found /; write / once"},
	{"x == ", "    ^", "1:5: expected an operand after ==, found the end; complete it, or remove =="},
	{"min(1, )", "       ^", "1:8: expected an operand after ,, found ); write one between them"},
	{"min(, 1)", "    ^", "1:5: expected an operand after (, found ,; write one between them"},
	{"()", " ^", "1:2: expected an operand after (, found ); write one between them"},
	{"x[]", "  ^", "1:3: expected an operand after [, found ]; write one between them"},
	{"x =", "   ^", "1:4: expected a formula after =; write one, as in y = x^2 + 2"},
	{"x =; y", "   ^", "1:4: expected a formula after =; write one, as in y = x^2 + 2"},
	{"sin", "   ^", "1:4: expected an operand after sin, found the end; write sin(x)"},
	{"sin + 1", "    ^", "1:5: expected an operand after sin, found +; write sin(x)"},
	{"exp -x", "    ^", "1:5: expected an operand after exp, found -; write exp(x), or exp(-x) for a sign"},
	{"sin^2", "     ^", "1:6: expected an operand after sin, found the end; write sin(x)"},
	{"√", " ^", "1:2: expected an operand after √, found the end; write √(x)"},
	{"sin^*x", "    ^", "1:5: expected a number as the power of sin, found *; write (sin(x))^n"},
	{"sin^cos x", "    ^^^", "1:5: expected a number as the power of sin, found cos; write (sin(x))^n"},
	{"sin' x", "     ^", "1:6: expected ( after sin', found x; write sin'(x)"},

	// Brackets.
	{"(x+1", "    ^", "1:5: expected ) to close the ( at column 1; add )"},
	{"sin(x +\n(y)", "   ^", "2:4: expected ) to close the ( at line 1, column 4; add )"},
	{"(x]", "  ^", "1:3: expected ) to close the ( at column 1, found ]; add )"},
	{"x[1)", "   ^", "1:4: expected ] to close the [ at column 2, found ); add ]"},
	{"|x", "  ^", "1:3: expected | to close the | at column 1; add |"},
	{"(|x)|", "   ^", "1:4: expected | to close the | at column 2, found ); add |"},
	{"|(x|", "    ^", "1:5: expected an operand after |, found the end; complete it, or remove |"},
	{"x | y", "     ^", "1:6: expected | to close the | at column 3; add |"},
	{")(", "^", "1:1: there is no ( for this ); remove it, or add ( before"},
	{"(x+1))", "     ^", "1:6: there is no ( for this ); remove it, or add ( before"},
	{"x]", " ^", "1:2: there is no [ for this ]; remove it, or add [ before"},
	{"[x]", "^", "1:1: unexpected [: an index needs a name before it, as in x[1]; group with ( )"},
	{"x[1][2]", "    ^", "1:5: unexpected [: an index follows a name; write one list, x[i, j], and group with ( )"},
	{"(x[1][2])", "     ^", "1:6: unexpected [: an index follows a name; write one list, x[i, j], and group with ( )"},
	{"sin[x]", "   ^", "1:4: sin is a function, and [ ] is for variables; write sin( … )"},
	{"(1, 2)", "  ^", "1:3: expected ) to close the ( at column 1, found ,; add ); a comma stands only between the operands of a function"},
	{"(x; y)", "  ^", "1:3: expected ) to close the ( at column 1, found ;; add )"},
	{"f(x = 3", "    ^", "1:5: expected ) to close the ( at column 2, found =; add ), or write == to compare"},
	{"d/dx(u, v)", "      ^", "1:7: expected ) to close the ( at column 5, found ,; add ); a comma stands only between the operands of a function"},
	{"3,5", " ^", "1:2: unexpected ,; write decimals with a point: 3.5"},
	{"x, y", " ^", "1:2: unexpected ,; a comma stands only between the operands of a function"},

	// Numbers.
	{"2..3", "^^^^", "1:1: 2..3 is not a number; one decimal point to a number"},
	{"x + 1.2.3", "    ^^^^^", "1:5: 1.2.3 is not a number; one decimal point to a number"},
	{"1e5.2", "^^^^^", "1:1: 1e5.2 is not a number; one decimal point to a number"},
	{"1_000", "^^^^^", "1:1: 1_000 is not a number; write the digits without _"},
	{"x.5", " ^^", "1:2: unexpected .5; write * between factors, and decimals as 0.5"},
	{"a.b", " ^", "1:2: unexpected character ."},
	{"2 3", "^^^", "1:1: two numbers side by side; write * between them"},
	{"x² 3", " ^^^", "1:2: two numbers side by side; write * between them"},

	// Two readings.
	{"2 sin^-1 x", "  ^^^^^^", "1:3: sin^-1 may mean asin(x) or 1/sin(x); write the one that is meant"},
	{"sin⁻¹(x)", "^^^^^", "1:1: sin^-1 may mean asin(x) or 1/sin(x); write the one that is meant"},
	{"sin^(-1)(x)", "^^^^^^^^", "1:1: sin^-1 may mean asin(x) or 1/sin(x); write the one that is meant"},
	{"exp^-1 x", "^^^^^^", "1:1: exp^-1 may mean the inverse of exp or 1/exp(x); write the one that is meant"},
	{"x!!", " ^^", "1:2: !! may mean the double factorial or (x!)!; write (x!)!"},
	{"x²^3", " ^^", "1:2: ^ after a superscript has two readings; write (x²)^3 or x^(2^3)"},
	{"x²!", " ^^", "1:2: ! after a superscript has two readings; write (x²)^3 or x^(2^3)"},
	{"sin^2^3 x", "     ^", "1:6: sin has two powers; write (sin(x))^( … )"},
	{"0 <= x <= 5", "       ^^", "1:8: <= cannot follow <=: relations do not chain; write a < b and b < c"},
	{"a < b + 1 == c", "          ^^", "1:11: == cannot follow <: relations do not chain; write a < b and b < c"},
	{"d/dx x * y", "       ^", "1:8: does d/dx apply to what follows *?; write d/dx( … )"},
	{"d/dx -x^2", "     ^", "1:6: does d/dx apply to what follows -?; write d/dx(- … ), or (d/dx) - … for a quotient of variables"},
	{"f(x) = x; df/dx", "          ^^^^^", "1:11: df/dx would divide two variables; write f'(x) or d/dx(f(x))"},
	{"y = x^2; dy/dx", "         ^^^^^", "1:10: dy/dx would divide two variables; write d/dx(y)"},
	{"y = x^2\n- 3x", "^", "2:1: does this line go on with the one before, or is it a formula of its own?; join the lines, or put a ; between them"},

	// Names.
	{"foo(x)", "^^^", "1:1: unknown function foo; write foo*( … ) for a product, or define foo(x) = … before"},
	{"2 tanhh(x)", "  ^^^^^", "1:3: unknown function tanhh; did you mean tanh?"},
	{"Sin(x)", "^^^", "1:1: unknown function Sin; did you mean sin?"},
	{"x1(x + 1)", "^^", "1:1: unknown function x1; write x1*( … ) for a product, or define x1(x) = … before"},
	{"f(x) = f x", "       ^", "1:8: f is a function and needs its operand in parentheses; write f( … )"},
	{"f(x) = x; f^2(x)", "          ^", "1:11: f is a function and needs its operand in parentheses; write f( … )"},
	{"f'(x) + 1", "^^", "1:1: f is not a function here, so it has no derivative f'; define it first, as in f(x) = x^2; f'(x)"},
	{"if x < 0", "^^", "1:1: if needs parentheses; write if(condition, a, b)"},
	{"∂ + 1", "^", "1:1: ∂ stands only in derivatives; write ∂/∂x( … )"},

	// Stray characters.
	{"x $ y", "  ^", "1:3: unexpected character $; write the formula without $"},
	{"{x}", "^", "1:1: unexpected character {; group with ( )"},
	{"\\sqrt{x}", "^", "1:1: unexpected character \\; LaTeX is not read: write sqrt(x), not \\sqrt{x}"},
	{"“x”", "^", "1:1: unexpected character “; write the formula without quotes"},
	{"f’(x)", " ^", "1:2: unexpected character ’; write ' for a derivative"},
	{"x ? y", "  ^", "1:3: unexpected character ?; write if(condition, a, b)"},
	{"x && y", "  ^^", "1:3: unexpected &&; join conditions with and"},
	{"a =< b", "  ^^", "1:3: unexpected =<; write <="},
	{"a => b", "  ^^", "1:3: unexpected =>; write >="},
	{"a <> b", "  ^^", "1:3: unexpected <>; write !="},
	{"a := b", "  ^^", "1:3: unexpected :=; write ="},
	{"!a", "^", "1:1: unexpected ! before an operand; write not for a condition, and x! for a factorial"},
	{"a not b", "  ^^^", "1:3: expected and or or before not; write and not, or or not"},
	{"'x'", "^", "1:1: unexpected '; write f'(x) for a derivative, and the formula without quotes"},
	{"x^2'", "   ^", "1:4: unexpected ': a prime follows the name of a function, as in f'(x); write d/dx( … )"},
	{"xⁿ", " ^", "1:2: unexpected character ⁿ; write ^ before an exponent that is not a number"},
	{"xª + eˣ", " ^", "1:2: unexpected character ª; write ^ before an exponent that is not a number"},
	{"eᵃ", " ^", "1:2: unexpected character ᵃ; write ^ before an exponent that is not a number"},
	{"x⁻", " ^", "1:2: expected superscript digits after ⁻; write the exponent after ^"},
	{"x̂", " ^", "1:2: unexpected character U+0302; names are letters, digits and _"},
	{"x + ٣", "    ^", "1:5: unexpected character ٣; write digits as 0 to 9"},
	{"α + \xff", "    ^", "1:5: byte 0xFF is not UTF-8 text; save the text as UTF-8"},
	{"sin\xff", "   ^", "1:4: byte 0xFF is not UTF-8 text; save the text as UTF-8"},
	{"x\x00y", " ^", "1:2: unexpected character U+0000"},
	{"x\x1b[31m", " ^", "1:2: unexpected character U+001B"},
	{"漢 + 字 $", "        ^", "1:7: unexpected character $; write the formula without $"},
	{"(x + 1 $", "       ^", "1:8: unexpected character $; write the formula without $"},
	{"x )$", "  ^", "1:3: there is no ( for this ); remove it, or add ( before"},

	// Statements.
	{"y = x = 3", "      ^", "1:7: unexpected =; write == to compare, and ; between statements"},
	{"y = = 3", "    ^", "1:5: unexpected =; write == to compare"},
	{"x^2; y", "^^^", "1:1: only the last formula may stand without a name; name it, as in a = 3, or join the lines"},
	{"f'(x) = 2; y", "^^^^^", "1:1: a derivative is not a definition; define the function itself, as in f(x) = x^2"},
	{"a = 1; a = 2", "       ^", "1:8: a is defined twice; choose another name"},
	{"f(x, y, x) = 2", "        ^", "1:9: x is named twice; name each variable once"},
	{"x^2 = 4", "^^^", "1:1: unknown left-hand side; write y =, f(x) =, f'(x) = or dy/dx = before a formula, and == to compare"},
	{"2x = 4", "^", "1:1: unexpected 2 on the left of =; write y =, f(x) =, f'(x) = or dy/dx = before a formula, and == to compare"},
	{"x + y = 4", "  ^", "1:3: unexpected + on the left of =; write y =, f(x) =, f'(x) = or dy/dx = before a formula, and == to compare"},
	{"f(x, ) = 3", "     ^", "1:6: unexpected ) on the left of =; write y =, f(x) =, f'(x) = or dy/dx = before a formula, and == to compare"},
	{"f(2) = 3", "  ^", "1:3: unexpected 2 on the left of =; write y =, f(x) =, f'(x) = or dy/dx = before a formula, and == to compare"},
	{"and = 3", "^^^", "1:1: unexpected and on the left of =; write y =, f(x) =, f'(x) = or dy/dx = before a formula, and == to compare"},
	{"dy/x = 3", "^^^^", "1:1: unknown left-hand side; write y =, f(x) =, f'(x) = or dy/dx = before a formula, and == to compare"},
	{"dy/dx(f) = 3", "^^^^^^^^", "1:1: unknown left-hand side; write y =, f(x) =, f'(x) = or dy/dx = before a formula, and == to compare"},
	{"d/dx = 3", "^^^^", "1:1: unknown left-hand side; write y =, f(x) =, f'(x) = or dy/dx = before a formula, and == to compare"},
	{"y'/dx = 3", "^^^^^", "1:1: unknown left-hand side; write y =, f(x) =, f'(x) = or dy/dx = before a formula, and == to compare"},
	{"df(x, x)/dx = 3", "      ^", "1:7: x is named twice; name each variable once"},
	{"d/dx(f(x, x)) = 3", "          ^", "1:11: x is named twice; name each variable once"},
	{"d⁻¹y/dx⁻¹ = 3", "^^^^^^^^^", "1:1: the orders above and below / differ; write y =, f(x) =, f'(x) = or dy/dx = before a formula, and == to compare"},
	{"d^1.5/dx^1.5(u)", "^^^^^^^^^^^^", "1:1: the orders above and below / differ; write d^2/dx^2(u), and d/dx(d/dy(u)) for mixed derivatives"},
	{"y = $", "    ^", "1:5: unexpected character $; write the formula without $"},
	{"f(x$) = 3", "   ^", "1:4: unexpected character $; write the formula without $"},
	{"d^2y/dx^3 = 3", "^^^^^^^^^", "1:1: the orders above and below / differ; write y =, f(x) =, f'(x) = or dy/dx = before a formula, and == to compare"},
	{"d^2/dx^3(u)", "^^^^^^^^", "1:1: the orders above and below / differ; write d^2/dx^2(u), and d/dx(d/dy(u)) for mixed derivatives"},
	{"d^2/dx(u)", "^^^^^^", "1:1: the orders above and below / differ; write d^2/dx^2(u), and d/dx(d/dy(u)) for mixed derivatives"},
	{"d^0/dx^0(u)", "^^^^^^^^", "1:1: the orders above and below / differ; write d^2/dx^2(u), and d/dx(d/dy(u)) for mixed derivatives"},
	{"a = 3; (x", "         ^", "1:10: expected ) to close the ( at column 8; add )"},
}

func TestMistakes(t *testing.T) {
	for _, c := range mistakes {
		in, err := Parse("", c.text, page)
		if err == nil {
			t.Errorf("%q: no error, but %s", c.text, in.Formula().Body)
			continue
		}
		e, ok := errors.AsType[*Error](err)
		if !ok {
			t.Errorf("%q: %T: %v", c.text, err, err)
			continue
		}
		if got := e.Error(); got != c.err {
			t.Errorf("%q\n got %s\nwant %s", c.text, got, c.err)
		}
		if _, got, _ := strings.Cut(e.Snippet(), "\n"); got != c.carets {
			t.Errorf("%q\n%s\nwant\n%s", c.text, e.Snippet(), c.carets)
		}
		if e.Limit {
			t.Errorf("%q: called a limit", c.text)
		}
	}
}

func TestErrorName(t *testing.T) {
	_, err := Parse("a.txt", "# heat\n\n  2 *) ", page)
	if got, want := err.Error(), "a.txt:3:6: there is no ( for this ); remove it, or add ( before"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got, want := (&Error{Msg: "no source"}).Error(), "no source"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestSnippet(t *testing.T) {
	long := strings.Repeat("x+", 1000)
	for _, c := range []struct {
		text string
		at   Span
		want string
	}{
		{"x + y", Span{4, 5}, "x + y\n    ^"},
		{"one\ntwo\nthree", Span{4, 7}, "two\n^^^"},
		{"one\ntwo\nthree", Span{5, 12}, "two\n ^^"},
		{"one\n\nthree", Span{4, 4}, "\n^"},
		{"a\tb\r\n", Span{2, 3}, "a b\n  ^"},
		{"\x1b[31m$", Span{5, 6}, " [31m$\n     ^"},
		{"é漢字$", Span{8, 9}, "é漢字$\n     ^"},
		{"x", Span{-5, 900}, "x\n^"},
		{"x", Span{900, 901}, "x\n ^"},
		{long + "$", Span{2000, 2001}, "…" + long[1950:] + "$\n" + strings.Repeat(" ", 51) + "^"},
		{"$" + long, Span{0, 1}, "$" + long[:99] + "…\n^"},
		{long + "$" + long, Span{2000, 2001}, "…" + long[:50] + "$" + long[:49] + "…\n" + strings.Repeat(" ", 51) + "^"},
	} {
		e := &Error{Source: &Source{Text: c.text}, Span: c.at}
		if got := e.Snippet(); got != c.want {
			t.Errorf("%.20q %v\n got %q\nwant %q", c.text, c.at, got, c.want)
		}
	}
}

func TestPosition(t *testing.T) {
	src := &Source{Text: "αβ\n\nγ δ"}
	for _, c := range []struct{ off, line, col int }{{0, 1, 1}, {2, 1, 2}, {4, 1, 3}, {5, 2, 1}, {6, 3, 1}, {9, 3, 3}, {11, 3, 4}, {99, 3, 4}, {-1, 1, 1}} {
		if line, col := src.Position(int32(c.off)); line != c.line || col != c.col {
			t.Errorf("offset %d: %d:%d, want %d:%d", c.off, line, col, c.line, c.col)
		}
	}
}

func TestQuote(t *testing.T) {
	for in, want := range map[string]string{
		"x":                           "x",
		"a\nb":                        `"a\nb"`,
		"\xff":                        `"\xff"`,
		strings.Repeat("x", 100):      strings.Repeat("x", 40) + "…",
		"x" + strings.Repeat("é", 50): "x" + strings.Repeat("é", 20) + "…",
	} {
		if got := quote(in); got != want {
			t.Errorf("quote(%q) = %s, want %s", in, got, want)
		}
	}
}
