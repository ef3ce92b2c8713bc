package check

import (
	"fmt"
	"math"
	"slices"

	"nabla/expr"
	"nabla/expr/number"
	"nabla/expr/simplify"
)

// answer tries slips in the right answer: one term with a wrong coefficient or
// sign or lost, a constant added, and a wrong rewriting.
func (q *search) answer() {
	b := q.b
	truth := b.values(q.truth)
	q.slips(*truth)
	var forms []expr.Expr
	for _, r := range q.roots {
		forms = append(forms, r.e)
	}
	forms = append(forms, q.truth)
	for _, e := range forms {
		if treeSize(e, maxTree/2) > maxTree/2 {
			continue
		}
		own := map[expr.Expr]expr.Expr{}
		root := b.grow(e, own)
		n := len(q.found)
		q.single(root, q.likely(b.faults(root, .35)))
		for i := n; i < len(q.found); i++ {
			q.found[i].At, q.found[i].slip = expr.Expr{}, true
			q.found[i].Says = "in the answer " + q.found[i].Says
		}
	}
}

// slips compares the answer with the truth term by term.
func (q *search) slips(truth fingerprint) {
	b := q.b
	terms := expanded(simplify.Tidy(q.truth))
	single := len(terms) == 1
	for _, t := range terms {
		e := b.pool.Import(t)
		v := b.values(e)
		var ratio fingerprint
		for k := range ratio {
			ratio[k] = (q.want[k] - truth[k]) / v[k]
		}
		r, ok := constant(ratio, q.want, v)
		if !ok || r.Sign() == 0 {
			continue
		}
		mutant := b.add(q.truth, b.mul(b.Num(r), e))
		if !q.hits(mutant) {
			continue
		}
		c := coefficient(t)
		now := c.Add(c.Mul(r))
		m := Mistake{Where: plain(t)}
		weight := .3
		switch {
		case now.Sign() == 0:
			m.Kind, m.Says = "term-lost", fmt.Sprintf("the term %s is missing", short(t))
		case now == c.Neg():
			m.Kind, m.Says = "sign-slip", fmt.Sprintf("the sign of the term %s is wrong", short(t))
			if c.Sign() < 0 {
				m.Kind = "dropped-minus"
			}
			weight = .25
		default:
			m.Kind, m.Says = "arithmetic-slip", fmt.Sprintf("the coefficient of the term %s is %s; yours has %s", short(t), c, now)
			weight = .28 * plausible(c, now)
			if single {
				m.Says = fmt.Sprintf("the factor of %s is %s; yours has %s", short(t), c, now)
			}
		}
		q.found = append(q.found, candidate{m, mutant, weight, true})
	}
	var difference, ones fingerprint
	for k := range difference {
		difference[k], ones[k] = q.want[k]-truth[k], 1
	}
	if r, ok := constant(difference, q.want, &ones); ok && r.Sign() != 0 {
		if e := b.add(q.truth, b.Num(r)); q.hits(e) {
			q.found = append(q.found, candidate{Mistake{Kind: "constant-of-integration", Where: plain(q.truth),
				Says: fmt.Sprintf("the constant %s was added", r)}, e, .1, true})
		}
	}
	if !single {
		var ratio fingerprint
		for k := range ratio {
			ratio[k] = q.want[k] / truth[k]
		}
		if r, ok := constant(ratio, q.want, &truth); ok && r != number.Int(1) && r.Sign() != 0 {
			if e := b.mul(b.Num(r), q.truth); q.hits(e) {
				m := Mistake{Kind: "arithmetic-slip", Where: plain(q.truth), Says: fmt.Sprintf("yours is %s times the right answer", r)}
				weight := .2 * plausible(number.Int(1), r)
				if r == number.Int(-1) {
					m.Kind, m.Says, weight = "sign-slip", "yours has the opposite sign", .25
				}
				q.found = append(q.found, candidate{m, e, weight, true})
			}
		}
	}
}

// plausible tells how near a wrong coefficient is to the right one: slips of a
// unit or two are common, others less.
func plausible(right, wrong number.Number) float64 {
	d := right.Sub(wrong).Abs()
	switch {
	case wrong.Bits() > 40:
		return .05
	case d.Cmp(number.Int(2)) <= 0 && d.IsInt():
		return 1
	case right.IsInt() && wrong.IsInt():
		return .6
	case right.Mul(wrong) == number.Int(1):
		return .6
	}
	return .3
}

// constant returns the rational that all of v are, as floats tell, given that
// they are quotients of differences of size with scale.
func constant(v fingerprint, size, scale *fingerprint) (number.Number, bool) {
	var c float64
	n := 0
	for k, x := range v {
		if math.IsNaN(x) || math.IsInf(x, 0) {
			continue
		}
		if n == 0 {
			c = x
		} else if math.Abs(x-c) > 1e-7*(math.Abs(c)+1e-6*math.Abs(size[k]/scale[k])) {
			return number.Number{}, false
		}
		n++
	}
	if 2*n < width {
		return number.Number{}, false
	}
	e := 1e-7 * math.Abs(c)
	r := simplest(c-e, c+e)
	_, q, ok := r.Frac64()
	return r, ok && q <= 10000
}

// coefficient returns the numerical factor of a tidy term.
func coefficient(t expr.Expr) number.Number {
	switch {
	case t.Op() == expr.Num:
		return t.Number()
	case t.Op() == expr.Mul && t.Arg(0).Op() == expr.Num:
		return t.Arg(0).Number()
	}
	return number.Int(1)
}

// maxTerms is the most terms of an expanded answer.
const maxTerms = 64

// expanded returns the terms of the tidy formula e, products of sums multiplied
// out as far as that gives no more than maxTerms terms.
func expanded(e expr.Expr) []expr.Expr {
	t := simplify.New()
	e = t.Tidy(e)
	for range 4 {
		var terms []expr.Expr
		grown := false
		for _, a := range e.Terms() {
			parts, ok := distribute(t, a, maxTerms-len(terms))
			grown = grown || ok
			terms = append(terms, parts...)
		}
		if !grown || len(terms) > maxTerms {
			break
		}
		e = t.Sum(terms...)
	}
	return e.Terms()
}

// distribute multiplies out the first factor of a that is a sum, or a small
// power of one.
func distribute(t *simplify.Tidier, a expr.Expr, room int) ([]expr.Expr, bool) {
	if a.Op() != expr.Mul && a.Op() != expr.Pow {
		return []expr.Expr{a}, false
	}
	factors := a.Factors()
	for i, f := range factors {
		sum, power := f, int64(1)
		if f.Op() == expr.Pow && f.Arg(1).Op() == expr.Num {
			n, ok := f.Arg(1).Number().Int64()
			if !ok || n < 2 || n > 6 {
				continue
			}
			sum, power = f.Arg(0), n
		}
		if sum.Op() != expr.Add || sum.Len() > room {
			continue
		}
		var out []expr.Expr
		for _, s := range sum.Args() {
			g := slices.Clone(factors)
			g[i] = s
			if power > 1 {
				g = append(g, t.Pow(sum, t.Int(power-1)))
			}
			out = append(out, t.Mul(g...))
		}
		return out, true
	}
	return []expr.Expr{a}, false
}
