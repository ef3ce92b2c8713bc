package global

import (
	"context"
	"testing"
)

// Functions of the global-optimisation literature with their usual boxes.
var classics = []struct{ name, f, bounds string }{
	{"six-hump camel", "4*x^2 - 2.1*x^4 + x^6/3 + x*y - 4*y^2 + 4*y^4", "x=-5:5,y=-5:5"},
	{"Branin", "(y - 5.1/(4*pi^2)*x^2 + 5/pi*x - 6)^2 + 10*(1 - 1/(8*pi))*cos(x) + 10", "x=-5:10,y=0:15"},
	{"Goldstein-Price", "(1 + (x+y+1)^2*(19 - 14*x + 3*x^2 - 14*y + 6*x*y + 3*y^2))*(30 + (2*x-3*y)^2*(18 - 32*x + 12*x^2 + 48*y - 36*x*y + 27*y^2))", "x=-2:2,y=-2:2"},
	{"Rastrigin-5", "sum(x[i]^2 - 10*cos(2*pi*x[i]) + 10, i, 1, 5)", "*=-5.12:5.12"},
	{"Ackley-2", "-20*exp(-0.2*sqrt(0.5*(x^2 + y^2))) - exp(0.5*(cos(2*pi*x) + cos(2*pi*y))) + e + 20", "*=-32:32"},
	{"Griewank", "(x^2 + y^2)/4000 - cos(x)*cos(y/sqrt(2)) + 1", "*=-600:590"},
	{"Shekel-10", "-1/((a-4)^2+(b-4)^2+(c-4)^2+(d-4)^2+0.1) - 1/((a-1)^2+(b-1)^2+(c-1)^2+(d-1)^2+0.2) - 1/((a-8)^2+(b-8)^2+(c-8)^2+(d-8)^2+0.2)" +
		" - 1/((a-6)^2+(b-6)^2+(c-6)^2+(d-6)^2+0.4) - 1/((a-3)^2+(b-7)^2+(c-3)^2+(d-7)^2+0.4) - 1/((a-2)^2+(b-9)^2+(c-2)^2+(d-9)^2+0.6)" +
		" - 1/((a-5)^2+(b-5)^2+(c-3)^2+(d-3)^2+0.3) - 1/((a-8)^2+(b-1)^2+(c-8)^2+(d-1)^2+0.7) - 1/((a-6)^2+(b-2)^2+(c-6)^2+(d-2)^2+0.5)" +
		" - 1/((a-7)^2+(b-3.6)^2+(c-7)^2+(d-3.6)^2+0.5)", "*=0:10"},
	{"Hartman-3", "-1*exp(-(3*(x-0.3689)^2+10*(y-0.117)^2+30*(z-0.2673)^2)) - 1.2*exp(-(0.1*(x-0.4699)^2+10*(y-0.4387)^2+35*(z-0.747)^2))" +
		" - 3*exp(-(3*(x-0.1091)^2+10*(y-0.8732)^2+30*(z-0.5547)^2)) - 3.2*exp(-(0.1*(x-0.03815)^2+10*(y-0.5743)^2+35*(z-0.8828)^2))", "*=0:1"},
}

func TestClassics(t *testing.T) {
	for _, c := range classics {
		p := problemOf(t, c.f, c.bounds)
		a, err := Solve(context.Background(), p, Options{})
		if err != nil || a.Status != Certified && a.Status != Exact {
			t.Errorf("%s: %v %+v", c.name, err, a)
			continue
		}
		t.Logf("%s: %s %.10g, %d boxes", c.name, a.Status, a.Value, a.Evaluations.Boxes)
		consistent(t, c.name, p, a)
	}
}

func BenchmarkClassics(b *testing.B) {
	for _, c := range classics {
		b.Run(c.name, func(b *testing.B) {
			p := problemOf(b, c.f, c.bounds)
			for b.Loop() {
				if a, err := Solve(context.Background(), p, Options{RelGap: 1e-6}); err != nil || a.Status == Local {
					b.Fatal(err, a)
				}
			}
		})
	}
}
