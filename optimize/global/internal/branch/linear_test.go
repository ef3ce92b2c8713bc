package branch

import (
	"math"
	"testing"
)

// A linear program that nothing satisfies drops a box while no point is known.
func TestRelaxWithoutPoint(t *testing.T) {
	s := searchOf(t, "x*y", "x=0:1,y=0:1", []string{"x + y - 0.5 <= 0", "0.9 - x*y - x <= 0"})
	s.cv.m.Interval(s.cv.out, nil, s.Outer)
	copy(s.cv.r, s.cv.m.Registers())
	s.relaxed = s.relaxation()
	lb := math.Inf(-1)
	if keep, _ := s.relax(s.Outer, &lb); keep {
		t.Error("the box was kept")
	}
}
