package tape

import (
	"fmt"
	"math"
	"testing"

	"nabla/expr"
)

func TestUndefined(t *testing.T) {
	for _, c := range []struct {
		f        string
		x        float64
		at       string // the formula that has no value; "" for none
		operands []float64
	}{
		{"1 + log(x - 3)", 2, "log(x - 3)", []float64{-1}},
		{"sqrt(x)*sin(x)", -4, "sqrt(x)", []float64{-4}},
		{"exp(1/x)", 0, "1/x", []float64{1, 0}},
		{"x^2/(x - 1)", 1, "x^2/(x - 1)", []float64{1, 0}},
		{"x^(1/3) + 1", -8, "x^(1/3)", []float64{-8, 1. / 3}},
		{"log(x)/sqrt(x - 2)", -1, "log(x)", []float64{-1}},
		{"if(x > 0, log(x), x)", -1, "", nil},
		{"if(x < 0, log(x), sqrt(x))", -1, "log(x)", []float64{-1}},
		{"if(log(x) < 0, 1, 2)", -1, "log(x)", []float64{-1}},
		{"if(x > 0 and log(x) < 0, 1, 2)", -1, "", nil},
		{"if(x > 0, log(x), 1) + sqrt(x)", -1, "sqrt(x)", []float64{-1}},
		{"exp(x)", 1000, "exp(x)", []float64{1000}},
		{"log(1 + exp(x))", 1000, "", nil},
		{"x + 1", 2, "", nil},
		{"x + 1", math.NaN(), "", nil},
		{"1/(x*x*1e-200)*1e-300", 1e-100, "1/(x*x*1e-200)*1e-300", nil},
	} {
		p := compile(t, []string{"x"}, c.f)
		e, operands, found := p.NewMachine().Undefined([]float64{c.x})
		if found != (c.at != "") {
			t.Errorf("%s at %v: found %v %v", c.f, c.x, found, e)
			continue
		}
		if !found {
			continue
		}
		if want := expr.MustParse(c.at); !expr.Equal(e, want) && c.operands != nil {
			t.Errorf("%s at %v: %v, want %v", c.f, c.x, e, want)
		}
		if c.operands != nil && fmt.Sprint(operands) != fmt.Sprint(c.operands) {
			t.Errorf("%s at %v: operands %v, want %v", c.f, c.x, operands, c.operands)
		}
	}
}
