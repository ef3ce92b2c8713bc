// Package fn is the table of mathematical functions. One row is one function, and everything nabla knows of it
// stands in that row: its value, a rigorous enclosure of its image, where it is defined and continuous, its partial
// derivatives, its identities, its shape, and its names in other notations. The parser, the simplifier, the
// differentiator, the compiler to straight-line code, the code generator and the help all read the table; adding a
// function is adding a row.
//
// Notation: x, y, z and the letters of Args stand for real numbers. Texts that state mathematics (D, DWhere, Domain,
// Means, Rules, Range) are formulas of the formula language; every name in them that is neither a function nor a
// constant stands for an arbitrary real number.
//
// The functions are real. A value outside the natural domain is NaN or an infinity. Signed zeros are one number: -0
// means 0.
//
// The table is data and must not be changed; it is safe to read from many goroutines.
package fn

import (
	"math/big"
	"strings"

	"nabla/expr/interval"
	"nabla/expr/interval/precise"
)

// A Class says how a name may be written in a formula.
type Class uint8

// The classes. The zero value is the class of every name that the table does not know.
const (
	NotFunction Class = iota // a variable
	Textbook                 // applies to the product that follows, with or without parentheses: sin 2x
	CallOnly                 // a function where "(" follows, a variable otherwise: beta(a, b), but alpha*x + beta
	Constant                 // a number: pi, e, inf
)

var classNames = [...]string{"not a function", "textbook", "call only", "constant"}

// String returns the class in words.
func (c Class) String() string {
	if int(c) < len(classNames) {
		return classNames[c]
	}
	return "unknown class"
}

// A Func is one row of the table.
type Func struct {
	Name     string   // the name of the row, unique in the table
	Alias    []string // other spellings that a formula may use
	Args     []string // the letters for the arguments in the formulas below; nil for a constant
	Variadic bool     // two or more arguments, all alike; Args names the first two
	Class    Class
	Family   string // the heading under which help lists the row
	Doc      string // what it is, one line for help

	// The value. Exactly one of these is set: F0 for a constant (where all others are nil), F1, F2 and F3 for one,
	// two and three arguments, FN for a variadic row. FN does not keep its argument.
	F0 float64
	F1 func(x float64) float64
	F2 func(x, y float64) float64
	F3 func(x, y, z float64) float64
	FN func(x []float64) float64

	// Enclose returns an interval that contains the value at every point of the box x that lies in the domain;
	// it is Empty when there is none. It neither keeps nor changes x.
	Enclose func(x []interval.I) interval.I
	// Dec says whether the function is defined, and whether its restriction to the box is continuous, everywhere
	// on the box x. It never claims too much. Nil means continuous on the whole space; use Decorate to ask.
	Dec func(x []interval.I) interval.Dec
	// Precise is Enclose in arithmetic with prec bits. It answers false where no such enclosure is available;
	// nil means nowhere.
	Precise func(x []precise.I, prec uint) (precise.I, bool)

	// Exact returns the value at rational arguments where it is rational too, and nil where it is not or would be too
	// long to write down. It does not change x, but may return an element of it. Nil means that the row knows of no
	// such value but those in Rules.
	Exact func(x []*big.Rat) *big.Rat

	// D holds the partial derivative by each argument, a formula in Args, in a form that stays accurate in floating
	// point. At every point where the function and D[i] are both defined and DWhere[i] holds, D[i] is the
	// derivative. An entry "" of D means that there is no derivative by that argument, as it is a whole number.
	// DWhere is nil or as long as D, and an entry "" is no condition. In a variadic row D and DWhere have one
	// entry, a keyword: ArgMax, ArgMin or SoftMax, and "" or Untied.
	D      []string
	DWhere []string

	Domain string // the condition on Args under which the value is defined, "" for everywhere
	Means  string // an equal formula in other functions, with the same domain; "" when the row is primitive
	Rules  []Rule // identities in which the function takes part

	// Monotone is +1 when the function increases strictly on its whole domain (a variadic or several-argument
	// function: in each argument while the others stay), -1 when it decreases strictly, else 0. Weakly is the same
	// for functions that never decrease (+1) or never increase (-1) but have flat pieces. Convex is +1 for a convex
	// function (of all arguments together) on a convex domain, -1 for a concave one. Parity is +1 for
	// f(-x) = f(x) and -1 for f(-x) = -f(x), all arguments changing sign together.
	Monotone int
	Weakly   int
	Convex   int
	Parity   int
	// Positive says that all values are greater than 0, NoZero that none is 0 though some are negative, and
	// Analytic that the function is real analytic on the whole line.
	Positive bool
	NoZero   bool
	Analytic bool
	// Jumps says that the function is defined at points where it is not continuous. Near are bounds of f(x) - x for
	// all x, both 0 where there are none or none are known.
	Jumps bool
	Near  [2]float64
	// Period is the least number P > 0 with f(x + Pπ) = f(x) for all x, 0 for functions that have none. The domain of such
	// a function has the period π.
	Period int
	// Range is the closed hull of the values: the texts of its ends, "" for an end that is unbounded or unknown.
	Range [2]string

	// Inverse is a formula in Args[0] that undoes a function of one argument: put in the value at any point of the
	// domain, it gives the point back. It is "" where the function takes a value twice, or none is known.
	Inverse string
	// Limits are the limits of a function of one argument as it tends to -inf and to inf, each a number or "inf" or
	// "-inf"; "" where there is none or the domain does not reach so far. Both are "" for other functions.
	Limits [2]string

	// Names in other notations. LaTeX is a command such as \sin, to be followed by the arguments in parentheses, or
	// a template in which $1, $2 … stand for the arguments. Go (packages math and gonum's mathext), C (math.h) and
	// Python (numpy as np, scipy.special as special) are likewise the name of a function to be called with the
	// arguments, or a template, which is safe as an operand of anything. A template may mention an argument twice.
	// Go, C and Python use an argument as an operand as it stands, so it must be atomic or in parentheses, and they
	// are "" where the notation has no single expression; then Means serves. In a variadic row a template with $1
	// and $2 is for two arguments and is folded from the left for more.
	LaTeX, Go, C, Python string

	// Sample holds, for each argument (variadic: for all of them), a range inside the domain in which the function
	// is typical and tests may draw.
	Sample []interval.I

	text string // the spelling in formulas when it is not Name
}

