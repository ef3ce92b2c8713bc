package model

import (
	"math"

	"nabla/expr/interval"
)

// Starts returns k points spread over the box, the first in its middle: a Halton
// sequence, stretched over the line where the box has no end.
func Starts(box []interval.I, k int, seed uint64) [][]float64 {
	primes := []int{2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53}
	var list [][]float64
	for j := range k {
		x := make([]float64, len(box))
		for i := range x {
			u := 0.5
			if j > 0 {
				u = halton(j+int(seed%97), primes[i%len(primes)])
				if i >= len(primes) {
					u = math.Mod(u+0.618*float64(i), 1)
				}
			}
			x[i] = Stretch(u, box[i])
		}
		list = append(list, x)
	}
	return list
}

func halton(j, base int) float64 {
	f, u := 1.0, 0.0
	for j > 0 {
		f /= float64(base)
		u += f * float64(j%base)
		j /= base
	}
	return u
}

// Stretch maps u in (0, 1) to the interval b.
func Stretch(u float64, b interval.I) float64 {
	far := func(u float64) float64 { return 3 * u / (1 - u) }
	switch {
	case b.IsBounded():
		return b.Lo + u*(b.Hi-b.Lo)
	case math.IsInf(b.Lo, -1) && math.IsInf(b.Hi, 1):
		if u < 0.5 {
			return -far(1 - 2*u)
		}
		return far(2*u - 1)
	case math.IsInf(b.Hi, 1):
		return b.Lo + far(u)
	}
	return b.Hi - far(1-u)
}
