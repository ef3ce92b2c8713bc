package kkt

import (
	"math"
	"testing"

	"nabla/expr"
	"nabla/expr/interval"
	"nabla/optimize/global/internal/model"
)

// TestViolation measures conditions that are not defined, whatever the others are, and that have no slope at a point of the
// region.
func TestViolation(t *testing.T) {
	for _, c := range []struct {
		conditions []string // that are not positive
		x, want    float64
	}{
		{[]string{"x - 3", "x - 1"}, 2, 1},
		{[]string{"x/x - 3", "x - 1"}, 0, math.Inf(1)},
		{[]string{"x - 1", "log(x)"}, 0, math.Inf(1)},
		{[]string{"sqrt(x) - 1", "x - 1"}, 0, 0},
		{[]string{"2 - sqrt(x)", "x - 1"}, 0, 2},
		{[]string{"2 - sqrt(x - 4)", "x - 8"}, 4, 2},
	} {
		m := &model.Model{F: expr.MustParse("x"), Vars: []string{"x"}, N: 1, Outer: []interval.I{interval.Whole}}
		m.Inner = m.Outer
		for _, g := range c.conditions {
			m.Cons = append(m.Cons, model.Constraint{G: expr.MustParse(g)})
		}
		if err := m.Compile(); err != nil {
			t.Fatal(c.conditions, err)
		}
		l, err := NewLagrangian(m)
		if err != nil {
			t.Fatal(c.conditions, err)
		}
		if got := l.Violation([]float64{c.x}); got != c.want {
			t.Errorf("%v at %v: %v, want %v", c.conditions, c.x, got, c.want)
		}
	}
}
