package global

import (
	"context"
	"fmt"
	"math"
	"math/big"
	"slices"
	"strings"

	"nabla/expr"
	"nabla/expr/format"
	"nabla/expr/number"
	"nabla/expr/simplify"
	"nabla/optimize/global/certificate"
	"nabla/optimize/global/internal/effort"
	"nabla/optimize/global/internal/exact"
	"nabla/optimize/global/internal/quadprog"
	"nabla/optimize/global/internal/quadratic"
	"nabla/optimize/global/internal/rational"
	"nabla/optimize/global/minimum"
)

// This file answers for linear and convex quadratic functions, and for sums of such and kinks like |a·x + b|,
// under linear conditions, such with kinks, and bounds, exactly: multipliers prove a minimum, a combination of the
// conditions that cannot hold proves that nothing satisfies them (Farkas), and a ray shows that the
// values fall without end.

// maxProgram is the number of variables and conditions up to which programs are solved
// exactly.
const maxProgram = 240

// A program is a problem with linear conditions, in the variables of p and then those of the tops.
type program struct {
	p       *Problem
	t       *simplify.Tidier
	tops    []*top
	vars    []string
	formula expr.Expr       // to be minimised
	f       *quadratic.Form // the same; nil when it is not of this kind
	rows    []quadprog.Row
	strict  []bool
	text    []expr.Expr // the conditions, those of bounds too; not Valid for those of tops
	sides   []expr.Expr // which the rows say are not positive
	all     bool        // every condition of p is linear
}

// program reads p, which is normal; ok is false when none of its conditions is linear, or there
// are too many.
func (p *Problem) program() (l *program, ok bool) {
	l = &program{p: p, t: simplify.New(), vars: slices.Clone(p.Vars), all: true}
	f := l.t.Tidy(p.F)
	if p.Max {
		f = l.t.Neg(f)
	}
	f, q, ok := l.smooth(f)
	if ok && len(simplify.Domain(p.F)) == 0 && q.Diagonalise().Down == nil {
		l.formula, l.f = f, q
	}
	l.bounds()
	for _, c := range p.SubjectTo {
		l.condition(c)
	}
	l.above()
	n := len(l.vars)
	if l.f != nil {
		l.f.Extend(n)
	}
	for i := range l.rows {
		l.rows[i].A = append(l.rows[i].A, make([]number.Number, n-len(l.rows[i].A))...)
	}
	return l, len(l.rows) > 0 && n+len(l.rows) <= maxProgram
}

// bounds adds those of the variables.
func (l *program) bounds() {
	pool := expr.NewPool()
	for i, b := range l.p.Bounds {
		for side, end := range []expr.Expr{b.Lo, b.Hi} {
			if !end.Valid() {
				continue
			}
			if simplify.Tidy(end).Op() != expr.Num {
				l.all = false
				continue
			}
			relation := expr.Le
			switch open := b.LoOpen && side == 0 || b.HiOpen && side == 1; {
			case open && side == 0:
				relation = expr.Gt
			case open:
				relation = expr.Lt
			case side == 0:
				relation = expr.Ge
			}
			l.condition(pool.Make(relation, pool.Var(l.p.Vars[i]), pool.Import(end)))
		}
	}
}

// condition adds c, if it is linear but for kinks.
func (l *program) condition(c expr.Expr) {
	if !c.Op().IsRelation() || c.Op() == expr.Ne || len(simplify.Domain(c)) > 0 {
		l.all = false
		return
	}
	k := asConstraint(c)
	known := len(l.tops)
	e, q, ok := l.smooth(l.t.Tidy(k.G))
	if !ok || q.Curved() || k.Equal && slices.ContainsFunc(q.B[len(l.p.Vars):], func(v number.Number) bool { return v.Sign() != 0 }) {
		l.forget(known)
		l.all = false
		return
	}
	row := linearRow(q)
	row.Equal = k.Equal
	l.add(row, k.Strict, c, e)
}

func (l *program) add(r quadprog.Row, strict bool, text, side expr.Expr) {
	l.rows, l.strict, l.text, l.sides = append(l.rows, r), append(l.strict, strict), append(l.text, text), append(l.sides, side)
}

// linearRow is the condition q ≤ 0, q being linear.
func linearRow(q *quadratic.Form) quadprog.Row { return quadprog.Row{A: q.B, B: q.C.Neg()} }

