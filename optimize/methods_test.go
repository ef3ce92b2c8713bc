package optimize

import (
	"context"
	"errors"
	"fmt"
	"math"
	"reflect"
	"strings"
	"testing"
)

// strong are the methods that must find the minima of the hard smooth problems from
// their usual starts.
var strong = map[string]bool{"newton": true, "lbfgsb": true, "bfgs": true, "lbfgs": true, "cg": true, "projected-gradient": true, "brent": true}

// gaveUp are pairs of method and problem that are known not to meet: the reason
// stands with each.
var gaveUp = map[string]string{}

func TestEveryMethodOnEveryProblem(t *testing.T) {
	for _, info := range Methods {
		if info.Rows {
			continue // TestSGD
		}
		for _, p := range problems() {
			if p.bounds != nil && !info.Bounds || info.OneVariable && p.n != 1 {
				continue
			}
			name := info.Name + " on " + p.name
			opt := Options{Start: p.start, Bounds: p.bounds, Seed: 7,
				Stop: Stop{Grad: 1e-9, Relative: true, Iterations: 3000, Evaluations: 20000}}
			if info.Walk {
				opt.Stop.Hopeless = true
			}
			iterates, lowest := 0, math.Inf(1)
			opt.Trace = func(it Iterate) {
				if it.N != iterates {
					t.Errorf("%s: iterate %d reported as %d", name, iterates, it.N)
				}
				iterates++
				if len(it.X) != p.n || it.Grad != nil && len(it.Grad) != p.n {
					t.Errorf("%s: iterate with %d coordinates", name, len(it.X))
				}
				lowest = math.Min(lowest, it.F)
			}
			w := watchOver(t, name, p.objective(), p.bounds)
			r, err := Minimize(context.Background(), w, info.New(), opt)
			if err != nil {
				t.Errorf("%s: %v", name, err)
				continue
			}
			count, seen := guardOf(w)
			if r.F > seen+1e-15*math.Abs(seen) || r.F != p.f(r.X) {
				t.Errorf("%s: reports %g at %v, where f = %g; lowest value evaluated %g", name, r.F, r.X, p.f(r.X), seen)
			}
			if r.F > p.f(p.start) {
				t.Errorf("%s: ends higher than it began", name)
			}
			// checkStart asks once more than it counts, a final gradient too.
			if r.Evaluations.Func+1 != count.Func || r.Evaluations.Grad > count.Grad || r.Evaluations.Grad+1 < count.Grad {
				t.Errorf("%s: counts %v of %v evaluations", name, r.Evaluations, count)
			}
			if r.Status == Running || strings.HasPrefix(r.Status.String(), "status-") || r.Explain() == "" || r.Method != info.Name {
				t.Errorf("%s: status %v, %q", name, r.Status, r.Explain())
			}
			if iterates != r.Iterations+1 && r.Iterations != 0 {
				t.Errorf("%s: %d iterates traced, %d iterations", name, iterates, r.Iterations)
			}
			if r.Status == Converged && r.Reason == GradientSmall {
				if pg := projectedGradient(p.bounds, r.Last.X, r.Last.Grad); !(pg <= 1e-9*math.Max(1, math.Abs(r.Last.F))) {
					t.Errorf("%s: claims a small gradient, it is %g", name, pg)
				}
			}
			claims := r.Status == Converged
			good := near(r, &p)
			if claims && !good && !p.kinks && p.name != "quartic" && p.name != "Powell singular" {
				t.Errorf("%s: claims %v (%v) at %v, f = %.10g, minimum %.10g", name, r.Status, r.Reason, r.X, r.F, p.min)
			}
			if strong[info.Name] && !p.kinks && !good {
				t.Errorf("%s: strong method ends %v at %v, f = %.10g, minimum %.10g: %s", name, r.Status, r.X, r.F, p.min, r.Explain())
			}
			if p.kinks && (info.Name == "pattern" || info.Name == "brent" || info.Name == "nelder-mead") && !good {
				t.Errorf("%s: %v at %v, f = %g", name, r.Status, r.X, r.F)
			}
			if !info.Walk && !p.hard && !good {
				t.Errorf("%s: ends %v at %v, f = %.10g, minimum %.10g", name, r.Status, r.X, r.F, p.min)
			}

			// The same again gives the same.
			opt.Trace = nil
			again, err := Minimize(context.Background(), p.objective(), info.New(), opt)
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(again.X, r.X) || again.F != r.F || again.Status != r.Status || again.Evaluations != r.Evaluations {
				t.Errorf("%s: twice the same question, two answers", name)
			}
		}
	}
}

