package optimize

import (
	"math"
	"time"
)

// Stop holds the rules that end a run. A rule whose field is zero does not apply,
// except that a run with no limit of iterations, evaluations or time is
// ended after DefaultEvaluations, so that every run ends.
type Stop struct {
	Grad   float64 // ‖∇f‖∞ at or below this; inside bounds the projected gradient
	Step   float64 // ‖x_k - x_{k-1}‖∞ at or below this
	Change float64 // |f(x_k) - f(x_{k-1})| at or below this
	// Relative measures Grad as |∂f/∂xᵢ|·max(1, |xᵢ|)/max(1, |f|) (Dennis and Schnabel
	// 1983, section 7.2), and distances to bounds and Step by the size of x, Change by
	// max(1, |f|).
	Relative bool

	Iterations  int           // at most so many steps
	Evaluations int           // at most so many evaluations of f, and as many of its gradient
	Time        time.Duration // at most so long

	// Hopeless also ends a run that bounces, diverges or crawls as soon as that is
	// plain, instead of at the limit of iterations.
	Hopeless bool
}

// DefaultEvaluations ends runs that have no other limit.
const DefaultEvaluations = 10_000_000

// DefaultStop suits methods that converge fast: a relative gradient of 1e-8, 100,000
// iterations.
func DefaultStop() Stop {
	return Stop{Grad: 1e-8, Relative: true, Iterations: 100_000}
}

// small reports whether the gradient g at x, where f has the value f, meets the rule; pg
// is its projected norm.
func (s *Stop) small(bounds []Bound, x, g []float64, f, pg float64) bool {
	if s.Relative {
		return relativeGradient(bounds, x, g, f) <= s.Grad
	}
	return pg <= s.Grad
}

// scale is what changes of f are measured by at the value f.
func (s *Stop) scale(f float64) float64 {
	if s.Relative {
		return math.Max(1, math.Abs(f))
	}
	return 1
}

// rule returns the rule on step or change that is met by a step of length step to x and a
// change of f by change.
func (s *Stop) rule(x []float64, f, step, change float64) Reason {
	xscale := 1.0
	if s.Relative {
		xscale = size(x)
	}
	switch {
	case s.Step > 0 && step <= s.Step*xscale:
		return StepSmall
	case s.Change > 0 && math.Abs(change) <= s.Change*s.scale(f):
		return ChangeSmall
	}
	return NoReason
}
