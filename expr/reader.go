package expr

import (
	"slices"

	"nabla/expr/fn"
	"nabla/expr/syntax"
)

// MaxNodes is the most nodes that a formula may have once its sums, products
// and definitions are written out: some 400 MB, and more than a minute's work
// for everything that follows.
const MaxNodes = 8 << 20

// A Reader reads formulas. The zero Reader is ready to use.
type Reader struct {
	Name string // of the input, for messages; may be empty
	// Set fixes letters: the name reads as the formula. Bounds of sums can be
	// given so.
	Set map[string]Expr
	// Derivative carries out d/dx(u), diff(u, x) and f'(x); diff.D is one.
	// Without it the first two stay in the formula as Diff nodes, and the
	// third is an error.
	Derivative func(u Expr, x string) Expr
	// Conditions says that the formula may be a condition, such as x + y <= 1.
	Conditions bool
	// Vars are names that the formula does not have to declare to have them as
	// variables even though a function is called so.
	Vars []string
}

// A Formula is a formula as it was read.
type Formula struct {
	Source *syntax.Source
	Expr   Expr // in written form
	// Name is what stands before the =, as f or y, "" without it. Params are
	// the variables named there, as in f(x, y) =, nil if none are.
	Name   string
	Params []string
	// Left is the whole left-hand side as it was read, nil without one.
	Left *syntax.Statement
	// Decimals reports whether a number was written with a decimal point.
	Decimals bool
	// Factorials reports whether u! was written, which is gamma(u + 1).
	Factorials bool
	Warnings   []string

	tree  *syntax.Tree
	nodes []int32 // of tree node i: the node it became in the Pool of Expr, or -1
}

// Parse reads one formula in the language of the command, without derivatives
// inside it (package diff reads those).
func Parse(text string) (Expr, error) { return Reader{}.Expr(text) }

// MustParse is Parse for texts that are known to be right. It panics otherwise.
func MustParse(text string) Expr {
	e, err := Parse(text)
	if err != nil {
		panic(err)
	}
	return e
}

// Expr reads text and returns the formula alone.
func (r Reader) Expr(text string) (Expr, error) {
	f, err := r.Read(text)
	if err != nil {
		return Expr{}, err
	}
	return f.Expr, nil
}

// Read reads text: definitions, if any, and one formula. An error is a
// *syntax.Error and points into the text.
func (r Reader) Read(text string) (*Formula, error) {
	in, err := syntax.Parse(r.Name, text, vocabulary{r.Vars})
	if err != nil {
		return nil, err
	}
	b := newBuilder(r, in.Source)
	if err := b.ordered(in); err != nil {
		return nil, err
	}
	last := &in.Statements[len(in.Statements)-1]
	for i := range in.Statements[:len(in.Statements)-1] {
		if err := b.define(&in.Statements[i]); err != nil {
			return nil, err
		}
	}
	f := &Formula{Source: in.Source, tree: last.Body}
	if last.Name != "" || last.Wrt != "" || last.Primes > 0 {
		f.Left, f.Name, f.Params = last, last.Name, last.Params
		for _, x := range last.Params {
			b.declared[x] = true
		}
	}
	b.nodes = make([]int32, len(last.Body.Nodes))
	for i := range b.nodes {
		b.nodes[i] = -1
	}
	e, err := b.whole(last.Body)
	if err != nil {
		return nil, err
	}
	f.nodes = b.nodes
	f.Expr = e
	f.Decimals, f.Factorials = b.decimals, b.factorials
	f.Warnings = slices.Concat(runTogether(e.Vars()), b.asVariables(in), b.sameInAll())
	return f, nil
}

// Vars returns the variables of f: those that its left-hand side names, in that
// order, or all of its letters in natural order.
func (f *Formula) Vars() []string {
	if f.Params != nil {
		return slices.Clone(f.Params)
	}
	return f.Expr.Vars()
}

// Place returns where the sub-formula e of f.Expr stands in the text, the
// first place if there are several.
func (f *Formula) Place(e Expr) (syntax.Span, bool) {
	if e.pool != f.Expr.pool {
		return syntax.Span{}, false
	}
	for i, id := range f.nodes {
		if id == e.id {
			return f.tree.Nodes[i].Span, true
		}
	}
	return syntax.Span{}, false
}

// At returns the sub-formula that was written at span, if one was.
func (f *Formula) At(span syntax.Span) (Expr, bool) {
	for i, id := range f.nodes {
		if id >= 0 && f.tree.Nodes[i].Span == span {
			return Expr{f.Expr.pool, id}, true
		}
	}
	return Expr{}, false
}

// vocabulary is the table of functions as the parser asks for it.
type vocabulary struct{ vars []string }

func (v vocabulary) Class(name string) syntax.Class {
	if slices.Contains(v.vars, name) {
		return syntax.NotFunction
	}
	switch fn.ClassOf(name) {
	case fn.Textbook:
		return syntax.Textbook
	case fn.CallOnly:
		return syntax.CallOnly
	case fn.Constant:
		return syntax.Constant
	}
	return syntax.NotFunction
}

func (vocabulary) Near(name string) string { return fn.Near(name) }
