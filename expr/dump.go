package expr

import "strings"

// dumpLimit is the length in bytes at which String gives up: it is for tests
// and debugging. Package format prints formulas for people.
const dumpLimit = 4096

// String returns e in prefix notation, as "(add (pow x 2) 2)", cut off with an
// ellipsis after some four thousand bytes.
func (e Expr) String() string {
	if !e.Valid() {
		return "(none)"
	}
	var b strings.Builder
	type item struct {
		e     Expr
		close bool
	}
	stack := []item{{e: e}}
	for len(stack) > 0 {
		it := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if it.close {
			b.WriteByte(')')
			continue
		}
		if b.Len() > dumpLimit {
			return b.String() + "…"
		}
		if s := b.String(); s != "" && s[len(s)-1] != '(' {
			b.WriteByte(' ')
		}
		switch n := it.e; {
		case n.Op() == Num:
			b.WriteString(n.Number().String())
		case n.Op() == Var:
			b.WriteString(n.Name())
		case n.Op() == Call && n.Len() == 0:
			b.WriteString(n.Func().Name)
		default:
			name := n.Op().String()
			if n.Op() == Call {
				name = n.Func().Name
			}
			b.WriteString("(" + name)
			stack = append(stack, item{close: true})
			for i := n.Len() - 1; i >= 0; i-- {
				stack = append(stack, item{e: n.Arg(i)})
			}
		}
	}
	return b.String()
}
