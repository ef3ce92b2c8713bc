package minimum

import (
	"math"
	"testing"

	"nabla/expr/interval"
)

func TestShown(t *testing.T) {
	for _, c := range []struct {
		v    interval.I
		want float64
	}{
		{interval.New(1, 3), 2}, {interval.New(-1e-30, 1), 0}, {interval.Point(-2), -2},
		{interval.New(math.MaxFloat64, math.Inf(1)), math.Inf(1)}, {interval.New(math.Inf(-1), -math.MaxFloat64), math.Inf(-1)},
	} {
		if got := Shown(c.v); got != c.want {
			t.Errorf("%v is shown as %v, want %v", c.v, got, c.want)
		}
	}
}

func TestCalled(t *testing.T) {
	if got, want := Called("f' = 0 where f is flat, so f(1) = -inf", "g"), "g' = 0 where g is flat, so g(1) = -inf"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// Points at which rounding leaves no value are left out, but for the first.
func TestWitnessShow(t *testing.T) {
	var w Witness
	for i, v := range []float64{math.NaN(), -1, math.Inf(-1), -5} {
		w.Show([]float64{float64(i)}, v)
	}
	if len(w.Points) != 3 || w.Values[1] != -1 || w.Values[2] != -5 || w.Points[2][0] != 3 {
		t.Errorf("points %v with values %v", w.Points, w.Values)
	}
}
