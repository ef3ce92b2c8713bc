package check

import (
	"fmt"

	"nabla/expr"
)

// GradientClaim judges claims about the partial derivatives of f, one a
// variable.
func GradientClaim(f expr.Expr, claims []expr.Expr, vars []string, o Options) ([]Result, error) {
	if len(claims) != len(vars) {
		return nil, fmt.Errorf("%d claims for the %d variables %v", len(claims), len(vars), vars)
	}
	out := make([]Result, len(vars))
	for i, x := range vars {
		out[i] = Claim(f, claims[i], x, o)
	}
	// Components in the wrong order are one mistake, not several.
	for i := range out {
		if out[i].Verdict != Different {
			continue
		}
		for j := range out {
			if j != i && Equal(claims[i], out[j].Expected, Options{Mutants: -1}).Verdict == Same {
				out[i].Mistakes = append([]Mistake{{
					Kind: "partial-other-variable", Where: plain(f), At: f, Proved: true, Score: 1,
					Says: fmt.Sprintf("this is the derivative by %s: the components are in another order", vars[j]),
				}}, without(out[i].Mistakes, "partial-other-variable")...)
				rescale(out[i].Mistakes)
				break
			}
		}
	}
	return out, nil
}

func without(list []Mistake, kind string) []Mistake {
	var out []Mistake
	for _, m := range list {
		if m.Kind != kind {
			out = append(out, m)
		}
	}
	return out
}

// rescale makes the scores add up to at most 1.
func rescale(list []Mistake) {
	sum := 0.0
	for _, m := range list {
		sum += m.Score
	}
	for i := range list {
		if sum > 1 {
			list[i].Score /= sum
		}
	}
}
