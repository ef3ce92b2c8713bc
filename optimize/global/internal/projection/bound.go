package projection

import (
	"math"
	"slices"

	"nabla/expr/interval"
	"nabla/optimize/global/internal/model"
)

// A bounder bounds a fit from below on boxes of the variables b.
type bounder struct {
	*Fit
	n, m, p int // variables b, rows, columns

	x      []interval.I // the box
	middle []float64
	basis  []*basis         // of each column
	box    [][]interval.I   // in which that basis is enclosed
	met    []*meeting       // by which it was chosen, nil for others
	pivot  []int            // the row that it is divided by
	sharp  bool             // derivatives are known
	turn   [][]float64      // T with ΨT nearly orthonormal in the middle
	c      []float64        // the best coefficients of ΨT in the middle
	used   []bool           // rows
	psi    [][]interval.I   // ΨT
	psi1   [][][]interval.I // its derivatives, by row, column and variable
	psi2   [][][]interval.I // its second ones
	r      []interval.I     // y + ΨTc
	r1, r2 [][]interval.I
	w      []interval.I // (ΨT)ᵀr
	w1     [][]interval.I
	r0     []interval.I // r, w and the rest at the point about which all is developed
	w0     []interval.I
	t0     interval.I
	r10    [][]interval.I // the derivatives of r there
	// Of the rest, over the box and at the point.
	restSlope, restSlope0, restBend []interval.I
	mid0                            [][]float64 // Ψ in the middle
	pushed                          []float64   // how much each variable adds to what is not known

	series []*series // where the fit is one

	Work int // steps of formulas, done so far
}

func newBounder(q *Fit) *bounder {
	n, m, p := len(q.Others), len(q.weight), len(q.columns)
	for _, c := range q.columns {
		for _, d := range c.allNodes() {
			p += len(d.extra)
		}
	}
	s := &bounder{Fit: q, n: n, m: m, p: p, middle: make([]float64, n), basis: make([]*basis, p), box: make([][]interval.I, p), met: make([]*meeting, p), pivot: make([]int, p),
		turn: model.Square(p), c: make([]float64, p), used: make([]bool, m), r: make([]interval.I, m), w: make([]interval.I, p), r0: make([]interval.I, m), w0: make([]interval.I, p),
		pushed: make([]float64, n), mid0: make([][]float64, m)}
	grid := func(k int) [][]interval.I {
		g := make([][]interval.I, m)
		for i := range g {
			g[i] = make([]interval.I, k)
		}
		return g
	}
	s.psi, s.r1, s.r2, s.r10 = grid(p), grid(n), grid(n*(n+1)/2), grid(n)
	s.restSlope, s.restSlope0, s.restBend = make([]interval.I, n), make([]interval.I, n), make([]interval.I, n*(n+1)/2)
	s.psi1, s.psi2 = make([][][]interval.I, m), make([][][]interval.I, m)
	for i := range m {
		s.mid0[i] = make([]float64, p)
		for range p {
			s.psi1[i], s.psi2[i] = append(s.psi1[i], make([]interval.I, n)), append(s.psi2[i], make([]interval.I, n*(n+1)/2))
		}
	}
	for range p {
		s.w1 = append(s.w1, make([]interval.I, n))
	}
	s.p, s.series = len(q.columns), allSeries(q)
	return s
}

// bound is a lower bound of the fit over the box x of b, sharper for those above most being of no use; +Inf where it is
// nowhere defined. near, a point of the box, is where it is developed in the end, nil for the middle.
func (s *bounder) bound(x []interval.I, near []float64, most float64) float64 {
	s.x = x
	for i, v := range x {
		s.middle[i] = representative(v)
	}
	s.p = len(s.columns)
	s.divided()
	low := s.withBases(near, most)
	if low > most {
		return low
	}
	for _, t := range s.series {
		at := s.middle[0]
		if near != nil {
			at = near[0]
		}
		if low = math.Max(low, t.bound(x[0], at)); low > most {
			return low
		}
	}
	if !s.confluent(math.IsInf(low, -1)) {
		return low
	}
	low = math.Max(low, s.withBases(nil, most))
	s.p = len(s.columns)
	return low
}

