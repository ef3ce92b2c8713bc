package prove

import (
	"slices"

	"nabla/expr"
	"nabla/expr/number"
	"nabla/expr/simplify"
)

// maxWhere is how many signs a conditional equality may depend on.
const maxWhere = 2

// where looks for signs of sub-formulas under which the two formulas are equal
// though they are not everywhere: sqrt(x^2) = x for x ≥ 0. It returns them as
// relations, or nil.
func (p *proof) where(r *ring) []expr.Expr {
	if r == nil || p.exhausted {
		return nil
	}
	return p.under(r, nil)
}

// under tries the signs of the kernels that were left over in r, one after the
// other, together with the relations already assumed.
func (p *proof) under(r *ring, assumed []expr.Expr) []expr.Expr {
	candidates := p.candidates(r)
	var failed []*ring
	var tried [][]expr.Expr
	for _, k := range candidates {
		u, ok := r.formula(k, p.tidier)
		if !ok {
			continue
		}
		for _, s := range []signs{plusSign, minusSign} {
			if r.sign(k)&zeroSign != 0 {
				op := expr.Ge
				if s == minusSign {
					op = expr.Le
				}
				relations := append(assumed[:len(assumed):len(assumed)], p.zero(op, u))
				q := r.clone()
				if p.holdsWith(q, k, s|zeroSign) {
					return relations
				}
				failed, tried = append(failed, q), append(tried, relations)
			}
			op := expr.Gt
			if s == minusSign {
				op = expr.Lt
			}
			relations := append(assumed[:len(assumed):len(assumed)], p.zero(op, u))
			q := r.clone()
			if p.holdsWith(q, k, s) {
				return relations
			}
			if r.sign(k)&zeroSign == 0 {
				failed, tried = append(failed, q), append(tried, relations)
			}
		}
	}
	if len(assumed)+1 < maxWhere {
		for i, q := range failed {
			if found := p.under(q, tried[i]); found != nil {
				return found
			}
		}
	}
	return nil
}

// puncture tries again without the zeros of the formulas whose signs were left
// over: sign(x)^2 = 1 holds for x ≠ 0.
func (p *proof) puncture(r *ring) bool {
	if r == nil {
		return false
	}
	var kernels []kernel
	var relations []expr.Expr
	for i := range r.kernels {
		info := &r.kernels[i]
		if info.kind != kindSign || r.sign(info.of)&zeroSign == 0 {
			continue
		}
		u, ok := r.formula(info.of, p.tidier)
		if ok && r.smooth(info.of) && !u.IsConstant() {
			kernels = append(kernels, info.of)
			relations = append(relations, p.zero(expr.Ne, u))
		}
	}
	holds := func(kernels []kernel) (*proof, bool) {
		q := r.clone()
		trial := &proof{a: p.a, b: p.b, given: p.given, assumed: p.assumed, tidier: p.tidier, cases: min(p.cases, 9), terms: p.terms}
		_, stop := trial.guarded(func() bool {
			for _, k := range kernels {
				q.restrict(k, minusSign|plusSign)
			}
			return true
		})
		return trial, stop == nil && trial.search(q)
	}
	if len(kernels) == 0 {
		return false
	}
	trial, ok := holds(kernels)
	if !ok {
		return false
	}
	for i := len(kernels) - 1; i >= 0; i-- {
		fewer := slices.Delete(slices.Clone(kernels), i, i+1)
		if t, ok := holds(fewer); ok {
			trial, kernels = t, fewer
			relations = slices.Delete(relations, i, i+1)
		}
	}
	// The zeros may be settled on their own, with the values put in.
	var kept []expr.Expr
	for i, k := range kernels {
		if !p.atZero(r, k) {
			kept = append(kept, relations[i])
		}
	}
	*p = *trial
	p.needed = append(p.needed, kept...)
	return true
}

// atZero reports that the formulas are equal, with no condition, where k = 0.
func (p *proof) atZero(r *ring, k kernel) bool {
	let, ok := r.solve(k, nil)
	if !ok {
		return false
	}
	q := r.clone()
	trial := &proof{a: p.a, b: p.b, given: p.given, assumed: p.assumed, tidier: p.tidier, cases: min(p.cases, 9), terms: p.terms}
	_, stop := trial.guarded(func() bool { q.restrict(k, zeroSign); return true })
	return stop == nil && trial.inCase(q, let) && len(trial.needed) == 0
}

// holdsWith reports that the formulas are equal, with no other condition, where k has
// one of the signs s.
func (p *proof) holdsWith(r *ring, k kernel, s signs) bool {
	trial := &proof{a: p.a, b: p.b, given: p.given, assumed: p.assumed, tidier: p.tidier, cases: min(p.cases, 9), terms: p.terms}
	_, stop := trial.guarded(func() bool { r.restrict(k, s); return true })
	return stop == nil && trial.search(r) && len(trial.needed) == 0
}

