package verify

import (
	"math"
	"slices"

	"nabla/diff"
	"nabla/expr"
	"nabla/expr/interval"
	"nabla/expr/tape"
)

// This file shows that a box has no points of interest by a linear program. Each part of the formula and the conditions that is not
// affine in others is a variable of its own, a column, between affine functions of its operands (McCormick, Computability of global solutions to
// factorable nonconvex programs, Mathematical Programming 10, 1976). That all rows are at most 0, as they are at points of interest,
// is impossible where a sum of them times multipliers ≥ 0 is positive on the box of the columns (Farkas). The multipliers are found in
// floats, and the sum is enclosed.

// An affine is Σ c_j column_j + e with numbers c_j and e that lie in these intervals. Columns beyond the last have c_j = 0.
type affine struct {
	c []interval.I
	e interval.I
}

func (a *affine) isConstant() bool { return len(a.c) == 0 }

// plus is a + k b.
func (a *affine) plus(k interval.I, b *affine) *affine {
	if a == nil || b == nil {
		return nil
	}
	out := &affine{c: make([]interval.I, max(len(a.c), len(b.c))), e: a.e.Add(k.Mul(b.e))}
	copy(out.c, a.c)
	for j, c := range b.c {
		out.c[j] = out.c[j].Add(k.Mul(c))
	}
	return out
}

// A lining is the linear program of a web on the box at hand.
type lining struct {
	*web
	cols   []interval.I
	rows   []*affine      // at most 0 at points of interest
	forms  []*affine      // of the parts, nil for none
	shared map[[2]int]int // the column of the product of two parts or columns, these counted from -1 down
}

func constantForm(e interval.I) *affine {
	if e.IsEmpty() || !e.IsBounded() {
		return nil
	}
	return &affine{e: e}
}

// column returns a new column for what lies in r.
func (l *lining) column(r interval.I) *affine {
	if r.IsEmpty() || !r.IsBounded() {
		return nil
	}
	if r.IsPoint() {
		return constantForm(r)
	}
	l.cols = append(l.cols, r)
	out := &affine{c: make([]interval.I, len(l.cols)), e: interval.Point(0)}
	out.c[len(l.cols)-1] = interval.Point(1)
	return out
}

// row adds the row a - b ≤ 0.
func (l *lining) row(a, b *affine) {
	if d := a.plus(interval.Point(-1), b); d != nil && d.e.IsBounded() && !slices.ContainsFunc(d.c, func(c interval.I) bool { return !c.IsBounded() }) {
		l.rows = append(l.rows, d)
	}
}

// noneByLines reports whether a linear program shows that no point of interest is in the box x, on which the parts have just been enclosed, and narrows it
// in place where it does not.
func (v *verifier) noneByLines(x []interval.I) bool {
	const mostColumns, mostRows = 150, 600
	l := &lining{web: v.web, forms: make([]*affine, len(v.web.parts)), shared: map[[2]int]int{}}
	for i, p := range l.parts {
		if p.e.IsConstant() || l.asked[i] {
			l.forms[i] = l.form(i, p)
		}
		if len(l.cols) > mostColumns {
			return false
		}
	}
	zero := constantForm(interval.Point(0))
	var objective *affine
	if !v.empty {
		l.row(l.forms[l.f], constantForm(interval.Point(v.least)))
		objective = l.forms[l.f].plus(interval.Point(-1), constantForm(interval.Point(v.least)))
	}
	for k, c := range v.cons {
		g := l.forms[l.cons[k]]
		if l.row(g, zero); c.equal {
			l.row(zero, g)
		}
	}
	if len(l.rows) > mostRows {
		return false
	}
	if objective != nil && (objective.isConstant() || !objective.e.IsBounded()) {
		objective = nil
	}
	none, work := l.settle(objective)
	v.left.work -= work
	v.web.solving += work
	for i, p := range l.parts {
		if form := l.forms[i]; !none && p.e.Op() == expr.Var && form != nil && !form.isConstant() {
			k := slices.Index(v.c.Variables, p.e.Name())
			x[k] = x[k].Meet(l.cols[len(form.c)-1])
			none = x[k].IsEmpty()
		}
	}
	return none
}

// form is that of the part at place i.
func (l *lining) form(i int, p node) *affine {
	one := interval.Point(1)
	places := l.walk.AppendPlaces(nil, i)
	switch {
	case p.e.IsConstant():
		return constantForm(l.r[i])
	case p.e.Op() == expr.Neg:
		return constantForm(interval.Point(0)).plus(one.Neg(), l.forms[places[0]])
	case p.e.Op() == expr.Add:
		sum := constantForm(interval.Point(0))
		for _, a := range places {
			sum = sum.plus(one, l.forms[a])
		}
		return sum
	case p.e.Op() == expr.Mul:
		return l.productForm(i, places)
	case p.e.Op() == expr.Div && len(p.operands) == 2:
		w, b := l.column(l.r[i]), int(places[1])
		if w != nil && !l.r[b].Has(0) {
			l.hull(l.forms[places[0]], w, l.forms[b], l.r[i], l.r[b])
		}
		return w
	case len(p.operands) == 1:
		w := l.column(l.r[i])
		if a := l.forms[p.operands[0]]; w != nil && a != nil {
			l.curve(w, a, l.r[p.operands[0]], p)
		}
		return w
	}
	return l.column(l.r[i])
}

