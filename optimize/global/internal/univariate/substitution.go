package univariate

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"nabla/diff"
	"nabla/expr"
	"nabla/expr/fn"
	"nabla/expr/format"
	"nabla/expr/interval"
	"nabla/expr/number"
	"nabla/expr/simplify"
	"nabla/optimize/global/internal/asymptotic"
	"nabla/optimize/global/internal/exact"
	"nabla/optimize/global/internal/form"
	"nabla/optimize/global/minimum"
)

// This file answers by substitution. Where f(x) = g(u(x)), the values of f are
// those of g on the range of u. The line is cut into branches on which u is
// continuous and strictly monotone; each maps onto an interval, g is studied on
// the union of these, and its minimisers are pulled back through the inverse of u
// on each branch.

// substitutions is how often a substitution may be made in what another one left.
const substitutions = 3

// innerParts returns the parts u of f, other than x and f, through which all
// ways from f to x lead, the innermost first: the dominators of x.
func innerParts(f expr.Expr, x string) []expr.Expr {
	w := expr.Order(f)
	n := w.Len()
	// over[i] is the immediate dominator of node i, a greater number.
	over := make([]int, n)
	for i := range over {
		over[i] = -1
	}
	over[n-1] = n - 1
	meet := func(a, b int) int {
		for a != b {
			if a < b {
				a = over[a]
			} else {
				b = over[b]
			}
		}
		return a
	}
	at := -1
	for i, e := range w.Back() {
		if over[i] < 0 {
			continue // not reached
		}
		if e.Op() == expr.Var && e.Name() == x {
			at = i
		}
		for k := range e.Len() {
			j := w.Place(e.Arg(k))
			if over[j] < 0 {
				over[j] = i
			} else {
				over[j] = meet(over[j], i)
			}
		}
	}
	if at < 0 {
		return nil
	}
	nodes := make([]expr.Expr, n)
	for i, e := range w.Each() {
		nodes[i] = e
	}
	var out []expr.Expr
	for i := over[at]; i != n-1 && i >= 0; i = over[i] {
		if u := nodes[i]; u.Op() != expr.Var && !u.Op().IsCondition() {
			out = append(out, u)
		}
	}
	return out
}

// outerPart returns f with the part u replaced by the variable y.
func outerPart(f, u expr.Expr, y string) expr.Expr {
	pool := f.Pool()
	v := pool.Var(y)
	w := expr.Order(f)
	vals := make([]expr.Expr, w.Len())
	var args []expr.Expr
	for i, n := range w.Each() {
		if n == u {
			vals[i] = v
			continue
		}
		args = args[:0]
		for k := range n.Len() {
			args = append(args, vals[w.Place(n.Arg(k))])
		}
		vals[i] = expr.Remake(n, pool, args, nil)
	}
	return vals[len(vals)-1]
}

// substituted answers p by substitution, nil when that does not settle it. With
// periodic only a g that is periodic in u, or a formula of waves, is tried: it has families of
// minimisers, or an infimum towards an end of u, which nothing else finds.
func substituted(ctx context.Context, p *Question, periodic bool) *answer {
	if p.depth >= substitutions || len(p.SubjectTo) > 0 || ctx.Err() != nil {
		return nil
	}
	l, _, _, _, _ := newLine(ctx, p)
	raw := apart(l.T.Pool().Import(p.F))
	y := "u"
	if l.Name == y {
		y = "v"
	}
	for _, c := range l.substitutes(raw, y) {
		if l.Consts.Tired() {
			return nil
		}
		u, g := c.u, c.g
		if periodic {
			gl, _, _, _, _ := newLine(ctx, &Question{F: g, Var: y})
			if _, ok := gl.findPeriod(); !ok {
				if speeds, ok := gl.angularSpeeds(gl.raw, true); !ok || len(speeds) < 2 {
					continue
				}
			}
		}
		inner, lo, hi, loOpen, hiOpen := newLine(ctx, &Question{F: u, Var: l.Name, Bound: p.Bound})
		s := &substitution{p: p, y: y, u: u, g: g,
			in: &study{l: inner, a: &answer{}, lo: lo, hi: hi, loOpen: loOpen, hiOpen: hiOpen,
				outerLo: lo, outerHi: hi, outerLoOpen: loOpen, outerHiOpen: hiOpen}}
		if a := s.answer(ctx); a != nil && (!c.besides.Valid() || higher(l, c.besides, a)) {
			if a.between == "" {
				a.between = s.in.betweenText()
			}
			return a
		}
	}
	return nil
}

// apart returns the written formula f with parts of x alone in place of those with positive factors: c*(1/v) for c/v, so that
// 1/x is a part of sin(1/x) + sin(2/x) through which all of it depends on x, and so for roots and logarithms of c*v; with
// the root of squares for hypot; and without what is multiplied by 0, where that has a value everywhere.
func apart(f expr.Expr) expr.Expr {
	pool := f.Pool()
	return expr.Fold(f, func(n expr.Expr, args []expr.Expr) expr.Expr {
		switch {
		case n.Op() == expr.Div && args[0].IsConstant() && !args[0].IsNum(1) && !args[1].IsConstant():
			return pool.Make(expr.Mul, args[0], pool.Make(expr.Div, pool.Int(1), args[1]))
		case n.Op() == expr.Mul && slices.ContainsFunc(args, func(a expr.Expr) bool { return a.IsNum(0) }) && len(simplify.Domain(n)) == 0:
			return pool.Int(0)
		case n.IsCall("hypot"):
			return simplify.Instance(n.Func(), n.Func().Means, pool, args)
		}
		if n.Op() == expr.Call && (n.Func().Name == "sqrt" || n.Func().Name == "cbrt" || n.Func().Name == "log") && n.Len() == 1 {
			if c, v, ok := factored(args[0]); ok {
				op := expr.Mul
				if n.Func().Name == "log" {
					op = expr.Add
				}
				return pool.Make(op, pool.Call(n.Func(), c), pool.Call(n.Func(), v))
			}
		}
		return expr.Remake(n, pool, args, nil)
	})
}

