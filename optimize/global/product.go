package global

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"nabla/expr"
	"nabla/expr/format"
	"nabla/expr/interval"
	"nabla/expr/prove"
	"nabla/expr/simplify"
	"nabla/expr/tape"
	"nabla/optimize/global/certificate"
	"nabla/optimize/global/internal/exact"
	"nabla/optimize/global/internal/form"
	"nabla/optimize/global/internal/model"
	"nabla/optimize/global/minimum"
)

// An extent is what is known of one end of the values of a factor.
type extent struct {
	v        interval.I
	exact    expr.Expr // not Valid where there is no closed form
	attained bool
	points   []Point // where it is attained
	complete bool    // these are all
	approach string  // where it is approached, if it is not attained
	c        *certificate.Certificate
}

// byProduct answers for a product of functions of different variables: its least value is
// the least product of ends of their values. It returns nil where f is none, where the ends
// are not settled, or where one is infinite.
func (s *session) byProduct() *Answer {
	if len(s.m.Cons) > 0 || s.m.N < 2 {
		return nil
	}
	a, b, c := s.factors()
	if a == nil {
		return nil
	}
	var ends [2][2]*extent
	for i, p := range []*summand{a, b} {
		for j := range 2 {
			if ends[i][j] = s.extent(p, j == 1); ends[i][j] == nil {
				return nil
			}
		}
	}
	// The corner with the least product; of several, one that is attained.
	var best *corner
	scale, ok := tape.EncloseConstant(c)
	if !ok {
		return nil
	}
	if s.p.Max {
		scale = scale.Neg()
	}
	corners := make([]corner, 0, 4)
	t := exact.NewConstants(simplify.New())
	for _, x := range ends[0] {
		for _, y := range ends[1] {
			k := corner{a: x, b: y, v: x.v.Mul(y.v).Mul(scale), attained: x.attained && y.attained}
			k.attained = k.attained || x.zero() || y.zero() // 0 is enough
			if x.exact.Valid() && y.exact.Valid() {
				if k.exact = t.T.Mul(t.T.Tidy(c), t.T.Tidy(x.exact), t.T.Tidy(y.exact)); s.p.Max {
					k.exact = t.T.Neg(k.exact)
				}
			}
			corners = append(corners, k)
		}
	}
	for i := range corners {
		k := &corners[i]
		if best == nil {
			best = k
			continue
		}
		switch order, ok := k.compare(best, t); {
		case ok && (order < 0 || order == 0 && k.attained && !best.attained), !ok && k.v.Hi < best.v.Hi:
			best = k
		}
	}
	known := true // that none is lower
	for i := range corners {
		order, ok := corners[i].compare(best, t)
		if known = known && ok && order >= 0; !known && corners[i].attained != best.attained {
			return nil
		}
	}
	lo := best.v.Lo
	for _, k := range corners {
		lo = math.Min(lo, k.v.Lo)
	}
	if !s.o.tight(interval.New(lo, best.v.Hi)) {
		return nil
	}
	p := &productEnds{parts: [2]*summand{a, b}, c: c, ends: ends, x: best.a, y: best.b, v: interval.New(lo, best.v.Hi), known: known}
	if !best.attained {
		return s.infimumOfProduct(p)
	}
	p.least = []*corner{best}
	// Between different ends and off 0, a product is least at corners only.
	p.complete = best.v.Lo > 0 || best.v.Hi < 0
	for _, e := range ends {
		p.complete = p.complete && e[0].v.Hi < e[1].v.Lo
	}
	for i := range corners {
		k := &corners[i]
		switch order, ok := k.compare(best, t); {
		case k == best || ok && order > 0:
		case !ok:
			p.complete = false
		case k.attained && p.complete:
			p.least = append(p.least, k)
		}
	}
	return s.leastProduct(p)
}

// A corner is a pair of ends of the values of two factors, with their product.
type corner struct {
	a, b     *extent
	v        interval.I
	exact    expr.Expr // not Valid where there is no closed form
	attained bool
}

