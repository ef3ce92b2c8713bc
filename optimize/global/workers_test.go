package global

import (
	"bytes"
	"context"
	"encoding/json"
	"testing"
)

// The number of workers changes nothing of the answer, nor of its proof.
func TestWorkers(t *testing.T) {
	for _, c := range []struct{ formula, bounds string }{
		{"(1+(x+y+1)^2*(19-14*x+3*x^2-14*y+6*x*y+3*y^2))*(30+(2*x-3*y)^2*(18-32*x+12*x^2+48*y-36*x*y+27*y^2))", "*=-2:2"},
		{"-20*exp(-0.2*sqrt(0.5*(x^2+y^2)))-exp(0.5*(cos(2*pi*x)+cos(2*pi*y)))+20+e", "*=-35:32"},
		{"x*y*sin(3*x+y)+abs(x-y)", "*=-4:5"},
		{"x*y*z-x^2", "*=0:3|x^2+y^2+z^2<=9;x+y>=z"},
	} {
		var first []byte
		for _, workers := range []int{1, 2, 3, 7} {
			a, err := Solve(context.Background(), problemOf(t, c.formula, c.bounds), Options{Workers: workers, Certificate: true})
			if err != nil {
				t.Fatal(err)
			}
			var b bytes.Buffer
			a.Certificate.WriteTo(&b)
			rest, _ := json.Marshal([]any{a.At, a.Value, a.Enclosure.Value.Lo, a.Enclosure.Value.Hi, a.Evaluations, a.Status})
			b.Write(rest)
			if first == nil {
				first = b.Bytes()
			} else if !bytes.Equal(first, b.Bytes()) {
				t.Errorf("%s: %d workers give another answer", c.formula, workers)
			}
		}
	}
}
