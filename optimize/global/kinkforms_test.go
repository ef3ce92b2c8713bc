package global

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"nabla/expr"
	"nabla/expr/prove"
	"nabla/optimize/global/verify"
)

// TestKinkForms has closed forms on kinks, and some that are not such sums: where a kink is subtracted, or inside a function.
func TestKinkForms(t *testing.T) {
	for _, c := range []struct {
		formula, bounds string
		max             bool
		exact           string // of the value, "" where there is none by the epigraph
	}{
		{"max(x^2+y^2,x+y+1)", "", false, "2-sqrt(3)"},
		{"max(x^2,y^2,2-x-y)", "", false, "4-2sqrt(3)"},
		{"min(1-x^2-y^2,x+y)", "", true, "sqrt(3)-1"},
		{"max(x^2+y^2,x+2y+1)+abs(x-y)", "", false, "13/4-3sqrt(17)/4"},
		{"max(x^2+y^2,x+y+1)", "x=0:1,y=-3:3", false, "3/2-sqrt(5)/2"},
		{"x^2+y^2-max(x+y,x-2y)/3", "x=-2:2,y=-2:2", false, ""},
		{"max(x^2+y^2,x+y+1)^3", "", false, ""},
	} {
		p := problemOf(t, c.formula, c.bounds)
		p.Max = c.max
		a, err := Solve(context.Background(), p, Options{Certificate: true})
		if err != nil || a.Status != Exact && a.Status != Certified {
			t.Errorf("%s: %v %+v", c.formula, err, a)
			continue
		}
		if here := strings.HasPrefix(strings.Join(a.Proof, "\n"), "with u for "); here != (c.exact != "") {
			t.Errorf("%s: the proof is %q", c.formula, a.Proof)
		}
		consistent(t, c.formula, p, a)
		if c.exact == "" {
			continue
		}
		want := expr.MustParse(c.exact)
		if a.Status != Exact || !prove.Equal(a.ExactValue, want, prove.Budget{}).Equal {
			t.Errorf("%s: %v, not %s", c.formula, a.ExactValue, c.exact)
		}
		var b bytes.Buffer
		if _, err := a.Certificate.WriteTo(&b); err != nil {
			t.Fatal(err)
		}
		if r, err := verify.Check(context.Background(), &b); err != nil || !r.Valid {
			t.Errorf("%s: %v %+v", c.formula, err, r)
		}
	}
}

// TestConvexByTheHessian has sums whose terms are not convex one by one, and one that is not convex though its Hessian at 0 is
// singular only.
func TestConvexByTheHessian(t *testing.T) {
	for formula, convex := range map[string]bool{
		"cosh(x)+cosh(y)-x*y":          true,
		"exp(x^2)+exp(y^2)-2x*y":       true,
		"cosh(x)+cosh(y)-x*y-x^4/100":  false,
		"cosh(x)+cosh(y)-1.0000001x*y": false,
	} {
		a := solved(t, problemOf(t, formula, ""), Options{Certificate: true})
		if by := a.Status == Exact && a.Method == "convexity"; by != convex {
			t.Errorf("%s: %s by %s", formula, a.Status, a.Method)
		}
		consistent(t, formula, problemOf(t, formula, ""), a)
	}
}
