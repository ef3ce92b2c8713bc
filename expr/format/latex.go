package format

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"nabla/expr"
	"nabla/expr/fn"
	"nabla/expr/syntax"
)

// latex begins a node in LaTeX: it prints what comes first and puts the rest on
// the stack.
func (p *printer) latex(s step) {
	e := s.e
	if s.kind == inverse {
		p.latexPower(e.Arg(0), e.Arg(1))
		return
	}
	if name, ok := p.name(e); ok {
		p.say(latexName(name))
		return
	}
	if s.flags&lifted != 0 {
		if e.Op() == expr.Neg {
			p.push(step{e: e.Arg(0), kind: node, need: syntax.PrecProduct, flags: inner})
		} else {
			p.latexProduct(s, false)
		}
		return
	}
	negative := s.flags&unsigned == 0 && (e.Op() == expr.Neg || p.minus(e))
	if p.precedence(e) < s.need || negative && s.flags&inner != 0 {
		p.group(e)
		return
	}
	switch e.Op() {
	case expr.Num:
		if negative {
			p.say("-")
		}
		p.say(latexConstant(p.o.constant(e.Number())))
	case expr.Var:
		p.say(latexName(e.Name()))
	case expr.Add:
		p.push(step{e: e, kind: sum})
	case expr.Mul:
		p.latexProduct(s, negative)
	case expr.Pow:
		if p.below(e) {
			p.say(`\frac{1}{`)
			p.later("}")
			p.push(step{e: e, kind: inverse})
			return
		}
		p.latexPower(e.Arg(0), e.Arg(1))
	case expr.Neg:
		p.say("-")
		p.push(step{e: e.Arg(0), kind: node, need: syntax.PrecProduct, flags: inner})
	case expr.Div:
		top := step{e: e.Arg(0), kind: node}
		if s.flags&inner == 0 && s.need <= syntax.PrecSign && p.liftable(top.e) {
			p.say("-")
			top.flags = lifted
		}
		p.say(`\frac{`)
		p.later("}")
		p.push(step{e: e.Arg(1), kind: node})
		p.later("}{")
		p.push(top)
	case expr.Call:
		p.latexCall(e)
	case expr.If:
		p.say(`\begin{cases}`)
		p.push(step{e: e, kind: pieces})
	case expr.Not:
		p.say(`\lnot `)
		p.push(step{e: e.Arg(0), kind: node, need: syntax.PrecAtom})
	case expr.And, expr.Or:
		p.push(step{e: e, kind: list, text: latexSigns[e.Op()], need: p.precedence(e), flags: inner})
	case expr.Diff:
		x := latexName(e.Arg(1).Name())
		u, n := p.order(e)
		if n > 1 {
			power := "^{" + strconv.Itoa(n) + "}"
			p.say(`\frac{d` + power + `}{d` + x + power + `}`)
		} else {
			p.say(`\frac{d}{d` + x + `}`)
		}
		p.group(u)
	default:
		p.push(step{e: e, kind: list, text: latexSigns[e.Op()], need: syntax.PrecSum})
	}
}

// liftable reports whether e begins with a minus sign that may stand before the
// fraction of which e is the numerator: (-2x)/3 is -\frac{2 x}{3}.
func (p *printer) liftable(e expr.Expr) bool {
	if _, named := p.name(e); named {
		return false
	}
	if e.Op() == expr.Mul && !p.ratio(e).hasBar() {
		e = e.Arg(0)
		if _, named := p.name(e); named {
			return false
		}
	}
	return e.Op() == expr.Neg
}

var latexSigns = map[expr.Op]string{
	expr.Lt: " < ", expr.Le: ` \le `, expr.Gt: " > ", expr.Ge: ` \ge `, expr.Eq: " = ", expr.Ne: ` \ne `,
	expr.And: ` \land `, expr.Or: ` \lor `,
}

