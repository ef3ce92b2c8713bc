package verify

import (
	"math"
	"slices"

	"nabla/expr/interval"
	"nabla/expr/tape"
)

// This file is the part of the check that bounds the formula on boxes, which it divides.

func (v *verifier) eval(m *tape.Machine, p *tape.Prog, x []interval.I) {
	k := p.NumOut()
	if len(v.out) < k {
		v.out, v.dec = make([]interval.I, k), make([]interval.Dec, k)
	}
	v.interval(m, v.out[:k], v.dec[:k], x)
}

// interval is m.Interval, counted.
func (v *verifier) interval(m *tape.Machine, out []interval.I, dec []interval.Dec, x []interval.I) {
	before := m.Work()
	m.Interval(out, dec, x)
	v.left.work -= m.Work() - before
}

// leafBoxes is the number of parts of a leaf of the tree, or of what is cut off, that are looked at.
const leafBoxes = 20_000

// fewBoxes is the number of parts that are looked at before linear programs are made.
const fewBoxes = 200

// leastWaste is how often this number is halved at most where they were not enough.
const leastWaste = 6

// walk follows the division of the region from the present node of the tree.
func (v *verifier) walk(root []interval.I) bool {
	stack := [][]interval.I{root}
	for len(stack) > 0 {
		box := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if v.at >= len(v.c.Tree) {
			return false
		}
		s := &v.c.Tree[v.at]
		v.at++
		switch {
		case s.Box != nil:
			if len(s.Box) != len(box) {
				return false
			}
			// What the narrowing cuts off, one side after the other.
			inner := slices.Clone(box)
			for i, e := range s.Box {
				lo, hi := float64(e[0]), float64(e[1])
				kept := inner[i].Meet(interval.New(lo, hi))
				below, above := slices.Clone(inner), slices.Clone(inner)
				below[i].Hi, above[i].Lo = kept.Lo, kept.Hi
				if !(lo <= hi) || kept.IsEmpty() {
					return false
				}
				less := lessCut(inner[i], kept)
				if kept.Lo > inner[i].Lo && !v.falls(below, i, 1) {
					kept.Lo, below[i].Hi = less.Lo, less.Lo
					if kept.Lo > inner[i].Lo && !v.bounded(below, leafBoxes) {
						return false
					}
				}
				if kept.Hi < inner[i].Hi && !v.falls(above, i, 0) {
					kept.Hi, above[i].Lo = less.Hi, less.Hi
					if kept.Hi < inner[i].Hi && !v.bounded(above, leafBoxes) {
						return false
					}
				}
				inner[i] = kept
			}
			stack = append(stack, inner)
		case s.Split > 0:
			k := s.Split - 1
			if k >= len(box) || !(box[k].Lo <= s.At && s.At <= box[k].Hi) {
				return false
			}
			a, b := slices.Clone(box), slices.Clone(box)
			a[k].Hi, b[k].Lo = s.At, s.At
			stack = append(stack, b, a)
		default:
			if !v.bounded(box, leafBoxes) {
				return false
			}
		}
	}
	return true
}

// lessCut is kept, a part of x, with a little more on both sides: what just so is of no interest takes much work to settle.
func lessCut(x, kept interval.I) interval.I {
	const least, share = 1.0 / 1024, 1.0 / 64 // of the width, below which nothing is cut, and of what is cut
	if kept.IsEmpty() || !x.IsBounded() {
		return kept
	}
	more := func(cut float64) float64 {
		if cut < least*x.Width() {
			return cut
		}
		return share * cut
	}
	return interval.New(kept.Lo-more(kept.Lo-x.Lo), kept.Hi+more(x.Hi-kept.Hi)).Meet(x)
}

// falls reports whether f falls strictly on the box, which lies between the bounds, on the way to its lower (0) or upper (1) side in
// variable i, where nothing but the bounds is asked of points: what is on that side has the lower values.
func (v *verifier) falls(x []interval.I, i, side int) bool {
	face := [2]float64{x[i].Lo, x[i].Hi}[side]
	if v.empty || len(v.cons) > 0 || !(v.lower[i] <= face && face <= v.upper[i]) {
		return false
	}
	v.eval(v.fm, v.prog, x)
	g := v.out[i+1]
	return v.dec[0] == interval.Continuous && v.dec[i+1] >= interval.Defined && !g.IsEmpty() && (side == 0 && g.Lo > 0 || side == 1 && g.Hi < 0)
}