// solveProgram answers for a linear or convex quadratic function, perhaps with kinks, under linear
// conditions, always but for size and time, and for others when the linear conditions
// among theirs contradict each other. p is normal.
func solveProgram(ctx context.Context, p *Problem, o Options) (*Answer, bool) {
	if len(p.Vars) < 2 || len(p.SubjectTo) == 0 {
		return nil, false // bounds alone leave smaller questions
	}
	return p.solveAsProgram(ctx, o)
}

// solveAsProgram is solveProgram for any number of conditions.
func (p *Problem) solveAsProgram(ctx context.Context, o Options) (*Answer, bool) {
	l, ok := p.program()
	if !ok {
		return nil, false
	}
	ctx, cancel := effort.Share(ctx, 0.6)
	defer cancel()
	if l.f == nil || !l.all {
		x, y := l.feasible(ctx)
		if x == nil && y != nil {
			return l.contradiction(ctx, y)
		}
		return nil, false
	}
	goal := &quadprog.Program{C: l.f.B, Rows: l.rows}
	if l.f.Curved() {
		goal.H = l.f.A
	}
	if x, y, ok := goal.Solve(ctx); ok {
		a, ok := l.optimal(ctx, goal, x, y)
		if ok && o.Certificate && a.Argument.Reduction == nil {
			a.Argument.Reduction = l.dual(y)
		}
		return a, ok
	}
	x, y := l.feasible(ctx)
	switch {
	case x == nil && y != nil:
		return l.contradiction(ctx, y)
	case x != nil:
		return l.falls(ctx, goal, x)
	}
	return nil, false
}

// feasible returns a point that satisfies the conditions, the strict ones strictly, or
// multipliers with which the conditions contradict each other; neither when ctx ends
// the search.
func (l *program) feasible(ctx context.Context) (x, y []number.Number) {
	// The least s with a·x - s ≤ b, an equation being two inequalities; it is 0 if
	// there is a point.
	n := len(l.vars)
	goal := &quadprog.Program{C: make([]number.Number, n+1)}
	goal.C[n] = number.Int(1)
	for _, r := range l.rows {
		goal.Rows = append(goal.Rows, extended(r.A, r.B, number.Int(-1)))
		if r.Equal {
			goal.Rows = append(goal.Rows, extended(rational.Negated(r.A), r.B.Neg(), number.Int(-1)))
		}
	}
	goal.Rows = append(goal.Rows, extended(make([]number.Number, n), number.Number{}, number.Int(-1)))
	x, z, ok := goal.Solve(ctx)
	if !ok {
		return nil, nil
	}
	if x[n].Sign() > 0 {
		k := 0
		for _, r := range l.rows {
			v := z[k]
			if k++; r.Equal {
				v = v.Sub(z[k])
				k++
			}
			y = append(y, v)
		}
		return nil, y
	}
	if !slices.Contains(l.strict, true) {
		return x[:n], nil
	}
	// The largest s ≤ 1 by which all strict conditions can be satisfied.
	goal = &quadprog.Program{C: make([]number.Number, n+1)}
	goal.C[n] = number.Int(-1)
	for k, r := range l.rows {
		row := extended(r.A, r.B, number.Number{})
		if row.Equal = r.Equal; l.strict[k] {
			row.A[n] = number.Int(1)
		}
		goal.Rows = append(goal.Rows, row)
	}
	goal.Rows = append(goal.Rows, extended(make([]number.Number, n), number.Int(1), number.Int(1)))
	x, z, ok = goal.Solve(ctx)
	if !ok {
		return nil, nil
	}
	if x[n].Sign() > 0 {
		return x[:n], nil
	}
	return nil, z[:len(l.rows)]
}

// extended is the row a·x + s v ≤ b.
func extended(a []number.Number, b, v number.Number) quadprog.Row {
	return quadprog.Row{A: append(slices.Clone(a), v), B: b}
}

