package verify

import (
	"math"
	"math/big"
	"slices"

	"nabla/diff"
	"nabla/expr"
	"nabla/expr/interval"
	"nabla/expr/number"
	"nabla/expr/simplify"
	"nabla/expr/tape"
	"nabla/optimize/global/certificate"
)

// This file is the part of the check for the list of stationary points of a function of several variables. Wherever the gradient is
// 0, so are polynomials in one variable each, which are multiples of its components added up: so each coordinate is one of finitely
// many numbers, the zeros of these, and of the points with such coordinates enclosures of the gradient tell those apart at which it
// is not 0.

// maxCells is the number of points that are looked at.
const maxCells = 4000

// stationaryPoints reports whether the formula of the gradient is proved to be 0 at the points that the certificate lists, or near
// them, and at no others.
func (v *verifier) stationaryPoints() bool {
	_, ok := v.stationaryCells()
	return ok
}

// stationaryCells returns boxes, each of which holds one of the points.
func (v *verifier) stationaryCells() (open [][]interval.I, ok bool) {
	if !v.free() {
		return nil, false
	}
	polys := make([]poly, len(v.region))
	for _, e := range v.c.Eliminants {
		i, p := v.eliminant(e)
		if p == nil {
			return nil, false
		}
		if _, ok := p.constant(); ok { // no point has a gradient that is 0
			return nil, len(v.c.StationaryPoints) == 0
		}
		polys[i] = p
	}
	roots, cells := make([][]interval.I, len(polys)), 1
	for i, p := range polys {
		d, ok := p.list()
		if !ok {
			return nil, false
		}
		if roots[i], ok = d.isolated(v.left.over); !ok || len(roots[i])*cells > maxCells {
			return nil, false
		}
		cells *= len(roots[i])
	}
	for k := range cells { // each box may hold one point at which the gradient is 0, and no more
		if v.left.over() || v.left.work < 0 {
			return nil, false
		}
		box := make([]interval.I, len(roots))
		for i, r := range roots {
			box[i], k = r[k%len(r)], k/len(r)
		}
		if v.maySettle(box) {
			round := make([]interval.I, len(box))
			for i, x := range box {
				d := 1e-12 * math.Max(1, x.Mag())
				round[i] = interval.New(x.Lo-d, x.Hi+d)
			}
			v.eval(v.fm, v.prog, round)
			if slices.ContainsFunc(v.dec[:len(box)+1], func(d interval.Dec) bool { return d != interval.Continuous }) {
				return nil, false // the formula of the gradient need not be the gradient, as at a step
			}
			open = append(open, box)
		}
	}
	found := map[int]bool{}
	for _, p := range v.c.StationaryPoints {
		boxes := v.stationaryAt(p, polys)
		if len(boxes) == 0 {
			return nil, false
		}
		at := cellOf(boxes[0], open)
		for _, box := range boxes {
			if k := cellOf(box, open); k < 0 || k != at || found[k] {
				return nil, false
			}
		}
		found[at] = true
	}
	return open, len(found) == len(open)
}

// lowestStationary reports whether the least value, which is taken and not more than the tolerance below the closed form, is that: it is
// taken at a stationary point, and of these all others have different values.
func (v *verifier) lowestStationary() bool {
	value, ok := tape.EncloseConstant(v.exact)
	if !ok || !v.taken || len(v.c.Eliminants) == 0 {
		return false
	}
	v.findSites()
	if len(v.sites) == 0 || !v.onlyStationary(interval.New(v.least, value.Hi)) || !v.attains() {
		return false
	}
	v.yes("nothing is better by less than the tolerance either: the least value is taken at a point at which the gradient is 0, and no other of these has one so low")
	return true
}

