package verify

import (
	"testing"

	"nabla/optimize/global/certificate"
)

// Waves come near the sum of their least values, and do not have it, if their speeds are independent, they are defined far out, and 0 is
// not a place where all are lowest; other phases than rational multiples of π are not looked at.
func TestWaves(t *testing.T) {
	for _, c := range []struct {
		f, low string
		bounds [2]string
		ok     bool
	}{
		{"sin(x)+sin(sqrt(2)*x)", "-2", [2]string{}, true},
		{"sin(x)+3*sin(sqrt(2)*x+pi/3)+1/2", "-7/2", [2]string{}, true},
		{"cos(x)-sqrt(2)*cos(sqrt(2)*x)+sin(sqrt(3)*x)", "-2-sqrt(2)", [2]string{"0", ""}, true},
		{"sin(pi*x)+sin(x)", "-2", [2]string{}, true},
		{"sin(exp(2)*x)-sin(x)", "-2", [2]string{"", "5"}, true},
		{"sin(x)+sin(sqrt(2)*x)", "-2+1/10^9", [2]string{}, false},
		{"sin(x)+sin(sqrt(4)*x)", "-2", [2]string{}, false},
		{"sin(x)+sin((10^20+1)^(1/2)*x)+sin((10^40+2*10^20+1)^(1/4)*x)", "-3", [2]string{}, false},
		{"sin(x)+sin((1+sqrt(2)-sqrt(2))*x)", "-2", [2]string{}, false},
		{"cos(x)+cos(sqrt(2)*x)+cos(sqrt(8)*x)", "-3", [2]string{}, false},
		{"cos(x)+cos(pi*x)+cos((1+pi)*x)", "-3", [2]string{}, false},
		{"sin(x)+sin(log(1)*x)", "-2", [2]string{}, false},
		{"-cos(x)-cos(sqrt(2)*x)", "-2", [2]string{}, false},
		{"-cos(x-1)-cos(sqrt(2)*(x-1))", "-2", [2]string{}, false},
		{"sin(x)+sin(sqrt(2)*x)", "-2", [2]string{"-9", "9"}, false},
		{"sin(x)+sin(sqrt(2)*x)+sqrt(9-x^2)-sqrt(9-x^2)", "-2", [2]string{}, false},
		{"sin(x)+sin(sqrt(2)*x)+cos(x^2)", "-3", [2]string{}, false},
	} {
		left := fullEffort
		v := newVerifier(&certificate.Certificate{Formula: c.f, Variables: []string{"x"}, Bounds: [][2]string{c.bounds}, Exact: c.low}, &left)
		if err := v.read(); err != nil {
			t.Fatal(c.f, err)
		}
		if v.claim(); v.byWaves() != c.ok {
			t.Errorf("%s, above %s: %v", c.f, c.low, !c.ok)
		}
	}
}
