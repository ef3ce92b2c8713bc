package tape_test

import (
	"fmt"
	"math"
	"testing"

	"nabla/diff"
	"nabla/expr"
	"nabla/expr/interval"
	"nabla/expr/tape"
)

// A benchmark is a formula with its gradient and the same by hand.
type benchmark struct {
	name    string
	formula string
	vars    []string // all variables, those of the gradient first
	wrt     int      // how many of them the gradient is by
	hand    func(g, x []float64) float64
	at      []float64
}

func sqr(x float64) float64 { return x * x }

func indexed(n int) []string {
	v := make([]string, n)
	for i := range v {
		v[i] = fmt.Sprintf("x[%d]", i+1)
	}
	return v
}

func spread(n int) []float64 {
	x := make([]float64, n)
	for i := range x {
		x[i] = math.Sin(float64(i) + 0.5)
	}
	return x
}

var benchmarks = []benchmark{
	{"square", "x^2 + 2", []string{"x"}, 1, handSquare, []float64{0.7}},
	{"Rosenbrock", "100*(y - x^2)^2 + (1 - x)^2", []string{"x", "y"}, 2, handRosenbrock, []float64{-1.2, 1}},
	{"Beale", "(1.5 - x + x*y)^2 + (2.25 - x + x*y^2)^2 + (2.625 - x + x*y^3)^2", []string{"x", "y"}, 2, handBeale,
		[]float64{1, 0.8}},
	{"exponentials", "(b1*exp(-b2*x) + b3*exp(-(x - b4)^2/b5^2) + b6*exp(-(x - b7)^2/b8^2) - y)^2",
		[]string{"b1", "b2", "b3", "b4", "b5", "b6", "b7", "b8", "x", "y"}, 8, handExponentials,
		[]float64{98, 0.0105, 100, 67, 23, 72, 178, 18, 100, 60}},
	{"logistic", "log(1 + exp(-y*(w1*x1 + w2*x2 + w3*x3 + w4*x4 + b)))",
		[]string{"w1", "w2", "w3", "w4", "b", "x1", "x2", "x3", "x4", "y"}, 5, handLogistic,
		[]float64{0.1, -0.2, 0.3, 0.4, 0.5, 1, 2, -1, 0.5, 1}},
	{"chained", "sum(100*(x[i+1] - x[i]^2)^2 + (1 - x[i])^2, i, 1, 999)", indexed(1000), 1000, handChained, spread(1000)},
	{"Ackley", "-20*exp(-0.2*sqrt(0.5*(x^2 + y^2))) - exp(0.5*(cos(2*pi*x) + cos(2*pi*y))) + e + 20",
		[]string{"x", "y"}, 2, handAckley, []float64{0.3, -0.7}},
}

func handSquare(g, x []float64) float64 {
	g[0] = 2 * x[0]
	return x[0]*x[0] + 2
}

func handRosenbrock(g, x []float64) float64 {
	t, d := 1-x[0], x[1]-x[0]*x[0]
	g[0] = -400*x[0]*d - 2*t
	g[1] = 200 * d
	return 100*d*d + t*t
}

func handBeale(g, x []float64) float64 {
	y2 := x[1] * x[1]
	y3 := y2 * x[1]
	a, b, c := 1.5-x[0]+x[0]*x[1], 2.25-x[0]+x[0]*y2, 2.625-x[0]+x[0]*y3
	g[0] = 2 * (a*(x[1]-1) + b*(y2-1) + c*(y3-1))
	g[1] = 2 * x[0] * (a + 2*b*x[1] + 3*c*y2)
	return a*a + b*b + c*c
}

func handExponentials(g, p []float64) float64 {
	x, y := p[8], p[9]
	e1 := math.Exp(-p[1] * x)
	u, v := (x-p[3])/p[4], (x-p[6])/p[7]
	e2, e3 := math.Exp(-u*u), math.Exp(-v*v)
	r := p[0]*e1 + p[2]*e2 + p[5]*e3 - y
	k := 2 * r
	g[0] = k * e1
	g[1] = -k * p[0] * e1 * x
	g[2] = k * e2
	t := k * p[2] * e2 * 2 * u / p[4]
	g[3] = t
	g[4] = t * u
	g[5] = k * e3
	s := k * p[5] * e3 * 2 * v / p[7]
	g[6] = s
	g[7] = s * v
	return r * r
}

func handLogistic(g, p []float64) float64 {
	w, x, y := p[:5], p[5:9], p[9]
	z := w[4]
	for i, v := range x {
		z += w[i] * v
	}
	e := math.Exp(-y * z)
	k := -y * e / (1 + e)
	for i, v := range x {
		g[i] = k * v
	}
	g[4] = k
	return math.Log1p(e)
}

