package optimize

import "math"

// kinked reports whether f seems to have a kink at x along d, a direction with ‖d‖∞ = 1:
// whether second differences shrink like the step, or slower, instead of its square. fx
// is f(x); value must answer +Inf where f is undefined.
//
// The steps are 1e-5 relative to the size of x, a sixteenth of that and a sixteenth
// again; of a smooth function both quotients are 256 as soon as the steps are short
// beside its features, at a kink 16, at the tip of a square root 4.
func kinked(value func(y []float64) float64, x, d, y []float64, fx float64) bool {
	second := func(t float64) float64 {
		s := -2 * fx
		for _, t := range [...]float64{t, -t} {
			for i, v := range x {
				y[i] = v + t*d[i]
			}
			s += value(y)
		}
		return s
	}
	t := 1e-5 * size(x)
	wide, middle, narrow := second(t), second(t/16), second(t/256)
	noise := 64 * 0x1p-52 * math.Abs(fx)
	return narrow > 100*noise && middle < 64*narrow && wide < 64*middle && wide <= math.MaxFloat64
}

// A pole is how f behaves on the way to a point.
type pole uint8

const (
	noPole    pole = iota
	slowPole       // falls by as much with each sixteenth of the distance, like log t
	steepPole      // falls at least twice as far as t^(-1/2) would, down to the spacing of floats, or beyond -1e100
)

// polar tells whether f seems to fall without end towards x along axis i from the side
// sign: at distances t = 1e-3, 1e-3/16, … down to the spacing of floats at x. Towards a
// kink or the tip of a root the falls shrink instead; a well that is only deep levels
// out. A coordinate below 1e-20 is taken for 0, where floats lie dense.
func polar(value func(y []float64) float64, x, y []float64, i int, sign float64) (pole, float64) {
	copy(y, x)
	at := x[i]
	if math.Abs(at) < 1e-20 {
		at = 0
	}
	least := math.Max(32*(math.Nextafter(math.Abs(at), math.Inf(1))-math.Abs(at)), 1e-290)
	kind := steepPole
	var before, fall float64
	k := 0
	for t := 1e-3 * math.Max(1, math.Abs(at)); t > least; t /= 16 {
		y[i] = at + sign*t
		v := value(y)
		if v < unboundedBelow {
			return steepPole, y[i]
		}
		if v-v != 0 {
			return noPole, 0
		}
		if k > 0 {
			f := before - v
			switch {
			case !(f > 1e-9*math.Abs(v)) || k > 1 && f < 0.99*fall:
				return noPole, 0
			case k > 1 && f < 4*fall:
				kind = slowPole
			}
			fall = f
		}
		before = v
		k++
	}
	if k < 6 {
		return noPole, 0
	}
	return kind, at + sign*least
}
