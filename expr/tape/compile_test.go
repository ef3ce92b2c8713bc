package tape

import (
	"errors"
	"math"
	"testing"

	"nabla/expr"
)

func compile(t testing.TB, vars []string, texts ...string) *Prog {
	t.Helper()
	out := make([]expr.Expr, len(texts))
	for i, s := range texts {
		e, err := expr.Reader{Conditions: true}.Expr(s)
		if err != nil {
			t.Fatalf("%s: %v", s, err)
		}
		out[i] = e
	}
	if vars == nil {
		for _, e := range out {
			for _, v := range e.Vars() {
				if !contains(vars, v) {
					vars = append(vars, v)
				}
			}
		}
	}
	p, err := Compile(vars, out...)
	if err != nil {
		t.Fatalf("%q: %v", texts, err)
	}
	return p
}

func contains(list []string, s string) bool {
	for _, v := range list {
		if v == s {
			return true
		}
	}
	return false
}

// Formulas, their instructions and their code.
var dumps = []struct{ formula, prog, code string }{
	{"x^2 + 2",
		"r0 x · r1 2 · r2 powi r0 2 · r3 add r1 r2 · out r3",
		"o0 muladd x0 x0 2"},
	{"3",
		"r0 3 · out r0",
		"o0 move 3"},
	{"x - y",
		"r0 x · r1 y · r2 sub r0 r1 · out r2",
		"o0 sub x0 x1"},
	{"y - x + (x - y)*2",
		"r0 x · r1 y · r2 2 · r3 sub r0 r1 · r4 mul r3 r2 · r5 sub r4 r3 · out r5",
		"t0 sub x0 x1 · o0 mulsub t0 2 t0"},
	{"-x - y",
		"r0 x · r1 y · r2 add r0 r1 · r3 neg r2 · out r3",
		"t0 add x0 x1 · o0 neg t0"},
	{"-x + y",
		"r0 x · r1 y · r2 sub r1 r0 · out r2",
		"o0 sub x1 x0"},
	{"x + 1 + y + 2",
		"r0 x · r1 y · r2 3 · r3 add r0 r2 · r4 add r1 r3 · out r4",
		"o0 add3 x0 3 x1"},
	{"x + e + y + 20",
		"r0 x · r1 y · r2 e · r3 20 · r4 add r2 r3 · r5 add r0 r4 · r6 add r1 r5 · out r6",
		"o0 add3 x0 22.718281828459045 x1"},
	{"1/3 + 1/6",
		"r0 1/2 · out r0",
		"o0 move 0.5"},
	{"0.1*x",
		"r0 x · r1 10 · r2 div r0 r1 · out r2",
		"o0 div x0 10"},
	{"x/49",
		"r0 x · r1 49 · r2 div r0 r1 · out r2",
		"o0 div x0 49"},
	{"2*x/3",
		"r0 x · r1 2/3 · r2 mul r0 r1 · out r2",
		"o0 mul x0 0.6666666666666666"},
	{"x*2*pi",
		"r0 x · r1 2 · r2 pi · r3 mul r1 r2 · r4 mul r0 r3 · out r4",
		"o0 mul x0 6.283185307179586"},
	{"x/pi",
		"r0 x · r1 pi · r2 div r0 r1 · out r2",
		"o0 div x0 3.141592653589793"},
	{"1/(2*x)",
		"r0 x · r1 1/2 · r2 div r1 r0 · out r2",
		"o0 div 0.5 x0"},
	{"x/(3*y)",
		"r0 x · r1 y · r2 3 · r3 mul r1 r2 · r4 div r0 r3 · out r4",
		"t0 mul x1 3 · o0 div x0 t0"},
	{"x*y/z",
		"r0 x · r1 y · r2 z · r3 mul r0 r1 · r4 div r3 r2 · out r4",
		"t0 mul x0 x1 · o0 div t0 x2"},
	{"x/(y*z)",
		"r0 x · r1 y · r2 z · r3 mul r1 r2 · r4 div r0 r3 · out r4",
		"t0 mul x1 x2 · o0 div x0 t0"},
	{"x*y^-1*z^-2",
		"r0 x · r1 y · r2 z · r3 powi r2 2 · r4 mul r1 r3 · r5 div r0 r4 · out r5",
		"t0 mul3 x2 x2 x1 · o0 div x0 t0"},
	{"x*x*x",
		"r0 x · r1 powi r0 3 · out r1",
		"o0 mul3 x0 x0 x0"},
	{"x^7",
		"r0 x · r1 powi r0 7 · out r1",
		"t0 sqr x0 · t1 mul t0 x0 · o0 mul3 t1 t0 t0"},
	{"x^-3",
		"r0 x · r1 1 · r2 powi r0 3 · r3 div r1 r2 · out r3",
		"t0 mul3 x0 x0 x0 · o0 div 1 t0"},
	{"x^100",
		"r0 x · r1 powi r0 100 · out r1",
		"o0 powi x0 100"},
	{"x^0",
		"r0 x · r1 powi r0 0 · out r1",
		"o0 one x0"},
	{"(x^2)^3",
		"r0 x · r1 powi r0 6 · out r1",
		"t0 mul3 x0 x0 x0 · o0 sqr t0"},
	{"(-x)^3",
		"r0 x · r1 powi r0 3 · r2 neg r1 · out r2",
		"t0 sqr x0 · o0 muln t0 x0"},
	{"(-x)^2",
		"r0 x · r1 powi r0 2 · out r1",
		"o0 sqr x0"},
	{"abs(x)^4",
		"r0 x · r1 powi r0 4 · out r1",
		"t0 sqr x0 · o0 sqr t0"},
	{"(1/x)^2",
		"r0 x · r1 1 · r2 powi r0 2 · r3 div r1 r2 · out r3",
		"t0 sqr x0 · o0 div 1 t0"},
	{"x^(1/2)",
		"r0 x · r1 sqrt r0 · out r1",
		"o0 sqrt x0"},
	{"x^(3/2)",
		"r0 x · r1 3/2 · r2 pow r0 r1 · out r2",
		"t0 sqrt x0 · o0 mul x0 t0"},
	{"x^(-1/2)",
		"r0 x · r1 -1/2 · r2 pow r0 r1 · out r2",
		"t0 sqrt x0 · o0 div 1 t0"},
	{"x^(1/3)",
		"r0 x · r1 1/3 · r2 pow r0 r1 · out r2",
		"o0 cbrt x0"},
	{"x^(-2/3)",
		"r0 x · r1 -2/3 · r2 pow r0 r1 · out r2",
		"t0 cbrt x0 · t0 sqr t0 · o0 div 1 t0"},
	{"x^(3/4)",
		"r0 x · r1 3/4 · r2 pow r0 r1 · out r2",
		"t0 sqrt x0 · t1 sqrt t0 · o0 mul t0 t1"},
	{"x^(2/7)",
		"r0 x · r1 2/7 · r2 pow r0 r1 · out r2",
		"o0 pow x0 0.2857142857142857"},
	{"x^y",
		"r0 x · r1 y · r2 pow r0 r1 · out r2",
		"o0 pow x0 x1"},
	{"2^x",
		"r0 x · r1 2 · r2 pow r1 r0 · out r2",
		"o0 call exp2 x0"},
	{"e^x",
		"r0 x · r1 exp r0 · out r1",
		"o0 exp x0"},
	{"e^(-x^2/2)",
		"r0 x · r1 1/2 · r2 powi r0 2 · r3 mul r2 r1 · r4 neg r3 · r5 exp r4 · out r5",
		"t0 mul3 x0 x0 0.5 · o0 expn t0"},
	{"exp(x) - 1",
		"r0 x · r1 expm1 r0 · out r1",
		"o0 expm1 x0"},
	{"1 - exp(x)",
		"r0 x · r1 expm1 r0 · r2 neg r1 · out r2",
		"t0 expm1 x0 · o0 neg t0"},
	{"exp(x) - x - 1",
		"r0 x · r1 expm1 r0 · r2 sub r1 r0 · out r2",
		"t0 expm1 x0 · o0 sub t0 x0"},
	{"log(1 + x)",
		"r0 x · r1 log1p r0 · out r1",
		"o0 log1p x0"},
	{"log(1 - x)",
		"r0 x · r1 neg r0 · r2 log1p r1 · out r2",
		"t0 neg x0 · o0 log1p t0"},
	{"log(1 + exp(-x))",
		"r0 x · r1 neg r0 · r2 softplus r1 · out r2",
		"t0 decay x0 · o0 softplusn x0 t0"},
	{"exp(x)/(1 + exp(x))",
		"r0 x · r1 sigmoid r0 · out r1",
		"t0 decay x0 · o0 sigmoid x0 t0"},
	{"1/(1 + exp(-x))",
		"r0 x · r1 sigmoid r0 · out r1",
		"t0 decay x0 · o0 sigmoid x0 t0"},
	{"y*exp(-x)/(1 + exp(-x))^2",
		"r0 x · r1 y · r2 neg r0 · r3 sigmoid r2 · r4 sigmoid r0 · r5 mul r1 r4 · r6 mul r3 r5 · out r6",
		"t0 decay x0 · t1 sigmoidn x0 t0 · t0 sigmoid x0 t0 · o0 mul3 x1 t0 t1"},
	{"sin(-x)",
		"r0 x · r1 sin r0 · r2 neg r1 · out r2",
		"t0 sin x0 · o0 neg t0"},
	{"cos(-x)",
		"r0 x · r1 cos r0 · out r1",
		"o0 cos x0"},
	{"sin(x) + cos(x)",
		"r0 x · r1 sin r0 · r2 cos r0 · r3 add r1 r2 · out r3",
		"t0 t1 sincos x0 · o0 add t0 t1"},
	{"x/x",
		"r0 x · r1 div r0 r0 · out r1",
		"o0 div x0 x0"},
	{"x - x",
		"r0 x · r1 sub r0 r0 · out r1",
		"o0 sub x0 x0"},
	{"0*x",
		"r0 x · r1 0 · r2 mul r0 r1 · out r2",
		"o0 mul x0 0"},
	{"min(x, y, 3)",
		"r0 x · r1 y · r2 3 · r3 min r0 r1 · r4 min r2 r3 · out r4",
		"t0 min x0 x1 · o0 min 3 t0"},
	{"max(-x, -y)",
		"r0 x · r1 y · r2 min r0 r1 · r3 neg r2 · out r3",
		"t0 min x0 x1 · o0 neg t0"},
	{"clamp(x, 0, 1)",
		"r0 x · r1 0 · r2 1 · r3 clamp r0 r1 r2 · out r3",
		"o0 call clamp x0 0 1"},
	{"logsumexp(x, y, z)",
		"r0 x · r1 y · r2 z · r3 logsumexp r0 r1 r2 · out r3",
		"o0 call logsumexp x0 x1 x2"},
	{"atan2(y, x)",
		"r0 x · r1 y · r2 atan2 r1 r0 · out r2",
		"o0 call atan2 x1 x0"},
	{"if(x < 0, -x, x^2)",
		"r0 x · r1 0 · r2 lt r0 r1 · r3 powi r0 2 · r4 neg r0 · r5 if r2 r4 r3 · out r5",
		"t0 lt x0 0 · t1 sqr x0 · t2 neg x0 · o0 if t0 t2 t1"},
	{"if(x > y and not y == 1, 1, 2)",
		"r0 x · r1 y · r2 1 · r3 2 · r4 lt r1 r0 · r5 eq r1 r2 · r6 not r5 · r7 and r4 r6 · r8 if r7 r2 r3 · out r8",
		"t0 lt x1 x0 · t1 eq x1 1 · t1 not t1 · t1 and t0 t1 · o0 if t1 1 2"},
	{"if(1 < 2, x, y)",
		"r0 x · r1 y · out r0",
		"o0 move x0"},
	{"x < y or y <= 1",
		"r0 x · r1 y · r2 1 · r3 lt r0 r1 · r4 le r1 r2 · r5 or r3 r4 · out r5",
		"t0 lt x0 x1 · t1 le x1 1 · o0 or t0 t1"},
	{"100*(y - x^2)^2 + (1 - x)^2",
		"r0 x · r1 y · r2 100 · r3 1 · r4 powi r0 2 · r5 sub r1 r4 · r6 powi r5 2 · r7 mul r2 r6 · r8 sub r3 r0 · r9 powi r8 2 · r10 add r7 r9 · out r10",
		"t0 submul x0 x0 x1 · t0 mul3 t0 t0 100 · t1 sub 1 x0 · o0 muladd t1 t1 t0"},
	{"x*y*z + x*y*w + x*y*sin(v)",
		"r0 v · r1 w · r2 x · r3 y · r4 z · r5 mul r2 r3 · r6 sin r0 · r7 mul r5 r6 · r8 mul r4 r5 · r9 mul r1 r5 · r10 add r8 r9 · r11 add r7 r10 · out r11",
		"t0 mul x2 x3 · t1 mul x4 t0 · t1 muladd x1 t0 t1 · t2 sin x0 · o0 muladd t0 t2 t1"},
	{"-(x*y)",
		"r0 x · r1 y · r2 mul r0 r1 · r3 neg r2 · out r3",
		"o0 muln x0 x1"},
	{"-(x + 2*y)",
		"r0 x · r1 y · r2 2 · r3 mul r1 r2 · r4 add r0 r3 · r5 neg r4 · out r5",
		"o0 mulsub x1 -2 x0"},
	{"(x - y)*z",
		"r0 x · r1 y · r2 z · r3 sub r0 r1 · r4 mul r2 r3 · out r4",
		"o0 muldiff x0 x1 x2"},
	{"(x + y)*z",
		"r0 x · r1 y · r2 z · r3 add r0 r1 · r4 mul r2 r3 · out r4",
		"o0 mulsum x0 x1 x2"},
	{"(x - y)^2",
		"r0 x · r1 y · r2 sub r0 r1 · r3 powi r2 2 · out r3",
		"o0 sqrdiff x0 x1"},
	{"x + (y - z)",
		"r0 x · r1 y · r2 z · r3 sub r1 r2 · r4 add r0 r3 · out r4",
		"o0 adddiff x0 x1 x2"},
	{"x*y*z + w",
		"r0 w · r1 x · r2 y · r3 z · r4 mul r1 r2 · r5 mul r3 r4 · r6 add r0 r5 · out r6",
		"o0 muladd3 x1 x2 x0 x3"},
	{"w - x*y*z",
		"r0 w · r1 x · r2 y · r3 z · r4 mul r1 r2 · r5 mul r3 r4 · r6 sub r0 r5 · out r6",
		"o0 submul3 x1 x2 x0 x3"},
	{"(x - y)*(x - y + z)", // the difference is read twice
		"r0 x · r1 y · r2 z · r3 sub r0 r1 · r4 add r2 r3 · r5 mul r3 r4 · out r5",
		"t0 sub x0 x1 · o0 mulsum x2 t0 t0"},
	{"x + y + z + w + v",
		"r0 v · r1 w · r2 x · r3 y · r4 z · r5 add r2 r3 · r6 add r4 r5 · r7 add r1 r6 · r8 add r0 r7 · out r8",
		"t0 add3 x2 x3 x4 · o0 add3 x1 t0 x0"},
}

