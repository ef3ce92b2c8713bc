package syntax

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

// TestDeep reads nests of everything that nests, a hundred thousand deep, and
// a few of a million. What grows with the square of the depth does not end.
func TestDeep(t *testing.T) {
	const deep, deeper = 100_000, 1_000_000
	for _, c := range []struct {
		name, open, core, end string
		n, nodes              int
	}{
		{"parentheses", "(", "x", ")", deeper, 1},
		{"calls", "sin(", "x", ")", deeper, deeper + 1},
		{"signs", "-", "x", "", deep, deep + 1},
		{"plus signs", "+", "x", "", deep, 1},
		{"not", "not ", "x", "", deep, deep + 1},
		{"powers", "x^", "x", "", deep, 2*deep + 1},
		{"signed powers", "x^-", "x", "", deep, 3*deep + 1},
		{"bars", "|", "x", "|", deep, deep + 1},
		{"bars after operators", "1+|", "x", "|", deep, 3*deep + 1},
		{"functions", "sqrt ", "x", "", deep, deep + 1},
		{"functions with powers", "sin^2 ", "x", "", deep, 3*deep + 1},
		{"functions with powers and parentheses", "sin^2(", "x", ")", deep, 3*deep + 1},
		{"powers of functions", "2^sin ", "x", "", deep, 3*deep + 1},
		{"radicals", "√", "x", "", deep, deep + 1},
		{"cases", "if(x < 1, x, ", "x", ")", deep, 5*deep + 1},
		{"first operands", "min(", "x", ", 1)", deep, 2*deep + 1},
		{"indices", "x[", "x", "]", deep, deep + 1},
		{"derivatives", "d/dx(", "x", ")", deep, deep + 1},
		{"derivatives without parentheses", "d/dx ", "x", "", deep, deep + 1},
		{"primes", "sin'(", "x", ")", deep, deep + 1},
		{"factorials", "(", "x", "!)", deep, deep + 1},
		{"products", "(", "x", " x)", deep, 2*deep + 1},
		{"sum", "", "x", " + x", deeper, 2*deeper + 1},
		{"juxtaposed", "", "x", " x", deep, 2*deep + 1},
		{"function factors", "", "x", " sin x", deep, 3*deep + 1},
		{"functions before bars", "sin ", "x", "|x|", deep, 4*deep + 1},
		{"lines", "", "x", "\n+ x", deep, 2*deep + 1},
		{"operands", "", "min(1", ",1", deeper, deeper + 2},
	} {
		text := strings.Repeat(c.open, c.n) + c.core + strings.Repeat(c.end, c.n)
		if c.name == "operands" {
			text += ")"
		}
		tree := mustRead(t, text).Formula().Body
		if len(tree.Nodes) != c.nodes {
			t.Errorf("%s: %d nodes, want %d", c.name, len(tree.Nodes), c.nodes)
		}
		if err := check(tree); err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

// TestDeepMistakes has texts of a million parts that are wrong or too large.
func TestDeepMistakes(t *testing.T) {
	const n = 1_000_000
	for _, c := range []struct {
		text, err string
		limit     bool
	}{
		{strings.Repeat("(", n), "1:1000001: expected an operand after (, found the end; complete it, or remove (", false},
		{strings.Repeat("|", n), "1:1000001: expected an operand after |, found the end; complete it, or remove |", false},
		{strings.Repeat("(", n) + "x" + strings.Repeat(")", n-1), "1:2000001: expected ) to close the ( at column 1; add )", false},
		{"x" + strings.Repeat(")", n), "1:2: there is no ( for this ); remove it, or add ( before", false},
		{strings.Repeat("sin^(", n) + "x" + strings.Repeat(") x", n), "is too long", true},
		{strings.Repeat("a=1;", n), "1:400001: more than 100000 statements; give the formula in several texts", true},
		{"f(x" + strings.Repeat(",x", n) + ") = 2", "1:1: more than 100000 words on the left of =; name fewer variables", true},
		{"sin" + strings.Repeat("'", n) + "(x)", "1:1: a derivative of an order above 10000; differentiate less often", true},
		{"d^10001/dx^10001(x)", "1:1: a derivative of an order above 10000; differentiate less often", true},
		{"d^" + strings.Repeat("9", n) + "y/dx^" + strings.Repeat("9", n) + " = 1", "1:1: a derivative of an order above 10000; differentiate less often", true},
		{strings.Repeat("x", n) + "(", "1:1: unknown function " + strings.Repeat("x", 40) + "…;", false},
		{strings.Repeat(" ", MaxText+1), fmt.Sprintf("1:1: the text has %d bytes, more than %d", MaxText+1, MaxText), true},
	} {
		_, err := Parse("", c.text, page)
		e, ok := errors.AsType[*Error](err)
		if !ok || !strings.Contains(e.Error(), c.err) || e.Limit != c.limit {
			t.Errorf("%.20q…: got %.200v, want %s", c.text, err, c.err)
		}
		if ok && len(e.Snippet()) > 2000 {
			t.Errorf("%.20q…: a snippet of %d bytes", c.text, len(e.Snippet()))
		}
	}
	if _, err := Parse("", strings.Repeat("x;", maxStatements), nil); err == nil || !strings.HasPrefix(err.Error(), "1:1: only the last") {
		t.Errorf("%d statements: %v", maxStatements, err)
	}
}