// factored writes the written formula u as c*v with a positive number c.
func factored(u expr.Expr) (c, v expr.Expr, ok bool) {
	pool := u.Pool()
	positive := func(c expr.Expr) bool { return c.Op() == expr.Num && c.Number().Sign() > 0 && !c.IsNum(1) }
	switch {
	case u.Op() == expr.Mul && u.Len() == 2 && positive(u.Arg(0)) && !u.Arg(1).IsConstant():
		return u.Arg(0), u.Arg(1), true
	case u.Op() == expr.Div && positive(u.Arg(1)) && !u.Arg(0).IsConstant():
		return pool.Make(expr.Div, pool.Int(1), u.Arg(1)), u.Arg(0), true
	}
	return c, v, false
}

// A substitute is f = g(y) with y = u(x), but at the place besides, if it is valid,
// where u has no value.
type substitute struct{ u, g, besides expr.Expr }

// substitutes returns the substitutions that may be made in the written formula f:
// of a part through which all of it depends on x, and of exp(x), log(x) and 1/x,
// where they occur, by their inverse.
func (l *line) substitutes(f expr.Expr, y string) []substitute {
	var out []substitute
	for _, u := range innerParts(f, l.Name) {
		if !l.Slope(l.tidyNode(u)).Valid() { // otherwise no simpler than x
			out = append(out, substitute{u: u, g: outerPart(f, u, y)})
		}
	}
	pool := l.T.Pool()
	v := pool.Var(y)
	for _, u := range append(innerParts(f, l.Name), f) {
		if e, at, ok := l.exponent(u); ok {
			g := expr.Rebuild(outerPart(f, u, y), pool, func(x expr.Expr) (expr.Expr, bool) { return pool.Call(fn.Lookup("exp"), v), x == v })
			out = append(out, substitute{u: e, g: g, besides: at})
		}
	}
	through := func(u expr.Expr, inverse expr.Expr) {
		if !slices.ContainsFunc(out, func(s substitute) bool { return s.u == u }) {
			out = append(out, substitute{u: u, g: expr.Rebuild(f, pool, func(x expr.Expr) (expr.Expr, bool) { return inverse, x.Name() == l.Name })})
		}
	}
	w := expr.Order(f)
	always := evaluated(w)
	for n := range f.All() {
		switch {
		case n.IsCall("exp") && n.Arg(0) == l.Var:
			through(n, pool.Call(fn.Lookup("log"), v))
		case n.IsCall("log") && n.Arg(0) == l.Var && always[w.Place(n)]: // else f has values where log(x) has none
			through(n, pool.Call(fn.Lookup("exp"), v))
		case n.Op() == expr.Div && n.Arg(1) == l.Var && n.Arg(0).IsNum(1):
			if _, defined, sure := l.valueAt(pool.Int(0)); sure && !defined {
				through(n, pool.Make(expr.Div, pool.Int(1), v))
			}
		}
	}
	return out
}

// higher reports whether f, at the place z, has a greater value than the answer a
// for the rest says, or none.
func higher(l *line, z expr.Expr, a *answer) bool {
	v, defined, sure := l.valueAt(z)
	if !sure || !defined || a.Status == minimum.Unbounded {
		return sure && !defined || a.Status == minimum.Unbounded
	}
	if !a.ExactValue.Valid() {
		return false
	}
	least := l.T.Pool().Import(a.ExactValue)
	if l.max {
		least = l.T.Neg(least)
	}
	c, ok := l.Consts.Compare(v, least)
	return ok && c > 0
}

// exponent returns v·log(b) for u = b^v with x in v and b > 0, or b = x: but for
// x = 0, u is exp of that. An exponent that is a number between steps takes other
// bases too.
func (l *line) exponent(u expr.Expr) (e, besides expr.Expr, ok bool) {
	if u.Op() != expr.Pow || !u.Arg(0).Has(l.Name) || !u.Arg(1).Has(l.Name) || l.stepsOnly(u.Arg(1)) {
		return e, besides, false
	}
	pool := l.T.Pool()
	if b := u.Arg(0); b == l.Var {
		besides = pool.Int(0)
	} else if !l.positive(b) {
		return e, besides, false
	}
	return pool.Make(expr.Mul, u.Arg(1), pool.Call(fn.Lookup("log"), u.Arg(0))), besides, true
}

// A substitution is f = g(y), y = u(x).
type substitution struct {
	p    *Question
	y    string
	u, g expr.Expr
	in   *study // of u
	tidy expr.Expr

	branches []branch
	// The answers for g on the parts of the range of u: all, those with the least
	// value, and the first of these.
	stationary, subs []*answer
	sub              *answer
	endless          []bool // the parts of the range that are unbounded
	everywhere       bool   // g is defined on all of the range
	between          string // the range
	some             bool   // u may leave out values of it
	// Where u is studied on a part of the line only, on which it takes all its values: the
	// period after which it is repeated, if that is why.
	part   bool
	period expr.Expr
}

