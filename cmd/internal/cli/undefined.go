package cli

import (
	"math"
	"strings"
	"unicode/utf8"

	"nabla/expr"
	"nabla/expr/simplify"
)

// An undefined says where a formula has no value and why.
type undefined struct {
	Where   string  `json:"where"`             // the part of the formula that has none
	Columns *[2]int `json:"columns,omitempty"` // where it was typed: first and last column, from 1
	Because string  `json:"because"`

	kink bool // the formula may have a value, which is no derivative there
}

// An explainer says why formulas are undefined.
type explainer struct {
	formula *expr.Formula // the formula that was typed
	print   func(expr.Expr) string
	digits  int
}

// why explains why e has no value at p. The answer always names a part of e: the
// smallest that is known to have none.
func (x *explainer) why(e expr.Expr, p place) *undefined {
	part, operands, missed := blame(e, p)
	u := &undefined{Where: x.print(part), Because: x.because(part, operands, missed)}
	if x.formula == nil {
		return u
	}
	if span, ok := x.formula.Place(part); ok {
		text := strings.TrimRight(x.formula.Source.Slice(span), " \t\n")
		if _, first := x.formula.Source.Position(span.Pos); !strings.Contains(text, "\n") {
			u.Columns = &[2]int{first, first + utf8.RuneCountInString(text) - 1}
		}
	}
	return u
}

// unmet returns the first of the conditions that is not known to be met at p, and
// false when all are.
func unmet(conditions []expr.Expr, p place) (expr.Expr, bool) {
	for _, c := range conditions {
		v, err := newEvaluator(p.names, []expr.Expr{c})
		if err != nil {
			continue
		}
		if o := v.at(p)[0]; o.value == 0 || o.undefined || o.doubtful {
			return c, true
		}
	}
	return expr.Expr{}, false
}

// kink says that p is not known to be off a kink of the formula, where c fails and
// the derivative e does not hold.
func (x *explainer) kink(e, c expr.Expr) *undefined {
	return &undefined{Where: x.print(e), Because: "the derivative holds only for " + x.print(c), kink: true}
}

// blame returns the first part of e that has no value at p although all of its
// operands have, and their values. Float arithmetic finds most; what it passes
// over, as 1/(1/x) at 0 and tan(pi/2), exact arithmetic does, and then missed
// says that the domain of the part is known not to hold the operands.
func blame(e expr.Expr, p place) (part expr.Expr, operands []float64, missed bool) {
	if v, err := newEvaluator(p.names, []expr.Expr{e}); err == nil {
		if part, operands, found := v.machine.Undefined(p.x); found {
			return part, operands, false
		}
	}
	part = e
	if e.Size() <= exactLimit {
	search:
		for n := range e.All() {
			if n.Op().IsCondition() || n.Op() == expr.If {
				continue // the case may be one that is not taken
			}
			for _, c := range simplify.Domain(p.substitute(n)) {
				if truth, known := simplify.Truth(c); known && !truth {
					part, missed = n, true
					break search
				}
			}
		}
	}
	v, err := newEvaluator(p.names, part.AppendArgs(nil))
	if err != nil || part.Op().IsCondition() || part.Op() == expr.If {
		return part, nil, missed
	}
	for _, o := range v.at(p) {
		operands = append(operands, o.value)
	}
	return part, operands, missed
}

// because says why n, whose operands have the values v, has none. missed is what
// blame says.
func (x *explainer) because(n expr.Expr, v []float64, missed bool) string {
	switch {
	case n.Op() == expr.Num:
		return "it is larger than a float64 can hold"
	case n.IsCall("inf"):
		return "inf is no real number"
	case n.Len() == 0 || len(v) != n.Len():
		return "it has no value there"
	}
	switch n.Op() {
	case expr.Div:
		if v[1] == 0 {
			return x.is(n.Arg(1), v[1], "the divisor is 0")
		}
	case expr.Pow:
		switch {
		case v[0] == 0 && v[1] < 0:
			return x.is(n.Arg(0), v[0], "the divisor is 0")
		case v[0] < 0 && v[1] != math.Trunc(v[1]):
			number := formatNumber(v[0], x.digits)
			return x.is(n.Arg(0), v[0], number) + " < 0"
		}
	case expr.Call:
		if why := x.outside(n, v); why != "" {
			return why
		}
		if missed {
			return n.Func().Usage() + " needs " + x.print(simplify.Template(n.Func(), n.Func().Domain))
		}
	}
	for _, a := range v {
		if !finite(a) {
			return "it has no value there"
		}
	}
	return "the value is larger than a float64 can hold"
}

// is says what value e has, and plain where e is that number already.
func (x *explainer) is(e expr.Expr, value float64, plain string) string {
	text, number := x.print(e), formatNumber(value, x.digits)
	if text == number || text == "("+number+")" {
		return plain
	}
	return text + " = " + number
}

// outside says which part of the domain of the call n its arguments v miss, "" if
// they miss none.
func (x *explainer) outside(n expr.Expr, v []float64) string {
	f := n.Func()
	if f.Domain == "" {
		return ""
	}
	// The condition in the letters of the row, and in the arguments of the call.
	c := simplify.Template(f, f.Domain)
	shown := simplify.Instance(f, f.Domain, n.Pool(), n.AppendArgs(nil))
	value := func(e expr.Expr) float64 {
		w, err := newEvaluator(f.Args, []expr.Expr{e})
		if err != nil {
			return math.NaN()
		}
		return w.at(place{names: f.Args, x: v})[0].value
	}
	if c.Op() == expr.And {
		for i, part := range c.Args() {
			if w, err := newEvaluator(f.Args, []expr.Expr{part}); err == nil && w.floats(v)[0] == 0 {
				c, shown = part, shown.Arg(i)
				break
			}
		}
	}
	if w, err := newEvaluator(f.Args, []expr.Expr{c}); err != nil || w.floats(v)[0] != 0 {
		return ""
	}
	if c.Op().IsRelation() {
		if why := x.violated(shown, value(c.Arg(0)), value(c.Arg(1))); why != "" {
			return why
		}
		return f.Usage() + " needs " + x.print(c)
	}
	parts := make([]string, len(v))
	for i := range v {
		number := formatNumber(v[i], x.digits)
		parts[i] = x.is(n.Arg(i), v[i], f.Args[i]+" = "+number)
	}
	return strings.Join(parts, ", ") + ", and " + f.Usage() + " needs " + x.print(c)
}

// violated says how a relation that does not hold is missed, l and r being the
// values of its sides: "x - 3 = -0.9 < 0". It is "" where that says nothing.
func (x *explainer) violated(c expr.Expr, l, r float64) string {
	number := formatNumber(l, x.digits)
	s := x.is(c.Arg(0), l, number)
	switch {
	case l < r:
		return s + " < " + x.print(c.Arg(1))
	case l > r:
		return s + " > " + x.print(c.Arg(1))
	case s == number:
		return ""
	case c.Arg(1).Op() == expr.Num:
		return s
	}
	return s + " = " + x.print(c.Arg(1))
}

func finite(x float64) bool { return x-x == 0 }
