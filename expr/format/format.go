// Package format prints formulas.
//
// It takes the written and the tidy form. Of the written form it shows what was
// typed: read back, the text is the same formula, node by node. A tidy formula
// has neither Neg nor Div, and is shown as a person would write it: a negative
// factor is a minus sign, negative powers and the denominator of a constant go
// below a fraction bar. Read back and made tidy it is the same formula, up to
// the order of factors.
//
// Formulas are directed acyclic graphs, and the tree of one may be
// exponentially larger than the graph. One that is too large to print as a tree
// is printed with its shared parts named, as in
//
//	t1 = sin(x)^2 + cos(y); t2 = exp(t1); t1 t2
//
// which reads back too. Nothing here recurses: what is still to be printed waits
// on a stack.
//
// In what follows u and v are formulas, x and y variables.
package format

import "nabla/expr"

// A Style is a way to write formulas.
type Style uint8

const (
	// StyleText is for reading and reads back: x^2 sin(x) - 2x/3. A * stands
	// only where the formula would not read back, or hardly, without it.
	StyleText Style = iota
	// StylePlain is StyleText with every *: x^2*sin(x) - 2*x/3. It is for other
	// programs.
	StylePlain
	// StyleUnicode is StyleText with the signs of mathematics: x² sin(x) − 2x/3,
	// √x, |x|, π, x₁. It reads back as well.
	StyleUnicode
	// StyleLaTeX is what stands between the dollar signs. It asks for the
	// package amsmath.
	StyleLaTeX
)

// DefaultBudget is the most nodes that a formula is printed with as a tree when
// the Options do not say: some 20 kB, ten screens, more than anybody reads.
const DefaultBudget = 5000

// Options say how a formula is printed. The zero Options are the default.
type Options struct {
	Style Style
	// Decimals prints fractions that terminate as decimals: 0.2x, not x/5. It is
	// for formulas typed with a decimal point, which read back node for node only
	// with it: to the parser 1/5 is a division and 0.2 a number.
	Decimals bool
	// Factorials prints gamma(u + 1) as u!. It is for formulas typed so.
	Factorials bool
	// Digits, when positive, shows constants that have more digits than that
	// rounded to as many. Such a formula does not read back to the same.
	Digits int
	// Budget is the most nodes to print as a tree, DefaultBudget when it is 0 or
	// less. A larger formula is printed with its shared parts named, if its tree
	// has more than twice the edges of its graph.
	Budget int
}

func (o Options) budget() int {
	if o.Budget <= 0 {
		return DefaultBudget
	}
	return o.Budget
}

// Text returns e in StyleText.
func Text(e expr.Expr) string { return String(e, Options{}) }

// Plain returns e in StylePlain.
func Plain(e expr.Expr) string { return String(e, Options{Style: StylePlain}) }

// Unicode returns e in StyleUnicode.
func Unicode(e expr.Expr) string { return String(e, Options{Style: StyleUnicode}) }

// LaTeX returns e in StyleLaTeX.
func LaTeX(e expr.Expr) string { return String(e, Options{Style: StyleLaTeX}) }

// String returns e as o says. A formula past the budget is given as its
// definitions, with a semicolon after each, and the formula: a text that reads
// back.
func String(e expr.Expr, o Options) string { return string(Append(nil, e, o)) }

// Append appends String(e, o) to dst.
func Append(dst []byte, e expr.Expr, o Options) []byte {
	p := newPrinter(o)
	if out, ok := p.print(dst, e, o.budget()); ok {
		return out
	}
	return appendShared(dst, "", e, o)
}

// Equation returns "left = e", as in "f'(x) = 2x". Definitions that a formula
// past the budget needs come before it.
func Equation(left string, e expr.Expr, o Options) string {
	p := newPrinter(o)
	if out, ok := p.print(append([]byte(left), " = "...), e, o.budget()); ok {
		return string(out)
	}
	return string(appendShared(nil, left+" = ", e, o))
}

// All returns conditions that hold together, as in "x > 0 and y != 1". It
// returns "" when there are none.
func All(conditions []expr.Expr, o Options) string {
	switch len(conditions) {
	case 0:
		return ""
	case 1:
		return String(conditions[0], o)
	}
	p := expr.NewPool()
	parts := make([]expr.Expr, len(conditions))
	for i, c := range conditions {
		parts[i] = p.Import(c)
	}
	return String(p.Make(expr.And, parts...), o)
}