// onlyStationary reports whether the sites are all stationary points that may have a value in the interval: f is defined everywhere with a
// continuous gradient, which is 0 where the least value is taken, and of the boxes with one such point each none but those of sites may
// have the value.
func (v *verifier) onlyStationary(value interval.I) bool {
	if len(v.c.Eliminants) == 0 {
		return false
	}
	v.eval(v.fm, v.prog, v.region)
	if slices.ContainsFunc(v.dec[:len(v.region)+1], func(d interval.Dec) bool { return d != interval.Continuous }) {
		return false
	}
	open, ok := v.stationaryCells()
	if !ok {
		return false
	}
	for _, s := range v.sites {
		k := cellOf(s.at, open)
		if k < 0 {
			return false
		}
		open = slices.Delete(open, k, k+1)
	}
	return !slices.ContainsFunc(open, func(box []interval.I) bool {
		v.eval(v.fm, v.prog, box)
		return !v.out[0].Disjoint(value)
	})
}

// cellOf is the number of the only one of the boxes that x meets, -1 if there is none or more.
func cellOf(x []interval.I, boxes [][]interval.I) int {
	meets := func(box []interval.I) bool { return !apart(x, box) }
	k := slices.IndexFunc(boxes, meets)
	if k >= 0 && slices.ContainsFunc(boxes[k+1:], meets) {
		return -1
	}
	return k
}

// eliminant reads the polynomial of one variable, which has the number i and is 0 without any; nil where it is not shown that it is 0 wherever
// the gradient is.
func (v *verifier) eliminant(e certificate.Eliminant) (i int, p poly) {
	f, ok := v.formula(e.Polynomial)
	if !ok || len(e.Cofactors) != len(v.region) || v.left.over() {
		return 0, nil
	}
	vars := f.Vars()
	if len(vars) == 1 {
		i = slices.Index(v.c.Variables, vars[0])
	}
	p, ok = readPoly(f, append(vars, "")[:1])
	if !ok || len(p) == 0 || len(vars) > 1 || i < 0 {
		return 0, nil
	}
	pool := expr.NewPool()
	gradient, all := diff.Gradient(v.f, v.c.Variables), []expr.Expr{pool.Import(v.f)}
	sum := []expr.Expr{pool.Make(expr.Neg, pool.Import(f))}
	var cofactors []expr.Expr
	for k, text := range e.Cofactors {
		c, ok := v.formula(text)
		if !ok {
			return 0, nil
		}
		if v.c.Maximise { // the formula is the negative of that to be minimised
			c = pool.Make(expr.Neg, pool.Import(c))
		}
		g := pool.Import(gradient[k])
		cofactors, all = append(cofactors, c), append(all, g)
		sum = append(sum, pool.Make(expr.Mul, pool.Import(c), g))
	}
	total, known := pool.Make(expr.Add, all...), pool.Make(expr.Add, sum...)
	q, rational := readQuotient(known, v.c.Variables)
	if !(rational && len(q.num) == 0) && !equal(known, pool.Int(0)) ||
		slices.ContainsFunc(cofactors, func(c expr.Expr) bool { return !v.definedWith(total, c) }) {
		v.no("that %s is 0 wherever the gradient is", e.Polynomial)
		return 0, nil
	}
	return i, p
}

// maySettle reports whether the gradient may be 0 in the box.
func (v *verifier) maySettle(box []interval.I) bool {
	v.eval(v.fm, v.prog, box)
	for k, r := range v.out[:len(box)+1] {
		if v.dec[k] == interval.None || r.IsEmpty() || k > 0 && !r.Has(0) {
			return false
		}
	}
	return true
}

