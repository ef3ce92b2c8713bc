package global

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"nabla/optimize/global/internal/branch"
	"nabla/optimize/global/internal/model"
)

// sessionFor makes the session in which a point is examined.
func sessionFor(t testing.TB, p *Problem) *session {
	t.Helper()
	q, ok := p.normal()
	if !ok {
		t.Fatal("no region")
	}
	m, err := q.model()
	if err != nil {
		t.Fatal(err)
	}
	return &session{ctx: context.Background(), p: q, m: m, bound: math.Inf(-1)}
}

// Points whose kind is known. kind is that of the function to be minimised; where
// proved is false there must be no claim, whatever the floats suggest.
func TestNature(t *testing.T) {
	for _, c := range []struct {
		formula, bounds string
		max             bool
		x               []float64
		kind            string
		proved          bool
	}{
		// Plain ones, a little off the point.
		{"x^2 + y^2", "", false, []float64{0, 0}, "local minimum", true},
		{"(x - 1/3)^2 + (y - 1/7)^2", "", false, []float64{0.33333334, 0.14285714}, "local minimum", true},
		{"x^4 + y^4 - x*y + x - y", "", false, []float64{-0.8376, 0.8376}, "", false}, // not stationary: see below
		{"x^2 - y^2", "", false, []float64{1e-12, 0}, "saddle", true},
		{"x*y", "", false, []float64{0, 0}, "saddle", true},
		{"-x^2 - y^2 + x^4", "", false, []float64{0, 0}, "local maximum", true},
		{"x^2 + y^2 - 3*z^2 + x^4", "", false, []float64{0, 0, 0}, "saddle", true},
		{"sin(x)*sin(y)", "", false, []float64{math.Pi / 2, -math.Pi / 2}, "local minimum", true},
		{"sin(x)*sin(y)", "", true, []float64{math.Pi / 2, math.Pi / 2}, "local minimum", true},
		{"sin(x)*sin(y)", "", false, []float64{0, math.Pi}, "saddle", true},
		{"cos(x)", "", false, []float64{math.Pi}, "local minimum", true},
		{"1e-9*x^2 + 1e9*y^2", "", false, []float64{0, 0}, "local minimum", true},
		// Variables of sizes far apart.
		{"(10.07 - x*(1 - exp(-77.6*y)))^2 + (14.73 - x*(1 - exp(-114.9*y)))^2 + (33.28 - x*(1 - exp(-289*y)))^2 + (81.78 - x*(1 - exp(-760*y)))^2",
			"", false, []float64{317.97421146860376, 0.0003907476971721645}, "local minimum", true},
		// Flat: no second-order test settles them.
		{"x^4 + y^4", "", false, []float64{0, 0}, "flat", false},
		{"x^2 + y^4", "", false, []float64{0, 0}, "flat", false},
		{"x^2 - y^4", "", false, []float64{0, 0}, "flat", false},
		{"x^2 + y^3", "", false, []float64{0, 0}, "flat", false},
		{"(x - y)^2", "", false, []float64{1, 1}, "flat", false},
		{"x^3", "", false, []float64{0}, "flat", false},
		{"(y - x^2)*(y - 3*x^2)", "", false, []float64{0, 0}, "flat", false}, // Peano: a minimum along every line, and yet none
		// Nearly flat: a true minimum, and a saddle in disguise.
		{"x^2 + 1e-20*y^2 - y^4", "", false, []float64{0, 0.5}, "", false},
		{"x^2 - 1e-30*y^2 + y^4", "", false, []float64{0, 1e-9}, "", false},
		// Not stationary at all, or not there.
		{"x + y^2", "", false, []float64{0, 0}, "undetermined", false},
		{"exp(x) + y^2", "", false, []float64{-600, 0}, "", false},
		{"exp(x) + y^2", "", false, []float64{-40, 0}, "", false},
		{"x^2 + y^2", "", false, []float64{math.Inf(1), 0}, "", false},
		// Kinks, jumps and edges are left alone.
		{"abs(x) + y^2", "", false, []float64{0, 0}, "", false},
		{"-abs(x) + y^2", "", false, []float64{0, 0}, "", false},
		{"x*abs(x) + y^2", "", false, []float64{0, 0}, "", false},
		{"max(x, 0)^2 + y^2", "", false, []float64{0, 0}, "", false},
		{"floor(x) + (x - 1)^2 + y^2", "", false, []float64{1, 0}, "", false},
		{"sqrt(x) + y^2", "x=0:", false, []float64{0, 0}, "", false},
		{"x^(3/2) - x + y^2", "x=0:", false, []float64{0, 0}, "", false},
		{"abs(x + 2) + x^2/2 + y^2 - x - 1", "", false, []float64{0, 0}, "local minimum", true}, // the kink is elsewhere
		// Bounds.
		{"x + y^2", "x=0:", false, []float64{0, 0}, "local minimum", true},
		{"x + y^2", "x=0:", true, []float64{0, 0}, "", false},
		{"-x + y^2", "x=0:", false, []float64{0, 0}, "", false}, // falls into the region
		{"x - y^2", "x=0:", false, []float64{0, 0}, "saddle", true},
		{"-x - y^2", "x=0:1", false, []float64{1, 0}, "saddle", true},
		{"x^2 + y^2", "x=0:", false, []float64{0, 0}, "", false}, // no slope against the bound: undecided
		{"-x^2 + y^2", "x=0:1", false, []float64{0, 0}, "", false},
		{"-x^2 + y^2", "x=0:1", false, []float64{1, 0}, "local minimum", true},
		{"x + y", "*=-1:1", false, []float64{-1, -1}, "local minimum", true},
		{"x + y", "*=-1:1", false, []float64{-1, 1}, "", false},
		{"x + (y - x)^2", "x=1/3:1", false, []float64{1.0 / 3, 1.0 / 3}, "", false},
		{"cos(x) + y^2", "x=0:pi/3", false, []float64{math.Nextafter(math.Pi/3, 2), 0}, "", false}, // past the end
		{"x*y + y^2", "x=1:1", false, []float64{1, -0.5}, "local minimum", true},
		// Constraints: slack ones do not matter, others do.
		{"x^2 + y^2", "| x + y <= 1", false, []float64{0, 0}, "local minimum", true},
		{"x^2 + y^2", "| x + y <= 0", false, []float64{0, 0}, "", false},
		{"x^2 - y^2", "| x + y == 0", false, []float64{0, 0}, "", false},
		{"x^2 - y^2", "| sqrt(x + y) <= 1", false, []float64{0, 0}, "", false},
		{"x + y", "| x^2 + y^2 == 2", false, []float64{-1, -1}, "local minimum", true},
		{"x + y", "| x^2 + y^2 == 2", false, []float64{1, 1}, "", false},
		{"x + y", "| x^2 + y^2 <= 2", true, []float64{1, 1}, "local minimum", true},
		{"x + y", "| x^2 + y^2 < 2", false, []float64{-1, -1}, "", false}, // the edge does not belong to the region
		{"x + y", "| x^2 + y^2 >= 2", false, []float64{-1, -1}, "", false},
		{"x^2 + (y - 1)^2", "| y <= x^2", false, []float64{0, 0}, "", false},
		{"x^2 + (y - 1)^2", "| y <= x^2/4", false, []float64{0, 0}, "local minimum", true},
		{"x + y", "x=0:| x + 2*y >= 0", false, []float64{0, 0}, "local minimum", true}, // a corner
		{"x - y", "x=0:| x + 2*y >= 0", false, []float64{0, 0}, "", false},
		{"x + y", "| x + y >= 0; 2*x + 2*y >= 0; x == y", false, []float64{0, 0}, "", false}, // not independent
		{"-x*y*z", "| x + y + z == 3; x <= 2", false, []float64{1, 1, 1}, "local minimum", true},
		{"x*y*z", "| x + y + z == 3", false, []float64{1, 1, 1}, "", false},
	} {
		p := problemOf(t, c.formula, c.bounds)
		p.Max = c.max
		s := sessionFor(t, &p)
		n := s.natureAt(s.m.Prober(), c.x)
		if n.Proved != c.proved || c.kind != "" && n.Kind != c.kind {
			t.Errorf("%s [%s] at %v: %+v, not %s, proved %v", c.formula, c.bounds, c.x, n, c.kind, c.proved)
		}
		if !n.Proved && (n.Why == "" || n.Kind != "flat" && n.Kind != "undetermined") {
			t.Errorf("%s at %v: no proof of %q and no reason", c.formula, c.x, n.Kind)
		}
		if n.Proved && !(n.Radius < 1e-6) {
			t.Errorf("%s at %v: the point is not near: %g", c.formula, c.x, n.Radius)
		}
	}
}