func guardOf(o Objective) (Evaluations, float64) {
	switch w := o.(type) {
	case *guard:
		return w.count, w.lowest
	case *guardHess:
		return w.count, w.lowest
	}
	panic("no guard")
}

// near reports whether the result is a minimum of p to six digits.
func near(r *Result, p *problem) bool {
	return r.F <= p.min+1e-6*math.Max(1, math.Abs(p.min))
}

// hostile is a deterministic function that is undefined, infinite or huge here and
// there, with gradients that do not fit it.
func hostile(n int, seed uint64) Objective {
	noise := func(x []float64) uint64 {
		h := seed
		for _, v := range x {
			h = (h ^ math.Float64bits(v)) * 0x9e3779b97f4a7c15
			h ^= h >> 29
		}
		return h
	}
	odd := func(h uint64, v float64) float64 {
		switch h % 16 {
		case 0:
			return math.NaN()
		case 1:
			return math.Inf(1)
		case 2:
			return v * 1e300
		case 3:
			return -v
		case 4:
			return 0
		}
		return v
	}
	return New(n,
		func(x []float64) float64 { return odd(noise(x), sphere(x)) },
		func(g, x []float64) {
			sphereGrad(g, x)
			for i := range g {
				g[i] = odd(noise(x)+uint64(i)*0x51ed2701, g[i])
			}
		}, nil)
}

// Whatever a function does, every method ends, with a finite point and inside the bounds.
func TestHostile(t *testing.T) {
	for _, info := range Methods {
		if info.Rows {
			continue
		}
		for seed := uint64(1); seed <= 40; seed++ {
			n := 1 + int(seed%3)
			if info.OneVariable {
				n = 1
			}
			o := hostile(n, seed)
			start := ones(n, 0.3+float64(seed%40))
			var bounds []Bound
			if info.Bounds && seed%2 == 0 {
				for range n {
					bounds = append(bounds, Bound{-50, 50})
				}
			}
			name := fmt.Sprintf("%s with seed %d", info.Name, seed)
			w := watchOver(t, name, o, bounds)
			r, err := Minimize(context.Background(), w, info.New(), Options{Start: start, Bounds: bounds, Seed: seed, Stop: Stop{Grad: 1e-8, Evaluations: 2000, Iterations: 500}})
			var se *StartError
			if errors.As(err, &se) {
				continue
			}
			if err != nil {
				t.Errorf("%s: %v", name, err)
				continue
			}
			if r.Status == Running || !finite(r.X) || math.IsNaN(r.F) || math.IsInf(r.F, 1) || r.Evaluations.Func > 2000 || r.Evaluations.Grad > 2000 {
				t.Errorf("%s: %v %v %v %v", name, r.Status, r.X, r.F, r.Evaluations)
			}
			if r.Explain() == "" {
				t.Errorf("%s: no explanation", name)
			}
		}
	}
}

