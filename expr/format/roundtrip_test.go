package format

import (
	"maps"
	"math"
	"slices"
	"testing"

	"nabla/expr"
	"nabla/expr/fn"
	"nabla/expr/number"
	"nabla/expr/simplify"

	"pgregory.net/rapid"
)

// hazards are names that run into what stands next to them when the printer is
// careless.
var hazards = []string{
	"x", "y", "z", "f", "i", "E", "E2", "e3", "e_1", "ex", "beta", "gamma", "W", "x1", "x10", "x_1", "x_10", "x__1", "x_a", "x1_2",
	"x[3]", "x[1,2]", "x[-1]", "y[2]", "alpha", "λ", "θ1", "θ_1", "d", "dx", "dy", "d2", "π_1", "pi_2", "pi2", "_u", "_1", "a_", "max", "sum",
	"iff", "xx", "t", "t1", "u2", "sinx", "and_", "B", "Γ",
}

var literals = []string{
	"0", "1", "2", "3", "10", "12", "999", "1000", "123456789", "1e21", "1e22", "123456789012345678901234567890", "12e40",
	"0.1", "0.5", "2.5", "0.001", "1e-5", "1e-6", "1.25e-7", "1e-300", "12345.678", "0.0009765625", "123456789.000000001", "3.25e30",
}

// random draws a formula that the parser can produce or, when signed, one with
// negative and fractional constants as well.
func random(t *rapid.T, p *expr.Pool, depth int, signed bool) expr.Expr {
	kind := rapid.IntRange(0, 14).Draw(t, "kind")
	if depth == 0 {
		kind %= 3
	}
	sub := func() expr.Expr { return random(t, p, depth-1, signed) }
	switch kind {
	case 0:
		n, err := number.Parse(rapid.SampledFrom(literals).Draw(t, "number"))
		if err != nil {
			t.Fatal(err)
		}
		if signed && rapid.Bool().Draw(t, "signed") {
			n, _ = n.Neg().Quo(number.Int(rapid.Int64Range(1, 3).Draw(t, "over")))
		}
		return p.Num(n)
	case 1, 2:
		return p.Var(rapid.SampledFrom(hazards).Draw(t, "name"))
	case 3, 4:
		// The parser joins (a + b) + c.
		return chain(t, p, expr.Add, sub)
	case 5, 6, 7:
		return chain(t, p, expr.Mul, sub)
	case 8:
		return p.Make(expr.Div, sub(), sub())
	case 9:
		return p.Make(expr.Neg, sub())
	case 10:
		return p.Make(expr.Pow, sub(), sub())
	case 11:
		if rapid.IntRange(0, 3).Draw(t, "if") == 0 {
			return p.Make(expr.If, condition(t, p, depth-1, signed), sub(), sub())
		}
		return p.Make(expr.Diff, sub(), p.Var(rapid.SampledFrom(hazards).Draw(t, "by")))
	}
	if kind == 14 {
		u := sub()
		if u.Op() == expr.Add {
			u = u.Arg(0) // the parser joins (a + b) + 1
		}
		return p.Call(fn.Lookup("gamma"), p.Make(expr.Add, u, p.Int(1))) // u!
	}
	names := []string{"sin", "cos", "sqrt", "cbrt", "abs", "exp", "pi", "e", "inf"}
	f := fn.Lookup(rapid.SampledFrom(names).Draw(t, "common"))
	if kind == 13 {
		f = rapid.SampledFrom(fn.All()).Draw(t, "function")
	}
	n := len(f.Args)
	if f.Variadic {
		n = rapid.IntRange(2, 4).Draw(t, "arguments")
	}
	args := make([]expr.Expr, n)
	for i := range args {
		args[i] = sub()
	}
	return p.Call(f, args...)
}

// chain draws a sum or product; its first operand is no such chain.
func chain(t *rapid.T, p *expr.Pool, op expr.Op, sub func() expr.Expr) expr.Expr {
	args := make([]expr.Expr, rapid.IntRange(2, 4).Draw(t, "operands"))
	for i := range args {
		args[i] = sub()
		if i == 0 && args[0].Op() == op {
			args[0] = args[0].Arg(0)
		}
		if i > 0 && op == expr.Add && rapid.Bool().Draw(t, "minus") {
			args[i] = p.Make(expr.Neg, args[i])
		}
	}
	return p.Make(op, args...)
}

func condition(t *rapid.T, p *expr.Pool, depth int, signed bool) expr.Expr {
	ops := []expr.Op{expr.Lt, expr.Le, expr.Gt, expr.Ge, expr.Eq, expr.Ne, expr.And, expr.Or, expr.Not}
	op := rapid.SampledFrom(ops).Draw(t, "condition")
	if depth <= 0 && !op.IsRelation() {
		op = expr.Ne
	}
	switch op {
	case expr.Not:
		return p.Make(op, condition(t, p, depth-1, signed))
	case expr.And, expr.Or:
		return p.Make(op, condition(t, p, depth-1, signed), condition(t, p, depth-1, signed))
	}
	return p.Make(op, random(t, p, max(depth-1, 0), signed), random(t, p, max(depth-1, 0), signed))
}

// readable are the styles that read back.
var readable = map[string]Options{
	"text":                 {Decimals: true},
	"plain":                {Decimals: true, Style: StylePlain},
	"unicode":              {Decimals: true, Style: StyleUnicode},
	"factorial":            {Decimals: true, Factorials: true},
	"factorial in unicode": {Decimals: true, Factorials: true, Style: StyleUnicode},
}

