package verify

import (
	"math"
	"testing"

	"nabla/expr"
	"nabla/expr/fn"
	"nabla/expr/interval"
	"nabla/expr/number"
	"nabla/expr/simplify"
	"nabla/expr/tape"
)

// encloseAt encloses a formula in x and r.
func encloseAt(t *testing.T, text string, x, r interval.I) interval.I {
	t.Helper()
	p, err := tape.Compile([]string{"x", "r"}, expr.MustParse(text))
	if err != nil {
		t.Fatal(err)
	}
	var out [1]interval.I
	var dec [1]interval.Dec
	p.NewMachine().Interval(out[:], dec[:], []interval.I{x, r})
	return out[0]
}

// The forms of functions far out hold where their conditions do, and no less is said than is true.
func TestFarForms(t *testing.T) {
	for name, far := range farForms {
		tried := 0
		for s := -50.0; s < 60; s++ {
			x := math.Pow(1.5, s)
			if name == "Wm1" {
				x = -x
			}
			at, f, tidier := interval.Point(x), fn.Lookup(name), simplify.New()
			c, _ := number.FromFloat(x)
			if !holds(simplify.Instance(f, far.where, tidier, []expr.Expr{tidier.Num(c)})) {
				continue
			}
			tried++
			value := encloseAt(t, f.Name+"(x)", at, at)
			if lo, hi := encloseAt(t, far.means, at, interval.Point(far.r.Lo)), encloseAt(t, far.means, at, interval.Point(far.r.Hi)); value.Disjoint(lo.Hull(hi)) {
				t.Errorf("%s(%g) is in %v, and not between %v and %v", name, x, value, lo, hi)
			}
		}
		if tried < 10 {
			t.Errorf("%s: tried at %d places", name, tried)
		}
	}
}

// Formulas in t fall without end, or do not.
func TestFalls(t *testing.T) {
	for text, want := range map[string]bool{
		"W(t) - t": true, "W(t) - log(t)": true, "log(t) - W(t)": false, "W(t) - log(t) + log(log(t))": false, "-W(t)/10^9": true,
		"log10(1/t)*sin(3)": true, "log10(1/t)*sin(4)": false, "sin(t)*log(t) - sqrt(t)": true, "sin(t)*log(t) - log(t)": false,
		"Wm1(-1/t)": true, "-Wm1(-1/t)": false, "-sqrt(Wm1(-1/t)*(-1/10 - 1/t))": true, "digamma(-2 + 1/t)": true, "digamma(-2 - 1/t)": false,
		"-lgamma(t)": true, "lgamma(t) - t*log(t)": true, "lgamma(t) - t*log(t) + t": true, "lgamma(t) - (t - 1/2)*log(t) + t": false, "digamma(t) - log(t)": false,
		"erf(t) - 1": false, "-t^9*(1 - erf(t))": false, "-exp(t^2)*(1 - erf(t))*t^2": true, "-t*(pi/2 - atan(t))": false, "t*(atan(-t^2) + pi/2) - sqrt(t)": true,
		"-t*tanh(1 + (3 - t)^2)": true, "t*(tanh(t) - 1)": false, "-exp(sin(1/t) + log(t))": true, "-exp(sin(1/t) - log(t))": false,
		"tan((sqrt(pi + 1)/sqrt(2) + 1/t)^2 - 1/2)": true, "tan((sqrt(pi + 1)/sqrt(2) - 1/t)^2 - 1/2)": false,
		"exp((pi - 1/t)^2) - log(t)/2": true, "trigamma(t) - log(t)": true, "-t*trigamma(t)": false, "-gamma(t)/exp(t)": true, "-gamma(t)/t^t": false,
	} {
		left := tailEvals
		f := expr.MustParse(text)
		if _, got := onTails(0, false, &left, func(k *tail) bool { return k.falls(f) }); got != want {
			t.Errorf("%s falls without end: %v", text, got)
		}
	}
	for text, want := range map[string]bool{
		"lgamma(1/2 - 2*t)": true, "lgamma(-1 - 2*t + 1/t)": true, "-lgamma(1/2 - 2*t)": false, "-gamma(1/2 - 2*t)*gamma(3*t)": true, "gamma(1/2 - 2*t)*gamma(3*t)": false, "floor(1/2 - t)": true, "floor(t/2) - t": true,
		"t - floor(t + 1/2) - t^2": true, "floor(t + 1/2) - t": false,
	} {
		left := tailEvals
		f := expr.MustParse(text)
		if _, got := onTails(0, true, &left, func(k *tail) bool { return k.falls(f) }); got != want {
			t.Errorf("%s falls without end for whole t: %v", text, got)
		}
	}
}
