package global

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"nabla/expr"
	"nabla/expr/interval"
	"nabla/expr/number"
	"nabla/expr/prove"
	"nabla/expr/simplify"
	"nabla/expr/tape"
	"nabla/optimize/global/internal/branch"
	"nabla/optimize/global/internal/exact"
	"nabla/optimize/global/internal/kkt"
	"nabla/optimize/global/internal/model"
)

// locate lists the minimisers of a certified answer: the boxes that are left are
// examined further, as far as that is cheap, until each is dropped or is one on
// which f is convex. It encloses the minimiser and looks for closed forms.
func (s *session) locate(b *branch.Search, a *Answer) {
	limit := b.Count.Boxes + 2000
	for len(b.Open) > 0 && b.Count.Boxes < limit && s.ctx.Err() == nil && len(s.m.Cons) == 0 {
		r := b.Open[0]
		if r.LB > b.Best.Hi {
			b.Open = b.Open[:0]
			break
		}
		b.PopSplit()
		b.Charge(s.ctx)
	}
	clusters, resolved := s.clusters(b)
	if len(clusters) == 0 || len(s.m.Cons) > 0 {
		if s.exactForms(a, nil, false); a.Status != Exact && len(s.m.Cons) > 0 {
			s.exactUnder(b, a)
		}
		return
	}
	a.Minimisers = nil
	var near []neighbourhood
	var points [][]float64
	for _, c := range clusters {
		b.Try(c.x) // the gap may have been closed before it was seen
		points = append(points, c.x)
		n := s.minimiserNear(b, c.x)
		if n.box == nil {
			n = s.touchingNear(b, c.x)
		}
		for _, r := range c.parts {
			// On a box that holds both the part and the point, f rises from the bounds
			// that hold the point and is strictly convex in the other variables: it is
			// then the only minimiser there.
			resolved = resolved && n.isAllOf(s, b, r)
		}
		near = append(near, n)
		if !n.touches {
			copy(c.x, clippedTo(c.x, n.at))
			plain(c.x, n.at)
		}
		a.Minimisers = append(a.Minimisers, Point{X: c.x})
	}
	a.At = a.Minimisers[0].X
	a.Enclosure.Value.Hi = math.Min(a.Enclosure.Value.Hi, b.Best.Hi)
	a.Value = model.ClipTo(b.At(a.At), a.Enclosure.Value)
	complete := resolved && !slices.ContainsFunc(near, func(n neighbourhood) bool { return n.touches })
	if len(clusters) == 1 && complete {
		a.Enclosure.At = near[0].at
		a.MinimisersComplete = true
	}
	if len(clusters) > 1 {
		equal := true
		for _, x := range points[1:] {
			equal = equal && s.mirrored(points[0], x)
		}
		if equal {
			a.MinimisersComplete = complete
			a.Proof = append(a.Proof, "the points are mirror images: f does not change when these variables change sign or places")
		} else {
			s.warnings = append(s.warnings, "the values at several points cannot be told apart: which of them has the better one is not settled")
		}
	}
	for i, x := range points {
		if near[i].box == nil || near[i].touches {
			continue
		}
		a.Stationary = append(a.Stationary, Stationary{X: x, Value: b.At(x), Kind: "local minimum", Proved: true})
	}
	s.exactForms(a, near, resolved)
}

// A cluster is the boxes in which the same point seems to be the minimiser: one on the border
// of boxes belongs to several.
type cluster struct {
	x     []float64
	v     interval.I // f there
	parts []*branch.Region
}

