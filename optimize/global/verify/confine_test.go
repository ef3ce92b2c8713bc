package verify

import (
	"fmt"
	"math"
	"math/rand/v2"
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