// bounded reports whether f is proved to have no minimum below the claim in the
// box, dividing it further as needed.
func (v *verifier) bounded(box []interval.I, budget int) bool {
	// A linear program costs as much as many boxes: it is tried where few are not enough.
	n := fewBoxes >> v.wasted // less and less where these were not enough
	if few := min(budget, n); v.divide(box, &few, func(x []interval.I) []interval.I { return v.rest(x, false) }) {
		if few < n/2 {
			v.wasted = max(0, v.wasted-1)
		}
		return true
	}
	v.wasted = min(v.wasted+1, leastWaste)
	return v.divide(box, &budget, func(x []interval.I) []interval.I { return v.rest(x, true) })
}

// atEnds returns boxes in the place of one, with a bounded variable at either end where f is concave in it: between these f is not lower. That holds without
// conditions where f and its derivatives are continuous on the box.
func (v *verifier) atEnds(box []interval.I) [][]interval.I {
	const most = 12
	all := [][]interval.I{box}
	if len(v.cons) > 0 || v.empty || v.strict || v.unique || v.compact != nil || v.hm == nil || !v.smoothOn(box) {
		return all
	}
	h, ok := v.hessian(box)
	if !ok {
		return all
	}
	for i, x := range box {
		if !(h[i][i].Hi <= 0) || !x.IsBounded() || x.IsPoint() || len(all) >= 1<<most {
			continue
		}
		var faces [][]interval.I
		for _, b := range all {
			lower, upper := slices.Clone(b), slices.Clone(b)
			lower[i], upper[i] = interval.Point(x.Lo), interval.Point(x.Hi)
			faces = append(faces, lower, upper)
		}
		all = faces
	}
	return all
}

// smoothOn reports whether f and its first derivatives are continuous on the box.
func (v *verifier) smoothOn(box []interval.I) bool {
	v.eval(v.fm, v.prog, box)
	return !slices.ContainsFunc(v.dec[:len(box)+1], func(d interval.Dec) bool { return d != interval.Continuous })
}

// divide reports whether nothing is left of the box, or, where something is, of all of the parts into which it is halved again and
// again, as long as there is a budget.
func (v *verifier) divide(box []interval.I, budget *int, rest func([]interval.I) []interval.I) bool {
	stack := [][]interval.I{box}
	for len(stack) > 0 {
		x := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if v.left.boxes--; v.left.boxes < 0 || v.left.work < 0 || v.left.over() {
			return false
		}
		if x = rest(x); x == nil {
			continue
		}
		if *budget--; *budget < 0 {
			return false
		}
		k, w := -1, 0.0
		for i, b := range x {
			if m := cutPoint(b); m > b.Lo && m < b.Hi && (b.Width() > w) {
				k, w = i, b.Width()
			}
		}
		if i := v.loosest(); i >= 0 && x[i].IsBounded() && cutPoint(x[i]) > x[i].Lo && cutPoint(x[i]) < x[i].Hi {
			k = i
		}
		if k < 0 {
			return false
		}
		a, b := slices.Clone(x), slices.Clone(x)
		m := cutPoint(x[k])
		a[k].Hi, b[k].Lo = m, m
		stack = append(stack, b, a)
	}
	return true
}

// loosest is, every second time, the variable with which the linear program of the box at hand is loosest, -1 where there was none.
func (v *verifier) loosest() int {
	if v.web == nil || v.web.loosest < 0 {
		return -1
	}
	place := v.web.loosest
	v.web.loosest = -1
	if v.web.turn = !v.web.turn; v.web.turn {
		return -1
	}
	return slices.Index(v.c.Variables, v.web.parts[place].e.Name())
}

