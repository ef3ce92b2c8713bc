package branch

import (
	"context"
	"math"
	"testing"
)

// A function takes few values where variables occur in bounded arguments of step functions only.
func TestHasFewValues(t *testing.T) {
	for formula, want := range map[string]bool{
		"floor(x)*floor(y)/ceil(x + y)":   true,
		"sign(x) - 2sign(y)":              true,
		"if(floor(x) > 2, 1, round(x*y))": true,
		"floor(x) + y":                    false,
		"floor(x) + 0*sign(1/y)":          false, // the argument has no bound
		"if(x > y, 1, floor(x))":          false, // few values, but x and y occur elsewhere
		"floor(log(y))":                   false,
		"mod(x, 1)":                       false,
	} {
		s := searchOf(t, formula, "x=-3:5,y=0:7", nil)
		if got := s.hasFewValues(); got != want {
			t.Errorf("%s: %v", formula, got)
		}
	}
	if s := searchOf(t, "floor(x)", "x=-3:5", nil); !s.isStepwise() {
		t.Error("floor(x) is no function with steps")
	} else if s.Outer[0].Hi = math.Inf(1); s.hasFewValues() {
		t.Error("floor(x) takes few values for x >= -3")
	}
}

// Whole numbers with a product and a sum that are given are found among many.
func TestSearchSteps(t *testing.T) {
	for formula, least := range map[string]float64{
		"(floor(x)*floor(y) - 1591)^2 + (floor(x) + floor(y) - 80)^2":                            0,  // 37 and 43
		"abs(floor(x)^2 + ceil(y)^2 - round(z)^2) + abs(floor(x) - ceil(y) - 7)":                 0,  // 15, 8 and 17, among others
		"(floor(x/10) - 3)^2 + (floor(10y) - 34)^2 + (floor(x/10)*floor(10y) + sign(z - 100))^2": 10, // 0 and 34
	} {
		s := searchOf(t, formula, "x=1:60,y=1:60,z=1:60", nil)
		s.Begin(Options{}, s.Outer)
		s.Explore(context.Background(), Options{}, s.Outer)
		if !(s.Best.Hi <= least*(1+1e-12)) {
			t.Errorf("%s: %g at %v, want at most %g", formula, s.Best.Hi, s.BestX, least)
		}
	}
}
