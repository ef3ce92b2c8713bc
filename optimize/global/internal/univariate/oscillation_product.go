package univariate

import (
	"context"
	"fmt"
	"strings"

	"nabla/expr"
	"nabla/expr/format"
	"nabla/optimize/global/minimum"
)

// A waveFactor is a periodic factor of a product, with its least and its greatest
// value.
type waveFactor struct {
	speed expr.Expr // an angular speed of it: the others are rational multiples
	f     expr.Expr
	ends  [2]expr.Expr
}

// waveProduct answers for a product of waves whose angular speeds are linearly
// independent over the rationals. As for a sum of them, their phases come together as
// near as one likes to any, and so their values: the infimum is the least product of
// ends of their ranges. It is taken where all factors are at those ends at once, which
// is where a sum of them, with signs, is least.
func (s *study) waveProduct(ctx context.Context) *answer {
	l := s.l
	list, ok := s.waveFactors(ctx)
	if !ok {
		return nil
	}
	var least expr.Expr
	var corners []int // bit i: factor i is at its upper end
	for c := range 1 << len(list) {
		v := l.T.Int(1)
		for i := range list {
			v = l.T.Mul(v, list[i].ends[c>>i&1])
		}
		v = l.Consts.Simplify(v)
		k := -1
		if len(corners) > 0 {
			if k, ok = l.Consts.Compare(v, least); !ok {
				return nil
			}
		}
		switch {
		case k < 0:
			least, corners = v, []int{c}
		case k == 0:
			corners = append(corners, c)
		}
	}
	if k, ok := l.Consts.Sign(least); !ok || k == 0 {
		return nil // one factor alone decides
	}
	var at []expr.Expr
	for _, c := range corners {
		sum := make([]expr.Expr, len(list))
		for i := range list {
			if sum[i] = list[i].f; c>>i&1 == 1 {
				sum[i] = l.T.Neg(sum[i])
			}
		}
		q, ok := l.quasiperiodic(ctx, l.T.Add(sum...), 1)
		if !ok || len(q.waves) < 2 || !q.least.Valid() {
			return nil
		}
		z, sure := q.meets(l)
		if !sure {
			return nil
		}
		at = append(at, z...)
	}
	if !s.phases(least, l.Consts.Enclose(least), at, s.farEdges()...) {
		return nil
	}
	s.a.Method = "product of periodic functions"
	s.a.Proof = s.productProof(list)
	return s.a
}

// waveFactors returns the factors of the formula, those with commensurable periods
// in one.
func (s *study) waveFactors(ctx context.Context) (list []waveFactor, ok bool) {
	l := s.l
	f := l.tidyNode(l.raw)
	sign := l.T.Int(1)
	if f.Op() == expr.Neg {
		f, sign = f.Arg(0), l.T.Int(-1)
	}
	if f.Op() != expr.Mul {
		return nil, false
	}
	for _, n := range f.Args() {
		if !n.Has(l.Name) {
			sign = l.T.Mul(sign, n)
			continue
		}
		speeds, ok := l.angularSpeeds(n, true)
		if !ok || len(speeds) == 0 {
			return nil, false
		}
		at := -1
		for i := range list {
			if l.commensurable(list[i].speed, speeds[0]) {
				at = i
			}
		}
		if at < 0 {
			at = len(list)
			list = append(list, waveFactor{speed: speeds[0], f: l.T.Int(1)})
		}
		for _, a := range speeds {
			if !l.commensurable(list[at].speed, a) {
				return nil, false
			}
		}
		list[at].f = l.T.Mul(list[at].f, n)
	}
	if len(list) < 2 || len(list) > maxWaves {
		return nil, false
	}
	list[0].f = l.T.Mul(sign, list[0].f)
	for i := range list {
		for k := range list[i].ends {
			a := studied(ctx, &Question{F: list[i].f, Var: l.Name, Max: k == 1}).a
			if a.Status != minimum.Exact && a.Status != minimum.Certified || !a.everywhere || !a.ExactValue.Valid() {
				return nil, false
			}
			list[i].ends[k] = l.T.Pool().Import(a.ExactValue)
		}
	}
	return list, true
}

// productProof says why the infimum is a product of ends.
func (s *study) productProof(list []waveFactor) []string {
	l := s.l
	word, bound := "least", "infimum"
	if l.max {
		word, bound = "greatest", "supremum"
		list[0].f = l.T.Neg(list[0].f)
		list[0].ends = [2]expr.Expr{s.outExact(list[0].ends[1]), s.outExact(list[0].ends[0])}
	}
	var names []string
	for _, w := range list {
		names = append(names, fmt.Sprintf("%s between %s and %s", format.Text(w.f), format.Text(w.ends[0]), format.Text(w.ends[1])))
	}
	out := []string{
		fmt.Sprintf("f is a product of periodic functions, %s, whose periods have no common multiple: their angular speeds are linearly independent over the rationals", strings.Join(names, " and ")),
		fmt.Sprintf("so their phases come as near as you like to any given ones (Kronecker's theorem), and the %s of f is the %s product of ends of these ranges, %s", bound, word, format.Text(s.a.ExactValue)),
	}
	if s.a.Attained {
		return append(out, fmt.Sprintf("at %s all have these values, and together nowhere else", s.meetingText()))
	}
	return append(out, fmt.Sprintf("there is no %s at which all have these values at once, so f never has the value %s", l.Name, format.Text(s.a.ExactValue)))
}
