package global

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"nabla/expr/format"
	"nabla/optimize/global/certificate"
	"nabla/optimize/global/verify"
)

// Linear and convex quadratic programs have exact answers, which are confirmed.
func TestPrograms(t *testing.T) {
	for _, c := range []struct {
		formula, bounds string
		max             bool
		status          Status
		value, at       string
	}{
		{"3*x + 5*y", "x=0:,y=0:|x <= 4;2*y <= 12;3*x + 2*y <= 18", true, Exact, "36", "2 6"}, // Hillier and Lieberman, Wyndor Glass
		{"x + y", "x=0:,y=0:|x + 2*y >= 4;3*x + y >= 6", false, Exact, "14/5", "8/5 6/5"},
		{"x + y", "|x + y >= 1;x - y == 1/3", false, Exact, "1", "2/3 1/3"},
		{"x + y", "|x + y >= 1;x - y <= 3", true, Unbounded, "", ""},
		{"x - y", "x=0:|x - 3*y >= 2", false, Exact, "2/3", "0 -2/3"},
		{"x + 2*y", "x=0:,y=0:|x + y <= 1;x + y >= 2", false, EmptyDomain, "", ""},
		{"x + y", "|x + y > 1;2*x + 2*y <= 2", false, EmptyDomain, "", ""},
		{"x + y", "|x + y > 1;x >= 0", false, NotAttained, "1", ""},
		{"x + y", "|x + y >= 1;x > 0;y > 0", false, Exact, "1", ""}, // some of the minimisers are left out
		{"x + y", "|x + y > 1;x - y < 1", true, Unbounded, "", ""},
		// Nocedal and Wright, example 16.4.
		{"(x - 1)^2 + (y - 5/2)^2", "x=0:,y=0:|x - 2*y + 2 >= 0;-x - 2*y + 6 >= 0;-x + 2*y + 2 >= 0", false, Exact, "4/5", "7/5 17/10"},
		{"-x^2 - y^2 + 2*x", "|x + y <= 0", true, Exact, "1/2", "1/2 -1/2"},
		{"(x + y)^2 - z", "z=0:|x + z <= 3;y - x <= 1", false, Exact, "-57/16", "-5/8 3/8 29/8"},
		{"(x + y)^2 - z", "z=0:|x + z <= 3;y + x <= 1", false, Unbounded, "", ""},
		{"(x - y)^2", "|x + y > 1", false, Exact, "0", ""},
		{"(x + y)^2", "|x + y > 1", false, NotAttained, "1", ""},
		{"exp(x)*y", "|x + y <= 1;x + y >= 2", false, EmptyDomain, "", ""},
		// With kinks.
		{"abs(x + y + z - 3) + abs(x - y) + abs(y - z) + abs(z - 2)", "x=0:,y=0:,z=0:|x + z <= 1", false, Exact, "3", ""},
		{"(a + b - 1)^2 + (a + 2*b - 3)^2 + (a + 3*b - 2)^2 + (a + 4*b - 5)^2", "|abs(a) + abs(b) <= 1", false, Exact, "3", "0 1"},
		{"x + 2*y", "|max(abs(x) + y, 2*abs(y - 1) - x) <= 3", false, Exact, "-1", ""},
		{"min(x, y) - abs(x - y)", "|x + y <= 4", true, Exact, "2", "2 2"},
		{"relu(1 - x - y) + relu(1 + x - 2*y) + (x^2 + y^2)/10", "|x - y >= 0", false, Exact, "1/5", "1 1"},
		{"abs(x + y - 1) - 2*x", "|x - y >= 1", false, Unbounded, "", ""},
		{"abs(x) + abs(y)", "|x + y > 1", false, NotAttained, "1", ""},
		{"-abs(x + y) - x^2", "|x - y > 1", true, NotAttained, "-1/4", ""},
		{"x^4 + y", "|abs(x - 3) + abs(y) <= 1;abs(x + 3) + abs(y) <= 1", false, EmptyDomain, "", ""},
		{"x^4 + y", "|abs(x - 3) + abs(y) <= 1;abs(x - 1) + abs(y) < 1", false, EmptyDomain, "", ""},
	} {
		p := problemOf(t, c.formula, c.bounds)
		p.Max = c.max
		a := solved(t, p, Options{Certificate: true})
		var at []string
		for _, e := range a.ExactAt {
			at = append(at, format.Plain(e))
		}
		value := ""
		if a.ExactValue.Valid() {
			value = format.Plain(a.ExactValue)
		}
		if a.Status != c.status || value != c.value || c.at != "" && strings.Join(at, " ") != c.at {
			t.Errorf("%s %s: %s, %s at %v", c.formula, c.bounds, a.Status, value, at)
		}
		var b bytes.Buffer
		a.Certificate.WriteTo(&b)
		if r, err := verify.Check(context.Background(), bytes.NewReader(b.Bytes())); err != nil || !r.Valid && c.status != NotAttained {
			t.Errorf("%s %s: the certificate: %v %+v", c.formula, c.bounds, err, r)
		}
		if a.Status != EmptyDomain {
			continue
		}
		// Other multipliers contradict nothing.
		k := *a.Certificate
		k.Reduction = &certificate.Reduction{Kind: certificate.Contradiction, Multipliers: k.Reduction.Multipliers[:1]}
		b.Reset()
		k.WriteTo(&b)
		if r, _ := verify.Check(context.Background(), &b); r.Valid {
			t.Errorf("%s %s: a wrong proof is confirmed", c.formula, c.bounds)
		}
	}
}

