package optimize

import (
	"fmt"
	"math"
	"testing"

	"gonum.org/v1/gonum/diff/fd"
	"gonum.org/v1/gonum/mat"
)

// problem is a test function with its derivatives and what is known of its minimum.
type problem struct {
	name   string
	n      int
	f      func(x []float64) float64
	g      func(g, x []float64)
	h      func(h *mat.SymDense, x []float64) // nil: by differences
	start  []float64
	bounds []Bound
	min    float64     // least value near the start (inside the bounds)
	at     [][]float64 // where, nil if not unique
	kinks  bool
	hard   bool // only strong methods get there
}

func (p *problem) objective() Objective { return New(p.n, p.f, p.g, p.h) }

func set(h *mat.SymDense, v ...float64) {
	n, k := h.SymmetricDim(), 0
	for i := 0; i < n; i++ {
		for j := i; j < n; j++ {
			h.SetSym(i, j, v[k])
			k++
		}
	}
}

func rosenbrock(x []float64) float64 {
	s := 0.0
	for i := 0; i+1 < len(x); i++ {
		a, b := 1-x[i], x[i+1]-x[i]*x[i]
		s += a*a + 100*b*b
	}
	return s
}

func rosenbrockGrad(g, x []float64) {
	clear(g)
	for i := 0; i+1 < len(x); i++ {
		b := x[i+1] - x[i]*x[i]
		g[i] += -2*(1-x[i]) - 400*x[i]*b
		g[i+1] += 200 * b
	}
}

func rosenbrockHess(h *mat.SymDense, x []float64) {
	h.Zero()
	for i := 0; i+1 < len(x); i++ {
		h.SetSym(i, i, h.At(i, i)+2+1200*x[i]*x[i]-400*x[i+1])
		h.SetSym(i, i+1, -400*x[i])
		h.SetSym(i+1, i+1, h.At(i+1, i+1)+200)
	}
}

func ones(n int, v float64) []float64 {
	x := make([]float64, n)
	fill(x, v)
	return x
}

// one makes a problem of one variable.
func one(name string, f, d, dd func(x float64) float64, start, at, min float64) problem {
	return problem{name: name, n: 1, start: []float64{start}, at: [][]float64{{at}}, min: min,
		f: func(x []float64) float64 { return f(x[0]) },
		g: func(g, x []float64) { g[0] = d(x[0]) },
		h: func(h *mat.SymDense, x []float64) { h.SetSym(0, 0, dd(x[0])) },
	}
}

// wood is Moré, Garbow and Hillstrom 1981, number 14.
func wood(x []float64) float64 {
	a, b, c, d := x[1]-x[0]*x[0], 1-x[0], x[3]-x[2]*x[2], 1-x[2]
	return 100*a*a + b*b + 90*c*c + d*d + 10*(x[1]+x[3]-2)*(x[1]+x[3]-2) + 0.1*(x[1]-x[3])*(x[1]-x[3])
}

func woodGrad(g, x []float64) {
	a, c := x[1]-x[0]*x[0], x[3]-x[2]*x[2]
	e, d := 20*(x[1]+x[3]-2), 0.2*(x[1]-x[3])
	g[0], g[1] = -400*x[0]*a-2*(1-x[0]), 200*a+e+d
	g[2], g[3] = -360*x[2]*c-2*(1-x[2]), 180*c+e-d
}

// powell is the singular function of Powell, number 13 there: its Hessian at the minimum is
// singular.
func powell(x []float64) float64 {
	a, b, c, d := x[0]+10*x[1], x[2]-x[3], x[1]-2*x[2], x[0]-x[3]
	return a*a + 5*b*b + c*c*c*c + 10*d*d*d*d
}

func powellGrad(g, x []float64) {
	a, b, c, d := x[0]+10*x[1], x[2]-x[3], x[1]-2*x[2], x[0]-x[3]
	c3, d3 := 4*c*c*c, 40*d*d*d
	g[0], g[1], g[2], g[3] = 2*a+d3, 20*a+c3, 10*b-2*c3, -10*b-d3
}

func beale(x []float64) float64 {
	s, y := 0.0, 1.0
	for _, c := range [...]float64{1.5, 2.25, 2.625} {
		y *= x[1]
		r := c - x[0]*(1-y)
		s += r * r
	}
	return s
}

func bealeGrad(g, x []float64) {
	g[0], g[1] = 0, 0
	y := 1.0
	for i, c := range [...]float64{1.5, 2.25, 2.625} {
		before := y
		y *= x[1]
		r := c - x[0]*(1-y)
		g[0] += -2 * r * (1 - y)
		g[1] += 2 * r * x[0] * float64(i+1) * before
	}
}

