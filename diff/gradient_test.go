package diff_test

import (
	"fmt"
	"math"
	"strings"
	"sync"
	"testing"

	"nabla/diff"
	"nabla/expr"
	"nabla/expr/format"
)

// chained is the chained Rosenbrock function of n variables.
func chained(t testing.TB, n int) (expr.Expr, []string) {
	e := parse(t, fmt.Sprintf("sum(100*(x[i+1] - x[i]^2)^2 + (1 - x[i])^2, i, 1, %d)", n-1))
	return e, e.Vars()
}

// The backward sweep, which large formulas take, agrees with the forward one.
func TestBackwardAgainstForward(t *testing.T) {
	for _, text := range []string{
		"x*y*z + sin(x*y)^2 - z/x",
		"exp(x*y)/(1 + z^2) + x^y + 2^z",
		"min(x, y, z)*max(x, 2y) + abs(x - z)",
		"logsumexp(x, y, z) + atan2(y, x) + hypot(x, z)",
		"if(x < y, x^2*z, y^2 + z)",
		"prod(x + i, i, 1, 20)*y*z",
	} {
		// Enough copies that the sum is past the size for forward sweeps.
		var b strings.Builder
		b.WriteString(text)
		for i := range 400 {
			fmt.Fprintf(&b, " + (%d*x + y*z)^%d", i+2, i%3+2)
		}
		e := parse(t, b.String())
		at := map[string]float64{"x": 0.8, "y": 1.3, "z": 0.4}
		vars := []string{"x", "y", "z"}
		for i, g := range diff.Gradient(e, vars) {
			got, want := value(t, g, at), value(t, diff.D(e, vars[i]), at)
			if math.Abs(got-want) > 1e-11*math.Abs(want) {
				t.Errorf("%s by %s: backward %g, forward %g", text, vars[i], got, want)
			}
		}
	}
}

// The gradient grows like the formula, whatever its shape.
func TestGradientIsLinear(t *testing.T) {
	shapes := map[string]func(n int) (expr.Expr, []string){
		"chained Rosenbrock": func(n int) (expr.Expr, []string) { return chained(t, n) },
		"product of n factors": func(n int) (expr.Expr, []string) {
			e := parse(t, fmt.Sprintf("prod(x[i] + i, i, 1, %d)", n))
			return e, e.Vars()
		},
		"sine n deep": func(n int) (expr.Expr, []string) {
			return parse(t, strings.Repeat("sin(", n)+"x*y"+strings.Repeat(")", n)), []string{"x", "y"}
		},
		"one shared part": func(n int) (expr.Expr, []string) {
			e := parse(t, fmt.Sprintf("s = sin(x[1]*x[2]); sum((x[i] - s)^2, i, 1, %d)", n))
			return e, e.Vars()
		},
		"one-variable product": func(n int) (expr.Expr, []string) {
			return parse(t, fmt.Sprintf("prod(sin(i*x), i, 1, %d)", n)), []string{"x"}
		},
	}
	for name, shape := range shapes {
		size := func(n int) float64 {
			e, vars := shape(n)
			g := diff.Gradient(e, vars)
			return float64(expr.Order(g...).Len())
		}
		if a, b := size(1000), size(2000); b > 2.2*a {
			t.Errorf("%s: %g nodes for 1000, %g for 2000", name, a, b)
		}
	}
}

func TestHessian(t *testing.T) {
	e, vars := chained(t, 50)
	h := diff.Hessian(e, vars)
	if len(h) != 2*50-1 {
		t.Errorf("%d entries, want %d", len(h), 2*50-1)
	}
	e = parse(t, "x^2*y + sin(x*z)")
	vars = []string{"x", "y", "z"}
	dense := diff.Dense(diff.Hessian(e, vars), 3)
	for i, a := range vars {
		for j, b := range vars {
			at := map[string]float64{"x": 0.8, "y": 1.3, "z": 0.4}
			got, want := value(t, dense[i][j], at), value(t, diff.Derive(e, a, b).Expr, at)
			if math.Abs(got-want) > 1e-13*math.Abs(want) {
				t.Errorf("entry %s %s: %g, want %g", a, b, got, want)
			}
		}
	}
	if got := format.Text(dense[1][1]); got != "0" {
		t.Errorf("d²/dy² = %s", got)
	}
}