// clusters returns what is left of the search where f is convex, by the minimisers, and
// whether that is all that is left.
func (s *session) clusters(b *branch.Search) ([]*cluster, bool) {
	var list []*cluster
	all := len(s.m.Cons) == 0
	for _, r := range append(slices.Clone(b.Closed), b.Open...) {
		if r.LB > b.Best.Hi {
			continue
		}
		if r.At == nil || len(s.m.Cons) > 0 {
			all = false
			continue
		}
		at := slices.Clone(r.At)
		for i := range at { // a box reaches to the outer end of a bound that is no float64
			at[i] = model.ClipTo(at[i], s.m.Inner[i])
		}
		v, ok := b.AtPoint(at)
		if !ok || v.Lo > b.Best.Hi+b.Gap() {
			all = false
			continue
		}
		k := slices.IndexFunc(list, func(c *cluster) bool { return model.Near(c.x, at) })
		if k < 0 {
			k = len(list)
			list = append(list, &cluster{x: at, v: v})
		}
		c := list[k]
		if v.Hi < c.v.Hi {
			c.x, c.v = at, v
		}
		c.parts = append(c.parts, r)
	}
	slices.SortStableFunc(list, func(p, q *cluster) int {
		for i := range p.x {
			if p.x[i] != q.x[i] && math.Abs(p.x[i]-q.x[i]) > 1e-6 {
				return cmp.Compare(p.x[i], q.x[i])
			}
		}
		return 0
	})
	return list, all
}

// plain puts numbers of a few digits, such as 0 and 0.5, in the place of coordinates of x
// whose enclosures have one: they are as near to the minimiser for all that is known.
func plain(x []float64, box []interval.I) {
	const wide, digits = 1e-8, 6
	for i, v := range box {
		if !(v.Width() <= wide*math.Max(1, v.Mag())) {
			continue
		}
		if v.Has(0) {
			x[i] = 0
			continue
		}
		if short, err := strconv.ParseFloat(strconv.FormatFloat(v.Mid(), 'g', digits, 64), 64); err == nil && v.Has(short) {
			x[i] = short
		}
	}
}

// A neighbourhood is a small box that is proved to hold one strict local minimum of f in
// the region, and the sides of the bounds that hold its variables: -1, +1; 0 for none. The
// zero value is that of a point of which this is not proved.
type neighbourhood struct {
	box  []interval.I
	at   []interval.I // the part of it where the minimum is
	side []int
	// touches says that bounds were passed over at which f does not rise: the box holds a stationary point and at most
	// one minimiser, which is that point if it lies in the region.
	touches bool
}

// covers reports whether no point of the box x but the minimiser of n is one.
func (n neighbourhood) covers(b *branch.Search, x []interval.I) bool {
	return n.box != nil && b.SingleOver(x, n.box, n.side)
}

// isAllOf reports whether no point of r but the minimiser of n is one: on boxes near it, as covers says, and the others are
// too high.
func (n neighbourhood) isAllOf(s *session, b *branch.Search, r *branch.Region) bool {
	const most = 60
	if n.covers(b, r.X) {
		return true
	}
	if n.box == nil {
		return false
	}
	w := branch.New(s.m, s.o.boxes())
	w.Best, w.BestX, w.Frozen = b.Best, b.BestX, true
	w.Add(r.X, r.LB)
	for len(w.Open)+len(w.Closed) > 0 {
		if w.Count.Boxes > most || s.ctx.Err() != nil {
			return false
		}
		if k := len(w.Closed); k > 0 {
			r, w.Closed = w.Closed[k-1], w.Closed[:k-1]
		} else {
			r = w.Pop()
		}
		if !n.covers(w, r.X) && !w.Split(r) {
			return false
		}
	}
	w.Charge(s.ctx)
	return true
}

// mayHold reports whether the enclosure of a point lies in n, but for variables that a bound holds.
func (n neighbourhood) mayHold(x []interval.I) bool {
	for i, v := range x {
		if !v.In(n.box[i]) && n.side[i] == 0 {
			return false
		}
	}
	return true
}

// minimiserNear returns a neighbourhood of x.
func (s *session) minimiserNear(b *branch.Search, x []float64) neighbourhood {
	if b.Curve == nil || b.N == 0 {
		return neighbourhood{}
	}
	at, side, free, why := b.Holding(x)
	if why != "" {
		return neighbourhood{}
	}
	k := &kkt.Krawczyk{P: b.Prober, X: x, At: at, Side: side, Free: free}
	return s.neighbourhood(b, k)
}

