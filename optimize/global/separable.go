package global

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"nabla/expr"
	"nabla/expr/format"
	"nabla/expr/interval"
	"nabla/expr/simplify"
	"nabla/expr/tape"
	"nabla/optimize/global/certificate"
	"nabla/optimize/global/internal/branch"
	"nabla/optimize/global/internal/effort"
	"nabla/optimize/global/internal/exact"
	"nabla/optimize/global/internal/form"
	"nabla/optimize/global/internal/model"
)

// A summand is a part of a sum that shares no variable with the rest.
type summand struct {
	at []int // its variables
	q  *Problem
	a  *Answer
	c  *certificate.Certificate // when asked for
}

// summands splits f into functions of different variables and a constant.
func (s *session) summands() (parts []*summand, constant []expr.Expr) {
	n := s.m.N
	t := simplify.New()
	f := t.Tidy(s.p.F)
	if n < 2 {
		return nil, nil
	}
	terms := form.TermsOf(t, f)
	if len(terms) == 1 && len(f.Vars()) == n {
		return nil, nil
	}
	// Blocks of variables that occur together, named by their first variable.
	block := make([]int, n)
	for i := range block {
		block[i] = i
	}
	first := make([]int, len(terms))
	for k, e := range terms {
		first[k] = -1
		for _, v := range e.Vars() {
			i := slices.Index(s.p.Vars, v)
			if first[k] < 0 {
				first[k] = i
				continue
			}
			old, now := block[i], block[first[k]]
			for j := range block {
				if block[j] == old {
					block[j] = now
				}
			}
		}
		if first[k] < 0 {
			constant = append(constant, e)
		}
	}
	var ids []int
	for _, b := range block {
		if !slices.Contains(ids, b) {
			ids = append(ids, b)
		}
	}
	if len(ids) < 2 {
		return nil, nil
	}
	for _, id := range ids {
		p := &summand{q: &Problem{Max: s.p.Max}}
		var own []expr.Expr
		for i, b := range block {
			if b != id {
				continue
			}
			p.at = append(p.at, i)
			p.q.Vars = append(p.q.Vars, s.p.Vars[i])
			if s.p.Bounds != nil {
				p.q.Bounds = append(p.q.Bounds, s.p.Bounds[i])
			}
		}
		for k, e := range terms {
			if first[k] >= 0 && block[first[k]] == id {
				own = append(own, e)
			}
		}
		p.q.F = t.Add(own...) // 0 for a variable that does not occur
		parts = append(parts, p)
	}
	return parts, constant
}

// separable answers for a sum of functions of different variables: each is
// minimised on its own. It returns nil when there is only one of them, or when
// one is not settled.
func (s *session) separable() *Answer {
	if len(s.m.Cons) > 0 {
		return nil
	}
	parts, constant := s.summands()
	if parts == nil {
		return nil
	}
	shift := interval.Point(0)
	for _, e := range constant {
		c, ok := tape.EncloseConstant(e)
		if !ok {
			return nil
		}
		shift = shift.Add(c)
	}
	has := map[Status]*summand{}
	for _, p := range parts {
		if !s.settle(p, len(parts)) {
			return nil
		}
		if has[p.a.Status] == nil {
			has[p.a.Status] = p
		}
	}
	var a *Answer
	// Where f is not defined, though its tidy form is, nothing may be said of limits.
	same := form.SameDomain(s.p.F, simplify.Tidy(s.p.F))
	switch {
	case has[EmptyDomain] != nil:
		a = &Answer{Status: EmptyDomain}
	case has[Unbounded] != nil:
		if same {
			a = s.unboundedSum(parts, has[Unbounded])
		}
	case has[NotAttained] != nil:
		if same {
			a = s.infimumOfSum(parts, constant, shift)
		}
	default:
		a = s.minimumOfSum(parts, constant, shift, same)
	}
	if a == nil {
		return nil
	}
	a.Method = "separation of variables"
	s.explainSum(a, parts)
	if s.o.Certificate {
		r := &certificate.Reduction{Kind: certificate.Sum}
		for _, p := range parts {
			r.Parts = append(r.Parts, p.c)
		}
		if len(constant) > 0 {
			pool := expr.NewPool()
			r.Constant = format.Plain(pool.Make(expr.Add, append(pool.ImportAll(constant...), pool.Int(0))...))
		}
		a.Argument.Reduction = r
	}
	return a
}

