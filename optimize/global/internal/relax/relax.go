// Package relax bounds formulas on boxes by linear programs: every product, power and function of
// one variable in them is a variable of its own between linear functions (McCormick, Computability
// of global solutions to factorable nonconvex programs, Mathematical Programming 10, 1976), and
// the multipliers of the linear program, which is solved in floats, give a bound that is proved by
// interval arithmetic (Neumaier and Shcherbina, Safe bounds in linear and mixed-integer linear
// programming, Mathematical Programming 99, 2004).
package relax

import (
	"math"
	"slices"

	"nabla/expr/interval"
	"nabla/expr/tape"
)

// A Relaxation is that of the program of a function and of constraints, which say that the
// further outputs are not positive, or 0.
type Relaxation struct {
	p     *tape.Prog
	equal []bool // by output

	forms []form // by register
	cols  []interval.I
	rows  []row
	parts []part // the columns that are not variables
	bends []bend // the relations that have tangents
	of    int    // the column of the part at hand, -1 for none

	monomials []bool // by register
	logs      []form // the logarithms of registers, as far as they are known

	lp    tableau
	a     [][]float64
	b     []float64
	cost  []float64
	scale []float64 // of the rows
	y     []float64
	at    []float64 // the solution, in the columns
	// optimal says that the basis of lp is, for the rows at hand; seen is the hull of the solutions for them.
	optimal bool
	isCut   bool // rows were added since
	seen    []interval.I
	slopes  []interval.I
	vars    [][]int // by register: the variables on which it depends
	score   []float64

	// Work is the number of floating-point operations so far, roughly.
	Work int
}

// A row says that Σ c_k x_j_k ≤ b.
type row struct {
	j []int
	c []float64
	b float64
	w int // the column of the part of which it is true, -1 for none
}

// A bend says that w = f(a), for a in x, where f is convex (bend > 0) or concave; or if over has a value, that w = k a log(a/over),
// with the quotient in x.
type bend struct {
	w, a     form
	over     form
	k        interval.I
	x        interval.I
	f, slope func(interval.I) interval.I
	bend     float64
	of       int // the column of the part
}

// A part is a column that stands for register i, or for its logarithm.
type part struct {
	i   int
	col int
	log bool
}

// New returns a relaxation of p, of which output 0 is bounded; equal says which of the others are
// to be 0. It is nil for case distinctions: what a case that does not occur is made of need have no
// value, and elsewhere all registers have one wherever the outputs do.
func New(p *tape.Prog, equal []bool) *Relaxation {
	if slices.ContainsFunc(p.Inst, func(in tape.Inst) bool { return in.Op == tape.If }) {
		return nil
	}
	l := &Relaxation{p: p, equal: equal, forms: make([]form, p.Len()), vars: make([][]int, p.Len()), monomials: monomials(p), logs: make([]form, p.Len())}
	var ops []int32
	for i := range p.Inst {
		if i < len(p.Vars()) {
			l.vars[i] = []int{i}
			continue
		}
		ops = p.Operands(ops[:0], i)
		for _, a := range ops {
			l.vars[i] = append(l.vars[i], l.vars[a]...)
		}
		slices.Sort(l.vars[i])
		l.vars[i] = slices.Compact(l.vars[i])
	}
	return l
}

// Build makes the linear program on the box x. The registers of p lie in r wherever the
// constraints hold and f ≤ most, which are points of interest alone. It reports whether f has a
// linear form there.
func (l *Relaxation) Build(x, r []interval.I, most float64) bool {
	l.cols, l.rows, l.parts = append(l.cols[:0], x...), l.rows[:0], l.parts[:0]
	l.bends = l.bends[:0]
	clear(l.logs)
	for i := range l.p.Inst {
		l.forms[i] = l.read(i, r)
	}
	l.of = -1
	for k := range l.p.NumOut() {
		f := l.forms[l.p.Out(k)]
		if !f.ok {
			if k == 0 {
				return false
			}
			continue
		}
		switch {
		case k == 0:
			if most < math.Inf(1) {
				l.add(f.plus(constant(interval.Point(-most)), l.cols))
			}
		case l.equal[k]:
			l.add(f)
			l.add(f.times(interval.Point(-1), l.cols))
		default:
			l.add(f)
		}
	}
	const perRow = 1600 // forms are slower than the programs
	l.Work += perRow * len(l.rows)
	return true
}

// add adds the row that says f ≤ 0.
func (l *Relaxation) add(f form) {
	if !f.ok || len(f.j) == 0 || math.IsInf(f.e.Lo, -1) {
		return
	}
	l.rows = append(l.rows, row{j: f.j, c: f.c, b: -f.e.Lo, w: l.of})
}

