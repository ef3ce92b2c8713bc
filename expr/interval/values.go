package interval

import "math"

// DigammaValue returns ψ(x), the middle of its enclosure: NaN at the poles 0, -1, -2, ….
func DigammaValue(x float64) float64 {
	switch {
	case x != x || x < -math.MaxFloat64 || isPole(x):
		return math.NaN()
	case x > math.MaxFloat64:
		return x
	}
	return digammaAt(x).Mid()
}

// TrigammaValue returns ψ'(x), the middle of its enclosure: +Inf at the poles 0, -1, -2, ….
func TrigammaValue(x float64) float64 {
	switch {
	case x != x || x < -math.MaxFloat64:
		return math.NaN()
	case isPole(x):
		return math.Inf(1)
	case x > math.MaxFloat64:
		return 0
	case x < 0:
		return trigammaNegative(I{x, x}).Mid()
	}
	return trigammaPositive(I{x, x}).Mid()
}
