package global

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"nabla/expr"
	"nabla/expr/fn"
	"nabla/expr/format"
	"nabla/expr/number"
	"nabla/expr/simplify"
	"nabla/expr/tape"
	"nabla/optimize/global/certificate"
	"nabla/optimize/global/internal/effort"
	"nabla/optimize/global/internal/exact"
	"nabla/optimize/global/internal/form"
	"nabla/optimize/global/internal/quadprog"
	"nabla/optimize/global/internal/rational"
	"nabla/optimize/global/internal/univariate"
	"nabla/optimize/global/minimum"
)

// This file answers for sums
//
//	f(x) = Σ φ_i(a_i·x) + h(x)
//
// in which each φ_i has an infimum that it comes near at one end only, as exp and the logistic
// loss log(1 + exp(-s)) have, and a direction d leads all a_i·x there while h does not change. Then
// f is nowhere as low as the sum of the infima, and comes near along d: so it is for the
// likelihood of data that a line separates (Albert and Anderson, On the existence of maximum
// likelihood estimates in logistic regression models, 1984). Linear terms in h that such a term can take up, as
// the yes of a likelihood written as log(1 + exp(s)) - s, are distributed first.

// A falling is a term φ(a·x) that comes near its infimum where a·x → ∞, and only there.
type falling struct {
	term expr.Expr
	a    []number.Number
	phi  expr.Expr // in the variable of that name
	name string
	side int     // of the end of that variable
	rise float64 // its slope at the other end, as it seems
	one  *Answer // for φ
}

// byRecession answers for a function that has no minimum because some of its terms fall for ever
// in a direction in which the others do not change; nil where there is none.
func (s *session) byRecession() *Answer {
	if s.m.Bounded() || len(s.m.Cons) > 0 || s.m.N < 2 {
		return nil
	}
	f := simplify.Tidy(s.p.F)
	if f.Size() > maxEliminated || !form.SameDomain(s.p.F, f) {
		return nil
	}
	t := simplify.New()
	var fall []*falling
	var rest []expr.Expr
	for _, e := range form.TermsOf(t, t.Pool().Import(f)) {
		if p := s.seemsFalling(t, e); p != nil {
			fall = append(fall, p)
		} else {
			rest = append(rest, e)
		}
	}
	if len(fall) == 0 {
		return nil
	}
	fall, rest = s.tilted(t, fall, rest)
	d := s.recession(t, fall, rest)
	if d == nil {
		return nil
	}
	var moving []*falling
	for _, p := range fall {
		if rational.Dot(p.a, d).Sign() == 0 {
			rest = append(rest, p.term)
			continue
		}
		if !s.falls(p) {
			return nil
		}
		moving = append(moving, p)
	}
	return s.fallenTo(t, moving, t.Add(append(rest, t.Int(0))...), d)
}

// seemsFalling returns the term as one that falls to its infimum at one end, as a few values
// show; nil where it does not.
func (s *session) seemsFalling(t *simplify.Tidier, e expr.Expr) *falling {
	l := form.LinearIn(e, s.p.Vars)
	if len(l.Forms) != 1 || l.Degree < 2 {
		return nil
	}
	p := &falling{term: e, a: l.Forms[0], name: "s"}
	k := slices.IndexFunc(p.a, func(v number.Number) bool { return v.Sign() != 0 }) // a_k = 1
	with := map[string]expr.Expr{}
	for i, x := range s.p.Vars {
		with[x] = t.Int(0)
		if i == k {
			with[x] = t.Var(p.name)
		}
	}
	p.phi = t.Tidy(t.Pool().Substitute(e, with))
	prog, err := tape.Compile([]string{p.name}, p.phi)
	if err != nil {
		return nil
	}
	m := prog.NewMachine()
	at := [...]float64{-1e6, -1e3, -30, -3, -1, 0, 1, 3, 30, 1e3, 1e6}
	var v [len(at)]float64
	best := 0
	for i, x := range at {
		if m.Eval(v[i:i+1], []float64{x}); s.sign(v[i]) < s.sign(v[best]) {
			best = i
		}
	}
	const flat = 1e-2
	last := len(at) - 1
	level := func(i, j int) bool { return math.Abs(v[i]-v[j]) <= flat*math.Max(1, math.Abs(v[i])) }
	switch up, down := s.sign(v[last]) <= s.sign(v[best]), s.sign(v[0]) <= s.sign(v[best]); {
	case up && !down && level(last, last-1):
		p.side = 1
	case down && !up && level(0, 1):
		p.side, p.a = -1, rational.Negated(p.a)
	default:
		return nil
	}
	other := 0
	if p.side < 0 {
		other = last
	}
	less := max(1, min(other, last-1))
	p.rise = s.sign(v[other]-v[less]) / math.Abs(at[other]-at[less])
	return p
}