// A Rule is an identity: From = To. When "" both sides have the same natural domain and agree on it; otherwise both
// are defined and agree wherever When holds. To is the simpler side or, where neither is, the one nearer to the
// elementary functions; no rule is the reverse of another.
type Rule struct{ From, To, When string }

// The keywords in D and DWhere of variadic rows.
const (
	ArgMax  = "argmax"  // 1 for the greatest argument, 0 for the others
	ArgMin  = "argmin"  // 1 for the least argument, 0 for the others
	SoftMax = "softmax" // exp(x_i - f(x)) for the argument x_i, where f is the row itself
	Untied  = "untied"  // the argument that is greatest (ArgMax) or least (ArgMin) is different from all others
)

// NeverZero reports whether the function is known to have no zeros.
func (f *Func) NeverZero() bool { return f.Positive || f.NoZero }

// Text returns the name as a formula shows it. It differs from Name only where two rows share a spelling: the row
// logb is log with two arguments.
func (f *Func) Text() string {
	if f.text != "" {
		return f.text
	}
	return f.Name
}

// Takes reports whether the function can be called with n arguments.
func (f *Func) Takes(n int) bool {
	if f.Variadic {
		return n >= 2
	}
	return n == len(f.Args)
}

// Steps reports whether the function is constant between its jumps.
func (f *Func) Steps() bool {
	for _, d := range f.D {
		if d != "0" {
			return false
		}
	}
	return len(f.D) > 0
}

// KeepsSign reports whether values have the sign of the argument: a function of one that increases, and is 0 at 0.
func (f *Func) KeepsSign() bool { return f.Monotone > 0 && f.F1 != nil && f.F1(0) == 0 }

// Usage returns how a call is written: "log(x, base)", "max(a, b, …)", "pi".
func (f *Func) Usage() string {
	switch {
	case f.Class == Constant:
		return f.Text()
	case f.Variadic:
		return f.Text() + "(" + strings.Join(f.Args, ", ") + ", …)"
	}
	return f.Text() + "(" + strings.Join(f.Args, ", ") + ")"
}

// Direction returns +1 for a function that never decreases, -1 for one that never increases, and 0 otherwise.
// Unlike Monotone it allows flat pieces.
func (f *Func) Direction() int {
	if f.Monotone != 0 {
		return f.Monotone
	}
	return f.Weakly
}

// Value returns the value at x, which must have as many elements as the function takes arguments.
func (f *Func) Value(x []float64) float64 {
	switch {
	case f.F1 != nil:
		return f.F1(x[0])
	case f.F2 != nil:
		return f.F2(x[0], x[1])
	case f.F3 != nil:
		return f.F3(x[0], x[1], x[2])
	case f.FN != nil:
		return f.FN(x)
	}
	return f.F0
}

// ClosedDomain reports whether the domain is known to be a closed set, on which the function is continuous.
func (f *Func) ClosedDomain() bool {
	left := strings.NewReplacer(">=", "", "<=", "").Replace(f.Domain) // relations that leave an edge out, if any
	return f.Domain != "" && !strings.ContainsAny(left, "<>!=") && !f.Jumps
}

// Decorate says whether the function is defined and continuous everywhere on the box x, and None for an empty box.
func (f *Func) Decorate(x []interval.I) interval.Dec {
	for i := range x {
		if x[i].IsEmpty() {
			return interval.None
		}
	}
	if f.Dec == nil {
		return interval.Continuous
	}
	return f.Dec(x)
}