func TestDump(t *testing.T) {
	for _, d := range dumps {
		p := compile(t, nil, d.formula)
		if got := p.String(); got != d.prog {
			t.Errorf("%s\n got %s\nwant %s", d.formula, got, d.prog)
		}
		if got := p.Listing(); got != d.code {
			t.Errorf("%s\n got %s\nwant %s", d.formula, got, d.code)
		}
	}
}

func TestOutputsShare(t *testing.T) {
	// Formulas of different Pools, with common parts that differ in sign and in
	// the order of their operands.
	p := compile(t, []string{"x", "y"}, "sin(x - y)^2", "(y - x)*2", "exp(y*x)", "exp(x*y) + 1", "y")
	const want = "r0 x · r1 y · r2 2 · r3 1 · r4 sub r0 r1 · r5 mul r4 r2 · r6 neg r5 · r7 mul r0 r1 · r8 exp r7 · " +
		"r9 add r3 r8 · r10 sin r4 · r11 powi r10 2 · out r11 r6 r8 r9 r1"
	if got := p.String(); got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
}

func TestErrors(t *testing.T) {
	x := expr.NewPool()
	u := x.Var("u")
	d := x.Make(expr.Diff, x.Make(expr.Pow, u, x.Int(2)), u)
	var unknown *UnknownVariableError
	if _, err := Compile([]string{"x"}, expr.MustParse("x + y")); !errors.As(err, &unknown) || unknown.Name != "y" {
		t.Errorf("unknown variable: %v", err)
	}
	var twice *DuplicateVariableError
	if _, err := Compile([]string{"x", "y", "x"}, expr.MustParse("x")); !errors.As(err, &twice) || twice.Name != "x" {
		t.Errorf("duplicate variable: %v", err)
	}
	var derivative *DerivativeError
	if _, err := Compile([]string{"u"}, x.Make(expr.Add, u, d)); !errors.As(err, &derivative) || derivative.Expr != d {
		t.Errorf("derivative: %v", err)
	}
	var empty *EmptyError
	if _, err := Compile([]string{"u"}, u, expr.Expr{}); !errors.As(err, &empty) || empty.Output != 1 {
		t.Errorf("empty: %v", err)
	}
	for _, err := range []error{unknown, twice, derivative, empty, &SizeError{}} {
		if err.Error() == "" {
			t.Errorf("%T says nothing", err)
		}
	}
}