// tilted distributes the linear terms of the rest over terms that fall at one end and rise at most like a linear
// function at the other, as log(1 + exp(s)) does: log(1 + exp(s)) - s falls at the other end, and with a smaller
// part of s it falls at neither. The likelihood of a yes and that of a no are of this kind. Where no
// distribution leaves a constant, or there is nothing to distribute, all stays as it is.
func (s *session) tilted(t *simplify.Tidier, fall []*falling, rest []expr.Expr) ([]*falling, []expr.Expr) {
	lines := []expr.Expr{t.Int(0)}
	var bent []expr.Expr
	for _, e := range rest {
		if form.LinearIn(e, s.p.Vars).Degree < 2 {
			lines = append(lines, e)
		} else {
			bent = append(bent, e)
		}
	}
	line := t.Add(lines...)
	l := form.LinearIn(line, s.p.Vars)
	if l.Degree == 0 {
		return fall, rest
	}
	sign := number.Int(1)
	if s.p.Max {
		sign = sign.Neg()
	}
	// Σ w_i a_i is the linear part, 0 ≤ w_i ≤ the slopes.
	p := &quadprog.Program{C: make([]number.Number, len(fall))}
	for k := range s.p.Vars {
		row := quadprog.Row{A: make([]number.Number, len(fall)), B: l.Forms[0][k].Mul(sign), Equal: true}
		for i, e := range fall {
			row.A[i] = e.a[k]
		}
		p.Rows = append(p.Rows, row)
	}
	slopes := make([]number.Number, len(fall))
	for i, e := range fall {
		if m, n, ok := exact.Convergent(e.rise, 1e-5, 1000); ok && m > 0 {
			slopes[i] = number.Frac(m, n)
		}
		unit := make([]number.Number, len(fall))
		unit[i] = number.Int(1)
		p.Rows = append(p.Rows, quadprog.Row{A: unit, B: slopes[i]}, quadprog.Row{A: rational.Negated(unit)})
	}
	w, _, ok := p.Solve(s.ctx)
	if !ok {
		return fall, rest
	}
	var out []*falling
	for i, e := range fall {
		if w[i].Sign() == 0 {
			out = append(out, e)
			continue
		}
		k := sign.Mul(w[i])
		share := t.Int(0)
		for j, x := range s.p.Vars {
			share = t.Add(share, t.Mul(t.Num(k.Mul(e.a[j])), t.Var(x)))
		}
		line = t.Sub(line, share)
		term := t.Add(e.term, share)
		if w[i].Cmp(slopes[i]) < 0 {
			bent = append(bent, term)
			continue
		}
		phi := t.Add(e.phi, t.Mul(t.Num(k.Mul(number.Int(int64(e.side)))), t.Var(e.name)))
		out = append(out, &falling{term: term, a: rational.Negated(e.a), phi: phi, name: e.name, side: -e.side})
	}
	constant, _ := simplify.Canonical(line)
	if !constant.IsConstant() {
		return fall, rest
	}
	return out, append(bent, t.Tidy(constant))
}