// Linear programs in the plane have their least value at a vertex.
func TestRandomLinearPrograms(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 9))
	for range 100 {
		cx, cy := r.IntN(11)-5, r.IntN(11)-5
		rows := [][3]int{{-1, 0, 4}, {1, 0, 5}, {0, -1, 3}, {0, 1, 6}} // the bounds
		var conditions []string
		for range 1 + r.IntN(4) {
			k := [3]int{r.IntN(9) - 4, r.IntN(9) - 4, r.IntN(12) - 4}
			rows = append(rows, k)
			conditions = append(conditions, fmt.Sprintf("%d*x + %d*y <= %d", k[0], k[1], k[2]))
		}
		best := math.Inf(1)
		for i, u := range rows {
			for _, v := range rows[:i] {
				det := u[0]*v[1] - u[1]*v[0]
				if det == 0 {
					continue
				}
				x, y := float64(u[2]*v[1]-u[1]*v[2])/float64(det), float64(u[0]*v[2]-u[2]*v[0])/float64(det)
				inside := true
				for _, w := range rows {
					inside = inside && float64(w[0])*x+float64(w[1])*y <= float64(w[2])+1e-9
				}
				if inside {
					best = math.Min(best, float64(cx)*x+float64(cy)*y)
				}
			}
		}
		formula := fmt.Sprintf("%d*x + %d*y", cx, cy)
		a := solved(t, problemOf(t, formula, "x=-4:5,y=-3:6|"+strings.Join(conditions, ";")), Options{})
		if empty := math.IsInf(best, 1); empty != (a.Status == EmptyDomain) || !empty && (a.Status != Exact && a.Status != Constant || math.Abs(a.Value-best) > 1e-9) {
			t.Errorf("%s under %v: %s %v, but the best vertex has %v", formula, conditions, a.Status, a.Value, best)
		}
	}
}

// Sums with kinks under conditions with kinks: the minimum is taken at a point of the region, no
// point of a lattice is lower, and the certificate says so.
func TestRandomKinkPrograms(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(10, 9))
	linear := func() string { return fmt.Sprintf("%d*x + %d*y + %d", r.IntN(7)-3, r.IntN(7)-3, r.IntN(9)-4) }
	kink := func() string {
		switch r.IntN(4) {
		case 0:
			return "max(" + linear() + ", " + linear() + ", abs(x + y) - 1)"
		case 1:
			return "relu(" + linear() + ")"
		case 2:
			return "-2*min(" + linear() + ", " + linear() + ")"
		}
		return "abs(" + linear() + ")"
	}
	for k := range 20 {
		formula := kink() + " + " + kink() + " + " + linear()
		if k%2 == 0 {
			formula += " + (x - 2*y)^2/3"
		}
		text := []string{fmt.Sprintf("%s <= %d", kink(), 1+r.IntN(6)), fmt.Sprintf("%s + %s <= %d", kink(), linear(), 1+r.IntN(6))}
		p := problemOf(t, formula, "x=-4:4,y=-4:4|"+strings.Join(text, ";"))
		a := solved(t, p, Options{Certificate: true})
		m := p.region()
		if err := m.Compile(); err != nil {
			t.Fatal(err)
		}
		b := m.Prober()
		at := func(x []float64) float64 {
			f := b.At(x)
			for _, g := range b.FOut[1:] {
				if g > 1e-9 {
					return math.Inf(1)
				}
			}
			return f
		}
		lowest := math.Inf(1)
		for i := range 33 {
			for j := range 33 {
				lowest = math.Min(lowest, at([]float64{float64(i)/4 - 4, float64(j)/4 - 4}))
			}
		}
		switch {
		case a.Status == EmptyDomain && math.IsInf(lowest, 1):
		case a.Status != Exact && a.Status != Constant || !(a.Value <= lowest+1e-6) || !(math.Abs(at(a.At)-a.Value) < 1e-6):
			t.Errorf("%s under %v: %s %v at %v; a lattice has %v", formula, text, a.Status, a.Value, a.At, lowest)
		}
		var c bytes.Buffer
		a.Certificate.WriteTo(&c)
		if r, err := verify.Check(context.Background(), &c); err != nil || !r.Valid {
			t.Errorf("%s under %v: the certificate: %v %+v", formula, text, err, r)
		}
	}
}