// cutPoint is where an interval is halved.
func cutPoint(b interval.I) float64 {
	switch lo, hi := math.IsInf(b.Lo, -1), math.IsInf(b.Hi, 1); {
	case lo && hi:
		return 0
	case lo:
		return math.Min(-1, 4*b.Hi-1)
	case hi:
		return math.Max(1, 4*b.Lo+1)
	}
	return b.Lo/2 + b.Hi/2
}

// rest returns what is left of the box that has to be divided, nil where it is settled, by a linear program too where lines says so.
func (v *verifier) rest(x []interval.I, lines bool) []interval.I {
	if v.leaf(x) {
		return nil
	}
	if !v.hasWeb() || !v.web.narrowed.pays() {
		return x
	}
	w := v.web
	w.loosest = -1
	y := slices.Clone(x)
	if !v.narrow(y) || lines && len(v.region)+len(v.cons) > 1 && (w.programs.pays() || 3*w.solving < w.begun-v.left.work) && w.programs.made(v.noneByLines(y)) {
		w.narrowed.made(true)
		return nil
	}
	smaller := false
	for i := range x {
		smaller = smaller || shorter(y[i], x[i])
	}
	if w.narrowed.made(smaller) && v.leaf(y) {
		return nil
	}
	return y
}

// leaf reports whether the box is settled without dividing it.
func (v *verifier) leaf(x []interval.I) bool {
	if v.outer != nil {
		y := slices.Clone(x)
		for i := range y {
			if y[i] = y[i].Meet(v.outer[i]); y[i].IsEmpty() {
				return true
			}
		}
		x = y
	}
	if v.infeasible(x) {
		return true
	}
	v.eval(v.fm, v.prog, x)
	f := v.out[0]
	if v.dec[0] == interval.None || f.IsEmpty() || f.Lo >= v.least {
		return true
	}
	smooth := v.dec[0] == interval.Continuous
	if v.isCompact(x) || v.supported(x) || v.bent && v.aboveTangent(x) {
		return true
	}
	if v.empty || !smooth {
		return false
	}
	if v.round(x) {
		return true
	}
	if slices.ContainsFunc(x, func(b interval.I) bool { return !b.IsBounded() }) {
		return false
	}
	if v.byDerivatives(x) {
		return true
	}
	// A Lagrangian is not above f where the constraints hold; on the box, no
	// more than the box is to be looked at.
	for _, d := range v.duals {
		d.least = v.least
		if d.alone(x, func() bool { return d.leaf(x) }) {
			return true
		}
	}
	return false
}

// alone makes the box the region while it calls try: then slopes across it say nothing.
func (v *verifier) alone(box []interval.I, try func() bool) bool {
	region, lower, upper := v.region, v.lower, v.upper
	defer func() { v.region, v.lower, v.upper = region, lower, upper }()
	v.region, v.lower, v.upper = box, make([]float64, len(box)), make([]float64, len(box))
	for i, x := range box {
		v.lower[i], v.upper[i] = x.Lo, x.Hi
	}
	return try()
}

// infeasible reports whether a constraint holds nowhere on the box.
func (v *verifier) infeasible(x []interval.I) bool {
	return slices.Contains(v.truths(x), -1)
}

// truths says of each constraint whether it is proved to hold on all of the box, 1, or nowhere on it, -1.
func (v *verifier) truths(x []interval.I) []int {
	if len(v.cons) == 0 {
		return nil
	}
	truth, out, dec := make([]int, len(v.cons)), make([]interval.I, len(v.cons)), make([]interval.Dec, len(v.cons))
	v.interval(v.cm, out, dec, x)
	for k, c := range v.cons {
		switch g := out[k]; {
		case dec[k] == interval.None || g.IsEmpty() || g.Lo > 0 || c.strict && g.Lo == 0 || c.equal && g.Hi < 0:
			truth[k] = -1
		case dec[k] >= interval.Defined && g.Hi <= 0 && !(c.strict && g.Hi == 0) && !(c.equal && g.Lo < 0):
			truth[k] = 1
		}
	}
	return truth
}

// closedConditions reports whether the points of the box at which the conditions hold are a closed set.
func (v *verifier) closedConditions(x []interval.I) bool {
	out, dec := make([]interval.I, len(v.cons)), make([]interval.Dec, len(v.cons))
	v.interval(v.cm, out, dec, x)
	for k, c := range v.cons {
		if dec[k] != interval.Continuous || c.strict && !(out[k].Hi < 0) {
			return false
		}
	}
	return true
}