// falls proves that the term does as it seems.
func (s *session) falls(p *falling) bool {
	p.one = univariate.Solve(s.ctx, &univariate.Question{F: p.phi, Var: p.name, Max: s.p.Max})
	end := p.name + " → ∞"
	if p.side < 0 {
		end = p.name + " → -∞"
	}
	return p.one.Status == NotAttained && p.one.ExactValue.Valid() && p.one.Approached == end && p.one.Domain == "all real "+p.name
}

// recession returns a direction in which as many of the terms fall as in any other, none rises, the
// rest does not change, and no bound is met; nil where none falls.
func (s *session) recession(t *simplify.Tidier, fall []*falling, rest []expr.Expr) []number.Number {
	p := &quadprog.Program{}
	for _, e := range fall {
		p.Rows = append(p.Rows, quadprog.Row{A: rational.Negated(e.a)})
	}
	var lines, bent []expr.Expr
	for _, e := range rest {
		if form.LinearIn(e, s.p.Vars).Degree < 2 {
			lines = append(lines, e)
		} else {
			bent = append(bent, e)
		}
	}
	for _, e := range append(bent, t.Add(append(lines, t.Int(0))...)) {
		for _, a := range form.LinearIn(e, s.p.Vars).Forms {
			p.Rows = append(p.Rows, quadprog.Row{A: a, Equal: true})
		}
	}
	for i, x := range s.m.Outer {
		a := make([]number.Number, s.m.N)
		if a[i] = number.Int(1); !math.IsInf(x.Hi, 1) {
			p.Rows = append(p.Rows, quadprog.Row{A: a})
		}
		if !math.IsInf(x.Lo, -1) {
			p.Rows = append(p.Rows, quadprog.Row{A: rational.Negated(a)})
		}
	}
	rows := len(p.Rows)
	d := make([]number.Number, s.m.N)
	for {
		// The least of -Σ a·d over the terms that do not fall yet, which is 0 or, limited, -1.
		p.C = make([]number.Number, s.m.N)
		for _, e := range fall {
			if rational.Dot(e.a, d).Sign() == 0 {
				for i := range p.C {
					p.C[i] = p.C[i].Sub(e.a[i])
				}
			}
		}
		p.Rows = append(p.Rows[:rows], quadprog.Row{A: rational.Negated(p.C), B: number.Int(1)})
		step, _, ok := p.Solve(s.ctx)
		if !ok || rational.Dot(p.C, step).Sign() == 0 {
			break
		}
		for i, v := range wholeMultiple(step) {
			d[i] = d[i].Add(v)
		}
	}
	if !slices.ContainsFunc(d, func(v number.Number) bool { return v.Sign() != 0 }) {
		return nil
	}
	return d
}

// wholeMultiple is a positive multiple of d with whole entries where that is not long.
func wholeMultiple(d []number.Number) []number.Number {
	k := int64(1)
	for _, v := range d {
		_, q, ok := v.Frac64()
		if !ok || k > 1e6 || q > 1e6 {
			return d
		}
		k = k / number.GCD(k, q) * q
	}
	out := make([]number.Number, len(d))
	for i, v := range d {
		out[i] = v.Mul(number.Int(k))
	}
	return out
}

