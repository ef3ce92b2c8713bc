package global

import (
	"math"
	"testing"
	"time"
)

// TestScaling has fits with a parameter too many, which are those with one less, and formulas that only look so.
func TestScaling(t *testing.T) {
	x, y := []float64{0.1, 0.5, 1, 2, 3, 4}, []float64{8.1, 4.4, 2.5, 1.3, 3.1, 6.2}
	for _, c := range []struct {
		model, bounds, less, lessBounds string
		method                          bool
	}{
		{"(a*T + b/(c + T/d))", "b=0.001:,c=0.001:,d=0.001:", "(a*T + b/(c + T))", "b=0.000001:,c=0.000001:", true},
		{"(a*T + b/(c + T/d))", "b=0.001:,c=0.001:,d=2:", "(a*T + b/(c + T))", "b=0.002:,c=0.002:", true},
		{"(a*T + b/(c + T/d))", "b=0.001:2,c=0.001:,d=2:", "(a*T + b/(c + T))", "b=0.002:,c=0.002:", false}, // b d has no upper bound all the same
	} {
		limit := 10 * time.Second
		if !c.method { // which nothing settles
			limit = time.Second / 3
		}
		a := solved(t, problemOf(t, sumOfSquares(c.model, x, y), c.bounds), Options{Timeout: limit})
		b := solved(t, problemOf(t, sumOfSquares(c.less, x, y), c.lessBounds), Options{})
		if b.Status != Certified || a.Status == Certified && math.Abs(a.Value-b.Value) > 1e-8 {
			t.Errorf("%s, %s: %s %v, %s %v", c.model, c.bounds, a.Status, a.Value, b.Status, b.Value)
		}
		if c.method != (a.Method == "scaling") {
			t.Errorf("%s, %s: %s by %s", c.model, c.bounds, a.Status, a.Method)
		}
	}
}