func TestNoOutputs(t *testing.T) {
	p, err := Compile([]string{"x"})
	if err != nil {
		t.Fatal(err)
	}
	m := p.NewMachine()
	m.Eval(nil, []float64{1})
	m.Columns(nil, [][]float64{{1, 2}})
	m.Interval(nil, nil, boxOf(1))
	if got := p.String(); got != "r0 x · out" {
		t.Error(got)
	}
}

func TestWrongLengthPanics(t *testing.T) {
	m := compile(t, nil, "x + y").NewMachine()
	for name, f := range map[string]func(){
		"short point":      func() { m.Eval(make([]float64, 1), []float64{1}) },
		"long output":      func() { m.Eval(make([]float64, 2), []float64{1, 2}) },
		"uneven columns":   func() { m.Columns([][]float64{{0, 0}}, [][]float64{{1, 2}, {1}}) },
		"missing column":   func() { m.Columns([][]float64{{0, 0}}, [][]float64{{1, 2}}) },
		"missing interval": func() { m.Interval(make([]boxI, 1), nil, boxOf(1)) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: no panic", name)
				}
			}()
			f()
		}()
	}
}

// The lengths of the shortest addition chains for 1, 2, 3, … 64 (OEIS A003313).
var shortest = [...]int{0, 1, 2, 2, 3, 3, 4, 3, 4, 4, 5, 4, 5, 5, 5, 4, 5, 5, 6, 5, 6, 6, 6, 5, 6, 6, 6, 6, 7, 6, 7, 5, 6, 6,
	7, 6, 7, 7, 7, 6, 7, 7, 7, 7, 7, 7, 8, 6, 7, 7, 7, 7, 8, 7, 8, 7, 8, 8, 8, 7, 8, 8, 8, 6}

