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
)

// This file answers for linear and convex quadratic functions under linear conditions
// and bounds, exactly: multipliers prove a minimum, a combination of the conditions
// that cannot hold proves that nothing satisfies them (Farkas), and a ray shows that
// the values fall without end.

// maxProgram is the number of variables and conditions up to which programs are solved
// exactly.
const maxProgram = 240

// A program is a problem with linear conditions.
type program struct {
	p      *Problem
	f      *quadratic.Form // to be minimised; nil when the formula is not of this kind
	rows   []quadprog.Row
	strict []bool
	text   []expr.Expr // the conditions, those of bounds too
	all    bool        // every condition of p is linear
}

// linearProgram reads the linear conditions of p, which is normal; ok is false when p
// has none or too many.
func (p *Problem) linearProgram() (*program, bool) {
	l := &program{p: p, all: true}
	n := len(p.Vars)
	pool := expr.NewPool()
	for i, b := range p.Bounds {
		for side, end := range []expr.Expr{b.Lo, b.Hi} {
			if !end.Valid() {
				continue
			}
			e := simplify.Tidy(end)
			if e.Op() != expr.Num {
				l.all = false
				continue
			}
			sign, relation, strict := number.Int(1), expr.Le, b.HiOpen
			if side == 0 {
				sign, relation, strict = number.Int(-1), expr.Ge, b.LoOpen
			}
			if strict {
				relation = map[expr.Op]expr.Op{expr.Le: expr.Lt, expr.Ge: expr.Gt}[relation]
			}
			row := quadprog.Row{A: make([]number.Number, n), B: e.Number().Mul(sign)}
			row.A[i] = sign
			l.add(row, strict, pool.Make(relation, pool.Var(p.Vars[i]), pool.Import(end)))
		}
	}
	for _, c := range p.SubjectTo {
		if row, strict, ok := linearRow(c, p.Vars); ok {
			l.add(row, strict, c)
		} else {
			l.all = false
		}
	}
	return l, len(l.rows) > 0 && n+len(l.rows) <= maxProgram
}

func (l *program) add(r quadprog.Row, strict bool, text expr.Expr) {
	l.rows, l.strict, l.text = append(l.rows, r), append(l.strict, strict), append(l.text, text)
}

// linearRow reads the condition c as a linear one.
func linearRow(c expr.Expr, vars []string) (row quadprog.Row, strict, ok bool) {
	if !c.Op().IsRelation() || c.Op() == expr.Ne {
		return row, false, false
	}
	k := asConstraint(c)
	q, ok := quadratic.Of(k.G, vars)
	if !ok || len(simplify.Domain(k.G)) > 0 || q.Curved() {
		return row, false, false
	}
	return quadprog.Row{A: q.B, B: q.C.Neg(), Equal: k.Equal}, k.Strict, true
}