func handChained(g, x []float64) float64 {
	f := 0.0
	clear(g)
	for i := 0; i+1 < len(x); i++ {
		t, d := 1-x[i], x[i+1]-x[i]*x[i]
		f += 100*d*d + t*t
		g[i] += -400*x[i]*d - 2*t
		g[i+1] += 200 * d
	}
	return f
}

func handAckley(g, x []float64) float64 {
	r := math.Sqrt(0.5 * (x[0]*x[0] + x[1]*x[1]))
	a := 20 * math.Exp(-0.2*r)
	sx, cx := math.Sincos(2 * math.Pi * x[0])
	sy, cy := math.Sincos(2 * math.Pi * x[1])
	b := math.Exp(0.5 * (cx + cy))
	k := 0.1 * a / r
	g[0] = k*x[0] + math.Pi*b*sx
	g[1] = k*x[1] + math.Pi*b*sy
	return -a - b + math.E + 20
}

func (b *benchmark) compile(t testing.TB) *tape.Prog {
	e := expr.MustParse(b.formula)
	p, err := tape.Compile(b.vars, append([]expr.Expr{e}, diff.Gradient(e, b.vars[:b.wrt])...)...)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// The benchmarks compute what is written by hand beside them.
func TestBenchmarksAreRight(t *testing.T) {
	for i := range benchmarks {
		b := &benchmarks[i]
		p := b.compile(t)
		out, g := make([]float64, p.NumOut()), make([]float64, b.wrt)
		p.NewMachine().Eval(out, b.at)
		want := append([]float64{b.hand(g, b.at)}, g...)
		for k := range want {
			if math.Abs(out[k]-want[k]) > 1e-12*max(1, math.Abs(want[k])) {
				t.Errorf("%s: output %d is %v, want %v", b.name, k, out[k], want[k])
			}
		}
	}
}

// f and gradient at one point; each point depends on the last value, as in an
// optimiser.
func BenchmarkEval(b *testing.B) {
	for i := range benchmarks {
		c := &benchmarks[i]
		b.Run(c.name+"/tape", func(b *testing.B) {
			p := c.compile(b)
			m := p.NewMachine()
			out, x := make([]float64, p.NumOut()), append([]float64(nil), c.at...)
			for b.Loop() {
				m.Eval(out, x)
				x[0] = c.at[0] + 1e-300*out[0]
			}
			b.ReportMetric(float64(p.Len()), "insts")
		})
		b.Run(c.name+"/hand", func(b *testing.B) {
			g, x := make([]float64, c.wrt), append([]float64(nil), c.at...)
			for b.Loop() {
				x[0] = c.at[0] + 1e-300*c.hand(g, x)
			}
		})
	}
}

// f and gradient over 128k rows, one row a variable.
func BenchmarkColumns(b *testing.B) {
	const rows = 128 << 10
	for i := range benchmarks {
		c := &benchmarks[i]
		if len(c.vars) > 100 {
			continue
		}
		cols := make([][]float64, len(c.vars))
		for k := range cols {
			cols[k] = make([]float64, rows)
			for r := range cols[k] {
				cols[k][r] = c.at[k] * (1 + 1e-3*float64(r%97))
			}
		}
		perRow := func(b *testing.B) {
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/rows, "ns/row")
		}
		b.Run(c.name+"/tape", func(b *testing.B) {
			p := c.compile(b)
			m := p.NewMachine()
			out := make([][]float64, p.NumOut())
			for k := range out {
				out[k] = make([]float64, rows)
			}
			for b.Loop() {
				m.Columns(out, cols)
			}
			perRow(b)
		})
		b.Run(c.name+"/hand", func(b *testing.B) {
			out := make([][]float64, c.wrt+1)
			for k := range out {
				out[k] = make([]float64, rows)
			}
			g, x := make([]float64, c.wrt), make([]float64, len(c.vars))
			for b.Loop() {
				for r := range rows {
					for k := range x {
						x[k] = cols[k][r]
					}
					out[0][r] = c.hand(g, x)
					for k, v := range g {
						out[k+1][r] = v
					}
				}
			}
			perRow(b)
		})
	}
}

func BenchmarkInterval(b *testing.B) {
	for i := range benchmarks {
		c := &benchmarks[i]
		p := c.compile(b)
		m := p.NewMachine()
		box := make([]interval.I, len(c.at))
		for k, v := range c.at {
			box[k] = interval.New(v-0.01, v+0.01)
		}
		out, dec := make([]interval.I, p.NumOut()), make([]interval.Dec, p.NumOut())
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				m.Interval(out, nil, box)
			}
		})
		b.Run(c.name+"/decorated", func(b *testing.B) {
			for b.Loop() {
				m.Interval(out, dec, box)
			}
		})
	}
}

func BenchmarkCompile(b *testing.B) {
	for i := range benchmarks {
		c := &benchmarks[i]
		e := expr.MustParse(c.formula)
		out := append([]expr.Expr{e}, diff.Gradient(e, c.vars[:c.wrt])...)
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				if _, err := tape.Compile(c.vars, out...); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