// productForm is that of a product: the product of what is constant, times that of the rest.
func (l *lining) productForm(i int, places []int32) *affine {
	k, w, of, key := interval.Point(1), (*affine)(nil), interval.Whole, 0
	for _, place := range places {
		a := int(place)
		f := l.forms[a]
		switch {
		case f == nil:
			return l.column(l.r[i])
		case f.isConstant():
			k = k.Mul(f.e)
		case w == nil:
			w, of, key = f, l.r[a], a
		default:
			pair := [2]int{key, a}
			known, ok := l.shared[pair]
			if ok {
				of = l.cols[known]
				w = &affine{c: make([]interval.I, known+1), e: interval.Point(0)}
				w.c[known] = interval.Point(1)
			} else {
				u, r := w, of
				of = r.Mul(l.r[a])
				if w = l.column(of); w == nil || w.isConstant() {
					return l.column(l.r[i])
				}
				known = len(l.cols) - 1
				l.shared[pair] = known
				l.hull(w, u, f, r, l.r[a])
			}
			key = -1 - known
		}
	}
	if w == nil {
		return constantForm(k)
	}
	return constantForm(interval.Point(0)).plus(k, w)
}

// hull adds the rows of w = a b, a in x and b in y: (a - x.Lo)(b - y.Lo) ≥ 0 and the three like it.
func (l *lining) hull(w, a, b *affine, x, y interval.I) {
	if w == nil || a == nil || b == nil || !x.IsBounded() || !y.IsBounded() {
		return
	}
	for _, c := range [4]struct {
		x, y  float64
		above bool // the plane is
	}{{x.Lo, y.Lo, false}, {x.Hi, y.Hi, false}, {x.Lo, y.Hi, true}, {x.Hi, y.Lo, true}} {
		p, q := interval.Point(c.x), interval.Point(c.y)
		plane := constantForm(p.Mul(q).Neg()).plus(p, b).plus(q, a)
		if c.above {
			l.row(w, plane)
		} else {
			l.row(plane, w)
		}
	}
}

// curve adds the rows of w = φ(a), a in x, p being φ: where φ is convex or concave, tangents and a chord.
func (l *lining) curve(w, a *affine, x interval.I, p node) {
	if p.bends == nil {
		return
	}
	var out [3]interval.I // φ, φ′, φ″
	var dec [3]interval.Dec
	p.bends.Interval(out[:], dec[:], []interval.I{x})
	if dec[0] != interval.Continuous || dec[1] != interval.Continuous || dec[2] < interval.Defined || out[2].IsEmpty() {
		return
	}
	sign := 1.0
	switch {
	case out[2].Lo >= 0:
	case out[2].Hi <= 0:
		sign = -1
	default:
		return
	}
	at := func(t float64) (value, slope interval.I) {
		p.bends.Interval(out[:], dec[:], []interval.I{interval.Point(t)})
		return out[0], out[1]
	}
	// Sign times: the tangents are below, the chord above.
	between := func(below, above *affine) {
		if sign < 0 {
			below, above = above, below
		}
		l.row(below, above)
	}
	for _, t := range [3]float64{x.Lo, x.Mid(), x.Hi} {
		value, slope := at(t)
		between(constantForm(value.Sub(slope.Mul(interval.Point(t)))).plus(slope, a), w)
	}
	lo, _ := at(x.Lo)
	hi, _ := at(x.Hi)
	k := interval.Point(hi.Sub(lo).Div(interval.Point(x.Hi).Sub(interval.Point(x.Lo))).Mid())
	e, f := lo.Sub(k.Mul(interval.Point(x.Lo))), hi.Sub(k.Mul(interval.Point(x.Hi)))
	most := interval.New(math.Max(e.Lo, f.Lo), math.Max(e.Hi, f.Hi)) // of φ(a) - k a, which is convex
	if sign < 0 {
		most = interval.New(math.Min(e.Lo, f.Lo), math.Min(e.Hi, f.Hi))
	}
	between(w, constantForm(most).plus(k, a))
}

// bending makes the function u, its first and its second derivative.
func bending(e expr.Expr, u string) *tape.Machine {
	d := diff.D(e, u)
	p, err := tape.Compile([]string{u}, e, d, diff.D(d, u))
	if err != nil {
		return nil
	}
	return p.NewMachine()
}

