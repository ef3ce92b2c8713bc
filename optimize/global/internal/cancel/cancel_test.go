package cancel

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"nabla/expr"
	"nabla/expr/interval"
	"nabla/expr/tape"
)

// What is multiplied out has the values of the formula.
func TestTerms(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 5))
	for _, c := range []struct {
		f     string
		terms int
	}{
		{"a*exp(b - 3*c)", 1},
		{"(a + b)*(a - b)", 2},
		{"(1 + exp(b - c))^2/a", 3},
		{"a*exp(-((2 - b)/c)^2)", 1},
		{"v*2^n/(k + 2^n)", 1},
		{"a*3^b + c*sqrt(2)", 2},
		{"exp(a)*exp(-a)", 1},
		{"(a + 1)^(1/2)*(a + 1)^(3/2)", 3},
		{"x^(2/3)*sin(x + y) - 2*x^(2/3)*sin(x + y)", 1},
	} {
		e := expr.MustParse(c.f)
		x := newExpander()
		list := x.terms(e)
		if len(list) != c.terms {
			t.Errorf("%s: %d terms, want %d", c.f, len(list), c.terms)
		}
		p, err := tape.Compile(e.Vars(), e, x.sum(list))
		if err != nil {
			t.Fatal(err)
		}
		m := p.NewMachine()
		for range 20 {
			at := make([]float64, len(e.Vars()))
			for i := range at {
				at[i] = 0.2 + 2*r.Float64()
			}
			var v [2]float64
			if m.Eval(v[:], at); !(math.Abs(v[0]-v[1]) < 1e-9*(1+math.Abs(v[0]))) {
				t.Errorf("%s: %v at %v, multiplied out %v", c.f, v[0], at, v[1])
			}
		}
	}
}

// Rows of exact models leave the parameter with which they were made, and little else.
func TestReduce(t *testing.T) {
	const noise = 1e-3
	for _, c := range []struct {
		rows []string
		vars []string
		at   []float64
		left string // alone in quotients, "" for none
	}{
		{[]string{"a*exp(-b)", "a*exp(-2*b)", "a*exp(-3*b)"}, []string{"a", "b"}, []float64{2, 0.5}, ""},
		{[]string{"a/(1 + exp(b))", "a/(1 + exp(b - c))", "a/(1 + exp(b - 2*c))", "a/(1 + exp(b - 4*c))"}, []string{"a", "b", "c"}, []float64{5, 2, 1}, "c"},
		{[]string{"a + c", "a*2^b + c", "a*3^b + c", "a*5^b + c"}, []string{"a", "b", "c"}, []float64{2, 0.7, 1}, "b"},
		{[]string{"a*(1 - exp(-b))", "a*(1 - exp(-2*b))", "a*(1 - exp(-4*b))"}, []string{"a", "b"}, []float64{5, 0.4}, "b"},
		{[]string{"exp((1 + sqrt(x + y))*sqrt(x + y) - b)", "exp((1 + sqrt(x + y))*sqrt(x + y) - 2*b)", "exp((1 + sqrt(x + y))*sqrt(x + y) - 3*b)"}, []string{"b", "x", "y"}, []float64{0.5, 1, 3}, ""},
	} {
		var rows []Member
		for _, f := range c.rows {
			e := expr.MustParse(f)
			p, err := tape.Compile(c.vars, e)
			if err != nil {
				t.Fatal(err)
			}
			var v [1]float64
			p.NewMachine().Eval(v[:], c.at)
			rows = append(rows, Member{e, interval.New(v[0]-noise, v[0]+noise)})
		}
		s := Reduce(c.vars, rows)
		if s == nil {
			t.Errorf("%v: nothing cancels", c.rows)
			continue
		}
		allHold(t, s, c.at)
		if c.left == "" {
			if s.Alone >= 0 {
				t.Errorf("%v: %s is left alone", c.rows, s.Vars[s.Alone])
			}
			if k := slices.Index(s.Vars, "b"); !s.Box[k].Has(c.at[k]) || s.Box[k].Width() > 0.1 {
				t.Errorf("%v: b in %v", c.rows, s.Box[k])
			}
			continue
		}
		if s.Alone < 0 || s.Vars[s.Alone] != c.left {
			t.Errorf("%v: number %d of %v is left alone, want %s", c.rows, s.Alone, s.Vars, c.left)
			continue
		}
		if at := c.at[s.Alone]; s.Excludes(interval.Point(at)) {
			t.Errorf("%v: %v is excluded", c.rows, at)
		}
		pieces := []interval.I{{Lo: math.Inf(-1), Hi: -5}, {Lo: 5, Hi: math.Inf(1)}}
		for x := -5.0; x < 5; x += 1. / 32 {
			pieces = append(pieces, interval.New(x, x+1./32))
		}
		for _, x := range pieces {
			if math.Abs(x.Mid()-c.at[s.Alone]) > 0.25 && !s.Excludes(x) {
				t.Errorf("%v: %v is not excluded", c.rows, x)
			}
		}
	}
	if Reduce([]string{"a", "b"}, []Member{{expr.MustParse("sin(a)*b"), interval.New(1, 2)}, {expr.MustParse("cos(a*b)"), interval.New(1, 2)}}) != nil {
		t.Error("rows with nothing in common were reduced")
	}
}

// allHold checks what follows from rows at the point with which they were made.
func allHold(t *testing.T, s *System, point []float64) {
	at := slices.Concat(point, make([]float64, len(s.Vars)-len(point)))
	value := func(e Member) float64 {
		p, err := tape.Compile(s.Vars, e.G)
		if err != nil {
			t.Fatal(err)
		}
		var v [1]float64
		p.NewMachine().Eval(v[:], at)
		return v[0]
	}
	const near = 1e-6
	for k := len(point); k < len(at); k++ {
		is := s.Members[slices.IndexFunc(s.Members, func(e Member) bool { return e.In == interval.Point(0) && e.G.Has(s.Vars[k]) })]
		at0 := value(is) // the unknown less its formula, or an exponential of it
		for _, v := range []float64{-at0, math.Log(1 - at0), math.Log(1 + at0)} {
			if at[k] = v; math.Abs(value(is)) < near {
				break
			}
		}
	}
	for _, e := range s.Members {
		if v := value(e); !(v > e.In.Lo-near && v < e.In.Hi+near) {
			t.Errorf("%v is %v, not in %v", e.G, v, e.In)
		}
	}
}
