package form

import (
	"testing"

	"nabla/expr"
)

func TestHomogeneity(t *testing.T) {
	for _, c := range []struct{ formula, degree string }{
		{"x*y/(x^2+y^2)", "0"}, {"sqrt(x^4+y^4)/x", "1"}, {"x^(1/3)*y", "4/3"}, {"exp(x/y)*x", "1"}, {"max(x,y,0)-abs(y)", "1"}, {"0*x^2+y", "1"},
		{"sign(x)+atan2(x,y)", "0"}, {"pi*x", "1"}, {"(x/y)^(y/x)", "0"}, {"x^(2+1)", "3"},
		{"x+1", ""}, {"x+y^2", ""}, {"exp(x)", ""}, {"x^y", ""}, {"max(x,1)", ""}, {"atan2(x,y^2)", ""}, {"log(x)-log(y)", ""}, {"x^pi", ""}, {"x*2^x", ""},
	} {
		d, ok := Homogeneity(expr.MustParse(c.formula))
		if got := d.String(); ok != (c.degree != "") || ok && got != c.degree {
			t.Errorf("%s: degree %s, %v, want %q", c.formula, got, ok, c.degree)
		}
	}
}
