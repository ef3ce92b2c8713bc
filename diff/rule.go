// Package diff differentiates formulas.
//
// In what follows u, v, w are formulas, c one without the variable x, and u' is
// the derivative of u by x. One set of rules does all the work. Through a
// simplify.Tidier they give the derivative as a person would write it; through
// a bare expr.Pool they give the lines of the derivation.
package diff

import (
	"slices"

	"nabla/expr"
	"nabla/expr/fn"
	"nabla/expr/number"
	"nabla/expr/simplify"
)

// A Rule is one line of the table of derivatives.
type Rule struct {
	Name string // "product rule"
	From string // "u*v"
	To   string // "u'*v + u*v'"
}

// The rules, as values so that a step can say which of them it used.
var (
	constantRule    = &Rule{"constant rule", "c", "0"}
	variableRule    = &Rule{"variable rule", "x", "1"}
	sumRule         = &Rule{"sum rule", "u + v", "u' + v'"}
	signRule        = &Rule{"sign rule", "-u", "-u'"}
	factorRule      = &Rule{"constant factor rule", "c*u", "c*u'"}
	productRule     = &Rule{"product rule", "u*v", "u'*v + u*v'"}
	divisorRule     = &Rule{"constant divisor rule", "u/c", "u'/c"}
	reciprocalRule  = &Rule{"reciprocal rule", "c/v", "-c*v'/v^2"}
	quotientRule    = &Rule{"quotient rule", "u/v", "(u'*v - u*v')/v^2"}
	powerRule       = &Rule{"power rule", "u^c", "c*u^(c - 1)*u'"}
	exponentialRule = &Rule{"exponential rule", "c^v", "c^v*log(c)*v'"}
	generalRule     = &Rule{"logarithmic rule", "u^v", "u^v*(v'*log(u) + v*u'/u)"}
	chainRule       = &Rule{"chain rule", "f(u)", "f'(u)*u'"}
	caseRule        = &Rule{"case rule", "if(p, u, v)", "if(p, u', v')"}
	simplifyRule    = &Rule{"simplify", "", ""}
)

// Rules lists the rules in the order of a textbook.
func Rules() []*Rule {
	return []*Rule{
		constantRule, variableRule, sumRule, signRule, factorRule, productRule, divisorRule, reciprocalRule,
		quotientRule, powerRule, exponentialRule, generalRule, chainRule, caseRule,
	}
}

// A site is a node to differentiate, for one variable: its operands, in the
// Pool of the Maker, whether they depend on the variable, and their
// derivatives.
type site struct {
	mk   expr.Maker       // makes the derivative, or
	t    *simplify.Tidier // does, and tidies it, if not nil
	node expr.Expr        // for its operation only
	args []expr.Expr
	has  []bool
	d    []expr.Expr

	terms, factors []expr.Expr // room for those of the derivative
}

func (s *site) maker() expr.Maker {
	if s.t != nil {
		return s.t
	}
	return s.mk
}

func (s *site) int(n int64) expr.Expr {
	if s.t != nil {
		return s.t.Int(n)
	}
	return s.mk.Num(number.Int(n))
}

// make is s.mk.Make; the Tidier is called by its own name, since what is passed
// to a method of an interface is allocated.
func (s *site) make(op expr.Op, args ...expr.Expr) expr.Expr {
	if s.t != nil {
		return s.t.Make(op, args...)
	}
	return s.mk.Make(op, slices.Clone(args)...)
}

func (s *site) mul(args ...expr.Expr) expr.Expr {
	if s.t != nil {
		return s.t.Mul(args...)
	}
	return s.mk.Make(expr.Mul, slices.Clone(args)...)
}

func (s *site) pow(b, e expr.Expr) expr.Expr { return s.make(expr.Pow, b, e) }

func (s *site) neg(u expr.Expr) expr.Expr { return s.make(expr.Neg, u) }

func (s *site) div(u, v expr.Expr) expr.Expr { return s.make(expr.Div, u, v) }

// sum returns the sum of terms; the tidy one in the order of a textbook.
func (s *site) sum(terms ...expr.Expr) expr.Expr {
	if s.t != nil {
		return s.t.Sum(terms...)
	}
	return s.mk.Make(expr.Add, slices.Clone(terms)...)
}

