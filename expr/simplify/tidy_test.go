package simplify_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"nabla/expr"
	"nabla/expr/fn"
	"nabla/expr/simplify"
)

// The tidy form, node by node, and the conditions it needed beyond the natural
// domain of what was typed.
func TestTidy(t *testing.T) {
	for _, c := range []struct{ in, want, where string }{
		{"0 + x + 0", "x", ""},
		{"1*x*1", "x", ""},
		{"0*x", "0", ""},
		{"2 + x + 3", "(add 5 x)", ""},
		{"1 - x", "(add 1 (mul -1 x))", ""},
		{"x + y + x", "(add (mul 2 x) y)", ""},
		{"x*y + y*x", "(mul 2 x y)", ""},
		{"x - (y - z)", "(add x (mul -1 y) z)", ""},
		{"3(x+1) - 2(x+1)", "(add x 1)", ""},
		{"2(x + 1)", "(mul 2 (add x 1))", ""},
		{"-(x + 1)", "(mul -1 (add x 1))", ""},
		{"x/2 + x/3", "(mul 5/6 x)", ""},
		{"x*x^2", "(pow x 3)", ""},
		{"x^a*x^b", "(pow x (add a b))", ""},
		{"sin(x)*x*2", "(mul 2 x (sin x))", ""},
		{"2^x*pi*x", "(mul pi x (pow 2 x))", ""},
		{"(2x)^3", "(mul 8 (pow x 3))", ""},
		{"(x*y)^-2", "(mul (pow x -2) (pow y -2))", ""},
		{"abs(x)*sign(x)", "x", ""},
		{"x*sign(x)", "(abs x)", ""},
		{"sign(x)/abs(x)", "(pow x -1)", ""},
		{"sign(x)/x^3", "(pow (abs x) -3)", ""},
		{"x^3*sign(x)*y", "(mul (pow x 2) y (abs x))", ""},
		{"abs(x)/x^2", "(pow (abs x) -1)", ""},
		{"abs(x)/x", "(mul (abs x) (pow x -1))", ""},
		{"abs(y)*sign(x)", "(mul (abs y) (sign x))", ""},
		{"sqrt(-2)^2", "(pow (sqrt -2) 2)", ""},
		{"((-2)^(1/2))^2", "(pow (pow -2 1/2) 2)", ""},
		{"(0^(-1))^(-1)", "(pow (pow 0 -1) -1)", ""},
		{"x^1", "x", ""},
		{"x^0", "1", ""},
		{"2^10", "1024", ""},
		{"4^(1/2)", "2", ""},
		{"8^(-2/3)", "1/4", ""},
		{"(-8)^(1/3)", "(pow -8 1/3)", ""},
		{"2^(1/2)*2^(1/2)", "2", ""},
		{"2^1e6", "(pow 2 1000000)", ""},
		{"sqrt(9/4)", "3/2", ""},
		{"sqrt(x^2)", "(abs x)", ""},
		{"sqrt(x^4)", "(pow x 2)", ""},
		{"(x^2)^(1/2)", "(abs x)", ""},
		{"(x^6)^(1/2)", "(pow (abs x) 3)", ""},
		{"(x^3)^(1/3)", "(pow (pow x 3) 1/3)", ""},
		{"abs(x)^2", "(pow x 2)", ""},
		{"abs(-3x)", "(mul 3 (abs x))", ""},
		{"x*sqrt(x)", "(mul x (sqrt x))", ""},
		{"sin(-x) + cos(-x)", "(add (mul -1 (sin x)) (cos x))", ""},
		{"sin(0) + cos(pi) + log(e) + exp(0)", "1", ""},
		{"sin(pi/6)", "1/2", ""},
		{"atan(1)", "(mul 1/4 pi)", ""},
		{"floor(7/2) + mod(-1, 3) + max(1, 2, 1/2)", "7", ""},
		{"if(1 < 2, x, y)", "x", ""},
		{"if(x < 1, y, y)", "y", ""},
		// What is undefined stays, or leaves its condition behind.
		{"x/x", "1", "x != 0"},
		{"x^2/x", "x", "x != 0"},
		{"1/(1/x)", "x", "x != 0"},
		{"x/x^3", "(pow x -2)", ""},
		{"sqrt(x)*sqrt(x)", "x", "x >= 0"},
		{"sqrt(x)^2", "x", "x >= 0"},
		{"x/sqrt(x)", "(sqrt x)", "x != 0"},
		{"log(x) - log(x)", "0", "x > 0"},
		{"0*log(x)", "0", "x > 0"},
		{"0/0", "(mul 0 (pow 0 -1))", ""},
		{"1/0 - 1/0", "(mul 0 (pow 0 -1))", ""},
		{"inf - inf", "(add inf (mul -1 inf))", ""},
		{"0*inf", "(mul 0 inf)", ""},
		{"0*log(-1)", "(mul 0 (log -1))", ""},
	} {
		tidier := simplify.New()
		got := tidier.Tidy(expr.MustParse(c.in))
		if where, want := conditionsText(tidier.Conditions()), conditionText(t, c.where); got.String() != c.want || where != want {
			t.Errorf("%s is %s where %q, want %s where %q", c.in, got, where, c.want, want)
		}
	}
}

