package exact

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"nabla/expr"
	"nabla/expr/simplify"
	"nabla/expr/tape"
)

// TestSolveFindsAll solves random equations that have closed forms in tangents, or about the mean of the zeros, and
// looks for changes of sign that the zeros do not explain.
func TestSolveFindsAll(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 8))
	var equations []string
	for range 60 { // homogeneous in sines and cosines of several angles
		n := 1 + r.IntN(4)
		var terms []string
		for k := range n + 1 {
			if c := r.IntN(7) - 3; c != 0 {
				terms = append(terms, fmt.Sprintf("(%d)*sin(x)^%d*cos(x)^%d", c, k, n-k))
			}
		}
		if n%2 == 0 {
			terms = append(terms, fmt.Sprintf("(%d)*sin(2x)", r.IntN(5)-2), fmt.Sprint(r.IntN(3)))
		}
		equations = append(equations, strings.Join(append(terms, "0"), " + "))
	}
	for range 30 {
		u := fmt.Sprintf("(2x - %d)", r.IntN(9)-4)
		equations = append(equations, fmt.Sprintf("%s^4 - %d*%s^2 + %d", u, r.IntN(9)-1, u, r.IntN(7)-2), fmt.Sprintf("%s^3 + %d", u, r.IntN(9)-4),
			fmt.Sprintf("%s^6 - %d*%s^3 + %d", u, r.IntN(9)-4, u, r.IntN(7)-2))
	}
	equations = append(equations, "sqrt(2)*sin(x)^3 + cos(x)^3", "pi*sin(x)^2 - cos(x)^2", "cos(x)*(sin(x) - sqrt(5)*cos(x))", "sin(3x) + 2cos(x)", "e*sin(x)*cos(x) - 1")
	for _, name := range []string{"sin", "cos"} { // multiples in arithmetic progression
		for _, p := range [][3]int{{1, 1, 3}, {1, 1, 10}, {1, 2, 6}, {2, 3, 5}, {3, 2, 4}, {2, 4, 3}, {1, 1, 30}, {3, 6, 4}, {5, 1, 7}, {6, 4, 5}} {
			var terms []string
			for k := range p[2] {
				terms = append(terms, fmt.Sprintf("pi*%s(%d*x)", name, p[0]+k*p[1]))
			}
			equations = append(equations, strings.Join(terms, " + "))
		}
	}
	solved, closed := 0, 0
	for _, f := range equations {
		n, ok := checkZeros(t, f, -3, 3)
		closed += n
		if ok {
			solved++
		}
	}
	if solved < 120 || closed < 500 {
		t.Errorf("%d equations are solved, %d zeros have a closed form", solved, closed)
	}
}

// TestSolveTwoSides does the same for equations whose sides are roots, or powers and exponentials, and for
// those that Lambert's W solves.
func TestSolveTwoSides(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 8))
	n := func() int { return 1 + r.IntN(5) }
	solved, closed, count := 0, 0, 0
	for range 25 {
		for _, f := range []string{
			fmt.Sprintf("%d*sqrt(x + %d) - %d*sqrt(%d - x)", n(), n(), n(), 6+n()),
			fmt.Sprintf("(x - %d)/sqrt(x + %d) - %d/sqrt(%d - x)", n(), n(), n(), 6+n()),
			fmt.Sprintf("%d*(x + %d)^(1/3) - (%d - x)^(2/3)", n(), n(), 6+n()),
			fmt.Sprintf("%d*2^x - %d*3^(%d - x)", n(), n(), n()),
			fmt.Sprintf("x^sqrt(%d) - %d*x^(1/%d)", n(), n(), n()),
			fmt.Sprintf("%d*x^pi*exp(-x) - %d*x^2*exp(-x)", n(), n()),
			fmt.Sprintf("%d*x + %d - %d*exp(-x/%d)", n(), n(), n()+5, n()),
			fmt.Sprintf("%d*x^2 - %d*2^(-x^2)", n(), n()),
			fmt.Sprintf("%d*x*log(x) - %d*x - %d", n(), n(), n()),
			fmt.Sprintf("%d*x*(exp(1/x) - 1) - exp(1/x)", 1+n()),
			fmt.Sprintf("%d*(exp(x) - 1) - x*exp(x)", 1+n()),
			fmt.Sprintf("%d*2^x - %d*x", n(), 3*n()), fmt.Sprintf("exp(x/%d) - %d*x^2", n(), n()),
			fmt.Sprintf("sin(x) - %d/%d*log(2)", n(), n()), fmt.Sprintf("cos(2x) - %d/(%d*pi)", n(), n()),
			fmt.Sprintf("%d*sin(x)^2 - pi*sin(x) + 1/%d", n(), n()),
			fmt.Sprintf("%d*sin(x) - sqrt(%d)*cos(x) + pi/%d", n(), n(), n()),
			fmt.Sprintf("%d*sin(x) + %d*sin(x + %d)", n(), n(), n()), fmt.Sprintf("cos(x)*cos(%d*x + %d) - sin(x)*sin(x + %d/%d)", n(), n(), n(), n()),
			fmt.Sprintf("cos(x + %d*pi/5) + %d*sin(x + 1/%d)*cos(x)^2", n(), n(), n()), fmt.Sprintf("%d*sin(x)*sin(x + %d) + 1/%d", n(), n(), n()),
			fmt.Sprintf("%d*cos(2x) - %d*sin(x)", n(), n()), fmt.Sprintf("%d*sin(3x)*cos(x) + %d*cos(x)*sin(2x)", n(), n()),
			fmt.Sprintf("%d*asin(x/6) - %d*acos(x/6)", n(), n()),
		} {
			k, ok := checkZeros(t, f, 0, 6)
			count++
			closed += k
			if ok {
				solved++
			}
		}
	}
	if solved < 385 || closed < 380 {
		t.Errorf("%d of %d equations are solved, %d zeros have a closed form", solved, count, closed)
	}
}

