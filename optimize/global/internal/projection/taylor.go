package projection

import (
	"math"
	"slices"

	"nabla/diff"
	"nabla/expr"
	"nabla/expr/interval"
	"nabla/expr/number"
	"nabla/expr/simplify"
	"nabla/expr/tape"
	"nabla/optimize/global/internal/model"
)

// This file bounds fits with one variable that is not linear, in one column φ(β), the others and y being constant: by Taylor's
// formula for φ. What is left of φ without its part in the space of the others may be small beside it, so that enclosures of
// first or second order of φ say nothing of its direction; the others take away their part of each coefficient.

// orders is the order of the remainder.
const orders = 10

// A series is such a fit.
type series struct {
	k    int     // the number of the column φ
	of   *column // φ, or that as a function of the inverse of its variable
	node node    // with times > 0, the value about which φ is developed, without the terms that are in the space of the others: what is left, over a power
	// inverse says that φ is a function of 1/β, which is positive, and positive that its factor is not negative.
	inverse, positive bool

	m    int // rows
	mach *tape.Machine
	out  []interval.I // the derivatives of φ over their factorials, by order and row
	dec  []interval.Dec
	at   [][]interval.I // those at the point about which all is developed
	w    []interval.I   // weights of the rows

	q       [][]interval.I // a nearly orthonormal basis of the space of the others, by column
	unit    float64        // a lower bound of the eigenvalues of QᵀQ
	r       []interval.I   // y without nearly all of its part in that space
	slack   interval.I     // |Qᵀr|² over that bound
	squared interval.I     // |r|²
}

// allSeries reads the fit q, for any point, for each constant node and for the inverse of the variable; none where it is none of the kind.
func allSeries(q *Fit) (list []*series) {
	if len(q.Others) != 1 || len(q.columns) < 2 || q.y.has(q.names[0]) || !q.rest.forms[0].IsNum(0) {
		return nil
	}
	at := -1
	for j, c := range q.columns {
		if c.has(q.names[0]) {
			if at >= 0 {
				return nil
			}
			at = j
		}
	}
	if at < 0 {
		return nil
	}
	constant := func(e expr.Expr) bool { return e.Op() == expr.Num }
	for j, c := range q.columns {
		if j != at && slices.ContainsFunc(c.forms, func(e expr.Expr) bool { return !constant(e) }) {
			return nil
		}
	}
	if slices.ContainsFunc(q.y.forms, func(e expr.Expr) bool { return !constant(e) }) {
		return nil
	}
	add := func(c *column, about node, inverse bool) {
		s := &series{k: at, of: c, node: about, inverse: inverse, m: len(q.weight)}
		if about.times < orders-2 && s.derive(q) && s.orthonormal(q) {
			list = append(list, s)
		}
	}
	c := q.columns[at]
	add(c, node{}, false)
	for _, d := range c.nodes {
		if d.other < 0 {
			add(c, d, false)
		}
	}
	if c.reciprocal != nil {
		add(c.reciprocal, node{}, true)
		for _, d := range c.reciprocal.nodes {
			add(c.reciprocal, d, true)
		}
	}
	return list
}

// derive compiles the derivatives of φ.
func (s *series) derive(q *Fit) bool {
	const most = 20_000 // nodes
	t := simplify.New()
	row := make([]expr.Expr, s.m)
	for i, e := range s.of.forms {
		row[i] = t.Tidy(t.Pool().Import(e))
	}
	var outs []expr.Expr
	size, factorial := 0, number.Int(1)
	for order := range orders + 1 {
		if order > 0 {
			factorial = factorial.Mul(number.Int(int64(order)))
		}
		over, _ := factorial.Inv()
		for i, e := range row {
			outs = append(outs, t.Mul(t.Num(over), e))
			if size += e.Size(); size > most {
				return false
			}
			row[i] = t.Tidy(t.Pool().Import(diff.D(e, q.names[0])))
		}
	}
	prog, err := tape.Compile(q.names, outs...)
	if err != nil {
		return false
	}
	s.mach, s.out, s.dec = prog.NewMachine(), make([]interval.I, len(outs)), make([]interval.Dec, len(outs))
	for i := range s.m {
		s.w = append(s.w, interval.Point(q.weight[i]))
	}
	for range orders + 1 - s.node.times {
		s.at = append(s.at, make([]interval.I, s.m))
	}
	return true
}

