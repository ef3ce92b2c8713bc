package tape

import (
	"math"
	"sync"
	"testing"

	"nabla/expr"
	"nabla/expr/fn"
	"nabla/expr/interval"
)

// What is as long or as deep as an input can be compiles and runs without
// recursion, and a sum of n terms needs few slots.
func TestLarge(t *testing.T) {
	const n = 100_000
	pool := expr.NewPool()
	vars := make([]string, 1000)
	leaves := make([]expr.Expr, len(vars))
	x := make([]float64, len(vars))
	for i := range vars {
		vars[i] = "x" + itoa(i)
		leaves[i] = pool.Var(vars[i])
		x[i] = 1 + 1e-7*float64(i%13)
	}
	terms, factors := make([]expr.Expr, n), make([]expr.Expr, n)
	chain := leaves[0]
	sin := fn.Lookup("sin")
	nest := leaves[1]
	wantSum, wantChain, wantNest := 0.0, x[0], x[1]
	for i := range terms {
		c := pool.Int(int64(i%1000 + 2))
		terms[i] = pool.Make(expr.Mul, c, leaves[i%len(leaves)], pool.Make(expr.Pow, leaves[(i*7+i/1000)%len(leaves)], pool.Int(2)))
		factors[i] = leaves[i*31%len(leaves)]
		chain = pool.Make(expr.Add, pool.Make(expr.Mul, chain, pool.Num(half)), leaves[i%3])
		nest = pool.Call(sin, nest)
		v := x[(i*7+i/1000)%len(x)]
		wantSum += float64(i%1000+2) * x[i%len(x)] * v * v
		wantChain = wantChain*0.5 + x[i%3]
		wantNest = math.Sin(wantNest)
	}
	for _, c := range []struct {
		name  string
		e     expr.Expr
		want  float64
		slots int // for temporary values
	}{
		{"sum", pool.Make(expr.Add, terms...), wantSum, 1000 + window}, // 1000 squares stay
		{"product", pool.Make(expr.Mul, factors...), math.NaN(), 2000},
		{"chain", chain, wantChain, window},
		{"nest", nest, wantNest, window},
		{"quotients", quotients(pool, leaves, n), math.NaN(), window},
		{"cases", cases(pool, leaves, n), math.NaN(), window},
	} {
		p, err := Compile(vars, c.e)
		if err != nil {
			t.Fatal(err)
		}
		m := p.NewMachine()
		var out [1]float64
		m.Eval(out[:], x)
		if math.Abs(out[0]-c.want) > 1e-9*math.Abs(c.want) {
			t.Errorf("%s = %v, want %v", c.name, out[0], c.want)
		}
		if got := p.code.slots - p.code.tempAt(); got > c.slots {
			t.Errorf("%s takes %d slots", c.name, got)
		}
		var v [1]interval.I
		var dec [1]interval.Dec
		m.Interval(v[:], dec[:], boxOf(x...))
		if dec[0] != interval.Continuous || !near(out[0], v[0]) {
			t.Errorf("%s = %v, encloses %v, %v", c.name, out[0], v[0], dec[0])
		}
		if _, _, found := m.Undefined(x); found {
			t.Errorf("%s is undefined", c.name)
		}
	}
}

func quotients(p *expr.Pool, leaves []expr.Expr, n int) expr.Expr {
	e := leaves[0]
	for i := range n {
		e = p.Make(expr.Div, e, leaves[i%len(leaves)])
	}
	return e
}

func cases(p *expr.Pool, leaves []expr.Expr, n int) expr.Expr {
	e := leaves[0]
	for i := range n {
		e = p.Make(expr.If, p.Make(expr.Lt, e, leaves[i%len(leaves)]), leaves[i%7], e)
	}
	return e
}