func TestDirectional(t *testing.T) {
	p := expr.NewPool()
	got := diff.Directional(parse(t, "x^2 + x*y"), []string{"x", "y"}, []expr.Expr{p.Int(3), p.Var("x")})
	if s := format.Text(got); s != "3(2x + y) + x^2" {
		t.Errorf("got %s", s)
	}
}

// A formula may be differentiated by many goroutines at once.
func TestSharedBetweenGoroutines(t *testing.T) {
	e := parse(t, "x^2*sin(x*y) + exp(-x)")
	want := diff.D(e, "x")
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 50 {
				if !expr.Equal(diff.D(e, "x"), want) {
					t.Error("a different derivative")
				}
				diff.Gradient(e, []string{"x", "y"})
				_ = format.Text(want)
			}
		})
	}
	wg.Wait()
}

// The eighth derivative stays short: monomials meet, and what they have in common
// is written once. GiNaC and Maxima print 423 characters in 217 nodes.
func TestHigherOrderIsCollected(t *testing.T) {
	d := diff.Derive(parse(t, "exp(-x^2)*sin(x)/x"), "x", "x", "x", "x", "x", "x", "x", "x").Expr
	text := format.Text(d)
	t.Logf("%d nodes, %d characters", d.Size(), len(text))
	if d.Size() > 100 || len(text) > 350 {
		t.Errorf("%d nodes, %d characters: %s", d.Size(), len(text), text)
	}
}

func BenchmarkDerivative(b *testing.B) {
	for _, c := range []struct{ name, text string }{
		{"parabola", "x^2 + 2"},
		{"product", "x^2*sin(x)*exp(-x)/(1+x^2)"},
		{"sine1000", strings.Repeat("sin(cos(", 500) + "x" + strings.Repeat("))", 500)},
		{"product1000", "prod(x + i, i, 1, 1000)"},
	} {
		e := parse(b, c.text)
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				diff.D(e, "x")
			}
		})
	}
}

func BenchmarkGradient(b *testing.B) {
	run := func(name string, e expr.Expr, vars []string) {
		b.Run(name, func(b *testing.B) {
			nodes := 0
			for b.Loop() {
				nodes = expr.Order(diff.Gradient(e, vars)...).Len()
			}
			b.ReportMetric(float64(nodes), "nodes")
			b.ReportMetric(float64(nodes)/float64(e.Size()), "nodes/node")
		})
	}
	e := parse(b, "a1*exp(-b1*t) + a2*exp(-b2*t) + a3*exp(-b3*t) + c + d*t")
	run("3exp", e, []string{"a1", "a2", "a3", "b1", "b2", "b3", "c", "d"})
	e, vars := chained(b, 1000)
	run("rosenbrock1000", e, vars)
	for _, n := range []int{1e5, 1e6} {
		e, vars := wideSum(n, 1000)
		run(fmt.Sprintf("sum%d", n), e, vars)
	}
}

// wideSum is a sum of n terms k*(x_i + j)^2 in m variables.
func wideSum(n, m int) (expr.Expr, []string) {
	p := expr.NewPool()
	vars := make([]string, m)
	for i := range vars {
		vars[i] = fmt.Sprintf("x%d", i)
	}
	terms := make([]expr.Expr, n)
	for i := range terms {
		u := p.Make(expr.Add, p.Var(vars[i%m]), p.Int(int64(i%977)))
		terms[i] = p.Make(expr.Mul, p.Int(int64(2*i+1)), p.Make(expr.Pow, u, p.Int(2)))
	}
	return p.Make(expr.Add, terms...), vars
}

func BenchmarkHessian(b *testing.B) {
	e, vars := chained(b, 1000)
	for b.Loop() {
		diff.Hessian(e, vars)
	}
}