func bealeHess(h *mat.SymDense, x []float64) {
	var xx, xy, yy float64
	for i, c := range [...]float64{1.5, 2.25, 2.625} {
		k := float64(i + 1)
		p, q, s := math.Pow(x[1], k), k*math.Pow(x[1], k-1), 0.0
		if k > 1 {
			s = k * (k - 1) * math.Pow(x[1], k-2)
		}
		r := c - x[0]*(1-p)
		xx += 2 * (1 - p) * (1 - p)
		xy += 2 * (-(1-p)*x[0]*q + r*q)
		yy += 2 * (x[0]*q*x[0]*q + r*x[0]*s)
	}
	set(h, xx, xy, yy)
}

func himmelblau(x []float64) float64 {
	a, b := x[0]*x[0]+x[1]-11, x[0]+x[1]*x[1]-7
	return a*a + b*b
}

func himmelblauGrad(g, x []float64) {
	a, b := x[0]*x[0]+x[1]-11, x[0]+x[1]*x[1]-7
	g[0], g[1] = 4*x[0]*a+2*b, 2*a+4*x[1]*b
}

func rastrigin(x []float64) float64 {
	s := 10 * float64(len(x))
	for _, v := range x {
		s += v*v - 10*math.Cos(2*math.Pi*v)
	}
	return s
}

func rastriginGrad(g, x []float64) {
	for i, v := range x {
		g[i] = 2*v + 20*math.Pi*math.Sin(2*math.Pi*v)
	}
}

func sphere(x []float64) float64 {
	s := 0.0
	for i, v := range x {
		s += float64(i+1) * (v - 1) * (v - 1)
	}
	return s
}

func sphereGrad(g, x []float64) {
	for i, v := range x {
		g[i] = 2 * float64(i+1) * (v - 1)
	}
}

func sphereHess(h *mat.SymDense, x []float64) {
	h.Zero()
	for i := range x {
		h.SetSym(i, i, 2*float64(i+1))
	}
}

// himmelblauMinima are the four minimisers of Himmelblau's function, all of value 0.
var himmelblauMinima = [][]float64{{3, 2}, {-2.805118086952745, 3.131312518250573}, {-3.779310253377747, -3.283185991286170}, {3.584428340330492, -1.848126526964404}}

const e = math.E

