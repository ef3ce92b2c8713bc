package optimize

import (
	"math"
	"sync"
)

// batch is how many searches go side by side when the objective can be cloned. It is a
// constant, not the number of cores, so that the answer is the same on every machine.
const batch = 4

// multistart searches from the given points in their order until enough is found or
// most searches are made.
func (a *auto) multistart(from []sample, most int) {
	done := func() bool {
		return a.over() || a.searches >= most || a.work > workBudget || a.enough()
	}
	helpers := a.helpers()
	if helpers == nil {
		for _, s := range from {
			if done() {
				return
			}
			a.local(s.x, false)
		}
		return
	}
	for len(from) > 0 && !done() {
		k := min(len(from), batch, most-a.searches)
		var wait sync.WaitGroup
		for i, s := range from[:k] {
			wait.Add(1)
			go func() {
				defer wait.Done()
				h := helpers[i]
				defer func() { h.panicked = recover() }()
				h.points = nil
				h.local(s.x, false)
			}()
		}
		wait.Wait()
		for _, h := range helpers[:k] {
			a.gather(h)
		}
		from = from[k:]
	}
}

// helpers returns searches with clones of the objective, nil where it cannot be cloned or
// where evaluations must be counted or checked one after the other.
func (a *auto) helpers() []*auto {
	c, ok := a.given.(Cloner)
	if !ok || a.opt.Domain != nil || a.opt.Stop.Evaluations > 0 {
		return nil
	}
	list := make([]*auto, batch)
	for i := range list {
		h := &auto{ctx: a.ctx, o: c.Clone(), bounds: a.bounds, opt: a.opt, n: a.n, grad: a.grad,
			left: math.MaxInt, start: a.start, normal: a.normal, traced: true}
		if a.opt.Maximise {
			h.o = Negate(h.o)
		}
		list[i] = h
	}
	return list
}

// gather adds what a helper has found and what it cost.
func (a *auto) gather(h *auto) {
	if h.panicked != nil {
		panic(h.panicked) // of the objective; it belongs to the caller
	}
	a.count.add(h.count)
	a.undefined += h.undefined
	a.iter += h.iter
	a.work += h.work
	a.searches += h.searches
	h.count, h.undefined, h.iter, h.work, h.searches = Evaluations{}, 0, 0, 0, 0
	for _, p := range h.points {
		a.keep(&Result{X: p.X, F: p.F, Grad: p.Grad, Status: p.Status, Reason: p.Reason})
	}
}