// fallenTo is the answer that the terms that fall in the direction d come near their infima there, and
// what is left near its own.
func (s *session) fallenTo(t *simplify.Tidier, fall []*falling, left expr.Expr, d []number.Number) *Answer {
	ctx, cancel := effort.Share(s.ctx, 0.5)
	defer cancel()
	o := s.o
	o.Start, o.Progress = nil, nil
	q := &Problem{F: left, Vars: s.p.Vars, Bounds: s.p.Bounds, Max: s.p.Max}
	sub, steps, err := solveNormal(ctx, q, o)
	if err != nil || sub.Enclosure == nil {
		return nil
	}
	switch sub.Status {
	case Exact, Certified, NotAttained, Constant:
	default:
		return nil
	}
	a := &Answer{Status: NotAttained, Method: "terms that fall for ever", GradientNorm: math.NaN(), Enclosure: &Enclosure{Value: sub.Enclosure.Value}}
	low := t.Int(0)
	names := make([]string, len(fall))
	for i, p := range fall {
		a.Enclosure.Value = a.Enclosure.Value.Add(p.one.Enclosure.Value)
		low, names[i] = t.Add(low, t.Tidy(p.one.ExactValue)), format.Text(p.term)
	}
	if sub.ExactValue.Valid() {
		a.ExactValue = exact.ClosedForm(t.Add(low, t.Tidy(sub.ExactValue)))
		if v, ok := tape.EncloseConstant(a.ExactValue); ok {
			a.Enclosure.Value = v
		}
	}
	a.Value = minimum.Shown(a.Enclosure.Value)
	line := ""
	line, a.Argument.Path = s.recedingFrom(t, sub, d)
	a.Approached = line + ", t → ∞"
	a.Proof = []string{fmt.Sprintf("along %s, %s %s for ever and comes as near as you like to %s, which it is nowhere", line, strings.Join(names, " + "), rise(!s.p.Max), format.Text(low))}
	if !left.IsConstant() {
		g := minimum.NameFor(sub.Proof, s.p.Vars)
		a.Proof = append(a.Proof, calledAs(g, fmt.Sprintf("what is left, %s = %s, does not change in that direction", g, format.Text(left)), sub.Proof)...)
	}
	if s.o.Certificate {
		a.Argument.Reduction = s.recessionReduction(ctx, fall, certify(q, sub, steps))
	}
	return a
}

// recessionReduction writes down that f is the sum of terms and what is left, each settled.
func (s *session) recessionReduction(ctx context.Context, fall []*falling, rest *certificate.Certificate) *certificate.Reduction {
	r := &certificate.Reduction{Kind: certificate.Sum, Parts: []*certificate.Certificate{rest}}
	for _, p := range fall {
		q := &Problem{F: p.term, Vars: p.term.Vars(), Max: s.p.Max}
		a, steps, err := solveNormal(ctx, q, Options{Certificate: true, Seed: s.o.Seed})
		if err != nil {
			return nil
		}
		r.Parts = append(r.Parts, certify(q, a, steps))
	}
	return r
}

// recedingFrom describes the line in the direction d from the minimiser of what is left, or, where
// that has only a curve in t to its infimum, one that is soon far from that curve in the direction d.
// The path holds it as formulas in t, nil where the curve has none.
func (s *session) recedingFrom(t *simplify.Tidier, sub *Answer, d []number.Number) (text string, path []expr.Expr) {
	from, letter := sub.ExactAt, "t"
	if sub.Status == NotAttained {
		if from = sub.Argument.Path; len(from) == len(d) && !slices.ContainsFunc(from, func(e expr.Expr) bool { return !e.Valid() || hasCalls(e) }) {
			letter = "exp(t)"
		} else {
			from, text = nil, sub.Approached+", then moved along "
		}
	}
	step := t.Var("t")
	if letter != "t" {
		step = t.Call(fn.Lookup("exp"), step)
	}
	start := make([]expr.Expr, len(d))
	for i, v := range d {
		switch {
		case len(from) == len(d) && from[i].Valid():
			start[i] = t.Tidy(from[i])
		case i < len(sub.At):
			c, _ := number.FromFloat(sub.At[i])
			start[i] = t.Num(c)
		default:
			start[i] = t.Int(0)
		}
		path = append(path, t.Add(start[i], t.Mul(t.Num(v), step)))
	}
	text += (&elimination{along: d}).line(s.p.Vars, letter, func(i int) string {
		if len(from) != len(d) && i < len(sub.At) {
			return format.Number(sub.At[i], 6)
		}
		return format.Text(start[i])
	})
	if sub.Status == NotAttained && from == nil {
		path = nil
	}
	return text, path
}

// hasCalls reports whether e calls a function.
func hasCalls(e expr.Expr) bool {
	for n := range e.All() {
		if n.Op() == expr.Call {
			return true
		}
	}
	return false
}
