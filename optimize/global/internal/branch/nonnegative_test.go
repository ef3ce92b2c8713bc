package branch

import (
	"math"
	"math/rand/v2"
	"testing"
)

// The conditions of Karush, Kuhn and Tucker: what is left of aim has no positive product with a column, and none at all with those used.
func TestNonNegative(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		m, k := 1+r.IntN(6), 1+r.IntN(12)
		columns, aim := make([][]float64, k), make([]float64, m)
		for i := range aim {
			aim[i] = r.NormFloat64()
		}
		for j := range columns {
			columns[j] = make([]float64, m)
			for i := range columns[j] {
				columns[j][i] = math.Round(3 * r.NormFloat64())
			}
		}
		u, rest := nonNegative(columns, aim)
		for j, c := range columns {
			w := dotFloats(c, rest)
			if u[j] < 0 || w > 1e-9 || u[j] > 0 && w < -1e-9 {
				t.Fatalf("columns %v, aim %v: weights %v, rest %v", columns, aim, u, rest)
			}
		}
	}
}