// touchingNear returns a neighbourhood of x that passes over the bounds that hold x while f does not rise from them.
func (s *session) touchingNear(b *branch.Search, x []float64) neighbourhood {
	if b.Curve == nil || b.N == 0 {
		return neighbourhood{}
	}
	at, side, _, why := b.Holding(x)
	if why != "" {
		return neighbourhood{}
	}
	k := &kkt.Krawczyk{P: b.Prober, X: x, At: at, Side: side}
	b.MS.Interval(b.SOut, b.SDec, at)
	for i := range side {
		if g := b.SOut[1+i]; side[i] < 0 && !(g.Lo > 0) || side[i] > 0 && !(g.Hi < 0) {
			side[i], at[i], k.Beyond = 0, interval.Point(x[i]), true
		}
		if side[i] == 0 {
			k.Free = append(k.Free, i)
		}
	}
	if !k.Beyond {
		return neighbourhood{}
	}
	return s.neighbourhood(b, k)
}

// neighbourhood returns the one that k proves.
func (s *session) neighbourhood(b *branch.Search, k *kkt.Krawczyk) neighbourhood {
	c, ok := b.CurvatureAt(k.X, k.Free)
	if !ok {
		return neighbourhood{}
	}
	k.Curve, k.Inv = c, c.Inverse()
	if !k.Begin() {
		return neighbourhood{}
	}
	for _, factor := range kkt.KrawczykFactors {
		if k.Prove(factor) && (len(k.Free) == 0 || model.PositiveDefinite(k.Hess, k.Free)) {
			// The wide box: a closed form may have an enclosure that is wider than k.Out.
			return neighbourhood{k.Box, k.Out, k.Side, k.Beyond}
		}
	}
	return neighbourhood{}
}

// minimiserBoxes is the work to find all minimisers of an exact answer.
const minimiserBoxes = 3000

// allMinimisers adds the minimisers of an exact answer that are not yet known, and reports
// whether they are proved to be all: what is left of the region, after all that is higher,
// is boxes round them on which there is no other. Whether f has the least value at a point
// near one that seems to be a minimiser, prove tells.
func (s *session) allMinimisers(a *Answer, prove func(x []float64) (Point, bool)) bool {
	if len(s.m.Cons) > 0 || s.m.Curve == nil {
		return false
	}
	var known []neighbourhood
	admit := func(x []float64) bool {
		n := s.minimiserNear(s.b, x)
		known = append(known, n)
		return n.box != nil
	}
	if !admit(a.At) {
		return false
	}
	x, _ := s.confined()
	if x == nil {
		return false
	}
	b := branch.New(s.m, s.o.boxes())
	b.Best, b.BestX, b.Frozen = a.Enclosure.Value, a.At, true
	b.Add(x, math.Inf(-1))
	covered := func(x []interval.I) bool {
		return slices.ContainsFunc(known, func(n neighbourhood) bool { return n.covers(b, x) })
	}
	for len(b.Open)+len(b.Closed) > 0 {
		if b.Count.Boxes > minimiserBoxes || s.ctx.Err() != nil {
			return false
		}
		var r *branch.Region
		if k := len(b.Closed); k > 0 {
			r, b.Closed = b.Closed[k-1], b.Closed[:k-1]
		} else {
			r = b.Pop()
		}
		if covered(r.X) {
			continue
		}
		if y := s.another(b, r, a); y != nil {
			if p, ok := prove(y); ok && admit(p.X) {
				a.Minimisers = append(a.Minimisers, p)
				a.Stationary = append(a.Stationary, Stationary{X: p.X, Exact: p.Exact, Value: a.Value, Kind: "local minimum", Proved: true})
				if covered(r.X) {
					continue
				}
			}
		}
		if r.At != nil || !b.Split(r) {
			return false
		}
		b.Charge(s.ctx)
	}
	return true
}

