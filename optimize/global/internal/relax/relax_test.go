package relax

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"nabla/expr"
	"nabla/expr/interval"
	"nabla/expr/tape"
)

// relaxed compiles f and the constraints g ≤ 0 and encloses their parts on the box.
func relaxed(t testing.TB, vars []string, box []interval.I, f string, equal []bool, g ...string) (*Relaxation, []interval.I) {
	t.Helper()
	outs := []expr.Expr{expr.MustParse(f)}
	for _, c := range g {
		outs = append(outs, expr.MustParse(c))
	}
	p, err := tape.Compile(vars, outs...)
	if err != nil {
		t.Fatal(err)
	}
	m := p.NewMachine()
	m.Interval(make([]interval.I, len(outs)), nil, box)
	return New(p, append([]bool{false}, equal...)), append([]interval.I(nil), m.Registers()...)
}

// Bounds of which the value is known.
func TestBound(t *testing.T) {
	box := func(ends ...float64) (b []interval.I) {
		for i := 0; i < len(ends); i += 2 {
			b = append(b, interval.New(ends[i], ends[i+1]))
		}
		return b
	}
	for _, c := range []struct {
		f     string
		box   []interval.I
		equal bool
		g     []string
		want  float64
	}{
		{"x*y", box(-1, 2, -3, 1), false, nil, -6}, // the least value in a box is at a corner
		{"x*y", box(0, 1, 0, 1), false, []string{"1 - x - y"}, 0},
		{"x*y + z", box(0, 1, 0, 1, -1, 1), false, []string{"1.5 - x - y", "x - z"}, 1}, // w ≥ x + y - 1, z ≥ x ≥ 1/2
		{"x + y", box(0, 4, 0, 4), true, []string{"x*y - 4"}, 2},                        // x y ≤ 4 x, and ≤ 4 y
		{"x^2 - x", box(0, 2), false, nil, -0.25},                                       // by the tangent where the first three leave the least value
		{"exp(x) + exp(-x)", box(-1, 1), false, nil, 2},
		{"sqrt(x) + y", box(0, 4, 0, 1), false, []string{"2 - x - y"}, 1},                // the secant x/2: at x = 1, y = 1 it is 3/2, at x = 2, y = 0 it is 1
		{"2*x + 3*y", box(0, 10, 0, 10), false, []string{"4 - x - y", "6 - x - 3*y"}, 9}, // Chvátal's form of a diet: x = 3, y = 1
		{"x - y", box(-1, 1, -1, 1), false, []string{"y - x^3", "x - 2"}, math.NaN()},
	} {
		vars := []string{"x", "y", "z"}[:len(c.box)]
		l, r := relaxed(t, vars, c.box, c.f, slices.Repeat([]bool{c.equal}, len(c.g)), c.g...)
		if !l.Build(c.box, r, math.Inf(1)) {
			t.Fatalf("%s: no form", c.f)
		}
		x := append([]interval.I(nil), c.box...)
		got := l.Bound(x, math.Inf(1))
		if !math.IsNaN(c.want) && !(math.Abs(got-c.want) <= 1e-9) {
			t.Errorf("%s under %v: %v, want %v", c.f, c.g, got, c.want)
		}
	}
}

// Monomials of several factors are held by the logarithms of these: the least value is 4, at x = y = z = 1.
func TestMonomials(t *testing.T) {
	box := slices.Repeat([]interval.I{interval.New(0.1, 10)}, 3)
	l, r := relaxed(t, []string{"x", "y", "z"}, box, "1/(x*y*z) + x + y + z", nil)
	if !l.Build(box, r, math.Inf(1)) {
		t.Fatal("no form")
	}
	if v := l.Bound(slices.Clone(box), math.Inf(1)); !(v > 3.5 && v <= 4) {
		t.Errorf("bound %v, want nearly 4", v)
	}
}

// The tangents of a log a and of a log(a/b).
func TestEntropy(t *testing.T) {
	for _, c := range []struct {
		f    string
		want float64 // the least value
	}{
		{"x*log(x) + (1 - x)*log(1 - x)", -math.Log(2)},
		{"3*x*log(2*x) - x", -1.5 * math.Exp(-2./3)},
		{"x*log(x/(x + 2*y)) + y*log(y/(x + y)) + 0.1*y", -1.69176},
	} {
		box := slices.Repeat([]interval.I{interval.New(1e-6, 1-1e-6)}, 2)
		l, r := relaxed(t, []string{"x", "y"}, box, c.f, nil)
		if !l.Build(box, r, math.Inf(1)) {
			t.Fatal("no form")
		}
		if v := l.Bound(slices.Clone(box), math.Inf(1)); !(v > c.want-0.03 && v <= c.want+1e-4) {
			t.Errorf("%s: bound %v, want nearly %v", c.f, v, c.want)
		}
	}
}