// contradiction is the answer that nothing satisfies the conditions, the sum of which
// with the multipliers y says that a positive number is not, or 0 is less than 0.
func (l *program) contradiction(ctx context.Context, y []number.Number) (*Answer, bool) {
	y = whole(y)
	var sum number.Number
	for k, r := range l.rows {
		sum = sum.Sub(r.B.Mul(y[k]))
	}
	says := format.Text(expr.NewPool().Num(sum)) + " ≤ 0"
	if sum.Sign() == 0 {
		says = "0 < 0"
	}
	a := &Answer{Status: EmptyDomain, Vars: l.p.Vars, Domain: l.p.domain(), Method: "linear programming"}
	a.Proof = []string{fmt.Sprintf("the conditions contradict each other: added up with the multipliers %s, they say %s", l.list(y), says)}
	a.Argument.Reduction = &certificate.Reduction{Kind: certificate.Contradiction, Multipliers: l.multipliers(y)}
	if len(l.weigh(y)) > 0 {
		// The sum has kinks, and its minimum says it.
		var terms []expr.Expr
		for k, v := range y {
			if v.Sign() != 0 && l.text[k].Valid() {
				terms = append(terms, l.t.Mul(l.t.Num(v), l.t.Tidy(asConstraint(l.text[k]).G)))
			}
		}
		q := &Problem{F: l.t.Sum(terms...), Vars: l.p.Vars}
		sub, ok := q.solveAsProgram(ctx, Options{Certificate: true})
		if !ok {
			return nil, false
		}
		a.Proof[0] += fmt.Sprintf(", as %s is nowhere lower than %s", format.Text(q.F), format.Text(l.t.Num(sum)))
		a.Argument.Reduction.Parts = []*certificate.Certificate{certify(q, sub, nil)}
	}
	return a, true
}

// whole returns the multiple of y by a positive number that has integers without a
// common divisor.
func whole(y []number.Number) []number.Number {
	num, den := new(big.Int), big.NewInt(1)
	for _, v := range y {
		r := v.Rat()
		num.GCD(nil, nil, num, new(big.Int).Abs(r.Num()))
		den.Mul(den, new(big.Int).Quo(r.Denom(), new(big.Int).GCD(nil, nil, den, r.Denom())))
	}
	if num.Sign() == 0 {
		return y
	}
	scale := number.FromRat(new(big.Rat).SetFrac(den, num))
	out := make([]number.Number, len(y))
	for i := range y {
		out[i] = y[i].Mul(scale)
	}
	return out
}

// multipliers writes down those that are not 0.
func (l *program) multipliers(y []number.Number) (list []certificate.Multiplier) {
	for k, v := range y {
		if v.Sign() != 0 && l.text[k].Valid() {
			list = append(list, certificate.Multiplier{Condition: format.Plain(l.text[k]), Value: format.Plain(expr.NewPool().Num(v))})
		}
	}
	return list
}

// list names the multipliers that are not 0.
func (l *program) list(y []number.Number) string {
	var parts []string
	for k, v := range y {
		if v.Sign() != 0 && l.text[k].Valid() {
			parts = append(parts, format.Text(expr.NewPool().Num(v))+" for "+format.Text(l.text[k]))
		}
	}
	if len(parts) == 0 {
		return "0"
	}
	return list4(parts)
}

// strictly reports whether x satisfies the strict conditions; the others it does.
func (l *program) strictly(x []number.Number) bool {
	for k, r := range l.rows {
		if l.strict[k] && r.B.Sub(rational.Dot(r.A, x)).Sign() <= 0 {
			return false
		}
	}
	return true
}

