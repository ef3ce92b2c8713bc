package branch

import (
	"context"
	"math"
	"math/rand/v2"
	"sort"

	"nabla/expr/interval"
	"nabla/optimize/global/internal/effort"
	"nabla/optimize/global/internal/model"
)

// Begin gives the search its first points.
func (b *Search) Begin(o Options, box []interval.I) {
	if o.Start != nil && len(o.Start) == b.N {
		b.Try(o.Start)
		b.Descend(o.Start)
	}
	region := make([]interval.I, b.N)
	for i := range region {
		region[i] = box[i].Meet(b.Inner[i])
		if region[i].IsEmpty() {
			region[i] = box[i]
		}
	}
	b.tryCorners(region)
	list := model.Starts(region, 8+8*b.N, o.Seed)
	type sample struct {
		x []float64
		f float64
	}
	var samples []sample
	for _, x := range list {
		if f := b.At(x); !math.IsNaN(f) {
			samples = append(samples, sample{x, f})
		}
	}
	sort.SliceStable(samples, func(i, j int) bool { return samples[i].f < samples[j].f })
	for i, x := range samples {
		if i >= 5 {
			break
		}
		if !b.Descend(x.x) {
			b.Try(x.x)
		}
	}
}

// tryCorners tries the corners of a bounded box: a walk does not find a value that f has at one
// of them only.
func (b *Search) tryCorners(box []interval.I) {
	const most = 6
	if b.N > most || !model.Bounded(box) {
		return
	}
	x := make([]float64, b.N)
	for corner := range 1 << b.N {
		for i, v := range box {
			if x[i] = v.Lo; corner>>i&1 == 1 {
				x[i] = v.Hi
			}
		}
		b.Try(x)
	}
}

// Explore looks for better points from many starts, and then by hops from the best
// one: moves of some or all variables, by a large or a small part of the box, with a
// walk downhill after each (basin hopping; Wales and Doye, J. Phys. Chem. A 101,
// 1997).
func (b *Search) Explore(ctx context.Context, o Options, box []interval.I) {
	ctx, cancel := effort.Share(ctx, 0.2)
	defer cancel()
	if b.isStepwise() {
		b.searchSteps(ctx, o, box)
		return
	}
	for _, x := range model.Starts(box, 20+20*b.N, o.Seed+1) {
		if b.Charge(ctx); ctx.Err() != nil {
			return
		}
		b.Descend(x)
	}
	if b.BestX == nil {
		return
	}
	r := rand.New(rand.NewPCG(o.Seed, 11))
	y := make([]float64, b.N)
	parts := [...]float64{0.3, 0.1, 0.03, 0.01}
	for k := 0; k < 60+60*b.N && ctx.Err() == nil; k++ {
		part := parts[k%len(parts)]
		for i := range y {
			y[i] = b.BestX[i]
			switch u := r.Float64(); {
			case k%3 == 0 && u > 2/float64(b.N):
			case k%3 == 1 && u < 0.3:
				y[i] = model.Stretch(r.Float64(), box[i])
			default:
				w := box[i].Width()
				if !model.Finite(w) {
					w = 10 * math.Max(1, math.Abs(y[i]))
				}
				y[i] += part * w * r.NormFloat64()
			}
			y[i] = model.ClipTo(y[i], box[i])
		}
		b.Descend(y)
		b.Charge(ctx)
	}
}
