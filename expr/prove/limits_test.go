package prove_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"nabla/expr"
	"nabla/expr/prove"
)

// TestProveLimits gives the prover what would take it forever: every answer
// comes within the budget, and none is a wrong proof.
func TestProveLimits(t *testing.T) {
	repeat := func(head, tail string, n int) string { return strings.Repeat(head, n) + "x" + strings.Repeat(tail, n) }
	var many []string
	for i := range 3000 {
		many = append(many, fmt.Sprintf("sin(%d*x+%d)", i+1, i))
	}
	var variables []string
	for i := range 60 {
		variables = append(variables, fmt.Sprintf("v%d", i))
	}
	for _, c := range []struct{ name, a, b string }{
		{"a power of a sum", "(x+y+z)^60", "(x+y+z)^60+1e-9"},
		{"powers of powers", "((x+1)^100+1)^100", "((x+1)^100+2)^100"},
		{"a large exponent", "(x+1)^1000000", "(x+2)^1000000"},
		{"an exponent past int32", "x^10000000000*x", "x^10000000001+1"},
		{"a tower", "2^(2^(2^(2^(2^x))))", "2^(2^(2^(2^(3^x))))"},
		{"numbers", "2^1000000+x", "3^1000000+x"},
		{"roots in roots", repeat("sqrt(1+", ")", 400), repeat("sqrt(1+", ")", 401)},
		{"sines in sines", repeat("sin(1+", ")", 400), repeat("sin(1+", ")", 401)},
		{"logarithms in logarithms", repeat("log(2+", ")", 400), repeat("log(2+", ")", 401)},
		{"exponentials", repeat("exp(", ")", 400), repeat("exp(", ")", 401)},
		{"absolute values", repeat("abs(1-", ")", 300), repeat("abs(1-", ")", 301)},
		{"fractions", repeat("1/(1+", ")", 300), repeat("1/(1+", ")", 301)},
		{"case distinctions", repeat("max(x+1,2*", ")", 40), repeat("max(x+1,2*", ")", 41)},
		{"many conditions", repeat("if(x>1,y,2+", ")", 30), repeat("if(x>2,y,2+", ")", 30)},
		{"many functions", strings.Join(many, "+"), strings.Join(many[1:], "+")},
		{"many variables", "(" + strings.Join(variables, "+") + ")^8", "(" + strings.Join(variables, "-") + ")^8"},
		{"many factors", "prod(x+k, k, 1, 200)", "prod(x+k, k, 2, 201)"},
		{"a long product", "prod(x*k+sqrt(k), k, 1, 60)", "prod(x*k-sqrt(k), k, 1, 60)"},
		{"many roots", "sum(sqrt(x+k), k, 1, 300)", "sum(sqrt(x+k), k, 1, 301)"},
		{"many logarithms", "sum(log(x+k), k, 1, 300)", "log(prod(x+k, k, 1, 300))+1"},
		{"a deep sum", repeat("(1+", ")", 9000), repeat("(1+", ")", 9001)},
		{"symbolic powers", repeat("(1+", ")^n", 60), repeat("(1+", ")^n", 61)},
		{"angles", "sum(atan(x*k), k, 1, 40)", "pi+0*x"},
		{"a tiny angle", "sin(x/1234567891011)", "cos(x)"},
	} {
		a, b := expr.MustParse(c.a), expr.MustParse(c.b)
		start := time.Now()
		p := prove.Equal(a, b, prove.Budget{})
		if p.Equal {
			t.Errorf("%s: proved: %v", c.name, p.Why)
		}
		if d := time.Since(start); d > 5*time.Second {
			t.Errorf("%s: %v", c.name, d)
		} else {
			t.Logf("%s: %v exhausted %v %v", c.name, d, p.Exhausted, p.Why)
		}
	}
}
