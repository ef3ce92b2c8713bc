package oracle

import (
	"math"

	"gonum.org/v1/gonum/mat"

	"nabla/expr/interval"
)

// bowl looks for a minimiser by Newton's method from the start, proves it, and
// returns the curvature of the box around the ball of all points that are no farther
// from it than the start, if f is strictly convex there; nil otherwise. A walk that
// contracts never leaves that ball.
func (o *Oracle) bowl(start, g []float64, bounds []interval.I) *Curvature {
	x := o.newton(start, g)
	if x == nil {
		return nil
	}
	_, gx, ok := o.gradient(x)
	if !ok {
		return nil
	}
	// A zero of the gradient lies within ‖g‖/μ of x when the curvature is at least μ
	// in a ball of twice that radius. The gradient itself is enclosed, for the float
	// has its rounding errors.
	o.m.Interval(o.out, o.dec, points(x))
	slope := 0.0
	for i := range gx {
		slope = math.Hypot(slope, o.out[1+i].Mag())
	}
	slope *= 1 + margin
	near, ok := o.Over(ball(x, 1e-6*(1+norm(x))))
	if !ok || !(near.Low > 0) {
		return nil
	}
	off := slope / near.Low
	if !(2*off <= 1e-6*(1+norm(x))) {
		return nil
	}
	d := 0.0
	for i := range x {
		d = math.Hypot(d, x[i]-start[i])
	}
	region := ball(x, d*(1+margin)+2*off)
	for i, b := range bounds {
		if !region[i].In(b) {
			return nil
		}
	}
	c, ok := o.Over(region)
	if !ok || !(c.Low > 0) {
		return nil
	}
	return c
}

func points(x []float64) []interval.I { return ball(x, 0) }

// ball returns the box around the points within r of x.
func ball(x []float64, r float64) []interval.I {
	b := make([]interval.I, len(x))
	for i, v := range x {
		b[i] = interval.Point(v)
		if r > 0 {
			b[i] = b[i].Add(interval.New(-r, r))
		}
	}
	return b
}

// newton returns a point where the gradient nearly vanishes and the Hessian is
// positive definite, nil if it finds none. It is a guess to be proved.
func (o *Oracle) newton(start, g []float64) []float64 {
	if o.n > maxDense {
		return nil
	}
	x, size := append([]float64(nil), start...), norm(g)
	h := mat.NewSymDense(o.n, nil)
	var chol mat.Cholesky
	step := mat.NewVecDense(o.n, nil)
	for range 60 {
		if _, _, ok := o.gradient(x); !ok {
			return nil
		}
		h.Zero()
		for k, e := range o.entries {
			v := o.values[1+o.n+k]
			if v-v != 0 {
				return nil
			}
			h.SetSym(e.Row, e.Col, v)
		}
		if !chol.Factorize(h) || chol.SolveVecTo(step, mat.NewVecDense(o.n, append([]float64(nil), o.values[1:1+o.n]...))) != nil {
			return nil
		}
		moved := false
		for t := 1.0; t > 1e-4; t /= 2 {
			y := make([]float64, o.n)
			for i := range y {
				y[i] = x[i] - t*step.AtVec(i)
			}
			if _, gy, ok := o.gradient(y); ok && norm(gy) < size {
				x, size, moved = y, norm(gy), true
				break
			}
		}
		if !moved {
			return x
		}
	}
	return x
}
