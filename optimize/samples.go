package optimize

import (
	"math"
	"math/rand/v2"
)

// additive is a low-discrepancy sequence in the unit cube: the fractional parts of
// k·α with αᵢ = φ⁻ⁱ and φ the root of φⁿ⁺¹ = φ + 1, the golden ratio for n = 1
// (Roberts 2018, "The unreasonable effectiveness of quasirandom sequences"). It fills
// the cube evenly at every length and needs no tables.
type additive struct {
	alpha, at []float64
}

// newAdditive begins the sequence at a point drawn from seed; seed 0 begins at the
// centre.
func newAdditive(n int, seed uint64) *additive {
	phi := 2.0
	for i := 0; i < 60; i++ {
		phi = math.Pow(1+phi, 1/float64(n+1))
	}
	s := &additive{make([]float64, n), make([]float64, n)}
	random := rand.New(rand.NewPCG(seed, 2))
	for i := range s.alpha {
		s.alpha[i] = math.Mod(math.Pow(1/phi, float64(i+1)), 1)
		s.at[i] = 0.5
		if seed != 0 {
			s.at[i] = random.Float64()
		}
	}
	return s
}

// next writes the next point to u, in [0, 1)ⁿ.
func (s *additive) next(u []float64) {
	for i, a := range s.alpha {
		u[i] = s.at[i]
		s.at[i] += a
		s.at[i] -= math.Floor(s.at[i])
	}
}

// spread places points of the unit cube in the region that Auto looks at: evenly
// between finite bounds; where a side is open, around the start at scales that
// change from point to point.
type spread struct {
	bounds []Bound
	centre []float64
}

// spreadScales are in units of max(1, |centre|). The first is the commonest.
var spreadScales = [...]float64{1, 10, 2, 0.1, 5, 100}

func (s *spread) place(x, u []float64, k int) {
	scale := spreadScales[k%len(spreadScales)]
	for i, v := range u {
		b := NoBound
		if s.bounds != nil {
			b = s.bounds[i]
		}
		c := s.centre[i]
		size := math.Max(1, math.Abs(c))
		w := b.Width()
		// In a box of a thousand sizes every other point looks around the start.
		if w <= 1e3*size || w <= math.MaxFloat64 && k%2 == 0 {
			x[i] = b.Clip(b.Lo + v*w)
			continue
		}
		y := c + scale*size*(2*v-1)
		switch {
		case y < b.Lo:
			y = b.Lo + math.Min(b.Lo-y, w)
		case y > b.Hi:
			y = b.Hi - math.Min(y-b.Hi, w)
		}
		x[i] = b.Clip(y)
	}
}
