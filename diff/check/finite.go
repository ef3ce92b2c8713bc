package check

import (
	"math"

	"gonum.org/v1/gonum/diff/fd"

	"nabla/expr"
	"nabla/expr/tape"
)

// A Row compares a derivative with a difference quotient at one point.
type Row struct {
	Point      []Coordinate
	Wrt        string
	Derivative float64
	Quotient   float64
	// RelError is |Derivative - Quotient| relative to the larger of the two and
	// of |f|/max(1, |x|), so that a derivative of 0 is not judged by rounding
	// errors.
	RelError float64
	Step     float64
}

// Finite compares d, which is to be the derivative of f by wrt, with central
// difference quotients (package fd of gonum) at points, which default to five of
// the domain. The step at each point is chosen from what the function does
// there: see bestStep. Rows at which f has no values on both sides are left out.
func Finite(f, d expr.Expr, wrt string, points [][]Coordinate, o Options) ([]Row, error) {
	s, err := newSampler(question{claim: d, truth: d, base: f, wrt: wrt, o: o})
	if err != nil {
		return nil, err
	}
	if points == nil {
		s.draw(8)
		for _, p := range s.points[:min(5, len(s.points))] {
			points = append(points, s.coordinates(p.x))
		}
	}
	prog, err := tape.Compile(s.vars, f, d)
	if err != nil {
		return nil, err
	}
	m := prog.NewMachine()
	var rows []Row
	x, out := make([]float64, len(s.vars)), make([]float64, 2)
	for _, p := range points {
		at := -1
		for i, v := range s.vars {
			for _, c := range p {
				if c.Var == v {
					x[i] = c.Value.Float64()
				}
			}
			if v == wrt {
				at = i
			}
		}
		m.Eval(out, x)
		value, derivative := out[0], out[1]
		x0 := 0.0
		if at >= 0 {
			x0 = x[at]
		}
		along := func(t float64) float64 {
			if at >= 0 {
				x[at] = t
			}
			m.Eval(out, x)
			return out[0]
		}
		h, ok := bestStep(along, x0, value)
		if !ok {
			continue
		}
		q := fd.Derivative(along, x0, &fd.Settings{Formula: fd.Central, Step: h})
		if at >= 0 {
			x[at] = x0
		}
		scale := max(math.Abs(derivative), math.Abs(q), math.Abs(value)/max(1, math.Abs(x0)))
		e := math.Abs(derivative - q)
		if scale > 0 {
			e /= scale
		}
		rows = append(rows, Row{p, wrt, derivative, q, e, h})
	}
	return rows, nil
}

// epsilon is the relative rounding error of one operation.
const epsilon = 0x1p-53

// bestStep returns the step of a central difference quotient of f at x0 for
// which the sum of both errors is estimated smallest: rounding, which is the
// error of f over h, and truncation, which shows as the change of the quotient
// when h is halved. It looks at steps from the size of x down, over 40 powers of
// two, so a function that varies on a scale of its own finds it.
func bestStep(f func(float64) float64, x0, value float64) (float64, bool) {
	best, least := 0.0, math.Inf(1)
	previous := math.NaN()
	h := math.Ldexp(1, math.Ilogb(max(math.Abs(x0), 0x1p-10))-1)
	if x0 == 0 {
		h = 1
	}
	for range 44 {
		q := fd.Derivative(f, x0, &fd.Settings{Formula: fd.Central, Step: h})
		if !math.IsNaN(q) && !math.IsInf(q, 0) {
			noise := 2 * epsilon * (math.Abs(value) + math.Abs(q*x0)) / h
			if e := math.Abs(q-previous) + noise; e < least {
				best, least = h, e
			}
			previous = q
		}
		h /= 2
	}
	return best, best > 0
}