// What nothing satisfies is found out.
func TestNothing(t *testing.T) {
	box := []interval.I{interval.New(0, 1), interval.New(0, 1)}
	l, r := relaxed(t, []string{"x", "y"}, box, "x", []bool{false, false}, "x + y - 0.5", "0.9 - x*y - x")
	if !l.Build(box, r, math.Inf(1)) {
		t.Fatal("no form")
	}
	if v := l.Bound(box, math.Inf(1)); !math.IsInf(v, 1) {
		t.Errorf("bound %v, want none", v)
	}
}

// Ends near the largest floats break nothing.
func TestHuge(t *testing.T) {
	box := []interval.I{interval.New(0, 1.7e308), interval.New(-1, 1)}
	l, r := relaxed(t, []string{"x", "y"}, box, "9*x + y", []bool{false}, "1e308 - x - y")
	r[l.p.Out(0)] = interval.New(-1, 1.7e308) // as where f is known to be no higher
	if l.Build(box, r, 1.7e308) {
		if v := l.Bound(box, 1.7e308); !(v <= 1.7e308) {
			t.Errorf("bound %v", v)
		}
	}
}

// A part without a value says nothing.
func TestNoValue(t *testing.T) {
	if constant(interval.Empty).ok || variable(0).times(interval.Empty, []interval.I{interval.New(0, 1)}).ok {
		t.Error("a form of a part without a value")
	}
}

// No point that satisfies the constraints and is as low as asked is lost, and none is below the bound.
func TestRandomRelaxations(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 9))
	vars := []string{"x", "y", "z"}
	atom := func() string {
		a, b := vars[r.IntN(3)], vars[r.IntN(3)]
		switch r.IntN(15) {
		case 0:
			return fmt.Sprintf("%s*%s", a, b)
		case 1:
			return fmt.Sprintf("%s^2", a)
		case 2:
			return fmt.Sprintf("(%s + 0.3*%s)^3", a, b)
		case 3:
			return fmt.Sprintf("exp(%s - %s)", a, b)
		case 4:
			return fmt.Sprintf("log(%s + 4)", a)
		case 5:
			return fmt.Sprintf("%s/(%s + 3.7)", a, b)
		case 6:
			return fmt.Sprintf("sin(2*%s)", a)
		case 7:
			return fmt.Sprintf("sqrt(%s*%s + 12)", a, b)
		case 8:
			return fmt.Sprintf("(%s + 3.1)^0.7", a)
		case 9:
			return fmt.Sprintf("cos(%s + %s)", a, b)
		case 10:
			return fmt.Sprintf("(%s + 4.1)^2*(%s + 3.2)/(z + 4.5)^1.5", a, b)
		case 11:
			return fmt.Sprintf("exp(%s)*sqrt((%s + 3.3)*(x + 5))", a, b)
		case 12:
			return fmt.Sprintf("(%s + 3.4)*log(%s + 3.4)", a, a)
		case 13:
			return fmt.Sprintf("(%s + 3.4)*log((%s + 3.4)/(2*%s + y + 10))", a, a, b)
		}
		return fmt.Sprintf("3/(%s - 4.5)", a)
	}
	formula := func() string {
		s := "0"
		for range 1 + r.IntN(3) {
			s += fmt.Sprintf(" + (%.2f)*%s", 4*r.Float64()-2, atom())
		}
		return s
	}
	narrowed := 0
	for range 400 {
		box := make([]interval.I, 3)
		for i := range box {
			c, w := 4*r.Float64()-2, math.Pow(10, -3*r.Float64())
			box[i] = interval.New(c-w, c+w)
		}
		equal := []bool{false, false}
		g := []string{formula(), formula()}
		l, regs := relaxed(t, vars, box, formula(), equal, g...)
		m := l.p.NewMachine()
		point := func() ([]float64, []float64) {
			x, out := make([]float64, 3), make([]float64, 3)
			for i, v := range box {
				x[i] = v.Lo + r.Float64()*v.Width()
			}
			m.Eval(out, x)
			return x, out
		}
		_, out := point()
		most := out[0]
		if !l.Build(box, regs, most) {
			continue
		}
		x := append([]interval.I(nil), box...)
		v := l.Bound(x, most)
		some := v <= most
		for i := range x {
			some = some && l.Narrow(x, i)
		}
		narrowed += len(box)
		for i := range x {
			if x[i] == box[i] {
				narrowed--
			}
		}
		for range 300 {
			at, out := point()
			if !(out[1] <= 0 && out[2] <= 0 && out[0] <= most) {
				continue
			}
			if out[0] < v {
				t.Fatalf("f = %v at %v, below the bound %v", out[0], at, v)
			}
			for i := range at {
				if !some || !x[i].Has(at[i]) {
					t.Fatalf("the point %v is lost: %v of %v", at, x, box)
				}
			}
		}
	}
	if narrowed < 100 {
		t.Errorf("%d of 1200 sides were narrowed", narrowed)
	}
}

// A case that does not occur need have no value.
func TestCases(t *testing.T) {
	box := []interval.I{interval.New(-3, 1)}
	if l, _ := relaxed(t, []string{"x"}, box, "if(x < 0, x, sqrt(x))", nil); l != nil {
		t.Error("a relaxation of a case distinction")
	}
}
