package verify

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"nabla/expr"
	"nabla/optimize/global/certificate"
)

// Outside the radius sums of squares of linear forms and of bounded terms are positive; of forms that leave a direction there is none.
func TestQuadraticRadius(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 9))
	for round := range 60 {
		text, forms := fmt.Sprintf("-%d+20*sin(x*y)+cos(z)", r.IntN(100)), 4
		if round%3 == 0 {
			forms = 2
		}
		for range forms {
			text += fmt.Sprintf("+(%d*x+(%d)*y+(%d)*z-(%d))^2/7", 1+r.IntN(5), r.IntN(9)-4, r.IntN(9)-4, r.IntN(30)-15)
		}
		f := expr.MustParse(text)
		v := &verifier{c: &certificate.Certificate{Variables: []string{"x", "y", "z"}}, f: f, left: &effort{}}
		if err := v.readBounds(); err != nil || v.compile() != nil {
			t.Fatal(text, err)
		}
		size, _, ok := v.quadraticRadius(f)
		if ok != (forms > 2) {
			t.Errorf("%s: %v", text, ok)
		}
		for range 200 {
			x := [3]float64{r.NormFloat64(), r.NormFloat64(), r.NormFloat64()}
			norm := math.Sqrt(x[0]*x[0] + x[1]*x[1] + x[2]*x[2])
			for i := range x {
				x[i] *= size * (1 + r.Float64()) / norm
			}
			out := make([]float64, v.prog.NumOut())
			if v.fm.Eval(out, x[:]); ok && !(out[0] > 0) {
				t.Fatalf("%s is %g at %v, outside %g", text, out[0], x, size)
			}
		}
	}
}

// Outside the box that parts of one variable give the formula is not negative; a part that falls without end, or is not seen to be bounded,
// leaves the others where they are.
func TestConfinedByParts(t *testing.T) {
	parts := []string{"exp(-X)+X/3", "log(1+X^2)", "sqrt(1+X^2)-X/2", "X^2-3*X", "abs(X-2)-sin(5*X)", "cosh(X)-2*X", "X^4-X^3-X^2"}
	r := rand.New(rand.NewPCG(8, 1))
	for round := range 10 {
		text := fmt.Sprintf("-%d+sin(x*y)+exp(-(x-y)^2)", 1+r.IntN(20))
		for _, x := range []string{"x", "y"} {
			text += fmt.Sprintf("+%d*(%s)", 1+r.IntN(3), strings.ReplaceAll(parts[r.IntN(len(parts))], "X", x))
		}
		falls := round%5 == 0
		if falls {
			text += "-z"
		}
		f := expr.MustParse(text)
		left := fullEffort
		v := &verifier{c: &certificate.Certificate{Variables: []string{"x", "y", "z"}}, f: f, left: &left}
		if err := v.readBounds(); err != nil || v.compile() != nil {
			t.Fatal(text, err)
		}
		outer := v.confinedByParts(f)
		if outer[0].IsBounded() == falls || outer[1].IsBounded() == falls || outer[2].IsBounded() {
			t.Errorf("%s: %v", text, outer)
		}
		for range 200 {
			x := []float64{30 * r.NormFloat64(), 30 * r.NormFloat64(), r.NormFloat64()}
			out := make([]float64, v.prog.NumOut())
			if v.fm.Eval(out, x); !(outer[0].Has(x[0]) && outer[1].Has(x[1])) && !(out[0] >= 0) {
				t.Fatalf("%s is %g at %v, outside %v", text, out[0], x, outer)
			}
		}
	}
}