// problems are the functions that every method meets.
func problems() []problem {
	inf := math.Inf(1)
	return []problem{
		{name: "parabola bowl", n: 3, f: sphere, g: sphereGrad, h: sphereHess, start: []float64{-1, 2, 0}, at: [][]float64{{1, 1, 1}}},
		{name: "Rosenbrock", n: 2, f: rosenbrock, g: rosenbrockGrad, h: rosenbrockHess, start: []float64{-1.2, 1}, at: [][]float64{{1, 1}}, hard: true},
		{name: "Beale", n: 2, f: beale, g: bealeGrad, h: bealeHess, start: []float64{1, 1}, at: [][]float64{{3, 0.5}}, hard: true},
		{name: "Powell singular", n: 4, f: powell, g: powellGrad, start: []float64{3, -1, 0, 1}, hard: true},
		{name: "Wood", n: 4, f: wood, g: woodGrad, start: []float64{-3, -1, -3, -1}, at: [][]float64{{1, 1, 1, 1}}, hard: true},
		{name: "Himmelblau", n: 2, f: himmelblau, g: himmelblauGrad, start: []float64{1, 1}, at: himmelblauMinima},
		one("x log x", func(x float64) float64 { return x * math.Log(x) }, func(x float64) float64 { return 1 + math.Log(x) },
			func(x float64) float64 { return 1 / x }, 2, 1/e, -1/e),
		one("x^x", func(x float64) float64 { return math.Pow(x, x) }, func(x float64) float64 { return math.Pow(x, x) * (1 + math.Log(x)) },
			func(x float64) float64 {
				return math.Pow(x, x) * ((1+math.Log(x))*(1+math.Log(x)) + 1/x)
			}, 2, 1/e, math.Exp(-1/e)),
		one("steep", func(x float64) float64 { return 1e10 * x * x }, func(x float64) float64 { return 2e10 * x },
			func(x float64) float64 { return 2e10 }, 1, 0, 0).mark(true, false),
		one("shallow", func(x float64) float64 { return 1e-8*x*x - x }, func(x float64) float64 { return 2e-8*x - 1 },
			func(x float64) float64 { return 2e-8 }, 0, 5e7, -2.5e7).mark(true, false),
		one("quartic", func(x float64) float64 { return x * x * x * x }, func(x float64) float64 { return 4 * x * x * x },
			func(x float64) float64 { return 12 * x * x }, 1, 0, 0).mark(true, false),
		one("log barrier", func(x float64) float64 { return x - math.Log(x) - math.Log(3-x) },
			func(x float64) float64 { return 1 - 1/x + 1/(3-x) },
			func(x float64) float64 { return 1/(x*x) + 1/((3-x)*(3-x)) }, 2.9, (5-math.Sqrt(13))/2, 0.2238).value(),
		one("|x|", math.Abs, sign, func(float64) float64 { return 0 }, 0.7, 0, 0).mark(true, true),
		{name: "max(|x|, |y|)", n: 2, start: []float64{1, 0.3}, at: [][]float64{{0, 0}}, kinks: true, hard: true,
			f: func(x []float64) float64 { return math.Max(math.Abs(x[0]), math.Abs(x[1])) },
			g: func(g, x []float64) {
				g[0], g[1] = 0, 0
				if math.Abs(x[0]) >= math.Abs(x[1]) {
					g[0] = sign(x[0])
				} else {
					g[1] = sign(x[1])
				}
			}},
		{name: "bowl in a box", n: 3, f: sphere, g: sphereGrad, h: sphereHess, start: []float64{0, 0, 0}, at: [][]float64{{0.5, 1, 0.25}}, min: 0.25 + 3*0.5625,
			bounds: []Bound{{-1, 0.5}, {-inf, inf}, {-3, 0.25}}},
		{name: "Rosenbrock at a wall", n: 2, f: rosenbrock, g: rosenbrockGrad, h: rosenbrockHess, start: []float64{-1.2, 1}, at: [][]float64{{0.5, 0.25}}, min: 0.25,
			bounds: []Bound{{-2, 0.5}, {-inf, inf}}, hard: true},
		{name: "plane in a box", n: 2, start: []float64{0.3, 0.3}, at: [][]float64{{0, 1}}, min: -2, bounds: []Bound{{0, 1}, {0, 1}},
			f: func(x []float64) float64 { return x[0] - 2*x[1] },
			g: func(g, x []float64) { g[0], g[1] = 1, -2 },
			h: func(h *mat.SymDense, x []float64) { h.Zero() }},
		{name: "saddle in a box", n: 2, start: []float64{0.4, 0.1}, at: [][]float64{{0, 1}}, min: -1, bounds: []Bound{{-1, 1}, {-2, 1}}, hard: true,
			f: func(x []float64) float64 { return x[0]*x[0] - x[1]*x[1] },
			g: func(g, x []float64) { g[0], g[1] = 2*x[0], -2*x[1] },
			h: func(h *mat.SymDense, x []float64) { set(h, 2, 0, -2) }},
		problem{name: "held variable", n: 2, f: rosenbrock, g: rosenbrockGrad, h: rosenbrockHess, start: []float64{0, 2}, at: [][]float64{{1.4136961582637277, 2}},
			min: 0.1714, bounds: []Bound{{-3, 3}, {2, 2}}, hard: true}.value(),
	}
}

func sign(x float64) float64 {
	switch {
	case x > 0:
		return 1
	case x < 0:
		return -1
	}
	return 0
}

func (p problem) mark(hard, kinks bool) problem { p.hard, p.kinks = hard, kinks; return p }

// value fills in the exact minimum from its place.
func (p problem) value() problem {
	v := p.f(p.at[0])
	if math.Abs(v-p.min) > 1e-3 {
		panic(fmt.Sprintf("%s: f = %g at the minimiser, not %g", p.name, v, p.min))
	}
	p.min = v
	return p
}

// checkDerivatives compares gradient and Hessian with differences near x.
func checkDerivatives(p *problem, x []float64) error {
	o := p.objective()
	g, want := make([]float64, p.n), make([]float64, p.n)
	o.Grad(g, x)
	fd.Gradient(want, p.f, x, &fd.Settings{Formula: fd.Central})
	scale := 1.0
	for _, v := range want {
		scale = math.Max(scale, math.Abs(v))
	}
	for i := range g {
		if math.Abs(g[i]-want[i]) > 1e-5*scale {
			return fmt.Errorf("%s: gradient %v at %v, by differences %v", p.name, g, x, want)
		}
	}
	ho, ok := o.(Hessianer)
	if !ok {
		return nil
	}
	h := mat.NewSymDense(p.n, nil)
	ho.Hess(h, x)
	d := mat.NewSymDense(p.n, nil)
	differenceHessian(d, x, g, nil, make([]float64, 3*p.n), func(x, g []float64) { o.Grad(g, x) })
	scale = 1
	for i := 0; i < p.n; i++ {
		for j := i; j < p.n; j++ {
			scale = math.Max(scale, math.Abs(d.At(i, j)))
		}
	}
	for i := 0; i < p.n; i++ {
		for j := i; j < p.n; j++ {
			if math.Abs(h.At(i, j)-d.At(i, j)) > 1e-5*scale {
				return fmt.Errorf("%s: Hessian element %d,%d is %g at %v, by differences %g", p.name, i, j, h.At(i, j), x, d.At(i, j))
			}
		}
	}
	return nil
}

