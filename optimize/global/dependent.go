package global

import (
	"fmt"
	"slices"
	"strings"

	"nabla/expr"
	"nabla/expr/format"
	"nabla/expr/interval"
	"nabla/expr/number"
	"nabla/expr/simplify"
	"nabla/expr/tape"
	"nabla/optimize/global/certificate"
	"nabla/optimize/global/internal/exact"
	"nabla/optimize/global/internal/form"
	"nabla/optimize/global/internal/model"
	"nabla/optimize/global/internal/rational"
)

// This file answers for a sum of functions of one linear form each, where there are more forms than are independent: it
// is least where all terms are, if the forms can have such values together. That they can is shown by their
// relations: Σ c_k u_k = 0 holds for values of which those that are not rational are ± the same number.

// A formTerm is h(u), all that f has of the linear form u.
type formTerm struct {
	form []number.Number
	h    expr.Expr // a formula of formName
	a    *Answer   // to the question where it is least
	even bool
}

// A formValue is a place where a formTerm is least: k times the place number at of the first term with the same function,
// or the number k where at < 0.
type formValue struct {
	k  number.Number
	at int
	in interval.I
	e  expr.Expr // in closed form; not Valid for none
}

const formName = "form value" // no name that a formula may have

// byDependentForms returns nil where f is no such sum, or its terms are not least together for all that is known.
func (s *session) byDependentForms() *Answer {
	if s.p.Bounds != nil || len(s.m.Cons) > 0 || s.m.N < 3 || s.m.N > maxForms { // boxes know as much of two
		return nil
	}
	t := simplify.New()
	f := t.Tidy(s.m.F)
	if form.HasKinks(f) || !form.SameDomain(s.m.F, f) { // minorants say more of kinks
		return nil
	}
	terms, constant := s.formTerms(t, f)
	if len(terms) < 2 {
		return nil
	}
	rows := make([][]number.Number, len(terms))
	for k, u := range terms {
		rows[k] = u.form
	}
	rank, relations := rational.LeftKernel(rows)
	if len(relations) == 0 { // byLinearForms answers
		return nil
	}
	options := s.leastValues(terms)
	if options == nil {
		return nil
	}
	chosen := together(options, relations)
	if chosen == nil {
		return nil
	}
	return s.flip(s.leastTogether(terms, constant, chosen, rank))
}

// formTerms reads f as a sum of functions of linear forms and a constant; nil where a term depends on several.
func (s *session) formTerms(t *simplify.Tidier, f expr.Expr) (terms []*formTerm, constant expr.Expr) {
	constant = t.Int(0)
	for _, e := range form.TermsOf(t, f) {
		if e.IsConstant() {
			constant = t.Add(constant, e)
			continue
		}
		l := form.LinearIn(e, s.p.Vars)
		if l.Degree < 2 || len(l.Forms) != 1 {
			return nil, constant
		}
		a := l.Forms[0]
		pool := expr.NewPool()
		with := map[string]expr.Expr{}
		first := true
		for i, x := range s.p.Vars {
			if with[x] = pool.Int(0); a[i].Sign() != 0 && first {
				with[x], first = pool.Var(formName), false // the coefficient is 1
			}
		}
		h := tidyWhereDefined(pool.Substitute(pool.Import(e), with))
		k := slices.IndexFunc(terms, func(u *formTerm) bool { return slices.Equal(u.form, a) })
		if k < 0 {
			terms = append(terms, &formTerm{form: a, h: h})
			continue
		}
		sum := expr.NewPool()
		terms[k].h = tidyWhereDefined(sum.Make(expr.Add, sum.Import(terms[k].h), sum.Import(h)))
	}
	return terms, constant
}

// leastValues lists for each term where it is least; nil where that is not known of one of them.
func (s *session) leastValues(terms []*formTerm) [][]formValue {
	var out [][]formValue
	places := 0
	for k, u := range terms {
		same := slices.IndexFunc(terms[:k], func(v *formTerm) bool { return expr.Equal(u.h, v.h) })
		if same >= 0 {
			u.a = terms[same].a
			out = append(out, out[same])
			continue
		}
		u.a = study(s.ctx, &Problem{F: u.h, Vars: []string{formName}}, Options{})
		if u.a == nil || u.a.Status != Exact && u.a.Status != Certified || !u.a.MinimisersComplete || u.a.Enclosure == nil {
			return nil
		}
		pool := expr.NewPool()
		turned := pool.Substitute(pool.Import(u.h), map[string]expr.Expr{formName: pool.Make(expr.Neg, pool.Var(formName))})
		u.even = expr.Equal(simplify.Tidy(turned), u.h)
		list := make([]formValue, len(u.a.Minimisers))
		for i, m := range u.a.Minimisers {
			v := formValue{k: number.Int(1), at: places, in: m.Hull}
			places++
			if len(m.Exact) == 1 && m.Exact[0].Valid() {
				v.e = m.Exact[0]
				if v.in, _ = tape.EncloseConstant(m.Exact[0]); m.Exact[0].Op() == expr.Num {
					v.k, v.at = m.Exact[0].Number(), -1
				}
			}
			if m.Family != "" || v.in.IsEmpty() || !v.in.IsBounded() {
				return nil
			}
			list[i] = v
		}
		if u.even {
			mirrored(list)
		}
		if u.a.Status == Certified && slices.ContainsFunc(list, func(v formValue) bool { return v.at < 0 || v.at != list[0].at }) {
			return nil // one of them may be higher than another by less than is told
		}
		out = append(out, list)
	}
	return out
}

