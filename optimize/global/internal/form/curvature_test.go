package form

import (
	"math"
	"math/rand/v2"
	"testing"

	"nabla/expr"
	"nabla/expr/interval"
	"nabla/expr/tape"
)

// What the rules call convex is convex along random segments.
func TestConvexityRules(t *testing.T) {
	free := math.Inf(-1)
	r := rand.New(rand.NewPCG(5, 6))
	for _, c := range []struct {
		f      string
		lo     float64 // of all variables
		convex bool
	}{
		{"x^2 + x*y + y^2", free, true}, {"x^2 + 3*x*y + y^2", free, false}, {"exp(x^2 + y)", free, true}, {"log(exp(x) + exp(y))", free, true},
		{"sqrt(x^2 + y^2 + 1)", free, true}, {"sqrt(x^2 - y^2)", free, false}, {"-log(x) - log(y) + x*2", free, true}, {"x*log(y)", free, false},
		{"x + y + 1/(x*y)", 0, true}, {"1/(x*y)", free, false}, {"1/x + y^2", free, false}, {"abs(x - y) + max(x, y^2)", free, true},
		{"min(x, y)", free, false}, {"x^3 + y^2", free, false}, {"x^3 + y^2", 0, true}, {"(x^2 + y^2)^2", free, true}, {"(x^2 - 1)^2", free, false},
		{"exp(-x^2)", free, false}, {"log(x + y)", free, false}, {"(x + y)^1.5", free, true}, {"hypot(x, y - 1)", free, true}, {"tanh(x) + y^2", free, false},
		{"x^0.5 - y", free, false}, {"x*y", free, false}, {"softplus(x - y) + y^4", free, true}, {"sin(x) + y^2", free, false},
		{"-x^0.5*y^0.25", free, true}, {"x^0.5*y^0.25", free, false}, {"-x^0.5*y^0.75", free, false}, {"-sqrt(x*y)", 0, true}, {"-sqrt(x*y)", free, false},
		{"-(x*y*(x + y))^(1/3)", 0, true}, {"sqrt(-x*y)", 0, false}, {"x^2/y", 0, true}, {"x^2/y", free, false},
		{"x^2/(y*(x + y))", 0, false}, {"x^3/(y*(x + y))", 0, true}, {"x^3/sqrt(y)", 0, true}, {"x^3/sqrt(y)", free, false}, {"(x - 1)^4/sqrt(y)", free, true},
		{"exp(x)^2/y", 0, true}, {"x/y", 0, false}, {"x^2/sqrt(1 - y^2)", free, true}, {"-sqrt(1 - x^2)*sqrt(1 - y^2)", free, true},
		// Perspectives.
		{"x*log(x) - x*log(y)", 0, true}, {"x*log(x) + y*log(y) - x*log(x + y) - y*log(x + y)", 0, true}, {"x*log(x) - 2*x*log(y)", 0, false},
		{"2*x*log(x) - x*log(y) - x*log(x + y)", 0, true}, {"x*log(x) - x*log(y)", free, false}, {"x*log(x) - x*log(y^2)", 0, false},
		{"x*log(x/(x + y))", 0, true}, {"x*log(x/y)", 0, true}, {"x*log(x/y)", free, false}, {"x*(log(x/(x + y + z)) - 6) + y*(log(y/(x + y + z)) + 1)", 0, true},
		{"x*log(y/x)", 0, false}, {"x*exp(y/x)", 0, true}, {"x*sin(y/x)", 0, false}, {"(x + 1)*log((x + 1)/y)", 0, true}, {"y*log(1 + x/y)", 0, false}, {"-y*log(1 + x/y)", 0, true},
		{"x*log(x/(x*y))", 0, false}, {"x*exp(floor(x)/x)", 0, false}, {"x*(x/y)^0.5", 0, true},
		// Bent down on either side of a cusp, or up on either side of a gap.
		{"y^2 - cbrt(x)^2", free, false}, {"y^2 - (x^2)^(1/3)", free, false}, {"y^2 - (x - 1)^(2/3)", 1, true}, {"x^x + y", free, true},
	} {
		f := expr.MustParse(c.f)
		vars := f.Vars()
		box := make([]interval.I, len(vars))
		for i := range box {
			box[i] = interval.I{Lo: c.lo, Hi: math.Inf(1)}
		}
		got := IsConvex(f, vars, box)
		if got != c.convex {
			t.Errorf("%s from %v: convex %v, want %v", c.f, c.lo, got, c.convex)
		}
		if !got {
			continue
		}
		prog, err := tape.Compile(vars, f)
		if err != nil {
			t.Fatal(err)
		}
		b, out := prog.NewMachine(), make([]float64, 1)
		at := func(x []float64) float64 {
			b.Eval(out, x)
			return out[0]
		}
		for range 500 {
			x, y, z := make([]float64, len(vars)), make([]float64, len(vars)), make([]float64, len(vars))
			for i := range x {
				x[i], y[i] = math.Max(c.lo, 3*r.NormFloat64()), math.Max(c.lo, 3*r.NormFloat64())
				z[i] = (x[i] + y[i]) / 2
			}
			u, v, w := at(x), at(y), at(z)
			if !math.IsInf(u, 0) && !math.IsInf(v, 0) && u == u && v == v && !(w <= (u+v)/2+1e-9*math.Max(1, math.Abs(u+v))) {
				t.Errorf("%s is not convex between %v and %v: %v, %v, %v", c.f, x, y, u, w, v)
				break
			}
		}
	}
}

// On a small box branches are settled, and second derivatives show what the rules do not.
func TestConvexNear(t *testing.T) {
	for _, c := range []struct {
		f          string
		lo, hi     float64 // of all variables
		rule, near bool
	}{
		{"if(x > 2, -x^2, x^2)", -1, 1, true, true}, {"if(x > 2, -x^2, x^2)", -1, 2, true, true}, {"if(x > 2, -x^2, x^2)", -1, 2.1, false, false},
		{"-abs(x - 2) + y^2", -1, 1, true, true}, {"-abs(x)", -1, 1, false, false}, {"min(x, 5) + y^2", -1, 1, true, true}, {"min(x, y)", -1, 1, false, false},
		{"max(-x^2, x + 4)", -1, 1, true, true}, {"max(-x^2, x)", -1, 1, false, false}, {"max(x, x, y)", -1, 1, true, true},
		{"abs(x - y) + cos(x) + x^2 + y^2", -1, 1, false, true}, {"abs(x - y) + cos(x) + x^2/4 + y^2", -1, 1, false, false},
		{"abs(x) + x*y + x^4 + y^4 - x^3", 2, 2.5, false, true}, {"abs(x) - x^2/9 + y^2", -1, 1, false, false},
		// Undefined in part, and a cusp down.
		{"y^2 + if(log(x) > -99, x, x)", -1, 1, false, false}, {"abs(y) + x^2 - sqrt(abs(x - 3))", 2.5, 3.5, false, false},
	} {
		f := expr.MustParse(c.f)
		box := make([]interval.I, len(f.Vars()))
		for i := range box {
			box[i] = interval.New(c.lo, c.hi)
		}
		if rule, near := IsConvex(f, f.Vars(), box), IsConvexNear(f, f.Vars(), box); rule != c.rule || near != c.near {
			t.Errorf("%s between %v and %v: %v and %v, want %v and %v", c.f, c.lo, c.hi, rule, near, c.rule, c.near)
		}
	}
}
