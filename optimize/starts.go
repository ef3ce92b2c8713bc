package optimize

import (
	"math"
	"slices"
	"sort"
)

// sample is an evaluated point.
type sample struct {
	x []float64
	f float64
}

// sampled evaluates f at points spread over the region and returns those where it is
// finite. At least one is, if the search finds any.
func (a *auto) sampled(start []float64, f float64) []sample {
	if a.n == 1 {
		return a.grid(start[0])
	}
	var found []sample
	if f <= math.MaxFloat64 {
		found = append(found, sample{start, f})
	}
	want := min(200*a.n, 2000)
	if a.n > 100 {
		want = 20
	}
	if a.opt.Starts == 1 && len(found) > 0 {
		return found
	}
	seq := newAdditive(a.n, a.opt.Seed)
	place := spread{a.bounds, start}
	u := make([]float64, a.n)
	// A domain may be a small part of the region: go on until something is defined.
	for k := 0; (k < want || len(found) == 0 && k < 20*want) && !a.over(); k++ {
		x := make([]float64, a.n)
		seq.next(u)
		place.place(x, u, k)
		switch v := a.value(x); {
		case math.IsInf(v, -1):
			a.points = append(a.points, Point{X: x, F: v, Status: Unbounded, Count: 1})
			return append(found, sample{x, v})
		case v <= math.MaxFloat64:
			found = append(found, sample{x, v})
		}
	}
	return found
}

// promising chooses starts among samples: from the lowest up, those that have no
// lower one near by (multi-level single linkage, Rinnooy Kan and Timmer 1987), then the
// rest.
func (a *auto) promising(samples []sample, most int) []sample {
	order := slices.Clone(samples)
	sort.SliceStable(order, func(i, j int) bool { return order[i].f < order[j].f })
	if len(order) > 4*most {
		order = order[:4*most]
	}
	size := make([]float64, a.n)
	for i := range size {
		lo, hi := math.Inf(1), math.Inf(-1)
		for _, s := range samples {
			lo, hi = math.Min(lo, s.x[i]), math.Max(hi, s.x[i])
		}
		size[i] = math.Max(hi-lo, math.SmallestNonzeroFloat64)
	}
	// Half the typical distance of neighbours.
	near := 0.5 * math.Pow(float64(len(samples)), -1/float64(a.n))
	var first, rest []sample
	for _, s := range order {
		alone := true
		for _, p := range first {
			d := 0.0
			for i := range size {
				d = math.Max(d, math.Abs(s.x[i]-p.x[i])/size[i])
			}
			if d < near {
				alone = false
				break
			}
		}
		if alone {
			first = append(first, s)
		} else {
			rest = append(rest, s)
		}
	}
	return append(first, rest...)
}

// enough is the Bayesian stopping rule: w distinct minimisers after t searches mean
// that about w(t-1)/(t-w-2) exist.
func (a *auto) enough() bool {
	t, w := a.searches, len(a.points)
	return t > w+2 && float64(w*(t-1))/float64(t-w-2) < float64(w)+0.5
}

// scan looks along each variable in turn through the best point for lower valleys and
// searches from there, as long as that helps. It finds its way through functions that
// are nearly sums of functions of one variable, whose minima are too many to start at.
func (a *auto) scan() {
	const points = 48
	if a.n > 100 {
		return
	}
	x := make([]float64, a.n)
	along, values := make([]float64, points), make([]float64, points)
	place := spread{a.bounds, a.start}
	u := make([]float64, a.n)
	for round := 0; round < 2; round++ {
		improved := false
		for i := 0; i < a.n && !a.over() && a.work < 2*workBudget; i++ {
			best := a.lowest()
			if best == nil || best.Status == Unbounded {
				return
			}
			copy(x, best.X)
			for k := range along {
				u[i] = (float64(k) + 0.5) / points
				place.place(x, u, k/2*len(spreadScales)) // the scale 1 throughout
				along[k] = x[i]
			}
			copy(x, best.X)
			slices.Sort(along)
			for k, v := range along {
				x[i] = v
				values[k] = a.value(x)
			}
			found, low := math.NaN(), best.F-1e-9*math.Max(1, math.Abs(best.F))
			for k := 1; k+1 < points; k++ {
				if !(values[k] <= values[k-1] && values[k] <= values[k+1]) || along[k-1] <= best.X[i] && best.X[i] <= along[k+1] {
					continue
				}
				v, f := Brent(func(v float64) float64 { x[i] = v; return a.value(x) }, along[k-1], along[k+1], 1e-4, func(float64, float64) bool { return !a.over() })
				if f < low {
					found, low = v, f
				}
			}
			if found == found {
				copy(x, best.X)
				x[i] = found
				a.local(x, false)
				improved = true
			}
			a.work += points
		}
		if !improved {
			return
		}
	}
}
