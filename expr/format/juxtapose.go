package format

import (
	"unicode/utf8"

	"nabla/expr"
	"nabla/expr/fn"
	"nabla/expr/syntax"
)

// An edge is how a factor begins or ends. Two of them side by side say whether
// a product needs its sign.
type edge uint8

const (
	start   edge = iota // nothing stands before
	sign                // a minus sign stands before
	stop                // next to it a product is always written with its sign
	digits              // 2
	letter              // x, which multiplies what is in parentheses after it
	word                // xy and x_1, which would be called
	named               // pi
	opener              // a sum in parentheses begins
	grouped             // anything else in parentheses begins: a(-b) looks like a call
	closer              // what ends with one
	call                // sin(x)
	raised              // x^2
	bar                 // |x|
	root                // √x
	stacked             // \frac{x}{y}
)

// An opening is the left edge of a factor, and its name if it begins with one.
type opening struct {
	edge
	name string
}

// between returns what stands between two factors.
func (p *printer) between(left edge, right opening) string {
	times := "*"
	switch {
	case left == start || left == sign:
		return ""
	case p.o.Style == StyleLaTeX:
		if left == stop || right.edge == stop || right.edge == digits || left == digits && right.edge == stacked {
			return ` \cdot `
		}
		return " "
	case p.o.Style == StyleUnicode:
		times = "·"
	}
	switch {
	case p.o.Style == StylePlain, left == stop, right.edge == stop, right.edge == digits, right.edge == grouped:
		return times
	}
	switch left {
	case digits:
		switch {
		case right.edge == call:
			return " "
		case right.name == "":
			return ""
		case exponential(right.name):
			return times
		case short(right.name):
			return ""
		}
	case letter, named, closer:
		if right.edge == opener {
			return ""
		}
	case word:
		if right.edge == opener {
			return times
		}
	}
	return " "
}

// exponential reports whether a name right after a number could be taken for
// the exponent of the number.
func exponential(name string) bool {
	return name[0]|0x20 == 'e' && (len(name) == 1 || '0' <= name[1] && name[1] <= '9')
}

// short reports whether a name is one letter, perhaps with an index.
func short(name string) bool {
	if name == "pi" {
		return true
	}
	_, n := utf8.DecodeRuneInString(name)
	if name[0] == '_' {
		return false // 2_x is no number
	}
	for _, r := range name[n:] {
		if r == '[' {
			break
		}
		if !('0' <= r && r <= '9' || r == '_' || '₀' <= r && r <= '₉') {
			return false
		}
	}
	return true
}

// edges returns how the factor f begins and ends.
func (p *printer) edges(f step) (opening, edge) {
	e, need := f.e, f.need
	if f.kind == inverse {
		if c := p.o.constant(e.Arg(1).Number()); c.is("1") {
			e = e.Arg(0)
		} else {
			first, _ := p.edges(step{e: e.Arg(0), need: syntax.PrecPostfix})
			return first, raised
		}
	}
	if name, ok := p.name(e); ok {
		return opening{word, name}, word
	}
	if p.precedence(e) < need || f.flags&inner != 0 && (e.Op() == expr.Neg || p.minus(e)) {
		if e.Op() == expr.Add {
			return opening{edge: opener}, closer
		}
		return opening{edge: grouped}, closer
	}
	switch e.Op() {
	case expr.Num:
		return opening{edge: digits}, numberEdge(p.o.constant(e.Number()).top)
	case expr.Var:
		return opening{letter, e.Name()}, nameEdge(e.Name())
	case expr.Call:
		return p.callEdges(e)
	case expr.If:
		return opening{call, "if"}, call
	case expr.Pow:
		first, _ := p.edges(step{e: e.Arg(0), need: syntax.PrecPostfix})
		if p.bare(e.Arg(1)) && p.o.Style != StyleLaTeX {
			return first, stop
		}
		return first, raised
	case expr.Div:
		if p.o.Style == StyleLaTeX {
			return opening{edge: stacked}, stacked
		}
	case expr.Neg:
		_, last := p.edges(step{e: e.Arg(0), need: syntax.PrecPower})
		return opening{edge: stop}, last
	}
	return opening{edge: stop}, stop
}

// numberEdge returns how a constant ends. 0 x, 1 x and 1e22 x are not what
// people write.
func numberEdge(text string) edge {
	if text == "0" || text == "1" {
		return stop
	}
	for i := range len(text) {
		if text[i] == 'e' {
			return stop
		}
	}
	return digits
}

// nameEdge returns how a variable ends. f(x + 1) would not be taken for a
// product, though it is one.
func nameEdge(name string) edge {
	switch name {
	case "f", "g", "h", "F", "G", "H":
		return word
	}
	if utf8.RuneCountInString(name) == 1 && fn.ClassOf(name) == fn.NotFunction {
		return letter
	}
	return word
}

// callEdges returns how a call begins and ends.
func (p *printer) callEdges(e expr.Expr) (opening, edge) {
	f := e.Func()
	if u, ok := p.factorial(e); ok {
		first, _ := p.edges(step{e: u, need: syntax.PrecAtom})
		return first, raised
	}
	if e.Len() == 0 {
		return opening{named, f.Text()}, named
	}
	if p.o.Style == StyleUnicode {
		switch {
		case p.isRoot(e) && p.atom(e.Arg(0)):
			return opening{edge: root}, stop
		case p.isRoot(e):
			return opening{edge: root}, call
		case f.Name == "abs" && p.bars == 0:
			return opening{edge: bar}, bar
		}
	}
	return opening{call, f.Text()}, call
}

// bare reports whether an exponent goes without parentheses though it is no
// number: a name or a call.
func (p *printer) bare(e expr.Expr) bool {
	if _, ok := p.name(e); ok {
		return true
	}
	switch e.Op() {
	case expr.Var:
		return true
	case expr.Call:
		return p.o.Style != StyleUnicode || e.Func().Name != "abs" && !p.isRoot(e)
	}
	return false
}