// A program long enough to be grouped computes what its instructions say.
func TestLongProgram(t *testing.T) {
	f := "0"
	for i := range 400 {
		k := itoa(i + 2)
		f += " + sin(x*" + k + ")*cos(x*" + k + ") - y/(" + k + " + z^2) + min(x*y*z, " + k + "*x)^3*1e-9" +
			" - exp(-x*" + k + ")*sqrt(y + " + k + ") + (x - y)*(z - " + k + ") - x*y*z*" + k + " + (y - " + k + "*x)^2 + (x + (y - z/" + k + ")) + if(x*" + k + " < y, tanh(x), abs(y - z*" + k + "))"
	}
	p := compile(t, []string{"x", "y", "z"}, f, "sin(x*7) + cos(x*7)")
	if len(p.code.ends) == 0 {
		t.Fatalf("%d steps are not long", len(p.code.words))
	}
	m := p.NewMachine()
	for _, x := range [][]float64{{0.3, 0.7, -1.1}, {1.5, 2, 0.1}, {0.01, 0.5, 3}} {
		var out [2]float64
		m.Eval(out[:], x)
		v := p.values(x)
		for k := range out {
			if want := v[p.Out(k)]; math.Abs(out[k]-want) > 1e-12*math.Abs(want) {
				t.Errorf("output %d at %v is %v, want %v", k, x, out[k], want)
			}
		}
	}
	cols := [][]float64{make([]float64, 100), make([]float64, 100), make([]float64, 100)}
	for i := range cols {
		for r := range cols[i] {
			cols[i][r] = 1 + math.Sin(float64(i+r))
		}
	}
	checkColumns(t, p, cols)
}

// A million terms, a million levels.
func TestMillion(t *testing.T) {
	n := 1_000_000
	if testing.Short() {
		n = 100_000
	}
	pool := expr.NewPool()
	x := pool.Var("x")
	cos := fn.Lookup("cos")
	terms := make([]expr.Expr, n)
	nest := x
	for i := range terms {
		terms[i] = pool.Make(expr.Mul, pool.Int(int64(i)), x)
		nest = pool.Call(cos, nest)
	}
	p, err := Compile([]string{"x"}, pool.Make(expr.Add, terms...), nest)
	if err != nil {
		t.Fatal(err)
	}
	var out [2]float64
	p.NewMachine().Eval(out[:], []float64{2})
	if out[0] != float64(n)*float64(n-1) || math.Abs(out[1]-0.7390851332151607) > 1e-15 { // the fixed point of cos
		t.Error(out)
	}
}

// A Prog serves many goroutines, each with a Machine of its own.
func TestSharedBetweenGoroutines(t *testing.T) {
	p := compile(t, []string{"x", "y"}, "sin(x)*exp(y) + logsumexp(x, y, 1)", "if(x < y, x^3, y^(1/3))")
	one := func(k int) (out [2]float64, v [2]boxI) {
		m := p.NewMachine()
		x := []float64{float64(k) * 0.1, 1}
		m.Eval(out[:], x)
		m.Interval(v[:], nil, boxOf(x...))
		cols := [][]float64{{x[0], 1, 2}, {x[1], 2, 3}}
		rows := [][]float64{make([]float64, 3), make([]float64, 3)}
		m.Columns(rows, cols)
		if rows[0][0] != out[0] || rows[1][0] != out[1] {
			t.Errorf("columns %v %v, point %v", rows[0][0], rows[1][0], out)
		}
		return
	}
	var wg sync.WaitGroup
	got := make([][2]float64, 64)
	for k := range got {
		wg.Add(1)
		go func() {
			defer wg.Done()
			got[k], _ = one(k)
		}()
	}
	wg.Wait()
	for k := range got {
		if want, _ := one(k); got[k] != want {
			t.Errorf("%d: %v, want %v", k, got[k], want)
		}
	}
}

// Compiling is deterministic.
func TestCompileIsDeterministic(t *testing.T) {
	const f = "sin(x*y)^2*exp(-x)/(1 + exp(-x)) + cos(x*y)*x*y*z + x*y*z*w/(1 + w) + max(x, y, z)"
	want := compile(t, nil, f)
	for range 20 {
		if p := compile(t, nil, f); p.String() != want.String() || p.Listing() != want.Listing() {
			t.Fatalf("%s\n%s", p, want)
		}
	}
}
