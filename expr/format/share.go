package format

import (
	"strconv"
	"strings"

	"nabla/expr"
)

// A Definition names a part of a formula: Name = Text.
type Definition struct{ Name, Text string }

// String returns "name = text".
func (d Definition) String() string { return d.Name + " = " + d.Text }

// Shared returns the formulas es, which must be of one Pool, with their shared
// parts named, and the definitions of these, each before its uses. The names are
// t1, t2 …, or begin with another letter if a variable is called so.
//
// There are no definitions when the formulas are within the budget, all
// together, or when naming would not make them much shorter. The length of what
// is returned is bounded by a multiple of the number of operands in the graph,
// unless a condition written many times is itself a large And or Or.
//
// Definitions and a formula joined by semicolons read back (up to the parser's
// limit of 100,000 statements, which Shared keeps to when it can).
func Shared(es []expr.Expr, o Options) ([]Definition, []string) {
	if len(es) == 0 {
		return nil, nil
	}
	p := newPrinter(o)
	p.names = nameParts(es, o.budget())
	var defs []Definition
	if p.names != nil {
		for k, i := range p.names.parts {
			text, _ := p.print(nil, p.names.walk.At(int(i)), -1)
			name := p.names.prefix + strconv.Itoa(k+1)
			if o.Style == StyleLaTeX {
				name = latexName(name)
			}
			defs = append(defs, Definition{name, string(text)})
		}
	}
	texts := make([]string, len(es))
	for i, e := range es {
		p.root = expr.Expr{}
		text, _ := p.formula(nil, e)
		texts[i] = string(text)
	}
	return defs, texts
}

// formula prints e, or the name it has.
func (p *printer) formula(dst []byte, e expr.Expr) ([]byte, bool) {
	if name, ok := p.name(e); ok {
		if p.o.Style == StyleLaTeX {
			name = latexName(name)
		}
		return append(dst, name...), true
	}
	return p.print(dst, e, -1)
}

// appendShared appends the definitions that e needs, left and e.
func appendShared(dst []byte, left string, e expr.Expr, o Options) []byte {
	defs, texts := Shared([]expr.Expr{e}, o)
	separator := "; "
	if o.Style == StyleLaTeX {
		separator = `;\quad `
	}
	for _, d := range defs {
		dst = append(dst, d.Name...)
		dst = append(dst, " = "...)
		dst = append(dst, d.Text...)
		dst = append(dst, separator...)
	}
	return append(append(dst, left...), texts[0]...)
}

// A naming gives names to some nodes.
type naming struct {
	walk   *expr.Walk
	number []int32 // of the name, by place; 0 for none
	parts  []int32 // places of the named nodes, in order
	prefix string
}

// of returns the name of e, if it has one.
func (n *naming) of(e expr.Expr) (string, bool) {
	if e.Op().IsLeaf() {
		return "", false
	}
	if k := n.number[n.walk.Place(e)]; k > 0 {
		return n.prefix + strconv.Itoa(int(k)), true
	}
	return "", false
}

const (
	// worthwhile is how many times more edges than the graph the tree must have
	// for parts to be named: below that, names cost the reader more than they save.
	worthwhile = 2
	// smallPart is the number of nodes below which a part is written out each
	// time: exp(-x) and 1 + x^2 are clearer than t7.
	smallPart = 6
	// largeCondition is the number of nodes from which a condition is named.
	// Outside of constraints the language has no definitions of conditions, so
	// that this is only for those that would never end otherwise.
	largeCondition = 10_000
	// maxParts is how many parts are named at most, if that is possible: the
	// parser reads 100,000 statements.
	maxParts = 99_000
)

// nameParts chooses names for the shared parts of es, or returns nil when they
// need none.
func nameParts(es []expr.Expr, budget int) *naming {
	w := expr.Order(es...)
	edges := len(es)
	for _, e := range w.Each() {
		edges += e.Len()
	}
	// tree[i] is the number of nodes of the tree of node i, up to a limit.
	const most = 1 << 29
	tree := expr.FoldAll(w, func(_ expr.Expr, args []int) int {
		n := 1
		for _, a := range args {
			n = min(n+a, most)
		}
		return n
	})
	total := 0
	for _, e := range es {
		total = min(total+tree[w.Place(e)], most)
	}
	if total <= max(budget, worthwhile*edges) {
		return nil
	}

	// uses[i] counts how often node i would be printed if every node but those
	// that only dress up another were printed once.
	uses := make([]int32, w.Len())
	for _, e := range es {
		uses[w.Place(e)]++
	}
	for i, e := range w.Back() {
		n := int32(1)
		if dressed(e) {
			n = max(uses[i], 1)
		}
		for _, u := range e.Args() {
			k := &uses[w.Place(u)]
			*k = min(*k+n, 1<<20)
		}
	}
	n := &naming{walk: w, prefix: freePrefix(w)}
	for small := smallPart; ; small *= 2 {
		n.choose(uses, small)
		if len(n.parts) <= maxParts || small > 8*smallPart {
			return n
		}
	}
}

// choose names what is used twice and has at least small nodes.
func (n *naming) choose(uses []int32, small int) {
	n.number = make([]int32, n.walk.Len())
	n.parts = n.parts[:0]
	// size[i] is how many nodes the text of node i takes where it is used.
	size := make([]int, n.walk.Len())
	for i, e := range n.walk.Each() {
		s := 1
		for _, u := range e.Args() {
			s += size[n.walk.Place(u)]
		}
		least := small
		if e.Op().IsCondition() {
			least = max(small, largeCondition)
		}
		if uses[i] > 1 && s >= least && !dressed(e) {
			n.parts = append(n.parts, int32(i))
			n.number[i] = int32(len(n.parts))
			s = 1
		}
		size[i] = s
	}
}

// dressed reports whether e is another formula with a sign, a numerical factor
// or a numerical exponent: then that formula gets the name, and e is written
// -t1, 2t1, or goes below a fraction bar. A part is dressed once only, which
// keeps the length in bounds.
func dressed(e expr.Expr) bool {
	u, ok := undress(e)
	if !ok {
		return false
	}
	_, again := undress(u)
	return !again
}

func undress(e expr.Expr) (expr.Expr, bool) {
	switch e.Op() {
	case expr.Neg:
		return e.Arg(0), true
	case expr.Mul:
		if e.Len() == 2 && e.Arg(0).Op() == expr.Num {
			return e.Arg(1), true
		}
	case expr.Pow:
		if e.Arg(1).Op() == expr.Num {
			return e.Arg(0), true
		}
	}
	return e, false
}

// freePrefix returns a prefix that no variable of w has.
func freePrefix(w *expr.Walk) string {
	taken := map[string]bool{}
	for _, e := range w.Each() {
		if e.Op() != expr.Var {
			continue
		}
		// t1, t_1 and t[1] take t: the second is written like the first in some
		// styles, and so is the third.
		name := e.Name()
		taken[strings.TrimRight(name, "0123456789_,-[]")] = true
	}
	for _, prefix := range []string{"t", "u", "v", "w", "s", "r", "q", "p"} {
		if !taken[prefix] {
			return prefix
		}
	}
	prefix := "tt"
	for taken[prefix] {
		prefix += "t"
	}
	return prefix
}