// A branch is a part of the line from lo to hi on which u is continuous and
// strictly monotone; from and to are its limits at lo and hi.
type branch struct {
	lo, hi     exact.Spot
	from, to   exact.Spot
	loIn, hiIn bool // the end is part of the domain, with the limit as its value
	// loTurn and hiTurn say that the end is inside the domain.
	loTurn, hiTurn bool
	rising         bool
	first          bool // lo is the lower end of a piece
}

// image returns the ends of the values on b, in order.
func (b *branch) image() (lo, hi exact.Spot, loIn, hiIn bool) {
	if b.rising {
		return b.from, b.to, b.loIn, b.hiIn
	}
	return b.to, b.from, b.hiIn, b.loIn
}

// maxBranches is the most branches that a substitution may have.
const maxBranches = 12

func (s *substitution) answer(ctx context.Context) *answer {
	if s.cut() {
		if bounds, ok := s.ranges(); ok {
			return s.onRange(ctx, bounds)
		}
		return nil
	}
	if a := s.onPart(ctx); a != nil {
		return a
	}
	return s.byRange(ctx)
}

// onRange answers from the least value of g on the union of the bounds, the values that
// u takes on the branches.
func (s *substitution) onRange(ctx context.Context, bounds []minimum.Bound) *answer {
	s.subs, s.endless = nil, nil
	for i := range bounds {
		q := &Question{F: s.g, Var: s.y, Bound: bounds[i], Max: s.p.Max, depth: s.p.depth + 1}
		sub := solve(ctx, q)
		switch sub.Status {
		case minimum.Exact, minimum.Certified, minimum.NotAttained, minimum.Unbounded:
			s.subs = append(s.subs, sub)
			s.endless = append(s.endless, !bounds[i].Lo.Valid() || !bounds[i].Hi.Valid())
		case minimum.EmptyDomain:
		default:
			return nil
		}
	}
	if len(s.subs) == 0 || !s.best() {
		return nil
	}
	return s.pullBack()
}

// best keeps of the answers for g those with the least value, the attained ones
// first, and says what is known of all.
func (s *substitution) best() bool {
	l := s.in.l
	all := s.subs
	s.stationary, s.everywhere = all, true
	var between []string
	for _, a := range all {
		s.everywhere = s.everywhere && a.everywhere
		between = append(between, a.between)
	}
	s.between = strings.Join(between, " or ")
	value := func(a *answer) exact.Spot {
		switch {
		case a.Status == minimum.Unbounded:
			return exact.Start
		case a.ExactValue.Valid():
			e := l.T.Pool().Import(a.ExactValue)
			if s.p.Max {
				e = l.T.Neg(e)
			}
			return exact.At(l.Consts, e)
		}
		v := a.Enclosure.Value
		if s.p.Max {
			v = v.Neg()
		}
		return exact.Spot{Hull: v}
	}
	s.subs = nil
	first := 0
	for i, a := range all {
		if len(s.subs) == 0 {
			s.subs = []*answer{a}
			continue
		}
		c, ok := l.Consts.CompareSpots(value(a), value(s.subs[0]))
		switch {
		case !ok && a.Attained && s.subs[0].Attained && s.endless[i] && s.endless[first] && s.repeats(): // the same on both
			s.subs = append(s.subs, a)
		case !ok:
			return false
		case c < 0:
			s.subs, first = []*answer{a}, i
		case c == 0:
			s.subs = append(s.subs, a)
		}
	}
	slices.SortStableFunc(s.subs, func(a, b *answer) int {
		rank := func(a *answer) int {
			if a.Attained {
				return 0
			}
			return 1
		}
		return rank(a) - rank(b)
	})
	if s.subs[0].Attained {
		s.subs = slices.DeleteFunc(s.subs, func(a *answer) bool { return !a.Attained })
	}
	s.sub = s.subs[0]
	return true
}

// repeats reports whether g is seen to have a period.
func (s *substitution) repeats() bool {
	g, _, _, _, _ := newLine(context.Background(), &Question{F: s.g, Var: s.y})
	_, ok := g.findPeriod()
	return ok
}

// cut finds the branches of u.
func (s *substitution) cut() bool {
	in := s.in
	l := in.l
	s.branches = nil
	pieces, spots, err := l.cut(in.lo, in.hi)
	if err != nil || len(pieces) > maxBranches || slices.ContainsFunc(pieces, func(p piece) bool { return p.ray != nil }) {
		return false
	}
	in.pieces, in.spots = pieces, spots
	for i := range pieces {
		if !s.cutPiece(&pieces[i]) {
			return false
		}
	}
	for i := range s.branches {
		b := &s.branches[i]
		b.loTurn = b.loIn && i > 0 && s.branches[i-1].hiIn && s.same(s.branches[i-1].hi, b.lo)
		b.hiTurn = b.hiIn && i+1 < len(s.branches) && s.branches[i+1].loIn && s.same(s.branches[i+1].lo, b.hi)
	}
	// a place that is no end of a piece stands alone
	for _, z := range spots {
		if _, in, sure := s.valueAt(z); !sure {
			return false
		} else if in && !slices.ContainsFunc(s.branches, func(b branch) bool { return s.same(b.lo, z) || s.same(b.hi, z) }) {
			return false
		}
	}
	s.tidy = l.tidyNode(s.in.l.raw)
	return len(s.branches) > 0
}