func TestPowersTakeTheFewestMultiplications(t *testing.T) {
	pool := expr.NewPool()
	x := pool.Var("x")
	for n := 2; n <= maxChain; n++ {
		p, err := Compile([]string{"x"}, pool.Make(expr.Pow, x, pool.Int(int64(n))))
		if err != nil {
			t.Fatal(err)
		}
		got := 0
		for _, w := range p.code.words {
			switch step(w.op) {
			case doMul, doSqr:
				got++
			case doMul3:
				got += 2
			default:
				t.Fatalf("x^%d: %s", n, p.Listing())
			}
		}
		if got != shortest[n-1] {
			t.Errorf("x^%d takes %d multiplications, want %d: %s", n, got, shortest[n-1], p.Listing())
		}
	}
}

func TestEvalAllocatesNothing(t *testing.T) {
	p := compile(t, nil, "sin(x*y) + logsumexp(x, y, z) + clamp(x, y, z) + atan2(x, y) + erf(z)", "if(x < y and y < z, x, exp(z))")
	m := p.NewMachine()
	out, x := make([]float64, 2), []float64{0.1, 0.2, 0.3}
	if n := testing.AllocsPerRun(100, func() { m.Eval(out, x) }); n != 0 {
		t.Errorf("Eval allocates %v times", n)
	}
	in, box := make([]boxI, 2), boxOf(0.1, 0.2, 0.3)
	m.Interval(in, nil, box)
	if n := testing.AllocsPerRun(100, func() { m.Interval(in, nil, box) }); n != 0 {
		t.Errorf("Interval allocates %v times", n)
	}
	if math.IsNaN(out[0]) {
		t.Error(out)
	}
}