// Random cubics on the circle x = cos φ, y = sin φ: what is proved to be a strict local
// minimum is one of the function of φ.
func TestNatureOnTheCircle(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 14))
	proved, minima := 0, 0
	for range 60 {
		k := make([]float64, 7)
		for i := range k {
			k[i] = float64(r.IntN(13) - 6)
		}
		formula := fmt.Sprintf("%g*x^3 + %g*x^2*y + %g*y^3 + %g*x*y + %g*x + %g*y + %g*y^2", k[0], k[1], k[2], k[3], k[4], k[5], k[6])
		p := problemOf(t, formula, "| x^2 + y^2 == 1")
		s := sessionFor(t, &p)
		f := func(phi float64) float64 { return s.m.Prober().At([]float64{math.Cos(phi), math.Sin(phi)}) }
		const steps = 720
		for i := range steps {
			phi := 2 * math.Pi * float64(i) / steps
			const h = 2 * math.Pi / steps
			a, b, c := f(phi-h), f(phi), f(phi+h)
			isMin, isMax := b < a && b <= c, b > a && b >= c
			if !isMin && !isMax {
				continue
			}
			for range 30 { // Newton's method on f'
				d1, d2 := (f(phi+1e-4)-f(phi-1e-4))/2e-4, (f(phi+1e-4)-2*f(phi)+f(phi-1e-4))/1e-8
				phi -= math.Max(-h, math.Min(h, d1/d2))
			}
			n := s.natureAt(s.m.Prober(), []float64{math.Cos(phi), math.Sin(phi)})
			if isMin {
				minima++
			}
			if n.Proved {
				proved++
			}
			if n.Proved && (!isMin || n.Kind != "local minimum") {
				t.Errorf("%s at φ = %g: %+v", formula, phi, n)
			}
		}
	}
	if proved < minima*9/10 || minima < 60 {
		t.Errorf("%d of %d minima are proved", proved, minima)
	}
}

