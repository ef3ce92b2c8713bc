package optimize

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// A Kind is what a stationary point is.
type Kind uint8

// The kinds of stationary points, as far as second derivatives tell.
const (
	Undecided Kind = iota // second derivatives vanish in some direction, or cannot be had
	Minimum               // strict local minimum: the Hessian is positive definite
	Maximum               // strict local maximum: the Hessian is negative definite
	Saddle                // f rises in some directions and falls in others
)

// String names the kind in words: "saddle point".
func (k Kind) String() string {
	switch k {
	case Minimum:
		return "minimum"
	case Maximum:
		return "maximum"
	case Saddle:
		return "saddle point"
	}
	return "stationary point of unknown kind"
}

// Stationary is what second derivatives say about a stationary point. It is a
// numerical judgement in floats, not a proof.
type Stationary struct {
	Kind Kind
	// Eigenvalues of the Hessian on the variables that are not held by a bound,
	// ascending.
	Eigenvalues []float64
	// Leave is a point near by where f is lower, found along the direction of most
	// negative curvature; nil where there is none. (After maximising: where f is higher.)
	Leave []float64
}

// classifyLimit is the number of variables up to which Classify finds eigenvalues;
// the time grows with its cube (0.1 s at 300).
const classifyLimit = 300

// Classify tells what kind of point the stationary point x of o is, by the
// eigenvalues of its Hessian, taken by differences of the gradient where o has no
// Hessian. Variables at a bound against which the gradient presses are held fixed.
// An eigenvalue counts as zero below 1e-8 of the largest (1e-5 with differences).
func Classify(o Objective, x []float64, bounds []Bound) Stationary {
	st, _ := classify(o, x, bounds, nil)
	return st
}

func classify(o Objective, x []float64, bounds []Bound, domain func([]float64) bool) (Stationary, Evaluations) {
	n := o.Dim()
	if n > classifyLimit {
		return Stationary{}, Evaluations{}
	}
	bounds, err := checkBounds(bounds, n)
	if err != nil || len(x) != n {
		return Stationary{}, Evaluations{}
	}
	r := newRun(o, x, bounds, domain, Stop{}, nil, 0)
	st := r.classify(x)
	return st, r.count
}

func (r *Run) classify(x []float64) Stationary {
	n, bounds := len(x), r.bounds
	g := make([]float64, n)
	if f := r.FuncGrad(x, g); f-f != 0 {
		return Stationary{}
	}
	h := mat.NewSymDense(n, nil)
	if !r.Hess(h, x, g) {
		return Stationary{}
	}
	tol := 1e-8
	if !r.HasHessian() {
		tol = 1e-5
	}
	var free []int
	for i, v := range g {
		if bounds != nil && (x[i] <= bounds[i].Lo && v >= 0 || x[i] >= bounds[i].Hi && v <= 0) {
			continue
		}
		free = append(free, i)
	}
	if len(free) == 0 {
		for _, v := range g {
			if v == 0 {
				return Stationary{}
			}
		}
		return Stationary{Kind: Minimum}
	}
	hf := mat.NewSymDense(len(free), nil)
	for a, i := range free {
		for b := a; b < len(free); b++ {
			hf.SetSym(a, b, h.At(i, free[b]))
		}
	}
	var eig mat.EigenSym
	if !eig.Factorize(hf, true) {
		return Stationary{}
	}
	st := Stationary{Eigenvalues: eig.Values(nil)}
	low, high := st.Eigenvalues[0], st.Eigenvalues[len(free)-1]
	cut := tol * math.Max(math.Abs(low), math.Abs(high))
	var vec mat.Dense
	eig.VectorsTo(&vec)
	switch {
	case low > cut:
		// Curvature alone makes no minimum: on exp(-x) the gradient fades with it. The
		// Newton step must be short too.
		if newtonStep(&vec, st.Eigenvalues, g, free) <= 1e-3*size(x) {
			st.Kind = Minimum
		}
	case high < -cut && len(free) == n:
		st.Kind = Maximum
	case low < -cut && (high > cut || len(free) < n):
		st.Kind = Saddle
	}
	if low < -cut {
		st.Leave = leave(r, x, free, vec.ColView(0))
	}
	return st
}

// size returns max(1, ‖x‖∞), the length against which steps from x are judged.
func size(x []float64) float64 {
	s := 1.0
	for _, v := range x {
		s = math.Max(s, math.Abs(v))
	}
	return s
}

// newtonStep returns the length of the Newton step on the free variables.
func newtonStep(vec *mat.Dense, values, g []float64, free []int) float64 {
	s := 0.0
	for j, v := range values {
		d := 0.0
		for a, i := range free {
			d += vec.At(a, j) * g[i]
		}
		s += d * d / (v * v)
	}
	return math.Sqrt(s)
}

// leave looks along ±v from x for a lower point, first at a hundredth of the size
// of x, then nearer.
func leave(r *Run, x []float64, free []int, v mat.Vector) []float64 {
	f := r.Func(x)
	y := make([]float64, len(x))
	for t := 0.01 * size(x); t > 1e-9*size(x); t /= 10 {
		var found []float64
		low := f
		for _, dir := range [...]float64{1, -1} {
			copy(y, x)
			for a, i := range free {
				y[i] += dir * t * v.AtVec(a)
			}
			r.Project(y)
			if fy := r.Func(y); fy < low {
				low = fy
				found = append(found[:0], y...)
			}
		}
		if found != nil {
			return found
		}
	}
	return nil
}

// differenceHessian writes to h the Hessian at x by differences of the gradient
// (g is its value at x): central where the bounds leave room, one-sided otherwise.
// work holds 3n numbers. It reports false where a gradient is not finite.
func differenceHessian(h *mat.SymDense, x, g []float64, bounds []Bound, work []float64, grad func(x, g []float64)) bool {
	n := len(x)
	y, up, down := work[:n], work[n:2*n], work[2*n:3*n]
	copy(y, x)
	raw := h.RawSymmetric()
	for i := 0; i < n; i++ {
		fill(raw.Data[i*raw.Stride+i:i*raw.Stride+n], 0)
	}
	for j := 0; j < n; j++ {
		step := differenceStep * math.Max(math.Abs(x[j]), 1)
		b := NoBound
		if bounds != nil {
			b = bounds[j]
		}
		hi, lo := b.Clip(x[j]+step), b.Clip(x[j]-step)
		if hi == lo {
			continue
		}
		copy(up, g)
		copy(down, g)
		if hi > x[j] {
			y[j] = hi
			grad(y, up)
		}
		if lo < x[j] {
			y[j] = lo
			grad(y, down)
		}
		y[j] = x[j]
		upOK, downOK := finite(up), finite(down)
		switch {
		case upOK && downOK:
		case upOK:
			copy(down, g)
			lo = x[j]
		case downOK:
			copy(up, g)
			hi = x[j]
		}
		if hi == lo || !upOK && !downOK {
			return false
		}
		for i := 0; i < n; i++ {
			d := (up[i] - down[i]) / (hi - lo)
			a, c := min(i, j), max(i, j)
			if i == j {
				raw.Data[a*raw.Stride+c] = d
			} else {
				raw.Data[a*raw.Stride+c] += d / 2
			}
		}
	}
	return true
}

func finite(x []float64) bool {
	for _, v := range x {
		if v-v != 0 {
			return false
		}
	}
	return true
}
