package tape

import (
	"math"
	"slices"
	"testing"

	"nabla/expr"
	"nabla/expr/interval"
	"nabla/expr/interval/precise"

	"pgregory.net/rapid"
)

// near reports whether v is where the enclosure b says that the value is, give
// or take the rounding of an evaluation in another order.
func near(v float64, b boxI) bool {
	if b.Has(v) {
		return true
	}
	w := 16*(b.Hi-b.Lo) + 64*(math.Nextafter(b.Mag(), math.Inf(1))-b.Mag())
	return b.Lo-w <= v && v <= b.Hi+w
}

// ordinary reports whether nothing overflowed or underflowed in the last call of
// Interval.
func ordinary(m *Machine) bool {
	for _, r := range m.Registers() {
		if r.Mag() > 1e290 || r.Mag() < 1e-290 && r.Mag() != 0 {
			return false
		}
	}
	return true
}

// A random formula at a random point: the program encloses what the formula's
// own nodes, enclosed one by one, say; the code computes what the program
// encloses; where the formula is undefined for certain some value is not finite.
func TestEvalAgreesWithTheFormula(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := drawFormula(t)
		p, err := Compile(names, e)
		if err != nil {
			t.Fatal(err)
		}
		m := p.NewMachine()
		for range 4 {
			x := []float64{rapid.Float64Range(-4, 4).Draw(t, "x"), rapid.Float64Range(-4, 4).Draw(t, "y"),
				float64(rapid.IntRange(-3, 3).Draw(t, "z"))}
			box := map[string]boxI{"x": interval.Point(x[0]), "y": interval.Point(x[1]), "z": interval.Point(x[2])}
			want, dec := encloseDirectly(e, box)
			var out [1]float64
			var own [1]boxI
			m.Eval(out[:], x)
			m.Interval(own[:], nil, boxOf(x...))
			switch {
			case dec == interval.None:
				// 1/(1/0) is 0 to float64; the undefined part has no finite value.
				if finite(out[0]) && !slices.ContainsFunc(p.values(x), func(v float64) bool { return !finite(v) }) {
					t.Fatalf("%v at %v = %v, want undefined\n%s", e, x, out[0], p.Listing())
				}
			case dec >= interval.Defined:
				if own[0].Disjoint(want) {
					t.Fatalf("%v at %v encloses %v, want %v\n%s", e, x, own[0], want, p)
				}
				if ordinary(m) && !near(out[0], own[0]) {
					t.Fatalf("%v at %v = %v, want %v\n%s\n%s", e, x, out[0], own[0], p, p.Listing())
				}
			}
		}
	})
}

func same(a, b float64) bool { return math.Float64bits(a) == math.Float64bits(b) || a != a && b != b }

// Columns and Eval agree bit for bit, also past the end of a block and at
// special values.
func TestColumnsEqualEval(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		outs := make([]expr.Expr, rapid.IntRange(1, 3).Draw(t, "outputs"))
		for i := range outs {
			outs[i] = drawFormula(t)
		}
		p, err := Compile(names, outs...)
		if err != nil {
			t.Fatal(err)
		}
		n := rapid.SampledFrom([]int{0, 1, 7, 40}).Draw(t, "rows")
		cols := make([][]float64, len(names))
		for i := range cols {
			cols[i] = make([]float64, n)
			for r := range cols[i] {
				cols[i][r] = drawCoordinate(t)
			}
		}
		checkColumns(t, p, cols)
	})
}

type fataler interface{ Fatalf(string, ...any) }

func checkColumns(t fataler, p *Prog, cols [][]float64) {
	n := len(cols[0])
	out := make([][]float64, p.NumOut())
	for k := range out {
		out[k] = make([]float64, n)
	}
	m := p.NewMachine()
	m.Columns(out, cols)
	want, x := make([]float64, p.NumOut()), make([]float64, len(cols))
	for r := range n {
		for i := range cols {
			x[i] = cols[i][r]
		}
		m.Eval(want, x)
		for k := range want {
			if !same(out[k][r], want[k]) {
				t.Fatalf("output %d at %v: column %v, point %v\n%s", k, x, out[k][r], want[k], p.Listing())
			}
		}
	}
}

