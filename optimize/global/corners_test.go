package global

import (
	"context"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"nabla/expr"
)

// Concave functions on polytopes; the values at the vertices by hand.
func TestCorners(t *testing.T) {
	for _, c := range []struct {
		f, region string
		max       bool
		status    Status
		value     string
		points    int
		all       bool
	}{
		{"sqrt(a)+sqrt(b)+sqrt(c)", "*=0:|a+b+c==3", false, Exact, "sqrt(3)", 3, true},
		{"sqrt(a)+sqrt(b)+sqrt(c)", "*=0:|a+b+c==3 and a>0 and b>0 and c>0", false, NotAttained, "sqrt(3)", 0, true},
		{"log(1+x)+log(1+y)+sqrt(z)", "*=0:2|x+y+z>=1", false, Exact, "log(2)", 2, true},
		{"sqrt(x+y)+sqrt(z)", "*=0:|x+y+z==1", false, Exact, "1", 2, true}, // the family of all points with z = 0 too
		{"sqrt(x)+sqrt(y-x)", "x=0:,y=0:1|y>=x and x+y>=1", false, Exact, "sqrt(2)/2", 1, true},
	} {
		p := problemOf(t, c.f, c.region)
		p.Max = c.max
		a := solved(t, p, Options{})
		if a.Status != c.status || !sameConstant(a.ExactValue, expr.MustParse(c.value)) || len(a.Minimisers) != c.points || c.status == Exact && a.MinimisersComplete != c.all {
			t.Errorf("%s, %s: %s %v %v at %d points, %v by %s", c.f, c.region, a.Status, a.Value, a.ExactValue, len(a.Minimisers), a.MinimisersComplete, a.Method)
		}
	}
}

// Functions on boxes that are concave in each variable and not together; all minimisers are told only where no edge has two.
func TestVertices(t *testing.T) {
	for _, c := range []struct {
		f, region string
		max       bool
		value     string // "" where the vertices do not tell
		points    int
		all       bool
	}{
		{"x*y*z + x + y + z - x*y - y*z - z*x", "*=0:1", true, "1", 7, false},
		{"x*y - z*w + x*y*z*w", "*=-1:2", false, "-14", 2, true},
		{"abs(x - y) + abs(y - z) + abs(z - x) + x*y", "*=0:1", true, "3", 1, true},
		{"exp(x*y) - 3*z", "*=-1:1", true, "e + 3", 2, true},
		{"x*y - x^2*z", "x=1:pi,y=-1:1,z=0:2", false, "-2*pi^2 - pi", 1, true},
		{"x*y + x^2 + y^2/3", "*=-1:1", false, "", 0, false},
		{"x*y + abs(x) - abs(y)", "*=-1:1", false, "", 0, false},
		{"x*y*(1/z)", "x=-1:1,y=-1:1,z=0:1", false, "", 0, false},
	} {
		p := problemOf(t, c.f, c.region)
		p.Max = c.max
		m, err := p.model()
		if err != nil {
			t.Fatal(err)
		}
		s := &session{ctx: context.Background(), p: &p, m: m, bound: math.Inf(-1)}
		a := s.byVertices()
		if a == nil || c.value == "" {
			if a != nil || c.value != "" {
				t.Errorf("%s: %+v, want %q", c.f, a, c.value)
			}
			continue
		}
		if !equalConstants(a.ExactValue, expr.MustParse(c.value)) || len(a.Minimisers) != c.points || a.MinimisersComplete != c.all {
			t.Errorf("%s: %v at %v, all of them: %v", c.f, a.ExactValue, a.Minimisers, a.MinimisersComplete)
		}
	}
}

// A vertex whose coordinates are long fractions, here that near (1, 1) where f is least, is not left out.
func TestLongCorners(t *testing.T) {
	a := solved(t, problemOf(t, "-cosh(x+y)-x^2", "*=0:|(1+1e-300)*x+(2-3e-301)*y<=3 and (2+7e-300)*x+(1+1e-299)*y<=3"), Options{})
	if a.Value > -4.76 { // -cosh(2) - 1, nearly
		t.Errorf("%s %v by %s", a.Status, a.Value, a.Method)
	}
}

// The vertices of random polygons x + y <= k, ax + by >= c, in boxes hold all their points: the least value of a concave function at them is
// nowhere undercut on a grid.
func TestRandomCorners(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 5))
	for range 30 {
		text := strings.NewReplacer("A", string('1'+rune(r.IntN(4))), "B", string('1'+rune(r.IntN(4))), "C", string('1'+rune(r.IntN(6)))).Replace("A*x - B*y <= C and x + B*y >= A")
		p := problemOf(t, "sqrt(x)+sqrt(y)", "*=0:4|"+text)
		q, ok := p.normal()
		if !ok {
			t.Fatal(text)
		}
		s, err := newSession(context.Background(), q, Options{})
		if err != nil {
			t.Fatal(err)
		}
		list := s.corners()
		edges, _, _ := s.edges()
		for range 200 {
			x := []float64{4 * r.Float64(), 4 * r.Float64()}
			in, low := true, 99.
			for _, e := range edges {
				in = in && e.a[0].Float64()*x[0]+e.a[1].Float64()*x[1]+e.c.Float64() >= 0
			}
			m := s.m.Prober()
			for _, v := range list {
				low = min(low, m.At([]float64{v[0].Float64(), v[1].Float64()}))
			}
			if in && m.At(x) < low-1e-9 {
				t.Fatalf("%s: %v at %v, below the %v of the vertices %v", text, m.At(x), x, low, list)
			}
		}
	}
}