// another walks downhill from a small box; nil where it does not get to a new point with
// the least value.
func (s *session) another(b *branch.Search, r *branch.Region, a *Answer) []float64 {
	const small = 0.05
	y := make([]float64, len(r.X))
	for i, x := range r.X {
		if y[i] = x.Mid(); !(x.Width() <= small*math.Max(1, x.Mag())) && r.At == nil {
			return nil
		}
	}
	if r.At != nil {
		copy(y, r.At)
	}
	b.Polish(y, b.Inner, 60)
	if v, ok := b.AtPoint(y); !ok || v.Lo > a.Enclosure.Value.Hi+b.Gap() {
		return nil
	}
	for _, p := range a.Minimisers {
		if model.Near(p.X, y) {
			return nil
		}
	}
	return y
}

// exactForms looks for closed forms of the minimisers: simple points at which the
// gradient vanishes exactly but for variables that a bound holds, each in its
// neighbourhood. Where all minimisers have one and their values are compared exactly, the
// answer is exact.
func (s *session) exactForms(a *Answer, near []neighbourhood, resolved bool) {
	if near == nil {
		s.exactValue(a)
		return
	}
	values := make([]expr.Expr, len(near))
	for i, n := range near {
		if n.box != nil {
			values[i] = s.exactForm(a, i, n)
		}
	}
	least, keep, ok := leastOf(values)
	if !ok || !resolved {
		return
	}
	s.warnings = slices.DeleteFunc(s.warnings, func(w string) bool { return strings.HasPrefix(w, "the values at several points") })
	value, ok := tape.EncloseConstant(least)
	if !ok || value.Lo > a.Enclosure.Value.Hi {
		return
	}
	var points []Point
	var kept []neighbourhood
	for _, i := range keep {
		points, kept = append(points, a.Minimisers[i]), append(kept, near[i])
	}
	a.Minimisers, a.MinimisersComplete = points, true
	a.Status, a.At, a.ExactAt = Exact, points[0].X, points[0].Exact
	a.ExactValue = exact.ClosedForm(least)
	if v := value.Meet(a.Enclosure.Value); !v.IsEmpty() {
		value = v
	}
	a.Value = value.Mid()
	if a.ExactValue.Op() == expr.Num {
		a.Value = a.ExactValue.Number().Float64()
		value = exact.HullOf(a.ExactValue.Number())
	}
	a.Enclosure.Value = value
	a.Enclosure.At = nil
	for _, x := range a.ExactAt {
		v, _ := tape.EncloseConstant(x)
		a.Enclosure.At = append(a.Enclosure.At, v)
	}
	a.Proof = append(a.Proof, s.p.singleText(kept))
}

// exactValue makes an answer exact by its value alone: that of a simple point which is proved to reach the lower bound.
func (s *session) exactValue(a *Answer) {
	for _, x := range s.p.snaps(a.At) {
		e, ok := s.exactPoint(x)
		if !ok {
			continue
		}
		v := s.valueAt(s.m.F, x)
		if v.Op() != expr.Num {
			continue
		}
		lo, ok := number.FromFloat(a.Enclosure.Value.Lo)
		if ok && v.Number().Cmp(lo) == 0 {
			b := s.exactAnswer(e, v)
			a.Status, a.ExactAt, a.ExactValue, a.At, a.Value = Exact, b.ExactAt, b.ExactValue, b.At, b.Value
			a.Enclosure, a.Minimisers = b.Enclosure, b.Minimisers
			return
		}
	}
}

