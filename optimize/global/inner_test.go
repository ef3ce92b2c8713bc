package global

import (
	"bytes"
	"context"
	"math"
	"strings"
	"testing"

	"nabla/optimize/global/verify"
)

// Where the least value on the whole space is taken between the bounds, these do not
// matter; where it is not, the answer must be another.
func TestInnerBetweenBounds(t *testing.T) {
	for _, c := range []struct {
		formula, bounds string
		value           float64
		whole           bool
	}{
		{"(x^2 + y^2 - 2)^2 + x^2 + y^2", "x=0:5,y=-1:7", 1.75, true},
		{"0.5 - (sin(sqrt(x^2 + y^2))^2 - 0.5)/(1 + 0.001*(x^2 + y^2))^2", "*=-100:100", 0.002455858171496572, true},
		{"0.5 - (sin(sqrt(x^2 + y^2))^2 - 0.5)/(1 + 0.001*(x^2 + y^2))^2", "*=-1:1", 0.026215469198406, false},
		{"1/((a-d)^2 + (b-g)^2 + (c-h)^2)^6 - 2/((a-d)^2 + (b-g)^2 + (c-h)^2)^3", "*=-4:4", -1, true},
	} {
		p := problemOf(t, c.formula, c.bounds)
		a, err := Solve(context.Background(), p, Options{Certificate: true})
		if err != nil || a.Status != Exact && a.Status != Certified || math.Abs(a.Value-c.value) > 1e-9 {
			t.Errorf("%s over %s: %v %+v", c.formula, c.bounds, err, a)
			continue
		}
		consistent(t, c.formula, p, a)
		if whole := strings.Contains(strings.Join(a.Proof, ";"), "between the bounds"); whole != c.whole {
			t.Errorf("%s over %s: the proof is %v", c.formula, c.bounds, a.Proof)
		}
		var b bytes.Buffer
		if _, err := a.Certificate.WriteTo(&b); err != nil {
			t.Fatal(err)
		}
		if r, err := verify.Check(context.Background(), &b); err != nil || !r.Valid && len(a.Vars) == 2 {
			t.Errorf("%s over %s: %v %+v", c.formula, c.bounds, err, r)
		}
	}
}