// cutPiece adds the branches on a piece: between the zeros of u'.
func (s *substitution) cutPiece(p *piece) bool {
	l := s.in.l
	p.f = l.T.Tidy(p.raw)
	p.g = l.derivative(p)
	z, ok := l.allZeros(p.g, p.lo, p.hi)
	if !ok {
		return false
	}
	ends := append(append([]exact.Spot{p.lo}, z.zeros...), p.hi)
	if len(s.branches)+len(ends) > maxBranches {
		return false
	}
	for k := 0; k+1 < len(ends); k++ {
		b := branch{lo: ends[k], hi: ends[k+1], first: k == 0}
		sign, ok := l.signInside(p.g, b.lo, b.hi)
		if !ok || sign == 0 {
			return false
		}
		b.rising = sign > 0
		for side, end := range [2]exact.Spot{b.lo, b.hi} {
			v, in, sure := s.valueAt(end)
			at := v
			if turn := side == 0 && k > 0 || side == 1 && k+2 < len(ends); !turn {
				if at, ok = s.limitAt(p, end, 2*side-1); !ok {
					return false
				}
			}
			if !sure || in && at.Inf != 0 {
				return false
			}
			if in {
				if c, ok := l.Consts.CompareSpots(v, at); !ok || c != 0 {
					return false // a jump
				}
			}
			if side == 0 {
				b.from, b.loIn = at, in
			} else {
				b.to, b.hiIn = at, in
			}
		}
		s.branches = append(s.branches, b)
	}
	return true
}

// valueAt returns the value of u at z, whether there is one in the question, and whether that is
// sure.
func (s *substitution) valueAt(z exact.Spot) (v exact.Spot, in, sure bool) {
	l, of := s.in.l, s.in
	switch {
	case z.Inf != 0:
		return z, false, true
	case !z.Exact.Valid():
		return z, false, false
	}
	if c, ok := l.Consts.CompareSpots(z, of.lo); ok && c == 0 && of.loOpen {
		return z, false, true
	}
	if c, ok := l.Consts.CompareSpots(z, of.hi); ok && c == 0 && of.hiOpen {
		return z, false, true
	}
	e, defined, sure := l.valueAt(z.Exact)
	if !defined || !sure {
		return z, false, sure
	}
	return exact.At(l.Consts, e), true, true
}

// limitAt returns the limit of u towards an end of p.
func (s *substitution) limitAt(p *piece, end exact.Spot, side int) (exact.Spot, bool) {
	switch lim := s.in.limit(p, end, side); {
	case lim.Kind == asymptotic.Plus:
		return exact.End, true
	case lim.Kind == asymptotic.Minus:
		return exact.Start, true
	case lim.Kind == asymptotic.Finite && lim.Value.Valid():
		return exact.At(s.in.l.Consts, lim.Value), true
	}
	return exact.Spot{}, false
}

func (s *substitution) same(a, b exact.Spot) bool { return s.in.l.same(a, b) }

// ranges returns the union of the images of the branches.
func (s *substitution) ranges() ([]minimum.Bound, bool) {
	type part struct {
		lo, hi     exact.Spot
		loIn, hiIn bool
	}
	c := s.in.l.Consts
	var parts []part
	for i := range s.branches {
		var p part
		p.lo, p.hi, p.loIn, p.hiIn = s.branches[i].image()
		parts = append(parts, p)
	}
	sure := true
	slices.SortStableFunc(parts, func(a, b part) int {
		k, ok := c.CompareSpots(a.lo, b.lo)
		sure = sure && ok
		return k
	})
	var out []part
	for _, p := range parts {
		if n := len(out); n > 0 {
			last := &out[n-1]
			k, ok := c.CompareSpots(p.lo, last.hi)
			sure = sure && ok
			if k < 0 || k == 0 && (p.loIn || last.hiIn) {
				if k, ok := c.CompareSpots(p.lo, last.lo); ok && k == 0 {
					last.loIn = last.loIn || p.loIn
				}
				k, ok := c.CompareSpots(p.hi, last.hi)
				sure = sure && ok
				if k > 0 {
					last.hi, last.hiIn = p.hi, p.hiIn
				} else if k == 0 {
					last.hiIn = last.hiIn || p.hiIn
				}
				continue
			}
		}
		out = append(out, p)
	}
	var bounds []minimum.Bound
	for _, p := range out {
		b := minimum.Bound{LoOpen: !p.loIn, HiOpen: !p.hiIn}
		if p.lo.Inf == 0 {
			b.Lo = p.lo.Exact
		}
		if p.hi.Inf == 0 {
			b.Hi = p.hi.Exact
		}
		bounds = append(bounds, b)
	}
	return bounds, sure
}

// inverses returns expressions of which one is the x with u(x) = y on each
// branch, false when u is not a chain of functions with inverses in closed form.
func (s *substitution) inverses(y expr.Expr) ([]expr.Expr, bool) {
	return form.Nearby(s.in.l.T, s.tidy, y)
}

