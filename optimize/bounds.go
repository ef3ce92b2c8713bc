package optimize

import (
	"fmt"
	"math"
)

// A Bound is the closed interval in which one variable stays. An end may be
// infinite.
type Bound struct{ Lo, Hi float64 }

// NoBound is the Bound that does not bind.
var NoBound = Bound{math.Inf(-1), math.Inf(1)}

// Has reports whether v lies in the interval, ends included.
func (b Bound) Has(v float64) bool { return b.Lo <= v && v <= b.Hi }

// Clip returns the point of the interval nearest to v.
func (b Bound) Clip(v float64) float64 {
	if v < b.Lo {
		return b.Lo
	}
	if v > b.Hi {
		return b.Hi
	}
	return v
}

// Free reports whether both ends are infinite.
func (b Bound) Free() bool { return math.IsInf(b.Lo, -1) && math.IsInf(b.Hi, 1) }

// Width returns Hi - Lo, which may be infinite.
func (b Bound) Width() float64 { return b.Hi - b.Lo }

// checkBounds says what is wrong with bounds for n variables. It returns nil
// bounds where none binds, so that "has bounds" is one test.
func checkBounds(bounds []Bound, n int) ([]Bound, error) {
	if len(bounds) == 0 {
		return nil, nil
	}
	if len(bounds) != n {
		return nil, fmt.Errorf("optimize: %d bounds for %d variables", len(bounds), n)
	}
	binds := false
	for i, b := range bounds {
		switch {
		case math.IsNaN(b.Lo) || math.IsNaN(b.Hi):
			return nil, fmt.Errorf("optimize: bound %d is not a number: [%g, %g]", i, b.Lo, b.Hi)
		case b.Lo > b.Hi || math.IsInf(b.Lo, 1) || math.IsInf(b.Hi, -1):
			return nil, fmt.Errorf("optimize: bound %d is empty: [%g, %g]", i, b.Lo, b.Hi)
		}
		binds = binds || !b.Free()
	}
	if !binds {
		return nil, nil
	}
	return bounds, nil
}

func inside(bounds []Bound, x []float64) bool {
	for i, b := range bounds {
		if !(b.Lo <= x[i] && x[i] <= b.Hi) {
			return false
		}
	}
	return true
}

func project(bounds []Bound, x []float64) {
	for i, b := range bounds {
		if x[i] < b.Lo {
			x[i] = b.Lo
		} else if x[i] > b.Hi {
			x[i] = b.Hi
		}
	}
}

// projectedGradient returns ‖P(x-g) - x‖∞ with P the projection on the bounds:
// zero exactly where x satisfies the first-order conditions for a minimum inside
// them, and ‖g‖∞ without bounds. It is NaN if g has a NaN.
func projectedGradient(bounds []Bound, x, g []float64) float64 {
	m := 0.0
	if bounds == nil {
		for _, v := range g {
			if v = math.Abs(v); !(v <= m) {
				m = v
			}
		}
		return m
	}
	for i, v := range g {
		if v = math.Abs(projected(bounds, i, x[i], v)); !(v <= m) {
			m = v
		}
	}
	return m
}

// relativeGradient is projectedGradient without units: each component is multiplied by
// max(1, |xᵢ|)/max(1, |f|), about the relative change of f when a variable changes by
// its own size, and cut off at the distance to the bound in units of max(1, |xᵢ|).
func relativeGradient(bounds []Bound, x, g []float64, f float64) float64 {
	m, scale := 0.0, math.Max(1, math.Abs(f))
	for i, v := range g {
		unit := math.Max(1, math.Abs(x[i]))
		v = v / scale * unit
		if bounds != nil {
			switch b := bounds[i]; {
			case v > 0:
				v = math.Min(v, (x[i]-b.Lo)/unit)
			case v < 0:
				v = math.Max(v, (x[i]-b.Hi)/unit)
			}
		}
		if v = math.Abs(v); !(v <= m) {
			m = v
		}
	}
	return m
}

// projected cuts component i of a gradient off where the bound is nearer.
func projected(bounds []Bound, i int, x, g float64) float64 {
	if bounds == nil {
		return g
	}
	switch b := bounds[i]; {
	case g > 0:
		return math.Min(g, x-b.Lo)
	case g < 0:
		return math.Max(g, x-b.Hi)
	}
	return g
}