// latexProduct begins a product.
func (p *printer) latexProduct(s step, negative bool) {
	e := s.e
	r := p.ratio(e)
	f := step{e: e, kind: factors, i: r.first, flags: s.flags & (inner | lifted)}
	if negative {
		p.say("-")
		f.after = sign
	}
	if !r.hasBar() {
		if r.top != "" {
			p.say(latexConstant(constant{top: r.top}))
			f.after = numberEdge(r.top)
		}
		p.push(f)
		return
	}
	p.say(`\frac{`)
	p.later("}")
	switch d := (step{e: e, kind: divisors, i: r.first}); {
	case r.bottom != "":
		d.after = numberEdge(r.bottom)
		p.push(d)
		p.later(latexConstant(constant{top: r.bottom}))
	case r.below == 1:
		p.push(step{e: p.only(e, r.first, true), kind: inverse})
	default:
		p.push(d)
	}
	p.later("}{")
	switch {
	case r.top != "":
		p.say(latexConstant(constant{top: r.top}))
		f.after = numberEdge(r.top)
		p.push(f)
	case r.above == 1:
		p.push(step{e: p.only(e, r.first, false), kind: node})
	default:
		f.flags = 0
		p.push(f)
	}
}

// latexPower begins b^x; of a number x the absolute value is meant.
func (p *printer) latexPower(b, x expr.Expr) {
	_, shared := p.name(b)
	_, factorial := p.factorial(b)
	number := x.Op() == expr.Num
	c := constant{}
	if number {
		if c = p.o.constant(x.Number()); c.is("1") && x.Number().Sign() < 0 {
			p.push(step{e: b, kind: node})
			return
		}
	}
	switch {
	case number && c.bottom == "" && !shared && !factorial && b.Op() == expr.Call && b.Len() > 0 && latexRaised(b.Func()):
		p.say(latexFunction(b.Func()) + "^{" + latexConstant(c) + `}\left(`)
		p.later(`\right)`)
		p.push(step{e: b, kind: list, text: ", "})
		return
	case number:
		p.later("^{" + latexConstant(c) + "}")
	default:
		p.later("}")
		p.push(step{e: x, kind: node})
		p.later("^{")
	}
	p.push(step{e: b, kind: node, need: syntax.PrecPostfix})
}

// latexConstant returns the absolute value of a constant.
func latexConstant(c constant) string {
	if c.bottom != "" {
		return `\frac{` + latexConstant(constant{top: c.top}) + "}{" + latexConstant(constant{top: c.bottom}) + "}"
	}
	mantissa, exponent, ok := strings.Cut(c.top, "e")
	switch {
	case !ok:
		return c.top
	case mantissa == "1":
		return "10^{" + exponent + "}"
	}
	return mantissa + ` \cdot 10^{` + exponent + "}"
}

// latexOperator reports whether f is written as a name and its arguments in
// parentheses, as in \sin\left(x\right).
func latexOperator(f *fn.Func) bool { return strings.IndexByte(f.LaTeX, '$') < 0 }

// latexRaised reports whether a power of f is written as \sin^{2}\left(x\right).
func latexRaised(f *fn.Func) bool { return latexOperator(f) && strings.IndexByte(f.LaTeX, '^') < 0 }

// latexFunction returns the name of f.
func latexFunction(f *fn.Func) string {
	if f.LaTeX == "" {
		return `\operatorname{` + strings.ReplaceAll(f.Text(), "_", `\_`) + "}"
	}
	return f.LaTeX
}

// latexPrecedence returns how tightly a call of f holds together.
func latexPrecedence(f *fn.Func) int8 {
	switch {
	case f.Class == fn.Constant, strings.HasPrefix(f.LaTeX, `\left`), strings.HasPrefix(f.LaTeX, `\sqrt`):
		return syntax.PrecAtom
	}
	return syntax.PrecPower // \sin(x)^2 would be the sine of a square to many
}