// conditionText returns a condition as the text of its nodes.
func conditionText(t *testing.T, typed string) string {
	if typed == "" {
		return ""
	}
	c, err := expr.Reader{Conditions: true}.Expr(typed)
	if err != nil {
		t.Fatal(err)
	}
	return c.String()
}

func conditionsText(conditions []expr.Expr) string {
	var parts []string
	for _, c := range conditions {
		parts = append(parts, c.String())
	}
	return strings.Join(parts, ", ")
}

func TestDomain(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"x^2 + sin(x)", ""},
		{"log(x - 3)", "(gt (add x -3) 0)"},
		{"1/x + sqrt(1 - x^2)", "(ne x 0) (ge (add 1 (mul -1 (pow x 2))) 0)"},
		{"x^(1/3)", "(ge x 0)"},
		{"x^-0.5", "(gt x 0)"},
		{"x^y", "(gt x 0)"},
		{"2^x + pi^x", ""},
		{"1/2", ""},
		{"x/x", "(ne x 0)"},
		{"if(x > 0, log(x), 1/y)", "(or (gt x 0) (ne y 0))"},
		{"if(log(x) > 0, 1, 2) + if(x > 1, log(x), 0)", "(gt x 0) (or (le x 1) (gt x 0))"},
		{"sqrt(x)^2", "(ge x 0)"},
		{"log(x) - log(x)", "(gt x 0)"},
	} {
		var got []string
		for _, k := range simplify.Domain(expr.MustParse(c.in)) {
			got = append(got, k.String())
		}
		if s := strings.Join(got, " "); s != c.want {
			t.Errorf("domain of %s is %q, want %q", c.in, s, c.want)
		}
	}
}

// What stands deep inside ifs is asked for too.
func TestDomainOfDeepBranches(t *testing.T) {
	for depth := range 30 {
		in := strings.Repeat("if(y > 1, 0, ", depth) + "log(x)" + strings.Repeat(")", depth)
		got := simplify.Domain(expr.MustParse(in))
		if len(got) != 1 || !slices.Contains(got[0].Vars(), "x") {
			t.Errorf("depth %d: %v", depth, got)
		}
	}
}