// compare returns the sign of the product of k less that of l, and whether it is proved.
func (k *corner) compare(l *corner, c *exact.Constants) (order int, ok bool) {
	switch {
	case k.v.Hi < l.v.Lo:
		return -1, true
	case k.v.Lo > l.v.Hi:
		return 1, true
	case !k.exact.Valid() || !l.exact.Valid():
		return 0, k == l
	}
	if order, ok = c.Compare(k.exact, l.exact); !ok {
		ok = prove.Zero(c.T.Sub(k.exact, l.exact), prove.Budget{}).Equal
	}
	return order, ok
}

// zero reports whether the end is 0 and attained.
func (e *extent) zero() bool { return e.attained && e.exact.Valid() && e.exact.IsNum(0) }

// A productEnds says that the ends x and y of the two factors have the least product, which
// v encloses, and which of the corners have it, maybe not all.
type productEnds struct {
	parts    [2]*summand
	c        expr.Expr
	ends     [2][2]*extent
	x, y     *extent
	v        interval.I
	known    bool // that none is lower, not only less than v is wide
	least    []*corner
	complete bool // no other has it
}

// exact is the least product in closed form, false where none is known.
func (p *productEnds) exact() (expr.Expr, interval.I, bool) {
	if !p.known || !p.x.exact.Valid() || !p.y.exact.Valid() {
		return expr.Expr{}, interval.I{}, false
	}
	t := simplify.New()
	e := exact.ClosedForm(t.Mul(t.Tidy(p.c), t.Tidy(p.x.exact), t.Tidy(p.y.exact)))
	v, ok := tape.EncloseConstant(e)
	return e, v, ok
}

// infimumOfProduct is the answer that no point has the least product.
func (s *session) infimumOfProduct(p *productEnds) *Answer {
	e, v, ok := p.exact()
	if !ok {
		return nil
	}
	a := &Answer{Status: NotAttained, Method: "product of ranges", GradientNorm: math.NaN(), ExactValue: e, Value: minimum.Shown(v), Enclosure: &Enclosure{Value: v}}
	var where []string
	for i, x := range []*extent{p.x, p.y} {
		switch {
		case !x.attained:
			where = append(where, x.approach)
		case x.points[0].Family != "":
			where = append(where, x.points[0].Family)
		default:
			where = append(where, pointText(p.parts[i].q.Vars, x.points[0]))
		}
	}
	a.Approached = strings.Join(where, ", ")
	s.explainProduct(a, p)
	return a
}

// leastProduct is the answer that the least product is attained.
func (s *session) leastProduct(q *productEnds) *Answer {
	a := &Answer{Status: Certified, Attained: true, Method: "product of ranges", GradientNorm: math.NaN(), MinimisersComplete: q.complete}
	for _, k := range q.least {
		points := s.pointsAt(q, k)
		if points == nil {
			return nil
		}
		a.Minimisers = append(a.Minimisers, points...)
		a.MinimisersComplete = a.MinimisersComplete && k.a.complete && k.b.complete && len(points) == len(k.a.points)*len(k.b.points)
	}
	a.At = a.Minimisers[0].X
	v := q.v
	if e, w, ok := q.exact(); ok && a.Minimisers[0].Exact != nil {
		a.Status, a.ExactAt, a.ExactValue = Exact, a.Minimisers[0].Exact, e
		a.Enclosure = &Enclosure{Value: w}
	} else {
		if s.p.Max {
			v = v.Neg()
		}
		a.Enclosure = &Enclosure{Value: v}
	}
	a.Value = minimum.Shown(a.Enclosure.Value)
	a.GradientNorm = s.gradientNorm(s.m.Prober(), a.At)
	s.explainProduct(a, q)
	return a
}

// pointsAt returns the points with the product of a corner, the first ones where there are
// many; nil if none is known.
func (s *session) pointsAt(q *productEnds, k *corner) []Point {
	lists := [][]Point{k.a.points, k.b.points}
	for i, e := range []*extent{k.a, k.b} {
		if !e.zero() {
			continue
		}
		// Whatever the other factor is.
		other := q.parts[1-i]
		p := Point{X: s.somePoint(other), Family: "any " + list4(other.q.Vars)}
		if p.X == nil {
			return nil
		}
		for _, x := range p.X {
			p.Exact = append(p.Exact, model.ExactFloat(simplify.New(), x))
		}
		lists[1-i] = []Point{p}
		break
	}
	if points := productOf(q.parts[:], lists, s.m.N); points != nil {
		return points
	}
	return productOf(q.parts[:], [][]Point{lists[0][:1], lists[1][:1]}, s.m.N)
}