// settle reports whether no point of the box of the columns has all rows at most 0, and otherwise narrows the box to points at which, besides, the
// objective, nil for none, is at most 0: it is not below itself plus the rows times multipliers. It returns what that costs too, in operations on intervals.
func (l *lining) settle(objective *affine) (none bool, work int) {
	const light = 16 // operations on floats are so much cheaper
	n := len(l.cols)
	a, b, scale := make([][]float64, len(l.rows)), make([]float64, len(l.rows)), make([]float64, len(l.rows))
	for k, r := range l.rows {
		a[k], b[k], scale[k] = l.inUnits(r)
	}
	var c []float64
	most := 1.0
	if objective != nil {
		c, _, most = l.inUnits(objective)
	}
	y, u, pivots := multipliers(a, b, c)
	work = len(l.rows)*n + pivots*(len(l.rows)+n)*n/light
	dual := u != nil
	if y == nil || dual && most == 0 {
		return false, work
	}
	sum := constantForm(interval.Point(0))
	if dual {
		sum = objective
	}
	for k := range y {
		if y[k] *= scale[k]; dual {
			y[k] /= most
		}
		if y[k] > 0 && y[k] <= math.MaxFloat64 {
			sum = sum.plus(interval.Point(y[k]), l.rows[k])
		}
	}
	if l.total(sum, -1).Lo > 0 {
		return true, work
	}
	if dual {
		l.findLoosest(u, y)
	}
	return dual && !l.narrowBy(sum), work
}

// findLoosest finds the variable with the largest part, by the multipliers y, in how far columns are, at the point u of the box in its units, from the values of
// the parts that they stand for.
func (l *lining) findLoosest(u, y []float64) {
	at, weight := make([]float64, len(u)), make([]float64, len(u))
	for j, c := range l.cols {
		at[j] = c.Lo + u[j]*c.Width()
	}
	for k, r := range l.rows {
		for j, c := range r.c {
			weight[j] += y[k] * math.Abs(c.Mid())
		}
	}
	value := func(a *affine) interval.I {
		sum := a.e.Mid()
		for j, c := range a.c {
			sum += c.Mid() * at[j]
		}
		return interval.Point(sum)
	}
	score := map[int]float64{}
	l.loosest = -1
	for i, p := range l.parts {
		form := l.forms[i]
		if form == nil || form.isConstant() || p.m == nil || slices.ContainsFunc(p.operands, func(a int) bool { return l.forms[a] == nil }) {
			continue
		}
		for k, a := range p.operands {
			p.in[k] = value(l.forms[a]).Meet(l.r[a])
		}
		var out [1]interval.I
		var dec [1]interval.Dec
		p.m.Interval(out[:], dec[:], p.in)
		off := math.Abs(out[0].Mid() - value(form).Mid())
		for j, c := range form.c {
			if !(off*weight[j] > 0) || c.Mid() == 0 {
				continue
			}
			for _, x := range l.under[i] {
				r := l.r[x]
				if score[x] += off * weight[j] * r.Width() / math.Max(r.Mag(), 1e-3); l.loosest < 0 || score[x] > score[l.loosest] {
					l.loosest = x
				}
			}
		}
	}
}

// total encloses a on the box of the columns, without the column given.
func (l *lining) total(a *affine, without int) interval.I {
	sum := a.e
	for j, c := range a.c {
		if j != without {
			sum = sum.Add(c.Mul(l.cols[j]))
		}
	}
	return sum
}

// narrowBy narrows the box of the columns to where a may be at most 0; false where that is nowhere.
func (l *lining) narrowBy(a *affine) bool {
	for j, c := range a.c {
		if others := l.total(a, j); others.IsBounded() && !others.IsEmpty() && !c.Has(0) {
			if l.cols[j] = l.cols[j].Meet(interval.I{Lo: math.Inf(-1), Hi: -others.Lo}.Div(c)); l.cols[j].IsEmpty() {
				return false
			}
		}
	}
	return true
}

// inUnits are the coefficients of r and the negative of its constant in units of the box: column_j = Lo_j + Width_j u_j; they have been multiplied by
// scale, 0 where that cannot be.
func (l *lining) inUnits(r *affine) (a []float64, b, scale float64) {
	a, b = make([]float64, len(l.cols)), -r.e.Mid()
	most := 0.0
	for j, c := range r.c {
		a[j] = c.Mid() * l.cols[j].Width()
		b -= c.Mid() * l.cols[j].Lo
		most = math.Max(most, math.Abs(a[j]))
	}
	if !(most > 0 && most <= math.MaxFloat64) || math.IsNaN(b-b) {
		return make([]float64, len(l.cols)), 0, 0
	}
	for j := range a {
		a[j] /= most
	}
	return a, b / most, 1 / most
}