// eval computes e in float64, node by node. What is made of an undefined or
// infinite value is undefined, but for the branch of an if that is not taken.
func eval(e expr.Expr, at map[string]float64) float64 {
	return expr.Fold(e, func(n expr.Expr, a []float64) float64 {
		truth := func(b bool) float64 {
			if b {
				return 1
			}
			return 0
		}
		undefined := func(v float64) bool { return math.IsNaN(v) || math.IsInf(v, 0) }
		if n.Op() != expr.If && slices.ContainsFunc(a, undefined) || n.Op() == expr.If && undefined(a[0]) {
			return math.NaN()
		}
		switch n.Op() {
		case expr.Num:
			return n.Number().Float64()
		case expr.Var:
			return at[n.Name()]
		case expr.Add, expr.Mul:
			v := a[0]
			for _, b := range a[1:] {
				if n.Op() == expr.Add {
					v += b
				} else {
					v *= b
				}
			}
			return v
		case expr.Pow:
			return math.Pow(a[0], a[1])
		case expr.Neg:
			return -a[0]
		case expr.Div:
			return a[0] / a[1]
		case expr.Call:
			return n.Func().Value(a)
		case expr.If:
			if a[0] != 0 {
				return a[1]
			}
			return a[2]
		case expr.Lt:
			return truth(a[0] < a[1])
		case expr.Gt:
			return truth(a[0] > a[1])
		case expr.Le:
			return truth(a[0] <= a[1])
		case expr.Or:
			return truth(a[0] != 0 || a[1] != 0)
		case expr.And:
			return truth(a[0] != 0 && a[1] != 0)
		case expr.Ge:
			return truth(a[0] >= a[1])
		case expr.Ne:
			return truth(a[0] != a[1])
		}
		panic(fmt.Sprint("eval of ", n.Op()))
	})
}

// random draws a formula of the letters x, y and small numbers.
func random(t *rapid.T, p *expr.Pool, depth int) expr.Expr {
	leaf := depth == 0 || rapid.IntRange(0, 5).Draw(t, "leaf") == 0
	if leaf {
		if rapid.Bool().Draw(t, "letter") {
			return p.Var(rapid.SampledFrom([]string{"x", "y"}).Draw(t, "name"))
		}
		return p.Int(rapid.Int64Range(0, 4).Draw(t, "number"))
	}
	sub := func() expr.Expr { return random(t, p, depth-1) }
	switch rapid.IntRange(0, 11).Draw(t, "op") {
	case 0, 1:
		return p.Make(expr.Add, sub(), sub())
	case 2, 3:
		return p.Make(expr.Mul, sub(), sub())
	case 4:
		return p.Make(expr.Neg, sub())
	case 5:
		return p.Make(expr.Div, sub(), sub())
	case 6:
		e := p.Int(rapid.Int64Range(0, 3).Draw(t, "exponent"))
		if rapid.Bool().Draw(t, "root") {
			e = p.Make(expr.Div, e, p.Int(2))
		}
		if rapid.Bool().Draw(t, "negative") {
			e = p.Make(expr.Neg, e)
		}
		return p.Make(expr.Pow, sub(), e)
	case 7:
		return p.Make(expr.Pow, p.Int(rapid.Int64Range(1, 3).Draw(t, "base")), sub())
	case 8:
		return p.Make(expr.If, p.Make(expr.Lt, sub(), sub()), sub(), sub())
	}
	f := rapid.SampledFrom([]string{"sin", "cos", "exp", "log", "sqrt", "abs", "atan", "tan", "sec", "asin", "cosh", "asinh", "acosh", "cbrt", "erf"}).Draw(t, "function")
	return p.Call(fn.Lookup(f), sub())
}