// divided takes the columns divided by their greatest rows: of columns with the same one, what is left without multiples of
// those before.
func (s *bounder) divided() {
	own := make([]*column, s.p)
	for j, c := range s.columns {
		b, p := c.leading(s.middle)
		for h := 0; h < j && b != nil; h++ {
			if own[h] == nil || s.pivot[h] != p {
				continue
			}
			if d := c.without(own[h], p); d != nil && d.raw != nil {
				if e, q := d.leading(s.middle); e != nil {
					c, b, p = d, e, q
				}
			}
		}
		s.box[j], s.met[j] = s.x, nil
		if own[j], s.basis[j], s.pivot[j] = c, b, p; b == nil {
			own[j], s.basis[j] = nil, c.raw
		} else if c.raw.spread(s.x) < b.spread(s.x) {
			s.basis[j] = c.raw
		}
	}
}

// confluent takes bases that serve where variables are equal, for nodes that are near or, with far, for all, and
// reports whether there is one.
func (s *bounder) confluent(far bool) bool {
	some := false
	for j, c := range s.columns {
		m := c.meeting(s.x, far)
		if m == nil {
			continue
		}
		box := m.around(s.x)
		middle := slices.Clone(s.middle)
		middle[m.at] = representative(box[m.at])
		own, p := m.of.leading(middle)
		if own == nil || m.of.hasRests() {
			own, p = m.of.raw, -1
		}
		if own.over(box); slices.Min(own.dec) < interval.Continuous {
			continue
		}
		d := m.of.derivative(m.order, p)
		if d == nil || d.raw == nil {
			continue
		}
		if d.raw.over(box); slices.Min(d.raw.dec[:s.m]) < interval.Continuous {
			continue
		}
		b, _ := d.leading(middle)
		if b == nil || d.hasRests() { // the quotients must be those of all there is
			b = d.raw
		}
		s.basis[j], s.box[j], s.met[j], some = b, box, m, true
		s.middle[m.at] = middle[m.at]
		for _, d := range m.nodes {
			for _, e := range d.extra {
				s.basis[s.p], s.box[s.p], s.met[s.p] = e.raw, s.x, nil
				s.p++
			}
		}
	}
	return some
}

// representative is a point of x: the middle, where there is one.
func representative(x interval.I) float64 {
	if x.IsBounded() {
		return x.Mid()
	}
	return apart(x)
}

// apart is where to divide x.
func apart(x interval.I) float64 {
	const far = 8
	switch {
	case x.Lo < 0 && x.Hi > 0:
		if !x.IsBounded() || -x.Lo > 4*x.Hi || x.Hi > -4*x.Lo {
			return 0
		}
		return x.Mid()
	case x.Hi <= 0:
		return -apart(x.Neg())
	case math.IsInf(x.Hi, 1):
		return math.Max(1, far*x.Lo)
	case x.Hi > far*far*x.Lo && x.Lo > 0:
		return math.Sqrt(x.Lo) * math.Sqrt(x.Hi)
	}
	return x.Mid()
}

// withBases bounds by the bases that were chosen.
func (s *bounder) withBases(near []float64, most float64) float64 {
	none := math.Inf(-1)
	if !s.centre() {
		return none
	}
	if !s.enclose() {
		return math.Inf(1)
	}
	low := s.first()
	if low > most || !s.sharp || !model.Bounded(s.x) {
		return low
	}
	at := s.middle
	if near != nil {
		at = near
	}
	if !s.atPoint(at) {
		return low
	}
	if low = math.Max(low, s.mean(at)); low > most {
		return low
	}
	return math.Max(low, s.curved(at))
}

// centre computes T and c in the middle of the box, in floats: they cost sharpness if they are wrong, no truth.
func (s *bounder) centre() bool {
	for j, b := range s.basis[:s.p] {
		b.mach.Eval(b.floats, s.middle)
		for i := range s.m {
			if s.mid0[i][j] = b.floats[i] * s.weight[i]; !model.Finite(s.mid0[i][j]) {
				s.mid0[i][j] = 0
			}
		}
	}
	q := make([][]float64, s.p)
	for j := range s.p {
		q[j] = make([]float64, s.m)
		clear(s.turn[j])
		s.turn[j][j] = 1
		for i := range s.m {
			q[j][i] = s.mid0[i][j]
		}
		if !s.scale(q[j], j, 0) {
			return false
		}
		const negligible = 1e-11
		for range 2 { // modified Gram-Schmidt orthogonalisation, twice (Björck 1996, section 2.4)
			for k := range j {
				h := dot(q[k], q[j])
				for i := range s.m {
					q[j][i] -= h * q[k][i]
				}
				for l := range s.p {
					s.turn[j][l] -= h * s.turn[k][l]
				}
			}
			if !s.scale(q[j], j, negligible) {
				return false
			}
		}
	}
	s.y.mach.Eval(s.y.floats, s.middle)
	y := make([]float64, s.m)
	for i := range s.m {
		if y[i] = s.y.floats[i] * s.weight[i]; !model.Finite(y[i]) {
			y[i] = 0
		}
	}
	for j := range s.p {
		s.c[j] = -dot(q[j], y)
		for i := range s.m {
			y[i] += s.c[j] * q[j][i]
		}
	}
	return true
}

