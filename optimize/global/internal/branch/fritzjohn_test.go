package branch

import (
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"nabla/expr"
	"nabla/expr/interval"
	"nabla/optimize/global/internal/corpus"
	"nabla/optimize/global/internal/model"
)

// A box that holds a minimiser is never dropped, others often are.
func TestFritzJohn(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	dropped := 0
	for range 400 {
		n := 2 + r.IntN(2)
		formula, bounds, conditions, p := corpus.Planted(r, n)
		s := searchOf(t, formula, bounds, conditions)
		without := func(x []interval.I) bool {
			s.inflate(x)
			s.MS.Interval(s.SOut, s.SDec, s.wide)
			return s.noFritzJohn(x, s.SOut[1:])
		}
		for range 10 {
			size := math.Pow(10, -3*r.Float64())
			x, far := make([]interval.I, n), make([]interval.I, n)
			for i := range x {
				lo := p[i] - size*r.Float64()
				x[i] = interval.New(lo, math.Max(p[i], lo+size)).Meet(s.Outer[i])
				c := s.Outer[i].Lo + r.Float64()*s.Outer[i].Width()
				far[i] = interval.New(c-size, c+size).Meet(s.Outer[i])
			}
			if without(x) {
				t.Errorf("%s %s %v: the box %v without %v", formula, bounds, conditions, x, p)
			}
			if without(far) {
				dropped++
			}
		}
	}
	if dropped < 1000 {
		t.Errorf("%d boxes dropped", dropped)
	}
}

// searchOf is a search of the region of a planted problem.
func searchOf(t *testing.T, formula, bounds string, conditions []string) *Search {
	t.Helper()
	m := &model.Model{F: expr.MustParse(formula)}
	for _, b := range strings.Split(bounds, ",") {
		name, ends, _ := strings.Cut(b, "=")
		lo, hi, _ := strings.Cut(ends, ":")
		var x interval.I
		for end, at := range map[string]*float64{lo: &x.Lo, hi: &x.Hi} {
			v, err := strconv.ParseFloat(end, 64)
			if err != nil {
				t.Fatal(err)
			}
			*at = v
		}
		m.Vars, m.Outer = append(m.Vars, name), append(m.Outer, x)
	}
	m.N, m.Inner = len(m.Vars), slices.Clone(m.Outer)
	m.LoOpen, m.HiOpen = make([]bool, m.N), make([]bool, m.N)
	for _, text := range conditions {
		c, err := expr.Reader{Conditions: true}.Expr(text)
		if err != nil {
			t.Fatal(err)
		}
		m.Cons = append(m.Cons, model.Constraint{G: c.Arg(0), Equal: c.Op() == expr.Eq, Text: c})
	}
	if err := m.Compile(); err != nil {
		t.Fatal(err)
	}
	return New(m, Options{})
}