// program writes the linear program for the least value of f in the units of the box: y_j from 0 to 1.
func (l *Relaxation) program(f form) {
	n := len(l.cols)
	l.cost = resize(l.cost, n)
	clear(l.cost)
	for k, j := range f.j {
		l.cost[j] = f.c[k] * l.cols[j].Width()
	}
	if len(l.a) == len(l.rows) && len(l.rows) > 0 && len(l.a[0]) == n && l.scale != nil {
		return // the same rows as before
	}
	l.a, l.b, l.scale = l.a[:0], l.b[:0], l.scale[:0]
	for _, r := range l.rows {
		l.write(r)
	}
}

// write writes a row in the units of the box.
func (l *Relaxation) write(r row) {
	a, b, most := make([]float64, len(l.cols)), r.b, 0.0
	for k, j := range r.j {
		a[j] = r.c[k] * l.cols[j].Width()
		b -= r.c[k] * l.cols[j].Lo
		most = math.Max(most, math.Abs(a[j]))
	}
	s := 1.0
	if most > 0 {
		s = 1 / most
	}
	for j := range a {
		a[j] *= s
	}
	l.a, l.b, l.scale = append(l.a, a), append(l.b, b*s), append(l.scale, s)
}

// Bound returns a lower bound of f on the box, Inf where nothing of interest is in it, and
// narrows the box x, of the variables, to what may be lower than most.
func (l *Relaxation) Bound(x []interval.I, most float64) float64 {
	l.scale, l.optimal, l.isCut = nil, false, false
	l.seen = l.seen[:0]
	for range x {
		l.seen = append(l.seen, interval.Empty)
	}
	f := l.forms[l.p.Out(0)]
	v := l.least(f, x, most)
	const rounds = 4
	for range rounds {
		if !l.optimal || v > most || !l.cut() {
			break
		}
		before := v
		if v = math.Max(v, l.least(f, x, most)); !(v-before > 1e-4*math.Max(l.forms[l.p.Out(0)].enclose(l.cols).Width(), 0)) {
			break
		}
	}
	return v
}

// Size is the number of entries of the linear program.
func (l *Relaxation) Size() int { return len(l.rows) * len(l.cols) }

// Narrow narrows variable i of the box x to what the linear program leaves; false where that is
// nothing. Sides near which it was seen to have solutions are left as they are.
func (l *Relaxation) Narrow(x []interval.I, i int) bool {
	const gain = 0.05
	for _, sign := range []float64{1, -1} {
		least := gain * x[i].Width()
		if sign > 0 && l.seen[i].Lo < x[i].Lo+least || sign < 0 && l.seen[i].Hi > x[i].Hi-least {
			continue
		}
		v := l.least(variable(i).times(interval.Point(sign), l.cols), x, math.Inf(1))
		switch {
		case math.IsInf(v, 1):
			return false
		case sign > 0 && v > x[i].Lo:
			x[i].Lo = v
		case sign < 0 && -v < x[i].Hi:
			x[i].Hi = -v
		}
		if x[i].IsEmpty() {
			return false
		}
	}
	return true
}

// least is a lower bound of f.
func (l *Relaxation) least(f form, x []interval.I, most float64) float64 {
	l.program(f)
	none := l.solve()
	l.y = resize(l.y, len(l.rows))
	if none >= 0 {
		l.lp.ray(none, l.y)
		l.unscale()
		if l.dual(constant(interval.Point(0))) > 0 {
			return math.Inf(1)
		}
	}
	l.at = resize(l.at, len(l.cols))
	l.lp.solution(l.at)
	for j, u := range l.at {
		l.at[j] = l.cols[j].Lo + u*l.cols[j].Width()
	}
	if l.optimal {
		for j := range l.seen {
			l.seen[j] = l.seen[j].Hull(interval.Point(l.at[j]))
		}
	}
	l.lp.multipliers(l.y)
	l.unscale()
	v := l.dual(f)
	if v > most {
		return v
	}
	if most < math.Inf(1) {
		l.reduce(x, v, most)
	}
	return v
}