// byDerivatives settles the bounded box x, on which f is continuous, by the mean
// value form, the slopes, the second-order form or convexity.
func (v *verifier) byDerivatives(x []interval.I) bool {
	n := len(x)
	v.eval(v.fm, v.prog, x)
	g := slices.Clone(v.out[1 : n+1])
	smooth := true
	for i := range g {
		if v.dec[i+1] < interval.Defined || g[i].IsEmpty() {
			return false
		}
		smooth = smooth && v.dec[i+1] == interval.Continuous
	}
	// Mean value form at the middle.
	c := make([]interval.I, n)
	for i := range c {
		c[i] = interval.Point(x[i].Mid())
	}
	v.eval(v.fm, v.prog, c)
	if v.dec[0] < interval.Defined {
		return false
	}
	fc := v.out[0]
	gc := slices.Clone(v.out[1 : n+1])
	m := fc
	for i := range x {
		m = m.Add(g[i].Mul(x[i].Sub(c[i])))
	}
	if m.Lo >= v.least || v.slopes(x) {
		return true
	}
	if v.hm == nil || !smooth {
		return false
	}
	full, ok := v.hessian(x)
	if !ok {
		return false
	}
	q := fc
	for i := range x {
		d := x[i].Sub(c[i])
		q = q.Add(gc[i].Mul(d)).Add(full[i][i].Mul(d.Sqr()).Mul(interval.Point(0.5)))
		for j := range i {
			q = q.Add(full[i][j].Mul(d.Mul(x[j].Sub(c[j]))))
		}
	}
	return q.Lo >= v.least || v.dominant(full) && v.tangent(x, c, full, gc)
}

// hessian encloses the Hessian on the box; ok is false where it is not known.
func (v *verifier) hessian(x []interval.I) (full [][]interval.I, ok bool) {
	n, k := len(x), v.second.NumOut()
	h, dec := make([]interval.I, k), make([]interval.Dec, k)
	v.interval(v.hm, h, dec, x)
	full = make([][]interval.I, n)
	for i := range full {
		full[i] = make([]interval.I, n)
	}
	for t, e := range v.rows {
		if dec[t] < interval.Defined || h[t].IsEmpty() {
			return nil, false
		}
		full[e.Row][e.Col], full[e.Col][e.Row] = h[t], h[t]
	}
	return full, true
}

// tangent bounds f on the box, on which it is strictly convex, by its tangent plane
// at a point near its minimum there. gc is the gradient at c.
func (v *verifier) tangent(x, c []interval.I, full [][]interval.I, gc []interval.I) bool {
	n := len(x)
	for range 30 {
		y := v.newton(x, c, full, gc)
		if y == nil {
			return false
		}
		v.eval(v.fm, v.prog, y)
		t := v.out[0]
		if v.dec[0] < interval.Defined {
			return false
		}
		for i := range x {
			t = t.Add(v.out[i+1].Mul(x[i].Sub(y[i])))
		}
		if t.Lo >= v.least {
			return true
		}
		if slices.Equal(y, c) {
			return false
		}
		copy(gc, v.out[1:n+1])
		c = y
	}
	return false
}

// slopes reports whether f rises or falls in a variable on the box and a
// little around it, away from the bound towards which it falls.
func (v *verifier) slopes(x []interval.I) bool {
	y := make([]interval.I, len(x))
	for i, b := range x {
		d := 1e-6*b.Width() + 1e-14*b.Mag() + 1e-300
		y[i] = interval.New(b.Lo-d, b.Hi+d).Meet(v.region[i])
	}
	if !v.roomy(y) {
		return false
	}
	v.eval(v.fm, v.prog, y)
	if v.dec[0] != interval.Continuous {
		return false
	}
	for i, b := range x {
		g := v.out[i+1]
		if v.dec[i+1] < interval.Defined || g.IsEmpty() {
			continue
		}
		// An end that is left out has no point, and whatever is nearer to it has a lower value.
		if g.Lo > 0 && (b.Lo > v.lower[i] || v.strict && v.isOpen(i, 0)) || g.Hi < 0 && (b.Hi < v.upper[i] || v.strict && v.isOpen(i, 1)) {
			return true
		}
	}
	return v.neverStationary(y)
}

