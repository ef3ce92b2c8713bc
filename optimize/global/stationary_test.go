package global

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"nabla/diff"
	"nabla/expr"
	"nabla/expr/format"
	"nabla/expr/number"
	"nabla/expr/tape"
	"nabla/optimize/global/internal/model"
)

// found lists the stationary points of an answer as "kind value (x, y)".
func found(a *Answer) []string {
	var out []string
	for _, st := range a.Stationary {
		value := fmt.Sprintf("%.6g", st.Value)
		if st.ExactValue.Valid() {
			value = format.Plain(st.ExactValue)
		}
		var at []string
		for i, x := range st.X {
			if len(st.Exact) > 0 {
				at = append(at, format.Plain(st.Exact[i]))
			} else {
				at = append(at, fmt.Sprintf("%.6g", x))
			}
		}
		out = append(out, fmt.Sprintf("%s %s (%s)", st.Kind, value, strings.Join(at, ", ")))
	}
	return out
}

// Exercises on critical points: Stewart, Calculus, 8th ed. 2016, section 14.7, and Marsden and Tromba, Vector
// Calculus, 6th ed. 2012, section 3.3, among others; the answers are SymPy's, solved and classified by hand.
func TestStationaryPoints(t *testing.T) {
	for _, c := range []struct {
		formula  string
		complete bool
		want     []string
	}{
		{"x^3 + y^3 - 3x*y", true, []string{"saddle 0 (0, 0)", "local minimum -1 (1, 1)"}},
		{"x^4 + y^4 - 4x*y + 1", true, []string{"local minimum -1 (-1, -1)", "saddle 1 (0, 0)", "local minimum -1 (1, 1)"}},
		{"x^4/4 - x^3/3000000 + y^2 + x^2*y^2", true, // two points that floats hardly tell apart
			[]string{"saddle 0 (0, 0)", "local minimum -1/1.2e25 (1/1000000, 0)"}},
		{"x^3 - 3x*y^2", true, []string{"saddle 0 (0, 0)"}},         // monkey saddle
		{"(x^2 - y)*(3x^2 - y)", true, []string{"saddle 0 (0, 0)"}}, // Peano: least along each line
		{"x^2 + y^4", true, []string{"local minimum 0 (0, 0)"}},     // semidefinite Hessian
		{"(x^2 - y)*(x^2 - 2y) + y^4", true, []string{"local minimum -1/64 (-2^(3/4)*sqrt(3)/4, sqrt(2)/4)", "saddle 0 (0, 0)", // between two parabolas near to each other
			"local minimum -1/64 ((9/32)^(1/4), sqrt(2)/4)"}},
		{"-x^2 - y^4 + y^5", true, []string{"local maximum 0 (0, 0)", "saddle -256/3125 (0, 4/5)"}},
		{"x^2 + y^3", true, []string{"saddle 0 (0, 0)"}},
		{"x^4 - x^2*y^2 + y^4", true, []string{"local minimum 0 (0, 0)"}},
		{"x*y + 1/x + 1/y", true, []string{"local minimum 3 (1, 1)"}},
		{"x/(1 + x^2 + y^2)", true, []string{"local minimum -1/2 (-1, 0)", "local maximum 1/2 (1, 0)"}},
		{"x*y*exp(-(x^2 + y^2)/2)", true, []string{"local maximum exp(-1) (-1, -1)", "local minimum -exp(-1) (-1, 1)", "saddle 0 (0, 0)",
			"local minimum -exp(-1) (1, -1)", "local maximum exp(-1) (1, 1)"}},
		{"log(1 + x^2 + y^2) - x/2", true, []string{"local minimum sqrt(3)/2 + 2*log(2) + log(2 - sqrt(3)) - 1 (2 - sqrt(3), 0)",
			"saddle 2*log(2) + log(2 + sqrt(3)) - sqrt(3)/2 - 1 (2 + sqrt(3), 0)"}},
		{"x^2*y + y^4 + x^6", true, []string{"local minimum -5*2^(4/5)*3^(1/5)/144 (-2^(4/5)*3^(7/10)/6, -(1/48)^(1/5))", "saddle 0 (0, 0)",
			"local minimum -5*2^(4/5)*3^(1/5)/144 (2^(4/5)*3^(7/10)/6, -(1/48)^(1/5))"}},
		{"x^2 + y^2 + z^2 + x*y*z", true, []string{"saddle 4 (-2, -2, -2)", "saddle 4 (-2, 2, 2)", "local minimum 0 (0, 0, 0)",
			"saddle 4 (2, -2, 2)", "saddle 4 (2, 2, -2)"}},
		{"x*exp(y)", true, nil},                // the gradient vanishes nowhere
		{"(x - 1)^3/(x - 1) + y^2", true, nil}, // the zero of what the gradient is elsewhere is a gap
		{"(x*y - 1)^2", false, nil},            // a curve of them
		{"sqrt(x^2 + y^2 - 2x + 5/4)", true, []string{"local minimum 1/2 (1, 0)"}},
		{"sqrt(x^3)*y - y^2 - y", false, nil}, // an edge at which f has a value and no gradient
		{"sqrt(x)^2 + y^2", false, nil},       // an edge
		{"x^2 + y^2 + 0*sqrt(-(x - y)^2)", false, nil},
	} {
		f, err := expr.Parse(c.formula)
		if err != nil {
			t.Fatal(err)
		}
		for _, max := range []bool{false, true} {
			a := solved(t, Problem{F: f, Max: max}, Options{Certificate: true})
			got := found(a)
			if !max && c.complete && !slices.Equal(got, c.want) || a.StationaryComplete != c.complete {
				t.Errorf("%s: complete %v\n got %q\nwant %q", c.formula, a.StationaryComplete, got, c.want)
			}
			if r := checkAgain(t, a.Certificate); r.Stationary != c.complete {
				t.Errorf("%s: the list is confirmed: %v, want %v (%q)", c.formula, r.Stationary, c.complete, r.Unchecked)
			}
		}
	}
}

