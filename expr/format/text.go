package format

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"nabla/expr"
	"nabla/expr/fn"
	"nabla/expr/syntax"
)

// text begins a node in the styles that read back: it prints what comes first
// and puts the rest on the stack.
func (p *printer) text(s step) {
	e := s.e
	if s.kind == inverse {
		p.power(e.Arg(0), e.Arg(1))
		return
	}
	if name, ok := p.name(e); ok {
		p.say(name)
		return
	}
	negative := s.flags&unsigned == 0 && (e.Op() == expr.Neg || p.minus(e))
	if p.precedence(e) < s.need || negative && s.flags&inner != 0 {
		p.group(e)
		return
	}
	switch e.Op() {
	case expr.Num:
		c := p.o.constant(e.Number())
		if negative {
			p.say(p.minusSign())
		}
		p.say(c.top)
		if c.bottom != "" {
			p.say("/")
			p.say(c.bottom)
		}
	case expr.Var:
		p.say(p.variable(e.Name()))
	case expr.Add:
		p.push(step{e: e, kind: sum})
	case expr.Mul:
		p.product(s, negative)
	case expr.Pow:
		if p.below(e) {
			p.say("1/")
			p.push(step{e: e, kind: inverse})
			return
		}
		p.power(e.Arg(0), e.Arg(1))
	case expr.Neg:
		p.say(p.minusSign())
		p.push(step{e: e.Arg(0), kind: node, need: syntax.PrecPower})
	case expr.Div:
		p.push(step{e: e.Arg(1), kind: divide, need: p.divisor(e.Arg(1))})
		p.push(step{e: e.Arg(0), kind: node, need: syntax.PrecProduct, flags: s.flags & inner})
	case expr.Call:
		p.call(e)
	case expr.If:
		p.say("if(")
		p.later(")")
		p.push(step{e: e, kind: list, text: ", "})
	case expr.Not:
		p.say("not ")
		p.push(step{e: e.Arg(0), kind: node, need: syntax.PrecAtom})
	case expr.And, expr.Or:
		p.push(step{e: e, kind: list, text: " " + textSigns[e.Op()] + " ", need: p.precedence(e), flags: inner})
	case expr.Diff:
		p.diff(e)
	default:
		sign := textSigns[e.Op()]
		if p.o.Style == StyleUnicode {
			switch e.Op() {
			case expr.Le:
				sign = "≤"
			case expr.Ge:
				sign = "≥"
			case expr.Ne:
				sign = "≠"
			}
		}
		p.push(step{e: e, kind: list, text: " " + sign + " ", need: syntax.PrecSum})
	}
}

// divisor returns the precedence that e needs after a /.
func (p *printer) divisor(e expr.Expr) int8 {
	if e.Op() == expr.Diff {
		return syntax.PrecPostfix // x/d/dx(y) is a riddle
	}
	return syntax.PrecPower
}

// divide goes on with what stands below the fraction bar: the formula e, or the
// inverse of a power e.
func (p *printer) divide(s step) {
	s.kind = node
	if s.flags&inverted != 0 {
		s.kind, s.flags = inverse, 0
	}
	u := s.e
	if u.Op() == expr.Pow {
		u = u.Arg(0)
	}
	if u.Op() == expr.Var && len(u.Name()) > 1 && u.Name()[0] == 'd' && endsInD(p.out) {
		p.say("/(") // d/dx would be a derivative
		p.later(")")
	} else {
		p.say("/")
	}
	p.push(s)
}

// endsInD reports whether a text ends in the name d or a power of it.
func endsInD(text []byte) bool {
	i := len(text)
	for i > 0 && (text[i-1] >= utf8.RuneSelf || '0' <= text[i-1] && text[i-1] <= '9') {
		i--
	}
	if i > 0 && text[i-1] == '^' {
		i--
	}
	return i > 0 && text[i-1] == 'd'
}