// optimal answers with a minimiser x on the closed region and the multipliers y.
func (l *program) optimal(ctx context.Context, goal *quadprog.Program, x, y []number.Number) (*Answer, bool) {
	attained := true
	var from []number.Number // a point of the region, from which values come near
	if !l.strictly(x) {
		// The minimisers are the points at which the gradient and the value are the same.
		inside, none := l.feasible(ctx)
		if inside == nil {
			if none == nil {
				return nil, false
			}
			return l.contradiction(ctx, none)
		}
		from = inside
		face := &program{p: l.p, vars: l.vars, rows: slices.Clone(l.rows), strict: slices.Clone(l.strict)}
		for _, h := range goal.H {
			face.add(quadprog.Row{A: h, B: rational.Dot(h, x), Equal: true}, false, expr.Expr{}, expr.Expr{})
		}
		face.add(quadprog.Row{A: goal.C, B: rational.Dot(goal.C, x), Equal: true}, false, expr.Expr{}, expr.Expr{})
		z, none := face.feasible(ctx)
		if z == nil && none == nil {
			return nil, false
		}
		if attained = z != nil; attained {
			x = z
		}
	}
	x = l.lifted(x)
	value := l.f.At(x)
	if l.p.Max {
		value = value.Neg()
	}
	pool := expr.NewPool()
	a := &Answer{Status: Exact, Attained: attained, Vars: l.p.Vars, Domain: l.p.domain(), Method: "linear programming",
		ExactValue: pool.Num(value), Value: value.Float64(), Enclosure: &Enclosure{Value: exact.HullOf(value)}}
	shape := "linear"
	if goal.H != nil {
		a.Method, shape = "quadratic programming", "convex"
		if l.p.Max {
			shape = "concave"
		}
	}
	l.locate(a, x)
	a.MinimisersComplete = attained && l.unique(goal, y)
	a.Proof = l.says(a, y, shape)
	l.activeRows(a, x, y)
	if !attained {
		a.Status = NotAttained
		parts := make([]string, len(a.ExactAt))
		for i, e := range a.ExactAt {
			parts[i] = l.p.Vars[i] + " → " + format.Text(e)
		}
		a.Approached = strings.Join(parts, ", ")
		for i, v := range from[:len(a.ExactAt)] {
			t := simplify.New()
			a.Argument.Path = append(a.Argument.Path, t.Add(t.Num(x[i]), t.Mul(t.Num(v.Sub(x[i])), t.Pow(t.Var("t"), t.Int(-1)))))
		}
		a.At, a.ExactAt, a.Minimisers, a.Enclosure.At, a.Active = nil, nil, nil, nil, nil
		a.Proof = append(a.Proof, fmt.Sprintf("that is the %s on the closed region; it is taken on the edge only, which does not belong to the region, but comes near", l.p.extremum()))
	}
	return a, true
}

// says why f, which is of the shape, is nowhere lower than at the minimum a, under the conditions with the
// multipliers y.
func (l *program) says(a *Answer, y []number.Number, shape string) []string {
	what, under, value := "f", "", format.Text(a.ExactValue)
	if len(l.multipliers(y)) > 0 {
		signed := y
		if l.p.Max {
			signed = rational.Negated(y)
		}
		what = "f plus the constraints times the multipliers " + l.list(signed)
		under = fmt.Sprintf(", and under the constraints f is not %s than that", l.p.lower())
	}
	if len(l.weigh(y)) == 0 {
		return []string{fmt.Sprintf("%s is nowhere %s than %s%s", what, l.p.lower(), value, under),
			fmt.Sprintf("f is %s, and with the multipliers its gradient is zero at this point", shape)}
	}
	const why = "the greatest of several is not lower than their weighted mean"
	agrees := ""
	q := l.lagrangian(y)
	if least, ok := solveQuadratic(q); ok && least.Status != Constant {
		if a.Attained {
			agrees = ", with which it agrees at this point"
		}
		g := minimum.NameFor(least.Proof, l.p.Vars)
		return calledAs(g, fmt.Sprintf("%s is nowhere %s than %s = %s%s%s: %s", what, l.p.lower(), g, format.Text(q.F), agrees, under, why), least.Proof)
	}
	if a.Attained {
		agrees = ", which it is at this point"
	}
	return []string{fmt.Sprintf("%s is nowhere %s than %s%s%s: %s", what, l.p.lower(), value, agrees, under, why)}
}

// unique reports whether the multipliers y of a minimiser prove that it is the only one; of tops with none, any value may do.
func (l *program) unique(goal *quadprog.Program, y []number.Number) bool {
	q, y := *goal, slices.Clone(y)
	for k, u := range l.tops {
		if u.total(y).Sign() == 0 {
			row := quadprog.Row{A: make([]number.Number, len(l.vars)), Equal: true}
			row.A[len(l.p.Vars)+k] = number.Int(1)
			q.Rows, y = append(slices.Clip(q.Rows), row), append(y, number.Number{})
		}
	}
	return q.Unique(y)
}

// locate fills in the point x.
func (l *program) locate(a *Answer, x []number.Number) {
	pool := expr.NewPool()
	for _, v := range x[:len(l.p.Vars)] {
		a.At = append(a.At, v.Float64())
		a.ExactAt = append(a.ExactAt, pool.Num(v))
		a.Enclosure.At = append(a.Enclosure.At, exact.HullOf(v))
	}
	a.Minimisers = []Point{{X: a.At, Exact: a.ExactAt}}
}

