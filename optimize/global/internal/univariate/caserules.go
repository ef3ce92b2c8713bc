package univariate

import (
	"nabla/expr"
	"nabla/expr/fn"
	"nabla/expr/number"
	"nabla/expr/simplify"
)

// This file is the table of what functions are case by case.

// A caseRule decides the call n of a function that is pieced together, or whose
// domain is no list of conditions, on a piece: its operands are decided.
type caseRule func(l *line, p *piece, n expr.Expr) *decision

// caseRules has the rules by function. It is filled in by init, as they call the
// line.
var caseRules map[string]caseRule

func init() {
	caseRules = map[string]caseRule{
		"inf":  func(*line, *piece, expr.Expr) *decision { return &decision{undefined: true} },
		"exp":  func(l *line, _ *piece, n expr.Expr) *decision { return l.powerOfLog(l.tidyNode(n.Arg(0))) },
		"abs":  bySign(func(b *built) [3]expr.Expr { return [3]expr.Expr{b.neg(b.u), b.u, b.u} }),
		"sign": bySign(func(b *built) [3]expr.Expr { return [3]expr.Expr{b.Int(-1), b.Int(0), b.Int(1)} }),
		"heaviside": bySign(func(b *built) [3]expr.Expr {
			return [3]expr.Expr{b.Int(0), b.Num(number.Frac(1, 2)), b.Int(1)}
		}),
		"relu": bySign(func(b *built) [3]expr.Expr { return [3]expr.Expr{b.Int(0), b.Int(0), b.u} }),
		"sqrt": func(l *line, p *piece, n expr.Expr) *decision {
			return l.decideRoot(p, l.tidyNode(n.Arg(0)), number.Frac(1, 2))
		},
		"cbrt": bySign(func(b *built) [3]expr.Expr { return b.oddRoot(number.Frac(1, 3)) }),
		"sinc": bySign(func(b *built) [3]expr.Expr {
			q := b.Make(expr.Div, b.call("sin", b.u), b.u)
			return [3]expr.Expr{q, b.Int(1), q}
		}),
		"min": extremeOfTwo, "max": extremeOfTwo, "clamp": means, "root": rootCase, "atan2": atan2Case,
		"hypot": means, "asec": means, "acsc": means, "acot": means, "asech": means, "acsch": means, "acoth": means,
		"logit": means, "logb": means, "log2": means, "log10": means, "mod": means,
		"floor": (*line).step, "ceil": (*line).step, "round": (*line).step,
		"gamma": gammaCase, "lgamma": gammaCase, "digamma": gammaCase, "trigamma": gammaCase, "beta": betaCase,
		"polygamma": func(*line, *piece, expr.Expr) *decision { return &decision{err: errFeature} },
		"logsumexp": func(l *line, _ *piece, n expr.Expr) *decision {
			b := l.built(n)
			terms := make([]expr.Expr, n.Len())
			for i := range terms {
				terms[i] = b.call("exp", n.Arg(i))
			}
			return &decision{replace: b.call("log", b.Make(expr.Add, terms...))}
		},
	}
}

// A built makes formulas as they are written, from the first operand u of a call.
type built struct {
	*expr.Pool
	u expr.Expr
}

func (l *line) built(n expr.Expr) *built { return &built{l.T.Pool(), n.Arg(0)} }

func (b *built) neg(e expr.Expr) expr.Expr { return b.Make(expr.Neg, e) }

func (b *built) call(name string, args ...expr.Expr) expr.Expr {
	return b.Call(fn.Lookup(name), args...)
}

// powerOfLog has u^c in the place of e^v for v = c*log(u): u is positive, as the logarithm asks, which has been decided.
func (l *line) powerOfLog(v expr.Expr) *decision {
	c := l.T.Int(1)
	if v.Op() == expr.Mul && v.Len() == 2 && v.Arg(0).Op() == expr.Num {
		c, v = v.Arg(0), v.Arg(1)
	}
	if !v.IsCall("log") || v.Len() != 1 {
		return nil
	}
	return &decision{replace: l.T.Pool().Make(expr.Pow, v.Arg(0), c)}
}

// oddRoot returns the power n of u as the real root of odd order: what it is for
// u < 0, u = 0 and u > 0.
func (b *built) oddRoot(n number.Number) [3]expr.Expr {
	plus, zero := b.Make(expr.Pow, b.u, b.Num(n)), b.Int(0)
	if n.Sign() < 0 {
		zero = plus // not defined
	}
	return [3]expr.Expr{b.neg(b.Make(expr.Pow, b.neg(b.u), b.Num(n))), zero, plus}
}