func TestMethodsTable(t *testing.T) {
	seen := map[string]bool{}
	for _, m := range Methods {
		for _, name := range append([]string{m.Name}, m.Aliases...) {
			if seen[name] || name == "" || name == "auto" || strings.ToLower(name) != name {
				t.Errorf("bad or repeated name %q", name)
			}
			seen[name] = true
			if got, ok := Lookup(name); !ok || got != m {
				t.Errorf("Lookup(%q) = %v", name, got)
			}
		}
		if m.Doc == "" || m.Source == "" || strings.HasSuffix(m.Doc, ".") {
			t.Errorf("%s: Doc %q, Source %q", m.Name, m.Doc, m.Source)
		}
		if infoOf(m.New()) != m {
			t.Errorf("%s builds a %T, which is of another row", m.Name, m.New())
		}
		params := map[string]bool{}
		for _, p := range m.Params {
			if params[p.Name] || p.Doc == "" {
				t.Errorf("%s: parameter %q repeated or undocumented", m.Name, p.Name)
			}
			params[p.Name] = true
			if want, ok := p.check(p.Default); !ok {
				t.Errorf("%s: default %s=%s is not %s", m.Name, p.Name, p.Default, want)
			}
			if _, err := m.Make(map[string]string{p.Name: p.Default}); err != nil {
				t.Errorf("%s: %v", m.Name, err)
			}
			for _, bad := range []string{"", "x", "NaN", "-1", "Inf", "1e400"} {
				_, err := m.Make(map[string]string{p.Name: bad})
				var pe *ParamError
				if !errors.As(err, &pe) || pe.Param != p.Name || !strings.Contains(err.Error(), p.Want()) {
					t.Errorf("%s: %s=%q gives %v", m.Name, p.Name, bad, err)
				}
			}
		}
		_, err := m.Make(map[string]string{"no-such": "1"})
		var pe *ParamError
		if !errors.As(err, &pe) {
			t.Errorf("%s accepts an unknown parameter: %v", m.Name, err)
		}
	}
	if _, ok := Lookup("no-such"); ok {
		t.Error("found a method that is not there")
	}
}

// The documented defaults of the table are those of the zero values.
func TestDefaultsAgree(t *testing.T) {
	for _, m := range Methods {
		var o Objective = New(2, himmelblau, himmelblauGrad, nil)
		start := []float64{0.5, 0.7}
		if m.OneVariable {
			o = New(1, func(x []float64) float64 { return math.Cosh(x[0] - 1) }, func(g, x []float64) { g[0] = math.Sinh(x[0] - 1) }, nil)
			start = start[:1]
		}
		if m.Rows {
			o = newRegression(50)
		}
		if m.Name == "gd" || m.Name == "momentum" || m.Name == "nesterov" {
			o = New(2, sphere, sphereGrad, nil) // stable at the default rate
		}
		walk := func(method Method) (xs [][]float64) {
			_, err := Minimize(context.Background(), o, method, Options{Start: start, Stop: Stop{Iterations: 12},
				Trace: func(it Iterate) { xs = append(xs, append([]float64(nil), it.X...)) }})
			if err != nil {
				t.Fatal(m.Name, err)
			}
			return xs
		}
		zero := reflect.New(reflect.TypeOf(m.zero)).Elem().Interface().(Method)
		a, b := walk(m.New()), walk(zero)
		if m.Name == "momentum" {
			b = walk(Momentum{Momentum: 0.9}) // a Momentum of 0 means 0
		}
		if len(a) < 2 || !reflect.DeepEqual(a, b) {
			t.Errorf("%s: defaults of the table walk %v, the zero value %v", m.Name, a, b)
		}
	}
}

func TestBoundsRefused(t *testing.T) {
	o := New(2, sphere, sphereGrad, sphereHess)
	for _, m := range Methods {
		if m.Rows || m.OneVariable {
			continue
		}
		_, err := Minimize(context.Background(), o, m.New(), Options{Bounds: []Bound{{0, 1}, {0, 1}}, Stop: Stop{Iterations: 3}})
		if m.Bounds != (err == nil) || err != nil && !errors.Is(err, ErrBounds) {
			t.Errorf("%s with bounds: %v", m.Name, err)
		}
	}
	if _, err := Minimize(context.Background(), o, BrentMethod{}, Options{}); err == nil {
		t.Error("brent takes two variables")
	}
}
