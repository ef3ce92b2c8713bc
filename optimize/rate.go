package optimize

import (
	"fmt"
	"math"
)

// A Rate is a schedule of learning rates: At(k) is the rate of the step from
// iterate k to iterate k+1. Any first-order method takes one.
type Rate interface {
	At(k int) float64
}

// Constant is the same rate for ever.
type Constant float64

// At returns the rate.
func (c Constant) At(int) float64 { return float64(c) }

// Inverse falls as 1/k: First / (1 + Decay·k). With Decay > 0 its sum diverges
// and the sum of its squares does not, which is what stochastic descent needs to
// converge (Robbins and Monro 1951).
type Inverse struct{ First, Decay float64 }

// At returns the rate of step k.
func (s Inverse) At(k int) float64 { return s.First / (1 + s.Decay*float64(k)) }

// StepDown multiplies the rate by Factor every Every steps.
type StepDown struct {
	First, Factor float64
	Every         int
}

// At returns the rate of step k. An Every below 1 counts as 1.
func (s StepDown) At(k int) float64 {
	return s.First * math.Pow(s.Factor, float64(k/max(s.Every, 1)))
}

// Cosine falls from First to Last along half a period of the cosine over Steps
// steps, and stays at Last (Loshchilov and Hutter 2017, without restarts). In a
// run, Steps = 0 means the run's limit of iterations.
type Cosine struct {
	First, Last float64
	Steps       int
}

// At returns the rate of step k.
func (s Cosine) At(k int) float64 {
	if k >= s.Steps {
		return s.Last
	}
	return s.Last + (s.First-s.Last)*(1+math.Cos(math.Pi*float64(k)/float64(s.Steps)))/2
}

func (c Constant) String() string { return fmt.Sprintf("%g", float64(c)) }
func (s Inverse) String() string  { return fmt.Sprintf("%g/(1 + %g k)", s.First, s.Decay) }
func (s StepDown) String() string {
	return fmt.Sprintf("%g times %g every %d", s.First, s.Factor, s.Every)
}
func (s Cosine) String() string {
	return fmt.Sprintf("%g to %g by cosine in %d", s.First, s.Last, s.Steps)
}

func rateOr(r Rate, def float64) Rate {
	if r == nil {
		return Constant(def)
	}
	return r
}

// fitted returns rate with what it leaves to the run filled in.
func fitted(rate Rate, r *Run) Rate {
	if c, ok := rate.(Cosine); ok && c.Steps == 0 {
		c.Steps = r.stop.Iterations
		return c
	}
	return rate
}
