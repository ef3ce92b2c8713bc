package trace

import (
	"sync/atomic"

	"gonum.org/v1/gonum/mat"

	"nabla/optimize"
)

// A Recorder collects the iterates of a run, every one or, where that would be
// too many, every m-th and the last. The zero Recorder keeps all of them.
type Recorder struct {
	Trace Trace
	// Every keeps each iterate whose number is a multiple of it; 0 means 1.
	Every int
	// Most is how many iterates are left at most when the run is done: every m-th
	// with m of 1, 2, 5, 10, 20, 50 …, and the last. 0 means no limit.
	Most int

	count atomic.Int64
	last  Iterate
	any   bool
}

// Note takes an iterate: a value for the field Trace of optimize.Options.
func (r *Recorder) Note(it optimize.Iterate) {
	s := Of(it)
	s.Evaluations = r.Evaluations()
	r.Add(s)
}

// Add takes an iterate that may be kept.
func (r *Recorder) Add(it Iterate) {
	r.last, r.any = it, true
	if r.Every <= 0 {
		r.Every = 1
	}
	if it.K%r.Every != 0 {
		return
	}
	t := &r.Trace
	// Ten times as many are kept as are wanted, and then every tenth of them, so
	// that every m-th is there whatever m turns out to be.
	if t.Iterates = append(t.Iterates, it); r.Most <= 0 || len(t.Iterates) <= 10*r.Most {
		return
	}
	r.Every *= 10
	kept := t.Iterates[:0]
	for _, s := range t.Iterates {
		if s.K%r.Every == 0 {
			kept = append(kept, s)
		}
	}
	clear(t.Iterates[len(kept):])
	t.Iterates = kept
}

// Done returns what was recorded. The last iterate is always there.
func (r *Recorder) Done() *Trace {
	t := r.Trace
	if n := len(t.Iterates); r.any && (n == 0 || t.Iterates[n-1].K != r.last.K) {
		t.Iterates = append(t.Iterates[:n:n], r.last)
	}
	if r.Most > 0 {
		return t.Thin(r.Most + 1)
	}
	return &t
}

// Evaluations returns how many evaluations the Objective has counted.
func (r *Recorder) Evaluations() int { return max(0, int(r.count.Load())) }

// Objective returns o with every evaluation counted: one for the value, the
// gradient or both at a point, and one a variable for a Hessian, which is what a
// Hessian by differences of the gradient would take. Gradients of some rows of a sum count
// as one when all rows have had their turn; such an objective has no Hessian. Minimize looks at the start
// once before the method does; that is not counted.
func (r *Recorder) Objective(o optimize.Objective) optimize.Objective {
	r.count.Store(-1)
	c := counted{o, &r.count}
	fg, graded := o.(optimize.FuncGrader)
	h, curved := o.(optimize.Hessianer)
	rows, summed := o.(optimize.Summed)
	switch {
	case graded && summed:
		return struct {
			counted
			countedGrader
			*countedRows
		}{c, countedGrader{fg, c.n}, &countedRows{s: rows, n: c.n}}
	case summed:
		return struct {
			counted
			*countedRows
		}{c, &countedRows{s: rows, n: c.n}}
	case graded && curved:
		return struct {
			counted
			countedGrader
			countedHessianer
		}{c, countedGrader{fg, c.n}, countedHessianer{h, c.n, o.Dim()}}
	case graded:
		return struct {
			counted
			countedGrader
		}{c, countedGrader{fg, c.n}}
	case curved:
		return struct {
			counted
			countedHessianer
		}{c, countedHessianer{h, c.n, o.Dim()}}
	}
	return c
}

type counted struct {
	o optimize.Objective
	n *atomic.Int64
}

func (c counted) Dim() int { return c.o.Dim() }

func (c counted) Func(x []float64) float64 {
	c.n.Add(1)
	return c.o.Func(x)
}

func (c counted) Grad(g, x []float64) {
	c.n.Add(1)
	c.o.Grad(g, x)
}

type countedGrader struct {
	fg optimize.FuncGrader
	n  *atomic.Int64
}

func (c countedGrader) FuncGrad(g, x []float64) float64 {
	c.n.Add(1)
	return c.fg.FuncGrad(g, x)
}

type countedHessianer struct {
	h   optimize.Hessianer
	n   *atomic.Int64
	dim int
}

func (c countedHessianer) Hess(h *mat.SymDense, x []float64) {
	c.n.Add(int64(c.dim))
	c.h.Hess(h, x)
}

// countedRows counts the gradients of rows.
type countedRows struct {
	s    optimize.Summed
	n    *atomic.Int64
	seen int // rows since the last whole gradient
}

func (c *countedRows) Rows() int { return c.s.Rows() }

func (c *countedRows) GradRows(g, x []float64, rows []int) {
	if c.seen += len(rows); c.seen >= c.s.Rows() {
		c.seen -= c.s.Rows()
		c.n.Add(1)
	}
	c.s.GradRows(g, x, rows)
}