// derive applies the one rule that fits s, which depends on the variable.
func (s *site) derive() (expr.Expr, *Rule) {
	switch s.node.Op() {
	case expr.Var:
		return s.int(1), variableRule
	case expr.Add:
		terms := s.terms[:0]
		for i := range s.args {
			if s.has[i] || s.t == nil {
				terms = append(terms, s.d[i])
			}
		}
		s.terms = terms
		return s.sum(terms...), sumRule
	case expr.Neg:
		return s.neg(s.d[0]), signRule
	case expr.Mul:
		return s.product()
	case expr.Div:
		return s.quotient()
	case expr.Pow:
		return s.power()
	case expr.If:
		return s.make(expr.If, s.args[0], s.d[1], s.d[2]), caseRule
	case expr.Call:
		return s.call()
	}
	panic("diff: derivative of " + s.node.Op().String())
}

// longProduct is the number of factors from which the product rule shares its
// products: written out, n factors give n² of them.
const longProduct = 12

func (s *site) product() (expr.Expr, *Rule) {
	moving, last := 0, 0
	for i, h := range s.has {
		if h {
			moving, last = moving+1, i
		}
	}
	if moving == 1 {
		return s.mul(s.replaced(last, s.d[last])...), factorRule
	}
	if s.t != nil {
		if q, ok := s.fraction(); ok {
			return q, quotientRule
		}
	}
	terms := s.terms[:0]
	var others []expr.Expr
	if len(s.args) > longProduct {
		others = products(s.args[0].Pool(), s.args)
	}
	for i, h := range s.has {
		switch {
		case !h:
		case others != nil:
			terms = append(terms, s.mul(others[i], s.d[i]))
		default:
			terms = append(terms, s.mul(s.replaced(i, s.d[i])...))
		}
	}
	s.terms = terms
	sum := s.sum(terms...)
	if s.t != nil && others == nil {
		sum = s.t.Shorter(sum)
	}
	return sum, productRule
}

// replaced returns the operands with number i replaced by u, until it is called
// again.
func (s *site) replaced(i int, u expr.Expr) []expr.Expr {
	s.factors = append(s.factors[:0], s.args...)
	s.factors[i] = u
	return s.factors
}

// products returns for each of args, of which there are at least three, the
// product of all the others, by prefix and suffix products: 3n of two factors
// each for n operands. Being made of factors of a tidy product they are not
// tidied again; and taken apart into each other they would have n² operands.
func products(p *expr.Pool, args []expr.Expr) []expr.Expr {
	n := len(args)
	out := make([]expr.Expr, n)
	suffix := args[n-1]
	for i := n - 2; i >= 0; i-- {
		out[i] = suffix
		if i > 0 {
			suffix = p.Make(expr.Mul, suffix, args[i])
		}
	}
	prefix := args[0]
	for i := 1; i < n-1; i++ {
		out[i] = p.Make(expr.Mul, prefix, out[i])
		prefix = p.Make(expr.Mul, prefix, args[i])
	}
	out[n-1] = prefix
	return out
}

// fraction applies the quotient rule to a tidy product that a person sees as
// u/v: it has one factor v^(-1), v being a sum or a function. Where v is a power
// (x^3, (x+1)^2) the product rule leaves less to cancel.
func (s *site) fraction() (expr.Expr, bool) {
	at := -1
	for i, a := range s.args {
		if a.Op() != expr.Pow || !s.has[i] || a.Arg(1).Op() != expr.Num || a.Arg(1).Number().Sign() > 0 {
			continue
		}
		if at >= 0 || !a.Arg(1).IsNum(-1) || a.Arg(0).Op() == expr.Var || a.Arg(0).IsCall("sqrt") {
			return expr.Expr{}, false
		}
		at = i
	}
	if at < 0 || len(s.args) > longProduct {
		return expr.Expr{}, false
	}
	t := s.t
	v := s.args[at].Arg(0)
	// (1/v)' is -v'/v^2, which gives v' without differentiating v again.
	dv := t.Mul(t.Int(-1), s.d[at], s.pow(v, t.Int(2)))
	top := s.terms[:0]
	for i := range s.args {
		if i != at && s.has[i] {
			r := s.replaced(i, s.d[i])
			r[at] = v
			top = append(top, t.Mul(r...))
		}
	}
	top = append(top, t.Mul(s.replaced(at, t.Neg(dv))...))
	s.terms = top
	return t.Mul(t.Shorter(t.Sum(top...)), s.pow(v, t.Int(-2))), true
}