// on returns the place on branch b at which u has the value y, which must be in
// its image.
func (s *substitution) on(b *branch, y exact.Spot) (exact.Spot, bool) {
	l := s.in.l
	if s.same(y, b.from) && b.loIn {
		return b.lo, true
	}
	if s.same(y, b.to) && b.hiIn {
		return b.hi, true
	}
	if y.Exact.Valid() {
		if list, ok := s.inverses(y.Exact); ok {
			if k := s.inside(b, list); k >= 0 {
				return exact.At(l.Consts, list[k]), true
			}
		}
		z, ok := l.allZeros(l.T.Sub(s.tidy, l.T.Pool().Import(y.Exact)), b.lo, b.hi)
		if ok && len(z.zeros) == 1 && !z.zeros[0].Wide {
			return z.zeros[0], true
		}
		return exact.Spot{}, false
	}
	// An interval of values has an interval of places.
	var ends [2]exact.Spot
	for i, v := range [2]float64{y.Hull.Lo, y.Hull.Hi} {
		n, ok := number.FromFloat(v)
		if !ok {
			return exact.Spot{}, false
		}
		at := exact.At(l.Consts, l.T.Num(n))
		if !s.contains(b, at) {
			return exact.Spot{}, false
		}
		if ends[i], ok = s.on(b, at); !ok {
			return exact.Spot{}, false
		}
	}
	return exact.Spot{Hull: ends[0].Hull.Hull(ends[1].Hull), Wide: y.Wide}, true
}

// contains reports whether y is proved to be a value on b.
func (s *substitution) contains(b *branch, y exact.Spot) bool {
	c := s.in.l.Consts
	lo, hi, loIn, hiIn := b.image()
	x, ok1 := c.CompareSpots(lo, y)
	z, ok2 := c.CompareSpots(y, hi)
	return ok1 && ok2 && (x < 0 || x == 0 && loIn) && (z < 0 || z == 0 && hiIn)
}

// inside returns the number of the one expression of list that lies on b, -1
// when it is not one for certain.
func (s *substitution) inside(b *branch, list []expr.Expr) int {
	c := s.in.l.Consts
	found := -1
	for i, e := range list {
		if c.Enclose(e) == interval.Whole {
			continue // not a real number
		}
		z := exact.At(c, e)
		x, ok1 := c.CompareSpots(b.lo, z)
		y, ok2 := c.CompareSpots(z, b.hi)
		if !ok1 || !ok2 {
			return -1
		}
		if x < 0 && y < 0 {
			if found >= 0 {
				return -1
			}
			found = i
		}
	}
	return found
}

// A preimage is a place, or a family of them, at which u has a value, or the
// values of a family.
type preimage struct {
	z      exact.Spot
	family string
	b      *branch
	inner  bool // no end of the branch
}

// preimages returns where u has the value y, or one of the values y + P k; false
// when not all of them could be found.
func (s *substitution) preimages(y exact.Spot, r minimum.Repeats) ([]preimage, bool) {
	var out []preimage
	all := true
	add := func(p preimage) {
		if !slices.ContainsFunc(out, func(q preimage) bool { // an end of two branches, or one equation for several
			return p.family == q.family && (p.family != "" || s.same(p.z, q.z))
		}) {
			out = append(out, p)
		}
	}
	for i := range s.branches {
		b := &s.branches[i]
		if !r.Step.Valid() {
			if s.contains(b, y) {
				z, ok := s.on(b, y)
				if !ok {
					all = false
					continue
				}
				add(preimage{z: z, b: b, inner: !s.same(z, b.lo) && !s.same(z, b.hi)})
			} else if !s.apart(b, y) {
				all = false
			}
			continue
		}
		list, ok := s.familyOn(b, y, r)
		all = all && ok
		for _, p := range list {
			add(p)
		}
	}
	return out, all
}

// apart reports whether y is proved not to be a value on b.
func (s *substitution) apart(b *branch, y exact.Spot) bool {
	c := s.in.l.Consts
	lo, hi, loIn, hiIn := b.image()
	x, ok1 := c.CompareSpots(lo, y)
	z, ok2 := c.CompareSpots(y, hi)
	return ok1 && (x > 0 || x == 0 && !loIn) || ok2 && (z > 0 || z == 0 && !hiIn)
}

// listed is how many places of a family on a bounded branch are listed one by
// one.
const listed = 12

// familyOn returns the places on b at which u is y + P k for some k.
func (s *substitution) familyOn(b *branch, y exact.Spot, r minimum.Repeats) ([]preimage, bool) {
	m, ok := s.multiplesOn(b, y, r)
	if !ok {
		return nil, false
	}
	if m.first && m.last && m.to-m.from < listed {
		var out []preimage
		for k := m.from; k <= m.to; k++ {
			z, ok := s.on(b, m.at(s.in.l, k))
			if !ok {
				return out, false
			}
			out = append(out, preimage{z: z, b: b, inner: !s.same(z, b.lo) && !s.same(z, b.hi)})
		}
		return out, true
	}
	return s.named(b, m)
}

// A multiples is the places base + step·k for whole k, from and to some k if there is a first or a
// last one. The base has a closed form or is enclosed.
type multiples struct {
	base        exact.Spot
	step        expr.Expr
	from, to    int64
	first, last bool
}

func (m *multiples) at(l *line, k int64) exact.Spot {
	if !m.base.Exact.Valid() {
		return exact.Spot{Hull: m.base.Hull.Add(l.Consts.Enclose(m.step).Mul(interval.Point(float64(k))))}
	}
	return exact.At(l.Consts, m.formula(l, k))
}

// formula returns at as a formula, of a base without a closed form to as many digits as are shown.
func (m *multiples) formula(l *line, k int64) expr.Expr {
	base := m.base.Exact
	if !base.Valid() {
		base = l.T.Tidy(expr.MustParse(format.Number(m.base.Float(), 6)))
	}
	return l.T.Add(base, l.T.Mul(l.T.Int(k), m.step))
}

