package univariate

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"nabla/expr"
	"nabla/optimize/global/internal/corpus"
	"nabla/optimize/global/internal/exact"
	"nabla/optimize/global/minimum"
)

func TestUnivariateCorpus(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, q := range slices.Concat(corpus.Questions, corpus.Farther) {
		p := &Question{F: expr.MustParse(q.Formula), Var: "x", Bound: corpus.Bound(q.Lo, q.Hi), Max: q.Max}
		name := q.Formula + " on " + q.Lo + ":" + q.Hi
		a := Solve(context.Background(), p)
		if a.Status != q.Status {
			t.Errorf("%s: %s %v at %v %v, want %s %s", name, a.Status, a.Value, a.At, a.Warnings, q.Status, q.Value)
			continue
		}
		if len(a.Proof) == 0 || len(a.Warnings) > 0 {
			t.Errorf("%s: proof %q, warnings %q", name, a.Proof, a.Warnings)
		}
		if why := refuteIfPlain(p, a, r); why != "" {
			t.Errorf("%s: %s", name, why)
		}
		c := exact.NewConstants(simplifier())
		want := c.Enclose(c.T.Tidy(expr.MustParse(q.Value))).Mid()
		if q.Status == minimum.Unbounded {
			if math.IsInf(a.Value, 1) != q.Max || a.Witness == nil {
				t.Errorf("%s: value %v, witness %v", name, a.Value, a.Witness)
			}
			continue
		}
		if !(math.Abs(a.Value-want) <= 1e-11*(1e-9+math.Abs(want))+1e-12*math.Min(1, math.Abs(want)*1e12)) && !(a.Value == 0 && want == 0) {
			t.Errorf("%s: value %v, want %v", name, a.Value, want)
		}
		if a.Status == minimum.Exact {
			if !a.ExactValue.Valid() || len(a.ExactAt) != 1 || !a.ExactAt[0].Valid() {
				t.Errorf("%s: exact without closed forms", name)
				continue
			}
			h := c.Enclose(c.T.Pool().Import(a.ExactValue))
			if !h.Hull(h).Has(a.Value) && math.Abs(h.Mid()-a.Value) > 1e-14*math.Abs(a.Value) {
				t.Errorf("%s: the closed form is %v, the value %v", name, h, a.Value)
			}
		}
		if a.Status == minimum.NotAttained {
			if a.Approached != q.At || a.Attained {
				t.Errorf("%s: approached as %s, want %s", name, a.Approached, q.At)
			}
			continue
		}
		places := strings.Split(q.At, "; ")
		if len(places) != len(a.Minimisers) {
			t.Errorf("%s: %d minimisers %v, want %s", name, len(a.Minimisers), a.Minimisers, q.At)
			continue
		}
		for i, m := range a.Minimisers {
			if m.Family != "" {
				if m.Family != places[i] {
					t.Errorf("%s: minimisers %s, want %s", name, m.Family, places[i])
				}
				continue
			}
			x := c.Enclose(c.T.Tidy(expr.MustParse(places[i]))).Mid()
			if math.Abs(m.X[0]-x) > 2e-11*math.Max(1e-3, math.Abs(x)) {
				t.Errorf("%s: minimiser %v, want %v", name, m.X[0], x)
			}
		}
	}
}