// exactForm gives minimiser i its closed form and returns the value there, not Valid where none is proved to be its.
func (s *session) exactForm(a *Answer, i int, n neighbourhood) expr.Expr {
	for x := range s.closedForms(a.Minimisers[i].X) {
		e, ok := s.exactPoint(x)
		if !ok || !n.mayHold(e.box) {
			continue
		}
		k := s.exactKKTAt(x)
		if k == nil {
			continue
		}
		inside := true
		for j := range n.box {
			// A bound that is no float64 is wider than the box at it.
			inside = inside && (e.box[j].In(n.box[j]) || n.side[j] != 0 && k.side[j] == n.side[j])
		}
		if !inside {
			continue
		}
		a.Minimisers[i].Exact, a.Minimisers[i].X = x, e.at
		if n.touches { // now the point is known to be the minimiser
			a.Stationary = append(a.Stationary, Stationary{X: e.at, Exact: x, Value: a.Value, Kind: "local minimum", Proved: true})
		}
		for k := range a.Stationary {
			if model.Near(a.Stationary[k].X, e.at) {
				a.Stationary[k].X, a.Stationary[k].Exact = e.at, x
			}
		}
		return s.valueAt(s.m.F, x)
	}
	return expr.Expr{}
}

// leastOf returns the least of the values, exactly, and which have it; those that are proved higher go. ok is false where that
// is not known.
func leastOf(values []expr.Expr) (least expr.Expr, which []int, ok bool) {
	c := exact.NewConstants(simplify.New())
	for i, v := range values {
		if !v.Valid() {
			return least, nil, false
		}
		v = c.T.Tidy(v)
		if i == 0 {
			least = v
			continue
		}
		sign, ok := c.Compare(v, least)
		if !ok {
			return least, nil, false
		}
		if sign < 0 {
			least = v
		}
	}
	for i, v := range values {
		if sign, _ := c.Compare(c.T.Tidy(v), least); sign == 0 {
			which = append(which, i)
		}
	}
	return least, which, true
}

// singleText says why the points in their neighbourhoods are minimisers, and the only ones.
func (p *Problem) singleText(near []neighbourhood) string {
	rises := p.word("rises", "falls")
	var held []string // the variables that a bound holds, of any point
	free := false
	for i, v := range p.Vars {
		some := slices.ContainsFunc(near, func(n neighbourhood) bool { return n.side[i] != 0 })
		free = free || slices.ContainsFunc(near, func(n neighbourhood) bool { return n.side[i] == 0 })
		if some {
			held = append(held, v)
		}
	}
	single := "the point is stationary by substitution, and the only one in a neighbourhood in which f is " + p.convex()
	if len(near) > 1 {
		single = fmt.Sprintf("the %d points are stationary by substitution, each the only one in a neighbourhood in which f is %s", len(near), p.convex())
	}
	switch {
	case len(held) == 0:
		return single
	case !free:
		return "f " + rises + " from the bounds that hold " + list4(held)
	}
	return "f " + rises + " from the bounds that hold " + list4(held) + "; in the other variables " + single
}

// mirrored reports whether y is the image of x under changes of sign and, in two
// variables, an exchange, that are proved to leave f and the region as they are.
func (s *session) mirrored(x, y []float64) bool {
	tol := func(a, b float64) bool { return math.Abs(a-b) <= 1e-6*math.Max(1, math.Abs(a)) }
	try := func(perm []int) bool {
		t := simplify.New()
		with := map[string]expr.Expr{}
		pool := expr.NewPool()
		for i, p := range perm {
			v := pool.Var(s.p.Vars[p])
			sign := 1.0
			switch {
			case tol(x[p], y[i]):
			case tol(-x[p], y[i]):
				sign = -1
				v = pool.Make(expr.Neg, v)
			default:
				return false
			}
			with[s.p.Vars[i]] = v
			in, out := s.m.Outer[p], s.m.Outer[i]
			if sign < 0 {
				in = in.Neg()
			}
			if in != out || s.m.LoOpen[p] != s.m.LoOpen[i] || s.m.HiOpen[p] != s.m.HiOpen[i] {
				return false
			}
		}
		image := pool.Substitute(pool.Import(s.m.F), with)
		if expr.Equal(t.Tidy(image), t.Tidy(s.m.F)) {
			return true
		}
		return prove.Equal(image, s.m.F, prove.Budget{}).Equal
	}
	same := make([]int, len(x))
	for i := range same {
		same[i] = i
	}
	return try(same) || len(x) == 2 && try([]int{1, 0})
}
