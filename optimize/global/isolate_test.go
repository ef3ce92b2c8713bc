package global

import (
	"testing"
	"time"

	"nabla/expr"
)

// Equations that inverse functions solve for a variable, whose values are those of the function: values by hand. Were the square of x
// taken for sqrt(y) = x < 0 as well, or the cosine of x for acos(y) = x > pi, there would be lower ones.
func TestIsolated(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		f, equation string
		max         bool
		stat        Status
		value       string
	}{
		{"2x + 3y", "sqrt(x) + sqrt(y) == 5", true, Exact, "75"},
		{"2x + 3y", "exp(x) + exp(y) == 8", false, Unbounded, ""},
		{"2x + 3y", "1/x + 1/y == 1", false, Unbounded, ""},
		{"x + 2y", "log(x) + log(y) == 1", false, Exact, "2*sqrt(2)*exp(1/2)"},
		{"x^2 + (y-1)^2", "log(x + y) == 1", false, Exact, "(e - 1)^2/2"},
		{"(x+1)^2 + y", "sqrt(y) == x", false, Exact, "1"},
		{"x + y", "y^(-1/2) == x", false, Exact, "3/4^(1/3)"},
		{"x + y", "y^(1/3) == x", false, Exact, "0"},
		{"x + y", "cbrt(y) == x", false, Unbounded, ""},
		{"x + y", "acos(y) == x", false, Exact, "1"},
		{"x^2 + 0*y", "asin(y) == x + 3", false, Exact, "(3 - pi/2)^2"},
		{"x + 0*y", "atan(y) == x", true, NotAttained, "pi/2"},
		{"x + 0*y", "W(y) == x", false, Exact, "-1"},
		{"x + y", "2^y == x", false, Unbounded, ""},
		{"x + y", "2^y == x - 1", true, Unbounded, ""},
		{"exp(x)", "acos(y)/x^(1/3) == 1", false, NotAttained, "1"}, // at x = 0 the quotient has no value
		{"abs(y - 1) + y", "log(1 + y^4)/exp(x^(1/3)) == 1", false, Exact, "1"},
		{"x + y^2", "x^y == 2", false, NotAttained, "0"},               // x = 2^(1/y), for y < 0 near 0
		{"x + y^2", "x^y == 1", false, Exact, "0"},                     // 0^0 is 1
		{"x^2 + y^2", "x + y + x*y^2 - x*y^2 == 2", false, Exact, "2"}, // x y^2 cancels
		{"2x + 3y", "max(x, y) == 1", false, Unbounded, ""},
		{"2x + 3y", "abs(x) + abs(y) == 1", false, Exact, "-3"},
	} {
		p := Problem{F: expr.MustParse(c.f), Vars: []string{"x", "y"}, Max: c.max, SubjectTo: []expr.Expr{condition(t, c.equation)}}
		a := solved(t, p, Options{Timeout: 2 * time.Second, Certificate: true})
		same := c.value == "" || a.ExactValue.Valid() && equalConstants(a.ExactValue, expr.MustParse(c.value))
		if a.Status != c.stat || !same {
			t.Errorf("%s, max %t, under %s: %s %v %v %v, want %s %s", c.f, c.max, c.equation, a.Status, a.Value, a.Proof, a.Warnings, c.stat, c.value)
		}
	}
}