// stationaryAt returns boxes in each of which the point lies, if the gradient is proved to be 0 there: by algebra, or, as an interval
// Newton method proves, at a point near which has the coordinates of a closed form, zeros of polys.
func (v *verifier) stationaryAt(p certificate.Point, polys []poly) [][]interval.I {
	digits, ok := v.location(nil, p.At)
	at, ok2 := v.location(p.Exact, p.At)
	if !ok || !ok2 || !near(at.x, digits.x) {
		return nil
	}
	gradient := diff.Gradient(v.f, v.c.Variables)
	zero := expr.NewPool().Int(0)
	if at.with != nil && v.definedAt(at) && !slices.ContainsFunc(gradient, func(g expr.Expr) bool {
		g = substitute(g, at.with)
		return !v.holdsAt(simplify.Domain(g)) || !equal(g, zero)
	}) {
		return [][]interval.I{at.x}
	}
	w := *v
	w.cons = nil
	for _, g := range gradient {
		w.cons = append(w.cons, constraintCheck{g: g, equal: true})
	}
	if w.compileConditions() != nil {
		return nil
	}
	y := w.feasibleNear(at.x)
	if y == nil || !near(y, at.x) || !w.definedAt(location{x: y}) {
		return nil
	}
	for i, x := range v.c.Variables {
		if at.with != nil && !equal(inOne(polys[i], at.with[x]), zero) {
			return nil
		}
	}
	if at.with == nil { // the digits may be next to the zero
		return [][]interval.I{y}
	}
	return [][]interval.I{y, at.x}
}

// inOne is the polynomial p of one variable at x.
func inOne(p poly, x expr.Expr) expr.Expr {
	pool := expr.NewPool()
	sum := []expr.Expr{pool.Int(0), pool.Int(0)}
	for m, c := range p {
		sum = append(sum, pool.Make(expr.Mul, pool.Num(number.FromRat(c)), pool.Make(expr.Pow, pool.Import(x), pool.Int(int64(m[0])))))
	}
	return pool.Make(expr.Add, sum...)
}

// isolated returns intervals with one real root of p, not 0, each; ok is false where the degree is high, or some are not told apart in
// so many steps, or before the time is over.
func (p dense) isolated(over func() bool) (list []interval.I, ok bool) {
	const degree, digits, steps = 48, 80, 2000 // binary digits of each, and halves that are looked at
	if len(p) < 2 || len(p) > degree+1 {
		return nil, len(p) < 2
	}
	p = p.simple()
	chain := p.sturm()
	size := 1 // all roots are less than 2^size (Cauchy)
	for _, c := range p {
		size = max(size, c.BitLen()-p[len(p)-1].BitLen()+2)
	}
	bound := new(big.Rat).SetInt(new(big.Int).Lsh(big.NewInt(1), uint(size)))
	type cell struct{ a, b *big.Rat } // (a, b]
	todo := []cell{{new(big.Rat).Neg(bound), bound}}
	for count := 0; len(todo) > 0; count++ {
		if count > steps || over() {
			return nil, false
		}
		c := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		n := changes(chain, c.a, -1) - changes(chain, c.b, 1)
		middle := new(big.Rat).Add(c.a, c.b)
		middle.Quo(middle, big.NewRat(2, 1))
		switch {
		case n == 0:
		case n > 1:
			todo = append(todo, cell{middle, c.b}, cell{c.a, middle})
		default:
			a, b := p.refined(c.a, c.b, digits, over)
			list = append(list, enclose(a).Hull(enclose(b)))
		}
	}
	return list, true
}

// refined halves the cell (a, b], in which p has one root, a simple one, until it is narrow or the time is over; a root that is met
// is the cell.
func (p dense) refined(a, b *big.Rat, digits int, over func() bool) (lo, hi *big.Rat) {
	right := p.signAt(b, 0)
	if right == 0 {
		return b, b
	}
	for range 40 * digits {
		if over() {
			break
		}
		middle := new(big.Rat).Add(a, b)
		middle.Quo(middle, big.NewRat(2, 1))
		switch p.signAt(middle, 0) {
		case 0:
			return middle, middle
		case right:
			b = middle
		default:
			a = middle
		}
		width := new(big.Rat).Sub(b, a)
		scaled := width.Mul(width, new(big.Rat).SetInt(new(big.Int).Lsh(big.NewInt(1), uint(digits))))
		if a.Sign() == b.Sign() && scaled.Cmp(new(big.Rat).Abs(a)) < 0 {
			break
		}
	}
	return a, b
}

// enclose is a rational number as an interval.
func enclose(c *big.Rat) interval.I {
	x, _ := tape.EncloseConstant(expr.NewPool().Num(number.FromRat(c)))
	return x
}
