package global

import (
	"context"
	"math"
	"math/big"
	"math/rand/v2"

	"nabla/expr/number"
	"nabla/optimize/global/internal/model"
	"nabla/optimize/global/internal/sos"
)

// maxLeading is the number of variables up to which leading terms are looked at.
const maxLeading = 6

// leadingPaths returns curves x_i = s_i t^k_i along which a polynomial falls without end:
// those of its terms that have the highest order in t are negative at the point s, exactly.
// Such points are found by walks downhill on the sphere.
func (s *session) leadingPaths(ctx context.Context) []*path {
	if s.m.N > maxLeading || !s.isPolynomial() {
		return nil
	}
	f := s.polynomial().num
	n := s.m.N
	levels := []int64{0, 1, -1, 2, 3}
	if n > 3 {
		levels = levels[:2]
	}
	total := 1
	for range n {
		total *= len(levels)
	}
	var list []*path
	r := rand.New(rand.NewPCG(s.o.Seed, 3))
	for j := 1; j < total && ctx.Err() == nil && len(list) < 4; j++ {
		k := make([]int64, n)
		for i, rest := 0, j; i < n; i++ {
			k[i] = levels[rest%len(levels)]
			rest /= len(levels)
		}
		lead, order := f.Leading(k)
		if order <= 0 || lead.PositiveTerms() {
			continue
		}
		point := negativePoint(lead, n, r, func(x []float64) { s.turnInward(x, k) })
		if point == nil {
			continue
		}
		p := &path{c: make([]number.Number, n), s: make([]number.Number, n), k: make([]number.Number, n)}
		for i := range n {
			p.s[i], p.k[i] = number.FromRat(point[i]), number.Int(k[i])
		}
		if p.stays(s) {
			list = append(list, p)
		}
	}
	return list
}

// turnInward makes x the start of a curve x_i t^k_i that no bound of the region stops, as far as signs do.
func (s *session) turnInward(x []float64, k []int64) {
	for i, in := range s.m.Inner {
		switch lo, hi := model.Finite(in.Lo), model.Finite(in.Hi); {
		case k[i] <= 0:
		case lo && hi:
			x[i] = 0
		case lo:
			x[i] = math.Abs(x[i])
		case hi:
			x[i] = -math.Abs(x[i])
		}
	}
}

// negativePoint looks for a rational point at which the polynomial is negative, among those that inward leaves as they are, nil where
// it finds none.
func negativePoint(f sos.Polynomial, n int, r *rand.Rand, inward func([]float64)) []*big.Rat {
	const walks, steps = 12, 40
	best, at := 0.0, make([]float64, n)
	value := f.Func()
	x, y := make([]float64, n), make([]float64, n)
	for range walks {
		for i := range x {
			x[i] = r.NormFloat64()
		}
		inward(x)
		unit(x)
		v := value(x)
		size := 0.5
		for range steps {
			for i := range y {
				y[i] = x[i] + size*r.NormFloat64()
			}
			inward(y)
			unit(y)
			if w := value(y); w < v {
				v = w
				copy(x, y)
			} else {
				size *= 0.8
			}
		}
		if v < best {
			best = v
			copy(at, x)
		}
	}
	if !(best < -1e-9) {
		return nil
	}
	// The simplest multiple that is rational.
	most := 0.0
	for _, v := range at {
		most = math.Max(most, math.Abs(v))
	}
	for _, d := range []int64{1, 2, 3, 4, 6, 8, 12, 16, 64, 1024, 1 << 20} {
		for _, by := range [...]int64{1, d} { // of terms of one degree, all multiples are as good
			point := make([]*big.Rat, n)
			for i, v := range at {
				point[i] = big.NewRat(int64(math.Round(v/most*float64(d))), by)
			}
			if f.At(point).Sign() < 0 {
				return point
			}
		}
	}
	return nil
}

// unit makes the length of x 1.
func unit(x []float64) {
	s := 0.0
	for _, v := range x {
		s += v * v
	}
	if s = math.Sqrt(s); s > 0 {
		for i := range x {
			x[i] /= s
		}
	}
}
