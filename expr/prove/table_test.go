package prove_test

import (
	"math"
	"math/rand"
	"testing"

	"nabla/expr"
	"nabla/expr/fn"
	"nabla/expr/prove"
	"nabla/expr/simplify"
)

// TestRulesOfTheTable proves the identities that the rows of functions state,
// where they state them.
func TestRulesOfTheTable(t *testing.T) {
	rnd := rand.New(rand.NewSource(3))
	proved, all := 0, 0
	for _, f := range fn.All() {
		for _, rule := range f.Rules {
			a, b := simplify.Template(f, rule.From), simplify.Template(f, rule.To)
			var given []expr.Expr
			if rule.When != "" {
				given = append(given, simplify.Template(f, rule.When))
			}
			all++
			p := prove.EqualWhere(a, b, given, prove.Budget{})
			if !p.Equal {
				t.Logf("%s: %s = %s where %q: %v", f.Name, rule.From, rule.To, rule.When, p.Why)
				continue
			}
			proved++
			if len(p.Conditions) > 0 {
				t.Logf("%s: %s = %s where %q: under %s", f.Name, rule.From, rule.To, rule.When, conditionsText(p.Conditions))
			}
			for _, at := range points(rnd, 100, a, b) {
				if hold(given, at) && hold(p.Conditions, at) && refutes(a, b, at) {
					t.Errorf("%s: %s = %s where %q is proved and false at %v", f.Name, rule.From, rule.To, rule.When, at)
				}
			}
		}
	}
	t.Logf("%d of %d rules proved", proved, all)
	// The others want facts about integers, inverse functions on an interval,
	// or theorems about the gamma function.
	if proved < 9*all/10 {
		t.Error("fewer than nine in ten")
	}
}

// TestInverses puts the value of each function that has an inverse into it,
// and has the point back.
func TestInverses(t *testing.T) {
	rnd := rand.New(rand.NewSource(4))
	for _, f := range fn.All() {
		if f.Inverse == "" {
			continue
		}
		if len(f.Args) != 1 {
			t.Errorf("%s: an inverse is for functions of one argument", f.Name)
			continue
		}
		x := f.Args[0]
		inverse := simplify.Template(f, f.Inverse)
		for _, s := range f.Sample {
			for range 200 {
				at := s.Lo + rnd.Float64()*(s.Hi-s.Lo)
				v := f.Value([]float64{at})
				back := enclose(inverse, map[string]float64{x: v})
				// A change of v by a rounding error moves the point by that over the slope.
				slope := enclose(simplify.Template(f, f.D[0]), map[string]float64{x: at})
				slack := 1e-14*math.Abs(at) + 8*math.Abs(v)*0x1p-52/slope.in.Mig()
				if !back.defined || back.in.Lo-at > slack || at-back.in.Hi > slack {
					t.Errorf("%s: %s at f(%g) = %g is %v", f.Name, f.Inverse, at, v, back.in)
				}
			}
		}
	}
}
