package global

import (
	"context"
	"testing"

	"nabla/expr/format"
)

// Products with exponentials, by their logarithms; the values by hand (the likelihood of the normal distribution is
// greatest at the mean and the mean square deviation).
func TestLogarithmOfProducts(t *testing.T) {
	for _, c := range []struct {
		formula, bounds string
		max             bool
		status          Status
		value           string // closed form, "" for none
		minimisers      int
	}{
		{"s^(-5)*exp(-((1-m)^2 + (2-m)^2 + (4-m)^2 + (7-m)^2 + (8-m)^2)/(2s^2))", "", true, Exact, "3125 exp(-5/2) sqrt(186)/6434856", 1},
		{"normpdf((1-m)/s)*normpdf((3-m)/s)/s^2", "", true, Exact, "exp(-1)/(2pi)", 2},
		{"exp(-1/x^2 - y^2)/x^3", "", true, Exact, "3 exp(-3/2) sqrt(6)/4", 1},
		{"exp(-1/x^2 - y^2)/x^3", "", false, Exact, "-3 exp(-3/2) sqrt(6)/4", 1},
		{"exp(-1/x^2 - (y/x)^2)/x^4", "", true, Exact, "4 exp(-2)", 2},
		{"exp(1/x^2 + (y/x)^2)*x^4", "", false, Exact, "exp(2)/4", 2},
		{"exp(sqrt(x)*log(2))*2^(-sqrt(x))*exp(atan(x) + y^2)", "", false, Exact, "1", 1}, // for x >= 0 only
	} {
		p := problemOf(t, c.formula, c.bounds)
		p.Max = c.max
		a, err := Solve(context.Background(), p, Options{})
		if err != nil || a.Status != c.status || c.value != "" && format.Text(a.ExactValue) != c.value || len(a.Minimisers) != c.minimisers {
			t.Errorf("%s: %v %s %v %v %v", c.formula, err, a.Status, a.Value, a.Minimisers, a.Proof)
			continue
		}
		consistent(t, c.formula, p, a)
	}
}