// textSigns are the relations and connectives as the parser reads them.
var textSigns = map[expr.Op]string{
	expr.Lt: syntax.Ops[syntax.Lt].Text, expr.Le: syntax.Ops[syntax.Le].Text, expr.Gt: syntax.Ops[syntax.Gt].Text,
	expr.Ge: syntax.Ops[syntax.Ge].Text, expr.Eq: syntax.Ops[syntax.Eq].Text, expr.Ne: syntax.Ops[syntax.Ne].Text,
	expr.And: syntax.Ops[syntax.And].Text, expr.Or: syntax.Ops[syntax.Or].Text,
}

func (p *printer) minusSign() string {
	if p.o.Style == StyleUnicode {
		return "−"
	}
	return "-"
}

// product begins a product.
func (p *printer) product(s step, negative bool) {
	e := s.e
	r := p.ratio(e)
	if r.hasBar() {
		switch {
		case r.below == 0:
			p.later(r.bottom)
			p.later("/")
		case r.below == 1 && r.bottom == "":
			p.push(step{e: p.only(e, r.first, true), kind: divide, flags: inverted})
		default:
			d := step{e: e, kind: divisors, i: r.first}
			if r.bottom != "" {
				d.after = numberEdge(r.bottom)
			}
			p.later(")")
			p.push(d)
			p.later(r.bottom)
			p.later("/(")
		}
	}
	f := step{e: e, kind: factors, i: r.first, flags: s.flags & inner}
	if negative {
		p.say(p.minusSign())
		f.after = sign
	}
	if r.top != "" {
		p.say(r.top)
		f.after = numberEdge(r.top)
	}
	p.push(f)
}

// power begins b^x; of a number x the absolute value is meant.
func (p *printer) power(b, x expr.Expr) {
	base := step{e: b, kind: node, need: syntax.PrecPostfix}
	_, shared := p.name(x)
	switch {
	case x.Op() == expr.Num:
		c := p.o.constant(x.Number())
		switch {
		case c.is("1") && x.Number().Sign() < 0:
			base.need = p.divisor(b)
		case c.bottom != "":
			p.later("^(" + c.top + "/" + c.bottom + ")")
		case p.o.Style == StyleUnicode && superscript(c.top) != "":
			p.later(superscript(c.top))
		default:
			p.later("^" + c.top)
		}
	case p.o.Style == StyleUnicode && !shared && p.negated(x) != "":
		p.later("⁻" + p.negated(x))
	case p.bare(x):
		p.push(step{e: x, kind: node})
		p.later("^")
	default:
		p.later(")")
		p.push(step{e: x, kind: node})
		p.later("^(")
	}
	p.push(base)
}

// negated returns n in raised digits when the exponent x is -n, n a whole number.
func (p *printer) negated(x expr.Expr) string {
	if x.Op() != expr.Neg || x.Arg(0).Op() != expr.Num || x.Arg(0).Number().Sign() < 0 {
		return ""
	}
	c := p.o.constant(x.Arg(0).Number())
	if c.bottom != "" {
		return ""
	}
	return superscript(c.top)
}

// superscript returns a whole number in raised digits, "" for other texts.
func superscript(text string) string {
	raised := [...]string{"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"}
	var b strings.Builder
	for i := range len(text) {
		if text[i] < '0' || text[i] > '9' {
			return ""
		}
		b.WriteString(raised[text[i]-'0'])
	}
	return b.String()
}

// variable returns the name of a variable: x_1 is x₁ in Unicode.
func (p *printer) variable(name string) string {
	if p.o.Style != StyleUnicode {
		return name
	}
	under := strings.IndexByte(name, '_')
	if under < 1 || under == len(name)-1 {
		return name
	}
	b := []byte(name[:under])
	for _, c := range []byte(name[under+1:]) {
		if c < '0' || c > '9' {
			return name
		}
		b = append(b, "₀"[0], "₀"[1], "₀"[2]+c-'0')
	}
	return string(b)
}

// isRoot reports whether e is a call that Unicode has a root sign for.
func (p *printer) isRoot(e expr.Expr) bool {
	name := e.Func().Name
	return p.o.Style == StyleUnicode && (name == "sqrt" || name == "cbrt")
}