// multipliers returns multipliers y ≥ 0 with which, but for rounding, y·(a u - b) > 0 for all u between 0 and 1, or, where there are none, such with which
// c·u + y·(a u - b) is on these u not lower than c·u is where a u ≤ b, and the u where it is least; nil where neither is found. It returns the number of pivots
// too. They are those of linear programs: least t ≥ 0 with a u - t ≤ b, and then least c·u, by the simplex method with a condensed tableau (Chvátal, Linear
// Programming, 1983, chapter 2).
func multipliers(a [][]float64, b, c []float64) (y, u []float64, pivots int) {
	s := newTableau(a, b, c)
	if s == nil {
		return nil, nil, 0
	}
	worst := 0
	for k := range b {
		if b[k] < b[worst] {
			worst = k
		}
	}
	t := -1 // the row of t, which is 0 where u = 0 will do
	if b[worst] < 0 {
		s.pivot(worst, s.n)
		t = worst
		switch t = s.descend(t, -1); {
		case t == unfinished:
			return nil, nil, s.pivots
		case t >= 0:
			return s.prices(t), nil, s.pivots
		}
	}
	z := len(s.d) - 1
	if c == nil || s.descend(z, slices.Index(s.rest, s.m+2*s.n)) != z {
		return nil, nil, s.pivots
	}
	u = make([]float64, s.n)
	for k, j := range s.basis {
		if j -= s.m + s.n; j >= 0 && j < s.n && k < z {
			u[j] = s.d[k][s.n+1]
		}
	}
	return s.prices(z), u, s.pivots
}

// A tableau has rows: what is in the basis, plus Σ d_j × (what is not), is the last entry. Numbers 0…m-1 are those of rows, m… of 1 - u_j ≥ 0, then
// u_j and t. The last row is that of c·u.
type tableau struct {
	m, n        int
	d           [][]float64
	basis, rest []int
	pivots      int
	filled      []int
}

func newTableau(a [][]float64, b, c []float64) *tableau {
	if len(a) == 0 {
		return nil
	}
	m, n := len(a), len(a[0])
	s := &tableau{m: m, n: n, d: make([][]float64, m+n+1), basis: make([]int, m+n+1), rest: make([]int, n+1)}
	for k := range s.d {
		s.d[k], s.basis[k] = make([]float64, n+2), k // the last row has no number
		switch {
		case k < m:
			copy(s.d[k], a[k])
			s.d[k][n], s.d[k][n+1] = -1, b[k]
		case k < m+n:
			s.d[k][k-m], s.d[k][n+1] = 1, 1
		default:
			for j := range c {
				s.d[k][j] = -c[j]
			}
		}
	}
	for j := range s.rest {
		s.rest[j] = m + n + j
	}
	return s
}

// pivot puts what is in the basis in row k out of it, and what is in column j into it.
func (s *tableau) pivot(k, j int) {
	s.pivots++
	row := s.d[k]
	p := 1 / row[j]
	for c := range row {
		row[c] *= p
	}
	row[j] = p
	filled := s.filled[:0] // columns that are not 0 in the row
	for c, x := range row {
		if x != 0 {
			filled = append(filled, c)
		}
	}
	s.filled = filled
	for i, other := range s.d {
		if f := other[j]; i != k && f != 0 {
			other[j] = 0
			for _, c := range filled {
				other[c] -= f * row[c]
			}
		}
	}
	s.basis[k], s.rest[j] = s.rest[j], s.basis[k]
}

const unfinished = -2

// descend makes what is in the row t, or is of the last row, least, without the column that is closed; it returns that row, -1 where t has left the basis, as it is 0, or
// unfinished.
func (s *tableau) descend(t, closed int) int {
	const tiny, small = 1e-11, 1e-10
	last := len(s.d) - 1
	for range 4 * (s.m + s.n) {
		j := -1
		for c := range s.rest {
			if c != closed && s.d[t][c] > tiny && (j < 0 || s.d[t][c] > s.d[t][j]) {
				j = c
			}
		}
		if j < 0 {
			return t
		}
		out, least := -1, math.Inf(1)
		if t != last { // which is to leave where it may
			out, least = t, (1-small)*s.d[t][s.n+1]/s.d[t][j]-small
		}
		for i, row := range s.d[:last] {
			if row[j] > tiny && row[s.n+1]/row[j] < least {
				out, least = i, row[s.n+1]/row[j]
			}
		}
		if out < 0 {
			return unfinished
		}
		if s.pivot(out, j); out == t {
			return -1
		}
	}
	return unfinished
}

// prices are the multipliers of the rows that the row t gives.
func (s *tableau) prices(t int) []float64 {
	y := make([]float64, s.m)
	for c, k := range s.rest {
		if k < s.m {
			y[k] = math.Max(0, -s.d[t][c])
		}
	}
	return y
}
