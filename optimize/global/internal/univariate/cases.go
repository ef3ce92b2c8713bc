package univariate

import (
	"math"
	"slices"
	"strings"

	"nabla/expr"
	"nabla/expr/fn"
	"nabla/expr/interval"
	"nabla/expr/number"
	"nabla/expr/simplify"
	"nabla/optimize/global/internal/exact"
)

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
		live := evaluated(w)
		changed := make([]expr.Expr, w.Len())
		var stuck *decision            // what cannot be decided here, but perhaps on a part of the piece
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
			case d.err != nil:
				if stuck == nil {
					stuck = d
				}
				stale[i] = true
			case !any:
				return d
			default: // when the rest is replaced; what is above it waits, as exp(log(u)) for u > 0
				stale[i] = true
			}
		}
		if !any {
			return stuck
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

// evaluated reports for the nodes of w whether the formula needs their values
// wherever it is defined: they are not in a case only.
func evaluated(w *expr.Walk) []bool {
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
	return live
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
	if !u.Has(l.Name) {
		return 0, false
	}
	r := l.RingFor(exact.Start)
	c := r.Expand(u)
	l.Consts.Spend(1 + len(p.signs)/4)
	if len(c) == 0 || l.TrigZero(r, c) { // where its parts are defined, which has been decided before
		return 0, true
	}
	for v, s := range p.signs { // of a multiple
		d := r.Expand(v)
		if _, ok := exact.RatioOf(c, d); ok {
			return s, true
		}
		if _, ok := exact.RatioOf(c, d.Neg()); ok {
			return -s, true
		}
	}
	return 0, false
}

// decide returns what is open at node n, whose operands are decided.
func (l *line) decide(p *piece, n expr.Expr) *decision {
	switch n.Op() {
	case expr.Diff:
		return &decision{err: errFeature}
	case expr.Div:
		return l.need(p, l.tidyNode(n.Arg(1)), "-+")
	case expr.Pow:
		return l.decidePower(p, n)
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
	if rule, ok := caseRules[f.Name]; ok {
		return rule(l, p, n)
	}
	if f.Domain == "" || n.Len() == 0 {
		return nil
	}
	return l.decideDomain(p, n)
}

// decidePower asks that the base of a power have a sign for which it is defined.
func (l *line) decidePower(p *piece, n expr.Expr) *decision {
	b, x := l.tidyNode(n.Arg(0)), l.tidyNode(n.Arg(1))
	if x.Op() == expr.Num {
		switch c := x.Number(); {
		case c.IsInt() && c.Sign() >= 0:
			return nil
		case c.IsInt():
			return l.need(p, b, "-+")
		default:
			return l.decideRoot(p, b, c)
		}
	}
	switch {
	case b.IsCall("e"):
		return l.powerOfLog(x)
	case b.IsCall("pi"):
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
		return &decision{replace: l.T.Pool().Int(int64(1 - sg))}
	}
	return l.need(p, b, "0+")
}

// decideRoot asks that b have a root, for b^c with c no whole number. The root of an
// even power is one of an absolute value, sqrt(u^2) is abs(u), and so with a positive factor.
func (l *line) decideRoot(p *piece, b expr.Expr, c number.Number) *decision {
	lit := l.T.Pool()
	ofAbs := func(u expr.Expr, k int64) expr.Expr {
		return lit.Make(expr.Pow, lit.Call(fn.Lookup("abs"), u), lit.Num(c.Mul(number.Int(k))))
	}
	if b.Op() == expr.Pow && b.Arg(1).Op() == expr.Num {
		if k, ok := b.Arg(1).Number().Int64(); ok && k > 0 && k%2 == 0 {
			return &decision{replace: ofAbs(b.Arg(0), k)}
		}
	}
	if q, ok := l.SquareOf(b); ok && l.strictly(q.Rest, p.hull()).positive() {
		return &decision{replace: lit.Make(expr.Mul, ofAbs(q.Root, 2), lit.Make(expr.Pow, q.Rest, lit.Num(c)))}
	}
	if c.Sign() > 0 {
		return l.need(p, b, "0+")
	}
	return l.need(p, b, "+")
}

// decideDomain asks for what the domain of the function of n says. Where its operand is
// seen to be at an end of that, it is that end: an enclosure of the operand would reach
// beyond.
func (l *line) decideDomain(p *piece, n expr.Expr) *decision {
	args := tidyArgs(l, n)
	c := simplify.Instance(n.Func(), n.Func().Domain, l.T, args)
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
		u := l.T.Sub(c.Arg(0), c.Arg(1))
		if d := l.need(p, u, allowed); d != nil {
			return d
		}
		if s, _ := l.signOn(p, u); s != 0 || len(args) != 1 {
			continue
		}
		for k := range 2 {
			if end := c.Arg(k); c.Arg(1-k) == args[0] && !end.Has(l.Name) && end != n.Arg(0) {
				return &decision{replace: l.T.Pool().Call(n.Func(), end)}
			}
		}
	}
	return nil
}

// onPole reports whether u is 0, -1, -2, … on the piece, or what has to be decided
// before.
func (l *line) onPole(p *piece, u expr.Expr) (bool, *decision) {
	s, ok := l.signOn(p, u)
	switch {
	case !ok:
		return false, &decision{sign: u}
	case s > 0:
		return false, nil
	case s == 0:
		return true, nil
	}
	return l.poles(p, u)
}

// isNumber reports whether the constant u is proved to be k.
func (l *line) isNumber(u expr.Expr, k number.Number) bool {
	c, ok := l.Consts.Compare(u, l.T.Num(k))
	return ok && c == 0
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
		return result{yes: n.Op().Holds(s)}
	})
	last := r[len(r)-1]
	return last.yes, last.open
}