func TestColumnsLong(t *testing.T) {
	many := "0"
	for i := range 100 { // more constants than have blocks of their own
		many += " + sin(" + string(rune('a'+i%3)) + "*" + itoa(i+2) + ".25)*logsumexp(a, b, " + itoa(i) + ".125)"
	}
	for _, f := range []string{"a*b + sin(c)", many} {
		p := compile(t, []string{"a", "b", "c"}, f, "a")
		cols := make([][]float64, 3)
		for i := range cols {
			cols[i] = make([]float64, 1300)
			for r := range cols[i] {
				cols[i][r] = math.Sin(float64(i*7919 + r))
			}
		}
		checkColumns(t, p, cols)
	}
}

func itoa(n int) string {
	if n >= 10 {
		return itoa(n/10) + itoa(n%10)
	}
	return string(rune('0' + n))
}

// Each operation at each pair of special values, against the formula's own
// nodes: NaN exactly where they have no value or no value that is known.
func TestSpecialValues(t *testing.T) {
	for _, f := range []string{"x + y", "x - y", "x*y", "x/y", "x^2", "x^3", "x^5", "x^64", "x^65", "x^100", "x^(-1)", "x^(-2)", "x^0",
		"x^(1/2)", "x^(-1/2)", "x^(3/2)", "x^(1/3)", "x^(2/3)", "x^(-1/3)", "x^(1/4)", "x^(3/4)", "x^(7/4)", "x^y", "2^x", "e^x",
		"sqrt(x)", "abs(x)", "min(x, y)", "max(x, y)", "-x", "x*y + 1", "x*y - 1", "1 - x*y", "x*y*3", "x + y + 3", "exp(-x)",
		"if(x < y, x, y)", "if(x <= y, 1, 2)", "if(x == y, 1, 2)", "if(x != y, 1, 2)", "if(-x < -y, 1, 2)", "if(-x <= -y, 1, 2)", "if(-x == -y, 1, 2)", "if(-x < y, -x, -y)",
		"max(-x, -y)", "min(-x, -y)", "max(-x, y)", "if(not x < y, 1, 2)",
		"if(x < 0 and y < 0, 1, 2)", "if(x < 0 or y < 0, 1, 2)", "clamp(x, -1, y)", "sin(x)", "cos(x) - 2*sin(x)", "sin(x) - 2*cos(x)", "tanh(x)"} {
		p := compile(t, []string{"x", "y"}, f)
		m := p.NewMachine()
		e := p.exprs[0]
		cols := make([][]float64, 2)
		for _, x := range special {
			for _, y := range special {
				cols[0], cols[1] = append(cols[0], x), append(cols[1], y)
				var out [1]float64
				m.Eval(out[:], []float64{x, y})
				want := expr.Fold(e, p.evaluator([]float64{x, y}))
				if out[0] != out[0] != (want != want) {
					t.Errorf("%s at %v, %v = %v, want %v", f, x, y, out[0], want)
				}
				if !finite(want) || !finite(x) || !finite(y) {
					continue
				}
				got, _ := encloseDirectly(e, map[string]boxI{"x": interval.Point(x), "y": interval.Point(y)})
				if !near(out[0], got) {
					t.Errorf("%s at %v, %v = %v, want %v", f, x, y, out[0], got)
				}
			}
		}
		checkColumns(t, p, cols)
	}
}

