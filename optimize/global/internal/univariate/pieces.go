package univariate

import (
	"errors"
	"math"
	"slices"

	"nabla/diff"
	"nabla/expr"
	"nabla/expr/interval"
	"nabla/expr/number"
	"nabla/optimize/global/internal/exact"
)

// A piece is an open interval on which the formula is one smooth formula.
type piece struct {
	lo, hi exact.Spot
	// raw is the formula as it was written with the cases decided: abs(u) is u
	// or -u there. signs holds the signs that are known of formulas on the piece.
	raw   expr.Expr
	signs map[expr.Expr]int

	// ray is set on the pieces of one period that stands for a half-line on which
	// raw is periodic.
	ray *halfLine

	f, g expr.Expr // the tidy formula and its derivative
}

// A halfLine is one on which a formula is periodic, from (which is not part of
// it) up (+1) or down (-1): the pieces up to to, a little more than a period, stand
// for all of it.
type halfLine struct {
	from, to exact.Spot
	side     int
	step     expr.Expr
}

// holds reports whether z is proved to lie in the part that stands for the ray.
func (r *halfLine) holds(c *exact.Constants, z exact.Spot) bool {
	lo, hi := r.from, r.to
	if r.side < 0 {
		lo, hi = r.to, r.from
	}
	a, ok1 := c.CompareSpots(lo, z)
	b, ok2 := c.CompareSpots(z, hi)
	return ok1 && ok2 && (a < 0 || a == 0 && r.side < 0) && (b < 0 || b == 0 && r.side > 0)
}

// shorten makes one period stand for p, if p is a half-line and the formula is
// periodic there.
// With done it is defined on all of p.
func (l *line) shorten(p *piece, done bool) bool {
	if (p.lo.Inf == 0) == (p.hi.Inf == 0) || p.ray != nil {
		return false
	}
	part := *l
	if part.raw = p.raw; done {
		part.raw = l.T.Tidy(p.raw)
	}
	step, ok := part.findPeriod()
	if !ok {
		return false
	}
	part.period = step
	r := &halfLine{from: p.lo, step: step, side: 1}
	if p.lo.Inf != 0 {
		r.from, r.side = p.hi, -1
	}
	lo, hi, ok := part.window(p.lo, p.hi)
	if !ok {
		return false
	}
	p.lo, p.hi, p.ray = lo, hi, r
	r.to = hi
	if r.side < 0 {
		r.to = lo
	}
	return true
}

// maxPieces is the most pieces the line is cut into.
const maxPieces = 400

var (
	errPieces  = errors.New("the formula has too many pieces")
	errDomain  = errors.New("the natural domain could not be settled")
	errCases   = errors.New("where the cases of the formula change could not be settled")
	errFeature = errors.New("the formula has a function whose pieces are not known")
)

// cut returns the pieces of the line between lo and hi on which the formula is
// defined and smooth, in order, and the spots between them and at their ends.
func (l *line) cut(lo, hi exact.Spot) (pieces []piece, spots []exact.Spot, err error) {
	work := []piece{{lo: lo, hi: hi, raw: l.raw, signs: map[expr.Expr]int{}}}
	for _, s := range []exact.Spot{lo, hi} {
		if s.Inf == 0 {
			spots = append(spots, s)
		}
	}
	for steps := 0; len(work) > 0; steps++ {
		if steps > 40*maxPieces || len(pieces)+len(work) > maxPieces || l.Consts.Tired() {
			return nil, nil, errPieces
		}
		if l.ctx.Err() != nil {
			return nil, nil, l.ctx.Err()
		}
		p := work[len(work)-1]
		work = work[:len(work)-1]
		l.Consts.Spend(8 + 2*p.raw.Size())
		next, split, done, err := l.settlePiece(&p)
		if (done || err != nil) && l.shorten(&p, done) {
			spots = append(spots, p.ray.to)
			work = append(work, p)
			continue
		}
		if err != nil {
			return nil, nil, err
		}
		spots = append(spots, split...)
		if done {
			pieces = append(pieces, p)
			continue
		}
		slices.Reverse(next)
		work = append(work, next...)
	}
	failed := false
	slices.SortStableFunc(spots, func(a, b exact.Spot) int {
		c, ok := l.Consts.CompareSpots(a, b)
		failed = failed || !ok
		return c
	})
	if failed {
		return nil, nil, errCases
	}
	spots = slices.CompactFunc(spots, func(a, b exact.Spot) bool {
		c, _ := l.Consts.CompareSpots(a, b)
		return c == 0
	})
	return pieces, spots, nil
}