// multiplesOn returns the places that y with its repetition stands for in the image of b.
func (s *substitution) multiplesOn(b *branch, y exact.Spot, r minimum.Repeats) (m *multiples, ok bool) {
	l := s.in.l
	c := l.Consts
	lo, hi, loIn, hiIn := b.image()
	m = &multiples{base: y, step: l.T.Pool().Import(r.Step), first: lo.Inf == 0, last: hi.Inf == 0}
	if y.Exact.Valid() {
		m.base.Exact = l.T.Pool().Import(y.Exact)
	}
	edge := func(end exact.Spot, in bool, dir int64) (int64, bool) { // the first k inside the end
		q := c.Enclose(end.Exact).Sub(m.at(l, 0).Hull).Div(c.Enclose(m.step))
		if !q.IsBounded() || q.Mag() > 1e15 {
			return 0, false
		}
		k := int64(math.Round(q.Mid())) - 2*dir
		for range 6 {
			d, ok := c.CompareSpots(m.at(l, k), end)
			if !ok {
				return 0, false
			}
			if d *= int(dir); d > 0 || d == 0 && in {
				return k, true
			}
			k += dir
		}
		return 0, false
	}
	if m.first {
		if m.from, ok = edge(lo, loIn, 1); !ok {
			return nil, false
		}
	}
	if m.last {
		if m.to, ok = edge(hi, hiIn, -1); !ok {
			return nil, false
		}
	}
	if r.Lo != nil && (!m.first || m.from < *r.Lo) {
		m.from, m.first = *r.Lo, true
	}
	if r.Hi != nil && (!m.last || m.to > *r.Hi) {
		m.to, m.last = *r.Hi, true
	}
	return m, true
}

// named returns what b maps to m as a family with one formula, or with an equation for it.
func (s *substitution) named(b *branch, m *multiples) ([]preimage, bool) {
	l, t := s.in.l, s.in.l.T
	// base + step (from + k), base + step (to - k) or base + step k
	first, dir, tail := m.from, int64(1), ", k >= 0"
	switch {
	case m.first && m.last:
		tail = fmt.Sprintf(", 0 <= k <= %d", m.to-m.from)
	case m.last:
		first, dir = m.to, -1
	case !m.first:
		first, tail = 0, ""
	}
	z, ok := s.on(b, m.at(l, first))
	if !ok {
		return nil, false
	}
	values := t.Add(m.formula(l, first), t.Mul(t.Int(dir), m.step, t.Pool().Var("k")))
	text := func(e expr.Expr) string { return format.String(e, format.Options{Decimals: !m.base.Exact.Valid()}) }
	list, ok := s.inverses(values)
	if !ok { // no closed form: the equation
		return []preimage{{z: z, family: text(s.u) + " = " + text(values) + tail, b: b, inner: true}}, true
	}
	// the same inverse gives all of them
	which := -1
	for _, n := range [...]int64{1, 2, 1000, -1, -2, -1000} {
		if m.first && m.last && n > m.to-m.from || n < 0 && tail != "" {
			continue
		}
		each, _ := s.inverses(m.formula(l, first+dir*n))
		i := s.inside(b, each)
		if i < 0 && max(n, -n) == 1000 {
			continue // perhaps too near the end of the branch to be told
		}
		if i < 0 || which >= 0 && i != which {
			return nil, false
		}
		which = i
	}
	place := l.Name + " = " + text(list[which])
	return []preimage{{z: z, family: place + tail, b: b, inner: !s.same(z, b.lo) && !s.same(z, b.hi)}}, true
}

// pullBack turns the answer for g into one for f.
func (s *substitution) pullBack() *answer {
	l, sub := s.in.l, s.sub
	a := newAnswer(l.Name)
	a.Status, a.Value, a.ExactValue, a.Attained = sub.Status, sub.Value, sub.ExactValue, sub.Attained
	a.Method, a.Warnings = sub.Method, sub.Warnings
	if sub.Enclosure != nil {
		a.Enclosure = &minimum.Enclosure{Value: sub.Enclosure.Value}
	}
	a.Evaluations = sub.Evaluations
	a.Domain = s.domain()
	if a.Domain == "" {
		return nil
	}
	switch sub.Status {
	case minimum.Unbounded:
		if !s.pullWitness(a) {
			return nil
		}
	case minimum.NotAttained:
		if !s.pullApproach(a) {
			return nil
		}
	default:
		if !s.pullMinimisers(a) {
			return nil
		}
	}
	s.pullStationary(a)
	if s.part {
		s.repeat(a)
	}
	a.Proof = s.proof(a)
	return a
}

// domain describes where f is defined: everywhere u is, if g is defined on all of
// the range of u.
func (s *substitution) domain() string {
	if s.part {
		return s.p.domain()
	}
	if !s.everywhere {
		// Where g is not defined, neither is f.
		if conds := s.p.domain(); (!strings.HasPrefix(conds, "all real") || !HasCases(s.p.F)) && s.in.lo.Inf != 0 && s.in.hi.Inf != 0 {
			return conds
		}
		return ""
	}
	in := s.in
	in.defined = map[int]bool{}
	for i, z := range in.spots {
		for k := range s.branches {
			b := &s.branches[k]
			if s.same(b.lo, z) && b.loIn || s.same(b.hi, z) && b.hiIn {
				in.defined[i] = true
			}
		}
	}
	return in.l.domainText(in.pieces, in.spots, in.defined)
}

