package global

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"nabla/optimize/global/internal/corpus"
)

// Minima that are known by construction are not missed, nor passed.
func TestPlantedUnderConditions(t *testing.T) {
	r := rand.New(rand.NewPCG(77, 6))
	proved := 0
	const problems = 60
	for range problems {
		formula, bounds, conditions, p := corpus.Planted(r, 2+r.IntN(2))
		bounds += "|" + strings.Join(conditions, ";")
		a := solved(t, problemOf(t, formula, bounds), Options{})
		switch a.Status {
		case Exact, Certified:
			proved++
			if math.Abs(a.Value) > 1e-8 {
				t.Errorf("%s %s: %s %v, but 0 at %v", formula, bounds, a.Status, a.Value, p)
			}
		case Local, Failed:
		default:
			t.Errorf("%s %s: %s %v, but 0 at %v", formula, bounds, a.Status, a.Value, p)
		}
	}
	if proved < problems*3/4 {
		t.Errorf("%d of %d proved", proved, problems)
	}
}
