// Package trace keeps the walk of a method of optimisation as a value: every point
// it accepted, to be written to a file, read back, or drawn.
//
// A Recorder collects a Trace while a method runs; its Note is a value for
// optimize.Options.Trace, and its Objective counts the evaluations. A Writer puts
// a walk into a file as it goes, without keeping it. Both forms of file, CSV and JSON
// Lines, hold every number with the digits that give the same float64 back.
//
// Notation: k counts the iterates from 0, the start; x is a point, f the value and
// g the gradient there.
package trace

import (
	"slices"

	"nabla/optimize"
)

// A Trace is the walk of one method on one function.
type Trace struct {
	Formula   string // as text, "" if unknown
	Variables []string
	Method    string // name in the table of methods, "" if unknown
	Iterates  []Iterate
}

// An Iterate is one point of a walk.
type Iterate struct {
	K        int
	X        []float64
	F        float64
	Gradient []float64 // nil for methods that use none
	Step     float64   // the rate or the length that led to X; 0 if the method has none
	// Evaluations is how many evaluations of f, of its gradient or of both
	// together had been made by then; 0 where they were not counted.
	Evaluations int
}

// Of copies an iterate of a running method.
func Of(it optimize.Iterate) Iterate {
	return Iterate{K: it.N, X: slices.Clone(it.X), F: it.F, Gradient: slices.Clone(it.Grad), Step: it.Step}
}

// Last returns the last iterate, the zero Iterate if there is none.
func (t *Trace) Last() Iterate {
	if len(t.Iterates) == 0 {
		return Iterate{}
	}
	return t.Iterates[len(t.Iterates)-1]
}

// Values returns f at each iterate.
func (t *Trace) Values() []float64 {
	v := make([]float64, len(t.Iterates))
	for i, it := range t.Iterates {
		v[i] = it.F
	}
	return v
}

// Thin returns the trace with at most n iterates, n ≥ 2: every m-th, with the
// smallest m of 1, 2, 5, 10, 20, 50 … that is enough, and always the last. The
// iterates are shared with t.
func (t *Trace) Thin(n int) *Trace {
	out := *t
	for every := 1; len(out.Iterates) > max(n, 2); {
		every = rounder(every)
		out.Iterates = nil
		for i, it := range t.Iterates {
			if it.K%every == 0 || i == len(t.Iterates)-1 {
				out.Iterates = append(out.Iterates, it)
			}
		}
		if every > 1<<27 {
			out.Iterates = out.Iterates[len(out.Iterates)-min(len(out.Iterates), max(n, 2)):]
		}
	}
	return &out
}

// rounder returns the next of 1, 2, 5, 10, 20, 50 …
func rounder(n int) int {
	p := 1
	for n >= 10*p {
		p *= 10
	}
	switch n / p {
	case 1:
		return 2 * p
	case 2:
		return 5 * p
	}
	return 10 * p
}