// activeRows lists the conditions that hold with equality at x; bounds are not listed.
func (l *program) activeRows(a *Answer, x, y []number.Number) {
	for k := range l.rows {
		if !slices.Contains(l.p.SubjectTo, l.text[k]) {
			continue
		}
		if r := l.rows[k]; r.B.Sub(rational.Dot(r.A, x)).Sign() == 0 {
			a.Active = append(a.Active, Active{Constraint: format.Text(l.text[k]), Multiplier: y[k].Float64()})
		}
	}
}

// lagrangian asks for the least value of f + Σ y g over the conditions, bounds being some too, with the weighted means of
// their pieces in the places of kinks.
func (l *program) lagrangian(y []number.Number) *Problem {
	terms := []expr.Expr{l.formula, l.t.Int(0)}
	for k, v := range y {
		if v.Sign() != 0 && l.text[k].Valid() {
			terms = append(terms, l.t.Mul(l.t.Num(v), l.sides[k]))
		}
	}
	f := l.weighted(l.t.Add(terms...), y)
	terms = f.Terms()
	t := simplify.New() // in which it is not known in another order
	for i, e := range terms {
		if terms[i] = t.Tidy(e); l.p.Max {
			terms[i] = t.Neg(terms[i])
		}
	}
	return &Problem{F: t.Sum(terms...), Vars: l.p.Vars, Max: l.p.Max}
}

// dual writes down the Lagrangian with the multipliers y, and its minimum.
func (l *program) dual(y []number.Number) *certificate.Reduction {
	q := l.lagrangian(y)
	if q.Max {
		t := simplify.New()
		q.F, q.Max = t.Neg(t.Tidy(q.F)), false
	}
	a, ok := solveQuadratic(q)
	if !ok {
		return nil
	}
	r := minorantReduction(l.t, certify(q, a, nil), l.weigh(y))
	r.Multipliers = l.multipliers(y)
	return r
}

// falls answers when there is a direction in which f falls for ever, x being a point of
// the region.
func (l *program) falls(ctx context.Context, goal *quadprog.Program, x []number.Number) (*Answer, bool) {
	far := &program{p: l.p, vars: l.vars, strict: make([]bool, len(l.rows))}
	for _, r := range l.rows {
		far.rows = append(far.rows, quadprog.Row{A: r.A, Equal: r.Equal})
	}
	for _, h := range goal.H {
		far.add(quadprog.Row{A: h, Equal: true}, false, expr.Expr{}, expr.Expr{})
	}
	far.add(quadprog.Row{A: goal.C, B: number.Int(-1), Equal: true}, false, expr.Expr{}, expr.Expr{})
	d, _ := far.feasible(ctx)
	if d == nil {
		return nil, false
	}
	slope := rational.Dot(goal.Slope(x), d) // along x + t d, which is linear
	if slope.Sign() >= 0 {
		return nil, false
	}
	t := simplify.New()
	w := &Witness{}
	n := len(l.p.Vars)
	along := make([]string, n)
	for i := range n {
		w.Path = append(w.Path, t.Add(t.Mul(t.Num(d[i]), t.Var("t")), t.Num(x[i])))
		along[i] = l.p.Vars[i] + " = " + format.Text(w.Path[i])
	}
	for _, s := range []int64{1, 1000, 1000000} {
		point := make([]number.Number, len(x))
		floats := make([]float64, n)
		for i := range n {
			point[i] = x[i].Add(d[i].Mul(number.Int(s)))
			floats[i] = point[i].Float64()
		}
		v := l.f.At(l.lifted(point))
		if l.p.Max {
			v = v.Neg()
		}
		w.Points, w.Values = append(w.Points, floats), append(w.Values, v.Float64())
	}
	a := &Answer{Vars: l.p.Vars, Domain: l.p.domain(), Method: "linear programming", GradientNorm: math.NaN()}
	return l.p.unbounded(a, w, along, "the conditions hold along a ray on which f "+map[bool]string{false: "falls", true: "rises"}[l.p.Max]+" at least as a linear function does"), true
}