// Undefined operands make undefined values: no comparison with NaN holds or
// fails, but what is settled without it stays settled.
func TestUndefinedConditions(t *testing.T) {
	nan := math.NaN()
	for _, c := range []struct {
		f    string
		want float64
	}{
		{"if(log(x) < 0, 1, 2)", nan},
		{"if(not log(x) < 0, 1, 2)", nan},
		{"if(log(x) == 0, 1, 2)", nan},
		{"if(log(x) != 0, 1, 2)", nan},
		{"if(x > 0 and log(x) < 0, 1, 2)", 2},
		{"if(log(x) < 0 and x > 0, 1, 2)", 2},
		{"if(x < 0 and log(x) < 0, 1, 2)", nan},
		{"if(x < 0 or log(x) < 0, 1, 2)", 1},
		{"if(log(x) < 0 or x < 0, 1, 2)", 1},
		{"if(x > 0 or log(x) < 0, 1, 2)", nan},
		{"if(x > 0, log(x), 3)", 3},
		{"log(x)^0", nan},
		{"1^log(x)", nan},
		{"0*log(x)", nan},
		{"min(log(x), 1)", nan},
		{"(-8)^(1/3)", nan},
		{"x^x", -1},
		{"x^(x/2)", nan},
		{"0^0", 1},
		{"x^0", 1},
		{"(x + 1)^0", 1},
		{"(x + 1)^(x + 1)", 1},
	} {
		p := compile(t, []string{"x"}, c.f)
		var out [1]float64
		p.NewMachine().Eval(out[:], []float64{-1})
		if !same(out[0], c.want) {
			t.Errorf("%s at -1 = %v, want %v: %s", c.f, out[0], c.want, p.Listing())
		}
	}
}

// Each rewriting and unrolling is right to a few ulps, against the precise
// enclosure of the formula as it stands, over the range where it could go wrong.
func TestRewritingIsAccurate(t *testing.T) {
	rules := []struct {
		f      string
		lo, hi float64
		ulps   float64
	}{
		{"x^2", -5, 5, 1}, {"x^3", -5, 5, 2}, {"x^7", -5, 5, 6}, {"x^15", -3, 3, 12}, {"x^63", -1.5, 1.5, 60},
		{"x^65", -1.5, 1.5, 1}, {"x^1000", 0.9, 1.1, 1}, {"x^123457", 0.9999, 1.0001, 1}, {"x^(-2)", 0.1, 5, 2}, {"x^(-5)", 0.1, 5, 5},
		{"x^(1/2)", 0, 5, 1}, {"x^(-1/2)", 1e-3, 5, 2}, {"x^(5/2)", 0, 5, 4}, {"x^(1/3)", 0, 5, 1}, {"x^(2/3)", 0, 5, 3},
		{"x^(-4/3)", 0.1, 5, 4}, {"x^(1/4)", 0, 5, 2}, {"x^(3/4)", 0, 5, 3}, {"x^(11/4)", 0, 5, 5}, {"x^(2/7)", 0, 5, 4},
		{"e^x", -5, 5, 2}, {"2^x", -5, 5, 2}, {"exp(x) - 1", -1e-3, 1e-3, 2}, {"1 - exp(x)", -1e-8, 1e-8, 2},
		{"exp(x) - 1", -5, 5, 2}, {"2 - exp(x)*2 + x*0", -1e-5, 1e-5, 1e12},
		{"log(1 + x)", -1e-3, 1e-3, 2}, {"log(1 + x)", -0.99, 100, 2}, {"log(1 - x)", -1e-9, 1e-9, 2},
		{"log(1 + exp(x))", -50, 50, 4}, {"log(1 + exp(-x))", -700, 700, 4}, {"log(exp(x) + 1)", 1000, 2000, 2},
		{"exp(x)/(1 + exp(x))", -700, 2000, 6}, {"1/(1 + exp(-x))", -700, 700, 6}, {"1/(exp(x) + 1)", -100, 100, 6},
		{"3*exp(x)^2/(1 + exp(x))^3", -100, 100, 12},
		{"x/3", -5, 5, 1}, {"x*(1/3)", -5, 5, 1}, {"x*0.1", -5, 5, 1}, {"2*x/3", -5, 5, 3}, {"x/pi", -5, 5, 2},
		{"x*pi*2", -5, 5, 3}, {"x*x*x", -5, 5, 2}, {"x*x^2*x", -5, 5, 3}, {"(x^2)^3", -5, 5, 4}, {"(-x)^3", -5, 5, 2},
		{"abs(x)^2", -5, 5, 1}, {"x/(1 + x)/(2 + x)", 0, 5, 5}, {"1/(2*x)", 0.1, 5, 1}, {"2/x/x", 0.1, 5, 4},
		{"sin(-x)", -5, 5, 2}, {"cos(-x)", -1, 1, 2}, {"sin(x)*cos(x)", -1, 1, 5},
	}
	for _, r := range rules {
		p := compile(t, []string{"x"}, r.f)
		m := p.NewMachine()
		worst, at := 0.0, 0.0
		for k := range 300 {
			x := r.lo + (r.hi-r.lo)*math.Mod(float64(k)*0.6180339887498949+0.1, 1)
			var out [1]float64
			m.Eval(out[:], []float64{x})
			lo, hi := preciseDirectly(t, p.exprs[0], x)
			ulp := math.Nextafter(math.Abs(hi), math.Inf(1)) - math.Abs(hi)
			if err := max(lo-out[0], out[0]-hi, 0) / ulp; err > worst || err != err {
				worst, at = err, x
			}
		}
		if !(worst <= r.ulps) {
			t.Errorf("%s is %.3g ulps off at %v, allowed %v: %s", r.f, worst, at, r.ulps, p.Listing())
		}
	}
}

