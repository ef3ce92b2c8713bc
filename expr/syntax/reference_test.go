package syntax

import (
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// A reference reads formulas a second way: by recursive descent, one method a
// level of the language page, over words that stand apart. It covers
// operators, juxtaposition, bars, calls, indices and textbook functions, and
// panics on what it cannot read.
type reference struct {
	words []string
	last  string   // the word before the next
	open  []string // the brackets round the next word
}

func refer(text string) (tree string, ok bool) {
	r := &reference{words: append(strings.Fields(text), "end")}
	defer func() {
		if recover() != nil {
			tree, ok = "", false
		}
	}()
	tree = r.or()
	r.take("end")
	return tree, true
}

func (r *reference) next() string { return r.words[0] }

func (r *reference) take(any ...string) string {
	w := r.next()
	if len(any) > 0 && !slices.Contains(any, w) {
		panic("expected " + any[0])
	}
	r.last, r.words = w, r.words[1:]
	return w
}

func (r *reference) is(any ...string) bool { return slices.Contains(any, r.next()) }

func (r *reference) left(operand func() string, ops ...string) string {
	u := operand()
	for r.is(ops...) {
		op := r.take()
		u += " " + operand() + " " + op
	}
	return u
}

func (r *reference) or() string  { return r.left(r.and, "or") }
func (r *reference) and() string { return r.left(r.relation, "and") }

var relations = []string{"<", "<=", ">", ">=", "==", "!="}

func (r *reference) relation() string {
	u := r.sum()
	if r.is(relations...) {
		op := r.take()
		u += " " + r.sum() + " " + op
		if r.is(relations...) {
			panic("relations do not chain")
		}
	}
	return u
}

func (r *reference) sum() string { return r.left(r.product, "+", "-") }

func (r *reference) product() string {
	u := r.sign()
	for {
		switch {
		case r.is("*", "/"):
			op := r.take()
			u += " " + r.sign() + " " + op
		case r.begins():
			u += " " + r.factor() + " ·"
		default:
			return u
		}
	}
}

// factors reads what a textbook function without parentheses is applied to.
func (r *reference) factors() string {
	if r.is("-", "+", "not") || !r.begins() && !r.is("|") {
		panic("operand missing")
	}
	u := r.power()
	for r.begins() && !r.function() {
		u += " " + r.factor() + " ·"
	}
	return u
}

// factor reads a factor that no operator stands before.
func (r *reference) factor() string {
	if numeric(r.last) && numeric(r.next()) {
		panic("two numbers")
	}
	return r.power()
}

func numeric(w string) bool { _, err := strconv.ParseFloat(w, 64); return err == nil && w != "inf" }

// begins reports whether the next word begins a factor.
func (r *reference) begins() bool {
	w := r.next()
	if w == "|" {
		return len(r.open) == 0 || r.open[len(r.open)-1] != "|"
	}
	return w == "(" || numeric(w) || w != "end" && w != "and" && w != "or" && w != "not" && isLetter(rune(w[0]))
}

func (r *reference) function() bool {
	c := page.Class(r.next())
	return c == Textbook || c == CallOnly && r.words[1] == "("
}

func (r *reference) sign() string {
	switch {
	case r.is("-"):
		r.take()
		return r.sign() + " neg"
	case r.is("+"):
		r.take()
		return r.sign()
	case r.is("not"): // as loose as it is, it may begin any operand
		r.take()
		return r.relation() + " not"
	}
	return r.power()
}

func (r *reference) power() string {
	u := r.postfix()
	if r.is("^") {
		r.take()
		return u + " " + r.sign() + " ^"
	}
	return u
}

func (r *reference) postfix() string {
	u := r.atom()
	if r.is("!") {
		r.take()
		u += " !"
		if r.is("!") {
			panic("two factorials")
		}
	}
	return u
}

func (r *reference) brackets(open, closer string, inside func() string) string {
	r.take(open)
	r.open = append(r.open, open)
	u := inside()
	r.open = r.open[:len(r.open)-1]
	r.take(closer)
	return u
}

// list reads operands and adds their number to the name of what they are for.
func (r *reference) list(name string) func() string {
	return func() string {
		if name[len(name)-1] != '[' && r.is(")") {
			return name + "/0"
		}
		u, n := r.or(), 1
		for ; r.is(","); n++ {
			r.take()
			u += " " + r.or()
		}
		return u + " " + name + "/" + strconv.Itoa(n)
	}
}

func (r *reference) atom() string {
	switch {
	case r.is("("):
		return r.brackets("(", ")", r.or)
	case r.is("|"):
		return r.brackets("|", "|", r.or) + " abs"
	case numeric(r.next()):
		return r.take()
	case !r.begins():
		panic("operand missing")
	}
	name := r.take()
	class := page.Class(name)
	switch {
	case r.is("(") && class >= CallOnly:
		return r.brackets("(", ")", r.list(name))
	case r.is("(") && class == NotFunction && len(name) > 1:
		panic("unknown function")
	case r.is("[") && class < CallOnly:
		return r.brackets("[", "]", r.list(name+"["))
	case r.is("[") || name == "if":
		panic("no variable")
	case class == Textbook && r.is("^"):
		return r.raised(name)
	case class == Textbook:
		return r.factors() + " " + name + "/1"
	}
	return name
}

// raised reads sin ^ 2 x, the sin having been read.
func (r *reference) raised(name string) string {
	r.take("^")
	var n string
	if r.is("(") {
		n = r.brackets("(", ")", r.or)
	} else {
		sign := ""
		if r.is("-") {
			r.take()
			sign = " neg"
		}
		if w := r.next(); !r.begins() || r.is("(", "|") || page.Class(w) == Textbook {
			panic("no number")
		}
		n = r.take() + sign
	}
	if n == "1 neg" || r.is("^") {
		panic("two readings")
	}
	if r.is("(") {
		return r.brackets("(", ")", r.list(name)) + " " + n + " ^"
	}
	return r.factors() + " " + name + "/1 " + n + " ^"
}

// sentence writes a random formula, mostly a right one, in words.
func sentence(rnd *rand.Rand, depth int) string {
	pick := func(of ...string) string { return of[rnd.IntN(len(of))] }
	sub := func() string { return sentence(rnd, depth-1) }
	if depth == 0 {
		return pick("x", "y", "2", "3.5", "pi", "gamma", "W", "rate")
	}
	switch rnd.IntN(16) {
	case 0, 1:
		return sub() + " " + pick("+", "-", "*", "/", "^") + " " + sub()
	case 2, 3:
		return sub() + " " + sub()
	case 4:
		return pick("-", "+", "not") + " " + sub()
	case 5:
		return "( " + sub() + " )"
	case 6:
		return "| " + sub() + " |"
	case 7:
		return pick("sin", "cos", "log", "gamma", "min", "x", "W", "if", "rate") + " ( " + sub() + pick(" )", " , "+sub()+" )")
	case 8, 9, 10:
		return pick("sin", "cos", "log") + " " + sub()
	case 11:
		return pick("sin", "cos") + " ^ " + pick("2", "n", "( "+sub()+" )", "- 1", "-"+" 2") + " " + pick(sub(), "( "+sub()+" )")
	case 12:
		return sub() + " !"
	case 13:
		return pick("x", "A", "sin") + " [ " + sub() + pick(" ]", " , "+sub()+" ]")
	case 14:
		return sub() + " " + pick(append([]string{"and", "or"}, relations...)...) + " " + sub()
	}
	return pick("x", "y", "2")
}

// TestReference compares the climb with the reference on random formulas, as
// they are and with one word dropped, doubled or swapped with its neighbour.
func TestReference(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	right, wrong := 0, 0
	for range 40_000 {
		words := strings.Fields(sentence(rnd, 1+rnd.IntN(5)))
		switch i := rnd.IntN(len(words)); rnd.IntN(6) {
		case 0:
			words = slices.Delete(words, i, i+1)
		case 1:
			words = slices.Insert(words, i, words[i])
		case 2:
			j := rnd.IntN(len(words))
			words[i], words[j] = words[j], words[i]
		}
		text := strings.Join(words, " ")
		want, ok := refer(text)
		in, err := Parse("", text, page)
		if (err == nil) != ok {
			t.Fatalf("%s\nerror %v, reference %q", text, err, want)
		}
		if err != nil {
			wrong++
			continue
		}
		right++
		if got := in.Formula().Body.String(); got != want {
			t.Fatalf("%s\n      got %s\nreference %s", text, got, want)
		}
	}
	if right < 10_000 || wrong < 2_000 {
		t.Errorf("%d right and %d wrong formulas prove little", right, wrong)
	}
}