func TestProblemsDerivatives(t *testing.T) {
	for _, p := range problems() {
		x := append([]float64(nil), p.start...)
		for i := range x {
			x[i] += 0.05 * float64(i+1) // off kinks and symmetric places
			if p.name == "log barrier" {
				x[i] = 1.1
			}
		}
		if err := checkDerivatives(&p, x); err != nil {
			t.Error(err)
		}
		for _, at := range p.at {
			if v := p.f(at); math.Abs(v-p.min) > 1e-8*math.Max(1, math.Abs(p.min)) {
				t.Errorf("%s: f = %.15g at %v, want %.15g", p.name, v, at, p.min)
			}
		}
	}
}

// A wrong derivative must be noticed.
func TestCheckDerivativesNotices(t *testing.T) {
	p := problem{name: "wrong gradient", n: 2, f: rosenbrock, g: func(g, x []float64) { rosenbrockGrad(g, x); g[1] *= 1.001 }, h: rosenbrockHess}
	if checkDerivatives(&p, []float64{-1.2, 1}) == nil {
		t.Error("a wrong gradient passed")
	}
	p = problem{name: "wrong Hessian", n: 2, f: rosenbrock, g: rosenbrockGrad, h: func(h *mat.SymDense, x []float64) { rosenbrockHess(h, x); h.SetSym(0, 1, 400*x[0]) }}
	if checkDerivatives(&p, []float64{-1.2, 1}) == nil {
		t.Error("a wrong Hessian passed")
	}
}

// guard is an Objective that notes every evaluation and fails the test when it is asked
// for a value outside the bounds or at a point that is not finite.
type guard struct {
	Objective
	t      testing.TB
	name   string
	bounds []Bound
	count  Evaluations
	lowest float64
	failed bool
}

func watchOver(t testing.TB, name string, o Objective, bounds []Bound) Objective {
	w := &guard{Objective: o, t: t, name: name, bounds: bounds, lowest: math.Inf(1)}
	if h, ok := o.(Hessianer); ok {
		return &guardHess{w, h}
	}
	return w
}

func (w *guard) check(x []float64) {
	bad := !finite(x) || w.bounds != nil && !inside(w.bounds, x)
	if bad && !w.failed {
		w.failed = true
		w.t.Errorf("%s: evaluated at %v, bounds %v", w.name, x, w.bounds)
	}
}

func (w *guard) Func(x []float64) float64 {
	w.check(x)
	w.count.Func++
	f := w.Objective.Func(x)
	w.lowest = math.Min(w.lowest, f)
	if math.IsNaN(w.lowest) {
		w.lowest = math.Inf(1)
	}
	return f
}

func (w *guard) Grad(g, x []float64) {
	w.check(x)
	w.count.Grad++
	w.Objective.Grad(g, x)
}

type guardHess struct {
	*guard
	h Hessianer
}

func (w *guardHess) Hess(h *mat.SymDense, x []float64) {
	w.check(x)
	w.count.Hess++
	w.h.Hess(h, x)
}

// countingTB counts errors instead of failing.
type countingTB struct {
	testing.TB
	errors int
}

func (c *countingTB) Errorf(string, ...any) { c.errors++ }

func TestGuardNotices(t *testing.T) {
	c := &countingTB{TB: t}
	w := watchOver(c, "outside", New(1, func(x []float64) float64 { return x[0] }, func(g, x []float64) { g[0] = 1 }, nil), []Bound{{0, 1}})
	w.Func([]float64{0.5})
	if c.errors != 0 {
		t.Error("complains inside the bounds")
	}
	w.Func([]float64{1.5})
	if c.errors != 1 {
		t.Error("does not notice a point outside the bounds")
	}
	c.errors = 0
	w = watchOver(c, "NaN", New(1, func(x []float64) float64 { return x[0] }, func(g, x []float64) { g[0] = 1 }, nil), nil)
	w.Grad([]float64{0}, []float64{math.NaN()})
	if c.errors != 1 {
		t.Error("does not notice NaN")
	}
}