// orthonormal finds the basis Q and r, with numbers that are exact but for the last rounding: the columns may be nearly dependent.
func (s *series) orthonormal(q *Fit) bool {
	var columns [][]number.Number
	weighted := func(forms []expr.Expr) []number.Number {
		out := make([]number.Number, s.m)
		for i, e := range forms {
			w, _ := number.FromFloat(q.weight[i])
			out[i] = e.Number().Mul(w)
		}
		return out
	}
	for j, c := range q.columns {
		if j != s.k {
			columns = append(columns, weighted(c.forms))
		}
	}
	for _, c := range s.node.extra {
		columns = append(columns, weighted(c.forms))
	}
	floats := func(v []number.Number) []float64 {
		out := make([]float64, len(v))
		for i, x := range v {
			out[i] = x.Float64()
		}
		return out
	}
	// less is v without multiples of the columns, the numbers next to the factors.
	less := func(v []number.Number, of [][]number.Number, factors []float64) []number.Number {
		out := slices.Clone(v)
		for j, f := range factors {
			k, ok := number.FromFloat(f)
			if !ok {
				continue
			}
			for i := range out {
				out[i] = out[i].Sub(k.Mul(of[j][i]))
			}
		}
		return out
	}
	const again = 3 // Gram-Schmidt orthogonalisation, which roundings of the factors leave to be repeated
	var basis [][]number.Number
	var near [][]float64
	parts := func(v []number.Number) []float64 {
		u := floats(v)
		out := make([]float64, len(near))
		for j, b := range near {
			out[j] = dot(b, u)
		}
		return out
	}
	for _, v := range columns {
		for range again {
			v = less(v, basis, parts(v))
			size := math.Sqrt(dot(floats(v), floats(v)))
			over, ok := number.FromFloat(1 / size)
			if !ok || !(size > 0) {
				return false
			}
			for i := range v {
				v[i] = v[i].Mul(over)
			}
		}
		basis, near = append(basis, v), append(near, floats(v))
	}
	y := weighted(q.y.forms)
	for range again {
		y = less(y, basis, parts(y))
	}
	hulls := func(v []number.Number) []interval.I {
		out := make([]interval.I, len(v))
		for i, x := range v {
			out[i] = simplify.Hull(x)
		}
		return out
	}
	for _, v := range basis {
		s.q = append(s.q, hulls(v))
	}
	s.r = hulls(y)
	s.unit = math.Inf(1)
	slack := interval.Point(0)
	for j, u := range s.q {
		row := interval.Point(0)
		for k, v := range s.q {
			if d := product(u, v); j == k {
				row = row.Add(interval.Point(d.Lo))
			} else {
				row = row.Sub(interval.Point(d.Mag()))
			}
		}
		s.unit = math.Min(s.unit, row.Lo)
		slack = slack.Add(product(u, s.r).Sqr())
	}
	s.slack, s.squared = slack.Div(interval.Point(s.unit)), product(s.r, s.r)
	return s.unit > 0.5
}

// product is the scalar product of u and v.
func product(u, v []interval.I) interval.I {
	sum := interval.Point(0)
	same := &u[0] == &v[0]
	for i := range u {
		if same {
			sum = sum.Add(u[i].Sqr())
		} else {
			sum = sum.Add(u[i].Mul(v[i]))
		}
	}
	return sum
}

// expand develops φ about a point of x without its part in the space of the others: v = Σ at[j]·d^j for the distance d from the point, and reports
// whether φ and its derivatives are continuous and bounded on x.
func (s *series) expand(x interval.I, point float64) bool {
	drop := s.node.times
	s.mach.Interval(s.out, s.dec, []interval.I{interval.Point(point)})
	for j := drop; j < orders; j++ {
		for i := range s.m {
			s.at[j-drop][i] = s.out[j*s.m+i].Mul(s.w[i])
		}
	}
	s.mach.Interval(s.out, s.dec, []interval.I{x})
	if !interval.AllContinuous(s.dec) { // of a kink, derivatives of higher order may know nothing
		return false
	}
	for i := range s.m {
		if !s.out[orders*s.m+i].IsBounded() {
			return false
		}
		s.at[orders-drop][i] = s.out[orders*s.m+i].Mul(s.w[i])
	}
	for _, v := range s.at {
		for range 3 { // what is taken away is in the space, whatever its factors
			for _, u := range s.q {
				h := 0.0
				for i := range v {
					h += u[i].Mid() * v[i].Mid()
				}
				for i := range v {
					v[i] = v[i].Sub(u[i].Mul(interval.Point(h)))
				}
			}
		}
	}
	return true
}