// solveProgram answers for a linear or convex quadratic function under linear
// conditions, always but for size and time, and for others when the linear conditions
// among theirs contradict each other. p is normal.
func solveProgram(ctx context.Context, p *Problem, o Options) (*Answer, bool) {
	if len(p.Vars) < 2 || len(p.SubjectTo) == 0 {
		return nil, false // bounds alone leave smaller questions
	}
	l, ok := p.linearProgram()
	if !ok {
		return nil, false
	}
	ctx, cancel := effort.Share(ctx, 0.6)
	defer cancel()
	if q, ok := quadratic.Of(p.F, p.Vars); ok && l.all && len(simplify.Domain(p.F)) == 0 {
		if p.Max {
			q = q.Negated()
		}
		if q.Diagonalise().Down == nil {
			l.f = q
		}
	}
	if l.f == nil {
		x, y := l.feasible(ctx)
		if x == nil && y != nil {
			return l.contradiction(y), true
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
		return l.contradiction(y), true
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
	n := len(l.p.Vars)
	goal := &quadprog.Program{C: make([]number.Number, n+1)}
	goal.C[n] = number.Int(1)
	for _, r := range l.rows {
		goal.Rows = append(goal.Rows, extended(r.A, r.B, number.Int(-1)))
		if r.Equal {
			goal.Rows = append(goal.Rows, extended(negated(r.A), r.B.Neg(), number.Int(-1)))
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

func negated(a []number.Number) []number.Number {
	out := make([]number.Number, len(a))
	for i := range a {
		out[i] = a[i].Neg()
	}
	return out
}

// contradiction is the answer that nothing satisfies the conditions, the sum of which
// with the multipliers y says that a positive number is not, or 0 is less than 0.
func (l *program) contradiction(y []number.Number) *Answer {
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
	return a
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
		if v.Sign() != 0 {
			list = append(list, certificate.Multiplier{Condition: format.Plain(l.text[k]), Value: format.Plain(expr.NewPool().Num(v))})
		}
	}
	return list
}

// list names the multipliers that are not 0.
func (l *program) list(y []number.Number) string {
	var parts []string
	for k, v := range y {
		if v.Sign() != 0 {
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
		if l.strict[k] && r.B.Sub(quadprog.Dot(r.A, x)).Sign() <= 0 {
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
			return l.contradiction(none), true
		}
		from = inside
		face := &program{p: l.p, rows: slices.Clone(l.rows), strict: slices.Clone(l.strict), text: slices.Clone(l.text)}
		for _, h := range goal.H {
			face.add(quadprog.Row{A: h, B: quadprog.Dot(h, x), Equal: true}, false, expr.Expr{})
		}
		face.add(quadprog.Row{A: goal.C, B: quadprog.Dot(goal.C, x), Equal: true}, false, expr.Expr{})
		z, none := face.feasible(ctx)
		if z == nil && none == nil {
			return nil, false
		}
		if attained = z != nil; attained {
			x = z
		}
	}
	value := l.f.At(x)
	if l.p.Max {
		value = value.Neg()
	}
	pool := expr.NewPool()
	a := &Answer{Status: Exact, Attained: attained, Vars: l.p.Vars, Domain: l.p.domain(), Method: "linear programming",
		ExactValue: pool.Num(value), Value: value.Float64(), Enclosure: &Enclosure{Value: exact.Enclose(value)}}
	shape := "linear"
	if goal.H != nil {
		a.Method, shape = "quadratic programming", "convex"
		if l.p.Max {
			shape = "concave"
		}
	}
	l.locate(a, x)
	a.MinimisersComplete = attained && goal.Unique(y)
	bound := "f is nowhere " + l.p.lower() + " than " + format.Text(a.ExactValue)
	if slices.ContainsFunc(y, func(v number.Number) bool { return v.Sign() != 0 }) {
		signed := y
		if l.p.Max {
			signed = negated(y)
		}
		bound = fmt.Sprintf("f plus the constraints times the multipliers %s is nowhere %s than %s, and under the constraints f is not %s than that",
			l.list(signed), l.p.lower(), format.Text(a.ExactValue), l.p.lower())
	}
	a.Proof = []string{bound, fmt.Sprintf("f is %s, and with the multipliers its gradient is zero at this point", shape)}
	l.activeRows(a, x, y)
	if !attained {
		a.Status = NotAttained
		parts := make([]string, len(x))
		for i, e := range a.ExactAt {
			parts[i] = l.p.Vars[i] + " → " + format.Text(e)
		}
		a.Approached = strings.Join(parts, ", ")
		for i, v := range from {
			t := simplify.New()
			a.Argument.Path = append(a.Argument.Path, t.Add(t.Num(x[i]), t.Mul(t.Num(v.Sub(x[i])), t.Pow(t.Var("t"), t.Int(-1)))))
		}
		a.At, a.ExactAt, a.Minimisers, a.Enclosure.At, a.Active = nil, nil, nil, nil, nil
		a.Proof = append(a.Proof, fmt.Sprintf("that is the %s on the closed region; it is taken on the edge only, which does not belong to the region, but comes near", l.p.extremum()))
	}
	return a, true
}

// locate fills in the point x.
func (l *program) locate(a *Answer, x []number.Number) {
	pool := expr.NewPool()
	for _, v := range x {
		a.At = append(a.At, v.Float64())
		a.ExactAt = append(a.ExactAt, pool.Num(v))
		a.Enclosure.At = append(a.Enclosure.At, exact.Enclose(v))
	}
	a.Minimisers = []Point{{X: a.At, Exact: a.ExactAt}}
}

// activeRows lists the conditions that hold with equality at x; bounds are not listed.
func (l *program) activeRows(a *Answer, x, y []number.Number) {
	from := len(l.rows) - len(l.p.SubjectTo)
	for k := from; k < len(l.rows); k++ {
		if r := l.rows[k]; r.B.Sub(quadprog.Dot(r.A, x)).Sign() == 0 {
			a.Active = append(a.Active, Active{Constraint: format.Text(l.text[k]), Multiplier: y[k].Float64()})
		}
	}
}

// dual writes down the Lagrangian with the multipliers y, bounds being conditions too,
// and its minimum.
func (l *program) dual(y []number.Number) *certificate.Reduction {
	t := simplify.New()
	f := t.Tidy(l.p.F)
	if l.p.Max {
		f = t.Neg(f)
	}
	terms := []expr.Expr{f}
	for k, v := range y {
		if v.Sign() != 0 {
			terms = append(terms, t.Mul(t.Num(v), t.Tidy(asConstraint(l.text[k]).G)))
		}
	}
	q := &Problem{F: t.Add(terms...), Vars: l.p.Vars}
	a, ok := solveQuadratic(q)
	if !ok {
		return nil
	}
	return &certificate.Reduction{Kind: certificate.Sum, Parts: []*certificate.Certificate{certify(q, a, nil)}, Multipliers: l.multipliers(y)}
}

// falls answers when there is a direction in which f falls for ever, x being a point of
// the region.
func (l *program) falls(ctx context.Context, goal *quadprog.Program, x []number.Number) (*Answer, bool) {
	far := &program{p: l.p, strict: make([]bool, len(l.rows)), text: make([]expr.Expr, len(l.rows))}
	for _, r := range l.rows {
		far.rows = append(far.rows, quadprog.Row{A: r.A, Equal: r.Equal})
	}
	for _, h := range goal.H {
		far.add(quadprog.Row{A: h, Equal: true}, false, expr.Expr{})
	}
	far.add(quadprog.Row{A: goal.C, B: number.Int(-1), Equal: true}, false, expr.Expr{})
	d, _ := far.feasible(ctx)
	if d == nil {
		return nil, false
	}
	slope := quadprog.Dot(goal.Slope(x), d) // along x + t d, which is linear
	if slope.Sign() >= 0 {
		return nil, false
	}
	t := simplify.New()
	w := &Witness{}
	along := make([]string, len(x))
	for i := range x {
		w.Path = append(w.Path, t.Add(t.Mul(t.Num(d[i]), t.Var("t")), t.Num(x[i])))
		along[i] = l.p.Vars[i] + " = " + format.Text(w.Path[i])
	}
	for _, s := range []int64{1, 1000, 1000000} {
		point := make([]number.Number, len(x))
		floats := make([]float64, len(x))
		for i := range x {
			point[i] = x[i].Add(d[i].Mul(number.Int(s)))
			floats[i] = point[i].Float64()
		}
		v := l.f.At(point)
		if l.p.Max {
			v = v.Neg()
		}
		w.Points, w.Values = append(w.Points, floats), append(w.Values, v.Float64())
	}
	a := &Answer{Vars: l.p.Vars, Domain: l.p.domain(), Method: "linear programming", GradientNorm: math.NaN()}
	return l.p.unbounded(a, w, along, "the conditions hold along a ray on which f is linear and "+map[bool]string{false: "falls", true: "rises"}[l.p.Max]), true
}
