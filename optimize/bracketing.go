package optimize

import (
	"math"
	"slices"
	"sort"
)

// grid evaluates a function of one variable on a grid over the region and returns the
// points, ascending; where f is undefined its value is +Inf. It is nil if f is nowhere
// finite.
func (a *auto) grid(start float64) []sample {
	b := NoBound
	if a.bounds != nil {
		b = a.bounds[0]
	}
	var xs []float64
	add := func(x float64) {
		if b.Has(x) && x-x == 0 {
			xs = append(xs, x)
		}
	}
	add(start)
	add(b.Lo)
	add(b.Hi)
	const even = 400
	if w := b.Width(); w <= math.MaxFloat64 {
		for i := 0; i <= even; i++ {
			add(b.Lo + w*float64(i)/even)
		}
	}
	if w := b.Width(); !(w <= 1e3*math.Max(1, math.Abs(start))) {
		// Evenly around the start and the origin, geometrically farther out and near
		// the ends, from where functions are interesting to where they are far.
		size := math.Max(1, math.Abs(start))
		for _, c := range [...]float64{start, 0} {
			for i := -100; i <= 100; i++ {
				add(c + float64(i)*0.1*size)
			}
		}
		for _, c := range [...]float64{start, 0, b.Lo, b.Hi} {
			if math.IsInf(c, 0) {
				continue
			}
			for e := -18; e <= 36; e++ {
				d := math.Pow(10, float64(e)/6) * size
				add(c + d)
				add(c - d)
			}
		}
	}
	slices.Sort(xs)
	xs = slices.Compact(xs)
	samples := make([]sample, 0, len(xs))
	some := false
	for _, x := range xs {
		if a.over() {
			break
		}
		v := a.value([]float64{x})
		if math.IsInf(v, -1) {
			a.points = append(a.points, Point{X: []float64{x}, F: v, Status: Unbounded, Count: 1})
			return []sample{{[]float64{x}, v}}
		}
		some = some || v <= math.MaxFloat64
		samples = append(samples, sample{[]float64{x}, v})
	}
	if !some {
		return nil
	}
	return samples
}

// brackets searches between the neighbours of every grid point that is no higher than
// they are, from the lowest up. Where the lowest lies at the end of the grid and f
// goes on beyond, a local search follows it.
func (a *auto) brackets(samples []sample, most int) {
	if len(samples) == 1 && math.IsInf(samples[0].f, -1) {
		return
	}
	at := func(i int) float64 {
		if i < 0 || i >= len(samples) {
			return math.Inf(1)
		}
		return samples[i].f
	}
	var low []int
	for i := 0; i < len(samples); {
		// A level stretch counts as one point, the one nearest to the start.
		j := i
		near := i
		for j+1 < len(samples) && samples[j+1].f == samples[i].f {
			j++
			if math.Abs(samples[j].x[0]-a.start[0]) < math.Abs(samples[near].x[0]-a.start[0]) {
				near = j
			}
		}
		if samples[i].f <= math.MaxFloat64 && samples[i].f < at(i-1) && samples[i].f < at(j+1) {
			low = append(low, near)
		}
		i = j + 1
	}
	sort.SliceStable(low, func(i, j int) bool { return samples[low[i]].f < samples[low[j]].f })
	if most > 1 {
		most = max(most, 60)
	}
	for _, i := range low {
		if a.over() || a.searches >= most {
			break
		}
		s := samples[i]
		b := NoBound
		if a.bounds != nil {
			b = a.bounds[0]
		}
		atEnd := (i == 0 || i == len(samples)-1) && b.Lo < s.x[0] && s.x[0] < b.Hi
		if atEnd {
			a.local(s.x, false)
			continue
		}
		a.searches++
		lo, hi := s.x[0], s.x[0]
		if i > 0 {
			lo = samples[i-1].x[0]
		}
		if i+1 < len(samples) {
			hi = samples[i+1].x[0]
		}
		y := make([]float64, 1)
		lowest := math.Inf(1)
		x, f := Brent(func(v float64) float64 {
			y[0] = v
			fv := a.value(y)
			lowest = math.Min(lowest, fv)
			return fv
		}, lo, hi, 1e-10, func(float64, float64) bool { return !a.over() && !math.IsInf(lowest, -1) })
		a.work++
		if s.f < f {
			x, f = s.x[0], s.f
		}
		res := &Result{X: []float64{x}, F: f, Status: Converged, Reason: MethodFinished}
		if f < unboundedBelow {
			res.Status, res.Reason = Unbounded, NoReason
		}
		res.Grad = make([]float64, 1)
		if f-f == 0 {
			a.count.Grad++
			a.o.Grad(res.Grad, res.X)
		}
		a.keep(res)
	}
}