func (s *site) quotient() (expr.Expr, *Rule) {
	u, v := s.args[0], s.args[1]
	switch {
	case !s.has[1]:
		return s.div(s.d[0], v), divisorRule
	case !s.has[0]:
		return s.div(s.neg(s.mul(u, s.d[1])), s.pow(v, s.int(2))), reciprocalRule
	}
	top := s.make(expr.Add, s.mul(s.d[0], v), s.neg(s.mul(u, s.d[1])))
	return s.div(top, s.pow(v, s.int(2))), quotientRule
}

func (s *site) power() (expr.Expr, *Rule) {
	u, v := s.args[0], s.args[1]
	switch {
	case !s.has[1]:
		return s.mul(v, s.pow(u, s.make(expr.Add, v, s.int(-1))), s.d[0]), powerRule
	case !s.has[0]:
		return s.mul(s.pow(u, v), s.log(u), s.d[1]), exponentialRule
	}
	sum := s.sum(s.mul(s.d[1], s.log(u)), s.div(s.mul(v, s.d[0]), u))
	return s.mul(s.pow(u, v), sum), generalRule
}

func (s *site) log(u expr.Expr) expr.Expr {
	if s.t != nil {
		return s.t.Call(fn.Lookup("log"), u)
	}
	return s.mk.Call(fn.Lookup("log"), u)
}

// call applies the chain rule to a function of one or more arguments.
func (s *site) call() (expr.Expr, *Rule) {
	f := s.node.Func()
	if extreme(f) != 0 {
		return s.extreme(), chainRule
	}
	mk := s.maker()
	terms := s.terms[:0]
	for i := range s.args {
		if s.has[i] {
			terms = append(terms, s.mul(partial(mk, f, s.args, i), s.d[i]))
		}
	}
	s.terms = terms
	if len(terms) == 1 {
		return terms[0], chainRule
	}
	return s.sum(terms...), chainRule
}

// partial returns the partial derivative of f by argument i, at args.
func partial(mk expr.Maker, f *fn.Func, args []expr.Expr, i int) expr.Expr {
	switch {
	case extreme(f) != 0:
		// 1 where argument i is the least (or the greatest) and 0 elsewhere.
		var conditions []expr.Expr
		for j := range args {
			if j != i {
				conditions = append(conditions, before(mk, f, args[i], args[j], i < j))
			}
		}
		return mk.Make(expr.If, mk.Make(expr.And, conditions...), mk.Num(number.Int(1)), mk.Num(number.Int(0)))
	case f.Variadic:
		// logsumexp: exp(u_i - logsumexp(u)).
		all := mk.Call(f, args...)
		return mk.Call(fn.Lookup("exp"), mk.Make(expr.Add, args[i], mk.Make(expr.Neg, all)))
	case f.D[i] == "":
		// The order of a polygamma is an integer: nothing to differentiate by,
		// and 0/0 says so wherever it is evaluated.
		zero := mk.Num(number.Int(0))
		return mk.Make(expr.Div, zero, zero)
	}
	return simplify.Instance(f, f.D[i], mk, args)
}

// extreme returns -1 for min, +1 for max and 0 for any other function.
func extreme(f *fn.Func) int {
	switch {
	case !f.Variadic:
		return 0
	case f.D[0] == fn.ArgMin:
		return -1
	case f.D[0] == fn.ArgMax:
		return +1
	}
	return 0
}

// before says that u is the one that min or max takes rather than v; of equal
// ones it is the first.
func before(mk expr.Maker, f *fn.Func, u, v expr.Expr, first bool) expr.Expr {
	op := expr.Lt
	switch {
	case extreme(f) < 0 && first:
		op = expr.Le
	case extreme(f) > 0 && first:
		op = expr.Ge
	case extreme(f) > 0:
		op = expr.Gt
	}
	return mk.Make(op, u, v)
}

// fewArguments is the number of arguments up to which min and max compare each
// with each; more are compared with the least or greatest of those after them.
const fewArguments = 3

// extreme differentiates min and max: the derivative of the argument that is
// taken.
func (s *site) extreme() expr.Expr {
	mk := s.maker()
	n, f := len(s.args), s.node.Func()
	e, rest := s.d[n-1], s.args[n-1]
	for i := n - 2; i >= 0; i-- {
		var taken expr.Expr
		if n > fewArguments {
			taken = before(mk, f, s.args[i], rest, true)
			rest = mk.Call(f, s.args[i], rest)
		} else {
			var conditions []expr.Expr
			for j := i + 1; j < n; j++ {
				conditions = append(conditions, before(mk, f, s.args[i], s.args[j], true))
			}
			taken = s.make(expr.And, conditions...)
		}
		e = s.make(expr.If, taken, s.d[i], e)
	}
	return e
}