// The stationary points of random quartics, found by Newton's method, and points
// that are none. Kinds that are claimed are compared with the values of f round
// the point.
func TestNatureOfRandomQuartics(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 4))
	count := map[string]int{}
	for range 150 {
		n := 1 + r.IntN(4)
		vars := []string{"x", "y", "z", "u"}[:n]
		var terms []string
		for i := range n {
			terms = append(terms, fmt.Sprintf("%d/5*%s^4", r.IntN(9)-4, vars[i]))
			for j := range n {
				terms = append(terms, fmt.Sprintf("%d/3*%s*%s", r.IntN(13)-6, vars[i], vars[j]),
					fmt.Sprintf("%d/7*%s^2*%s", r.IntN(7)-3, vars[i], vars[j]))
			}
			terms = append(terms, fmt.Sprintf("%d/2*%s", r.IntN(5)-2, vars[i]))
		}
		p := problemOf(t, strings.Join(terms, " + "), "")
		if len(p.Vars) == 0 {
			continue
		}
		s := sessionFor(t, &p)
		m := s.m.Prober()
		x := make([]float64, m.N)
		for i := range x {
			x[i] = 4*r.Float64() - 2
		}
		newton(m, x)
		k := s.natureAt(m, x)
		count[k.Kind]++
		if !k.Proved {
			continue
		}
		f, h := m.At(x), 1e-3
		less, more := 0, 0
		y := make([]float64, m.N)
		for range 400 {
			length := 0.0
			for i := range y {
				y[i] = r.NormFloat64()
				length += y[i] * y[i]
			}
			for i := range y {
				y[i] = x[i] + h*y[i]/math.Sqrt(length)
			}
			switch v := m.At(y); {
			case v < f-1e-12*math.Max(1, math.Abs(f)):
				less++
			case v > f+1e-12*math.Max(1, math.Abs(f)):
				more++
			}
		}
		if k.Kind == "local minimum" && less > 0 || k.Kind == "local maximum" && more > 0 {
			t.Errorf("%v at %v: %s, but %d values below and %d above", p.F, x, k.Kind, less, more)
		}
		// Off the point there is nothing to prove.
		for i := range x {
			x[i] += 0.05
		}
		if k := s.natureAt(m, x); k.Proved && k.Radius > 0.04 {
			continue // it found the same point
		} else if k.Proved {
			g := make([]float64, m.N)
			m.Gradient(g, x)
			t.Errorf("%v at %v: %s within %g, where the gradient is %v", p.F, x, k.Kind, k.Radius, g)
		}
	}
	for _, kind := range []string{"local minimum", "saddle", "local maximum"} {
		if count[kind] < 5 {
			t.Errorf("only %d of kind %s: %v", count[kind], kind, count)
		}
	}
}