// checkZeros solves f = 0 between lo and hi and returns how many of the zeros have a closed form. It reports zeros
// that are none, and changes of sign without one.
func checkZeros(t *testing.T, f string, from, to int64) (closed int, solved bool) {
	t.Helper()
	tidier := simplify.New()
	l := NewFormulas(tidier, "x")
	g := tidier.Tidy(expr.MustParse(f))
	if !g.Has("x") {
		return 0, false
	}
	lo, hi := At(l.Consts, tidier.Int(from)), At(l.Consts, tidier.Int(to))
	zeros, ok := l.Solve(g, lo, hi)
	if !ok {
		return 0, false
	}
	p, err := tape.Compile([]string{"x"}, g)
	if err != nil {
		t.Fatal(err)
	}
	m := p.NewMachine()
	at := func(x float64) float64 {
		var v [1]float64
		m.Eval(v[:], []float64{x})
		return v[0]
	}
	for _, z := range zeros {
		if z.Exact.Valid() {
			closed++
		}
		if v := at(z.Float()); !(math.Abs(v) < 1e-7) {
			t.Errorf("%s at %v is %v", f, z.Float(), v)
		}
	}
	const step = 1.0 / 4096
	for x := float64(from) + step; x < float64(to)-2*step; x += step {
		if !(at(x)*at(x+step) < 0) {
			continue
		}
		found := false
		for _, z := range zeros {
			found = found || x-step < z.Float() && z.Float() < x+2*step
		}
		if !found {
			t.Errorf("%s changes its sign near %v, and no zero is found there", f, x)
		}
	}
	return closed, true
}

// TestSolveZeroCoefficients asks for the zeros of formulas that are 0 everywhere, as gamma(1/3) gamma(2/3) is 2 pi/sqrt(3):
// no list of them is complete.
func TestSolveZeroCoefficients(t *testing.T) {
	for _, f := range []string{
		"(gamma(1/3)*gamma(2/3) - 2*pi/sqrt(3))*(exp(x) - 2*x)", "sin(gamma(1/3)*gamma(2/3)*sqrt(3)/2)*(x - 1)",
		"sin(gamma(1/3)*gamma(2/3)*sqrt(3)/2)*(1 - 4*sqrt(x))", "(gamma(1/3)*gamma(2/3) - 2*pi/sqrt(3))*(3^x - 2*2^x)",
	} {
		tidier := simplify.New()
		l := NewFormulas(tidier, "x")
		list, ok := l.Solve(tidier.Tidy(expr.MustParse(f)), At(l.Consts, tidier.Int(0)), At(l.Consts, tidier.Int(3)))
		if ok {
			t.Errorf("%s: %d zeros", f, len(list))
		}
	}
}
