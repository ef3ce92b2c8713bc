package simplify

import (
	"slices"
	"strings"
	"sync"
	"unicode"

	"nabla/expr"
	"nabla/expr/fn"
	"nabla/expr/number"
)

// A template is a formula of a row of the table of functions, read once: its
// nodes, operands first.
type template struct {
	text  string
	parts []part
}

// A part is a node of a template.
type part struct {
	node     expr.Expr
	letter   int     // the argument of the function that it stands for, or -1
	operands []int32 // parts
}

// templates holds what has been read of each row: of *fn.Func a []*template that
// does not change; a longer one takes its place.
var templates sync.Map

// Template returns the formula or condition text of the row f, read. It panics
// when the row is wrong, which the tests of the table exclude.
func Template(f *fn.Func, text string) expr.Expr {
	m := templateOf(f, text)
	return m.parts[len(m.parts)-1].node
}

func templateOf(f *fn.Func, text string) *template {
	var known []*template
	if list, ok := templates.Load(f); ok {
		known = list.([]*template)
		for _, m := range known {
			if m.text == text {
				return m
			}
		}
	}
	e, err := expr.Reader{Name: "function " + f.Name, Conditions: true}.Expr(text)
	if err != nil {
		panic(err)
	}
	m := &template{text: text}
	w := expr.Order(e)
	for i, n := range w.Each() {
		q := part{node: n, letter: -1, operands: w.AppendPlaces(nil, i)}
		if n.Op() == expr.Var {
			q.letter = slices.Index(f.Args, n.Name())
		}
		m.parts = append(m.parts, q)
	}
	templates.Store(f, append(slices.Clip(known), m))
	return m
}

// Instance returns the formula text of the row f with the letters of its
// arguments replaced by args, made by mk.
func Instance(f *fn.Func, text string, mk expr.Maker, args []expr.Expr) expr.Expr {
	m := templateOf(f, text)
	if t, ok := mk.(*Tidier); ok {
		return t.instance(m, args)
	}
	made := make([]expr.Expr, 0, len(m.parts))
	args = slices.Clone(args)
	for i := range m.parts {
		q := &m.parts[i]
		if q.letter >= 0 {
			made = append(made, args[q.letter])
			continue
		}
		var operands []expr.Expr
		for _, k := range q.operands {
			operands = append(operands, made[k])
		}
		made = append(made, expr.Remake(q.node, mk, operands, nil))
	}
	return made[len(made)-1]
}

// instance is Instance for tidy formulas.
func (t *Tidier) instance(m *template, args []expr.Expr) expr.Expr {
	start := len(t.exprs)
	for i := range m.parts {
		q := &m.parts[i]
		if q.letter >= 0 {
			t.exprs = append(t.exprs, args[q.letter])
			continue
		}
		first := len(t.exprs)
		for _, k := range q.operands {
			t.exprs = append(t.exprs, t.exprs[start+int(k)])
		}
		e := t.Remake(q.node, t.exprs[first:])
		t.exprs = append(t.exprs[:first], e)
	}
	e := t.exprs[len(t.exprs)-1]
	t.exprs = t.exprs[:start]
	return e
}

// A value is an identity of the table without a letter in it: sin(pi/2) = 1.
type value struct {
	args []expr.Expr // tidy
	to   expr.Expr
}

var values sync.Map // *fn.Func → []value

// valuesOf returns the identities of f that have no letter on the left.
func valuesOf(f *fn.Func) []value {
	if v, ok := values.Load(f); ok {
		return v.([]value)
	}
	var list []value
	t := New()
	for _, r := range f.Rules {
		if !strings.HasPrefix(r.From, f.Name+"(") || hasLetters(r.From) {
			continue // is not worth reading
		}
		from := Template(f, r.From)
		if from.Op() != expr.Call || from.Func() != f || !from.IsConstant() {
			continue
		}
		v := value{to: t.Tidy(Template(f, r.To))}
		for _, a := range from.Args() {
			v.args = append(v.args, t.Tidy(a))
		}
		list = append(list, v)
	}
	values.Store(f, list)
	return list
}

// hasLetters reports whether a text of the table has a word that is no function or constant.
func hasLetters(text string) bool {
	words := strings.FieldsFuncSeq(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	for w := range words {
		if !unicode.IsDigit(rune(w[0])) && fn.Lookup(w) == nil {
			return true
		}
	}
	return false
}

// known returns the value of f at args when the table or exact arithmetic
// gives it.
func (t *Tidier) known(f *fn.Func, args []expr.Expr) (expr.Expr, bool) {
	if len(args) == 0 {
		return expr.Expr{}, false
	}
	numerical := true
	for _, a := range args {
		switch {
		case a.Op() == expr.Num:
		case a.Op() == expr.Var || !t.isConstant(a):
			return expr.Expr{}, false
		default:
			numerical = false
		}
	}
	if numerical && f.Exact != nil {
		numbers := make([]number.Number, len(args))
		for i, a := range args {
			numbers[i] = a.Number()
		}
		if v, ok := exactValue(f, numbers); ok {
			return t.Num(v), true
		}
	}
search:
	for _, v := range valuesOf(f) {
		if len(v.args) != len(args) {
			continue
		}
		for i, a := range v.args {
			if !expr.Equal(a, args[i]) {
				continue search
			}
		}
		return t.Tidy(v.to), true
	}
	return expr.Expr{}, false
}