// settlePiece decides the first thing that is not decided on p. It returns done
// when there is none, and otherwise the pieces that p falls into (itself, with
// more known, is one; a part where the formula is undefined is none), and where
// it was split.
func (l *line) settlePiece(p *piece) (next []piece, split []exact.Spot, done bool, err error) {
	for {
		todo := l.firstOpen(p)
		if todo == nil {
			return nil, nil, true, nil
		}
		if todo.err != nil {
			return nil, nil, false, todo.err
		}
		if todo.undefined {
			return nil, nil, false, nil
		}
		u := todo.sign
		if !u.Has(l.Name) {
			s, ok := l.Consts.Sign(l.Consts.Simplify(u))
			if !ok {
				return nil, nil, false, errDomain
			}
			p.signs[u] = s
			continue
		}
		if s := l.strictly(u, p.hull()).sign(); s != 0 {
			p.signs[u] = s
			continue
		}
		list := todo.zeros
		if list == nil {
			z, ok := l.allZeros(u, p.lo, p.hi)
			if !ok {
				return nil, nil, false, errCases
			}
			for i, s := range z.zeros {
				if s.Wide {
					return nil, nil, false, errCases
				}
				if !s.Exact.Valid() && !z.exact {
					if e, ok := l.simpleZero(p, u, &z, i); ok {
						z.zeros[i].Exact, z.zeros[i].Hull = e, l.Consts.Enclose(e)
					}
				}
			}
			list = z.zeros
		}
		at := p.lo
		for i := 0; i <= len(list); i++ {
			end := p.hi
			if i < len(list) {
				end = list[i]
				end.Of = u
				split = append(split, end)
			}
			q := piece{lo: at, hi: end, raw: p.raw, signs: map[expr.Expr]int{}, ray: p.ray}
			for k, v := range p.signs {
				q.signs[k] = v
			}
			s, ok := l.signInside(u, at, end)
			if !ok {
				return nil, nil, false, errCases
			}
			q.signs[u] = s
			next = append(next, q)
			at = end
		}
		return next, split, false, nil
	}
}

// signInside returns the sign of u, which has no zero between lo and hi, there.
func (l *line) signInside(u expr.Expr, lo, hi exact.Spot) (int, bool) {
	m := l.Program(u)
	if m == nil {
		return 0, false
	}
	for _, x := range samples(lo, hi) {
		v, _ := exact.Evaluate(m, interval.Point(x))
		if s := exact.SignOf(v[0]); s != 0 {
			return s, true
		}
		if n, ok := number.FromFloat(x); ok {
			if s, ok := l.Consts.Sign(l.Substitute(u, l.T.Num(n))); ok && s != 0 {
				return s, true
			}
		}
	}
	return 0, false
}

// samples returns points between lo and hi.
func samples(lo, hi exact.Spot) []float64 {
	var a, b float64
	switch {
	case lo.Inf != 0 && hi.Inf != 0:
		return []float64{0.5, -1.75, 3, -40, 100}
	case lo.Inf != 0:
		b = hi.Hull.Lo
		d := math.Max(1, math.Abs(b))
		return keepBetween([]float64{b - d/2, b - 4*d, b - d/64, b - 100*d}, math.Inf(-1), b)
	case hi.Inf != 0:
		a = lo.Hull.Hi
		d := math.Max(1, math.Abs(a))
		return keepBetween([]float64{a + d/2, a + 4*d, a + d/64, a + 100*d}, a, math.Inf(1))
	}
	a, b = lo.Hull.Hi, hi.Hull.Lo
	w := b - a
	return keepBetween([]float64{a + w*0.5, a + w*0.25, a + w*0.8125, a + w/64}, a, b)
}

func keepBetween(xs []float64, a, b float64) []float64 {
	return slices.DeleteFunc(xs, func(x float64) bool { return !(a < x && x < b) })
}

// derivative returns the tidy derivative of the tidy formula f of a piece, on which roots of squares are written by the sign
// of what is squared: that of acos(2x/(1 + x^2)) has sqrt((x^2 - 1)^2).
func (l *line) derivative(p *piece) expr.Expr {
	g := l.T.Tidy(diff.D(p.f, l.Name))
	root := func(n expr.Expr) (of expr.Expr, power number.Number, ok bool) {
		switch {
		case n.IsCall("sqrt"):
			return n.Arg(0), number.Frac(1, 2), true
		case n.Op() == expr.Pow && n.Arg(1).Op() == expr.Num:
			return n.Arg(0), n.Arg(1).Number(), !n.Arg(1).Number().IsInt()
		}
		return of, power, false
	}
	if !slices.ContainsFunc(slices.Collect(g.All()), func(n expr.Expr) bool { _, _, ok := root(n); return ok }) {
		return g
	}
	return expr.Fold(g, func(n expr.Expr, args []expr.Expr) expr.Expr {
		m := expr.Remake(n, l.T, args, nil)
		of, power, ok := root(m)
		if !ok {
			return m
		}
		q, ok := l.SquareOf(of)
		if !ok {
			return m
		}
		if list, ok := l.Solve(q.Root, p.lo, p.hi); !ok || len(list) > 0 {
			return m
		}
		sign, ok := l.signInside(q.Root, p.lo, p.hi)
		if !ok {
			return m
		}
		return l.T.Mul(l.T.Pow(l.T.Mul(l.T.Int(int64(sign)), q.Root), l.T.Num(power.Mul(number.Int(2)))), l.T.Pow(q.Rest, l.T.Num(power)))
	})
}

// tidyNode returns the tidy form of a node of the written formula.
func (l *line) tidyNode(n expr.Expr) expr.Expr {
	if e, ok := l.tidied[n]; ok {
		return e
	}
	e := l.T.Tidy(n)
	l.tidied[n] = e
	return e
}

// hull returns an interval that contains p.
func (p *piece) hull() interval.I {
	out := interval.Whole
	if p.lo.Inf == 0 {
		out.Lo = p.lo.Hull.Lo
	}
	if p.hi.Inf == 0 {
		out.Hi = p.hi.Hull.Hi
	}
	return out
}

// mayVanish reports whether an enclosure of d on the piece contains 0.
func (p *piece) mayVanish(l *line, d expr.Expr) bool {
	m := l.Program(d)
	if m == nil {
		return true
	}
	v, _ := exact.Evaluate(m, p.hull())
	return exact.SignOf(v[0]) == 0
}
