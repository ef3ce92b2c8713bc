package simplify_test

import (
	"math"
	"math/rand"
	"strings"
	"testing"

	"nabla/expr"
	"nabla/expr/simplify"
)

// points yields maps from the variables of the formulas to coordinates: small
// whole and half numbers first, where identities fail most often, then others.
func points(rnd *rand.Rand, n int, formulas ...expr.Expr) []map[string]float64 {
	special := []float64{0, 1, -1, 2, -2, 0.5, -0.5, 3, -3, 4, -4, 0.25, -0.25, 1.5, -1.5, math.Pi, 10, -7.25}
	var names []string
	seen := map[string]bool{}
	for _, e := range formulas {
		for _, x := range e.Vars() {
			if !seen[x] {
				seen[x] = true
				names = append(names, x)
			}
		}
	}
	var out []map[string]float64
	for i := range n {
		at := map[string]float64{}
		for _, x := range names {
			switch {
			case len(names) == 1 && i < len(special):
				at[x] = special[i]
			case rnd.Intn(2) == 0:
				at[x] = special[rnd.Intn(len(special))]
			case rnd.Intn(2) == 0:
				at[x] = rnd.Float64()*2 - 1
			default:
				at[x] = rnd.NormFloat64() * 3
			}
		}
		out = append(out, at)
	}
	return out
}

func conditionsText(conditions []expr.Expr) string {
	parts := make([]string, len(conditions))
	for i, c := range conditions {
		parts[i] = c.String()
	}
	return strings.Join(parts, " and ")
}

// parseConditions reads conditions joined by " and ".
func parseConditions(t testing.TB, text string) []expr.Expr {
	if text == "" {
		return nil
	}
	var out []expr.Expr
	for _, part := range strings.Split(text, " and ") {
		c, err := expr.Reader{Conditions: true}.Expr(part)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, c)
	}
	return out
}

func TestIdentities(t *testing.T) {
	rnd := rand.New(rand.NewSource(1))
	n := 0
	for _, family := range identities {
		t.Run(family.family, func(t *testing.T) {
			for _, row := range family.rows {
				n++
				a, b := expr.MustParse(row.a), expr.MustParse(row.b)
				p := simplify.ProveEqual(a, b, simplify.Budget{})
				if !p.Equal {
					t.Errorf("%s = %s: not proved: %v, where %s", row.a, row.b, p.Why, conditionsText(p.Where))
					continue
				}
				want := parseConditions(t, row.conditions)
				same := len(want) == len(p.Conditions)
				for i := range want {
					same = same && expr.Equal(simplify.Tidy(want[i]), p.Conditions[i])
				}
				if !same {
					t.Errorf("%s = %s: proved under %q, expected %q", row.a, row.b, conditionsText(p.Conditions), row.conditions)
				}
				for _, at := range points(rnd, 200, a, b) {
					if hold(p.Conditions, at) && refutes(a, b, at) {
						t.Errorf("%s = %s is false at %v", row.a, row.b, at)
						break
					}
				}
				if q := simplify.ProveEqual(b, a, simplify.Budget{}); !q.Equal {
					t.Errorf("%s = %s is proved, but not %s = %s", row.a, row.b, row.b, row.a)
				}
			}
		})
	}
	t.Logf("%d identities", n)
}
