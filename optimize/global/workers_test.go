package global

import (
	"bytes"
	"context"
	"encoding/json"
	"math"
	"testing"
	"time"

	"nabla/optimize/global/internal/effort"
)

// The number of workers changes nothing of the answer, nor of its proof.
func TestWorkers(t *testing.T) {
	for _, c := range []struct{ formula, bounds string }{
		{"(1+(x+y+1)^2*(19-14*x+3*x^2-14*y+6*x*y+3*y^2))*(30+(2*x-3*y)^2*(18-32*x+12*x^2+48*y-36*x*y+27*y^2))", "*=-2:2"},
		{"-20*exp(-0.2*sqrt(0.5*(x^2+y^2)))-exp(0.5*(cos(2*pi*x)+cos(2*pi*y)))+20+e", "*=-35:32"},
		{"x*y*sin(3*x+y)+abs(x-y)", "*=-4:5"},
		{"x*y*z-x^2", "*=0:3|x^2+y^2+z^2<=9;x+y>=z"},
	} {
		var first []byte
		for _, workers := range []int{1, 3} {
			a := solved(t, problemOf(t, c.formula, c.bounds), Options{Workers: workers, Certificate: true})
			var b bytes.Buffer
			a.Certificate.WriteTo(&b)
			rest, _ := json.Marshal([]any{a.At, a.Value, a.Enclosure.Value.Lo, a.Enclosure.Value.Hi, a.Evaluations, a.Status})
			b.Write(rest)
			if first == nil {
				first = b.Bytes()
			} else if !bytes.Equal(first, b.Bytes()) {
				t.Errorf("%s: %d workers give another answer", c.formula, workers)
			}
		}
	}
}

// How fast the machine is changes nothing of the answer either, though no part of the
// search goes to its end.
func TestSlowMachine(t *testing.T) {
	for _, c := range []struct{ formula, bounds string }{
		{"(x^3*exp(y)+z^3*exp(w)-1)^2+(x^3*exp(2*y)+z^3*exp(2*w)-3)^2+(x^3*exp(3*y)+z^3*exp(3*w)-4)^2+(x^3*exp(4*y)+z^3*exp(4*w)-4.2)^2+(x^3*exp(5*y)+z^3*exp(5*w)-4)^2", ""},
		{"(x^2+y^2-1)^2*sin(1/(x-y))+x*y*z*w+sin(z*w)", "*=-9:8"},
	} {
		var first []byte
		for _, nap := range []time.Duration{0, 20 * time.Millisecond} {
			given := problemOf(t, c.formula, c.bounds)
			p, _ := given.normal()
			m, err := p.model()
			if err != nil {
				t.Fatal(err)
			}
			naps := 0
			o := Options{Progress: func(Progress) { naps++; time.Sleep(nap) }}
			ctx, cancel := effort.Within(context.Background(), 300*time.Millisecond)
			s := &session{ctx: ctx, p: p, o: o, m: m, bound: math.Inf(-1)}
			a := s.solve()
			cancel()
			if naps == 0 || a.Status != Local {
				t.Errorf("%s: %v, %d naps: this does not take long enough", c.formula, a.Status, naps)
			}
			b, _ := json.Marshal([]any{a.At, a.Value, a.Enclosure, a.Evaluations, a.Status, a.Warnings})
			if first == nil {
				first = b
			} else if !bytes.Equal(first, b) {
				t.Errorf("%s: on a slow machine the answer is\n%s, not\n%s", c.formula, b, first)
			}
		}
	}
}

// The work that the time allows ends a search as the time does, and the answer says so.
func TestLimited(t *testing.T) {
	p := problemOf(t, "(x^2+y^2-1)^2*sin(1/(x-y))+x*y*z*w+sin(z*w)", "*=-9:8")
	for _, timeout := range []time.Duration{time.Millisecond, 100 * time.Millisecond} {
		a, err := Solve(context.Background(), p, Options{Timeout: timeout})
		if err != nil || !a.Limited || a.Status != Local {
			t.Errorf("within %v: %s, limited %v, %v", timeout, a.Status, a.Limited, err)
		}
	}
	if a, err := Solve(context.Background(), problemOf(t, "x^2+y^2", ""), Options{}); err != nil || a.Limited {
		t.Errorf("x^2 + y^2 is limited, %v", err)
	}
}