// sameValue fails the test if e has a value at a random point and its rewriting
// has not the same value there.
func sameValue(t *rapid.T, e, rewritten expr.Expr) {
	at := map[string]float64{
		// Eighths: near 0 a sum such as x + 1 - 1 loses x.
		"x": float64(rapid.IntRange(-24, 24).Draw(t, "x")) / 8, "y": float64(rapid.IntRange(-24, 24).Draw(t, "y")) / 8,
	}
	a, b := eval(e, at), eval(rewritten, at)
	if math.IsNaN(a) || math.IsInf(a, 0) || math.IsInf(b, 0) {
		return
	}
	// Rounding may be amplified by what surrounds it: compare with the change
	// under a tiny change of the point.
	moved := map[string]float64{"x": at["x"] * (1 + 1e-9), "y": at["y"] * (1 + 1e-9)}
	slack := 1e-9*math.Abs(a) + 10*math.Abs(eval(e, moved)-a) + 1e-12
	if math.IsNaN(slack) {
		return
	}
	if !(math.Abs(a-b) <= slack) {
		t.Fatalf("%v\nis %v\nat %v: %g and %g", e, rewritten, at, a, b)
	}
}

// Where the written form is defined, the tidy form has the same value; where
// only the tidy form is, a condition says so.
func TestTidyKeepsTheValue(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := random(t, expr.NewPool(), 4)
		tidier := simplify.New()
		got := tidier.Tidy(e)
		for range 5 {
			sameValue(t, e, got)
		}
	})
}

// Neat keeps the value, and where only the neat form has one a condition says so.
func TestNeatKeepsTheValue(t *testing.T) {
	changed := 0
	rapid.Check(t, func(t *rapid.T) {
		p := expr.NewPool()
		// A sum of products with factors in common, as derivatives are.
		a, b, c := random(t, p, 2), random(t, p, 2), random(t, p, 2)
		power := func(u expr.Expr) expr.Expr {
			n := rapid.IntRange(-4, 4).Draw(t, "halves")
			return p.Make(expr.Pow, u, p.Make(expr.Div, p.Int(int64(n)), p.Int(2)))
		}
		e := p.Make(expr.Add, p.Make(expr.Mul, power(a), power(b)), p.Make(expr.Mul, power(a), power(c), random(t, p, 1)))
		if rapid.Bool().Draw(t, "over") {
			e = p.Make(expr.Mul, e, power(p.Make(expr.Add, a, b)))
		}
		tidier := simplify.New()
		tidy := tidier.Tidy(e)
		got := tidier.Neat(tidy)
		if got != tidy {
			changed++
		}
		conditions := tidier.Conditions()
		for range 5 {
			sameValue(t, tidy, got)
			at := map[string]float64{
				"x": float64(rapid.IntRange(-24, 24).Draw(t, "x")) / 8, "y": float64(rapid.IntRange(-24, 24).Draw(t, "y")) / 8,
			}
			v := eval(got, at)
			if math.IsNaN(v) || math.IsInf(v, 0) || slices.ContainsFunc(conditions, func(c expr.Expr) bool { return eval(c, at) != 1 }) {
				continue
			}
			if u := eval(tidy, at); math.IsNaN(u) {
				t.Fatalf("%v\nis %v\nat %v: no value and %g", tidy, got, at, v)
			}
		}
	})
	if changed == 0 {
		t.Error("none of the random formulas changed")
	}
}

// Tidying a tidy form changes nothing, and nothing that tidy forms exclude is
// left in one.
func TestTidyIsAFixpoint(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := random(t, expr.NewPool(), 4)
		once := simplify.Tidy(e)
		if twice := simplify.Tidy(once); !expr.Equal(once, twice) {
			t.Fatalf("%v\n-> %v\n-> %v", e, once, twice)
		}
		for n := range once.All() {
			if n.Op() == expr.Neg || n.Op() == expr.Div || n.Op() == expr.Diff {
				t.Fatalf("%v in %v", n.Op(), once)
			}
			for _, a := range n.Args() {
				if (n.Op() == expr.Add || n.Op() == expr.Mul) && a.Op() == n.Op() && a.Len() < 10 {
					t.Fatalf("%v in %v", n, once)
				}
				if n.Op() == expr.Add && a.IsNum(0) || n.Op() == expr.Mul && a.IsNum(1) {
					t.Fatalf("%v in %v", a, n)
				}
			}
		}
	})
}
