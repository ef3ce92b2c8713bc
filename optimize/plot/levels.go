package plot

import (
	"math"
	"slices"
)

// levels returns about n levels between the lowest and the highest of the values, with
// two digits each. When most values are near the lowest, compared with the highest,
// the distances from the lowest grow in geometric progression; when the lower half has
// more than half of the ground they grow as squares; otherwise the levels are equally far
// apart, at multiples of a round number.
func levels(values [][]float64, n int) []float64 {
	var v []float64
	for _, row := range values {
		for _, y := range row {
			if !math.IsNaN(y) {
				v = append(v, y)
			}
		}
	}
	if len(v) == 0 {
		return nil
	}
	slices.Sort(v)
	lo, hi := v[0], v[len(v)-1]
	if !(hi-lo > 1e-12*math.Abs(hi)) {
		return nil
	}
	near, median := v[len(v)/100]-lo, v[len(v)/2]-lo
	var out []float64
	add := func(level, gap float64) {
		if level = round2(level, gap); level > lo && level < hi && (len(out) == 0 || level > out[len(out)-1]) {
			out = append(out, level)
		}
	}
	switch {
	case median < (hi-lo)/5 && near > 0:
		ratio := math.Pow((hi-lo)/near, 1/float64(n))
		for i := range n {
			far := near * math.Pow(ratio, float64(i))
			add(lo+far, far)
		}
	case median < 0.45*(hi-lo): // the levels of a paraboloid, equally far apart on the ground
		for i := range n {
			u := float64(i+1) / float64(n+1)
			add(lo+(hi-lo)*u*u, (hi-lo)*u/float64(n+1))
		}
	default:
		a := Axis{Min: lo, Max: hi}
		for _, t := range a.Ticks(n) {
			if t.Label != "" {
				add(t.Value, math.Inf(1))
			}
		}
	}
	return out
}

// round2 rounds v to a multiple of the power of ten that leaves gap two digits.
func round2(v, gap float64) float64 {
	if math.IsInf(gap, 1) {
		return v
	}
	exp := int(math.Floor(math.Log10(gap))) - 1
	return scale10(math.Round(v/scale10(1, exp)), exp)
}
