package syntax

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/alecthomas/participle/v2/lexer"
)

// A StatementKind says what a Statement is for.
type StatementKind uint8

const (
	Formula  StatementKind = iota // the last statement: what is asked about
	Value                         // a = 3
	Function                      // g(t) = exp(-t^2)
)

// A Statement is a definition or the formula, with its left-hand side if it
// has one. The left-hand side of a formula names it and its variables:
//
//	y = …                          Name y
//	f(x, y) = …                    Name f, Params x y
//	f'(x) = …, y'' = …             Primes counts the primes
//	df/dx = …, df(x)/dx = …,
//	d/dx(f) = …, d/dx f(x) = …     Name f, Primes 1, Wrt x
//	d^2y/dx^2 = …, d^2/dx^2(y) = … Name y, Primes 2, Wrt x
//	= …                            nothing
//
// All names are spelled as by Tree.Text.
type Statement struct {
	Kind       StatementKind
	Name       string // "" without a left-hand side
	NameSpan   Span
	Params     []string // nil without parentheses, never empty
	ParamSpans []Span
	Primes     int    // which derivative of Name the formula is said to be
	Wrt        string // the variable of that derivative, "" when none is named
	WrtSpan    Span
	Body       *Tree
	Span       Span // all of it
}

// An Input is a text that has been read: definitions, then one formula. There
// is always at least one statement.
type Input struct {
	Source     *Source
	Statements []Statement
}

// Formula is the last statement.
func (in *Input) Formula() *Statement { return &in.Statements[len(in.Statements)-1] }

// Definitions are the statements before the last.
func (in *Input) Definitions() []Statement { return in.Statements[:len(in.Statements)-1] }

// Parse reads a text: statements separated by ; or new lines, of which all but
// the last are definitions. name is the text's name in messages and may be
// empty. All errors are of type *Error. Parse may be called from several
// goroutines at once if v may; the Input shares nothing with other calls.
func Parse(name, text string, v Vocabulary) (*Input, error) {
	if len(text) > MaxText {
		return nil, &Error{Source: &Source{Name: name, Text: text}, Limit: true,
			Msg: fmt.Sprintf("the text has %d bytes, more than %d", len(text), MaxText), Hint: "give it in several texts"}
	}
	r := readers.Get().(*reader)
	defer r.release()
	r.vocab = v
	return r.parse(name, text)
}

func (r *reader) parse(name, text string) (*Input, error) {
	tokens, err := r.LexString(name, text)
	if err != nil {
		return nil, err
	}
	src := r.src
	if r.bad != nil && r.bad.Limit {
		return nil, r.bad
	}
	if len(r.pieces) == 0 {
		end := int32(len(text))
		return nil, &Error{Source: src, Span: Span{end, end}, Msg: "expected a formula, found nothing", Hint: "write one, such as x^2 + 2"}
	}
	for _, p := range r.pieces {
		if p.equals-p.first > maxLeft {
			return nil, &Error{Source: src, Span: Span{r.tokens[p.first].pos, r.tokens[p.equals].end}, Limit: true,
				Msg: fmt.Sprintf("more than %d words on the left of =", maxLeft), Hint: "name fewer variables"}
		}
	}
	lex, err := lexer.Upgrade(tokens)
	if err != nil {
		return nil, err
	}
	file, err := r.grammar.ParseFromLexer(lex)
	if err != nil {
		return nil, r.failure(err)
	}
	in := &Input{Source: src, Statements: make([]Statement, len(file.Statements))}
	defined := make(map[string]bool, len(file.Statements)-1)
	for i, st := range file.Statements {
		last := i == len(file.Statements)-1
		if in.Statements[i], err = r.statement(st, r.pieces[i], last); err != nil {
			return nil, err
		}
		s := &in.Statements[i]
		switch {
		case s.Name != "" && s.Primes == 0 && defined[s.Name]:
			return nil, r.errorf(s.NameSpan, "choose another name", "%s is defined twice", quote(s.Name))
		case last && r.pieces[i].unsure && !r.mentions(r.pieces[i], in.Statements[i-1].Name):
			at := r.tokens[r.pieces[i].first]
			return nil, r.errorf(at.span(), "join the lines, or put a ; between them",
				"does this line go on with the one before, or is it a formula of its own?")
		}
		defined[s.Name] = true
	}
	return in, nil
}

// mentions reports whether a name occurs in a piece.
func (r *reader) mentions(p piece, name string) bool {
	for _, t := range r.tokens[p.first:p.end] {
		if t.kind == tokName && r.spell(t) == name {
			return true
		}
	}
	return false
}

// statement makes a Statement of what the grammar found.
func (r *reader) statement(st *statement, p piece, last bool) (Statement, error) {
	first, end := r.tokens[p.first], r.tokens[p.end-1]
	s := Statement{Body: st.Formula.(*Tree), Span: Span{first.pos, end.end}}
	if p.equals >= 0 && st.Head != nil {
		if err := r.left(&s, st.Head, Span{first.pos, r.tokens[p.equals-1].end}); err != nil {
			return s, err
		}
	}
	if last {
		return s, nil
	}
	switch {
	case s.Name == "":
		return s, r.errorf(s.Span, "name it, as in a = 3, or join the lines", "only the last formula may stand without a name")
	case s.Primes > 0:
		return s, r.errorf(Span{first.pos, r.tokens[p.equals-1].end}, "define the function itself, as in f(x) = x^2",
			"a derivative is not a definition")
	case s.Params != nil:
		s.Kind = Function
	default:
		s.Kind = Value
	}
	return s, nil
}

