package univariate

import (
	"fmt"
	"math"

	"nabla/expr"
	"nabla/expr/interval"
	"nabla/optimize/global/internal/exact"
)

// A rest is a part of a formula written as an end of its range and what is left: a fraction
// u - floor(u) is w or 1 - w, and atan(u) is -pi/2 + w or pi/2 - w, for some w > 0 or w ≥ 0.
type rest struct {
	of   expr.Expr // u, or atan(u)
	name expr.Expr // w
	ends [2]expr.Expr
	most [2]strict // what w is in
}

// maxRests is the most of them for which all ways to write a formula are tried.
const maxRests = 3

// inRests is strictly for f - v, written with the rests of its parts in the way for which the
// lower end comes out highest: the ends of their ranges may cancel each other, and v, exactly.
func (l *line) inRests(f, v expr.Expr, over interval.I) strict {
	out := l.strictly(l.T.Sub(f, v), over)
	if l.formalPowers(f) {
		return out
	}
	ring := l.RingFor(exact.Start)
	var rests []rest
	for way := 0; way == 0 || way < 1<<min(len(rests), maxRests); way++ {
		var g expr.Expr
		g, rests = l.withRests(f, way, over, rests)
		if len(rests) == 0 {
			return out
		}
		vars := map[expr.Expr]strict{l.Var: {over, true, true}}
		for i := range rests {
			vars[rests[i].name] = rests[i].most[way>>i&1]
		}
		if s := l.strictlyWith(ring.Build(ring.Expand(l.T.Sub(g, v))), vars); s.Lo > out.Lo || s.Lo == out.Lo && s.loOpen {
			out = s
		}
	}
	return out
}

// withRests returns the tidy formula f with the rests of its parts, number i from the lower end
// of its range or, if bit i of way is set, from the upper one; new ones are added to the list.
func (l *line) withRests(f expr.Expr, way int, over interval.I, rests []rest) (expr.Expr, []rest) {
	t := l.T
	of := func(part expr.Expr, ends func() (r rest, ok bool)) (expr.Expr, bool) {
		i := 0
		for i < len(rests) && rests[i].of != part {
			i++
		}
		if i == len(rests) {
			r, ok := ends()
			if !ok {
				return expr.Expr{}, false
			}
			r.of, r.name = part, t.Pool().Var(fmt.Sprintf("%s_%d", l.Name, i))
			rests = append(rests, r)
		}
		if r := &rests[i]; way>>i&1 == 1 {
			return t.Sub(r.ends[1], r.name), true
		} else {
			return t.Add(r.ends[0], r.name), true
		}
	}
	fraction := func(u expr.Expr) expr.Expr {
		w, _ := of(u, func() (rest, bool) {
			unit := interval.New(0, 1)
			return rest{ends: [2]expr.Expr{t.Int(0), t.Int(1)}, most: [2]strict{{unit, false, true}, {unit, true, false}}}, true
		})
		return w
	}
	g := expr.Fold(f, func(n expr.Expr, args []expr.Expr) expr.Expr {
		if u, ok := l.stepArgument(n); ok {
			switch n.Func().Name {
			case "floor":
				return t.Sub(u, fraction(u))
			case "ceil":
				return t.Add(u, fraction(t.Neg(u)))
			case "round":
				unit := strict{I: interval.New(0, 1)}
				w, _ := of(n, func() (rest, bool) {
					return rest{ends: [2]expr.Expr{t.Int(0), t.Int(1)}, most: [2]strict{unit, unit}}, true
				})
				return t.Sub(u, w)
			case "mod":
				return t.Mul(n.Arg(1), fraction(u))
			}
		}
		if n.Op() == expr.Call && n.Has(l.Name) && n.Func().Monotone != 0 {
			if v, ok := of(n, func() (rest, bool) { return l.betweenLimits(n, over) }); ok {
				return v
			}
		}
		return expr.Remake(n, t, args, nil)
	})
	return g, rests
}

// betweenLimits returns what is left of a call of a monotone function above its infimum, and
// below its supremum; false where one is not finite. It takes neither value.
func (l *line) betweenLimits(n expr.Expr, over interval.I) (r rest, ok bool) {
	values := l.strictly(n, over)
	for i := range r.ends {
		text := n.Func().Limits[i]
		if n.Func().Monotone < 0 {
			text = n.Func().Limits[1-i]
		}
		if text == "" || text == "inf" || text == "-inf" {
			return r, false
		}
		r.ends[i] = l.Consts.Simplify(l.T.Tidy(l.T.Pool().Import(expr.MustParse(text))))
		w := values.Sub(l.Consts.Enclose(r.ends[i]))
		if i == 1 {
			w = w.Neg()
		}
		r.most[i] = strict{I: interval.New(math.Max(w.Lo, 0), w.Hi), loOpen: w.Lo <= 0}
	}
	return r, true
}