// candidates returns the kernels on whose signs the last difference depends.
func (p *proof) candidates(r *ring) []kernel {
	var out []kernel
	seen := map[kernel]bool{}
	put := func(k kernel) {
		if !seen[k] && r.sign(k)&minusSign != 0 && r.sign(k)&plusSign != 0 && len(out) < 4 {
			seen[k] = true
			out = append(out, k)
		}
	}
	if p.open >= 0 && int(p.open) < len(r.kernels) {
		put(p.open)
	}
	for i := range r.kernels {
		if info := &r.kernels[i]; info.kind == kindSign {
			put(info.of)
		}
	}
	for i := range r.kernels {
		// The range of an angle depends on the sign of the argument.
		if info := &r.kernels[i]; info.f != nil && (info.f.Name == "asin" || info.f.Name == "atan") {
			if _, m, rest, ok := r.realFactors(info.args[0]); ok {
				for _, q := range append(m, rest...) {
					put(q.k)
				}
			}
		}
	}
	return out
}

// A wording writes kernels as formulas. It stops at maxWording kernels: a
// condition that is longer than that helps nobody.
type wording struct {
	r    *ring
	t    *simplify.Tidier
	left int
}

const maxWording = 60

// formula returns k as a formula in the Pool of t, if it is a short one of real
// parts that people would write so.
func (r *ring) formula(k kernel, t *simplify.Tidier) (expr.Expr, bool) {
	w := wording{r, t, maxWording}
	return w.kernel(k)
}

func (w *wording) kernel(k kernel) (expr.Expr, bool) {
	r, t := w.r, w.t
	if w.left--; w.left < 0 {
		return expr.Expr{}, false
	}
	info := &r.kernels[k]
	switch info.kind {
	case kindNumber:
		return t.Num(info.number), k != minus
	case kindVar:
		if k == r.pi {
			return t.Call(lookup("pi")), true
		}
		return t.Var(info.name), true
	case kindExp:
		m, ok := w.monomial(one, info.m)
		if !ok {
			return m, false
		}
		return t.Call(lookup("exp"), m), true
	case kindLog:
		u, ok := w.kernel(info.of)
		if !ok {
			return u, false
		}
		if r.sign(info.of) != plusSign {
			u = t.Call(lookup("abs"), u)
		}
		return t.Call(lookup("log"), u), true
	case kindSign:
		u, ok := w.kernel(info.of)
		if !ok {
			return u, false
		}
		return t.Call(lookup("sign"), u), true
	case kindCall:
		args := make([]expr.Expr, len(info.args))
		for i, s := range info.args {
			u, ok := w.sum(s)
			if !ok {
				return u, false
			}
			args[i] = u
		}
		return t.Call(info.f, args...), true
	case kindBase:
		return w.sum(info.def)
	}
	return expr.Expr{}, false
}

func (w *wording) sum(s sum) (expr.Expr, bool) {
	t := w.t
	if len(s) == 0 {
		return t.Int(0), true
	}
	if u, ok := w.wave(s); ok {
		return u, true
	}
	terms := make([]expr.Expr, 0, len(s))
	for _, a := range s {
		u, ok := w.monomial(a.c, a.m)
		if !ok {
			return u, false
		}
		terms = append(terms, u)
	}
	return t.Sum(terms...), true
}

// wave returns the sum of two turns that is a multiple of a sine or cosine.
func (w *wording) wave(s sum) (expr.Expr, bool) {
	r, t := w.r, w.t
	if len(s) != 2 || r.plainlyReal(s) {
		return expr.Expr{}, false
	}
	name := "cos"
	var angle []expr.Expr
	for _, p := range s[0].m {
		switch {
		case p.k == minus:
			name = "sin"
		case r.kernels[p.k].kind == kindTurn:
			u, ok := w.monomial(p.e.number(), r.kernels[p.k].m)
			if !ok {
				return u, false
			}
			angle = append(angle, u)
		default:
			return expr.Expr{}, false
		}
	}
	if _, ok := r.harmonics(s); !ok || len(angle) == 0 {
		return expr.Expr{}, false
	}
	// c·(e^(iκ) + e^(-iκ)) = 2c·cos κ, ic·(e^(iκ) - e^(-iκ)) = -2c·sin κ
	c := s[0].c.Mul(two)
	if name == "sin" {
		c = c.Neg()
	}
	return t.Mul(t.Num(c), t.Call(lookup(name), t.Sum(angle...))), true
}

func (w *wording) monomial(c number.Number, m monomial) (expr.Expr, bool) {
	t := w.t
	factors := []expr.Expr{t.Num(c)}
	for _, p := range m {
		u, ok := w.kernel(p.k)
		if !ok {
			return u, false
		}
		e := p.e
		if e.d1 == 1 {
			u, e = t.Call(lookup("sqrt"), u), e.mul(ratio{2, 0})
		}
		factors = append(factors, t.Pow(u, t.Num(e.number())))
	}
	return t.Mul(factors...), true
}
