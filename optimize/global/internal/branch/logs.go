package branch

import (
	"nabla/expr"
	"nabla/expr/fn"
	"nabla/expr/interval"
	"nabla/expr/simplify"
	"nabla/expr/tape"
)

// This file writes f for linear programs, as sums of products with logarithms are held the more closely
// the fewer they are: those of products are taken apart, and what the same logarithm is multiplied
// by is summed. In free energies the coefficients that are left are much smaller.

// mostLogTerms is the number of products up to which the logarithms of a sum are gathered.
const mostLogTerms = 200

// logGatherer gathers logarithms in the box.
type logGatherer struct {
	t    *simplify.Tidier
	vars []string
	box  []interval.I

	log   *fn.Func
	rest  []expr.Expr
	args  []expr.Expr               // of logarithms
	of    map[expr.Expr][]expr.Expr // what they are multiplied by
	count int
}

// gatherLogs returns a formula that is f wherever f is defined in the box; ok says that it is another.
func gatherLogs(f expr.Expr, vars []string, box []interval.I) (g expr.Expr, ok bool) {
	q := &logGatherer{t: simplify.New(), vars: vars, box: box, of: map[expr.Expr][]expr.Expr{}}
	f = q.t.Tidy(f)
	if f.Op() != expr.Add {
		return f, false
	}
	for _, term := range f.Args() {
		if !q.term(term) {
			q.rest = append(q.rest, term)
		}
		if q.count > mostLogTerms {
			return f, false
		}
	}
	if q.count <= len(q.args) { // no two have the same logarithm
		return f, false
	}
	for _, a := range q.args {
		q.rest = append(q.rest, q.t.Mul(q.t.Sum(q.of[a]...), q.t.Call(q.log, a)))
	}
	return q.t.Sum(q.rest...), true
}

// term takes a term with one logarithm apart, false where it has none.
func (q *logGatherer) term(e expr.Expr) bool {
	factors := e.Factors()
	log := -1
	for i, u := range factors {
		if isLog(u) {
			if log >= 0 {
				return false
			}
			log, q.log = i, u.Func()
		}
	}
	if log < 0 {
		return false
	}
	parts, ok := q.apart(factors[log].Arg(0))
	if !ok {
		return false
	}
	by := []expr.Expr{q.t.Int(1)}
	for i, u := range factors {
		switch {
		case i == log:
		case u.Op() == expr.Add:
			var next []expr.Expr
			for _, a := range by {
				for _, b := range u.Args() {
					next = append(next, q.t.Mul(a, b))
				}
			}
			by = next
		default:
			for k := range by {
				by[k] = q.t.Mul(by[k], u)
			}
		}
		if len(by) > mostLogTerms {
			return false
		}
	}
	for _, p := range parts {
		q.count++
		if _, known := q.of[p.base]; !known {
			q.args = append(q.args, p.base)
		}
		for _, b := range by {
			q.of[p.base] = append(q.of[p.base], q.t.Mul(p.power, b))
		}
	}
	return true
}

// A logPart is power log(base).
type logPart struct{ power, base expr.Expr }

// apart writes log(a) as a sum of such. All bases are positive in the box, except for one that is where a is.
func (q *logGatherer) apart(a expr.Expr) (list []logPart, ok bool) {
	unsure := 0
	for _, u := range a.Factors() {
		p := logPart{q.t.Int(1), u}
		if u.Op() == expr.Pow && u.Arg(1).IsConstant() {
			p = logPart{u.Arg(1), u.Arg(0)}
		}
		if !q.isPositive(p.base) {
			if unsure++; u.IsConstant() {
				return nil, false
			}
			p = logPart{q.t.Int(1), u} // the sign of a power may be another
		}
		list = append(list, p)
	}
	return list, unsure <= 1
}

func isLog(e expr.Expr) bool { return e.Op() == expr.Call && e.Func().Name == "log" }

func (q *logGatherer) isPositive(e expr.Expr) bool { return isPositive(e, q.vars, q.box) }

// isPositive reports whether e is proved to be positive in the box, wherever it is defined.
func isPositive(e expr.Expr, vars []string, box []interval.I) bool {
	v, _, ok := tape.EncloseOn(vars, box, e)
	return ok && v[0].Lo > 0
}
