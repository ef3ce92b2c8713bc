package simplify

import (
	"sync"

	"nabla/expr"
	"nabla/expr/fn"
	"nabla/expr/number"
)

// A template is a formula of a row of the table of functions, read once.
type templateKey struct {
	f    *fn.Func
	text string
}

var templates sync.Map // templateKey → *expr.Walk, whose last node is the formula

// Template returns the formula or condition text of the row f, read. It panics
// when the row is wrong, which the tests of the table exclude.
func Template(f *fn.Func, text string) expr.Expr {
	w := template(f, text)
	return w.At(w.Len() - 1)
}

func template(f *fn.Func, text string) *expr.Walk {
	key := templateKey{f, text}
	if w, ok := templates.Load(key); ok {
		return w.(*expr.Walk)
	}
	e, err := expr.Reader{Name: "function " + f.Name, Conditions: true}.Expr(text)
	if err != nil {
		panic(err)
	}
	w := expr.Order(e)
	templates.Store(key, w)
	return w
}

// Instance returns the formula text of the row f with the letters of its
// arguments replaced by args, made by mk.
func Instance(f *fn.Func, text string, mk expr.Maker, args []expr.Expr) expr.Expr {
	w := template(f, text)
	leaf := func(x expr.Expr) (expr.Expr, bool) {
		for i, name := range f.Args {
			if name == x.Name() {
				return args[i], true
			}
		}
		return x, false
	}
	// The formulas of rows are short: their parts fit on the stack.
	var parts [24]expr.Expr
	made := parts[:0]
	var operands [4]expr.Expr
	for i := range w.Len() {
		n := w.At(i)
		ops := operands[:0]
		for k := range n.Len() {
			ops = append(ops, made[w.Place(n.Arg(k))])
		}
		made = append(made, expr.Remake(n, mk, ops, leaf))
	}
	return made[len(made)-1]
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
		from := Template(f, r.From)
		if from.Op() != expr.Call || from.Func() != f || len(from.Vars()) > 0 {
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

// known returns the value of f at args when the table or exact arithmetic
// gives it.
func (t *Tidier) known(f *fn.Func, args []expr.Expr) (expr.Expr, bool) {
	if len(args) == 0 {
		return expr.Expr{}, false
	}
	numbers := make([]number.Number, 0, 4)
	for _, a := range args {
		switch {
		case a.Op() == expr.Num:
			numbers = append(numbers, a.Number())
		case a.Op() == expr.Var || !t.isConstant(a):
			return expr.Expr{}, false
		}
	}
	if len(numbers) == len(args) {
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