// Between bounds, the points in the interior are listed, and the list is not said to be complete: the edges may hold extrema.
func TestStationaryPointsBetweenBounds(t *testing.T) {
	f, _ := expr.Parse("x^3 + y^3 - 3x*y")
	pool := expr.NewPool()
	b := Bound{Lo: pool.Num(number.Frac(1, 2))}
	a := solved(t, Problem{F: f, Bounds: []Bound{b, b}, Max: true}, Options{})
	if got := found(a); !slices.Contains(got, "local minimum -1 (1, 1)") || slices.Contains(got, "saddle 0 (0, 0)") || a.StationaryComplete {
		t.Error(got, a.StationaryComplete)
	}
}

// What Newton's method finds from random starts is on the list that is said to be complete.
func TestStationaryPointsAgainstNewton(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	lists := 0
	for range 40 {
		var terms []string
		for range 3 + r.IntN(3) {
			terms = append(terms, fmt.Sprintf("%d*x^%d*y^%d", r.IntN(7)-3, r.IntN(4), r.IntN(3)))
		}
		formula := strings.Join(terms, " + ") + " + x^4 + y^4"
		f, err := expr.Parse(formula)
		if err != nil {
			t.Fatal(err)
		}
		p := &Problem{F: f, Vars: []string{"x", "y"}}
		a := &Answer{Status: Local}
		p.listStationary(context.Background(), a, Options{})
		if !a.StationaryComplete {
			continue
		}
		lists++
		g := diff.Gradient(f, p.Vars)
		outs := slices.Clone(g)
		for _, h := range g {
			outs = append(outs, diff.Gradient(h, p.Vars)...)
		}
		prog, err := tape.Compile(p.Vars, outs...)
		if err != nil {
			t.Fatal(err)
		}
		m, v := prog.NewMachine(), make([]float64, 6)
		for _, st := range a.Stationary {
			if m.Eval(v, st.X); math.Hypot(v[0], v[1]) > 1e-9*math.Max(1, math.Abs(v[2])+math.Abs(v[5])) {
				t.Errorf("%s: the gradient at %v is %v", formula, st.X, v[:2])
			}
			det := v[2]*v[5] - v[3]*v[4]
			if det < -1e-6 && st.Kind != "saddle" || det > 1e-6 && st.Kind != map[bool]string{true: "local minimum", false: "local maximum"}[v[2] > 0] {
				t.Errorf("%s: %s at %v with the Hessian %v", formula, st.Kind, st.X, v[2:])
			}
		}
		for range 20 {
			x := []float64{3 * r.NormFloat64(), 3 * r.NormFloat64()}
			step := math.Inf(1)
			for range 100 {
				m.Eval(v, x)
				det := v[2]*v[5] - v[3]*v[4]
				dx, dy := (v[5]*v[0]-v[3]*v[1])/det, (v[2]*v[1]-v[4]*v[0])/det
				x[0], x[1], step = x[0]-dx, x[1]-dy, math.Hypot(dx, dy)
			}
			if step < 1e-12 && !slices.ContainsFunc(a.Stationary, func(st Stationary) bool { return model.Near(st.X, x) }) {
				t.Errorf("%s: %v is not on the list %v", formula, x, found(a))
			}
		}
	}
	if lists < 20 {
		t.Errorf("only %d lists are complete", lists)
	}
}
