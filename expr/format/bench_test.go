package format

import (
	"fmt"
	"testing"

	"nabla/expr"
	"nabla/expr/fn"
	"nabla/expr/number"
)

// terms returns a sum of n terms c x_i^2 sin(x_j) in 1000 variables, tidy.
func terms(n int) expr.Expr {
	p := expr.NewPool()
	vars := make([]expr.Expr, 1000)
	for i := range vars {
		vars[i] = p.Var(fmt.Sprintf("x%d", i))
	}
	out := make([]expr.Expr, n)
	for i := range out {
		c := p.Num(number.Frac(int64(i-n/2)*6+1, int64(1+i%3)))
		out[i] = p.Make(expr.Mul, c, p.Make(expr.Pow, vars[i%1000], p.Int(2)), p.Call(fn.Lookup("sin"), vars[i*7%1000]))
	}
	return p.Make(expr.Add, out...)
}

// nest returns sin(cos(sin(… x))) n deep.
func nest(n int) expr.Expr {
	p := expr.NewPool()
	e := p.Var("x")
	f := []*fn.Func{fn.Lookup("sin"), fn.Lookup("cos")}
	for i := range n {
		e = p.Call(f[i%2], e)
	}
	return e
}

// doubled returns the n-th of x, x_k+1 = x_k sin(x_k): a graph of 2n nodes and a
// tree of more than 2^n.
func doubled(n int) expr.Expr {
	p := expr.NewPool()
	e := p.Var("x")
	for range n {
		e = p.Make(expr.Mul, e, p.Make(expr.Add, p.Call(fn.Lookup("sin"), e), p.Int(1)))
	}
	return e
}

func BenchmarkSum(b *testing.B) {
	for _, n := range []int{1e3, 1e6} {
		e := terms(n)
		for name, s := range map[string]Style{"text": StyleText, "latex": StyleLaTeX} {
			b.Run(fmt.Sprintf("%s/%d", name, n), func(b *testing.B) {
				b.ReportAllocs()
				size := 0
				for b.Loop() {
					size = len(String(e, Options{Style: s}))
				}
				b.SetBytes(int64(size))
			})
		}
	}
}

func BenchmarkNest(b *testing.B) {
	e := nest(1e6)
	for b.Loop() {
		String(e, Options{})
	}
}

func BenchmarkShared(b *testing.B) {
	e := doubled(1e4)
	for b.Loop() {
		String(e, Options{})
	}
}

func BenchmarkSmall(b *testing.B) {
	e := expr.MustParse("x^2*sin(x)*exp(-x)/(1+x^2)")
	b.ReportAllocs()
	for b.Loop() {
		String(e, Options{})
	}
}