// maxSteps is the most steps of a floor of a part that is not linear on one piece.
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
		if k := math.Round(2*h.Mid()) / 2; h.Has(k) && !h.IsPoint() { // it may be a place of a step
			if at, ok := number.FromFloat(k); ok && l.isNumber(u, at) {
				return &decision{replace: l.T.Tidy(lit.Call(n.Func(), lit.Num(at)))}
			}
		}
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
	m := l.Program(u)
	if m == nil {
		return &decision{err: errFeature}
	}
	v, _ := exact.Evaluate(m, p.hull())
	most := float64(maxSteps)
	if l.Slope(u).Valid() {
		most = maxPieces
	}
	if few := v[0].IsBounded() && v[0].Width() <= most; !few {
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
	wave := l.T.Call(fn.Lookup("sin"), l.T.Mul(l.T.Call(fn.Lookup("pi")), l.T.Sub(u, l.T.Num(half)))) // 0 at the steps
	between, split := p.signs[wave]
	if zeros, ok := l.steps(p, u, half, lo, hi); ok && !split {
		return &decision{sign: wave, zeros: zeros}
	}
	// The sign of u - k for every k that may occur; where all are known, so is
	// the value.
	below, on := lo-1, false // the last k with u ≥ k, and whether u = k
	for k := lo; k <= hi; k++ {
		d := l.T.Sub(u, l.T.Num(number.Int(k).Add(half)))
		s, ok := 0, false
		if split && between != 0 {
			s, ok = l.signInside(d, p.lo, p.hi)
		} else if s, ok = l.signOn(p, d); !ok && !p.mayVanish(l, d) {
			if s, ok = l.signInside(d, p.lo, p.hi); ok {
				p.signs[d] = s
			}
		}
		if !ok {
			return &decision{sign: d}
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

// steps returns the places in a piece at which the linear u is k + half for a whole k from lo to hi, when these are so many
// that the piece is better split at all of them at once.
func (l *line) steps(p *piece, u expr.Expr, half number.Number, lo, hi int64) (list []exact.Spot, ok bool) {
	const few = 6
	d := l.Slope(u)
	if hi-lo < few || !d.Valid() {
		return nil, false
	}
	rising, ok := l.Consts.Sign(d)
	if !ok || rising == 0 {
		return nil, false
	}
	inv, start := l.T.Pow(d, l.T.Int(-1)), l.Substitute(u, l.T.Int(0))
	list = []exact.Spot{}
	for k := lo; k <= hi; k++ {
		z := exact.At(l.Consts, l.T.Mul(inv, l.T.Sub(l.T.Num(number.Int(k).Add(half)), start)))
		a, ok1 := l.Consts.CompareSpots(p.lo, z)
		b, ok2 := l.Consts.CompareSpots(z, p.hi)
		if !ok1 || !ok2 {
			return nil, false
		}
		if a < 0 && b < 0 {
			list = append(list, z)
		}
	}
	if rising < 0 {
		slices.Reverse(list)
	}
	return list, true
}

// poles decides the signs of u + k, k = 1, 2, …, on a piece where u < 0: gamma
// and its kin have poles at the negative integers. It reports whether u is at one.
func (l *line) poles(p *piece, u expr.Expr) (bool, *decision) {
	if !u.Has(l.Name) {
		if u.Op() == expr.Num && u.Number().IsInt() {
			return true, nil
		}
		i := l.Consts.Enclose(u)
		if math.Floor(i.Lo) == math.Floor(i.Hi) && math.Floor(i.Lo) != i.Lo {
			return false, nil
		}
		if k, ok := number.FromFloat(math.Round(i.Mid())); ok && i.Has(math.Round(i.Mid())) && l.isNumber(u, k) {
			return true, nil
		}
		return false, &decision{err: errDomain}
	}
	m := l.Program(u)
	if m == nil {
		return false, &decision{err: errFeature}
	}
	v, _ := exact.Evaluate(m, p.hull())
	if !v[0].IsBounded() || v[0].Width() > maxSteps {
		return false, &decision{err: errPieces}
	}
	for k := int64(math.Floor(v[0].Lo)) - 1; k < 0; k++ {
		d := l.T.Sub(u, l.T.Int(k))
		s, ok := l.signOn(p, d)
		if !ok {
			return false, &decision{sign: d}
		}
		if s == 0 {
			return true, nil
		}
	}
	return false, nil
}
