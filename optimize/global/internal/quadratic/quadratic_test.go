package quadratic

import (
	"testing"

	"nabla/expr"
)

// Least values by hand: completing the square, flat directions, and forms that fall.
func TestLeast(t *testing.T) {
	for f, want := range map[string]string{
		"x^2 + 2":                        "2",
		"x^2 - 2x*y + y^2 + 1/9":         "1/9",
		"x^2 + x*y + y^2 - x - y":        "-1/3",
		"(x+y)^2/3 - (x+y)":              "-3/4",
		"(2x-1)*(2x-1) + 3(y+z-1/7)^2/2": "0",
		"7":                              "7",
		"x*y":                            "",
		"(x-y)^2 + x":                    "",
		"x^2 - y^2/1000":                 "",
	} {
		q, ok := Of(expr.MustParse(f), []string{"x", "y", "z"})
		if !ok {
			t.Fatalf("%s is not seen to be quadratic", f)
		}
		v, ok := q.Least()
		if ok != (want != "") || ok && v.String() != want {
			t.Errorf("%s: least value %v, %v; want %q", f, v, ok, want)
		}
	}
	for _, f := range []string{"x^3", "x*y*z", "sin(x)", "1/x", "w^2"} {
		if _, ok := Of(expr.MustParse(f), []string{"x", "y", "z"}); ok {
			t.Errorf("%s is taken for a quadratic function", f)
		}
	}
}
