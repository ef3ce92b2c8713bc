package exact

import (
	"math"
	"testing"

	"nabla/expr"
	"nabla/expr/number"
	"nabla/expr/simplify"
)

// Roots of numbers are powers, or numbers.
func TestRootsOfNumbers(t *testing.T) {
	for _, c := range []struct{ e, want string }{
		{"root(32, 5)", "2"}, {"root(-32, 5)", "-2"}, {"root(1/16, 4)", "1/2"}, {"cbrt(-16)", "-2*2^(1/3)"}, {"root(2, 7)^7", "2"},
		{"root(-3, 5)*root(9, 5)^2", "-3"},
	} {
		if got := ClosedForm(expr.MustParse(c.e)); !expr.Equal(got, simplify.Tidy(expr.MustParse(c.want))) {
			t.Errorf("%s: %v, want %s", c.e, got, c.want)
		}
	}
}

func TestOctant(t *testing.T) {
	for n := int64(1); n < 200; n++ {
		for _, sine := range []bool{false, true} {
			f := func(c float64, sine bool) float64 {
				if sine {
					return math.Sin(c * math.Pi)
				}
				return math.Cos(c * math.Pi)
			}
			c := number.Frac(n, 23)
			of, ofSine, sign := octant(c, sine)
			want, got := f(c.Float64(), sine), sign.Float64()*f(of.Float64(), ofSine)
			if math.Abs(got-want) > 1e-12 || of.Sign() < 0 || of.Float64() > 0.25 {
				t.Errorf("%v, sine %v: %v times that of %v, sine %v", c, sine, sign, of, ofSine)
			}
		}
	}
}