// bound is a lower bound of the fit on x, developed about the point, -Inf where nothing is known.
//
// With u = v/|v|, the columns of [Q u] are a basis of the space that holds those of Φ, and with b = Qᵀu, e = Qᵀr and α = u·r Schur's complement
// gives wᵀG⁻¹w = eᵀ(QᵀQ)⁻¹e + (α - bᵀ(QᵀQ)⁻¹e)²/(1 - bᵀ(QᵀQ)⁻¹b).
func (s *series) bound(x interval.I, point float64) float64 {
	none := math.Inf(-1)
	if s.inverse {
		if !(x.Lo > 0) {
			return none
		}
		x = x.Inv()
		point = model.ClipTo(1/point, x)
	}
	if s.node.times > 0 {
		point = float64(s.node.value)
		x = x.Hull(interval.Point(point))
	}
	if !x.IsBounded() || !s.expand(x, point) {
		return none
	}
	d := x.Sub(interval.Point(point))
	a, g := make([]interval.I, len(s.at)), make([]interval.I, 2*len(s.at)-1) // v·r and |v|², by powers of d
	for j, v := range s.at {
		a[j] = product(v, s.r)
		for k, w := range s.at[:j+1] {
			h := product(v, w)
			if k < j {
				h = h.Mul(interval.Point(2))
			}
			g[j+k] = g[j+k].Add(h)
		}
	}
	beside := interval.Point(0) // |Qᵀv|²
	for _, u := range s.q {
		b := make([]interval.I, len(s.at))
		for j, v := range s.at {
			b[j] = product(u, v)
		}
		beside = beside.Add(horner(b, d).Sqr())
	}
	size := horner(g, d)
	if !(size.Lo > 0) {
		return none
	}
	unit := interval.Point(s.unit)
	share := beside.Div(unit).Div(interval.Point(size.Lo)) // bᵀ(QᵀQ)⁻¹b
	if !(share.Hi < 0.5) {
		return none
	}
	factor := interval.Point(1).Div(interval.Point(1).Sub(interval.Point(math.Max(0, share.Hi))))
	part := horner(a, d)
	// |bᵀ(QᵀQ)⁻¹e| ≤ |b| |e| over the least eigenvalue
	mixed := interval.Point(math.Max(0, share.Hi)).Sqrt().Mul(interval.Point(math.Max(0, s.slack.Hi)).Sqrt())
	alpha := interval.Point(part.Mag()).Div(interval.Point(size.Lo).Sqrt())
	mix := interval.Point(2).Mul(alpha).Mul(mixed).Add(mixed.Sqr())
	known := s.squared.Sub(s.slack)
	// The sum is known at least where the factor of φ is 0, and for greater ones it grows if v·r is greater than what is mixed with it.
	if s.positive && (s.inverse || s.node.times == 0) && part.Lo >= mixed.Mul(interval.Point(size.Hi).Sqrt()).Hi {
		return known.Lo
	}
	low := known.Sub(factor.Mul(alpha.Sqr().Add(mix))).Lo
	// By the second derivative of α² = a²/g.
	here := interval.Point(0)
	a0, a1 := horner(a, here), horner(derived(a), here)
	g0, g1 := horner(g, here), horner(derived(g), here)
	da, dg := horner(derived(a), d), horner(derived(g), d)
	dda, ddg := horner(derived(derived(a)), d), horner(derived(derived(g)), d)
	two := interval.Point(2)
	value := a0.Sqr().Div(g0)
	slope := two.Mul(a0).Mul(a1).Div(g0).Sub(value.Mul(g1).Div(g0))
	ratio := part.Div(size)
	bend := two.Mul(da.Sqr().Add(part.Mul(dda))).Div(size).Sub(two.Mul(two).Mul(ratio).Mul(da).Mul(dg).Div(size)).
		Add(ratio.Sqr().Mul(two.Mul(dg.Sqr()).Div(size).Sub(ddg)))
	most := topOfParabola(value, slope, bend.Mul(interval.Point(0.5)), d)
	return math.Max(low, known.Sub(factor.Mul(interval.Point(most).Add(mix))).Lo)
}

// independent reports whether the columns are seen to be independent all over x, so that for bounded values of the fit the linear variables are bounded.
func (s *series) independent(x interval.I) bool {
	return !math.IsInf(s.bound(x, x.Mid()), -1)
}

// topOfParabola is an upper bound of value + slope·d + bend·d² for all d of the interval.
func topOfParabola(value, slope, bend, d interval.I) float64 {
	end := func(t float64) float64 {
		p := interval.Point(t)
		return value.Add(p.Mul(slope)).Add(p.Sqr().Mul(interval.Point(bend.Hi))).Hi
	}
	most := math.Max(end(d.Lo), end(d.Hi))
	if bend.Hi < 0 { // the vertex, wherever it lies
		top := value.Add(slope.Sqr().Div(interval.Point(-4 * bend.Hi)))
		return math.Max(most, top.Hi)
	}
	return math.Max(most, value.Hi)
}

// horner is the polynomial with the coefficients p at d.
func horner(p []interval.I, d interval.I) interval.I {
	sum := interval.Point(0)
	for _, c := range slices.Backward(p) {
		sum = sum.Mul(d).Add(c)
	}
	return sum
}

// derived has the coefficients of the derivative.
func derived(p []interval.I) []interval.I {
	out := make([]interval.I, max(len(p)-1, 1))
	for j := 1; j < len(p); j++ {
		out[j-1] = p[j].Mul(interval.Point(float64(j)))
	}
	return out
}