// settle solves one of count parts; false says that it is not settled.
func (s *session) settle(p *summand, count int) bool {
	o := s.o
	o.Start, o.Progress = nil, nil
	o.RelGap = branch.GapOrDefault(s.o.RelGap) / float64(2*count)
	ctx, cancel := effort.Share(s.ctx, 1/float64(count+1))
	defer cancel()
	o.part = false // what a question of its own is worth is enough for most
	a, steps, err := solveNormal(ctx, p.q, o)
	if err == nil && s.o.part && (a.Status == Certified || a.Status == Local || a.Status == Failed) {
		o.part = true
		a, steps, err = solveNormal(ctx, p.q, o)
	}
	if err != nil {
		return false
	}
	if p.a = a; s.o.Certificate {
		p.c = certify(p.q, a, steps)
	}
	switch p.a.Status {
	case Exact, Certified, Constant:
		return len(p.a.At) == len(p.at) && p.a.Enclosure != nil
	case Unbounded:
		return p.a.Witness != nil && len(p.a.Witness.Path) == len(p.at)
	case NotAttained:
		return p.a.Enclosure != nil || p.a.ExactValue.Valid()
	case EmptyDomain:
		return true
	}
	return false
}

// explainSum puts the reasons together.
func (s *session) explainSum(a *Answer, parts []*summand) {
	var groups []string
	for _, p := range parts {
		groups = append(groups, strings.Join(p.q.Vars, ", "))
		a.Evaluations.F += p.a.Evaluations.F
		a.Evaluations.Gradient += p.a.Evaluations.Gradient
		a.Evaluations.Hessian += p.a.Evaluations.Hessian
		a.Evaluations.Boxes += p.a.Evaluations.Boxes
	}
	a.Proof = []string{fmt.Sprintf("the formula is a sum of functions of different variables (%s), each of which is settled on its own", strings.Join(groups, "; "))}
	for _, p := range parts {
		tells := p.a.Status != Constant && (a.Status != EmptyDomain || p.a.Status == EmptyDomain)
		if len(a.Proof) < 5 && len(p.a.Proof) > 0 && tells {
			a.Proof = append(a.Proof, strings.Join(p.q.Vars, ", ")+": "+p.a.Proof[len(p.a.Proof)-1])
		}
	}
}

// unboundedSum falls with one part, the others held at a point.
func (s *session) unboundedSum(parts []*summand, down *summand) *Answer {
	t := simplify.New()
	w := &Witness{Path: make([]expr.Expr, s.m.N), Whole: down.a.Witness.Whole}
	for _, p := range parts {
		for j, i := range p.at {
			switch {
			case p == down:
				w.Path[i] = t.Tidy(p.a.Witness.Path[j])
			case p.a.Status == Unbounded:
				// Held where its own witness begins.
				w.Path[i] = model.ExactFloat(t, p.a.Witness.Points[0][j])
			case len(p.a.ExactAt) == len(p.at) && p.a.ExactAt[j].Valid():
				w.Path[i] = t.Tidy(p.a.ExactAt[j])
			case len(p.a.At) == len(p.at):
				w.Path[i] = model.ExactFloat(t, p.a.At[j])
			default:
				x := s.somePoint(p)
				if x == nil {
					return nil
				}
				w.Path[i] = model.ExactFloat(t, x[j])
			}
			if !w.Path[i].Valid() {
				return nil
			}
		}
	}
	pool := expr.NewPool()
	m := s.m.Prober()
	for _, at := range []int64{10, 1000, 1000000} {
		x := make([]float64, s.m.N)
		for i, e := range w.Path {
			v, ok := tape.EncloseConstant(pool.Substitute(pool.Import(e), map[string]expr.Expr{"t": pool.Int(at)}))
			if !ok {
				return nil
			}
			x[i] = v.Mid()
		}
		if v, ok := m.AtPoint(x); !ok || v.IsEmpty() {
			return nil
		}
		if m.Feasible(x) { // at first the path may be outside the bounds
			w.Show(x, s.sign(m.At(x)))
		}
	}
	along := make([]string, len(w.Path))
	for i, e := range w.Path {
		along[i] = s.p.Vars[i] + " = " + format.Text(e)
	}
	end := s.p.word("-∞", "∞")
	w.Why = fmt.Sprintf("f → %s along %s%s", end, strings.Join(along, ", "), w.Runs())
	a := &Answer{Status: Unbounded, Witness: w, Value: math.Inf(-1), GradientNorm: math.NaN()}
	if s.p.Max {
		a.Value = math.Inf(1)
	}
	return a
}

// somePoint is a point at which the part is defined, in its region; nil if none
// is found.
func (s *session) somePoint(p *summand) []float64 {
	m, err := p.q.model()
	if err != nil {
		return nil
	}
	k := m.Prober()
	for _, x := range model.Starts(m.Inner, 40, s.o.Seed) {
		if _, ok := k.AtPoint(x); ok && k.Feasible(x) {
			return x
		}
	}
	return nil
}