// solve solves the linear program, from the basis of the one before if that was solved. It returns the row that shows that nothing
// satisfies the conditions, -1 for none.
func (l *Relaxation) solve() int {
	const perVariable = 4
	steps := perVariable * (len(l.rows) + len(l.cols))
	if l.optimal {
		before := l.lp.work
		none, done := -1, true
		if l.isCut { // the cost is the same
			none = l.lp.run(steps)
			done = none >= 0 || l.lp.isFeasible()
		} else {
			l.lp.price(l.cost)
			done = l.lp.improve(steps)
		}
		l.isCut = false
		l.Work += l.lp.work - before
		if done {
			l.optimal = none < 0
			return none
		}
	}
	l.lp.start(l.a, l.b, l.cost)
	l.Work += len(l.rows) * len(l.cols)
	none := l.lp.run(steps)
	l.Work += l.lp.work
	l.optimal = none < 0 && l.lp.isFeasible()
	return none
}

// unscale turns the multipliers into those of the rows as they are.
func (l *Relaxation) unscale() {
	for k := range l.y {
		l.y[k] *= l.scale[k]
		if !(l.y[k] <= math.MaxFloat64) {
			l.y[k] = 0
		}
	}
}

// dual is a lower bound of f + Σ y (row - b) on the box, and sets slopes to what encloses its
// coefficients.
func (l *Relaxation) dual(f form) float64 {
	l.slopes = l.slopes[:0]
	for range l.cols {
		l.slopes = append(l.slopes, interval.Point(0))
	}
	sum := f.e
	for k, j := range f.j {
		l.slopes[j] = interval.Point(f.c[k])
	}
	for k, r := range l.rows {
		y := l.y[k]
		if y == 0 {
			continue
		}
		by := interval.Point(y)
		for i, j := range r.j {
			l.slopes[j] = l.slopes[j].Add(by.Mul(interval.Point(r.c[i])))
		}
		sum = sum.Sub(by.Mul(interval.Point(r.b)))
	}
	for j, d := range l.slopes {
		sum = sum.Add(d.Mul(l.cols[j]))
	}
	if math.IsNaN(sum.Lo) {
		return math.Inf(-1)
	}
	return sum.Lo
}

// reduce narrows x by Σ slopes_j x_j ≤ most, the least value of the left side being v.
func (l *Relaxation) reduce(x []interval.I, v, most float64) {
	gap := interval.Point(most).Sub(interval.Point(v)).Hi
	for j := range x {
		d := l.slopes[j]
		if d.Has(0) || !d.IsBounded() {
			continue
		}
		// d x ≤ q
		q := interval.Point(gap).Add(interval.Point(d.Mul(l.cols[j]).Lo)).Hi
		u := interval.New(-math.MaxFloat64, q).Div(d)
		if d.Lo > 0 {
			x[j].Hi = math.Min(x[j].Hi, math.Max(u.Hi, x[j].Lo))
		} else {
			x[j].Lo = math.Max(x[j].Lo, math.Min(u.Lo, x[j].Hi))
		}
	}
}

// Loosest returns the variable with the largest part, in the bound that was found last, in how far the
// linear functions are from what they stand for, -1 where they are not.
func (l *Relaxation) Loosest() int {
	weight := make([]float64, len(l.cols))
	for k, r := range l.rows {
		if r.w >= 0 {
			for i, j := range r.j {
				if j == r.w {
					weight[j] += l.y[k] * math.Abs(r.c[i])
				}
			}
		}
	}
	l.score = resize(l.score, len(l.p.Vars()))
	clear(l.score)
	for _, p := range l.parts {
		off := weight[p.col] * math.Abs(l.at[p.col]-l.value(p))
		if !(off > 0) {
			continue
		}
		for _, j := range l.vars[p.i] {
			v := l.cols[j]
			l.score[j] += off * v.Width() / math.Max(v.Mag(), 1e-3)
		}
	}
	best := -1
	for j, v := range l.score {
		if v > 0 && (best < 0 || v > l.score[best]) {
			best = j
		}
	}
	return best
}

// value is that of the part, where the operands have the values of their forms at the solution.
func (l *Relaxation) value(p part) float64 {
	in := &l.p.Inst[p.i]
	at := func(r int32) float64 { return l.valueOf(l.forms[r]) }
	if p.log {
		return math.Log(at(int32(p.i)))
	}
	switch in.Op {
	case tape.Mul:
		return at(in.A) * at(in.B)
	case tape.Div:
		return at(in.A) / at(in.B)
	case tape.Powi:
		return math.Pow(at(in.A), float64(in.N))
	case tape.Pow:
		return math.Pow(at(in.A), at(in.B))
	case tape.Call:
		if c, known := curves[l.p.Funcs[in.N].Name]; known {
			return c.f(interval.Point(at(in.A))).Mid()
		}
	}
	return math.NaN()
}