// spotOf returns a point of the answer for g as a place.
func (s *substitution) spotOf(x []float64, e []expr.Expr, hull interval.I) exact.Spot {
	l := s.in.l
	if len(e) > 0 && e[0].Valid() {
		return exact.At(l.Consts, l.T.Pool().Import(e[0]))
	}
	return exact.Spot{Hull: hull}
}

// pullMinimisers finds where u takes the values at which g is least.
func (s *substitution) pullMinimisers(a *answer) bool {
	a.MinimisersComplete = true
	var all []minimum.Point
	for _, sub := range s.subs {
		all = append(all, sub.Minimisers...)
		a.MinimisersComplete = a.MinimisersComplete && sub.MinimisersComplete
	}
	for _, m := range all {
		if m.Family != "" && !m.Repeats.Step.Valid() {
			a.MinimisersComplete = false // a continuum, of which one place is told
		}
		if m.Hull.IsEmpty() || m.Hull == (interval.I{}) && len(m.Exact) == 0 {
			return false
		}
		list, all := s.preimages(s.spotOf(m.X, m.Exact, m.Hull), m.Repeats)
		a.MinimisersComplete = a.MinimisersComplete && all
		for _, p := range list {
			pt := minimum.Point{X: []float64{p.z.Float()}, Family: p.family, Hull: p.z.Hull}
			if p.z.Exact.Valid() {
				pt.Exact = []expr.Expr{p.z.Exact}
			}
			a.Minimisers = append(a.Minimisers, pt)
		}
	}
	if len(a.Minimisers) == 0 {
		return false
	}
	best := 0
	for i, m := range a.Minimisers {
		if len(m.Exact) > 0 && len(a.Minimisers[best].Exact) == 0 {
			best = i
		}
	}
	a.Minimisers[0], a.Minimisers[best] = a.Minimisers[best], a.Minimisers[0]
	a.At, a.ExactAt = slices.Clone(a.Minimisers[0].X), a.Minimisers[0].Exact
	a.Enclosure.At = []interval.I{a.Minimisers[0].Hull}
	if a.Status == minimum.Exact && len(a.ExactAt) == 0 {
		a.Status = minimum.Certified
	}
	return true
}

// pullApproach finds where x goes when u goes where g approaches its infimum.
func (s *substitution) pullApproach(a *answer) bool {
	var texts []string
	for _, sub := range s.subs {
		if sub.approach == nil {
			continue
		}
		side := sub.approachSide
		for _, y := range s.approached(sub) {
			for i := range s.branches {
				z, up, ok := s.toward(&s.branches[i], y, side)
				if !ok {
					continue
				}
				t := s.in.arrow(z, up)
				if strings.Contains(sub.Approached, " along ") {
					t += " along a sequence"
				}
				if !slices.Contains(texts, t) {
					texts = append(texts, t)
				}
				if a.approach == nil {
					a.approach, a.approachSide = &z, up
				}
			}
			if len(texts) > 0 {
				break
			}
		}
	}
	if len(texts) == 0 {
		return false
	}
	if len(texts) > 2 {
		texts = texts[:2]
	}
	a.Approached = strings.Join(texts, " and as ")
	return true
}

// approached returns the place at which g approaches its infimum, and some a few periods
// away at which it does so too.
func (s *substitution) approached(sub *answer) []exact.Spot {
	l := s.in.l
	y := *sub.approach
	y.Exact = importValid(l.T.Pool(), y.Exact)
	out := []exact.Spot{y}
	if sub.approachStep.Valid() && y.Exact.Valid() {
		step := l.T.Pool().Import(sub.approachStep)
		for _, k := range [...]int64{1, -1, 2, -2} {
			out = append(out, exact.At(l.Consts, l.T.Add(y.Exact, l.T.Mul(l.T.Int(k), step))))
		}
	}
	return out
}

// toward returns where x goes on b when u goes to y from the given side (+1 from
// below), and from which side.
func (s *substitution) toward(b *branch, y exact.Spot, side int) (exact.Spot, int, bool) {
	up := side
	if !b.rising {
		up = -side
	}
	lo, hi, _, _ := b.image()
	switch {
	case side > 0 && s.same(y, hi), side < 0 && s.same(y, lo):
		if up > 0 {
			return b.hi, up, true
		}
		return b.lo, up, true
	case y.Inf != 0:
		return exact.Spot{}, 0, false
	}
	c := s.in.l.Consts
	p, ok1 := c.CompareSpots(lo, y)
	q, ok2 := c.CompareSpots(y, hi)
	if !ok1 || !ok2 || p >= 0 || q >= 0 {
		return exact.Spot{}, 0, false
	}
	z, ok := s.on(b, y)
	return z, up, ok
}

func importValid(pool *expr.Pool, e expr.Expr) expr.Expr {
	if !e.Valid() {
		return e
	}
	return pool.Import(e)
}

// pullWitness finds a path of x on which u runs along the path on which g falls
// without end, or a place of x at which u goes to that at which g does.
func (s *substitution) pullWitness(a *answer) bool {
	f, lo, hi, _, _ := newLine(context.Background(), s.p)
	out := &study{l: f, a: a, outerLo: lo, outerHi: hi}
	if s.pullPath(a, out) {
		return true
	}
	if !s.pullApproach(a) {
		return false
	}
	end, side := *a.approach, a.approachSide
	end.Exact = importValid(f.T.Pool(), end.Exact)
	a.Witness = out.witness(nil, end, side, "f → -∞ as "+out.arrow(end, side)).Witness
	a.Approached = ""
	return len(a.Witness.Points) > 0
}