// explainProduct fills in the proof.
func (s *session) explainProduct(a *Answer, p *productEnds) {
	a.Proof = []string{"f is a product of functions of different variables, each of which takes its values on its own"}
	for i, pair := range p.ends {
		a.Proof = append(a.Proof, fmt.Sprintf("the least value of %s is %s, the greatest %s", format.Text(p.parts[i].q.F), extentText(pair[0]), extentText(pair[1])))
	}
	a.Proof = append(a.Proof, fmt.Sprintf("the %s product of these is %s", s.p.least(), format.Number(a.Value, 6)))
	if s.o.Certificate {
		a.Argument.Reduction = &certificate.Reduction{Kind: certificate.Product, Constant: format.Plain(p.c)}
		for _, pair := range p.ends {
			for _, e := range pair {
				a.Argument.Reduction.Parts = append(a.Argument.Reduction.Parts, e.c)
			}
		}
	}
}

func extentText(e *extent) string {
	text := format.Number(e.v.Mid(), 6)
	if e.exact.Valid() {
		text = format.Text(e.exact)
	}
	if !e.attained {
		text += " (not attained)"
	}
	return text
}

// factors splits a product into two functions of different variables and a constant.
func (s *session) factors() (a, b *summand, c expr.Expr) {
	t := simplify.New()
	f := t.Tidy(s.p.F)
	c = t.Int(1)
	if f.Op() != expr.Mul || len(f.Vars()) != s.m.N || !form.SameDomain(s.p.F, f) {
		return nil, nil, c
	}
	// What the first variable hangs together with is one factor.
	own := f.Vars()[:1]
	terms := f.AppendArgs(nil)
	for range terms {
		for _, e := range terms {
			if slices.ContainsFunc(e.Vars(), func(x string) bool { return slices.Contains(own, x) }) {
				for _, x := range e.Vars() {
					if !slices.Contains(own, x) {
						own = append(own, x)
					}
				}
			}
		}
	}
	if len(own) == s.m.N {
		return nil, nil, c
	}
	a, b = &summand{}, &summand{}
	x, y := t.Int(1), t.Int(1)
	for _, e := range terms {
		switch {
		case e.IsConstant():
			c = t.Mul(c, e)
		case slices.Contains(own, e.Vars()[0]):
			x = t.Mul(x, e)
		default:
			y = t.Mul(y, e)
		}
	}
	a.q, b.q = s.part(x), s.part(y)
	for _, p := range []*summand{a, b} {
		for _, v := range p.q.Vars {
			p.at = append(p.at, slices.Index(s.p.Vars, v))
		}
	}
	return a, b, c
}

// extent settles the least or greatest value of a factor; nil where it is not settled or
// infinite.
func (s *session) extent(p *summand, greatest bool) *extent {
	q := *p.q
	q.Max = greatest
	one := &summand{at: p.at, q: &q}
	s.settle(one, 4)
	a := one.a
	if a == nil {
		return nil
	}
	e := &extent{exact: a.ExactValue, attained: a.Attained, approach: a.Approached, c: one.c}
	switch a.Status {
	case Exact, Certified, Constant:
		if a.Enclosure == nil || len(a.Minimisers) == 0 || len(a.At) != len(p.at) {
			return nil
		}
		e.points, e.complete = a.Minimisers, a.MinimisersComplete
	case NotAttained:
		if !a.ExactValue.Valid() {
			return nil
		}
	default:
		return nil
	}
	if e.exact.Valid() {
		v, ok := tape.EncloseConstant(e.exact)
		if e.v = v; !ok {
			return nil
		}
	} else {
		e.v = a.Enclosure.Value
	}
	if !model.Finite(e.v.Lo) || !model.Finite(e.v.Hi) {
		return nil
	}
	return e
}