// infimumOfSum is the sum of infima of which one at least is not attained.
func (s *session) infimumOfSum(parts []*summand, constant []expr.Expr, shift interval.I) *Answer {
	a := &Answer{Status: NotAttained, GradientNorm: math.NaN()}
	t := simplify.New()
	var values []expr.Expr
	for _, e := range constant {
		values = append(values, t.Tidy(e))
	}
	v, known := shift, true
	var where []string
	for _, p := range parts {
		if e := p.a.ExactValue; e.Valid() {
			values = append(values, t.Tidy(e))
			c, ok := tape.EncloseConstant(e)
			if !ok {
				return nil
			}
			v = v.Add(c)
		} else {
			known = false
			v = v.Add(p.a.Enclosure.Value)
		}
		switch p.a.Status {
		case NotAttained:
			where = append(where, strings.ReplaceAll(p.a.Approached, " and as ", " or "))
		case Exact, Certified:
			parts := make([]string, len(p.at))
			for j := range p.at {
				parts[j] = p.q.Vars[j] + " → " + format.Number(p.a.At[j], 6)
			}
			where = append(where, strings.Join(parts, ", "))
		}
	}
	a.Value, a.Enclosure = v.Mid(), &Enclosure{Value: v}
	if known {
		a.ExactValue = exact.ClosedForm(t.Add(values...))
		if c, ok := tape.EncloseConstant(a.ExactValue); ok {
			a.Value, a.Enclosure.Value = c.Mid(), c
		}
		if a.ExactValue.Op() == expr.Num {
			a.Value = a.ExactValue.Number().Float64()
		}
	}
	join := " and "
	if slices.ContainsFunc(where, func(w string) bool { return strings.Contains(w, " or ") }) {
		join = ", and " // of several alternatives
	}
	a.Approached = strings.Join(where, join)
	path := make([]expr.Expr, s.m.N)
	for _, p := range parts {
		along := p.a.ExactAt
		if p.a.Status == NotAttained {
			along = p.a.Argument.Path
		}
		for j, i := range p.at {
			if len(along) == len(p.at) {
				path[i] = along[j]
			}
		}
	}
	if allValid(path) {
		a.Argument.Path = path
	}
	return a
}

// minimumOfSum is the sum of minima, all of them attained.
func (s *session) minimumOfSum(parts []*summand, constant []expr.Expr, shift interval.I, same bool) *Answer {
	a := &Answer{Status: Exact, Attained: true, MinimisersComplete: true, Enclosure: &Enclosure{Value: shift}}
	t := simplify.New()
	var values []expr.Expr
	for _, e := range constant {
		values = append(values, t.Tidy(e))
	}
	for _, p := range parts {
		if p.a.Status == Certified || !p.a.ExactValue.Valid() {
			a.Status = Certified
		} else {
			values = append(values, t.Tidy(p.a.ExactValue))
		}
		complete := p.a.MinimisersComplete || p.a.Status == Constant
		a.MinimisersComplete = a.MinimisersComplete && complete
		a.Enclosure.Value = a.Enclosure.Value.Add(p.a.Enclosure.Value)
	}
	if a.Minimisers = combine(parts, s.m.N); a.Minimisers == nil {
		a.MinimisersComplete = false
		first := make([]*summand, len(parts))
		for i, p := range parts {
			c := *p
			b := *p.a
			b.Minimisers = b.Minimisers[:1]
			c.a = &b
			first[i] = &c
		}
		a.Minimisers = combine(first, s.m.N)
	}
	a.MinimisersComplete = a.MinimisersComplete && (same || len(a.Minimisers) == 1 && a.Minimisers[0].Family == "")
	a.At, a.ExactAt = a.Minimisers[0].X, a.Minimisers[0].Exact
	if a.ExactAt == nil {
		a.Status = Certified
	}
	// The formula as it was given must be defined at the points.
	p := s.m.Prober()
	at := enclosedAt(parts, s.m.N)
	if a.Status == Exact {
		e, ok := s.exactPoint(a.ExactAt)
		if !ok {
			return nil
		}
		if at == nil {
			at = e.box
		}
		a.ExactValue = exact.ClosedForm(t.Add(values...))
		if c, known := tape.EncloseConstant(a.ExactValue); known {
			a.Enclosure.Value = c
		}
	} else if _, ok := p.AtPoint(a.At); !ok {
		return nil
	}
	if !same {
		a.Minimisers = a.Minimisers[:1]
	}
	if w := a.Enclosure.Value; a.Status == Certified && !s.o.tight(w) {
		return nil
	}
	a.Value = model.ClipTo(s.sign(p.At(a.At)), a.Enclosure.Value)
	if a.Status == Exact && a.ExactValue.Op() == expr.Num {
		a.Value = a.ExactValue.Number().Float64()
	}
	a.GradientNorm = s.gradientNorm(p, a.At)
	a.Enclosure.At = at
	s.stationaryOfSum(a, parts, same)
	return a
}