// scale makes q, which belongs to column j, one of the length 1; false where it is not longer than least.
func (s *bounder) scale(q []float64, j int, least float64) bool {
	size := math.Sqrt(dot(q, q))
	if !(size > least) || !model.Finite(1/size) {
		return false
	}
	for i := range q {
		q[i] /= size
	}
	for l := range s.turn[j] {
		s.turn[j][l] /= size
	}
	return true
}

func dot(a, b []float64) float64 {
	sum := 0.0
	for i, v := range a {
		sum += v * b[i]
	}
	return sum
}

// enclose computes all that is wanted over the box; false where the fit is nowhere defined. Rows that are not bounded do
// not count: they are not negative.
func (s *bounder) enclose() bool {
	s.y.over(s.x)
	s.rest.over(s.x)
	s.sharp = s.rest.isSmooth(0)
	for i := range s.used {
		v := s.y.value(i)
		if v.IsEmpty() {
			return false
		}
		s.used[i] = v.IsBounded()
	}
	if s.rest.value(0).IsEmpty() {
		return false
	}
	for j, b := range s.basis[:s.p] {
		b.over(s.box[j])
		for i := range s.used {
			v := b.value(i)
			if v.IsEmpty() {
				return false
			}
			s.used[i] = s.used[i] && v.IsBounded()
		}
	}
	for i, used := range s.used {
		if !used {
			continue
		}
		s.sharp = s.sharp && !slices.ContainsFunc(s.met[:s.p], func(m *meeting) bool { return m != nil }) && s.y.isSmooth(i)
		for _, b := range s.basis[:s.p] {
			s.sharp = s.sharp && b.isSmooth(i)
		}
	}
	for l := range s.n {
		s.restSlope[l] = s.rest.slope(0, l)
		for k := range l + 1 {
			s.restBend[entry(l, k)] = s.rest.bend(0, l, k)
		}
	}
	for i, used := range s.used {
		if used {
			s.row(i)
		}
	}
	s.products()
	return true
}

// row computes row i of ΨT and r, with derivatives.
func (s *bounder) row(i int) {
	w := interval.Point(s.weight[i])
	s.r[i] = s.y.value(i).Mul(w)
	for j := range s.p {
		v := interval.Point(0)
		for k, t := range s.turn[j][:j+1] {
			v = v.Add(s.basis[k].value(i).Mul(interval.Point(t)))
		}
		s.psi[i][j] = v.Mul(w)
		s.r[i] = s.r[i].Add(s.psi[i][j].Mul(interval.Point(s.c[j])))
	}
	if !s.sharp {
		return
	}
	for l := range s.n {
		s.r1[i][l] = s.y.slope(i, l).Mul(w)
		for j := range s.p {
			v := interval.Point(0)
			for k, t := range s.turn[j][:j+1] {
				if d := s.basis[k].slope(i, l); d != (interval.I{}) {
					v = v.Add(d.Mul(interval.Point(t)))
				}
			}
			s.psi1[i][j][l] = v.Mul(w)
			s.r1[i][l] = s.r1[i][l].Add(s.psi1[i][j][l].Mul(interval.Point(s.c[j])))
		}
		for k := range l + 1 {
			at := l*(l+1)/2 + k
			s.r2[i][at] = s.y.bend(i, l, k).Mul(w)
			for j := range s.p {
				v := interval.Point(0)
				for h, t := range s.turn[j][:j+1] {
					if d := s.basis[h].bend(i, l, k); d != (interval.I{}) {
						v = v.Add(d.Mul(interval.Point(t)))
					}
				}
				s.psi2[i][j][at] = v.Mul(w)
				s.r2[i][at] = s.r2[i][at].Add(s.psi2[i][j][at].Mul(interval.Point(s.c[j])))
			}
		}
	}
}