// latexCall begins a call.
func (p *printer) latexCall(e expr.Expr) {
	f := e.Func()
	if u, ok := p.factorial(e); ok {
		p.later("!")
		p.push(step{e: u, kind: node, need: syntax.PrecAtom})
		return
	}
	if latexOperator(f) {
		p.say(latexFunction(f))
		if e.Len() == 0 && f.Class == fn.Constant {
			return
		}
		p.say(`\left(`)
		p.later(`\right)`)
		p.push(step{e: e, kind: list, text: ", "})
		return
	}
	// The template is cut into texts and $1, $2 …, last first.
	rest := f.LaTeX
	for {
		at := strings.LastIndexByte(rest, '$')
		if at < 0 || at+1 == len(rest) {
			break
		}
		i, tail := int(rest[at+1]-'1'), rest[at+2:]
		before := rest[:at]
		p.later(tail)
		if 0 <= i && i < e.Len() {
			u := step{e: e.Arg(i), kind: node, need: syntax.PrecPostfix}
			if enclosed(before, tail) {
				u.need = 0
			}
			p.push(u)
		}
		rest = before
	}
	p.say(rest)
}

// enclosed reports whether what stands between two texts of a template is in
// brackets there.
func enclosed(before, after string) bool {
	opens := false
	for _, b := range []string{"{", "[", `\left(`, `\left|`, `\lfloor`, `\lceil`, ", "} {
		opens = opens || strings.HasSuffix(strings.TrimRight(before, " ")+" ", b+" ") || strings.HasSuffix(before, b)
	}
	closes := false
	for _, b := range []string{"}", "]", `\right`, ","} {
		closes = closes || strings.HasPrefix(strings.TrimLeft(after, " "), b)
	}
	return opens && closes
}

// pieces goes on with the cases of an if.
func (p *printer) pieces(s step) {
	e := s.e
	if _, named := p.name(e); e.Op() != expr.If || named && s.i > 0 {
		p.later(` & \text{otherwise} \end{cases}`)
		p.push(step{e: e, kind: node})
		p.later(" ")
		return
	}
	p.push(step{e: e.Arg(2), kind: pieces, i: 1})
	p.later(` \\`)
	p.push(step{e: e.Arg(0), kind: node})
	p.later(` & \text{if } `)
	p.push(step{e: e.Arg(1), kind: node})
	p.later(" ")
}

// latexName returns the name of a variable: x1, x_1 and x[1] are x_{1}, lambda
// is \lambda, and a longer name is upright.
func latexName(name string) string {
	head, sub := name, ""
	if i := strings.IndexByte(name, '['); i > 0 {
		head, sub = name[:i], strings.TrimSuffix(name[i+1:], "]")
		return latexName(head) + "_{" + sub + "}"
	}
	if i := strings.IndexByte(name, '_'); i > 0 && i < len(name)-1 {
		head, sub = name[:i], name[i+1:]
	} else if i < 0 {
		head = strings.TrimRight(name, "0123456789")
		sub = name[len(head):]
	}
	head = latexWord(head)
	if sub == "" {
		return head
	}
	if strings.Trim(sub, "0123456789") != "" {
		sub = latexWord(sub)
	}
	return head + "_{" + sub + "}"
}

// latexWord returns a name without an index.
func latexWord(word string) string {
	if greek[word] {
		return `\` + word
	}
	if command, ok := greekLetters[word]; ok {
		return `\` + command
	}
	word = strings.ReplaceAll(word, "_", `\_`)
	if utf8.RuneCountInString(word) > 1 {
		return `\mathrm{` + word + "}"
	}
	return word
}

// greek are the letters that LaTeX has commands for.
var greek = func() map[string]bool {
	m := make(map[string]bool)
	for _, name := range greekLetters {
		m[name] = true
	}
	return m
}()

var greekLetters = map[string]string{
	"α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "ζ": "zeta", "η": "eta", "θ": "theta",
	"ι": "iota", "κ": "kappa", "λ": "lambda", "μ": "mu", "ν": "nu", "ξ": "xi", "π": "pi", "ρ": "rho", "σ": "sigma",
	"τ": "tau", "υ": "upsilon", "φ": "phi", "χ": "chi", "ψ": "psi", "ω": "omega",
	"Γ": "Gamma", "Δ": "Delta", "Θ": "Theta", "Λ": "Lambda", "Ξ": "Xi", "Π": "Pi", "Σ": "Sigma", "Υ": "Upsilon",
	"Φ": "Phi", "Ψ": "Psi", "Ω": "Omega",
}
