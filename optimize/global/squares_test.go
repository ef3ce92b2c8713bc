package global

import (
	"bytes"
	"context"
	"math"
	"strings"
	"testing"
	"time"

	"nabla/optimize/global/verify"
)

// A square of a product vanishes where one factor does (CLUSTERLS of CUTEst).
func TestSquaresOfProducts(t *testing.T) {
	for _, f := range []string{"((x-y^2)*(x-sin(y)))^2 + ((cos(y)-x)*(y-cos(x)))^2", "(x*y-1)^2*(x-2)^2 + 3*(y-exp(x))^4"} {
		a, err := Solve(context.Background(), problemOf(t, f, ""), Options{})
		if err != nil || a.Status != Certified && a.Status != Exact || a.Value != 0 {
			t.Errorf("%s: %v %+v", f, err, a)
		}
	}
}

// Sums of waves and squares that all have their extreme value at one point, and some that
// have not.
func TestWavesAndSquares(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		formula string
		max     bool
		value   float64
		waves   bool
	}{
		// COSINE of CUTEst (Gould, Orban and Toint 2015) in five variables.
		{"cos(x^2 - y/2) + cos(y^2 - z/2) + cos(z^2 - u/2) + cos(u^2 - v/2)", false, -4, true},
		{"3 sin(x*y) + cos(x + y^2) + (x - z^3)^2", false, -4, true},
		{"3 sin(x*y) + cos(x + y^2) - (x - z^3)^2", true, 4, true},
		{"(x*y - 3)^2 - 2cos(x + y^2) + 1/2", false, -1.5, true},
		// At x = 1 the wave is not in a trough, wherever y is.
		{"(x - 1)^2 + 2sin(x) + (x*y - 1)^4", false, math.NaN(), false},
		{"sin(x + y) + cos(x + y) + (x*y - 1)^2", false, math.NaN(), false},
	} {
		p := problemOf(t, c.formula, "")
		p.Max = c.max
		a := solved(t, p, Options{Certificate: true, Timeout: 3 * time.Second})
		if waves := strings.Contains(strings.Join(a.Proof, ";"), "sum of waves"); waves != c.waves {
			t.Errorf("%s: %s, the proof is %v", c.formula, a.Status, a.Proof)
			continue
		}
		if !c.waves {
			continue
		}
		if a.Status != Certified || a.Value != c.value {
			t.Errorf("%s: %s %v, want %v", c.formula, a.Status, a.Value, c.value)
		}
		consistent(t, c.formula, p, a)
		var b bytes.Buffer
		if _, err := a.Certificate.WriteTo(&b); err != nil {
			t.Fatal(err)
		}
		if r, err := verify.Check(context.Background(), &b); err != nil || !r.Valid {
			t.Errorf("%s: %v %+v", c.formula, err, r)
		}
	}
}

// Problem 25 of Hock and Schittkowski, 1981: a sum of 99 squares whose zeros are proved one by
// one, as exp(-((-50 log c)^(2/3))^(3/2)/50) = c.
func TestClosedFormOfLongSum(t *testing.T) {
	t.Parallel()
	p := problemOf(t, "sum((exp(-(25 + (-50*log(i/100))^(2/3) - y)^z/x) - i/100)^2, i, 1, 99)", "x=1/10:100,y=0:25.6,z=0:5")
	a, err := Solve(context.Background(), p, Options{Timeout: time.Minute})
	if err != nil || a.Status != Exact || !a.ExactValue.IsNum(0) || a.Value != 0 {
		t.Errorf("%v %s %v", err, a.Status, a.Value)
	}
}