// left fills in what a left-hand side says.
func (r *reader) left(s *Statement, h *head, at Span) error {
	if h.Order == nil && h.Of == nil && h.Below == nil { // y, f(x), f'(x)
		if h.Params != nil {
			if err := r.params(s, h.Params); err != nil {
				return err
			}
		}
		s.Name, s.NameSpan = r.spelled(h.Name)
		for _, p := range h.Primes {
			s.Primes += primes(p.Value)
		}
		return nil
	}
	return r.leibniz(s, h, at)
}

// leibniz fills in what dy/dx and its like say.
func (r *reader) leibniz(s *Statement, h *head, at Span) error {
	wrong := r.headError(at, "unknown left-hand side")
	if h.Below == nil || len(h.Primes) > 0 {
		return wrong
	}
	above, span := r.spelled(h.Name)
	below, wrt := r.spelled(h.Below.Name)
	if above[0] != 'd' || below[0] != 'd' || len(below) == 1 {
		return wrong
	}
	s.Wrt, s.WrtSpan = below[1:], r.withoutD(wrt)
	var of *named
	switch {
	case h.Below.Of != nil && above == "d" && h.Of == nil && h.Params == nil: // d/dx(f)
		if of = h.Below.Of.Nested; of == nil {
			of = h.Below.Of.Bare
		}
		s.Name, s.NameSpan = r.spelled(of.Name)
		if of.Params != nil {
			if err := r.params(s, of.Params); err != nil {
				return err
			}
		}
	case h.Below.Of != nil:
		return wrong
	case h.Of != nil && above == "d" && h.Order != nil: // d^2y/dx^2
		s.Name, s.NameSpan = r.spelled(*h.Of)
	case h.Of == nil && len(above) > 1 && h.Order == nil: // dy/dx
		s.Name, s.NameSpan = above[1:], r.withoutD(span)
	default:
		return wrong
	}
	if h.Params != nil {
		if err := r.params(s, h.Params); err != nil {
			return err
		}
	}
	n, m := orderOf(h.Order), orderOf(h.Below.Order)
	if n != m || n < 1 {
		return r.headError(at, "the orders above and below / differ")
	}
	if n > maxOrder {
		return r.limitOrder(at)
	}
	s.Primes = n
	return nil
}

// params fills in the variables that f(x, y) names.
func (r *reader) params(s *Statement, p *params) error {
	seen := make(map[string]bool, len(p.List)/2+1)
	for _, t := range p.List {
		if t.Type != nameToken {
			continue
		}
		name, at := r.spelled(t)
		if seen[name] {
			return r.errorf(at, "name each variable once", "%s is named twice", quote(name))
		}
		seen[name] = true
		s.Params, s.ParamSpans = append(s.Params, name), append(s.ParamSpans, at)
	}
	return nil
}

// spelled is the name that a token of a left-hand side holds, and its place.
func (r *reader) spelled(t lexer.Token) (string, Span) {
	pos := int32(t.Pos.Offset)
	return plainName(t.Value), Span{pos, pos + int32(len(t.Value))}
}

// withoutD is the y of the span of dy.
func (r *reader) withoutD(at Span) Span {
	d := len("d")
	if strings.HasPrefix(r.src.Slice(at), "∂") {
		d = len("∂")
	}
	return Span{at.Pos + int32(d), at.End}
}

// orderOf is the number of an order, 1 when there is none and 0 when it is no
// positive whole number. Numbers past maxOrder are maxOrder+1.
func orderOf(o *order) int {
	if o == nil {
		return 1
	}
	if o.Number.Value != "" {
		return wholeNumber(o.Number.Value)
	}
	return wholeNumber(o.Sup.Value)
}

// wholeNumber is the value of a literal, 0 when it is no positive whole number
// and maxOrder+1 when it is larger than maxOrder.
func wholeNumber(literal string) int {
	if r := []rune(literal); r[0] == '⁻' {
		return 0
	}
	literal = strings.TrimLeft(plainNumber(literal), "0")
	if literal == "" || strings.Trim(literal, "0123456789") != "" {
		return 0
	}
	n, err := strconv.Atoi(literal)
	if err != nil || n > maxOrder {
		return maxOrder + 1
	}
	return n
}

// primes counts ', ′ and, as two, ″.
func primes(text string) int {
	if text == "″" {
		return 2
	}
	return 1
}

// headError is an error about a left-hand side.
func (r *reader) headError(at Span, msg string) *Error {
	return &Error{Source: r.src, Span: at, Msg: msg,
		Hint: "write y =, f(x) =, f'(x) = or dy/dx = before a formula, and == to compare"}
}

// A scope says what the definitions so far have made of names.
type scope struct {
	functions, values map[string]bool
	params            map[string]bool // of the statement being read
}

// declare takes the names of a left-hand side into the scope, before the
// right-hand side is read: the first name, as a function if parentheses or
// primes follow, and the names between parentheses as variables. What
// Leibniz's notation names (df/dx, d/dx(f)) is not declared by it.
func (r *reader) declare(p piece) {
	clear(r.scope.params)
	if p.equals < 0 {
		return
	}
	left := r.tokens[p.first:p.equals]
	slash := false
	for _, t := range left {
		slash = slash || t.kind == tokSlash
	}
	depth := 0
	for i, t := range left {
		switch t.kind {
		case tokOpen:
			depth++
		case tokName:
			name := r.spell(t)
			switch {
			case depth > 0 && !(slash && r.scope.functions[name]):
				put(&r.scope.params, name)
			case i > 0 || slash:
			case len(left) > 1:
				put(&r.scope.functions, name)
			default:
				put(&r.scope.values, name)
			}
		}
	}
}

func put(set *map[string]bool, name string) {
	if *set == nil {
		*set = make(map[string]bool)
	}
	(*set)[name] = true
}