// atom reports whether e is printed as a name or a number, so that a root sign
// needs no parentheses after it.
func (p *printer) atom(e expr.Expr) bool {
	if _, ok := p.name(e); ok {
		return true
	}
	switch e.Op() {
	case expr.Num:
		c := p.o.constant(e.Number())
		return !c.neg && c.bottom == "" && !c.scientific()
	case expr.Var:
		return true
	case expr.Call:
		return e.Len() == 0
	}
	return false
}

// factorial returns u when e is gamma(u + 1), to be printed as u!.
func (p *printer) factorial(e expr.Expr) (u expr.Expr, ok bool) {
	if !p.o.Factorials || e.Op() != expr.Call || e.Func().Name != "gamma" {
		return u, false
	}
	a := e.Arg(0)
	if _, named := p.name(a); named || a.Op() != expr.Add || !a.Arg(a.Len()-1).IsNum(1) {
		return u, false
	}
	if a.Len() == 2 {
		return a.Arg(0), true
	}
	const most = 200 // nodes, of which a copy is made
	if a.Size() > most {
		return u, false
	}
	pool := expr.NewPool()
	return pool.Make(expr.Add, pool.ImportAll(a.AppendArgs(nil)[:a.Len()-1]...)...), true
}

// callPrecedence returns how tightly the text of a call holds together.
func (p *printer) callPrecedence(e expr.Expr) int8 {
	_, factorial := p.factorial(e)
	switch {
	case factorial:
		return syntax.PrecPostfix
	case p.o.Style == StyleLaTeX:
		return latexPrecedence(e.Func())
	case e.Len() == 1 && p.isRoot(e):
		return syntax.PrecPower // √x^2 is √(x^2)
	}
	return syntax.PrecAtom
}

// call begins a call.
func (p *printer) call(e expr.Expr) {
	f := e.Func()
	if u, ok := p.factorial(e); ok {
		p.later("!")
		p.push(step{e: u, kind: node, need: syntax.PrecAtom})
		return
	}
	if p.o.Style == StyleUnicode {
		switch {
		case f.Name == "pi":
			p.say("π")
			return
		case f.Name == "inf":
			p.say("∞")
			return
		case f.Name == "abs" && p.bars == 0:
			p.bars++
			p.say("|")
			p.push(step{kind: unbar})
			p.push(step{e: e.Arg(0), kind: node})
			return
		case p.isRoot(e):
			p.say(map[string]string{"sqrt": "√", "cbrt": "∛"}[f.Name])
			if p.atom(e.Arg(0)) {
				p.push(step{e: e.Arg(0), kind: node})
			} else {
				p.group(e.Arg(0))
			}
			return
		}
	}
	p.say(f.Text())
	if e.Len() == 0 && f.Class == fn.Constant {
		return
	}
	p.say("(")
	p.later(")")
	p.push(step{e: e, kind: list, text: ", "})
}

// maxOrder is the highest order that one d^n/dx^n shows, as the parser has it.
const maxOrder = 1000

// order returns the formula and the order of the derivative e: derivatives of
// derivatives by the same variable are one.
func (p *printer) order(e expr.Expr) (u expr.Expr, n int) {
	u, n = e.Arg(0), 1
	for n < maxOrder && u.Op() == expr.Diff && u.Arg(1) == e.Arg(1) {
		if _, named := p.name(u); named {
			break
		}
		u, n = u.Arg(0), n+1
	}
	return u, n
}

// diff begins a derivative.
func (p *printer) diff(e expr.Expr) {
	x := e.Arg(1).Name()
	u, n := p.order(e)
	// dπ is d π, and dx[1] is no name.
	if strings.IndexByte(x, '[') >= 0 || strings.HasPrefix(x, "π") || fn.ClassOf("d"+x) != fn.NotFunction {
		tail := ", " + x
		if n > 1 {
			tail += ", " + strconv.Itoa(n)
		}
		p.say("diff(")
		p.later(tail + ")")
	} else {
		power := ""
		if n > 1 {
			power = "^" + strconv.Itoa(n)
			if p.o.Style == StyleUnicode {
				power = superscript(strconv.Itoa(n))
			}
		}
		p.say("d" + power + "/d" + x + power + "(")
		p.later(")")
	}
	p.push(step{e: u, kind: node})
}