// neverStationary reports whether at no point of y, on which f is continuous and v.out holds its gradient, all derivatives by variables that no
// bound holds are 0: a combination of them, as of the rows of an inverse of the Hessian in the middle, is not.
func (v *verifier) neverStationary(y []interval.I) bool {
	var free []int
	for i, b := range y {
		if b.Lo > v.lower[i] && b.Hi < v.upper[i] {
			free = append(free, i)
		}
		if v.dec[i+1] != interval.Continuous {
			return false
		}
	}
	if len(free) < 2 || v.hm == nil {
		return false
	}
	h, ok := v.hessian(y)
	if !ok {
		return false
	}
	c := make([]interval.I, len(y))
	for i, b := range y {
		c[i] = interval.Point(b.Mid())
	}
	v.eval(v.fm, v.prog, c)
	middle := make([][]float64, len(free))
	for k, i := range free {
		for _, j := range free {
			middle[k] = append(middle[k], h[i][j].Mid())
		}
	}
	for _, row := range inverse(middle) {
		sum := interval.Point(0)
		for k, i := range free {
			sum = sum.Add(interval.Point(row[k]).Mul(v.out[i+1]))
		}
		for j, b := range y {
			slope := interval.Point(0)
			for k, i := range free {
				slope = slope.Add(interval.Point(row[k]).Mul(h[i][j]))
			}
			sum = sum.Add(slope.Mul(b.Sub(c[j])))
		}
		if !sum.IsEmpty() && !sum.Has(0) && sum.IsBounded() {
			return true
		}
	}
	return false
}

// roomy reports whether the conditions hold near all points of the box that they hold at, when what is to be shown is that none of
// these is the lowest: a condition holds on all of the box, and there is a lowest of all such, or it leaves its edge out.
func (v *verifier) roomy(x []interval.I) bool {
	if len(v.cons) == 0 {
		return true
	}
	out, dec := make([]interval.I, len(v.cons)), make([]interval.Dec, len(v.cons))
	v.interval(v.cm, out, dec, x)
	for k, c := range v.cons {
		if dec[k] != interval.Continuous || !(v.strict && c.strict) && !(out[k].Hi < 0) {
			return false
		}
	}
	return true
}

// dominant reports whether every matrix in h is positive definite, by the
// theorem of Sylvester for interval pivots.
func (v *verifier) dominant(h [][]interval.I) bool {
	n := len(h)
	a := make([][]interval.I, n)
	for i := range a {
		a[i] = slices.Clone(h[i])
	}
	for k := range n {
		if !(a[k][k].Lo > 0) {
			return false
		}
		for i := k + 1; i < n; i++ {
			t := a[i][k].Div(a[k][k])
			for j := k + 1; j < n; j++ {
				a[i][j] = a[i][j].Sub(t.Mul(a[k][j]))
			}
		}
	}
	return true
}

// newton returns a point of the box nearer to the minimum of f, by a step with
// the middle of the Hessian in one variable after the other.
func (v *verifier) newton(x, c []interval.I, h [][]interval.I, g []interval.I) []interval.I {
	n := len(x)
	y := make([]float64, n)
	for range 200 {
		for i := range n {
			s := g[i].Mid()
			for j := range n {
				if j != i {
					s += h[i][j].Mid() * y[j]
				}
			}
			y[i] = nearest(c[i].Lo-s/h[i][i].Mid(), x[i]) - c[i].Lo
		}
	}
	out := make([]interval.I, n)
	for i := range out {
		z := nearest(c[i].Lo+y[i], x[i])
		if math.IsNaN(z) || math.IsInf(z, 0) {
			return nil
		}
		out[i] = interval.Point(z)
	}
	return out
}

// nearest returns the point of the interval b nearest to x.
func nearest(x float64, b interval.I) float64 { return math.Max(b.Lo, math.Min(b.Hi, x)) }