// bySign returns the rule for a function that has one formula for negative, zero
// and positive arguments each.
func bySign(cases func(b *built) [3]expr.Expr) caseRule {
	return func(l *line, p *piece, n expr.Expr) *decision {
		u := l.tidyNode(n.Arg(0))
		s, ok := l.signOn(p, u)
		if !ok {
			return &decision{sign: u}
		}
		return &decision{replace: cases(l.built(n))[s+1]}
	}
}

// means replaces a function by the formula of its row.
func means(l *line, _ *piece, n expr.Expr) *decision {
	return &decision{replace: simplify.Instance(n.Func(), n.Func().Means, l.T.Pool(), n.AppendArgs(nil))}
}

// extremeOfTwo decides between the first two operands of min or max.
func extremeOfTwo(l *line, p *piece, n expr.Expr) *decision {
	a, b := n.Arg(0), n.Arg(1)
	u := l.T.Sub(l.tidyNode(a), l.tidyNode(b))
	s, ok := l.signOn(p, u)
	if !ok {
		return &decision{sign: u}
	}
	if (s > 0) == (n.Func().Name == "max") || s == 0 {
		b = a
	}
	if n.Len() == 2 {
		return &decision{replace: b}
	}
	rest := append([]expr.Expr{b}, n.AppendArgs(nil)[2:]...)
	return &decision{replace: l.T.Pool().Call(n.Func(), rest...)}
}

func rootCase(l *line, p *piece, n expr.Expr) *decision {
	k := l.tidyNode(n.Arg(1))
	if k.Op() != expr.Num || k.Number().Sign() == 0 {
		return &decision{err: errFeature}
	}
	inv, _ := k.Number().Inv()
	if m, ok := k.Number().Int64(); ok && m%2 != 0 {
		return bySign(func(b *built) [3]expr.Expr { return b.oddRoot(inv) })(l, p, n)
	}
	b := l.built(n)
	return &decision{replace: b.Make(expr.Pow, b.u, b.Num(inv))}
}

// atan2Case is atan(y/x), ± π for x < 0.
func atan2Case(l *line, p *piece, n expr.Expr) *decision {
	sx, ok := l.signOn(p, l.tidyNode(n.Arg(1)))
	if !ok {
		return &decision{sign: l.tidyNode(n.Arg(1))}
	}
	sy, ok := l.signOn(p, l.tidyNode(n.Arg(0)))
	if !ok {
		return &decision{sign: l.tidyNode(n.Arg(0))}
	}
	b := l.built(n)
	pi := b.call("pi")
	q := b.call("atan", b.Make(expr.Div, b.u, n.Arg(1)))
	half := b.Make(expr.Mul, b.Num(number.Frac(1, 2)), pi)
	switch {
	case sx > 0:
		return &decision{replace: q}
	case sx < 0 && sy < 0:
		return &decision{replace: b.Make(expr.Add, q, b.neg(pi))}
	case sx < 0:
		return &decision{replace: b.Make(expr.Add, q, pi)}
	case sy > 0:
		return &decision{replace: half}
	case sy < 0:
		return &decision{replace: b.neg(half)}
	}
	return &decision{undefined: true}
}

// gammaCase is for gamma and its kin, with poles at 0, -1, -2, ….
func gammaCase(l *line, p *piece, n expr.Expr) *decision {
	on, open := l.onPole(p, l.tidyNode(n.Arg(0)))
	if on {
		return &decision{undefined: true}
	}
	return open
}

// betaCase is for beta: it has the poles of gamma in each operand, and is 0 where
// only their sum is at one.
func betaCase(l *line, p *piece, n expr.Expr) *decision {
	a, b := l.tidyNode(n.Arg(0)), l.tidyNode(n.Arg(1))
	for _, u := range [2]expr.Expr{a, b} {
		if on, open := l.onPole(p, u); on {
			return &decision{undefined: true}
		} else if open != nil {
			return open
		}
	}
	if s, ok := l.signOn(p, a); ok && s > 0 {
		if s, ok := l.signOn(p, b); ok && s > 0 {
			return nil
		}
	}
	on, open := l.onPole(p, l.T.Add(a, b))
	if on {
		return &decision{replace: l.T.Pool().Int(0)}
	}
	return open
}