// products computes w.
func (s *bounder) products() {
	for j := range s.p {
		s.w[j] = interval.Point(0)
		for i, used := range s.used {
			if used {
				s.w[j] = s.w[j].Add(s.psi[i][j].Mul(s.r[i]))
			}
		}
	}
}

// least is a lower bound of the eigenvalues of (ΨT)ᵀΨT, by Gershgorin's circles.
func (s *bounder) least() float64 {
	low := math.Inf(1)
	for j := range s.p {
		row := interval.Point(0)
		for k := range s.p {
			v := interval.Point(0)
			for i, used := range s.used {
				switch {
				case !used:
				case j == k:
					v = v.Add(s.psi[i][j].Sqr())
				default:
					v = v.Add(s.psi[i][j].Mul(s.psi[i][k]))
				}
			}
			if j == k {
				row = row.Add(interval.Point(v.Lo))
			} else {
				row = row.Sub(interval.Point(v.Mag()))
			}
		}
		low = math.Min(low, row.Lo)
	}
	return low
}

// first is the bound by plain enclosures.
func (s *bounder) first() float64 {
	least := s.least()
	if !(least > 0) {
		return math.Inf(-1)
	}
	q := interval.Point(s.rest.value(0).Lo)
	for i, used := range s.used {
		if used {
			q = q.Add(s.r[i].Sqr())
		}
	}
	return s.less(q, s.w[:s.p], least)
}

// less is the lower end of q - |w|²/least.
func (s *bounder) less(q interval.I, w []interval.I, least float64) float64 {
	sum := interval.Point(0)
	for _, v := range w {
		sum = sum.Add(v.Sqr())
	}
	return q.Sub(sum.Div(interval.Point(least))).Lo
}

// atPoint encloses r and w and the rest at a point of the box.
func (s *bounder) atPoint(x []float64) bool {
	at := make([]interval.I, s.n)
	for l, v := range x {
		at[l] = interval.Point(v)
	}
	// The values there come in the place of those over the box, which row has used.
	s.y.over(at)
	s.rest.over(at)
	for _, b := range s.basis[:s.p] {
		b.over(at)
	}
	s.t0 = s.rest.value(0)
	for l := range s.n {
		s.restSlope0[l] = s.rest.slope(0, l)
	}
	for j := range s.p {
		s.w0[j] = interval.Point(0)
	}
	for i, used := range s.used {
		if !used {
			continue
		}
		w := interval.Point(s.weight[i])
		s.r0[i] = s.y.value(i).Mul(w)
		psi := make([]interval.I, s.p)
		for j := range s.p {
			v := interval.Point(0)
			for k, t := range s.turn[j][:j+1] {
				v = v.Add(s.basis[k].value(i).Mul(interval.Point(t)))
			}
			psi[j] = v.Mul(w)
			s.r0[i] = s.r0[i].Add(psi[j].Mul(interval.Point(s.c[j])))
		}
		for l := range s.n {
			s.r10[i][l] = s.y.slope(i, l).Mul(w)
			for j := range s.p {
				v := interval.Point(0)
				for k, t := range s.turn[j][:j+1] {
					if d := s.basis[k].slope(i, l); d != (interval.I{}) {
						v = v.Add(d.Mul(interval.Point(t)))
					}
				}
				s.r10[i][l] = s.r10[i][l].Add(v.Mul(w).Mul(interval.Point(s.c[j])))
			}
		}
		for j := range s.p {
			s.w0[j] = s.w0[j].Add(psi[j].Mul(s.r0[i]))
			// The mean value theorem knows more of ΨT and r than plain enclosures.
			for l := range s.n {
				psi[j] = psi[j].Add(s.psi1[i][j][l].Mul(s.x[l].Sub(at[l])))
			}
			s.psi[i][j] = s.psi[i][j].Meet(psi[j])
		}
		r := s.r0[i]
		for l := range s.n {
			r = r.Add(s.r1[i][l].Mul(s.x[l].Sub(at[l])))
		}
		s.r[i] = s.r[i].Meet(r)
	}
	return s.t0.IsBounded()
}
