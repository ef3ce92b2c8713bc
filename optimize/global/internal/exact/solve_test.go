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
	solved, exact := 0, 0
	for _, f := range equations {
		tidier := simplify.New()
		l := NewFormulas(tidier, "x")
		g := tidier.Tidy(expr.MustParse(f))
		if !g.Has("x") {
			continue
		}
		lo, hi := At(l.Consts, tidier.Int(-3)), At(l.Consts, tidier.Int(3))
		zeros, ok := l.Solve(g, lo, hi)
		if !ok {
			continue
		}
		solved++
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
				exact++
			}
			if v := at(z.Float()); !(math.Abs(v) < 1e-7) {
				t.Errorf("%s at %v is %v", f, z.Float(), v)
			}
		}
		const step = 1.0 / 4096
		for x := -3 + step; x < 3-2*step; x += step {
			if at(x)*at(x+step) >= 0 {
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
	}
	if solved < 120 || exact < 500 {
		t.Errorf("%d equations are solved, %d zeros have a closed form", solved, exact)
	}
}
