package simplify_test

import (
	"fmt"
	"math"
	"testing"

	"nabla/expr"
	"nabla/expr/simplify"
)

// Angles that are multiples of π are turned to the first quarter.
func TestTurned(t *testing.T) {
	for f, want := range map[string]string{
		"cos(3pi)": "-1", "cos(3486784401*pi)": "-1", "cos(-8pi)": "1", "sin(7pi/6)": "-1/2", "cos(5pi/3)": "1/2", "sin(100pi)": "0",
		"tan(5pi/4)": "1", "tan(2pi/3)": "-sqrt(3)", "sin(-3pi/2)": "1", "cos(pi/5)": "cos(pi/5)", "cos(4pi/5)": "-cos(pi/5)",
		"sin(9pi/7)": "-sin(2pi/7)", "tan(3pi/2)": "tan(pi/2)", "sin(pi*x)": "sin(pi*x)", "cos(3)": "cos(3)",
	} {
		if got := simplify.Tidy(expr.MustParse(f)); !expr.Equal(got, simplify.Tidy(expr.MustParse(want))) {
			t.Errorf("%s is %v, want %s", f, got, want)
		}
	}
	for _, f := range []string{"sin", "cos", "tan"} {
		for p := -40; p <= 40; p++ {
			text := fmt.Sprintf("%s(%d*pi/11)", f, p)
			value := map[string]func(float64) float64{"sin": math.Sin, "cos": math.Cos, "tan": math.Tan}[f](float64(p) * math.Pi / 11)
			if got := eval(simplify.Tidy(expr.MustParse(text)), nil); math.Abs(got-value) > 1e-12*(1+math.Abs(value)) {
				t.Errorf("%s = %v, tidy %v", text, value, got)
			}
		}
	}
}
