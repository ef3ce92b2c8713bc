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

// noneByLines reports whether a linear program shows that no point of interest is in the box, on which the parts have just been enclosed.
func (v *verifier) noneByLines() bool {
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
	if !v.empty {
		l.row(l.forms[l.f], constantForm(interval.Point(v.least)))
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
	impossible, work := l.impossible()
	v.left.work -= work
	v.web.solving += work
	return impossible
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

// impossible reports whether no point of the box of the columns has all rows at most 0, and what it costs to find out, in operations on intervals.
func (l *lining) impossible() (yes bool, work int) {
	const light = 16 // operations on floats are so much cheaper
	n := len(l.cols)
	a, b, scale := make([][]float64, len(l.rows)), make([]float64, len(l.rows)), make([]float64, len(l.rows))
	for k, r := range l.rows { // in units of the box: column_j = Lo_j + Width_j u_j
		a[k], b[k] = make([]float64, n), -r.e.Mid()
		most := 0.0
		for j, c := range r.c {
			a[k][j] = c.Mid() * l.cols[j].Width()
			b[k] -= c.Mid() * l.cols[j].Lo
			most = math.Max(most, math.Abs(a[k][j]))
		}
		if !(most > 0 && most <= math.MaxFloat64) || math.IsNaN(b[k]-b[k]) {
			most = math.Inf(1) // leaves it out
			b[k] = 0
		}
		for j := range a[k] {
			a[k][j] /= most
		}
		b[k] /= most
		scale[k] = 1 / most
	}
	sum := constantForm(interval.Point(0))
	multipliers, pivots := farkas(a, b)
	for k, y := range multipliers {
		if y *= scale[k]; y > 0 && y <= math.MaxFloat64 {
			sum = sum.plus(interval.Point(y), l.rows[k])
		}
	}
	total := sum.e
	for j, c := range sum.c {
		total = total.Add(c.Mul(l.cols[j]))
	}
	return !total.IsEmpty() && total.Lo > 0, len(l.rows)*n + pivots*(len(l.rows)+n)*n/light
}

// farkas returns multipliers y ≥ 0 with which, but for rounding, y·(a u - b) > 0 for all u between 0 and 1; nil if there are none, and the number of pivots. They are those
// of the linear program: least t ≥ 0 with a u - t ≤ b, by the simplex method with a condensed tableau (Chvátal, Linear Programming, 1983, chapter 2).
func farkas(a [][]float64, b []float64) (y []float64, pivots int) {
	const tiny = 1e-11
	m := len(a)
	worst := 0
	for k := range b {
		if b[k] < b[worst] {
			worst = k
		}
	}
	if m == 0 || b[worst] >= 0 {
		return nil, 0 // u = 0
	}
	n := len(a[0])
	// Each row: what is in the basis, plus Σ d_j × (what is not), is the last entry. Numbers 0…m-1 are those of rows, m… of 1 - u_j ≥ 0, then
	// u_j and t.
	d := make([][]float64, m+n)
	basis, rest := make([]int, m+n), make([]int, n+1)
	for k := range d {
		d[k], basis[k] = make([]float64, n+2), k
		if k < m {
			copy(d[k], a[k])
			d[k][n], d[k][n+1] = -1, b[k]
		} else {
			d[k][k-m], d[k][n+1] = 1, 1
		}
	}
	for j := range rest {
		rest[j] = m + n + j
	}
	pivot := func(k, j int) {
		pivots++
		p := 1 / d[k][j]
		for c := range d[k] {
			d[k][c] *= p
		}
		d[k][j] = p
		for i := range d {
			if f := d[i][j]; i != k && f != 0 {
				d[i][j] = 0
				for c := range d[i] {
					d[i][c] -= f * d[k][c]
				}
			}
		}
		basis[k], rest[j] = rest[j], basis[k]
	}
	pivot(worst, n)
	t := worst // the row of t
	for range 4 * (m + n) {
		j := 0
		for c := range rest {
			if d[t][c] > d[t][j] {
				j = c
			}
		}
		if d[t][j] <= tiny {
			y = make([]float64, m)
			for c, k := range rest {
				if k < m {
					y[k] = math.Max(0, -d[t][c])
				}
			}
			return y, pivots
		}
		out, least := t, d[t][n+1]/d[t][j]
		for i := range d {
			if d[i][j] > tiny && d[i][n+1]/d[i][j] < least {
				out, least = i, d[i][n+1]/d[i][j]
			}
		}
		if out == t {
			return nil, pivots // t = 0
		}
		pivot(out, j)
	}
	return nil, pivots
}
