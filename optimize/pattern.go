package optimize

import "math"

// Pattern is a direct search: it compares values along ±n orthogonal directions
// around the best point, moves to a lower one and doubles the radius, or halves the
// radius where there is none. The frame of directions turns with every poll, so that
// together they lie densely and a kink does not stop the search for ever, as fixed
// directions do (Audet and Dennis 2006; the frames are Householder reflections as
// in OrthoMADS, Abramson et al. 2009). It uses values only, keeps inside bounds,
// and is slow but hard to fool: for kinks, jumps and noise in up to about 20 variables.
type Pattern struct {
	Radius    float64 // first radius relative to max(1, |xᵢ|) (bounds: to their width, if finite); 0 means 0.1
	Tolerance float64 // relative radius at which it ends; 0 means 1e-12
}

// Minimize runs the search.
func (m Pattern) Minimize(r *Run) error {
	x := r.Start()
	f := r.Func(x)
	radius := orDefault(m.Radius, 0.1)
	if r.Done(Iterate{X: x, F: f, Step: radius}) {
		return nil
	}
	p := newPoll(r, x, f, radius)
	p.run(orDefault(m.Tolerance, 1e-12))
	return nil
}

// poll is the state of a direct search.
type poll struct {
	r            *Run
	x            []float64 // best point
	f            float64
	radius       float64
	scale        []float64 // of each variable
	y, q         []float64
	normal       func() float64
	first        bool // the first frame is the coordinate directions
	axis, sign   int  // direction that last succeeded
	failuresEach int  // polls without success before the radius is halved
}

func newPoll(r *Run, x []float64, f, radius float64) *poll {
	n := len(x)
	p := &poll{r: r, x: append([]float64(nil), x...), f: f, radius: radius,
		scale: make([]float64, n), y: make([]float64, n), q: make([]float64, n),
		normal: r.Rand().NormFloat64, first: true, failuresEach: 2}
	for i, v := range x {
		p.scale[i] = math.Max(1, math.Abs(v))
		if r.bounds != nil {
			if w := r.bounds[i].Width(); w < p.scale[i] {
				p.scale[i] = w
			}
		}
	}
	if n == 1 {
		p.failuresEach = 1
	}
	return p
}

// run searches until the radius is at most tol and finishes the run.
func (p *poll) run(tol float64) {
	for p.radius > tol {
		improved := false
		for i := 0; i < p.failuresEach && !improved; i++ {
			improved = p.around()
			if p.r.Over() {
				return
			}
		}
		if !improved {
			p.radius /= 2
			continue
		}
		if p.r.Done(Iterate{X: p.x, F: p.f, Step: p.radius}) {
			return
		}
		p.radius = math.Min(2*p.radius, 1e6)
	}
	p.r.Finish()
}

// around polls one frame and moves to the first lower point, or farther along the same line.
func (p *poll) around() bool {
	n := len(p.x)
	frame := !p.first && n > 1
	p.first = false
	if frame {
		norm := 0.0
		for i := range p.q {
			p.q[i] = p.normal()
			norm += p.q[i] * p.q[i]
		}
		norm = math.Sqrt(norm)
		for i := range p.q {
			p.q[i] /= norm
		}
	}
	for a := 0; a < n; a++ {
		for _, sign := range [...]float64{1, -1} {
			p.place(frame, a, sign*p.radius)
			f := p.r.Func(p.y)
			if p.r.Over() {
				return false
			}
			if !(f < p.f) {
				continue
			}
			low := append([]float64(nil), p.y...)
			lowF := f
			for t := 2 * p.radius; t <= 64*p.radius; t *= 2 {
				p.place(frame, a, sign*t)
				if f = p.r.Func(p.y); !(f < lowF) {
					break
				}
				copy(low, p.y)
				lowF = f
			}
			copy(p.x, low)
			p.f = lowF
			return true
		}
	}
	return false
}

// place puts into y the point at distance t from x along column a of the frame
// I - 2qqᵀ, in units of the scales, projected on the bounds.
func (p *poll) place(frame bool, a int, t float64) {
	if !frame {
		copy(p.y, p.x)
		p.y[a] += t * p.scale[a]
	} else {
		for i, v := range p.x {
			e := -2 * p.q[i] * p.q[a]
			if i == a {
				e++
			}
			p.y[i] = v + t*e*p.scale[i]
		}
	}
	p.r.Project(p.y)
}