// preciseDirectly encloses the value of e at x in the float64 around it, node by
// node.
func preciseDirectly(t *testing.T, e expr.Expr, x float64) (lo, hi float64) {
	const prec = 300
	v := expr.Fold(e, func(n expr.Expr, args []precise.I) precise.I {
		switch n.Op() {
		case expr.Num:
			return precise.FromRat(n.Number().Rat(), prec)
		case expr.Var:
			return precise.FromFloat(x)
		case expr.Add:
			s := args[0]
			for _, a := range args[1:] {
				s = precise.Add(s, a, prec)
			}
			return s
		case expr.Mul:
			s := args[0]
			for _, a := range args[1:] {
				s = precise.Mul(s, a, prec)
			}
			return s
		case expr.Neg:
			return precise.Neg(args[0])
		case expr.Div:
			return precise.Div(args[0], args[1], prec)
		case expr.Pow:
			return precise.Pow(args[0], args[1], prec)
		case expr.Call:
			if v, ok := n.Func().Precise(args, prec); ok {
				return v
			}
		}
		t.Fatalf("%v: no reference", n)
		return precise.I{}
	})
	return v.Floats()
}

// A formula has a value before its rewriting exactly where it has one after.
func TestRewritingKeepsTheDomain(t *testing.T) {
	for _, f := range []string{"x^(1/2)", "x^(-1/2)", "x^(3/2)", "x^(1/3)", "x^(-2/3)", "x^(1/4)", "x^(-3/4)", "x^(2/7)", "x^(-1)",
		"x^(-3)", "x*x^(-1)", "x/x", "0*x^(-1)", "x^2/x", "log(1 + x)", "log(1 + exp(x))", "1/(1 + exp(x))", "sqrt(x)^2", "sqrt(x^2)",
		"(x^(-1))^(-1)", "1/(1/x)", "x^0", "(1/x)^0", "log(x)*x^(-1)", "(-x)^(1/2)", "abs(x)^(1/2)", "x - x", "1/x - 1/x", "x^x",
		"(x^2)^(1/2)", "(x^(1/2))^2", "x^1000001", "x^(-1000001)", "x^(2^31)", "x^(2^62)", "if(x < 0, 1/x, log(x))",
		"x^(1/2)*x^(1/2)", "(1/x)/(1/x)", "2/(3/x)", "exp(x)/exp(x)", "1/x^2*x^2"} {
		p := compile(t, []string{"x"}, f)
		m := p.NewMachine()
		for _, x := range []float64{-3, -2, -1, -0.75, -0.5, -1e-9, 0, 1e-9, 0.25, 1, 1.5, 2, 3} {
			var out [1]float64
			m.Eval(out[:], []float64{x})
			want, dec := encloseDirectly(p.exprs[0], map[string]boxI{"x": interval.Point(x)})
			switch {
			case dec == interval.Partial:
				t.Errorf("%s at %v: the reference does not know", f, x)
			case (dec >= interval.Defined) != finite(out[0]) && want.Mag() < 1e300:
				t.Errorf("%s at %v = %v, want %v %v: %s", f, x, out[0], want, dec, p)
			}
		}
	}
}
