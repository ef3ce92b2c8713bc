package fn

import (
	"strings"
	"sync"
)

// families is the order of the whole table.
var families = [...][]*Func{powers, trigonometric, hyperbolic, pieces, special, statistics, constants}

// table is everything that is derived from the families, built when first asked for.
var table = sync.OnceValue(buildIndex)

func buildIndex() *index {
	t := &index{named: make(map[string]*Func, 256)}
	n := 0
	for _, rows := range families {
		n += len(rows)
	}
	t.rows = make([]*Func, 0, n)
	for _, rows := range families {
		t.rows = append(t.rows, rows...)
	}
	for _, f := range t.rows {
		if f.text != "" {
			t.overloads = append(t.overloads, f)
		}
		t.named[f.Name] = f
		for _, a := range f.Alias {
			t.named[a] = f
		}
	}
	return t
}

type index struct {
	rows      []*Func
	named     map[string]*Func // by name and alias
	overloads []*Func          // the rows whose spelling is the name of another row
}

// All returns the rows in the order in which help lists them. The caller must not change the slice.
func All() []*Func { return table().rows }

// Lookup returns the row with the given name or alias, nil if there is none. Where a spelling has several rows it is
// the one with the fewest arguments: Lookup("log") is the natural logarithm.
func Lookup(name string) *Func { return table().named[name] }

// Overload returns the row that the call name(…) with n arguments means, nil if there is none: Overload("log", 2)
// is the logarithm to a given base, the row logb.
func Overload(name string, n int) *Func {
	f := Lookup(name)
	if f == nil || f.Takes(n) {
		return f
	}
	for _, g := range table().overloads {
		if g.Takes(n) && g.text == f.Name {
			return g
		}
	}
	return nil
}

// Usages returns how calls of the name are written, one text a row: "log(x)" and "log(x, base)". It is nil for a
// name that the table does not know.
func Usages(name string) []string {
	f := Lookup(name)
	if f == nil {
		for _, g := range Forms {
			if g.Name == name {
				return g.Usage
			}
		}
		return nil
	}
	u := []string{f.Usage()}
	for _, g := range table().overloads {
		if g.text == f.Name {
			u = append(u, g.Usage())
		}
	}
	return u
}

// ClassOf returns how a name may be written in a formula. A form is CallOnly.
func ClassOf(name string) Class {
	if f := Lookup(name); f != nil {
		return f.Class
	}
	for i := range Forms {
		if Forms[i].Name == name {
			return CallOnly
		}
	}
	return NotFunction
}

// A Form is a name that is written like a function but builds structure: its arguments are not all values, so it has
// no row of its own. The builder of formulas gives it its meaning.
type Form struct {
	Name  string
	Usage []string // how it is written
	Doc   string   // what it is, one line for help
}

// Forms lists the forms in the order in which help shows them.
var Forms = [...]Form{
	{"if", []string{"if(condition, a, b)"},
		"a where the condition holds, b elsewhere; conditions compare (<, <=, >, >=, ==, !=) and join with and, or, not"},
	{"sum", []string{"sum(expr, i, 1, n)"},
		"the sum of expr for i = 1, 2, … n; the bounds are integers or named values"},
	{"prod", []string{"prod(expr, i, 1, n)"},
		"the product of expr for i = 1, 2, … n; the bounds are integers or named values"},
	{"diff", []string{"diff(expr, x)", "diff(expr, x, n)"},
		"the derivative of expr by x, or the n-th derivative; also written d/dx(expr), and f'(x) for a defined f"},
}

// elsewhere holds what functions are called in other books, languages and libraries, in lower case, with what is
// written here.
var elsewhere = map[string]string{
	"sgn": "sign", "signum": "sign", "fabs": "abs", "ceiling": "ceil", "int": "floor",
	"step": "heaviside", "unitstep": "heaviside", "theta": "heaviside", "clip": "clamp",
	"tg": "tan", "ctg": "cot", "cotg": "cot", "cotan": "cot", "cosec": "csc",
	"arctg": "atan", "arcctg": "acot", "arccotan": "acot", "arccosec": "acsc",
	"sh": "sinh", "ch": "cosh", "th": "tanh", "cth": "coth", "arsh": "asinh", "arch": "acosh", "arth": "atanh",
	"argsinh": "asinh", "argcosh": "acosh", "argtanh": "atanh",
	"lg": "log10", "lb": "log2", "ld": "log2", "logarithm": "log",
	"loggamma": "lgamma", "gammaln": "lgamma", "lngamma": "lgamma", "psi": "digamma", "tgamma": "gamma", "lambertw": "W", "productlog": "W", "lambert_wm1": "Wm1",
	"expit": "sigmoid", "logaddexp": "logsumexp", "lse": "logsumexp", "ndtr": "normcdf", "inverf": "erfinv",
	"derivative": "diff", "ifelse": "if", "where": "if", "piecewise": "if", "product": "prod",
	"pow": "x^y", "power": "x^y", "factorial": "x!", "fact": "x!", "square": "x^2",
}

// Near returns what was most likely meant by a name that the table does not know: what is written here for a name that
// is used elsewhere, or the name that the given one is a misspelling of; "" when there is none. Nearness is
// the Damerau–Levenshtein distance (insertion, deletion, substitution, exchange of neighbours; optimal string
// alignment), at most a third of the length, rounded up, with letter case free of charge. A candidate that
// the name begins with, then one of the same length, then the order of the table break ties.
func Near(name string) string {
	const longest = 24 // no name in the table is half as long
	if name == "" || len(name) > longest {
		return ""
	}
	if f := Lookup(name); f == nil {
		if here := elsewhere[strings.ToLower(name)]; here != "" {
			return here
		}
	}
	limit := (len(name) + 2) / 3
	if len(name) == 1 {
		limit = 0 // every letter is near to every other
	}
	best, least := "", 0
	try := func(candidate string) {
		d := distance(name, candidate)
		if d > limit {
			return
		}
		cost := 4 * d
		if !strings.HasPrefix(name, candidate) {
			cost += 2
		}
		if len(name) != len(candidate) {
			cost++
		}
		if best == "" || cost < least {
			best, least = candidate, cost
		}
	}
	for _, f := range All() {
		try(f.Name)
		for _, a := range f.Alias {
			try(a)
		}
	}
	for i := range Forms {
		try(Forms[i].Name)
	}
	return best
}

// distance returns the optimal string alignment distance of a and b, bytes compared without letter case.
func distance(a, b string) int {
	var rows [3][32]int
	if len(b) >= len(rows[0]) {
		return len(a) + len(b)
	}
	before, last, next := &rows[0], &rows[1], &rows[2]
	for j := 0; j <= len(b); j++ {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		next[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if lower(a[i-1]) == lower(b[j-1]) {
				cost = 0
			}
			next[j] = min(last[j]+1, next[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && lower(a[i-1]) == lower(b[j-2]) && lower(a[i-2]) == lower(b[j-1]) {
				next[j] = min(next[j], before[j-2]+1)
			}
		}
		before, last, next = last, next, before
	}
	return last[len(b)]
}

func lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		c += 'a' - 'A'
	}
	return c
}