// Minima of random functions within bounds, which hold some of the variables: what
// is claimed is compared with the values of f round the point in the region.
func TestNatureWithinBounds(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	held, proved := 0, 0
	for range 150 {
		f := fmt.Sprintf("%d*x + %d*y + %d*z + %d*x*y + %d*y*z + %d/4*x^2 + %d/4*y^2 + %d/4*z^2 + sin(%d*x - y + z) + x^4/9",
			r.IntN(7)-3, r.IntN(7)-3, r.IntN(7)-3, r.IntN(5)-2, r.IntN(5)-2, r.IntN(9)-4, r.IntN(9)-4, r.IntN(9)-4, r.IntN(4))
		p := problemOf(t, f, "x=-1/3:pi/3,y=-1:0.7,z=0:e")
		s := sessionFor(t, &p)
		m := s.m.Prober()
		x := make([]float64, m.N)
		for i := range x {
			x[i] = m.Inner[i].Lo + r.Float64()*m.Inner[i].Width()
		}
		if r.IntN(3) > 0 {
			branch.New(s.m, branch.Options{}).Polish(x, m.Inner, 100)
		} else { // any corner or point of a face
			for i := range x {
				switch r.IntN(3) {
				case 0:
					x[i] = m.Inner[i].Lo
				case 1:
					x[i] = m.Inner[i].Hi
				}
			}
		}
		k := s.natureAt(m, x)
		if !k.Proved {
			continue
		}
		proved++
		if k.Held > 0 {
			held++
		}
		v := m.At(x)
		less, more := 0, 0
		y := make([]float64, m.N)
		for range 1000 {
			for i := range y {
				y[i] = model.ClipTo(x[i]+1e-3*r.NormFloat64(), m.Inner[i])
			}
			switch w := m.At(y); {
			case w < v-1e-13:
				less++
			case w > v+1e-13:
				more++
			}
		}
		if k.Kind == "local minimum" && less > 0 || k.Kind == "local maximum" && more > 0 || k.Kind == "saddle" && (less == 0 || more == 0) {
			t.Errorf("%s at %v: %+v, but %d values below and %d above", f, x, k, less, more)
		}
	}
	if proved < 50 || held < 30 {
		t.Errorf("only %d points settled, %d of them held by bounds", proved, held)
	}
}

// newton walks to a stationary point of any kind.
func newton(p *model.Prober, x []float64) {
	g := make([]float64, p.N)
	free := make([]int, p.N)
	for i := range free {
		free[i] = i
	}
	for range 60 {
		c, ok := p.CurvatureAt(x, free)
		p.Gradient(g, x)
		inv := c.Inverse()
		if !ok || inv == nil || !model.AllFinite(g) {
			return
		}
		for i := range x {
			for j := range x {
				x[i] -= math.Max(-0.5, math.Min(0.5, inv.At(i, j)*g[j]))
			}
		}
	}
}

// A whole answer says what its point is, and a start on a saddle is not taken for
// a minimum.
func TestLocalAnswersSayWhatTheyAre(t *testing.T) {
	proved := 0
	for _, c := range []struct {
		formula, bounds string
		max             bool
		start           []float64
	}{
		{"x^4 + y^4 - 4*x*y + sin(9*x*y*z) + z^4 + cos(20*y*z - x)", "", false, nil},
		{"exp(sin(50*x)) + sin(60*exp(y)) + sin(70*sin(x)) + sin(sin(80*y)) - sin(10*(x + y)) + (x^2 + y^2)/4 + sin(u*v*x) + u^2 + v^2", "*=-3:3", false, nil},
		{"(x^2 - 1)^2 + (y^2 - 1)^2 + x*y*sin(3*z)/9 + z^2*cos(x*y)^2", "", false, []float64{0, 0, 0}},
		{"-(x^2 - 1)^2 - (y^2 - 1)^2 - x*y*sin(3*z)/9 - z^2*cos(x*y)^2", "", true, []float64{0, 0, 0}},
		{"sin(x*y*50)*cos(z*41*x) + abs(sin(37*y*z)) + floor(9*x*y)", "*=-9:10", false, nil},
	} {
		p := problemOf(t, c.formula, c.bounds)
		p.Max = c.max
		a := solved(t, p, Options{Timeout: 150 * time.Millisecond, Start: c.start})
		if a.Status != Local {
			continue
		}
		var st *Stationary
		for i := range a.Stationary {
			if model.Near(a.Stationary[i].X, a.At) {
				st = &a.Stationary[i]
			}
		}
		proof, doubts := strings.Join(a.Proof, "; "), strings.Join(a.Warnings, "; ")
		switch {
		case st == nil:
			t.Errorf("%s: nothing is said of the point", c.formula)
		case st.Proved && !strings.Contains(proof, st.Kind):
			t.Errorf("%s: %s without a proof: %q", c.formula, st.Kind, proof)
		case !st.Proved && (proof != "" || !strings.Contains(doubts, "not settled")):
			t.Errorf("%s: %s is claimed: %q, %q", c.formula, st.Kind, proof, doubts)
		case !c.max && st.Kind == "local maximum", c.max && st.Kind == "local minimum", st.Kind == "saddle":
			t.Errorf("%s: the answer is a %s", c.formula, st.Kind)
		}
		if st != nil && st.Proved {
			proved++
		}
	}
	if proved < 2 {
		t.Errorf("only %d local answers were proved to be local minima", proved)
	}
}