// mirrored writes those of all minimisers of an even function that are mirror images of others so: the image of a minimiser is one, that
// which alone may be there.
func mirrored(list []formValue) {
	for i, v := range list {
		image := -1
		for j, w := range list {
			if w.in.Neg().Disjoint(v.in) {
				continue
			}
			if image >= 0 {
				return
			}
			image = j
		}
		if image >= 0 && image < i && v.at >= 0 && list[image].at >= 0 {
			list[i].k, list[i].at = list[image].k.Neg(), list[image].at
		}
	}
}

// together chooses a value for each form such that the relations hold; nil if there is no choice, or there are too many.
func together(options [][]formValue, relations [][]number.Number) []formValue {
	const most = 1 << 18
	choices := 1
	for _, list := range options {
		if choices *= len(list); choices == 0 || choices > most {
			return nil
		}
	}
	chosen := make([]formValue, len(options))
	for n := range choices {
		for k, list := range options {
			chosen[k] = list[n%len(list)]
			n /= len(list)
		}
		if !slices.ContainsFunc(relations, func(c []number.Number) bool { return !vanishes(c, chosen) }) {
			return chosen
		}
	}
	return nil
}

// vanishes reports whether Σ c_k v_k is 0, whatever the places are.
func vanishes(c []number.Number, v []formValue) bool {
	sums := map[int]number.Number{}
	for k, w := range v {
		sums[w.at] = sums[w.at].Add(c[k].Mul(w.k))
	}
	for _, sum := range sums {
		if sum.Sign() != 0 {
			return false
		}
	}
	return true
}

// leastTogether is the answer that the terms are least together, where the forms have the values that are chosen.
func (s *session) leastTogether(terms []*formTerm, constant expr.Expr, chosen []formValue, rank int) *Answer {
	t := simplify.New()
	v := s.rangeOf(constant)
	var says []string
	sum := []expr.Expr{t.Tidy(constant)}
	isExact := true
	r := &certificate.Reduction{Kind: certificate.Sum, Constant: format.Plain(constant)}
	for k, u := range terms {
		v = v.Add(u.a.Enclosure.Value)
		if isExact = isExact && u.a.Status == Exact && chosen[k].e.Valid(); isExact {
			sum = append(sum, t.Tidy(u.a.ExactValue))
		}
		says = append(says, fmt.Sprintf("%s = %s", format.Text(combination(t, u.form, s.variables(t))), format.Number(chosen[k].in.Mid(), 6)))
		if s.o.Certificate {
			q := &Problem{F: replacedName(u.h, "u"), Vars: []string{"u"}}
			r.Parts = append(r.Parts, certify(q, u.a, nil))
			r.Of = append(r.Of, []string{format.Plain(combination(t, u.form, s.variables(t)))})
		}
	}
	at, x, e := make([]interval.I, s.m.N), make([]float64, s.m.N), make([]expr.Expr, s.m.N)
	for i, row := range solveForms(terms, s.m.N) {
		parts := []expr.Expr{t.Int(0)}
		for k, c := range row {
			if c.Sign() == 0 {
				continue
			}
			at[i] = at[i].Add(exact.HullOf(c).Mul(chosen[k].in))
			if isExact {
				parts = append(parts, t.Mul(t.Num(c), t.Tidy(chosen[k].e)))
			}
		}
		x[i], e[i] = at[i].Mid(), t.Add(parts...)
	}
	if !s.o.tight(v) || !model.AllFinite(x) {
		return nil
	}
	a := &Answer{Status: Certified, At: x, Attained: true, Enclosure: &Enclosure{At: at, Value: v}, Value: v.Mid(), Minimisers: []Point{{X: x}}}
	if isExact {
		point, ok := s.exactPoint(e)
		if !ok {
			return nil
		}
		a = s.exactAnswer(point, t.Add(sum...))
	}
	a.Method, a.GradientNorm = "linear forms", s.gradientNorm(s.m.Prober(), a.At)
	if len(says) > 4 {
		says = append(says[:4], "…")
	}
	depend := "one of the forms is a combination"
	if n := len(terms) - rank; n > 1 {
		depend = fmt.Sprintf("%d of the forms are combinations", n)
	}
	a.Proof = []string{
		fmt.Sprintf("f is a sum of %d functions of linear forms, none of which is %s anywhere than where %s", len(terms), s.p.lower(), strings.Join(says, ", ")),
		depend + " of the others, and so are these values, so that there is a point at which the forms have them",
	}
	if s.o.Certificate {
		a.Argument.Reduction = r
	}
	return a
}

// replacedName is h with the name in the place of that of the form.
func replacedName(h expr.Expr, name string) expr.Expr {
	pool := expr.NewPool()
	return pool.Substitute(pool.Import(h), map[string]expr.Expr{formName: pool.Var(name)})
}

// solveForms writes the n variables in the values of the forms: a solution of as many equations form = value as are independent,
// with 0 for the variables that they leave free.
func solveForms(terms []*formTerm, n int) [][]number.Number {
	e := rational.NewEchelon(n)
	for k, u := range terms {
		e.Include(rational.WithUnit(u.form, k, len(terms)))
	}
	out := make([][]number.Number, n)
	for i := range out {
		out[i] = make([]number.Number, len(terms))
	}
	for i, k := range e.Pivots {
		out[k] = e.Rows[i][n:]
	}
	return out
}
