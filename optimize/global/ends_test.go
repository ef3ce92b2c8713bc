package global

import (
	"testing"
	"time"
)

// Formulas that rise with a formula of one variable, or fall, whatever the others are; the values by hand (the likelihood of the
// distribution of Laplace is greatest at the median and the mean deviation from it).
func TestRising(t *testing.T) {
	reducedWith(t, Options{Timeout: 2 * time.Second}, []reducible{
		{"5log(b) + (abs(1-a) + abs(2-a) + abs(4-a) + abs(7-a) + abs(8-a))/b", "", false, Exact, "5 log(12/5) + 5", "grows, "},
		{"exp(x)*(y^4 - 2y^2 + 5) - 3x", "", false, Exact, "3 + 3 log(4/3)", "grows, "},
		{"exp(x)*(y^4 - 2y^2 + 5) - 3x", "y=3:", false, Exact, "3 + 3 log(68/3)", "grows, "},
		{"(3 - y^4 + 2y^2)*exp(-x^2)", "", true, Exact, "4", "!grows, "},
		// In variables themselves, that are held by bounds.
		{"x*y/(x + y)", "x=1:,y=1:", false, Exact, "1/2", "grows, "},
		{"x*y/(x + y) + exp(-z^2)", "x=1:,y=2:", false, NotAttained, "2/3", "!grows, "},
		{"x*y/(x + y)", "x=-1:,y=1:", false, Unbounded, "", "!grows, "}, // there is a gap
		{"exp(-x)*(y^4 - 2y^2 + 5)", "", false, NotAttained, "0", "!grows, "},
		// The derivative has a value nowhere; multipliers of a case with fractions.
		{"sqrt(y + 1) + 0^((sqrt(x) - y)^2) + 2 + sin(x - y)", "x=0:", false, "", "", "!grows, "},
		{"(x^2 + y^2 + 2)/(cosh(x^2 + y^2) + abs(2x + y)) + 0*sqrt(x - y)", "", false, NotAttained, "0", "!grows, "},
		// The slope has both signs, there is a gap, or a step.
		{"x*(y^4 - 2y^2 + 5) + x^2", "x=-1:1", false, Unbounded, "", "!grows, "},
		{"log(x - y^4 + y) - x + exp(-y^2)", "x=0:2", false, "", "", "!grows, "},
		// Where the direction depends on the other variable, both ends count: one, the other, or a limit.
		{"x*y/(x + y) - x^2/9", "x=1:3,y=1:2", false, Exact, "-1/4", "!grows, "},
		{"x/(1 + exp(y)) + x^2", "", false, NotAttained, "-1/4", "!grows, "},
		{"x/(1 + exp(y)) + x^4", "", false, NotAttained, "-3*2^(1/3)/8", "!grows, "},
		{"x*atan(y) + x^2", "", false, NotAttained, "-pi^2/16", "!grows, "},
		{"s/sqrt((s^2 + w^2)/5 + 1)", "", false, NotAttained, "-sqrt(5)", "grows, "},
		{"sqrt((x - 1)^2 + y^2) - sqrt((x + 1)^2 + y^2)", "", true, Exact, "2", "grows, "},
		{"sqrt((x - 1)^2 + y^2 + 1) - sqrt((x + 1)^2 + y^2 + 2)", "", false, Exact, "-(sqrt(2) - 1) sqrt(8 sqrt(2) + 13)", "grows, "},
		// Where f is not higher than at the best point, it rises.
		{"x*exp(-x^2 - y^4) + y^4/10", "", false, Exact, "-sqrt(2) exp(-1/2)/2", "!grows, "},
		// It has the limit where it does not depend on the variable.
		{"x^2*exp(y) + (x - 1)^2*0", "", false, Exact, "0", "!grows, "},
		{"-floor(x*(y^4 - y)) + x^2 + y^2", "x=0:1,y=0:1", false, "", "", "!grows, "},
	})
}
