package global

import (
	"errors"
	"math"
	"slices"
	"strings"

	"nabla/expr"
	"nabla/expr/fn"
	"nabla/expr/format"
	"nabla/expr/interval"
	"nabla/expr/number"
	"nabla/expr/simplify"
	"nabla/optimize/global/internal/asymptotic"
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
func (l *line) shorten(p *piece) bool {
	if (p.lo.Inf == 0) == (p.hi.Inf == 0) || !p.raw.Has(l.Name) || p.ray != nil {
		return false
	}
	part := *l
	part.raw = p.raw
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
		next, split, done, err := l.settlePiece(&p)
		if (done || err != nil) && l.shorten(&p) {
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
		list := todo.zeros
		if list == nil {
			z := l.zeros(u, p.lo, p.hi)
			if !z.all() {
				return nil, nil, false, errCases
			}
			for _, s := range z.zeros {
				if s.Wide {
					return nil, nil, false, errCases
				}
			}
			list = z.zeros
		}
		at := p.lo
		for i := 0; i <= len(list); i++ {
			end := p.hi
			if i < len(list) {
				end = list[i]
				if !end.Exact.Valid() {
					end.Of = u
				}
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
	m := l.Machine(u)
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

// A decision is what has to be known of a node.
type decision struct {
	sign      expr.Expr    // the tidy formula whose sign has to be known
	zeros     []exact.Spot // where it changes, if that is known otherwise
	replace   expr.Expr    // what the node is on the piece
	undefined bool         // the formula is not defined on the piece
	err       error
}

// firstOpen returns the first thing that is open among the nodes of p.raw that
// are evaluated everywhere on the piece: not in a case. Before that it replaces
// the nodes that can be.
func (l *line) firstOpen(p *piece) *decision {
	for {
		w := expr.Order(p.raw)
		live := make([]bool, w.Len())
		live[w.Len()-1] = true
		for i, n := range w.Back() {
			if !live[i] {
				continue
			}
			for k := range n.Len() {
				if n.Op() == expr.If && k > 0 {
					break
				}
				live[w.Place(n.Arg(k))] = true
			}
		}
		changed := make([]expr.Expr, w.Len())
		stale := make([]bool, w.Len()) // something below is replaced
		any := false
		for i, n := range w.Each() {
			for k := range n.Len() {
				j := w.Place(n.Arg(k))
				stale[i] = stale[i] || stale[j] || changed[j].Valid()
			}
			if !live[i] || stale[i] {
				continue
			}
			d := l.decide(p, n)
			switch {
			case d == nil:
			case d.replace.Valid():
				changed[i], any = d.replace, true
			case !any:
				return d
			}
		}
		if !any {
			return nil
		}
		vals := make([]expr.Expr, w.Len())
		var args []expr.Expr
		for i, n := range w.Each() {
			if changed[i].Valid() {
				vals[i] = changed[i]
				continue
			}
			args = args[:0]
			for k := range n.Len() {
				args = append(args, vals[w.Place(n.Arg(k))])
			}
			vals[i] = n
			if stale[i] {
				vals[i] = expr.Remake(n, l.T.Pool(), args, nil)
			}
		}
		p.raw = vals[len(vals)-1]
	}
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

// need asks that u have one of the signs allowed ("+", "-", "0" in any number).
func (l *line) need(p *piece, u expr.Expr, allowed string) *decision {
	s, ok := l.signOn(p, u)
	if !ok {
		return &decision{sign: u}
	}
	if !strings.ContainsRune(allowed, rune("-0+"[s+1])) {
		return &decision{undefined: true}
	}
	return nil
}

// signOn returns what is known of the sign of u on the piece.
func (l *line) signOn(p *piece, u expr.Expr) (int, bool) {
	if u.Op() == expr.Num {
		return u.Number().Sign(), true
	}
	if s, ok := p.signs[u]; ok {
		return s, true
	}
	return 0, false
}

// decide returns what is open at node n, whose operands are decided.
func (l *line) decide(p *piece, n expr.Expr) *decision {
	lit := l.T.Pool()
	arg := func(i int) expr.Expr { return l.tidyNode(n.Arg(i)) }
	switch n.Op() {
	case expr.Diff:
		return &decision{err: errFeature}
	case expr.Div:
		return l.need(p, arg(1), "-+")
	case expr.Pow:
		x := arg(1)
		if x.Op() != expr.Num {
			b := arg(0)
			if b.IsCall("e") || b.IsCall("pi") {
				return nil
			}
			if !x.Has(l.Name) {
				if sg, ok := l.Consts.Sign(x); ok && sg > 0 {
					return l.need(p, b, "0+")
				}
			}
			if sg, ok := l.signOn(p, b); ok && sg == 0 { // 0^x is 0 for x > 0, and 0^0 is 1
				if d := l.need(p, x, "0+"); d != nil {
					return d
				}
				sg, _ := l.signOn(p, x)
				return &decision{replace: lit.Int(int64(1 - sg))}
			}
			return l.need(p, b, "0+")
		}
		switch c := x.Number(); {
		case c.IsInt() && c.Sign() >= 0:
			return nil
		case c.IsInt():
			return l.need(p, arg(0), "-+")
		case c.Sign() > 0:
			return l.need(p, arg(0), "0+")
		}
		return l.need(p, arg(0), "+")
	case expr.If:
		truth, open := l.truth(p, n.Arg(0))
		switch {
		case open != nil:
			return open
		case truth:
			return &decision{replace: n.Arg(1)}
		}
		return &decision{replace: n.Arg(2)}
	case expr.Call:
	default:
		return nil
	}
	f := n.Func()
	if n.Len() == 0 {
		if f.Name == "inf" {
			return &decision{undefined: true}
		}
		return nil
	}
	pick := func(u expr.Expr, minus, zero, plus func() expr.Expr) *decision {
		s, ok := l.signOn(p, u)
		if !ok {
			return &decision{sign: u}
		}
		switch s {
		case -1:
			return &decision{replace: minus()}
		case 0:
			return &decision{replace: zero()}
		}
		return &decision{replace: plus()}
	}
	is := func(e expr.Expr) func() expr.Expr { return func() expr.Expr { return e } }
	call := func(name string, args ...expr.Expr) expr.Expr { return lit.Call(fn.Lookup(name), args...) }
	a := n.Arg(0)
	switch f.Name {
	case "abs":
		return pick(arg(0), is(lit.Make(expr.Neg, a)), is(a), is(a))
	case "sign":
		return pick(arg(0), is(lit.Int(-1)), is(lit.Int(0)), is(lit.Int(1)))
	case "heaviside":
		return pick(arg(0), is(lit.Int(0)), is(lit.Num(number.Frac(1, 2))), is(lit.Int(1)))
	case "relu":
		return pick(arg(0), is(lit.Int(0)), is(lit.Int(0)), is(a))
	case "min", "max":
		// the first two, then the rest
		b := n.Arg(1)
		u := l.T.Sub(arg(0), arg(1))
		s, ok := l.signOn(p, u)
		if !ok {
			return &decision{sign: u}
		}
		if (s > 0) == (f.Name == "max") || s == 0 {
			b = a
		}
		if n.Len() == 2 {
			return &decision{replace: b}
		}
		rest := append([]expr.Expr{b}, n.AppendArgs(nil)[2:]...)
		return &decision{replace: lit.Call(f, rest...)}
	case "clamp":
		d := l.need(p, l.T.Sub(arg(2), arg(1)), "0+")
		if d != nil {
			return d
		}
		return &decision{replace: call("min", call("max", a, n.Arg(1)), n.Arg(2))}
	case "cbrt":
		third := lit.Num(number.Frac(1, 3))
		return pick(arg(0), is(lit.Make(expr.Neg, lit.Make(expr.Pow, lit.Make(expr.Neg, a), third))), is(lit.Int(0)),
			is(lit.Make(expr.Pow, a, third)))
	case "hypot":
		two := lit.Int(2)
		return &decision{replace: call("sqrt", lit.Make(expr.Add, lit.Make(expr.Pow, a, two), lit.Make(expr.Pow, n.Arg(1), two)))}
	case "root":
		k := arg(1)
		if k.Op() != expr.Num || k.Number().Sign() == 0 {
			return &decision{err: errFeature}
		}
		inv, _ := k.Number().Inv()
		if m, ok := k.Number().Int64(); ok && m%2 != 0 {
			return pick(arg(0), is(lit.Make(expr.Neg, lit.Make(expr.Pow, lit.Make(expr.Neg, a), lit.Num(inv)))), is(lit.Int(0)),
				is(lit.Make(expr.Pow, a, lit.Num(inv))))
		}
		return &decision{replace: lit.Make(expr.Pow, a, lit.Num(inv))}
	case "sinc":
		return pick(arg(0), is(lit.Make(expr.Div, call("sin", a), a)), is(lit.Int(1)), is(lit.Make(expr.Div, call("sin", a), a)))
	case "atan2":
		// atan(y/x), ± π for x < 0
		y, x := a, n.Arg(1)
		sx, ok := l.signOn(p, arg(1))
		if !ok {
			return &decision{sign: arg(1)}
		}
		sy, ok := l.signOn(p, arg(0))
		if !ok {
			return &decision{sign: arg(0)}
		}
		q := call("atan", lit.Make(expr.Div, y, x))
		half := lit.Make(expr.Mul, lit.Num(number.Frac(1, 2)), call("pi"))
		switch {
		case sx > 0:
			return &decision{replace: q}
		case sx < 0 && sy < 0:
			return &decision{replace: lit.Make(expr.Add, q, lit.Make(expr.Neg, call("pi")))}
		case sx < 0:
			return &decision{replace: lit.Make(expr.Add, q, call("pi"))}
		case sy > 0:
			return &decision{replace: half}
		case sy < 0:
			return &decision{replace: lit.Make(expr.Neg, half)}
		}
		return &decision{undefined: true}
	case "asec", "acsc", "acot", "asech", "acsch", "acoth", "logit", "logb", "log2", "log10":
		return &decision{replace: simplify.Instance(f, f.Means, lit, n.AppendArgs(nil))}
	case "mod":
		// a - b floor(a/b)
		return &decision{replace: simplify.Instance(f, f.Means, lit, n.AppendArgs(nil))}
	case "ceil", "round", "floor":
		return l.step(p, n)
	case "gamma", "lgamma", "digamma", "trigamma":
		s, ok := l.signOn(p, arg(0))
		switch {
		case !ok:
			return &decision{sign: arg(0)}
		case s > 0:
			return nil
		case s == 0:
			return &decision{undefined: true}
		}
		return l.poles(p, arg(0))
	case "beta":
		for i := range 2 {
			if s, ok := l.signOn(p, arg(i)); !ok {
				return &decision{sign: arg(i)}
			} else if s <= 0 {
				return &decision{err: errDomain}
			}
		}
		return nil
	case "polygamma":
		return &decision{err: errFeature}
	case "logsumexp":
		terms := make([]expr.Expr, n.Len())
		for i := range terms {
			terms[i] = call("exp", n.Arg(i))
		}
		return &decision{replace: call("log", lit.Make(expr.Add, terms...))}
	}
	if f.Domain == "" {
		return nil
	}
	c := simplify.Instance(f, f.Domain, l.T, tidyArgs(l, n))
	parts := []expr.Expr{c}
	if c.Op() == expr.And {
		parts = c.AppendArgs(nil)
	}
	for _, c := range parts {
		if truth, known := simplify.Truth(c); known {
			if !truth {
				return &decision{undefined: true}
			}
			continue
		}
		if !c.Op().IsRelation() {
			return &decision{err: errFeature}
		}
		allowed := map[expr.Op]string{expr.Lt: "-", expr.Le: "-0", expr.Gt: "+", expr.Ge: "0+", expr.Eq: "0", expr.Ne: "-+"}[c.Op()]
		if d := l.need(p, l.T.Sub(c.Arg(0), c.Arg(1)), allowed); d != nil {
			return d
		}
	}
	return nil
}

func tidyArgs(l *line, n expr.Expr) []expr.Expr {
	out := make([]expr.Expr, n.Len())
	for i := range out {
		out[i] = l.tidyNode(n.Arg(i))
	}
	return out
}

// truth returns the truth value of a condition on the piece, or what has to be
// decided before.
func (l *line) truth(p *piece, c expr.Expr) (bool, *decision) {
	w := expr.Order(c)
	type result struct {
		yes  bool
		open *decision
	}
	r := expr.FoldAll(w, func(n expr.Expr, args []result) result {
		switch n.Op() {
		case expr.And, expr.Or:
			settles := n.Op() == expr.Or
			var open *decision
			for _, a := range args {
				if a.open == nil && a.yes == settles {
					return result{yes: settles}
				}
				if a.open != nil && open == nil {
					open = a.open
				}
			}
			return result{!settles, open}
		case expr.Not:
			return result{!args[0].yes, args[0].open}
		}
		if !n.Op().IsRelation() {
			return result{}
		}
		u := l.T.Sub(l.tidyNode(n.Arg(0)), l.tidyNode(n.Arg(1)))
		s, ok := l.signOn(p, u)
		if !ok {
			return result{open: &decision{sign: u}}
		}
		return result{yes: simplify.Holds(n.Op(), number.Int(int64(s)), number.Int(0))}
	})
	last := r[len(r)-1]
	return last.yes, last.open
}

// maxSteps is the most steps of a floor on one piece.
const maxSteps = 200

// step decides floor(u), ceil(u) or round(u): the piece is split where u takes
// the values at which the function jumps.
func (l *line) step(p *piece, n expr.Expr) *decision {
	lit := l.T.Pool()
	half := number.Number{}
	if n.Func().Name == "round" {
		half = number.Frac(1, 2)
	}
	u := l.tidyNode(n.Arg(0))
	if !u.Has(l.Name) {
		e := l.T.Tidy(lit.Call(n.Func(), l.Consts.Simplify(u)))
		if e.Op() == expr.Num {
			return &decision{replace: e}
		}
		h := l.Consts.Enclose(u)
		switch n.Func().Name {
		case "floor":
			h = interval.Floor(h)
		case "ceil":
			h = interval.Ceil(h)
		default:
			h = interval.Round(h)
		}
		if v, ok := number.FromFloat(h.Lo); ok && h.IsPoint() {
			return &decision{replace: lit.Num(v)}
		}
		return &decision{err: errFeature}
	}
	m := l.Machine(u)
	if m == nil {
		return &decision{err: errFeature}
	}
	v, _ := exact.Evaluate(m, p.hull())
	if few := v[0].IsBounded() && v[0].Width() <= maxSteps; !few {
		if n.Func().Name != "round" || p.lo.Inf == 0 && p.hi.Inf == 0 {
			return &decision{err: errPieces}
		}
		// floor(u + 1/2) or ceil(u - 1/2)
		s, ok := l.signOn(p, u)
		switch h := lit.Num(number.Frac(1, 2)); {
		case !ok:
			return &decision{sign: u}
		case s > 0:
			return &decision{replace: lit.Call(fn.Lookup("floor"), lit.Make(expr.Add, n.Arg(0), h))}
		case s < 0:
			return &decision{replace: lit.Call(fn.Lookup("ceil"), lit.Make(expr.Add, n.Arg(0), lit.Make(expr.Neg, h)))}
		}
		return &decision{replace: lit.Int(0)}
	}
	lo, hi := int64(math.Floor(v[0].Lo))-1, int64(math.Ceil(v[0].Hi))+1
	// The sign of u - k for every k that may occur; where all are known, so is
	// the value.
	below, on := lo-1, false // the last k with u ≥ k, and whether u = k
	for k := lo; k <= hi; k++ {
		d := l.T.Sub(u, l.T.Num(number.Int(k).Add(half)))
		s, ok := l.signOn(p, d)
		if !ok {
			if !p.mayVanish(l, d) {
				s, ok = l.signInside(d, p.lo, p.hi)
				if ok {
					p.signs[d] = s
				}
			}
			if !ok {
				return &decision{sign: d}
			}
		}
		if s >= 0 {
			below, on = k, s == 0
		}
	}
	c := number.Int(below)
	switch {
	case on && n.Func().Name == "round": // a half goes away from 0
		if below >= 0 {
			c = c.Add(number.Int(1))
		}
	case !on && n.Func().Name != "floor":
		c = c.Add(number.Int(1))
	}
	return &decision{replace: lit.Num(c)}
}

// poles decides the signs of u + k, k = 1, 2, …, on a piece where u < 0: gamma
// and its kin have poles at the negative integers.
func (l *line) poles(p *piece, u expr.Expr) *decision {
	if !u.Has(l.Name) {
		if u.Op() == expr.Num && u.Number().IsInt() {
			return &decision{undefined: true}
		}
		if i := l.Consts.Enclose(u); math.Floor(i.Lo) == math.Floor(i.Hi) && math.Floor(i.Lo) != i.Lo {
			return nil
		}
		return &decision{err: errDomain}
	}
	m := l.Machine(u)
	if m == nil {
		return &decision{err: errFeature}
	}
	v, _ := exact.Evaluate(m, p.hull())
	if !v[0].IsBounded() || v[0].Width() > maxSteps {
		return &decision{err: errPieces}
	}
	for k := int64(math.Floor(v[0].Lo)) - 1; k < 0; k++ {
		d := l.T.Sub(u, l.T.Int(k))
		s, ok := l.signOn(p, d)
		if !ok {
			return &decision{sign: d}
		}
		if s == 0 {
			return &decision{undefined: true}
		}
	}
	return nil
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
	m := l.Machine(d)
	if m == nil {
		return true
	}
	v, _ := exact.Evaluate(m, p.hull())
	return exact.SignOf(v[0]) == 0
}

// valueAt returns the value of the formula at an exact spot: whether it is
// defined, and whether that is sure.
func (l *line) valueAt(v expr.Expr) (value expr.Expr, defined, sure bool) {
	p := &piece{raw: l.rawAt(v), signs: map[expr.Expr]int{}}
	for range 4000 {
		todo := l.firstOpen(p)
		switch {
		case todo == nil:
			// 0^0 is 1, and so for the tidy form
			e := l.tidyNode(p.raw)
			e = l.Consts.Simplify(e)
			v := l.Consts.Enclose(e) // past the range of float64, one end is infinite
			return e, true, !v.IsEmpty() && v != interval.Whole
		case todo.err != nil:
			return value, false, false
		case todo.undefined:
			return value, false, true
		}
		s, ok := l.Consts.Sign(l.Consts.Simplify(todo.sign))
		if !ok {
			return value, false, false
		}
		p.signs[todo.sign] = s
	}
	return value, false, false
}

// rawAt returns the written formula with v for the variable. A power with a
// variable exponent stays one: it has no value where its base is negative.
func (l *line) rawAt(v expr.Expr) expr.Expr {
	pool := l.T.Pool()
	return expr.Fold(l.raw, func(n expr.Expr, args []expr.Expr) expr.Expr {
		m := expr.Remake(n, pool, args, func(x expr.Expr) (expr.Expr, bool) { return v, x.Name() == l.Name })
		if n.Op() != expr.Pow || !n.Arg(1).Has(l.Name) || args[0].IsCall("e") || args[0].IsCall("pi") ||
			args[0].Op() == expr.Num && args[0].Number().Sign() > 0 {
			return m
		}
		return pool.Make(expr.If, pool.Make(expr.Ge, args[0], pool.Int(0)), m, pool.Call(fn.Lookup("inf")))
	})
}

// valueNear returns an enclosure of the value of the formula at a spot without
// a closed form, which is a zero of z.of.
func (l *line) valueNear(z exact.Spot) (v interval.I, defined, sure bool) {
	p := &piece{lo: z, hi: z, raw: l.raw, signs: map[expr.Expr]int{}}
	for range 4000 {
		todo := l.firstOpen(p)
		switch {
		case todo == nil:
			m := l.Machine(l.tidyNode(p.raw))
			if m == nil {
				return v, false, false
			}
			v, dec := exact.Evaluate(m, z.Hull)
			return v[0], true, dec >= interval.Defined && v[0].IsBounded()
		case todo.err != nil:
			return v, false, false
		case todo.undefined:
			return v, false, true
		}
		u := todo.sign
		if u == z.Of {
			p.signs[u] = 0
			continue
		}
		s, ok := l.SignAt(u, z)
		if !ok {
			return v, false, false
		}
		p.signs[u] = s
	}
	return v, false, false
}

// poleLimit returns the limit of f at an end of p without a closed form, which
// is a zero of a divisor: every other factor has a sign there, and so has the
// divisor on the piece.
func (l *line) poleLimit(p *piece, end exact.Spot) asymptotic.Limit {
	if !end.Of.Valid() {
		return asymptotic.Limit{}
	}
	r := l.RingFor(p.lo)
	n, strips, ok := r.Numerator(r.Expand(p.f))
	if !ok {
		return asymptotic.Limit{}
	}
	sign, ok := l.SignAt(r.Build(n), end)
	if !ok {
		return asymptotic.Limit{}
	}
	// the kernel that vanishes there
	vanishing := -1
	switch of := r.Expand(end.Of); {
	case len(of) > 1:
		_, prim := r.Content(of)
		vanishing = r.SumKernel(prim)
	case len(of) == 1 && len(of[0].M) == 1:
		vanishing = of[0].M[0].K
	}
	pole := false
	for _, st := range strips {
		info := &r.Kernels[st.K]
		if !info.HasX && info.Positive {
			continue
		}
		k, isInt := st.N.Int64()
		var s int
		if st.K == vanishing {
			if st.N.Sign() >= 0 {
				return asymptotic.Limit{}
			}
			pole = true
			if s, ok = l.signInside(info.E, p.lo, p.hi); !ok {
				return asymptotic.Limit{}
			}
		} else if s, ok = l.SignAt(info.E, end); !ok {
			return asymptotic.Limit{}
		}
		switch {
		case s < 0 && !isInt || s == 0:
			return asymptotic.Limit{}
		case s < 0 && k%2 != 0:
			sign = -sign
		}
	}
	if !pole || sign == 0 {
		return asymptotic.Limit{}
	}
	if sign > 0 {
		return asymptotic.Limit{Kind: asymptotic.Plus}
	}
	return asymptotic.Limit{Kind: asymptotic.Minus}
}

// domainText describes the union of pieces and single points on which the
// formula is defined.
func (l *line) domainText(pieces []piece, spots []exact.Spot, defined map[int]bool) string {
	x := l.Name
	type part struct {
		lo, hi     exact.Spot
		loIn, hiIn bool
	}
	in := func(s exact.Spot) bool {
		for i := range spots {
			if c, ok := l.Consts.CompareSpots(spots[i], s); ok && c == 0 {
				return defined[i]
			}
		}
		return false
	}
	var parts []part
	k := 0
	for i := range spots { // isolated points
		_ = k
		touched := false
		for _, p := range pieces {
			a, ok1 := l.Consts.CompareSpots(p.lo, spots[i])
			b, ok2 := l.Consts.CompareSpots(p.hi, spots[i])
			touched = touched || ok1 && a == 0 || ok2 && b == 0
		}
		if defined[i] && !touched {
			parts = append(parts, part{spots[i], spots[i], true, true})
		}
	}
	for _, p := range pieces {
		parts = append(parts, part{p.lo, p.hi, p.lo.Inf == 0 && in(p.lo), p.hi.Inf == 0 && in(p.hi)})
	}
	slices.SortStableFunc(parts, func(a, b part) int { c, _ := l.Consts.CompareSpots(a.lo, b.lo); return c })
	var merged []part
	for _, p := range parts {
		if n := len(merged); n > 0 && merged[n-1].hiIn && p.loIn {
			if c, ok := l.Consts.CompareSpots(merged[n-1].hi, p.lo); ok && c == 0 {
				merged[n-1].hi, merged[n-1].hiIn = p.hi, p.hiIn
				continue
			}
		}
		merged = append(merged, p)
	}
	parts = merged
	if len(parts) == 0 {
		return "nowhere"
	}
	if len(parts) == 1 && parts[0].lo.Inf != 0 && parts[0].hi.Inf != 0 {
		return "all real " + x
	}
	// all but single points
	holes := parts[0].lo.Inf != 0 && parts[len(parts)-1].hi.Inf != 0
	for i := 0; holes && i+1 < len(parts); i++ {
		c, ok := l.Consts.CompareSpots(parts[i].hi, parts[i+1].lo)
		holes = ok && c == 0
	}
	if holes {
		var texts []string
		for _, p := range parts[1:] {
			texts = append(texts, x+" != "+l.spotText(p.lo))
		}
		return strings.Join(texts, " and ")
	}
	rel := func(in bool, strict, weak string) string {
		if in {
			return weak
		}
		return strict
	}
	var texts []string
	for _, p := range parts {
		switch {
		case p.lo.Inf != 0:
			texts = append(texts, x+rel(p.hiIn, " < ", " <= ")+l.spotText(p.hi))
		case p.hi.Inf != 0:
			texts = append(texts, x+rel(p.loIn, " > ", " >= ")+l.spotText(p.lo))
		case p.lo.Exact.Valid() && p.lo.Exact == p.hi.Exact:
			texts = append(texts, x+" = "+l.spotText(p.lo))
		default:
			texts = append(texts, l.spotText(p.lo)+rel(p.loIn, " < ", " <= ")+x+rel(p.hiIn, " < ", " <= ")+l.spotText(p.hi))
		}
	}
	if len(texts) > 8 {
		texts = append(texts[:8], "…")
	}
	return strings.Join(texts, " or ")
}

// spotText prints a spot: its closed form, or 6 digits.
func (l *line) spotText(s exact.Spot) string {
	if s.Inf > 0 {
		return "∞"
	}
	if s.Inf < 0 {
		return "-∞"
	}
	if s.Exact.Valid() {
		if t := format.Text(s.Exact); len(t) < 60 {
			return t
		}
	}
	return format.Number(s.Float(), 6)
}