// Print and parse is the identity on what the parser produces.
func TestWrittenReadsBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := random(t, expr.NewPool(), rapid.IntRange(0, 5).Draw(t, "depth"), false)
		for name, o := range readable {
			o.Budget = 1 << 20
			text := String(e, o)
			back, err := expr.Parse(text)
			if err != nil {
				t.Fatalf("%s of %v: %q: %v", name, e, text, err)
			}
			if !expr.Equal(e, back) {
				t.Fatalf("%s of\n%v: %q reads as\n%v", name, e, text, back)
			}
			if msg := latexMistake(LaTeX(e)); msg != "" {
				t.Fatalf("%s in the LaTeX of %v: %s", msg, e, LaTeX(e))
			}
			if again := String(back, o); again != text {
				t.Fatalf("%s of %v: %q, and then %q", name, e, text, again)
			}
		}
	})
}

// A tidy formula read back and made tidy is the same formula. One that is
// neither written nor tidy, as after a substitution, reads back as an equal one.
// Where Tidy comes to another form (of a product of many factors, say), the two
// must have the same values.
func TestTidyReadsBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tidier := simplify.New()
		raw := random(t, expr.NewPool(), rapid.IntRange(0, 5).Draw(t, "depth"), true)
		e := tidier.Tidy(raw)
		for n := range raw.All() {
			if n.IsCall("inf") {
				return // a Tidier that has met it is another one
			}
		}
		for n := range e.All() {
			// Tidy keeps what is undefined, and powers of long numbers, in more
			// than one form.
			if n.IsNum(0) && n != e || n.Op() == expr.Num && n.Number().Bits() > 500 {
				return
			}
		}
		for _, name := range slices.Sorted(maps.Keys(readable)) {
			for _, from := range []expr.Expr{e, raw} {
				o := readable[name]
				o.Decimals = rapid.Bool().Draw(t, "decimals")
				text := String(from, o)
				back, err := expr.Parse(text)
				if err != nil {
					t.Fatalf("%s of %v: %q: %v", name, from, text, err)
				}
				if again := tidier.Tidy(back); again != e && !agree(back, from) {
					t.Fatalf("%s of\n%v: %q reads as\n%v, not as\n%v", name, from, text, again, e)
				}
			}
		}
	})
}

// agree reports whether two formulas have the same values, as far as rounding
// lets see, wherever both are defined at a few points.
func agree(a, b expr.Expr) bool {
	for k := range 6 {
		x, big := value(a, k)
		y, more := value(b, k)
		if x != x || y != y || math.IsInf(big, 0) || math.IsInf(more, 0) {
			continue
		}
		if math.Abs(x-y) > 1e-6*(math.Abs(x)+math.Abs(y))+1e-9*max(big, more) {
			return false
		}
	}
	return true
}

// value returns the value of e at point k, and the largest value on the way.
// A condition is 1 or 0.
func value(e expr.Expr, k int) (v, big float64) {
	v = expr.Fold(e, func(n expr.Expr, x []float64) float64 {
		truth := false
		r := 0.0
		switch n.Op() {
		case expr.Num:
			r = n.Number().Float64()
		case expr.Var:
			h := 17*k + 1
			for _, c := range n.Name() {
				h = (h*31 + int(c)) % 1009
			}
			r = 0.2 + float64(h)/500
		case expr.Add:
			for _, u := range x {
				r += u
			}
		case expr.Mul:
			r = 1
			for _, u := range x {
				r *= u
			}
		case expr.Neg:
			r = -x[0]
		case expr.Div:
			r = x[0] / x[1]
		case expr.Pow:
			r = math.Pow(x[0], x[1])
		case expr.Call:
			r = n.Func().Value(x)
		case expr.If:
			r = x[2]
			if x[0] != 0 {
				r = x[1]
			}
		case expr.Diff:
			r = 3 + math.Sin(x[0]) + x[1] // any function will do
		case expr.Lt:
			truth = x[0] < x[1]
		case expr.Le:
			truth = x[0] <= x[1]
		case expr.Gt:
			truth = x[0] > x[1]
		case expr.Ge:
			truth = x[0] >= x[1]
		case expr.Eq:
			truth = x[0] == x[1]
		case expr.Ne:
			truth = x[0] != x[1]
		case expr.And:
			truth = !slices.Contains(x, 0)
		case expr.Or:
			truth = slices.Contains(x, 1)
		case expr.Not:
			truth = x[0] == 0
		}
		if truth {
			r = 1
		}
		big = max(big, math.Abs(r))
		return r
	})
	return v, big
}

// The comparison of values tells formulas apart.
func TestAgree(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"x y/z", "y x z^-1", true}, {"x/(y z)", "x/y z", false}, {"-x^2", "(-x)^2", false}, {"x - (y - z)", "x - y - z", false},
		{"sin(x) y", "sin(x y)", false}, {"if(x < y, 1, 2)", "if(x >= y, 2, 1)", true}, {"if(x < 100, 1, 2)", "if(x < 0, 1, 2)", false},
	} {
		if got := agree(expr.MustParse(c.a), expr.MustParse(c.b)); got != c.want {
			t.Errorf("agree(%s, %s) = %v", c.a, c.b, got)
		}
	}
}