// pullPath is pullWitness with the inverse of u in closed form.
func (s *substitution) pullPath(a *answer, out *study) bool {
	l, f, w := s.in.l, out.l, s.sub.Witness
	if w == nil || len(w.Path) == 0 {
		return false
	}
	list, ok := s.inverses(w.Path[0])
	if !ok {
		return false
	}
	for i := range s.branches {
		b := &s.branches[i]
		which := -1
		for _, n := range [...]int64{1000, 1000000} {
			at := make([]expr.Expr, len(list))
			for k, e := range list {
				at[k] = l.T.Tidy(l.T.Pool().Substitute(e, map[string]expr.Expr{"t": l.T.Int(n)}))
			}
			if which = s.inside(b, at); which < 0 {
				break
			}
		}
		if which < 0 {
			continue
		}
		path := f.T.Pool().Import(list[which])
		a.Witness = out.along(path, w.Whole)
		return true
	}
	return false
}

// pullStationary lists where u takes the values at which g is stationary, and the
// places at which u itself turns.
func (s *substitution) pullStationary(a *answer) {
	complete := true
	var points []minimum.Stationary
	for _, sub := range s.stationary {
		points = append(points, sub.Stationary...)
		complete = complete && sub.StationaryComplete
	}
	for _, st := range points {
		if st.Family != "" && !st.Repeats.Step.Valid() || st.Hull.IsEmpty() {
			complete = false
			continue
		}
		list, all := s.preimages(s.spotOf(st.X, st.Exact, st.Hull), st.Repeats)
		complete = complete && all
		for _, p := range list {
			if !p.inner && p.family == "" && !s.goesOn(p.z) {
				continue // told below
			}
			out := minimum.Stationary{X: []float64{p.z.Float()}, Value: st.Value, ExactValue: st.ExactValue, Kind: st.Kind, Proved: st.Proved,
				Family: p.family, Hull: p.z.Hull}
			if p.z.Exact.Valid() {
				out.Exact = []expr.Expr{p.z.Exact}
			}
			a.Stationary = append(a.Stationary, out)
		}
	}
	g, _, _, _, _ := newLine(context.Background(), &Question{F: s.g, Var: s.y})
	slope := g.T.Tidy(diff.D(g.tidyNode(g.raw), s.y))
	for i := 1; i < len(s.branches); i++ {
		b, prev := &s.branches[i], &s.branches[i-1]
		if !b.loTurn {
			continue
		}
		on := b.rising == prev.rising
		if b.first && on { // with a slope that may be another one
			below, above := s.in.around(b.lo)
			level, known := s.in.level(below, above, b.lo)
			if complete = complete && known; !level {
				continue
			}
		}
		st := minimum.Stationary{X: []float64{b.lo.Float()}, Kind: "undetermined", Hull: b.lo.Hull}
		if b.lo.Exact.Valid() {
			st.Exact = []expr.Expr{b.lo.Exact}
		}
		sign, ok := 0, false
		if b.from.Exact.Valid() {
			y := g.T.Pool().Import(b.from.Exact)
			v, defined, sure := g.valueAt(y)
			if sure && !defined {
				continue // no place of f
			}
			if sure && !g.jumps(g.raw) {
				sign, ok = g.Consts.Sign(g.Consts.Simplify(g.Substitute(slope, y)))
				st.Value, st.ExactValue = minimum.Shown(g.Consts.Enclose(v))+0, v
			}
		}
		switch {
		case on && ok && sign == 0:
			continue // told above
		case !ok || sign == 0:
			complete = false
			if !ok || math.IsNaN(st.Value) || math.IsInf(st.Value, 0) {
				continue
			}
		case on:
			st.Kind, st.Proved = "inflection", true
		case b.rising == (sign > 0):
			st.Kind, st.Proved = "local minimum", true
		default:
			st.Kind, st.Proved = "local maximum", true
		}
		a.Stationary = append(a.Stationary, st)
	}
	slices.SortStableFunc(a.Stationary, func(p, q minimum.Stationary) int { return cmp.Compare(p.X[0], q.X[0]) })
	a.StationaryComplete = complete
}

// goesOn reports whether u rises through z, or falls, from one branch to the next.
func (s *substitution) goesOn(z exact.Spot) bool {
	for i := 1; i < len(s.branches); i++ {
		if b, prev := &s.branches[i], &s.branches[i-1]; b.loTurn && s.same(b.lo, z) {
			return b.rising == prev.rising
		}
	}
	return false
}

// proof says how the substitution goes, and what is known of g.
func (s *substitution) proof(a *answer) []string {
	l := s.in.l
	takes := "which takes the values"
	if s.some {
		takes = "whose values are among"
	}
	g := minimum.NameFor(s.sub.Proof, []string{s.y, l.Name})
	out := []string{fmt.Sprintf("f = %s(%s) with %s = %s and %s = %s, %s %s%s", g, s.y, g, format.Text(s.g), s.y, format.Text(s.u), takes, s.between, s.already())}
	for _, t := range s.sub.Proof {
		if strings.HasPrefix(t, "f is defined for") {
			continue
		}
		out = append(out, minimum.Called(t, g))
	}
	if len(a.Minimisers) > 0 && a.Attained {
		at := a.Minimisers[0].Family
		if at == "" {
			at = l.Name + " = " + format.Number(a.At[0], 6)
			if len(a.ExactAt) > 0 {
				at = l.Name + " = " + format.Text(a.ExactAt[0])
			}
		}
		out = append(out, "and "+s.y+" has that value for "+at)
	}
	return out
}
